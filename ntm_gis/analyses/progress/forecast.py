"""When a work will be finished, from its pace so far: a range with its assumption, or nothing.

A forecast is made only from three days on which the length poured grew. It assumes that work
goes on as fast as it did between two of these days: at best as in the fastest interval, at worst
as in the slowest. The last interval runs to the day of the figures, so that waiting counts. What
is not sure to be poured (a width not known, ground in dispute) is still to be poured at worst,
and poured at best.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.chainage.axis import CM
from ntm_gis.analyses.progress.judged import POURED
from ntm_gis.results import Evidence, Measure, Note, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.analyses.progress.history import Bounds, Key
    from ntm_gis.analyses.progress.works import Work

LEAST_POINTS = 3

WIDEST_DAYS = 3 * 365
"""Where the soonest and the latest day are farther apart no forecast is given."""

FARTHEST_DAYS = 20 * 365
"""Days beyond are not worth being written as a date."""

Point = tuple[dt.date, int]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days from the day of the figures until all is poured: likely, at best, at worst.

    `pace` are the metres a day that go with them.
    """

    days: float
    soonest: float
    latest: float
    pace: tuple[float, float, float]


def points(history: Mapping[Key, Bounds], work: Work) -> list[Point]:
    """Return the days on which the length poured for sure grew, with that length."""
    out: list[Point] = []
    reached = 0
    for (work_id, day, kind), bounds in sorted(history.items()):
        if work_id == work.id and kind == POURED and bounds.low > reached:
            reached = bounds.low
            out.append((day, reached))
    return out


def forecast(
    grown: Sequence[Point], planned_cm: int, as_of: dt.date, now: Bounds | None = None
) -> Forecast | None:
    """Return when all will be poured; None from fewer than three days of growth.

    Parameters
    ----------
    grown : sequence of (day, cm)
        Days on which the length poured grew, in order, with the length from that day on.
    now : Bounds, optional
        The length poured on `as_of`; left out: that of the last day of growth.

    Examples
    --------
    100 m in the first ten days, 50 m in the next ten, 850 m to go:

    >>> days = [dt.date(2025, 1, d) for d in (1, 11, 21)]
    >>> found = forecast(list(zip(days, (0, 10_000, 15_000))), 100_000, days[-1])
    >>> round(found.days), round(found.soonest), round(found.latest)
    (113, 85, 170)
    """
    if len(grown) < LEAST_POINTS:
        return None
    (first, least), (_, most) = grown[0], grown[-1]
    low, high = (most, most) if now is None else (now.low, now.high)
    left = max(0, planned_cm - low)
    left_at_best = 0 if high is None else max(0, planned_cm - high)
    ends = [*(day for day, _ in grown[1:-1]), max(as_of, grown[-1][0])]
    paces = [
        (then[1] - here[1]) / (end - here[0]).days
        for (here, then), end in zip(itertools.pairwise(grown), ends, strict=True)
    ]
    whole = (most - least) / (ends[-1] - first).days
    return Forecast(
        left / whole, left_at_best / max(paces), left / min(paces),
        (whole / CM, max(paces) / CM, min(paces) / CM),
    )  # fmt: skip


def named_for(work: Work) -> Named:
    """Return the measure's name for a work."""
    return named("progress.WORK.days_left", subject=work.id, WORK=work.id, name=work.name)


def measure(
    work: Work,
    history: Mapping[Key, Bounds],
    as_of: dt.date,
    files: tuple[str, ...],
) -> Measure:
    """Return the days until all of a work is poured, with the range and what it assumes.

    Its value is None where too little is known, and a note says what is missing.
    """
    name = named_for(work)
    grown, now = points(history, work), history[work.id, as_of, POURED]
    made = None if work.planned_cm is None else forecast(grown, work.planned_cm, as_of, now)
    evidence = Evidence(name.method, (), files)
    if made is None:
        note = Note.of("FORECAST_TOO_LITTLE", points=len(grown), least=LEAST_POINTS)
        if work.planned_cm is None:
            note = Note.of("FORECAST_WITHOUT_PLAN")
        return Measure(
            name.id, name.title, name.unit, None, 0.0, None, evidence, subject=name.subject,
            method="list", more_is_better=False, notes=(note,),
        )  # fmt: skip
    if made.latest - made.soonest > WIDEST_DAYS:
        fast, slow = made.pace[1:]
        note = Note.of("FORECAST_WIDE", fast=fast, slow=slow, years=WIDEST_DAYS // 365)
        return Measure(
            name.id, name.title, name.unit, None, 0.0, None, evidence, subject=name.subject,
            method="list", more_is_better=False, notes=(note,),
        )  # fmt: skip
    value, low, high = (float(math.ceil(x)) for x in (made.days, made.soonest, made.latest))
    notes = [_note(made, grown, as_of)]
    if now.high is not None and now.high > now.low:
        notes.append(Note.of("FORECAST_PERHAPS", metres=(now.high - now.low) / CM))
    return Measure(
        name.id, name.title, name.unit, value, low, high, evidence, subject=name.subject,
        method="list", more_is_better=False, notes=tuple(notes),
    )  # fmt: skip


def _note(made: Forecast, grown: Sequence[Point], as_of: dt.date) -> Note:
    whole, fast, slow = made.pace
    if made.latest == 0:
        return Note.of("FORECAST_DONE")
    return Note.of(
        "FORECAST", pace=whole, fast=fast, slow=slow, first=grown[0][0], as_of=as_of,
        likely=_day(as_of, made.days), soonest=_day(as_of, made.soonest),
        latest=_day(as_of, made.latest),
    )  # fmt: skip


def _day(as_of: dt.date, days: float) -> dt.date | Words:
    if days > FARTHEST_DAYS:
        return sentence("FORECAST_FAR", {})
    return as_of + dt.timedelta(days=math.ceil(days))
