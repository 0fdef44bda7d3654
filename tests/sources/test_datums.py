"""Outlines off the boundary by the datum: told where it is that and nothing else."""

from __future__ import annotations

import json
from functools import cache

import commune_kit as kit
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ntm_gis import shipped, sources
from ntm_gis.results import Severity
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import datums
from ntm_gis.sources.placing import Ground

SHIFT = np.array([-196.8, 104.6])
"""VN-2000 taken for WGS 84 at this place, metres east and north (published parameters)."""

WEST, SOUTH, EAST, NORTH = kit.GROUND.bounds
HALVES = [
    shapely.box(WEST, SOUTH, WEST + 7000, NORTH),
    shapely.box(WEST + 7000, SOUTH, EAST, NORTH),
]
GROUND = Ground.of(kit.ZONE, np.array([kit.GROUND], dtype=object))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _array(*shapes):
    return np.array(shapes, dtype=object)


def _off(shapes, by):
    return [shapely.transform(s, lambda xy: xy + by) for s in shapes]


def _told(shapes, said="EPSG:9205"):
    return datums.told(_array(*shapes), said, GROUND)


def _geojson(folder, shapes, numbers_of):
    """Write GeoJSON, which is WGS 84 by definition, with the numbers of another system."""
    features = [
        {"type": "Feature", "properties": {"unit_code": str(i), "name": f"Xã {i}"},
         "geometry": shapely.geometry.mapping(kit.moved(shapely.segmentize(s, 500), numbers_of))}
        for i, s in enumerate(shapes)
    ]  # fmt: skip
    (folder / "sources/cu.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return SourceEntry(layer="former_communes", file="sources/cu.geojson")


def test_outlines_where_they_belong_are_not_spoken_of(folder):
    raw = kit.read_one(folder, _geojson(folder, HALVES, "EPSG:4326"))
    assert kit.codes(raw) == []


def test_numbers_of_vn2000_in_a_file_of_wgs84(folder):
    raw = kit.read_one(folder, _geojson(folder, HALVES, "EPSG:4756"))
    (finding,) = raw.findings
    assert (finding.code, finding.severity) == ("CRS_DATUM_SHIFT", Severity.BLOCK)
    assert "lệch 223 m về phía tây bắc" in finding.message.vi
    assert "WGS 84, kinh độ và vĩ độ" in finding.message.vi
    assert "VN-2000, kinh độ và vĩ độ" in finding.message.vi
    assert "chỉ cách 0 m" in finding.message.vi
    assert "--crs EPSG:4756" in finding.repair.vi
    assert "north-west" in finding.message.en
    # Nothing was moved: the rows stand where the file puts them.
    where = raw.frame.geometry.iloc[0].bounds
    assert np.hypot(where[0] - WEST - SHIFT[0], where[1] - SOUTH - SHIFT[1]) < 10
    settled = SourceEntry(layer="former_communes", file="sources/cu.geojson", crs="EPSG:4756")
    assert "CRS_DATUM_SHIFT" not in kit.codes(kit.read_one(folder, settled))


def test_numbers_of_wgs84_in_a_file_of_vn2000(folder):
    numbers = [kit.moved(h, "EPSG:32648") for h in HALVES]
    frame = gpd.GeoDataFrame({"plan_id": ["P1", "P2"]}, geometry=numbers, crs="EPSG:3405")
    frame.to_file(folder / "sources/qh.gpkg", driver="GPKG")
    raw = kit.read_one(folder, SourceEntry(layer="plans", file="sources/qh.gpkg"))
    (finding,) = [f for f in raw.findings if f.code == "CRS_DATUM_SHIFT"]
    assert "đông nam" in finding.message.vi
    assert "--crs EPSG:32648" in finding.repair.vi


def test_neighbours_share_a_stretch_alone():
    """Land on three sides, reaching far away."""
    around = [
        shapely.box(WEST - 20_000, SOUTH - 5000, WEST, NORTH),
        shapely.box(WEST, NORTH, EAST + 9000, NORTH + 15_000),
    ]
    assert _told(around) == []
    (told,) = _told(_off(around, SHIFT), "EPSG:4326")
    assert 100 < told.params["now"] < 223
    assert told.params["then"] < 5


@pytest.mark.parametrize(
    "shapes",
    [
        [shapely.box(WEST + 2000, SOUTH + 2000, EAST - 2000, NORTH - 2000)],  # a plan of the centre
        [shapely.LineString([(WEST, SOUTH), (WEST, NORTH)])],  # a drawing
        [shapely.Point(WEST, SOUTH), None],
        [None],
        [],
        # One straight side: moved along it, it fits as well, so the datum is not plain.
        _off([shapely.box(WEST - 9000, SOUTH - 9000, WEST, NORTH + 9000)], SHIFT),
        _off(HALVES, [223.0, 0.0]),
        _off(HALVES, SHIFT / 2),
        _off(HALVES, SHIFT * 2),
        _off(HALVES, SHIFT[::-1]),
        [shapely.Polygon([(WEST, SOUTH), (EAST, NORTH), (EAST, SOUTH), (WEST, NORTH)])],
    ],
)
def test_what_the_datum_does_not_explain_is_not_put_down_to_it(shapes):
    assert _told(shapes) == []


def test_without_a_boundary_or_a_system_nothing_is_said():
    moved = _array(*_off(HALVES, SHIFT))
    assert datums.told(moved, None, GROUND) == []
    assert datums.told(moved, "EPSG:4326", Ground(kit.ZONE)) == []


@given(st.floats(0, 500), st.floats(0, 360), st.floats(0, 25))
@settings(max_examples=60, deadline=None)
def test_no_other_offset_is_taken_for_the_datum(distance, azimuth, roughness):
    """Outlines drawn roughly and off by anything: only the shift itself is the shift."""
    turn = np.radians(azimuth)
    by = distance * np.array([np.sin(turn), np.cos(turn)])
    assume(min(np.hypot(*(by - SHIFT)), np.hypot(*(by + SHIFT))) > 100)
    rough = [
        shapely.transform(
            shapely.segmentize(h, 200),
            lambda xy: xy + by + roughness * np.sin(xy[:, ::-1] / 90.0),
        )
        for h in HALVES
    ]
    assert _told(rough) == []


@given(st.floats(0, 15), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_shift_is_seen_in_outlines_drawn_roughly(roughness, turned):
    rough = [
        shapely.transform(
            shapely.segmentize(h, 200),
            lambda xy: xy + (-SHIFT if turned else SHIFT) + roughness * np.sin(xy[:, ::-1] / 90.0),
        )
        for h in HALVES
    ]
    assert [t.code for t in _told(rough, "EPSG:9205")] == ["CRS_DATUM_SHIFT"]


@cache
def _sample():
    folder = shipped.path("data", "sample")
    return folder, communes.read(folder)


def test_the_sample_lies_right_and_is_seen_where_it_would_not():
    folder, commune = _sample()
    only = frozenset(datums.OUTLINES)
    codes = [f.code for raw in sources.read(folder, commune, only=only).raws for f in raw.findings]
    assert "CRS_DATUM_SHIFT" not in codes
    wrong = commune.model_copy(update={"sources": tuple(
        entry.model_copy(update={"crs": "EPSG:4756"})
        if entry.layer in ("former_communes", "neighbours") else entry
        for entry in commune.sources
    )})  # fmt: skip
    raws = sources.read(folder, wrong, only=only).raws
    seen = {r.origin.layer for r in raws for f in r.findings if f.code == "CRS_DATUM_SHIFT"}
    assert seen == {"former_communes", "neighbours"}
