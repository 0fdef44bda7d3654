"""VN-2000: zones against EPSG, transformations against the printed parameters, areas, detection."""

from __future__ import annotations

import contextlib
import os
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from ntm_gis import crs
from ntm_gis.crs.provinces import _provinces
from ntm_gis.errors import CrsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ODD = 0.9996 / 0.9999
# The shift of QĐ 05/2007/QĐ-BTNMT as printed: VN-2000 to WGS 84, coordinate frame.
PRINTED = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 +step +proj=helmert +convention=coordinate_frame "
    "+x=-191.90441429 +y=-39.30318279 +z=-111.45032835 "
    "+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)
longitudes, latitudes = st.floats(102.2, 109.4), st.floats(8.4, 23.3)
zone_codes = st.sampled_from([zone.code for zone in (*crs.zones(), *crs.utm_zones())])


def plain(text: str) -> str:
    marked = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in marked if c.isalnum() and not unicodedata.combining(c))


# --- Zones and provinces --------------------------------------------------------------------------


def test_zones_are_those_of_epsg() -> None:
    assert len(crs.zones()) == 18
    for zone in (*crs.zones(), *crs.utm_zones()):
        system = CRS.from_epsg(zone.epsg)
        assert system.coordinate_operation is not None
        values = {p.name: float(p.value) for p in system.coordinate_operation.params}
        assert values["Longitude of natural origin"] == zone.longitude
        assert values["Scale factor at natural origin"] == zone.k0
        assert values["False easting"] == 500_000
        assert values["False northing"] == 0
        assert system.geodetic_crs == CRS.from_epsg(4756)
        written = zone.meridian.removesuffix("′").split("°")
        assert int(written[0]) + int(written[1]) / 60 == zone.longitude


def test_the_63_provinces_lie_where_epsg_uses_their_zone() -> None:
    old = [row for row in _provinces() if row.valid_to is not None]
    assert len(old) == len({row.province for row in old}) == 63
    by_longitude = {zone.longitude: zone for zone in crs.zones()}
    named = 0
    for row in old:
        area = CRS.from_epsg(by_longitude[row.longitude].epsg).area_of_use
        assert area is not None
        province = plain(row.province.removeprefix("Thành phố "))
        if "provinces" in area.name or "province" in area.name:
            assert province in plain(area.name), (row.province, area.name)
            named += 1
    assert named == 53  # the areas of 5897 and 5898 name no provinces


def test_the_34_provinces_are_dated_and_cited_and_give_no_scale() -> None:
    new = [row for row in _provinces() if row.valid_from is not None]
    assert len(new) == len({row.province for row in new}) == 34
    for row in new:
        assert row.valid_from is not None
        assert row.valid_from.isoformat() == "2025-07-01"
        assert row.status == "cited"
        assert "24/2025/TT-BNNMT" in row.citation
        assert row.k0 is None
        assert row.longitude in {zone.longitude for zone in crs.zones()}


@pytest.mark.parametrize(
    ("province", "meridians"),
    [
        ("Lai Châu", ["103°00′", "104°45′"]),
        ("tỉnh Lai Châu", ["103°00′", "104°45′"]),
        ("Thành phố Hồ Chí Minh", ["105°45′", "105°45′"]),
        ("TP.HCM", ["105°45′", "105°45′"]),
        ("Thừa Thiên Huế", ["107°00′", "107°00′"]),
        ("Bà Rịa-Vũng Tàu", ["107°45′"]),
        ("Atlantis", []),
    ],
)
def test_meridians(province: str, meridians: list[str]) -> None:
    assert [row.meridian for row in crs.meridians(province)] == meridians


def test_advised_zone() -> None:
    assert crs.advised_zone("Lai Châu", 103.70, 22.20).code == "EPSG:9205"
    assert crs.advised_zone("Sơn La", 103.9, 21.3).code == "EPSG:9206"
    # Former Hà Giang is far from the meridian of Tuyên Quang.
    assert crs.advised_zone("Tuyên Quang", 104.6, 22.8).code == "EPSG:9209"
    assert abs(crs.advised_zone("Atlantis", 105.8, 21.0).scale_at(105.8, 21.0) - 1) < 2e-5


@given(st.sampled_from(crs.zones()), st.floats(-1.4, 1.4), latitudes)
def test_scale_at_is_the_projections(zone: crs.Zone, off: float, lat: float) -> None:
    lon = zone.longitude + off
    factors = pyproj.Proj(zone.crs).get_factors(lon, lat)
    assert zone.scale_at(lon, lat) == pytest.approx(factors.meridional_scale, abs=3e-6)


def test_labels_name_the_meridian_and_no_code() -> None:
    assert crs.meridian_label("EPSG:9205") == "VN-2000, kinh tuyến trục 103°00'"
    assert crs.meridian_label(9208, "en") == "VN-2000, central meridian 104°45'"
    assert crs.meridian_label(32648) == "WGS 84, UTM múi 48, kinh tuyến trục 105°00'"
    assert crs.meridian_label(4756) == "VN-2000, kinh độ và vĩ độ"
    for zone in crs.zones():
        assert crs.parse_crs(crs.meridian_label(zone)) == zone.crs
    for utm in crs.utm_zones():
        assert crs.parse_crs(crs.meridian_label(utm)) == utm.crs


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        ("EPSG:9205", 9205),
        ("9205", 9205),
        ("epsg 9205", 9205),
        ("urn:ogc:def:crs:EPSG::9205", 9205),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("VN-2000 103", 9205),
        ("VN2000 KTT103", 9205),
        ("VN-2000 / TM-3 103-00", 9205),
        ("Kinh tuyến trục 103°00' múi chiếu 3 độ", 9205),
        ("KTT 104 độ 45 phút", 9208),
        ("VN2000 KTT 104-45 múi 3", 9208),
        ("VN-2000 104.75", 9208),
        ("VN-2000 104,75", 9208),
        ("VN-2000 104.45", 9208),
        ("VN-2000 107.30", 9216),
        ("VN-2000 105", 5897),
        ("VN-2000 105 múi 6", 3405),
        ("VN-2000 UTM 48N", 3405),
        ("VN-2000 zone 481", 5896),
        ("VN-2000 kinh độ vĩ độ", 4756),
        ("VN-2000 tỉnh Điện Biên", 9205),
        ("WGS84", 4326),
        ("WGS 84 UTM 48N", 32648),
        ("EPSG:4979", 4326),
    ],
)
def test_names_of_systems(text: str, epsg: int) -> None:
    assert crs.parse_crs(text).to_epsg() == epsg


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HN-72", "CRS_HN72"),
        ("Hà Nội 1972", "CRS_HN72"),
        ("EPSG:4147", "CRS_HN72"),
        ("2044", "CRS_HN72"),
        ("EPSG:2045", "CRS_HN72"),
        ("+proj=tmerc +lon_0=103 +k=0.9999", "CRS_TEXT_REFUSED"),
        ("EPSG:9205 +towgs84=0,0,0", "CRS_TEXT_REFUSED"),
        ('PROJCS["x"]', "CRS_TEXT_REFUSED"),
        ("VN-2000", "CRS_MERIDIAN_MISSING"),
        ("VN-2000 Lai Châu", "CRS_MERIDIAN_AMBIGUOUS"),
        ("VN-2000 106-45", "CRS_MERIDIAN_UNKNOWN"),
        ("VN-2000 107-45 múi 6", "CRS_MERIDIAN_UNKNOWN"),
        ("VN-2000 104-45 k0 = 0,9996", "CRS_SCALE_9996"),
        ("EPSG:99999", "CRS_UNKNOWN"),
        ("EPSG:5727", "CRS_UNKNOWN"),
        ("", "CRS_UNKNOWN"),
        ("lung tung", "CRS_UNKNOWN"),
    ],
)
def test_refused_names(text: str, code: str) -> None:
    with pytest.raises(CrsError) as refused:
        crs.parse_crs(text)
    assert refused.value.code == code


@given(st.text(max_size=40))
def test_any_name_is_a_system_or_refused(text: str) -> None:
    with contextlib.suppress(CrsError):
        assert isinstance(crs.parse_crs(text), CRS)


def test_require_metric() -> None:
    assert crs.require_metric("EPSG:9205", "roads") == CRS.from_epsg(9205)
    for wrong in ("EPSG:4326", 4756, 2263):  # the last one in feet
        with pytest.raises(CrsError) as refused:
            crs.require_metric(wrong, "roads")
        assert refused.value.params["layer"] == "roads"
    with pytest.raises(CrsError) as missing:
        crs.require_metric(None, "roads")
    assert missing.value.code == "CRS_MISSING"
    with pytest.raises(CrsError):
        crs.zone("EPSG:4326")


# --- What files say -------------------------------------------------------------------------------


def wkt(datum: str, longitude: float, k0: float, shift: str = "") -> str:
    """Return an old-style definition as in .prj files of an office."""
    return (
        f'PROJCS["xa",GEOGCS["goc",DATUM["{datum}",SPHEROID["s",6378137,298.257223563]{shift}],'
        'PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000],'
        f'PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",{longitude}],'
        f'PARAMETER["Scale_Factor",{k0}],PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]'
    )


SHIFTED = (
    "-191.90441429,-39.30318279,-111.45032835,{0}0.00928836,{1}0.01975479,{0}0.00427372,0.252906278"
)


@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_every_zone_is_known_by_its_own_definition(version: str) -> None:
    for zone in (*crs.zones(), *crs.utm_zones()):
        assert crs.identify(zone.crs.to_wkt(version)) == zone.crs
        assert crs.doubtful_datum(zone.crs.to_wkt(version)) is None


@pytest.mark.parametrize(
    ("datum", "shift"),
    [
        ("D_Vietnam_2000", ""),
        ("VN_2000", ""),
        ("VN-2000", ",TOWGS84[0,0,0,0,0,0,0]"),
        ("unknown", ""),
        ("unknown", ",TOWGS84[0,0,0,0,0,0,0]"),
        ("unknown", f",TOWGS84[{SHIFTED.format('', '-')}]"),
        ("unknown", f",TOWGS84[{SHIFTED.format('-', '')}]"),
        ("unknown", ",TOWGS84[-191.9,-39.3,-111.5,0,0,0,0]"),
    ],
)
def test_definitions_without_authority(datum: str, shift: str) -> None:
    for zone in crs.zones():
        assert crs.identify(wkt(datum, zone.longitude, 0.9999, shift)) == zone.crs


def test_definitions_that_say_wgs84_are_asked_about() -> None:
    for zone in crs.zones():
        text = wkt("D_WGS_1984", zone.longitude, 0.9999)
        assert crs.identify(text) is None
        assert crs.doubtful_datum(text) == zone
    utm = CRS.from_epsg(32648)
    assert crs.identify(utm) == utm
    assert crs.doubtful_datum(utm) is None
    doubt = crs.doubtful_datum(utm, mapinfo=True)
    assert doubt is not None
    assert doubt.epsg == 3405


@pytest.mark.parametrize("datum", ["VN_2000", "D_WGS_1984", "unknown"])
def test_odd_scale_is_named_and_refused(datum: str) -> None:
    for check in (crs.identify, crs.doubtful_datum):
        with pytest.raises(CrsError) as refused:
            check(wkt(datum, 104.75, 0.9996))
        assert refused.value.code == "CRS_SCALE_9996"
        assert refused.value.params["meridian"] == "104°45′"


def test_hn72_is_refused_in_every_shape() -> None:
    for epsg in (4147, 2044, 2045):
        for version in ("WKT1_ESRI", "WKT2_2019"):
            with pytest.raises(CrsError) as refused:
                crs.identify(CRS.from_epsg(epsg).to_wkt(version))
            assert refused.value.code == "CRS_HN72"
        with pytest.raises(CrsError):
            crs.transformer(epsg, 9205)
    nameless = wkt("cu", 105, 1.0).replace("6378137,298.257223563", "6378245,298.3")
    with pytest.raises(CrsError):
        crs.identify(nameless)


def test_other_definitions() -> None:
    assert crs.identify(CRS.from_epsg(4979)) == CRS.from_epsg(4326)
    assert crs.identify("EPSG:9205+5727") == CRS.from_epsg(9205)
    assert crs.identify(CRS.from_epsg(4326).to_wkt("WKT1_ESRI")) == CRS.from_epsg(4326)
    assert crs.identify(CRS.from_epsg(3857)) == CRS.from_epsg(3857)
    for unknown in ("", "rubbish", 'LOCAL_CS["NonEarth"]', wkt("VN_2000", 103.3, 0.9999)):
        assert crs.identify(unknown) is None
        assert crs.doubtful_datum(unknown) is None


def test_what_mapinfo_makes_of_vn2000(tmp_path: Path) -> None:
    path = tmp_path / "xa.mif"
    _write(path, "MapInfo File", 9205)
    read = pyogrio.read_info(path)["crs"]
    assert crs.identify(read) is None
    doubt = crs.doubtful_datum(read, mapinfo=True)
    assert doubt is not None
    assert doubt.code == "EPSG:9205"
    _write(path, "MapInfo File", 3405)
    utm = crs.doubtful_datum(pyogrio.read_info(path)["crs"], mapinfo=True)
    assert utm is not None
    assert utm.code == "EPSG:3405"


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile", "GeoJSON"])
def test_what_files_keep_of_a_zone(tmp_path: Path, driver: str) -> None:
    path = tmp_path / {"GPKG": "a.gpkg", "GeoJSON": "a.geojson"}.get(driver, "a.shp")
    for zone in (*crs.zones()[1:5], *crs.utm_zones()):
        _write(path, driver, zone.epsg)
        assert crs.identify(pyogrio.read_info(path)["crs"]) == zone.crs


def _write(path: Path, driver: str, epsg: int) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([shapely.Point(571_979, 2_455_972)])),
        [np.array(["a"], dtype=object)],
        np.array(["ma"]),
        geometry_type="Point",
        driver=driver,
        crs=f"EPSG:{epsg}",
    )


# --- Transformations ------------------------------------------------------------------------------


def test_golden_point() -> None:
    east, north = crs.to_zone([103.70], [22.20], "EPSG:4326", "EPSG:9205")
    assert (round(east[0], 2), round(north[0], 2)) == (571_979.18, 2_455_972.70)
    lon, lat = crs.to_zone([571_979.18], [2_455_972.70], "EPSG:9205", "EPSG:4326")
    assert (round(lon[0], 6), round(lat[0], 6)) == (103.70, 22.20)


@given(zone_codes, longitudes, latitudes)
def test_the_shift_is_the_printed_one_in_the_whole_country(
    code: str, lon: float, lat: float
) -> None:
    # Left to itself PROJ takes another set in the south, 0.8 m away.
    printed = Transformer.from_pipeline(PRINTED).transform(lon, lat)
    east, north = crs.to_zone([lon], [lat], "EPSG:4756", code)
    ours = crs.to_zone(east, north, code, "EPSG:4326")
    assert Geod(ellps="WGS84").inv(*printed, ours[0][0], ours[1][0])[2] < 0.001


@given(zone_codes, zone_codes, longitudes, latitudes)
def test_there_and_back_within_a_millimetre(code: str, other: str, lon: float, lat: float) -> None:
    x, y = crs.to_zone([lon], [lat], "EPSG:4756", code)
    for between in (other, "EPSG:4756"):
        back = crs.to_zone(*crs.to_zone(x, y, code, between), between, code)
        assert np.hypot(back[0] - x, back[1] - y)[0] <= 0.001
    # Through WGS 84 PROJ itself loses 1.2 mm: two coordinates carry no height, and the ellipsoids
    # lie up to 40 m apart in it.
    back = crs.to_zone(*crs.to_zone(x, y, code, "EPSG:4326"), "EPSG:4326", code)
    assert np.hypot(back[0] - x, back[1] - y)[0] <= 0.0015


def test_no_place_is_an_error() -> None:
    for x, y in (([571_979.0], [2_455_972.0]), ([np.nan], [22.0]), ([103.7, np.inf], [22.2, 1.0])):
        with pytest.raises(CrsError) as refused:
            crs.to_zone(x, y, "EPSG:4326", "EPSG:9205")
        assert refused.value.code == "CRS_NO_PLACE"
        assert refused.value.params["count"] == 1
        assert refused.value.params["first"] == len(x)


def test_reproject_keeps_heights_and_gaps() -> None:
    line = shapely.LineString([(103.7, 22.2, 850), (103.71, 22.21, 900)])
    out = crs.reproject([line, None, shapely.Polygon(), shapely.Point(103.7, 22.2)], 4326, 9205)
    assert shapely.get_coordinates(out[0], include_z=True)[:, 2].tolist() == [850, 900]
    assert out[1] is None
    assert out[2].is_empty
    assert out[3].coords[0] == pytest.approx((571_979.18, 2_455_972.70), abs=0.005)


def test_transformers_are_made_once() -> None:
    first = crs.transformer("EPSG:9208", "EPSG:9205")
    assert crs.transformer(CRS.from_epsg(9208), crs.zone(9205)) is first


# --- Areas ----------------------------------------------------------------------------------------


def equal_area_ha(geometry: shapely.Geometry, code: str) -> float:
    """Return hectares by another way: planar area in an equal-area projection."""
    fine = shapely.segmentize(geometry, 20.0)
    base = CRS.from_user_input(code).geodetic_crs
    assert base is not None
    to_lonlat = Transformer.from_crs(code, base, always_xy=True)
    project = pyproj.Proj("+proj=aea +lat_1=21 +lat_2=23 +lat_0=22 +lon_0=104 +ellps=WGS84")

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(project(*to_lonlat.transform(xy[:, 0], xy[:, 1])))

    return float(shapely.transform(fine, move).area) / 10_000


SHELL = [(0, 0), (4000, 0), (4000, 3000), (0, 3000)]
HOLE = [(1000, 1000), (1000, 2000), (2500, 2000), (2500, 1000)]


def place(ring: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(570_000 + x, 2_450_000 + y) for x, y in ring]


def test_areas_holes_parts_directions() -> None:
    shell, hole = place(SHELL), place(HOLE)
    holed = shapely.Polygon(shell, [hole])
    whole, inner = shapely.Polygon(shell), shapely.Polygon(hole)
    areas = crs.ellipsoidal_ha([whole, inner, holed], 9205)
    assert areas[2] == pytest.approx(areas[0] - areas[1], rel=1e-12)
    for turned in (
        shapely.Polygon(shell[::-1], [hole]),
        shapely.Polygon(shell, [hole[::-1]]),
        shapely.Polygon(shell[::-1], [hole[::-1]]),
        shapely.MultiPolygon([holed]),
        shapely.GeometryCollection([shapely.MultiPolygon([holed]), shapely.Point(0, 0)]),
    ):
        assert crs.ellipsoidal_ha([turned], 9205)[0] == pytest.approx(areas[2], rel=1e-12)
    far = shapely.transform(whole, lambda xy: xy + 10_000)
    both = crs.ellipsoidal_ha([shapely.MultiPolygon([holed, far]), far], 9205)
    assert both[0] == pytest.approx(areas[2] + both[1], rel=1e-12)
    assert areas[2] == pytest.approx(equal_area_ha(holed, "EPSG:9205"), rel=1e-8)


def test_areas_of_nothing() -> None:
    empty = [None, shapely.Polygon(), shapely.Point(1, 1), shapely.MultiPolygon()]
    assert np.array_equal(crs.ellipsoidal_ha(empty, 9205), [np.nan, 0, 0, 0], equal_nan=True)
    assert crs.ellipsoidal_ha([], 9205).tolist() == []
    with pytest.raises(CrsError):
        crs.ellipsoidal_ha([shapely.box(103, 22, 104, 23)], 4326)


@given(
    st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), min_size=3, max_size=12),
    st.sampled_from(["EPSG:9205", "EPSG:9208", "EPSG:3405"]),
)
def test_areas_by_another_way(points: list[tuple[float, float]], code: str) -> None:
    hull = shapely.convex_hull(shapely.MultiPoint(points))
    if hull.geom_type != "Polygon" or hull.area < 100:
        return
    centre = crs.to_zone([103.7], [22.2], "EPSG:4756", code)
    moved = shapely.transform(hull, lambda xy: xy + np.array(centre).T)
    assert crs.ellipsoidal_ha([moved], code)[0] == pytest.approx(
        equal_area_ha(moved, code), rel=1e-7, abs=1e-7
    )


def test_areas_do_not_depend_on_the_zone_much() -> None:
    # The plan's tea: planar areas differ by a hectare and more, ellipsoidal ones do not.
    side = 1282.2**0.5 * 100
    square = shapely.box(571_979, 2_455_972, 571_979 + side, 2_455_972 + side)
    ours = crs.ellipsoidal_ha([square], 9205)[0]
    for code in ("EPSG:9208", "EPSG:3405"):
        moved = crs.reproject([shapely.segmentize(square, 20)], 9205, code)
        assert crs.ellipsoidal_ha(moved, code)[0] == pytest.approx(ours, rel=1e-8)
        assert abs(moved[0].area / 1e4 - square.area / 1e4) > 0.15


def test_areas_are_quick() -> None:
    rng = np.random.default_rng(1)
    turns = np.sort(rng.uniform(0, 2 * np.pi, (1000, 30)))
    radius = 250 * rng.uniform(0.7, 1.3, (1000, 30))
    centres = rng.uniform((565_000, 2_450_000), (580_000, 2_465_000), (1000, 2))
    x, y = centres[:, :1] + radius * np.cos(turns), centres[:, 1:] + radius * np.sin(turns)
    polygons = [shapely.Polygon(np.column_stack(pair)) for pair in zip(x, y, strict=True)]
    crs.ellipsoidal_ha(polygons[:1], 9205)
    assert best_of_three(lambda: crs.ellipsoidal_ha(polygons, 9205)) < 0.5


def best_of_three(work: object) -> float:
    assert callable(work)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


# --- The real commune -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def muong_khoa() -> shapely.Geometry:
    """Return Mường Khoa in EPSG:9205."""
    folder = os.environ.get("NTM_GIS_TEST_DATA")
    if not folder:
        pytest.skip("NTM_GIS_TEST_DATA is not set")
    path = Path(folder) / "vietnam" / "lai_chau_38_communes_2025.gpkg"
    meta, _, geometry, fields = pyogrio.raw.read(path, columns=["code"], where="code = '03601'")
    assert meta["crs"] == "EPSG:4326"
    assert fields[0].tolist() == ["03601"]
    return crs.reproject(shapely.from_wkb(geometry), "EPSG:4326", "EPSG:9205")[0]


@pytest.fixture(scope="module")
def inside(muong_khoa: shapely.Geometry) -> NDArray[np.float64]:
    """Return 60 points within it."""
    rng = np.random.default_rng(614)
    west, south, east, north = muong_khoa.bounds
    points = rng.uniform((west, south), (east, north), (500, 2))
    return np.asarray(points[shapely.contains_xy(muong_khoa, points)][:60])


@pytest.mark.real
def test_area_of_muong_khoa(muong_khoa: shapely.Geometry) -> None:
    ours = crs.ellipsoidal_ha([muong_khoa], "EPSG:9205")[0]
    assert ours / 100 == pytest.approx(168.85, rel=1e-4)
    assert ours == pytest.approx(equal_area_ha(muong_khoa, "EPSG:9205"), rel=1e-8)


@pytest.mark.real
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    "code", ["EPSG:9205", "EPSG:9206", "EPSG:9208", "EPSG:3405", "EPSG:32648", "EPSG:4326"]
)
def test_the_true_system_wins(
    muong_khoa: shapely.Geometry, inside: NDArray[np.float64], code: str, *, swapped: bool
) -> None:
    x, y = crs.to_zone(inside[:, 0], inside[:, 1], "EPSG:9205", code)
    found = crs.hypotheses(*((y, x) if swapped else (x, y)), muong_khoa, zone="EPSG:9205")
    best = found[0]
    assert (best.source, best.swapped, best.odd_scale, best.prefix) == (code, swapped, False, None)
    assert best.share == 1.0
    assert best.points == 60
    # Other zones put nothing into the commune; datum and k0 cannot be seen this way. The true
    # UTM 48 and the 3-degree zone of 105°00′ differ by k0 alone.
    same = {"EPSG:3405": "32648 5897", "EPSG:32648": "3405 5897", "EPSG:4326": "4756"}.get(code, "")
    for other in found[1:]:
        if other.source != code and other.source.removeprefix("EPSG:") not in same:
            assert other.share == 0.0
    east, north = best.to_zone(*((y, x) if swapped else (x, y)), "EPSG:9205")
    assert np.hypot(east - inside[:, 0], north - inside[:, 1]).max() < 0.0015


@pytest.mark.real
def test_prefix_and_odd_scale(muong_khoa: shapely.Geometry, inside: NDArray[np.float64]) -> None:
    x, y = crs.to_zone(inside[:, 0], inside[:, 1], "EPSG:9205", "EPSG:9208")
    best = crs.hypotheses(y, x + 18_000_000, muong_khoa, zone=9205)[0]
    assert (best.source, best.swapped, best.prefix, best.share) == ("EPSG:9208", True, 18, 1.0)
    odd = 500_000 + (x - 500_000) * ODD, y * ODD
    found = crs.hypotheses(*odd, muong_khoa, zone=9205)
    assert (found[0].source, found[0].odd_scale, found[0].share) == ("EPSG:9208", True, 1.0)
    assert (found[1].source, found[1].odd_scale) == ("EPSG:9208", False)
    east, north = found[0].to_zone(*odd, 9205)
    assert np.hypot(east - inside[:, 0], north - inside[:, 1]).max() < 0.001
    # The same against PROJ's own projection with that scale.
    proj = pyproj.Proj("+proj=tmerc +lon_0=104.75 +k=0.9996 +x_0=500000 +ellps=WGS84")
    lon, lat = crs.to_zone(inside[:, 0], inside[:, 1], "EPSG:9205", "EPSG:4756")
    assert np.allclose(proj(lon, lat), odd, atol=0.001)


@pytest.mark.real
def test_points_beyond_the_commune(
    muong_khoa: shapely.Geometry, inside: NDArray[np.float64]
) -> None:
    neighbours = shapely.buffer(muong_khoa, 6000)
    x, y = crs.to_zone(inside[:, 0] + 6000, inside[:, 1], "EPSG:9205", "EPSG:9206")
    best = crs.hypotheses(x, y, muong_khoa, neighbours, zone=9205)[0]
    assert best.source == "EPSG:9206"
    assert best.near_share is not None
    assert best.share < best.near_share


@pytest.mark.real
def test_hypotheses_are_quick(muong_khoa: shapely.Geometry, inside: NDArray[np.float64]) -> None:
    x, y = inside.T
    assert best_of_three(lambda: crs.hypotheses(x, y, muong_khoa, zone=9205)) < 0.3


def test_hypotheses_of_nothing() -> None:
    area = shapely.box(565_000, 2_450_000, 580_000, 2_465_000)
    assert crs.hypotheses([], [], area, zone=9205) == []
    assert crs.hypotheses([np.nan, np.inf], [1.0, 2.0], area, zone=9205) == []
    assert crs.hypotheses([5e8], [5e8], area, zone=9205) == []
    assert crs.hypotheses([0.0], [0.0], area, zone=9205)[0].share == 0.0


@pytest.mark.real
def test_datum_fingerprint(muong_khoa: shapely.Geometry) -> None:
    border = shapely.boundary(muong_khoa)
    as_wgs84 = crs.reproject(crs.reproject([border], 9205, 4756), 4326, 9205)[0]
    as_vn2000 = crs.reproject(crs.reproject([border], 9205, 4326), 4756, 9205)[0]
    for line, kind, azimuth in (
        (as_wgs84, "vn2000_as_wgs84", 298),
        (as_vn2000, "wgs84_as_vn2000", 118),
    ):
        found = crs.datum_shift_fingerprint(border, line, 9205)
        assert found.kind == kind
        assert found.distance_m == pytest.approx(222.8, abs=0.1)
        assert found.azimuth_deg == pytest.approx(azimuth, abs=0.5)
        assert found.misfit_m > 100
        assert found.misfit_after_m < 0.1
    assert crs.datum_shift_fingerprint(muong_khoa, border, 9205).kind == "none"

    def scaled(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([500_000 + (xy[:, 0] - 500_000) * ODD, xy[:, 1] * ODD])

    wrong_k0 = crs.datum_shift_fingerprint(border, shapely.transform(border, scaled), 9205)
    assert wrong_k0.kind == "other"
    assert wrong_k0.misfit_m > 400
