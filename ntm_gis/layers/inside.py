"""What lies beyond the commune's boundary, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.layers.cells import hint
from ntm_gis.layers.remarks import Remarks, at_points
from ntm_gis.layers.values import STATE, USED
from ntm_gis.results import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from ntm_gis.rules.schema import LayerSchema

TOLERANCE_M = 1.0
"""Drawing along a boundary wavers by this much."""
_LEAST_LINE_M = 1.0
_LEAST_SHARE = 0.01
_LEAST_HA = 0.1


def boundary_missing(
    layers: Iterable[tuple[LayerSchema, gpd.GeoDataFrame]], file: str | None
) -> tuple[Finding, ...]:
    """Return the finding that there is no usable boundary, if anything is drawn that needs it.

    Parameters
    ----------
    layers : iterable of (LayerSchema, GeoDataFrame)
        Every layer that is given.
    file : str or None
        The file of a boundary that cannot be used; None where none is given.
    """
    if any(_ends_at_boundary(schema, frame) for schema, frame in layers):
        return (Finding.of("BOUNDARY_MISSING", file=file, layer="boundary"),)
    return ()


def _ends_at_boundary(schema: LayerSchema, frame: gpd.GeoDataFrame) -> bool:
    """Whether a layer has used lines or areas of which only what lies inside counts."""
    if schema.beyond_boundary or schema.is_table or frame.empty:
        return False
    drawn = frame.geometry[(frame[STATE] == USED).to_numpy()].to_numpy()
    return bool((shapely.get_dimensions(drawn) > 0).any())


def inspect_boundary(
    frame: gpd.GeoDataFrame,
    schema: LayerSchema,
    boundary: shapely.Geometry | None,
    remarks: Remarks,
) -> None:
    """Remark on used rows that reach beyond the boundary; they stay as they are.

    Parameters
    ----------
    boundary : polygon or None
        In the system of `frame`. None: nothing is checked.

    Notes
    -----
    Points and whole features: more than 1 m away from the commune. Lines: more than 1 m of
    them lies beyond that strip; polygons: more than 1 % or 0.1 ha of them does. Amounts in the
    findings are what lies outside the boundary itself.
    """
    if boundary is None or schema.beyond_boundary or schema.is_table or frame.empty:
        return
    used = ((frame[STATE] == USED) & frame.geometry.notna()).to_numpy()
    rows = np.flatnonzero(used)
    geometry = frame.geometry.to_numpy()
    wide = boundary.buffer(TOLERANCE_M)
    shapely.prepare(wide)
    rows = rows[~shapely.covered_by(geometry[rows], wide)]
    if not len(rows):
        return
    shapes = geometry[rows]
    whole = ~shapely.intersects(shapes, wide)
    away = shapely.distance(shapes, boundary)
    kind = shapely.get_dimensions(shapes)
    beyond = shapely.difference(shapes, wide)
    outside = shapely.difference(shapes, boundary)
    hectares = crs.ellipsoidal_ha(outside, frame.crs)
    beyond_ha = crs.ellipsoidal_ha(beyond, frame.crs)
    share = np.divide(
        shapely.area(beyond), shapely.area(shapes), out=np.zeros(len(rows)), where=kind == 2
    )
    told = whole | (kind == 0)
    told |= (kind == 1) & (shapely.length(beyond) > _LEAST_LINE_M)
    told |= (kind == 2) & ((share > _LEAST_SHARE) | (beyond_ha > _LEAST_HA))
    places = at_points(beyond)
    for i in np.flatnonzero(told):
        if whole[i]:
            where = hint("OUTSIDE_WHOLLY", away_m=float(away[i]))
        elif kind[i] == 1:
            length = float(shapely.length(outside[i]))
            where = hint("OUTSIDE_LENGTH", length_m=length)
        elif kind[i] == 2:
            where = hint("OUTSIDE_AREA", area_ha=float(hectares[i]))
        else:
            where = hint("OUTSIDE_POINTS")
        at = None if np.isnan(places[i]).any() else (float(places[i, 0]), float(places[i, 1]))
        remarks.row("OUTSIDE_BOUNDARY", rows[i], at=at, where=where)
