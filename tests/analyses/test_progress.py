"""Road works through the whole analysis: the definitions of the contract, and the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
from works import ROAD, WORK, answered, bounds, dispute, km, layers, report, survey, told

from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.progress.claims import claims_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Claim, Decisions, Dispute
from ntm_gis.layers.values import Layers
from ntm_gis.results import Finding, Severity
from ntm_gis.results.words import sentence


def test_the_ladder_of_the_sample_by_hand() -> None:
    """BC01 … BC07 of the sample: 0–3,900 poured, 0–2,600 accepted, 0–4,100 reported."""
    rows = [
        report("BC01", 0, 1800, "base", "2025-04-20"),
        report("BC02", 0, 1250, "accepted", "2025-06-30"),
        report("BC03", 1100, 2750, "poured", "2025-08-15"),
        report("BC04", 1250, 2600, "accepted", "2025-09-30"),
        report("BC05", 2600, 3900, "poured", "2025-10-31"),
        report("BC06", 3900, 4100, "poured", "2025-12-20", width_m=2.8),
        report("BC07", 6800, 7200, "cleared", "2025-12-22", width_m=None),
    ]
    found = answered(*rows)
    assert km(found) == (4.1, 3.9, 2.6)
    assert bounds(found, "planned_km") == (7.0, 7.0, 7.0)
    assert bounds(found, "accepted_share")[0] == pytest.approx(100 * 2.6 / 7)
    assert bounds(found, "reported_added_km")[0] == 7.55
    early = progress.answer(
        Question(b.layers(b.commune(as_of=dt.date(2025, 9, 30)), roads=[ROAD], road_works=[WORK],
                          road_reports=rows))
    )  # fmt: skip
    assert km(early) == (2.75, 2.75, 2.6)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([report("1", 0, 2000), report("2", 0, 2000)], (2.0, 2.0, 0.0)),
        ([report("1", 0, 2000), report("2", 2000, 2000.01)], (2.00001, 2.00001, 0.0)),
        ([report("1", 0, 100, "cleared")], (0.1, 0.0, 0.0)),
        ([report("1", 0, 100, "base")], (0.1, 0.0, 0.0)),
        ([report("1", 0, 100, "accepted")], (0.1, 0.1, 0.1)),
        ([report("1", 0, 100, "accepted", verified_by=None)], (0.1, 0.1, 0.0)),
        ([report("1", 0, 100, "accepted", width_m=2.99)], (0.1, 0.0, 0.0)),
        ([report("1", 0, 100, "accepted", width_m=3.0)], (0.1, 0.1, 0.1)),
        ([report("1", 0, 100, "base", width_m=None)], (0.1, 0.0, 0.0)),
        ([report("1", 0, 100, "accepted", on="2025-12-31")], (0.1, 0.1, 0.1)),
        ([report("1", 0, 100, "accepted", on="2026-01-01")], (0.0, 0.0, 0.0)),
        ([report("1", 6000, 7000.01)], (1.0, 1.0, 0.0)),
        ([report("1", 6000, 7000.02)], (0.0, 0.0, 0.0)),
        ([report("1", 500, 400)], (0.0, 0.0, 0.0)),
        ([report("1", 500, 500)], (0.0, 0.0, 0.0)),
        ([report("1", 0, 100, work_id="CT99")], (0.0, 0.0, 0.0)),
    ],
    ids=["reported twice", "a centimetre more", "cleared", "base", "accepted", "by nobody",
         "too narrow", "just wide enough", "a base needs no width", "on the day", "a day later",
         "beyond by a centimetre", "beyond by two", "turned", "empty", "of no work of the list"],
)  # fmt: skip
def test_what_counts(rows: list[dict[str, Any]], expected: tuple[float, ...]) -> None:
    assert km(answered(*rows)) == expected


SURE, OPEN = (0.1, 0.1, 0.1), (None, 0.0, 0.1)


@pytest.mark.parametrize(
    ("row", "reported", "poured", "accepted"),
    [
        (report("1", 0, 100, "accepted", width_m=None), SURE, OPEN, OPEN),
        (report("1", 0, 100, None), SURE, OPEN, OPEN),
        (report("1", 0, 100, None, verified_by=None), SURE, OPEN, (0.0, 0.0, 0.0)),
        (report("1", 0, 100, "accepted", on=None), OPEN, OPEN, OPEN),
        (report("1", 0, 100, "accepted", work_id=None), OPEN, OPEN, OPEN),
        (report("1", 6900, None, "accepted"), OPEN, OPEN, OPEN),
        (report("1", None, 100, "accepted"), OPEN, OPEN, OPEN),
        (report("1", None, 7000.02, "accepted"), *(((0.0, 0.0, 0.0),) * 3)),
    ],
    ids=["no width", "no stage", "no stage, verified by nobody", "no day", "no work", "no end",
         "no start", "beyond wherever it starts"],
)  # fmt: skip
def test_what_is_blank_is_in_the_greatest_figure_alone(
    row: dict[str, Any],
    reported: tuple[float, ...],
    poured: tuple[float, ...],
    accepted: tuple[float, ...],
) -> None:
    found = answered(row)
    assert bounds(found, "reported_km") == reported
    assert bounds(found, "poured_km") == poured
    assert bounds(found, "accepted_km") == accepted


@pytest.mark.parametrize(
    ("work", "row", "expected"),
    [
        ({"from_m": None, "to_m": None}, report("1", 0, 7000), 7.0),
        ({"from_m": 1000.0, "to_m": None, "planned_length_m": 2000.0}, report("1", 2900, 3000), 0.1),
        ({"from_m": 1000.0, "to_m": None, "planned_length_m": 2000.0}, report("1", 2900, 3001), 0.0),
        ({"from_m": 1000.0, "to_m": 1500.0}, report("1", 999.99, 1100), 0.1),
        ({"from_m": 1000.0, "to_m": 1500.0}, report("1", 999, 1100), 0.0),
        ({"min_width_m": None}, report("1", 0, 100, width_m=None), 0.1),
        ({"min_width_m": None}, report("1", 0, 100, width_m=0.6), 0.1),
        ({"from_m": 500.0, "to_m": 400.0}, report("1", 410, 490), 0.0),
    ],
    ids=["from 0 to the designed length", "from its start on", "beyond that", "before by a centimetre",
         "before it", "no width asked for", "however narrow", "a work that ends before it starts"],
)  # fmt: skip
def test_the_span_of_a_work(work: dict[str, Any], row: dict[str, Any], expected: float) -> None:
    assert bounds(answered(row, road_works=[{**WORK, **work}]), "poured_km")[0] == expected


def test_without_its_span_nothing_of_a_work_is_sure() -> None:
    work = {**WORK, "to_m": None, "planned_length_m": None}
    found = answered(report("1", 0, 100, "accepted"), road_works=[work])
    assert bounds(found, "accepted_km") == (None, 0.0, 0.1)
    assert bounds(found, "planned_km") == (None, 0.0, None)
    assert bounds(found, "accepted_share") == (None, 0.0, 100.0)
    assert b.codes(found) == ["WORK_SPAN_UNKNOWN", "ACCEPTED_NOT_POURED"]
    endless = answered(report("1", 0, None), road_works=[work])
    assert bounds(endless, "reported_km") == (None, 0.0, None)


@pytest.mark.parametrize("field", ["from_m", "to_m", "min_width_m"])
def test_a_cell_that_could_not_be_read_is_no_blank(field: str) -> None:
    unread = Finding("VALUE_NOT_CHAINAGE", Severity.WARNING, sentence("STEP_LAYERS", {}),
                     layer="road_works", feature="CT01", field=field, value="Km1+1250")  # fmt: skip
    work = b.layer("road_works", [{**WORK, field: None}], [unread])
    given = layers(report("1", 0, 100))
    given = Layers(given.commune, {**given.by_name, "road_works": work})
    found = progress.answer(Question(given))
    assert bounds(found, "poured_km") == (None, 0.0, 0.1)


# --- The record ----------------------------------------------------------------------------------


def recorded(row: dict[str, Any], entry: str = "e" * 64) -> Claim:
    (claim,) = claims_of(b.layer("road_reports", [row]))
    return Claim(entry, *(getattr(claim, name) for name in list(Claim.__slots__)[1:]))


def test_rows_of_record_and_source_are_one_by_id_and_content() -> None:
    row = report("BC1", 0, 1000)
    both = answered(row, decisions=Decisions(claims=(recorded(row),)))
    alone = answered(decisions=Decisions(claims=(recorded(row),)), road_reports=None)
    assert km(both) == km(alone) == (1.0, 1.0, 0.0)
    assert len(both.frames["road_reports"]) == 1
    assert both.frames["road_reports"]["entry"].tolist() == ["e" * 64]
    assert not told(both, "REPORT_TWO_CONTENTS")


def test_of_two_contents_of_one_id_what_both_say_counts_for_sure() -> None:
    other = report("BC1", 500, 2000, width_m=3.2)
    decisions = Decisions(claims=(recorded(other),))
    # Ground that other reports cover stays certain, whichever content is right.
    beside = report("BC2", 1500, 2500)
    found = answered(report("BC1", 0, 1000), beside, decisions=decisions)
    assert bounds(found, "poured_km") == (1.5, 1.5, 2.5)
    now = found.frames["road_progress"]
    parts = {(r.from_m, r.to_m): r.state for r in now[now["on"] == now["on"].max()].itertuples()}
    assert parts[(500.0, 1000.0)] == "poured"
    assert parts[(0.0, 500.0)] == parts[(1000.0, 1500.0)] == "none"
    states = found.frames["road_reports"].set_index("report_id")["state"]
    assert states["BC1"].tolist() == ["contradicted", "contradicted"]
    assert not told(found, "REPORTS_OVERLAP")[0].message.vi.count("BC1, BC1")
    found = answered(report("BC1", 0, 1000), decisions=decisions)
    assert bounds(found, "reported_km") == (0.5, 0.5, 2.0)
    assert bounds(found, "accepted_km") == (0.0, 0.0, 0.0)
    (message,) = (f.message.vi for f in told(found, "REPORT_TWO_CONTENTS"))
    for words in ("Km0+000 – Km1+000", "Km0+500 – Km2+000", "trong sổ", "dòng", "UBND xã"):
        assert words in message
    (asked,) = told(found, "REPORT_TWO_CONTENTS")
    assert asked.severity == Severity.BLOCK
    for words in ("Từ lý trình", "Đến lý trình", "Bề rộng"):
        assert words in asked.message.vi
    assert "progress.CT01.accepted_km" in asked.affects


def test_what_nobody_reported_poured_is_accepted_with_a_note() -> None:
    poured = report("BC1", 0, 600), report("BC2", 400, 500, width_m=2.0)
    found = answered(*poured, report("BC3", 300.5, 1000, "accepted"))
    assert bounds(found, "accepted_km") == (0.6995, 0.6995, 0.6995)
    (told_of,) = told(found, "ACCEPTED_NOT_POURED")
    assert "400 m" in told_of.message.vi
    assert "Km0+600 – Km1+000" in told_of.message.vi
    assert not told(answered(report("1", 0, 10), report("2", 0, 10, "accepted")), told_of.code)


def test_without_reports_and_record_the_lengths_are_not_known() -> None:
    found = progress.answer(Question(layers(road_reports=None)))
    assert bounds(found, "reported_km") == (None, 0.0, None)
    assert [n.code for n in b.by_id(found)["progress.CT01.accepted_km"].notes] == [
        "LAYER_NOT_GIVEN"
    ]
    empty = progress.answer(Question(layers(road_reports=None), Decisions(head="f" * 64)))
    assert bounds(empty, "reported_km") == (0.0, 0.0, 0.0)


def test_disputed_ground_is_in_the_greatest_figure_alone() -> None:
    rows = [report("BC1", 0, 1000, "accepted"), report("BC2", 1000, 1200, "poured")]
    found = answered(*rows, decisions=Decisions(disputes=(dispute(700, 1100),)))
    assert bounds(found, "reported_km") == (0.8, 0.8, 1.2)
    assert bounds(found, "poured_km") == (0.8, 0.8, 1.2)
    assert bounds(found, "accepted_km") == (0.7, 0.7, 1.0)
    parts = b.by_id(found)["progress.CT01.poured_km"].evidence.features
    assert [(p.id, p.amount, p.unknown, p.weight) for p in parts] == [
        ("BC1", 0.7, False, None), ("BC2", 0.1, False, None),
        ("BC1", 0.0, True, 0.3), ("BC2", 0.0, True, 0.1),
    ]  # fmt: skip
    (asked,) = told(found, "STRETCH_DISPUTED")
    assert "Km0+700 – Km1+100" in asked.message.vi
    assert "Chưa thấy bê tông" in asked.message.vi


@pytest.mark.parametrize(
    ("outcome", "on", "expected"),
    [
        ("counts", "2025-12-01", (1.0, 1.0)),
        ("does_not_count", "2025-12-01", (0.6, 0.6)),
        ("does_not_count", "2026-01-02", (0.6, 1.0)),
    ],
    ids=["it counts", "it does not", "settled after the day of the figures"],
)
def test_a_dispute_settled(outcome: str, on: str, expected: tuple[float, float]) -> None:
    settled = dispute(200, 600, outcome=outcome, settled_on=dt.date.fromisoformat(on))
    found = answered(report("BC1", 0, 1000), decisions=Decisions(disputes=(settled,)))
    assert bounds(found, "poured_km")[1:] == expected


def test_a_dispute_about_a_work_that_is_not_there_is_told() -> None:
    lost = Dispute("", "CT99", 0, 100, dt.date(2025, 1, 1), "bản", "?")
    assert b.codes(answered(decisions=Decisions(disputes=(lost,)))) == ["DISPUTE_WITHOUT_WORK"]


def test_surveys_are_credited_once() -> None:
    mine = Decisions(surveys=(survey("A", (0, 100_000)), survey("B", (90_000, 120_000), (5, 9))))
    found = answered(decisions=mine)
    assert bounds(found, "surveyed_km") == (1.2, 1.2, 1.2)
    parts = b.by_id(found)["progress.CT01.surveyed_km"].evidence.features
    assert [(p.id, p.amount) for p in parts] == [("A", 1.0), ("B", 0.2)]
    later = Decisions(surveys=(survey("A", (0, 500), on=dt.date(2026, 1, 1)),))
    assert bounds(answered(decisions=later), "surveyed_km") == (None, 0.0, None)
    undated = Decisions(surveys=(survey("A", (0, 50_000), on=None),))
    assert bounds(answered(decisions=undated), "surveyed_km") == (None, 0.0, 0.5)


def test_tracks_of_sources_are_matched_and_counted_with_those_of_the_record() -> None:
    track = [{"track_id": "T", "work_id": "CT01", "recorded_on": "2025-06-01",
              "geometry": b.line(*((2.0, 10.0 * k) for k in range(91)))}]  # fmt: skip
    given = layers(tracks=track)
    walked = b.by_id(progress.answer(Question(given)))["progress.CT01.surveyed_km"]
    assert walked.value == pytest.approx(0.9, abs=0.01)
    both = Decisions(surveys=(survey("A", (0, 120_000)),))
    assert bounds(progress.answer(Question(given, both)), "surveyed_km")[0] == 1.2
    told = progress.answer(Question(given), surveys=[survey("T", (0, 80_000))])
    assert bounds(told, "surveyed_km") == (0.8, 0.8, 0.8)
    assert bounds(progress.answer(Question(given), surveys=[]), "surveyed_km") == (0.0, 0.0, 0.0)


def test_a_record_that_cannot_be_read_leaves_no_figure_known_that_rests_on_it() -> None:
    unread = Decisions(unread=True)
    found = answered(report("1", 0, 1000, "accepted"), decisions=unread)
    for what in ("reported_km", "poured_km", "accepted_km", "surveyed_km", "days_left"):
        assert bounds(found, what) == (None, 0.0, None), what
        notes = b.by_id(found)[f"progress.CT01.{what}"].notes
        assert [note.code for note in notes] == ["RECORD_UNREAD"], what
    assert bounds(found, "accepted_share") == (None, 0.0, 100.0)
    assert bounds(found, "planned_km") == (7.0, 7.0, 7.0)
    walked = progress.answer(Question(layers(), unread), surveys=[survey("T", (0, 80_000))])
    b.check_evidence(walked)
    assert bounds(walked, "surveyed_km") == (None, 0.8, None)
