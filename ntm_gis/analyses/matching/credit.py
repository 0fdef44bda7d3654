"""What a matched track credits of a road, in whole centimetres, and what it does not and why.

No credit for gaps, for pieces farther off than the stated distance, or for the road beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses.matching.doubt import doubtful
from ntm_gis.analyses.matching.steps import CM, Steps, at_least, closed
from ntm_gis.results import spans

if TYPE_CHECKING:
    from ntm_gis.analyses.matching.model import Matched, Settings
    from ntm_gis.analyses.matching.network import Network
    from ntm_gis.analyses.matching.steps import Pairs
    from ntm_gis.results.spans import Span, Spans

GAP, OFF, BESIDE = "gap", "off", "beside"
REASONS = (GAP, OFF, BESIDE)
"""Why a stretch is not credited, the first that holds: too far from one point to the next, too
far off the road, on another road."""

_LEAST_BESIDE_M = 50.0
_LEAST_M = 1.0


@dataclass(frozen=True)
class Credit:
    """What a track credits of a road.

    Parameters
    ----------
    credited : tuple of (int, int)
        Stretches in whole centimetres along the road, in order, none touching another.
    not_credited : tuple of (int, int, str)
        Stretches that the track came near without credit, with one of `REASONS`.
    unsure_m : float
        By how much the credited length may be off: noise at its ends, and roads that cannot be
        told apart. 0 where nothing is credited.
    """

    credited: Spans
    not_credited: tuple[tuple[int, int, str], ...]
    unsure_m: float

    @property
    def credited_m(self) -> float:
        """Length credited, metres."""
        return spans.length(self.credited) / CM


def credit(network: Network, road: int, matched: Matched, settings: Settings) -> Credit:
    """Read from a matched track what it covers of a road.

    Parameters
    ----------
    network : Network
    road : int
        Position of the road among those the network was made of.
    matched : Matched
        Of the same network.
    settings : Settings
        Its `largest_gap_m` and `distance_m`. A larger one never credits less.

    Examples
    --------
    A track with a gap of 120 m:

    >>> import shapely
    >>> from ntm_gis.analyses.matching.model import Settings, match
    >>> from ntm_gis.analyses.matching.network import network
    >>> roads = network([shapely.LineString([(0, 0), (600, 0)])])
    >>> x = np.r_[np.arange(10.0, 240.0, 10.0), np.arange(350.0, 500.0, 10.0)]
    >>> found = match(roads, np.column_stack([x, np.full(len(x), 2.0)]))
    >>> credit(roads, 0, found, Settings()).credited
    ((1000, 23000), (35000, 49000))
    >>> credit(roads, 0, found, Settings()).not_credited
    ((23000, 35000, 'gap'),)
    """
    steps = Steps(network, road, matched, settings)
    missing, off = steps.broken()
    credited, gaps = _bridged(steps, missing, double=True)
    every = np.ones(len(matched.xy), bool)
    left: dict[str, Spans] = {
        GAP: gaps,
        OFF: closed([*steps.on_road(steps.away), *off]),
        BESIDE: at_least(closed(steps.beside(every)), _LEAST_BESIDE_M),
    }
    taken, out = credited, []
    for reason in REASONS:
        rest = spans.difference(left[reason], taken)
        out += [(a, b, reason) for a, b in at_least(rest, _LEAST_M)]
        taken = spans.union([*taken, *rest])
    return Credit(credited, tuple(sorted(out)), _unsure(steps, credited, left[BESIDE]))


def covered(network: Network, matched: Matched, settings: Settings) -> dict[int, Spans]:
    """Return what a track covers of every road, in whole centimetres; roads without it are absent.

    As `credit`, but a road drawn twice has only what is matched on its own drawing.
    """
    out = {}
    there = np.unique(matched.strand[matched.strand >= 0])
    pieces = network.pieces
    for road in np.unique(pieces.road[np.isin(pieces.strand, there)]).tolist():
        steps = Steps(network, road, matched, settings)
        found, _ = _bridged(steps, steps.broken()[0], double=False)
        if found:
            out[road] = found
    return out


def _bridged(steps: Steps, missing: Pairs, *, double: bool) -> tuple[Spans, Spans]:
    """Return what is covered, with gaps up to the largest one, and the gaps that are larger.

    What counts is what is left uncovered: a point that noise throws ahead of the next makes no
    gap longer.
    """
    sure = closed([*steps.on_road(steps.good), *(steps.on_double(steps.good) if double else [])])
    most = steps.settings.largest_gap_m * CM
    short: list[Span] = []
    long: list[Span] = []
    # Each gap by itself: one that is small enough stays so whatever lies beside it.
    for gap in (*steps.gaps(), *([span] for span in missing)):
        left = spans.difference(closed(gap), sure)
        (short if spans.length(left) <= most else long).extend(left)
    credited = closed([*sure, *short])
    return credited, spans.difference(long, credited)


def _unsure(steps: Steps, credited: Spans, beside: Spans) -> float:
    m = steps.matched
    free = max(1.0, m.window * (1 - m.lag) / (1 + m.lag))
    end = m.sigma_m * min(1.0, 2.0 / np.sqrt(free))
    doubt = doubtful(steps.network, m)
    here = closed(steps.on_road(doubt[steps.then] & steps.good))
    there = closed(steps.beside(doubt))
    either = [*spans.intersection(here, credited), *spans.intersection(there, beside)]
    return float(4 * end * np.sqrt(2 * len(credited)) + spans.length(either) / CM)
