"""What every output of one run is made from, and the shared parts that are made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.rules.commune import Commune

if TYPE_CHECKING:
    from ntm_gis.outputs.feature_tables import GpkgTable
    from ntm_gis.outputs.printmap import Printer
    from ntm_gis.outputs.report.build import Paper

MAPS = "maps"
"""The folder of maps under `out/`."""

Job = tuple[str, Callable[[], Path]]
"""Name of an output, and what makes it."""


@dataclass(frozen=True)
class Making:
    """One run of outputs.

    Parameters
    ----------
    answer, layers, commune
        What is told.
    out : Path
    lang : str
        "vi" or "en".
    head : str or None
        Check code of the record.
    only : frozenset of str or None
        Names of the outputs asked for; all where None.
    paper : Paper or None
        What the commune's folder gives for its report.
    """

    answer: Answer
    layers: Layers
    commune: Commune
    out: Path
    lang: str
    head: str | None
    only: frozenset[str] | None
    paper: Paper | None

    def asked(self, name: str) -> bool:
        """Whether an output is asked for by its name."""
        return self.only is not None and name in self.only

    @cached_property
    def printer(self) -> Printer:
        """What draws sheets and figures: relief and names are made once for all of them."""
        from ntm_gis.outputs.printmap import Printer

        return Printer(self.answer, self.layers, self.commune, self.lang, self.head)

    @cached_property
    def tables(self) -> list[GpkgTable]:
        """The tables of the GeoPackage, which the QGIS project names as well."""
        from ntm_gis.outputs import geopackage

        return geopackage.all_tables(self.answer, self.layers, self.lang)

    @cached_property
    def maps(self) -> tuple[str, ...]:
        """The maps that have something to show."""
        from ntm_gis.outputs import webmap

        return webmap.available(self.answer)
