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
    Answer,
    Layer,
    Layers,
)
from ntm_gis.outputs import wording
from ntm_gis.outputs.features import Features, ordered
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.layer_sheets import known_names, layer_sheet
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.planreview.sheets import review_sheets
from ntm_gis.outputs.progress.sheets import progress_sheets
from ntm_gis.outputs.sheets import HEAD_ROW, Cell, Column, Sheet, sheet_names, workbook
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Measure, shown
from ntm_gis.results.words import is_made_key
from ntm_gis.rules.terms import say, term

FILE_NAME = "tables.xlsx"

# Widths of columns of sentences, in characters; the widest do not go to paper.
_WIDE, _WIDEST = 46, 110

_CENTS, _MOST_DIGITS = 2, 5
_ASSESSED = "verdict"
_FRACTION = 30
_MOST_ROWS = 1_048_576 - HEAD_ROW - 1
"""Rows of a sheet of Excel below the headings."""


def write(
    answer: Answer, layers: Layers, out: Path, lang: str = "vi", record_head: str | None = None
) -> Path:
    """Write `tables.xlsx` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in Excel.
    """
    return atomic_write(out / FILE_NAME, tables(answer, layers, lang, record_head))


def tables(
    answer: Answer, layers: Layers, lang: str = "vi", record_head: str | None = None
) -> bytes:
    """Return the workbook of all figures, findings, sources and rows.

    Parameters
    ----------
    answer : Answer
        Measures and all findings.
    layers : Layers
    lang : str
        "vi" or "en": the language of headings and code titles.
    record_head : str, optional
        Check code of the record, printed on every sheet; None where there is no record.
    """
    who = layers.commune.commune
    remark = f"{term('as_of').of(lang)} {numbers.format_date_vi(who.as_of)}"
    if who.sample:
        remark = f"{term('sample').of(lang)} · {remark}"
    if record_head:
        remark = f"{remark} · {say('record_head', lang, code=record_head)}"
    speech, known = Speech(answer, lang, layers), known_names(layers)
    sheets = [
        _measures(answer, speech),
        _findings(answer, lang),
        _evidence(answer, layers, speech),
        *progress_sheets(answer, layers, lang),
        *review_sheets(answer, layers, lang),
        _sources(layers, lang),
        *(
            layer_sheet(layer, answer.frames.get(layer.name), known, lang)
            for layer in _given(layers)
        ),
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
    """Return the layers with rows of the commune's."""
    given = (layer for _, layer in sorted(layers.by_name.items()) if len(layer.frame))
    return [layer for layer in given if not layer.schema.backdrop]


def _contents(sheets: Sequence[Sheet], lang: str) -> Sheet:
    columns = [
        Column(term("sheet").of(lang), [sheet.name for sheet in sheets]),
        Column(term("sheet_about").of(lang), [sheet.about for sheet in sheets], wide=_WIDE),
        Column(term("sheet_rows").of(lang), [sheet.rows for sheet in sheets], "number"),
    ]
    title = term("contents").of(lang)
    return Sheet(title, title, "", columns)


def _measures(answer: Answer, speech: Speech) -> Sheet:
    lang = speech.lang
    found = wording.grouped(answer.measures)
    rows_of = [(group, measure) for group, members in found.items() for measure in members]
    measures = [measure for _, measure in rows_of]
    digits = [_digits(measure) for measure in measures]
    # What is assessed as met or not is a word, no number with bounds.
    counted = [measure.unit != _ASSESSED for measure in measures]
    edges = [
        shown.edges(measure) if is_number else (None, None)
        for measure, is_number in zip(measures, counted, strict=True)
    ]
    values: list[Cell] = [_value(measure, speech) for measure in measures]
    parts = [wording.fraction_digits(measure) for measure in measures]

    def text(key: str, cells: list[Cell], *, wide: int = 0) -> Column:
        return Column(term(key).of(lang), cells, wide=wide)

    def number(key: str, cells: Sequence[Cell], places: int | list[int]) -> Column:
        return Column(term(key).of(lang), cells, "number", places)

    columns = [
        text("group_of", [term(f"group.{group}").of(lang) for group, _ in rows_of]),
        text("measure", [m.title.of(lang) for m in measures], wide=_WIDE),
        replace(number("value", values, digits), required=True),
        text("unit", [shown.unit_name(m.unit, lang) for m in measures]),
        text("provisional_of", [
            term("provisional").of(lang) if m.id in speech.provisional else None for m in measures
        ]),
        number("low", [low for low, _ in edges], digits),
        number("high", [high for _, high in edges], digits),
        number("report_value", [
            shown.report_edge(measure) if is_number else None
            for measure, is_number in zip(measures, counted, strict=True)
        ], digits),
        text("reason_of", [speech.certainty(m) or None for m in measures], wide=_WIDE),
        text("made_of", [speech.fraction(m) or None for m in measures], wide=_FRACTION),
        number("numerator", [m.numerator for m in measures], parts),
        number("denominator", [m.denominator for m in measures], parts),
        text("how", [speech.method(m) or None for m in measures], wide=_WIDEST),
        text("documents", [_files(m) for m in measures], wide=_WIDE),
        text("notes_of", ["\n".join(speech.notes(m)) or None for m in measures], wide=_WIDEST),
        text("id_of", [m.id for m in measures]),
    ]  # fmt: skip
    title = term("sheet_measures").of(lang)
    about = term("contents_measures").of(lang)
    return Sheet(title, title, "", columns, frozen=2, about=about, printed=9)


def _value(measure: Measure, speech: Speech) -> Cell:
    if measure.value is None:
        return speech.value(measure) if _has_words(measure, speech) else None
    if measure.unit != _ASSESSED:
        return measure.value
    return shown.value(measure.value, measure.unit, speech.lang)


def _digits(measure: Measure) -> int:
    """Return the digits after the comma; a figure without a unit keeps those that it came with."""
    if measure.unit or measure.value is None or float(measure.value).is_integer():
        return shown.places(measure)
    return next((n for n in range(1, _MOST_DIGITS) if round(measure.value, n) == measure.value), 2)


def _files(measure: Measure) -> str | None:
    return ", ".join(wording.short_file(name) for name in measure.evidence.inputs) or None


def _has_words(measure: Measure, speech: Speech) -> bool:
    """Whether words stand in the place of a number, rather than a cell that is still open."""
    return speech.not_applicable(measure) or speech.pending(measure)


def _evidence(answer: Answer, layers: Layers, speech: Speech) -> Sheet:
    """Return what every feature puts into every figure, with the row it is."""
    lang, features = speech.lang, Features(layers)
    parts = [
        (measure, part, features.find(part.layer, part.id))
        for members in wording.grouped(answer.measures).values()
        for measure in members
        for part in ordered(measure)
    ]
    left = len(parts) - _MOST_ROWS
    parts = parts[:_MOST_ROWS]
    amounts = [part.weight if part.unknown else part.amount for _, part, _ in parts]
    digits = [0 if amount is None or float(amount).is_integer() else _CENTS for amount in amounts]
    titles = {name: wording.layer_title(name, lang) for name in {p.layer for _, p, _ in parts}}

    def text(key: str, cells: list[Cell], *, wide: int = 0) -> Column:
        return Column(term(key).of(lang), cells, wide=wide)

    columns = [
        text("measure", [m.title.of(lang) for m, _, _ in parts], wide=_WIDE),
        text("layer", [titles[part.layer] for _, part, _ in parts]),
        text("feature", [None if feature.made else part.id for _, part, feature in parts]),
        text("feature_name", [
            feature.name or (feature.label(lang) if feature.made else None)
            for _, _, feature in parts
        ]),
        Column(term("amount").of(lang), amounts, "number", digits),
        text("is_known", [
            term("unknown").of(lang) if part.unknown else None for _, part, _ in parts
        ]),
        text("file", [wording.short_file(f.file) if f.file else None for _, _, f in parts]),
        text("table", [
            f.table if wording.shows_table(f.file, f.table) else None for _, _, f in parts
        ]),
        Column(term("row").of(lang), [feature.row for _, _, feature in parts], "year"),
    ]  # fmt: skip
    title = term("sheet_evidence").of(lang)
    about = term("contents_evidence").of(lang)
    remark = say("contributions_left", lang, n=left) if left > 0 else ""
    return Sheet(title, title, remark, columns, about=about)


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
        text("feature", [
            None if f.feature is None or is_made_key(f.feature) else f.feature for f in found
        ]),
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
        Column(
            term("source_table").of(lang),
            [*(a.table if wording.shows_table(a.file, a.table) else None for a in accounts), None],
        ),
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
