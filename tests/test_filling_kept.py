"""`fill`: what stays of a form: results of formulas, hand-made changes, other writers' files."""

from __future__ import annotations

import io
import os
import re
import zipfile

import openpyxl
import pytest

from ntm_gis import filling
from ntm_gis.errors import UsageError
from ntm_gis.filling_numbered import numbered
from ntm_gis.outputs.report import patching
from tests.filling_kit import (
    SHEET,
    codes,
    commune,
    form,
    loaded,
    more,
    put,
    said,
)

__all__ = ["commune", "more"]


# --- results beside formulas ----------------------------------------------------------------------


def results(content: bytes) -> dict[str, object]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {c.coordinate: c.value for row in book[SHEET].iter_rows() for c in row}


def with_results(content: bytes, known: dict[str, str]) -> bytes:
    """Put results beside formulas as Excel leaves them; openpyxl cannot."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode()
    for at, value in known.items():
        text = re.sub(rf'(<c r="{at}"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?', rf"\1<v>{value}</v>", text)
    parts[name] = text.encode()
    return patching.zipped(parts)


def test_results_that_figures_do_not_touch_stay_and_sums_are_written(commune):
    folder, path = commune
    put(path, H7="=1+1", H8="=C6*2", H9="=TODAY()", D6="=C6+D9", D9=6, C9=5, H6="=SUM(H7:H7)")
    old = {"C6": "7", "H7": "2", "H8": "14", "H9": "45000", "D6": "13", "H6": "2"}
    path.write_bytes(with_results(path.read_bytes(), old))
    assert results(path.read_bytes())["H8"] == 14
    done = filling.fill(folder, path, ties=["C7=fund.A", "C8=fund.B"])
    found = results(done.path.read_bytes())
    assert (found["H7"], found["H6"]) == (2, 2)
    # 1304 + 40 + 5, and the chain upon it.
    assert (found["C6"], found["D6"]) == (1349, 1355)
    # Anything else stays blank rather than wrong until a program works it out.
    assert (found["H8"], found["H9"]) == (None, None)


def test_a_sheet_that_reads_as_it_did_is_the_senders_own(commune):
    folder, path = commune

    def change(book):
        book.create_sheet("Khác")["A1"] = "=1+1"

    path.write_bytes(form(change))
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    other = "xl/worksheets/sheet2.xml"
    parts[other] = parts[other].replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")
    assert b"<v>2</v>" in parts[other]
    path.write_bytes(patching.zipped(parts))
    done = filling.fill(folder, path, ties=[f"{SHEET}!C7=fund.A"])
    with zipfile.ZipFile(done.path) as archive:
        assert archive.read(other) == parts[other]


def test_a_sum_with_a_blank_part_stays_blank(commune):
    folder, path = commune
    path.write_bytes(with_results(form(), {"C6": "0"}))
    done = filling.fill(folder, path, ties=["C7=fund.A"])
    assert results(done.path.read_bytes())["C6"] is None


# --- hand-made changes ----------------------------------------------------------------------------


def test_what_somebody_changed_by_hand_is_kept_aside(commune):
    folder, path = commune
    done = filling.fill(folder, path, ties=["C7=fund.A"])
    ours = done.path.read_bytes()
    # Made again: nothing of a person's is there.
    filling.fill(folder, path, ties=["C8=fund.B"])
    assert [p.name for p in done.path.parent.iterdir() if "sua-tay" in p.name] == []
    book = openpyxl.load_workbook(done.path)
    book[SHEET]["C9"] = 77
    book.save(done.path)
    by_hand = done.path.read_bytes()
    again = filling.fill(folder, path)
    kept = done.path.with_name("bieu-11-sua-tay.xlsx")
    assert kept.read_bytes() == by_hand
    (text,) = said(again, "FILL_BY_HAND")
    assert kept.name in text
    assert f"C9 ({SHEET})" in text
    assert loaded(again.path)["C9"].value is None
    assert ours != by_hand
    # A second one does not take the place of the first.
    book[SHEET]["C9"] = 78
    book.save(done.path)
    filling.fill(folder, path)
    assert kept.read_bytes() == by_hand
    assert done.path.with_name("bieu-11-sua-tay-2.xlsx").is_file()


def test_the_text_beside_the_form_says_what_came_from_where(commune):
    folder, path = commune
    done = filling.fill(folder, path, ties=["C7=fund.A"])
    text = done.path.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert "Đã điền ô C7" in text
    assert "1.304 ← Nguồn vốn: Ngân sách trung ương (fund.A)" in text


# --- other writers --------------------------------------------------------------------------------


def test_cells_without_addresses_are_found(commune):
    folder, path = commune
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    given = parts[name]
    parts[name] = re.sub(rb'(<(?:row|c)\b[^>]*?) r="[A-Z0-9]+"', rb"\1", given)
    assert parts[name] != given
    path.write_bytes(patching.zipped(parts))
    # Rows that were left out closed up: the heads stand two rows higher.
    sheet = loaded(path)
    at = next(f"C{row}" for row in range(1, 12) if sheet[f"B{row}"].value == "Ngân sách xã")
    done = filling.fill(folder, path, ties=[f"{at}=fund.B"])
    assert loaded(done.path)[at].value == 40.0
    whole = form()
    assert numbered(whole) is whole


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files on this system")
def test_a_pipe_is_not_waited_for(commune, tmp_path):
    os.mkfifo(tmp_path / "biểu.xlsx")
    for name in ("biểu.xlsx", "", "không có.xlsx"):
        with pytest.raises(UsageError) as caught:
            filling.fill(commune[0], tmp_path / name)
        assert caught.value.code == "FORM_UNREADABLE"


def test_part_of_an_array_formula_is_never_written(commune):
    folder, path = commune

    def change(book):
        from openpyxl.worksheet.formula import ArrayFormula

        book[SHEET]["H7"] = ArrayFormula("H7:H9", "=C7:C9*2")

    path.write_bytes(form(change))
    done = filling.fill(folder, path, ties=["H8=fund.A"])
    assert (done.filled, "FILL_FORMULA" in codes(done)) == (0, True)
