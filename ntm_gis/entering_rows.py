"""Which rows of a file of reports or tracks may go into the record, and on which lines.

A row that could never count stays out, and so does one of which a cell could not be read: taken
in as unknown and mended later, it would stand in the record twice, saying two things.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ntm_gis import record
from ntm_gis.analyses.chainage import centreline_changes, centrelines
from ntm_gis.analyses.chainage import stakes as chainage_stakes
from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.progress.claims import claims_of
from ntm_gis.analyses.progress.works import works_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Centreline, Claim, Decisions, Place, Survey
from ntm_gis.layers.values import ROW, TABLE, Layers
from ntm_gis.results import Finding, sentence
from ntm_gis.rules.schema import schema

REPORTS, TRACKS, ROADS, WORKS = "road_reports", "tracks", "roads", "road_works"

NEVER_COUNTS = frozenset(
    {"beyond", "reversed", "unknown_work", "future", "incomplete", "undated"}
)  # fmt: skip
"""States of a report that stay out of the record until its row is mended."""

_READ = {"width_m": "width_cm", "thickness_cm": "thickness_mm"}
"""Fields that may be blank, and what they become; one that says something has to be read."""

_COUNTS_ALL_THE_SAME = frozenset({"NOT_LOCATED", "VALUE_MISSING", "ROW_DOUBTFUL"})
"""Findings that say that their row counts: not so where it stays out of the record."""

Key = tuple[str | None, int]
"""Sheet and row as the user sees it; -1 where it has none."""


class Rows:
    """Claims and surveys in the rows of one file, and what is to be said about the others.

    Parameters
    ----------
    layers : Layers
        The rows of the file beside the roads and works of the commune.
    day : date
        The day of entering, for lines not yet in the record.

    Attributes
    ----------
    claims, surveys : sequence
        What may go into the record.
    left_out : int
        Rows that stay out.
    findings : list of Finding
        What is to be checked in the file, gravest first; each row that stays out has one.
    """

    def __init__(self, layers: Layers, decisions: Decisions, day: dt.date, file: str) -> None:
        self.layers, self.decisions, self.day, self.file = layers, decisions, day, file
        walked, about_tracks = self._walked()
        judged = progress.answer(Question(layers, decisions), walked)
        self.out: set[tuple[str, Key]] = set()
        self.unreadable: set[Key] = set()
        self.surveys = self._credited(walked)
        self.claims = self._fit(judged.frames[REPORTS])
        accounts = layers[REPORTS].accounts + layers[TRACKS].accounts
        self.left_out = len(self.out) + sum(a.set_aside + a.refused for a in accounts)
        # What is said of a row by its cells alone is not so where a cell could not be read.
        counted = (f for f in judged.findings if (f.table, f.row or -1) not in self.unreadable)
        told = (*layers.findings, *about_tracks, *counted)
        mine = [self._as_left_out(f) for f in told if f.file == file]
        found = [f for f in mine if f is not None]
        found += self._unsaid(found)
        self.findings = sorted(dict.fromkeys(found), key=lambda finding: finding.order)

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

    def _walked(self) -> tuple[Sequence[Survey], Sequence[Finding]]:
        """Match the tracks of the file; what is compiled for that is not loaded for reports."""
        if self.layers[TRACKS].used.empty:
            return (), ()
        from ntm_gis.analyses.tracks import analysis as tracks
        from ntm_gis.analyses.tracks import findings as tracks_findings
        from ntm_gis.analyses.tracks import matched as tracks_matched

        tracked = tracks_matched.tracked(self.layers)
        return tracks.surveys(self.layers), tuple(tracks_findings.findings(self.layers, tracked))

    def _credited(self, walked: Sequence[Survey]) -> list[Survey]:
        """Return the surveys that credit something; tracks that credit nothing stay out."""
        credited = [survey for survey in walked if survey.credited]
        keys = {_key(survey.place) for survey in credited}
        used = self.layers[TRACKS].used
        self.out |= {(TRACKS, key) for key in _keys(used) if key not in keys}
        return credited

    def _fit(self, judged: Any) -> list[Claim]:
        """Return the claims that may count; the others stay out."""
        states = dict(zip(_keys(judged), judged["state"], strict=True))
        unread = self._unread()
        fit = []
        for claim in claims_of(self.layers[REPORTS]):
            key = _key(claim.place)
            if any(getattr(claim, _READ[name]) is None for name in unread.get(key, ())):
                self.unreadable.add(key)
                self.out.add((REPORTS, key))
            elif states.get(key) in NEVER_COUNTS:
                self.out.add((REPORTS, key))
            else:
                fit.append(claim)
        return fit

    def _unread(self) -> Mapping[Key, set[str]]:
        """Return by row the fields that say something which could not be read."""
        found: dict[Key, set[str]] = {}
        for f in self.layers[REPORTS].findings:
            if f.code.startswith("VALUE_") and f.value is not None and f.field in _READ:
                found.setdefault((f.table, f.row or -1), set()).add(str(f.field))
        return found

    def _as_left_out(self, finding: Finding) -> Finding | None:
        """Return a finding in words that hold where its row stays out of the record."""
        out = finding.row is not None and any(
            (layer, (finding.table, finding.row)) in self.out for layer in (REPORTS, TRACKS)
        )
        if not out:
            return finding
        if finding.code == "VALUE_MISSING" and finding.layer is not None and finding.field:
            title = schema(finding.layer).field(finding.field).title.words
            return replace(finding, message=sentence("ROW_OUT_BLANK", {"title": title}))
        if finding.code in _COUNTS_ALL_THE_SAME:
            return None
        if finding.code.startswith("VALUE_") and finding.field in _READ:
            out_too = sentence("ROW_OUT_UNREAD", {"said": finding.message})
            return replace(finding, message=out_too)
        if finding.repair is None and finding.layer == TRACKS:
            return replace(finding, repair=sentence("TRACK_OUT_REPAIR", {}))
        return finding

    def _unsaid(self, told: Sequence[Finding]) -> list[Finding]:
        """Return a finding for each row that stays out and has none."""
        named = {(finding.table, finding.row or -1) for finding in told}
        return [
            Finding.of(
                "TRACK_OUT" if layer == TRACKS else "REPORT_OUT",
                file=self.file, table=key[0], row=None if key[1] < 0 else key[1], layer=layer,
            )
            for layer, key in sorted(self.out, key=lambda at: (at[0], at[1][0] or "", at[1][1]))
            if key not in named
        ]  # fmt: skip

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


def _key(place: Place | None) -> Key:
    return (None, -1) if place is None else (place.table, place.row or -1)


def _keys(frame: Any) -> list[Key]:
    rows = zip(frame[TABLE], frame[ROW].fillna(-1), strict=True)
    return [(table or None, int(row)) for table, row in rows]
