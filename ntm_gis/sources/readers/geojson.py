"""GeoJSON, as one document or one feature a line.

Read by our own hand: nesting and keys that stand twice have to be looked at anyway, values keep
their types, and a geometry that was never recorded is told apart from one that is broken.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.sources import limits
from ntm_gis.sources.readers import geometry
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Refusal, Told

if TYPE_CHECKING:
    from pathlib import Path

_WGS84 = "EPSG:4326"
_GEOMETRIES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon",
                         "MultiPolygon", "GeometryCollection"})  # fmt: skip


def read(path: Path, question: dict[str, Any]) -> list[Parsed]:
    """Read a GeoJSON document or sequence.

    Raises
    ------
    Refusal
        It is no JSON, no GeoJSON, not UTF-8, or nested without end.
    """
    text = _text(path.read_bytes())
    twice: set[str] = set()
    faults: list[Told] = []
    if question["kind"] == "geojsonseq":
        crs, features = None, _lines(text, twice, faults)
    else:
        crs, features = _features(_parse(text, twice))
    if len(features) > limits.ROWS:
        raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    table = _table(features, crs)
    table.refused += len(faults)
    table.told += faults
    table.told += [Told("KEY_TWICE", field=key) for key in sorted(twice)]
    return [geometry.settle(table)]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise Refusal("JSON_NOT_UTF8") from cause


def _parse(text: str, twice: set[str]) -> Any:
    """Read JSON; keys that stand twice in one object are remembered."""

    def joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    twice.add(key)
                seen.add(key)
        return found

    try:
        return json.loads(text, object_pairs_hook=joined)
    except json.JSONDecodeError as cause:
        raise Refusal("JSON_BROKEN", line=cause.lineno) from cause


def _lines(text: str, twice: set[str], faults: list[Told]) -> list[tuple[int, Any]]:
    """Return the features of a sequence with their lines; a broken one spoils no other.

    Where records are set apart by their own sign (RFC 8142), they are counted, not the lines.
    """
    features = []
    records = text.split("\x1e")[1:] if "\x1e" in text else text.split("\n")
    for number, record in enumerate(records, 1):
        content = record.strip()
        if not content:
            continue
        try:
            features.append((number, _parse(content, twice)))
        except Refusal:
            faults.append(Told("FEATURE_UNREADABLE", row=number))
    if not features and faults:
        raise Refusal("JSON_BROKEN", line=faults[0].row)
    return features


def _features(document: Any) -> tuple[str | None, list[tuple[int, Any]]]:
    """Return the system a document names, and its features numbered from 1."""
    if not isinstance(document, dict):
        raise Refusal("JSON_NO_FEATURES")
    kind = document.get("type")
    crs = _crs(document.get("crs"))
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return crs, list(enumerate(document["features"], 1))
    if kind == "Feature":
        return crs, [(1, document)]
    if kind in _GEOMETRIES:
        return crs, [(1, {"type": "Feature", "properties": {}, "geometry": document})]
    raise Refusal("JSON_NO_FEATURES")


def _crs(member: Any) -> str | None:
    """Return the EPSG code that older programs name; without one, GeoJSON is WGS 84."""
    try:
        name = str(member["properties"]["name"])
    except (TypeError, KeyError):
        return _WGS84
    if "CRS84" in name:
        return _WGS84
    code = re.search(r"(\d{4,6})$", name)
    return f"EPSG:{code[1]}" if code else name


def _table(features: list[tuple[int, Any]], crs: str | None) -> Parsed:
    table = Parsed(None, crs=crs or _WGS84, wkb=[])
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    for number, feature in features:
        if not isinstance(feature, dict):
            table.refused += 1
            table.told.append(Told("FEATURE_UNREADABLE", row=number))
            continue
        bare = feature.get("type") in _GEOMETRIES  # a sequence may hold geometries alone
        properties = feature.get("properties")
        rows.append(properties if isinstance(properties, dict) else {})
        shapes.append(feature if bare else feature.get("geometry"))
        table.numbers.append(number)
    names = list(dict.fromkeys(key for row in rows for key in row))
    if len(names) > limits.COLUMNS:
        raise Refusal("SOURCE_TOO_BIG")
    table.columns = [Column(name, [_cell(row.get(name)) for row in rows]) for name in names]
    table.wkb = _wkb(shapes)
    return table


def _wkb(shapes: list[Any]) -> list[bytes | None]:
    """Return the geometries as WKB; "" marks one that is there but broken."""
    texts = np.array(
        [None if shape is None else json.dumps(_plain(shape)) for shape in shapes], dtype=object
    )
    found = shapely.to_wkb(shapely.from_geojson(texts, on_invalid="ignore"))
    return [
        None if text is None else (b"" if wkb is None else bytes(wkb))
        for text, wkb in zip(texts, found, strict=True)
    ]


def _plain(shape: Any) -> Any:
    """Leave out what is no part of a geometry, and refuse nesting that GEOS would follow down."""
    if not isinstance(shape, dict):
        return {}
    if _depth(shape) > limits.DEPTH:
        return {}
    if shape.get("type") == "GeometryCollection":
        parts = shape.get("geometries")
        inner = [_plain(part) for part in parts] if isinstance(parts, list) else None
        return {"type": "GeometryCollection", "geometries": inner}
    return {"type": shape.get("type"), "coordinates": shape.get("coordinates")}


def _depth(value: Any) -> int:
    """Return how deep lists and objects stand in one another, without recursion."""
    deepest, level = 0, [value]
    while level and deepest <= limits.DEPTH:
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list) and (not item or isinstance(item[0], list | dict)):
                inner += item
        level = inner
        deepest += 1
    return deepest


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return json.dumps(value, ensure_ascii=False)
