"""Sums of a form: those of its formulas, and those that a person named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.outputs.report.forms import EMPTY
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
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
    form: Form, totals: Iterable[Total], values: Mapping[tuple[str, str], Value]
) -> Iterator[Told]:
    """Yield the sums that do not agree, and those of which parts are blank.

    Parameters
    ----------
    totals : iterable of Total
        Sums that a person named.
    values : mapping of (str, str) to float or str
        What was filled in.
    """
    known = dict(form.numbers)
    known.update({where: v for where, v in values.items() if isinstance(v, float)})
    for total in totals:
        missing = [at for at in total.of if (total.sheet, at) not in known]
        said = known.get((total.sheet, total.at))
        if missing or said is None:
            yield _told("FILL_SUM_OPEN", total.sheet, total.at, missing=tuple(missing) or ("–",))
            continue
        parts = sum(known[total.sheet, at] for at in total.of)
        if abs(parts - said) > _CLOSE * max(1.0, abs(parts)):
            yield _told(
                "FILL_SUM_WRONG", total.sheet, total.at, said=said, parts=parts,
                difference=abs(parts - said),
            )  # fmt: skip
    for (sheet, at), formula in form.formulas.items():
        blank = [cell for cell in summed(formula) if _is_blank(form, (sheet, cell), values)]
        if blank:
            yield _told("FILL_SUM_OPEN", sheet, at, missing=tuple(blank[:_MOST]))


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


def _is_blank(form: Form, where: tuple[str, str], values: Mapping[tuple[str, str], Value]) -> bool:
    place = form.places.get(where)
    return place is not None and place.state == EMPTY and where not in values


def _told(code: str, sheet: str, at: str, **params: object) -> Told:
    return Told(code, sentence(code, {"sheet": sheet, "at": at, **params}))
