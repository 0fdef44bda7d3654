"""The review of inherited plans: numbered rules, their outcomes, decisions about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.analyses.planreview import (
    attributes,
    covering,
    distances,
    hazards,
    items,
    people,
    register,
    seam,
    slivers,
    slopes,
)
from ntm_gis.analyses.planreview.case import Case
from ntm_gis.analyses.planreview.decided import decided
from ntm_gis.analyses.planreview.findings_frame import plan_findings
from ntm_gis.analyses.planreview.measuring import LAND_USE, measures
from ntm_gis.analyses.planreview.outcomes import Outcome, finding, pinned
from ntm_gis.layers.values import Answer
from ntm_gis.rules.planning import in_province

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.values import Layers
    from ntm_gis.rules.planning import RuleSet
    from ntm_gis.rules.planning_cards import Rule

READS: Reads = {
    "plan.": {"plans": ("kind", "approved_on", "valid_to", "geometry"), "boundary": ("geometry",)},
    "plan.conflict_ha": {"plan_zones": ("plan_id", "land_use", "period", "geometry")},
    "plan.hazard_ha": {
        "plan_zones": ("plan_id", "land_use", "period", "geometry"),
        "hazards": ("geometry",),
    },
}

TESTS: Mapping[str, Callable[[Case, Rule], Iterator[Outcome]]] = {
    "uncovered": covering.uncovered, "outside": covering.outside,
    "overlap_within": covering.overlap_within, "overlap_seam": covering.overlap_seam,
    "overlap_between": covering.overlap_between,
    "double_assignment": covering.double_assignment,
    "land_use_conflict": covering.land_use_conflict, "sliver": slivers.sliver,
    "gap_within": covering.gap_within,
    "invalid_ring": attributes.invalid_ring, "doubled_vertex": attributes.doubled_vertex,
    "attribute_missing": attributes.attribute_missing, "code_unknown": attributes.code_unknown,
    "code_old": attributes.code_old, "road_break": seam.road_break,
    "canal_break": seam.canal_break, "doubled_centre": seam.doubled_centre,
    "doubled_service": seam.doubled_service, "unrealised": items.unrealised,
    "planned_road_missing": items.planned_road_missing,
    "built_road_missing": items.built_road_missing, "on_hazard": hazards.on_hazard,
    "on_slope": slopes.on_slope, "on_stream": hazards.on_stream, "on_forest": hazards.on_forest,
    "distance": distances.distance, "area_total": people.area_total,
    "population_total": people.population_total, "land_per_person": people.land_per_person,
    "facility_size": people.facility_size, "land_per_pupil": people.land_per_pupil,
    "without_decision": register.without_decision, "expired": register.expired,
    "number_twice": register.number_twice, "dossier": register.dossier,
    "parent_missing": register.parent_missing,
}  # fmt: skip
"""What a card's `test` names."""

_WITHOUT_PLANS = frozenset({"doubled_centre", "doubled_service"})

_AFFECTS: Mapping[str, tuple[str, ...]] = {
    "uncovered": ("plan.covered_share", "plan.gap_ha"), "outside": ("plan.outside_ha",),
    "overlap_seam": ("plan.overlap_ha",), "overlap_between": ("plan.overlap_ha",),
    "double_assignment": ("plan.overlap_ha",), "land_use_conflict": ("plan.conflict_ha",),
    "on_hazard": ("plan.hazard_ha",), "invalid_ring": ("plan.*",),
    "expired": ("plan.covered_share", "plan.gap_ha", "plan.outside_ha", "plan.overlap_ha"),
}  # fmt: skip
"""Measures that would change when what a test found is mended; those of other kinds follow."""

_OF_ALL = frozenset({"plan.conflict_ha", "plan.hazard_ha", "plan.*"})


def answer(question: Question) -> Answer:
    """Return the measures `plan.*`, one finding for each breach, and the frame of pins.

    Returns
    -------
    Answer
        Frame `plan_findings`: one row an outcome, numbered ("QH07-3") as in its finding.
    """
    case = Case(question.layers, rules_of(question.layers, question.rules_as_of))
    said = decided(question.decisions.decided, case.as_of)
    found = pinned(outcomes(case), said)
    return Answer(
        tuple(measures(case)),
        tuple(finding(one, case).affecting(affects(one.outcome, case)) for one in found),
        {"plan_findings": plan_findings(found, case)},
    )


def affects(outcome: Outcome, case: Case) -> tuple[str, ...]:
    """Return the measures that an outcome touches: those of the kinds of its plans."""
    names = _AFFECTS.get(outcome.rule.test, ())
    kinds = {case.plans[plan].kind for plan in outcome.plans if plan in case.plans}
    if outcome.rule.test == "uncovered":
        kinds = {str(outcome.rule.parameters.get("kind", LAND_USE))}
    out = []
    for name in names:
        if name in _OF_ALL:
            out.append(name)
        else:
            out += [
                name if kind == LAND_USE else f"{name}.{kind}"
                for kind in sorted(filter(None, kinds))
            ]
    return tuple(out)


def rules_of(layers: Layers, on: dt.date | None = None) -> RuleSet:
    """Return the rules in force: the profile of the commune's province, where there is one.

    Parameters
    ----------
    on : date, optional
        The day; that of the figures where left out.
    """
    who = layers.commune.commune
    return in_province(who.province, on or who.as_of)


def outcomes(case: Case) -> Iterator[Outcome]:
    """Yield what every rule in force found; without plans, what a merger alone leaves behind."""
    for rule in case.rules.rules:
        if case.has_plans or rule.test in _WITHOUT_PLANS:
            yield from TESTS[rule.test](case, rule)
