"""priorities.html, the terminal and JSON: a choice that can be counted out by hand."""

from __future__ import annotations

import importlib.util
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from ntm_gis.analyses.funds import analysis as funds
from ntm_gis.analyses.goals import Aim, Goal, Goals
from ntm_gis.analyses.money import analysis as money
from ntm_gis.analyses.priorities import analysis as priorities
from ntm_gis.analyses.question import Question
from ntm_gis.outputs import priorities_status
from ntm_gis.outputs.priorities import chart, model, page
from ntm_gis.results import Unit, Words

HOSTILE = "</script><script>alert(2)</script>{{ 7*7 }}"


def _beside(*parts: str) -> ModuleType:
    path = Path(__file__).parents[1].joinpath(*parts)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


b = _beside("analyses", "build.py")

ROADS = Goal("2.2", Words("đường", "roads"), (Unit(((5.0, 10.0),)),), at_least=70.0)
HOUSES = Goal("6.3", Words("nhà", "houses"), (Unit(((8.0, 10.0),)),), at_least=90.0)
GOALS = Goals(
    (ROADS, HOUSES),
    (
        Aim("2", Words("Giao thông", "Roads"), ("2.2",)),
        Aim("6", Words("Văn hóa", "Culture"), ("6.3",)),
    ),
)
ROAD = {"road_id": "D1", "name": "Đường Nà An", "road_class": "village", "surface": "earth",
        "geometry": b.line((0, 0), (2000, 0))}  # fmt: skip
ROWS = [
    {"candidate_id": "A", "name": "Bê tông đường Nà An", "cost_million_vnd": 400.0,
     "fund_id": "P", "indicator": "2.2", "adds_numerator": 2.0, "households": 9,
     "layer": "roads", "feature_id": "D1"},
    {"candidate_id": "B", "name": HOSTILE, "cost_million_vnd": 300.0, "fund_id": "Q",
     "indicator": "6.3", "adds_numerator": 1.0, "households": 5},
    {"candidate_id": "C", "name": "Sân", "cost_million_vnd": 900.0, "fund_id": "Q",
     "households": 700},
]  # fmt: skip
FUNDS = [
    {"fund_id": "T", "name": "Tổng", "million_vnd": 1000.0},
    {"fund_id": "P", "name": "Trung ương", "million_vnd": 400.0, "parent_id": "T"},
    {"fund_id": "Q", "name": "Tỉnh", "million_vnd": 900.0, "parent_id": "T"},
]


@pytest.fixture(scope="module")
def layers():
    return b.layers(b.commune(sample=True), candidates=ROWS, funds=FUNDS, roads=[ROAD])


def answered(layers, budget):
    question = Question(layers)
    found = funds.answer(question)
    question = replace(question, measures=found.measures)
    found += money.answer(question)
    return found + priorities.propose(question, budget, goals=GOALS)


@pytest.fixture(scope="module")
def answer(layers):
    return answered(layers, 600.0)


@pytest.fixture(scope="module")
def html(answer, layers):
    return page.render(answer, layers, "vi", maps_made={"roads"}, record_head="7K3M-Q9TD")


def test_what_is_read_is_what_was_chosen(answer):
    found = model.read(answer, "vi")
    # 600: A or B alone meets one criterion; A serves more. C meets none.
    assert [one.id for one in found.chosen] == ["A"]
    assert found.chosen[0].criteria == ("2",)
    assert [(s.criteria, s.million) for s in found.frontier] == [(0, 0.0), (1, 300.0), (2, 700.0)]
    assert [(s.criteria, s.million) for s in found.free] == [(0, 0.0), (1, 300.0), (2, 700.0)]
    limits = {one.code: (one.left, one.spent) for one in found.bounds}
    assert limits == {None: (600.0, 400.0), "P": (400.0, 400.0), "Q": (900.0, 0.0)}
    assert [one.criterion for one in found.lacking] == ["6"]
    assert found.choices["more"].added == ("B",)


def test_the_page_says_the_choice_its_reasons_and_what_is_lacking(html):
    assert "Với 600\u00a0triệu đồng, nên làm 1 công trình, hết 400\u00a0triệu đồng" in html
    assert "từ 0 lên 1 tiêu chí, 9 hộ" in html
    assert 'href="maps/roads.html#feature=D1&amp;layer=roads"' in html
    assert "không có cách chọn nào tốt hơn" in html
    assert "chỉ để tham khảo" in html
    assert html.index('id="A"') < html.index('id="B"') < html.index('id="C"')
    # The sum of the funds does not close, and is said not to.
    assert "không khớp: các phần nhiều hơn 300" in html
    assert "7K3M-Q9TD" in html


def test_untrusted_names_stay_text_and_nothing_comes_from_outside(html):
    assert "<script" not in html
    assert "alert(2)" in html
    assert "{{ 7*7 }}" in html
    assert "script-src 'none'" in html
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)
    assert "style=" not in html


def test_every_link_on_the_page_leads_somewhere(html):
    ids = set(re.findall(r'id="([^"]+)"', html))
    assert len(ids) == len(re.findall(r' id="([^"]+)"', html))
    inner = set(re.findall(r'href="#([^"]+)"', html))
    assert inner <= ids
    assert {"A", "B"} <= inner


def test_english_is_whole(answer, layers):
    text = page.render(answer, layers, "en")
    assert "With 600\u00a0million đồng, do 1 works" in text
    assert "by the rules of each fund" in text
    assert "triệu" not in text


def test_the_chart_is_drawn_to_scale(answer):
    drawn = chart.chart(model.read(answer, "vi"), "vi")
    zero, one, two = drawn.dots
    wide = two.x - zero.x
    assert (one.x - zero.x) / wide == pytest.approx(300 / 700, abs=0.002)
    assert (drawn.budget.at - zero.x) / wide == pytest.approx(600 / 700, abs=0.002)
    assert zero.y - one.y == pytest.approx(one.y - two.y, abs=0.11)
    # The path goes right along a step, then up: never up before the money is there.
    assert re.fullmatch(r"M[\d.]+ [\d.]+(H[\d.]+V[\d.]+)*H[\d.]+", drawn.kept)
    assert not drawn.free


def test_money_tied_to_no_fund_is_drawn_beside(layers):
    tight = [{**FUNDS[0]}, {**FUNDS[1]}, {**FUNDS[2], "million_vnd": 100.0}]
    found = model.read(answered(b.layers(candidates=ROWS, funds=tight), 1000.0), "vi")
    assert [s.criteria for s in found.frontier] == [0, 1]
    assert [(s.criteria, s.million) for s in found.free] == [(0, 0.0), (1, 300.0), (2, 700.0)]
    drawn = chart.chart(found, "vi")
    assert drawn.free
    assert [dot.free for dot in drawn.dots] == [False, False, True, True]
    (lack,) = found.lacking
    assert "vượt nguồn vốn được phép dùng: Q" in " ".join(lack.reasons)


def test_too_little_money_for_anything_is_said_plainly(layers):
    found = answered(layers, 10.0)
    text = page.render(found, layers)
    assert "Với 10\u00a0triệu đồng chưa làm được công trình nào" in text
    assert "(B), cần 300" in text
    assert 'id="nen-lam"' not in text


def test_a_work_without_code_or_name_is_called_by_its_row():
    made = "_abcdefghij"
    rows = [{**ROWS[0], "excludes": made}, {"candidate_id": made, "cost_million_vnd": 100.0}]
    layers = b.layers(candidates=rows, funds=FUNDS)
    found = answered(layers, 1000.0)
    row = layers["candidates"].places.rows[1]
    told = [page.render(found, layers), shown(found, layers)]
    for text in told:
        assert f"Đề xuất ở dòng {row}" in text
        assert made not in re.sub(r'(id|href)="[^"]*"', "", text)
        assert "chưa có mã" not in text


def test_criteria_that_lack_the_same_are_one_row():
    lacks = [
        model.Lack("1", "Một", None, ("x",)),
        model.Lack("2", "Hai", 5.0, ("x",)),
        model.Lack("3", "Ba", None, ("x",)),
    ]
    found = model.Priorities((), {}, (), (), (), tuple(lacks))
    assert [(one.criterion, one.title, one.least) for one in found.lacking_together] == [
        ("1, 3", "", None), ("2", "Hai", 5.0),
    ]  # fmt: skip


def test_without_works_or_money_the_page_says_so(layers):
    bare = b.layers(funds=FUNDS)
    found = answered(bare, None)
    assert page.available(found)
    text = page.render(found, bare)
    assert "Chưa chọn được" in text
    assert '<svg viewBox="0 0 720' not in text
    assert not page.available(answered(b.layers(), None))


def shown(answer, layers, asked=None):
    out = io.StringIO()
    Console(file=out, width=600).print(priorities_status.status(answer, layers, "vi", asked))
    return out.getvalue()


def test_the_terminal_tells_the_same(answer, layers):
    said = (Words("Vì thế.", "So."),)
    asked = priorities_status.Asked("B", HOSTILE, chosen=False, reasons=said)
    text = shown(answer, layers, asked)
    assert "nên làm 1 công trình, hết 400" in text
    assert "Vì sao không làm B" in text
    assert "Vì thế." in text
    assert text.index("Bê tông đường Nà An (A)") < text.index("(C)")
    assert "FUNDS_SUM" not in text
    assert "cộng lại là 1.300 triệu đồng" in text


def test_json_holds_both_languages_and_only_plain_values(answer, layers):
    found = priorities_status.as_json(answer, layers.commune.commune.as_of)
    again = json.loads(json.dumps(found, allow_nan=False))
    assert (again["chosen"], again["proven"], again["budget_million"]) == (["A"], True, 600.0)
    assert [row["id"] for row in again["ranked"]] == ["A", "B", "C"]
    assert set(again["missing"][0]["reasons"]) == {"vi", "en"}
    assert again["why_not"] is None
    assert [one["code"] for one in again["findings"]][:1] == ["FUNDS_SUM"]


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


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_the_page_fits_and_asks_nothing_of_the_outside(tmp_path, browser, html, size):
    path = tmp_path / "priorities.html"
    path.write_text(html, encoding="utf-8")
    said: list[str] = []
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda request: said.append(request.url))
    opened.goto(path.as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert said == [path.as_uri()]
    assert opened.locator("svg.chart").bounding_box()["width"] <= size[0]
    context.close()
