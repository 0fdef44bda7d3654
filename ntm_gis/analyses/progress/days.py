"""Days of reports whose day and month were probably changed over in writing.

05/03 is 5 March, always; but a list typed on a computer set to month/day says 05/03 for 3 May.
Nothing is moved for it: the other day is proposed where it would fit.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ntm_gis.analyses.progress.judged import Judged

LEAST_IN_ORDER = 3
"""Rows in the order of their days before a list counts as kept by days."""


def swapped(day: dt.date) -> dt.date | None:
    """Return a day with day and month changed over; None where that is no other day.

    Examples
    --------
    >>> swapped(dt.date(2025, 3, 5)).isoformat(), swapped(dt.date(2025, 3, 13))
    ('2025-05-03', None)
    """
    if day.day > 12 or day.day == day.month:
        return None
    return dt.date(day.year, day.day, day.month)


def proposal(day: dt.date, start: dt.date | None, as_of: dt.date) -> Words:
    """Return the sentence that a day may be meant the other way round, where that would count."""
    other = swapped(day)
    if other is None or other > as_of or (start is not None and other < start):
        return Words("", "")
    return sentence("HINT_DAY_SWAPPED", {"meant": other})


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A report out of the order of its list, and the day that would fit."""

    report: Judged
    meant: dt.date


def doubtful(claims: Iterable[Judged], as_of: dt.date) -> Iterator[Doubtful]:
    """Yield the reports of lists kept by days that fit only with day and month changed over.

    Notes
    -----
    A list are the rows of one work in one table; days that stand before the work's start or
    after `as_of` are told as such and not here.
    """
    lists: dict[tuple[str, str, str], list[tuple[int, dt.date, Judged]]] = defaultdict(list)
    for j in claims:
        place, on = j.claim.place, j.claim.reported_on
        if j.work is None or place is None or place.row is None or on is None or on > as_of:
            continue
        if j.work.start_on is None or j.work.start_on <= on:
            lists[place.file, place.table or "", j.work.id].append((place.row, on, j))
    for rows in lists.values():
        rows.sort(key=lambda row: row[0])
        for k, meant in out_of_order([on for _, on, _ in rows], as_of).items():
            yield Doubtful(rows[k][2], meant)


def out_of_order(days: Sequence[dt.date], as_of: dt.date) -> dict[int, dt.date]:
    """Return by position the days that fit their list only with day and month changed over.

    Examples
    --------
    >>> days = [dt.date(2025, *d) for d in ((6, 20), (6, 30), (12, 7), (8, 15), (9, 30))]
    >>> {k: f"{day:%d/%m}" for k, day in out_of_order(days, dt.date(2025, 12, 31)).items()}
    {2: '12/07'}
    """
    kept = _longest(days)
    # At most one row in three is out of order: else the list has no order to be out of.
    if len(kept) < LEAST_IN_ORDER or 3 * len(kept) < 2 * len(days):
        return {}
    out = {}
    for k, day in enumerate(days):
        at = bisect.bisect_left(kept, k)
        if at < len(kept) and kept[at] == k:
            continue
        other = swapped(day)
        since = days[kept[at - 1]] if at else dt.date.min
        until = days[kept[at]] if at < len(kept) else as_of
        if other is not None and since <= other <= until:
            out[k] = other
    return out


def _longest(days: Sequence[dt.date]) -> list[int]:
    """Return the positions of the longest run of days, gaps allowed, that never goes back."""
    ends: list[dt.date] = []
    at: list[int] = []
    before: list[int | None] = []
    for k, day in enumerate(days):
        n = bisect.bisect_right(ends, day)
        before.append(at[n - 1] if n else None)
        ends[n : n + 1], at[n : n + 1] = [day], [k]
    out: list[int] = []
    last = at[-1] if at else None
    while last is not None:
        out.append(last)
        last = before[last]
    return out[::-1]
