"""Backups are proved at once; restoring loses nothing that stood there."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing

import pytest
from record_kit import COMMUNE, DAY, NOON, append, claim, entries, filled, proves, rows, tamper

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.record import copies, database, disk, store


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_backup_is_named_by_day_and_code_and_stands_alone(path, folder):
    filled(path, 3)
    code = record.state(path).check_code
    made = record.backup(path, DAY)
    assert made.path == folder / "backups" / f"record-2025-12-31-{code.replace('-', '')}.sqlite"
    assert made.verified.whole
    assert made.verified.check_code == code
    assert names(made.path.parent) == [made.path.name]
    assert rows(made.path) == rows(path)
    with closing(sqlite3.connect(made.path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert names(folder) == ["backups", "record.sqlite"]


def test_the_same_again_is_one_file_and_a_damaged_copy_is_made_anew(path):
    filled(path, 3)
    made = record.backup(path, DAY)
    good = made.path.read_bytes()
    assert record.backup(path, DAY).path == made.path
    made.path.write_bytes(good[:5000])
    assert record.backup(path, DAY).verified.whole
    assert made.path.read_bytes() == good
    assert len(names(made.path.parent)) == 1


def test_a_backup_while_a_writer_is_at_work_holds_what_was_acknowledged(path):
    filled(path, 3)
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(9))])
        assert path.with_name("record.sqlite-wal").stat().st_size > 0
        made = record.backup(path, DAY)
        assert made.verified.count == 4
    assert proves(made.path)


def test_files_go_along_when_asked(path, tmp_path):
    file = tmp_path / "phiếu.xlsx"
    file.write_bytes(b"x")
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(), [ledger.keep(file)])], at=NOON)
    usb = tmp_path / "usb"
    made = record.backup(path, DAY, usb, with_store=True)
    assert (made.files, made.verified.whole) == (entries(path)[0].files, True)
    assert record.backup(path, dt.date(2026, 1, 1), usb, with_store=True).files == ()
    # On a new machine there is nothing but the stick.
    new = tmp_path / "máy mới" / "record.sqlite"
    new.parent.mkdir()
    found = record.restore(new, made.path, COMMUNE)
    assert (found.entries, found.kept, found.files) == (1, None, made.files)
    assert record.verify(new).whole


def test_the_copy_of_a_broken_record_says_so(path):
    filled(path, 3)
    tamper(path, "DELETE FROM entries WHERE n = 2")
    made = record.backup(path, DAY)
    assert not made.verified.whole
    assert made.verified.breaks[0].n == 2


def test_a_copy_that_reads_back_otherwise_is_refused(path, monkeypatch):
    filled(path, 3)
    real = disk.copy

    def spoiling(source, target):
        real(source, target)
        target.write_bytes(target.read_bytes()[:-1] + b"x")

    monkeypatch.setattr(copies.disk, "copy", spoiling)
    with pytest.raises(RecordError) as caught:
        record.backup(path, DAY)
    assert caught.value.code == "RECORD_COPY_DIFFERS"


def test_restoring_a_lost_record(path, folder):
    filled(path, 3)
    made = record.backup(path, DAY)
    before = rows(path)
    path.unlink()
    found = record.restore(path, made.path, COMMUNE)
    assert (found.entries, found.kept, found.beside, found.damaged) == (3, None, (), False)
    assert rows(path) == before
    assert found.check_code == record.state(path).check_code
    assert len(append(path, record.report(claim(9)))) == 1
    assert proves(path)
    assert names(folder) == ["backups", "record.sqlite"]


def test_a_newer_record_is_kept_beside_and_its_entries_named(path, folder):
    filled(path, 2)
    made = record.backup(path, DAY)
    append(path, record.report(claim(8)), record.report(claim(9)))
    code = record.state(path).check_code.replace("-", "")
    found = record.restore(path, made.path, COMMUNE)
    assert found.kept == folder / f"record-{code}.sqlite"
    assert [e.n for e in found.beside] == [3, 4]
    assert len(rows(path)) == 2
    # What was kept can be brought in again: nothing is lost for good.
    merged = record.merge(path, found.kept, COMMUNE)
    assert [e.n for e in merged.new] == [3, 4]
    again = record.restore(path, made.path, COMMUNE)
    assert again.kept == folder / f"record-{code}-2.sqlite"


def test_a_record_that_holds_no_more_than_the_backup_is_not_kept(path, folder):
    filled(path, 2)
    made = record.backup(path, DAY)
    assert record.restore(path, made.path, COMMUNE).kept is None
    assert names(folder) == ["backups", "record.sqlite"]


@pytest.mark.parametrize("size", [0, 50, 4096, 9000], ids=["empty", "no head", "a page", "half"])
def test_a_damaged_record_is_kept_beside(path, folder, size):
    filled(path, 30)
    made = record.backup(path, DAY)
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    found = record.restore(path, made.path, COMMUNE)
    assert found.damaged
    assert found.kept.read_bytes() == whole[:size]
    assert found.kept.name == "record-hong.sqlite"
    assert len(rows(path)) == 30
    assert proves(path)


def test_a_log_left_without_its_record_is_not_taken_for_the_new_ones(path, folder):
    filled(path, 3)
    made = record.backup(path, DAY)
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(9))])
        log = path.with_name("record.sqlite-wal").read_bytes()
    path.unlink()
    path.with_name("record.sqlite-wal").write_bytes(log)
    record.restore(path, made.path, COMMUNE)
    assert len(rows(path)) == 3
    assert proves(path)


def test_acknowledged_entries_in_the_log_of_a_killed_writer_are_kept(path, folder, tmp_path):
    filled(path, 2)
    made = record.backup(path, DAY)
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(9))])
        main, log = path.read_bytes(), path.with_name("record.sqlite-wal").read_bytes()
    path.write_bytes(main)
    path.with_name("record.sqlite-wal").write_bytes(log)
    found = record.restore(path, made.path, COMMUNE)
    assert [e.n for e in found.beside] == [3]
    assert len(rows(found.kept)) == 3


def test_a_bad_backup_changes_nothing(path, folder):
    filled(path, 4)
    made = record.backup(path, DAY)
    before = path.read_bytes()
    tamper(made.path, "DELETE FROM entries WHERE n = 2")
    with pytest.raises(RecordError) as caught:
        record.restore(path, made.path, COMMUNE)
    assert caught.value.code == "RECORD_BROKEN"
    made.path.write_bytes(b"")
    with pytest.raises(RecordError) as caught:
        record.restore(path, made.path, COMMUNE)
    assert caught.value.code == "RECORD_NOT_ONE"
    with pytest.raises(RecordError) as caught:
        record.restore(path, path, COMMUNE)
    assert caught.value.code == "RECORD_SAME_FILE"
    with pytest.raises(RecordError) as caught:
        record.restore(path, folder / "none.sqlite", COMMUNE)
    assert caught.value.code == "RECORD_FILE_NONE"
    with pytest.raises(RecordError) as caught:
        record.restore(path, path, "03602")
    assert caught.value.code == "RECORD_OTHER_COMMUNE"
    assert path.read_bytes() == before


def test_a_record_open_elsewhere_is_not_replaced(path, monkeypatch):
    filled(path, 4)
    made = record.backup(path, DAY)
    append(path, record.report(claim(9)))
    monkeypatch.setattr(database, "BUSY_MS", 50)
    with closing(sqlite3.connect(path)) as db:
        db.execute("SELECT count(*) FROM entries").fetchone()
        with pytest.raises(RecordError) as caught:
            record.restore(path, made.path, COMMUNE)
    assert caught.value.code == "RECORD_BUSY"
    assert len(rows(path)) == 5


def test_the_store_keeps_each_file_once(tmp_path):
    shelf, file = tmp_path / "store", tmp_path / "Phiếu bản.XLSX"
    file.write_bytes(b"abc")
    name = store.keep(shelf, file)
    assert name == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.xlsx"
    stamp = (shelf / name).stat().st_mtime_ns
    assert store.keep(shelf, file, name[:64]) == name
    assert (shelf / name).stat().st_mtime_ns == stamp
    assert names(shelf) == [name]
    odd = tmp_path / "a.đuôi"
    odd.write_bytes(b"abc")
    assert store.keep(shelf, odd) == name[:64]


def test_a_file_that_changed_since_it_was_read_is_refused(tmp_path, monkeypatch):
    shelf, file = tmp_path / "store", tmp_path / "a.csv"
    file.write_bytes(b"new")
    with pytest.raises(RecordError) as caught:
        store.keep(shelf, file, "ab" * 32)
    assert caught.value.code == "RECORD_FILE_CHANGED"
    # … also when it changes between the digest and the copy.
    real = store.shutil.copyfile

    def saving(source, target):
        source.write_bytes(b"newer")
        return real(source, target)

    monkeypatch.setattr(store.shutil, "copyfile", saving)
    with pytest.raises(RecordError) as caught:
        store.keep(shelf, file)
    assert caught.value.code == "RECORD_FILE_CHANGED"
    assert names(shelf) == []


def test_a_damaged_copy_in_the_store_is_mended_by_the_true_file(tmp_path):
    shelf, file = tmp_path / "store", tmp_path / "a.csv"
    file.write_bytes(b"abc")
    name = store.keep(shelf, file)
    (shelf / name).chmod(0o600)
    (shelf / name).write_bytes(b"ab")
    assert store.keep(shelf, file) == name
    assert (shelf / name).read_bytes() == b"abc"
