"""Where rows without coordinates are: what the column "Vị trí" says, written any way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from ntm_gis import crs, text
from ntm_gis.layers.cells import hint, plain
from ntm_gis.layers.names import Names
from ntm_gis.layers.values import LOCATED_BY, STATE, USED
from ntm_gis.numbers import Place, parse_place
from ntm_gis.results import Words

if TYPE_CHECKING:
    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.rules.schema import LayerSchema

_ROAD_WORDS = ("tuyến đường", "đường", "tuyến")


@dataclass(frozen=True)
class Ground:
    """What places are looked up in, all in the commune's zone.

    Parameters
    ----------
    zone : str
        The commune's zone, "EPSG:9205".
    boundary : polygon or None
    roads, villages : GeoDataFrame or None
        Used rows of these layers.
    """

    zone: str
    boundary: shapely.Geometry | None = None
    roads: gpd.GeoDataFrame | None = None
    villages: gpd.GeoDataFrame | None = None

    @cached_property
    def road_names(self) -> Names:
        """Roads that are drawn, by id and by name."""
        return Names.of(self.roads, "road_id", _road_key)

    @cached_property
    def village_names(self) -> Names:
        """Villages with a place of their own, by id and by name."""
        return Names.of(self.villages, "village_id", text.village_key)


@dataclass(frozen=True, slots=True)
class _Spot:
    point: shapely.Point | None = None
    located_by: str = "none"
    why: Words | None = None


def locate(frame: gpd.GeoDataFrame, schema: LayerSchema, ground: Ground, remarks: Remarks) -> None:
    """Give rows without coordinates the place they name; `frame` is changed in place.

    Parameters
    ----------
    frame : GeoDataFrame
        Its column of type `place`, if the layer has one, is read where a row has no geometry.

    Notes
    -----
    VN-2000 numbers without a zone are taken for the commune's zone if they fall inside the
    boundary, else for the one zone in which they do. A chainage is measured from the first
    vertex of the road. Names must be those of one road or village alone.
    """
    column = next((f.name for f in schema.fields if f.type == "place"), None)
    if column is not None and "point" in schema.geometry:
        _locate(frame, column, ground, remarks)
    if not schema.is_table and "raster" not in schema.geometry:
        bare = frame.geometry.isna() & (frame[STATE] == USED)
        for row in frame.index[bare]:
            remarks.row("NOT_LOCATED", row)


def _locate(frame: gpd.GeoDataFrame, column: str, ground: Ground, remarks: Remarks) -> None:
    wanted = frame.geometry.isna() & frame[column].notna()
    rows = frame.index[wanted]
    if not len(rows):
        return
    said = plain(frame.loc[rows, column])
    spots = {value: _find(parse_place(value), ground) for value in dict.fromkeys(said)}
    geometry = frame.geometry.to_numpy().copy()
    located = frame[LOCATED_BY].to_numpy(dtype=object).copy()
    used = (frame[STATE] == USED).to_numpy()
    for row, value in zip(rows, said, strict=True):
        spot = spots[value]
        if spot.point is not None:
            geometry[row], located[row] = spot.point, spot.located_by
        elif spot.why is not None and used[row]:
            remarks.row("PLACE_NOT_FOUND", row, field=column, value=value, why=spot.why)
        if spot.point is not None and spot.why is not None and used[row]:
            remarks.row("PLACE_OTHER_ZONE", row, field=column, value=value, zone=spot.why)
    frame.geometry = gpd.GeoSeries(geometry, frame.index, crs=frame.crs)
    frame[LOCATED_BY] = pd.Series(located, frame.index, dtype=object)


def _find(place: Place, ground: Ground) -> _Spot:
    if place.kind == "degrees":
        return _at_degrees(place, ground)
    if place.kind == "grid":
        return _on_grid(place, ground)
    if place.kind == "chainage":
        return _at_chainage(place, ground)
    if place.kind == "name":
        return _at_village(place, ground)
    if place.problem in (None, "blank"):
        return _Spot()
    return _Spot(why=hint(f"PLACE_{place.problem.upper()}"))


def _at_degrees(place: Place, ground: Ground) -> _Spot:
    lon, lat = _pair(place.lon, place.lat)
    east, north = crs.to_zone(lon, lat, "EPSG:4326", ground.zone)
    return _Spot(shapely.Point(float(east[0]), float(north[0])), "phone")


def _pair(x: float | None, y: float | None) -> tuple[list[float], list[float]]:
    """Return two coordinates as columns of one row, as transformations take them."""
    return [math.nan if x is None else x], [math.nan if y is None else y]


def _on_grid(place: Place, ground: Ground) -> _Spot:
    point = shapely.Point(place.east_m, place.north_m)
    if ground.boundary is None or ground.boundary.covers(point):
        return _Spot(point, "survey")
    east_m, north_m = _pair(place.east_m, place.north_m)
    trials = crs.hypotheses(east_m, north_m, ground.boundary, zone=ground.zone)
    # The number was written as VN-2000: other datums and odd scales are not what it says.
    fits = [
        trial
        for trial in trials
        if trial.share == 1.0 and not (trial.swapped or trial.odd_scale) and _is_vn2000(trial)
    ]
    if len(fits) != 1:
        code = "PLACE_TWO_ZONES" if fits else "PLACE_NO_ZONE"
        return _Spot(why=hint(code))
    east, north = fits[0].to_zone(east_m, north_m, ground.zone)
    zone = Words(fits[0].label("vi"), fits[0].label("en"))
    return _Spot(shapely.Point(float(east[0]), float(north[0])), "survey", zone)


def _is_vn2000(trial: crs.Hypothesis) -> bool:
    return trial.source not in ("EPSG:4326", "EPSG:32648", "EPSG:32649")


def _at_chainage(place: Place, ground: Ground) -> _Spot:
    if place.problem is not None or place.chainage_cm is None:
        return _Spot(why=hint("PLACE_METRES"))
    if place.road is None or ground.roads is None:
        return _Spot(why=hint("PLACE_ROAD_MISSING" if place.road is None else "PLACE_NO_ROADS"))
    found = ground.road_names.find(place.road)
    if found.row is None:
        code = "PLACE_ROAD_SEVERAL" if found.several else "PLACE_ROAD_UNKNOWN"
        return _Spot(why=hint(code, road=place.road))
    line = _centreline(ground.roads.geometry.loc[found.row])
    if line is None:
        return _Spot(why=hint("PLACE_ROAD_PARTS", road=place.road))
    metres = place.chainage_cm / 100
    if metres > line.length:
        return _Spot(why=hint("PLACE_PAST_END", road=place.road, length_m=line.length))
    return _Spot(line.interpolate(metres), "chainage")


def _centreline(drawn: shapely.Geometry) -> shapely.LineString | None:
    """Return a road as one line from its first vertex, None where its parts make no such line."""
    if drawn.geom_type == "LineString":
        return drawn
    merged = shapely.line_merge(drawn)
    if merged.geom_type != "LineString":
        return None
    start = tuple(shapely.get_coordinates(drawn)[0])
    for line in (merged, shapely.reverse(merged)):
        if tuple(shapely.get_coordinates(line)[0]) == start:
            return line
    return None


def _at_village(place: Place, ground: Ground) -> _Spot:
    if ground.villages is None:
        return _Spot(why=hint("PLACE_NO_VILLAGES"))
    found = ground.village_names.find(str(place.name))
    if found.row is None:
        code = "PLACE_VILLAGE_SEVERAL" if found.several else "PLACE_VILLAGE_UNKNOWN"
        return _Spot(why=hint(code))
    return _Spot(ground.villages.geometry.loc[found.row].representative_point(), "village")


def _road_key(name: str) -> str:
    """Return a road's name as a key, without "đường" before it."""
    for word in _ROAD_WORDS:
        key, prefix = text.fold(name), text.fold(word) + " "
        if key.startswith(prefix):
            return key.removeprefix(prefix)
    return text.fold(name)
