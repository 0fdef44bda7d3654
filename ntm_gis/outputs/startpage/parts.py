"""What the start page is made of: cells of the first card, lines and groups of figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar: solid up to `low`, slanted up to `high`, in per cent of its width."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Headline:
    """One cell of the first card."""

    id: str
    title: str
    value: str
    unit: str
    below: tuple[str, ...]
    bar: Bar | None
    provisional: bool
    unknown: bool


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """One feature in the evidence of a figure."""

    label: str
    href: str | None
    amount: str
    unknown: bool
    where: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table of figures, with its evidence."""

    id: str
    title: str
    value: str
    unit: str
    range: str
    certainty: str
    bar: Bar | None
    provisional: bool
    unknown: bool
    applies: bool
    method: str
    fraction: str
    features: tuple[FeatureRow, ...]
    more: int
    files: tuple[str, ...]
    notes: tuple[str, ...]
    findings: tuple[int, ...]
    more_findings: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Figures that wait for the same thing: one line says what, their names are on demand."""

    head: str
    names: tuple[tuple[str, str], ...]
    """Id and title of each."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Figures that are shown on demand, under one head."""

    head: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures of one kind, under one head: few at once, the others on demand."""

    name: str
    title: str
    figures: tuple[Figure, ...]
    folds: tuple[Fold, ...] = ()
    waiting: tuple[Waiting, ...] = ()
