"""`fill` on forms as provinces send them: rows that come twice, what is said, hostile heads."""

from __future__ import annotations

import re
import warnings
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from ntm_gis import filling
from ntm_gis.errors import UsageError
from ntm_gis.outputs.report import mapping, patching
from tests.filling_kit import (
    SHEET,
    codes,
    commune,
    form,
    fund,
    loaded,
    more,
    put,
    said,
)
from tests.outputs.hostile_kit import TEXTS

__all__ = ["commune", "more"]


# --- rows and sheets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ("Tổng số hộ", "Số hộ"), ("Số thôn, bản", "Số bản"), ("Số nhân khẩu (người)", "Dân số"),
        ("2. Tỷ lệ đường thôn, bản được cứng hóa", "Tỷ lệ cứng hóa đường thôn, bản"),
        ("Tổng diện tích chè", "Diện tích chè"),
    ],
)  # fmt: skip
def test_other_words_for_the_same_are_proposed(commune, monkeypatch, row, title):
    folder, path = commune
    meant = fund("x.one", title)
    others = [fund(f"x.{k}", t) for k, t in enumerate((
        "Số hộ nghèo", "Tỷ lệ cứng hóa đường xã", "Tỷ lệ nhựa hóa, bê tông hóa đường thôn, bản",
        "Diện tích chè kinh doanh", "Tỷ lệ hộ nghèo",
    ))]  # fmt: skip
    for one in (meant, *others):
        object.__setattr__(one, "unit", "villages")
    from ntm_gis import pipeline

    object.__setattr__(pipeline.review().answer, "measures", (meant, *others))
    put(path, B7=row, C3="Thực hiện", D4="Kế hoạch", E4="Mục tiêu")
    made = mapping.read(filling.fill(folder, path).ties)
    assert [(p.at, p.measure) for p in made.proposals] == [("C7", "x.one")]


def test_one_figure_for_two_cells_is_no_proposal(commune):
    folder, path = commune
    put(path, B9="Ngân sách xã")
    found = {(p.at, p.measure) for p in mapping.read(filling.fill(folder, path).ties).proposals}
    assert found == {("C7", "fund.A"), ("D7", "fund.A.paid")}


def test_a_row_that_stands_twice_is_told_by_the_row_above_it(commune):
    folder, path = commune
    heads = {"B6": "Trung ương", "B7": "Đầu tư", "B8": "Xã", "B9": "Đầu tư", "C6": None}
    put(path, **heads)
    done = filling.fill(folder, path, ties=["C9=fund.B"])
    assert mapping.read(done.ties).cells[0].row == "Xã › Đầu tư"

    def two_rows_more(book):
        for at, value in heads.items():
            book[SHEET][at] = value
        book[SHEET].insert_rows(6, 2)

    # "Đầu tư" under "Trung ương" stands now where that under "Xã" stood.
    path.write_bytes(form(two_rows_more))
    sheet = loaded(filling.fill(folder, path).path)
    assert (sheet["C9"].value, sheet["C11"].value) == (None, 40.0)


def test_columns_of_one_head_are_told_by_their_order(commune):
    folder, path = commune
    put(path, D4="Vốn", E4="Vốn")
    done = filling.fill(folder, path, ties=["D8=fund.B", "E8=fund.A"])
    assert [t.row for t in mapping.read(done.ties).cells] == ["Ngân sách xã", "Ngân sách xã (2)"]
    sheet = loaded(filling.fill(folder, path).path)
    assert (sheet["D8"].value, sheet["E8"].value) == (40.0, 1304.0)


TIES = ["C7=fund.A", "C8=fund.B", "D7=fund.A.paid"]


def test_the_form_of_the_next_period_uses_the_ties_of_the_last(commune, tmp_path):
    folder, path = commune
    filling.fill(folder, path, ties=TIES)

    def next_period(book):
        book[SHEET].title = "Biểu 11 (2026)"

    later = tmp_path / "Biểu 11 - 6 tháng 2026.xlsx"
    later.write_bytes(form(next_period))
    done = filling.fill(folder, later)
    sheet = openpyxl.load_workbook(done.path)["Biểu 11 (2026)"]
    assert [sheet[at].value for at in ("C7", "C8", "D7")] == [1304.0, 40.0, 455.0]
    assert "bieu-11.toml" in said(done, "FILL_TIES_TAKEN")[0]
    # They are its own from now on.
    assert "FILL_TIES_TAKEN" not in codes(filling.fill(folder, later))


def test_few_ties_of_another_form_are_proposals_alone(commune, tmp_path):
    folder, path = commune
    filling.fill(folder, path, ties=["C7=fund.A"])
    other = tmp_path / "khác.xlsx"
    other.write_bytes(form())
    done = filling.fill(folder, other)
    assert (done.path, mapping.read(done.ties).cells) == (None, ())
    assert ("C7", "fund.A") in {(p.at, p.measure) for p in mapping.read(done.ties).proposals}


def test_a_figure_may_be_named_by_its_title(commune):
    folder, path = commune
    done = filling.fill(folder, path, ties=["C9=tổng nguồn vốn", "$C$7=fund.A"])
    assert loaded(done.path)["C9"].value == 3900.0
    assert {t.measure for t in mapping.read(done.ties).cells} == {"funds.total", "fund.A"}


@pytest.mark.parametrize("tie", ["C9999999=fund.A", "ZZZ7=fund.A"])
def test_a_cell_beyond_the_sheet_is_refused(commune, tie):
    with pytest.raises(UsageError):
        filling.fill(*commune, ties=[tie])


# --- what a person should know --------------------------------------------------------------------


def test_a_text_outside_the_table_is_not_replaced_in_silence(commune):
    folder, path = commune
    done = filling.fill(folder, path, ties=["A1=fund.A"])
    assert "BIỂU 11" in said(done, "FILL_REPLACED")[0]


def test_an_old_number_where_nothing_is_known_is_not_passed_off_as_ours(commune):
    folder, path = commune
    put(path, D8=12)
    done = filling.fill(folder, path, ties=["D8=fund.B.paid", "C7=fund.A"])
    assert loaded(done.path)["D8"].value == 12
    assert "'12'" in said(done, "FILL_NO_FIGURE_KEPT")[0]
    assert "FILL_NO_FIGURE" not in codes(done)


def test_hidden_locked_and_checked_cells_are_said(commune):
    folder, path = commune

    def change(book):
        sheet = book[SHEET]
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.protection.sheet = True
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="30")
        rule.add("C8")
        sheet.add_data_validation(rule)

    path.write_bytes(form(change))
    done = filling.fill(folder, path, ties=["C7=fund.A", "C8=fund.B", "D9=fund.A"])
    assert [text[:5] for text in said(done, "FILL_HIDDEN")] == ["Ô C7 ", "Ô D9 "]
    assert "không nhận giá trị 40" in said(done, "FILL_NOT_ADMITTED")[0]
    assert SHEET in said(done, "FILL_HAS_GUARD")[0]
    assert loaded(done.path).protection.sheet


def test_numbers_written_as_text_are_said_and_count_in_named_sums(commune):
    folder, path = commune
    put(path, C9="1.234,5", D9=2578.5)
    done = filling.fill(folder, path, ties=["C7=fund.A", "C8=fund.B"])
    assert "C9" in said(done, "FILL_SUM_TEXT")[0]
    total = mapping.Total(sheet=SHEET, at="D9", of=("C7", "C8", "C9"))
    made = mapping.read(done.ties).model_copy(update={"totals": (total,)})
    done.ties.write_bytes(mapping.written(made))
    assert not {"FILL_SUM_WRONG", "FILL_SUM_OPEN"} & set(codes(filling.fill(folder, path)))


def test_a_formula_that_disagrees_with_our_total_is_said(commune):
    folder, path = commune
    ties = ["C6=funds.total", "C7=fund.A", "C8=fund.B", "C9=fund.B"]
    done = filling.fill(folder, path, ties=ties)
    (text,) = said(done, "FILL_SUM_OTHER")
    assert "1.384" in text
    assert "3.900" in text
    assert loaded(done.path)["C6"].value == "=SUM(C7:C9)"


def test_warnings_of_libraries_do_not_reach_the_office(commune):
    folder, path = commune
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    more = (
        b'<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14='
        b'"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"/></extLst></worksheet>'
    )
    parts[part] = parts[part].replace(b"</worksheet>", more)
    path.write_bytes(patching.zipped(parts))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = filling.fill(folder, path, ties=["C7=fund.A"])
    with zipfile.ZipFile(done.path) as archive:
        assert b"05C60535" in archive.read(part)


# --- hostile texts --------------------------------------------------------------------------------

HEADS = [text for text in TEXTS if len(text) < 2_000 and "\x00" not in text]


@pytest.mark.parametrize("head", HEADS)
def test_hostile_heads_are_texts_and_their_ties_hold(commune, head):
    """What a form says in its heads runs nowhere, and leads to its cell again next time."""
    from ntm_gis.outputs.gates import plain

    folder, path = commune
    shown = "".join(c for c in head if c >= " " or c in "\n\t")

    def change(book):
        cell = book[SHEET]["B8"]
        cell.value, cell.data_type = shown, "s"

    path.write_bytes(form(change))
    first = filling.fill(folder, path, ties=["C8=fund.B"])
    again = filling.fill(folder, path)
    assert (first.filled, again.filled) == (1, 1)
    assert loaded(again.path)["C8"].value == 40.0
    assert loaded(again.path)["B8"].data_type == "s"
    text = again.path.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert plain(text) == text
    # What bears no letter is no head: its cell is told by its address.
    if any(char.isalpha() for char in shown):
        assert "".join(plain(shown).split())[:40] in "".join(text.split())


@pytest.mark.parametrize(
    "name",
    [
        "CON",
        "a" * 200,
        "x. ",
        "Biểu: 11?",
        "..",
        "🏡",
        "Biểu 11\u202e",
        "-rf",
        "=1+1",
        "%s%n",
        "NUL.x",
    ],
)
def test_whatever_a_form_is_called_its_files_have_plain_names(commune, tmp_path, name):
    folder, path = commune
    odd = tmp_path / f"{name}.xlsx"
    odd.write_bytes(path.read_bytes())
    done = filling.fill(folder, odd, ties=["C7=fund.A"])
    for made in (done.path, done.ties):
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}\.(xlsx|toml)", made.name)
        assert made.stem not in ("con", "nul")
        assert folder in made.parents


def test_heads_typed_in_decomposed_letters_are_the_same(commune):
    import unicodedata

    folder, path = commune
    filling.fill(folder, path, ties=["C8=fund.B"])
    put(path, B8=unicodedata.normalize("NFD", "Ngân sách xã"))
    assert filling.fill(folder, path).filled == 1
