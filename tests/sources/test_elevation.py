"""Heights: a plane stays a plane, wherever and however its raster is written."""

from __future__ import annotations

import commune_kit as kit
import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from ntm_gis import sources
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import elevation, limits

WEST, SOUTH, EAST, NORTH = kit.GROUND.bounds


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def from_origin(west, north, width, height):
    return rasterio.Affine(width, 0.0, west, 0.0, -height, north)


def _plane(x, y):
    return 300 + 0.05 * (x - WEST) + 0.03 * (y - SOUTH)


def _write(path, crs, transform, heights, nodata=None, dtype="float32", count=1):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=heights.shape[1],
        height=heights.shape[0],
        count=count,
        dtype=dtype,
        crs=crs,
        transform=transform,
        nodata=nodata,
    ) as out:
        for band in range(1, count + 1):
            out.write(heights.astype(dtype), band)


def _read(folder, name="do_cao.tif", **more):
    entry = SourceEntry(layer="elevation", file=f"sources/{name}", **more)
    return sources.read(folder, kit.commune(kit.write_boundary(folder), entry))


def _centres(grid):
    rows, columns = grid.heights.shape
    x = grid.west + grid.cell * (np.arange(columns) + 0.5)
    y = grid.north - grid.cell * (np.arange(rows) + 0.5)
    return np.meshgrid(x, y)


def test_a_grid_in_the_zone_is_taken_as_it_is(folder):
    x = WEST - 600 + 30 * (np.arange(540) + 0.5)
    y = NORTH + 600 - 30 * (np.arange(540) + 0.5)
    heights = _plane(*np.meshgrid(x, y)).round().astype("int16")
    heights[5, 7] = -32768
    _write(
        folder / "sources/do_cao.tif",
        kit.ZONE,
        from_origin(WEST - 600, NORTH + 600, 30, 30),
        heights,
        -32768,
        "int16",
    )
    inputs = _read(folder)
    (grid,) = inputs.grids
    assert (grid.west, grid.north, grid.cell) == (WEST - 600, NORTH + 600, 30)
    assert np.isnan(grid.heights[5, 7])
    known = np.isfinite(grid.heights)
    assert known.sum() == 540 * 540 - 1
    assert (grid.heights[known] == heights[known]).all()
    assert inputs.findings == ()
    assert [r.origin.layer for r in inputs.raws] == ["boundary"]
    assert grid.origin.sha256


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:9208", "EPSG:32648"])
def test_a_plane_from_another_system_stays_a_plane(folder, crs):
    to = Transformer.from_crs(kit.ZONE, crs, always_xy=True)
    back = Transformer.from_crs(crs, kit.ZONE, always_xy=True)
    corners = np.array(to.transform([WEST, EAST, WEST, EAST], [SOUTH, SOUTH, NORTH, NORTH]))
    (left, right), (bottom, top) = (
        (corners.min(1)[0], corners.max(1)[0]),
        (corners.min(1)[1], corners.max(1)[1]),
    )
    cell = 1 / 3600 if crs == "EPSG:4326" else 27.0
    columns, rows = (int((b - a) / cell) + 320 for a, b in ((left, right), (bottom, top)))
    origin = left - 160 * cell, top + 160 * cell
    u = origin[0] + cell * (np.arange(columns) + 0.5)
    v = origin[1] - cell * (np.arange(rows) + 0.5)
    heights = _plane(*back.transform(*np.meshgrid(u, v)))
    _write(
        folder / "sources/do_cao.tif",
        crs,
        from_origin(*origin, cell, cell),
        heights,
        dtype="float64",
    )
    (grid,) = _read(folder).grids
    assert grid.cell == 30
    off = np.abs(grid.heights - _plane(*_centres(grid)))
    assert np.nanmax(off) < 0.01
    assert np.isfinite(grid.heights).all()
    west, south, east, north = grid.bounds
    assert west <= WEST - 2_999
    assert north >= NORTH + 2_999
    assert (south, east) == pytest.approx((SOUTH - 3000, EAST + 3000), abs=31)


def test_no_height_is_carried_into_a_gap(folder):
    heights = np.full((200, 200), 500.0)
    heights[90:110, 90:110] = -9999
    _write(folder / "sources/do_cao.tif", "EPSG:9208", _origin_9208(), heights, -9999)
    inputs = _read(folder)
    grid = inputs.grids[0]
    known = grid.heights[np.isfinite(grid.heights)]
    assert set(known.round(3)) == {500.0}
    assert [f.code for f in inputs.findings] == ["RASTER_PARTLY"]


def _origin_9208():
    to = Transformer.from_crs(kit.ZONE, "EPSG:9208", always_xy=True)
    x, y = to.transform((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
    return from_origin(x - 100 * 120, y + 100 * 120, 120, 120)


def test_srtm_tiles_are_known_by_name_and_void_cells(folder):
    tile = np.full((1201, 1201), 700, ">i2")
    tile[600, :] = -32768
    (folder / "sources/n22e103.hgt").write_bytes(tile.tobytes())
    inputs = _read(folder, "n22e103.hgt")
    (grid,) = inputs.grids
    to = Transformer.from_crs(kit.ZONE, "EPSG:4326", always_xy=True)
    assert grid.origin.crs == "EPSG:4326"
    x, y = _centres(grid)
    _, lat = to.transform(x, y)
    inside = (lat > 22.01) & (np.abs(lat - 22.5) > 0.01)
    assert np.nanmax(np.abs(grid.heights[inside] - 700)) == 0


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"crs": None}, "RASTER_WITHOUT_CRS"),
        ({"west": 100_000}, "RASTER_ELSEWHERE"),
        ({"transform": rasterio.Affine.identity()}, "RASTER_WITHOUT_PLACE"),
    ],
)
def test_what_cannot_be_placed_is_a_finding(folder, change, code):
    transform = change.get("transform", from_origin(change.get("west", WEST), NORTH, 30, 30))
    _write(
        folder / "sources/do_cao.tif", change.get("crs", kit.ZONE), transform, np.ones((500, 500))
    )
    inputs = _read(folder)
    assert inputs.grids == ()
    (raw,) = inputs.raws[1:]
    assert (kit.codes(raw), len(raw.frame)) == ([code], 0)


def test_a_raster_where_rows_are_expected_and_the_other_way_round(folder):
    _write(
        folder / "sources/do_cao.tif", kit.ZONE, from_origin(WEST, NORTH, 30, 30), np.ones((9, 9))
    )
    kit.points().to_file(folder / "sources/ban.gpkg", driver="GPKG")
    first = kit.read_one(folder, SourceEntry(layer="roads", file="sources/do_cao.tif"))
    second = kit.read_one(folder, SourceEntry(layer="elevation", file="sources/ban.gpkg"))
    assert (kit.codes(first), kit.codes(second)) == (["RASTER_NOT_EXPECTED"], ["RASTER_EXPECTED"])


def test_a_huge_raster_from_a_small_file_is_thinned(folder, monkeypatch):
    monkeypatch.setattr(limits, "PIXELS", 40_000)
    monkeypatch.setattr(elevation, "_MOST_CELLS", 1_000_000)
    to = Transformer.from_crs(kit.ZONE, "EPSG:4326", always_xy=True)
    left, top = to.transform(WEST - 5_000, NORTH + 5_000)
    with rasterio.open(
        folder / "sources/do_cao.tif",
        "w",
        driver="GTiff",
        width=60_000,
        height=60_000,
        count=1,
        dtype="int16",
        crs="EPSG:4326",
        transform=from_origin(left, top, 5e-6, 5e-6),
        sparse_ok=True,
        tiled=True,
        compress="deflate",
    ):
        pass
    assert (folder / "sources/do_cao.tif").stat().st_size < 2_000_000
    (grid,) = _read(folder).grids
    assert np.nanmax(grid.heights) == 0


def test_voids_nobody_declared_are_no_heights(folder):
    heights = np.full((600, 600), 800.0)
    heights[:, 100] = -99999
    _write(
        folder / "sources/do_cao.tif",
        kit.ZONE,
        from_origin(WEST - 900, NORTH + 900, 30, 30),
        heights,
    )
    inputs = _read(folder)
    assert [f.code for f in inputs.findings] == ["RASTER_VOIDS"]
    assert np.isnan(inputs.grids[0].heights[:, 100]).all()
