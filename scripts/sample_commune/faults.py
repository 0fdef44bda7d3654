"""The faults put into the sample on purpose, and the text that lists them."""

from __future__ import annotations

from dataclasses import dataclass

LATER = "phần rà soát quy hoạch / tiến độ"


@dataclass(frozen=True)
class Fault:
    """A fault, the row as the user sees it, and the code of the finding that must name it."""

    file: str
    row: str
    what: str
    code: str
    later: bool = False


_HEAD = """\
# Lỗi đặt sẵn trong xã mẫu

*Faults put into the sample commune on purpose.*

DỮ LIỆU MINH HỌA. Tệp này do `scripts/make_sample.py` ghi ra cùng với dữ liệu. Mỗi dòng là một lỗi như
cán bộ hay gặp, và mã của điểm cần kiểm tra phải nêu đúng lỗi đó. Số dòng là số dòng trong Excel, số
thứ tự đối tượng từ 1 (shapefile, GeoPackage, MapInfo, KML), hoặc số dòng của tệp CSV (dòng 1 là tiêu đề).

*Each row is a fault as offices meet it, and the code of the finding that must name it. Rows are counted
as a user sees them: Excel rows, features from 1, lines of a CSV file. Findings marked "{later}"
belong to the review of plans and the record of works.*

| số | tệp, bảng | dòng | lỗi | mã | ghi chú |
| --- | --- | --- | --- | --- | --- |
"""

_TAIL = """
## Chỗ trống làm rộng khoảng giá trị, không phải lỗi riêng

*Blanks that widen bounds, without a finding of their own here.*

{blanks}

## Số đã biết

*Known truths.*

{truths}
"""


def text(faults: list[Fault], blanks: list[str], truths: list[str]) -> str:
    """FAULTS.md, numbered in the order given."""
    rows = [
        f"| {k} | {f.file} | {f.row} | {f.what} | `{f.code}` | {LATER if f.later else ''} |"
        for k, f in enumerate(faults, start=1)
    ]
    lists = {"blanks": "\n".join(f"- {b}" for b in blanks), "truths": "\n".join(f"- {t}" for t in truths)}
    return _HEAD.format(later=LATER) + "\n".join(rows) + "\n" + _TAIL.format(**lists)
