"""commune.toml: what a person may write, and how every slip is named."""

from __future__ import annotations

import datetime as dt
import inspect
import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.errors import ConfigError
from ntm_gis.rules import commune, commune_text
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.toml_words import why_broken

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


@pytest.mark.parametrize(
    "said", ["Tây Nguyên", "tay nguyen", "central-highlands", "Central Highlands"]
)
def test_a_region_may_be_said_by_its_name(tmp_path: Path, said: str) -> None:
    named = HEAD.replace("as_of", f'region = "{said}"\nas_of', 1)
    assert commune.read(folder(tmp_path, named)).commune.region == "central-highlands"


def test_regions_are_offered_by_the_names_that_officials_use(tmp_path: Path) -> None:
    named = HEAD.replace("as_of", 'region = "zzz"\nas_of', 1)
    with pytest.raises(ConfigError) as caught:
        commune.read(folder(tmp_path, named))
    assert '"Trung du và miền núi phía Bắc"' in caught.value.say("vi")
    assert "central-highlands" not in caught.value.say("vi")


def test_the_word_for_villages_is_one_that_is_known(tmp_path: Path) -> None:
    named = HEAD.replace("as_of", 'village_word = "Thôn"\nas_of', 1)
    assert commune.read(folder(tmp_path, named)).commune.village_word == "thôn"
    wrong = HEAD.replace("as_of", 'village_word = "phường"\nas_of', 1)
    with pytest.raises(ConfigError) as caught:
        commune.read(folder(tmp_path, wrong))
    assert "bản, thôn" in caught.value.say("vi")


def test_a_region_that_is_none_is_refused_with_the_one_meant(tmp_path: Path) -> None:
    text = HEAD.replace("as_of =", 'region = "northern-midland-mountains"\nas_of =')
    with pytest.raises(ConfigError, match="northern-midlands-mountains"):
        commune.read(folder(tmp_path, text))


COMMUNE = HEAD.partition("\n[[predecessor]]")[0]


@pytest.mark.parametrize(
    ("line", "code", "named"),
    [
        ('criteria_set = "vn-2021-2052"', "CRITERIA_SET_UNKNOWN", {"meant": "vn-2021-2025"}),
        ('compare_sets = ["vn-2026-2031"]', "CRITERIA_SET_UNKNOWN", {"key": "compare_sets"}),
        ('compare_sets = "vn-2026-2030"', "VALUE_WRONG", {"key": "compare_sets", "line": 7}),
        ("commune_group = 4", "VALUE_WRONG", {"key": "commune_group", "line": 7}),
        ("commune_group = 0", "VALUE_WRONG", {"key": "commune_group"}),
        ("faults = [1]", "KEY_UNKNOWN", {"key": "faults"}),
        ("[progress]\nlargest_gap_m = 0", "VALUE_WRONG", {"key": "largest_gap_m", "line": 8}),
        ("[progress]\ntrack_distance_m = nan", "VALUE_WRONG", {"key": "track_distance_m"}),
        ("[progress]\nlargest_gap = 1", "KEY_UNKNOWN_MEANT", {"meant": "largest_gap_m"}),
        ("[progres]\nlargest_gap_m = 1", "KEY_UNKNOWN_MEANT", {"meant": "progress"}),
    ],
    ids=lambda value: value if isinstance(value, str) and "=" in value else "",
)
def test_a_value_out_of_its_list_or_range_is_named(
    tmp_path: Path, line: str, code: str, named: dict[str, object]
) -> None:
    with pytest.raises(ConfigError) as caught:
        commune.read(folder(tmp_path, f"{COMMUNE}{line}\n"))
    assert caught.value.code == code
    assert {k: caught.value.params[k] for k in named} == named
    assert re.search("[àáạãảăâđêôơưíìịốộễệếề]", str(caught.value))


def test_faults_are_not_among_the_keys_that_are_offered(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        commune.read(folder(tmp_path, f"faults = [1]\n{HEAD}"))
    assert caught.value.code == "KEY_UNKNOWN"
    assert "faults" not in str(caught.value.params["known"])


@pytest.mark.parametrize(
    ("said", "code"),
    [("VN-2000 103", "EPSG:9205"), ("KTT 104-45", "EPSG:9208"), ("9205", "EPSG:9205")],
)
def test_the_zone_may_be_said_as_people_say_it(tmp_path: Path, said: str, code: str) -> None:
    found = commune.read(folder(tmp_path, HEAD.replace("EPSG:9205", said)))
    assert found.commune.crs == code


@pytest.mark.parametrize(
    ("said", "word"),
    [("EPSG:4326", "múi VN-2000"), ("EPSG:32648", "múi VN-2000"), ("abc", "Không rõ hệ tọa độ")],
)
def test_what_is_no_zone_is_refused_before_anything_is_worked_out(
    tmp_path: Path, said: str, word: str
) -> None:
    with pytest.raises(ConfigError, match=word) as caught:
        commune.read(folder(tmp_path, HEAD.replace("EPSG:9205", said)))
    assert caught.value.params["line"] == 5
    assert "zone" in caught.value.say("en") or "not known" in caught.value.say("en")


def test_a_system_of_a_source_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    text = f'{HEAD}\n[[source]]\nlayer = "roads"\nfile = "b.shp"\ncrs = "VN-2000 1O3"\n'
    found = commune.read(folder(tmp_path, text))
    (fault,) = found.faults
    assert fault.code == "SOURCE_CRS_UNKNOWN"
    assert (fault.params["line"], fault.params["number"]) == (len(text.splitlines()), 2)
    assert len(found.sources) == 1


def test_two_former_communes_have_two_ids(tmp_path: Path) -> None:
    text = f'{HEAD}\n[[predecessor]]\nid = "F1"\ncode = "03602"\nname = "Phúc Khoa"\n'
    with pytest.raises(ConfigError, match="F1") as caught:
        commune.read(folder(tmp_path, text))
    assert caught.value.code == "PREDECESSOR_TWICE"


def test_limits_of_tracks_stand_in_commune_toml(tmp_path: Path) -> None:
    from ntm_gis.analyses.matching.model import Settings

    assert commune.read(folder(tmp_path, HEAD)).progress == commune.Progress()
    plain = Settings()
    assert commune.Progress().largest_gap_m == plain.largest_gap_m
    assert commune.Progress().track_distance_m == plain.distance_m
    said = commune.read(folder(tmp_path, f"{HEAD}\n[progress]\nlargest_gap_m = 60\n")).progress
    assert (said.largest_gap_m, said.track_distance_m) == (60.0, 30.0)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"{COMMUNE}x = {'[' * 5000}{']' * 5000}\n", "lồng vào nhau"),
        (f"{COMMUNE}commune_group = {'9' * 5000}\n", "số quá dài"),
        (f'{COMMUNE}name = "B"\n', "đã được ghi ở trên"),
        (HEAD.replace('"sources/duong.shp"', '"sources\\duong.shp"'), "viết bằng dấu /"),
        (HEAD.replace('"03601"\nname = "Mường Khoa"', '03601\nname = "x"', 1), "dấu ngoặc kép"),
        (HEAD.replace('"Lai Châu"', '"Lai Châu'), "không dùng được ở đây"),
    ],
    ids=["lists in lists", "long number", "twice", "backslash", "code without quotes", "open"],
)
def test_why_a_file_is_no_toml_is_said_in_vietnamese(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        commune.read(folder(tmp_path, text))


def test_every_way_a_file_can_be_no_toml_has_words() -> None:
    import tomllib._parser as parser

    said = re.findall(
        r"""suffixed_err\(\s*src,\s*[^,]+(?:\([^)]*\))?,\s*f?(["'])(.+?)\1\s*\)""",
        inspect.getsource(parser),
    )
    assert len(said) > 15
    other = [text for _, text in said if why_broken(ValueError(text)) == why_broken(ValueError(""))]
    assert other == ["Invalid value"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of files as POSIX has them")
def test_a_file_that_may_not_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path, HEAD)

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(ConfigError) as caught:
        commune.read(tmp_path)
    assert caught.value.code == "FILE_CLOSED"


def test_a_folder_name_longer_than_the_disk_takes_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        commune.read(tmp_path / ("a" * 300))
    assert caught.value.code in ("FOLDER_CLOSED", "FOLDER_MISSING")
