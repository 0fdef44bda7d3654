"""tables.xlsx: contents, figures, findings, sources, and one sheet for each layer.

Texts of users are written as texts, never as formulas or links; fields that the schema marks as
personal are left out. The same results give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ntm_gis import numbers
from ntm_gis.layers.values import (
    FILE,
    LOCATED_BY,
    ROW,
    STATE,
    TABLE,
    USED,
    Answer,
    Layer,
    Layers,
)
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.sheets import Cell, Column, Kind, Sheet, sheet_names, workbook
from ntm_gis.results import Measure, shown
from ntm_gis.rules.schema import Field
from ntm_gis.rules.terms import say, term

FILE_NAME = "tables.xlsx"

# Widths of columns of sentences, in characters; the widest do not go to paper.
_WIDE, _WIDEST = 46, 110

_MOST_DIGITS = 4


def write(answer: Answer, layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `tables.xlsx` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in Excel.
    """
    return atomic_write(out / FILE_NAME, tables(answer, layers, lang))


def tables(answer: Answer, layers: Layers, lang: str = "vi") -> bytes:
    """Return the workbook of all figures, findings, sources and rows.

    Parameters
    ----------
    answer : Answer
        Measures and all findings.
    layers : Layers
    lang : str
        "vi" or "en": the language of headings and code titles.
    """
    who = layers.commune.commune
    remark = f"{term('as_of').of(lang)} {numbers.format_date_vi(who.as_of)}"
    if who.sample:
        remark = f"{term('sample').of(lang)} · {remark}"
    sheets = [
        _measures(answer, lang),
        _findings(answer, lang),
        _sources(layers, lang),
        *(_layer(layer, lang) for layer in _given(layers)),
    ]
    sheets.insert(0, _contents(sheets, lang))
    names = sheet_names([sheet.name for sheet in sheets])
    sheets[0] = replace(sheets[0], links=dict(enumerate(names[1:])))
    sheets = [
        replace(sheet, name=name, remark=f"{remark} · {sheet.remark}" if sheet.remark else remark)
        for sheet, name in zip(sheets, names, strict=True)
    ]
    return workbook(sheets, who.as_of, say("commune_of", lang, name=who.name), lang)


def _given(layers: Layers) -> list[Layer]:
    return [layer for _, layer in sorted(layers.by_name.items()) if len(layer.frame)]


def _contents(sheets: Sequence[Sheet], lang: str) -> Sheet:
    columns = [
        Column(term("sheet").of(lang), [sheet.name for sheet in sheets]),
        Column(term("sheet_about").of(lang), [sheet.about for sheet in sheets], wide=_WIDE),
        Column(term("sheet_rows").of(lang), [sheet.rows for sheet in sheets], "number"),
    ]
    title = term("contents").of(lang)
    return Sheet(title, title, "", columns)


def _measures(answer: Answer, lang: str) -> Sheet:
    found = wording.grouped(answer.measures)
    rows_of = [(group, measure) for group, members in found.items() for measure in members]
    measures = [measure for _, measure in rows_of]
    digits = [shown.digits(measure.unit) for measure in measures]
    parts = [wording.fraction_digits(measure) for measure in measures]

    def text(key: str, cells: list[Cell], *, wide: int = 0) -> Column:
        return Column(term(key).of(lang), cells, wide=wide)

    def number(key: str, cells: list[float | None], places: int | list[int]) -> Column:
        return Column(term(key).of(lang), cells, "number", places)

    columns = [
        text("group_of", [term(f"group.{group}").of(lang) for group, _ in rows_of]),
        text("measure", [m.title.of(lang) for m in measures], wide=_WIDE),
        replace(number("value", [m.value for m in measures], digits), required=True),
        text("unit", [shown.unit_name(m.unit, lang) for m in measures]),
        number("low", [m.low for m in measures], digits),
        number("high", [m.high for m in measures], digits),
        number("report_value", [m.report_value for m in measures], digits),
        text("reason_of", [wording.bounds_words(m, lang) or None for m in measures], wide=_WIDE),
        number("numerator", [m.numerator for m in measures], parts),
        number("denominator", [m.denominator for m in measures], parts),
        text("how", [m.evidence.method.of(lang) for m in measures], wide=_WIDEST),
        text("documents", [_files(m) for m in measures], wide=_WIDE),
        text("notes_of", [_notes(m, lang) for m in measures], wide=_WIDEST),
        text("id_of", [m.id for m in measures]),
    ]
    title = term("sheet_measures").of(lang)
    about = term("contents_measures").of(lang)
    return Sheet(title, title, "", columns, frozen=2, about=about, printed=8)


def _files(measure: Measure) -> str | None:
    return ", ".join(wording.short_file(name) for name in measure.evidence.inputs) or None


def _notes(measure: Measure, lang: str) -> str | None:
    return "\n".join(note.text.of(lang) for note in measure.notes) or None


def _findings(answer: Answer, lang: str) -> Sheet:
    by_id = {measure.id: measure for measure in answer.measures}
    items = numbered(answer.findings)
    found = [finding for _, finding in items]
    titles = [", ".join(wording.titles_of(f.affects, by_id, lang)) or None for f in found]

    def text(key: str, cells: list[Cell], *, wide: int = 0) -> Column:
        return Column(term(key).of(lang), cells, wide=wide)

    columns = [
        Column(term("number").of(lang), [n for n, _ in items], "number"),
        text("severity_of", [term(str(f.severity)).of(lang) for f in found]),
        text("message", [f.message.of(lang) for f in found], wide=_WIDE),
        text("proposal", [f.repair.of(lang) if f.repair else None for f in found], wide=_WIDE),
        text("file", [wording.short_file(f.file) if f.file else None for f in found]),
        Column(term("row").of(lang), [f.row for f in found], "year"),
        text("feature", [f.feature for f in found]),
        text("table", [f.table for f in found]),
        text("layer", [wording.layer_title(f.layer, lang) if f.layer else None for f in found]),
        text("field", [
            wording.field_title(f.layer, f.field, lang) if f.field else None for f in found
        ]),
        text("written_value", [f.value for f in found]),
        text("affects", list(titles), wide=_WIDEST),
        Column(term("longitude").of(lang), [f.at[0] if f.at else None for f in found], "number", 5),
        Column(term("latitude").of(lang), [f.at[1] if f.at else None for f in found], "number", 5),
    ]  # fmt: skip
    title = term("sheet_findings").of(lang)
    about = term("contents_findings").of(lang)
    return Sheet(title, title, "", columns, frozen=3, about=about, printed=7)


def _sources(layers: Layers, lang: str) -> Sheet:
    accounts = sorted(layers.accounts, key=lambda a: (a.file, a.table or "", a.layer))
    counts = {
        "rows_in": [a.rows_in for a in accounts],
        "rows_used": [a.used for a in accounts],
        "rows_set_aside": [a.set_aside for a in accounts],
        "rows_refused": [a.refused for a in accounts],
    }
    total = len(accounts)
    columns = [
        Column(
            term("source_file").of(lang),
            [*(wording.short_file(a.file) for a in accounts), term("sources_total").of(lang)],
        ),
        Column(term("source_table").of(lang), [*(a.table for a in accounts), None]),
        Column(
            term("source_layer").of(lang),
            [*(wording.layer_title(a.layer, lang) for a in accounts), None],
        ),
        *(
            Column(term(key).of(lang), [*cells, sum(cells)], "number")
            for key, cells in counts.items()
        ),
        Column(
            term("fingerprint").of(lang),
            [*(wording.digest(a.sha256) or term("not_read").of(lang) for a in accounts), None],
        ),
    ]
    title = term("sheet_sources").of(lang)
    about = term("contents_sources").of(lang)
    bold = frozenset({total})
    return Sheet(title, title, "", columns, bold=bold, about=about)


def _layer(layer: Layer, lang: str) -> Sheet:
    """Return all rows of a layer; those that do not count are pale and say so."""
    frame = layer.frame
    state = [str(value) for value in frame[STATE]]
    columns = [_field(layer, field, lang) for field in rows.public_fields(layer)]
    columns = [c for c in columns if c.required or any(cell is not None for cell in c.cells)]
    for name in rows.further_columns(layer):
        cells = rows.plain(frame[name])
        if any(cell is not None for cell in cells):
            columns.append(_column(name, cells, lang))
    if "point" in layer.schema.geometry:
        north, east = rows.coordinates(frame)
        columns.append(Column(term("north").of(lang), north, "number", 2))
        columns.append(Column(term("east").of(lang), east, "number", 2))
    own = layer.schema.is_table or LOCATED_BY in layer.schema.names
    if LOCATED_BY in frame and not own:
        cells = rows.located_by(frame[LOCATED_BY], lang)
        if any(cell is not None for cell in cells):
            columns.append(Column(term("located_by_of").of(lang), cells))
    columns += [
        Column(term("file").of(lang), [wording.short_file(str(v)) for v in frame[FILE]]),
        Column(term("table").of(lang), rows.plain(frame[TABLE])),
        Column(term("row").of(lang), rows.plain(frame[ROW]), "year"),
        Column(term("state_of").of(lang), [term(f"row_state.{s}").of(lang) for s in state]),
    ]
    title = layer.schema.title.words.of(lang)
    used = sum(value == USED for value in state)
    about = say("contents_layer", lang, used=used, rows=len(state))
    pale = frozenset(i for i, value in enumerate(state) if value != USED)
    return Sheet(title, title, about, columns, pale=pale, about=about)


def _field(layer: Layer, field: Field, lang: str) -> Column:
    cells = rows.shown(field, rows.plain(layer.frame[field.name]), lang)
    column = _column(wording.heading(field, lang), cells, lang, required=field.required)
    return replace(column, kind="year") if field.unit == "year" else column


def _column(
    title: str, cells: Sequence[rows.Value], lang: str, *, required: bool = False
) -> Column:
    """Return a column whose decimals are those its numbers have, four at most."""
    cells = [rows.truth(cell, lang) if isinstance(cell, bool) else cell for cell in cells]
    amounts = [cell for cell in cells if isinstance(cell, int | float)]
    kind: Kind = "number" if amounts else "text"
    exact = [round(amount, _MOST_DIGITS) for amount in amounts]
    digits = 0
    while any(round(amount, digits) != amount for amount in exact):
        digits += 1
    return Column(title, cells, kind, digits, required=required)
