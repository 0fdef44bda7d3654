"""Cultural houses, the cultural standard, poor households: by hand and by enumeration."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import build as b
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses import villages
from ntm_gis.analyses.sizes import Size, all_sizes, sizes_for
from ntm_gis.layers.values import SET_ASIDE, STATE, Answer
from ntm_gis.results import Measure

SHARE = "villages.with_cultural_house_share"


def village(id_: str, **fields: Any) -> dict[str, Any]:
    return {"village_id": id_, "name": f"Nà {id_}", **fields}


def house(id_: str, village_id: str | None, **fields: Any) -> dict[str, Any]:
    """A house large enough for a commune in special difficulty, in use."""
    size = {"status": "in_use", "floor_m2": 120.0, "seats": 60}
    return {"house_id": id_, "village_id": village_id, **size, **fields}


def answered(**rows: Any) -> Answer:
    found = b.ask(villages, **rows)
    b.check_evidence(found)
    return found


def measured(name: str, **rows: Any) -> Measure:
    return b.by_id(answered(**rows))[name]


def bounds(measure: Measure) -> tuple[float | None, ...]:
    return measure.value, measure.low, measure.high


# --- Cultural houses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected", "state"),
    [
        ({}, (100, 100, 100), "ok"),
        ({"floor_m2": 100.0, "seats": 50}, (100, 100, 100), "ok"),
        ({"floor_m2": 99.9}, (0, 0, 0), "poor"),
        ({"seats": 49}, (0, 0, 0), "poor"),
        ({"seats": None}, (None, 0, 100), "unknown"),
        ({"floor_m2": None}, (None, 0, 100), "unknown"),
        ({"floor_m2": None, "seats": 10}, (0, 0, 0), "poor"),
        ({"status": "repair"}, (0, 0, 0), "poor"),
        ({"status": "disused"}, (0, 0, 0), "off"),
        ({"status": None}, (None, 0, 100), "unknown"),
        ({"status": None, "seats": 10}, (0, 0, 0), "poor"),
        ({"village_id": None}, (100, 100, 100), "ok"),
        ({"village_id": "X"}, (0, 0, 100), "ok"),
    ],
    ids=["good", "just large enough", "floor too small", "too few seats", "seats not recorded",
         "floor not recorded", "one number settles it", "under repair", "disused",
         "status not recorded", "too small whatever its status", "village not recorded",
         "village not in the list"],
)  # fmt: skip
def test_one_village_one_house(
    fields: dict[str, Any], expected: tuple[float | None, ...], state: str
) -> None:
    found = answered(villages=[village("A")], cultural_houses=[{**house("H", "A"), **fields}])
    assert bounds(b.by_id(found)[SHARE]) == expected
    assert found.frames["cultural_houses"]["state"].tolist() == [state]


def test_the_sample_of_the_plan_in_small() -> None:
    """Twenty villages: fifteen good, two too small, two without, one house of unknown seats."""
    rows = [village(f"V{k:02d}") for k in range(20)]
    houses = [house(f"H{k:02d}", f"V{k:02d}") for k in range(18)]
    houses[15]["seats"] = None
    houses[16]["floor_m2"] = houses[17]["floor_m2"] = 80.0
    found = answered(villages=rows, cultural_houses=houses)
    share = b.by_id(found)[SHARE]
    assert bounds(share) == pytest.approx((100 * 15 / 19, 75.0, 80.0))
    assert (share.numerator, share.denominator) == (15, 19)
    assert b.codes(found) == ["VILLAGE_WITHOUT_HOUSE"] * 2
    assert [finding.feature for finding in found.findings] == ["V18", "V19"]
    without = found.frames["villages_without_house"]
    assert without["id"].tolist() == ["V18", "V19"]
    assert without["state"].tolist() == ["none", "none"]


def test_a_house_of_nobody_knows_which_village_leaves_all_open() -> None:
    found = answered(
        villages=[village("A"), village("B")],
        cultural_houses=[house("H", "A"), house("X", None, status=None)],
    )
    assert bounds(b.by_id(found)[SHARE]) == (50.0, 50.0, 100.0)
    assert not found.findings
    assert found.frames["villages_without_house"]["state"].tolist() == ["unknown"]


def test_a_house_of_a_village_set_aside_belongs_to_none() -> None:
    rows = [village("A"), {**village("B"), STATE: SET_ASIDE}]
    found = measured(SHARE, villages=rows, cultural_houses=[house("H", "B")])
    assert bounds(found) == (0.0, 0.0, 0.0)


def test_a_finding_stands_where_the_village_is() -> None:
    found = answered(
        villages=[village("A", geometry=b.at(1979.18, 972.70))],
        cultural_houses=[house("H", "A", status="disused")],
    )
    place = found.findings[0]
    assert place.at == pytest.approx((103.70, 22.20), abs=1e-7)
    assert (place.layer, place.feature, place.row) == ("villages", "A", 1)
    assert place.message.vi == "Chưa có nhà văn hóa nào đang sử dụng: bản Nà A."


def test_without_the_list_of_houses_nothing_is_said() -> None:
    found = answered(villages=[village("A")])
    share = b.by_id(found)[SHARE]
    assert bounds(share) == (None, 0.0, 100.0)
    assert "Nhà văn hóa" in share.notes[0].text.vi
    assert not found.findings


def test_the_size_is_said_to_be_unverified() -> None:
    share = measured(SHARE, villages=[village("A")], cultural_houses=[house("H", "A")])
    assert [note.code for note in share.notes] == ["HOUSE_SIZE_UNVERIFIED"]
    assert "100 m² và từ 50 chỗ ngồi" in share.evidence.method.vi


MOUNTAINS, DELTA = "northern-midlands-mountains", "red-river-delta"


@pytest.mark.parametrize(
    ("special", "region", "sizes"),
    [
        (True, DELTA, [(100, 50)]),
        (False, MOUNTAINS, [(200, 80)]),
        (False, "central-highlands", [(200, 80)]),
        (False, DELTA, [(300, 100)]),
        (False, None, [(200, 80), (300, 100)]),
        (True, None, [(100, 50)]),
    ],
)
def test_the_size_goes_by_difficulty_and_region(
    special: bool, region: str | None, sizes: list[tuple[float, float]]
) -> None:
    identity = b.commune(special_difficulty=special, region=region).commune
    assert [(s.floor_m2, s.seats) for s in sizes_for(identity)] == sizes
    assert {s.status for s in all_sizes()} == {"unverified"}


def test_a_region_not_known_widens_the_bounds() -> None:
    identity = b.commune(special_difficulty=False, region=None)
    rows = {
        "villages": [village("A"), village("B")],
        "cultural_houses": [house("H", "A", floor_m2=250.0, seats=90), house("I", "B")],
    }
    found = b.by_id(b.ask(villages, identity, **rows))[SHARE]
    assert bounds(found) == (0.0, 0.0, 50.0)


@pytest.mark.parametrize(
    ("region", "sizes", "high"),
    [(MOUNTAINS, [(100, 50), (200, 80)], 100.0), (None, [(100, 50), (200, 80), (300, 100)], 100.0)],
)
def test_a_difficulty_not_known_widens_the_bounds(
    region: str | None, sizes: list[tuple[float, float]], high: float
) -> None:
    """A house of 120 m² and 60 seats counts where the commune is in special difficulty."""
    whole = b.commune(region=region)
    identity = whole.commune.model_copy(update={"special_difficulty": None})
    assert [(s.floor_m2, s.seats) for s in sizes_for(identity)] == sizes
    found = b.by_id(
        b.ask(
            villages,
            whole.model_copy(update={"commune": identity}),
            villages=[village("A"), village("B")],
            cultural_houses=[house("H", "A"), house("I", "B")],
        )
    )[SHARE]
    assert bounds(found) == (None, 0.0, high)
    assert "HOUSE_SIZE_OPEN" in {note.code for note in found.notes}


def test_a_later_row_replaces_the_earlier_ones_from_its_day_on() -> None:
    later = Size.model_validate(
        {"from": dt.date(2026, 1, 1), "floor_m2": 1, "seats": 1, "citation": "–", "status": "cited"}
    )
    before, after = b.commune().commune, b.commune(as_of=dt.date(2026, 1, 1)).commune
    rows = (*all_sizes(), later)
    assert sizes_for(before, rows)[0].floor_m2 == 100
    assert sizes_for(after, rows) == (later,)
    assert sizes_for(b.commune(as_of=dt.date(2015, 1, 1)).commune) == ()


PLACES = ["A", "B", None, "X"]
STATUSES = ["in_use", "repair", None]


@st.composite
def few_houses(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        house(
            f"H{k}",
            draw(st.sampled_from(PLACES)),
            status=draw(st.sampled_from(STATUSES)),
            seats=draw(st.sampled_from([10, 60, None])),
        )
        for k in range(draw(st.integers(1, 4)))
    ]


@given(few_houses(), st.sampled_from([["A"], ["A", "B"], ["A", "B", "C"]]))
def test_bounds_are_those_of_all_completions(rows: list[dict[str, Any]], every: list[str]) -> None:
    def ways(row: dict[str, Any]) -> list[tuple[str | None, bool]]:
        homes = {None: every}.get(row["village_id"], [row["village_id"]])
        homes = [*every, None] if homes[0] not in every else homes
        status = STATUSES[:2] if row["status"] is None else [row["status"]]
        seats = [10, 60] if row["seats"] is None else [row["seats"]]
        return [
            (v, s == "in_use" and n >= 50) for v in homes for s in status for n in seats
        ]  # fmt: skip

    shares = [
        100 * len({v for v, good in way if good and v}) / len(every)
        for way in itertools.product(*map(ways, rows))
    ]
    found = measured(SHARE, villages=[village(v) for v in every], cultural_houses=rows)
    assert (found.low, found.high) == pytest.approx((min(shares), max(shares)))


# --- Cultural standard, poor households, count ---------------------------------------------------


def test_the_cultural_standard_by_village() -> None:
    rows = [village("A", cultural_standard=True), village("B", cultural_standard=False),
            village("C"), village("D", cultural_standard=True)]  # fmt: skip
    share = measured("villages.cultural_standard_share", villages=rows)
    assert bounds(share) == pytest.approx((100 * 2 / 3, 50.0, 75.0))
    assert share.method == "list"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([(6, 60)], (10.0, 10.0, 10.0)),
        ([(6, 60), (None, 40)], (10.0, 6.0, 46.0)),
        ([(6, 60), (4, None)], (10.0, 0.0, 100 * 10 / 64)),
        ([(6, 60), (None, None)], (10.0, 0.0, 100.0)),
        ([(6, 60), (70, 40)], (10.0, 6.0, 46.0)),
        ([(70, 50)], (None, 0.0, 100.0)),
        ([(None, None)], (None, 0.0, 100.0)),
        ([], (None, 0.0, 100.0)),
    ],
    ids=["all known", "poor not recorded", "households not recorded", "neither",
         "more poor than households", "nothing but that", "nothing known", "no villages"],
)  # fmt: skip
def test_poor_households(
    others: list[tuple[int | None, int | None]], expected: tuple[float | None, ...]
) -> None:
    rows = [
        village(f"V{k}", poor_households=poor, households=all_of)
        for k, (poor, all_of) in enumerate(others)
    ]
    share = measured("villages.poor_share", villages=rows)
    assert bounds(share) == pytest.approx(expected)
    assert share.report_value == pytest.approx(expected[2])  # of poverty less is better


def test_villages_are_counted() -> None:
    rows = [village("A"), village("B"), {**village("C"), STATE: SET_ASIDE}]
    assert bounds(measured("villages.count", villages=rows)) == (2, 2, 2)


def test_without_villages_every_figure_is_there() -> None:
    for measure in b.ask(villages).measures:
        assert measure.value is None
        assert "Thôn, bản" in measure.notes[0].text.vi or "LAYER_NOT_GIVEN" in measure.notes[0].code


@pytest.mark.parametrize(
    ("people", "households", "odd"),
    [(400, 100, False), (149, 100, True), (150, 100, False), (1000, 100, False), (1001, 100, True),
     (100, 400, True), (None, 100, False), (400, None, False)],
)  # fmt: skip
def test_people_and_households_that_can_hardly_both_be_right(
    people: int | None, households: int | None, odd: bool
) -> None:
    found = answered(villages=[village("A", population=people, households=households)])
    assert b.codes(found) == ["POPULATION_ODD"] * odd
    if (people, households) == (1001, 100):
        (finding,) = found.findings
        assert "1.001 nhân khẩu trên 100 hộ, tức 10,0 người" in finding.message.vi
        assert (finding.feature, finding.field, finding.value) == ("A", "population", "1001")
