"""Twenty village forms: sent out, filled in, taken back as one source."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from ntm_gis import adding, founding, pipeline
from ntm_gis.outputs import folders
from ntm_gis.outputs.forms import village_sheets

FIRST = village_sheets.HEAD_ROW + 2
ASKED = {
    "only": frozenset({"village_forms"}),
    "layers": frozenset({"boundary", "villages", "figures"}),
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample without the forms it has, and empty forms for its villages."""
    folder = tmp_path_factory.mktemp("a") / "xa"
    folders.write_sample(folder)
    shutil.rmtree(folder / "sources" / "phieu_ban")
    text = (folder / "commune.toml").read_text(encoding="utf-8")
    entry = text.index('[[source]]\nlayer = "figures"\nfiles')
    rest = text.index("[[source]]", entry + 10)
    (folder / "commune.toml").write_text(text[:entry] + text[rest:], encoding="utf-8")
    found = pipeline.review(folder, **ASKED)
    for _, job in village_sheets.jobs(found.answer, found.layers, folder / "out", "vi"):
        job()
    return folder


@pytest.fixture
def commune(sent: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sent, tmp_path / "xa"))


def fill(form: Path, target: Path, households: int, part: tuple[int, int] | None = None) -> None:
    book = openpyxl.load_workbook(form)
    sheet = book[village_sheets.SHEET]
    for row in range(FIRST, sheet.max_row + 1):
        code = sheet.cell(row, 3).value
        if code == "households":
            sheet.cell(row, 6, households)
        elif code == "17.1" and part is not None:
            sheet.cell(row, 7, part[0])
            sheet.cell(row, 8, part[1])
        elif code == "17.3":
            sheet.cell(row, 9, "Có")
    target.parent.mkdir(exist_ok=True)
    book.save(target)


def filled(commune: Path, tmp_path: Path, left_out: int = 0) -> Path:
    place = tmp_path / "phieu_ban"
    for n, form in enumerate(sorted((commune / "out" / "village_forms").glob("*.xlsx")), 1):
        if n > left_out:
            fill(form, place / form.name, 100 + n, (n, 50))
    return place


def sums(commune: Path) -> dict[str, dict[str, object]]:
    frame = pipeline.review(commune, **ASKED).answer.frames["village_forms"]
    return {row["id"]: row for row in frame.to_dict("records")}


def test_twenty_forms_are_one_source_and_one_table(commune: Path, tmp_path: Path) -> None:
    place = filled(commune, tmp_path)
    added = adding.add(commune, [place], ask=founding.nobody)
    assert (added.status, len(added.entries)) == (0, 1)
    assert added.entries[0].files == "sources/phieu_ban/*.xlsx"
    assert "20 trên 20 phiếu" in " ".join(line.vi for line in added.lines)
    found = sums(commune)
    assert found["households"]["village_total"] == sum(range(101, 121))
    assert found["households"]["villages"] == 20
    clean = found["17.1"]
    assert (clean["village_total"], clean["commune_value"]) == (210, 2211)
    assert (clean["difference"], clean["state"]) == (210 - 2211, "differs")
    # What nobody filled in is not known, and nothing is made of it.
    assert "new_houses" not in found or found["new_houses"]["village_total"] != 0


def test_villages_that_sent_nothing_are_named(commune: Path, tmp_path: Path) -> None:
    adding.add(commune, [filled(commune, tmp_path, left_out=2)], ask=founding.nobody)
    row = sums(commune)["households"]
    assert (row["villages"], row["villages_all"]) == (18, 20)
    assert row["missing"] == "Phiêng Tâm, Nà Nghè"
    assert row["state"] == "alone"


def test_sent_again_nothing_changes_and_a_corrected_form_takes_its_place(
    commune: Path, tmp_path: Path
) -> None:
    place = filled(commune, tmp_path)
    adding.add(commune, [place], ask=founding.nobody)
    text = (commune / "commune.toml").read_bytes()
    again = adding.add(commune, [place], ask=founding.nobody)
    assert (again.entries, (commune / "commune.toml").read_bytes()) == ([], text)
    form = commune / "out" / "village_forms" / "phieu_ban_04.xlsx"
    fill(form, place / "phieu_ban_04.xlsx", 500)
    adding.add(commune, [place], ask=founding.nobody)
    assert len(list((commune / "sources" / "phieu_ban").glob("*.xlsx"))) == 20
    assert [p.name for p in (commune / "sources" / "thay-the").iterdir()] == ["phieu_ban_04_1.xlsx"]
    assert sums(commune)["households"]["village_total"] == sum(range(101, 121)) - 104 + 500


def test_a_form_of_other_columns_stays_outside_and_is_named(commune: Path, tmp_path: Path) -> None:
    place = filled(commune, tmp_path)
    book = openpyxl.Workbook()
    book.active.title = village_sheets.SHEET
    for row in (["Mã bản", "Mã chỉ tiêu", "Số lượng"], ["MK04", "households", 5]):
        book.active.append(row)
    book.save(place / "phieu_ban_99.xlsx")
    added = adding.add(commune, [place], ask=founding.nobody)
    told = " ".join(line.vi for line in added.lines)
    assert "phieu_ban_99.xlsx" in told
    assert "20 trên 21 phiếu" in told
    assert added.status == 1
    assert not (commune / "sources" / "phieu_ban" / "phieu_ban_99.xlsx").exists()


def test_one_odd_form_does_not_keep_the_others_outside(commune: Path, tmp_path: Path) -> None:
    """Also where it comes first by name; and a column that nobody reads may be missing."""
    place = filled(commune, tmp_path, left_out=16)
    book = openpyxl.Workbook()
    book.active.append(["STT", "Tên thôn", "Cột khác", "Ghi thêm"])
    book.active.append([1, "Hô Tra", 5, "x"])
    book.save(place / "a_phieu_la.xlsx")
    last = max(place.glob("phieu_ban_*.xlsx"))
    book = openpyxl.load_workbook(last)
    sheet = book[village_sheets.SHEET]
    heads = {c.value: c.column for c in sheet[village_sheets.HEAD_ROW + 1]}
    sheet.delete_cols(heads["ĐVT"])
    book.save(last)
    added = adding.add(commune, [place], ask=founding.nobody)
    (entry,) = added.entries
    assert (entry.layer, entry.files) == ("figures", "sources/phieu_ban/*.xlsx")
    assert len(list((commune / "sources" / "phieu_ban").glob("*.xlsx"))) == 4
    assert "a_phieu_la.xlsx" in " ".join(line.vi for line in added.lines)
    assert sums(commune)["households"]["village_total"] == 117 + 118 + 119 + 120
