"""Styles for QGIS: drawn of the same definitions as the maps, and in its own words."""

from __future__ import annotations

import base64

import pytest
import shapely
from defusedxml import ElementTree

from ntm_gis import pipeline
from ntm_gis.outputs import geopackage
from ntm_gis.outputs.folders import write_sample
from ntm_gis.outputs.qgis import pictures, project, qml, symbols
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
    plain = qml.Table("stakes", "point", {"row_state": ["used"]}, {})
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


# --- sheets, themes, bookmarks --------------------------------------------------------------------


@pytest.fixture(scope="module")
def project_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commune") / "xa"
    write_sample(folder)
    found = pipeline.review(folder)
    tables = geopackage.all_tables(found.answer, found.layers, "vi")
    return found, ElementTree.fromstring(project.project(tables, found.layers, "vi"))


def test_every_map_has_a_theme_and_a_sheet_that_hold_the_whole_commune(project_file):
    found, root = project_file
    themes = {preset.get("name") for preset in root.iter("visibility-preset")}
    sheets = list(root.iter("Layout"))
    assert len(sheets) == len(themes) >= 10
    held = {layer.find("id").text for layer in root.iter("maplayer")}
    switched = {layer.get("id") for p in root.iter("visibility-preset") for layer in p}
    assert switched <= held
    bounds = shapely.bounds(found.layers.boundary)
    for sheet in sheets:
        ground = next(i for i in sheet.iter("LayoutItem") if i.get("type") == "65639")
        assert ground.get("followPresetName") in themes
        extent = {k: float(v) for k, v in ground.find("Extent").attrib.items()}
        box = shapely.box(extent["xmin"], extent["ymin"], extent["xmax"], extent["ymax"])
        assert box.contains(shapely.box(*bounds))
        width = float(ground.get("size").split(",")[0])
        scale = (extent["xmax"] - extent["xmin"]) / (width / 1000)
        said = next(i.get("labelText") for i in sheet.iter("LayoutItem") if i.get("id") == "scale")
        assert said.replace(".", "") == f"1 : {round(scale)}"


def test_bookmarks_lead_to_the_commune_and_its_villages(project_file):
    found, root = project_file
    marks = {
        mark.get("name"): shapely.from_wkt(mark.get("extent")) for mark in root.iter("Bookmark")
    }
    villages = found.layers.by_name["villages"].used
    assert len(marks) == 1 + villages.geometry.notna().sum()
    place = villages[villages["name"] == "Hô Tra"].geometry.iloc[0]
    assert next(box for name, box in marks.items() if name == "Hô Tra").contains(place)


def test_codes_are_shown_by_their_titles(project_file):
    _, root = project_file
    fields = {
        (layer.find("layername").text, field.get("name")): {
            option.get("name"): option.get("value")
            for option in field.iter("Option")
            if option.get("type") == "QString"
        }
        for layer in root.iter("maplayer")
        for field in layer.iter("field")
    }
    surface = next(v for (_, name), v in fields.items() if name == "surface")
    assert surface["Bê tông xi măng"] == "concrete"


def test_the_same_project_twice(project_file):
    found, _ = project_file
    tables = geopackage.all_tables(found.answer, found.layers, "vi")
    texts = {project.project(tables, found.layers, "vi") for _ in range(2)}
    assert len(texts) == 1
