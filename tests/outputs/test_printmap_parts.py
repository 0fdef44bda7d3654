"""Parts of printed sheets against closed forms, other libraries and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path
from pyproj import Proj

from ntm_gis.layers.values import Grid, Origin
from ntm_gis.outputs.printmap import areas, copier, ground, solver, standard, strokes, symbols
from ntm_gis.outputs.printmap.candidates import Label
from ntm_gis.outputs.printmap.page import Page, black, compound
from ntm_gis.outputs.printmap.type import clipped, shown, width, wrapped
from ntm_gis.outputs.printmap.view import View, convergence
from ntm_gis.rules import maps
from ntm_gis.rules.commune import SourceEntry

CRS = "EPSG:9205"


def view(scale=25_000):
    frame = shapely.box(20, 30, 400, 280)
    ground_ = shapely.box(560_500, 2_450_500, 568_000, 2_455_000)
    return View(
        standard.FORMATS["A3"], frame, scale, 560_000.0, 2_450_000.0, CRS, ground_, free=frame
    )


# --- the transform --------------------------------------------------------------------------------


@given(st.floats(0, 9000), st.floats(0, 6000), st.sampled_from([5000, 25_000, 75_000]))
def test_ground_to_paper_and_back(east, north, scale):
    made = view(scale)
    x, y = made.points([[560_000 + east, 2_450_000 + north]])[0]
    assert x - 20 == pytest.approx(east * 1000 / scale, abs=1e-6)
    back = made.ground(x, y)
    assert float(back[0]) == pytest.approx(560_000 + east, abs=1e-6)
    assert float(back[1]) == pytest.approx(2_450_000 + north, abs=1e-6)


@given(st.floats(-1.5, 1.5), st.floats(8.5, 23.4))
def test_convergence_as_pyproj_has_it(from_meridian, latitude):
    expected = Proj(CRS).get_factors(103 + from_meridian, latitude).meridian_convergence
    assert convergence(from_meridian, latitude) == pytest.approx(expected, abs=1 / 3600)


def test_clipped_shapes_keep_their_rows():
    shapes = np.array([
        shapely.LineString([(560_000, 2_451_000), (569_000, 2_451_000)]),
        shapely.Point(), None,
        shapely.LineString([(100, 100), (200, 200)]),
    ], dtype=object)  # fmt: skip
    parts, rows = view().clipped_rows(shapes)
    assert rows.tolist() == [0]
    assert parts[0].length == pytest.approx(360.0)


# --- type -----------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_what_is_shown_is_one_line_the_font_can_draw(text):
    line = shown(text)
    assert "\n" not in line
    assert shown(line) == line
    assert width(line, 7.0) >= 0


@given(st.lists(st.sampled_from(["Bản", "Hô", "Tra", "Phiêng", "Tâm", "x" * 40]), max_size=14))
def test_wrapping_loses_nothing_and_keeps_to_the_room(words):
    lines = wrapped(" ".join(words), 7.0, 22.0)
    assert "".join(lines).replace(" ", "") == "".join(words)
    assert all(width(line, 7.0) <= 22.0 for line in lines)


def test_clipping_ends_with_an_ellipsis():
    assert clipped("Hô Tra", 7.0, 50) == "Hô Tra"
    assert clipped("Bản Phiêng Tâm và bản Hô Tra", 7.0, 20).endswith("…")


# --- symbols --------------------------------------------------------------------------------------


@given(st.floats(0.5, 9), st.booleans())
def test_two_half_circles_are_a_circle(radius, sweep):
    flag = int(sweep)
    data = f"M{-radius:.4f} 0a{radius:.4f} {radius:.4f} 0 1 {flag} {2 * radius:.4f} 0"
    data += f"a{radius:.4f} {radius:.4f} 0 1 {flag} {-2 * radius:.4f} 0z"
    path = symbols.parsed(data)
    ring = path.to_polygons()[0]
    assert shapely.Polygon(ring).area == pytest.approx(np.pi * radius**2, rel=2e-2)
    far = np.hypot(*np.asarray(path.interpolated(4).vertices)[:2].T)
    assert np.isfinite(far).all()


@pytest.mark.parametrize(
    ("large", "sweep", "share"), [(0, 1, 0.25), (1, 1, 0.75), (0, 0, 0.25), (1, 0, 0.75)]
)
def test_arcs_take_the_way_their_flags_say(large, sweep, share):
    path = symbols.parsed(f"M1 0A1 1 0 {large} {sweep} 0 1")
    line = np.concatenate([np.array(p) for p in path.to_polygons(closed_only=False)])
    long = np.hypot(*np.diff(line, axis=0).T).sum()
    assert long == pytest.approx(2 * np.pi * share, rel=0.02)


def test_every_symbol_and_pin_of_the_styles_is_drawn():
    known = maps.styles()
    page = Page(100, 100)
    for symbol in (*known.symbols.values(), *known.pins.values()):
        symbols.draw(page, symbol, 50, 50, 0.5, letter="A")
        half = symbols.extent(symbol, 0.168)
        assert 0.2 < min(half) <= max(half) < 5


def test_colours_for_a_copier_are_two():
    known = maps.styles()
    colours = {p.fill for s in known.symbols.values() for p in s.parts if p.fill}
    colours |= {p.stroke for s in known.symbols.values() for p in s.parts if p.stroke}
    assert {black(c) for c in colours} == {"#000000", "#ffffff"}


# --- lines and areas ------------------------------------------------------------------------------


def test_casings_lie_under_all_fills_and_high_classes_over_low_ones():
    style = maps.styles().styles["roads"]
    line = np.array([shapely.LineString([(10, 10), (90, 10)])], dtype=object)
    runs = [strokes.Run(line, style.case("concrete"), wide) for wide in style.classes]
    page = Page(100, 100)
    strokes.draw(page, style, runs, 1.0, 6.0)
    by_colour = {}
    for artist in page.axes.collections:
        colour = tuple(np.round(artist.get_colors()[0][:3], 3))
        by_colour.setdefault(colour, []).append((artist.get_zorder(), artist.get_linewidths()[0]))
    casing = by_colour[tuple(np.round([0x5C / 255, 0x1D / 255, 0x06 / 255], 3))]
    fill = by_colour[tuple(np.round([0xE4 / 255, 0x50 / 255, 0x1B / 255], 3))]
    assert max(z for z, _ in casing) < min(z for z, _ in fill)
    widest = max(fill, key=lambda one: one[1])
    assert widest[0] == max(z for z, _ in fill)
    assert widest[1] / standard.MM == pytest.approx(1.15)


def test_holes_stay_open():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(3, 3, 7, 7))
    path = compound(ring)
    assert path is not None
    assert path.contains_point((1, 1))
    starts = np.flatnonzero(np.asarray(path.codes) == Path.MOVETO)
    turns = [
        shapely.LinearRing(np.asarray(path.vertices)[a:b]).is_ccw
        for a, b in itertools.pairwise([*starts, len(path.vertices)])
    ]
    assert turns[0] != turns[1]


@pytest.mark.parametrize("name", sorted(maps.styles().patterns))
def test_marks_of_a_pattern_stay_on_their_ground(name):
    shape = shapely.Point(50, 50).buffer(20)
    page = Page(100, 100)
    areas.marks(page, maps.styles().patterns[name], np.array([shape]), 1.0, 3)
    lines = [s for c in page.axes.collections for s in c.get_segments()]
    filled = [p.get_path().vertices for p in page.axes.patches]
    assert lines or filled
    reach = shape.buffer(1.6)
    assert all(reach.contains(shapely.LineString(line)) for line in lines)


def test_waves_swing_about_their_line():
    line = np.array([[0.0, 0.0], [60.0, 0.0]])
    found = strokes.waves(line)
    assert np.abs(found[:, 1]).max() == pytest.approx(0.34, abs=0.02)
    assert abs(found[:, 1].mean()) < 0.02


# --- ground ---------------------------------------------------------------------------------------


def grid(heights):
    origin = Origin("dem.tif", "elevation", SourceEntry(layer="elevation", file="dem.tif"))
    return Grid(np.asarray(heights, np.float32), 560_000.0, 2_460_000.0, 30.0, origin)


def test_level_ground_has_no_shade_and_no_contours():
    made = ground.Ground(grid(np.full((40, 50), 730.0)))
    assert made.shade(25_000) == pytest.approx(np.ones((40, 50)))
    assert made.contours(20) == []
    assert made.peaks == []


def test_a_slope_that_looks_away_from_the_light_is_dark():
    east = np.tile(np.arange(60) * 12.0, (40, 1))
    rises_east = ground.Ground(grid(east)).shade(25_000)[20, 30]
    falls_east = ground.Ground(grid(east[:, ::-1])).shade(25_000)[20, 30]
    # The lights stand in the north-west: ground that falls to the west is bright.
    assert rises_east > 1 > falls_east


def test_contours_of_a_cone_are_circles_of_its_height():
    rows, columns = np.mgrid[0:201, 0:201]
    far = np.hypot(rows - 100, columns - 100) * 30.0
    made = ground.Ground(grid(2000 - far * 0.4))
    for height, lines in made.contours(100):
        if 1300 < height < 1900:
            assert len(lines) == 1
            radius = lines[0].length / 2 / np.pi
            assert radius == pytest.approx((2000 - height) / 0.4, rel=0.03)
    top = made.peaks[0]
    assert top[2] == pytest.approx(2000, abs=1)


def test_heights_are_interpolated_and_gaps_filled():
    heights = np.add.outer(np.arange(30.0), np.arange(40.0)) * 10
    made = ground.Ground(grid(heights))
    west, south, _, _ = made.grid.bounds
    found = made.height([west + 30 * 5.5], [south + 30 * 4.5])
    assert found[0] == pytest.approx(heights[::-1][4, 5])
    heights[10:14, 10:14] = np.nan
    filled = ground.Ground(grid(heights))
    assert np.isfinite(filled.heights).all()
    assert not filled.known[::-1][11, 11]


def test_relief_needs_fewer_colours_than_a_palette_holds():
    rows, columns = np.mgrid[0:180, 0:260]
    heights = 900 + 500 * np.sin(rows / 17) * np.cos(columns / 23)
    page, made = Page(420, 297), view(50_000)
    made.__dict__["commune"] = shapely.box(100, 80, 250, 200)
    ground.relief(page, made, ground.Ground(grid(heights)))
    picture = np.asarray(page.axes.images[0].get_array())
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) < 256


# --- the placing of names -------------------------------------------------------------------------


def label(cost, corners, worth=100.0):
    made = Label("spot", ("x",), 7.0, worth=worth)
    at = np.array(corners, dtype=float)
    made.put(np.array(cost), shapely.box(at[:, 0], at[:, 1], at[:, 0] + 6, at[:, 1] + 3))
    return made


def brute(labels):
    """The least cost over every way of placing or leaving out."""
    best = np.inf
    for pick in itertools.product(*[range(-1, len(one.boxes[0])) for one in labels]):
        chosen = [labels[i].boxes[0][k] for i, k in enumerate(pick) if k >= 0]
        if any(
            a.buffer(solver.GAP_MM, join_style="mitre").intersects(b)
            for a, b in itertools.combinations(chosen, 2)
        ):
            continue
        cost = sum(labels[i].worth if k < 0 else labels[i].cost[0][k] for i, k in enumerate(pick))
        best = min(best, cost)
    return best


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 9), st.integers(30, 55), st.integers(40, 52)),
            min_size=1, max_size=4,
        ),
        min_size=2, max_size=4,
    )
)  # fmt: skip
def test_placing_is_the_best_there_is(given_labels):
    labels = [
        label([c for c, _, _ in one], [(x, y) for _, x, y in one], worth=20.0 + i)
        for i, one in enumerate(given_labels)
    ]
    made = view()
    made.commune_ground = None
    placed, _ = solver.solve(labels, made, {})
    boxes = [p.taken for p in placed.values()]
    assert all(a.distance(b) >= solver.GAP_MM - 1e-9 for a, b in itertools.combinations(boxes, 2))
    cost = 0.0
    for i, one in enumerate(labels):
        if i not in placed:
            cost += one.worth
            continue
        same = [
            c for c, b in zip(one.cost[0], one.boxes[0], strict=True) if b.equals(placed[i].box)
        ]
        cost += min(same)
    best = brute(labels)
    assert best - 1e-6 <= cost <= best * 1.0101 + 1e-6


def test_no_name_covers_a_symbol():
    made = view()
    made.commune_ground = None
    made.symbols.append((shapely.box(30, 40, 40, 50), -2))
    placed, _ = solver.solve([label([0.0, 5.0], [(35, 45), (60, 60)])], made, {})
    assert placed[0].box.bounds[0] == pytest.approx(60)


# --- what stands for a colour ---------------------------------------------------------------------


USES = ("LUC", "HNK", "CLN", "RSX", "RPH", "NTS", "ONT", "DGD", "NTD")


def inked(page, dpi=300):
    """The page as rows of 0 and 1, 1 is ink."""
    from ntm_gis.outputs.printmap.printer import pixels

    return (pixels(page, dpi)[..., 0] < 128).astype(float)


def swatch(code, box=(2.0, 2.0, 36.0, 36.0), *, legend=False):
    """Ground of a use as a copier has it, on the map or as a sample of the legend."""
    case = maps.styles().styles["plan_zones"].cases[1]
    page = Page(40, 40, bw=True)
    x, y, w, h = box
    if legend:
        areas.sample(page, case, box, 0.85, 3, "#ffffff", code)
    else:
        shape = np.array([shapely.box(x, y, x + w, y + h)], dtype=object)
        areas.draw(page, shape, case, 0.85, 3, colour="#ffffff", code=code)
    return page


def copied(ink, rng, times=2):
    """A copy of a copy: blurred, hard, noisy, two in a hundred larger, with dirt."""
    from scipy.ndimage import gaussian_filter, zoom

    for _ in range(times):
        h, w = ink.shape
        larger = zoom(gaussian_filter(ink, 0.8), 1.02, order=1)
        y, x = (larger.shape[0] - h) // 2, (larger.shape[1] - w) // 2
        tone = np.clip((larger[y : y + h, x : x + w] - 0.5) * 2.2 + 0.5, 0, 1)
        ink = (tone + rng.normal(0, 0.12, tone.shape) > 0.5).astype(float)
        ink[rng.random(ink.shape) > 0.9994] = 1
    return ink


def spectrum(ink):
    """What a pattern is, wherever it begins: its frequencies, and how black it is."""
    middle = ink[60:-60, 60:-60]
    power = np.abs(np.fft.rfft2(middle - middle.mean()))[:60, :60]
    coarse = power.reshape(20, 3, 20, 3).sum(axis=(1, 3))
    return np.r_[(coarse / np.linalg.norm(coarse)).ravel(), 3 * middle.mean()]


def test_uses_of_land_are_told_apart_after_two_copies():
    rng = np.random.default_rng(7)
    clean = {code: inked(swatch(code)) for code in USES}
    known = {code: spectrum(ink) for code, ink in clean.items()}
    for code, ink in clean.items():
        seen = spectrum(copied(ink, rng))
        far = {other: np.linalg.norm(seen - one) for other, one in known.items()}
        assert min(far, key=far.get) == code


@pytest.mark.parametrize("code", USES)
def test_a_sample_of_the_legend_shows_the_marks_of_its_ground(code):
    box = (10.0, 10.0, 6.2, 2.9)
    page = swatch(code, box, legend=True)
    ink = inked(page)
    scale = 300 / 25.4
    rows, columns = slice(int((40 - 12.6) * scale), int((40 - 10.4) * scale)), slice(124, 186)
    assert ink[rows, columns].mean() > 0.02
    assert inked(swatch("CSD", box, legend=True))[rows, columns].mean() == 0


def test_a_small_plot_has_a_mark_of_its_own():
    plots = np.array(
        [shapely.Point(10 + 7.3 * i, 20 + 1.1 * i).buffer(0.9) for i in range(9)], dtype=object
    )
    page = Page(100, 100, bw=True)
    areas.marks(page, maps.styles().patterns["tea"], plots, 0.9, 3)
    marks = [shapely.LineString(s) for c in page.axes.collections for s in c.get_segments()]
    tree = shapely.STRtree(marks)
    assert all(len(tree.query(plot, "intersects")) for plot in plots)


@pytest.mark.parametrize("name", ["unknown", "flood", "served"])
def test_plots_far_apart_on_a_large_sheet_keep_their_hatch(name):
    plots = np.array([shapely.Point(x, y).buffer(4) for x in (9, 590, 1170) for y in (8, 830)])
    page = Page(1189, 841)
    areas.marks(page, maps.styles().patterns[name], plots, 1.65, 3)
    lines = [shapely.LineString(s) for c in page.axes.collections for s in c.get_segments()]
    tree = shapely.STRtree(lines)
    assert all(len(tree.query(plot, "intersects")) > 2 for plot in plots)


def test_works_do_not_look_like_roads_in_black_and_white():
    style, roads = maps.styles().styles["road_progress"], maps.styles().styles["roads"]
    line = np.array([shapely.LineString([(5, 20), (35, 20)])], dtype=object)
    seen = []
    for case in style.cases:
        page = Page(40, 40, bw=True)
        strokes.draw(page, style, [strokes.Run(line, case)], 0.85, 6.0)
        seen.append(inked(page))
    commune = next(one for one in roads.classes if one.code == "commune")
    for case in roads.cases:
        page = Page(40, 40, bw=True)
        strokes.draw(page, roads, [strokes.Run(line, case, commune)], 0.85, 6.0)
        seen.append(inked(page))
    widths = [np.ptp(np.flatnonzero(ink.any(axis=1))) / 300 * 25.4 for ink in seen]
    assert min(widths[: len(style.cases)]) > 1.5 * max(widths[len(style.cases) :])
    works = seen[: len(style.cases)]
    assert all(
        np.abs(a - b).sum() > 0.1 * max(a.sum(), b.sum())
        for a, b in itertools.combinations(works, 2)
    )


def test_colours_of_land_that_some_readers_mix_up_bear_marks():
    """Least difference between the colours of uses without marks, to three kinds of eyes."""
    weak = {
        "deuteranope": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
        "protanope": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    }

    def lab(colour, eye):
        rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        to = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
        seen = np.clip(np.array(eye) @ light, 0, 1)
        xyz = np.array(to) @ seen / [0.95047, 1, 1.08883]
        f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    palette = maps.styles().land_use
    common = ("LUC", "HNK", "CLN", "RSX", "RPH", "RDD", "NTS", "ONT", "DGD", "NTD")
    for eye in (np.eye(3), *weak.values()):
        for a, b in itertools.combinations(common, 2):
            marked = [copier.pattern_of(code, palette[code]) for code in (a, b)]
            if marked[0] == marked[1]:
                assert np.linalg.norm(lab(palette[a], eye) - lab(palette[b], eye)) > 12
