"""Files by the names that people give them, whatever a system makes of case and diacritics."""

from __future__ import annotations

import itertools
import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from ntm_gis import text
from ntm_gis.sources import kinds, limits
from ntm_gis.sources.readers.parsed import Refusal

_LONG_PATH = 240
_HELD = frozenset({32, 33})
"""Windows: another program has the file open."""


def find(folder: Path, name: str) -> Path:
    """Return a file of a folder by the name that commune.toml gives.

    The name is compared letter by letter first, then whatever its composition of diacritics and
    its case, as file systems themselves do it differently.

    Raises
    ------
    Refusal
        `SOURCE_MISSING`, or `SOURCE_MISSING_MEANT` with the name that comes close.
    """
    direct = folder / name
    if os.path.lexists(native(direct)):
        return direct
    current = folder
    for part in Path(name).parts:
        there = _listed(current)
        wanted = text.nfc(part).casefold()
        match = next((e for e in there if text.nfc(e).casefold() == wanted), None)
        if match is None:
            close = _close(part, there)
            if close is None:
                raise Refusal("SOURCE_MISSING")
            meant = (current / close).relative_to(folder).as_posix()
            raise Refusal("SOURCE_MISSING_MEANT", meant=meant)
        current /= match
    return current


def listed(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder that a pattern names, in order of their names.

    Office programs' lock files (`~$…`) and hidden files are left out.

    Raises
    ------
    Refusal
        The pattern names no files of folders below this one (`SOURCE_PATTERN_WRONG`), there is
        no file, or there are more than `limits.FILES`.
    """
    posix = PurePosixPath(pattern.replace("\\", "/").strip())
    outside = ".." in posix.parts or posix.is_absolute() or PureWindowsPath(pattern).anchor
    if not posix.parts or outside or "**" in pattern:
        raise Refusal("SOURCE_PATTERN_WRONG")
    try:
        every = (
            path
            for path in folder.glob(str(posix))
            if not path.name.startswith(("~$", ".")) and not path.is_dir()
        )
        found = list(itertools.islice(every, limits.FILES + 1))
    except (ValueError, OSError) as cause:  # a character no name has; a folder that is shut
        raise Refusal("SOURCE_PATTERN_WRONG") from cause
    if not found:
        raise Refusal("SOURCE_PATTERN_EMPTY")
    if len(found) > limits.FILES:
        raise Refusal("SOURCE_TOO_MANY_FILES", limit=limits.FILES)
    return sorted(found, key=lambda path: text.sort_key(path.relative_to(folder).as_posix()))


def _close(name: str, there: list[str]) -> str | None:
    """Return the entry whose name comes close, leaving its ending aside; the same one first."""
    end = kinds.ending(name)
    main = [e for e in there if kinds.ending(e) not in kinds.MEMBER_ENDINGS]
    stems = {Path(e).stem: e for e in sorted(main, key=lambda e: kinds.ending(e) == end)}
    close = text.suggestions(Path(name).stem, stems, 1)
    return stems[close[0]] if close else None


def entries(folder: Path) -> list[str]:
    """Return the names in a folder, in order; none where it cannot be read."""
    try:
        with os.scandir(native(folder)) as entries:
            return sorted(entry.name for entry in entries)
    except OSError:
        return []


def _listed(folder: Path) -> list[str]:
    """Return the names in a folder, in order.

    Raises
    ------
    Refusal
        `SOURCE_NO_RIGHT`: nobody here may look into it, so that nothing is missing.
    """
    try:
        with os.scandir(native(folder)) as found:
            return sorted(entry.name for entry in found)
    except PermissionError as cause:
        raise not_opened(cause) from cause
    except OSError:
        return []


def not_opened(cause: Exception) -> Refusal:
    """Say why something cannot be opened: no right to, or locked, or the disk."""
    held = getattr(cause, "winerror", None) in _HELD
    denied = isinstance(cause, PermissionError) and not held
    return Refusal("SOURCE_NO_RIGHT" if denied else "SOURCE_NOT_OPENED")


def native(path: Path) -> str:
    r"""Return a path as the system takes it; Windows wants long ones in its own way (\\?\)."""
    whole = str(path)
    if os.name == "nt" and len(whole) > _LONG_PATH and not whole.startswith("\\\\?\\"):
        return "\\\\?\\" + str(path.absolute())
    return whole
