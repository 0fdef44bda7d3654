"""The legend of printed sheets: amounts whole, of the day drawn, and what is drawn alone."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ntm_gis.outputs import printmap
from ntm_gis.outputs.printmap import standard
from ntm_gis.outputs.printmap.content import Content
from ntm_gis.outputs.printmap.legend import Item, items_of
from ntm_gis.outputs.printmap.legend_roads import adds_up
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.outputs.printmap.road_table import RoadTable
from ntm_gis.outputs.printmap.type import shown, width
from ntm_gis.rules import maps


@pytest.fixture(scope="module")
def printer(sample_review):
    return printmap.Printer(sample_review.answer, sample_review.layers, sample_review.commune, "vi")


def drawn(printer, of, given):
    with settings():
        return printer.draw(of, given)


def lines(printer, of):
    return items_of(Content(maps.definition(of), printer.library), 75_000)


def test_stages_of_works_are_the_km_of_the_last_day(printer, sample_review):
    values = {m.id: m.value for m in sample_review.answer.measures}
    accepted, poured, planned = (
        values[f"progress.CT01.{name}_km"] for name in ("accepted", "poured", "planned")
    )
    said = {}
    for item in lines(printer, "road_progress"):
        found = re.fullmatch(r"(.+) – ([\d,]+)\u00a0km", item.text)
        if found and item.row and item.row["key"].startswith("road_progress/"):
            said[item.row["code"]] = float(found[2].replace(",", "."))
    assert said["accepted"] == pytest.approx(accepted, abs=0.0051)
    assert said["poured"] == pytest.approx(poured - accepted, abs=0.0051)
    assert sum(said.values()) == pytest.approx(planned, abs=0.011)


@pytest.mark.parametrize("of", maps.names())
def test_every_count_says_what_is_counted(printer, of):
    for item in lines(printer, of):
        assert not re.search(r" – [\d.,]+$", item.text), item.text


def test_what_is_cut_keeps_its_amount():
    tail = " – 5,20\u00a0ha"
    item = Item(f"NTD: {'Đất nghĩa trang, ' * 9}{tail}", {"key": "x"}, tail=tail)
    cut = item.cut(6.5, 60.0)
    assert cut.endswith(tail)  # "5,20 ha" is never lost
    assert "…" in cut
    assert width(cut, 6.5) <= 60.5
    short = Item(f"Suối{tail}", {"key": "x"}, tail=tail)
    assert short.cut(6.5, 60.0) == shown(short.text)


def table(km):
    style = maps.styles().styles["roads"]
    classes, cases = style.classes[:2], style.cases[:2]
    cells = {
        (one.code, case.code): km[i][j]
        for i, one in enumerate(classes) for j, case in enumerate(cases)
    }  # fmt: skip
    sums = {one.code: sum(km[i]) for i, one in enumerate(classes)}
    return RoadTable(classes, tuple((case,) for case in cases), cells, sums, ())


def test_a_table_that_does_not_add_up_as_rounded_is_told():
    good, bad = table([[1.25, 2.5], [3.0, 4.0]]), table([[1.004, 2.004], [3.0, 4.0]])
    assert adds_up(good, good.classes)
    assert not adds_up(bad, bad.classes)
    assert adds_up(good, [])


def test_houses_do_not_keep_names_off_the_sheet(printer, sample_review):
    names = set(sample_review.layers["villages"].used["name"])
    for given in (standard.FORMATS["A3"], standard.black_and_white(standard.FORMATS["A4"])):
        sheet = drawn(printer, "environment", given)
        assert sheet.names.listed == []
        assert names <= {text for kind, text, _ in sheet.page.texts if kind == "village"}


def test_plates_of_the_review_lie_beside_each_other(printer):
    sheet = drawn(printer, "plan_findings", standard.black_and_white(standard.FORMATS["A4"]))
    plates = [box for kind, _, box in sheet.page.texts if kind == "flag"]
    assert len(plates) > 30
    assert sheet.page.overlaps() == []
    written = [t.get_text() for t in sheet.page.axes.texts]
    # The four looks of the map stand in the legend, each with its letters.
    assert written.count("QH") == 4
    said = " ".join(written).replace("\u00a0", " ")
    frame = sheet.content.layers["plan_findings"]
    counts = np.bincount(frame.case, minlength=5)
    for title, n in zip(("Trái quy tắc", "Cần xem lại"), counts, strict=False):
        assert f"{title} – {n} điểm" in said


def test_a_small_figure_names_the_uses_that_take_most_ground(printer):
    sheet = drawn(printer, "plans", standard.FIGURE)
    written = " ".join(t.get_text() for t in sheet.page.axes.texts)
    assert all(f"{code}: " in written for code in ("RSX", "CLN", "RPH"))
