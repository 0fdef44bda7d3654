"""A style on its frame, as one layer of the page: ids, names, looks, shapes, fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ntm_gis.layers.values import FILE, LOCATED_BY, OWN, ROW, TABLE
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.webmap import encode, texts
from ntm_gis.outputs.webmap.context import VILLAGES, Context
from ntm_gis.outputs.webmap.relief import height_at
from ntm_gis.results import shown
from ntm_gis.rules import maps
from ntm_gis.rules.maps import UNKNOWN, Style
from ntm_gis.rules.schema import LayerSchema, code_list, schema
from ntm_gis.rules.terms import say

# What analyses add for drawing: shown otherwise, or not at all.
_HIDDEN = frozenset({"id", "geometry", "state", "letter", *OWN})
_MEASURED = {"length_km": ("measured_length", "km", 2), "area_ha": ("measured_area", "ha", 2)}
_TOLERANCE_M = {"ground": 7.0, "boundaries": 3.0, "water": 1.5, "roads": 1.0}
# What stands before a settlement's name.
_SETTLEMENT = ("bản ", "thôn ", "xóm ", "tổ ", "khu ", "ấp ")


Column = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A layer of the page, and where each of its rows is found.

    `given` is what the page gets; `number` leads from an id to the place in it.
    """

    name: str
    style: Style
    frame: gpd.GeoDataFrame
    given: dict[str, Any]
    number: dict[str, int]


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
    frame = frame.reset_index(drop=True)
    found = encode.shapes(_seat(frame, style), context.origin, _TOLERANCE_M.get(style.level, 0.5))
    given: dict[str, Any] = {
        "style": name,
        "kind": found.kinds,
        "shape": found.shapes,
        "case": _numbers(frame, style.case_by, [c.code for c in style.cases]),
    }
    if style.classes and style.class_by is not None:
        given["class"] = _numbers(frame, style.class_by, [c.code for c in style.classes])
    given |= _rows(frame, style, context) if style.listed else _blank(len(frame))
    given |= _details(frame, style, context)
    ids = _texts(frame, "id")
    return Sheet(name, style, frame, given, {key: i for i, key in enumerate(ids) if key})


def _seat(frame: gpd.GeoDataFrame, style: Style) -> gpd.GeoSeries:
    """Return the geometry to draw: a place for what is drawn as a symbol alone."""
    if any(case.strokes or case.edge or case.fill or case.pattern for case in style.cases):
        return frame.geometry
    return gpd.GeoSeries(shapely.point_on_surface(frame.geometry.to_numpy()), crs=frame.crs)


def _numbers(frame: gpd.GeoDataFrame, column: str, codes: list[str]) -> list[int]:
    """Return the place of each row's code among those of the style; unknown ones as unknown."""
    spare = codes.index(UNKNOWN) if UNKNOWN in codes else 0
    if column not in frame:
        return [spare] * len(frame)
    place = {code: i for i, code in enumerate(codes)}
    return [place.get(code, spare) if isinstance(code, str) else spare for code in frame[column]]


def _blank(n: int) -> dict[str, Any]:
    """Return what a layer that is only looked at holds instead of rows."""
    return {
        "id": [""] * n, "name": [""] * n, "columns": [], "files": [""], "file": [0] * n,
        "tables": [""], "table": [0] * n, "row": [None] * n,
    }  # fmt: skip


def _rows(frame: gpd.GeoDataFrame, style: Style, context: Context) -> dict[str, Any]:
    """Return ids, names, fields and the place in the files of every row."""
    rules = schema(style.schema_name)
    files, tables = _texts(frame, FILE), _texts(frame, TABLE)
    return {
        "id": _texts(frame, "id"),
        "name": _full_names(frame, style, context),
        "columns": [*_columns(frame, rules, context), *_height_column(frame, style, context)],
        **_repeated("files", "file", [name.removeprefix("sources/") for name in files]),
        **_repeated("tables", "table", tables),
        "row": [int(r) if pd.notna(r) else None for r in frame.get(ROW, [None] * len(frame))],
    }


def _repeated(many: str, one: str, values: list[str]) -> dict[str, Any]:
    distinct = list(dict.fromkeys(values))
    place = {value: i for i, value in enumerate(distinct)}
    return {many: distinct, one: [place[value] for value in values]}


def _texts(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    """Return a column as texts fit for the page; "" where nothing is written."""
    if column not in frame:
        return [""] * len(frame)
    return [text_for_html(str(v)) if pd.notna(v) else "" for v in frame[column]]


def _full_names(frame: gpd.GeoDataFrame, style: Style, context: Context) -> list[str]:
    """Return what each feature is called in lists: its name, else what it is, where."""
    one = style.one.words.of(context.lang)
    if style.frame == VILLAGES:
        written = _texts(frame, "name")
        return [n if n.casefold().startswith(_SETTLEMENT) else f"{one} {n}" for n in written]
    names, ids = _texts(frame, "name"), _texts(frame, "id")
    villages = [context.names.of(VILLAGES, key) or "" for key in _texts(frame, "village_id")]
    spare = [
        ", ".join(part for part in (f"{one} {key}".strip(), village) if part)
        for key, village in zip(ids, villages, strict=True)
    ]
    return [name or other for name, other in zip(names, spare, strict=True)]


def _short(name: str) -> str:
    """Return a village's name without the word for what it is."""
    for word in _SETTLEMENT:
        if name.casefold().startswith(word) and len(name) > len(word):
            return name[len(word) :].strip()
    return name


def _columns(frame: gpd.GeoDataFrame, rules: LayerSchema, context: Context) -> list[Column]:
    """Return the fields as the card shows them: those of the schema, measured, then others.

    Personal fields never leave.
    """
    fields = {field.name: field for field in rules.fields}
    known = [f for f in rules.fields if not f.personal and f.name not in (rules.key, "name")]
    out = [
        {
            "title": field.title.words.of(context.lang),
            **texts.column(frame[field.name], texts.of_field(field, context.names)),
        }
        for field in known
        if field.name in frame
    ]
    filled = [c for c in frame.columns if c not in _HIDDEN and frame[c].notna().any()]
    out += [_measured(frame, column, context.lang) for column in filled if column in _MEASURED]
    return out + [
        _other(frame, column, context.lang)
        for column in filled
        if column not in fields and column not in _MEASURED and not str(column).startswith("@")
    ]


def _measured(frame: gpd.GeoDataFrame, column: str, lang: str) -> Column:
    term, unit, digits = _MEASURED[column]
    shown = texts.column(frame[column], lambda v: texts.amount(float(str(v)), unit, lang, digits))
    return {"title": say(term, lang), **shown}


def _other(frame: gpd.GeoDataFrame, column: str, lang: str) -> Column:
    """Return a column that no schema knows, under the name that its file has."""
    if column == LOCATED_BY:
        titles = {code.code: code.title.words.of(lang) for code in code_list(LOCATED_BY).codes}
        shown = texts.column(frame[column], lambda v: titles.get(str(v), text_for_html(str(v))))
        return {"title": say("placed_how", lang), "other": True, **shown}
    shown = texts.column(frame[column], lambda v: texts.plain(v, lang))
    return {"title": text_for_html(str(column)), "other": True, **shown}


def _details(frame: gpd.GeoDataFrame, style: Style, context: Context) -> dict[str, Any]:
    """Return what single styles need: letters, colours, marks, villages, hints."""
    out: dict[str, Any] = {}
    if style.letter_by is not None:
        written = _texts(frame, style.letter_by)
        out["letter"] = (
            [style.letters.get(code, code) for code in written] if style.letters else written
        )
    if style.amount == "sum" and style.unit and style.sum_of in frame:
        digits, unit = shown.digits(style.unit), style.unit
        shape = texts.column(
            frame[style.sum_of], lambda v: texts.amount(float(str(v)), unit, context.lang, digits)
        )
        out["amount"] = shape.get("texts") or [shape["values"][i] for i in shape["index"]]
    if style.labels is not None and style.labels.kind == "area":
        out["letter"] = _texts(frame, style.labels.column)
    if style.colours is not None:
        palette = maps.styles().land_use
        out["colour"] = [palette.get(code, "#e6e6e6") for code in _texts(frame, style.colours)]
    if style.marks is not None and style.marks.column in frame:
        flags = frame[style.marks.column]
        out["marked"] = np.flatnonzero((flags == style.marks.equals).fillna(False)).tolist()  # noqa: FBT003
    if LOCATED_BY in frame:
        out["approximate"] = np.flatnonzero(frame[LOCATED_BY] == "village").tolist()
    if style.beside_village:
        out["village"] = context.village_of(frame).tolist()
    if style.frame == VILLAGES:
        out["short"] = [_short(name) for name in _texts(frame, "name")]
        out["hint"] = _village_hints(frame, context)
    elif "village_id" in frame:
        out["hint"] = [context.names.of(VILLAGES, key) or "" for key in _texts(frame, "village_id")]
    return out


def _heights(frame: gpd.GeoDataFrame, context: Context) -> list[str]:
    """Return the height of each village above the sea, as text; "" where it is not known."""
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    found = height_at(context.heights, shapely.get_x(points), shapely.get_y(points))
    return [texts.amount(float(h), "m", context.lang, 0) if np.isfinite(h) else "" for h in found]


def _height_column(frame: gpd.GeoDataFrame, style: Style, context: Context) -> list[Column]:
    if style.frame != VILLAGES:
        return []
    heights = _heights(frame, context)
    return (
        [{"title": say("height_above_sea", context.lang), "texts": heights}] if any(heights) else []
    )


def _village_hints(frame: gpd.GeoDataFrame, context: Context) -> list[str]:
    """Return what tells villages of like names apart: former commune and height."""
    former = [
        context.names.of("predecessor", key) or key for key in _texts(frame, "former_commune")
    ]
    pairs = zip(former, _heights(frame, context), strict=True)
    return [" · ".join(part for part in pair if part) for pair in pairs]
