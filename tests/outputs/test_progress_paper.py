"""Road works on paper: the sheet of a stretch holds what fits, the page prints without idle sheets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ntm_gis.outputs.progress.page import asset
from ntm_gis.outputs.progress.room import fitting, strip_px

NOTHING: dict[str, tuple[str, ...]] = {
    "disputes": (), "tracks": (), "photos": (), "payments": (),
}  # fmt: skip
ROW = ("BC01", "12/11/2025", "Km0+700,25 – Km1+250,55", "Đã đổ bê tông", "3,1", "16", "Lò Văn A",
       "chưa ai xác nhận", "Được tính")  # fmt: skip


@pytest.mark.parametrize("n", range(1, 30))
def test_reports_are_cut_only_where_the_page_would_overflow(n: int) -> None:
    told = fitting([ROW] * n, NOTHING, {})
    # Of more reports as many are told as the page holds, but for the line that says so.
    assert told == n or told in (most := range(10, 14)), (told, most)
    full = {**NOTHING, "tracks": ("vết đi qua " * 9,) * 3, "photos": ("ảnh chụp ở " * 9,) * 2}
    assert fitting([ROW] * n, full, {}) <= told
    assert strip_px([ROW] * told, NOTHING, {}) >= 100


def test_a_stretch_to_the_centimetre_has_room_in_its_column() -> None:
    """Of 182 mm; letters of 8 pt are some 1.55 mm wide."""
    css = asset("disputed.css")
    found = re.search(r"\.reports th:nth-child\(3\) \{ width: ([0-9.]+)% \}", css)
    assert found is not None
    assert 182 * float(found[1]) / 100 >= 1.55 * len("Km0+700,25 – Km1+250,5")
    assert ".plan .core.disputed { stroke: url(#p-disputed)" in css


def test_page_two_is_numbered_throughout() -> None:
    from ntm_gis.rules.terms import term

    heads = [
        term(key).vi for key in ("parties_head", "measured_head", "opinions_head", "verdict_head")
    ]
    assert [head.split(".")[0] for head in heads] == ["I", "II", "III", "IV"]


def test_works_follow_each_other_on_paper(tmp_path: Path) -> None:
    css = asset("print.css")
    assert ".work + .work, .work + .card { margin-top" in css
    forced = re.findall(r"([^{}]*)\{[^{}]*break-before: page", css)
    assert [rule.strip() for rule in forced] == [".chapter"]
