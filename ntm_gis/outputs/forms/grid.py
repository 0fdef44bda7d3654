"""A form on a sheet: office and number, headings of several rows, sums, footnotes, signatures.

Where `sheets` writes lists to work with, this writes what is printed, signed and handed in. What
is not known is a hatched cell with a word beside it, never a nought.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from ntm_gis.outputs.forms.model import HEAD_ROWS, Cell, Form, Head, Line
from ntm_gis.outputs.sheets import (
    A4,
    COLOURS,
    FONT,
    LETTERS_PER_WIDTH,
    LIGHT_UP,
    LINE_PT,
    Styles,
    filled_book,
    head_code,
)
from ntm_gis.rules.terms import say, term

_RULE, _HATCH = "#7F8B94", "#C9A968"
_MOST_LINES, _INDENT, _ONE_PAGE = 12, 1.2, 24
_BOLD = 0.86
"""How much of a text a width holds where it is bold."""

_TITLE_PT, _BODY_PT, _NOTE_PT = 14, 11, 10


def book(forms: Sequence[Form], office: str, as_of: dt.date, who: str, lang: str) -> bytes:
    """Return an XLSX file of forms.

    Parameters
    ----------
    office : str
        Who hands them in, at the left above.
    as_of : date
        Stands as the date of making: files hold no clock.
    who : str
        The commune, in the head of each printed page.
    """

    def fill(opened: Any, styles: Styles) -> None:
        for form in forms:
            _Page(opened.add_worksheet(form.name), form, styles).write(office, who, lang)

    return filled_book(fill, as_of, who, lang)


class _Page:
    """Writes one form on its sheet."""

    def __init__(self, sheet: Any, form: Form, styles: Styles) -> None:
        self.sheet, self.form, self.styles = sheet, form, styles
        self.last = len(form.columns) - 1
        # A merged cell needs two columns at least.
        self.middle = max(1, min(self.last - 1, self.last * 2 // 3))

    def write(self, office: str, who: str, lang: str) -> None:
        form, sheet = self.form, self.sheet
        for k, column in enumerate(form.columns):
            sheet.set_column(k, k, column.width)
        self._top(office)
        self._heads()
        row = form.first_row
        for n, line in enumerate(form.lines):
            self._line(row, line, form.links.get(n))
            row += 1
        row = self._notes(row + 1)
        if form.signed:
            row = self._signatures(row + 1, lang)
        self._set_up(row, who, lang)

    def _top(self, office: str) -> None:
        form = self.form
        self._merged(0, 0, self.middle, office, bold=True, font_size=_BODY_PT, align="left")
        self._merged(0, self.middle + 1, self.last, form.number, bold=True, align="right")
        centred = {"align": "center", "text_wrap": True, "valign": "vcenter"}
        self._merged(1, 0, self.last, form.title, bold=True, font_size=_TITLE_PT, **centred)
        self._merged(2, 0, self.last, form.goes_with, italic=True, **centred)
        self._merged(3, 0, self.middle, form.mark, italic=True, font_color=COLOURS["unknown"])
        self._merged(3, self.middle + 1, self.last, form.unit, italic=True, align="right")
        whole = sum(column.width for column in form.columns)
        for row, text, size in ((1, form.title, _TITLE_PT), (2, form.goes_with, _BODY_PT)):
            lines = len(wrap(text, max(20, int(whole * _BODY_PT / size)))) or 1
            self.sheet.set_row(row, (size + 5) * lines)

    def _heads(self) -> None:
        depth = self.form.first_row - HEAD_ROWS - 1
        look = self.styles.of(
            bold=True, border=1, border_color=_RULE, text_wrap=True, valign="vcenter",
            align="center", bg_color=COLOURS["head"],
        )  # fmt: skip
        tall = [1] * depth
        for head, row, column in _placed(self.form.heads, HEAD_ROWS, 0):
            width = len(head.leaves)
            last_row = row if head.parts else HEAD_ROWS + depth - 1
            text = self.styles.text(head.title)
            if last_row > row or width > 1:
                self.sheet.merge_range(row, column, last_row, column + width - 1, "", look)
            self.sheet.write_string(row, column, text, look)
            lines = lines_of(head.title, sum(leaf.width for leaf in head.leaves) * 0.9)
            at = last_row - HEAD_ROWS
            tall[at] = max(tall[at], lines - (last_row - row))
        for k, lines in enumerate(tall):
            self.sheet.set_row(HEAD_ROWS + k, LINE_PT * max(lines, 1) + 4)
        small = self.styles.of(
            font_size=9, italic=True, border=1, border_color=_RULE, align="center"
        )
        for k in range(self.last + 1):
            self.sheet.write_string(HEAD_ROWS + depth, k, f"({k + 1})", small)

    def _line(self, row: int, line: Line, link: str | None) -> None:
        look: dict[str, object] = {"border": 1, "border_color": _RULE}
        if line.look in ("section", "sum"):
            look["bold"] = True
            look["bg_color"] = "#F3F7F6"
        if line.look == "part":
            look["italic"] = True
        lines = 1
        columns = self.form.columns
        for k, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
            if line.across and k > 1:
                continue
            own = dict(look)
            if isinstance(cell, str):
                width = sum(c.width for c in columns[1:]) if line.across and k else column.width
                room = width - _INDENT - (2 * line.depth if k == 1 else 0)
                lines = max(lines, lines_of(cell, room * (_BOLD if "bold" in look else 1)))
            if line.across and k == 1:
                self._across(row, cell, own)
            else:
                self._cell(row, k, cell, line, own, link if k == 0 else None)
        self.sheet.set_row(row, LINE_PT * min(lines, _MOST_LINES) + 2)

    def _across(self, row: int, cell: Cell, look: dict[str, object]) -> None:
        style = self.styles.of(**look, text_wrap=True, indent=1, align="left")
        self.sheet.merge_range(row, 1, row, self.last, "", style)
        self.sheet.write_string(row, 1, self.styles.text(str(cell or "")), style)

    def _cell(
        self, row: int, k: int, cell: Cell, line: Line, look: dict[str, object], link: str | None
    ) -> None:
        column, sheet, of = self.form.columns[k], self.sheet, self.styles.of
        if cell is None and k in line.wanted:
            look |= {
                "pattern": LIGHT_UP, "fg_color": _HATCH, "bg_color": COLOURS["unknown_ground"],
            }  # fmt: skip
        if cell is None:
            sheet.write_blank(row, k, None, of(**look))
        elif isinstance(cell, str):
            align = {"number": "right", "centre": "center"}.get(column.kind, "left")
            indent = (2 * line.depth if k == 1 else 0) + (align != "center")
            style = of(**look, text_wrap=True, align=align, indent=indent, num_format="@")
            if link is not None:
                sheet.write_url(row, k, f"internal:'{link}'!A1", style, self.styles.text(cell))
            else:
                sheet.write_string(row, k, self.styles.text(cell), style)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, k, cell, of(**look, num_format="dd/mm/yyyy", align="center"))
        else:
            digits = line.digits.get(k, column.digits)
            shape = "#,##0" + ("." + "0" * digits if digits else "")
            place = (
                {"align": "center"} if column.kind == "centre" else {"align": "right", "indent": 1}
            )
            sheet.write_number(row, k, cell, of(**look, num_format=shape, **place))

    def _notes(self, row: int) -> int:
        whole = sum(column.width for column in self.form.columns)
        for note in self.form.notes:
            self._merged(row, 0, self.last, note, font_size=_NOTE_PT, italic=True,
                         text_wrap=True, align="left")  # fmt: skip
            self.sheet.set_row(row, (LINE_PT - 1) * lines_of(note, whole * 1.1))
            row += 1
        return row

    def _signatures(self, row: int, lang: str) -> int:
        half = self.last // 2
        centred = {"align": "center", "bold": True, "text_wrap": True}
        self._merged(row, half + 1, self.last, term("form.day_of").of(lang), italic=True,
                     align="center")  # fmt: skip
        self._merged(row + 1, 0, half, term("form.made_by").of(lang), **centred)
        self._merged(row + 1, half + 1, self.last, term("form.signed_by").of(lang), **centred)
        hint = {"align": "center", "italic": True}
        self._merged(row + 2, 0, half, term("form.sign_name").of(lang), **hint)
        self._merged(row + 2, half + 1, self.last, term("form.sign_seal").of(lang), **hint)
        self.sheet.set_row(row + 1, 2 * LINE_PT + 2)
        return row + 6

    def _merged(self, row: int, first: int, last: int, text: str, **look: object) -> None:
        style = self.styles.of(**look)
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", style)
        self.sheet.write_string(row, first, self.styles.text(text), style)

    def _set_up(self, last_row: int, who: str, lang: str) -> None:
        """Freeze the headings; A4 across, headings and their numbers on each page."""
        sheet, form = self.sheet, self.form
        sheet.freeze_panes(form.first_row, form.frozen)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.6)
        # A short form keeps its footnotes and signatures on its page.
        sheet.fit_to_pages(1, 1 if len(form.lines) <= _ONE_PAGE else 0)
        sheet.repeat_rows(HEAD_ROWS, form.first_row - 1)
        sheet.print_area(0, 0, last_row, self.last)
        sheet.center_horizontally()
        font = f'&"{FONT},Regular"&9'
        pages = term("page_of").of(lang).format(page="&P", pages="&N")
        draft = say("form.draft", lang)
        sheet.set_footer(f"&L{font}{head_code(who)} · {head_code(draft)}&R{font}{pages}")
        end = xl_rowcol_to_cell(max(last_row, 1), self.last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{end}"})


def _placed(heads: Sequence[Head], row: int, column: int) -> Iterator[tuple[Head, int, int]]:
    """Yield each heading with its row and first column."""
    for head in heads:
        yield head, row, column
        yield from _placed(head.parts, row + 1, column)
        column += len(head.leaves)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a width; not every program finds out by itself."""
    letters = max(4, int(width * LETTERS_PER_WIDTH))
    return sum(len(wrap(part, letters)) or 1 for part in text.split("\n"))
