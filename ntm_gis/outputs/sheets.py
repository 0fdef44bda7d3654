"""Sheets of an Excel workbook from columns: number formats, widths, frozen heads, print set-up.

What is not known but has to be there is a cell of slanted lines, as on pages and maps.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ntm_gis.outputs.files import deterministic_zip
from ntm_gis.outputs.gates import text_for_xlsx
from ntm_gis.outputs.sheet_sizes import LETTERS_PER_WIDTH as LETTERS_PER_WIDTH  # noqa: PLC0414
from ntm_gis.outputs.sheet_sizes import lines, width, wraps
from ntm_gis.rules.terms import term

Cell = str | float | int | bool | dt.date | None
Kind = Literal["text", "number", "year"]

FONT = "Times New Roman"
HEAD_ROW = 3
"""Rows above the headings: title, remark, blank."""

NAME_LIMIT = 31
A4 = 9
_UPRIGHT = 100
"""Characters across that still read well on an upright page."""
LIGHT_UP = 14
LINE_PT, _MOST_LINES = 15, 20
COLOURS = {
    "head": "#E6EFF2",
    "unknown": "#7A4E00",
    "unknown_ground": "#FFF6DF",
    "aside": "#5A6672",
}


@dataclass(frozen=True)
class Column:
    """One column: its heading, its cells, and how numbers stand in it.

    Parameters
    ----------
    title : str
    cells : sequence of str, number, bool, date or None
    kind : {"text", "number", "year"}
        Years have no grouping. Dates and truth values show as such wherever they stand.
    digits : int or sequence of int
        Decimals, of the column or of each row.
    required : bool
        A missing cell is shown as unknown.
    wide : int
        Width of a column of sentences, which are wrapped; 0 for others.
    """

    title: str
    cells: Sequence[Cell]
    kind: Kind = "text"
    digits: int | Sequence[int] = 0
    required: bool = False
    wide: int = 0

    def digits_of(self, row: int) -> int:
        """Decimals of a row."""
        return self.digits if isinstance(self.digits, int) else self.digits[row]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, title, remark and columns of equal length.

    `pale` are rows that do not count; `bold` rows are sums; `links` lead from a row of the
    first column to another sheet. Only the first `printed` columns go to paper, all where None.
    """

    name: str
    title: str
    remark: str
    columns: Sequence[Column]
    frozen: int = 1
    pale: frozenset[int] = frozenset()
    bold: frozenset[int] = frozenset()
    links: dict[int, str] = field(default_factory=dict)
    about: str = ""
    printed: int | None = None

    @property
    def rows(self) -> int:
        """Number of rows below the headings."""
        return len(self.columns[0].cells) if self.columns else 0


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return names that Excel takes for sheets: at most 31 characters, each once.

    Examples
    --------
    >>> sheet_names(["Đường", "đường", "a/b"])
    ['Đường', 'đường (2)', 'a-b']
    """
    out: list[str] = []
    taken: set[str] = set()
    for title in titles:
        clean = "".join("-" if char in "[]:*?/\\" else char for char in title).strip("' ")
        number, name = 1, clean[:NAME_LIMIT] or "-"
        while name.casefold() in taken:
            number += 1
            end = f" ({number})"
            name = clean[: NAME_LIMIT - len(end)] + end
        taken.add(name.casefold())
        out.append(name)
    return out


def workbook(sheets: Sequence[Sheet], as_of: dt.date, who: str, lang: str) -> bytes:
    """Return an XLSX file of sheets.

    Parameters
    ----------
    sheets : sequence of Sheet
    as_of : date
        Stands as the date of making: files hold no clock.
    who : str
        The commune, for the head of each printed page.
    lang : str
        "vi" or "en".

    Returns
    -------
    bytes
        The same for the same input.
    """

    def fill(book: Any, styles: Styles) -> None:
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, styles, who, lang)

    return filled_book(fill, as_of, who, lang)


def filled_book(fill: Callable[[Any, Styles], None], as_of: dt.date, who: str, lang: str) -> bytes:
    """Return an XLSX file that `fill` wrote its sheets into; see `workbook`."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    created = dt.datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 - XLSX has no zones
    book.set_properties({"created": created, "title": who, "author": "", "company": ""})
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(11)
    fill(book, Styles(book, lang))
    book.close()
    return deterministic_zip(buffer.getvalue(), first="[Content_Types].xml")


class Styles:
    """Cell formats of one workbook, each made once, and the gate of its texts."""

    def __init__(self, book: Any, lang: str) -> None:
        self._book = book
        self.text = partial(text_for_xlsx, ending=term("cut_text").of(lang))
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **properties: object) -> Format:
        """Return the format with these properties, the house's font and size where not said."""
        full = {"font_name": FONT, "font_size": 11, "valign": "top", **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]


def _write(page: Worksheet, sheet: Sheet, styles: Styles, who: str, lang: str) -> None:
    text = styles.text
    page.write_string(0, 0, text(sheet.title), styles.of(bold=True, font_size=14))
    page.write_string(1, 0, text(sheet.remark), styles.of(font_color=COLOURS["aside"]))
    head = styles.of(
        bold=True, border=1, text_wrap=True, valign="vcenter", align="center",
        bg_color=COLOURS["head"],
    )  # fmt: skip
    for number, column in enumerate(sheet.columns):
        page.write_string(HEAD_ROW, number, text(column.title), head)
        page.set_column(number, number, width(column))
        for row, cell in enumerate(column.cells):
            _put(page, sheet, styles, (row, number), cell)
    for row, count in enumerate(lines(sheet)):
        if count > 1:
            page.set_row(HEAD_ROW + 1 + row, LINE_PT * min(count, _MOST_LINES))
    _set_up(page, sheet, text(who), lang)


def _put(page: Worksheet, sheet: Sheet, styles: Styles, at: tuple[int, int], cell: Cell) -> None:
    """Write one cell by the type of its value: a text is never anything but a text."""
    row, number = at
    column, line = sheet.columns[number], HEAD_ROW + 1 + row
    look: dict[str, object] = {"border": 1, "border_color": "#B9C3C1"}
    if row in sheet.pale:
        look["font_color"] = COLOURS["aside"]
    if row in sheet.bold:
        look["bold"] = True
    if cell is None and column.required and row not in sheet.pale:
        look |= {
            "pattern": LIGHT_UP, "fg_color": COLOURS["unknown"],
            "bg_color": COLOURS["unknown_ground"],
        }  # fmt: skip
        page.write_blank(line, number, None, styles.of(**look))
    elif cell is None:
        page.write_blank(line, number, None, styles.of(**look))
    elif isinstance(cell, str):
        look |= {"text_wrap": wraps(column, cell), "align": "left", "indent": 1}
        if row in sheet.links and number == 0:
            where = f"internal:'{sheet.links[row]}'!A1"
            link = styles.of(**look, font_color="#0A5576", underline=1)
            page.write_url(line, number, where, link, styles.text(cell))
        else:
            page.write_string(line, number, styles.text(cell), styles.of(**look, num_format="@"))
    elif isinstance(cell, dt.date):
        page.write_datetime(line, number, cell, styles.of(**look, num_format="dd/mm/yyyy"))
    else:
        page.write_number(line, number, cell, styles.of(**look, num_format=_number(column, row)))


def _number(column: Column, row: int) -> str:
    """Return Excel's code of a number format; Excel itself writes it as the country does."""
    if column.kind == "year":
        return "0"
    digits = column.digits_of(row)
    return "#,##0" + ("." + "0" * digits if digits else "")


def _set_up(page: Worksheet, sheet: Sheet, who: str, lang: str) -> None:
    """Freeze the headings, filter, and make the print fit A4 across, headings on each page."""
    last_row, last_column = HEAD_ROW + max(sheet.rows, 1), max(len(sheet.columns) - 1, 0)
    page.freeze_panes(HEAD_ROW + 1, sheet.frozen)
    page.autofilter(HEAD_ROW, 0, last_row, last_column)
    page.set_row(0, 22)
    page.set_row(HEAD_ROW, 34)
    wide = sum(width(column) for column in sheet.columns[: sheet.printed])
    if wide > _UPRIGHT:
        page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.6, right=0.5, top=0.75, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW)
    if sheet.printed is not None:
        page.print_area(0, 0, HEAD_ROW + sheet.rows, sheet.printed - 1)
    pages = term("page_of").of(lang).format(page="&P", pages="&N")
    font = f'&"{FONT},Regular"&10'
    page.set_header(f"&L{font}{head_code(who)}&R{font}{head_code(sheet.title)}")
    page.set_footer(f"&R{font}{pages}")
    page.ignore_errors({"number_stored_as_text": f"A1:{_column_letter(last_column)}{last_row + 1}"})


def head_code(text: str) -> str:
    """Return a text for a page head, where "&" begins a code and 255 letters are the limit."""
    return text[:100].replace("&", "&&")


def _column_letter(number: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(number))
