"""Loudspeakers: villages and households, by hand, by enumeration, and how much a circle holds."""

from __future__ import annotations

import itertools
import math
from typing import Any

import build as b
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses import loudspeakers
from ntm_gis.analyses.discs import most_within
from ntm_gis.layers.values import Answer
from ntm_gis.results import Measure

VILLAGES, HOUSEHOLDS = "loudspeakers.villages_share", "loudspeakers.households_share"


def village(id_: str, households: int | None = None, x: float | None = None) -> dict[str, Any]:
    place = None if x is None else b.at(x, 0)
    return {"village_id": id_, "name": id_, "households": households, "geometry": place}


def cluster(id_: str, x: float | None, **fields: Any) -> dict[str, Any]:
    """A working cluster with a radius of 500 m."""
    return {
        "cluster_id": id_, "village_id": "A", "status": "working", "radius_m": 500.0,
        "geometry": None if x is None else b.at(x, 0), **fields,
    }  # fmt: skip


def home(
    id_: str, households: int | None, x: float | None, village_id: str = "A"
) -> dict[str, Any]:
    place = None if x is None else b.at(x, 0)
    return {
        "building_id": id_, "village_id": village_id, "households": households, "geometry": place
    }  # fmt: skip


def answered(**rows: Any) -> Answer:
    rows.setdefault("villages", [village("A")])
    found = b.ask(loudspeakers, **rows)
    b.check_evidence(found)
    return found


def measured(name: str, **rows: Any) -> Measure:
    return b.by_id(answered(**rows))[name]


def bounds(measure: Measure) -> tuple[float | None, ...]:
    return measure.value, measure.low, measure.high


def test_villages_with_a_working_cluster() -> None:
    """Fourteen of twenty work, two are not recorded: the sample's figures."""
    rows = [cluster(f"L{k}", 0, village_id=f"V{k}") for k in range(18)]
    rows[14]["status"] = rows[15]["status"] = None
    rows[16]["status"] = rows[17]["status"] = "broken"
    found = measured(VILLAGES, villages=[village(f"V{k}") for k in range(20)], loudspeakers=rows)
    assert bounds(found) == pytest.approx((100 * 14 / 18, 70.0, 80.0))
    assert found.method == "list"


HOMES = [home("1", 10, 0), home("2", 20, 500), home("3", 30, 501), home("4", 40, 3000)]


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        ([cluster("L", 0)], (30, 30, 30)),
        ([cluster("L", 0), cluster("M", 300)], (60, 60, 60)),
        ([cluster("L", 0, status="broken")], (0, 0, 0)),
        ([cluster("L", 0, status=None)], (0, 0, 30)),
        ([cluster("L", 0), cluster("M", 3000, status=None)], (50, 30, 70)),
        ([cluster("L", 0, radius_m=None)], (None, 0, 100)),
        ([cluster("L", 0), cluster("M", 3000, radius_m=None)], (100, 30, 100)),
        ([cluster("L", 0), cluster("M", -2000.5, radius_m=None)], (3000 / 70, 30, 60)),
        ([cluster("L", 0), cluster("M", 9000, radius_m=None)], (30, 30, 30)),
        ([cluster("L", None)], (0, 0, 60)),
        ([cluster("L", 0), cluster("M", None, radius_m=1.0)], (30, 30, 70)),
        ([cluster("L", 0), cluster("M", None, radius_m=None)], (30, 30, 100)),
        ([cluster("L", 0), cluster("M", None, status="broken")], (30, 30, 30)),
        ([], (None, 0, 100)),
    ],
    ids=["one circle, its rim within", "two circles, their union", "broken", "perhaps broken",
         "a second, perhaps broken", "radius not recorded", "a second, radius not recorded",
         "no radius reaches beyond 5 km", "too far from all to matter",
         "no place: the best of all", "a second without place and small",
         "a second without place or radius", "a second without place, broken", "an empty list says nothing"],
)  # fmt: skip
def test_households_within_hearing(
    clusters: list[dict[str, Any]], expected: tuple[float | None, ...]
) -> None:
    found = measured(HOUSEHOLDS, buildings=HOMES, loudspeakers=clusters)
    value, low, high = expected
    if clusters and clusters[0]["status"] is None:
        value = 0.0  # of the seventy not perhaps reached, none is
    assert bounds(found) == pytest.approx((value, low, high))


def test_villages_stand_for_homes_that_are_not_mapped() -> None:
    found = measured(
        HOUSEHOLDS,
        villages=[village("A", 100, 9000), village("B", 60, 0), village("C", 40, 5000)],
        buildings=[home("1", 50, 5000)],
        loudspeakers=[cluster("L", 0)],
    )
    assert bounds(found) == pytest.approx((40.0, 40.0, 40.0))
    assert (found.numerator, found.denominator) == (60.0, 150.0)


def test_a_home_without_number_has_what_its_village_has_beyond_the_others() -> None:
    rows = {
        "villages": [village("A", 60, 0)],
        "buildings": [home("1", 50, 3000), home("2", None, 0)],
        "loudspeakers": [cluster("L", 0)],
    }
    assert bounds(measured(HOUSEHOLDS, **rows)) == pytest.approx((0.0, 0.0, 100 * 10 / 60))
    rows["villages"] = [village("A", None, 0)]
    assert bounds(measured(HOUSEHOLDS, **rows)) == (0.0, 0.0, 100.0)


def test_a_list_that_the_dwellings_contradict_is_no_upper_end() -> None:
    """Fifty households at one dwelling of a village of forty: the other may hold any number."""
    rows = {
        "villages": [village("A", 40, 0)],
        "buildings": [home("1", 50, 3000), home("2", None, 0)],
        "loudspeakers": [cluster("L", 0)],
    }
    assert bounds(measured(HOUSEHOLDS, **rows)) == (0.0, 0.0, 100.0)
    rows["villages"] = [village("A", 50, 0)]
    assert bounds(measured(HOUSEHOLDS, **rows)) == (0.0, 0.0, 0.0)


def test_a_home_without_place_may_be_within_or_not() -> None:
    found = measured(
        HOUSEHOLDS,
        buildings=[home("1", 10, 0), home("2", 20, 5000), home("3", 30, None)],
        loudspeakers=[cluster("L", 0)],
    )
    assert bounds(found) == pytest.approx((100 / 3, 100 / 6, 100 * 40 / 60))


@pytest.mark.parametrize("missing", ["loudspeakers", "villages"])
def test_without_a_layer_the_figures_are_there(missing: str) -> None:
    rows: dict[str, Any] = {"villages": [village("A", 5, 0)], "loudspeakers": [cluster("L", 0)]}
    rows[missing] = None
    for measure in b.ask(loudspeakers, **rows).measures:
        assert bounds(measure) == (None, 0.0, 100.0)
        assert measure.notes[0].code == "LAYER_NOT_GIVEN"


def test_states_to_draw() -> None:
    frame = answered(
        loudspeakers=[cluster("L", 0), cluster("M", 0, status="broken"),
                      cluster("N", 0, status=None, radius_m=None)]
    ).frames["loudspeakers"]  # fmt: skip
    assert frame["state"].tolist() == ["ok", "broken", "unknown"]
    assert frame["radius_m"].tolist()[:2] == [500.0, 500.0]


@pytest.mark.parametrize(
    ("clusters", "more", "notes"),
    [
        ([cluster("L", None)], [], []),
        ([cluster("L", None), cluster("M", None)], [], ["BOUNDS_NOT_SHARP"]),
        ([cluster("L", None), cluster("M", None, radius_m=None)], [], []),
        ([cluster("L", None), cluster("M", None, status="broken")], [], []),
        ([cluster("L", None)], [home("9", None, 0, "B")], ["BOUNDS_NOT_SHARP"]),
        ([cluster("L", 0)], [home("9", None, 0, "B")], []),
    ],
    ids=["one circle anywhere", "two circles anywhere", "one of them without end",
         "one of them broken", "a circle anywhere and a home without number", "all placed"],
)  # fmt: skip
def test_where_bounds_may_be_wider_than_need_be_the_figure_says_so(
    clusters: list[dict[str, Any]], more: list[dict[str, Any]], notes: list[str]
) -> None:
    found = measured(HOUSEHOLDS, buildings=[*HOMES, *more], loudspeakers=clusters)
    assert [note.code for note in found.notes] == notes


STATUS = st.sampled_from(["working", "broken", None])
PLACE = st.sampled_from([0.0, 400.0, 800.0, 1600.0, 5399.0, 5400.0, 5401.0])


Cluster = tuple[float, str, float]


def settled(clusters: list[tuple[float, str | None, float | None]]) -> list[tuple[Cluster, ...]]:
    """Every way clusters can turn out; a radius not recorded is nothing, or 5 km, the most."""
    every = [
        [(x, s, r) for s in ([status] if status else ["working", "broken"])
         for r in ([-1.0, 5000.0] if radius is None else [radius])]
        for x, status, radius in clusters
    ]  # fmt: skip
    return list(itertools.product(*every))


def reached(x: float, clusters: tuple[Cluster, ...]) -> bool:
    return any(status == "working" and abs(x - c) <= radius for c, status, radius in clusters)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.one_of(PLACE, st.none())), min_size=1, max_size=4),
    st.lists(
        st.tuples(PLACE, STATUS, st.sampled_from([100.0, 500.0, None])), min_size=1, max_size=3
    ),
)
def test_bounds_are_those_of_all_completions(
    homes: list[tuple[int, float | None]],
    clusters: list[tuple[float, str | None, float | None]],
) -> None:
    """Places along a line."""
    ways = settled(clusters)
    anywhere = [-1e6, *(x for x, _, _ in clusters)]
    total = sum(n for n, _ in homes)
    shares = [
        100 * sum(n for (n, _), x in zip(homes, places, strict=True) if reached(x, way)) / total
        for places in itertools.product(*([x] if x is not None else anywhere for _, x in homes))
        for way in ways
    ]
    found = measured(
        HOUSEHOLDS,
        buildings=[home(f"{k}", n, x) for k, (n, x) in enumerate(homes)],
        loudspeakers=[
            cluster(f"L{k}", x, status=s, radius_m=r) for k, (x, s, r) in enumerate(clusters)
        ],
    )
    assert (found.low, found.high) == pytest.approx((min(shares), max(shares)))
    # The value is over homes that are reached in every way or in none.
    told = [(n, {reached(y, way) for y in ([x] if x is not None else anywhere) for way in ways})
            for n, x in homes]  # fmt: skip
    sure = [(n, True in states) for n, states in told if len(states) == 1]
    whole = sum(n for n, _ in sure)
    value = 100 * sum(n for n, within in sure if within) / whole if whole else None
    assert found.value == (None if value is None else pytest.approx(value))


XY = st.tuples(st.integers(0, 40), st.integers(0, 40))


@settings(max_examples=settings.default.max_examples * 2)
@given(st.dictionaries(XY, st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 30))
def test_the_best_circle_is_found(weights: dict[tuple[int, int], int], radius: int) -> None:
    """Against every circle that has two of the points on its rim, or one at its middle."""
    points = np.array(list(weights), dtype=float)
    amounts = np.array(list(weights.values()), dtype=float)
    middles = [tuple(p) for p in points]
    for p, q in itertools.combinations(points, 2):
        apart = math.dist(p, q)
        if 0 < apart <= 2 * radius:
            along = math.sqrt(max(0.0, radius**2 - (apart / 2) ** 2))
            normal = np.array([p[1] - q[1], q[0] - p[0]]) / apart
            middles += [tuple((p + q) / 2 + side * along * normal) for side in (-1, 1)]
    best = max(amounts[np.hypot(*(points - middle).T) <= radius + 1e-9].sum() for middle in middles)
    assert most_within(shapely.points(points), amounts, radius) == best
