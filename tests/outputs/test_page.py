"""The frame of every page: policy, fonts, data that is never markup."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ntm_gis.outputs import fonts, page

VIETNAMESE = "ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ₫−–“”’"


def faces(css: str | None = None) -> list[tuple[str, TTFont]]:
    found = re.findall(r'font-family:"([^"]+)".*?base64,([^)]+)\)', css or fonts.css())
    return [(name, TTFont(io.BytesIO(base64.b64decode(data)))) for name, data in found]


def test_the_text_font_has_every_letter_of_vietnamese():
    for name, font in faces():
        if name == "NTM Sans":
            assert not [c for c in VIETNAMESE if ord(c) not in font.getBestCmap()]


def test_figures_of_the_number_font_are_all_of_one_width():
    widths = [
        {font["hmtx"][font.getBestCmap()[ord(d)]][0] for d in "0123456789"}
        for name, font in faces()
        if name == "NTM So"
    ]
    assert widths == [{fonts.FIGURE_WIDTH}] * 2


def test_cut_fonts_are_kept_and_are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_kept", lambda: tmp_path / "cache" / "f.css")
    fonts.css.cache_clear()
    first = fonts.css()
    assert (tmp_path / "cache" / "f.css").read_text(encoding="utf-8").endswith(first)
    monkeypatch.setattr(fonts, "cut", lambda: pytest.fail("cut again"))
    fonts.css.cache_clear()
    assert fonts.css() == first
    fonts.css.cache_clear()
    assert len(first) < 70_000


@pytest.mark.parametrize("change", [lambda t: t[:-40], lambda t: t.replace("NTM So", "NTM Sx")])
def test_a_kept_sheet_that_is_not_what_was_written_is_cut_again(tmp_path, monkeypatch, change):
    kept = tmp_path / "f.css"
    monkeypatch.setattr(fonts, "_kept", lambda: kept)
    fonts.css.cache_clear()
    first = fonts.css()
    kept.write_text(change(kept.read_text(encoding="utf-8")), encoding="utf-8")
    fonts.css.cache_clear()
    assert fonts.css() == first
    assert kept.read_text(encoding="utf-8").endswith(first)
    fonts.css.cache_clear()


def test_a_cache_that_cannot_be_written_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(fonts, "_kept", lambda: tmp_path / "file" / "f.css")
    fonts.css.cache_clear()
    assert "NTM So" in fonts.css()
    fonts.css.cache_clear()


def test_the_licence_of_the_font_goes_with_it() -> None:
    assert all("SIL Open Font License" in f["name"].getDebugName(13) for _, f in faces())


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
