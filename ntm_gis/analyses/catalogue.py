"""What each measure is called, its unit and how it is made: `data/measures.toml`.

An id there may hold placeholders in capitals (`roads.length_km.CLASS`); `named` fills them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from pydantic import Field as Key

from ntm_gis import shipped, text
from ntm_gis.analyses.words import in_sentence
from ntm_gis.errors import RuleError
from ntm_gis.results import LANGUAGES, Words
from ntm_gis.results.words import fill
from ntm_gis.rules.schema import Title, code_list
from ntm_gis.rules.toml import Strict, load

_OF_CODES = {
    "CLASS": "road_class", "SURFACE": "surface", "CONDITION": "condition", "CROP": "crop",
}  # fmt: skip
"""Placeholders that stand for the codes of a list."""


class Definition(Strict):
    """One `[[measure]]` of the catalogue."""

    id: str
    unit: str
    title: Title
    method: Title
    more_is_better: bool = True


class Catalogue(Strict):
    """The whole of `data/measures.toml`."""

    measures: tuple[Definition, ...] = Key(alias="measure")


@dataclass(frozen=True, slots=True)
class Named:
    """A definition whose id, title and method are filled in for one subject."""

    id: str
    unit: str
    title: Words
    method: Words
    more_is_better: bool
    subject: str | None = None


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """Return every definition by its id.

    Raises
    ------
    RuleError
        The catalogue is not well formed or holds an id twice.
    """
    path = shipped.path("data", "measures.toml")
    found = load(path, Catalogue, RuleError).measures
    by_id = {definition.id: definition for definition in found}
    if len(by_id) != len(found):
        raise RuleError("MEASURE_TWICE", file=path.name)
    return by_id


def named(pattern: str, subject: str | None = None, **params: object) -> Named:
    """Return the definition of an id, with its placeholders filled.

    Parameters
    ----------
    pattern : str
        An id of the catalogue.
    subject : str, optional
        Id of the one feature that the measure is about.
    **params
        In capitals: segments of the id. In small letters: values in title and method.

    Raises
    ------
    RuleError
        The catalogue has no such id, or a sentence names a value not given.

    Examples
    --------
    >>> villages = Words("đường thôn, bản", "village roads")
    >>> found = named("roads.length_km.CLASS", CLASS="village", road_class=villages)
    >>> found.id, found.unit, found.title.en
    ('roads.length_km.village', 'km', 'Length of village roads')
    """
    definition = definitions().get(pattern)
    if definition is None:
        raise RuleError("MEASURE_UNDEFINED", measure=pattern)
    segments = {key: str(value) for key, value in params.items() if key.isupper()}
    values = {key: value for key, value in params.items() if not key.isupper()}
    return _named(definition, segments, values, subject)


def _named(
    definition: Definition, segments: dict[str, str], values: dict[str, object], subject: str | None
) -> Named:
    parts = [
        text.segment(segments[part]) if part in segments else part
        for part in definition.id.split(".")
    ]
    return Named(
        ".".join(parts),
        definition.unit,
        _filled(definition.title, definition.id, values),
        _filled(definition.method, definition.id, values),
        definition.more_is_better,
        subject,
    )


def always(patterns: Iterable[str]) -> Iterator[Named]:
    """Yield the measures that are there whatever the layers hold, of some beginnings of ids.

    What titles and methods say of the layers is left blank. Measures of single features (works,
    funds, targets) are not among them.

    Examples
    --------
    >>> [found.id for found in always(["irrigation.length_km"])][:2]
    ['irrigation.length_km.good', 'irrigation.length_km.repair']
    """
    wanted = [p if "*" in p else f"{p}*" for p in patterns]
    for definition in definitions().values():
        places = [part for part in definition.id.split(".") if part.isupper()]
        of_measure = any(fnmatchcase(definition.id, pattern) for pattern in wanted)
        if not of_measure or not all(place in _OF_CODES for place in places):
            continue
        lists = [code_list(_OF_CODES[place]).codes for place in places]
        for codes in itertools.product(*lists):
            ids = {place: code.code for place, code in zip(places, codes, strict=True)}
            titles = {
                _OF_CODES[place]: in_sentence(code.title.words)
                for place, code in zip(places, codes, strict=True)
            }
            yield _named(definition, ids, _Blank(titles), None)


class _Blank(dict[str, object]):
    """Values of which those not given are blank."""

    def __missing__(self, key: str) -> None:
        return None


def _filled(title: Title, pattern: str, values: dict[str, object]) -> Words:
    try:
        return Words(*(fill(title.words.of(lang), lang, values) for lang in LANGUAGES))
    except KeyError as cause:
        raise RuleError("MEASURE_INCOMPLETE", measure=pattern, missing=str(cause)) from cause
