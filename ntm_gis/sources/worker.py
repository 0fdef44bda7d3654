"""The reading process: `python -m ntm_gis.sources.worker`, questions on stdin, answers on stdout.

It imports only what a question needs, says "ready" when that is loaded, so that the time is that
of the file alone, hands over plain rows, and answers every fault with a code.
Limits of memory are set before anything else is loaded.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_gis.pipes import streams
from ntm_gis.sources import limits, wire
from ntm_gis.sources.readers.parsed import Parsed, Refusal, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable

# Readers load these when they come to need them; here they are loaded before the clock starts.
_LIBRARIES = {"shp": ("pyogrio.raw",), "tif": ("rasterio.windows",), "hgt": ("rasterio.windows",),
              "jpg": ("PIL.Image", "PIL.JpegImagePlugin")}  # fmt: skip
# pyogrio would load them for functions that are not used here; they cost most of a second.
_NOT_NEEDED = ("pandas", "geopandas", "pyarrow", "pyproj", "matplotlib")


def main() -> None:
    """Answer questions until stdin ends."""
    _limit()
    for name in _NOT_NEEDED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # None bars the import
    questions, answers = streams()
    while True:
        try:
            question, _ = wire.receive(questions)
        except (EOFError, ValueError, OSError):
            return
        message, blocks = _answer(question, lambda: wire.send(answers, {"ready": True}))
        wire.send(answers, message, blocks)


def _limit() -> None:
    """Limit memory where the system can; Windows has no such call."""
    try:
        import resource
    except ImportError:
        return
    for which, most in ((resource.RLIMIT_AS, limits.MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(which)
        top = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(which, (top, hard))
        except (ValueError, OSError):  # a system that knows the name but not the deed
            continue


def _answer(
    question: dict[str, Any], ready: Callable[[], None]
) -> tuple[dict[str, Any], list[bytes]]:
    """Answer one question; any fault of a library becomes a code."""
    try:
        if question["do"] == "hello":
            return {"hello": "ntm-gis"}, []
        if question["do"] == "window":
            from ntm_gis.sources.readers import raster

            _reader(question["kind"])
            ready()
            return raster.window(Path(question["path"]), question["kind"], question["window"],
                                 tuple(question["shape"]))  # fmt: skip
        read = _reader(question["kind"])
        ready()
        plain, blocks = to_wire(read(Path(question["path"]), question))
    except Refusal as refusal:
        return {"refused": {"code": refusal.code, "params": refusal.params}}, []
    except MemoryError:
        return {"refused": {"code": "SOURCE_TOO_BIG", "params": {}}}, []
    except RecursionError:
        return {"refused": {"code": "SOURCE_TOO_DEEP", "params": {"limit": limits.DEPTH}}}, []
    except Exception as fault:  # noqa: BLE001 - libraries raise anything on damaged files
        return {"refused": {"code": "SOURCE_UNREADABLE", "params": {"why": _why(fault)}}}, []
    return {"tables": plain}, blocks


def _reader(kind: str) -> Callable[[Path, dict[str, Any]], list[Parsed]]:
    """Return the reader of a kind of file; its libraries are loaded now, not earlier."""
    for name in _LIBRARIES.get(kind, ()):
        importlib.import_module(name)
    if kind in ("shp", "dbf"):
        from ntm_gis.sources.readers import shapefile

        return shapefile.read if kind == "shp" else shapefile.read_dbf
    if kind in ("tab", "mif", "dxf", "dgn", "fgb"):
        from ntm_gis.sources.readers import vector

        return vector.read
    if kind in ("geojson", "geojsonseq"):
        from ntm_gis.sources.readers import geojson

        return geojson.read
    if kind in ("kml", "kmz"):
        from ntm_gis.sources.readers import kml

        return kml.read
    module = {"gpkg": "geopackage", "xlsx": "workbook", "tif": "raster", "hgt": "raster",
              "jpg": "photo"}.get(kind, kind)  # fmt: skip
    if module not in ("geopackage", "workbook", "raster", "photo", "gpx", "csv"):
        raise Refusal("FORMAT_UNKNOWN", found=kind)
    name = "delimited" if module == "csv" else module
    found: Callable[[Path, dict[str, Any]], list[Parsed]] = importlib.import_module(
        f"ntm_gis.sources.readers.{name}"
    ).read
    return found


def _why(fault: BaseException) -> str:
    """Return what a library said, short, in one line and without paths."""
    said = " ".join(str(fault).split())
    for part in said.split():
        if "/" in part or "\\" in part:
            said = said.replace(part, "…")
    return f"{type(fault).__name__}: {said[:160]}" if said else type(fault).__name__


if __name__ == "__main__":
    main()
