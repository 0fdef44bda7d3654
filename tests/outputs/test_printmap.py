"""Printed sheets: named whole, nothing over another, figures those of the tables, same bytes."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import numpy as np
import pytest
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch, Rectangle
from PIL import Image

from ntm_gis import numbers, outputs
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import printmap, results_json
from ntm_gis.outputs.printmap import How, fitting, standard
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.outputs.printmap.printer import encoded
from ntm_gis.outputs.printmap.type import STURDY_PT, shown
from ntm_gis.rules import maps
from ntm_gis.rules.schema import Title

from . import pdfs
from .conftest import HOSTILE, box

NAME = "Ranh giới xã sau sáp nhập"


@pytest.fixture(scope="module")
def printer(sample_review):
    return printmap.Printer(
        sample_review.answer, sample_review.layers, sample_review.commune, "vi", "ABCD-1234"
    )


def drawn(printer, name, given=standard.FORMATS["A3"], kinds=(), scale=None):
    with settings():
        sheet = printer.draw(name, given, scale)
        return sheet, {kind: encoded(sheet, kind) for kind in kinds}


def written(sheet):
    """Every text on the page."""
    return [text.get_text() for text in sheet.page.axes.texts]


def named_inside(sheet, names):
    """Whether each name stands once, whole, within the neatline."""
    boxes = {text: box for kind, text, box in sheet.page.texts if kind == "village"}
    face = sheet.view.frame
    return all(shown(name) in boxes and face.contains(boxes[shown(name)]) for name in names)


SHEETS = [
    *((name, False) for name in standard.FORMATS),
    ("A4", True), ("A3", True), ("figure", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bw"), SHEETS)
@pytest.mark.parametrize("of", ["roads", "overview"])
def test_every_village_is_named_and_no_texts_overlap(printer, sample_review, of, name, bw):
    given = standard.FIGURE if name == "figure" else standard.FORMATS[name]
    sheet, _ = drawn(printer, of, standard.black_and_white(given) if bw else given)
    assert sheet.page.overlaps() == []
    assert named_inside(sheet, sample_review.layers["villages"].used["name"])
    assert sheet.names.listed == []


def test_scale_and_panels_fit(printer):
    sheet, _ = drawn(printer, "roads")
    view = sheet.view
    assert view.scale / 1000 in standard.LADDER
    assert view.frame.buffer(-standard.FORMATS["A3"].pad + 0.2).contains(view.commune)
    # The commune itself does not fit the frame at the next larger scale, or panels do not.
    west, _, east, _ = sheet.content.context.extent
    across = (east - west) * view.mm
    assert across > 0.5 * (view.box[2] - view.box[0])
    panels = [patch for patch in sheet.page.axes.patches if patch.get_zorder() == 30]
    boxes = [shapely.box(*np.ravel(p.get_bbox().get_points())) for p in panels]
    assert len(boxes) >= 3
    for i, one in enumerate(boxes):
        assert not one.intersects(view.commune)
        assert view.frame.buffer(0.01).contains(one)
        assert all(one.intersection(other).area < 1e-6 for other in boxes[:i])


def test_the_scale_asked_for_is_drawn(printer):
    sheet, _ = drawn(printer, "roads", scale=100_000)
    assert sheet.view.scale == 100_000
    assert "Tỷ lệ 1:100.000" in written(sheet)


def test_a_scale_too_large_for_the_sheet_takes_a_larger_sheet(printer):
    assert printer._paper(How("A3", scale=75_000)) == (standard.FORMATS["A3"], True)
    assert printer._paper(How("A3", scale=25_000)) == (standard.FORMATS["A0"], True)
    assert printer._paper(How("A4", scale=5_000)) == (standard.FORMATS["A0"], False)
    assert printer._paper(How("A1", scale=25_000, parts=True)) == (standard.FORMATS["A1"], False)


def test_figures_are_those_of_the_results(printer, sample_review):
    document = results_json.document(
        sample_review.answer, sample_review.layers, sample_review.commune, None
    )
    values = {m["id"]: m["value"] for m in document["measures"]}
    said = written(drawn(printer, "roads", scale=25_000)[0])
    for road_class in ("national", "commune", "village", "lane", "field"):
        assert numbers.format_vi(values[f"roads.length_km.{road_class}"], "", 2) in said
    tea = " ".join(written(drawn(printer, "tea")[0])).replace("\u00a0", " ")
    for name in ("tea.harvest_ha", "crops.macadamia.area_ha", "commune.area_ha"):
        assert numbers.format_vi(values[name], "ha", 1).replace("\u00a0", " ") in tea


def test_columns_of_the_road_table_are_the_surfaces(printer, sample_review):
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.road_table import road_table

    table = road_table(Content(maps.definition("roads"), printer.library))
    values = {m.id: m.value for m in sample_review.answer.measures}
    for column in table.columns:
        expected = sum(values[case.measure] for case in column)
        assert table.cell(None, column) == pytest.approx(expected, abs=1e-6)
    for one in table.classes:
        assert table.cell(one, None) == pytest.approx(values[one.measure], abs=0.02)


def test_what_is_not_drawn_is_said(printer):
    said = " ".join(written(drawn(printer, "roads")[0]))
    assert "Không vẽ ở tỷ lệ này: đường ngõ" in said
    assert "Chưa rõ mặt đường" in written(drawn(printer, "hazards")[0])
    assert "Không vẽ" not in " ".join(written(drawn(printer, "roads", scale=25_000)[0]))


# --- files ----------------------------------------------------------------------------------------


def test_same_bytes_twice(sample_review):
    def made():
        fresh = printmap.Printer(
            sample_review.answer, sample_review.layers, sample_review.commune, "vi", "ABCD-1234"
        )
        return drawn(fresh, "schools", standard.FORMATS["A4"], ("pdf", "png", "svg"))[1]

    assert made() == made()


def test_fonts_are_embedded_and_text_is_text(printer, tmp_path):
    definition = maps.definition("villages").model_copy(
        update={"title": Title(vi=NAME, en="Boundary")}
    )
    _, files = drawn(printer, definition, kinds=("pdf",))
    pdf = files["pdf"]
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    fonts = set(re.findall(rb"/FontName /([\w+-]+)", pdf))
    assert fonts
    assert all(b"BeVietnamPro" in font for font in fonts)
    assert b"CreationDate" not in pdf
    assert all(pdfs.fonts(pdf).values())
    text = pdfs.text(pdf)
    assert NAME.upper() in text
    for said in (
        "Ranh giới xã",
        "Phiêng Tâm",
        "Mã kiểm tra",
        "ABCD-1234",
        "in đúng 100 %",
        "103°45'",
    ):
        assert said in text


def test_png_has_the_size_of_its_paper(printer):
    picture = Image.open(io.BytesIO(printer.figure("roads")))
    assert picture.size == (int(160 / 25.4 * 300), int(113 / 25.4 * 300))
    assert printer.figure("roads", "svg").startswith(b"<?xml")


def test_small_type_of_a_sheet_to_be_copied_is_heavier(printer):
    def thin(sheet):
        small = [text for text in sheet.page.axes.texts if text.get_fontsize() < STURDY_PT]
        assert len(small) > 20
        faces = {str(text.get_fontproperties().get_file()) for text in small}
        return {face for face in faces if face.endswith(("-Regular.ttf", "-Italic.ttf"))}

    sheet, _ = drawn(printer, "roads", standard.black_and_white(standard.FORMATS["A4"]))
    assert thin(sheet) == set()
    sheet, _ = drawn(printer, "roads", standard.FORMATS["A4"])
    assert thin(sheet)


def test_black_and_white_is_black_and_white(printer):
    sheet, _ = drawn(printer, "overview", standard.black_and_white(standard.FORMATS["A4"]))
    plain = {to_rgba("#000000"), to_rgba("#ffffff"), to_rgba(standard.INK), to_rgba("none")}
    assert not sheet.page.axes.images
    for artist in sheet.page.axes.get_children():
        if isinstance(artist, LineCollection):
            colours = [tuple(c) for c in artist.get_colors()]
            assert all(c[:3] in {p[:3] for p in plain} for c in colours)
            if colours[0][:3] != (1, 1, 1):
                assert min(artist.get_linewidths()) >= standard.LEAST_BW_MM * standard.MM - 1e-9
        elif isinstance(artist, PathPatch | Rectangle) and artist is not sheet.page.axes.patch:
            for colour in (artist.get_facecolor(), artist.get_edgecolor()):
                assert colour[3] == 0 or colour[:3] in {p[:3] for p in plain}
    sizes = [t.get_fontsize() for t in sheet.page.axes.texts]
    assert min(sizes) >= 6.0 - 1e-9


def test_colour_type_is_never_smaller_than_can_be_read(printer):
    for given, least in ((standard.FORMATS["A3"], 4.2), (standard.FIGURE, 3.5)):
        sheet, _ = drawn(printer, "overview", given)
        assert min(t.get_fontsize() for t in sheet.page.axes.texts) >= least


# --- bad input ------------------------------------------------------------------------------------


def test_hostile_texts_are_drawn_as_typed(answer, layers, tmp_path):
    names = [*HOSTILE[:4], "$x^2$ _a_ \\frac{1}{2}", NAME]
    villages = answer.frames["villages"].iloc[[0] * len(names)].copy()
    villages["name"] = names
    villages["id"] = villages["village_id"] = [f"B{i}" for i in range(len(names))]
    villages.geometry = [
        box(600 + 900 * i, 900 + 500 * (i % 3), 1, 1).centroid for i in range(len(names))
    ]
    frames = {**answer.frames, "villages": villages.reset_index(drop=True)}
    hostile = Answer(answer.measures, answer.findings, frames)
    printer = printmap.Printer(hostile, layers, layers.commune)
    sheet, files = drawn(printer, "villages", kinds=("pdf", "svg", "png"))
    on_map = " ".join(text for kind, text, _ in sheet.page.texts if kind == "village")
    for name in ("$x^2$ _a_ \\frac{1}{2}", NAME, "{{ 7*7 }}{% raw %}"):
        assert name in on_map
    assert sheet.page.overlaps() == []
    assert b"<script" not in files["svg"]
    assert b"http://evil" not in re.sub(
        rb"<text.*?</text>|<!--.*?-->", b"", files["svg"], flags=re.DOTALL
    )
    assert "$x^2$" in pdfs.text(files["pdf"])


def test_a_name_of_200_letters_stands_inside_the_frame(answer, layers):
    long = "Bản " + "Mường Khoa Phiêng Tâm " * 9
    villages = answer.frames["villages"].copy()
    villages.loc[villages.index[0], "name"] = long[:200]
    changed = Answer(answer.measures, answer.findings, {**answer.frames, "villages": villages})
    for given in (standard.FORMATS["A3"], standard.FIGURE):
        sheet, _ = drawn(printmap.Printer(changed, layers, layers.commune), "villages", given)
        lines = [
            b for kind, text, b in sheet.page.texts if kind == "village" and "Phiêng Tâm" in text
        ]
        assert len(lines) > 1 or sheet.names.listed
        assert all(sheet.view.frame.contains(b) for b in lines)
        assert sheet.page.overlaps() == []


def test_a_boundary_in_two_parts_is_drawn_whole(answer, layers):
    parts = shapely.MultiPolygon([box(-500, -500, 3000, 6000), box(4500, 0, 3000, 4000)])
    boundary = answer.frames["boundary"].copy()
    boundary.geometry = [parts]
    changed = Answer(answer.measures, (), {**answer.frames, "boundary": boundary})
    sheet, _ = drawn(printmap.Printer(changed, layers, layers.commune), "overview")
    assert len(shapely.get_parts(sheet.view.commune)) == 2
    assert sheet.view.frame.contains(sheet.view.commune)


def test_without_elevation_the_sheet_says_so(answer, layers):
    sheet, _ = drawn(printmap.Printer(answer, layers, layers.commune), "roads")
    assert not sheet.page.axes.images
    assert "Chưa có số liệu độ cao" in written(sheet)


def test_a_map_without_features_says_so(answer, layers):
    printer = printmap.Printer(answer, layers, layers.commune)
    assert "Chưa có số liệu để vẽ nội dung này." in written(drawn(printer, "hazards")[0])
    nothing = printmap.Printer(Answer(), None, layers.commune)
    assert "Chưa có số liệu để vẽ nội dung này." in written(drawn(nothing, "roads")[0])


def test_in_english(sample_review):
    english = printmap.Printer(
        sample_review.answer, sample_review.layers, sample_review.commune, "en"
    )
    said = " ".join(written(drawn(english, "roads", standard.FORMATS["A4"])[0]))
    assert "Scale 1:" in said
    assert "LENGTH OF ROADS" in said
    assert "Tỷ lệ" not in said


# --- in a run -------------------------------------------------------------------------------------


def test_written_with_the_other_outputs(answer, layers, tmp_path):
    only = frozenset({"maps/roads.pdf", "maps/roads.png", "maps/villages.pdf"})
    outputs.write_all(answer, layers, layers.commune, tmp_path, only=only)
    found = {p.name for p in (tmp_path / "maps").iterdir()}
    assert found == {"roads.pdf", "roads.png", "villages.pdf"}


def test_loading_outputs_loads_no_drawing_library():
    code = (
        "import sys; import ntm_gis.cli, ntm_gis.outputs, ntm_gis.outputs.printmap;"
        "print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_sheet_that_is_none_is_wrong_use(tmp_path, capsys):
    from ntm_gis.cli import main

    for wrong in (["--sheet", "B5"], ["--format", "doc"], ["--scale", "7"]):
        assert main(["map", str(tmp_path), *wrong]) == 2
    assert "A0" in capsys.readouterr().err


def test_panels_are_left_out_before_the_frame_is_left(printer):
    """A panel larger than the sheet does not keep it from being made."""
    from ntm_gis.outputs.printmap.panel import Panel

    huge = Panel("legend", "SE")
    huge.w = huge.h = 10_000.0
    found = fitting.fit(
        [standard.FORMATS["A4"]],
        (0.0, 0.0, 1000.0, 1000.0),
        (None, np.empty(0, dtype=object)),
        lambda _form, _scale: [huge],
    )
    assert found.panels == ()
