"""thresholds.xlsx, the sheet "Nhập ngưỡng": every threshold with its status, to be confirmed.

Filled in from the office's own copy of the text it comes back by `law FOLDER add FILE`. Cells
that are not to be filled in are locked; there are no formulas. Two narrow grey columns at the
end say which threshold a row is and how it stood when the sheet was made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import handed_out
from ntm_gis.outputs.files import atomic_write, deterministic_zip
from ntm_gis.outputs.handed_out import HEAD_ROW, put
from ntm_gis.outputs.score_status import OFFICIAL, limit_words, rows
from ntm_gis.results import shown
from ntm_gis.rules.terms import say, term

FILE_NAME = "thresholds.xlsx"
FRAME = "thresholds"
SHEET = "Nhập ngưỡng"

COLUMNS = (
    "code", "what", "unit", "since", "now", "status", "source", "value", "document", "page", "by",
    "on", "key", "mark",
)  # fmt: skip
"""Columns in order; their headings are the terms `threshold_sheet.NAME`."""

FILLED = ("value", "document", "page", "by", "on")
_OWN = ("key", "mark")
_WIDTHS = (8, 46, 17, 12, 24, 19, 30, 20, 20, 10, 22, 13, 12, 10)
_TEXT_LINE, _LINE_PT = 44, 15.5
_FIRST_DAY = dt.date(2010, 1, 1)


def available(answer: Answer) -> bool:
    """Whether there is any threshold to confirm."""
    return FRAME in answer.frames and not answer.frames[FRAME].empty


def write(answer: Answer, layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `thresholds.xlsx` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in Excel.
    """
    return atomic_write(out / FILE_NAME, workbook(answer, layers, lang))


def mark(row: Mapping[str, Any]) -> str:
    """Return the short digest of how a threshold was confirmed when the sheet was made.

    Parameters
    ----------
    row : mapping
        `confirmed_value`, `document` and `page` of a row of the frame `thresholds`.

    Examples
    --------
    >>> open_ = {"confirmed_value": None, "document": None, "page": None}
    >>> len(mark(open_)), mark(open_) == mark({**open_, "confirmed_value": "65"})
    (10, False)
    """
    said = "\x1f".join(str(row[n] or "") for n in ("confirmed_value", "document", "page"))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def workbook(answer: Answer, layers: Layers, lang: str = "vi") -> bytes:
    """Return the sheet to fill in, as the bytes of an XLSX file."""
    found = rows(answer, FRAME)
    buffer = io.BytesIO()
    book = handed_out.book(buffer)
    sheet = book.add_worksheet(SHEET)
    styles = handed_out.styles(book) | handed_out.open_styles(book)
    who = layers.commune.commune
    put(sheet, 0, 0, say("threshold_sheet.title", lang, name=who.name), styles["title"])
    put(sheet, 1, 0, say("threshold_sheet.note", lang, on=who.as_of), styles["note"])
    for k, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        head = "own" if name in _OWN else "fill" if name in FILLED else "head"
        put(sheet, HEAD_ROW, k, term(f"threshold_sheet.{name}").of(lang), styles[head])
        sheet.set_column(k, k, width)
    for n, row in enumerate(found, HEAD_ROW + 1):
        _write_row(sheet, n, row, styles, lang)
        _rules(sheet, n, row, lang)
    last = HEAD_ROW + max(len(found), 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    handed_out.paper(sheet, COLUMNS, last, "on")
    book.close()
    return deterministic_zip(buffer.getvalue())


def _write_row(
    sheet: Any, n: int, row: Mapping[str, Any], styles: Mapping[str, Any], lang: str
) -> None:
    unknown = row["limit_value"] is None
    official = row["law_status"] in OFFICIAL
    status = f"law_status.{row['law_status']}" if official else "score_reference"
    texts: dict[str, Any] = {
        "code": row["code"], "what": row[f"title_{lang}"],
        "unit": shown.unit_name(row["unit_of"], lang),
        "since": numbers.format_date_vi(row["since_on"].date()),
        "now": term("law_unknown").of(lang) if unknown else limit_words(row, lang),
        "status": None if unknown else term(status).of(lang),
        "source": row["citation"], "document": row["document"], "page": row["page"],
        "by": row["confirmed_by"], "key": row["id"], "mark": mark(row),
    }  # fmt: skip
    for k, name in enumerate(COLUMNS):
        style = styles["own" if name in _OWN else "open" if name in FILLED else "text"]
        if name == "value":
            _write_value(sheet, n, k, row, styles)
        elif name == "on":
            if row["confirmed_on"] is None:
                sheet.write_blank(n, k, None, styles["date"])
            else:
                sheet.write_datetime(n, k, row["confirmed_on"].to_pydatetime(), styles["date"])
        elif not texts.get(name):
            sheet.write_blank(n, k, None, style)
        else:
            put(sheet, n, k, texts[name], style)
    longest = max(len(texts["what"]), len(row["citation"] or "") * 46 // 30)
    sheet.set_row(n, min(max(1, -(-longest // _TEXT_LINE)), 6) * _LINE_PT)


def _write_value(
    sheet: Any, n: int, k: int, row: Mapping[str, Any], styles: Mapping[str, Any]
) -> None:
    """Write what was confirmed: a number as a number."""
    said = row["confirmed_value"]
    number = None if said is None else numbers.parse_number(said, "vi").value
    if said is None:
        sheet.write_blank(n, k, None, styles["open" if _is_passed(row) else "number"])
    elif number is None:
        put(sheet, n, k, said, styles["open"])
    else:
        sheet.write_number(n, k, number, styles["number"])


def _is_passed(row: Mapping[str, Any]) -> bool:
    return row["comparator"] == "passed" or (
        row["comparator"] is None and row["unit_of"] == "verdict"
    )


def _rules(sheet: Any, n: int, row: Mapping[str, Any], lang: str) -> None:
    """Give the cells to fill in what they take: a list, a number, a day, and a word on it."""

    def word(name: str) -> str:
        return term(f"threshold_sheet.{name}").of(lang)

    def rule(name: str, hint: str, **more: Any) -> None:
        title = word(name)[:32]
        told = {"input_title": title, "input_message": word(hint), "error_title": title}
        k = COLUMNS.index(name)
        sheet.data_validation(n, k, n, k, {**told, "ignore_blank": True, **more})

    wrong = {"error_message": word("value_error")}
    if _is_passed(row):
        rule("value", "value_passed_hint", validate="list", source=["đạt"], **wrong)
    elif row["unit_of"] == "%":
        rule("value", "value_share_hint", validate="decimal", criteria="between",
             minimum=0, maximum=100, **wrong)  # fmt: skip
    else:
        rule("value", "value_number_hint", validate="decimal", criteria=">=", value=0, **wrong)
    for name in ("document", "page", "by"):
        rule(name, f"{name}_hint", validate="any")
    rule("on", "on_hint", validate="date", criteria=">=", value=_FIRST_DAY,
         error_message=word("on_error"))  # fmt: skip


def headings() -> Iterator[tuple[str, str]]:
    """Yield every heading of the sheet, in either language, with the name of its column."""
    return handed_out.headings("threshold_sheet", COLUMNS)
