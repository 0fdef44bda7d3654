"""A card of the plan review: what is required, how it is tested, and the law behind it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from ntm_gis.results import Words, village_word
from ntm_gis.rules.toml import Strict

Test = Literal[
    "uncovered", "outside", "overlap_within", "overlap_seam", "overlap_between",
    "double_assignment", "land_use_conflict", "sliver", "gap_within", "invalid_ring",
    "doubled_vertex",
    "attribute_missing", "code_unknown", "code_old", "road_break", "canal_break",
    "doubled_centre", "doubled_service", "unrealised", "planned_road_missing",
    "built_road_missing", "on_hazard", "on_slope", "on_stream", "on_forest", "distance",
    "area_total", "population_total", "land_per_person", "facility_size",
    "land_per_pupil",
    "without_decision", "expired", "number_twice", "dossier", "parent_missing",
]  # fmt: skip
"""What the review can find out; a card names one of them."""

Status = Literal["verified", "cited", "confirmed", "unverified"]
Severity = Literal["block", "warning", "note"]
Verdict = Literal["fail", "warn"]
_Id = Annotated[str, StringConstraints(pattern=r"[A-Z]{2}[0-9]{2}")]


class Said(Strict):
    """A text in two languages."""

    vi: Annotated[str, StringConstraints(min_length=3)]
    en: Annotated[str, StringConstraints(min_length=3)]

    @property
    def words(self) -> Words:
        """The text as a value of results, villages called as the commune calls them."""
        return Words(village_word.said(self.vi), self.en)


class Law(Strict):
    """A legal text that a rule stands on, where it was seen, and whether it was read there.

    Parameters
    ----------
    of_unit : bool
        It is the act that made the commune: number and clause are those of the commune at hand.
    """

    text: str
    article: str = ""
    status: Status
    seen_in: str
    of_unit: bool = False


class Rule(Strict):
    """One card.

    Parameters
    ----------
    says : Said
        What is required, in one sentence.
    tolerance : mapping
        `width_m`, `area_m2`, `length_m`, `percent`: smaller differences are no breach.
    parameters : mapping
        Values of the test: distances, codes, kinds.
    waived_by : Said, optional
        Who may waive it; without one nobody may.
    since, until : date, optional
        The days it holds on.
    """

    id: _Id
    test: Test
    title: Said
    says: Said
    severity: Severity
    tolerance: dict[str, float] = Field(default_factory=dict)
    parameters: dict[str, str | float | bool | tuple[str, ...] | dict[str, float]] = Field(
        default_factory=dict
    )
    waived_by: Said | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    law: tuple[Law, ...] = ()

    @field_validator("tolerance")
    @classmethod
    def _known(cls, value: dict[str, float]) -> dict[str, float]:
        unknown = sorted(set(value) - {"width_m", "area_m2", "length_m", "percent"})
        if unknown or any(v < 0 for v in value.values()):
            msg = f"tolerance: {', '.join(unknown) or 'negative'}"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _days(self) -> Rule:
        if self.since and self.until and self.since > self.until:
            msg = "since is after until"
            raise ValueError(msg)
        return self

    @property
    def status(self) -> Status | None:
        """The weakest status of its law; None where it stands on no legal text."""
        order: tuple[Status, ...] = ("unverified", "cited", "verified", "confirmed")
        return min((law.status for law in self.law), key=order.index, default=None)

    @property
    def is_advisory(self) -> bool:
        """Its law was not read: shown as "tham khảo", and never fails a plan."""
        return self.status == "unverified"

    @property
    def breach(self) -> Verdict:
        """The verdict on what does not meet it."""
        return "fail" if self.severity == "block" and not self.is_advisory else "warn"

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return (self.since or day) <= day <= (self.until or day)

    def meets(self, other: Rule) -> bool:
        """Whether there is a day on which both are in force under one id."""
        if self.id != other.id:
            return False
        since = max(self.since or dt.date.min, other.since or dt.date.min)
        return since <= min(self.until or dt.date.max, other.until or dt.date.max)
