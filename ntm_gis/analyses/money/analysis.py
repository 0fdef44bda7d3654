"""Money and works: planned, allocated and paid beside what stands, unit costs, time left.

Asked after funds, progress and targets: it puts their figures side by side.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.funds.analysis import tree_of
from ntm_gis.analyses.funds.check import segment, sums
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.money import costs
from ntm_gis.analyses.money import findings as money_findings
from ntm_gis.analyses.money import targets as money_targets
from ntm_gis.analyses.money.measures import Money, of_work
from ntm_gis.analyses.money.works import allotments_of, payments_of, works_of
from ntm_gis.layers.values import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.funds.analysis import Tree
    from ntm_gis.analyses.money.costs import Cost
    from ntm_gis.analyses.money.works import Allotment, Payment, Work
    from ntm_gis.analyses.question import Question
    from ntm_gis.results import Finding, Measure

_BUDGETS = {"works": ("budget_million_vnd",), "road_works": ("budget_million_vnd",)}
_PAID = {"payments": ("work_id", "million_vnd", "paid_on")}

READS: Reads = {
    "money.*.planned_million": _BUDGETS,
    "money.*.allocated_million": {"funds": ("work_id", "million_vnd", "parent_id")},
    "money.*.paid_million": {**_PAID, "works": (), "road_works": ()},
    "money.*.paid_share": {**_PAID, **_BUDGETS},
    "money.*.planned_million_per_km": {
        "works": ("budget_million_vnd",),
        "road_works": ("budget_million_vnd", "planned_length_m"),
    },
}

PROGRESS: dict[str, type] = {
    "id": str, "name": str, "planned_million": float, "allocated_million": float,
    "paid_million": float, "paid_share": float, "done_low": float, "done_high": float,
    "ahead_points": float, "behind_points": float, "funds": str, "state": str,
}  # fmt: skip

BY_FUND: dict[str, type] = {
    "id": str, "fund_id": str, "fund": str, "work_id": str, "work": str,
    "planned_million": float, "allocated_million": float, "paid_million": float, "payments": float,
}  # fmt: skip

TREE: dict[str, type] = {
    "id": str, "name": str, "parent_id": str, "depth": float, "source": str, "programme": str,
    "capital": str, "declared_million": float, "parts_million": float,
    "difference_million": float, "paid_million": float, "state": str,
}  # fmt: skip

GROUPS: dict[str, type] = {
    "id": str, "by": str, "code": str, "declared_million": float, "funds": float,
}  # fmt: skip

COSTS: dict[str, type] = {
    "id": str, "name": str, "layer": str, "kind": str, "unit": str, "size": float,
    "cost_million": float, "million_per_unit": float, "others_low": float, "others_high": float,
    "others": float, "state": str,
}  # fmt: skip


def answer(question: Question) -> Answer:
    """Return the measures `money.*`, the findings about them, and frames for sheets and pages.

    Frames: `money_works` (a row a work), `money_by_fund` (a fund and a work), `funds_tree` (a
    fund, in the order of the tree), `funds_groups` (sums by source, programme and capital),
    `unit_costs`, `target_progress`.
    """
    layers, zone = question.layers, question.layers.commune.commune.crs
    tree = tree_of(layers)
    works = works_of(layers, question.measures)
    paid, allotted = payments_of(layers), allotments_of(tree)
    known = frozenset(work.id for work in works)
    found = [of_work(layers, work, paid, allotted, known) for work in works]
    priced = costs.costs(layers, works)
    targets, late = money_targets.progress(layers, question.measures)
    funded = frozenset(m.work.id for m in found if m.paid.value or m.allocated.value)
    findings: list[Finding] = [
        *money_findings.of_works(layers, found),
        *money_findings.of_allotments(tree, allotted),
        *money_findings.of_payments(layers, paid),
        *money_findings.of_twins(layers, works, funded),
        *money_findings.of_candidates(layers, works),
        *costs.findings(layers, priced),
        *late,
    ]
    frames = {
        "money_works": listing(PROGRESS, _works(found, paid, allotted), zone),
        "money_by_fund": listing(BY_FUND, _by_fund(works, tree, paid, allotted), zone),
        "funds_tree": listing(TREE, _tree(tree, question.measures), zone),
        "funds_groups": listing(GROUPS, _groups(tree), zone),
        "unit_costs": listing(COSTS, _costs(priced), zone),
        "target_progress": targets,
    }
    measures = [measure for money in found for measure in money.measures]
    return Answer((*measures, *costs.measures(layers, works)), tuple(findings), frames)


def _works(
    found: Sequence[Money], paid: Sequence[Payment], allotted: Sequence[Allotment]
) -> Iterator[tuple[Any, ...]]:
    for money in found:
        key = money.work.id
        funds = dict.fromkeys(
            [one.fund for one in allotted if one.work == key]
            + [one.fund for one in paid if one.work == key and one.fund is not None]
        )
        done = money.work.physical or (None, None)
        points = (money_findings.ahead(money), money_findings.behind(money))
        yield (
            key, money.work.name, money.planned.value, money.allocated.value, money.paid.value,
            money.share.value, *done, *points, ", ".join(funds), _state(money),
        )  # fmt: skip


def _state(money: Money) -> str:
    """Return whether money surely leads the work, the work surely the money, or neither."""
    lead, lag = money_findings.ahead(money), money_findings.behind(money)
    if lead is None:
        return "unknown"
    if lead > money_findings.LEAD_POINTS:
        return "money_leads"
    surely = lag is not None and lag > money_findings.LEAD_POINTS
    return "work_leads" if surely else "in_step"


def _by_fund(
    works: Sequence[Work], tree: Tree, paid: Sequence[Payment], allotted: Sequence[Allotment]
) -> Iterator[tuple[Any, ...]]:
    """Yield what each fund gives each work, up to the day of the figures, as it is known."""
    by_id = {work.id: work for work in works}
    titles = dict(zip(tree.ids, tree.names, strict=True))
    given = {(one.fund, one.work): one.million for one in allotted}
    out: dict[tuple[str, str], list[float]] = {pair: [] for pair in given}
    for one in paid:
        if one.work is not None and one.by_now and one.million is not None:
            out.setdefault((one.fund or "", one.work), []).append(one.million)
    for (fund, work), amounts_ in sorted(out.items()):
        known = by_id.get(work)
        named = (None, None) if known is None else (known.name, _sure(known.planned))
        yield (
            f"{fund} {work}", fund or None, titles.get(fund), work, *named,
            given.get((fund, work)), math.fsum(amounts_), len(amounts_),
        )  # fmt: skip


def _sure(span: tuple[float, float] | None) -> float | None:
    return span[0] if span is not None and span[0] == span[1] else None


def _tree(tree: Tree, measures: Sequence[Measure]) -> Iterator[tuple[Any, ...]]:
    by_id = {measure.id: measure for measure in measures}
    parts = {found.parent: found for found in sums(tree)}
    fields = [texts(tree.layer.used, name) for name in ("source", "programme", "capital")]
    circles = {k for circle in tree.circles for k in circle}
    for number, depth in _in_order(tree):
        found, million = parts.get(number), tree.million[number]
        paid = by_id.get(f"{segment(tree, number)}.paid")
        off = None if found is None else round(found.known - found.declared, 3)
        state = "circle" if number in circles else "single"
        if found is not None:
            state = "closes" if found.closes else "open"
        yield (
            tree.ids[number], tree.names[number], tree.parents[number], depth,
            *(field[number] for field in fields), million,
            None if found is None else found.known, off, None if paid is None else paid.value,
            state,
        )  # fmt: skip


def _in_order(tree: Tree) -> Iterator[tuple[int, int]]:
    """Yield each fund once, those beneath right after it, with how deep it stands."""
    seen: set[int] = set()
    tops = [k for k, parent in enumerate(tree.parents) if parent not in tree.position]
    waiting = [(k, 0) for k in reversed([*tops, *(k for c in tree.circles for k in c[:1])])]
    while waiting:
        number, depth = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        yield number, depth
        waiting += [(k, depth + 1) for k in reversed(tree.children.get(number, []))]


def _groups(tree: Tree) -> Iterator[tuple[Any, ...]]:
    """Yield sums of the funds that have none beneath them, by source, programme and capital."""
    circles = {k for circle in tree.circles for k in circle}
    leaves = [k for k in range(len(tree.ids)) if not tree.children.get(k) and k not in circles]
    for by in ("source", "programme", "capital"):
        codes = texts(tree.layer.used, by)
        for code in dict.fromkeys(codes[k] for k in leaves):
            own = [tree.million[k] for k in leaves if codes[k] == code]
            total = None if None in own else math.fsum(x for x in own if x is not None)
            yield f"{by} {code or ''}".strip(), by, code, total, len(own)


def _costs(priced: Sequence[Cost]) -> Iterator[tuple[Any, ...]]:
    for cost in priced:
        yield (
            cost.id, cost.name, cost.layer, cost.kind, cost.unit, cost.size, cost.million,
            cost.per_unit, cost.low, cost.high, cost.others, cost.state,
        )  # fmt: skip
