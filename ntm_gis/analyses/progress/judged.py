"""What each claim is worth: set aside, counted for sure, or counted perhaps; and where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.decisions import Claim, Dispute
    from ntm_gis.results.spans import Span

REPORTED, POURED, ACCEPTED = "reported", "poured", "accepted"
KINDS = (REPORTED, POURED, ACCEPTED)
"""The lengths that reports make, each within the one before."""

STAGES = ("cleared", "base", "poured", "accepted")
"""The ladder of stages, lowest first."""

Sure = Literal["no", "perhaps", "yes"]
NO: Sure = "no"
PERHAPS: Sure = "perhaps"
YES: Sure = "yes"

_CONCRETE = {POURED: ("poured", "accepted"), ACCEPTED: ("accepted",)}


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim held against its work.

    Parameters
    ----------
    work : Work or None
        None: it names no work of the list.
    state : str
        "unknown_work", "reversed", "beyond": set aside whole; "incomplete": a chainage or the
        stage is not known; "undated"; "narrow": counts as reported only; "width_unknown";
        "unverified": accepted by nobody named, counts as poured; "counted". What depends on
        the day or on disputes is not in it.
    span : Span or None
        The stretch it claims, within the work; None where it is set aside.
    possible : Span or None
        The most that it may claim: `span` where both ends are known.
    worth : tuple of Sure
        How sure it counts for each of `KINDS`, but for its day.
    rivals : tuple of Judged
        Other contents of the same report id: only what all of them say is for sure.
    first : bool
        Of contents of one id it is the one that ground which all agree on stands with.
    """

    claim: Claim
    work: Work | None
    state: str
    span: Span | None = None
    possible: Span | None = None
    worth: tuple[Sure, Sure, Sure] = (NO, NO, NO)
    rivals: tuple[Judged, ...] = ()
    first: bool = True

    def counts(self, kind: str, day: dt.date) -> Sure:
        """Say how sure it counts for a length on a day, all of its ground together."""
        alone = self.alone(kind, day)
        if alone != YES or not self.rivals:
            return alone
        return YES if self.sure(kind, day) == self.span else PERHAPS

    def sure(self, kind: str, day: dt.date) -> Span | None:
        """Return the ground that counts for sure for a length on a day; None: none.

        Of a report with several contents it is what each of them says.
        """
        if self.span is None or self.alone(kind, day) != YES:
            return None
        since, until = self.span
        for other in self.rivals:
            alike = other.work is not None and other.work == self.work
            if not alike or other.span is None or other.alone(kind, day) != YES:
                return None
            since, until = max(since, other.span[0]), min(until, other.span[1])
        return (since, until) if since < until or not self.rivals else None

    def alone(self, kind: str, day: dt.date) -> Sure:
        """Say how sure this content by itself counts, whatever others its report has."""
        worth = self.worth[KINDS.index(kind)]
        on = self.claim.reported_on
        if on is None:
            return NO if worth == NO else PERHAPS
        return worth if on <= day else NO

    @property
    def set_aside(self) -> bool:
        """It counts for nothing, whatever its unknown parts turn out to be."""
        return self.state in SET_ASIDE


SET_ASIDE = frozenset({"unknown_work", "reversed", "beyond"})


def judged(claim: Claim, works: Mapping[str, Work]) -> Judged:
    """Hold a claim against the work it names.

    Notes
    -----
    The contract's definitions, each as sharp as what is known allows: a row beyond the span or
    with from not before to is set aside whole; one narrower than the least width counts as
    reported only, one whose width is blank may or may not; a blank chainage, stage or day may be
    anything that would still let the row count, and nothing.
    """
    work = works.get(claim.work_id or "")
    if work is None:
        return Judged(claim, None, "unknown_work")
    return against(claim, work)


def against(claim: Claim, work: Work) -> Judged:
    """Hold a claim against a work."""
    since, until = claim.from_cm, claim.to_cm
    if since is not None and until is not None and since >= until:
        return Judged(claim, work, "reversed")
    if work.is_beyond((since, until)):
        return Judged(claim, work, "beyond")
    possible = _possible(claim, work)
    placed = since is not None and until is not None
    # Without the work's span nobody can say whether the row is beyond it.
    certain = placed and work.span is not None
    worth = (
        YES if certain else PERHAPS,
        _concrete(claim, work, POURED, certain=certain),
        _concrete(claim, work, ACCEPTED, certain=certain),
    )
    return Judged(claim, work, _state(claim, work), possible if placed else None, possible, worth)


def _possible(claim: Claim, work: Work) -> Span | None:
    """Return the most that a claim may cover; None where nothing bounds it."""
    since = work.start_cm if claim.from_cm is None else claim.from_cm
    until = work.end_cm if claim.to_cm is None else claim.to_cm
    if since is None:
        since = 0  # no chainage is less
    return None if until is None else work.clipped((since, until))


def _concrete(claim: Claim, work: Work, kind: str, *, certain: bool) -> Sure:
    if claim.stage is not None and claim.stage not in _CONCRETE[kind]:
        return NO
    if kind == ACCEPTED and claim.verified_by is None:
        return NO
    wide = _wide(claim, work)
    if wide == NO:
        return NO
    return YES if certain and claim.stage is not None and wide == YES else PERHAPS


def _wide(claim: Claim, work: Work) -> Sure:
    """Say whether a claim is as wide as its work asks for."""
    if work.min_width_cm is None:
        return PERHAPS if work.width_unread else YES
    if claim.width_cm is None:
        return PERHAPS
    return YES if claim.width_cm >= work.min_width_cm else NO


def _state(claim: Claim, work: Work) -> str:
    if None in (claim.from_cm, claim.to_cm, claim.stage):
        return "incomplete"
    if claim.reported_on is None:
        return "undated"
    wide = _wide(claim, work)
    if wide == NO:
        return "narrow"
    if wide == PERHAPS and claim.stage in _CONCRETE[POURED]:
        return "width_unknown"
    if claim.stage == ACCEPTED and claim.verified_by is None:
        return "unverified"
    return "counted"


@dataclass(frozen=True, slots=True)
class Contested:
    """The stretches of a work that are in dispute on a day, and those settled not to count."""

    open: tuple[Span, ...] = ()
    refused: tuple[Span, ...] = ()


def contested(disputes: Iterable[Dispute], work_id: str, day: dt.date) -> Contested:
    """Return what is contested of a work on a day.

    A dispute is open from the day it is raised until it is settled. Settled not to count, the
    stretch counts for none of the lengths from that day on.
    """
    open_ones, refused = [], []
    for dispute in disputes:
        if dispute.work_id != work_id or dispute.raised_on > day:
            continue
        span = (dispute.from_cm, dispute.to_cm)
        settled = dispute.outcome is not None and (
            dispute.settled_on is None or dispute.settled_on <= day
        )
        if not settled:
            open_ones.append(span)
        elif dispute.outcome == "does_not_count":
            refused.append(span)
    return Contested(tuple(sorted(open_ones)), tuple(sorted(refused)))
