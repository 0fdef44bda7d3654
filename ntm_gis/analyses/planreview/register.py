"""Rules about the register of plans: decisions, terms, numbers, dossiers, parents."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import shapely

from ntm_gis import text
from ntm_gis.analyses.columns import texts, truths
from ntm_gis.analyses.planreview.case import PLANS, ZONES
from ntm_gis.analyses.planreview.outcomes import Outcome, some
from ntm_gis.rules.planning_dossiers import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.planreview.case import Case, Plan
    from ntm_gis.analyses.planreview.outcomes import Verdict
    from ntm_gis.results import Words
    from ntm_gis.rules.planning_cards import Rule

DOCUMENTS = "plan_documents"


def without_decision(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield plans whose decision or its day is blank."""
    for plan in case.plans.values():
        lacking = [
            field for field, value in (
                ("decision_no", plan.decision_no), ("approved_on", plan.approved_on),
            ) if value is None
        ]  # fmt: skip
        if lacking:
            yield Outcome(
                rule, rule.breach, plan.id, (plan.id,), PLANS, plan.row, plan.extent,
                params={"plan": plan.id, "lacking": _titles(case, lacking)},
            )  # fmt: skip


def expired(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield plans past their term, and those whose term is blank."""
    for plan in case.plans.values():
        if plan.valid_to is None:
            yield Outcome(
                rule, "no_data", plan.id, (plan.id,), PLANS, plan.row, plan.extent,
                code="term_blank", params={"plan": plan.id},
            )  # fmt: skip
        elif plan.valid_to < case.as_of:
            yield Outcome(
                rule, rule.breach, plan.id, (plan.id,), PLANS, plan.row, plan.extent,
                params={"plan": plan.id, "until": plan.valid_to},
            )  # fmt: skip


def number_twice(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield decision numbers that several plans bear, however they are written.

    Notes
    -----
    Numbers begin anew each year: plans approved in different years have different decisions.
    Where a day is not recorded the outcome is `no_data`.
    """
    by_number: dict[str, list[Plan]] = defaultdict(list)
    for plan in case.plans.values():
        if plan.decision_no is not None:
            by_number["".join(text.fold(plan.decision_no).split())].append(plan)
    for number, plans in by_number.items():
        by_year: dict[int | None, list[Plan]] = defaultdict(list)
        for plan in plans:
            by_year[plan.approved_on.year if plan.approved_on else None].append(plan)
        undated = by_year.pop(None, [])
        for year, found in by_year.items():
            if len(found) > 1:
                yield _twice(rule, f"{number}/{year}", found, rule.breach, "number_twice")
        if undated and len(plans) > 1:
            yield _twice(rule, number, plans, "no_data", "number_undated")


def _twice(
    rule: Rule, subject: str, plans: list[Plan], verdict: Verdict, code: str
) -> Outcome:  # fmt: skip
    ids = tuple(plan.id for plan in plans)
    return Outcome(
        rule, verdict, subject, ids, PLANS, plans[0].row, plans[0].extent, code=code,
        params={"plans": ids, "number": plans[0].decision_no},
    )  # fmt: skip


def dossier(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield plans whose dossier lacks documents of its kind.

    Notes
    -----
    A document of which it is not recorded whether it is there is told, not counted as missing.
    """
    layer = case.layers[DOCUMENTS]
    used = layer.used
    present: dict[str, dict[str, bool | None]] = defaultdict(dict)
    rows = zip(texts(used, "plan_id"), texts(used, "kind"), truths(used, "present"), strict=True)
    for plan_id, kind, there in rows:
        if plan_id is not None and kind is not None:
            present[plan_id][text.fold(kind)] = there
    for plan in case.plans.values():
        wanted, have = needed(plan.kind), present.get(plan.id, {})
        lacking: list[Words] = []
        unsure: list[Words] = []
        for doc in wanted:
            said = [have[name] for name in doc.spellings if name in have]
            if not any(said):
                (unsure if None in said else lacking).append(doc.title.words)
        if not lacking and not unsure:
            continue
        # Nobody listed the dossier: that is not the same as an empty one.
        listed = plan.id in present
        code = "dossier" if lacking else "dossier_unsure"
        yield Outcome(
            rule, rule.breach if listed and lacking else "no_data", plan.id, (plan.id,), PLANS,
            plan.row, plan.extent,
            measured=float(len(wanted) - len(lacking) - len(unsure)), required=float(len(wanted)),
            code=code if listed else "dossier_unlisted",
            params={"plan": plan.id, "lacking": tuple(lacking or unsure),
                    "count": len(lacking or unsure)},
        )  # fmt: skip


def parent_missing(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield zones, and plans below another, that lead to no plan of the register.

    Notes
    -----
    Zones once for each name they bear. A plan that is there but has no decision is found by the
    rule about decisions.
    """
    for plan in case.plans.values():
        if plan.parent is not None and plan.parent not in case.plans:
            yield Outcome(
                rule, rule.breach, f"{plan.id}>{plan.parent}", (plan.id,), PLANS, plan.row,
                plan.extent, code="upper_unknown",
                params={"plan": plan.id, "parent": plan.parent},
            )  # fmt: skip
    by_plan: dict[str | None, list[int]] = defaultdict(list)
    for k, plan_id in enumerate(case.zones.plan):
        if plan_id not in case.plans:
            by_plan[plan_id].append(k)
    for plan_id, zones in by_plan.items():
        drawn = [case.zones.shapes[k] for k in zones if case.zones.shapes[k] is not None]
        yield Outcome(
            rule, rule.breach, plan_id or "–", (plan_id,) if plan_id else (), ZONES, zones[0],
            shapely.multipoints(shapely.point_on_surface(drawn)) if drawn else None,
            measured=float(len(zones)), required=0.0,
            code="parent_missing" if plan_id is None else "parent_unknown",
            params={"plan": plan_id, "count": len(zones),
                    "zones": some(case.zones.ids[k] for k in zones)},
        )  # fmt: skip


def _titles(case: Case, fields: list[str]) -> tuple[object, ...]:
    schema = case.layers[PLANS].schema
    return tuple(schema.field(name).title.words for name in fields)
