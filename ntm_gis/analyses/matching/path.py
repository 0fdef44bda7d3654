"""The way that a matched track took over the roads: in order, with its direction on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.matching.model import Matched
    from ntm_gis.analyses.matching.network import Network


@dataclass(frozen=True)
class Path:
    """A track without a break, on the network.

    Parameters
    ----------
    roads : tuple of (int, float, float)
        Road, and from and to in metres of its chainage; to < from where it is gone backwards.
        Of roads drawn on each other the one whose direction is gone, else the first.
    line : LineString
        The ground gone over, in order.
    """

    roads: tuple[tuple[int, float, float], ...]
    line: shapely.LineString


def paths(network: Network, matched: Matched) -> list[Path]:
    """Return the ways of a track, one for each part without a break; points alone have none.

    Examples
    --------
    >>> from ntm_gis.analyses.matching.model import match
    >>> from ntm_gis.analyses.matching.network import network
    >>> roads = network([shapely.LineString([(0, 0), (0, 300)]),
    ...                  shapely.LineString([(200, 300), (0, 300)])])
    >>> y = np.array([[0.0, 200], [0, 250], [0, 300], [50, 300], [100, 300]])
    >>> [(road, round(a), round(b)) for road, a, b in paths(roads, match(roads, y))[0].roads]
    [(0, 200, 300), (1, 200, 100)]
    """
    out = []
    for chain in range(int(matched.chain.max(initial=-1)) + 1):
        parts = list(_strands(network, matched, chain))
        cuts = [network.cut(strand, a, b) for strand, a, b in parts if a != b]
        if not cuts:
            continue
        xy = np.concatenate(cuts)
        new = np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]
        roads = [part for strand, a, b in parts for part in _roads(network, strand, a, b)]
        out.append(Path(tuple(_joined(roads)), shapely.LineString(xy[new])))
    return out


def _strands(network: Network, m: Matched, chain: int) -> Iterator[tuple[int, float, float]]:
    """Yield the strands gone, with from and to in metres along them."""
    for leg in np.unique(m.leg[m.chain == chain]).tolist():
        points = np.flatnonzero((m.leg == leg) & (m.chain == chain))
        begin = m.behind[points[0]]
        low = float(m.ahead[points[0]] if np.isnan(begin) else begin)
        high = float(m.ahead[points[-1]])
        for v in np.flatnonzero(m.legs.leg == leg):
            strand = int(m.legs.strand[v])
            length = float(network.length[strand])
            a, b = np.clip([low - m.legs.begin[v], high - m.legs.begin[v]], 0.0, length).tolist()
            if b > a:
                yield (strand, a, b) if m.legs.way[v] == 0 else (strand, length - a, length - b)


def _roads(
    network: Network, strand: int, start: float, end: float
) -> Iterator[tuple[int, float, float]]:
    p = network.pieces
    low, high = min(start, end), max(start, end)
    there = np.flatnonzero((p.strand == strand) & (p.start < high) & (p.end > low))
    rising = (p.chain_end > p.chain_start)[there]
    # Roads that run the way that is gone come first; then the others, by their number.
    order = np.lexsort((p.road[there], rising != (end > start)))
    done: list[tuple[float, float]] = []
    found = []
    for k in there[order]:
        a, b = max(low, p.start[k]), min(high, p.end[k])
        if any(x <= a and b <= y for x, y in done):
            continue
        done.append((a, b))
        rate = (p.chain_end[k] - p.chain_start[k]) / (p.end[k] - p.start[k])
        chain = [float(p.chain_start[k] + rate * (x - p.start[k])) for x in (a, b)]
        found.append((a, int(p.road[k]), *(chain if end > start else chain[::-1])))
    for _, road, since, until in sorted(found, reverse=end < start):
        yield road, since, until


def _joined(parts: list[tuple[int, float, float]]) -> Iterator[tuple[int, float, float]]:
    """Join parts of one road that follow each other."""
    last: tuple[int, float, float] | None = None
    for road, since, until in parts:
        same = last is not None and last[0] == road and abs(last[2] - since) < 0.01
        if last is not None and same and (last[2] - last[1]) * (until - since) > 0:
            last = (road, last[1], until)
            continue
        if last is not None:
            yield last
        last = (road, since, until)
    if last is not None:
        yield last
