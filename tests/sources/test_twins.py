"""Two columns of one heading: refused where they would be one field, else numbered and told."""

from __future__ import annotations

import commune_kit as kit
import openpyxl
import pytest

from ntm_gis import sources
from ntm_gis.layers.values import ROW
from ntm_gis.rules.commune import SourceEntry


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _write(folder, *rows, name="duong.xlsx"):
    if name.endswith(".csv"):
        lines = [";".join("" if v is None else str(v) for v in row) for row in rows]
        (folder / "sources" / name).write_text("\n".join(lines), encoding="utf-8")
        return
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(folder / "sources" / name)


def _read(folder, name="duong.xlsx", **more):
    return kit.read_one(folder, SourceEntry(layer="roads", file=f"sources/{name}", **more))


NOTES = (["Mã", "Ghi chú", "Dài (km)", "Ghi chú"], ["D1", "a", 1, "b"], ["D2", None, 2, "c"])


@pytest.mark.parametrize("name", ["duong.xlsx", "duong.csv"])
def test_columns_that_are_no_field_are_numbered_and_told(folder, name):
    _write(folder, *NOTES, name=name)
    raw = _read(folder, name)
    names = [c for c in raw.frame.columns if c not in (ROW, "geometry")]
    assert names == ["Mã", "Ghi chú", "Dài (km)", "Ghi chú (2)"]
    assert raw.frame["Ghi chú"].tolist() == ["a", None]
    assert raw.frame["Ghi chú (2)"].tolist() == ["b", "c"]
    (told,) = raw.findings
    assert (told.code, told.severity.value, told.field) == ("HEADER_NUMBERED", "note", "Ghi chú")
    assert "Ghi chú (2)" in told.message.vi


def test_an_old_letter_code_does_not_hide_twins(folder):
    tcvn3 = "Mã;Ghi chú;Cấp;Ghi chú\nD1;đường xã đã đổ;xã;bản Hô Tra\nD2;đường bản;bản;nhà"
    table = str.maketrans(
        {
            "ã": "\xb7",
            "ú": "ó",
            "ấ": "Ê",
            "đ": "\xae",
            "ư": "\xad",
            "ờ": "ê",
            "ổ": "\xe6",
            "ả": "\xb6",
            "ô": "\xab",
            "à": "\xb5",
        }
    )
    (folder / "sources/duong.csv").write_bytes(tcvn3.translate(table).encode("latin-1"))
    raw = _read(folder, "duong.csv", encoding="tcvn3")
    assert "Ghi chú (2)" in raw.frame.columns
    assert kit.codes(raw) == ["HEADER_NUMBERED"]


@pytest.mark.parametrize(
    ("heading", "more"),
    [
        ("Dài (km)", {}),  # a field of the layer
        ("Cột lạ", {"fields": {"name": "Cột lạ"}}),  # named by commune.toml
        ("Cột lạ", {"where": {"Cột lạ": "x"}}),
        ("Tọa độ X", {}),  # a coordinate
    ],
)
@pytest.mark.parametrize("name", ["duong.xlsx", "duong.csv"])
def test_twins_that_mean_something_refuse_every_row_and_count_it(folder, heading, more, name):
    rows = [["Mã", heading, heading], ["D1", 1, 2], ["D2", 3, 4], ["Tổng cộng", 4, 6]]
    _write(folder, *rows, name=name)
    raw = _read(folder, name, **more)
    assert (len(raw.frame), raw.refused) == (0, 2)
    (told,) = [f for f in raw.findings if f.code == "HEADER_TWICE"]
    assert (told.severity.value, told.field) == ("stop", heading)
    assert raw.origin.sha256 is not None


def test_an_entry_that_says_which_column_it_is_settles_it(folder):
    _write(folder, ["Mã", "Dài", "Dài"], ["D1", 1, 2])
    raw = _read(folder, fields={"declared_length_m": "Dài (2)"})
    assert raw.frame["Dài (2)"].tolist() == [2]
    assert kit.codes(raw) == ["HEADER_NUMBERED"]


def test_an_empty_twin_is_none(folder):
    _write(folder, ["Mã", "Dài", "Dài"], ["D1", 1, None], ["D2", 3, None])
    raw = _read(folder)
    assert (raw.frame["Dài"].tolist(), kit.codes(raw)) == ([1, 3], [])
    _write(folder, ["Mã", "Dài", "Dài"])
    raw = _read(folder)
    assert [c for c in raw.frame.columns if c not in (ROW, "geometry")] == ["Mã", "Dài"]


def test_an_error_in_the_second_twin_is_told_by_its_own_cell(folder):
    _write(folder, ["Mã", "Ghi chú", "Ghi chú"], ["D1", "a", "#REF!"], ["D2", "b", "c"])
    raw = _read(folder)
    (fault,) = [f for f in raw.findings if f.code == "CELL_ERROR"]
    assert "C2" in fault.message.vi
    assert raw.frame["Ghi chú (2)"].tolist() == [None, "c"]


def test_before_the_layer_is_known_nothing_is_refused(folder):
    _write(folder, ["Mã", "Dài", "Dài"], ["D1", 1, 2])
    (table,) = sources.look(folder / "sources/duong.xlsx")
    assert table.columns == ("Mã", "Dài", "Dài (2)")
    assert table.rows == 1


def test_headings_are_what_is_seen_of_them(tmp_path):
    (tmp_path / "sources").mkdir()
    text = "Mã\x0b bản;Số\x07 hộ;Hộ\u200b nghèo;\u202eKhác\nB1;10;3;x\n"
    (tmp_path / "sources" / "a.csv").write_text(text, encoding="utf-8")
    raw = kit.read_one(tmp_path, SourceEntry(layer="villages", file="sources/a.csv"))
    assert list(raw.frame.columns[:4]) == ["Mã bản", "Số hộ", "Hộ nghèo", "Khác"]
