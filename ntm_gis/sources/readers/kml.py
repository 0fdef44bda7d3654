"""KML and KMZ: places with their attributes, folder by folder; tracks with their times.

Only the document itself is read; links to other files or to the network are never followed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers import geometry
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Refusal
from ntm_gis.sources.readers.times import epoch
from ntm_gis.sources.readers.xmls import child, local, parse, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

_CONTAINERS = frozenset({"Document", "Folder"})
_SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track",
                     "MultiTrack"})  # fmt: skip


@dataclass(slots=True)
class _Place:
    attributes: dict[str, Cell]
    wkb: bytes | None
    times: list[float | None] = field(default_factory=list)
    heights: list[float | None] = field(default_factory=list)
    number: int = 0


def read(path: Path, question: dict[str, Any]) -> list[Parsed]:
    """Read the places of a KML or KMZ, one table for each folder that holds some.

    Raises
    ------
    Refusal
        It is damaged, declares a document type, or unpacks to more than any map is.
    """
    content = _document(path) if question["kind"] == "kmz" else path.read_bytes()
    root = parse(content)
    found: dict[str, list[_Place]] = {}
    names: dict[str, int] = {}
    count = 0
    for name, places in _folders(root, "", 0):
        if not places:
            continue
        for place in places:
            count += 1
            place.number = count
        if count > limits.ROWS:
            raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
        names[name] = names.get(name, 0) + 1
        found[name if names[name] == 1 else f"{name} ({names[name]})"] = places
    if _linked(root) and not found:
        raise Refusal("KML_LINK_ONLY")
    return [_table(name or None, places) for name, places in found.items()] or [Parsed(None)]


def _document(path: Path) -> bytes:
    """Return the main document of a KMZ: doc.kml, or the only one there is."""
    from ntm_gis.sources.readers.packed import Packed

    with Packed(path) as packed:
        documents = [name for name in packed.names if name.lower().endswith(".kml")]
        main = [name for name in documents if name.lower() == "doc.kml"]
        top = [name for name in documents if "/" not in name]
        for candidates in (main, top, documents):
            if candidates:
                return packed.read(candidates[0])
    raise Refusal("PACKED_DAMAGED")


def _folders(element: Element, name: str, depth: int) -> Iterator[tuple[str, list[_Place]]]:
    """Go through folders in the order of the file, each with its own places."""
    if depth > limits.DEPTH:
        raise Refusal("SOURCE_TOO_DEEP", limit=limits.DEPTH)
    own: list[_Place] = []
    inner: list[tuple[Element, str]] = []
    for part in element:
        kind = local(part)
        if kind == "Placemark":
            own.append(_place(part))
        elif kind in _CONTAINERS:
            inner.append((part, text_of(child(part, "name")) or name))
        elif kind in ("kml", "Create", "Update"):
            inner.append((part, name))
    if local(element) == "Placemark":
        own.append(_place(element))
    yield name, own
    for part, inner_name in inner:
        yield from _folders(part, inner_name, depth + 1)


def _linked(root: Element) -> bool:
    return any(local(part) == "NetworkLink" for part in root.iter())


def _place(mark: Element) -> _Place:
    attributes: dict[str, Cell] = {}
    for key in ("name", "description"):
        value = text_of(child(mark, key))
        if value is not None:
            attributes[key.capitalize()] = value
    for part in mark:
        if local(part) == "TimeStamp":
            attributes["Time"] = text_of(child(part, "when"))
        if local(part) == "ExtendedData":
            attributes.update(_extended(part))
    place = _Place(attributes, None)
    shape = next((part for part in mark if local(part) in _SHAPES), None)
    if shape is not None:
        place.wkb = _shape(shape, place, 0)
    return place


def _extended(data: Element) -> dict[str, Cell]:
    """Return the attributes of a place, whichever of the two ways they are written in."""
    out: dict[str, Cell] = {}
    for part in data:
        if local(part) == "Data" and part.get("name"):
            out[str(part.get("name"))] = text_of(child(part, "value"))
        if local(part) == "SchemaData":
            for item in part:
                if local(item) == "SimpleData" and item.get("name"):
                    out[str(item.get("name"))] = text_of(item)
    return out


def _shape(element: Element, place: _Place, depth: int) -> bytes:
    """Return a geometry as WKB; "" where it is there but broken."""
    kind = local(element)
    if depth > limits.DEPTH:
        return b""
    if kind == "MultiGeometry":
        parts = [_shape(p, place, depth + 1) for p in element if local(p) in _SHAPES]
        return _collected(parts)
    if kind == "MultiTrack":
        return _collected([_track(p, place) for p in element if local(p) == "Track"])
    if kind == "Track":
        return _track(element, place)
    if kind == "Polygon":
        return _polygon(element)
    points = _points(text_of(child(element, "coordinates")) or "")
    if kind == "Point":
        return struct.pack("<BI2d", 1, 1, *points[0]) if points else b""
    return _line(points)


def _polygon(element: Element) -> bytes:
    rings = []
    for boundary in ("outerBoundaryIs", "innerBoundaryIs"):
        for part in element:
            if local(part) != boundary:
                continue
            for ring in part:
                points = _points(text_of(child(ring, "coordinates")) or "")
                if points and points[0] != points[-1]:
                    points.append(points[0])  # KML asks for closed rings; Google Earth does not
                rings.append(points)
    out = struct.pack("<BII", 1, 3, len(rings))
    for points in rings:
        out += struct.pack("<I", len(points)) + b"".join(struct.pack("<2d", *p) for p in points)
    return out


def _track(element: Element, place: _Place) -> bytes:
    """Return a track as a line; its times and heights go to the place."""
    times = [epoch(text_of(p)) for p in element if local(p) == "when"]
    coords = [(text_of(p) or "").split() for p in element if local(p) == "coord"]
    points, heights = [], []
    for parts in coords:
        try:
            points.append((float(parts[0]), float(parts[1])))
            heights.append(float(parts[2]) if len(parts) > 2 else None)
        except (ValueError, IndexError):
            return b""
    place.times += times if len(times) == len(points) else [None] * len(points)
    place.heights += heights
    return _line(points)


def _points(text: str) -> list[tuple[float, float]]:
    """Read "lon,lat[,height] lon,lat …"; nothing where a part of it is no number."""
    points = []
    for triple in text.replace(", ", ",").replace(" ,", ",").split():
        parts = triple.split(",")
        try:
            points.append((float(parts[0]), float(parts[1])))
        except (ValueError, IndexError):
            return []
    return points


def _line(points: list[tuple[float, float]]) -> bytes:
    return struct.pack("<BII", 1, 2, len(points)) + b"".join(struct.pack("<2d", *p) for p in points)


def _collected(parts: list[bytes]) -> bytes:
    """Join parts: lines to a multi-line and so on, anything else to a collection."""
    if not parts or any(not part for part in parts):
        return b""
    if len(parts) == 1:
        return parts[0]
    kinds = {part[1] for part in parts}
    kind = kinds.pop() + 3 if len(kinds) == 1 and max(kinds, default=9) <= 3 else 7
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def _table(name: str | None, places: list[_Place]) -> Parsed:
    names = list(dict.fromkeys(key for place in places for key in place.attributes))
    if len(names) > limits.COLUMNS:
        raise Refusal("SOURCE_TOO_BIG")
    table = Parsed(
        name,
        [Column(key, [place.attributes.get(key) for place in places]) for key in names],
        [place.number for place in places],
        [place.wkb for place in places],
        "EPSG:4326",
    )
    if any(place.times for place in places):
        table.hints["times"] = [place.times or None for place in places]
        table.hints["heights"] = [place.heights or None for place in places]
    return geometry.settle(table)
