"""Files of reports and tracks taken into the record of road works.

A row is entered as it was reported. One that could never count (beyond the road, a day that is
still to come, a work that does not exist) stays out and is named with its repair: mended and
taken in again, the file adds that row alone, because what is in the record is known.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ntm_gis import numbers, record, sources
from ntm_gis.analyses import centreline_changes, centrelines, chainage_stakes, progress
from ntm_gis.analyses.progress_claims import claims_of
from ntm_gis.analyses.progress_works import works_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Centreline, Claim, Decisions, Survey
from ntm_gis.layers.gather import gather
from ntm_gis.layers.values import ROW, TABLE, Layers
from ntm_gis.pipeline import recorded
from ntm_gis.questions import Ask, Said, Wish, settle
from ntm_gis.results import Finding, Severity
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.sources import Copy, Table

Progress = Callable[[str], None]

REPORTS, TRACKS, ROADS, WORKS = "road_reports", "tracks", "roads", "road_works"

BESIDE = frozenset({"boundary", ROADS, "stakes", WORKS, "villages", "former_communes"})
"""Layers that reports and tracks are held against."""

NEVER_COUNTS = frozenset(
    {"beyond", "reversed", "unknown_work", "future", "incomplete", "undated"}
)  # fmt: skip
"""States of a report that stay out of the record until its row is mended."""

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
        """Return the exit status: 3 the file could not be taken in, 1 a row stays out, 0."""
        if self.unreadable or any(f.severity is Severity.STOP for f in self.findings):
            return 3
        return 1 if self.left_out or self.open else 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "new": self.new, "known": self.known, "withdrawn": self.withdrawn,
            "left_out": self.left_out, "check_code": self.check_code,
            "lines": [line.as_json() for line in self.lines],
            "findings": [
                {"code": f.code, "severity": str(f.severity), "row": f.row, "field": f.field,
                 "message": f.message.as_json(),
                 "repair": None if f.repair is None else f.repair.as_json()}
                for f in self.findings
            ],
        }  # fmt: skip


def today() -> dt.date:
    """Return the day in Viet Nam; entries are dated, figures never are by it."""
    return dt.datetime.now(tz=numbers.VIET_NAM_TIME).date()


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
    day = day or today()
    commune = communes.read(folder)
    # Judged on the day of entering: figures may be as of an earlier one.
    commune = commune.at(max(day, commune.commune.as_of))
    out = Entered()
    with sources.held(file, zone=commune.commune.crs) as held:
        if not held.copies:
            out.unreadable += 1
            out.findings += held.tables[0].findings
            return out
        progress(file.name)
        entries = _entries(held.tables, commune, Wish(None, None, accept, ask), out)
        if not entries:
            out.leave("ADD_NOTHING", file=file.name)
            return out
        own = held.copies[0]
        layers = _layers(folder, held.copies, commune, entries)
        found = _Found(layers, recorded(folder, commune), day, out, file.name)
        path = folder / record.FILE_NAME
        if found.claims or found.surveys:
            with record.writing(path, commune.commune.code) as ledger:
                # The very bytes that were read, kept before anything rests on them.
                kept = ledger.keep(own.path, own.sha256)
                _count(ledger.append(found.drafts(kept), by=by), out)
    out.check_code = record.state(path, commune=commune.commune.code).check_code
    out.tell("PROGRESS_ADDED", file=file.name, new=out.new, known=out.known)
    if out.left_out:
        out.tell("PROGRESS_LEFT_OUT", file=file.name, count=out.left_out)
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
    with tempfile.TemporaryDirectory(prefix="ntm-gis-") as scratch:
        # Under the names that people know: findings and entries name the file by it.
        for copy in copies:
            shutil.copyfile(copy.path, Path(scratch) / copy.name)
        alone = commune.model_copy(update={"sources": tuple(entries)})
        given = sources.read(Path(scratch), alone)
    return gather((*beside.raws, *given.raws), (), commune, given.findings)


class _Found:
    """Claims and surveys in the rows of one file, and the lines they are taken on."""

    def __init__(
        self, layers: Layers, decisions: Decisions, day: dt.date, out: Entered, file: str
    ) -> None:
        self.layers, self.decisions, self.day, self.out = layers, decisions, day, out
        self.surveys: Sequence[Survey] = ()
        if not layers[TRACKS].used.empty:
            from ntm_gis.analyses import tracks

            self.surveys = tracks.surveys(layers)
        judged = progress.answer(Question(layers, decisions), self.surveys)
        told = [f for f in (*layers.findings, *judged.findings) if f.file == file]
        out.findings += sorted(told, key=lambda finding: finding.order)
        self.claims = self._fit(judged.frames[REPORTS])

    def drafts(self, kept: str) -> list[record.Draft]:
        """Return the entries, centrelines first; `kept` is the file's name in the store."""
        lines = self._lines()
        used: dict[str, Centreline] = {}
        drafts = []
        for claim in self.claims:
            line = lines.get(claim.work_id or "")
            if line is not None:
                used.setdefault(line.digest, line)
            on = replace(claim, centreline=None if line is None else line.digest)
            is_acceptance = claim.stage == "accepted" and claim.verified_by is not None
            drafts.append((record.acceptance if is_acceptance else record.report)(on, (kept,)))
        for survey in self.surveys:
            line = lines.get(survey.work_id)
            if line is not None and line.digest == survey.centreline:
                used.setdefault(line.digest, line)
            drafts.append(record.survey(survey, (kept,)))
        return [*map(record.centreline, used.values()), *drafts]

    def _fit(self, judged: Any) -> list[Claim]:
        """Return the claims that may count; the others stay out."""
        states = {
            (table or None, int(row)): state
            for table, row, state in zip(
                judged[TABLE], judged[ROW].fillna(-1), judged["state"], strict=True
            )
        }
        fit = []
        layer = self.layers[REPORTS]
        self.out.left_out += sum(a.set_aside + a.refused for a in layer.accounts)
        for claim in claims_of(layer):
            place = claim.place
            key = (place.table, place.row or -1) if place else (None, -1)
            if states.get(key) in NEVER_COUNTS:
                self.out.left_out += 1
            else:
                fit.append(claim)
        return fit

    def _lines(self) -> dict[str, Centreline]:
        """Return by work the centreline that its chainages are taken on."""
        known = centrelines.latest(self.decisions.centrelines)
        roads, _ = chainage_stakes.road_lines(self.layers[ROADS], self.layers["stakes"])
        _, changes = centreline_changes.versions(self.layers, self.decisions, roads)
        # Drawn from its other end since: people go on counting from the old start.
        turned = {change.version.road_id for change in changes if change.turned}
        used = self.layers[ROADS].used
        drawn = dict(zip(used["road_id"], used.geometry, strict=True))
        out: dict[str, Centreline] = {}
        for work in works_of(self.layers):
            road = work.road_id
            if road is None or road not in drawn:
                continue
            before = known.get(road)
            if before is not None and road in turned:
                out[work.id] = before
                continue
            line = centrelines.centreline(
                road, drawn[road], self.layers.commune.commune.crs, self.day,
                version=1 if before is None else before.version + 1,
            )  # fmt: skip
            if line is not None:
                same = before is not None and before.digest == line.digest
                out[work.id] = before if same and before is not None else line
        return out


def _count(outcomes: Sequence[record.Outcome], out: Entered) -> None:
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
            out.tell("PROGRESS_WITHDRAWN", n=str(outcome.entry.n), by=by)
