"""Works to choose from, the rules that bind them, and what a choice of them brings.

Everything is exact here: costs are whole thousands of đồng, households whole numbers, goals the
same sums whoever asks. The optimiser searches; what it finds is judged by this module alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ntm_gis.analyses.goals import Goals
from ntm_gis.results.words import is_made_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ntm_gis.analyses.goals import Aim
    from ntm_gis.results import Words

THOUSAND = 1000
"""Thousand đồng in a million."""

NO_GOALS = Goals()

LimitKind = Literal["budget", "fund", "capital"]


@dataclass(frozen=True, slots=True)
class Work:
    """A proposed work.

    Parameters
    ----------
    thousand : int
        Cost in thousand đồng.
    effects : tuple of (int, float)
        Number of a goal, and what the work adds to its margin.
    households : int or None
        None: not recorded; it counts for nothing in the search, and is shown as unknown.
    place : tuple or None
        (layer, id) of what is built on: works on one thing serve the same households.
    excludes, requires : frozenset of str
        Ids of other works. One required that is not among the works can never be had.
    """

    id: str
    name: str
    thousand: int
    fund: str | None = None
    effects: tuple[tuple[int, float], ...] = ()
    households: int | None = None
    place: tuple[str, str] | None = None
    excludes: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    indicator: str | None = None

    @property
    def million(self) -> float:
        """Cost in million đồng."""
        return self.thousand / THOUSAND


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so much for some works together: the budget, a fund, a kind of capital."""

    kind: LimitKind
    code: str
    name: str | Words
    works: frozenset[str]
    thousand: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What a choice brings: criteria met with it, households served, cost in thousand đồng."""

    criteria: tuple[str, ...]
    households: int
    thousand: int

    @property
    def worth(self) -> tuple[int, int]:
        """What is compared: criteria first, then households."""
        return len(self.criteria), self.households

    @property
    def million(self) -> float:
        """Cost in million đồng."""
        return self.thousand / THOUSAND


@dataclass(frozen=True)
class Problem:
    """Works, limits and goals. Works stand in the order of their ids.

    Parameters
    ----------
    extra : int
        Thousand đồng that are tied to no fund: they may pay what a fund has too little for, and
        come on top of the budget.
    """

    works: tuple[Work, ...]
    limits: tuple[Limit, ...] = ()
    goals: Goals = NO_GOALS
    extra: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "works", tuple(sorted(self.works, key=lambda work: work.id)))

    @cached_property
    def by_id(self) -> Mapping[str, Work]:
        """The works by their ids."""
        return {work.id: work for work in self.works}

    def called(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return what people call works: their ids, or the names of those without one."""
        return tuple(
            self.by_id[id_].name if id_ in self.by_id and is_made_key(id_) else id_ for id_ in ids
        )

    @property
    def budget(self) -> Limit | None:
        """The limit of all works together, where there is one."""
        return next((limit for limit in self.limits if limit.kind == "budget"), None)

    def with_budget(self, million: float | None) -> Problem:
        """Return the same problem with another budget in million đồng; None: without one."""
        rest = tuple(limit for limit in self.limits if limit.kind != "budget")
        if million is None:
            return replace(self, limits=rest)
        every = frozenset(work.id for work in self.works)
        return replace(self, limits=(Limit("budget", "", "", every, thousands(million)), *rest))

    def with_extra(self, million: float) -> Problem:
        """Return the same problem with money on top that is tied to no fund."""
        return replace(self, extra=self.extra + thousands(million))

    @cached_property
    def exclusions(self) -> tuple[tuple[str, str], ...]:
        """Pairs of works that cannot both be chosen, each once."""
        pairs = {
            (min(work.id, other), max(work.id, other))
            for work in self.works
            for other in work.excludes
            if other in self.by_id and other != work.id
        }
        return tuple(sorted(pairs))

    def margins(self, chosen: Iterable[str]) -> list[float]:
        """Return how far each goal is passed with some works."""
        added: dict[int, list[float]] = defaultdict(list)
        for id_ in sorted(chosen):
            for goal, amount in self.by_id[id_].effects:
                added[goal].append(amount)
        return [
            start if math.isinf(start) else math.fsum([start, *added[k]])
            for k, start in enumerate(self.starts)
        ]

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """How far each goal is surely passed without any work."""
        return tuple(goal.margin for goal in self.goals.goals)

    def gain(self, chosen: Iterable[str]) -> Gain:
        """Return what some works bring together."""
        chosen = frozenset(chosen)
        goals = self.goals.goals
        held = [goals[k].reached(m) for k, m in enumerate(self.margins(chosen))]
        criteria = tuple(a.criterion for a in self.goals.aims if self._met(a, held))
        served: dict[object, int] = defaultdict(int)
        for id_ in chosen:
            work = self.by_id[id_]
            key = work.place or id_
            served[key] = max(served[key], work.households or 0)
        cost = sum(self.by_id[id_].thousand for id_ in chosen)
        return Gain(criteria, sum(served.values()), cost)

    def _met(self, aim: Aim, held: list[bool]) -> bool:
        return sum(self.has(aim, code, held) for code in aim.indicators) >= aim.needed

    def has(self, aim: Aim, code: str, held: list[bool]) -> bool:
        """Return whether an indicator of a criterion is met, of goals held or not."""
        own = self.goals.of_indicator(code)
        return all(held[k] for k in own) if own else code in aim.met

    def broken(self, chosen: Iterable[str]) -> list[Limit | tuple[str, str]]:
        """Return the rules that some works break: limits, and pairs of ids.

        A pair is two works that exclude each other, or one and what it requires and lacks.
        """
        chosen = frozenset(chosen)
        out: list[Limit | tuple[str, str]] = [
            limit for limit in self.limits if self._over(limit, chosen)
        ]
        if self.extra and not out and self._wanted(chosen) > self.extra:
            every = frozenset().union(*(x.works for x in self.limits if x.kind == "fund"))
            out.append(Limit("fund", "", "", every, 0))
        out += [pair for pair in self.exclusions if chosen.issuperset(pair)]
        for id_ in sorted(chosen):
            out += [(id_, other) for other in sorted(self.by_id[id_].requires - chosen)]
        return out

    def spent(self, limit: Limit, chosen: Iterable[str]) -> int:
        """Return what some works take of a limit, in thousand đồng."""
        return sum(self.by_id[id_].thousand for id_ in chosen if id_ in limit.works)

    def _over(self, limit: Limit, chosen: frozenset[str]) -> bool:
        spare = 0 if limit.kind == "capital" else self.extra
        return self.spent(limit, chosen) > limit.thousand + spare

    def _wanted(self, chosen: frozenset[str]) -> int:
        """Return how much money on top the funds take; of funds one lies within another or apart.

        What is paid for a fund within another is paid for that one too.
        """
        tops: list[tuple[frozenset[str], int]] = []
        for limit in sorted((x for x in self.limits if x.kind == "fund"), key=_size):
            within = sum(want for works, want in tops if works <= limit.works)
            tops = [top for top in tops if not top[0] <= limit.works]
            tops.append((limit.works, max(within, self.spent(limit, chosen) - limit.thousand)))
        return sum(max(0, want) for _, want in tops)

    def with_required(self, id_: str) -> frozenset[str]:
        """Return a work with all that it requires, known or not."""
        found, left = {id_}, [id_]
        while left:
            work = self.by_id.get(left.pop())
            for other in () if work is None else work.requires - found:
                found.add(other)
                left.append(other)
        return frozenset(found)

    def with_dependent(self, id_: str, chosen: Iterable[str]) -> frozenset[str]:
        """Return a work with those of some works that cannot be had without it."""
        return frozenset(
            other for other in chosen if id_ == other or id_ in self.with_required(other)
        )


def _size(limit: Limit) -> tuple[int, int]:
    return len(limit.works), limit.thousand


def thousands(million: float) -> int:
    """Return whole thousands of đồng; half a thousand up.

    Examples
    --------
    >>> thousands(0.1) + thousands(0.2) == thousands(0.3)
    True
    """
    return math.floor(million * THOUSAND + 0.5)
