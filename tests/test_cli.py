"""The command line: exit statuses, languages, JSON, and that nobody sees a traceback."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import cli, cli_streams

GROUND = shapely.box(570000, 2450000, 580000, 2460000)


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    """A commune of one's own: an outline and three roads, one of unknown surface."""
    folder = tmp_path / "Xã Thử Nghiệm ấế"
    (folder / "sources").mkdir(parents=True)
    lines = [
        shapely.LineString([(572000 + 500 * i, 2452000), (572000 + 500 * i, 2453000)])
        for i in range(3)
    ]
    roads = gpd.GeoDataFrame(
        {"MA_DUONG": ["D1", "D2", "D3"], "CAP": "ĐB", "KET_CAU": ["BTXM", "Đất", None]},
        geometry=lines, crs="EPSG:9205",
    )  # fmt: skip
    roads.to_file(folder / "sources" / "đường.gpkg", layer="duong", driver="GPKG")
    outline = gpd.GeoDataFrame(
        {"ma_xa": ["1"], "ten_xa": ["Thử"]}, geometry=[GROUND], crs="EPSG:9205"
    )
    outline.to_file(folder / "sources" / "ranh.gpkg", layer="ranh", driver="GPKG")
    (folder / "commune.toml").write_text(
        '[commune]\ncode = "1"\nname = "Thử"\nprovince = "Lai Châu"\ncrs = "EPSG:9205"\n'
        "as_of = 2025-12-31\n\n"
        '[[source]]\nlayer = "boundary"\nfile = "sources/ranh.gpkg"\n\n'
        '[[source]]\nlayer = "roads"\nfile = "sources/đường.gpkg"\n',
        encoding="utf-8",
    )
    return folder


def add_source(folder: Path, text: str) -> None:
    path = folder / "commune.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "Xã", "Mường"], "thừa phần này: Mường"),
        (["run", "a", "--as-of"], "--as-of còn thiếu giá trị"),
        (["run", "a", "--json=3"], "--json không nhận giá trị"),
        (["run"], "Còn thiếu THƯ_MỤC"),
        (["runn", "a"], "Gần giống: run"),
        (["qqqq"], "Không có lệnh 'qqqq'. Xem"),
        (["run", "a", "--langg", "vi"], "Gần giống: --lang"),
        ([], "Lệnh:"),
    ],
)
def test_what_the_library_says_is_said_in_vietnamese(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Got " not in told
    assert "Option" not in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "a"], "--code (Mã xã)"),
        (["new", "a"], "ntm-gis new --help"),
        (["progress", "a"], "ntm-gis progress --help"),
        (["record", "a", "verify", "--cod", "1"], "ntm-gis record THƯ_MỤC verify --help"),
        (["map", "a", "roads", "--scale", "to"], "1:500 … 1:2.000.000"),
        (["map", "a", "đường sắt"], "Trường học (schools)"),
        (["map", "a", "--sheet", "A6"], "ntm-gis map --help"),
    ],
)
def test_wrong_use_leads_to_the_help_of_its_own_command(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "LỆNH --help" not in told


COMMANDS = [
    [name] for name in ("sample", "new", "add", "check", "run", "map", "atlas", "explain", "export",
                        "report", "fill", "close", "review", "decide", "find", "score",
                        "priorities", "progress", "law", "record")
] + [["progress", "x", "add"], ["progress", "x", "dispute"], ["law", "x", "confirm"],
     ["record", "x", "backup"]]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_pages_name_no_type_of_python(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*command, "--help"]) == 0
    told = capsys.readouterr().out
    assert "Cách dùng: ntm-gis" in told
    for word in ("<str>", "<path>", "<int>", "list[", "Usage", "Options", "required", "default:"):
        assert word not in told


def test_ctrl_c_is_answered_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ntm_gis.pipeline.run", interrupted)
    assert cli.main(["run", "a"]) == 130
    told = capsys.readouterr().err
    assert "Đã dừng theo yêu cầu" in told
    assert "chạy lại lệnh này" in told


def test_help_imports_no_geo_library() -> None:
    code = (
        "import sys; from ntm_gis import cli; cli.main(['--help']);"
        "heavy = {'numpy', 'pandas', 'geopandas', 'shapely', 'pyproj', 'pyogrio', 'rasterio', 'fiona',"
        " 'pydantic', 'openpyxl', 'jinja2'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("sample", "new", "add", "check", "run", "map", "explain"):
        assert f"  {command} " in done.stdout


def test_run_writes_the_whole_of_out(commune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(commune)]) == 0
    out = {
        p.relative_to(commune / "out").as_posix()
        for p in (commune / "out").rglob("*")
        if p.is_file()
    }
    assert {
        "index.html",
        "results.json",
        "tables.xlsx",
        "commune.gpkg",
        "maps/overview.html",
    } <= out
    told = capsys.readouterr().out
    assert "33,3–66,7" in told
    assert "Số liệu đến 31/12/2025" in told


def test_json_is_json_and_nothing_else(commune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["run", str(commune), "--json"])
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((commune / "out" / "results.json").read_text(encoding="utf-8"))
    assert printed == written


def test_check_writes_nothing(commune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(commune.rglob("*"))
    assert cli.main(["check", str(commune)]) == 0
    assert sorted(commune.rglob("*")) == before
    assert "Chưa ghi kết cấu mặt đường" in capsys.readouterr().out


def test_english_is_spoken(commune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["check", str(commune), "--lang", "en"])
    told = capsys.readouterr().out
    assert "Findings" in told
    assert "Điểm cần kiểm tra" not in told


def test_numbers_are_written_as_the_language_has_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from ntm_gis.layers.values import Account, Layers
    from ntm_gis.outputs import terminal
    from ntm_gis.rules.commune import Commune, Identity

    who = Identity(
        code="1", name="Thử", province="Lai Châu", crs="EPSG:9205", as_of=dt.date(2025, 12, 31)
    )
    accounts = (Account("a.csv", None, "0" * 64, "roads", 12345, 12345, 0, 0),)
    layers = Layers(Commune(commune=who), {}, accounts=accounts)
    for lang, written in (("vi", "12.345"), ("en", "12,345")):
        cli_streams.draw(terminal.checked(layers, layers.commune, lang))
        assert written in capsys.readouterr().out


def test_a_path_is_printed_in_one_line(
    commune: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    far = tmp_path / ("rất dài " * 12) / "xã"
    far.parent.mkdir()
    commune.rename(far)
    assert cli.main(["run", str(far)]) == 0
    assert str(far / "out" / "index.html") in capsys.readouterr().out.splitlines()


def test_explain_leads_to_the_rows(commune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", str(commune), "roads.hardened_share.village"]) == 0
    told = capsys.readouterr().out
    for word in ("D1", "D2", "D3", "đường.gpkg", "dòng 3", "chưa rõ"):
        assert word in told


def test_explain_of_a_misspelt_measure_asks_back(
    commune: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["explain", str(commune), "roads.hardened_share.vilage"]) == 2
    assert "roads.hardened_share.village" in capsys.readouterr().err


def test_map_draws_one(commune: Path) -> None:
    assert cli.main(["map", str(commune), "roads"]) == 0
    drawn = {p.name for p in (commune / "out" / "maps").iterdir()}
    assert drawn == {"roads.html", "roads.pdf", "roads.png"}


def test_a_map_that_is_none_is_wrong_use(commune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["map", str(commune), "roadz"]) == 2
    assert "roads" in capsys.readouterr().err
    assert not (commune / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["runn", "x"],
        ["run", "no such folder"],
        ["run", ".", "--as-of", "31.13.2025"],
        ["run", ".", "--lang", "fr"],
        ["check", ".", "--no-such-option"],
        ["new", "x", "--code", "1", "--name", "X", "--province", "Nơi không có"],
    ],
    ids=[
        "no folder",
        "no such command",
        "no such folder",
        "no such day",
        "language",
        "option",
        "province",
    ],
)
def test_wrong_use_is_said_in_words(
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    told = capsys.readouterr()
    assert told.err.strip()
    assert "Traceback" not in told.err + told.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ('layer = "schools"\nfile = "sources/không có.xlsx"', "không có.xlsx"),
        ('layer = "schools"\nfile = "sources/rỗng.xlsx"', "rỗng.xlsx"),
        ('layer = "schools"\nfile = "sources/khác.xlsx"', "khác.xlsx"),
        ('layer = "schoolz"\nfile = "sources/a.xlsx"', "schools"),
        ('layer = "schools"\nfile = "sources/a.xlsx"\ntabel = "x"', "table"),
        ('layer = "roads"\nfile = "sources/đường.gpkg"\ntable = "duon"', "duong"),
    ],
    ids=["missing", "empty", "another format", "layer misspelt", "key misspelt", "table misspelt"],
)
def test_one_bad_source_is_named_and_the_rest_goes_on(
    commune: Path, source: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (commune / "sources" / "rỗng.xlsx").write_bytes(b"")
    (commune / "sources" / "khác.xlsx").write_bytes(b"%PDF-1.7\n...")
    add_source(commune, f"\n[[source]]\n{source}\n")
    assert cli.main(["run", str(commune)]) == 3
    results = json.loads((commune / "out" / "results.json").read_text(encoding="utf-8"))
    stops = [f for f in results["findings"] if f["severity"] == "stop"]
    assert len(stops) == 1
    assert named in json.dumps(stops[0], ensure_ascii=False)
    assert stops[0]["repair"]["vi"]
    share = next(m for m in results["measures"] if m["id"] == "roads.hardened_share.village")
    assert (share["low"], share["high"]) == (33.3333333, 66.6666667)
    assert "Traceback" not in capsys.readouterr().err


def test_something_unforeseen_is_said_and_kept(
    commune: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ntm_gis import pipeline

    def broken(*_: object, **__: object) -> None:
        msg = "planted"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(pipeline, "gather", broken)
    assert cli.main(["run", str(commune)]) == cli.CRASH
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "ZeroDivisionError" in told


def test_two_runs_give_the_same_bytes(commune: Path) -> None:
    def everything() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (commune / "out").rglob("*") if p.is_file()}

    cli.main(["run", str(commune)])
    first = everything()
    for path in sorted((commune / "out").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    cli.main(["run", str(commune)])
    assert everything() == first
