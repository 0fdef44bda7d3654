"""Spans against sets of single units, and laws that hold for any spans.

All laws are tried on 500 lists, and on 100,000 where `NTM_GIS_DEEP` is set.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.results import spans
from ntm_gis.results.spans import Span, Spans

EXAMPLES = 100_000 if os.environ.get("NTM_GIS_DEEP") else 500

ROAD_CM = 700_000
edges = st.integers(0, 40) | st.integers(0, ROAD_CM)
pairs = st.tuples(edges, edges)  # from before to, at it, or behind it
several = st.lists(pairs, max_size=12)
near = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def units(given: list[Span] | Spans) -> set[int]:
    """The single units that spans cover: what everything here is held against."""
    return {k for start, end in given for k in range(start, end)}


def is_in_order(found: Spans) -> bool:
    return all(a < b for a, b in found) and all(p[1] < n[0] for p, n in pairwise(found))


@given(near)
def test_union_covers_what_its_spans_cover(given: list[Span]) -> None:
    found = spans.union(given)
    assert units(found) == units(given)
    assert spans.length(given) == len(units(given))
    assert is_in_order(found)


@given(near, near)
def test_intersection_and_difference(one: list[Span], other: list[Span]) -> None:
    both, left = spans.intersection(one, other), spans.difference(one, other)
    assert units(both) == units(one) & units(other)
    assert units(left) == units(one) - units(other)
    assert is_in_order(both)
    assert is_in_order(left)


@given(near)
def test_coverage_counts(given: list[Span]) -> None:
    counted = Counter(k for start, end in given for k in range(start, end))
    found = spans.coverage(given)
    assert {k: n for a, b, n in found for k in range(a, b)} == counted
    assert spans.added_up(given) == sum(n * (b - a) for a, b, n in found)
    assert all(p[:2] != n[:2] and (p[1] < n[0] or p[2] != n[2]) for p, n in pairwise(found))


@given(pairs, several)
def test_partition_fills_the_span(within: Span, given: list[Span]) -> None:
    parts = spans.partition(within, given)
    if within[0] >= within[1]:
        assert parts == ()
        return
    assert (parts[0][0], parts[-1][1]) == within
    assert all(a < b for a, b in parts)
    assert all(p[1] == n[0] for p, n in pairwise(parts))
    for start, end in parts:  # no span begins or ends inside a part
        assert not any(start < edge < end for span in given if span[0] < span[1] for edge in span)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.tuples(st.integers(0, 40), st.integers(0, 40))), max_size=10
    )
)
def test_each_unit_goes_to_the_first_who_claims_it(claims: list[tuple[int, Span]]) -> None:
    found = spans.credited(claims)
    first: dict[int, int] = {}
    for owner, (start, end) in claims:
        for k in range(start, end):
            first.setdefault(k, owner)
    assert {k: owner for owner, parts in found.items() for k in units(parts)} == first
    assert list(found) == list(dict.fromkeys(owner for owner, _ in claims))
    assert sum(spans.length(p) for p in found.values()) == spans.length(s for _, s in claims)


@given(several)
def test_lengths_are_whole_and_within_the_road(given: list[Span]) -> None:
    cm = spans.length(given)
    assert isinstance(cm, int)
    assert 0 <= cm <= min(ROAD_CM, spans.added_up(given))


@given(several, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(given: list[Span], chance: random.Random) -> None:
    whole = spans.union(given)
    shuffled = chance.sample([*given, *given], 2 * len(given))
    assert spans.union(shuffled) == whole
    assert spans.union([*whole, *given]) == whole
    assert spans.union(whole) == whole


@given(several, st.randoms(use_true_random=False))
def test_halves_are_the_whole(given: list[Span], chance: random.Random) -> None:
    """A report cut in two, and a list cut in two, come to the same."""
    halves = []
    for start, end in given:
        if start < end:
            cut = chance.randint(start, end)
            halves += [(start, cut), (cut, end)]
    assert spans.union(halves) == spans.union(given)
    k = chance.randint(0, len(given))
    assert spans.union([*spans.union(given[:k]), *spans.union(given[k:])]) == spans.union(given)


@given(several, several)
def test_more_reports_never_make_it_shorter(given: list[Span], more: list[Span]) -> None:
    assert spans.length([*given, *more]) >= spans.length(given)
    both, left = spans.intersection(given, more), spans.difference(given, more)
    assert spans.length(both) + spans.length(left) == spans.length(given)
    assert spans.length([*given, *more]) == spans.length(more) + spans.length(left)


@given(several, st.integers(1, 1000), st.integers(-(10**9), 10**9))
def test_scale_and_place_change_nothing(given: list[Span], scale: int, shift: int) -> None:
    moved = [(scale * a + shift, scale * b + shift) for a, b in given]
    assert spans.length(moved) == scale * spans.length(given)


def plain(law: Callable[..., None]) -> Callable[..., None]:
    """A law as it stands, to be tried on given examples."""
    found: Callable[..., None] = vars(law)["hypothesis"].inner_test
    return found


def test_laws_on_many_lists() -> None:
    """The same laws on lists drawn by a plain generator."""
    for k in range(EXAMPLES):
        chance = random.Random(k)  # noqa: S311 - examples, no secrets
        reach = chance.choice([3, 10, 40])
        one, other = (
            [(chance.randint(0, reach), chance.randint(0, reach)) for _ in range(chance.randint(0, 8))]
            for _ in range(2)
        )  # fmt: skip
        far = [(chance.randint(0, ROAD_CM), chance.randint(0, ROAD_CM)) for _ in range(8)]
        for law in (test_union_covers_what_its_spans_cover, test_coverage_counts):
            plain(law)(one)
        for law in (test_intersection_and_difference, test_more_reports_never_make_it_shorter):
            plain(law)(one, other)
        plain(test_each_unit_goes_to_the_first_who_claims_it)(
            [(n % 3, span) for n, span in enumerate(one)]
        )
        for both in (one, far):
            plain(test_lengths_are_whole_and_within_the_road)(both)
            plain(test_partition_fills_the_span)(
                (chance.randint(0, reach), chance.randint(0, ROAD_CM)), both
            )
            for law in (test_order_and_repetition_change_nothing, test_halves_are_the_whole):
                plain(law)(both, chance)


FIVE = [(0, 180_000), (0, 125_000), (110_000, 275_000), (125_000, 260_000), (260_000, 390_000)]


def test_five_reports_in_any_order_sent_twice_are_the_same_centimetre() -> None:
    found = {spans.union([*order, *order[::-1]]) for order in permutations(FIVE)}
    assert found == {((0, 390_000),)}
    assert spans.added_up(FIVE) == 735_000


@pytest.mark.parametrize("empty", [[], [(5, 5)], [(7, 3)], [(5, 5), (9, 0)]])
def test_nothing_is_nothing(empty: list[Span]) -> None:
    assert spans.union(empty) == ()
    assert spans.length(empty) == spans.added_up(empty) == 0
    assert spans.coverage(empty) == ()
    assert spans.intersection(empty, [(0, 10)]) == ()
    assert spans.difference([(0, 10)], empty) == ((0, 10),)
