"""Biểu 03, investment capital by project, and biểu 04, recurrent capital by content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ntm_gis.outputs.forms.model import Cell, Form, Head, Line
from ntm_gis.outputs.forms.reading import Fund, Reading, Row, day_of, number_of, text_of, total
from ntm_gis.outputs.forms.resources import money_digits

INVESTMENT, RECURRENT = "investment", "recurrent"

_WIDE, _NARROW = 11, 8
"""Columns of biểu 03 and 04."""


def investment(read: Reading) -> Form:
    """Return biểu 03."""
    word, digits = read.word, money_digits(read)
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("fund_or_work"), 36),
        Head(word("investor"), 17),
        Head(word("decision"), 20),
        Head(word("from_to"), 13, "centre"),
        Head(word("budget"), 12, "number", digits),
        Head(word("fund"), 22),
        Head(word("planned"), 12, "number", digits),
        Head(word("paid_until", on=read.as_of), 13, "number", digits),
        Head(word("physical"), 13, "centre"),
        Head(word("remark"), 24),
    )
    lines = [*_capital(read, INVESTMENT, wide=True), *_works(read)]
    return Form(
        word("f03_sheet"), word("number", n="03"), word("f03_title", year=str(read.as_of.year)),
        word("annexed", name=read.who.name, year=str(read.as_of.year), on=read.as_of), heads, lines,
        mark=word("mark_annex"), unit=word("unit_million"),
        notes=(word("note_capital"), word("note_physical"), word("note_blank"),
               word("note_reference")),
        about=word("f03_about"),
    )  # fmt: skip


def recurrent(read: Reading) -> Form:
    """Return biểu 04."""
    word, digits = read.word, money_digits(read)
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("content"), 46),
        Head(word("source"), 24),
        Head(word("programme"), 22),
        Head(word("planned"), 14, "number", digits),
        Head(word("paid_until", on=read.as_of), 15, "number", digits),
        Head(word("left"), 14, "number", digits),
        Head(word("remark"), 26),
    )
    return Form(
        word("f04_sheet"), word("number", n="04"), word("f04_title", year=str(read.as_of.year)),
        word("annexed", name=read.who.name, year=str(read.as_of.year), on=read.as_of), heads,
        list(_capital(read, RECURRENT, wide=False)), mark=word("mark_annex"),
        unit=word("unit_million"),
        notes=(word("note_capital"), word("note_blank"), word("note_reference")),
        about=word("f04_about"),
    )  # fmt: skip


def funds_of(read: Reading, capital: str | None) -> list[Fund]:
    """Return the funds without others beneath them of a kind of capital."""
    return [fund for fund in read.funds if fund.counts and fund.capital == capital]


def is_recurrent(read: Reading, work: str) -> bool:
    """Whether a work lives on recurrent capital alone, as far as its funds are known."""
    of_fund = {fund.id: fund.capital for fund in read.funds}
    kinds = {
        of_fund.get(text_of(row, "fund_id") or "")
        for row in read.rows("money_by_fund")
        if text_of(row, "work_id") == work
    }
    return kinds == {RECURRENT}


def _capital(read: Reading, capital: str, *, wide: bool) -> Iterator[Line]:
    """Yield the funds of a kind of capital with their sum, then those whose kind nobody wrote."""
    word, write = read.word, _wide if wide else _contents
    blank = [None] * ((_WIDE if wide else _NARROW) - 2)
    title = word("part_capital", kind=read.title("capital", capital) or capital)
    yield Line(("A", title, *blank), "section", across=True)
    own = funds_of(read, capital)
    if not own:
        yield Line(("", word("no_data"), *blank), "part", across=True)
    for n, fund in enumerate(own, 1):
        yield from write(read, str(n), fund)
    if own:
        yield _sum(read, own, wide=wide)
    open_ones = funds_of(read, None)
    if open_ones:
        yield Line(("*", word("part_no_capital"), *blank), "section", across=True)
    for n, fund in enumerate(open_ones, 1):
        yield from write(read, f"*{n}", fund)


def _sum(read: Reading, own: Sequence[Fund], *, wide: bool) -> Line:
    planned, paid = total([f.declared for f in own]), total([f.paid for f in own])
    if not wide:
        left = None if planned is None or paid is None else planned - paid
        cells: tuple[Cell, ...] = ("", read.word("sum"), None, None, planned, paid, left, None)
        return Line(cells, "sum", frozenset({4, 5}))
    cells = ("", read.word("sum"), None, None, None, None, None, planned, paid, None, None)
    return Line(cells, "sum", frozenset({7, 8}))


def _wide(read: Reading, tt: str, fund: Fund) -> Iterator[Line]:
    source = read.title("fund_source", fund.source) or read.word("no_source")
    cells = (
        tt, fund.name, None, None, None, None, source, fund.declared, fund.paid, None,
        fund.programme,
    )  # fmt: skip
    yield Line(cells, wanted=frozenset({7, 8}))


def _contents(read: Reading, tt: str, fund: Fund) -> Iterator[Line]:
    left = None if fund.declared is None or fund.paid is None else fund.declared - fund.paid
    source = read.title("fund_source", fund.source) or read.word("no_source")
    cells = (
        tt, fund.name, source, fund.programme, fund.declared, fund.paid, left,
        read.word("overpaid") if left is not None and left < 0 else None,
    )  # fmt: skip
    yield Line(cells, wanted=frozenset({4, 5}))
    for row in read.rows("money_by_fund"):
        if text_of(row, "fund_id") == fund.id:
            name = text_of(row, "work") or text_of(row, "work_id") or "–"
            given, paid = number_of(row, "allocated_million"), number_of(row, "paid_million")
            told = (None, f"– {name}", None, None, given, paid, None, text_of(row, "work_id"))
            yield Line(told, "part", depth=1)


def _works(read: Reading) -> Iterator[Line]:
    word = read.word
    yield Line(("B", word("part_works"), *[None] * 9), "section", across=True)
    listed = {
        str(row["work_id"]): row
        for row in read.used(
            "works", "work_id", "investor", "decision_no", "start_on", "due_on", "stage"
        )
    }
    roads = {str(r["work_id"]): r for r in read.used("road_works", "work_id", "start_on", "due_on")}
    works = [row for row in read.rows("money_works") if not is_recurrent(read, str(row["id"]))]
    if not works:
        yield Line(("", word("no_data"), *[None] * 9), "part", across=True)
        return
    for n, row in enumerate(works, 1):
        key = str(row["id"])
        yield _work(read, str(n), row, listed.get(key) or roads.get(key) or {})
    budget, given, paid = (
        total([number_of(row, name) for row in works])
        for name in ("planned_million", "allocated_million", "paid_million")
    )
    cells = ("", word("sum_works"), None, None, None, budget, None, given, paid, None, None)
    yield Line(cells, "sum", frozenset({5, 7, 8}))


def _work(read: Reading, tt: str, row: Row, listed: Row) -> Line:
    word, key = read.word, str(row["id"])
    titles = {fund.id: fund.name for fund in read.funds}
    funds = [titles.get(k, k) for k in (text_of(row, "funds") or "").split(", ") if k]
    days = [read.day(day_of(listed, name)) or "…" for name in ("start_on", "due_on")]
    ahead = text_of(row, "state") == "money_leads"
    cells: tuple[Cell, ...] = (
        tt,
        f"{text_of(row, 'name') or key} ({key})",
        text_of(listed, "investor"),
        text_of(listed, "decision_no"),
        "–\n".join(days) if days != ["…", "…"] else None,
        number_of(row, "planned_million"),
        "; ".join(funds) or word("fund_unknown"),
        number_of(row, "allocated_million"),
        number_of(row, "paid_million"),
        _physical(read, row),
        word("money_leads") if ahead else text_of(listed, "stage"),
    )
    return Line(cells, wanted=frozenset({2, 3, 4, 5, 7, 8, 9}))


def _physical(read: Reading, row: Row) -> str | None:
    low, high = number_of(row, "done_low"), number_of(row, "done_high")
    if low is None or high is None:
        return None
    if low == high:
        return read.amount(round(low, 1), "%")
    return f"{read.amount(round(low, 1), '')}–{read.amount(round(high, 1), '%')}"
