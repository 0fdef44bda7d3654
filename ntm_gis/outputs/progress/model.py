"""Road works as small values: stretches by day, reports, tracks, photos, money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ntm_gis.outputs import wording
from ntm_gis.results import Measure

STAGES = ("accepted", "poured", "base", "cleared")
"""Stages of a work, the highest first."""

NONE, DISPUTED = "none", "disputed"
STATES = (*STAGES, NONE, DISPUTED)
"""What a stretch may be, as legends tell it."""

LENGTHS = ("planned_km", "reported_km", "poured_km", "surveyed_km", "accepted_km")
"""The lengths that always stand together, in this order; the last one is the strongest."""

COUNTS = frozenset(
    {"counted", "unverified", "width_unknown", "undated", "incomplete", "contradicted"}
)
"""States of reports that are in some length, surely or perhaps; of the others none is."""

SET_ASIDE = frozenset({"unknown_work", "reversed", "beyond"})
"""States of reports that are in no length, whatever else is found out about them."""

GPS, TOLD = "gps", "told"
CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class Report:
    """One report, once, with what became of it; `state` is "counted" or why it does not count."""

    id: str
    from_m: float | None
    to_m: float | None
    stage: str | None
    on: dt.date | None
    by: str | None
    verified_by: str | None
    minute_no: str | None
    width_m: float | None
    thickness_cm: float | None
    photo: str | None
    state: str
    credited_m: float | None
    file: str | None
    table: str | None
    row: int | None
    recorded: bool
    """It stands in the record."""
    key: str = ""
    """What the frames know it by; `id` is what people are shown."""

    def where(self, lang: str) -> str:
        """Return file, sheet and row."""
        return wording.place_words(self.file, self.table, self.row, lang)

    def meets(self, from_m: float, to_m: float) -> bool:
        """Whether it lies on some of a stretch."""
        if self.from_m is None or self.to_m is None:
            return False
        return self.from_m < to_m and self.to_m > from_m


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo; `at_m` is its chainage, `state` says how it came to be there."""

    name: str
    at_m: float | None
    chainage: str | None
    on: dt.date | None
    by: str | None
    stage: str | None
    state: str
    how: str
    offset_m: float | None
    work_id: str | None = None


@dataclass(frozen=True, slots=True)
class TrackPart:
    """What a track credits or does not, and why."""

    track: str
    from_m: float | None
    to_m: float | None
    on: dt.date | None
    by: str | None
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a work that is in one state, with who reported and who checked it."""

    from_m: float
    to_m: float
    state: str
    reports: tuple[Report, ...]
    by: str | None
    verified_by: str | None
    photo: str | None
    aside: tuple[Report, ...]
    """Reports that lie there and don't count for its state."""

    @property
    def length_m(self) -> float:
        """Its length."""
        return round(self.to_m - self.from_m, 2)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground reported again: by whom, when, how far."""

    from_m: float
    to_m: float
    first: str
    second: str
    first_on: dt.date | None
    second_on: dt.date | None
    first_by: str | None
    second_by: str | None
    first_stage: str | None
    second_stage: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """Plan against fact on one day, in kilometres."""

    on: dt.date
    due_km: float | None
    reported_km: float | None
    poured_km: float | None
    accepted_km: float | None
    poured_high_km: float | None
    accepted_high_km: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Money paid for the work."""

    on: dt.date | None
    million: float | None
    document: str | None


@dataclass(frozen=True)
class Work:
    """One road work with everything an answer has about it."""

    id: str
    name: str
    road_id: str | None = None
    road: str | None = None
    start_on: dt.date | None = None
    due_on: dt.date | None = None
    budget: float | None = None
    min_width_m: float | None = None
    measures: Mapping[str, Measure] = field(default_factory=dict)
    """By the last part of their ids: `accepted_km`."""
    gifts: Mapping[str, Measure] = field(default_factory=dict)
    on: dt.date | None = None
    """The last day of which its stretches are known."""
    now: tuple[Stretch, ...] = ()
    """Its stretches on that day, from its start to its end."""
    reports: tuple[Report, ...] = ()
    photos: tuple[Photo, ...] = ()
    album: Mapping[str, tuple[Photo, ...]] = field(default_factory=dict)
    """All photos of the commune by their name as it is compared (`pictures.key`)."""
    tracks: tuple[TrackPart, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    history: tuple[Day, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def span(self) -> tuple[float, float] | None:
        """From and to of its stretches, in metres; None where its span is not known."""
        return (self.now[0].from_m, self.now[-1].to_m) if self.now else None

    @property
    def disputed_m(self) -> float:
        """Metres that somebody contests."""
        return round(sum(s.length_m for s in self.now if s.state == DISPUTED), 2)

    @cached_property
    def last_report(self) -> Report | None:
        """The newest report that is not set aside and has come by the last day."""
        until = self.on or dt.date.max
        dated = [
            (r.on, r.id, r)
            for r in self.reports
            if r.on is not None and r.on <= until and r.state not in SET_ASIDE
        ]
        return max(dated, key=lambda one: one[:2])[2] if dated else None
