"""What to survey first: every order is checked against the rule said in words."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType, SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import analyses
from ntm_gis.analyses.criteria import ranking
from ntm_gis.results import Verdict, Words

FIELD = ("CRITERIA_SURVEY", "CRITERIA_SURVEY_ALL")
DESK = ("CRITERIA_SETTLE", "CRITERIA_FIGURE_SEX", "CRITERIA_FIGURE_NUMBER",
        "CRITERIA_FIGURE_MISSING", "CRITERIA_PARTS_OPEN")  # fmt: skip
OPEN = Verdict.UNDETERMINED


def card(criteria):
    """A scored set: criterion -> verdicts of its indicators, which are named CRITERION.N."""
    of = {c: tuple(f"{c}.{n}" for n in range(1, len(v) + 1)) for c, v in criteria.items()}
    verdicts = {
        code: SimpleNamespace(verdict=verdict)
        for c, codes in of.items()
        for code, verdict in zip(codes, criteria[c], strict=True)
    }
    return SimpleNamespace(score=SimpleNamespace(of_criterion=of, indicators=verdicts))


def told(code, repair="làm đi"):
    words = None if repair is None else Words(repair, repair)
    return SimpleNamespace(code=code, message=Words(f"vi {code}", f"en {code}"), repair=words)


def rows(scored, decides):
    frame = ranking.frame(scored, decides, "EPSG:9205")
    return frame.drop(columns="geometry").to_dict("records")


def test_field_work_comes_before_desk_work_and_codes_go_by_number():
    scored = card({"2": [OPEN] * 10, "3": [OPEN, Verdict.NOT_MET]})
    decides = {
        "2.10": told("CRITERIA_SURVEY"), "2.9": told("CRITERIA_SURVEY"),
        "2.1": told("CRITERIA_FIGURE_MISSING"), "2.2": told("CRITERIA_PARTS_OPEN"),
        "3.1": told("CRITERIA_SETTLE"),
    }  # fmt: skip
    found = rows(scored, decides)
    assert [row["id"] for row in found] == ["2.9", "2.10", "3.1", "2.1", "2.2"]
    assert [row["state"] for row in found] == ["field", "field", "desk", "desk", "desk"]
    assert [row["criterion"] for row in found] == [None] * 5


def test_what_decides_a_criterion_comes_first():
    scored = card({"2": [OPEN, OPEN], "9": [Verdict.MET, OPEN, Verdict.NOT_APPLICABLE]})
    decides = {"2.1": told("CRITERIA_SURVEY"), "2.2": told("CRITERIA_SURVEY"),
               "9.2": told("CRITERIA_FIGURE_MISSING", None)}  # fmt: skip
    first = rows(scored, decides)[0]
    assert (first["id"], first["rank"], first["criterion"]) == ("9.2", 1, "9")
    assert (first["decides_vi"], first["do_vi"]) == ("vi CRITERIA_FIGURE_MISSING", None)


@given(
    st.dictionaries(
        st.integers(1, 19).map(str),
        st.lists(st.sampled_from(list(Verdict)), min_size=1, max_size=4), max_size=6,
    ),
    st.data(),
)  # fmt: skip
def test_whatever_the_verdicts(criteria, data):
    scored = card(criteria)
    lines = [code for codes in scored.score.of_criterion.values() for code in codes
             if scored.score.indicators[code].verdict == OPEN]  # fmt: skip
    decides = {code: told(data.draw(st.sampled_from(FIELD + DESK))) for code in lines}
    found = rows(scored, decides)
    assert sorted(row["id"] for row in found) == sorted(lines)
    assert [row["rank"] for row in found] == list(range(1, len(lines) + 1))
    for row in found:
        # It decides its criterion where, were it met, all would be.
        criterion = row["id"].split(".")[0]
        verdicts = [v for v in criteria[criterion] if v != Verdict.NOT_APPLICABLE]
        alone = verdicts.count(OPEN) == 1 and set(verdicts) <= {OPEN, Verdict.MET}
        assert row["criterion"] == (criterion if alone else None)
        assert row["state"] == ("field" if decides[row["id"]].code in FIELD else "desk")
    # None that decides a criterion stands behind one that does not.
    assert [row["criterion"] is None for row in found] == sorted(
        row["criterion"] is None for row in found
    )


def test_no_set_no_rows():
    assert rows(None, {}) == []


@pytest.mark.parametrize("dropped", ["1", "6.", "9"])
def test_it_is_what_findings_of_the_run_say(dropped, sample_review):
    """Beside the findings and verdicts that a run prints, of figures that were not handed in."""
    frame = sample_review.layers["figures"].frame
    keep = ~frame["indicator"].astype(str).str.startswith(dropped)
    layer = replace(sample_review.layers["figures"], frame=frame[keep])
    by_name = {**sample_review.layers.by_name, "figures": layer}
    layers = replace(sample_review.layers, by_name=MappingProxyType(by_name))
    found = analyses.answer(
        layers, only=frozenset({"commune", "villages", "roads", "schools", "criteria"})
    )
    told_of = {f.feature: f.message.vi for f in found.findings if f.code in FIELD + DESK}
    frame = found.frames["survey_first"]
    assert dict(zip(frame["id"], frame["decides_vi"], strict=True)) == told_of
    assert len(told_of) > 0
    verdicts = found.frames["scorecard"].query("criteria_set == 'vn-2021-2025'")
    lines = verdicts[verdicts["kind"] == "indicator"].groupby("criterion")["verdict"].agg(list)
    for row in frame.to_dict("records"):
        own = [v for v in lines.get(row["id"].split(".")[0], []) if v != "not_applicable"]
        alone = own.count("undetermined") == 1 and set(own) <= {"met", "undetermined"}
        assert (row["criterion"] is not None) == alone, row["id"]
