"""What the record says on a day: the frozen values that analyses take beside the layers.

The record itself is kept elsewhere; here stands only the shape of what it hands over, so that
analyses need know nothing of ledgers. Distances along a road are whole centimetres.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ntm_gis.results import Finding

Span = tuple[int, int]
"""From and to, centimetres along a centreline, from < to."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: file, its digest, sheet, row as the user sees it."""

    file: str
    sha256: str | None = None
    table: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One report of works over a stretch of road, as it was made. Nothing in it is judged.

    Parameters
    ----------
    entry : str
        Digest of its entry in the record; "" for a row of a source.
    from_cm, to_cm : int or None
        As written; None where it could not be read.
    stage : str or None
        cleared, base, poured or accepted.
    centreline : str or None
        Digest of the centreline that the chainages were taken on.
    """

    entry: str
    report_id: str
    work_id: str | None
    from_cm: int | None
    to_cm: int | None
    stage: str | None
    reported_on: dt.date | None
    reported_by: str | None = None
    verified_by: str | None = None
    minute_no: str | None = None
    width_cm: int | None = None
    thickness_mm: int | None = None
    photo: str | None = None
    centreline: str | None = None
    place: Place | None = None

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two claims one, whichever way they came in: all but where they stood."""
        return (
            self.report_id, self.work_id, self.from_cm, self.to_cm, self.stage, self.reported_on,
            self.reported_by, self.verified_by, self.minute_no, self.width_cm, self.thickness_mm,
            self.photo,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Survey:
    """A track taken in: what of a work it credits, and what it does not and why."""

    entry: str
    track_id: str
    work_id: str
    recorded_on: dt.date | None
    made_by: str | None
    credited: tuple[Span, ...]
    not_credited: tuple[tuple[int, int, str], ...] = ()
    centreline: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A stretch that somebody contests; `outcome` once it is settled.

    Parameters
    ----------
    outcome : {None, "counts", "does_not_count"}
        None: open. Then the stretch is in `high`, not in `low`.
    """

    entry: str
    work_id: str
    from_cm: int
    to_cm: int
    raised_on: dt.date
    raised_by: str
    why: str
    outcome: str | None = None
    settled_on: dt.date | None = None
    settled_by: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Centreline:
    """One version of the line that chainages of a road are taken on.

    Parameters
    ----------
    vertices_cm : tuple of (int, int)
        East and north in centimetres, in the commune's zone; chainage 0 at the first.
    """

    digest: str
    road_id: str
    version: int
    zone: str
    vertices_cm: tuple[tuple[int, int], ...]
    entered_on: dt.date
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the office decided about something; a later one about the same takes its place.

    Parameters
    ----------
    subject : str
        What it is about: "plan_item:K12", "rule:R4", "threshold:vn-2021-2025:18.2".
    choice : str
        "keep", "amend", "drop", "waive" …
    details : tuple of (str, str)
        Whatever else was written down, by name.
    """

    entry: str
    subject: str
    choice: str
    decided_on: dt.date
    decided_by: str
    why: str
    document: str | None = None
    details: tuple[tuple[str, str], ...] = ()


CHOICES = ("keep", "amend", "drop")
"""What may be decided about an item of an inherited plan."""

FINDING, ITEM, RULE = "plan_finding:", "plan_item:", "rule:"
"""What a decision of the plan review is about: beginnings of `Decision.subject`."""

THRESHOLD = "threshold:"
"""Beginning of the subject of a confirmed threshold, "threshold:SET:CODE": it says what a text
says, whenever it was read, and counts for figures of any day of its period."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The state of the record on a day.

    Parameters
    ----------
    head : str or None
        Digest over the newest entries of all devices; None where there is no record.
    check_code : str or None
        Its short form for people, eight letters and figures ("7K3M-Q9TD").
    decided : tuple of Decision
        Decisions of the office on or before the day, oldest first; confirmed thresholds of any
        day.
    findings : tuple of Finding
        What is wrong with the record itself: a broken chain, entries not understood.
    unread : bool
        There is a record, and it could not be read: what it says is not known.
    """

    head: str | None = None
    check_code: str | None = None
    claims: tuple[Claim, ...] = ()
    surveys: tuple[Survey, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    centrelines: tuple[Centreline, ...] = ()
    decided: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    unread: bool = False


NOTHING = Decisions()
"""A commune without a record."""
