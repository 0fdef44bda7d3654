"""All sources of a folder: one Raw each, rows accounted for, the rest goes on where one fails."""

from __future__ import annotations

import hashlib
import os
import unicodedata

import commune_kit as kit
import pytest
import shapely

from ntm_gis.layers.values import ROW
from ntm_gis.results import Severity
from ntm_gis.rules.commune import SourceEntry


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _villages(file, **more):
    return SourceEntry(layer="villages", file=f"sources/{file}", **more)


FORMATS = ["gpkg", "shp", "geojson", "fgb", "tab", "mif", "kml", "geojsonl"]
DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "geojson": "GeoJSON",
    "fgb": "FlatGeobuf",
    "tab": "MapInfo File",
    "mif": "MapInfo File",
    "kml": "KML",
    "geojsonl": "GeoJSONSeq",
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_map_written_by_gdal_comes_back_where_it_was(folder, kind):
    frame = kit.points(target="EPSG:4326" if kind in ("kml", "geojsonl") else kit.ZONE)
    frame.to_file(folder / "sources" / f"ban.{kind}", driver=DRIVERS[kind], encoding="UTF-8")
    said = {"crs": kit.ZONE} if kind in ("tab", "mif") else {}
    raw = kit.read_one(folder, _villages(f"ban.{kind}", **said))
    got = raw.frame.sort_values("MA_BAN")
    assert raw.refused == 0
    assert raw.frame.crs == kit.ZONE
    assert got["TEN_BAN"].tolist() == kit.VILLAGES
    assert [str(v) for v in got["SO_HO"]] == [str(100 + i) for i in range(12)]
    assert sorted(got[ROW]) == list(range(1, 13))
    # TAB keeps 1.5 cm; KML, seven decimals of a degree.
    off = shapely.distance(got.geometry.to_numpy(), kit.points().geometry.to_numpy())
    assert off.max() < (
        0.03 if kind in ("tab", "mif", "kml") else 0.001 + 0.02 * (kind == "geojsonl")
    )


@pytest.mark.parametrize(
    "target", ["EPSG:9208", "EPSG:3405", "EPSG:4326", "EPSG:4756", "EPSG:32648"]
)
def test_whatever_the_system_of_the_file_rows_are_in_the_zone(folder, target):
    kit.points(target=target).to_file(folder / "sources/ban.gpkg", driver="GPKG")
    raw = kit.read_one(folder, _villages("ban.gpkg"))
    assert raw.origin.crs == target
    off = shapely.distance(raw.frame.geometry.to_numpy(), kit.points().geometry.to_numpy())
    # The seven parameters there and back close to 1.2 mm: small angles, not exact.
    assert off.max() < 0.002
    assert kit.codes(raw) == []


def test_rows_without_geometry_stay_and_empty_geometry_is_none(folder):
    frame = kit.points()
    shapes = list(frame.geometry)
    shapes[3], shapes[5] = None, shapely.Point()
    frame.set_geometry(shapes).to_file(folder / "sources/ban.gpkg", driver="GPKG")
    raw = kit.read_one(folder, _villages("ban.gpkg"))
    assert len(raw.frame) == 12
    assert raw.frame.geometry.isna().tolist() == [i in (3, 5) for i in range(12)]
    assert kit.codes(raw) == []


def test_multi_parts_and_heights(folder):
    frame = kit.lines()
    shapes = [shapely.force_3d(g, 900.0) for g in frame.geometry]
    shapes[0] = shapely.MultiLineString(
        [shapes[0], shapely.LineString([kit.INSIDE[8], kit.INSIDE[9]])]
    )
    frame.set_geometry(shapes).to_file(folder / "sources/duong.gpkg", driver="GPKG")
    raw = kit.read_one(folder, SourceEntry(layer="roads", file="sources/duong.gpkg"))
    assert not shapely.has_z(raw.frame.geometry.to_numpy()).any()
    assert raw.frame.geometry.iloc[0].geom_type == "MultiLineString"
    assert raw.frame.length.sum() == pytest.approx(
        frame.set_geometry(shapes).length.sum(), rel=1e-12
    )


def test_a_missing_file_is_a_finding_and_the_others_go_on(folder):
    kit.points().to_file(folder / "sources/ban_2025.gpkg", driver="GPKG")
    inputs = kit.read(
        folder, _villages("ban2025.gpkg"), _villages("ban_2025.gpkg"), _villages("xyz.csv")
    )
    boundary, wrong, right, none = inputs.raws
    assert len(boundary.frame) == 1
    assert (len(wrong.frame), wrong.refused, wrong.origin.sha256) == (0, 0, None)
    assert kit.codes(wrong) == ["SOURCE_MISSING_MEANT"]
    assert "ban_2025.gpkg" in wrong.findings[0].message.vi
    assert wrong.findings[0].severity is Severity.STOP
    assert wrong.findings[0].file == "sources/ban2025.gpkg"
    assert len(right.frame) == 12
    assert kit.codes(none) == ["SOURCE_MISSING"]


def test_digest_is_that_of_the_bytes_and_members_are_named(folder):
    kit.points().to_file(folder / "sources/ban.shp", driver="ESRI Shapefile", encoding="UTF-8")
    raw = kit.read_one(folder, _villages("ban.shp"))

    def digest(name):
        return hashlib.sha256((folder / "sources" / name).read_bytes()).hexdigest()

    assert raw.origin.sha256 == digest("ban.shp")
    assert dict(raw.origin.members) == {
        f"ban.{end}": digest(f"ban.{end}") for end in ("shx", "dbf", "prj", "cpg")
    }


def test_sources_are_never_changed(folder):
    for kind in ("gpkg", "shp", "tab"):
        kit.points().to_file(folder / f"sources/ban.{kind}", driver=DRIVERS[kind])
    before = {
        p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (folder / "sources").iterdir()
    }
    kit.read(folder, *(_villages(f"ban.{kind}") for kind in ("gpkg", "shp", "tab")), boundary=False)
    after = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (folder / "sources").iterdir()}
    assert before == after


def test_reading_twice_gives_the_same(folder):
    kit.points().to_file(folder / "sources/ban.gpkg", driver="GPKG")
    first, second = (kit.read_one(folder, _villages("ban.gpkg")) for _ in range(2))
    assert first.frame.equals(second.frame)
    assert (first.origin, first.findings) == (second.origin, second.findings)


def test_a_table_is_chosen_by_name_and_a_wrong_name_gets_a_proposal(folder):
    path = folder / "sources/nen.gpkg"
    kit.points().to_file(path, layer="ban", driver="GPKG")
    kit.lines().to_file(path, layer="Đường xã", driver="GPKG")
    roads = SourceEntry(layer="roads", file="sources/nen.gpkg", table="duong xa")
    lost = SourceEntry(layer="roads", file="sources/nen.gpkg", table="Đường xx")
    unsaid = SourceEntry(layer="schools", file="sources/nen.gpkg")
    _, right, wrong, none = kit.read(folder, roads, lost, unsaid).raws
    assert (len(right.frame), right.origin.table) == (4, "Đường xã")
    assert kit.codes(wrong) == ["TABLE_UNKNOWN_MEANT"]
    assert "Đường xã" in wrong.findings[0].message.vi
    assert kit.codes(none) == ["TABLE_NOT_NAMED"]


def test_a_table_called_as_its_layer_needs_no_name(folder):
    path = folder / "sources/nen.gpkg"
    kit.points().to_file(path, layer="ban", driver="GPKG")
    kit.lines().to_file(path, layer="Đường giao thông", driver="GPKG")
    raw = kit.read_one(folder, SourceEntry(layer="roads", file="sources/nen.gpkg"))
    assert raw.origin.table == "Đường giao thông"


def test_where_keeps_rows_by_text(folder):
    kit.points().to_file(folder / "sources/ban.gpkg", driver="GPKG")
    some = _villages("ban.gpkg", where={"ten_ban": ("BẢN HÔ TRA", "bản pá kim")})
    number = _villages("ban.gpkg", where={"SO_HO": "103"})
    nothing = _villages("ban.gpkg", where={"MA_BAN": "x"})
    unknown = _villages("ban.gpkg", where={"MA_BN": "MK01"})
    _, first, second, third, fourth = kit.read(folder, some, number, nothing, unknown).raws
    assert first.frame["MA_BAN"].tolist() == ["MK01", "MK06"]
    assert first.frame[ROW].tolist() == [1, 6]
    assert second.frame["MA_BAN"].tolist() == ["MK04"]
    assert kit.codes(third) == ["WHERE_KEEPS_NOTHING"]
    assert kit.codes(fourth) == ["WHERE_COLUMN_UNKNOWN"]
    assert "MA_BAN" in fourth.findings[0].message.vi
    assert fourth.origin.sha256 is None


def test_a_pattern_gives_one_raw_a_file_in_order(folder):
    (folder / "sources/ban").mkdir()
    for n in (10, 2, 1):
        kit.points(n).to_file(folder / f"sources/ban/bản {n}.gpkg", driver="GPKG")
    (folder / "sources/ban/~$bản 1.gpkg").write_bytes(b"lock")
    entry = SourceEntry(layer="villages", files="sources/ban/*.gpkg")
    raws = kit.read(folder, entry).raws[1:]
    assert [len(r.frame) for r in raws] == [1, 2, 10]
    assert raws[0].origin.file == "sources/ban/bản 1.gpkg"
    empty = kit.read(folder, SourceEntry(layer="villages", files="sources/khac/*.gpkg")).raws[1]
    assert kit.codes(empty) == ["SOURCE_PATTERN_EMPTY"]


def test_vietnamese_and_long_names_whatever_their_composition(folder):
    name = "Bản đồ hiện trạng giao thông nông thôn xã Mường Khoa năm 2025 (đã sửa) " + "x" * 80
    kit.points().to_file(folder / "sources/ban.gpkg", driver="GPKG")
    path = folder / "sources" / unicodedata.normalize("NFD", f"{name}.gpkg")
    (folder / "sources/ban.gpkg").rename(path)
    raw = kit.read_one(folder, _villages(f"{name}.GPKG".replace("Bản", "bản")))
    assert len(raw.frame) == 12
    assert len(os.fsencode(path.name)) > 150


def test_a_shapefile_with_capital_endings(folder):
    kit.points().to_file(folder / "sources/ban.shp", driver="ESRI Shapefile", encoding="UTF-8")
    for path in (folder / "sources").glob("ban.*"):
        path.rename(path.with_suffix(path.suffix.upper()))
    raw = kit.read_one(folder, _villages("ban.SHP"))
    assert (len(raw.frame), raw.origin.crs) == (12, kit.ZONE)
    assert raw.frame["TEN_BAN"].tolist() == kit.VILLAGES


def test_only_some_layers_still_with_the_boundary_to_judge_by(folder):
    from ntm_gis import sources

    kit.points().to_file(folder / "sources/ban.gpkg", driver="GPKG")
    (folder / "sources/x.gpkg").write_bytes(b"")
    commune = kit.commune(
        kit.write_boundary(folder),
        _villages("ban.gpkg"),
        SourceEntry(layer="roads", file="sources/x.gpkg"),
    )
    seen: list[str] = []
    inputs = sources.read(folder, commune, only=frozenset({"villages"}), progress=seen.append)
    assert [r.origin.layer for r in inputs.raws] == ["villages"]
    assert seen == ["sources/ranh_gioi.geojson", "sources/ban.gpkg"]


def test_columns_of_ours_and_twice_the_same_name_stay_apart(folder):
    import sqlite3

    kit.points(2).to_file(folder / "sources/ban.gpkg", layer="ban", driver="GPKG")
    with sqlite3.connect(folder / "sources/ban.gpkg") as base:
        base.execute("ALTER TABLE ban ADD COLUMN '@row' TEXT DEFAULT 'x'")
        base.execute("ALTER TABLE ban ADD COLUMN 'geometry' TEXT DEFAULT 'y'")
    base.close()
    raw = kit.read_one(folder, _villages("ban.gpkg"))
    assert raw.frame[ROW].tolist() == [1, 2]
    assert raw.frame["(@row)"].tolist() == ["x", "x"]
    assert raw.frame["geometry (2)"].tolist() == ["y", "y"]


def test_kml_of_several_folders_is_one_table_unless_one_is_named(folder):
    body = "".join(
        f"<Folder><name>{name}</name>"
        + "".join(
            f"<Placemark><name>{name}{i}</name><ExtendedData><Data name='loai'>"
            f"<value>{name}</value></Data></ExtendedData><Point><coordinates>103.7{i},22.2,900</coordinates></Point></Placemark>"
            for i in range(3)
        )
        + "</Folder>"
        for name in ("Kênh", "Đập")
    )
    (folder / "sources/tl.kml").write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>',
        encoding="utf-8",
    )
    every = SourceEntry(layer="irrigation", file="sources/tl.kml")
    one = SourceEntry(layer="irrigation", file="sources/tl.kml", table="Đập")
    _, both, dam = kit.read(folder, every, one).raws
    assert both.frame["loai"].tolist() == ["Kênh"] * 3 + ["Đập"] * 3
    assert both.frame[ROW].tolist() == [1, 2, 3, 4, 5, 6]
    assert both.origin.table is None
    assert dam.frame[ROW].tolist() == [4, 5, 6]


def test_a_dxf_without_a_system_is_placed_when_told(folder):
    import pyogrio

    frame = kit.lines()
    pyogrio.write_dataframe(
        frame[["geometry"]].assign(Layer=["A", "A", "B", "B"]),
        folder / "sources/qh.dxf",
        driver="DXF",
    )
    entry = SourceEntry(
        layer="plan_zones", file="sources/qh.dxf", crs="VN-2000 103", where={"Layer": "A"}
    )
    raw = kit.read_one(folder, entry)
    assert (raw.origin.crs, len(raw.frame)) == (kit.ZONE, 2)
    assert raw.frame.length.sum() == pytest.approx(frame.length[:2].sum(), rel=1e-9)


def test_a_kmz_is_its_document(folder):
    import zipfile

    with zipfile.ZipFile(folder / "sources/tl.kmz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("files/other.kml", "<kml><Placemark><name>x</name></Placemark></kml>")
        packed.writestr(
            "doc.kml",
            '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Đập</name><Polygon>'
            "<outerBoundaryIs><LinearRing><coordinates>103.7,22.2 103.71,22.2 103.71,22.21"
            "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>",
        )
    raw = kit.read_one(folder, SourceEntry(layer="irrigation", file="sources/tl.kmz"))
    assert raw.frame["Name"].tolist() == ["Đập"]
    assert raw.frame.geometry.iloc[0].is_valid


def test_curves_of_a_geopackage_become_lines(folder):
    import math
    import sqlite3
    import struct

    kit.lines(2).to_file(folder / "sources/duong.gpkg", layer="duong", driver="GPKG")
    (x, y), r = kit.INSIDE[5], 500.0
    arc = struct.pack("<BII6d", 1, 8, 3, x - r, y, x, y + r, x + r, y)
    with sqlite3.connect(folder / "sources/duong.gpkg") as base:
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY'")
        blob = b"GP\0\1" + struct.pack("<i", 9205) + arc
        base.execute("UPDATE duong SET geom = ? WHERE MA = 'D1'", (blob,))
    base.close()
    raw = kit.read_one(folder, SourceEntry(layer="roads", file="sources/duong.gpkg"))
    assert raw.refused == 0
    assert raw.frame.geometry.iloc[0].equals(kit.lines().geometry.iloc[0])
    assert raw.frame.length.iloc[1] == pytest.approx(math.pi * r, rel=1e-3)


def test_a_layer_that_fails_as_a_whole_is_read_feature_by_feature(tmp_path, monkeypatch):
    import pyogrio.raw

    from ntm_gis.sources.readers import vector

    kit.lines().to_file(tmp_path / "input.mif", driver="MapInfo File")

    def fails(*_, **__):
        raise ValueError

    expected = vector.layer(tmp_path / "input.mif", "input", "MapInfo File")
    monkeypatch.setattr(pyogrio.raw, "read", fails)
    table = vector.layer(tmp_path / "input.mif", "input", "MapInfo File")
    assert table.numbers == expected.numbers == [1, 2, 3, 4]
    assert [(c.name, c.cells) for c in table.columns] == [
        (c.name, c.cells) for c in expected.columns
    ]
    assert [shapely.from_wkb(w) for w in table.wkb] == [shapely.from_wkb(w) for w in expected.wkb]


def test_bad_features_are_counted_one_by_one(tmp_path, monkeypatch):
    import fiona

    from ntm_gis.sources.readers import singly

    kit.lines().to_file(tmp_path / "input.mif", driver="MapInfo File")
    plain = fiona.open

    class Breaking:
        """A layer of which the second feature cannot be read."""

        def __init__(self, source):
            self._source = source

        def __getattr__(self, name):
            return getattr(self._source, name)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._source.close()

        def __iter__(self):
            self._features = iter(self._source)
            self._n = 0
            return self

        def __next__(self):
            self._n += 1
            feature = next(self._features)
            if self._n == 2:
                raise ValueError
            return feature

    monkeypatch.setattr(fiona, "open", lambda *a, **k: Breaking(plain(*a, **k)))
    table = singly.read(tmp_path / "input.mif", "input", "MapInfo File")
    assert (table.numbers, table.refused) == ([1, 3, 4], 1)
    assert [(t.code, t.row) for t in table.told] == [("FEATURE_UNREADABLE", 2)]
