"""Areas in whole square metres that add up: rows, columns and total of one table."""

from __future__ import annotations

import math
from collections.abc import Sequence


def closing(amounts: Sequence[float]) -> list[int]:
    """Round amounts up or down such that their sum is the rounded sum.

    The largest remainders are rounded up (Hamilton); of equal ones the first. No amount moves
    by a whole one.

    Parameters
    ----------
    amounts : sequence of float
        Not negative, no NaN.

    Raises
    ------
    ValueError
        An amount is negative or no number.

    Examples
    --------
    >>> closing([0.4, 0.4, 0.4, 10.0])
    [1, 0, 0, 10]
    """
    if any(not math.isfinite(a) or a < 0 for a in amounts):
        msg = "an area is negative or no number"
        raise ValueError(msg)
    whole = [math.floor(a) for a in amounts]
    left = math.floor(math.fsum(amounts) + 0.5) - sum(whole)
    order = sorted(range(len(amounts)), key=lambda k: (whole[k] - amounts[k], k))
    for k in order[:left]:
        whole[k] += 1
    return whole
