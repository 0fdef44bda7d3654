"""Map pages in Chromium, from disk, with the network off: what a reader sees and does."""

from __future__ import annotations

import importlib.util
import io
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from ntm_gis import crs
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import webmap
from ntm_gis.outputs.webmap import script

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def _synthetic() -> ModuleType:
    path = Path(__file__).parents[1] / "outputs" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


synthetic = _synthetic()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "maps"
    webmap.write(synthetic.answer(), synthetic.commune(), out)
    return out


class Reader:
    """A page and what it said and asked for."""

    def __init__(self, browser, folder: Path, viewport=DESKTOP) -> None:
        touch = viewport is PHONE
        self.context = browser.new_context(
            viewport=viewport, offline=True, has_touch=touch, is_mobile=touch
        )
        self.page = self.context.new_page()
        self.folder = folder
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, name: str, state: str = "") -> Reader:
        self.page.goto("about:blank")
        self.page.goto((self.folder / f"{name}.html").as_uri() + state)
        self.page.wait_for_function("document.documentElement.dataset.ready === 'true'")
        self.page.evaluate("document.fonts.ready")
        return self

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def pixels(self) -> np.ndarray:
        shot = self.page.locator("#map").screenshot()
        return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)

    def near(self, colour: str, within: int = 24) -> int:
        """Count the pixels of the map that are about of a colour."""
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        return int((np.abs(self.pixels() - rgb).max(axis=2) <= within).sum())


@pytest.fixture
def reader(browser, folder):
    made = Reader(browser, folder)
    yield made
    made.context.close()
    outside = [url for url in made.asked if not url.startswith(("file:", "data:", "about:"))]
    assert outside == []
    assert made.said == []


@pytest.fixture
def phone(browser, folder):
    made = Reader(browser, folder, PHONE)
    yield made
    made.context.close()
    assert made.said == []


def test_a_name_without_spaces_is_cut_on_the_map_and_whole_in_its_card(browser, tmp_path):
    long = "Bản" + "DàiThượt" * 25
    answer = synthetic.answer()
    villages = answer.frames["villages"].copy()
    villages.loc[villages.index[0], "name"] = long
    answer = replace(answer, frames={**answer.frames, "villages": villages})
    webmap.write(answer, synthetic.commune(), tmp_path / "maps")
    made = Reader(browser, tmp_path / "maps", {"width": 1280, "height": 800}).open("villages")
    cut = made.page.locator(".name.village", has_text="DàiThượt")
    assert cut.bounding_box()["width"] <= 195
    assert cut.inner_text().endswith("…")
    made.page.locator(".find input").fill("DàiThượt")
    made.page.locator("#hits li").first.click()
    assert long in made.text("#card h2")
    assert made.page.evaluate("document.documentElement.scrollWidth") <= 1280
    made.context.close()
    assert made.said == []


# --- every page -----------------------------------------------------------------------------------


def test_every_map_opens_without_a_word_and_without_a_request(reader, folder):
    for path in sorted(folder.glob("*.html")):
        reader.open(path.stem)
        assert reader.page.locator("#pane-layers details").count() >= 3
    files = [url for url in reader.asked if url.startswith("file:")]
    assert len(files) == len(list(folder.glob("*.html")))


def test_the_select_box_leads_to_the_other_maps_and_the_arrow_home(reader):
    reader.open("overview").page.select_option("#maps", "tea")
    reader.page.wait_for_url("**/tea.html")
    assert reader.page.title().startswith("Chè và cây trồng")
    assert reader.page.get_attribute(".home", "href") == "../index.html"


def test_hostile_texts_are_shown_as_typed_and_never_run(reader):
    reader.open("overview")
    reader.page.click("#tab-unplaced")
    listed = reader.text("#pane-unplaced")
    assert synthetic.HOSTILE[0] in listed
    assert synthetic.HOSTILE[2] in listed
    reader.page.get_by_text(synthetic.HOSTILE[0]).click()
    assert reader.text("#card h2") == synthetic.HOSTILE[0]
    reader.page.fill("#q", "hacked")
    assert reader.page.locator("#hits li").count() >= 3
    reader.open("overview", "#feature=MK04")
    assert "{{7*7}} {% raw %} ${window.hacked = 4}" in reader.text("#card")
    reader.open("overview", "#finding=1")
    assert synthetic.HOSTILE[1] in reader.text("#card h2")
    assert reader.page.evaluate("window.hacked") is None
    assert reader.page.locator("img[src=x], svg[onload]").count() == 0


# --- drawing --------------------------------------------------------------------------------------


def test_roads_are_drawn_in_the_colour_of_their_surface_and_go_when_switched_off(reader):
    reader.open("roads")
    concrete, gravel = reader.near("#e4501b"), reader.near("#ffd23c")
    assert concrete > 100
    assert gravel > 100
    reader.page.click("#group-0")
    assert reader.near("#e4501b") < concrete / 20
    assert reader.near("#ffd23c") < gravel / 20


@pytest.mark.parametrize(
    ("page", "feature", "source"),
    [
        ("schools", "T05", "truong_hoc.xlsx, Trường học, dòng 13"),
        ("irrigation", "N050", "dat_nong_nghiep.gpkg, dat_nn, dòng 51"),
    ],
    ids=["a symbol", "an area"],
)
def test_a_click_on_the_map_opens_what_was_clicked(reader, page, feature, source):
    reader.open(page)
    reader.page.fill("#q", feature)
    reader.page.press("#q", "Enter")
    reader.page.wait_for_selector("#card:not([hidden])")
    box = reader.page.locator("#map").bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] - 60, box["y"] + box["height"] / 2)
    reader.page.wait_for_selector("#card", state="hidden")
    wider = reader.page.locator("#map").bounding_box()["width"]
    assert wider > box["width"]
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.page.wait_for_selector("#card:not([hidden])")
    assert f" · {feature} · " in reader.text("#card .sub")
    assert source in reader.text("#card")


def test_the_card_never_covers_what_was_clicked(reader):
    reader.open("overview")
    box = reader.page.locator("#map").bounding_box()
    pin = reader.page.locator(".pin").last
    place = pin.bounding_box()
    pin.click()
    card = reader.page.locator("#card").bounding_box()
    after = pin.bounding_box()
    assert card["x"] + card["width"] == pytest.approx(box["x"] + box["width"], abs=1)
    assert after["x"] + after["width"] <= card["x"]
    assert place["width"] <= after["width"] <= 36  # a little larger, closer up


def test_names_of_villages_stand_clear_of_one_another(reader):
    reader.open("villages")
    boxes = [node.bounding_box() for node in reader.page.locator(".name.village").all()]
    assert len(boxes) == len(synthetic.VILLAGES)
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert min(across, down) <= 2


def test_ten_thousand_parcels_stay_usable(browser, tmp_path):
    webmap.write(synthetic.answer(12_000), synthetic.commune(), tmp_path, names=["irrigation"])
    reader = Reader(browser, tmp_path).open("irrigation")
    assert len(synthetic.answer(12_000).frames["farmland"]) > 9_000
    took = reader.page.evaluate(
        """() => { const start = performance.now();
        document.querySelector('#group-1').click();
        document.querySelector('#group-1').click();
        return performance.now() - start; }"""
    )
    reader.page.fill("#q", "N7500")
    assert (
        reader.page.locator("#hits li").first.inner_text().startswith("Thửa đất nông nghiệp N7500")
    )
    reader.context.close()
    assert took < 4_000, f"switching twice took {took:.0f} ms"
    assert reader.said == []


# --- legend, evidence -----------------------------------------------------------------------------


def test_an_amount_lights_up_its_features_and_lists_them_with_file_and_row(reader):
    reader.open("roads")
    before = reader.near("#b85c00", 10)
    row = reader.page.locator("#pane-layers li", has_text="Đường bản, liên bản")
    row.locator("button.amt").click()
    measure = next(m for m in synthetic.answer().measures if m.id == "roads.length_km.village")
    assert reader.page.locator("#card .members li").count() == len(measure.evidence.features)
    assert "duong_giao_thong.shp, dòng 3" in reader.text("#card")
    assert "chắc chắn từ" in reader.text("#card")
    assert reader.near("#b85c00", 10) > before + 500
    reader.page.locator("#card .members button").first.click()
    assert "Kết cấu mặt đường" in reader.text("#card")


def test_amounts_are_written_the_vietnamese_way(reader):
    reader.open("overview")
    assert "16.883,1\u00a0ha" in reader.text("#pane-layers")


def test_a_legend_row_switches_its_features(reader):
    reader.open("overview")
    box = reader.page.get_by_label("Bản", exact=True)
    names = reader.page.locator(".name.village")
    assert names.count() == 20
    box.uncheck()
    assert names.count() == 0
    box.check()
    assert names.count() == 20


# --- search ---------------------------------------------------------------------------------------


def test_search_needs_no_accents_and_tells_like_names_apart(reader):
    reader.open("overview")
    reader.page.keyboard.press("/")
    reader.page.keyboard.type("ho tra")
    first = reader.page.locator("#hits li").first.inner_text()
    assert first.startswith("Bản Hô Tra\n")
    assert re.search(r"Mường Khoa \(cũ\) · [\d.]+\sm", first)
    near = reader.page.locator("#hits li", has_text="Bản Hô Ta")
    assert near.count() == 1
    assert "tên gần giống" in near.inner_text()
    assert "Phúc Khoa" in near.inner_text()
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("Enter")
    assert reader.text("#card h2") == "Bản Hô Tra"
    assert "#feature=MK04" in reader.page.url


def test_search_says_when_there_is_nothing(reader):
    reader.open("overview").page.fill("#q", "zzzz")
    assert "Không thấy" in reader.text("#hits")


# --- links to a state -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "state", "heading"),
    [
        ("roads", "#feature=D06", "Đường vào bản Hô Tra"),
        ("overview", "#finding=3", "Hai đường vẽ cách nhau dưới 5 m."),
        ("tea", "#layer=tea_areas/neglected", "Chè bỏ hoang"),
        ("overview", "#layer=loudspeakers", "Loa truyền thanh"),
        ("overview", "#measure=tea.area_ha", "Diện tích chè"),
    ],
)
def test_a_link_opens_its_state(reader, page, state, heading):
    reader.open(page, state)
    assert reader.text("#card h2") == heading
    assert reader.page.url.endswith(state.replace("/", "%2F"))
    assert reader.near("#b85c00", 10) > 20


@pytest.mark.parametrize("kind", ["feature", "layer", "map", "measure", "finding"])
def test_a_link_to_what_is_not_there_says_so(reader, kind):
    reader.open("overview", f"#{kind}=NOWHERE")
    assert reader.text("#card h2").startswith("Không có ")
    assert reader.text("#card h2").endswith(" trên bản đồ này.")


def test_a_link_shows_where_in_the_commune_a_feature_is(reader):
    reader.open("overview", "#finding=1")
    frame = reader.page.locator("#map").bounding_box()
    names = reader.page.locator(".name.village")
    seen = [names.nth(i).bounding_box() for i in range(names.count())]
    assert seen
    assert all(frame["x"] <= b["x"] + b["width"] / 2 <= frame["x"] + frame["width"] for b in seen)


def test_escape_gives_the_focus_back_to_what_opened_the_card(reader):
    reader.open("roads").page.locator("button.amt").first.click()
    opened = reader.page.evaluate("document.querySelector('button.amt').id")
    assert reader.page.evaluate("document.activeElement.tagName") == "H2"
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate("document.activeElement.id") == opened


def test_the_findings_tab_lists_by_severity_in_the_words_of_the_office(reader):
    reader.open("overview").page.click("#tab-findings")
    text = reader.text("#pane-findings")
    words = ["Phải sửa trước", "Số tạm tính", "Nên xem lại", "Ghi chú"]
    assert [text.index(w) for w in words] == sorted(text.index(w) for w in words)
    assert text.startswith("Điểm cần kiểm tra")
    assert reader.page.locator(".pin").count() == 6 - 1  # notes are off at first


# --- coordinates ----------------------------------------------------------------------------------


def test_every_zone_agrees_with_proj_to_a_millimetre(reader):
    reader.page.goto("about:blank")
    run = "return e.map((x, i) => VN2000.toWgs84(x, n[i], zone));"
    source = f"([e, n, zone]) => {{ {script.source('10-coordinates.js')}\n{run} }}"
    for zone in (*crs.zones(), *crs.utm_zones()):
        east, north = (
            a.ravel()
            for a in np.meshgrid(
                np.linspace(420_000, 580_000, 5), np.linspace(950_000, 2_560_000, 7)
            )
        )
        given = {"meridian": zone.longitude, "k0": zone.k0, "east0": 500_000}
        found = np.array(reader.page.evaluate(source, [east.tolist(), north.tolist(), given]))
        lon, lat = crs.transformer(zone, "EPSG:4326").transform(east, north)
        metres = np.hypot(
            (found[:, 0] - lat) * 110_600, (found[:, 1] - lon) * 111_320 * np.cos(np.radians(lat))
        )
        assert metres.max() < 0.001, zone.code


def _shown(reader) -> tuple[float, float]:
    north, east = re.match(r"X ([\d.]+) · Y ([\d.]+) m", reader.text("#coords")).groups()
    return float(east.replace(".", "")), float(north.replace(".", ""))


def test_coordinates_follow_the_pointer_and_switch_to_degrees(reader):
    reader.open("overview", "#feature=MK04")
    reader.page.click("#card .ctl")
    box = reader.page.locator("#map").bounding_box()
    reader.page.mouse.move(box["x"] + 500, box["y"] + 300)
    x, y = _shown(reader)
    reader.page.mouse.move(box["x"] + 700, box["y"] + 300)
    x2, y2 = _shown(reader)
    assert y2 == y
    bar = reader.page.locator("#scale rect").first
    text = reader.page.locator("#scale svg").first.get_attribute("aria-label")
    value, unit = re.search(r"([\d,]+) (km|m)$", text).groups()
    metres = float(value.replace(",", ".")) * (1000 if unit == "km" else 1)
    per_pixel = metres / (2 * float(bar.get_attribute("width")))
    assert x2 - x == pytest.approx(200 * per_pixel, abs=1.5)
    assert "103°00’" in reader.text("#coords")
    reader.page.click("#coords")
    lat, lon = (
        float(v.replace(",", ".")) for v in re.findall(r"(\d+,\d+)°", reader.text("#coords"))
    )
    # The click itself moved the pointer: the place is what stood there before the switch.
    reader.page.click("#coords")
    east, north = _shown(reader)
    expected = crs.transformer(synthetic.CRS, "EPSG:4326").transform(east, north)
    assert (lon, lat) == pytest.approx(expected, abs=2e-5)
    assert "WGS 84" not in reader.text("#coords")


# --- keys, phone, languages -----------------------------------------------------------------------


def test_all_can_be_done_by_keyboard(reader):
    reader.open("overview")
    reader.page.focus("#tab-layers")
    reader.page.keyboard.press("ArrowRight")
    assert reader.page.is_visible("#pane-findings")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    assert reader.page.is_visible("#card")
    reader.page.keyboard.press("Escape")
    assert reader.page.is_hidden("#card")
    reader.page.focus(".pin")
    reader.page.keyboard.press("Enter")
    assert "Điểm số" in reader.text("#card .sub")


def test_on_a_phone_panels_are_sheets_and_nothing_sticks_out(phone):
    phone.open("overview")
    page = phone.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.is_hidden("#pane-layers")
    tab = page.locator("#tab-layers").bounding_box()
    assert tab["height"] >= 48
    assert tab["y"] + tab["height"] <= PHONE["height"] + 1
    page.tap("#tab-layers")
    sheet = page.locator("#panel").bounding_box()
    assert sheet["height"] <= 0.47 * PHONE["height"]
    assert page.locator("#pane-layers li").first.bounding_box()["height"] >= 40
    page.tap("#tab-layers")
    assert page.is_hidden("#pane-layers")
    page.fill("#q", "ho tra")
    page.tap("#hits li >> nth=0")
    card = page.locator("#card").bounding_box()
    assert card["height"] <= 0.49 * PHONE["height"]


def test_the_page_speaks_english_when_asked(browser, tmp_path):
    webmap.write(synthetic.answer(), synthetic.commune(), tmp_path, "en", names=["overview"])
    reader = Reader(browser, tmp_path).open("overview", "#feature=MK04")
    assert reader.text("#tab-layers") == "Legend"
    assert "Former commune" in reader.text("#card")
    assert "SAMPLE DATA" in reader.text(".bar")
    assert "16,883.1" in reader.text("#pane-layers")
    reader.context.close()
    assert reader.said == []


def test_a_commune_without_any_place_still_opens(browser, tmp_path):
    webmap.write(Answer(), synthetic.commune(), tmp_path)
    reader = Reader(browser, tmp_path).open("overview")
    assert reader.page.locator("#map canvas").count() == 2
    reader.context.close()
    assert reader.said == []


def test_the_sample_commune_is_drawn_small_and_without_a_word(browser, tmp_path, sample_review):
    found = sample_review
    (path,) = webmap.write(found.answer, found.commune, tmp_path, names=["overview"])
    assert path.stat().st_size < 2_000_000
    for viewport in (DESKTOP, PHONE):
        reader = Reader(browser, tmp_path, viewport).open("overview")
        names = reader.page.locator(".name.village").count()
        # On a phone a name is left out rather than put where it is read as another's.
        assert names == 20 if viewport is DESKTOP else 12 <= names <= 20
        assert reader.near("#565b66") > 30
        assert "DỮ LIỆU MINH HỌA" in reader.text(".bar")
        reader.context.close()
        assert reader.said == []
        assert [
            url for url in reader.asked if not url.startswith(("file:", "data:", "about:"))
        ] == []
