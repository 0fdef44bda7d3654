"""The figures of a form: which goes into which cell, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.filling_sums import Told
from ntm_gis.filling_units import Fit, Units
from ntm_gis.outputs.report import forms
from ntm_gis.results import LANGUAGES, Words, sentence, shown
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from ntm_gis.filling_cells import Cells
    from ntm_gis.filling_ties import Heads
    from ntm_gis.outputs.report import patching
    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.mapping import Mapping as Ties
    from ntm_gis.outputs.report.mapping import Tie
    from ntm_gis.outputs.report.telling import Previous
    from ntm_gis.outputs.speech import Speech
    from ntm_gis.results import Measure


_MOST_SAID = 60


class Work:
    """Puts ties to a form and says what could not be done.

    Parameters
    ----------
    form : Form
    speech : Speech
        The commune's measures.
    previous : mapping of str to Previous
        Values of the last period, by measure.
    made : Mapping
        The ties.
    cells : Cells
        What stands in the form.
    heads : Heads
        What its rows are called.
    """

    def __init__(
        self, form: Form, speech: Speech, previous: Mapping[str, Previous], made: Ties,
        cells: Cells, heads: Heads,
    ) -> None:  # fmt: skip
        self.form, self.speech, self.previous, self.made = form, speech, previous, made
        self.cells, self.heads, self.units = cells, heads, Units(cells)
        self.told: list[Told] = []
        self.wanted: dict[tuple[str, str], float] = {}
        """What figures of ours say of cells that hold a formula."""
        self.done: list[tuple[tuple[str, str], Tie, Measure]] = []

    def values(self) -> dict[tuple[str, str], patching.Value]:
        """Return what goes into which cell."""
        out: dict[tuple[str, str], patching.Value] = {}
        for tie in self.made.cells:
            where = self._where(tie)
            value = None if where is None else self._value(tie, where)
            if where is not None and value is not None:
                out[where] = value
        return out

    def _where(self, tie: Tie) -> tuple[str, str] | None:
        """Return where a tie points today; None, and said, where nobody can be sure."""
        where = self.heads.where(tie)
        if where is None:
            gone = tie.sheet not in self.form.sheets
            self._not(tie, "FILL_SHEET_GONE" if gone else "FILL_HEADS_CHANGED")
            return None
        if where in self.form.formulas:
            self._not(tie, "FILL_FORMULA")
            self._compare(tie, where)
            return None
        if where in self.form.covered:
            self._not(tie, "FILL_COVERED")
            return None
        if self.cells.in_array(where):
            self._not(tie, "FILL_FORMULA")
            return None
        return where

    def _compare(self, tie: Tie, where: tuple[str, str]) -> None:
        """Keep what our figure says of a total that the form works out itself."""
        measure = self.speech.by_id.get(tie.measure)
        number = None if measure is None else self._number(tie, measure)
        if measure is None or number is None:
            return
        fit = self._fit(tie, measure, where)
        if fit.factor is not None:
            self.wanted[where] = self._scaled(number, measure, fit.factor, where)

    def _value(self, tie: Tie, where: tuple[str, str]) -> patching.Value | None:
        measure = self.speech.by_id.get(tie.measure)
        if measure is None:
            self._not(tie, "FILL_MEASURE_GONE")
            return None
        said = self._said(tie, measure)
        found: patching.Value | None = self._number(tie, measure) if said is None else said
        if found is None:
            there = self.cells.said(where)
            if there is None:
                self._say("FILL_NO_FIGURE", tie, measure=tie.measure)
            else:
                # What the sender or an earlier period left there is not ours to take out.
                self._say("FILL_NO_FIGURE_KEPT", tie, said=_short(there))
            return None
        if not isinstance(found, str):
            fit = self._fit(tie, measure, where)
            own = Words(*(shown.unit_name(measure.unit, lang) for lang in LANGUAGES))
            if fit.factor is None:
                self._say("FILL_UNIT_OTHER", tie, form=fit.form, own=own)
                return None
            if fit.factor != 1.0:
                self._say("FILL_UNIT_CHANGED", tie, form=fit.form, own=own,
                          factor=fit.factor)  # fmt: skip
            found = self._scaled(found, measure, fit.factor, where)
        self._about(tie, where, measure, found)
        self.done.append((where, tie, measure))
        return found

    def _fit(self, tie: Tie, measure: Measure, where: tuple[str, str]) -> Fit:
        # What a person wrote is followed; parts of a share are in units of their own.
        if tie.factor != 1.0:
            return Fit(tie.factor)
        if tie.take in ("numerator", "denominator"):
            return Fit(1.0)
        return self.units.fit(measure.unit, *where, self.form.places.get(where))

    def _scaled(
        self, number: float, measure: Measure, factor: float, where: tuple[str, str]
    ) -> float:
        """Return a figure in the unit of a cell, with the digits it is published with."""
        share = 0.01 if measure.unit == "%" and self.cells.percent(where) else 1.0
        # Twelve digits: no ends of binary fractions ("0,57500000000000006") in a form.
        return float(f"{number * factor * share:.12g}")

    def _about(
        self, tie: Tie, where: tuple[str, str], measure: Measure, found: patching.Value
    ) -> None:
        """Say what a person should know of a cell that is filled in."""
        there = self.cells.said(where)
        if there is not None and there != found:
            self._say("FILL_REPLACED", tie, said=_short(there))
        if self.cells.hidden(where):
            self._not(tie, "FILL_HIDDEN")
        if not self.cells.limit(where).admits(found):
            self._say("FILL_NOT_ADMITTED", tie, said=found)
        provisional = measure.id in self.speech.provisional and tie.take not in (
            "previous",
            "verdict",
        )
        if provisional:
            self._say("FILL_PROVISIONAL", tie, title=measure.title)

    def _said(self, tie: Tie, measure: Measure) -> str | None:
        """Return what is said in words: verdicts, and what is assessed and not measured."""
        if tie.take == "verdict":
            judged = measure.judged
            return None if judged is None else term(f"verdict.{judged.verdict}").of("vi")
        assessed = measure.unit == "verdict" and tie.take in ("value", "report_value")
        if assessed and measure.value is not None:
            return shown.value(measure.value, measure.unit, "vi")
        return None

    def _number(self, tie: Tie, measure: Measure) -> float | None:
        if tie.take == "verdict" or (measure.unit == "verdict" and measure.value is None):
            return None
        if tie.take == "previous":
            found = self.previous.get(measure.id)
            number = None if found is None else found.value
        elif tie.take in ("low", "high", "report_value"):
            low, high = shown.edges(measure)
            edge = {"low": low, "high": high, "report_value": shown.report_edge(measure)}
            return edge[tie.take]
        else:
            number = getattr(measure, tie.take)
        if number is None:
            return None
        if tie.take in ("numerator", "denominator") or not measure.unit:
            return float(number)
        digits = max(shown.places(measure), shown.digits(measure.unit, number))
        return float(numbers.round_half_up(number, digits))

    def _not(self, tie: Tie, code: str) -> None:
        self._say(code, tie, measure=tie.measure)

    def _say(self, code: str, tie: Tie, **params: object) -> None:
        params = {"sheet": tie.sheet, "at": tie.at, "heads": _heads(tie), **params}
        self.told.append(Told(code, sentence(code, params)))

    def log(self, values: Mapping[tuple[str, str], patching.Value]) -> Iterator[Words]:
        """Yield a line for each cell that was filled in: its figure and where that is from."""
        for (sheet, at), tie, measure in self.done:
            value = values[sheet, at]
            params = {"sheet": sheet, "at": at, "heads": _heads(tie), "value": value,
                      "title": measure.title, "measure": measure.id}  # fmt: skip
            yield sentence("FILL_LOG", params)

    # --- what is left -----------------------------------------------------------------------------

    def left(self, values: Mapping[tuple[str, str], patching.Value]) -> Iterator[Told]:
        """Yield the cells under the heads of the form that nothing was put into."""
        named = {self.heads.where(tie) for tie in self.made.cells}
        for where, place in self.form.places.items():
            if place.state == forms.EMPTY and where not in values and where not in named:
                params = {
                    "sheet": place.sheet,
                    "at": place.at,
                    "heads": f"{place.row} · {place.column}",
                }
                yield Told("FILL_LEFT", sentence("FILL_LEFT", params))


def _heads(tie: Tie) -> str:
    return " · ".join(part for part in (tie.row, tie.column) if part) or tie.at


def _short(said: object) -> str:
    """Return what stood in a cell, short enough for a sentence."""
    if isinstance(said, float | int):
        return numbers.format_vi(float(said))
    words = " ".join(str(said).split())
    return words if len(words) <= _MOST_SAID else words[:_MOST_SAID] + "…"
