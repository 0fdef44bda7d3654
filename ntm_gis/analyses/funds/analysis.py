"""Money: funds as a tree, what was paid out, sums that do not add up."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.funds import check as funds_check
from ntm_gis.analyses.funds.check import ROUNDING, segment
from ntm_gis.analyses.places import at_row
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import Contribution, Finding, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "funds.total": {"funds": ("parent_id", "million_vnd")},
    "fund.": {"funds": ("million_vnd",)},
    "fund.*.paid": {
        "funds": ("parent_id",),
        "payments": ("fund_id", "million_vnd", "paid_on"),
    },
}

FUNDS, PAYMENTS = "funds", "payments"


@dataclass(frozen=True)
class Tree:
    """The used rows of `funds`.

    Parameters
    ----------
    ids, names : list of str
    parents : list of str or None
        As written; None: none.
    million : list of float or None
        None: not recorded.
    """

    layer: Layer
    ids: list[str]
    names: list[str]
    parents: list[str | None]
    million: list[float | None]

    @cached_property
    def position(self) -> dict[str, int]:
        """Id -> number of the row."""
        return {key: k for k, key in enumerate(self.ids)}

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """Number of a fund -> numbers of the funds right beneath it."""
        out: dict[int, list[int]] = defaultdict(list)
        for k, parent in enumerate(self.parents):
            if parent in self.position:
                out[self.position[parent]].append(k)
        return dict(out)

    def beneath(self, number: int) -> list[int]:
        """Return a fund and all beneath it, each once, whatever circles there are."""
        found, seen = [number], {number}
        for k in found:
            for child in self.children.get(k, ()):
                if child not in seen:
                    seen.add(child)
                    found.append(child)
        return found

    def above(self, number: int) -> list[int]:
        """Return a fund and all above it, each once."""
        found: list[int] = []
        k: int | None = number
        while k is not None and k not in found:
            found.append(k)
            k = self.position.get(self.parents[k] or "")
        return found

    @cached_property
    def circles(self) -> list[list[int]]:
        """Funds that are their own ancestors, by circle, each from its first row on."""
        out: list[list[int]] = []
        done: set[int] = set()
        for start in range(len(self.ids)):
            path = self.above(start)
            after = self.position.get(self.parents[path[-1]] or "")
            if after is not None and not done.intersection(path):
                circle = path[path.index(after) :]
                first = circle.index(min(circle))
                out.append(circle[first:] + circle[:first])
            done.update(path)
        return out


def answer(question: Question) -> Answer:
    """Return the measures `funds.*` and `fund.*`, and the findings about them."""
    layers = question.layers
    tree = tree_of(layers)
    paid = list(_payments(layers))
    measures = [_total(layers, tree)]
    for number in range(len(tree.ids)):
        measures.append(_declared(tree, number))
        measures.append(_paid(layers, tree, paid, number))
    findings = [
        *funds_check.findings(tree),
        *_late(layers, tree, paid),
        *_overpaid(tree, measures),
    ]
    return Answer(tuple(measures), tuple(findings))


def tree_of(layers: Layers) -> Tree:
    """Return the funds of a commune."""
    layer = layers[FUNDS]
    keys = ids(layer)
    names = texts(layer.used, "name")
    million = amounts(layer.used, "million_vnd").tolist()
    return Tree(
        layer,
        keys,
        [name or key for name, key in zip(names, keys, strict=True)],
        texts(layer.used, "parent_id"),
        [None if math.isnan(x) else x for x in million],
    )


def _total(layers: Layers, tree: Tree) -> Measure:
    name = named("funds.total")
    if figures.without_rows(layers, FUNDS):
        return figures.not_given(name, layers, FUNDS)
    features, more = [], list[float | None]()
    in_circle = {k for circle in tree.circles for k in circle}
    for k, (key, parent, million) in enumerate(
        zip(tree.ids, tree.parents, tree.million, strict=True)
    ):
        if parent is None and million is not None:
            features.append(Contribution(FUNDS, key, million))
        elif parent is None or parent not in tree.position or k in in_circle:
            # It may stand by itself, or belong to a fund that is not in the list.
            features.append(Contribution(FUNDS, key, 0.0, unknown=True, weight=million))
            more.append(million)
    return figures.summed(
        name,
        features,
        (tree.layer,),
        more=None if None in more else math.fsum(x for x in more if x is not None),
        method=figures.LIST,
    )


def _declared(tree: Tree, number: int) -> Measure:
    key, million = tree.ids[number], tree.million[number]
    name = named("fund.FUND", subject=key, FUND=key, name=tree.names[number])
    known = million is not None
    feature = Contribution(FUNDS, key, million or 0.0, unknown=not known)
    return figures.summed(
        name, (feature,), (tree.layer,), more=0.0 if known else None, method=figures.LIST
    )


# --- Payments ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payment:
    """One used row of `payments`; `by_now`: paid up to the day of the figures."""

    row: int
    id: str
    fund: str | None
    million: float | None
    by_now: bool | None


def _payments(layers: Layers) -> Iterator[Payment]:
    layer = layers[PAYMENTS]
    as_of = layers.commune.commune.as_of
    columns = (
        ids(layer),
        texts(layer.used, "fund_id"),
        amounts(layer.used, "million_vnd").tolist(),
        days(layer.used, "paid_on"),
    )
    for row, (key, fund, million, day) in enumerate(zip(*columns, strict=True)):
        by_now = None if day is None else day <= as_of
        yield Payment(row, key, fund, None if math.isnan(million) else million, by_now)


def _paid(layers: Layers, tree: Tree, paid: Sequence[Payment], number: int) -> Measure:
    """Return what was paid from a fund and those beneath it.

    A payment of no fund in the list may be of any; one without day may lie after the day of
    the figures.
    """
    key = tree.ids[number]
    name = named(
        "fund.FUND.paid", subject=key, FUND=key, name=tree.names[number],
        as_of=layers.commune.commune.as_of,
    )  # fmt: skip
    if figures.without_rows(layers, PAYMENTS):
        return figures.not_given(name, layers, PAYMENTS, inputs=(FUNDS,))
    beneath = {tree.ids[k] for k in tree.beneath(number)}
    features, more = [], list[float | None]()
    for payment in paid:
        known_fund = payment.fund in tree.position
        if payment.by_now is False or (known_fund and payment.fund not in beneath):
            continue
        if known_fund and payment.by_now and payment.million is not None:
            features.append(Contribution(PAYMENTS, payment.id, payment.million))
        else:
            features.append(
                Contribution(PAYMENTS, payment.id, 0.0, unknown=True, weight=payment.million)
            )
            more.append(payment.million)
    return figures.summed(
        name,
        features,
        (layers[PAYMENTS], tree.layer),
        more=None if None in more else math.fsum(x for x in more if x is not None),
        known=True,
        method=figures.LIST,
    )


# --- Findings ------------------------------------------------------------------------------------


def _late(layers: Layers, tree: Tree, paid: Sequence[Payment]) -> Iterator[Finding]:
    for payment in paid:
        if payment.by_now is False:
            fund = tree.position.get(payment.fund or "")
            above = [] if fund is None else tree.above(fund)
            yield at_row(
                "PAYMENT_LATER", layers[PAYMENTS], payment.row, field="paid_on",
                as_of=layers.commune.commune.as_of,
            ).affecting(tuple(f"{segment(tree, k)}.paid" for k in above))  # fmt: skip


def _overpaid(tree: Tree, measures: Sequence[Measure]) -> Iterator[Finding]:
    by_id = {measure.id: measure for measure in measures}
    for number, declared in enumerate(tree.million):
        paid = by_id[f"{segment(tree, number)}.paid"]
        if declared is not None and paid.low is not None and paid.low > declared + ROUNDING:
            yield at_row(
                "FUND_OVERPAID", tree.layer, number, field="million_vnd",
                value=f"{declared:.15g}", name=tree.names[number], declared=declared, paid=paid.low,
            ).affecting((paid.id,))  # fmt: skip
