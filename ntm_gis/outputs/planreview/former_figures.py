"""Figures of the former communes in one table: a row a figure, a column a former commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.outputs.planreview.said import DASH, words

if TYPE_CHECKING:
    from ntm_gis.layers.values import Answer
    from ntm_gis.outputs.speech import Speech
    from ntm_gis.results import Measure

PREFIX = "merger."
_TOGETHER = ("sum", "ratio")
_NOT_CARRIED = "MERGER_NOT_CARRIED_NOTE"

Rows = tuple[tuple[str, ...], ...]


def table(answer: Answer, speech: Speech) -> tuple[tuple[str, ...], Rows, str]:
    """Return headings, rows and the note of the table; no rows where nothing is carried.

    Returns
    -------
    tuple of str
        Figure, each former commune, together, unit.
    tuple of tuple of str
        Values in words, ranges beside them; a dash where a commune gave nothing, or where the
        figure cannot be carried: then the note says why.
    str
    """
    lang = speech.lang
    by_figure: dict[str, dict[str, Measure]] = {}
    for measure in answer.measures:
        if measure.id.startswith(PREFIX):
            figure, _, whose = measure.id.removeprefix(PREFIX).rpartition(".")
            by_figure.setdefault(figure, {})[whose] = measure
    formers = sorted({w for found in by_figure.values() for w in found} - set(_TOGETHER))
    called = {
        whose: measure.title.of(lang).rpartition(": ")[2]
        for found in by_figure.values()
        for whose, measure in found.items()
    }
    rows: list[tuple[str, ...]] = []
    notes: dict[str, None] = {}
    for found in by_figure.values():
        first = next(iter(found.values()))
        title = first.title.of(lang).rpartition(": ")[0]
        together = next((found[key] for key in _TOGETHER if key in found), None)
        cells = [DASH if found.get(w) is None else _value(found[w], speech) for w in formers]
        rows.append((
            title, *cells,
            words("not_carried", lang) if together is None else _value(together, speech),
            speech.unit(first if together is None else together),
        ))  # fmt: skip
        for measure in found.values():
            for note in measure.notes:
                if note.code == _NOT_CARRIED:
                    notes[f"{title}: {note.text.of(lang)}"] = None
    heads = (
        words("figure", lang), *(called[whose] for whose in formers), words("together", lang),
        words("unit", lang),
    )  # fmt: skip
    return heads, tuple(rows), " ".join(notes)


def _value(measure: Measure, speech: Speech) -> str:
    bounds = speech.range(measure)
    value = speech.value(measure)
    return f"{value} ({bounds})" if bounds else value
