"""Searches over a problem: the best choice, the cheapest for so many criteria, the most."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.priorities.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ntm_gis.analyses.priorities.values import Problem

CHEAPER_NODES = 200
"""Where the search for a cheaper one of the best choices ends."""


@dataclass(frozen=True, slots=True)
class Found:
    """A choice, and whether it is proven that there is none better."""

    chosen: frozenset[str]
    proven: bool


def best(
    problem: Problem,
    *,
    criteria: int | None = None,
    forced: Iterable[str] = (),
) -> Found | None:
    """Return the choice with the most criteria met, then the most households served.

    Parameters
    ----------
    criteria : int, optional
        So many criteria at least have to be met.
    forced : iterable of str
        Works that have to be among the chosen.

    Returns
    -------
    Found or None
        None: no choice keeps the rules. Works that bring nothing are not in it.

    Examples
    --------
    >>> from ntm_gis.analyses.priorities.values import Problem, Work
    >>> works = (Work("A", "A", 300, households=9), Work("B", "B", 200, households=5),
    ...          Work("C", "C", 200, households=5))
    >>> sorted(best(Problem(works).with_budget(0.4)).chosen)
    ['B', 'C']
    """
    forced = frozenset(forced)
    first = _model(problem, criteria, forced)
    chosen, proven = first.search(dict.fromkeys(first.met.values(), 1.0))
    if chosen is None:
        return None
    reached = len(problem.gain(chosen).criteria)
    second = _model(problem, reached, forced)
    served, also = second.search(second.counting)
    if served is not None:
        chosen = served
        # Of the best choices a cheap one; that it is the cheapest of them is not asked for.
        third = _model(problem, reached, forced)
        third.at_least(third.counting, float(problem.gain(chosen).households))
        costs = {third.work[work.id]: -float(work.thousand) for work in problem.works}
        cheaper, _ = third.search(costs, CHEAPER_NODES)
        if cheaper is not None and _rank(problem, cheaper) > _rank(problem, chosen):
            chosen = cheaper
    return Found(_without_idle(problem, chosen, forced), proven and also and served is not None)


def _rank(problem: Problem, chosen: frozenset[str]) -> tuple[int, int, int]:
    gain = problem.gain(chosen)
    return (*gain.worth, -gain.thousand)


def most_of_goal(problem: Problem, goal: int) -> float:
    """Return what works can add to a goal's margin at most, whatever they cost."""
    model = Model(replace(problem, limits=()))
    added: dict[int, float] = defaultdict(float)
    for work in problem.works:
        for number, amount in work.effects:
            if number == goal:
                added[model.work[work.id]] += amount
    chosen, _ = model.search(added)
    margins = problem.margins(chosen or ())
    return max(0.0, margins[goal] - problem.starts[goal])


def most_criteria(problem: Problem) -> int | None:
    """Return how many criteria can be met at most; None where no choice keeps the rules."""
    model = Model(problem)
    chosen, _ = model.search(dict.fromkeys(model.met.values(), 1.0))
    return None if chosen is None else len(problem.gain(chosen).criteria)


def cheapest(
    problem: Problem, criteria: int | None = None, *, criterion: str | None = None
) -> Found | None:
    """Return the cheapest choice with so many criteria met at least, or with one certain one.

    None: there is none.
    """
    model = _model(problem, criteria, frozenset())
    if criterion is not None and criterion not in problem.gain(()).criteria:
        if criterion not in model.met:
            return None
        model.at_least({model.met[criterion]: 1.0}, 1.0)
    costs = {model.work[work.id]: -float(work.thousand) for work in problem.works}
    chosen, proven = model.search(costs)
    return None if chosen is None else Found(chosen, proven)


def _model(problem: Problem, criteria: int | None, forced: frozenset[str]) -> Model:
    model = Model(problem)
    for id_ in sorted(forced):
        model.at_least({model.work[id_]: 1.0}, 1.0)
    if criteria is not None:
        wanted = float(criteria - model.surely)
        model.at_least(dict.fromkeys(model.met.values(), 1.0), wanted)
    return model


def _without_idle(
    problem: Problem, chosen: frozenset[str], forced: frozenset[str]
) -> frozenset[str]:
    """Leave out works that bring nothing, the dearest first."""
    worth = problem.gain(chosen).worth
    for id_ in sorted(chosen, key=lambda i: (-problem.by_id[i].thousand, i)):
        left = chosen - problem.with_dependent(id_, chosen)
        kept = forced <= left and problem.gain(left).worth == worth
        if id_ in chosen and kept and not problem.broken(left):
            chosen = left
    return chosen
