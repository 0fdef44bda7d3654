"""Layers for other programs: GeoJSON, KML, GeoParquet, with what each format cannot hold.

The same rows and public fields as in `commune.gpkg`, used rows with a place alone. GeoJSON and KML
are in degrees of WGS 84: they show where things are, lengths and areas are not to be taken from
them. GeoParquet keeps the commune's zone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis import crs, numbers
from ntm_gis.errors import UsageError
from ntm_gis.layers.values import STATE, USED
from ntm_gis.outputs import exports_kml, gates
from ntm_gis.outputs.exports_kml import Cell
from ntm_gis.outputs.feature_tables import OWN_NAMES, GpkgTable, TableColumn, feature_tables
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.geoparquet import geoparquet
from ntm_gis.rules.terms import say
from ntm_gis.text import suggestions

if TYPE_CHECKING:
    import datetime as dt

    from ntm_gis.layers.values import Answer, Layers

FOLDER = "exports"
WGS84 = "EPSG:4326"
DEGREES = exports_kml.DEGREES

_NOTES = {"vi": "DOC_TRUOC.txt", "en": "README.txt"}

Writer = Callable[[GpkgTable, "Layers", str], bytes]


def available(answer: Answer, layers: Layers, lang: str) -> dict[str, GpkgTable]:
    """Return the tables that have rows with a place, by name."""
    found = (_placed(table) for table in feature_tables(answer, layers, lang))
    return {table.name: table for table in found if table.rows}


def write(
    answer: Answer,
    layers: Layers,
    out: Path,
    formats: Sequence[str],
    names: Sequence[str] = (),
    lang: str = "vi",
) -> tuple[Path, ...]:
    """Write layers into `out/exports/`, and a text that says what the formats cannot hold.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    out : Path
        The folder of outputs.
    formats : sequence of {"geojson", "kml", "parquet"}
    names : sequence of str
        Tables as `commune.gpkg` names them; all where left out.
    lang : str
        The language of titles.

    Raises
    ------
    UsageError
        There is no such format or layer.
    OutputError
        A file cannot be written; GeoParquet without the library pyarrow.
    """
    require_formats(formats)
    offered = available(answer, layers, lang)
    for name in names:
        if name not in offered:
            close = suggestions(name, sorted(offered), 3) or sorted(offered)
            raise UsageError("EXPORT_LAYER_UNKNOWN", name=name, known=", ".join(close))
    chosen = [offered[name] for name in (names or sorted(offered))]
    written = [
        atomic_write(
            out / FOLDER / f"{table.name}.{name}", WRITERS[name](table, layers, lang)
        )
        for name in dict.fromkeys(formats)
        for table in chosen
    ]  # fmt: skip
    return (*written, _about(out, layers, lang))


def require_formats(formats: Sequence[str]) -> None:
    """Refuse formats that there are not.

    Raises
    ------
    UsageError
    """
    for name in formats:
        if name not in WRITERS:
            raise UsageError("EXPORT_FORMAT_UNKNOWN", name=name, known=", ".join(WRITERS))


def files(out: Path) -> tuple[Path, ...]:
    """Return the files of earlier exports that lie under `out/`."""
    names = tuple(f".{name}" for name in WRITERS)
    found = sorted((out / FOLDER).glob("*"))
    return tuple(p for p in found if p.suffix in names or p.name in _NOTES.values())


def _about(out: Path, layers: Layers, lang: str) -> Path:
    identity = layers.commune.commune
    text = say(
        "exports_about", lang, name=identity.name,
        zone=crs.meridian_label(identity.crs, lang),
        day=numbers.format_date_vi(identity.as_of),
    )  # fmt: skip
    # Notepad of older Windows knows UTF-8 by its mark.
    return atomic_write(out / FOLDER / _NOTES[lang], ("\ufeff" + text + "\r\n").encode("utf-8"))


def _placed(table: GpkgTable) -> GpkgTable:
    """Return the used rows of a table that have a place."""
    if table.geometry is None:
        return replace(table, columns=())
    state = next((c for c in table.columns if c.name == OWN_NAMES[STATE]), None)
    keep = ~shapely.is_missing(table.geometry) & ~shapely.is_empty(table.geometry)
    if state is not None:
        keep &= state.values == USED
    columns = tuple(
        TableColumn(c.name, c.values[keep], c.missing[keep], c.title) for c in table.columns
    )
    return replace(table, columns=columns if keep.any() else (), geometry=table.geometry[keep])


def _shapes(table: GpkgTable) -> npt.NDArray[np.object_]:
    """Return the shapes of a table that has some."""
    if table.geometry is None:
        raise TypeError(table.name)
    return table.geometry


def _degrees(table: GpkgTable, layers: Layers) -> npt.NDArray[np.object_]:
    """Return the shapes in WGS 84, single parts where there is one only."""
    found = crs.reproject(_shapes(table), layers.commune.commune.crs, WGS84)
    single = shapely.get_num_geometries(found) == 1
    found[single] = shapely.get_geometry(found[single], 0)
    return found


def _value(column: TableColumn, i: int) -> Cell:
    """Return a cell as JSON holds it; blank is null, never zero."""
    if column.missing[i]:
        return None
    value: Any = column.values[i]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if not np.isfinite(value) else float(f"{value:.9g}")
    if isinstance(value, bool | int):
        return value
    return gates.text_for_json(gates.plain(_written(value)))


def _written(value: dt.date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


# --- GeoJSON --------------------------------------------------------------------------------------


def geojson(table: GpkgTable, layers: Layers, _: str) -> bytes:
    """Return a table as GeoJSON (RFC 7946): WGS 84, rings turned as it asks, blanks as null."""
    shapes = shapely.orient_polygons(_degrees(table, layers))
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, DEGREES))
    texts = shapely.to_geojson(rounded)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(texts[i]),
            "properties": {c.name: _value(c, i) for c in table.columns},
        }
        for i in range(table.rows)
    ]
    document = {
        "type": "FeatureCollection",
        "name": table.name,
        "title": table.title,
        "features": features,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (text + "\n").encode("utf-8")


# --- KML ------------------------------------------------------------------------------------------


def kml(table: GpkgTable, layers: Layers, lang: str) -> bytes:
    """Return a table as KML for Google Earth and phones: names, fields, colours of the map."""
    return exports_kml.document(table, _degrees(table, layers), _value, lang)


# --- GeoParquet -----------------------------------------------------------------------------------


def parquet(table: GpkgTable, layers: Layers, _: str) -> bytes:
    """Return a table as GeoParquet in the commune's zone."""
    columns = {c.name: (c.values, c.missing) for c in table.columns}
    return geoparquet(columns, _shapes(table), layers.commune.commune.crs)


WRITERS: Mapping[str, Writer] = {"geojson": geojson, "kml": kml, "parquet": parquet}
