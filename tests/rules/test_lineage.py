"""Lineages: what units became and were made of, with nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.rules.changes import Change, Part, Unit, shares
from ntm_gis.rules.lineage import Lineage
from ntm_gis.rules.lineage_faults import faults

D0, D1, D2, D3 = (dt.date(year, 1, 1) for year in (2019, 2020, 2022, 2025))


def unit(code: str, name: str | None = None) -> Unit:
    return Unit(code, name or f"Bản {code}")


def change(old: str, new: str, on: dt.date, share: float | None = 1.0) -> Change:
    return Change(unit(old), unit(new), on, share)


def codes(parts: tuple[Part, ...]) -> list[tuple[str, float | None]]:
    return [(part.unit.code, part.share) for part in parts]


TREE = Lineage(
    [
        change("A", "C", D1), change("B", "C", D1),
        change("C", "D", D2, 0.4), change("C", "E", D2, 0.6),
        change("E", "F", D3),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "on", "since", "expected"),
    [
        ("A", D0, None, [("A", 1.0)]),
        ("A", D1, None, [("C", 1.0)]),
        ("A", D2, None, [("E", 0.6), ("D", 0.4)]),
        ("A", D3, None, [("F", 0.6), ("D", 0.4)]),
        ("C", D3, D1, [("F", 0.6), ("D", 0.4)]),
        ("E", D3, None, [("F", 1.0)]),
        ("F", D3, None, [("F", 1.0)]),
        ("X", D3, None, []),
        ("A", D3, D2, []),
    ],
    ids=["before anything", "merged", "then split", "a part renamed", "from the middle on",
         "born late", "the last", "unknown", "gone by then"],
)  # fmt: skip
def test_what_a_unit_became(code, on, since, expected):
    assert codes(TREE.became(code, on, since=since)) == expected


@pytest.mark.parametrize(
    ("code", "on", "since", "expected"),
    [
        ("C", D1, None, [("A", 1.0), ("B", 1.0)]),
        ("F", D3, None, [("E", 1.0)]),
        ("F", D3, D0, [("A", 0.6), ("B", 0.6)]),
        ("D", D3, D1, [("C", 0.4)]),
        ("D", D3, D2, [("D", 1.0)]),
        ("C", D3, None, []),
        ("A", D0, None, [("A", 1.0)]),
    ],
    ids=["merger", "one step", "to the beginning", "a split", "nothing since", "gone", "the first"],
)
def test_what_a_unit_was_made_of(code, on, since, expected):
    assert codes(TREE.made_of(code, on, since=since)) == expected


def test_a_code_used_again_is_two_units():
    day = dt.date(2025, 7, 1)
    merged = Lineage(
        [
            Change(Unit("03595", "Than Uyên", "township"), Unit("03595", "Than Uyên"), day),
            Change(Unit("03619", "Mường Than"), Unit("03595", "Than Uyên"), day),
            Change(Unit("03618", "Phúc Than"), Unit("03618", "Mường Than"), day),
        ]
    )
    eve = day - dt.timedelta(days=1)
    assert merged.unit("03618", eve).name == "Phúc Than"
    assert merged.unit("03618", day).name == "Mường Than"
    assert [part.unit.name for part in merged.became("03619", day)] == ["Than Uyên"]
    assert merged.unit("03619", day) is None
    assert [part.unit.code for part in merged.made_of("03595", day)] == ["03595", "03619"]


def test_shares_not_known_are_between_nothing_and_the_rest():
    three = [change("A", code, D1, share) for code, share in (("B", 0.2), ("C", None), ("D", None))]
    assert shares(three) == [(0.2, 0.2), (0.0, 0.8), (0.0, 0.8)]
    bounds = Lineage(three).carried({"A": 100.0}, D1)
    assert bounds == {"B": (20.0, 20.0), "C": (0.0, 80.0), "D": (0.0, 80.0)}


def test_shares_rounded_to_two_decimals_lose_nothing():
    thirds = Lineage([change("A", code, D1, 0.33) for code in "BCD"])
    total = math.fsum(low for low, _ in thirds.carried({"A": 99.0}, D1).values())
    assert total == pytest.approx(99.0, rel=1e-12)


# --- Properties: any tree of mergers and splits ---------------------------------------------------


@st.composite
def histories(draw: st.DrawFn, *, known: bool = True) -> tuple[Lineage, list[str], dt.date]:
    """Sound changes over some days: at each, living units are split and merged into new ones."""
    alive = [f"U{i}" for i in range(draw(st.integers(1, 4)))]
    first, made, changes = list(alive), len(alive), []
    for step in range(draw(st.integers(1, 4))):
        on = D0 + dt.timedelta(days=100 * (step + 1))
        targets = []
        for _ in range(draw(st.integers(1, 3))):
            targets.append(f"U{made}")
            made += 1
        moving = draw(st.lists(st.sampled_from(alive), unique=True, min_size=1))
        reached: set[str] = set()
        for old in sorted(moving):
            into = draw(st.lists(st.sampled_from(targets), unique=True, min_size=1))
            weights = [draw(st.integers(1, 9)) for _ in into]
            for new, weight in zip(into, weights, strict=True):
                share = weight / sum(weights)
                hidden = not known and len(into) > 1 and draw(st.booleans())
                changes.append(change(old, new, on, None if hidden else share))
                reached.add(new)
        alive = [code for code in alive if code not in moving] + sorted(reached)
    return Lineage(changes), first, on


@given(histories(), st.data())
def test_splitting_and_merging_keeps_totals(history, data):
    lineage, first, last = history
    amounts = {code: float(data.draw(st.integers(0, 10_000))) for code in first}
    assert not faults(lineage.changes)
    carried = lineage.carried(amounts, last)
    total = math.fsum(amounts.values())
    for side in (0, 1):
        assert math.fsum(b[side] for b in carried.values()) == pytest.approx(total, rel=1e-12)
    for low, high in carried.values():
        assert low == pytest.approx(high)


@given(histories(known=False), st.data())
def test_unknown_shares_bound_the_total_from_both_sides(history, data):
    lineage, first, last = history
    amounts = {code: float(data.draw(st.integers(0, 10_000))) for code in first}
    carried = lineage.carried(amounts, last)
    total = math.fsum(amounts.values())
    assert math.fsum(low for low, _ in carried.values()) <= total * (1 + 1e-12)
    assert math.fsum(high for _, high in carried.values()) >= total * (1 - 1e-12)


@given(histories())
def test_forward_and_backward_say_the_same(history):
    lineage, first, last = history
    forward = {
        (code, part.unit.code): part.low for code in first for part in lineage.became(code, last)
    }
    ends = {end for _, end in forward}
    backward = {
        (part.unit.code, end): part.low
        for end in ends
        for part in lineage.made_of(end, last, since=D0)
    }
    assert backward == pytest.approx(forward)


@given(histories())
def test_parts_are_what_fractions_make_them(history):
    """Against exact arithmetic, one unit at a time, by recursion."""
    lineage, first, last = history

    def follow(code: str, after: dt.date) -> dict[str, Fraction]:
        later = [c for c in lineage.changes if c.old.code == code and c.on > after]
        if not later:
            return {code: Fraction(1)}
        out: dict[str, Fraction] = {}
        for c in later:
            for end, part in follow(c.new.code, c.on).items():
                share = Fraction(c.share).limit_denominator(1000)
                out[end] = out.get(end, Fraction(0)) + share * part
        return out

    for code in lineage.codes.intersection(first):
        exact = follow(code, D0)
        found = {part.unit.code: part.low for part in lineage.became(code, last)}
        assert found == pytest.approx({end: float(part) for end, part in exact.items()})


# --- Faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([change("A", "B", D1), change("A", "B", D1)], [("over", (0, 1)), ("twice", (0, 1))]),
        ([change("A", "B", D1, 0.7), change("A", "C", D1, 0.4)], [("over", (0, 1))]),
        ([change("A", "B", D1, 1.0), change("A", "C", D1, None)], [("over", (0, 1))]),
        ([change("A", "B", D1, 0.7), change("A", "C", D1, 0.2)], [("open", (0, 1))]),
        ([change("A", "B", D1, 0.5)], [("open", (0,))]),
        ([change("A", "B", D1, 1.5)], [("over", (0,)), ("share", (0,))]),
        ([change("A", "B", D1), change("B", "A", D1)], [("round", (0, 1))]),
        ([change("A", "B", D1), change("B", "C", D1), change("C", "A", D1)], [("round", (0, 1, 2))]),
        ([change("A", "B", D1), change("A", "C", D2)], [("gone", (1,))]),
        ([Change(unit("A"), unit("B", "X"), D1), Change(unit("C"), unit("B", "Y"), D1)],
         [("named", (0, 1))]),
        ([Change(unit("A"), unit("B", "X"), D1), Change(unit("B", "Y"), unit("C"), D2)],
         [("named", (0, 1))]),
        ([change("A", "B", D1), change("B", "A", D2)], []),
        ([change("A", "B", D1), change("B", "A", D2), change("A", "C", D3)], []),
        ([change("A", "A", D1), change("B", "A", D1)], []),
        ([change("A", "B", D1, 0.1), change("A", "A", D1, 0.9), change("B", "B", D1, 0.8),
          change("B", "A", D1, 0.2)], []),
        ([change("A", code, D1, 0.33) for code in "BCD"], []),
    ],
    ids=["two rows", "over one", "nothing left", "short of one", "a part alone", "over one alone",
         "a pair", "a round of three", "gone before", "two names at once", "renamed in silence",
         "there and back", "back and away", "goes on", "a border moved", "rounded thirds"],
)  # fmt: skip
def test_what_cannot_be_so_is_found_and_nothing_else(changes, expected):
    assert [(fault.kind, fault.rows) for fault in faults(changes)] == expected
