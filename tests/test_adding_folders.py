"""An office's own folder of all sorts of files: each is looked at by itself, the boundary first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import adding, founding
from ntm_gis.rules import commune as communes

GROUND = shapely.box(570000, 2450000, 580000, 2460000)
DAY = dt.date(2025, 12, 31)
VILLAGES = (("Mã bản", "Tên bản", "Số hộ", "Số khẩu"), ("B1", "Nà An", 50, 240))
SCHOOLS = (("Tên trường", "Cấp học", "Số học sinh"), ("Trường Mầm non Nà An", "Mầm non", 120))


def book(path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return path


def outline(path: Path, shapes: list[shapely.Geometry] | None = None, zone: int = 9205) -> Path:
    shapes = shapes or [GROUND]
    names = {"ma_xa": [str(n) for n, _ in enumerate(shapes, 1)], "ten_xa": ["Thử"] * len(shapes)}
    frame = gpd.GeoDataFrame(names, geometry=shapes, crs=zone).to_crs(4326)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_file(path, driver="GeoJSON")
    return path


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    folder = tmp_path / "Xã Thử"
    founding.new(folder, "00001", "Thử", "Lai Châu", as_of=DAY)
    return folder


def told(added: adding.Added) -> str:
    return "\n".join(line.vi for line in added.lines)


def test_a_mixed_folder_comes_in_file_by_file(commune: Path, tmp_path: Path) -> None:
    place = tmp_path / "Hồ sơ của xã"
    book(place / "thôn bản.xlsx", VILLAGES)
    book(place / "trường học.xlsx", SCHOOLS)
    outline(place / "zz ranh giới xã.geojson")
    (place / "~$trường học.xlsx").write_bytes(b"\x05Lo Van A" + b" " * 157)
    (place / "ghi chú.txt").write_text("gọi lại", encoding="utf-8")
    (place / "giấy mời.xlsx").write_bytes(b"%PDF-1.4\n%%EOF")
    book(place / "Năm ngoái" / "cũ.xlsx", VILLAGES)
    added = adding.add(commune, [place], accept=True, ask=founding.nobody)
    # The boundary is placed first, whatever its name sorts by: others may need it.
    assert [entry.layer for entry in added.entries] == ["boundary", "villages", "schools"]
    assert {e.file for e in communes.read(commune).sources} == {
        "sources/zz ranh giới xã.geojson", "sources/thôn bản.xlsx", "sources/trường học.xlsx",
    }  # fmt: skip
    assert "nhiều loại" in told(added)
    assert "Năm ngoái" in told(added)  # the folder below is named, not passed over in silence
    assert "giấy mời.xlsx là PDF" in told(added)
    assert "ghi chú" not in told(added)
    assert "~$" not in told(added)
    assert added.status == 3


def test_workbooks_of_one_kind_stay_one_source(commune: Path, tmp_path: Path) -> None:
    place = tmp_path / "phiếu"
    for n in range(1, 4):
        book(place / f"B{n}.xlsx", (VILLAGES[0], (f"B{n}", f"Nà {n}", 40 + n, 200)))
    (place / "hướng dẫn.docx").write_bytes(b"PK")
    added = adding.add(commune, [place], accept=True, ask=founding.nobody)
    assert [entry.files for entry in added.entries] == ["sources/phiếu/*.xlsx"]


def test_a_source_of_forms_is_dropped_by_the_name_of_its_folder(
    commune: Path, tmp_path: Path
) -> None:
    place = tmp_path / "phiếu"
    for n in (1, 2):
        book(place / f"B{n}.xlsx", (VILLAGES[0], (f"B{n}", f"Nà {n}", 40, 200)))
    adding.add(commune, [place], accept=True, ask=founding.nobody)
    wrong = adding.add(commune, [tmp_path / "khác"], remove=True, ask=founding.nobody)
    assert "Đang có: phiếu" in told(wrong)
    adding.add(commune, [tmp_path / "phiếu"], remove=True, ask=founding.nobody)
    assert communes.read(commune).sources == ()


def test_what_excel_keeps_beside_an_open_workbook_is_explained(
    commune: Path, tmp_path: Path
) -> None:
    lock = tmp_path / "~$trường học.xlsx"
    lock.write_bytes(b"\x05Lo Van A" + b" " * 157)
    added = adding.add(commune, [lock], ask=founding.nobody)
    assert "đóng Excel rồi đưa tệp trường học.xlsx vào" in told(added)
    assert not added.entries


def test_a_guess_makes_no_second_boundary(commune: Path, tmp_path: Path) -> None:
    west, east = (
        shapely.box(570000, 2450000, 575000, 2460000),
        shapely.box(575000, 2450000, 580000, 2460000),
    )
    first = adding.add(commune, [outline(tmp_path / "ranh giới.geojson")], accept=True,
                       ask=founding.nobody)  # fmt: skip
    assert [entry.layer for entry in first.entries] == ["boundary"]
    old = outline(tmp_path / "dia_gioi_2_xa.geojson", [west, east])
    guessed = adding.add(commune, [old], accept=True, ask=founding.nobody)
    assert guessed.status == 1
    assert "xã đã có ranh giới" in told(guessed)
    said = adding.add(commune, [old], layer="Xã cũ", accept=True, ask=founding.nobody)
    assert [entry.layer for entry in said.entries] == ["former_communes"]


def test_what_is_left_open_says_once_how_to_answer(commune: Path, tmp_path: Path) -> None:
    added = adding.add(commune, [book(tmp_path / "trường học.xlsx", SCHOOLS)], accept=True,
                       ask=founding.nobody)  # fmt: skip
    lines = [line.vi for line in added.lines]
    assert sum("chưa rõ cột nào" in line for line in lines) >= 1
    assert sum("không thêm --yes, để được hỏi" in line for line in lines) == 1
