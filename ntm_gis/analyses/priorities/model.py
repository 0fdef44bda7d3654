"""The choice of works as a linear programme in whole numbers, solved to its proven end.

Variables: one a work (chosen), one a goal that works can change (held), one a criterion (met),
and for works on the same thing one each (whose households count). HiGHS, which scipy brings,
searches with tolerances; every answer is judged exactly (`Problem`), and where a tolerance let
something through, that choice is cut off and the search goes on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses.priorities.values import Limit, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ntm_gis.analyses.goals import Aim

Row = tuple[dict[int, float], float]
"""Coefficients by variable, and what their sum is at least."""

MOST_NODES = 1_000_000
"""Where the search gives up and says that nothing is proven: a number, never a clock."""

_MOST_CUTS = 200


@dataclass
class Model:
    """Rows and variables of a problem, for one or more searches.

    Attributes
    ----------
    work : dict of str to int
        Variable of each work.
    met : dict of str to int
        Variable of each criterion that works can bring about.
    surely : int
        Criteria that are met whatever is chosen.
    parts : frozenset of int
        Variables that may be any part between nothing and all.
    """

    problem: Problem
    work: dict[str, int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    surely: int = 0
    rows: list[Row] = field(default_factory=list)
    counting: dict[int, float] = field(default_factory=dict)
    variables: int = 0
    parts: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.work = {work.id: self._new() for work in self.problem.works}
        self._rules()
        held = self._goals()
        for aim in self.problem.goals.aims:
            self._aim(aim, held)
        self._households()

    def _new(self) -> int:
        self.variables += 1
        return self.variables - 1

    def _rules(self) -> None:
        on_top = self._on_top()
        for limit in self.problem.limits:
            cost = {self.work[i]: -float(self.problem.by_id[i].thousand) for i in limit.works}
            least = -float(limit.thousand)
            if limit.kind == "budget":
                least -= self.problem.extra
            if limit.kind == "fund":
                own = {self.problem.by_id[i].fund for i in limit.works}
                cost |= {
                    at: float(self.problem.extra) for fund, at in on_top.items() if fund in own
                }
            self.rows.append((cost, least))
        for a, b in self.problem.exclusions:
            self.rows.append(({self.work[a]: -1.0, self.work[b]: -1.0}, -1.0))
        for work in self.problem.works:
            for other in sorted(work.requires - {work.id}):
                if other in self.work:
                    self.rows.append(({self.work[other]: 1.0, self.work[work.id]: -1.0}, 0.0))
                else:
                    self.rows.append(({self.work[work.id]: -1.0}, 0.0))

    def _on_top(self) -> dict[str | None, int]:
        """Return the part of the money on top that each fund's works take."""
        if not self.problem.extra:
            return {}
        out = {fund: self._new() for fund in sorted({w.fund or "" for w in self.problem.works})}
        self.parts = frozenset(out.values())
        self.rows.append((dict.fromkeys(out.values(), -1.0), -1.0))
        for fund, at in out.items():
            cost = {self.work[w.id]: float(w.thousand) for w in self.problem.works
                    if (w.fund or "") == fund}  # fmt: skip
            self.rows.append(({**cost, at: -float(self.problem.extra)}, 0.0))
        return {fund or None: at for fund, at in out.items()}

    def _goals(self) -> list[int | bool]:
        """Return the variable of each goal that works can change, of others whether it holds."""
        effects: dict[int, dict[int, float]] = defaultdict(dict)
        for work in self.problem.works:
            at = self.work[work.id]
            for number, amount in work.effects:
                if amount:
                    effects[number][at] = effects[number].get(at, 0.0) + amount
        out: list[int | bool] = []
        for k, (goal, start) in enumerate(
            zip(self.problem.goals.goals, self.problem.starts, strict=True)
        ):
            added = effects.get(k, {})
            least = math.fsum([start, *(x for x in added.values() if x < 0)])
            most = math.fsum([start, *(x for x in added.values() if x > 0)])
            if math.isinf(start) or goal.reached(least) or not goal.reached(most):
                out.append(goal.reached(least))
                continue
            variable = self._new()
            # start + added >= least · (1 - held): binding alone where the goal is held.
            self.rows.append(({**added, variable: least}, least - start))
            out.append(variable)
        return out

    def _aim(self, aim: Aim, held: Sequence[int | bool]) -> None:
        sure, open_ones = 0, list[list[int]]()
        for code in aim.indicators:
            own = [held[k] for k in self.problem.goals.of_indicator(code)]
            if (not own and code not in aim.met) or any(h is False for h in own):
                continue
            needed = [h for h in own if h is not True]
            if needed:
                open_ones.append(needed)
            else:
                sure += 1
        if sure >= aim.needed:
            self.surely += 1
            return
        if sure + len(open_ones) < aim.needed:
            return
        met = self.met[aim.criterion] = self._new()
        every = sure + len(open_ones) == aim.needed
        passed: dict[int, float] = {}
        for goals in open_ones:
            one = met if every else self._new()
            self.rows += [({goal: 1.0, one: -1.0}, 0.0) for goal in goals]
            passed[one] = 1.0
        if not every:
            self.rows.append(({**passed, met: -float(aim.needed - sure)}, 0.0))

    def _households(self) -> None:
        """Let works on one thing count once, with the most households that one of them has."""
        by_place: dict[object, list[str]] = defaultdict(list)
        for work in self.problem.works:
            if work.households:
                by_place[work.place or work.id].append(work.id)
        for together in by_place.values():
            if len(together) == 1:
                (only,) = together
                self.counting[self.work[only]] = float(self.problem.by_id[only].households or 0)
                continue
            shares = {self._new(): id_ for id_ in together}
            self.rows.append((dict.fromkeys(shares, -1.0), -1.0))
            for one, id_ in shares.items():
                self.rows.append(({self.work[id_]: 1.0, one: -1.0}, 0.0))
                self.counting[one] = float(self.problem.by_id[id_].households or 0)

    def at_least(self, variables: Mapping[int, float], least: float) -> None:
        """Ask for a sum of variables of at least so much."""
        self.rows.append((dict(variables), least))

    def search(
        self, best: Mapping[int, float], nodes: int = MOST_NODES
    ) -> tuple[frozenset[str] | None, bool]:
        """Return the works that make a sum of variables greatest, and whether that is proven.

        None: no choice keeps the rules, or none was found.
        """
        whole = np.array([at not in self.parts for at in range(self.variables)], dtype=float)
        for _ in range(_MOST_CUTS):
            values, proven = _solved(whole, self.rows, best, nodes)
            if values is None:
                return None, proven
            chosen = frozenset(i for i, at in self.work.items() if values[at] > 0.5)
            cuts = self._cuts(chosen, values)
            if not cuts:
                return chosen, proven
            self.rows += cuts
        return None, False

    def _cuts(self, chosen: frozenset[str], values: np.ndarray) -> list[Row]:
        """Return rows that forbid what a tolerance let through."""
        out: list[Row] = []
        for rule in self.problem.broken(chosen):
            if isinstance(rule, Limit):
                over = {self.work[i]: -1.0 for i in chosen & rule.works}
                out.append((over, 1.0 - len(over)))
        met = set(self.problem.gain(chosen).criteria)
        for criterion, at in self.met.items():
            if values[at] > 0.5 and criterion not in met:
                other = {v: -1.0 if i in chosen else 1.0 for i, v in self.work.items()}
                out.append(({**other, at: -1.0}, -float(len(chosen))))
        return out


def _solved(
    whole: np.ndarray, rows: Iterable[Row], best: Mapping[int, float], nodes: int
) -> tuple[np.ndarray | None, bool]:
    # Imported where it is needed: it takes longer to load than a small commune to solve.
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows, variables = list(rows), len(whole)
    if variables == 0:
        return (np.zeros(0) if all(least <= 0 for _, least in rows) else None), True
    objective = np.zeros(variables)
    for at, amount in best.items():
        objective[at] = -amount
    constraints = []
    if rows:
        data, at_row, at_column, least = [], [], [], []
        for number, (terms, bound) in enumerate(rows):
            size = max((abs(x) for x in terms.values()), default=1.0) or 1.0
            least.append(bound / size)
            for column, amount in terms.items():
                data.append(amount / size)
                at_row.append(number)
                at_column.append(column)
        matrix = csr_array((data, (at_row, at_column)), shape=(len(rows), variables))
        constraints.append(LinearConstraint(matrix, lb=np.array(least), ub=np.inf))
    found = milp(
        objective,
        integrality=whole,
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"mip_rel_gap": 0.0, "node_limit": nodes},
    )
    return found.x, found.status in (0, 2)
