"""Recognising a reference system by what a file says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pyproj import CRS
from pyproj.exceptions import CRSError as PyprojError

from ntm_gis.crs.zones import (
    FALSE_EASTING_M,
    CrsLike,
    Zone,
    from_epsg,
    meridian_label,
    meridian_text,
    plain_text,
    to_crs,
    utm_zones,
    zones,
)
from ntm_gis.errors import CrsError

Datum = Literal["vn2000", "wgs84", "unknown", "other"]

_WGS84_AXIS, _WGS84_FLATTENING = 6_378_137.0, 298.257223563
_KRASSOVSKY_AXIS = 6_378_245.0
_TOWGS84 = (-191.90441429, -39.30318279, -111.45032835)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The parameters of a transverse Mercator grid as a definition gives them."""

    longitude: float
    latitude: float
    k0: float
    east: float
    north: float
    datum: Datum


def identify(definition: str | CRS) -> CRS | None:
    """Return the EPSG system that a file's definition means, or None if it can't be told.

    A definition without authority is matched by its parameters, so that a VN-2000 text whose
    datum shift was left out ("nội bộ") gets its EPSG code: the code is assigned, coordinates
    do not move. Heights are dropped (EPSG:4979 becomes 4326).

    Parameters
    ----------
    definition : str or CRS
        The WKT of a .prj, TAB or GeoPackage, a code, or a pyproj CRS.

    Raises
    ------
    CrsError
        HN-72, or k₀ 0.9996 with a provincial meridian, for which there is no EPSG code.

    See Also
    --------
    doubtful_datum : for what looks like VN-2000 but says WGS 84.

    Examples
    --------
    >>> text = CRS(9205).to_wkt("WKT1_ESRI")
    >>> identify(text).to_epsg()
    9205
    >>> identify('LOCAL_CS["NonEarth"]') is None
    True
    """
    crs = _read(definition)
    if crs is None:
        return None
    grid = _grid(crs)
    if grid is None:
        return _by_code(crs)
    known = _matching(grid)
    if known is not None:
        if grid.datum == "vn2000" or (grid.datum == "unknown" and known.kind == "tm3"):
            return known.crs
        if known.kind == "tm3" or grid.datum == "unknown":
            return None
    return _by_code(crs)


def doubtful_datum(definition: str | CRS, *, mapinfo: bool = False) -> Zone | None:
    """Return the zone whose numbers a definition has while it says WGS 84, or None.

    MapInfo files written by common programs lose the VN-2000 datum: read as they say, all is
    222.8 m off. Such a file is asked about.

    Parameters
    ----------
    definition : str or CRS
        What the file says.
    mapinfo : bool
        The file is a TAB or MIF: then UTM 48 and 49 on WGS 84 are doubtful too, because
        VN-2000 in UTM is written with the very same line.

    Examples
    --------
    >>> text = CRS(9205).to_wkt("WKT1_ESRI").replace("D_Vietnam_2000", "D_WGS_1984")
    >>> doubtful_datum(text.replace("GCS_VN_2000", "GCS_WGS_1984")).code
    'EPSG:9205'
    """
    crs = _read(definition)
    grid = None if crs is None else _grid(crs)
    known = None if grid is None else _matching(grid)
    if grid is None or known is None:
        return None
    if known.kind == "tm3":
        return known if grid.datum == "wgs84" else None
    in_doubt = grid.datum == "unknown" or (mapinfo and grid.datum == "wgs84")
    return known if in_doubt else None


def require_metric(crs: CrsLike | None, layer: str) -> CRS:
    """Return the system of a layer if lengths and areas can be taken in it.

    Raises
    ------
    CrsError
        The layer has no system, or its unit is not the metre.

    Examples
    --------
    >>> require_metric("EPSG:9205", "roads").to_epsg()
    9205
    """
    if crs is None:
        raise CrsError("CRS_MISSING", layer=layer)
    system = to_crs(crs)
    metres = all(axis.unit_conversion_factor == 1.0 for axis in system.axis_info[:2])
    if not (system.is_projected and metres):
        raise CrsError.not_metric(layer, meridian_label(system))
    return system


def accepted(crs: CRS) -> CRS:
    """Return a system without heights, refusing HN-72.

    Raises
    ------
    CrsError
        HN-72 or another system on its ellipsoid: PROJ "transforms" them in the north-west by
        nothing at all.
    """
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    base = flat.source_crs if flat.is_bound and flat.source_crs is not None else flat
    ellipsoid = base.ellipsoid
    old = ellipsoid is not None and abs(ellipsoid.semi_major_metre - _KRASSOVSKY_AXIS) < 1
    name = plain_text(f"{base.name} {base.datum.name if base.datum else ''}")
    if old or re.search(r"hn ?72|ha ?noi ?(?:19)?72", name):
        nameless = base.name in ("unnamed", "unknown")
        raise CrsError("CRS_HN72", found=name if nameless else base.name)
    return flat.to_2d() if len(flat.axis_info) == 3 else flat


def _read(definition: str | CRS) -> CRS | None:
    try:
        crs = CRS.from_user_input(definition)
    except PyprojError:
        return None
    return accepted(crs)


def _by_code(crs: CRS) -> CRS | None:
    """Return the EPSG system that a definition equals, if its datum is told."""
    plain = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    if _datum(crs) == "unknown" or not (plain.is_geographic or plain.is_projected):
        return None
    epsg = plain.to_epsg()
    if epsg is None:
        return None
    known = from_epsg(epsg)
    same = plain.is_geographic or plain.is_exact_same(known) or _grid(plain) == _grid(known)
    return known if same else None


def _grid(crs: CRS) -> _Grid | None:
    plain = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    operation = plain.coordinate_operation
    if not plain.is_projected or operation is None:
        return None
    if operation.method_name != "Transverse Mercator" or not _on_wgs84_ellipsoid(plain):
        return None
    if any(axis.unit_conversion_factor != 1.0 for axis in plain.axis_info[:2]):
        return None
    values = {p.name: float(p.value) for p in operation.params}
    return _Grid(
        longitude=values.get("Longitude of natural origin", 0.0),
        latitude=values.get("Latitude of natural origin", 0.0),
        k0=values.get("Scale factor at natural origin", 1.0),
        east=values.get("False easting", 0.0),
        north=values.get("False northing", 0.0),
        datum=_datum(crs),
    )


def _matching(grid: _Grid) -> Zone | None:
    """Return the zone with a grid's parameters; refuse the odd pair of provincial maps."""
    plain = abs(grid.east - FALSE_EASTING_M) < 0.01 and abs(grid.north) < 0.01
    if not plain or abs(grid.latitude) > 1e-9:
        return None
    near = [z for z in (*zones(), *utm_zones()) if abs(z.longitude - grid.longitude) < 1e-6]
    for zone in near:
        if abs(zone.k0 - grid.k0) < 1e-7:
            return zone
    if near and abs(grid.k0 - 0.9996) < 1e-7:
        raise CrsError("CRS_SCALE_9996", meridian=meridian_text(grid.longitude))
    return None


def _datum(crs: CRS) -> Datum:
    plain = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    name = plain_text(plain.datum.name) if plain.datum is not None else "unknown"
    shift = _shift(crs)
    if re.search(r"vn ?2000|vietnam ?2000|viet nam ?2000", name) or _is_official(shift):
        return "vn2000"
    if "world geodetic system 1984" in name or re.search(r"wgs ?(?:19)?84$", name):
        return "wgs84"
    if name.startswith(("unknown", "not specified", "undefined")) or not any(shift or (1,)):
        return "unknown"
    return "other"


def _shift(crs: CRS) -> tuple[float, ...] | None:
    operation = crs.coordinate_operation if crs.is_bound else None
    return None if operation is None else tuple(operation.towgs84)


def _is_official(shift: tuple[float, ...] | None) -> bool:
    """Say whether a shift is VN-2000's, whatever the signs of its rotations."""
    pairs = zip(shift or (), _TOWGS84, strict=False)
    return bool(shift) and all(abs(a - b) < 1 for a, b in pairs)


def _on_wgs84_ellipsoid(crs: CRS) -> bool:
    ellipsoid = crs.ellipsoid
    return (
        ellipsoid is not None
        and abs(ellipsoid.semi_major_metre - _WGS84_AXIS) < 0.01
        and abs(ellipsoid.inverse_flattening - _WGS84_FLATTENING) < 1e-5
    )
