"""Tracks walked along road works: what they credit of which work, and what is said of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import build
import numpy as np
import pytest
import shapely
import walks

from ntm_gis import pipeline
from ntm_gis.analyses import tracks
from ntm_gis.analyses.question import Question
from ntm_gis.crs import transformer
from ntm_gis.layers.decisions import Decisions, Survey
from ntm_gis.results import spans

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


def test_the_tracks_of_the_sample_give_the_road_to_ho_tra():
    _, layers = pipeline.check(SAMPLE)
    found = {survey.track_id: survey for survey in tracks.surveys(layers)}
    assert set(found) == {"GPX1", "GPX2", "GPX3"}
    whole = [spans.length(found[key].credited) / 100 for key in ("GPX1", "GPX3")]
    assert whole == pytest.approx([7000, 7000], rel=0.015)
    ((a, b, why),) = found["GPX2"].not_credited
    assert why == "gap"
    assert a / 100 == pytest.approx(3100, abs=30)
    assert b / 100 == pytest.approx(3950, abs=30)
    assert tracks.surveys(pipeline.check(SAMPLE)[1]) == tuple(found.values())
