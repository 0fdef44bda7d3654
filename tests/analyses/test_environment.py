"""Tea against pesticide bins, houses against livestock and cemeteries: distances, what is open."""

from __future__ import annotations

import math

import build as b
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses import environment
from ntm_gis.layers.values import Answer
from ntm_gis.numbers import format_vi
from ntm_gis.rules.environment import distances
from ntm_gis.rules.maps import styles


def ask(**rows) -> Answer:
    return b.ask(environment, **rows)


def site(key: str, kind: str, x: float | None, y: float = 0.0, **more):
    place = None if x is None else b.at(x, y)
    return {"site_id": key, "kind": kind, "geometry": place, **more}


def plot(key: str, x: float):
    return {"plot_id": key, "geometry": b.box(x, 0, x + 10, 10)}


def house(key: str, x: float, households: int | None = 1, **more):
    return {"building_id": key, "households": households, "geometry": b.at(x, 0), **more}


def states(answer: Answer, name: str) -> dict[str, str]:
    frame = answer.frames[name]
    return dict(zip(frame["id"], frame["state"], strict=True))


def test_a_plot_counts_as_near_up_to_the_distance_itself() -> None:
    limit = distances().tea_to_bin.metres
    found = ask(
        environment=[site("E1", "pesticide_bin", 0, 5), site("E2", "waste_point", 5000, 5)],
        tea_areas=[plot("T1", 3), plot("T2", limit), plot("T3", limit + 0.01)],
    )
    assert states(found, "tea_bins") == {"T1": "near", "T2": "near", "T3": "far"}
    frame = found.frames["tea_bins"].set_index("id")
    assert frame.loc["T3", ["bin_id", "bin_m"]].tolist() == ["E1", pytest.approx(limit + 0.01)]
    assert frame["area_ha"].tolist() == pytest.approx([0.01] * 3, rel=1e-3)


def test_hectares_by_state_count_what_is_drawn_and_say_what_is_not() -> None:
    limit = distances().tea_to_bin.metres
    plots = [plot("T1", 3), plot("T2", 20), plot("T3", limit + 50), {"plot_id": "T4"}]
    found = ask(environment=[site("E1", "pesticide_bin", 0, 5)], tea_areas=plots)
    assert math.isnan(found.frames["tea_bins"].set_index("id").loc["T4", "area_ha"])
    sums = found.frames["tea_bins_ha"].set_index("id")
    assert sums["plots"].to_dict() == {"near": 2, "far": 1, "unknown": 1}
    assert sums["undrawn"].to_dict() == {"near": 0, "far": 0, "unknown": 1}
    assert sums["area_ha"].tolist() == pytest.approx([0.02, 0.01, 0.0], rel=1e-3)
    assert ask(environment=[]).frames["tea_bins_ha"].empty


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        (None, "unknown"),
        ([], "far"),
        ([site("E1", "pesticide_bin", None)], "unknown"),
        ([site("E1", "pesticide_bin", 3000), site("E2", "pesticide_bin", None)], "unknown"),
        ([site("E1", "pesticide_bin", 20), site("E2", "pesticide_bin", None)], "near"),
        ([site("E1", "pesticide_bin", 20, located_by="village")], "unknown"),
        ([site("E1", "cemetery", 20)], "far"),
    ],
    ids=["no list of sites", "a list without any bin", "a bin without a place",
         "one far, one without a place", "one near, one without a place", "placed by its village",
         "other kinds are no bins"],
)  # fmt: skip
def test_a_plot_is_far_only_where_no_bin_can_be_near(sites, expected) -> None:
    found = ask(environment=sites, tea_areas=[plot("T1", 0)])
    assert states(found, "tea_bins") == {"T1": expected}


def test_a_plot_that_is_not_drawn_is_not_known() -> None:
    found = ask(environment=[site("E1", "pesticide_bin", 0)], tea_areas=[{"plot_id": "T1"}])
    assert states(found, "tea_bins") == {"T1": "unknown"}
    assert math.isnan(found.frames["tea_bins"]["bin_m"].iloc[0])


@given(st.lists(st.floats(-4000, 4000), min_size=1, max_size=6), st.floats(-4000, 4000))
def test_one_more_bin_never_puts_a_plot_farther(places, more) -> None:
    def metres(xs):
        sites = [site(f"E{k}", "pesticide_bin", x) for k, x in enumerate(xs)]
        frame = ask(environment=sites, tea_areas=[plot("T1", 0)]).frames["tea_bins"]
        return frame["bin_m"].iloc[0]

    before, after = metres(places), metres([*places, more])
    assert after <= before
    assert before == pytest.approx(min(b.box(0, 0, 10, 10).distance(b.at(x, 0)) for x in places))


@pytest.mark.parametrize(
    ("size", "metres", "expected"),
    [
        ("small", 99.0, "near"), ("small", 100.0, "clear"), ("large", 399.0, "near"),
        ("large", 400.0, "clear"), (None, 99.0, "near"), (None, 150.0, "unknown"),
        (None, 400.0, "clear"),
    ],
)  # fmt: skip
def test_livestock_is_held_against_the_distance_of_its_size(size, metres, expected) -> None:
    found = ask(
        environment=[site("E1", "livestock_farm", 0, size=size)], buildings=[house("H1", metres)]
    )
    assert states(found, "environment_near") == {"E1": expected}


def test_the_line_runs_to_the_nearest_house_that_is_lived_in() -> None:
    found = ask(
        environment=[site("E1", "cemetery", 0), site("E2", "water_source", 0)],
        buildings=[house("H0", 100, 0), house("H1", 450), house("H2", 300, None), house("H3", 900)],
    )
    frame = found.frames["environment_near"].set_index("id")
    assert list(frame.index) == ["E1"]
    assert frame.loc["E1", ["house_id", "house_m", "houses_within"]].tolist() == ["H2", 300.0, 2]
    assert frame.geometry.loc["E1"].equals(shapely.LineString([b.at(0, 0), b.at(300, 0)]))
    assert "tham khảo" in frame.loc["E1", "law"]
    assert "reference" in frame.loc["E1", "law_en"]


def test_without_houses_nothing_is_clear() -> None:
    cemetery = site("E1", "cemetery", 0)
    assert states(ask(environment=[cemetery]), "environment_near") == {"E1": "unknown"}
    lost = [house("H1", 900), {"building_id": "H2", "households": 1}]
    found = ask(environment=[cemetery], buildings=lost)
    assert states(found, "environment_near") == {"E1": "unknown"}


def test_the_legend_names_the_distance_that_is_used() -> None:
    said = format_vi(distances().tea_to_bin.metres, "m", 0).replace("\u00a0", " ")
    titles = {case.code: case.title.vi for case in styles().styles["tea_bins"].cases}
    assert said in titles["near"]
    assert said in titles["far"]
    assert said in distances().tea_to_bin.says.vi
