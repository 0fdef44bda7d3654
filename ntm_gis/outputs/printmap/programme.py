"""The integer programme of one group of names: exact, and quick where its relaxation is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from ntm_gis.outputs.printmap.candidates import MUST

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.solver import Floats, Ints, Pool

# Nodes end the search at the same place on every machine; seconds are for the worst.
_SECONDS, _NODES, _MIP_GAP = 40.0, 400, 0.01
_WHOLE = 1e-6


def best(pool: Pool, keep: Ints, first: Ints, second: Ints) -> list[int]:
    """Solve the programme of one group: one candidate or none for each of its labels.

    Parameters
    ----------
    pool : Pool
    keep : array of int
        The candidates of the group.
    first, second : array of int
        Pairs of them, by their place in `keep`, that cannot both stand.
    """
    labels, owner = np.unique(pool.owner[keep], return_inverse=True)
    n, m = len(keep), len(labels)
    if not len(first):
        each = [np.flatnonzero(owner == i) for i in range(m)]
        return [int(keep[rows[pool.cost[keep[rows]].argmin()]]) for rows in each]
    # For a candidate and a label with candidates in its way: it, or one of those, never both.
    groups, number = np.unique(np.column_stack([first, owner[second]]), axis=0, return_inverse=True)
    number = number.ravel()
    rows = np.concatenate([np.arange(len(groups)), number])
    columns = np.concatenate([groups[:, 0], second])
    clash = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(groups), n + m))
    one = csr_matrix(
        (np.ones(n + m), (np.concatenate([owner, np.arange(m)]), np.arange(n + m))),
        shape=(m, n + m),
    )
    worth = np.array([pool.labels[i].worth for i in labels])
    result = _least(np.concatenate([pool.cost[keep], worth]), clash, one)
    if result.x is None:
        return _greedily(pool, keep, first, second)
    return [int(i) for i in keep[result.x[:n] > 0.5]]


def _least(cost: Floats, clash: csr_matrix, one: csr_matrix) -> Any:
    """Return the cheapest choice: the relaxed programme's where that is whole, as it mostly is.

    The relaxed one takes a thirtieth of the time, and bounds the other from below: whole, it is
    the very optimum.
    """
    rules = [LinearConstraint(clash, -np.inf, 1), LinearConstraint(one, 1, 1)]
    whole = np.ones(len(cost))
    relaxed = milp(cost, constraints=rules, integrality=0 * whole, bounds=Bounds(0, 1),
                   options={"time_limit": _SECONDS})  # fmt: skip
    if relaxed.x is not None and np.abs(relaxed.x - relaxed.x.round()).max() < _WHOLE:
        return relaxed
    return milp(
        cost,
        constraints=rules,
        integrality=whole,
        bounds=Bounds(0, 1),
        options={"time_limit": _SECONDS, "mip_rel_gap": _MIP_GAP, "node_limit": _NODES},
    )


def _greedily(pool: Pool, keep: Ints, first: Ints, second: Ints) -> list[int]:
    """Return places one after the other, where the programme found none in its time."""
    blocked = np.zeros(len(keep), dtype=bool)
    done: set[int] = set()
    chosen = []
    must = np.array([pool.labels[i].worth >= MUST for i in pool.owner[keep]])
    for k in np.lexsort((pool.cost[keep], ~must)):
        label = int(pool.owner[keep[k]])
        if blocked[k] or label in done:
            continue
        done.add(label)
        chosen.append(int(keep[k]))
        blocked[second[first == k]] = True
    return chosen
