"""Slivers: ground too narrow to be a gap, an overlap or a contradiction, once for each seam."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.coverage.slivers import thinner
from ntm_gis.analyses.planreview.case import PLANS, ZONES
from ntm_gis.analyses.planreview.covering import PERIODS, gaps_of_zones
from ntm_gis.analyses.planreview.ground import LEAST_M, M2_PER_HA, array
from ntm_gis.analyses.planreview.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.columns import Shapes
    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.planning_cards import Rule


def sliver(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield what is too narrow for another rule: once for two plans, a plan, a kind of plans."""
    width = rule.tolerance.get("width_m", 0.0)
    yield from _between(case, rule, width)
    kinds = dict.fromkeys(plan.kind for plan in case.in_force() if plan.kind is not None)
    for test, found in (("gap", _gaps(case, kinds, width)), ("outside", _outside(case, width))):
        for name, (plans, row, title, pieces) in found.items():
            yield _outcome(
                case, rule, f"{test}:{name}", plans, PLANS if plans else None, row, pieces,
                f"sliver_{test}", {"name": title, "width": width},
            )  # fmt: skip
    yield from _within(case, rule)


def _between(case: Case, rule: Rule, width: float) -> Iterator[Outcome]:
    """Yield slivers of the extents of two plans of a kind, and of their zones."""
    pieces: dict[tuple[str, str], list[shapely.Geometry]] = defaultdict(list)
    for kind in dict.fromkeys(plan.kind for plan in case.in_force() if plan.kind is not None):
        plans, shared = case.ground.between(kind)
        for k in shared.thin(width):
            a, b = sorted((plans[shared.first[k]].id, plans[shared.second[k]].id))
            pieces[a, b].append(shared.geometry[k])
    zones, contested = case.zones, case.ground.contested
    for k in contested.thin(width):
        if contested.sure[k]:
            a, b = sorted(str(zones.plan[n[k]]) for n in (contested.first, contested.second))
            pieces[a, b].append(contested.geometry[k])
    for pair, found in sorted(pieces.items()):
        # Extents and zones may have the same sliver: its ground counts once.
        parts = shapely.get_parts(shapely.union_all(array(found)))
        yield _outcome(
            case, rule, "+".join(pair), pair, PLANS, case.plans[pair[0]].row, parts, "sliver",
            {"first": pair[0], "second": pair[1], "width": width},
        )  # fmt: skip


_Found = dict[str, tuple[tuple[str, ...], "int | None", object, "Shapes"]]


def _gaps(case: Case, kinds: dict[str, None], width: float) -> _Found:
    out: _Found = {}
    for kind in kinds:
        gaps = case.ground.gaps(kind)
        if gaps is not None and len(thin := gaps.thin(width)):
            out[kind] = (), None, case.kind(kind), gaps.geometry[thin]
    return out


def _outside(case: Case, width: float) -> _Found:
    out: _Found = {}
    for plan in case.in_force():
        _, thin = case.ground.outside(plan, width)
        if len(thin):
            # Cut where neighbours begin: one strip along the boundary is one sliver.
            whole = shapely.get_parts(shapely.union_all(thin))
            out[plan.id] = (plan.id,), plan.row, plan.id, whole
    return out


def _within(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield overlaps and gaps of zones of one plan that are no breach of the rules about these."""
    for plan in case.in_force():
        pieces: list[shapely.Geometry] = []
        rows: list[int] = []
        overlap, gap = (case.rule_of(test) for test in ("overlap_within", "gap_within"))
        for period in PERIODS if overlap else ():
            zones, faults = case.ground.within(plan, period)
            thin = np.flatnonzero(thinner(faults.overlaps.geometry, _width(overlap)))
            pieces += list(faults.overlaps.geometry[thin])
            rows += [zones[n] for n in faults.overlaps.first[thin]]
        for spots, zones in gaps_of_zones(case, plan) if gap else ():
            thin = spots.thin(_width(gap))
            pieces += list(spots.geometry[thin])
            rows += zones[:1] if len(thin) else []
        width = max(_width(overlap), _width(gap))
        if pieces:
            yield _outcome(
                case, rule, f"within:{plan.id}", (plan.id,), ZONES, min(rows), array(pieces),
                "sliver_within", {"name": plan.id, "width": width},
            )  # fmt: skip


def _width(rule: Rule | None) -> float:
    return LEAST_M if rule is None else rule.tolerance.get("width_m", LEAST_M)


def _outcome(  # noqa: PLR0917 - what an outcome needs
    case: Case, rule: Rule, subject: str, plans: tuple[str, ...], layer: str | None,
    row: int | None, parts: Shapes, code: str, params: dict[str, object],
) -> Outcome:  # fmt: skip
    m2 = float(hectares(parts, case.zone).sum()) * M2_PER_HA
    return Outcome(
        rule, rule.breach, subject, plans, layer, row, shapely.multipolygons(parts),
        float(shapely.area(parts).sum()), m2, measured=float(len(parts)), code=code,
        params={"count": len(parts), "m2": m2, **params},
    )  # fmt: skip
