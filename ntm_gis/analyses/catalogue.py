"""What each measure is called, its unit and how it is made: `data/measures.toml`.

An id there may hold placeholders in capitals (`roads.length_km.CLASS`); `named` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pydantic import Field as Key

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.results import LANGUAGES, Words
from ntm_gis.results.words import fill
from ntm_gis.rules.schema import Title
from ntm_gis.rules.toml import Strict, load


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
    parts = [
        text.segment(segments[part]) if part in segments else part for part in pattern.split(".")
    ]
    values = {key: value for key, value in params.items() if not key.isupper()}
    return Named(
        ".".join(parts),
        definition.unit,
        _filled(definition.title, pattern, values),
        _filled(definition.method, pattern, values),
        definition.more_is_better,
        subject,
    )


def _filled(title: Title, pattern: str, values: dict[str, object]) -> Words:
    try:
        return Words(*(fill(title.words.of(lang), lang, values) for lang in LANGUAGES))
    except KeyError as cause:
        raise RuleError("MEASURE_INCOMPLETE", measure=pattern, missing=str(cause)) from cause
