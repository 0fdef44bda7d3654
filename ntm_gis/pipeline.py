"""The whole way of one commune: commune.toml, sources, layers, analyses, outputs.

There is one computing path. `check` stops after the layers, `run` goes to the end, `map` and
`explain` are the same run filtered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ntm_gis import analyses, sources
from ntm_gis.layers.gather import gather
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Finding, Severity, Words
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune

Progress = Callable[[str], None]

OUT = "out"


def _silent(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Review:
    """What a run found, before anything is written.

    `layers` are the checked rows, `answer` the measures, findings and frames.
    """

    folder: Path
    commune: Commune
    layers: Layers
    answer: Answer

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
        Finding.of(
            "SOURCE_ENTRY_FAULTY",
            file=communes.FILE_NAME,
            what=Words(fault.say("vi"), fault.say("en")),
        )
        for fault in commune.faults
    )
    return commune, gather(inputs.raws, inputs.grids, commune, (*faults, *inputs.findings))


def review(folder: Path, *, as_of: dt.date | None = None, progress: Progress = _silent) -> Review:
    """Take the sources in, check them and compute every measure. Nothing is written."""
    commune, layers = check(folder, as_of=as_of, progress=progress)
    progress("analyses")
    return Review(folder, commune, layers, analyses.answer(layers))


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
        progress=progress,
    )
    return found, written
