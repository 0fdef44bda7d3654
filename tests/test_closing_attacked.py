"""`close` cut off at any moment, and closed periods that somebody changed."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ntm_gis import closing, closing_check, record
from ntm_gis.errors import OutputError, UsageError
from tests.test_closing import TODAY, commune, digests, few_outputs

__all__ = ["commune", "few_outputs"]

_CUT_OFF = """
import datetime as dt, os, signal, sys
from pathlib import Path
from ntm_gis import closing, pipeline, record

real = pipeline.run
few = {"only": frozenset({"results.json", "report.docx"})}
pipeline.run = lambda *a, **k: real(*a, **{**k, **few})

def dying(at, of, name):
    held, left = getattr(of, name), [at]
    def wrapped(*a, **k):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return held(*a, **k)
    setattr(of, name, wrapped)

where = {
    "store": (2, record.Ledger, "keep"), "copies": (1, closing, "atomic_write"),
    "head": (2, closing, "atomic_write"), "record": (0, record.Ledger, "append"),
    "name": (0, closing, "_appear"),
}
dying(*where[sys.argv[2]])
closing.close(Path(sys.argv[1]), "2025-Q3", today=dt.date(2025, 10, 5))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
@pytest.mark.parametrize("at", ["store", "copies", "head", "record", "name"])
def test_cut_off_at_any_moment_it_is_all_or_nothing(commune, at):
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", _CUT_OFF, str(commune), at], check=False, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not (commune / "periods" / "2025-Q3").exists()
    assert record.verify(commune / record.FILE_NAME).whole
    if at == "name":
        # The record has it: the next closing brings it to its end and changes nothing.
        assert [f.code for f in closing_check.check(commune)] == ["PERIOD_GONE"]
        with pytest.raises(UsageError) as caught:
            closing.close(commune, "2025-Q3", today=TODAY)
        assert caught.value.code == "PERIOD_CLOSED"
    else:
        closing.close(commune, "2025-Q3", today=TODAY)
    assert closing_check.check(commune) == ()
    lines = record.history(commune / record.FILE_NAME)
    assert [line.value.choice for line in lines] == ["close"]
    assert [p.name for p in (commune / "periods").iterdir()] == ["2025-Q3"]


def test_half_a_period_that_was_changed_is_not_taken(commune, monkeypatch):
    real = closing._appear
    monkeypatch.setattr(closing, "_appear", lambda *_: None)
    closing.close(commune, "2025-Q3", today=TODAY)
    monkeypatch.setattr(closing, "_appear", real)
    results = commune / "periods" / ".2025-Q3.half" / "results.json"
    results.chmod(0o600)
    results.write_bytes(results.read_bytes() + b" ")
    closing.close(commune, "2025-Q3", today=TODAY)
    assert closing_check.check(commune) == ()


def test_two_who_close_at_once_close_it_once(commune, monkeypatch):
    real, others = closing.pipeline.run, []

    def run(*args, **kwargs):
        found = real(*args, **kwargs)
        if not others:
            others.append(True)
            closing.close(commune, "2025-Q3", by="Người khác", today=TODAY)
        return found

    monkeypatch.setattr(closing.pipeline, "run", run)
    with pytest.raises(UsageError) as caught:
        closing.close(commune, "2025-Q3", by="Páo", today=TODAY)
    assert caught.value.code == "PERIOD_CLOSED"
    (line,) = record.history(commune / record.FILE_NAME)
    assert line.value.decided_by == "Người khác"
    assert closing_check.check(commune) == ()


@pytest.fixture
def closed(commune):
    return closing.close(commune, "2025-Q3", today=TODAY).place


def write(path: Path, content: bytes) -> None:
    if path.exists():
        path.chmod(0o600)
    path.write_bytes(content)


def changed_report(place):
    write(place / "report.docx", b"PK other")


def taken_away(place):
    (place / "report.docx").chmod(0o600)
    (place / "report.docx").unlink()


def added(place):
    write(place / "more.pdf", b"%PDF")


def both_changed(place):
    """Results and their digest together: the folder alone proves nothing any more."""
    import hashlib

    results = (place / "results.json").read_bytes().replace(b'"value": 2.0', b'"value": 3.0')
    head = json.loads((place / "period.json").read_text("utf-8"))
    sha = hashlib.sha256(results).hexdigest()
    head["results_sha256"] = sha
    for one in head["outputs"]:
        if one["file"] == "results.json":
            one["sha256"] = sha
    write(place / "results.json", results)
    write(place / "period.json", json.dumps(head).encode())


def report_and_head(place):
    """The report and its digest: results are as they were."""
    import hashlib

    head = json.loads((place / "period.json").read_text("utf-8"))
    for one in head["outputs"]:
        if one["file"] == "report.docx":
            one["sha256"] = hashlib.sha256(b"PK other").hexdigest()
    write(place / "report.docx", b"PK other")
    write(place / "period.json", json.dumps(head).encode())


def no_json(place):
    write(place / "period.json", b"[" * 100_000)


@pytest.mark.parametrize(
    "change", [changed_report, taken_away, added, both_changed, report_and_head, no_json]
)
def test_a_period_changed_after_closing_is_said_and_nothing_is_filed(commune, closed, change):
    assert closing_check.check(commune) == ()
    change(closed)
    (found,) = closing_check.check(commune)
    assert (found.code, found.severity.value) == ("PERIOD_CHANGED", "warning")
    before = len(record.history(commune / record.FILE_NAME))
    with pytest.raises(UsageError) as caught:
        closing.close(commune, "2025-Q3", number="45/BC-UBND", today=TODAY)
    assert caught.value.code == "PERIOD_CHANGED_SIGN"
    assert len(record.history(commune / record.FILE_NAME)) == before


def test_a_period_taken_away_or_put_there_is_said(commune, closed):
    shutil.move(closed, closed.with_name("2024"))
    found = closing_check.check(commune)
    assert [(f.code, f.file) for f in found] == [
        ("PERIOD_NOT_IN_RECORD", "periods/2024"), ("PERIOD_GONE", "periods/2025-Q3"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["2025-q3", "2025_Q3"])
def test_one_period_is_closed_once_however_it_is_written(commune, closed, name):
    before = digests(closed)
    with pytest.raises(UsageError) as caught:
        closing.close(commune, name, today=TODAY)
    assert caught.value.code == "PERIOD_CLOSED"
    done = closing.close(commune, name, number="45/BC-UBND", today=TODAY)
    assert (done.period, done.files) == ("2025-Q3", 0)
    assert digests(closed) == before
    assert [p.name for p in closed.parent.iterdir()] == ["2025-Q3"]


@pytest.mark.parametrize(
    ("period", "day", "fits"),
    [
        ("2025-Q3", "2025-09-30", True), ("2025-Q3", "2025-09-15", True),
        ("2025-Q3", "2025-10-20", True), ("2025-Q3", "2025-12-31", False),
        ("2025-Q3", "2025-06-30", False), ("2025", "2025-12-31", True),
        ("2025", "2026-01-10", True), ("2025", "2024-12-31", False),
        ("2025-6T", "2025-06-30", True), ("2025-6T", "2025-12-31", False),
        ("2025-9T", "2025-09-30", True), ("2025-dot2", "2031-01-01", True),
        ("0000", "2025-12-31", True), ("9999-Q4", "2025-12-31", False), ("2025-13T", "2025-01-01", True),
    ],
)  # fmt: skip
def test_figures_are_of_the_period_whose_name_they_get(period, day, fits):
    assert closing_check.fits(period, dt.date.fromisoformat(day)) is fits


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Quý 4/2025", "2025-Q4"), ("Quý IV năm 2025", "2025-Q4"), ("6 tháng 2025", "2025-6T")],
)
def test_a_period_named_in_words_is_asked_back(commune, said, meant):
    with pytest.raises(UsageError) as caught:
        closing.close(commune, said, today=TODAY)
    assert caught.value.code == "PERIOD_NAME_MEANT"
    assert meant in str(caught.value)


def test_figures_of_another_day_are_not_closed_by_mistake(commune):
    with pytest.raises(UsageError) as caught:
        closing.close(commune, "2025-Q1", today=TODAY)
    assert caught.value.code == "PERIOD_OTHER_DAY"
    assert "2025-03-31" in str(caught.value)
    assert not (commune / "periods").exists()
    # Somebody who names the day means it.
    assert closing.close(commune, "2025-Q1", as_of=dt.date(2025, 9, 30), today=TODAY).files


@pytest.mark.skipif(os.name == "nt", reason="limits of this kind are POSIX's")
def test_a_full_disk_leaves_nothing_of_the_period(commune):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    held = closing._freeze

    def full(*args):
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
        try:
            return held(*args)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    closing._freeze = full
    try:
        with pytest.raises(OutputError):
            closing.close(commune, "2025-Q3", today=TODAY)
    finally:
        closing._freeze = held
    assert not (commune / "periods" / "2025-Q3").exists()
    assert record.history(commune / record.FILE_NAME) == ()
    assert closing.close(commune, "2025-Q3", today=TODAY).files
