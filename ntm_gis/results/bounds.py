"""Sharp bounds of sums and shares where some of what enters is unknown.

Each unknown is set once, for numerator and denominator together. Checked against enumeration
of all completions in the tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.errors import NotComputable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing of a share: its known part or the ways it can turn out.

    Parameters
    ----------
    ways : tuple of (numerator, denominator)
        The ways it can be. One way: it is known. `math.inf` stands for an amount that nobody
        recorded: `(inf, inf)` counts for any size from nothing up, `(0, inf)` against, and
        `(p, inf)` is a numerator p in a denominator of p or more.
    """

    ways: tuple[tuple[float, float], ...]

    @property
    def known(self) -> bool:
        """It can turn out in one way only."""
        return len(self.ways) == 1 and not any(math.isinf(x) for x in self.ways[0])


@dataclass(frozen=True, slots=True)
class Share:
    """A share in per cent: over what is known, and its least and greatest."""

    value: float | None
    low: float
    high: float
    numerator: float
    denominator: float


def share(units: Iterable[Unit]) -> Share:
    """Return the share of the numerators in the denominators, in per cent, with sharp bounds.

    Parameters
    ----------
    units : iterable of Unit
        Numerators between 0 and their denominators.

    Returns
    -------
    Share
        `value`, `numerator`, `denominator` over the known units; `low` and `high` over all
        completions; 0 and 100 where there may be nothing at all, because nothing bounds a share
        of nothing.

    Raises
    ------
    NotComputable
        Of a known unit the part is larger than the whole, or negative: whoever asks has to say
        first which of the two numbers is not to be believed.

    Examples
    --------
    Two kilometres hardened, six and a half not, one and a half unknown, one without length:

    >>> s = share([Unit(((2.5, 2.5),)), Unit(((0, 6.5),)), Unit(((0, 1.5), (1.5, 1.5)))])
    >>> round(s.value, 1), round(s.low, 1), round(s.high, 1)
    (27.8, 23.8, 38.1)
    """
    units = list(units)
    known = [unit.ways[0] for unit in units if unit.known]
    for part, whole in known:
        if not 0.0 <= part <= whole * (1 + _SLACK):
            raise NotComputable("SHARE_OVER_WHOLE", part=part, whole=whole)
    numerator = math.fsum(n for n, _ in known)
    denominator = math.fsum(d for _, d in known)
    rest = [unit.ways for unit in units if not unit.known]
    low, high = 0.0, 100.0
    if denominator > 0 or any(all(d > 0 for _, d in ways) for ways in rest):
        low = _extreme(numerator, denominator, rest, best=False)
        high = _extreme(numerator, denominator, rest, best=True)
    value = 100 * numerator / denominator if denominator > 0 else None
    return Share(value, low, high, numerator, denominator)


def _extreme(
    numerator: float,
    denominator: float,
    rest: Sequence[tuple[tuple[float, float], ...]],
    *,
    best: bool,
) -> float:
    """Return the greatest (or least) share over all ways; Dinkelbach's method, exact."""
    endless = [way for ways in rest for way in ways if math.isinf(way[1])]
    if best and any(math.isinf(n) for n, _ in endless):
        return 100.0  # a numerator without end outweighs everything
    if not best and any(math.isfinite(n) for n, _ in endless):
        return 0.0
    # An amount without end that would only pull the wrong way is taken at its least.
    finite = [tuple(_least(way) for way in ways) for ways in rest]
    target = 1.0 if not best else 0.0
    sign = 1.0 if best else -1.0
    for _ in range(len(rest) + 2):
        chosen = [max(ways, key=lambda w: sign * (w[0] - target * w[1])) for ways in finite]
        n = math.fsum([numerator, *(w[0] for w in chosen)])
        d = math.fsum([denominator, *(w[1] for w in chosen)])
        if d <= 0:
            return _of_one(rest, best=best)
        if math.isclose(n / d, target, rel_tol=1e-15, abs_tol=1e-15):
            break
        target = n / d
    return min(100.0, max(0.0, 100 * target))


def _least(way: tuple[float, float]) -> tuple[float, float]:
    """Return a way with its endless amounts at their least."""
    if math.isfinite(way[1]):
        return way
    return (way[0], way[0]) if math.isfinite(way[0]) else (0.0, 0.0)


def _of_one(rest: Sequence[tuple[tuple[float, float], ...]], *, best: bool) -> float:
    """Return the extreme where amounts without end leave nothing else in the denominator.

    They are something, however little; and the share of several is never outside the shares of
    each.
    """
    ratios = [_ratio(n, d, best=best) for ways in rest for n, d in ways if d > 0]
    return 100 * min(1.0, max(0.0, max(ratios) if best else min(ratios)))


def _ratio(numerator: float, denominator: float, *, best: bool) -> float:
    if math.isinf(numerator):
        return 1.0
    if math.isinf(denominator):  # from the numerator on, or without end
        return 1.0 if best and numerator > 0 else 0.0
    return numerator / denominator


def total(amounts: Iterable[tuple[float | None, float | None]]) -> tuple[float, float | None]:
    """Return the least and the greatest sum of amounts given by their bounds.

    Examples
    --------
    >>> total([(2.0, 2.0), (0.0, 1.5), (0.0, None)])
    (2.0, None)
    """
    pairs = list(amounts)
    low = math.fsum(a for a, _ in pairs if a is not None)
    if any(b is None for _, b in pairs):
        return low, None
    return low, math.fsum(b for _, b in pairs if b is not None)
