"""What is left of funds: declared, less the most that may have been paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.analyses.funds.check import segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.analyses.funds.analysis import Tree
    from ntm_gis.results import Measure


def left_of_funds(tree: Tree, measures: Sequence[Measure]) -> list[float | None]:
    """Return what is left of each fund, in million đồng, not below nothing.

    None: the fund's amount is not recorded, or the fund stands in a circle. Where nothing bounds
    what may have been paid, or payments are not given, what is known to be paid is taken.
    """
    by_id = {measure.id: measure for measure in measures}
    in_circle = {k for circle in tree.circles for k in circle}
    return [
        None
        if million is None or number in in_circle
        else max(0.0, million - _most_paid(tree, by_id, number))
        for number, million in enumerate(tree.million)
    ]


def money_left(tree: Tree, measures: Sequence[Measure]) -> float | None:
    """Return what is left of all funds: the least total, less the most that may have been paid.

    None: no amount of any fund is known.
    """
    by_id = {measure.id: measure for measure in measures}
    total = by_id.get("funds.total")
    if total is None or total.value is None or total.low is None:
        return None
    tops = [k for k, parent in enumerate(tree.parents) if parent is None]
    return max(0.0, total.low - sum(_most_paid(tree, by_id, k) for k in tops))


def _most_paid(tree: Tree, by_id: Mapping[str, Measure], number: int) -> float:
    paid = by_id.get(f"{segment(tree, number)}.paid")
    if paid is None:
        return 0.0
    return (paid.value or 0.0) if paid.high is None else paid.high
