"""Stretches of a line as whole numbers: unions, differences, how often ground is claimed.

A span is a pair (from, to) of integers, from < to, without its end: (0, 125_000) and
(125_000, 260_000) touch and don't overlap. Everything is exact: no order of the input and no
repetition changes a unit.
"""

from __future__ import annotations

import heapq
import itertools
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Span = tuple[int, int]
"""From and to, from < to; an empty pair (to not beyond from) is nothing."""

Spans = tuple[Span, ...]
"""Spans in order that neither overlap nor touch: what `union` returns."""

Owner = TypeVar("Owner", bound=Hashable)


def union(spans: Iterable[Span]) -> Spans:
    """Return the ground that spans cover, each part once.

    Examples
    --------
    >>> union([(1100, 2750), (0, 1250), (3000, 3100), (5, 5)])
    ((0, 2750), (3000, 3100))
    """
    out: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if out and start <= out[-1][1]:
            if end > out[-1][1]:
                out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def length(spans: Iterable[Span]) -> int:
    """Return the length of the ground that spans cover, each part once.

    Examples
    --------
    >>> length([(0, 1250), (1100, 2750)])
    2750
    """
    return sum(end - start for start, end in union(spans))


def added_up(spans: Iterable[Span]) -> int:
    """Return what plain adding up gives: ground claimed twice counts twice.

    Examples
    --------
    >>> added_up([(0, 1250), (1100, 2750)])
    2900
    """
    return sum(max(0, end - start) for start, end in spans)


def intersection(first: Iterable[Span], second: Iterable[Span]) -> Spans:
    """Return the ground that both cover.

    Examples
    --------
    >>> intersection([(0, 10), (20, 30)], [(5, 25)])
    ((5, 10), (20, 25))
    """
    a, b = union(first), union(second)
    out: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if start < end:
            out.append((start, end))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(out)


def difference(first: Iterable[Span], second: Iterable[Span]) -> Spans:
    """Return the ground that the first cover and the second don't.

    Examples
    --------
    >>> difference([(0, 10), (20, 30)], [(5, 25)])
    ((0, 5), (25, 30))
    """
    out: list[Span] = []
    gone = union(second)
    ends = [end for _, end in gone]
    for start, end in union(first):
        here = start
        for k in range(bisect_right(ends, start), len(gone)):
            cut, on = gone[k]
            if cut >= end:
                break
            if here < cut:
                out.append((here, cut))
            here = max(here, on)
        if here < end:
            out.append((here, end))
    return tuple(out)


def partition(within: Span, spans: Iterable[Span]) -> Spans:
    """Cut a span at every end of others that lies inside; the parts touch and fill it.

    Examples
    --------
    >>> partition((0, 100), [(20, 50), (50, 300), (-5, 20)])
    ((0, 20), (20, 50), (50, 100))
    """
    start, end = within
    if end <= start:
        return ()
    inner = {edge for span in spans if span[0] < span[1] for edge in span if start < edge < end}
    return tuple(itertools.pairwise(sorted({start, end} | inner)))


def coverage(spans: Iterable[Span]) -> tuple[tuple[int, int, int], ...]:
    """Return how often each part is covered: (from, to, times), in order, times ≥ 1.

    Examples
    --------
    >>> coverage([(0, 1250), (1100, 2750)])
    ((0, 1100, 1), (1100, 1250, 2), (1250, 2750, 1))
    """
    steps: dict[int, int] = {}
    for start, end in spans:
        if start < end:
            steps[start] = steps.get(start, 0) + 1
            steps[end] = steps.get(end, 0) - 1
    out: list[tuple[int, int, int]] = []
    times = 0
    for here, then in itertools.pairwise(sorted(e for e, step in steps.items() if step)):
        times += steps[here]
        if times:
            out.append((here, then, times))
    return tuple(out)


def credited(claims: Sequence[tuple[Owner, Span]]) -> dict[Owner, Spans]:
    """Give each part of the ground to the first who claims it.

    Parameters
    ----------
    claims : sequence of (owner, span)
        In the order in which they have a right to the ground; an owner may claim several times.

    Returns
    -------
    dict
        Every owner, in order of first claim, with what is credited; perhaps nothing. All parts
        together are the union of the claims, and no two overlap.

    Examples
    --------
    >>> credited([("BC02", (0, 1250)), ("BC03", (1100, 2750)), ("BC09", (10, 90))])
    {'BC02': ((0, 1250),), 'BC03': ((1250, 2750),), 'BC09': ()}
    """
    out: dict[Owner, list[Span]] = {owner: [] for owner, _ in claims}
    for start, end, first in _firsts([span for _, span in claims]):
        out[claims[first][0]].append((start, end))
    return {owner: union(parts) for owner, parts in out.items()}


def _firsts(spans: Sequence[Span]) -> Iterable[tuple[int, int, int]]:
    """Yield parts in order with the number of the first span that covers each."""
    order = sorted((span[0], k) for k, span in enumerate(spans) if span[0] < span[1])
    edges = sorted({edge for start, end in spans if start < end for edge in (start, end)})
    waiting: list[int] = []
    upcoming = 0
    for here, then in itertools.pairwise(edges):
        while upcoming < len(order) and order[upcoming][0] <= here:
            heapq.heappush(waiting, order[upcoming][1])
            upcoming += 1
        while waiting and spans[waiting[0]][1] <= here:
            heapq.heappop(waiting)
        if waiting:
            yield here, then, waiting[0]
