"""Geodata and tables in the formats offices hand in; the same bytes at every run."""

from __future__ import annotations

import json
import re
import struct
import warnings
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import rasterio
import shapely

from . import frame, letters
from .land import FROM_NORTH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .frame import Array, Mask

    Columns = dict[str, list[Any]]
    Shapes = Sequence[shapely.Geometry]
    Field = tuple[str, str, int, int]

WRITTEN = "2025-12-31T00:00:00.000Z"
_DBF_DAY = bytes([125, 12, 31])
# GDAL writes VN-2000 into MapInfo tables as WGS 84, 223 m off; bound to the official parameters
# (rotations with their sign turned) it is written rightly.
_SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
_BOUND_9205 = (
    "+proj=tmerc +lat_0=0 +lon_0=103 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 "
    f"+towgs84={_SHIFT} +units=m +no_defs"
)


def geojson(path: Path, columns: Columns, shapes: Shapes) -> None:
    """Write WGS 84, a feature a line, coordinates to a millimetre."""
    features = []
    for k, geometry in enumerate(shapes):
        moved = frame.rounded(frame.moved(geometry, frame.WORK_CRS, "EPSG:4326"), 8)
        feature = {
            "type": "Feature",
            "properties": {name: values[k] for name, values in columns.items()},
            "geometry": shapely.geometry.mapping(moved),
        }
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(features)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def geopackage(
    path: Path, tables: Mapping[str, tuple[Columns, Shapes]], crs: str = frame.WORK_CRS
) -> None:
    """Write the tables of one GeoPackage, in the working zone unless told otherwise."""
    path.unlink(missing_ok=True)
    for name, (columns, shapes) in tables.items():
        moved = list(shapes)
        if crs != frame.WORK_CRS:
            moved = [frame.moved(g, frame.WORK_CRS, crs) for g in shapes]
        pyogrio.write_dataframe(
            gpd.GeoDataFrame(columns, geometry=moved, crs=crs),
            path,
            layer=name,
            driver="GPKG",
            append=path.exists(),
            encoding="UTF-8",
            layer_options={"SPATIAL_INDEX": "NO", "GEOMETRY_NAME": "geom", "FID": "fid"},
        )


def tab(path: Path, columns: Columns, shapes: Shapes) -> None:
    """Write a MapInfo table: TCVN3 text under the charset WindowsLatin1, as old offices have it."""
    for part in path.parent.glob(f"{path.stem}.*"):
        part.unlink()
    seen = {
        name: [letters.surface(v) if isinstance(v, str) else v for v in values]
        for name, values in columns.items()
    }
    data = gpd.GeoDataFrame(seen, geometry=list(shapes), crs=pyproj.CRS(_BOUND_9205))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        pyogrio.write_dataframe(
            data,
            path,
            driver="MapInfo File",
            dataset_options={"FORMAT": "TAB"},
            layer_options={"ENCODING": "CP1252"},
            geometry_type="Polygon",
        )
    records = path.with_suffix(".dat")
    records.write_bytes(_cleaned(records.read_bytes()))


def _cleaned(data: bytes) -> bytes:
    """Fix the date in the head of the records, and wipe the stray memory GDAL leaves there."""
    body = bytearray(data)
    body[1:4] = _DBF_DAY
    for start in range(32, struct.unpack_from("<H", body, 8)[0] - 1, 32):
        name = bytes(body[start : start + 11]).split(b"\0")[0]
        body[start : start + 11] = name.ljust(11, b"\0")
        body[start + 12 : start + 16] = bytes(4)
    return bytes(body)


def shapefile(path: Path, fields: list[Field], rows: list[list[Any]], lines: Shapes) -> None:
    """Write lines with TCVN3 text, a language driver of zero and no .cpg.

    `fields` are name, type (C or N), width and decimals.
    """
    main, index = bytearray(), bytearray()
    position = 50
    for number, line in enumerate(lines, start=1):
        points = shapely.get_coordinates(line)
        content = struct.pack("<i4d3i", 3, *line.bounds, 1, len(points), 0)
        content += np.ascontiguousarray(points, dtype="<f8").tobytes()
        words = len(content) // 2
        main += struct.pack(">2i", number, words) + content
        index += struct.pack(">2i", position, words)
        position += 4 + words
    bounds = shapely.total_bounds(np.array(lines, dtype=object))
    for suffix, body in ((".shp", main), (".shx", index)):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(body) // 2)
        head += struct.pack("<2i8d", 1000, 3, *bounds, 0.0, 0.0, 0.0, 0.0)
        path.with_suffix(suffix).write_bytes(head + bytes(body))
    path.with_suffix(".dbf").write_bytes(_dbf(fields, rows))
    wkt = pyproj.CRS(frame.WORK_CRS).to_wkt("WKT1_ESRI")
    path.with_suffix(".prj").write_text(wkt, encoding="ascii", newline="\n")


def _dbf(fields: list[Field], rows: list[list[Any]]) -> bytes:
    size = 1 + sum(width for _, _, width, _ in fields)
    head = 33 + 32 * len(fields)
    out = bytearray(b"\x03" + _DBF_DAY + struct.pack("<IHH20x", len(rows), head, size))
    for name, kind, width, decimals in fields:
        described = (name.encode("ascii"), kind.encode("ascii"), width, decimals)
        out += struct.pack("<11sc4x2B14x", *described)
    out += b"\r"
    for row in rows:
        out += b" "
        for value, (name, kind, width, decimals) in zip(row, fields, strict=True):
            if kind == "N":
                text = "" if value is None else f"{value:.{decimals}f}"
                cell = text.encode("ascii").rjust(width)
            else:
                cell = letters.tcvn3(value or "").ljust(width)
            if len(cell) != width:
                message = f"{name}: {value!r} is wider than {width}"
                raise ValueError(message)
            out += cell
    return bytes(out + b"\x1a")


def geotiff(path: Path, z: Array, nodata: Mask) -> None:
    """Write whole metres on the 30 m grid; rows come from the south, `nodata` marks holes."""
    values = np.where(nodata, -32_768, np.rint(z)).astype("int16")[::-1]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=values.shape[1],
        height=values.shape[0],
        count=1,
        dtype="int16",
        crs=rasterio.crs.CRS.from_string(frame.WORK_CRS),
        transform=FROM_NORTH,
        nodata=-32_768,
        compress="DEFLATE",
        predictor=2,
        zlevel=9,
        tiled=True,
        blockxsize=256,
        blockysize=256,
    ) as target:
        target.write(values, 1)


def csv(path: Path, header: list[str], rows: list[list[str]], encoding: str) -> None:
    """Write semicolons and Windows line ends; `encoding` is utf-8-sig, utf-8 or cp1258."""
    lines = [";".join(_quoted(cell) for cell in row) for row in [header, *rows]]
    text = "\r\n".join([*lines, ""])
    path.write_bytes(letters.cp1258(text) if encoding == "cp1258" else text.encode(encoding))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ';"\n') else cell


def steady_workbook(data: bytes) -> bytes:
    """Write a workbook's archive again: members sorted and dated 1980, no time of saving."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in sorted(source.namelist()):
            body = source.read(name)
            if name == "docProps/core.xml":
                saved = rb"\g<1>2025-12-31T00:00:00Z"
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", saved, body)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, body)
    return out.getvalue()
