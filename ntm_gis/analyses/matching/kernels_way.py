"""Compiled loops of matching: the likeliest way of a track over candidates.

Arrays that belong together are passed together, as named tuples.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ntm_gis.analyses.compiled import compiled


class Graph(NamedTuple):
    """Strands and the shortest ways between their ends (`matching_network.Table`)."""

    ends: Any
    length: Any
    first: Any
    to: Any
    metres: Any
    over: Any
    before: Any


class Near(NamedTuple):
    """Candidates: those of fix i stand at `first[i]:first[i + 1]`, with the cost of the offset."""

    first: Any
    strand: Any
    along: Any
    miss: Any


class Costs(NamedTuple):
    """What a step costs, and what is no step at all.

    Parameters
    ----------
    reach : float
        Fixes farther apart, over the network or straight, are not linked.
    skip : float
        A fix that no way leads to is passed over if the one after it is at most this far.
    stretch, slack : float
        A way longer than stretch · (straight distance) + slack is none.
    beta, tail : float
        Scales of the difference between way and straight distance: in proportion, as a square.
    jitter, turn : float
        A step back that is no turn; the cost of a turn.
    jump : float
        The cost of going over to where no way leads: roads that meet are not all drawn so.
    """

    reach: float
    skip: float
    stretch: float
    slack: float
    beta: float
    tail: float
    jitter: float
    turn: float
    jump: float


class Trellis(NamedTuple):
    """Of each candidate and direction: the least cost, where it comes from, and how.

    How: 0, 1 along (against) the strand; 2 + 2 x + b leaving in direction x over junctions,
    arriving in direction b; -1 by no way.
    """

    cost: Any
    back: Any
    how: Any


@compiled
def _row(graph: Graph, a: int, b: int) -> int:
    """Return where the way between two junctions stands in the table, -1 if it does not."""
    low, high = graph.first[a], graph.first[a + 1]
    while low < high:
        middle = (low + high) >> 1
        if graph.to[middle] < b:
            low = middle + 1
        else:
            high = middle
    if low < graph.first[a + 1] and graph.to[low] == b:
        return int(low)
    return -1


@compiled
def _far(graph: Graph, a: int, b: int) -> float:
    """Return the length of the shortest way between two junctions, inf beyond the table."""
    if a == b:
        return 0.0
    at = _row(graph, a, b)
    return float(graph.metres[at]) if at >= 0 else np.inf


@compiled
def _doubles(graph: Graph, here: int, x: int, there: int, b: int, over: float) -> bool:
    """Whether a way between strands runs back over the strand it left, or on over the next one.

    That would be a turn at the end of a strand, where nobody said that there is one.
    """
    if over == 0.0:
        return False
    back = graph.length[here] + _far(graph, graph.ends[here, x], graph.ends[there, b])
    past = graph.length[there] + _far(graph, graph.ends[here, 1 - x], graph.ends[there, 1 - b])
    return bool(min(back, past) <= over + 1e-9)


@compiled
def _strain(more: float, costs: Costs) -> float:
    """Return the cost of a way that is longer (or shorter) than the straight distance."""
    cost = abs(more) / costs.beta
    if more > 0:
        cost += 0.5 * (more / costs.tail) ** 2
    return cost


@compiled
def _offer(trellis: Trellis, j: int, b: int, cost: float, back: int, how: int) -> bool:
    if cost < trellis.cost[j, b]:
        trellis.cost[j, b], trellis.back[j, b], trellis.how[j, b] = cost, back, how
        return True
    return False


@compiled
def _clear(trellis: Trellis, near: Near, k: int, value: float) -> None:
    for j in range(near.first[k], near.first[k + 1]):
        for b in range(2):
            trellis.cost[j, b], trellis.back[j, b], trellis.how[j, b] = value, -1, -1


@compiled
def _miss(trellis: Trellis, near: Near, k: int) -> None:
    for j in range(near.first[k], near.first[k + 1]):
        for b in range(2):
            trellis.cost[j, b] += near.miss[j]


@compiled
def _leave(
    trellis: Trellis, near: Near, graph: Graph, costs: Costs, i: int, x: int, k: int, moved: float
) -> bool:
    """Go from a candidate in one direction to all those of fix k; False if none is reached."""
    old, turned = trellis.cost[i, x], trellis.cost[i, 1 - x] + costs.turn
    state = 2 * i + x
    if turned < old:
        old, state = turned, 2 * i + 1 - x
    if np.isinf(old):
        return False
    reached = False
    here, limit = near.strand[i], min(costs.reach, costs.stretch * moved + costs.slack)
    away = graph.length[here] - near.along[i] if x == 0 else near.along[i]
    for j in range(near.first[k], near.first[k + 1]):
        there = near.strand[j]
        if here == there:
            ahead = near.along[j] - near.along[i] if x == 0 else near.along[i] - near.along[j]
            if -costs.jitter <= ahead <= limit:
                cost = old + _strain(abs(ahead) - moved, costs)
                reached |= _offer(trellis, j, x, cost, state, x)
        for b in range(2):
            far = away + (near.along[j] if b == 0 else graph.length[there] - near.along[j])
            # To the end of the strand and back: a turn on it is shorter.
            if far > limit or (here == there and b == 1 - x):
                continue
            over = _far(graph, graph.ends[here, 1 - x], graph.ends[there, b])
            if far + over <= limit and not _doubles(graph, here, x, there, b, over):
                cost = old + _strain(far + over - moved, costs)
                reached |= _offer(trellis, j, b, cost, state, 2 + 2 * x + b)
    return reached


@compiled
def _best(trellis: Trellis, near: Near, k: int) -> int:
    """Return the state of a fix that costs least: candidate · 2 + direction."""
    best, value = -1, np.inf
    for j in range(near.first[k], near.first[k + 1]):
        for b in range(2):
            if trellis.cost[j, b] < value:
                best, value = 2 * j + b, trellis.cost[j, b]
    return best


@compiled
def _step(
    trellis: Trellis, near: Near, graph: Graph, costs: Costs, p: int, k: int, moved: float
) -> bool:
    """Fill the costs of the candidates of fix k from those of fix p."""
    _clear(trellis, near, k, np.inf)
    reached = False
    for i in range(near.first[p], near.first[p + 1]):
        for x in range(2):
            reached |= _leave(trellis, near, graph, costs, i, x, k, moved)
    if reached:
        state = _best(trellis, near, p)
        cost = trellis.cost[state >> 1, state & 1] + costs.jump
        for j in range(near.first[k], near.first[k + 1]):
            for b in range(2):
                _offer(trellis, j, b, cost, state, -1)
    _miss(trellis, near, k)
    return reached


@compiled
def likeliest(xy: Any, start: Any, near: Near, graph: Graph, costs: Costs) -> Any:
    """Find the likeliest way over candidates (Viterbi; a state is a candidate and a direction).

    Parameters
    ----------
    xy : float array, (n, 2)
        Fixes, in the order of time.
    start : bool array, (n,)
        Whether nothing links a fix to the one before.

    Returns
    -------
    int array, (n, 4)
        Of each fix the state (candidate · 2 + direction, -1 where it is left out), the fix
        before it in its chain (-1 at the start), how it was reached, the number of its chain.
    """
    n, c = len(xy), len(near.strand)
    both = (c, 2)
    trellis = Trellis(np.full(both, np.inf), np.full(both, -1), np.full(both, -1))
    out, previous = np.full((n, 4), -1), np.full(n, -1)
    last, k = -1, 0
    while k < n or last >= 0:
        broken = k == n or start[k]
        if not broken and last >= 0:
            moved = np.hypot(xy[k, 0] - xy[last, 0], xy[k, 1] - xy[last, 1])
            if moved > costs.reach or k - last > 8:
                broken = True
            elif _step(trellis, near, graph, costs, last, k, moved):
                previous[k], last = last, k
            else:
                broken = moved > costs.skip
        if broken and last >= 0:
            # Follow the best way back, and begin anew behind the last fix that was reached.
            state, at = _best(trellis, near, last), last
            while at >= 0:
                j, b = state >> 1, state & 1
                out[at, 0], out[at, 2] = state, trellis.how[j, b]
                out[at, 1] = previous[at] if trellis.how[j, b] >= 0 else -1
                state, at = trellis.back[j, b], previous[at]
            k, last = last + 1, -1
        if k < n and last < 0 and near.first[k + 1] > near.first[k]:
            last, previous[k] = k, -1
            _clear(trellis, near, k, 0.0)
            _miss(trellis, near, k)
        k = min(k + 1, n)
    chain = -1
    for k in range(n):
        if out[k, 0] >= 0:
            chain += out[k, 1] < 0
            out[k, 3] = chain
    return out
