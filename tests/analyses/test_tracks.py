"""Tracks walked along road works: what they credit of which work, and what is said of them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import build
import numpy as np
import pytest
import shapely
import walks

from ntm_gis import analyses, pipeline
from ntm_gis.analyses.question import Question
from ntm_gis.analyses.tracks import analysis as tracks
from ntm_gis.crs import transformer
from ntm_gis.layers.decisions import Decisions, Survey
from ntm_gis.layers.values import Layers
from ntm_gis.results import spans
from ntm_gis.rules.commune import Progress

SAMPLE = Path(__file__).parents[2] / "data" / "sample"

ROAD = walks.serpentine(legs=8) + np.array([build.WEST, build.SOUTH])
LENGTH = walks.lengths(ROAD)[-1]
OTHER = ROAD + np.array([3000.0, 0.0])


def road(road_id: str, xy: np.ndarray, **more) -> build.Row:
    return {"road_id": road_id, "name": f"đường {road_id}", "road_class": "village",
            "geometry": walks.line(xy), **more}  # fmt: skip


def work(work_id: str = "CT01", road_id: str = "D1", **more) -> build.Row:
    return {"work_id": work_id, "road_id": road_id, "name": f"công trình {work_id}",
            "planned_length_m": 5000.0, "from_m": 0.0, "to_m": 5000.0, **more}  # fmt: skip


def track(walk: walks.Walk, track_id: str = "T1", **more) -> build.Row:
    row = {"track_id": track_id, "work_id": "CT01", "recorded_on": dt.date(2025, 12, 18),
           "geometry": walks.line(walk.xy), "@times": tuple(walk.times.tolist())}  # fmt: skip
    return {**row, **more}


def walk(line: np.ndarray = ROAD, seed: int = 1, **how) -> walks.Walk:
    return walks.along(line, np.random.default_rng(seed), **{"sigma": 4.0, **how})


def scene(*rows: build.Row, works: list[build.Row] | None = None, **more):
    return build.layers(
        roads=[road("D1", ROAD), road("D2", OTHER)], road_works=works or [work()],
        tracks=list(rows), **more,
    )  # fmt: skip


def commune_with(**said):
    """The commune with some of `[progress]` said."""
    return build.commune().model_copy(update={"progress": Progress(**said)})


def asked(layers):
    return tracks.answer(Question(layers))


def test_a_track_credits_the_work_it_names():
    layers = scene(track(walk(start=200, end=1800)))
    (survey,) = tracks.surveys(layers)
    assert (survey.track_id, survey.work_id, survey.entry) == ("T1", "CT01", "")
    assert survey.recorded_on == dt.date(2025, 12, 18)
    assert spans.length(survey.credited) / 100 == pytest.approx(1600, rel=0.015)
    assert survey.place is not None
    assert survey.place.row == 1
    assert len(survey.centreline or "") == 64
    frame = asked(layers).frames["tracks"]
    assert set(frame["state"]) == {"credited"}
    assert frame["why"][0] == "Được tính theo tuyến đo ngày 18/12/2025."
    assert frame.geometry.length.sum() == pytest.approx(frame["length_m"].sum(), abs=0.5)


def test_the_span_of_the_work_cuts_what_is_credited():
    layers = scene(track(walk()), works=[work(from_m=500.0, to_m=900.0)])
    assert tracks.surveys(layers)[0].credited == ((50_000, 90_000),)


def test_of_two_works_on_one_road_a_track_is_of_the_one_it_walks():
    two = [work(from_m=0.0, to_m=800.0), work("CT02", from_m=1000.0, to_m=2000.0)]
    row = track(walk(start=1100, end=1900), work_id=None)
    layers = scene(row, works=two)
    assert [s.work_id for s in tracks.surveys(layers)] == ["CT02"]
    wrong = asked(scene({**row, "work_id": "CT01"}, works=two))
    assert build.codes(wrong) == ["TRACK_OTHER_ROAD"]
    assert "ngoài đoạn của công trình: Km1+" in wrong.findings[0].message.vi


def test_stakes_give_the_official_chainage():
    """The road is drawn 1 % too long between stakes: the credit follows the stakes."""
    line = walks.line(ROAD)
    stakes = [
        {"road_id": "D1", "chainage_m": round(0.99 * m, 2), "geometry": line.interpolate(m)}
        for m in (0.0, 1000.0, 2000.0)
    ]
    layers = scene(track(walk(start=200, end=1800)), stakes=stakes)
    plain = scene(track(walk(start=200, end=1800)))
    ((a, b),), ((c, d),) = (tracks.surveys(of)[0].credited for of in (layers, plain))
    assert a == pytest.approx(0.99 * c, abs=2)
    assert b == pytest.approx(0.99 * d, abs=2)


def test_surveys_of_record_and_sources_are_one_ground():
    layers = scene(track(walk(start=200, end=1000)))
    old = Survey("E1", "T0", "CT01", dt.date(2025, 6, 1), None, ((0, 60_000), (200_000, 210_000)))
    found = tracks.surveyed(layers, Decisions(surveys=(old,)))
    ((a, b),) = tracks.surveys(layers)[0].credited
    assert a < 60_000
    assert found == {"CT01": ((0, b), (200_000, 210_000))}
    again = tracks.surveyed(layers, Decisions(surveys=(old, old)))
    assert again == found


def test_tracks_of_the_record_are_drawn_with_those_of_the_sources_and_none_twice():
    layers = scene(track(walk(start=200, end=1000)))
    (mine,) = tracks.surveys(layers)
    old = Survey(
        "e" * 64, "T0", "CT01", dt.date(2025, 6, 1), "Lò Văn A", ((0, 10_000),),
        ((10_000, 15_000, "gap"), (15_000, 16_000, "off"), (16_000, 17_000, "beside")),
    )  # fmt: skip
    again, late = replace(mine, entry="f" * 64), replace(old, recorded_on=dt.date(2026, 2, 1))
    decisions = Decisions(surveys=(old, again, late))
    frame = tracks.answer(Question(layers, decisions)).frames["tracks"]
    assert frame["track_id"].tolist() == ["T1"] + ["T0"] * 8
    assert frame["state"].tolist()[1:6] == ["credited", "gap", "off", "beside", "later"]
    assert frame["id"].is_unique
    assert frame["entry"].tolist()[:2] == [None, "e" * 64]
    assert frame["made_by"][1] == "Lò Văn A"
    assert frame.geometry[1:5].length.tolist() == pytest.approx([100, 50, 10, 10], abs=0.01)
    assert "thiếu điểm đo" in frame["why"][2]
    none = tracks.answer(Question(scene(), decisions)).frames["tracks"]
    assert len(none) == 9


def test_a_gap_is_named_with_its_place_and_its_length():
    layers = scene(track(walk(gap=(700.0, 1000.0))))
    answer = asked(layers)
    assert build.codes(answer) == ["TRACK_GAP"]
    (finding,) = answer.findings
    assert finding.affects == ("progress.CT01.surveyed_km",)
    assert finding.at is not None
    assert "công trình CT01" in finding.message.vi
    frame = answer.frames["tracks"]
    assert frame["state"].tolist() == ["credited", "gap", "credited"]
    gap = frame[frame["state"] == "gap"].iloc[0]
    assert gap["from_m"] == pytest.approx(700, abs=25)
    assert gap["to_m"] == pytest.approx(1000, abs=25)
    assert "trống" in gap["why"]
    assert gap.geometry.length == pytest.approx(gap["length_m"], abs=0.1)


def test_a_track_on_the_road_beside_is_drawn_where_it_went():
    beside = shapely.get_coordinates(shapely.offset_curve(walks.line(ROAD[:8]), -28.0))
    there = np.r_[beside, ROAD[9:]]
    layers = build.layers(
        roads=[road("D1", ROAD), road("D3", beside)], road_works=[work()],
        tracks=[track(walk(there, sigma=2.0))],
    )  # fmt: skip
    answer = asked(layers)
    assert "TRACK_BESIDE" in build.codes(answer)
    told = next(f for f in answer.findings if f.code == "TRACK_BESIDE")
    assert "đường D3" in told.message.vi
    frame = answer.frames["tracks"]
    part = frame[frame["state"] == "beside"].iloc[0]
    assert part.geometry.distance(walks.line(beside)) < 8
    assert "đường D3" in part["why"]


def test_a_track_of_another_road_is_told_which():
    answer = asked(scene(track(walk(OTHER))))
    assert build.codes(answer) == ["TRACK_OTHER_ROAD"]
    assert "đường D2" in answer.findings[0].message.vi
    assert tracks.surveys(scene(track(walk(OTHER))))[0].credited == ()


def test_a_track_that_names_no_work_is_placed_by_where_it_goes():
    layers = scene(track(walk(), work_id=None), works=[work(), work("CT02", "D2")])
    assert [s.work_id for s in tracks.surveys(layers)] == ["CT01"]
    assert build.codes(asked(layers)) == ["TRACK_WORK_BY_PLACE"]
    nowhere = scene(track(walk(ROAD + np.array([0, 1500.0])), work_id=None))
    assert tracks.surveys(nowhere) == ()
    answer = asked(nowhere)
    assert build.codes(answer) == ["TRACK_NO_WORK"]
    assert answer.frames["tracks"]["state"].tolist() == ["off"]


def test_a_track_that_names_no_known_work_is_told_which_one_it_is_on():
    layers = scene(track(walk(), work_id="CT77"))
    answer = asked(layers)
    assert build.codes(answer) == ["TRACK_WORK_UNKNOWN"]
    assert "công trình CT01 (CT01)" in answer.findings[0].message.vi
    assert answer.findings[0].affects == ("progress.CT01.surveyed_km",)
    assert "CT77" in answer.frames["tracks"]["why"][0]
    away = scene(track(walk(ROAD + np.array([0, 1500.0])), work_id="CT77"))
    assert "cũng không đi" in asked(away).findings[0].message.vi
    assert asked(away).findings[0].affects == ()


def test_a_track_of_a_day_to_come_is_credited_to_nothing_yet():
    row = track(walk(start=100, end=1500), recorded_on=dt.date(2026, 1, 5))
    frame = asked(scene(row)).frames["tracks"]
    assert frame["state"].tolist() == ["later"]
    assert "sau ngày số liệu 31/12/2025" in frame["why"][0]
    undated = asked(scene({**row, "recorded_on": None})).frames["tracks"]
    assert undated["state"].tolist() == ["credited"]
    assert "chưa rõ ngày đo" in undated["why"][0]


def test_the_largest_gap_and_the_stated_distance_are_the_communes_own():
    rows = [track(walk(gap=(700.0, 860.0)))]
    assert [why for *_, why in tracks.surveys(scene(*rows))[0].not_credited] == ["gap"]
    wide = scene(*rows, commune_=commune_with(largest_gap_m=200.0))
    assert tracks.surveys(wide)[0].not_credited == ()
    narrow = scene(*rows, commune_=commune_with(track_distance_m=1.0))
    assert "off" in [why for *_, why in tracks.surveys(narrow)[0].not_credited]
    assert "quá khoảng cách cho phép 1 m" in " ".join(asked(narrow).frames["tracks"]["why"])


def test_a_track_in_another_province_counts_for_nothing_and_is_said_to():
    answer = asked(scene(track(walk(ROAD + np.array([250_000.0, -90_000.0])))))
    assert build.codes(answer) == ["TRACK_ELSEWHERE"]
    assert answer.findings[0].affects == ("progress.CT01.surveyed_km",)
    assert "cách xã 250 km" in answer.findings[0].message.vi


def test_a_track_without_times_says_so_and_counts_all_the_same():
    row = {**track(walk(start=100, end=1500)), "@times": None}
    layers = scene(row)
    assert build.codes(asked(layers)) == ["TRACK_NO_TIMES"]
    assert spans.length(tracks.surveys(layers)[0].credited) / 100 == pytest.approx(1400, rel=0.02)
    undated = scene({**row, "recorded_on": None})
    assert "Chưa rõ ngày đo" in asked(undated).findings[0].message.vi
    assert tracks.surveys(undated)[0].recorded_on is None


def test_points_that_make_no_track_are_said_once():
    points = [
        {"track_id": f"P{k}", "work_id": "CT01", "geometry": shapely.Point(xy)}
        for k, xy in enumerate(ROAD[:5])
    ]
    assert build.codes(asked(scene(*points))) == ["TRACK_LOOSE_POINTS"]
    assert build.codes(asked(scene(points[0]))) == ["TRACK_ONE_POINT"]
    assert tracks.surveys(scene(*points)) == ()


def test_points_that_leap_are_said_and_take_nothing_away():
    found = walk(start=100, end=1500)
    found.xy[40] += [30_000.0, 9000.0]
    layers = scene(track(found))
    assert build.codes(asked(layers)) == ["TRACK_OUTLIERS"]
    assert "41" in asked(layers).findings[0].message.vi
    assert spans.length(tracks.surveys(layers)[0].credited) / 100 == pytest.approx(1400, rel=0.02)


def test_a_length_that_noise_makes_unsure_is_said_to_be():
    layers = scene(track(walk(start=500, end=700, sigma=12.0, step=20.0)))
    assert "TRACK_LENGTH_UNSURE" in build.codes(asked(layers))


def test_a_work_whose_road_is_not_drawn_gets_no_credit_but_a_finding():
    layers = scene(track(walk()), works=[work(road_id="D9")])
    assert build.codes(asked(layers)) == ["TRACK_ROAD_UNDRAWN"]


def test_a_commune_without_tracks_has_an_empty_frame():
    answer = asked(build.layers(roads=[road("D1", ROAD)], road_works=[work()]))
    assert answer.findings == ()
    assert len(answer.frames["tracks"]) == 0
    assert "why" in answer.frames["tracks"]


def test_several_lines_of_one_track_are_not_joined_by_a_straight_line():
    one, two = walk(start=100, end=500), walk(start=1200, end=1700, seed=2)
    row = {
        **track(one),
        "geometry": shapely.MultiLineString([one.xy, two.xy]),
        "@times": (*one.times.tolist(), *(two.times + 4000).tolist()),
    }
    (survey,) = tracks.surveys(scene(row))
    assert len(survey.credited) == 2
    assert [why for *_, why in survey.not_credited] == ["gap"]


# --- Out of files ----------------------------------------------------------------------------------


def gpx(path: Path, xy: np.ndarray, times: list[str]) -> None:
    lon, lat = transformer(build.CRS, "EPSG:4326").transform(xy[:, 0], xy[:, 1])
    points = "".join(
        f'<trkpt lat="{b:.7f}" lon="{a:.7f}"><time>{t}</time></trkpt>'
        for a, b, t in zip(lon, lat, times, strict=True)
    )
    path.write_text(
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>',
        encoding="utf-8",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A commune of one road, one work and one track that begins at 17:30 UTC on 31 March."""
    (tmp_path / "sources").mkdir()
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9205"}}

    def layer(file: str, shape: shapely.Geometry, **said: object) -> None:
        feature = {"type": "Feature", "properties": said, "geometry": shape.__geo_interface__}
        whole = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
        (tmp_path / "sources" / file).write_text(json.dumps(whole), encoding="utf-8")

    layer("xa.geojson", build.box(-5000, -5000, 9000, 9000), unit_code="03601", name="Mường Khoa")
    layer("duong.geojson", walks.line(ROAD), road_id="D1", road_class="village", surface="earth")
    (tmp_path / "sources" / "ct.csv").write_text(
        "work_id;road_id;planned_length_m\nCT01;D1;2000\n", encoding="utf-8"
    )
    found = walk(start=100, end=1500)
    begin = dt.datetime(2025, 3, 31, 17, 30, tzinfo=dt.UTC)
    times = [(begin + dt.timedelta(seconds=t)).isoformat() for t in found.times.tolist()]
    gpx(tmp_path / "sources" / "di.gpx", found.xy, times)
    (tmp_path / "commune.toml").write_text(
        '[commune]\ncode = "03601"\nname = "Mường Khoa"\nprovince = "Lai Châu"\n'
        'crs = "EPSG:9205"\nas_of = 2025-12-31\n'
        '[[source]]\nlayer = "boundary"\nfile = "sources/xa.geojson"\n'
        '[[source]]\nlayer = "roads"\nfile = "sources/duong.geojson"\n'
        '[[source]]\nlayer = "road_works"\nfile = "sources/ct.csv"\n'
        '[[source]]\nlayer = "tracks"\nfile = "sources/di.gpx"\n'
        'values = { track_id = "T1", work_id = "CT01" }\n',
        encoding="utf-8",
    )
    return tmp_path


def test_the_evening_in_greenwich_is_the_next_day_in_viet_nam(folder):
    _, layers = pipeline.check(folder)
    (survey,) = tracks.surveys(layers)
    assert survey.recorded_on == dt.date(2025, 4, 1)
    assert spans.length(survey.credited) / 100 == pytest.approx(1400, rel=0.02)
    assert survey.place is not None
    assert survey.place.file == "sources/di.gpx"
    assert len(survey.place.sha256 or "") == 64


@pytest.fixture(scope="module")
def sample() -> Layers:
    """The layers of the sample commune."""
    return pipeline.check(SAMPLE)[1]


def test_the_tracks_of_the_sample_give_the_road_to_ho_tra(sample):
    found = {survey.track_id: survey for survey in tracks.surveys(sample)}
    assert set(found) == {"GPX1", "GPX2", "GPX3"}
    whole = [spans.length(found[key].credited) / 100 for key in ("GPX1", "GPX3")]
    assert whole == pytest.approx([7000, 7000], rel=0.015)
    ((a, b, why),) = found["GPX2"].not_credited
    assert why == "gap"
    assert a / 100 == pytest.approx(3100, abs=30)
    assert b / 100 == pytest.approx(3950, abs=30)
    assert tracks.surveys(pipeline.check(SAMPLE)[1]) == tuple(found.values())


def by_hand(number: int) -> list[tuple[float, float]]:
    """What a track of the sample covers of the road to Hô Tra, by plain projection, in metres.

    Each point goes to the nearest place of the road; steps up to 100 m count (its hairpins are
    wide apart, so that the nearest place is the right one).
    """
    import pyogrio
    import pyproj

    text = (SAMPLE / f"sources/gpx/duong_ho_tra_{number}.gpx").read_text(encoding="utf-8")
    points = re.findall(r'<trkpt lat="([-.0-9]+)" lon="([-.0-9]+)"', text)
    degrees = [(float(lon), float(lat)) for lat, lon in points if float(lon) and float(lat)]
    roads = pyogrio.read_dataframe(SAMPLE / "sources/duong_giao_thong.shp")
    (line,) = roads.geometry[roads["MA_DUONG"] == "D05"]
    project = pyproj.Transformer.from_crs("EPSG:4326", build.CRS, always_xy=True).transform
    at = [line.project(shapely.Point(project(*place))) for place in degrees]
    steps = [(min(a, b), max(a, b)) for a, b in pairwise(at)]
    sure = spans.union((round(100 * a), round(100 * b)) for a, b in steps if b - a <= 100)
    missing = spans.union((round(100 * a), round(100 * b)) for a, b in steps if b - a > 100)
    # A step that noise made too long is no gap where the points about it leave less than 100 m.
    short = [s for s in spans.difference(missing, sure) if s[1] - s[0] <= 10_000]
    return [(a / 100, b / 100) for a, b in spans.union([*sure, *short])]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_tracks_of_the_sample_are_what_a_hand_computation_gives(sample, number):
    found = {survey.track_id: survey for survey in tracks.surveys(sample)}
    ours = [(a / 100, b / 100) for a, b in found[f"GPX{number}"].credited]
    hand = by_hand(number)
    assert len(ours) == len(hand)
    for (a, b), (c, d) in zip(ours, hand, strict=True):
        assert (a, b) == (pytest.approx(c, abs=12), pytest.approx(d, abs=12))


def test_the_surveyed_length_of_the_sample_is_their_ground_each_metre_once(sample):
    by_id = build.by_id(analyses.answer(sample))
    every = [(round(100 * a), round(100 * b)) for k in (1, 2, 3) for a, b in by_hand(k)]
    metres = spans.length(every) / 100
    assert 1000 * by_id["progress.CT01.surveyed_km"].value == pytest.approx(metres, abs=20)
