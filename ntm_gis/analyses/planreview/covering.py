"""Rules about the ground of plans: gaps, what lies outside, overlaps, contradictions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.analyses.coverage.slivers import thinner, widths
from ntm_gis.analyses.overlay.pieces import areal
from ntm_gis.analyses.planreview.case import PLANNED, PLANS, ZONES
from ntm_gis.analyses.planreview.ground import M2_PER_HA, array
from ntm_gis.analyses.planreview.outcomes import Outcome, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.columns import Ints
    from ntm_gis.analyses.coverage.places import Places
    from ntm_gis.analyses.planreview.case import Case, Plan
    from ntm_gis.analyses.planreview.ground import Shared, Spots
    from ntm_gis.rules.planning_cards import Rule

PERIODS = ("existing", PLANNED)


def uncovered(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield ground of the commune that no plan of a kind covers."""
    kind = str(rule.parameters.get("kind", "land_use"))
    gaps = case.ground.gaps(kind)
    if gaps is None:
        yield Outcome(rule, "no_data", kind, code="no_plan", params={"kind": case.kind(kind)})
        return
    for k in _breaches(gaps, rule):
        yield Outcome(
            rule, rule.breach, f"{kind}@{at(gaps.geometry[k])}", **_place(gaps, [k]),
            params={"kind": case.kind(kind), "ha": gaps.ground_m2[k] / M2_PER_HA},
        )  # fmt: skip


def outside(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield what of a plan lies beyond the boundary, by the commune that it lies in now."""
    for plan in case.in_force():
        by_unit, _ = case.ground.outside(plan, rule.tolerance.get("width_m", 0.0))
        for unit, pieces in by_unit.items():
            found = sized(case, shapely.union_all(pieces))
            yield Outcome(
                rule, rule.breach, f"{plan.id}>{unit or '–'}", (plan.id,), PLANS, plan.row,
                **found, code="outside" if unit else "outside_nowhere",
                params={"plan": plan.id, "unit": unit, "ha": found["ground_m2"] / M2_PER_HA},
            )  # fmt: skip
    yield from zones_outside(case, rule)


def zones_outside(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield once for each plan zones that lie neither in its extent nor in the commune."""
    boundary, zones = case.layers.boundary, case.zones
    for plan in case.in_force():
        of = zones.where(plan=plan.id)
        if boundary is None or plan.extent is None or not of:
            continue
        ground = shapely.union(boundary, plan.extent)
        shapely.prepare(ground)
        crossing = [of[n] for n in np.flatnonzero(~shapely.covers(ground, zones.shapes[of]))]
        if not crossing:
            continue
        beyond = areal(shapely.difference(zones.shapes[crossing], ground))
        kept = ~thinner(beyond, rule.tolerance.get("width_m", 0.0)) & ~shapely.is_empty(beyond)
        rows = [crossing[k] for k in np.flatnonzero(kept)]
        if rows:
            whole = shapely.union_all(beyond[kept])
            found = sized(case, whole)
            km = float(shapely.distance(beyond[kept], boundary).max()) / 1000
            yield Outcome(
                rule, rule.breach, f"{plan.id}/zones", (plan.id,), ZONES, rows[0], **found,
                measured=km * 1000, unit="m", code="zones_outside",
                params={"plan": plan.id, "count": len(rows), "km": km,
                        "zones": some(zones.ids[k] for k in rows),
                        "ha": found["ground_m2"] / M2_PER_HA},
            )  # fmt: skip


def overlap_within(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield overlapping zones of one plan and period, once for each two."""
    for plan in case.in_force():
        for period in PERIODS:
            zones, faults = case.ground.within(plan, period)
            found = faults.overlaps
            by_pair: dict[tuple[int, int], list[int]] = defaultdict(list)
            for k in _worse(found, rule):
                by_pair[int(found.first[k]), int(found.second[k])].append(int(k))
            for (a, b), parts in by_pair.items():
                first, second = zones[a], zones[b]
                ids = (case.zones.ids[first], case.zones.ids[second])
                m2 = float(found.ellipsoid_m2[parts].sum())
                yield Outcome(
                    rule, rule.breach, f"{plan.id}/{ids[0]}+{ids[1]}", (plan.id,), ZONES, first,
                    _joined(found.geometry[parts]), float(found.grid_m2[parts].sum()), m2,
                    params={"plan": plan.id, "first": ids[0], "second": ids[1], "m2": m2,
                            "width": float(found.width_m[parts].max())},
                )  # fmt: skip


def gap_within(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield ground that planned zones of one plan close in and no zone of it covers.

    Notes
    -----
    Where a plan leaves ground as it is, its zone of the existing state may fill the hole.
    """
    for plan in case.in_force():
        for gap, zones in gaps_of_zones(case, plan):
            for k in _breaches(gap, rule):
                beside = [case.zones.ids[zone] for zone in zones]
                yield Outcome(
                    rule, rule.breach, f"{plan.id}@{at(gap.geometry[k])}", (plan.id,), ZONES,
                    zones[0] if zones else None, **_place(gap, [k]),
                    params={"plan": plan.id, "zones": some(beside), "m2": gap.ground_m2[k]},
                )  # fmt: skip


def gaps_of_zones(case: Case, plan: Plan) -> Iterator[tuple[Spots, list[int]]]:
    """Yield gaps between planned zones of a plan, less its existing ones, and the zones around."""
    planned, faults = case.ground.within(plan, PLANNED)
    existing = case.zones.shapes[case.zones.where(plan=plan.id, period="existing")]
    for gap, touching in zip(faults.gaps.geometry, faults.gaps.touching, strict=True):
        left = [gap]
        near = existing[shapely.intersects(existing, gap)] if len(existing) else existing
        if len(near):
            whole = shapely.difference(gap, shapely.union_all(near))
            left = list(shapely.get_parts(areal(array([whole]))))
        yield case.ground.spots(array(left)), [planned[n] for n in touching]


def overlap_seam(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield overlaps of plans of two former communes along their old boundary."""
    for first, second, found, k in _of_two(case, rule):
        seam = case.seam_of(first, second)
        if _are_neighbours(first, second) and is_at(seam, rule, found.geometry[k]):
            yield _overlap(rule, first, second, found, k)


def overlap_between(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield overlaps of plans of two former communes away from their old boundary.

    Notes
    -----
    Where the old boundary is not known, it is not known either which rule an overlap breaks.
    """
    for first, second, found, k in _of_two(case, rule):
        if not _are_neighbours(first, second):
            continue
        if case.seam is None:
            yield _overlap(rule, first, second, found, k, code="overlap_unplaced")
        elif not is_at(case.seam_of(first, second), rule, found.geometry[k]):
            yield _overlap(rule, first, second, found, k)


def double_assignment(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield ground under two decisions of one former commune; the newer is named first."""
    for first, second, found, k in _of_two(case, rule):
        if _are_neighbours(first, second):
            continue
        newer, older = first, second
        if first.approved_on and second.approved_on and first.approved_on < second.approved_on:
            newer, older = second, first
        yield _overlap(rule, newer, older, found, k)


def land_use_conflict(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield ground that zones of two plans give different land uses, once for each two zones."""
    zones, found = case.zones, case.ground.contested
    kept = _breaches(found, rule)
    by_pair: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k in kept[found.sure[kept]]:
        by_pair[int(found.first[k]), int(found.second[k])].append(int(k))
    for (a, b), parts in by_pair.items():
        plans = (str(zones.plan[a]), str(zones.plan[b]))
        place = _place(found, parts)
        yield Outcome(
            rule, rule.breach, f"{plans[0]}/{zones.ids[a]}+{plans[1]}/{zones.ids[b]}", plans,
            ZONES, a, **place, uses=(zones.land_use[a], zones.land_use[b]),
            params={
                "first": plans[0], "second": plans[1], "zone": zones.ids[a],
                "other": zones.ids[b], "use": zones.land_use[a], "other_use": zones.land_use[b],
                "ha": place["ground_m2"] / M2_PER_HA,
            },
        )  # fmt: skip
    yield from _undecided(case, rule, kept[~found.sure[kept]])


def _undecided(case: Case, rule: Rule, kept: Ints) -> Iterator[Outcome]:
    """Yield once for each two plans the ground where a land use is not recorded."""
    zones, found = case.zones, case.ground.contested
    by_plans: dict[tuple[str, str], list[int]] = defaultdict(list)
    for k in kept:
        a, b = sorted((zones.plan[n] or "–") for n in (found.first[k], found.second[k]))
        by_plans[a, b].append(int(k))
    for plans, parts in by_plans.items():
        both = np.concatenate([found.first[parts], found.second[parts]]).tolist()
        blank = sorted({zones.ids[n] for n in both if not _is_told(case, n)})
        place = _place(found, parts)
        yield Outcome(
            rule, "no_data", f"{plans[0]}+{plans[1]}", plans, ZONES, int(found.first[parts[0]]),
            **place, code="land_use_unknown",
            params={"first": plans[0], "second": plans[1], "count": len(blank),
                    "zones": some(blank), "ha": place["ground_m2"] / M2_PER_HA},
        )  # fmt: skip


def _is_told(case: Case, zone: int) -> bool:
    """Whether both the land use of a zone and its plan are known."""
    return case.zones.land_use[zone] is not None and case.zones.plan[zone] in case.plans


def _of_two(case: Case, rule: Rule) -> Iterator[tuple[Plan, Plan, Shared, int]]:
    for kind in dict.fromkeys(plan.kind for plan in case.in_force() if plan.kind is not None):
        plans, found = case.ground.between(kind)
        for k in _breaches(found, rule):
            yield plans[found.first[k]], plans[found.second[k]], found, int(k)


def _are_neighbours(first: Plan, second: Plan) -> bool:
    """Whether they are plans of two former communes; one of the whole commune is of neither."""
    return None not in (first.former, second.former) and first.former != second.former


def _overlap(
    rule: Rule, first: Plan, second: Plan, found: Shared, k: int, code: str | None = None
) -> Outcome:
    return Outcome(
        rule, "no_data" if code else rule.breach,
        f"{first.id}+{second.id}@{at(found.geometry[k])}", (first.id, second.id), PLANS,
        first.row, **_place(found, [k]), code=code,
        params={
            "first": first.id, "second": second.id, "ha": found.ground_m2[k] / M2_PER_HA,
            "width": float(widths(found.geometry[[k]])[0]), "first_decision": first.decision_no,
            "first_on": first.approved_on, "second_decision": second.decision_no,
            "second_on": second.approved_on,
        },
    )  # fmt: skip


def is_at(seam: shapely.Geometry | None, rule: Rule, place: shapely.Geometry) -> bool:
    """Whether a place reaches an old boundary, as nearly as the rule says."""
    near = float(str(rule.parameters.get("near_m", 0.0)))
    return seam is not None and bool(shapely.dwithin(place, seam, near))


def _breaches(places: Spots, rule: Rule) -> Ints:
    """Return the places that are wider and larger than the rule lets pass."""
    return places.wide(rule.tolerance.get("width_m", 0.0), rule.tolerance.get("area_m2", 0.0))


def _worse(places: Places, rule: Rule) -> Ints:
    width, area = rule.tolerance.get("width_m", 0.0), rule.tolerance.get("area_m2", 0.0)
    return np.flatnonzero(~thinner(places.geometry, width) & (places.grid_m2 > area))


def _place(places: Spots, parts: Sequence[int]) -> dict[str, Any]:
    return {
        "geometry": _joined(places.geometry[list(parts)]),
        "grid_m2": float(places.grid_m2[list(parts)].sum()),
        "ground_m2": float(places.ground_m2[list(parts)].sum()),
    }


def sized(case: Case, place: shapely.Geometry) -> dict[str, Any]:
    """Return a place with its areas, as an outcome takes them."""
    from ntm_gis.analyses.coverage.covered import hectares

    ground_m2 = float(hectares(array([place]), case.zone)[0]) * M2_PER_HA
    return {"geometry": place, "grid_m2": float(place.area), "ground_m2": ground_m2}


def _joined(parts: np.ndarray) -> shapely.Geometry:
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def at(place: shapely.Geometry) -> str:
    """Name a place by its westernmost vertex to the metre: the same from review to review."""
    xy = shapely.get_coordinates(place)
    # A vertex of the place itself: frames of two places may share a corner.
    west, south = xy[np.lexsort((xy[:, 1], xy[:, 0]))[0]]
    return f"{west:.0f},{south:.0f}"
