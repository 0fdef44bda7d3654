"""index.html: read as text, and opened in Chromium without network or script."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ntm_gis.outputs import startpage
from ntm_gis.outputs.startpage import view
from ntm_gis.results import Evidence, Finding, Measure, Note, Severity, Words

LINKS = view.Links(
    (view.Link("maps/roads.html", "Đường"), view.Link("maps/overview.html", "Tổng quan")),
    (view.Link("tables.xlsx", "Bảng số liệu Excel", "chỉ số", "20 kB"),),
)
VOID = {"meta", "path", "rect", "circle", "line", "use", "br", "input", "wbr"}


class Outline(HTMLParser):
    """Tags that do not close, ids given twice, links within the page, visible text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.targets, self.text, self.tags = [], [], [], [], []
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        named = dict(attrs)
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a" and "href" in named:  # a kind of finding of which there is none has none
            self.targets.append(named["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text.append(data)


@pytest.fixture
def html(answer, layers):
    return startpage.render(answer, layers, "vi", made=LINKS)


@pytest.fixture
def outline(html):
    parser = Outline()
    parser.feed(html)
    return parser


def text(outline):
    return re.sub(r"\s+", " ", " ".join(outline.text)).replace("\u00a0", " ")


def test_it_is_well_formed_and_its_links_lead_somewhere(outline):
    assert outline.wrong == []
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    within = {t[1:] for t in outline.targets if t.startswith("#")}
    assert within <= set(outline.ids)
    outside = {t.partition("#")[0] for t in outline.targets if not t.startswith("#")}
    assert outside == {"maps/roads.html", "maps/overview.html", "tables.xlsx"}


def test_nothing_refers_to_the_network_and_nothing_runs_but_ours(html, outline):
    assert "http:" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in html
    assert not any(
        "style" in attrs or any(a.startswith("on") for a in attrs) for _, attrs in outline.tags
    )
    assert sum(tag == "script" for tag, _ in outline.tags) == 1
    assert not any(tag == "img" for tag, _ in outline.tags)
    policy = next(
        a["content"] for t, a in outline.tags if "content" in a and "default-src" in a["content"]
    )
    assert policy.startswith("default-src 'none'")


def test_hostile_names_are_shown_as_they_are(outline):
    shown = text(outline)
    assert "<img src=x onerror=alert(1)>" in shown
    assert "</script><script>alert(2)</script>" in shown
    assert "\u202e" not in "".join(outline.text)
    assert "\x07" not in "".join(outline.text)


def test_it_tells_who_when_and_that_it_is_a_sample(outline):
    shown = text(outline)
    for words in (
        "Xã Mường Khoa",
        "tỉnh Lai Châu",
        "xã Phúc Khoa, từ ngày 01/07/2025",
        "31/12/2025",
        "2021–2025",
        "DỮ LIỆU MINH HỌA",
        "kinh tuyến trục 103°00",
    ):
        assert words in shown
    assert "EPSG" not in shown


def test_figures_bear_value_bounds_and_evidence(outline):
    shown = text(outline)
    assert "chắc chắn từ 20,0 đến 35,0 %, vì 1 đoạn đường chưa rõ mặt đường" in shown
    assert "2,00 trên 8,50" in shown
    assert "V3 · Đường Nậm Be" in shown
    assert "duong_giao_thong.shp · dòng 18" in shown
    assert "chưa đủ căn cứ" in shown
    assert "maps/roads.html#measure=roads.hardened_share.village" in outline.targets
    assert "maps/roads.html#feature=V1&layer=roads" in outline.targets


def test_bars_are_drawn_for_shares_alone_and_to_scale(outline):
    bars = [a for t, a in outline.tags if t == "svg" and a.get("class") == "bar"]
    assert len(bars) == 2  # once on top, once in the table; 118,5 % has none
    assert all("chắc chắn từ 20,0" in bar["aria-label"] for bar in bars)
    maybe = [
        a
        for t, a in outline.tags
        if t == "rect" and a.get("class") == "maybe" and "%" in a.get("x", "")
    ]
    assert {(m["x"], m["width"]) for m in maybe} == {("20.0%", "15.0%")}


def test_findings_stand_by_severity_with_the_numbers_of_all_lists(outline):
    shown = text(outline)
    places = [
        shown.rindex(f"{title} ")
        for title in ("Phải sửa trước", "Số tạm tính", "Nên xem lại", "Ghi chú")
    ]
    assert places == sorted(places)
    assert "(8 điểm)" in shown
    assert {f"k{n}" for n in range(1, 13)} <= set(outline.ids)
    assert "maps/roads.html#finding=3" in outline.targets
    assert "không có vị trí" in shown
    assert "(tạm tính)" in shown


def test_sources_add_up(outline):
    assert re.search(r"Cộng 13 12 1 0", text(outline))


def test_without_maps_nothing_leads_to_them(answer, layers):
    outline = Outline()
    outline.feed(startpage.render(answer, layers, "vi"))
    assert all(t.startswith("#") for t in outline.targets)


def test_it_speaks_english_too(answer, layers):
    outline = Outline()
    html = startpage.render(answer, layers, "en", made=LINKS)
    outline.feed(html)
    assert '<html lang="en">' in html
    assert "certainly between 20.0 and 35.0" in text(outline)
    assert "Mend first" in text(outline)


def test_outputs_that_failed_are_named(answer, layers):
    outline = Outline()
    outline.feed(startpage.render(answer, layers, "vi", missing=["tables.xlsx: đang mở"]))
    assert "tables.xlsx: đang mở" in text(outline)


def test_figures_that_wait_for_one_layer_share_a_line(answer, layers):
    note = Note.of("LAYER_NOT_GIVEN", layers=Words("Vùng chè", "Tea areas"))
    waiting = tuple(
        Measure(
            id=f"tea.{name}_ha", unit="ha", title=Words(f"Chè {name}", f"Tea {name}"), value=None, low=0.0,
            high=None,
            evidence=Evidence(Words("Đo", "Measured")), notes=(note,),
        )
        for name in ("area", "harvest")
    )  # fmt: skip
    html = startpage.render(replace(answer, measures=(*answer.measures, *waiting)), layers)
    assert "Chưa có dữ liệu: Vùng chè: 2 chỉ số chưa tính" in html
    assert html.count('<li id="tea.') == 2
    alone = startpage.render(replace(answer, measures=(*answer.measures, waiting[0])), layers)
    assert '<tr id="tea.area_ha">' in alone


def shut(html):
    """Return the text that stands within `<details>` without `open`: on demand alone."""
    parser = Shut()
    parser.feed(html)
    return " ".join(parser.inside), " ".join(parser.outside)


class Shut(HTMLParser):
    """Text inside shut details, and text that is seen at once (summaries count as seen)."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.inside, self.outside = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.stack.append((tag, tag == "details" and "open" not in dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.stack.pop()

    def handle_data(self, data):
        deep = [n for n, (_, closed) in enumerate(self.stack) if closed]
        tags = [tag for tag, _ in self.stack]
        if not {"style", "script"} & set(tags):
            seen = not deep or (len(deep) == 1 and "summary" in tags[deep[0] :])
            (self.outside if seen else self.inside).append(data)


def test_the_state_is_seen_at_one_glance_and_the_rest_is_on_demand(answer, layers):
    def found(code, severity, n):
        return Finding(code, severity, Words(f"{code} {n}.", ""), file="a.xlsx", row=n)

    many = [found(f"BLOCK_{n}", Severity.BLOCK, n) for n in range(5)]
    many += [found(f"WARN_{n}", Severity.WARNING, n) for n in range(60)]
    many += [found(f"NOTE_{n}", Severity.NOTE, n) for n in range(60)]
    evidence = Evidence(Words("Đo", "Measured"))
    more = [Measure(f"roads.more_km.{n}", Words(f"Dài {n}.", ""), "km", 1.0, 1.0, 1.0, evidence)
            for n in range(40)]  # fmt: skip
    made = replace(answer, measures=(*answer.measures, *more), findings=tuple(many))
    inside, outside = shut(startpage.render(made, layers, "vi", made=LINKS))
    assert all(f"BLOCK_{n} {n}." in outside for n in range(5))
    assert "WARN_" not in outside
    assert inside.count("WARN_") == inside.count("NOTE_") == 60
    assert "60 loại, bấm để xem" in outside
    shown = [n for n in range(40) if f"Dài {n}." in outside]
    assert len(shown) <= 3
    assert f"{40 - len(shown)} số liệu khác" in outside or "số liệu khác, bấm để xem" in outside
    assert all(f"Dài {n}." in inside for n in range(40) if n not in shown)
    assert "13 dòng: đã dùng 12" in outside.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("bounds", "shown", "words"),
    [
        ((20.0, 35.0), "25,0", False),
        ((0.0, 100.0), "0,0–100,0", True),
        ((20.0, 75.0), "20,0–75,0", True),
    ],
)
def test_a_share_with_wide_bounds_shows_the_bounds(answer, layers, bounds, shown, words):
    measure = Measure("villages.with_cultural_house_share", Words("Tỷ lệ nhà", ""), "%", 25.0,
                      *bounds, Evidence(Words("Đếm", "Counted")))  # fmt: skip
    html = startpage.render(replace(answer, measures=(measure,)), layers)
    card = html[html.index('class="kpi') : html.index('class="kpi checks')]
    assert f"<b>{shown}</b>" in card or f'<b class="num">{shown}</b>' in card
    assert ("chưa đủ căn cứ" in card) == words


def test_an_empty_commune_has_a_page(layers):
    from ntm_gis.layers.values import Answer

    outline = Outline()
    outline.feed(startpage.render(Answer(), layers, "vi"))
    assert "Không có điểm nào cần kiểm tra." in text(outline)


def test_same_bytes_twice(answer, layers, tmp_path):
    first = startpage.write(answer, layers, tmp_path / "a").read_bytes()
    assert startpage.write(answer, layers, tmp_path / "b").read_bytes() == first


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_it_opens_in_a_browser_without_network(html, tmp_path, size, script):
    from playwright.sync_api import sync_playwright

    path = tmp_path / "index.html"
    path.write_text(html, encoding="utf-8")
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch()
        except Exception:  # noqa: BLE001 - no browser of its own: the system's
            browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, java_script_enabled=script
        )
        page = context.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on(
            "request",
            lambda request: (
                said.append(request.url) if not request.url.startswith(("file:", "data:")) else None
            ),
        )
        page.goto(path.as_uri())
        figure = page.get_by_text("Tỷ lệ đường bản cứng hóa", exact=True).last
        if script and size[0] < 700:
            # Long parts are shut on a phone: their head is a button, also for the keyboard.
            assert not figure.is_visible()
            page.get_by_role("button", name="Giao thông").press("Enter")
        figure.click()
        page.get_by_text("V3 · Đường Nậm Be").wait_for(state="visible")
        if script:
            page.goto(path.as_uri() + "#k5")
            page.get_by_text("Dòng 5 chưa có vị trí.").wait_for(state="visible")
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        browser.close()
    assert said == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_name_without_spaces_does_not_widen_the_page(answer, layers, tmp_path, width):
    from playwright.sync_api import sync_playwright

    who = layers.commune.commune.model_copy(update={"name": "MườngKhoa" * 22})
    named = replace(layers, commune=layers.commune.model_copy(update={"commune": who}))
    path = tmp_path / "index.html"
    path.write_text(startpage.render(answer, named), encoding="utf-8")
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch()
        except Exception:  # noqa: BLE001 - no browser of its own: the system's
            browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
