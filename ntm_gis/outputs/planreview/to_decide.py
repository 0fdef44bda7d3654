"""plan_decisions.xlsx: findings and planned items to decide about, with drop-downs.

Filled in, it comes back by `decide FOLDER add FILE`. Two narrow grey columns at the end say what
each row was when the sheet was made, so that a decision about something that has changed since
is told and not entered.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis.layers.decisions import CHOICES, FINDING
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import handed_out
from ntm_gis.outputs.files import atomic_write, deterministic_zip
from ntm_gis.outputs.handed_out import HEAD_ROW, put
from ntm_gis.outputs.planreview.model import Item, Pin
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import DASH, coordinates
from ntm_gis.rules.terms import say, term

FILE_NAME = "plan_decisions.xlsx"
SHEET = "Quyết định"

COLUMNS = (
    "item", "what", "ha", "place", "proposal", "choice", "why", "decided_by", "document",
    "decided_on", "subject", "mark",
)  # fmt: skip
"""Columns in order; their headings are the terms `plan_decisions.NAME`."""

_WIDTHS = (11, 60, 9, 20, 34, 14, 34, 20, 18, 12, 14, 12)
_TEXT_LINE, _LINE_PT = 62, 15.5


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to decide."""

    item: str
    what: str
    ha: float | None
    place: str
    proposal: str
    subject: str
    choice: str | None
    why: str | None
    by: str | None
    document: str | None
    on: Any

    @property
    def mark(self) -> str:
        """What the row was: its words and the decision that it bore."""
        return mark(self.what, self.choice)


def mark(what: str, choice: str | None) -> str:
    """Return the short digest of what a row says and how it was decided.

    Examples
    --------
    >>> mark("a", None) == mark("a", "keep"), len(mark("a", None))
    (False, 10)
    """
    said = f"{what}\x1f{choice or ''}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=5).hexdigest()


def rows(answer: Answer, layers: Layers, lang: str = "vi") -> tuple[Row, ...]:
    """Return what there is to decide: findings in the order of their numbers, then items."""
    read = Reading(answer, layers, lang)
    return (
        *(_of_pin(pin, lang) for pin in read.pins),
        *(_of_item(item) for item in read.items),
    )


def _of_pin(pin: Pin, lang: str) -> Row:
    at = coordinates(pin, lang)
    choice = pin.choice if pin.choice in CHOICES else None
    told = (pin.why, pin.by, pin.document, pin.on) if choice else (None,) * 4
    return Row(
        pin.id, pin.says, pin.ground_ha, "" if at is None else f"X {at[0]} Y {at[1]}",
        pin.proposal, f"{FINDING}{pin.subject}", choice, *told,
    )  # fmt: skip


def _of_item(item: Item) -> Row:
    words = " · ".join(
        part for part in (item.name, item.kind, str(item.year) if item.year else None) if part
    )
    return Row(
        f"{item.plan or DASH}/{item.id}", words, None, "", "", item.subject, item.choice, item.why,
        item.by, item.document, item.on,
    )  # fmt: skip


def write(answer: Answer, layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `plan_decisions.xlsx` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in Excel.
    """
    return atomic_write(out / FILE_NAME, workbook(answer, layers, lang))


def workbook(answer: Answer, layers: Layers, lang: str = "vi") -> bytes:
    """Return the sheet to fill in, as the bytes of an XLSX file."""
    found = rows(answer, layers, lang)
    buffer = io.BytesIO()
    book = handed_out.book(buffer)
    sheet = book.add_worksheet(SHEET)
    styles = handed_out.styles(book)
    who = layers.commune.commune
    put(sheet, 0, 0, say("plan_decisions.title", lang, name=who.name), styles["title"])
    put(sheet, 1, 0, say("plan_decisions.note", lang, on=who.as_of), styles["note"])
    for k, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        head = "own" if name in ("subject", "mark") else "fill" if _is_filled(name) else "head"
        put(sheet, HEAD_ROW, k, term(f"plan_decisions.{name}").of(lang), styles[head])
        sheet.set_column(k, k, width)
    for n, row in enumerate(found, HEAD_ROW + 1):
        _write_row(sheet, n, row, styles, lang)
    last = HEAD_ROW + max(len(found), 1)
    _rules(sheet, last, lang)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    handed_out.paper(sheet, COLUMNS, last, "decided_on")
    book.close()
    return deterministic_zip(buffer.getvalue())


def _is_filled(name: str) -> bool:
    return name in ("choice", "why", "decided_by", "document", "decided_on")


def _write_row(sheet: Any, n: int, row: Row, styles: dict[str, Any], lang: str) -> None:
    said = None if row.choice is None else term(f"decision_{row.choice}").of(lang)
    texts = (row.item, row.what, None, row.place, row.proposal, said, row.why, row.by,
             row.document, None, row.subject, row.mark)  # fmt: skip
    for k, (name, value) in enumerate(zip(COLUMNS, texts, strict=True)):
        style = styles["own" if name in ("subject", "mark") else "text"]
        if name == "decided_on":
            if row.on is None:
                sheet.write_blank(n, k, None, styles["date"])
            else:
                sheet.write_datetime(n, k, row.on, styles["date"])
        elif name == "ha" and row.ha is not None:
            sheet.write_number(n, k, round(row.ha, 4), styles["number"])
        elif not value:
            sheet.write_blank(n, k, None, style)
        else:
            put(sheet, n, k, value, style)
    lines = max(1, -(-max(len(row.what), len(row.proposal) * 60 // 34) // _TEXT_LINE))
    sheet.set_row(n, min(lines, 8) * _LINE_PT)


def _rules(sheet: Any, last: int, lang: str) -> None:
    """Give the column of choices its list, and the others a word on what they take."""
    column = COLUMNS.index("choice")
    names = [term(f"decision_{code}").of(lang) for code in CHOICES]
    sheet.data_validation(HEAD_ROW + 1, column, last, column, {
        "validate": "list", "source": names, "ignore_blank": True,
        "input_title": term("decision_choice").of(lang),
        "input_message": term("plan_decisions.choice_hint").of(lang),
        "error_title": term("decision_choice").of(lang),
        "error_message": term("plan_decisions.choice_error").of(lang),
    })  # fmt: skip
    for name in ("why", "decided_by", "decided_on"):
        k = COLUMNS.index(name)
        sheet.data_validation(HEAD_ROW + 1, k, last, k, {
            "validate": "any", "input_title": term(f"plan_decisions.{name}").of(lang)[:32],
            "input_message": term(f"plan_decisions.{name}_hint").of(lang),
        })  # fmt: skip


def headings() -> Iterator[tuple[str, str]]:
    """Yield every heading of the sheet, in either language, with the name of its column."""
    return handed_out.headings("plan_decisions", COLUMNS)
