"""Biểu 02: all resources, by source and as they were declared, each sum beside its parts.

A sum that does not close stands as declared, marked provisional, with both sides in a footnote:
nobody is said to be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ntm_gis.outputs.forms.model import Form, Head, Line
from ntm_gis.outputs.forms.reading import Fund, Reading, total
from ntm_gis.results import Finding

SOURCES = ("central", "province", "commune", "integrated", "credit", "business", "people")
"""Sources in the order of the resource forms."""

CONTRADICTIONS = (
    "FUNDS_SUM", "FUNDS_CYCLE", "FUNDS_SELF", "FUNDS_ONE_DIGIT", "FUNDS_ONE_DIGIT_WITHIN",
    "FUND_OF_OTHER_SOURCE",
)  # fmt: skip
_ROUNDING = 0.0005
_PLAIN = {"million": 0, "exact": 3}
_WANTED = frozenset({2, 3, 5})


def money_digits(read: Reading) -> int:
    """Return the decimals that hide nothing of the funds: 0, or 3 where some have parts."""
    known = [x for f in read.funds for x in (f.declared, f.paid) if x is not None]
    whole = all(abs(x - round(x)) < _ROUNDING for x in known)
    return _PLAIN["million" if whole else "exact"]


def form(read: Reading) -> Form:
    """Return biểu 02."""
    word, digits = read.word, money_digits(read)
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("source_of"), 44),
        Head(word("declared"), 15, "number", digits),
        Head(word("parts_sum"), 15, "number", digits),
        Head(word("difference"), 12, "number", digits),
        Head(word("paid_until", on=read.as_of), 15, "number", digits),
        Head(word("document"), 22),
        Head(word("remark"), 26),
    )
    found = read.findings(*CONTRADICTIONS)
    lines = [*_by_source(read, found), *_as_declared(read, found)]
    notes = [*footnotes(read, found), word("note_sums"), word("note_blank"), word("note_reference")]
    return Form(
        word("f02_sheet"), word("number", n="02"), word("f02_title", year=str(read.as_of.year)),
        word("annexed", name=read.who.name, year=str(read.as_of.year), on=read.as_of), heads, lines,
        mark=word("mark_annex"), unit=word("unit_million"), notes=notes, about=word("f02_about"),
    )  # fmt: skip


def footnotes(read: Reading, found: Sequence[Finding]) -> list[str]:
    """Return what contradicts, numbered as the rows name it."""
    return [f"({n}) {finding.message.of(read.lang)}" for n, finding in enumerate(found, 1)]


def notes_of(found: Sequence[Finding], fund: str) -> str:
    """Return the numbers of the footnotes about a fund, or nothing."""
    marks = [f"({n})" for n, finding in enumerate(found, 1) if finding.feature == fund]
    return f" {' '.join(marks)}" if marks else ""


def of_source(funds: Sequence[Fund], source: str | None) -> list[Fund]:
    """Return the uppermost funds of a source: those whose parent is of another one.

    A fund without a source that has funds beneath it is a sum over sources, and of none.
    """
    by_id = {fund.id: fund for fund in funds}
    out = []
    for fund in funds:
        above = by_id.get(fund.parent or "")
        uppermost = above is None or above.source != source
        if fund.source == source and (fund.counts if source is None else uppermost):
            out.append(fund)
    return out


def _by_source(read: Reading, found: Sequence[Finding]) -> Iterator[Line]:
    word, funds = read.word, read.funds
    yield Line(("A", word("part_sources"), *[None] * 6), "section", across=True)
    columns: list[tuple[float | None, float | None, float | None]] = []
    shown = [*SOURCES, *([None] if of_source(funds, None) else [])]
    for n, source in enumerate(shown, 1):
        name = read.title("fund_source", source) or word("no_source")
        tops = of_source(funds, source)
        if not tops:
            cells = (str(n), name, None, None, None, None, None, word("no_data"))
            yield Line(cells, wanted=_WANTED)
            continue
        declared = total([fund.declared for fund in tops])
        parts = total([f.declared for f in funds if f.counts and f.source == source])
        paid = total([fund.paid for fund in tops])
        columns.append((declared, parts, paid))
        marks = "".join(notes_of(found, fund.id) for fund in tops)
        yield _line(read, str(n), name, (declared, parts, paid), marks)
    if columns:
        sums = tuple(total(list(column)) for column in zip(*columns, strict=True))
        yield _line(read, "", word("sum_of_sources"), sums, "", look="sum")


def _as_declared(read: Reading, found: Sequence[Finding]) -> Iterator[Line]:
    word = read.word
    yield Line(("B", word("part_declared"), *[None] * 6), "section", across=True)
    if not read.funds:
        yield Line(("", word("no_data"), *[None] * 6), "part", across=True)
    for fund in read.funds:
        kinds = [fund.programme, read.title("capital", fund.capital)]
        remark = "; ".join(k for k in kinds if k)
        if fund.state == "circle":
            remark = word("circle")
        yield _line(
            read, fund.id, fund.name, (fund.declared, fund.parts, fund.paid),
            notes_of(found, fund.id), look="sum" if fund.depth == 0 else "row",
            depth=fund.depth, wanted=not fund.leaf, document=fund.document, remark=remark,
        )  # fmt: skip


def _line(  # noqa: PLR0913 - what stands in a row, by name
    read: Reading, tt: str, name: str, money: Sequence[float | None], marks: str, *,
    look: str = "row", depth: int = 0, wanted: bool = True, document: str | None = None,
    remark: str = "",
) -> Line:  # fmt: skip
    declared, parts, paid = money
    off = None
    if declared is not None and parts is not None:
        off = round(parts - declared, 3)
    open_sum = off is not None and abs(off) > _ROUNDING
    if open_sum or marks:
        name = f"{name} {read.speech.mark}{marks}"
    columns = _WANTED if wanted else frozenset({2, 5})
    return Line(
        (tt, name, declared, parts, off if open_sum else None, paid, document, remark or None),
        "sum" if look == "sum" else "row", columns, depth=depth,
    )  # fmt: skip
