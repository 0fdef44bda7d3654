"""village_forms/: a form a village to send out; filled in, all come back as one source.

Names of files are numbers: no text of users makes a file name. Sheet and headings are those that
the checks know, so that the forms are taken in without a question:
`files = "sources/phieu_ban/*.xlsx"`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.forms.grid import lines_of
from ntm_gis.outputs.forms.reading import Reading
from ntm_gis.outputs.gates import plain as plain_text
from ntm_gis.outputs.rows import plain
from ntm_gis.outputs.sheets import A4, COLOURS, LINE_PT, Styles, filled_book
from ntm_gis.results import shown
from ntm_gis.rules.carrying import ROWS, figures
from ntm_gis.rules.criteria import criteria_set
from ntm_gis.rules.terms import say, term

Job = tuple[str, Callable[[], Path]]

FOLDER = "village_forms"
SHEET, NOTE = "Phiếu bản", "DOC_TRUOC.txt"
HEAD_ROW = 5
CRITERION = "17"
"""The criterion whose indicators villages are asked for."""

_WIDTHS = (6, 10, 17, 60, 12, 11, 11, 11, 9, 13, 20, 22)
FILLED = ("value", "numerator", "denominator", "passed", "as_of", "document", "remark")
_CODE = 2
_COLUMNS = ("number", "village_id", "indicator", "content", "unit", *FILLED)


@dataclass(frozen=True, slots=True)
class Line:
    """What is asked: its code, what it is, its unit, and which cells it wants."""

    code: str
    title: str
    unit: str
    wants: tuple[str, ...]


def available(layers: Layers) -> bool:
    """Whether there are villages to ask."""
    return not layers["villages"].used.empty


def file_name(number: int) -> str:
    """Return the name of the form of a village by its place in the list.

    Examples
    --------
    >>> file_name(4)
    'phieu_ban_04.xlsx'
    """
    return f"phieu_ban_{number:02}.xlsx"


def files(out: Path) -> list[Path]:
    """Return the forms that lie in the folder."""
    return sorted((out / FOLDER).glob("phieu_ban_*.xlsx"))


def jobs(answer: Answer, layers: Layers, out: Path, lang: str) -> Iterator[Job]:
    """Yield the form of each village, in the order of their list, and the list of them.

    Forms of an earlier run that are too many go with the writing of the list.
    """
    read = Reading(answer, layers, lang)

    @cache
    def asked() -> list[Line]:
        return lines(read)

    known = list(villages(read))
    for n, (key, name) in enumerate(known, 1):
        target = out / FOLDER / file_name(n)

        def write(target: Path = target, key: str = key, name: str = name) -> Path:
            return atomic_write(target, workbook(read, key, name, asked()))

        yield f"{FOLDER}/{target.name}", write
    yield f"{FOLDER}/{NOTE}", lambda: _write_note(read, out, len(known))


def _write_note(read: Reading, out: Path, count: int) -> Path:
    made = {file_name(n) for n in range(1, count + 1)}
    for path in files(out):
        if path.name not in made:
            path.unlink(missing_ok=True)
    return atomic_write(note(out), _note(read).encode("utf-8"))


def note(out: Path) -> Path:
    """Return the list of the forms."""
    return out / FOLDER / NOTE


def _note(read: Reading) -> str:
    def word(key: str, /, **params: object) -> str:
        return say(f"village_form.{key}", read.lang, **params)

    listed = [
        f"{file_name(n)}  {plain_text(name)} ({plain_text(key)})"
        for n, (key, name) in enumerate(villages(read), 1)
    ]
    told = (word("note_title", name=plain_text(read.who.name)), word("note_send"),
            word("note_back"), "", *listed)  # fmt: skip
    # Windows' Notepad reads both line ends, and knows UTF-8 by its mark.
    return "\ufeff" + "\r\n".join(told) + "\r\n"


def lines(read: Reading) -> list[Line]:
    """Return what villages are asked: the counts of their list, what they sent before, TC 17."""
    name = read.who.criteria_set
    of_codes = figures(name or "")
    sent = [str(row["id"]) for row in read.rows("village_forms")]
    counts = [
        code for code, figure in of_codes.items()
        if figure.carry == "add" and figure.field not in (None, ROWS, "cultural_standard")
    ]  # fmt: skip
    out = [
        Line(code, of_codes[code].title.of(read.lang), of_codes[code].unit, ("value",))
        for code in dict.fromkeys((*counts, *sent))
        if code in of_codes and of_codes[code].carry == "add"
    ]
    found = None if name is None else criteria_set(name)
    for line in () if found is None else found.of_criterion(CRITERION, read.as_of):
        wants = ("passed",) if line.unit == "verdict" else ("numerator", "denominator")
        out.append(Line(line.code, line.title.words.of(read.lang), line.unit, wants))
    return out


def villages(read: Reading) -> Iterator[tuple[str, str]]:
    """Yield keys and names of the villages, in the order of their list."""
    used = read.layers["villages"].used
    for key, name in zip(plain(used["village_id"]), plain(used["name"]), strict=True):
        yield str(key), str(name or key)


def workbook(read: Reading, village: str, name: str, asked: Sequence[Line]) -> bytes:
    """Return the form of a village as the bytes of an XLSX file."""

    def fill(book: Any, styles: Styles) -> None:
        _Form(book.add_worksheet(SHEET), styles, read).write(village, name, asked)

    who = say("commune_of", read.lang, name=read.who.name)
    return filled_book(fill, read.as_of, who, read.lang)


class _Form:
    """Writes one village's form."""

    def __init__(self, sheet: Any, styles: Styles, read: Reading) -> None:
        self.sheet, self.styles, self.read = sheet, styles, read

    def _word(self, key: str, /, **params: object) -> str:
        return say(f"village_form.{key}", self.read.lang, **params)

    def write(self, village: str, name: str, asked: Sequence[Line]) -> None:
        sheet, read, of = self.sheet, self.read, self.styles.of
        titles = (
            read.word("office", name=read.who.name.upper()), self._word("title"),
            self._word("of_village", name=name), self._word("how", on=read.as_of),
        )  # fmt: skip
        for row, text in enumerate(titles):
            style = of(bold=row < len(titles) - 1, italic=row == len(titles) - 1, font_size=12)
            sheet.write_string(row, 0, self.styles.text(text), style)
        head = {
            "bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center",
        }  # fmt: skip
        for k, (column, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
            ground = COLOURS["unknown_ground"] if column in FILLED else COLOURS["head"]
            sheet.write_string(HEAD_ROW, k, self._word(column), of(**head, bg_color=ground))
            sheet.set_column(k, k, width)
        for n, line in enumerate(asked, 1):
            self._line(HEAD_ROW + n, n, village, line)
        self._rules(HEAD_ROW + 1, HEAD_ROW + len(asked))
        self._set_up(HEAD_ROW + len(asked))

    def _line(self, row: int, n: int, village: str, line: Line) -> None:
        sheet, of, text = self.sheet, self.styles.of, self.styles.text
        box: dict[str, object] = {"border": 1, "text_wrap": True}
        unit = "" if line.unit == "verdict" else shown.unit_name(line.unit, self.read.lang)
        sheet.set_row(row, LINE_PT * lines_of(line.title, _WIDTHS[3]) + 5)
        box["valign"] = "vcenter"
        sheet.write_number(row, 0, n, of(**box, align="center"))
        for k, cell in enumerate((village, line.code, line.title, unit), 1):
            # Codes of words are for the way back, not for reading.
            of_words = k == _CODE and not cell[:1].isdigit()
            look = {"font_size": 8, "font_color": COLOURS["aside"]} if of_words else {}
            sheet.write_string(row, k, text(cell), of(**box, **look, num_format="@"))
        for k, column in enumerate(_COLUMNS):
            if column == "as_of":
                date = of(**box, num_format="dd/mm/yyyy", align="center", locked=False)
                sheet.write_datetime(row, k, self.read.as_of, date)
            elif column in FILLED:
                open_cell = column in line.wants or column in ("document", "remark")
                ground = {"locked": False} if open_cell else {"bg_color": "#EEEEEE"}
                kind = "@" if column in ("passed", "document", "remark") else "#,##0.##"
                sheet.write_blank(row, k, None, of(**box, **ground, num_format=kind))

    def _rules(self, first: int, last: int) -> None:
        """Give each column its drop-down or its word on what it takes."""
        yes, no = term("yes").of(self.read.lang), term("no").of(self.read.lang)
        for k, column in enumerate(_COLUMNS):
            hint = {"input_title": self._word(column)[:32], "ignore_blank": True}
            if column == "passed":
                rule = {
                    **hint, "validate": "list", "source": [yes, no],
                    "input_message": self._word("hint_passed"),
                    "error_title": self._word("error_list"),
                    "error_message": self._word("error_passed"),
                }  # fmt: skip
            elif column in ("value", "numerator", "denominator"):
                rule = {
                    **hint, "validate": "decimal", "criteria": ">=", "value": 0,
                    "input_message": self._word(f"hint_{column}"),
                    "error_title": self._word("error_list"),
                    "error_message": self._word("error_number"),
                }  # fmt: skip
            else:
                continue
            self.sheet.data_validation(first, k, last, k, rule)

    def _set_up(self, last: int) -> None:
        sheet = self.sheet
        sheet.freeze_panes(HEAD_ROW + 1, 4)
        # Heads and codes lead the form back to its place; what is asked for stays open.
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.print_area(0, 0, last + 4, len(_COLUMNS) - 1)
        signed = self.styles.of(bold=True, align="center")
        sheet.write_string(last + 2, 9, self._word("signed"), signed)
