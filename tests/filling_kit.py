"""What the tests of `fill` share: forms as provinces send them, and measures to put into them."""

from __future__ import annotations

import pytest

from tests.test_filling import FUNDS, SHEET, codes, commune, form, fund, loaded

__all__ = [
    "FUNDS",
    "ROADS",
    "SHEET",
    "codes",
    "commune",
    "form",
    "fund",
    "loaded",
    "more",
    "put",
    "said",
]

ROADS = "roads.length_km.village"


@pytest.fixture
def more(commune, monkeypatch):
    """Measures in other units beside the funds."""
    for name, title, unit, value in (
        (ROADS, "Chiều dài đường thôn, bản", "km", 40.29),
        ("villages.poor_share", "Tỷ lệ hộ nghèo", "%", 57.5),
    ):
        one = fund(name, title, value)
        object.__setattr__(one, "unit", unit)
        monkeypatch.setitem(FUNDS, name, one)
    from ntm_gis import pipeline

    found = pipeline.review()
    object.__setattr__(found.answer, "measures", tuple(FUNDS.values()))
    return commune


def said(done, code):
    return [one.words.vi for one in done.told if one.code == code]


def put(path, **cells):
    def change(book):
        for at, value in cells.items():
            book[SHEET][at] = value

    path.write_bytes(form(change))
