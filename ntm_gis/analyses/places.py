"""Where things are: clipping to the commune, frames to draw, findings with their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.analyses.columns import Shapes, ids
from ntm_gis.layers.values import STATE, Layer, Layers
from ntm_gis.results import Finding, Note

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

WGS84 = "EPSG:4326"


def inside(geometries: Shapes, ground: shapely.Geometry | None, dimension: int) -> Shapes:
    """Return what of each geometry lies on the commune's ground.

    Parameters
    ----------
    geometries : object array, (n,)
        In the commune's zone; None stays None.
    ground : geometry or None
        The commune; None (not known): everything is kept whole, as the most that can lie inside.
    dimension : int
        1 for lines, 2 for polygons; touching in less is nothing.

    Returns
    -------
    object array, (n,)
        Empty geometries where nothing lies inside.
    """
    out = geometries.copy()
    if ground is None:
        return out
    shapely.prepare(ground)
    there = ~shapely.is_missing(out)
    crossing = there.copy()
    crossing[there] = ~shapely.contains_properly(ground, out[there])
    if crossing.any():
        out[crossing] = [
            _only(part, dimension) for part in shapely.intersection(out[crossing], ground)
        ]
    return out


def _only(geometry: shapely.Geometry, dimension: int) -> shapely.Geometry:
    """Return the parts of one dimension: an intersection also holds points of touch."""
    parts = shapely.get_parts(geometry)
    kept = parts[shapely.get_dimensions(parts) == dimension]
    if dimension == 1:
        return shapely.multilinestrings(kept) if len(kept) else shapely.LineString()
    return shapely.union_all(kept) if len(kept) else shapely.Polygon()


def boundary_notes(layers: Layers) -> tuple[Note, ...]:
    """Return the note that what is drawn is not known to lie inside, without a boundary."""
    return () if layers.boundary is not None else (Note.of("BOUNDARY_NOT_GIVEN"),)


def drawn(layer: Layer, **columns: object) -> gpd.GeoDataFrame:
    """Return the used rows of a layer as a frame to draw.

    Parameters
    ----------
    layer : Layer
    **columns
        Arrays or single values, `state` among them. A column of the file with such a name that
        is no field of the layer gets a trailing underscore.

    Returns
    -------
    GeoDataFrame
        `id`, the columns of the layer, the own columns but `@state`, and `columns`.
    """
    frame = layer.used.drop(columns=STATE).reset_index(drop=True)
    taken = [c for c in ("id", *columns) if c in frame and c not in layer.schema.names]
    frame = frame.rename(columns={name: f"{name}_" for name in taken})
    for name, value in columns.items():
        frame[name] = value
    frame.insert(0, "id", np.array(ids(layer), dtype=object))
    return frame


def at_row(
    code: str,
    layer: Layer,
    position: int,
    *,
    field: str | None = None,
    value: object = None,
    place: shapely.Geometry | None = None,
    **params: object,
) -> Finding:
    """Return a finding about one used row, with its file, row and place.

    Parameters
    ----------
    position : int
        Position in `layer.used`.
    place : geometry, optional
        Where on the ground, where it is not the feature as a whole.
    **params
        What the sentence names besides; it may name the row's places and `title`, the field's.

    Notes
    -----
    It touches no measure until it is told which (`Finding.affecting`). What a personal field
    says is not in it.
    """
    where = layer.places
    column = layer.schema.field(field) if field else None
    ground = where.shapes[position] if place is None else place
    return Finding.of(
        code,
        file=where.files[position],
        table=where.tables[position],
        layer=layer.name,
        feature=where.ids[position],
        row=where.rows[position],
        field=field,
        value=value,
        at=lonlat(ground, where.zone),
        personal=column is not None and column.personal,
        title=column.title.words if column else None,
        **params,
    )


def lonlat(geometry: shapely.Geometry | None, zone: CRS | None) -> tuple[float, float] | None:
    """Return longitude and latitude (WGS 84) of a point of a geometry in a zone.

    For a line the point halfway, else a point inside.
    """
    if geometry is None or zone is None or geometry.is_empty:
        return None
    if geometry.geom_type == "LineString":
        point = geometry.interpolate(0.5, normalized=True)
    else:
        point = shapely.point_on_surface(geometry)
    return crs.lonlat(point.x, point.y, zone)
