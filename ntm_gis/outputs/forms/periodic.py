"""Biểu 11, 12 and 13 of the periodic reports 2026-2030, as far as their layout is known.

Columns and rows come from third-party code, not from the circular: every sheet says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from ntm_gis import text
from ntm_gis.outputs.forms.capital import INVESTMENT, RECURRENT
from ntm_gis.outputs.forms.model import Cell, Form, Head, Line
from ntm_gis.outputs.forms.reading import Fund, Reading, number_of, text_of, total
from ntm_gis.outputs.forms.resources import CONTRADICTIONS, footnotes, money_digits

_GROUPS: tuple[tuple[str, str, tuple[tuple[str, tuple[str, ...], str | None], ...]], ...] = (
    ("I", "r11_central", (("r11_public", ("central",), INVESTMENT),
                          ("r11_regular", ("central",), RECURRENT))),
    ("II", "r11_local", (("r11_province", ("province",), None),
                         ("r11_commune", ("commune",), None))),
    ("III", "r11_integrated", ()),
    ("IV", "r11_credit", ()),
    ("V", "r11_business", ()),
    ("VI", "r11_people", (("r11_cash", (), None), ("r11_labour", (), None))),
)  # fmt: skip
_SOURCES = {
    "I": ("central",), "II": ("province", "commune"), "III": ("integrated",), "IV": ("credit",),
    "V": ("business",), "VI": ("people",),
}  # fmt: skip

_CONTENTS = (("1", 10), ("2", 5))
"""Parts of the programme and the number of contents of each; their names are not known here."""

_FIELDS = (
    ("roads", ("roads",)), ("irrigation", ("irrigation",)), ("disaster", ("hazards",)),
    ("power", ()), ("trade", ("market",)), ("materials", ("tea_areas", "crop_areas")),
    ("digital", ()), ("broadcast", ("loudspeakers",)), ("water", ()),
    ("environment", ("environment",)), ("settlement", ()), ("database", ()), ("ethnic", ()),
)  # fmt: skip
"""The 13 rows of Biểu 13, and the layers whose works belong to a row for sure."""

_CALLED = {
    "roads": ("giao thong", "duong giao thong", "duong", "giao thong nong thon", "cau"),
    "irrigation": ("thuy loi", "kenh muong", "cong trinh thuy loi"),
    "disaster": ("phong chong thien tai", "pctt"),
    "power": ("dien", "luoi dien", "cap dien"),
    "trade": ("thuong mai", "thuong mai nong thon", "cho", "cho nong thon"),
    "materials": ("vung nguyen lieu",),
    "digital": ("ha tang so",),
    "broadcast": ("truyen thanh", "dai truyen thanh", "loa truyen thanh"),
    "water": ("cap nuoc", "cap nuoc tap trung", "nuoc sach", "nuoc sinh hoat"),
    "environment": ("moi truong", "bao ve moi truong"),
    "settlement": ("bo tri dan cu",),
}
"""Categories of works, letter by letter, that say which row they belong to."""


def funds_of_year(read: Reading) -> list[Fund]:
    """Return the funds that count, of the year of the figures or of no year."""
    return [f for f in read.funds if f.counts and f.year in (None, read.as_of.year)]


def planned(
    read: Reading, sources: Sequence[str] | None = None, capital: str | None = None
) -> float | None:
    """Return the plan of a year by source and capital; None where no fund says, or one is open."""
    found = [
        fund.declared
        for fund in funds_of_year(read)
        if (sources is None or fund.source in sources) and capital in (None, fund.capital)
    ]
    return total(found)


def resources(read: Reading) -> Form:
    """Return Biểu 11: resources mobilised."""
    word, year, digits = read.word, str(read.as_of.year), money_digits(read)
    heads = (
        Head(word("stt"), 7, "centre"),
        Head(word("content"), 58),
        Head(word("plan_year", year=year), 18, "number", digits),
        Head(word("raised", year=year), 20, "number", digits),
        Head(word("plan_rest", year=year), 20, "number", digits),
        Head(word("remark"), 30),
    )
    wanted = frozenset({2, 3, 4})
    lines = [Line(("", word("r11_total"), planned(read), None, None, None), "sum", wanted)]
    for number, key, parts in _GROUPS:
        lines.append(_resource(read, number, word(key), planned(read, _SOURCES[number]), bold=True))
        for n, (part, sources, capital) in enumerate(parts, 1):
            value = planned(read, sources, capital) if sources else None
            lines.append(_resource(read, str(n), word(part), value))
    found = read.findings(*CONTRADICTIONS)
    notes = [*footnotes(read, found), *_known_paid(read), word("note_11"), word("note_blank")]
    return _periodic(read, "11", heads, lines, notes)


def _resource(
    read: Reading, number: str, name: str, value: float | None, *, bold: bool = False
) -> Line:
    remark = read.word("no_data") if value is None else read.word("no_result")
    cells = (number, name, value, None, None, remark)
    return Line(cells, "section" if bold else "row", frozenset({2, 3, 4}), depth=0 if bold else 1)


def _known_paid(read: Reading) -> list[str]:
    """Return what is known beside the form: money paid out is not money raised."""
    out = []
    paid = total([fund.paid for fund in read.funds if fund.counts])
    if paid is not None:
        out.append(read.word("known_paid", on=read.as_of, amount=read.amount(paid, "million đồng")))
    gifts = read.measure("contributions.value_million")
    if gifts is not None and gifts.value is not None:
        amount = read.amount(round(gifts.value, 3), "million đồng")
        out.append(read.word("known_gifts", on=read.as_of, amount=amount))
    return out


def contents(read: Reading) -> Form:
    """Return Biểu 12: resources by content of the programme."""
    word, year, digits = read.word, str(read.as_of.year), money_digits(read)

    def money(key: str) -> Head:
        return Head(word(key), 9.5, "number", digits)

    def half(title: str) -> Head:
        central = Head(word("c12_central"), parts=(money("c12_invest"), money("c12_regular")))
        direct = Head(word("c12_direct"), parts=(money("c12_all"), central, money("c12_local")))
        rest = (money("c12_integrated"), money("c12_credit"), money("c12_business"))
        return Head(title, parts=(money("c12_all"), direct, *rest, money("c12_people")))

    heads = (
        Head(word("tt"), 8, "centre"), Head(word("content"), 34),
        half(word("raised_half", year=year)), half(word("plan_end", year=year)),
        Head(word("remark"), 18),
    )  # fmt: skip
    blank: list[Cell] = [None] * 9
    wanted = frozenset(range(2, 20))
    lines = [Line(("", word("r11_total"), *blank, *_plan_columns(read), None), "sum", wanted)]
    for part, count in _CONTENTS:
        lines.append(Line((part, word("c12_part", n=part), *blank, *blank, None), "section"))
        lines += [
            Line((f"{n:02}", word("c12_content", n=f"{n:02}"), *blank, *blank, word("no_data")),
                 wanted=wanted)
            for n in range(1, count + 1)
        ]  # fmt: skip
    rest = (word("c12_rest"), *blank, *_plan_columns(read), word("c12_not_split"))
    lines.append(Line(("", *rest), "row", wanted))
    notes = [*_known_paid(read), word("note_12"), word("note_blank")]
    return _periodic(read, "12", heads, lines, notes)


def _plan_columns(read: Reading) -> tuple[Cell, ...]:
    central = planned(read, ("central",))
    local = planned(read, ("province", "commune"))
    known = [x for x in (central, local) if x is not None]
    return (
        planned(read), sum(known) if known else None,
        planned(read, ("central",), INVESTMENT), planned(read, ("central",), RECURRENT), local,
        planned(read, ("integrated",)), planned(read, ("credit",)), planned(read, ("business",)),
        planned(read, ("people",)),
    )  # fmt: skip


def central_investment(read: Reading) -> Form:
    """Return Biểu 13: investment from the central budget, by field."""
    word, year, digits = read.word, str(read.as_of.year), money_digits(read)
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("work_field"), 52),
        Head(word("plan_year", year=year), 18, "number", digits),
        Head(word("done_half", year=year), 20, "number", digits),
        Head(word("done_year", year=year), 20, "number", digits),
        Head(word("remark"), 36),
    )
    funds = [f for f in funds_of_year(read) if (f.source, f.capital) == ("central", INVESTMENT)]
    wanted = frozenset({2, 3, 4})
    sum_ = (total([f.declared for f in funds]), None, total([f.paid for f in funds]))
    lines = [Line(("", word("r11_total"), *sum_, None), "sum", wanted)]
    fields = _field_of(read)
    rows = [
        row for row in read.rows("money_by_fund")
        if text_of(row, "fund_id") in {fund.id for fund in funds}
    ]  # fmt: skip
    for n, (key, _) in enumerate(_FIELDS, 1):
        own = [row for row in rows if fields.get(str(row["work_id"])) == key]
        given = total([number_of(row, "allocated_million") for row in own])
        paid = total([number_of(row, "paid_million") for row in own])
        names = "; ".join(dict.fromkeys(text_of(row, "work") or "" for row in own))
        remark = names or word("no_data")
        cells = (str(n), word(f"c13_{key}"), given, None, paid, remark)
        lines.append(Line(cells, wanted=wanted))
    notes = [word("note_13", on=read.as_of), word("note_blank")]
    return _periodic(read, "13", heads, lines, notes)


def _field_of(read: Reading) -> dict[str, str]:
    """Return the row of Biểu 13 of each work whose layer or category says it.

    The layer comes first; the others are not guessed.
    """
    by_category = {word: key for key, words in _CALLED.items() for word in words}
    by_layer = {layer: key for key, layers in _FIELDS for layer in layers}
    markets = {
        str(r["facility_id"]) for r in read.used("facilities", "facility_id", "kind")
        if r["kind"] == "market"
    }  # fmt: skip
    out: dict[str, str] = {}
    for row in read.used("works", "work_id", "layer", "feature_id", "category"):
        layer = text_of(row, "layer") or ""
        if layer == "facilities" and text_of(row, "feature_id") in markets:
            layer = "market"
        key = by_layer.get(layer) or by_category.get(text.fold(text_of(row, "category") or ""))
        if key is not None:
            out[str(row["work_id"])] = key
    roads = {str(row["work_id"]): "roads" for row in read.used("road_works", "work_id")}
    return roads | out


def _periodic(
    read: Reading, number: str, heads: tuple[Head, ...], lines: list[Line], notes: list[str]
) -> Form:
    word = read.word
    return Form(
        word(f"f{number}_sheet"), word("number_04", n=number),
        word(f"f{number}_title", year=str(read.as_of.year)),
        word("reported", name=read.who.name, on=read.as_of), heads, lines,
        mark=word("mark_periodic"), unit=word("unit_million"), notes=notes, signed=True,
        about=word(f"f{number}_about"),
    )  # fmt: skip
