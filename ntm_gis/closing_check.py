"""Closed periods held against the record: what was changed, taken away or left half done.

Imports nothing of the pipeline, so that a run may ask as well as a closing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ntm_gis import record, text
from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import Decision
from ntm_gis.outputs.report import periods
from ntm_gis.results import Finding

SUBJECT, CLOSE, SIGN = "period:", "close", "sign"

_PARTS = re.compile(r"([0-9]{4})(?:[-_](?:Q([1-4])|([0-9]{1,2})[TM]))?", re.IGNORECASE)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_SAID = 5
_LATE = dt.timedelta(days=45)
"""How long after its end the figures of a period are still put together."""


def span(period: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a period; None where its name does not say.

    Examples
    --------
    >>> span("2025-Q3")[0].isoformat(), span("2025-6T")[1].isoformat()
    ('2025-07-01', '2025-06-30')
    >>> span("2025")[1].isoformat(), span("2025-dot2")
    ('2025-12-31', None)
    """
    match = _PARTS.fullmatch(period)
    if match is None:
        return None
    year, quarter, months = int(match[1]), match[2], match[3]
    if year == 0 or (months and not 1 <= int(months) <= 12):
        return None
    first = 3 * int(quarter) - 2 if quarter else 1
    last = 3 * int(quarter) if quarter else int(months or 12)
    following = dt.date(year + last // 12, last % 12 + 1, 1) if year < dt.MAXYEAR else None
    end = dt.date(year, 12, 31) if following is None else following - dt.timedelta(days=1)
    return dt.date(year, first, 1), end


def fits(period: str, day: dt.date) -> bool:
    """Whether figures as of a day can be those of a period.

    Examples
    --------
    >>> fits("2025-Q3", dt.date(2025, 9, 25)), fits("2025-Q3", dt.date(2025, 12, 31))
    (True, False)
    """
    days = span(period)
    return days is None or days[0] <= day <= days[1] + _LATE


def meant(said: str) -> str | None:
    """Return the name of the period that somebody wrote in words; None where it is not clear.

    Examples
    --------
    >>> meant("Quý 4/2025"), meant("quý III năm 2025"), meant("6 tháng đầu năm 2026")
    ('2025-Q4', '2025-Q3', '2026-6T')
    >>> meant("Năm 2025"), meant("kỳ này"), meant("../x")
    ('2025', None, None)
    """
    folded = text.fold(said)
    years = set(re.findall(r"(?<![0-9])(20[0-9]{2})(?![0-9])", folded))
    if len(years) != 1:
        return None
    year = years.pop()
    quarter = re.search(r"\b(?:quy|q)\s*(iv|i{1,3}|[1-4])\b", folded)
    months = re.search(r"\b([369])\s*(?:t|th|thang)\b(?!\s*cuoi)", folded)
    if quarter:
        return f"{year}-Q{_ROMAN.get(quarter[1], quarter[1])}"
    if months:
        return f"{year}-{months[1]}T"
    return year if re.fullmatch(rf"(ca\s+)?nam\s+{year}", folded.strip()) else None


def named_alike(folder: Path, period: str) -> str | None:
    """Return the period of the folder that has the name, however its letters are written."""
    wanted = _plain(period)
    places = sorted((folder / periods.FOLDER).glob("*"))
    names = [p.name for p in places if periods.NAME.fullmatch(p.name)]
    return next((name for name in names if _plain(name) == wanted), None)


def _plain(period: str) -> str:
    return period.replace("_", "-").casefold()


def closings(folder: Path) -> dict[str, dict[str, str]]:
    """Return period -> what the record says of its closing: `results`, `head` are digests.

    Raises
    ------
    RecordError
        The record cannot be read.
    """
    out: dict[str, dict[str, str]] = {}
    for line in record.history(folder / record.FILE_NAME):
        made = line.value
        unproved = line.broken is not None and line.broken.unproved
        if not isinstance(made, Decision) or line.undone_by or unproved:
            continue
        if made.subject.startswith(SUBJECT) and made.choice == CLOSE:
            # Of two the last: the first was cut off before its files appeared.
            out[made.subject.removeprefix(SUBJECT)] = dict(made.details)
    return out


def check(folder: Path) -> tuple[Finding, ...]:
    """Return what is wrong with the closed periods of a folder: every file is read.

    Findings
    --------
    PERIOD_CHANGED
        Files of it are others than those that were closed.
    PERIOD_GONE
        The record says that it was closed, and its folder is not there.
    PERIOD_NOT_IN_RECORD
        Its folder is there, and the record does not know it.
    """
    try:
        said = closings(folder)
    except RecordError:
        # The run itself says that the record cannot be read.
        return ()
    return tuple(_checked(folder, said))


def _checked(folder: Path, said: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    home = folder / periods.FOLDER
    places = {p.name: p for p in sorted(home.glob("*")) if periods.NAME.fullmatch(p.name)}
    for period in sorted({*said, *places}):
        place = places.get(period)
        name = f"{periods.FOLDER}/{period}"
        if place is None:
            yield Finding.of("PERIOD_GONE", file=name, period=period)
        elif period not in said:
            yield Finding.of("PERIOD_NOT_IN_RECORD", file=name, period=period)
        else:
            files = tuple(changed(place, said[period]))
            if files:
                shown = (*files[:_SAID], *(("…",) if len(files) > _SAID else ()))
                yield Finding.of("PERIOD_CHANGED", file=name, period=period, files=shown,
                                 count=len(files))  # fmt: skip


def changed(place: Path, said: Mapping[str, str]) -> Iterator[str]:
    """Yield the files of a closed period that are not as they were closed.

    Parameters
    ----------
    place : Path
        The folder of the period.
    said : mapping of str to str
        What the record says of its closing.
    """
    head = head_of(place)
    if head is None:
        yield periods.HEAD
        return
    own = said.get("head", _digest(place / periods.HEAD))
    if head["results_sha256"] != said.get("results") or own != _digest(place / periods.HEAD):
        yield periods.HEAD
    wanted = {str(one["file"]): str(one["sha256"]) for one in head["outputs"]}
    there = {
        path.relative_to(place).as_posix(): path
        for path in sorted(place.rglob("*"))
        if path.is_file() and path != place / periods.HEAD
    }
    for name in sorted({*wanted, *there}):
        path = there.get(name)
        if path is None or name not in wanted or _digest(path) != wanted[name]:
            yield name


def head_of(place: Path) -> dict[str, Any] | None:
    """Return the head of a period's folder; None where it cannot be read or is another thing."""
    try:
        found = json.loads((place / periods.HEAD).read_text(encoding="utf-8"))
        outputs = [(str(one["file"]), str(one["sha256"])) for one in found["outputs"]]
        inputs = [(str(one["file"]), str(one["sha256"])) for one in found["inputs"]]
        dt.date.fromisoformat(found["as_of"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    whole = isinstance(found["results_sha256"], str) and inputs and outputs
    return dict(found) if whole else None


def _digest(path: Path) -> str:
    made = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                made.update(block)
    except OSError:
        return ""
    return made.hexdigest()
