"""The roads of a commune as columns, and the ground they cover, each stretch once."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses.columns import Floats, Shapes, amounts, ids, shapes, texts
from ntm_gis.analyses.places import inside
from ntm_gis.analyses.roads.doubles import NEAR_M, Double, Span, doubles
from ntm_gis.analyses.roads.network import Network, Stretch
from ntm_gis.analyses.roads.segments import breaks, near, once, pieces_of
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ntm_gis.layers.values import Layer, Layers

LAYER = "roads"
M_PER_KM = 1000.0


@dataclass(frozen=True)
class Roads:
    """The used rows of the layer as columns, and the stretches they cover.

    Parameters
    ----------
    lines : object array
        As drawn; None where there is no line.
    within : object array
        What of it lies within the boundary, or may where there is none.
    """

    layer: Layer
    ids: list[str]
    lines: Shapes
    within: Shapes
    declared_m: Floats
    network: Network
    doubles: list[Double]

    @property
    def listed(self) -> list[bool]:
        """Roads by list alone."""
        return [line is None for line in self.lines]

    def owner(self, stretch: Stretch) -> int:
        """Return the road that a stretch is counted with: of the highest class, then by id."""
        ranks = self.network.ranks

        def order(road: int) -> tuple[float, str, int]:
            rank = ranks[road]
            return math.inf if rank is None else rank, self.ids[road], road

        return min(stretch.roads, key=order)


def survey(layers: Layers) -> Roads:
    """Return the roads of a commune and the ground they cover, each stretch once."""
    layer = layers[LAYER]
    frame = layer.used
    order = {code: rank for rank, code in enumerate(code_list("road_class").keys)}
    ranks = [order.get(code or "") for code in texts(frame, "road_class")]
    lines = shapes(frame)
    within = inside(lines, layers.boundary, 1)
    declared = amounts(frame, "declared_length_m")
    stretches, found = _stretches(within, ranks, len(order))
    if layers.boundary is None:
        stretches = [replace(stretch, perhaps=True) for stretch in stretches]
    by_list = [
        Stretch(math.inf if math.isnan(metres) else metres / M_PER_KM, (road,))
        for road, (line, metres) in enumerate(zip(lines, declared.tolist(), strict=True))
        if line is None
    ]
    network = Network((*stretches, *by_list), ranks, texts(frame, "surface"), len(order) - 1)
    return Roads(layer, ids(layer), lines, within, declared, network, found)


def _stretches(
    lines: Shapes, ranks: Sequence[int | None], lowest: int
) -> tuple[list[Stretch], list[Double]]:
    """Return the ground drawn, alike parts added up, and the suspected doubles."""
    rank = np.array([lowest if r is None else r for r in ranks], dtype=np.int64)
    drawn = pieces_of(lines, rank)
    pairs = near(drawn, NEAR_M)
    ground = once(drawn, pairs)
    found, spans = doubles(ground, pairs if ground is drawn else None)
    lengths: dict[Stretch, list[float]] = defaultdict(list)
    touched = np.array(sorted(spans), dtype=np.int64)
    metres = ground.length
    free = np.setdiff1d(np.arange(len(metres)), touched)
    for k in free.tolist():
        lengths[Stretch(0.0, ground.members[k])].append(float(metres[k]))
    for k in touched.tolist():
        for start, end, goes, gains in _parted(float(metres[k]), spans[k]):
            lengths[Stretch(0.0, ground.members[k], goes, gains)].append(end - start)
    out = [replace(kind, length_km=math.fsum(parts) / M_PER_KM) for kind, parts in lengths.items()]
    return out, found


def _parted(
    length: float, spans: Sequence[Span]
) -> Iterable[tuple[float, float, frozenset[int], tuple[tuple[int, tuple[int, ...]], ...]]]:
    """Yield the parts of a piece that belong to the same doubles in the same way."""
    edges = breaks(length, [edge for span in spans for edge in (span.start, span.end)])
    for a, b in itertools.pairwise(edges):
        here = [span for span in spans if span.start <= (a + b) / 2 <= span.end]
        goes = frozenset(span.double for span in here if span.goes)
        gained: dict[int, set[int]] = defaultdict(set)
        for span in here:
            if not span.goes:
                gained[span.double].update(span.gains)
        yield a, b, goes, tuple((k, tuple(sorted(gained[k]))) for k in sorted(gained))
