"""The figures of a form: which goes into which cell, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.filling_sums import Told
from ntm_gis.outputs.report import forms
from ntm_gis.results import sentence, shown
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from ntm_gis.outputs.report import patching
    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.mapping import Mapping as Ties
    from ntm_gis.outputs.report.mapping import Tie
    from ntm_gis.outputs.report.telling import Previous
    from ntm_gis.outputs.speech import Speech
    from ntm_gis.results import Measure


class Work:
    """Puts ties to a form and says what could not be done."""

    def __init__(
        self, form: Form, speech: Speech, previous: Mapping[str, Previous], made: Ties
    ) -> None:
        self.form, self.speech, self.previous, self.made = form, speech, previous, made
        self.told: list[Told] = []

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
        where = (tie.sheet, tie.at)
        if tie.sheet not in self.form.sheets:
            self._not(tie, "FILL_SHEET_GONE")
            return None
        place = self.form.places.get(where)
        if tie.row and (place is None or (place.row, place.column) != (tie.row, tie.column)):
            # The form has other rows now: the heads say where the cell went, if they are one.
            fit = [
                one for one in self.form.places.values()
                if (one.sheet, one.row, one.column) == (tie.sheet, tie.row, tie.column)
            ]  # fmt: skip
            if len(fit) != 1:
                self._not(tie, "FILL_HEADS_CHANGED")
                return None
            where = (tie.sheet, fit[0].at)
        if where in self.form.formulas:
            self._not(tie, "FILL_FORMULA")
            return None
        if where in self.form.covered:
            self._not(tie, "FILL_COVERED")
            return None
        return where

    def _value(self, tie: Tie, where: tuple[str, str]) -> patching.Value | None:
        measure = self.speech.by_id.get(tie.measure)
        if measure is None:
            self._not(tie, "FILL_MEASURE_GONE")
            return None
        said = self._said(tie, measure)
        found: patching.Value | None = self._number(tie, measure) if said is None else said
        if found is None:
            self._say("FILL_NO_FIGURE", tie, measure=tie.measure)
            return None
        place = self.form.places.get(where)
        if place is not None and place.state in (forms.NUMBER, forms.TEXT):
            self._say("FILL_REPLACED", tie, said=place.said)
        if isinstance(found, str):
            return found
        if measure.id in self.speech.provisional and tie.take != "previous":
            self._say("FILL_PROVISIONAL", tie, title=measure.title)
        share = 0.01 if place is not None and place.percent and measure.unit == "%" else 1.0
        return found * tie.factor * share

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
        heads = " · ".join(part for part in (tie.row, tie.column) if part) or tie.at
        params = {"sheet": tie.sheet, "at": tie.at, "heads": heads, **params}
        self.told.append(Told(code, sentence(code, params)))

    # --- what is left -----------------------------------------------------------------------------

    def left(self, values: Mapping[tuple[str, str], patching.Value]) -> Iterator[Told]:
        """Yield the cells under the heads of the form that nothing was put into."""
        named = {(tie.sheet, tie.at) for tie in self.made.cells}
        for where, place in self.form.places.items():
            if place.state == forms.EMPTY and where not in values and where not in named:
                params = {
                    "sheet": place.sheet,
                    "at": place.at,
                    "heads": f"{place.row} · {place.column}",
                }
                yield Told("FILL_LEFT", sentence("FILL_LEFT", params))
