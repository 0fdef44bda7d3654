"""The brief of two pages and the cards: what they say, how much of it, always the same bytes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from types import MappingProxyType

import pypdf
import pytest
from PIL import Image

from ntm_gis import pipeline, reporting
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.tasks import LIST
from ntm_gis.outputs.brief import card, pdf, phone
from ntm_gis.outputs.brief.build import build
from ntm_gis.outputs.brief.model import Brief, Figure, Part
from ntm_gis.outputs.folders import write_sample
from ntm_gis.outputs.printmap import Printer
from ntm_gis.outputs.report.build import BLANK, Paper
from ntm_gis.outputs.report.periods import Period, Told
from ntm_gis.results import Words

LONG = "Rấtdàikhôngcódấucách" * 40


def task(name: str, office: str | None, late: float, state: str = "late") -> tuple:
    due = dt.date(2025, 12, 31) - dt.timedelta(days=late)
    return (name, "II.2", "x", 1.0, f"Việc {name}", office, None, None, None, None, None, due,
            -late, "doing", state, None)  # fmt: skip


def with_tasks(answer, *rows):
    frames = {**answer.frames, "task_list": listing(LIST, list(rows), "EPSG:9205")}
    return dataclasses.replace(answer, frames=MappingProxyType(frames))


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> pipeline.Review:
    folder = tmp_path_factory.mktemp("commune") / "xa"
    write_sample(folder)
    return pipeline.review(folder)


def test_without_a_closed_period_it_says_so(answer, layers):
    made = build(answer, layers)
    assert made.parts[0].notes == ("Chưa khóa sổ kỳ nào trước ngày này nên chưa có số để so sánh.",)
    assert made.parts[0].rows == ()


def test_what_changed_is_told_with_its_sign(answer, layers):
    values = {"funds.total": 3600.0, "roads.hardened_share.village": 25.0, "commune.area_ha": None}
    last = Period("2025-Q3", dt.date(2025, 9, 30), values, {})
    made = build(answer, layers, "vi", Paper(previous=last.previous, last=last))
    rows = {row[0]: row[1:] for row in made.parts[0].rows}
    assert rows["Tổng vốn"] == (
        "3.600\u00a0triệu đồng", "3.900\u00a0triệu đồng (tạm tính)", "+300",
    )  # fmt: skip
    assert rows["Tỷ lệ đường bản cứng hóa"][2] == "−1,5"
    # What was not known then has no difference, never one from zero.
    assert rows["Diện tích tự nhiên"][2] == "–"
    assert "so với kỳ 2025-Q3 (đến 30/09/2025)" in made.word("since")


def test_what_rounds_to_the_same_is_no_change(answer, layers):
    last = Period("2025-Q3", dt.date(2025, 9, 30), {"funds.total": 3900.2}, {})
    made = build(answer, layers, "vi", Paper(previous=last.previous, last=last))
    assert made.parts[0].rows == ()
    assert made.parts[0].empty == "Không số liệu nào thay đổi."


def test_findings_that_came_and_went_are_counted_by_key(answer, layers):
    grave = [f for f in answer.findings if str(f.severity) in ("stop", "block", "warning")]
    same = Told(grave[0].key, str(grave[0].severity), grave[0].message)
    gone = Told("OLD-1", "warning", Words("Cầu Nậm Be chưa rõ tải trọng.", "Bridge."))
    note = Told("OLD-2", "note", Words("Ghi chú.", "A note."))
    last = Period("2025-Q3", dt.date(2025, 9, 30), {}, {}, (same, gone, gone, note))
    told = build(answer, layers, "vi", Paper(last=last)).parts[0].notes
    assert told[0].startswith(f"Điểm cần kiểm tra mới: {len(grave) - 1}, trong đó: ")
    assert told[1] == "Điểm đã xử lý xong: 2, trong đó: Cầu Nậm Be chưa rõ tải trọng."


def test_late_tasks_stand_by_office_the_most_burdened_first(answer, layers):
    found = with_tasks(
        answer, task("1", "Công an xã", 3), task("2", "Phòng Kinh tế", 61), task("3", None, 5),
        task("4", "Phòng Kinh tế", 1), task("5", "Công an xã", 0, "due"),
    )  # fmt: skip
    rows = build(found, layers).parts[3].rows
    assert [row[:2] for row in rows] == [
        ("Phòng Kinh tế", "2"), ("Công an xã", "1"), ("chưa phân công", "1"),
    ]  # fmt: skip
    assert rows[0][2] == "Việc 2 (quá 61 ngày); Việc 4 (quá 1 ngày)"


def test_decisions_have_owner_and_day(sample):
    made = build(sample.answer, sample.layers)
    rows = made.parts[2].rows
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    plans = [row for row in rows if row[1].startswith("Quy hoạch kế thừa")]
    assert plans
    assert {row[2] for row in plans} == {"Phòng Kinh tế"}
    assert {row[3] for row in plans} == {"31/12/2025"}
    assert any(row[1].startswith("Chọn số đúng: Nguồn vốn NV01") for row in rows)
    waiting = sum(sample.answer.frames["thresholds"]["law_status"] != "verified")
    assert rows[-1][1].startswith(f"Đối chiếu {waiting} mức yêu cầu")


def test_five_figures_are_those_of_the_measures(sample):
    made = build(sample.answer, sample.layers)
    assert len(made.figures) == 5
    by_title = {figure.title: figure for figure in made.figures}
    assert by_title["Tỷ lệ cứng hóa đường thôn, bản"].value == "57,5"


def test_the_sample_fits_and_is_the_same_twice(sample):
    paper, _ = reporting.paper(sample.folder, sample.answer, sample.layers, "vi")
    made = build(sample.answer, sample.layers, "vi", paper, record_head="ab12-cd34")
    first, second = pdf.document(made), pdf.document(made)
    assert first == second
    assert len(pypdf.PdfReader(io.BytesIO(first)).pages) <= 2
    said = text_of(first)
    assert "DỮ LIỆU MINH HỌA" in said
    assert "ab12-cd34" in said
    assert "Bê tông đường lên bản Hô Tra" in said


@pytest.mark.parametrize("letters", ["Rất dài có dấu cách " * 60, LONG])
@pytest.mark.parametrize("rows", [0, 3, 200])
def test_whatever_the_commune_it_has_two_pages_at_most(letters, rows):
    held = io.BytesIO()
    Image.new("RGB", (160, 113), "teal").save(held, "PNG")
    part = Part(
        letters, (letters, letters), ("A", "B", "C"), ((letters,) * 3,) * rows, (20, 60, 20)
    )
    made = Brief(
        "vi", (("committee", letters), ("commune", letters), ("title", letters),
               ("since", letters), ("sample", letters), ("foot", letters)),
        (Figure(letters, letters, "km", letters),) * 5, (part,) * 4, held.getvalue(), letters,
    )  # fmt: skip
    content = pdf.document(made)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) <= 2
    if rows == 200:
        assert "mục khác" in text_of(content)


def test_a_map_that_cannot_be_drawn_is_said(answer, layers):
    def broken(_: str) -> bytes:
        raise ZeroDivisionError

    made = build(answer, layers, "vi", dataclasses.replace(BLANK, draw=broken))
    assert made.picture is None
    assert "(Chưa vẽ được bản đồ; xem thông báo ở trang đầu.)" in text_of(pdf.document(made))


# --- cards ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(sample, tmp_path_factory):
    out = tmp_path_factory.mktemp("cards")
    printer = Printer(sample.answer, sample.layers, sample.commune)
    for _, job in phone.jobs(sample.answer, sample.layers, out, "vi", lambda: printer):
        job()
    return out / phone.FOLDER


def test_cards_are_1080_pixels_wide(drawn):
    for name in card.NAMES:
        with Image.open(drawn / f"{name}.png") as picture:
            assert picture.size == (1080, 1350)
            assert len(picture.convert("RGB").getcolors(1 << 24)) > 50


def test_texts_say_the_figures_of_the_measures(drawn, sample):
    told = (drawn / phone.TEXTS).read_bytes().decode("utf-8")
    for name in card.NAMES:
        assert f"[{name}.png]" in told
    assert "Đã nghiệm thu: 2,60\u00a0km" in told.replace(" km", "\u00a0km")
    assert "3.900" in told
    assert told.count("Số liệu đến 31/12/2025.") == len(card.NAMES)
    assert told.count("minh họa") >= len(card.NAMES)


def test_cards_of_nothing_are_not_made(layers, answer, tmp_path):
    bare = dataclasses.replace(answer, measures=(), frames=MappingProxyType({}))
    assert list(phone.jobs(bare, layers, tmp_path, "vi", lambda: None)) == []


def test_a_fault_in_the_cards_is_that_of_one_output(layers, answer, tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(phone, "cards", broken)
    ((name, job),) = phone.jobs(answer, layers, tmp_path, "vi", lambda: None)
    assert name == "cards/loi-dan.txt"
    with pytest.raises(ZeroDivisionError):
        job()
