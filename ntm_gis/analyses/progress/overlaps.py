"""Ground that reports claim again: who, when, and what plain adding up would count twice."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.progress.judged import ACCEPTED, POURED, STAGES
from ntm_gis.results import spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.progress.judged import Judged
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.results.spans import Span, Spans


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that a later report claims although an earlier one had brought it as far."""

    work: Work
    first: Judged
    second: Judged
    span: Span


def overlaps(work: Work, claims: Sequence[Judged], day: dt.date) -> Iterator[Overlap]:
    """Yield ground claimed again, pair by pair.

    Parameters
    ----------
    claims : sequence of Judged
        Of one work, in order; those set aside and those of a later day are passed over.

    Notes
    -----
    A report of a higher stage than the one before is no repetition: ground is poured, then
    accepted. On one day, and without a day, only reports of one stage repeat each other. To
    pour again what was too narrow is no repetition either.
    """
    there = [j for j in claims if _stands(j, day)]
    by_start = sorted(enumerate(there), key=lambda e: (_span(e[1])[0], e[0]))
    for k, (n, one) in enumerate(by_start):
        for m, other in itertools.islice(by_start, k + 1, None):
            if _span(other)[0] >= _span(one)[1]:
                break
            first, second = (one, other) if n < m else (other, one)
            # Two contents of one report are told by themselves.
            if first.claim.report_id != second.claim.report_id and _again(first, second):
                a, b = _span(first), _span(second)
                yield Overlap(work, first, second, (max(a[0], b[0]), min(a[1], b[1])))


def _stands(j: Judged, day: dt.date) -> bool:
    on = j.claim.reported_on
    return (
        j.span is not None
        and j.span[0] < j.span[1]
        and not j.set_aside
        and j.claim.stage in STAGES
        and (on is None or on <= day)
    )


def _span(j: Judged) -> Span:
    return j.span or (0, 0)


def _on(j: Judged) -> dt.date:
    return j.claim.reported_on or dt.date.max


def _again(first: Judged, second: Judged) -> bool:
    if first.state == "narrow" and second.state != "narrow":
        return False
    ranks = [STAGES.index(str(j.claim.stage)) for j in (first, second)]
    one, other = first.claim.reported_on, second.claim.reported_on
    if one is None or other is None or one == other:
        return ranks[0] == ranks[1]
    return ranks[1] <= ranks[0]


def accepted_unpoured(claims: Sequence[Judged], day: dt.date) -> Iterator[tuple[Judged, Spans]]:
    """Yield acceptances of ground that no report says was poured, with that ground."""
    there = [j for j in claims if _stands(j, day)]
    poured = [_span(j) for j in there if j.claim.stage == POURED]
    for taken in there:
        if taken.claim.stage == ACCEPTED:
            ground = spans.difference([_span(taken)], poured)
            if ground:
                yield taken, ground


@dataclass(frozen=True, slots=True)
class Early:
    """Ground accepted on a day when nobody had yet reported it poured, and poured later."""

    accepted: Judged
    poured: Judged
    ground: Spans


def accepted_early(claims: Sequence[Judged], day: dt.date) -> Iterator[Early]:
    """Yield acceptances of ground that is reported poured only on a later day."""
    there = [j for j in claims if _stands(j, day) and j.claim.reported_on is not None]
    poured = [j for j in there if j.claim.stage == POURED]
    for taken in (j for j in there if j.claim.stage == ACCEPTED):
        before = [_span(p) for p in poured if _on(p) <= _on(taken)]
        open_ground = spans.difference([_span(taken)], before)
        for p in poured:
            ground = spans.intersection(open_ground, [_span(p)])
            if ground and _on(p) > _on(taken):
                yield Early(taken, p, ground)
