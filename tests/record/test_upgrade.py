"""Records of older versions: this one's steps to the next, and every version ever released."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from record_kit import COMMUNE, DAY, append, claim, entries, filled, proves, rows

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.record import database, upgrade

RELEASED = Path(__file__).parent / "released"
CODES = {1: "B2FT-6YV3"}


@pytest.mark.parametrize("version", sorted(CODES))
def test_records_of_every_version_are_read_and_go_on(version, path):
    shutil.copyfile(RELEASED / f"record-v{version}.sqlite", path)
    found = record.verify(path, commune=COMMUNE)
    assert found.whole
    assert found.check_code == CODES[version]
    state = record.state(path, DAY, commune=COMMUNE)
    assert (len(state.claims), len(state.surveys), len(state.disputes)) == (2, 1, 1)
    assert (len(state.centrelines), len(state.decided)) == (1, 1)
    assert state.disputes[0].outcome == "counts"
    assert state.findings == ()
    append(path, record.report(claim(50)))
    assert proves(path)


def note(db):
    db.execute("CREATE TABLE notes(text TEXT NOT NULL) STRICT")


@pytest.fixture
def next_version(monkeypatch):
    """The program as it will be one version on."""

    def begin():
        monkeypatch.setattr(database, "FORMAT", 2)
        monkeypatch.setitem(database.STEPS, 1, note)

    return begin


def test_steps_go_on_a_copy_and_the_old_file_is_kept(path, folder, next_version):
    filled(path, 3)
    code, before = record.state(path).check_code, rows(path)
    next_version()
    # Reading brings nothing about on the disk.
    assert record.state(path).check_code == code
    assert database.format_of(path) == 1
    append(path, record.report(claim(9)))
    assert database.format_of(path) == 2
    assert rows(path)[:3] == before
    assert record.verify(path, code=code).printed_after.n == 3
    kept = folder / "record-v1.sqlite"
    assert database.format_of(kept) == 1
    assert rows(kept) == before
    # A backup of the older version is as good as any.
    assert [e.n for e in record.restore(path, kept, COMMUNE).beside] == [4]
    assert database.format_of(path) == 2


def test_a_step_that_fails_leaves_the_old(path, folder, next_version, monkeypatch):
    filled(path, 3)
    before = rows(path)
    next_version()

    def failing(db):
        note(db)
        raise sqlite3.OperationalError

    monkeypatch.setitem(database.STEPS, 1, failing)
    with pytest.raises(RecordError):
        append(path, record.report(claim(9)))
    assert database.format_of(path) == 1
    assert rows(path) == before
    assert [p.name for p in folder.iterdir()] == ["record.sqlite"]


def test_a_step_that_loses_entries_is_refused(path, next_version, monkeypatch):
    filled(path, 3)
    next_version()

    def losing(db):
        db.execute("DROP TRIGGER entries_keep")
        db.execute("DELETE FROM entries WHERE n = 3")

    monkeypatch.setitem(database.STEPS, 1, losing)
    with pytest.raises(RecordError) as caught:
        upgrade.upgrade(path)
    assert caught.value.code == "RECORD_COPY_DIFFERS"
    assert len(rows(path)) == 3
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_another_machines_older_record_is_merged(path, next_version):
    other = path.with_name("may-b.sqlite")
    filled(other, 2, device="may-b")
    next_version()
    assert len(record.merge(path, other, COMMUNE).new) == 2
    assert len(entries(path)) == 2
    assert database.format_of(other) == 1
