"""Rules about roads and canals at the seam, services now doubled, items never built."""

from __future__ import annotations

from typing import Any

import build as b
import pytest
import reviews as r
import shapely

Point = tuple[float, float]


def road(
    key: str, *points: Point, road_class: str | None = "commune", width_m: float | None = 3.5
) -> dict[str, Any]:
    return {
        "road_id": key,
        "road_class": road_class,
        "width_m": width_m,
        "geometry": b.line(*points),
    }


def broken(*roads: dict[str, Any], **more: Any) -> list[str]:
    return [s.partition("@")[0] for s in r.subjects(r.asked(roads=list(roads), **more), "QH14")]


WEST_END, EAST_END = (1000.0, 500.0), (1001.0, 500.0)


def test_a_road_that_goes_on_as_it_was_is_no_break() -> None:
    assert broken(road("A", (0, 500), WEST_END), road("B", EAST_END, (2000, 500))) == []
    assert broken(road("A", (0, 500), (2000, 500))) == []
    unknown = road("B", EAST_END, (2000, 500), road_class=None, width_m=None)
    assert broken(road("A", (0, 500), WEST_END), unknown) == []


@pytest.mark.parametrize("change", [{"road_class": "village"}, {"width_m": 2.5}])
def test_another_class_or_width_at_the_seam_is_told_once(change: dict[str, Any]) -> None:
    found = r.asked(
        roads=[road("A", (0, 500), WEST_END), road("B", EAST_END, (2000, 500), **change)]
    )
    assert len(r.subjects(found, "QH14")) == 1
    assert "nối với đường B" in r.words(found, "QH14")[0]
    assert r.rows(found, "QH14").geometry.iloc[0].distance(b.at(*WEST_END)) < 1e-6


def test_junctions_and_lanes_off_a_road_are_no_change() -> None:
    main = road("A", (0, 500), (2000, 500))
    assert broken(main, road("L", (990, 500), (990, 700), road_class="lane", width_m=2.0)) == []
    west, east = road("A", (0, 500), WEST_END), road("B", EAST_END, (2000, 500))
    third = road("C", WEST_END, (1000, 900), road_class="village", width_m=2.0)
    assert broken(west, east, third) == []


def test_a_change_within_one_former_commune_is_no_matter_of_the_seam() -> None:
    west = road("A", (0, 500), (940, 500))
    on = road("B", (940, 500), (2000, 500), road_class="village", width_m=2.0)
    assert broken(west, on) == []


def test_two_ends_that_do_not_meet_are_one_break() -> None:
    found = r.asked(
        roads=[road("A", (0, 500), (985, 500), road_class="lane"),
               road("B", (1012, 500), (2000, 500), road_class="lane")],
    )  # fmt: skip
    assert len(r.subjects(found, "QH14")) == 1
    assert r.rows(found, "QH14")["measured"].iloc[0] == pytest.approx(27.0)


def test_two_breaks_of_one_width_are_two() -> None:
    roads = [
        road(f"{side}{y}", *points, road_class="lane")
        for y in (300.0, 700.0)
        for side, points in (
            ("W", ((0.0, y), (985.0, y))),
            ("E", ((1012.0, y), (2000.0, y))),
        )
    ]
    assert len(broken(*roads)) == 2


@pytest.mark.parametrize(
    ("road_class", "end", "found"),
    [("commune", 1000, ["A"]), ("commune", 980, []), ("lane", 1000, []), ("commune", 900, [])],
)
def test_a_dead_end_is_a_break_only_of_a_main_road_on_the_seam(
    road_class: str, end: float, found: list[str]
) -> None:
    assert broken(road("A", (0, 500), (end, 500), road_class=road_class)) == found


def test_a_planned_road_cut_at_the_seam_is_a_break() -> None:
    items = [{"item_id": "HM1", "plan_id": "P1", "kind": "Đường giao thông", "built": "no",
              "planned_year": 2024, "geometry": b.line((0, 500), WEST_END)}]  # fmt: skip
    assert broken(plan_items=items) == ["HM1"]


def test_without_the_former_communes_nobody_says_where_the_seam_is() -> None:
    found = r.asked(roads=[road("A", (0, 500), WEST_END)], former_communes=None)
    assert r.verdicts(found, "QH14") == ["no_data"]
    assert r.verdicts(r.asked(), "QH14") == []


def canal(key: str, *points: Point, kind: str = "canal") -> dict[str, Any]:
    return {"irrigation_id": key, "kind": kind, "geometry": b.line(*points)}


def test_canals_that_stop_at_the_seam() -> None:
    def stopped(*canals: dict[str, Any]) -> int:
        return len(r.subjects(r.asked(irrigation=list(canals)), "QH15"))

    assert stopped(canal("K1", (0, 200), WEST_END), canal("K2", EAST_END, (1500, 200))) == 0
    assert stopped(canal("K1", (0, 200), (1000, 300))) == 1
    assert stopped(canal("K1", (0, 200), (990, 300)), canal("K2", (1015, 300), (1500, 300))) == 1
    assert stopped(canal("K1", (0, 200), (700, 300))) == 0
    assert stopped(canal("K1", (0, 200), (1000, 300), kind="pipe")) == 0
    none = r.asked(irrigation=[canal("K1", (0, 200), (1000, 300))], former_communes=None)
    assert r.verdicts(none, "QH15") == ["no_data"]


def facility(key: str, kind: str, status: str | None = "in_use", **fields: Any) -> dict[str, Any]:
    return {"facility_id": key, "kind": kind, "status": status, "geometry": b.at(10, 10)} | fields


def test_two_centres_and_two_offices() -> None:
    centres = [r.plan("C1", kind="detailed_centre"), r.plan("C2", "F2", kind="detailed_centre")]
    found = r.asked(
        plans=[r.plan("P1"), *centres],
        facilities=[facility("U1", "commune_office"), facility("U2", "commune_office")],
    )
    assert r.subjects(found, "QH16") == ["C1+C2", "commune_office"]
    assert r.subjects(found, "QH17") == []
    one = r.asked(plans=[r.plan("P1"), centres[0]], facilities=[facility("U1", "commune_office"),
                  facility("U2", "commune_office", "surplus")])  # fmt: skip
    assert r.subjects(one, "QH16") == []


def test_services_of_which_a_commune_needs_one() -> None:
    two = [facility("T1", "health_station"), facility("T2", "health_station"),
           facility("S1", "sports_ground"), facility("S2", "sports_ground")]  # fmt: skip
    assert r.subjects(r.asked(facilities=two), "QH17") == ["health_station"]
    unsure = [facility("T1", "health_station"), facility("T2", "health_station", None)]
    assert r.verdicts(r.asked(facilities=unsure), "QH17") == ["no_data"]
    assert r.subjects(r.asked(facilities=two[1:]), "QH17") == []
    alone = r.asked(facilities=two, commune=b.commune(), former_communes=None)
    assert r.subjects(alone, "QH17") == []


def item(key: str, year: int | None, built: str | None, **fields: Any) -> dict[str, Any]:
    return {"item_id": key, "plan_id": "P1", "kind": "DVH", "name": key, "planned_year": year,
            "built": built, "geometry": b.at(5, 5)} | fields  # fmt: skip


def test_items_that_were_never_built_by_age() -> None:
    items = [
        item("A", 2019, "no"), item("B", 2022, "part"), item("C", 2023, "no"),
        item("D", 2015, "yes"), item("E", 2018, None), item("F", None, "no"),
        item("G", None, "no", plan_id=None),
    ]  # fmt: skip
    found = r.asked(plan_items=items)
    told = dict(zip(r.subjects(found, "QH18"), r.verdicts(found, "QH18"), strict=True))
    # F counts from 2021, when its plan was approved.
    assert told == {
        "P1/A": "warn",
        "P1/B": "warn",
        "P1/E": "no_data",
        "P1/F": "warn",
        "–/G": "no_data",
    }
    ages = dict(zip(r.subjects(found, "QH18"), r.rows(found, "QH18")["measured"], strict=True))
    assert (ages["P1/A"], ages["P1/B"], ages["P1/F"]) == (6, 3, 4)


def planned(key: str, *points: Point, year: int = 2024, **fields: Any) -> dict[str, Any]:
    return item(key, year, "no", kind="DGT", geometry=b.line(*points)) | fields


def test_planned_roads_that_are_not_on_the_ground() -> None:
    real = road("R", (0, 100), (1000, 100))
    items = [
        planned("N", (0, 300), (400, 300)), planned("H", (0, 104), (1000, 104)),
        planned("O", (0, 600), (400, 600), year=2019),
        item("K", 2024, "no", kind="DTL", geometry=b.line((0, 800), (400, 800))),
    ]  # fmt: skip
    found = r.asked(plan_items=items, roads=[real])
    # O is told as not realised; K is a canal; H runs four metres beside a real road.
    assert r.subjects(found, "QH19") == ["P1/N"]
    assert r.rows(found, "QH19")["measured"].iloc[0] == pytest.approx(400.0)
    assert r.subjects(found, "QH18") == ["P1/O"]
    assert r.verdicts(r.asked(plan_items=items[:1]), "QH19") == ["no_data"]


def test_real_roads_that_the_plan_of_their_ground_does_not_draw() -> None:
    roads = [
        road("A", (0, 100), (900, 100)), road("B", (0, 300), (700, 300), road_class="village"),
        road("L", (0, 500), (300, 500), road_class="lane"), road("E", (1200, 300), (1900, 300)),
    ]  # fmt: skip
    items = [planned("H", (0, 103), (900, 103))]
    found = r.asked(plan_items=items, roads=roads)
    # Told once a plan: B alone; L is a lane, E lies on ground of which P1 says nothing.
    assert r.subjects(found, "QH20") == ["P1"]
    assert r.rows(found, "QH20")["measured"].iloc[0] == pytest.approx(700.0)
    assert r.rows(found, "QH20").geometry.iloc[0].equals(shapely.LineString(roads[1]["geometry"]))
    assert r.subjects(r.asked(roads=roads), "QH20") == []
