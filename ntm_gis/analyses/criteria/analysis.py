"""The scorecard: which criteria are met, not met, or cannot be told, and what would tell.

Indicators come from measures of the product where there is one, else from `figures` with their
document and day; targets of the plan are never thresholds. A threshold that was only recalled
never makes an official verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import ids, texts
from ntm_gis.analyses.criteria import frames as tables
from ntm_gis.analyses.criteria import measures as building
from ntm_gis.analyses.criteria import ranking, worksheet
from ntm_gis.analyses.criteria import villages as criteria_villages
from ntm_gis.analyses.criteria import villages_checks as criteria_villages_checks
from ntm_gis.analyses.criteria.former import before
from ntm_gis.analyses.criteria.frames import Scored
from ntm_gis.analyses.criteria.law import confirmed
from ntm_gis.analyses.criteria.limits import frame as limit_frame
from ntm_gis.analyses.criteria.limits import limits
from ntm_gis.analyses.criteria.measures import Card, plans_of
from ntm_gis.analyses.criteria.rows import LAYER, sorted_rows
from ntm_gis.analyses.criteria.sources import known_of
from ntm_gis.analyses.criteria.still_open import what_decides
from ntm_gis.layers.values import Answer
from ntm_gis.results import (
    Evidence,
    Finding,
    Measure,
    Note,
    Verdict,
)
from ntm_gis.rules.carrying import figures
from ntm_gis.rules.criteria import CriteriaSet, Where, criteria_set
from ntm_gis.rules.criteria_verdicts import score

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.rules.commune import Commune
    from ntm_gis.rules.criteria_model import Row

_FIGURES = (
    "indicator", "unit_code", "village_id", "sex", "value", "numerator", "denominator", "passed",
    "as_of", "assessed_by",
)  # fmt: skip
_ROADS = ("road_class", "surface", "passable_all_year", "clean", "declared_length_m", "geometry")
READS: Reads = {
    "figure.": {"figures": _FIGURES},
    "indicator.": {"figures": _FIGURES},
    "indicator.2.": {"figures": _FIGURES, "roads": _ROADS, "boundary": ("geometry",)},
    "indicator.3.1": {
        "figures": _FIGURES, "farmland": ("irrigation_id", "geometry"),
        "irrigation": ("condition",),
    },
    "indicator.5": {
        "figures": _FIGURES, "schools": ("school_id", "status", "facility_level"),
    },
    "indicator.6.3": {
        "figures": _FIGURES, "cultural_houses": ("village_id", "status", "floor_m2", "seats"),
    },
    "indicator.8.3": {"figures": _FIGURES, "loudspeakers": ("village_id", "status")},
    "indicator.16": {"figures": _FIGURES, "villages": ("cultural_standard",)},
    "score.": {"figures": _FIGURES},
}  # fmt: skip


def answer(question: Question) -> Answer:
    """Return the measures `indicator.*`, `criterion.*`, `score.*`, `figure.*` and findings.

    Frames: `scorecard` (a row a criterion and an indicator, set after set), `compare_sets` (the
    commune's set beside others), `survey_first`, `thresholds`, `criterion_17` and
    `environment_villages`.
    """
    commune = question.layers.commune
    name, zone = commune.commune.criteria_set, commune.commune.crs
    if name is None:
        # Nothing is missed where there is nothing to score.
        told = not question.layers[LAYER].used.empty
        findings = [Finding.of("CRITERIA_SET_NOT_NAMED")] if told else []
        frames = worksheet.frames(question.layers) | tables.frames((), zone)
        frames["thresholds"] = limit_frame((), zone)
        frames[ranking.FRAME] = ranking.frame(None, {}, zone)
        return Answer(tuple(_none()), tuple(findings), frames)
    found = criteria_set(name)
    own, measures, findings, frames = _scored(question, found, main=True)
    findings += _of_set(commune, found)
    scored = [own]
    for other in dict.fromkeys(commune.commune.compare_sets):
        if other != name:
            beside, more, said, _ = _scored(question, criteria_set(other), main=False)
            scored.append(beside)
            measures += more
            findings += said
    named_sets = [found, *(one.card.found for one in scored[1:])]
    every = [
        limit
        for one in named_sets
        for limit in limits(one, question.decisions.decided, where_of(commune))
    ]
    frames |= tables.frames(scored, zone) | {"thresholds": limit_frame(every, zone)}
    frames[ranking.FRAME] = ranking.frame(own.card, own.decides, zone)
    return Answer(tuple(measures), tuple(findings), frames)


def under(question: Question, name: str) -> Answer:
    """Return the scorecard of a commune under any set, as if it were compared with.

    Figures are those whose rows name the set; limits are those of the set's first day where it
    is not in force yet.

    Returns
    -------
    Answer
        `indicator.SET.CODE`, `criterion.SET.CODE`, and `score.*` of the set; the frame
        `scorecard`.

    Raises
    ------
    RuleError
        There is no such set.
    """
    scored, measures, findings, _ = _scored(question, criteria_set(name), main=False)
    frames = tables.frames((scored,), question.layers.commune.commune.crs)
    counted = building.counts(scored.card)
    findings += _of_set(question.layers.commune, scored.card.found)
    return Answer((*measures, *counted), tuple(findings), frames)


def _none() -> Iterator[Measure]:
    """Yield the counts where no set is named: nothing is known."""
    for verdict in building.COUNTED:
        name = named(f"score.{verdict.value}")
        yield Measure(
            name.id, name.title, name.unit, None, 0.0, None,
            Evidence(name.method), notes=(Note.of("CRITERIA_SET_NOT_NAMED"),),
        )  # fmt: skip


def where_of(commune: Commune) -> Where:
    """Return what decides whose thresholds a commune takes."""
    who = commune.commune
    return Where(who.region, who.commune_group, who.special_difficulty)


def _scored(
    question: Question, found: CriteriaSet, *, main: bool
) -> tuple[Scored, list[Measure], list[Finding], dict[str, gpd.GeoDataFrame]]:
    layers = question.layers
    where, day = where_of(layers.commune), layers.commune.commune.as_of
    # A set compared is shown as it will be: on its first day where it is not in force yet.
    on = day if main else max(day, found.head.effective_from)
    law, findings = confirmed(found, question.decisions.decided, where, on)
    of_codes = figures(found.id)
    units = {c: f.unit for c, f in of_codes.items()}
    units |= {c: line.unit for c, line in found.indicators.items()}
    # Codes of another set mean something else: only rows that name the set are its own.
    given = sorted_rows(layers, units, found.id, named_only=not main)
    known, conditions, said = known_of(question, found, given)
    findings += [*given.findings, *said] if main else said
    values = {code: k.amount for code, k in known.items()} | conditions
    named_as = {
        (name, key): said
        for name in ("roads", "villages", "schools", "irrigation", "cultural_houses")
        for key, said in zip(ids(layers[name]), texts(layers[name].used, "name"), strict=True)
        if said is not None
    }
    scored = score(found, where, on, values, law)
    card = Card(found, on, scored, known, main, named_as)
    measures, decides = _measures(question, card, where, law)
    if main:
        findings += decides.values()
        findings += criteria_villages_checks.findings(layers, given, of_codes)
        known_lines, every = found.known(on)
        others, more = criteria_villages.outside(
            layers, given, of_codes, tuple(found.indicators), complete=known_lines == every
        )
        measures += [*building.counts(card), *others]
        findings += [*more, *_assessments(card)]
    frames = worksheet.frames(layers, found.lines(on), known, given) if main else {}
    own = Scored(card, {measure.id: measure for measure in measures}, decides)
    return own, measures, findings, frames


def _measures(
    question: Question, card: Card, where: Where, law: dict[str, Row]
) -> tuple[list[Measure], dict[str, Finding]]:
    former, beside = before(question, card, where, law) if card.main else ([], {})
    measures: list[Measure] = []
    decides: dict[str, Finding] = {}
    for line in card.found.lines(card.on):
        plans = plans_of(card, line)
        measure = building.indicator(card, line, plans)
        extra = [beside[line.code]] if line.code in beside else []
        if not card.main and not line.maps_to:
            extra.append(Note.of("CRITERIA_NOT_COMPARABLE"))
        measures.append(replace(measure, notes=(*measure.notes, *extra)))
        told = what_decides(card, line, plans)
        if told is not None:
            decides[line.code] = told
    head = card.found.head
    beside_notes = () if card.main else (
        Note.of("CRITERIA_COMPARED", set=card.found.title, on=card.on, since=head.effective_from),
    )  # fmt: skip
    for entry in head.criteria:
        measure = building.criterion(card, entry)
        measures.append(replace(measure, notes=(*measure.notes, *beside_notes)))
    return [*measures, *former], decides


def _assessments(card: Card) -> Iterator[Finding]:
    """Yield where a document says met and the numbers say not, or the other way round."""
    for code, known in card.known.items():
        outcome = card.score.indicators.get(code)
        figure = known.figure
        if outcome is None or figure is None or outcome.threshold is None:
            continue
        said = figure.amount.assessed
        if said is None or outcome.verdict not in (Verdict.MET, Verdict.NOT_MET):
            continue
        if said != (outcome.verdict == Verdict.MET) and not figure.conflict:
            line = card.found.indicators[code]
            yield Finding.of(
                "FIGURE_ASSESSED_OTHERWISE", layer=LAYER, feature=code, indicator=code,
                title=line.title.words, assessed=said, value=figure.value,
                documents=figure.documents or ("–",),
            ).affecting(card.affected(code))  # fmt: skip


def _of_set(commune: Commune, found: CriteriaSet) -> Iterator[Finding]:
    """Yield what an official should know of the set itself."""
    who = commune.commune
    affected = ("indicator.*", "criterion.*", "score.*")
    if not found.in_force(who.as_of):
        yield Finding.of(
            "CRITERIA_SET_NOT_IN_FORCE", set=found.title, on=who.as_of,
            since=found.head.effective_from, until=found.head.effective_to,
        ).affecting(affected)  # fmt: skip
    lacking = who.region if found.head.keyed_by == "region" else who.commune_group
    if lacking is None:
        code = f"CRITERIA_{found.head.keyed_by.upper()}_MISSING"
        yield Finding.of(code, set=found.title).affecting(affected)
    for patch in found.patches:
        if not patch.changes_known and patch.since <= who.as_of:
            yield Finding.of(
                "CRITERIA_PATCH_UNKNOWN", set=found.title, document=patch.law.document,
                since=patch.since,
            ).affecting(affected)  # fmt: skip
