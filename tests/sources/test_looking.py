"""What `add` is shown of a file."""

from __future__ import annotations

import commune_kit as kit
import openpyxl

from ntm_gis import sources


def test_each_table_with_columns_rows_geometry_and_system(tmp_path):
    path = tmp_path / "nen.gpkg"
    kit.points().to_file(path, layer="ban", driver="GPKG")
    kit.lines().to_file(path, layer="duong", driver="GPKG")
    villages, roads = sources.look(path, zone=kit.ZONE, boundary=kit.GROUND)
    assert (villages.table, villages.rows, villages.geometry, villages.crs) == (
        "ban",
        12,
        "point",
        kit.ZONE,
    )
    assert villages.columns == ("MA_BAN", "TEN_BAN", "SO_HO", "DT_HA")
    assert villages.values["TEN_BAN"] == kit.VILLAGES
    assert (roads.table, roads.rows, roads.geometry) == ("duong", 4, "line")
    assert villages.sha256 == roads.sha256
    assert villages.findings == ()


def test_an_unknown_system_comes_with_what_fits(tmp_path):
    frame = kit.points(target="EPSG:9208")
    frame.to_file(tmp_path / "ban.shp", driver="ESRI Shapefile", encoding="UTF-8")
    (tmp_path / "ban.prj").unlink()
    (table,) = sources.look(tmp_path / "ban.shp", zone=kit.ZONE, boundary=kit.GROUND)
    assert table.crs is None
    assert (table.candidates[0].source, table.candidates[0].share) == ("EPSG:9208", 1.0)
    assert table.geometry == "point"
    assert table.sample.geometry.isna().all()


def test_a_sheet_with_heading_pairs_and_letters(tmp_path):
    from ntm_gis import text

    book = openpyxl.Workbook()
    page = book.active
    page.append(["DANH SÁCH"])
    page.append([])
    page.append(["Mã", "Tên", "X (m)", "Y (m)"])
    for i, (east, north) in enumerate(kit.INSIDE):
        name = text.surface(text.encode(kit.VILLAGES[i], "tcvn3"))
        page.append([f"M{i}", name, north, east])
    hidden = book.create_sheet("nháp")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "truong.xlsx")
    table, draft = sources.look(tmp_path / "truong.xlsx", zone=kit.ZONE, boundary=kit.GROUND)
    assert (table.header_row, table.rows, table.geometry) == (3, 12, None)
    assert table.letters == {"Tên": "TCVN3 (ABC)"}
    assert [(p.north, p.east, p.kind) for p in table.pairs] == [("X (m)", "Y (m)", "grid")]
    assert table.candidates[0].source == kit.ZONE
    assert (table.hidden, draft.hidden) == (False, True)
    assert table.values["Tên"] == kit.VILLAGES


def test_at_most_two_hundred_rows_are_shown_and_all_are_counted(tmp_path):
    lines = ["Mã;Tên"] + [f"{i};Bản {i}" for i in range(1000)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    (table,) = sources.look(tmp_path / "a.csv")
    assert (table.rows, len(table.sample)) == (1000, 200)


def test_a_file_that_cannot_be_read_is_one_table_with_its_finding(tmp_path):
    (tmp_path / "a.dwg").write_bytes(b"AC1032" + bytes(50))
    (table,) = sources.look(tmp_path / "a.dwg")
    assert (table.kind, table.rows) == ("", 0)
    assert [f.code for f in table.findings] == ["FORMAT_DWG"]
    (table,) = sources.look(tmp_path / "missing.csv")
    assert [f.code for f in table.findings] == ["SOURCE_MISSING"]
