"""Whether a boundary that is taken in is the commune's own, and which row of it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ntm_gis import sources
from ntm_gis.asking import Ask, Said, Wish, named
from ntm_gis.layers.whose import Called, differs, fits, listed, shown
from ntm_gis.numbers import is_blank
from ntm_gis.results import sentence
from ntm_gis.rules.commune import Identity, SourceEntry
from ntm_gis.rules.schema import schema
from ntm_gis.sources import Table

BOUNDARY = "boundary"
_YES, _NO = "yes", "no"
_ONLY = 200
"""A file of more rows than are looked at is sorted out when it is checked."""


def own_row(
    entry: SourceEntry, table: Table, who: Identity, wish: Wish, out: Said
) -> SourceEntry | None:
    """Return the entry of a boundary, with the one row that is the commune's where it has many.

    A boundary of another commune is asked about; nobody's answer is no, and None.
    """
    pairs = _pairs(entry, table)
    mine = [i for i, pair in enumerate(pairs) if fits(*pair, who)]
    others = [i for i, pair in enumerate(pairs) if differs(*pair, who)]
    if len(mine) == 1 and others:
        entry = _kept(entry, table, mine[0]) or entry
        if entry.where:
            params = {"count": table.rows, "own": shown(*pairs[mine[0]])}
            out.tell("ADD_BOUNDARY_ROW", source=named(table), **params)
    elif others and not mine and table.rows <= _ONLY:
        said = listed([shown(*pairs[i]) for i in others])
        if not wanted(named(table), said, who, wish.ask):
            params = {"said": said, "name": who.name, "unit": who.code}
            out.leave("ADD_BOUNDARY_OTHER", source=named(table), **params)
            return None
    shapes = table.sample.geometry.to_numpy()
    told = sources.misplaced(shapes[mine] if entry.where else shapes, who.crs)
    if told is not None:
        out.leave(told.code, file=named(table), **told.params)
    return entry


def of_other(table: Table, who: Identity) -> str:
    """Return what an outline says it is of, where that is another commune; "" where it is not."""
    pairs = _pairs(SourceEntry(layer=BOUNDARY, file=table.file), table)
    if table.rows > _ONLY or any(fits(*pair, who) for pair in pairs):
        return ""
    return listed([shown(*pair) for pair in pairs if differs(*pair, who)])


def own_rows(table: Table, who: Identity | Called) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return the rows of an outline that are the commune's; all where none says so."""
    pairs = _pairs(SourceEntry(layer=BOUNDARY, file=table.file), table)
    mine = np.array([fits(*pair, who) for pair in pairs], dtype=bool)
    return mine if mine.any() else np.ones(len(pairs), dtype=bool)


def wanted(source: str, said: str, who: Identity, ask: Ask) -> bool:
    """Ask whether an outline is taken in that says it is another commune's."""
    answers = []
    for key, code in ((_NO, "ANSWER_NO"), (_YES, "ANSWER_YES")):
        words = sentence(code, {})
        answers.append((key, f"{words.vi} / {words.en}"))
    params = {"source": source, "said": said, "name": who.name, "unit": who.code}
    return ask(sentence("ASK_BOUNDARY_OTHER", params), answers, None) == _YES


def _columns(entry: SourceEntry, table: Table) -> tuple[str | None, str | None]:
    found = {**schema(BOUNDARY).recognise(table.columns), **entry.fields}
    code, name = found.get("unit_code"), found.get("name")
    return (
        code if code in table.columns else None,
        name if name in table.columns else None,
    )


def _pairs(entry: SourceEntry, table: Table) -> Sequence[tuple[object, object]]:
    """Return code and name of each row, None where there is none."""
    values, rows = table.values, len(table.sample)
    code, name = (
        [None] * rows if column is None else [None if is_blank(v) else v for v in values[column]]
        for column in _columns(entry, table)
    )
    return list(zip(code, name, strict=True))


def _kept(entry: SourceEntry, table: Table, row: int) -> SourceEntry | None:
    """Return an entry that keeps one row by its code, else by its name; None where none can."""
    for column in _columns(entry, table):
        if column is None:
            continue
        said = table.values[column]
        if isinstance(said[row], str) and said.count(said[row]) == 1:
            return entry.model_copy(update={"where": {column: said[row]}})
    return None
