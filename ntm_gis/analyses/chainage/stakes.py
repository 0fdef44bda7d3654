"""Official chainage: what stakes along a road say, where the line as drawn says otherwise.

Between two stakes official chainage grows evenly along the line; beyond the first and the last
it goes on at the rate of the nearest two. Without stakes it is that of the line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage import axis as chainage
from ntm_gis.analyses.chainage.axis import Axis
from ntm_gis.analyses.columns import Shapes, amounts, shapes, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import shapely

    from ntm_gis.layers.values import Layer
    from ntm_gis.results import Finding

LAYER = "stakes"

OFF_M = 15.0
"""A stake farther from the line than this is not read: a road's width and a phone's error."""

SAME_M = 1.0
"""Two stakes of one chainage nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Stake:
    """A stake on a line: `row` is its position in the used rows of the layer."""

    row: int
    on_line_cm: int
    official_cm: int


@dataclass(frozen=True)
class Calibration:
    """Chainage along the line against official chainage; both in whole centimetres.

    Parameters
    ----------
    on_line, official : tuple of int
        Of the same stakes, in order along the line; `official` grows, or falls where the line
        is drawn from the far end. Fewer than two stakes: the line's own measure, moved so that
        it fits the one.

    Examples
    --------
    A road whose second kilometre is drawn 20 m too long:

    >>> stakes = Calibration((0, 100_000, 202_000), (0, 100_000, 200_000))
    >>> stakes.official_of(151_000), stakes.on_line_of(210_000)
    (150000, 212200)
    """

    on_line: tuple[int, ...] = ()
    official: tuple[int, ...] = ()

    @property
    def backwards(self) -> bool:
        """Official chainage falls along the line."""
        return len(self.official) > 1 and self.official[0] > self.official[-1]

    def official_of(self, on_line_cm: int) -> int:
        """Return official chainage of a place on the line."""
        return _piecewise(on_line_cm, self.on_line, self.official)

    def on_line_of(self, official_cm: int) -> int:
        """Return the place on the line of an official chainage; it may lie beyond the ends."""
        if self.backwards:
            return _piecewise(official_cm, self.official[::-1], self.on_line[::-1])
        return _piecewise(official_cm, self.official, self.on_line)


@dataclass(frozen=True)
class RoadLine:
    """A road with its axis and its official chainage.

    `point`, `locate` and `cut` take and give official chainage.
    """

    road_id: str
    axis: Axis
    calibration: Calibration = Calibration()

    @property
    def span(self) -> tuple[int, int]:
        """Official chainage of the two ends of the line, least first."""
        ends = (self.calibration.official_of(0), self.calibration.official_of(self.axis.length_cm))
        return min(ends), max(ends)

    def place_cm(self, official_cm: int) -> int:
        """Return the place on the line, at its end where the chainage is beyond it."""
        return min(max(self.calibration.on_line_of(official_cm), 0), self.axis.length_cm)

    def point(self, official_cm: int) -> tuple[float, float]:
        """Return east and north."""
        return self.axis.point(self.place_cm(official_cm))

    def locate(self, east_m: float, north_m: float) -> chainage.Located:
        """Return official chainage, distance and side of a point."""
        found = self.axis.locate(east_m, north_m)
        side = found.side
        if self.calibration.backwards and side != "on":
            side = "left" if side == "right" else "right"
        return chainage.Located(self.calibration.official_of(found.cm), found.offset_m, side)

    def cut(self, from_cm: int, to_cm: int) -> shapely.LineString | None:
        """Return the stretch in the direction of official chainage; None where none is drawn."""
        since, until = self.place_cm(from_cm), self.place_cm(to_cm)
        if since == until:
            return None
        if since < until:
            return self.axis.cut(since, until)
        return self.axis.cut(until, since).reverse()


def _piecewise(x: int, xs: Sequence[int], ys: Sequence[int]) -> int:
    """Interpolate between whole numbers, halves rounded up; beyond the ends at the next rate."""
    if not xs:
        return x
    if len(xs) == 1:
        return x - xs[0] + ys[0]
    k = min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)
    run, rise = xs[k + 1] - xs[k], ys[k + 1] - ys[k]
    return ys[k] + (2 * (x - xs[k]) * rise + run) // (2 * run)


def road_lines(roads: Layer, stakes: Layer) -> tuple[dict[str, RoadLine], list[Finding]]:
    """Return every road that has an axis, with its stakes, and what is wrong with the stakes.

    Parameters
    ----------
    roads, stakes : Layer
        In the commune's zone.
    """
    found: list[Finding] = []
    by_road = stakes_by_road(stakes)
    places = shapes(stakes.used)
    out = {}
    for road_id, drawn in zip(texts(roads.used, "road_id"), shapes(roads.used), strict=True):
        axis = chainage.axis(drawn)
        if road_id is None or axis is None or road_id in out:
            continue
        mine = by_road.get(road_id, [])
        calibration, wrong = calibrated(axis, mine, places)
        found += [_told(stakes, code, row, road_id, params) for code, row, params in wrong]
        out[road_id] = RoadLine(road_id, axis, calibration)
    return out, found


def stakes_by_road(stakes: Layer) -> Mapping[str, list[tuple[int, int]]]:
    """Return by road the stakes that say a chainage and have a place: row and centimetres."""
    out: dict[str, list[tuple[int, int]]] = defaultdict(list)
    used = stakes.used
    rows = zip(
        texts(used, "road_id"), amounts(used, "chainage_m").tolist(), shapes(used), strict=True
    )
    for row, (road_id, metres, place) in enumerate(rows):
        cm = chainage.centimetres(metres)
        if road_id is not None and cm is not None and place is not None:
            out[road_id].append((row, cm))
    return out


Wrong = tuple[str, int, dict[str, object]]


def calibrated(
    axis: Axis, given: Sequence[tuple[int, int]], places: Shapes
) -> tuple[Calibration, list[Wrong]]:
    """Return the calibration that stakes give, and those that it leaves out.

    Parameters
    ----------
    given : sequence of (row, cm)
        Rows of `places` with the chainage they say.

    Notes
    -----
    Left out are stakes off the line, stakes of one chainage in two places (all of them), and
    the fewest stakes whose leaving out puts the others in order.
    """
    stakes: list[Stake] = []
    wrong: list[Wrong] = []
    for row, cm in given:
        here = axis.locate(places[row].x, places[row].y)
        if here.offset_m > OFF_M:
            wrong.append(("STAKE_OFF_ROAD", row, {"metres": here.offset_m, "stake": cm}))
        else:
            stakes.append(Stake(row, here.cm, cm))
    stakes = _once(stakes, wrong)
    kept = _in_order(sorted(stakes, key=lambda s: (s.on_line_cm, s.official_cm, s.row)))
    rest = set(stakes) - set(kept)
    wrong += [
        ("STAKE_OUT_OF_ORDER", s.row, {"stake": s.official_cm, "on_line": s.on_line_cm})
        for s in sorted(rest, key=lambda s: s.row)
    ]
    on_line, official = (s.on_line_cm for s in kept), (s.official_cm for s in kept)
    return Calibration(tuple(on_line), tuple(official)), wrong


def _once(stakes: Sequence[Stake], wrong: list[Wrong]) -> list[Stake]:
    by_chainage: dict[int, list[Stake]] = defaultdict(list)
    for stake in stakes:
        by_chainage[stake.official_cm].append(stake)
    out = []
    for cm, alike in by_chainage.items():
        places = [s.on_line_cm for s in alike]
        apart = max(places) - min(places)
        if apart > SAME_M * chainage.CM:
            wrong += [
                ("STAKE_TWICE", s.row, {"stake": cm, "metres": apart / chainage.CM}) for s in alike
            ]
        else:
            out.append(min(alike, key=lambda s: (s.on_line_cm, s.row)))
    return out


def _in_order(stakes: Sequence[Stake]) -> list[Stake]:
    """Return the most stakes, in order along the line, whose chainages only grow or only fall."""
    growing = _longest(stakes, 1)
    falling = _longest(stakes, -1)
    return growing if len(growing) >= len(falling) else falling


def _longest(stakes: Sequence[Stake], sign: int) -> list[Stake]:
    best: list[tuple[int, int]] = []  # length of the best chain that ends here, the one before
    for k, stake in enumerate(stakes):
        before = [
            (best[j][0], -j)
            for j in range(k)
            if stakes[j].on_line_cm < stake.on_line_cm
            and sign * stakes[j].official_cm < sign * stake.official_cm
        ]
        longest, at = max(before, default=(0, 1))
        best.append((longest + 1, -at))
    if not best:
        return []
    k = max(range(len(best)), key=lambda j: (best[j][0], -j))
    chain = []
    while k >= 0:
        chain.append(stakes[k])
        k = best[k][1]
    return chain[::-1]


def _told(layer: Layer, code: str, row: int, road_id: str, params: Mapping[str, object]) -> Finding:
    words = {
        name: chainage.written(value) if isinstance(value, int) else value
        for name, value in params.items()
    }
    return at_row(code, layer, row, field="chainage_m", value=words["stake"], road=road_id, **words)


def turned(lines: Mapping[str, RoadLine]) -> Iterator[tuple[str, Words]]:
    """Yield the roads whose stakes run against the line, with the words for it."""
    for road_id, line in lines.items():
        if line.calibration.backwards:
            first, last = line.calibration.official[0], line.calibration.official[-1]
            yield (
                road_id,
                sentence(
                    "TURNED_BY_STAKES",
                    {"first": chainage.written(first), "last": chainage.written(last)},
                ),
            )
