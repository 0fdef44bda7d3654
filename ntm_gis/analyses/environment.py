"""Environment sites and what stands near them: tea without a pesticide bin, houses too near.

Straight distances on the map, told with the limit they are looked at by and how far its text was
read; none of them makes a verdict. What is placed by its village alone is not measured from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ntm_gis.analyses.columns import Floats, Shapes, amounts, ids, shapes, texts
from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.places import drawn
from ntm_gis.analyses.planreview.analysis import rules_of
from ntm_gis.analyses.planreview.distances import metres_of
from ntm_gis.layers.values import LOCATED_BY, Answer, Layer
from ntm_gis.results import Words
from ntm_gis.rules.environment import distances
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.rules.planning_cards import Rule

READS: Reads = {}

SITES, TEA, HOUSES = "environment", "tea_areas", "buildings"
BIN = "pesticide_bin"
NEAR, FAR, CLEAR, UNKNOWN = "near", "far", "clear", "unknown"

HECTARES: dict[str, type] = {
    "id": str, "plots": float, "area_ha": float, "undrawn": float, "state": str,
}  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """Features with a place of their own, and whether there are others without one.

    Parameters
    ----------
    ids : list of str
    shapes : object array
    open : bool
        The layer is not given, or some of its features may stand anywhere.
    """

    ids: list[str]
    shapes: Shapes
    open: bool

    @classmethod
    def of(cls, layer: Layer, wanted: np.ndarray) -> Placed:
        """Return what is wanted of a layer."""
        ground, keys = own_places(layer), ids(layer)
        there = np.array([g is not None for g in ground], dtype=bool)
        at = np.flatnonzero(wanted & there)
        unplaced = bool((wanted & ~there).any())
        return cls([keys[k] for k in at], ground[at], not layer.given or unplaced)


def own_places(layer: Layer) -> Shapes:
    """Return the geometries of a layer; None for what stands nowhere, or in its village alone."""
    ground = shapes(layer.used)
    located = texts(layer.used, LOCATED_BY)
    rough = np.array([how == "village" for how in located], dtype=bool)
    out = ground.copy()
    out[rough] = None
    return out


def answer(question: Question) -> Answer:
    """Return the frames `tea_bins`, `tea_bins_ha` and `environment_near`."""
    plots = tea_bins(question)
    return Answer(
        frames={
            "tea_bins": plots, "tea_bins_ha": tea_bins_ha(plots),
            "environment_near": near(question),
        }
    )  # fmt: skip


def tea_bins(question: Question) -> gpd.GeoDataFrame:
    """Return tea plots with the nearest pesticide bin.

    Returns
    -------
    GeoDataFrame
        The plots as drawn, with `area_ha`, `bin_id`, `bin_m`, `limit_m`, and in `law` what the
        limit stands on; `state` is near, far, or unknown: not drawn, or farther than the limit
        while bins are left whose place nobody knows.
    """
    layers = question.layers
    limit = distances().tea_to_bin
    told = _told(limit.says.words, limit.status)
    tea, sites = layers[TEA], layers[SITES]
    ground = own_places(tea)
    kinds = np.array([kind == BIN for kind in texts(sites.used, "kind")], dtype=bool)
    bins = Placed.of(sites, kinds)
    names, metres = _nearest(ground, bins)
    states = [
        UNKNOWN if np.isnan(m) else NEAR if m <= limit.metres else UNKNOWN if bins.open else FAR
        for m in metres
    ]
    if not bins.open and not bins.ids:
        # There surely is no bin at all.
        states = [UNKNOWN if g is None else FAR for g in ground]
    drawn_ha = hectares(shapes(tea.used), layers.commune.commune.crs)
    return drawn(
        tea, state=np.array(states, dtype=object),
        # Of a plot that nobody drew the area is not known here: it is not nothing.
        area_ha=np.where(shapely.is_missing(shapes(tea.used)), np.nan, drawn_ha),
        bin_id=np.array(names, dtype=object), bin_m=metres, limit_m=limit.metres,
        law=told.vi, law_en=told.en,
    )  # fmt: skip


def tea_bins_ha(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the hectares of tea with a bin near it, far from any, and not known which.

    Parameters
    ----------
    plots : GeoDataFrame
        The frame `tea_bins`.

    Returns
    -------
    GeoDataFrame
        A row a state, none where there is no plot: plots, the `area_ha` of those drawn, and how
        many are `undrawn`, of unknown area.
    """
    rows = []
    for state in (NEAR, FAR, UNKNOWN) if len(plots) else ():
        area = plots.loc[plots["state"] == state, "area_ha"].to_numpy(dtype=np.float64)
        undrawn = int(np.isnan(area).sum())
        rows.append((state, len(area), float(np.nansum(area)), undrawn, state))
    return listing(HECTARES, rows, plots.crs.to_string())


def _nearest(ground: Shapes, to: Placed) -> tuple[list[str | None], Floats]:
    """Return for each shape the nearest of some features and its distance; NaN where none is."""
    names: list[str | None] = [None] * len(ground)
    metres: Floats = np.full(len(ground), np.nan)
    there = np.flatnonzero(np.array([g is not None for g in ground], dtype=bool))
    if len(there) and len(to.ids):
        tree = shapely.STRtree(to.shapes)
        (at, which), found = tree.query_nearest(
            ground[there], return_distance=True, all_matches=False
        )
        metres[there[at]] = found
        for k, hit in zip(there[at].tolist(), which.tolist(), strict=True):
            names[k] = to.ids[hit]
    return names, metres


_COLUMNS = ("id", "kind", "size", "village_id", "house_id", "house_m", "limit_m", "most_m",
            "houses_within", "law", "law_en", "state")  # fmt: skip


def near(question: Question) -> gpd.GeoDataFrame:
    """Return livestock and cemeteries with the nearest house.

    Returns
    -------
    GeoDataFrame
        A line from site to house (blank where either has no place), `house_m`, `limit_m` surely
        asked for and `most_m` that may be (they differ where the size of a farm is not
        recorded), `houses_within` it, the text behind it; `state` is near, clear or unknown.
    """
    layers = question.layers
    rules = rules_of(layers, question.rules_as_of)
    sites, houses = layers[SITES], _dwellings(layers[HOUSES])
    ground, keys = own_places(sites), ids(sites)
    names, metres = _nearest(ground, houses)
    tree = shapely.STRtree(houses.shapes)
    by_id = dict(zip(houses.ids, houses.shapes, strict=True))
    columns = (texts(sites.used, name) for name in ("kind", "size", "village_id"))
    rows, lines = [], []
    for k, (kind, size, village) in enumerate(zip(*columns, strict=True)):
        card = distances().near.get(kind or "")
        if card is None:
            continue
        rule = rules.rule(card)
        least, most = metres_of(rule, size)
        within = 0 if ground[k] is None else len(
            tree.query(ground[k], predicate="dwithin", distance=least)
        )  # fmt: skip
        state = _state(float(metres[k]), least, most, houses_open=houses.open)
        name = names[k]
        rows.append((keys[k], kind, size, village, name, metres[k], least, most, within,
                     *_law(rule), state))  # fmt: skip
        lines.append(None if name is None else shapely.shortest_line(ground[k], by_id[name]))
    return _frame(rows, lines, layers.commune.commune.crs)


def _dwellings(layer: Layer) -> Placed:
    """Return buildings in which somebody lives, or may."""
    return Placed.of(layer, amounts(layer.used, "households") != 0)


def _state(metres: float, least: float, most: float, *, houses_open: bool) -> str:
    if np.isnan(metres):
        return UNKNOWN
    if metres < least:
        return NEAR
    return UNKNOWN if houses_open or metres < most else CLEAR


def _law(rule: Rule) -> tuple[str, str]:
    """Return the text behind a rule, and how far it was read, in both languages."""
    law = next(iter(rule.law), None)
    told = _told(Words("", ""), "none") if law is None else _told(law.text, law.status)
    return told.vi, told.en


def _told(what: Words | str, status: str) -> Words:
    how = term(f"law_status.{status}")
    said = Words(what, what) if isinstance(what, str) else what
    return Words(f"{said.vi} ({how.vi})".lstrip(), f"{said.en} ({how.en})".lstrip())


def _frame(
    rows: Sequence[tuple[object, ...]], lines: Sequence[shapely.Geometry | None], zone: str
) -> gpd.GeoDataFrame:
    columns = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {}
    data = {
        name: np.array(columns.get(name, ()), dtype=np.float64)
        if name in ("house_m", "limit_m", "most_m")
        else np.array(columns.get(name, ()), dtype=np.int64)
        if name == "houses_within"
        else pd.Series(list(columns.get(name, ())), dtype=object)
        for name in _COLUMNS
    }
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(list(lines), crs=zone), crs=zone)
