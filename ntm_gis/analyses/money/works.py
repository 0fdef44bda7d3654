"""Works with their money: what is planned, allocated and paid, beside what stands on the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, days, ids, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.analyses.funds.analysis import Tree
    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Measure

WORKS, ROAD_WORKS, PAYMENTS, FUNDS = "works", "road_works", "payments", "funds"

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Work:
    """A work of either list; what is in both is one work.

    Parameters
    ----------
    row : (str, int)
        Layer, and position in its used rows, where a finding about it points.
    budgets : tuple of (str, float)
        (layer, million đồng) of each list that states one.
    physical : (float, float) or None
        Least and greatest share done, in per cent; None: nothing says.
    on : tuple or None
        (layer, id) of what it is built on.
    """

    id: str
    name: str
    row: tuple[str, int]
    budgets: tuple[tuple[str, float], ...]
    physical: Bounds | None
    on: tuple[str, str] | None = None

    @property
    def planned(self) -> Bounds | None:
        """Least and greatest budget: two lists may differ."""
        found = [million for _, million in self.budgets]
        return (min(found), max(found)) if found else None


@dataclass(frozen=True, slots=True)
class Payment:
    """A used row of `payments`; `by_now`: paid up to the day of the figures (None: no day)."""

    row: int
    id: str
    fund: str | None
    work: str | None
    million: float | None
    day: object
    by_now: bool | None
    document: str | None


@dataclass(frozen=True, slots=True)
class Allotment:
    """A row of `funds` that is allocated to a work, and is no part of another one that is."""

    number: int
    fund: str
    work: str
    million: float | None


def works_of(layers: Layers, measures: Sequence[Measure]) -> list[Work]:
    """Return all works, those of `works` first, each once.

    Notes
    -----
    What stands on the ground is, for road works, the length poured of the length designed
    (whatever is reported counts at its most); for others, and beside it, the share that the
    list states.
    """
    by_id = {measure.id: measure for measure in measures}
    out: dict[str, Work] = {}
    for name in (WORKS, ROAD_WORKS):
        layer = layers[name]
        used = layer.used
        columns = zip(
            ids(layer), texts(used, "name"), amounts(used, "budget_million_vnd").tolist(),
            amounts(used, "physical_percent").tolist(), texts(used, "layer"),
            texts(used, "feature_id" if name == WORKS else "road_id"), strict=True,
        )  # fmt: skip
        for row, (key, title, budget, done, of, feature) in enumerate(columns):
            before = out.get(key)
            stated = () if math.isnan(budget) else ((name, budget),)
            place = (of if name == WORKS else "roads", feature)
            on = None if None in place else (str(place[0]), str(place[1]))
            shares = [] if math.isnan(done) else [(done, done)]
            if before is None:
                poured = _poured(by_id, key)
                out[key] = Work(
                    key, title or key, (name, row), stated, _widest([*shares, *poured]), on
                )
            else:
                out[key] = Work(
                    key, before.name, before.row, (*before.budgets, *stated), before.physical,
                    before.on or on,
                )  # fmt: skip
    return list(out.values())


def _poured(by_id: Mapping[str, Measure], work: str) -> list[Bounds]:
    prefix = f"progress.{text.segment(work)}"
    poured, planned = by_id.get(f"{prefix}.poured_km"), by_id.get(f"{prefix}.planned_km")
    if poured is None or planned is None or not planned.value or poured.value is None:
        return []
    whole = planned.value
    high = whole if poured.high is None else min(whole, poured.high)
    return [(100 * min(whole, poured.low or 0.0) / whole, 100 * high / whole)]


def _widest(shares: Sequence[Bounds]) -> Bounds | None:
    if not shares:
        return None
    return min(low for low, _ in shares), max(high for _, high in shares)


def payments_of(layers: Layers) -> list[Payment]:
    """Return the payments."""
    layer = layers[PAYMENTS]
    used, as_of = layer.used, layers.commune.commune.as_of
    columns = zip(
        ids(layer), texts(used, "fund_id"), texts(used, "work_id"),
        amounts(used, "million_vnd").tolist(), days(used, "paid_on"), texts(used, "document"),
        strict=True,
    )  # fmt: skip
    return [
        Payment(
            row, key, fund, work, None if math.isnan(million) else million, day,
            None if day is None else day <= as_of, document,
        )
        for row, (key, fund, work, million, day, document) in enumerate(columns)
    ]  # fmt: skip


def allotments_of(tree: Tree) -> list[Allotment]:
    """Return what of the funds is allocated to single works.

    Of a fund and those beneath it that are for the same work, the topmost alone counts.
    """
    works = texts(tree.layer.used, "work_id")
    out = []
    for number, work in enumerate(works):
        above = {works[k] for k in tree.above(number)[1:]}
        if work is not None and work not in above:
            out.append(Allotment(number, tree.ids[number], work, tree.million[number]))
    return out
