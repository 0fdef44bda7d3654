"""The map of the environment: every kind of site, tea by bins, columns in words."""

from __future__ import annotations

import re

import pytest

from ntm_gis.outputs import webmap
from ntm_gis.rules.maps import definition, styles
from ntm_gis.rules.schema import code_list


@pytest.fixture(scope="module")
def html(answer, layers) -> str:
    return webmap.Atlas(answer, layers.commune, "vi").render("environment")


def test_every_kind_of_site_has_a_symbol_of_its_own() -> None:
    cases = {case.code: case.symbol for case in styles().styles["environment"].cases}
    kinds = {code.code for code in code_list("environment_kind").codes}
    assert cases.keys() == kinds | {"unknown"}
    assert len(set(cases.values())) == len(cases)


def test_the_map_is_offered_and_shows_what_is_near_and_what_is_far(html, answer) -> None:
    assert "environment" in webmap.available(answer)
    names = definition("environment").style_names
    assert {"environment", "tea_bins", "environment_near", "buildings"} <= set(names)
    for said in ("Bể thu gom vỏ thuốc", "Không có bể trong 1.000 m", "Gần hơn khoảng cách xem xét"):
        assert said in html


def test_cards_speak_in_words(html) -> None:
    titles = set(re.findall(r'"title":"([^"]*)"', html))
    assert {"Bể gần nhất", "Cách bể", "Nhà gần nhất", "Cách nhà"} <= titles
    assert not {t for t in titles if re.fullmatch(r"[a-z]+_[a-z_]+", t)}
    assert "chưa đối chiếu, chỉ tham khảo" in html
