"""All analyses together: what is always there, what findings touch, frames to draw."""

from __future__ import annotations

import time
from types import MappingProxyType
from typing import Any

import build as b
import pytest

from ntm_gis import analyses
from ntm_gis.analyses.affects import filled, spelt_out
from ntm_gis.analyses.catalogue import definitions, named
from ntm_gis.analyses.failures import title
from ntm_gis.analyses.question import Question, name_of
from ntm_gis.analyses.roads import analysis as roads
from ntm_gis.errors import RuleError
from ntm_gis.layers.decisions import Decisions
from ntm_gis.layers.values import SET_ASIDE, STATE, Answer, Layers
from ntm_gis.results import Finding, Severity, Words
from ntm_gis.rules.schema import layer_names, schema

CLASSES = ("national", "provincial", "commune", "village", "lane", "field")
CROPS = ("macadamia", "ginseng", "fruit", "rice", "other")
ALWAYS = {
    "commune.area_ha", "commune.population", "commune.households", "villages.count",
    "villages.with_cultural_house_share", "villages.cultural_standard_share",
    "villages.poor_share", "schools.facility_level_1_share", "irrigation.served_ha",
    "irrigation.served_share", "loudspeakers.villages_share", "loudspeakers.households_share",
    "tea.area_ha", "tea.harvest_ha", "tea.declared_ha", "funds.total",
    "contributions.land_m2", "contributions.labour_days", "contributions.cash_million",
    "contributions.in_kind_million", "contributions.value_million",
    *(f"roads.{x}.{c}" for x in ("length_km", "paved_share", "hardened_share") for c in CLASSES),
    *(f"crops.{c}.{x}" for c in CROPS for x in ("area_ha", "declared_ha")),
}  # fmt: skip
FRAMES = {
    "boundary", "neighbours", "former_communes", "villages", "villages_without_house", "roads",
    "schools", "cultural_houses", "loudspeakers", "facilities", "irrigation", "farmland",
    "tea_areas", "crop_areas", "water", "hazards", "forest", "crossings", "environment", "plans",
    "plan_zones", "buildings", "tracks", "stakes", "photos", "contours",
    "road_progress", "road_reports", "road_overlaps", "road_history", "road_carry_over",
    "plan_findings",
    "money_works", "money_by_fund", "funds_tree", "funds_groups", "unit_costs", "target_progress",
    "priorities", "priority_choices", "priority_frontier", "priority_missing",
    "task_list", "task_sections", "task_reminders",
    "criterion_17", "environment_villages", "tea_bins", "tea_bins_ha", "environment_near", "village_forms",
    "village_needs", "forms_received", "survey_first", "scorecard", "compare_sets", "thresholds", "priority_frontier_free", "priority_limits",
}  # fmt: skip


def test_without_any_layer_every_figure_is_there_and_says_what_is_missing() -> None:
    found = analyses.answer(Layers(b.commune(), MappingProxyType({})))
    by_id = b.by_id(found)
    assert by_id.keys() >= ALWAYS
    for measure in found.measures:
        assert measure.value is None, measure.id
        assert (measure.low, measure.high) == (0.0, 100.0 if measure.unit == "%" else None)
        assert measure.numerator is None
        why = "CRITERIA_SET_NOT_NAMED" if measure.id.startswith("score.") else "LAYER_NOT_GIVEN"
        assert [note.code for note in measure.notes] == [why], measure.id
    assert not found.findings
    assert set(found.frames) == FRAMES
    assert all(len(frame) == 0 for frame in found.frames.values())


def small(**more: Any) -> Layers:
    rows: dict[str, Any] = {
        "villages": [{"village_id": "A", "name": "Nà A", "households": 60, "population": 300}],
        "roads": [
            {"road_id": "V1", "road_class": "village", "surface": "earth",
             "geometry": b.line((0, 0), (900, 0))},
            {"road_id": "V2", "road_class": "village", "surface": None,
             "geometry": b.line((0, 90), (900, 90))},
            {"road_id": "X1", "road_class": "commune", "surface": "concrete",
             "geometry": b.line((0, 500), (900, 500))},
            {"road_id": "V9", "road_class": "village", "surface": None, STATE: SET_ASIDE,
             "geometry": b.line((0, 990), (900, 990))},
        ],
        "funds": [{"fund_id": "A", "name": "A", "million_vnd": 5.0},
                  {"fund_id": "B", "name": "B", "million_vnd": 6.0, "parent_id": "A"}],
        "targets": [{"target_id": "T", "name": "T", "measure": "roads.length_km.village",
                     "direction": "at_least", "value": 3.6, "unit": "km"}],
    }  # fmt: skip
    return b.layers(**{**rows, **more})


def test_every_measure_of_the_catalogue_is_told_and_read() -> None:
    found = analyses.answer(small())
    reads = analyses.reads()
    probes = [
        Finding("X", Severity.NOTE, Words("", ""), layer=name)
        for name in layer_names()
        if schema(name).names
    ]
    touched = {m for f in filled(probes, found.measures, reads) for m in f.affects}
    assert touched == {measure.id for measure in found.measures}
    for measure in found.measures:
        assert measure.title.vi != measure.title.en
        assert measure.evidence.method.vi
        assert "{" not in measure.evidence.method.vi + measure.title.vi


def test_what_is_read_names_layers_and_fields_there_are() -> None:
    for layers in analyses.reads().values():
        for layer, fields in layers.items():
            assert set(fields) <= {"geometry", *schema(layer).names}, layer


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ({"feature": "V2", "field": "surface"},
         {"roads.paved_share.village", "roads.hardened_share.village"}),
        ({"feature": "X1", "field": "road_class"},
         {"roads.length_km.commune", "roads.paved_share.commune", "roads.hardened_share.commune"}),
        ({"feature": "X1", "field": "width_m"}, set()),
    ],
    ids=["a surface", "a class", "what enters no figure"],
)  # fmt: skip
def test_a_finding_touches_the_figures_that_its_feature_enters(
    finding: dict[str, Any], expected: set[str]
) -> None:
    found = analyses.answer(small())
    probe = Finding("X", Severity.NOTE, Words("", ""), layer="roads", **finding)
    (told,) = filled([probe], found.measures, analyses.reads())
    assert {m for m in told.affects if ".surface_km." not in m} == expected


@pytest.mark.parametrize("field", [None, "road_id", "geometry"])
def test_a_row_set_aside_touches_all_that_read_its_layer(field: str | None) -> None:
    found = analyses.answer(small())
    probe = Finding("X", Severity.BLOCK, Words("", ""), layer="roads", feature="V9", field=field)
    (told,) = filled([probe], found.measures, analyses.reads())
    assert set(told.affects) == {m.id for m in found.measures if m.id.startswith("roads.")}


UNUSED = {"house_id": "H", "village_id": "A", "status": "disused"}


def test_findings_of_layers_and_analyses_stand_together_gravest_first() -> None:
    layers = small(cultural_houses=[UNUSED])
    before = Finding("X", Severity.WARNING, Words("", ""), layer="villages", field="population")
    layers = Layers(layers.commune, layers.by_name, None, (before,))
    found = analyses.answer(layers)
    assert [f.code for f in found.findings] == ["FUNDS_SUM", "X", "VILLAGE_WITHOUT_HOUSE"]
    assert found.findings[1].affects == ("commune.population",)
    assert found.findings[2].affects == ("villages.with_cultural_house_share",)


def test_findings_of_analyses_touch_what_their_features_enter() -> None:
    plots = [
        {"plot_id": "T1", "stage": "harvest", "declared_ha": 9.0, "geometry": b.box(0, 0, 100, 100)},
        {"plot_id": "T2", "stage": "establishment", "declared_ha": 1.0,
         "geometry": b.box(0, 50, 100, 150)},
    ]  # fmt: skip
    roads = [
        {"road_id": "D1", "road_class": "commune", "surface": "earth", "declared_length_m": 500.0,
         "geometry": b.line((0, 0), (900, 0))},
        {"road_id": "D2", "road_class": "village", "surface": "concrete",
         "geometry": b.line((0, 3), (900, 3))},
    ]  # fmt: skip
    found = analyses.answer(small(tea_areas=plots, roads=roads, cultural_houses=[UNUSED]))
    affects = {finding.code: set(finding.affects) for finding in found.findings}
    assert affects["AREAS_OVERLAP"] == {"tea.area_ha", "tea.harvest_ha"}
    assert affects["AREA_DIFFERS"] == {"tea.area_ha", "tea.harvest_ha", "tea.declared_ha"}
    assert affects["VILLAGE_WITHOUT_HOUSE"] == {"villages.with_cultural_house_share"}
    of = "length_km", "paved_share", "hardened_share"
    both = {f"roads.{what}.{rank}" for what in of for rank in ("commune", "village")}
    surfaces = {"roads.surface_km.concrete", "roads.surface_km.earth"}
    assert affects["ROAD_SUSPECTED_DOUBLE"] - surfaces == both
    assert affects["ROAD_LENGTH_DIFFERS"] - surfaces == {m for m in both if "commune" in m}


def test_where_something_is_touches_no_figure_of_a_list() -> None:
    found = analyses.answer(small())
    probe = {"layer": "villages", "feature": "A"}
    nowhere = Finding("NOT_LOCATED", Severity.NOTE, Words("", ""), **probe)
    lost = Finding("DUPLICATE_KEY", Severity.BLOCK, Words("", ""), **probe)
    placed, gone = filled([nowhere, lost], found.measures, analyses.reads())
    assert "villages.count" not in placed.affects
    assert "villages.count" in gone.affects


def test_a_beginning_with_a_star_stands_for_the_ids_there_are() -> None:
    found = analyses.answer(small())
    probe = Finding("X", Severity.NOTE, Words("", "")).affecting(("tea.*", "commune.area_ha"))
    (told,) = spelt_out([probe], found.measures)
    assert told.affects == ("tea.area_ha", "tea.harvest_ha", "tea.declared_ha", "commune.area_ha")


@pytest.mark.parametrize("module", analyses.order(), ids=name_of)
def test_an_analysis_that_fails_loses_its_own_part_alone(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = analyses.answer(small())

    def broken(question: Question) -> Answer:
        raise ZeroDivisionError("secret of the machine")

    monkeypatch.setattr(module, "answer", broken)
    found = analyses.answer(small())
    by_id = b.by_id(found)
    assert by_id.keys() >= ALWAYS
    (told,) = [f for f in found.findings if f.code == "ANALYSIS_FAILED"]
    assert told.severity is Severity.STOP
    assert title(module).vi in told.message.vi
    assert "ZeroDivisionError" in told.message.vi
    assert "secret" not in told.message.vi
    assert all("ZeroDivisionError" in text for text in found.failures)
    assert found.failures
    lost = set(told.affects)
    noted = {m.id for m in found.measures if "ANALYSIS_NOT_DONE" in {n.code for n in m.notes}}
    assert lost == {name for name in noted if not name.startswith("target.")}
    for name in lost:
        measure = by_id[name]
        assert (measure.value, measure.low) == (None, 0.0)
        assert measure.high == (100.0 if measure.unit == "%" else None)
    before = b.by_id(whole)
    others = [name for name in by_id if name not in lost and not name.startswith("target.")]
    assert all(by_id[name] == before[name] for name in others)
    assert len(found.measures) > 30


def test_analyses_have_titles_of_their_own() -> None:
    titles = [title(module) for module in analyses.order()]
    assert len({words.vi for words in titles}) == len(titles)
    assert all(words.vi != words.en for words in titles)


def test_findings_of_the_record_are_among_all() -> None:
    torn = Finding("X", Severity.STOP, Words("", ""))
    found = analyses.answer(small(), Decisions(findings=(torn,)))
    assert found.findings[0] == torn


def test_targets_see_the_measures_of_the_others() -> None:
    achieved = b.by_id(analyses.answer(small()))["target.T.achieved_share"]
    assert achieved.value == pytest.approx(50.0)


def test_progress_is_told() -> None:
    told: list[str] = []
    analyses.answer(small(), progress=told.append)
    assert told[0] == "commune"
    assert {"roads", "relief", "targets"} <= set(told)


def test_some_analyses_asked_alone_say_what_they_say_among_all() -> None:
    told: list[str] = []
    whole, part = analyses.answer(small()), analyses.answer(
        small(), progress=told.append, only=frozenset({"planreview", "roads"})
    )  # fmt: skip
    assert told == ["roads", "planreview"]
    ids = {measure.id for measure in part.measures}
    assert {m for m in whole.measures if m.id in ids} == set(part.measures)
    assert any(id_.startswith("plan.") for id_ in ids)
    frame, among = (of.frames.get("plan_findings") for of in (part, whole))
    assert (frame is None) == (among is None)


def test_an_answer_twice_is_the_same() -> None:
    one, other = (analyses.answer(small()) for _ in range(2))
    assert one.measures == other.measures
    assert one.findings == other.findings


def test_frames_bear_what_maps_need() -> None:
    found: Answer = analyses.answer(small())
    for name, frame in found.frames.items():
        assert {"id", "state", "geometry"} <= set(frame.columns), name
        assert frame.crs.to_string() == b.CRS, name
        assert "@state" not in frame, name
    facilities = [{"facility_id": "F", "kind": "market", "status": None, "id": "x"}]
    frame = analyses.answer(small(facilities=facilities)).frames["facilities"]
    assert frame[["id", "id_", "kind", "state"]].iloc[0].tolist() == ["F", "x", "market", "unknown"]


def test_the_catalogue_refuses_what_it_does_not_know() -> None:
    with pytest.raises(RuleError):
        named("no.such.measure")
    with pytest.raises(RuleError):
        named("roads.length_km.CLASS", CLASS="village")


def test_units_are_those_that_are_shown() -> None:
    units = {definition.unit for definition in definitions().values()}
    assert units == {
        "ha", "km", "%", "people", "households", "villages", "million đồng", "million đồng/km", "m²",
        "m²/km", "labour days", "labour days/km", "days", "criteria", "indicators",
    }  # fmt: skip


def test_two_thousand_roads_take_seconds() -> None:
    rows = [
        {"road_id": f"R{k}", "road_class": CLASSES[k % 6], "surface": ["earth", "concrete", None][k % 3],
         "geometry": b.line(*((200 * (k % 45) + 4 * j, 200 * (k // 45) + (j % 3)) for j in range(40)))}
        for k in range(2000)
    ]  # fmt: skip
    layers = b.layers(roads=rows)
    roads.answer(Question(layers))  # libraries loaded
    start = time.process_time()
    roads.answer(Question(layers))
    assert time.process_time() - start < 4.0  # one and a half where nothing else runs


OF_A_LAYER = {
    "commune.area_ha": "boundary",
    "commune.population": "villages",
    "villages.count": "villages",
    "villages.poor_share": "villages",
    "villages.with_cultural_house_share": "cultural_houses",
    "roads.length_km.village": "roads",
    "roads.hardened_share.village": "roads",
    "roads.surface_km.earth": "roads",
    "irrigation.served_ha": "farmland",
    "irrigation.served_share": "irrigation",
    "irrigation.length_km.good": "irrigation",
    "schools.facility_level_1_share": "schools",
    "loudspeakers.villages_share": "loudspeakers",
    "loudspeakers.households_share": "loudspeakers",
    "tea.area_ha": "tea_areas",
    "tea.declared_ha": "tea_areas",
    "crops.rice.area_ha": "crop_areas",
    "funds.total": "funds",
}


@pytest.mark.parametrize("state", ["no rows", "all set aside"])
def test_an_empty_source_says_nothing(state: str) -> None:
    """A sheet that nobody filled in, or of which no row can be used, does not say "none"."""
    rows: list[dict[str, Any]] = [] if state == "no rows" else [{STATE: SET_ASIDE}]
    found = b.by_id(analyses.answer(b.layers(**dict.fromkeys(OF_A_LAYER.values(), rows))))
    for name, layer in OF_A_LAYER.items():
        measure = found[name]
        assert measure.value is None, name
        assert measure.low == 0.0, name
        assert measure.high == (100.0 if measure.unit == "%" else None), name
        titles = schema(layer).title.vi
        assert any(titles in note.text.vi for note in measure.notes), name
    assert not analyses.answer(b.layers(**dict.fromkeys(OF_A_LAYER.values(), rows))).failures
