"""The plan review as small values: pins, rules, plans, dossiers, matrices of land use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import shapely

from ntm_gis.layers.decisions import ITEM
from ntm_gis.rules.planning_cards import Rule

FRAME = "plan_findings"


@dataclass(frozen=True, slots=True)
class Pin:
    """One finding of the review, with the decision about it.

    Parameters
    ----------
    id : str
        "QH07-3", the same on page, map, paper, in Excel and GeoPackage.
    subject : str
        What a decision about it points at in the record.
    says, proposal : str
        In the language asked for.
    x, y : float or None
        East and north in the commune's zone, of a point on what was found.
    state : {"fail", "warn", "no_data", "advisory", "waived"}
    """

    id: str
    rule: str
    subject: str
    plans: str
    feature: str | None
    severity: str
    state: str
    says: str
    proposal: str
    ground_ha: float | None
    grid_ha: float | None
    x: float | None
    y: float | None
    shape: shapely.Geometry | None
    choice: str | None
    by: str | None
    on: dt.date | None
    why: str | None
    document: str | None
    until: dt.date | None

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Nobody decided about it yet."""
        return self.choice is None


@dataclass(frozen=True, slots=True)
class OfRule:
    """A rule that found something, and what it found."""

    rule: Rule
    pins: tuple[Pin, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of the register as it is written."""

    id: str
    kind: str | None
    former: str | None
    decision_no: str | None
    approved_on: dt.date | None
    valid_to: dt.date | None
    scale: str | None
    code_list: str | None
    area_ha: float | None
    population: float | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A planned item, and the decision about it."""

    id: str
    plan: str | None
    kind: str | None
    name: str | None
    year: int | None
    built: str | None
    choice: str | None = None
    by: str | None = None
    on: dt.date | None = None
    why: str | None = None
    document: str | None = None

    @property
    def subject(self) -> str:
        """What a decision about it points at in the record."""
        return f"{ITEM}{self.plan or '–'}/{self.id}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Ground by code before (rows) and after (columns), in whole m² that add up.

    Parameters
    ----------
    rows, columns : tuple of str or None
        Codes; None for ground that the side says nothing of.
    cells : tuple of tuple of int
        m² on the ellipsoid.
    ground_m2, grid_m2 : float
        What the cells came from, not rounded, on the ellipsoid and in the grid.
    """

    rows: tuple[str | None, ...]
    columns: tuple[str | None, ...]
    cells: tuple[tuple[int, ...], ...]
    ground_m2: float
    grid_m2: float

    @property
    def row_sums(self) -> tuple[int, ...]:
        """Sum of each row."""
        return tuple(sum(row) for row in self.cells)

    @property
    def column_sums(self) -> tuple[int, ...]:
        """Sum of each column."""
        return tuple(sum(row[j] for row in self.cells) for j in range(len(self.columns)))

    @property
    def total(self) -> int:
        """Sum of all cells."""
        return sum(self.row_sums)


@dataclass(frozen=True, slots=True)
class Named:
    """A matrix of one plan (existing, planned) or of two plans; None where it has none."""

    first: str
    second: str | None
    matrix: Matrix | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a plan's dossier needs: present, missing or unlisted."""

    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """The dossier of a plan."""

    plan: str
    documents: tuple[Document, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of what is not there."""
        return tuple(d.title for d in self.documents if d.state != "present")
