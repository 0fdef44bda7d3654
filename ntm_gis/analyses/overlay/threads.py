"""Whole columns in two threads: GEOS and compiled loops let go of the interpreter."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

_AT_ONCE = 512
"""Rows a thread takes at a time; fewer are not worth a thread."""

_CORES = min(2, os.cpu_count() or 1)

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def threaded(work: Callable[..., npt.NDArray[Any]], *columns: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return what a function of columns gives, the rows shared out among threads.

    Parameters
    ----------
    work : callable
        Takes the columns, gives one row for each row, whatever the other rows are. It asks
        nothing of prepared geometries: those change at their first question.
    *columns : arrays, (n,)

    Examples
    --------
    >>> threaded(np.add, np.arange(3), np.arange(3)).tolist()
    [0, 2, 4]
    """
    rows = len(columns[0])
    if _CORES == 1 or rows <= 2 * _AT_ONCE:
        return work(*columns)
    starts = range(0, rows, max(_AT_ONCE, -(-rows // 64)))
    spans = [slice(start, start + starts.step) for start in starts]
    with ThreadPoolExecutor(_CORES) as pool:
        done = pool.map(lambda span: work(*(column[span] for column in columns)), spans)
        return np.concatenate(list(done))


def together(work: Callable[[_Given], _Made], *given: _Given) -> list[_Made]:
    """Return what a function makes of each of some large things, each in a thread of its own.

    Examples
    --------
    >>> together(len, "one", "three")
    [3, 5]
    """
    with ThreadPoolExecutor(_CORES) as pool:
        return list(pool.map(work, given))
