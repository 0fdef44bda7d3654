"""Lengths, shares and findings of roads, by hand, by enumeration and by what must always hold."""

from __future__ import annotations

import itertools
import math
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import build as b
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.roads import analysis as roads
from ntm_gis.analyses.roads.segments import once, pieces_of
from ntm_gis.layers.values import SET_ASIDE, STATE, Answer
from ntm_gis.results import Measure

SQUARE = b.ground(b.box(0, 0, 10_000, 10_000))
CLASSES = ("national", "provincial", "commune", "village", "lane", "field")
HARD = {"concrete", "asphalt", "bitumen", "gravel", "macadam", "block"}
SURFACES = (*sorted(HARD), "earth")


def road(id_: str, *points: tuple[float, float], **fields: Any) -> dict[str, Any]:
    """A village road in concrete unless said otherwise."""
    return {
        "road_id": id_, "road_class": "village", "surface": "concrete",
        "geometry": b.line(*points) if points else None, **fields,
    }  # fmt: skip


def answered(*rows: dict[str, Any], **others: Any) -> Answer:
    found = b.ask(roads, roads=rows, **others)
    b.check_evidence(found)
    return found


def measured(*rows: dict[str, Any], **others: Any) -> dict[str, Measure]:
    return b.by_id(answered(*rows, **others))


def bounds(measure: Measure) -> tuple[float | None, ...]:
    return measure.value, measure.low, measure.high


# --- By hand -------------------------------------------------------------------------------------


def test_the_example_of_the_contract() -> None:
    """Two and a half of nine kilometres hardened, one and a half unknown, sixteen ways seen."""
    found = measured(
        road("V1", (0, 0), (2000, 0)),
        road("V2", (0, 1000), (500, 1000), surface="gravel"),
        road("V3", (0, 2000), (1500, 2000), surface=None),
        road("V4", (0, 3000), (6500, 3000), surface="earth"),
    )
    share = found["roads.hardened_share.village"]
    assert [round(x or 0, 1) for x in bounds(share)] == [27.8, 23.8, 38.1]
    assert (share.numerator, share.denominator) == pytest.approx((2.5, 9.0))
    assert share.report_value == share.low
    assert found["roads.length_km.village"].value == pytest.approx(10.5)
    assert found["roads.paved_share.village"].value == pytest.approx(100 * 2 / 9)
    unknown = [part for part in share.evidence.features if part.unknown]
    assert [(part.id, part.amount, part.weight) for part in unknown] == [("V3", 0.0, 1.5)]
    assert share.evidence.inputs == ("sources/roads.gpkg", "sources/boundary.gpkg")


@pytest.mark.parametrize(
    ("points", "metres"),
    [
        ([(0, 0.03), (1000, 0.03)], 1000.0),
        ([(1000, 0.03), (0, 0.03)], 1000.0),
        ([(500, 0.03), (1500, 0.03)], 1500.0),
        ([(0, 0.2), (1000, 0.2)], 2000.0),
        ([(500, -200), (500, 200)], 1400.0),
        ([(500, 0), (500, 200)], 1200.0),
        ([(1000, 0), (1200, 0)], 1200.0),
        ([(200, 0), (300, 0), (300, 50)], 1050.0),
    ],
    ids=["drawn twice", "drawn twice, backwards", "half shared", "beyond five centimetres",
         "a crossing", "a junction", "a continuation", "shares a part, then leaves"],
)  # fmt: skip
def test_ground_counts_once(points: list[tuple[float, float]], metres: float) -> None:
    """Exact stretches to the centimetre; suspected ones are in `high`."""
    found = measured(road("A", (0, 0), (1000, 0)), road("B", *points))
    assert found["roads.length_km.village"].high == pytest.approx(metres / 1000, abs=1e-5)


def test_a_bend_drawn_twice_counts_once() -> None:
    points = [(0, 0), (100, 0), (100, 100), (30, 180), (400, 190)]
    beside = [(x + 0.02, y - 0.02) for x, y in points]
    found = measured(road("A", *points), road("B", *beside))["roads.length_km.village"]
    assert found.high == pytest.approx(b.line(*points).length / 1000, abs=1e-4)


def test_a_road_drawn_there_and_back_counts_once() -> None:
    found = measured(road("A", (0, 0), (500, 0), (500, 300), (500, 0), (0, 0)))
    assert bounds(found["roads.length_km.village"]) == pytest.approx((0.8, 0.8, 0.8))


def test_the_higher_class_has_a_shared_stretch() -> None:
    found = answered(
        road("V1", (0, 0), (1000, 0)), road("QL", (400, 0), (2000, 0), road_class="national")
    )
    by_id = b.by_id(found)
    assert by_id["roads.length_km.national"].value == pytest.approx(1.6)
    assert by_id["roads.length_km.village"].value == pytest.approx(0.4)
    assert b.codes(found) == ["ROAD_DRAWN_TWICE"]
    assert "600 m" in found.findings[0].message.vi


def test_of_roads_drawn_exactly_alike_the_checks_tell() -> None:
    assert not answered(road("A", (0, 0), (900, 0)), road("B", (900, 0), (0, 0))).findings


def test_differing_surfaces_of_one_stretch_are_unknown() -> None:
    found = answered(road("A", (0, 0), (1000, 0)), road("B", (200, 0), (1000, 0), surface="earth"))
    by_id = b.by_id(found)
    assert bounds(by_id["roads.hardened_share.village"]) == pytest.approx((100.0, 20.0, 100.0))
    assert bounds(by_id["roads.surface_km.earth"]) == pytest.approx((0.0, 0.0, 0.8))
    assert bounds(by_id["roads.surface_km.gravel"]) == (0.0, 0.0, 0.0)
    assert by_id["roads.surface_km.unknown"].value == pytest.approx(0.8)
    assert b.codes(found) == ["ROAD_SURFACE_DIFFERS"]


def test_a_road_without_class_may_be_of_any() -> None:
    found = measured(
        road("A", (0, 0), (1000, 0)),
        road("B", (0, 500), (3000, 500), road_class=None, surface="earth"),
    )
    for name in CLASSES:
        length = found[f"roads.length_km.{name}"]
        sure = 1.0 if name == "village" else 0.0
        assert bounds(length) == pytest.approx((sure, sure, sure + 3.0))
    assert bounds(found["roads.hardened_share.village"]) == pytest.approx((100.0, 25.0, 100.0))
    # There may be no lane at all, and nothing bounds a share of nothing.
    assert bounds(found["roads.hardened_share.lane"]) == (None, 0.0, 100.0)


def test_only_the_ground_within_the_boundary_counts() -> None:
    found = measured(
        road("A", (-500, 500), (1000, 500)),
        road("B", (100, 11_000), (900, 11_000)),
        road("C", (0, 9000), (-100, 9000), (-100, 9500), (200, 9500)),
        boundary=SQUARE,
    )
    assert found["roads.length_km.village"].value == pytest.approx(1.0 + 0.2)


def test_without_a_boundary_only_lists_are_certain() -> None:
    drawn = road("A", (-500, 500), (1000, 500))
    found = measured(drawn, boundary=None)
    length = found["roads.length_km.village"]
    assert bounds(length) == (None, 0.0, pytest.approx(1.5))
    assert [note.code for note in length.notes] == ["BOUNDARY_NOT_GIVEN"]
    assert bounds(found["roads.hardened_share.village"]) == (None, 0.0, 100.0)
    assert bounds(found["roads.surface_km.concrete"]) == (None, 0.0, pytest.approx(1.5))
    assert bounds(found["roads.length_km.national"]) == (0.0, 0.0, 0.0)
    listed = road("B", declared_length_m=500.0, surface="earth")
    found = measured(drawn, listed, boundary=None)
    assert bounds(found["roads.length_km.village"]) == pytest.approx((0.5, 0.5, 2.0))
    # Of half a kilometre of earth, and up to one and a half in concrete.
    assert bounds(found["roads.hardened_share.village"]) == pytest.approx((0.0, 0.0, 75.0))
    blank = road("C", (0, 900), (200, 900), road_class=None, surface=None)
    unknown = measured(blank, listed, boundary=None)["roads.length_km.unknown"]
    assert bounds(unknown) == (None, 0.0, pytest.approx(0.2))


def test_a_boundary_set_aside_is_none() -> None:
    crossed = [{**b.ground(b.box(0, 0, 1000, 1000))[0], STATE: SET_ASIDE}]
    found = measured(road("A", (0, 500), (1000, 500)), boundary=crossed)
    assert bounds(found["roads.length_km.village"]) == (None, 0.0, pytest.approx(1.0))


def test_where_not_every_way_is_tried_the_figure_says_so() -> None:
    """Twelve roads without class along one ground hang together: more ways than are tried."""
    rows = [road(f"R{k:02}", (0, 0), (900, 0), road_class=None) for k in range(12)]
    length = measured(*rows)["roads.length_km.commune"]
    assert bounds(length)[1:] == pytest.approx((0.0, 0.9))
    assert [note.code for note in length.notes] == ["BOUNDS_NOT_SHARP"]
    few = measured(*rows[:3])["roads.length_km.commune"]
    assert few.notes == ()


def test_a_road_by_list_alone_adds_its_declared_length() -> None:
    found = answered(
        road("A", (0, 0), (1000, 0), declared_length_m=1005.0),
        road("B", declared_length_m=500.0, surface="earth"),
    )
    length = b.by_id(found)["roads.length_km.village"]
    assert (bounds(length), length.method) == (pytest.approx((1.5, 1.5, 1.5)), "both")
    assert b.by_id(found)["roads.hardened_share.village"].value == pytest.approx(100 / 1.5)
    assert not found.findings


def test_a_list_alone_gives_the_figures() -> None:
    found = measured(road("B", declared_length_m=500.0), boundary=None)
    assert found["roads.length_km.village"].method == "list"


def test_a_length_that_nobody_recorded_has_no_end() -> None:
    found = answered(road("A", (0, 0), (1000, 0), surface="earth"), road("B"))
    by_id = b.by_id(found)
    assert bounds(by_id["roads.length_km.village"]) == (1.0, 1.0, None)
    assert bounds(by_id["roads.hardened_share.village"]) == (0.0, 0.0, 100.0)
    assert b.codes(found) == ["ROAD_LENGTH_UNKNOWN"]


@pytest.mark.parametrize(
    ("declared", "code"), [(1009.0, []), (1011.0, ["ROAD_LENGTH_DIFFERS"]), (500.0, [])]
)
def test_a_declared_length_far_from_the_drawn_one_is_noted(
    declared: float, code: list[str]
) -> None:
    """Half of the road lies outside: its whole length or the half within may be declared."""
    found = answered(road("A", (-500, 9), (500, 9), declared_length_m=declared), boundary=SQUARE)
    assert b.codes(found) == code


def test_rows_set_aside_do_not_count() -> None:
    aside = {**road("B", (0, 500), (3000, 500)), STATE: SET_ASIDE}
    found = measured(road("A", (0, 0), (1000, 0)), aside)
    assert bounds(found["roads.length_km.village"]) == (1.0, 1.0, 1.0)


def test_without_roads_every_figure_is_there_and_says_why() -> None:
    found = b.ask(roads)
    assert len(found.measures) == 6 * 3 + 7 + 2
    for measure in found.measures:
        assert measure.value is None
        assert (measure.low, measure.high) == (0.0, 100.0 if measure.unit == "%" else None)
        assert [note.code for note in measure.notes] == ["LAYER_NOT_GIVEN"]
        assert "Đường giao thông" in measure.notes[0].text.vi


def test_the_frame_to_draw() -> None:
    frame = answered(
        road("A", (-500, 9), (500, 9), note="x"),
        road("B", declared_length_m=400.0, surface=None, road_class=None),
        boundary=SQUARE,
    ).frames["roads"]
    assert frame["id"].tolist() == ["A", "B"]
    assert frame["state"].tolist() == ["concrete", "unknown"]
    assert frame["road_class"].tolist() == ["village", "unknown"]
    assert frame["length_km"].tolist() == [0.5, 0.4]
    assert frame["note"].tolist() == ["x", None]
    assert frame.geometry.tolist()[1] is None
    assert {"@row", "@file", "@table"} <= set(frame.columns)
    assert STATE not in frame


# --- Suspected doubles ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "points",
    [
        [(0, 3), (1000, 3)],
        [(1000, 3), (0, 3)],
        [(200, 4.9), (230, 4.9)],
        [(0, 0), (40, 3), (900, 3), (1000, 0)],
        [(100, -3), (300, 3), (500, -3), (700, 3)],
    ],
    ids=["beside", "beside, backwards", "thirty metres", "leaves and comes back", "weaving"],
)
def test_roads_side_by_side_are_suspected(points: list[tuple[float, float]]) -> None:
    found = answered(road("A", (0, 0), (1000, 0)), road("B", *points, surface="earth"))
    assert b.codes(found).count("ROAD_SUSPECTED_DOUBLE") == 1
    finding = found.findings[0]
    assert finding.feature in {"A", "B"}
    assert "A" in finding.message.vi
    assert "B" in finding.message.vi
    length = b.by_id(found)["roads.length_km.village"]
    assert length.low is not None
    # Where they cross at a small angle, a few metres lie within five centimetres.
    assert length.high == pytest.approx(1.0 + b.line(*points).length / 1000, abs=0.015)
    assert length.low <= length.high - 0.029


@pytest.mark.parametrize(
    "points",
    [
        [(200, 4.9), (229, 4.9)],
        [(0, 5.1), (1000, 5.1)],
        [(300, -300), (700, 300)],
        [(0, -70), (1000, 70)],
        [(500, 0), (1000, 70)],
        [(0, 0), (-1000, 10)],
        [(1000, 0), (0, 200)],
        [(400, 30), (500, 2), (600, 30)],
    ],
    ids=["under thirty metres", "beyond five metres", "a crossing", "a crossing at 8 degrees",
         "a fork at 8 degrees", "a continuation", "a hairpin", "coming near for a moment"],
)  # fmt: skip
def test_roads_that_meet_or_keep_apart_are_not_suspected(points: list[tuple[float, float]]) -> None:
    found = answered(road("A", (0, 0), (1000, 0)), road("B", *points))
    assert b.codes(found) == []
    length = b.by_id(found)["roads.length_km.village"]
    assert bounds(length)[0] == pytest.approx(1.0 + b.line(*points).length / 1000, abs=0.001)
    assert length.low == length.high


def test_a_double_counts_once_in_low_and_twice_in_high() -> None:
    found = measured(
        road("A", (0, 0), (1000, 0), road_class="commune"),
        road("B", (100, 3), (400, 3), surface="earth"),
    )
    assert bounds(found["roads.length_km.commune"]) == pytest.approx((1.0, 1.0, 1.0))
    assert bounds(found["roads.length_km.village"]) == pytest.approx((0.0, 0.0, 0.3))
    # If they are one, the surface of these 300 m of A is earth or concrete.
    assert bounds(found["roads.hardened_share.commune"]) == pytest.approx((100.0, 70.0, 100.0))
    assert bounds(found["roads.surface_km.earth"]) == pytest.approx((0.0, 0.0, 0.3))


def test_of_two_drawings_of_one_class_the_shorter_is_the_least() -> None:
    zigzag = [(100 + 20 * k, 2 + 2 * (k % 2)) for k in range(21)]
    found = measured(road("A", (100, 0), (500, 0)), road("B", *zigzag))["roads.length_km.village"]
    assert found.low == pytest.approx(0.4, abs=0.001)
    assert found.high == pytest.approx(0.4 + b.line(*zigzag).length / 1000)


def test_a_road_drawn_there_and_back_side_by_side_is_suspected() -> None:
    found = answered(road("A", (0, 0), (500, 0), (500, 4), (0, 4)))
    assert b.codes(found) == ["ROAD_DOUBLES_BACK"]
    length = b.by_id(found)["roads.length_km.village"]
    assert bounds(length) == pytest.approx((0.504, 0.504, 1.004))


def test_three_drawings_are_one_at_least_and_three_at_most() -> None:
    found = measured(
        road("A", (0, 0), (400, 0)), road("B", (0, 2), (400, 2)), road("C", (0, 4), (400, 4))
    )["roads.length_km.village"]
    assert bounds(found) == pytest.approx((0.4, 0.4, 1.2))


# --- By enumeration ------------------------------------------------------------------------------

WHOLE = st.sampled_from([*CLASSES[2:5], None])
FACE = st.sampled_from(["concrete", "earth", None])


@st.composite
def few_roads(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to four roads of 300 m; those with the same start lie on each other."""
    starts = draw(st.lists(st.sampled_from([0, 100, 200, 1000]), min_size=1, max_size=4))
    return [
        road(f"R{k}", (x, 0), (x + 300, 0), road_class=draw(WHOLE), surface=draw(FACE))
        for k, x in enumerate(starts)
    ]


def enumerated(
    rows: list[dict[str, Any]], wanted: str, listed: tuple[int, int] | None = None
) -> dict[str, tuple[float, float]]:
    """Length and hardened share of a class over all completions, ground cut at each 100 m.

    `listed`: hardened and other cells by list alone, where of those drawn any may lie in the
    commune.
    """
    cells = {}
    for k, row in enumerate(rows):
        x0 = round(row["geometry"].coords[0][0] - b.WEST)
        for x in range(x0, x0 + 300, 100):
            cells.setdefault(x, []).append(k)
    lengths, shares = [], []
    ways = itertools.product(
        *([row["road_class"]] if row["road_class"] else CLASSES for row in rows),
        *([row["surface"]] if row["surface"] else ("concrete", "earth") for row in rows),
    )
    for way in ways:
        classes, faces = way[: len(rows)], way[len(rows) :]
        of_class = [
            {faces[k] in HARD for k in here}
            for here in cells.values()
            if min((classes[k] for k in here), key=CLASSES.index) == wanted
        ]
        lengths.append(len(of_class) / 10)
        least = sum(hard == {True} for hard in of_class)
        most = sum(True in hard for hard in of_class)
        whole = len(of_class)
        if listed is not None:
            good, every = listed[0], sum(listed)
            lengths[-1:] = [every / 10, (every + whole) / 10]
            for part, of in ((good, every + whole - least), (good + most, every + most)):
                shares += [100 * part / of] if of else []
            continue
        shares += [100 * least / whole, 100 * most / whole] if whole else [0.0, 100.0]
    return {"length": (min(lengths), max(lengths)), "share": (min(shares), max(shares))}


@settings(max_examples=settings.default.max_examples * 2 // 3)
@given(few_roads(), st.sampled_from(CLASSES[1:5]))
def test_bounds_are_those_of_all_completions(rows: list[dict[str, Any]], wanted: str) -> None:
    expected, found = enumerated(rows, wanted), measured(*rows)
    length = found[f"roads.length_km.{wanted}"]
    assert (length.low, length.high) == pytest.approx(expected["length"], abs=1e-9)
    share = found[f"roads.hardened_share.{wanted}"]
    assert (share.low, share.high) == pytest.approx(expected["share"], abs=1e-9)


@settings(max_examples=settings.default.max_examples * 2 // 3)
@given(few_roads(), st.integers(0, 3), st.integers(0, 3))
def test_bounds_without_a_boundary_are_those_of_all_completions(
    rows: list[dict[str, Any]], hard: int, earth: int
) -> None:
    if not hard + earth:
        return
    by_list = [
        road("L1", declared_length_m=100.0 * hard), road("L2", declared_length_m=100.0 * earth,
                                                         surface="earth"),
    ]  # fmt: skip
    expected = enumerated(rows, "village", (hard, earth))
    found = measured(*rows, *by_list, boundary=None)
    length = found["roads.length_km.village"]
    assert (length.low, length.high) == pytest.approx(expected["length"], abs=1e-9)
    share = found["roads.hardened_share.village"]
    assert (share.low, share.high) == pytest.approx(expected["share"], abs=1e-9)


# --- What must always hold -----------------------------------------------------------------------

GRID = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda p: (p[0] * 40.0, p[1] * 40.0))


@st.composite
def networks(draw: st.DrawFn, *, classless: bool = True) -> list[dict[str, Any]]:
    """Roads along a grid of 40 m: they cross, meet, share stretches and turn back."""
    out = []
    for k in range(draw(st.integers(1, 6))):
        points = [draw(GRID)]
        for _ in range(draw(st.integers(1, 4))):
            x, y = draw(GRID)
            points += [(x, points[-1][1]), (x, y)]
        points = [p for p, before in zip(points, [None, *points], strict=False) if p != before]
        if len(points) > 1:
            out.append(
                road(
                    f"R{k}", *points,
                    road_class=draw(st.sampled_from([*CLASSES, *[None] * classless])),
                    surface=draw(st.sampled_from([*SURFACES, None])),
                )
            )  # fmt: skip
    return out


def figures(rows: list[dict[str, Any]]) -> dict[str, tuple[float | None, ...]]:
    return {name: bounds(measure) for name, measure in measured(*rows).items()}


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert value == pytest.approx(other[name], abs=1e-9), name


@settings(max_examples=settings.default.max_examples * 2 // 3)
@given(networks())
def test_the_total_is_the_length_of_the_union(rows: list[dict[str, Any]]) -> None:
    found = figures(rows)
    by_class = [found[f"roads.length_km.{name}"][0] or 0 for name in (*CLASSES, "unknown")]
    total = math.fsum(by_class)
    union = shapely.union_all([row["geometry"] for row in rows]) if rows else shapely.Point()
    assert total == pytest.approx(union.length / 1000, abs=1e-9)
    by_surface = [found[f"roads.surface_km.{s}"][0] or 0 for s in (*SURFACES, "unknown")]
    assert math.fsum(by_surface) == pytest.approx(total, abs=1e-9)


@settings(max_examples=settings.default.max_examples // 3)
@given(networks(classless=False), st.randoms(use_true_random=False))
def test_order_copies_and_cuts_change_nothing(
    rows: list[dict[str, Any]], chance: random.Random
) -> None:
    """Where classes are known: the parts of a road without class may be of different ones."""
    before = figures(rows)
    shuffled = chance.sample(rows, len(rows))
    same(before, figures(shuffled))
    copies = [{**row, "road_id": row["road_id"] + "'"} for row in rows if chance.random() < 0.5]
    same(before, figures([*shuffled, *copies]))
    cut = []
    for row in rows:
        xy = list(row["geometry"].coords)
        at = chance.randrange(1, len(xy)) if len(xy) > 2 else len(xy)
        parts = [xy[: at + 1], xy[at:]]
        cut += [
            {**row, "road_id": f"{row['road_id']}.{k}", "geometry": shapely.LineString(part)}
            for k, part in enumerate(parts)
            if len(part) > 1
        ]
    same(before, figures(cut))


@settings(max_examples=settings.default.max_examples // 3)
@given(networks(), st.data())
def test_what_becomes_unknown_only_widens(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    if not rows:
        return
    before = figures(rows)
    which = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["surface", "road_class"]))
    after = figures(
        [{**row, **({field: None} if k == which else {})} for k, row in enumerate(rows)]
    )
    for name in before:
        if name.endswith(".unknown"):
            continue
        (_, low, high), (_, new_low, new_high) = before[name], after[name]
        assert low is not None
        assert new_low is not None
        assert new_low <= low + 1e-9, name
        assert new_high is None or high is None or new_high >= high - 1e-9, name


BOUNDARY = st.tuples(GRID, GRID).map(
    lambda c: b.box(min(c[0][0], c[1][0]) - 15, min(c[0][1], c[1][1]) - 15,
                    max(c[0][0], c[1][0]) + 15, max(c[0][1], c[1][1]) + 15)
)  # fmt: skip


@settings(max_examples=settings.default.max_examples // 2)
@given(networks(), BOUNDARY)
def test_whatever_the_boundary_is_bounds_without_it_hold(
    rows: list[dict[str, Any]], ground: shapely.Geometry
) -> None:
    within = measured(*rows, boundary=b.ground(ground))
    without = measured(*rows, boundary=None)
    for name, measure in within.items():
        wide = without[name]
        assert wide.low is not None
        assert measure.low is not None
        assert wide.low <= measure.low + 1e-9, name
        assert wide.high is None or (measure.high or 0.0) <= wide.high + 1e-9, name


@st.composite
def shapes(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A line of up to six legs, each in a direction of its own."""
    headings = draw(st.lists(st.integers(0, 17), min_size=1, max_size=6, unique=True))
    points = [(0.0, 0.0)]
    for heading in headings:
        way = math.radians(10 * heading + 180 * draw(st.booleans()))
        leg = draw(st.floats(1, 400))
        x, y = points[-1]
        points.append((x + leg * math.cos(way), y + leg * math.sin(way)))
    return points


@settings(max_examples=settings.default.max_examples // 3)
@given(shapes(), st.floats(0, 2 * math.pi))
def test_any_line_drawn_twice_counts_once(points: list[tuple[float, float]], angle: float) -> None:
    """Whatever the shape, a copy moved by three centimetres adds less than a metre."""
    moved = [(x + 0.03 * math.cos(angle), y + 0.03 * math.sin(angle)) for x, y in points]
    one = measured(road("A", *points))["roads.length_km.village"]
    two = measured(road("A", *points), road("B", *moved))["roads.length_km.village"]
    assert two.high == pytest.approx(one.high, abs=0.001)


# --- Real roads ----------------------------------------------------------------------------------


@pytest.mark.real
def test_the_roads_of_ladakh() -> None:
    """A thousand real roads: pasted rows add nothing, the ground is that of GEOS's own union."""
    folder = os.environ.get("NTM_GIS_TEST_DATA")
    if not folder:
        pytest.skip("NTM_GIS_TEST_DATA is not set")
    archive = Path(folder) / "ladakh" / "Road_DRRP_Ladakh.zip"
    found = gpd.read_file(f"/vsizip/{archive.as_posix()}").to_crs("EPSG:32643")
    lines = found.geometry.force_2d().to_numpy()
    every = np.zeros(len(lines), np.int64)
    pieces = pieces_of(lines, every)
    union_m = shapely.union_all(lines).length
    assert pieces.length.sum() == pytest.approx(union_m, rel=1e-12)
    assert pieces.length.sum() < shapely.length(lines).sum() - 1000
    # What lies within five centimetres without being drawn alike is 0.2 of 6,273 km.
    assert once(pieces).length.sum() == pytest.approx(union_m, rel=1e-4)


# --- Drawn side by side --------------------------------------------------------------------------


def partitions(things: list[int]) -> Iterator[list[list[int]]]:
    """Every way to say which of some drawings are of one road."""
    if not things:
        yield []
        return
    for whole in partitions(things[1:]):
        yield [[things[0]], *whole]
        for k, group in enumerate(whole):
            yield [*whole[:k], [things[0], *group], *whole[k + 1 :]]


@settings(max_examples=settings.default.max_examples * 2 // 3)
@given(
    st.lists(st.tuples(st.sampled_from([*CLASSES[2:4], None]), FACE), min_size=2, max_size=3),
    st.sampled_from(CLASSES[1:5]),
)
def test_of_roads_side_by_side_any_may_be_one(
    kinds: list[tuple[str | None, str | None]], wanted: str
) -> None:
    """All within 5 m of each other: each way to take some of them for one road is gone through."""
    rows = [
        road(f"R{k}", (0, 2 * k), (400, 2 * k), road_class=of, surface=face)
        for k, (of, face) in enumerate(kinds)
    ]
    lengths, shares = [], []
    for classes in itertools.product(*([of] if of else CLASSES for of, _ in kinds)):
        for groups in partitions(list(range(len(kinds)))):
            of_class = [
                {kinds[k][1] for k in group}
                for group in groups
                if min((classes[k] for k in group), key=CLASSES.index) == wanted
            ]
            lengths.append(0.4 * len(of_class))
            least = sum(faces == {"concrete"} for faces in of_class)
            most = sum(faces != {"earth"} for faces in of_class)
            whole = len(of_class)
            shares += [100 * least / whole, 100 * most / whole] if whole else [0.0, 100.0]
    found = measured(*rows)
    length, share = (found[f"roads.{x}.{wanted}"] for x in ("length_km", "hardened_share"))
    assert (length.low, length.high) == pytest.approx((min(lengths), max(lengths)), abs=1e-9)
    assert (share.low, share.high) == pytest.approx((min(shares), max(shares)), abs=1e-9)
