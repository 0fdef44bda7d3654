"""Pages of the atlas in hard cases: little known, long names, many villages, small type."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
import shapely

from ntm_gis.outputs.atlas import (
    board,
    card_map,
    chairman,
    chairman_maps,
    contents,
    facts,
    having,
    small_maps,
)
from ntm_gis.outputs.atlas.cards import Village, Villages
from ntm_gis.outputs.atlas.pen import LEAST_BW_PT, Pen
from ntm_gis.outputs.printmap import Printer
from ntm_gis.outputs.printmap.page import Page, settings
from ntm_gis.outputs.printmap.type import width
from ntm_gis.results import village_word


@pytest.fixture(scope="module")
def printer(sample_review):
    return Printer(
        sample_review.answer, sample_review.layers, sample_review.commune, "vi", "ABCD-1234"
    )


@pytest.fixture(scope="module")
def told(printer):
    return chairman.told(printer)


def said(page):
    return [text.get_text() for text in page.axes.texts]


def with_measure(told, name, **changes):
    measure = replace(told.teller.by_id[name], **changes)
    told.teller.by_id = {**told.teller.by_id, name: measure}
    return facts.figures(told.teller)


# --- the chairman's sheet -------------------------------------------------------------------------


def test_a_share_that_may_be_anything_is_told_as_a_range(printer):
    name = "villages.with_cultural_house_share"
    fresh = chairman.told(printer)
    found = with_measure(fresh, name, value=0.0, low=0.0, high=100.0)
    fact = next(f for f in found if f.title == fresh.teller.by_id[name].title.vi)
    assert (fact.value, fact.unit, fact.note) == ("0,0–100,0", "%", "chưa đủ căn cứ")
    found = with_measure(fresh, name, value=60.0, low=40.0, high=90.0)
    fact = next(f for f in found if f.title == fresh.teller.by_id[name].title.vi)
    assert (fact.value, fact.note) == ("60,0", "40,0–90,0")


def test_criteria_that_cannot_be_told_are_no_failures(printer):
    fresh = chairman.told(printer)
    counts = {n: int(fresh.teller.by_id[n].value) for n in facts._CRITERIA}
    assert sum(counts.values()) == 19
    assert counts["score.undetermined"] == 0
    assert facts.figures(fresh.teller)[0].note == "trên 19 tiêu chí"
    met = replace(fresh.teller.by_id["score.met"], value=9.0, low=9.0, high=14.0)
    fresh.teller.by_id = {**fresh.teller.by_id, met.id: met}
    found = with_measure(fresh, "score.undetermined", value=4.0, low=4.0, high=4.0)
    assert found[0].note == "trên 19; 4 chưa xác định"


def test_where_nothing_can_be_told_none_met_is_no_result(printer):
    fresh = chairman.told(printer)
    none = {
        name: replace(fresh.teller.by_id[name], value=0.0, low=0.0, high=19.0)
        for name in ("score.met", "score.not_met")
    }
    fresh.teller.by_id = {**fresh.teller.by_id, **none}
    found = with_measure(fresh, "score.undetermined", value=15.0, low=15.0, high=15.0)
    assert (found[0].value, found[0].note) == ("chưa có", "trên 16; 15 chưa xác định")


def test_lengths_of_works_bear_their_unit(printer, told):
    with settings():
        page = chairman.draw(printer, told)
    text = " ".join(said(page)).replace("\u00a0", " ")
    for one in ("nghiệm thu 2,60 km", "đã đổ 3,90 km", "thiết kế 7,00 km"):
        assert one in text
    unknown = [replace(told.works[0], measures={})]
    with settings():
        page = chairman.draw(printer, replace(told, works=unknown))
    assert "thiết kế chưa có" in said(page)


def test_the_legend_explains_the_maps_beside_it(printer, told):
    with settings():
        page = chairman.draw(printer, told)
    found = said(page)
    assert any(text.startswith("Đã nghiệm thu – 2,60") for text in found)
    assert any(text.startswith("Nhà văn hóa: đạt quy mô") for text in found)
    assert any(text.startswith("Chè kinh doanh") for text in found)
    with settings():
        page = chairman.draw(printer, replace(told, works=()))
    assert not any(text.startswith("Đã nghiệm thu –") for text in said(page))


def test_without_insets_the_map_has_their_room(sample_review):
    frames = {k: f for k, f in sample_review.answer.frames.items()
              if k not in ("facilities", "road_progress")}  # fmt: skip
    bare = Printer(replace(sample_review.answer, frames=MappingProxyType(frames)), sample_review.layers,
                   sample_review.commune)  # fmt: skip
    boxes = []
    own = small_maps.frame_box

    def seen(pen, given, area):
        boxes.append(own(pen, given, area))
        return boxes[-1]

    for printer in (
        bare,
        Printer(sample_review.answer, sample_review.layers, sample_review.commune),
    ):
        with pytest.MonkeyPatch.context() as patch, settings():
            patch.setattr(chairman_maps.small_maps, "frame_box", seen)
            page = chairman.draw(printer, chairman.told(printer))
        assert page.overlaps() == []
    heights = [top - bottom for _, bottom, _, top in boxes]
    assert heights[0] == pytest.approx(heights[1] + 40.0)


def test_villages_that_nobody_knows_of():
    def one(key, *states):
        return having.Having(key, key, states)

    every = [one("A", "yes", "unknown", "unknown", "yes"), one("B", "yes", "no", "unknown", "yes")]
    assert having.unknown(every) == {"school": 1, "speaker": 2}
    assert [o.id for o in having.lacking(every)] == ["B"]


def test_fine_scales_hold_the_ground_and_waste_little():
    for wide in (900, 5_200, 26_000, 26_400, 99_000):
        extent = (0, 0, wide, wide / 2)
        fine = small_maps.scale_for(extent, 170, 150, 3, fine=True)
        rough = small_maps.scale_for(extent, 170, 150, 3)
        need = wide / (170 - 6) * 1000
        assert need <= fine < 1.11 * need
        assert fine <= rough
        assert fine % 10 == 0


# --- type that lives through two copies -----------------------------------------------------------


def test_small_type_is_set_heavier_where_it_is_copied():
    with settings():
        bw, colour = Pen(Page(297, 210, bw=True), 0.7), Pen(Page(297, 210), 0.7)
        large = Pen(Page(297, 210, bw=True))
    assert bw.style(9, "Regular") == "Medium"
    assert bw.style(9, "Italic") == "MediumItalic"
    assert bw.style(9, "Bold") == "Bold"
    assert colour.style(9, "Regular") == large.style(9, "Regular") == "Regular"
    assert bw.size(6) == LEAST_BW_PT
    # What is measured is what is written.
    assert bw.width("Mường Khoa", 9) * 0.7 == pytest.approx(
        width("Mường Khoa", bw.size(9), "Medium")
    )


# --- contents and board ---------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 39, 41, 52, 78])
def test_columns_of_contents_are_alike_and_lose_nothing(n):
    entries = [contents.Entry(str(k), None if k in (0, n // 2 - 1) else k) for k in range(n)]
    columns = contents._columns(entries, 2 if n > 40 else 1)
    assert [entry for column in columns for entry in column] == entries
    assert max(map(len, columns)) - min(map(len, columns)) <= 3
    assert len(columns) == 1 or columns[0][-1].page is not None


def test_the_board_of_many_villages_is_spread_evenly(printer):
    found = Villages(printer)
    found.__dict__["every"] = tuple(
        Village(k + 1, f"B{k}", f"Bản {k}", None) for k in range(board.PER_PAGE + 1)
    )
    parts = [board._of_page(found, k) for k in range(board.pages(found))]
    assert [len(part) for part in parts] == [board.PER_PAGE // 2 + 1, board.PER_PAGE // 2]
    assert [v.number for part in parts for v in part] == list(range(1, board.PER_PAGE + 2))


def test_the_board_says_what_its_columns_are(printer):
    with settings():
        page = board.draw(Villages(printer), 0, "Trang 1/1")
    assert "Tình trạng" in said(page)


# --- the pages of villages ------------------------------------------------------------------------


def test_villages_are_called_as_the_commune_calls_them():
    village_word.use("thôn")
    try:
        assert Village(1, "A", "Pá Kim", None).called("vi") == "Thôn Pá Kim"
        assert Village(1, "A", "Thôn 8", None).called("vi") == "Thôn 8"
        assert Village(1, "A", "Bản Pá Kim", None).called("vi") == "Bản Pá Kim"
    finally:
        village_word.use(None)
    assert Village(1, "A", "Pá Kim", None).called("vi") == "Bản Pá Kim"


def test_a_long_name_is_written_whole_in_the_head(printer):
    found = Villages(printer)
    name = "Nguyễn Thị Minh Khai mở rộng phía Đông Bắc giáp Quốc lộ 32A"
    village = replace(found.every[0], name=name, at=None)
    with settings():
        page = card_map.draw(found, card_map.content(found), village, "Mặt 1/2", "Trang 1/2")
    assert any(name in text for text in said(page))
    # There is no map, so nothing is said of what stands in it.
    assert not any("Đường trong sơ đồ" in text for text in said(page))
    box = shapely.box(4.9, 4.9, page.w - 4.9, page.h - 4.9)
    assert all(box.contains(one) for _, _, one in page.texts)


def test_signs_are_written_whole(printer):
    found = Villages(printer)
    with settings():
        page = card_map.draw(
            found, card_map.content(found), found.every[0], "Mặt 1/2", "Trang 1/2"
        )  # fmt: skip
    assert "Điểm trường đạt mức độ 1" in said(page)
    assert not [text for text in said(page) if text.endswith("…")]
