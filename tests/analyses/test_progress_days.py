"""Days with day and month changed over: proposed where they fit, and never moved."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from works import WORK, answered, bounds, report, told

from ntm_gis.analyses.progress.days import out_of_order, proposal, swapped

AS_OF = dt.date(2025, 12, 31)
days = st.dates(dt.date(2025, 1, 1), AS_OF)


def dated(*said: str) -> list[dt.date]:
    return [dt.date(2025, int(day[3:]), int(day[:2])) for day in said]


@given(days)
def test_a_day_changed_over_twice_is_itself(day: dt.date) -> None:
    other = swapped(day)
    if other is None:
        assert day.day > 12 or day.day == day.month
    else:
        assert (other.day, other.month, other.year) == (day.month, day.day, day.year)
        assert swapped(other) == day


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("20/06", "30/06", "07/12", "15/08", "30/09"), {2: "12/07"}),
        (("06/12", "30/06", "15/08", "30/09"), {0: "12/06"}),
        (("20/06", "30/06", "30/08", "10/05"), {3: "05/10"}),
        (("20/06", "07/12", "08/11", "15/11", "30/11", "01/12"), {1: "12/07"}),
        (("20/06", "30/06", "15/08", "30/09"), {}),
        (("20/06", "30/06", "25/12", "15/08", "30/09"), {}),
        (("20/06", "30/06", "05/02", "15/08", "30/09"), {}),
        (("20/06", "30/06", "09/04", "15/08", "30/09"), {}),
        (("30/09", "15/08", "07/06", "30/05", "20/04"), {}),
        (("20/01", "02/12", "20/03", "08/01", "20/05", "15/01"), {}),
        (("07/12", "15/08"), {}),
        ((), {}),
    ],
    ids=["in the middle", "first", "last", "before another that is in order", "in order",
         "no other day", "before either way", "behind either way", "a list from the latest on",
         "a list in no order", "too few",
         "nothing"],
)  # fmt: skip
def test_days_out_of_the_order_of_their_list(
    said: tuple[str, ...], expected: dict[int, str]
) -> None:
    found = out_of_order(dated(*said), AS_OF)
    assert {k: f"{day:%d/%m}" for k, day in found.items()} == expected


@given(st.lists(days, min_size=3, max_size=12, unique=True).map(sorted), st.data())
def test_of_a_list_in_order_nothing_is_told_and_one_day_changed_over_is_found(
    given: list[dt.date], data: st.DataObject
) -> None:
    assert out_of_order(given, AS_OF) == {}
    k = data.draw(st.integers(0, len(given) - 1))
    other = swapped(given[k])
    if other is None:
        return
    changed = [*given[:k], other, *given[k + 1 :]]
    found = out_of_order(changed, AS_OF)
    # Where it still is in order nobody can tell; where one alone is told, it is that one or a
    # neighbour of it that could just as well be the wrong one.
    if changed == sorted(changed):
        assert found == {}
    assert all(swapped(changed[n]) == day for n, day in found.items())


def test_the_other_day_is_proposed_with_the_row_and_moves_no_figure() -> None:
    rows = [report(f"BC{k}", 100 * k, 100 * k + 100, on=on) for k, on in enumerate(
        ("2025-06-20", "2025-06-30", "2025-12-07", "2025-08-15", "2025-09-30"))]  # fmt: skip
    found = answered(*rows)
    (finding,) = told(found, "REPORT_DAY_SWAPPED")
    assert (finding.row, finding.field, finding.value) == (3, "reported_on", "07/12/2025")
    assert "12/07/2025" in finding.message.vi
    assert finding.repair is not None
    assert "12/07/2025" in finding.repair.vi
    assert bounds(found, "poured_km") == (0.5, 0.5, 0.5)
    assert found.frames["road_reports"]["reported_on"].dt.date.max() == dt.date(2025, 12, 7)


def test_reports_of_two_works_in_one_list_are_two_lists() -> None:
    rows = [report(f"A{k}", 0, 9, on=f"2025-0{k}-20") for k in (6, 7, 8)]
    rows += [report(f"B{k}", 0, 9, on=f"2025-0{k}-03", work_id="CT02") for k in (2, 4, 5)]
    found = answered(*rows, road_works=[WORK, {**WORK, "work_id": "CT02"}])
    assert told(found, "REPORT_DAY_SWAPPED") == []


@pytest.mark.parametrize(
    ("on", "code", "meant"),
    [
        ("2025-03-05", "REPORT_BEFORE_START", "03/05/2025"),
        ("2025-03-02", "REPORT_BEFORE_START", None),
        ("2026-05-03", "REPORT_LATER", None),
    ],
    ids=["the other day is after the start", "before it as well", "later either way"],
)
def test_days_outside_the_work_say_what_else_they_may_mean(
    on: str, code: str, meant: str | None
) -> None:
    work = {**WORK, "start_on": "2025-03-10"}
    (finding,) = told(answered(report("1", 0, 9, on=on), road_works=[work]), code)
    assert finding.repair is not None
    assert ("đổi chỗ" in finding.repair.vi) == (meant is not None)
    if meant is not None:
        assert meant in finding.repair.vi


def test_a_day_after_the_figures_that_would_count_the_other_way_round_is_said_so() -> None:
    june = dt.date(2025, 6, 30)
    said = proposal(dt.date(2025, 8, 5), dt.date(2025, 3, 10), june)
    assert "08/05/2025" in said.vi
    assert proposal(dt.date(2025, 8, 5), dt.date(2025, 6, 1), june).vi == ""
    assert proposal(dt.date(2025, 8, 13), None, june).vi == ""
