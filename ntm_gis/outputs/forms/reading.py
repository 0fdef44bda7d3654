"""What the forms are filled from: frames and measures of an answer as plain rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.report.periods import Period
from ntm_gis.outputs.rows import Value, plain
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Finding, Measure, Verdict, shown
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say, term

Row = Mapping[str, Value]


def text_of(row: Row, name: str) -> str | None:
    """Return a text of a row; None where there is none."""
    value = row.get(name)
    return None if value is None or value == "" else str(value)


def number_of(row: Row, name: str) -> float | None:
    """Return a number of a row; None where it is not known."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else None


def day_of(row: Row, name: str) -> dt.date | None:
    """Return a day of a row; None where there is none."""
    value = row.get(name)
    return value if isinstance(value, dt.date) else None


def total(given: Sequence[float | None]) -> float | None:
    """Return a sum; None where a part of it is not known, or there is none.

    Examples
    --------
    >>> total([504.0, 800.0]), total([504.0, None]), total([])
    (1304.0, None, None)
    """
    known = [x for x in given if x is not None]
    return math.fsum(known) if known and len(known) == len(given) else None


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund as declared, with the sum of the funds right beneath it; million đồng."""

    id: str
    name: str
    parent: str | None
    depth: int
    source: str | None
    programme: str | None
    capital: str | None
    declared: float | None
    parts: float | None
    difference: float | None
    paid: float | None
    state: str
    year: int | None
    document: str | None
    leaf: bool

    @property
    def counts(self) -> bool:
        """It has no funds beneath it and is no part of itself: sums are made of such."""
        return self.leaf and self.state != "circle"


class Reading:
    """An answer as the forms need it."""

    def __init__(
        self, answer: Answer, layers: Layers, lang: str, closed: Sequence[Period] = ()
    ) -> None:
        self.answer, self.layers, self.lang = answer, layers, lang
        self.closed = tuple(closed)
        self.who = layers.commune.commune
        self.speech = Speech(answer, lang, layers)

    @property
    def as_of(self) -> dt.date:
        """The day of the figures."""
        return self.who.as_of

    def word(self, key: str, /, **params: object) -> str:
        """Return a term of the forms, its values put in."""
        return say(f"form.{key}", self.lang, **params)

    def rows(self, frame: str) -> list[Row]:
        """Return the rows of a frame as plain values; none where it was not made."""
        found = self.answer.frames.get(frame)
        if found is None:
            return []
        names = [str(name) for name in found.columns if name != found.geometry.name]
        columns = [plain(found[name]) for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def used(self, layer: str, *names: str) -> list[Row]:
        """Return fields of the used rows of a layer as plain values."""
        found = self.layers[layer].used
        columns = [plain(found[name]) for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def measure(self, id_: str) -> Measure | None:
        """Return a measure by its id."""
        return self.speech.by_id.get(id_)

    def findings(self, *codes: str) -> list[Finding]:
        """Return the findings of some codes, each once, in the order of the answer."""
        return [f for f in dict.fromkeys(self.answer.findings) if f.code in codes]

    @cached_property
    def funds(self) -> list[Fund]:
        """The funds in the order of their tree."""
        more = {str(r["fund_id"]): r for r in self.used("funds", "fund_id", "year", "document")}
        rows = self.rows("funds_tree")
        parents = {text_of(row, "parent_id") for row in rows}
        return [_fund(row, more.get(str(row["id"]), {}), parents) for row in rows]

    @cached_property
    def code_titles(self) -> Mapping[tuple[str, str], str]:
        """Titles of codes, by list and code."""
        lists = ("fund_source", "capital", "direction", "task_status")
        return {
            (name, code.code): code.title.words.of(self.lang)
            for name in lists
            for code in code_list(name).codes
        }

    def title(self, list_: str, code: str | None) -> str | None:
        """Return the title of a code."""
        return None if code is None else self.code_titles.get((list_, code), code)

    # --- measures in words ------------------------------------------------------------------------

    def result(self, measure: Measure) -> str | None:
        """Return the value of an indicator in words, its unit said; None where nothing is known."""
        if self.speech.absent(measure):
            return None
        if measure.unit == "verdict" and measure.value is None:
            return None
        if measure.unit == "verdict":
            said = shown.value(measure.value, measure.unit, self.lang)
            return said[:1].upper() + said[1:]
        said = self.speech.value(measure)
        unit = self.speech.unit(measure)
        text = f"{said}\u00a0{unit}" if unit else said
        return f"{text} {self.speech.mark}" if measure.id in self.speech.provisional else text

    def verdict(self, measure: Measure) -> str | None:
        """Return how an indicator or criterion stands; "tham khảo" where that is not official."""
        judged = measure.judged
        return None if judged is None else self.judged(judged.verdict.value, judged.official)

    def judged(self, verdict: str, official: bool) -> str:
        """Return a verdict in words; "tham khảo" where it is not official."""
        found = term(f"verdict.{verdict}").of(self.lang)
        decided = verdict in (Verdict.MET.value, Verdict.NOT_MET.value)
        return self.word("for_reference", verdict=found) if decided and not official else found

    def amount(self, value: float, unit: str) -> str:
        """Return a number with its unit as people write it."""
        show = numbers.format_en if self.lang == "en" else numbers.format_vi
        return show(value, shown.unit_name(unit, self.lang))

    def day(self, value: dt.date | None) -> str | None:
        """Return a day as people write it."""
        return None if value is None else numbers.format_date_vi(value)


def _fund(row: Row, more: Row, parents: set[str | None]) -> Fund:
    year = number_of(more, "year")
    key = str(row["id"])
    return Fund(
        key, text_of(row, "name") or key, text_of(row, "parent_id"),
        int(number_of(row, "depth") or 0), text_of(row, "source"), text_of(row, "programme"),
        text_of(row, "capital"), number_of(row, "declared_million"),
        number_of(row, "parts_million"), number_of(row, "difference_million"),
        number_of(row, "paid_million"), text_of(row, "state") or "single",
        None if year is None else int(year), text_of(more, "document"), key not in parents,
    )  # fmt: skip
