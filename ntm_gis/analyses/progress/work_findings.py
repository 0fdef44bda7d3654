"""Findings about road works as such: their span, their road, two on one stretch, disputes."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.chainage.axis import CM, fault, stretch, written
from ntm_gis.analyses.columns import shapes, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.progress.measures import touched
from ntm_gis.analyses.progress.works import LAYER
from ntm_gis.results import Finding, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.progress.findings import Teller
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.values import Layers
    from ntm_gis.results.spans import Span

DIFFERENCE = 0.005
"""How far lengths of one work may be apart before it is worth a finding: half a per cent."""


def about_disputes(layers: Layers, tell: Teller) -> Iterator[Finding]:
    """Yield what is in dispute on the day of the figures."""
    as_of = layers.commune.commune.as_of
    works = {work.id: work for work in tell.found.works}
    layer = layers[LAYER]
    for dispute in tell.found.disputes:
        work = works.get(dispute.work_id)
        said: dict[str, Any] = {
            "where": stretch(*sorted((dispute.from_cm, dispute.to_cm))),
            "by": dispute.raised_by,
            "on": dispute.raised_on,
            "why": dispute.why,
        }
        if work is None:
            yield Finding.of("DISPUTE_WITHOUT_WORK", value=dispute.work_id, **said)
        elif (dispute.from_cm, dispute.to_cm) in tell.found.contested(work, as_of).open:
            place = tell.lines.cut(work.road_id, (dispute.from_cm, dispute.to_cm))
            told = at_row("STRETCH_DISPUTED", layer, work.row, place=place, name=work.name, **said)
            yield told.affecting(touched(work.id))


def about_works(layers: Layers, tell: Teller) -> Iterator[Finding]:
    """Yield what is wrong with works: their span, their road, two works on one stretch."""
    layer = layers[LAYER]
    drawn = layers["roads"].used
    faults = dict(zip(texts(drawn, "road_id"), map(fault, shapes(drawn)), strict=True))
    for work in tell.found.works:
        ids, span = touched(work.id), work.span
        line = tell.lines.roads.get(work.road_id or "")
        if span is None:
            yield at_row(
                "WORK_SPAN_UNKNOWN", layer, work.row, field="to_m", name=work.name
            ).affecting(ids)
            continue
        if span[0] >= span[1]:
            yield at_row(
                "WORK_SPAN_REVERSED", layer, work.row, field="to_m", value=written(span[1]),
                name=work.name, start=written(span[0]), last=written(span[1]),
            ).affecting(ids)  # fmt: skip
            continue
        if faults.get(work.road_id) in ("parts", "point"):
            yield at_row("ROAD_WITHOUT_AXIS", layer, work.row, field="road_id", value=work.road_id,
                         name=work.name)  # fmt: skip
        length = span[1] - span[0]
        if line is not None and span[1] - line.span[1] > _slack(length):
            yield at_row(
                "WORK_BEYOND_ROAD", layer, work.row, field="to_m", value=written(span[1]),
                name=work.name, last=written(span[1]), end=written(line.span[1]),
                difference=(span[1] - line.span[1]) / CM,
            ).affecting(ids)  # fmt: skip
        if work.planned_cm is not None and abs(length - work.planned_cm) > _slack(length):
            yield at_row(
                "WORK_LENGTH_DIFFERS", layer, work.row, field="planned_length_m",
                value=f"{work.planned_cm / CM:.15g}", name=work.name,
                planned=work.planned_cm / CM, length=length / CM, where=stretch(*span),
            ).affecting(ids)  # fmt: skip
    yield from _two_works(layers, tell)


def _slack(length_cm: int) -> float:
    """Return how far lengths may be apart: half a per cent, a metre at least."""
    return max(CM, DIFFERENCE * length_cm)


def _two_works(layers: Layers, tell: Teller) -> Iterator[Finding]:
    by_road: dict[str, list[tuple[Work, Span]]] = defaultdict(list)
    for work in tell.found.works:
        if work.span is not None and work.road_id is not None:
            by_road[work.road_id].append((work, work.span))
    for road, mine in by_road.items():
        for (first, a), (second, b) in itertools.combinations(mine, 2):
            both = spans.intersection([a], [b])
            if not both:
                continue
            yield at_row(
                "WORKS_OVERLAP", layers[LAYER], second.row, field="road_id", value=road,
                place=tell.lines.cut(road, both[0]), name=second.name, other=first.id,
                other_name=first.name, where=stretch(*both[0]), metres=spans.length(both) / CM,
            ).affecting((*touched(first.id), *touched(second.id)))  # fmt: skip
