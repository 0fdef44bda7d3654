"""The project for QGIS: themes, sheets, legends, places, read as XML."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import shapely
from defusedxml import ElementTree

from ntm_gis import pipeline
from ntm_gis.outputs import geopackage
from ntm_gis.outputs.folders import write_sample
from ntm_gis.outputs.printmap.standard import LADDER
from ntm_gis.outputs.qgis import project, themes
from ntm_gis.rules import maps

from .conftest import box
from .conftest import layer as layer_of

MAP, LABEL, LEGEND, PICTURE = "65639", "65641", "65642", "65640"


@pytest.fixture(scope="module")
def project_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commune") / "xa"
    write_sample(folder)
    found = pipeline.review(folder)
    tables = geopackage.all_tables(found.answer, found.layers, "vi")
    return found, ElementTree.fromstring(project.project(tables, found.layers, "vi"))


def item(sheet, kind):
    return next(i for i in sheet.iter("LayoutItem") if i.get("type") == kind)


def numbers_of(text):
    return [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", text)]


def layer(root, name):
    return next(m for m in root.iter("maplayer") if m.findtext("id") == f"commune_gpkg_{name}")


# --- themes and sheets ----------------------------------------------------------------------------


def test_every_map_has_a_theme_and_a_sheet_that_hold_the_whole_commune(project_file):
    found, root = project_file
    titles = {preset.get("name") for preset in root.iter("visibility-preset")}
    sheets = list(root.iter("Layout"))
    assert len(sheets) == len(titles) >= 10
    held = {one.find("id").text for one in root.iter("maplayer")}
    switched = {one.get("id") for p in root.iter("visibility-preset") for one in p}
    assert switched <= held
    bounds = shapely.bounds(found.layers.boundary)
    for sheet in sheets:
        ground = item(sheet, MAP)
        assert ground.get("followPresetName") in titles
        box = extent_of(ground)
        assert box.contains(shapely.box(*bounds))
        assert round(scale_of(ground)) in {round(step * 1000) for step in LADDER}


def extent_of(ground):
    found = {k: float(v) for k, v in ground.find("Extent").attrib.items()}
    return shapely.box(found["xmin"], found["ymin"], found["xmax"], found["ymax"])


def scale_of(ground):
    west, _, east, _ = extent_of(ground).bounds
    return (east - west) / (numbers_of(ground.get("size"))[0] / 1000)


def test_the_legend_lies_beside_the_commune_and_on_the_page(project_file):
    found, root = project_file
    for sheet in root.iter("Layout"):
        ground, legend = item(sheet, MAP), item(sheet, LEGEND)
        left, top, width, height = legend_box(legend)
        assert min(left, top) >= 0
        assert (left + width, top + height) <= (420, 297)
        # From paper to the ground, by the map's own corner and scale.
        x0, y0 = numbers_of(ground.get("position"))
        west, _, _, north = extent_of(ground).bounds
        metres = scale_of(ground) / 1000
        box = shapely.box(
            west + (left - x0) * metres,
            north - (top + height - y0) * metres,
            west + (left + width - x0) * metres,
            north - (top - y0) * metres,
        )
        assert not box.intersects(found.layers.boundary), sheet.get("name")


def legend_box(legend):
    (x, y), (width, height) = numbers_of(legend.get("position")), numbers_of(legend.get("size"))
    corner = int(legend.get("referencePoint"))
    return x - width * (corner % 3) / 2, y - height * (corner // 3) / 2, width, height


def test_a_legend_lists_what_its_map_shows_at_its_scale(project_file):
    _, root = project_file
    by_theme = {
        p.get("name"): {
            nodes.get("id"): {node.get("id") for node in nodes}
            for nodes in p.iter("checked-legend-nodes")
        }
        for p in root.iter("visibility-preset")
    }
    listed = 0
    for sheet in root.iter("Layout"):
        ground = item(sheet, MAP)
        on = by_theme[ground.get("followPresetName")]
        for entry in item(sheet, LEGEND).iter("layer-tree-layer"):
            name = entry.get("id").removeprefix("commune_gpkg_")
            rules = layer(root, name).findall("renderer-v2/rules/rule")
            order = next(o for o in entry.iter("Option") if o.get("name") == "legend/node-order")
            for number in order.get("value").split(","):
                rule = rules[int(number)]
                listed += 1
                assert rule.get("key") in on[entry.get("id")]
                assert rule.get("key") != "{aside}"
                assert rule.get("label")
                assert scale_of(ground) <= float(rule.get("scalemaxdenom", "inf"))
    assert listed > 150


def test_a_theme_shows_the_rows_that_its_map_shows(project_file):
    _, root = project_file
    title = maps.definition("overview").title.vi
    overview = next(p for p in root.iter("visibility-preset") if p.get("name") == title)
    on = {n.get("id"): [c.get("id") for c in n] for n in overview.iter("checked-legend-nodes")}
    # Offices are on it, other public buildings are not; lanes and fields are not.
    assert {key.split("/")[0] for key in on["commune_gpkg_facilities"]} == {"{offices"}
    assert not [key for key in on["commune_gpkg_roads"] if "lane" in key or "field" in key]
    assert [key for key in on["commune_gpkg_roads"] if key.endswith("/village}")]
    assert "commune_gpkg_hazards" not in on
    assert "commune_gpkg_contours" in on, "relief lies under every map"
    assert "commune_gpkg_relief" in {one.get("id") for one in overview.iterfind("layer")}
    order = [i.text for i in root.iterfind("layer-tree-group/custom-order/item")]
    assert order[-1] == "commune_gpkg_relief"
    opened = {
        rule.get("key"): rule.get("checkstate", "1")
        for rule in layer(root, "facilities").findall("renderer-v2/rules/rule")
    }
    assert {opened[key] for key in on["commune_gpkg_facilities"]} == {"1"}
    assert {state for key, state in opened.items() if key.startswith("{facilities/")} == {"0"}


@pytest.mark.parametrize(
    ("name", "key", "shown"),
    [
        ("overview", "{crop_areas/ginseng}", True),
        ("overview", "{crop_areas/rice}", False),
        ("overview", "{schools/1}", False),
        ("schools", "{schools/1}", True),
        ("schools", "{contours/plain}", True),
        ("schools", "{aside}", False),
        ("plans", "{plan_zones/land_use/ONT}", True),
    ],
)
def test_rules_are_on_as_maps_say(name, key, shown):
    assert themes.shows(maps.definition(name), key) is shown


# --- what QGIS is told of layers ------------------------------------------------------------------


def test_every_column_has_a_heading_and_every_layer_speaks_of_itself(project_file):
    found, root = project_file
    tables = geopackage.all_tables(found.answer, found.layers, "vi")
    for table in tables:
        own = layer(root, table.name)
        aliases = {a.get("field"): a.get("name") for a in own.iter("alias")}
        assert set(aliases) == {column.name for column in table.columns}
        assert all(aliases.values())
        about = own.findtext("resourceMetadata/abstract")
        assert "31/12/2025" in about
        assert "minh họa" in about
    roads = layer(root, "roads")
    assert "duong_giao_thong.shp" in roads.findtext("resourceMetadata/abstract")
    assert roads.findtext("previewExpression") == '"name"'
    assert layer(root, "figures").findtext("previewExpression") == '"indicator"'


def test_codes_are_shown_by_their_titles(project_file):
    _, root = project_file
    field = next(f for f in layer(root, "roads").iter("field") if f.get("name") == "surface")
    shown = {o.get("name"): o.get("value") for o in field.iter("Option") if o.get("value")}
    assert shown["Bê tông xi măng"] == "concrete"
    stage = next(f for f in layer(root, "road_reports").iter("field") if f.get("name") == "stage")
    assert "Đã nghiệm thu" in {o.get("name") for o in stage.iter("Option")}


def test_layers_are_derived_and_lie_beside_the_project(project_file):
    _, root = project_file
    for one in root.iter("maplayer"):
        source = one.findtext("datasource")
        if one.get("type") == "raster":
            assert source == "./commune.gpkg"
            continue
        assert one.get("readOnly") == "1"
        assert source.startswith("./commune.gpkg|layername=")
    assert root.findtext("properties/Paths/Absolute") == "false"
    assert root.findtext("properties/Measure/Ellipsoid") == "EPSG:7030"
    assert root.findtext("properties/Measurement/AreaUnits") == "ha"
    text = ElementTree.tostring(root, encoding="unicode")
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "/home" not in text
    assert "file:" not in text


def test_bookmarks_lead_to_the_commune_and_its_villages(project_file):
    found, root = project_file
    marks = {
        mark.get("name"): shapely.from_wkt(mark.get("extent")) for mark in root.iter("Bookmark")
    }
    villages = found.layers.by_name["villages"].used
    assert len(marks) == 1 + villages.geometry.notna().sum()
    place = villages[villages["name"] == "Hô Tra"].geometry.iloc[0]
    assert next(box for name, box in marks.items() if name == "Hô Tra").contains(place)


def test_the_sample_says_that_it_is_one(project_file):
    _, root = project_file
    for sheet in root.iter("Layout"):
        said = {i.get("id"): i.get("labelText") for i in sheet.iter("LayoutItem")}
        assert said["stamp"] == "DỰ THẢO – DỮ LIỆU MINH HỌA"
        assert "minh họa" in said["note"]


def test_a_name_is_no_expression(layers, answer):
    """QGIS works out what stands in [% … %]: names of the office are texts."""
    who = layers.commune.commune.model_copy(update={"name": "Mường [% env('HOME') %] Khoa"})
    named = replace(layers, commune=layers.commune.model_copy(update={"commune": who}))
    tables = geopackage.all_tables(answer, named, "vi")
    root = ElementTree.fromstring(project.project(tables, named, "vi"))
    labels = {
        (sheet.get("name"), i.get("id")): i.get("labelText")
        for sheet in root.iter("Layout")
        for i in sheet.iter("LayoutItem")
        if i.get("type") == LABEL
    }
    assert len(labels) >= 6
    for (_, name), text in labels.items():
        assert name == "scale" or "[%" not in text
    assert any("env('HOME')" in text.lower() or "ENV('HOME')" in text for text in labels.values())


def test_the_commune_is_not_named_as_its_own_neighbour(layers, answer):
    given_ = [("03601", "Mường Khoa", box(-490, -510, 8000, 6000)),
              ("03602", "Bản Bo", box(7510, -500, 4000, 6000))]  # fmt: skip
    rows = [{"unit_code": c, "name": n, "geometry": shape} for c, n, shape in given_]
    province = layer_of("neighbours", "sources/cac_xa.geojson", rows)
    tables = geopackage.all_tables(
        answer, replace(layers, by_name={**layers.by_name, "neighbours": province}), "vi"
    )
    (neighbours,) = [table for table in tables if table.name == "neighbours"]
    assert neighbours.rows == 2
    text = neighbours.style.find("labeling/settings/text-style").get("fieldName")
    assert text.startswith("CASE WHEN \"name\" IN ('Mường Khoa') THEN '' ELSE CASE")


def test_without_a_boundary_there_is_a_project_without_sheets(layers, answer):
    kept = {name: one for name, one in layers.by_name.items() if name != "boundary"}
    bare = replace(layers, by_name=kept)
    tables = geopackage.all_tables(answer, bare, "vi")
    root = ElementTree.fromstring(project.project(tables, bare, "vi"))
    assert root.find("Layouts") is None
    assert list(root.iter("maplayer"))


def test_the_same_project_twice(project_file):
    found, _ = project_file
    tables = geopackage.all_tables(found.answer, found.layers, "vi")
    texts = {project.project(tables, found.layers, "vi") for _ in range(2)}
    assert len(texts) == 1
