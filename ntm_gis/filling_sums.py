"""Sums of a form: those of its formulas, and those that a person named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.outputs.report.forms import EMPTY
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from ntm_gis.filling_cells import Cells, Where
    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.mapping import Total
    from ntm_gis.outputs.report.patching import Value

_CLOSE = 1e-6
_MOST = 10
_MOST_CELLS = 2_000
_SUM = re.compile(r"=\s*SUM\(([A-Z0-9:,;$ ]+)\)")
_PART = re.compile(r"([A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?")


@dataclass(frozen=True)
class Told:
    """Something about a cell that a person should know: a code of messages and its words."""

    code: str
    words: Words


def sums(
    form: Form,
    cells: Cells,
    totals: Iterable[Total],
    values: Mapping[Where, Value],
    wanted: Mapping[Where, float],
) -> Iterator[Told]:
    """Yield the sums that do not agree, and those of which parts are blank or no numbers.

    Parameters
    ----------
    cells : Cells
        What stands in the form.
    totals : iterable of Total
        Sums that a person named.
    values : mapping of (str, str) to float or str
        What was filled in.
    wanted : mapping of (str, str) to float
        Figures of ours for cells that the form works out itself.
    """
    known = dict(form.numbers)
    known.update({where: v for where, v in values.items() if isinstance(v, float)})
    yield from _named(cells, totals, known)
    for (sheet, at), formula in form.formulas.items():
        parts = summed(formula)
        blank = open_parts(form, (sheet, at), parts, values)
        if blank:
            yield _told("FILL_SUM_OPEN", sheet, at, missing=tuple(blank[:_MOST]))
        for cell in parts:
            where = (sheet, cell)
            if where not in values and cells.number_in_text(where) is not None:
                # Excel adds up numbers alone: the total lacks this part in silence.
                said = str(cells.said(where))
                yield _told("FILL_SUM_TEXT", sheet, at, part=cell, said=said)
        ours = wanted.get((sheet, at))
        if parts and not blank and ours is not None:
            added = sum(known.get((sheet, cell), 0.0) for cell in parts)
            if _apart(added, ours):
                yield _told("FILL_SUM_OTHER", sheet, at, said=ours, parts=added,
                            difference=abs(added - ours))  # fmt: skip


def _named(cells: Cells, totals: Iterable[Total], known: Mapping[Where, float]) -> Iterator[Told]:
    """Yield what is wrong with the sums that a person named."""
    for total in totals:
        places = [(total.sheet, at) for at in (*total.of, total.at)]
        found = [known.get(where, cells.number_in_text(where)) for where in places]
        missing = [at for at, one in zip(total.of, found, strict=False) if one is None]
        said = found[-1]
        if missing or said is None:
            yield _told("FILL_SUM_OPEN", total.sheet, total.at, missing=tuple(missing) or ("–",))
            continue
        parts = sum(one for one in found[:-1] if one is not None)
        if _apart(parts, said):
            yield _told(
                "FILL_SUM_WRONG", total.sheet, total.at, said=said, parts=parts,
                difference=abs(parts - said),
            )  # fmt: skip


def _apart(parts: float, said: float) -> bool:
    return abs(parts - said) > _CLOSE * max(1.0, abs(parts))


def summed(formula: str) -> list[str]:
    """Return the cells that a plain sum adds up; nothing for other formulas.

    Examples
    --------
    >>> summed("=SUM(D9:D11,D14)"), summed("=D9*2")
    (['D9', 'D10', 'D11', 'D14'], [])
    """
    from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

    match = _SUM.fullmatch(formula.strip().upper())
    if match is None:
        return []
    out: list[str] = []
    for part in re.split(r"[,;]", match[1].replace("$", "").replace(" ", "")):
        found = _PART.fullmatch(part)
        if found is None:
            return []
        top, left = coordinate_to_tuple(found[1])
        bottom, right = coordinate_to_tuple(found[2] or found[1])
        if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
            return []
        columns = [get_column_letter(column) for column in range(left, right + 1)]
        out += [f"{column}{row}" for row in range(top, bottom + 1) for column in columns]
    return out


def open_parts(
    form: Form, where: Where, parts: Iterable[str], values: Mapping[Where, Value]
) -> list[str]:
    """Return the parts of a sum that wait for a figure and got none."""
    sheet, _ = where
    places = ((at, form.places.get((sheet, at))) for at in parts)
    return [
        at for at, place in places
        if place is not None and place.state == EMPTY and (sheet, at) not in values
    ]  # fmt: skip


def _told(code: str, sheet: str, at: str, **params: object) -> Told:
    return Told(code, sentence(code, {"sheet": sheet, "at": at, **params}))
