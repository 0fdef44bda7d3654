"""How figures of former communes are carried over: `data/units/figures.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import Words
from ntm_gis.rules.csv_tables import rows
from ntm_gis.rules.schema import schema
from ntm_gis.rules.toml import Strict
from ntm_gis.rules.toml_words import refused

ROWS = "@rows"
"""Instead of a column of the list of villages: the villages themselves are counted."""

Filled = Annotated[str, StringConstraints(min_length=1)]


class Figure(Strict):
    """One row: a figure and the way it is carried.

    Parameters
    ----------
    set : str or None
        The criteria set whose code it is; None: the code is the same in all.
    carry : {"add", "ratio", "none"}
        It adds up; it is the sum of the numerators over the sum of the denominators; it cannot
        be carried, and `why` says why.
    field, whole : str or None
        With the list of villages: the column that is added up (or "@rows"), and for a ratio
        the column of the denominator.
    """

    figure: Filled
    set: str | None = None
    vi: Filled
    en: Filled
    unit: Filled
    carry: Literal["add", "ratio", "none"]
    more_is_better: bool = True
    field: str | None = None
    whole: str | None = None
    why_vi: str | None = None
    why_en: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Figure:
        if (self.carry == "none") != bool(self.why_vi and self.why_en):
            raise refused("CARRY", columns="carry, why_vi, why_en")
        from_villages = self.field is not None
        if (from_villages and self.carry == "none") or (
            (self.whole is not None) != (from_villages and self.carry == "ratio")
        ):
            raise refused("CARRY_FIELD", columns="carry, field, whole")
        known = {ROWS, None, *schema("villages").names}
        if not {self.field, self.whole} <= known:
            raise refused("CARRY_FIELD", columns="carry, field, whole")
        return self

    @property
    def title(self) -> Words:
        """What it is called."""
        return Words(self.vi, self.en)

    @property
    def why(self) -> Words | None:
        """Why it cannot be carried, and what to do; None where it can."""
        return Words(self.why_vi, self.why_en) if self.why_vi and self.why_en else None

    @property
    def scale(self) -> float:
        """What numerator over denominator is multiplied by.

        Examples
        --------
        >>> figures()["poor_share"].scale, figures("vn-2021-2025")["10"].scale
        (100.0, 1.0)
        """
        return 100.0 if self.unit == "%" else 1.0


@cache
def figures(criteria_set: str | None = None) -> Mapping[str, Figure]:
    """Return the figures known, by code: those of all sets, and those of one.

    Raises
    ------
    RuleError
        The table is not well formed, or a code stands twice.

    Examples
    --------
    >>> figures()["population"].carry, "11" in figures(), figures("vn-2021-2025")["11"].carry
    ('add', False, 'ratio')
    """
    out: dict[str, Figure] = {}
    path = shipped.path("data", "units", "figures.csv")
    for _, figure in rows(path, Figure):
        if figure.set not in (None, criteria_set):
            continue
        if figure.figure in out:
            raise RuleError("SPELLING_TWICE", file=path.name, spelling=figure.figure)
        out[figure.figure] = figure
    return MappingProxyType(out)
