"""Totals and subtotals are no records, whatever they are called; records never are totals."""

from __future__ import annotations

import commune_kit as kit
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import totals
from ntm_gis.sources.readers.parsed import Column, Parsed
from ntm_gis.sources.rowkinds import Identity, records

HEADS = ["STT", "Mã bản", "Tên bản", "Số hộ", "Dân số"]
ROWS = [
    [1, "B1", "Nà An", 101, 400],
    [2, "B2", "Hô Tra", 1344, 2021],
    [3, "B3", "Cộng Hòa", 50, 170],
]
SUMS = [1495, 2591]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _read(folder, rows, layer="villages", merges=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merges:
        book.active.merge_cells(cells)
    book.save(folder / "sources" / "a.xlsx")
    return kit.read_one(folder, SourceEntry(layer=layer, file="sources/a.xlsx"))


def _totals(raw):
    return [(f.row, f.value) for f in raw.findings if f.code == "TOTAL_ROW"]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "label",
    ["Cộng cụm 1", "Toàn xã", "Cả xã:", "Total", "TỔNG CỘNG", "Cộng:", "Tổng cộng toàn xã",
     "Tổng số bản: 3", "Tong cong", "Cộng (I + II)"],
)  # fmt: skip
@pytest.mark.parametrize("amounts", [SUMS, ["1.495", "2.591"], ["1.445", None]])
def test_a_total_is_no_village(folder, label, place, amounts):
    row = [None] * 3 + list(amounts)
    row[place] = label
    raw = _read(folder, [HEADS, *ROWS, row])
    assert raw.frame["Tên bản"].tolist() == ["Nà An", "Hô Tra", "Cộng Hòa"]
    assert _totals(raw) == [(5, label)]
    wrong = [f.row for f in raw.findings if f.code == "TOTAL_ROW_WRONG"]
    assert wrong == ([5] if amounts[1] is None else [])


@pytest.mark.parametrize("label", ["Tổng nhân khẩu các điểm dân cư", "Xã Mường Khoa", None])
def test_a_row_that_adds_up_in_all_columns_is_no_village(folder, label):
    raw = _read(folder, [HEADS, *ROWS, [None, None, label, *SUMS]])
    assert len(raw.frame) == 3
    found = [f for f in raw.findings if f.code.startswith("TOTAL_ROW")]
    assert [f.row for f in found] == [5]
    assert len(_read(folder, [HEADS, *ROWS, [None, None, label, 9, 11]]).frame) == 4


def test_subtotals_in_between_and_a_merged_label(folder):
    rows = [HEADS, *ROWS[:2], ["Cộng xã cũ", None, None, 1445, 2421], ROWS[2],
            ["Toàn xã", None, None, *SUMS]]  # fmt: skip
    raw = _read(folder, rows, merges=("A4:C4", "A6:C6"))
    assert len(raw.frame) == 3
    assert _totals(raw) == [(4, "Cộng xã cũ"), (6, "Toàn xã")]
    assert "TOTAL_ROW_WRONG" not in kit.codes(raw)


@pytest.mark.parametrize(
    "row",
    [
        [4, "B4", "Tổng Pang", *SUMS],
        [4, "B4", "Cộng Hòa 2", *SUMS],
        [4, "B4", "Toàn Thắng", 4, 7],
        [4, None, "Cộng Lực", 12, 40],
    ],
)
def test_a_village_called_like_a_total_is_a_village(folder, row):
    assert len(_read(folder, [HEADS, *ROWS, row]).frame) == 4


FUNDS = ["STT", "Mã nguồn", "Thuộc nguồn", "Tên nguồn vốn", "Số tiền (triệu đồng)"]


def test_the_sum_of_funds_is_no_fund(folder):
    rows = [[1, "V1", None, "Trung ương", 1000], [2, "V2", None, "Tỉnh", 500]]
    for total in (1500, 1400):
        raw = _read(folder, [FUNDS, *rows, [None, None, None, "Tổng nguồn vốn", total]], "funds")
        assert raw.frame["Mã nguồn"].tolist() == ["V1", "V2"]
    assert [f.row for f in raw.findings if f.code == "TOTAL_ROW_WRONG"] == [4]


def test_a_fund_that_has_parts_is_a_fund(folder):
    rows = [["I", "V0", None, "Tổng nguồn vốn", 1500], [1, "V1", "V0", "Trung ương", 1000]]
    assert len(_read(folder, [FUNDS, *rows], "funds").frame) == 2
    named = [[None, None, None, "Tổng vốn", 1500],
             [None, None, "Tổng vốn", "Trung ương", 1000],
             [None, None, "Tổng vốn", "Tỉnh", 500]]  # fmt: skip
    assert len(_read(folder, [FUNDS[:], *named], "funds").frame) == 3


@pytest.mark.parametrize("label", ["Tổng", "Tổng cộng", "Cộng", "Tổng số", "Toàn xã"])
@pytest.mark.parametrize("key", ["NV01", 1, "1"])
def test_a_fund_that_others_are_part_of_is_a_fund_whatever_it_is_called(folder, label, key):
    rows = [[1, key, None, label, 1500],
            [2, "NV02", key, "Trung ương", 1000], [3, "NV03", key, "Tỉnh", 500]]  # fmt: skip
    raw = _read(folder, [FUNDS, *rows], "funds")
    assert len(raw.frame) == 3
    assert not [f for f in raw.findings if f.code.startswith("TOTAL_ROW")]


@pytest.mark.parametrize("label", ["Tổng", "Tổng cộng", "Cộng"])
def test_a_total_that_none_is_part_of_is_still_a_total(folder, label):
    rows = [[1, "NV02", None, "Trung ương", 1000], [2, "NV03", "NV02", "Đầu tư", 400],
            [3, "NV04", "NV02", "Sự nghiệp", 600], [None, None, None, label, 1000]]  # fmt: skip
    raw = _read(folder, [FUNDS, *rows], "funds")
    assert raw.frame["Mã nguồn"].tolist() == ["NV02", "NV03", "NV04"]


def test_an_answer_of_a_code_list_makes_no_total(folder):
    heads = ["Mã chỉ tiêu", "Giới tính", "Giá trị", "Ngày"]
    rows = [[None, "Tổng số", 12, "31/12/2025"], [None, "Nam", 7, "31/12/2025"]]
    assert len(_read(folder, [heads, *rows], "figures").frame) == 2


def test_a_figure_of_the_whole_commune_is_a_figure(folder):
    heads = ["Mã chỉ tiêu", "Thôn, bản", "Giá trị", "Ngày"]
    rows = [["1.1", "Toàn xã", 30, "31/12/2025"], ["1.1", "Nà An", 10, "31/12/2025"],
            ["1.1", "Hô Tra", 20, "31/12/2025"]]  # fmt: skip
    assert len(_read(folder, [heads, *rows], "figures").frame) == 3
    short = [heads[:3], *(row[:3] for row in rows)]
    assert len(_read(folder, short, "figures").frame) == 3


def test_a_total_may_be_named_where_the_former_commune_is(folder):
    heads = ["Xã cũ", "Tên bản", "Số hộ", "Dân số"]
    rows = [["Mường Khoa", "Nà An", 10, 40], ["Mường Khoa", "Hô Tra", 20, 70]]
    assert len(_read(folder, [heads, *rows, ["Toàn xã", None, 31, 111]]).frame) == 2


def test_a_target_called_like_a_total_is_a_target(folder):
    heads = ["Tên mục tiêu", "Chỉ số", "Giá trị", "Đơn vị tính"]
    rows = [["Tổng số thôn đạt chuẩn nông thôn mới", None, 20, None],
            ["Tổng nguồn vốn huy động", None, 3000, None],
            ["Tổng chiều dài đường được cứng hóa", None, 41.5, None]]  # fmt: skip
    assert len(_read(folder, [heads, *rows], "targets").frame) == 3


@pytest.mark.parametrize(
    "paid", [["350 triệu", "180.000.000đ", 850], [350, "180.000.000 đ", "850"]]
)
def test_amounts_of_several_units_are_not_added_up(folder, paid):
    rows = [[f"Nguồn {k}", 100, cell] for k, cell in enumerate(paid)]
    heads = ["Nguồn vốn", "Số vốn", "Đã giải ngân"]
    raw = _read(folder, [heads, *rows, ["Tổng cộng", 301, 1380]], layer="funds")
    wrong = [f.field for f in raw.findings if f.code == "TOTAL_ROW_WRONG"]
    assert wrong == ["Số vốn"]


def test_culverts_are_no_totals():
    assert not totals.is_total("Cống")
    assert not totals.is_total("Công 2")
    table = Parsed("a", [Column("Tên", ["Cống bản", "Cống"]), Column("m", [3, 4])], [2, 3])
    assert records(table, Identity(names=frozenset({0}))).numbers == [2, 3]


@given(st.lists(st.integers(1, 5000), min_size=2, max_size=12), st.data())
def test_a_total_never_changes_the_records(amounts, data):
    twice = [2 * a for a in amounts]
    names = [f"Bản {i}" for i in range(len(amounts))]
    label = data.draw(st.sampled_from(["Tổng cộng", "Cộng", "Toàn xã", "Total", None]))
    table = Parsed("a", [Column("Tên bản", [*names, label]),
                         Column("Số hộ", [*amounts, sum(amounts)]),
                         Column("Dân số", [*twice, sum(twice)])],
                   list(range(2, len(amounts) + 3)))  # fmt: skip
    found = records(table, Identity(names=frozenset({0})))
    assert found.columns[0].cells == names


GROUPS = ["TT", "Mã bản", "Tên bản", "Tổng số hộ", "Hộ nghèo", None, "Hộ cận nghèo", None]
UNDER = [None, None, None, None, "Số hộ", "Tỷ lệ (%)", "Số hộ", "Tỷ lệ (%)"]
MERGED = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1")


@pytest.mark.parametrize("merges", [MERGED, ()])
def test_what_stands_under_a_group_is_of_the_group(folder, merges):
    from ntm_gis.rules.schema import schema

    rows = [[1, "B1", "Nà An", 101, 10, 9.9, 5, 4.9], [2, "B2", "Hô Tra", 102, 11, 10.8, 6, 5.9]]
    found = _read(folder, [GROUPS, UNDER, *rows], merges=merges).frame
    assert len(found) == 2
    fields = schema("villages").recognise(found.columns)
    assert {name: found[column].tolist() for name, column in fields.items()} == {
        "village_id": ["B1", "B2"],
        "name": ["Nà An", "Hô Tra"],
        "households": [101, 102],
        "poor_households": [10, 11],
        "near_poor_households": [5, 6],
    }


def test_a_lone_count_under_a_group_is_of_the_group(folder):
    from ntm_gis.rules.schema import schema

    heads = [["Mã bản", "Tên bản", "Tổng số hộ", "Hộ nghèo", None],
             [None, None, None, "Số hộ", "Tỷ lệ"]]  # fmt: skip
    rows = [["B1", "Nà An", 101, 10, 9.9], ["B2", "Hô Tra", 102, 11, 10.8]]
    merges = ("A1:A2", "B1:B2", "C1:C2", "D1:E1")
    found = _read(folder, [*heads, *rows], merges=merges).frame
    fields = schema("villages").recognise(found.columns)
    assert found[fields["households"]].tolist() == [101, 102]
    assert found[fields["poor_households"]].tolist() == [10, 11]
