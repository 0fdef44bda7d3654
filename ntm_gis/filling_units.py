"""The unit that a cell of a form counts in, and what a figure of ours is multiplied by for it.

A form of the province says "nghìn đồng" where ours says "triệu đồng", metres where we count
kilometres: in its heads, in a column "ĐVT", or once above the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.results import LANGUAGES, Words
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.headings import heading_unit

if TYPE_CHECKING:
    from ntm_gis.filling_cells import Cells
    from ntm_gis.outputs.report.forms import Place

_OURS = {"labour days": "workdays", "m²": "m2", "km²": "km2", "m³": "m3"}
"""Units of measures whose code in the list is another one."""
_UNIT_HEADS = ("dvt", "don vi tinh", "dv tinh")
_ABOVE = re.compile(r"(?:đơn vị(?: tính)?|đvt)\s*[:：]\s*([^()]{1,30})", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_MOST_ROWS_ABOVE = 60


@dataclass(frozen=True, slots=True)
class Fit:
    """How a figure goes into a cell: what it is multiplied by, and the cell's unit.

    Parameters
    ----------
    factor : float or None
        None: the cell counts in something else, or its heads contradict each other.
    codes : tuple of str
        The units that the form says, as the list of units has them; none where it says none.
    """

    factor: float | None
    codes: tuple[str, ...] = ()

    @property
    def form(self) -> Words:
        """The units that the form says, in words."""
        titles = [code_list("unit")[code].title for code in self.codes]
        vi, en = (" / ".join(getattr(one, lang) for one in titles) for lang in LANGUAGES)
        return Words(vi or "–", en or "–")


def fit(own: str, beside: Iterable[str], above: Iterable[str] = ()) -> Fit:
    """Return how a figure in a unit of ours goes into a cell.

    Parameters
    ----------
    own : str
        The measure's unit.
    beside : iterable of str
        Codes of units in the heads of the cell's row and column.
    above : iterable of str
        Those said once for the whole sheet: they bind only what they can measure.

    Examples
    --------
    >>> fit("million đồng", ["thousand đồng"]), fit("km", ["m"]).factor
    (Fit(factor=1000.0, codes=('thousand đồng',)), 1000.0)
    >>> fit("km", ["ha"]), fit("km", [], ["million đồng"]), fit("villages", ["ha"])
    (Fit(factor=None, codes=('ha',)), Fit(factor=1.0, codes=()), Fit(factor=1.0, codes=()))
    >>> fit("km", ["ha"]).form.vi
    'héc-ta'

    A row in nghìn đồng under a column in triệu đồng is for a person to settle.

    >>> fit("million đồng", ["thousand đồng", "million đồng"]).factor
    """
    units, beside = code_list("unit"), tuple(dict.fromkeys(beside))
    code = units.find(_OURS.get(own, own))
    # Of what has no unit of the list ("villages", "million đồng/km") nothing can be said.
    if code is None:
        return Fit(1.0)
    base, size = units[code].flags["base"], float(units[code].flags["factor"])
    known = [one for one in beside if units[one].flags["base"] == base]
    if beside and not known:
        return Fit(None, beside[:1])
    known = known or [one for one in above if units[one].flags["base"] == base][-1:]
    factors = {size / float(units[one].flags["factor"]) for one in known}
    if len(factors) > 1:
        return Fit(None, tuple(known))
    return Fit(factors.pop(), (known[0],)) if factors else Fit(1.0)


class Units:
    """The units of a form's cells.

    Parameters
    ----------
    cells : Cells
        The form.
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def fit(self, own: str, sheet: str, at: str, place: Place | None) -> Fit:
        """Return how a figure goes into a cell.

        Parameters
        ----------
        own : str
            The measure's unit.
        place : Place or None
            The heads of the cell, where the form's table spans it.
        """
        return fit(own, self._beside(sheet, at, place), self._above(sheet, _place(at)[0]))

    def agree(self, own: str, sheet: str, at: str, place: Place) -> bool:
        """Whether every unit beside a cell measures what the figure is, and none contradicts."""
        beside = self._beside(sheet, at, place)
        alone = all(fit(own, [one]).factor is not None for one in beside)
        return alone and self.fit(own, sheet, at, place).factor is not None

    def _beside(self, sheet: str, at: str, place: Place | None) -> list[str]:
        """Return the units that the heads of a cell's row and column say."""
        beside = [self._of_row(sheet, *_place(at))]
        if place is not None:
            beside += [_of_head(place.row)]
            # The head nearest to the cell counts: "Kinh phí (triệu đồng) / Tỷ lệ (%)".
            parts = [_of_head(part) for part in place.column.split(" / ")]
            beside += [one for one in parts if one][-1:]
        return [one for one in beside if one]

    def _of_row(self, sheet: str, row: int, column: int) -> str | None:
        """Return the unit in the column "ĐVT" of the cell's row; the nearest such column counts."""
        for left in range(column - 1, 0, -1):
            for above in range(row - 1, max(0, row - _MOST_ROWS_ABOVE), -1):
                said = text.fold(self._cells.text(sheet, above, left))
                if said.startswith(_UNIT_HEADS) or said == "don vi":
                    return _unit(self._cells.text(sheet, row, left))
        return None

    def _above(self, sheet: str, row: int) -> Sequence[str]:
        """Return the units said above the table ("Đơn vị tính: triệu đồng"), the nearest last."""
        found = (
            _ABOVE.search(self._cells.text(sheet, above, column))
            for above in range(max(1, row - _MOST_ROWS_ABOVE), row)
            for column in range(1, 27)
        )
        said = (_unit(match[1]) for match in found if match)
        return [one for one in said if one]


def _place(at: str) -> tuple[int, int]:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(at)
    return row, column


def _unit(written: str) -> str | None:
    return code_list("unit").find(written.strip(" .:")) if written else None


def _of_head(head: str) -> str | None:
    """Return the unit that a head names, also as offices shorten it: "(Tr.đ)".

    Examples
    --------
    >>> _of_head("Kế hoạch năm (Tr.đ)"), _of_head("Chiều dài, km"), _of_head("Kế hoạch (năm)")
    ('million đồng', 'km', None)
    >>> _of_head("Cứng hóa (km, %)")
    """
    brackets = _BRACKETS.findall(head)
    if any(sum(_bare(part) in _SHORT for part in re.split("[,;/]", one)) > 1 for one in brackets):
        # "(km, %)": one of two, nobody can say which.
        return None
    said = (_SHORT.get(_bare(one)) for one in brackets)
    found = heading_unit(head) or next((one for one in said if one), None)
    # "Kế hoạch (năm)" says when, not in what.
    return None if found == "year" else found


def _bare(written: str) -> str:
    return re.sub(r"[\s.:]", "", written).casefold()


_SHORT = {
    _bare(name): one.code
    for one in code_list("unit").codes
    for name in (one.code, one.title.vi, *one.aliases)
}
