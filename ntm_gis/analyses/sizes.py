"""From which size on a cultural house counts: `data/culture/cultural_house.toml`."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field as Key

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules.toml import Strict, load

if TYPE_CHECKING:
    from ntm_gis.rules.commune import Identity


class Size(Strict):
    """One dated row: for which communes, and how large a house must be."""

    since: dt.date = Key(alias="from")
    special_difficulty: bool = False
    regions: tuple[str, ...] = ()
    floor_m2: float
    seats: float
    citation: str
    status: str

    def fits(self, commune: Identity) -> bool | None:
        """Whether the row is for a commune; None where its region is not known."""
        if self.special_difficulty:
            return commune.special_difficulty
        if not self.regions:
            return True
        return None if commune.region is None else commune.region in self.regions

    def admits(self, floor_m2: float, seats: float) -> bool | None:
        """Whether a house is large enough (NaN: not recorded); None where that is not known.

        Examples
        --------
        >>> nan = float("nan")
        >>> size = Size(**{"from": dt.date(2016, 1, 1)}, floor_m2=100, seats=50,
        ...             citation="4688/HD-BVHTTDL (2016)", status="unverified")
        >>> size.admits(120, 60), size.admits(nan, 40), size.admits(nan, 60)
        (True, False, None)
        """
        if floor_m2 < self.floor_m2 or seats < self.seats:
            return False
        return True if floor_m2 >= self.floor_m2 and seats >= self.seats else None


class _Sizes(Strict):
    sizes: tuple[Size, ...] = Key(alias="size")


@lru_cache(maxsize=1)
def all_sizes() -> tuple[Size, ...]:
    """Return every row, as the file has them."""
    return load(shipped.path("data", "culture", "cultural_house.toml"), _Sizes, RuleError).sizes


def sizes_for(commune: Identity, rows: tuple[Size, ...] | None = None) -> tuple[Size, ...]:
    """Return the size in force for a commune; several where its region is not known.

    Empty where no row is in force on the day of the figures.
    """
    in_force = [row for row in rows or all_sizes() if row.since <= commune.as_of]
    if not in_force:
        return ()
    latest = max(row.since for row in in_force)
    out = []
    for row in in_force:
        fits = row.fits(commune) if row.since == latest else False
        if fits is not False:
            out.append(row)
        if fits:
            break
    return tuple(out)
