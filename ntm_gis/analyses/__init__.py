"""Analyses: questions to the layers, answered with measures, findings and frames to draw.

Each module answers for its part (`answer(question)`), says in `READS` which fields enter which
measures, and in its findings which measures they touch. They read no file and draw nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ntm_gis.analyses import (
    areas,
    commune,
    contributions,
    criteria,
    funds,
    ground,
    irrigation,
    loudspeakers,
    merger,
    money,
    photos,
    plan_tables,
    planreview,
    priorities,
    progress,
    relief,
    roads,
    schools,
    targets,
    tasks,
    tracks,
    villages,
)
from ntm_gis.analyses.affects import Reads, filled, spelt_out
from ntm_gis.analyses.failures import failed
from ntm_gis.analyses.question import Analysis, Question
from ntm_gis.layers.decisions import NOTHING, Decisions
from ntm_gis.layers.values import Answer, Layers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

__all__ = ["ORDER", "Analysis", "Question", "answer", "reads"]

ORDER: tuple[Analysis, ...] = (
    commune, villages, roads, irrigation, schools, loudspeakers, areas, funds, progress,
    tracks, photos, contributions, ground, relief, merger, planreview, plan_tables,
    criteria, targets, money, priorities, tasks,
)  # fmt: skip
"""The analyses in the order in which they are asked: each sees the measures of those before."""


def answer(
    layers: Layers,
    decisions: Decisions = NOTHING,
    *,
    progress: Callable[[str], None] | None = None,
    rules_as_of: dt.date | None = None,
) -> Answer:
    """Ask every analysis and join the answers.

    Parameters
    ----------
    layers : Layers
        Checked layers of one commune, in its zone.
    decisions : Decisions
        What the record says on the day of the figures.
    progress : callable, optional
        Told the name of each analysis before it is asked.
    rules_as_of : date, optional
        The day whose rules plans are reviewed by; that of the figures where left out.

    Returns
    -------
    Answer
        All measures, frames and grids; the findings of the layers, of the record and of the
        analyses, gravest first, each with the measures it touches. An analysis that fails
        leaves a finding, and its measures as not known; the others stand.
    """
    question = Question(layers, decisions, rules_as_of=rules_as_of)
    joined = Answer()
    for module in ORDER:
        if progress is not None:
            progress(module.__name__.rpartition(".")[2])
        joined = _joined(joined, module, replace(question, measures=joined.measures))
    found = [
        *filled(layers.findings, joined.measures, reads(), layers, joined.together),
        *spelt_out((*decisions.findings, *joined.findings), joined.measures),
    ]
    return replace(joined, findings=tuple(sorted(found, key=lambda finding: finding.order)))


def _joined(before: Answer, module: Analysis, question: Question) -> Answer:
    try:
        return before + module.answer(question)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other figures stand
        return before + failed(module, fault, before)


def reads() -> Reads:
    """Return which fields of which layers enter which measures, of all analyses."""
    return {prefix: layers for module in ORDER for prefix, layers in module.READS.items()}
