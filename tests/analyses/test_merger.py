"""Figures of former communes: added up, as one ratio, or refused with a sentence."""

from __future__ import annotations

import build as b
import pytest
from mergers import asked, figure, notes, numbers

from ntm_gis import pipeline, shipped, text
from ntm_gis.rules.carrying import figures

# --- Figures that add up ---------------------------------------------------------------------------


def test_counts_add_up():
    answer = asked(figure("jobs", "F1", value=120.0), figure("jobs", "03602", value=95.0))
    assert numbers(answer, "merger.jobs.F1") == (120.0, 120.0, 120.0)
    assert numbers(answer, "merger.jobs.F2") == (95.0, 95.0, 95.0)
    assert numbers(answer, "merger.jobs.sum") == (215.0, 215.0, 215.0)
    assert "merger.jobs.ratio" not in b.by_id(answer)
    assert [p.id for p in b.by_id(answer)["merger.jobs.sum"].evidence.features] == ["1", "2"]
    assert not answer.findings


def test_what_one_former_commune_lacks_leaves_the_sum_without_end():
    answer = asked(figure("jobs", "F1", value=120.0))
    assert numbers(answer, "merger.jobs.sum") == (120.0, 120.0, None)
    assert notes(b.by_id(answer)["merger.jobs.sum"]) == ["MERGER_FORMER_WITHOUT", "MERGER_DAY"]
    assert b.codes(answer) == ["MERGER_FORMER_MISSING"]
    assert "Phúc Khoa" in answer.findings[0].message.vi
    assert "merger.jobs.F2" not in b.by_id(answer)


def test_a_blank_or_negative_count_is_unknown_and_never_nothing():
    answer = asked(figure("jobs", "F1", value=None), figure("jobs", "F2", value=-3.0))
    assert numbers(answer, "merger.jobs.sum") == (None, 0.0, None)
    assert b.codes(answer) == ["MERGER_NEGATIVE"]


# --- Ratios ----------------------------------------------------------------------------------------


def test_ratios_are_sums_by_sums_and_no_averages():
    answer = asked(
        figure("11", "F1", value=20.0, numerator=20.0, denominator=100.0),
        figure("11", "F2", value=5.0, numerator=45.0, denominator=900.0),
    )
    value, low, high = numbers(answer, "merger.11.ratio")
    assert value == low == high == pytest.approx(6.5)
    assert value != pytest.approx((20.0 + 5.0) / 2)
    ratio = b.by_id(answer)["merger.11.ratio"]
    assert (ratio.numerator, ratio.denominator, ratio.more_is_better) == (65.0, 1000.0, False)
    assert "merger.11.sum" not in b.by_id(answer)


def test_a_share_alone_is_shown_and_not_averaged():
    answer = asked(
        figure("11", "F1", value=20.0),
        figure("11", "F2", value=5.0, numerator=45.0, denominator=900.0),
    )
    assert numbers(answer, "merger.11.F1") == (20.0, 20.0, 20.0)
    assert numbers(answer, "merger.11.ratio") == (5.0, 0.0, 100.0)
    assert b.codes(answer) == ["MERGER_PARTS_MISSING"]


@pytest.mark.parametrize(
    ("fields", "bounds"),
    [
        ({"denominator": 100.0}, (100 * 45 / 1000, 100 * 145 / 1000)),
        ({"numerator": 20.0}, (100 * 45 / 900, 100.0)),
        ({}, (0.0, 100.0)),
    ],
    ids=["part missing", "whole missing", "both missing"],
)
def test_what_is_missing_of_a_ratio_widens_it(fields, bounds):
    answer = asked(
        figure("11", "F1", **fields), figure("11", "F2", numerator=45.0, denominator=900.0)
    )
    value, low, high = numbers(answer, "merger.11.ratio")
    assert value == 5.0
    if "numerator" in fields:  # 20 of 20 or more
        assert (low, high) == pytest.approx((0.0, 100 * 65 / 920))
    else:
        assert (low, high) == pytest.approx(bounds)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"numerator": 120.0, "denominator": 100.0}, "MERGER_PART_OVER_WHOLE"),
        ({"numerator": 1.0, "denominator": 0.0}, "MERGER_PART_OVER_WHOLE"),
        ({"numerator": -1.0, "denominator": 100.0}, "MERGER_PART_OVER_WHOLE"),
        ({"value": 21.0, "numerator": 20.0, "denominator": 100.0}, "MERGER_VALUE_DIFFERS"),
        ({"value": 20.1, "numerator": 20.0, "denominator": 100.0}, None),
    ],
)
def test_numbers_that_contradict_each_other_are_named(fields, code):
    answer = asked(
        figure("11", "F1", **fields), figure("11", "F2", numerator=45.0, denominator=900.0)
    )
    assert b.codes(answer) == ([code] if code else [])
    assert "merger.11.ratio" in b.by_id(answer)


def test_income_per_head_is_income_by_people():
    answer = asked(
        figure("10", "F1", value=40.0, numerator=40_000.0, denominator=1000.0),
        figure("10", "F2", value=60.0, numerator=12_000.0, denominator=200.0),
    )
    assert numbers(answer, "merger.10.ratio") == pytest.approx((52_000 / 1200,) * 3)
    assert b.by_id(answer)["merger.10.ratio"].unit == "million đồng/person"
    without = asked(
        figure("10", "F1", denominator=1000.0),
        figure("10", "F2", numerator=12_000.0, denominator=200.0),
    )
    assert numbers(without, "merger.10.ratio") == pytest.approx((60.0, 10.0, None))


def test_both_sexes_make_all_of_counts_and_parts_never_of_shares():
    rows = [
        figure("15.1", "F1", sex=sex, value=value, numerator=part, denominator=100.0)
        for sex, value, part in (("male", 60.0, 60.0), ("female", 70.0, 70.0))
    ]
    answer = asked(*rows, figure("15.1", "F2", numerator=0.0, denominator=50.0))
    assert numbers(answer, "merger.15%2E1.F1") == (65.0, 65.0, 65.0)
    assert numbers(answer, "merger.15%2E1.ratio") == pytest.approx((52.0,) * 3)
    shares = [figure("15.1", "F1", sex=sex, value=60.0) for sex in ("male", "female")]
    answer = asked(*shares)
    assert numbers(answer, "merger.15%2E1.F1") == (None, 0.0, 100.0)


# --- Every figure keeps its total ------------------------------------------------------------------


@pytest.mark.parametrize("code", [c for c, f in figures("vn-2021-2025").items() if not f.why])
def test_each_figure_is_conserved(code):
    """Of counts the sum, of ratios both parts: what two former communes have, the new one has."""
    carried_as = figures("vn-2021-2025")[code]
    (n1, d1), (n2, d2) = (37.0, 512.0), (11.0, 101.0)
    answer = asked(
        figure(code, "F1", value=n1 if carried_as.carry == "add" else None, numerator=n1,
               denominator=d1),
        figure(code, "F2", value=n2 if carried_as.carry == "add" else None, numerator=n2,
               denominator=d2),
    )  # fmt: skip
    whole = b.by_id(answer)[f"merger.{text.segment(code)}.{_end(carried_as.carry)}"]
    assert whole.certain
    assert whole.numerator == n1 + n2
    assert sum(part.amount for part in whole.evidence.features) == n1 + n2
    if carried_as.carry == "ratio":
        assert whole.denominator == d1 + d2
        assert whole.value == pytest.approx(carried_as.scale * (n1 + n2) / (d1 + d2))
    assert (whole.unit, whole.more_is_better) == (carried_as.unit, carried_as.more_is_better)
    assert all("{" not in words for words in (whole.title.vi, whole.evidence.method.vi))


def _end(carry: str) -> str:
    return "sum" if carry == "add" else "ratio"


# --- Figures that cannot be carried ----------------------------------------------------------------


@pytest.mark.parametrize("code", [c for c, f in figures("vn-2021-2025").items() if f.why])
def test_what_cannot_be_carried_is_refused_with_a_sentence(code):
    answer = asked(figure(code, "F1", passed=True), figure(code, "F2", passed=False))
    assert not answer.measures
    assert b.codes(answer) == ["MERGER_NOT_CARRIED"]
    message = answer.findings[0].message.vi
    assert "không chuyển sang xã mới" in message
    assert "toàn xã" in message


def test_a_number_that_cannot_be_carried_still_stands_for_its_former_commune():
    answer = asked(figure("criteria_met", "F2", value=19.0))
    assert numbers(answer, "merger.criteria_met.F2") == (19.0, 19.0, 19.0)
    assert "MERGER_NOT_CARRIED_NOTE" in notes(b.by_id(answer)["merger.criteria_met.F2"])


def test_a_figure_that_nothing_is_said_of_is_not_added():
    answer = asked(figure("pigs", "F1", value=10.0), figure("pigs", "F2", value=20.0))
    assert set(b.by_id(answer)) == {"merger.pigs.F1", "merger.pigs.F2"}
    assert b.codes(answer) == ["MERGER_FIGURE_UNLISTED"]
    assert {measure.unit for measure in answer.measures} == {""}
    assert answer.findings[0].affects == ("merger.pigs.F1", "merger.pigs.F2")


# --- The sample ------------------------------------------------------------------------------------


def test_the_sample():
    """Against the list of villages, added up by hand from data/sample/sources/ban.gpkg."""
    import pyogrio

    folder = shipped.path("data", "sample")
    found = b.by_id(pipeline.review(folder).answer)
    table = pyogrio.read_dataframe(folder / "sources" / "ban.gpkg", read_geometry=False)
    old = table[table["XA_CU"] == "Mường Khoa"]
    other = table[table["XA_CU"] == "Phúc Khoa"]
    for name, column in (
        ("population", "DAN_SO"), ("households", "SO_HO"), ("poor_households", "HO_NGHEO"),
    ):  # fmt: skip
        assert found[f"merger.{name}.F1"].value == float(old[column].sum())
        assert found[f"merger.{name}.F2"].value == float(other[column].sum())
        assert found[f"merger.{name}.sum"].value == float(table[column].sum())
    assert found["merger.population.sum"].value == found["commune.population"].value == 12_529
    assert found["merger.households.sum"].value == found["commune.households"].value == 2_484
    assert found["merger.poor_share.ratio"].value == found["villages.poor_share"].value
    average = (found["merger.poor_share.F1"].value + found["merger.poor_share.F2"].value) / 2
    assert found["merger.poor_share.ratio"].value != pytest.approx(average, abs=0.2)
