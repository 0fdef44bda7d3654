"""Villages are called as the commune calls them; copies, maps and acts keep their names."""

from __future__ import annotations

import re
import tomllib

import pytest

from ntm_gis import shipped
from ntm_gis.layers import villages_called
from ntm_gis.results import sentence, village_word
from ntm_gis.rules.codes import Title
from ntm_gis.rules.terms import say, term

# "bản" of other senses, with the word beside it that tells: written here by hand, not by the rule.
COPIES = (
    "bản đồ", "văn bản", "biên bản", "bản vẽ", "bản sao", "bản quét", "phiên bản", "cơ bản",
    "bản gốc", "bản in", "bản tóm tắt", "bản chép", "bản thân", "bản cài đặt", "bản giấy",
    "trong bản này", "thành …… bản", "bản khôi phục", "bản tim đường",
)  # fmt: skip


@pytest.fixture
def called_thon():
    village_word.use("thôn")


def shipped_texts():
    """Every Vietnamese text of the files of words, without the names of values."""

    def walk(found):
        for key, value in found.items() if isinstance(found, dict) else enumerate(found):
            if key == "vi" and isinstance(value, str):
                yield re.sub(r"\{[^}]*\}", "{}", value)
            elif isinstance(value, dict | list):
                yield from walk(value)

    for name in ("messages.toml", "terms.toml", "measures.toml"):
        path = shipped.path("data", name)
        yield from walk(tomllib.loads(path.read_text(encoding="utf-8")))


def test_what_ships_is_left_alone_unless_a_commune_says_otherwise():
    assert all(village_word.said(text) == text for text in shipped_texts())


@pytest.mark.usefixtures("called_thon")
def test_no_copy_map_or_act_becomes_a_village():
    for text in shipped_texts():
        told = village_word.said(text)
        for copy in COPIES:
            for spelt in (copy, copy.capitalize()):
                assert told.count(spelt) == text.count(spelt), (text, told)
        assert told.count("thôn, bản") == text.count("thôn, bản")


@pytest.mark.usefixtures("called_thon")
def test_titles_sentences_and_units_follow():
    assert Title(vi="Tỷ lệ bản có nhà văn hóa", en="").words.vi == "Tỷ lệ thôn có nhà văn hóa"
    assert term("atlas.lacking").vi == "Thôn còn thiếu"
    assert say("atlas.more_villages", "vi", n=3) == "và 3 thôn khác"
    assert term("village_form.village_id").vi == "Mã bản"  # forms are recognised by it
    village_word.use(None)
    assert term("atlas.lacking").vi == "Bản còn thiếu"


@pytest.mark.usefixtures("called_thon")
def test_names_that_people_wrote_are_not_touched():
    told = sentence("FIGURE_VILLAGE_UNKNOWN", {"village": "Bản Khúm", "count": 2, "more": ""})
    assert "'Bản Khúm'" in told.vi
    assert "danh sách thôn" in told.vi


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (["Thôn 1", "Thôn 2", "Nà Lại"], "thôn"),
        (["Tổ dân phố 3", "Tổ dân phố 4"], "tổ dân phố"),
        (["Thôn 1", "Nà Lại", "Nà Nghè"], None),
        (["Bảng Lảng", "Thônghe"], None),
        ([], None),
    ],
)
def test_the_word_is_that_of_most_names(names, word):
    assert village_word.of(names) == word


@pytest.mark.parametrize(
    ("heading", "names", "word"),
    [
        ("TEN_BAN", ["Nà Nghè", "Hô Tra"], "bản"),
        ("Tên thôn", ["Nà Nghè", "Hô Tra"], "thôn"),
        ("TEN_BAN", ["Ấp 1", "Ấp 2"], "ấp"),
        ("DIA_DANH", ["Nà Nghè"], None),
    ],
)
def test_a_list_of_villages_says_it_by_its_names_then_by_its_heading(heading, names, word):
    import geopandas as gpd

    from ntm_gis.layers.values import Origin, Raw
    from ntm_gis.rules.commune import SourceEntry

    entry = SourceEntry(layer="villages", file="sources/ban.xlsx", fields={"name": heading})
    frame = gpd.GeoDataFrame({heading: names}, geometry=[None] * len(names))
    assert villages_called.word_of([Raw(frame, Origin("ban.xlsx", "villages", entry))]) == word
