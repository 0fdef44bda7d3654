"""What stands in which section of the report: `data/report/outline.toml`."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field as Key

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import Words
from ntm_gis.rules.criteria import criteria_set, sets
from ntm_gis.rules.planning_cards import Said
from ntm_gis.rules.toml import Strict, load

FOLDER, FILE_NAME = "report", "outline.toml"


class Part(Strict):
    """A part of a section: criteria, measures, tables and a picture, in this order."""

    title: Said | None = None
    criteria: dict[str, tuple[str, ...]] = Key(default_factory=dict)
    measures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    picture: str | None = None

    @property
    def head(self) -> Words | None:
        """Its small head, where it has one."""
        return None if self.title is None else self.title.words

    def codes(self, families: tuple[str, ...]) -> tuple[str, ...]:
        """Return the criteria of the first family that the part knows."""
        return next((self.criteria[name] for name in families if name in self.criteria), ())


class Chapter(Strict):
    """A section under one of the plan's heads."""

    key: str
    parts: tuple[Part, ...] = Key(default=(), alias="part")


class Annex(Strict):
    """An annex: a title and its tables."""

    key: str
    title: Said
    tables: tuple[str, ...]


class Outline(Strict):
    """The whole report."""

    sections: tuple[Chapter, ...] = Key(alias="section")
    annexes: tuple[Annex, ...] = Key(alias="annex")


@lru_cache(maxsize=1)
def outline() -> Outline:
    """Return the outline of the report.

    Examples
    --------
    >>> [chapter.key for chapter in outline().sections][:3]
    ['I', 'II.1', 'II.2']
    """
    return load(shipped.path("data", FOLDER) / FILE_NAME, Outline, RuleError)


def families(name: str | None) -> tuple[str, ...]:
    """Return a criteria set and those it stands on, the nearest first.

    Examples
    --------
    >>> families("lai-chau-2022"), families(None)
    (('lai-chau-2022', 'vn-2021-2025'), ())
    """
    out: list[str] = []
    found = criteria_set(name) if name is not None and name in sets() else None
    while found is not None:
        out.append(found.id)
        found = found.parent
    return tuple(out)
