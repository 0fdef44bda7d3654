"""Units, their dated changes, and the shares that changes have: what lineages are made of.

A unit is a commune or a village. Codes are used again (03601 is the old Mường Khoa and the new
one), so a unit is a code on a day.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

ROUNDED = 0.005
"""How far a share written to two decimals may be from what was meant."""

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A commune or village as it is called over some time: two of one code differ in name."""

    code: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on an old unit, or a part of it, belongs to a new one.

    Parameters
    ----------
    share : float or None
        The part of the old unit's people that goes into the new one, 0 to 1; None: not known.
    """

    old: Unit
    new: Unit
    on: dt.date
    share: float | None = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """A unit with the share of something that it has, between `low` and `high`."""

    unit: Unit
    low: float = 1.0
    high: float = 1.0

    @property
    def share(self) -> float | None:
        """The share, None where it is not known."""
        return self.low if self.low == self.high else None

    @property
    def whole(self) -> bool:
        """All of it, for certain."""
        return self.low == 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """A unit with the first and the last day on which it is called so (None: no end known)."""

    unit: Unit
    since: dt.date | None = None
    until: dt.date | None = None

    def on(self, day: dt.date) -> bool:
        """Whether it is called so on a day.

        Examples
        --------
        >>> Label(Unit("A", "A"), until=dt.date(2025, 6, 30)).on(dt.date(2025, 7, 1))
        False
        """
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def shares(changes: Sequence[Change]) -> list[Bounds]:
    """Return the share that each change of one old unit on one day has, with its bounds.

    Known shares that miss 1 by rounding are made to add up to 1, so that nothing is lost; of
    one that is not known the rest is its share, of several each has between nothing and the
    rest.

    Examples
    --------
    >>> a, day = Unit("A", "A"), dt.date(2024, 1, 1)
    >>> three = [Change(a, Unit(c, c), day, share) for c, share in (("B", 0.2), ("C", None))]
    >>> shares(three)
    [(0.2, 0.2), (0.8, 0.8)]
    """
    known = [change.share for change in changes if change.share is not None]
    total = math.fsum(known)
    unknown = len(changes) - len(known)
    rest = max(0.0, 1.0 - total)
    if not unknown:
        by = total if 0 < abs(total - 1.0) <= ROUNDED * len(known) + 1e-12 else 1.0
        return [((c.share or 0.0) / by, (c.share or 0.0) / by) for c in changes]
    least = rest if unknown == 1 else 0.0
    return [(least, rest) if c.share is None else (c.share, c.share) for c in changes]
