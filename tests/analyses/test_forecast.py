"""Forecasts: only from three days of growth on, with a range, and saying what they assume."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import build as b
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.progress.forecast import forecast
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Decisions, Dispute
from ntm_gis.results import Measure

AS_OF = dt.date(2025, 12, 31)


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(1, 10**6)), min_size=3, max_size=9),
    st.integers(0, 400),
    st.integers(0, 10**8),
)
def test_the_likely_day_lies_between_the_soonest_and_the_latest(
    steps: list[tuple[int, int]], waited: int, planned: int
) -> None:
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=d) for d in
            itertools.accumulate(step for step, _ in steps)]  # fmt: skip
    grown = list(zip(days, itertools.accumulate(cm for _, cm in steps), strict=True))
    as_of = days[-1] + dt.timedelta(days=waited)
    found = forecast(grown, planned, as_of)
    assert found is not None
    assert 0 <= found.soonest <= found.days * (1 + 1e-12)
    assert found.days <= found.latest * (1 + 1e-12)
    # Waiting longer never brings the end nearer.
    later = forecast(grown, planned, as_of + dt.timedelta(days=30))
    assert later is not None
    assert later.latest >= found.latest - 1e-9


def test_an_even_pace_leaves_no_range() -> None:
    grown = [(dt.date(2025, 1, 1) + dt.timedelta(days=10 * k), 10_000 * (k + 1)) for k in range(5)]
    found = forecast(grown, 100_000, grown[-1][0])
    assert found is not None
    assert (found.days, found.soonest, found.latest) == pytest.approx((50.0, 50.0, 50.0))
    assert found.pace == pytest.approx((10.0, 10.0, 10.0))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_days_say_nothing(n: int) -> None:
    grown = [(dt.date(2025, 1, 1 + k), 1000 * (k + 1)) for k in range(n)]
    assert forecast(grown, 100_000, AS_OF) is None


Said = tuple[str, float, float]


def days_left(
    *reports: Said, decisions: Decisions | None = None, width_m: float | None = None, **more: Any
) -> Measure:
    work = {"work_id": "CT01", "road_id": "D05", "planned_length_m": 1000.0, **more}
    rows = [
        {"report_id": f"{k}", "work_id": "CT01", "from_m": since, "to_m": until, "stage": "poured",
         "reported_on": on, "width_m": width_m}
        for k, (on, since, until) in enumerate(reports)
    ]  # fmt: skip
    given = b.layers(road_works=[work], road_reports=rows or None)
    found = progress.answer(Question(given, decisions or Decisions(head="f" * 64)))
    return b.by_id(found)["progress.CT01.days_left"]


def test_a_forecast_names_its_assumption_and_its_range() -> None:
    """100 m in 30 days, 200 m in the 61 to the day of the figures; 600 m are left."""
    found = days_left(("2025-10-01", 0, 100), ("2025-10-31", 100, 200), ("2025-12-31", 200, 400))
    fast, slow = 200 / 61, 100 / 30
    assert found.low == pytest.approx(600 / max(fast, slow), abs=1)
    assert found.high == pytest.approx(600 / min(fast, slow), abs=1)
    (note,) = found.notes
    assert note.code == "FORECAST"
    for words in ("01/10/2025", "31/12/2025", "m/ngày", "ước tính"):
        assert words in note.text.vi


@pytest.mark.parametrize(
    ("reports", "points"),
    [
        ([], 0),
        ([("2025-10-01", 0, 100), ("2025-10-31", 100, 200)], 2),
        ([("2025-10-01", 0, 100), ("2025-10-31", 100, 200), ("2025-10-31", 200, 300)], 2),
        ([("2025-10-01", 0, 100), ("2025-10-31", 100, 200), ("2025-11-01", 0, 200)], 2),
        ([("2025-10-01", 0, 100), ("2025-10-31", 100, 200), ("2026-11-01", 200, 300)], 2),
    ],
    ids=["none", "two", "two on one day", "one that brings nothing new", "one in the future"],
)
def test_too_little_is_said_so(reports: list[Said], points: int) -> None:
    found = days_left(*reports)
    assert (found.value, found.low, found.high) == (None, 0.0, None)
    (note,) = found.notes
    assert note.code == "FORECAST_TOO_LITTLE"
    assert f"Mới có {points} ngày" in note.text.vi


def test_what_is_finished_has_no_days_left() -> None:
    found = days_left(("2025-10-01", 0, 100), ("2025-10-31", 100, 200), ("2025-12-01", 200, 1000))
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)
    assert found.notes[0].code == "FORECAST_DONE"


def test_a_pace_that_leads_nowhere_is_given_no_day() -> None:
    found = days_left(("2020-10-01", 0, 0.02), ("2021-10-31", 0, 0.03), ("2022-12-01", 0, 0.04))
    assert (found.value, found.low, found.high) == (None, 0.0, None)
    assert found.notes[0].code == "FORECAST_WIDE"
    assert "Chưa đủ căn cứ" in found.notes[0].text.vi


THREE: tuple[Said, ...] = (
    ("2025-10-01", 0, 100), ("2025-10-31", 100, 200), ("2025-12-31", 200, 400),
)  # fmt: skip


def test_ground_in_dispute_is_still_to_be_poured_at_worst_and_poured_at_best() -> None:
    held = Dispute("", "CT01", 30_000, 40_000, dt.date(2025, 12, 31), "bản", "?")
    before, found = days_left(*THREE), days_left(*THREE, decisions=Decisions(disputes=(held,)))
    # The last report brings 100 m for sure and 100 m perhaps: slower, and 100 m more to go.
    assert found.low == pytest.approx(600 / (100 / 30), abs=1)
    assert before.high is not None
    assert found.high == pytest.approx(700 / (100 / 61), abs=1)
    assert found.high is not None
    assert found.high > before.high
    assert "100 m" in {note.code: note for note in found.notes}["FORECAST_PERHAPS"].text.vi


def test_without_a_designed_length_there_is_no_forecast() -> None:
    found = days_left(*THREE, planned_length_m=None, to_m=1000.0)
    assert (found.value, found.low, found.high) == (None, 0.0, None)
    assert [note.code for note in found.notes] == ["FORECAST_WITHOUT_PLAN"]


def test_without_reports_and_record_nothing_is_said() -> None:
    found = days_left(decisions=Decisions())
    assert (found.value, found.low, found.high) == (None, 0.0, None)
    assert [note.code for note in found.notes] == ["LAYER_NOT_GIVEN"]
