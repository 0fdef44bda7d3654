"""What belongs to the dossier of a plan, by its kind: `data/plan_rules/dossiers.toml`."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Literal

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.rules.planning_cards import Said
from ntm_gis.rules.toml import Strict, load


class Document(Strict):
    """One document of a dossier, and how offices name it."""

    id: str
    kinds: tuple[Literal["general", "land_use", "detailed_centre", "detailed_residential"], ...]
    title: Said
    aliases: tuple[str, ...] = ()

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Names of it, without diacritics and capitals."""
        return frozenset(text.fold(name) for name in (self.id, self.title.vi, *self.aliases))


class _Dossiers(Strict):
    status: Literal["verified", "cited", "confirmed", "unverified"]
    document: tuple[Document, ...]


@lru_cache(maxsize=1)
def _dossiers() -> _Dossiers:
    return load(shipped.path("data", "plan_rules") / "dossiers.toml", _Dossiers, RuleError)


def status() -> str:
    """Return how sure the list is: "unverified" as long as no official one was read."""
    return _dossiers().status


def needed(kind: str | None) -> tuple[Document, ...]:
    """Return the documents that a plan of a kind needs; those of every kind where it is blank.

    Examples
    --------
    >>> [document.id for document in needed("land_use")]
    ['decision', 'report', 'map_existing', 'map_planned', 'data']
    """
    found = _dossiers().document
    if kind is None:
        kinds = {name for document in found for name in document.kinds}
        return tuple(document for document in found if set(document.kinds) == kinds)
    return tuple(document for document in found if kind in document.kinds)
