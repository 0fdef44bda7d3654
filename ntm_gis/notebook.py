"""A commune in a notebook: figures, findings, criteria and maps as tables and pages.

Everything is computed by the same pipeline as the commands; nothing is written unless a map is
saved.

Examples
--------
>>> import tempfile
>>> from ntm_gis.outputs import folders
>>> folder = Path(tempfile.mkdtemp()) / "xa"
>>> _ = folders.write_sample(folder)
>>> commune = read(folder)
>>> round(commune.measure("tea.area_ha").value, 1)
1282.2
>>> commune.figures("tea.").frame()["id"].iloc[0]
'tea.area_ha'
>>> "Hô Tra" in commune.map("villages").html
True
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import pipeline
from ntm_gis.errors import UsageError
from ntm_gis.results import Finding, Measure

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from ntm_gis.outputs.folium_map import OfflineMap

__all__ = ["CommuneView", "Figures", "Findings", "MapView", "Scorecard", "read"]


def read(folder: str | Path, *, as_of: dt.date | None = None, lang: str = "vi") -> CommuneView:
    """Review a commune folder and return what was found; nothing is written.

    Parameters
    ----------
    folder : str or Path
        A commune folder with commune.toml.
    as_of : date, optional
        Figures as of another day than commune.toml says.
    lang : str
        "vi" or "en": the language of tables and maps.

    Raises
    ------
    ConfigError
        The folder or its commune.toml cannot be used.
    """
    return CommuneView(pipeline.review(Path(folder), as_of=as_of), lang)


@dataclass(frozen=True)
class CommuneView:
    """A commune as it was reviewed; shown as its figures."""

    review: pipeline.Review
    lang: str = "vi"

    def figures(self, beginning: str = "") -> Figures:
        """Return the figures whose id begins so ("roads."), or all."""
        return Figures(self.review, self.lang, beginning)

    @property
    def findings(self) -> Findings:
        """What the data leaves to be checked, gravest first."""
        return Findings(self.review, self.lang)

    @property
    def scorecard(self) -> Scorecard:
        """The criteria of the commune's set with their verdicts."""
        return Scorecard(self.review, self.lang)

    def measure(self, name: str) -> Measure:
        """Return one figure.

        Raises
        ------
        UsageError
            There is no such figure; the sentence names those that come close.
        """
        from ntm_gis.outputs.explain import measure_of

        return measure_of(self.review.answer, name)

    def frame(self, name: str) -> gpd.GeoDataFrame:
        """Return the rows that an analysis drew (`roads`, `plan_findings`), in metres of the zone.

        Raises
        ------
        UsageError
            There is no such frame.
        """
        frames = self.review.answer.frames
        if name not in frames:
            raise UsageError("FRAME_UNKNOWN", name=name, known=", ".join(sorted(frames)))
        return frames[name].copy()

    def map(self, name: str = "overview") -> MapView:
        """Return one of the maps as its own page.

        Raises
        ------
        RuleError
            There is no such map.
        """
        from ntm_gis.rules import maps

        maps.definition(name)
        return MapView(self.review, self.lang, name)

    def to_folium(self, name: str = "overview", *, tiles: str | None = None) -> OfflineMap:
        """Return one of the maps as a folium map, to add to; see `outputs.folium_map`."""
        from ntm_gis.outputs import folium_map

        found = self.review
        return folium_map.to_folium(found.answer, found.commune, name, self.lang, tiles=tiles)

    def _repr_html_(self) -> str:
        return self.figures()._repr_html_()


@dataclass(frozen=True)
class Figures:
    """Figures with their bounds."""

    review: pipeline.Review
    lang: str
    beginning: str = ""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The figures, in their order."""
        return tuple(m for m in self.review.answer.measures if m.id.startswith(self.beginning))

    def frame(self) -> pd.DataFrame:
        """Return the figures as a table; what is not known is missing, never zero."""
        import pandas as pd

        columns = ("id", "value", "low", "high", "unit", "numerator", "denominator", "method")
        rows = [tuple(getattr(m, column) for column in columns) for m in self.measures]
        titles = [m.title.of(self.lang) for m in self.measures]
        return pd.DataFrame(rows, columns=list(columns)).assign(title=titles)

    def _repr_html_(self) -> str:
        from ntm_gis.outputs import cards

        found = self.review
        return cards.figures(found.answer, found.layers, found.commune, self.lang, self.beginning)


@dataclass(frozen=True)
class Findings:
    """What the data leaves to be checked."""

    review: pipeline.Review
    lang: str

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.review.findings)

    def __len__(self) -> int:
        return len(self.review.findings)

    def frame(self) -> pd.DataFrame:
        """Return the findings as a table."""
        import pandas as pd

        rows = [_row(found, self.lang) for found in self.review.findings]
        columns = ["code", "severity", "message", "file", "row", "layer", "feature"]
        return pd.DataFrame(rows, columns=columns)

    def _repr_html_(self) -> str:
        from ntm_gis.outputs import cards

        return cards.findings(self.review.answer, self.review.commune, self.lang)


def _row(found: Finding, lang: str) -> tuple[object, ...]:
    return (
        found.code, found.severity.value, found.message.of(lang), found.file, found.row,
        found.layer, found.feature,
    )  # fmt: skip


@dataclass(frozen=True)
class Scorecard:
    """Criteria with their verdicts; advisory while a threshold is not confirmed."""

    review: pipeline.Review
    lang: str

    def _repr_html_(self) -> str:
        from ntm_gis.outputs import cards

        return cards.scorecard(self.review.answer, self.review.commune, self.lang)


@dataclass(frozen=True)
class MapView:
    """One map as its own page, shown in a frame; nothing is fetched."""

    review: pipeline.Review
    lang: str
    name: str

    @cached_property
    def html(self) -> str:
        """The page."""
        from ntm_gis.outputs import webmap

        return webmap.render(self.review.answer, self.review.commune, self.name, self.lang)

    def save(self, path: str | Path) -> Path:
        """Write the page; it opens without a network.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        from ntm_gis.outputs.files import atomic_write

        return atomic_write(Path(path), self.html.encode("utf-8"))

    def _repr_html_(self) -> str:
        from ntm_gis.outputs import cards

        return cards.frame(self.html, self.name)
