"""Excel templates of layers: headings the checks know, drop-downs, and a word on each column.

What is filled in here comes back through `sources` without a question.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from ntm_gis import text
from ntm_gis.outputs import wording
from ntm_gis.outputs.files import deterministic_zip
from ntm_gis.rules.examples import example
from ntm_gis.rules.schema import Field, LayerSchema, code_list, schema

FILLED_BY_HAND = (
    "villages", "roads", "schools", "cultural_houses", "facilities", "loudspeakers",
    "irrigation", "tea_areas", "crop_areas", "works", "road_works", "road_reports",
    "contributions", "funds", "payments", "targets", "tasks", "figures", "candidates",
    "plans", "plan_documents", "plan_items", "village_changes", "stakes", "crossings",
    "environment", "buildings",
)  # fmt: skip
"""Layers whose rows offices write as lists; the others come as maps."""

HEAD_ROW = 3
EXAMPLE_ROW = HEAD_ROW + 1
ROWS = 500
LINED = 20
"""Rows that are drawn: so many fit on the first page."""

_A3, _A4, _ACROSS_A4, _WIDEST = 8, 9, 190, 20
_OPEN = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort",
     "autofilter", "insert_hyperlinks"), True,
)  # fmt: skip
"""What may be done on a sheet whose heads are locked."""

EXAMPLE = "Ví dụ: "
"""What the example row begins with: `sources` never counts it."""


def file_name(name: str) -> str:
    """Return the file name of a layer's template.

    Examples
    --------
    >>> file_name("cultural_houses")
    'nha-van-hoa-thon-ban.xlsx'
    """
    return f"{text.slug(schema(name).title.vi)}.xlsx"


def sheet_name(name: str) -> str:
    """Return the name of a template's sheet: the layer's title as Excel takes it.

    Examples
    --------
    >>> sheet_name("villages")
    'Thôn, bản'
    """
    title = schema(name).title.vi
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31].strip()


def template(name: str) -> bytes:
    """Return the template of a layer as the bytes of an XLSX file.

    Starred columns come first and are marked; columns with a code list have a drop-down of the
    Vietnamese names; point layers have a column "Vị trí" that takes a position written any way.
    """
    found = schema(name)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(sheet_name(name))
    lists = book.add_worksheet("Danh mục")
    styles = _styles(book)
    sheet.write(0, 0, found.title.vi, styles["title"])
    sheet.write(
        1, 0,
        "Mỗi dòng một đối tượng, nhập từ dòng 6. Cột có dấu * cần có đủ. "
        "Ô chưa biết thì để trống, không ghi 0. Dòng 5 là ví dụ, không được tính.",
        styles["note"],
    )  # fmt: skip
    columns = _columns(found)
    for column, field in enumerate(columns):
        _column(sheet, lists, column, field, styles)
        _example(sheet, name, column, field, styles)
    sheet.set_row(HEAD_ROW, 52)
    sheet.set_row(EXAMPLE_ROW, 50)
    for row in range(EXAMPLE_ROW + 1, EXAMPLE_ROW + 1 + LINED):
        sheet.set_row(row, 21)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    _paper(sheet, sum(_width(field) for field in columns), len(columns))
    # The heads are what the file is known by when it comes back; all below them is open.
    sheet.protect("", _OPEN)
    lists.hide()
    book.close()
    return deterministic_zip(buffer.getvalue())


def _paper(sheet: Any, width: float, columns: int) -> None:
    """Lay a sheet out for a printer: also with a pen it can be filled in."""
    sheet.set_landscape()
    # A4 holds some 130 letters across at a size that can be read.
    sheet.set_paper(_A4 if width <= _ACROSS_A4 else _A3)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&C&P/&N")
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.print_area(0, 0, EXAMPLE_ROW + LINED, columns - 1)


def _width(field: Field) -> float:
    """Return the width of a column: its longest word, its choices, its head in three lines."""
    title = heading(field)
    choices = [code.title.vi for code in code_list(field.codes).codes] if field.codes else []
    head = max(max(map(len, title.split())) + 3, len(title) / 3 + 4)
    wanted = max(head, *(len(name) + 3 for name in choices)) if choices else head
    least = 16 if field.type in ("text", "place") else 10
    return round(max(least, min(_WIDEST, wanted)), 1)


def _columns(found: LayerSchema) -> list[Field]:
    """Return the fields of a template: starred ones first, the position last."""
    fields = [f for f in found.fields if f.type != "place"]
    places = [f for f in found.fields if f.type == "place"]
    return [f for f in fields if f.required] + [f for f in fields if not f.required] + places


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12}
    example_look = {
        **base, "italic": True, "font_color": "#5A6672", "bg_color": "#F3F5F4", "border": 4,
        "text_wrap": True, "valign": "top",
    }  # fmt: skip
    head = {**base, "bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
    looks = {
        "text": {"num_format": "@"}, "number": {}, "integer": {"num_format": "#,##0"},
        "date": {"num_format": "dd/mm/yyyy"},
    }  # fmt: skip
    line = {"border": 1, "border_color": "#B8C2C8"}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "note": book.add_format({**base, "italic": True}),
        "head": book.add_format({**head, "bg_color": "#e6eff2"}),
        "must": book.add_format({**head, "bg_color": "#fff6df"}),
        **{
            f"{kind}{ending}": book.add_format({**base, **lined, **look, "locked": False})
            for ending, lined in (("", {}), ("_lined", line))
            for kind, look in looks.items()
        },
        "example": book.add_format(example_look),
        "example_date": book.add_format({**example_look, "num_format": "dd/mm/yyyy"}),
    }


def heading(field: Field) -> str:
    """Return the heading of a column: title, unit, star.

    Examples
    --------
    >>> heading(schema("roads").field("width_m"))
    'Bề rộng mặt đường (m)'
    """
    return f"{wording.heading(field, 'vi')}{' *' if field.required else ''}"


def _column(sheet: Any, lists: Any, column: int, field: Field, styles: dict[str, Any]) -> None:
    title = heading(field)
    sheet.write_string(HEAD_ROW, column, title, styles["must" if field.required else "head"])
    kind = {"number": "number", "integer": "integer", "date": "date"}.get(field.type, "text")
    # A year has no grouping.
    kind = "number" if field.unit == "year" else kind
    sheet.set_column(column, column, _width(field), styles[kind])
    for row in range(EXAMPLE_ROW + 1, EXAMPLE_ROW + 1 + LINED):
        sheet.write_blank(row, column, None, styles[f"{kind}_lined"])
    rule = _rule(field, lists, column)
    if rule:
        first = xl_rowcol_to_cell(EXAMPLE_ROW + 1, column)
        last = xl_rowcol_to_cell(EXAMPLE_ROW + ROWS, column)
        sheet.data_validation(f"{first}:{last}", rule)


def _example(sheet: Any, name: str, column: int, field: Field, styles: dict[str, Any]) -> None:
    """Write the cell of the example row; the first one says what the row is."""
    given = example(name, field)
    if column == 0:
        sheet.write_string(EXAMPLE_ROW, 0, f"{EXAMPLE}{given}", styles["example"])
    elif given is None:
        sheet.write_blank(EXAMPLE_ROW, column, None, styles["example"])
    elif isinstance(given, str):
        sheet.write_string(EXAMPLE_ROW, column, given, styles["example"])
    elif isinstance(given, dt.date):
        sheet.write_datetime(EXAMPLE_ROW, column, given, styles["example_date"])
    else:
        sheet.write_number(EXAMPLE_ROW, column, given, styles["example"])


def _rule(field: Field, lists: Any, column: int) -> dict[str, Any] | None:
    """Return what a column takes, and the message beside its cells."""
    # Excel cuts titles of messages at 32 letters and refuses longer ones.
    message = {"input_title": field.title.vi[:32], "ignore_blank": True}
    if field.type in {"choice", "boolean"}:
        names = ["Có", "Không"]
        if field.codes:
            names = [code.title.vi for code in code_list(field.codes).codes]
        lists.write_column(0, column, names)
        first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(len(names) - 1, column, row_abs=True, col_abs=True)
        several = "Chọn một trong danh sách; nhiều giá trị cách nhau bằng dấu phẩy."
        return {
            **message, "validate": "list", "source": f"='Danh mục'!{first}:{last}",
            "input_message": several if field.many else "Chọn một trong danh sách.",
            "error_type": "information" if field.many else "stop",
            "error_title": "Không có trong danh sách",
            "error_message": "Hãy chọn một giá trị trong danh sách, hoặc để trống nếu chưa biết.",
        }  # fmt: skip
    if field.type in {"number", "integer"}:
        low, high = field.range or (-1e12, 1e12)
        return {
            **message, "validate": "decimal" if field.type == "number" else "integer",
            "criteria": "between", "minimum": low, "maximum": high,
            "input_message": f"{wording.heading(field, 'vi')}: một số. Chưa biết thì để trống.",
            "error_type": "warning", "error_title": "Kiểm tra lại số",
            "error_message": f"Số thường nằm trong khoảng {low:g} – {high:g}.",
        }  # fmt: skip
    if field.type == "date":
        return {**message, "validate": "any", "input_message": "Ngày/tháng/năm, ví dụ 31/12/2025."}
    if field.type == "place":
        return {
            **message, "validate": "any",
            "input_message": "Viết cách nào cũng được: 22.2192, 103.7162; X 2455972,7 Y 571979,2; "
            "đường dẫn bản đồ; Km3+200 đường Hô Tra; tên bản.",
        }  # fmt: skip
    return None
