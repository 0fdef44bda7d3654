"""Thresholds confirmed by the office: on the command line, as a sheet, as a pack for others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import cli, confirming, confirming_excel, confirming_packs, numbers, pipeline, record
from ntm_gis.confirming import Proof
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision
from ntm_gis.outputs import score_status, threshold_sheets
from ntm_gis.rules.criteria import criteria_set

TODAY = dt.date(2026, 3, 1)
READ = dt.date(2026, 2, 3)
SET = "vn-2021-2025"
BY = "Lò Văn A"

COMMUNE = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
criteria_set = "vn-2021-2025"
compare_sets = ["vn-2026-2030"]
region = "northern-midlands-mountains"
commune_group = 3
as_of = 2025-12-31

[[source]]
layer = "boundary"
file = "sources/xa.gpkg"

[[source]]
layer = "figures"
file = "sources/so_lieu.csv"
"""

FIGURES = (
    "indicator;value;passed;as_of;document\n"
    "10;52;;2025-12-31;88/BC-UBND\n"
    "2.1;;đạt;2025-12-31;88/BC-UBND\n"
    "4.1;;đạt;2025-12-31;88/BC-UBND\n"
    "4.2;97;;2025-12-31;88/BC-UBND\n"
    "vn-2026-2030:4-a;30;;2025-12-31;88/BC-UBND\n"
)


def made(home: Path, toml: str = COMMUNE) -> Path:
    (home / "sources").mkdir(parents=True)
    (home / "commune.toml").write_text(toml, encoding="utf-8")
    ground = shapely.box(571_000, 2_455_000, 573_000, 2_456_000)
    gpd.GeoDataFrame(
        [{"unit_code": "03601", "name": "Mường Khoa", "geometry": ground}], crs="EPSG:9205"
    ).to_file(home / "sources" / "xa.gpkg", driver="GPKG")
    (home / "sources" / "so_lieu.csv").write_text(FIGURES, encoding="utf-8")
    return home


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(numbers, "today", lambda: TODAY)
    return made(tmp_path / "Xã")


def proof(page: str = "12", document: str = "318/QĐ-TTg", on: dt.date = READ) -> Proof:
    return Proof(document, page, BY, on)


def confirm(folder: Path, code: str, value: str, **more: Any) -> confirming.Entered:
    return confirming.confirm(folder, code, value, more.pop("proof", proof()), today=TODAY, **more)


def judged(folder: Path, name: str, as_of: dt.date | None = None) -> tuple[str, bool]:
    found = pipeline.review(folder, as_of=as_of)
    measure = next(m for m in found.answer.measures if m.id == name)
    assert measure.judged is not None
    return measure.judged.verdict.value, measure.judged.official


def test_a_confirmed_threshold_makes_its_verdict_official(folder: Path) -> None:
    assert judged(folder, "criterion.10") == ("met", False)
    done = confirm(folder, "10", "48 triệu đồng/người", proof=proof(on=dt.date(2025, 12, 1)))
    assert (done.state, done.n) == ("new", "1")
    assert judged(folder, "criterion.10") == ("met", True)
    again = confirm(folder, "10", "48", proof=proof(on=dt.date(2025, 12, 20)))
    assert (again.state, again.n) == ("known", "1")
    measure = next(
        m for m in pipeline.review(folder).answer.measures if m.id == "indicator.10"
    )  # fmt: skip
    assert measure.judged is not None
    assert measure.judged.threshold is not None
    assert "318/QĐ-TTg, tr. 12" in measure.judged.threshold.citation
    assert BY in measure.judged.threshold.citation


def test_a_text_read_later_says_what_the_text_was(folder: Path) -> None:
    """The figures are those of 31/12/2025; the office opened the decision in February."""
    confirm(folder, "10", "48", proof=proof(on=READ))
    assert judged(folder, "criterion.10") == ("met", True)
    # Withdrawn later, it was wrong all the time.
    path = folder / record.FILE_NAME
    with record.writing(path, "03601") as ledger:
        found = ledger.find("1")
        ledger.append([record.undo(found, why="nhầm trang", by=BY, on=TODAY)])
    assert judged(folder, "criterion.10") == ("met", False)


@pytest.mark.parametrize(
    "details",
    [
        {"document": "x", "page": "3", "value": "48"},
        {"document": "318/QĐ-TTg", "value": "48"},
        {"document": "318/QĐ-TTg", "page": "3", "value": "1e999"},
        {"document": "318/QĐ-TTg", "page": "3", "value": "48", "comparator": "about"},
        {"document": "318/QĐ-TTg", "page": "3", "value": "48", "since": "hôm qua"},
        {"document": "318/QĐ-TTg", "page": "3", "value": "48", "since": "2024-05-05"},
        {"document": "318/QĐ-TTg", "page": "3", "value": "48", "region": "đâu đó"},
    ],
)
def test_a_record_of_another_hand_breaks_nothing(folder: Path, details: dict[str, str]) -> None:
    odd = Decision("", f"threshold:{SET}:10", "confirm", READ, "A", "x", None,
                   tuple(details.items()))  # fmt: skip
    with record.writing(folder / record.FILE_NAME, "03601") as ledger:
        ledger.append([record.decision(odd)])
    found = pipeline.review(folder)
    assert not found.answer.failures
    assert {f.code for f in found.findings} & {"LAW_INCOMPLETE", "LAW_PERIOD_GONE", "LAW_ELSEWHERE"}
    assert judged(folder, "criterion.10") == ("met", False)
    assert confirming.open_book(folder).limits()


def test_a_confirmation_is_of_its_year(folder: Path) -> None:
    """Income goes by year: 48 in 2025 says nothing of 2024."""
    confirm(folder, "10", "48", proof=proof(on=dt.date(2025, 12, 1)))
    book = confirming.open_book(folder, latest=TODAY)
    ten = {one.since.year: one for one in book.limits(book.set(SET)) if one.line.code == "10"}
    assert {year for year, one in ten.items() if one.decision is not None} == {2025}
    assert {one.used.status for year, one in ten.items() if year < 2025} == {"unverified"}


def test_a_confirmation_is_of_its_region(folder: Path) -> None:
    confirm(folder, "11", "13", proof=proof(on=dt.date(2025, 12, 1)))
    path = folder / "commune.toml"
    path.write_text(COMMUNE.replace("northern-midlands-mountains", "red-river-delta"), "utf-8")
    found = pipeline.review(folder)
    assert "LAW_ELSEWHERE" in {f.code for f in found.findings}
    assert not any(m.judged.official for m in found.answer.measures if m.judged)


@pytest.mark.parametrize(
    ("code", "value", "how", "fault"),
    [
        ("2.9", "65", {}, "LAW_CODE_UNKNOWN"),
        ("4.2", "chín lăm", {}, "LAW_NO_NUMBER"),
        ("4.2", "120", {}, "LAW_SHARE_BEYOND"),
        ("4.2", "95 km", {}, "LAW_WRONG_UNIT"),
        ("4.2", "95", {"page": ""}, "LAW_PAGE_MISSING"),
        ("4.2", "95", {"document": " "}, "LAW_DOCUMENT_MISSING"),
        ("4.2", "95", {"on": TODAY + dt.timedelta(days=1)}, "LAW_DAY_FUTURE"),
        ("4.2", "≤ 95", {}, "LAW_WRONG_WAY"),
    ],
)
def test_what_is_no_threshold_is_refused_in_words(
    folder: Path, code: str, value: str, how: dict[str, Any], fault: str
) -> None:
    with pytest.raises(UsageError) as refused:
        confirm(folder, code, value, proof=proof(**how))
    assert refused.value.code == fault
    assert refused.value.say("vi") != refused.value.say("en")
    assert not (folder / record.FILE_NAME).exists()


def test_the_sets_compared_with_are_confirmed_too(folder: Path) -> None:
    confirm(folder, "4-a", "27", name="vn-2026-2030", proof=proof(on=dt.date(2025, 12, 30)))
    assert judged(folder, "indicator.vn-2026-2030.4-a") == ("met", True)
    assert judged(folder, "criterion.vn-2026-2030.4") == ("no_threshold", False)
    with pytest.raises(UsageError) as refused:
        confirm(folder, "4-a", "27", name="lai-chau-2022")
    assert refused.value.code == "CRITERIA_NO_SET"


def test_a_confirmation_is_withdrawn_through_the_record(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["law", str(folder), "confirm", "4.2", "--value", "95", "--document", "318/QĐ-TTg",
            "--page", "tr. 9", "--by", BY, "--as-of", "01/12/2025"]  # fmt: skip
    assert cli.main(argv) == 0
    assert "mục 1" in capsys.readouterr().out
    assert judged(folder, "indicator.4.2") == ("met", True)
    assert cli.main(["progress", str(folder), "undo", "1", "--why", "nhầm trang"]) == 0
    assert judged(folder, "indicator.4.2") == ("met", False)
    capsys.readouterr()
    assert cli.main(argv) == 0
    assert "rút lại" in capsys.readouterr().out
    assert judged(folder, "indicator.4.2") == ("met", False)


def test_the_list_says_what_is_confirmed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(folder, "2.1", "≥ 100 %", proof=proof("3", "1487/QĐ-UBND"))
    assert cli.main(["law", str(folder), "list", "--json"]) == 0
    rows = {r["code"]: r for r in json.loads(capsys.readouterr().out)["thresholds"]}
    assert rows["2.1"]["status"] == "confirmed"
    assert rows["2.1"]["confirmed"]["page"] == "3"
    assert rows["4.2"]["status"] == "unverified"
    assert rows["2.2"]["limit"] is None
    assert cli.main(["law", str(folder), "list"]) == 0
    told = capsys.readouterr().out
    assert "1487/QĐ-UBND" in told
    assert "1 đã xác nhận" in told


# --- The sheet -----------------------------------------------------------------------------------


def sheet(folder: Path, fill: Callable[[dict[str, list[Any]]], None]) -> Path:
    found = pipeline.review(folder)
    path = folder / "bảng ngưỡng.xlsx"
    path.write_bytes(threshold_sheets.workbook(found.answer, found.layers))
    book = openpyxl.load_workbook(path)
    rows = {
        row[12].value: row for row in book.active.iter_rows(min_row=threshold_sheets.HEAD_ROW + 2)
    }
    fill(rows)
    book.save(path)
    return path


def put(row: list[Any], *values: Any) -> None:
    for cell, value in zip(row[7:12], values, strict=False):
        cell.value = value


def take(folder: Path, path: Path) -> confirming_excel.TakenBack:
    return confirming_excel.add(folder, path, today=TODAY, by=BY)


def test_the_sheet_comes_back(folder: Path) -> None:
    def fill(rows: dict[str, list[Any]]) -> None:
        put(rows[f"{SET}:4.2:2022-03-08"], 95, "318/QĐ-TTg", 9, "Vàng A", dt.datetime(2025, 12, 1))
        put(rows[f"{SET}:4.1:2022-03-08"], "đạt", "318/QĐ-TTg", "tr. 9", None, "01/12/2025")
        put(rows[f"{SET}:10:2025-01-01"], 48.5, "318/QĐ-TTg", "10", None, dt.date(2025, 12, 1))
        put(rows[f"{SET}:2.1:2022-03-08"], 1.2e2, "1487/QĐ-UBND", "3")
        put(rows[f"{SET}:2.2:2022-03-08"], 0.65, "1487/QĐ-UBND", "3")
        put(rows[f"{SET}:2.3:2022-03-08"], "nhiều", "1487/QĐ-UBND", "3")
        put(rows[f"{SET}:2.4:2022-03-08"], 50, "1487/QĐ-UBND", None)
        put(rows[f"{SET}:3.1:2022-03-08"], 80, "318/QĐ-TTg", "8", None, dt.date(2026, 3, 2))

    path = sheet(folder, fill)
    done = take(folder, path)
    assert (done.new, done.known, done.left_out) == (3, 0, 5)
    assert done.status == 1
    whys = " ".join(f.message.vi for f in done.findings)
    for piece in ("từ 0 đến 100", "0,65", "không phải là số", "cần số trang", "chưa đến"):
        assert piece in whys
    assert judged(folder, "criterion.4") == ("met", True)
    assert judged(folder, "criterion.10") == ("met", True)
    again = take(folder, path)
    assert (again.new, again.known) == (0, 3)
    # Nothing is written back twice, and the sheet made anew says what was confirmed.
    fresh = take(folder, sheet(folder, lambda _: None))
    assert (fresh.new, fresh.known, fresh.left_out) == (0, 3, 0)


def test_a_row_confirmed_otherwise_meanwhile_stays_out(folder: Path) -> None:
    path = sheet(folder, lambda rows: put(rows[f"{SET}:4.2:2022-03-08"], 96, "318/QĐ-TTg", "9"))
    confirm(folder, "4.2", "95")
    done = take(folder, path)
    assert [f.code for f in done.findings] == ["LAW_ROW_MEANWHILE"]
    assert (done.new, done.left_out) == (0, 1)


def test_strange_keys_and_other_files_are_told(folder: Path, tmp_path: Path) -> None:
    def fill(rows: dict[str, list[Any]]) -> None:
        row = rows[f"{SET}:4.2:2022-03-08"]
        put(row, 95, "318/QĐ-TTg", "9")
        row[12].value = "khác:4.2:2022-03-08"

    assert [f.code for f in take(folder, sheet(folder, fill)).findings] == ["LAW_ROW_STRANGE"]
    other = tmp_path / "khac.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Tên", "Số"])
    book.active.append(["a", 1])
    book.save(other)
    done = take(folder, other)
    assert [f.code for f in done.findings] == ["LAW_NO_SHEET"]
    assert done.status == 3


def test_the_sheet_is_locked_and_without_formulas(folder: Path) -> None:
    found = pipeline.review(folder)
    content = threshold_sheets.workbook(found.answer, found.layers)
    assert content == threshold_sheets.workbook(found.answer, found.layers)
    path = folder / "x.xlsx"
    path.write_bytes(content)
    page = openpyxl.load_workbook(path).active
    assert page.title == "Nhập ngưỡng"
    assert page.protection.sheet
    cells = list(page.iter_rows(min_row=threshold_sheets.HEAD_ROW + 2))
    assert all(row[0].protection.locked and not row[7].protection.locked for row in cells)
    assert not any(c.data_type == "f" for row in page.iter_rows() for c in row)
    assert page.data_validations.dataValidation
    keys = [row[12].value for row in cells]
    assert len(keys) == len(set(keys))
    assert {k.split(":")[0] for k in keys} == {SET, "vn-2026-2030"}


# --- Packs ---------------------------------------------------------------------------------------


@pytest.fixture
def packed(folder: Path, tmp_path: Path) -> Path:
    confirm(folder, "2.1", "100", proof=proof("3", "1487/QĐ-UBND"))
    confirm(folder, "4.1", "đạt")
    confirm(folder, "10", "48")
    written, count = confirming_packs.pack(folder, tmp_path / "gói", today=TODAY)
    assert count == 3
    return written


def neighbour(tmp_path: Path, toml: str = COMMUNE) -> Path:
    return made(tmp_path / "Xã bên", toml.replace("03601", "03602"))


def test_a_pack_goes_to_the_next_commune(packed: Path, tmp_path: Path) -> None:
    there = neighbour(tmp_path)
    done = confirming_packs.add(there, packed, today=TODAY, by="Tẩn B", day=dt.date(2025, 12, 30))
    assert (done.new, done.known, done.status) == (3, 0, 0)
    again = confirming_packs.add(there, packed, today=TODAY, by="Tẩn B")
    assert (again.new, again.known) == (0, 3)
    book = confirming.open_book(there, latest=TODAY)
    mine = {one.line.code: one for one in book.limits(book.set(None)) if one.decision}
    assert set(mine) == {"2.1", "4.1", "10"}
    assert mine["2.1"].used.citation.text.startswith("1487/QĐ-UBND, tr. 3")
    assert {one.decision.decided_by for one in mine.values()} == {"Tẩn B"}
    assert BY in mine["10"].decision.why
    assert judged(there, "criterion.10") == ("met", True)


def test_what_the_office_confirmed_otherwise_stays(packed: Path, tmp_path: Path) -> None:
    there = neighbour(tmp_path)
    confirm(there, "10", "50")
    done = confirming_packs.add(there, packed, today=TODAY, by="Tẩn B")
    assert (done.new, done.left_out) == (2, 1)
    assert [f.code for f in done.findings] == ["LAW_PACK_DIFFERS"]
    assert "50" in done.findings[0].message.vi


@pytest.mark.parametrize(
    ("change", "toml", "fault"),
    [
        (("", ""), ("vn-2021-2025", "lai-chau-2024"), "LAW_PACK_OTHER_SET"),
        (("", ""), ("northern-midlands-mountains", "red-river-delta"), "LAW_PACK_OTHER_PLACE"),
        ((f'set_digest = "{criteria_set(SET).digest}"', 'set_digest = "ab"'), ("", ""),
         "LAW_PACK_OTHER_VERSION"),
        (('value = "48"', 'value = "30"'), ("", ""), "LAW_PACK_CHANGED"),
        (("format = 1", "format = 2"), ("", ""), "VALUE_WRONG"),
        (("format = 1", "format = 1\nnote = 3"), ("", ""), "KEY_UNKNOWN"),
        (("format = 1", "format = "), ("", ""), "TOML_BROKEN"),
    ],
)  # fmt: skip
def test_a_pack_of_another_is_refused(
    packed: Path, tmp_path: Path, change: tuple[str, str], toml: tuple[str, str], fault: str
) -> None:
    text = packed.read_text(encoding="utf-8")
    assert change[0] in text
    packed.write_text(text.replace(*change, 1) if change[0] else text, encoding="utf-8")
    there = neighbour(tmp_path, COMMUNE.replace(*toml) if toml[0] else COMMUNE)
    with pytest.raises(UsageError) as refused:
        confirming_packs.add(there, packed, today=TODAY, by="B")
    assert refused.value.code.startswith(fault), refused.value.code
    assert not (there / record.FILE_NAME).exists()
    if fault == "LAW_PACK_OTHER_VERSION":
        done = confirming_packs.add(there, packed, today=TODAY, by="B", accept=True)
        assert done.new == 3


def test_nothing_confirmed_is_no_pack(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        confirming_packs.pack(folder, tmp_path / "a.toml", today=TODAY)
    assert refused.value.code == "LAW_NOTHING_TO_PACK"


# --- The scorecard in the terminal ---------------------------------------------------------------


def test_the_score_says_what_is_official(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["score", str(folder)]) in (0, 1)
    told = capsys.readouterr().out
    assert "Chưa có kết luận nào là chính thức" in told
    assert "tham khảo" in told
    assert "không so sánh được" in " ".join(told.split())
    confirm(folder, "10", "48", proof=proof(on=dt.date(2025, 12, 1)))
    assert cli.main(["score", str(folder), "--json"]) in (0, 1)
    shown = json.loads(capsys.readouterr().out)
    rows = {row["id"]: row for row in shown["scorecard"]}
    assert rows["criterion.10"]["official"] is True
    assert rows["indicator.10"]["law_status"] == "confirmed"
    assert "tr. 12" in rows["indicator.10"]["citation"]
    assert rows["indicator.2.2"]["comparator"] == "delegated"
    assert rows["indicator.4.2"]["official"] is False
    assert "tiêu chí 10" in shown["official"][0]["vi"]
    assert {pair["state"] for pair in shown["compare_sets"]} == {"not_comparable"}


def test_another_set_says_how_much_of_it_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["score", str(folder), "--set", "vn-2026-2030"]) in (0, 1)
    told = " ".join(capsys.readouterr().out.split())
    assert "47 chỉ tiêu, trong đó đã biết 3" in told
    assert "15/02/2026" in told
    assert cli.main(["score", str(folder), "--set", "vn-2026"]) == 2
    assert "vn-2026-2030" in capsys.readouterr().err
    assert cli.main(["score", str(folder), "--set", SET, "--json"]) in (0, 1)
    own = json.loads(capsys.readouterr().out)
    assert own["criteria_set"] == criteria_set(SET).label


def test_limits_are_written_as_offices_do() -> None:
    row = {"unit_of": "houses", "comparator": "equals", "limit_value": 0.0}
    assert score_status.limit_words(row, "vi") == "= 0\u00a0nhà"
    assert score_status.limit_words(
        {**row, "comparator": "delegated", "limit_value": None}, "vi"
    ) == ("giao tỉnh quy định")


# --- Sources that differ -------------------------------------------------------------------------


def test_the_office_says_which_of_two_documents_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "sources" / "so_lieu.csv"
    path.write_text(FIGURES + "15.4;48;;2025-12-31;19/BC-TYT\n15.4;55;;2025-12-31;20/BC-YT\n",
                    encoding="utf-8")  # fmt: skip
    assert judged(folder, "indicator.15.4")[0] == "undetermined"
    argv = ["decide", str(folder), "figure:15.4", "use", "--why", "đã đối chiếu sổ gốc",
            "--by", BY, "--document"]  # fmt: skip
    assert cli.main([*argv, "99/BC"]) == 2
    assert "19/BC-TYT" in capsys.readouterr().err
    assert cli.main([*argv, "20/bc-yt"]) == 0
    assert judged(folder, "indicator.15.4")[0] == "met"
    found = pipeline.review(folder)
    assert "FIGURE_CONFLICT" not in {f.code for f in found.findings}
    told = next(f for f in found.findings if f.code == "FIGURE_OTHER_SOURCE")
    assert "19/BC-TYT" in told.message.vi
    assert cli.main(["decide", str(folder), "figure:99", "use", "--why", "x"]) == 2
    assert cli.main(["progress", str(folder), "undo", "1", "--why", "chọn nhầm"]) == 0
    assert judged(folder, "indicator.15.4")[0] == "undetermined"
