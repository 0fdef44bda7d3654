"""Tracks of phones (GPX, KML, CSV) and photos."""

from __future__ import annotations

import datetime as dt

import commune_kit as kit
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources.readers.tracks import Fix, assemble

START = dt.datetime(2025, 3, 31, 17, 30, tzinfo=dt.UTC)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _walk(n=10, step=0.0001):
    """Longitude, latitude, height and time, a dozen metres every ten seconds."""
    return [
        (103.70 + step * i, 22.20 + step * i, 900.0 + i, START + dt.timedelta(seconds=10 * i))
        for i in range(n)
    ]


def _gpx(path, tracks, name="Track 1"):
    parts = []
    for points in tracks:
        inner = "".join(
            f'<trkpt lat="{lat}" lon="{lon}"><ele>{ele}</ele>'
            + (f"<time>{time.isoformat().replace('+00:00', 'Z')}</time>" if time else "")
            + "</trkpt>"
            for lon, lat, ele, time in points
        )
        parts.append(f"<trk><name>{name}</name><trkseg>{inner}</trkseg></trk>")
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" '
        f'xmlns="http://www.topografix.com/GPX/1/1">{"".join(parts)}</gpx>',
        encoding="utf-8",
    )


def _entry(name):
    return SourceEntry(layer="tracks", file=f"sources/{name}")


def test_one_row_a_track_with_times_heights_and_the_day_in_viet_nam(folder):
    _gpx(folder / "sources/duong.gpx", [_walk(), _walk(5)])
    raw = kit.read_one(folder, _entry("duong.gpx"))
    assert raw.frame["track_id"].tolist() == ["duong/1", "duong/2"]
    assert raw.frame["recorded_name"].tolist() == ["Track 1", "Track 1"]
    assert raw.frame["recorded_on"].tolist() == [dt.date(2025, 4, 1)] * 2
    first = raw.frame.iloc[0]
    assert first["@times"] == tuple(START.timestamp() + 10 * i for i in range(10))
    assert first["@heights"] == tuple(900.0 + i for i in range(10))
    assert len(first.geometry.coords) == 10
    expected = kit.moved(_point(103.70, 22.20), kit.ZONE, "EPSG:4326")
    assert np.hypot(*np.subtract(first.geometry.coords[0], expected.coords[0])) < 1e-6
    assert set(raw.frame["located_by"]) == {"phone"}
    assert kit.codes(raw) == []


def _point(x, y):
    import shapely

    return shapely.Point(x, y)


def test_a_zero_fix_is_left_out_and_a_leap_is_named(folder):
    points = _walk()
    points[3] = (0.0, 0.0, None, points[3][3])
    points[7] = (103.9, 22.20, 900.0, points[7][3])
    _gpx(folder / "sources/a.gpx", [points])
    raw = kit.read_one(folder, _entry("a.gpx"))
    assert len(raw.frame.geometry.iloc[0].coords) == 9
    (finding,) = raw.findings
    assert (finding.code, finding.row) == ("TRACK_JUMP", 1)
    # The leap there and the leap back.
    assert "điểm 4, 8, 9" in finding.message.vi
    assert raw.frame.length.iloc[0] < 50_000


def test_time_backwards_and_tracks_without_times_or_points(folder):
    points = _walk()
    points[5] = (*points[5][:3], START - dt.timedelta(hours=1))
    _gpx(folder / "sources/a.gpx", [points, [(*p[:3], None) for p in _walk(4)], _walk(1), []])
    raw = kit.read_one(folder, _entry("a.gpx"))
    assert [(f.code, f.row) for f in raw.findings] == [
        ("TRACK_TIME_BACKWARDS", 1),
        ("TRACK_EMPTY", 3),
        ("TRACK_EMPTY", 4),
    ]
    assert raw.frame["@times"].tolist()[1] == (None,) * 4
    assert raw.frame.geometry.isna().tolist() == [False, False, True, True]


def test_a_clock_ahead_of_the_figures(folder):
    points = [(*p[:3], p[3].replace(year=2062)) for p in _walk()]
    _gpx(folder / "sources/a.gpx", [points])
    raw = kit.read_one(folder, _entry("a.gpx"))
    assert kit.codes(raw) == ["TRACK_TIME_LATER"]
    assert "01/04/2062" in raw.findings[0].message.vi


def test_a_gpx_without_anything_and_one_that_is_cut(folder):
    _gpx(folder / "sources/leer.gpx", [])
    content = folder / "sources/cut.gpx"
    _gpx(content, [_walk()])
    content.write_text(content.read_text(encoding="utf-8")[:400], encoding="utf-8")
    _, empty, cut = kit.read(folder, _entry("leer.gpx"), _entry("cut.gpx")).raws
    assert kit.codes(empty) == ["GPX_WITHOUT_POINTS"]
    assert kit.codes(cut) == ["XML_BROKEN"]


def test_waypoints_are_what_a_point_layer_means(folder):
    (folder / "sources/w.gpx").write_text(
        '<gpx xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="22.2" lon="103.7"><name>Nhà văn hóa</name><ele>900</ele></wpt>'
        '<wpt lat="0" lon="0"><name>x</name></wpt>'
        '<trk><trkseg><trkpt lat="22.2" lon="103.7"/></trkseg></trk></gpx>',
        encoding="utf-8",
    )
    raw = kit.read_one(folder, SourceEntry(layer="cultural_houses", file="sources/w.gpx"))
    assert raw.frame["name"].tolist() == ["Nhà văn hóa", "x"]
    assert [(f.code, f.row) for f in raw.findings] == [("POINT_AT_ZERO", 2)]


def test_csv_tracks(folder):
    rows = ["tuyen,lat,lon,time,ele"]
    for name in ("A", "B"):
        rows += [f"{name},{lat},{lon},{t.isoformat()},{ele}" for lon, lat, ele, t in _walk(6)]
    rows[2], rows[3] = rows[3], rows[2]  # out of order: time decides
    (folder / "sources/t.csv").write_text("\n".join(rows), encoding="utf-8")
    raw = kit.read_one(folder, _entry("t.csv"))
    assert raw.frame["track_id"].tolist() == ["A", "B"]
    assert raw.frame["@times"].iloc[0] == tuple(START.timestamp() + 10 * i for i in range(6))
    assert raw.frame["@heights"].iloc[0] == (900.0, 901.0, 902.0, 903.0, 904.0, 905.0)
    assert raw.frame.geometry.iloc[0].equals_exact(raw.frame.geometry.iloc[1], 1e-9)
    assert len(raw.frame) + raw.refused == 2


def test_kml_tracks_keep_their_times(folder):
    when = "".join(f"<when>{t.isoformat()}</when>" for *_, t in _walk(4))
    coord = "".join(f"<gx:coord>{lon} {lat} {ele}</gx:coord>" for lon, lat, ele, _ in _walk(4))
    (folder / "sources/t.kml").write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
        f"<Placemark><name>Hô Tra</name><gx:Track>{when}{coord}</gx:Track></Placemark></kml>",
        encoding="utf-8",
    )
    raw = kit.read_one(folder, _entry("t.kml"))
    assert raw.frame["@times"].iloc[0] == tuple(START.timestamp() + 10 * i for i in range(4))
    assert raw.frame["@heights"].iloc[0] == (900.0, 901.0, 902.0, 903.0)


FIXES = st.lists(
    st.tuples(st.floats(103, 104), st.floats(22, 23), st.one_of(st.none(), st.floats(0, 1e6))),
    max_size=25,
)


@given(st.lists(FIXES, max_size=3))
def test_every_vertex_has_its_time(segments):
    import shapely

    number = 0
    parts = []
    for segment in segments:
        part = []
        for lon, lat, time in segment:
            number += 1
            part.append(Fix(lon, lat, None, time, number))
        parts.append(part)
    track = assemble(parts)
    vertices = 0 if track.wkb is None else shapely.get_num_coordinates(shapely.from_wkb(track.wkb))
    assert len(track.times) == len(track.heights) == vertices
    assert (track.wkb is None) == any(t.code == "TRACK_EMPTY" for t in track.told)


# --- Photos ---------------------------------------------------------------------------------------


def _photo(path, place=(103.70, 22.20), taken="2025:11:02 09:30:00", zone=None):
    exif = Image.Exif()
    if place is not None:
        lon, lat = place
        exif.get_ifd(0x8825).update({1: "N", 2: _parts(lat), 3: "E", 4: _parts(lon)})
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken
        if zone is not None:
            exif.get_ifd(0x8769)[0x9011] = zone
    Image.new("RGB", (64, 48), "green").save(path, exif=exif)


def _parts(value):
    minutes = value % 1 * 60
    return (float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 4))


def test_a_folder_of_photos(folder):
    photos = folder / "sources/anh"
    photos.mkdir()
    _photo(photos / "IMG_2.jpg")
    _photo(photos / "IMG_10.JPG", place=None)
    _photo(photos / "IMG_3.jpeg", taken="2025:11:02 23:30:00", zone="+00:00")
    (photos / "IMG_4.jpg").write_bytes(b"\xff\xd8\xff" + b"\0" * 50)
    (photos / "Thumbs.db").write_bytes(b"x")
    raw = kit.read_one(folder, SourceEntry(layer="photos", file="sources/anh"))
    assert raw.frame["photo"].tolist() == ["IMG_2.jpg", "IMG_3.jpeg", "IMG_10.JPG"]
    assert raw.frame["@row"].tolist() == [1, 2, 4]
    assert (raw.refused, raw.origin.file) == (1, "sources/anh")
    assert raw.frame["recorded_on"].tolist()[:2] == [dt.date(2025, 11, 2), dt.date(2025, 11, 3)]
    expected = kit.moved(_point(103.70, 22.20), kit.ZONE, "EPSG:4326")
    assert raw.frame.geometry.iloc[0].distance(expected) < 0.01
    assert raw.frame.geometry.isna().tolist() == [False, False, True]
    assert [(f.code, f.row) for f in raw.findings] == [("PHOTO_UNREADABLE", 3)]
    assert len(raw.origin.members) == 3


def test_photos_by_a_pattern(folder):
    (folder / "sources/anh").mkdir()
    for n in (1, 2):
        _photo(folder / f"sources/anh/{n}.jpg")
    raws = kit.read(folder, SourceEntry(layer="photos", files="sources/anh/*.jpg")).raws[1:]
    assert [len(r.frame) for r in raws] == [1, 1]


# --- Tracks as single points ----------------------------------------------------------------------

HEADS = "tuyen;mã công trình;người đo;lat;lon;time;tốc độ;ghi chú"


def _points(n=3, name="A", work="CT01", who="Lò Văn A", start=0):
    return [
        f"{name};{work};{who};{lat};{lon};{t.isoformat()};{i + start};"
        for i, (lon, lat, _, t) in enumerate(_walk(n))
    ]


def _csv(folder, *lines, heads=HEADS, **more):
    (folder / "sources/t.csv").write_text("\n".join([heads, *lines]), encoding="utf-8")
    return kit.read_one(folder, SourceEntry(layer="tracks", file="sources/t.csv", **more))


def test_what_is_said_of_a_whole_track_stays_with_it(folder):
    raw = _csv(folder, *_points(), *_points(name="B", work="CT02", who=""))
    assert raw.frame["track_id"].tolist() == ["A", "B"]
    assert raw.frame["mã công trình"].tolist() == ["CT01", "CT02"]
    assert raw.frame["người đo"].tolist() == ["Lò Văn A", None]
    assert raw.frame["@row"].tolist() == [2, 5]
    assert "tốc độ" not in raw.frame
    (note,) = raw.findings
    assert (note.code, note.severity.value) == ("TRACK_COLUMNS_LEFT", "note")
    assert "tốc độ" in note.message.vi
    assert "time" not in note.message.vi


def test_a_work_written_once_is_that_of_its_track(folder):
    points = _points()
    points[1:] = [p.replace("CT01", "") for p in points[1:]]
    assert _csv(folder, *points).frame["mã công trình"].tolist() == ["CT01"]


def test_two_works_in_one_track_are_unknown_and_told(folder):
    points = [*_points(), *_points(name="B")]
    points[1] = points[1].replace("CT01", "CT09")
    raw = _csv(folder, *points)
    assert raw.frame["mã công trình"].tolist() == [None, "CT01"]
    told = [(f.code, f.row, f.field) for f in raw.findings if f.severity.value == "warning"]
    assert told == [("TRACK_COLUMN_DIFFERS", 2, "mã công trình")]


def test_points_without_coordinates_are_counted(folder):
    points = _points(6)
    points[1] = "A;CT01;Lò Văn A;;;2025-03-31T17:30:05+00:00;9;"
    points[4] = "A;CT01;Lò Văn A;22.2;;2025-03-31T17:30:45+00:00;9;"
    raw = _csv(folder, *points, "B;CT02;Lò Văn A;;;2025-03-31T17:30:05+00:00;9;")
    assert raw.frame["track_id"].tolist() == ["A", "B"]
    assert raw.frame.geometry.isna().tolist() == [False, True]
    assert [len(t) for t in raw.frame["@times"]] == [4, 0]
    lost = {f.row: f.message.vi for f in raw.findings if f.code == "TRACK_POINTS_LOST"}
    assert set(lost) == {2, 8}
    assert "2 điểm" in lost[2]
    assert "dòng 3, 6" in lost[2]
    assert ("TRACK_EMPTY", 8) in [(f.code, f.row) for f in raw.findings]


def test_names_of_the_entry_find_their_columns(folder):
    from ntm_gis.layers.gather import gather

    entry = {"track_id": "lượt", "work_id": "ct", "recorded_on": "lúc", "made_by": "ai"}
    heads = "lượt;ct;ai;lat;lon;lúc (giờ);tốc độ;ghi chú"
    raw = _csv(folder, *_points(), heads=heads, fields=entry | {"recorded_on": "lúc (giờ)"})
    assert raw.frame["lượt"].tolist() == ["A"]
    layers = gather([raw], [], kit.commune())
    row = layers["tracks"].frame.iloc[0]
    assert (row["track_id"], row["work_id"], row["made_by"]) == ("A", "CT01", "Lò Văn A")
    assert row["recorded_on"].date() == dt.date(2025, 4, 1)
    assert "COLUMN_UNKNOWN" not in {f.code for f in layers.findings}


def test_a_day_of_its_own_is_kept_and_a_clock_ahead_is_seen(folder):
    heads = HEADS.replace("ghi chú", "ngày đo")
    raw = _csv(folder, *(p.replace("2025", "2062") + "01/04/2025" for p in _points()), heads=heads)
    assert raw.frame["ngày đo"].tolist() == ["01/04/2025"]
    assert "recorded_on" not in raw.frame
    assert "TRACK_TIME_LATER" in kit.codes(raw)


def test_points_of_a_map_are_joined_with_and_without_a_system(folder):
    frame = kit.points(6)[["geometry"]].assign(
        tuyen=["A", "A", "A", "B", "B", "B"], MA_CT="CT01",
        time=[(START + dt.timedelta(hours=i)).isoformat() for i in range(6)],
    )  # fmt: skip
    frame.to_file(folder / "sources/t.shp", encoding="UTF-8")
    entry = SourceEntry(layer="tracks", file="sources/t.shp")
    raw = kit.read_one(folder, entry)
    assert raw.frame["track_id"].tolist() == ["A", "B"]
    assert raw.frame["@row"].tolist() == [1, 4]
    assert raw.frame["MA_CT"].tolist() == ["CT01", "CT01"]
    assert raw.frame.geometry.iloc[1].coords[0] == kit.INSIDE[3]
    (folder / "sources/t.prj").unlink()
    raw = kit.read_one(folder, entry)
    assert raw.frame["track_id"].tolist() == ["A", "B"]
    assert raw.frame.geometry.isna().all()
    assert kit.codes(raw) == ["CRS_NOT_SAID"]


def test_points_in_a_system_nobody_names_are_tracks_all_the_same(folder):
    lines = [f"A;CT01;x;{2_455_000 + i};{571_000 + i};2025-03-31T17:30:0{i};1;" for i in range(4)]
    raw = _csv(folder, *lines, heads=HEADS.replace("lat;lon", "X;Y"))
    assert raw.frame["track_id"].tolist() == ["A"]
    assert "CRS_NOT_SAID" in kit.codes(raw)
    assert "TRACK_EMPTY" not in kit.codes(raw)
