"""Who says what of a place, and what proves it: photos, tracks, centimetres, households."""

from __future__ import annotations

import importlib.util
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, ModuleType

import openpyxl
import pandas as pd
import pytest

from ntm_gis import outputs
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import tables, webmap
from ntm_gis.outputs.progress import households, page, pictures
from ntm_gis.outputs.progress.model import Photo, Work
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.progress.strip import strip
from ntm_gis.results import Evidence, Measure, Words, shown


def _beside(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rw = _beside("roadworks")
small = _beside("conftest")


def photo(name: str, at_m: float | None, state: str = "gps", off: float = 3.0, work: str = "CT01"):
    where = None if at_m is None else f"Km0+{at_m:03.0f}"
    return Photo(name, at_m, where, None, None, None, state, "", off, work)


def with_photos(*photos: Photo) -> Work:
    mine = tuple(p for p in photos if p.work_id == "CT01")
    return Work("CT01", "Đường Hô Tra", photos=mine, album=pictures.album(photos))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (photo("A1.jpg", 500), "vị trí trong ảnh: Km0+500"),
        (photo("A1.jpg", 500, off=60), "cách đoạn này 60 m"),
        (photo("A1.jpg", 800), "cách đoạn này 200 m"),
        (photo("A1.jpg", 500, "told"), "theo lời báo ở Km0+500"),
        (photo("A1.jpg", None, "unplaced"), "ảnh không có vị trí"),
        (photo("A1.jpg", 500, work="CT02"), "không ở công trình này"),
        (photo("A1.jpg", 500, "missing"), "hồ sơ chưa có ảnh này"),
        (photo("B7.jpg", 500), "hồ sơ chưa có ảnh này"),
    ],
)
def test_what_a_report_names_is_told_with_where_it_was_taken(found: Photo, words: str) -> None:
    said = pictures.named_words(with_photos(found), "a1.JPG", 400, 600, "vi")
    assert words in said.replace("\u00a0", " ")


def test_seen_are_photos_with_a_position_of_their_own_near_the_stretch() -> None:
    near = [photo("N1", 351), photo("N2", 649), photo("N3", 500, off=49)]
    far = [photo("F1", 349), photo("F2", 651), photo("F3", 500, off=51), photo("F4", 500, "told")]
    found = [p.name for p in pictures.seen(with_photos(*near, *far), 400, 600)]
    assert found == ["N1", "N3", "N2"]


@pytest.fixture(scope="module")
def answer() -> Answer:
    return rw.answer()


@pytest.fixture(scope="module")
def layers() -> Layers:
    return rw.layers()


@pytest.fixture(scope="module")
def html(answer: Answer, layers: Layers) -> str:
    return page.render(answer, layers, "vi", has_map=True)


def test_page_and_sheet_say_the_same_of_photos(
    answer: Answer, layers: Layers, html: str, tmp_path: Path
) -> None:
    work = works(answer, layers, "vi")[0]
    first = work.now[0]
    named = pictures.named_words(work, first.photo, first.from_m, first.to_m, "vi")
    seen = pictures.seen_words(work, first.from_m, first.to_m)
    assert named == "A1.jpg (vị trí trong ảnh: Km0+620)"
    assert seen == "A1.jpg (Km0+620)"
    assert f"Thấy trên ảnh: {seen}; Ảnh nêu trong báo cáo: {named}" in html
    book = openpyxl.load_workbook(tables.write(answer, layers, tmp_path))
    cells = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
    assert {named, seen, "Thấy trên ảnh", "Ảnh nêu trong báo cáo"} <= cells


def test_pointing_names_tracks_and_photos_with_their_distance(html: str, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    file = tmp_path / "progress.html"
    file.write_text(html, encoding="utf-8")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        tab = browser.new_page()

        def panel(at: int) -> str:
            tab.goto("about:blank")
            tab.goto(f"{file.as_uri()}#work=CT01&at={at}")
            return tab.inner_text(".panel")

        here, near, far = panel(640), panel(750), panel(5000)
        browser.close()
    assert "Thấy trên ảnh: A1.jpg" in here
    assert "cách chỗ này 20 m" in here
    assert "GPX1 (Lò Văn A, 18/12/2025)" in here
    assert "Thấy trên ảnh" not in near
    assert re.search(r"Ảnh gần nhất: A1\.jpg.*cách chỗ này 130 m", near)
    assert "Trong vòng 200 m quanh chỗ này chưa có ảnh nào" in far
    assert "Chưa có vết khảo sát GPS" in far


@pytest.mark.parametrize(
    ("asked", "day", "zoomed"),
    [("work=CT01&day=2025-10-15", "30/09/2025", True), ("day=30/09/2025", "30/09/2025", False),
     ("day=2024-01-01", "20/04/2025", False), ("day=2026-05-05", "31/12/2025", False)],
)  # fmt: skip
def test_an_address_sets_the_day_and_shows_the_work(
    answer: Answer, layers: Layers, tmp_path: Path, asked: str, day: str, zoomed: bool
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    file = tmp_path / "road_progress.html"
    made = webmap.Atlas(answer, layers.commune).render("road_progress")
    file.write_text(made, encoding="utf-8")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        tab = browser.new_page(viewport={"width": 1366, "height": 900})
        faults: list[str] = []
        tab.on("pageerror", lambda fault: faults.append(str(fault)))
        tab.goto(f"{file.as_uri()}#{asked}")
        head = tab.inner_text("#time h2")
        tab.wait_for_timeout(600)
        scale = tab.inner_text("#scale")
        tab.evaluate("location.hash = 'day=2025-12-31'")
        tab.wait_for_timeout(100)
        after = tab.inner_text("#time h2")
        browser.close()
    assert head == f"Đến {day}"
    assert after == "Đến 31/12/2025"
    assert not faults
    # With no work asked for the whole commune is shown, too small for a bar in steps of 250 m.
    assert ("250" in scale) is zoomed


def test_no_digit_that_a_length_has_is_hidden() -> None:
    def text(value: float, unit: str, name: str = "progress.CT01.poured_km") -> str:
        nothing = Evidence(Words("", ""))
        measure = Measure(name, Words("", ""), unit, value, value, value, nothing, method="list")
        return shown.of(measure, "vi")

    assert text(1.2505, "km") == "1,2505"
    assert text(1.25055, "km") == "1,25055"
    assert text(3.0, "km") == "3,00"
    assert text(12.5, "million đồng", "contributions.cash_million") == "12,5"
    assert text(1.2505, "km", "roads.length_km.village") == "1,25"


def test_a_report_without_an_id_is_known_by_its_row(answer: Answer, layers: Layers) -> None:
    made = "CT01 · 1250 · 2600 · Đã đổ bê tông · 30/09/2025"
    frames = dict(answer.frames)
    reports, progress = frames["road_reports"].copy(), frames["road_progress"].copy()
    reports["report_id"] = reports["report_id"].replace("B3", made)
    progress["reports"] = progress["reports"].map(
        lambda ids: ids.replace("B3", made) if isinstance(ids, str) else ids
    )
    frames |= {"road_reports": reports, "road_progress": progress}
    given = replace(answer, frames=MappingProxyType(frames))
    text = page.render(given, layers, "vi", has_map=False)
    assert made not in text
    assert "chưa có mã, dòng 5 (30/09/2025)" in text


def test_the_first_half_kilometre_is_named(answer: Answer, layers: Layers) -> None:
    work = works(answer, layers, "vi")[0]
    short = replace(work, now=(replace(work.now[0], to_m=3500.0),))
    drawn = strip(short, "vi")
    assert drawn is not None
    labels = [tick.label for tick in drawn.ticks if tick.label]
    assert {"Km0", "Km0+500", "Km1", "Km3", "Km3+500"} <= set(labels)


def test_households_stand_in_the_internal_workbook_alone(layers: Layers, tmp_path: Path) -> None:
    rows = [
        {"contribution_id": "DG1", "work_id": "CT01", "kind": "land", "quantity": 250.5,
         "unit": "m2", "household": "Lý A Khobímật", "parcel": "77"},
        {"contribution_id": "DG2", "work_id": "CT01", "kind": "in_kind",
         "document": "ông Lý A Khobímật cho cát"},
    ]  # fmt: skip
    gifts = small.layer("contributions", "sources/dong gop.xlsx", rows)
    given = Layers(layers.commune, {**layers.by_name, "contributions": gifts})
    outputs.write_all(rw.answer(), given, layers.commune, tmp_path, only=frozenset(
        {households.FILE_NAME, "tables.xlsx", "results.json", "commune.gpkg", "progress.html"}
    ))  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / households.FILE_NAME)
    cells = [c.value for row in book.worksheets[0].iter_rows() for c in row]
    assert {"Lý A Khobímật", "ông Lý A Khobímật cho cát", "77", 250.5} <= set(cells)
    public = openpyxl.load_workbook(io.BytesIO((tmp_path / "tables.xlsx").read_bytes()))
    words = json.dumps([str(c.value) for s in public for r in s.iter_rows() for c in r])
    words += "".join(
        (tmp_path / name).read_bytes().decode("utf-8", "replace")
        for name in ("results.json", "commune.gpkg", "progress.html")
    )
    assert "Khob" not in words
    assert not pd.isna(cells[0])
