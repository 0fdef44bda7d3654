"""The files of the sample commune themselves, read by other means than the product's own.

Areas come from an equal-area projection on the ellipsoid (the script and the product measure
geodesically), GeoPackages from sqlite3 and fiona, the shapefile from its bytes, workbooks from
openpyxl, drawings from their text.
"""

from __future__ import annotations

import csv
import doctest
import importlib
import json
import re
import sqlite3
import struct
import sys
import tomllib
import unicodedata
import zipfile
from pathlib import Path

import fiona
import numpy as np
import openpyxl
import pyproj
import pytest
import rasterio
import shapely
from defusedxml import ElementTree
from shapely.geometry import shape

from ntm_gis import text

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
SOURCES = SAMPLE / "sources"
SUMMARY = SOURCES / "Biểu tổng hợp 2025.xlsx"
EQUAL_AREA = "+proj=laea +lat_0=22.22 +lon_0=103.72 +ellps=WGS84 +units=m +no_defs"
ZONE, DEGREES = "EPSG:9205", "EPSG:4326"


def moved(geometry, source, target):
    change = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return shapely.transform(geometry, lambda c: np.column_stack(change.transform(*c.T)))


def hectares(geometry, crs=ZONE):
    """Hectares on the ellipsoid: VN-2000 has the ellipsoid of WGS 84, so no datum shift is needed."""
    degrees = moved(shapely.segmentize(geometry, 50.0), crs, pyproj.CRS(crs).geodetic_crs)
    flat = pyproj.Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {EQUAL_AREA}"
    )
    return shapely.transform(degrees, lambda c: np.column_stack(flat.transform(*c.T))).area / 1e4


def geojson(name):
    features = json.loads((SOURCES / name).read_text(encoding="utf-8"))["features"]
    return [(f["properties"], moved(shape(f["geometry"]), DEGREES, ZONE)) for f in features]


def vector(name, layer=None, crs=ZONE):
    with fiona.open(SOURCES / name, layer=layer) as source:
        assert crs is None or pyproj.CRS.from_wkt(source.crs_wkt).to_epsg() == int(crs[5:])
        return [(dict(f.properties), shape(f.geometry) if f.geometry else None) for f in source]


def rows_of(name, table):
    with sqlite3.connect(f"{(SOURCES / name).as_uri()}?mode=ro", uri=True) as data:
        data.row_factory = sqlite3.Row
        return [dict(row) for row in data.execute(f'SELECT * FROM "{table}" ORDER BY fid')]  # noqa: S608


def sheet(path, name, top):
    """Rows of a sheet by heading, with their numbers in Excel."""
    book = openpyxl.load_workbook(path)
    rows = list(book[name].iter_rows(values_only=True))
    return [
        (k, dict(zip(rows[top - 1], row, strict=True))) for k, row in enumerate(rows[top:], top + 1)
    ]


def vietnamese(number):
    return float(str(number).replace(".", "").replace(",", "."))


@pytest.fixture(scope="module")
def boundary():
    [(_, commune)] = geojson("ranh_gioi_xa.geojson")
    return commune


@pytest.fixture(scope="module")
def roads():
    """Rows of the shapefile, straight from its bytes; text as latin-1 shows it."""
    dbf = (SOURCES / "duong_giao_thong.dbf").read_bytes()
    count, head, size = struct.unpack_from("<IHH", dbf, 4)
    fields = [
        (dbf[k : k + 11].rstrip(b"\0").decode(), dbf[k + 16]) for k in range(32, head - 1, 32)
    ]
    rows = []
    for k in range(count):
        at, row = head + k * size + 1, {}
        for name, width in fields:
            row[name] = dbf[at : at + width].decode("latin-1").strip()
            at += width
        rows.append(row)
    lines = [line for _, line in vector("duong_giao_thong.shp")]
    return list(zip(rows, lines, strict=True))


def test_nothing_is_too_large_and_nothing_is_left_over():
    sizes = {p: p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()}
    assert sum(sizes.values()) <= 3_000_000
    assert max(sizes.values()) < 1_000_000
    assert not [p for p in sizes if p.suffix in (".cpg", ".aux", ".qmd", ".gpkg-wal", ".xml")]
    assert all(unicodedata.is_normalized("NFC", str(p.relative_to(SAMPLE))) for p in sizes)


def test_archives_bear_no_clock():
    for path in SOURCES.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}
            assert [e.filename for e in entries] == sorted(e.filename for e in entries)
            assert b"2025-12-31T00:00:00Z" in archive.read("docProps/core.xml")
    for path in SOURCES.glob("*.gpkg"):
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as data:
            stamps = {r[0] for r in data.execute("SELECT last_change FROM gpkg_contents")}
        assert stamps == {"2025-12-31T00:00:00.000Z"}


def test_commune_toml_names_files_tables_and_columns_that_are_there():
    config = tomllib.loads((SAMPLE / "commune.toml").read_text(encoding="utf-8"))
    assert config["commune"]["sample"] is True
    for source in config["source"]:
        files = sorted(SAMPLE.glob(source.get("file") or source["files"]))
        assert files, source
        for path in files:
            heads = headings(path, source)
            missing = set(source.get("fields", {}).values()) - heads
            assert not missing, (path.name, missing)


def headings(path, source):
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return {cell.value for row in book[source["table"]].iter_rows(max_row=6) for cell in row}
    if path.suffix == ".csv":
        body = path.read_bytes()
        code = source.get("encoding", "utf-8-sig").replace("windows-", "cp")
        return set(unicodedata.normalize("NFC", body.decode(code)).splitlines()[0].split(";"))
    if path.suffix == ".kml":
        body = path.read_text(encoding="utf-8")
        assert f"<name>{source['table']}</name>" in body
        return {"Name", *re.findall(r'Data name="(\w+)"', body)}
    if path.suffix in (".tif", ".gpx"):
        return set()
    with fiona.open(path, layer=source.get("table")) as opened:
        return set(opened.schema["properties"])


def test_the_commune_has_its_published_area_and_extent(boundary):
    assert hectares(boundary) == pytest.approx(16_883.0, abs=0.5)
    assert len(boundary.exterior.coords) == pytest.approx(400, abs=30)
    west, south, east, north = moved(boundary, ZONE, DEGREES).bounds
    assert (west, east) == pytest.approx((103.5896, 103.8454), abs=0.002)
    assert (south, north) == pytest.approx((22.1403, 22.3036), abs=0.007)


def test_former_communes_share_the_seam_and_neighbours_the_boundary(boundary):
    halves = [half for _, half in geojson("xa_cu.geojson")]
    assert shapely.union_all(halves).symmetric_difference(boundary).area < 0.05
    assert shapely.intersection(*halves).area < 0.05
    around = geojson("xa_lan_can.geojson")
    assert {p["ten_xa"] for p, _ in around} == {
        "Tân Uyên", "Bản Bo", "Tả Van", "Khun Há", "Nậm Sỏ", "Nậm Cuổi",
    }  # fmt: skip
    assert all(g.is_valid and g.intersection(boundary).area < 5.0 for _, g in around)
    assert sum(g.buffer(0.05).intersection(boundary.exterior).length for _, g in around) > (
        0.999 * boundary.length
    )


def test_villages_add_up_and_one_name_is_decomposed(boundary):
    villages = rows_of("ban.gpkg", "ban")
    totals = {k: sum(v[k] for v in villages) for k in ("DAN_SO", "SO_HO", "HO_NGHEO", "HO_CNGHEO")}
    assert totals == {"DAN_SO": 12_529, "SO_HO": 2_484, "HO_NGHEO": 163, "HO_CNGHEO": 105}
    assert len({v["MA_BAN"] for v in villages}) == len(villages) == 20
    assert [v["BAN_VH"] for v in villages].count("Đạt") == 16
    odd = [v["MA_BAN"] for v in villages if not unicodedata.is_normalized("NFC", v["TEN_BAN"])]
    assert odd == ["PK03"]
    assert all(point.within(boundary) for _, point in vector("ban.gpkg", "ban"))
    homes = rows_of("nha_o.gpkg", "nha_o")
    for v in villages:
        assert sum(h["SO_HO"] for h in homes if h["MA_BAN"] == v["MA_BAN"]) == v["SO_HO"]


def test_elevation_is_that_of_mountains(boundary):
    with rasterio.open(SOURCES / "do_cao_30m.tif") as grid:
        assert (grid.crs.to_epsg(), grid.res, grid.dtypes) == (9205, (30.0, 30.0), ("int16",))
        z = grid.read(1)
        rows, columns = np.indices(z.shape)
        x = grid.bounds.left + 30.0 * (columns + 0.5)
        y = grid.bounds.top - 30.0 * (rows + 0.5)
        inside = shapely.contains_xy(boundary, x, y)
        assert (z == grid.nodata).any()
        assert not (z[inside] == grid.nodata).any()
        assert z[inside].min() >= 500
        assert z[inside].max() <= 2_000
        assert np.ptp(z[inside]) > 1_000
        margin = shapely.box(*grid.bounds)
        assert boundary.buffer(1_000.0).within(margin)
        [ho_tra] = [p for v, p in vector("ban.gpkg", "ban") if v["TEN_BAN"] == "Hô Tra"]
        assert next(grid.sample(ho_tra.coords))[0] == pytest.approx(1_500, abs=40)
        for water, line in vector("nen_dia_ly.gpkg", "song_suoi"):
            fine = shapely.get_coordinates(shapely.segmentize(line, 30.0))
            heights = np.array([v[0] for v in grid.sample(fine)], dtype=float)
            rise = (heights - np.minimum.accumulate(heights)).max()
            assert rise <= 12.0, water  # a cell of 30 m beside the bed may be that much higher
            assert heights[-1] < heights[0]


def test_roads_are_as_an_old_shapefile_holds_them(roads, boundary):
    assert (SOURCES / "duong_giao_thong.dbf").read_bytes()[29] == 0
    assert not (SOURCES / "duong_giao_thong.cpg").exists()
    assert 60 <= len(roads) <= 80
    [(up, line)] = [(r, g) for r, g in roads if r["TEN"] == "§\xadêng lªn b¶n H« Tra"]
    assert up["MA_DUONG"] == "D05"
    assert line.length == pytest.approx(7_000.0, abs=0.005)
    room = boundary.buffer(0.01)
    assert all(g.length > 20 and g.within(room) for _, g in roads)
    blank = [r["MA_DUONG"] for r, _ in roads if not r["KET_CAU"] and r["CAP"] == "§B"]
    assert len(blank) == 3
    wkb = [(tuple(r.values()), g.wkb) for r, g in roads]
    assert len(wkb) - len(set(wkb)) == 1
    stakes = (SOURCES / "coc_km.csv").read_text(encoding="utf-8").splitlines()[1:]
    for stake in (s.split(";") for s in stakes):
        spot = line.interpolate(float(stake[1]))
        assert (spot.y, spot.x) == pytest.approx((vietnamese(stake[2]), vietnamese(stake[3])))


def test_roads_meet_at_shared_vertices_but_for_the_doubled_one(roads):
    joined, names = {}, [r["MA_DUONG"] for r, _ in roads]

    def root(k):
        while joined.setdefault(k, k) != k:
            k = joined[k]
        return k

    owner = {}
    for name, (_, line) in zip(names, roads, strict=True):
        for vertex in np.round(shapely.get_coordinates(line), 3).tolist():
            joined[root(name)] = root(owner.setdefault(tuple(vertex), name))
    alone = {n for n in names if root(n) != root("D01")}
    assert alone == {r["MA_DUONG"] for r, _ in roads if "®o l¹i" in r["TEN"]}


def test_tea_and_crops_have_the_plans_hectares(boundary):
    tea, crops = vector("che_2025.tab", crs=None), vector("cay_trong.tab", crs=None)
    union = shapely.union_all([g for _, g in tea]).intersection(boundary)
    assert hectares(union) == pytest.approx(1_282.2, abs=0.05)
    harvest = [g for row, g in tea if row["GIAI_DOAN"] == "Kinh doanh"]
    assert hectares(shapely.union_all(harvest)) == pytest.approx(1_249.0, abs=0.05)
    assert sum(hectares(g) for _, g in tea) == pytest.approx(1_282.2, abs=0.05)  # no overlaps
    assert sum(row["DT_KK"] for row, _ in tea) == pytest.approx(1_282.2)
    [garden] = [g for row, g in crops if row["CAY"] == "S©m Lai Ch©u"]
    assert hectares(garden) == pytest.approx(1.89, abs=0.005)
    assert all(g.is_valid for _, g in tea + crops)


@pytest.mark.parametrize("name", ["che_2025.tab", "cay_trong.tab"])
def test_mapinfo_tables_lie_where_they_should(name):
    with fiona.open(SOURCES / name) as source:
        said = pyproj.CRS.from_wkt(source.crs_wkt)
        points = np.array([shape(f.geometry).exterior.coords[0] for f in source])
    to_degrees = [pyproj.Transformer.from_crs(c, DEGREES, always_xy=True) for c in (said, ZONE)]
    by_file, by_zone = (np.column_stack(t.transform(*points.T)) for t in to_degrees)
    assert np.abs(by_file - by_zone).max() < 1e-7  # a centimetre; the wrong datum is 223 m off


def test_farmland_is_in_the_other_zone_and_adds_up(boundary):
    fields = vector("dat_nong_nghiep.gpkg", "dat_nn", "EPSG:9208")
    shapes = [moved(g, "EPSG:9208", ZONE) for _, g in fields]
    assert sum(hectares(g) for g in shapes) == pytest.approx(417.0, abs=0.05)
    assert all(g.within(boundary) for g in shapes)
    works = re.findall(r'"ma_ct"><value>(\w+)', kml_text())
    assert {row["MA_CT"] for row, _ in fields} - {None, "Không"} <= set(works)
    assert [row["LOAI_DAT"] for row, _ in fields].count(None) == 1


def kml_text():
    return (SOURCES / "cong_trinh_thuy_loi.kml").read_text(encoding="utf-8")


def test_irrigation_is_a_kml_of_two_folders():
    space = {"k": "http://www.opengis.net/kml/2.2"}
    folders = ElementTree.fromstring(kml_text()).findall("k:Document/k:Folder", space)
    marks = [folder.findall("k:Placemark", space) for folder in folders]
    assert [len(m) for m in marks] == [11, 7]
    assert all(m.find("k:LineString", space) is not None for m in marks[0])
    assert all(m.find("k:Point", space) is not None for m in marks[1])
    assert kml_text().count('"tinh_trang"><value></value>') == 1


def test_schools_are_a_list_with_titles_merged_heads_a_total_and_a_duplicate():
    path = SOURCES / "truong_hoc.xlsx"
    page = openpyxl.load_workbook(path)["Trường học"]
    merged = {str(cells) for cells in page.merged_cells.ranges}
    assert {"A1:U1", "J5:K5", "S5:T5"} <= merged
    assert page["S6"].value == "X (m)"
    assert [page.cell(7, k).value for k in (1, 2, 21)] == ["(1)", "(2)", "(21)"]
    rows = {k: [c.value for c in page[k]] for k in range(8, 31)}
    assert rows[25] == rows[9]
    assert page["B31"].value == "Tổng cộng"
    assert page["I31"].value == sum(row[8] for row in rows.values())
    campuses = {row[1]: row for row in rows.values()}
    assert len(campuses) == 22
    level = {}
    for row in campuses.values():
        if row[6] == "Đang sử dụng":
            level.setdefault(row[2], []).append(row[7])
    sure = [s for s, found in level.items() if None not in found and "Chưa đạt" not in found]
    assert (len(level), len(sure)) == (8, 4)
    assert [row[6] for row in campuses.values()].count("Không sử dụng") == 2
    assert isinstance(rows[8][18], str)
    north, east = vietnamese(rows[8][18]), vietnamese(rows[8][19])
    assert 2_449_000 < north < 2_468_000
    assert 560_000 < east < 587_500


def test_cultural_houses_leave_fifteen_sure_and_one_unknown():
    houses = [r for _, r in sheet_of("nha_van_hoa.xlsx", "Nhà văn hóa", 19)]
    ok = [
        (h[5], h[6])
        for h in houses
        if h[4] == "Đang sử dụng" and vietnamese(h[5]) >= 100 and (h[6] is None or h[6] >= 50)
    ]
    assert (len(ok), [seats for _, seats in ok].count(None)) == (16, 1)
    villages = {v["MA_BAN"] for v in rows_of("ban.gpkg", "ban")}
    assert villages - {h[2] for h in houses} == {"MK04", "MK12"}


def sheet_of(name, table, count):
    page = openpyxl.load_workbook(SOURCES / name)[table]
    return [(k, [c.value for c in page[k]]) for k in range(8, 8 + count)]


def test_five_rows_have_no_place():
    schools = [r[18] for _, r in sheet_of("truong_hoc.xlsx", "Trường học", 23)]
    houses = [r[9] for _, r in sheet_of("nha_van_hoa.xlsx", "Nhà văn hóa", 19)]
    places = [row["Vị trí"] for row in listed("co_so_cong_cong.csv", "cp1258")]
    assert (schools.count(None), houses.count(None), places.count("")) == (1, 2, 2)


def listed(name, code):
    body = unicodedata.normalize("NFC", (SOURCES / name).read_bytes().decode(code))
    return list(csv.DictReader(body.splitlines(), delimiter=";"))


def test_places_are_written_in_every_way_and_lie_in_the_commune(boundary):
    speakers = listed("loa_truyen_thanh.csv", "utf-8-sig")
    assert (SOURCES / "loa_truyen_thanh.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    places = [row["Vị trí"] for row in speakers + listed("co_so_cong_cong.csv", "cp1258")]
    ways = {"degrees": 0, "dms": 0, "zone": 0, "link": 0, "words": 0}
    for place in filter(None, places):
        way, point = read_place(place)
        ways[way] += 1
        assert point is None or point.within(boundary), place
    assert min(ways.values()) >= 3, ways
    heard = {r["Mã bản"] for r in speakers if r["Tình trạng"] == "Hoạt động"}
    unsure = {r["Mã bản"] for r in speakers if not r["Tình trạng"]} - heard
    assert (len(heard), len(unsure)) == (14, 2)


def read_place(place):
    if found := re.fullmatch(r"X=(\S+); Y=(\S+)", place):
        return "zone", shapely.Point(vietnamese(found[2]), vietnamese(found[1]))
    if found := re.search(r"(\d+\.\d+), ?(\d+\.\d+)$", place):
        way = "link" if place.startswith("https://") else "degrees"
        lat, lon = float(found[1]), float(found[2])
    elif found := re.fullmatch(r"(\d+)°(\d+)'([\d.]+)\"N (\d+)°(\d+)'([\d.]+)\"E", place):
        d = [float(g) for g in found.groups()]
        way, lat, lon = "dms", d[0] + d[1] / 60 + d[2] / 3600, d[3] + d[4] / 60 + d[5] / 3600
    else:
        return "words", None
    return way, moved(shapely.Point(lon, lat), DEGREES, ZONE)


def test_plans_overlap_and_leave_a_gap_at_the_seam(boundary):
    [(_, west)] = vector("qh_su_dung_dat_muong_khoa_cu.gpkg", "pham_vi")
    register = {r["MA_QH"]: (r, g) for r, g in vector("dang_ky_quy_hoach.gpkg", "quy_hoach")}
    east = register["P2"][1]
    assert hectares(west.intersection(east)) == pytest.approx(18.3, abs=0.05)
    assert hectares(boundary.difference(west.union(east))) == pytest.approx(6.4, abs=0.05)
    assert hectares(west.union(east).difference(boundary)) < 0.01  # rounded coordinates
    assert [k for k, (r, _) in register.items() if r["SO_QD"] is None] == ["P2"]
    zones = vector("qh_su_dung_dat_muong_khoa_cu.gpkg", "khu_chuc_nang")
    shapes = [g for _, g in zones]
    assert sum(g.area for g in shapes) == pytest.approx(west.area, abs=1.0)  # no overlaps
    clash = [r["MA_LOAI"] for r, g in zones if g.intersection(west.intersection(east)).area > 10]
    assert clash == ["ONT"]


def test_the_drawing_holds_open_lines_and_texts_alone():
    pairs = (SOURCES / "qh_su_dung_dat_phuc_khoa.dxf").read_bytes().split(b"\r\n")
    codes, values = pairs[::2], pairs[1::2]
    kinds = [v for c, v in zip(codes, values, strict=False) if c == b"0"]
    assert {"POLYLINE", "TEXT"} <= {k.decode() for k in kinds}
    assert not {b"HATCH", b"LWPOLYLINE", b"INSERT"} & set(kinds)
    assert {v for c, v in zip(codes, values, strict=False) if c == b"70"} <= {b"0", b"5"}
    assert text.encode("Bản đồ quy hoạch sử dụng đất xã Phúc Khoa", "tcvn3") in values
    drawn = vector("qh_su_dung_dat_phuc_khoa.dxf", crs=None)
    lines = [g for r, g in drawn if r["Layer"] == "QH-SDD-RANH"]
    assert not any(g.is_ring for g in lines)
    labels = [(r["Text"], g) for r, g in drawn if r["Layer"] == "QH-SDD-KYHIEU"]
    [east] = [g for r, g in vector("dang_ky_quy_hoach.gpkg", "quy_hoach") if r["MA_QH"] == "P2"]
    network = shapely.union_all([*lines, east.exterior], grid_size=0.01)
    cells = shapely.get_parts(shapely.polygonize([network]))
    inside = [sum(spot.within(cell) for _, spot in labels) for cell in cells]
    assert inside == [1] * len(labels)  # one text in each zone that the lines enclose
    assert {"CLN", "LUC", "ONT", "RSX", "RPH", "TSC"} <= {code for code, _ in labels}


def test_tracks_follow_the_road_with_a_gap_and_a_fix_at_nowhere(roads):
    [road] = [g for r, g in roads if r["MA_DUONG"] == "D05"]
    for number, gap, nowhere in ((1, 60, 0), (2, 800, 0), (3, 60, 1)):
        points, times = track(SOURCES / "gpx" / f"duong_ho_tra_{number}.gpx")
        assert times == sorted(times)
        real = points[np.abs(points).max(axis=1) > 1]
        assert len(points) - len(real) == nowhere
        flat = [moved(shapely.Point(p), DEGREES, ZONE) for p in real]
        away = np.array([p.distance(road) for p in flat])
        assert 1.0 < away.mean() < 15.0
        along = np.sort([road.project(p) for p in flat])
        assert gap * 0.9 < np.diff(along).max() < gap * 1.4 + 60


def track(path):
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    fixes = ElementTree.parse(path).getroot().findall(".//g:trkpt", space)
    points = np.array([(float(f.get("lon")), float(f.get("lat"))) for f in fixes])
    return points, [f.find("g:time", space).text for f in fixes]


def test_the_summary_keeps_the_plans_contradiction():
    funds = {r["Mã vốn"]: r for _, r in sheet(SUMMARY, "Nguồn vốn", 4)}
    money = {k: r["Số vốn (triệu đồng)"] for k, r in funds.items()}
    assert [money[f"NV0{k}"] for k in range(1, 9)] == [3900, 1304, 504, 800, 40, 2256, 602, 1954]
    assert money["NV03"] + money["NV04"] == money["NV02"]
    assert money["NV07"] + money["NV08"] == 2556 != money["NV06"]
    assert money["NV02"] + money["NV05"] + money["NV06"] == 3600 != money["NV01"]


@pytest.mark.parametrize(
    ("as_of", "accepted", "poured", "reported"),
    [("2025-09-30", 2.60, 2.75, 2.75), ("2025-12-31", 2.60, 3.90, 4.10)],
)
def test_road_reports_add_up_by_tens_of_metres(as_of, accepted, poured, reported):
    [(_, work)] = sheet(SUMMARY, "Công trình đường", 4)
    cells = {"accepted": set(), "poured": set(), "reported": set()}
    for _, row in sheet(SUMMARY, "Báo cáo đường", 4):
        day = row["Ngày báo cáo"]
        day = "-".join(day.split("/")[::-1]) if isinstance(day, str) else day.date().isoformat()
        if day > as_of or row["Đến (m)"] > work["Chiều dài KH (m)"]:
            continue
        stretch = set(range(row["Từ (m)"] // 10, row["Đến (m)"] // 10))
        cells["reported"] |= stretch
        narrow = (row["Bề rộng (m)"] or 9) < work["Bề rộng tối thiểu (m)"]
        if row["Giai đoạn"] in ("Đổ bê tông", "Nghiệm thu") and not narrow:
            cells["poured"] |= stretch
            if row["Giai đoạn"] == "Nghiệm thu" and row["Người xác nhận"]:
                cells["accepted"] |= stretch
    kilometres = [len(cells[k]) / 100 for k in ("accepted", "poured", "reported")]
    assert kilometres == [accepted, poured, reported]


def test_indicator_codes_are_texts_and_figures_divide_out():
    rows = [r for _, r in sheet(SUMMARY, "Số liệu chỉ tiêu", 4)]
    codes = {r["Mã chỉ tiêu"] for r in rows}
    assert {"17.1", "17.10", "7", "10"} <= codes
    assert {r["Văn bản"].endswith("(số liệu minh họa)") for r in rows} == {True}
    for row in rows:
        if row["Mẫu số"] and row["Mã chỉ tiêu"] != "17.4":
            share = 100 * row["Tử số"] / row["Mẫu số"]
            assert share == pytest.approx(row["Giá trị"], abs=0.051), row
    days = {r["Đến ngày"].date().isoformat() for r in rows}
    assert days == {"2025-09-30", "2025-12-31"}


def test_every_fault_is_numbered_and_its_code_is_known():
    body = (SAMPLE / "FAULTS.md").read_text(encoding="utf-8")
    rows = [r.strip("|").split("|") for r in body.splitlines() if re.match(r"\| \d", r)]
    assert [int(r[0]) for r in rows] == list(range(1, len(rows) + 1))
    words = (ROOT / "data" / "messages.toml").read_text(encoding="utf-8")
    known = set(re.findall(r"^\[([A-Z_]+)\]", words, re.MULTILINE))
    for cells in rows:
        assert (SAMPLE / re.split("[,;]", cells[1].strip())[0]).is_file(), cells
        assert cells[4].strip(" `") in known, cells


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    yield importlib.import_module
    for name in [n for n in sys.modules if n.startswith("sample_commune")]:
        del sys.modules[name]


def test_the_scripts_letter_table_agrees_with_the_products(scripts):
    letters = scripts("sample_commune.letters")
    words = "Đường lên bản Hô Tra, Nà Cóoc, Phiêng Cúm; Ăn Âm Êm Ô Ơ Ưu ẵ ặ ẫ ẽ ệ ĩ õ ỡ ợ ũ ữ ỹ ỵ"
    assert letters.tcvn3(words) == text.encode(words, "tcvn3")
    for written in (letters.cp1258(words), text.encode(words, "windows-1258")):
        assert unicodedata.normalize("NFC", written.decode("cp1258")) == words


@pytest.mark.parametrize("module", ["letters", "lists", "tables"])
def test_examples_in_the_script_run(scripts, module):
    found = doctest.testmod(scripts(f"sample_commune.{module}"))
    assert found.attempted > 0
    assert found.failed == 0
