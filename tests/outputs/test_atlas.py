"""The atlas: bound in order, the forms those of Excel, legible when copied twice, never empty."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from pypdf import PdfReader
from scipy import ndimage

from ntm_gis import cli, numbers, outputs, shipped
from ntm_gis.errors import UsageError
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import atlas
from ntm_gis.outputs.atlas import (
    board,
    card_form,
    card_map,
    chairman,
    chairman_maps,
    contents,
    having,
)
from ntm_gis.outputs.atlas.book import Book
from ntm_gis.outputs.atlas.cards import Villages
from ntm_gis.outputs.atlas.pen import LEAST_PT
from ntm_gis.outputs.forms import village_sheets
from ntm_gis.outputs.printmap import Printer
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.outputs.printmap.printer import pixels
from ntm_gis.outputs.printmap.type import shown
from ntm_gis.rules import maps

from .conftest import HOSTILE


@pytest.fixture(scope="module")
def printer(sample_review):
    return Printer(
        sample_review.answer, sample_review.layers, sample_review.commune, "vi", "ABCD-1234"
    )


def book(found, lang="vi", **how):
    return Book(found.answer, found.layers, found.commune, lang, "ABCD-1234", **how)


def said(page):
    return [text.get_text() for text in page.axes.texts]


def whole(page):
    return " ".join(said(page)).replace("\u00a0", " ")


def sheet_of(printer, *, bw=False):
    with settings():
        return chairman.draw(printer, chairman.told(printer), bw=bw)


def inside(page, margin=4.9):
    """Whether every text stands on the paper, off the rim that office printers leave."""
    paper = shapely.box(margin, margin, page.w - margin, page.h - margin)
    return [text for _, text, box in page.texts if not paper.contains(box)]


def with_villages(found, n, names=None):
    """Return the same review with so many villages, in a grid; all else stays."""
    layer = found.layers["villages"]
    first = layer.frame.iloc[[i % len(layer.frame) for i in range(n)]].copy()
    at = shapely.points([(563_000 + 1300 * (i % 9), 2_452_000 + 900 * (i // 9)) for i in range(n)])
    first["village_id"] = [f"B{i + 1:02}" for i in range(n)]
    first["name"] = names or [f"Bản số {i + 1}" for i in range(n)]
    first["@row"] = range(5, 5 + n)
    frame = gpd.GeoDataFrame(first.reset_index(drop=True), crs=layer.frame.crs)
    frame = frame.set_geometry(gpd.GeoSeries(at, crs=layer.frame.crs))
    by_name = {**found.layers.by_name, "villages": replace(layer, frame=frame)}
    layers = replace(found.layers, by_name=MappingProxyType(by_name))
    drawn = found.answer.frames["villages"].iloc[[0] * n].copy()
    for column in ("village_id", "name"):
        drawn[column] = list(frame[column])
    drawn["id"] = list(frame["village_id"])
    drawn = drawn.reset_index(drop=True).set_geometry(gpd.GeoSeries(at, crs=frame.crs))
    frames = {**found.answer.frames, "villages": drawn}
    answer = replace(found.answer, frames=MappingProxyType(frames))
    return replace(found, layers=layers, answer=answer)


# --- the chairman's sheet -------------------------------------------------------------------------


def test_seven_figures_are_those_of_the_measures(printer, sample_review):
    told = chairman.told(printer)
    assert len(told.facts) == 7
    page = sheet_of(printer)
    values = {m.id: m.value for m in sample_review.answer.measures}
    for name, digits in (("commune.population", 0), ("villages.poor_share", 1)):
        assert numbers.format_vi(values[name], "", digits) in said(page)
    planned, paid = values["money.CT01.planned_million"], values["money.CT01.paid_million"]
    assert {numbers.format_vi(planned, "", 0), numbers.format_vi(paid, "", 0)} <= set(said(page))
    text = whole(page)
    for name in ("planned_km", "poured_km", "accepted_km"):
        assert numbers.format_vi(values[f"progress.CT01.{name}"], "", 2) in text


def test_nothing_of_it_lies_over_another_or_off_the_paper(printer):
    for bw in (False, True):
        page = sheet_of(printer, bw=bw)
        assert page.overlaps() == []
        assert inside(page) == []
        least = LEAST_PT if bw else 4.8  # hundreds of kilometres, in colours
        assert min(text.get_fontsize() for text in page.axes.texts) >= least - 1e-9


def test_every_village_is_named_on_its_map(printer, sample_review):
    kinds = [text for kind, text, _ in sheet_of(printer).texts if kind == "village"]
    assert set(sample_review.layers["villages"].used["name"]) <= set(kinds)


def test_five_problems_with_owner_and_day(printer):
    told = chairman.told(printer)
    assert [one.number for one in told.problems] == [1, 2, 3, 4, 5]
    late = [one for one in told.problems if one.severity == "late"]
    assert "Quá hạn 61 ngày: Khảo sát hiện trạng đường giao thông nông thôn" in late[0].text
    assert late[0].owner == "Phòng Kinh tế · hạn 31/10/2025"
    # What holds figures back and what is late take turns, the grave first.
    assert [one.severity for one in told.problems[:4]] == ["block", "late", "block", "late"]


def test_what_villages_lack_is_what_frames_say(printer, sample_review):
    found = {one.name: one.states for one in having.villages(printer.library.context)}
    frames = sample_review.answer.frames
    none = set(frames["villages_without_house"]["name"])
    assert {name for name, s in found.items() if s[0] == having.NO} >= none
    broken = frames["loudspeakers"].query("state == 'broken'")["village_id"]
    ids = dict(zip(frames["villages"]["id"], frames["villages"]["name"], strict=True))
    for key in broken:
        assert found[ids[key]][2] == having.NO
    assert found["Hô Tra"][3] == having.NO  # the road up to it is earth
    assert found["Nà Cóoc"][3] == having.UNKNOWN  # nobody said what surface it has
    assert found["Phiêng Tâm"][3] == having.YES


def test_unknown_is_not_lacking(sample_review):
    frames = {k: f for k, f in sample_review.answer.frames.items() if k != "village_needs"}
    bare = Printer(replace(sample_review.answer, frames=MappingProxyType(frames)), sample_review.layers,
                   sample_review.commune)  # fmt: skip
    found = having.villages(bare.library.context)
    assert len(found) == 20
    assert {state for one in found for state in one.states} == {having.UNKNOWN}
    text = whole(sheet_of(bare))
    assert "Chưa đủ số liệu để biết bản nào còn thiếu." in text
    assert "Chưa rõ: nhà văn hóa của 20 bản, điểm trường của 20 bản, loa của 20 bản" in text


# --- little to go by ------------------------------------------------------------------------------


def test_without_anything_it_still_stands(sample_review):
    empty = Printer(Answer(), sample_review.layers, sample_review.commune)
    page = sheet_of(empty)
    text = whole(page)
    assert "Chưa có công trình đường nào" in text
    assert "Chưa có danh sách bản" in text
    assert page.overlaps() == []


def test_sheets_without_anything_to_show_are_refused(sample_review, tmp_path):
    bare = Answer(
        sample_review.answer.measures, (), {"boundary": sample_review.answer.frames["boundary"]}
    )
    villages = sample_review.layers["villages"]
    none = {
        **sample_review.layers.by_name,
        "villages": replace(villages, frame=villages.frame.iloc[:0]),
    }
    layers = replace(sample_review.layers, by_name=MappingProxyType(none))
    asked = frozenset(("forms", "board"))
    with pytest.raises(UsageError) as refused:
        atlas.write(bare, layers, sample_review.commune, tmp_path, sheets=asked)
    assert refused.value.code == "ATLAS_NOTHING"
    assert "board, forms" in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_without_heights_and_works(sample_review):
    measures = tuple(m for m in sample_review.answer.measures if not m.id.startswith("progress."))
    frames = {k: f for k, f in sample_review.answer.frames.items() if not k.startswith("road_")}
    answer = replace(
        sample_review.answer, measures=measures, frames=MappingProxyType(frames), grids=MappingProxyType({})
    )  # fmt: skip
    printer = Printer(answer, replace(sample_review.layers, elevation=None), sample_review.commune)
    page = sheet_of(printer)
    assert "Chưa có công trình đường nào" in whole(page)
    assert not page.axes.images
    assert page.overlaps() == []


def test_one_village_and_sixty(sample_review):
    for n in (1, 60):
        found = with_villages(sample_review, n)
        made = book(found, sheets=frozenset({"chairman", "board", "forms"}))
        sides = 1 + len(card_form.parts(made.villages.asked))
        assert sum(leaf.part == "forms" for leaf in made.plan.leaves) == n * sides
        page = sheet_of(made.printer)
        assert page.overlaps() == []
        assert inside(page) == []
        with settings():
            shown_names = [
                text
                for part in range(board.pages(made.villages))
                for text in said(board.draw(made.villages, part, "Trang 1/1"))
            ]
        assert sum(text.startswith("Bản số") for text in shown_names) == n


def test_many_works_get_sheets_of_their_own(sample_review, printer):
    told = chairman.told(printer)
    works = [replace(told.works[0], name=f"Công trình {i}") for i in range(9)]
    many = replace(told, works=works)
    with settings():
        page = chairman.draw(printer, many)
    assert "và 6 công trình khác" in whole(page)
    assert page.overlaps() == []
    assert len(chairman_maps.placed(printer, works)) == 9


# --- the pages of villages ------------------------------------------------------------------------


def test_the_form_is_that_of_excel(printer, sample_review):
    found = Villages(printer)
    village = found.every[3]
    data = village_sheets.workbook(found.read, village.id, village.name, found.asked)
    sheet = openpyxl.load_workbook(io.BytesIO(data))[village_sheets.SHEET]
    rows = [[c.value for c in row[:5]] for row in sheet.iter_rows(min_row=7) if row[2].value]
    heads = [c.value for c in sheet[village_sheets.HEAD_ROW + 1]]
    with settings():
        pages = [
            card_form.draw(found, village, part, "Mặt 2/2", "Trang 2/2")
            for part in card_form.parts(found.asked)
        ]
    text = " ".join(whole(page) for page in pages)
    numbered = [t for page in pages for t in said(page) if t.isdigit() and len(t) < 3]
    assert len(rows) == len(found.asked) >= 15
    for number, key, code, title, unit in rows:
        assert str(number) in numbered
        assert key == village.id
        assert shown(code) in text.replace(" ", "") or shown(code) in text
        assert all(word in text for word in title.split())
        assert unit in (None, "") or unit.replace("\u00a0", " ") in text
    for head in heads:
        assert all(word in text for word in head.split())
    for page in pages:
        assert page.overlaps() == []
        assert inside(page) == []


def test_last_values_are_those_sent_else_of_the_list(printer, sample_review):
    found = Villages(printer)
    by_code = {line.code: line for line in found.asked}
    sent = next(v for v in found.every if v.name == "Hô Tra")
    assert found.last(sent, by_code["new_houses"]).since == "15/12/2025"
    silent = next(v for v in found.every if v.name == "Nà An")
    people = sample_review.layers["villages"].used.set_index("name").loc["Nà An", "households"]
    assert found.last(silent, by_code["households"]).value == numbers.format_vi(float(people))
    assert found.last(silent, by_code["households"]).since == "danh sách bản"
    assert found.last(silent, by_code["new_houses"]) is None  # unknown is not zero


def test_the_board_tells_who_sent(printer, sample_review):
    found = Villages(printer)
    rows = sample_review.layers["figures"].used
    assert set(found.received) == set(rows["village_id"].dropna())
    assert all(one.day == dt.date(2025, 12, 15) for one in found.received.values())
    with settings():
        page = board.draw(found, 0, "Trang 1/1")
    n = len(found.received)
    assert f"Đã nhận {n}/20 phiếu; còn thiếu {20 - n}." in said(page)
    assert page.overlaps() == []
    assert inside(page) == []


def test_houses_and_roads_of_a_map_are_numbered(printer, sample_review):
    found = Villages(printer)
    shared = card_map.content(found)
    village = next(v for v in found.every if v.name == "Phúc Khoa")
    with settings():
        page = card_map.draw(found, shared, village, "Mặt 1/2", "Trang 1/2")
    houses = sample_review.answer.frames["buildings"].query("village_id == @village.id")
    numbered = {int(text) for kind, text, _ in page.texts if kind == "house"}
    missing = set(range(1, len(houses) + 1)) - numbered
    told = f"{len(missing)} nhà vẽ không ghi số" in whole(page)
    assert told == bool(missing)
    assert len(missing) < len(houses) / 10
    assert "Quốc lộ 32 (D01)" in said(page)
    assert page.overlaps() == []
    assert inside(page) == []


def test_a_village_without_a_place_is_sketched_by_hand(printer):
    found = Villages(printer)
    nowhere = replace(found.every[0], at=None)
    with settings():
        page = card_map.draw(found, card_map.content(found), nowhere, "Mặt 1/2", "Trang 1/2")
    assert any("Vẽ tay sơ đồ bản" in text for text in said(page))


def test_hostile_names_are_shown_as_typed(sample_review):
    texts = [*HOSTILE, "x" * 200, "Bản " + "rất dài " * 40, "$\\frac{1}{2}$"]
    found = with_villages(sample_review, len(texts), texts)
    made = book(found, sheets=frozenset({"chairman", "board", "forms"}))
    part = card_form.parts(made.villages.asked)[0]
    with settings():
        shared = card_map.content(made.villages)
        lists = [board.draw(made.villages, 0, "1"),
                 contents.draw(made.printer, made.plan.lines, 0, "1", bw=True)[0]]  # fmt: skip
        for village, text in zip(made.villages.every, texts, strict=True):
            own = [
                card_map.draw(made.villages, shared, village, "Mặt 1/2", "1"),
                card_form.draw(made.villages, village, part, "2", "2"),
            ]
            start = shown(text)[:12].rstrip()
            assert all(start in " ".join(said(page)) for page in (*own, *lists))
            assert all(inside(page) == [] for page in own)
        sheet = chairman.draw(made.printer, chairman.told(made.printer))
    assert inside(sheet) == []
    assert all(inside(page) == [] for page in lists)
    assert "\x00" not in "".join(leaf.entry for leaf in made.plan.leaves)


# --- bound ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bound(sample_review):
    made = book(sample_review, sheets=frozenset({"chairman", "roads", "board", "forms"}))
    return made, made.render()


def test_pages_outline_labels_and_contents_agree(bound):
    made, pdf = bound
    reader = PdfReader(io.BytesIO(pdf))
    leaves = made.plan.leaves
    assert len(reader.pages) == len(leaves) == 1 + 1 + 1 + 1 + 40
    assert reader.page_labels == [leaf.label for leaf in leaves]
    assert len(set(reader.page_labels)) == len(leaves)
    flat = [o for item in reader.outline for o in (item if isinstance(item, list) else [item])]
    at = {item.title: reader.get_destination_page_number(item) for item in flat}
    for n, leaf in enumerate(leaves):
        if leaf.entry:
            assert at[leaf.entry] == n
            # Each line of the contents leads to a page that bears its number.
            number = f"{n + 1}/{len(leaves)}"
            assert number in reader.pages[n].extract_text() or leaf.part == "chairman"
    links = [a.get_object() for a in reader.pages[1]["/Annots"]]
    assert len(links) == sum(bool(leaf.entry) for leaf in leaves)
    lines = [entry.page for entry in made.plan.lines if entry.page is not None]
    assert lines == [n for n, leaf in enumerate(leaves, 1) if leaf.entry]
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert "Ranh giới xã" in reader.pages[2].extract_text()


def test_same_bytes_twice(sample_review):
    few = with_villages(sample_review, 2)
    names = frozenset({"chairman", "tea", "board", "forms"})
    pdf, again = (book(few, sheets=names).render() for _ in range(2))
    assert again == pdf
    assert b"CreationDate" not in pdf


def test_contents_grow_with_their_lines():
    entries = [contents.Entry("x", 1)] * (contents.PER_PAGE + 1)
    assert contents.pages(entries) == 2


def test_a_new_file_is_a_new_sheet(sample_review, tmp_path, monkeypatch):
    import shutil

    folder = tmp_path / "maps"
    shutil.copytree(shipped.path("maps"), folder)
    made_up = """
title = { vi = "Tờ tự thêm", en = "A made-up sheet" }
order = 999
findings = []
[[group]]
title = { vi = "Bản", en = "Villages" }
open = true
layer = [{ style = "villages" }, { style = "boundary" }]
"""
    (folder / "x.toml").write_text(made_up, encoding="utf-8")
    own = shipped.path
    monkeypatch.setattr(
        "ntm_gis.rules.maps.shipped.path",
        lambda *parts: tmp_path.joinpath(*parts) if parts[0] == "maps" else own(*parts),
    )
    maps.names.cache_clear()
    try:
        assert "x" in atlas.names()
        made = book(sample_review)
        assert made.plan.leaves[-1].part == "forms"
        assert [leaf.map for leaf in made.plan.leaves if leaf.map][-1] == "x"
        assert "Tờ tự thêm" in [entry.text for entry in made.plan.lines]
        alone = book(sample_review, sheets=frozenset({"x"}))
        reader = PdfReader(io.BytesIO(alone.render()))
        assert "BẢN ĐỒ TỜ TỰ THÊM" in reader.pages[-1].extract_text()
    finally:
        maps.names.cache_clear()


def test_run_makes_the_chairmans_sheet_alone(sample_review, tmp_path):
    names = frozenset({"maps/chairman.pdf", "maps/chairman.png", "maps/tea.pdf"})
    written = outputs.write_all(
        sample_review.answer, sample_review.layers, sample_review.commune, tmp_path, only=names
    )  # fmt: skip
    assert {p.relative_to(tmp_path).as_posix() for p in written} == names
    text = PdfReader(tmp_path / "maps" / "chairman.pdf").pages[0].extract_text()
    assert "TOÀN CẢNH XÃ MƯỜNG KHOA" in text


def test_in_english(sample_review):
    made = book(sample_review, "en", sheets=frozenset({"chairman", "board", "forms"}))
    with settings():
        pages = [
            chairman.draw(made.printer, chairman.told(made.printer)),
            board.draw(made.villages, 0, "Page 1 of 1"),
        ]
    assert "MƯỜNG KHOA AT A GLANCE" in said(pages[0])
    assert all(page.overlaps() == [] and inside(page) == [] for page in pages)


# --- copied twice ---------------------------------------------------------------------------------

DPI = 300


def copied(ink, seed):
    """Return a page as a copier leaves it: blurred, skewed, dirty, then black or white."""
    rng = np.random.default_rng(seed)
    grey = ndimage.gaussian_filter(ink.astype(np.float32), 0.9)
    grey = ndimage.rotate(grey, 0.15, reshape=False, order=1, mode="nearest")
    grey += rng.normal(0, 0.06, grey.shape).astype(np.float32)
    return grey > 0.5


def untilted(ink):
    return ndimage.rotate(ink.astype(np.float32), -0.3, reshape=False, order=1) > 0.5


def test_names_and_lines_live_through_two_copies(sample_review):
    made = book(sample_review, bw=True, sheets=frozenset({"chairman", "forms"}))
    with settings():
        card = card_map.draw(
            made.villages, card_map.content(made.villages), made.villages.every[14], "1", "1"
        )  # fmt: skip
        for page in (sheet_of_bw(made.printer), card):
            ink = pixels(page, DPI)[..., 0] < 128
            grey = pixels(page, DPI).astype(int)
            assert (np.ptp(grey, axis=2) < 12).all()  # black and white
            copy = untilted(copied(copied(ink, 1), 2))
            legible(page, ink, copy)


def sheet_of_bw(printer):
    return chairman.draw(printer, chairman.told(printer), bw=True)


def rings(paper):
    """Count the pieces of paper that strokes leave, specks apart."""
    _, sizes = np.unique(ndimage.label(paper)[0], return_counts=True)
    return int((sizes[1:] >= 4).sum())


def legible(page, ink, copy):
    """Names keep their strokes, and do not run into blots; so do the lines around them."""
    near = ndimage.binary_dilation(copy, iterations=2)
    grown = ndimage.binary_dilation(ink, iterations=3)
    px = DPI / 25.4
    names = [(text, box) for kind, text, box in page.texts if kind in ("village", "seat", "house")]
    assert len(names) >= 15
    for text, box in names:
        west, south, east, north = box.bounds
        cut = np.s_[
            int((page.h - north) * px) : int((page.h - south) * px) + 1,
            int(west * px) : int(east * px) + 1,
        ]
        there = ink[cut]
        assert near[cut][there].mean() > 0.95, text
        # Blots: ink of the copy that lies on no stroke of the name.
        assert (copy[cut] & ~grown[cut]).mean() < 0.02, text
        holes = rings(~there), rings(~copy[cut])
        assert abs(holes[0] - holes[1]) <= max(4, 0.7 * holes[0]), text
    # Thin lines are whole: what was one line of ink is not broken up.
    assert near[ink].mean() > 0.985


def test_the_copier_of_the_test_eats_thin_lines(sample_review):
    """The simulated copier is worth something: hairlines do not live through it."""
    ink = np.zeros((600, 600), dtype=bool)
    ink[100, :] = True  # 0.08 mm
    ink[300:303, :] = True  # 0.25 mm
    copy = untilted(copied(copied(ink, 1), 2))
    assert copy[95:106, 50:550].any(axis=0).mean() < 0.6
    assert copy[295:309, 50:550].any(axis=0).mean() > 0.99


# --- the command ----------------------------------------------------------------------------------


def test_a_sheet_that_is_none_is_wrong_use(tmp_path, capsys):
    assert cli.main(["atlas", str(tmp_path), "--sheets", "roads,nothing"]) == 2
    assert "'nothing'? → chairman, works, board, forms, overview" in capsys.readouterr().err
    assert cli.main(["atlas", str(tmp_path), "--sheets", "raods"]) == 2
    assert "'raods'? → roads → chairman, works" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
