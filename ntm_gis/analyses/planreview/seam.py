"""Rules about the former seam: roads and canals that break off there, services now doubled."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.columns import amounts, shapes, texts
from ntm_gis.analyses.planreview.case import FORMERS, ITEMS, PLANS
from ntm_gis.analyses.planreview.hazards import no_layer
from ntm_gis.analyses.planreview.items import Items
from ntm_gis.analyses.planreview.joints import Joint, differ, joints
from ntm_gis.analyses.planreview.outcomes import Outcome, some
from ntm_gis.rules.codes import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ntm_gis.analyses.columns import Shapes
    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.planning_cards import Rule

MINOR = ("village", "lane", "field")
"""Roads that may end anywhere: one that ends by itself at the seam is no break."""


def road_break(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield roads that stop at the seam, or go on there with another class or width.

    Notes
    -----
    A road stops there when a road across the seam ends near by and the two do not meet; roads of
    the higher classes, and planned ones, also when they end on the seam itself with nothing
    beyond. A class or width that is not recorded differs from nothing.
    """
    layer, items = case.layers["roads"], Items(case)
    if not _can_be_judged(case, layer.given or bool(items.roads)):
        if layer.given and case.is_merged:
            yield no_layer(rule, FORMERS, case.layers[FORMERS].schema.title.words)
        return
    used, real = layer.used, shapes(layer.used)
    classes, widths = texts(used, "road_class"), amounts(used, "width_m").tolist()
    width_m = float(str(rule.parameters.get("width_m", 0.0)))
    lines = np.concatenate([real, items.shapes[items.roads]])
    names = [*layer.places.ids, *(items.rows[k][0] for k in items.roads)]
    for joint in _joints(case, rule, lines):
        k, other = joint.end.line, joint.other
        planned = k >= len(real)
        of = (ITEMS, items.roads[k - len(real)]) if planned else ("roads", k)
        if other is None:
            minor = not planned and classes[k] in MINOR
            if _stops(rule, joint, minor=minor):
                code = "road_break" if joint.gap_m is None else "road_gap"
                yield _broken(
                    rule, of, joint, _facing({"road": names[k]}, joint, names), names, code
                )
            continue
        if planned or other >= len(real) or k > other:
            continue
        what: list[object] = []
        if classes[k] != classes[other] and None not in (classes[k], classes[other]):
            what.append(layer.schema.field("road_class").title.words)
        if differ(widths[k], widths[other], width_m):
            what.append(layer.schema.field("width_m").title.words)
        if what:
            params = {"road": names[k], "other": names[other], "what": tuple(what)}
            yield _broken(rule, of, joint, params, names, "road_change")


def canal_break(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield canals that stop at the seam with no canal going on."""
    layer = case.layers["irrigation"]
    if not _can_be_judged(case, layer.given):
        if layer.given and case.is_merged:
            yield no_layer(rule, FORMERS, case.layers[FORMERS].schema.title.words)
        return
    lines = shapes(layer.used)
    kinds = texts(layer.used, "kind")
    for k, shape in enumerate(lines):
        if shape is not None and (shapely.get_dimensions(shape) != 1 or kinds[k] == "pipe"):
            lines[k] = None
    names = list(layer.places.ids)
    for joint in _joints(case, rule, lines):
        k = joint.end.line
        if joint.other is None and _stops(rule, joint, minor=False):
            params = _facing({"canal": names[k]}, joint, names)
            code = "canal_break" if joint.gap_m is None else "canal_gap"
            yield _broken(rule, ("irrigation", k), joint, params, names, code)


def _facing(params: dict[str, object], joint: Joint, names: list[str]) -> dict[str, object]:
    """Return what a sentence names, with the line that ends across the seam."""
    other = None if joint.facing is None else names[joint.facing]
    return {**params, "gap": joint.gap_m, "other": other}


def _can_be_judged(case: Case, given: bool) -> bool:
    return given and case.seam is not None


def _joints(case: Case, rule: Rule, lines: Shapes) -> Iterator[Joint]:
    if case.seam is None:
        return
    near = float(str(rule.parameters.get("near_m", 0.0)))
    slack = rule.tolerance.get("length_m", 0.0)
    yield from joints(lines, case.former, case.seam, near_m=near, slack_m=slack)


def _stops(rule: Rule, joint: Joint, *, minor: bool) -> bool:
    """Whether an end at which nothing goes on is a break, and not the end of the road."""
    if joint.gap_m is not None:
        return True
    return not minor and joint.to_seam_m <= rule.tolerance.get("length_m", 0.0)


def _broken(
    rule: Rule, of: tuple[str, int], joint: Joint, params: Mapping[str, object],
    names: list[str], code: str,
) -> Outcome:  # fmt: skip
    point = joint.end.point
    return Outcome(
        rule, rule.breach, f"{names[joint.end.line]}@{point.x:.0f},{point.y:.0f}", (), *of, point,
        measured=joint.gap_m, unit="" if joint.gap_m is None else "m", code=code, params=params,
    )  # fmt: skip


def doubled_centre(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield plans of centres in force that stand beside each other, and offices in use."""
    kind = str(rule.parameters.get("plan_kind", ""))
    plans = case.in_force(kind)
    if len(plans) > 1:
        ids = tuple(plan.id for plan in plans)
        extents = [e for e in map(case.extent, plans) if e is not None]
        yield Outcome(
            rule, rule.breach, "+".join(sorted(ids)), ids, PLANS, plans[0].row,
            shapely.multipoints(shapely.point_on_surface(extents)) if extents else None,
            measured=float(len(plans)), required=1.0,
            params={"plans": ids, "count": len(ids)},
        )  # fmt: skip
    yield from _doubled(case, rule, (str(rule.parameters.get("facility", "")),))


def doubled_service(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield kinds of facilities of which several are in use where one a commune is enough."""
    wanted = rule.parameters.get("kinds", ())
    yield from _doubled(case, rule, wanted if isinstance(wanted, tuple) else ())


def _doubled(case: Case, rule: Rule, wanted: tuple[str, ...]) -> Iterator[Outcome]:
    """Yield kinds of which several are in use, or may be: of some the state is not recorded."""
    if not case.is_merged:
        return
    layer = case.layers["facilities"]
    by_kind: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = zip(texts(layer.used, "kind"), texts(layer.used, "status"), strict=True)
    for k, (kind, status) in enumerate(rows):
        if kind in wanted and status in ("in_use", None):
            by_kind[str(kind)][status].append(k)
    for kind, found in sorted(by_kind.items()):
        sure, perhaps = found.get("in_use", []), found.get(None, [])
        every = sorted([*sure, *perhaps])
        if len(every) < 2:
            continue
        known = len(sure) > 1
        of = sure if known else every
        places = [s for s in (layer.places.shapes[k] for k in of) if s is not None]
        yield Outcome(
            rule, rule.breach if known else "no_data", kind, (), "facilities", of[0],
            shapely.multipoints(shapely.point_on_surface(places)) if places else None,
            measured=float(len(of)), required=1.0,
            code="doubled_service" if known else "doubled_unsure",
            params={"kind": code_list("facility_kind")[kind].title.words,
                    "features": some(layer.places.ids[k] for k in of), "count": len(of)},
        )  # fmt: skip
