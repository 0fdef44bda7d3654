"""Reference systems as QGIS keeps them."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from ntm_gis import crs

ELLIPSOID = "EPSG:7030"
"""That of VN-2000 and of WGS 84."""


def system(tag: str, zone: str) -> Element:
    """Return a reference system in full: QGIS reads it from the project, not from the data."""
    found = crs.to_crs(zone)
    out = Element(tag)
    out.append(spatial(zone))
    held = out[0]
    held.set("nativeFormat", "Wkt")
    SubElement(held, "wkt").text = found.to_wkt()
    # Any number of its own list makes QGIS take the system by its name below.
    SubElement(held, "srsid").text = "1"
    SubElement(held, "srid").text = str(found.to_epsg())
    SubElement(held, "description").text = found.name
    SubElement(held, "projectionacronym").text = "tmerc"
    SubElement(held, "ellipsoidacronym").text = ELLIPSOID
    SubElement(held, "geographicflag").text = "false"
    return out


def spatial(zone: str) -> Element:
    """Return a reference system by its name alone."""
    out = Element("spatialrefsys")
    SubElement(out, "authid").text = f"EPSG:{crs.to_crs(zone).to_epsg()}"
    return out
