"""Tea, crops and farmland: hectares against plain counting of squares, overlaps, the unknown."""

from __future__ import annotations

import math
import random
from typing import Any

import build as b
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from ntm_gis.analyses import areas, commune
from ntm_gis.analyses.coverage.covered import covered
from ntm_gis.analyses.irrigation import analysis as irrigation
from ntm_gis.layers.values import SET_ASIDE, STATE, Answer
from ntm_gis.results import Measure

HA = 1.0000788
"""Hectares on the ellipsoid of a hectare of the grid, at this place (see the test of it)."""

SQUARE = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4), st.integers(1, 4)).map(
    lambda s: (s[0] * 100.0, s[1] * 100.0, (s[0] + s[2]) * 100.0, (s[1] + s[3]) * 100.0)
)


def plot(id_: str, *corners: float, **fields: Any) -> dict[str, Any]:
    return {"plot_id": id_, "geometry": b.box(*corners) if corners else None, **fields}


def answered(analysis: Any, **rows: Any) -> Answer:
    found: Answer = b.ask(analysis, **rows)
    b.check_evidence(found)
    return found


def bounds(measure: Measure) -> tuple[float | None, ...]:
    return measure.value, measure.low, measure.high


def near(*hectares: float | None) -> Any:
    """Hectares of the grid, as hectares on the ellipsoid, to a square metre or 2 in 100,000."""
    return tuple(
        None if ha is None else pytest.approx(ha * HA, abs=1e-4 + 2e-5 * ha) for ha in hectares
    )


def test_a_hectare_is_measured_on_the_ellipsoid() -> None:
    """Another way to the same number: straight from EPSG:9205 to 4756, edges split finely."""
    shape = b.box(0, 0, 1000, 1000)
    dense = shapely.get_coordinates(shapely.segmentize(shape, 10.0))
    lat, lon = Transformer.from_crs("EPSG:9205", "EPSG:4756").transform(*dense.T[::1])
    square_metres = abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])
    found = answered(areas, tea_areas=[plot("T", 0, 0, 1000, 1000, stage="harvest")])
    assert b.by_id(found)["tea.area_ha"].value == pytest.approx(square_metres / 10_000, abs=1e-5)
    assert square_metres / 1e6 == pytest.approx(HA, abs=2e-5)


# --- Tea and crops -------------------------------------------------------------------------------


def test_tea_of_any_stage_and_in_harvest() -> None:
    found = answered(
        areas,
        tea_areas=[
            plot("T1", 0, 0, 100, 100, stage="harvest", declared_ha=1.0),
            plot("T2", 200, 0, 300, 200, stage="establishment", declared_ha=2.0),
            plot("T3", 400, 0, 700, 100, stage=None, declared_ha=None),
            plot("T4", stage="harvest", declared_ha=0.5),
            {**plot("T5", 900, 0, 1000, 100, stage="harvest"), STATE: SET_ASIDE},
        ],
    )
    by_id = b.by_id(found)
    assert bounds(by_id["tea.area_ha"]) == near(6 + 0.5, 6 + 0.5, 6 + 0.5)
    assert bounds(by_id["tea.harvest_ha"]) == near(1.5, 1.5, 4.5)
    assert bounds(by_id["tea.declared_ha"]) == (3.5, 3.5, None)
    assert by_id["tea.area_ha"].method == "both"
    (blank,) = found.findings
    assert (blank.code, blank.feature, blank.affects) == (
        "AREA_NOT_DECLARED", "T3", ("tea.declared_ha",)
    )  # fmt: skip


def test_ground_of_two_plots_counts_once() -> None:
    found = answered(
        areas,
        tea_areas=[
            plot("B", 0, 0, 200, 100, stage="harvest"),
            plot("A", 100, 0, 300, 100, stage="harvest"),
            plot("C", 120, 0, 180, 100, stage="establishment"),
        ],
    )
    by_id = b.by_id(found)
    assert by_id["tea.area_ha"].value == near(3.0)[0]
    parts = {p.id: p.amount for p in by_id["tea.area_ha"].evidence.features}
    assert (parts["A"], parts["B"], parts["C"]) == near(2.0, 1.0, 0.0)
    assert b.codes(found) == ["AREAS_OVERLAP"] * 3 + ["AREAS_NOT_DECLARED"]
    assert found.findings[-1].affects == ("tea.declared_ha",)
    assert "1,00 ha" in found.findings[0].message.vi


def test_edges_drawn_a_little_over_are_no_finding() -> None:
    rows = [
        plot("A", 0, 0, 100.5, 100, declared_ha=1.0), plot("B", 100, 0, 200, 100, declared_ha=1.0)
    ]  # fmt: skip
    found = answered(areas, tea_areas=rows)
    assert b.by_id(found)["tea.area_ha"].value == near(2.0)[0]
    assert not found.findings


def test_only_ground_within_the_boundary_counts() -> None:
    square = b.ground(b.box(0, 0, 1000, 1000))
    rows = [plot("A", -100, 0, 100, 100, declared_ha=1.0), plot("B", 2000, 0, 2100, 100)]
    found = answered(areas, tea_areas=rows, boundary=square)
    assert b.by_id(found)["tea.area_ha"].value == near(1.0)[0]


def test_without_a_boundary_only_lists_are_certain() -> None:
    rows = [
        plot("A", -100, 0, 100, 100, stage="harvest"),
        plot("B", 0, 0, 200, 100, stage="establishment"),
    ]
    found = answered(areas, tea_areas=rows, boundary=None)
    by_id = b.by_id(found)
    assert bounds(by_id["tea.area_ha"]) == near(None, 0.0, 3.0)
    assert bounds(by_id["tea.harvest_ha"]) == near(None, 0.0, 2.0)
    assert [note.code for note in by_id["tea.area_ha"].notes] == ["BOUNDARY_NOT_GIVEN"]
    listed = answered(areas, tea_areas=[*rows, plot("C", declared_ha=4.0)], boundary=None)
    edges = bounds(b.by_id(listed)["tea.area_ha"])
    assert edges == pytest.approx((4.0, 4.0, 4.0 + 3.0 * HA), abs=1e-3)
    # A boundary that was set aside is none.
    crossed = [{**b.ground(b.box(0, 0, 1000, 1000))[0], STATE: SET_ASIDE}]
    aside = answered(areas, tea_areas=rows, boundary=crossed)
    assert bounds(b.by_id(aside)["tea.area_ha"]) == near(None, 0.0, 3.0)
    # Where no plot is of a kind, none of it can lie in the commune.
    assert bounds(by_id["crops.rice.area_ha"]) == (None, 0.0, None)
    crops = answered(areas, crop_areas=[plot("R", 0, 0, 100, 100, crop="rice")], boundary=None)
    assert bounds(b.by_id(crops)["crops.fruit.area_ha"]) == (0.0, 0.0, 0.0)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(
        st.tuples(SQUARE, st.sampled_from(["harvest", "establishment", None])),
        min_size=1,
        max_size=5,
    ),
    SQUARE,
)
def test_whatever_the_boundary_is_bounds_without_it_hold(
    rows: list[tuple[tuple[float, ...], str | None]], ground: tuple[float, ...]
) -> None:
    plots = [plot(f"T{k}", *c, stage=s) for k, (c, s) in enumerate(rows)]
    within = b.by_id(answered(areas, tea_areas=plots, boundary=b.ground(b.box(*ground))))
    without = b.by_id(answered(areas, tea_areas=plots, boundary=None))
    for name in ("tea.area_ha", "tea.harvest_ha"):
        assert without[name].low <= within[name].low + 1e-9
        assert within[name].high <= without[name].high + 1e-9


def test_an_area_that_nobody_recorded_is_no_more_than_the_commune() -> None:
    square = b.ground(b.box(0, 0, 1000, 1000))
    rows = [plot("A", 0, 0, 100, 100), plot("B")]
    found = answered(areas, tea_areas=rows, boundary=square)
    assert bounds(b.by_id(found)["tea.area_ha"]) == near(1.0, 1.0, 100.0)
    assert b.codes(found) == ["AREA_UNKNOWN", "AREA_NOT_DECLARED"]
    assert bounds(b.by_id(answered(areas, tea_areas=rows, boundary=None))["tea.area_ha"]) == near(
        None, 0.0, None
    )


def test_crops_by_kind_and_of_no_known_kind() -> None:
    found = answered(
        areas,
        crop_areas=[
            plot("A", 0, 0, 100, 189, crop="ginseng", declared_ha=1.89),
            plot("B", 500, 0, 600, 100, crop=None, declared_ha=1.0),
            plot("C", crop="rice", declared_ha=4.0),
        ],
    )
    by_id = b.by_id(found)
    assert bounds(by_id["crops.ginseng.area_ha"]) == near(1.89, 1.89, 2.89)
    assert bounds(by_id["crops.ginseng.declared_ha"]) == pytest.approx((1.89, 1.89, 2.89))
    assert bounds(by_id["crops.macadamia.area_ha"]) == near(0.0, 0.0, 1.0)
    assert by_id["crops.rice.area_ha"].value == 4.0
    assert found.frames["crop_areas"]["state"].tolist() == ["ginseng", "unknown", "rice"]


@pytest.mark.parametrize(("declared", "codes"), [(1.04, []), (1.06, ["AREA_DIFFERS"])])
def test_a_declared_area_far_from_the_drawn_one_is_noted(declared: float, codes: list[str]) -> None:
    found = answered(areas, tea_areas=[plot("A", 0, 0, 100, 100, declared_ha=declared)])
    assert b.codes(found) == codes


def test_without_plots_the_figures_are_there() -> None:
    found = b.ask(areas)
    assert len(found.measures) == 3 + 5 * 2
    for measure in found.measures:
        assert (*bounds(measure), measure.notes[0].code) == (None, 0.0, None, "LAYER_NOT_GIVEN")


def squares(corners: tuple[float, ...]) -> set[tuple[int, int]]:
    """The hectares of a rectangle."""
    x0, y0, x1, y1 = (round(c / 100) for c in corners)
    return {(x, y) for x in range(x0, x1) for y in range(y0, y1)}


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(
        st.tuples(SQUARE, st.sampled_from(["harvest", "establishment", None])),
        min_size=1,
        max_size=6,
    )
)
def test_areas_are_those_of_plain_counting(
    rows: list[tuple[tuple[float, ...], str | None]],
) -> None:
    found = answered(areas, tea_areas=[plot(f"T{k}", *c, stage=s) for k, (c, s) in enumerate(rows)])
    by_id = b.by_id(found)
    every = set().union(*(squares(c) for c, _ in rows))
    harvest = set().union(*(squares(c) for c, s in rows if s == "harvest"))
    perhaps = set().union(*(squares(c) for c, s in rows if s in {"harvest", None}))
    assert by_id["tea.area_ha"].value == near(len(every))[0]
    edges = bounds(by_id["tea.harvest_ha"])[1:]
    assert edges == near(len(harvest), len(perhaps))


@settings(max_examples=settings.default.max_examples // 4)
@given(st.lists(SQUARE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_plots_does_not_matter(
    rows: list[tuple[float, ...]], chance: random.Random
) -> None:
    made = [plot(f"T{k}", *corners) for k, corners in enumerate(rows)]
    one = answered(areas, tea_areas=made)
    other = answered(areas, tea_areas=chance.sample(made, len(made)))
    parts = [
        {p.id: p.amount for p in b.by_id(a)["tea.area_ha"].evidence.features} for a in (one, other)
    ]
    assert parts[0] == pytest.approx(parts[1])
    assert sorted(f.message.vi for f in one.findings) == sorted(
        f.message.vi for f in other.findings
    )


def test_the_shares_of_ground_are_apart_and_whole() -> None:
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 300, (12, 2))
    discs = np.array([shapely.Point(c).buffer(60) for c in centres], dtype=object)
    found = covered(discs, [f"{k}" for k in range(12)], b.CRS)
    union = shapely.union_all(discs)
    assert shapely.area(found.own).sum() == pytest.approx(union.area)
    assert shapely.area(shapely.union_all(found.own)) == pytest.approx(union.area)


# --- Irrigation ----------------------------------------------------------------------------------


def parcel(id_: str, work: str | None, *corners: float) -> dict[str, Any]:
    return {
        "parcel_id": id_, "land_use": "LUC", "irrigation_id": work,
        "geometry": b.box(*corners) if corners else None,
    }  # fmt: skip


WORKS = [
    {"irrigation_id": "good", "kind": "canal", "condition": "good", "declared_length_m": 1.0},
    {"irrigation_id": "bad", "kind": "canal", "condition": "broken", "declared_length_m": 1.0},
    {"irrigation_id": "repair", "kind": "weir", "condition": "repair"},
    {"irrigation_id": "blank", "kind": "canal", "condition": None, "declared_length_m": 1.0},
]


@pytest.mark.parametrize(
    ("work", "served"),
    [("good", True), ("bad", False), ("repair", False), ("none", False), ("blank", None),
     (None, None), ("elsewhere", None)],
)  # fmt: skip
def test_a_parcel_is_served_by_a_work_in_good_condition(
    work: str | None, served: bool | None
) -> None:
    found = answered(irrigation, farmland=[parcel("P", work, 0, 0, 100, 100)], irrigation=WORKS)
    area = b.by_id(found)["irrigation.served_ha"]
    share = b.by_id(found)["irrigation.served_share"]
    if served is None:
        assert bounds(area) == near(None, 0.0, 1.0)
        assert bounds(share) == (None, 0.0, 100.0)
    else:
        assert bounds(area) == near(served, served, served)
        assert bounds(share) == pytest.approx((100 * served,) * 3)
    words = {True: "served", False: "not_served", None: "unknown"}
    assert found.frames["farmland"]["state"].tolist() == [words[served]]


def test_served_share_of_all_farmland_within_the_boundary() -> None:
    square = b.ground(b.box(0, 0, 1000, 1000))
    found = answered(
        irrigation,
        farmland=[
            parcel("A", "good", -100, 0, 300, 100),
            parcel("B", "none", 300, 0, 400, 100),
            parcel("C", None, 500, 0, 700, 100),
        ],
        irrigation=WORKS,
        boundary=square,
    )
    share = b.by_id(found)["irrigation.served_share"]
    assert bounds(share) == pytest.approx((75.0, 50.0, 100 * 5 / 6), abs=1e-3)
    assert (share.numerator, share.denominator) == near(3.0, 4.0)


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_ground_that_two_parcels_claim_counts_once_and_is_served_where_either_is(
    names: str,
) -> None:
    first, second = names
    found = answered(
        irrigation,
        farmland=[
            parcel(first, "good", 0, 0, 200, 100), parcel(second, "none", 100, 0, 300, 100)
        ],
        irrigation=WORKS,
    )  # fmt: skip
    assert bounds(b.by_id(found)["irrigation.served_ha"]) == near(2.0, 2.0, 2.0)
    share = b.by_id(found)["irrigation.served_share"]
    assert bounds(share) == pytest.approx((200 / 3,) * 3, abs=1e-3)
    assert b.codes(found) == ["AREAS_OVERLAP"]
    assert found.findings[0].affects == ("irrigation.served_ha", "irrigation.served_share")


def test_an_overlap_of_parcels_that_nothing_serves_touches_the_share_alone() -> None:
    rows = [parcel("A", "none", 0, 0, 200, 100), parcel("B", "bad", 100, 0, 300, 100)]
    (found,) = answered(irrigation, farmland=rows, irrigation=WORKS).findings
    assert (found.code, found.affects) == ("AREAS_OVERLAP", ("irrigation.served_share",))


def test_a_parcel_that_is_not_drawn_may_be_the_rest_of_the_commune() -> None:
    square = b.ground(b.box(0, 0, 300, 100))
    rows = [parcel("A", "none", 0, 0, 100, 100), parcel("B", "good"), parcel("C", "none")]
    found = b.by_id(answered(irrigation, farmland=rows, irrigation=WORKS, boundary=square))
    assert bounds(found["irrigation.served_ha"]) == near(0.0, 0.0, 2.0)
    assert bounds(found["irrigation.served_share"]) == pytest.approx((0, 0, 200 / 3), abs=1e-3)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(st.tuples(SQUARE, st.sampled_from(["good", "none", None])), min_size=1, max_size=5))
def test_served_ground_is_that_of_plain_counting(
    rows: list[tuple[tuple[float, ...], str | None]],
) -> None:
    """On each hectare: served if any parcel there is, perhaps if any may be."""
    found = b.by_id(
        answered(
            irrigation,
            farmland=[parcel(f"P{k}", w, *c) for k, (c, w) in enumerate(rows)],
            irrigation=WORKS,
        )
    )
    told: dict[tuple[int, int], set[str | None]] = {}
    for corners, work in rows:
        for square in squares(corners):
            told.setdefault(square, set()).add(work)
    least = sum("good" in works for works in told.values())
    most = sum(works != {"none"} for works in told.values())
    assert bounds(found["irrigation.served_ha"])[1:] == near(least, most)
    edges = [100 * x / len(told) if told else d for x, d in ((least, 0), (most, 100))]
    assert bounds(found["irrigation.served_share"])[1:] == pytest.approx(edges, abs=1e-2)


def test_without_a_boundary_nothing_is_known_of_what_is_served() -> None:
    rows = [
        parcel("A", "good", 0, 0, 200, 100),
        parcel("B", "none", 100, 0, 300, 100),
        parcel("C", None, 500, 0, 600, 100),
    ]
    found = b.by_id(answered(irrigation, farmland=rows, irrigation=WORKS, boundary=None))
    assert bounds(found["irrigation.served_ha"]) == near(None, 0.0, 3.0)
    assert bounds(found["irrigation.served_share"]) == (None, 0.0, 100.0)
    none = b.by_id(answered(irrigation, farmland=rows[1:2], irrigation=WORKS, boundary=None))
    assert bounds(none["irrigation.served_ha"]) == (None, 0.0, 0.0)
    lengths = b.by_id(
        answered(
            irrigation,
            irrigation=[
                {"irrigation_id": "A", "kind": "canal", "condition": "good",
                 "geometry": b.line((0, 10), (1000, 10))},
                {"irrigation_id": "B", "kind": "pipe", "condition": "broken",
                 "declared_length_m": 500.0},
            ],
            boundary=None,
        )
    )  # fmt: skip
    assert bounds(lengths["irrigation.length_km.good"]) == (None, 0.0, 1.0)
    assert bounds(lengths["irrigation.length_km.broken"]) == (0.5, 0.5, 0.5)
    assert bounds(lengths["irrigation.length_km.repair"]) == (0.0, 0.0, 0.0)


def test_lengths_by_condition() -> None:
    rows = [
        {"irrigation_id": "A", "kind": "canal", "condition": "good",
         "geometry": b.line((-500, 10), (1000, 10))},
        {"irrigation_id": "B", "kind": "pipe", "condition": "good", "declared_length_m": 500.0},
        {"irrigation_id": "C", "kind": "canal", "condition": None,
         "geometry": b.line((0, 50), (250, 50))},
        {"irrigation_id": "D", "kind": "weir", "condition": "good", "geometry": b.at(5, 5)},
        {"irrigation_id": "E", "kind": "weir", "condition": "broken"},
        {"irrigation_id": "F", "kind": "canal", "condition": "broken"},
    ]  # fmt: skip
    square = b.ground(b.box(0, 0, 1000, 1000))
    found = answered(irrigation, irrigation=rows, boundary=square)
    by_id = b.by_id(found)
    assert bounds(by_id["irrigation.length_km.good"]) == (1.5, 1.5, 1.75)
    assert bounds(by_id["irrigation.length_km.broken"]) == (0.0, 0.0, None)
    assert bounds(by_id["irrigation.length_km.repair"]) == (0.0, 0.0, 0.25)
    assert bounds(by_id["irrigation.length_km.unknown"]) == (0.25, 0.25, 0.25)
    assert by_id["irrigation.length_km.good"].method == "both"
    frame = found.frames["irrigation"]
    assert frame["state"].tolist() == ["good", "good", "unknown", "good", "broken", "broken"]
    assert frame["length_km"].tolist()[:3] == [1.0, 0.5, 0.25]
    assert frame["length_km"].isna().tolist()[3:] == [True, True, True]


@pytest.mark.parametrize("missing", ["farmland", "irrigation"])
def test_without_a_layer_nothing_is_said_to_be_served(missing: str) -> None:
    rows: dict[str, Any] = {"farmland": [parcel("P", "good", 0, 0, 1, 1)], "irrigation": WORKS}
    rows[missing] = None
    found = b.by_id(b.ask(irrigation, **rows))
    assert bounds(found["irrigation.served_ha"]) == (None, 0.0, None)
    assert bounds(found["irrigation.served_share"]) == (None, 0.0, 100.0)


# --- The commune ---------------------------------------------------------------------------------


def test_the_commune_has_the_area_of_its_ground() -> None:
    parts = b.ground(b.box(0, 0, 1000, 1000), b.box(5000, 0, 6000, 500))
    parts[1]["unit_code"] = "03601b"  # type: ignore[index] # a dict, seen as a mapping
    found = b.by_id(answered(commune, boundary=parts))["commune.area_ha"]
    assert bounds(found) == near(150.0, 150.0, 150.0)
    assert [p.id for p in found.evidence.features] == ["03601", "03601b"]


def test_people_and_households_of_the_villages() -> None:
    rows = [{"village_id": "A", "population": 300, "households": 60},
            {"village_id": "B", "population": None, "households": 40}]  # fmt: skip
    found = b.by_id(answered(commune, villages=rows))
    assert bounds(found["commune.population"]) == (300.0, 300.0, None)
    assert bounds(found["commune.households"]) == (100.0, 100.0, 100.0)


def test_without_a_boundary_the_area_is_not_known() -> None:
    found = b.by_id(b.ask(commune, boundary=None))["commune.area_ha"]
    assert bounds(found) == (None, 0.0, None)
    assert math.isclose(found.low or 0.0, 0.0)


# --- Blanks that leave a figure open are told -----------------------------------------------------


def test_parcels_without_a_work_are_told_one_by_one_or_all_at_once() -> None:
    served = ("irrigation.served_ha", "irrigation.served_share")
    rows = [parcel("A", "good", 0, 0, 100, 100), parcel("B", None, 200, 0, 400, 100)]
    (found,) = answered(irrigation, farmland=rows, irrigation=WORKS).findings
    assert (found.code, found.feature, found.field) == (
        "PARCEL_SERVICE_UNKNOWN", "B", "irrigation_id"
    )  # fmt: skip
    assert found.affects == served
    assert "2,00 ha" in found.message.vi
    rows[0] = parcel("A", None, 0, 0, 100, 100)
    (found,) = answered(irrigation, farmland=rows, irrigation=WORKS).findings
    assert (found.code, found.feature) == ("PARCELS_SERVICE_UNKNOWN", None)
    assert found.affects == served
    assert "2 thửa (3,00 ha)" in found.message.vi


def test_a_canal_by_list_without_length_is_told() -> None:
    rows = [
        {"irrigation_id": "K", "kind": "canal", "condition": "good"},
        {"irrigation_id": "W", "kind": "weir", "condition": "good"},
        {"irrigation_id": "L", "kind": "canal", "condition": "good", "declared_length_m": 5.0},
    ]
    (found,) = answered(irrigation, irrigation=rows).findings
    assert (found.code, found.feature) == ("WORK_LENGTH_UNKNOWN", "K")
    assert found.affects == ("irrigation.length_km.good",)
