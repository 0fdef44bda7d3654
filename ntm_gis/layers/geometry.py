"""Geometry as drawn: kind, faults, gaps and things drawn twice. Nothing is repaired here.

All of it works on whole columns in the commune's zone. What is drawn wrongly is quarantined:
the row is set aside and the finding names what a repair would change, in numbers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.layers.cells import hint, plain
from ntm_gis.layers.content import shapes
from ntm_gis.layers.impossible import impossible, likely
from ntm_gis.layers.values import LOCATED_BY, SET_ASIDE, STATE, USED

if TYPE_CHECKING:
    from ntm_gis.layers.remarks import Point, Remarks
    from ntm_gis.results import Words
    from ntm_gis.rules.schema import LayerSchema

_KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}
_MULTI_POINT, _MULTI_LINE = 4, 5
_GAP_M = 0.01
_M2_PER_HA = 10_000.0
# Points that stand where their village or chainage stands are alike by construction.
_OWN_PLACE = ("survey", "phone")
# Two plans of one extent, or the present and the planned use of one zone, are two things.
_TELLS_APART = ("kind", "period")

Flags = npt.NDArray[np.bool_]


def inspect_geometry(frame: gpd.GeoDataFrame, schema: LayerSchema, remarks: Remarks) -> None:
    """Look at each geometry by itself; `frame` is changed in place.

    Notes
    -----
    Of the wrong kind, empty, not finite, with a vertex where nothing of a commune can be, of no
    length or no area: the geometry is left out, the row counts like one without a place. Polygons
    that cross themselves: the row is set aside.
    Lines of several parts that don't meet stay as they are, with the length of the gaps.
    """
    if schema.is_table or "raster" in schema.geometry or frame.empty:
        return
    drawing = _Drawing(frame, remarks, frame.geometry.to_numpy().copy())
    drawing.leave_out("GEOMETRY_EMPTY", shapely.is_empty(drawing.geometry))
    drawing.leave_out_wrong_kind(schema)
    drawing.leave_out("GEOMETRY_NOT_FINITE", drawing.not_finite())
    if not schema.backdrop:
        drawing.leave_out_impossible()
    drawing.leave_out("GEOMETRY_ZERO", drawing.nothing())
    drawing.quarantine_invalid()
    drawing.remark_gaps()
    frame.geometry = gpd.GeoSeries(drawing.geometry, frame.index, crs=frame.crs)


def inspect_twice(frame: gpd.GeoDataFrame, schema: LayerSchema, remarks: Remarks) -> None:
    """Remark on used rows of different keys that are drawn alike."""
    if schema.is_table or schema.key is None or frame.empty:
        return
    own = frame[LOCATED_BY].isin(_OWN_PLACE) & (frame[STATE] == USED) & frame.geometry.notna()
    part = frame[own.to_numpy()]
    normal = gpd.GeoDataFrame(geometry=part.geometry.normalize())
    apart = [plain(part[name]) for name in _TELLS_APART if name in schema.names]
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row, *what in zip(part.index, shapes(normal), *apart, strict=True):
        groups[tuple(what)].append(row)
    keys = plain(frame[schema.key])
    for rows in groups.values():
        first = min(rows, key=lambda row: str(keys[row]))
        for row in rows:
            if row != first:
                remarks.row("GEOMETRY_TWICE", row, value=keys[row], other=keys[first])


@dataclass
class _Drawing:
    """The geometry of a layer while it is looked at; what is left out becomes None."""

    frame: gpd.GeoDataFrame
    remarks: Remarks
    geometry: npt.NDArray[np.object_]

    def used(self, rows: Flags) -> list[int]:
        """Return those of some rows that are not set aside."""
        return [int(row) for row in np.flatnonzero(rows & (self.frame[STATE] == USED).to_numpy())]

    def leave_out(self, code: str, rows: Flags) -> None:
        """Drop geometries with a remark; their rows stay used."""
        for row in self.used(rows):
            self.remarks.row(code, row, at=_vertex(self.geometry[row]))
        self.geometry[rows] = None

    def leave_out_wrong_kind(self, schema: LayerSchema) -> None:
        """Drop geometries of a kind that the layer does not take."""
        if "any" in schema.geometry:
            return
        self._take_single_points()
        ids = shapely.get_type_id(self.geometry)
        kinds = np.array([_KINDS.get(int(i), "mixed") for i in ids], dtype=object)
        kinds[ids == _MULTI_POINT] = "points"
        wrong = ~shapely.is_missing(self.geometry) & ~np.isin(kinds, list(schema.geometry))
        expected = tuple(hint(f"KIND_{kind.upper()}") for kind in schema.geometry)
        for row in self.used(wrong):
            self.remarks.row(
                "GEOMETRY_TYPE", row, at=_vertex(self.geometry[row]),
                kind=hint(f"KIND_{kinds[row].upper()}"), expected=expected,
            )  # fmt: skip
        self.geometry[wrong] = None

    def _take_single_points(self) -> None:
        """Take a collection of one point for the point it is."""
        multi = np.flatnonzero(shapely.get_type_id(self.geometry) == _MULTI_POINT)
        single = multi[shapely.get_num_geometries(self.geometry[multi]) == 1]
        self.geometry[single] = shapely.get_geometry(self.geometry[single], 0)

    def not_finite(self) -> Flags:
        """Find geometries with a coordinate that is no number."""
        out = np.zeros(len(self.geometry), dtype=bool)
        coordinates, owner = shapely.get_coordinates(self.geometry, return_index=True)
        out[owner[~np.isfinite(coordinates).all(axis=1)]] = True
        return out

    def leave_out_impossible(self) -> None:
        """Drop geometries with a vertex where nothing of a commune can be."""
        found = impossible(self.geometry)
        rows = np.isin(np.arange(len(self.geometry)), list(found))
        for row in self.used(rows):
            east, north = found[row]
            self.remarks.row(
                "GEOMETRY_IMPOSSIBLE", row, at=likely(self.geometry[row]), east=east, north=north
            )
        self.geometry[rows] = None

    def nothing(self) -> Flags:
        """Find lines of no length and polygons whose rings lie on one line."""
        kinds = shapely.get_dimensions(self.geometry)
        lines = (kinds == 1) & (shapely.length(self.geometry) == 0)
        flat = (kinds == 2) & (shapely.area(self.geometry) == 0)
        # A bow-tie has no area either, but is not nothing.
        flat[flat] = shapely.area(shapely.convex_hull(self.geometry[flat])) == 0
        return np.asarray(lines | flat, dtype=bool)

    def quarantine_invalid(self) -> None:
        """Set aside polygons that cross themselves, with the area before and after a repair."""
        areal = shapely.get_dimensions(self.geometry) == 2
        invalid = areal & ~shapely.is_valid(self.geometry)
        rows = self.used(invalid)
        if rows:
            shapes_ = self.geometry[rows]
            # Grid areas: measuring on the ellipsoid would mend the outline on the way.
            before = shapely.area(shapes_) / _M2_PER_HA
            after = shapely.area(shapely.make_valid(shapes_)) / _M2_PER_HA
            reasons = shapely.is_valid_reason(shapes_)
            for row, was, would, reason in zip(rows, before, after, reasons, strict=True):
                why, place = _reason(str(reason))
                self.remarks.row(
                    "GEOMETRY_INVALID", row, at=place or _vertex(self.geometry[row]), why=why,
                    before_ha=float(was), after_ha=float(would), change_ha=float(would - was),
                )  # fmt: skip
        self.frame.loc[invalid, STATE] = SET_ASIDE

    def remark_gaps(self) -> None:
        """Remark on lines of several parts that don't meet."""
        for row in self.used(shapely.get_type_id(self.geometry) == _MULTI_LINE):
            parts, gap, place = _gap(self.geometry[row])
            if gap > _GAP_M:
                self.remarks.row("GEOMETRY_GAP", row, at=place, parts=parts, gap_m=gap)


_REASONS = {
    "Self-intersection": "FAULT_CROSSING",
    "Ring Self-intersection": "FAULT_TOUCHING",
    "Hole lies outside shell": "FAULT_HOLE_OUTSIDE",
    "Holes are nested": "FAULT_HOLES_NESTED",
    "Nested shells": "FAULT_PARTS_NESTED",
    "Duplicate Rings": "FAULT_RINGS_TWICE",
    "Interior is disconnected": "FAULT_IN_PIECES",
}


def _reason(text: str) -> tuple[Words, Point | None]:
    """Take GEOS's reason apart: "Self-intersection[571000 2455000]"."""
    name, _, rest = text.partition("[")
    why = hint(_REASONS.get(name.strip(), "FAULT_OTHER"))
    try:
        x, y = (float(part) for part in rest.rstrip("]").split()[:2])
    except ValueError:
        return why, None
    return why, (x, y)


def _gap(line: shapely.Geometry) -> tuple[int, float, Point | None]:
    """Return parts that don't meet, the least length that would join them, and the widest gap.

    Prim's tree over the parts, all distances to the part last reached at once.
    """
    parts = _meeting(shapely.get_parts(shapely.line_merge(line)))
    total, widest, place = 0.0, 0.0, None
    distance = shapely.distance(parts[0], parts)
    nearest = np.zeros(len(parts), dtype=np.intp)
    distance[0] = np.inf
    for _ in range(len(parts) - 1):
        new = int(np.argmin(distance))
        step = float(distance[new])
        total += step
        if step > widest:
            link = shapely.shortest_line(parts[new], parts[nearest[new]])
            middle = shapely.line_interpolate_point(link, 0.5, normalized=True)
            widest, place = step, (middle.x, middle.y)
        distance[new] = np.inf
        left = np.isfinite(distance)
        closer = np.full(len(parts), np.inf)
        closer[left] = shapely.distance(parts[new], parts[left])
        nearer = closer < distance
        distance[nearer], nearest[nearer] = closer[nearer], new
    return len(parts), total, place


def _meeting(parts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Put parts that meet together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=_GAP_M)
    graph = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(len(parts), len(parts)))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    joined = shapely.multilinestrings(parts[order], indices=label[order])
    return np.asarray(joined, dtype=object)


def _vertex(geometry: shapely.Geometry | None) -> Point | None:
    """Return the first vertex, where no place inside can be told."""
    coordinates = shapely.get_coordinates(geometry)
    if not len(coordinates) or not np.isfinite(coordinates[0]).all():
        return None
    return float(coordinates[0, 0]), float(coordinates[0, 1])
