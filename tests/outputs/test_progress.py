"""Road works: what is read, the strip chart, the chapter, the terminal, the sheets."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import itertools
import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, ModuleType

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ntm_gis import outputs
from ntm_gis.layers.values import Answer
from ntm_gis.outputs import results_json, startpage, tables, webmap
from ntm_gis.outputs.feature_tables import feature_tables
from ntm_gis.outputs.progress.chapter import chapter
from ntm_gis.outputs.progress.model import Report, Stretch, Work
from ntm_gis.outputs.progress.reading import named, strays, works
from ntm_gis.outputs.progress.strip import strip
from ntm_gis.outputs.progress.timeline import timeline
from ntm_gis.outputs.qgis import project
from ntm_gis.rules import maps
from ntm_gis.rules.terms import sections


def _roadworks() -> ModuleType:
    path = Path(__file__).with_name("roadworks.py")
    spec = importlib.util.spec_from_file_location("roadworks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rw = _roadworks()
HEAD = "7K3M-Q9TD"


@pytest.fixture(scope="module")
def answer() -> Answer:
    return rw.answer()


@pytest.fixture(scope="module")
def layers():
    return rw.layers()


@pytest.fixture(scope="module")
def found(answer, layers) -> dict[str, Work]:
    return {work.id: work for work in works(answer, layers, "vi")}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# --- reading --------------------------------------------------------------------------------------


def test_every_work_that_is_measured_is_there_and_sums_are_none(found):
    assert list(found) == ["CT01", rw.EVIL, "CT03"]
    assert found["CT03"].span is None
    assert found["CT01"].span == (0.0, 7000.0)


def test_stretches_name_their_reports_whatever_the_ids_hold(found):
    now = found["CT01"].now
    assert [[r.id for r in s.reports] for s in now[:2]] == [["B2", "B1"], ["B3", "B1"]]
    # The id of the hostile report holds what joins ids.
    assert [r.id for r in found[rw.EVIL].now[0].reports] == [f"{rw.EVIL}, 1"]
    assert [r.id for s in now for r in s.aside] == ["B5"]


def test_what_is_contested_is_summed_and_the_newest_report_is_not_one_set_aside(found):
    assert found["CT01"].disputed_m == 300.0
    last = found["CT01"].last_report
    assert (last.id, last.on) == ("B6", dt.date(2025, 12, 1))


def test_reports_of_no_work_are_kept(answer, layers):
    listed = works(answer, layers, "vi")
    assert [(key, r.id) for key, r in strays(answer, listed, "vi")] == [("KHÔNG CÓ", "B16")]


def _plain_report(key: str) -> Report:
    return Report(
        key, None, None, None, None, None, None, None, None, None, None, "", None, None, None, None,
        recorded=False,
    )  # fmt: skip


@given(st.lists(st.sampled_from(["a", "a, b", "b", "c, a", ", "]), max_size=5, unique=True))
def test_joined_ids_come_apart_into_known_ones(keys):
    by_id = {key: _plain_report(key) for key in keys}
    back = [report.id for report in named(", ".join(keys) or None, by_id)]
    assert set(back) <= set(keys)
    if not any(", " in key for key in keys):
        assert back == keys


# --- strip ----------------------------------------------------------------------------------------


def test_the_strip_fills_the_road_from_its_start_to_its_end(found):
    chart = strip(found["CT01"], "vi")
    assert chart.cells[0].x == 1.5
    assert sum(cell.width for cell in chart.cells) == pytest.approx(97.0, abs=0.02)
    # 1,250 of 7,000 metres.
    assert chart.cells[0].width == pytest.approx(97 * 1250 / 7000, abs=1e-3)
    labels = [tick.label for tick in chart.ticks if tick.label]
    assert labels[:2] == ["Km0", "Km7"]
    assert {"Km1", "Km6"} <= set(labels)


def test_photos_are_marked_where_they_were_taken_and_those_told_so(found):
    marks = strip(found["CT01"], "vi").marks
    assert [m.told for m in marks] == [False, True, False]
    assert marks[0].x == pytest.approx(1.5 + 97 * 620 / 7000, abs=1e-3)


def test_reports_stand_in_the_lane_of_their_stage_and_the_others_apart(found):
    lanes = {lane.title: lane for lane in strip(found["CT01"], "vi").lanes}
    ids = {title: [bar.title.split(":")[0] for bar in lane.bars] for title, lane in lanes.items()}
    assert set(ids["Báo cáo nghiệm thu"]) == {"B2", "B11", "B13"}
    assert set(ids["Báo cáo chưa tính"]) == {"B5", "B7", "B8", "B9", "B12", "B15"}
    assert ids["Khảo sát GPS chưa tính"] == ["GPX2", "GPX1", "GPX1"]
    assert all(
        "Hẹp hơn" in bar.title for bar in lanes["Báo cáo chưa tính"].bars if "B5:" in bar.title
    )


def test_what_somebody_contests_is_drawn_apart_with_its_reason(found):
    lane = next(x for x in strip(found["CT01"], "vi").lanes if "đổ bê tông" in x.title)
    bar = next(b for b in lane.bars if b.title.startswith("B3"))
    assert bar.look == "contested"
    assert "ý kiến khác nhau" in bar.title


def _work(spans: list[tuple[int, int]]) -> Work:
    reports = tuple(
        replace(_plain_report(f"R{k}"), from_m=float(a), to_m=float(b), stage="poured",
                state="counted")
        for k, (a, b) in enumerate(spans)
    )  # fmt: skip
    whole = Stretch(0.0, 5000.0, "none", (), None, None, None, ())
    return Work("W", "W", now=(whole,), reports=reports)


@given(
    st.lists(
        st.tuples(st.integers(0, 4999), st.integers(1, 5000)).filter(lambda s: s[0] < s[1]),
        min_size=1,
        max_size=25,
    )
)
def test_bars_never_lie_on_one_another_and_labels_never_meet(spans):
    chart = strip(_work(spans), "vi")
    bars = chart.lanes[0].bars
    assert len(bars) + int("".join(filter(str.isdigit, chart.lanes[0].more)) or 0) == len(spans)
    for y in {bar.y for bar in bars}:
        row = sorted((b for b in bars if b.y == y), key=lambda b: b.x)
        for one, other in itertools.pairwise(row):
            assert one.x + one.width <= other.x + 0.06
        taken = sorted(
            (tag.x - wide * {"start": 0, "middle": 0.5, "end": 1}[tag.anchor], wide)
            for tag in (b.desk for b in row)
            if tag is not None
            for wide in [100 * len(tag.text) * 6.6 / 860]
        )
        for (x, wide), (after, _) in itertools.pairwise(taken):
            assert x + wide <= after + 1.2
    assert max(bar.y for bar in bars) < chart.height


@given(st.floats(0, 50_000), st.floats(1, 80_000))
def test_labels_of_the_scale_never_meet(start, length):
    whole = Stretch(start, start + length, "none", (), None, None, None, ())
    chart = strip(Work("W", "W", now=(whole,)), "vi")
    inner = sorted(t.x for t in chart.ticks if t.label and t.anchor == "middle")
    assert all(0 <= t.x <= 100 for t in chart.ticks)
    assert all(b - a > 8 for a, b in itertools.pairwise(inner))


def test_a_part_of_a_work_is_drawn_over_the_whole_width(found):
    chart = strip(found["CT01"], "vi", (2000.0, 2500.0))
    assert [cell.state for cell in chart.cells] == ["poured", "disputed", "poured"]
    assert sum(cell.width for cell in chart.cells) == pytest.approx(97.0, abs=0.02)


# --- over time, chapter ---------------------------------------------------------------------------


def test_plan_and_fact_are_drawn_to_scale(found):
    chart = timeline(found["CT01"], rw.AS_OF, "vi")
    assert [line.kind for line in chart.lines] == ["due", "reported", "poured", "accepted"]
    poured = [tuple(map(float, p.split(","))) for p in chart.lines[2].points.split()]
    first, last = dt.date(2025, 3, 10), dt.date(2026, 6, 30)
    share = (dt.date(2025, 9, 30) - first).days / (last - first).days
    assert poured[2] == pytest.approx((1000 * share, 1000 * (1 - 2.6 / 7)), abs=0.1)
    # The third payment is of a day after the figures.
    assert [w.text for w in chart.payments] == ["210", "180"]


def test_too_little_gives_no_chart_over_time(found):
    assert timeline(found["CT03"], rw.AS_OF, "vi") is None


def test_the_chapter_says_all_that_counts_in_office_language(answer, layers):
    made = chapter(answer, layers, "vi", record_head=HEAD)
    text = plain("\n".join(made.paragraphs))
    for words in (
        "thiết kế 7,00 km; báo cáo 3,10 km (3,10–3,40), trong đó đã đổ bê tông 2,30 km",
        "Cộng thẳng các báo cáo sẽ ra 6,40 km", "300 m đang có ý kiến khác nhau",
        "Km2+100 – Km2+400", "B5 (hẹp hơn mức tối thiểu", "390 triệu đồng trên tổng mức 3.060",
        "đất hiến 120 m²", "xong khoảng 01/09/2026", HEAD,
    ):  # fmt: skip
        assert words in text
    # Nothing is known of its acceptance, and the figure is provisional.
    assert "nghiệm thu chưa đủ căn cứ" in text
    assert "thiết kế 0,50 km (tạm tính)" in text
    assert made.tables[0].title == "Chiều dài theo công trình"
    assert all(len(row) == len(t.heads) for t in made.tables for row in t.rows)
    assert outputs.progress_chapter is chapter


def test_a_commune_without_works_has_a_chapter_that_says_so(layers):
    made = chapter(Answer(), layers, "vi")
    assert "chưa khai báo công trình đường nào" in made.paragraphs[0]
    assert made.tables == ()


def test_the_chapter_speaks_english(answer, layers):
    text = "\n".join(chapter(answer, layers, "en").paragraphs)
    assert "Plain adding-up would give 6.40" in plain(text)
    assert "thiết kế" not in text


# --- terminal -------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_terminal_shows_every_length_at_any_width(answer, layers, width):
    console = Console(width=width, file=io.StringIO(), legacy_windows=False)
    console.print(outputs.progress_status(answer, layers, "vi", record_head=HEAD))
    text = plain(console.file.getvalue())
    for words in ("7,00", "3,10", "2,30", "1,97", "1,25", "17,9 %", "300 m", "01/12/2025", HEAD):
        assert words in text
    assert max(map(len, text.splitlines())) <= width
    assert "\u202e" not in text
    assert "\x07" not in text


def test_the_same_for_programs(answer, layers):
    rows = outputs.progress_rows(answer, layers)
    assert rows[0]["reported_km"] == {"value": 3.1, "low": 3.1, "high": 3.4}
    assert rows[0]["last_report"] == {"id": "B6", "on": "2025-12-01"}
    assert rows[2]["last_report"] is None
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows


# --- tables.xlsx ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(answer, layers):
    made = tables.tables(answer, layers, "vi", HEAD)
    return openpyxl.load_workbook(io.BytesIO(made))


def rows_of(book, name: str) -> list[dict[str, object]]:
    sheet = book[name]
    head = [cell.value for cell in sheet[4]]
    return [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(5, values_only=True)]


def test_sheets_tell_lengths_stretches_reports_overlaps_history_gifts(book):
    first = rows_of(book, "Tiến độ công trình đường")[0]
    assert (first["Thiết kế (km)"], first["Báo cáo (km)"], first["Nghiệm thu (km)"]) == (
        7,
        3.1,
        1.25,
    )
    assert first["Báo cáo: Cao nhất"] == 3.4
    assert first["Có ý kiến khác nhau (m)"] == 300
    stretches = rows_of(book, "Từng đoạn công trình")
    assert sum(r["Dài (m)"] for r in stretches if r["Mã"] == "CT01") == 7000
    reports = {r["Báo cáo"]: r for r in rows_of(book, "Kết quả báo cáo đường")}
    assert len(reports) == len(rw.REPORTS)
    assert reports["B8"]["Từ lý trình"] == "−Km0+050"
    assert reports["B16"]["Kết quả"].startswith("Không có công trình này")
    overlap = rows_of(book, "Báo cáo trùng nhau")[0]
    assert (overlap["Dài (m)"], overlap["Báo cáo trước: người báo"]) == (1250, "Đơn vị thi công")
    assert len(rows_of(book, "Kế hoạch, thực hiện đường")) == 3
    assert rows_of(book, "Chuyển lý trình")[0]["Chênh lệch (m)"] == 10
    assert rows_of(book, "Đóng góp theo công trình")[0]["Đất hiến (m²)"] == 120
    assert rows_of(book, "Đóng góp theo bản")[0]["Bản"] == "bản Hô Tra"


def test_every_sheet_bears_the_check_code_and_texts_stay_texts(book):
    for sheet in book:
        assert HEAD in sheet["A2"].value
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_no_household_is_named_in_any_sheet(book):
    texts = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
    assert not any("Bí Mật" in text or "Thửa" in text for text in texts)


def test_a_commune_without_works_has_none_of_these_sheets(layers):
    names = openpyxl.load_workbook(io.BytesIO(tables.tables(Answer(), layers, "vi"))).sheetnames
    assert "Tiến độ công trình đường" not in names


# --- check code of the record ---------------------------------------------------------------------


def test_the_check_code_stands_in_results_pages_and_maps(answer, layers):
    found = results_json.document(answer, layers, layers.commune, HEAD)
    assert found["record_head"] == HEAD
    assert results_json.document(answer, layers, layers.commune)["record_head"] is None
    words = f"Mã kiểm tra hồ sơ: {HEAD}"
    assert words in startpage.render(answer, layers, "vi", record_head=HEAD)
    assert "Mã kiểm tra hồ sơ" not in startpage.render(answer, layers, "vi")
    atlas = webmap.Atlas(answer, layers.commune, record_head=HEAD)
    assert words in atlas.render("road_progress")
    assert "Mã kiểm tra hồ sơ" not in webmap.Atlas(answer, layers.commune).render("overview")


def test_everything_is_written_once_more_with_the_same_bytes(answer, layers, tmp_path):
    only = frozenset(["progress.html", "results.json", "tables.xlsx", "maps/road_progress"])
    pages = []
    for name in ("a", "b"):
        outputs.write_all(
            answer, layers, layers.commune, tmp_path / name, only=only, record_head=HEAD
        )
        found = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        pages.append({p.name: p.read_bytes() for p in found})
    assert pages[0] == pages[1]
    assert set(pages[0]) == {
        "progress.html", "results.json", "tables.xlsx", "road_progress.html",
    }  # fmt: skip


def test_a_page_of_an_earlier_run_goes_when_there_are_no_works(answer, layers, tmp_path):
    outputs.write_all(answer, layers, layers.commune, tmp_path)
    assert (tmp_path / "progress.html").is_file()
    start = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert start.count('href="progress.html"') == 2
    frames = {k: v for k, v in answer.frames.items() if k in ("boundary", "villages")}
    outputs.write_all(Answer(frames=MappingProxyType(frames)), layers, layers.commune, tmp_path)
    assert not (tmp_path / "progress.html").exists()
    assert not (tmp_path / "maps" / "road_progress.html").exists()


# --- days of the map ------------------------------------------------------------------------------


def _layer_of(html: str, style: str) -> dict:
    block = html[html.index('id="data">') + 10 :]
    data = json.loads(block[: block.index("</script>")])
    return next(layer for layer in data["layers"] if layer["style"] == style)


def test_a_stretch_that_stays_the_same_is_drawn_once_for_all_its_days(answer, layers):
    drawn = _layer_of(webmap.Atlas(answer, layers.commune).render("road_progress"), "road_progress")
    frame = answer.frames["road_progress"]
    assert len(drawn["id"]) < len(frame)
    days = sorted(frame["on"].dt.date.unique())
    # On each day the stretches of every work are those of the frame.
    for number, day in enumerate(days):
        there = [
            i
            for i, (since, until) in enumerate(zip(drawn["day"], drawn["until"], strict=True))
            if since <= number <= until
        ]
        seen = sorted((drawn["work"][i], *drawn["span"][i]) for i in there)
        rows = frame[frame["on"].dt.date == day]
        works_in_order = list(dict.fromkeys(frame["work_id"]))
        expected = sorted(
            (works_in_order.index(w), a, b)
            for w, a, b in zip(rows["work_id"], rows["from_m"], rows["to_m"], strict=True)
        )
        assert [list(one) for one in seen] == [list(one) for one in expected]


def test_photos_and_tracks_appear_on_their_day_and_undated_ones_always(answer, layers):
    html = webmap.Atlas(answer, layers.commune).render("road_progress")
    photos = _layer_of(html, "photos")
    # Days: 20/04, 30/09, 31/12. A photo of 28/06 is there from 30/09 on.
    assert dict(zip(photos["id"], photos["since"], strict=True)) == {
        "A1.jpg": 1, "zalo.jpg": 2, rw.HOSTILE[1]: 0, "A4.jpg": 2, "A5.jpg": 2, "A6.jpg": 0,
    }  # fmt: skip
    cases = [case.code for case in maps.styles().styles["photos"].cases]
    assert [cases[k] for k in photos["case"]] == [photo["state"] for photo in rw.PHOTOS]


def test_every_state_of_a_frame_has_a_look_of_its_own():
    styles = maps.styles().styles
    stretch = {case.code for case in styles["road_progress"].cases}
    assert stretch == {"accepted", "poured", "base", "cleared", "none", "disputed"}
    told = {*styles["road_reports"].where["state"], *styles["road_reports_aside"].where["state"]}
    assert told == set(sections()["report_state"])
    tracks = {*styles["tracks_credited"].where["state"]}
    tracks |= {*styles["tracks_not_credited"].where["state"]}
    # What is dated after the figures is in none of their days.
    assert tracks == set(sections()["track_state"]) - {"later"}


# --- GeoPackage -----------------------------------------------------------------------------------


def test_what_analyses_drew_of_rows_has_tables_of_its_own(answer, layers):
    found = {t.name: t for t in feature_tables(answer, layers, "vi")}
    # No layer of tracks or reports is there: their frames are tables as they are.
    assert found["tracks"].rows == len(rw.TRACKS)
    tracks = rw.frame(rw.TRACKS, rw.TRACK_COLUMNS)
    layer = rw.layer(
        "tracks", "sources/gpx/1.gpx",
        [{"track_id": "GPX1", "work_id": "CT01", "geometry": rw.ROAD, "@row": 1}], "tracks",
    )  # fmt: skip
    more = replace(layers, by_name=MappingProxyType({**layers.by_name, "tracks": layer}))
    found = {t.name: t for t in feature_tables(answer, more, "vi")}
    assert found["tracks_drawn"].rows == len(tracks)
    assert "state" not in {c.name for c in found["tracks"].columns}
    titles = {c.name: c.title for c in found["road_progress"].columns}
    assert (titles["reports"], titles["verified_by"]) == ("Báo cáo", "Xác nhận")
    assert found["road_history"].title == "Kế hoạch và thực hiện công trình đường"


def test_the_project_shows_stretches_as_of_the_last_day(answer, layers):
    text = project.project(feature_tables(answer, layers, "vi"), layers, "vi")
    assert "layername=road_progress|subset=&quot;on&quot; = '2025-12-31'" in text
