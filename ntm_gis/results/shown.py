"""How figures are shown: digits by unit, ranges, and the words for bounds.

One definition for terminal, pages, sheets and documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ntm_gis import numbers
from ntm_gis.results import village_word
from ntm_gis.results.values import Measure
from ntm_gis.results.words import Words

_DIGITS = {"%": 1, "ha": 1, "km": 2, "km²": 2, "million đồng/person": 1, "m²/person": 2}
_SMALL_HA = 10.0
_MOST_SHARE_DIGITS = 4
_SLACK = 1e-9
"""How far, relative to its size, a number may be off by rounding alone."""

UNITS = {
    "people": Words("người", "people"),
    "households": Words("hộ", "households"),
    "villages": Words("bản", "villages"),
    "min": Words("phút", "min"),
    "million đồng": Words("triệu đồng", "million đồng"),
    "million đồng/km": Words("triệu đồng/km", "million đồng/km"),
    "days": Words("ngày", "days"),
    "years": Words("năm", "years"),
    "labour days": Words("công", "labour days"),
    "labour days/km": Words("công/km", "labour days/km"),
    "criteria": Words("tiêu chí", "criteria"),
    "indicators": Words("chỉ tiêu", "indicators"),
    "verdict": Words("", ""),
    "level": Words("mức", "level"),
    "houses": Words("nhà", "houses"),
    "tonnes": Words("tấn", "tonnes"),
    "million đồng/person": Words("triệu đồng/người", "million đồng/person"),
    "m²/person": Words("m²/người", "m²/person"),
}
"""Units whose name differs by language; others ("ha", "km", "%") are written as they are."""


_MET = {0: Words("chưa đạt", "not met"), 1: Words("đạt", "met")}
"""What is assessed as met or not has no number to show."""


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
    if unit == "%" and largest is not None:
        return _share_digits(largest)
    return _DIGITS.get(unit, 0) + small


def _share_digits(share: float) -> int:
    """Return digits that keep what is not quite nothing or all from reading as 0 or 100.

    Examples
    --------
    >>> _share_digits(57.5), _share_digits(99.962), _share_digits(100.0), _share_digits(0.004)
    (1, 2, 1, 3)
    >>> _share_digits(99.99998)
    1

    More than all of a target is nearly all as well as just all.

    >>> _share_digits(100.0003)
    1
    """
    least = _DIGITS["%"]
    if share > 100:
        return least
    for places_shown in range(least, _MOST_SHARE_DIGITS + 1):
        rounded = float(numbers.round_half_up(share, places_shown))
        if rounded not in (0.0, 100.0) or abs(share - rounded) <= _SLACK * 100:
            return places_shown
    # Nearer than that it is as good as nothing, or as all.
    return least


def unit_name(unit: str, lang: str) -> str:
    """Return a unit in a language.

    Examples
    --------
    >>> unit_name("households", "vi"), unit_name("ha", "vi")
    ('hộ', 'ha')
    """
    name = UNITS[unit].of(lang) if unit in UNITS else unit
    return village_word.said(name) if lang == "vi" else name


def value(number: float | None, unit: str, lang: str, *, with_unit: bool = False) -> str:
    """Write a value with the digits of its unit.

    Examples
    --------
    >>> value(1282.2, "ha", "vi"), value(12529.0, "people", "en"), value(None, "%", "vi")
    ('1.282,2', '12,529', '–')
    """
    if number is None:
        return "–"
    if unit == "verdict" and number in (0, 1):
        return _MET[int(number)].of(lang)
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(number, unit_name(unit, lang) if with_unit else "", digits(unit, number))


def edges(measure: Measure) -> tuple[float | None, float | None]:
    """Return the bounds of a measure as they are shown: rounded away from each other.

    What is said to be certain must be so at the digits shown: 69.96 is no "70.0 at least". A
    certain measure has one number, rounded as any value. None: no end.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Words
    >>> m = Measure("x", Words("", ""), "%", 75.0, 69.96, 80.01, Evidence(Words("", "")))
    >>> edges(m)
    (69.9, 80.1)
    """
    digits_shown = places(measure)
    if measure.certain and measure.value is not None:
        exact = float(numbers.round_half_up(measure.value, digits_shown))
        return exact, exact
    return (
        _rounded(measure.low, digits_shown, ROUND_FLOOR),
        _rounded(measure.high, digits_shown, ROUND_CEILING),
    )


def report_edge(measure: Measure) -> float | None:
    """Return what is confirmed of a measure, as it is shown."""
    low, high = edges(measure)
    return low if measure.more_is_better else high


def places(measure: Measure) -> int:
    """Return the digits after the comma that the bounds of a measure are shown with."""
    given = [abs(x) for x in (measure.value, measure.low, measure.high) if x is not None]
    least = digits(measure.unit, max(given, default=None))
    exact = measure.method == "list" and measure.id.startswith(_EXACT)
    if exact and measure.unit in _MOST:
        return needed(given, least, _MOST[measure.unit])
    return _beside_limit(measure, least)


def _beside_limit(measure: Measure, least: int) -> int:
    """Return the digits with which no number changes sides of the threshold it stands beside.

    19.99 % is not printed as "20.0 %, at least 20 %: not met".

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Judged, Threshold, Verdict
    >>> judged = Judged(Verdict.NOT_MET, Threshold("", "cited", at_least=20.0), official=False)
    >>> m = Measure("x", Words("", ""), "%", 19.99, 19.99, 19.99, Evidence(Words("", "")),
    ...             judged=judged)
    >>> places(m), of(m, "vi")
    (2, '19,99')
    """
    limit = None if measure.judged is None else measure.judged.threshold
    if limit is None:
        return least
    for n in range(least, least + _MORE_DIGITS):
        shown_as = (
            (measure.value, _half_up(measure.value, n)),
            (measure.low, _rounded(measure.low, n, ROUND_FLOOR)),
            (measure.high, _rounded(measure.high, n, ROUND_CEILING)),
        )
        if all(
            limit.admits_all(x, x) == limit.admits_all(y, y) for x, y in shown_as if x is not None
        ):
            return n
    return least


def _half_up(number: float | None, digits_shown: int) -> float | None:
    return None if number is None else float(numbers.round_half_up(number, digits_shown))


_EXACT = ("progress.", "contributions.")
_MOST = {"km": 5, "million đồng": 3}
"""Lengths by reports are exact to the centimetre, gifts and payments to the thousand."""
_MORE_DIGITS = 5
"""Digits after those of the unit that are tried to tell a number from its threshold."""


def needed(numbers_shown: Iterable[float], least: int, most: int) -> int:
    """Return the digits after the comma that hide nothing of numbers shown together.

    Examples
    --------
    >>> needed([1.2505, 3.0], 2, 5), needed([12.5], 0, 3), needed([1 / 3], 2, 5)
    (4, 1, 5)
    """
    given = list(numbers_shown)
    fit = (n for n in range(least, most) if all(abs(round(x, n) - x) <= _SLACK for x in given))
    return next(fit, most)


def of(measure: Measure, lang: str) -> str:
    """Write the value of a measure with the digits that it is shown with; a dash for none."""
    if measure.value is None:
        return "–"
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(measure.value, "", max(places(measure), digits(measure.unit, measure.value)))


def _rounded(number: float | None, digits_shown: int, way: str) -> float | None:
    if number is None:
        return None
    nearest = float(numbers.round_half_up(number, digits_shown))
    # What a sum of floats missed by its last bits is that number.
    if abs(number - nearest) <= _SLACK * max(1.0, abs(number)):
        return nearest
    return float(Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-digits_shown), way)) + 0.0


def edge_words(measure: Measure, lang: str, *, with_unit: bool = False) -> tuple[str, str]:
    """Write the bounds of a measure; a dash where there is no end."""
    show = numbers.format_en if lang == "en" else numbers.format_vi
    unit = unit_name(measure.unit, lang) if with_unit else ""
    low, high = (
        "–" if edge is None else show(edge, unit, places(measure)) for edge in edges(measure)
    )
    return low, high


def bounds(measure: Measure, lang: str) -> str:
    """Write the range of a measure; empty where the measure is certain.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Words
    >>> m = Measure("x", Words("", ""), "%", 75.0, 69.96, 80.01, Evidence(Words("", "")))
    >>> bounds(m, "vi")
    '69,9–80,1'
    """
    if measure.certain:
        return ""
    low, high = edge_words(measure, lang)
    if measure.low is None:
        return f"≤ {high}" if measure.high is not None else ""
    if measure.high is None:
        return f"≥ {low}"
    # Bounds that meet at the digits shown are one number.
    return f"{low}–{high}" if low != high or measure.value is None else ""
