"""What goes into the record comes out of it, and what could not come out does not go in."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_kit import COMMUNE, DAY, NOON, Replica, append, claim, disputed, entries, patient

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import Centreline, Claim, Decision, Place, Survey
from ntm_gis.record.entries import KINDS, Draft
from ntm_gis.text import nfc

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip).map(nfc)
maybe = st.none() | texts
whole = st.integers(-(10**9), 10**9)
places = st.none() | st.builds(Place, texts, maybe, maybe, st.none() | st.integers(1, 10**6))
claims = st.builds(
    Claim, st.just(""), texts, maybe, st.none() | whole, st.none() | whole, maybe,
    st.none() | st.dates(), maybe, maybe, maybe, st.none() | whole, st.none() | whole, maybe, maybe,
    places,
)  # fmt: skip
spans = st.tuples(whole, st.integers(1, 10**6)).map(lambda s: (s[0], s[0] + s[1]))
surveys = st.builds(
    Survey, st.just(""), texts, texts, st.none() | st.dates(), maybe,
    st.lists(spans, max_size=3).map(tuple),
    st.lists(st.tuples(spans, texts).map(lambda s: (*s[0], s[1])), max_size=3).map(tuple),
    maybe, places,
)  # fmt: skip
lines = st.builds(
    Centreline, st.just("ab" * 32), texts, st.integers(1, 9), texts,
    st.lists(st.tuples(whole, whole), min_size=2, max_size=5).map(tuple), st.dates(), places,
)  # fmt: skip
decisions = st.builds(
    Decision, st.just(""), texts, texts, st.dates(), texts, texts, maybe,
    st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
)  # fmt: skip


def back(draft):
    """Return what an entry made of a draft says."""
    return record.value_of(Replica("may-a").add(draft))


def nameless(value):
    return replace(value, entry="") if any(f.name == "entry" for f in fields(value)) else value


@patient
@given(claims)
def test_claims_come_back(value):
    assert nameless(back(record.report(value))) == value
    assert back(record.report(value)).content == value.content


@patient
@given(surveys)
def test_surveys_come_back(value):
    assert nameless(back(record.survey(value))) == value


@patient
@given(lines)
def test_centrelines_come_back(value):
    assert back(record.centreline(value)) == value


@patient
@given(decisions)
def test_decisions_come_back(value):
    assert nameless(back(record.decision(value))) == value


@patient
@given(claims, claims)
def test_two_claims_are_one_by_content_alone(one, other):
    same = record.report(one).key == record.report(other).key
    assert same == (one.content == other.content)


def test_letters_decomposed_are_the_same_claim():
    composed, decomposed = claim(reported_by="Hồ"), claim(reported_by="Ho\u0302\u0300")
    assert record.report(composed).key == record.report(decomposed).key


def test_all_kinds_have_a_builder_and_a_reader():
    machine = Replica("may-a")
    report = machine.add(record.report(claim()))
    dispute = machine.add(record.dispute(disputed()))
    machine.add(record.acceptance(claim(verified_by="Ban giám sát")))
    machine.add(record.settlement(dispute, "counts", settled_on=DAY, settled_by="Chủ tịch"))
    machine.add(record.undo(report, why="nhầm", by="Páo", on=DAY))
    machine.add(record.survey(Survey("", "T1", "HT", None, None, ((0, 5),))))
    line = Centreline("ab" * 32, "R1", 1, "EPSG:9205", ((0, 0), (100, 0)), DAY)
    machine.add(record.centreline(line))
    machine.add(record.decision(Decision("", "plan_item:K1", "keep", DAY, "CT", "còn phù hợp")))
    assert {e.kind for e in machine.held.values()} == set(KINDS)
    for entry in machine.held.values():
        assert record.value_of(entry) is not None
        assert record.kind_title(entry.kind).vi != "loại khác"


def test_an_acceptance_is_a_claim_of_the_last_stage():
    found = back(record.acceptance(claim(stage=None, verified_by="Ban giám sát")))
    assert (found.stage, found.verified_by) == ("accepted", "Ban giám sát")


@pytest.mark.parametrize(
    "build",
    [
        lambda: record.report(claim(report_id="")),
        lambda: record.report(claim(from_cm=1.5)),
        lambda: record.report(claim(from_cm=float("nan"))),
        lambda: record.report(claim(reported_by=float("nan"))),
        lambda: record.report(claim(reported_on=pd.NaT)),
        lambda: record.report(claim(reported_on="03/11/2025")),
        lambda: record.report(claim(reported_by="\ud83d")),
        lambda: record.acceptance(claim(verified_by=None)),
        lambda: record.acceptance(claim(verified_by="B", from_cm=None)),
        lambda: record.acceptance(claim(verified_by="B", from_cm=10, to_cm=10)),
        lambda: record.dispute(disputed(from_cm=30_000)),
        lambda: record.dispute(disputed(why=" ")),
        lambda: record.survey(Survey("", "T", "HT", None, None, ((5, 5),))),
        lambda: record.survey(Survey("", "T", "HT", None, None, (), ((0, 5, ""),))),
        lambda: record.centreline(Centreline("ab", "R", 1, "Z", ((0, 0),), DAY)),
        lambda: record.decision(Decision("", "x", "", DAY, "CT", "y")),
    ],
    ids=[
        "no id", "part of a centimetre", "NaN for a number", "NaN for a name", "NaT", "day as text",
        "broken letter", "accepted by nobody", "accepted nowhere", "accepted nothing",
        "disputed nothing", "no reason", "credited nothing", "not credited for no reason",
        "a line of one point", "no choice",
    ],
)  # fmt: skip
def test_what_could_not_be_read_back_is_refused(build):
    with pytest.raises(RecordError) as caught:
        build()
    assert caught.value.code == "RECORD_VALUE_UNFIT"


def test_numbers_and_days_of_other_libraries_are_taken_as_what_they_are():
    value = claim(from_cm=np.int64(7), reported_on=pd.Timestamp(2025, 11, 3, 8, 30))
    found = back(record.report(value))
    assert (type(found.from_cm), found.from_cm) == (int, 7)
    assert found.reported_on == dt.date(2025, 11, 3)
    assert type(found.reported_on) is dt.date


def test_settling_and_undoing_name_what_they_are_about():
    machine = Replica("may-a")
    report = machine.add(record.report(claim()))
    with pytest.raises(RecordError) as caught:
        record.settlement(report, "counts", settled_on=DAY, settled_by="CT")
    assert caught.value.code == "RECORD_NO_DISPUTE"
    assert "báo cáo" in caught.value.say("vi")
    dispute = machine.add(record.dispute(disputed()))
    for outcome in ("maybe", ""):
        with pytest.raises(RecordError):
            record.settlement(dispute, outcome, settled_on=DAY, settled_by="CT")
    with pytest.raises(RecordError):
        record.undo(report, why="", by="Páo", on=DAY)


def test_who_when_and_whence_stand_beside_what_is_said(path):
    append(path, record.report(claim(1, centreline="cd" * 32)))
    (entry,) = entries(path)
    assert entry.entered_at == NOON
    assert entry.entered_by == "Lò Văn Páo"
    assert record.value_of(entry).centreline == "cd" * 32
    assert record.value_of(entry).place == claim(1).place
    assert record.value_of(entry).entry == entry.hash


def test_parts_that_a_later_version_adds_are_let_be():
    draft = record.report(claim())
    later = Draft(draft.kind, {**draft.content, "slope_percent": 7}, draft.basis)
    assert back(later).content == claim().content


def test_numbers_and_signs_name_entries(path):
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        out = [o.entry for o in ledger.append(map(record.report, map(claim, range(12))))]
        assert ledger.find("7") == ledger.find(" #7 ") == out[6]
        assert ledger.find(out[3].short) == ledger.find(out[3].hash) == out[3]
        for none in ("13", "0", "-1", "zz", "", "abcde", "1.0", "9" * 30):
            with pytest.raises(RecordError) as caught:
                ledger.find(none)
            assert caught.value.code == "RECORD_ENTRY_NONE"


def test_a_number_used_on_two_machines_asks_which():
    a, b = Replica("may-a"), Replica("may-b")
    one, other = a.add(record.report(claim(1))), b.add(record.report(claim(2)))
    with pytest.raises(RecordError) as caught:
        record.find([one, other], "1")
    assert caught.value.code == "RECORD_ENTRY_SEVERAL"
    assert one.short in caught.value.say("vi")
    assert other.short in caught.value.say("vi")
    assert record.find([one, other], other.short) == other
