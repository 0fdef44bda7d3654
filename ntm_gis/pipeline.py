"""The whole way of one commune: commune.toml, sources, record, layers, analyses, outputs.

There is one computing path. `check` stops before anything is written, `run` goes to the end,
`map` and `explain` are the same run filtered. The record is read here and never written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import analyses, record, sources
from ntm_gis.errors import NtmGisError, RecordError
from ntm_gis.layers import villages_called
from ntm_gis.layers.decisions import NOTHING, Decisions
from ntm_gis.layers.gather import gather
from ntm_gis.layers.values import Answer, Layers, Raw
from ntm_gis.results import Finding, Severity, Words, village_word
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.how import How
    from ntm_gis.outputs.report import Paper
    from ntm_gis.outputs.report.telling import Previous

Progress = Callable[[str], None]

OUT = "out"

FROM_RECORD = ("progress.*", "indicator.*", "criterion.*", "score.*")
"""Measures that rest on the record."""

PLANS = frozenset({"planreview"})
"""The analyses that the review of plans and decisions about it look at."""

PLAN_LAYERS = frozenset({
    "boundary", "neighbours", "former_communes", "villages", "village_changes", "plans",
    "plan_zones", "plan_items", "plan_documents", "roads", "water", "hazards", "forest",
    "irrigation", "schools", "facilities", "cultural_houses", "environment", "buildings",
    "figures", "elevation",
})  # fmt: skip
"""The layers that they read."""


_WITH_PAPER = frozenset({"report.docx", "report.pdf", "brief.pdf", "results.json", "index.html"})
"""Outputs that show what the folder gives for its report, or what is wrong with it."""


def _silent(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Review:
    """What a run found, before anything is written.

    `layers` are the checked rows, `answer` the measures, findings and frames, `decisions` what
    the record says on the day of the figures, `previous` the values of the last closed period.
    """

    folder: Path
    commune: Commune
    layers: Layers
    answer: Answer
    decisions: Decisions = NOTHING
    previous: Mapping[str, Previous] = field(default_factory=dict)

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
    folder: Path,
    *,
    as_of: dt.date | None = None,
    only: frozenset[str] | None = None,
    progress: Progress = _silent,
) -> tuple[Commune, Layers]:
    """Take the sources in and check them.

    Parameters
    ----------
    folder : Path
        A commune folder with commune.toml.
    as_of : date, optional
        Figures as of another day than commune.toml says.
    only : frozenset of str, optional
        Layers to take in, where others are not looked at.

    Raises
    ------
    ConfigError
        The folder or its commune.toml cannot be used. Faulty files are findings, not errors.
    """
    commune = communes.read(folder).at(as_of)
    progress("sources")
    inputs = sources.read(folder, commune, only=only, progress=progress)
    commune = _speaking(commune, inputs.raws)
    progress("layers")
    faults = tuple(
        Finding.of("SOURCE_ENTRY_FAULTY", file=communes.FILE_NAME, what=_said(fault))
        for fault in commune.faults
    )
    return commune, gather(inputs.raws, inputs.grids, commune, (*faults, *inputs.findings))


def _speaking(commune: Commune, raws: Sequence[Raw]) -> Commune:
    """Let sentences call villages as commune.toml does, or the commune's own list of them."""
    who = commune.commune
    word = who.village_word or villages_called.word_of(raws)
    village_word.use(word)
    if word in (who.village_word, village_word.SHIPPED):
        return commune
    return commune.model_copy(update={"commune": who.model_copy(update={"village_word": word})})


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
    only: frozenset[str] | None = None,
    layers: frozenset[str] | None = None,
    progress: Progress = _silent,
) -> Review:
    """Take the sources in and compute every measure. Nothing is written.

    Parameters
    ----------
    rules_as_of : date, optional
        The day whose rules plans are reviewed by: an earlier review made again, unchanged.
    only : frozenset of str, optional
        Names of the analyses to ask (`analyses.NAMES`), where others are not looked at.
    layers : frozenset of str, optional
        Layers to take in, where these analyses read no others.
    """
    commune, found = check(folder, as_of=as_of, only=layers, progress=progress)
    decisions = recorded(folder, commune)
    progress("analyses")
    answer = analyses.answer(found, decisions, rules_as_of=rules_as_of, only=only)
    return Review(folder, commune, found, answer, decisions)


def _said(fault: NtmGisError) -> Words:
    return Words(fault.say("vi"), fault.say("en"))


def _with_paper(found: Review, lang: str) -> tuple[Review, Paper]:
    """Return what the folder gives for its report, and the review with what is wrong with it."""
    from ntm_gis import reporting

    paper, findings = reporting.paper(found.folder, found.answer, found.layers, lang)
    answer = found.answer
    if findings:
        every = sorted((*answer.findings, *findings), key=lambda finding: finding.order)
        answer = replace(answer, findings=tuple(every))
    return replace(found, answer=answer, previous=paper.previous), paper


def run(
    folder: Path,
    *,
    as_of: dt.date | None = None,
    lang: str = "vi",
    only: frozenset[str] | None = None,
    progress: Progress = _silent,
    printing: How | None = None,
) -> tuple[Review, tuple[Path, ...]]:
    """Run the whole review and write `out/`.

    Parameters
    ----------
    only : frozenset of str, optional
        Names of maps (`maps/NAME`) or outputs to write; all where left out.
    printing : How, optional
        Paper and formats of printed maps; A3 as PDF and PNG where left out.

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
    paper = None
    if only is None or only & _WITH_PAPER:
        found, paper = _with_paper(found, lang)
    written = outputs.write_all(
        found.answer,
        found.layers,
        found.commune,
        folder / OUT,
        lang=lang,
        only=only,
        record_head=found.decisions.check_code,
        paper=paper,
        progress=progress,
        **({} if printing is None else {"printing": printing}),
    )
    return found, written
