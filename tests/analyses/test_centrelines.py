"""Roads drawn anew or backwards: entries keep their line, what moves is shown in metres."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import build as b
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.chainage.axis import Axis, axis
from ntm_gis.analyses.chainage.centreline_changes import turned_by_names
from ntm_gis.analyses.chainage.centrelines import (
    axis_of,
    carry_over,
    centreline,
    digest,
    is_same,
    latest,
    vertices_cm,
)
from ntm_gis.analyses.chainage.stakes import road_lines
from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Centreline, Claim, Decisions
from ntm_gis.layers.values import Answer

DAY = dt.date(2025, 3, 1)


def made(*points: tuple[float, float]) -> Axis:
    found = axis(b.line(*points))
    assert found is not None
    return found


def wavy(shift: float = 0.0, start: float = 0.0) -> Axis:
    t = np.arange(start, 3000.0, 10.0)
    return Axis(np.column_stack([b.WEST + 80 * np.sin(t / 90) + shift, b.SOUTH + t]))


def test_a_line_is_known_by_its_zone_and_vertices() -> None:
    line = centreline("D5", b.line((0, 0), (0, 100)), b.CRS, DAY)
    assert line is not None
    assert line.vertices_cm == ((57_000_000, 245_500_000), (57_000_000, 245_510_000))
    assert line.digest == digest(b.CRS, line.vertices_cm)
    assert line.digest != digest("EPSG:9208", line.vertices_cm)
    assert line.digest != digest(b.CRS, line.vertices_cm[::-1])
    again = axis_of(line)
    assert again is not None
    assert again.length_cm == 10_000
    assert centreline("D5", shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 0), (6, 0)]]), b.CRS,
                      DAY) is None  # fmt: skip


def test_the_newest_version_of_each_road() -> None:
    lines = [
        Centreline(str(k), road, k, b.CRS, (), DAY) for road, k in (("A", 1), ("B", 1), ("A", 2))
    ]
    assert {road: line.version for road, line in latest(lines).items()} == {"A": 2, "B": 1}


def test_rounding_to_a_centimetre_makes_no_other_line() -> None:
    old = wavy()
    stored = axis_of(Centreline("x", "D5", 1, b.CRS, vertices_cm(old), DAY))
    assert stored is not None
    assert is_same(stored, old)
    assert not is_same(stored, wavy(0.05))
    assert not is_same(stored, Axis(old.xy[1:]))


@settings(max_examples=30)
@given(st.integers(0, 290_000))
def test_the_same_line_carries_over_as_it_is(cm: int) -> None:
    carried = carry_over(wavy(), wavy())
    assert abs(carried.new_of(cm) - cm) <= 1
    assert carried.largest_m == pytest.approx(0.0, abs=0.02)
    assert carried.farthest_m < 1e-6


def test_a_line_begun_twenty_metres_later_moves_every_chainage_by_twenty() -> None:
    old = made((0, 0), (0, 3000))
    carried = carry_over(old, made((0, 20), (0, 3000)))
    assert carried.new_of(150_000) == pytest.approx(148_000, abs=1)
    assert carried.difference_m(280_000) == pytest.approx(-20.0, abs=0.01)
    assert carried.new_of(0) == 0
    longer = carry_over(old, made((0, -20), (0, 3000)))
    assert longer.difference_m(150_000) == pytest.approx(20.0, abs=0.01)
    assert longer.new_of(310_000) == pytest.approx(312_000, abs=1)


def test_a_bend_cut_short_moves_what_lies_behind_it() -> None:
    """A detour of 300 + 400 + 300 m becomes 400 m straight on."""
    old = made((0, 0), (0, 1000), (300, 1000), (300, 1400), (0, 1400), (0, 2000))
    carried = carry_over(old, made((0, 0), (0, 2000)))
    assert carried.new_of(50_000) == pytest.approx(50_000, abs=1)
    assert carried.difference_m(220_000) == pytest.approx(-600.0, abs=1.0)
    assert carried.farthest_m == pytest.approx(300.0, abs=1.0)


def test_the_limbs_of_a_hairpin_are_not_mixed_up() -> None:
    """Limbs 8 m apart; the new drawing is 6 m to one side, nearer to the other limb."""

    def hairpin(side: float) -> Axis:
        return made((side, 0), (side, 800), (side + 8, 800), (side + 8, 0))

    carried = carry_over(hairpin(0), hairpin(6))
    for cm in (10_000, 40_000, 79_000, 100_000, 150_000):
        assert abs(carried.new_of(cm) - cm) <= 100, cm


@settings(max_examples=30)
@given(st.lists(st.floats(-6, 6), min_size=31, max_size=31), st.sampled_from([1, 13]))
def test_chainages_never_fall_and_stay_on_the_line(noise: list[float], every: int) -> None:
    old = wavy()
    xy = old.xy[::every].copy()
    xy[: len(noise)] += np.array(noise[: len(xy)])[:, None]
    new = Axis(xy)
    carried = carry_over(old, new)
    assert (np.diff(carried.new_cm) >= 0).all()
    assert carried.new_cm[0] >= 0
    assert carried.new_cm[-1] <= new.length_cm
    # The noise, and how far a chord of 130 m lies off the curve.
    assert carried.farthest_m <= 6 * 2**0.5 + 22.0


# --- In the whole analysis -----------------------------------------------------------------------

WORK = {"work_id": "CT01", "road_id": "D05", "planned_length_m": 3000.0, "from_m": 0.0,
        "to_m": 3000.0}  # fmt: skip


def answered(
    drawn: shapely.Geometry, recorded: shapely.Geometry, *, of_record: bool = True, **more: Any
) -> Answer:
    """Progress of a road whose line in the record is another than today's."""
    line = centreline("D05", recorded, b.CRS, DAY)
    assert line is not None
    claim = Claim("e" * 64, "BC1", "CT01", 0, 100_000, "poured", dt.date(2025, 6, 1), width_cm=350,
                  centreline=line.digest if of_record else None)  # fmt: skip
    road = {"road_id": "D05", "road_class": "village", "geometry": drawn, **more.pop("road", {})}
    layers = b.layers(roads=[road], road_works=[WORK], **more)
    return progress.answer(Question(layers, Decisions(claims=(claim,), centrelines=(line,))))


STRAIGHT = b.line((0, 0), (0, 3000))


def test_the_line_of_the_record_is_todays() -> None:
    found = answered(STRAIGHT, STRAIGHT)
    assert not found.findings
    assert found.frames["road_carry_over"].empty


def test_a_road_drawn_anew_is_told_with_the_difference_in_metres() -> None:
    found = answered(b.line((0, -50), (0, 3000)), STRAIGHT)
    (told,) = found.findings
    assert (told.code, told.layer, told.feature) == ("CENTRELINE_REDRAWN", "roads", "D05")
    for words in ("01/03/2025", "3.000,0 m", "3.050,0 m", "lệch nhiều nhất 50,0 m", "1 báo cáo"):
        assert words in told.message.vi
    assert "progress.CT01.poured_km" in told.affects
    (row,) = found.frames["road_carry_over"].itertuples()
    assert (row.report_id, row.old_from_m, row.old_to_m) == ("BC1", 0.0, 1000.0)
    assert row.new_to_m == pytest.approx(1050.0, abs=0.02)
    assert row.difference_m == pytest.approx(50.0, abs=0.02)
    # Nothing is moved for it: the entry keeps its chainage and its line.
    assert b.by_id(found)["progress.CT01.poured_km"].value == 1.0
    drawn = found.frames["road_reports"].geometry.iloc[0]
    assert drawn.coords[0] == pytest.approx((b.WEST, b.SOUTH))


def test_only_lines_that_entries_rest_on_are_looked_at() -> None:
    assert not answered(b.line((0, -50), (0, 3000)), STRAIGHT, of_record=False).findings


def test_with_stakes_a_new_drawing_changes_no_official_chainage() -> None:
    stakes = [{"road_id": "D05", "chainage_m": float(y), "geometry": b.at(0, y)}
              for y in (0, 1000, 2000, 3000)]  # fmt: skip
    found = answered(b.line((0, -50), (0, 3000)), STRAIGHT, stakes=stakes)
    (told,) = found.findings
    assert told.code == "CENTRELINE_REDRAWN"
    (row,) = found.frames["road_carry_over"].itertuples()
    assert row.difference_m == pytest.approx(0.0, abs=0.02)


def test_a_road_turned_round_is_asked_about_and_keeps_its_old_start() -> None:
    found = answered(STRAIGHT.reverse(), STRAIGHT)
    assert b.codes(found) == ["ROAD_REVERSED"]
    assert "01/03/2025" in found.findings[0].message.vi
    frame = found.frames["road_progress"]
    poured = frame[frame["state"] == "poured"].geometry.iloc[-1]
    assert poured.coords[0] == pytest.approx((b.WEST, b.SOUTH))
    assert poured.length == pytest.approx(1000)


def test_a_road_turned_round_and_drawn_anew() -> None:
    found = answered(b.line((5, 3000), (5, -50)), STRAIGHT)
    assert b.codes(found) == ["CENTRELINE_REDRAWN", "ROAD_REVERSED"]
    assert found.frames["road_carry_over"]["state"].tolist() == ["turned"]


# --- Named ends ----------------------------------------------------------------------------------

VILLAGES = [{"village_id": "A", "name": "Nà An", "geometry": b.at(0, -100)},
            {"village_id": "B", "name": "Hô Tra", "geometry": b.at(0, 3100)}]  # fmt: skip


def by_names(start: str | None, end: str | None, villages: list[dict[str, Any]]) -> list[str]:
    road = {"road_id": "D05", "geometry": STRAIGHT, "start_name": start, "end_name": end}
    layers = b.layers(roads=[road], villages=villages)
    lines, _ = road_lines(layers["roads"], layers["stakes"])
    return [words.vi for _, words in turned_by_names(layers, lines)]


@pytest.mark.parametrize(
    ("start", "end", "villages", "asked"),
    [
        ("Nà An", "Hô Tra", VILLAGES, 0),
        ("Hô Tra", "Nà An", VILLAGES, 1),
        ("Bản Hô Tra", "bản Nà An", VILLAGES, 1),
        ("Hô Tra", None, VILLAGES, 0),
        ("Hô Tra", "Ngã ba", VILLAGES, 0),
        ("Hô Tra", "Nà An", [*VILLAGES, {**VILLAGES[0], "village_id": "C"}], 0),
        ("Hô Tra", "Nà An", [{**v, "geometry": b.at(4000, 1500)} for v in VILLAGES], 0),
        ("Hô Tra", "Nà An", [{**v, "geometry": None} for v in VILLAGES], 0),
    ],
    ids=["as drawn", "the other way", "with the word for a village", "one end", "no village",
         "two of the name", "far from both ends", "not located"],
)  # fmt: skip
def test_named_ends_say_which_way_a_road_runs(
    start: str | None, end: str | None, villages: list[dict[str, Any]], asked: int
) -> None:
    assert len(by_names(start, end, villages)) == asked


def test_all_evidence_of_a_road_is_in_one_question() -> None:
    stakes = [{"road_id": "D05", "chainage_m": 3000.0 - y, "geometry": b.at(0, y)}
              for y in (0.0, 1500.0, 3000.0)]  # fmt: skip
    found = answered(
        STRAIGHT, STRAIGHT, stakes=stakes, villages=VILLAGES,
        road={"start_name": "Hô Tra", "end_name": "Nà An"},
    )  # fmt: skip
    (asked,) = [f for f in found.findings if f.code == "ROAD_REVERSED"]
    assert "cọc lý trình giảm dần" in asked.message.vi
    assert "Hô Tra" in asked.message.vi
    # The stakes say where Km0 is.
    poured = found.frames["road_progress"].iloc[-2].geometry
    assert poured.coords[0] == pytest.approx((b.WEST, b.SOUTH + 3000))


def test_a_version_in_another_zone_is_not_compared() -> None:
    line = centreline("D05", STRAIGHT, b.CRS, DAY)
    assert line is not None
    claim = Claim(
        "e" * 64, "BC1", "CT01", 0, 9, "poured", DAY, width_cm=350, centreline=line.digest
    )
    layers = b.layers(roads=[{"road_id": "D05", "geometry": b.line((0, 0), (9, 9))}],
                      road_works=[WORK])  # fmt: skip
    known = Decisions(claims=(claim,), centrelines=(replace(line, zone="EPSG:9208"),))
    assert "CENTRELINE_REDRAWN" not in b.codes(progress.answer(Question(layers, known)))
