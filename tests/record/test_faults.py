"""Every write that fails leaves the old or the new, and says so in one sentence.

What the operating system refuses is played here from within; `benchmarks/record_kill.py` makes
the system calls themselves fail.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from record_kit import COMMUNE, DAY, NOON, append, claim, filled, proves, rows

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.record import database, disk, store

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "record_kill.py"


class Faulty(sqlite3.Connection):
    """A connection whose n-th statement fails, as SQLite says it."""

    left = -1
    fault = "SQLITE_IOERR_FSYNC"

    def _count(self):
        Faulty.left -= 1
        if Faulty.left == 0:
            fault = sqlite3.OperationalError("disk I/O error")
            fault.sqlite_errorname = Faulty.fault
            raise fault

    def execute(self, *args):
        self._count()
        return super().execute(*args)

    def executemany(self, *args):
        self._count()
        return super().executemany(*args)

    def backup(self, *args, **more):
        self._count()
        return super().backup(*args, **more)


def held(path):
    """The entries in the file; None where there is no record."""
    if not path.exists():
        return None
    assert proves(path)
    return frozenset(rows(path))


def lay_out(folder):
    """A record, a backup of its beginning, another machine's record with a file."""
    path = folder / "record.sqlite"
    filled(path, 2)
    record.backup(path, DAY)
    append(path, record.report(claim(5)))
    other = folder / "other" / "record.sqlite"
    other.parent.mkdir()
    file = other.with_name("b.csv")
    file.write_bytes(b"b")
    with record.writing(other, COMMUNE, device="may-b") as ledger:
        ledger.append([record.report(claim(7), [ledger.keep(file)])], at=NOON)


def create(folder):
    (folder / "record.sqlite").unlink(missing_ok=True)
    append(folder / "record.sqlite", record.report(claim(8)))


def extend(folder):
    file = folder / "phiếu.csv"
    file.write_bytes(b"a")
    with record.writing(folder / "record.sqlite", COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(8), [ledger.keep(file)]), record.report(claim(9))])


def merge(folder):
    record.merge(folder / "record.sqlite", folder / "other" / "record.sqlite", COMMUNE, device="m")


def restore(folder):
    (made,) = (folder / "backups").glob("*.sqlite")
    record.restore(folder / "record.sqlite", made, COMMUNE)


def backup(folder):
    record.backup(folder / "record.sqlite", DAY, folder / "usb")


OPERATIONS = [create, extend, merge, restore, backup]


def after(operation, folder, before, fault):
    """Say whether what is there is the old or the new; fail where it is neither."""
    path = folder / "record.sqlite"
    now = held(path)
    for copied in [*(folder / "usb").glob("record-*"), *(folder / "backups").glob("record-*")]:
        assert held(copied)
    if operation is restore and now != before:
        kept = [held(p) for p in folder.glob("record-*.sqlite")]
        assert before in kept
        assert now < before
        return "new"
    if operation is backup:
        assert now == before
        return "new" if list((folder / "usb").glob("record-*")) else "old"
    if operation is create and now in (None, frozenset()):
        return "old"
    if now == before:
        return "old"
    assert fault is None or now >= (before if operation is not create else frozenset())
    assert record.verify(path).files.missing == ()
    assert len(now) == {create: 1, extend: 5, merge: 4}[operation]
    return "new"


def attempt(operation, folder):
    try:
        operation(folder)
    except RecordError as fault:
        said = [fault.say(lang) for lang in ("vi", "en")]
        return fault if all(said) and "\n" not in "".join(said) else said
    return None


def play(operation, tmp_path, arm, disarm):
    """Let an operation fail at its first, second … point; return what was left each time."""
    template = tmp_path / "template"
    template.mkdir()
    lay_out(template)
    ends = []
    for n in range(1, 200):
        folder = tmp_path / "xa"
        shutil.copytree(template, folder)
        if operation is create:
            # Backups without their record would be those of one that is gone.
            (folder / "record.sqlite").unlink()
            shutil.rmtree(folder / "backups")
        before = held(folder / "record.sqlite")
        arm(n)
        try:
            fault = attempt(operation, folder)
        finally:
            hit = disarm()
        ends.append(after(operation, folder, before, fault))
        if fault is None:
            assert ends[-1] == "new"
        # Nothing stands in the way of trying again.
        assert attempt(operation, folder) is None
        assert not list(folder.rglob(".record-*"))
        shutil.rmtree(folder)
        if not hit:
            return ends
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.__name__)
def test_statements_that_fail(operation, tmp_path, monkeypatch):
    real = sqlite3.connect

    def connect(*args, **more):
        return real(*args, **more, factory=Faulty)

    def arm(n):
        Faulty.left = n
        Faulty.fault = ("SQLITE_IOERR_FSYNC", "SQLITE_FULL")[n % 2]
        monkeypatch.setattr(database.sqlite3, "connect", connect)

    def disarm():
        monkeypatch.undo()
        return Faulty.left <= 0

    ends = play(operation, tmp_path, arm, disarm)
    assert ends.count("old") > 3


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.__name__)
def test_calls_of_the_system_that_fail(operation, code, tmp_path, monkeypatch):
    left = [0]

    def failing(real):
        def call(*args, **more):
            left[0] -= 1
            if left[0] == 0:
                raise OSError(code, os.strerror(code))
            return real(*args, **more)

        return call

    def arm(n):
        left[0] = n
        for module, name in ((disk.os, "replace"), (disk.os, "fsync"), (disk.shutil, "copyfile"),
                             (store.shutil, "copyfile"), (os, "open"), (os, "write")):  # fmt: skip
            if not hasattr(getattr(module, name), "armed"):
                call = failing(getattr(module, name))
                call.armed = True
                monkeypatch.setattr(module, name, call)

    def disarm():
        monkeypatch.undo()
        return left[0] <= 0

    ends = play(operation, tmp_path, arm, disarm)
    assert "old" in ends


def test_no_room_for_the_next_page(path, monkeypatch):
    """SQLite itself finds the file full: nothing of the append is there."""
    filled(path, 3)
    before = rows(path)
    real = database.durable

    def narrow(db):
        real(db)
        db.execute("PRAGMA max_page_count = 1")  # as many as there are, and no more

    monkeypatch.setattr(database, "durable", narrow)
    with pytest.raises(RecordError) as caught:
        append(path, *(record.report(claim(i)) for i in range(10, 60)))
    assert caught.value.code == "RECORD_NO_ROOM"
    assert "Không đủ chỗ" in caught.value.say("vi")
    monkeypatch.undo()
    assert rows(path) == before
    assert record.verify(path).whole


LIMITED = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from record_kit import append, claim
from ntm_gis import record
from ntm_gis.errors import RecordError
drafts = [record.report(claim(i)) for i in range(100, 110)]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    append(Path(sys.argv[1]), *drafts)
except RecordError as fault:
    sys.exit(3)
sys.stdout.write("acknowledged")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_files_that_may_not_grow(tmp_path):
    """The kernel refuses every write behind a limit, wherever it falls."""
    ends = []
    for limit in (0, 4096, 20_000, 32_768, 33_000, 40_000, 70_000, 200_000):
        path = tmp_path / f"xa-{limit}" / "record.sqlite"
        path.parent.mkdir()
        filled(path, 3)
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(path), str(limit), str(Path(__file__).parent)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 3), done.stderr
        count = len(rows(path))
        assert count in (3, 13)
        assert (done.stdout == "acknowledged") <= (count == 13)
        assert record.verify(path).whole
        ends.append(count)
    assert {3, 13} == set(ends)


def test_a_folder_that_may_not_be_written(path, monkeypatch):
    """A stick with its guard on: reading goes by a copy, writing is refused."""
    filled(path, 3)
    real = database.connect

    def denied(place):
        if place == path:
            fault = sqlite3.OperationalError("unable to open database file")
            fault.sqlite_errorname = "SQLITE_CANTOPEN"
            raise fault
        return real(place)

    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(7))])
        main, log = path.read_bytes(), path.with_name("record.sqlite-wal").read_bytes()
    path.write_bytes(main)
    path.with_name("record.sqlite-wal").write_bytes(log)
    monkeypatch.setattr(database, "connect", denied)
    # … and what only the log holds is not overlooked.
    assert len(record.state(path).claims) == 4
    with pytest.raises(RecordError) as caught:
        filled(path, 5)
    assert caught.value.code == "RECORD_READ_ONLY"


GUARDED = """
import os, sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from record_kit import COMMUNE, DAY, append, claim, filled
from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.results import words
words.messages()
with tempfile.TemporaryDirectory() as scratch:
    os.chmod(scratch, 0o755)
    path, usb = Path(scratch, "xa", "record.sqlite"), Path(scratch, "usb")
    path.parent.mkdir()
    usb.mkdir()
    usb.chmod(0o777)
    filled(path, 3)
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.append([record.report(claim(7))])
        log = path.with_name("record.sqlite-wal")
        main, logged = path.read_bytes(), log.read_bytes()
    if "with-log" in sys.argv:
        path.write_bytes(main)
        log.write_bytes(logged)
    for file in path.parent.iterdir():
        file.chmod(0o444)
    path.parent.chmod(0o555)
    if os.geteuid() == 0:
        os.setegid(65534)
        os.seteuid(65534)
    try:
        assert len(record.state(path).claims) == 4
        assert record.verify(path).whole
        assert record.backup(path, DAY, usb).verified.count == 4
        (copy,) = usb.iterdir()
        for refused in (
            lambda: append(path, record.report(claim(9))),
            lambda: record.merge(path, copy, COMMUNE),
            lambda: record.restore(path, copy, COMMUNE),
            lambda: record.backup(path, DAY),
        ):
            try:
                refused()
            except RecordError as fault:
                print(fault.code)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        path.parent.chmod(0o755)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
@pytest.mark.parametrize("log", ["with-log", "without"])
def test_a_user_without_the_right_to_write(log):
    """Everything can be read and copied elsewhere; nothing can be written, and that is said."""
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, str(Path(__file__).parent), log],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.split() == [*["RECORD_READ_ONLY"] * 3, "RECORD_BACKUP_UNWRITTEN"]


def test_processes_killed_at_random_lose_nothing_acknowledged():
    spec = importlib.util.spec_from_file_location("record_kill", BENCHMARK)
    record_kill = importlib.util.module_from_spec(spec)
    sys.modules["record_kill"] = record_kill
    spec.loader.exec_module(record_kill)
    tally = record_kill.kills(20, seed=7, fresh_every=5)
    assert tally.kills == 20
    assert tally.acknowledged > 0
