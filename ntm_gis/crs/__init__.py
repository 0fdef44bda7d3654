"""VN-2000 and its neighbours: zones, names, transformations, detection, areas.

All work on reference systems goes through here and through pyproj, by EPSG codes alone.
"""

from __future__ import annotations

from ntm_gis.crs.areas import ellipsoidal_ha
from ntm_gis.crs.datum import DatumShift, datum_shift_fingerprint
from ntm_gis.crs.definitions import accepted, doubtful_datum, identify, require_metric
from ntm_gis.crs.hypotheses import Hypothesis, hypotheses
from ntm_gis.crs.named import parse_crs
from ntm_gis.crs.provinces import ProvinceMeridian, advised_zone, meridians, province_names
from ntm_gis.crs.transform import lonlat, reproject, to_zone, transformer
from ntm_gis.crs.zones import (
    CrsLike,
    Zone,
    meridian_label,
    to_crs,
    utm_zones,
    zone,
    zones,
)

__all__ = [
    "CrsLike",
    "DatumShift",
    "Hypothesis",
    "ProvinceMeridian",
    "Zone",
    "accepted",
    "advised_zone",
    "datum_shift_fingerprint",
    "doubtful_datum",
    "ellipsoidal_ha",
    "hypotheses",
    "identify",
    "lonlat",
    "meridian_label",
    "meridians",
    "parse_crs",
    "province_names",
    "reproject",
    "require_metric",
    "to_crs",
    "to_zone",
    "transformer",
    "utm_zones",
    "zone",
    "zones",
]
