"""One writer at a time, named to whoever comes second; nothing stays locked by the dead."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time

import pytest
from record_kit import COMMUNE, DAY, append, claim, entries, filled, proves

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.record import lock

HOLDER = """
import sys, time
from pathlib import Path
from ntm_gis import record
with record.writing(Path(sys.argv[1]), "03601", device="may-b") as ledger:
    print("held", flush=True)
    sys.stdin.readline()
"""
APPENDER = """
import datetime as dt, sys
from pathlib import Path
from ntm_gis import record
from ntm_gis.layers.decisions import Claim
for i in range(int(sys.argv[3])):
    with record.writing(Path(sys.argv[1]), "03601", device=sys.argv[2], patience_s=60) as ledger:
        ledger.append([record.report(Claim("", f"{sys.argv[2]}-{i}", "HT", i, i + 1, "base", None))])
"""


def start(code, path, *more, **pipes):
    return subprocess.Popen([sys.executable, "-c", code, str(path), *more], text=True, **pipes)


@pytest.fixture
def holder(path):
    """Another process that holds the lock until it is told to end."""
    process = start(HOLDER, path, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def refusal(path):
    with (
        pytest.raises(RecordError) as caught,
        record.writing(path, COMMUNE, device="may-a", patience_s=0.1),
    ):
        pass
    return caught.value


def test_the_holder_is_named(path, holder):
    fault = refusal(path)
    assert fault.code == "RECORD_LOCKED"
    assert fault.params["pid"] == str(holder.pid)
    assert fault.params["host"] == platform.node()
    said = fault.say("vi")
    assert f"máy {platform.node()} (tiến trình số {holder.pid}, từ " in said
    assert time.strftime("%d/%m/%Y") in said


def test_readers_need_no_lock(path, holder):
    assert record.state(path).claims == ()
    assert record.verify(path).whole
    assert record.backup(path, DAY).verified.whole


def test_a_writer_that_ends_lets_the_next_in(path, holder):
    holder.stdin.write("\n")
    holder.stdin.flush()
    holder.wait()
    filled(path, 1)
    assert not lock.lock_path(path).exists()


def test_a_killed_holder_locks_nothing(path, holder):
    holder.kill()
    holder.wait()
    assert lock.lock_path(path).exists()
    assert len(filled(path, 1)) == 1
    assert not lock.lock_path(path).exists()


def test_a_lock_file_of_a_dead_machine_or_without_sense_locks_nothing(path):
    for text in ('{"host": "cũ", "pid": 1, "since": "2020-01-01T00:00:00+07:00"}', "", "\x00{"):
        lock.lock_path(path).write_text(text, encoding="utf-8")
        append(path, record.report(claim()))
    assert len(entries(path)) == 1


def test_waiting_a_little_is_enough_for_a_short_write(path):
    filled(path, 1)
    done = []

    def hold():
        with record.writing(path, COMMUNE, device="may-b"):
            done.append("held")
            time.sleep(0.3)

    other = threading.Thread(target=hold)
    other.start()
    while not done:
        time.sleep(0.01)
    with record.writing(path, COMMUNE, device="may-a", patience_s=10) as ledger:
        assert len(ledger.entries) == 1
    other.join()


def test_the_same_process_is_refused_as_well(path):
    with record.writing(path, COMMUNE, device="may-a"):
        fault = refusal(path)
    assert fault.params["pid"] == str(os.getpid())


def test_what_cannot_be_read_of_the_holder_is_left_open(path):
    with record.writing(path, COMMUNE, device="may-a"):
        lock.lock_path(path).write_text("", encoding="utf-8")
        assert "máy – (tiến trình số –, từ –)" in refusal(path).say("vi")
        lock.lock_path(path).write_text(json.dumps({"host": 1}), encoding="utf-8")
        assert refusal(path).code == "RECORD_LOCKED"


def test_many_writers_at_once_lose_nothing(path):
    writers = [start(APPENDER, path, f"may-{i}", "12") for i in range(4)]
    assert [w.wait(timeout=120) for w in writers] == [0, 0, 0, 0]
    found = entries(path)
    assert len(found) == 48
    assert [e.n for e in found] == list(range(1, 49))  # nobody wrote without knowing of the others
    assert proves(path)
    assert record.verify(path).findings == ()
