"""What a file is, by its content; its name only decides between contents that look alike."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    id : str
        Our short name.
    label : str
        What people call it; the same in every language.
    family : str
        Decides the size limit: table, map, raster, photo; "" where it is not read.
    endings : tuple of str
        Endings under which it is expected, without the dot.
    members : tuple of str
        Endings of the files that belong to it.
    advice : str
        Message that says how to hand over such a file; "" where it is read.
    """

    id: str
    label: str
    family: str = ""
    endings: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    advice: str = ""


_READ = (
    Kind("shp", "Shapefile (.shp)", "map", ("shp",), ("shx", "dbf", "prj", "cpg")),
    Kind("dbf", "dBASE (.dbf)", "table", ("dbf",), ("cpg",)),
    Kind("tab", "MapInfo (.tab)", "map", ("tab",), ("dat", "map", "id", "ind", "dbf")),
    Kind("mif", "MapInfo (.mif)", "map", ("mif",), ("mid",)),
    Kind("gpkg", "GeoPackage (.gpkg)", "map", ("gpkg",)),
    Kind("geojson", "GeoJSON (.geojson)", "map", ("geojson", "json")),
    Kind("geojsonseq", "GeoJSON (.geojsonl)", "map", ("geojsonl", "geojsons", "geojson", "json")),
    Kind("kml", "KML (.kml)", "map", ("kml",)),
    Kind("kmz", "KMZ (.kmz)", "map", ("kmz",)),
    Kind("gpx", "GPX (.gpx)", "map", ("gpx",)),
    Kind("dxf", "DXF (.dxf)", "map", ("dxf",)),
    Kind("dgn", "MicroStation DGN V7 (.dgn)", "map", ("dgn",)),
    Kind("fgb", "FlatGeobuf (.fgb)", "map", ("fgb",)),
    Kind("xlsx", "Excel (.xlsx)", "table", ("xlsx", "xlsm")),
    Kind("csv", "CSV (.csv)", "table", ("csv", "tsv", "txt")),
    Kind("tif", "GeoTIFF (.tif)", "raster", ("tif", "tiff"), ("tfw",)),
    Kind("hgt", "SRTM (.hgt)", "raster", ("hgt",)),
    Kind("jpg", "JPEG (.jpg)", "photo", ("jpg", "jpeg")),
)
_NOT_READ = (
    Kind("dwg", "AutoCAD DWG", endings=("dwg",), advice="FORMAT_DWG"),
    Kind("dgn8", "MicroStation DGN V8", endings=("dgn",), advice="FORMAT_DGN8"),
    Kind("ecw", "ECW", endings=("ecw",), advice="FORMAT_ECW"),
    Kind("mrsid", "MrSID", endings=("sid",), advice="FORMAT_MRSID"),
    Kind("xls", "Excel 97-2003 (.xls)", endings=("xls",), advice="FORMAT_XLS"),
    Kind("xlsb", "Excel (.xlsb)", endings=("xlsb",), advice="FORMAT_XLSB"),
    Kind("ods", "OpenDocument (.ods)", endings=("ods",), advice="FORMAT_ODS"),
    Kind("locked", "Excel", endings=("xlsx", "xlsm", "xls"), advice="FORMAT_LOCKED"),
    Kind("doc", "Word 97-2003 (.doc)", endings=("doc",), advice="FORMAT_WORD"),
    Kind("docx", "Word (.docx)", endings=("docx",), advice="FORMAT_WORD"),
    Kind("pdf", "PDF", endings=("pdf",), advice="FORMAT_PDF"),
    Kind("archive", "ZIP, RAR, 7z", endings=("zip", "rar", "7z", "tar", "gz", "tgz"),
         advice="FORMAT_ARCHIVE"),
    Kind("html", "HTML", endings=("html", "htm", "xls"), advice="FORMAT_HTML"),
    Kind("xmlss", "Excel 2003 XML", endings=("xml", "xls"), advice="FORMAT_XLS"),
    Kind("osm", "OpenStreetMap", endings=("osm", "pbf"), advice="FORMAT_OSM"),
    Kind("image", "PNG, GIF, JPEG 2000", endings=("png", "gif", "jp2", "bmp"),
         advice="FORMAT_IMAGE"),
    Kind("sqlite", "SQLite", endings=("sqlite", "db", "mbtiles"), advice="FORMAT_UNKNOWN"),
    Kind("vrt", "GDAL VRT", endings=("vrt",), advice="FORMAT_DISGUISED"),
    Kind("empty", "", advice="FORMAT_EMPTY"),
    Kind("xml", "XML", endings=("xml", "gml", "qgs"), advice="FORMAT_UNKNOWN"),
    Kind("json", "JSON", endings=("json",), advice="FORMAT_UNKNOWN"),
    Kind("ole", "OLE", advice="FORMAT_UNKNOWN"),
    Kind("unknown", "?", advice="FORMAT_UNKNOWN"),
)  # fmt: skip

KINDS = {kind.id: kind for kind in (*_READ, *_NOT_READ)}
MEMBER_ENDINGS = frozenset({"dat", "map", "id", "ind", "shx", "mid", "prj", "cpg", "sbn", "sbx",
                            "qix", "tfw", "qmd", "qml", "idm"})  # fmt: skip

HEAD = 8192
"""So many bytes from the start are enough for `by_head`."""

_MAGIC = (
    (b"SQLite format 3\0", "sqlite"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"fgb\x03fgb", "fgb"),
    (b"II*\0", "tif"), (b"MM\0*", "tif"), (b"II+\0", "tif"), (b"MM\0+", "tif"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "image"), (b"GIF8", "image"), (b"\0\0\0\x0cjP  ", "image"), (b"BM", "image"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"AC10", "dwg"),
    (b"\x08\x09\xfe\x02", "dgn"), (b"\xc8\x09\xfe\x02", "dgn"),
    (b"msid", "mrsid"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"), (b"\xfd7zXZ", "archive"),
    (b"AutoCAD Binary DXF", "dxf"),
)  # fmt: skip

_ROOTS = (
    ("gpx", "gpx"), ("kml", "kml"), ("osm", "osm"), ("osmchange", "osm"), ("html", "html"),
    ("workbook", "xmlss"), ("table", "html"),
)  # fmt: skip
_VIRTUAL = ("ogrvrt", "vrtdataset", "ogrwfs", "gdal_", "ogrwarped", "ogrunion", "ogrcsw", "wms_")
_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_SKIPPED = re.compile(
    r"<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*(?:\[.*?\])?[^>]*>", re.DOTALL | re.IGNORECASE
)
_HGT = re.compile(r"[ns]\d{2}[ew]\d{3}$", re.IGNORECASE)
HGT_SIZES = {2 * 1201 * 1201: 1201, 2 * 3601 * 3601: 3601}


def ending(name: str) -> str:
    """Return the ending of a file name, small, without the dot."""
    return PurePath(name).suffix[1:].lower()


def by_head(head: bytes, size: int, name: str) -> str:
    """Say what a file is, from its first bytes.

    Parameters
    ----------
    head : bytes
        The first `HEAD` bytes, or all.
    size : int
        Bytes of the whole file.
    name : str
        Its name, for contents that no sign tells apart.

    Returns
    -------
    str
        A key of `KINDS`, or "zip" for a packed file whose list has to be looked at.

    Examples
    --------
    >>> by_head(b"AC1027...", 7, "quy_hoach.dxf"), by_head(b"", 0, "a.csv")
    ('dwg', 'empty')
    >>> by_head(b"<OGRVRTDataSource>", 18, "duong.geojson")
    'vrt'
    """
    if size == 0:
        return "empty"
    end = ending(name)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _closer(kind, head, end)
    if size in HGT_SIZES and end == "hgt" and _HGT.match(PurePath(name).stem):
        return "hgt"
    if end == "ecw" and head[:1] == b"e":
        return "ecw"
    if end == "dbf" and _is_dbf(head, size):
        return "dbf"
    if head[257:262] == b"ustar":
        return "archive"
    if end == "pbf" or b"OSMHeader" in head[:64]:
        return "osm"
    return _by_text(head, end)


def _closer(kind: str, head: bytes, end: str) -> str:
    if kind == "sqlite":
        return "gpkg" if head[68:72] in (b"GPKG", b"GP10", b"GP11") or end == "gpkg" else "sqlite"
    if kind == "dwg":
        return "dwg" if head[4:6].isdigit() else "unknown"
    if kind == "image" and head[:2] == b"BM" and end != "bmp":
        return _by_text(head, end)
    return kind


def by_ole(content: bytes) -> str:
    """Tell apart what Microsoft's old container holds, by the names in its directory."""
    signs = (("EncryptedPackage", "locked"), ("Dgn~", "dgn8"), ("WordDocument", "doc"),
             ("Workbook", "xls"), ("Book\0", "xls"))  # fmt: skip
    for sign, kind in signs:
        if sign.encode("utf-16-le") in content:
            return kind
    return "ole"


def by_members(names: list[str]) -> str:
    """Tell apart packed files by what they hold.

    Examples
    --------
    >>> by_members(["[Content_Types].xml", "xl/workbook.xml"]), by_members(["duong.shp"])
    ('xlsx', 'archive')
    """
    known = {name.replace("\\", "/").lstrip("/").lower() for name in names}
    sheets = [name for name in known if name.startswith("xl/worksheets/")]
    if sheets and all(name.endswith(".bin") for name in sheets if "/_rels" not in name):
        return "xlsb"
    if any(name.startswith("xl/") for name in known):
        return "xlsx"
    if any(name.startswith("word/") for name in known):
        return "docx"
    if "content.xml" in known and "mimetype" in known:
        return "ods"
    if any(name.endswith(".kml") for name in known):
        return "kmz"
    return "archive"


def _is_dbf(head: bytes, size: int) -> bool:
    length = int.from_bytes(head[8:10], "little")
    return size >= 32 and head[0] & 0x07 in (2, 3, 5) and 32 < length <= max(size, 33)


def _by_text(head: bytes, end: str) -> str:
    text = _as_text(head)
    if text is None:
        return "unknown"
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _by_root(start, end)
    if start.startswith("\x1e") or (start.startswith("{") and end in ("geojsonl", "geojsons")):
        return "geojsonseq"
    if start.startswith(("{", "[")) and not (start.startswith("[") and end in ("csv", "txt")):
        return _by_json(start)
    low = start[:400].lower()
    if low.startswith("!table"):
        return "tab"
    if re.match(r"version\s+\d+", low) and ("charset" in low or "columns" in low or end == "mif"):
        return "mif"
    if re.match(r"(999\s*\n.*\n\s*)*0\s*\n\s*section\b", low) or (
        end == "dxf" and re.match(r"\s*\d+\s*\n", low)
    ):
        return "dxf"
    return "csv" if end in ("csv", "tsv", "txt", "") else "unknown"


def _by_root(start: str, end: str) -> str:
    """Tell apart XML by its first element; anything that looks virtual is that first."""
    low = start.lower()
    tag = _TAG.search(_SKIPPED.sub(" ", start))
    root = tag[1].lower() if tag else ""
    if root.startswith(_VIRTUAL) or any(f"<{sign}" in low[:2000] for sign in _VIRTUAL):
        return "vrt"
    for name, kind in _ROOTS:
        if root == name:
            return kind
    if end == "kml" and ("placemark" in low or "<document" in low or root == "document"):
        return "kml"
    return "xml"


def _by_json(start: str) -> str:
    kind = re.search(r'"type"\s*:\s*"([^"]*)"', start)
    if kind and kind[1].lower().startswith("gdal"):
        return "vrt"
    if start.startswith("{") and _whole_lines(start):
        return "geojsonseq"
    geometric = re.search(
        r'"(FeatureCollection|Feature|GeometryCollection|(Multi)?(Point|LineString|Polygon))"',
        start,
    )
    if geometric or '"features"' in start or '"coordinates"' in start:
        return "geojson"
    return "json"


def _whole_lines(start: str) -> bool:
    """Whether the first two lines are JSON objects each, one to a line."""
    lines = [line for line in start.split("\n")[:2] if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
        return False
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return False


def _as_text(head: bytes) -> str | None:
    """Return the head as text, None for what is none; letters beyond ASCII do not matter here."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if head.startswith((b"<\0", b"{\0", b"[\0")):
        return head[: len(head) // 2 * 2].decode("utf-16-le", errors="replace")
    if b"\0" in head[:4096]:
        return None
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
