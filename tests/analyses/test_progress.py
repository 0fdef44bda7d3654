"""Road works through the whole analysis: definitions of the contract, findings, frames."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
import shapely

from ntm_gis.analyses import progress, roads
from ntm_gis.analyses.affects import filled
from ntm_gis.analyses.progress_claims import claims_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Claim, Decisions, Dispute, Place, Survey
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Finding, Measure, Severity
from ntm_gis.results.words import sentence
from ntm_gis.rules.schema import schema

ROAD = {"road_id": "D05", "road_class": "village", "surface": "earth",
        "geometry": b.line((0, 0), (0, 7000))}  # fmt: skip
WORK = {"work_id": "CT01", "road_id": "D05", "planned_length_m": 7000.0, "from_m": 0.0,
        "to_m": 7000.0, "min_width_m": 3.0, "name": "Đường Hô Tra"}  # fmt: skip


def report(
    key: str, since: float | None, until: float | None, stage: str | None = "poured",
    on: str | None = "2025-06-30", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    row = {"report_id": key, "work_id": "CT01", "from_m": since, "to_m": until, "stage": stage,
           "reported_on": on, "verified_by": "Phòng Kinh tế", "reported_by": "UBND xã",
           "width_m": 3.5}  # fmt: skip
    return {**row, **more}


def layers(*reports: dict[str, Any], **more: Any) -> Layers:
    return b.layers(
        **{"roads": [ROAD], "road_works": [WORK], "road_reports": list(reports), **more}
    )


def answered(*reports: dict[str, Any], decisions: Decisions | None = None, **more: Any) -> Answer:
    found = progress.answer(Question(layers(*reports, **more), decisions or Decisions()))
    b.check_evidence(found)
    return found


def bounds(found: Answer, what: str, work: str = "CT01") -> tuple[float | None, ...]:
    measure = b.by_id(found)[f"progress.{work}.{what}"]
    return measure.value, measure.low, measure.high


def km(found: Answer) -> tuple[float | None, ...]:
    """Reported, poured, accepted where all three are certain."""
    out = []
    for kind in ("reported", "poured", "accepted"):
        value, low, high = bounds(found, f"{kind}_km")
        assert value == low == high
        out.append(value)
    return tuple(out)


def told(found: Answer, code: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.code == code]


# --- Definitions ---------------------------------------------------------------------------------


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
    assert b.codes(found) == ["WORK_SPAN_UNKNOWN"]
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


def test_one_id_with_two_contents_counts_twice_and_is_asked_about() -> None:
    other = report("BC1", 500, 2000, width_m=3.2)
    found = answered(report("BC1", 0, 1000), decisions=Decisions(claims=(recorded(other),)))
    assert km(found) == (2.0, 2.0, 0.0)
    (asked,) = told(found, "REPORT_TWO_CONTENTS")
    assert asked.severity == Severity.BLOCK
    for words in ("Từ lý trình", "Đến lý trình", "Bề rộng"):
        assert words in asked.message.vi
    assert "progress.CT01.accepted_km" in asked.affects


def test_without_reports_and_record_the_lengths_are_not_known() -> None:
    found = progress.answer(Question(layers(road_reports=None)))
    assert bounds(found, "reported_km") == (None, 0.0, None)
    assert [n.code for n in b.by_id(found)["progress.CT01.accepted_km"].notes] == [
        "LAYER_NOT_GIVEN"
    ]
    empty = progress.answer(Question(layers(road_reports=None), Decisions(head="f" * 64)))
    assert bounds(empty, "reported_km") == (0.0, 0.0, 0.0)


def dispute(since: float, until: float, **more: Any) -> Dispute:
    return Dispute("", "CT01", int(since * 100), int(until * 100), dt.date(2025, 11, 1),
                   "Trưởng bản", "Chưa thấy bê tông", **more)  # fmt: skip


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


def survey(key: str, *spans: tuple[int, int], on: dt.date | None = dt.date(2025, 6, 1)) -> Survey:
    return Survey("", key, "CT01", on, "cán bộ", spans)


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


# --- Findings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "code", "row", "field", "words"),
    [
        ([report("1", 6800, 7200)], "REPORT_BEYOND_ROAD", 1, "to_m", "Km6+800 – Km7+200"),
        ([report("1", 3000, 2000)], "REPORT_REVERSED", 1, "from_m", "Km3+000"),
        ([report("1", 2000, 2000)], "REPORT_EMPTY", 1, "from_m", "Km2+000"),
        ([report("1", 0, 10, work_id="CT99")], "REPORT_WORK_UNKNOWN", 1, "work_id", "CT99"),
        ([report("1", 0, 10, on="2026-02-01")], "REPORT_LATER", 1, "reported_on", "01/02/2026"),
        ([report("1", 0, 10, width_m=2.8)], "REPORT_NARROW", 1, "width_m", "2,80 m"),
        ([report("1", 0, 10, width_m=None)], "REPORT_WIDTH_UNKNOWN", 1, "width_m", "3,00 m"),
        ([report("1", 0, 10, "accepted", verified_by=None)], "ACCEPTANCE_UNVERIFIED", 1,
         "verified_by", "người xác nhận"),
        ([report("1", 0, 300, "accepted"), report("2", 200, 400, on="2025-07-01")],
         "ACCEPTED_BEFORE_POURED", 1, "reported_on", "Km0+200 – Km0+300"),
        ([report("1", 0, 300), report("2", 200, 400, on="2025-07-01")], "REPORTS_OVERLAP", 2,
         "from_m", "100 m"),
    ],
)  # fmt: skip
def test_each_fault_has_its_finding_with_row_and_repair(
    rows: list[dict[str, Any]], code: str, row: int, field: str, words: str
) -> None:
    good = report("9", 5000, 5100, on="2025-07-02")
    found = answered(*rows, good)
    (finding,) = told(found, code)
    assert (finding.file, finding.row, finding.field) == ("sources/road_reports.gpkg", row, field)
    assert finding.layer == "road_reports"
    assert words in finding.message.vi
    assert finding.repair is not None
    assert (bounds(found, "reported_km")[1] or 0) >= 0.1  # the good row counts all the same
    if code != "REPORT_WORK_UNKNOWN":
        assert "progress.CT01.accepted_km" in finding.affects
        assert finding.at is not None or code in ("REPORT_EMPTY", "REPORT_BEYOND_ROAD")


def test_a_report_beyond_the_work_but_on_the_road_is_said_so() -> None:
    work = {**WORK, "to_m": 5000.0, "planned_length_m": 5000.0}
    (finding,) = answered(report("1", 4900, 5200), road_works=[work]).findings
    assert finding.code == "REPORT_BEYOND_WORK"
    assert "Km5+000" in finding.message.vi


def test_day_and_month_swapped_before_the_start_of_work() -> None:
    work = {**WORK, "start_on": "2025-03-10"}
    (finding,) = told(answered(report("1", 0, 9, on="2025-03-05"), road_works=[work]),
                      "REPORT_BEFORE_START")  # fmt: skip
    assert "05/03/2025" in finding.message.vi
    assert "10/03/2025" in finding.message.vi


def test_a_work_the_checks_have_told_of_is_not_told_twice() -> None:
    known = Finding("REFERENCE_UNKNOWN", Severity.WARNING, sentence("STEP_LAYERS", {}),
                    layer="road_reports", feature="1", field="work_id")  # fmt: skip
    given = layers()
    rows = b.layer("road_reports", [report("1", 0, 10, work_id="CT99")], [known])
    found = progress.answer(
        Question(Layers(given.commune, {**given.by_name, "road_reports": rows}))
    )
    assert not found.findings
    assert found.frames["road_reports"]["state"].tolist() == ["unknown_work"]


def test_who_reported_the_same_ground_and_when() -> None:
    found = answered(
        report("BC2", 0, 1250, "accepted", "2025-06-30", reported_by="UBND xã"),
        report("BC3", 1100, 2750, "poured", "2025-08-15", reported_by="Đơn vị thi công"),
        report("BC4", 1250, 2600, "accepted", "2025-09-30"),
        report("BC5", 2600, 3900, "poured", "2025-10-31", reported_by="Bản Hô Tra"),
    )
    frame = found.frames["road_overlaps"]
    assert frame[["first", "second", "from_m", "to_m"]].to_numpy().tolist() == [
        ["BC2", "BC3", 1100.0, 1250.0], ["BC3", "BC5", 2600.0, 2750.0]
    ]  # fmt: skip
    assert frame.geometry.length.tolist() == pytest.approx([150, 150])
    first, second = told(found, "REPORTS_OVERLAP")
    for words in ("BC2", "UBND xã", "30/06/2025", "Đơn vị thi công", "150 m"):
        assert words in first.message.vi
    assert "Bản Hô Tra" in second.message.vi


@pytest.mark.parametrize(
    ("rows", "again"),
    [
        ([report("1", 0, 9, "base"), report("2", 0, 9, "poured", "2025-07-01")], 0),
        ([report("1", 0, 9, "poured"), report("2", 0, 9, "base", "2025-07-01")], 1),
        ([report("1", 0, 9, "poured"), report("2", 0, 9, "accepted")], 0),
        ([report("1", 0, 9), report("2", 0, 9)], 1),
        ([report("1", 0, 9), report("2", 9, 12)], 0),
        ([report("1", 0, 9, width_m=2.5), report("2", 0, 9, on="2025-07-01")], 0),
        ([report("1", 0, 9, on=None), report("2", 0, 9)], 1),
        ([report("1", 0, 9, on=None), report("2", 0, 9, "base")], 0),
        ([report("1", 0, 9), report("2", 0, 9, on="2026-07-01")], 0),
    ],
    ids=["up the ladder", "down the ladder", "accepted on the day", "twice", "side by side",
         "poured again, wide enough", "no day, one stage", "no day, two stages", "not yet"],
)  # fmt: skip
def test_what_is_a_repetition(rows: list[dict[str, Any]], again: int) -> None:
    assert len(answered(*rows).frames["road_overlaps"]) == again


def test_two_works_on_one_interval() -> None:
    works = [{**WORK, "to_m": 3000.0, "planned_length_m": 3000.0},
             {**WORK, "work_id": "CT02", "from_m": 2500.0, "to_m": 4000.0,
              "planned_length_m": 1500.0}]  # fmt: skip
    found = answered(report("1", 2000, 3000), report("2", 2500, 3500, work_id="CT02"),
                     road_works=works)  # fmt: skip
    (finding,) = told(found, "WORKS_OVERLAP")
    assert "Km2+500 – Km3+000" in finding.message.vi
    assert {"progress.CT01.poured_km", "progress.CT02.poured_km"} <= set(finding.affects)
    assert bounds(found, "poured_km")[0] == bounds(found, "poured_km", "CT02")[0] == 1.0
    # By class of road the half kilometre of both counts once.
    assert b.by_id(found)["progress.by_class.village.poured_km"].value == 1.5


@pytest.mark.parametrize(
    ("work", "codes"),
    [
        ({"planned_length_m": 7500.0, "to_m": 7500.0}, ["WORK_BEYOND_ROAD"]),
        ({"planned_length_m": 7020.0, "to_m": 7020.0}, []),
        ({"planned_length_m": 6000.0}, ["WORK_LENGTH_DIFFERS"]),
        ({"from_m": 100.0, "to_m": 50.0}, ["WORK_SPAN_REVERSED"]),
        ({"road_id": "D06"}, ["ROAD_WITHOUT_AXIS"]),
        ({"road_id": "D99"}, []),
    ],
    ids=["beyond the road", "within half a per cent", "length and span differ", "turned",
         "a road in parts", "an unknown road, told by the checks"],
)  # fmt: skip
def test_works_that_do_not_fit(work: dict[str, Any], codes: list[str]) -> None:
    parts = shapely.MultiLineString([b.line((500, 0), (500, 100)), b.line((500, 200), (500, 900))])
    drawn = [ROAD, {**ROAD, "road_id": "D06", "geometry": parts}]
    assert b.codes(answered(roads=drawn, road_works=[{**WORK, **work}])) == codes


# --- Classes, money, frames ----------------------------------------------------------------------


def by_class(*reports: dict[str, Any], **more: Any) -> dict[str, Measure]:
    given = layers(*reports, **more)
    found = progress.answer(Question(given, measures=roads.answer(Question(given)).measures))
    b.check_evidence(found)
    return {m.id.removeprefix("progress.by_class."): m for m in found.measures
            if m.id.startswith("progress.by_class.")}  # fmt: skip


def test_share_by_class_and_for_the_commune() -> None:
    drawn = [ROAD, {**ROAD, "road_id": "D06", "geometry": b.line((900, 0), (900, 3000))},
             {**ROAD, "road_id": "X1", "road_class": "commune",
              "geometry": b.line((2000, 0), (2000, 10_000))}]  # fmt: skip
    works = [WORK, {**WORK, "work_id": "CT2", "road_id": "X1", "planned_length_m": 4000.0,
                    "to_m": 4000.0}]  # fmt: skip
    found = by_class(report("1", 0, 2000), report("2", 0, 1000, "accepted", work_id="CT2"),
                     roads=drawn, road_works=works)  # fmt: skip
    assert found["village.poured_km"].value == 2.0
    assert found["village.poured_share"].value == pytest.approx(20.0)
    assert found["village.accepted_share"].value == 0.0
    assert found["commune.accepted_share"].value == pytest.approx(10.0)
    assert found["all.planned_km"].value == 11.0
    assert found["all.poured_share"].value == pytest.approx(15.0)
    assert set(found) == {f"{c}.{x}" for c in ("village", "commune", "all") for x in (
        "planned_km", "poured_km", "poured_share", "accepted_km", "accepted_share")}  # fmt: skip


def test_a_road_of_unknown_class_may_be_of_any() -> None:
    drawn = [ROAD, {**ROAD, "road_id": "D06", "road_class": None,
                    "geometry": b.line((900, 0), (900, 3000))}]  # fmt: skip
    works = [WORK, {**WORK, "work_id": "CT2", "road_id": "D06", "planned_length_m": 3000.0,
                    "to_m": 3000.0}]  # fmt: skip
    found = by_class(report("1", 0, 2000), report("2", 0, 1000, work_id="CT2"), roads=drawn,
                     road_works=works)  # fmt: skip
    village = found["village.poured_km"]
    assert (village.value, village.low, village.high) == (2.0, 2.0, 3.0)
    assert found["all.poured_km"].value == 3.0


def test_the_state_of_each_stretch_on_each_day() -> None:
    rows = [
        report("BC1", 0, 1800, "base", "2025-04-20", photo="a.jpg"),
        report("BC2", 0, 1250, "accepted", "2025-06-30", verified_by="Phòng Kinh tế"),
        report("BC6", 1800, 2000, "poured", "2025-06-30", width_m=2.8),
    ]
    frame = answered(*rows, decisions=Decisions(disputes=(dispute(1000, 1100),))).frames[
        "road_progress"
    ]
    days = sorted(frame["on"].dt.date.unique())
    assert days == [dt.date(2025, *d) for d in ((4, 20), (6, 30), (11, 1), (12, 31))]
    for day in days:
        there = frame[frame["on"].dt.date == day]
        assert there["from_m"].tolist()[1:] == there["to_m"].tolist()[:-1]
        assert (there["from_m"].iloc[0], there["to_m"].iloc[-1]) == (0.0, 7000.0)
        assert there.geometry.length.to_numpy() == pytest.approx(there["to_m"] - there["from_m"])
    columns = ["from_m", "to_m", "state", "reports", "verified_by", "photo", "not_counted"]
    last = frame[frame["on"].dt.date == days[-1]][columns]
    assert last.to_numpy().tolist() == [
        [0, 1000, "accepted", "BC2, BC1", "Phòng Kinh tế", "a.jpg", None],
        [1000, 1100, "disputed", "BC2, BC1", "Phòng Kinh tế", "a.jpg", None],
        [1100, 1250, "accepted", "BC2, BC1", "Phòng Kinh tế", "a.jpg", None],
        [1250, 1800, "base", "BC1", "Phòng Kinh tế", "a.jpg", None],
        [1800, 2000, "none", None, None, None, "BC6"],
        [2000, 7000, "none", None, None, None, None],
    ]
    first = frame[frame["on"].dt.date == days[0]]
    assert first["state"].tolist() == ["base", "none"]


def test_of_very_many_days_the_last_of_each_month_is_shown() -> None:
    day = dt.date(2025, 1, 1)
    rows = [report(f"BC{k}", 50 * k, 50 * k + 50, on=f"{day + dt.timedelta(days=3 * k)}")
            for k in range(100)]  # fmt: skip
    found = answered(*rows)
    frame = found.frames["road_progress"]
    shown = sorted(frame["on"].dt.date.unique())
    assert len(shown) == 11
    assert shown[0] == dt.date(2025, 1, 31)
    assert shown[-1] == b.AS_OF
    january = frame[(frame["on"].dt.date == shown[0]) & (frame["state"] == "poured")]
    assert january["to_m"].max() == 550.0
    assert len(found.frames["road_history"]) == 101


def test_what_became_of_each_report() -> None:
    rows = [
        report("01", 0, 100), report("02", 3000, 2000), report("03", 6900, 7200),
        report("04", 0, 10, work_id="CT99"), report("05", 0, 10, on="2026-01-01"),
        report("06", 0, 10, on=None), report("07", 0, 10, width_m=2.0),
        report("08", 0, 10, width_m=None), report("09", 0, 10, "accepted", verified_by=None),
        report("10", 500, 600), report("11", None, 10), report("12", 0, 10, None),
        report("13", 900, 950),
    ]  # fmt: skip
    held = Decisions(
        disputes=(
            dispute(550, 560),
            dispute(900, 950, outcome="does_not_count", settled_on=dt.date(2025, 12, 1)),
        )
    )
    frame = answered(*rows, decisions=held).frames["road_reports"].sort_values("id")
    assert dict(zip(frame["id"], frame["state"], strict=True)) == {
        "01": "counted", "02": "reversed", "03": "beyond", "04": "unknown_work", "05": "future",
        "06": "undated", "07": "narrow", "08": "width_unknown", "09": "unverified",
        "10": "disputed", "11": "incomplete", "12": "incomplete", "13": "refused",
    }  # fmt: skip
    assert frame["@row"].tolist() == list(range(1, 14))
    assert frame["@file"].unique().tolist() == ["sources/road_reports.gpkg"]


def test_plan_against_fact() -> None:
    work = {**WORK, "start_on": "2025-01-01", "due_on": "2025-12-31"}
    rows = [report("1", 0, 3000, on="2025-03-31"), report("2", 3000, 3100, on="2025-12-01")]
    frame = answered(*rows, road_works=[work]).frames["road_history"]
    assert frame["state"].tolist() == ["ahead", "behind", "behind"]
    assert frame["poured_km"].tolist() == [3.0, 3.1, 3.1]
    assert frame["due_km"].iloc[-1] == 7.0
    assert frame["due_km"].iloc[0] == pytest.approx(7 * 89 / 364, abs=1e-5)


def test_payments_of_a_work_and_per_kilometre_poured() -> None:
    paid = [
        {"payment_id": "1", "fund_id": "A", "work_id": "CT01", "million_vnd": 300.0,
         "paid_on": "2025-06-01"},
        {"payment_id": "2", "fund_id": "A", "work_id": "CT01", "million_vnd": 100.0,
         "paid_on": "2026-06-01"},
        {"payment_id": "3", "fund_id": "A", "work_id": None, "million_vnd": 50.0,
         "paid_on": "2025-06-01"},
        {"payment_id": "4", "fund_id": "A", "work_id": "CT01", "million_vnd": 40.0, "paid_on": None},
    ]  # fmt: skip
    found = answered(report("1", 0, 2000), report("2", 2000, 2500, width_m=None), payments=paid)
    assert bounds(found, "paid_million") == (300.0, 300.0, 340.0)
    assert bounds(found, "paid_million_per_km") == (150.0, 120.0, 170.0)


def test_frames_have_what_maps_need_and_texts_are_texts() -> None:
    for given in (answered(), answered(report("1", 0, 10))):
        for name in ("road_progress", "road_reports", "road_overlaps", "road_history",
                     "road_carry_over"):  # fmt: skip
            frame = given.frames[name]
            assert {"id", "state", "geometry"} <= set(frame.columns)
            assert frame.crs.to_string() == b.CRS
            assert frame["id"].dtype == object


def test_every_measure_says_which_fields_it_reads() -> None:
    found = answered(report("1", 0, 10))
    for names in progress.READS.values():
        for layer, fields in names.items():
            assert set(fields) <= set(schema(layer).names)
    probes = [Finding("X", Severity.NOTE, sentence("STEP_LAYERS", {}), layer=layer)
              for layer in ("road_works", "road_reports", "roads", "tracks", "payments")]  # fmt: skip
    touched = {m for f in filled(probes, found.measures, progress.READS) for m in f.affects}
    assert touched == {measure.id for measure in found.measures}


def test_the_answer_does_not_hang_on_the_order_of_rows() -> None:
    rows = [report(f"BC{k}", 100 * k, 100 * k + 150, on=f"2025-0{1 + k}-01") for k in range(8)]
    one, other = answered(*rows), answered(*rows[::-1])
    assert one.measures == other.measures
    for name in ("road_progress", "road_history", "road_overlaps"):
        assert one.frames[name].equals(other.frames[name]), name


def test_a_work_without_road_is_figured_all_the_same() -> None:
    found = answered(report("1", 0, 500), roads=None)
    assert km(found) == (0.5, 0.5, 0.0)
    assert found.frames["road_progress"].geometry.isna().all()


def test_a_record_claim_is_told_with_the_place_it_was_read_at() -> None:
    claim = Claim("e" * 64, "BC1", "CT01", 300_000, 200_000, "poured", dt.date(2025, 6, 1),
                  width_cm=350, place=Place("bao_cao.xlsx", "0" * 64, "Tháng 6", 12))  # fmt: skip
    (finding,) = answered(decisions=Decisions(claims=(claim,))).findings
    assert (finding.code, finding.file, finding.table, finding.row) == (
        "REPORT_REVERSED", "bao_cao.xlsx", "Tháng 6", 12
    )  # fmt: skip
