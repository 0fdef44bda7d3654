"""Measures of each work's money: planned, allocated, paid, and what of the plan is paid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.money.works import FUNDS, PAYMENTS, ROAD_WORKS, WORKS
from ntm_gis.results import Contribution, Evidence, Measure, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.money.works import Allotment, Payment, Work
    from ntm_gis.layers.values import Layers


@dataclass(frozen=True, slots=True)
class Money:
    """The measures of one work."""

    work: Work
    planned: Measure
    allocated: Measure
    paid: Measure
    share: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All of them."""
        return self.planned, self.allocated, self.paid, self.share


def of_work(
    layers: Layers,
    work: Work,
    paid: Sequence[Payment],
    allotted: Sequence[Allotment],
    known: frozenset[str],
) -> Money:
    """Return the money of a work.

    Parameters
    ----------
    known : frozenset of str
        Ids of all works: a payment for a work that is in neither list may be for any.
    """
    planned = _planned(layers, work)
    given = _paid(layers, work, paid, known)
    return Money(
        work, planned, _allocated(layers, work, allotted), given,
        _share(_named(layers, work, "paid_share"), given, planned),
    )  # fmt: skip


def _named(layers: Layers, work: Work, what: str) -> Named:
    return named(
        f"money.WORK.{what}", subject=work.id, WORK=work.id, name=work.name,
        as_of=layers.commune.commune.as_of,
    )  # fmt: skip


def _planned(layers: Layers, work: Work) -> Measure:
    name = _named(layers, work, "planned_million")
    inputs = (layers[WORKS], layers[ROAD_WORKS])
    span = work.planned
    if span is None:
        part = Contribution(work.row[0], work.id, 0.0, unknown=True)
        return figures.summed(name, (part,), inputs, more=None, method=figures.LIST)
    layer, million = work.budgets[0]
    part = Contribution(layer, work.id, million)
    return figures.summed(name, (part,), inputs, low=span[0], high=span[1], method=figures.LIST)


def _allocated(layers: Layers, work: Work, allotted: Sequence[Allotment]) -> Measure:
    name = _named(layers, work, "allocated_million")
    if not allotted:
        # The list of funds names no work at all: that says nothing of this one.
        return figures.unknown(
            name, (Note.of("MONEY_NOT_ALLOCATED"),), figures.files((layers[FUNDS],))
        )
    own = [one for one in allotted if one.work == work.id]
    parts = [
        Contribution(FUNDS, one.fund, one.million or 0.0, unknown=one.million is None)
        for one in own
    ]
    more = None if any(one.million is None for one in own) else 0.0
    return figures.summed(name, parts, (layers[FUNDS],), more=more, method=figures.LIST)


def _paid(layers: Layers, work: Work, paid: Sequence[Payment], known: frozenset[str]) -> Measure:
    name = _named(layers, work, "paid_million")
    if figures.without_rows(layers, PAYMENTS):
        return figures.not_given(name, layers, PAYMENTS, inputs=(WORKS, ROAD_WORKS))
    parts, more = [], list[float | None]()
    for one in paid:
        if one.work is None or one.by_now is False or (one.work in known and one.work != work.id):
            continue
        if one.work == work.id and one.by_now and one.million is not None:
            parts.append(Contribution(PAYMENTS, one.id, one.million))
        else:
            parts.append(Contribution(PAYMENTS, one.id, 0.0, unknown=True, weight=one.million))
            more.append(one.million)
    most = None if None in more else math.fsum(x for x in more if x is not None)
    return figures.summed(
        name, parts, (layers[PAYMENTS], layers[WORKS], layers[ROAD_WORKS]), more=most,
        method=figures.LIST,
    )  # fmt: skip


def _share(name: Named, paid: Measure, planned: Measure) -> Measure:
    """Return what of the plan is paid; it may be more than all of it."""
    low = high = value = None
    if planned.low is not None and planned.low > 0:
        if paid.value is not None and planned.value:
            value = 100 * paid.value / planned.value
        if paid.low is not None and planned.high:
            low = 100 * paid.low / planned.high
        high = None if paid.high is None else 100 * paid.high / planned.low
    inputs = tuple(dict.fromkeys((*paid.evidence.inputs, *planned.evidence.inputs)))
    some = value is not None
    return Measure(
        name.id, name.title, name.unit, value, 0.0 if low is None else low, high,
        Evidence(name.method, paid.evidence.features, inputs),
        subject=name.subject, numerator=paid.value if some else None,
        denominator=planned.value if some else None, method=figures.LIST,
        more_is_better=name.more_is_better, notes=() if some else paid.notes,
    )  # fmt: skip
