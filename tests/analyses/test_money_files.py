"""Money, proposed works and tasks from lists as offices send them, faults among them."""

from __future__ import annotations

import pytest

from ntm_gis import pipeline
from ntm_gis.pipeline import Review

COMMUNE = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
as_of = 2025-12-31
"""

FILES = {
    "funds": """Mã vốn;Nội dung;Thuộc mã;Số vốn (triệu đồng);Mã công trình;Năm
A;Tổng nguồn vốn;;1000;;2025
B;Trung ương;A;700;;2025
C;Xã;A;ba trăm;;2025
D;Tự thuộc;D;50;;2025
E;Cho kênh;B;100;CT01;2025
F;Cho kênh lần nữa;B;120;CT01;2025
G;Phần còn lại;B;480;;2025
""",
    "works": """Mã công trình;Tên công trình;Loại công trình;Tổng mức (triệu đồng);Khối lượng (%)
CT01;Sửa kênh;Thủy lợi;200;20
CT02;Nhà văn hóa;Văn hóa;một trăm;120
""",
    "payments": """Mã giải ngân;Mã vốn;Mã công trình;Số tiền (triệu đồng);Ngày giải ngân;Văn bản
1;E;CT01;90;01/05/2025;UNC 01
2;F;CT01;90;03/05/2025;UNC 01
3;G;Nhà văn hóa;x;03/05/2025;UNC 02
""",
    "candidates": """Mã;Tên đề xuất;Chi phí (triệu đồng);Mã vốn;Số hộ;Loại trừ;Cần có trước
X;Đường A;300;G;40;;Y
Y;Đường B;100;G;5;;
Z;Đường C;không rõ;G;90;;
V;Đường D;390;G;44;X; Y
U;Đường E;10;G;1;U;
""",
    "tasks": """Mã nhiệm vụ;Mục;Nội dung nhiệm vụ;Cơ quan chủ trì;Thời hạn;Tình trạng thực hiện
1;II.1;Quy hoạch;Phòng Kinh tế;01/12/2025;Đang làm
2;IV;Vận động;Mặt trận;01/12/2025;
3;V.7;Không có mục này;Mặt trận;01/12/2026;Chưa làm
""",
}


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    folder = tmp_path_factory.mktemp("xa")
    (folder / "sources").mkdir()
    sources = ""
    for name, text in FILES.items():
        (folder / "sources" / f"{name}.csv").write_text(text, encoding="utf-8")
        sources += f'\n[[source]]\nlayer = "{name}"\nfile = "sources/{name}.csv"\n'
    (folder / "commune.toml").write_text(COMMUNE + sources, encoding="utf-8")
    return pipeline.review(folder)


def codes(review: Review, layer: str) -> set[tuple[str, str | None]]:
    return {(f.code, f.feature) for f in review.answer.findings if f.layer == layer}


def bounds(review: Review, name: str) -> tuple[float | None, ...]:
    found = next(m for m in review.answer.measures if m.id == name)
    return found.value, found.low, found.high


def test_funds_with_faults_leave_the_rest_standing(review: Review) -> None:
    found = codes(review, "funds")
    assert ("VALUE_NOT_NUMBER", "C") in found
    assert ("FUNDS_SELF", "D") in found
    assert not any(code == "FUNDS_SUM" for code, _ in found)  # C may be the 300 that are wanting
    assert bounds(review, "funds.total") == (1000.0, 1000.0, 1050.0)
    tree = review.answer.frames["funds_tree"]
    assert tree["id"].tolist() == ["A", "B", "E", "F", "G", "C", "D"]
    assert tree["state"].tolist()[:2] == ["closes", "closes"]


def test_the_same_work_funded_and_paid_twice(review: Review) -> None:
    assert ("WORK_OF_SEVERAL_FUNDS", "E") in codes(review, "funds")
    assert {("WORK_OVERFUNDED", "CT01"), ("MONEY_LEADS", "CT01")} <= codes(review, "works")
    assert ("PAYMENT_OF_TWO_FUNDS", "2") in codes(review, "payments")
    assert bounds(review, "money.CT01.allocated_million") == (220.0, 220.0, 220.0)
    assert bounds(review, "money.CT01.paid_million") == (180.0, 180.0, 180.0)
    # Its budget, its share and its payment cannot be read: nothing is known, nothing is accused.
    assert bounds(review, "money.CT02.planned_million") == (None, 0.0, None)
    assert bounds(review, "money.CT02.paid_million") == (None, 0.0, None)
    assert not any(code == "MONEY_LEADS" and id_ == "CT02" for code, id_ in codes(review, "works"))


def test_proposed_works_with_faults_are_named_and_the_others_chosen_from(review: Review) -> None:
    found = codes(review, "candidates")
    assert {("CANDIDATE_COST_UNKNOWN", "Z"), ("CANDIDATE_SELF", "U")} <= found
    frame = review.answer.frames["priorities"]
    # G has 480 less the payment that cannot be read, of which nothing bounds it: 480.
    chosen = frame[frame["state"] == "chosen"]["id"].tolist()
    assert set(chosen) == {"Y", "X", "U"}
    assert chosen.index("Y") < chosen.index("X")
    assert "Z" not in frame["id"].tolist()


def test_tasks_without_state_or_section_are_carried(review: Review) -> None:
    frame = review.answer.frames["task_list"].set_index("id")
    assert frame["state"].to_dict() == {"1": "late", "2": "late_unknown", "3": "later"}
    assert {("TASK_LATE", "1"), ("TASK_LATE_UNKNOWN", "2")} <= codes(review, "tasks")
    assert frame.index[-1] == "3"
