"""Unions of very many spans at once: one length a group, by whole columns.

The same answer as `results.spans.length` for each group; tested against it.
"""

from __future__ import annotations

import numpy as np

from ntm_gis.analyses.columns import Ints
from ntm_gis.errors import NotComputable

_BITS = 16
_DIGIT = (1 << _BITS) - 1


def union_lengths(group: Ints, start: Ints, end: Ints, count: int | None = None) -> Ints:
    """Return the length of the ground that the spans of each group cover, each part once.

    Parameters
    ----------
    group : int array, (n,)
        Number of the group (a road, a work on a day) of each span, from 0.
    start, end : int array, (n,)
        From and to in whole units (centimetres); where `end` is not beyond `start` there is
        nothing.
    count : int, optional
        Number of groups, more than any that occurs; left out: one more than the greatest.

    Returns
    -------
    int64 array, (count,)
        In the units of `start`.

    Raises
    ------
    NotComputable
        Groups and spans together are beyond what whole numbers of 64 bits can tell apart.
    IndexError
        A group is none of those counted.

    Notes
    -----
    Groups are laid one behind the other on one axis and spans sorted by where they start: a span
    adds what lies beyond the furthest end before it.

    Examples
    --------
    >>> union_lengths(np.array([0, 0, 2]), np.array([0, 1100, 5]), np.array([1250, 2750, 6]))
    array([2750,    0,    1])
    """
    group, start, end = (np.asarray(column, np.int64) for column in (group, start, end))
    if count is None:
        count = int(group.max()) + 1 if len(group) else 0
    if len(group) and not 0 <= int(group.min()) <= int(group.max()) < count:
        message = f"groups are 0 to {count - 1}"
        raise IndexError(message)
    some = end > start
    if not some.all():
        group, start, end = group[some], start[some], end[some]
    if not len(group):
        return np.zeros(count, np.int64)
    low = int(start.min())
    width = int(end.max()) - low + 1
    if width * count >= 2**63:
        raise NotComputable("SPANS_TOO_WIDE", groups=count, width=width)
    laid = group * width + (start - low)
    order = _order(laid, width * count)
    starts = laid[order]
    ends = starts + (end - start)[order]
    reached = np.maximum.accumulate(ends)
    before = np.concatenate((starts[:1], reached[:-1]))
    added = np.maximum(ends - np.maximum(starts, before), 0)
    total = np.concatenate(([0], np.cumsum(added)))
    edges = np.searchsorted(starts, np.arange(count + 1) * width)
    return np.asarray(np.diff(total[edges]), np.int64)


def _order(keys: Ints, reach: int) -> Ints:
    """Return the positions that put whole numbers from 0 to below `reach` in order.

    By 16 bits at a time, lowest first: those numpy sorts by their bytes, which is several times
    faster than to compare whole numbers.
    """
    order = np.argsort((keys & _DIGIT).astype(np.uint16), kind="stable")
    for shift in range(_BITS, reach.bit_length(), _BITS):
        digit = ((keys >> shift) & _DIGIT).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order
