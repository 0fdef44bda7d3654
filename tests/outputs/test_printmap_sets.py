"""Sets of sheets: together they hold the commune, each is whole in itself, places agree."""

from __future__ import annotations

import io
import re

import numpy as np
import pypdf
import pytest
import shapely
from hypothesis import assume
from hypothesis import given as over
from hypothesis import settings as tried
from hypothesis import strategies as st
from PIL import Image

from ntm_gis import numbers
from ntm_gis.errors import OutputError
from ntm_gis.outputs import printmap, stale
from ntm_gis.outputs.printmap import How, Press, sheet_set, standard, tiling
from ntm_gis.outputs.printmap.content import Content, definition_of
from ntm_gis.outputs.printmap.joins import Part
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.outputs.printmap.type import shown

A1, A3, A4 = (standard.FORMATS[name] for name in ("A1", "A3", "A4"))
WALL = How("A1", ("pdf",), scale=25_000, parts=True)


@pytest.fixture(scope="module")
def printer(sample_review):
    return printmap.Printer(
        sample_review.answer, sample_review.layers, sample_review.commune, "vi", "ABCD-1234"
    )


def drawn(printer, given, scale, name="roads"):
    """Every sheet of a set, with what is written on it."""
    with settings():
        n, sheets = sheet_set.draw(
            Content(definition_of(name), printer.library), given, printer.setting, scale
        )
        found = [(sheet, [text.get_text() for text in sheet.page.axes.texts]) for sheet in sheets]
    assert len(found) == n
    return found


@pytest.fixture(scope="module")
def wall(printer):
    return drawn(printer, A1, 25_000)


@pytest.fixture(scope="module")
def many(printer):
    """More sheets than have free ground for their panels."""
    return drawn(printer, standard.black_and_white(A3), 25_000)


def ground_of(sheet):
    """The ground in the frame of a sheet."""
    (west, south, east, north), view = sheet.view.box, sheet.view
    x, y = view.ground([west, east], [south, north])
    return shapely.box(x[0], y[0], x[1], y[1])


# --- a set ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["wall", "many"])
def test_the_sheets_hold_the_commune_together(request, printer, which):
    found = request.getfixturevalue(which)
    ground = printer.library.context.ground
    frames = [ground_of(sheet) for sheet, _ in found]
    assert shapely.union_all(frames).contains(ground)
    assert all(frame.intersects(ground) for frame in frames)
    assert {sheet.view.scale for sheet, _ in found} == {25_000}
    # North to south, west to east in a row; corners on whole hundreds of metres.
    order = [(-round(f.bounds[3] / 1000), f.bounds[0]) for f in frames]
    assert order == sorted(order)
    assert all(v % 100 == 0 for sheet, _ in found for v in (sheet.view.east, sheet.view.north))


@pytest.mark.parametrize("which", ["wall", "many"])
def test_sheets_beside_each_other_overlap(request, which):
    frames = [ground_of(sheet) for sheet, _ in request.getfixturevalue(which)]
    met = 0
    for i, one in enumerate(frames):
        for other in frames[i + 1 :]:
            west, south, east, north = one.intersection(other).bounds or (0, 0, 0, 0)
            if max(east - west, north - south) > 100:
                met += 1
                assert min(east - west, north - south) / 25 >= 20 - 4.1, "mm on paper"
    assert met >= len(frames) - 1


@pytest.mark.parametrize("which", ["wall", "many"])
def test_every_village_is_named_where_it_lies(request, sample_review, which):
    found = request.getfixturevalue(which)
    villages = sample_review.layers["villages"].used
    named = [{text for kind, text, _ in s.page.texts if kind == "village"} for s, _ in found]
    frames = [ground_of(sheet) for sheet, _ in found]
    for name, place in zip(villages["name"], villages.geometry, strict=True):
        at = shapely.point_on_surface(place)
        well_inside = [f.buffer(-2 * 25).contains(at) for f in frames]
        assert any(shown(name) in names for names in named), name
        for names, inside in zip(named, well_inside, strict=True):
            if inside:
                assert shown(name) in names, name
    assert all(sheet.names.listed == [] for sheet, _ in found)


@pytest.mark.parametrize("which", ["wall", "many"])
def test_no_texts_overlap_and_no_panel_lies_on_the_commune(request, which):
    for sheet, _ in request.getfixturevalue(which):
        assert sheet.page.overlaps() == []
        panels = [patch for patch in sheet.page.axes.patches if patch.get_zorder() == 30]
        boxes = [shapely.box(*np.ravel(p.get_bbox().get_points())) for p in panels]
        assert len(boxes) >= 3
        page = shapely.box(0, 0, sheet.page.w, sheet.page.h)
        for i, box in enumerate(boxes):
            assert page.contains(box)
            assert not box.intersects(sheet.view.commune)
            assert all(box.intersection(other).area < 1e-6 for other in boxes[:i])


def test_a_place_on_two_sheets_has_one_coordinate(wall):
    """The grid's figures and every village lie at the same ground on both."""
    seen = {}
    for sheet, _ in wall:
        view = sheet.view
        for kind, text, box in sheet.page.texts:
            middle = box.centroid
            if kind == "grid" and len(text) == 2 and view.box[1] > middle.y:
                east, _ = view.ground(middle.x, middle.y)
                seen.setdefault(("east", text), []).append(float(east))
    shared = [places for places in seen.values() if len(places) > 1]
    assert shared
    for places in shared:
        assert max(places) - min(places) < 25  # a millimetre: small figures before the large
    village = shapely.Point(573_000, 2_456_000)
    for sheet, _ in wall:
        at = sheet.view.put(village)[0]
        east, north = sheet.view.ground(at.x, at.y)
        assert float(east) == pytest.approx(573_000, abs=1e-6)
        assert float(north) == pytest.approx(2_456_000, abs=1e-6)


def test_sheets_say_which_they_are_and_whose_the_figures_are(wall, sample_review):
    values = {m.id: m.value for m in sample_review.answer.measures}
    for i, (_, said) in enumerate(wall, 1):
        text = " ".join(said)
        assert f"xã Mường Khoa, tỉnh Lai Châu · mảnh {i}/2" in said
        assert "Sơ đồ ghép mảnh" in said
        assert {"1/2", "2/2"} <= set(said)
        assert f"Mảnh {i}/2. Khổ A1 (594 × 841 mm)" in text
        assert "Số liệu trong chú giải tính cho toàn xã (2 mảnh)." in said
        # The legend is the whole commune's on each.
        assert numbers.format_vi(values["roads.length_km.national"], "", 2) in said
        assert "Tỷ lệ 1:25.000" in said


def test_the_main_road_says_where_it_goes_on(wall):
    assert "sang mảnh 2/2" in wall[0][1]
    assert "sang mảnh 1/2" in wall[1][1]


def test_findings_stand_on_the_sheets_where_they_lie(wall, printer):
    with settings():
        alone = printer.draw("roads", A1)
    listed = {int(t) for _, said in wall for t in said if t.isdigit() and int(t) < 900}
    pinned = [f["number"] for f in alone.content.findings if f["at"] is not None]
    assert set(pinned) <= listed
    assert len(pinned) > 1


def test_the_diagram_fills_this_sheet_alone(wall):
    for i, (sheet, _) in enumerate(wall):
        tint = [p for p in sheet.page.axes.patches if p.get_facecolor()[:3] == (
            0xE8 / 255, 0xD9 / 255, 0xA8 / 255)]  # fmt: skip
        assert len(tint) == 1
        x = tint[0].get_path().vertices[:, 0].mean()
        number = next(t for t in sheet.page.axes.texts
                      if t.get_text() == f"{i + 1}/2" and t.get_fontproperties().get_file())  # fmt: skip
        other = next(t for t in sheet.page.axes.texts if t.get_text() == f"{2 - i}/2")
        assert abs(number.get_position()[0] - x) < abs(other.get_position()[0] - x)


# --- how sheets lie -------------------------------------------------------------------------------


@tried(max_examples=60, deadline=None)
@over(
    st.floats(3_000, 40_000), st.floats(3_000, 40_000),
    st.sampled_from(["A4", "A3", "A1"]), st.sampled_from([25_000, 50_000]),
    st.sampled_from([0.0, 90.0]),
)  # fmt: skip
def test_any_commune_is_held_by_the_fewest_sheets(wide, high, name, scale, column):
    form = standard.FORMATS[name]
    extent = (560_000.0, 2_450_000.0, 560_000 + wide, 2_450_000 + high)
    ground = shapely.box(*extent)
    try:
        found = tiling.tilings(form, extent, ground, scale, column)
    except OutputError:
        # Refused only where so many are needed that nobody joins them.
        area = wide * high * (1000 / scale) ** 2
        face = form.size[0] * form.size[1]
        assume(area < face * tiling.MOST * 0.2)
        raise
    for one in found:
        boxes = shapely.box(*np.array(one.boxes).T)
        assert shapely.union_all(boxes).buffer(1e-6).contains(ground)
        assert len(one.tiles) <= one.columns * one.rows
        if len(one.tiles) > 1:
            # Less the rounding of two corners to 100 m of ground.
            assert tiling.overlap_mm(one) >= tiling.LEAST_OVERLAP_MM - 100_000 / scale - 1e-6
    # No arrangement of less: so many faces, less what overlaps, would not reach across.
    best = found[0]
    left, bottom, right, top = best.frame.bounds
    for n, face, need in ((best.columns, right - left, wide), (best.rows, top - bottom, high)):
        if n > 1:
            reach = (n - 1) * face - (n - 2) * tiling.LEAST_OVERLAP_MM
            assert reach < need * 1000 / scale + 2 * best.format.pad


def test_sheets_without_any_of_the_commune_are_left_out():
    extent = (560_000.0, 2_450_000.0, 600_000.0, 2_490_000.0)
    slanting = shapely.LineString([extent[:2], extent[2:]]).buffer(1500, cap_style="flat")
    found = tiling.tilings(A3, slanting.bounds, slanting, 50_000)[0]
    assert len(found.tiles) < found.columns * found.rows
    assert shapely.union_all(shapely.box(*np.array(found.boxes).T)).contains(slanting)


def test_more_sheets_than_anybody_joins_are_refused(printer):
    with pytest.raises(OutputError) as caught:
        printer.made("roads", How("A4", ("pdf",), scale=5_000, parts=True))
    said = caught.value.say("vi")
    assert "A4" in said
    assert "--sheet A0" in said


def test_the_number_of_a_sheet():
    assert Part(1, ((0, 0, 1, 1),) * 11).mark == "2/11"


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(printer):
    return printer.made("roads", How("A1", ("pdf", "png"), scale=25_000, parts=True))


def test_the_pdf_has_the_sheets_as_its_pages(files):
    assert list(files) == ["1.png", "2.png", "pdf"]
    book = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    sizes = [tuple(round(float(v) * 25.4 / 72) for v in page.mediabox[2:]) for page in book.pages]
    assert sizes == [(594, 841), (594, 841)]
    for i, page in enumerate(book.pages, 1):
        assert f"mảnh {i}/2" in re.sub(r"\s+", " ", page.extract_text())
        fonts = page["/Resources"]["/Font"].get_object().values()
        for font in fonts:
            found = font.get_object()
            inner = (
                found["/DescendantFonts"][0].get_object() if "/DescendantFonts" in found else found
            )
            assert "/FontFile2" in inner["/FontDescriptor"].get_object()
    for i in (1, 2):
        assert Image.open(io.BytesIO(files[f"{i}.png"])).size == (2338, 3311)


def test_the_same_set_gives_the_same_bytes(files, sample_review):
    again = printmap.Printer(
        sample_review.answer, sample_review.layers, sample_review.commune, "vi", "ABCD-1234"
    )
    assert again.made("roads", WALL)["pdf"] == files["pdf"]


class Made:
    """A printer whose sheets are made already."""

    def __init__(self, made):
        self.all = made

    def made(self, *_):
        return self.all


def test_files_of_an_earlier_printing_do_not_stay(tmp_path):
    """Two sheets after three, one after two, a set after one: no file of another printing."""
    other = tmp_path / "roads-notes.png"
    other.write_bytes(b"own")
    for keys, expected in (
        (("1.png", "2.png", "3.png", "pdf"), {"roads-1.png", "roads-2.png", "roads-3.png"}),
        (("1.png", "2.png", "pdf"), {"roads-1.png", "roads-2.png"}),
        (("png", "pdf"), {"roads.png"}),
        (("1.png", "2.png", "pdf"), {"roads-1.png", "roads-2.png"}),
    ):
        press = Press(Made(dict.fromkeys(keys, b"x")), tmp_path, ("roads",), WALL)
        written = press.files("roads", "png")
        assert {path.name for path in written} == expected
        assert press.file("roads", "png") == written[0]
        assert press.further("roads", "png") == written[1:]
        assert {path.name for path in tmp_path.glob("*.png")} == expected | {other.name}
        assert press.file("roads", "pdf").name == "roads.pdf"


def test_a_run_leaves_no_picture_of_a_set(tmp_path):
    folder = tmp_path / "maps"
    folder.mkdir()
    for name in ("roads-1.png", "roads-12.svg", "roads-notes.png", "own-1.png"):
        (folder / name).write_bytes(b"x")
    stale.clear(tmp_path, (), set())
    assert {path.name for path in folder.iterdir()} == {"roads-notes.png", "own-1.png"}
