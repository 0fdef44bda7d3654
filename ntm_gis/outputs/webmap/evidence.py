"""The features behind a number, as the page lights them up and lists them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ntm_gis import numbers
from ntm_gis.outputs import wording
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.webmap.legend import measure_text
from ntm_gis.outputs.webmap.points import Places
from ntm_gis.results import Contribution, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ntm_gis.outputs.speech import Speech
    from ntm_gis.outputs.webmap.sheets import Sheet

_SHARE = "%"
_CENTS = 2
# Measure of villages -> the layer whose features decide about each: named under their village.
_BESIDE = {"villages.with_cultural_house_share": "cultural_houses"}
# What a feature puts into a share is told by what analyses measured on it.
_PARTS = {"length_km": "km", "area_ha": "ha"}


@dataclass(frozen=True, slots=True)
class Behind:
    """A measure in words, and its features, those that count most first."""

    id: str
    counted: bool
    unit: str
    words: dict[str, str]
    parts: tuple[Contribution, ...]


def behind(speech: Speech) -> list[Behind]:
    """Return what every page says of the measures."""
    return [
        Behind(
            measure.id,
            wording.is_counted(measure),
            measure.unit,
            {
                "title": text_for_html(measure.title.of(speech.lang)),
                "text": measure_text(measure, speech),
                "method": text_for_html(speech.method(measure)),
                "range": text_for_html(speech.certainty(measure)),
                "fraction": text_for_html(speech.fraction(measure)),
                "beside": _BESIDE.get(measure.id, ""),
            },
            tuple(sorted(measure.evidence.features, key=_weight)),
        )
        for measure in speech.by_id.values()
    ]


def evidence(
    known: Sequence[Behind], sheets: Sequence[Sheet], asked: Collection[str] | None, lang: str
) -> dict[str, Any]:
    """Return measures with the features of a page that stand behind them.

    Parameters
    ----------
    known : sequence of Behind
    sheets : sequence of Sheet
        The layers of the page, in its order.
    asked : collection of str or None
        Ids of the measures that the legend shows; None for every measure that has a feature on
        the page.
    lang : str

    Returns
    -------
    dict
        Id -> title, text, method, range and features: layer, number, amount, unknown. `more`
        says how many features the page does not hold.
    """
    at = Places(sheets)
    units = [_part_unit(sheet) for sheet in sheets]
    out = {}
    for measure in known:
        if asked is not None and measure.id not in asked:
            continue
        members = [
            (*place, _amount(part, measure, units[place[0]], lang), int(part.unknown))
            for part in measure.parts
            if (place := at.get(part.layer, part.id)) is not None
        ]
        if members or asked is not None:
            more = len(measure.parts) - len(members)
            out[measure.id] = {**measure.words, "features": members, "more": more}
    return out


def _weight(part: Contribution) -> tuple[int, float]:
    """Return the place of a feature in a list: what counts most, what is unknown, the rest."""
    return (0 if part.amount > 0 else 1 if part.unknown else 2), -part.amount


def _part_unit(sheet: Sheet) -> str:
    return next((unit for column, unit in _PARTS.items() if column in sheet.table), "")


def _amount(part: Contribution, measure: Behind, part_unit: str, lang: str) -> str:
    """Write what a feature puts in; of an unknown one what it could be."""
    amount = part.weight if part.unknown else part.amount
    if amount is None:
        return ""
    return _written(amount, measure.unit, "" if measure.counted else part_unit, lang)


@lru_cache(maxsize=65536)
def _written(amount: float, unit: str, part_unit: str, lang: str) -> str:
    """Write an amount; into a share what its numerator counts, not per cent."""
    if unit != _SHARE:
        return shown.value(amount, unit, lang, with_unit=True)
    if part_unit:
        return shown.value(amount, part_unit, lang, with_unit=True)
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(amount, "", 0 if float(amount).is_integer() else _CENTS)
