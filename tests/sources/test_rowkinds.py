"""Which rows of a sheet are records: none is lost that has a key, a name or a number."""

from __future__ import annotations

import time

import commune_kit as kit
import openpyxl
import pytest

from ntm_gis.layers.values import ROW
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources.readers.parsed import Column, Parsed
from ntm_gis.sources.rowkinds import Identity, records

VILLAGES = ["Mã bản", "Tên bản", "Số hộ", "Dân số", "Hộ nghèo", "Ghi chú"]
FULL = [
    ["A", "Bản Hô Tra", 50, 240, 10, "x"],
    ["B", "Bản Nậm Cung", 61, 250, 12, None],
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _read(folder, rows, layer="villages", name="ban.xlsx", **more):
    """Read a sheet of one heading row and rows below it; None is a blank line."""
    if name.endswith(".csv"):
        lines = [";".join("" if v is None else str(v) for v in row) if row else "" for row in rows]
        (folder / "sources" / name).write_text("\n".join(lines), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row or [], 1):
                if value is not None:
                    book.active.cell(r, c, value)
        book.save(folder / "sources" / name)
    return kit.read_one(folder, SourceEntry(layer=layer, file=f"sources/{name}", **more))


def _doubtful(raw):
    return [f.row for f in raw.findings if f.code == "ROW_DOUBTFUL"]


@pytest.mark.parametrize("name", ["ban.xlsx", "ban.csv"])
def test_a_village_of_which_only_key_and_name_are_known_is_a_row(folder, name):
    raw = _read(
        folder, [VILLAGES, *FULL, ["C", "Bản Pá Kim"], ["D", "Bản Hua Cần", 9, 40, 1]], name=name
    )
    assert raw.frame["Mã bản"].tolist() == ["A", "B", "C", "D"]
    assert kit.codes(raw) == []


def test_one_that_looks_like_a_section_is_a_row_with_a_warning(folder):
    rows = [
        VILLAGES,
        *([f"MK{i:02d}", f"Bản {i}", 5, 20, 1] for i in range(4)),
        ["C", "Bản Pá Kim"],
    ]
    raw = _read(folder, rows)
    assert len(raw.frame) == 5
    assert _doubtful(raw) == [6]
    assert raw.findings[0].severity.value == "warning"
    assert raw.findings[0].repair is not None


def test_sections_stay_out_where_rows_are_counted(folder):
    rows = [
        ["TT", "Tên đường", "Cấp", "Dài (km)"],
        ["I", "Xã Mường Khoa cũ"], [1, "Đường A", "xã", 1.5],
        ["II", "Xã Phúc Khoa"], [1, "Đường B", "xã", 4],
    ]  # fmt: skip
    raw = _read(folder, rows, "roads")
    assert raw.frame["Tên đường"].tolist() == ["Đường A", "Đường B"]
    assert kit.codes(raw) == ["SECTION_ROWS"]


@pytest.mark.parametrize(
    "rows",
    [
        # Roads counted in Roman numbers: the third is a road without anything further.
        [["I", "Đường A", "xã", 1.5], ["II", "Đường B", "xã", 4], ["III", "Đường C"]],
        # Nothing stands under the last one.
        [[1, "Đường A", "xã", 1.5], [2, "Đường B", "xã", 4], ["C", "Đường C"]],
    ],
)
def test_a_row_that_may_be_a_road_is_one(folder, rows):
    raw = _read(folder, [["TT", "Tên đường", "Cấp", "Dài (km)"], *rows], "roads")
    assert raw.frame["Tên đường"].tolist() == ["Đường A", "Đường B", "Đường C"]


def test_a_key_named_by_the_entry_is_a_key_whatever_it_is_called(folder):
    rows = [
        ["TT", "Tên", "Số hộ", "Dân số"],
        [1, "Hô Tra", 5, 20],
        ["C", "Pá Kim"],
        [2, "Hô Bon", 7, 30],
    ]
    assert len(_read(folder, rows).frame) == 2
    assert len(_read(folder, rows, fields={"village_id": "TT"}).frame) == 3


@pytest.mark.parametrize("name", ["ban.xlsx", "ban.csv"])
@pytest.mark.parametrize(
    ("row", "doubted"),
    [
        (["V21", "Bản Mới"], True),
        (["V21"], True),
        ([None, "Bản Mới"], True),
        (["V21", "Bản Mới", 12], False),
        ([None, None, 12], False),
        (["V21", None, None, None, None, "tách từ bản Hô Tra"], True),
    ],
)
def test_a_village_typed_after_a_blank_line_is_a_row(folder, name, row, doubted):
    raw = _read(folder, [VILLAGES, *FULL, None, row], name=name)
    assert raw.frame[ROW].tolist() == [2, 3, 5]
    assert _doubtful(raw) == ([5] if doubted else [])
    assert "NOTE_ROWS" not in kit.codes(raw)


def test_a_number_or_place_typed_as_text_is_no_signature(folder):
    heads = [*VILLAGES, "Vị trí", "Ngày", "Cũ", "Mới", "Khác", "Thêm"]
    for cell in ("1.282", "Km3+200 đường Hô Tra", "05/03/2025", "22.21, 103.71"):
        row = [None] * 6 + [cell]
        raw = _read(folder, [heads, *FULL, None, row], name="ban.csv")
        assert raw.frame[ROW].tolist() == [2, 3, 5], cell


SIGNATURES = [
    [None, "NGƯỜI LẬP BIỂU", None, None, "TM. ỦY BAN NHÂN DÂN"],
    [None, "(Ký, ghi rõ họ tên)", None, None, "CHỦ TỊCH"],
    None,
    [None, "Nguyễn Văn A", None, None, "Trần Thị B"],
]


@pytest.mark.parametrize(
    "under",
    [
        SIGNATURES,
        [["Ghi chú: số liệu đến 31/12/2025"]],
        [[None, None, None, "Mường Khoa, ngày 5 tháng 3 năm 2026"], *SIGNATURES],
        [
            ["Người lập biểu", None, None, "Chủ tịch"],
            None,
            ["Nguyễn Văn A", None, None, "Lò Văn C"],
        ],
        [["* Bản chưa sáp nhập"]],
        [[None, None, None, None, None, "đã đối chiếu"]],
        [[None, "Trưởng bản"], [None, "Lò Văn D"]],
    ],
)
@pytest.mark.parametrize("total", [[], [[None, "Tổng cộng", 111, 490, 22]]])
def test_signatures_and_notes_stay_out(folder, under, total):
    raw = _read(folder, [VILLAGES, *FULL, *total, None, *under])
    assert raw.frame[ROW].tolist() == [2, 3]
    assert "NOTE_ROWS" in kit.codes(raw)
    assert _doubtful(raw) == []


def test_a_new_village_under_the_signatures_is_a_row(folder):
    raw = _read(folder, [VILLAGES, *FULL, None, *SIGNATURES, ["V21", "Bản Mới"]])
    assert raw.frame["Mã bản"].tolist() == ["A", "B", "V21"]
    assert len(_doubtful(raw)) == 1


def test_a_school_called_like_a_title_is_a_row(folder):
    heads = ["Mã", "Tên trường", "Cấp", "Tình trạng", "Học sinh", "Phòng học"]
    rows = [["T1", "Trường Hô Tra", "TH", "x", 90, 5], None, [None, "Trường bản Nậm Cung"]]
    raw = _read(folder, [heads, *rows], "schools")
    assert len(raw.frame) == 2


def test_two_columns_and_a_blank_line_are_no_reason_to_doubt(folder):
    rows = [
        ["Mã", "Tên"],
        ["B1", "Hô Tra"],
        ["B2", "Pá Kim"],
        None,
        ["B3", "Hô Bon"],
        ["B4", "Nậm Be"],
    ]
    raw = _read(folder, rows)
    assert (len(raw.frame), kit.codes(raw)) == (4, [])


def test_a_row_of_dashes_is_blank(folder):
    raw = _read(folder, [VILLAGES, FULL[0], ["-", "–", "...", "-", "-"], FULL[1]])
    assert raw.frame[ROW].tolist() == [2, 4]


def test_while_no_layer_is_known_only_plain_signatures_go():
    cells = [["A", "B", "Người lập"], ["Hô Tra", "Pá Kim", None], [1, 2, None], [3, 4, None]]
    table = Parsed("a", [Column(f"c{i}", list(c)) for i, c in enumerate(cells)], [2, 3, 5])
    assert records(table.copy()).numbers == [2, 3]
    table.columns[0].cells[2] = "đối chiếu"
    assert records(table.copy()).numbers == [2, 3, 5]
    assert records(table.copy(), Identity(names=frozenset({1}))).numbers == [2, 3]


@pytest.mark.parametrize("cells", [["I", "Xã cũ"], ["ab", "chữ"], ["Tổng cộng", None]])
def test_a_sheet_of_nothing_but_headings_takes_no_time(cells):
    n = 20_000
    columns = [Column("TT", [cells[0]] * n), Column("Tên", [cells[1]] * n)]
    columns += [Column("a", [None] * n), Column("b", [None] * n)]
    start = time.process_time()
    records(Parsed("a", columns, list(range(2, 2 * n + 2, 2))), Identity(names=frozenset({1})))
    assert time.process_time() - start < 10


def test_the_example_of_a_template_is_never_counted(folder):
    example = ["Ví dụ: B01", "Bản Hô Tra", 120, 610, 14, None]
    raw = _read(folder, [VILLAGES, example, *FULL])
    assert raw.frame["Mã bản"].tolist() == ["A", "B"]
    assert kit.codes(raw) == ["EXAMPLE_ROW"]
    assert [f.row for f in raw.findings] == [2]


def test_a_row_further_down_that_begins_like_an_example_is_a_row(folder):
    raw = _read(folder, [VILLAGES, *FULL, ["Ví dụ: C", "Bản Pá Kim", 40, 200, 5, None]])
    assert raw.frame["Mã bản"].tolist() == ["A", "B", "Ví dụ: C"]
    assert "EXAMPLE_ROW" not in kit.codes(raw)
