"""Bounds of shares and sums, against enumeration of every completion."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.errors import NotComputable
from ntm_gis.results import Unit, share, total

INF = math.inf
HUGE, TINY = 1e13, 1e-13

amounts = st.integers(0, 20).map(float)


@st.composite
def ways(draw: st.DrawFn) -> tuple[float, float]:
    """One way of a unit: a numerator within its denominator, or a ray without end."""
    kind = draw(st.sampled_from(["plain", "plain", "plain", "for", "against", "more"]))
    if kind == "for":
        return INF, INF
    if kind == "against":
        return 0.0, INF
    numerator = draw(amounts)
    if kind == "more":
        return numerator, INF
    return numerator, numerator + draw(amounts)


units = st.lists(st.lists(ways(), min_size=1, max_size=3).map(lambda w: Unit(tuple(w))), max_size=5)


def completions(way: tuple[float, float]) -> list[tuple[float, float]]:
    """What a way stands for: itself, or the two ends of a ray."""
    numerator, denominator = way
    if math.isfinite(denominator):
        return [way]
    if numerator == 0:
        return [(0.0, TINY), (0.0, HUGE)]
    if math.isfinite(numerator):
        return [(numerator, numerator), (numerator, HUGE)]
    return [(TINY, TINY), (HUGE, HUGE)]


def enumerated(found: list[Unit]) -> tuple[float, float]:
    """Least and greatest share over every completion; nothing bounds a share of nothing."""
    choices = [[c for way in unit.ways for c in completions(way)] for unit in found]
    shares = []
    for chosen in itertools.product(*choices):
        denominator = math.fsum(d for _, d in chosen)
        if denominator > 0:
            shares.append(100 * math.fsum(n for n, _ in chosen) / denominator)
        else:
            shares += [0.0, 100.0]
    return min(shares), max(shares)


@given(units)
def test_a_share_has_the_bounds_of_its_completions(found: list[Unit]) -> None:
    least, greatest = enumerated(found)
    got = share(found)
    assert (got.low, got.high) == pytest.approx((least, greatest), abs=1e-6)


@given(units)
def test_the_order_of_units_does_not_matter(found: list[Unit]) -> None:
    one, other = share(found), share(reversed(found))
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-9)
    assert one.numerator == other.numerator
    assert one.denominator == other.denominator


@given(units, amounts, amounts)
def test_another_unknown_never_narrows(found: list[Unit], numerator: float, rest: float) -> None:
    """What is known and becomes unknown (there, or not) can only widen the bounds."""
    known = Unit(((numerator, numerator + rest),))
    doubtful = Unit(((numerator, numerator + rest), (0.0, numerator + rest)))
    before, after = share([*found, known]), share([*found, doubtful])
    assert after.low <= before.low + 1e-9
    assert after.high >= before.high - 1e-9


@pytest.mark.parametrize("way", [(70.0, 50.0), (-1.0, 50.0), (1.0, 0.0)])
def test_a_part_larger_than_its_whole_is_refused(way: tuple[float, float]) -> None:
    """Also where the sum of several hides it: 70 of 50 and 0 of 100 are no 47 %."""
    with pytest.raises(NotComputable):
        share([Unit((way,)), Unit(((0.0, 100.0),))])


def test_the_example_of_the_contract() -> None:
    found = share([Unit(((2.5, 2.5),)), Unit(((0.0, 6.5),)), Unit(((0.0, 1.5), (1.5, 1.5)))])
    assert found.value is not None
    assert [round(x, 1) for x in (found.value, found.low, found.high)] == [27.8, 23.8, 38.1]


def test_a_share_of_nothing_has_no_value() -> None:
    found = share([])
    assert (found.value, found.low, found.high) == (None, 0.0, 100.0)


@pytest.mark.parametrize(
    ("unit", "low", "high"),
    [
        (((INF, INF),), 100.0, 100.0),
        (((0.0, INF),), 0.0, 0.0),
        (((3.0, 3.0), (3.0, INF)), 0.0, 100.0),
        (((0.0, 0.0), (0.0, 1.5)), 0.0, 100.0),
        (((0.0, 0.0), (1.5, 1.5)), 0.0, 100.0),
        (((0.0, 0.0),), 0.0, 100.0),
    ],
    ids=["all of any size", "none of any size", "three of unknown many", "perhaps a bad one",
         "perhaps a good one", "nothing at all"],
)  # fmt: skip
def test_one_unit_alone(unit: tuple[tuple[float, float], ...], low: float, high: float) -> None:
    found = share([Unit(unit)])
    assert (found.low, found.high) == (low, high)


def test_totals_add_bounds_and_know_no_end() -> None:
    assert total([(1.0, 2.0), (0.5, 0.5)]) == (1.5, 2.5)
    assert total([(1.0, 1.0), (0.0, None)]) == (1.0, None)
    assert total([]) == (0.0, 0.0)
