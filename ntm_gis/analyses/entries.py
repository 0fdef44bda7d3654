"""What enters which measure: fields by analysis, features by the evidence of measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ntm_gis.results import Measure

Reads = Mapping[str, Mapping[str, tuple[str, ...]]]
"""First part of a measure's id (or a pattern with `*`) -> layer -> fields that enter it, besides
the key; `geometry` among them where what is drawn does."""


class Entries:
    """Which measures each feature enters, known or unknown."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._by_feature: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for measure in measures:
            for part in measure.evidence.features:
                self._by_feature[part.layer, part.id][measure.id] = None

    def of(self, layer: str, *ids: str, but: str | None = None) -> tuple[str, ...]:
        """Return the ids of the measures that some features of a layer enter.

        Parameters
        ----------
        but : str, optional
            A pattern of ids to leave out.
        """
        found: dict[str, None] = {}
        for id_ in ids:
            found |= self._by_feature.get((layer, id_), {})
        return tuple(m for m in found if but is None or not fnmatchcase(m, but))
