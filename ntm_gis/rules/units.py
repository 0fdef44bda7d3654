"""Communes before and after: the tables `data/units/lineage-*.csv`, each row with its legal act.

A row says that from a day on an old unit, or a part of it, belongs to a new one. A table of a
province and one of the whole country have the same columns; `data/units/README.md` describes
them and names the sources.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints, field_validator, model_validator

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import Words, sentence
from ntm_gis.rules import unit_search
from ntm_gis.rules.changes import Change, Part, Unit
from ntm_gis.rules.csv_tables import rows as table_rows
from ntm_gis.rules.lineage import Lineage
from ntm_gis.rules.lineage_faults import faults
from ntm_gis.rules.toml import Strict
from ntm_gis.rules.toml_words import refused

FOLDER = ("data", "units")
PATTERN = "lineage-*.csv"

_DIGITS = {"district": 3}
"""Digits of a code, by kind; five otherwise, a nought in front included."""

Kind = Literal["commune", "ward", "township", "special_zone", "district"]
"""A district stands here only where it had no communes: island districts that became special
zones."""
Filled = Annotated[str, StringConstraints(min_length=1)]


class Row(Strict):
    """One row: where an old unit, or a part of it, went, by which act.

    Parameters
    ----------
    extent : {"whole", "part"}
        "whole": all of it; then the share is 1 and this is its only row of the day.
    share : float or None
        Of the old unit's people; of a part None where the act does not say it. Areas are
        measured, never shared out.
    decided_on, valid_from : date
        When the act was passed, and from which day the new unit is at work.
    place : str
        Article and clause: "1.8" is Điều 1, khoản 8.
    status : {"verified", "cited", "confirmed", "unverified"}
        Only a text read in the gazette is "verified".
    source, checked_with : tuple of str
        What the row was typed from, and what independent of it says the same: headings of
        `data/units/README.md`.
    """

    old_code: Filled
    old_kind: Kind
    old_name: Filled
    old_also: tuple[str, ...] = ()
    new_code: Filled
    new_kind: Kind
    new_name: Filled
    new_also: tuple[str, ...] = ()
    extent: Literal["whole", "part"]
    share: Annotated[float, Key(gt=0, le=1, allow_inf_nan=False)] | None = None
    valid_from: dt.date
    decided_on: dt.date
    document: Filled
    place: Filled
    status: Literal["verified", "cited", "confirmed", "unverified"]
    source: tuple[str, ...]
    checked_with: tuple[str, ...] = ()

    @field_validator("old_also", "new_also", "source", "checked_with", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split("|") if part.strip())
        return value

    @model_validator(mode="after")
    def _digits(self) -> Row:
        for side in ("old", "new"):
            code, kind = getattr(self, f"{side}_code"), getattr(self, f"{side}_kind")
            right = len(code) == _DIGITS.get(kind, 5) and code.isascii() and code.isdecimal()
            if not right:
                raise refused("UNIT_CODE", columns=f"{side}_code")
        return self

    @model_validator(mode="after")
    def _extent_and_share(self) -> Row:
        if (self.extent == "whole") != (self.share == 1):
            raise refused("EXTENT", columns="extent, share")
        if self.decided_on > self.valid_from:
            raise refused("DECIDED_LATER", columns="decided_on, valid_from")
        return self

    @property
    def change(self) -> Change:
        """The row as a step of the lineage."""
        old = Unit(self.old_code, self.old_name, self.old_kind)
        new = Unit(self.new_code, self.new_name, self.new_kind)
        return Change(old, new, self.valid_from, self.share)

    @property
    def act(self) -> Words:
        """The legal act with article and clause, in words.

        Examples
        --------
        >>> units().rows_into("03601")[0].act.vi
        'Nghị quyết 1670/NQ-UBTVQH15 ngày 16/06/2025, Điều 1 khoản 8'
        """
        article, _, clause = self.place.partition(".")
        said = {"number": self.document, "on": self.decided_on}
        return sentence("UNIT_ACT", {**said, "article": article, "clause": clause})


@dataclass(frozen=True)
class Units:
    """The rows of one or several tables that don't contradict each other."""

    rows: tuple[Row, ...]

    @cached_property
    def lineage(self) -> Lineage:
        """The rows as a lineage: `became`, `made_of`, `unit`, `carried`."""
        return Lineage(row.change for row in self.rows)

    @cached_property
    def entries(self) -> tuple[unit_search.Entry, ...]:
        """Every unit, old and new, as a search offers it."""
        also: dict[Unit, dict[str, None]] = defaultdict(dict)
        for row in self.rows:
            also[row.change.old] |= dict.fromkeys(row.old_also)
            also[row.change.new] |= dict.fromkeys(row.new_also)
        return tuple(
            unit_search.Entry(label, tuple(also[label.unit])) for label in self.lineage.labels()
        )

    def became(self, code: str, on: dt.date, *, since: dt.date | None = None) -> tuple[Part, ...]:
        """Return what a unit has become on a day; see `Lineage.became`.

        Examples
        --------
        >>> [part.unit.name for part in units().became("03602", dt.date(2025, 7, 1))]
        ['Mường Khoa']
        """
        return self.lineage.became(code, on, since=since)

    def made_of(self, code: str, on: dt.date, *, since: dt.date | None = None) -> tuple[Part, ...]:
        """Return what a unit was made of; see `Lineage.made_of`.

        Examples
        --------
        >>> [part.unit.code for part in units().made_of("03601", dt.date(2025, 12, 31))]
        ['03601', '03602']
        """
        return self.lineage.made_of(code, on, since=since)

    def find(
        self, words: str, *, on: dt.date | None = None, most: int = 10
    ) -> tuple[unit_search.Found, ...]:
        """Return the units that a code or name may stand for; see `unit_search.search`.

        Examples
        --------
        >>> [(hit.unit.code, hit.unit.name, hit.how) for hit in units().find("phuc khoa", most=1)]
        [('03602', 'Phúc Khoa', 'key')]
        """
        return unit_search.search(self.entries, words, on=on, most=most)

    def one(self, words: str, *, on: dt.date | None = None) -> Unit | None:
        """Return the one unit that a code or name surely stands for; see `unit_search.one`."""
        return unit_search.one(self.entries, words, on=on)

    def rows_into(self, code: str) -> tuple[Row, ...]:
        """Return the rows into the unit of a code, in order of day and old code."""
        return self._into.get(code, ())

    @cached_property
    def _into(self) -> dict[str, tuple[Row, ...]]:
        out: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.rows, key=lambda row: (row.valid_from, row.old_code)):
            out[row.new_code].append(row)
        return {code: tuple(rows) for code, rows in out.items()}


def read(*paths: Path) -> Units:
    """Read tables of communes.

    Raises
    ------
    RuleError
        A table is not well formed (see `csv_tables.rows`), or rows contradict each other: two
        for one old and one new unit on one day, shares that don't add up to 1, whole units that
        go into one another in a round, a unit that was gone before, two names for one code.
    """
    places: list[tuple[str, int]] = []
    rows: list[Row] = []
    for path in paths:
        for line, row in table_rows(path, Row):
            places.append((path.name, line))
            rows.append(row)
    for fault in faults([row.change for row in rows]):
        code, where = f"UNITS_{fault.kind.upper()}", tuple(_where(places, fault.rows))
        first = rows[fault.rows[0]]
        raise RuleError(
            code, where=where, unit=first.old_code, name=first.old_name,
            on=first.valid_from, total=fault.total,
        )  # fmt: skip
    return Units(tuple(rows))


def _where(places: Sequence[tuple[str, int]], rows: Sequence[int]) -> Iterator[str]:
    """Yield where rows stand: "lineage-lai-chau.csv: 3, 7"."""
    by_file: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        file, line = places[row]
        by_file[file].append(line)
    for file, lines in by_file.items():
        yield f"{file}: {', '.join(map(str, lines))}"


@cache
def units() -> Units:
    """Return all tables that are shipped.

    Raises
    ------
    RuleError
        A table is not well formed, or rows contradict each other.
    """
    return read(*sorted(shipped.path(*FOLDER).glob(PATTERN)))
