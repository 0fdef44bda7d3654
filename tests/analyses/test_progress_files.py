"""Lists of reports as offices send them: each fault is told with its row, the others count."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path

import pytest
from pyproj import Transformer

from ntm_gis import analyses, pipeline, shipped
from ntm_gis.analyses import progress
from ntm_gis.analyses.chainage_stakes import road_lines
from ntm_gis.analyses.progress_claims import claims_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import Answer, Layers

COMMUNE = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
as_of = 2025-12-31

[[source]]
layer = "roads"
file = "sources/duong.geojson"

[[source]]
layer = "road_works"
file = "sources/cong_trinh.csv"

[[source]]
layer = "road_reports"
file = "sources/bao_cao.csv"
"""

WORKS = """Mã công trình;Mã đường;Chiều dài KH (m);Từ (m);Đến (m);Bề rộng tối thiểu (m);Khởi công
CT01;D05;7000;0;7000;3;10/03/2025
"""

HEAD = "Mã báo cáo;Mã công trình;Từ (m);Đến (m);Giai đoạn;Ngày báo cáo;Người báo;Người xác nhận;Bề rộng (m)"

REPORTS = """BC01;CT01;0;1000;Đổ bê tông;30/06/2025;UBND xã;Phòng Kinh tế;3,5
BC02;CT01;Km1+000;Km1+500;Đổ bê tông;01/07/2025;UBND xã;Phòng Kinh tế;3,5
BC03;CT01;6800;7200;Đổ bê tông;02/07/2025;UBND xã;Phòng Kinh tế;3,5
BC04;CT01;2500;2000;Đổ bê tông;03/07/2025;UBND xã;Phòng Kinh tế;3,5
BC05;CT01;-50;100;Đổ bê tông;04/07/2025;UBND xã;Phòng Kinh tế;3,5
BC06;CT01;Km1+1250;Km1+1350;Đổ bê tông;05/07/2025;UBND xã;Phòng Kinh tế;3,5
BC07;CT01;3000;3100;Đổ bê tông;05/03/2026;UBND xã;Phòng Kinh tế;3,5
BC08;CT01;3100;3200;Đổ bê tông;05/03/2025;UBND xã;Phòng Kinh tế;3,5
BC09;CT77;3200;3300;Đổ bê tông;06/07/2025;UBND xã;Phòng Kinh tế;3,5
BC10;CT01;3300;3400;Đổ bê tông;07/07/2025;UBND xã;Phòng Kinh tế;350
BC11;CT01;3400;3500;Nghiệm thu;08/07/2025;UBND xã;;3,5
BC12;CT01;3500;3600;Nghiệm thu;09/07/2025;UBND xã;Phòng Kinh tế;3,5
BC13;CT01;3500;3600;Đổ bê tông;10/08/2025;UBND xã;Phòng Kinh tế;3,5
BC14;CT01;3600;3700;Trải nhựa;11/08/2025;UBND xã;Phòng Kinh tế;3,5
BC15;CT01;3700;3800;Đổ bê tông;12/08/2025;UBND xã;Phòng Kinh tế;2,8
BC16;CT01;3800;3900;Đổ bê tông;32/08/2025;UBND xã;Phòng Kinh tế;3,5
BC17;CT01;4000;4100;Đổ bê tông;13/08/2025;UBND xã;Phòng Kinh tế;3,5
"""


def folder(at: Path, *parts: str) -> Path:
    sources = at / "sources"
    sources.mkdir(parents=True)
    (at / "commune.toml").write_text(COMMUNE, encoding="utf-8")
    (sources / "cong_trinh.csv").write_text(WORKS, encoding="utf-8-sig")
    (sources / "bao_cao.csv").write_text("\n".join([HEAD, *parts]), encoding="utf-8-sig")
    to_degrees = Transformer.from_crs("EPSG:9205", "EPSG:4326", always_xy=True)
    ends = [to_degrees.transform(570_000, 2_455_000 + y) for y in (0, 7000)]
    road = {
        "type": "Feature",
        "properties": {"road_id": "D05", "road_class": "village"},
        "geometry": {"type": "LineString", "coordinates": ends},
    }
    drawn = {"type": "FeatureCollection", "features": [road]}
    (sources / "duong.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    return at


def review(at: Path) -> tuple[Layers, Answer]:
    _, layers = pipeline.check(at)
    return layers, analyses.answer(layers)


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return review(folder(tmp_path_factory.mktemp("xa") / "xa", REPORTS))[1]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (4, "REPORT_BEYOND_ROAD", "to_m"),
        (5, "REPORT_REVERSED", "from_m"),
        (6, "VALUE_OUT_OF_RANGE", "from_m"),
        (7, "VALUE_NOT_CHAINAGE", "from_m"),
        (8, "REPORT_LATER", "reported_on"),
        (9, "REPORT_BEFORE_START", "reported_on"),
        (10, "REFERENCE_UNKNOWN", "work_id"),
        (11, "VALUE_OUT_OF_RANGE", "width_m"),
        (12, "ACCEPTANCE_UNVERIFIED", "verified_by"),
        (13, "ACCEPTED_BEFORE_POURED", "reported_on"),
        (14, "REPORTS_OVERLAP", "from_m"),
        (15, "CODE_UNKNOWN", "stage"),
        (16, "REPORT_NARROW", "width_m"),
        (17, "VALUE_NOT_DATE", "reported_on"),
    ],
)
def test_each_fault_of_a_list_is_told_at_its_row(
    answer: Answer, row: int, code: str, field: str
) -> None:
    there = [f for f in answer.findings if f.file == "sources/bao_cao.csv" and f.row == row]
    (told,) = [f for f in there if f.code == code and f.field == field]
    assert told.repair is not None
    assert told.message.vi != told.message.en


def test_the_other_rows_count(answer: Answer) -> None:
    """BC01, 02, 08, 11, 12/13, 17 are sure; 05, 06, 10, 14, 16 may be so; 07 is of next year."""
    by_id = {m.id: m for m in answer.measures}
    poured = by_id["progress.CT01.poured_km"]
    assert poured.value == poured.low == 1.9
    reported = by_id["progress.CT01.reported_km"]
    assert reported.low == pytest.approx(2.2)  # and 10, 14, 15
    # BC06 may lie anywhere: neither of its ends could be read.
    assert poured.high == 7.0
    assert by_id["progress.CT01.accepted_km"].low == 0.1
    states = answer.frames["road_reports"].set_index("id")["state"].to_dict()
    assert states == {
        "BC01": "counted", "BC02": "counted", "BC03": "beyond", "BC04": "reversed",
        "BC05": "incomplete", "BC06": "incomplete", "BC07": "future", "BC08": "counted",
        "BC09": "unknown_work", "BC10": "width_unknown", "BC11": "unverified", "BC12": "counted",
        "BC13": "counted", "BC14": "incomplete", "BC15": "narrow", "BC16": "undated",
        "BC17": "counted",
    }  # fmt: skip


def test_rows_are_accounted_for(tmp_path: Path) -> None:
    layers, _ = review(folder(tmp_path / "xa", REPORTS))
    (account,) = [a for a in layers.accounts if a.layer == "road_reports"]
    assert (account.rows_in, account.used) == (17, 17)


FIVE = [
    "A1;CT01;0;1800;Nền, móng;20/04/2025;Đơn vị thi công;Phòng Kinh tế;3,5",
    "A2;CT01;0;1250;Nghiệm thu;30/06/2025;UBND xã;Phòng Kinh tế;3,5",
    "A3;CT01;1100;2750;Đổ bê tông;15/08/2025;Đơn vị thi công;Tổ giám sát;3,4",
    "A4;CT01;1250;2600;Nghiệm thu;30/09/2025;UBND xã;Phòng Kinh tế;3,4",
    "A5;CT01;2600;3900;Đổ bê tông;31/10/2025;Bản Hô Tra;Tổ giám sát;3,3",
]


@pytest.mark.parametrize("turn", [0, 1, 3])
def test_five_reports_reordered_and_sent_twice_give_the_same_centimetre(
    tmp_path: Path, turn: int
) -> None:
    once = [*FIVE[turn:], *FIVE[:turn]]
    found = []
    for k, rows in enumerate((once, [*once, *once[::-1]])):
        _, answered = review(folder(tmp_path / f"xa{k}", *rows))
        found.append([(m.id, m.value, m.low, m.high) for m in answered.measures
                      if m.id.startswith("progress.CT01.")])  # fmt: skip
    assert found[0] == found[1]
    values = {name: value for name, value, _, _ in found[0]}
    assert values["progress.CT01.reported_km"] == 3.9
    assert values["progress.CT01.poured_km"] == 3.9
    assert values["progress.CT01.accepted_km"] == 2.6
    assert values["progress.CT01.poured_added_km"] == 5.55


# --- The sample commune --------------------------------------------------------------------------


@cache
def sample(day: dt.date | None = None) -> tuple[Layers, Answer]:
    _, layers = pipeline.check(shipped.path("data", "sample"), as_of=day)
    return layers, progress.answer(Question(layers))


@pytest.mark.parametrize(
    ("day", "reported", "poured", "accepted"),
    [
        (None, 4.1, 3.9, 2.6),
        (dt.date(2025, 9, 30), 2.75, 2.75, 2.6),
        (dt.date(2025, 4, 19), 0, 0, 0),
    ],
)
def test_the_sample_as_its_notes_have_it(
    day: dt.date | None, reported: float, poured: float, accepted: float
) -> None:
    by_id = {m.id: m for m in sample(day)[1].measures}
    for what, km in (("reported", reported), ("poured", poured), ("accepted", accepted)):
        measure = by_id[f"progress.CT01.{what}_km"]
        assert measure.value == measure.low == measure.high == km


def test_the_fault_put_into_the_sample_is_told_at_its_row() -> None:
    (beyond,) = [f for f in sample()[1].findings if f.code == "REPORT_BEYOND_ROAD"]
    assert (beyond.file, beyond.row) == ("sources/Biểu tổng hợp 2025.xlsx", 11)
    narrow = [f.feature for f in sample()[1].findings if f.code == "REPORT_NARROW"]
    assert narrow == ["BC06"]
    again = sample()[1].frames["road_overlaps"]
    assert again[["first", "second"]].to_numpy().tolist() == [["BC02", "BC03"], ["BC03", "BC05"]]


def test_stakes_of_the_sample_stand_on_their_road() -> None:
    layers, _ = sample()
    lines, wrong = road_lines(layers["roads"], layers["stakes"])
    assert not wrong
    assert lines["D05"].span == (0, 700_000)
    assert not any(line.calibration.backwards for line in lines.values())


def test_claims_bear_file_sheet_and_row() -> None:
    claims = claims_of(sample()[0]["road_reports"])
    assert [c.report_id for c in claims] == [f"BC0{k}" for k in range(1, 8)]
    place = claims[0].place
    assert place is not None
    assert (place.table, place.row) == ("Báo cáo đường", 5)
    assert place.sha256 is not None
    assert (claims[2].from_cm, claims[2].to_cm, claims[2].width_cm) == (110_000, 275_000, 340)
    assert claims[2].thickness_mm == 160
