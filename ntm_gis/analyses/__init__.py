"""Analyses: questions to the layers, answered with measures, findings and frames to draw.

Each analysis of `NAMES` is a module, or the module `analysis` of a sub-package. It answers for its
part (`answer(question)`), says in `READS` which fields enter which measures, and in its findings
which measures they touch. They read no file and draw nothing.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ntm_gis.analyses.affects import Reads, filled, spelt_out
from ntm_gis.analyses.failures import failed
from ntm_gis.analyses.question import Analysis, Question, name_of
from ntm_gis.layers.decisions import NOTHING, Decisions
from ntm_gis.layers.values import Answer, Layers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

__all__ = ["NAMES", "Analysis", "Question", "answer", "order", "reads"]

NAMES = (
    "commune", "villages", "roads", "irrigation", "schools", "loudspeakers", "areas",
    "funds", "progress", "tracks", "photos", "contributions", "ground", "relief", "merger",
    "planreview", "plan_tables", "environment", "criteria", "targets", "money",
    "priorities", "tasks", "village_forms", "village_needs",
)  # fmt: skip
"""The analyses in the order in which they are asked: each sees the measures of those before."""


def order(only: frozenset[str] | None = None) -> tuple[Analysis, ...]:
    """Return the analyses, in their order; modules that are not asked are not loaded.

    Examples
    --------
    >>> [module.__name__ for module in order(frozenset({"schools", "commune"}))]
    ['ntm_gis.analyses.commune', 'ntm_gis.analyses.schools']
    """
    return tuple(_loaded(name) for name in NAMES if only is None or name in only)


def _loaded(name: str) -> Analysis:
    module = import_module(f"{__name__}.{name}")
    if hasattr(module, "__path__"):
        module = import_module(f"{__name__}.{name}.analysis")
    return cast("Analysis", module)


def answer(
    layers: Layers,
    decisions: Decisions = NOTHING,
    *,
    progress: Callable[[str], None] | None = None,
    rules_as_of: dt.date | None = None,
    only: frozenset[str] | None = None,
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
    only : frozenset of str, optional
        Names of the analyses to ask; all where left out.

    Returns
    -------
    Answer
        All measures, frames and grids; the findings of the layers, of the record and of the
        analyses, gravest first, each with the measures it touches. An analysis that fails
        leaves a finding, and its measures as not known; the others stand.
    """
    question = Question(layers, decisions, rules_as_of=rules_as_of)
    joined = Answer()
    asked = order(only)
    for module in asked:
        if progress is not None:
            progress(name_of(module))
        joined = _joined(joined, module, replace(question, measures=joined.measures))
    found = [
        *filled(layers.findings, joined.measures, _reads(asked), layers, joined.together),
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
    return _reads(order())


def _reads(asked: Iterable[Analysis]) -> Reads:
    return {prefix: layers for module in asked for prefix, layers in module.READS.items()}
