"""What a row says, as a reader reads it: titles of codes, numbers with units, names of places."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis import numbers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.rules.schema import PREDECESSOR, Field, code_list
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ntm_gis.results import Words

# A column whose texts repeat is sent as its different texts and a number for each row.
_REPEATS = 0.6
_RAISED = {"m2": "m²", "m3": "m³", "km2": "km²"}
_YEAR = "year"


@dataclass(frozen=True)
class Names:
    """Names that references are shown by: layer -> key -> name; former communes among them."""

    lang: str
    by_layer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, layer: str, key: str) -> str | None:
        """Return the name of a key, or None where nobody bears it."""
        return self.by_layer.get(layer, {}).get(key)


def column(values: Sequence[Any], show: Callable[[object], str]) -> dict[str, Any]:
    """Return a column as the page holds it: `texts`, or `values` and `index` where they repeat.

    Examples
    --------
    >>> column(["a", "a", None], str)
    {'values': ['', 'a'], 'index': [1, 1, 0]}
    """
    place: dict[Any, int] = {None: 0}
    index = [place.setdefault(value, len(place)) for value in values]
    shown = ["" if value is None else show(value) for value in place]
    if len(place) - 1 > _REPEATS * len(values):
        return {"texts": [shown[i] for i in index]}
    return {"values": shown, "index": index}


def repeated(many: str, one: str, values: list[str]) -> dict[str, Any]:
    """Return a column of few texts as its different texts and a number for each row.

    Examples
    --------
    >>> repeated("files", "file", ["a", "b", "a"])
    {'files': ['a', 'b'], 'file': [0, 1, 0]}
    """
    distinct = list(dict.fromkeys(values))
    place = {value: i for i, value in enumerate(distinct)}
    return {many: distinct, one: [place[value] for value in values]}


def plain_column(values: Sequence[Any], lang: str) -> dict[str, Any]:
    """Return a column that no schema knows as `column` does, each value written by `plain`."""
    found = _plain_floats(values, lang)
    return {"texts": found} if found else column(values, lambda value: plain(value, lang))


def _plain_floats(values: Sequence[Any], lang: str) -> list[str] | None:
    """Return numbers below 100.000 with at most four decimals, all different; None for others."""
    if not all(type(value) is float for value in values):
        return None
    given = np.array(values, dtype=float)
    few = (given >= _SMALLEST) & (given < _NINE_DIGITS) & (np.rint(given * 1e4) / 1e4 == given)
    if not few.all() or len(np.unique(given)) <= _REPEATS * len(given):
        return None
    # "," without a kind of number groups what is the shortest text of the same number.
    lines = "\n".join([f"{value:,}".removesuffix(".0") for value in values])
    return (lines if lang == "en" else lines.translate(_EVEN_VI)).split("\n")


def of_field(rule: Field, names: Names) -> Callable[[object], str]:
    """Return how values of a field of a schema are written."""
    lang = names.lang
    if rule.type == "choice":
        return lambda value: _codes(str(value), str(rule.codes), lang)
    if rule.type == "boolean":
        return lambda value: say("yes" if value else "no", lang)
    if rule.type == "reference":
        return lambda value: _reference(str(value), rule, names)
    if rule.type in ("number", "integer"):
        named = _unit(rule.unit, lang) if rule.unit else ""
        return lambda value: _number(value, rule.unit, named, lang)
    if rule.type == "chainage":
        return lambda value: numbers.format_chainage(float(str(value)))
    return lambda value: plain(value, lang)


def plain(value: object, lang: str) -> str:
    """Write a value of a column that no schema knows.

    Examples
    --------
    >>> plain(1282.2, "vi"), plain(True, "en"), plain("Hô Tra", "vi")
    ('1.282,2', 'Yes', 'Hô Tra')
    """
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if isinstance(value, int | float):
        return _number(value, None, "", lang)
    if isinstance(value, dt.date):
        return numbers.format_date_vi(value)
    return text_for_html(str(value))


def amount(value: float, unit: str, lang: str, digits: int) -> str:
    """Write an amount with its unit."""
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, unit, digits)


# A page writes tens of thousands of numbers. Those that no rule of rounding can turn either way
# are written by Python itself; all others by `numbers`, whose decimals are twenty times slower.
_EVEN_VI = str.maketrans(",.", ".,")
_SURE = 1e-5
_LARGEST = 1e9
_SMALLEST = 1e-3
_FEW = 1000
_NINE_DIGITS = 1e5


def amounts(values: Sequence[float | None], unit: str, lang: str, digits: int) -> list[str]:
    """Write a column of amounts as `amount` does each; "" where there is none.

    Examples
    --------
    >>> amounts([0.5, None, 1282.25], "", "vi", 1)
    ['0,5', '', '1.282,3']
    """
    given = np.array([np.nan if value is None else value for value in values], dtype=float)
    scaled = given * 10.0**digits
    with np.errstate(invalid="ignore"):
        sure = (scaled >= 0) & (scaled < _LARGEST) & (np.abs(scaled % 1.0 - 0.5) > _SURE)
    whole, part = np.divmod(np.rint(np.where(sure, scaled, 0)).astype(np.int64), 10**digits)
    tail = f"\u00a0{unit}" if unit else ""
    comma, stop = (".", ",") if lang == "en" else (",", ".")
    out = [
        f"{w}{comma}{p:0{digits}d}{tail}" if digits else f"{w}{tail}"
        for w, p in zip(whole.tolist(), part.tolist(), strict=True)
    ]
    for i in np.flatnonzero(sure & (whole >= _FEW)).tolist():
        out[i] = f"{whole[i]:,}".replace(",", stop) + out[i][len(str(whole[i])) :]
    for i in np.flatnonzero(~sure).tolist():
        value = values[i]
        out[i] = "" if value is None else amount(float(value), unit, lang, digits)
    return out


def _as_it_is(value: float) -> str | None:
    """Return a number of at most nine digits with the decimals it has, None for any other."""
    if not _SMALLEST <= value < _LARGEST or float(f"{value:.9g}") != value:
        return None
    return f"{value:,}".removesuffix(".0")


def _with_unit(text: str, unit: str, lang: str) -> str:
    if lang != "en":
        text = text.translate(_EVEN_VI)
    return f"{text}\u00a0{unit}" if unit else text


def _codes(written: str, name: str, lang: str) -> str:
    titles = _titles(name)
    parts = [titles[code].of(lang) if code in titles else code for code in written.split("+")]
    return text_for_html(", ".join(parts))


@cache
def _titles(name: str) -> dict[str, Words]:
    return {entry.code: entry.title.words for entry in code_list(name).codes}


def _reference(key: str, rule: Field, names: Names) -> str:
    # "none" is an answer of its own: its words stand in the code list of the field.
    if key in rule.also and rule.codes:
        return _codes(key, rule.codes, names.lang)
    for layer in rule.targets:
        found = names.of(layer, key)
        if found is not None:
            return text_for_html(found if layer == PREDECESSOR else f"{found} ({key})")
    return text_for_html(key)


def _number(value: object, unit: str | None, named: str, lang: str) -> str:
    number = float(value) if isinstance(value, int | float) else float(str(value))
    if not math.isfinite(number):
        return ""
    if unit == _YEAR:
        return str(int(number))
    text = _as_it_is(number)
    if text is not None:
        return _with_unit(text, named, lang)
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(numbers.significant(number), named)


@cache
def _unit(unit: str, lang: str) -> str:
    entry = code_list("unit")[unit]
    if entry.flag("symbol"):
        return _RAISED.get(unit, unit)
    return entry.title.words.of(lang)
