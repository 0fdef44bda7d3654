"""What the record says on a day, and what it says about itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from record_kit import (
    COMMUNE,
    DAY,
    NOON,
    Replica,
    append,
    claim,
    disputed,
    entries,
    filled,
    foreign,
    undo,
)

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import NOTHING, Centreline, Decision, Place, Survey
from ntm_gis.record.entries import Draft
from ntm_gis.record.folding import fold
from ntm_gis.results import Finding, Severity


def test_a_commune_without_a_record_has_decided_nothing(path):
    assert record.state(path, DAY) == NOTHING
    assert record.history(path) == ()


def test_a_record_without_entries_has_no_head(path):
    with record.writing(path, COMMUNE, device="may-a"):
        pass
    assert record.state(path, DAY) == NOTHING


def test_a_record_that_is_gone_while_its_files_are_there_is_said(path):
    file = path.with_name("phiếu.csv")
    file.write_bytes(b"a;b\n")
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(), [ledger.keep(file)])], at=NOON)
    path.unlink()
    (finding,) = record.state(path, DAY).findings
    assert (finding.code, finding.severity) == ("RECORD_GONE", Severity.BLOCK)
    with pytest.raises(RecordError) as caught:
        filled(path)
    assert caught.value.code == "RECORD_GONE"
    assert not path.exists()


def test_the_state_holds_what_was_entered(path):
    line = Centreline("ab" * 32, "R1", 1, "EPSG:9205", ((0, 0), (70_000, 0)), DAY, None)
    survey = Survey("", "T1", "HT", DAY, "Páo", ((0, 5000),), ((5000, 6000, "gap"),), "ab" * 32)
    keep = Decision(
        "", "plan_item:K1", "keep", DAY, "Chủ tịch", "còn phù hợp", None, (("ha", "2"),)
    )
    accepted = claim(2, verified_by="Ban giám sát", minute_no="12/BB", stage="accepted")
    append(
        path,
        record.centreline(line),
        record.report(claim(1, reported_on=dt.date(2027, 1, 1))),
        record.acceptance(accepted),
        record.survey(survey),
        record.decision(keep),
    )
    found = record.state(path, DAY, commune=COMMUNE)
    assert found.centrelines == (line,)
    # What a date in the future means is for the analyses to say.
    assert [replace(c, entry="") for c in found.claims] == [
        claim(1, reported_on=dt.date(2027, 1, 1)), accepted]  # fmt: skip
    assert [replace(s, entry="") for s in found.surveys] == [survey]
    assert [replace(d, entry="") for d in found.decided] == [keep]
    assert found.findings == ()
    assert found.check_code == record.check_code(found.head)
    assert record.state(path, DAY) == found


def test_what_is_said_twice_is_there_once(path):
    append(path, record.report(claim(1, place=Place("a.xlsx", None, None, 2))))
    other = path.with_name("other.sqlite")
    append(other, record.report(claim(1, place=Place("b.csv", None, None, 9))), device="may-b")
    record.merge(path, other, COMMUNE)
    assert len(entries(path)) == 2
    (found,) = record.state(path, DAY).claims
    assert found.place.file == "a.xlsx"
    assert record.history(path)[1].same_as == entries(path)[0]


def test_the_same_claim_by_report_and_by_acceptance_is_one(path):
    accepted = claim(1, stage="accepted", verified_by="Ban giám sát")
    append(path, record.report(accepted), record.acceptance(accepted))
    assert len(record.state(path).claims) == 1


def test_corrections_are_both_kept_and_only_the_new_one_counts(path):
    filled(path, 1)
    undo(path, "1")
    append(path, record.report(claim(0, to_cm=4000)))
    assert [c.to_cm for c in record.state(path).claims] == [4000]
    assert [bool(line.undone_by) for line in record.history(path)] == [True, False, False]


def test_disputes_begin_and_end_on_their_days(path):
    append(path, record.dispute(disputed(raised_on=dt.date(2025, 10, 1))))
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([
            record.settlement(ledger.find("1"), "counts", settled_on=dt.date(2025, 12, 1),
                              settled_by="Chủ tịch", document="15/BB"),
        ])  # fmt: skip
    assert record.state(path, dt.date(2025, 9, 30)).disputes == ()
    assert [d.outcome for d in record.state(path, dt.date(2025, 11, 30)).disputes] == [None]
    (ended,) = record.state(path, dt.date(2025, 12, 1)).disputes
    assert (ended.outcome, ended.document, ended.settled_by) == ("counts", "15/BB", "Chủ tịch")
    undo(path, "2")
    assert [d.outcome for d in record.state(path).disputes] == [None]
    undo(path, "1")
    assert record.state(path).disputes == ()


def test_a_matter_raised_on_two_machines_is_settled_once():
    a, b = Replica("may-a"), Replica("may-b")
    a.add(record.dispute(disputed()))
    second = b.add(record.dispute(disputed()))
    b.add(record.settlement(second, "does_not_count", settled_on=DAY, settled_by="CT"))
    a.take(b)
    assert [d.outcome for d in fold(a.held.values()).disputes] == ["does_not_count"]


def test_the_newest_settlement_and_reading_of_a_track_hold(path):
    place = Place("tuyến.gpx", "cd" * 32)
    append(
        path,
        record.dispute(disputed()),
        record.survey(Survey("", "T1", "HT", DAY, None, ((0, 9),), place=place)),
        record.survey(Survey("", "T1", "HT", DAY, None, ((0, 7),), place=place)),
        record.survey(
            Survey("", "T1", "HT", DAY, None, ((1, 2),), place=Place("b.gpx", "ef" * 32))
        ),
    )
    for outcome in ("counts", "does_not_count", "counts"):
        with record.writing(path, COMMUNE, device="may-a") as ledger:
            draft = record.settlement(ledger.find("1"), outcome, settled_on=DAY, settled_by="CT")
            assert ledger.append([draft])[0].state == "new"
            assert ledger.append([draft])[0].state == "known"
        assert record.state(path).disputes[0].outcome == outcome
    assert [s.credited for s in record.state(path).surveys] == [((0, 7),), ((1, 2),)]
    undo(path, "3")
    assert [s.credited for s in record.state(path).surveys] == [((0, 9),), ((1, 2),)]


def test_decisions_count_from_their_day_on_and_may_go_back(path):
    for day, choice in ((1, "keep"), (2, "drop"), (3, "keep")):
        on = dt.date(2025, 12, day)
        append(path, record.decision(Decision("", "plan_item:K1", choice, on, "CT", "vì")))
    assert [d.choice for d in record.state(path, dt.date(2025, 12, 2)).decided] == ["keep", "drop"]
    assert [d.choice for d in record.state(path).decided] == ["keep", "drop", "keep"]


def test_kinds_of_a_later_version_are_kept_and_said(path):
    append(path, Draft("wage", {"who": "A", "days": 3}), record.report(claim()))
    found = record.state(path, DAY)
    assert len(found.claims) == 1
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("RECORD_KIND_UNKNOWN", Severity.WARNING)
    assert "wage" in finding.message.vi
    assert len(entries(path)) == 2
    assert record.verify(path).whole


def test_a_known_kind_not_understood_is_kept_and_said(path):
    later = (Draft("report", {"report_id": "1", "from_cm": "Km1"}), Draft("report", {"x": 1}))
    for draft in later:
        with pytest.raises(RecordError) as caught:
            append(path, draft)
        assert caught.value.code == "RECORD_VALUE_UNFIT"
    foreign(path, *later)
    (finding,) = record.state(path, DAY).findings
    assert finding.code == "RECORD_ENTRY_UNREAD"
    assert finding.message.vi.startswith("Sổ theo dõi có 2 mục loại 'báo cáo'")


def test_another_communes_record_is_refused(path):
    filled(path)
    with pytest.raises(RecordError) as caught:
        record.state(path, DAY, commune="03602")
    assert caught.value.code == "RECORD_OTHER_COMMUNE"
    # A run shows it as a finding, in the same words.
    finding = Finding.of(caught.value.code, **caught.value.params)
    assert finding.severity is Severity.STOP
