"""Decisions as Excel: out to be filled in, back into the record; what changed since is told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import cli, deciding, deciding_excel, pipeline, record
from ntm_gis.outputs.planreview import to_decide

TODAY = dt.date(2026, 3, 1)
X, Y = 571_000.0, 2_455_000.0

COMMUNE = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
criteria_set = "vn-2021-2025"
as_of = 2025-12-31

[[source]]
layer = "boundary"
file = "sources/xa.gpkg"

[[source]]
layer = "plans"
file = "sources/qh.gpkg"

[[source]]
layer = "plan_items"
file = "sources/hm.csv"
"""


def box(west: float, east: float, north: float = 1000.0) -> shapely.Polygon:
    return shapely.box(X + west, Y, X + east, Y + north)


def plans(folder: Path, east: float) -> None:
    """Write two plans; the first reaches so far east."""
    rows = [
        {"plan_id": "P1", "kind": "land_use", "former_commune": "F1", "decision_no": "1/QĐ",
         "approved_on": "2021-06-01", "valid_to": "2030-12-31", "geometry": box(0, east)},
        {"plan_id": "P2", "kind": "land_use", "former_commune": "F2", "decision_no": "2/QĐ",
         "approved_on": "2021-06-01", "valid_to": "2030-12-31", "geometry": box(1000, 2000)},
    ]  # fmt: skip
    gpd.GeoDataFrame(rows, crs="EPSG:9205").to_file(folder / "sources" / "qh.gpkg", driver="GPKG")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "Xã"
    (home / "sources").mkdir(parents=True)
    (home / "commune.toml").write_text(COMMUNE, encoding="utf-8")
    ground = gpd.GeoDataFrame(
        [{"unit_code": "03601", "name": "Mường Khoa", "geometry": box(0, 2100)}], crs="EPSG:9205"
    )
    ground.to_file(home / "sources" / "xa.gpkg", driver="GPKG")
    plans(home, 1050)
    (home / "sources" / "hm.csv").write_text(
        "Mã công trình;Mã quy hoạch;Loại;Tên;Năm;Đã xây dựng\n"
        "HM01;P1;DGT;Tổng kho;2018;không\nHM02;P1;DVH;Nhà văn hóa;2019;không\n",
        encoding="utf-8",
    )
    return home


def sheet(folder: Path, fill: Callable[[dict[str, list]], None]) -> Path:
    """Write the sheet of a folder as it is now, filled in: rows by item, cells as lists."""
    found = pipeline.review(folder)
    path = folder / "bảng điền.xlsx"
    path.write_bytes(to_decide.workbook(found.answer, found.layers))
    book = openpyxl.load_workbook(path)
    rows = {row[0].value: row for row in book.active.iter_rows(min_row=to_decide.HEAD_ROW + 2)}
    fill(rows)
    book.save(path)
    return path


def put(row, choice, why=None, by=None, document=None, on=None) -> None:
    for cell, value in zip(row[5:10], (choice, why, by, document, on), strict=True):
        cell.value = value


def add(folder: Path, path: Path, **more) -> deciding_excel.TakenBack:
    return deciding_excel.add(folder, path, today=TODAY, **more)


def said(folder: Path) -> dict[str, tuple[str, str]]:
    state = record.state(folder / record.FILE_NAME, TODAY, commune="03601")
    return {one.subject.partition("@")[0]: (one.choice, one.why) for one in state.decided}


def test_a_decision_about_an_item_settles_the_finding_about_it(folder: Path) -> None:
    deciding.decide(
        folder, "HM01", "drop", why="hết vốn", by="Páo", document="12/BB",
        day=dt.date(2025, 12, 1),
    )  # fmt: skip
    listed = {one.pin: one for one in deciding.listed(pipeline.review(folder))}
    of_rule = [one for one in listed.values() if one.subject == "plan_finding:QH18:P1/HM01"]
    assert [(one.said, one.by, one.why) for one in of_rule] == [("drop", "Páo", "hết vốn")]
    other = [one for one in listed.values() if one.subject == "plan_finding:QH18:P1/HM02"]
    assert [one.said for one in other] == [None]
    # The sheet bears it in both rows; taken back as it is, it enters nothing.
    path = sheet(folder, lambda _: None)
    taken = deciding_excel.add(folder, path, today=dt.date(2026, 1, 1))
    assert (taken.new, taken.left_out) == (0, 0)
    assert said(folder) == {"plan_item:P1/HM01": ("drop", "hết vốn")}
    # What is decided of the finding itself comes first.
    pin = of_rule[0].pin
    deciding.decide(
        folder, pin, "keep", why="có vốn lại", by="Páo", document=None, day=dt.date(2025, 12, 2)
    )
    again = {one.pin: one for one in deciding.listed(pipeline.review(folder))}
    assert again[pin].said == "keep"


def test_what_is_filled_in_comes_back_and_the_same_file_again_changes_nothing(folder):
    def fill(rows):
        put(rows["QH05-1"], "điều chỉnh", "Tổng hợp lại", "Páo", "12/BB", dt.date(2025, 12, 20))
        put(rows["P1/HM01"], "BỎ", "'=1+1")

    path = sheet(folder, fill)
    done = add(folder, path)
    assert (done.new, done.known, done.left_out, done.status) == (2, 0, 0, 0)
    assert done.open == len(to_decide.rows(*_review(folder))) - 2
    assert said(folder)["plan_item:P1/HM01"] == ("drop", "'=1+1")
    before = (folder / record.FILE_NAME).read_bytes()
    again = add(folder, path)
    assert (again.new, again.known, again.left_out) == (0, 2, 0)
    assert (folder / record.FILE_NAME).read_bytes() == before
    assert again.check_code == done.check_code
    # The next sheet shows what was decided, by whom and when.
    rows = {row.item: row for row in to_decide.rows(*_review(folder))}
    assert (rows["QH05-1"].choice, rows["QH05-1"].by) == ("amend", "Páo")
    assert rows["P1/HM01"].choice == "drop"


def _review(folder: Path):
    found = pipeline.review(folder)
    return found.answer, found.layers


def test_rows_are_known_by_their_key_in_whatever_order(folder):
    path = sheet(folder, lambda rows: put(rows["P1/HM02"], "giữ", "còn cần"))
    book = openpyxl.load_workbook(path)
    rows = [[c.value for c in r] for r in book.active.iter_rows(min_row=to_decide.HEAD_ROW + 2)]
    for n, values in enumerate(reversed(rows), to_decide.HEAD_ROW + 2):
        for k, value in enumerate(values, 1):
            book.active.cell(n, k).value = value
    book.save(path)
    assert add(folder, path).new == 1
    assert said(folder) == {"plan_item:P1/HM02": ("keep", "còn cần")}


@pytest.mark.parametrize(
    ("choice", "why", "on", "code"),
    [
        ("xóa", "x", None, "DECISION_CHOICE"),
        ("giữ", None, None, "DECISION_WITHOUT_REASON"),
        ("giữ", "x", "31/02/2025", "DECISION_DAY"),
        ("giữ", "x", dt.date(2026, 3, 2), "DECISION_DAY"),
    ],
    ids=["no decision", "no reason", "no day", "a day still to come"],
)
def test_a_faulty_row_stays_out_and_the_others_come_in(folder, choice, why, on, code):
    def fill(rows):
        put(rows["P1/HM01"], choice, why, on=on)
        put(rows["P1/HM02"], "giữ", "còn cần")

    done = add(folder, sheet(folder, fill))
    assert [f.code for f in done.findings] == [code]
    assert done.findings[0].row is not None
    assert done.findings[0].repair is not None
    assert (done.new, done.left_out, done.status) == (1, 1, 1)


def test_a_row_that_changed_since_is_told_and_not_entered(folder):
    path = sheet(folder, lambda rows: put(rows["QH05-1"], "giữ", "như cũ"))
    plans(folder, 1080)
    done = add(folder, path)
    assert [f.code for f in done.findings] == ["DECISION_CHANGED"]
    assert said(folder) == {}


def test_a_row_about_what_is_no_more_is_told(folder):
    path = sheet(folder, lambda rows: put(rows["QH05-1"], "giữ", "như cũ"))
    plans(folder, 1000)
    assert [f.code for f in add(folder, path).findings] == ["DECISION_GONE"]


def test_a_row_decided_otherwise_meanwhile_is_told_and_not_entered(folder):
    path = sheet(folder, lambda rows: put(rows["P1/HM01"], "giữ", "như cũ"))
    deciding.decide(
        folder, "HM01", "drop", why="hết vốn", by="Páo", document=None, day=dt.date(2025, 12, 1)
    )
    done = add(folder, path)
    assert [f.code for f in done.findings] == ["DECISION_MEANWHILE"]
    assert said(folder) == {"plan_item:P1/HM01": ("drop", "hết vốn")}


def test_one_thing_twice_is_told(folder):
    path = sheet(folder, lambda rows: put(rows["P1/HM01"], "giữ", "x"))
    book = openpyxl.load_workbook(path)
    last = book.active.max_row
    for k in range(1, 13):
        book.active.cell(last + 1, k, book.active.cell(last - 1, k).value)
    book.save(path)
    found = add(folder, path)
    assert (found.new, [f.code for f in found.findings]) == (1, ["DECISION_TWICE"])


@pytest.mark.parametrize("content", [b"", b"no workbook"], ids=["empty", "garbage"])
def test_a_file_that_is_none_is_a_sentence(folder, content):
    path = folder / "hỏng.xlsx"
    path.write_bytes(content)
    done = add(folder, path)
    assert done.status == 3
    assert done.findings
    other = openpyxl.Workbook()
    other.active.append(["Mã", "Tên"])
    other.active.append(["1", "x"])
    other.save(path)
    assert [f.code for f in add(folder, path).findings] == ["DECISIONS_NO_SHEET"]


def test_the_command_takes_a_file_back(folder, capsys):
    path = sheet(folder, lambda rows: put(rows["P1/HM01"], "giữ", "x"))
    assert cli.main(["decide", str(folder), "add", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 1
