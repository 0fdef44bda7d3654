"""`fill`: figures go into the cells that a person tied; nothing else of the workbook changes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

from ntm_gis import filling, pipeline
from ntm_gis.errors import OutputError, UsageError
from ntm_gis.filling_proposals import proposals
from ntm_gis.layers.decisions import NOTHING
from ntm_gis.outputs.report import forms, mapping, patching
from ntm_gis.outputs.report.mapping import Mapping, Tie
from ntm_gis.results import Evidence, Measure, Words
from tests.outputs.conftest import small_answer, small_layers

SHEET = "Biểu 11"
HOSTILE = '=cmd|"/c calc"!A1'


def form(change=None) -> bytes:
    """A form as a province sends it: merged heads, a numbering row, a sum, a chart."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet["A1"] = "BIỂU 11: TỔNG HỢP HUY ĐỘNG NGUỒN LỰC"
    sheet.merge_cells("A1:F1")
    for column, head in enumerate(("STT", "Nội dung", "Kế hoạch năm", "Kết quả thực hiện"), 1):
        sheet.cell(3, column, head)
    sheet["F3"] = "Ghi chú"
    sheet.merge_cells("D3:E3")
    sheet["D4"], sheet["E4"] = "Đã giải ngân", "KQ huy động 6 tháng"
    for letter in "ABCF":
        sheet.merge_cells(f"{letter}3:{letter}4")
    for column in range(1, 7):
        sheet.cell(5, column, f"({column})")
    names = ("Tổng vốn", "Ngân sách trung ương", "Ngân sách xã", "Doanh nghiệp")
    for row, name in enumerate(names, 6):
        sheet.cell(row, 1, row - 5)
        sheet.cell(row, 2, name)
    sheet["C6"] = "=SUM(C7:C9)"
    sheet["C7"].number_format = "#,##0.0"
    sheet["C7"].font = Font(bold=True, color="FFFF0000", name="Times New Roman")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=6, max_row=9))
    sheet.add_chart(chart, "H2")
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fund(name: str, title: str, value: float | None = 1.0) -> Measure:
    words = Words(title, title)
    return Measure(name, words, "million đồng", value, value, value, Evidence(Words("", "")))


FUNDS = {
    m.id: m
    for m in (
        fund("fund.A", "Nguồn vốn: Ngân sách trung ương", 1304.0),
        fund("fund.A.paid", "Đã giải ngân: Ngân sách trung ương", 455.0),
        fund("fund.B", "Nguồn vốn: Ngân sách xã", 40.0),
        fund("fund.B.paid", "Đã giải ngân: Ngân sách xã", None),
        fund("funds.total", "Tổng nguồn vốn", 3900.0),
    )
}


@pytest.fixture
def commune(tmp_path, monkeypatch):
    """A folder whose review gives the funds above."""
    folder = tmp_path / "xã"
    folder.mkdir()
    layers = small_layers()
    answer = replace(small_answer(layers), measures=tuple(FUNDS.values()), findings=())
    found = pipeline.Review(folder, layers.commune, layers, answer, NOTHING)
    monkeypatch.setattr(pipeline, "review", lambda *_, **__: found)
    path = tmp_path / "Biểu 11.xlsx"
    path.write_bytes(form())
    return folder, path


def loaded(path):
    return openpyxl.load_workbook(path)[SHEET]


def codes(done):
    return [one.code for one in done.told]


def test_cells_under_heads_are_found():
    found = forms.read("x.xlsx", form()).places
    assert found[SHEET, "C7"].row == "Ngân sách trung ương"
    assert found[SHEET, "D7"].column == "Kết quả thực hiện / Đã giải ngân"
    assert (found[SHEET, "C7"].code, found[SHEET, "C7"].column) == ("2", "Kế hoạch năm")
    assert found[SHEET, "C6"].state == "formula"
    assert {at for _, at in found} == {f"{c}{r}" for c in "CDE" for r in range(6, 10)}


def test_nothing_is_filled_that_nobody_tied(commune):
    folder, path = commune
    done = filling.fill(folder, path)
    assert (done.path, done.filled) == (None, 0)
    assert not (folder / "out").exists()
    assert done.proposed == 4
    assert mapping.read(done.ties).cells == ()


def test_what_the_words_say_is_proposed():
    found = {
        p.at: p.measure
        for p in proposals(forms.read("x", form()).places.values(), FUNDS, frozenset())
    }
    assert found == {"C7": "fund.A", "C8": "fund.B", "D7": "fund.A.paid", "D8": "fund.B.paid"}


def test_two_that_fit_alike_are_no_proposal():
    twins = {**FUNDS, "fund.C": fund("fund.C", "Nguồn vốn: Ngân sách xã")}
    found = {p.at for p in proposals(forms.read("x", form()).places.values(), twins, frozenset())}
    assert found == {"C7", "D7", "D8"}


def test_taken_proposals_are_filled_and_all_else_stays(commune):
    folder, path = commune
    before = path.read_bytes()
    done = filling.fill(folder, path, accept=True)
    sheet = loaded(done.path)
    assert (sheet["C7"].value, sheet["D7"].value, sheet["C8"].value) == (1304.0, 455.0, 40.0)
    assert sheet["C6"].value == "=SUM(C7:C9)"
    assert (sheet["C7"].font.color.rgb, sheet["C7"].number_format) == ("FFFF0000", "#,##0.0")
    assert len(sheet._charts) == 1
    assert sheet["C9"].value is None
    assert path.read_bytes() == before
    with zipfile.ZipFile(done.path) as made, zipfile.ZipFile(path) as given:
        assert set(made.namelist()) == set(given.namelist())
        changed = {n for n in given.namelist() if made.read(n) != given.read(n)}
        assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}


def test_what_is_not_known_stays_blank_and_is_said(commune):
    folder, path = commune
    done = filling.fill(folder, path, accept=True)
    assert loaded(done.path)["D8"].value is None
    said = {one.code: one.words.vi for one in done.told}
    assert "ô D8" in said["FILL_NO_FIGURE"]
    assert "không ghi 0" in said["FILL_NO_FIGURE"]
    assert "C9" in said["FILL_SUM_OPEN"]
    left = [one.words.vi for one in done.told if one.code == "FILL_LEFT"]
    assert any("ô C9 " in text and "Doanh nghiệp" in text for text in left)
    notes = done.path.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert said["FILL_SUM_OPEN"] in notes


def test_formulas_and_covered_cells_are_never_written(commune):
    folder, path = commune
    path.write_bytes(form(lambda book: book[SHEET].merge_cells("D9:E9")))
    ties = ["C6=funds.total", f"{SHEET}!E9=funds.total", f"{SHEET}/C7=fund.A"]
    done = filling.fill(folder, path, ties=ties)
    assert {"FILL_FORMULA", "FILL_COVERED"} <= set(codes(done))
    assert loaded(done.path)["C6"].value == "=SUM(C7:C9)"
    assert done.filled == 1


def test_ties_are_kept_and_used_again(commune):
    folder, path = commune
    first = filling.fill(folder, path, ties=["C7=fund.A"])
    again = filling.fill(folder, path)
    assert (first.filled, again.filled) == (1, 1)
    assert again.path.read_bytes() == first.path.read_bytes()
    (tie,) = mapping.read(first.ties).cells
    assert (tie.row, tie.column) == ("Ngân sách trung ương", "Kế hoạch năm")


def test_a_form_with_other_rows_is_followed_by_its_heads(commune):
    folder, path = commune
    filling.fill(folder, path, ties=["C8=fund.B"])
    path.write_bytes(form(lambda book: book[SHEET].insert_rows(7)))
    done = filling.fill(folder, path)
    assert loaded(done.path)["C9"].value == 40.0

    def renamed(book):
        book[SHEET]["B8"] = "Ngân sách huyện"

    path.write_bytes(form(renamed))
    done = filling.fill(folder, path)
    assert done.filled == 0
    assert "FILL_HEADS_CHANGED" in codes(done)


def test_named_sums_are_checked(commune):
    folder, path = commune
    done = filling.fill(folder, path, ties=["C7=fund.A", "C8=fund.B", "C9=funds.total"])
    made = mapping.read(done.ties)
    total = mapping.Total(sheet=SHEET, at="C9", of=("C7", "C8"))
    done.ties.write_bytes(mapping.written(made.model_copy(update={"totals": (total,)})))
    done = filling.fill(folder, path)
    (wrong,) = (one.words.vi for one in done.told if one.code == "FILL_SUM_WRONG")
    assert "3.900" in wrong
    assert "1.344" in wrong
    assert "2.556" in wrong


def test_what_stood_there_is_said(commune):
    folder, path = commune
    path.write_bytes(form(lambda book: book[SHEET].__setitem__("C8", 12)))
    done = filling.fill(folder, path, ties=["C8=fund.B"])
    assert [one.words.vi for one in done.told if one.code == "FILL_REPLACED"] == [
        "Ô C8 trang 'Biểu 11' (Ngân sách xã · Kế hoạch năm) đã có '12': thay bằng số của xã."
    ]


@pytest.mark.parametrize(
    ("tie", "code"),
    [
        ("C8", "MEASURE_UNKNOWN_FORM"), ("C8=fund.X", "MEASURE_UNKNOWN_FORM"),
        ("Trang khác!C8=fund.B", "FILL_TIE_WRONG"), ("C0=fund.B", "FILL_TIE_WRONG"),
        ("C8=fund.B:nothing", "FILL_TIE_WRONG"), ("C8:C9=fund.B", "FILL_TIE_WRONG"),
    ],
)  # fmt: skip
def test_ties_that_say_nothing_are_refused(commune, tie, code):
    folder, path = commune
    with pytest.raises(UsageError) as caught:
        filling.fill(folder, path, ties=[tie])
    assert caught.value.code == code


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"MZ" * 999, b"\xd0\xcf\x11\xe0" * 99])
def test_what_is_no_workbook_is_said(commune, content):
    folder, path = commune
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        filling.fill(folder, path)
    assert caught.value.code == "FORM_NOT_XLSX"


def test_a_bomb_is_refused(commune):
    folder, path = commune
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 301_000_000)
    with pytest.raises(UsageError) as caught:
        filling.fill(folder, path)
    assert caught.value.code == "FORM_TOO_BIG"


PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def with_macro(content: bytes, *, code: bool = True) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    types = parts["[Content_Types].xml"].replace(PLAIN_TYPE, MACRO_TYPE)
    more = {"xl/vbaProject.bin": b"macro"} if code else {}
    return patching.zipped({**parts, "[Content_Types].xml": types, **more})


def test_macros_are_kept_and_said(commune):
    folder, path = commune
    path.write_bytes(with_macro(form()))
    done = filling.fill(folder, path, ties=["C7=fund.A"])
    assert done.path.suffix == ".xlsm"
    assert "FILL_HAS_MACRO" in codes(done)
    with zipfile.ZipFile(done.path) as archive:
        assert archive.read("xl/vbaProject.bin") == b"macro"


def test_the_ending_is_what_the_workbook_says_it_is(commune):
    """Excel opens no workbook whose ending and kind differ, whatever it was called."""
    folder, path = commune
    path.write_bytes(with_macro(form(), code=False))
    assert filling.fill(folder, path, ties=["C7=fund.A"]).path.suffix == ".xlsm"


def test_texts_are_texts_never_formulas():
    made = patching.patched(form(), {(SHEET, "C9"): HOSTILE, (SHEET, "Z99"): "x\x07y"})
    sheet = openpyxl.load_workbook(io.BytesIO(made))[SHEET]
    assert sheet["C9"].value == HOSTILE
    assert sheet["C9"].data_type != "f"
    assert sheet["Z99"].value == "xy"


def test_a_sheet_or_cell_that_is_not_there_is_said():
    for where, code in (
        (("Không có", "C7"), "FORM_SHEET_MISSING"),
        ((SHEET, "C6"), "FORM_CELL_FORMULA"),
        ((SHEET, "7C"), "FORM_ADDRESS"),
    ):
        with pytest.raises(OutputError) as caught:
            patching.patched(form(), {where: 1.0})
        assert caught.value.code == code


def test_entities_are_refused():
    with zipfile.ZipFile(io.BytesIO(form())) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    body = parts[name].partition(b"<worksheet")
    doctype = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    parts[name] = doctype + body[1] + body[2]
    with pytest.raises((OutputError, UsageError)):
        patching.patched(patching.zipped(parts), {(SHEET, "C7"): 1.0})


CELLS = st.tuples(st.integers(1, 60), st.integers(1, 40))


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(CELLS, st.floats(-1e9, 1e9), max_size=12))
def test_values_come_back_whatever_the_cells(values):
    from openpyxl.utils import get_column_letter

    content = form()
    held = {(SHEET, f"{get_column_letter(c)}{r}"): v for (r, c), v in values.items()}
    held.pop((SHEET, "C6"), None)
    sheet = openpyxl.load_workbook(io.BytesIO(patching.patched(content, held)))[SHEET]
    merged = {at for _, at in forms.read("x", content).covered}
    for (_, at), value in held.items():
        if at not in merged:
            assert sheet[at].value == pytest.approx(value)
    assert sheet["C6"].value == "=SUM(C7:C9)"


@given(st.text(max_size=40), st.text(max_size=40))
def test_mappings_come_back(row, column):
    import tomllib

    from ntm_gis.outputs.gates import plain

    made = Mapping(cell=[Tie(sheet="A", at="D8", measure="x", row=row, column=column)], form=row)
    back = Mapping.model_validate(tomllib.loads(mapping.written(made).decode("utf-8")))
    assert (back.cells[0].row, back.cells[0].column) == (plain(row), plain(column))
