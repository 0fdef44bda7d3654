"""Maps for notebooks in Chromium, saved and opened with the network off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ntm_gis import notebook
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import folium_map

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>window.hacked = 1</script>", "{{7*7}} ${window.hacked = 2}", "`%}{#",
    '"><svg onload="window.hacked = 3">', "a\u202eb\x00c", "https://example.vn/x", "ế" * 10_000,
)  # fmt: skip


@pytest.fixture
def opened(browser, tmp_path):
    """Return what saves a map and opens it; at the end nothing was said, asked or run."""
    context = browser.new_context(viewport={"width": 1000, "height": 700}, offline=True)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    tab.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:")) else said.append(r.url)
    )

    def go(drawn):
        drawn.save(str(tmp_path / "map.html"))
        tab.goto((tmp_path / "map.html").as_uri())
        tab.wait_for_selector(".leaflet-container")
        assert tab.evaluate("window.hacked") is None
        return tab

    yield go
    context.close()
    assert said == []


@pytest.mark.parametrize("name", ["overview", "plan_findings", "road_progress"])
def test_a_saved_map_opens_without_a_network_and_measures_in_metres(opened, sample_review, name):
    tab = opened(folium_map.to_folium(sample_review.answer, sample_review.commune, name))
    assert tab.locator("canvas").count() == 1
    assert tab.locator(".leaflet-control-scale-line:visible").all_inner_texts()[0].endswith("km")
    assert tab.locator(".leaflet-control-scale-line:visible").count() == 1
    tab.hover(".leaflet-control-layers")  # folded where there are many
    assert tab.locator(".leaflet-control-layers-overlays label:visible").count() > 5


def test_texts_of_data_are_shown_as_typed_and_cut_on_the_map_alone(opened, sample_review):
    frame = sample_review.answer.frames["villages"].copy()
    frame["name"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(frame))]
    answer = replace(
        sample_review.answer, frames={**sample_review.answer.frames, "villages": frame}
    )
    tab = opened(folium_map.to_folium(answer, sample_review.commune, "villages"))
    names = tab.locator(".leaflet-marker-icon").all_inner_texts()
    assert f"Bản {HOSTILE[0]}" in names
    assert "Bản {{7*7}} ${window.hacked = 2}" in names
    assert max(map(len, names)) <= 61
    assert "\\u1ebf" * 10_000 in tab.content()  # whole under the pointer


def test_a_commune_of_nothing_has_a_map_without_a_list(opened, sample_review):
    tab = opened(folium_map.to_folium(Answer(), sample_review.commune))
    assert tab.locator(".leaflet-control-layers").count() == 0


def test_a_map_in_a_notebook_is_the_page_itself(browser, sample_review, tmp_path):
    shown = notebook.CommuneView(sample_review).map("villages")._repr_html_()
    (tmp_path / "cell.html").write_text(f"<!doctype html><body>{shown}", encoding="utf-8")
    context = browser.new_context(offline=True)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto((tmp_path / "cell.html").as_uri())
    inner = tab.frame_locator("iframe")
    inner.locator("#q").fill("hotra")
    inner.locator("#hits li").first.click()
    assert inner.locator("#card h2").inner_text() == "Bản Hô Tra"
    context.close()
    assert said == []
