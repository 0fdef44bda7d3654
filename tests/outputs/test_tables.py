"""tables.xlsx, read back with another library."""

from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest

from ntm_gis.outputs.sheets import HEAD_ROW, sheet_names
from ntm_gis.outputs.tables import tables
from ntm_gis.rules.schema import schema

HEAD = HEAD_ROW + 1


@pytest.fixture
def book(answer, layers):
    return openpyxl.load_workbook(io.BytesIO(tables(answer, layers, "vi")))


def columns(sheet):
    """Heading -> cells below it."""
    return {
        column[HEAD - 1].value: list(column[HEAD:])
        for column in sheet.iter_cols()
        if column[HEAD - 1].value is not None
    }


def test_sheets_are_called_as_officials_call_them(book):
    assert book.sheetnames[:5] == [
        "Mục lục", "Chỉ số", "Điểm cần kiểm tra", "Căn cứ", "Tệp nguồn",
    ]  # fmt: skip
    assert "Đường giao thông" in book.sheetnames
    assert "Thôn, bản" in book.sheetnames
    assert len(book.sheetnames) == 5 + 6


def test_no_cell_is_a_formula_or_leads_outside(book):
    texts = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target is None
                texts.append(cell.value)
    assert '=HYPERLINK("http://evil.example","x")' in texts
    assert "@SUM(1;1)" in texts
    assert "artH bell" in texts


def test_hostile_texts_are_strings_in_the_file_itself(answer, layers):
    with zipfile.ZipFile(io.BytesIO(tables(answer, layers))) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode("utf-8")
            assert "<f>" not in content
            assert not (name.endswith(".rels") and "TargetMode" in content)


def test_rows_of_a_layer_come_with_titles_and_their_place(book):
    cells = columns(book["Đường giao thông"])
    assert [c.value for c in cells["Mã đường"]] == ["V1", "V2", "V3", "V4", "V1"]
    assert [c.value for c in cells["Kết cấu mặt đường"]][:2] == ["Bê tông xi măng", "Đất"]
    assert cells["Bề rộng mặt đường (m)"][0].value == 3.5
    assert cells["Bề rộng mặt đường (m)"][0].number_format == "#,##0.0"
    assert cells["Năm xây dựng"][0].number_format == "0"
    assert [c.value for c in cells["Dòng"]] == [2, 3, 18, 5, 6]
    assert cells["Tệp"][0].value == "duong_giao_thong.shp"
    assert [c.value for c in cells["Tình trạng dòng"]][-1] == "để riêng, chưa tính"
    assert cells["Đi lại được quanh năm"][0].value == "Có"
    assert "GHI_CHU" in cells


def test_a_blank_that_has_to_be_filled_is_slanted(book):
    kinds = columns(book["Công trình thủy lợi"])[schema("irrigation").field("kind").title.vi]
    assert kinds[0].value is not None
    assert kinds[1].value is None
    assert (kinds[0].fill.fill_type, kinds[1].fill.fill_type) == (None, "lightUp")


def test_personal_fields_are_nowhere(answer, layers):
    with zipfile.ZipFile(io.BytesIO(tables(answer, layers))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
    assert "CT01" in everything
    assert "Lò Văn A" not in everything
    assert "Thửa 12" not in everything


def test_figures_stand_with_their_bounds(book):
    cells = columns(book["Chỉ số"])
    row = [c.value for c in cells["Mã"]].index("roads.hardened_share.village")
    assert cells["Giá trị"][row].value == pytest.approx(100 * 2 / 8.5)
    assert cells["Giá trị"][row].number_format == "#,##0.0"
    assert (cells["Thấp nhất"][row].value, cells["Cao nhất"][row].value) == (20, 35)
    assert cells["Vì sao có khoảng"][row].value.startswith("chắc chắn từ 20,0")
    people = [c.value for c in cells["Mã"]].index("commune.population")
    assert cells["Giá trị"][people].number_format == "#,##0"
    assert cells["Cao nhất"][people].value is None


def test_findings_are_numbered_gravest_first(book):
    cells = columns(book["Điểm cần kiểm tra"])
    assert [c.value for c in cells["STT"]] == list(range(1, 13))
    assert [c.value for c in cells["Mức độ"]][:4] == [
        "Phải sửa trước",
        "Số tạm tính",
        "Nên xem lại",
        "Ghi chú",
    ]


def test_sources_add_up(book):
    cells = columns(book["Tệp nguồn"])
    *rows, total = (c.value for c in cells["Số dòng"])
    assert sum(rows) == total == 13
    assert [c.value for c in cells["Để riêng"]][-1] == 1


def test_narrow_sheets_stand_upright(book):
    assert book["Mục lục"].page_setup.orientation == "portrait"
    assert book["Chỉ số"].page_setup.orientation == "landscape"


def test_sheets_are_ready_to_print(book):
    for sheet in book:
        # A narrow sheet stands upright; across it would fill half the page.
        wide = sum(d.width for d in sheet.column_dimensions.values())
        wanted = {True: {"landscape"}, False: {"portrait", "landscape"}}[wide > 250]
        assert sheet.page_setup.orientation in wanted
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in {None, 1}  # 1 where nothing is said
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None
        assert sheet["A1"].font.name == "Times New Roman"
        assert "DỮ LIỆU MINH HỌA" in sheet["A2"].value


def test_english_headings(answer, layers):
    book = openpyxl.load_workbook(io.BytesIO(tables(answer, layers, "en")))
    assert book.sheetnames[:2] == ["Contents", "Figures"]
    assert "Carriageway width (m)" in columns(book["Roads"])


def test_same_bytes_a_second_later(answer, layers):
    first = tables(answer, layers)
    time.sleep(1.1)
    assert tables(answer, layers) == first


def test_names_of_sheets_are_taken_by_excel():
    names = sheet_names(["Đường [1]", "x" * 40, "X" * 40, "", "''"])
    assert len({name.casefold() for name in names}) == 5
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
