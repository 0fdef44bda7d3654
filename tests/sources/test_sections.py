"""Headings of sections that bear the total of the rows below them are no records."""

from __future__ import annotations

import commune_kit as kit
import openpyxl
import pytest

from ntm_gis.rules.commune import SourceEntry

HEAD = ["STT", "Mã bản", "Tên bản", "Số hộ", "Nhân khẩu"]
FIRST = [[1, "B1", "Bản Nà Sẳng", 100, 400], [2, "B2", "Bản Thào", 50, 200]]
SECOND = [[3, "B3", "Bản Mít Nọi", 70, 300]]
TOTAL = [None, None, "Tổng cộng", 220, 900]


@pytest.fixture
def read(tmp_path):
    (tmp_path / "sources").mkdir()

    def _read(rows, layer="villages"):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "sources" / "bang.xlsx")
        return kit.read_one(tmp_path, SourceEntry(layer=layer, file="sources/bang.xlsx"))

    return _read


def of(raw, code):
    return [f.row for f in raw.findings if f.code == code]


@pytest.mark.parametrize("marks", [("I", "II"), ("A", "B"), ("I.", "II."), (None, None)])
def test_sections_with_totals_are_no_villages(read, marks):
    first = [marks[0], None, "Xã Pắc Ta cũ", 150, 600]
    second = [marks[1], None, "Xã Hố Mít cũ", 70, 300]
    raw = read([HEAD, first, *FIRST, second, *SECOND, TOTAL])
    assert raw.frame["Mã bản"].tolist() == ["B1", "B2", "B3"]
    assert not of(raw, "TOTAL_ROW_WRONG")
    assert not of(raw, "SECTION_TOTAL_WRONG")


def test_a_section_that_says_another_total_is_named(read):
    first = ["I", None, "Xã Pắc Ta cũ", 151, 600]
    raw = read([HEAD, first, *FIRST, ["II", None, "Xã Hố Mít cũ", 70, 300], *SECOND, TOTAL])
    (told,) = [f for f in raw.findings if f.code == "SECTION_TOTAL_WRONG"]
    assert (told.row, told.field) == (2, "Số hộ")
    assert "151" in told.message.vi
    assert "150" in told.message.vi
    assert not of(raw, "TOTAL_ROW_WRONG")


def test_sections_of_a_list_of_roads_without_ids(read):
    raw = read(
        [
            ["TT", "Tên đường", "Cấp đường", "Kết cấu", "Chiều dài (km)"],
            ["I", "Đường xã", None, None, 3],
            [1, "Đường xã 1", "ĐX", "BTXM", 1],
            [2, "Đường xã 2", "ĐX", "Đất", 2],
            ["II", "Đường bản", None, None, 4],
            [1, "Đường bản 1", "ĐB", "BTXM", "1,5"],
            [2, "Đường bản 2", "ĐB", "Đất", "2,5"],
            [None, "Tổng cộng (I+II)", None, None, 7],
        ],
        layer="roads",
    )
    assert len(raw.frame) == 4
    assert of(raw, "SECTION_TOTAL") == [2, 5]
    assert not of(raw, "TOTAL_ROW_WRONG")


def test_sections_within_sections(read):
    rows = [
        HEAD,
        ["A", None, "Xã Pắc Ta cũ", 150, 600],
        ["I", None, "Cụm 1", 100, 400], FIRST[0],
        ["II", None, "Cụm 2", 50, 200], [1, *FIRST[1][1:]],
        ["B", None, "Xã Hố Mít cũ", 70, 300],
        ["I", None, "Cụm 3", 70, 300], SECOND[0], TOTAL,
    ]  # fmt: skip
    raw = read(rows)
    assert raw.frame["Mã bản"].tolist() == ["B1", "B2", "B3"]
    assert not of(raw, "SECTION_TOTAL_WRONG")
    assert not of(raw, "TOTAL_ROW_WRONG")


@pytest.mark.parametrize(
    "rows",
    [
        [["I", "B1", "Bản A", 5, 20], ["II", "B2", "Bản B", 6, 24]],  # all are numbered so
        [["I", "B9", "Bản Z", 150, 600], *FIRST],  # with a key of its own
        [*FIRST, ["A", None, "Bản Mới", 9, 40]],  # not where a table begins
    ],
)
def test_what_may_be_a_village_is_one(read, rows):
    raw = read([HEAD, *rows])
    assert len(raw.frame) == len(rows)
    assert not of(raw, "SECTION_TOTAL")


def test_a_count_of_things_is_a_total(read):
    head = ["Mã điểm", "Mã trường", "Tên điểm trường", "Cấp học"]
    schools = [["DT1", "T1", "TH Pắc Ta", "Tiểu học"], ["DT2", "T1", "TH Hố Mít", "Tiểu học"]]
    raw = read([head, *schools, [None, None, "Cộng: 2 điểm trường", None]], layer="schools")
    assert raw.frame["Mã điểm"].tolist() == ["DT1", "DT2"]


@pytest.mark.parametrize(("total", "wrong"), [(2000.5, []), (3251, []), (2500, [6])])
def test_a_total_may_be_of_wholes_alone(read, total, wrong):
    rows = [
        ["Mã nguồn", "Tên nguồn vốn", "Thuộc mã", "Số tiền (triệu đồng)"],
        ["V1", "Ngân sách trung ương", None, 1250.5],
        ["V2", "Huyện", None, 750],
        ["V3", "Đầu tư", "V1", 1000],
        ["V4", "Sự nghiệp", "V1", 250.5],
        ["Tổng", None, None, total],
    ]
    assert of(read(rows, layer="funds"), "TOTAL_ROW_WRONG") == wrong
