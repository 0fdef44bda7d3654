"""What is to be reached: indicators with a threshold, and the criteria that rest on them.

The criteria engine says it, the priorities ask it: neither knows more of the other than this.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ntm_gis.results import Unit, Words

SLACK = 1e-9
"""How far, relative to what is compared, a sum of floats may miss a threshold."""

MORE_UNKNOWN = "…"
"""Stands among the indicators of a criterion of which not all are known: it is never met."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One indicator with its threshold, and where it stands now.

    Parameters
    ----------
    indicator : str
        Code of the set ("2.2"); of an indicator that each sex has to reach, with the sex behind
        a slash ("12.1/male").
    title : Words
    units : tuple of Unit
        What is known as one unit, and each unknown thing with the ways it can turn out.
    at_least, at_most : float, optional
        The threshold, in `unit`. Exactly one of them.
    scale : float, optional
        What numerator over denominator is multiplied by (100: per cent). None: the numerator
        itself is compared, as of counts and of yes (1) and no (0).
    unit : str
    official : bool
        The threshold was read in the legal text, or confirmed by the office.

    Examples
    --------
    Two of nine kilometres, and one and a half of which nobody knows, where 70 % are asked:

    >>> goal = Goal("2.2", Words("x", "x"), (Unit(((2.0, 9.0),)), Unit(((0, 1.5), (1.5, 1.5)))),
    ...             at_least=70.0)
    >>> round(goal.margin / goal.step, 2), round(goal.best / goal.step, 2)
    (-5.35, -3.85)
    """

    indicator: str
    title: Words
    units: tuple[Unit, ...]
    at_least: float | None = None
    at_most: float | None = None
    scale: float | None = 100.0
    unit: str = "%"
    official: bool = False

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            msg = f"{self.indicator}: exactly one of at_least and at_most"
            raise ValueError(msg)

    @property
    def threshold(self) -> float:
        """The threshold, in `unit`."""
        found = self.at_most if self.at_least is None else self.at_least
        return 0.0 if found is None else found

    @property
    def step(self) -> float:
        """What one more in the numerator adds to the margin."""
        sign = 1.0 if self.at_most is None else -1.0
        return sign * (1.0 if self.scale is None else self.scale)

    def worth(self, numerator: float, denominator: float) -> float:
        """Return what some numerator and denominator add to the margin.

        Examples
        --------
        >>> Goal("x", Words("x", "x"), (), at_least=70.0).worth(7.0, 10.0)
        0.0
        """
        sign = 1.0 if self.at_most is None else -1.0
        if self.scale is None:
            return sign * numerator
        # Sizes without end are taken as they weigh together: (inf, inf) counts for any size.
        if math.isinf(numerator) and math.isinf(denominator):
            weight = sign * (self.scale - self.threshold)
            return 0.0 if weight == 0 else math.copysign(math.inf, weight)
        if math.isinf(denominator) and self.threshold == 0:
            return sign * self.scale * numerator
        return sign * (self.scale * numerator - self.threshold * denominator)

    @property
    def margin(self) -> float:
        """How far the goal is surely passed, at the worst completion; negative: is missed.

        The goal holds, whatever the unknown turns out, where this is not negative; infinite:
        no amount of work makes it sure.
        """
        return self._start + math.fsum(self._of_unit(unit, min) for unit in self.units)

    @property
    def best(self) -> float:
        """How far the goal is passed at the best completion; negative: it is surely missed."""
        return self._start + math.fsum(self._of_unit(unit, max) for unit in self.units)

    @property
    def _start(self) -> float:
        if self.scale is not None:
            return 0.0
        return -self.threshold if self.at_most is None else self.threshold

    def _of_unit(self, unit: Unit, end: object) -> float:
        worths = [self.worth(n, d) for n, d in unit.ways]
        # A size without end may also be nothing, or what its numerator is at least.
        worths += [
            self.worth(n, n) if math.isfinite(n) else 0.0
            for n, d in unit.ways
            if math.isinf(d) and self.scale is not None
        ]
        return max(worths) if end is max else min(worths)

    def reached(self, margin: float) -> bool:
        """Return whether a margin is enough.

        Examples
        --------
        >>> Goal("x", Words("x", "x"), (), at_least=70.0).reached(-1e-12)
        True
        """
        return margin >= -SLACK * max(1.0, abs(self.threshold), abs(self.step))


@dataclass(frozen=True, slots=True)
class Aim:
    """One criterion: met where `least` of its indicators are (None: all of them).

    Parameters
    ----------
    indicators : tuple of str
        Codes of those that apply. One that has no goal and is not in `met` is not met: unknown
        is never met.
    met : frozenset of str
        Indicators that are surely met and that no work can change.
    official : bool
        Those of `met` stand on a threshold that was read in the law or confirmed; what the
        province was left to set and somebody assessed does not.
    """

    criterion: str
    title: Words
    indicators: tuple[str, ...]
    least: int | None = None
    met: frozenset[str] = frozenset()
    official: bool = True

    @property
    def needed(self) -> int:
        """How many of its indicators have to be met."""
        return len(self.indicators) if self.least is None else self.least


@dataclass(frozen=True, slots=True)
class Goals:
    """All goals and criteria of a commune on one day."""

    goals: tuple[Goal, ...] = ()
    aims: tuple[Aim, ...] = ()

    def of_indicator(self, code: str) -> tuple[int, ...]:
        """Return the numbers of the goals of an indicator: several where each sex has its own.

        Examples
        --------
        >>> goal = Goal("12.1/male", Words("x", "x"), (), at_least=70.0)
        >>> Goals((goal,)).of_indicator("12.1")
        (0,)
        """
        return tuple(
            k for k, g in enumerate(self.goals) if code in (g.indicator, g.indicator.split("/")[0])
        )
