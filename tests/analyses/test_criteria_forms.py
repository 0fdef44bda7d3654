"""Forms of villages as they come in: blank, twice, of no village, of another year and file."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import build as b
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_criteria import ask, judged, of_code, row

from ntm_gis.analyses import village_forms
from ntm_gis.analyses.criteria import analysis as criteria
from ntm_gis.analyses.criteria.rows import Given, Sorted
from ntm_gis.analyses.criteria.villages import by_village, units_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import FILE, ROW
from ntm_gis.outputs.features import Features
from ntm_gis.results import share

DAY = dt.date(2025, 12, 31)
VILLAGES = [{"village_id": f"B{k}", "name": f"Bản {k}"} for k in range(3)]


def form(village: str, part: float | None, whole: float | None = 50.0, **more: Any) -> Any:
    return row("17.11", village_id=village, numerator=part, denominator=whole, **more)


def test_a_form_handed_in_blank_takes_nothing_back_and_has_not_come() -> None:
    forms = [form(f"B{k}", 20.0) for k in range(3)]
    answer = ask(*forms, form("B1", None, None), villages=VILLAGES)
    found = b.by_id(answer)["indicator.17.11"]
    assert (found.numerator, found.denominator, found.low) == (60.0, 150.0, pytest.approx(40.0))
    only = ask(form("B0", 20.0), form("B1", None, None), villages=VILLAGES)
    sheet = only.frames["criterion_17"].set_index("id")
    assert sheet.loc["17.11/B0", "state"] == "received"
    assert sheet.loc["17.11/B1", "state"] == "missing"
    assert "B1 (Bản 1), B2 (Bản 2)" in of_code(only, "CRITERIA_SURVEY_ALL")[0]
    layers = b.layers(
        b.commune(criteria_set="vn-2021-2025"), villages=VILLAGES,
        figures=[form("B0", 20.0), form("B1", None, None)],
    )  # fmt: skip
    sums = village_forms.answer(Question(layers)).frames["village_forms"].set_index("id")
    assert sums.loc["17.11", ["villages", "villages_all"]].tolist() == [1.0, 3.0]


def test_a_figure_that_no_village_filled_in_is_no_nought() -> None:
    answer = ask(row("new_houses", village_id="B0"), villages=VILLAGES)
    assert b.by_id(answer)["figure.new_houses"].value is None
    assert judged(ask(form("B0", None, None), villages=VILLAGES), "indicator.17.11") == (
        "undetermined"
    )


def test_a_village_that_is_not_in_the_list_enters_no_sum() -> None:
    forms = [form(f"B{k}", 20.0) for k in range(3)]
    answer = ask(*forms, form("B9", 50.0), villages=VILLAGES)
    found = b.by_id(answer)["indicator.17.11"]
    assert (found.numerator, found.denominator) == (60.0, 150.0)
    said = of_code(answer, "FIGURE_VILLAGE_UNKNOWN")
    assert len(said) == 1
    assert "'B9'" in said[0]
    assert "chưa cộng" in said[0]
    # Without a list of villages nobody can say whose it is not.
    assert b.by_id(ask(form("B9", 25.0)))["indicator.17.11"].value == pytest.approx(50.0)


def test_two_forms_of_one_day_that_differ_are_a_range_whatever_their_order() -> None:
    forms = [form(f"B{k}", 20.0) for k in range(3)]
    other = form("B1", 5.0)
    for rows in ([*forms, other], [other, *forms]):
        answer = ask(*rows, villages=VILLAGES)
        found = b.by_id(answer)["indicator.17.11"]
        assert (found.low, found.high) == (pytest.approx(30.0), pytest.approx(40.0))
        said = of_code(answer, "FIGURE_VILLAGE_TWICE")[0]
        assert "20/50" in said
        assert "5/50" in said
        sheet = answer.frames["criterion_17"].set_index("id")
        assert sheet.loc["17.11/B1", "state"] == "conflict"
    # The later day counts, and nothing contradicts.
    later = form("B1", 5.0, as_of=dt.date(2025, 12, 30))
    answer = ask(*forms, later, villages=VILLAGES)
    assert b.by_id(answer)["indicator.17.11"].numerator == 60.0
    assert not of_code(answer, "FIGURE_VILLAGE_TWICE")


says = st.one_of(
    st.just((None, None)), st.tuples(st.integers(0, 9), st.integers(9, 20))
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), says), max_size=7), st.randoms())
def test_the_bounds_of_forms_are_those_of_every_choice_of_them(sent: Any, rng: Any) -> None:
    rows = [
        Given(k, str(k), "17.11", None, f"B{v}", None, n, d, None, DAY, None, None)
        for k, (v, (n, d)) in enumerate(sent)
    ]
    rng.shuffle(rows)
    layers = b.layers(villages=VILLAGES)
    told = list(by_village(layers, Sorted(villages={"17.11": rows})))
    found = next(iter(told))
    ways = []
    for village in ("B0", "B1", "B2"):
        own = {(r.numerator, r.denominator) for r in rows if r.village == village}
        ways.append(own - {(None, None)})
    assert set(found.missing) == {f"B{k}" for k, way in enumerate(ways) if not way}
    if all(ways):
        shares = [
            100 * sum(n for n, _ in pick) / sum(d for _, d in pick)
            for pick in itertools.product(*ways)
        ]
        bounds = share(units_of(found))
        assert bounds.low == pytest.approx(min(shares))
        assert bounds.high == pytest.approx(max(shares))


def test_the_commune_s_line_of_the_worksheet_is_the_sum_and_no_village_s() -> None:
    answer = ask(*(form(f"B{k}", 20.0) for k in range(3)), villages=VILLAGES)
    own = answer.frames["criterion_17"].set_index("id").loc["17.11"]
    assert (own["numerator"], own["denominator"], own["state"]) == (60.0, 150.0, "received")
    answer = ask(form("B0", 20.0), villages=VILLAGES)
    own = answer.frames["criterion_17"].set_index("id").loc["17.11"]
    assert (own["numerator"], own["state"]) == (20.0, "missing")


def test_without_a_list_of_sites_no_village_has_nought() -> None:
    near = ask(villages=VILLAGES).frames["environment_villages"]
    assert near["pesticide_bins"].isna().all()
    assert near["state"].tolist() == ["unknown"] * 3
    # A list that was given and names no bin says that there is none.
    there = ask(villages=VILLAGES, environment=[]).frames["environment_villages"]
    assert there["pesticide_bins"].tolist() == [0.0] * 3


def test_a_share_the_commune_states_is_held_against_the_villages() -> None:
    forms = [form(f"B{k}", 20.0) for k in range(3)]
    said = of_code(
        ask(*forms, row("17.11", value=45.0), villages=VILLAGES), "FIGURE_VILLAGES_SHARE"
    )
    assert "60/150" in said[0]
    assert "40,0 %" in said[0]
    assert "45 %" in said[0]
    agrees = ask(*forms, row("17.11", value=40.0), villages=VILLAGES)
    assert not of_code(agrees, "FIGURE_VILLAGES_SHARE")
    # A village is missing: nothing can be said yet.
    some = ask(*forms[:2], row("17.11", value=45.0), villages=VILLAGES)
    assert not of_code(some, "FIGURE_VILLAGES_SHARE")


def test_rows_of_another_year_are_told_file_by_file() -> None:
    old = dt.date(2024, 12, 31)
    answer = ask(row("17.7", value=100.0, as_of=old, **{FILE: "sources/a.xlsx"}),
                 row("17.9", value=60.0, as_of=old, **{FILE: "sources/b.xlsx"}))  # fmt: skip
    found = [f for f in answer.findings if f.code == "FIGURE_OTHER_YEAR"]
    assert [f.file for f in found] == ["sources/a.xlsx", "sources/b.xlsx"]


def test_numbers_in_messages_are_written_as_offices_do() -> None:
    assert "(\u22125)" in of_code(ask(row("17.6", value=-5.0)), "FIGURE_NEGATIVE")[0]
    assert "120,5 %" in of_code(ask(row("17.6", value=120.5)), "FIGURE_SHARE")[0]


def test_a_blank_line_of_a_table_is_no_source_that_differs() -> None:
    for rows in ([row("4.2", value=97.0), row("4.2", document="2/BC")],
                 [row("4.2", document="2/BC"), row("4.2", value=97.0)],
                 [row("4.2", value=97.0, as_of=dt.date(2025, 9, 30)), row("4.2")]):  # fmt: skip
        answer = ask(*rows)
        assert b.by_id(answer)["indicator.4.2"].value == 97.0
        assert not of_code(answer, "FIGURE_CONFLICT")


def test_a_share_that_may_be_a_part_of_one_is_asked_about() -> None:
    said = of_code(ask(row("4.2", value=0.85)), "FIGURE_FRACTION")
    assert "0,85 %" in said[0]
    assert "85 %" in said[0]
    for values in ({"value": 85.0}, {"value": 1.2}, {"numerator": 1.0, "denominator": 200.0}):
        assert not of_code(ask(row("4.2", **values)), "FIGURE_FRACTION")
    # Little poverty is no slip.
    assert not of_code(ask(row("11", value=0.8)), "FIGURE_FRACTION")


def test_a_figure_is_traced_to_its_file_and_row() -> None:
    rows = [form("B0", 20.0, **{FILE: "sources/phieu/a.xlsx"}),
            form("B1", 21.0, **{FILE: "sources/phieu/b.xlsx"})]  # fmt: skip
    layers = b.layers(b.commune(criteria_set="vn-2021-2025"), figures=rows, villages=VILLAGES)
    frame = layers["figures"].frame
    frame[ROW] = 17  # every form has its figure in the same row
    answer = criteria.answer(Question(layers))
    parts = b.by_id(answer)["indicator.17.11"].evidence.features
    found = [Features(layers).find(p.layer, p.id) for p in parts if p.layer == "figures"]
    assert [(f.file, f.row) for f in found] == [
        ("sources/phieu/a.xlsx", 17), ("sources/phieu/b.xlsx", 17)
    ]  # fmt: skip
    assert len({p.id for p in parts}) == len(parts)
