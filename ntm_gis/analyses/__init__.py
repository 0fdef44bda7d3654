"""Analyses: questions to the layers, answered with measures, findings and frames to draw.

Each module answers for its part (`answer(layers)`) and says in `READS` which fields enter which
measures. They read no file and draw nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.analyses import (
    areas,
    commune,
    funds,
    ground,
    irrigation,
    loudspeakers,
    relief,
    roads,
    schools,
    targets,
    villages,
)
from ntm_gis.analyses.affects import Reads, filled
from ntm_gis.layers.values import Answer, Layers

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

__all__ = ["ORDER", "answer", "reads"]

ORDER: tuple[ModuleType, ...] = (
    commune, villages, roads, irrigation, schools, loudspeakers, areas, funds, ground, relief,
)  # fmt: skip
"""The analyses that need nothing but layers, in the order in which they are asked."""


def answer(layers: Layers, *, progress: Callable[[str], None] | None = None) -> Answer:
    """Ask every analysis and join the answers.

    Parameters
    ----------
    layers : Layers
        Checked layers of one commune, in its zone.
    progress : callable, optional
        Told the name of each analysis before it is asked.

    Returns
    -------
    Answer
        All measures, frames and grids; the findings of the layers and of the analyses, gravest
        first, each with the measures it touches.
    """
    joined = Answer()
    for module in ORDER:
        if progress is not None:
            progress(module.__name__.rpartition(".")[2])
        joined += module.answer(layers)
    if progress is not None:
        progress("targets")
    joined += targets.answer(layers, joined.measures)
    every = (
        *layers.findings,
        *joined.findings,
    )
    found = sorted(filled(every, joined.measures, reads()), key=lambda f: f.order)
    return Answer(joined.measures, tuple(found), joined.frames, joined.grids)


def reads() -> Reads:
    """Return which fields of which layers enter which measures, of all analyses."""
    return {
        prefix: layers for module in (*ORDER, targets) for prefix, layers in module.READS.items()
    }
