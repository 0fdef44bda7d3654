"""Compiled loops of matching: strands of a graph, shortest ways, points gathered and laid out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntm_gis.analyses.compiled import compiled


@compiled
def incident(low: Any, high: Any, nodes: int) -> tuple[Any, Any]:
    """List the links of each node, those to lower nodes first.

    Parameters
    ----------
    low, high : int array, (m,)
        Nodes at the ends of each link, sorted by both.
    nodes : int

    Returns
    -------
    int array (nodes + 1,), int array (2 m,)
        Those of node i stand at `first[i]:first[i + 1]` of the second.
    """
    first = np.zeros(nodes + 1, np.int64)
    for e in range(len(low)):
        first[low[e] + 1] += 1
        first[high[e] + 1] += 1
    for i in range(nodes):
        first[i + 1] += first[i]
    fill = first[:-1].copy()
    link = np.empty(2 * len(low), np.int64)
    for e in range(len(low)):
        link[fill[high[e]]] = e
        fill[high[e]] += 1
    for e in range(len(low)):
        link[fill[low[e]]] = e
        fill[low[e]] += 1
    return first, link


@compiled
def _onward(first: Any, link: Any, used: Any, at: int) -> int:
    """Return the link to go on with at a node of two links that is no junction; -1 to stop."""
    if first[at + 1] - first[at] == 2:
        for j in range(first[at], first[at + 1]):
            if not used[link[j]]:
                return int(link[j])
    return -1


@compiled
def walks(low: Any, high: Any, nodes: int) -> tuple[Any, Any]:
    """Walk along links from junction to junction.

    Parameters
    ----------
    low, high, nodes
        As for `incident`.

    Returns
    -------
    int array, int array, (m,)
        Links in the order of the walks (-1 - link where run from high to low), and the number
        of the walk. Walks begin at junctions and dead ends, the least first; then rings at
        their least node. So nothing is left of the order in which links came in.
    """
    first, link = incident(low, high, nodes)
    used = np.zeros(len(low), np.bool_)
    order, strand = np.empty(len(low), np.int64), np.empty(len(low), np.int64)
    n, walk = 0, 0
    for rings in range(2):
        for p in range(nodes):
            if rings == 0 and first[p + 1] - first[p] == 2:
                continue
            for k in range(first[p], first[p + 1]):
                at, e = p, link[k]
                if used[e]:
                    continue
                while e >= 0:
                    used[e] = True
                    order[n], strand[n] = e if low[e] == at else -1 - e, walk
                    n += 1
                    at = high[e] if low[e] == at else low[e]
                    e = _onward(first, link, used, at)
                walk += 1
    return order, strand


@compiled
def _push(heap: Any, key: Any, size: int, item: int, value: float) -> int:
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if key[up] <= value:
            break
        heap[at], key[at] = heap[up], key[up]
        at = up
    heap[at], key[at] = item, value
    return size + 1


@compiled
def _pop(heap: Any, key: Any, size: int) -> int:
    size -= 1
    item, value = heap[size], key[size]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and key[down + 1] < key[down]:
            down += 1
        if key[down] >= value:
            break
        heap[at], key[at] = heap[down], key[down]
        at = down
    heap[at], key[at] = item, value
    return size


@compiled
def ways(ends: Any, length: Any, reach: float) -> tuple[Any, Any, Any, Any, Any]:
    """Find the shortest ways between junctions up to a length (Dijkstra from each).

    Parameters
    ----------
    ends : int array, (s, 2)
        Junctions at the ends of each strand.
    length : float array, (s,)
    reach : float

    Returns
    -------
    first, to, metres, over, before : arrays
        As in `matching_network.Table`, but for the order of the ways from one junction.
    """
    nodes = ends.max() + 1 if len(ends) else 0
    start, strand = incident(ends[:, 0], ends[:, 1], nodes)
    first = np.zeros(nodes + 1, np.int64)
    # Of each way: to, over, before, side by side; they grow together.
    way, metres = np.empty((16 * nodes + 16, 3), np.int64), np.empty(16 * nodes + 16, np.float64)
    best, done = np.full(nodes, np.inf), np.zeros(nodes, np.bool_)
    by, of = np.full(nodes, -1), np.full(nodes, -1)
    heap, key = np.empty(len(strand) + 1, np.int64), np.empty(len(strand) + 1, np.float64)
    touched = np.empty(nodes, np.int64)
    for source in range(nodes):
        best[source], by[source], of[source] = 0.0, -1, -1
        touched[0], count = source, 1
        size = _push(heap, key, 0, source, 0.0)
        while size > 0:
            at, far = heap[0], key[0]
            size = _pop(heap, key, size)
            if done[at]:
                continue
            done[at] = True
            for k in range(start[at], start[at + 1]):
                e = strand[k]
                node = ends[e, 1] if ends[e, 0] == at else ends[e, 0]
                if far + length[e] <= reach and far + length[e] < best[node]:
                    if np.isinf(best[node]):
                        touched[count] = node
                        count += 1
                    best[node], by[node], of[node] = far + length[e], e, at
                    size = _push(heap, key, size, node, best[node])
        here = first[source]
        if here + count > len(way):
            more = max(len(way), count)
            way = np.concatenate((way, np.empty((more, 3), np.int64)))
            metres = np.concatenate((metres, np.empty(more, np.float64)))
        for k in range(count):
            node = touched[k]
            way[here, 0], way[here, 1], way[here, 2] = node, by[node], of[node]
            metres[here] = best[node]
            best[node], done[node] = np.inf, False
            here += 1
        first[source + 1] = here
    way, metres = way[: first[nodes]], metres[: first[nodes]].copy()
    return first, way[:, 0].copy(), metres, way[:, 1].copy(), way[:, 2].copy()


@compiled
def gathered(xy: Any, start: Any, radius: float) -> Any:
    """Put points that follow each other within a radius of their mean together.

    Parameters
    ----------
    xy : float array, (n, 2)
    start : bool array, (n,)
        Whether nothing links a point to the one before.

    Returns
    -------
    int array, (n,)
        Number of the group of each point, rising.
    """
    group = np.empty(len(xy), np.int64)
    at, x, y, count = -1, 0.0, 0.0, 0
    for i in range(len(xy)):
        dx, dy = xy[i, 0] - x, xy[i, 1] - y
        if count == 0 or start[i] or dx * dx + dy * dy > radius * radius:
            at += 1
            x, y, count = xy[i, 0], xy[i, 1], 1
        else:
            count += 1
            x += dx / count
            y += dy / count
        group[i] = at
    return group


@compiled
def smoothed(value: Any, run: Any, half: int) -> Any:
    """Smooth values by a straight line through the neighbours of each.

    Parameters
    ----------
    value : float array, (n,)
    run : int array, (n,)
        Values of different runs don't smooth each other.
    half : int
        Neighbours on each side.
    """
    n = len(value)
    out = value.copy()
    begin, end = 0, 0
    for i in range(n):
        if i == end:
            begin = i
            while end < n and run[end] == run[begin]:
                end += 1
        a, b = max(begin, i - half), min(end, i + half + 1)
        count = b - a
        if count < 3:
            continue
        middle, total, top = 0.5 * (a + b - 1), 0.0, 0.0
        for j in range(a, b):
            total += value[j]
            top += (j - middle) * value[j]
        under = count * (count * count - 1) / 12.0
        out[i] = total / count + top / under * (i - middle)
    return out
