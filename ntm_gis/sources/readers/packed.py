"""Packed files (KMZ, XLSX): looked at before they are unpacked, and never unpacked by name.

Members are read into memory, one by one, by names that we know; nothing is written to disk.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, Self

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Refusal

if TYPE_CHECKING:
    from pathlib import Path


class Packed:
    """A packed file whose list has been checked.

    Parameters
    ----------
    path : Path

    Raises
    ------
    Refusal
        `PACKED_UNSAFE` for too many members, too much to unpack, a ratio no honest file has,
        names that leave the folder or stand twice; `PACKED_DAMAGED`; `FORMAT_LOCKED` where a
        password is asked.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as cause:
            raise Refusal("PACKED_DAMAGED") from cause
        members = self._zip.infolist()
        _require_honest(members, path.stat().st_size)
        self.names = [member.filename for member in members]
        self._left = limits.PACKED_BYTES

    def read(self, name: str) -> bytes:
        """Return the content of a member; counted while it is unpacked, whatever it claims."""
        try:
            with self._zip.open(name) as member:
                content = member.read(self._left + 1)
        except KeyError as cause:
            raise Refusal("PACKED_DAMAGED") from cause
        except RuntimeError as cause:  # what zipfile raises for a password
            raise Refusal("FORMAT_LOCKED") from cause
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as cause:
            raise Refusal("PACKED_DAMAGED") from cause
        self._left -= len(content)
        if self._left < 0:
            raise Refusal("PACKED_UNSAFE")
        return content

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _require_honest(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > limits.PACKED_MEMBERS
        or unpacked > limits.PACKED_BYTES
        or (unpacked > 4 * limits.MIB and unpacked > limits.PACKED_RATIO * max(size, 1))
        or len({name.casefold() for name in names}) < len(names)
        or any(_leaves(name) for name in names)
    ):
        raise Refusal("PACKED_UNSAFE")
    if any(member.flag_bits & 0x1 for member in members):
        raise Refusal("FORMAT_LOCKED")


def _leaves(name: str) -> bool:
    """Whether a name points out of the file it stands in."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]
