"""Styles for QGIS: drawn of the same definitions as the maps, and in its own words."""

from __future__ import annotations

import base64

import pytest
import shapely
from defusedxml import ElementTree

from ntm_gis.outputs.qgis import pictures, qml, symbols
from ntm_gis.rules import maps

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
    return [(rule.get("label"), rule.get("filter")) for rule in root.iter("rule")]


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
    plain = qml.Table("buildings", "point", {"row_state": ["used"]}, {})
    assert [f for _, f in rules(qml.style(plain, "vi"))] == [
        "\"row_state\" = 'used'",
        "\"row_state\" <> 'used'",
    ]


def test_texts_in_rules_are_quoted():
    assert qml.expression_text("Bản o'clock \\ x") == "'Bản o''clock \\\\ x'"


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
