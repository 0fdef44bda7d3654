"""The report of the sample commune: every figure in the Word file against the measures.

The file is read with python-docx; numbers are put in the Vietnamese way by means of this file's
own, and each is looked for in what the answer and the commune's rows hold.
"""

from __future__ import annotations

import io
import math
import re
from functools import cache

import docx
import pytest

from ntm_gis import pipeline, shipped
from ntm_gis.outputs import report
from ntm_gis.results import Measure

NUMBER = re.compile(
    r"(?<![\w/.,-])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\w/])|(?<![\w/.,-])\d+(?:,\d+)?(?![\w/])"
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def review() -> pipeline.Review:
    return pipeline.review(shipped.path("data", "sample"))


@cache
def document():
    found = review()
    paper, _ = report.folder(shipped.path("data", "sample"))
    return docx.Document(io.BytesIO(report.Writing(found.answer, found.layers, "vi", paper).docx()))


def spoken(element) -> str:
    """Return what a paragraph or cell says, without the numbers of its notes."""
    out = []
    for run in element.iter(f"{W}r"):
        raised = run.find(f"{W}rPr/{W}vertAlign")
        if raised is None:
            out += [t.text or "" for t in run.iter(f"{W}t")]
    return "".join(out).replace("\u00a0", " ")


def vi(number: float, digits: int) -> str:
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def number(text: str) -> tuple[float, int]:
    """Return a number as written, and its digits after the comma."""
    whole, _, parts = text.partition(",")
    return float(f"{whole.replace('.', '')}.{parts or 0}"), len(parts)


def agrees(text: str, value: float) -> bool:
    said, digits = number(text)
    return abs(said - value) <= 0.5 * 10**-digits + 1e-9 * max(1.0, abs(value))


def rows_of(head: str) -> list[list[str]]:
    """Return the rows of the table whose heads begin so."""
    for table in document().tables:
        rows = [
            [spoken(cell) for cell in row.findall(f"{W}tc")] for row in table._tbl.iter(f"{W}tr")
        ]
        if " ".join(rows[0]).startswith(head):
            return rows[1:]
    raise AssertionError(head)


def measures() -> dict[str, Measure]:
    return {measure.id: measure for measure in review().answer.measures}


def test_no_word_of_a_machine_stands_in_it():
    text = "\n".join(spoken(p) for p in document().element.iter(f"{W}p"))
    assert re.findall(r"\b(?:nan|NaN|None|null|inf|True|False|NaT)\b|\{\{|\}\}|\{%", text) == []
    assert not re.search(r"\d\.\d{1,2}(?!\d)\s?(?:km|ha|%)", text)


def test_each_item_says_its_measure():
    by_title = {m.title.vi.replace(": ", " – "): m for m in measures().values()}
    seen = 0
    for paragraph in document().paragraphs:
        found = re.match(
            r"- (?:Chỉ tiêu [\w.-]+: )?(.+?): (\d[\d.]*(?:,\d+)?)(?![\d–])", spoken(paragraph._p)
        )
        if found is None or found[1] not in by_title:
            continue
        measure = by_title[found[1]]
        assert measure.value is not None, found[0]
        assert agrees(found[2], measure.value), (found[0], measure.value)
        seen += 1
    assert seen > 35


def test_each_indicator_of_the_scorecard_says_its_measure():
    known = measures()
    seen = 0
    for code, _, _unit, limit, result, *_ in rows_of("TT Tiêu chí"):
        measure = known.get(f"indicator.{code}")
        if measure is None or not re.fullmatch(r"\d[\d.]*(?:,\d+)?", result):
            continue
        assert agrees(result, measure.value), (code, result, measure.value)
        threshold = measure.judged.threshold if measure.judged else None
        if threshold is not None and threshold.at_least is not None:
            assert agrees(re.search(r"[\d.,]*\d", limit)[0], threshold.at_least), (code, limit)
        seen += 1
    assert seen > 20


def test_targets_stand_beside_what_was_reached():
    rows = rows_of("TT Mục tiêu")
    frame = review().answer.frames["target_progress"]
    assert len(rows) == len(frame)
    known = measures()
    for row, target, name in zip(rows, frame["target"], frame["measure"], strict=True):
        assert agrees(re.search(r"\d[\d.,]*", row[3])[0], target)
        assert agrees(re.search(r"\d[\d.,]*", row[4])[0].rstrip(","), known[name].value), row


def test_the_sums_of_the_villages_are_the_sums_of_their_rows():
    *rows, total = rows_of("TT Bản")
    for column in (3, 4):
        assert sum(number(row[column])[0] for row in rows) == number(total[column])[0]
    assert number(total[3])[0] == measures()["commune.households"].value


def test_funds_are_those_of_the_list():
    known = measures()
    titles = {
        str(row["name"]): known[f"fund.{row['id']}"]
        for _, row in review().answer.frames["funds_tree"].iterrows()
    }
    rows = [row for table in ("Nguồn vốn Kế hoạch",) for row in rows_of(table)]
    assert rows
    for name, planned, _ in rows:
        measure = titles[re.sub(r"^[– ]+", "", name)]
        assert agrees(re.search(r"\d[\d.]*", planned)[0], measure.value)


def test_every_large_or_broken_number_is_one_of_the_answer():
    allowed: set[str] = set()
    for measure in measures().values():
        ends = (measure.value, measure.low, measure.high, measure.numerator, measure.denominator)
        threshold = measure.judged.threshold if measure.judged else None
        limits = (
            () if threshold is None else (threshold.at_least, threshold.at_most, threshold.equals)
        )
        for value in (*ends, *limits):
            if value is None or not math.isfinite(value):
                continue
            for digits in range(5):
                unit = 10**digits
                edges = (value, math.floor(value * unit) / unit, math.ceil(value * unit) / unit)
                allowed |= {vi(edge, digits) for edge in edges}
    typed = [str(v) for layer in review().layers.by_name.values() for column in layer.frame
             if column != "geometry" for v in layer.frame[column].dropna()]  # fmt: skip
    typed += [str(v) for frame in review().answer.frames.values() for column in frame
              if column != "geometry" for v in frame[column].dropna()]  # fmt: skip
    said = [f.message.vi + (f.repair.vi if f.repair else "") for f in review().answer.findings]
    paper, _ = report.folder(shipped.path("data", "sample"))
    said += [paper.texts.model_dump_json()]
    allowed |= {n for text in said for n in NUMBER.findall(text.replace("\u00a0", " "))}
    for text in typed:
        allowed |= set(NUMBER.findall(text))
        if re.fullmatch(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text):
            allowed |= {vi(float(text), digits) for digits in range(4)}
    strange = {}
    for paragraph in document().element.iter(f"{W}p"):
        # The pace of road works is worked out in their chapter, and tested there.
        text = re.sub(r"[\d,]+ m/ngày", "", spoken(paragraph))
        for found in NUMBER.findall(text):
            value, digits = number(found)
            if (digits or value >= 200) and found not in allowed:
                strange[found] = text
    assert strange == {}


def test_headings_tables_and_pictures_are_what_word_makes_use_of():
    found = document()
    levels = [
        p.style.name for p in found.paragraphs if p.style.name.casefold().startswith("heading")
    ]
    assert (levels.count("Heading 1"), levels.count("Heading 2")) == (5, 11)
    big = [
        t
        for t in found.tables
        if len(t.rows) > 1 or t._tbl.tblPr.find(f"{W}tblBorders") is not None
    ]
    for table in big:
        if table._tbl.tblPr.find(f"{W}tblBorders") is None:
            continue
        first = table.rows[0]._tr
        assert first.trPr is not None
        assert first.trPr.find(f"{W}tblHeader") is not None
    language = found.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert language.get(f"{W}val") == "vi-VN"


@pytest.mark.parametrize("key", ["II_9", "V"])
def test_every_head_is_a_name_of_the_template(key):
    found = review()
    told = report.Writing(found.answer, found.layers).content
    assert key.replace("_", ".") in [section.key for section in told.sections]


def test_the_sheet_of_figures_says_what_was_assessed_in_words(tmp_path):
    """No "1" for met, and a figure without a unit keeps its decimals: 0,62 is not 1."""
    import openpyxl

    from ntm_gis.outputs import tables

    found = review()
    book = openpyxl.load_workbook(tables.write(found.answer, found.layers, tmp_path))
    head, *rows = book["Chỉ số"].iter_rows(min_row=4)
    place = {cell.value: k for k, cell in enumerate(head)}
    known = measures()
    seen = set()
    for row in rows:
        measure = known[row[place["Mã"]].value]
        cell = row[place["Giá trị"]]
        if measure.value is None:
            continue
        if measure.unit == "verdict":
            assert cell.value == ("đạt" if measure.value else "chưa đạt")
            seen.add("verdict")
        else:
            assert cell.value == pytest.approx(measure.value, rel=1e-12)
            digits = len(cell.number_format.partition(".")[2])
            assert measure.unit or abs(round(measure.value, digits) - measure.value) < 1e-9
            seen.add(measure.unit)
    assert {"verdict", "", "km", "%"} <= seen
