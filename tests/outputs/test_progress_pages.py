"""Pages of road works in Chromium: pointed at, moved through time, printed; texts stay texts."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, ModuleType

import pytest
import shapely

from ntm_gis import crs, outputs
from ntm_gis.errors import OutputError
from ntm_gis.layers.decisions import NOTHING
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import webmap
from ntm_gis.outputs.progress import disputed, page


def _beside(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rw = _beside("roadworks")
Outline = _beside("test_startpage").Outline
HEAD = "7K3M-Q9TD"
SIZES = pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])


@pytest.fixture(scope="module")
def answer() -> Answer:
    return rw.answer()


@pytest.fixture(scope="module")
def layers():
    return rw.layers()


@pytest.fixture(scope="module")
def html(answer, layers) -> str:
    return page.render(answer, layers, "vi", has_map=True, record_head=HEAD)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        try:
            found = play.chromium.launch()
        except Exception:  # noqa: BLE001 - no browser of its own: the system's
            found = play.chromium.launch(executable_path="/usr/bin/chromium")
        yield found
        found.close()


class Opened:
    """A page opened from disk without network; `said` is what it complained of."""

    def __init__(self, browser, path: Path, size: tuple[int, int], *, script: bool = True) -> None:
        self.said: list[str] = []
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, java_script_enabled=script
        )
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", self._asked)
        self.page.goto(path.as_uri())

    def _asked(self, request) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.said.append(request.url)


def text_of(opened: Opened, selector: str) -> str:
    return re.sub(r"\s+", " ", opened.page.inner_text(selector))


# --- as text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_well_formed_and_its_links_lead_somewhere(answer, layers, lang):
    outline = Outline()
    outline.feed(page.render(answer, layers, lang, has_map=True, record_head=HEAD))
    assert outline.wrong == []
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    within = {t[1:] for t in outline.targets if t.startswith("#")}
    assert within <= set(outline.ids)
    outside = {t for t in outline.targets if not t.startswith("#")}
    assert outside == {"index.html", "maps/road_progress.html"}


def test_nothing_refers_to_the_network_and_nothing_runs_but_ours(html):
    outline = Outline()
    outline.feed(html)
    assert "http:" not in html.replace("http://www.w3.org/2000/svg", "").replace("evil", "")
    assert not any(name.startswith("on") or name == "style" for _, a in outline.tags for name in a)
    assert sum(tag == "script" for tag, _ in outline.tags) == 2
    assert "default-src 'none'" in html
    assert "unsafe" not in html.split("<style>")[0]


def test_hostile_texts_are_shown_as_they_are(html):
    outline = Outline()
    outline.feed(html)
    shown = " ".join(outline.text)
    for words in rw.HOSTILE[1:4]:
        assert words in shown
    assert "\u202e" not in html
    assert "\x07" not in html


def test_every_finding_keeps_its_number_and_the_check_code_ends_the_page(html):
    outline = Outline()
    outline.feed(html)
    shown = " ".join(outline.text)
    assert "Báo cáo B5 hẹp." in shown
    assert f"Mã kiểm tra hồ sơ: {HEAD}" in shown
    assert "Km0+000 – Km7+000" in shown


def test_without_a_record_and_a_map_nothing_is_said_of_them(answer, layers):
    text = page.render(answer, layers)
    assert "Mã kiểm tra hồ sơ" not in text
    assert "road_progress.html" not in text


def test_a_commune_without_works_has_a_page_that_says_so(layers):
    assert "chưa khai báo công trình đường nào" in page.render(Answer(), layers)


def test_a_work_whose_ends_are_not_known_says_what_to_record(html):
    assert "Chưa rõ điểm đầu, điểm cuối của công trình" in html


# --- pointed at -----------------------------------------------------------------------------------


@pytest.mark.browser
@SIZES
def test_pointing_at_any_place_tells_who_reported_and_who_checked(html, browser, tmp_path, size):
    path = tmp_path / "progress.html"
    path.write_text(html, encoding="utf-8")
    opened = Opened(browser, path, size)
    work = opened.page.locator("#w1")
    strip = work.locator(".strip").bounding_box()
    # Km0+600 of seven kilometres, in the middle of the band.
    at = strip["x"] + strip["width"] * (0.015 + 0.97 * 600 / 7000)
    work.locator(".strip").scroll_into_view_if_needed()
    strip = work.locator(".strip").bounding_box()
    opened.page.mouse.click(at, strip["y"] + 36)
    told = text_of(opened, "#w1 .panel")
    for words in ("Km0+6", "Đã nghiệm thu", "B2", "Người báo: UBND xã",
                  "Xác nhận: Phòng Kinh tế (12/BB-NT)", "A1.jpg", "Báo cáo đường · dòng 5"):  # fmt: skip
        assert words in told
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert opened.said == []


@pytest.mark.browser
def test_the_keyboard_reaches_any_hundred_metres(html, browser, tmp_path):
    path = tmp_path / "progress.html"
    path.write_text(html, encoding="utf-8")
    opened = Opened(browser, path, (1366, 768))
    slider = opened.page.locator("#w1-at")
    slider.focus()
    for _ in range(22):
        opened.page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "Km2+200: Đang có ý kiến khác nhau, chưa tính"
    told = text_of(opened, "#w1 .panel")
    assert "B3" in told
    assert "chưa ai xác nhận" in told
    assert "zalo.jpg" in told
    # A stretch of the chart is a link: pressed with Enter it tells of its middle.
    opened.page.locator("#w1 .strip a").first.focus()
    opened.page.keyboard.press("Enter")
    assert "Km0+625" in text_of(opened, "#w1 .panel")
    assert opened.said == []


@pytest.mark.browser
def test_a_link_leads_to_a_place_on_a_road(html, browser, tmp_path):
    path = tmp_path / "progress.html"
    path.write_text(html, encoding="utf-8")
    opened = Opened(browser, path, (1366, 768))
    opened.page.goto(path.as_uri() + "#work=CT01&at=2700")
    opened.page.reload()
    told = text_of(opened, "#w1 .panel")
    assert "Chưa làm" in told
    assert "Hẹp hơn mức tối thiểu" in told


@pytest.mark.browser
def test_without_a_script_the_chart_leads_to_the_table(html, browser, tmp_path):
    path = tmp_path / "progress.html"
    path.write_text(html, encoding="utf-8")
    opened = Opened(browser, path, (1366, 768), script=False)
    opened.page.locator("#w1 .strip a").nth(3).click()
    assert opened.page.url.endswith("#w1-4")
    assert "Km2+100 – Km2+400" in text_of(opened, "#w1-4")


# --- the map through time -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def map_html(answer, layers) -> str:
    return webmap.Atlas(answer, layers.commune).render("road_progress")


def test_other_maps_bear_nothing_of_days(answer, layers, map_html):
    other = webmap.Atlas(answer, layers.commune).render("roads")
    assert "80-time" not in other
    assert 'id="time"' not in other
    assert "drawTime" not in other
    assert "drawTime" in map_html


def test_the_map_names_nothing_outside_and_has_no_inline_handler(map_html):
    own = re.sub(r'<script type="application/json".*?</script>', "", map_html, flags=re.DOTALL)
    assert not re.search(r"https?:(?!//www\.w3\.org)", own)
    body = own[own.index("</style>") : own.index("<script>")]
    assert not re.search(r"\son\w+=|\sstyle=", body)


@pytest.mark.browser
@SIZES
def test_the_slider_shows_each_day_and_says_it(map_html, browser, tmp_path, size):
    path = tmp_path / "road_progress.html"
    path.write_text(map_html, encoding="utf-8")
    opened = Opened(browser, path, size)
    day = opened.page.locator("#day")
    # Who listens hears the day and what stands on it.
    assert str(day.get_attribute("aria-valuetext")).startswith("31/12/2025; Đã nghiệm thu 1,25 km;")
    assert "Đến 31/12/2025" in text_of(opened, "#time")
    legend = opened.page.evaluate("document.getElementById('pane-layers').textContent")
    assert "0,30" in legend.replace("\u00a0", " ")
    day.focus()
    opened.page.keyboard.press("ArrowLeft")
    assert str(day.get_attribute("aria-valuetext")).startswith("30/09/2025; ")
    assert opened.page.evaluate("document.activeElement.id") == "day"
    assert opened.page.locator(".cell").count() == 4
    opened.page.keyboard.press("Home")
    assert "Đến 20/04/2025" in text_of(opened, "#time")
    assert opened.page.locator(".cell").count() == 2
    opened.page.locator("#day-after").click()
    assert "Đến 30/09/2025" in text_of(opened, "#time")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert opened.said == []


@pytest.mark.browser
def test_a_stretch_of_the_strip_opens_its_card(map_html, browser, tmp_path):
    path = tmp_path / "road_progress.html"
    path.write_text(map_html, encoding="utf-8")
    opened = Opened(browser, path, (1366, 768))
    opened.page.locator(".cell").first.click()
    card = text_of(opened, "#card")
    for words in ("Đã nghiệm thu", "B2", "Người báo: UBND xã", "Phòng Kinh tế (12/BB-NT)"):
        assert words in card
    assert "Chưa ghi: Mã công trình" not in card
    # The days of a work of hostile names are as good as any.
    opened.page.locator("#work").select_option("1")
    opened.page.locator(".cell").first.click()
    assert rw.HOSTILE[1] in text_of(opened, "#card")
    assert opened.said == []


@pytest.mark.browser
def test_what_is_not_credited_is_on_the_map_with_its_reason(map_html, browser, tmp_path):
    path = tmp_path / "road_progress.html"
    path.write_text(map_html, encoding="utf-8")
    opened = Opened(browser, path, (1366, 768))
    opened.page.goto(path.as_uri() + "#layer=tracks_not_credited")
    opened.page.reload()
    listed = text_of(opened, "#card")
    assert "gpx/1.gpx" in listed
    opened.page.locator("#card .members button").first.click()
    assert "Chưa tính: trống 400 m." in text_of(opened, "#card")
    assert opened.said == []


# --- two pages ------------------------------------------------------------------------------------


def sheet(answer, layers, span=(210_000, 240_000), work="CT01", decisions=None, lang="vi") -> str:
    given = rw.DECISIONS if decisions is None else decisions
    return disputed.render(answer, layers, layers.commune, (work, *span), lang, decisions=given)


def test_the_sheet_tells_who_what_when_and_where(answer, layers):
    outline = Outline()
    outline.feed(sheet(answer, layers))
    assert outline.wrong == []
    shown = re.sub(r"\s+", " ", " ".join(outline.text)).replace("\u00a0", " ")
    for words in (
        "Km2+100 – Km2+400, dài 300 m", "B3", "30/09/2025", "Km1+250 – Km2+600", "3,4",
        "Có đoạn đang có ý kiến khác nhau", "GPX1, Km2+000 – Km2+400: Chưa tính: trống 400 m.",
        "zalo.jpg, Km2+200, 01/10/2025", "10/05/2025: 210 triệu đồng (UNC 021)",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "BIÊN BẢN KIỂM TRA HIỆN TRƯỜNG", "(Ký, ghi rõ họ tên)", HEAD, "kinh tuyến trục 103°00'",
    ):  # fmt: skip
        assert words in shown
    # A dispute elsewhere, and money paid after the day of the figures, are not of it.
    assert "Bản Hô Tra, ngày 10/10/2025" not in shown
    assert "UNC 003" not in shown


def test_the_ends_are_those_of_the_ground(answer, layers):
    text = sheet(answer, layers)
    # Km2+100 and Km2+400 of a road that runs due east from its start.
    for metres in (2100, 2400):
        place = (rw.X0 + metres, rw.Y0)
        longitude, latitude = crs.transformer(rw.CRS, "EPSG:4326").transform(*place)
        assert f"{latitude:.6f}, {longitude:.6f}" in text
        assert f"{place[0]:,.2f}".translate(str.maketrans(",.", ".,")) in text


def test_only_a_stretch_within_a_known_work_has_a_sheet(answer, layers):
    with pytest.raises(OutputError, match="CT99") as raised:
        sheet(answer, layers, work="CT99")
    assert "CT01" in raised.value.say("vi")
    for span in ((650_000, 720_000), (20_000, 10_000), (5, 5)):
        with pytest.raises(OutputError) as raised:
            sheet(answer, layers, span)
        assert raised.value.code == "SHEET_BEYOND_WORK"


def test_a_work_that_is_not_drawn_has_a_sheet_without_coordinates(answer, layers):
    text = sheet(answer, layers, (10_000, 20_000), rw.EVIL, NOTHING)
    assert "Chưa vẽ được đoạn này trên bản đồ" in text
    assert "Mã kiểm tra hồ sơ" not in text
    assert "<img" not in text


def test_the_name_of_the_file_holds_nothing_that_a_user_wrote(answer, layers, tmp_path):
    made = outputs.disputed_sheet(
        answer, layers, layers.commune, rw.EVIL, 10_000, 20_000, tmp_path / "hiện trường"
    )
    assert [p.is_file() for p in made] == [True]
    assert re.fullmatch(r"kiem-tra-hien-truong-[0-9a-f]{6}-100-200\.html", made[0].name)


def crowded() -> Answer:
    """Return an answer with far more of everything than two pages hold."""
    found = rw.answer()
    long = "Ủy ban nhân dân xã Mường Khoa, tổ công tác liên ngành kiểm tra hiện trường " * 3
    reports = [
        rw.report(f"BÁO-CÁO-RẤT-DÀI-{k}", (2000 + k, 2500), "poured", rw.d(1, 9), "disputed",
                  reported_by=long, verified_by=long, minute_no=long, width_m=3.25,
                  thickness_cm=16.0)
        for k in range(40)
    ]  # fmt: skip
    tracks = [rw.track(f"TUYẾN-{k} {long}", (2000, 2500), "gap", long) for k in range(30)]
    photos = [rw.photo(f"{k} {long}.jpg", 2200 + k, "gps", rw.d(1, 9)) for k in range(30)]
    frames = {
        **found.frames,
        "road_reports": rw.frame(reports, rw.REPORT_COLUMNS),
        "tracks": rw.frame(tracks, rw.TRACK_COLUMNS),
        "photos": rw.frame(photos, rw.PHOTO_COLUMNS),
    }
    return replace(found, frames=MappingProxyType(frames))


def many_disputes():
    one = rw.DECISIONS.disputes[0]
    more = tuple(
        replace(one, entry=f"x{k}", raised_by="Tên rất dài " * 20, why="Vì sao " * 60)
        for k in range(12)
    )
    return replace(rw.DECISIONS, disputes=more)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("case", ["usual", "crowded", "bare"])
def test_the_sheet_prints_on_exactly_two_pages_and_nothing_is_cut_off(
    answer, layers, browser, tmp_path, case, lang
):
    given = crowded() if case == "crowded" else answer
    decisions = {"usual": rw.DECISIONS, "crowded": many_disputes(), "bare": NOTHING}[case]
    work, span = ("CT01", (210_000, 240_000)) if case != "bare" else (rw.EVIL, (10_000, 20_000))
    path = tmp_path / "sheet.html"
    path.write_text(sheet(given, layers, span, work, decisions, lang), encoding="utf-8")
    opened = Opened(browser, path, (1000, 900))
    made = opened.page.pdf(prefer_css_page_size=True, print_background=False)
    assert len(re.findall(rb"/Type\s*/Page[^s]", made)) == 2
    bottoms = opened.page.evaluate(
        """() => [...document.querySelectorAll('.sheet')].map(s => {
          const foot = s.querySelector('footer').getBoundingClientRect().top;
          return [...s.children].filter(c => c.tagName !== 'FOOTER')
            .every(c => c.getBoundingClientRect().bottom <= foot); })"""
    )
    assert bottoms == [True, True]
    wide = opened.page.evaluate(
        "() => [...document.querySelectorAll('.sheet')].every(s => s.scrollWidth <= s.clientWidth)"
    )
    assert wide
    assert opened.said == []


@pytest.mark.browser
def test_the_page_prints_across_a4_with_every_table_open(html, browser, tmp_path):
    path = tmp_path / "progress.html"
    path.write_text(html, encoding="utf-8")
    opened = Opened(browser, path, (1366, 768))
    made = opened.page.pdf(prefer_css_page_size=True, print_background=False)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", made)
    assert boxes
    assert all(float(w) > float(h) for w, h in boxes)
    opened.page.emulate_media(media="print")
    assert opened.page.locator("#w1-photos").is_visible()
    assert not opened.page.locator("#w1 .ask").is_visible()


def test_shapes_of_the_plan_are_within_its_frame(answer):
    from ntm_gis.outputs.progress.plan import HEIGHT, WIDTH, ends, plan

    found = ends(answer, "CT01", 2100.0, 2400.0)
    drawn = plan(answer, "CT01", found)
    assert found.line.length == pytest.approx(300.0, abs=1e-6)
    assert found.line.distance(shapely.Point(found.first)) < 1e-6
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", drawn.lit)]
    assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2])
    assert all(-1 <= y <= HEIGHT + 1 for y in numbers[1::2])
    assert drawn.bar <= WIDTH / 3
