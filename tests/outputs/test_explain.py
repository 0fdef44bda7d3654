"""From a figure down to the rows behind it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from ntm_gis.errors import UsageError
from ntm_gis.outputs import explain
from ntm_gis.results import Contribution, Finding, Severity, Words

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


@pytest.mark.parametrize("asked", ["ty le duong ban cung hoa", "Đường bản cứng hóa", "hardened"])
def test_a_measure_is_found_by_words_of_its_title(answer, layers, asked):
    assert explain.explain(answer, layers, asked).measure.id == HARDENED


def test_words_of_several_titles_are_answered_with_their_ids(answer, layers):
    several = [replace(answer.measures[0], id=f"roads.more.{n}") for n in range(9)]
    asked = answer.measures[0].title.vi.rsplit(" ", 1)[0]
    with pytest.raises(UsageError) as caught:
        explain.explain(replace(answer, measures=(*several,)), layers, asked)
    assert "roads.more.0" in caught.value.say("vi")
    assert caught.value.say("vi").count("roads.more.") == explain.MOST_MEANT


def test_the_gravest_findings_stand_first_and_the_rest_is_counted(answer, layers):
    def found(code, severity, n):
        told = Words(f"{code} số {n}.", f"{code} {n}.")
        return Finding(code, severity, told, file="a.xlsx", row=n, affects=(HARDENED,))

    many = [found(f"NOTE_{n}", Severity.NOTE, n) for n in range(90)]
    alike = [found("ALIKE", Severity.WARNING, n) for n in range(1, 30)]
    grave = [found("GRAVE", Severity.BLOCK, 500)]
    told = explain.explain(replace(answer, findings=(*many, *alike, *grave)), layers, HARDENED)
    text = shown(told)
    own = text[text.index("Điểm cần kiểm tra (120)") :]
    assert len(own.splitlines()) < 20
    assert own.index("GRAVE số 500.") < own.index("(29 điểm)") < own.index("NOTE_0 số 0.")
    # Told: the grave one, 29 alike as one, and notes up to the last line; the rest is counted.
    shown_notes = own.count("NOTE_")
    assert f"và {90 - shown_notes} điểm khác (Ghi chú: {90 - shown_notes})" in own
    assert "tables.xlsx" in own
    assert len(explain.as_json(told)["findings"]) == 120


def test_long_tables_are_cut_and_the_rest_is_counted(answer, layers):
    measure = next(m for m in answer.measures if m.id == HARDENED)
    parts = [Contribution("roads", f"W{n}", float(n + 1)) for n in range(500)]
    evidence = replace(measure.evidence, features=tuple(parts))
    told = explain.explain(
        replace(answer, measures=(replace(measure, evidence=evidence),)), layers, HARDENED
    )
    text = shown(told)
    assert "Góp vào (500)" in text
    assert f"còn {500 - explain.MOST_PARTS} đối tượng nữa" in text
    assert "W499" in text
    assert "W1 " not in text
    assert len(explain.as_json(told)["features"]) == 500
