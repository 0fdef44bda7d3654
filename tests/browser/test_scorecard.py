"""The scorecard in Chromium, from disk, with the network off: what a reader sees and does."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from ntm_gis import analyses, pipeline, shipped
from ntm_gis.outputs.scorecard import page

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    layers = pipeline.check(shipped.path("data", "sample"))[1]
    out = tmp_path_factory.mktemp("out") / page.FILE_NAME
    html = page.render(analyses.answer(layers), layers, maps_made={"roads", "villages"})
    out.write_text(html, encoding="utf-8")
    return out


@pytest.fixture
def reader(browser, path):
    """Open the page at a size; afterwards nothing was said on the console or asked outside."""
    opened = []

    def open_(viewport=DESKTOP, state="", **more):
        context = browser.new_context(viewport=viewport, offline=True, **more)
        shown = context.new_page()
        said: list[str] = []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:")) else said.append(r.url),
        )
        shown.goto(path.as_uri() + state)
        opened.append((context, said))
        return shown

    yield open_
    for context, said in opened:
        context.close()
        assert said == []


def codes(shown) -> list[str]:
    """Codes of the criteria that are seen, from top to bottom."""
    return shown.eval_on_selector_all(
        ".crit:not([hidden]) > summary .code", "all => all.map(e => e.textContent)"
    )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_nothing_is_wider_than_the_screen_folded_or_open(reader, viewport) -> None:
    shown = reader(viewport)
    for _ in range(2):
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= viewport["width"]
        shown.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def test_a_number_is_two_clicks_from_its_proof(reader) -> None:
    shown = reader()
    shown.locator("#tieu-chi-16 > summary").click()
    shown.locator("#chi-tieu-16 > summary").click()
    proof = shown.locator("#chi-tieu-16 .ev")
    assert proof.locator(".small").is_visible()
    assert proof.locator(".things a", has_text="MK04").is_visible()
    assert "ban.gpkg" in proof.inner_text()


def test_filter_by_verdict_keeps_the_order(reader) -> None:
    shown = reader()
    every = codes(shown)
    assert every == [str(k) for k in range(1, 20)]
    shown.get_by_role("button", name=re.compile("^Chưa đạt")).click()
    assert codes(shown) == ["5", "6", "8", "12", "15"]
    assert "5/19" in shown.get_by_role("status").inner_text()
    shown.get_by_role("button", name="Tất cả", exact=True).click()
    assert codes(shown) == every


def test_search_needs_no_marks_and_finds_what_is_behind_a_number(reader) -> None:
    shown = reader()
    field = shown.get_by_role("searchbox")
    shown.keyboard.press("/")
    assert field.evaluate("e => e === document.activeElement")
    shown.keyboard.type("duong len ban ho tra")
    assert codes(shown) == ["2"]
    assert shown.locator(".ind:not([hidden])").count() >= 1
    field.fill("không có gì như vậy")
    assert codes(shown) == []
    assert shown.get_by_text("Không có tiêu chí nào phù hợp").is_visible()
    field.fill("")
    assert len(codes(shown)) == 19


def test_a_link_opens_what_it_names(reader) -> None:
    shown = reader(state="#chi-tieu-17.7")
    assert shown.locator('[id="chi-tieu-17.7"] .ev').is_visible()
    shown.locator(".strip a", has_text="12").first.click()
    assert shown.locator("#tieu-chi-12").evaluate("e => e.open")


def test_all_is_reached_by_the_keyboard(reader) -> None:
    shown = reader()
    shown.locator("#tieu-chi-1 > summary").focus()
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    assert shown.locator('[id="chi-tieu-1.1"] .ev').is_visible()


def test_it_reads_without_a_script(reader) -> None:
    shown = reader(java_script_enabled=False)
    assert shown.locator(".filter").is_hidden()
    assert shown.locator("#tieu-chi-5 .ind").first.is_visible()
    assert shown.locator("#can-khao-sat li").count() == 3


def test_paper_holds_every_indicator_and_no_controls(reader) -> None:
    shown = reader()
    shown.emulate_media(media="print")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.locator(".ind:visible").count() == 57
    assert shown.locator(".filter").is_hidden()
    assert shown.locator('[id="chi-tieu-6.3"] .small').is_visible()
    assert shown.locator('[id="chi-tieu-9.2"] .ev').is_hidden()
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    shown.emulate_media(media="screen")
    assert shown.locator("#tieu-chi-1").evaluate("e => e.open") is False


def test_verdicts_differ_without_colour(reader) -> None:
    shown = reader()
    shades = {}
    for verdict in ("met", "not_met"):
        tile = shown.locator(f".tile.{verdict}").first.screenshot()
        grey = Image.open(io.BytesIO(tile)).convert("L")
        middle = grey.crop((4, 4, grey.width - 4, grey.height - 4))
        shades[verdict] = ImageStat.Stat(middle).mean[0]
    assert shades["not_met"] - shades["met"] > 90
