"""The features behind a number, as the page lights them up and lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntm_gis import numbers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.webmap.legend import measure_text
from ntm_gis.outputs.webmap.points import places
from ntm_gis.results import Contribution, Measure, shown
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.outputs.webmap.sheets import Sheet

_SHARE = "%"
# What a feature puts into a share is told by what analyses measured on it.
_PARTS = {"length_km": "km", "area_ha": "ha"}


def evidence(
    measures: Mapping[str, Measure], sheets: Sequence[Sheet], asked: Sequence[str], lang: str
) -> dict[str, Any]:
    """Return the measures that features of a page stand behind, and those asked for.

    Parameters
    ----------
    measures : mapping of str to Measure
    sheets : sequence of Sheet
        The layers of the page, in its order.
    asked : sequence of str
        Ids of measures that the legend shows.
    lang : str

    Returns
    -------
    dict
        Id -> title, text, method, range and features: layer, number, amount, unknown. `more`
        says how many features the page does not hold.
    """
    at = places(sheets)
    units = [_part_unit(sheet) for sheet in sheets]
    out = {}
    for key, measure in measures.items():
        members = [
            (*place, _amount(part, measure, units[place[0]], lang), int(part.unknown))
            for part in measure.evidence.features
            if (place := at.get((part.layer, part.id))) is not None
        ]
        if members or key in asked:
            out[key] = _behind(measure, members, lang)
    return out


def _behind(measure: Measure, members: list[tuple[Any, ...]], lang: str) -> dict[str, Any]:
    return {
        "title": text_for_html(measure.title.of(lang)),
        "text": measure_text(measure, lang),
        "method": text_for_html(measure.evidence.method.of(lang)),
        "range": "" if measure.certain else _range(measure, lang),
        "features": members,
        "more": len(measure.evidence.features) - len(members),
    }


def _part_unit(sheet: Sheet) -> str:
    return next((unit for column, unit in _PARTS.items() if column in sheet.frame), "")


def _amount(part: Contribution, measure: Measure, unit: str, lang: str) -> str:
    """Write what a feature puts in; into a share what its numerator counts, not per cent."""
    if measure.unit != _SHARE:
        return shown.value(part.amount, measure.unit, lang, with_unit=True)
    if unit:
        return shown.value(part.amount, unit, lang, with_unit=True)
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(numbers.significant(part.amount, 6))


def _range(measure: Measure, lang: str) -> str:
    low, high = (
        shown.value(edge, measure.unit, lang, with_unit=True) if edge is not None else None
        for edge in (measure.low, measure.high)
    )
    if low is not None and high is not None:
        return say("surely_between", lang, low=low, high=high)
    if low is not None:
        return say("surely_at_least", lang, low=low)
    return say("surely_at_most", lang, high=high) if high is not None else ""
