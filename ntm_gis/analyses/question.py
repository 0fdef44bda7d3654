"""What every analysis is asked, and what answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ntm_gis.layers.decisions import NOTHING, Decisions

if TYPE_CHECKING:
    import datetime as dt

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.layers.values import Answer, Layers
    from ntm_gis.results import Measure


@dataclass(frozen=True)
class Question:
    """All that an analysis may rest on.

    Parameters
    ----------
    layers : Layers
        Checked layers of one commune, in its zone.
    decisions : Decisions
        What the record says on the day of the figures.
    measures : tuple of Measure
        What the analyses asked before gave.
    rules_as_of : date, optional
        The day whose rules plans are reviewed by; that of the figures where left out.
    """

    layers: Layers
    decisions: Decisions = NOTHING
    measures: tuple[Measure, ...] = ()
    rules_as_of: dt.date | None = None


def name_of(analysis: Analysis) -> str:
    """Return the name by which an analysis is asked.

    It is that of its module, or of the sub-package whose module `analysis` answers.
    """
    parts = analysis.__name__.split(".")
    return parts[-2] if parts[-1] == "analysis" else parts[-1]


class Analysis(Protocol):
    """A module that answers for its part of the figures.

    Its findings say themselves which measures they touch (`Finding.affecting`): ids, or the
    beginnings of ids with `*` behind them.
    """

    @property
    def __name__(self) -> str:
        """The module's name; `name_of` tells by which the analysis is asked."""

    @property
    def READS(self) -> Reads:  # noqa: N802 - a constant of the module
        """Which fields of which layers enter which measures."""

    def answer(self, question: Question) -> Answer:
        """Return measures, findings and frames."""
