"""The zones of VN-2000, and how a reference system is named to officials."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import Literal, TypeAlias

from pyproj import CRS
from pyproj.exceptions import CRSError as PyprojError

from ntm_gis import shipped
from ntm_gis.errors import CrsError

FALSE_EASTING_M = 500_000.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the VN-2000 grid: central meridian and scale factor go together.

    `kind` is "tm3" (3 degrees, k₀ 0.9999, cadastre and communes) or "utm" (6 degrees, 0.9996).
    """

    epsg: int
    kind: Literal["tm3", "utm"]
    longitude: float
    k0: float

    @property
    def code(self) -> str:
        """The code as it stands in commune.toml, e.g. "EPSG:9205"."""
        return f"EPSG:{self.epsg}"

    @property
    def meridian(self) -> str:
        """The central meridian with the prime, e.g. "103°00′"."""
        return meridian_text(self.longitude)

    @property
    def meridian_plain(self) -> str:
        """The central meridian with a straight apostrophe, for fonts without the prime."""
        return meridian_text(self.longitude).replace("′", "'")

    @property
    def crs(self) -> CRS:
        """The reference system."""
        return from_epsg(self.epsg)

    def scale_at(self, lon: float, lat: float) -> float:
        """Return the scale of the grid at a place, 1 being true (good to 1e-6 in the zone)."""
        east = radians(lon - self.longitude) * cos(radians(lat))
        return self.k0 * (1 + east * east / 2)


CrsLike: TypeAlias = "str | int | CRS | Zone"
"""A zone, an EPSG code ("EPSG:9205", 9205) or a pyproj CRS."""


@lru_cache(maxsize=1)
def zones() -> tuple[Zone, ...]:
    """Return the 3-degree zones, from west to east.

    Examples
    --------
    >>> len(zones()), zones()[1].code, zones()[1].meridian
    (18, 'EPSG:9205', '103°00′')
    """
    return tuple(zone for zone in _all_zones() if zone.kind == "tm3")


@lru_cache(maxsize=1)
def utm_zones() -> tuple[Zone, ...]:
    """Return the two 6-degree zones of VN-2000."""
    return tuple(zone for zone in _all_zones() if zone.kind == "utm")


def zone(code: CrsLike) -> Zone:
    """Return the VN-2000 zone that a code names.

    Raises
    ------
    CrsError
        The code is no zone of VN-2000.

    Examples
    --------
    >>> zone("EPSG:9208").meridian
    '104°45′'
    """
    if isinstance(code, Zone):
        return code
    epsg = to_crs(code).to_epsg()
    for candidate in _all_zones():
        if candidate.epsg == epsg:
            return candidate
    raise CrsError("CRS_NOT_A_ZONE", found=meridian_label(code), known=_known_meridians())


def meridian_label(crs: CrsLike, lang: str = "vi") -> str:
    """Return the name of a system as officials know it: by its meridian, never a bare code.

    Examples
    --------
    >>> meridian_label("EPSG:9205")
    "VN-2000, kinh tuyến trục 103°00'"
    >>> meridian_label(4326), meridian_label(3405)
    ('WGS 84, kinh độ và vĩ độ', "VN-2000, UTM múi 48, kinh tuyến trục 105°00'")
    """
    system = to_crs(crs)
    epsg = system.to_epsg()
    for known in _all_zones():
        if known.epsg == epsg:
            utm = "" if known.kind == "tm3" else _utm(known.longitude, lang)
            return f"VN-2000, {utm}{_meridian(known.longitude, lang)}"
    if epsg in (32648, 32649):
        longitude = 105.0 if epsg == 32648 else 111.0
        return f"WGS 84, {_utm(longitude, lang)}{_meridian(longitude, lang)}"
    if system.is_geographic:
        datum = {4326: "WGS 84", 4979: "WGS 84", 4756: "VN-2000"}.get(epsg or 0, system.name)
        return f"{datum}, {'kinh độ và vĩ độ' if lang == 'vi' else 'longitude and latitude'}"
    return system.name


def meridian_text(longitude: float) -> str:
    """Return a meridian in degrees and minutes, e.g. "104°45′"."""
    minutes = round(longitude * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′"


def to_crs(crs: CrsLike) -> CRS:
    """Return the pyproj system of a zone, a code or a system; field names go to `parse_crs`.

    Raises
    ------
    CrsError
        No such code.
    """
    if isinstance(crs, Zone):
        return crs.crs
    if isinstance(crs, CRS):
        return crs
    text = str(crs).strip()
    number = text.upper().removeprefix("EPSG:")
    if not (number.isascii() and number.isdigit()):
        raise CrsError("CRS_UNKNOWN", value=text)
    return from_epsg(int(number))


@lru_cache(maxsize=256)
def from_epsg(epsg: int) -> CRS:
    """Return the system of an EPSG code, made once.

    Raises
    ------
    CrsError
        No such code, or it is no system of places on a map.
    """
    try:
        crs = CRS.from_epsg(epsg)
    except PyprojError as cause:
        raise CrsError("CRS_UNKNOWN", value=f"EPSG:{epsg}") from cause
    if not (crs.is_geographic or crs.is_projected):
        raise CrsError("CRS_UNKNOWN", value=f"EPSG:{epsg}")
    return crs


def _utm(longitude: float, lang: str) -> str:
    number = round((longitude + 183) / 6)
    return f"UTM múi {number}, " if lang == "vi" else f"UTM zone {number}, "


def _meridian(longitude: float, lang: str) -> str:
    plain = meridian_text(longitude).replace("′", "'")
    return f"kinh tuyến trục {plain}" if lang == "vi" else f"central meridian {plain}"


def _known_meridians() -> str:
    return ", ".join(zone.meridian for zone in zones())


def meridian_degrees(meridian: str) -> float:
    """Return the degrees of a meridian as the tables write it, e.g. "104°45′"."""
    whole, minutes = meridian.removesuffix("′").split("°")
    return int(whole) + int(minutes) / 60


def table_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table under data/crs."""
    with shipped.path("data", "crs", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _all_zones() -> tuple[Zone, ...]:
    return tuple(
        Zone(
            epsg=int(row["epsg"]),
            kind="tm3" if row["kind"] == "tm3" else "utm",
            longitude=meridian_degrees(row["meridian"]),
            k0=float(row["scale_factor"]),
        )
        for row in table_rows("zones.csv")
    )


@lru_cache(maxsize=256)
def plain_text(text: str) -> str:
    """Return text in small letters without marks, with single spaces for all other signs."""
    marked = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in marked if not unicodedata.combining(c))
    decimal = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", letters)
    kept = re.sub(r"(?<![0-9])\.|\.(?![0-9])|[^a-z0-9.]+", " ", decimal)
    return " ".join(kept.split())
