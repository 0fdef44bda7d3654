"""Writing: all or none, nothing twice, one writer, and every refusal a sentence."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_kit import (
    COMMUNE,
    DAY,
    NOON,
    append,
    claim,
    disputed,
    entries,
    filled,
    proves,
    rows,
    undo,
)

from ntm_gis import record
from ntm_gis.errors import NtmGisError, RecordError
from ntm_gis.layers.decisions import Centreline
from ntm_gis.record import database, ledger, locality


def test_an_error_of_the_record_belongs_to_the_family_and_to_a_builtin():
    fault = RecordError("RECORD_FILE_NONE", file="a", folder="b")
    assert isinstance(fault, NtmGisError)
    assert isinstance(fault, RuntimeError)


def test_entries_are_numbered_and_chained(path):
    out = append(path, *(record.report(claim(i)) for i in range(3)))
    assert [o.state for o in out] == ["new"] * 3
    assert [o.entry.n for o in out] == [1, 2, 3]
    assert [o.entry.hash for o in out] == [row[5] for row in rows(path)]
    assert proves(path)


def test_the_file_is_made_to_last(path):
    with record.writing(path, COMMUNE, device="may-a") as open_ledger:
        db = open_ledger._db
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA application_id").fetchone()[0] == database.APPLICATION_ID
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1
        tables = db.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
        assert {n: s for n, s in tables if not n.startswith("sqlite_")} == {
            "facts": 1,
            "entries": 1,
        }
    assert sorted(p.name for p in path.parent.iterdir()) == ["record.sqlite"]


def test_the_same_drafts_again_change_nothing(path):
    drafts = [record.report(claim(i)) for i in (1, 2, 1)]
    assert [o.state for o in append(path, *drafts)] == ["new", "new", "known"]
    before = path.read_bytes()
    out = append(path, *reversed(drafts))
    assert [o.state for o in out] == ["known"] * 3
    assert out[0].entry == out[2].entry == entries(path)[0]
    assert path.read_bytes() == before


def test_what_was_withdrawn_does_not_come_back_with_its_file(path):
    filled(path, 3)
    taken_back = undo(path, "2")
    (out,) = append(path, record.report(claim(1)))
    assert (out.state, out.undone_by) == ("withdrawn", (taken_back,))
    assert len(rows(path)) == 4
    undo(path, "4")
    assert [o.state for o in append(path, record.report(claim(1)))] == ["known"]
    assert len(record.state(path).claims) == 3
    # … and it can be withdrawn again, on the same day and for the same reason.
    undo(path, "2")
    assert len(record.state(path).claims) == 2


def test_undo_once_is_enough(path):
    filled(path, 1)
    undo(path, "1")
    with pytest.raises(RecordError) as caught:
        undo(path, "1")
    assert caught.value.code == "RECORD_UNDONE_ALREADY"
    assert "mục số 2" in caught.value.say("vi")
    with record.writing(path, COMMUNE, device="may-a") as open_ledger:
        (target,) = open_ledger.append([record.report(claim(5))])
        twice = [record.undo(target.entry, why=why, by="P", on=DAY) for why in ("một", "hai")]
        with pytest.raises(RecordError) as caught:
            open_ledger.append(twice)
        assert len(open_ledger.entries) == 3  # neither of the two


def test_targets_must_be_there(path):
    other = path.with_name("other.sqlite")
    (stranger,) = filled(other, 1)
    dispute = append(other, record.dispute(disputed()))[0].entry
    filled(path, 2)
    for draft in (
        record.undo(stranger, why="nhầm", by="P", on=DAY),
        record.settlement(dispute, "counts", settled_on=DAY, settled_by="CT"),
    ):
        if stranger.hash in {e.hash for e in entries(path)} and draft.kind == "undo":
            continue
        with pytest.raises(RecordError) as caught:
            append(path, draft)
        assert caught.value.code == "RECORD_ENTRY_NONE"
    assert len(rows(path)) == 2


def test_a_centreline_in_use_is_not_undone(path):
    line = Centreline("ab" * 32, "R1", 1, "EPSG:9205", ((0, 0), (70_000, 0)), DAY)
    append(path, record.centreline(line), record.report(claim(1, centreline=line.digest)))
    with pytest.raises(RecordError) as caught:
        undo(path, "1")
    assert caught.value.code == "RECORD_LINE_IN_USE"
    undo(path, "2")
    undo(path, "1")
    assert record.state(path).centrelines == ()


def test_files_must_be_kept_first(path, folder):
    with pytest.raises(RecordError) as caught:
        append(path, record.report(claim(), ["ab" * 32 + ".xlsx"]))
    assert caught.value.code == "RECORD_FILE_NOT_KEPT"
    assert rows(path) == []


def test_a_session_sees_what_it_wrote_and_what_others_did(path):
    with record.writing(path, COMMUNE, device="may-a") as open_ledger:
        open_ledger.append([record.report(claim(1))])
        assert len(open_ledger.entries) == 1
        # A program that knows of no lock: the session takes note.
        with closing(sqlite3.connect(path)) as db:
            row = rows(path)[0]
            db.execute("INSERT INTO entries(device, n, kind, body, prev, hash) "
                       "VALUES ('may-x', 2, 'x', '{}', ?, 'h')", (row[4],))  # fmt: skip
            db.commit()
        assert open_ledger.append([record.report(claim(2))])[0].entry.n == 3


def test_another_commune_is_refused(path):
    filled(path)
    with (
        pytest.raises(RecordError) as caught,
        record.writing(path, "03602", device="may-a"),
    ):
        pass
    assert caught.value.code == "RECORD_OTHER_COMMUNE"
    assert "03602" in caught.value.say("vi")


def test_a_day_without_a_time_zone_is_taken_as_local_time(path):
    with record.writing(path, COMMUNE, device="may-a") as open_ledger:
        at = dt.datetime(2025, 12, 31, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))
        open_ledger.append([record.report(claim())], at=at)
    assert entries(path)[0].entered_at == NOON


def test_readers_are_not_kept_waiting_and_see_whole_appends(path):
    filled(path, 5)
    seen: list[int] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            seen.append(len(record.history(path)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for i in range(10, 20):
            append(path, record.report(claim(i)), record.report(claim(i + 100)))
    finally:
        done.set()
        reader.join()
    assert seen == sorted(seen)
    assert all((n - 5) % 2 == 0 for n in seen)


def test_a_reader_within_a_writers_transaction_sees_the_old(path):
    filled(path, 2)
    with record.writing(path, COMMUNE, device="may-a") as open_ledger:
        db = open_ledger._db
        with database.transaction(db, path):
            db.execute("INSERT INTO entries(device, n, kind, body, prev, hash) "
                       "VALUES ('may-x', 3, 'x', '{}', 'p', 'h')")  # fmt: skip
            assert len(entries(path)) == 2
            db.execute("DELETE FROM entries WHERE 0")
            with pytest.raises(sqlite3.IntegrityError):
                db.execute("DELETE FROM entries WHERE n = 3")


def test_another_program_in_the_middle_of_writing_is_said(path, monkeypatch):
    filled(path, 1)
    monkeypatch.setattr(database, "BUSY_MS", 50)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordError) as caught:
            filled(path, 2)
        db.execute("ROLLBACK")
    assert caught.value.code == "RECORD_BUSY"
    assert len(filled(path, 2)) == 2


def test_errors_of_the_caller_stay_the_callers(path):
    with pytest.raises(FileNotFoundError), record.writing(path, COMMUNE, device="may-a"):
        (path.parent / "không có").read_bytes()


def test_leftovers_of_a_killed_process_go_with_the_next_writer(path, folder):
    (folder / ".record-0123456789ab.sqlite").write_bytes(b"half")
    filled(path)
    assert sorted(p.name for p in folder.iterdir()) == ["record.sqlite"]


def test_a_record_on_a_network_disk_is_not_written(path, monkeypatch):
    def refuse(folder):
        raise RecordError("RECORD_ON_NETWORK", folder=folder.name)

    monkeypatch.setattr(locality, "require_local", refuse)
    with pytest.raises(RecordError) as caught:
        filled(path)
    assert caught.value.code == "RECORD_ON_NETWORK"
    assert not path.exists()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.data())
def test_the_order_of_appending_and_its_packing_make_no_difference(tmp_path_factory, numbers, data):
    folder = tmp_path_factory.mktemp("xa")
    one, other = folder / "one.sqlite", folder / "other.sqlite"
    append(one, *(record.report(claim(i)) for i in numbers))
    for i in data.draw(st.permutations(numbers)):
        append(other, record.report(claim(i)))

    def said(path):
        return {c.content for c in record.state(path).claims}

    assert said(one) == said(other) == {claim(i).content for i in numbers}
    assert proves(one)
    assert proves(other)


def test_the_whole_of_an_append_is_one_transaction(path, monkeypatch):
    """The tenth of ten entries cannot be written: none of them is there."""
    filled(path, 2)
    before = rows(path)
    real = database.insert

    def failing(db, fresh):
        real(db, fresh[:9])
        raise sqlite3.OperationalError

    monkeypatch.setattr(ledger.database, "insert", failing)
    with pytest.raises(RecordError):
        append(path, *(record.report(claim(i)) for i in range(10, 20)))
    monkeypatch.undo()
    assert rows(path) == before
    assert len(append(path, *(record.report(claim(i)) for i in range(10, 20)))) == 10
    assert proves(path)
