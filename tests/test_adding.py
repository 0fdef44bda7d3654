"""`new` and `add`: files of an office come in with as few questions as can be."""

from __future__ import annotations

import datetime as dt
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import adding, pipeline
from ntm_gis.errors import ConfigError, OutputError, RuleError, UsageError
from ntm_gis.outputs import templates
from ntm_gis.results import Words
from ntm_gis.rules.schema import code_list, schema

GROUND = shapely.Polygon(
    [(570000, 2450000), (580000, 2450000), (580000, 2460000), (570000, 2460000)]
)
DAY = dt.date(2025, 12, 31)


class Person:
    """Answers questions from a list, and remembers them."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, list[str]]] = []

    def __call__(
        self, words: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        del proposal
        self.asked.append((words.vi, [key for key, _ in answers]))
        return self.answers.pop(0) if self.answers else None


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    outline = tmp_path / "ranh giới.geojson"
    frame = gpd.GeoDataFrame({"ma_xa": ["1"], "ten_xa": ["Thử"]}, geometry=[GROUND], crs=9205)
    frame.to_crs(4326).to_file(outline, driver="GeoJSON")
    folder = tmp_path / "Xã Thử Nghiệm"
    made = adding.new(folder, "00001", "Thử", "Lai Châu", as_of=DAY, boundary=outline)
    assert made.meridian == "VN-2000, kinh tuyến trục 103°00'"
    return folder


def entries(folder: Path) -> list[dict[str, object]]:
    return tomllib.loads((folder / "commune.toml").read_text(encoding="utf-8")).get("source", [])


def roads(path: Path, *, prj: bool = True, surface: str = "BTXM") -> Path:
    lines = [
        shapely.LineString([(572000 + 50 * i, 2452000), (572000 + 50 * i, 2452800)])
        for i in range(30)
    ]
    frame = gpd.GeoDataFrame(
        {"MA_DUONG": [f"D{i}" for i in range(30)], "CAP": "ĐB", "KET_CAU": surface},
        geometry=lines, crs="EPSG:9205",
    )  # fmt: skip
    frame.to_file(path, encoding="UTF-8")
    if not prj:
        path.with_suffix(".prj").unlink()
    return path


def test_new_makes_a_folder_that_runs(commune: Path) -> None:
    found, layers = pipeline.check(commune)
    assert found.commune.crs == "EPSG:9205"
    assert found.commune.as_of == DAY
    assert layers.boundary is not None
    assert layers.boundary.area == pytest.approx(GROUND.area, rel=1e-6)
    assert {p.name for p in (commune / "templates").iterdir()} >= {"thon-ban.xlsx"}


def test_new_leaves_a_folder_that_is_there_alone(commune: Path) -> None:
    before = (commune / "commune.toml").read_bytes()
    with pytest.raises(OutputError):
        adding.new(commune, "2", "Khác", "Lai Châu", as_of=DAY)
    assert (commune / "commune.toml").read_bytes() == before


def test_new_asks_for_a_province_that_exists(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Lai Chau Phong"):
        adding.new(tmp_path / "x", "1", "X", "Lai Chau Phong", as_of=DAY)
    assert not (tmp_path / "x").exists()


def test_a_plain_shapefile_needs_no_question(commune: Path, tmp_path: Path) -> None:
    person = Person()
    added = adding.add(commune, [roads(tmp_path / "duong_gt.shp")], ask=person)
    assert person.asked == []
    assert added.status == 0
    assert entries(commune)[-1] == {"layer": "roads", "file": "sources/duong_gt.shp"}
    assert {p.suffix for p in (commune / "sources").glob("duong_gt.*")} >= {
        ".shp",
        ".shx",
        ".dbf",
        ".prj",
    }
    _, layers = pipeline.check(commune)
    assert len(layers["roads"].used) == 30


def test_a_shapefile_without_prj_is_placed_by_where_it_falls(commune: Path, tmp_path: Path) -> None:
    person = Person()
    adding.add(commune, [roads(tmp_path / "duong.shp", prj=False)], ask=person)
    assert person.asked == []
    assert entries(commune)[-1]["crs"] == "EPSG:9205"


def test_a_code_that_nobody_knows_is_asked_about_once(commune: Path, tmp_path: Path) -> None:
    person = Person("gravel")
    added = adding.add(commune, [roads(tmp_path / "duong.shp", surface="VL2")], ask=person)
    assert len(person.asked) == 1
    assert "VL2" in person.asked[0][0]
    assert person.asked[0][1] == list(code_list("surface").keys)
    assert added.status == 0
    assert entries(commune)[-1]["codes"] == {"surface": {"VL2": "gravel"}}
    _, layers = pipeline.check(commune)
    assert set(layers["roads"].used["surface"]) == {"gravel"}


def test_what_nobody_answers_stays_open_and_unknown(commune: Path, tmp_path: Path) -> None:
    added = adding.add(commune, [roads(tmp_path / "duong.shp", surface="VL2")], ask=Person())
    assert added.status == 1
    _, layers = pipeline.check(commune)
    assert layers["roads"].used["surface"].isna().all()
    assert "CODE_UNKNOWN" in {f.code for f in layers.findings}


def test_adding_twice_writes_once(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp")
    adding.add(commune, [file], ask=Person())
    before = (commune / "commune.toml").read_bytes()
    adding.add(commune, [file], ask=Person())
    assert (commune / "commune.toml").read_bytes() == before


def test_another_file_of_the_same_name_replaces_nothing(commune: Path, tmp_path: Path) -> None:
    adding.add(commune, [roads(tmp_path / "duong.shp")], ask=Person())
    first = (commune / "sources" / "duong.dbf").read_bytes()
    (tmp_path / "b").mkdir()
    adding.add(commune, [roads(tmp_path / "b" / "duong.shp", surface="Nhựa")], ask=Person())
    assert (commune / "sources" / "duong.dbf").read_bytes() == first
    assert entries(commune)[-1]["file"] == "sources/duong_2.shp"


def test_comments_of_a_person_stay(commune: Path, tmp_path: Path) -> None:
    path = commune / "commune.toml"
    path.write_text("# của chị Lan\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    adding.add(commune, [roads(tmp_path / "duong.shp")], ask=Person())
    assert path.read_text(encoding="utf-8").startswith("# của chị Lan\n")


def test_a_file_that_is_none_is_said_and_leaves_everything(commune: Path, tmp_path: Path) -> None:
    bad = tmp_path / "hỏng.xlsx"
    bad.write_bytes(b"not a workbook")
    before = (commune / "commune.toml").read_bytes()
    added = adding.add(commune, [bad, tmp_path / "không có.shp"], ask=Person())
    assert added.status == 3
    assert added.unreadable == 2
    assert any("hỏng.xlsx" in line.vi for line in added.lines)
    assert (commune / "commune.toml").read_bytes() == before


def test_a_layer_that_is_none_is_refused(commune: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="roads"):
        adding.add(commune, [roads(tmp_path / "a.shp")], layer="roadz", ask=Person())


def test_a_folder_that_is_no_commune_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        adding.add(tmp_path, [], ask=Person())


def filled(name: str, path: Path, row: dict[str, object]) -> Path:
    """Fill one row of a template as a person does in Excel."""
    path.write_bytes(templates.template(name))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[templates.HEAD_ROW + 1]}
    for field, value in row.items():
        sheet.cell(
            templates.HEAD_ROW + 2, heads[templates.heading(schema(name).field(field))], value
        )
    book.save(path)
    return path


@pytest.mark.parametrize("name", templates.FILLED_BY_HAND)
def test_every_template_comes_back_as_its_layer(commune: Path, tmp_path: Path, name: str) -> None:
    row: dict[str, object] = {}
    for field in schema(name).fields:
        if field.type == "choice" and field.codes:
            row[field.name] = code_list(field.codes).codes[0].title.vi
        elif field.type in {"number", "integer", "chainage"}:
            row[field.name] = (field.range or (1, 1))[1]
        elif field.type == "date":
            row[field.name] = dt.date(2025, 3, 5)
        elif field.type == "boolean":
            row[field.name] = "Có"
        elif field.type != "place":
            row[field.name] = "A1"
    file = filled(name, tmp_path / templates.file_name(name), row)
    person = Person()
    added = adding.add(commune, [file], ask=person)
    assert person.asked == []
    assert added.status == 0
    assert entries(commune)[-1]["layer"] == name
    _, layers = pipeline.check(commune)
    found = layers[name].frame
    assert len(found) == 1
    typed = {f for f in row if schema(name).field(f).type != "reference"}
    assert [f for f in typed if found[f].isna().any()] == []
    codes = {f.code for f in layers.findings}
    assert not codes & {"COLUMN_MISSING", "CODE_UNKNOWN", "VALUE_NOT_NUMBER", "COLUMN_UNIT"}


def test_the_sample_is_written_whole_and_not_over_other_files(tmp_path: Path) -> None:
    from ntm_gis.outputs import folders

    written = folders.write_sample(tmp_path / "mẫu")
    assert (tmp_path / "mẫu" / "commune.toml") in written
    folders.write_sample(tmp_path / "mẫu")
    (tmp_path / "mẫu" / "commune.toml").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError):
        folders.write_sample(tmp_path / "mẫu")
    folders.write_sample(tmp_path / "mẫu", overwrite=True)
    shutil.rmtree(tmp_path / "mẫu")
