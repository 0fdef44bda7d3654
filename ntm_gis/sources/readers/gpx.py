"""GPX: tracks, routes and waypoints, with one way to fail."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers import geometry
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Refusal, Told
from ntm_gis.sources.readers.times import day, epoch
from ntm_gis.sources.readers.tracks import Fix, assemble
from ntm_gis.sources.readers.xmls import child, local, parse, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

TRACKS, ROUTES, WAYPOINTS = "tracks", "routes", "waypoints"


def read(path: Path, _: dict[str, Any]) -> list[Parsed]:
    """Read the tracks, routes and waypoints of a GPX file; one table for each that it has.

    Raises
    ------
    Refusal
        It is not well formed, declares a document type, or holds no point at all.
    """
    root = parse(path.read_bytes())
    if local(root) != "gpx":
        raise Refusal("XML_BROKEN", line=1)
    parts = {name: [p for p in root if local(p) == name] for name in ("trk", "rte", "wpt")}
    if sum(len(found) for found in parts.values()) > limits.ROWS:
        raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    tables = []
    if parts["trk"]:
        segments = [[list(p) for p in track if local(p) == "trkseg"] for track in parts["trk"]]
        tables.append(_lines(TRACKS, parts["trk"], segments))
    if parts["rte"]:
        tables.append(_lines(ROUTES, parts["rte"], [[list(route)] for route in parts["rte"]]))
    if parts["wpt"]:
        tables.append(_waypoints(parts["wpt"]))
    if not tables:
        raise Refusal("GPX_WITHOUT_POINTS")
    return tables


def _lines(name: str, tracks: list[Element], segments: list[list[list[Element]]]) -> Parsed:
    table = Parsed(name, numbers=list(range(1, len(tracks) + 1)), wkb=[], crs="EPSG:4326")
    times, heights, days = [], [], []
    wkbs: list[bytes | None] = []
    for number, parts in enumerate(segments, 1):
        track = assemble(list(_fixes(parts)))
        wkbs.append(track.wkb)
        times.append(track.times)
        heights.append(track.heights)
        days.append(day(next((t for t in track.times if t is not None), None)))
        for told in track.told:
            told.row = number
            table.told.append(told)
    table.wkb = wkbs
    table.hints.update(times=times, heights=heights)
    table.columns = _columns(tracks, ("name", "desc", "cmt", "number"))
    table.columns.append(Column("recorded_on", list(days)))
    return geometry.settle(table)


def _fixes(parts: list[list[Element]]) -> Iterator[list[Fix]]:
    number = 0
    for part in parts:
        fixes = []
        for point in part:
            if local(point) not in ("trkpt", "rtept"):
                continue
            number += 1
            fixes.append(
                Fix(
                    _number(point.get("lon")), _number(point.get("lat")),
                    _finite(_number(text_of(child(point, "ele")))),
                    epoch(text_of(child(point, "time"))), number,
                )
            )  # fmt: skip
        yield fixes


def _waypoints(points: list[Element]) -> Parsed:
    table = Parsed(WAYPOINTS, numbers=list(range(1, len(points) + 1)), crs="EPSG:4326")
    places = [(_number(p.get("lon")), _number(p.get("lat"))) for p in points]
    table.wkb = [struct.pack("<BI2d", 1, 1, *place) for place in places]
    table.told += [
        Told("POINT_AT_ZERO", row=n) for n, place in enumerate(places, 1) if place == (0.0, 0.0)
    ]
    table.columns = _columns(points, ("name", "desc", "cmt", "sym", "type"))
    table.columns.append(
        Column("ele", [_finite(_number(text_of(child(p, "ele")))) for p in points])
    )
    times = [epoch(text_of(child(p, "time"))) for p in points]
    table.columns.append(Column("recorded_on", [day(time) for time in times]))
    return geometry.settle(table)


def _columns(elements: list[Element], names: tuple[str, ...]) -> list[Column]:
    """Return the texts of the elements that at least one has."""
    out = []
    for name in names:
        values: list[Cell] = [text_of(child(element, name)) for element in elements]
        if name == "name" or any(value is not None for value in values):
            out.append(Column(name, values))
    return out


def _number(text: str | None) -> float:
    """Read a number; NaN where there is none, which no position or height passes with."""
    try:
        return float(text) if text else float("nan")
    except ValueError:
        return float("nan")


def _finite(number: float) -> float | None:
    return number if abs(number) < 1e5 else None
