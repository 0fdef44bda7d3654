"""All layers of a commune together."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import LineString, Point

from ntm_gis import analyses
from ntm_gis.errors import CrsError
from ntm_gis.layers.values import OWN, Grid, Layers, Origin, Raw, empty
from ntm_gis.results import Finding
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.schema import layer_names


@pytest.fixture(scope="module")
def tables(raw):
    line = LineString([(571_000, 2_455_000), (572_500, 2_455_000)])
    return [
        raw("villages", {"MA_BAN": ["A", "B"], "TEN_BAN": ["Hô Tra", "Hô Ta"]},
            [Point(571_000, 2_455_000), None]),
        raw("roads", {"MA": ["D1", "D1", "D2"], "CAP": ["ĐX", "ĐX", "?"],
                      "KET_CAU": ["BTXM", "BTXM", "VL2"]}, [line, line, None]),
        raw("loudspeakers", {"Mã": ["L1"], "Bản": ["Ho Tra"], "Vị trí": ["Km1 D1"]},
            file="sources/loa.csv"),
    ]  # fmt: skip


def test_every_finding_says_where(tables, gather):
    layers = gather(*tables, boundary=True)
    for finding in layers.findings:
        assert finding.file.startswith("sources/")
        assert finding.layer in layers.by_name
        if finding.row is not None:
            layer = layers[finding.layer].frame
            row = layer[(layer["@row"] == finding.row) & (layer["@file"] == finding.file)].iloc[0]
            key = layers[finding.layer].schema.key
            assert finding.feature == row[key]
            assert (finding.at is not None) == (row.geometry is not None)


def test_a_place_is_longitude_and_latitude(raw, gather, codes):
    layers = gather(raw("schools", {"Mã điểm": ["S1"]}, [Point(571_979.18, 2_455_972.70)]))
    places = {finding.at for finding in layers.findings if finding.row is not None}
    assert places <= {(103.7, 22.2)}


def test_findings_come_gravest_first_in_one_order(tables, gather):
    forward, backward = gather(*tables), gather(*reversed(tables))
    assert forward.findings == backward.findings
    assert forward.accounts == backward.accounts
    ranks = [finding.severity.rank for finding in forward.findings]
    assert ranks == sorted(ranks)


def test_frames_of_one_layer_are_joined(raw, gather):
    first = raw("funds", {"Mã vốn": ["V1"], "Số vốn": [1.5], "Ghi chú": ["a"]})
    second = raw("funds", {"Mã vốn": ["V2"], "Năm": [2025], "Khác": [None]}, file="sources/b.xlsx")
    layer = gather(first, second)["funds"]
    assert layer.frame.index.tolist() == [0, 1]
    assert layer.frame["Ghi chú"].tolist() == ["a", None]
    assert layer.frame["million_vnd"].isna().tolist() == [False, True]
    assert str(layer.frame["year"].dtype) == "Int64"
    assert layer.frame["@file"].tolist() == ["sources/funds.gpkg", "sources/b.xlsx"]
    assert layer.files == ("sources/funds.gpkg", "sources/b.xlsx")
    assert layer.frame.crs == "EPSG:9205"


def test_a_file_that_could_not_be_read_stops_nothing(raw, gather):
    finding = Finding.of("NOT_LOCATED", file="sources/x.shp")
    entry = SourceEntry(layer="roads", file="sources/x.shp")
    bad = Raw(raw("roads", {}, []).frame, Origin("sources/x.shp", "roads", entry), (finding,))
    layers = gather(bad, raw("funds", {"Mã vốn": ["V1"]}))
    assert finding in layers.findings
    assert not layers["roads"].given
    (account,) = layers["roads"].accounts
    assert (account.rows_in, account.used, account.set_aside, account.refused) == (0, 0, 0, 0)
    assert layers["roads"].frame.empty


def test_a_layer_not_given_is_empty_and_typed():
    for name in layer_names():
        layer = empty(name, "EPSG:9205")
        assert set(layer.schema.names) <= set(layer.frame.columns)
        assert set(OWN) <= set(layer.frame.columns)
        assert layer.frame.crs == "EPSG:9205"
        assert layer.used.empty


def test_the_boundary_is_that_of_the_used_rows(raw, gather):
    layers = gather(boundary=True)
    assert layers.boundary.area == 20_000 * 16_000
    assert gather().boundary is None


ROAD = LineString([(571_000, 2_455_000), (571_900, 2_455_000)])
BOWTIE = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])


def test_without_a_boundary_one_finding_says_what_to_add(raw, gather, one):
    roads = raw("roads", {"Mã": ["D1", "D2"]}, [ROAD, ROAD])
    layers = gather(roads, raw("villages", {"Mã bản": ["A"]}, [Point(571_000, 2_455_000)]))
    found = one(layers, "BOUNDARY_MISSING")
    assert (found.severity, found.layer, found.file) == ("block", "boundary", None)
    assert "ranh giới xã" in found.repair.vi
    affects = {f.code: f.affects for f in analyses.answer(layers).findings}["BOUNDARY_MISSING"]
    assert {"commune.area_ha", "roads.length_km.village", "tea.area_ha"} <= set(affects)
    assert "commune.population" not in affects


def test_a_boundary_set_aside_is_none(raw, gather, one):
    crossed = raw("boundary", {"unit_code": ["1"], "name": ["x"]}, [BOWTIE])
    found = one(gather(crossed, raw("roads", {"Mã": ["D1"]}, [ROAD])), "BOUNDARY_MISSING")
    assert found.file == "sources/boundary.gpkg"


def test_lists_and_points_need_no_boundary(raw, gather, codes):
    tables = [
        raw("roads", {"Mã": ["D1"]}),
        raw("schools", {"Mã": ["S"]}, [Point(571_000, 2_455_000)]),
    ]
    assert not codes(gather(*tables), "BOUNDARY_MISSING")
    assert not codes(
        gather(raw("roads", {"Mã": ["D1"]}, [ROAD]), boundary=True), "BOUNDARY_MISSING"
    )


def test_a_layer_not_given_is_made_once(gather):
    layers = gather()
    assert layers["roads"] is layers["roads"]
    assert layers["roads"] is not gather()["roads"]


def test_one_grid_is_used(gather, codes):
    entry = SourceEntry(layer="elevation", file="sources/a.tif")
    grids = [
        Grid(np.zeros((2, 2), "float32"), 0.0, 60.0, 30.0, Origin(f, "elevation", entry, None, "1"))
        for f in ("sources/a.tif", "sources/b.tif")
    ]
    layers = gather(grids=grids)
    assert layers.elevation is grids[0]
    assert [(a.file, a.rows_in, a.used, a.set_aside) for a in layers.accounts] == [
        ("sources/a.tif", 1, 1, 0), ("sources/b.tif", 1, 0, 1),
    ]  # fmt: skip
    assert [f.file for f in codes(layers, "GRID_TWICE")] == ["sources/b.tif"]
    assert layers.elevation.bounds == (0.0, 0.0, 60.0, 60.0)


def test_geometry_of_another_zone_is_refused(raw, gather):
    table = raw("roads", {"MA": ["D1"]}, [LineString([(391_000, 2_456_000), (392_000, 2_456_000)])])
    other = Raw(table.frame.set_crs("EPSG:9208", allow_override=True), table.origin)
    with pytest.raises(CrsError) as refused:
        gather(other)
    assert refused.value.code == "CRS_NOT_ZONE"


def test_inputs_are_not_changed(tables, gather):
    before = [table.frame.copy(deep=True) for table in tables]
    gather(*tables, boundary=True)
    for table, frame in zip(tables, before, strict=True):
        assert table.frame.equals(frame)


def test_no_word_of_ours_in_vietnamese_sentences(tables, gather):
    """Neither ids of layers nor of fields are shown to officials."""
    layers = gather(*tables, boundary=True)
    words = {name for name in layer_names() if "_" in name}
    words |= {n for layer in layers.by_name.values() for n in layer.schema.names if "_" in n}
    for finding in layers.findings:
        said = finding.message.vi + (finding.repair.vi if finding.repair else "")
        assert not any(word in said for word in words), said


def test_reading_is_quick(raw, gather):
    """A hundred thousand rows take seconds; the limit leaves room for slow machines."""
    import time

    n = 20_000
    x = np.linspace(561_000, 579_000, n)
    lines = shapely.linestrings(
        np.stack([np.c_[x, x * 0 + 2_455_000], np.c_[x, x * 0 + 2_455_500]], 1)
    )
    data = {"MA": [f"D{i}" for i in range(n)], "TEN": [f"Đường {i}" for i in range(n)],
            "CAP": ["ĐX"] * n, "KET_CAU": ["BTXM"] * n, "BE_RONG": ["3,5"] * n}  # fmt: skip
    table = raw("roads", data, list(lines))
    start = time.perf_counter()
    layers = gather(table, boundary=True)
    assert isinstance(layers, Layers)
    assert time.perf_counter() - start < 20
