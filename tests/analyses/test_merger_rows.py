"""Which former commune a row of figures is about, and which row counts."""

from __future__ import annotations

import datetime as dt

import build as b
import pytest
from mergers import LAST, asked, figure, notes, numbers


@pytest.mark.parametrize(
    ("unit", "as_of", "expected"),
    [
        ("F1", LAST, "F1"), ("03602", LAST, "F2"), ("Phúc Khoa", LAST, "F2"),
        ("xã Phúc Khoa", LAST, "F2"), ("Mường Khoa (cũ)", LAST, "F1"), ("03601", LAST, "F1"),
        ("03601", dt.date(2025, 6, 30), "F1"), ("03601", dt.date(2025, 9, 30), None),
        ("03602", dt.date(2025, 9, 30), "F2"), (None, LAST, None),
        ("Mường Khoa", LAST, "F1"), ("Mường Khoa", dt.date(2025, 9, 30), None),
        ("Mường Khoa cũ", dt.date(2025, 9, 30), "F1"),
        ("03601", None, "MERGER_UNIT_EITHER"), ("Phuc Khoa", LAST, "MERGER_UNIT_OFFERED"),
        ("03604", LAST, "MERGER_UNIT_OFFERED"), ("Zzzz", LAST, "MERGER_UNIT_UNKNOWN"),
    ],
)  # fmt: skip
def test_a_row_belongs_to_who_it_names(unit, as_of, expected):
    answer = asked(figure("jobs", unit, value=7.0) | {"as_of": as_of})
    given = [name for name in b.by_id(answer) if name.startswith("merger.jobs.F")]
    if expected in ("F1", "F2"):
        assert given == [f"merger.jobs.{expected}"]
    else:
        assert not given
        assert b.codes(answer) == ([expected] if expected else [])


def test_who_is_offered_is_named_and_not_taken():
    answer = asked(figure("jobs", "Phuc Khoa", value=7.0))
    (found,) = answer.findings
    assert "Phúc Khoa (03602)" in found.message.vi
    assert found.affects == ("merger.jobs.*",)
    assert not answer.measures


def test_the_latest_row_counts_and_of_one_day_the_appraised():
    answer = asked(
        figure("jobs", "F1", value=1.0) | {"as_of": dt.date(2024, 12, 31)},
        figure("jobs", "F1", value=2.0, assessed_by="self"),
        figure("jobs", "F1", value=3.0, assessed_by="appraised"),
        figure("jobs", "F1", value=9.0) | {"as_of": dt.date(2026, 1, 31)},
        figure("jobs", "F2", value=5.0) | {"as_of": dt.date(2024, 12, 31)},
    )
    assert numbers(answer, "merger.jobs.sum") == (8.0, 8.0, 8.0)
    assert notes(b.by_id(answer)["merger.jobs.sum"]) == ["MERGER_DAYS_DIFFER"]


def test_rows_that_contradict_each_other_are_none_of_them_used():
    answer = asked(
        figure("jobs", "F1", value=1.0), figure("jobs", "F1", value=2.0),
        figure("jobs", "F2", value=5.0), figure("jobs", "F2", value=5.0),
    )  # fmt: skip
    assert numbers(answer, "merger.jobs.sum") == (5.0, 5.0, None)
    assert b.codes(answer) == ["MERGER_ROWS_DIFFER", "MERGER_FORMER_MISSING"]
