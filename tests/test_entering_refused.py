"""What the record of road works refuses, marks and says plainly, each with its next step."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import booking, cli, pipeline, record
from ntm_gis.errors import RecordError, UsageError

sys.path.insert(0, str(Path(__file__).parent))

from entering_kit import DAY, FIVE, broken, commune, enter, figures, gpx, told, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A commune with one road and one work on it, without any report."""
    return commune(tmp_path)


def test_a_tampered_record_takes_nothing_and_is_marked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    broken(folder, "UPDATE entries SET body = replace(body, '130000', '170000') WHERE n = 3")
    with pytest.raises(RecordError) as caught:
        enter(folder, written(tmp_path / "bc2.csv", ["N9;HT;0;100;nền;06/11/2025;Tổ 2;;3,5"]))
    assert caught.value.code == "RECORD_BROKEN"
    assert f'ntm-gis record "{folder}" restore' in caught.value.say("vi")
    listed = booking.listed(folder)
    assert len(listed) == 6
    assert [line.n for line in listed if "không còn làm chứng" in line.stands.vi] == [3]
    assert cli.main(["record", str(folder), "backup"]) == 1
    assert "không còn nguyên vẹn từ mục số 3" in told(capsys)
    found = pipeline.review(folder)
    affected = {f.code: f.affects for f in found.findings if f.code.startswith("RECORD_")}
    assert "progress.HT.poured_km" in affected["RECORD_BROKEN"]
    assert "progress.HT.poured_km" in affected["RECORD_GUARD_GONE"]
    assert pipeline.exit_status(found.findings) == 1


def test_entries_cut_off_block_the_figures_where_a_backup_knew_them(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    assert cli.main(["record", str(folder), "backup"]) == 0
    broken(folder, "DELETE FROM entries WHERE n = 6")
    told_ = {f.code for f in pipeline.review(folder).findings if f.code.startswith("RECORD_")}
    assert told_ == {"RECORD_BEHIND_BACKUP", "RECORD_GUARD_GONE"}
    capsys.readouterr()
    assert cli.main(["progress", str(folder), "status"]) == 1
    said = told(capsys)
    assert "thiếu 1 mục có trong bản sao" in said
    assert f'ntm-gis record "{folder}" merge' in said
    assert cli.main(["record", str(folder), "backup"]) == 1
    assert f'ntm-gis record "{folder}" restore' in told(capsys)


def test_a_code_of_another_record_says_nothing_against_this_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    code = record.state(folder / record.FILE_NAME).check_code
    assert cli.main(["record", str(folder), "verify", "--code", str(code)]) == 0
    assert "Chưa có bản sao nào" in told(capsys)
    assert cli.main(["record", str(folder), "verify", "--code", "AAAA-AAAA"]) == 1
    said = told(capsys)
    assert "còn nguyên vẹn: 6 mục" in said
    assert "chỉ có mã AAAA-AAAA không phải của sổ này" in said
    assert "không còn nguyên vẹn" not in said


def test_a_row_that_contradicts_an_entry_names_what_to_undo(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "bc.csv", FIVE)
    enter(folder, file)
    again = enter(folder, written(file, [FIVE[0].replace("Km0+800", "Km0+900"), *FIVE[1:]]))
    assert (again.new, again.known, again.left_out, again.status) == (1, 4, 0, 1)
    (finding,) = [f for f in again.findings if f.code == "REPORT_TWO_CONTENTS"]
    assert finding.row == 2
    assert finding.repair is not None
    assert f'ntm-gis progress "{folder}" undo 2 --why' in finding.repair.vi
    assert "2, 7" in finding.repair.vi
    booking.undo(folder, "2", why="ghi lại", day=DAY)
    assert enter(folder, file).status == 0


@pytest.mark.parametrize(
    ("name", "count"), [("xa.gpx", 20), ("một điểm.gpx", 1), ("cạnh đường.gpx", 20)]
)
def test_a_track_that_touches_no_work_is_said_and_stays_out(
    folder: Path, tmp_path: Path, name: str, count: int
) -> None:
    pytest.importorskip("numba")
    x, y = (
        gpd.GeoSeries([shapely.Point(572000, 2452000)], crs="EPSG:9205").to_crs(4326)[0].coords[0]
    )
    off = 2.0 if name == "xa.gpx" else 0.02
    file = gpx(tmp_path / name, [(x + i * 2e-4, y + off) for i in range(count)])
    found = enter(folder, file)
    assert (found.new, found.left_out, found.status) == (0, 1, 1)
    mine = [f for f in found.findings if f.row == 1]
    assert mine
    assert any(f.repair is not None for f in mine)
    assert not any("vẫn được tính" in f.message.vi for f in found.findings)
    assert not (folder / record.FILE_NAME).exists()


def test_a_dispute_beyond_its_work_is_refused_with_its_span(folder: Path) -> None:
    layers = pipeline.check(folder)[1]
    for ends in (("Km3+000", "Km3+600"), ("Km4+000", "Km5+000")):
        with pytest.raises(UsageError) as caught:
            booking.dispute(folder, layers, "HT", *ends, why="chưa đổ", by=None, day=DAY)
        assert "Km0+000 – Km3+500" in caught.value.say("vi")
    with pytest.raises(UsageError) as caught:
        booking.dispute(folder, layers, "HT", "0", "100", why="  ", by=None, day=DAY)
    assert caught.value.code == "REASON_MISSING"
    assert not (folder / record.FILE_NAME).exists()


def test_a_chainage_before_the_start_is_no_option(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["progress", str(folder), "dispute", "HT", "-100", "200", "--why", "x"]) == 2
    assert "'-100' không phải là lý trình" in told(capsys)


def test_a_dispute_is_settled_once_and_in_vietnamese(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    layers = pipeline.check(folder)[1]
    made = booking.dispute(folder, layers, "HT", "0", "300", why="chưa đổ", by="P", day=DAY)
    argv = ["progress", str(folder), "settle", str(made.n)]
    assert cli.main([*argv, "Không", "được", "tính", "--on", "20/12/2025"]) == 0
    assert "không được tính" in told(capsys)
    for again in ("counts", "không được tính"):
        with pytest.raises(UsageError) as caught:
            booking.settle(folder, str(made.n), again, by=None, document=None, day=DAY)
        assert f'progress "{folder}" undo {made.n + 1} --why' in caught.value.say("vi")
    booking.undo(folder, str(made.n + 1), why="kết luận lại", day=DAY)
    booking.settle(folder, str(made.n), "được tính", by=None, document=None, day=DAY)
    assert figures(folder)["poured_km"][0] == 2.55


@pytest.mark.parametrize(
    ("on", "code", "stands"),
    [
        ("15/01/2026", "Có hiệu lực từ ngày 15/01/2026, sau ngày số liệu 31/12/2025",
         "cho đến khi rút lại từ ngày 15/01/2026"),
        ("20/12/2025", "số liệu của các ngày trước đó không đổi", "đã rút lại bởi mục số 7"),
        ("01/11/2025", "kể cả những báo cáo đã in", "đã rút lại bởi mục số 7"),
    ],
)  # fmt: skip
def test_an_undo_says_from_when_it_holds(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    on: str, code: str, stands: str,
) -> None:  # fmt: skip
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    assert cli.main(["progress", str(folder), "undo", "4", "--why", "nhầm", "--on", on]) == 0
    assert code in told(capsys)
    listed = booking.listed(folder)
    assert stands in listed[3].stands.vi
    assert f"có hiệu lực từ ngày {on}" in listed[6].said.vi


@pytest.mark.parametrize(
    ("row", "mended"),
    [
        ("N9;HT;Km3+000;Km3+100;đổ bê tông;06/11/2025;Tổ 2;;320", "3,2"),
        ("N9;HT;Km3+000;Km3+100;;06/11/2025;Tổ 2;;3,2", ""),
    ],
)
def test_a_row_that_stays_out_is_not_said_to_count(
    folder: Path, tmp_path: Path, row: str, mended: str
) -> None:
    file = written(tmp_path / "bc.csv", [*FIVE, row])
    found = enter(folder, file)
    assert (found.new, found.left_out, found.status) == (5, 1, 1)
    mine = [f.message.vi for f in found.findings if f.row == 7]
    assert any("chưa ghi vào sổ" in said for said in mine)
    assert not any("vẫn được tính" in said or "chưa ghi bề rộng" in said for said in mine)
    assert "dòng 7" in found.lines[-1].vi
    if mended:
        # Mended it is one content, not a second beside an unknown one.
        again = enter(folder, written(file, [*FIVE, row.removesuffix("320") + mended]))
        assert (again.new, again.status) == (1, 0)
        assert figures(folder)["poured_km"] == pytest.approx((2.65, 2.65, 2.65))


def test_without_works_the_list_of_works_is_asked_for_first(folder: Path, tmp_path: Path) -> None:
    toml = folder / "commune.toml"
    text = toml.read_text(encoding="utf-8").split('\n[[source]]\nlayer = "road_works"')[0]
    toml.write_text(text, encoding="utf-8")
    found = enter(folder, written(tmp_path / "bc.csv", FIVE))
    assert (found.new, found.left_out, found.status) == (0, 5, 1)
    assert any(f'ntm-gis add "{folder}" TỆP' in line.vi for line in found.lines)


def test_another_kind_of_file_is_sent_where_it_belongs(folder: Path, tmp_path: Path) -> None:
    gifts = written(
        tmp_path / "đóng góp.csv",
        ["G1;Ngày công;HT;12;công;1,2;01/11/2025"],
        "Mã đóng góp;Loại đóng góp;Công trình;Số lượng;Đơn vị tính;Giá trị quy đổi (triệu đồng);"
        "Ngày đóng góp",
    )
    outline = tmp_path / "ranh giới xã.geojson"
    gpd.GeoDataFrame(
        {"ma_xa": ["1"], "ten_xa": ["Thử"]}, geometry=[shapely.box(103, 22, 103.1, 22.1)],
        crs="EPSG:4326",
    ).to_file(outline, driver="GeoJSON")  # fmt: skip
    for file, title in ((gifts, "Nhân dân đóng góp"), (outline, "Ranh giới xã")):
        found = enter(folder, file)
        assert (found.new, found.status) == (0, 1)
        assert f"'{title}'" in found.lines[0].vi
        assert f'ntm-gis add "{folder}" "{file}"' in found.lines[0].vi
        assert not found.findings
    pictures = tmp_path / "ảnh"
    pictures.mkdir()
    found = enter(folder, pictures)
    assert found.status == 3
    assert f'ntm-gis add "{folder}"' in found.lines[0].vi


def test_two_machines_that_share_a_number_are_told_apart(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "máy khác"
    shutil.copytree(folder, other)
    enter(folder, written(tmp_path / "a.csv", FIVE[:1]), by="Páo")
    enter(other, written(tmp_path / "b.csv", FIVE[1:2]), by="Sử")
    assert cli.main(["record", str(folder), "merge", str(other / record.FILE_NAME)]) == 0
    capsys.readouterr()
    listed = booking.listed(folder)
    assert [line.n for line in listed] == [1, 1, 2, 2]
    assert cli.main(["progress", str(folder), "list"]) == 0
    shown = told(capsys)
    for line in listed:
        assert f"({line.reference})" in shown
    with pytest.raises(RecordError) as caught:
        booking.undo(folder, "2", why="nhầm", day=DAY)
    assert caught.value.code == "RECORD_ENTRY_SEVERAL"
    booking.undo(folder, listed[3].typed, why="nhầm", day=DAY)


def test_a_backup_that_cannot_be_written_is_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, written(tmp_path / "bc.csv", FIVE))
    (tmp_path / "usb").write_text("", encoding="utf-8")
    assert cli.main(["record", str(folder), "backup", "--to", str(tmp_path / "usb")]) == 2
    assert f"Không ghi được bản sao vào {tmp_path / 'usb'}" in told(capsys)
