"""Measuring, swiping and compressed pages in Chromium: checked against PROJ's geodesics."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from ntm_gis import crs
from ntm_gis.outputs import page as pages
from ntm_gis.outputs import webmap
from ntm_gis.outputs.webmap import script

pytestmark = pytest.mark.browser

GEOD = Geod(ellps="WGS84")


@pytest.fixture
def opened(browser, tmp_path):
    """Return what opens a page with the network off and watches what it says."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    tab = context.new_page()
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))

    def go(path: Path):
        tab.goto(path.as_uri())
        tab.wait_for_function("document.documentElement.dataset.ready === 'true'")
        return tab

    yield go
    context.close()
    assert said == []


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, synthetic_commune) -> Path:
    out = tmp_path_factory.mktemp("maps")
    webmap.write(synthetic_commune.answer(), synthetic_commune.commune(), out)
    return out


def _ring(rng: np.random.Generator, radius: float) -> np.ndarray:
    angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
    reach = radius * rng.uniform(0.4, 1.0, 9)
    return np.c_[570_000 + reach * np.cos(angles), 2_455_000 + reach * np.sin(angles)]


@pytest.mark.parametrize("radius", [3.0, 150.0, 4_000.0, 15_000.0])
def test_lengths_and_areas_are_those_of_projs_geodesics(browser, radius):
    files = ("10-coordinates.js", "12-ellipsoid.js")
    sources = "\n".join(script.source(name) for name in files)
    run = f"([p, z]) => {{ {sources}\n return [ELLIPSOID.length(p, z), ELLIPSOID.area(p, z)]; }}"
    zone = crs.zone("EPSG:9205")
    given = {"meridian": zone.longitude, "k0": zone.k0, "east0": 500_000}
    tab = browser.new_context().new_page()
    for seed in range(5):
        ring = _ring(np.random.default_rng(seed), radius)
        length, area = tab.evaluate(run, [ring.tolist(), given])
        dense = shapely.segmentize(shapely.Polygon(ring), 25)
        lon, lat = crs.transformer(zone, "EPSG:4756").transform(*dense.exterior.coords.xy)
        line = shapely.segmentize(shapely.LineString(ring), 25)
        wanted = GEOD.line_length(*crs.transformer(zone, "EPSG:4756").transform(*line.coords.xy))
        assert length == pytest.approx(wanted, abs=1e-4, rel=1e-9)
        wanted_area = abs(GEOD.polygon_area_perimeter(lon, lat)[0])
        assert area == pytest.approx(wanted_area, abs=0.01, rel=1e-8)
    tab.context.close()


def test_pressing_three_corners_tells_length_and_area(opened, drawn):
    tab = opened(drawn / "overview.html")
    tab.click("#ruler")
    assert "Bấm lên bản đồ" in tab.inner_text("#measure")
    box = tab.locator("#map").bounding_box()
    for x, y in ((300, 200), (500, 200), (500, 400)):
        tab.mouse.click(box["x"] + x, box["y"] + y)
        tab.wait_for_timeout(400)  # two presses within it would be a double click
    length, area = tab.inner_text("#measured-length"), tab.inner_text("#measured-area")
    km, ha = (
        float(t.split("\xa0")[0].split(" ")[0].replace(".", "").replace(",", "."))
        for t in (length, area)
    )
    # A right angle of equal sides: its area is half the square of a half of its length.
    assert length.endswith("km")
    assert ha * 1e4 == pytest.approx((km * 1e3 / 2) ** 2 / 2, rel=2e-3)
    assert tab.locator("#card").is_hidden()
    tab.click("#measure-back")
    assert tab.locator("#measured-area").count() == 0
    tab.keyboard.press("Escape")
    assert tab.locator("#measure").is_hidden()


def test_measuring_works_without_a_mouse(opened, drawn):
    tab = opened(drawn / "overview.html")
    tab.focus("#ruler")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_timeout(400)
    tab.keyboard.press("Enter")
    assert tab.inner_text("#measured-length") != "0 m"


def test_the_line_parts_before_from_after(opened, drawn):
    tab = opened(drawn / "plans.html")
    titles = [t.split(": ")[1] for t in [tab.get_attribute("#swipe-button", "title")]]
    tab.click("#swipe-button")
    assert titles == [f"{tab.inner_text('#swipe-before')} | {tab.inner_text('#swipe-after')}"]
    halves = []
    for key in ("Home", "End"):
        tab.focus("#swipe-line")
        tab.keyboard.press(key)
        tab.wait_for_timeout(200)
        halves.append(tab.locator("#map").screenshot())
    assert halves[0] != halves[1]
    assert tab.get_attribute("#swipe-line", "aria-valuenow") == "98"
    tab.click("#swipe-button")
    assert tab.locator("#swipe-line").is_hidden()


def test_large_pages_are_packed_and_open_the_same(opened, tmp_path, monkeypatch, synthetic_commune):
    answer, commune = synthetic_commune.answer(3_000), synthetic_commune.commune()
    plain = webmap.Atlas(answer, commune).render("irrigation")
    monkeypatch.setattr(pages, "PACKED_FROM", 10_000)
    packed = webmap.Atlas(answer, commune).render("irrigation")
    assert 'type="application/gzip"' in packed
    assert len(packed) < 0.7 * len(plain)
    legends = []
    for name, text in (("plain", plain), ("packed", packed)):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        legends.append(opened(path).inner_text("#pane-layers"))
    assert legends[0] == legends[1]


def test_a_link_leads_to_the_printed_sheet_where_there_is_one(synthetic_commune):
    answer, commune = synthetic_commune.answer(), synthetic_commune.commune()
    pages_ = [
        webmap.Atlas(answer, commune, printed=names).render("tea") for names in ((), ("tea",))
    ]
    assert ['href="tea.pdf"' in text for text in pages_] == [False, True]
