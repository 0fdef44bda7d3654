"""Numbers, dates, chainages and places as written in Viet Nam."""

from __future__ import annotations

import datetime as dt
import locale
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import numbers

NB = "\u00a0"
finite = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


# --- Numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("1.282,2", 1282.2, None),
        ("2.456.012,35", 2456012.35, None),
        ("7,5", 7.5, None),
        ("7.5", 7.5, None),
        ("1,282", 1.282, None),
        ("0.282", 0.282, None),
        ("1234.567", 1234.567, None),
        ("1,282.2", 1282.2, None),
        ("2.456.012", 2456012.0, None),
        (f"2{NB}456{NB}012,35", 2456012.35, None),
        ("1 282", 1282.0, None),
        ("\u22125", -5.0, None),
        ("1,5E+03", 1500.0, None),
        (",5", 0.5, None),
        ("7 km", 7.0, "km"),
        ("3,5 m", 3.5, "m"),
        ("12 %", 12.0, "%"),
        (f"1.282,2{NB}ha", 1282.2, "ha"),
        ("300 m2", 300.0, "m²"),
        ("12,5 triệu", 12.5, "triệu đồng"),
        (Decimal("7.5"), 7.5, None),
        (np.float32(1.5), 1.5, None),
        (np.int64(3), 3.0, None),
    ],
)
def test_numbers(written: object, value: float, unit: str | None) -> None:
    parsed = numbers.parse_number(written)
    assert (parsed.value, parsed.problem, parsed.unit) == (value, None, unit)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (None, "blank"),
        ("", "blank"),
        ("  ", "blank"),
        ("-", "blank"),
        (math.nan, "blank"),
        (pd.NA, "blank"),
        (pd.NaT, "blank"),
        (math.inf, "error"),
        (10**400, "error"),
        ("9" * 400, "error"),
        ("#REF!", "error"),
        ("#DIV/0!", "error"),
        ("#N/A", "error"),
        ("#####", "error"),
        ("1.282", "ambiguous"),
        ("12.345 ha", "ambiguous"),
        ("7 cây", "unit"),
        ("7 km 250", "unit"),
        ("khoảng 7", "text"),
        ("7-8", "text"),
        ("1.2.3", "text"),
        ("1.28,2,3", "text"),
        ("12.34,5", "text"),
        ("7 5", "text"),
        ("05/03/2026", "text"),
        ("２", "text"),
        (True, "text"),
        (dt.date(2026, 3, 5), "text"),
    ],
)
def test_what_is_no_number(written: object, problem: str) -> None:
    parsed = numbers.parse_number(written)
    assert (parsed.value, parsed.problem) == (None, problem)


def test_ambiguous_thousands() -> None:
    assert numbers.parse_number("1.282").readings == (1282.0, 1.282)
    assert numbers.parse_number("1.282", "vi").value == 1282.0
    assert numbers.parse_number("1.282", "en").value == 1.282
    assert numbers.parse_number("1,282", "vi").value == 1.282
    assert numbers.parse_number("1,282", "en").value == 1282.0
    # A column's style decides nothing that is clear by itself.
    assert numbers.parse_number("7.5", "vi").value == 7.5
    assert numbers.parse_number("1.282,2", "en").value == 1282.2


@pytest.mark.parametrize(
    ("column", "style"),
    [
        (["1.282", "7,5"], "vi"),
        (["1.282", "2.456.012"], "vi"),
        (["1.282", "1.282,2 ha"], "vi"),
        (["1.282", "7.5"], "en"),
        (["1.282", "1,282.5"], "en"),
        (["1.282", "3.141"], None),
        (["7,5", "7.5"], None),
        (["12", "", None, "abc", 7.5], None),
    ],
)
def test_column_style(column: list[object], style: str | None) -> None:
    assert numbers.column_style(column) == style


@given(finite, st.integers(0, 6), st.sampled_from(["", "ha", "%", "km"]))
def test_the_parser_reads_what_the_printer_writes(value: float, digits: int, unit: str) -> None:
    printed = numbers.format_vi(value, unit, digits)
    expected = numbers.round_half_up(value, digits)
    parsed = numbers.parse_number(printed)
    if parsed.problem:
        # "1.282": a whole number of thousands could be decimals; never another number.
        assert parsed.problem == "ambiguous"
        assert expected in parsed.readings
    else:
        assert parsed.value == expected
    assert numbers.parse_number(printed, "vi").value == expected
    english = numbers.parse_number(numbers.format_en(value, unit, digits), "en")
    assert english.value == expected


@given(finite)
def test_all_digits_are_printed_and_read(value: float) -> None:
    assert numbers.parse_number(numbers.format_vi(value), "vi").value == value
    assert numbers.parse_number(numbers.format_en(value), "en").value == value


@given(st.text(max_size=30))
def test_any_text_is_answered(written: str) -> None:
    parsed = numbers.parse_number(written)
    assert (parsed.value is None) == (parsed.problem is not None)
    assert parsed.value is None or math.isfinite(parsed.value)


@given(finite, st.integers(0, 4))
def test_grouping_is_that_of_the_german_locale(value: float, digits: int) -> None:
    # Python's own formatting with the marks exchanged, rounded beforehand.
    rounded = Decimal(repr(numbers.round_half_up(value, digits)))
    plain = f"{abs(rounded):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    assert numbers.format_vi(value, digits=digits).lstrip("\u2212") == plain


def test_formats() -> None:
    assert numbers.format_vi(1282.2, "ha") == f"1.282,2{NB}ha"
    assert numbers.format_en(1282.2, "ha") == f"1,282.2{NB}ha"
    assert numbers.format_vi(-7.5, "%", 1) == f"\u22127,5{NB}%"
    assert numbers.format_vi(-0.0) == "0"
    assert numbers.format_vi(1e21) == "1.000.000.000.000.000.000.000"
    assert numbers.format_vi(1e-7) == "0,0000001"
    assert numbers.format_vi(np.float64(7.25), digits=1) == "7,3"
    assert numbers.format_range_vi(58.9, 63.8, "%") == f"58,9\u201363,8{NB}%"
    assert numbers.format_range_vi(None, 63.8) == "đến 63,8"
    for wrong in (math.nan, math.inf):
        with pytest.raises(ValueError, match="no number"):
            numbers.format_vi(wrong)
    with pytest.raises(ValueError, match="at least one"):
        numbers.format_range_vi(None, None)


def test_printing_does_not_depend_on_the_locale() -> None:
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("C", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert numbers.format_vi(1282.2) == "1.282,2"
    finally:
        locale.setlocale(locale.LC_ALL, before)


@given(finite, st.integers(0, 6))
def test_half_up_is_half_up_in_decimals(value: float, digits: int) -> None:
    rounded = Decimal(repr(numbers.round_half_up(value, digits)))
    step = Decimal(1).scaleb(-digits)
    written = Decimal(repr(value))
    assert abs(rounded - written) <= step / 2 + abs(written) * Decimal("1e-16")
    if abs(rounded - written) == step / 2:
        assert abs(rounded) >= abs(written)


@given(finite, finite)
def test_bounds_are_rounded_outward(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    out_low, out_high = numbers.round_outward(low, high)
    assert out_low is not None
    assert out_high is not None
    assert out_low <= low <= high <= out_high
    for before, after in ((low, out_low), (high, out_high)):
        assert after == float(f"{after:.8e}")
        assert abs(after - before) <= abs(before) * 1.1e-8
        assert numbers.round_outward(after, after) == (after, after)
    assert numbers.round_outward(None, 1.0) == (None, 1.0)


@given(finite)
def test_nine_significant_digits(value: float) -> None:
    made = numbers.significant(value)
    assert made == float(f"{made:.8e}")
    assert abs(made - value) <= abs(value) * 0.51e-8


# --- Yes or no, dates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *((word, True) for word in ("Có", "co", "x", "X", "đạt", "Yes", "1", 1, 1.0, True, "true")),
        *((word, False) for word in ("không", "Chưa đạt", "no", "0", 0, False, "FALSE", "chưa")),
        *((word, None) for word in ("", None, math.nan, "-", "có thể", "2", 2, 0.5, pd.NA)),
        (np.True_, True),
    ],
)
def test_bool(written: object, value: bool | None) -> None:
    parsed = numbers.parse_bool(written)
    assert parsed.value is value
    assert (parsed.problem is None) == (value is not None)


@pytest.mark.parametrize(
    "written",
    [
        "05/03/2026",
        "5/3/2026",
        "05-03-2026",
        "05.03.2026",
        "2026-03-05",
        "2026-03-05T10:00:00",
        "2026-03-05 00:00:00",
        "ngày 5 tháng 3 năm 2026",
        dt.date(2026, 3, 5),
        dt.datetime(2026, 3, 5, 23, 59),
        pd.Timestamp("2026-03-05"),
    ],
)
def test_fifth_of_march(written: object) -> None:
    assert numbers.parse_date(written).value == dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "blank"),
        (None, "blank"),
        (pd.NaT, "blank"),
        ("tháng 3/2025", "partial"),
        ("3/2025", "partial"),
        ("2025", "partial"),
        (2025, "partial"),
        ("quý II/2025", "partial"),
        ("05/03/26", "two_digit_year"),
        ("31/02/2025", "impossible"),
        ("13/25/2025", "impossible"),
        ("01/01/1800", "out_of_range"),
        ("05/03-2026", "text"),
        ("March 5, 2026", "text"),
        ("2026/03/05", "text"),
        (46086, "text"),
        (True, "text"),
        ("#REF!", "error"),
    ],
)
def test_what_is_no_date(written: object, problem: str) -> None:
    parsed = numbers.parse_date(written)
    assert (parsed.value, parsed.problem) == (None, problem)


def test_partial_dates_keep_what_they_say() -> None:
    assert numbers.parse_date("tháng 3/2025") == numbers.ParsedDate(None, "partial", 2025, 3)
    assert numbers.parse_date("Quý IV năm 2025").quarter == 4


def test_the_day_is_the_one_in_viet_nam() -> None:
    fix = dt.datetime(2026, 3, 31, 17, 30, tzinfo=dt.UTC)
    assert numbers.parse_date(fix).value == dt.date(2026, 4, 1)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_dates_there_and_back(day: dt.date) -> None:
    printed = numbers.format_date_vi(day)
    assert printed == day.strftime("%d/%m/%Y")
    for written in (printed, day.isoformat(), f"{day.day}.{day.month}.{day.year}"):
        assert numbers.parse_date(written).value == day
    # pandas counts Excel's days by itself.
    serial = (pd.Timestamp(day) - pd.Timestamp("1899-12-30")).days
    assert numbers.parse_date(float(serial) + 0.4, excel=True).value == day


@given(st.text(max_size=30))
def test_any_text_is_answered_as_date(written: str) -> None:
    parsed = numbers.parse_date(written)
    assert (parsed.value is None) == (parsed.problem is not None)


# --- Chainage and places --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "cm"),
    [
        ("Km1+250", 125_000),
        ("1+250", 125_000),
        ("km 1 + 250", 125_000),
        ("Km1+250,5", 125_050),
        ("KM 12+005.25", 1_200_525),
        ("Km3", 300_000),
        ("Km0+000", 0),
        ("K2+500", 250_000),
        ("k 2 + 500 m", 250_000),
        ("Km2+300.", 230_000),
        ("Km2  + 100m", 210_000),
        ("Km2,4", 240_000),
        ("Km1.250", 125_000),
        ("-K0+050", -5_000),
    ],
)
def test_chainage(written: str, cm: int) -> None:
    assert numbers.parse_chainage(written).cm == cm


@pytest.mark.parametrize(
    ("written", "problem"),
    [("Km1+1250", "metres"), ("1250", "text"), (1250, "text"), ("", "blank"), (None, "blank"),
     ("Km-1+250", "text"), ("Km1+", "text"), ("1,5+250", "text"), ("Km1,5+250", "text"),
     ("K2", "text"), ("Km2+300.5.3", "text"), ("BK2+500", "text")],
)  # fmt: skip
def test_what_is_no_chainage(written: object, problem: str) -> None:
    assert numbers.parse_chainage(written) == numbers.ParsedChainage(None, problem)  # type: ignore[arg-type]  # the problems are literals


@pytest.mark.parametrize(
    ("written", "short"),
    [("Km2+8", True), ("Km2+80", True), ("Km2+8,5", True), ("Km2+008", False), ("Km2+8m", False),
     ("Km2+0", False), ("Km2", False), ("Km2,4", False)],
)  # fmt: skip
def test_fewer_than_three_digits_of_metres_are_said(written: str, short: bool) -> None:
    assert numbers.parse_chainage(written).short is short


@given(st.integers(-9999_999_99, 9999_999_99))
def test_chainage_there_and_back(cm: int) -> None:
    assert numbers.parse_chainage(numbers.format_chainage(cm / 100)).cm == cm


PIN = (22.2192, 103.7162)


@pytest.mark.parametrize(
    "written",
    [
        "22.2192, 103.7162",
        "103.7162, 22.2192",
        "22,2192; 103,7162",
        "22,2192, 103,7162",
        "22.2192,103.7162",
        "22.2192 103.7162",
        "22.2192°N, 103.7162°E",
        "Vĩ độ 22,2192; kinh độ 103,7162",
        "22°13'09.12\"N 103°42'58.32\"E",
        "22°13′9,12″B; 103°42′58,32″Đ",
        "N22°13'9.12\" E103°42'58.32\"",
        "22°13.152'N 103°42.972'E",
        "22 độ 13 phút 9,12 giây Bắc, 103 độ 42 phút 58,32 giây Đông",
        "…/maps/@22.2192,103.7162,15z",
        "…/maps?q=22.2192,103.7162",
        "…/maps?q=22.2192%2C103.7162&z=5",
        "…/maps/place/X/@22.1,103.1,17z/data=!3m1!4b1!3d22.2192!4d103.7162",
        "geo:22.2192,103.7162",
        "…/#map=15/22.2192/103.7162",
    ],
)
def test_degrees(written: str) -> None:
    place = numbers.parse_place(written)
    assert place.kind == "degrees"
    assert (place.lat, place.lon) == pytest.approx(PIN, abs=1e-9)


@pytest.mark.parametrize(
    "written",
    [
        "X=2455972,70; Y=571979,18",
        "Y=571979,18; X=2455972,70",
        "X: 2.455.972,70 Y: 571.979,18",
        "2455972.70, 571979.18",
        "571979,18 2455972,70",
        "2 455 972,70; 571 979,18",
        "2,455,972.70 571,979.18",
        "X (m): 2455972.7; Y (m): 571979.18",
        "E: 571979.18 N: 2455972.70",
        "2455972,7 / 18571979,18",
    ],
)
def test_grid(written: str) -> None:
    place = numbers.parse_place(written)
    assert place.kind == "grid"
    assert (place.north_m, place.east_m) == (2455972.70, 571979.18)


def test_grid_says_what_was_odd() -> None:
    assert numbers.parse_place("X=571979; Y=2455972").swapped
    assert not numbers.parse_place("X=2455972; Y=571979").swapped
    assert numbers.parse_place("2455972,7; 18571979,18").zone_prefix == 18


@pytest.mark.parametrize(
    ("written", "cm", "road"),
    [
        ("Km3+200 đường Hô Tra", 320_000, "đường Hô Tra"),
        ("đường Hô Tra, Km 3+200", 320_000, "đường Hô Tra"),
        ("tại Km402+100 QL32", 40_210_000, "QL32"),
        ("3+200", 320_000, None),
    ],
)
def test_chainage_places(written: str, cm: int, road: str | None) -> None:
    place = numbers.parse_place(written)
    assert (place.kind, place.chainage_cm, place.road) == ("chainage", cm, road)


@pytest.mark.parametrize(
    ("written", "kind", "problem"),
    [
        ("bản Hô Tra", "name", None),
        ("Tổ 3", "name", None),
        ("Bản 22, tổ 103", "name", None),
        ("bản 1+2", "name", None),
        (12, "name", None),
        ("", "none", "blank"),
        (None, "none", "blank"),
        (math.nan, "none", "blank"),
        ("48.85, 2.35", "none", "outside"),
        ("X=1; Y=2", "none", "outside"),
        ("22°75'N 103°10'E", "none", "impossible"),
        ("…://goo.gl/abc", "none", "link"),
        ("0,0", "none", "unclear"),
        ("22, 103", "none", "unclear"),
        ("Km1+1250 QL32", "chainage", "metres"),
    ],
)
def test_other_places(written: object, kind: str, problem: str | None) -> None:
    place = numbers.parse_place(written)
    assert (place.kind, place.problem) == (kind, problem)


@given(
    st.floats(8.2, 23.4), st.floats(102.2, 109.5), st.booleans(), st.sampled_from([", ", "; ", " "])
)
def test_degrees_in_any_order(lat: float, lon: float, swap: bool, mark: str) -> None:
    lat, lon = round(lat, 5) + 1e-6, round(lon, 5) + 1e-6
    first, second = (lon, lat) if swap else (lat, lon)
    for decimal in (".", ","):
        written = mark.join(f"{v:.6f}".replace(".", decimal) for v in (first, second))
        place = numbers.parse_place(written)
        assert (place.lat, place.lon) == pytest.approx((lat, lon), abs=1e-6)


@given(st.text(max_size=40))
def test_any_text_is_answered_as_place(written: str) -> None:
    assert numbers.parse_place(written).kind in ("degrees", "grid", "chainage", "name", "none")
