"""Why a figure of a closed period reads otherwise: what the record and the files say of it."""

from __future__ import annotations

import datetime as dt

import pytest

from ntm_gis import record, reporting_why
from ntm_gis.layers.decisions import Claim, Decision
from ntm_gis.outputs.report.periods import Period
from ntm_gis.reporting_why import Since
from ntm_gis.results import Contribution, Evidence, Measure, Words

DAY = dt.date(2025, 9, 30)


def measure(name: str, *files: str, subject: str | None = None) -> Measure:
    evidence = Evidence(Words("x", "x"), (Contribution("roads", "D1", 1.0, False),), files)
    return Measure(name, Words("Đã đổ", "Poured"), "km", 1.0, 1.0, 1.0, evidence, subject=subject)


def claim(name: str, work: str) -> Claim:
    return Claim("", name, work, 0, 10_000, "poured", DAY, "Páo")


@pytest.fixture
def folder(tmp_path):
    """A record with a report, the closing of a period, one more report, and an undo of the first."""
    with record.writing(tmp_path / record.FILE_NAME, "03601") as ledger:
        (first,) = ledger.append([record.report(claim("BC1", "CT01"))], by="Páo")
        closed = Decision("", "period:2025-Q3", "close", DAY, "Páo", "2025-Q3")
        ledger.append([record.decision(closed)], by="Páo")
        ledger.append([record.report(claim("BC2", "CT02"))], by="Páo")
        undo = record.undo(first.entry, why="đo nhầm đoạn", by="Páo", on=DAY)
        ledger.append([undo], by="Páo")
    return tmp_path


class Accounts:
    """Layers as far as they are asked here: which file has which bytes."""

    def __init__(self, **files: str) -> None:
        self.accounts = tuple(
            type("Account", (), {"file": f"{name}.xlsx", "sha256": digest, "layer": "roads"})
            for name, digest in files.items()
        )


def test_only_what_came_after_the_closing_counts(folder):
    period = Period("2025-Q3", DAY, {}, {"a.xlsx": "1", "b.xlsx": "2"})
    found = reporting_why.since(folder, Accounts(a="1", b="9", c="3"), period)
    assert found.files == ("b.xlsx", "c.xlsx")
    assert [(work, why) for _, work, why in found.entries] == [
        ("CT02", ""),
        ("CT01", "đo nhầm đoạn"),
    ]
    before = Period("2025-Q2", DAY, {}, {})
    assert reporting_why.since(folder, Accounts(), before).entries == ()


def test_each_work_is_told_its_own_causes():
    since = Since(((7, "CT02", ""), (8, "CT01", "đo nhầm")), ("sources/b.xlsx",))
    one = since.said(measure("progress.CT01.poured_km", "sources/b.xlsx", subject="CT01"), "vi")
    assert one == "mục số 8 rút lại một mục đã ghi: đo nhầm; tệp b.xlsx đã đổi sau khi chốt"
    two = since.said(measure("progress.CT02.poured_km", subject="CT02"), "vi")
    assert two == "sổ theo dõi ghi thêm mục số 7 sau khi chốt"
    assert Since().said(measure("progress.CT01.poured_km"), "vi") == ""
