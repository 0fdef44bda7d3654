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


class Analysis(Protocol):
    """A module that answers for its part of the figures.

    Its findings say themselves which measures they touch (`Finding.affecting`): ids, or the
    beginnings of ids with `*` behind them.
    """

    @property
    def __name__(self) -> str:
        """The module's name; the last part of it stands in what is told of progress."""

    @property
    def READS(self) -> Reads:  # noqa: N802 - a constant of the module
        """Which fields of which layers enter which measures."""

    def answer(self, question: Question) -> Answer:
        """Return measures, findings and frames."""
