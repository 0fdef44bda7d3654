"""The record of the plan review: areas that close, pins the same everywhere, hostile texts."""

from __future__ import annotations

import importlib.util
import io
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import outputs
from ntm_gis.outputs import tables
from ntm_gis.outputs.planreview import annexes, page, pills, sketch
from ntm_gis.outputs.planreview.closing import closing
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.worded import worded
from ntm_gis.outputs.speech import Speech


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


p = _beside("planned")
Outline = _beside("test_startpage").Outline
HEAD = "7K3M-Q9TD"


@pytest.fixture(scope="module")
def layers():
    return p.layers()


@pytest.fixture(scope="module")
def answer(layers):
    return p.answer(
        layers,
        p.decision("plan_item:P1/HM01", "drop", p.HOSTILE[1]),
        p.decision("rule:QH18", "waive", "chờ hồ sơ", details=(("until", "2026-06-30"),)),
    )


@pytest.fixture(scope="module")
def html(answer, layers) -> str:
    return page.render(answer, layers, "vi", has_map=True, record_head=HEAD)


def annex(answer, layers, start: str) -> annexes.Table:
    found = annexes.annexes(Reading(answer, layers, "vi"), Speech(answer, "vi", layers))
    return next(t for t in found if t.title.startswith(start))


# --- areas ----------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e9), max_size=60))
def test_rounded_areas_add_up_and_none_moves_by_a_square_metre(amounts):
    whole = closing(amounts)
    assert abs(sum(whole) - sum(amounts)) <= 0.5 + 1e-6 * len(amounts)
    assert all(abs(a - b) < 1 + 1e-6 for a, b in zip(whole, amounts, strict=True))


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_an_area_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="negative or no number"):
        closing([1.0, wrong])


def test_the_change_of_land_use_is_that_of_the_rectangles(answer, layers):
    (named,) = [n for n in Reading(answer, layers, "vi").areas if n.first == "P1"]
    found = named.matrix
    assert (found.rows, found.columns) == (("CLN", "LUC"), ("LUC", "ONT"))
    # 500 × 1000 m of CLN to LUC; 500 m of LUC: half to ONT. On the ellipsoid a little more.
    grid = {("CLN", "LUC"): 500_000, ("CLN", "ONT"): 0, ("LUC", "LUC"): 250_000,
            ("LUC", "ONT"): 250_000}  # fmt: skip
    for (before, after), wanted in grid.items():
        cell = found.cells[found.rows.index(before)][found.columns.index(after)]
        assert cell == pytest.approx(wanted, rel=3e-4)
    assert found.grid_m2 == pytest.approx(1_000_000, abs=0.01)
    assert found.total == sum(found.row_sums) == sum(found.column_sums)
    assert found.total == round(found.ground_m2)


def test_printed_tables_close_as_printed(answer, layers):
    table = annex(answer, layers, "Chuyển loại đất trong quy hoạch P1")
    whole = [[int(c.replace(".", "")) if c != "–" else 0 for c in row[1:]] for row in table.rows]
    assert all(sum(row[:-1]) == row[-1] for row in whole)
    assert [sum(column) for column in zip(*whole[:-1], strict=True)] == whole[-1]
    assert "làm tròn" in table.note


def test_ground_of_two_plans_is_told_by_their_codes(answer, layers):
    (named,) = Reading(answer, layers, "vi").conflicts
    assert (named.first, named.second) == ("P1", "P2")
    assert named.matrix.grid_m2 == pytest.approx(50_000, abs=0.01)
    assert dict(zip(named.matrix.rows, named.matrix.row_sums, strict=True)) == {
        "LUC": pytest.approx(37_500, rel=3e-4), "ONT": pytest.approx(12_500, rel=3e-4),
    }  # fmt: skip


def test_zones_that_overlap_one_another_make_no_table_but_a_sentence():
    twice = p.layers(plan_zones=[
        {"zone_id": f"Z{k}", "plan_id": "P1", "land_use": "LUC", "period": "planned",
         "geometry": p.box(100 * k, 0, 500, 500)} for k in range(2)
    ])  # fmt: skip
    table = annex(p.answer(twice), twice, "Chuyển loại đất")
    assert table.rows == ()
    assert table.note.startswith("Chưa lập được")


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("has_map", [True, False])
def test_the_page_is_well_formed_and_its_links_lead_somewhere(answer, layers, lang, has_map):
    outline = Outline()
    outline.feed(page.render(answer, layers, lang, has_map=has_map, record_head=HEAD))
    assert outline.wrong == []
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert {t[1:] for t in outline.targets if t.startswith("#")} <= set(outline.ids)
    outside = {t.partition("#")[0] for t in outline.targets if not t.startswith("#")}
    assert outside == {"index.html", *(["maps/plan_findings.html"] if has_map else [])}


def test_nothing_refers_to_the_network_and_nothing_runs(html):
    outline = Outline()
    outline.feed(html)
    assert "http:" not in html.replace("http://www.w3.org/2000/svg", "")
    assert not any(name.startswith("on") or name == "style" for _, a in outline.tags for name in a)
    assert not any(tag == "script" for tag, _ in outline.tags)
    assert "script-src 'none'" in html


def test_hostile_texts_are_shown_as_they_are(html):
    outline = Outline()
    outline.feed(html)
    shown = " ".join(outline.text)
    assert p.HOSTILE[1] in shown
    assert p.HOSTILE[2] in shown
    assert "{{ 7*7 }}" in html or "{{ 7*7 }}" in shown
    assert "\u202e" not in html
    assert "\x07" not in html


def test_every_finding_is_a_line_with_its_pin_place_rule_and_an_open_decision(html, answer):
    frame = answer.frames["plan_findings"]
    for pin, shape in zip(frame["id"], frame.geometry, strict=True):
        assert html.count(f'<tr id="{pin}"') == 1
        located = shape is not None and not shape.is_empty
        target = f"maps/plan_findings.html#feature={pin}" if located else f"#{pin}"
        assert f'<a class="pin" href="{target}">{pin}</a>' in html
    assert "□ giữ" in html
    assert "Nghị định 49/2026/NĐ-CP, Điều 18" in html
    assert HEAD in html


def test_the_place_is_north_before_east(html):
    # The overlap of P1 and P2: 950–1000 m east, 0–1000 m north of the corner.
    row = html.split('<tr id="QH04-1"')[1].split("</tr>")[0]
    north, east = (float(v.replace(".", "")) for v in re.findall(r"[XY] ([\d.]+)", row))
    assert p.Y0 <= north <= p.Y0 + 1000
    assert p.X0 + 950 <= east <= p.X0 + 1000


def test_a_waiver_is_printed_with_its_reason_and_last_day(html):
    row = html.split('<tr id="QH18-1"')[1].split("</tr>")[0]
    assert "cho miễn" in row
    assert "chờ hồ sơ" in row
    assert "30/06/2026" in row


def test_what_a_profile_changes_is_printed(answer, layers, monkeypatch):
    from dataclasses import replace

    from ntm_gis.outputs.planreview import reading
    from ntm_gis.results import Words
    from ntm_gis.rules.planning import Difference, in_province

    base = in_province("Lai Châu")
    change = Difference("QH08", "tolerance.width_m", 0.5, 1.0, Words("đo vẽ cũ", "old survey"))
    monkeypatch.setattr(reading, "in_province", lambda *_: replace(base, differences=(change,)))
    shown = page.render(answer, layers)
    assert "Khác với bộ quy tắc chung" in shown
    assert "đo vẽ cũ" in shown
    assert "0,50" in shown


def test_both_maps_have_one_scale_and_pins_do_not_cover_each_other(answer, layers):
    read = Reading(answer, layers, "vi")
    found = sketch.pair(layers, read.pins, title="Khu")
    west = min(float(x) for s in found.before.shapes for x in re.findall(r"M([\d.]+)", s.path))
    boundary = next(s for s in found.after.shapes if s.kind == "boundary")
    xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", boundary.path)]
    # 2,000 m of the boundary, and the scale bar, in one scale.
    assert (max(xs) - min(xs)) / 2000 == pytest.approx(found.bar / found.bar_m, rel=1e-2)
    assert west >= min(xs) - 0.2
    boxes = [(m.x, m.y, m.x + m.width, m.y + pills.HIGH) for m in found.after.pills]
    for i, a in enumerate(boxes):
        assert all(not shapely.box(*a).intersection(shapely.box(*b)).area for b in boxes[i + 1 :])


def test_without_plans_there_is_no_record(tmp_path):
    empty = p.layers(plans=[], plan_zones=[], plan_items=[], plan_documents=[])
    found = p.answer(empty)
    assert not page.available(found, empty)
    assert "Chưa có quy hoạch nào" in page.render(found, empty)
    written = outputs.write_all(found, empty, empty.commune, tmp_path)
    assert not any("plan_" in path.name for path in written)


# --- the same pins everywhere ---------------------------------------------------------------------


def test_pins_are_the_same_on_page_map_and_in_excel_and_geopackage(tmp_path, answer, layers):
    outputs.write_all(answer, layers, layers.commune, tmp_path, record_head=HEAD)
    pins = answer.frames["plan_findings"]["id"].tolist()
    record = (tmp_path / "plan_review.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r'<tr id="(QH[\d-]+)"', record)) == sorted(pins)
    atlas = (tmp_path / "maps" / "plan_findings.html").read_text(encoding="utf-8")
    assert all(f'"{pin}"' in atlas for pin in pins)
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    cells = [row[0].value for row in book["Rà soát quy hoạch"].iter_rows(min_row=5)]
    assert [c for c in cells if c] == pins
    to_fill = openpyxl.load_workbook(tmp_path / "plan_decisions.xlsx").active
    assert [r[0].value for r in to_fill.iter_rows(min_row=5)][: len(pins)] == pins
    with sqlite3.connect(tmp_path / "commune.gpkg") as base:
        names = [n for (n,) in base.execute("SELECT table_name FROM gpkg_contents")]
        found = {
            pin
            for name in names
            if name in ("plan_findings", "plan_findings_line", "plan_findings_polygon")
            for (pin,) in base.execute(f'SELECT id FROM "{name}"')  # noqa: S608 - our own names
        }
    assert found == set(pins)


def test_the_frame_gets_words_once_and_keeps_its_codes(answer, layers):
    told = worded(answer, layers, "vi")
    frame = told.frames["plan_findings"]
    assert (frame["says"].str.len() > 0).all()
    assert frame["id"].tolist() == answer.frames["plan_findings"]["id"].tolist()
    assert worded(told, layers, "vi") is told


def test_the_sheet_of_areas_closes(answer, layers):
    book = openpyxl.load_workbook(io.BytesIO(tables.tables(answer, layers)))
    rows = [[c.value for c in row] for row in book["Chuyển loại đất"].iter_rows(min_row=5)]
    of_p1 = [row for row in rows if row[0] == "P1"]
    assert sum(row[4] for row in of_p1 if row[1] != "Cộng") == of_p1[-1][4]


def test_the_first_annex_closes_with_the_annex_of_each_plan(answer, layers):
    read = Reading(answer, layers, "vi")
    table = next(
        t
        for t in annexes.annexes(read, Speech(answer, "vi", layers))
        if t.title.startswith("Diện tích theo")
    )
    totals = {named.first: named.matrix.total for named in read.areas if named.matrix}
    assert totals
    for column, head in enumerate(table.heads[2:], 2):
        cells = [row[column].replace(".", "") for row in table.rows]
        parts = [int(cell) for cell in cells[:-1] if cell != "–"]
        assert sum(parts) == int(cells[-1]) == totals[head.partition(":")[0]]
    assert "elipxoit" in table.note


def test_the_first_annex_names_the_plans_that_it_lacks(answer, layers):
    frame = answer.frames["plan_area_matrix"].copy()
    frame["state"] = [
        "not_computable" if plan == "P1" else state
        for plan, state in zip(frame["plan"], frame["state"], strict=True)
    ]
    broken = replace(answer, frames={**answer.frames, "plan_area_matrix": frame})
    table = annexes.annexes(Reading(broken, layers, "vi"), Speech(broken, "vi", layers))[0]
    assert "Chưa lập được cột của P1" in table.note
    assert not any("P1" in head for head in table.heads)


def test_very_many_zones_and_pins_make_no_page_without_end(layers, answer, monkeypatch):
    monkeypatch.setattr(sketch, "MOST_ZONES", 2)
    monkeypatch.setattr(sketch, "MOST_PINS", 1)
    read = Reading(answer, layers, "vi")
    found = sketch.pair(layers, read.pins, title="Khu")
    assert (found.undrawn, len(found.after.pills)) == (3, 1)
    shown = page.render(answer, layers)
    assert "3 khu nhỏ nhất không vẽ" in shown
