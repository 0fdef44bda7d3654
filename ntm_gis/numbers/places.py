"""A place written any way: degrees, VN-2000 X/Y, a map link, a chainage, a village's name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Literal

from ntm_gis.numbers.blanks import is_blank
from ntm_gis.numbers.chainage import chainage_pattern, from_match
from ntm_gis.numbers.coordinates import (
    EASTING,
    LATITUDE,
    LONGITUDE,
    NORTHING,
    ZONE_PREFIX,
    within,
    zone_number,
)
from ntm_gis.numbers.parsing import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

PlaceKind = Literal["degrees", "grid", "chainage", "name", "none"]
PlaceProblem = Literal["blank", "outside", "impossible", "link", "metres", "unclear"]


@dataclass(frozen=True, slots=True)
class Place:
    """What a cell of the column "Vị trí" says.

    Attributes
    ----------
    kind : str
        "degrees" (`lat`, `lon`), "grid" (`north_m`, `east_m`, zone unknown), "chainage"
        (`chainage_cm`, `road`), "name" (`name`), "none".
    lat, lon : float
        Degrees, WGS 84 as phones and map pages give them.
    north_m, east_m : float
        VN-2000 metres. VN surveyors write X for north and Y for east; magnitude decides.
    zone_prefix : int
        A zone number that stood before the easting (18571979.18) and was taken off.
    problem : str
        "blank"; "outside" (two numbers, but no place in Viet Nam); "impossible" (75 minutes);
        "link" (a map link without coordinates); "metres" (1,000 m or more after Km…+);
        "unclear" (figures that are no place).
    swapped : bool
        Whether the order or the letters said the other way round than the numbers.
    """

    kind: PlaceKind
    lat: float | None = None
    lon: float | None = None
    north_m: float | None = None
    east_m: float | None = None
    zone_prefix: int | None = None
    chainage_cm: int | None = None
    road: str | None = None
    name: str | None = None
    problem: PlaceProblem | None = None
    swapped: bool = False


def parse_place(value: object) -> Place:
    """Read a place from a cell.

    Examples
    --------
    >>> place = parse_place("103.7162, 22.2192")
    >>> place.kind, place.lat, place.lon
    ('degrees', 22.2192, 103.7162)
    >>> place = parse_place("X=2455972,70; Y=571979,18")
    >>> place.kind, place.north_m, place.east_m
    ('grid', 2455972.7, 571979.18)
    >>> place = parse_place("Km3+200 đường Hô Tra")
    >>> place.kind, place.chainage_cm, place.road
    ('chainage', 320000, 'đường Hô Tra')
    >>> parse_place("bản Hô Tra").kind
    'name'
    """
    if is_blank(value):
        return Place("none", problem="blank")
    if not isinstance(value, str):
        return parse_place(str(value))
    text = " ".join(unicodedata.normalize("NFC", value).translate(_SAME).split())
    for read in (_from_link, _from_angles, _from_pair, _from_chainage):
        place = read(text)
        if place is not None:
            return place
    if any(c.isalpha() for c in text) or re.fullmatch("[0-9]{1,3}", text):
        return _name(text)
    return Place("none", problem="unclear")


def _from_link(text: str) -> Place | None:
    plain = text.replace("%2C", ",").replace("%2c", ",")
    for pattern in _links():
        found = pattern.search(plain)
        if found:
            return _degrees(float(found[1]), float(found[2])) or Place("none", problem="outside")
    looks = re.search(r"://|^www\.|\bgoo\.gl/|^geo:", plain, re.IGNORECASE)
    return Place("none", problem="link") if looks else None


def _from_angles(text: str) -> Place | None:
    found = list(_angle().finditer(text))
    rest = _angle().sub("", text).strip(" ,;:-()")
    if len(found) != 2 or rest:
        return None
    angles = [_angle_value(match) for match in found]
    if None in angles:
        return Place("none", problem="impossible")
    first, second = (angle for angle in angles if angle is not None)
    return _degrees(first, second) or Place("none", problem="outside")


def _from_pair(text: str) -> Place | None:
    """Read two numbers: every cut at a separator is tried, and one alone must make sense."""
    bare, labels = _label().subn(";", text)
    if re.search(r"[^0-9.,;|/ \-+]", bare):
        return None
    north_last = bool(re.match(r"(?:y|e|đ|đông|hoành độ|lon|lng|kinh độ)\b", text, re.IGNORECASE))
    places: list[Place] = []
    precise = False
    for first, second in _cuts(bare):
        for a, b in product(_readings(first), _readings(second)):
            # Two whole numbers are no degrees: "22, 103" may be anything.
            exact = not (a.is_integer() and b.is_integer())
            precise = precise or exact
            place = (_degrees(a, b) if exact else None) or _grid(a, b, north_last=north_last)
            if place is not None and place not in places:
                places.append(place)
    if len(places) == 1:
        return places[0]
    return Place("none", problem="outside") if precise or labels else None


def _from_chainage(text: str) -> Place | None:
    found = chainage_pattern().search(text)
    if found is None:
        return None
    read = from_match(found)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    road = re.sub(
        r"^(?:(?:tại|trên|lý trình|thuộc|của)\s+)+", "", rest.strip(" ,;:-()."), flags=re.IGNORECASE
    )
    problem: PlaceProblem | None = "metres" if read.problem == "metres" else None
    return Place(
        "chainage", chainage_cm=read.cm, road=" ".join(road.split()) or None, problem=problem
    )


def _degrees(first: float, second: float) -> Place | None:
    if within(first, LATITUDE) and within(second, LONGITUDE):
        return Place("degrees", lat=first, lon=second)
    if within(second, LATITUDE) and within(first, LONGITUDE):
        return Place("degrees", lat=second, lon=first, swapped=True)
    return None


def _grid(first: float, second: float, *, north_last: bool) -> Place | None:
    prefix = None
    pair = []
    for number in (first, second):
        zone = zone_number(number)
        prefix = prefix if zone is None else zone
        pair.append(number if zone is None else round(number - zone * ZONE_PREFIX, 6))
    north, east = max(pair), min(pair)
    if not (within(north, NORTHING) and within(east, EASTING)):
        return None
    swapped = (pair[0] == east) != north_last
    return Place("grid", north_m=north, east_m=east, zone_prefix=prefix, swapped=swapped)


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    hard = [part.strip() for part in re.split(r"[;|/]", text)]
    parts = [part.strip(" ,") for part in hard if part.strip(" ,")]
    if len(parts) == 2:
        yield parts[0], parts[1]
    elif len(parts) == 1:
        for mark in re.finditer(r", | |,", parts[0]):
            yield parts[0][: mark.start()].strip(" ,"), parts[0][mark.end() :].strip(" ,")


def _readings(text: str) -> tuple[float, ...]:
    """Return every number a text can stand for; the range of coordinates decides later."""
    found: dict[float, None] = {}
    for hint in (None, "vi", "en"):
        parsed = parse_number(text, hint)
        if parsed.value is not None and parsed.unit in (None, "m"):
            found[parsed.value] = None
    return tuple(found)


def _angle_value(found: re.Match[str]) -> float | None:
    degrees, minutes, seconds = (
        float((found[part] or "0").replace(",", ".")) for part in ("d", "m", "s")
    )
    if minutes >= 60 or seconds >= 60:
        return None
    return degrees + minutes / 60 + seconds / 3600


def _name(text: str) -> Place:
    return Place("name", name=text)


_SAME = {0x00A0: " ", 0x202F: " ", 0x2212: "-", 0x2013: "-", 0x2014: "-", 0x200B: ""}


@lru_cache(maxsize=1)
def _links() -> tuple[re.Pattern[str], ...]:
    number = r"(-?[0-9]{1,3}(?:\.[0-9]+)?)"
    pair = rf"{number},(?: |\+|%20)?{number}"
    texts = (
        rf"!3d{number}!4d{number}",  # the pin, before the middle of the screen
        rf"[?&](?:q|query|ll|sll|center|destination|daddr)=(?:loc:)?{pair}",
        rf"[?&]mlat={number}&mlon={number}",
        rf"^geo:{pair}",
        rf"/(?:place|search|dir)/+{pair}",
        rf"@{pair}",
        rf"#map=[0-9.]+/{number}/{number}",
    )
    return tuple(re.compile(text, re.IGNORECASE) for text in texts)


@lru_cache(maxsize=1)
def _angle() -> re.Pattern[str]:
    side = r"(?<![^\W\d_])(?:vĩ độ|kinh độ|bắc|đông|[NEBĐ])(?![^\W\d_])"
    number = r"[0-9]{1,3}(?:[.,][0-9]+)?"
    return re.compile(
        rf"(?:{side}[ :=.]*)?(?P<d>{number}) ?(?:[°º˚]|độ) ?"
        rf"(?:(?P<m>{number}) ?(?:['’′‘´](?!['’′‘´])|phút) ?)?"
        rf"(?:(?P<s>{number}) ?(?:[\"”″“]|['’′‘´]{{2}}|giây) ?)?"
        rf"(?:{side})?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    words = "tung độ|hoành độ|vĩ độ|kinh độ|latitude|longitude|lat|long|lon|lng|bắc|đông"
    return re.compile(rf"(?<!\w)(?:{words}|[xynebđ])\s*(?:\([a-z]+\)\s*)?[:=]?", re.IGNORECASE)
