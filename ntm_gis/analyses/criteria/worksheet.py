"""The worksheet of criterion 17: which village sent which figure, and what stands near what.

Two frames: `criterion_17`, one row an indicator and unit (the commune, then each village) with
who supplies it, whether it came, and the document; `environment_villages`, one row a village with
pesticide bins beside its tea, livestock and cemeteries beside its houses. Distances are told, not
judged: their limits are the plan review's.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ntm_gis.analyses.columns import Shapes, ids, shapes, texts
from ntm_gis.analyses.criteria.rows import Given, Sorted
from ntm_gis.analyses.criteria.villages import by_village

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.analyses.criteria.sources import Known
    from ntm_gis.analyses.criteria.villages import Villages
    from ntm_gis.layers.values import Layers
    from ntm_gis.rules.criteria_model import Indicator

CRITERION = "17"
RECEIVED, MISSING, CONFLICT = "received", "missing", "conflict"

_COLUMNS = (
    "id", "indicator", "title", "unit_of", "village_id", "village", "supplier", "state", "value",
    "numerator", "denominator", "document", "as_of_on",
)  # fmt: skip

_COUNTED = {
    "pesticide_bin": "pesticide_bins", "livestock_farm": "livestock_farms",
    "cemetery": "cemeteries", "waste_point": "waste_points",
}  # fmt: skip
"""Kinds of sites, and the columns in which a village's are counted."""


def frames(
    layers: Layers,
    lines: Sequence[Indicator] = (),
    known: Mapping[str, Known] | None = None,
    given: Sorted | None = None,
) -> dict[str, gpd.GeoDataFrame]:
    """Return both frames; of a set without the criterion the first is empty."""
    wanted = [line for line in lines if line.criterion == CRITERION]
    return {
        "criterion_17": _worksheet(layers, wanted, known or {}, given or Sorted()),
        "environment_villages": _around(layers),
    }


def _worksheet(
    layers: Layers, lines: Sequence[Indicator], known: Mapping[str, Known], given: Sorted
) -> gpd.GeoDataFrame:
    villages = layers["villages"]
    names = [
        name or key for key, name in zip(ids(villages), texts(villages.used, "name"), strict=True)
    ]
    supplier = _suppliers(layers)
    sent = {found.code: found for found in by_village(layers, given)}
    rows: list[dict[str, Any]] = []
    for line in lines:
        head: dict[str, Any] = {
            "indicator": line.code,
            "title": line.title.vi,
            "unit_of": line.unit,
        }
        head["supplier"] = supplier.get(line.code)
        forms = sent.get(line.code)
        rows.append(head | _of_commune(known.get(line.code), forms) | {"id": line.code})
        of_village = {} if forms is None else {row.village: row for row in forms.rows}
        for key, name in zip(ids(villages), names, strict=True):
            row = of_village.get(key)
            state = MISSING if row is None else RECEIVED
            if forms is not None and key in forms.doubt:
                state = CONFLICT
            told = _told(row, state)
            rows.append(
                head | told | {"id": f"{line.code}/{key}", "village_id": key, "village": name}
            )
    return _frame(layers, rows, [None] * len(rows))


def _of_commune(known: Known | None, forms: Villages | None) -> dict[str, Any]:
    """Return what the commune has: its own row, else the sum of the villages' forms.

    A sum of forms has come in when every village's is there.
    """
    figure = None if known is None else known.figure
    if known is None or figure is None or not figure.rows:
        return _told(None, MISSING)
    if figure.known:
        return _told(figure.rows[0], CONFLICT if figure.conflict else RECEIVED)
    doubt = forms is not None and bool(forms.doubt)
    whole = forms is not None and forms.whole
    return {
        "state": CONFLICT if doubt else RECEIVED if whole else MISSING,
        "value": known.value if known.denominator is None else None,
        "numerator": known.numerator if known.denominator is not None else None,
        "denominator": known.denominator,
        "as_of_on": figure.day,
    }


def _told(row: Given | None, state: str) -> dict[str, Any]:
    if row is None:
        return {"state": state}
    return {
        "state": state, "value": row.value, "numerator": row.numerator,
        "denominator": row.denominator, "document": row.document, "as_of_on": row.as_of,
    }  # fmt: skip


def _suppliers(layers: Layers) -> dict[str, str]:
    """Return the office that a task makes answer for an indicator."""
    frame = layers["tasks"].used
    offices: dict[str, str] = {}
    columns = (texts(frame, name) for name in ("indicator", "lead_office"))
    for code, office in zip(*columns, strict=True):
        if code is not None and office is not None:
            offices.setdefault(code, office)
    return offices


def _frame(
    layers: Layers, rows: Sequence[Mapping[str, Any]], ground: Sequence[Any]
) -> gpd.GeoDataFrame:
    columns: dict[str, Any] = {}
    for name in _COLUMNS:
        values: list[Any] = [row.get(name) for row in rows]
        if name == "as_of_on":
            columns[name] = pd.Series(pd.to_datetime(values), dtype="datetime64[us]")
        elif name in ("value", "numerator", "denominator"):
            numbers = [math.nan if v is None else v for v in values]
            columns[name] = np.array(numbers, dtype=np.float64)
        else:
            columns[name] = pd.Series(values, dtype=object)
    zone = layers.commune.commune.crs
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(ground), crs=zone), crs=zone)


def _around(layers: Layers) -> gpd.GeoDataFrame:
    """Return for each village its bins beside its tea, livestock and cemeteries beside houses."""
    villages, sites, tea = layers["villages"], layers["environment"], layers["tea_areas"]
    keys = ids(villages)
    kinds, homes = texts(sites.used, "kind"), texts(sites.used, "village_id")
    ground = shapes(sites.used)
    counted: dict[str, Counter[str | None]] = {
        kind: Counter(h for k, h in zip(kinds, homes, strict=True) if k == kind)
        for kind in _COUNTED
    }
    bins = _of_kind(ground, kinds, "pesticide_bin")
    farms = _of_kind(ground, kinds, "livestock_farm")
    graves = _of_kind(ground, kinds, "cemetery")
    to_bin = _farthest(tea.used, bins)
    near_farm = _nearest(layers["buildings"].used, farms)
    near_grave = _nearest(layers["buildings"].used, graves)
    columns: dict[str, Any] = {
        "id": pd.Series(keys, dtype=object),
        "village": pd.Series(texts(villages.used, "name"), dtype=object),
        **{
            # Without a list of sites nobody knows how many there are.
            name: np.array(
                [counted[kind][key] if sites.given else math.nan for key in keys], dtype=np.float64
            )
            for kind, name in _COUNTED.items()
        },
        "tea_to_bin_m": _column(to_bin, keys),
        "house_to_livestock_m": _column(near_farm, keys),
        "house_to_cemetery_m": _column(near_grave, keys),
    }  # fmt: skip
    columns["state"] = np.array(
        [
            _state(counted["pesticide_bin"][key], to_bin.get(key)) if sites.given else "unknown"
            for key in keys
        ],
        dtype=object,
    )
    return gpd.GeoDataFrame(columns, geometry=list(shapes(villages.used)), crs=sites.used.crs)


def _state(bins: int, metres: float | None) -> str:
    """Say how a village stands: no tea to collect from, bins of its own, or none."""
    if metres is None:
        return "ok" if bins else "unknown"
    return "ok" if bins else "no"


def _of_kind(ground: Shapes, kinds: Sequence[str | None], kind: str) -> Shapes:
    there = [g for g, k in zip(ground, kinds, strict=True) if k == kind and g is not None]
    return np.array(there, dtype=object)


def _farthest(frame: gpd.GeoDataFrame, things: Shapes) -> dict[str, float]:
    """Return by village the distance from its farthest feature to the nearest of some things."""
    return _by_village(frame, things, farthest=True)


def _nearest(frame: gpd.GeoDataFrame, things: Shapes) -> dict[str, float]:
    """Return by village the least distance of its features to some things."""
    return _by_village(frame, things, farthest=False)


def _by_village(frame: gpd.GeoDataFrame, things: Shapes, *, farthest: bool) -> dict[str, float]:
    if not len(things) or frame.empty:
        return {}
    ground, homes = shapes(frame), texts(frame, "village_id")
    placed = np.array([g is not None for g in ground])
    tree = shapely.STRtree(things)
    (at, _), metres = tree.query_nearest(ground[placed], all_matches=False, return_distance=True)
    numbers = np.flatnonzero(placed)
    out: dict[str, list[float]] = defaultdict(list)
    for k, distance in zip(at.tolist(), metres.tolist(), strict=True):
        home = homes[numbers[k]]
        if home is not None:
            out[home].append(distance)
    return {home: (max if farthest else min)(found) for home, found in out.items()}


def _column(by_village: Mapping[str, float], keys: Sequence[str]) -> Any:
    return np.array([by_village.get(key, math.nan) for key in keys], dtype=np.float64)
