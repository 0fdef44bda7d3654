"""Annex tables of the review record, as texts ready to be placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ntm_gis.layers.values import Answer
from ntm_gis.outputs.planreview import former_figures
from ntm_gis.outputs.planreview.model import Item, Matrix, Named, Pin
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import (
    DASH,
    choice,
    code_title,
    day,
    decided,
    hectares,
    number,
    words,
)
from ntm_gis.outputs.speech import Speech
from ntm_gis.rules.terms import term

SLIVERS, UNREALISED = "QH08", "QH18"

UNASKED = ("plan.covered_share.detailed", "plan.gap_ha.detailed")
"""Figures that nobody asks for: detailed plans are not meant to cover the commune."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; `numbers` are columns set to the right, `bold` rows are sums.

    `anchors` are the pins that rows lead to, "" for none.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    bold: frozenset[int] = frozenset()
    anchors: tuple[str, ...] = field(default=())


def annexes(read: Reading, speech: Speech) -> tuple[Table, ...]:
    """Return the annexes that have something to say, in order."""
    lang = read.lang
    made = [
        _areas(read),
        *(_change(named, words("annex_change", lang, plan=named.first), lang)
          for named in read.areas),
        *(_change(named, words("annex_conflict", lang, first=named.first,
                               second=named.second or ""), lang)
          for named in read.conflicts),
        _slivers(read), _items(read), _dossiers(read), _waived(read),
        measures(read.answer, speech, ("plan.*",), words("annex_measures", lang)),
        _formers(read, speech),
    ]  # fmt: skip
    return tuple(table for table in made if table.rows or table.note)


# --- areas ----------------------------------------------------------------------------------------


def _areas(read: Reading) -> Table:
    """Return whole square metres by code, existing and planned, a column a plan.

    Each column adds up to the total of the plan's own annex: ground of which its side says
    nothing stands in a row of its own.
    """
    lang = read.lang
    columns: list[tuple[str, dict[str | None, int]]] = []
    without: list[str] = []
    for named in read.areas:
        found = named.matrix
        if found is None:
            without.append(named.first)
            continue
        sides = (("existing", found.rows, found.row_sums),
                 ("planned", found.columns, found.column_sums))  # fmt: skip
        for key, side, sums in sides:
            by_code = {code: m2 for code, m2 in zip(side, sums, strict=True) if m2}
            if any(code is not None for code in by_code):
                columns.append((words(key, lang, plan=named.first), by_code))
    codes = sorted({code for _, of in columns for code in of}, key=lambda c: (c is None, str(c)))
    heads = (words("code", lang), words("land_use", lang), *(title for title, _ in columns))
    rows: list[tuple[str, ...]] = []
    for code in codes:
        unsaid = code is None
        title = words("area_unsaid", lang) if unsaid else code_title("land_use", code, lang)
        cells = (number(of[code], 0, lang) if code in of else DASH for _, of in columns)
        rows.append((code or DASH, title, *cells))
    if rows:
        total = words("total", lang)
        rows.append((total, "", *(number(sum(of.values()), 0, lang) for _, of in columns)))
    notes = []
    if rows:
        notes.append(words("area_note", lang))
    if without:
        notes.append(words("area_without", lang, plans=", ".join(without)))
    return Table(
        words("annex_area", lang), heads, tuple(rows), frozenset(range(2, len(heads))),
        " ".join(notes), bold=frozenset({len(codes)}),
    )  # fmt: skip


def _change(named: Named, title: str, lang: str) -> Table:
    """Return a matrix of codes with its sums; ground of less than half a m² is left out."""
    found = named.matrix
    if found is None:
        return Table(title, (), (), note=words("uncomputable", lang))
    rows = [i for i, amount in enumerate(found.row_sums) if amount]
    columns = [j for j, amount in enumerate(found.column_sums) if amount]
    if not rows:
        return Table(title, (), ())
    second = named.second is not None
    heads = (
        "", *(found.columns[j] or words("not_said" if second else "not_said_new", lang)
              for j in columns),
        words("total", lang),
    )  # fmt: skip
    body = [
        (
            found.rows[i] or words("not_said" if second else "not_said_old", lang),
            *(_cell(found, i, j, lang) for j in columns),
            number(found.row_sums[i], 0, lang),
        )
        for i in rows
    ]
    sums = (number(found.column_sums[j], 0, lang) for j in columns)
    body.append((words("total", lang), *sums, number(found.total, 0, lang)))
    note = words("rounding", lang, ground=number(found.ground_m2, 4, lang),
                 grid=number(found.grid_m2, 4, lang))  # fmt: skip
    return Table(
        title, heads, tuple(body), frozenset(range(1, len(heads))), note,
        frozenset({len(body) - 1}),
    )  # fmt: skip


def _cell(of: Matrix, i: int, j: int, lang: str) -> str:
    return number(of.cells[i][j], 0, lang) if of.cells[i][j] else DASH


# --- lists ----------------------------------------------------------------------------------------


def _slivers(read: Reading) -> Table:
    lang = read.lang
    pins = [pin for pin in read.pins if pin.rule == SLIVERS]
    heads = ("pin", "says", "ground_ha", "grid_ha", "decision")
    rows = tuple(
        (pin.id, pin.says, hectares(pin.ground_ha, lang), hectares(pin.grid_ha, lang),
         decided(pin, lang))
        for pin in pins
    )  # fmt: skip
    return _listed("annex_sliver", heads, rows, {2, 3}, pins, lang)


def _items(read: Reading) -> Table:
    lang = read.lang
    by_item = {pin.subject.partition(":")[2]: pin for pin in read.pins if pin.rule == UNREALISED}
    heads = ("plan", "item", "land_use", "planned_year", "built", "says", "decision")
    rows, pins = [], []
    for item in read.items:
        pin = by_item.get(f"{item.plan}/{item.id}")
        pins.append(pin)
        said = _decided(item, lang) if pin is None or pin.is_open else decided(pin, lang)
        rows.append((
            item.plan or DASH, _called(item), item.kind or DASH,
            DASH if item.year is None else str(item.year),
            code_title("built", item.built, lang) if item.built else DASH,
            DASH if pin is None else pin.says, said,
        ))  # fmt: skip
    return _listed("annex_items", heads, tuple(rows), {3}, pins, lang)


def _decided(item: Item, lang: str) -> str:
    """Return the decision about an item: what, by whom, when, why."""
    parts = [choice(item.choice, lang), item.by, day(item.on) if item.on else None, item.document]
    told = ", ".join(part for part in parts if part)
    return f"{told}: {item.why}" if item.why else told


def _called(item: Item) -> str:
    return f"{item.name} ({item.id})" if item.name else item.id


def _dossiers(read: Reading) -> Table:
    lang = read.lang
    rows = tuple(
        (dossier.plan, document.title, words(f"doc_{document.state}", lang))
        for dossier in read.dossiers
        for document in dossier.documents
    )
    heads = tuple(words(key, lang) for key in ("plan", "documents", "state"))
    plans = list(dict.fromkeys(plan for plan, _, _ in rows))
    titles = list(dict.fromkeys(title for _, title, _ in rows))
    if not rows:
        return Table(words("annex_dossier", lang), heads, ())
    said = {(plan, title): state for plan, title, state in rows}
    body = tuple((title, *(said.get((plan, title), DASH) for plan in plans)) for title in titles)
    return Table(
        words("annex_dossier", lang), (heads[1], *plans), body, note=words("dossier_note", lang)
    )


def _waived(read: Reading) -> Table:
    lang = read.lang
    pins = [pin for pin in read.pins if pin.state == "waived"]
    rows = tuple(
        (pin.id, pin.says, pin.by or DASH, day(pin.on), day(pin.until), pin.why or DASH,
         pin.document or DASH)
        for pin in pins
    )  # fmt: skip
    heads = tuple(words(key, lang) for key in ("pin", "says"))
    more = tuple(term(f"decision_{key}").of(lang) for key in ("decided_by", "decided_on"))
    last = (words("until", lang), term("decision_why").of(lang), term("decision_document").of(lang))
    return Table(
        words("annex_waived", lang), (*heads, *more, *last), rows,
        anchors=tuple(pin.id for pin in pins),
    )  # fmt: skip


def measures(answer: Answer, speech: Speech, names: Sequence[str], title: str) -> Table:
    """Return figures with their unit and range; a name ending in `*` stands for all of that kind.

    Parameters
    ----------
    names : sequence of str
        Ids of measures, or beginnings of ids followed by `*`.
    """
    lang = speech.lang
    starts = tuple(name[:-1] for name in names if name.endswith("*"))
    rows = tuple(
        (speech.marked(m), speech.value(m), speech.unit(m), speech.range(m) or DASH)
        for m in answer.measures
        if (m.id in names or m.id.startswith(starts)) and not m.id.startswith(UNASKED)
    )
    heads = tuple(term(key).of(lang) for key in ("measure", "value", "unit", "range"))
    return Table(title, heads, rows, frozenset({1}))


def _formers(read: Reading, speech: Speech) -> Table:
    heads, rows, note = former_figures.table(read.answer, speech)
    return Table(
        words("annex_merger", read.lang), heads, rows, frozenset(range(1, len(heads) - 1)),
        note if rows else "",
    )  # fmt: skip


def _listed(
    key: str, heads: Sequence[str], rows: tuple[tuple[str, ...], ...], right: set[int],
    pins: Sequence[Pin | None], lang: str,
) -> Table:  # fmt: skip
    return Table(
        words(key, lang), tuple(words(head, lang) for head in heads), rows, frozenset(right),
        anchors=tuple("" if pin is None else pin.id for pin in pins),
    )  # fmt: skip


def lines(tables: Sequence[Table], lang: str) -> Iterator[str]:
    """Yield the numbered titles of annexes."""
    for n, table in enumerate(tables, 1):
        yield words("annex", lang, n=n, title=table.title)
