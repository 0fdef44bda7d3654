"""Measures plan.* against areas computed another way, and bounds over what is not recorded."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import build as b
import geopandas as gpd
import numpy as np
import pytest
import reviews as r
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from ntm_gis import pipeline
from ntm_gis.layers.values import Answer

GEOD = Geod(ellps="WGS84")
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
USES = ("LUC", "ONT", "CLN", "DGD")

corner = st.integers(-3, 23)
boxes = st.tuples(corner, st.integers(-3, 13), st.integers(1, 9), st.integers(1, 6)).map(
    lambda t: b.box(100 * t[0], 100 * t[1], 100 * (t[0] + t[2]), 100 * (t[1] + t[3]))
)


def hectares(shape: shapely.Geometry) -> float:
    """Hectares on the ellipsoid from latitudes and longitudes, edges cut at 10 m."""
    to_degrees = Transformer.from_crs(b.CRS, CRS(b.CRS).geodetic_crs, always_xy=True)
    total = 0.0
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            degrees = shapely.transform(
                shapely.segmentize(part, 10.0), to_degrees.transform, interleaved=False
            )
            total += abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(degrees))[0])
    return total / 10_000


def figures(answer: Answer, name: str) -> tuple[float | None, float | None, float | None]:
    measure = b.by_id(answer)[name]
    return measure.value, measure.low, measure.high


@FEW
@given(st.lists(boxes, min_size=1, max_size=4))
def test_extents_against_unions_made_without_the_product(extents: list[shapely.Polygon]) -> None:
    plans = [r.plan(f"P{k}", None, geometry=shape) for k, shape in enumerate(extents)]
    found = r.asked(plans=plans)
    union = shapely.union_all(extents)
    twice = shapely.union_all(
        [a.intersection(c).buffer(0) for a, c in itertools.combinations(extents, 2)]
    )
    wanted = {
        "plan.gap_ha": r.GROUND.difference(union), "plan.outside_ha": union.difference(r.GROUND),
        "plan.overlap_ha": twice.buffer(0),
    }  # fmt: skip
    for name, shape in wanted.items():
        assert figures(found, name)[0] == pytest.approx(hectares(shape), abs=1e-5), name
    share = 100 * hectares(union.intersection(r.GROUND)) / hectares(r.GROUND)
    assert figures(found, "plan.covered_share")[0] == pytest.approx(share, abs=1e-4)
    gaps = r.rows(found, "QH01")["ground_ha"].sum()
    assert gaps == pytest.approx(hectares(wanted["plan.gap_ha"]), abs=1e-5)
    beyond = sorted(hectares(shape.difference(r.GROUND)) for shape in extents)
    told = sorted(r.rows(found, "QH02")["ground_ha"])
    assert told == pytest.approx([ha for ha in beyond if ha > 0], abs=1e-5)


zones = st.lists(
    st.tuples(boxes, st.sampled_from(("P1", "P2", "P3")), st.sampled_from((*USES, None))),
    min_size=1, max_size=6,
)  # fmt: skip


def asked(rows: list[Any]) -> Answer:
    plans = [r.plan(f"P{k}", None) for k in (1, 2, 3)]
    made = [r.zone(f"Z{k}", plan, use, shape) for k, (shape, plan, use) in enumerate(rows)]
    danger = [{"hazard_id": "N", "kind": "flood", "geometry": b.box(300, 100, 1500, 700)}]
    return r.asked(plans=plans, plan_zones=made, hazards=danger)


@FEW
@given(zones)
def test_contradictions_against_an_overlay_by_geopandas(rows: list[Any]) -> None:
    frame = gpd.GeoDataFrame(
        {"z": range(len(rows)), "plan": [p for _, p, _ in rows], "use": [u for *_, u in rows]},
        geometry=[shape for shape, *_ in rows], crs=b.CRS,
    )  # fmt: skip
    pairs = gpd.overlay(frame, frame, how="intersection", keep_geom_type=True)
    pairs = pairs[(pairs.z_1 < pairs.z_2) & (pairs.plan_1 != pairs.plan_2)]
    known = pairs[pairs.use_1.notna() & pairs.use_2.notna() & (pairs.use_1 != pairs.use_2)]
    either = pairs[pairs.use_1.isna() | pairs.use_2.isna() | (pairs.use_1 != pairs.use_2)]
    value, low, high = figures(asked(rows), "plan.conflict_ha")
    assert value == low == pytest.approx(hectares(shapely.union_all(known.geometry)), abs=1e-5)
    assert high == pytest.approx(hectares(shapely.union_all(either.geometry)), abs=1e-5)


@FEW
@given(zones, st.data())
def test_bounds_hold_however_blanks_are_filled_in(rows: list[Any], data: st.DataObject) -> None:
    before = asked(rows)
    filled = [(s, p, use or data.draw(st.sampled_from(USES))) for s, p, use in rows]
    after = asked(filled)
    for name in ("plan.conflict_ha", "plan.hazard_ha"):
        value, low, high = figures(after, name)
        assert value == low == high
        least, most = figures(before, name)[1:]
        assert least is not None
        assert value is not None
        assert least <= value + 1e-7
        assert most is None or value <= most + 1e-7


def test_zones_and_plans_that_nobody_drew_leave_no_end() -> None:
    bare = r.zone("Z9", "P1", "ONT", None)
    zone = r.zone("A", "P2", "CLN", b.box(1100, 0, 1300, 100))
    danger = [{"hazard_id": "N", "kind": "flood", "geometry": b.box(0, 0, 100, 100)}]
    found = r.asked(plan_zones=[zone, bare], hazards=danger)
    assert figures(found, "plan.conflict_ha") == (0.0, 0.0, None)
    assert figures(found, "plan.hazard_ha")[2] == pytest.approx(1.0, rel=1e-3)
    undrawn = r.asked(plans=[r.plan("P1"), {**r.plan("P2", "F2"), "geometry": None}])
    assert figures(undrawn, "plan.covered_share") == (
        pytest.approx(50, abs=1e-3),
        pytest.approx(50, abs=1e-3),
        100.0,
    )
    value, low, high = figures(undrawn, "plan.gap_ha")
    assert (low, high) == (0.0, pytest.approx(value))


TOML = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
criteria_set = "vn-2021-2025"
region = "northern-midlands-mountains"
special_difficulty = true
valid_from = 2025-07-01
as_of = 2025-12-31

[[predecessor]]
id = "F1"
code = "03601"
name = "Mường Khoa (cũ)"
valid_to = 2025-06-30

[[predecessor]]
id = "F2"
code = "03602"
name = "Phúc Khoa"
valid_to = 2025-06-30
"""


def folder(at: Path, zone: str) -> Path:
    """A commune folder whose second plan is written in a zone."""
    (at / "sources").mkdir(parents=True)
    text = TOML
    east = [r.plan("P2", "F2", geometry=shapely.union(r.EAST, b.box(990, 100, 1000, 300)))]
    over = r.zone("B0", "P2", "CLN", b.box(940, 600, 1050, 800))
    made = {
        "boundary": [{"unit_code": "03601", "name": "Mường Khoa", "geometry": r.GROUND}],
        "former_communes": r.formers(),
        "plans": [r.plan("P1")],
        "plan_zones": r.squares(4, "P1", ["LUC", "ONT"]),
        "plans2": east,
        "plan_zones2": [over],
    }
    for name, rows in made.items():
        frame = gpd.GeoDataFrame(rows, crs=b.CRS)
        crs = b.CRS
        if name.endswith("2") and zone != b.CRS:
            crs = zone
            # Corners alone are carried over: edges are cut first, as a zone bends straight lines.
            frame.geometry = frame.geometry.segmentize(25.0).to_crs(zone)
        for column in frame.columns:
            if column in ("approved_on", "valid_to"):
                frame[column] = [str(day) for day in frame[column]]
        frame.to_file(at / "sources" / f"{name}.gpkg", driver="GPKG", layer=name, engine="pyogrio")
        text += (
            f'\n[[source]]\nlayer = "{name.rstrip("2")}"\nfile = "sources/{name}.gpkg"\n'
            f'crs = "{crs}"\n'
        )
    (at / "commune.toml").write_text(text, encoding="utf-8")
    return at


def test_plans_in_two_meridians_come_out_as_in_one() -> None:
    with tempfile.TemporaryDirectory() as home:
        one = pipeline.review(folder(Path(home) / "a", "EPSG:9205")).answer
        two = pipeline.review(folder(Path(home) / "b", "EPSG:9208")).answer
    first, second = (answer.frames["plan_findings"] for answer in (one, two))
    assert first["id"].tolist() == second["id"].tolist()
    assert {"QH04", "QH07"} <= set(first["rule"])
    for name in ("grid_ha", "ground_ha"):
        np.testing.assert_allclose(first[name], second[name], atol=1e-6, equal_nan=True)
    for name in ("plan.covered_share", "plan.overlap_ha", "plan.conflict_ha", "plan.outside_ha"):
        assert figures(two, name)[0] == pytest.approx(figures(one, name)[0], abs=1e-6), name
    assert figures(one, "plan.overlap_ha")[0] == pytest.approx(0.2, abs=1e-4)
