"""Figures of former communes from their villages: nothing is lost, bounds hold."""

from __future__ import annotations

import itertools
import math

import build as b
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mergers import asked, figure, notes, numbers, village

from ntm_gis.analyses.merger import analysis as merger


def test_villages_make_what_is_not_declared():
    villages = [
        village("A", "F1", population=300, households=60, poor_households=6),
        village("B", "F1", population=200, households=40, poor_households=4),
        village("C", "F2", population=500, households=100, poor_households=30),
    ]
    answer = asked(villages=villages)
    assert numbers(answer, "merger.population.F1") == (500.0, 500.0, 500.0)
    assert numbers(answer, "merger.population.sum") == (1000.0, 1000.0, 1000.0)
    assert numbers(answer, "merger.poor_share.ratio") == (20.0, 20.0, 20.0)
    answer = asked(figure("population", "F2", value=520.0), villages=villages)
    assert numbers(answer, "merger.population.sum") == (1020.0, 1020.0, 1020.0)
    assert notes(b.by_id(answer)["merger.population.sum"]) == ["MERGER_FROM_VILLAGES", "MERGER_DAY"]
    assert b.codes(answer) == ["MERGER_COUNT_DIFFERS"]


def test_a_village_of_no_known_former_commune_is_in_the_sum_and_may_be_in_each():
    villages = [
        village("A", "F1", population=300), village("B", "F2", population=200),
        village("C", None, population=50),
    ]  # fmt: skip
    answer = asked(villages=villages)
    assert numbers(answer, "merger.population.F1") == (300.0, 300.0, 350.0)
    assert numbers(answer, "merger.population.F2") == (200.0, 200.0, 250.0)
    assert numbers(answer, "merger.population.sum") == (550.0, 550.0, 550.0)
    answer = asked(figure("population", "F1", value=310.0), villages=villages)
    assert numbers(answer, "merger.population.sum") == (510.0, 510.0, 560.0)


def test_a_blank_of_a_village_is_bounded_by_its_households():
    villages = [
        village("A", "F1", households=60, poor_households=None),
        village("B", "F2", households=40, poor_households=4),
    ]
    answer = asked(villages=villages)
    assert numbers(answer, "merger.poor_households.F1") == (None, 0.0, 60.0)
    assert numbers(answer, "merger.poor_households.sum") == (4.0, 4.0, 64.0)
    value, low, high = numbers(answer, "merger.poor_share.ratio")
    assert (value, low, high) == pytest.approx((10.0, 4.0, 64.0))


def test_nothing_is_said_of_a_commune_without_former_communes():
    rows = [village("A", None, population=300)]
    assert not b.ask(merger, b.commune(), villages=rows).measures


numbers_or_blank = st.one_of(st.none(), st.integers(0, 500))


@given(
    st.lists(
        st.tuples(st.sampled_from(("F1", "F2", None)), numbers_or_blank, numbers_or_blank),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_the_former_communes_together_are_the_commune(rows):
    """Conservation: sums are those of all villages, and lie within the sums of the parts."""
    villages = []
    for n, (former, households, poor) in enumerate(rows):
        part = None if poor is None or households is None else min(poor, households)
        row = village(f"V{n}", former, households=households, poor_households=part)
        villages.append({**row, "population": poor})
    answer = asked(villages=villages)
    found = b.by_id(answer)
    for name, column in (("households", "households"), ("population", "population")):
        known = [row[column] for row in villages if row[column] is not None]
        if f"merger.{name}.sum" not in found:
            assert {row["former_commune"] for row in villages} == {None}
            continue
        total = found[f"merger.{name}.sum"]
        each = [m for key in ("F1", "F2") if (m := found.get(f"merger.{name}.{key}"))]
        if len(each) == 2:
            assert total.low == math.fsum(known)
            assert (total.high is None) == (len(known) < len(villages))
        assert math.fsum(m.low or 0.0 for m in each) <= (total.low or 0.0)
        if all(m.high is not None for m in each) and total.high is not None:
            assert math.fsum(m.high or 0.0 for m in each) >= total.high
    ratio = found.get("merger.poor_share.ratio")
    if ratio is not None and ratio.value is not None:
        assert ratio.value == pytest.approx(100 * ratio.numerator / ratio.denominator)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=2),
    st.lists(st.sampled_from(("both", "part", "whole", "none")), min_size=2, max_size=2),
)
def test_ratios_hold_over_every_completion(pairs, given_parts):
    """The bounds against trying what is not said, in whole numbers up to 100."""
    rows, completions = [], []
    for key, (n, d), said in zip(("F1", "F2"), pairs, given_parts, strict=True):
        part, whole = min(n, d), max(n, d)
        rows.append(
            figure(
                "4.2", key, numerator=float(part) if said in ("both", "part") else None,
                denominator=float(whole) if said in ("both", "whole") and whole else None,
            )
        )  # fmt: skip
        parts = [part] if said in ("both", "part") else range(0, 101, 25)
        wholes = [whole] if said in ("both", "whole") and whole else range(0, 101, 25)
        completions.append([(p, w) for p in parts for w in wholes if p <= w])
    measure = b.by_id(asked(*rows))["merger.4%2E2.ratio"]
    for (n1, d1), (n2, d2) in itertools.product(*completions):
        if d1 + d2:
            share = 100 * (n1 + n2) / (d1 + d2)
            assert (measure.low or 0.0) - 1e-9 <= share
            assert measure.high is None or share <= measure.high + 1e-9
