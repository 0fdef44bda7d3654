"""Rules about places and people: hazards, slopes, streams, forest, distances, totals."""

from __future__ import annotations

from typing import Any

import build as b
import numpy as np
import pytest
import reviews as r
import shapely

from ntm_gis.layers.values import Grid, Origin
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.planning import planning_rules

HOME = r.zone("A", "P1", "ONT", b.box(100, 100, 300, 200))
FIELD = r.zone("B", "P1", "LUC", b.box(300, 100, 500, 200))
BLANK = r.zone("C", "P1", None, b.box(500, 100, 700, 200))


def hazard(key: str, shape: shapely.Geometry, kind: str = "landslide") -> dict[str, Any]:
    return {"hazard_id": key, "kind": kind, "geometry": shape}


def test_settlement_on_hazards_is_found_with_its_hectares() -> None:
    danger = [hazard("N1", b.box(250, 50, 650, 150)), hazard("N2", b.box(0, 0, 150, 150), "flood")]
    found = r.asked(plan_zones=[HOME, FIELD], hazards=danger)
    assert r.subjects(found, "QH21") == ["P1/A@N1", "P1/A@N2"]
    assert r.m2(found, "QH21") == pytest.approx([2500.0, 2500.0], abs=0.01)
    assert r.verdicts(found, "QH21") == ["fail", "fail"]
    assert r.rows(found, "QH21").geometry.iloc[0].equals(b.box(250, 100, 300, 150))
    measure = b.by_id(found)["plan.hazard_ha"]
    assert (
        measure.value
        == measure.high
        == pytest.approx(r.rows(found, "QH21")["ground_ha"].sum(), abs=1e-9)
    )


def test_hazards_that_no_settlement_meets_and_zones_of_unknown_use() -> None:
    danger = [hazard("N1", b.box(400, 50, 650, 150))]
    clear = r.asked(plan_zones=[HOME, FIELD], hazards=danger)
    assert r.subjects(clear, "QH21") == []
    assert b.by_id(clear)["plan.hazard_ha"].high == 0
    found = r.asked(plan_zones=[HOME, FIELD, BLANK], hazards=danger)
    assert r.verdicts(found, "QH21") == ["no_data"]
    assert r.m2(found, "QH21") == pytest.approx([7500.0], abs=0.01)
    measure = b.by_id(found)["plan.hazard_ha"]
    assert (measure.low, measure.high) == (0.0, pytest.approx(0.75, rel=1e-3))
    assert r.verdicts(r.asked(plan_zones=[HOME]), "QH21") == ["no_data"]
    assert r.verdicts(r.asked(plan_zones=[FIELD]), "QH21") == []


def relief(heights: np.ndarray, cell: float = 10.0) -> Grid:
    origin = Origin(
        "sources/h.tif", "elevation", SourceEntry(layer="elevation", file="sources/h.tif")
    )
    return Grid(heights.astype(np.float32), b.WEST, b.SOUTH + 1000, cell, origin)


def slopes(east: float, steep_from: float = 1e9) -> np.ndarray:
    """Heights of ground that rises to the east, by so much a metre beyond a place."""
    x = (np.arange(100) + 0.5) * 10.0
    rise = np.where(x > steep_from, (x - steep_from) * east, 0.0) if steep_from < 1e9 else x * east
    return np.tile(rise, (100, 1))


def test_steep_ground_under_settlement() -> None:
    # 30 degrees everywhere: the whole of the zone; 20 degrees: nothing.
    steep = relief(slopes(np.tan(np.radians(30))))
    found = r.asked(plan_zones=[HOME, FIELD], elevation=steep)
    assert r.subjects(found, "QH22") == ["P1/A"]
    assert r.m2(found, "QH22") == pytest.approx([20_000.0], abs=0.01)
    assert r.rows(found, "QH22")["measured"].iloc[0] == pytest.approx(30, abs=0.01)
    flat = relief(slopes(np.tan(np.radians(20))))
    assert r.subjects(r.asked(plan_zones=[HOME], elevation=flat), "QH22") == []


def test_steep_ground_is_counted_by_cells_within_the_zone() -> None:
    # Steep from x = 200 on: cells from 200 (half the rise: 16 degrees) to 300 within the zone.
    steep = relief(slopes(np.tan(np.radians(30)), 200.0))
    found = r.asked(plan_zones=[HOME], elevation=steep)
    assert r.m2(found, "QH22") == pytest.approx([90 * 100.0], abs=0.01) or r.m2(
        found, "QH22"
    ) == pytest.approx([100 * 100.0], abs=0.01)


def test_unknown_heights_never_pass() -> None:
    heights = slopes(np.tan(np.radians(10)))
    heights[85, 15] = np.nan
    found = r.asked(plan_zones=[HOME], elevation=relief(heights))
    assert r.verdicts(found, "QH22") == ["no_data"]
    # The cell and its eight neighbours have no slope.
    assert r.m2(found, "QH22") == pytest.approx([900.0], abs=0.01)
    beyond = r.zone("A", "P1", "ONT", b.box(900, 100, 1200, 200))
    found = r.asked(plan_zones=[beyond], elevation=relief(slopes(0.1)))
    assert r.m2(found, "QH22") == pytest.approx([200 * 100 + 10 * 100], abs=0.01)
    assert r.verdicts(r.asked(plan_zones=[HOME]), "QH22") == ["no_data"]


def test_settlement_beside_streams_is_told_once_a_zone() -> None:
    water = [
        {"water_id": "S1", "kind": "stream", "geometry": b.line((0, 110), (200, 110))},
        {"water_id": "S2", "kind": "stream", "geometry": b.line((200, 110), (1000, 110))},
        {"water_id": "S3", "kind": "stream", "geometry": b.line((0, 300), (1000, 300))},
    ]
    found = r.asked(plan_zones=[HOME, FIELD], water=water)
    assert r.subjects(found, "QH23") == ["P1/A"]
    assert r.m2(found, "QH23") == pytest.approx([200 * 25.0], abs=0.01)
    assert r.subjects(r.asked(plan_zones=[HOME], water=water[2:]), "QH23") == []
    assert r.verdicts(r.asked(plan_zones=[HOME]), "QH23") == ["no_data"]


def test_forest_by_kind_is_advisory_and_its_kind_may_be_unknown() -> None:
    def forest(kind: str | None) -> Any:
        layer = [{"forest_id": "R1", "kind": kind, "geometry": b.box(200, 0, 400, 300)}]
        return r.asked(plan_zones=[HOME, FIELD], forest=layer)

    found = forest("protection")
    assert r.m2(found, "QH24") == pytest.approx([10_000.0], abs=0.01)
    (row,) = r.rows(found, "QH24").to_dict("records")
    # The article was not read: no plan fails by it.
    assert (row["verdict"], row["state"], row["severity"]) == ("warn", "advisory", "note")
    assert r.subjects(forest("production"), "QH24") == []
    assert r.verdicts(forest(None), "QH24") == ["no_data"]
    assert r.verdicts(r.asked(plan_zones=[HOME]), "QH24") == ["no_data"]


def site(key: str, kind: str, x: float | None, size: str | None = "small") -> dict[str, Any]:
    return {"site_id": key, "kind": kind, "size": size,
            "geometry": None if x is None else b.at(x, 150)}  # fmt: skip


def house(key: str, x: float, households: int | None = 1) -> dict[str, Any]:
    return {"building_id": key, "households": households, "geometry": b.at(x, 150)}


@pytest.mark.parametrize(
    ("size", "metres", "verdict"),
    [("small", 98, ["warn"]), ("small", 99.5, []), ("medium", 150, ["warn"]), ("medium", 201, []),
     ("large", 390, ["warn"]), (None, 90, ["warn"]), (None, 150, ["no_data"]), (None, 401, [])],
)  # fmt: skip
def test_livestock_by_its_size(size: str | None, metres: float, verdict: list[str]) -> None:
    farm = site("T", "livestock_farm", 500, size)
    found = r.asked(environment=[farm], buildings=[house("N", 500 + metres)])
    assert r.verdicts(found, "QH25") == verdict


def test_one_farm_is_told_once_with_how_many_are_near() -> None:
    farm = site("T", "livestock_farm", 500, "medium")
    near = [house(f"N{k}", 520 + 10 * k) for k in range(12)]
    found = r.asked(environment=[farm], buildings=[*near, house("K", 505, 0)], plan_zones=[HOME])
    assert r.subjects(found, "QH25") == ["T"]
    assert r.rows(found, "QH25")["measured"].iloc[0] == pytest.approx(20.0)
    assert "mức này: 12" in r.words(found, "QH25")[0]
    assert r.rows(found, "QH25").geometry.iloc[0].length == pytest.approx(20.0)


def test_livestock_from_schools_and_from_each_other() -> None:
    farms = [site("T1", "livestock_farm", 500), site("T2", "livestock_farm", 540),
             site("T3", "livestock_farm", 600)]  # fmt: skip
    school = {"campus_id": "D1", "school_id": "D", "status": "in_use", "geometry": b.at(350, 150)}
    found = r.asked(environment=farms, schools=[school])
    assert r.subjects(found, "QH26") == []
    assert r.subjects(found, "QH27") == ["T1"]
    near = r.asked(environment=farms, schools=[school | {"geometry": b.at(360, 150)}])
    assert r.subjects(near, "QH26") == ["T1"]
    shut = r.asked(
        environment=farms, schools=[school | {"geometry": b.at(360, 150), "status": "disused"}]
    )
    assert r.subjects(shut, "QH26") == []


@pytest.mark.parametrize(("kind", "rule"), [("cemetery", "QH28"), ("waste_site", "QH29")])
def test_cemeteries_and_waste_are_advisory(kind: str, rule: str) -> None:
    found = r.asked(
        environment=[site("E", kind, 600)], plan_zones=[HOME], buildings=[house("N", 610)]
    )
    assert r.subjects(found, rule) == ["E"]
    assert r.rows(found, rule)["severity"].tolist() == ["note"]
    assert r.verdicts(r.asked(environment=[site("E", kind, None)], plan_zones=[HOME]), rule) == [
        "no_data"
    ]
    assert r.verdicts(r.asked(plan_zones=[HOME]), rule) == ["no_data"]
    assert r.subjects(r.asked(environment=[site("E", kind, 1400)], plan_zones=[HOME]), rule) == []


def test_areas_against_what_the_decision_says() -> None:
    def areas(stated: float | None, zones: Any = ()) -> Any:
        return r.asked(plans=[r.plan("P1", area_ha=stated)], plan_zones=list(zones))

    true = b.by_id(areas(100.0))["plan.covered_share"].numerator
    assert true is not None
    assert r.subjects(areas(true), "QH30") == []
    assert r.subjects(areas(true * 1.006), "QH30") == ["P1/extent"]
    assert r.verdicts(areas(None), "QH30") == ["no_data"]
    full = r.squares(2, "P1")
    # Zones that fill the extent are off by the same; zones that do not are another fault.
    assert r.subjects(areas(true * 1.1, full), "QH30") == ["P1/extent"]
    assert r.subjects(areas(true, full[:3]), "QH30") == ["P1/zones"]


def village(key: str, people: int | None, former: str | None = "F1") -> dict[str, Any]:
    return {"village_id": key, "name": key, "population": people, "former_commune": former}


def test_population_of_the_plan_against_its_villages() -> None:
    def told(people: int | None, *villages: dict[str, Any]) -> list[str]:
        plans = [r.plan("P1", population=people)]
        return r.verdicts(r.asked(plans=plans, villages=list(villages)), "QH31")

    home, other = village("V1", 1000), village("V2", 700, "F2")
    assert told(950, home, other) == []
    assert told(800, home, other) == ["warn"]
    assert told(None, home) == ["no_data"]
    assert told(1000, village("V1", None)) == ["no_data"]
    assert told(1000, home, village("V3", 10, None)) == ["no_data"]


def test_land_for_each_person() -> None:
    def told(people: int | None, *zones: dict[str, Any]) -> dict[str, str]:
        found = r.asked(plan_zones=list(zones), villages=[village("V1", people)])
        rows = [*zip(r.subjects(found, "QH32"), r.verdicts(found, "QH32"), strict=True),
                *zip(r.subjects(found, "QH34"), r.verdicts(found, "QH34"), strict=True)]  # fmt: skip
        return dict(rows)

    assert told(799, HOME) == {
        "public": "warn",
        "roads": "warn",
        "green": "warn",
        "cemetery": "warn",
    }
    assert told(801, HOME)["residential"] == "warn"
    assert told(801, HOME, BLANK) == dict.fromkeys(
        ("residential", "public", "roads", "green", "cemetery"), "no_data"
    )
    assert told(None, HOME) == {"population": "no_data"}
    assert told(800) == {}


def facility(key: str, kind: str, land: float | None) -> dict[str, Any]:
    return {
        "facility_id": key,
        "kind": kind,
        "status": "in_use",
        "land_m2": land,
        "geometry": b.at(9, 9),
    }


def test_the_largest_of_a_kind_counts() -> None:
    def told(*lands: float | None) -> list[str]:
        rows = [facility(f"S{k}", "sports_ground", land) for k, land in enumerate(lands)]
        return r.verdicts(r.asked(facilities=rows), "QH33")

    assert told(2000, 5000) == []
    assert told(2000, 4999) == ["warn"]
    assert told(2000, None) == ["no_data"]
    assert told(None, 6000) == []


def campus(key: str, level: str, land: float | None, pupils: int | None) -> dict[str, Any]:
    return {"campus_id": key, "school_id": key, "level": level, "status": "in_use",
            "land_m2": land, "pupils": pupils, "geometry": b.at(9, 9)}  # fmt: skip


def test_land_for_each_pupil() -> None:
    rows = [
        campus("A", "kindergarten", 1200, 100), campus("B", "kindergarten", 1199, 100),
        campus("C", "primary", 1000, 100), campus("D", "primary+kindergarten", 1199, 100),
        campus("E", "primary", None, 50), campus("F", "primary", 500, None),
    ]  # fmt: skip
    found = r.asked(schools=rows)
    assert dict(zip(r.subjects(found, "QH40"), r.verdicts(found, "QH40"), strict=True)) == {
        "B": "warn", "D": "warn", "schools": "no_data",
    }  # fmt: skip


def test_a_commune_without_plans_is_told_nothing_of_plans() -> None:
    found = r.asked(plans=None, facilities=[facility("S", "sports_ground", 10)])
    assert found.findings == ()


def test_every_rule_has_a_planted_case_of_its_own() -> None:
    """The rules in force are those that these files plant faults for."""
    rules = {rule.id for rule in planning_rules().rules}
    assert rules == {f"QH{n:02}" for n in range(1, 42)}
