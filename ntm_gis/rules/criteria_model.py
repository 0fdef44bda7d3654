"""What a criteria set may say of its lines: thresholds, indicators, when they apply."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Key

from ntm_gis.results import Threshold
from ntm_gis.rules.planning_cards import Said
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.toml import Strict

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}([.-][0-9a-z]{1,3}){0,2}$")]
Number = Annotated[float, Key(allow_inf_nan=False)]
Status = Literal["verified", "cited", "unverified"]
"""What files may say; `confirmed` is said by an office alone, in its record."""


def _region(value: str) -> str:
    if value not in code_list("region").keys:
        msg = f"no region {value}"
        raise ValueError(msg)
    return value


Region = Annotated[str, AfterValidator(_region)]
Comparator = Literal["at_least", "at_most", "equals", "level", "passed"]
COMPARATORS: tuple[Comparator, ...] = ("at_least", "at_most", "equals", "level", "passed")
ORDER = ("unverified", "cited", "verified", "confirmed")
"""Statuses, the weakest first."""


class Citation(Strict):
    """Where in which document something stands."""

    document: Annotated[str, StringConstraints(min_length=3)]
    place: str = ""

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.document}, {self.place}" if self.place else self.document


class Relative(Strict):
    """A limit that follows another: `times` the one of an indicator of a set on the same day."""

    set: str
    indicator: Code
    times: Annotated[float, Key(gt=0)]


class Row(Strict):
    """A threshold: a dated row. New law adds a row; none is ever edited.

    Parameters
    ----------
    since : date
        `from` in the file: the first day it holds on, until a later row or `until`.
    region, group, special_difficulty : optional
        Of which communes; left out: of all.
    at_least, at_most, equals, level : float, optional
        The limit; `level` is a degree to be reached.
    passed : True, optional
        It is assessed as met or not met.
    delegated : {"province"}, optional
        The text leaves the limit to the province: there is none until a set below fills it.
    unknown : True, optional
        There is a limit and nobody here knows it.
    relative : Relative, optional
    """

    indicator: Code
    since: dt.date = Key(alias="from")
    until: dt.date | None = None
    region: Region | None = None
    group: Annotated[int, Key(ge=1, le=3)] | None = None
    special_difficulty: bool | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    equals: Number | None = None
    level: Number | None = None
    passed: Literal[True] | None = None
    delegated: Literal["province"] | None = None
    unknown: Literal[True] | None = None
    relative: Relative | None = None
    citation: Citation
    status: Status | Literal["confirmed"]
    remark: Said | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> Row:
        given = [n for n in (*COMPARATORS, "delegated", "unknown", "relative")
                 if getattr(self, n) is not None]  # fmt: skip
        if len(given) != 1:
            msg = f"one limit a row, not {', '.join(given) or 'none'}"
            raise ValueError(msg)
        if self.until is not None and self.until < self.since:
            msg = "until is before from"
            raise ValueError(msg)
        return self

    @property
    def comparator(self) -> Comparator | None:
        """The way it compares; None where it has no limit of its own."""
        return next((c for c in COMPARATORS if getattr(self, c) is not None), None)

    @property
    def way(self) -> str | None:
        """How it compares, or why it has no limit here: "delegated", "unknown"."""
        if self.comparator is not None:
            return self.comparator
        return "delegated" if self.delegated else "unknown" if self.unknown else None

    @property
    def limit(self) -> float | None:
        """The number compared with: 1 for what is assessed as met."""
        way = self.comparator
        return None if way is None else float(getattr(self, way))

    def threshold(self) -> Threshold | None:
        """Return the limit as results carry it; None where there is none."""
        limit, way = self.limit, self.comparator
        if limit is None or way is None:
            return None
        key = {"level": "at_least", "passed": "at_least"}.get(way, way)
        return Threshold(self.citation.text, self.status, **{key: limit})

    def meets(self, other: Row) -> bool:
        """Whether some commune falls under both rows."""
        pairs = (
            (self.region, other.region), (self.group, other.group),
            (self.special_difficulty, other.special_difficulty),
        )  # fmt: skip
        return all(a is None or b is None or a == b for a, b in pairs)


class Applies(Strict):
    """When an indicator applies: the figure or measure `of` is more than `above`.

    `otherwise`: an indicator that does not apply counts as met, or is left out.
    """

    of: str
    above: float = 0.0
    otherwise: Literal["met", "left_out"] = "left_out"
    citation: Citation
    status: Status


class Indicator(Strict):
    """One measurable line.

    Parameters
    ----------
    unit : str
        "%", "verdict" (met or not), "level", "houses" …
    better : {"more", "less"}
    measure : str, optional
        The measure of the product that answers it; left out: `figures` do.
    per_sex : bool
        Both sexes must meet the limit.
    rule, parts, count : optional
        It is made of parts: all of them, any, or at least `count`.
    part_of : Code, optional
        It is a part, and no line of its own.
    splits : Code, optional
        With others it takes the place of this line of the parent set.
    maps_to : tuple of str
        Lines of the parent or of the set before that it answers ("SET:CODE" for another set),
        where somebody confirmed that they say the same.
    rounding : int, optional
        Digits that the figure is printed with: compared as it is, flagged where rounding would
        turn the verdict.
    """

    code: Code
    criterion: Code
    title: Said
    unit: str
    better: Literal["more", "less"] = "more"
    measure: str | None = None
    per_sex: bool = False
    rule: Literal["all", "any", "at_least"] | None = None
    parts: tuple[Code, ...] = ()
    count: Annotated[int, Key(ge=1)] | None = None
    part_of: Code | None = None
    splits: Code | None = None
    applies: Applies | None = None
    maps_to: tuple[str, ...] = ()
    rounding: Annotated[int, Key(ge=0, le=4)] | None = None
    text_status: Status
    seen_in: str

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        if (self.rule is None) != (not self.parts):
            msg = "rule and parts go together"
            raise ValueError(msg)
        if (self.count is not None) != (self.rule == "at_least"):
            msg = "count goes with the rule at_least"
            raise ValueError(msg)
        if self.count is not None and self.count > len(self.parts):
            msg = "count is more than there are parts"
            raise ValueError(msg)
        return self


def weakest(statuses: tuple[str, ...]) -> str:
    """Return the weakest of some statuses.

    Examples
    --------
    >>> weakest(("cited", "confirmed", "unverified"))
    'unverified'
    """
    return min(statuses, key=ORDER.index)
