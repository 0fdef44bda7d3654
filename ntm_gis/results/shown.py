"""How figures are shown: digits by unit, ranges, and the words for bounds.

One definition for terminal, pages, sheets and documents.
"""

from __future__ import annotations

from ntm_gis import numbers
from ntm_gis.results.values import Measure
from ntm_gis.results.words import Words

_DIGITS = {"%": 1, "ha": 1, "km": 2, "km²": 2}
_SMALL_HA = 10.0

UNITS = {
    "people": Words("người", "people"),
    "households": Words("hộ", "households"),
    "villages": Words("bản", "villages"),
    "min": Words("phút", "min"),
    "million đồng": Words("triệu đồng", "million đồng"),
    "criteria": Words("tiêu chí", "criteria"),
}
"""Units whose name differs by language; others ("ha", "km", "%") are written as they are."""


def digits(unit: str, largest: float | None = None) -> int:
    """Return how many digits after the comma a unit is published with.

    Parameters
    ----------
    unit : str
    largest : float, optional
        The greatest of the numbers shown together: plots of a few hectares get one digit more,
        as the plans that they are put against write them (1.89 ha).

    Examples
    --------
    >>> digits("%"), digits("km"), digits("people"), digits("ha", 1.89)
    (1, 2, 0, 2)
    """
    small = unit == "ha" and largest is not None and 0 < abs(largest) < _SMALL_HA
    return _DIGITS.get(unit, 0) + small


def unit_name(unit: str, lang: str) -> str:
    """Return a unit in a language.

    Examples
    --------
    >>> unit_name("households", "vi"), unit_name("ha", "vi")
    ('hộ', 'ha')
    """
    return UNITS[unit].of(lang) if unit in UNITS else unit


def value(number: float | None, unit: str, lang: str, *, with_unit: bool = False) -> str:
    """Write a value with the digits of its unit.

    Examples
    --------
    >>> value(1282.2, "ha", "vi"), value(12529.0, "people", "en"), value(None, "%", "vi")
    ('1.282,2', '12,529', '–')
    """
    if number is None:
        return "–"
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(number, unit_name(unit, lang) if with_unit else "", digits(unit, number))


def bounds(measure: Measure, lang: str) -> str:
    """Write the range of a measure; empty where the measure is certain."""
    if measure.certain:
        return ""
    low, high = (value(edge, measure.unit, lang) for edge in (measure.low, measure.high))
    if measure.high is None:
        return f"≥ {low}" if measure.low is not None else ""
    return f"{low}–{high}"
