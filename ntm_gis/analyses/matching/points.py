"""The points of a track: outliers left out, standing still gathered to one, places smoothed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints

    Flags = npt.NDArray[np.bool_]

FASTEST_MS = 150 / 3.6
"""Nobody surveys a commune's road faster than this."""

_SPIKE_M = 50.0
_FEW = 3
_STANDING = 3.5
"""Radius within which a phone that lies still wanders, in standard deviations."""
_THROWN = 4
"""Groups of points between two at one place that are only thrown away from it."""
_MOST_HALF = 60
"""Points on either side of one, at most, that smooth its place along the way."""


@dataclass(frozen=True)
class Fixes:
    """What is matched: points that lie close together, as their mean.

    Parameters
    ----------
    xy : float array, (m, 2)
    start : bool array, (m,)
        Nothing links a fix to the one before it.
    group : int array, (n,)
        The fix of each point, -1 for outliers.
    standing : bool array, (n,)
        The phone lay still: where it wandered meanwhile says nothing.
    """

    xy: Floats
    start: Flags
    group: Ints
    standing: Flags


def sound(xy: Floats, times: Floats | None, start: Flags, leap_m: float) -> Flags:
    """Return which points of a track are no outliers.

    Parameters
    ----------
    xy : float array, (n, 2)
        In the order of recording.
    times : float array, (n,), optional
        Seconds, NaN where not known.
    start : bool array, (n,)
        Where a new line of the track begins.
    leap_m : float
        Points farther apart than this are not taken for neighbours.

    Notes
    -----
    A few points are outliers if one comes to them and away from them only by a leap (farther
    than `leap_m`, or faster than 150 km/h over 50 m) while it is no leap from the point before
    them to the point after. Coordinates that are no numbers are outliers in any case.

    Examples
    --------
    >>> xy = np.array([[0.0, 0], [10, 0], [5000, 900], [20, 0], [30, 0]])
    >>> sound(xy, None, np.zeros(5, bool), 400.0).tolist()
    [True, True, False, True, True]
    """
    good: Flags = np.asarray(np.isfinite(xy).all(axis=1))
    index = np.flatnonzero(good)
    if len(index) < 3:
        return good
    at = xy[index]
    time = np.full(len(index), np.nan) if times is None else times[index]
    parts = np.flatnonzero(_leap(at[:-1], at[1:], np.diff(time), leap_m) | start[index][1:]) + 1
    last = None
    bounds = [0, *parts.tolist(), len(index)]
    for (a, b), (c, _) in pairwise([*pairwise(bounds), (len(index), len(index))]):
        few = b - a <= _FEW and last is not None and c < len(index)
        if few and not _one_leap(at, time, last or 0, c, leap_m):
            good[index[a:b]] = False
        else:
            last = b - 1
    return good


def _leap(a: Floats, b: Floats, seconds: Floats, leap_m: float) -> Flags:
    metres = np.hypot(*(b - a).T)
    with np.errstate(divide="ignore", invalid="ignore"):
        fast = (metres > _SPIKE_M) & (metres > FASTEST_MS * np.abs(seconds)) & (seconds != 0)
    return np.asarray((metres > leap_m) | fast, dtype=bool)


def _one_leap(at: Floats, time: Floats, a: int, b: int, leap_m: float) -> bool:
    seconds = time[b : b + 1] - time[a : a + 1]
    return bool(_leap(at[a : a + 1], at[b : b + 1], seconds, leap_m)[0])


def fixes(
    xy: Floats, times: Floats | None, start: Flags, good: Flags, sigma_m: float, close_m: float
) -> Fixes:
    """Gather the sound points of a track.

    Parameters
    ----------
    xy, times, start
        As for `sound`.
    good : bool array, (n,)
        Points that are no outliers.
    sigma_m : float
        Standard deviation of the points, metres.
    close_m : float
        Points that follow each other this close to their mean are one fix; so are all points
        of a standstill.
    """
    from ntm_gis.analyses.matching import kernels

    step = np.hypot(*np.diff(xy[good], axis=0).T)
    usual_m = 3 * float(np.median(step)) + 4 * sigma_m if len(step) else 0.0
    index = np.flatnonzero(good & sound(xy, times, start, usual_m))
    at, begins = xy[index].copy(), start[index].copy()
    # A line that begins with an outlier begins with the next point.
    lines = np.cumsum(start)[index]
    begins[1:] |= lines[1:] != lines[:-1]
    begins[1:] |= _missing(at, None if times is None else times[index], usual_m)
    still = _stands(at, begins, sigma_m)
    inner = still >= 0
    edge = np.r_[False, still[1:] != still[:-1]]
    if inner.any():
        count = np.maximum(np.bincount(still[inner]), 1)
        for axis in range(2):
            at[inner, axis] = (np.bincount(still[inner], at[inner, axis]) / count)[still[inner]]
    group = kernels.gathered(at, begins | edge, close_m)
    size = np.bincount(group)
    centre = np.column_stack([np.bincount(group, at[:, axis]) / size for axis in range(2)])
    first = np.zeros(len(size), bool)
    first[group[begins]] = True
    of, standing = np.full(len(xy), -1, np.int64), np.zeros(len(xy), bool)
    of[index], standing[index] = group, inner
    return Fixes(centre, first, of, standing)


def _missing(at: Floats, time: Floats | None, usual_m: float) -> Flags:
    """Find steps at which points are missing: anything may lie between.

    A pause much longer than usual says so; without times, a step much longer than usual. How
    far apart the points are then says little of the way between them, least of all where a road
    winds.
    """
    far: Flags = np.asarray(np.hypot(*np.diff(at, axis=0).T) > usual_m)
    pause = np.full(len(far), np.nan) if time is None else np.abs(np.diff(time))
    known = np.isfinite(pause)
    if not known.any():
        return far
    return np.where(known, pause > 5 * np.median(pause[known]) + 5.0, far)


def _stands(at: Floats, begins: Flags, sigma_m: float) -> Ints:
    """Return the number of the standstill that each point belongs to, -1 for points on the way.

    A phone that lies still wanders round a place; now and then it is thrown farther.
    """
    from ntm_gis.analyses.matching import kernels

    room = _STANDING * sigma_m
    group = kernels.gathered(at, begins, room)
    size = np.bincount(group)
    centre = np.column_stack([np.bincount(group, at[:, axis]) / size for axis in range(2)])
    line = np.cumsum(begins)[np.searchsorted(group, np.arange(len(size)))]
    stand = np.full(len(size), -1, np.int64)
    number, last, place, weight = -1, -1, np.zeros(2), 0
    for g in np.flatnonzero(size > 3 * np.median(size) + 5):
        near = number >= 0 and np.hypot(*(centre[g] - place)) <= room
        if near and line[g] == line[last] and g - last <= _THROWN:
            stand[last:g] = number
        else:
            number, place, weight = number + 1, np.zeros(2), 0
        place = (place * weight + centre[g] * size[g]) / (weight + size[g])
        weight += int(size[g])
        stand[g], last = number, int(g)
        for side in (g - 1, g + 1):
            free = 0 <= side < len(size) and line[side] == line[g] and stand[side] < 0
            if free and np.hypot(*(centre[side] - place)) <= room:
                stand[side] = number
    return np.asarray(stand[group], dtype=np.int64)


def smoothed(
    raw: Floats, leg: Ints, standing: Flags, fix: Ints, half_m: float
) -> tuple[Floats, int]:
    """Smooth positions along each leg by straight lines through their neighbours."""
    from ntm_gis.analyses.matching import kernels

    one = ~standing | np.r_[True, fix[1:] != fix[:-1]]
    value = raw[one]
    step = _step(value, half_m)
    half = int(np.clip(round(half_m / step), 2, _MOST_HALF)) if half_m > 0 and step > 0 else 0
    if half == 0:
        return raw, 1
    # The line goes through numbers of points, not through times: that fits phones which record
    # by distance as well; a jump in it ends the run.
    jump = np.abs(np.diff(value, prepend=value[:1])) > 3 * step + half_m
    still = standing[one]
    run = np.cumsum(jump | np.r_[True, (np.diff(leg[one]) != 0) | (still[1:] != still[:-1])])
    smooth = np.where(still, value, kernels.smoothed(value, run, half))
    return smooth[np.cumsum(one) - 1], 2 * half + 1


def _step(value: Floats, noise_m: float) -> float:
    """Return the usual progress from point to point, over as many points as outweigh the noise."""
    lag = 5
    while True:
        if len(value) <= lag:
            return float(np.median(np.abs(np.diff(value)))) if len(value) > 1 else 0.0
        far = float(np.median(np.abs(value[lag:] - value[:-lag])))
        if far > 1.5 * noise_m or 8 * lag > len(value):
            return far / lag
        lag *= 2
