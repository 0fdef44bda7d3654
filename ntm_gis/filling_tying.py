"""Cells tied to measures: as a person types them, and as the words of heads propose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.errors import UsageError
from ntm_gis.filling_proposals import proposals
from ntm_gis.filling_units import Units
from ntm_gis.outputs.report import mapping

if TYPE_CHECKING:
    from ntm_gis.filling_cells import Cells
    from ntm_gis.filling_ties import Heads
    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.mapping import Mapping as Ties
    from ntm_gis.outputs.report.mapping import Proposal
    from ntm_gis.results import Measure

Confirm = Callable[["Proposal", "Measure"], bool]
"""Asked about a proposal: whether it is right."""

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
"""Of a sheet of Excel; beyond, the workbook would have to be repaired on opening."""


class Tying:
    """Ties of one form.

    Parameters
    ----------
    form : Form
    cells : Cells
    heads : Heads
    measures : mapping of str to Measure
    """

    def __init__(
        self, form: Form, cells: Cells, heads: Heads, measures: Mapping[str, Measure]
    ) -> None:
        self._form, self._heads, self._measures = form, heads, measures
        self._units = Units(cells)

    def tied(self, made: Ties, ties: Sequence[str]) -> Ties:
        """Add ties as they are typed; one about the same cell takes the place of the older.

        Raises
        ------
        UsageError
            One names no cell or measure.
        """
        cells = {(one.sheet, one.at): one for one in made.cells}
        for said in ties:
            tie = self._tie(said)
            cells[tie.sheet, tie.at] = tie
        rest = tuple(one for one in made.proposals if (one.sheet, one.at) not in cells)
        return made.model_copy(update={"cells": tuple(cells.values()), "proposals": rest})

    def _tie(self, said: str) -> mapping.Tie:
        where, _, what = said.partition("=")
        # As in a formula, or with a sign that no sheet's name can hold.
        sheet, _, at = where.strip().replace("/", "!").rpartition("!")
        measure, _, take = what.strip().partition(":")
        sheets = self._form.sheets
        sheet = sheet.strip("'") or (sheets[0] if len(sheets) == 1 else "")
        at = at.replace("$", "").upper()
        if sheet not in sheets or take not in ("", *mapping.TAKES):
            raise UsageError("FILL_TIE_WRONG", value=said, sheets=sheets)
        measure = self._named(measure)
        if measure not in self._measures:
            close = text.suggestions(measure, list(self._measures), 3)
            raise UsageError("MEASURE_UNKNOWN_FORM", measure=measure, meant=tuple(close))
        place = self._form.places.get((sheet, at))
        tie = {
            "sheet": sheet, "at": at, "measure": measure, "take": take or "value",
            "row": self._heads.row((sheet, at)), "column": "" if place is None else place.column,
        }  # fmt: skip
        try:
            made = mapping.Tie.model_validate(tie)
        except ValueError as cause:
            raise UsageError("FILL_TIE_WRONG", value=said, sheets=sheets) from cause
        if not _on_a_sheet(at):
            raise UsageError("FILL_TIE_WRONG", value=said, sheets=sheets)
        return made

    def _named(self, said: str) -> str:
        """Return the id of the measure that is meant: its id, or its title as outputs show it."""
        if said in self._measures:
            return said
        wanted = text.fold(said)
        titles = [
            m.id for m in self._measures.values()
            if wanted in (text.fold(m.title.vi), text.fold(m.title.en))
        ]  # fmt: skip
        return titles[0] if len(titles) == 1 else said

    def proposed(self, made: Ties, *, accept: bool, confirm: Confirm) -> Ties:
        """Propose ties for cells without one; those confirmed become ties."""
        old = {(one.sheet, one.at): one for one in made.proposals}
        fresh = {(one.sheet, one.at): one for one in self._fresh(made.cells)}
        cells, waiting = list(made.cells), []
        for where, one in sorted({**fresh, **old}.items(), key=lambda pair: _place_order(pair[0])):
            measure = self._measures.get(one.measure)
            there = where in self._form.places and measure is not None
            if there and (accept or confirm(one, self._measures[one.measure])):
                cells.append(one.tie)
            else:
                waiting.append(one)
        return made.model_copy(update={"cells": tuple(cells), "proposals": tuple(waiting)})

    def _fresh(self, cells: Sequence[mapping.Tie]) -> Iterator[Proposal]:
        """Yield what the heads propose, where the unit fits and no other cell wants the same."""
        taken = frozenset((one.sheet, one.at) for one in cells)
        found = []
        for one in proposals(self._form.places.values(), self._measures, taken):
            unit = self._measures[one.measure].unit
            place = self._form.places[one.sheet, one.at]
            if one.take == "verdict" or self._units.agree(unit, one.sheet, one.at, place):
                found.append(one)
        # One figure for two cells of a sheet: which of them means it, a person must say.
        count = Counter((one.sheet, one.measure, one.take) for one in found)
        count.update((one.sheet, one.measure, one.take) for one in cells)
        for one in found:
            if count[one.sheet, one.measure, one.take] == 1:
                yield one.model_copy(update={"row": self._heads.row((one.sheet, one.at))})


def _on_a_sheet(at: str) -> bool:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(at)
    return row <= _LAST_ROW and column <= _LAST_COLUMN


def _place_order(where: tuple[str, str]) -> tuple[str, int, str]:
    sheet, at = where
    letters = at.rstrip("0123456789")
    return sheet, int(at[len(letters) :] or 0), letters.rjust(3)
