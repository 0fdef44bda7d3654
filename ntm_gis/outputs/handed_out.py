"""Excel sheets that an office fills in and hands back: one look, one paper, no formulas."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from ntm_gis.outputs.files import EPOCH
from ntm_gis.outputs.gates import text_for_xlsx
from ntm_gis.rules.terms import term

HEAD_ROW = 3
"""The row of headings, from 0: title and note stand above."""


def book(buffer: io.BytesIO) -> Any:
    """Return an empty workbook without formulas and links; the same results, the same bytes."""
    made = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made.set_properties({"created": dt.datetime(*EPOCH)})  # noqa: DTZ001 - a fixed day
    return made


def styles(made: Any) -> dict[str, Any]:
    """Return the formats of a sheet: what is told, what is to be filled in, what is ours."""
    base = {"font_name": "Times New Roman", "font_size": 12}
    cell = {**base, "border": 1, "border_color": "#B8C2C8", "text_wrap": True, "valign": "top"}
    head = {**cell, "bold": True, "valign": "vcenter"}
    return {
        "title": made.add_format({**base, "bold": True, "font_size": 14}),
        "note": made.add_format({**base, "italic": True}),
        "head": made.add_format({**head, "bg_color": "#E6EFF2"}),
        "fill": made.add_format({**head, "bg_color": "#FFF6DF"}),
        "text": made.add_format({**cell, "num_format": "@"}),
        "number": made.add_format({**cell, "num_format": "#,##0.00##"}),
        "date": made.add_format({**cell, "num_format": "dd/mm/yyyy"}),
        "own": made.add_format({**cell, "font_size": 8, "font_color": "#8A949C",
                                "text_wrap": False, "num_format": "@"}),
    }  # fmt: skip


def open_styles(made: Any) -> dict[str, Any]:
    """Return the formats of cells that stay open where a sheet is locked."""
    cell = {
        "font_name": "Times New Roman", "font_size": 12, "border": 1, "border_color": "#B8C2C8",
        "text_wrap": True, "valign": "top", "bg_color": "#FFFBF0", "locked": False,
    }  # fmt: skip
    return {
        "open": made.add_format({**cell, "num_format": "@"}),
        "number": made.add_format({**cell, "num_format": "#,##0.####"}),
        "date": made.add_format({**cell, "num_format": "dd/mm/yyyy"}),
    }


def put(sheet: Any, n: int, k: int, value: str, style: Any) -> None:
    """Write a text: a string whatever it begins with, never a formula or a link."""
    sheet.write_string(n, k, text_for_xlsx(value), style)


def paper(sheet: Any, columns: Sequence[str], last_row: int, last_printed: str) -> None:
    """Give a sheet its filter and lay it out on A4 across, headings on every page."""
    sheet.autofilter(HEAD_ROW, 0, last_row, len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.print_area(0, 0, last_row, columns.index(last_printed))


def headings(section: str, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield every heading of a sheet, in either language, with the name of its column."""
    for name in columns:
        for lang in ("vi", "en"):
            yield term(f"{section}.{name}").of(lang), name
