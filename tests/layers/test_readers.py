"""What cells say, read as values of their fields."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.layers.cells import is_unknown
from ntm_gis.layers.check import check
from ntm_gis.layers.readers import Column, reader
from ntm_gis.numbers import format_vi
from ntm_gis.rules.schema import Field, Title, code_list

NUMBER = {"type": "number", "unit": "m", "range": [0.5, 60.0]}
COUNT = {"type": "integer", "range": [0, 20000]}


def _field(**what) -> Field:
    return Field.model_validate({"name": "f", "title": Title(vi="Cột", en="Field"), **what})


def _read(written, style=None, excel=False, **what):
    return reader(_field(**what), Column(1.0, None, style, excel))(written)


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("3,5", 3.5, None),
        (3.5, 3.5, None),
        ("3.5", 3.5, None),
        ("3,5 m", 3.5, None),
        ("350 cm", 3.5, "UNIT_CONVERTED"),
        ("0,004 km", 4.0, "UNIT_CONVERTED"),
        ("3 ha", None, "VALUE_UNIT"),
        ("3 sải", None, "VALUE_UNIT"),
        ("1.282", None, "VALUE_AMBIGUOUS"),
        ("khoảng 3", None, "VALUE_NOT_NUMBER"),
        ("#REF!", None, "VALUE_NOT_NUMBER"),
        (True, None, "VALUE_NOT_NUMBER"),
        (math.inf, None, "VALUE_NOT_NUMBER"),
        (350, None, "VALUE_OUT_OF_RANGE"),
        ("0,4", None, "VALUE_OUT_OF_RANGE"),
        (0.5, 0.5, None),
        (60, 60.0, None),
        ("-", None, None),
        ("  ", None, None),
        ("chưa rõ", None, None),
        (math.nan, None, None),
    ],
)
def test_numbers(written, value, fault):
    cell = _read(written, **NUMBER)
    assert (cell.value, cell.fault) == (value, fault)


def test_a_column_tells_what_a_full_stop_means(raw, make_schema, codes):
    layer = make_schema({"name": "v", "type": "number"})
    told = check(raw("roads", {"v": ["1.282", "7,5", "2.000,0"]}), layer)
    assert told.frame["v"].tolist() == [1282.0, 7.5, 2000.0]
    english = check(raw("roads", {"v": ["1.282", "7.5"]}), layer)
    assert english.frame["v"].tolist() == [1.282, 7.5]
    alone = check(raw("roads", {"v": ["1.282", "7"]}), layer)
    assert alone.frame["v"].isna().tolist() == [True, False]
    assert codes(alone) == ["VALUE_AMBIGUOUS"]


def test_equal_values_of_two_kinds_are_read_apart(raw, make_schema):
    layer = make_schema({"name": "c", "type": "code"})
    assert check(raw("x", {"c": [1, True, 1.0, "1"]}), layer).frame["c"].tolist() == [
        "1", "True", "1", "1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "hint"),
    [("350", "3,5 m"), ("3500", "3,5 m"), (4200, None), ("-1", None), ("0,004", "4 m")],
    ids=["cm for m", "mm or cm", "two units would do", "no unit does", "km for m"],
)
def test_a_slip_of_the_unit_is_proposed(written, hint):
    cell = _read(written, **{**NUMBER, "range": [0.5, 20.0]})
    assert (cell.value, cell.fault) == (None, "VALUE_OUT_OF_RANGE")
    if hint is not None:
        assert hint in cell.params["hint"].vi
    elif written == "-1":
        assert cell.params["hint"].vi == ""


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("12.529", 12529, None),
        ("1.282", 1282, None),
        (28.0, 28, None),
        ("28 hộ", 28, None),
        ("2,5", None, "VALUE_NOT_WHOLE"),
        ("nhiều", None, "VALUE_NOT_NUMBER"),
        (20001, None, "VALUE_OUT_OF_RANGE"),
    ],
)
def test_counts(written, value, fault):
    cell = _read(written, **COUNT)
    assert (cell.value, cell.fault) == (value, fault)
    assert cell.value is None or type(cell.value) is int


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("Km1+250", 1250.0, None),
        ("1250", 1250.0, None),
        (1250, 1250.0, None),
        ("1,25 km", 1250.0, "UNIT_CONVERTED"),
        ("Km1+1250", None, "VALUE_NOT_CHAINAGE"),
        ("K2+500", 2500.0, None),
        ("Km2 + 100m.", 2100.0, None),
        ("Km2,4", 2400.0, None),
        ("Km2+8", 2008.0, "CHAINAGE_SHORT"),
        ("Kmx", None, "VALUE_NO_CHAINAGE"),
        ("đầu tuyến", None, "VALUE_NO_CHAINAGE"),
    ],
)
def test_chainages(written, value, fault):
    cell = _read(written, type="chainage", unit="m")
    assert (cell.value, cell.fault) == (value, fault)


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("03601", "03601", None),
        (1.0, "1", None),
        (3601, "3601", None),
        (" D 01 ", "D 01", None),
        ("Ð01", "Đ01", None),
        ("?", None, None),
        ("Bản \u0397ô Tra", "Bản \u0397ô Tra", "TEXT_ODD"),
        ("Ho\u0302 Tra", "Hô Tra", "NAME_NOT_NFC"),
        (dt.date(2025, 3, 5), "05/03/2025", None),
    ],
)
def test_codes_stay_text(written, value, fault):
    cell = _read(written, type="code")
    assert (cell.value, cell.fault) == (value, fault)


def test_the_letter_meant_is_named():
    assert "H" in _read("Bản \u0397ô Tra", type="text").params["hint"].vi


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("Bê tông xi măng", "concrete", None),
        ("BTXM", "concrete", None),
        ("be tong", "concrete", None),
        ("BE-TONG", "concrete", None),
        ("đất", "earth", None),
        ("VL2", None, "CODE_UNKNOWN"),
        ("", None, None),
        ("không rõ", None, None),
    ],
)
def test_choices(written, value, fault):
    cell = _read(written, type="choice", codes="surface")
    assert (cell.value, cell.fault) == (value, fault)


def test_codes_of_commune_toml_go_first():
    codes = {"VL2": "gravel", "đất": "block"}
    read = reader(_field(type="choice", codes="surface"), Column(codes=codes))
    assert [read(w).value for w in ("VL2", "vl2", "Đất", "BTXM")] == [
        "gravel", "gravel", "block", "concrete",
    ]  # fmt: skip


def test_a_code_of_commune_toml_that_is_none_is_said():
    read = reader(_field(type="choice", codes="surface"), Column(codes={"BT": "concret"}))
    cell = read("BT")
    assert (cell.value, cell.fault) == (None, "CODE_UNKNOWN")


def test_a_close_spelling_is_proposed():
    cell = _read("Bê tông si măng", type="choice", codes="surface")
    assert cell.fault == "CODE_UNKNOWN"
    assert "Bê tông xi măng" in cell.params["hint"].vi


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("TH, THCS", "primary+lower_secondary"),
        ("THCS và TH", "primary+lower_secondary"),
        ("TH&THCS", "primary+lower_secondary"),
        ("TH-THCS", "primary+lower_secondary"),
        ("MN", "kindergarten"),
        ("MN; TH; MN", "kindergarten+primary"),
        ("MN, XYZ", None),
    ],
)
def test_several_codes_come_in_the_order_of_their_list(written, value):
    assert _read(written, type="choice", codes="school_level", many=True).value == value


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [("0", "0", None), (1.0, "1", None), (2, "2", None), ("Mức độ 1", "1", None)],
)
def test_levels_out_of_excel(written, value, fault):
    cell = _read(written, type="choice", codes="facility_level")
    assert (cell.value, cell.fault) == (value, fault)


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("Có", True, None),
        ("không", False, None),
        ("x", True, None),
        (1, True, None),
        ("Chưa đạt", False, None),
        ("có thể", None, "VALUE_NOT_YES_NO"),
        ("", None, None),
    ],
)
def test_yes_and_no(written, value, fault):
    cell = _read(written, type="boolean")
    assert (cell.value, cell.fault) == (value, fault)


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("05/03/2026", dt.date(2026, 3, 5), None),
        ("2026-03-05", dt.date(2026, 3, 5), None),
        (dt.datetime(2026, 3, 5, 8), dt.date(2026, 3, 5), None),
        ("3/2026", None, "VALUE_NOT_DATE"),
        ("31/02/2026", None, "VALUE_NOT_DATE"),
        ("5/3/26", None, "VALUE_NOT_DATE"),
        ("sắp tới", None, "VALUE_NOT_DATE"),
        ("-", None, None),
    ],
)
def test_dates(written, value, fault):
    cell = _read(written, type="date")
    assert cell.fault == fault
    assert (cell.value.date() if cell.value is not None else None) == value


def test_day_numbers_are_dates_in_excel_alone():
    assert _read(46086, type="date", excel=True).value == pd.Timestamp(2026, 3, 5)
    assert _read(46086, type="date").fault == "VALUE_NOT_DATE"


@pytest.mark.parametrize(
    ("written", "value"),
    [("Không", "none"), ("none", "none"), ("K01", "K01"), (None, None), ("chưa rõ", None)],
)
def test_references_may_say_that_there_is_none(written, value):
    read = reader(
        _field(type="reference", to="irrigation", also=["none"], codes="no_work"), Column()
    )
    assert (read(written).value if written is not None else None) == value


def test_types_of_columns(raw, make_schema):
    layer = make_schema(
        {"name": "t"}, {"name": "n", "type": "number"}, {"name": "i", "type": "integer"},
        {"name": "b", "type": "boolean"}, {"name": "d", "type": "date"},
        {"name": "c", "type": "chainage"},
    )  # fmt: skip
    empty = check(raw("roads", {name: [] for name in "tnibdc"}), layer).frame
    full = check(
        raw("roads", {"t": ["x"], "n": [1], "i": [1], "b": ["có"], "d": ["05/03/2026"], "c": [1]}),
        layer,
    ).frame
    for frame in (empty, full):
        assert [str(frame[name].dtype) for name in "tnibdc"] == [
            "object", "float64", "Int64", "boolean", "datetime64[us]", "float64",
        ]  # fmt: skip
        assert isinstance(frame.index, pd.RangeIndex)


@given(st.text(alphabet="0123456789.,- ", max_size=12))
def test_typing_never_invents_numbers(written):
    """The digits of a number are those that were written, in their order."""
    cell = _read(written, type="number")
    if cell.value is None:
        return
    digits = re.sub(r"[^0-9]", "", written).lstrip("0").rstrip("0")
    read = re.sub(r"[^0-9]", "", format(Decimal(repr(cell.value)), "f")).strip("0")
    assert read.startswith(digits[:12])
    assert (cell.value < 0) <= ("-" in written)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_what_is_printed_is_read_back(whole, digits):
    number = whole / 10**digits
    printed = format_vi(number, digits=digits)
    cell = _read(printed, style="vi", type="number")
    assert cell.value == number


@given(st.text(max_size=20))
def test_a_choice_is_a_code_or_unknown_never_a_default(written):
    cell = _read(written, type="choice", codes="surface")
    assert cell.value == code_list("surface").find(written)
    if cell.value is None:
        assert cell.fault == (None if is_unknown(written) else "CODE_UNKNOWN")


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ({"type": "number", "unit": "m"}, "1.282", "VALUE_AMBIGUOUS"),
        ({"type": "number", "unit": "m"}, "3 ha", "VALUE_UNIT"),
        ({"type": "number", "unit": "m"}, "3 km", "UNIT_CONVERTED"),
        ({"type": "number"}, "x", "VALUE_NOT_NUMBER"),
        (NUMBER, "350", "VALUE_OUT_OF_RANGE"),
        ({"type": "integer"}, "2,5", "VALUE_NOT_WHOLE"),
        ({"type": "chainage"}, "Km1+2000", "VALUE_NOT_CHAINAGE"),
        ({"type": "boolean"}, "có thể", "VALUE_NOT_YES_NO"),
        ({"type": "date"}, "3/2026", "VALUE_NOT_DATE"),
        ({"type": "choice", "codes": "surface"}, "VL2", "CODE_UNKNOWN"),
        ({"type": "text"}, "\u0397ô Tra", "TEXT_ODD"),
        ({"type": "text"}, "Ho\u0302 Tra", "NAME_NOT_NFC"),
    ],
)
def test_every_fault_is_a_finding_of_its_cell(raw, make_schema, one, kind, written, code):
    layer = make_schema({"name": "f", **kind})
    finding = one(check(raw("x", {"f": ["", written]}, table="T"), layer), code)
    assert (finding.file, finding.table, finding.row) == ("sources/x.gpkg", "T", 2)
    assert (finding.field, finding.value) == ("f", written)
    assert written in finding.message.vi
    assert written in finding.message.en


KINDS = ["text", "code", "number", "integer", "chainage", "boolean", "date", "place"]


@given(st.sampled_from(KINDS), st.one_of(st.text(max_size=12), st.floats(), st.integers()))
def test_no_cell_breaks_a_reader(kind, written):
    cell = _read(written, type=kind)
    assert cell.value is None or cell.value == cell.value


def test_a_share_of_one_may_be_written_as_per_cent() -> None:
    part = {"type": "number", "range": [0, 1]}
    assert _read("50 %", **part).value == 0.5
    assert _read(0.5, **part).value == 0.5
    assert _read("150 %", **part).fault == "VALUE_OUT_OF_RANGE"
    assert _read("50 %", type="number").value == 50.0
