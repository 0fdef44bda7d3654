"""commune.toml: what a person may write, and how every slip is named."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.errors import ConfigError
from ntm_gis.rules import commune, commune_text
from ntm_gis.rules.commune import SourceEntry

HEAD = """[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
as_of = 2025-12-31

[[predecessor]]
id = "F1"
code = "03601"
name = "Mường Khoa (cũ)"

[[source]]
layer = "roads"
file = "sources/duong.shp"
"""


def folder(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    (tmp_path / "commune.toml").write_bytes(text.encode(encoding))
    return tmp_path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    found = commune.read(folder(tmp_path, HEAD))
    assert found.commune.name == "Mường Khoa"
    assert found.commune.as_of == dt.date(2025, 12, 31)
    assert [s.layer for s in found.sources] == ["roads"]
    assert found.faults == ()


def test_a_byte_order_mark_of_notepad_does_no_harm(tmp_path: Path) -> None:
    assert commune.read(folder(tmp_path, HEAD, "utf-8-sig")).commune.code == "03601"


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        (HEAD.replace("crs =", "crss ="), "KEY_UNKNOWN_MEANT", {"meant": "crs", "line": 5}),
        (HEAD.replace("as_of = 2025-12-31\n", ""), "KEY_MISSING", {"key": "as_of"}),
        (HEAD.replace("2025-12-31", '"31/13/2025"'), "VALUE_WRONG", {"key": "as_of", "line": 6}),
        (HEAD.replace('name = "Mường Khoa"', "name = Mường"), "TOML_BROKEN", {"line": 3}),
        (HEAD + "[extra]\nx = 1\n", "KEY_UNKNOWN", {"key": "extra"}),
    ],
    ids=["misspelt key", "missing key", "no such day", "text without quotes", "unknown table"],
)
def test_a_slip_in_the_head_is_named(
    tmp_path: Path, text: str, code: str, named: dict[str, object]
) -> None:
    with pytest.raises(ConfigError) as caught:
        commune.read(folder(tmp_path, text))
    assert caught.value.code == code
    assert {k: caught.value.params[k] for k in named} == named
    assert "commune.toml" in str(caught.value)


def test_a_file_in_a_windows_code_page_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="UTF-8"):
        commune.read(folder(tmp_path, HEAD, "utf-16"))


@pytest.mark.parametrize(
    ("entry", "code", "named"),
    [
        ('layer = "roadz"\nfile = "a.shp"', "SOURCE_LAYER_MEANT", {"meant": "roads", "number": 2}),
        ('layer = "qqqqqq"\nfile = "a.shp"', "SOURCE_LAYER_UNKNOWN", {"number": 2}),
        ('layer = "roads"\nfile = "a.shp"\nfeilds = {}', "KEY_UNKNOWN_MEANT", {"meant": "fields"}),
        ('layer = "roads"', "VALUE_WRONG", {}),
        ('layer = "roads"\nfile = "../a.shp"', "VALUE_WRONG", {"key": "file"}),
        ('layer = "roads"\nfile = "C:/a.shp"', "VALUE_WRONG", {"key": "file"}),
        (
            'layer = "roads"\nfile = "a.shp"\nformer_commune = "F9"',
            "SOURCE_FORMER_UNKNOWN",
            {"known": "F1"},
        ),
    ],
    ids=[
        "misspelt layer",
        "no such layer",
        "misspelt key",
        "no file",
        "outside",
        "drive",
        "former",
    ],
)
def test_a_slip_in_one_source_leaves_the_others(
    tmp_path: Path, entry: str, code: str, named: dict[str, object]
) -> None:
    found = commune.read(folder(tmp_path, f"{HEAD}\n[[source]]\n{entry}\n"))
    assert [s.file for s in found.sources] == ["sources/duong.shp"]
    (fault,) = found.faults
    assert fault.code == code
    assert {k: fault.params[k] for k in named} == named


def test_the_line_of_a_slip_in_the_second_source_is_right(tmp_path: Path) -> None:
    text = f'{HEAD}\n[[source]]\nlayer = "roads"\nfile = "b.shp"\nencodin = "tcvn3"\n'
    (fault,) = commune.read(folder(tmp_path, text)).faults
    assert fault.params["line"] == len(text.splitlines())


def test_a_missing_folder_and_a_folder_without_commune(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        commune.read(tmp_path / "không có")
    assert caught.value.code == "FOLDER_MISSING"
    with pytest.raises(ConfigError) as caught:
        commune.read(tmp_path)
    assert caught.value.code == "FOLDER_WITHOUT_COMMUNE"


values = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    fields=st.dictionaries(values, values, max_size=3),
    codes=st.dictionaries(values, st.dictionaries(values, values, max_size=2), max_size=2),
    table=values,
    constant=st.dictionaries(
        values,
        st.one_of(values, st.booleans(), st.integers(-(2**60), 2**60), st.dates()),
        max_size=3,
    ),
)
def test_what_add_writes_is_what_comes_back(
    fields: dict[str, str],
    codes: dict[str, dict[str, str]],
    table: str,
    constant: dict[str, str | bool | int | dt.date],
) -> None:
    entry = SourceEntry(
        layer="roads", file="sources/đường bản.shp", table=table, fields=fields, codes=codes,
        values=constant,
    )  # fmt: skip
    read = tomllib.loads(commune_text.source(entry))["source"]
    assert [SourceEntry.model_validate(one) for one in read] == [entry]


def test_a_region_that_is_none_is_refused_with_the_one_meant(tmp_path: Path) -> None:
    text = HEAD.replace("as_of =", 'region = "northern-midland-mountains"\nas_of =')
    with pytest.raises(ConfigError, match="northern-midlands-mountains"):
        commune.read(folder(tmp_path, text))
