"""Which zones of two plans may not stand together on one piece of ground, as whole columns."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.rules.planning_codes import are_compatible, today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.columns import Ints, Shapes
    from ntm_gis.analyses.coverage.places import Bools
    from ntm_gis.analyses.planreview.case import Case

_UNKNOWN = -1


def pairs_of_zones(case: Case) -> tuple[Ints, Ints, Bools]:
    """Return pairs of zones near each other, of one period and different plans, that disagree.

    Returns
    -------
    int array, int array, bool array, (n,)
        Positions in `case.zones`, the zone of the plan that stands first in the register first;
        and whether they surely disagree: both plans are in force and both uses recorded. A zone
        whose plan is not known may be of any.
    """
    zones = case.zones
    force = {plan.id: k for k, plan in enumerate(case.in_force())}
    there = [k for k in zones.where() if case.may_hold(zones.plan[k])]
    at = np.array(there, dtype=np.int64)
    plan = np.array([force.get(zones.plan[k] or "", _UNKNOWN) for k in there], dtype=np.int64)
    uses = [None if zones.land_use[k] is None else today(str(zones.land_use[k])) for k in there]
    codes = {code: n for n, code in enumerate(dict.fromkeys(u for u in uses if u is not None))}
    use = np.array([_UNKNOWN if u is None else codes[u] for u in uses], dtype=np.int64)
    together = _together(list(codes))
    ground = zones.shapes[at]
    first, second, sure = [], [], []
    for a, b in _groups(plan, np.array([zones.period[k] for k in there])):
        i, j = _near(ground, a, b)
        known = (use[i] != _UNKNOWN) & (use[j] != _UNKNOWN)
        kept = ~known | ~together[use[i], use[j]]
        i, j, known = i[kept], j[kept], known[kept]
        first.append(at[i])
        second.append(at[j])
        sure.append(known & (plan[i] != _UNKNOWN) & (plan[j] != _UNKNOWN))
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([none, *first]), np.concatenate([none, *second]),
        np.concatenate([none.astype(bool), *sure]),
    )  # fmt: skip


def _together(codes: list[str]) -> Bools:
    """Return which codes may stand together; a last row and column for what is not known."""
    out = np.zeros((len(codes) + 1, len(codes) + 1), dtype=bool)
    for (m, a), (n, b) in itertools.product(enumerate(codes), repeat=2):
        out[m, n] = are_compatible(a, b)
    return out


def _groups(plan: Ints, period: np.ndarray) -> Iterator[tuple[Ints, Ints]]:
    """Yield zones of two plans of one period; those of no known plan also among themselves."""
    for one in sorted(set(period.tolist())):
        groups = [
            np.flatnonzero((plan == k) & (period == one)) for k in sorted({*plan.tolist()} - {-1})
        ]
        unknown = np.flatnonzero((plan == _UNKNOWN) & (period == one))
        yield from itertools.combinations([*groups, unknown], 2)
        yield unknown, unknown


def _near(ground: Shapes, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Return pairs whose rectangles meet, in order; each once where both groups are one."""
    if not len(a) or not len(b):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    j, i = shapely.STRtree(ground[a]).query(ground[b])
    i, j = a[i], b[j]
    if a is b:
        i, j = i[i < j], j[i < j]
    order = np.lexsort((j, i))
    return i[order], j[order]
