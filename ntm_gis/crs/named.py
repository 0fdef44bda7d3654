"""Reading the name of a reference system as people write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ntm_gis.crs.definitions import accepted
from ntm_gis.crs.provinces import meridians
from ntm_gis.crs.zones import from_epsg, meridian_text, plain_text, utm_zones, zones
from ntm_gis.errors import CrsError

if TYPE_CHECKING:
    from pyproj import CRS


def parse_crs(text: str) -> CRS:
    """Return the system that a text names, as typed into commune.toml or said in an office.

    Understood are EPSG codes ("EPSG:9205", "9205"), VN-2000 with its meridian ("VN-2000 103",
    "VN2000 KTT 104-45 múi 3", "kinh tuyến trục 104°45'"), VN-2000 in UTM ("VN-2000 UTM 48"),
    VN-2000 of a province with one meridian, and WGS 84, also in UTM. A meridian without a word
    on the zone's width means 3 degrees.

    Raises
    ------
    CrsError
        HN-72; a PROJ or WKT text; VN-2000 without a meridian, or with one that has no zone;
        k₀ 0.9996 with a provincial meridian; anything else that names no system.

    Examples
    --------
    >>> [parse_crs(t).to_epsg() for t in ("VN-2000 103", "VN2000 KTT 104-45 múi 3", "WGS84")]
    [9205, 9208, 4326]
    """
    if re.search(r"\+(?:proj|init|towgs84)|\b[A-Z]+(?:CS|CRS)\[", text):
        raise CrsError("CRS_TEXT_REFUSED", value=text)
    # "KTT103" and "48N" are two words each.
    plain = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", plain_text(text))
    if re.search(r"hn ?72|ha ?noi ?(?:19)?72|krass?ov", plain):
        raise CrsError("CRS_HN72", found=text)
    code = re.fullmatch(r"(?:urn ogc def crs )?(?:epsg )?(?:\d{1,2} )?(\d{4,6})", plain)
    if code:
        return accepted(from_epsg(int(code[1])))
    if re.fullmatch(r"(?:urn ogc def crs )?(?:ogc )?(?:1\.3 )?crs 84", plain):
        return from_epsg(4326)
    if "wgs" in plain:
        return _named_wgs84(plain, text)
    if re.search(r"vn ?2000|ktt|kinh tuyen|tm ?3|\bmui\b", plain):
        return from_epsg(_named_vn2000(plain, text))
    if re.fullmatch(r"(?:gps|lon ?lat|lat ?lon|kinh do(?: va)? vi do|kinh vi do)", plain):
        return from_epsg(4326)
    raise CrsError("CRS_UNKNOWN", value=text)


def _named_wgs84(plain: str, text: str) -> CRS:
    rest = re.sub(r"wgs ?(?:19)?84", " ", plain)
    if not re.search(r"utm|\bmui\b|zone", rest):
        return from_epsg(4326)
    number = re.search(r"\b(48|49)(?: ?n| bac)?\b", rest)
    if number is None:
        raise CrsError("CRS_UNKNOWN", value=text)
    return from_epsg(32600 + int(number[1]))


def _named_vn2000(plain: str, text: str) -> int:
    rest = re.sub(r"vn ?2000", " ", plain)
    odd_scale = "0.9996" in rest
    six = odd_scale or re.search(r"utm|\bmui(?: chieu)? 6\b|\b6 do\b|\b4[89] ?n\b", rest)
    rest = re.sub(r"0\.999[69]|\b[36] ?do\b|\bmui(?: chieu)? [36]\b|tm ?[36]\b", " ", rest)
    by_number = {"48": 3405, "49": 3406, "481": 5896, "482": 5897, "491": 5898}
    number = re.search(r"\b(481|482|491|48|49)\b", rest)
    if number and (six or len(number[1]) == 3 or re.search(r"\bmui\b|zone", rest)):
        return by_number[number[1]]
    longitudes = _longitudes(rest)
    if longitudes:
        return _zone_of(longitudes, text, six=bool(six), odd_scale=odd_scale)
    if re.search(r"dia ly|kinh do|vi do|lat|lon|geographic", rest):
        return 4756
    return _of_province(rest, text)


def _longitudes(plain: str) -> list[float]:
    """Return the meridians a text may mean; "104.45" is tried as degrees and as minutes."""
    found = re.search(r"\b(1[01][0-9])(?:(\.)([0-9]{1,2})|[ ]+(?:do )?([0-9]{2}))?\b", plain)
    if found is None:
        return []
    degrees, dot, part, minutes = found.groups()
    if dot:
        return [float(f"{degrees}.{part}"), int(degrees) + int(part) / 60]
    return [int(degrees) + int(minutes or 0) / 60]


def _zone_of(longitudes: list[float], text: str, *, six: bool, odd_scale: bool) -> int:
    for choice in (utm_zones() if six else zones(), utm_zones()):
        for zone in choice:
            if any(abs(zone.longitude - longitude) < 1e-6 for longitude in longitudes):
                return zone.epsg
        if six:
            break
    provincial = [z for z in zones() if any(abs(z.longitude - lon) < 1e-6 for lon in longitudes)]
    if odd_scale and provincial:
        raise CrsError("CRS_SCALE_9996", meridian=provincial[0].meridian)
    known = ", ".join(zone.meridian for zone in (utm_zones() if six else zones()))
    raise CrsError("CRS_MERIDIAN_UNKNOWN", value=text, known=known)


def _of_province(plain: str, text: str) -> int:
    rows = meridians(" ".join(re.sub(r"\b(?:ktt|kinh tuyen|truc|mui|zone)\b", " ", plain).split()))
    found = sorted({row.longitude for row in rows})
    if len(found) == 1:
        return _zone_of(found, text, six=False, odd_scale=False)
    known = ", ".join(meridian_text(longitude) for longitude in found)
    if known:
        raise CrsError("CRS_MERIDIAN_AMBIGUOUS", value=text, known=known)
    raise CrsError("CRS_MERIDIAN_MISSING", value=text)
