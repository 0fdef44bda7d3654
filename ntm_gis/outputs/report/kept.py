"""A report that somebody edited in Word after it was made: kept, never written over.

The next run makes report.docx anew. What an official typed into the last one must not be lost by
that, so the edited file goes beside it under another name.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from ntm_gis.outputs.files import EPOCH, explained

CONTENT_TYPES = "[Content_Types].xml"

OUT = "out"
"""Where under a commune's folder the outputs lie."""

_SUFFIX = "-da-sua"


def edited(path: Path) -> Path | None:
    """Return the name that an edited report would be kept under; None where it is as we made it.

    Members of an archive of ours stand in the order of their names and bear the first day that a
    ZIP archive can bear. Word and LibreOffice write all members anew, in an order of their own.

    Parameters
    ----------
    path : Path
        `out/report.docx`.

    Examples
    --------
    >>> edited(Path("no such file.docx")) is None
    True
    """
    if not path.is_file():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (OSError, zipfile.BadZipFile):
        # Cut short by a full disk, or held open: there is nothing in it to be kept.
        return None
    names = [info.filename for info in found]
    ours = names == sorted(names, key=lambda name: (name != CONTENT_TYPES, name)) and all(
        i.date_time == EPOCH for i in found
    )
    return None if ours else _free(path)


def put_aside(path: Path) -> Path | None:
    """Keep an edited report under another name; return that name, None where none was edited.

    Raises
    ------
    OutputError
        It cannot be renamed, for instance because it is open in Word.
    """
    target = edited(path)
    if target is not None:
        try:
            path.rename(target)
        except OSError as cause:
            raise explained(cause, path) from cause
    return target


def _free(path: Path) -> Path:
    """Return the first name that is free."""
    number = 1
    while True:
        end = _SUFFIX if number == 1 else f"{_SUFFIX}-{number}"
        found = path.with_name(f"{path.stem}{end}{path.suffix}")
        if not found.exists():
            return found
        number += 1
