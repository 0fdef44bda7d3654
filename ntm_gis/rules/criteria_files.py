"""The files of a criteria set: its head, its lines, later decisions that change it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import model_validator

from ntm_gis.rules.criteria_model import Citation, Code, Indicator, Region, Row, Status
from ntm_gis.rules.planning_cards import Said
from ntm_gis.rules.toml import Strict


class Criterion(Strict):
    """A group of indicators; `complete`: all of its indicators are known."""

    code: Code
    title: Said
    complete: bool
    status: Status


class Law(Strict):
    """A document of the legal basis, and where it was seen."""

    document: str
    day: dt.date | None = None
    title: Said
    status: Status
    seen_in: str


class Counts(Strict):
    """How many criteria and indicators the text has, whether they are known here or not."""

    criteria: int
    indicators: int
    status: Status
    seen_in: str


class Override(Strict):
    """Communes in special difficulty take the limits of another region (or group)."""

    when: Literal["special_difficulty"]
    region: Region | None = None
    group: Annotated[int, Key(ge=1, le=3)] | None = None
    citation: Citation
    status: Status


class Head(Strict):
    """`set.toml`: what a set is called, on which law it stands, and its criteria.

    Parameters
    ----------
    parent : str, optional
        The set it stands over; its lines and limits are carried where `carries`.
    supersedes : str, optional
        The set whose place it takes.
    """

    id: str
    title: Said
    issuer: Literal["national", "province"]
    legal: tuple[Law, ...]
    effective_from: dt.date
    effective_to: dt.date | None = None
    keyed_by: Literal["region", "group"]
    counts: Counts
    parent: str | None = None
    carries: bool = True
    supersedes: str | None = None
    remark: Said | None = None
    overrides: tuple[Override, ...] = Key(default=(), alias="override")
    criteria: tuple[Criterion, ...] = Key(default=(), alias="criterion")


class Retired(Strict):
    """A line that a patch takes out after a day."""

    indicator: Code
    after: dt.date


class Lines(Strict):
    """Any other file of a set: indicators and thresholds."""

    indicators: tuple[Indicator, ...] = Key(default=(), alias="indicator")
    thresholds: tuple[Row, ...] = Key(default=(), alias="threshold")


class Patch(Lines):
    """`patch-*.toml`: a later decision that changes a set; `changes_known`: all are here."""

    law: Law
    since: dt.date = Key(alias="from")
    changes_known: bool
    retired: tuple[Retired, ...] = Key(default=(), alias="retire")

    @model_validator(mode="after")
    def _after(self) -> Patch:
        if any(row.since < self.since for row in self.thresholds):
            msg = "a row of a patch begins before the patch"
            raise ValueError(msg)
        return self
