"""Everything about the invented commune, worked out once; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from . import (
    crops,
    frame,
    hazards,
    irrigation,
    lists,
    network,
    outline,
    places,
    plans,
    points,
    roads,
    terrain,
    water,
)
from .land import Land

CULTURAL_FAMILIES = 2190
"""The sum over the villages that stands in the figures too."""


@dataclass(frozen=True, kw_only=True)
class SampleCommune:
    """The ground and all that lies on it, in the working zone."""

    ground: terrain.Terrain
    boundary: Polygon
    seam: LineString
    former: dict[str, Polygon]
    neighbours: list[tuple[str, str, str, Polygon]]
    water: water.Water
    villages: list[places.Village]
    roads: list[network.Road]
    crossings: list[hazards.Crossing]
    works: list[irrigation.Work]
    parcels: list[irrigation.Parcel]
    tea: list[crops.Plot]
    crops: list[crops.Plot]
    hazards: list[hazards.Hazard]
    buildings: list[points.Building]
    campuses: list[lists.Campus]
    halls: list[lists.Hall]
    loudspeakers: list[lists.Listed]
    facilities: list[lists.Listed]
    environment: list[points.Site]
    extents: dict[str, Polygon]
    zones: dict[str, list[plans.Zone]]
    items: list[plans.Item]

    @property
    def ho_tra(self) -> network.Road:
        """The road to Hô Tra."""
        return next(r for r in self.roads if r.name == roads.HO_TRA_NAME)

    def village(self, code: str) -> places.Village:
        """Return a village by its id."""
        return next(v for v in self.villages if v.id == code)


def _chance(step: int) -> np.random.Generator:
    """Give each step chance of its own: changing one leaves the others as they are."""
    return np.random.default_rng(frame.SEED * 100 + step)


def make() -> SampleCommune:
    """Work the commune out; about two minutes."""
    bare = terrain.make()
    raw = outline.outline(bare)
    seam = places.seam(raw)
    boundary = places.with_seam_ends(raw, seam)
    former = places.former_communes(boundary, seam)
    ground, wet = water.trace(places.benches(bare), boundary)
    villages = places.villages(_chance(1))
    ways = roads.build(ground, boundary, wet, villages, _chance(2))
    land = Land(ground, boundary, wet, ways, villages)
    fields = irrigation.farmland(land, wet, _chance(3))
    land.take(fields, 5.0)
    tea = crops.tea(land, villages, _chance(4))
    other_crops = crops.others(land, villages, _chance(5))
    works = irrigation.works(wet)
    extents = plans.extents(former, seam)
    return SampleCommune(
        ground=ground,
        boundary=boundary,
        seam=seam,
        former=former,
        neighbours=places.neighbours(boundary),
        water=wet,
        villages=villages,
        roads=ways,
        crossings=hazards.crossings(ways, wet),
        works=works,
        parcels=irrigation.parcels(fields, works),
        tea=tea,
        crops=other_crops,
        hazards=hazards.make(land, wet, villages, _chance(8)),
        buildings=points.buildings(villages, land, ways, wet, _chance(9)),
        campuses=lists.campuses(villages, land),
        halls=lists.halls(villages, land),
        loudspeakers=lists.loudspeakers(villages, land),
        facilities=lists.facilities(villages, land),
        environment=points.environment(villages, tea, land),
        extents=extents,
        zones=_zones(extents, land, villages, tea, fields),
        items=plans.items(villages),
    )


def _zones(
    extents: dict[str, Polygon],
    land: Land,
    villages: list[places.Village],
    tea: list[crops.Plot],
    fields: list[Polygon],
) -> dict[str, list[plans.Zone]]:
    """Zone both plans, with the contradiction at the seam and a centre each."""
    west, east = (plans.zones(extents[k], land, villages, tea, fields) for k in ("F1", "F2"))
    west, east = plans.with_overlap(west, east, extents)
    seats = {v.id: v for v in villages}
    return {
        "F1": plans.with_centre(west, seats["MK01"], extents["F1"], _chance(6)),
        "F2": plans.with_centre(east, seats["PK01"], extents["F2"], _chance(7)),
    }


def check(sample: SampleCommune) -> None:
    """Stop where one of the known truths no longer holds."""
    require = places.require
    hectares = frame.area_ha(sample.boundary)
    require(abs(hectares - frame.AREA_KM2 * 100) < 0.5, f"area {hectares:.3f} ha")
    tea = shapely.intersection(shapely.unary_union([p.shape for p in sample.tea]), sample.boundary)
    require(abs(frame.area_ha(tea) - crops.TEA_HA) < 0.03, "tea area")
    harvest = [p.shape for p in sample.tea if p.kind == crops.HARVEST]
    require(abs(sum(map(frame.area_ha, harvest)) - crops.HARVEST_HA) < 0.03, "tea in harvest")
    declared = sum(p.declared_ha for p in sample.tea)
    require(abs(declared - crops.TEA_HA) < 1e-6, "declared tea")
    garden = [p.shape for p in sample.crops if p.kind == crops.GINSENG]
    require(abs(sum(map(frame.area_ha, garden)) - crops.GINSENG_HA) < 0.004, "ginseng")
    families = sum(v.cultural_families for v in sample.villages)
    require(families == CULTURAL_FAMILIES, f"cultural families {families}")
    require(sample.ho_tra.id == "D05", "the sheets call the road to Hô Tra D05")
    low, high = irrigation.served_share(sample.parcels, sample.works)
    require(low > 80.0, f"served {low:.2f} to {high:.2f} %")
    spots = [c.point for c in sample.campuses] + [h.point for h in sample.halls]
    unplaced = spots.count(None) + [row.place for row in sample.facilities].count("")
    require(unplaced == 5, "five rows without a place")
    heights = sample.ground.z[inside_cells(sample.boundary)]
    span = f"heights {heights.min():.0f} to {heights.max():.0f} m"
    require(bool(heights.min() >= 500 and heights.max() <= 2000), span)


def inside_cells(boundary: Polygon) -> frame.Mask:
    """Return which cells of the grid lie inside, row 0 in the south."""
    x = frame.GRID_X0 + (np.arange(frame.GRID_COLUMNS) + 0.5) * frame.CELL_M
    y = frame.GRID_Y0 + (np.arange(frame.GRID_ROWS) + 0.5) * frame.CELL_M
    return np.asarray(shapely.contains_xy(boundary, *np.meshgrid(x, y)))
