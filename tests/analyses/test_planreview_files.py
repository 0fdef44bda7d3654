"""Bad input end to end: each a sentence with a count, a place and a proposal; nothing repaired."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import build as b
import geopandas as gpd
import numpy as np
import planted as p
import pytest
import reviews as r
import shapely
import test_planreview_measures as made

from ntm_gis import pipeline
from ntm_gis.results import Finding

Frame = gpd.GeoDataFrame


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is said of the folder before anything is spoilt."""
    folder = made.folder(tmp_path_factory.mktemp("x") / "xa", "EPSG:9205")
    return {finding.message.vi for finding in pipeline.review(folder).findings}


def spoilt(folder: Path, name: str, change: Callable[[Frame], Frame]) -> None:
    file = folder / "sources" / f"{name}.gpkg"
    frame = change(gpd.read_file(file, layer=name))
    file.unlink()
    frame.to_file(file, driver="GPKG", layer=name, engine="pyogrio")


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "sources").iterdir())
    }


def with_first(shape: shapely.Geometry) -> Callable[[Frame], Frame]:
    def change(frame: Frame) -> Frame:
        frame.geometry = [shape, *frame.geometry.tolist()[1:]]
        return frame

    return change


def codes(frame: Frame) -> Frame:
    frame["land_use"] = ["XYZ" if k % 4 == 0 else use for k, use in enumerate(frame["land_use"])]
    return frame


def id_twice(frame: Frame) -> Frame:
    frame["zone_id"] = [frame["zone_id"].iloc[0 if k == 1 else k] for k in range(len(frame))]
    return frame


BOW = shapely.Polygon([(b.WEST, b.SOUTH), (b.WEST + 250, b.SOUTH + 250),
                       (b.WEST + 250, b.SOUTH), (b.WEST, b.SOUTH + 250)])  # fmt: skip
CASES = {
    "no decision": ("plans", lambda f: f.assign(decision_no=None), "PLAN_WITHOUT_DECISION", "P1"),
    "unknown codes": ("plan_zones", codes, "PLAN_CODE_NOWHERE", "4 khu"),
    "invalid ring": ("plan_zones", with_first(BOW), "PLAN_INVALID_RING", "dòng 1"),
    "empty": ("plan_zones", lambda f: f.iloc[:0], "SOURCE_EMPTY", "không có dòng dữ liệu"),
    "wrong zone": (
        "plan_zones", lambda f: f.to_crs(9208).set_crs(9205, allow_override=True),
        "CRS_CONTRADICTION", "104°45'",
    ),
    "one number": (
        "plans2", lambda f: f.assign(decision_no="p1/qđ - ubnd"), "PLAN_NUMBER_TWICE", "P1, P2",
    ),
    "outside the province": (
        "plan_zones", with_first(shapely.box(1_000_000, 1_200_000, 1_000_100, 1_200_100)),
        "PLAN_ZONES_OUTSIDE", "1 khu",
    ),
    "one id twice": ("plan_zones", id_twice, "PLAN_KEY_TWICE", "2 dòng"),
    "no such plan": ("plan_zones2", lambda f: f.assign(plan_id="P7"), "PLAN_PARENT_UNKNOWN", "P7"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_is_said_with_count_place_and_proposal(
    case: str, sound: set[str], tmp_path: Path
) -> None:
    name, change, code, said = CASES[case]
    folder = made.folder(tmp_path / "xa", "EPSG:9205")
    spoilt(folder, name, change)
    before = digests(folder)
    review = pipeline.review(folder)
    new: list[Finding] = [f for f in review.findings if f.message.vi not in sound]
    found = [f for f in new if f.code == code]
    assert len(found) == 1, [f.code for f in new]
    assert said in found[0].message.vi
    assert found[0].repair is not None
    assert found[0].file == f"sources/{name.replace('plans2', 'plans')}.gpkg"
    if code not in {"SOURCE_EMPTY", "CRS_CONTRADICTION"}:
        assert found[0].row == 1
        assert found[0].at is not None
    assert digests(folder) == before
    assert not review.answer.failures


def test_a_drawing_without_text_is_set_aside_and_named(tmp_path: Path, sound: set[str]) -> None:
    folder = made.folder(tmp_path / "xa", "EPSG:9205")
    lines = [
        b.line((1100, 100), (1300, 100), (1300, 300), (1100, 300), (1100, 100)),
        b.line((1300, 100), (1500, 100), (1500, 300), (1300, 300)),
    ]
    gpd.GeoDataFrame({"Layer": ["0", "0"]}, geometry=lines, crs=b.CRS).to_file(
        folder / "sources" / "ve.dxf", driver="DXF", engine="pyogrio"
    )
    with (folder / "commune.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[[source]]\nlayer = "plan_zones"\nfile = "sources/ve.dxf"\n'
                   'crs = "EPSG:9205"\nvalues = { plan_id = "P2" }\n')  # fmt: skip
    new = [f for f in pipeline.review(folder).findings if f.message.vi not in sound]
    assert {f.code for f in new} & {"DRAWING_NOT_ASSEMBLED", "DRAWING_ASSEMBLED"}
    assert all(f.repair for f in new if f.code.startswith("DRAWING"))


@pytest.mark.parametrize("seed", range(6))
def test_cells_shifted_by_chance_have_the_faults_that_cutting_pairs_finds(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shapes = p.cells(40, seed)
    for k in chance.choice(40, 6, replace=False):
        metres = 10 ** chance.uniform(-3, 0.7)
        angle = chance.uniform(0, 2 * np.pi)
        shapes[k] = p.shifted(shapes[k], metres * np.cos(angle), metres * np.sin(angle))
    extent = shapely.union_all(shapes)
    plans = [r.plan("P1", None, geometry=p.box(-10, -10, 1010, 1010))]
    zones = [r.zone(f"Z{k:02}", "P1", "LUC", shape) for k, shape in enumerate(shapes)]
    boundary = b.ground(p.box(-10, -10, 1010, 1010))
    found = r.asked(plans=plans, plan_zones=zones, boundary=boundary)
    wanted: dict[str, float] = {}
    for i in range(40):
        for j in range(i + 1, 40):
            for part in shapely.get_parts(shapes[i].intersection(shapes[j])):
                if part.area > 0 and not part.buffer(-0.05).is_empty:
                    key = f"P1/Z{i:02}+Z{j:02}"
                    wanted[key] = wanted.get(key, 0.0) + part.area
    told = dict(zip(r.subjects(found, "QH03"), r.rows(found, "QH03")["grid_ha"], strict=True))
    assert told.keys() == wanted.keys()
    for key, m2 in wanted.items():
        assert 10_000 * told[key] == pytest.approx(m2, abs=0.01)
    holes = [
        hole.area
        for part in shapely.get_parts(extent)
        for hole in map(shapely.Polygon, part.interiors)
        if not hole.buffer(-0.05).is_empty
    ]
    assert r.m2(found, "QH41") == pytest.approx(sorted(holes), abs=0.01)
