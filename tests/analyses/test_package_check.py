"""A received package: every cause for which offices send packages back is found, none invented."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import receiving
from ntm_gis.analyses.package import roads as package_roads
from ntm_gis.results import Finding

X, Y = 571_000.0, 2_455_000.0
ZONE = "EPSG:9205"
FIELDS = ("maThongTinQH", "maHoSoQH", "maDoiTuong", "tenDoiTuong", "phanLoai", "ghiChu")

COMMUNE = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
as_of = 2025-12-31

[[source]]
layer = "boundary"
file = "sources/xa.gpkg"
"""


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def line(*xy: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in xy])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "xa"
    (home / "sources").mkdir(parents=True)
    (home / "commune.toml").write_text(COMMUNE, encoding="utf-8")
    ground = gpd.GeoDataFrame(
        [{"unit_code": "03601", "name": "Mường Khoa", "geometry": box(-2000, -2000, 4000, 4000)}],
        crs=ZONE,
    )
    ground.to_file(home / "sources" / "xa.gpkg", driver="GPKG")
    return home


def rows(*shapes: shapely.Geometry, **columns: object) -> gpd.GeoDataFrame:
    data = {name: [f"{name[:2]}{k}" for k in range(len(shapes))] for name in FIELDS}
    return gpd.GeoDataFrame({**data, **columns}, geometry=list(shapes), crs=ZONE)


SOUND = (box(0, 0, 500, 500), box(500, 0, 1000, 500), box(0, 500, 1000, 1000))


def package(folder: Path, *, crs: str | None = None, **classes: gpd.GeoDataFrame) -> Path:
    """Write a package with all four sets; `classes` go into QuyHoach."""
    home = folder / "CSDL_Thu" / "HoSoGIS"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("HienTrang", "NenDiaHinh", "MocGioi"):
        rows(shapely.Point(X, Y)).to_file(
            home / f"{name}.gpkg", layer="TenDonViHanhChinh_P", driver="GPKG"
        )
    for name, frame in classes.items():
        frame.to_crs(crs or ZONE).to_file(home / "QuyHoach.gpkg", layer=name, driver="GPKG")
    return home.parent


def codes(found: tuple[Finding, ...]) -> list[str]:
    return sorted(f.code for f in found if f.code != "PACKAGE_UNVERIFIED")


def test_a_sound_package_has_the_remark_alone(folder):
    found = receiving.check(folder, package(folder, ChucNangSuDungDat_A=rows(*SOUND)))
    assert [f.code for f in found] == ["PACKAGE_UNVERIFIED"]


@pytest.mark.parametrize(
    ("crs", "code", "said"),
    [
        ("EPSG:4326", "PACKAGE_WGS84", "WGS 84"),
        ("EPSG:5897", "PACKAGE_MERIDIAN", "105°00'"),
        ("EPSG:9208", "PACKAGE_MERIDIAN", "104°45'"),
    ],
)
def test_another_system_is_named_with_that_of_the_commune(folder, crs, code, said):
    found = receiving.check(folder, package(folder, crs=crs, ChucNangSuDungDat_A=rows(*SOUND)))
    assert codes(found) == [code]
    (fault,) = [f for f in found if f.code == code]
    assert said in fault.message.vi
    assert "3 đối tượng" in fault.message.vi
    assert "103°00'" in fault.repair.vi
    lon, lat = fault.at
    assert 103 < lon < 104
    assert 22 < lat < 23


def test_coordinates_of_another_meridian_under_the_right_name_are_seen(folder):
    elsewhere = rows(*SOUND).to_crs("EPSG:9208").set_crs(ZONE, allow_override=True)
    found = receiving.check(folder, package(folder, ChucNangSuDungDat_A=elsewhere))
    assert any(code.startswith("CRS_") for code in codes(found))


def test_a_file_without_a_system_is_told_once(folder):
    bare = gpd.GeoDataFrame({"maDoiTuong": ["A", "B", "C"]}, geometry=list(SOUND))
    home = folder / "CSDL_Thu"
    home.mkdir()
    with pytest.warns(UserWarning, match="crs"):
        bare.to_file(home / "QuyHoach.shp", encoding="utf-8")
    found = receiving.check(folder, home)
    assert [c for c in codes(found) if "CRS" in c] == ["PACKAGE_CRS_NONE"]


def test_a_drawing_has_no_system_and_no_fields(folder):
    home = folder / "CSDL_Thu"
    home.mkdir()
    import fiona

    schema = {"geometry": "LineString", "properties": {"Layer": "str"}}
    with fiona.open(home / "quy hoach.dxf", "w", driver="DXF", schema=schema) as out:
        out.write({"geometry": shapely.geometry.mapping(line((0, 0), (9, 9))),
                   "properties": {"Layer": "0"}})  # fmt: skip
    found = receiving.check(folder, home)
    assert "PACKAGE_CAD" in codes(found)
    assert "PACKAGE_FIELDS_MISSING" not in codes(found)


def test_overlaps_and_gaps_are_counted_with_their_areas(folder):
    shapes = (box(0, 0, 510, 500), box(500, 0, 1000, 500), box(0, 500, 400, 1000),
              box(420, 500, 1000, 1000), box(0, 1000, 1000, 1200))  # fmt: skip
    found = receiving.check(folder, package(folder, ChucNangSuDungDat_A=rows(*shapes)))
    assert codes(found) == ["PACKAGE_GAPS", "PACKAGE_OVERLAPS"]
    by_code = {f.code: f for f in found}
    # 10 × 500 m twice, 20 × 500 m in none; on the ellipsoid a ten-thousandth more.
    assert "1 chỗ" in by_code["PACKAGE_OVERLAPS"].message.vi
    assert "5.000," in by_code["PACKAGE_OVERLAPS"].message.vi
    assert "10.00" in by_code["PACKAGE_GAPS"].message.vi
    assert by_code["PACKAGE_GAPS"].at is not None


def test_a_seam_with_other_vertices_is_no_fault(folder):
    left = shapely.Polygon([(X, Y), (X + 500, Y), (X + 500, Y + 250), (X + 500, Y + 500),
                            (X, Y + 500)])  # fmt: skip
    found = receiving.check(
        folder, package(folder, ChucNangSuDungDat_A=rows(left, box(500, 0, 900, 500)))
    )
    assert codes(found) == []


def test_roads_need_nodes_where_they_meet(folder):
    lines = (line((0, 0), (1000, 0)), line((500, -300), (500, 300)), line((1000, 0), (1500, 0)),
             line((1500.4, 0), (1900, 0)))  # fmt: skip
    found = receiving.check(folder, package(folder, MangLuoiGiaoThongDuongBo_L=rows(*lines)))
    assert codes(found) == ["PACKAGE_NOT_NODED", "PACKAGE_ROAD_GAPS"]
    assert all("1 " in f.message.vi for f in found if f.code != "PACKAGE_UNVERIFIED")


def test_lines_that_meet_at_their_ends_are_a_network():
    sound = [line((0, 0), (10, 0)), line((10, 0), (20, 5)), line((10, 0), (10, -30))]
    assert package_roads.faults(sound) == package_roads.Faults((), ())
    assert package_roads.faults([]) == package_roads.Faults((), ())


def test_fields_that_are_missing_misspelt_too_long_or_twice(folder):
    frame = rows(*SOUND, maDoiTuong=["A", "A", None], ghiChu=["x" * 300, "", ""])
    frame = frame.drop(columns=["maHoSoQH"]).rename(columns={"tenDoiTuong": "TEN_DOI_TUONG"})
    found = receiving.check(folder, package(folder, ChucNangSuDungDat_A=frame))
    assert codes(found) == [
        "PACKAGE_FIELDS_MISSING", "PACKAGE_FIELD_LONG", "PACKAGE_FIELD_SPELT", "PACKAGE_ID_BLANK",
        "PACKAGE_ID_TWICE",
    ]  # fmt: skip
    missing = next(f for f in found if f.code == "PACKAGE_FIELDS_MISSING")
    assert "maHoSoQH" in missing.message.vi


@pytest.mark.parametrize(
    ("name", "code", "wanted"),
    [
        ("Chức năng sử dụng đất", "PACKAGE_CLASS_NAME", "ChucNangSuDungDat_A"),
        ("vùng chè", "PACKAGE_CLASS_NAME", "VungChe_A"),
        ("VungMacCa_A", "PACKAGE_CLASS_NEW", ""),
    ],
)
def test_free_and_accented_names_get_the_name_they_should_have(folder, name, code, wanted):
    found = receiving.check(folder, package(folder, **{name: rows(*SOUND)}))
    assert codes(found) == [code]
    (fault,) = [f for f in found if f.code == code]
    assert wanted in fault.repair.vi


def test_a_class_holds_what_its_name_says(folder):
    bow = shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])
    found = receiving.check(folder, package(
        folder, RanhGioiQuyHoach_A=rows(bow), PhanKhuQuyHoach_A=rows(line((0, 0), (9, 9))),
    ))  # fmt: skip
    assert codes(found) == ["PACKAGE_GEOMETRY", "PACKAGE_INVALID"]


def test_hostile_names_and_broken_files_are_sentences(folder):
    home = package(folder, **{"a {x} %s_A": rows(*SOUND)})
    (home / "HoSoGIS" / "MocGioi.gpkg").write_bytes(b"SQLite format 3\0 cut")
    (home / "cũ.gdb").mkdir()
    found = receiving.check(folder, home)
    assert {"PACKAGE_GDB", "PACKAGE_CLASS_NAME"} <= set(codes(found))
    assert any(f.file == "HoSoGIS/MocGioi.gpkg" for f in found)
    named = next(f for f in found if f.code == "PACKAGE_CLASS_NAME")
    assert "'a {x} %s_A'" in named.message.vi
    assert "AXS_A" in named.repair.vi


def test_our_own_export_passes_but_for_what_is_wrong_with_the_plans(folder):
    from ntm_gis import pipeline
    from ntm_gis.outputs.planreview import database

    _, layers = pipeline.check(folder)
    database.write(layers, folder / "out")
    found = receiving.check(folder, folder / "out" / database.NAME)
    assert codes(found) == ["PACKAGE_SETS_MISSING"]
