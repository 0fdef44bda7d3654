"""No text of a user does anything but stand there."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from ntm_gis.outputs import gates
from ntm_gis.outputs.gates import (
    id_for_json,
    plain,
    text_for_csv,
    text_for_html,
    text_for_json,
    text_for_sqlite,
    text_for_xlsx,
)

anything = st.text(st.characters(codec=None), max_size=40)


@given(anything)
def test_plain_texts_hold_nothing_that_hides_or_turns(text):
    out = plain(text)
    for char in out:
        assert char in "\n\t\x85" or unicodedata.category(char) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(char) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
    assert plain(out) == out
    assert text_for_html(text) == text_for_sqlite(text) == out
    out.encode("utf-8")


@given(st.text(st.sampled_from("Đường bản Hô Tra, ấểỗữ 1.282,2 (xã cũ)–“”"), max_size=60))
def test_vietnamese_passes_unchanged(text):
    assert plain(text) == text
    assert text_for_xlsx(text) == text
    assert text_for_json(text) == text


@given(anything)
def test_cells_take_every_text(text):
    sheet = openpyxl.Workbook().active
    try:
        sheet.cell(1, 1).value = text_for_xlsx(text)
    except IllegalCharacterError:
        pytest.fail(f"refused: {text!r}")


@given(anything)
def test_no_csv_cell_begins_a_formula(text):
    out = text_for_csv(text)
    first = out.lstrip(" \ufeff\u200b")[:1]
    number = gates._PLAIN_NUMBER.match(out) is not None
    assert first not in tuple("=+-@\t\r\n") or number
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([out])
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline="")), [""]) in ([out], [])


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+84 912 345 678", "'+84 912 345 678"),
        ("-2,5", "-2,5"),
        ("-1.282,2 %", "-1.282,2 %"),
        ("\uff1dcmd", "'\uff1dcmd"),
        ("Hô Tra", "Hô Tra"),
    ],
)
def test_formulas_become_texts_and_numbers_stay(text, out):
    assert text_for_csv(text) == out


def test_long_texts_are_cut_where_excel_would_refuse_them():
    out = text_for_xlsx("ữ" * 40_000, ending="… (đã cắt)")
    assert len(out) == gates.XLSX_LIMIT
    assert out.endswith("(đã cắt)")


def test_escapes_of_excel_stay_as_written():
    assert text_for_xlsx("_x000D_") == "_x005F_x000D_"


@given(anything)
def test_json_takes_every_text(text):
    out = json.loads(json.dumps(text_for_json(text), ensure_ascii=False).encode("utf-8"))
    assert out == text_for_json(text)


@given(anything)
def test_ids_have_only_the_signs_of_the_contract(text):
    out = id_for_json(text)
    assert all(char.isascii() and (char.isalnum() or char in "_-.%") for char in out)
    assert id_for_json(out) == out
