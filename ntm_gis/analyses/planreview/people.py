"""Rules about people: land and school places each, totals against what is published."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.columns import amounts, several, texts
from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.planreview.case import PLANNED, PLANS
from ntm_gis.analyses.planreview.ground import array
from ntm_gis.analyses.planreview.official import official_areas, official_people
from ntm_gis.analyses.planreview.outcomes import Outcome, some
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.planning_cards import Rule

_M2_PER_HA = 10_000.0

LAND = {
    "residential": ("ONT", "ODT", "OTC", "DNT"),
    "public": ("DVH", "DYT", "DGD", "DTT", "DXH", "DSN", "TSC", "DCH"),
    "roads": ("DGT", "DNL", "DCT", "DTL"),
    "green": ("DKV", "DSH"),
    "cemetery": ("NTD",),
}
"""Land-use codes behind each name that a rule about land per person uses."""


def population(case: Case) -> float | None:
    """Return the people of the commune; None where a village's number is not known."""
    layer = case.layers["villages"]
    people = amounts(layer.used, "population")
    if not len(people) or bool(np.isnan(people).any()):
        return None
    return float(people.sum()) or None


def land_per_person(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield kinds of planned land that fall short for the people of the commune.

    Notes
    -----
    Where zones without a land use could make up what is short, the outcome is `no_data`.
    """
    required = rule.parameters.get("m2", {})
    force = {plan.id for plan in case.in_force("land_use")}
    zones = [k for k in case.zones.where(period=PLANNED) if case.zones.plan[k] in force]
    if not isinstance(required, dict) or not zones:
        return
    people = population(case)
    if people is None:
        yield Outcome(rule, "no_data", "population", code="people_unknown")
        return
    blank = [k for k in zones if case.zones.land_use[k] is None]
    for name, least in required.items():
        codes = LAND.get(name, ())
        of = [k for k in zones if case.zones.land_use[k] in codes]
        area = _m2(case, of)
        if area / people >= least:
            continue
        unsure = bool(blank) and _m2(case, [*of, *blank]) / people >= least
        yield Outcome(
            rule, "no_data" if unsure else rule.breach, name, measured=area / people,
            required=least, unit="m²", code="land_unsure" if unsure else "land_per_person",
            params={"kind": term(f"land_kind.{name}"), "codes": codes, "people": people,
                    "measured": area / people, "required": least, "count": len(blank),
                    "more_ha": (least * people - area) / _M2_PER_HA},
        )  # fmt: skip


def _m2(case: Case, zones: list[int]) -> float:
    if not zones:
        return 0.0
    return hectares_of(case, shapely.union_all(case.zones.shapes[zones])) * _M2_PER_HA


def facility_size(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield kinds of which no facility in use has the land that a commune's one needs.

    Notes
    -----
    Villages have smaller ones of the same kind; so it is the largest that counts. Where that of
    one is not recorded and none is known to be large enough, the outcome is `no_data`.
    """
    required = rule.parameters.get("m2", {})
    layer = case.layers["facilities"]
    used = layer.used
    land = amounts(used, "land_m2")
    by_kind: dict[str, list[int]] = defaultdict(list)
    rows = zip(texts(used, "kind"), texts(used, "status"), strict=True)
    for k, (kind, status) in enumerate(rows):
        if isinstance(required, dict) and kind in required and status in ("in_use", None):
            by_kind[str(kind)].append(k)
    for kind, found in sorted(by_kind.items()):
        least = required[kind] if isinstance(required, dict) else 0.0
        known = [k for k in found if not math.isnan(land[k])]
        largest = max(known, key=lambda k: land[k], default=None)
        if largest is not None and land[largest] >= least:
            continue
        unsure = [k for k in found if math.isnan(land[k])]
        k = unsure[0] if unsure else found[0] if largest is None else largest
        measured = None if largest is None else float(land[largest])
        yield Outcome(
            rule, "no_data" if unsure else rule.breach, kind, (), "facilities", k,
            layer.places.shapes[k], measured=measured, required=least, unit="m²",
            code="land_unknown" if unsure else "facility_size",
            params={"kind": code_list("facility_kind")[kind].title.words,
                    "thing": layer.places.ids[k],
                    "things": some(layer.places.ids[n] for n in unsure),
                    "measured": measured, "required": least},
        )  # fmt: skip


def land_per_pupil(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield campuses in use with less land for each pupil than their level needs.

    Notes
    -----
    A campus of several levels is held against the greatest of their values: which pupils are of
    which level is not recorded. Campuses whose land or pupils are not recorded are told once.
    """
    required = rule.parameters.get("m2", {})
    layer = case.layers["schools"]
    used = layer.used
    rows = zip(
        several(used, "level"), texts(used, "status"), amounts(used, "land_m2"),
        amounts(used, "pupils"), strict=True,
    )  # fmt: skip
    unsure = []
    for k, (levels, status, land, pupils) in enumerate(rows):
        wanted = [required[level] for level in levels if level in required] if isinstance(
            required, dict) else []  # fmt: skip
        if not wanted or status not in ("in_use", None) or pupils == 0:
            continue
        least = max(wanted)
        if math.isnan(land) or math.isnan(pupils) or status is None:
            unsure.append(k)
        elif land / pupils < least:
            yield Outcome(
                rule, rule.breach, layer.places.ids[k], (), "schools", k, layer.places.shapes[k],
                measured=float(land / pupils), required=least, unit="m²",
                params={"thing": layer.places.ids[k], "measured": float(land / pupils),
                        "required": least, "pupils": float(pupils)},
            )  # fmt: skip
    if unsure:
        yield Outcome(
            rule, "no_data", "schools", (), "schools", unsure[0],
            layer.places.shapes[unsure[0]], measured=float(len(unsure)), code="pupil_land_unknown",
            params={"count": len(unsure), "things": some(layer.places.ids[k] for k in unsure)},
        )  # fmt: skip


def area_total(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield plans whose extent or zones do not add up to the area that they state.

    Notes
    -----
    Zones that fill the extent are off by the same: that is told once. A plan that states no area
    cannot be judged, and of one that nobody drew nothing about its ground. Published areas of the
    commune and its former communes are held against their outlines.
    """
    yield from official_areas(case, rule)
    percent = rule.tolerance.get("percent", 0.0)
    unstated, undrawn = [], []
    for plan in case.in_force():
        extent = case.extent(plan)
        if extent is None:
            undrawn.append(plan)
            continue
        if plan.area_ha is None:
            unstated.append(plan)
            continue
        drawn = hectares_of(case, extent)
        zones = case.zones.where(plan=plan.id, period=PLANNED)
        sums = {"extent": drawn} if plan.extent is not None or not zones else {}
        if zones:
            sums["zones"] = hectares_of(case, shapely.union_all(case.zones.shapes[zones]))
        off = {name: 100 * (ha - plan.area_ha) / plan.area_ha for name, ha in sums.items()}
        if len(off) > 1 and abs(off["zones"] - off["extent"]) <= percent:
            del off["zones" if abs(off["extent"]) > percent else "extent"]
        for name, difference in off.items():
            if abs(difference) > percent:
                ha = sums[name]
                yield Outcome(
                    rule, rule.breach, f"{plan.id}/{name}", (plan.id,), PLANS, plan.row, extent,
                    measured=ha, required=plan.area_ha, unit="ha",
                    params={"plan": plan.id, "what": term(f"area_of.{name}"), "ha": ha,
                            "stated": plan.area_ha, "difference": difference},
                )  # fmt: skip
    if undrawn:
        ids = tuple(plan.id for plan in undrawn)
        yield Outcome(
            rule, "no_data", "undrawn", ids, PLANS, undrawn[0].row, code="plan_undrawn",
            params={"plans": ids, "count": len(ids)},
        )  # fmt: skip
    if unstated:
        ids = tuple(plan.id for plan in unstated)
        yield Outcome(
            rule, "no_data", "area", ids, PLANS, unstated[0].row, unstated[0].extent,
            code="area_unstated", params={"plans": ids, "count": len(ids)},
        )  # fmt: skip


def population_total(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield plans whose population is not that of the villages of their former commune.

    Notes
    -----
    So too the published population of the commune that its villages do not add up to.
    """
    yield from official_people(case, rule, population(case))
    layer = case.layers["villages"]
    used = layer.used
    people: dict[str | None, list[float]] = defaultdict(list)
    for former, value in zip(
        texts(used, "former_commune"), amounts(used, "population"), strict=True
    ):
        people[former].append(float(value))
    unsure = []
    for plan in case.in_force():
        if plan.kind not in ("general", "land_use"):
            continue
        values = people.get(plan.former, []) if plan.former else [
            v for p in people.values() for v in p]  # fmt: skip
        # A village that is of no known former commune may be of this one.
        blank = bool(plan.former and people.get(None))
        if plan.population is None or not values or blank or any(map(math.isnan, values)):
            unsure.append(plan)
            continue
        today = sum(values)
        difference = 100 * (today - plan.population) / plan.population
        if abs(difference) > rule.tolerance.get("percent", 0.0):
            yield Outcome(
                rule, rule.breach, plan.id, (plan.id,), PLANS, plan.row, plan.extent,
                measured=today, required=plan.population, unit="people",
                params={"plan": plan.id, "stated": plan.population, "today": today,
                        "difference": difference},
            )  # fmt: skip
    if unsure:
        ids = tuple(plan.id for plan in unsure)
        yield Outcome(
            rule, "no_data", "population", ids, PLANS, unsure[0].row, unsure[0].extent,
            code="population_unknown", params={"plans": ids, "count": len(ids)},
        )  # fmt: skip


def hectares_of(case: Case, ground: shapely.Geometry) -> float:
    """Return the area of a geometry on the ellipsoid."""
    return float(hectares(array([ground]), case.zone)[0])
