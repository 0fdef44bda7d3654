"""Forms: numbers are those of the results, unknown is never a nought, every section is carried."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace

import openpyxl
import pytest

from ntm_gis import outputs, pipeline, shipped
from ntm_gis.layers.values import Answer
from ntm_gis.outputs.forms import (
    capital,
    dossier,
    periodic,
    reminders,
    resources,
    scorecard,
    tasks,
    village_sheets,
    workbook,
    worksheets,
)
from ntm_gis.outputs.forms.reading import Reading
from ntm_gis.outputs.report.periods import Period
from ntm_gis.rules import recognition

SAMPLE = shipped.path("data", "sample")
SOURCES = ("central", "province", "commune", "integrated", "credit", "business", "people")


@pytest.fixture(scope="module")
def review():
    return pipeline.review(SAMPLE)


@pytest.fixture(scope="module")
def read(review):
    return Reading(review.answer, review.layers, "vi")


@pytest.fixture(scope="module")
def written(review, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    only = frozenset({"results.json", "forms.xlsx", "reminders.html", "dossier/muc_luc.html",
                      "dossier/muc_luc.xlsx", "village_forms/phieu_ban_04.xlsx"})  # fmt: skip
    outputs.write_all(review.answer, review.layers, review.commune, out, only=only)
    return out


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written / "forms.xlsx")


@pytest.fixture(scope="module")
def measures(written):
    table = json.loads((written / "results.json").read_text(encoding="utf-8"))
    return {m["id"]: m for m in table["measures"]}


def by_first(form, column=0):
    return {line.cells[column]: line.cells for line in form.lines if line.cells[column]}


# --- biểu 01 ---------------------------------------------------------------------------------------


def test_every_section_of_the_plan_is_carried(read) -> None:
    with shipped.path("layers", "codes", "task_section.csv").open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    said = [line.cells[0] for line in tasks.form(read).lines if line.across]
    carried = set()
    for mark in said:
        first, dash, last = str(mark).partition("–")
        head, _, number = first.rpartition(".")
        carried |= {f"{head}.{k}" for k in range(int(number), int(last) + 1)} if dash else {first}
    assert carried >= set(codes)


def test_every_task_stands_once_and_a_blank_section_says_so(read) -> None:
    lines = tasks.form(read).lines
    named = [line.cells[1] for line in lines if not line.across]
    assert len(named) == len(read.rows("task_list")) == 28
    blank = [line for line in lines if line.across and "Chưa có số liệu" in str(line.cells[1])]
    assert [line.cells[0] for line in blank if line.cells[0]] == ["III.1–6", "IV.1–10"]
    assert all("đơn vị chủ trì" in str(line.cells[1]) for line in blank)


def test_without_tasks_the_form_is_there_all_the_same(review) -> None:
    frames = {k: v for k, v in review.answer.frames.items() if not k.startswith("task")}
    bare = Reading(replace(review.answer, frames=frames), review.layers, "vi")
    # II.1 to II.11, and those of III, IV and V together.
    assert sum("Chưa có số liệu" in str(line.cells[1]) for line in tasks.form(bare).lines) == 14
    assert not reminders.available(bare.answer)


# --- money ---------------------------------------------------------------------------------------


def test_every_fund_stands_as_the_results_have_it(read, measures) -> None:
    shown = {line.cells[0]: line.cells for line in resources.form(read).lines}
    funds = [f["id"] for f in read.rows("funds_tree")]
    assert len(funds) == 8
    for fund in funds:
        assert shown[fund][2] == measures[f"fund.{fund}"]["value"]
        assert shown[fund][5] == measures[f"fund.{fund}.paid"]["value"]
    assert shown["NV01"][2] == measures["funds.total"]["value"] == 3900


def test_the_contradiction_is_told_with_both_sides_and_nobody_is_wrong(read) -> None:
    form = resources.form(read)
    shown = {line.cells[0]: line.cells for line in form.lines}
    assert shown["NV06"][2:5] == (2256, 2556, 300)
    assert shown["NV01"][2:5] == (3900, 3600, -300)
    assert all("tạm tính" in str(shown[key][1]) for key in ("NV01", "NV06"))
    assert "tạm tính" not in str(shown["NV02"][1])
    marks = re.findall(r"\((\d)\)", f"{shown['NV01'][1]} {shown['NV06'][1]}")
    notes = [n for n in form.notes if re.match(r"\(\d\)", n)]
    assert {f"({n})" for n in marks} == {n[:3] for n in notes}
    assert "2.556" in " ".join(notes)


def test_sources_add_up_to_the_lowest_funds(read) -> None:
    groups = {r["code"]: r["declared_million"] for r in read.rows("funds_groups")
              if r["by"] == "source"}  # fmt: skip
    for line in resources.form(read).lines[1:8]:
        code = SOURCES[int(str(line.cells[0])) - 1]
        assert line.cells[3] == groups.get(code)
        if code not in groups:
            assert line.cells[2:6] == (None,) * 4
            assert line.cells[7] == "Chưa có số liệu"
    plan = {n: periodic.planned(read, (code,)) for n, code in enumerate(SOURCES)}
    assert math.fsum(x for x in plan.values() if x is not None) == periodic.planned(read) == 3900


def test_capital_adds_up_to_its_groups(read) -> None:
    groups = {r["code"]: r["declared_million"] for r in read.rows("funds_groups")
              if r["by"] == "capital"}  # fmt: skip
    invest, regular = capital.investment(read), capital.recurrent(read)
    sums = [line.cells for line in invest.lines if line.look == "sum"]
    assert sums[0][7] == groups["investment"] == 504
    assert [c[4] for c in (line.cells for line in regular.lines if line.look == "sum")] == [840]
    works = {r["id"]: r for r in read.rows("money_works")}
    listed = [re.search(r"\((CT\d+)\)", str(line.cells[1])) for line in invest.lines]
    names = [found[1] for found in listed if found]
    # CT05 lives on recurrent capital alone and stands in biểu 04.
    assert names == [key for key in works if key != "CT05"]
    assert sums[1][5] == sum(works[key]["planned_million"] for key in names)
    assert any("loa truyền thanh" in str(line.cells[1]) for line in regular.lines)


def test_works_stand_in_the_row_of_their_layer_or_category(review) -> None:
    layer = review.layers["works"]
    frame = layer.frame.copy()
    frame["layer"], frame["category"] = None, "Khác"
    frame.loc[frame.index[0], "category"] = "Đường giao thông"
    frame.loc[frame.index[1], ["layer", "category"]] = ["irrigation", "Giao thông"]
    by_name = {**review.layers.by_name, "works": replace(layer, frame=frame)}
    read = Reading(review.answer, replace(review.layers, by_name=by_name), "vi")
    found = periodic._field_of(read)
    keys = frame["work_id"].tolist()
    assert (found[keys[0]], found[keys[1]]) == ("roads", "irrigation")
    # What its words do not say is not guessed.
    assert all(key not in found or key in set(review.layers["road_works"].used["work_id"])
               for key in keys[2:])  # fmt: skip


def test_a_fund_without_an_amount_leaves_sums_open(review) -> None:
    frame = review.answer.frames["funds_tree"].copy()
    frame.loc[frame["id"] == "NV04", "declared_million"] = math.nan
    changed = Reading(
        replace(review.answer, frames={**review.answer.frames, "funds_tree": frame}),
        review.layers, "vi",
    )  # fmt: skip
    sums = [line for line in capital.recurrent(changed).lines if line.look == "sum"]
    assert sums[0].cells[4] is None
    assert 4 in sums[0].wanted
    assert periodic.planned(changed, ("central",)) is None
    assert periodic.planned(changed, ("central",), "investment") == 504


# --- scorecard -------------------------------------------------------------------------------------


def test_the_table_of_the_dossier_has_every_indicator_and_its_verdict(read, measures) -> None:
    form = scorecard.own_set(read)
    rows = {line.cells[0]: line.cells for line in form.lines if line.look == "row"}
    assert len(rows) == 57
    titles = {"met": "Đạt", "not_met": "Chưa đạt", "undetermined": "Chưa xác định",
              "not_applicable": "Không áp dụng", "no_threshold": "Chưa có ngưỡng"}  # fmt: skip
    for code, cells in rows.items():
        found = measures[f"indicator.{code}"]
        assert str(cells[5]).removesuffix(" (tham khảo)") == titles[found["verdict"]]
        if found["verdict"] in ("met", "not_met"):
            assert str(cells[5]).endswith("(tham khảo)") == (not found["official"])
        if found["value"] is not None and found["unit"] == "%":
            number = re.match(r"[\d.,]+", str(cells[4]))[0].replace(".", "").replace(",", ".")
            assert float(number) == pytest.approx(found["value"], abs=0.05)


def test_what_is_not_known_is_never_a_nought_or_met(read) -> None:
    cells = by_first(scorecard.own_set(read))["8.2"]
    assert cells[4] is None
    assert cells[5] == "Chưa xác định"
    form = scorecard.periods(read)
    assert len([line for line in form.lines if line.look == "section"]) == 10
    for line in form.lines:
        assert 0 not in line.cells
        assert "0 chỉ tiêu đạt" not in line.cells
    assert any("47" in note and "3" in note for note in form.notes)


@pytest.mark.parametrize(
    ("day", "column"), [("2025-12-31", 3), ("2026-06-30", 5), ("2026-03-31", 5)]
)
def test_todays_figures_stand_in_their_period(review, day, column) -> None:
    import datetime as dt

    when = dt.date.fromisoformat(day)
    layers = replace(review.layers, commune=review.commune.at(when))
    form = scorecard.periods(Reading(review.answer, layers, "vi"))
    filled = {k for line in form.lines for k in range(3, 9) if line.cells[k] is not None}
    assert filled <= {column, column + 1}
    assert filled


@pytest.mark.parametrize("own", ["vn-2021-2025", "vn-2026-2030"])
def test_the_year_before_is_what_was_closed_for_it(review, own) -> None:
    import datetime as dt

    prefix = "" if own == "vn-2026-2030" else "vn-2026-2030."
    ids = [f"indicator.{prefix}4-a", f"criterion.{prefix}4"]
    # Codes of the other set in that period are about other things.
    other = {"criterion.4": ("not_met", True)} if prefix else {}
    closed = Period(
        "2025", dt.date(2025, 12, 31), {ids[0]: 27.5, ids[1]: 1.0}, {},
        verdicts={ids[0]: ("met", False), ids[1]: ("undetermined", False), **other},
        criteria_set=own,
    )  # fmt: skip
    quarter = Period("2026-Q1", dt.date(2026, 3, 31), {ids[0]: 99.0}, {}, criteria_set=own)

    def lines(day: dt.date) -> dict:
        layers = replace(review.layers, commune=review.commune.at(day))
        form = scorecard.periods(Reading(review.answer, layers, "vi", (closed, quarter)))
        at = next(k for k, line in enumerate(form.lines) if line.cells[0] == "4")
        return {"form": form, "of": form.lines[at].cells, "line": form.lines[at + 1].cells}

    found = lines(dt.date(2026, 6, 30))
    assert found["of"][4] == "Chưa xác định"
    assert found["line"][3:5] == ("27,5\u00a0%", "Đạt (tham khảo)")
    assert any("kỳ báo cáo 2025 đã chốt" in note for note in found["form"].notes)
    # Nothing was closed for the end of 2026; today's own figures of a year's end stay.
    assert lines(dt.date(2027, 6, 30))["line"][3:5] == (None, None)
    assert lines(dt.date(2025, 12, 31))["line"][3] != "27,5\u00a0%"


# --- worksheets, reminders --------------------------------------------------------------------------


def test_criterion_17_names_who_sent_nothing(read) -> None:
    form = worksheets.criterion(read)
    assert [line.cells[0] for line in form.lines] == [f"17.{n}" for n in range(1, 13)]
    assert {line.cells[7] for line in form.lines} == {"0/20"}
    assert len(worksheets.by_village(read).lines) == 20


def test_village_sums_are_those_of_the_forms(read) -> None:
    given: dict[str, float] = {}
    for path in sorted((SAMPLE / "sources" / "phieu_ban").glob("*.xlsx")):
        for row in openpyxl.load_workbook(path).active.iter_rows(min_row=7, values_only=True):
            if row[2]:
                given[row[2]] = given.get(row[2], 0.0) + row[5]
    rows = {row["id"]: row for row in read.rows("village_forms")}
    assert {key: row["village_total"] for key, row in rows.items()} == given
    assert all((row["villages"], row["villages_all"]) == (3, 20) for row in rows.values())
    assert all(row["difference"] is None for row in rows.values())


def test_reminders_have_a_sheet_each_with_late_ones_first(read, written) -> None:
    found = reminders.letters(read)
    assert len(found) == 28
    assert sum(letter.kind == "village" for letter in found) == 20
    for letter in found:
        late = [item.late for item in letter.open]
        assert late == sorted(late, reverse=True)
        assert all(item.state == "Đã xong" for item in letter.done)
    text = (written / "reminders.html").read_text(encoding="utf-8")
    assert text.count('class="paper letter') == 28
    assert all(f'href="#{letter.key}"' in text for letter in found)
    assert "Quá hạn 61 ngày" in text


def test_a_hostile_task_runs_nowhere(review) -> None:
    frames = dict(review.answer.frames)
    for name in ("task_reminders", "task_list"):
        frame = frames[name].copy()
        frame["task"] = '<script>alert(1)</script>=HYPERLINK("http://evil.example")'
        frames[name] = frame
    changed: Answer = replace(review.answer, frames=frames)
    page = reminders.render(changed, review.layers)
    assert "<script>alert" not in page
    assert "http://evil" not in page
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.workbook(changed, review.layers)))
    cells = [c for row in sheet["Biểu 01"].iter_rows() for c in row if c.value is not None]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]


# --- the workbook -----------------------------------------------------------------------------------


def test_the_workbook_prints_as_offices_do(book) -> None:
    assert book.sheetnames[:9] == [
        "Mục lục", "Biểu 01", "Biểu 02", "Biểu 03", "Biểu 04", "Biểu 10", "Biểu 11", "Biểu 12",
        "Biểu 13",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.freeze_panes is not None
        assert sheet.print_title_rows
        fonts = {c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}
        assert fonts == {"Times New Roman"}
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type in ("f", "e")]
    for name in ("Biểu 10", "Biểu 11", "Biểu 12", "Biểu 13"):
        assert "chưa đối chiếu văn bản" in book[name]["A4"].value


def test_an_unknown_number_is_hatched_and_blank(book) -> None:
    sheet = book["Biểu 12"]
    blank = [c for row in sheet.iter_rows() for c in row if c.fill.patternType == "lightUp"]
    assert len(blank) > 100
    assert all(c.value is None for c in blank)


def test_same_bytes_again_and_in_english(review) -> None:
    again = [workbook.workbook(review.answer, review.layers) for _ in range(2)]
    assert again[0] == again[1]
    english = openpyxl.load_workbook(
        io.BytesIO(workbook.workbook(review.answer, review.layers, "en"))
    )
    assert english.sheetnames[1] == "Form 01"


# --- dossier ----------------------------------------------------------------------------------------


def test_the_dossier_tells_what_is_missing_and_from_whom(read, written) -> None:
    found = dossier.contents(read, lambda name: (written / name).is_file())
    assert [entry.number for entry in found.entries] == list(range(1, 10))
    states = {entry.title[:8]: entry.state for entry in found.entries}
    assert states["Biểu tổn"] == "draft"
    assert states["Tờ trình"] == "missing"
    assert all(entry.supplier for entry in found.entries)
    assert len(found.proofs) == 57
    lacks = {proof.code: proof.lacks for proof in found.proofs}
    assert lacks["8.2"].startswith("Các nguồn")
    assert lacks["1.1"] == ""
    page = (written / "dossier" / "muc_luc.html").read_text(encoding="utf-8")
    for link in re.findall(r'href="\.\./([^"#]+)"', page):
        assert (written / link).is_file() or link == "index.html"
    assert "chưa đối chiếu" in page


def test_the_dossier_leads_to_nothing_that_goes_away(review, read, tmp_path) -> None:
    """Files of an earlier run lie there until the end of this one, and are taken away then."""
    for name in ("maps/roads.html", "maps/schools.html", "report.docx", "progress.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    stays = {"maps/schools.html", "report.docx", "report.pdf"}
    for _, job in dossier.jobs(
        review.answer, review.layers, tmp_path, "vi", lambda name: name in stays
    ):
        job()
    page = (tmp_path / "dossier" / "muc_luc.html").read_text(encoding="utf-8")
    led_to = set(re.findall(r'href="\.\./([^"#]+)"', page)) - {"index.html"}
    assert led_to == {"maps/schools.html", "report.docx"}


def test_no_dossier_list_is_official() -> None:
    assert recognition.dossiers()
    for found in recognition.dossiers():
        assert not found.official


# --- forms of villages ------------------------------------------------------------------------------


def test_only_what_a_village_is_asked_for_is_open(written) -> None:
    path = written / "village_forms" / "phieu_ban_04.xlsx"
    sheet = openpyxl.load_workbook(path)[village_sheets.SHEET]
    assert sheet.protection.sheet
    first = village_sheets.HEAD_ROW + 2
    heads = {c.value: c.column for c in sheet[village_sheets.HEAD_ROW + 1]}
    for row in sheet.iter_rows(min_row=first, max_row=first + 7):
        open_ones = {c.column for c in row if not c.protection.locked}
        # A count: its value, the day, paper and remark; never codes, names or units.
        wanted = {heads[name] for name in ("Giá trị", "Đến ngày", "Văn bản", "Ghi chú")}
        assert open_ones == wanted, row[0].row
    assert all(c.protection.locked for c in sheet[village_sheets.HEAD_ROW + 1])


def test_a_village_form_asks_and_fills_nothing_in(review, written) -> None:
    path = written / "village_forms" / "phieu_ban_04.xlsx"
    sheet = openpyxl.load_workbook(path)[village_sheets.SHEET]
    rows = list(sheet.iter_rows(min_row=village_sheets.HEAD_ROW + 2, values_only=True))
    asked = [row for row in rows if row[2]]
    assert {row[1] for row in asked} == {"MK04"}
    assert {f"17.{n}" for n in range(1, 13)} <= {row[2] for row in asked}
    assert all(row[5:9] == (None,) * 4 for row in asked)
    assert sheet.data_validations.dataValidation
    assert path.stat().st_size < 20_000
