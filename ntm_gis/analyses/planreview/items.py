"""Rules about planned items and roads: what was never built, and what no plan has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import text
from ntm_gis.analyses.columns import Shapes, amounts, ids, shapes, texts
from ntm_gis.analyses.planreview.case import ITEMS
from ntm_gis.analyses.planreview.outcomes import Outcome, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.planreview.case import Case, Plan
    from ntm_gis.rules.planning_cards import Rule

ROADS = "roads"
_ROAD_CODE = "dgt"
_ROAD_WORDS = ("duong", "giao thong", "road")


@dataclass(frozen=True)
class Items:
    """Planned items as columns."""

    case: Case

    @cached_property
    def rows(self) -> list[tuple[str, str | None, str | None, str | None, float, str | None]]:
        """Id, plan, kind, name, year and state of each."""
        layer = self.case.layers[ITEMS]
        used = layer.used
        return list(zip(
            ids(layer), texts(used, "plan_id"), texts(used, "kind"), texts(used, "name"),
            amounts(used, "planned_year").tolist(), texts(used, "built"), strict=True,
        ))  # fmt: skip

    @cached_property
    def shapes(self) -> Shapes:
        """Where each is."""
        return shapes(self.case.layers[ITEMS].used)

    @cached_property
    def roads(self) -> list[int]:
        """Items that are drawn as lines and called roads, by kind or else by name."""
        return [
            k for k, (_, _, kind, name, *_) in enumerate(self.rows)
            if self.shapes[k] is not None and shapely.get_dimensions(self.shapes[k]) == 1
            and _is_road(kind, name)
        ]  # fmt: skip

    def plan(self, k: int) -> Plan | None:
        """Return the plan of an item, where it is known."""
        return self.case.plans.get(self.rows[k][1] or "")

    def age(self, k: int) -> int | None:
        """Return the years since an item was to be built, or its plan was approved."""
        planned, plan = self.rows[k][4], self.plan(k)
        if not math.isnan(planned):
            return self.case.as_of.year - int(planned)
        if plan is not None and plan.approved_on is not None:
            return self.case.as_of.year - plan.approved_on.year
        return None


def unrealised(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield items not built, or in part, so many years after the year they were planned for.

    Notes
    -----
    Without a year the item counts from the year its plan was approved; without that its age is
    not known.
    """
    items = Items(case)
    years = float(str(rule.parameters.get("years", 0.0)))
    for k, (item, plan_id, kind, name, _, built) in enumerate(items.rows):
        age, plan = items.age(k), items.plan(k)
        if built == "yes" or (age is not None and age < years):
            continue
        known = age is not None and built is not None
        yield Outcome(
            rule, rule.breach if known else "no_data", f"{plan_id or '–'}/{item}",
            () if plan_id is None else (plan_id,), ITEMS, k, items.shapes[k],
            measured=None if age is None else float(age), required=years, unit="years",
            code="unrealised" if known else "unrealised_unknown",
            params={
                "plan": plan_id, "item": item, "name": name or kind, "age": age,
                "year": None if age is None else str(case.as_of.year - age),
                "decision": None if plan is None else plan.decision_no,
            },
        )  # fmt: skip


def planned_road_missing(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield planned roads of which a stretch runs beside no road on the ground.

    Notes
    -----
    Those that another rule names as not realised in time are not named again.
    """
    items = Items(case)
    near, least = _near(rule)
    told = _told_elsewhere(case, items)
    roads = [k for k in items.roads if k not in told]
    if not roads:
        return
    layer = case.layers[ROADS]
    if not layer.given:
        yield Outcome(
            rule, "no_data", ROADS, code="no_layer",
            params={"layer_title": layer.schema.title.words},
        )  # fmt: skip
        return
    missing = _beside_none(items.shapes[roads], shapes(layer.used), near)
    for k, rest in zip(roads, missing, strict=True):
        item, plan = items.rows[k][:2]
        if rest.length > least:
            whole = items.shapes[k].length
            yield Outcome(
                rule, rule.breach, f"{plan or '–'}/{item}", () if plan is None else (plan,),
                ITEMS, k, rest, measured=rest.length, required=0.0, unit="m",
                params={"plan": plan, "item": item, "km": rest.length / 1000,
                        "of_km": whole / 1000},
            )  # fmt: skip


def built_road_missing(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield real roads beside no planned one, once for each plan in force that draws roads.

    Notes
    -----
    Only roads of the classes that the rule names, on the ground of that plan: a lane need not
    be in a plan, and a plan says nothing of ground that is not its own.
    """
    items = Items(case)
    near, least = _near(rule)
    named = rule.parameters.get("classes", ())
    wanted = named if isinstance(named, tuple) else ()
    layer = case.layers[ROADS]
    classes = texts(layer.used, "road_class")
    lines = shapes(layer.used)
    every = items.shapes[items.roads]
    for plan in case.in_force():
        extent = case.extent(plan)
        if extent is None or not any(items.rows[k][1] == plan.id for k in items.roads):
            continue
        rows = [k for k, shape in enumerate(lines) if shape is not None and classes[k] in wanted]
        on = shapely.intersection(lines[rows], extent)
        rest = _beside_none(on, every, near)
        long = [n for n in range(len(rows)) if rest[n].length > least]
        if long:
            metres = float(sum(rest[n].length for n in long))
            yield Outcome(
                rule, rule.breach, plan.id, (plan.id,), ROADS, rows[long[0]],
                shapely.union_all(rest[long]), measured=metres, required=0.0, unit="m",
                params={"plan": plan.id, "count": len(long), "km": metres / 1000,
                        "roads": some(layer.places.ids[rows[n]] for n in long)},
            )  # fmt: skip


def _beside_none(lines: Shapes, others: Shapes, near: float) -> Shapes:
    """Return what of each line runs further than so much from every one of the others."""
    out = lines.copy()
    there = others[~shapely.is_missing(others)]
    if not len(there) or not len(lines):
        return out
    line, other = shapely.STRtree(there).query(lines, predicate="dwithin", distance=near)
    for k in np.unique(line):
        beside = shapely.union_all(shapely.buffer(there[other[line == k]], near))
        out[k] = shapely.difference(lines[k], beside)
    return out


def _told_elsewhere(case: Case, items: Items) -> frozenset[int]:
    rule = case.rule_of("unrealised")
    if rule is None:
        return frozenset()
    years = float(str(rule.parameters.get("years", 0.0)))
    late = []
    for k in items.roads:
        age = items.age(k)
        if items.rows[k][5] in ("no", "part") and age is not None and age >= years:
            late.append(k)
    return frozenset(late)


def _is_road(kind: str | None, name: str | None) -> bool:
    """Whether an item is a road: by its kind, or by its name where the kind says nothing.

    Examples
    --------
    >>> _is_road("DGT", None), _is_road("Đường giao thông", "x"), _is_road("DTL", "Kênh Nà Nghè")
    (True, True, False)
    """
    said = text.fold(kind or "")
    if said == _ROAD_CODE or any(word in said for word in _ROAD_WORDS):
        return True
    return not said and any(text.fold(name or "").startswith(word) for word in _ROAD_WORDS)


def _near(rule: Rule) -> tuple[float, float]:
    return float(str(rule.parameters.get("near_m", 0.0))), rule.tolerance.get("length_m", 0.0)
