"""The start page says how many criteria are met, where the scorecard lies beside it."""

from __future__ import annotations

import re

from ntm_gis.outputs import startpage
from ntm_gis.outputs.startpage.view import Link, Links


def test_the_start_page_leads_to_each_criterion(answer, layers) -> None:
    made = Links(downloads=(Link("scorecard.html", "Bảng tiêu chí"),))
    html = startpage.render(answer, layers, made=made)
    tiles = re.findall(r'class="tile (\w+)" href="scorecard.html#tieu-chi-(\d+)"', html)
    judged = {m.id: m.judged.verdict.value for m in answer.measures if m.judged is not None}
    assert tiles == [(judged[f"criterion.{k}"], str(k)) for k in range(1, 20)]
    met = sum(verdict == "met" for verdict, _ in tiles)
    assert f'<b class="num">{met}</b> trên 19 tiêu chí đạt' in html
    assert "chưa dùng để công nhận" in html


def test_without_the_page_there_is_no_card(answer, layers) -> None:
    html = startpage.render(answer, layers)
    assert "scorecard.html" not in html
    assert 'class="tile' not in html
