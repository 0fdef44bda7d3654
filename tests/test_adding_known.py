"""`add`: what is there already under another name, results of the program, sources dropped."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import adding, founding
from ntm_gis.results import Words

HEAD = ["Mã", "Bản", "Tên nhà văn hóa", "Hiện trạng", "Diện tích sàn (m2)", "Số chỗ ngồi"]


def answering(key: str | None) -> Callable[..., str | None]:
    def ask(_: Words, answers: Sequence[tuple[str, str]], __: str | None) -> str | None:
        return key if key in dict(answers) else None

    return ask


def houses(path: Path, floor: int = 120, first: int = 1) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Nhà văn hóa"
    book.active.append(HEAD)
    for i in range(first, first + 8):
        book.active.append([f"NVH{i}", f"B{i}", f"NVH bản {i}", "Đang sử dụng", floor + i, 80])
    book.save(path)
    return path


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    folder = tmp_path / "xã"
    founding.new(folder, "03616", "Pắc Ta", "Lai Châu")
    add(folder, houses(tmp_path / "nhà văn hóa.xlsx"))
    return folder


def add(folder: Path, file: Path, key: str | None = None, **more: bool) -> adding.Added:
    return adding.add(folder, [file], ask=answering(key), **more)  # type: ignore[arg-type] # options


def files(folder: Path) -> list[str]:
    text = (folder / "commune.toml").read_text(encoding="utf-8")
    return [str(e["file"]) for e in tomllib.loads(text).get("source", [])]


OLD, NEW = "sources/nhà văn hóa.xlsx", "sources/bản sửa.xlsx"


def test_nobody_s_answer_leaves_a_corrected_file_out(commune: Path, tmp_path: Path) -> None:
    added = add(commune, houses(tmp_path / "bản sửa.xlsx", 150))
    assert added.status == 1
    assert "8 trên 8 mã đã có trong nhà văn hóa.xlsx" in added.lines[-1].vi
    assert files(commune) == [OLD]
    assert not (commune / NEW).exists()


@pytest.mark.parametrize(("key", "accept"), [("replace", False), (None, True)])
def test_it_takes_the_place_of_the_old(
    commune: Path, tmp_path: Path, key: str | None, accept: bool
) -> None:
    before = (commune / OLD).read_bytes()
    new = houses(tmp_path / "bản sửa.xlsx", 150)
    assert add(commune, new, key, accept=accept).status == 0
    assert files(commune) == [NEW]
    assert (commune / NEW).read_bytes() == new.read_bytes()
    assert (commune / "sources/thay-the/nhà văn hóa_1.xlsx").read_bytes() == before


def test_both_are_kept_where_a_person_says_so(commune: Path, tmp_path: Path) -> None:
    add(commune, houses(tmp_path / "bản sửa.xlsx", 150), "both")
    assert files(commune) == [OLD, NEW]


def test_other_ids_are_not_asked_about(commune: Path, tmp_path: Path) -> None:
    assert add(commune, houses(tmp_path / "thêm.xlsx", first=9)).status == 0
    assert files(commune) == [OLD, "sources/thêm.xlsx"]


def test_a_source_is_dropped_and_its_file_kept(commune: Path, tmp_path: Path) -> None:
    toml = commune / "commune.toml"
    head = toml.read_text(encoding="utf-8").partition("[[source]]\n")[0]
    content = (commune / OLD).read_bytes()
    added = add(commune, Path("nhà văn hóa.xlsx"), remove=True)
    assert added.status == 0
    assert toml.read_text(encoding="utf-8") == head
    assert (commune / "sources/thay-the/nhà văn hóa_1.xlsx").read_bytes() == content
    unknown = add(commune, tmp_path / "khác.xlsx", remove=True)
    assert unknown.status == 3


def test_all_parts_of_a_shapefile_go_aside(commune: Path, tmp_path: Path) -> None:
    line = shapely.LineString([(571_000, 2_452_000), (571_000, 2_452_900)])
    data = {"MA_DUONG": ["D1"], "CAP": ["xã"], "KET_CAU": ["BTXM"]}
    shape = tmp_path / "duong.shp"
    gpd.GeoDataFrame(data, geometry=[line], crs=9205).to_file(shape, encoding="UTF-8")
    add(commune, shape)
    add(commune, commune / "sources" / "duong.shp", remove=True)
    assert files(commune) == [OLD]
    assert not list((commune / "sources").glob("duong.*"))
    assert {p.suffix for p in (commune / "sources/thay-the").iterdir()} >= {".shp", ".dbf", ".shx"}


def test_a_copy_of_our_geopackage_is_refused(commune: Path, tmp_path: Path) -> None:
    file = tmp_path / "chép.gpkg"
    point = gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(571_000, 2_452_000)], crs=9205)
    for layer in ("roads", "evidence", "measures", "findings"):
        point.to_file(file, layer=layer, driver="GPKG")
    added = add(commune, file)
    assert added.status == 3
    assert "kết quả do chương trình tạo ra" in added.lines[-1].vi
    assert files(commune) == [OLD]


def test_a_copy_of_our_workbook_is_refused(commune: Path, tmp_path: Path) -> None:
    file = tmp_path / "chép.xlsx"
    book = openpyxl.Workbook()
    for name in ("Mục lục", "Chỉ số", "Điểm cần kiểm tra", "Căn cứ", "Đường giao thông"):
        sheet = book.create_sheet(name)
        sheet.append(["Mã đường", "Cấp đường"])
        sheet.append(["D1", "ĐX"])
    book.save(file)
    assert add(commune, file).status == 3
    assert files(commune) == [OLD]
