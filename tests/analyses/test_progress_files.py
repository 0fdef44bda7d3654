"""Lists of reports as offices send them: each fault is told with its row, the others count."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from folders import FIRST_ROW, WORKS, folder, review, walked

from ntm_gis import pipeline, shipped
from ntm_gis.analyses.chainage.stakes import road_lines
from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.progress.claims import claims_of
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.pipeline import Review
from ntm_gis.results import Finding, Severity

KINDS = ("csv", "xlsx")

REPORTS = """BC01;CT01;0;1000;Đã đổ bê tông;30/06/2025;UBND xã;Phòng Kinh tế;3,5
BC02;CT01;Km1+000;Km1+500;Đã đổ bê tông;01/07/2025;UBND xã;Phòng Kinh tế;3,5
BC03;CT01;6800;7200;Đã đổ bê tông;02/07/2025;UBND xã;Phòng Kinh tế;3,5
BC04;CT01;2500;2000;Đã đổ bê tông;03/07/2025;UBND xã;Phòng Kinh tế;3,5
BC05;CT01;-50;100;Đã đổ bê tông;04/07/2025;UBND xã;Phòng Kinh tế;3,5
BC06;CT01;Km1+1250;Km1+1350;Đã đổ bê tông;05/07/2025;UBND xã;Phòng Kinh tế;3,5
BC07;CT01;3000;3100;Đã đổ bê tông;05/03/2026;UBND xã;Phòng Kinh tế;3,5
BC08;CT01;3100;3200;Đã đổ bê tông;05/03/2025;UBND xã;Phòng Kinh tế;3,5
BC09;CT77;3200;3300;Đã đổ bê tông;06/07/2025;UBND xã;Phòng Kinh tế;3,5
BC10;CT01;3300;3400;Đã đổ bê tông;07/07/2025;UBND xã;Phòng Kinh tế;350
BC11;CT01;3400;3500;Đã nghiệm thu;08/07/2025;UBND xã;;3,5
BC12;CT01;3500;3600;Đã nghiệm thu;09/07/2025;UBND xã;Phòng Kinh tế;3,5
BC13;CT01;3500;3600;Đã đổ bê tông;10/08/2025;UBND xã;Phòng Kinh tế;3,5
BC14;CT01;3600;3700;Trải nhựa;11/08/2025;UBND xã;Phòng Kinh tế;3,5
BC15;CT01;3700;3800;Đã đổ bê tông;12/08/2025;UBND xã;Phòng Kinh tế;2,8
BC16;CT01;3800;3900;Đã đổ bê tông;32/08/2025;UBND xã;Phòng Kinh tế;3,5
BC17;CT01;4000;4100;Đã đổ bê tông;13/08/2025;UBND xã;Phòng Kinh tế;3,5
BC18;CT01;4100;4200;Đã đổ bê tông;09/12/2025;UBND xã;Phòng Kinh tế;3,5
BC19;CT01;4200;4300;Đã đổ bê tông;20/09/2025;UBND xã;Phòng Kinh tế;3,5
BC20;CT02;6500;6600;Đã đổ bê tông;21/09/2025;UBND xã;Phòng Kinh tế;
BC21;CT01;6550;6650;Đã đổ bê tông;22/09/2025;UBND xã;Phòng Kinh tế;3,5
BC22;CT01;5000;5100;Đã đổ bê tông;08/25/2025;UBND xã;Phòng Kinh tế;3,5
BC23;CT01;5100;5200;Đã đổ bê tông;25/09/2025;UBND xã;Phòng Kinh tế;350 cm""".splitlines()

TWO_WORKS = (*WORKS, "CT02;D05;1500;6000;7500;3;")


@pytest.fixture(scope="module", params=KINDS)
def dirty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Review:
    return review(tmp_path_factory.mktemp("xa") / "xa", request.param, REPORTS, TWO_WORKS)


def told(found: Review, code: str, *, works: bool = False) -> list[tuple[int | None, Finding]]:
    """Findings of a code with the number of their line in the list, from 1."""
    stem = "cong_trinh_duong" if works else "bao_cao"
    return [
        (f.row and f.row - FIRST_ROW[f.file.rpartition(".")[2]] + 1, f)
        for f in found.findings
        if f.code == code and f.file is not None and f.file.startswith(f"sources/{stem}.")
    ]


@pytest.mark.parametrize(
    ("line", "code", "field", "message", "repair"),
    [
        (3, "REPORT_BEYOND_ROAD", "to_m", "Km6+800 – Km7+200", "vẽ tiếp đường"),
        (4, "REPORT_REVERSED", "from_m", "Km2+500", "Km2+000 – Km2+500"),
        (5, "REPORT_BEYOND_WORK", "from_m", "−Km0+050 – Km0+100", "lý trình"),
        (6, "VALUE_NOT_CHAINAGE", "from_m", "Km1+1250", "Km1+250"),
        (6, "VALUE_NOT_CHAINAGE", "to_m", "Km1+1350", "Km1+250"),
        (7, "REPORT_LATER", "reported_on", "05/03/2026", "ngày, tháng"),
        (8, "REPORT_BEFORE_START", "reported_on", "05/03/2025", "03/05/2025"),
        (9, "REFERENCE_UNKNOWN", "work_id", "CT77", "mã"),
        (10, "VALUE_OUT_OF_RANGE", "width_m", "350", "3,5 m"),
        (11, "ACCEPTANCE_UNVERIFIED", "verified_by", "người xác nhận", "biên bản"),
        (12, "ACCEPTED_BEFORE_POURED", "reported_on", "10/08/2025", "biên bản"),
        (13, "REPORTS_OVERLAP", "from_m", "BC12", "người báo cáo"),
        (14, "CODE_UNKNOWN", "stage", "Trải nhựa", "tệp nguồn"),
        (15, "REPORT_NARROW", "width_m", "2,80 m", "Đo lại"),
        (16, "VALUE_NOT_DATE", "reported_on", "32/08/2025", "ngày/tháng/năm"),
        (18, "REPORT_DAY_SWAPPED", "reported_on", "09/12/2025", "12/09/2025"),
        (20, "REPORT_WIDTH_UNKNOWN", "width_m", "3,00 m", "Đo và ghi"),
        (22, "VALUE_NOT_DATE", "reported_on", "08/25/2025", "ngày/tháng/năm"),
    ],
)
def test_each_fault_of_a_list_is_told_at_its_row(
    dirty: Review, line: int, code: str, field: str, message: str, repair: str
) -> None:
    (finding,) = [f for at, f in told(dirty, code) if at == line and f.field == field]
    assert message in finding.message.vi
    assert finding.message.vi != finding.message.en
    assert finding.repair is not None
    assert repair in finding.repair.vi
    assert finding.severity in (Severity.NOTE, Severity.WARNING)


def test_two_works_on_one_stretch_are_told_and_each_counts_its_own(dirty: Review) -> None:
    ((line, finding),) = told(dirty, "WORKS_OVERLAP", works=True)
    assert line == 2
    assert "Km6+000 – Km7+000" in finding.message.vi
    assert finding.repair is not None
    by_id = {m.id: m for m in dirty.answer.measures}
    assert by_id["progress.CT02.reported_km"].value == 0.1
    assert by_id["progress.CT02.poured_km"].high == 0.1
    # 6,550 to 6,600 is claimed for both works; by class of road it may count once.
    classed = by_id["progress.by_class.village.poured_km"]
    own = by_id["progress.CT01.poured_km"]
    assert classed.low == own.low


def test_the_other_rows_count(dirty: Review) -> None:
    """1, 2, 8, 11, 12 with 13, 17, 18, 19, 21, 23 are sure; 6, 10, 14, 16, 22 may be so."""
    by_id = {m.id: m for m in dirty.answer.measures}
    poured = by_id["progress.CT01.poured_km"]
    assert poured.value == poured.low == 2.3
    assert by_id["progress.CT01.reported_km"].low == 2.6  # and 10, 14, 15
    assert poured.high == 7.0  # 6 may lie anywhere
    accepted = by_id["progress.CT01.accepted_km"]
    assert (accepted.low, accepted.high) == (0.1, 0.2)  # 14 may be an acceptance
    states = dirty.answer.frames["road_reports"].set_index("id")["state"].to_dict()
    assert states == {
        "BC01": "counted", "BC02": "counted", "BC03": "beyond", "BC04": "reversed",
        "BC05": "beyond", "BC06": "incomplete", "BC07": "future", "BC08": "counted",
        "BC09": "unknown_work", "BC10": "width_unknown", "BC11": "unverified", "BC12": "counted",
        "BC13": "counted", "BC14": "incomplete", "BC15": "narrow", "BC16": "undated",
        "BC17": "counted", "BC18": "counted", "BC19": "counted", "BC20": "width_unknown",
        "BC21": "counted", "BC22": "undated", "BC23": "counted",
    }  # fmt: skip


def test_rows_are_accounted_for(dirty: Review) -> None:
    (account,) = [a for a in dirty.layers.accounts if a.layer == "road_reports"]
    assert (account.rows_in, account.used) == (23, 23)
    frame = dirty.answer.frames["road_reports"]
    first = FIRST_ROW[account.file.rpartition(".")[2]]
    assert sorted(frame["@row"]) == list(range(first, first + 23))


# Added up 4,000 m; 2,550 m of ground.
FIVE = [
    "A1;CT01;0;1000;Đã nghiệm thu;30/06/2025;UBND xã;Phòng Kinh tế;3,5",
    "A2;CT01;600;1500;Đã đổ bê tông;15/07/2025;Đơn vị thi công;Tổ giám sát;3,4",
    "A3;CT01;1100;2000;Đã đổ bê tông;15/08/2025;Đơn vị thi công;Tổ giám sát;3,4",
    "A4;CT01;1000;1450;Đã nghiệm thu;30/09/2025;UBND xã;Phòng Kinh tế;3,4",
    "A5;CT01;1800;2550;Đã đổ bê tông;31/10/2025;Bản Hô Tra;Tổ giám sát;3,3",
]


def figures(found: Review) -> dict[str, tuple[float | None, ...]]:
    return {m.id.removeprefix("progress.CT01."): (m.value, m.low, m.high)
            for m in found.answer.measures if m.id.startswith("progress.CT01.")}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_five_reports_reordered_and_sent_twice_give_the_same_centimetre(
    tmp_path: Path, kind: str
) -> None:
    once = figures(review(tmp_path / "once", kind, FIVE))
    twice = figures(review(tmp_path / "twice", kind, [*FIVE[2:], *FIVE[::-1], FIVE[0]]))
    again = figures(review(tmp_path / "again", kind, FIVE[::-1], gui_lai=FIVE[3:] + FIVE[:3]))
    assert once == twice == again
    assert once["reported_km"] == once["poured_km"] == (2.55, 2.55, 2.55)
    assert once["accepted_km"] == (1.45, 1.45, 1.45)
    assert once["reported_added_km"][0] == once["poured_added_km"][0] == 4.0


def test_five_reports_and_a_noisy_track_give_the_same_centimetre_every_time(tmp_path: Path) -> None:
    found = []
    for k, lines in enumerate((FIVE, [*FIVE[::-1], *FIVE], [*FIVE[3:], *FIVE[:3]])):
        at = folder(tmp_path / f"xa{k}", KINDS[k % 2], lines)
        for name in ("tuyen", "tuyen_gui_lai")[: 1 + k % 2]:
            walked(at, name, 2000)
        found.append(figures(pipeline.review(at)))
    assert found[0] == found[1] == found[2]
    surveyed = found[0]["surveyed_km"]
    assert surveyed[0] == surveyed[1] == surveyed[2] == pytest.approx(2.0, abs=0.02)
    assert found[0]["reported_km"] == (2.55, 2.55, 2.55)


def test_both_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    one, other = (review(tmp_path / kind, kind, REPORTS, TWO_WORKS) for kind in KINDS)
    assert figures(one) == figures(other)
    for name in ("road_progress", "road_overlaps", "road_history"):
        assert one.answer.frames[name].equals(other.answer.frames[name]), name
    codes = [sorted((f.code, f.feature or "", f.field or "") for f in found.findings
                    if f.layer in ("road_works", "road_reports") and f.code != "EXAMPLE_ROW")
             for found in (one, other)]  # fmt: skip
    assert codes[0] == codes[1]


def test_every_hundred_metres_say_who_reported_and_who_checked(tmp_path: Path) -> None:
    frame = review(tmp_path / "xa", "xlsx", FIVE).answer.frames["road_progress"]
    last = frame[frame["on"] == frame["on"].max()]
    for at in itertools.count(50, 100):
        if at > 7000:
            break
        (row,) = last[(last["from_m"] <= at) & (at < last["to_m"])].to_dict("records")
        claimed = [line.split(";") for line in FIVE]
        here = [c for c in claimed if float(c[2]) <= at < float(c[3])]
        assert set((row["reports"] or "").split(", ")) - {""} == {c[0] for c in here}
        assert (row["state"] == "none") == (not here)
        for column, place in (("reported_by", 6), ("verified_by", 7)):
            assert set((row[column] or "").split(", ")) - {""} <= {c[place] for c in here}
            assert bool(row[column]) == bool(here)


def test_seven_kilometres_at_fifteen_per_cent_are_told_to_be_78_m_longer(tmp_path: Path) -> None:
    at = folder(tmp_path / "xa", "csv", FIVE)
    cell, north = 30.0, 2_455_000 + 7200
    y = north - (np.arange(250) + 0.5) * cell
    heights = np.repeat((0.15 * (y - 2_455_000) + 500)[:, None], 20, axis=1).astype(np.float32)
    with rasterio.open(
        at / "sources" / "do_cao.tif", "w", driver="GTiff", width=20, height=250, count=1,
        dtype="float32", crs="EPSG:9205",
        transform=Affine(cell, 0, 570_000 - 10 * cell, 0, -cell, north),
    ) as grid:  # fmt: skip
        grid.write(heights, 1)
    with (at / "commune.toml").open("a", encoding="utf-8") as commune:
        commune.write('\n[[source]]\nlayer = "elevation"\nfile = "sources/do_cao.tif"\n')
    found = pipeline.review(at)
    (told_of,) = [f for f in found.findings if f.code == "ROAD_LENGTHS_DIFFER"]
    for words in ("7.000 m trên bản đồ", "7.078 m theo mặt dốc", "chênh 78 m"):
        assert words in told_of.message.vi
    assert told_of.affects == tuple(
        f"progress.CT01.road_{how}_km" for how in ("map", "slope", "tape")
    )
    longer = figures(found)["road_slope_km"][0]
    assert longer == pytest.approx(7 * (1 + 0.15**2) ** 0.5, abs=1e-4)
    assert figures(found)["poured_km"] == (2.55, 2.55, 2.55)  # chainage goes by the map


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
