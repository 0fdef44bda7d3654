"""Whatever lists and record say, road works are answered, within their bounds and in full."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import build as b
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses.chainage import centrelines
from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.progress.claims import claims_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Decisions, Dispute, Survey

STRAIGHT = b.line((0, 0), (0, 700))
SHAPES = [
    STRAIGHT, STRAIGHT.reverse(), None, b.line((0, 0), (0, 400), (300, 400)),
    b.line((0, 0), (100, 0), (100, 100), (0, 0)), b.line((0, 0), (0, 0)),
    shapely.MultiLineString([b.line((0, 0), (0, 90)), b.line((0, 200), (0, 300))]),
]  # fmt: skip
DAYS = [None, "2025-03-05", "2025-06-30", "2025-12-31", "2026-05-03"]

metres = st.sampled_from([None, -50.0, -0.01, 0.0, 0.004, 99.995, 100.0, 350.0, 700.0, 700.01, 9e4])
in_range = metres.filter(lambda x: x is None or x >= 0)
lengths = metres.filter(lambda x: x is None or x >= 1)  # the schemas let nothing else through
days = st.sampled_from(DAYS)


def rows(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(columns), max_size=4)


def numbered(key: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: f"{key[0].upper()}{k}", **row} for k, row in enumerate(found)]


roads = rows(
    road_class=st.sampled_from([None, "village", "commune"]), geometry=st.sampled_from(SHAPES),
    measured_length_m=lengths,
)  # fmt: skip
works = rows(
    road_id=st.sampled_from([None, "R0", "R1", "R9"]), planned_length_m=lengths, from_m=in_range,
    to_m=in_range, min_width_m=st.sampled_from([None, 3.0]), start_on=days, due_on=days,
)  # fmt: skip
reports = rows(
    work_id=st.sampled_from([None, "W0", "W1", "W9"]), from_m=metres, to_m=metres,
    stage=st.sampled_from([None, "cleared", "base", "poured", "accepted"]), reported_on=days,
    verified_by=st.sampled_from([None, "Phòng"]), width_m=st.sampled_from([None, 2.9, 3.0]),
)  # fmt: skip
stakes = rows(
    road_id=st.sampled_from([None, "R0", "R1"]), chainage_m=in_range,
    geometry=st.sampled_from([None, b.at(0, 0), b.at(1, 300), b.at(0, 690), b.at(900, 0)]),
)  # fmt: skip
spans = st.tuples(st.integers(-100, 80_000), st.integers(-100, 80_000))


@st.composite
def decisions(draw: st.DrawFn) -> Decisions:
    """A record of claims on old lines, of disputes and of surveys."""
    line = centrelines.centreline("R0", draw(st.sampled_from(SHAPES)), b.CRS, dt.date(2025, 1, 1))
    given = claims_of(b.layer("road_reports", numbered("report_id", draw(reports))))
    digest = None if line is None else line.digest
    raised = dt.date(2025, 9, 1)
    return Decisions(
        head=draw(st.sampled_from([None, "f" * 64])),
        claims=tuple(replace(c, entry=f"{k:064x}", centreline=digest) for k, c in enumerate(given)),
        disputes=tuple(
            Dispute("", draw(st.sampled_from(["W0", "W9"])), min(s), max(s), raised, "bản", "?")
            for s in draw(st.lists(spans, max_size=2))
        ),
        surveys=tuple(
            Survey("", f"T{k}", "W0", draw(st.sampled_from([None, raised])), None, (s,))
            for k, s in enumerate(draw(st.lists(spans, max_size=2)))
        ),
        centrelines=() if line is None else (line,),
        unread=draw(st.sampled_from([False, False, True])),
    )


@given(roads, works, reports, stakes, decisions())
def test_whatever_is_given_is_answered(
    roads: list[dict[str, Any]],
    works: list[dict[str, Any]],
    reports: list[dict[str, Any]],
    stakes: list[dict[str, Any]],
    held: Decisions,
) -> None:
    given = b.layers(
        roads=numbered("road_id", roads), road_works=numbered("work_id", works),
        road_reports=numbered("report_id", reports), stakes=stakes,
    )  # fmt: skip
    found = progress.answer(Question(given, held), surveys=())
    b.check_evidence(found)
    for finding in found.findings:
        assert finding.message.vi
        assert finding.message.en
    by_id = b.by_id(found)
    for k in range(len(works)):
        low = [by_id[f"progress.W{k}.{kind}_km"].low or 0 for kind in
               ("reported", "poured", "accepted")]  # fmt: skip
        assert low == sorted(low, reverse=True)
    claimed = {(c.report_id, c.content) for c in (*held.claims, *claims_of(given["road_reports"]))}
    assert len(found.frames["road_reports"]) == len(claimed)
    for _, parts in found.frames["road_progress"].groupby(["work_id", "on"]):
        assert parts["from_m"].tolist()[1:] == parts["to_m"].tolist()[:-1]
        assert (parts["from_m"] < parts["to_m"]).all()
