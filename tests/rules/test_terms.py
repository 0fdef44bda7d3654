"""The words officials see: there in both languages, and none that they should not see."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator

import pytest

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import Severity, Verdict
from ntm_gis.rules import terms
from ntm_gis.rules.terms import say, sections, term

ROOT = shipped.root()
PACKAGE = ROOT / "ntm_gis"

# English and jargon never stand in a Vietnamese text; a fault in data is no "lỗi".
FORBIDDEN = re.compile(
    r"""(?<![\w./-])(
        lỗi | hash | schema | null | layer s? | features? | nan | dataset | polygon | geometry |
        warning s? | error s? | bug | traceback | exception | string | boolean | float | integer |
        database | metadata | parse d? | file s? | field s? | row s? | column s? | finding s? |
        record s? | default | invalid | unknown | missing | thôn\ ơi
    )(?![\w/(-]|\.\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# What is typed or clicked in a program stands as that program has it.
TYPED = re.compile(
    r"File > [A-Z][\w ]+|\{[^}]*\}|ntm-gis \w+|`[^`]*`|\w+ = \"[^\"]*\"|\[\[?\w+\]?\]|\S+\.(toml|csv)"
)


def vietnamese() -> Iterator[tuple[str, str]]:
    """Every Vietnamese text that is shipped, with its place."""
    for path in sorted(
        [
            *(ROOT / "data").glob("*.toml"),
            *(ROOT / "maps").glob("*.toml"),
            *(ROOT / "layers").glob("*.toml"),
        ]
    ):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from ((f"{path.name}: {place}", text) for place, text in pairs(table, ""))
    for path in sorted((ROOT / "layers" / "codes").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield f"{path.name}: {row['code']}", row["vi"]
    for path in sorted(PACKAGE.rglob("*.html")):
        for text in re.findall(r">([^<>{}]+)<", path.read_text(encoding="utf-8")):
            if text.strip():
                yield f"{path.name}: template", text


def pairs(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "vi" and isinstance(inner, str):
                yield place, inner
            else:
                yield from pairs(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from pairs(inner, place)


TEXTS = list(vietnamese())


def test_there_is_something_to_look_at():
    assert len(TEXTS) > 400
    assert any(place.startswith("messages.toml") for place, _ in TEXTS)
    assert any(place.startswith("styles.toml") for place, _ in TEXTS)


def test_no_vietnamese_text_holds_a_word_of_the_workshop():
    wrong = [
        (place, found[0], text)
        for place, text in TEXTS
        for found in [FORBIDDEN.search(TYPED.sub(" ", text))]
        if found
    ]
    assert wrong == []


def test_a_code_of_a_system_bears_its_meridian():
    wrong = [
        (place, text)
        for place, text in TEXTS
        if re.search(r"EPSG:\d", re.sub(r"crs = \"EPSG:\d+\"", "", text))
        and not re.search(r"kinh tuyến|\d+°", text)
    ]
    assert wrong == []


def test_vietnamese_texts_are_composed_and_end_no_sentence_with_a_shout():
    import unicodedata

    assert [p for p, t in TEXTS if unicodedata.normalize("NFC", t) != t] == []
    assert [p for p, t in TEXTS if "!" in t] == []


def test_the_search_finds_what_it_should():
    for text in ("Có lỗi ở dòng 3.", "Giá trị null.", "Kiểm tra layer roads.", "hash khác nhau"):
        assert FORBIDDEN.search(TYPED.sub(" ", text))
    for text in (
        "Không gộp.",
        "tệp tables.xlsx",
        "Mở results.json",
        'Ghi crs = "EPSG:9205" vào tệp',
    ):
        assert not FORBIDDEN.search(TYPED.sub(" ", text))


def test_the_words_of_style_are_the_words_shipped():
    assert term("findings").vi == "Điểm cần kiểm tra"
    severities = [term(f"severity.{severity}").vi for severity in Severity]
    assert severities == ["Phải sửa trước", "Số tạm tính", "Nên xem lại", "Ghi chú"]
    assert {str(verdict) for verdict in Verdict} == set(sections()["verdict"])
    assert term("sample").vi == "DỮ LIỆU MINH HỌA"


def test_terms_name_their_values_alike_in_both_languages():
    for section, words in sections().items():
        for key, entry in words.items():
            names = [sorted(re.findall(r"\{(\w+)", text)) for text in (entry.vi, entry.en)]
            assert names[0] == names[1], f"{section}.{key}"


def test_a_term_is_found_by_key_and_by_section():
    assert term("findings") == term("page.findings")
    assert say("file_row", "vi", row="18") == "dòng 18"
    with pytest.raises(RuleError) as caught:
        term("no_such_term")
    assert "no_such_term" in caught.value.say("vi")
    with pytest.raises(RuleError):
        term("because.roads")


def test_a_key_that_is_not_clear_is_refused(monkeypatch):
    words = sections()["page"]
    monkeypatch.setattr(terms, "sections", lambda: {"a": words, "b": words})
    terms._known.cache_clear()
    with pytest.raises(RuleError):
        term("findings")
    terms._known.cache_clear()
