"""Files into the record, and the record by hand: what counts, what stays out, what comes back."""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ntm_gis import booking, cli, pipeline, record
from ntm_gis.errors import RecordError, UsageError

sys.path.insert(0, str(Path(__file__).parent))

from entering_kit import DAY, FIVE, HEAD, ROAD, commune, enter, figures, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A commune with one road and one work on it, without any report."""
    return commune(tmp_path)


def test_five_reports_are_one_length_however_they_come(folder: Path, tmp_path: Path) -> None:
    rng = random.Random(7)  # noqa: S311 - an order, no secret
    for attempt in range(4):
        rows = list(FIVE)
        rng.shuffle(rows)
        enter(folder, written(tmp_path / f"bc{attempt}.csv", rows[:3]))
        enter(folder, written(tmp_path / f"bc{attempt}b.csv", rows))
    found = figures(folder)
    assert found["poured_km"] == (2.55, 2.55, 2.55)
    assert found["accepted_km"] == (0.45, 0.45, 0.45)
    assert len([e for e in booking.listed(folder) if e.kind.vi in ("báo cáo", "nghiệm thu")]) == 5


def test_the_same_file_twice_adds_nothing(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "bc.csv", FIVE)
    first = enter(folder, file, by="Phương")
    again = enter(folder, file)
    assert (first.new, first.known, first.left_out, first.status) == (5, 0, 0, 0)
    assert (again.new, again.known) == (0, 5)
    assert first.check_code == again.check_code
    assert booking.listed(folder)[-1].entered_by == "Phương"


def test_excel_and_csv_say_the_same(folder: Path, tmp_path: Path) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    table = pd.DataFrame([row.split(";") for row in FIVE], columns=HEAD.split(";"))
    table.to_excel(tmp_path / "bc.xlsx", index=False)
    again = enter(folder, tmp_path / "bc.xlsx")
    assert (again.new, again.known) == (0, 5)


BAD = {
    "N9;HT;Km9+000;Km9+100;đổ bê tông;06/11/2025;Tổ 2;;3,5": "REPORT_BEYOND",
    "N9;HT;Km2+000;Km1+900;đổ bê tông;06/11/2025;Tổ 2;;3,5": "REPORT_REVERSED",
    "N9;HT;Km1+1250;Km2+000;đổ bê tông;06/11/2025;Tổ 2;;3,5": "CHAINAGE",
    "N9;HT;-100;200;đổ bê tông;06/11/2025;Tổ 2;;3,5": "",
    "N9;HT;Km0+000;Km0+100;đổ bê tông;06/11/2029;Tổ 2;;3,5": "",
    "N9;HX;Km0+000;Km0+100;đổ bê tông;06/11/2025;Tổ 2;;3,5": "REFERENCE_UNKNOWN",
}


@pytest.mark.parametrize("row", BAD)
def test_a_row_that_never_counts_stays_out_and_is_named(
    folder: Path, tmp_path: Path, row: str
) -> None:
    file = written(tmp_path / "bc.csv", [*FIVE, row])
    found = enter(folder, file)
    assert (found.new, found.left_out, found.status) == (5, 1, 1)
    told = [f for f in found.findings if f.row == 7]
    assert told
    assert all(f.repair is not None for f in told)
    assert any(BAD[row] in f.code for f in told)
    assert figures(folder)["poured_km"][0] == 2.55
    # Mended, the same file adds that row alone.
    written(file, [*FIVE, "N9;HT;Km3+000;Km3+100;đổ bê tông;06/11/2025;Tổ 2;;3,5"])
    again = enter(folder, file)
    assert (again.new, again.known, again.left_out) == (1, 5, 0)
    assert figures(folder)["poured_km"][0] == pytest.approx(2.65)


def test_undo_restores_and_a_file_does_not_bring_it_back(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "bc.csv", FIVE)
    before = enter(folder, written(tmp_path / "a.csv", FIVE[:4])) and figures(folder)
    enter(folder, file)
    last = booking.listed(folder)[-1]
    booking.undo(folder, str(last.n), why="nhầm", day=DAY)
    assert figures(folder) == before
    assert enter(folder, file).withdrawn == 1
    assert figures(folder) == before
    undone = booking.listed(folder)[-1]
    booking.undo(folder, str(undone.n), why="đúng rồi", by="Páo", day=DAY)
    assert figures(folder)["accepted_km"][0] == 0.45


def test_a_disputed_stretch_is_in_the_upper_bound_until_it_is_settled(
    folder: Path, tmp_path: Path
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    layers = pipeline.check(folder)[1]
    made = booking.dispute(
        folder, layers, "hô tra", "Km1+000", "1300", why="chưa đổ", by="Páo", day=DAY
    )
    assert "Km1+000 – Km1+300" in made.said.vi
    low, high = figures(folder)["poured_km"][1:]
    assert (low, high) == (2.25, 2.55)
    with pytest.raises(UsageError):
        booking.settle(folder, str(made.n), "maybe", by=None, document=None, day=DAY)
    booking.settle(folder, str(made.n), "does-not-count", by="BCĐ", document="BB 1", day=DAY)
    assert figures(folder)["poured_km"] == (2.25, 2.25, 2.25)


def test_run_never_writes_the_record(folder: Path, tmp_path: Path) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    before = (folder / record.FILE_NAME).read_bytes()
    pipeline.run(folder, only=frozenset({"results.json"}))
    assert (folder / record.FILE_NAME).read_bytes() == before
    document = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    assert document["record_head"] == record.state(folder / record.FILE_NAME).check_code


def test_a_record_that_cannot_be_read_leaves_its_figures_unknown(
    folder: Path, tmp_path: Path
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    (folder / record.FILE_NAME).write_bytes(b"no record at all" * 400)
    found = pipeline.review(folder)
    assert pipeline.exit_status(found.findings) == 3
    told = next(f for f in found.findings if f.code == "RECORD_UNREADABLE")
    assert "progress.HT.poured_km" in told.affects
    assert figures(folder)["poured_km"][0] is None
    assert next(m for m in found.answer.measures if m.id == "roads.length_km.village").value


def test_a_road_drawn_anew_keeps_reports_on_their_line(folder: Path, tmp_path: Path) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    longer = shapely.LineString([(571900, 2452000), *ROAD.coords])
    gpd.GeoDataFrame(
        {"MA_DUONG": ["D1"], "CAP": "ĐB", "KET_CAU": "BTXM"}, geometry=[longer], crs="EPSG:9205"
    ).to_file(folder / "sources" / "đường.gpkg", layer="duong", driver="GPKG")
    answer = pipeline.review(folder).answer
    moved = answer.frames["road_carry_over"]
    assert len(moved) == 5
    assert moved["difference_m"].round(2).tolist() == [100.0] * 5
    more = ["N6;HT;Km3+000;Km3+100;đổ bê tông;07/11/2025;Tổ 2;;3,5"]
    enter(folder, written(tmp_path / "bc2.csv", more))
    versions = [e for e in booking.listed(folder) if e.kind.vi == "tim tuyến"]
    assert len(versions) == 2


def test_a_track_is_taken_in_once(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    line = gpd.GeoSeries([ROAD], crs="EPSG:9205").segmentize(15).to_crs(4326)[0]
    points = "".join(
        f'<trkpt lat="{y:.7f}" lon="{x:.7f}"><time>2025-11-08T0{i // 360}:{i // 6 % 60:02d}:'
        f"{i % 6 * 10:02d}Z</time></trkpt>"
        for i, (x, y) in enumerate(line.coords)
    )
    gpx = tmp_path / "vết.gpx"
    gpx.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>HT</name><trkseg>'
        f"{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    first = enter(folder, gpx)
    again = enter(folder, gpx)
    assert (first.new, again.new, again.known) == (1, 0, 1)
    assert figures(folder)["surveyed_km"][0] == pytest.approx(3.5, abs=0.05)


def test_a_file_that_is_none_is_said(folder: Path, tmp_path: Path) -> None:
    found = enter(folder, tmp_path / "không có.xlsx")
    assert found.status == 3
    assert str(tmp_path / "không có.xlsx") in found.lines[0].vi
    empty = tmp_path / "trống.csv"
    empty.write_text("", encoding="utf-8")
    assert enter(folder, empty).status != 0
    assert not (folder / record.FILE_NAME).exists()


def test_undo_without_a_record_makes_none(folder: Path) -> None:
    with pytest.raises(RecordError):
        booking.undo(folder, "1", why="x", day=DAY)
    assert not (folder / record.FILE_NAME).exists()


def test_commands(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "bc.csv", FIVE)
    assert cli.main(["record", str(folder), "verify"]) == 0
    assert cli.main(["progress", str(folder), "list"]) == 0
    assert cli.main(["progress", str(folder), "add", str(file), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "ghi mới 5 mục" in said
    assert f'progress "{folder}" status' in said
    assert cli.main(["progress", str(folder), "undo", "3", "--why", "nhầm", "--by", "Páo"]) == 0
    assert "Đã rút lại mục số 3" in capsys.readouterr().out
    assert cli.main(["progress", str(folder), "undo", "3", "--why", "nữa"]) == 2
    assert "đã được rút lại" in capsys.readouterr().err
    assert cli.main(["progress", str(folder), "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["entries"]
    assert [e["n"] for e in listed] == list(range(1, len(listed) + 1))
    assert cli.main(["record", str(folder), "verify", "--json"]) == 0
    code = json.loads(capsys.readouterr().out)["check_code"]
    stretch = ["dispute", "HT", "Km0+100", "Km0+200"]
    assert cli.main(["progress", str(folder), *stretch, "--why", "hẹp"]) == 0
    capsys.readouterr()
    assert cli.main(["record", str(folder), "verify", "--code", code]) == 0
    assert "có thêm 1 mục" in capsys.readouterr().out
    assert cli.main(["record", str(folder), "backup", "--to", str(tmp_path / "usb")]) == 0
    (backup,) = (tmp_path / "usb").glob("*.sqlite")
    assert cli.main(["record", str(folder), "merge", str(backup)]) == 0
    assert "thêm 0 mục" in capsys.readouterr().out
    assert cli.main(["record", str(folder), "restore", str(backup)]) == 0
    assert cli.main(["progress", str(folder), "settle", "1", "counts"]) == 2
    assert cli.main(["progress", str(folder), "dispute", "HT", "Km1", "x", "--why", "y"]) == 2
    assert "Km1+250" in capsys.readouterr().err


def test_a_broken_record_is_exit_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    db = sqlite3.connect(folder / record.FILE_NAME)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    db.execute("UPDATE entries SET body = replace(body, '130000', '170000') WHERE n = 3")
    db.commit()
    db.close()
    assert cli.main(["record", str(folder), "verify"]) == 1
    assert "mục số" in capsys.readouterr().out


def test_the_template_of_new_filled_in_is_taken(folder: Path, tmp_path: Path) -> None:
    import openpyxl

    made = tmp_path / "mới"
    argv = ["new", str(made), "--code", "03601", "--name", "Thử", "--province", "Lai Châu"]
    assert cli.main(argv) == 0
    template = made / "templates" / "bao-cao-tien-do-duong.xlsx"
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    for row, text in enumerate(FIVE, 6):
        cells: list[object] = [*text.split(";")]
        report, work, since, until, stage, _, by, verified, width = cells
        day = dt.datetime.strptime(str(cells[5]), "%d/%m/%Y")  # noqa: DTZ007 - a day in a cell
        filled = [report, work, since, until, stage, day, by, verified or None, None, width]
        for column, value in enumerate(filled, 1):
            sheet.cell(row, column, value)
    book.save(tmp_path / "điền.xlsx")
    found = enter(folder, tmp_path / "điền.xlsx")
    assert (found.new, found.left_out) == (5, 0), [f.message.vi for f in found.findings]
    assert figures(folder)["poured_km"][0] == 2.55
