"""A package of the planning database that the office received, checked before it is taken over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ntm_gis import sources
from ntm_gis.analyses.package import check as package_check
from ntm_gis.errors import UsageError
from ntm_gis.layers.gather import gather
from ntm_gis.layers.received import Received
from ntm_gis.results import Finding
from ntm_gis.rules import commune as communes

TABLES = frozenset({".gpkg", ".shp", ".tab", ".mif", ".geojson", ".dxf", ".dgn", ".dwg", ".kml"})
"""Endings of files of a package that hold features."""

DATABASE = ".gdb"
"""A folder of Esri's own format, which is not read here."""


def check(
    folder: Path, package: Path, *, progress: Callable[[str], None] = lambda _: None
) -> tuple[Finding, ...]:
    """Check a package against the commune: a GeoPackage, or a folder of files.

    Parameters
    ----------
    folder : Path
        The commune's folder: its zone and boundary.
    package : Path
        A file, or a folder with `HienTrang.gpkg`, `QuyHoach.gpkg` …

    Returns
    -------
    tuple of Finding
        Gravest first, each with a count, a place and a proposal. Nothing is changed.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    UsageError
        There is no such package.
    """
    commune = communes.read(folder)
    zone = commune.commune.crs
    beside = sources.read(folder, commune, only=frozenset({"boundary"}))
    boundary = gather(beside.raws, (), commune, beside.findings).boundary
    files, others = _files(package)
    tables: list[Received] = []
    inside = package.is_dir()
    for held in sources.contents(
        files, zone=zone, boundary=boundary, root=package if inside else None
    ):
        progress(held.tables[0].file)
        tables += held.tables
    found = package_check.check(tables, zone, package.name)
    told = [Finding.of("PACKAGE_GDB", file=name) for name in others]
    return tuple(sorted([*found, *told], key=lambda finding: finding.order))


def _files(package: Path) -> tuple[list[Path], list[str]]:
    """Return the files with features of a package, in order, and databases that are not read."""
    if package.suffix.casefold() == DATABASE and package.is_dir():
        return [], [package.name]
    if package.is_file():
        return [package], []
    if not package.is_dir():
        raise UsageError("PACKAGE_NOT_THERE", file=package.name)
    found = sorted(package.rglob("*"))
    others = [p for p in found if p.suffix.casefold() == DATABASE and p.is_dir()]
    files = [
        p for p in found
        if p.is_file() and p.suffix.casefold() in TABLES
        and not any(other in p.parents for other in others)
    ]  # fmt: skip
    return files, [p.relative_to(package).as_posix() for p in others]
