"""Criterion 17 by indicator and by village, what villages sent in, and reminders as a list."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_gis.outputs.forms.model import Cell, Form, Head, Line
from ntm_gis.outputs.forms.reading import Reading, Row, day_of, number_of, text_of
from ntm_gis.outputs.forms.tasks import state_words
from ntm_gis.results import shown

_MOST_NAMES = 6
"""Villages named in one cell; the rest is counted."""


def criterion(read: Reading) -> Form | None:
    """Return the worksheet of criterion 17; None where the set has no such criterion."""
    rows = read.rows("criterion_17")
    if not rows:
        return None
    word = read.word
    heads = (
        Head(word("code"), 8, "centre"),
        Head(word("criterion_content"), 44),
        Head(word("supplier"), 20),
        Head(word("commune_figure"), 18, "centre"),
        Head(word("verdict_of"), 18, "centre"),
        Head(word("proof"), 26),
        Head(word("until"), 12, "centre"),
        Head(word("received_from"), 12, "centre"),
        Head(word("not_received"), 30),
        Head(word("state"), 16, "centre"),
    )
    lines = []
    for row in (r for r in rows if text_of(r, "village_id") is None):
        of_villages = [
            r for r in rows if r["indicator"] == row["indicator"] and text_of(r, "village_id")
        ]
        lines.append(_indicator(read, row, of_villages))
    return Form(
        word("tc17_sheet"), "", word("tc17_title", year=str(read.as_of.year)),
        word("reported", name=read.who.name, on=read.as_of), heads, lines,
        mark=word("mark_work"), notes=(word("note_tc17"), word("note_blank")),
        about=word("tc17_about"),
    )  # fmt: skip


def _indicator(read: Reading, row: Row, of_villages: list[Row]) -> Line:
    word, code = read.word, str(row["indicator"])
    measure = read.measure(f"indicator.{code}")
    missing = [
        text_of(r, "village") or str(r["village_id"])
        for r in of_villages
        if text_of(r, "state") == "missing"
    ]
    received = len(of_villages) - len(missing)
    state = text_of(row, "state") or "missing"
    cells: tuple[Cell, ...] = (
        code,
        text_of(row, "title"),
        text_of(row, "supplier") or word("not_named"),
        None if measure is None else read.result(measure),
        None if measure is None else read.verdict(measure),
        text_of(row, "document"),
        day_of(row, "as_of_on"),
        f"{received}/{len(of_villages)}",
        _names(read, missing) if received else word("village_form_unused"),
        word(f"state_{state}"),
    )
    return Line(cells, wanted=frozenset({3, 5, 6}))


def _names(read: Reading, names: list[str]) -> str | None:
    if not names:
        return None
    listed = ", ".join(names[:_MOST_NAMES])
    left = len(names) - _MOST_NAMES
    return listed if left <= 0 else read.word("names_more", names=listed, n=left)


def by_village(read: Reading) -> Form | None:
    """Return criterion 17 village by village: figures received, and the environment around."""
    rows = read.rows("criterion_17")
    around = {str(row["id"]): row for row in read.rows("environment_villages")}
    if not rows or not around:
        return None
    word = read.word
    codes = list(dict.fromkeys(str(row["indicator"]) for row in rows))
    near = ("pesticide_bins", "livestock_farms", "cemeteries", "waste_points")
    metres = ("tea_to_bin_m", "house_to_livestock_m", "house_to_cemetery_m")
    heads = (
        Head(word("tt"), 5, "centre"),
        Head(word("village"), 20),
        Head(word("figures_sent"), parts=tuple(Head(code, 7.5, "centre") for code in codes)),
        Head(word("sites"), parts=tuple(Head(word(f"site_{k}"), 9, "number") for k in near)),
        Head(word("distances"), parts=tuple(Head(word(f"site_{k}"), 12, "number") for k in metres)),
    )
    sent = {(str(r["village_id"]), str(r["indicator"])): r for r in rows}
    wanted = frozenset(range(2, 2 + len(codes)))
    lines = []
    for n, (key, row) in enumerate(around.items(), 1):
        figures = [_sent(read, sent.get((key, code), {})) for code in codes]
        cells = (
            str(n), text_of(row, "village") or key, *figures,
            *(number_of(row, k) for k in near),
            *(_round(number_of(row, k)) for k in metres),
        )  # fmt: skip
        lines.append(Line(cells, wanted=wanted))
    return Form(
        word("tc17v_sheet"), "", word("tc17v_title", year=str(read.as_of.year)),
        word("reported", name=read.who.name, on=read.as_of), heads, lines,
        mark=word("mark_work"), notes=(word("note_tc17v"), word("note_blank")),
        about=word("tc17v_about"),
    )  # fmt: skip


def _sent(read: Reading, row: Row) -> Cell:
    value, part, whole = (number_of(row, k) for k in ("value", "numerator", "denominator"))
    if part is not None and whole is not None:
        return f"{read.amount(part, '')}/{read.amount(whole, '')}"
    if value is not None:
        return read.amount(value, "")
    state = text_of(row, "state")
    if state == "conflict":
        return read.word("state_conflict")
    return read.word("received") if state == "received" else None


def _round(value: float | None) -> float | None:
    return None if value is None else float(round(value))


def sums(read: Reading) -> Form | None:
    """Return what villages sent in: sums beside the commune's figures; None where nothing came."""
    rows = read.rows("village_forms")
    if not rows:
        return None
    word = read.word
    heads = (
        Head(word("tt"), 5, "centre"),
        Head(word("content"), 46),
        Head(word("unit_of"), 12, "centre"),
        Head(word("village_total"), 16, "number"),
        Head(word("commune_value"), 16, "number"),
        Head(word("difference"), 14, "number"),
        Head(word("received_from"), 13, "centre"),
        Head(word("not_received"), 40),
        Head(word("state"), 24),
    )
    lines = [_sum(read, n, row) for n, row in enumerate(rows, 1)]
    return Form(
        word("sums_sheet"), "", word("sums_title", year=str(read.as_of.year)),
        word("reported", name=read.who.name, on=read.as_of), heads, lines,
        mark=word("mark_work"), notes=(word("note_village_sums"), word("note_blank")),
        about=word("sums_about"),
    )  # fmt: skip


def _sum(read: Reading, n: int, row: Row) -> Line:
    word = read.word
    missing = [name for name in (text_of(row, "missing") or "").split(", ") if name]
    sent, every = (int(number_of(row, k) or 0) for k in ("villages", "villages_all"))
    title = text_of(row, "title_en" if read.lang == "en" else "title")
    unit = text_of(row, "unit")
    values = [number_of(row, k) for k in ("village_total", "commune_value", "difference")]
    digits = {
        k: shown.needed([v], 0, 3) for k, v in enumerate(values, 3) if v is not None
    }  # fmt: skip
    cells = (
        str(n), title, shown.unit_name("" if unit is None or unit == "%" else unit, read.lang),
        *values, f"{sent}/{every}", _names(read, missing),
        word(f"sum_{text_of(row, 'state') or 'open'}"),
    )  # fmt: skip
    return Line(cells, wanted=frozenset({3, 4}), digits=digits)


def reminders(read: Reading) -> Form:
    """Return the list of reminders: each recipient with its tasks, late ones first."""
    word = read.word
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("task"), 54),
        Head(word("section"), 9, "centre"),
        Head(word("role"), 16),
        Head(word("due"), 13, "centre"),
        Head(word("state"), 26),
        Head(word("reply"), 26),
    )
    lines = list(_reminders(read))
    if not lines:
        lines = [Line(("", word("no_tasks_at_all"), *[None] * 5), "part", across=True)]
    return Form(
        word("remind_sheet"), "", word("remind_title"),
        word("reported", name=read.who.name, on=read.as_of), heads, lines,
        mark=word("mark_work"), notes=(word("note_remind"),), about=word("remind_about"),
    )  # fmt: skip


def _reminders(read: Reading) -> Iterator[Line]:
    last: tuple[str | None, ...] | None = None
    n = 0
    for row in read.rows("task_reminders"):
        who = (text_of(row, "for"), text_of(row, "recipient"), text_of(row, "recipient_id"))
        if who != last:
            last, n = who, 0
            yield Line(("", addressed(read, row), *[None] * 5), "section", across=True)
        n += 1
        cells = (
            str(n), text_of(row, "task"), text_of(row, "section"),
            read.word(f"role_{text_of(row, 'role') or 'with'}"),
            day_of(row, "due_on") or read.word("not_dated"), state_words(read, row), None,
        )  # fmt: skip
        yield Line(cells)


def addressed(read: Reading, row: Row) -> str:
    """Return whom a reminder is for, as a letter names it."""
    name = text_of(row, "recipient") or "–"
    return read.word("village_head", name=name) if text_of(row, "for") == "village" else name
