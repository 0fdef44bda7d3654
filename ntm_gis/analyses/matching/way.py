"""The likeliest way of a track over a network: candidates, legs from turn to turn, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.matching.noding import project

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats, Ints
    from ntm_gis.analyses.matching.network import Network
    from ntm_gis.analyses.matching.points import Fixes

# Costs are negative logarithms of likelihoods. The values were set on simulated tracks of known
# truth (benchmarks/track_match.py): parallel roads 30 m apart, hairpins, the sample's roads.
_HEAVY = 2.5
"""Beyond this many standard deviations an offset costs in proportion, not as its square."""
_TURN = 8.0
"""Cost of turning round."""
_JUMP = 40.0
"""Cost of going over to a road that no way leads to."""
_WIDE = 1.5
"""Scale of the difference between the way over roads and the straight distance, in sigma."""
_TAIL, _TAIL_STEPS = 1.5, 0.25
"""Scale of long detours, whose cost grows as the square: 1.5 sigma + a quarter of a step."""
_JITTER = 2.0
"""A step back up to this many sigma is noise, not a turn."""
_STRETCH, _STEPS, _NOISE, _ROOM_M = 1.5, 1.0, 3.0, 10.0
"""A way longer than 1.5 · distance + usual step + 3 sigma + 10 m is none."""


@dataclass(frozen=True)
class Candidates:
    """Places on the network near fixes: those of fix i stand at `first[i]:first[i + 1]`.

    Parameters
    ----------
    first : int array, (m + 1,)
    strand : int array, (c,)
    along, offset : float array, (c,)
        Metres along the strand, and from the fix; the nearest first.
    """

    first: Ints
    strand: Ints
    along: Floats
    offset: Floats


@dataclass(frozen=True)
class Legs:
    """The way of a track over the network, from turn to turn.

    Parameters
    ----------
    strand, way, leg : int array, (v,)
        The strands gone, in order; 0 along the strand, 1 against it; number of the leg.
    begin : float array, (v,)
        Metres along the leg at which the strand is entered.
    """

    strand: Ints
    way: Ints
    leg: Ints
    begin: Floats

    def places(self, network: Network, leg: Ints, ahead: Floats) -> tuple[Ints, Floats]:
        """Return strand and metres along it of places given by leg and metres along the leg."""
        first = np.searchsorted(self.leg, leg, side="left")
        last = np.searchsorted(self.leg, leg, side="right") - 1
        # Legs follow each other on one scale, so that one search finds the strand of each.
        whole = 2.0 * (float(self.begin.max() + network.length.max()) + 1.0)
        key = leg * whole + np.clip(ahead, 0.0, 0.5 * whole)
        at = np.searchsorted(self.leg * whole + self.begin, key, side="right") - 1
        at = np.clip(at, first, last)
        length = network.length[self.strand[at]]
        inside = np.clip(ahead - self.begin[at], 0.0, length)
        return self.strand[at], np.where(self.way[at] == 0, inside, length - inside)


@dataclass(frozen=True)
class Way:
    """The likeliest way of the fixes of a track.

    Parameters
    ----------
    chain : int array, (m,)
        Part without a break; -1 where left out.
    places : int array, (m, 2)
        Leg, and place among the strands of the legs; -1 where left out.
    metres : float array, (m, 2)
        Where the fix is along its leg, and the fix before it along the same leg.
    legs : Legs
    """

    chain: Ints
    places: Ints
    metres: Floats
    legs: Legs

    @property
    def leg(self) -> Ints:
        """Leg of each fix, -1 where it is left out."""
        return self.places[:, 0]

    @property
    def ahead(self) -> Floats:
        """Metres of each fix along its leg."""
        return self.metres[:, 0]

    @property
    def behind(self) -> Floats:
        """Metres of the fix before, along the leg of each; NaN at the start of a chain."""
        return self.metres[:, 1]

    def lay(self, network: Network, xy: Floats, fix: Ints, room_m: float) -> Floats:
        """Return metres along its leg of each point: the nearest place near that of its fix.

        Parameters
        ----------
        xy : float array, (n, 2)
        fix : int array, (n,)
            The fix of each point; none of them left out.
        room_m : float
            How far beyond the neighbours of its fix a point may come to lie.
        """
        from ntm_gis.analyses.matching import kernels_legs as kernels

        visits = np.column_stack([self.legs.strand, self.legs.way, self.legs.leg])
        lines = kernels.Lines(network.xy, network.along, network.first)
        found: Floats = kernels.laid(
            xy, fix, self.places, self.metres, visits, self.legs.begin, lines, room_m
        )
        return found


def candidates(network: Network, xy: Floats, radius_m: float, most: int) -> Candidates:
    """Find the places on the network near fixes, of each bend of a road the nearest.

    Parameters
    ----------
    xy : float array, (m, 2)
    radius_m : float
    most : int
        Candidates of one fix.

    Notes
    -----
    One strand may come near a fix more than once (hairpins); every local minimum of the
    distance is a candidate.
    """
    fix, segment = network.tree.query(shapely.points(xy), predicate="dwithin", distance=radius_m)
    order = np.lexsort((segment, fix))
    fix, segment = fix[order], segment[order]
    v = network.segment_vertex[segment]
    share, offset = project(network.xy[v], network.xy[v + 1], xy[fix])
    strand = network.strand_of_vertex[v]
    linked = (fix[1:] == fix[:-1]) & (v[1:] == v[:-1] + 1) & (strand[1:] == strand[:-1])
    before = np.r_[False, linked & (share[:-1] == 1.0)]
    # At a vertex between two segments the later one stands for both.
    keep = ((share > 0) & (share < 1)) | ((share == 1) & (network.first[strand + 1] - 2 == v))
    keep |= (share == 0) & ((network.first[strand] == v) | before)
    along = network.along[v] + share * (network.along[v + 1] - network.along[v])
    fix, strand, along, offset = fix[keep], strand[keep], along[keep], offset[keep]
    order = np.lexsort((along, strand, offset, fix))
    fix, strand, along, offset = fix[order], strand[order], along[order], offset[order]
    begin = np.searchsorted(fix, np.arange(len(xy)))
    few = np.arange(len(fix)) - begin[fix] < most
    first = np.searchsorted(fix[few], np.arange(len(xy) + 1))
    return Candidates(first, strand[few], along[few], offset[few])


def likeliest(
    network: Network,
    fixes: Fixes,
    near: Candidates,
    sigma_m: float,
    reach_m: float,
) -> Way:
    """Find the likeliest way of the fixes of a track.

    Parameters
    ----------
    near : Candidates
        Of the fixes.
    sigma_m : float
        Standard deviation of the fixes.
    reach_m : float
        Fixes are linked over the network up to this length.
    """
    from ntm_gis.analyses.matching import kernels_legs as matching_kernels_legs
    from ntm_gis.analyses.matching import kernels_way as kernels

    z = near.offset / sigma_m
    miss = np.where(z < _HEAVY, 0.5 * z * z, _HEAVY * z - 0.5 * _HEAVY * _HEAVY)
    step = np.hypot(*np.diff(fixes.xy, axis=0).T)
    usual = float(np.median(step)) if len(step) else 0.0
    slack = _STEPS * usual + _NOISE * sigma_m + _ROOM_M
    table = network.table(reach_m)
    graph = kernels.Graph(
        network.ends, network.length, table.first, table.to, table.metres, table.over, table.before
    )
    among = kernels.Near(near.first, near.strand, near.along, miss)
    costs = kernels.Costs(
        reach=reach_m, skip=slack, stretch=_STRETCH, slack=slack, beta=_WIDE * sigma_m,
        tail=_TAIL * sigma_m + _TAIL_STEPS * usual, jitter=_JITTER * sigma_m, turn=_TURN,
        jump=_JUMP,
    )  # fmt: skip
    found = kernels.likeliest(fixes.xy, fixes.start, among, graph, costs)
    places, metres, visits, begin = matching_kernels_legs.traced(found, among, graph)
    legs = Legs(visits[:, 0].copy(), visits[:, 1].copy(), visits[:, 2].copy(), begin)
    return Way(found[:, 3].copy(), places, metres, legs)
