"""Maps as data: what is shipped is whole, what is mistyped is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules import maps
from ntm_gis.rules.maps import MapDefinition, Styles
from ntm_gis.rules.schema import code_list, layer_names, schema
from ntm_gis.rules.toml import load

NEEDED = {"overview", "villages", "roads", "irrigation", "schools", "culture", "tea"}


def test_every_map_of_the_contract_is_there_and_well_formed():
    assert set(maps.names()) >= NEEDED
    for name in maps.names():
        found = maps.definition(name)
        assert found.name == name
        assert found.title.vi != found.title.en


def test_maps_are_offered_in_the_order_they_state():
    orders = [maps.definition(name).order for name in maps.names()]
    assert orders == sorted(orders)
    assert maps.names()[0] == "overview"


@pytest.mark.parametrize("name", sorted(maps.styles().styles))
def test_listed_styles_belong_to_layers_of_the_contract(name):
    style = maps.styles().styles[name]
    if style.listed:
        assert style.schema_name in layer_names()


def test_roads_have_a_class_and_a_case_for_every_code():
    roads = maps.styles().styles["roads"]
    assert {c.code for c in roads.classes} == {*code_list("road_class").keys, "unknown"}
    assert {c.code for c in roads.cases} == {*code_list("surface").keys, "unknown"}
    assert roads.class_by in schema("roads").names


@pytest.mark.parametrize(
    ("style", "codes"),
    [
        ("irrigation", "condition"), ("tea_areas", "tea_stage"), ("crop_areas", "crop"),
        ("hazards", "hazard_kind"), ("crossings", "crossing_kind"), ("plan_zones", "period"),
    ],
)  # fmt: skip
def test_styles_by_code_know_every_code_and_the_unknown(style, codes):
    cases = {case.code for case in maps.styles().styles[style].cases}
    assert cases >= {*code_list(codes).keys, "unknown"}


def test_unknown_is_slanted_and_nothing_else_is():
    slanted = {name for name, p in maps.styles().patterns.items() if p.turn}
    assert slanted == {"unknown", "unknown-fine"}
    for name, style in maps.styles().styles.items():
        for case in style.cases:
            symbol = maps.styles().symbols[case.symbol] if case.symbol else None
            patterns = {case.pattern} | ({p.pattern for p in symbol.parts} if symbol else set())
            assert bool(patterns & slanted) <= (case.code == "unknown"), (name, case.code)


def test_printed_widths_are_those_of_the_print_standard():
    # Fill and total with casing, mm on A3: print standard, table of road classes.
    roads = {c.code: c.mm for c in maps.styles().styles["roads"].classes}
    assert roads["national"] == (1.15, 1.55)
    assert roads["provincial"] == (0.98, 1.34)
    assert roads["commune"] == (0.82, 1.14)
    assert roads["village"] == (0.56, 0.82)


def test_a_wider_class_is_wider_on_screen_and_on_paper():
    wide = [c for c in maps.styles().styles["roads"].classes if c.code != "unknown"]
    for one in ("px", "mm"):
        fills = [getattr(c, one)[0] for c in wide]
        assert fills == sorted(fills, reverse=True)


def test_strokes_take_their_width_from_the_class():
    roads = maps.styles().styles["roads"]
    commune = next(c for c in roads.classes if c.code == "commune")
    casing, fill = roads.case("concrete").strokes[:2]
    assert (casing.paper_mm(commune), fill.paper_mm(commune)) == (1.14, 0.82)
    assert casing.screen_px(commune) > fill.screen_px(commune)
    assert roads.case("no such surface").code == "unknown"


def test_a_map_unknown_is_told_with_the_name_meant():
    with pytest.raises(RuleError, match="overview"):
        maps.definition("overveiw")
    with pytest.raises(RuleError, match="irrigation"):
        maps.definition("xyzzy")


def test_a_mistyped_key_is_told_with_file_line_and_the_key_meant(tmp_path: Path):
    text = shipped.path("maps", "roads.toml").read_text(encoding="utf-8")
    path = tmp_path / "roads.toml"
    path.write_text(text.replace("findings =", "findigns ="), encoding="utf-8")
    with pytest.raises(RuleError) as raised:
        load(path, MapDefinition, RuleError)
    sentence = raised.value.say("vi")
    assert "roads.toml" in sentence
    assert "findigns" in sentence
    assert "findings" in sentence.replace("findigns", "")


@pytest.mark.parametrize(
    ("find", "replace"),
    [('"#e4501b"', '"red"'), ('cap = "round"', 'cap = "soft"'), ("M10 19.4", "url(x)")],
    ids=["a colour by name", "an end of lines that is none", "a path that is no path"],
)
def test_values_of_the_wrong_kind_are_refused(tmp_path: Path, find, replace):
    text = shipped.path("maps", "styles.toml").read_text(encoding="utf-8")
    assert find in text
    path = tmp_path / "styles.toml"
    path.write_text(text.replace(find, replace), encoding="utf-8")
    with pytest.raises(RuleError):
        load(path, Styles, RuleError)


def test_styles_name_no_address_and_no_script():
    text = shipped.path("maps", "styles.toml").read_text(encoding="utf-8")
    assert not re.search(r"https?:|javascript:|<", text)
