"""Unit costs: what works cost for each kilometre, or square metre, beside the commune's others.

No cost of law or of elsewhere is at hand: a work is put against the other works and proposals of
the same commune, and what lies far outside their range is a question, not a fault.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import amounts, ids, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Contribution, Evidence, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.money.works import Work
    from ntm_gis.layers.values import Layer, Layers
    from ntm_gis.results import Finding

LEAST_OTHERS = 3
"""Of so many others a range is made; fewer say too little."""

FAR = 1.5
"""A cost is far outside the range of the others beyond so many times its end. A setting of the
product, no norm."""

CANDIDATES, ROAD_WORKS, HOUSES = "candidates", "road_works", "cultural_houses"
KM, M2 = "km", "m²"


@dataclass(frozen=True, slots=True)
class Cost:
    """A work or proposal with its size and what one of its unit costs.

    `low`, `high` and `others` are the range of the other works of its kind, and how many they
    are; `state` is above, below, within, or few where the others are too few.
    """

    layer: str
    row: int
    id: str
    name: str
    kind: str
    unit: str
    size: float
    million: float
    low: float | None = None
    high: float | None = None
    others: int = 0

    @property
    def per_unit(self) -> float:
        """Million đồng for one of the unit."""
        return self.million / self.size

    @property
    def state(self) -> str:
        """How it lies to the others."""
        if self.others < LEAST_OTHERS or self.low is None or self.high is None:
            return "few"
        if self.per_unit > FAR * self.high:
            return "above"
        return "below" if self.per_unit * FAR < self.low else "within"


def costs(layers: Layers, works: Sequence[Work]) -> list[Cost]:
    """Return the unit cost of each work and proposal of which cost and size are known."""
    found = [*_of_works(layers, works), *_of_candidates(layers)]
    by_kind: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    for cost in found:
        by_kind[cost.kind, cost.unit].append(cost)
    out = []
    for cost in found:
        # A proposal that is already a work is not another work.
        others = [
            other.per_unit
            for other in by_kind[cost.kind, cost.unit]
            if other is not cost and other.id != cost.id
        ]
        low, high = (min(others), max(others)) if others else (None, None)
        out.append(replace(cost, low=low, high=high, others=len(others)))
    return out


def measures(layers: Layers, works: Sequence[Work]) -> Iterator[Measure]:
    """Yield the planned cost of a kilometre of each road work."""
    lengths = _road_lengths(layers)
    inputs = (layers["works"], layers[ROAD_WORKS])
    for work in works:
        if work.id not in lengths:
            continue
        name = named(
            "money.WORK.planned_million_per_km", subject=work.id, WORK=work.id, name=work.name
        )
        km, span = lengths[work.id], work.planned
        if span is None or km is None or not work.budgets:
            part = Contribution(ROAD_WORKS, work.id, 0.0, unknown=True)
            yield figures.summed(name, (part,), inputs, more=None, method=figures.LIST)
            continue
        layer, million = work.budgets[0]
        part = Contribution(layer, work.id, million, weight=km)
        value = million / km
        yield Measure(
            name.id, name.title, name.unit, value, min(value, span[0] / km),
            max(value, span[1] / km), Evidence(name.method, (part,), figures.files(inputs)),
            subject=name.subject, numerator=million, denominator=km, method=figures.LIST,
            more_is_better=name.more_is_better,
        )  # fmt: skip


def findings(layers: Layers, found: Sequence[Cost]) -> Iterator[Finding]:
    """Yield works whose unit cost lies far outside the range of the others."""
    for cost in found:
        if cost.state in ("above", "below"):
            code = f"UNIT_COST_{cost.state.upper()}"
            yield at_row(
                code, layers[cost.layer], cost.row, name=cost.name, unit=cost.unit,
                per=cost.per_unit, low=cost.low, high=cost.high, others=cost.others,
            )  # fmt: skip


def _of_works(layers: Layers, works: Sequence[Work]) -> Iterator[Cost]:
    lengths = _road_lengths(layers)
    sizes: dict[str, Mapping[str, tuple[float, str]]] = {}
    for work in works:
        span = work.planned
        if span is None or span[0] != span[1] or span[0] <= 0:
            continue
        layer, row = work.row
        if work.id in lengths:
            km = lengths[work.id]
            if km:
                yield Cost(layer, row, work.id, work.name, "roads", KM, km, span[0])
            continue
        if work.on is None or work.on[0] == "roads":
            continue  # a work on part of a road says nothing of how much of it
        of = work.on[0]
        size = sizes.setdefault(of, _sizes(layers[of])).get(work.on[1])
        if size is not None:
            yield Cost(layer, row, work.id, work.name, of, size[1], size[0], span[0])


def _of_candidates(layers: Layers) -> Iterator[Cost]:
    layer = layers[CANDIDATES]
    frame = layer.used
    sizes: dict[str, Mapping[str, tuple[float, str]]] = {}
    columns = zip(
        ids(layer), texts(frame, "name"), texts(frame, "layer"), texts(frame, "feature_id"),
        amounts(frame, "from_m").tolist(), amounts(frame, "to_m").tolist(),
        amounts(frame, "cost_million_vnd").tolist(), strict=True,
    )  # fmt: skip
    for row, (key, name, of, feature, start, end, million) in enumerate(columns):
        if not million > 0 or of is None or feature is None:
            continue
        size = sizes.setdefault(of, _sizes(layers[of])).get(feature)
        if end > start:
            size = ((end - start) / 1000, KM)
        if size is not None:
            yield Cost(CANDIDATES, row, key, name or key, of, size[1], size[0], million)


def _road_lengths(layers: Layers) -> dict[str, float | None]:
    """Return the designed km of each road work; None: not recorded."""
    layer = layers[ROAD_WORKS]
    metres = amounts(layer.used, "planned_length_m").tolist()
    return {key: m / 1000 if m > 0 else None for key, m in zip(ids(layer), metres, strict=True)}


def _sizes(layer: Layer) -> dict[str, tuple[float, str]]:
    """Return the size of each feature that has one: km of a line, m² of a cultural house's floor.

    Floors of schools are left out: a repair and new rooms have no price a square metre in common.
    """
    frame = layer.used
    out: dict[str, tuple[float, str]] = {}
    declared = amounts(frame, "declared_length_m").tolist()
    floors = amounts(frame if layer.name == HOUSES else frame[[]], "floor_m2").tolist()
    for key, shape, metres, floor in zip(
        ids(layer), layer.places.shapes, declared, floors, strict=True
    ):
        line = shape is not None and shape.geom_type.endswith("LineString")
        long = float(shapely.length(shape)) if line else metres
        if long > 0:
            out[key] = (long / 1000, KM)
        elif not math.isnan(floor) and floor > 0:
            out[key] = (floor, M2)
    return out
