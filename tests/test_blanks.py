"""One idea of a blank cell and of the size of a coordinate, whoever reads it."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from ntm_gis import crs, numbers
from ntm_gis.layers import cells
from ntm_gis.numbers import coordinates
from ntm_gis.sources import pairs
from ntm_gis.sources.readers.parsed import Column, Parsed

BLANK = ["", " ", "-", "–", "—", "−", "…", "...", ".", "--", " - ", "/", "\u00a0", "\u200b-", "….."]
FILLED = ["0", "x", "n/a", "none", "?", "không", "-1", "1/2", "a-b"]


@pytest.mark.parametrize("cell", BLANK)
def test_every_reader_knows_the_same_blanks(cell: str) -> None:
    assert numbers.is_blank(cell)
    for read in (numbers.parse_number, numbers.parse_date, numbers.parse_bool,
                 numbers.parse_chainage, numbers.parse_place):  # fmt: skip
        assert read(cell).problem == "blank", read
    assert cells.is_unknown(cell)
    table = Parsed(None, [
        Column("X", [cell, 2_455_000.0, 2_455_001.0]), Column("Y", [cell, 571_000.0, 571_001.0]),
    ], [1, 2, 3])  # fmt: skip
    found = pairs.positions(table, {})
    assert found is not None
    assert found.told == []


@pytest.mark.parametrize("cell", FILLED)
def test_what_says_something_is_no_blank(cell: str) -> None:
    assert not numbers.is_blank(cell)


def test_what_libraries_put_for_nothing_is_blank() -> None:
    for cell in (None, math.nan, np.float32("nan"), Decimal("NaN"), pd.NA, pd.NaT):
        assert numbers.is_blank(cell)
    for cell in (0, 0.0, False, 10**400, Decimal(0), [], ()):
        assert not numbers.is_blank(cell)


def test_ranges_of_coordinates_tell_their_order() -> None:
    def apart(a: coordinates.Span, b: coordinates.Span) -> bool:
        return a[1] < b[0] or b[1] < a[0]

    assert apart(coordinates.LATITUDE, coordinates.LONGITUDE)
    west = min(zone.longitude for zone in crs.zones())
    assert coordinates.within(west, coordinates.LONGITUDE)


@pytest.mark.parametrize("code", [zone.code for zone in (*crs.zones(), *crs.utm_zones())])
def test_ranges_hold_every_corner_of_the_country_in_every_zone(code: str) -> None:
    """Corners of the mainland (8.4–23.4 N, 102.1–109.5 E), by pyproj."""
    corners = [(lon, lat) for lon in (102.14, 106.0, 109.47) for lat in (8.4, 16.0, 23.4)]
    there = crs.transformer("EPSG:4756", code)
    for lon, lat in corners:
        east, north = there.transform(lon, lat)
        assert coordinates.within(east, coordinates.ANY_EASTING)
        assert coordinates.within(north, coordinates.ANY_NORTHING)
        if abs(lon - crs.zone(code).longitude) <= 3:
            assert coordinates.within(east, coordinates.EASTING)
            assert coordinates.within(north, coordinates.NORTHING)
