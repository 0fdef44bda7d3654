"""Funds against one another: the one digit, counted out anew over every number and digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import build as b
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.funds import analysis as funds
from ntm_gis.analyses.funds.check import one_digit, sums

Rows = list[dict[str, Any]]


def fund(id_: str, million: float | None, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "fund_id": id_,
        "name": f"Vốn {id_}",
        "million_vnd": million,
        "parent_id": parent,
        **more,
    }


def tree(rows: Rows) -> funds.Tree:
    return funds.tree_of(b.layers(funds=rows))


def told(rows: Rows) -> tuple[str, float] | None:
    found = tree(rows)
    repair = one_digit(found)
    return None if repair is None else (found.ids[repair.fund], repair.million)


@st.composite
def trees(draw: st.DrawFn, deepest: int = 3) -> Rows:
    """Funds that add up at every level: amounts of leaves in whole million or tenths."""
    rows: Rows = []

    def grow(parent: str | None, depth: int) -> Decimal:
        id_ = f"N{len(rows):02}"
        rows.append(fund(id_, None, parent))
        own = rows[-1]
        parts = draw(st.integers(0, 3)) if depth else 0
        if parts:
            total = sum((grow(id_, depth - 1) for _ in range(parts)), Decimal(0))
        else:
            total = Decimal(draw(st.integers(0, 40_000))) / draw(st.sampled_from([1, 1, 10]))
        own["million_vnd"] = float(total)
        return total

    grow(None, deepest)
    return rows


def every_repair(rows: Rows) -> set[tuple[str, str]]:
    """Each (fund, number as written) with which all sums close; digits changed in the text."""
    found = set()
    for at, row in enumerate(rows):
        written = f"{Decimal(repr(row['million_vnd'])):f}".removesuffix(".0")
        for k, old in enumerate(written):
            for new in "0123456789" if old != "." else "":
                changed = written[:k] + new + written[k + 1 :]
                if new == old or (len(changed.split(".")[0]) > 1 and changed[0] == "0"):
                    continue
                amounts = {r["fund_id"]: Decimal(repr(r["million_vnd"])) for r in rows}
                amounts[rows[at]["fund_id"]] = Decimal(changed)
                if closes(rows, amounts):
                    found.add((row["fund_id"], changed))
    return found


def closes(rows: Rows, amounts: dict[str, Decimal]) -> bool:
    parts: dict[str, Decimal] = {}
    for row in rows:
        if row["parent_id"] is not None:
            parts[row["parent_id"]] = (
                parts.get(row["parent_id"], Decimal(0)) + amounts[row["fund_id"]]
            )
    return all(amounts[parent] == total for parent, total in parts.items())


@given(trees())
def test_sums_that_close_want_no_repair(rows: Rows) -> None:
    assert all(found.closes for found in sums(tree(rows)))
    assert told(rows) is None


@settings(max_examples=settings.default.max_examples * 2)
@given(trees(), st.data())
def test_a_planted_digit_is_found_unless_another_would_do(rows: Rows, data: st.DataObject) -> None:
    assume(len(rows) > 1)
    at = data.draw(st.integers(0, len(rows) - 1))
    right = rows[at]["million_vnd"]
    written = f"{Decimal(repr(right)):f}".removesuffix(".0")
    k = data.draw(st.sampled_from([k for k, c in enumerate(written) if c != "."]))
    wrong = written[:k] + data.draw(st.sampled_from("123456789")) + written[k + 1 :]
    assume(wrong != written)
    assume(not written.startswith("0") or len(written) == 1)
    rows[at] = {**rows[at], "million_vnd": float(wrong)}
    # A digit put wrong at the end may be cut off as a nought: "2.0" is written "2".
    assume(len(f"{Decimal(repr(float(wrong))):f}".removesuffix(".0")) == len(wrong))
    repairs = every_repair(rows)
    assert (rows[at]["fund_id"], written) in repairs
    if len(repairs) == 1:
        assert told(rows) == (rows[at]["fund_id"], right)
    else:
        assert told(rows) is None


@pytest.mark.parametrize(
    ("rows", "repair"),
    [
        ([fund("A", 15.0), fund("B", 7.0, "A"), fund("C", 7.0, "A")], None),
        ([fund("A", 99.0), fund("B", 45.0, "A"), fund("C", 55.0, "A")], None),
        ([fund("A", 100.0), fund("B", 40.0, "A"), fund("C", 50.0, "A")], None),
        ([fund("A", 110.0), fund("B", 95.0, "A"), fund("C", 5.0, "A")], ("A", 100.0)),
        ([fund("A", 900.0), fund("B", None, "A"), fund("C", 40.0, "A")], None),
        ([fund("A", 1.0, "A")], None),
        ([fund("A", 100.0), fund("B", 10.0, "A"), fund("C", 10.0), fund("D", 9.0, "C")], None),
    ],
    ids=["any of the three", "two digits, or two numbers", "two of three", "one alone",
         "an amount not recorded", "its own parent", "two contradictions apart"],
)  # fmt: skip
def test_one_digit_or_none(rows: Rows, repair: tuple[str, float] | None) -> None:
    assert told(rows) == repair
    if all(row["million_vnd"] is not None and row["parent_id"] != row["fund_id"] for row in rows):
        assert (len(every_repair(rows)) == 1) == (repair is not None)


def test_a_slip_in_each_of_two_programmes_is_told_for_each() -> None:
    rows = [fund("A", 110.0), fund("B", 95.0, "A"), fund("C", 5.0, "A"),
            fund("D", 110.0), fund("E", 95.0, "D"), fund("F", 5.0, "D"),
            fund("G", 99.0), fund("H", 45.0, "G"), fund("I", 55.0, "G")]  # fmt: skip
    found = b.ask(funds, funds=rows)
    told_ = [(f.code, f.feature) for f in found.findings if f.code.startswith("FUNDS_ONE")]
    assert told_ == [("FUNDS_ONE_DIGIT_WITHIN", "A"), ("FUNDS_ONE_DIGIT_WITHIN", "D")]
    said = next(f for f in found.findings if f.feature == "A" and "ONE" in f.code).message.vi
    assert "100 thay vì 110" in said
    assert "mọi tổng thuộc Vốn A" in said
    # Of G no single digit closes the sum: nothing is said of it.
    assert told(rows[6:]) is None


def test_sums_are_checked_at_every_level() -> None:
    rows = [fund("A", 10.0), fund("B", 10.0, "A"), fund("C", 10.0, "B"), fund("D", 7.0, "C"),
            fund("E", 4.0, "C")]  # fmt: skip
    found = b.ask(funds, funds=rows)
    assert [(f.code, f.feature) for f in found.findings] == [("FUNDS_SUM", "C")]
    assert found.findings[0].affects == ("fund.C", "fund.D", "fund.E")


def test_a_fund_within_another_of_another_year_or_source() -> None:
    rows = [
        fund("A", 10.0, year=2025, source="central"), fund("B", 5.0, "A", year=2024, source="central"),
        fund("C", 5.0, "A", year=None, source="commune"), fund("D", 5.0, "C", source=None),
    ]  # fmt: skip
    found = b.ask(funds, funds=rows)
    assert [(f.code, f.feature) for f in found.findings] == [
        ("FUND_OF_OTHER_YEAR", "B"), ("FUND_OF_OTHER_SOURCE", "C")
    ]  # fmt: skip
    assert "năm 2024" in found.findings[0].message.vi
    assert "Ngân sách xã" in found.findings[1].message.vi
    assert b.by_id(found)["funds.total"].value == 10.0


def test_a_fund_of_its_own_is_set_aside_and_the_rest_stands() -> None:
    rows = [fund("A", 3.0, "A"), fund("B", 10.0), fund("C", 4.0, "B"), fund("D", 7.0, "B")]
    found = b.ask(funds, funds=rows)
    assert b.codes(found) == ["FUNDS_SUM", "FUNDS_SELF"]
    assert b.by_id(found)["funds.total"].value == 10.0
