"""The plan review in Chromium and again; letters, the sheet to fill in, the planning database."""

from __future__ import annotations

import importlib.util
import io
import re
import sqlite3
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from ntm_gis import outputs
from ntm_gis.outputs.planreview import database, letters, page, to_decide


def _beside(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


p = _beside("planned")
HEAD = "7K3M-Q9TD"


@pytest.fixture(scope="module")
def layers():
    return p.layers()


@pytest.fixture(scope="module")
def answer(layers):
    return p.answer(layers, p.decision("plan_item:P1/HM01", "drop", p.HOSTILE[1]))


@pytest.fixture(scope="module")
def html(answer, layers) -> str:
    return page.render(answer, layers, "vi", has_map=True, record_head=HEAD)


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


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("which", ["record", "letters"])
def test_the_pages_fit_and_ask_nothing_of_the_outside(
    tmp_path, browser, answer, layers, html, size, which
):
    path = tmp_path / "trang.html"
    text = html if which == "record" else letters.render(answer, layers)
    path.write_text(text, encoding="utf-8")
    said: list[str] = []
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:")) else said.append(r.url),
    )
    opened.goto(path.as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert said == []
    context.close()


def test_the_record_prints_on_upright_a4_without_losing_a_finding(tmp_path, browser, html, answer):
    path = tmp_path / "trang.html"
    path.write_text(html, encoding="utf-8")
    opened = browser.new_page()
    opened.goto(path.as_uri())
    printed = opened.pdf(prefer_css_page_size=True)
    opened.emulate_media(media="print")
    shown = opened.inner_text("body")
    opened.close()
    assert re.search(rb"/MediaBox \[0 0 59[45][\d.]* 84[12][\d.]*\]", printed)
    assert all(pin in shown for pin in answer.frames["plan_findings"]["id"])
    assert "Mở bản đồ" not in shown


def test_everything_is_made_the_same_again(tmp_path, answer, layers):
    def made(folder: Path) -> dict[str, bytes]:
        outputs.write_all(answer, layers, layers.commune, folder, record_head=HEAD)
        return {
            p.relative_to(folder).as_posix(): p.read_bytes()
            for p in sorted(folder.rglob("*"))
            if p.is_file()
        }

    first = made(tmp_path / "a")
    assert made(tmp_path / "b") == first
    assert made(tmp_path / "a") == first
    assert {"plan_review.html", "plan_decisions.xlsx", "CSDL_QH/DOC_TRUOC.txt"} <= set(first)


def test_what_a_run_without_plans_would_not_make_is_taken_away(tmp_path, answer, layers):
    outputs.write_all(answer, layers, layers.commune, tmp_path)
    empty = p.layers(plans=[], plan_zones=[], plan_items=[], plan_documents=[])
    outputs.write_all(p.answer(empty), empty, empty.commune, tmp_path)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert not left & {
        "plan_review.html", "plan_decisions.xlsx", "plan_letters.html", "DOC_TRUOC.txt",
        "QuyHoach.gpkg", "HienTrang.gpkg", "plan_findings.html",
    }  # fmt: skip


def test_a_line_of_the_record_leads_to_its_pin_on_the_map(tmp_path, browser, answer, layers):
    outputs.write_all(answer, layers, layers.commune, tmp_path)
    opened = browser.new_page()
    opened.goto((tmp_path / "plan_review.html").as_uri())
    opened.click('a.pin:text-is("QH04-1")')
    opened.wait_for_selector("#card:not([hidden])")
    told = opened.inner_text("#card")
    opened.close()
    assert "QH04-1" in told
    assert "chồng lên nhau" in told


# --- letters --------------------------------------------------------------------------------------


def test_a_letter_names_each_plan_and_what_it_lacks(answer, layers):
    (letter,) = letters.letters(answer, layers)
    by_plan = {entry.text: entry.parts for entry in letter.entries}
    (of_p1,) = [parts for text, parts in by_plan.items() if "(P1)" in text]
    assert "Quyết định phê duyệt" not in of_p1
    assert "Bản đồ quy hoạch" in of_p1
    (p3,) = [text for text in by_plan if "(P3)" in text]
    assert "chưa rõ quyết định" in p3
    # Nobody listed its documents: they are asked for, not said to be missing.
    assert "chưa có danh mục" in p3
    assert all("còn thiếu" in text for text in by_plan if "(P1)" in text)
    shown = letters.render(answer, layers)
    assert "<img" not in shown
    assert "script-src 'none'" in shown


def test_a_drawing_that_cannot_be_read_gets_a_letter_in_the_words_of_its_finding(layers):
    found = p.answer(layers, findings=(p.DRAWING, p.DRAWING))
    letter = letters.letters(found, layers)[1]
    (entry,) = letter.entries
    assert entry.text == "bản vẽ.dwg"
    assert entry.parts == (p.DRAWING.repair.vi,)
    assert any("103°00'" in text for text in letter.after)


# --- the planning database ------------------------------------------------------------------------


def test_the_database_has_classes_with_the_six_fields(tmp_path, layers):
    readme = database.write(layers, tmp_path)
    said = readme.read_text(encoding="utf-8-sig")
    assert "CHƯA ĐỐI CHIẾU" in said
    home = tmp_path.joinpath(*database.HOME)
    with sqlite3.connect(home / "QuyHoach.gpkg") as base:
        rows = list(base.execute(
            "SELECT maThongTinQH, maHoSoQH, maDoiTuong, tenDoiTuong, phanLoai, ghiChu"
            " FROM ChucNangSuDungDat_A ORDER BY maDoiTuong"
        ))  # fmt: skip
    assert [row[2] for row in rows] == ["Z3", "Z4", "Z5"]
    assert all(row[0] is None and row[1] is None for row in rows)
    assert rows[0][3] == p.HOSTILE[2]
    assert rows[0][4].startswith("ONT - ")
    assert "P1" in rows[0][5]
    with sqlite3.connect(home / "HienTrang.gpkg") as base:
        plans = list(base.execute(
            "SELECT maDoiTuong, tenDoiTuong, phanLoai FROM RanhGioiQuyHoach_A ORDER BY maDoiTuong"
        ))  # fmt: skip
    # Codes of the program's own lists stay inside; a plan is called by its kind and decision.
    assert plans[0] == (
        "P1", "Quy hoạch sử dụng đất, Quyết định số 1/QĐ-UBND ngày 01/06/2021",
        "Quy hoạch sử dụng đất",
    )  # fmt: skip
    again = home / "QuyHoach.gpkg"
    first = again.read_bytes()
    database.write(layers, tmp_path)
    assert again.read_bytes() == first


def test_the_sheet_to_fill_in_has_lists_and_no_formulas(answer, layers):
    book = openpyxl.load_workbook(io.BytesIO(to_decide.workbook(answer, layers)))
    sheet = book.active
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert lists[0].formula1 == '"giữ,điều chỉnh,bỏ"'
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)
    filled = {r[0].value: r for r in sheet.iter_rows(min_row=5)}
    assert filled["P1/HM01"][5].value == "bỏ"
    assert any("HYPERLINK" in str(c.value) for row in sheet.iter_rows() for c in row)
