"""Former communes end to end: a folder with lists as offices send them, faults among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ntm_gis import pipeline
from ntm_gis.pipeline import Review

COMMUNE = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
valid_from = 2025-07-01
crs = "EPSG:9205"
criteria_set = "vn-2021-2025"
region = "northern-midlands-mountains"
as_of = 2025-12-31

[[predecessor]]
id = "F1"
code = "03601"
name = "Mường Khoa (cũ)"
valid_to = 2025-06-30

[[predecessor]]
id = "F2"
code = "03602"
name = "Phúc Khoa"
valid_to = 2025-06-30

[[source]]
layer = "villages"
file = "sources/ban.csv"

[[source]]
layer = "figures"
file = "sources/so_lieu.csv"

[[source]]
layer = "village_changes"
file = "sources/bien_dong.csv"
"""

VILLAGES = """Mã bản;Tên bản;Xã cũ;Số hộ;Số nhân khẩu;Số hộ nghèo
MK04;Hô Tra;Mường Khoa (cũ);71;402;15
MK05;Nà An;F1;132;688;
PK04;Hô Ta;Phúc Khoa;141;718;8
PK05;Nà Khoang;03602;;871;6
"""

FIGURES = """Mã chỉ tiêu;Mã đơn vị;Giá trị;Tử số;Mẫu số;Đạt;Đến ngày
11;03601;20,0;273;1366;;31/05/2025
11;Phúc Khoa;5,0;56;1118;;31/05/2025
17.1;03602;90,0;;;;31/05/2025
19.2;F1;;;;Đạt;31/05/2025
jobs;F1;60;;;;31/05/2025
jobs;Phuc Khoa;50;;;;31/05/2025
jobs;03601;262;;;;30/09/2025
11;03602;5,0;56;40;;30/06/2025
"""

CHANGES = """Mã cũ;Tên cũ;Mã mới;Tên mới;Hình thức;Tỷ lệ;Từ ngày;Văn bản
MK05A;Nà An 1;MK05;Nà An;Sáp nhập;1;01/01/2020;NQ 21
MK05B;Nà An 2;MK05;Nà An;Sáp nhập;1;01/01/2020;NQ 21
X1;Bản X;MK40;Hô Tra;Đổi tên;1;01/01/2020;NQ 22
X2;Bản Y;MK05;Nà An;Chia tách;0,6;01/06/2021;NQ 23
X2;Bản Y;PK05;Nà Khoang;Chia tách;0,6;01/06/2021;NQ 23
"""


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    folder: Path = tmp_path_factory.mktemp("xa") / "muong-khoa"
    (folder / "sources").mkdir(parents=True)
    (folder / "commune.toml").write_text(COMMUNE, encoding="utf-8")
    for name, rows in (("ban", VILLAGES), ("so_lieu", FIGURES), ("bien_dong", CHANGES)):
        (folder / "sources" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return pipeline.review(folder)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("merger.population.F1", (1090.0, 1090.0, 1090.0)),
        ("merger.population.F2", (1589.0, 1589.0, 1589.0)),
        ("merger.population.sum", (2679.0, 2679.0, 2679.0)),
        ("merger.households.sum", (344.0, 344.0, None)),
        ("merger.poor_households.F1", (15.0, 15.0, 147.0)),
        ("merger.jobs.F1", (60.0, 60.0, 60.0)),
        ("merger.jobs.sum", (60.0, 60.0, None)),
        ("merger.11.F1", (100 * 273 / 1366,) * 3),
        ("merger.11.F2", (5.0, 5.0, 5.0)),
        ("merger.11.ratio", (100 * 273 / 1366, 100 * 273 / 1406, 100 * 313 / 1406)),
        ("merger.17%2E1.F2", (90.0, 90.0, 90.0)),
    ],
)
def test_figures(review, name, expected):
    """By hand. The last row of 11 is the latest: 56 of 40 cannot be, so only the 40 is known."""
    found = {measure.id: measure for measure in review.answer.measures}
    measure = found[name]
    assert (measure.value, measure.low, measure.high) == pytest.approx(expected)


def test_what_cannot_be_carried_has_no_number(review):
    assert not [m.id for m in review.answer.measures if m.id.startswith("merger.19%2E2")]


def test_each_fault_is_told_with_its_row(review):
    told = {
        (finding.code, finding.row)
        for finding in review.answer.findings
        if finding.code.startswith(("MERGER_", "VILLAGE_CHANGE", "VILLAGE_MERGE"))
    }
    assert told == {
        ("MERGER_PART_OVER_WHOLE", 9), ("MERGER_PARTS_MISSING", 4), ("MERGER_FORMER_MISSING", 4),
        ("MERGER_NOT_CARRIED", 5), ("MERGER_UNIT_OFFERED", 7), ("MERGER_FORMER_MISSING", 6),
        ("VILLAGE_CHANGE_OFFERED", 4), ("VILLAGE_CHANGE_OVER", 5),
    }  # fmt: skip
    for finding in review.answer.findings:
        assert "{" not in finding.message.vi + finding.message.en
