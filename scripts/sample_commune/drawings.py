"""KML, GPX and DXF, written line by line as the programs of offices write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from . import frame, letters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry import LineString, Polygon

    from .frame import Array
    from .irrigation import Work
    from .plans import Zone
    from .terrain import Terrain

_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_EDGE, _ROADS, _LABELS, _OUTLINE, _TITLE = (
    "QH-SDD-RANH", "GIAO-THONG", "QH-SDD-KYHIEU", "RANH-XA", "KHUNG-TEN",
)  # fmt: skip


def kml(path: Path, title: str, folders: dict[str, list[Work]]) -> None:
    """Write irrigation works with ExtendedData, a folder for lines and one for points."""
    out = [_XML, '<kml xmlns="http://www.opengis.net/kml/2.2">', "<Document>"]
    out.append(f"<name>{escape(title)}</name>")
    for name, works in folders.items():
        out += ["<Folder>", f"<name>{escape(name)}</name>"]
        for work in works:
            out += _placemark(work)
        out.append("</Folder>")
    out += ["</Document>", "</kml>", ""]
    path.write_text("\n".join(out), encoding="utf-8", newline="\n")


def _placemark(work: Work) -> list[str]:
    cells = {
        "ma_ct": work.id,
        "loai": work.kind,
        "tinh_trang": work.condition,
        "kien_co": work.lined,
        "dai_kk": "" if work.declared_m is None else str(work.declared_m),
    }
    data = [f'<Data name="{k}"><value>{escape(v)}</value></Data>' for k, v in cells.items()]
    moved = shapely.get_coordinates(frame.moved(work.shape, frame.WORK_CRS, "EPSG:4326"))
    where = " ".join(f"{x:.7f},{y:.7f}" for x, y in moved)
    kind = "Point" if work.shape.geom_type == "Point" else "LineString"
    return [
        "<Placemark>",
        f"<name>{escape(work.name)}</name>",
        "<ExtendedData>",
        *data,
        "</ExtendedData>",
        f"<{kind}><coordinates>{where}</coordinates></{kind}>",
        "</Placemark>",
    ]


@dataclass(frozen=True)
class Run:
    """How a track was taken: `gap` leaves out a stretch (m), `zero_at` puts a fix at 0, 0."""

    number: int
    start: dt.datetime
    noise_m: float
    gap: tuple[float, float] | None = None
    zero_at: int | None = None


def gpx(path: Path, name: str, line: LineString, ground: Terrain, run: Run) -> None:
    """Write a phone's track along a road: a fix each 7 s at some 16 km/h, errors that drift."""
    rng = np.random.default_rng(frame.SEED + run.number)
    pace = 30.0 + gaussian_filter(rng.normal(size=600), 4.0) * 14.0
    at = np.cumsum(np.clip(pace, 12.0, 48.0))
    at = at[at < line.length]
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    drift = gaussian_filter(rng.normal(size=points.shape), (6.0, 0), mode="nearest")
    jitter = rng.normal(size=points.shape)
    points = points + run.noise_m * (0.6 * drift / drift.std() + 0.25 * jitter)
    heights = ground.at(points[:, 0], points[:, 1]) + rng.normal(size=len(at)) * 4.0
    change = frame.transformer(frame.WORK_CRS, "EPSG:4326")
    lon, lat = change.transform(points[:, 0], points[:, 1])
    head = '<gpx version="1.1" creator="OsmAnd" xmlns="http://www.topografix.com/GPX/1/1">'
    out = [_XML, head, "<trk>", f"<name>{escape(name)}</name>", "<trkseg>"]
    for k, along in enumerate(at):
        if run.gap and run.gap[0] < along < run.gap[1]:
            continue
        where, height = f'lat="{lat[k]:.6f}" lon="{lon[k]:.6f}"', f"{heights[k]:.0f}"
        if k == run.zero_at:
            where, height = 'lat="0.0" lon="0.0"', "0"
        stamp = (run.start + dt.timedelta(seconds=7 * k)).strftime("%Y-%m-%dT%H:%M:%SZ")
        out.append(f"<trkpt {where}><ele>{height}</ele><time>{stamp}</time></trkpt>")
    out += ["</trkseg>", "</trk>", "</gpx>", ""]
    path.write_text("\n".join(out), encoding="utf-8", newline="\n")


def dxf(
    path: Path,
    title: str,
    lines: dict[str, Sequence[LineString]],
    extent: Polygon,
    zones: list[Zone],
) -> None:
    """Write a consultant's drawing (R12): open polylines and texts in TCVN3, no polygon."""
    out = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1009"]
    out += ["9", "$DWGCODEPAGE", "3", "ANSI_1252", "0", "ENDSEC"]
    out += ["0", "SECTION", "2", "TABLES", "0", "TABLE", "2", "LAYER", "70", "5"]
    for colour, name in enumerate((_OUTLINE, _ROADS, _EDGE, _LABELS, _TITLE), start=1):
        out += ["0", "LAYER", "2", name, "70", "0", "62", str(colour), "6", "CONTINUOUS"]
    out += ["0", "ENDTAB", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
    ring = shapely.get_coordinates(extent.exterior)
    for start in range(0, len(ring) - 1, 120):  # the outline in pieces, none of them closed
        out += _polyline(_OUTLINE, ring[start : start + 121])
    for layer, drawn in lines.items():
        for line in drawn:
            out += _polyline(layer, shapely.get_coordinates(line))
    for zone in zones:
        middle = shapely.maximum_inscribed_circle(zone.shape, tolerance=5.0).coords[0]
        out += _text(_LABELS, middle[0], middle[1], 45.0, zone.code)
    west, _, _, north = extent.bounds
    out += _polyline(_TITLE, shapely.get_coordinates(shapely.box(*extent.bounds).exterior)[:4])
    out += _text(_TITLE, west + 200.0, north + 400.0, 260.0, letters.surface(title))
    out += ["0", "ENDSEC", "0", "EOF", ""]
    path.write_bytes("\r\n".join(out).encode("latin-1"))


def _polyline(layer: str, points: Array) -> list[str]:
    out = ["0", "POLYLINE", "8", layer, "66", "1", "70", "0", "10", "0", "20", "0"]
    for x, y in points:
        out += ["0", "VERTEX", "8", layer, "10", f"{x:.3f}", "20", f"{y:.3f}"]
    return [*out, "0", "SEQEND", "8", layer]


def _text(layer: str, x: float, y: float, height: float, text: str) -> list[str]:
    at = ["10", f"{x:.3f}", "20", f"{y:.3f}"]
    return ["0", "TEXT", "8", layer, *at, "40", f"{height:.1f}", "1", text]
