"""Three lengths of a road: on the map, along the slope, by tape."""

from __future__ import annotations

import math

import build as b
import numpy as np
import pytest

from ntm_gis.analyses.chainage import lengths as chainage_lengths
from ntm_gis.analyses.chainage.axis import Axis
from ntm_gis.analyses.chainage.stakes import road_lines
from ntm_gis.layers.values import Grid, Origin
from ntm_gis.rules.commune import SourceEntry


def plane(grade: float, cell: float = 30.0, size: int = 300) -> Grid:
    """Ground that rises to the north by a grade."""
    north = b.SOUTH + (size - 5) * cell
    y = north - (np.arange(size) + 0.5) * cell
    heights = np.repeat((grade * (y - b.SOUTH))[:, None], 20, axis=1).astype(np.float32)
    origin = Origin("dem.tif", "elevation", SourceEntry(layer="elevation", file="dem.tif"))
    return Grid(heights, b.WEST - 10 * cell, north, cell, origin)


def test_seven_kilometres_at_fifteen_per_cent_are_78_m_longer_along_the_slope() -> None:
    road = Axis(np.array([[b.WEST, b.SOUTH], [b.WEST, b.SOUTH + 7000]]))
    slope, step = chainage_lengths.slope_length(road, plane(0.15))
    assert slope is not None
    assert slope == pytest.approx(7000 * math.sqrt(1 + 0.15**2), abs=0.01)
    assert slope - 7000 == pytest.approx(78.3, abs=0.05)
    assert step == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize("grade", [0.0, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("cell", [5.0, 30.0, 90.0])
def test_a_straight_climb_in_closed_form(grade: float, cell: float) -> None:
    road = Axis(np.array([[b.WEST, b.SOUTH], [b.WEST, b.SOUTH + 1000]]))
    slope, _ = chainage_lengths.slope_length(road, plane(grade, cell))
    assert slope == pytest.approx(1000 * math.sqrt(1 + grade**2), abs=0.01)


def test_without_a_height_somewhere_the_slope_is_not_known() -> None:
    grid = plane(0.1)
    road = Axis(np.array([[b.WEST, b.SOUTH], [b.WEST, b.SOUTH + 20_000]]))
    assert chainage_lengths.slope_length(road, grid)[0] is None
    grid.heights[50, :] = np.nan
    inside = Axis(np.array([[b.WEST, b.SOUTH], [b.WEST, b.SOUTH + 8000]]))
    assert chainage_lengths.slope_length(inside, grid)[0] is None


def test_heights_between_the_middles_of_cells() -> None:
    origin = Origin("dem.tif", "elevation", SourceEntry(layer="elevation", file="dem.tif"))
    grid = Grid(np.array([[0.0, 10.0], [20.0, 40.0]], np.float32), 0.0, 20.0, 10.0, origin)
    east, north = np.array([5.0, 10.0, 15.0, 0.0, 25.0]), np.array([15.0, 10.0, 5.0, 20.0, 5.0])
    found = chainage_lengths.heights_at(grid, east, north)
    assert found[:4].tolist() == [0.0, 17.5, 40.0, 0.0]
    assert np.isnan(found[4])


def length_findings(tape: float | None, grade: float, wanted: tuple[str, ...]) -> list[str]:
    drawn = [{"road_id": "D1", "road_class": "village", "measured_length_m": tape,
              "geometry": b.line((0, 0), (0, 1000))}]  # fmt: skip
    layers = b.layers(elevation=plane(grade), roads=drawn)
    lines, _ = road_lines(layers["roads"], layers["stakes"])
    found = chainage_lengths.lengths(layers, lines, wanted)
    return [f.message.vi for f in chainage_lengths.findings(layers, found)]


@pytest.mark.parametrize(
    ("tape", "grade", "wanted", "expected"),
    [
        (1004.0, 0.0, (), 0),
        (1006.0, 0.0, (), 1),
        (994.0, 0.0, (), 1),
        (None, 0.15, (), 0),
        (None, 0.15, ("D1",), 1),
        (None, 0.05, ("D1",), 0),
        (1011.0, 0.15, (), 1),
    ],
    ids=["within half a per cent", "longer by tape", "shorter by tape", "no works on it",
         "steep", "not so steep", "tape follows the slope"],
)  # fmt: skip
def test_lengths_that_differ_by_half_a_per_cent_are_told(
    tape: float | None, grade: float, wanted: tuple[str, ...], expected: int
) -> None:
    found = length_findings(tape, grade, wanted)
    assert len(found) == expected
    for message in found:
        assert "1.000 m trên bản đồ" in message
        assert "theo mặt dốc" in message
        assert ("đo bằng thước" in message) == (tape is not None)
