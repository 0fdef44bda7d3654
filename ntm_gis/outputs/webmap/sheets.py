"""A style on its frame, as one layer of the page: ids, names, looks, shapes, fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from ntm_gis.layers.values import FILE, LOCATED_BY, OWN, ROW, TABLE
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.page import Written, written
from ntm_gis.outputs.rows import SURVEY
from ntm_gis.outputs.webmap import days, encode, made, texts
from ntm_gis.outputs.webmap.context import VILLAGES, Context
from ntm_gis.outputs.webmap.relief import height_at
from ntm_gis.outputs.webmap.table import Table
from ntm_gis.outputs.wording import shows_table
from ntm_gis.results import shown
from ntm_gis.rules import maps
from ntm_gis.rules.maps import UNKNOWN, Style
from ntm_gis.rules.schema import PREDECESSOR, LayerSchema, public_fields, schema
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.rules.schema import Field

# What analyses add for drawing: shown otherwise, or not at all.
_HIDDEN = frozenset({"id", "state", "letter", LOCATED_BY, *OWN})
_MEASURED = {"length_km": ("measured_length", "km", 2), "area_ha": ("measured_area", "ha", 2)}
_TOLERANCE_M = {"ground": 7.0, "boundaries": 3.0, "water": 1.5, "roads": 1.0}
_PLAIN_TOLERANCE_M = 0.5
# What stands before a settlement's name.
_SETTLEMENT = ("bản ", "thôn ", "xóm ", "tổ ", "khu ", "ấp ")
_NO_COLOUR = "#e6e6e6"
# Ids of shapely for what has a place of its own, or none.
_POINTS = frozenset({-1, 0, 4})

Column = dict[str, Any]

# A blank position needs no remark: the map says where things are, a list which are nowhere.
_QUIET = {"place": {"quiet": True}}


@dataclass(frozen=True)
class Sheet:
    """A layer of the page, and where each of its rows is found.

    `given` is what the page gets; `number` leads from an id to the place in it.
    """

    name: str
    style: Style
    table: Table
    given: dict[str, Any]
    number: Mapping[str, int]

    @cached_property
    def written(self) -> Written:
        """`given` as the data block of every page that has this layer holds it."""
        return written(self.given)


def sheet(name: str, context: Context) -> Sheet | None:
    """Return a style's layer, or None where the answer has no row for it.

    Parameters
    ----------
    name : str
        A style of `maps/styles.toml`.
    context : Context
    """
    style = maps.styles().styles[name]
    frame = context.answer.frames.get(style.frame)
    if frame is None:
        return None
    for column, codes in style.where.items():
        frame = frame[frame[column].isin(codes)] if column in frame else frame.iloc[:0]
    if not len(frame):
        return None
    table = Table(frame := days.compact(frame, style, context))
    tolerance_m = _TOLERANCE_M.get(style.level, _PLAIN_TOLERANCE_M)
    found = encode.shapes(seat(table, style), context.origin, tolerance_m)
    given: dict[str, Any] = {
        "style": name,
        "kind": found.kinds,
        "shape": found.packed,
        "case": _numbers(table, style.case_by, [c.code for c in style.cases]),
    }
    if style.classes and style.class_by is not None:
        given["class"] = _numbers(table, style.class_by, [c.code for c in style.classes])
    given |= _rows(table, style, context) if style.listed else _blank(len(table))
    given |= _looks(table, style, context.lang) | _places(table, style, frame, context)
    given |= days.given(table, style, context)
    number = {key: i for i, key in enumerate(table.texts("id")) if key}
    return Sheet(name, style, table, given, number)


def seat(table: Table, style: Style) -> gpd.GeoSeries:
    """Return the geometry to draw: a place for what is drawn as a symbol alone."""
    if any(case.strokes or case.edge or case.fill or case.pattern for case in style.cases):
        return gpd.GeoSeries(table.geometry)
    return gpd.GeoSeries(shapely.point_on_surface(table.geometry))


def _numbers(table: Table, column: str, codes: list[str]) -> list[int]:
    """Return the place of each row's code among those of the style; unknown ones as unknown."""
    spare = codes.index(UNKNOWN) if UNKNOWN in codes else 0
    place = {code: i for i, code in enumerate(codes)}
    return [place.get(code, spare) for code in table.texts(column)]


def _blank(n: int) -> dict[str, Any]:
    """Return what a layer that is only looked at holds instead of rows."""
    return {
        "id": [""] * n, "name": [""] * n, "columns": [], "files": [""], "file": [0] * n,
        "tables": [""], "table": [0] * n, "row": [None] * n,
    }  # fmt: skip


def _rows(table: Table, style: Style, context: Context) -> dict[str, Any]:
    """Return ids, names, fields and the place in the files of every row."""
    rules = schema(style.schema_name)
    whole = table.texts(FILE)
    short = {name: name.removeprefix("sources/") for name in set(whole)}
    files = [short[name] for name in whole]
    numbers = table[ROW] if ROW in table else [None] * len(table)
    return {
        "id": table.texts("id"),
        "made": [i for i, is_made in enumerate(table.made) if is_made],
        "name": _full_names(table, style, context),
        "columns": [
            *_columns(table, style, rules, context), *_height_column(table, style, context)
        ],
        **texts.repeated("files", "file", files),
        **texts.repeated("tables", "table", _tables(files, table.texts(TABLE))),
        "row": [None if number is None else int(number) for number in numbers],
    }  # fmt: skip


def _tables(files: list[str], tables: list[str]) -> list[str]:
    """Return the sheet or layer of each row, "" where its file holds one alone."""
    named: dict[str, dict[str, str]] = {}
    for file, table in set(zip(files, tables, strict=True)):
        named.setdefault(file, {})[table] = table if shows_table(file, table) else ""
    return [named[file][table] for file, table in zip(files, tables, strict=True)]


# --- names ----------------------------------------------------------------------------------------


def _full_names(table: Table, style: Style, context: Context) -> list[str]:
    """Return what each feature is called in lists: its name, else what it is, where."""
    one = style.one.words.of(context.lang)
    names = [name.strip() for name in table.texts("name")]
    if style.frame == VILLAGES:
        called = (name or key for name, key in zip(names, table.texts("id"), strict=True))
        return [n if n.casefold().startswith(_SETTLEMENT) else f"{one} {n}" for n in called]
    spare = [
        ", ".join(part for part in (one if is_made else f"{one} {key}".strip(), village) if part)
        for key, is_made, village in zip(
            table.texts("id"), table.made, _village_names(table, context), strict=True
        )
    ]
    return [name or other for name, other in zip(names, spare, strict=True)]


def _village_names(table: Table, context: Context) -> list[str]:
    names = context.names.by_layer.get(VILLAGES, {})
    return [names.get(key, "") for key in table.texts("village_id")]


def _short(name: str) -> str:
    """Return a village's name without the word for what it is; a number alone would be no name."""
    for word in _SETTLEMENT:
        rest = name[len(word) :].strip()
        if name.casefold().startswith(word) and any(letter.isalpha() for letter in rest):
            return rest
    return name


# --- fields ---------------------------------------------------------------------------------------


def _columns(table: Table, style: Style, rules: LayerSchema, context: Context) -> list[Column]:
    """Return the fields as the card shows them: those of the schema, measured, then others.

    Personal fields never leave.
    """
    fields = {field.name: field for field in rules.fields}
    shown_fields = [f for f in public_fields(rules) if f.name not in (rules.key, "name")]
    out = [
        {
            "field": field.name,
            "title": field.title.words.of(context.lang),
            **_QUIET.get(field.type, {}),
            **_written(table, field, context),
        }
        for field in shown_fields
        if field.name in table
    ]
    if style.frame in made.FRAMES:
        return out + list(made.columns(table, fields, context.lang))
    further = [c for c in table.columns if c not in fields and c not in _HIDDEN]
    filled = [c for c in further if not c.startswith("@") and table.filled(c)]
    out += [_measured(table, column, context.lang) for column in filled if column in _MEASURED]
    return out + [
        _other(table, column, context.lang) for column in filled if column not in _MEASURED
    ]


def _written(table: Table, field: Field, context: Context) -> Column:
    """Return the values of a field; lines and areas are drawn, nobody said they were surveyed."""
    show = texts.of_field(field, context.names)
    if field.name != LOCATED_BY:
        return texts.column(table[field.name], show)
    drawn = say("drawn_on_map", context.lang)
    kinds = shapely.get_type_id(table.geometry)
    return {
        "texts": [
            drawn if value == SURVEY and kind not in _POINTS else show(value) if value else ""
            for value, kind in zip(table[field.name], kinds, strict=True)
        ]
    }


def _measured(table: Table, column: str, lang: str) -> Column:
    term, unit, digits = _MEASURED[column]
    return {"title": say(term, lang), "texts": table.amounts(column, unit, lang, digits)}


def _other(table: Table, column: str, lang: str) -> Column:
    """Return a column that no schema knows, under the name that its file has."""
    written_values = texts.plain_column(table[column], lang)
    return {"title": text_for_html(column), "other": True, **written_values}


def _heights(table: Table, context: Context) -> list[str]:
    """Return the height of each village above the sea, as text; "" where it is not known."""
    points = shapely.point_on_surface(table.geometry)
    found = height_at(context.heights, shapely.get_x(points), shapely.get_y(points))
    return [texts.amount(float(h), "m", context.lang, 0) if np.isfinite(h) else "" for h in found]


def _height_column(table: Table, style: Style, context: Context) -> list[Column]:
    heights = _heights(table, context) if style.frame == VILLAGES else []
    title = say("height_above_sea", context.lang)
    return [{"title": title, "texts": heights}] if any(heights) else []


# --- what single styles need ----------------------------------------------------------------------


def _looks(table: Table, style: Style, lang: str) -> dict[str, Any]:
    """Return letters, colours and marks of the features, and the amount each has."""
    out: dict[str, Any] = {}
    if style.letter_by is not None:
        letters = table.texts(style.letter_by)
        out["letter"] = [style.letters.get(c, "") for c in letters] if style.letters else letters
    if style.labels is not None and style.labels.kind == "area":
        out["letter"] = table.texts(style.labels.column)
    if style.colours is not None:
        palette = maps.styles().land_use
        out["colour"] = [palette.get(code, _NO_COLOUR) for code in table.texts(style.colours)]
    if style.marks is not None and style.marks.column in table:
        flags, marked = table[style.marks.column], style.marks.equals
        out["marked"] = [i for i, flag in enumerate(flags) if flag is not None and flag == marked]
    if style.amount == "sum" and style.unit and style.sum_of and style.sum_of in table:
        digits, unit = shown.digits(style.unit), style.unit
        out["amount"] = table.amounts(style.sum_of, unit, lang, digits)
    return out


def _places(
    table: Table, style: Style, frame: gpd.GeoDataFrame, context: Context
) -> dict[str, Any]:
    """Return the villages that features belong to, and what tells like names apart."""
    out: dict[str, Any] = {}
    if LOCATED_BY in table:
        out["approximate"] = [i for i, by in enumerate(table[LOCATED_BY]) if by == "village"]
    if style.beside_village:
        out["village"] = context.village_of(frame).tolist()
    if style.frame == VILLAGES:
        former = [
            context.names.of(PREDECESSOR, key) or key for key in table.texts("former_commune")
        ]
        pairs = zip(former, _heights(table, context), strict=True)
        out["hint"] = [" · ".join(part for part in pair if part) for pair in pairs]
        named = zip(table.texts("name"), table.texts("id"), strict=True)
        out["short"] = [_short(name.strip()) or key for name, key in named]
    elif "village_id" in table:
        out["hint"] = _village_names(table, context)
    return out
