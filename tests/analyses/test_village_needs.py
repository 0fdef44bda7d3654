"""What villages have and lack: by hand, against plain loops, and against the measures."""

from __future__ import annotations

import itertools
import math
from typing import Any

import build as b
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses import loudspeakers, village_needs, villages
from ntm_gis.analyses.village_needs import KINDS, MAIN, NO, REACH_M, UNKNOWN, YES

HARD = {"concrete", "asphalt", "bitumen", "gravel", "macadam", "block"}


def village(id_: str, at: tuple[float, float] | None = (0, 0), name: str = "") -> dict[str, Any]:
    place = {} if at is None else {"geometry": b.at(*at)}
    return {"village_id": id_, "name": name or f"Nà {id_}", **place}


def campus(
    id_: str, at: tuple[float, float] | None = None, status: str | None = "in_use", name: str = ""
) -> dict[str, Any]:
    place = {} if at is None else {"geometry": b.at(*at)}
    return {"campus_id": id_, "school_id": id_, "name": name or id_, "status": status, **place}


def road(id_: str, line: shapely.LineString, road_class="village", surface="concrete"):
    return {"road_id": id_, "road_class": road_class, "surface": surface, "geometry": line}


def asked(**rows: Any) -> dict[str, dict[str, Any]]:
    frame = b.ask(village_needs, **rows).frames["village_needs"]
    return {row["id"]: row for row in frame.drop(columns="geometry").to_dict("records")}


def one(kind: str, **rows: Any) -> dict[str, tuple[str, str | None]]:
    return {key: (row[kind], row[f"{kind}_by"]) for key, row in asked(**rows).items()}


# --- by hand --------------------------------------------------------------------------------------


def test_nothing_handed_in_is_not_lacking():
    found = asked(villages=[village("A"), village("B", None)])
    assert [found["A"][kind] for kind in KINDS] == [UNKNOWN] * 4
    assert (found["A"]["lacks"], found["A"]["unknowns"], found["A"]["state"]) == (0, 4, "open")
    assert asked() == {}


@pytest.mark.parametrize(
    ("house", "expected"),
    [
        ({}, (YES, "H")),
        ({"seats": 10}, (NO, "H")),
        ({"seats": None}, (UNKNOWN, "H")),
        ({"status": "disused", "seats": None}, (NO, "H")),
        ({"village_id": "B"}, (NO, None)),
        ({"village_id": None}, (UNKNOWN, "H")),
        ({"village_id": None, "status": "repair"}, (NO, None)),
    ],
)
def test_houses(house, expected):
    row = {"house_id": "H", "village_id": "A", "status": "in_use", "floor_m2": 120.0, "seats": 60}
    found = one("house", villages=[village("A"), village("B")], cultural_houses=[row | house])
    assert found["A"] == expected


def test_what_is_there_beats_what_is_broken_beats_nothing():
    def cluster(id_, of, status):
        return {"cluster_id": id_, "village_id": of, "status": status}

    rows = [cluster("1", "A", "broken"), cluster("2", "A", "working"), cluster("3", "B", "broken"),
            cluster("4", "B", None), cluster("5", "C", "broken")]  # fmt: skip
    found = one("speaker", villages=[village(k) for k in "ABCD"], loudspeakers=rows)
    assert found == {"A": (YES, "2"), "B": (UNKNOWN, "4"), "C": (NO, "5"), "D": (NO, None)}


def test_a_school_without_a_place_is_of_the_village_it_is_named_after():
    rows = {"villages": [village("A", (0, 0), "Bản Hô Tra"), village("B", (900, 0), "Hô Ta")]}
    found = one("school", **rows, schools=[campus("S", name="Điểm trường tiểu học Hô Tra")])
    assert found == {"A": (YES, "S"), "B": (NO, None)}
    # The place says more than the name.
    found = one("school", **rows, schools=[campus("S", (890, 0), name="Trường Hô Tra")])
    assert found == {"A": (NO, None), "B": (YES, "S")}


def test_of_two_names_the_longer_and_of_one_name_twice_neither():
    rows = [village("A", (0, 0), "Pá Kim"), village("B", (900, 0), "Pá Kim Trên")]
    found = one("school", villages=rows, schools=[campus("S", name="Trường Pá Kim Trên")])
    assert found == {"A": (NO, None), "B": (YES, "S")}
    twins = [village("A", (0, 0), "Pá Kim"), village("B", (900, 0), "Bản Pá Kim")]
    found = one("school", villages=twins, schools=[campus("S", name="Trường Pá Kim")])
    assert found == {"A": (UNKNOWN, "S"), "B": (UNKNOWN, "S")}


def test_the_name_of_the_commune_names_no_village():
    rows = [village("A", (0, 0), "Mường Khoa"), village("B", (900, 0), "Nà An")]
    schools = [campus("S", name="Trường Mầm non Mường Khoa"), campus("T", (0, 5))]
    assert one("school", villages=rows, schools=schools) == {"A": (YES, "T"), "B": (UNKNOWN, "S")}
    # One that is disused takes nothing away from what is known.
    schools[0]["status"] = "disused"
    assert one("school", villages=rows, schools=schools) == {"A": (YES, "T"), "B": (NO, None)}


def test_a_village_without_a_place_lacks_no_school():
    rows = [village("A", (0, 0)), village("B", None)]
    found = one("school", villages=rows, schools=[campus("S", (50, 0))])
    assert found == {"A": (YES, "S"), "B": (UNKNOWN, None)}
    found = one("school", villages=rows, schools=[campus("S", (50, 0), "disused")])
    assert found == {"A": (NO, "S"), "B": (NO, None)}


@pytest.mark.parametrize(
    ("roads", "expected"),
    [
        ([road("R", b.line((-99, 60), (99, 60)))], (YES, "R")),
        ([road("R", b.line((-99, 60.01), (99, 60.01)))], (UNKNOWN, None)),
        ([road("R", b.line((-99, 0), (99, 0)), surface="earth")], (NO, "R")),
        ([road("R", b.line((-99, 0), (99, 0)), surface=None)], (UNKNOWN, "R")),
        ([road("R", b.line((-99, 0), (99, 0)), "lane")], (UNKNOWN, None)),
        ([{"road_id": "R", "road_class": "village", "surface": "earth"}], (UNKNOWN, None)),
        (
            [road("R", b.line((-99, 0), (99, 0)), surface="earth"),
             road("Q", b.line((0, -99), (0, 99)), surface=None)],
            (UNKNOWN, "Q"),
        ),
        (
            [road("R", b.line((-99, 0), (99, 0)), surface="gravel"),
             road("Q", b.line((0, -99), (0, 99)), surface=None)],
            (YES, "R"),
        ),
    ],
    ids=["on the edge", "just beyond", "earth", "surface not known", "a lane", "by list alone",
         "not known beats earth", "hard beats not known"],
)  # fmt: skip
def test_roads(roads, expected):
    assert one("road", villages=[village("A")], roads=roads)["A"] == expected


def test_rows_set_aside_say_nothing():
    aside = campus("S", (0, 0)) | {b.STATE: "set_aside"}
    rows = [village("A"), village("B", (900, 0))]
    assert one("school", villages=rows, schools=[aside])["A"] == (UNKNOWN, None)


# --- against plain loops --------------------------------------------------------------------------

PLACES = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda p: (p[0] * 50, p[1] * 50))


def off(point, line):
    """Distance of a point to a chain of straight pieces, by hand."""
    best = math.inf
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        dx, dy = x1 - x0, y1 - y0
        long = dx * dx + dy * dy
        t = 0 if long == 0 else ((point[0] - x0) * dx + (point[1] - y0) * dy) / long
        t = min(max(t, 0), 1)
        best = min(best, math.hypot(point[0] - x0 - t * dx, point[1] - y0 - t * dy))
    return best


@settings(max_examples=60, deadline=None)
@given(
    st.lists(PLACES, min_size=1, max_size=5, unique=True),
    st.lists(st.tuples(st.one_of(st.none(), PLACES), st.sampled_from(["in_use", "disused", None])),
             min_size=1, max_size=6),
)  # fmt: skip
def test_schools_by_a_plain_loop(places, campuses):
    rows = [village(f"V{i}", at, f"Tên {chr(65 + i)}") for i, at in enumerate(places)]
    found = one(
        "school", villages=rows,
        schools=[campus(f"S{i}", at, status) for i, (at, status) in enumerate(campuses)],
    )  # fmt: skip
    anywhere = any(at is None and status != "disused" for at, status in campuses)
    for v, home in enumerate(places):
        own = set()
        for at, status in campuses:
            if at is None:
                continue
            nearest = min(range(len(places)), key=lambda i: (math.dist(places[i], at), i))
            if nearest == v:
                own.add(status)
        if len(places) == 1:
            own |= {status for _, status in campuses}
        expected = YES if "in_use" in own else UNKNOWN if None in own or anywhere else NO
        assert found[f"V{v}"][0] == expected, home


@settings(max_examples=60, deadline=None)
@given(
    st.lists(PLACES, min_size=1, max_size=5, unique=True),
    st.lists(
        st.tuples(
            st.lists(PLACES, min_size=2, max_size=4, unique=True),
            st.sampled_from(["national", "provincial", "commune", "village", "lane", "field"]),
            st.sampled_from(["concrete", "gravel", "block", "earth", None]),
        ),
        max_size=6,
    ),
)
def test_roads_by_a_plain_loop(places, roads):
    found = one(
        "road",
        villages=[village(f"V{i}", at) for i, at in enumerate(places)],
        roads=[road(f"R{i}", b.line(*line), kind, surface)
               for i, (line, kind, surface) in enumerate(roads)],
    )  # fmt: skip
    for v, at in enumerate(places):
        near = {
            f"R{i}": surface
            for i, (line, kind, surface) in enumerate(roads)
            if kind in MAIN and off(at, line) <= REACH_M
        }
        hard = [key for key, surface in near.items() if surface in HARD]
        open_ones = [key for key, surface in near.items() if surface is None]
        soft = [key for key, surface in near.items() if surface == "earth"]
        by = hard or open_ones or soft
        state = YES if hard else UNKNOWN if open_ones or not soft else NO
        assert found[f"V{v}"] == (state, ", ".join(by) or None)


VILLAGES_OF = st.sampled_from(["A", "B", "C", None])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(VILLAGES_OF, st.sampled_from([True, False, None])), max_size=5),
    st.integers(1, 3),
)
def test_over_every_way_it_may_turn_out(found, count):
    """Yes is so in every completion of what is unknown, no in every one too, else unknown."""
    every = ["A", "B", "C"][:count]
    found = [(of, good) for of, good in found if of is None or of in every]
    rows = [{"cluster_id": str(i), "village_id": of, "status": {True: "working", False: "broken",
             None: None}[good]} for i, (of, good) in enumerate(found)]  # fmt: skip
    said = one("speaker", villages=[village(k) for k in every], loudspeakers=rows)
    ways: list[list[tuple[str, bool]]] = [[]]
    for of, good in found:
        ways = [
            [*way, (home, works)]
            for way in ways
            for home in ([of] if of else every)
            for works in ([good] if good is not None else [True, False])
        ]
    for key in every:
        outcomes = {any(home == key and works for home, works in way) for way in ways}
        expected = UNKNOWN if len(outcomes) > 1 else YES if outcomes == {True} else NO
        assert said[key][0] == (UNKNOWN if not found else expected)


# --- beside the measures, on the sample -----------------------------------------------------------


def test_as_many_as_the_measures_count(sample_review):
    frame = sample_review.answer.frames["village_needs"]
    by_id = {m.id: m for m in sample_review.answer.measures}
    for kind, name in (("house", villages.HOUSE_SHARE), ("speaker", "loudspeakers.villages_share")):
        measure = by_id[name]
        states = list(frame[kind])
        assert states.count(YES) == measure.numerator
        assert states.count(YES) + states.count(NO) == measure.denominator
        assert 100 * states.count(YES) / len(states) == pytest.approx(measure.low)
    assert loudspeakers.LAYER in sample_review.layers.by_name


def test_the_sample_by_name(sample_review):
    found = sample_review.answer.frames["village_needs"].set_index("name")
    # DT07 has no place on the map; its name says where it is.
    assert tuple(found.loc["Nậm Cung", ["school", "school_by"]]) == (YES, "DT07")
    assert tuple(found.loc["Hô Tra", list(KINDS)]) == (NO, YES, NO, NO)
    assert tuple(found.loc["Hô Be", ["school", "school_by"]]) == (NO, "DT19")
    assert tuple(found.loc["Nà Cóoc", ["road", "road_by"]]) == (UNKNOWN, "D17")
    counted = found[list(KINDS)]
    assert list(found["lacks"]) == (counted == NO).sum(axis=1).tolist()
    assert list(found["unknowns"]) == (counted == UNKNOWN).sum(axis=1).tolist()
