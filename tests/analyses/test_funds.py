"""Money as a tree: sums, payments, contradictions."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import build as b
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.funds import analysis as funds
from ntm_gis.layers.values import Answer
from ntm_gis.results import Measure, Severity


def fund(id_: str, million: float | None, parent: str | None = None) -> dict[str, Any]:
    return {"fund_id": id_, "name": f"Vốn {id_}", "million_vnd": million, "parent_id": parent}


def payment(
    id_: str, fund_id: str | None, million: float | None, day: str | None
) -> dict[str, Any]:
    return {"payment_id": id_, "fund_id": fund_id, "million_vnd": million, "paid_on": day}


PLAN = [
    fund("NV01", 3900.0), fund("NV02", 1304.0, "NV01"), fund("NV03", 504.0, "NV02"),
    fund("NV04", 800.0, "NV02"), fund("NV05", 40.0, "NV01"), fund("NV06", 2256.0, "NV01"),
    fund("NV07", 602.0, "NV06"), fund("NV08", 1954.0, "NV06"),
]  # fmt: skip


def answered(rows: list[dict[str, Any]], paid: list[dict[str, Any]] | None = None) -> Answer:
    found = b.ask(funds, funds=rows, payments=paid)
    b.check_evidence(found)
    return found


def bounds(measure: Measure) -> tuple[float | None, ...]:
    return measure.value, measure.low, measure.high


def test_the_contradiction_of_the_plan_is_found_and_left() -> None:
    found = answered(PLAN)
    by_id = b.by_id(found)
    assert by_id["funds.total"].value == 3900.0
    assert by_id["fund.NV06"].value == 2256.0
    assert [(f.code, f.severity, f.feature) for f in found.findings] == [
        ("FUNDS_SUM", Severity.BLOCK, "NV01"), ("FUNDS_SUM", Severity.BLOCK, "NV06"),
        ("FUNDS_ONE_DIGIT", Severity.NOTE, "NV06"),
    ]  # fmt: skip
    first, second, digit = (finding.message.vi for finding in found.findings)
    assert "2.556 thay vì 2.256" in digit
    for words in ("3.900", "3.600", "300"):
        assert words in first
    for words in ("2.256", "2.556", "300"):
        assert words in second
    assert {"funds.total", "fund.NV06"} <= set(found.findings[0].affects)


def test_with_the_digit_put_right_nothing_is_found() -> None:
    rows = [fund("NV06", 2556.0, "NV01") if row["fund_id"] == "NV06" else row for row in PLAN]
    assert not answered(rows).findings


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ([0.1, 0.2], []),
        ([0.1, 0.2004], []),
        ([0.1, 0.2006], ["FUNDS_SUM"]),
        ([0.1, None], []),
        ([0.5, None], ["FUNDS_SUM"]),
        ([], []),
    ],
    ids=["tenths add up", "within half a thousand đồng", "beyond it", "one not recorded",
         "too much whatever it is", "no parts"],
)  # fmt: skip
def test_parts_and_whole(parts: list[float | None], codes: list[str]) -> None:
    rows = [fund("A", 0.3), *(fund(f"B{k}", x, "A") for k, x in enumerate(parts))]
    assert b.codes(answered(rows)) == codes


def test_funds_of_no_known_fund_may_stand_by_themselves() -> None:
    found = answered([fund("A", 10.0), fund("B", 5.0, "missing"), fund("C", None)])
    assert bounds(b.by_id(found)["funds.total"]) == (10.0, 10.0, None)
    found = answered([fund("A", 10.0), fund("B", 5.0, "missing")])
    assert bounds(b.by_id(found)["funds.total"]) == (10.0, 10.0, 15.0)


def test_funds_in_a_circle_are_named_once() -> None:
    rows = [fund("A", 1.0, "C"), fund("B", 1.0, "A"), fund("C", 1.0, "B"), fund("D", 1.0, "A"),
            fund("E", 1.0, "E")]  # fmt: skip
    found = answered(rows)
    assert b.codes(found) == ["FUNDS_CYCLE", "FUNDS_SELF"]
    assert "A, C, B, A" in found.findings[0].message.vi
    assert "chính nó" in found.findings[1].message.vi
    assert bounds(b.by_id(found)["funds.total"]) == (None, 0.0, 4.0)


def test_payments_up_to_the_day_of_the_figures() -> None:
    paid = [
        payment("1", "NV03", 100.1, "2025-05-01"),
        payment("2", "NV03", 0.2, "2025-12-31"),
        payment("3", "NV04", 50.0, "2026-01-01"),
        payment("4", "NV07", 7.0, None),
        payment("5", None, 1.0, "2025-06-01"),
        payment("6", "NV08", None, "2025-06-01"),
    ]
    found = answered(PLAN, paid)
    by_id = b.by_id(found)
    assert bounds(by_id["fund.NV03.paid"]) == pytest.approx((100.3, 100.3, 101.3))
    assert bounds(by_id["fund.NV04.paid"]) == (0.0, 0.0, 1.0)
    assert bounds(by_id["fund.NV07.paid"]) == (0.0, 0.0, 8.0)
    assert bounds(by_id["fund.NV08.paid"]) == (0.0, 0.0, None)
    # What was paid from the funds beneath was paid from the fund.
    assert bounds(by_id["fund.NV02.paid"]) == pytest.approx((100.3, 100.3, 101.3))
    assert bounds(by_id["fund.NV01.paid"]) == pytest.approx((100.3, 100.3, None))
    late = [f for f in found.findings if f.code == "PAYMENT_LATER"]
    assert [f.feature for f in late] == ["3"]
    assert set(late[0].affects) == {"fund.NV04.paid", "fund.NV02.paid", "fund.NV01.paid"}


def test_paying_more_than_there_is_is_found() -> None:
    found = answered([fund("A", 10.0)], [payment("1", "A", 10.1, "2025-01-01")])
    assert b.codes(found) == ["FUND_OVERPAID"]


def test_ids_of_users_are_segments() -> None:
    found = answered([fund("Vốn 1", 10.0)])
    measure = b.by_id(found)["fund.V%E1%BB%91n%201"]
    assert measure.subject == "Vốn 1"


def test_without_lists_the_total_is_there_and_payments_are_not_known() -> None:
    (total,) = b.ask(funds).measures
    assert (*bounds(total), total.notes[0].code) == (None, 0.0, None, "LAYER_NOT_GIVEN")
    paid = b.by_id(answered([fund("A", 10.0)]))["fund.A.paid"]
    assert bounds(paid) == (None, 0.0, None)


thousands = st.integers(0, 10_000_000)


@settings(max_examples=settings.default.max_examples // 3)
@given(st.lists(thousands, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_sums_are_those_of_exact_decimals(parts: list[int], chance: random.Random) -> None:
    """Amounts in thousand đồng: whatever their order, they add up or are named."""
    exact = sum((Decimal(p) / 1000 for p in parts), Decimal(0))
    rows = [fund(f"B{k}", p / 1000, "A") for k, p in enumerate(parts)]
    rows = chance.sample([*rows, fund("A", float(exact))], len(rows) + 1)
    assert not answered(rows).findings
    off = [fund("A", float(exact + Decimal("0.001"))) if r["fund_id"] == "A" else r for r in rows]
    assert b.codes(answered(off)) in (["FUNDS_SUM"], ["FUNDS_SUM", "FUNDS_ONE_DIGIT"])


@settings(max_examples=settings.default.max_examples // 3)
@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=1, max_size=8))
def test_any_tangle_of_parents_is_walked_to_its_end(parents: list[int | None]) -> None:
    """Chains, trees, circles and parents not in the list; a circle is named exactly once."""
    rows = [fund(f"F{k}", 1.0, None if p is None else f"F{p}") for k, p in enumerate(parents)]
    found = answered(rows, [payment("1", "F0", 1.0, "2025-01-01")])
    circles = 0
    for k in range(len(parents)):
        seen, at = [k], parents[k]
        while at is not None and at < len(parents) and at not in seen:
            seen.append(at)
            at = parents[at]
        circles += at == k and k == min(seen)
    codes = b.codes(found)
    assert codes.count("FUNDS_CYCLE") + codes.count("FUNDS_SELF") == circles
    assert codes.count("FUNDS_SELF") == sum(p == k for k, p in enumerate(parents))
    assert b.by_id(found)["fund.F0.paid"].value == 1.0


def test_the_day_of_the_figures_decides() -> None:
    early = b.commune(as_of=dt.date(2025, 4, 30))
    rows, paid = [fund("A", 10.0)], [payment("1", "A", 3.0, "2025-05-01")]
    found = b.by_id(b.ask(funds, early, funds=rows, payments=paid))
    assert found["fund.A.paid"].value == 0.0
