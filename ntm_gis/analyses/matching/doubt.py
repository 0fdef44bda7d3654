"""Where a matched track might as well be on another road: roads close by, noise as wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.matching.noding import project

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints
    from ntm_gis.analyses.matching.model import Matched
    from ntm_gis.analyses.matching.network import Network

    Flags = npt.NDArray[np.bool_]

_SURE = 9.0
"""A road e^9 (8,000) times likelier than the other is told apart."""

_MOST = 12.0
"""More than so much no point says by itself: errors of phones have long tails."""

_NEAR = 3.0
"""Roads farther from a point than this many standard deviations (beyond its own) don't count."""

_JUNCTION_M = 60.0
"""Close to a junction two roads are always close together; that puts metres in doubt, no road."""


def doubtful(network: Network, matched: Matched) -> Flags:
    """Return which points could as well be on another road.

    Notes
    -----
    To be on another road a track must leave at a junction and come back at one. So its points
    speak together from junction to junction: the squares of their distances to both roads are
    compared, in variances; points whose errors are alike say less, (1 - lag) / (1 + lag). Where
    they don't speak clearly for their road, those with another one near are in doubt.

    Examples
    --------
    >>> from ntm_gis.analyses.matching.model import Settings, match
    >>> from ntm_gis.analyses.matching.network import network
    >>> roads = network([shapely.LineString([(0, y), (500, y)]) for y in (0, 20)])
    >>> x = np.arange(0.0, 500.0, 10.0)
    >>> between = match(roads, np.column_stack([x, 9.0 + np.sin(x)]))
    >>> beneath = match(roads, np.column_stack([x, np.sin(x)]))
    >>> bool(doubtful(roads, between).all()), bool(doubtful(roads, beneath).any())
    (True, False)
    """
    out = np.zeros(len(matched.xy), bool)
    laid = np.flatnonzero(matched.leg >= 0)
    if not len(laid):
        return out
    strand, leg, standing = matched.strand[laid], matched.leg[laid], matched.standing[laid]
    wide = _NEAR * matched.sigma_m
    other, meeting = _other(network, matched.xy[laid], strand, matched.along[laid], wide)
    offset = np.minimum(matched.offset_m[laid], other)
    near = (other < offset + wide) & ~standing
    apart = np.minimum(other, offset + 10 * wide)  # so far that it says all it can
    gain = np.minimum((apart**2 - offset**2) / (2 * matched.sigma_m**2), _MOST)
    gain[standing | ((meeting < other) & (meeting < offset + wide))] = 0.0
    new = np.r_[True, (strand[1:] != strand[:-1]) | (leg[1:] != leg[:-1])]
    run = np.cumsum(new) - 1
    says = np.bincount(run, gain) * (1 - matched.lag) / (1 + matched.lag)
    out[laid] = near & (says < _SURE)[run]
    return out


def _other(
    network: Network, xy: Floats, strand: Ints, along: Floats, beyond_m: float
) -> tuple[Floats, Floats]:
    """Return the distance of each point to the nearest strand that is not the one it is on.

    First without those that meet its own at a junction close by, then with them.
    """
    v = network.segment_vertex
    far = float(np.hypot(*(network.points(strand, along) - xy).T).max()) + beyond_m
    point, segment = network.tree.query(shapely.points(xy), predicate="dwithin", distance=far)
    there = network.strand_of_vertex[v[segment]]
    share, distance = project(network.xy[v[segment]], network.xy[v[segment] + 1], xy[point])
    at = network.along[v[segment]] + share * np.diff(network.along)[v[segment]]
    others = there != strand[point]
    free = others.copy()
    for mine in range(2):
        own = along[point] if mine == 0 else network.length[strand[point]] - along[point]
        for side in range(2):
            its = at if side == 0 else network.length[there] - at
            meet = network.ends[strand[point], mine] == network.ends[there, side]
            free &= ~(meet & (own < _JUNCTION_M) & (its < _JUNCTION_M))
    out = np.full((2, len(xy)), np.inf)
    np.minimum.at(out[0], point[free], distance[free])
    np.minimum.at(out[1], point[others], distance[others])
    return out[0], out[1]
