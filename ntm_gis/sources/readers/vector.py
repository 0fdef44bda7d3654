"""Map files that GDAL reads best: MapInfo TAB and MIF, DXF, DGN V7, FlatGeobuf.

Texts are taken as the bytes they are, so that no letter code can spoil a layer. Where GDAL
gives up on a layer as a whole, it is read feature by feature with fiona, and what cannot be
read is counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyogrio
import pyogrio.raw

from ntm_gis.sources import limits
from ntm_gis.sources.readers import geometry, singly
from ntm_gis.sources.readers.parsed import Column, Parsed, Refusal, Told
from ntm_gis.sources.readers.values import from_gdal

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

DRIVERS = {"shp": "ESRI Shapefile", "tab": "MapInfo File", "mif": "MapInfo File", "dxf": "DXF",
           "dgn": "DGN", "fgb": "FlatGeobuf", "gpkg": "GPKG"}  # fmt: skip

COLOR = "Color"
"""Column of a drawing: the colour that each object is drawn in, "#rrggbb"."""

_STYLE = "OGR_STYLE"
_DRAWINGS = ("DXF", "DGN")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_COLOR = re.compile(r"\bf?c:(#[0-9A-Fa-f]{6})")

_TAB_ELSEWHERE = re.compile(
    rb"^\s*(open\s+table|create\s+view|.*\bseamless\b)", re.IGNORECASE | re.MULTILINE
)
_MIF_COLUMNS = re.compile(rb"^\s*columns\s+(\d+)", re.IGNORECASE | re.MULTILINE)
_TAB_FILE = re.compile(rb'^\s*(?:file|type\s+\w+\s+file)\s+"([^"]*)"', re.IGNORECASE | re.MULTILINE)


def read(path: Path, question: dict[str, Any]) -> list[Parsed]:
    """Read every layer of a map file.

    Raises
    ------
    Refusal
        It is no file of its kind, or names other files.
    """
    kind = question["kind"]
    if kind == "tab":
        _require_plain_tab(path)
    _require_parts(path, kind)
    tables = [layer(path, name, DRIVERS[kind]) for name in layers(path)]
    if kind == "dgn":
        _tell_rest(path, tables)
    if len(tables) == 1:
        tables[0].name = None
    return tables


def layers(path: Path) -> list[str]:
    """Return the names of the layers of a file."""
    try:
        found = pyogrio.list_layers(path)
    except pyogrio.errors.DataSourceError as cause:
        raise Refusal("SOURCE_UNREADABLE", why="GDAL") from cause
    if len(found) > limits.TABLES:
        raise Refusal("SOURCE_TOO_BIG")
    return [str(name) for name in found[:, 0]]


def layer(path: Path, name: str, driver: str) -> Parsed:
    """Read one layer; with fiona, feature by feature, where it fails as a whole."""
    info = pyogrio.read_info(path, layer=name, encoding="ISO-8859-1")
    if info["driver"] != driver:
        raise Refusal("SOURCE_UNREADABLE", why=str(info["driver"]))
    if info["features"] > limits.ROWS:
        raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    try:
        meta, _, wkbs, fields = pyogrio.raw.read(
            path,
            **_asked(name, driver),
            encoding="ISO-8859-1",  # each byte a character: nothing is lost, nothing can fail
            force_2d=True,
            max_features=limits.ROWS + 1,
            datetime_as_string=True,
        )
    except Exception:  # noqa: BLE001 - one bad feature fails the layer, in many ways
        return geometry.settle(singly.read(path, name, driver))
    count = len(fields[0]) if fields else (0 if wkbs is None else len(wkbs))
    if count > limits.ROWS:
        raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    types = [str(kind) for kind in info["ogr_types"]]
    columns = [
        from_gdal(str(meta["fields"][i]), values, types[i]) if i < len(types) else _colors(values)
        for i, values in enumerate(fields)
    ]
    table = Parsed(
        name, columns, list(range(1, count + 1)), _wkb(wkbs), _crs(meta["crs"]),
    )  # fmt: skip
    return geometry.settle(table)


def _asked(name: str, driver: str) -> dict[str, Any]:
    """Return what is read of a layer: of a drawing also how its objects are drawn."""
    if driver not in _DRAWINGS:
        return {"layer": name}
    quoted = name.replace('"', '""')
    asked = f'SELECT *, {_STYLE} FROM "{quoted}"'  # noqa: S608 - the name is quoted
    return {"sql": asked, "sql_dialect": "OGRSQL"}


def _colors(styles: npt.NDArray[np.object_]) -> Column:
    """Return colours out of GDAL's styles; what a text says stands there in quotes."""
    found = [None if s is None else _COLOR.search(_QUOTED.sub("", str(s))) for s in styles]
    return Column(COLOR, [None if match is None else match[1].lower() for match in found])


def _wkb(wkbs: npt.NDArray[np.object_] | None) -> list[bytes | None] | None:
    if wkbs is None or (len(wkbs) and all(w is None for w in wkbs)):
        return None
    return [None if w is None else bytes(w) for w in wkbs]


def _crs(found: Any) -> str | None:
    """Return the system GDAL names, None for a drawing without one."""
    text = str(found) if found else ""
    return None if not text or text.startswith(("LOCAL_CS", "ENGCRS")) else text


def _require_plain_tab(path: Path) -> None:
    """Refuse a TAB that is only a view of other tables, or points at files elsewhere."""
    content = path.read_bytes()[: limits.MIB]
    if _TAB_ELSEWHERE.search(content):
        raise Refusal("TAB_VIEW")
    for named in _TAB_FILE.findall(content):
        if b"/" in named or b"\\" in named or b":" in named:
            raise Refusal("TAB_VIEW")


def _require_parts(path: Path, kind: str) -> None:
    """Refuse a MapInfo table of which a part was left behind, and name the part."""

    def there(ending: str) -> bool:
        return path.with_suffix(f".{ending}").is_file()

    missing = []
    if kind == "tab":
        missing += [] if there("dat") or there("dbf") else [".dat"]
        missing += [".map"] if there("id") and not there("map") else []
        missing += [".id"] if there("map") and not there("id") else []
    if kind == "mif" and not there("mid"):
        columns = _MIF_COLUMNS.search(path.read_bytes()[:65536])
        missing += [".mid"] if columns and int(columns[1]) else []
    if missing:
        raise Refusal("MAPINFO_PARTS", missing=missing)


def _tell_rest(path: Path, tables: list[Parsed]) -> None:
    """Say when a drawing goes on after the mark of its end: programs stop reading there."""
    content = path.read_bytes()
    at = 0
    while at + 4 <= len(content) and content[at : at + 2] != b"\xff\xff":
        at += 4 + 2 * int.from_bytes(content[at + 2 : at + 4], "little")
    if len(content[at:].strip(b"\xff\x00")) > 512 and tables:
        share = 100 * at / len(content)
        tables[0].told.append(Told("DGN_PARTLY_READ", params={"share": round(share, 1)}))
