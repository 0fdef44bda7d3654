"""Worked cases: sentences with figures and the verdicts that must come of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from pydantic import Field as Key
from pydantic import StringConstraints

from ntm_gis.results import Verdict
from ntm_gis.rules.toml import Strict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.rules.criteria import CriteriaSet


class Between(Strict):
    """A figure of which the least and the greatest are known."""

    low: float | None = None
    high: float | None = None


class BySex(Strict):
    """A figure for each sex."""

    male: float | Between | None = None
    female: float | Between | None = None


class Assessed(Strict):
    """What a document says of an indicator without a number."""

    assessed: bool


class Case(Strict):
    """A case: of a commune on a day, what is known and what must come of it.

    Parameters
    ----------
    name : str
        A sentence.
    figures : mapping
        By indicator (or measure, of conditions): a number, met or not, bounds, by sex, or what
        was assessed; what is left out is not known.
    expect, criteria, why : mapping
        Verdicts of indicators and criteria, and why there is no threshold.
    counts : mapping
        How many criteria have a verdict.
    """

    name: Annotated[str, StringConstraints(min_length=10)]
    on: dt.date
    region: str | None = None
    group: Annotated[int, Key(ge=1, le=3)] | None = None
    special_difficulty: bool | None = None
    figures: dict[str, bool | float | Between | BySex | Assessed] = Key(default_factory=dict)
    expect: dict[str, Verdict] = Key(default_factory=dict)
    criteria: dict[str, Verdict] = Key(default_factory=dict)
    why: dict[str, str] = Key(default_factory=dict)
    counts: dict[Verdict, int] = Key(default_factory=dict)


class Cases(Strict):
    """`cases*.toml`."""

    cases: tuple[Case, ...] = Key(alias="case")


def broken(found: CriteriaSet, cases: tuple[Case, ...] | None = None) -> Iterator[str]:
    """Yield what does not come out as the worked cases of a set say.

    Examples
    --------
    >>> from ntm_gis.rules.criteria import criteria_set
    >>> list(broken(criteria_set("vn-2021-2025")))
    []
    """
    from ntm_gis.rules.criteria import Where
    from ntm_gis.rules.criteria_verdicts import amount_of, score

    for case in found.cases if cases is None else cases:
        where = Where(case.region, case.group, case.special_difficulty)
        values = {
            code: amount_of(given, less_is_better=_less(found, code))
            for code, given in case.figures.items()
        }
        got = score(found, where, case.on, values)
        for code, verdict in case.expect.items():
            if got.indicators[code].verdict != verdict:
                yield f"{case.name}: {code} {got.indicators[code].verdict}, not {verdict}"
        for code, verdict in case.criteria.items():
            if got.criteria[code].verdict != verdict:
                yield f"{case.name}: criterion {code} {got.criteria[code].verdict}, not {verdict}"
        for code, why in case.why.items():
            if got.indicators[code].why != why:
                yield f"{case.name}: {code} is {got.indicators[code].why}, not {why}"
        for verdict, count in case.counts.items():
            if got.count(verdict) != count:
                yield f"{case.name}: {got.count(verdict)} {verdict}, not {count}"


def _less(found: CriteriaSet, code: str) -> bool:
    line = found.indicators.get(code)
    return line is not None and line.better == "less"
