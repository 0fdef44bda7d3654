"""Tracks matched onto a road network: of each point the road, the chainage and the offset.

A hidden Markov model over the network (after Newson and Krumm, 2009) whose states are places on
the network with a direction of travel: a step back by noise is no turn, and a turn has its
cost. The length of a track is never summed; what it covers is read from the network
(`matching.credit`). Nothing is random, and nothing depends on the order of the roads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.matching.points import Fixes, fixes, smoothed, sound
from ntm_gis.analyses.matching.way import Legs, candidates, likeliest

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints
    from ntm_gis.analyses.matching.network import Network
    from ntm_gis.analyses.matching.way import Way

    Flags = npt.NDArray[np.bool_]

_LEAST_SIGMA_M, _GREATEST_SIGMA_M = 2.0, 20.0
_PILOT = 64
"""Points from which the deviation is first guessed."""
_ALIKE = 1.25
"""A guess within this ratio of what came out is good enough."""
_ROOM = 2.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How tracks are matched, and what is credited to them.

    Parameters
    ----------
    largest_gap_m : float
        Along the road, between two points that follow each other; no credit beyond.
    distance_m : float
        Pieces of a track farther off the road than this get no credit.
    sigma_m : float, optional
        Standard deviation of the points; estimated from the track where left out.
    radius_m : float
        Roads are looked for this far from a point.
    reach_m : float
        Points are linked over the network up to this length, credited or not.
    candidates : int
        Places that are looked at for each point.
    smoothing : float
        Window, in standard deviations, over which positions along the way are smoothed; 0: not.
    """

    largest_gap_m: float = 100.0
    distance_m: float = 30.0
    sigma_m: float | None = None
    radius_m: float = 60.0
    reach_m: float = 400.0
    candidates: int = 10
    smoothing: float = 4.0


@dataclass(frozen=True)
class Matched:
    """A track on the network, point by point.

    Parameters
    ----------
    xy : float array, (n, 2)
        The points as given.
    strand, road : int array, (n,)
        Where they are on the network; -1 for outliers and points with no road near.
    along, chainage_m, offset_m : float array, (n,)
        Metres along the strand, along the road, and from the road; NaN where there is none.
    chain, leg : int array, (n,)
        Which part of the track without a break, which leg of it; -1 where there is none.
    ahead, behind : float array, (n,)
        Metres along the leg, and those of the point before along the same leg (NaN at the
        start of a chain).
    outlier, standing : bool array, (n,)
        Points that leap; points at which the phone lay still.
    legs : Legs
    sigma_m : float
        Standard deviation of the points across the road.
    lag : float
        Correlation of the offsets of points that follow each other, 0 to 1.
    window : int
        Points over which a position along the way was smoothed.
    """

    xy: Floats
    strand: Ints
    road: Ints
    along: Floats
    chainage_m: Floats
    offset_m: Floats
    chain: Ints
    leg: Ints
    ahead: Floats
    behind: Floats
    outlier: Flags
    standing: Flags
    legs: Legs
    sigma_m: float
    lag: float
    window: int


def match(
    network: Network,
    xy: Floats,
    times: Floats | None = None,
    start: Flags | None = None,
    settings: Settings | None = None,
) -> Matched:
    """Match a track onto a network.

    Parameters
    ----------
    network : Network
    xy : float array, (n, 2)
        Points in the order of recording, in the network's metric system.
    times : float array, (n,), optional
        Seconds; NaN where not known. They tell leaps and missing points.
    start : bool array, (n,), optional
        Where a new line of the track begins.
    settings : Settings, optional

    Returns
    -------
    Matched
        n points; the same whatever the order, direction and pieces of the roads.

    Examples
    --------
    >>> from ntm_gis.analyses.matching.network import network
    >>> roads = network([shapely.LineString([(0, 0), (300, 0)])])
    >>> track = np.column_stack([np.arange(10.0, 290.0, 20.0), np.full(14, 3.0)])
    >>> found = match(roads, track)
    >>> found.chainage_m[:3].round(2).tolist(), float(found.offset_m[0])
    ([10.0, 30.0, 50.0], 3.0)
    """
    given = settings or Settings()
    begins = np.zeros(len(xy), bool) if start is None else start.copy()
    begins[:1] = True
    reach = max(given.reach_m, given.largest_gap_m)
    good = sound(xy, times, begins, reach)
    if not good.any() or not len(network.ends):
        return _nowhere(xy, good)
    radius = max(given.radius_m, given.distance_m)
    sigma = given.sigma_m or _pilot(network, xy[good], radius)
    for last in (given.sigma_m is not None, True):
        close = sigma if given.smoothing else 0.0
        gathered = fixes(xy, times, begins, good, sigma, close)
        near = candidates(network, gathered.xy, radius, given.candidates)
        way = likeliest(network, gathered, near, sigma, reach)
        if not (way.leg >= 0).any():
            return _nowhere(xy, gathered.group >= 0)
        matched = _on_network(network, xy, gathered, way, sigma, given)
        if last or 1 / _ALIKE < matched.sigma_m / sigma < _ALIKE:
            break
        sigma = matched.sigma_m
    return matched


def _pilot(network: Network, xy: Floats, radius_m: float) -> float:
    """Estimate the deviation from how far some of the points are from any road."""
    some = shapely.points(xy[:: max(1, len(xy) // _PILOT)])
    _, off = network.tree.query_nearest(
        some, all_matches=False, return_distance=True, max_distance=radius_m
    )
    return _deviation(off)


def _deviation(offset: Floats) -> float:
    """Estimate a standard deviation from distances by their median: detours don't count."""
    if not len(offset):
        return _GREATEST_SIGMA_M
    return float(np.clip(1.4826 * np.median(offset), _LEAST_SIGMA_M, _GREATEST_SIGMA_M))


def _nowhere(xy: Floats, good: Flags) -> Matched:
    none, nan, no = np.full(len(xy), -1), np.full(len(xy), np.nan), np.zeros(len(xy), bool)
    empty = np.zeros(0, np.int64)
    return Matched(
        xy, none, none, nan, nan, nan, none, none, nan, nan, ~good, no,
        Legs(empty, empty, empty, np.zeros(0)), _GREATEST_SIGMA_M, 0.0, 1,
    )  # fmt: skip


def _on_network(
    network: Network, xy: Floats, gathered: Fixes, way: Way, sigma: float, given: Settings
) -> Matched:
    """Lay every point on the way of its fix, and smooth what the noise does along the way."""
    n, group = len(xy), gathered.group
    leg = np.where(group >= 0, way.leg[group], -1)
    at = np.flatnonzero(leg >= 0)
    fix = group[at]
    raw = way.lay(network, xy[at], fix, _ROOM * sigma)
    # A phone that lies still is where its fixes are in the mean.
    raw = np.where(gathered.standing[at], way.ahead[fix], raw)
    smooth, window = smoothed(raw, leg[at], gathered.standing[at], fix, sigma * given.smoothing)
    limit = 3 * sigma
    ahead = np.clip(smooth, raw - limit, raw + limit)
    whole = _whole(network, way.legs)
    ahead = np.clip(ahead, 0.0, whole[leg[at]])
    strand, along = way.legs.places(network, leg[at], ahead)
    road, chainage = network.chainages(strand, along)
    offset = np.hypot(*(network.points(*way.legs.places(network, leg[at], raw)) - xy[at]).T)
    behind = _behind(network, way, ahead, leg[at], fix)
    return Matched(
        xy,
        strand=_whole_at(n, at, strand),
        road=_whole_at(n, at, road),
        along=_real_at(n, at, along),
        chainage_m=_real_at(n, at, chainage),
        offset_m=_real_at(n, at, offset),
        chain=_whole_at(n, at, way.chain[fix]),
        leg=leg,
        ahead=_real_at(n, at, ahead),
        behind=_real_at(n, at, behind),
        outlier=group < 0,
        standing=gathered.standing,
        legs=way.legs,
        sigma_m=given.sigma_m or _deviation(offset[~gathered.standing[at]]),
        lag=_lag(network, xy[at], strand, along),
        window=window,
    )


def _real_at(n: int, at: Ints, values: Floats) -> Floats:
    """Put numbers at some of n places, NaN at the others."""
    out = np.full(n, np.nan)
    out[at] = values
    return out


def _whole_at(n: int, at: Ints, values: Ints) -> Ints:
    """Put whole numbers at some of n places, -1 at the others."""
    out = np.full(n, -1, dtype=np.int64)
    out[at] = values
    return out


def _whole(network: Network, legs: Legs) -> Floats:
    """Return the length of each leg to the end of its last strand."""
    last = np.r_[legs.leg[1:] != legs.leg[:-1], True]
    whole: Floats = legs.begin[last] + network.length[legs.strand[last]]
    return whole


def _behind(network: Network, way: Way, ahead: Floats, leg: Ints, fix: Ints) -> Floats:
    """Return where along its own leg the point before each lies; NaN where a chain begins."""
    chain = way.chain[fix]
    out: Floats = np.r_[np.nan, ahead[:-1]]
    new = np.r_[True, chain[1:] != chain[:-1]]
    turned = np.flatnonzero(~new & np.r_[True, leg[1:] != leg[:-1]])
    if len(turned):
        strand, along = way.legs.places(network, leg[turned - 1], ahead[turned - 1])
        first = np.searchsorted(way.legs.leg, leg[turned])
        inside = np.where(way.legs.way[first] == 0, along, network.length[strand] - along)
        # Where smoothing moved the point before over a junction, the turn is where its fix is.
        same = way.legs.strand[first] == strand
        out[turned] = np.where(same, inside, way.behind[fix[turned]])
    out[new] = np.nan
    return out


def _lag(network: Network, xy: Floats, strand: Ints, along: Floats) -> float:
    """Estimate how much the error of a point says of that of the next."""
    error = xy - network.points(strand, along)
    square = float((error**2).sum())
    if len(error) < 3 or square == 0:
        return 0.0
    return float(np.clip((error[1:] * error[:-1]).sum() / square, 0.0, 0.95))
