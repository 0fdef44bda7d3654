"""How large coordinates are in Viet Nam: by its size a number is told to be one, and which.

The ranges of latitude and longitude do not meet, nor do those of northing and easting, so the
order of two numbers need not be said.
"""

from __future__ import annotations

Span = tuple[float, float]

LATITUDE: Span = (6.0, 24.0)
LONGITUDE: Span = (102.0, 118.0)
"""The country with its islands, in degrees."""

ANY_LATITUDE: Span = (-90.0, 90.0)
ANY_LONGITUDE: Span = (-180.0, 180.0)
"""Degrees at all."""

NORTHING: Span = (750_000.0, 2_700_000.0)
EASTING: Span = (100_000.0, 950_000.0)
"""VN-2000 or UTM in a zone that suits the place, in metres."""

ANY_NORTHING: Span = (600_000.0, 2_800_000.0)
ANY_EASTING: Span = (-500_000.0, 1_500_000.0)
"""In any zone of the country, however far from its meridian: what was exported in another's."""

ZONE_PREFIX = 1_000_000.0
ZONE_NUMBERS = (18, 19, 48, 49)
"""Some programs put the number of the zone before the easting: 18 571 979."""


def within(number: float, span: Span) -> bool:
    """Say whether a number lies in a range.

    Examples
    --------
    >>> within(22.2, LATITUDE), within(103.7, LATITUDE)
    (True, False)
    """
    return span[0] <= number <= span[1]


def zone_number(easting: float) -> int | None:
    """Return the zone number that stands before an easting, None where there is none.

    Examples
    --------
    >>> zone_number(18_571_979.18), zone_number(571_979.18), zone_number(float("nan"))
    (18, None, None)
    """
    number = easting // ZONE_PREFIX
    return int(number) if number in ZONE_NUMBERS else None
