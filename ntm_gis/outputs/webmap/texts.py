"""What a row says, as a reader reads it: titles of codes, numbers with units, names of places."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

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
        return lambda value: _number(value, rule.unit, lang)
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
        return _number(value, None, lang)
    if isinstance(value, dt.date):
        return numbers.format_date_vi(value)
    return text_for_html(str(value))


def amount(value: float, unit: str, lang: str, digits: int) -> str:
    """Write an amount with its unit."""
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, unit, digits)


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


def _number(value: object, unit: str | None, lang: str) -> str:
    number = float(str(value))
    if not math.isfinite(number):
        return ""
    if unit == _YEAR:
        return str(int(number))
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(numbers.significant(number), _unit(unit, lang) if unit else "")


@cache
def _unit(unit: str, lang: str) -> str:
    entry = code_list("unit")[unit]
    if entry.flag("symbol"):
        return _RAISED.get(unit, unit)
    return entry.title.words.of(lang)
