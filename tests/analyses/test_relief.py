"""Contours and shade of ground whose shape is known."""

from __future__ import annotations

import build as b
import numpy as np
import pytest
import shapely

from ntm_gis.analyses import relief
from ntm_gis.layers.values import Grid, Origin
from ntm_gis.rules.commune import SourceEntry

ORIGIN = Origin("do_cao.tif", "elevation", SourceEntry(layer="elevation", file="do_cao.tif"))
CELL = 30.0


def grid(heights: np.ndarray, west: float = b.WEST, north: float = b.SOUTH + 6000) -> Grid:
    return Grid(heights.astype(np.float32), west, north, CELL, ORIGIN)


def cone(n: int = 200, top: float = 1250.0, fall: float = 0.4) -> np.ndarray:
    """A mountain of even slope, its top in the middle."""
    k = (np.arange(n) - (n - 1) / 2) * CELL
    return top - fall * np.hypot(*np.meshgrid(k, k))


def test_contours_of_a_cone_are_circles() -> None:
    answer = b.ask(relief, elevation=grid(cone()))
    contours = answer.frames["contours"]
    middle = shapely.Point(b.WEST + 3000, b.SOUTH + 3000)
    for height, state, line in zip(
        contours["height"], contours["state"], contours.geometry, strict=True
    ):
        assert height % 100 == 0
        assert state == ("index" if height % 500 == 0 else "plain")
        if line.is_ring:
            radii = [middle.distance(shapely.Point(xy)) for xy in line.coords]
            assert radii == pytest.approx([(1250 - height) / 0.4] * len(radii), abs=25)
    assert {500.0, 600.0, 1000.0, 1100.0} <= set(contours["height"])
    assert contours["id"].is_unique
    assert contours.crs.to_epsg() == 9205


def test_contours_are_compact() -> None:
    contours = b.ask(relief, elevation=grid(cone())).frames["contours"]
    metres, corners = contours.length.sum(), shapely.get_num_coordinates(contours.geometry).sum()
    assert corners < metres / 100


def test_a_plain_lies_in_even_light() -> None:
    shade = relief.hillshade(np.zeros((5, 5), np.float32), CELL)
    assert shade == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize(("azimuth", "lit"), [(315.0, True), (135.0, False)])
def test_slopes_to_the_north_west_are_lit_and_those_to_the_south_east_lie_in_shade(
    azimuth: float, lit: bool
) -> None:
    """By the formula of the books, with aspect and slope, for each of the four lights."""
    rows, columns = np.mgrid[0:9, 0:9]
    away = np.radians(azimuth)
    slope = np.radians(30.0)
    # Ground that falls to the azimuth.
    east, north = columns * CELL, -rows * CELL
    heights = -np.tan(slope) * (east * np.sin(away) + north * np.cos(away))
    expected = sum(
        weight
        * max(
            0.0,
            np.cos(np.radians(45)) * np.cos(slope)
            + np.sin(np.radians(45)) * np.sin(slope) * np.cos(np.radians(light) - away),
        )
        for light, weight in relief.LIGHTS
    )
    shade = relief.hillshade(heights.astype(np.float32), CELL)
    assert shade == pytest.approx(expected, abs=1e-4)
    assert (expected > np.sqrt(0.5)) == lit
    assert 0 <= shade.min() <= shade.max() <= 1


def test_ground_without_height_stays_without() -> None:
    heights = cone()
    heights[:60, :60] = np.nan
    answer = b.ask(relief, elevation=grid(heights))
    shade = answer.grids["shade"].heights
    assert np.isnan(shade[:59, :59]).all()
    assert np.isfinite(shade[62:, 62:]).all()
    hole = shapely.box(b.WEST, b.SOUTH + 6000 - 59 * CELL, b.WEST + 59 * CELL, b.SOUTH + 6000)
    assert not answer.frames["contours"].intersects(hole.buffer(-CELL)).any()


def test_only_the_ground_about_the_commune_is_kept() -> None:
    """Cells that touch the commune's bounds and the margin, placed where they were."""
    square = b.ground(b.box(2000, 2000, 4000, 4000))
    whole = grid(np.arange(400 * 400).reshape(400, 400) / 100, b.WEST - 3000, b.SOUTH + 9000)
    kept = b.ask(relief, elevation=whole, boundary=square).grids["heights"]
    west, south, east, north = kept.bounds
    assert west == pytest.approx(b.WEST + 500, abs=CELL)
    assert east == pytest.approx(b.WEST + 5500, abs=CELL)
    assert south == pytest.approx(b.SOUTH + 500, abs=CELL)
    assert north == pytest.approx(b.SOUTH + 5500, abs=CELL)
    row, column = round((whole.north - north) / CELL), round((west - whole.west) / CELL)
    assert kept.heights[0, 0] == whole.heights[row, column]


def test_a_fine_raster_is_made_coarser() -> None:
    coarse = relief.coarsened(grid(cone(400)), 10_000)
    assert coarse.heights.shape == (100, 100)
    assert coarse.cell == 4 * CELL
    assert coarse.heights[0, 0] == pytest.approx(cone(400)[:4, :4].mean(), rel=1e-6)
    assert (coarse.west, coarse.north) == (b.WEST, b.SOUTH + 6000)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (2, 2)])
def test_tiny_rasters_do_no_harm(shape: tuple[int, int]) -> None:
    answer = b.ask(relief, elevation=grid(np.full(shape, 700.0)), boundary=None)
    assert len(answer.frames["contours"]) == 0
    assert answer.grids["shade"].heights.shape == shape


def test_a_raster_elsewhere_or_of_nothing_gives_no_relief() -> None:
    far = b.ask(relief, elevation=grid(cone(), west=b.WEST + 1e6))
    assert not far.grids
    assert len(far.frames["contours"]) == 0
    nothing = b.ask(relief, elevation=grid(np.full((9, 9), np.nan)), boundary=None)
    assert len(nothing.frames["contours"]) == 0


def test_without_elevation_there_is_an_empty_frame() -> None:
    answer = b.ask(relief)
    assert not answer.grids
    assert answer.frames["contours"].columns.tolist() == ["id", "height", "state", "geometry"]
