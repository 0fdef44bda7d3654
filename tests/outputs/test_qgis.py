"""Styles for QGIS: drawn of the same definitions as the maps, and in its own words."""

from __future__ import annotations

import base64

import pytest
import shapely
from defusedxml import ElementTree

from ntm_gis.outputs.qgis import expressions, naming, pictures, qml, symbols
from ntm_gis.rules import maps
from ntm_gis.rules.codes import code_list

STYLES = maps.styles()


@pytest.mark.parametrize("name", sorted(STYLES.symbols))
def test_pictures_use_only_what_the_small_svg_knows(name):
    svg = ElementTree.fromstring(pictures.picture(STYLES.symbols[name].parts, STYLES.patterns))
    tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
    assert tags <= {"svg", "path"}
    assert not any("url(" in value for element in svg.iter() for value in element.attrib.values())


def test_slanted_lines_stay_within_the_outline_and_all_lean_one_way():
    part = next(p for p in STYLES.symbols["house-unknown"].parts if p.pattern)
    svg = ElementTree.fromstring(pictures.picture([part], STYLES.patterns))
    data = svg[1].get("d")
    lines = [
        shapely.LineString([[float(x) for x in end.split()] for end in line.split("L")])
        for line in data.split("M")[1:]
    ]
    assert len(lines) >= 3
    house = pictures.outline(part.path).buffer(0.02)
    for line in lines:
        (x0, y0), (x1, y1) = line.coords
        assert house.covers(line)
        assert x1 - x0 == pytest.approx(-(y1 - y0), abs=0.03)


def test_a_circle_of_arcs_has_nearly_its_area():
    circle = pictures.outline("M4 10a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z")
    assert circle.area == pytest.approx(36 * 3.14159, rel=0.01)


def test_embedded_pictures_lead_nowhere():
    text = pictures.embedded("<svg/>")
    assert base64.b64decode(text.removeprefix("base64:")) == b"<svg/>"


def test_a_road_is_as_wide_as_its_class():
    style = STYLES.styles["roads"]
    wide = next(c for c in style.classes if c.code == "village")
    symbol = symbols.line(style.case("concrete").strokes, wide)
    options = [{o.get("name"): o.get("value") for o in layer.iter("Option")} for layer in symbol]
    assert [o["line_width"] for o in options] == [f"{wide.mm[1]:g}", f"{wide.mm[0]:g}"]
    assert [layer.get("pass") for layer in symbol] == ["0", "1"]


def table(kind="line", **values):
    return qml.Table("roads", kind, {"row_state": ["used"], **values}, {"width_m": "Bề rộng"})


def rules(root):
    return [
        (rule.get("label"), rule.get("filter")) for rule in root.iterfind("renderer-v2/rules/rule")
    ]


def test_rules_stand_for_what_occurs():
    found = rules(
        qml.style(table(state=["earth", "concrete"], road_class=["village", "lane"]), "vi")
    )
    assert [label for label, _ in found] == [
        "Đường ngõ – Bê tông",
        "Đường bản, liên bản – Đất",
        "để riêng, chưa tính",
    ]
    assert (
        found[0][1]
        == "\"row_state\" = 'used' AND \"state\" = 'concrete' AND \"road_class\" = 'lane'"
    )


def test_a_state_without_a_look_is_drawn_as_unknown():
    found = rules(qml.style(table(state=["marble", None], road_class=["village", "village"]), "vi"))
    assert found[0][0].endswith("Chưa rõ mặt đường")
    assert "IS NULL" in found[0][1]


def test_what_has_no_style_is_plain():
    plain = qml.Table("stakes", "point", {"row_state": ["used"]}, {})
    assert [f for _, f in rules(qml.style(plain, "vi"))] == [
        "\"row_state\" = 'used'",
        "\"row_state\" <> 'used'",
    ]


def test_texts_in_rules_are_quoted():
    assert expressions.literal("Bản o'clock \\ x") == "'Bản o''clock \\\\ x'"


def test_lanes_are_drawn_at_large_scales_only():
    root = qml.style(table(state=["earth", "earth"], road_class=["village", "lane"]), "vi")
    far = {r.get("key"): r.get("scalemaxdenom") for r in root.iterfind("renderer-v2/rules/rule")}
    assert far["{roads/earth/lane}"] == "30000"
    assert far["{roads/earth/village}"] is None
    houses = qml.Table("buildings", "point", {"row_state": ["used"]}, {})
    (rule,) = qml.style(houses, "vi").findall("renderer-v2/rules/rule")[:1]
    assert rule.get("scalemaxdenom") == "15000"


def test_roads_that_the_rain_closes_are_marked():
    rows = {"road_class": ["village", "lane"], "passable_all_year": ["False", "True"]}
    root = qml.style(table(state=["earth", "earth"], **rows), "vi")
    rule = next(r for r in root.iter("rule") if r.get("key") == "{roads/marks}")
    assert rule.get("label") == "Mùa mưa không đi lại được"
    assert '"passable_all_year" = false' in rule.get("filter")
    (layer,) = next(s for s in root.iter("symbol") if s.get("name") == rule.get("symbol"))
    found = {o.get("name"): o.get("value") for o in layer.find("Option")}
    assert (found["interval"], found["interval_unit"]) == ("1000", "MapUnit")
    assert layer.find("symbol/layer").get("class") == "SvgMarker"
    open_all_year = qml.Table("roads", "line", {"passable_all_year": ["True", None]}, {})
    assert not [r for r in qml.style(open_all_year, "vi").iter("rule") if "marks" in r.get("key")]


def test_a_row_that_no_case_names_is_drawn_as_on_the_web_map():
    """`Style.case` takes the case of what is unknown, else the first."""
    villages = qml.Table("villages", "point", {"row_state": ["used"], "state": [None]}, {})
    assert rules(qml.style(villages, "vi"))[0] == ("Bản", "\"row_state\" = 'used'")
    without = qml.Table("roads", "line", {"row_state": ["used"], "road_class": ["village"]}, {})
    label, test = rules(qml.style(without, "vi"))[0]
    assert label.endswith("Chưa rõ mặt đường")
    assert '"state"' not in test, "a column that is not there makes QGIS draw nothing"


def test_every_land_use_has_a_colour_and_a_line_in_the_legend():
    zones = qml.Table(
        "plan_zones",
        "polygon",
        {"row_state": ["used"] * 3, "state": ["planned"] * 3, "land_use": ["ONT", "CLN", "???"]},
        {},
    )
    root = qml.style(zones, "vi")
    labels = [label for label, _ in rules(root)]
    assert labels[0].startswith("CLN – ") or labels[0].startswith("ONT – ")
    assert sum(label.startswith(("CLN – ", "ONT – ")) for label in labels) == 2
    symbols_of = {s.get("name"): s for s in root.iter("symbol")}
    for rule in root.iterfind("renderer-v2/rules/rule"):
        _, *codes = naming.parsed_key(rule.get("key"))
        if codes and codes[0] == naming.LAND_USE:
            (ground,) = symbols_of[rule.get("symbol")]
            found = {o.get("name"): o.get("value") for o in ground.iter("Option")}
            expected = STYLES.land_use[codes[1]]
            rgb = [int(part) for part in found["color"].split(",")[:3]]
            assert "#" + bytes(rgb).hex() == expected
            assert ground.get("pass") == "0"
    edge = symbols_of[
        next(r for r in root.iter("rule") if r.get("key") == "{plan_zones/planned}").get("symbol")
    ]
    assert {layer.get("pass") for layer in edge} == {"1"}, "edges lie over the colours"


def test_labels_name_what_sheets_name():
    def texts(frame, kind, **aliases):
        root = qml.style(qml.Table(frame, kind, {"row_state": ["used"]}, aliases), "vi")
        return [t.get("fieldName") for t in root.iter("text-style")]

    assert "' (cũ)'" in texts("former_communes", "polygon")[0]
    assert texts("neighbours", "polygon")[0].startswith("CASE WHEN")
    assert "concat('xã ', \"name\", '')" in texts("neighbours", "polygon")[0]
    assert any("QL." in text for text in texts("roads", "line"))
    assert texts("water", "line", TEN="Tên")[0].endswith('THEN "TEN" END')
    assert texts("water", "line") == []


def test_area_codes_stand_at_scales_that_have_room_for_them():
    root = qml.style(qml.Table("plan_zones", "polygon", {"row_state": ["used"]}, {}), "vi")
    how = root.find("labeling/settings/rendering")
    # QGIS calls the smallest scale the greatest number.
    assert (how.get("scaleVisibility"), how.get("scaleMin"), how.get("scaleMax")) == (
        "1",
        "1",
        "120000",
    )


def test_no_font_is_fetched_from_the_network():
    """Newer QGIS fetches free fonts it misses; the font of Windows is not among them."""
    for name, style in STYLES.styles.items():
        for kind in ("point", "line", "polygon"):
            root = qml.style(qml.Table(style.frame, kind, {"row_state": ["used"]}, {}), "vi")
            asked = {t.get("fontFamily") for t in root.iter("text-style")}
            assert asked <= {"Segoe UI"}, name


def test_forms_show_codes_by_their_titles():
    root = qml.form("works", {"stage": "Giai đoạn", "name": "Tên"}, "vi")
    assert root.find("renderer-v2") is None
    assert root.findtext("previewExpression") == '"name"'
    assert [a.get("name") for a in root.iter("alias")] == ["Giai đoạn", "Tên"]


def test_two_codes_of_one_title_are_both_listed():
    roads = qml.Table("roads", "line", {}, {"surface": "Mặt", "row_state": "Tình trạng"})
    root = qml.style(roads, "vi")
    listed = {
        field.get("name"): {o.get("value") for o in field.iter("Option") if o.get("value")}
        for field in root.iterfind("fieldConfiguration/field")
    }
    assert listed["surface"] == set(code_list("surface").keys)
    assert listed["row_state"] == {"used", "set_aside", "refused"}


def test_a_heading_that_xml_forbids_leaves_the_style_readable():
    bad = "Kết\x00 cấu\x1b[31m\u202e\ufffe <b>"
    style = qml.style(qml.Table("roads", "line", {"surface": []}, {"surface": bad}), "vi")
    alias = ElementTree.fromstring(qml.written(style)).find("aliases/alias")
    assert alias.get("name") == "Kết cấu[31m <b>"


def test_a_commune_name_that_xml_forbids_leaves_the_project_readable(layers, answer):
    from dataclasses import replace

    from ntm_gis.outputs import geopackage
    from ntm_gis.outputs.qgis import project

    who = layers.commune.commune.model_copy(update={"name": "Mường\x07\u2066 \ud800Khoa"})
    named = replace(layers, commune=layers.commune.model_copy(update={"commune": who}))
    tables = geopackage.all_tables(answer, named, "vi")
    root = ElementTree.fromstring(project.project(tables, named, "vi"))
    assert root.get("projectname") == root.findtext("title")
    assert root.findtext("title").endswith("Mường \ufffdKhoa")
