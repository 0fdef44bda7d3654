"""Everything about the invented commune, worked out once; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from . import areas, frame, irrigation, outline, places, plans, points, roads, sheets, terrain, water


@dataclass(frozen=True)
class SampleCommune:
    """The ground and all that lies on it, in the working zone."""

    ground: terrain.Terrain
    boundary: Polygon
    seam: LineString
    former: dict[str, Polygon]
    neighbours: list[tuple[str, str, str, Polygon]]
    water: water.Water
    villages: list[places.Village]
    roads: list[roads.Road]
    crossings: list[points.Crossing]
    works: list[irrigation.Work]
    parcels: list[irrigation.Parcel]
    tea: list[areas.Plot]
    crops: list[areas.Plot]
    hazards: list[areas.Hazard]
    buildings: list[points.Building]
    campuses: list[points.Campus]
    halls: list[points.Hall]
    loudspeakers: list[points.Listed]
    facilities: list[points.Listed]
    environment: list[points.Site]
    extents: dict[str, Polygon]
    zones: dict[str, list[plans.Zone]]
    items: list[plans.Item]
    centre: Polygon
    settlement: Polygon

    @property
    def ho_tra(self) -> roads.Road:
        """The road to Hô Tra."""
        return next(r for r in self.roads if r.name == "Đường lên bản Hô Tra")


def _chance(step: int) -> np.random.Generator:
    """Chance of its own for each step, so that changing one leaves the others as they are."""
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
    land = areas.Land(ground, boundary, wet, ways, villages)
    fields = areas.farmland(land, wet, _chance(3))
    land.take(fields, 5.0)
    tea = areas.tea(land, villages, _chance(4))
    crops = areas.crops(land, villages, _chance(5))
    works = irrigation.works(wet, land)
    extents = plans.extents(former, seam)
    by_id = {v.id: v for v in villages}
    west, east = (plans.zones(extents[k], land, villages, tea, fields) for k in ("F1", "F2"))
    west, east = plans.in_overlap(west, east, extents)
    zones = {
        "F1": plans.with_centre(west, by_id["MK01"], extents["F1"], _chance(6)),
        "F2": plans.with_centre(east, by_id["PK01"], extents["F2"], _chance(7)),
    }
    return SampleCommune(
        ground=ground, boundary=boundary, seam=seam, former=former, neighbours=places.neighbours(boundary), water=wet,
        villages=villages, roads=ways, crossings=points.crossings(ways, wet), works=works, parcels=irrigation.parcels(fields, works),
        tea=_with_wrong_village(tea), crops=crops, hazards=areas.hazards(land, wet, villages, _chance(8)),
        buildings=points.buildings(villages, land, ways, wet, _chance(9)), campuses=points.campuses(villages, land),
        halls=points.halls(villages, land), loudspeakers=points.loudspeakers(villages, land), facilities=points.facilities(villages, land),
        environment=points.environment(villages, tea, land, boundary), extents=extents, zones=zones, items=plans.items(villages),
        centre=_around(by_id["MK01"], 420.0, former["F1"]), settlement=_around(by_id["PK01"], 200.0, former["F2"]),
    )  # fmt: skip


def _around(village: places.Village, radius: float, within: Polygon) -> Polygon:
    """The extent of a detailed plan."""
    return frame.rounded(frame.largest(village.point.buffer(radius, quad_segs=5).intersection(within)), 2)


WRONG_VILLAGE = "MK15"


def _with_wrong_village(tea: list[areas.Plot]) -> list[areas.Plot]:
    """One plot names a village that there is not."""
    from dataclasses import replace

    k = next(i for i, p in enumerate(tea) if p.village == "MK13")
    return [replace(p, village=WRONG_VILLAGE) if i == k else p for i, p in enumerate(tea)]


def truths(sample: SampleCommune) -> None:
    """Stop where one of the known truths no longer holds."""
    require = places.require
    hectares = frame.area_ha(sample.boundary)
    require(abs(hectares - frame.AREA_KM2 * 100) < 0.5, f"area {hectares:.3f} ha")
    inside = shapely.intersection(shapely.unary_union([p.shape for p in sample.tea]), sample.boundary)
    require(abs(frame.area_ha(inside) - areas.TEA_HA) < 0.03, "tea area")
    harvest = sum(frame.area_ha(p.shape) for p in sample.tea if p.kind == "Kinh doanh")
    require(abs(harvest - areas.HARVEST_HA) < 0.03, "tea in harvest")
    require(abs(sum(p.declared_ha or 0 for p in sample.tea) - areas.TEA_HA) < 1e-6, "declared tea")
    require(sum(v.cultural_families for v in sample.villages) == sheets.CULTURAL_FAMILIES, f"families {sum(v.cultural_families for v in sample.villages)}")
    unplaced = [c for c in (*sample.campuses, *sample.halls, *sample.facilities) if c.point is None]
    require(len(unplaced) == 5, "five rows without a place")
    ring = shapely.contains_xy(sample.boundary, *np.meshgrid(*_centres()))
    heights = sample.ground.z[ring]
    require(500 <= heights.min() and heights.max() <= 2000, f"heights {heights.min():.0f} to {heights.max():.0f} m")


def _centres() -> tuple[frame.Array, frame.Array]:
    x = frame.GRID_X0 + (np.arange(frame.GRID_COLUMNS) + 0.5) * frame.CELL_M
    y = frame.GRID_Y0 + (np.arange(frame.GRID_ROWS) + 0.5) * frame.CELL_M
    return x, y
