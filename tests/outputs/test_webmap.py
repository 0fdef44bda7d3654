"""Map pages without a browser: what they hold, what they leave out, that they are whole."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import crs, numbers
from ntm_gis.errors import RuleError
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import webmap
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.webmap import encode, relief, script, texts
from ntm_gis.outputs.webmap.context import Context
from ntm_gis.outputs.webmap.sheets import _columns
from ntm_gis.outputs.webmap.table import Table, gated_all
from ntm_gis.results import shown
from ntm_gis.rules import maps
from ntm_gis.rules.schema import schema


def _synthetic() -> ModuleType:
    path = Path(__file__).with_name("synthetic.py")
    spec = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


synthetic = _synthetic()


@pytest.fixture(scope="module")
def atlas() -> webmap.Atlas:
    return webmap.Atlas(synthetic.answer(), synthetic.commune())


@pytest.fixture(scope="module")
def pages(atlas: webmap.Atlas) -> dict[str, str]:
    return {name: atlas.render(name) for name in atlas.names}


def data_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1])


def layer_of(data: dict, style: str) -> dict:
    return next(layer for layer in data["layers"] if layer["style"] == style)


def rows_of(data: dict) -> dict[str, dict]:
    return {row["key"]: row for group in data["legend"] for row in group["rows"]}


# --- geometry -------------------------------------------------------------------------------------

metres = st.floats(-30_000, 30_000)
lines = st.lists(st.tuples(metres, metres), min_size=2, max_size=30).map(
    lambda xy: shapely.LineString([(500_000 + x, 2_450_000 + y) for x, y in xy])
)
ORIGIN = (480_000.0, 2_400_000.0)


def decoded(part: list[int]) -> np.ndarray:
    return np.cumsum(np.asarray(part).reshape(-1, 2), axis=0) + np.asarray(ORIGIN)


@given(lines)
def test_lines_come_back_within_half_a_metre(line):
    found = encode.shapes(gpd.GeoSeries([line]), ORIGIN)
    assert found.kinds == [2]
    back = decoded(found.shapes[0][0])
    given_points = np.rint(shapely.get_coordinates(line))
    kept = np.r_[True, (np.diff(given_points, axis=0) != 0).any(axis=1)]
    assert np.abs(back - given_points[kept]).max() <= 0.5
    start, end = shapely.get_coordinates(line)[[0, -1]]
    assert np.abs(back[[0, -1]] - [start, end]).max() <= np.sqrt(0.5)


@given(st.lists(st.one_of(st.none(), lines, lines.map(lambda g: g.buffer(500))), max_size=6))
def test_every_feature_keeps_its_place_in_the_order(geometries):
    found = encode.shapes(gpd.GeoSeries(geometries, crs="EPSG:9205"), ORIGIN, 1.0)
    kinds = [0 if g is None else 3 if g.geom_type.endswith("Polygon") else 2 for g in geometries]
    assert found.kinds == kinds
    assert [bool(s) for s in found.shapes] == [k > 0 for k in kinds]


@given(st.lists(st.one_of(st.none(), lines, lines.map(lambda g: g.buffer(500))), max_size=6))
def test_what_is_packed_comes_back_as_it_was(geometries):
    found = encode.shapes(gpd.GeoSeries(geometries, crs="EPSG:9205"), ORIGIN, 1.0)
    assert encode.unpacked(found.packed) == found.shapes


@given(st.lists(st.integers(0, 2**55), max_size=40))
def test_numbers_are_packed_as_leb128(values):
    told = bytearray()
    for value in values:  # the definition, byte by byte
        left = value
        while left > 0x7F:
            told.append(left & 0x7F | 0x80)
            left >>= 7
        told.append(left)
    assert base64.b64decode(encode.packed(np.array(values, dtype=np.int64))) == bytes(told)


def test_areas_keep_size_and_holes_turn_the_other_way():
    ring = shapely.Point(500_000, 2_450_000).buffer(3000)
    area = ring.difference(shapely.Point(500_000, 2_450_000).buffer(1000))
    rings = [decoded(part) for part in encode.shapes(gpd.GeoSeries([area]), ORIGIN).shapes[0]]
    signed = [shapely.LinearRing(r).is_ccw for r in rings]
    assert len(rings) == 2
    assert signed[0] != signed[1]
    drawn = shapely.Polygon(rings[0], [rings[1]])
    assert drawn.area == pytest.approx(area.area, rel=1e-3)


def test_what_has_no_place_has_none():
    odd = gpd.GeoSeries(
        [
            None,
            shapely.Point(),
            shapely.Point(np.inf, 0),
            shapely.Polygon(),
            shapely.MultiPoint([(500_000, 2_450_000), (500_001, 2_450_001)]),
            shapely.GeometryCollection(
                [
                    shapely.Point(500_000, 2_450_000),
                    shapely.LineString([(500_000, 2_450_000), (500_100, 2_450_000)]),
                ]
            ),
        ]
    )
    assert encode.shapes(odd, ORIGIN).kinds == [0, 0, 0, 0, 1, 2]


# --- columns written in one go ---------------------------------------------------------------------

amounts = st.one_of(
    st.none(),
    st.floats(-1e12, 1e12),
    st.integers(-(10**7), 10**7).map(lambda n: n / 1000),  # halves on the spot
)


@given(st.lists(amounts, max_size=20), st.sampled_from(["vi", "en"]), st.integers(0, 4))
def test_amounts_in_one_go_are_those_written_one_by_one(values, lang, digits):
    show = numbers.format_en if lang == "en" else numbers.format_vi
    one_by_one = ["" if v is None else show(v, "ha", digits) for v in values]
    assert texts.amounts(values, "ha", lang, digits) == one_by_one


loose = st.one_of(st.floats(0, 1e6), st.integers(0, 10**9).map(lambda n: n / 1e4), st.booleans())


@given(st.lists(loose, min_size=1, max_size=20), st.sampled_from(["vi", "en"]))
def test_a_column_in_one_go_is_that_written_value_by_value(values, lang):
    show = numbers.format_en if lang == "en" else numbers.format_vi
    found = texts.plain_column(values, lang)
    got = found["texts"] if "texts" in found else [found["values"][i] for i in found["index"]]
    for value, text in zip(values, got, strict=True):
        if not isinstance(value, bool) and value not in (0, 1):
            assert text == show(numbers.significant(value))


@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=12))
def test_texts_of_a_column_pass_the_gate_each_for_itself(values):
    frame = gpd.GeoDataFrame({"a": pd.Series(values, dtype=object)}, geometry=[None] * len(values))
    assert Table(frame).texts("a") == ["" if v is None else text_for_html(v) for v in values]
    given_texts = [v for v in values if v is not None]
    assert gated_all(given_texts) == [text_for_html(v) for v in given_texts]


# --- what a page holds ----------------------------------------------------------------------------


def test_every_row_of_every_frame_stands_on_its_map(pages):
    data = data_of(pages["overview"])
    for layer in data["layers"]:
        style = maps.styles().styles[layer["style"]]
        frame = synthetic.answer().frames[style.frame]
        for column, codes in style.where.items():
            frame = frame[frame[column].isin(codes)]
        assert len(layer["id"]) == len(layer["kind"]) == len(frame)
        assert len(encode.unpacked(layer["shape"])) == len(frame)
        assert layer["kind"].count(0) == frame.geometry.isna().sum()


def test_amounts_are_those_of_the_measures(pages):
    measures = {m.id: m for m in synthetic.answer().measures}
    checked = 0
    for name, html in pages.items():
        data = data_of(html)
        for row in rows_of(data).values():
            if not row["measure"]:
                continue
            measure = measures[row["measure"]]
            whole = shown.value(measure.value, measure.unit, "vi")
            expected = shown.bounds(measure, "vi") or whole
            assert row["amount"].startswith(expected), (name, row["key"])
            assert row["certain"] is measure.certain
            checked += 1
    assert checked > 40


def test_evidence_adds_up_to_the_amount(pages):
    data = data_of(pages["roads"])
    found = data["measures"]["roads.length_km.lane"]
    total = sum(
        numbers.parse_number(text.split("\u00a0")[0]).value for _, _, text, _ in found["features"]
    )
    measure = next(m for m in synthetic.answer().measures if m.id == "roads.length_km.lane")
    assert total == pytest.approx(measure.value, abs=0.005 * len(found["features"]))
    roads = layer_of(data, "roads")
    wide = [c["code"] for c in data["styles"]["roads"]["classes"]]
    assert {wide[roads["class"][i]] for _, i, _, _ in found["features"]} == {"lane"}


def test_findings_have_the_numbers_that_all_outputs_share(pages):
    shown_numbers = {f["number"]: f["text"] for f in data_of(pages["overview"])["findings"]}
    assert shown_numbers == {n: f.message.vi for n, f in numbered(synthetic.answer().findings)}


def test_a_map_leaves_out_findings_of_other_matters_and_counts_them(pages):
    data = data_of(pages["tea"])
    listed = [f for f in data["findings"] if not f["aside"]]
    assert {f["severity"] for f in listed} == {"stop"}
    assert data["more_findings"] == len(synthetic.answer().findings) - len(listed)
    assert 'Cần kiểm tra <span class="num">1</span>' in pages["tea"]
    # What lies in the background can still be led to by a link, but has no pin.
    assert {f["severity"] for f in data["findings"] if f["aside"]} >= {"block", "warning"}
    assert not [row for row in rows_of(data) if row.startswith("pins-")]


def test_pins_stand_where_the_finding_is(pages):
    data = data_of(pages["overview"])
    finding = next(f for f in data["findings"] if f["severity"] == "block" and f["at"])
    given_finding = next(
        f for n, f in numbered(synthetic.answer().findings) if n == finding["number"]
    )
    x, y = crs.transformer("EPSG:4326", synthetic.CRS).transform(*given_finding.at)
    assert finding["at"][0] + data["grid"]["x0"] == pytest.approx(x, abs=0.51)
    assert finding["at"][1] + data["grid"]["y0"] == pytest.approx(y, abs=0.51)


def test_fields_are_written_as_a_reader_reads_them(pages):
    data = data_of(pages["roads"])
    roads = layer_of(data, "roads")
    at = roads["id"].index("D03")

    def text(title: str) -> str:
        column = next(c for c in roads["columns"] if c["title"] == title)
        return column["values"][column["index"][at]] if "values" in column else column["texts"][at]

    assert text("Kết cấu mặt đường") == "Bê tông xi măng"
    assert text("Bề rộng mặt đường").replace("\u00a0", " ") == "3,5 m"
    assert text("Đi lại được quanh năm") == "Có"
    assert text("Năm xây dựng") == "2013"
    villages = layer_of(data, "villages")
    former = next(c for c in villages["columns"] if c["title"] == "Xã cũ")
    assert former["values"][former["index"][0]] == "Mường Khoa (cũ)"


def test_villages_of_like_names_are_told_apart(pages):
    villages = layer_of(data_of(pages["overview"]), "villages")
    hints = dict(zip(villages["name"], villages["hint"], strict=True))
    assert hints["Bản Hô Tra"].startswith("Mường Khoa (cũ) · ")
    assert hints["Bản Hô Ta"].startswith("Phúc Khoa · ")
    assert hints["Bản Hô Ta"].endswith("\u00a0m")
    assert villages["short"][3] == "Hô Tra"


def test_personal_fields_never_leave():
    rows = [
        {
            "id": "G1",
            "contribution_id": "G1",
            "kind": "land",
            "household": "Lò Văn A",
            "parcel": "12",
            "GHI_CHU": "x",
        }
    ]
    frame = synthetic.frame(rows, "sources/dong_gop.xlsx")
    context = Context(synthetic.answer(), synthetic.commune(), "vi")
    columns = _columns(
        Table(frame), maps.styles().styles["roads"], schema("contributions"), context
    )
    assert not re.search("Lò Văn A|\\b12\\b", json.dumps(columns, ensure_ascii=False))
    assert "GHI_CHU" in {c["title"] for c in columns}
    assert not {c["title"] for c in columns} & {"@row", "@file", "id", "state", "geometry"}


def test_a_state_that_no_style_knows_is_drawn_as_unknown():
    base = synthetic.answer()
    roads = base.frames["roads"].assign(state="mud", road_class=None)
    html = webmap.render(Answer(frames={"roads": roads}), synthetic.commune(), "roads")
    data = data_of(html)
    cases = [c["code"] for c in data["styles"]["roads"]["cases"]]
    assert {cases[i] for i in layer_of(data, "roads")["case"]} == {"unknown"}


def test_a_stage_tells_the_kilometres_of_the_last_day(sample_review):
    """Not how many stretches there were on all days together."""
    found = sample_review
    data = data_of(webmap.render(found.answer, found.commune, "road_progress"))
    frame = found.answer.frames["road_progress"]
    last = frame[frame["on"] == frame["on"].max()]
    for row in next(g["rows"] for g in data["legend"] if g["rows"][0]["key"].startswith("road_pr")):
        rows = last[last["state"] == row["code"]]
        km = float((rows["to_m"] - rows["from_m"]).sum()) / 1000
        assert row["amount"] == numbers.format_vi(km, "km", 2)


def test_a_commune_is_no_neighbour_of_its_own():
    """A list of the whole province holds it too, drawn a little otherwise."""
    answer = synthetic.answer()
    around = answer.frames["neighbours"]
    own = answer.frames["boundary"].geometry.iloc[0]
    shifted = shapely.affinity.translate(own, 700, 500)
    more = gpd.GeoDataFrame(
        {**around.iloc[[0]].drop(columns="geometry"), "name": ["Mường Khoa"]},
        geometry=[shifted],
        crs=around.crs,
    )
    frame = pd.concat([around, more], ignore_index=True)
    changed = replace(answer, frames={**answer.frames, "neighbours": frame})
    data = data_of(webmap.render(changed, synthetic.commune(), "overview"))
    names = [label["text"] for label in data["labels"] if label["kind"] == "neighbour"]
    assert len(names) >= 3
    assert "Mường Khoa" not in names


def test_a_village_of_a_number_keeps_its_word_and_one_without_a_name_its_code():
    answer = synthetic.answer()
    villages = answer.frames["villages"].copy()
    villages.loc[villages.index[:3], "name"] = ["Thôn 8", "   ", "Bản Nà An"]
    changed = replace(answer, frames={**answer.frames, "villages": villages})
    layer = layer_of(data_of(webmap.render(changed, synthetic.commune(), "villages")), "villages")
    assert layer["short"][0] == "Thôn 8"
    assert layer["name"][:3] == ["Thôn 8", f"Bản {layer['id'][1]}", "Bản Nà An"]
    assert layer["short"][1:3] == [layer["id"][1], "Nà An"]


def test_positions_by_village_are_marked(pages):
    horns = layer_of(data_of(pages["information"]), "loudspeakers")
    frame = synthetic.answer().frames["loudspeakers"]
    assert horns["approximate"] == np.flatnonzero(frame["located_by"] == "village").tolist()


def test_symbols_know_their_village(pages):
    data = data_of(pages["culture"])
    villages, houses = layer_of(data, "villages"), layer_of(data, "cultural_houses")
    frame = synthetic.answer().frames["cultural_houses"]
    assert [villages["id"][v] for v in houses["village"]] == list(frame["village_id"])


# --- the page as a file ---------------------------------------------------------------------------


def test_pages_name_nothing_outside(pages):
    for name, html in pages.items():
        assert not re.findall(r"(?:https?|ftp|wss?):|[\"'(]//|url\((?!data:|#)", html), name


def test_pages_have_no_inline_handler_and_no_style_attribute(pages):
    for html in pages.values():
        markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
        assert not re.findall(r"<[^>]*\s(?:on\w+|style)=", markup)
        assert len(re.findall(r"<script>", markup)) == 0


def test_hostile_texts_stand_in_the_data_as_typed_and_nowhere_else(pages):
    html = pages["overview"]
    roads = layer_of(data_of(html), "roads")
    assert synthetic.HOSTILE[0] in roads["name"]
    assert synthetic.HOSTILE[2] in roads["name"]
    assert synthetic.HOSTILE[0] not in html
    assert html.count("</script>") == 3
    assert "\u202e" not in html


def test_names_of_the_commune_pass_the_template_as_text():
    commune = synthetic.commune(name='<b onclick="x()">{{7*7}}</b>')
    html = webmap.render(synthetic.answer(), commune, "overview")
    assert "<b onclick" not in html
    assert "&lt;b onclick=&#34;x()&#34;&gt;{{7*7}}&lt;/b&gt;" in html


def test_pages_are_small_and_the_same_twice(pages):
    again = webmap.Atlas(synthetic.answer(), synthetic.commune())
    for name, html in pages.items():
        assert len(html.encode("utf-8")) < 2_000_000
        assert again.render(name) == html


def test_sample_tag_stands_only_on_samples(pages):
    assert "DỮ LIỆU MINH HỌA" in pages["overview"]
    real = webmap.render(synthetic.answer(), synthetic.commune(sample=False), "overview")
    assert '<span class="sample">' not in real


def test_english_pages_speak_english():
    html = webmap.render(synthetic.answer(), synthetic.commune(), "roads", "en")
    data = data_of(html)
    assert '<html lang="en">' in html
    assert rows_of(data)["roads/lane"]["title"] == "Lanes"
    assert "Phải sửa trước" not in html
    measure = next(m for m in synthetic.answer().measures if m.id == "commune.area_ha")
    assert shown.value(measure.value, "ha", "en") == "16,883.1"
    assert rows_of(data)["boundary/commune"]["amount"] == "16,883.1\u00a0ha"


def test_the_script_keeps_the_licence_and_loses_the_attribution():
    leaflet, own = script.scripts()
    assert "Redistribution and use" in leaflet
    assert "Ukrain" not in leaflet
    assert own.startswith('"use strict";')


def test_written_files_are_the_pages(tmp_path: Path, pages):
    written = webmap.write(
        synthetic.answer(), synthetic.commune(), tmp_path, names=["roads", "tea"]
    )
    assert [p.name for p in written] == ["roads.html", "tea.html"]
    assert written[0].read_text(encoding="utf-8") == pages["roads"]


def test_a_map_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(RuleError, match="roads"):
        webmap.write(synthetic.answer(), synthetic.commune(), tmp_path, names=["raods"])


# --- little or odd data ---------------------------------------------------------------------------


def test_an_answer_of_nothing_gives_an_overview_that_stands():
    assert webmap.available(Answer()) == ("overview",)
    data = data_of(webmap.render(Answer(), synthetic.commune(), "overview"))
    assert data["layers"] == []
    assert data["home"][2] > data["home"][0]


def test_without_boundary_the_view_is_that_of_the_villages():
    frames = {"villages": synthetic.answer().frames["villages"]}
    data = data_of(webmap.render(Answer(frames=frames), synthetic.commune(), "overview"))
    assert data["ground"] == []
    width = data["home"][2] - data["home"][0]
    assert 10_000 < width < 30_000


def test_maps_without_their_subject_are_not_offered():
    frames = {
        k: v for k, v in synthetic.answer().frames.items() if k not in ("tea_areas", "hazards")
    }
    offered = webmap.available(Answer(frames=frames))
    assert "tea" not in offered
    assert "roads" in offered


def test_layers_of_rows_without_any_place_are_listed():
    schools = synthetic.answer().frames["schools"]
    blank = schools.set_geometry(gpd.GeoSeries([None] * len(schools), crs=synthetic.CRS))
    answer = replace(Answer(), frames={"schools": blank})
    html = webmap.render(answer, synthetic.commune(), "schools")
    assert layer_of(data_of(html), "schools")["kind"] == [0] * len(schools)
    assert f'Chưa có vị trí <span class="num">{len(schools)}</span>' in html


def test_heights_are_those_of_the_cell_and_unknown_outside():
    grid = synthetic.answer().grids["heights"]
    east = np.array([grid.west + 1, grid.west + grid.cell * 3.5, grid.west - 1, np.nan])
    north = np.array([grid.north - 1, grid.north - grid.cell * 2.5, grid.north - 1, np.nan])
    found = relief.height_at(grid, east, north)
    assert found[:2].tolist() == [grid.heights[0, 0], grid.heights[2, 3]]
    assert np.isnan(found[2:]).all()
