"""Where the money of works contradicts: it leads the work, passes the plan, pays twice."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, ids, texts
from ntm_gis.analyses.funds.check import ROUNDING
from ntm_gis.analyses.money.works import PAYMENTS
from ntm_gis.analyses.places import at_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.funds.analysis import Tree
    from ntm_gis.analyses.money.measures import Money
    from ntm_gis.analyses.money.works import Allotment, Payment, Work
    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Finding

LEAD_POINTS = 10.0
"""Percentage points by which what is paid may pass what is done: advances are usual. A setting
of the product, no norm."""


_WORD = re.compile(r"[0-9a-z]+")
_SURFACED = re.compile(r"\b(tong|cung|nhua) hoa\b")
_JOINING = frozenset({"di", "den", "tu", "va", "tai", "cong", "trinh", "du", "an", "tuyen"})
"""Words that one office writes and another leaves out."""


def ahead(money: Money) -> float | None:
    """Return by how many percentage points the money surely leads; negative: the work does.

    What is paid at its least is put against what is done at its most.
    """
    if money.work.physical is None or money.share.value is None or money.share.low is None:
        return None
    return money.share.low - money.work.physical[1]


def behind(money: Money) -> float | None:
    """Return by how many percentage points the work surely leads the money; negative: it lags.

    What is done at its least is put against what is paid at its most; None: nothing bounds that.
    """
    if money.work.physical is None or money.share.value is None or money.share.high is None:
        return None
    return money.work.physical[0] - money.share.high


def of_works(layers: Layers, found: Sequence[Money]) -> Iterator[Finding]:
    """Yield works whose money leads them, passes their plan, or is planned in two ways."""
    for money in found:
        work = money.work
        layer, row = layers[work.row[0]], work.row[1]
        lead = ahead(money)
        if lead is not None and lead > LEAD_POINTS and work.physical is not None:
            yield at_row(
                "MONEY_LEADS", layer, row, name=work.name, paid=money.share.low,
                done=work.physical[1], points=lead,
            ).affecting((money.share.id,))  # fmt: skip
        span = work.planned
        if span is not None and span[1] - span[0] > ROUNDING:
            yield at_row(
                "WORK_BUDGETS_DIFFER", layer, row, field="budget_million_vnd", name=work.name,
                low=span[0], high=span[1],
            ).affecting((money.planned.id, money.share.id))  # fmt: skip
        for measure, code in ((money.paid, "WORK_OVERPAID"), (money.allocated, "WORK_OVERFUNDED")):
            if span is None or measure.low is None or measure.low <= span[1] + ROUNDING:
                continue
            yield at_row(
                code, layer, row, field="budget_million_vnd", name=work.name, planned=span[1],
                million=measure.low,
            ).affecting((measure.id,))  # fmt: skip


def of_allotments(tree: Tree, allotted: Sequence[Allotment]) -> Iterator[Finding]:
    """Yield works that several rows of the list of funds are allocated to."""
    by_work: dict[str, list[Allotment]] = defaultdict(list)
    for one in allotted:
        by_work[one.work].append(one)
    programmes = texts(tree.layer.used, "programme")
    for work, own in by_work.items():
        if len(own) < 2:
            continue
        said = tuple(
            f"{one.fund} ({programmes[one.number] or tree.names[one.number]})" for one in own
        )
        yield at_row(
            "WORK_OF_SEVERAL_FUNDS", tree.layer, own[0].number, field="work_id", value=work,
            work=work, funds=said,
        ).affecting((f"money.{text.segment(work)}.allocated_million",))  # fmt: skip


def of_payments(layers: Layers, paid: Sequence[Payment]) -> Iterator[Finding]:
    """Yield payments that look like one payment entered twice."""
    alike: dict[tuple[object, ...], list[Payment]] = defaultdict(list)
    for one in paid:
        mark = text.fold(one.document or "") or one.day
        if one.work is not None and one.million and mark is not None:
            alike[one.work, one.million, mark].append(one)
    for together in alike.values():
        for one in together[1:]:
            first = together[0]
            code = "PAYMENT_ALIKE" if one.fund == first.fund else "PAYMENT_OF_TWO_FUNDS"
            yield at_row(
                code, layers[PAYMENTS], one.row, field="million_vnd", value=f"{one.million:.15g}",
                work=one.work, million=one.million, first=first.id, first_fund=first.fund,
                fund=one.fund,
            ).affecting((f"money.{text.segment(str(one.work))}.paid_million",))  # fmt: skip


def of_twins(layers: Layers, works: Sequence[Work], funded: frozenset[str]) -> Iterator[Finding]:
    """Yield works that seem to be one work under two ids, where both have money.

    Parameters
    ----------
    funded : frozenset of str
        Ids of works that something is paid for or allocated to.
    """
    by_name: dict[object, list[Work]] = defaultdict(list)
    for work in works:
        if work.id in funded:
            by_name[alike(work.name)].append(work)
    for together in by_name.values():
        for work in together[1:]:
            first = together[0]
            if work.on is not None and first.on is not None and work.on != first.on:
                continue
            touched = tuple(f"money.{text.segment(w.id)}.paid_million" for w in together)
            yield at_row(
                "WORK_FUNDED_TWICE", layers[work.row[0]], work.row[1], field="name",
                value=work.name, name=work.name, other=first.id, other_name=first.name,
            ).affecting(touched)  # fmt: skip


def alike(name: str) -> frozenset[str]:
    """Return the words that tell a work from others, whatever their order and marks.

    Examples
    --------
    >>> one = alike("Bê tông hóa đường Xóm Mới đi Đông Lâm")
    >>> one == alike("Đường bê tông Đông Lâm – Xóm Mới"), one == alike("Đường bê tông Xóm Mới")
    (True, False)
    """
    said = _SURFACED.sub(r"\1", " ".join(_WORD.findall(text.fold(name))))
    return frozenset(said.split()) - _JOINING or frozenset(said.split())


def of_candidates(layers: Layers, works: Sequence[Work]) -> Iterator[Finding]:
    """Yield proposed works that the list of works already has: to fund them would be twice."""
    layer = layers["candidates"]
    frame = layer.used
    named = {alike(work.name): work for work in works}
    placed: dict[tuple[str, str], list[Work]] = defaultdict(list)
    for work in works:
        if work.on is not None:
            placed[work.on].append(work)
    columns = zip(
        ids(layer), texts(frame, "name"), texts(frame, "layer"), texts(frame, "feature_id"),
        strict=True,
    )  # fmt: skip
    spans = _spans(layers)
    stretches = zip(amounts(frame, "from_m").tolist(), amounts(frame, "to_m").tolist(), strict=True)
    for row, ((_, name, of, feature), (start, end)) in enumerate(
        zip(columns, stretches, strict=True)
    ):
        same = named.get(alike(name)) if name else None
        there = [] if same is None else [same]
        for work in placed[str(of), str(feature)]:
            a, b = spans.get(work.id, (float("-inf"), float("inf")))
            # A blank end leaves the stretch open: comparisons with NaN are never true.
            if not (start >= b or end <= a):
                there.append(work)
        if not there:
            continue
        work = there[0]
        yield at_row(
            "CANDIDATE_IN_WORKS", layer, row, field="name", value=name, name=name or "",
            work=work.id, work_name=work.name,
        )  # fmt: skip


def _spans(layers: Layers) -> dict[str, tuple[float, float]]:
    layer = layers["road_works"]
    used = layer.used
    columns = zip(
        ids(layer), amounts(used, "from_m").tolist(), amounts(used, "to_m").tolist(), strict=True
    )
    return {key: (start, end) for key, start, end in columns}
