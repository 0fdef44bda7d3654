"""The whole answer to "what to do next": choice, ranking with reasons, what more would buy.

All of it rests on choices that are proven to be the best; where a search gave up, it says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from ntm_gis.analyses.priorities.reasons import Forced, left_out, taken_in
from ntm_gis.analyses.priorities.search import best, cheapest, most_criteria
from ntm_gis.analyses.priorities.values import THOUSAND, Gain, Problem, Work
from ntm_gis.results import Words

MORE_MILLION = 500.0
"""What is asked of more money."""

FORCED = 5
"""Of so many works that are left out, the foremost, it is worked out what forcing one in costs;
of the others when asked (`why_not`)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A work with its rank, from 1, whether it is chosen, and why.

    `criteria` are those that the choice would lose without it.
    """

    rank: int
    work: Work
    chosen: bool
    reasons: tuple[Words, ...]
    criteria: tuple[str, ...] = ()
    forced: Forced | None = None


@dataclass(frozen=True, slots=True)
class More:
    """What so much more money would buy, tied to no fund."""

    million: float
    gain: Gain
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The least budget with which so many criteria are met; works that it goes to."""

    criteria: int
    thousand: int
    chosen: tuple[str, ...]
    proven: bool

    @property
    def million(self) -> float:
        """The budget in million đồng."""
        return self.thousand / THOUSAND


@dataclass(frozen=True)
class Proposal:
    """What is proposed under a budget.

    Attributes
    ----------
    before, gain : Gain
        Without any work, and with the chosen ones.
    ranked : tuple of Ranked
        Every work once: the chosen first, what is required before what requires it.
    more : More or None
        None without a budget: there is no more of it.
    frontier : tuple of Step
        Budget against criteria, from what is met now on.
    proven : bool
        The choice is proven the best.
    """

    problem: Problem
    before: Gain
    gain: Gain
    ranked: tuple[Ranked, ...]
    more: More | None
    frontier: tuple[Step, ...]
    proven: bool

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the chosen works, by rank."""
        return tuple(one.work.id for one in self.ranked if one.chosen)


def proposal(problem: Problem, *, more_million: float = MORE_MILLION) -> Proposal:
    """Return the best choice of works, all works ranked with reasons, and what more would buy.

    Examples
    --------
    >>> works = (Work("A", "A", 300_000, households=9), Work("B", "B", 200_000, households=5))
    >>> found = proposal(Problem(works).with_budget(400.0))
    >>> found.chosen, found.more.added
    (('A',), ('B',))
    """
    found = best(problem)
    chosen = frozenset() if found is None else found.chosen
    ranked = [*_chosen(problem, chosen), *_others(problem, chosen)]
    return Proposal(
        problem,
        problem.gain(()),
        problem.gain(chosen),
        tuple(Ranked(k, *one) for k, one in enumerate(ranked, start=1)),
        _more(problem, chosen, more_million),
        frontier(problem),
        found is not None and found.proven,
    )


def frontier(problem: Problem) -> tuple[Step, ...]:
    """Return the least budget for each number of criteria, as far as works and funds reach.

    The budget of the problem is left out: it is what is asked for.
    """
    free = problem.with_budget(None)
    steps: list[Step] = []
    # To prove that one more is out of reach takes far longer than to find how many are not.
    most = most_criteria(free)
    count = len(free.gain(()).criteria)
    while most is not None and count <= most:
        found = cheapest(free, count)
        if found is None:
            break
        gain = free.gain(found.chosen)
        steps.append(
            Step(len(gain.criteria), gain.thousand, tuple(sorted(found.chosen)), found.proven)
        )
        count = len(gain.criteria) + 1
    return tuple(steps)


def why_not(problem: Problem, id_: str) -> Forced:
    """Return what forcing a work in would cost: the best choice that has it.

    Raises
    ------
    KeyError
        There is no such work.
    """
    if id_ not in problem.by_id:
        raise KeyError(id_)
    now = best(problem)
    return _forced(problem, frozenset() if now is None else now.chosen, id_)


def why(problem: Problem, id_: str) -> tuple[tuple[Words, ...], bool]:
    """Return why a work is among the best choice or not, in words, and whether it is.

    Of a work that is not, what forcing it in costs is always told.

    Raises
    ------
    KeyError
        There is no such work.
    """
    if id_ not in problem.by_id:
        raise KeyError(id_)
    now = best(problem)
    chosen = frozenset() if now is None else now.chosen
    if id_ not in chosen:
        return left_out(problem, id_, chosen, _forced(problem, chosen, id_)), False
    return next(one[2] for one in _chosen(problem, chosen) if one[0].id == id_), True


def _forced(problem: Problem, chosen: frozenset[str], id_: str) -> Forced:
    other = best(problem, forced=(id_,))
    if other is None:
        return Forced(id_, None, problem.gain(chosen))
    return Forced(
        id_,
        problem.gain(other.chosen),
        problem.gain(chosen),
        tuple(sorted(other.chosen - chosen)),
        tuple(sorted(chosen - other.chosen)),
    )


def _more(problem: Problem, chosen: frozenset[str], million: float) -> More | None:
    budget = problem.budget
    if budget is None:
        return None
    found = best(problem.with_extra(million))
    if found is None:
        return None
    return More(
        million,
        problem.gain(found.chosen),
        tuple(sorted(found.chosen - chosen)),
        tuple(sorted(chosen - found.chosen)),
        found.proven,
    )


_One = tuple[Work, bool, tuple[Words, ...], tuple[str, ...], Forced | None]


def _chosen(problem: Problem, chosen: frozenset[str]) -> list[_One]:
    now = set(problem.gain(chosen).criteria)
    lost = {}
    for id_ in chosen:
        left = problem.gain(chosen - problem.with_dependent(id_, chosen)).criteria
        lost[id_] = tuple(c for c in problem.gain(chosen).criteria if c in now - set(left))
    out: list[_One] = []
    placed: set[str] = set()
    waiting = sorted(chosen, key=lambda i: (-len(lost[i]), *_worth(problem.by_id[i])))
    while waiting:
        # Of circles of works that require one another the first goes first.
        ready = (i for i in waiting if problem.by_id[i].requires & chosen - {i} <= placed)
        id_ = next(ready, waiting[0])
        waiting.remove(id_)
        placed.add(id_)
        reasons = taken_in(problem, id_, chosen, lost[id_])
        out.append((problem.by_id[id_], True, reasons, lost[id_], None))
    return out


def _others(problem: Problem, chosen: frozenset[str]) -> list[_One]:
    others = [work for work in problem.works if work.id not in chosen]
    others.sort(key=lambda work: (-_closing(problem, work), *_worth(work)))
    out: list[_One] = []
    for number, work in enumerate(others):
        forced = _forced(problem, chosen, work.id) if number < FORCED else None
        out.append((work, False, left_out(problem, work.id, chosen, forced), (), forced))
    return out


def _worth(work: Work) -> tuple[float, int, str]:
    """Return what works are sorted by: most households for the money, then cheapest, then id."""
    per = (work.households or 0) / work.thousand if work.thousand else float("inf")
    return -per, work.thousand, work.id


def _closing(problem: Problem, work: Work) -> float:
    """Return how much of what its goals lack a work makes up, for each million đồng."""
    share = 0.0
    for goal, amount in work.effects:
        lacking = -problem.starts[goal]
        if 0 < lacking < float("inf"):
            share += min(1.0, max(0.0, amount) / lacking)
    return share / max(work.million, 1.0 / THOUSAND)
