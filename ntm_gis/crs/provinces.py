"""Which province uses, or used, which central meridian: dated rows with their source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ntm_gis.crs.zones import (
    Zone,
    meridian_degrees,
    meridian_text,
    plain_text,
    table_rows,
    utm_zones,
    zones,
)


@dataclass(frozen=True, slots=True)
class ProvinceMeridian:
    """One row of a table of provincial meridians.

    `k0` is None where the source gives none; it is never taken over from another table.
    `status` and `citation` are the row's own: a third-party transcription is a hint.
    """

    province: str
    longitude: float
    k0: float | None
    valid_from: date | None
    valid_to: date | None
    status: str
    citation: str

    @property
    def meridian(self) -> str:
        """The central meridian with the prime."""
        return meridian_text(self.longitude)


def meridians(province: str) -> tuple[ProvinceMeridian, ...]:
    """Return the meridians known for a province, the older table first; empty if unknown.

    The name may be that of a province before or after 1 July 2025, with or without "tỉnh".

    Examples
    --------
    >>> [(row.meridian, row.k0, row.status) for row in meridians("Lai Châu")]
    [('103°00′', 0.9999, 'cited'), ('104°45′', None, 'cited')]
    """
    key = _province_key(province)
    return tuple(row for row in _provinces() if _province_key(row.province) == key)


def province_names() -> tuple[str, ...]:
    """Return the names of all provinces, those of today first, then those before July 2025.

    Examples
    --------
    >>> len(province_names()) >= 63, "Lai Châu" in province_names()
    (True, True)
    """
    rows = _provinces()
    today = [row.province for row in rows if row.valid_to is None]
    return tuple(dict.fromkeys([*today, *(row.province for row in rows)]))


def advised_zone(province: str, lon: float, lat: float) -> Zone:
    """Return the zone to work in: the least distorted at a place among the province's own.

    Without a known province, the least distorted of all.

    Parameters
    ----------
    province : str
        The province's name.
    lon, lat : float
        A place in the middle of the commune, in degrees.

    Examples
    --------
    >>> advised_zone("Lai Châu", 103.70, 22.20).code
    'EPSG:9205'
    """
    known = {row.longitude for row in meridians(province)} | _other_meridians(province)
    choice = [z for z in zones() if z.longitude in known] or list(zones())
    return min(choice, key=lambda z: (abs(z.scale_at(lon, lat) - 1), abs(z.longitude - lon)))


@lru_cache(maxsize=1)
def _provinces() -> tuple[ProvinceMeridian, ...]:
    by_epsg = {zone.epsg: zone for zone in (*zones(), *utm_zones())}
    old = (
        ProvinceMeridian(
            province=row["province"],
            longitude=meridian_degrees(row["meridian"]),
            k0=by_epsg[int(row["epsg"])].k0,
            valid_from=None,
            valid_to=date.fromisoformat(row["valid_to"]),
            status=row["status"],
            citation=row["citation"],
        )
        for row in table_rows("provinces_63.csv")
    )
    new = (
        ProvinceMeridian(
            province=row["province"],
            longitude=meridian_degrees(row["meridian"]),
            k0=float(row["scale_factor"]) if row["scale_factor"] else None,
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=None,
            status=row["status"],
            citation=row["citation"],
        )
        for row in table_rows("provinces_34.csv")
    )
    return (*old, *new)


def _other_meridians(province: str) -> set[float]:
    """Return the meridians of the former provinces that a province took in."""
    key = _province_key(province)
    rows = (row for row in table_rows("provinces_34.csv") if _province_key(row["province"]) == key)
    return {meridian_degrees(text) for row in rows for text in row["other_meridians"].split()}


def _province_key(name: str) -> str:
    words = plain_text(name)
    for prefix in ("tinh ", "thanh pho ", "tp "):
        words = words.removeprefix(prefix)
    return {"hcm": "ho chi minh", "thua thien hue": "hue"}.get(words, words)
