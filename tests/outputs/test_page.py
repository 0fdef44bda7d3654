"""The frame of every page: policy, fonts, data that is never markup."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ntm_gis.outputs import page

VIETNAMESE = "ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ₫−–“”’"


def _script() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "cut_fonts.py"
    spec = importlib.util.spec_from_file_location("cut_fonts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cut_fonts = _script()


def fonts(css: str | None = None) -> list[tuple[str, TTFont]]:
    found = re.findall(r'font-family:"([^"]+)".*?base64,([^)]+)\)', css or page.fonts_css())
    return [(name, TTFont(io.BytesIO(base64.b64decode(data)))) for name, data in found]


def test_the_text_font_has_every_letter_of_vietnamese():
    for name, font in fonts():
        if name == "NTM Sans":
            assert not [c for c in VIETNAMESE if ord(c) not in font.getBestCmap()]


def test_figures_of_the_number_font_are_all_of_one_width():
    widths = [
        {font["hmtx"][font.getBestCmap()[ord(d)]][0] for d in "0123456789"}
        for name, font in fonts()
        if name == "NTM So"
    ]
    assert widths == [{cut_fonts.FIGURE_WIDTH}] * 2


def test_the_font_sheet_is_what_the_script_cuts():
    fresh = fonts(cut_fonts.sheet())
    assert len(page.fonts_css()) < 70_000
    for (name, shipped), (fresh_name, cut) in zip(fonts(), fresh, strict=True):
        assert name == fresh_name
        assert shipped.getBestCmap() == cut.getBestCmap()
        assert shipped["hmtx"].metrics == cut["hmtx"].metrics
        outlines = ([font["glyf"][g] for g in font.getGlyphOrder()] for font in (shipped, cut))
        assert all(a == b for a, b in zip(*outlines, strict=True))
        assert "SIL Open Font License" in shipped["name"].getDebugName(13)


def test_the_policy_names_exactly_the_style_and_the_scripts_of_the_page():
    html = page.render("T", Markup("<p>x</p>"), ["p{color:red}"], ["let a=1", "let b=2"], {}, "en")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy.startswith("default-src 'none'; ")
    assert set(re.findall(r"sha256-([^']+)'", policy)) == {digest(t) for t in (style, *scripts)}
    assert "unsafe" not in policy
    assert '<html lang="en">' in html


def test_title_is_text():
    html = page.render("</title><script>x</script>", Markup(""), [], [])
    assert "<script>" not in html


def test_a_style_or_script_that_ends_early_is_refused():
    with pytest.raises(ValueError, match="script"):
        page.render("T", Markup(""), [], ["let a = '</script>'"])


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=8))
def test_data_come_back_as_they_went_in_and_hold_no_markup(data):
    block = str(page.data_block(data))
    inner = re.fullmatch(
        r'<script type="application/json" id="data">(.*)</script>', block, re.DOTALL
    )[1]
    assert "<" not in inner
    assert json.loads(inner) == data


def test_nan_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        page.data_block({"x": float("nan")})


def test_a_page_is_the_same_twice():
    once, again = (page.render("T", Markup("<p>ệ</p>"), [], [], {"a": "ệ"}) for _ in range(2))
    assert once == again
