"""The fewest things whose survey decides whether a share meets its limit, whatever it finds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis.results import Threshold, Unit, share

_MOST_TRIES, _MOST_SUMS, _OFFERED = 20_000, 4_096, 3
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is not known, and what to look at to know it.

    Parameters
    ----------
    layer : str
    features : tuple of str
        Ids to survey together.
    ways : tuple of (numerator, denominator)
        The ways it can turn out.
    amount : float
        How much there is to survey, in `unit`: kilometres, hectares; a count.
    """

    layer: str
    features: tuple[str, ...]
    ways: tuple[tuple[float, float], ...]
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Things to survey. `sure`: there is no smaller set that decides."""

    open: tuple[Open, ...]
    sure: bool

    @property
    def amount(self) -> float:
        """How much there is to survey, in the unit of its things."""
        return math.fsum(one.amount for one in self.open)

    @property
    def features(self) -> tuple[tuple[str, str], ...]:
        """(layer, id) to survey, each once."""
        return tuple(dict.fromkeys((one.layer, f) for one in self.open for f in one.features))


def holds(known: tuple[float, float], every: Sequence[Open], low: float, high: float) -> bool:
    """Whether known amounts and open ones make bounds: then nothing else is unknown."""
    part, whole = known
    found = share([Unit(((part, whole),)), *(Unit(one.ways) for one in every)])
    return math.isclose(found.low, low, abs_tol=1e-6) and math.isclose(
        found.high, high, abs_tol=1e-6
    )


def smallest(
    known: tuple[float, float], every: Sequence[Open], threshold: Threshold
) -> tuple[Plan, ...]:
    """Return the smallest sets whose survey decides, the least to survey first.

    Parameters
    ----------
    known : (numerator, denominator)
        Of what is known.
    every : sequence of Open
    threshold : Threshold
        In per cent.

    Notes
    -----
    A share meets `at_least` t where the sum of numerator - t · denominator is not negative. A set
    decides if, whatever its members turn out to be, the others cannot carry the sum across zero:
    no sum of the set's outcomes lies in a window as wide as all the others can swing.

    Examples
    --------
    Of 40 km 20 are good, and three roads are not known. The limit of 60 % is decided by two:

    >>> roads = [Open("roads", (n,), ((0, km), (km, km)), km, "km")
    ...          for n, km in (("D16", 1.7), ("D17", 0.8), ("D21", 2.6))]
    >>> plan = smallest((20.0, 35.0), roads, Threshold("", "cited", at_least=60.0))[0]
    >>> plan.features, round(plan.amount, 1)
    ((('roads', 'D16'), ('roads', 'D21')), 4.3)
    """
    limit = threshold.at_least if threshold.at_most is None else threshold.at_most
    if limit is None or threshold.equals is not None or not every:
        return ()
    sign = 1.0 if threshold.at_least is not None else -1.0
    if any(math.isinf(x) for one in every for way in one.ways for x in way):
        return (Plan(tuple(every), sure=False),)
    gains = [tuple(sorted({sign * (n - limit / 100 * d) for n, d in one.ways})) for one in every]
    base = sign * (known[0] - limit / 100 * known[1])
    order = sorted(
        range(len(every)),
        key=lambda k: (gains[k][0] - gains[k][-1], every[k].amount, every[k].features),
    )
    tries = 0
    for size in range(1, len(every) + 1):
        found = []
        for chosen in itertools.combinations(order, size):
            tries += 1
            if tries > _MOST_TRIES:
                return (_greedy(every, gains, order, base),)
            if _decides(gains, set(chosen), base):
                found.append(Plan(tuple(every[k] for k in sorted(chosen)), sure=True))
        if found:
            return tuple(sorted(found, key=lambda p: (p.amount, p.features))[:_OFFERED])
    return ()


def _greedy(
    every: Sequence[Open], gains: Sequence[tuple[float, ...]], order: Sequence[int], base: float
) -> Plan:
    """Return a set that decides, the widest swings first; perhaps not the smallest."""
    for size in range(1, len(order) + 1):
        if _decides(gains, set(order[:size]), base):
            return Plan(tuple(every[k] for k in sorted(order[:size])), sure=False)
    return Plan(tuple(every), sure=False)


def _decides(gains: Sequence[tuple[float, ...]], chosen: set[int], base: float) -> bool:
    """Whether no outcome of the chosen leaves the others able to carry the sum across zero."""
    rest = [gain for k, gain in enumerate(gains) if k not in chosen]
    low = base + math.fsum(gain[0] for gain in rest)
    high = base + math.fsum(gain[-1] for gain in rest)
    if not rest:
        return True
    # A sum s of the chosen leaves it open where low + s < 0 <= high + s.
    slack = _SLACK * max(1.0, abs(base))
    sums = list(_sums([gains[k] for k in sorted(chosen)]))
    if len(sums) > _MOST_SUMS:
        return False
    return all(low + s >= -slack or high + s < -slack for s in sums)


def _sums(gains: Sequence[tuple[float, ...]]) -> Iterator[float]:
    """Yield the sums of every outcome; more than can be tried end early."""
    sums = {0.0}
    for gain in gains:
        sums = {a + b for a in sums for b in gain}
        if len(sums) > _MOST_SUMS:
            break
    yield from sorted(sums)
