"""Rules about where settlement and works are planned: hazards, streams, forest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.analyses.columns import shapes, texts
from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.coverage.slivers import thinner
from ntm_gis.analyses.overlay.pieces import areal
from ntm_gis.analyses.planreview.case import ZONES
from ntm_gis.analyses.planreview.ground import M2_PER_HA, array
from ntm_gis.analyses.planreview.outcomes import Outcome, some
from ntm_gis.results import Words
from ntm_gis.rules.codes import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.columns import Shapes
    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.planning_cards import Rule


def on_hazard(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield planned settlement and works on ground where landslide or flood threatens."""
    layer = case.layers["hazards"]
    kinds = [_title("hazard_kind", kind) for kind in texts(layer.used, "kind")]
    yield from _on(case, rule, "hazards", shapes(layer.used), kinds)


def on_forest(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield planned settlement and works in forest of the kinds that the rule names.

    Notes
    -----
    In forest whose kind is not recorded the outcome is `no_data`.
    """
    layer = case.layers["forest"]
    wanted = rule.parameters.get("forest", ())
    kinds = texts(layer.used, "kind")
    every = shapes(layer.used)
    named, blank = every.copy(), every.copy()
    for k, kind in enumerate(kinds):
        blank[k] = every[k] if kind is None else None
        if kind is None or (isinstance(wanted, tuple) and kind not in wanted):
            named[k] = None
    titles = [_title("forest_kind", kind) for kind in kinds]
    yield from _on(case, rule, "forest", named, titles)
    if layer.given:
        zones = case.planned(uses(rule))
        yield from _unsure(case, rule, zones, blank, "forest_kind_unknown")


def on_stream(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield planned zones nearer to water than the rule allows, each once whatever the streams."""
    layer = case.layers["water"]
    metres = float(str(rule.parameters.get("metres", 0.0)))
    ground = shapes(layer.used)
    there = ~shapely.is_missing(ground)
    # Round ends of 32 sides: short of the true circle by half a centimetre at 15 m.
    ground[there] = shapely.buffer(ground[there], metres, quad_segs=32)
    names = [name or _lower(_title("water_kind", kind)) for name, kind in zip(
        texts(layer.used, "name"), texts(layer.used, "kind"), strict=True,
    )]  # fmt: skip
    yield from _on(case, rule, "water", ground, names, together=True, metres=metres)


def _on(
    case: Case, rule: Rule, name: str, ground: Shapes, kinds: Sequence[object], *,
    together: bool = False, **more: Any,
) -> Iterator[Outcome]:  # fmt: skip
    """Yield planned zones that lie on features: once for each two, or once for each zone."""
    zones = case.planned(uses(rule))
    layer = case.layers[name]
    if not layer.given:
        if zones:
            yield no_layer(rule, name, layer.schema.title.words)
        return
    by_place: dict[tuple[int, int], list[tuple[int, shapely.Geometry]]] = defaultdict(list)
    for zone, feature, piece in _shared(case, zones, ground):
        by_place[zone, -1 if together else feature].append((feature, piece))
    for (zone, one), found in by_place.items():
        pieces = [piece for _, piece in found]
        whole = pieces[0] if len(pieces) == 1 else shapely.union_all(array(pieces))
        if not _counts(rule, whole):
            continue
        ground_m2 = float(hectares(array([whole]), case.zone)[0]) * M2_PER_HA
        features = [feature for feature, _ in found]
        names = tuple(dict.fromkeys(layer.places.ids[k] for k in features))
        yield zone_outcome(
            case, rule, zone, whole, float(whole.area), ground_m2,
            subject="" if one < 0 else names[0], ha=ground_m2 / M2_PER_HA,
            thing=some(names), what=tuple(dict.fromkeys(kinds[k] for k in features)), **more,
        )  # fmt: skip
    yield from _unsure(case, rule, case.perhaps_planned(uses(rule)), ground, "use_unknown")


def _shared(
    case: Case, zones: Sequence[int], ground: Shapes
) -> Iterator[tuple[int, int, shapely.Geometry]]:
    """Yield zone, feature and the ground they share, in order."""
    kept = np.flatnonzero(~shapely.is_missing(ground))
    if not len(kept) or not len(zones):
        return
    at = np.array(zones, dtype=np.int64)
    zone, other = shapely.STRtree(ground[kept]).query(case.zones.shapes[at], predicate="intersects")
    order = np.lexsort((other, zone))
    zone, feature = at[zone[order]], kept[other[order]]
    shared = areal(shapely.intersection(case.zones.shapes[zone], ground[feature]))
    for z, f, piece in zip(zone.tolist(), feature.tolist(), shared, strict=True):
        if not piece.is_empty:
            yield z, f, piece


def _unsure(
    case: Case, rule: Rule, zones: Sequence[int], ground: Shapes, code: str
) -> Iterator[Outcome]:
    """Yield once what cannot be judged: zones or features of which something is not recorded."""
    found = list(_shared(case, zones, ground))
    if not found:
        return
    whole = shapely.union_all(array([piece for *_, piece in found]))
    if not _counts(rule, whole):
        return
    rows = list(dict.fromkeys(zone for zone, *_ in found))
    yield unjudged(case, rule, rows, whole, code)


def unjudged(
    case: Case, rule: Rule, rows: Sequence[int], whole: shapely.Geometry, code: str
) -> Outcome:
    """Return what cannot be judged of some zones together."""
    ground_m2 = float(hectares(array([whole]), case.zone)[0]) * M2_PER_HA
    plans = tuple(dict.fromkeys(p for p in (case.zones.plan[k] for k in rows) if p is not None))
    return Outcome(
        rule, "no_data", code, plans, ZONES, rows[0], whole, float(whole.area), ground_m2,
        code=code,
        params={"count": len(rows), "zones": some(case.zones.ids[k] for k in rows),
                "ha": ground_m2 / M2_PER_HA},
    )  # fmt: skip


def _counts(rule: Rule, place: shapely.Geometry) -> bool:
    """Whether ground is larger and wider than the rule lets pass."""
    if place.area <= rule.tolerance.get("area_m2", 0.0):
        return False
    return not thinner(array([place]), rule.tolerance.get("width_m", 0.0))[0]


def zone_outcome(  # noqa: PLR0913 - called by name
    case: Case, rule: Rule, zone: int, place: shapely.Geometry, grid_m2: float,
    ground_m2: float | None, *, subject: str = "", measured: float | None = None,
    required: float | None = None, unit: str = "", **params: Any,
) -> Outcome:  # fmt: skip
    """Return a breach of one planned zone."""
    zones = case.zones
    plan = zones.plan[zone]
    key = f"{plan}/{zones.ids[zone]}" + (f"@{subject}" if subject else "")
    return Outcome(
        rule, rule.breach, key, () if plan is None else (plan,), ZONES, zone, place, grid_m2,
        ground_m2, measured, required, unit,
        params={"plan": plan, "zone": zones.ids[zone], "land_use": zones.land_use[zone], **params},
    )  # fmt: skip


def no_layer(rule: Rule, layer: str, title: object) -> Outcome:
    """Return that a rule cannot be judged for want of a layer."""
    return Outcome(rule, "no_data", layer, code="no_layer", params={"layer_title": title})


def uses(rule: Rule) -> tuple[str, ...]:
    """Return the flags of land uses that a rule is about."""
    found = rule.parameters.get("use", ())
    return found if isinstance(found, tuple) else ()


def _title(codes: str, code: str | None) -> object:
    entry = next((c for c in code_list(codes).codes if c.code == code), None)
    return code if entry is None else entry.title.words


def _lower(title: object) -> object:
    """Return a title as it stands within a sentence."""
    if not isinstance(title, Words):
        return title
    return Words(*(said[:1].lower() + said[1:] for said in (title.vi, title.en)))
