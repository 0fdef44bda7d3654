"""Sums of village forms: over who sent one, beside the commune's, with who sent nothing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses import village_forms
from ntm_gis.analyses.criteria.rows import Given
from ntm_gis.analyses.criteria.villages import Villages
from ntm_gis.results import Words

DAY = dt.date(2025, 12, 31)
TITLES = {"households": (Words("Số hộ", "Households"), "households"),
          "17.1": (Words("Nước sạch", "Clean water"), "%")}  # fmt: skip


@pytest.fixture(autouse=True)
def villages(monkeypatch):
    monkeypatch.setattr(village_forms, "ids", lambda _: ["B1", "B2", "B3", "B4"])
    monkeypatch.setattr(village_forms, "texts", lambda *_: ["Một", "Hai", None, "Bốn"])


def row(code, village, value=None, part=None, whole=None):
    return Given(
        0, f"{code}{village}", code, None, village, value, part, whole, None, DAY, None, "self"
    )


def of(code, rows, missing=(), own=()):
    layers = {"villages": SimpleNamespace(used=None)}
    found = village_forms._row(
        layers, Villages(code, tuple(rows), tuple(missing)),
        {(code, None): list(own)} if own else {}, TITLES,
    )  # fmt: skip
    return dict(zip(village_forms.SUMS, found, strict=True))


@given(st.lists(st.integers(0, 500), min_size=4, max_size=4), st.integers(0, 2500))
def test_whole_the_sum_is_held_against_the_commune(values, stated):
    rows = [row("households", f"B{n}", value) for n, value in enumerate(values, 1)]
    found = of("households", rows, own=[row("households", None, stated)])
    assert found["village_total"] == sum(values)
    assert found["difference"] == sum(values) - stated
    assert found["state"] == ("agrees" if sum(values) == stated else "differs")


def test_with_a_village_missing_nothing_is_said_of_the_difference():
    rows = [row("households", "B1", 10), row("households", "B2", 20)]
    found = of("households", rows, missing=("B3", "B4"), own=[row("households", None, 90)])
    assert (found["village_total"], found["difference"], found["state"]) == (30, None, "open")
    assert found["missing"] == "B3, Bốn"
    assert (found["villages"], found["villages_all"]) == (2, 4)


def test_shares_add_up_by_their_numerators_alone():
    rows = [row("17.1", f"B{n}", None, 30, 40) for n in range(1, 5)]
    found = of("17.1", rows, own=[row("17.1", None, None, 120, 160)])
    assert (found["village_total"], found["state"]) == (120, "agrees")
    bare = [row("17.1", f"B{n}", 75.0) for n in range(1, 5)]
    assert of("17.1", bare, own=[row("17.1", None, 75.0)])["village_total"] is None


def test_a_village_that_left_its_number_blank_keeps_the_sum_open():
    rows = [row("households", "B1", 10), *(row("households", f"B{n}") for n in (2, 3, 4))]
    found = of("households", rows, own=[row("households", None, 10)])
    assert (found["village_total"], found["difference"], found["state"]) == (10, None, "open")
