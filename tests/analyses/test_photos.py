"""Photos of road works: placed by their own position, or as told, and never twice."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import build
import pytest
import shapely

from ntm_gis import pipeline
from ntm_gis.analyses.photos import analysis as photos
from ntm_gis.analyses.photos.findings import lost_by
from ntm_gis.analyses.question import Question
from ntm_gis.crs import transformer
from ntm_gis.layers.values import FILE, Layers, Origin
from ntm_gis.results.words import messages
from ntm_gis.rules.commune import SourceEntry

ROAD = build.line((0, 0), (2000, 0))
DAY = dt.date(2025, 11, 2)


def picture(name: str, x: float | None = None, y: float = 4.0, **more) -> build.Row:
    """A picture of the folder: with a position, or without; `sha` its digest."""
    place = None if x is None else build.at(x, y)
    taken = "2025-11-02 09:30:00"
    return {"photo": name, "recorded_on": DAY, "taken_at": taken, "geometry": place,
            "sha": name, **more}  # fmt: skip


def entry(name: str, **more) -> build.Row:
    """A row of a list of photos."""
    return {"photo": name, "listed": True, **more}


def scene(*rows: build.Row, works: list[build.Row] | None = None) -> Layers:
    plain = [
        {"work_id": "CT01", "road_id": "D1", "name": "đường lên Hô Tra",
         "planned_length_m": 2000.0}
    ]  # fmt: skip
    layers = build.layers(
        roads=[{"road_id": "D1", "road_class": "village", "geometry": ROAD},
               {"road_id": "D2", "road_class": "village",
                "geometry": build.line((0, 500), (2000, 500))}],
        road_works=works or plain, photos=list(rows),
    )  # fmt: skip
    layer = layers["photos"]
    files = ["sources/anh.xlsx" if row.get("listed") else "sources/anh" for row in rows]
    frame = layer.frame.copy()
    frame[FILE] = files
    source = SourceEntry(layer="photos", file="sources/anh")
    members = tuple((str(row["photo"]), str(row["sha"])) for row in rows if "sha" in row)
    origins = (
        Origin("sources/anh", "photos", source, None, "0" * 64, None, members),
        Origin("sources/anh.xlsx", "photos", source, "Ảnh", "1" * 64),
    )
    made = replace(layer, frame=frame, origins=origins)
    return replace(layers, by_name=MappingProxyType({**layers.by_name, "photos": made}))


def asked(*rows: build.Row, **how):
    return photos.answer(Question(scene(*rows, **how)))


def one(*rows: build.Row, row: int = 0, **how):
    return asked(*rows, **how).frames["photos"].iloc[row]


def test_a_photo_with_a_position_is_placed_on_the_road_it_shows():
    row = one(picture("IMG_1.jpg", 1250.0, -6.0))
    assert (row["state"], row["work_id"], row["road_id"]) == ("gps", "CT01", "D1")
    assert row["at_m"] == 1250.0
    assert row["chainage"] == "Km1+250"
    assert (row["offset_m"], row["side"]) == (6.0, "right")
    assert row.geometry.equals(build.at(1250, -6))
    assert row["recorded_on"].date() == DAY


def test_a_photo_far_from_every_work_keeps_its_place_and_has_no_chainage():
    row = one(picture("IMG_1.jpg", 900.0, 700.0))
    assert row["state"] == "gps"
    assert row["work_id"] is None
    assert row["chainage"] is None
    assert row.geometry is not None


def test_a_photo_said_to_be_of_a_work_but_taken_elsewhere_is_said_so():
    answer = asked(picture("IMG_1.jpg", 900.0, 700.0, work_id="CT01"))
    assert build.codes(answer) == ["PHOTO_OFF_ROAD"]
    assert "700 m" in answer.findings[0].message.vi
    assert answer.frames["photos"]["chainage"].tolist() == [None]


def test_a_list_places_a_photo_that_a_chat_stripped_and_says_it_is_only_told():
    name = "z5012345678901_ab12.jpg"
    answer = asked(
        picture(name, recorded_on=None, taken_at=None),
        entry(name.upper(), work_id="CT01", chainage_m=500.0, stage="poured", recorded_on=DAY),
    )
    row = answer.frames["photos"].iloc[0]
    assert len(answer.frames["photos"]) == 1
    assert (row["state"], row["chainage"], row["stage"]) == ("told", "Km0+500", "poured")
    assert row["recorded_on"].date() == DAY
    assert row["how"].startswith("Theo lời báo")
    assert row.geometry.equals(build.at(500, 0))
    assert build.codes(answer) == ["PHOTO_POSITION_LOST"]
    assert "Zalo" in answer.findings[0].message.vi
    assert "Tài liệu" in answer.findings[0].repair.vi
    assert "0 ảnh chưa đặt được" in answer.findings[0].message.vi


def test_the_position_of_a_photo_outweighs_what_is_told():
    answer = asked(
        picture("a.jpg", 1500.0), entry("a", work_id="CT01", chainage_m=200.0, stage="base")
    )
    row = answer.frames["photos"].iloc[0]
    assert (row["state"], row["at_m"], row["stage"]) == ("gps", 1500.0, "base")
    assert build.codes(answer) == ["PHOTO_TOLD_DIFFERS"]
    assert "Km0+200" in answer.findings[0].message.vi


@pytest.mark.parametrize(
    ("name", "timed", "why"),
    [
        ("z5012345678901_ab12cd.jpg", False, "ZALO"),
        ("received_1234567890.jpeg", False, "MESSENGER"),
        ("FB_IMG_1699999999999.jpg", False, "FACEBOOK"),
        ("IMG-20251102-WA0007.jpg", False, "WHATSAPP"),
        ("photo_2025-11-02_09-30-00.jpg", False, "TELEGRAM"),
        ("0-02-06-viber_image.jpg", False, "VIBER"),
        ("Screenshot_20251102.jpg", True, "SCREEN"),
        ("IMG_2001.jpg", True, "SETTING"),
        ("IMG_2001.jpg", False, "CHAT"),
    ],
)
def test_it_is_said_what_took_the_position(name, timed, why):
    assert lost_by(name, timed=timed) == f"PHOTO_LOST_{why}"
    answer = asked(picture(name, taken_at="2025-11-02 09:30:00" if timed else None))
    assert build.codes(answer) == ["PHOTO_POSITION_LOST"]
    said = messages()[f"PHOTO_LOST_{why}"].text.vi
    assert said in answer.findings[0].message.vi
    assert answer.findings[0].repair.vi == messages()[f"PHOTO_LOST_{why}_DO"].text.vi
    assert answer.frames["photos"]["state"].tolist() == ["unplaced"]


def test_photos_without_a_position_are_said_once_for_each_cause():
    rows = [picture(f"z{k}012345678901_a.jpg", taken_at=None) for k in range(9)]
    rows += [picture(f"IMG_{k}.jpg") for k in range(2)]
    found = asked(*rows).findings
    assert [f.code for f in found] == ["PHOTO_POSITION_LOST"] * 2
    assert [f.message.vi[:5].strip() for f in found] == ["2 ảnh", "9 ảnh"]
    assert "…" in found[1].message.vi


def test_the_same_picture_counts_once():
    answer = asked(picture("b.jpg", 700.0, sha="x"), picture("a.jpg", 700.0, sha="x"))
    frame = answer.frames["photos"]
    assert frame["state"].tolist() == ["repeat", "gps"]  # a comes before b
    assert build.codes(answer) == ["PHOTO_REPEATED"]


def test_one_picture_given_for_two_places_is_set_aside():
    answer = asked(
        picture("a.jpg", sha="x"), picture("b.jpg", sha="x"),
        entry("a.jpg", work_id="CT01", chainage_m=100.0),
        entry("b.jpg", work_id="CT01", chainage_m=1800.0),
    )  # fmt: skip
    assert answer.frames["photos"]["state"].tolist() == ["told", "repeat"]
    assert "PHOTO_TWO_PLACES" in build.codes(answer)


def test_a_photo_that_is_listed_but_not_handed_in_is_missed():
    answer = asked(entry("c.jpg", work_id="CT01", chainage_m=100.0), entry("d.jpg"))
    assert answer.frames["photos"]["state"].tolist() == ["missing", "missing"]
    assert answer.frames["photos"].geometry.isna().all()
    assert build.codes(answer) == ["PHOTO_NOT_HANDED_IN"]


def test_a_chainage_beyond_the_road_places_nothing():
    answer = asked(picture("a.jpg"), entry("a.jpg", work_id="CT01", chainage_m=2400.0))
    assert "PHOTO_BEYOND_ROAD" in build.codes(answer)
    assert answer.frames["photos"].geometry.isna().all()


def test_a_name_of_several_pictures_is_no_name():
    layers = scene(
        picture("a.jpg", sha="x"), picture("A.jpeg", sha="y"), entry("a", work_id="CT01")
    )
    answer = photos.answer(Question(layers))
    assert "PHOTO_NAME_SEVERAL" in build.codes(answer)
    assert answer.frames["photos"]["state"].tolist() == ["unplaced", "unplaced"]


def test_a_day_that_differs_is_said_and_that_of_the_photo_counts():
    told = dt.date(2025, 11, 20)
    answer = asked(picture("a.jpg", 700.0), entry("a.jpg", recorded_on=told))
    assert build.codes(answer) == ["PHOTO_DAY_DIFFERS"]
    assert answer.frames["photos"]["recorded_on"][0].date() == DAY


def test_a_photo_of_another_province_is_said_once_and_on_no_road():
    answer = asked(
        picture("a.jpg", 250_000.0, 9000.0, work_id="CT01"), picture("b.jpg", 90_000.0, 0.0)
    )
    assert build.codes(answer) == ["PHOTO_ELSEWHERE"]
    told = answer.findings[0]
    assert (told.feature, told.affects) == ("a.jpg", ())
    assert "2 ảnh" in told.message.vi
    assert "cách xã tới 2" in told.message.vi
    assert answer.frames["photos"]["at_m"].isna().all()


def test_days_to_come_and_days_not_known_are_said():
    answer = asked(
        picture("a.jpg", 100.0, recorded_on=dt.date(2062, 11, 2)),
        picture("b.jpg", 200.0, recorded_on=None, taken_at=None),
        picture("c.jpg", 300.0, recorded_on=None, taken_at=None),
        entry("c.jpg", recorded_on=DAY),
    )
    assert build.codes(answer) == ["PHOTO_DAY_LATER", "PHOTO_DAY_OPEN"]
    assert "02/11/2062" in answer.findings[0].message.vi
    assert "b.jpg" in answer.findings[1].message.vi
    frame = answer.frames["photos"]
    assert frame["state"].tolist() == ["later", "gps", "gps"]
    assert frame.geometry.isna().tolist() == [True, False, False]
    assert frame["how"].tolist()[1:] == [
        "Theo vị trí máy ghi trong ảnh",
        "Theo vị trí máy ghi trong ảnh; ngày chụp theo danh sách",
    ]
    assert frame["recorded_on"].isna().tolist() == [False, True, False]


def test_a_photo_of_another_work_beside_the_road_is_not_the_roads():
    layers = scene(picture("a.jpg", 500.0, 10.0, work_id="CT09"))
    answer = photos.answer(Question(layers))
    assert build.codes(answer) == ["PHOTO_WORK_UNKNOWN"]
    row = answer.frames["photos"].iloc[0]
    assert (row["state"], row["work_id"], row["road_id"]) == ("gps", "CT09", None)


def test_of_two_works_on_one_road_a_photo_is_of_the_one_it_shows():
    two = [{"work_id": f"CT0{k}", "road_id": "D1", "name": f"đoạn {k}", "from_m": a, "to_m": b,
            "planned_length_m": b - a}
           for k, a, b in ((1, 0.0, 800.0), (2, 1000.0, 2000.0))]  # fmt: skip
    assert one(picture("a.jpg", 1500.0), works=two)["work_id"] == "CT02"
    assert one(picture("a.jpg", 900.0), works=two)["work_id"] is None
    answer = asked(picture("a.jpg", 1500.0, work_id="CT01"), works=two)
    assert build.codes(answer) == ["PHOTO_BEYOND_WORK"]
    assert "Km0+000 – Km0+800" in answer.findings[0].message.vi


def test_a_list_that_names_a_photo_twice_places_it_nowhere():
    twice = [entry("a.jpg", work_id="CT01", chainage_m=m) for m in (100.0, 1700.0)]
    answer = asked(picture("a.jpg"), *twice)
    assert "PHOTO_LISTED_TWICE" in build.codes(answer)
    assert answer.frames["photos"]["state"].tolist() == ["unplaced"]
    same = [entry("a.jpg", work_id="CT01", chainage_m=m) for m in (100.0, 120.0)]
    assert asked(picture("a.jpg"), *same).frames["photos"]["state"].tolist() == ["told"]


def test_every_row_of_the_frame_has_an_id_of_its_own():
    rows = [entry("c.jpg", work_id="CT01"), entry("c.jpg"), picture("c.jpeg"), entry("d.jpg")]
    frame = asked(*rows).frames["photos"]
    assert frame["id"].is_unique


def test_no_photos_no_rows():
    answer = photos.answer(Question(build.layers()))
    assert answer.findings == ()
    assert len(answer.frames["photos"]) == 0


# --- Out of files ----------------------------------------------------------------------------------


def _jpeg(path: Path, place: shapely.Point | None, colour: int) -> None:
    from PIL import Image

    image = Image.new("RGB", (8, 8), (colour, 0, 0))
    exif = image.getexif()
    exif.get_ifd(0x8769)[0x9003] = "2025:11:02 09:30:00"
    if place is not None:
        lon, lat = transformer(build.CRS, "EPSG:4326").transform(place.x, place.y)
        gps = exif.get_ifd(0x8825)
        gps[1], gps[3] = "N", "E"
        gps[2], gps[4] = ((float(int(v)), (v - int(v)) * 60, 0.0) for v in (lat, lon))
    image.save(path, exif=exif)


def commune(tmp_path: Path, listed: str) -> Path:
    """A commune of one road work, with a folder of photos still empty, and a list of them."""
    folder = tmp_path / "sources"
    (folder / "anh").mkdir(parents=True)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9205"}}
    for name, shape, said in (
        ("xa", build.box(-5000, -5000, 9000, 9000), {"unit_code": "03601", "name": "Mường Khoa"}),
        ("duong", ROAD, {"road_id": "D1", "road_class": "village", "surface": "earth"}),
    ):
        feature = {"type": "Feature", "properties": said, "geometry": shape.__geo_interface__}
        whole = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
        (folder / f"{name}.geojson").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "ct.csv").write_text(
        "work_id;road_id;planned_length_m\nCT01;D1;2000\n", encoding="utf-8"
    )
    (folder / "anh.csv").write_text(
        "Tên ảnh;Công trình;Km;Ngày chụp;Giai đoạn\n" + listed, encoding="utf-8"
    )
    head = ('[commune]\ncode = "03601"\nname = "Mường Khoa"\nprovince = "Lai Châu"\n'
            'crs = "EPSG:9205"\nas_of = 2025-12-31\n')  # fmt: skip
    sources = [("boundary", "xa.geojson"), ("roads", "duong.geojson"), ("road_works", "ct.csv"),
               ("photos", "anh"), ("photos", "anh.csv")]  # fmt: skip
    told = "".join(f'[[source]]\nlayer = "{a}"\nfile = "sources/{b}"\n' for a, b in sources)
    (tmp_path / "commune.toml").write_text(head + told, encoding="utf-8")
    return folder / "anh"


def test_a_folder_of_photos_and_their_list(tmp_path):
    folder = commune(tmp_path, "IMG_2.jpg;CT01;Km0+750;02/11/2025;Đổ bê tông\n")
    _jpeg(folder / "IMG_1.jpg", build.at(1250.0, 3.0), 1)
    _jpeg(folder / "IMG_2.jpg", None, 2)
    _, layers = pipeline.check(tmp_path)
    frame = photos.answer(Question(layers)).frames["photos"]
    assert frame["photo"].tolist() == ["IMG_1.jpg", "IMG_2.jpg"]
    assert frame["state"].tolist() == ["gps", "told"]
    assert frame["at_m"].tolist() == [pytest.approx(1250, abs=1), 750.0]
    assert frame["stage"].tolist() == [None, "poured"]
    assert all(len(digest) == 64 for digest in frame["@sha256"])


def test_bad_photos_are_named_and_the_good_one_counts(tmp_path):
    folder = commune(tmp_path, "good.jpg;CT01;Km1+1250;02/11/2025;Đổ bê tông\n")
    _jpeg(folder / "good.jpg", build.at(1250.0, 3.0), 1)
    _jpeg(folder / "zero.jpg", None, 2)
    _at_zero(folder / "zero.jpg")
    whole = (folder / "good.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[:40])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("không phải ảnh", encoding="utf-8")
    (folder / "IMG_0001.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "thang 11").mkdir()
    _, layers = pipeline.check(tmp_path)
    answer = photos.answer(Question(layers))
    frame = answer.frames["photos"]
    assert frame["photo"].tolist() == ["good.jpg", "zero.jpg"]
    assert frame["state"].tolist() == ["gps", "unplaced"]
    found = [f for f in (*layers["photos"].findings, *answer.findings) if f.code != "NOT_LOCATED"]
    said = {(f.code, f.file): f for f in found}
    for code, name in (
        ("PHOTO_UNREADABLE", "cut.jpg"), ("FORMAT_EMPTY", "empty.jpg"),
        ("PHOTO_NOT_JPEG", "text.jpg"),
    ):  # fmt: skip
        told = said[code, f"sources/anh/{name}"]
        assert name in told.message.vi
        assert told.row is not None
    others = said["PHOTOS_OTHER_FILES", "sources/anh"].message.vi
    assert others.startswith("2 tệp")
    assert "IMG_0001.HEIC, thang 11/" in others
    assert "VALUE_NOT_CHAINAGE" in {code for code, _ in said}
    assert "vệ tinh" in said["PHOTO_POSITION_LOST", "sources/anh"].message.vi
    (line,) = [line for line in layers["photos"].accounts if line.file == "sources/anh"]
    assert (line.rows_in, line.used, line.set_aside, line.refused) == (5, 2, 0, 3)


def test_a_folder_of_nothing_but_other_pictures_says_what_to_set(tmp_path):
    folder = commune(tmp_path, "")
    (folder / "IMG_0001.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    _, layers = pipeline.check(tmp_path)
    told = next(f for f in layers["photos"].findings if f.code == "PHOTOS_NONE")
    assert "IMG_0001.HEIC" in told.message.vi
    assert "Tương thích nhất" in told.repair.vi


def _at_zero(path: Path) -> None:
    """Write 0°, 0° into a picture, as phones without satellites do."""
    from PIL import Image

    with Image.open(path) as image:
        exif = image.getexif()
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (0.0, 0.0, 0.0), "E", (0.0, 0.0, 0.0)
        image.save(path, exif=exif)


def test_photos_that_reports_name_are_looked_for_and_looked_at() -> None:
    """One was taken there, one 400 m away, one on another road, one nobody handed in."""
    report = {"work_id": "CT01", "stage": "poured", "reported_on": "2025-11-01"}
    reports = [
        {**report, "report_id": "BC1", "from_m": 0, "to_m": 500, "photo": "here.jpg"},
        {**report, "report_id": "BC2", "from_m": 0, "to_m": 500, "photo": "off.JPG; none.jpg"},
        {**report, "report_id": "BC3", "from_m": 0, "to_m": 500, "photo": "away.jpg"},
    ]
    given = scene(picture("here.jpg", 540.0), picture("off.jpg", 900.0),
                  picture("away.jpg", 300.0, 500.0))  # fmt: skip
    said = build.layers(road_reports=reports)["road_reports"]
    given = Layers(given.commune, {**given.by_name, "road_reports": said})
    found = [f for f in photos.answer(Question(given)).findings if f.code.startswith("REPORT_")]
    told = {f.code: f for f in found}
    assert len(found) == len(told) == 3
    assert "none.jpg" in told["REPORT_PHOTO_NONE"].message.vi
    assert told["REPORT_PHOTO_OFF"].feature == "BC2"
    assert "Km0+900, cách đoạn này 400 m" in told["REPORT_PHOTO_OFF"].message.vi
    assert told["REPORT_PHOTO_ELSEWHERE"].feature == "BC3"
    assert all(f.affects == () for f in found)
