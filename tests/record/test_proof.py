"""Whatever is done to a record behind the program's back is found and named."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_kit import (
    COMMUNE,
    DAY,
    NOON,
    Replica,
    append,
    claim,
    entries,
    filled,
    histories,
    patient,
    proves,
    rows,
    tamper,
    undo,
)

from ntm_gis import record, text
from ntm_gis.errors import RecordError
from ntm_gis.record.chain import breaks, forks, tips
from ntm_gis.record.entries import Entry
from ntm_gis.results import Severity


@patient
@given(histories())
def test_what_machines_write_is_whole(machines):
    for machine in machines:
        assert breaks(machine.held.values(), COMMUNE) == ()
        assert not forks(machine.held.values())
        assert bool(breaks(machine.held.values(), "03602")) == bool(machine.held)
        assert len(tips(machine.held.values())) == len({e.device for e in machine.held.values()})


@patient
@given(histories(), st.data())
def test_any_letter_changed_is_found(machines, data):
    held = sorted(machines[0].held.values(), key=lambda e: e.order)
    if not held:
        return
    entry = data.draw(st.sampled_from(held))
    name = data.draw(st.sampled_from(["device", "kind", "text", "prev", "hash"]))
    old = getattr(entry, name)
    at = data.draw(st.integers(0, len(old) - 1))
    letter = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda c: c != old[at]))
    parts = {k: getattr(entry, k) for k in ("device", "n", "kind", "text", "prev", "hash")}
    changed = Entry(**{**parts, name: old[:at] + letter + old[at + 1 :]})
    found = breaks([e for e in held if e is not entry] + [changed], COMMUNE)
    assert ("content", changed) in [(b.what, b.entry) for b in found]


@patient
@given(histories(), st.data())
def test_an_entry_taken_out_is_found_if_anything_came_after_it(machines, data):
    held = sorted(machines[0].held.values(), key=lambda e: e.order)
    if not held:
        return
    entry = data.draw(st.sampled_from(held))
    left = [e for e in held if e is not entry]
    followed = any(e.prev == entry.hash for e in left)
    alone = all(e.n != entry.n for e in left) and any(e.n > entry.n for e in left)
    found = breaks(left, COMMUNE)
    assert bool(found) == (followed or alone)
    assert all(b.what == "missing" for b in found)


def verified(path):
    """Return what a proof found, or the code of the refusal."""
    try:
        return record.verify(path, commune=COMMUNE)
    except RecordError as fault:
        return fault.code


def test_a_whole_record_proves(path):
    filled(path, 5)
    found = record.verify(path, commune=COMMUNE)
    assert found.whole
    assert (found.count, found.devices, found.findings) == (5, ("may-a",), ())
    assert proves(path)
    assert found.check_code == record.state(path).check_code


SQLITE_HEADER = 100

CHANGES = [
    ("UPDATE entries SET body = replace(body, '\"to_cm\":7000', '\"to_cm\":9000') WHERE n = 3",
     3, "content", "nội dung"),
    ("UPDATE entries SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE n = 2",
     2, "content", "nội dung"),
    ("UPDATE entries SET prev = substr(prev, 2) || 'a' WHERE n = 2", 2, "content", "nội dung"),
    ("UPDATE entries SET n = 9 WHERE n = 4", 4, "missing", "thiếu"),
    ("UPDATE entries SET device = 'may-b' WHERE n = 1", 1, "content", "nội dung"),
    ("UPDATE entries SET kind = 'survey' WHERE n = 5", 5, "content", "nội dung"),
    ("DELETE FROM entries WHERE n = 2", 2, "missing", "thiếu"),
    ("DELETE FROM entries WHERE n = 1", 1, "missing", "thiếu"),
    ("UPDATE facts SET value = '03602'", 1, "missing", "thiếu"),
    ("UPDATE entries SET body = CAST(X'7bff7d' AS TEXT) WHERE n = 3", 3, "content", "nội dung"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "n", "what", "word"), CHANGES, ids=[c[0][:48] for c in CHANGES])
def test_the_first_broken_entry_is_named(path, sql, n, what, word):
    filled(path, 5)
    tamper(path, sql)
    found = record.verify(path)
    assert not found.whole
    assert (found.breaks[0].n, found.breaks[0].what) == (n, what)
    finding = next(f for f in found.findings if f.code == "RECORD_BROKEN")
    assert finding.severity is Severity.BLOCK
    assert f"mục số {n} " in finding.message.vi
    assert word in finding.message.vi
    assert not proves(path)
    # A run says it as well, and an entry that proves nothing does not count.
    state = record.state(path, DAY)
    assert state.findings[0].code == "RECORD_BROKEN"
    if what == "content" and "facts" not in sql:
        assert len(state.claims) == 4


def test_entries_out_of_order_are_named():
    a = Replica("may-a")
    first, second = a.add(record.report(claim(1))), a.add(record.report(claim(2)))
    from ntm_gis.record.canonical import digest

    stranger = Entry("may-b", 3, "report", first.text, second.hash,
                     digest("may-b", 3, "report", first.text, second.hash))  # fmt: skip
    (found,) = breaks([first, second, stranger], COMMUNE)
    assert (found.what, found.entry) == ("order", stranger)
    loose = digest("may-a", 3, "report", '{"a": 1}', second.hash)
    other = Entry("may-a", 3, "report", '{"a": 1}', second.hash, loose)
    assert [b.what for b in breaks([first, second, other], COMMUNE)] == ["form"]


def test_a_chain_does_not_go_on_from_a_broken_tip(path):
    filled(path, 3)
    tamper(path, "UPDATE entries SET body = replace(body, 'BC2', 'BC9') WHERE n = 3")
    with pytest.raises(RecordError) as caught:
        append(path, record.report(claim(7)))
    assert caught.value.code == "RECORD_BROKEN"
    assert len(rows(path)) == 3


@pytest.mark.parametrize("table", ["facts", "entries"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}", "REPLACE INTO {} {}"])
def test_sqlite_itself_refuses_to_change_anything(path, table, sql):
    filled(path)
    column = {"facts": "value", "entries": "body"}[table]
    if sql.startswith("REPLACE"):
        column = {"facts": "VALUES ('commune', 'x')", "entries": (
            "SELECT arrival, 'x', n, kind, body, prev, hash FROM entries")}[table]  # fmt: skip
    before = rows(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(sql.format(table, column))
    assert rows(path) == before


def test_guards_taken_away_are_said(path):
    filled(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entries_stay")
        db.commit()
    found = record.verify(path)
    assert not found.whole
    assert [f.code for f in found.findings] == ["RECORD_GUARD_GONE"]


def test_files_missing_and_changed_are_named(path, folder):
    names = []
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        for i in range(3):
            file = folder / f"phiếu {i}.XLSX"
            file.write_bytes(b"%d" % i)
            names.append(ledger.keep(file))
        ledger.append([record.report(claim(i), [n]) for i, n in enumerate(names)], at=NOON)
    assert record.verify(path).files.whole == tuple(sorted(names))
    (folder / "store" / names[0]).unlink()
    (folder / "store" / names[1]).chmod(0o600)
    (folder / "store" / names[1]).write_bytes(b"other")
    found = record.verify(path)
    assert (found.files.missing, found.files.changed) == ((names[0],), (names[1],))
    assert not found.whole
    said = {f.code: f.message.vi for f in found.findings}
    assert "mục số 1" in said["RECORD_STORE_MISSING"]
    assert "mục số 2" in said["RECORD_STORE_CHANGED"]


def test_a_printed_code_says_how_far_the_record_went_then(path):
    codes = []
    for i in range(4):
        append(path, record.report(claim(i)))
        codes.append(record.state(path).check_code)
    for n, code in enumerate(codes, 1):
        found = record.verify(path, code=code.lower())
        assert found.whole
        assert found.code_fits
        assert found.printed_after.n == n
    tamper(path, "DELETE FROM entries WHERE n = 4")
    assert record.verify(path).whole  # nothing in the file says that there was more …
    found = record.verify(path, code=codes[3])  # … but the paper does
    assert found.whole
    assert found.code_fits is False
    assert [f.code for f in found.findings] == ["RECORD_CODE_NOT_OURS"]
    with pytest.raises(RecordError) as caught:
        record.verify(path, code="7K3M-Q9T")
    assert caught.value.code == "RECORD_CODE_UNREADABLE"


def test_codes_hold_through_merges(path):
    filled(path, 2)
    before = record.state(path).check_code
    other = path.with_name("other.sqlite")
    append(other, record.report(claim(9)), device="may-b")
    record.merge(path, other, COMMUNE)
    assert record.verify(path, code=before).printed_after.n == 2
    assert record.verify(path, code=record.state(path).check_code).whole


def test_a_tampered_tip_of_ones_own_making_is_found_by_paper(path):
    """Somebody who knows the format writes the last entry anew, with its digest."""
    from ntm_gis.record.canonical import digest

    filled(path, 2)
    code = record.state(path).check_code
    device, n, kind, body, prev, old = rows(path)[1]
    body = body.replace("6000", "9000")
    new = digest(device, n, kind, body, prev)
    tamper(path, "UPDATE entries SET body = ?, hash = ? WHERE hash = ?", body, new, old)
    assert record.verify(path).whole
    assert record.verify(path, code=code).code_fits is False


@pytest.mark.parametrize("n", [2, 5])
def test_nothing_is_built_on_a_record_that_does_not_prove(path, n):
    filled(path, 5)
    tamper(path, "UPDATE entries SET body = replace(body, 'BC', 'BX') WHERE n = ?", n)
    with pytest.raises(RecordError) as caught:
        append(path, record.report(claim(7)))
    assert caught.value.code == "RECORD_BROKEN"
    assert f"mục số {n} " in caught.value.say("vi")
    assert f"ntm-gis record {text.typed(path.parent)} restore" in caught.value.say("vi")
    assert len(rows(path)) == 5
    shown = [line.broken.what if line.broken else None for line in record.history(path)]
    assert shown == ["content" if line == n else None for line in range(1, 6)]


def test_nothing_is_built_on_a_record_without_guards_until_it_is_brought_back(path):
    filled(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entries_keep")
        db.commit()
    with pytest.raises(RecordError) as caught:
        append(path, record.report(claim(7)))
    assert caught.value.code == "RECORD_GUARD_GONE"
    assert [f.code for f in record.state(path, DAY).findings] == ["RECORD_GUARD_GONE"]
    made = record.backup(path, DAY)
    assert not made.verified.whole
    # Its chain proves, so the copy brought back is guarded again, and goes on.
    record.restore(path, made.path, COMMUNE)
    assert append(path, record.report(claim(7)))[0].state == "new"
    assert record.verify(path).whole


def test_an_entry_cut_off_the_end_shows_against_the_backup(path):
    filled(path, 3)
    old = record.backup(path, DAY)
    assert record.verify(path).backups == 1
    append(path, record.report(claim(8)))
    assert record.state(path, DAY).findings == ()  # a backup may be older
    tamper(path, "DELETE FROM entries WHERE n >= 3")
    for found in (record.state(path, DAY), record.verify(path)):
        (told,) = found.findings
        assert told.code == "RECORD_BEHIND_BACKUP"
        assert told.severity is Severity.BLOCK
        assert "1 mục" in told.message.vi
        assert "mục số 3" in told.message.vi
    assert not record.verify(path).whole
    # A backup made of the cut record does not hide it.
    assert not record.backup(path, DAY + dt.timedelta(days=9)).verified.whole
    record.merge(path, old.path, COMMUNE)
    assert record.state(path, DAY).findings == ()


def test_a_backup_that_is_no_use_is_said_before_it_is_needed(path):
    filled(path, 3)
    made = record.backup(path, DAY).path
    made.rename(made.with_name("record-2025-12-30-00000000.sqlite"))
    made.with_name("record-2025-12-30-00000000.sqlite").write_bytes(b"PK" * 4000)
    (told,) = record.state(path, DAY).findings
    assert (told.code, told.severity) == ("RECORD_BACKUP_UNREAD", Severity.WARNING)
    assert record.verify(path).whole


def test_a_file_changed_in_the_store_is_said_by_a_run_too(path, folder):
    file = folder / "bc.csv"
    file.write_bytes(b"1")
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        name = ledger.keep(file)
        ledger.append([record.report(claim(1), [name])], at=NOON)
    kept = folder / "store" / name
    kept.chmod(0o600)
    kept.write_bytes(b"2")
    (told,) = record.state(path, DAY).findings
    assert (told.code, told.severity) == ("RECORD_STORE_CHANGED", Severity.BLOCK)


def test_no_byte_of_the_file_changes_unseen(path):
    """Every byte in turn (every 61st, to be quick): damaged, broken, or all as it was."""
    filled(path, 4)
    undo(path, "2")
    good = path.read_bytes()
    before = entries(path)
    seen = {"refused": 0, "broken": 0, "same": 0}
    bad = path.with_name("bad.sqlite")
    for at in range(3, len(good), 61):
        bad.write_bytes(good[:at] + bytes([good[at] ^ 0x15]) + good[at + 1 :])
        for end in ("-wal", "-shm"):
            bad.with_name(bad.name + end).unlink(missing_ok=True)
        found = verified(bad)
        if isinstance(found, str):
            assert found in ("RECORD_NOT_ONE", "RECORD_NEWER", "RECORD_OTHER_COMMUNE")
            seen["refused"] += 1
            continue
        if found.whole:
            assert entries(bad) == before
            seen["same"] += 1
        else:
            seen["broken"] += 1
    assert seen["broken"] > 20
    assert seen["same"] > 60  # pages hold room that nothing is in


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0, 0.999))
def test_a_record_cut_short_is_said_in_one_sentence(path, share):
    if not path.exists():
        filled(path, 40)
    cut = path.with_name("cut.sqlite")
    whole = path.read_bytes()
    cut.write_bytes(whole[: int(len(whole) * share)])
    found = verified(cut)
    if isinstance(found, str):
        assert found == "RECORD_NOT_ONE"
        codes = {found}
    else:
        assert not found.whole
        codes = {f.code for f in found.findings}
        assert "RECORD_DAMAGED" in codes
    if cut.stat().st_size < SQLITE_HEADER:
        # Too little is left to tell a damaged record from another file: either is true.
        codes.add("RECORD_NOT_ONE")
    for use in (record.state, record.history, lambda p: append(p, record.report(claim(99)))):
        with pytest.raises(RecordError) as caught:
            use(cut)
        assert caught.value.code in codes


def test_no_sqlite_newer_format_and_other_programs_files(path, folder):
    path.write_bytes(b"PK\x03\x04" + bytes(5000))
    with pytest.raises(RecordError) as caught:
        record.verify(path)
    assert caught.value.code == "RECORD_NOT_ONE"
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entries(a)")
        db.commit()
    with pytest.raises(RecordError) as caught:
        filled(path)
    assert caught.value.code == "RECORD_NOT_ONE"
    path.unlink()
    filled(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    for use in (record.verify, record.state, record.history, filled):
        with pytest.raises(RecordError) as caught:
            use(path)
        assert caught.value.code == "RECORD_NEWER"
        assert "cập nhật" in caught.value.say("vi")
    with pytest.raises(RecordError) as caught:
        record.verify(folder / "none.sqlite")
    assert caught.value.code == "RECORD_FILE_NONE"


def test_a_view_in_place_of_the_entries_is_no_record(path):
    """A file from elsewhere could answer without end."""
    from ntm_gis.record import database

    with closing(sqlite3.connect(path)) as db:
        db.execute(database.SCHEMA["facts"])
        db.execute(
            "CREATE VIEW entries AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
            "SELECT n AS arrival, 'a' AS device, n, 'a' AS kind, '{}' AS body, '' AS prev, n AS hash "
            "FROM c"
        )
        db.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {database.FORMAT}")
        db.commit()
    with pytest.raises(RecordError) as caught:
        record.verify(path)
    assert caught.value.code == "RECORD_NOT_ONE"


def test_a_record_that_is_gone_is_not_begun_anew_beside_its_backups(path):
    filled(path)
    copy = record.backup(path, DAY).path
    path.unlink()
    assert [f.code for f in record.state(path, DAY).findings] == ["RECORD_GONE"]
    with pytest.raises(RecordError) as caught:
        filled(path)
    assert caught.value.code == "RECORD_GONE"
    record.restore(path, copy, COMMUNE)
    assert record.state(path, DAY).findings == ()
