"""The state of every stretch of a work on every day: the ladder of stages along the road."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.progress.judged import (
    ACCEPTED,
    KINDS,
    POURED,
    REPORTED,
    STAGES,
    Contested,
    Judged,
)
from ntm_gis.results import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ntm_gis.analyses.progress.tally import Reports
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.results.spans import Span, Spans

NONE, DISPUTED = "none", "disputed"

MOST_DAYS = 48


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a work's span that is in one state, with all that is said of it.

    Parameters
    ----------
    state : str
        "disputed", a stage, or "none".
    reports : tuple of str
        Ids of the reports that count there, those of the highest stage first.
    reported_by, verified_by : tuple of str
        Of the reports that hold the state.
    photos : tuple of str
        Of all reports that count there.
    not_counted : tuple of str
        Ids of reports that lie there and don't count for its state: too narrow, of unknown
        width, undated.
    """

    span: Span
    state: str
    reports: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()


def change_days(found: Reports, work: Work, as_of: dt.date) -> list[dt.date]:
    """Return the days up to a day on which anything about a work changed, in order."""
    days = {j.claim.reported_on for j in found.of(work) if not j.set_aside}
    for dispute in found.disputes:
        if dispute.work_id == work.id:
            days |= {dispute.raised_on, dispute.settled_on}
    return sorted(day for day in days if day is not None and day <= as_of)


def shown_days(days: Iterable[dt.date], as_of: dt.date) -> list[dt.date]:
    """Return the days that states are shown on: all, or the last of each month (quarter, year).

    More than `MOST_DAYS` nobody can tell apart on a slider, and each costs a row a stretch.

    Examples
    --------
    >>> days = [dt.date(2025, 1, 1) + dt.timedelta(days=k) for k in range(90)]
    >>> [f"{day:%d/%m}" for day in shown_days(days, dt.date(2025, 12, 31))]
    ['31/01', '28/02', '31/03', '31/12']
    """
    found = sorted({*days, as_of})
    for months in (1, 3, 12):
        if len(found) <= MOST_DAYS:
            break
        last: dict[tuple[int, int], dt.date] = {}
        for day in found:
            last[day.year, (day.month - 1) // months] = day
        found = sorted({*last.values(), as_of})
    return found


def histories(
    found: Reports, as_of: dt.date
) -> Iterator[tuple[Work, dt.date, tuple[Stretch, ...]]]:
    """Yield every work on every day on which anything about any work changed, and on `as_of`.

    The stretches of a work fill its span on each of the days; a work whose span is not known
    has none. Of very many days those of `shown_days` are kept.
    """
    own = {work.id: change_days(found, work, as_of) for work in found.works}
    every = shown_days((day for days in own.values() for day in days), as_of)
    for work in found.works:
        if work.span is None:
            continue
        claims, days = found.of(work), own[work.id]
        state, changed = stretches(work, (), as_of, Contested()), 0
        for day in every:
            k = bisect_right(days, day)
            if k > changed:
                state, changed = stretches(work, claims, day, found.contested(work, day)), k
            yield work, day, state


def stretches(
    work: Work, claims: Sequence[Judged], day: dt.date, of: Contested
) -> tuple[Stretch, ...]:
    """Return the state of a work on a day, from its start to its end.

    Notes
    -----
    A stretch has the highest stage that a report gives it which counts for sure: concrete as
    wide as asked for, acceptance by somebody named. What is in dispute is so, whatever was
    reported; what a settlement refused is as if nobody had reported it.
    """
    if work.span is None:
        return ()
    there = [j for j in claims if j.span and j.claim.stage and _known_by(j, day)]
    edges = [j.span for j in there if j.span]
    edges += [span for j in there if j.rivals for kind in KINDS if (span := j.sure(kind, day))]
    out: list[Stretch] = []
    for span, here in _covering(there, spans.partition(work.span, [*edges, *of.open, *of.refused])):
        part = _one(span, here, day, of)
        if out and replace(out[-1], span=span) == part:
            out[-1] = replace(part, span=(out[-1].span[0], span[1]))
        else:
            out.append(part)
    return tuple(out)


def _covering(there: Sequence[Judged], parts: Spans) -> Iterator[tuple[Span, list[Judged]]]:
    """Yield each part with the claims that cover it, in their order; no claim ends inside one."""
    starting: dict[int, list[int]] = defaultdict(list)
    ends = [j.span[1] if j.span else 0 for j in there]
    for k, j in enumerate(there):
        if j.span is not None:
            starting[j.span[0]].append(k)
    open_ones: list[int] = []
    for part in parts:
        still = [k for k in open_ones if ends[k] > part[0]]
        open_ones = sorted([*still, *(k for k in starting[part[0]] if ends[k] > part[0])])
        yield part, [there[k] for k in open_ones]


def _known_by(j: Judged, day: dt.date) -> bool:
    on = j.claim.reported_on
    return on is None or on <= day


def _covers(whole: Span | None, part: Span) -> bool:
    return whole is not None and whole[0] <= part[0] and part[1] <= whole[1]


def _one(span: Span, here: Sequence[Judged], day: dt.date, of: Contested) -> Stretch:
    refused = any(_covers(other, span) for other in of.refused)
    ranked = [] if refused else [(r, j) for j in here if (r := rank(j, day, span)) is not None]
    ranked.sort(key=lambda e: -e[0])  # stable: of one stage the earlier report first
    top = ranked[0][0] if ranked else None
    state = NONE if top is None else STAGES[top]
    if any(_covers(other, span) for other in of.open):
        state = DISPUTED
    counted = {j.claim.report_id for _, j in ranked}
    holding = [j.claim for r, j in ranked if r == top]
    return Stretch(
        span,
        state,
        _each(j.claim.report_id for _, j in ranked),
        _each(claim.reported_by for claim in holding),
        _each(claim.verified_by for claim in holding),
        _each(j.claim.photo for _, j in ranked),
        _each(j.claim.report_id for j in here if j.claim.report_id not in counted),
    )


def rank(j: Judged, day: dt.date, part: Span) -> int | None:
    """Return the rung of the ladder that a report gives a part for sure; None: none."""
    for kind in (ACCEPTED, POURED):
        if _covers(j.sure(kind, day), part):
            return STAGES.index(kind)
    if j.claim.stage not in STAGES[:2] or j.state == "narrow":
        return None
    if not _covers(j.sure(REPORTED, day), part):
        return None
    return min(STAGES.index(str(one.claim.stage)) for one in (j, *j.rivals) if one.claim.stage)


def _each(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
