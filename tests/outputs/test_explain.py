"""From a figure down to the rows behind it."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from ntm_gis.errors import UsageError
from ntm_gis.outputs import explain

HARDENED = "roads.hardened_share.village"


def shown(told, lang="vi"):
    out = io.StringIO()
    Console(file=out, width=140, highlight=False, markup=False).print(explain.text(told, lang))
    return out.getvalue().replace("\u00a0", " ")


def test_it_leads_to_rows_and_files(answer, layers):
    told = explain.explain(answer, layers, HARDENED)
    text = shown(told)
    for words in (
        "Giá trị: 23,5 %", "chắc chắn từ 20,0 đến 35,0 %", "2,00 trên 8,50",
        "duong_giao_thong.shp · dòng 18", "dùng 4 trong 5 dòng", "abab abab abab",
        "[Nên xem lại] Đường Nậm Be",
    ):  # fmt: skip
        assert words in text
    assert text.index("V3") < text.index("V1") < text.index("V2")


def test_what_is_unknown_counted_and_not_counted_is_told_apart(answer, layers):
    told = explain.explain(answer, layers, HARDENED)
    ids = [
        [part.id for part, _ in group] for group in (told.unknown, told.counted, told.not_counted)
    ]
    assert ids == [["V3"], ["V1"], ["V2"]]
    assert [number for number, _ in told.findings] == [3]


def test_json_holds_every_feature(answer, layers):
    told = explain.as_json(explain.explain(answer, layers, HARDENED))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["features"][0] == {
        "layer": "roads", "id": "V3", "name": "Đường Nậm Be", "amount": 0.0, "unknown": True,
        "weight": 1.5, "file": "sources/duong_giao_thong.shp", "table": None, "row": 18,
    }  # fmt: skip
    assert sum(f["amount"] for f in told["features"]) == told["measure"]["numerator"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_measure_can_be_explained(answer, layers, lang):
    for measure in answer.measures:
        assert measure.id in shown(explain.explain(answer, layers, measure.id), lang)


def test_a_misspelt_name_is_answered_with_the_one_that_was_meant(answer, layers):
    with pytest.raises(UsageError) as caught:
        explain.explain(answer, layers, "roads.hardened_share.vilage")
    assert HARDENED in caught.value.say("vi")
    with pytest.raises(UsageError) as caught:
        explain.explain(answer, layers, "zzzz")
    assert caught.value.code == "MEASURE_UNKNOWN"
