"""Plan against fact over time: the lengths of every work on every day that anything changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis.analyses.chainage.axis import CM_PER_KM
from ntm_gis.analyses.progress.bulk import union_lengths
from ntm_gis.analyses.progress.frames import frame
from ntm_gis.analyses.progress.judged import KINDS, NO, POURED
from ntm_gis.analyses.progress.stretches import change_days
from ntm_gis.results import spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from ntm_gis.analyses.progress.tally import Reports
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.results.spans import Span

Key = tuple[str, dt.date, str]
"""Work, day, kind of length."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A length on a day in centimetres: for sure, and perhaps (None: without end)."""

    low: int
    high: int | None


def history(found: Reports, as_of: dt.date) -> dict[Key, Bounds]:
    """Return the lengths of every work on each day that anything about it changed, and `as_of`.

    Notes
    -----
    The same lengths as `progress_tally.tally` gives, all unions in one go.
    """
    keys: list[Key] = []
    groups: list[int] = []
    low: list[Span] = []
    high_groups: list[int] = []
    high: list[Span] = []
    endless: set[int] = set()
    for work, day in _days(found, as_of):
        claims, of = found.of(work), found.contested(work, day)
        for kind in KINDS:
            group = len(keys)
            keys.append((work.id, day, kind))
            for j in claims:
                worth = j.counts(kind, day)
                if worth == NO:
                    continue
                if j.possible is None:
                    endless.add(group)
                    continue
                for part in _without(j.sure(kind, day), (*of.open, *of.refused)):
                    groups.append(group)
                    low.append(part)
                for part in _without(j.possible, of.refused):
                    high_groups.append(group)
                    high.append(part)
    lows = _lengths(groups, low, len(keys))
    highs = _lengths(high_groups, high, len(keys))
    return {
        key: Bounds(least, None if group in endless else most)
        for group, (key, least, most) in enumerate(zip(keys, lows, highs, strict=True))
    }


def _days(found: Reports, as_of: dt.date) -> Iterator[tuple[Work, dt.date]]:
    for work in found.works:
        for day in sorted({*change_days(found, work, as_of), as_of}):
            yield work, day


def _without(span: Span | None, gone: tuple[Span, ...]) -> spans.Spans:
    if span is None:
        return ()
    return spans.difference([span], gone) if gone else (span,)


def _lengths(groups: list[int], parts: list[Span], count: int) -> list[int]:
    ends = np.array(parts, np.int64).reshape(len(parts), 2)
    of = np.array(groups, np.int64)
    return [int(cm) for cm in union_lengths(of, ends[:, 0], ends[:, 1], count)]


COLUMNS = (
    "id", "work_id", "name", "on", "planned_km", "due_km", "reported_km", "poured_km",
    "accepted_km", "poured_high_km", "accepted_high_km", "state",
)  # fmt: skip


def road_history(found: Reports, lengths: Mapping[Key, Bounds], zone: str) -> gpd.GeoDataFrame:
    """Return plan against fact over time, a row a work and day.

    Returns
    -------
    GeoDataFrame, without geometry
        `due_km` is what an even pace from `start_on` to `due_on` would have poured by then,
        NaN where a day is not recorded; `state` is "ahead", "behind" or "unknown".
    """
    works = {work.id: work for work in found.works}
    rows: list[tuple[Any, ...]] = []
    for work_id, day in dict.fromkeys((key[0], key[1]) for key in lengths):
        work = works[work_id]
        of = {kind: lengths[work_id, day, kind] for kind in KINDS}
        due = due_cm(work, day)
        state = "unknown"
        if due is not None:
            state = "behind" if of[POURED].low < due else "ahead"
        rows.append((
            f"{work_id} {day:%d/%m/%Y}", work_id, work.name, day, work.planned_km, _km(due),
            *(_km(of[kind].low) for kind in KINDS), _km(of["poured"].high),
            _km(of["accepted"].high), state,
        ))  # fmt: skip
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    return frame(columns or {name: [] for name in COLUMNS}, [None] * len(rows), zone)


def due_cm(work: Work, day: dt.date) -> int | None:
    """Return what an even pace would have poured by a day; None where a day is not recorded.

    Examples
    --------
    >>> from ntm_gis.analyses.progress.works import Work
    >>> work = Work(0, "CT01", "", None, 700_000, 0, 700_000,
    ...             start_on=dt.date(2025, 1, 1), due_on=dt.date(2025, 1, 11))
    >>> due_cm(work, dt.date(2025, 1, 6)), due_cm(work, dt.date(2026, 1, 1))
    (350000, 700000)
    """
    if work.start_on is None or work.due_on is None or work.planned_cm is None:
        return None
    whole = (work.due_on - work.start_on).days
    gone = min(max((day - work.start_on).days, 0), max(whole, 0))
    return work.planned_cm if whole <= 0 else work.planned_cm * gone // whole


def _km(cm: int | None) -> float | None:
    return None if cm is None else cm / CM_PER_KM
