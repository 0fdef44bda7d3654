"""Measures `plan.*`: what plans cover, leave, exceed, contradict, by the contract's definitions."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.coverage.covered import covered, hectares
from ntm_gis.analyses.coverage.slivers import thinner
from ntm_gis.analyses.places import boundary_notes
from ntm_gis.analyses.planreview.case import PLANS, ZONES
from ntm_gis.analyses.planreview.ground import array, wide_ha
from ntm_gis.analyses.words import in_sentence
from ntm_gis.results import Contribution, Note
from ntm_gis.rules.codes import code_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ntm_gis.analyses.catalogue import Named
    from ntm_gis.analyses.columns import Ints, Shapes
    from ntm_gis.analyses.planreview.case import Case, Plan
    from ntm_gis.analyses.planreview.ground import Shared
    from ntm_gis.results import Measure

LAND_USE = "land_use"
_BUILT = ("settlement", "public_works")

_SHARE, _GAP, _OUTSIDE, _OVERLAP = (
    "plan.covered_share", "plan.gap_ha", "plan.outside_ha", "plan.overlap_ha",
)  # fmt: skip


def measures(case: Case) -> Iterator[Measure]:
    """Yield the measures of plans: those of land-use plans, of other kinds given, of zones."""
    given = dict.fromkeys(plan.kind for plan in case.plans.values() if plan.kind is not None)
    for kind in (LAND_USE, *(kind for kind in given if kind != LAND_USE)):
        yield from _of_kind(case, kind)
    yield _conflict(case)
    yield _hazard(case)


def _of_kind(case: Case, kind: str) -> Iterator[Measure]:
    title = in_sentence(code_list("plan_kind")[kind].title.words)

    def name(id_: str) -> Named:
        return named(id_) if kind == LAND_USE else named(f"{id_}.KIND", KIND=kind, kind=title)

    plans, extents = case.ground.of_kind(kind)
    missing = figures.without_rows(case.layers, PLANS)
    note = figures.layer_note(case.layers, *missing) if missing else None
    if note is None and not plans:
        note = Note.of("NO_PLAN_IN_FORCE", kind=title)
    if note is not None or case.layers.boundary is None:
        notes = (
            (note,)
            if missing and note
            else (*([note] if note else []), *boundary_notes(case.layers))
        )
        for id_ in (_SHARE, _GAP, _OUTSIDE, _OVERLAP):
            yield figures.unknown(name(id_), notes, _files(case))
        return
    # A plan in force that nobody drew may cover whatever is left.
    undrawn = [plan for plan in case.in_force(kind) if case.extent(plan) is None]
    yield from _drawn(case, kind, name, plans, extents, undrawn)


def _drawn(
    case: Case, kind: str, name: Callable[[str], Named], plans: Sequence[Plan], extents: Shapes,
    undrawn: Sequence[Plan],
) -> Iterator[Measure]:  # fmt: skip
    boundary = case.layers.boundary
    layers = (case.layers[PLANS], case.layers[ZONES], case.layers["boundary"])
    ids = [plan.id for plan in plans]
    inside = covered(shapely.intersection(extents, boundary), ids, case.zone).own_ha
    whole = float(hectares(np.array([boundary], dtype=object), case.zone)[0])
    unknown = [Contribution(PLANS, plan.id, 0.0, unknown=True) for plan in undrawn]
    parts = [Contribution(PLANS, id_, float(ha)) for id_, ha in zip(ids, inside, strict=True)]
    total = math.fsum(inside)
    share = 100 * min(total / whole, 1.0)
    yield figures.shared_within(
        name(_SHARE), [*parts, *unknown], (min(total, whole), whole),
        (share, 100.0 if undrawn else share), layers,
    )  # fmt: skip
    wide = case.ground.sliver_m
    gaps = case.ground.gaps(kind)
    gap = 0.0
    if gaps is not None:
        gap = math.fsum(gaps.ground_m2[gaps.wide(wide)]) / 10_000.0
    yield figures.summed(
        name(_GAP), [Contribution("boundary", case.layers["boundary"].places.ids[0], gap)],
        layers, low=0.0 if undrawn else gap, high=gap,
    )  # fmt: skip
    beyond = array([shapely.difference(extent, boundary) for extent in extents])
    yield _together(case, name(_OUTSIDE), ids, beyond, unknown, wide)
    _, twice = case.ground.between(kind)
    kept = twice.wide(wide)
    overlap = wide_ha(twice.geometry[kept], wide, case.zone)
    sharing = sorted({ids[k] for n in (twice.first, twice.second) for k in n[kept]})
    yield figures.summed(
        name(_OVERLAP),
        _shares(PLANS, sharing, ids, twice, kept, overlap) + unknown,
        layers, more=whole - overlap if undrawn else 0.0, known=True,
    )  # fmt: skip


def _together(
    case: Case, name: Named, ids: Sequence[str], ground: Shapes,
    unknown: Sequence[Contribution], wide: float,
) -> Measure:  # fmt: skip
    """Return ground of plans beyond the boundary, what several have counted once."""
    own = covered(ground, list(ids), case.zone).own
    parts, plan = shapely.get_parts(own, return_index=True)
    kept = np.flatnonzero((shapely.area(parts) > 0) & ~thinner(parts, wide))
    ha = hectares(parts[kept], case.zone)
    by_plan = [float(ha[plan[kept] == k].sum()) for k in range(len(ids))]
    return figures.summed(
        name,
        [*(Contribution(PLANS, id_, amount) for id_, amount in zip(ids, by_plan, strict=True)),
         *unknown],
        (case.layers[PLANS], case.layers[ZONES], case.layers["boundary"]),
        more=None if unknown else 0.0, known=True,
    )  # fmt: skip


def _conflict(case: Case) -> Measure:
    name = named("plan.conflict_ha")
    missing = figures.without_rows(case.layers, ZONES)
    if missing:
        return figures.not_given(name, case.layers, *missing, inputs=(PLANS,))
    wide, found, zones = case.ground.sliver_m, case.ground.contested, case.zones
    kept = found.wide(wide)
    sure = kept[found.sure[kept]]
    ha = wide_ha(found.geometry[sure], wide, case.zone)
    most = ha if len(sure) == len(kept) else wide_ha(found.geometry[kept], wide, case.zone)
    known = _zones_in(case, found.first[sure], found.second[sure])
    told = set(known)
    unknown = [
        id_ for id_ in _zones_in(case, found.first[kept], found.second[kept]) if id_ not in told
    ]
    # A zone that nobody drew may contradict any ground.
    undrawn = [zones.ids[k] for k, shape in enumerate(zones.shapes)
               if shape is None and case.may_hold(zones.plan[k])]  # fmt: skip
    return figures.summed(
        name,
        _shares(ZONES, known, zones.ids, found, sure, ha)
        + [Contribution(ZONES, id_, 0.0, unknown=True) for id_ in (*unknown, *undrawn)],
        (case.layers[PLANS], case.layers[ZONES]),
        more=None if undrawn else max(0.0, most - ha), known=True,
    )  # fmt: skip


def _shares(
    layer: str, known: Sequence[str], ids: Sequence[str], found: Shared, kept: Ints, ha: float
) -> list[Contribution]:  # fmt: skip
    """Return what each puts in: ground that two have counts with the first of them.

    Where three have the same ground the shares are less by as much as counts once.
    """
    own: dict[str, float] = defaultdict(float)
    for k in kept:
        own[ids[found.first[k]]] += float(found.ground_m2[k])
    whole = math.fsum(own.values())
    return [Contribution(layer, id_, ha * own[id_] / whole if whole else 0.0) for id_ in known]


def _zones_in(case: Case, first: np.ndarray, second: np.ndarray) -> list[str]:
    return sorted({case.zones.ids[k] for n in (first, second) for k in n})


def _hazard(case: Case) -> Measure:
    name = named("plan.hazard_ha")
    missing = figures.without_rows(case.layers, ZONES, "hazards")
    if missing:
        return figures.not_given(name, case.layers, *missing, inputs=(PLANS,))
    zones, perhaps = case.planned(_BUILT), case.perhaps_planned(_BUILT)
    layer = case.layers["hazards"]
    ground = [shape for shape in layer.places.shapes if shape is not None]
    danger = shapely.union_all(ground) if ground else shapely.Polygon()
    ids = [case.zones.ids[k] for k in zones]
    on = shapely.intersection(case.zones.shapes[zones], danger)
    ha = covered(on, ids, case.zone).own_ha
    also = shapely.intersection(case.zones.shapes[perhaps], danger)
    perhaps = [k for k, shape in zip(perhaps, also, strict=True) if shape.area > 0]
    every = [*on, *also]
    most = float(hectares(array([shapely.union_all(array(every))]), case.zone)[0]) if every else 0.0
    undrawn = case.perhaps_planned(_BUILT, placed=False)
    sure = math.fsum(ha)
    if undrawn:
        most = float(hectares(array([danger]), case.zone)[0])
    open_ended = any(shape is None for shape in layer.places.shapes) and bool(
        zones or perhaps or undrawn
    )
    return figures.summed(
        name,
        [*(Contribution(ZONES, id_, float(part)) for id_, part in zip(ids, ha, strict=True)
           if part > 0),
         *(Contribution(ZONES, case.zones.ids[k], 0.0, unknown=True)
           for k in (*perhaps, *undrawn))],
        (case.layers[PLANS], case.layers[ZONES], layer),
        more=None if open_ended else max(0.0, most - sure), known=True,
    )  # fmt: skip


def _files(case: Case) -> tuple[str, ...]:
    return figures.files((case.layers[PLANS], case.layers[ZONES]))
