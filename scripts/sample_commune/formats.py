"""KML, GPX and DXF, written line by line as the programs of offices write them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from . import frame, letters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry import LineString, Point, Polygon

    from .irrigation import Work
    from .plans import Zone
    from .terrain import Terrain


def kml(path: Path, title: str, folders: list[tuple[str, list[Work]]]) -> None:
    """Irrigation works with ExtendedData, a folder for lines and one for points."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>', '<kml xmlns="http://www.opengis.net/kml/2.2">', "<Document>"]
    out.append(f"<name>{escape(title)}</name>")
    for name, works in folders:
        out += ["<Folder>", f"<name>{escape(name)}</name>"]
        for work in works:
            out += ["<Placemark>", f"<name>{escape(work.name)}</name>", "<ExtendedData>"]
            cells = {"ma_ct": work.id, "loai": work.kind, "tinh_trang": work.condition, "kien_co": work.lined,
                     "dai_kk": "" if work.declared_m is None else str(work.declared_m)}  # fmt: skip
            out += [f'<Data name="{k}"><value>{escape(v)}</value></Data>' for k, v in cells.items()]
            moved = shapely.get_coordinates(frame.moved(work.shape, frame.WORK_CRS, "EPSG:4326"))
            where = " ".join(f"{x:.7f},{y:.7f}" for x, y in moved)
            kind = "Point" if work.shape.geom_type == "Point" else "LineString"
            out += ["</ExtendedData>", f"<{kind}><coordinates>{where}</coordinates></{kind}>", "</Placemark>"]
        out.append("</Folder>")
    out += ["</Document>", "</kml>", ""]
    path.write_text("\n".join(out), encoding="utf-8", newline="\n")


def gpx(
    path: Path, name: str, line: LineString, ground: Terrain, start: dt.datetime, noise: float, seed: int,
    gap: tuple[float, float] | None = None, zero_at: int | None = None,
) -> None:  # fmt: skip
    """A phone's track along a road: a fix each 7 s at about 16 km/h, errors that drift.

    `gap` leaves out a stretch (metres); `zero_at` puts a fix at 0, 0.
    """
    rng = np.random.default_rng(seed)
    pace = 30.0 + gaussian_filter(rng.normal(size=600), 4.0) * 14.0
    at = np.cumsum(np.clip(pace, 12.0, 48.0))
    at = at[at < line.length]
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    drift = gaussian_filter(rng.normal(size=points.shape), (6.0, 0), mode="nearest")
    points = points + drift / drift.std() * noise * 0.6 + rng.normal(size=points.shape) * noise * 0.25
    times = [start + dt.timedelta(seconds=7 * k) for k in range(len(at))]
    heights = ground.at(points[:, 0], points[:, 1]) + rng.normal(size=len(at)) * 4.0
    degrees = np.column_stack(frame.transformer(frame.WORK_CRS, "EPSG:4326").transform(points[:, 0], points[:, 1]))
    out = ['<?xml version="1.0" encoding="UTF-8"?>',
           '<gpx version="1.1" creator="OsmAnd" xmlns="http://www.topografix.com/GPX/1/1">',
           "<trk>", f"<name>{escape(name)}</name>", "<trkseg>"]  # fmt: skip
    for k, (x, y) in enumerate(degrees):
        if gap and gap[0] < at[k] < gap[1]:
            continue
        lat, lon, ele = (f"{y:.6f}", f"{x:.6f}", f"{heights[k]:.0f}") if k != zero_at else ("0.0", "0.0", "0")
        stamp = times[k].strftime("%Y-%m-%dT%H:%M:%SZ")
        out.append(f'<trkpt lat="{lat}" lon="{lon}"><ele>{ele}</ele><time>{stamp}</time></trkpt>')
    out += ["</trkseg>", "</trk>", "</gpx>", ""]
    path.write_text("\n".join(out), encoding="utf-8", newline="\n")


def dxf(
    path: Path, title: str, extent: Polygon, edges: Sequence[LineString], zones: list[Zone], roads: Sequence[LineString]
) -> None:
    """A consultant's drawing (R12): open polylines, lines and texts in TCVN3, no polygon anywhere."""
    out: list[str] = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1009", "9", "$DWGCODEPAGE", "3", "ANSI_1252", "0", "ENDSEC",
                      "0", "SECTION", "2", "TABLES", "0", "TABLE", "2", "LAYER", "70", "5"]  # fmt: skip
    for name, colour in (("RANH-XA", 1), ("QH-SDD-RANH", 3), ("QH-SDD-KYHIEU", 7), ("GIAO-THONG", 2), ("KHUNG-TEN", 7)):
        out += ["0", "LAYER", "2", name, "70", "0", "62", str(colour), "6", "CONTINUOUS"]
    out += ["0", "ENDTAB", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
    ring = shapely.get_coordinates(extent.exterior)
    for start in range(0, len(ring) - 1, 120):  # the outline in pieces, none of them closed
        out += _polyline("RANH-XA", ring[start : start + 121])
    for line in edges:
        out += _polyline("QH-SDD-RANH", shapely.get_coordinates(line))
    for line in roads:
        out += _polyline("GIAO-THONG", shapely.get_coordinates(line))
    for zone in zones:
        spot = shapely.maximum_inscribed_circle(zone.shape, tolerance=5.0).coords[0]
        out += _text("QH-SDD-KYHIEU", spot, 45.0, zone.code)
    west, south, east, north = extent.bounds
    for a, b in (((west, south), (east, south)), ((east, south), (east, north)), ((east, north), (west, north)), ((west, north), (west, south))):
        out += ["0", "LINE", "8", "KHUNG-TEN", "10", f"{a[0]:.3f}", "20", f"{a[1]:.3f}", "11", f"{b[0]:.3f}", "21", f"{b[1]:.3f}"]
    out += _text("KHUNG-TEN", (west + 200.0, north + 400.0), 260.0, letters.surface(title))
    out += ["0", "ENDSEC", "0", "EOF", ""]
    path.write_bytes("\r\n".join(out).encode("latin-1"))


def _polyline(layer: str, points: np.ndarray) -> list[str]:
    out = ["0", "POLYLINE", "8", layer, "66", "1", "70", "0", "10", "0", "20", "0"]
    for x, y in points:
        out += ["0", "VERTEX", "8", layer, "10", f"{x:.3f}", "20", f"{y:.3f}"]
    return [*out, "0", "SEQEND", "8", layer]


def _text(layer: str, at: tuple[float, ...] | Point, height: float, text: str) -> list[str]:
    x, y = tuple(at)[:2]
    return ["0", "TEXT", "8", layer, "10", f"{x:.3f}", "20", f"{y:.3f}", "40", f"{height:.1f}", "1", text]
