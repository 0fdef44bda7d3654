"""Rules about distances: livestock, cemeteries, waste, from houses, schools, water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.columns import Shapes, amounts, shapes, texts
from ntm_gis.analyses.planreview.outcomes import Outcome, some
from ntm_gis.rules.codes import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.planning_cards import Rule

SITES = "environment"


@dataclass(frozen=True)
class _Targets:
    """What something has to keep away from: ids, shapes, and what they are called."""

    ids: list[str]
    shapes: Shapes
    titles: list[object]


def distance(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield once for each site what is nearer to it than the rule allows, the nearest named.

    Notes
    -----
    A farm whose size nobody recorded is held against the least distance; where it keeps that but
    not the greatest, the outcome is `no_data`: its size decides. Two sites of one kind are one
    pair and found once.
    """
    layer = case.layers[SITES]
    kind = str(rule.parameters.get("from", ""))
    targets = _targets(case, rule)
    if not layer.given:
        if targets.ids:
            yield Outcome(
                rule, "no_data", SITES, code="no_layer",
                params={"layer_title": layer.schema.title.words},
            )  # fmt: skip
        return
    kinds, sizes, ground = texts(layer.used, "kind"), texts(layer.used, "size"), shapes(layer.used)
    of_kind = [k for k, k_kind in enumerate(kinds) if k_kind == kind]
    unplaced = [layer.places.ids[k] for k in of_kind if ground[k] is None]
    if unplaced and targets.ids:
        yield Outcome(
            rule, "no_data", kind, code="site_unplaced",
            params={"count": len(unplaced), "sites": some(unplaced)},
        )  # fmt: skip
    told: set[str] = set()
    for site in of_kind:
        if ground[site] is not None and targets.ids:
            yield from _of_site(case, rule, site, ground[site], sizes[site], targets, told)


def _of_site(
    case: Case, rule: Rule, site: int, ground: shapely.Geometry, size: str | None,
    targets: _Targets, told: set[str],
) -> Iterator[Outcome]:  # fmt: skip
    layer = case.layers[SITES]
    own, kind = layer.places.ids, str(rule.parameters.get("from", ""))
    slack = rule.tolerance.get("length_m", 0.0)
    least, most = metres_of(rule, size)
    near = np.sort(
        shapely.STRtree(targets.shapes).query(ground, predicate="dwithin", distance=most)
    )
    others = np.array([targets.ids[k] != own[site] for k in near], dtype=bool)
    near = near[others] if len(near) else near
    away = shapely.distance(ground, targets.shapes[near])
    order = np.argsort(away, kind="stable")
    near, away = near[order], away[order]
    sure, perhaps = away < least - slack, away < most - slack
    breach = bool(sure.any())
    kept = np.flatnonzero(sure if breach else perhaps)
    pairs = _wanted(rule) == (kind,)
    if pairs:
        kept = np.array([k for k in kept if targets.ids[near[k]] not in told], dtype=np.int64)
        told.add(own[site])
    if not len(kept):
        return
    first = int(near[kept[0]])
    names = [targets.ids[near[k]] for k in kept]
    required = least if breach else most
    yield Outcome(
        rule, rule.breach if breach else "no_data", own[site], (), SITES, site,
        shapely.shortest_line(ground, targets.shapes[first]),
        measured=float(away[kept[0]]), required=required, unit="m",
        code="distance" if breach else "distance_size",
        params={
            "site": own[site], "target": targets.ids[first], "what": targets.titles[first],
            "metres": float(away[kept[0]]), "required": required, "count": len(names),
            "others": some(names[1:]),
        },
    )  # fmt: skip


def metres_of(rule: Rule, size: str | None) -> tuple[float, float]:
    """Return the distance certainly required, and the most that may be."""
    metres = rule.parameters.get("metres", 0.0)
    if not isinstance(metres, dict):
        return float(str(metres)), float(str(metres))
    if size in metres:
        return metres[str(size)], metres[str(size)]
    return min(metres.values()), max(metres.values())


def _wanted(rule: Rule) -> tuple[str, ...]:
    wanted = rule.parameters.get("to", ())
    return wanted if isinstance(wanted, tuple) else ()


def _targets(case: Case, rule: Rule) -> _Targets:
    named: list[tuple[str, shapely.Geometry, object]] = []
    for name in _wanted(rule):
        if name == "settlement":
            zones = case.zones
            named += [
                (f"{zones.plan[k]}/{zones.ids[k]}", zones.shapes[k], zones.land_use[k])
                for k in case.planned(("settlement",))
            ]
        elif name in ("buildings", "schools"):
            layer = case.layers[name]
            # A building in which nobody lives is no dwelling; one of which that is unknown may be.
            empty = amounts(layer.used, "households") == 0
            out_of_use = [status == "disused" for status in texts(layer.used, "status")]
            named += [
                (id_, shape, layer.schema.title.words)
                for id_, shape, nobody, shut in zip(
                    layer.places.ids, layer.places.shapes, empty, out_of_use, strict=True
                )
                if shape is not None and not nobody and not shut
            ]
        else:
            named += _of_kind(case, name)
    array = np.empty(len(named), dtype=object)
    array[:] = [shape for _, shape, _ in named]
    return _Targets([id_ for id_, _, _ in named], array, [title for *_, title in named])


def _of_kind(case: Case, kind: str) -> list[tuple[str, shapely.Geometry, object]]:
    """Return features of a kind of `environment` or `facilities`, with what it is called."""
    out: list[tuple[str, shapely.Geometry, object]] = []
    for name, codes in ((SITES, "environment_kind"), ("facilities", "facility_kind")):
        layer = case.layers[name]
        title = next((c.title.words for c in code_list(codes).codes if c.code == kind), None)
        rows = zip(
            layer.places.ids, layer.places.shapes, texts(layer.used, "kind"),
            texts(layer.used, "status"), strict=True,
        )  # fmt: skip
        out += [
            (id_, shape, title)
            for id_, shape, found, status in rows
            if found == kind and shape is not None and status != "disused"
        ]
    return out
