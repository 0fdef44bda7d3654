"""Real files from many programs, sound and damaged: each is opened, or answered."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

import commune_kit as kit
import geopandas as gpd
import numpy as np
import pytest
import shapely

from ntm_gis import sources
from ntm_gis.results import Severity
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import limits
from ntm_gis.sources.looking import look_with
from ntm_gis.sources.opening import opening
from ntm_gis.sources.placing import Ground

ROOT = os.environ.get("NTM_GIS_TEST_DATA")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not ROOT, reason="NTM_GIS_TEST_DATA names no folder"),
]


def _real(*parts):
    return Path(ROOT or "").joinpath(*parts)


def test_every_file_of_formats_is_opened_or_answered(capsys):
    files = sorted(p for p in _real("formats").rglob("*") if p.is_file())
    assert len(files) > 500
    opened: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    slowest = (0.0, "")
    with opening(None) as opener:
        for path in files:
            start = time.monotonic()
            tables = look_with(opener, path, Ground(kit.ZONE))
            slowest = max(slowest, (time.monotonic() - start, path.name))
            assert tables, path
            if any(table.kind for table in tables):
                opened[tables[0].kind] += 1
                continue
            (finding,) = tables[0].findings
            assert finding.severity is Severity.STOP, path
            assert path.name in finding.message.vi, path
            answered[finding.code] += 1
        restarts = opener.child.started - 1
    assert slowest[0] < limits.SECONDS + 5
    assert sum(opened.values()) >= 295
    lines = (
        f"{len(files)} files: {sum(opened.values())} opened {dict(sorted(opened.items()))}",
        f"{sum(answered.values())} answered {dict(sorted(answered.items()))}",
        f"slowest {slowest[0]:.2f} s ({slowest[1]}), reading process replaced {restarts} times",
    )
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


@pytest.mark.filterwarnings("ignore:Measured")
@pytest.mark.parametrize(
    "name",
    [
        "gdal/mitab/poly_indexed.tab",
        "gdal/mitab/utm31.TAB",
        "gdal/mitab/small.mif",
        "gdal/dgn/smalltest.dgn",
        "gdal/dxf/assorted.dxf",
        "gdal/shp/poly_golden/poly.shp",
        "gdal/gpkg/poly_golden.gpkg",
        "gpkg/simple_sewer_features.gpkg",
        "gdal/geojson/grenada.geojson",
        "gdal/shp/testpoly.shp",
    ],
)
def test_rows_and_shapes_are_those_geopandas_reads(name):
    import pyogrio

    path = _real("formats", name)
    tables = sources.look(path)
    for table in tables:
        names = [str(n) for n in pyogrio.list_layers(path)[:, 0]]
        expected = gpd.read_file(path, layer=table.table if len(names) > 1 else names[0])
        assert table.rows == len(expected), table.table
        kept = [c for c in expected.columns if c != "geometry"]
        # A key of its own that GDAL takes for the number of the feature is kept as a column, and
        # so is the colour that an object of a drawing has.
        assert set(kept) <= set(table.columns)
        more = path.suffix in {".gpkg", ".dxf", ".dgn"}
        assert len(table.columns) - len(kept) <= more


def test_curves_of_a_geopackage_and_mapinfo_are_straightened():
    for name in ("gdal/mitab/all_geoms.tab", "gdal/mitab/all_geoms.mif"):
        (table,) = sources.look(_real("formats", name))
        assert table.rows == 16


def test_the_real_commune_against_its_geodesic_area():
    from ntm_gis import crs

    with opening(None) as opener:
        path = _real("vietnam", "lai_chau_38_communes_2025.gpkg")
        (table,) = look_with(opener, path, Ground(kit.ZONE))
        assert table.rows == 38
        codes = [
            c for c in table.columns if table.values[c] and "03601" in map(str, table.values[c])
        ]
        row = [str(v) for v in table.values[codes[0]]].index("03601")
        shape = table.sample.geometry.iloc[row]
    (hectares,) = np.atleast_1d(crs.ellipsoidal_ha([shape], kit.ZONE))
    assert hectares == pytest.approx(16_885, rel=1e-4)


def test_a_country_of_communes_is_read_in_time():
    start = time.monotonic()
    (table,) = sources.look(_real("vietnam", "national_3321_communes_2025_simplified60m.fgb"))
    assert table.rows == 3321
    assert time.monotonic() - start < 15


def test_a_real_tile_is_interpolated_between_its_cells(tmp_path):
    """Against the formula, point by point; GDAL's own warp is up to a metre off here."""
    import zipfile

    from pyproj import Transformer

    (tmp_path / "sources").mkdir()
    with zipfile.ZipFile(_real("andorra", "N42E001.hgt.zip")) as packed:
        content = packed.read(packed.namelist()[0])
    (tmp_path / "sources/N42E001.hgt").write_bytes(content)
    commune = kit.commune(SourceEntry(layer="elevation", file="sources/N42E001.hgt"))
    identity = commune.commune.model_copy(update={"crs": "EPSG:32631"})
    inputs = sources.read(tmp_path, commune.model_copy(update={"commune": identity}))
    (grid,) = inputs.grids

    tile = np.frombuffer(content, ">i2").reshape(1201, 1201).astype(float)
    assert (tile == -32768).sum() == 7652
    tile[tile == -32768] = np.nan
    rows, columns = np.random.default_rng(1).integers(0, grid.heights.shape, (20_000, 2)).T
    x = grid.west + grid.cell * (columns + 0.5)
    y = grid.north - grid.cell * (rows + 0.5)
    lon, lat = Transformer.from_crs(32631, 4326, always_xy=True).transform(x, y)
    inside = (lon > 1) & (lon < 2) & (lat > 42) & (lat < 43)
    u, v = (lon[inside] - 1) * 1200, (43 - lat[inside]) * 1200
    i, j = np.floor(v).astype(int), np.floor(u).astype(int)
    s, t = u - j, v - i
    exact = (tile[i, j] * (1 - s) + tile[i, j + 1] * s) * (1 - t)
    exact += (tile[i + 1, j] * (1 - s) + tile[i + 1, j + 1] * s) * t
    mine = grid.heights[rows, columns][inside]
    assert (np.isnan(exact) == np.isnan(mine)).all()
    assert np.nanmax(np.abs(exact - mine)) < 0.02


def test_a_real_track():
    (table, *_) = sources.look(_real("andorra", "andorra_for_map_matching.gpx"), zone="EPSG:3405")
    assert table.rows >= 1
    shapes = table.sample.geometry.to_numpy()
    assert shapely.get_num_coordinates(shapes).sum() > 10
