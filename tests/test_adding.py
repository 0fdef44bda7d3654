"""`new` and `add`: files of an office come in with as few questions as can be."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from ntm_gis import adding, asking, founding, pipeline, questions
from ntm_gis.crs import Hypothesis
from ntm_gis.errors import ConfigError, OutputError, RuleError, UsageError
from ntm_gis.outputs import folders, received, templates
from ntm_gis.results import Words
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.schema import code_list, schema
from ntm_gis.sources import Table

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
    made = founding.new(folder, "00001", "Thử", "Lai Châu", as_of=DAY, boundary=outline)
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
        founding.new(commune, "00002", "Khác", "Lai Châu", as_of=DAY)
    assert (commune / "commune.toml").read_bytes() == before


def test_new_asks_for_a_province_that_exists(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Lai Chau Phong"):
        founding.new(tmp_path / "x", "00001", "X", "Lai Chau Phong", as_of=DAY)
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


def test_a_list_under_a_name_of_its_own_is_known_by_its_columns(
    commune: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["TT", "Tên thôn", "Xã cũ", "Số hộ", "Hộ nghèo", "Số khẩu", "Điện thoại", "Ghi chú"],
        [1, "Thôn Nà Khâu", "Nà Khâu", 98, 30, 490, None, None],
        [2, "Thôn Cốc Phường", "Nà Khâu", 61, 12, 310, None, None],
    ):
        book.active.append(row)
    book.save(tmp_path / "Biểu tổng hợp năm 2025.xlsx")
    adding.add(commune, [tmp_path / "Biểu tổng hợp năm 2025.xlsx"], ask=Person())
    assert [entry["layer"] for entry in entries(commune)] == ["boundary", "villages"]


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


def test_one_file_named_twice_is_written_once(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp")
    (tmp_path / "b").mkdir()
    for part in tmp_path.glob("duong.*"):
        shutil.copy(part, tmp_path / "b" / part.name)
    added = adding.add(commune, [file, file, tmp_path / "b" / "duong.shp"], ask=Person())
    assert len(added.entries) == 1
    assert [e["file"] for e in entries(commune)].count("sources/duong.shp") == 1
    assert sum("không ghi thêm" in line.vi for line in added.lines) == 2


def test_names_that_a_shapefile_cut_are_not_asked_about(commune: Path, tmp_path: Path) -> None:
    """What `run` recognises, `add` recognises: "million_vn" is `million_vnd`."""
    table = pd.DataFrame({"fund_id": ["V1"], "name": ["Vốn A"], "million_vn": [12.5]})
    pyogrio.write_dataframe(table, tmp_path / "nguon_von.dbf", driver="ESRI Shapefile")
    person = Person()
    added = adding.add(commune, [tmp_path / "nguon_von.dbf"], ask=person)
    assert (person.asked, added.status) == ([], 0)
    assert "fields" not in entries(commune)[-1]
    _, layers = pipeline.check(commune)
    assert layers["funds"].used["million_vnd"].tolist() == [12.5]
    assert "COLUMN_MISSING" not in {f.code for f in layers.findings}


class Meddler(Person):
    """Answers, and changes the files that it is asked about meanwhile."""

    def __init__(self, *files: Path) -> None:
        super().__init__("gravel")
        self.files = files

    def __call__(
        self, words: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        self.files[0].write_bytes(b"another content")
        for file in self.files[1:]:
            file.unlink()
        return super().__call__(words, answers, proposal)


def test_what_goes_in_are_the_bytes_that_were_looked_at(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp", surface="VL2")
    parts = {end: file.with_suffix(end).read_bytes() for end in (".shp", ".shx", ".dbf", ".prj")}
    meddler = Meddler(file, *(file.with_suffix(end) for end in (".shx", ".dbf", ".prj")))
    added = adding.add(commune, [file], ask=meddler)
    assert added.status == 0
    for end, content in parts.items():
        assert (commune / "sources" / f"duong{end}").read_bytes() == content
    _, layers = pipeline.check(commune)
    assert len(layers["roads"].used) == 30


@dataclass(frozen=True)
class Copy:
    name: str
    path: Path
    sha256: str


def copies(place: Path, *names: str) -> list[Copy]:
    out = []
    place.mkdir()
    for name in names:
        path = place / f"input{Path(name).suffix.lower()}"
        path.write_bytes(name.encode())
        out.append(Copy(name, path, hashlib.sha256(name.encode()).hexdigest()))
    return out


def test_a_copy_that_changed_takes_nothing_in(commune: Path, tmp_path: Path) -> None:
    parts = copies(tmp_path / "shelf", "a.shp", "a.dbf")
    parts[1].path.write_bytes(b"tampered with")
    before = sorted((commune / "sources").iterdir())
    with (
        pytest.raises(OutputError, match=r"a\.dbf"),
        received.taking_in(commune, "sources/a.shp", parts),
    ):
        pass
    assert sorted((commune / "sources").iterdir()) == before


def test_parts_keep_their_endings_however_their_names_are_composed(
    commune: Path, tmp_path: Path
) -> None:
    decomposed = unicodedata.normalize("NFD", "Đường xã.DBF")
    parts = copies(tmp_path / "shelf", "Đường xã.shp", decomposed)
    assert received.home(commune, tmp_path / "Đường xã.shp", parts).state == "free"
    with received.taking_in(commune, "sources/Đường xã.shp", parts):
        pass
    assert received.home(commune, tmp_path / "Đường xã.shp", parts).state == "same"
    assert (commune / "sources" / "Đường xã.DBF").read_bytes() == decomposed.encode()


def test_a_file_of_the_folder_stays_where_it_is(commune: Path) -> None:
    inside = roads(commune / "sources" / "duong.shp")
    before = sorted((commune / "sources").iterdir())
    adding.add(commune, [inside], ask=Person())
    assert sorted((commune / "sources").iterdir()) == before
    assert entries(commune)[-1]["file"] == "sources/duong.shp"


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_not_one_byte_of_commune_toml_changes(
    commune: Path, tmp_path: Path, lines: str, start: bytes, end: str
) -> None:
    path = commune / "commune.toml"
    text = "# của chị Lan\n" + path.read_text(encoding="utf-8").rstrip("\n") + end
    path.write_bytes(start + text.replace("\n", lines).encode())
    before = path.read_bytes()
    for name in ("a", "b"):
        folders.write_sources(commune, [SourceEntry(layer="roads", file=f"sources/{name}.shp")])
    after = path.read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in after) == (lines == "\r\n")
    assert after.count(b"\n") == after.count(b"\r\n") or lines == "\n"
    found = tomllib.loads(after.removeprefix(start).decode())["source"]
    assert [e["file"] for e in found[-2:]] == ["sources/a.shp", "sources/b.shp"]
    assert not list(commune.glob("*.bak"))


def test_a_system_is_offered_in_both_languages(commune: Path, tmp_path: Path) -> None:
    """Two systems fit as well: the person picks, and reads each in both languages."""
    shown: list[str] = []

    def ask(words: Words, answers: Sequence[tuple[str, str]], proposal: str | None) -> str | None:
        shown.extend(label for _, label in answers)
        return answers[0][0]

    table = Table("a.shp", kind="shp", geometry="line", candidates=(
        Hypothesis("EPSG:9205", share=0.95), Hypothesis("EPSG:3405", share=0.9)))  # fmt: skip
    said = asking.Said()
    wish = asking.Wish("roads", None, accept=False, ask=ask)
    entry = questions.settle(table, communes.read(commune), wish, said, several=False)
    assert entry is not None
    assert entry.crs == "EPSG:9205"
    assert all("số điểm nằm trong xã" in label for label in shown)
    assert all("of the points inside the commune" in label for label in shown)
    assert "central meridian" in said.lines[-1].en


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
            templates.EXAMPLE_ROW + 2, heads[templates.heading(schema(name).field(field))], value
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
    written = folders.write_sample(tmp_path / "mẫu")
    assert (tmp_path / "mẫu" / "commune.toml") in written
    folders.write_sample(tmp_path / "mẫu")
    (tmp_path / "mẫu" / "commune.toml").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError):
        folders.write_sample(tmp_path / "mẫu")
    folders.write_sample(tmp_path / "mẫu", overwrite=True)
    shutil.rmtree(tmp_path / "mẫu")
