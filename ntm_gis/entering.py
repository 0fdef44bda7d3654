"""Files of reports and tracks taken into the record of road works.

A row is entered as it was reported. One that could never count (beyond the road, a day that is
still to come, a work that does not exist) stays out and is named with its repair: mended and
taken in again, the file adds that row alone, because what is in the record is known.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ntm_gis import numbers, record, sources, text
from ntm_gis.booking import Listed, listed
from ntm_gis.entering_kinds import unlike
from ntm_gis.entering_rows import REPORTS, ROADS, TRACKS, WORKS, Rows
from ntm_gis.layers.gather import gather
from ntm_gis.layers.values import Layers
from ntm_gis.outputs.results_json import finding_entry
from ntm_gis.pipeline import recorded
from ntm_gis.questions import Ask, Said, Wish, settle
from ntm_gis.results import Finding, Severity, sentence
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.sources import Copy, Table
from ntm_gis.text import typed

Progress = Callable[[str], None]

BESIDE = frozenset({"boundary", ROADS, "stakes", WORKS, "villages", "former_communes"})
"""Layers that reports and tracks are held against."""

_SHOWN = 12

_TRACK_KINDS = frozenset({"gpx", "kml", "kmz", "geojson"})


@dataclass
class Entered(Said):
    """What became of the rows of a file.

    Parameters
    ----------
    new, known, withdrawn : int
        Entries of reports or tracks: written now; in the record already; in it and undone.
    left_out : int
        Rows that stay out, each with its finding.
    findings : list of Finding
        What is to be checked in the file, gravest first.
    check_code : str or None
        Of the record as it is now.
    """

    new: int = 0
    known: int = 0
    withdrawn: int = 0
    left_out: int = 0
    unreadable: int = 0
    findings: list[Finding] = field(default_factory=list)
    check_code: str | None = None

    @property
    def status(self) -> int:
        """Return the exit status: 3 the file could not be taken in, 1 to be mended, 0."""
        if self.unreadable or any(f.severity is Severity.STOP for f in self.findings):
            return 3
        blocked = any(f.severity is Severity.BLOCK for f in self.findings)
        return 1 if self.left_out or self.open or blocked else 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "new": self.new, "known": self.known, "withdrawn": self.withdrawn,
            "left_out": self.left_out, "check_code": self.check_code,
            "lines": [line.as_json() for line in self.lines],
            "findings": [finding_entry(f) for f in self.findings],
        }  # fmt: skip


def add(
    folder: Path,
    file: Path,
    *,
    by: str | None = None,
    day: dt.date | None = None,
    accept: bool = False,
    ask: Ask,
    progress: Progress = lambda _: None,
) -> Entered:
    """Take a file of reports (Excel, CSV) or tracks (GPX, KML, CSV) into the record.

    Parameters
    ----------
    by : str, optional
        Who enters it.
    day : date, optional
        The day of entering; today where left out. Reports dated later stay out.
    ask : callable
        Asked where a column or a value is not recognised.

    Returns
    -------
    Entered
        The same file again adds nothing.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    RecordError
        The record cannot be read or written; nothing was entered.
    """
    day = day or numbers.today()
    commune = communes.read(folder)
    # Judged on the day of entering: figures may be as of an earlier one.
    commune = commune.at(max(day, commune.commune.as_of))
    out = Entered()
    if not file.is_file():
        _no_file(folder, file, out)
        return out
    with sources.held(file, zone=commune.commune.crs) as held:
        if not held.copies:
            out.unreadable += 1
            out.findings += held.tables[0].findings
            return out
        progress(file.name)
        seems = unlike(held.tables)
        if seems is not None:
            out.leave("PROGRESS_OTHER_KIND", file=file.name, title=seems,
                      folder=typed(folder), typed=typed(file))  # fmt: skip
            return out
        entries = _entries(held.tables, commune, Wish(None, None, accept, ask), out)
        if not entries:
            out.leave("ADD_NOTHING", file=file.name)
            return out
        own = held.copies[0]
        layers = _layers(folder, held.copies, commune, entries)
        if layers[WORKS].used.empty:
            out.leave("PROGRESS_WORKS_FIRST", file=file.name, folder=typed(folder))
        found = Rows(layers, recorded(folder, commune), day, file.name)
        out.findings, out.left_out = found.findings, found.left_out
        path = folder / record.FILE_NAME
        if found.claims or found.surveys:
            with record.writing(path, commune.commune.code) as ledger:
                # The very bytes that were read, kept before anything rests on them.
                kept = ledger.keep(own.path, own.sha256)
                outcomes = ledger.append(found.drafts(kept), by=by)
            _count(folder, outcomes, out)
            _contradicted(folder, outcomes, out)
    out.check_code = record.state(path, commune=commune.commune.code).check_code
    out.tell("PROGRESS_ADDED", file=file.name, new=out.new, known=out.known)
    if out.left_out:
        rows = tuple(str(row) for row in sorted({at[1][1] for at in found.out if at[1][1] > 0}))
        out.tell("PROGRESS_LEFT_OUT", file=file.name, count=out.left_out, rows=rows[:_SHOWN])
    return out


def _entries(
    tables: Sequence[Table], commune: Commune, wish: Wish, out: Entered
) -> list[SourceEntry]:
    """Settle which tables of a file are reports or tracks, and how their columns are read."""
    shown = [table for table in tables if table.rows and not table.hidden]
    found = []
    for table in shown:
        layer = TRACKS if table.kind in _TRACK_KINDS or table.geometry else None
        if layer is None and len(shown) == 1:
            layer = TRACKS if table.pairs else REPORTS
        settled = settle(table, commune, replace(wish, layer=layer), out, several=len(shown) > 1)
        if settled is not None and settled.layer in (REPORTS, TRACKS):
            found.append(settled)
    return found


def _layers(
    folder: Path, copies: Sequence[Copy], commune: Commune, entries: Sequence[SourceEntry]
) -> Layers:
    """Return the rows of the file, checked against the roads and works of the commune."""
    beside = sources.read(folder, commune, only=BESIDE)
    given = sources.reread(copies, commune.model_copy(update={"sources": tuple(entries)}))
    return gather((*beside.raws, *given.raws), (), commune, given.findings)


def _no_file(folder: Path, file: Path, out: Entered) -> None:
    """Say that what was named is no file: a folder, or nothing at all."""
    out.unreadable += 1
    if file.is_dir():
        out.tell("PROGRESS_FOLDER", folder=typed(folder), file=str(file), typed=typed(file))
        return
    beside = [path.name for path in file.parent.iterdir()] if file.parent.is_dir() else []
    close = text.suggestions(file.name, beside, 1)
    code = "ADD_FILE_MISSING_MEANT" if close else "ADD_FILE_MISSING"
    out.tell(code, file=str(file), meant=close[0] if close else None)


def _contradicted(folder: Path, outcomes: Sequence[record.Outcome], out: Entered) -> None:
    """Name the entries that reports of this file contradict, and how one of them is undone."""
    kinds = ("report", "acceptance")
    said = {
        (o.entry.content["report_id"], o.entry.key): o.entry.n
        for o in outcomes
        if o.entry.kind in kinds and o.state != "withdrawn"
    }
    standing: dict[str, list[Listed]] = defaultdict(list)
    for line in listed(folder):
        if line.is_report and not line.undone_by and not line.is_broken:
            standing[str(line.document.get("report_id"))].append(line)
    for report_id in dict.fromkeys(key[0] for key in said):
        lines = standing[report_id]
        if len({line.key for line in lines}) < 2:
            continue
        names = tuple(line.name for line in lines)
        repair = sentence(
            "REPORT_TWO_REPAIR", {"entries": names, "n": lines[0].typed, "folder": typed(folder)}
        )
        about = [f for f in out.findings if f.code == "REPORT_TWO_CONTENTS"]
        mine = [f for f in about if f.feature == report_id]
        out.findings = [replace(f, repair=repair) if f in mine else f for f in out.findings]
        if not mine:
            out.leave_words(
                sentence("REPORT_TWO_ENTRIES", {"id": report_id, "entries": names}), repair
            )


def _count(folder: Path, outcomes: Sequence[record.Outcome], out: Entered) -> None:
    for outcome in outcomes:
        if outcome.entry.kind == "centreline":
            continue
        if outcome.state == "new":
            out.new += 1
        elif outcome.state == "known":
            out.known += 1
        else:
            out.withdrawn += 1
            by = tuple(str(entry.n) for entry in outcome.undone_by)
            out.tell("PROGRESS_WITHDRAWN", n=str(outcome.entry.n), by=by, folder=typed(folder))
