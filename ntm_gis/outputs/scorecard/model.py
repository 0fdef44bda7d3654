"""The scorecard as small values in words of one language: nothing here is computed."""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("unknown", "not", "part", "met")
"""How a feature stands in an indicator, those to look at first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict: its code, the mark of the pages that stands for it, and its word."""

    code: str
    mark: str
    word: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar: solid to `low`, slanted to `high`, the limit across it; in per cent."""

    low: float
    high: float
    limit: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold as it is printed.

    Parameters
    ----------
    text : str
        "≥ 70 %"; why there is none, where there is none.
    state : str
        How far the text was read, in words.
    official : bool
        Read in the legal text, or confirmed by the office; else the page says "for reference".
    """

    text: str
    citation: str
    state: str
    official: bool
    given: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """A feature that went into an indicator, with where it stands in which file."""

    label: str
    href: str | None
    amount: str
    where: str


@dataclass(frozen=True, slots=True)
class Group:
    """Features of one state; `more` of them are not listed."""

    state: str
    title: str
    things: tuple[Thing, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the figures behind an indicator."""

    who: str
    value: str
    fraction: str
    day: str
    document: str
    by: str
    where: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A feature on a small map: a path, or the place of a point."""

    state: str
    kind: str
    path: str
    x: float
    y: float
    title: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The small map of an indicator; `of_villages`: villages are the features."""

    marks: tuple[Mark, ...]
    states: tuple[str, ...]
    label: str
    of_villages: bool
    href: str | None
    unplaced: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What all small maps share: outline, roads, villages with names, a scale bar."""

    width: float
    height: float
    boundary: str
    roads: str
    villages: tuple[tuple[float, float], ...]
    names: tuple[tuple[float, float, str, str], ...]
    """x, y, anchor, text."""
    bar: float
    bar_m: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measurable line with its proof."""

    code: str
    anchor: str
    title: str
    value: str
    unit: str
    known: bool
    range: str
    certainty: str
    fraction: str
    bar: Bar | None
    limit: Limit
    verdict: Verdict
    provisional: bool
    method: str
    parts: tuple[tuple[str, Verdict], ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    findings: tuple[int, ...]
    more_findings: int
    drawn: Drawn | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with its indicators; `open`: it is shown unfolded."""

    code: str
    anchor: str
    title: str
    verdict: Verdict
    official: bool
    count: str
    indicators: tuple[Indicator, ...]
    notes: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether there is something to do about it."""
        return self.verdict.code != "met"


@dataclass(frozen=True, slots=True)
class Todo:
    """What to survey or settle to decide an indicator; `criterion`: it decides that one too."""

    code: str
    criterion: str
    text: str
    proposal: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with a verdict before it, or a state of the worksheet; `said` where it is a mark."""

    text: str
    verdict: Verdict | None = None
    state: str = ""
    said: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: heads, rows of cells; the columns in `right` are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Criterion 17: who supplies which indicator, and which village sent it."""

    offices: Table
    codes: tuple[tuple[str, str], ...]
    villages: tuple[tuple[str, tuple[Cell, ...], str], ...]
    """Name, a cell an indicator, how many came."""
    sites: Table
    near: Table | None
    tea: str
    has_map: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources of one figure that differ, and what was decided."""

    code: str
    title: str
    rows: tuple[Row, ...]
    decision: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Another set beside the one in use; `lines`: its indicators and what they answer.

    Parameters
    ----------
    called : str
        "New set" where it takes the place of the one in use.
    """

    title: str
    called: str
    about: str
    old: Table
    new: Table
    lines: Table
    left: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many criteria have a verdict."""

    verdict: Verdict
    number: str
    n: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A criterion in the row of all of them."""

    code: str
    title: str
    verdict: Verdict
    href: str


@dataclass(frozen=True, slots=True)
class Strip:
    """How many criteria are met, and all of them in a row; `official`: no limit is in doubt."""

    met: str
    of: str
    perhaps: str
    counts: tuple[Count, ...]
    tiles: tuple[Tile, ...]
    official: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    lang: str
    name: str
    title: str
    about: str
    as_of: str
    set_title: str
    sample: bool
    strip: Strip
    remarks: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    todos: tuple[Todo, ...]
    law_todo: tuple[str, ...]
    ground: Ground | None
    worksheet: Worksheet | None
    former: Table | None
    sets: tuple[Beside, ...]
    conflicts: tuple[Conflict, ...]
    targets: Table | None
    foot: tuple[str, ...]
