"""What stands on the scorecard: every criterion, its proof, what is for reference, what is open."""

from __future__ import annotations

import datetime as dt
import html as entities
import re
from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import pytest
import shapely

from ntm_gis import analyses
from ntm_gis.layers.decisions import NOTHING, Decision
from ntm_gis.layers.values import Layers
from ntm_gis.outputs.scorecard import lists, page
from ntm_gis.rules.criteria import criteria_set

SET = criteria_set("vn-2021-2025")
BODY = re.compile(r"<body.*", re.DOTALL)


def part(html: str, anchor: str) -> str:
    """Return the block of a criterion or an indicator up to the next of its kind."""
    kind = "crit" if anchor.startswith("tieu-chi") else "ind"
    start = html.index(f'id="{anchor}"')
    after = re.compile(rf'<details class="(?:{kind}|crit)\b|</section>').search(html, start)
    return html[start : after.start()]


def plain(text: str) -> str:
    """Return the words of a piece of markup."""
    return re.sub(r"\s+", " ", entities.unescape(re.sub(r"<[^>]*>", " ", text))).strip()


def test_every_criterion_and_indicator_stands_in_the_order_of_the_law(html) -> None:
    assert re.findall(r'id="tieu-chi-([\d.]+)"', html) == [c.code for c in SET.head.criteria]
    lines = [line.code for line in SET.indicators.values() if line.part_of is None]
    assert re.findall(r'id="chi-tieu-([\d.]+)"', html) == lines


def test_every_verdict_is_that_of_its_measure_in_word_and_mark(html, answer) -> None:
    marks = {"met": ("met", "Đạt"), "not_met": ("not", "Chưa đạt"),
             "undetermined": ("und", "Chưa xác định"), "no_threshold": ("none", "Chưa có ngưỡng"),
             "not_applicable": ("na", "Không áp dụng")}  # fmt: skip
    seen = set()
    for measure in answer.measures:
        family, _, code = measure.id.partition(".")
        anchor = {"indicator": f"chi-tieu-{code}", "criterion": f"tieu-chi-{code}"}.get(family)
        if anchor is None or f'id="{anchor}"' not in html:
            continue
        verdict = "no_threshold" if measure.judged is None else measure.judged.verdict.value
        head = part(html, anchor).split("</summary>")[0]
        mark, word = marks[verdict]
        shown = head.rpartition('<span class="vd">')[2]
        assert f'href="#m-{mark}"' in shown, measure.id
        assert plain(shown) == word, measure.id
        seen.add(measure.id)
    assert len(seen) == 19 + 57


def test_a_threshold_that_nobody_verified_is_for_reference_and_makes_no_official_result(
    html, answer
) -> None:
    judged = {m.id: m.judged for m in answer.measures if m.judged is not None}
    for name, verdict in judged.items():
        family, _, code = name.partition(".")
        if family != "indicator" or verdict.threshold is None or code.count(".") > 1:
            continue
        if f'id="chi-tieu-{code}"' not in html:
            continue
        head = part(html, f"chi-tieu-{code}").split("</summary>")[0]
        assert ("tham khảo" in plain(head)) is not verdict.threshold.official, name
        assert verdict.threshold.citation in plain(head), name
    assert "chưa dùng để công nhận" in html


def test_a_confirmed_threshold_shows_document_page_and_who_read_it(
    confirmed, layers, maps_made
) -> None:
    html = page.render(confirmed, layers, maps_made=maps_made)
    head = plain(part(html, "chi-tieu-2.2").split("</summary>")[0])
    assert "≥ 45 %" in head.replace("\u00a0", " ")
    assert "tham khảo" not in head
    for said in ("1487/QĐ-UBND", "12", "Lò Văn A"):
        assert said in head
    # Of the limit 45 % the bounds 16.3 and 63.3 lie on both sides.
    assert "Chưa xác định" in head


def test_what_to_survey_stands_first_with_its_length(confirmed, layers) -> None:
    html = page.render(confirmed, layers)
    todo = html[html.index('id="can-khao-sat"') :].split("</section>")[0]
    first = plain(todo[todo.index("<li>") :].split("</li>")[0])
    assert "Khảo sát đường D16" in first
    assert re.search(r"\d+,\d km", first)
    assert first.count("Quyết định được chỉ tiêu 2.2") == 1
    ranks = re.findall(r'class="rank num">(\d+)<', todo)
    assert ranks == [str(k) for k in range(1, len(ranks) + 1)]
    assert len(ranks) == 1 + 3


def test_thresholds_that_are_missing_or_not_verified_are_counted_with_where_to_enter_them(
    html, answer, layers
) -> None:
    todo = plain(html[html.index('id="can-khao-sat"') :].split("</section>")[0])
    judged = [m.judged for m in answer.measures if re.fullmatch(r"indicator\.[\d.]+", m.id)]
    none = [j for j in judged if j.verdict.value == "no_threshold"]
    reference = [j for j in judged if j.threshold is not None and not j.threshold.official]
    assert f"{len(none)} chỉ tiêu chưa có ngưỡng: 2.1, 2.2, 2.3, 2.4" in todo
    assert f"{len(reference)} chỉ tiêu có ngưỡng chỉ để tham khảo" in todo
    assert "thresholds.xlsx" not in html
    assert 'href="thresholds.xlsx"' in page.render(answer, layers, limits_file="thresholds.xlsx")


def test_it_leads_to_what_to_do_next_where_that_is_made(answer, layers, html) -> None:
    assert 'href="priorities.html"' not in html
    there = page.render(answer, layers, next_page="priorities.html")
    assert '<a href="priorities.html">Nên làm gì trước</a>' in there


def test_a_target_whose_direction_nobody_wrote_has_no_sign(answer) -> None:
    frame = answer.frames["target_progress"].copy()
    frame["direction"], frame["days_left"] = None, -184.0
    table = lists.targets(replace(answer, frames={"target_progress": frame}), "vi")
    assert all(row[1].text.startswith("chưa rõ chiều:") for row in table.rows)
    assert all(row[6].text == "đã qua 184" for row in table.rows)


def test_the_bar_proves_the_word(html, answer) -> None:
    by_id = {m.id: m for m in answer.measures}
    bars = 0
    for code in re.findall(r'id="chi-tieu-([\d.]+)"', html):
        measure = by_id[f"indicator.{code}"]
        head = part(html, f"chi-tieu-{code}").split("</summary>")[0]
        drawn = re.search(r'class="sure"[^>]* width="([\d.]+)%"', head)
        if measure.unit != "%":
            assert drawn is None
            continue
        bars += 1
        maybe = re.search(r'class="maybe"[^>]* width="([\d.]+)%"', head)
        low, high = float(drawn[1]), float(drawn[1]) + (float(maybe[1]) if maybe else 0.0)
        assert (low, high) == pytest.approx((measure.low, measure.high), abs=0.02)
        cut = re.search(r'class="cut" x="([\d.]+)%"', head)
        threshold = measure.judged.threshold
        assert (cut is None) == (threshold is None), code
        if threshold is not None and threshold.at_least is not None:
            expected = {"met": low >= threshold.at_least - 0.02,
                        "not_met": high < threshold.at_least + 0.02}  # fmt: skip
            assert expected.get(measure.judged.verdict.value, True), code
    assert bars > 20


def test_every_number_leads_to_features_or_rows_of_files(html, layers, answer) -> None:
    by_id = {m.id: m for m in answer.measures}
    for code in re.findall(r'id="chi-tieu-([\d.]+)"', html):
        body = part(html, f"chi-tieu-{code}").partition("</summary>")[2]
        measure = by_id[f"indicator.{code}"]
        for part_ in measure.evidence.features:
            if part_.layer == "figures":
                assert f"dòng {part_.id}<" in body, (code, part_)
            else:
                assert re.search(rf"(>|#feature=){re.escape(part_.id)}\b", body), (code, part_)
        for file in measure.evidence.inputs:
            assert file.removeprefix("sources/") in body


def test_a_feature_leads_to_its_place_on_a_map_that_was_made(html, answer, layers) -> None:
    assert 'href="maps/roads.html#feature=D16&amp;layer=roads"' in html
    assert 'href="maps/villages.html#feature=MK04&amp;layer=villages"' in html
    without = page.render(answer, layers)
    assert "maps/" not in BODY.search(without)[0]


def test_features_of_an_indicator_are_counted_by_state(html, answer) -> None:
    measure = next(m for m in answer.measures if m.id == "indicator.6.3")
    unknown = sum(p.unknown for p in measure.evidence.features)
    met = sum(p.amount > 0 for p in measure.evidence.features)
    body = part(html, "chi-tieu-6.3")
    heads = [plain(x) for x in re.findall(r"<h4>(.*?)</h4>", body)]
    every = len(measure.evidence.features)
    assert heads == [f"Chưa rõ ({unknown})", f"Chưa đạt ({every - met - unknown})", f"Đạt ({met})"]
    drawn = re.search(r"<figure.*?</figure>", body, re.DOTALL)[0].split("<figcaption>")[0]
    assert drawn.count('href="#m-met"') == met
    assert drawn.count('href="#m-not"') == every - met - unknown
    assert drawn.count('href="#m-und"') == unknown


def test_sources_that_differ_are_side_by_side_with_what_was_decided(html, answer) -> None:
    block = html[html.index('id="nguon-khac"') :].split("</section>")[0]
    assert re.findall(r'href="#chi-tieu-([\d.]+)"', block) == ["8.2", "12.2", "15.4"]
    said = plain(block)
    assert said.count("Chưa thống nhất") == 3
    for document in ("88/BC-UBND", "12/CV-VT", "27/BC-HPN", "19/BC-TYT"):
        assert document in said
    assert "Biểu tổng hợp 2025.xlsx · Số liệu chỉ tiêu · dòng 124" in said


def test_sets_are_compared_only_where_a_mapping_is_confirmed(html) -> None:
    block = plain(html[html.index('id="bo-moi"') :].split("</section>")[0])
    assert "Văn bản có 47 chỉ tiêu, ở đây mới biết 3" in block
    assert block.count("không so sánh được: chưa xác nhận chỉ tiêu tương ứng") == 3
    assert "57 chỉ tiêu của bộ đang dùng chưa có chỉ tiêu tương ứng" in block


def test_the_trend_stops_where_the_set_changes(html) -> None:
    block = plain(html[html.index('id="truoc-sau"') :].split("</section>")[0])
    assert "dừng ở ngày 15/02/2026" in block
    for said in ("Mường Khoa (cũ)", "Phúc Khoa", "Cộng các xã cũ", "Đánh giá lại xã mới"):
        assert said in block
    assert re.search(r"71,4.% Chưa đạt 100,0.% Đạt 80,0.% Đạt 80,0.% Đạt", block)


def test_targets_are_called_no_thresholds(html) -> None:
    block = plain(html[html.index('id="muc-tieu"') :].split("</section>")[0])
    assert "không phải ngưỡng của bộ tiêu chí" in block
    assert "tham khảo" not in block


def test_the_worksheet_tells_of_every_village_and_indicator_of_criterion_17(html, layers) -> None:
    block = html[html.index('id="theo-ban"') :].split("</section>")[0]
    villages = len(layers["villages"].used)
    assert len(re.findall(r'<i class="box \w+" role="img"', block)) == 12 * villages
    assert "Phòng Kinh tế" in block
    assert "chưa giao" in block
    assert "maps/environment.html#feature=MT08&amp;layer=environment" in block
    said = plain(block)
    assert "Chè có bể thu gom vỏ thuốc trong vòng 1.000 m: 343,8 ha; không có: 938,4 ha" in said


def test_the_page_is_whole_and_quiet(html) -> None:
    assert len(html.encode("utf-8")) < 480_000
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    assert not re.search(r'\sstyle="|\son\w+="', BODY.search(html)[0])
    assert "Content-Security-Policy" in html
    assert "7K3M-Q9TD" in html


def test_texts_of_files_are_texts(confirmed, hostile, maps_made, evil) -> None:
    html = page.render(analyses.answer(hostile), hostile, maps_made=maps_made)
    for text in evil[:2]:
        assert text not in html
        assert entities.escape(text) in html
    assert "{{ 7*7 }}" in html
    assert "\u202e" not in html


def test_the_page_is_there_in_english(answer, layers, maps_made) -> None:
    html = page.render(answer, layers, "en", maps_made=maps_made)
    assert '<html lang="en">' in html
    body = plain(BODY.search(html)[0])
    for said in ("of 19 criteria met", "Not met", "reference", "Least to survey for a verdict"):
        assert said in body
    assert not re.search(r"\b(Chưa đạt|tham khảo|Ngưỡng|Tiêu chí)\b", body)


def test_without_a_set_there_is_no_page(answer, layers) -> None:
    assert page.available(answer, layers)
    who = layers.commune.model_copy(
        update={"commune": layers.commune.commune.model_copy(update={"criteria_set": None})}
    )
    assert not page.available(answer, replace(layers, commune=who))
    frames = {k: v for k, v in answer.frames.items() if k != "scorecard"}
    assert not page.available(replace(answer, frames=MappingProxyType(frames)), layers)


def test_two_runs_make_the_same_page(html, answer, layers, maps_made) -> None:
    assert page.render(answer, layers, "vi", maps_made=maps_made, record_head="7K3M-Q9TD") == html


def test_a_decision_on_sources_that_differ_is_said_with_what_does_not_count(layers) -> None:
    day = layers.commune.commune.as_of
    chosen = Decision(
        "e", "figure:15.4", "use", day, "Lò Văn A", "đã đối chiếu",
        details=(("document", "88/BC-UBND (số liệu minh họa)"),),
    )  # fmt: skip
    answer = analyses.answer(layers, replace(NOTHING, decided=(chosen,)))
    html = page.render(answer, layers)
    block = html[html.index('id="nguon-khac"') :].split("</section>")[0]
    of_figure = plain(block[block.index('href="#chi-tieu-15.4"') :])
    assert "Đã chọn nguồn" in of_figure
    assert re.search(r"48,7 .* 19/BC-TYT .* \(không tính\)", of_figure)
    assert plain(block).count("Chưa thống nhất") == 2


def test_under_the_new_set_what_is_known_stands_and_the_rest_is_open(layers) -> None:
    who = layers.commune.commune.model_copy(
        update={"criteria_set": "vn-2026-2030", "compare_sets": ("vn-2021-2025",)}
    )
    later = who.model_copy(update={"as_of": dt.date(2026, 6, 30)})
    there = replace(layers, commune=layers.commune.model_copy(update={"commune": later}))
    html = page.render(analyses.answer(there), there)
    assert re.findall(r'id="tieu-chi-(\d+)"', html) == [str(k) for k in range(1, 11)]
    assert html.count('id="chi-tieu-') == 3
    said = plain(html)
    assert "0 trên 10 tiêu chí đạt" in said
    assert said.count("chưa biết chỉ tiêu nào") == 8
    assert "47 chỉ tiêu" in said
    # What is compared with is older: nothing stops when it comes into force.
    assert "Bộ so sánh" in said
    assert "Bộ mới" not in said


def test_without_any_row_nothing_is_met(layers) -> None:
    empty = Layers(layers.commune, MappingProxyType({}))
    html = page.render(analyses.answer(empty), empty)
    assert "0 trên 19 tiêu chí đạt" in plain(html)
    assert 'class="tile met"' not in html
    assert "Chưa có số liệu nào cho chỉ tiêu này." in html


def test_a_village_far_away_leaves_the_small_maps_as_they_are(answer, layers, html) -> None:
    frame = answer.frames["villages"].copy()
    moved = frame.geometry.to_list()
    moved[0] = shapely.Point(0.0, 0.0)
    frame = frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=frame.crs))
    there = replace(answer, frames=MappingProxyType({**answer.frames, "villages": frame}))

    def outline(text: str) -> str:
        return re.search(r'class="g-commune" d="([^"]*)"', text)[1]

    assert outline(page.render(there, layers)) == outline(html)


def test_rows_that_say_nothing_are_one_sentence(html, answer, layers) -> None:
    assert "Chưa có số liệu về bể thu gom" not in html
    sites = answer.frames["environment_villages"].copy()
    for name in sites.columns:
        if name.endswith("_m") or name in ("pesticide_bins", "waste_points", "livestock_farms",
                                           "cemeteries"):  # fmt: skip
            sites[name] = float("nan")
    frames = {**answer.frames, "environment_villages": sites}
    bare = page.render(replace(answer, frames=frames), layers)
    assert "Chưa có số liệu về bể thu gom vỏ thuốc" in bare
    # One that is known is enough to show them all.
    sites.loc[sites.index[0], "cemeteries"] = 0.0
    assert "Chưa có số liệu về bể thu gom" not in page.render(
        replace(answer, frames=frames), layers
    )
