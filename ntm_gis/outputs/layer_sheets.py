"""Sheets of layers: every row with its fields, what was measured on it, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd

from ntm_gis.layers.values import FILE, LOCATED_BY, ROW, STATE, TABLE, USED, Layer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.sheets import Cell, Column, Kind, Sheet
from ntm_gis.rules.schema import PREDECESSOR, Field, schema
from ntm_gis.rules.terms import say, sections, term

_MOST_DIGITS = 4
_MOST_PRINTED = 12
_AGAIN = re.compile(r" \(\d+\)$")

MEASURED = {"length_km": ("measured_length", "km", 2), "area_ha": ("measured_area", "ha", 2)}
"""Column of an answer's frame -> term, unit and decimals of what was measured on its rows."""

Names = Mapping[str, Mapping[str, str]]
"""Layer -> key -> name."""


def layer_sheet(layer: Layer, drawn: gpd.GeoDataFrame | None, known: Names, lang: str) -> Sheet:
    """Return all rows of a layer; those that do not count are pale and say so.

    Parameters
    ----------
    layer : Layer
    drawn : GeoDataFrame or None
        What analyses measured on its rows.
    known : mapping
        Names that references are told by.
    """
    frame = layer.frame
    state = [str(value) for value in frame[STATE]]
    columns = [c for field in rows.public_fields(layer) for c in _field(layer, field, known, lang)]
    columns = [c for c in columns if c.required or any(cell is not None for cell in c.cells)]
    columns += _measured(frame, drawn, lang)
    printed = len(columns)
    for name in rows.further_columns(layer):
        cells = rows.plain(frame[name])
        if any(cell is not None for cell in cells):
            columns.append(_column(own_heading(layer.name, name, lang), cells, lang))
    if "point" in layer.schema.geometry:
        north, east = rows.coordinates(frame)
        columns.append(Column(term("north").of(lang), north, "number", 2))
        columns.append(Column(term("east").of(lang), east, "number", 2))
    own = layer.schema.is_table or LOCATED_BY in layer.schema.names
    if LOCATED_BY in frame and not own:
        cells = rows.located_by(frame, lang)
        if any(cell is not None for cell in cells):
            columns.append(Column(term("located_by_of").of(lang), cells))
    columns = [c for c in columns if any(cell is not None for cell in c.cells) or c.required]
    pairs = list(zip(frame[FILE], rows.plain(frame[TABLE]), strict=True))
    tables_of: list[Cell] = [
        table if wording.shows_table(str(file), str(table or "")) else None for file, table in pairs
    ]
    columns += [
        Column(term("file").of(lang), [wording.short_file(str(v)) for v in frame[FILE]]),
        Column(term("table").of(lang), tables_of),
        Column(term("row").of(lang), rows.plain(frame[ROW]), "year"),
        Column(term("state_of").of(lang), [term(f"row_state.{s}").of(lang) for s in state]),
    ]
    title = layer.schema.title.words.of(lang)
    used = sum(value == USED for value in state)
    about = say("contents_layer", lang, used=used, rows=len(state))
    pale = frozenset(i for i, value in enumerate(state) if value != USED)
    # A sheet too wide for paper is printed without where its rows come from.
    fits = len(columns) <= _MOST_PRINTED
    return Sheet(
        title, title, about, columns, pale=pale, about=about,
        printed=None if fits else min(printed, _MOST_PRINTED),
    )  # fmt: skip


def own_heading(layer: str, name: str, lang: str) -> str:
    """Return the heading of a column that the schema does not know: as the file has it.

    A second column for a field of the schema bears our name of it and a number: it is told by
    the title of the field.

    Examples
    --------
    >>> own_heading("tracks", "track_id (2)", "vi"), own_heading("roads", "GHI_CHU", "vi")
    ('Mã tuyến đo (ghi trong tệp)', 'GHI_CHU')
    """
    field = _AGAIN.sub("", name)
    if field != name and field in schema(layer).names:
        return say("as_in_file", lang, title=wording.field_title(layer, field, lang))
    given = sections()["own_column"].get(name)
    return name if given is None else given.of(lang)


def _measured(
    frame: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame | None, lang: str
) -> Iterator[Column]:
    """Yield what analyses measured on the rows of a layer; rows they did not use stay blank."""
    for name, (key, unit, digits) in MEASURED.items():
        if drawn is None or name not in drawn or name in frame:
            continue
        places = zip(drawn[FILE], rows.plain(drawn[TABLE]), drawn[ROW], strict=True)
        found = dict(zip(places, rows.plain(drawn[name]), strict=True))
        own = zip(frame[FILE], rows.plain(frame[TABLE]), frame[ROW], strict=True)
        # What is on a list alone has a length that was declared: no map says it.
        there = ~(frame.geometry.isna() | frame.geometry.is_empty)
        cells = [found.get(place) if on else None for place, on in zip(own, there, strict=True)]
        if any(cell is not None for cell in cells):
            yield Column(f"{term(key).of(lang)} ({unit})", cells, "number", digits)


def known_names(layers: Layers) -> Names:
    """Return the names of what rows of other layers refer to, former communes among them."""
    out: dict[str, dict[str, str]] = {}
    for name, layer in layers.by_name.items():
        key = layer.schema.key
        if key is not None and "name" in {field.name for field in rows.public_fields(layer)}:
            pairs = zip(rows.plain(layer.frame[key]), rows.plain(layer.frame["name"]), strict=True)
            out[name] = {str(k): str(v) for k, v in pairs if k is not None and v is not None}
    out[PREDECESSOR] = {former.id: former.name for former in layers.commune.predecessors}
    return out


def _field(layer: Layer, field: Field, known: Names, lang: str) -> list[Column]:
    values = rows.plain(layer.frame[field.name])
    if field.name == LOCATED_BY:
        return [Column(wording.heading(field, lang), rows.located_by(layer.frame, lang))]
    column = _column(
        wording.heading(field, lang), rows.shown(field, values, lang), lang, required=field.required
    )
    if field.unit == "year":
        return [replace(column, kind="year")]
    if field.type != "reference":
        return [column]
    found = [
        next((known[name][str(v)] for name in field.targets if str(v) in known.get(name, {})), None)
        for v in values
    ]
    if all(name is None for name in found):
        return [column]
    return [column, Column(say("named_of", lang, title=field.title.words.of(lang)), found)]


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
