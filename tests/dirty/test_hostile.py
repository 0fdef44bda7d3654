"""Damaged and hostile files, each made here: one clear finding, no crash, the rest goes on."""

from __future__ import annotations

import json
import sqlite3
import struct
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import commune_kit as kit
import numpy as np
import pytest
import shapely
from table_writers import dbf, write_shapefile

from ntm_gis import sources
from ntm_gis.rules.commune import SourceEntry


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _entry(name, layer="roads", **more):
    return SourceEntry(layer=layer, file=f"sources/{name}", **more)


def _refused(folder, name, code, layer="roads"):
    """The file is refused with a code; a good one beside it is read all the same."""
    kit.points().to_file(folder / "sources/tot.gpkg", driver="GPKG")
    start = time.monotonic()
    inputs = kit.read(
        folder, _entry(name, layer), SourceEntry(layer="villages", file="sources/tot.gpkg")
    )
    assert time.monotonic() - start < 25
    _, bad, good = inputs.raws
    assert kit.codes(bad) == [code]
    assert (len(bad.frame), bad.refused, bad.origin.sha256) == (0, 0, None)
    assert bad.findings[0].severity.value == "stop"
    assert bad.findings[0].repair is not None
    assert len(good.frame) == 12
    return bad.findings[0]


# --- GeoPackage -----------------------------------------------------------------------------------


def _line(*points, kind=2):
    return struct.pack("<BII", 1, kind, len(points)) + b"".join(
        struct.pack("<2d", *p) for p in points
    )


def _gpkg(path, shapes, extra=()):
    """Write a GeoPackage of one table by SQL alone; `shapes` are WKB, None, or raw blobs."""
    kit.lines(1).to_file(path, layer="duong", driver="GPKG")
    with sqlite3.connect(path) as base:
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("DELETE FROM duong")
        for i, shape in enumerate(shapes, 1):
            blob = (
                shape
                if shape is None or shape[:2] == b"GP"
                else b"GP\0\1" + struct.pack("<i", 9205) + shape
            )
            base.execute(
                "INSERT INTO duong(fid, geom, MA, TEN) VALUES (?, ?, ?, ?)", (i, blob, f"D{i}", "x")
            )
        for statement in extra:
            base.execute(statement)
    base.close()


GOOD = _line(kit.INSIDE[0], kit.INSIDE[1])


def test_geometry_that_cannot_be_read_is_refused_and_none_recorded_is_not(folder):
    deep = b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 100_000 + GOOD
    late = struct.pack("<BII", 1, 7, 2) + GOOD + deep
    shapes = [
        GOOD,
        None,
        _line(kit.INSIDE[0]),  # one point
        _line(kit.INSIDE[0], (float("nan"), 2_455_000)),
        _line(kit.INSIDE[0], (float("inf"), 2_455_000)),
        GOOD[:-5],
        struct.pack("<BII", 1, 3, 2_000_000_000),  # two milliard rings
        deep,
        late,
        b"GP",
        b"\x01\x63\x00\x00\x00",  # a type that does not exist
        GOOD,
    ]
    _gpkg(folder / "sources/duong.gpkg", shapes)
    raw = kit.read_one(folder, _entry("duong.gpkg"))
    assert raw.frame["MA"].tolist() == ["D1", "D2", "D12"]
    assert raw.frame["@row"].tolist() == [1, 2, 12]
    assert raw.frame.geometry.isna().tolist() == [False, True, False]
    assert raw.refused == 9
    assert len(raw.frame) + raw.refused == len(shapes)
    told = {f.row: f.code for f in raw.findings}
    assert told == {
        3: "GEOMETRY_ONE_POINT",
        4: "VERTEX_NOT_FINITE",
        5: "VERTEX_NOT_FINITE",
        6: "GEOMETRY_UNREADABLE",
        7: "GEOMETRY_UNREADABLE",
        8: "GEOMETRY_TOO_DEEP",
        9: "GEOMETRY_TOO_DEEP",
        10: "GEOMETRY_UNREADABLE",
        11: "GEOMETRY_UNREADABLE",
    }


def test_an_endless_view_is_never_run_and_other_layers_are_read(folder):
    endless = (
        "CREATE VIEW vo_tan AS WITH RECURSIVE n(fid, geom) AS (SELECT 1, NULL UNION ALL "
        "SELECT fid + 1, NULL FROM n) SELECT fid, geom FROM n"
    )
    listed = (
        "INSERT INTO gpkg_contents(table_name, data_type, identifier) "
        "VALUES ('vo_tan', 'features', 'v')"
    )
    drawn = "INSERT INTO gpkg_geometry_columns VALUES ('vo_tan', 'geom', 'LINESTRING', 9205, 0, 0)"
    _gpkg(folder / "sources/duong.gpkg", [GOOD, GOOD], (endless, listed, drawn))
    start = time.monotonic()
    raw = kit.read_one(folder, _entry("duong.gpkg", table="duong"))
    assert time.monotonic() - start < 10
    assert len(raw.frame) == 2
    assert kit.codes(raw) == ["GPKG_VIEW"]
    (view,) = kit.read(folder, _entry("duong.gpkg", table="vo_tan")).raws[1:]
    assert [c for c in kit.codes(view) if c.startswith("TABLE_UNKNOWN")]


def test_an_endless_view_in_the_list_of_tables_is_given_up(folder):
    _gpkg(folder / "sources/duong.gpkg", [GOOD])
    with sqlite3.connect(folder / "sources/duong.gpkg") as base:
        base.execute("ALTER TABLE gpkg_contents RENAME TO that")
        base.execute(
            "CREATE VIEW gpkg_contents AS WITH RECURSIVE n(table_name, data_type) AS (SELECT 'a', "
            "'features' UNION ALL SELECT table_name || 'a', data_type FROM n LIMIT 1000000000) "
            "SELECT table_name, data_type FROM n ORDER BY table_name"
        )
    base.close()
    found = kit.read_one(folder, _entry("duong.gpkg"))
    assert kit.codes(found)[0] in ("SOURCE_TIMEOUT", "GPKG_DAMAGED", "SOURCE_TOO_BIG")


def test_triggers_and_files_stay_as_they_were(folder):
    trigger = "CREATE TRIGGER t AFTER UPDATE ON duong BEGIN DELETE FROM duong; END"
    _gpkg(folder / "sources/duong.gpkg", [GOOD], (trigger,))
    before = (folder / "sources/duong.gpkg").read_bytes()
    assert len(kit.read_one(folder, _entry("duong.gpkg")).frame) == 1
    assert (folder / "sources/duong.gpkg").read_bytes() == before
    assert [p.name for p in (folder / "sources").iterdir() if p.name.startswith("duong")] == [
        "duong.gpkg"
    ]


def test_overwritten_pages(folder):
    frame = kit.points()
    frame = frame.loc[np.repeat(frame.index, 60)].reset_index(drop=True)
    frame.to_file(folder / "sources/ban.gpkg", driver="GPKG")
    content = bytearray((folder / "sources/ban.gpkg").read_bytes())
    for page in range(len(content) // 4096 - 12, len(content) // 4096 - 4):
        content[page * 4096 : page * 4096 + 4096] = b"\xff" * 4096
    (folder / "sources/ban.gpkg").write_bytes(bytes(content))
    _refused(folder, "ban.gpkg", "GPKG_DAMAGED", "villages")


def test_changes_not_yet_written_back(folder):
    _gpkg(folder / "sources/duong.gpkg", [GOOD])
    (folder / "sources/duong.gpkg-wal").write_bytes(b"x" * 100)
    _refused(folder, "duong.gpkg", "GPKG_UNFINISHED")


def test_a_name_of_a_table_is_only_a_name(folder):
    evil = '../../evil"; DROP TABLE gpkg_contents --'
    quoted = evil.replace('"', '""')
    renamed = [f'ALTER TABLE duong RENAME TO "{quoted}"'] + [
        f"UPDATE {table} SET table_name = '{evil}'"  # noqa: S608 - the name is the test
        for table in ("gpkg_contents", "gpkg_geometry_columns")
    ]
    _gpkg(folder / "sources/a.gpkg", [GOOD], renamed)
    raw = kit.read_one(folder, _entry("a.gpkg", table=evil))
    assert (len(raw.frame), raw.origin.table) == (1, evil)
    assert sorted(p.name for p in folder.iterdir()) == ["sources"]


def test_where_is_no_sql(folder):
    kit.points().to_file(folder / "sources/ban.gpkg", driver="GPKG")
    entry = SourceEntry(layer="villages", file="sources/ban.gpkg", where={"MA_BAN": "x' OR 1=1 --"})
    assert len(kit.read_one(folder, entry).frame) == 0


# --- Shapefile ------------------------------------------------------------------------------------


def _shapefile(folder, n=12):
    rows = [(f"D{i}".encode(),) for i in range(n)]
    write_shapefile(folder / "sources/d.shp", kit.INSIDE[:n], [(b"MA", "C", 4, 0)], rows)
    return folder / "sources/d.shp"


def test_a_shapefile_cut_short(folder):
    path = _shapefile(folder)
    path.write_bytes(path.read_bytes()[:-40])
    _refused(folder, "d.shp", "SHP_CUT")


def test_a_table_shorter_than_its_map(folder):
    path = _shapefile(folder)
    dbf(path.with_suffix(".dbf"), [(b"MA", "C", 4, 0)], [(b"D1",), (b"D2",)])
    finding = _refused(folder, "d.shp", "SHP_COUNTS")
    assert "12" in finding.message.vi
    assert "2 dòng" in finding.message.vi


def test_a_table_shorter_than_it_says(folder):
    path = _shapefile(folder).with_suffix(".dbf")
    path.write_bytes(path.read_bytes()[:-12])
    _refused(folder, "d.shp", "DBF_CUT")


def test_an_index_of_another_map(folder):
    path = _shapefile(folder).with_suffix(".shx")
    path.write_bytes(path.read_bytes()[:-16])
    _refused(folder, "d.shp", "SHP_COUNTS")


def test_missing_parts_of_a_shapefile(folder):
    path = _shapefile(folder)
    path.with_suffix(".shx").unlink()
    raw = kit.read_one(folder, _entry("d.shp"))
    assert (len(raw.frame), kit.codes(raw)) == (12, ["SHP_WITHOUT_INDEX"])
    assert raw.frame.geometry.iloc[3].coords[0] == kit.INSIDE[3]
    path.with_suffix(".dbf").unlink()
    raw = kit.read_one(folder, _entry("d.shp"))
    assert sorted(kit.codes(raw)) == ["SHP_WITHOUT_INDEX", "SHP_WITHOUT_TABLE"]


def test_deleted_records_and_shapes_of_type_nothing(folder):
    rows = [(f"D{i}".encode(),) for i in range(5)]
    places = [*kit.INSIDE[:3], None, kit.INSIDE[4]]
    write_shapefile(folder / "sources/d.shp", places, [(b"MA", "C", 4, 0)], rows, deleted=[1])
    raw = kit.read_one(folder, _entry("d.shp"))
    assert raw.frame["MA"].tolist() == ["D0", "D2", "D3", "D4"]
    assert raw.frame["@row"].tolist() == [1, 3, 4, 5]
    assert raw.frame.geometry.isna().tolist() == [False, False, True, False]
    assert kit.codes(raw) == ["ROWS_DELETED"]


# --- XML, packed files, JSON ----------------------------------------------------------------------

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "0123456789">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpx", LAUGHS + "<gpx><trk><name>&i;</name></trk></gpx>"),
        ("a.kml", LAUGHS + "<kml><Placemark><name>&i;</name></Placemark></kml>"),
        ("a.gpx", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><gpx/>'),
        (
            "a.kml",
            '<!doctype kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Document>&x;</Document></kml>',
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_any_parser(folder, name, content, encoding):
    (folder / "sources" / name).write_bytes(content.encode(encoding))
    _refused(folder, name, "XML_DTD", "tracks")


def _xlsx(path, sheet, shared=None):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{link}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="i"/></sheets></workbook>',
        )
        more = (
            f'<Relationship Id="s" Type="{link}/sharedStrings" Target="s.xml"/>' if shared else ""
        )
        z.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship '
            f'Id="i" Type="{link}/worksheet" Target="sheet.xml"/>{more}</Relationships>',
        )
        z.writestr(
            "xl/sheet.xml", f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
        )
        if shared:
            z.writestr("xl/s.xml", shared)


def test_an_entity_bomb_in_the_shared_strings(folder):
    _xlsx(
        folder / "sources/a.xlsx",
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        f"{LAUGHS}<sst><si><t>&i;</t></si></sst>",
    )
    _refused(folder, "a.xlsx", "XML_DTD")


def test_more_rows_than_any_commune_has(folder):
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(1, 400_001))
    _xlsx(folder / "sources/a.xlsx", rows)
    _refused(folder, "a.xlsx", "TOO_MANY_ROWS")


def test_a_packed_file_that_swells(folder):
    with zipfile.ZipFile(folder / "sources/a.kmz", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("doc.kml", b"<kml><Document>" + b" " * 40_000_000 + b"</Document></kml>")
    _refused(folder, "a.kmz", "PACKED_UNSAFE")


@pytest.mark.parametrize(
    "name", ["../../evil.kml", "/etc/evil.kml", "..\\evil.kml", "C:\\evil.kml"]
)
def test_names_that_lead_out_of_a_packed_file(folder, name):
    with zipfile.ZipFile(folder / "sources/a.kmz", "w") as z:
        z.writestr("doc.kml", "<kml><Document/></kml>")
        z.writestr(zipfile.ZipInfo(name), "<kml/>")
    _refused(folder, "a.kmz", "PACKED_UNSAFE")
    assert not list(folder.rglob("evil*"))


def test_twenty_thousand_members_and_twins(folder):
    with zipfile.ZipFile(folder / "sources/a.kmz", "w") as z:
        for i in range(20_000):
            z.writestr(f"{i}.kml", "")
    _refused(folder, "a.kmz", "PACKED_UNSAFE")
    with zipfile.ZipFile(folder / "sources/b.kmz", "w") as z:
        z.writestr("doc.kml", "<kml/>")
        z.writestr("DOC.kml", "<kml/>")
    _refused(folder, "b.kmz", "PACKED_UNSAFE")


def test_a_packed_file_that_lies_about_sizes_or_is_locked(folder):
    path = folder / "sources/a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(
            "doc.kml", b"<kml><Document>" + b"<Folder></Folder>" * 5000 + b"</Document></kml>"
        )
    content = path.read_bytes()
    size = struct.pack("<I", 15 + 17 * 5000 + 17)
    assert content.count(size) >= 2
    path.write_bytes(content.replace(size, struct.pack("<I", 100)))
    _refused(folder, "a.kmz", "PACKED_DAMAGED")
    locked = bytearray(content)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.index(mark)
        locked[at + (6 if mark[2] == 3 else 8)] |= 1
    (folder / "sources/b.kmz").write_bytes(bytes(locked))
    _refused(folder, "b.kmz", "FORMAT_LOCKED")


def test_a_network_link_is_not_followed(folder):
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/x.kml"
    (folder / "sources/a.kml").write_text(
        f"<kml><Document><NetworkLink><Link><href>{url}</href></Link></NetworkLink></Document></kml>",
        encoding="utf-8",
    )
    (folder / "sources/b.geojson").write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [],
                "crs": {"type": "link", "properties": {"href": url, "name": url}},
            }
        ),
        encoding="utf-8",
    )
    (folder / "sources/c.csv").write_text(f"Mã;Ảnh\n1;{url}\n", encoding="utf-8")
    try:
        _refused(folder, "a.kml", "KML_LINK_ONLY", "irrigation")
        kit.read(folder, _entry("b.geojson"), _entry("c.csv"))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []


def test_json_without_end_and_keys_that_stand_twice(folder):
    (folder / "sources/sau.geojson").write_text(
        '{"type":"FeatureCollection","features":' + "[" * 100_000, encoding="utf-8"
    )
    _refused(folder, "sau.geojson", "SOURCE_TOO_DEEP")
    deep = "[" * 200 + "]" * 200
    (folder / "sources/a.geojson").write_text(
        '{"type":"FeatureCollection","features":['
        '{"type":"Feature","properties":{"dan_so":7000,"dan_so":70,"ten":"a\\u0000b"},"geometry":null},'
        f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":{deep}}}}},'
        '{"type":"Feature","properties":{"dan_so":1},"geometry":{"type":"Point","coordinates":[103.7,22.2,9]}}'
        "]}",
        encoding="utf-8",
    )
    raw = kit.read_one(folder, _entry("a.geojson", "villages"))
    assert raw.frame["dan_so"].tolist() == [70, 1]
    assert raw.frame["ten"].iloc[0] == "a\0b"
    assert (raw.refused, sorted(kit.codes(raw))) == (1, ["GEOMETRY_UNREADABLE", "KEY_TWICE"])
    assert raw.frame.geometry.isna().tolist() == [True, False]


def test_json_that_is_none(folder):
    (folder / "sources/a.geojson").write_text(
        '{"type":"FeatureCollection","features":[{]}', encoding="utf-8"
    )
    _refused(folder, "a.geojson", "JSON_BROKEN")
    (folder / "sources/b.geojson").write_bytes(
        '{"type":"Feature","properties":{"a":"Bản"},"geometry":null}'.encode("cp1258", "replace")
        + b"\xff"
    )
    _refused(folder, "b.geojson", "JSON_NOT_UTF8")


# --- Tables, drawings -----------------------------------------------------------------------------


def test_csv_that_is_no_text(folder):
    (folder / "sources/a.csv").write_bytes(b"a;b\n1;2\n" + bytes(200) + b"\n")
    # A file with zero bytes in its head is no text at all.
    raw = kit.read_one(folder, _entry("a.csv"))
    assert kit.codes(raw)[0] in ("FORMAT_UNKNOWN", "CSV_BROKEN")
    (folder / "sources/b.csv").write_bytes(b"a;b\n" + b"1;2\n" * 5000 + b"3;\0\n")
    _refused(folder, "b.csv", "CSV_BROKEN")


def test_a_quotation_mark_that_swallows_lines_is_told(folder):
    lines = ["Mã;Tên"] + [f"D{i};Đường {i}" for i in range(100)]
    lines[5] = 'D4;"Đường 4'
    (folder / "sources/a.csv").write_text("\n".join(lines), encoding="utf-8")
    raw = kit.read_one(folder, _entry("a.csv"))
    assert ("CSV_QUOTES", 6) in [(f.code, f.row) for f in raw.findings]


@pytest.mark.parametrize("text", ["", "\n\n\n", "Mã;Tên\n", ";;;\n;;\n", "\ufeff"])
def test_csv_with_nothing_in_it(folder, text):
    (folder / "sources/a.csv").write_text(text, encoding="utf-8")
    raw = kit.read_one(folder, _entry("a.csv"))
    assert len(raw.frame) == 0
    assert raw.refused == 0


def test_a_tab_that_points_elsewhere(folder):
    kit.points().to_file(folder / "sources/a.tab", driver="MapInfo File")
    text = (folder / "sources/a.tab").read_text(encoding="latin-1")
    for bad in (
        'Open Table "/etc/passwd"',
        "create view x as\nselect * from y",
        'File "C:\\x.dat"',
    ):
        (folder / "sources/a.tab").write_text(f"{text}\n{bad}\n", encoding="latin-1")
        _refused(folder, "a.tab", "TAB_VIEW", "villages")


@pytest.mark.parametrize(("name", "part"), [("a.tab", "dat"), ("a.tab", "map"), ("a.mif", "mid")])
def test_a_mapinfo_table_of_which_a_part_was_left_behind(folder, name, part):
    kit.points().to_file(folder / "sources" / name, driver="MapInfo File")
    (folder / f"sources/a.{part}").unlink()
    finding = _refused(folder, name, "MAPINFO_PARTS", "villages")
    assert f".{part}" in finding.message.vi


def test_a_drawing_that_goes_on_after_its_end(folder):
    import pyogrio

    path = folder / "sources/a.dgn"
    pyogrio.write_dataframe(kit.lines()[["geometry"]], path, driver="DGN")
    (table,) = sources.look(path)
    assert [f.code for f in table.findings] == ["CRS_NOT_SAID"]
    path.write_bytes(path.read_bytes() + b"\x04\x03\x10\x00" * 4000)
    (table,) = sources.look(path)
    assert "DGN_PARTLY_READ" in [f.code for f in table.findings]


def test_fuzzed_files_are_opened_or_answered(folder, tmp_path_factory):
    """Flip and cut bytes of good files; nothing but tables and findings comes back."""
    kit.points().to_file(folder / "sources/a.gpkg", driver="GPKG")
    kit.points().to_file(folder / "sources/a.shp", driver="ESRI Shapefile", encoding="UTF-8")
    kit.lines().to_file(folder / "sources/b.tab", driver="MapInfo File")
    kit.lines().to_file(folder / "sources/b.fgb", driver="FlatGeobuf")
    kit.points(target="EPSG:4326").to_file(folder / "sources/b.geojson", driver="GeoJSON")
    _xlsx(
        folder / "sources/c.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    )
    random = np.random.default_rng(20251231)
    from ntm_gis.sources.looking import look_with
    from ntm_gis.sources.opening import opening
    from ntm_gis.sources.placing import Ground

    seen = 0
    with opening(None) as opener:
        for name in ("a.gpkg", "a.shp", "b.tab", "b.fgb", "b.geojson", "c.xlsx"):
            good = (folder / "sources" / name).read_bytes()
            for _ in range(12):
                place = tmp_path_factory.mktemp("fuzz")
                for part in (folder / "sources").glob(f"{name.split('.')[0]}.*"):
                    (place / part.name).write_bytes(part.read_bytes())
                content = bytearray(good)
                for at in random.integers(0, len(content), size=int(random.integers(1, 20))):
                    content[at] = int(random.integers(0, 256))
                cut = int(random.integers(len(content) // 2, len(content) + 1))
                (place / name).write_bytes(bytes(content[:cut]))
                tables = look_with(
                    opener, place / name, Ground.of(kit.ZONE, np.array([kit.GROUND]))
                )
                assert tables
                assert all(t.kind or t.findings for t in tables)
                seen += 1
    assert seen == 72


def test_a_geometry_collection_within_reason_is_kept(folder):
    nested = shapely.GeometryCollection(
        [
            shapely.Point(kit.INSIDE[0]),
            shapely.GeometryCollection([shapely.LineString(kit.INSIDE[:3])]),
        ]
    )
    _gpkg(folder / "sources/duong.gpkg", [shapely.to_wkb(nested), GOOD])
    raw = kit.read_one(folder, _entry("duong.gpkg"))
    assert raw.refused == 0
    assert raw.frame.geometry.iloc[0].equals(nested)
