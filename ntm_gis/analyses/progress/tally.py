"""Lengths of a work on a day: what counts for sure, what may, and which report each part is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ntm_gis.analyses.progress.claims import order
from ntm_gis.analyses.progress.judged import (
    KINDS,
    NO,
    PERHAPS,
    Contested,
    Judged,
    Sure,
    against,
    contested,
    judged,
)
from ntm_gis.results import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.decisions import Claim, Dispute
    from ntm_gis.results.spans import Span, Spans


@dataclass(frozen=True)
class Tally:
    """One length of a work on a day, in whole centimetres.

    Parameters
    ----------
    low, high : spans
        Ground that counts for sure, and ground that may.
    credit : tuple of (report id, cm)
        Of `low`, each centimetre with one report: the first by day, then by id. Reports whose
        ground others had reported before stand with 0. Together they are the length of `low`.
    open : tuple of (report id, cm or None)
        Reports that may bring something more, and how much at most; None: without end.
    added_up : int
        What plain adding up of the same reports gives.
    """

    low: Spans
    high: Spans
    credit: tuple[tuple[str, int], ...]
    open: tuple[tuple[str, int | None], ...]
    added_up: int

    @property
    def low_cm(self) -> int:
        """Length that counts for sure."""
        return spans.length(self.low)

    @property
    def high_cm(self) -> int | None:
        """Length that may count; None where it has no end."""
        return None if self.endless else spans.length(self.high)

    @property
    def endless(self) -> bool:
        """A report may cover any length: neither it nor its work says where it ends."""
        return any(cm is None for _, cm in self.open)


@dataclass(frozen=True)
class Reports:
    """All claims of a commune held against all works, with what is in dispute.

    `loose` are claims that say no work at all: they may belong to any.
    """

    works: tuple[Work, ...]
    judged: tuple[Judged, ...]
    loose: tuple[Claim, ...]
    disputes: tuple[Dispute, ...]

    @cached_property
    def _by_work(self) -> dict[str, tuple[Judged, ...]]:
        out: dict[str, list[Judged]] = {work.id: [] for work in self.works}
        for j in self.judged:
            if j.work is not None:
                out[j.work.id].append(j)
        for work in self.works:
            loose = (against(claim, work) for claim in self.loose)
            out[work.id] += [replace(j, worth=_perhaps(j)) for j in loose]
        return {key: tuple(sorted(mine, key=lambda j: order(j.claim))) for key, mine in out.items()}

    def of(self, work: Work) -> tuple[Judged, ...]:
        """Return the claims of a work in order; those that say no work count perhaps."""
        return self._by_work[work.id]

    def contested(self, work: Work, day: dt.date) -> Contested:
        """Return what is contested of a work on a day."""
        return contested(self.disputes, work.id, day)


def _perhaps(of: Judged) -> tuple[Sure, Sure, Sure]:
    reported, poured, accepted = (NO if worth == NO else PERHAPS for worth in of.worth)
    return reported, poured, accepted


def reports(works: Sequence[Work], claims: Iterable[Claim], disputes: Iterable[Dispute]) -> Reports:
    """Hold all claims against all works."""
    by_id = {work.id: work for work in works}
    found = _with_rivals([judged(claim, by_id) for claim in claims])
    loose = tuple(j.claim for j in found if j.claim.work_id is None)
    return Reports(tuple(works), found, loose, tuple(disputes))


def _with_rivals(found: Sequence[Judged]) -> tuple[Judged, ...]:
    """Return claims that know of the other contents that their report id has."""
    by_id: dict[str, list[Judged]] = defaultdict(list)
    for j in found:
        by_id[j.claim.report_id].append(j)
    out = []
    for j in found:
        alike = by_id[j.claim.report_id]
        rivals = tuple(other for other in alike if other is not j)
        out.append(replace(j, rivals=rivals, first=alike[0] is j) if rivals else j)
    return tuple(out)


def tally(claims: Sequence[Judged], kind: str, day: dt.date, of: Contested) -> Tally:
    """Return a length of a work on a day.

    Parameters
    ----------
    claims : sequence of Judged
        Of one work, in order (`Reports.of`).
    kind : {"reported", "poured", "accepted"}
    of : Contested
        What of the work is in dispute on that day.
    """
    sure = [
        (j.claim.report_id, span)
        for j in claims if j.first and (span := j.sure(kind, day)) is not None
    ]  # fmt: skip
    may = [j for j in claims if j.counts(kind, day) == PERHAPS]
    counted = spans.union(span for _, span in sure)
    low = spans.difference(counted, (*of.open, *of.refused))
    possible = [*counted, *(j.possible for j in may if j.possible)]
    high = spans.difference(possible, of.refused)
    credit = {
        owner: spans.length(spans.intersection(parts, low))
        for owner, parts in spans.credited(sure).items()
    }
    return Tally(
        low, high, tuple(credit.items()), tuple(_open(sure, may, counted, low, of).items()),
        spans.added_up(span for _, span in sure),
    )  # fmt: skip


def _open(
    sure: Sequence[tuple[str, Span]],
    may: Sequence[Judged],
    counted: Spans,
    low: Spans,
    of: Contested,
) -> dict[str, int | None]:
    """Return by report what it may bring beyond what counts for sure; None: without end.

    Contested ground stands with the report that it was credited to: it counts again if the
    dispute is settled so.
    """
    held = spans.difference(counted, (*low, *of.refused))
    more: dict[str, list[Span]] = {}
    for owner, own in spans.credited(sure).items() if held else ():
        ground = spans.intersection(own, held)
        if ground:
            more[owner] = list(ground)
    endless = {j.claim.report_id for j in may if j.possible is None}
    for j in may:
        more.setdefault(j.claim.report_id, []).extend([j.possible] if j.possible else [])
    return {
        owner: None
        if owner in endless
        else spans.length(spans.difference(ground, (*low, *of.refused)))
        for owner, ground in more.items()
    }


def tallies(found: Reports, work: Work, day: dt.date) -> dict[str, Tally]:
    """Return all lengths of a work on a day, by kind."""
    claims, of = found.of(work), found.contested(work, day)
    return {kind: tally(claims, kind, day, of) for kind in KINDS}
