"""Layers and frames as tables of the GeoPackage: columns as arrays, geometry by kind."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import shapely

from ntm_gis.layers.values import FILE, ROW, STATE, TABLE, USED, Answer, Layer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.printmap.units import Unit, is_itself
from ntm_gis.outputs.qgis import labels, qml
from ntm_gis.outputs.qgis.qml import Kind
from ntm_gis.outputs.table_model import GpkgTable, Picture, TableColumn, column_of, once
from ntm_gis.rules import maps
from ntm_gis.rules.schema import layer_names, public_fields, schema
from ntm_gis.rules.terms import sections, term

__all__ = [
    "KINDS",
    "OWN_NAMES",
    "STYLED_BY",
    "GpkgTable",
    "Picture",
    "TableColumn",
    "column_of",
    "feature_tables",
]

KINDS: dict[Kind, tuple[tuple[int, ...], str]] = {
    "point": ((0, 4), "MultiPoint"),
    "line": ((1, 5), "MultiLineString"),
    "polygon": ((3, 6), "MultiPolygon"),
}
"""Kind of geometry -> type ids of shapely, and the type of the table."""

STYLED_BY = ("state", "letter")
"""Columns of an answer's frame that styles ask for."""

OWN_NAMES = {ROW: "source_row", FILE: "source_file", TABLE: "source_table", STATE: "row_state"}

_DRAWN = "_drawn"
"""Ending of the name of a table with what an analysis drew of the rows of a layer."""

_PLACE = (FILE, TABLE, ROW)


def feature_tables(answer: Answer, layers: Layers, lang: str) -> list[GpkgTable]:
    """Return the tables of all layers that have rows, and of frames that are not just their rows.

    Parameters
    ----------
    answer : Answer
        Its frames give the states by which rows are styled.
    layers : Layers
    lang : str
        The language of titles and legends.
    """
    out: list[GpkgTable] = []
    for name, layer in sorted(layers.by_name.items()):
        if layer.schema.backdrop:
            continue
        if len(layer.frame) and "raster" not in layer.schema.geometry:
            frame = answer.frames.get(name)
            found = _layer_tables(layer, None if _apart(frame, layer) else frame, lang)
            if name == "neighbours":
                _leave_itself_out(found, layer, layers)
            out += found
    for name, frame in sorted(answer.frames.items()):
        own = layers.by_name.get(name)
        if len(frame) and (own is None or _apart(frame, own)):
            out += _frame_tables(name, frame, lang, "" if own is None else _DRAWN)
    return out


def _leave_itself_out(tables: Sequence[GpkgTable], layer: Layer, layers: Layers) -> None:
    """Keep the commune from being named as its own neighbour: lists of a province hold it too."""
    ground, used = layers.boundary, layer.used
    if ground is None:
        return
    own = [
        str(name)
        for shape, name in zip(used.geometry, used["name"], strict=True)
        if shape is not None and is_itself(Unit(shape, "", ""), ground)
    ]
    for table in tables:
        if table.style is not None:
            labels.silence(table.style, "name", own)


def _apart(frame: gpd.GeoDataFrame | None, layer: Layer) -> bool:
    """Whether a frame of a layer's name has shapes of its own: parts of rows, rows of a list."""
    if frame is None or not len(frame) or not set(_PLACE) <= set(frame.columns):
        return False
    if layer.schema.is_table:
        return bool(frame.geometry.notna().any())
    return bool(frame[list(_PLACE)].astype(object).duplicated().any())


def _layer_tables(layer: Layer, drawn: gpd.GeoDataFrame | None, lang: str) -> list[GpkgTable]:
    frame = layer.frame
    columns = [
        column_of(f.name, rows.plain(frame[f.name]), wording.heading(f, lang), f.type)
        for f in rows.public_fields(layer)
    ]
    columns += [
        column_of(name, rows.plain(frame[name]), name) for name in rows.further_columns(layer)
    ]
    columns += _style_columns(frame, drawn)
    columns += _own_columns(frame, lang)
    title = layer.schema.title.words.of(lang)
    if layer.schema.is_table:
        held = once(columns)
        form = qml.form(layer.name, {c.name: c.title for c in held}, lang)
        return [GpkgTable(layer.name, layer.name, title, held, style=form)]
    first: Kind = next((kind for kind in layer.schema.geometry if kind in KINDS), "point")
    return _by_kind(layer.name, title, once(columns), frame, (first, lang))


def _frame_tables(
    name: str, frame: gpd.GeoDataFrame, lang: str, suffix: str = ""
) -> list[GpkgTable]:
    found = maps.styles().of_frame(name)
    layer = found[0].schema_name if found else name
    columns = [
        column_of(column, rows.plain(frame[column]), _title(layer, column, lang))
        for column in _public(frame, layer)
    ]
    # What an analysis draws counts.
    columns += _own_columns(frame if STATE in frame else frame.assign(**{STATE: USED}), lang)
    own = sections()["frame_title"].get(name) or (found[0].title.words if found else None)
    title = name if own is None else own.of(lang)
    # A list has no place for any row: only what a map may draw stays a layer without shapes.
    if not found and not frame.geometry.notna().any():
        held = once(columns)
        form = qml.form("", {c.name: c.title for c in held}, lang)
        return [GpkgTable(f"{name}{suffix}", name, title, held, style=form)]
    return _by_kind(name, title, once(columns), frame, ("point", lang), suffix)


def _title(layer: str, column: str, lang: str) -> str:
    """Return the heading of a column that an analysis made, or of a field of the layer."""
    made = sections()["frame_column"].get(column)
    title = wording.field_title(layer, column, lang)
    return made.of(lang) if made is not None and title == column else title


def _public(frame: gpd.GeoDataFrame, layer: str) -> list[str]:
    """Return the columns of a frame but its shape, our own and what is personal."""
    personal: set[str] = set()
    if layer in layer_names():
        rules = schema(layer)
        personal = set(rules.names) - {field.name for field in public_fields(rules)}
    names = [str(c) for c in frame.columns if c != frame.geometry.name]
    return [name for name in names if not name.startswith("@") and name not in personal]


def _style_columns(frame: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame | None) -> list[TableColumn]:
    """Return state and letter of each row as the answer's frame has them."""
    if drawn is None:
        return []
    out = []
    keys = list(zip(frame[FILE], frame[TABLE], frame[ROW], strict=True))
    for name in STYLED_BY:
        if name in drawn and name not in frame:
            places = zip(drawn[FILE], drawn[TABLE], drawn[ROW], strict=True)
            by_place = dict(zip(places, rows.plain(drawn[name]), strict=True))
            out.append(column_of(name, [by_place.get(key) for key in keys], name))
    return out


def _own_columns(frame: gpd.GeoDataFrame, lang: str) -> list[TableColumn]:
    titles = {ROW: "row", FILE: "file", TABLE: "table", STATE: "state_of"}
    return [
        column_of(OWN_NAMES[name], rows.plain(frame[name]), term(titles[name]).of(lang))
        for name in (FILE, TABLE, ROW, STATE)
        if name in frame
    ]


def _by_kind(
    name: str,
    title: str,
    columns: tuple[TableColumn, ...],
    frame: gpd.GeoDataFrame,
    how: tuple[Kind, str],
    suffix: str = "",
) -> list[GpkgTable]:
    """Return a table for each kind of geometry; rows without one stay with the first kind."""
    first, lang = how
    shapes = frame.geometry.to_numpy()
    types = shapely.get_type_id(shapes)
    empty = shapely.is_empty(shapes) | shapely.is_missing(shapes)
    masks = {kind: np.isin(types, ids) & ~empty for kind, (ids, _) in KINDS.items()}
    present = [kind for kind, mask in masks.items() if mask.any()] or [first]
    main = first if first in present else present[0]
    # Collections have no table of their own: their rows stay, without a place.
    masks[main] |= ~np.logical_or.reduce(list(masks.values()))
    out = []
    for kind in present:
        mask = masks[kind]
        chosen = tuple(
            TableColumn(c.name, c.values[mask], c.missing[mask], c.title) for c in columns
        )
        parts = np.array([_multi(shape, kind) for shape in shapes[mask]], dtype=object)
        ending, more = ("", "") if kind == main else (f"_{kind}", term(f"kind.{kind}").of(lang))
        out.append(
            GpkgTable(
                name=f"{name}{suffix}{ending}",
                frame=name,
                title=f"{title} ({more})" if more else title,
                columns=chosen,
                geometry=parts,
                geometry_type=KINDS[kind][1],
                style=_style(name, kind, chosen, lang),
            )
        )
    return out


def _multi(shape: shapely.Geometry | None, kind: Kind) -> shapely.Geometry | None:
    """Return a shape as the several-part type of its table; None where it has no place in it."""
    ids, _ = KINDS[kind]
    if shape is None or shape.is_empty or shapely.get_type_id(shape) not in ids:
        return None
    flat = shapely.force_2d(shape)
    maker = {
        "point": shapely.multipoints,
        "line": shapely.multilinestrings,
        "polygon": shapely.multipolygons,
    }[kind]
    return maker(shapely.get_parts(flat))


def _style(name: str, kind: Kind, columns: Sequence[TableColumn], lang: str) -> Element:
    by_name = {column.name: column for column in columns}
    used = by_name[OWN_NAMES[STATE]].values == USED
    values = {c.name: c.values[used].tolist() for c in columns if c.values.dtype == object}
    for c in columns:
        if c.values.dtype == bool:
            known = zip(c.values[used].tolist(), c.missing[used], strict=True)
            values[c.name] = [None if blank else str(value) for value, blank in known]
    aliases = {column.name: column.title for column in columns}
    return qml.style(qml.Table(name, kind, values, aliases), lang)
