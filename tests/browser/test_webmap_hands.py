"""Map pages by mouse, finger, key and ear: what is dragged, announced, enlarged and printed."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_gis import pipeline
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import webmap

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 780}
# What a screen reader calls each control, what has none, and what a button holds within itself.
NAMELESS = """() => {
  const shown = e => e.getClientRects().length && !e.closest('[hidden], [aria-hidden=true]');
  const named = e => (e.getAttribute('aria-label') || e.title || e.textContent || '').trim()
    || (e.labels && [...e.labels].some(l => l.textContent.trim()));
  const all = [...document.querySelectorAll('a, button, input, select, summary, [role=slider], [tabindex="0"]')].filter(shown);
  return [
    ...all.filter(e => !named(e)).map(e => 'no name: ' + e.outerHTML.slice(0, 120)),
    ...all.filter(e => e.matches('a, button, summary') && e.querySelector('a, button, input')).map(e => 'nested: ' + e.outerHTML.slice(0, 120)),
    ...[...document.querySelectorAll('[aria-controls], [aria-labelledby]')].flatMap(e => [e.getAttribute('aria-controls'), e.getAttribute('aria-labelledby')])
      .filter(id => id && !document.getElementById(id)).map(id => 'leads nowhere: ' + id),
    ...[...document.querySelectorAll('[role=listbox] > *')].filter(e => e.getAttribute('role') !== 'option').map(e => 'no option: ' + e.outerHTML.slice(0, 120)),
    ...[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, ids) => ids.indexOf(id) !== i).map(id => 'twice: ' + id),
  ];
}"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, sample_review: pipeline.Review) -> Path:
    out = tmp_path_factory.mktemp("maps")
    found = sample_review
    atlas = webmap.Atlas(found.answer, found.commune, printed={"overview", "road_progress"})
    for name in ("overview", "road_progress", "plans", "plan_findings"):
        (out / f"{name}.html").write_text(atlas.render(name), encoding="utf-8")
    return out


@pytest.fixture
def opened(browser, sample):
    """Return what opens a page with the network off; at the end nothing was said or asked."""
    contexts, said = [], []

    def go(name: str, state: str = "", viewport=DESKTOP, folder: Path = sample):
        small = viewport is PHONE
        context = browser.new_context(
            viewport=viewport, offline=True, has_touch=small, is_mobile=small
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on(
            "request", lambda r: None if r.url.startswith(("file:", "data:")) else said.append(r)
        )
        tab.goto((folder / f"{name}.html").as_uri() + state)
        tab.wait_for_function("document.documentElement.dataset.ready === 'true'")
        tab.evaluate("document.fonts.ready")
        return tab

    yield go
    for context in contexts:
        context.close()
    assert said == []


def _hidden(tab, selector: str) -> int:
    """Count the elements whose middle lies under another of their own kind."""
    return tab.eval_on_selector_all(
        selector,
        """all => all.filter(e => { const b = e.querySelector('text').getBoundingClientRect();
        const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
        return top && top.closest('.pin') && top.closest('.pin') !== e; }).length""",
    )


# --- what is seen ---------------------------------------------------------------------------------


def test_every_pin_shows_its_number_and_the_gravest_lie_on_top(opened):
    tab = opened("overview")
    assert tab.locator(".pin").count() > 50
    assert _hidden(tab, ".pin") == 0
    layers = tab.eval_on_selector_all(
        ".pin", "all => all.map(e => [e.className, getComputedStyle(e).zIndex])"
    )
    by_kind = {kind.split()[-1]: int(z) for kind, z in layers if z != "auto"}
    assert by_kind["block"] > by_kind["warning"]


def test_names_of_villages_hide_neither_each_other_nor_a_pin(opened):
    tab = opened("overview")
    boxes = [node.bounding_box() for node in tab.locator(".name.village").all()]
    assert len(boxes) == 20
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert min(across, down) <= 2


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_scale_and_coordinates_are_seen_beside_the_days(opened, viewport):
    tab = opened("road_progress", viewport=viewport)
    for selector in ("#scale", "#coords"):
        box = tab.locator(selector).bounding_box()
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        on_top = "([x, y, s]) => !document.elementFromPoint(x, y).closest('#time')"
        assert tab.evaluate(on_top, [*middle, selector])
        assert middle[1] < tab.locator("#time").bounding_box()["y"]


def test_nothing_in_the_head_of_a_phone_lies_over_another(opened):
    tab = opened("overview", viewport=PHONE)
    parts = (".t p", ".paper", ".sample", "#maps", "#q", ".home")
    boxes = [tab.locator(f".bar {part}").bounding_box() for part in parts]
    for i, a in enumerate(boxes):
        assert a["x"] + a["width"] <= PHONE["width"]
        for b in boxes[:i]:
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert min(across, down) <= 0


def test_a_map_of_nothing_says_so_and_tells_no_place(opened, tmp_path, synthetic_commune):
    webmap.write(Answer(), synthetic_commune.commune(), tmp_path)
    tab = opened("overview", folder=tmp_path)
    assert "Chưa có gì để vẽ" in tab.inner_text(".ground")
    assert tab.locator("#coords").is_hidden()


def test_enlarged_twice_the_map_keeps_room_beside_the_days(opened):
    tab = opened("road_progress", viewport={"width": 683, "height": 384})
    assert tab.locator("#map").bounding_box()["height"] >= 110
    assert tab.locator("#day").is_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_name_of_ten_thousand_letters_pushes_nothing_away(
    opened, tmp_path, synthetic_commune, viewport
):
    answer = synthetic_commune.answer()
    villages = answer.frames["villages"].copy()
    villages.loc[villages.index[0], "name"] = "ế" * 10_000
    changed = replace(answer, frames={**answer.frames, "villages": villages})
    webmap.write(changed, synthetic_commune.commune(), tmp_path, names=["villages"])
    tab = opened("villages", viewport=viewport, folder=tmp_path)
    tab.fill("#q", "ế" * 9)
    assert tab.locator("#hits li").first.bounding_box()["height"] < 160
    tab.locator("#hits li").first.click()
    assert len(tab.inner_text("#card h2")) >= 10_000  # whole, though rolled
    body = tab.locator("#card .body").bounding_box()
    assert body["y"] + 60 < viewport["height"]
    assert tab.locator("#card .body dt").first.is_visible()


# --- by mouse, finger and key ---------------------------------------------------------------------


def test_the_days_are_dragged_by_mouse_and_walked_by_keys(opened):
    tab = opened("road_progress")
    box = tab.locator("#day").bounding_box()
    y, right = box["y"] + box["height"] / 2, box["x"] + box["width"] - 9
    tab.mouse.move(right, y)
    tab.mouse.down()
    days = []
    for k in range(1, 13):
        tab.mouse.move(right - k * (box["width"] - 18) / 12, y)
        days.append(tab.inner_text("#time h2"))
    tab.mouse.up()
    assert len(set(days)) > 4
    assert days[-1] == "Đến 20/04/2025"
    tab.focus("#day")
    tab.keyboard.press("End")
    assert tab.inner_text("#time h2") == "Đến 31/12/2025"
    assert tab.evaluate("document.activeElement.id") == "day"
    said = tab.get_attribute("#day", "aria-valuetext")
    assert said.startswith("31/12/2025; Đã nghiệm thu 2,60")


def test_figures_that_do_not_follow_the_day_say_of_which_they_are(opened):
    tab = opened("road_progress")
    assert "Số liệu đến" not in tab.inner_text("#pane-layers")
    tab.click("#day-before")
    assert "Số liệu đến 31/12/2025" in tab.inner_text("#pane-layers")
    assert tab.inner_text("#said").startswith("20/12/2025")


def test_a_link_to_a_stretch_leads_to_the_day_on_which_it_is_so(opened):
    tab = opened("road_progress")
    tab.click("#day-before")
    tab.locator(".cell").first.click()
    state, told = tab.url.partition("#")[2], tab.inner_text("#card .sub")
    again = opened("road_progress", "#" + state)
    assert again.inner_text("#time h2") == "Đến 20/12/2025"
    assert again.inner_text("#card .sub") == told


def test_the_line_follows_a_finger(opened):
    tab = opened("plans", viewport=PHONE)
    tab.tap("#swipe-button")
    box = tab.locator("#swipe-line").bounding_box()
    touch = tab.context.new_cdp_session(tab)
    x, y = box["x"] + 15, box["y"] + 200
    for kind, at in (("touchStart", x), ("touchMove", x - 40), ("touchMove", x - 90)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert tab.get_attribute("#swipe-line", "aria-valuenow") == "25"


def test_tab_stops_once_at_the_pins_and_arrows_walk_them_by_number(opened):
    tab = opened("overview")
    assert tab.locator('.pin[tabindex="0"]').count() == 1
    label = "document.activeElement.getAttribute('aria-label')"
    tab.focus('.pin[tabindex="0"]')
    first = int(re.search(r"\d+", tab.evaluate(label))[0])
    tab.keyboard.press("ArrowRight")
    assert int(re.search(r"\d+", tab.evaluate(label))[0]) == first + 1
    tab.keyboard.press("Tab")
    assert "pin" not in tab.evaluate("document.activeElement.className")


def test_escape_closes_one_thing_after_another_and_gives_the_focus_back(opened):
    tab = opened("plans")
    tab.click("#swipe-button")
    tab.click("#ruler")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.id") == "ruler"
    assert tab.locator("#swipe-line").is_visible()
    tab.keyboard.press("Escape")
    assert tab.locator("#swipe-line").is_hidden()
    assert tab.evaluate("document.activeElement.id") == "swipe-button"


def test_a_double_press_sets_one_corner_and_moves_nothing(opened):
    tab = opened("overview")
    tab.click("#ruler")
    scale = tab.locator("#scale svg").first.get_attribute("aria-label")
    box = tab.locator("#map").bounding_box()
    tab.mouse.click(box["x"] + 300, box["y"] + 300)
    tab.mouse.dblclick(box["x"] + 500, box["y"] + 300)
    assert tab.locator("#measured-length").count() == 1
    assert tab.locator("#measured-area").count() == 0  # two corners, not three
    assert tab.locator("#scale svg").first.get_attribute("aria-label") == scale
    assert tab.inner_text("#measured-length") in tab.inner_text("#said")


def test_an_address_without_a_state_closes_the_card_as_back_does(opened):
    tab = opened("overview", "#feature=MK04")
    tab.evaluate("location.hash = '#feature=MK05'")
    tab.wait_for_function("document.querySelector('#card h2').textContent.includes('Nà An')")
    tab.go_back()
    tab.wait_for_function("document.querySelector('#card h2').textContent.includes('Hô Tra')")
    tab.evaluate("location.hash = ''")
    tab.wait_for_selector("#card", state="hidden")


@pytest.mark.parametrize("typed", ["hotra", "hô-tra", "HO TRA", "ho\u0302 tra", "mk 04"])
def test_search_needs_no_spaces_either(opened, typed):
    tab = opened("overview")
    tab.fill("#q", typed)
    first = tab.locator("#hits li").first.inner_text()
    assert first.startswith("Bản Hô Tra\n")
    assert "gần giống" not in first
    assert re.match(r"\d+ kết quả", tab.inner_text("#said"))


# --- by ear, and on paper -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["overview", "road_progress", "plans"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_every_control_has_a_name_and_holds_no_other(opened, name, viewport):
    tab = opened(name, viewport=viewport)
    assert tab.evaluate(NAMELESS) == []
    assert tab.evaluate("document.documentElement.lang") == "vi"
    tab.fill("#q", "zzzz")
    assert tab.evaluate(NAMELESS) == []
    assert tab.inner_text("#said") == tab.inner_text("#hits")
    tab.evaluate("document.querySelector('#tab-findings').click()")
    tab.evaluate("document.querySelector('.fbtn').click()")
    assert tab.evaluate(NAMELESS) == []
    levels = tab.eval_on_selector_all("h1, h2, h3", "all => all.map(e => Number(e.tagName[1]))")
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_printed_from_the_browser_the_map_fills_its_sheet(opened):
    tab = opened("overview")
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("#maps").is_visible()  # which map it is
    assert tab.locator(".tabs").is_hidden()
    stage, ground = (tab.locator(s).bounding_box() for s in (".stage", ".ground"))
    assert ground["x"] + ground["width"] == pytest.approx(stage["x"] + stage["width"], abs=8)
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.emulate_media(media="screen")
    assert tab.locator("#map").bounding_box()["width"] == 1366 - 308
