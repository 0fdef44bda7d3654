"""What criteria can turn out to be, against enumeration; every case the law makes the model say."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.results import Verdict
from ntm_gis.rules.criteria import CriteriaSet, Where, criteria_set, read_set
from ntm_gis.rules.criteria_files import Criterion
from ntm_gis.rules.criteria_model import Applies, Citation, Indicator, Row
from ntm_gis.rules.criteria_verdicts import NOTHING, Amount, score

HOME = Path(__file__).parent / "criteria_sets"
ON = dt.date(2025, 12, 31)
CITED = Citation(document="1/TEST")
TITLE = {"vi": "Chỉ tiêu", "en": "Line"}
LIMIT = 50.0
LEVELS = (0.0, 50.0, 100.0)

# --- Against enumeration -------------------------------------------------------------------------

amounts = st.sampled_from([
    Amount(0.0, 0.0), Amount(50.0, 50.0), Amount(0.0, 50.0), Amount(50.0, 100.0),
    Amount(0.0, 0.0), Amount(0.0, 100.0), NOTHING,
])  # fmt: skip
conditions = st.sampled_from([None, Amount(0.0, 0.0), Amount(1.0, 1.0), Amount(0.0, 1.0), NOTHING])
lines = st.tuples(
    amounts, st.booleans(), conditions, st.sampled_from(["met", "left_out"])
)  # (amount, has a limit, condition, otherwise)
criteria = st.lists(st.lists(lines, min_size=1, max_size=2), min_size=1, max_size=3)


def made(every: list[list[tuple]]) -> tuple[CriteriaSet, dict[str, Amount], dict[str, tuple]]:
    """A set with a criterion for each list of lines, what is known, and each line by code."""
    found = read_set(HOME, "country")
    indicators, rows, values, by_code = {}, {}, {}, {}
    for n, group in enumerate(every, 1):
        for k, (amount, limited, condition, otherwise) in enumerate(group, 1):
            code = f"{n}.{k}"
            applies = None
            if condition is not None:
                applies = Applies(
                    of=f"figure.c{n}-{k}", otherwise=otherwise, citation=CITED, status="verified"
                )
                values[applies.of] = condition
            indicators[code] = Indicator.model_validate({
                "code": code, "criterion": str(n), "title": TITLE, "unit": "%",
                "text_status": "verified", "seen_in": "made up", "applies": applies,
            })  # fmt: skip
            limit = {"at_least": LIMIT} if limited else {"unknown": True}
            rows[code] = (
                Row.model_validate({"indicator": code, "from": ON, "citation": CITED,
                                    "status": "verified", **limit}),
            )  # fmt: skip
            values[code] = amount
            by_code[code] = (amount, limited, condition)
    head = found.head.model_copy(update={"criteria": tuple(
        Criterion.model_validate({"code": str(n), "title": TITLE, "complete": True,
                                  "status": "verified"})
        for n in range(1, len(every) + 1)
    )})  # fmt: skip
    return replace(found, head=head, indicators=indicators, rows=rows, parent=None), values, by_code


def within(amount: Amount, levels: tuple[float, ...]) -> list[float]:
    low = levels[0] if amount.low is None else amount.low
    high = levels[-1] if amount.high is None else amount.high
    return [x for x in levels if low <= x <= high]


@settings(max_examples=120, deadline=None)
@given(criteria)
def test_ends_and_counts_are_those_of_every_completion(every: list[list[tuple]]) -> None:
    found, values, by_code = made(every)
    got = score(found, Where(), ON, values)
    # A limit that nobody knows may be one that all reach, or one that none does.
    ways = {}
    for code, (amount, limited, condition) in by_code.items():
        numbers = within(amount, LEVELS) if limited else [0.0, 100.0]
        applies = [None] if condition is None else within(condition, (0.0, 1.0))
        ways[code] = list(itertools.product(numbers, applies))
    settled = replace(found, rows={
        code: tuple(r.model_copy(update={"unknown": None, "at_least": LIMIT}) for r in rows)
        for code, rows in found.rows.items()
    })  # fmt: skip
    seen: dict[str, set[Verdict]] = {code: set() for code in got.criteria}
    for code in got.criteria:
        mine = got.of_criterion[code]
        for way in itertools.product(*(ways[c] for c in mine)):
            done = {c: Amount(x, x) for c, (x, _) in zip(mine, way, strict=True)}
            for c, (_, there) in zip(mine, way, strict=True):
                if there is not None:
                    done[f"figure.c{c.replace('.', '-')}"] = Amount(there, there)
            seen[code].add(score(settled, Where(), ON, done).criteria[code].verdict)
    assert {code: set(ends) for code, ends in got.ends.items()} == seen
    # Criteria rest on different lines here: counts are what every choice of ends gives.
    totals = [Counter(choice) for choice in itertools.product(*seen.values())]
    for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
        least = sum(ends == {verdict} for ends in got.ends.values())
        most = sum(verdict in ends for ends in got.ends.values())
        assert least == min(t[verdict] for t in totals)
        assert most == max(t[verdict] for t in totals)
        # What is said to be met surely is no hindrance: met, or not applicable.
    for code, judged in got.criteria.items():
        if judged.verdict == Verdict.MET:
            assert Verdict.NOT_MET not in got.ends[code]
        if judged.verdict == Verdict.NOT_MET:
            assert got.ends[code] == {Verdict.NOT_MET}
        if judged.verdict == Verdict.UNDETERMINED:
            assert len(got.ends[code]) > 1


def test_a_criterion_that_may_not_apply_is_not_surely_met() -> None:
    found, values, _ = made([[(Amount(100.0, 100.0), True, NOTHING, "left_out")]])
    got = score(found, Where(), ON, values)
    assert got.ends["1"] == {Verdict.MET, Verdict.NOT_APPLICABLE}
    found, values, _ = made([[(Amount(0.0, 0.0), True, NOTHING, "left_out")]])
    got = score(found, Where(), ON, values)
    assert got.criteria["1"].verdict == Verdict.UNDETERMINED
    assert got.ends["1"] == {Verdict.NOT_MET, Verdict.NOT_APPLICABLE}


# --- Every case of the reference -------------------------------------------------------------------


NORTH = Where("northern-midlands-mountains")


def test_thresholds_go_by_region_group_year_and_special_difficulty() -> None:
    old, new = criteria_set("vn-2021-2025"), criteria_set("vn-2026-2030")
    assert [old.row("10", NORTH, dt.date(y, 12, 31)).at_least for y in range(2022, 2026)] == [
        39.0, 42.0, 45.0, 48.0,
    ]  # fmt: skip
    on = dt.date(2026, 6, 30)
    assert [new.row("4-a", Where(group=g), on).at_least for g in (1, 2, 3)] == [40.0, 35.0, 27.0]
    delta = Where("mekong-delta", special_difficulty=True)
    assert old.row("11", delta, ON) == old.row("11", NORTH, ON)
    assert old.row("11", replace(delta, special_difficulty=False), ON) != old.row("11", NORTH, ON)


def test_every_way_to_compare_is_in_use() -> None:
    sets = [criteria_set("vn-2021-2025"), read_set(HOME, "country"), read_set(HOME, "province")]
    rows = [row for found in sets for every in found.rows.values() for row in every]
    ways = {row.comparator for row in rows} - {None}
    assert ways == {"at_least", "at_most", "equals", "level", "passed"}
    assert any(row.delegated for row in rows)
    assert any(row.relative for row in rows)
    every = [line for found in sets for line in found.indicators.values()]
    assert {line.rule for line in every} >= {"all", "any", "at_least"}
    assert any(line.per_sex for line in every)
    assert {line.applies.otherwise for line in every if line.applies} == {"met", "left_out"}
    assert any(line.splits for line in every)
    assert any(line.maps_to for line in every)
    assert any(line.rounding is not None for line in every)


def test_what_is_left_to_the_province_is_never_nothing_or_all() -> None:
    found = criteria_set("vn-2021-2025")
    for value in (0.0, 100.0):
        got = score(found, NORTH, ON, {"2.2": Amount(value, value)}).indicators["2.2"]
        assert (got.verdict, got.why) == (Verdict.NO_THRESHOLD, "delegated")
        assert got.threshold is None


@pytest.mark.parametrize("name", ["vn-2021-2025", "vn-2026-2030", "lai-chau-2022", "lai-chau-2024"])
def test_every_threshold_has_citation_and_status(name: str) -> None:
    found = criteria_set(name)
    for rows in found.rows.values():
        for row in rows:
            assert row.citation.document
            assert row.status in ("verified", "cited", "unverified")
            limit = row.threshold()
            assert limit is None or limit.official == (row.status == "verified")
