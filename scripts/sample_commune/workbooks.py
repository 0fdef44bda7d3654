"""Excel lists as offices lay them out: titles, merged headings, a row of numbers, a total row."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from . import writers
from .lists import vi

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from .lists import Campus, Hall
    from .tables import Sheet

FIRST_ROW = 8
"""The first row of a list under its titles and headings."""
DUPLICATED, DUPLICATE_ROW = 1, 25
"""Which campus stands twice (counted from 0), and in which row the second time."""

_BOLD = Font(name="Times New Roman", size=12, bold=True)
_PLAIN = Font(name="Times New Roman", size=11)
_EDGE = Border(*(Side(style="thin"),) * 4)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_NOTE = "(Tọa độ VN-2000, kinh tuyến trục 103°00', múi chiếu 3°. Số liệu minh họa)"
_OFFICE = "ỦY BAN NHÂN DÂN XÃ MƯỜNG KHOA"

Heading = str | tuple[str, list[str]]
Rows = list[list[Any]]

_SCHOOL_HEADINGS: list[Heading] = [
    "STT", "Mã điểm", "Mã trường", "Tên trường, điểm trường", "Cấp học", "Loại điểm", "Tình trạng",
    "Mức độ CSVC", "Số học sinh", ("Phòng học", ["Phòng học hiện có", "Phòng học còn thiếu"]),
    "Nhà vệ sinh còn thiếu", ("Diện tích", ["Sân chơi (m²)", "Đất (m²)", "Sàn (m²)"]),
    "Đơn vị quản lý", "Giấy tờ đất", "Tình trạng nhà", ("Tọa độ VN-2000", ["X (m)", "Y (m)"]),
    "Ghi chú",
]  # fmt: skip
_HALL_HEADINGS: list[Heading] = [
    "STT", "Mã NVH", "Mã bản", "Tên nhà văn hóa", "Tình trạng", "Diện tích sàn (m²)",
    "Số chỗ ngồi", "Diện tích đất (m²)", "Năm xây dựng", ("Tọa độ VN-2000", ["X (m)", "Y (m)"]),
    "Ghi chú",
]  # fmt: skip
_FORM_HEADINGS = [
    "STT", "Mã bản", "Mã chỉ tiêu", "Nội dung", "ĐVT", "Số lượng", "Đến ngày", "Ghi chú",
]  # fmt: skip


def schools(path: Path, campuses: list[Campus]) -> None:
    """Write the list of schools, with an exact duplicate among its rows."""
    rows: Rows = []
    for k, c in enumerate(campuses, start=1):
        x, y = (vi(c.point.y), vi(c.point.x)) if c.point else ("", "")
        land = vi(c.land, 1) if k % 5 == 0 else c.land
        rows.append([
            k, c.id, c.school, c.name, c.level, c.campus, c.status, c.facility, c.pupils, c.rooms,
            c.rooms_needed, c.toilets_needed, c.yard, land, c.floor, c.owner, c.paper, c.state,
            x, y, c.note,
        ])  # fmt: skip
    rows.insert(DUPLICATE_ROW - FIRST_ROW, list(rows[DUPLICATED]))
    # The office's own sum: what stands twice is in it twice.
    sums = [sum(int(row[k]) for row in rows) for k in (8, 9, 10, 11)]
    rows.append(["", "Tổng cộng", *[""] * 6, *sums])
    title = "BIỂU TỔNG HỢP HIỆN TRẠNG TRƯỜNG, ĐIỂM TRƯỜNG NĂM 2025"
    _office_list(path, "Trường học", title, _SCHOOL_HEADINGS, rows)


def halls(path: Path, houses: list[Hall]) -> None:
    """Write the list of village cultural houses."""
    rows: Rows = []
    for k, h in enumerate(houses, start=1):
        x, y = (vi(h.point.y), vi(h.point.x)) if h.point else ("", "")
        floor = vi(h.floor, 1)
        rows.append(
            [k, h.id, h.village, h.name, h.status, floor, h.seats, h.land, h.year, x, y, h.note]
        )
    floor = vi(sum(h.floor for h in houses), 1)
    sums = [floor, sum(h.seats or 0 for h in houses), sum(h.land for h in houses)]
    rows.append(["", "Tổng cộng", "", "", "", *sums])
    _office_list(path, "Nhà văn hóa", "DANH SÁCH NHÀ VĂN HÓA BẢN NĂM 2025", _HALL_HEADINGS, rows)


def summary(path: Path, sheets: list[Sheet]) -> None:
    """Write the workbook of many sheets: a title, a note, headings in row 4, rows from row 5."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, title, headings, rows in sheets:
        sheet = book.create_sheet(name)
        _write(sheet, 1, 1, title).font = _BOLD
        _write(sheet, 2, 1, "Xã Mường Khoa, năm 2025. Số liệu minh họa")
        _heads(sheet, 4, headings)
        _fill(sheet, 5, rows)
        for k in range(1, len(headings) + 1):
            sheet.column_dimensions[get_column_letter(k)].width = 16
    _save(book, path)


def village_form(path: Path, name: str, rows: Rows) -> None:
    """Write a village's form: titles in rows 1 to 4, headings in row 6."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Phiếu bản"
    titles = [
        "UBND XÃ MƯỜNG KHOA",
        "PHIẾU TỔNG HỢP SỐ LIỆU BẢN",
        f"Bản: {name}",
        "Kỳ báo cáo: năm 2025 (số liệu minh họa)",
    ]
    for k, text in enumerate(titles, start=1):
        _write(sheet, k, 1, text).font = _BOLD
    _heads(sheet, 6, _FORM_HEADINGS)
    _fill(sheet, 7, rows)
    for k, width in enumerate([6, 10, 20, 44, 10, 12, 12, 24], start=1):
        sheet.column_dimensions[get_column_letter(k)].width = width
    _save(book, path)


def _office_list(path: Path, name: str, title: str, headings: list[Heading], rows: Rows) -> None:
    """Write titles, two rows of headings, a row (1) (2) (3), and the rows with the total."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    leaves = [leaf for h in headings for leaf in (h[1] if isinstance(h, tuple) else [h])]
    width = len(leaves)
    for k, text in enumerate([_OFFICE, title, _NOTE], start=1):
        _write(sheet, k, 1, text).font = _BOLD
        sheet.merge_cells(start_row=k, start_column=1, end_row=k, end_column=width)
    top, column = FIRST_ROW - 3, 1
    for heading in headings:
        group, parts = heading if isinstance(heading, tuple) else (heading, [])
        _write(sheet, top, column, group)
        for k, leaf in enumerate(parts):
            _write(sheet, top + 1, column + k, leaf)
        last_row, last_column = (top, column + len(parts) - 1) if parts else (top + 1, column)
        sheet.merge_cells(
            start_row=top, start_column=column, end_row=last_row, end_column=last_column
        )
        column = last_column + 1
    _heads(sheet, top + 2, [f"({k})" for k in range(1, width + 1)])
    for row in (top, top + 1):
        _style_heads(sheet, row, width)
    _fill(sheet, FIRST_ROW, rows)
    for k in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(k)].width = 16 if k > 4 else 12
    _save(book, path)


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> Cell | MergedCell:
    """Put a value into a cell; an empty text leaves the cell empty."""
    cell = sheet.cell(row, column)
    cell.font = _PLAIN
    if value not in (None, "") and not isinstance(cell, MergedCell):
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = "DD/MM/YYYY"
    return cell


def _heads(sheet: Worksheet, row: int, headings: list[str]) -> None:
    for k, heading in enumerate(headings, start=1):
        _write(sheet, row, k, heading)
    _style_heads(sheet, row, len(headings))


def _style_heads(sheet: Worksheet, row: int, width: int) -> None:
    for k in range(1, width + 1):
        cell = sheet.cell(row, k)
        cell.font, cell.border, cell.alignment = _BOLD, _EDGE, _MIDDLE


def _fill(sheet: Worksheet, first: int, rows: Rows) -> None:
    for r, row in enumerate(rows):
        for c, value in enumerate(row, start=1):
            _write(sheet, first + r, c, value).border = _EDGE


def _save(book: Workbook, path: Path) -> None:
    """Save without a clock."""
    book.properties.creator = "UBND xã Mường Khoa"
    # Excel's dates have no zone.
    book.properties.created = dt.datetime(2025, 12, 31)  # noqa: DTZ001
    out = BytesIO()
    book.save(out)
    path.write_bytes(writers.steady_workbook(out.getvalue()))
