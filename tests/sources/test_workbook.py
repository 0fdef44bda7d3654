"""Workbooks as offices make them, written by xlsxwriter and openpyxl, read by our own reader."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import commune_kit as kit
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis import numbers
from ntm_gis.layers.values import ROW
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import headings, rowkinds
from ntm_gis.sources.readers import workbook
from ntm_gis.sources.readers.parsed import Column, Parsed, Sheet


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _entry(name="bieu.xlsx", layer="schools", **more):
    return SourceEntry(layer=layer, file=f"sources/{name}", **more)


def _write(folder, rows, merges=(), name="bieu.xlsx", sheet="Biểu"):
    """Write rows (from 1) and merged ranges with openpyxl."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is not None:
                page.cell(r, c, value)
    for reference in merges:
        page.merge_cells(reference)
    book.save(folder / "sources" / name)


OFFICE = [
    ["UBND XÃ MƯỜNG KHOA", None, None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["BIỂU TRƯỜNG HỌC NĂM 2025"],
    ["(Kèm theo Báo cáo số 12/BC-UBND)"],
    [],
    ["STT", "Tên trường", "Phòng học", None, "Tọa độ VN-2000", None, "Ghi chú"],
    [None, None, "Hiện có", "Còn thiếu", "X (m)", "Y (m)", None],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    [1, "Trường A", 8, 1, "2.455.972,70", "571.979,18", None],
    [2, "Trường B", 5, 0, "2.456.100,5", "572.000,0", "x"],
    [3, "Trường C", 7, None, None, None, None],
    [None, "Tổng cộng", 20, 1, None, None, None],
    [],
    [None, "NGƯỜI LẬP BIỂU", None, None, None, "TM. ỦY BAN NHÂN DÂN"],
]
OFFICE_MERGES = ("A1:C1", "F1:G1", "A2:G2", "A5:A6", "B5:B6", "C5:D5", "E5:F5", "G5:G6")


def test_an_office_sheet(folder):
    _write(folder, OFFICE, OFFICE_MERGES)
    raw = kit.read_one(folder, _entry(crs="VN-2000 103"))
    names = [c for c in raw.frame.columns if c not in (ROW, "geometry", "located_by")]
    assert names == ["STT", "Tên trường", "Hiện có", "Còn thiếu", "X (m)", "Y (m)", "Ghi chú"]
    assert raw.frame[ROW].tolist() == [8, 9, 10]
    assert raw.frame["Hiện có"].tolist() == [8, 5, 7]
    assert [round(v, 2) for v in raw.frame.geometry.iloc[0].coords[0]] == [571979.18, 2455972.70]
    assert raw.frame.geometry.isna().tolist() == [False, False, True]
    assert raw.frame["located_by"].tolist()[:2] == ["survey", "survey"]
    assert sorted(kit.codes(raw)) == ["NOTE_ROWS", "TOTAL_ROW"]
    (total,) = [f for f in raw.findings if f.code == "TOTAL_ROW"]
    assert (total.row, total.value) == (11, "Tổng cộng")


def test_a_wrong_total_is_told_with_both_numbers(folder):
    rows = [list(r) for r in OFFICE]
    rows[10][2] = 21
    _write(folder, rows, OFFICE_MERGES)
    raw = kit.read_one(folder, _entry(crs="VN-2000 103"))
    (wrong,) = [f for f in raw.findings if f.code == "TOTAL_ROW_WRONG"]
    assert (wrong.row, wrong.field) == (11, "Hiện có")
    assert "21" in wrong.message.vi
    assert "20" in wrong.message.vi
    assert len(raw.frame) == 3


def test_what_adds_up_and_what_does_not(folder):
    rows = [
        ["Bản", "Nam", "Tổng mức", "Tỷ lệ (%)", "Năm xây dựng"],
        ["Hô Tra", 10, 100, 50, 2019],
        ["Pá Kim", 12, 200, 70, 2021],
        ["Tổng cộng", 23, 301, 60, 2020],
    ]
    _write(folder, rows)
    raw = kit.read_one(folder, _entry(layer="villages"))
    wrong = [f.field for f in raw.findings if f.code == "TOTAL_ROW_WRONG"]
    assert wrong == ["Nam", "Tổng mức"]


def test_subtotals_and_sections_are_no_rows(folder):
    rows = [
        ["TT", "Tên đường", "Cấp", "Dài (km)"],
        ["I", "Xã Mường Khoa cũ"],
        [1, "Đường A", "xã", 1.5],
        [2, "Đường B", "xã", 2.25],
        [None, "Cộng", None, 3.75],
        ["II", "Xã Phúc Khoa"],
        [1, "Đường Cộng Hòa", "xã", 4],
        [None, "Cộng", None, 4],
        [None, "Tổng cộng", None, 7.75],
    ]
    _write(folder, rows)
    raw = kit.read_one(folder, _entry(layer="roads"))
    assert raw.frame["Tên đường"].tolist() == ["Đường A", "Đường B", "Đường Cộng Hòa"]
    assert kit.codes(raw).count("TOTAL_ROW") == 3
    assert "TOTAL_ROW_WRONG" not in kit.codes(raw)
    assert "SECTION_ROWS" in kit.codes(raw)


def test_equal_names_under_groups_are_joined(folder):
    rows = [
        ["Bản", "Dân số", None, "Hộ nghèo", None],
        [None, "Nam", "Nữ", "Nam", "Nữ"],
        ["Hô Tra", 10, 12, 1, 2],
    ]
    _write(folder, rows, ("A1:A2", "B1:C1", "D1:E1"))
    raw = kit.read_one(folder, _entry(layer="villages"))
    names = [c for c in raw.frame.columns if c not in (ROW, "geometry")]
    assert names == ["Bản", "Dân số / Nam", "Dân số / Nữ", "Hộ nghèo / Nam", "Hộ nghèo / Nữ"]


def test_merged_texts_fill_their_range_and_numbers_do_not(folder):
    rows = [
        ["Bản", "Tuyến", "Vốn"],
        ["Hô Tra", "A", 700],
        [None, "B", None],
        [None, "C", 50],
        [None, "D", 60],
    ]
    _write(folder, rows, ("A2:A4", "C2:C3"))
    raw = kit.read_one(folder, _entry(layer="roads"))
    assert raw.frame["Bản"].tolist() == ["Hô Tra"] * 3 + [None]
    assert raw.frame["Vốn"].tolist() == [700, None, 50, 60]
    (told,) = raw.findings
    assert (told.code, told.row) == ("MERGED_NUMBER", 2)
    assert "C2" in told.message.vi


def test_hidden_rows_count_and_are_told(folder):
    book = xlsxwriter.Workbook(folder / "sources/bieu.xlsx")
    page = book.add_worksheet("Đường")
    for r, row in enumerate([["Mã", "Dài"], ["D1", 1], ["D2", 2], ["D3", 3], ["D4", 4]]):
        page.write_row(r, 0, row)
    page.set_row(2, None, None, {"hidden": True})
    page.set_row(3, None, None, {"hidden": True})
    book.close()
    raw = kit.read_one(folder, _entry(layer="roads"))
    assert raw.frame["Mã"].tolist() == ["D1", "D2", "D3", "D4"]
    assert kit.codes(raw) == ["HIDDEN_ROWS"]
    assert "3–4" in raw.findings[0].message.vi


def test_formulas_with_and_without_a_result_and_errors(folder):
    book = xlsxwriter.Workbook(folder / "sources/bieu.xlsx")
    page = book.add_worksheet()
    page.write_row(0, 0, ["Mã", "Dài", "Rộng"])
    page.write(1, 0, "D1")
    page.write_formula(1, 1, "=500+500", None, 1000)
    page.write_formula(2, 1, "=1/0", None, "#DIV/0!")
    page.write(2, 0, "D2")
    page.write_string(2, 2, "#REF!")
    book.close()
    raw = kit.read_one(folder, _entry(layer="roads"))
    assert raw.frame["Dài"].tolist() == [1000, None]
    assert kit.codes(raw) == ["CELL_ERROR", "CELL_ERROR"]
    assert {f.value for f in raw.findings} == {"#DIV/0!", "#REF!"}
    assert {f.row for f in raw.findings} == {3}
    _write(folder, [["Mã", "Dài"], ["D1", "=SUM(1,2)"]], name="tu_openpyxl.xlsx")
    raw = kit.read_one(folder, _entry("tu_openpyxl.xlsx", layer="roads"))
    assert (kit.codes(raw), len(raw.frame)) == (["FORMULA_WITHOUT_VALUE"], 1)
    assert "B2" in raw.findings[0].message.vi


def test_two_columns_of_one_name_refuse_the_rows_but_count_them(folder):
    _write(folder, [["Mã", "Dài", "Dài"], ["D1", 1, 2], ["D2", 3, 4]])
    raw = kit.read_one(folder, _entry(layer="roads"))
    assert (len(raw.frame), raw.refused, kit.codes(raw)) == (0, 2, ["HEADER_TWICE"])
    assert raw.origin.sha256 is not None


def test_several_sheets_empty_and_hidden_ones_do_not_count(folder):
    book = openpyxl.Workbook()
    book.active.title = "Trường"
    book.active.append(["Mã", "Tên"])
    book.active.append(["1", "A"])
    book.create_sheet("Sheet2")
    hidden = book.create_sheet("cũ")
    hidden.append(["Mã", "Tên"])
    hidden.append(["2", "B"])
    hidden.sheet_state = "hidden"
    book.save(folder / "sources/bieu.xlsx")
    raw = kit.read_one(folder, _entry())
    assert (raw.origin.table, raw.frame["Tên"].tolist()) == ("Trường", ["A"])
    raw = kit.read_one(folder, _entry(table="cu"))
    assert raw.frame["Tên"].tolist() == ["B"]


def test_codes_and_dates_keep_what_they_are(folder):
    book = xlsxwriter.Workbook(folder / "sources/bieu.xlsx")
    page = book.add_worksheet()
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": '#,##0 "đ"'})
    page.write_row(0, 0, ["Mã", "Ngày", "Tiền", "Có", "Chữ"])
    page.write_string(1, 0, "03434")
    page.write_datetime(1, 1, dt.date(2025, 12, 31), date)
    page.write_number(1, 2, 1282.2, money)
    page.write_boolean(1, 3, True)
    page.write_string(1, 4, "05/03/2026")
    book.close()
    raw = kit.read_one(folder, _entry())
    assert raw.frame.drop(columns=["geometry", ROW]).iloc[0].tolist() == [
        "03434",
        dt.date(2025, 12, 31),
        1282.2,
        True,
        "05/03/2026",
    ]


def test_per_cent_is_read_as_the_sheet_shows_it(folder):
    book = xlsxwriter.Workbook(folder / "sources/bieu.xlsx")
    page = book.add_worksheet()
    formats = [book.add_format({"num_format": code}) for code in ("0%", "0.00%", '0.0" %"')]
    page.write_row(0, 0, ["Mã", "Một", "Hai", "Ba", "Bốn"])
    page.write_row(1, 0, ["a", 0.97])
    page.write_number(1, 1, 0.97, formats[0])
    page.write_number(1, 2, 0.855, formats[1])
    # The sign is a word here: the number is the per cent itself.
    page.write_number(1, 3, 85.5, formats[2])
    page.write_number(1, 4, 0.6)
    book.close()
    raw = kit.read_one(folder, _entry())
    row = raw.frame.drop(columns=["geometry", ROW]).iloc[0].tolist()
    assert row == ["a", "97 %", "85,5 %", 85.5, 0.6]
    assert [numbers.parse_number(x, "vi").value for x in row[1:3]] == [97.0, 85.5]


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(float),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda s: s and not s.startswith("=") and s[0] not in "#{"),
    st.builds(
        dt.datetime.combine,
        st.dates(dt.date(1950, 1, 1), dt.date(2099, 1, 1)),
        st.times().map(lambda t: t.replace(microsecond=0)),
    ),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_cells_read_as_openpyxl_reads_them(tmp_path_factory, grid):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False})
    page, moment = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if isinstance(value, dt.datetime):
                page.write_datetime(r, c, value, moment)
            elif isinstance(value, str):
                page.write_string(r, c, value)
            elif value is not None:
                page.write(r, c, value)
    book.close()
    path = tmp_path_factory.mktemp("x") / "a.xlsx"
    path.write_bytes(content.getvalue())
    expected = {
        (cell.row, cell.column): cell.value
        for row in openpyxl.load_workbook(path, data_only=True).active.iter_rows()
        for cell in row
        if cell.value is not None
    }
    (table,) = workbook.read(path, {})
    got = {(n, c): v for n, cells in table.sheet.rows for c, v in cells.items()}
    assert set(got) == set(expected)
    for place, value in expected.items():
        mine = got[place]
        if isinstance(value, dt.datetime):
            whole = mine if isinstance(mine, dt.datetime) else dt.datetime.combine(mine, dt.time())
            assert abs((whole - value).total_seconds()) <= 1
        else:
            assert mine == (value.strip() if isinstance(value, str) else value)
            assert isinstance(mine, bool) == isinstance(value, bool)


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_far_cell_and_sheets_of_other_writers(tmp_path, prefix):
    import zipfile

    path = tmp_path / "a.xlsx"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    p = prefix
    sheet = (
        f'<{p}worksheet {name}="{main}"><{p}sheetData><{p}row><{p}c t="inlineStr"><{p}is>'
        f"<{p}t>Mã</{p}t></{p}is></{p}c></{p}row>"
        f'<{p}row r="1048576"><{p}c r="XFD1048576"><{p}v>1</{p}v></{p}c></{p}row>'
        f"</{p}sheetData></{p}worksheet>"
    )
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{link}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="i"/></sheets></workbook>',
        )
        z.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.'
            f'org/package/2006/relationships"><Relationship Id="i" Type="{link}/worksheet" '
            'Target="/xl/worksheets/s.xml"/></Relationships>',
        )
        z.writestr("xl/worksheets/s.xml", sheet)
    (table,) = workbook.read(path, {})
    assert table.sheet.rows == [(1, {1: "Mã"}), (1_048_576, {16_384: 1})]


def _sheet(rows):
    return Sheet(
        rows=[
            (n, {c: v for c, v in enumerate(r, 1) if v is not None})
            for n, r in enumerate(rows, 1)
            if any(v is not None for v in r)
        ]
    )


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([["Mã", "Tên"], ["1", "A"]], 1),
        ([["BÁO CÁO"], [], ["Mã", "Tên", "Dài"], [1, "A", 2]], 3),
        ([["id", "2021", "2022"], [1, 5, 6], [2, 7, 8]], 1),
        ([["Mã", "Tên", "Dài"], ["1", "2", "3"], [1, "A", 7]], 2),
        ([["Mã", "Tên", "Dài", "Rộng"], ["A", "B", 1, "2=1*3"], [1, "A", 7, 3]], 2),
        ([["Đơn vị: km"], ["Mã", "Tên", "Dài"], ["D1", "Đường A", 7]], 2),
    ],
)
def test_where_the_heading_ends(rows, last):
    assert headings.find(_sheet(rows)).last == last


def test_no_heading_loses_no_row():
    table = headings.split(Parsed("a", sheet=_sheet([[1, 2, 3], [4, 5, 6]])), letters=True)
    assert table.numbers == [1, 2]
    assert [c.name for c in table.columns] == ["Cột A", "Cột B", "Cột C"]
    assert [t.code for t in table.told] == ["HEADER_MISSING"]


@given(
    st.lists(st.floats(0, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=30),
    st.sampled_from(["Tổng cộng", "TỔNG SỐ", "Cộng:", "Tổng", "tổng cộng (toàn xã)"]),
    st.one_of(st.just(0.0), st.floats(0.6, 100), st.floats(-100, -0.6)),
)
@settings(max_examples=60)
def test_a_total_is_checked_against_its_rows(amounts, label, off):
    total = round(sum(amounts), 2)
    wrong = round(total + off, 2)
    names = [f"Đường {i}" for i in range(len(amounts))]
    table = Parsed(
        None,
        [Column("Tên", [*names, label]), Column("Dài", [*amounts, wrong])],
        list(range(2, len(amounts) + 3)),
    )
    out = rowkinds.records(table)
    assert out.numbers == list(range(2, len(amounts) + 2))
    told = [t.code for t in out.told]
    assert told[0] == "TOTAL_ROW"
    # A total may be rounded to a whole number, so half of one is no fault yet.
    assert ("TOTAL_ROW_WRONG" in told) == (off != 0.0)


def test_rows_in_equals_rows_below_the_heading_minus_totals(folder):
    _write(folder, OFFICE, OFFICE_MERGES)
    raw = kit.read_one(folder, _entry(crs="VN-2000 103"))
    below = 13 - 7 - 1  # rows 8–13, one of them blank
    totals = notes = 1
    assert len(raw.frame) + raw.refused == below - totals - notes
    assert Path(raw.origin.file).name == "bieu.xlsx"
