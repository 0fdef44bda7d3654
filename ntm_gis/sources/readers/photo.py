"""Photos: where and when a phone took them, from the head of the file."""

from __future__ import annotations

import datetime as dt
import struct
from typing import TYPE_CHECKING, Any

from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Refusal, Told
from ntm_gis.sources.readers.times import VIETNAM

if TYPE_CHECKING:
    from pathlib import Path

_TAKEN, _ZONE = 0x9003, 0x9011
_NORTH_OR_SOUTH, _LATITUDE, _EAST_OR_WEST, _LONGITUDE = 1, 2, 3, 4


def read(path: Path, _: dict[str, Any]) -> list[Parsed]:
    """Read position and time of a photo; one table of one row.

    Raises
    ------
    Refusal
        It is no photo.
    """
    from PIL import ExifTags, Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=["JPEG"]) as image:
            exif = image.getexif()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as cause:
        raise Refusal("PHOTO_UNREADABLE") from cause
    gps, more = exif.get_ifd(ExifTags.IFD.GPSInfo), exif.get_ifd(ExifTags.IFD.Exif)
    place = _place(gps)
    # That a photo has no place at all is told of the whole folder, with what took it away.
    told = [Told("POINT_AT_ZERO", row=1)] if _at_zero(gps) else []
    taken = _taken(more)
    columns = [
        Column("taken_at", [None if taken is None else taken.isoformat(sep=" ")]),
        Column("recorded_on", [None if taken is None else taken.date()]),
    ]
    wkb: list[bytes | None] = [None if place is None else struct.pack("<BI2d", 1, 1, *place)]
    return [Parsed(None, columns, [1], wkb, "EPSG:4326", told)]


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    """Return longitude and latitude in degrees; None where a phone wrote none, or zeros."""
    lon, lat = _degrees(gps.get(_LONGITUDE)), _degrees(gps.get(_LATITUDE))
    if lon is None or lat is None or (lon == 0 and lat == 0) or lon > 180 or lat > 90:
        return None
    west = str(gps.get(_EAST_OR_WEST, "E")).strip("\0 ").upper() == "W"
    south = str(gps.get(_NORTH_OR_SOUTH, "N")).strip("\0 ").upper() == "S"
    return -lon if west else lon, -lat if south else lat


def _at_zero(gps: dict[int, Any]) -> bool:
    """Whether a phone wrote zeros because it had no satellites."""
    return _degrees(gps.get(_LONGITUDE)) == 0 == _degrees(gps.get(_LATITUDE))


def _degrees(parts: Any) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    total = degrees + minutes / 60 + seconds / 3600
    return total if 0 <= total <= 180 else None


def _taken(exif: dict[int, Any]) -> dt.datetime | None:
    """Return when it was taken, by the clock of Viet Nam."""
    text: Cell = exif.get(_TAKEN)
    try:
        moment = dt.datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - EXIF has its zone apart
    except ValueError:
        return None
    zone = str(exif.get(_ZONE, "")).strip("\0 ")
    if not zone:
        return moment  # phones write the clock of the place
    try:
        return (
            dt.datetime.fromisoformat(f"{moment.isoformat()}{zone}")
            .astimezone(VIETNAM)
            .replace(tzinfo=None)
        )
    except ValueError:
        return moment
