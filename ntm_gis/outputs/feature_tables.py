"""Layers and frames as tables of the GeoPackage: columns as arrays, geometry by kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.layers.values import FILE, ROW, STATE, TABLE, USED, Answer, Layer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.gates import text_for_sqlite
from ntm_gis.outputs.qgis import qml
from ntm_gis.outputs.qgis.qml import Kind
from ntm_gis.rules import maps
from ntm_gis.rules.schema import layer_names, public_fields, schema
from ntm_gis.rules.terms import sections, term

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
_RESERVED = frozenset({"fid", "geom", "ogc_fid", "rowid"})


@dataclass(frozen=True)
class TableColumn:
    """One column: values of one type, and where they are missing."""

    name: str
    values: npt.NDArray[np.generic]
    missing: npt.NDArray[np.bool_]
    title: str


@dataclass(frozen=True)
class GpkgTable:
    """A table with geometry or without, ready to be written.

    `frame` is the layer or frame it comes from: `irrigation` for `irrigation_point`.
    """

    name: str
    frame: str
    title: str
    columns: tuple[TableColumn, ...]
    geometry: npt.NDArray[np.object_] | None = None
    geometry_type: str | None = None
    style: Element | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0


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
        if len(layer.frame) and "raster" not in layer.schema.geometry:
            frame = answer.frames.get(name)
            out += _layer_tables(layer, None if _apart(frame, layer) else frame, lang)
    for name, frame in sorted(answer.frames.items()):
        own = layers.by_name.get(name)
        if len(frame) and (own is None or _apart(frame, own)):
            out += _frame_tables(name, frame, lang, "" if own is None else _DRAWN)
    return out


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
        return [GpkgTable(layer.name, layer.name, title, _once(columns))]
    first: Kind = next((kind for kind in layer.schema.geometry if kind in KINDS), "point")
    return _by_kind(layer.name, title, _once(columns), frame, (first, lang))


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
        return [GpkgTable(f"{name}{suffix}", name, title, _once(columns))]
    return _by_kind(name, title, _once(columns), frame, ("point", lang), suffix)


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
    aliases = {column.name: column.title for column in columns}
    return qml.style(qml.Table(name, kind, values, aliases), lang)


def column_of(name: str, values: Sequence[rows.Value], title: str, kind: str = "") -> TableColumn:
    """Return a column in the type said, or the narrowest that holds all its values.

    Columns of the office's own may mix texts and numbers: then all are texts.

    Parameters
    ----------
    name : str
    values : sequence of str, number, bool, date or None
    title : str
    kind : {"date", "boolean", "integer", "number", "text", ""}
        A field's type; found from the values where left out.

    Examples
    --------
    >>> column_of("a", [1, None], "A").values.dtype.kind, column_of("b", [1, "x"], "B").values
    ('i', array(['1', 'x'], dtype=object))
    """
    missing = np.array([value is None for value in values], dtype=bool)
    given = [value for value in values if value is not None]
    if kind == "text":
        return TableColumn(name, _texts(values), missing, title)
    if kind == "date" or (given and all(isinstance(v, dt.date) for v in given)):
        dates = [v if isinstance(v, dt.date) else "NaT" for v in values]
        return TableColumn(name, np.array(dates, dtype="datetime64[D]"), missing, title)
    if kind == "boolean" or (given and all(isinstance(v, bool) for v in given)):
        return TableColumn(name, np.array([v is True for v in values], bool), missing, title)
    if kind == "integer" or (given and all(type(v) is int for v in given)):
        whole = [int(v) if isinstance(v, int | float) else 0 for v in values]
        return TableColumn(name, np.array(whole, dtype=np.int64), missing, title)
    if kind == "number" or (given and all(type(v) in {int, float} for v in given)):
        real = [float(v) if isinstance(v, int | float) else np.nan for v in values]
        return TableColumn(name, np.array(real, dtype=np.float64), missing, title)
    return TableColumn(name, _texts(values), missing, title)


def _texts(values: Sequence[rows.Value]) -> npt.NDArray[np.object_]:
    texts = [None if value is None else text_for_sqlite(str(value)) for value in values]
    return np.array(texts, dtype=object)


def _once(columns: Iterable[TableColumn]) -> tuple[TableColumn, ...]:
    """Return columns with names that SQLite tells apart: it takes small and capital for one."""
    taken = set(_RESERVED)
    out = []
    for column in columns:
        clean = text_for_sqlite(column.name).strip() or "column"
        number, name = 1, clean
        while name.casefold() in taken:
            number += 1
            name = f"{clean}_{number}"
        taken.add(name.casefold())
        out.append(TableColumn(name, column.values, column.missing, column.title))
    return tuple(out)
