"""Excel lists as offices lay them out: titles, merged headings, a row of numbers, a total row."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from . import writers
from .points import vi

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from .points import Campus, Hall

_BOLD, _PLAIN = Font(name="Times New Roman", size=12, bold=True), Font(name="Times New Roman", size=11)
_EDGE = Border(*(Side(style="thin"),) * 4)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)

Heading = str | tuple[str, list[str]]


def save(book: Workbook, path: Path) -> None:
    """Save without a clock: fixed dates, sorted members."""
    book.properties.creator = "UBND xã Mường Khoa"
    book.properties.created = book.properties.modified = dt.datetime(2025, 12, 31)  # noqa: DTZ001 (Excel's dates have no zone)
    out = BytesIO()
    book.save(out)
    path.write_bytes(_without_clock(writers.steady_zip(out.getvalue())))


def _without_clock(data: bytes) -> bytes:
    """Openpyxl stamps `modified` at saving: set it back."""
    import re
    import zipfile

    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2025-12-31T00:00:00Z", body)
            target.writestr(entry, body)
    return out.getvalue()


def office_list(
    sheet: Worksheet, titles: list[str], headings: list[Heading], rows: list[list[Any]], total: list[Any] | None
) -> None:
    """Titles, two rows of headings, a row (1) (2) (3), the rows, a total row."""
    width = sum(len(h[1]) if isinstance(h, tuple) else 1 for h in headings)
    for k, title in enumerate(titles, start=1):
        sheet.cell(k, 1, title).font = _BOLD
        sheet.merge_cells(start_row=k, start_column=1, end_row=k, end_column=width)
    top, column = len(titles) + 2, 1
    for heading in headings:
        if isinstance(heading, tuple):
            sheet.cell(top, column, heading[0])
            sheet.merge_cells(start_row=top, start_column=column, end_row=top, end_column=column + len(heading[1]) - 1)
            for k, leaf in enumerate(heading[1]):
                sheet.cell(top + 1, column + k, leaf)
            column += len(heading[1])
        else:
            sheet.cell(top, column, heading)
            sheet.merge_cells(start_row=top, start_column=column, end_row=top + 1, end_column=column)
            column += 1
    for k in range(1, width + 1):
        sheet.cell(top + 2, k, f"({k})")
        for row in range(top, top + 3):
            sheet.cell(row, k).alignment = _MIDDLE
            sheet.cell(row, k).font = _BOLD
            sheet.cell(row, k).border = _EDGE
    fill(sheet, top + 3, [*rows, *([total] if total else [])])
    for k in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(k)].width = 16 if k > 4 else 12


def fill(sheet: Worksheet, first: int, rows: list[list[Any]]) -> None:
    """Cells as given; blanks stay empty cells."""
    for r, row in enumerate(rows):
        for c, value in enumerate(row, start=1):
            cell = sheet.cell(first + r, c)
            cell.font, cell.border = _PLAIN, _EDGE
            if value is not None and value != "":
                cell.value = value
                if isinstance(value, dt.date):
                    cell.number_format = "DD/MM/YYYY"


_SCHOOL_HEADINGS: list[Heading] = [
    "STT", "Mã điểm", "Mã trường", "Tên trường, điểm trường", "Cấp học", "Loại điểm", "Tình trạng", "Mức độ CSVC", "Số học sinh",
    ("Phòng học", ["Phòng học hiện có", "Phòng học còn thiếu"]), "Nhà vệ sinh còn thiếu",
    ("Diện tích", ["Sân chơi (m²)", "Đất (m²)", "Sàn (m²)"]), "Đơn vị quản lý", "Giấy tờ đất", "Tình trạng nhà",
    ("Tọa độ VN-2000", ["X (m)", "Y (m)"]), "Ghi chú",
]  # fmt: skip


def schools(path: Path, campuses: list[Campus]) -> int:
    """The list of schools; returns the Excel row of the exact duplicate."""
    rows: list[list[Any]] = []
    for k, c in enumerate(campuses, start=1):
        x, y = (vi(c.point.y), vi(c.point.x)) if c.point else ("", "")
        rows.append([k, c.id, c.school, c.name, c.level, c.campus, c.status, c.facility, c.pupils, c.rooms, c.rooms_needed,
                     c.toilets_needed, c.yard, vi(c.land, 1) if k % 5 == 0 else c.land, c.floor, c.owner, c.paper, c.state, x, y, c.note])  # fmt: skip
    total: list[Any] = ["", "Tổng cộng", "", "", "", "", "", "", *(sum(int(r[k]) for r in rows) for k in (8, 9, 10, 11))]
    rows.insert(17, list(rows[1]))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Trường học"
    titles = ["ỦY BAN NHÂN DÂN XÃ MƯỜNG KHOA", "BIỂU TỔNG HỢP HIỆN TRẠNG TRƯỜNG, ĐIỂM TRƯỜNG NĂM 2025",
              "(Tọa độ VN-2000, kinh tuyến trục 103°00', múi chiếu 3°. Số liệu minh họa)"]  # fmt: skip
    office_list(sheet, titles, _SCHOOL_HEADINGS, rows, total)
    save(book, path)
    return 8 + 17


_HALL_HEADINGS: list[Heading] = [
    "STT", "Mã NVH", "Mã bản", "Tên nhà văn hóa", "Tình trạng", "Diện tích sàn (m²)", "Số chỗ ngồi", "Diện tích đất (m²)",
    "Năm xây dựng", ("Tọa độ VN-2000", ["X (m)", "Y (m)"]), "Ghi chú",
]  # fmt: skip


def halls(path: Path, houses: list[Hall]) -> None:
    """The list of village cultural houses."""
    rows: list[list[Any]] = []
    for k, h in enumerate(houses, start=1):
        x, y = (vi(h.point.y), vi(h.point.x)) if h.point else ("", "")
        rows.append([k, h.id, h.village, h.name, h.status, vi(h.floor, 1), h.seats, h.land, h.year, x, y, h.note])
    total: list[Any] = ["", "Tổng cộng", "", "", "", vi(sum(h.floor for h in houses), 1), sum(h.seats or 0 for h in houses),
                        sum(h.land for h in houses)]  # fmt: skip
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Nhà văn hóa"
    titles = ["ỦY BAN NHÂN DÂN XÃ MƯỜNG KHOA", "DANH SÁCH NHÀ VĂN HÓA BẢN NĂM 2025",
              "(Tọa độ VN-2000, kinh tuyến trục 103°00', múi chiếu 3°. Số liệu minh họa)"]  # fmt: skip
    office_list(sheet, titles, _HALL_HEADINGS, rows, total)
    save(book, path)


def plain_sheet(sheet: Worksheet, title: str, headings: list[str], rows: list[list[Any]]) -> None:
    """A title, a note, headings in row 4, rows from row 5."""
    sheet.cell(1, 1, title).font = _BOLD
    sheet.cell(2, 1, "Xã Mường Khoa, năm 2025. Số liệu minh họa").font = _PLAIN
    for k, heading in enumerate(headings, start=1):
        cell = sheet.cell(4, k, heading)
        cell.font, cell.border, cell.alignment = _BOLD, _EDGE, _MIDDLE
        sheet.column_dimensions[get_column_letter(k)].width = 16
    fill(sheet, 5, rows)


def summary(path: Path, sheets: list[tuple[str, str, list[str], list[list[Any]]]]) -> None:
    """The workbook of many sheets: name, title, headings, rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, title, headings, rows in sheets:
        plain_sheet(book.create_sheet(name), title, headings, rows)
    save(book, path)


def village_form(path: Path, name: str, rows: list[list[Any]]) -> None:
    """A village's form: titles in rows 1 to 4, headings in row 6."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Phiếu bản"
    for k, text in enumerate(["UBND XÃ MƯỜNG KHOA", "PHIẾU TỔNG HỢP SỐ LIỆU BẢN", f"Bản: {name}", "Kỳ báo cáo: năm 2025 (số liệu minh họa)"], start=1):
        sheet.cell(k, 1, text).font = _BOLD
    for k, heading in enumerate(["STT", "Mã bản", "Mã chỉ tiêu", "Nội dung", "ĐVT", "Số lượng", "Đến ngày", "Ghi chú"], start=1):
        cell = sheet.cell(6, k, heading)
        cell.font, cell.border, cell.alignment = _BOLD, _EDGE, _MIDDLE
    fill(sheet, 7, rows)
    for k, width in enumerate([6, 10, 20, 44, 10, 12, 12, 24], start=1):
        sheet.column_dimensions[get_column_letter(k)].width = width
    save(book, path)
