"""The whole way of one commune: commune.toml, sources, record, layers, analyses, outputs.

There is one computing path. `check` stops before anything is written, `run` goes to the end,
`map` and `explain` are the same run filtered. The record is read here and never written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ntm_gis import analyses, record, sources
from ntm_gis.errors import NtmGisError, RecordError
from ntm_gis.layers.decisions import NOTHING, Decisions
from ntm_gis.layers.gather import gather
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Finding, Severity, Words
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune

Progress = Callable[[str], None]

OUT = "out"

FROM_RECORD = ("progress.*", "indicator.*", "criterion.*", "score.*")
"""Measures that rest on the record."""


def _silent(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Review:
    """What a run found, before anything is written.

    `layers` are the checked rows, `answer` the measures, findings and frames, `decisions` what
    the record says on the day of the figures.
    """

    folder: Path
    commune: Commune
    layers: Layers
    answer: Answer
    decisions: Decisions = NOTHING

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, gravest first."""
        return self.answer.findings


def exit_status(findings: tuple[Finding, ...]) -> int:
    """Return what a command answers with: 3, 1 or 0.

    3: an input could not be taken in; 1: findings block an official figure; 0: neither.

    Examples
    --------
    >>> exit_status(())
    0
    """
    found = {finding.severity for finding in findings}
    if Severity.STOP in found:
        return 3
    return 1 if Severity.BLOCK in found else 0


def check(
    folder: Path, *, as_of: dt.date | None = None, progress: Progress = _silent
) -> tuple[Commune, Layers]:
    """Take the sources in and check them.

    Parameters
    ----------
    folder : Path
        A commune folder with commune.toml.
    as_of : date, optional
        Figures as of another day than commune.toml says.

    Raises
    ------
    ConfigError
        The folder or its commune.toml cannot be used. Faulty files are findings, not errors.
    """
    commune = communes.read(folder).at(as_of)
    progress("sources")
    inputs = sources.read(folder, commune, progress=progress)
    progress("layers")
    faults = tuple(
        Finding.of("SOURCE_ENTRY_FAULTY", file=communes.FILE_NAME, what=_said(fault))
        for fault in commune.faults
    )
    return commune, gather(inputs.raws, inputs.grids, commune, (*faults, *inputs.findings))


def recorded(folder: Path, commune: Commune) -> Decisions:
    """Return what the record of a commune says on the day of its figures.

    A record that cannot be read is a finding, not an error: its figures are not known then, and
    the rest of the run goes on.
    """
    who = commune.commune
    try:
        found = record.state(folder / record.FILE_NAME, who.as_of, commune=who.code)
    except RecordError as fault:
        unread = Finding.of("RECORD_UNREADABLE", file=record.FILE_NAME, what=_said(fault))
        found = Decisions(findings=(unread,), unread=True)
    # A fork or an entry not understood may touch any of them: nobody knows what it would say.
    told = tuple(finding.affecting(FROM_RECORD) for finding in found.findings)
    return replace(found, findings=told)


def review(
    folder: Path,
    *,
    as_of: dt.date | None = None,
    rules_as_of: dt.date | None = None,
    progress: Progress = _silent,
) -> Review:
    """Take the sources in and compute every measure. Nothing is written.

    Parameters
    ----------
    rules_as_of : date, optional
        The day whose rules plans are reviewed by: an earlier review made again, unchanged.
    """
    commune, layers = check(folder, as_of=as_of, progress=progress)
    decisions = recorded(folder, commune)
    progress("analyses")
    answer = analyses.answer(layers, decisions, rules_as_of=rules_as_of)
    return Review(folder, commune, layers, answer, decisions)


def _said(fault: NtmGisError) -> Words:
    return Words(fault.say("vi"), fault.say("en"))


def run(
    folder: Path,
    *,
    as_of: dt.date | None = None,
    lang: str = "vi",
    only: frozenset[str] | None = None,
    progress: Progress = _silent,
) -> tuple[Review, tuple[Path, ...]]:
    """Run the whole review and write `out/`.

    Parameters
    ----------
    only : frozenset of str, optional
        Names of maps (`maps/NAME.html`) or outputs to write; all where left out.

    Returns
    -------
    Review, tuple of Path
        What was found, and the files written.

    Raises
    ------
    ConfigError
        The folder or its commune.toml cannot be used.
    OutputError
        Nothing can be written under `out/`.
    """
    # Drawing libraries are not needed by `check` and `explain`.
    from ntm_gis import outputs

    found = review(folder, as_of=as_of, progress=progress)
    written = outputs.write_all(
        found.answer,
        found.layers,
        found.commune,
        folder / OUT,
        lang=lang,
        only=only,
        record_head=found.decisions.check_code,
        progress=progress,
    )
    return found, written
