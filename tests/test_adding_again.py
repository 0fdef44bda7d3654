"""`add` once more: entries are updated, corrected files replace, nothing is left half done."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import adding, founding, pipeline
from ntm_gis.asking import Ask
from ntm_gis.errors import CrsError, OutputError, RuleError
from ntm_gis.outputs import folders
from ntm_gis.questions import OTHER, layer_named
from ntm_gis.results import Words
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.schema import layer_names, schema

GROUND = shapely.box(570_000, 2_450_000, 580_000, 2_460_000)


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    outline = tmp_path / "ranh.geojson"
    frame = gpd.GeoDataFrame({"ma_xa": ["1"], "ten_xa": ["Thử"]}, geometry=[GROUND], crs=9205)
    frame.to_crs(4326).to_file(outline, driver="GeoJSON")
    folder = tmp_path / "Xã Thử"
    founding.new(folder, "00001", "Thử", "Lai Châu", boundary=outline)
    return folder


def entries(folder: Path) -> list[dict[str, object]]:
    return tomllib.loads((folder / "commune.toml").read_text(encoding="utf-8"))["source"]


def roads(path: Path, *, surface: str = "BTXM", ids: str = "D", dx: float = 0) -> Path:
    lines = [
        shapely.LineString([(571_000 + 50 * i + dx, 2_452_000), (571_000 + 50 * i + dx, 2_452_900)])
        for i in range(12)
    ]
    data = {"MA_DUONG": [f"{ids}{i}" for i in range(12)], "CAP": "xã",
            "TEN": [f"Đường {ids} {i}" for i in range(12)], "KET_CAU": surface}  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    gpd.GeoDataFrame(data, geometry=lines, crs="EPSG:9205").to_file(path, encoding="UTF-8")
    return path


class Person:
    """Answers questions in order, and remembers them."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, list[str], str | None]] = []

    def __call__(
        self, words: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        self.asked.append((words.vi, [key for key, _ in answers], proposal))
        return self.answers.pop(0) if self.answers else None


def add(folder: Path, *files: Path, ask: Ask = founding.nobody, **more: str) -> adding.Added:
    return adding.add(folder, files, ask=ask, **more)  # type: ignore[arg-type] # options alone


def test_a_system_said_later_is_written_into_the_entry(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp")
    add(commune, file)
    before = (commune / "commune.toml").read_text(encoding="utf-8")
    added = add(commune, file, crs="VN-2000 104-45")
    (entry,) = (e for e in entries(commune) if e["layer"] == "roads")
    assert entry["crs"] == "EPSG:9208"
    assert any("đã cập nhật" in line.vi for line in added.lines)
    after = (commune / "commune.toml").read_text(encoding="utf-8")
    assert after == before + 'crs = "EPSG:9208"\n'
    add(commune, file, crs="VN-2000 103")
    assert (commune / "commune.toml").read_text(encoding="utf-8") == before + 'crs = "EPSG:9205"\n'


def test_a_layer_said_later_changes_the_entry(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp")
    add(commune, file)
    kept = add(commune, file, layer="Công trình thủy lợi")
    assert kept.status == 1
    assert "Đường giao thông" in kept.lines[0].vi
    assert [e["layer"] for e in entries(commune)] == ["boundary", "roads"]
    lacking = Person("yes")
    add(commune, file, layer="Nguồn vốn", ask=lacking)
    assert "chưa có cột bắt buộc" in lacking.asked[0][0]
    add(commune, file, layer="Công trình thủy lợi", ask=Person("yes"))
    assert [e["layer"] for e in entries(commune)] == ["boundary", "irrigation"]


def test_what_was_answered_is_not_asked_again(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp", surface="VL2")
    add(commune, file, ask=Person("gravel"))
    again = Person()
    added = add(commune, file, ask=again)
    assert again.asked == []
    assert added.status == 0
    assert entries(commune)[-1]["codes"] == {"surface": {"VL2": "gravel"}}


def test_a_corrected_file_replaces_and_the_old_one_is_kept(commune: Path, tmp_path: Path) -> None:
    add(commune, roads(tmp_path / "duong.shp"))
    old = {p.name: p.read_bytes() for p in (commune / "sources").glob("duong.*")}
    toml = (commune / "commune.toml").read_bytes()
    for number, surface in ((1, "Nhựa"), (2, "Đất")):
        added = add(commune, roads(tmp_path / "b" / "duong.shp", surface=surface))
        assert any("thay tệp cũ" in line.vi for line in added.lines)
        assert (commune / "commune.toml").read_bytes() == toml
        kept = commune / "sources" / "thay-the"
        assert {p.name.replace(f"_{number}.", "."): p.read_bytes()
                for p in kept.glob(f"duong_{number}.*")} == old  # fmt: skip
        old = {p.name: p.read_bytes() for p in (commune / "sources").glob("duong.*")}
    _, layers = pipeline.check(commune)
    assert set(layers["roads"].used["surface"]) == {"earth"}
    assert len(layers["roads"].used) == 12


@pytest.mark.parametrize(("answer", "count"), [(None, 24), ("both", 24), ("replace", 12)])
def test_a_list_of_others_is_asked_about_and_never_replaces_by_itself(
    commune: Path, tmp_path: Path, answer: str | None, count: int
) -> None:
    add(commune, roads(tmp_path / "duong.shp"))
    person = Person(answer)
    add(commune, roads(tmp_path / "b" / "duong.shp", ids="E", dx=4000), ask=person)
    assert "cùng tên" in person.asked[0][0]
    _, layers = pipeline.check(commune)
    assert len(layers["roads"].used) == count


def test_results_and_missing_files_are_refused(commune: Path, tmp_path: Path) -> None:
    (commune / "out").mkdir()
    table = roads(commune / "out" / "duong.shp")
    before = (commune / "commune.toml").read_bytes()
    added = add(commune, table, tmp_path / "duong_x.shp")
    assert added.status == 3
    assert "thư mục out" in added.lines[0].vi
    assert "Không tìm thấy tệp" in added.lines[1].vi
    assert (commune / "commune.toml").read_bytes() == before


def test_parts_of_a_file_come_with_it(commune: Path, tmp_path: Path) -> None:
    file = roads(tmp_path / "duong.shp")
    parts = [file.with_suffix(end) for end in (".dbf", ".shx", ".prj", ".cpg")]
    added = add(commune, *parts, file)
    assert added.status == 0
    assert [e["file"] for e in entries(commune)][1:] == ["sources/duong.shp"]
    assert len(added.entries) == 1


class Stopper(Person):
    """Stops the program at the second question."""

    def __call__(
        self, words: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        if self.asked:
            raise KeyboardInterrupt
        return super().__call__(words, answers, proposal)


def test_who_stops_half_way_leaves_nothing_unnamed(commune: Path, tmp_path: Path) -> None:
    files = [roads(tmp_path / f"duong{n}.shp", surface=f"VL{n}", ids=f"{n}-") for n in (7, 8)]
    with pytest.raises(KeyboardInterrupt):
        add(commune, *files, ask=Stopper("gravel"))
    named = {str(e["file"]) for e in entries(commune)}
    assert named == {"sources/ranh.geojson", "sources/duong7.shp"}
    stems = {p.stem for p in (commune / "sources").iterdir()}
    assert stems == {"ranh", "duong7"}


def test_a_commune_toml_that_cannot_be_written_takes_nothing_in(
    commune: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("OUTPUT_NO_ROOM", file="commune.toml", needed_mb=1.0, free_mb=0.0)

    add(commune, roads(tmp_path / "duong.shp"))
    before = {p: p.read_bytes() for p in commune.rglob("*") if p.is_file()}
    monkeypatch.setattr(folders, "write_sources", full)
    corrected = roads(tmp_path / "b" / "duong.shp", surface="Đất")
    for file, crs in ((roads(tmp_path / "moi.shp", ids="M"), "103"), (corrected, "104-45")):
        with pytest.raises(OutputError):
            add(commune, file, crs=f"VN-2000 {crs}")
    assert {p: p.read_bytes() for p in commune.rglob("*") if p.is_file()} == before


def book(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    out = openpyxl.Workbook()
    out.remove(out.active)
    for name, rows in sheets:
        sheet = out.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out.save(path)
    return path


VILLAGES: list[list[object]] = [["Mã bản", "Tên bản", "Số hộ"], ["B1", "Nà An", 10]]
OTHERS: list[list[object]] = [["a", "b"], ["x", "y"]]


def test_a_sheet_is_picked_by_name(commune: Path, tmp_path: Path) -> None:
    file = book(tmp_path / "hai.xlsx", ("Bản", VILLAGES), ("Ghi chú", OTHERS))
    assert add(commune, file, layer="villages").status == 0
    assert entries(commune)[-1]["table"] == "Bản"
    count = len(entries(commune))
    assert "Các bảng trong tệp: Bản, Ghi chú" in add(commune, file, table="Đường").lines[0].vi
    assert "--table" in add(commune, file, layer="roads").lines[0].vi
    assert len(entries(commune)) == count
    add(commune, file, table="ghi chu", layer="Nhiệm vụ")
    assert entries(commune)[-1]["table"] == "Ghi chú"
    assert entries(commune)[-1]["layer"] == "tasks"


def test_few_layers_are_offered_and_skipping_is_the_default(commune: Path, tmp_path: Path) -> None:
    file = book(tmp_path / "danh sách.xlsx", ("Sheet1", [["Tên", "Số"], ["Nà An", 1]]))
    person = Person(OTHER, "tasks")
    added = add(commune, file, ask=person)
    (first, offered, proposal), (_, rest, _) = person.asked[:2]
    assert "nói về gì" in first
    assert len(offered) <= 6
    assert offered[-1] == OTHER
    assert proposal is None
    assert not set(offered) & set(rest)
    assert set(offered[:-1]) | set(rest) == set(layer_names())
    assert added.entries[0].layer == "tasks"


def test_recognised_and_other_columns_are_said(commune: Path, tmp_path: Path) -> None:
    rows: list[list[object]] = [["Mã bản", "Tên bản", "Số hộ", "Cán bộ"], ["B1", "Nà An", 10, "x"]]
    added = add(commune, book(tmp_path / "thôn bản.xlsx", ("Thôn bản", rows)))
    told = "\n".join(line.vi for line in added.lines)
    assert "Tên bản = Tên bản" in told
    assert "Chưa nhận ra 1 cột" in told
    assert "Cán bộ" in told
    assert added.lines[-1].vi.endswith(f'ntm-gis check "{commune}"')


def test_an_empty_file_is_said_to_be_empty(commune: Path, tmp_path: Path) -> None:
    added = add(commune, book(tmp_path / "thôn bản.xlsx", ("Thôn bản", VILLAGES[:1])))
    assert "không có dòng dữ liệu" in added.lines[0].vi
    assert added.entries == []


def test_a_folder_of_a_kml_called_as_a_layer_is_that_layer(commune: Path, tmp_path: Path) -> None:
    place = "<Point><coordinates>103.70,22.18</coordinates></Point>"
    line = "<LineString><coordinates>103.70,22.18 103.71,22.19</coordinates></LineString>"
    parts = "".join(
        f"<Folder><name>{name}</name><Placemark><name>A</name>{shape}</Placemark></Folder>"
        for name, shape in (("Thủy lợi", line), ("Nhà văn hóa", place), ("Nhà máy", place))
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    file = tmp_path / "điểm.kml"
    file.write_text(f"{head}<Document>{parts}</Document></kml>", encoding="utf-8")
    add(commune, file)
    found = [(e["layer"], e["table"]) for e in entries(commune)[1:]]
    assert found == [("irrigation", "Thủy lợi"), ("cultural_houses", "Nhà văn hóa")]


@pytest.mark.parametrize("layer", layer_names())
def test_a_layer_goes_by_its_title(layer: str) -> None:
    title = schema(layer).title
    assert layer_named(title.vi) == layer_named(title.vi.upper()) == layer_named(layer) == layer
    assert layer_named(title.en) == layer


def test_a_layer_that_is_none_is_answered_with_a_title() -> None:
    with pytest.raises(RuleError, match="Đường giao thông"):
        layer_named("Đường giao thôn")


def test_an_entry_of_a_whole_file_is_not_doubled_by_its_parts(
    commune: Path, tmp_path: Path
) -> None:
    place = "<Point><coordinates>103.70,22.18</coordinates></Point>"
    parts = "".join(
        f"<Folder><name>{name}</name><Placemark><name>{name}</name>{place}</Placemark></Folder>"
        for name in ("Nhà văn hóa", "Trường học")
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    file = commune / "sources" / "diem.kml"
    file.write_text(f"{head}<Document>{parts}</Document></kml>", encoding="utf-8")
    folders.write_sources(commune, [SourceEntry(layer="facilities", file="sources/diem.kml")])
    before = (commune / "commune.toml").read_bytes()
    assert add(commune, file).entries == []
    assert (commune / "commune.toml").read_bytes() == before
    add(commune, file, layer="Trường học, điểm trường", ask=Person("yes"))
    assert [e["layer"] for e in entries(commune)][1:] == ["schools"]


def test_a_system_is_no_matter_of_lists_without_places(commune: Path, tmp_path: Path) -> None:
    add(commune, book(tmp_path / "thôn bản.xlsx", ("Thôn bản", VILLAGES)), crs="VN-2000 103")
    assert "crs" not in entries(commune)[-1]


def test_what_is_no_system_is_said_before_anything_is_copied(commune: Path, tmp_path: Path) -> None:
    before = sorted(commune.rglob("*"))
    with pytest.raises(CrsError):
        add(commune, roads(tmp_path / "duong.shp"), crs="VN-2000 99")
    assert sorted(commune.rglob("*")) == before
