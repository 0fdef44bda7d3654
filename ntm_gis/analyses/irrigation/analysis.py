"""Irrigation: farmland served by works in good condition, lengths of canals by condition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses import figures
from ntm_gis.analyses.affects import Entries
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import Floats, amounts, ids, shapes, texts
from ntm_gis.analyses.coverage.covered import Overlap, hectares
from ntm_gis.analyses.irrigation.land import FARMLAND, WORKS, Farmland, farmland
from ntm_gis.analyses.places import at_row, boundary_notes, drawn, inside
from ntm_gis.analyses.words import in_sentence
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import Contribution, Finding, Measure, Unit
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "irrigation.served_": {
        "farmland": ("irrigation_id", "geometry"),
        "irrigation": ("condition",),
        "boundary": ("geometry",),
    },
    "irrigation.length_km": {
        "irrigation": ("kind", "condition", "declared_length_m", "geometry"),
        "boundary": ("geometry",),
    },
}

LINES = frozenset({"canal", "pipe"})
"""Kinds of works that have a length."""

_OVERLAP_HA = 0.01


def answer(question: Question) -> Answer:
    """Return the measures `irrigation.*` and the frames `irrigation` and `farmland`."""
    layers = question.layers
    land = farmland(layers)
    works = layers[WORKS]
    words = {True: "served", False: "not_served", None: "unknown"}
    conditions = texts(works.used, "condition")
    frames = {
        WORKS: drawn(
            works,
            state=[condition or "unknown" for condition in conditions],
            length_km=_lengths_km(layers),
        ),
        FARMLAND: drawn(
            layers[FARMLAND],
            state=[words[served] for served in land.served],
            area_ha=_areas(layers, land),
        ),
    }
    measures = [*_served(layers, land), *_by_condition(layers)]
    return Answer(tuple(measures), tuple(_findings(layers, land, Entries(measures))), frames)


# --- Farmland served -----------------------------------------------------------------------------


def _served(layers: Layers, land: Farmland) -> Iterator[Measure]:
    area, part = named("irrigation.served_ha"), named("irrigation.served_share")
    missing = figures.without_rows(layers, FARMLAND, WORKS)
    if missing:
        yield from (
            figures.not_given(name, layers, *missing, inputs=(FARMLAND, WORKS))
            for name in (area, part)
        )
        return
    inputs = (layers[FARMLAND], layers[WORKS], layers["boundary"])
    notes = boundary_notes(layers)
    features = list(_features(land, share=False))
    yield figures.summed(
        area, features, inputs, more=_more(land), known=_informed(land), notes=notes
    )
    yield figures.shared(part, list(_features(land, share=True)), _units(land), inputs, notes=notes)


def _features(land: Farmland, *, share: bool) -> Iterator[Contribution]:
    """Yield what each parcel puts in; a parcel drawn over by another may put in nothing."""
    for k, served in enumerate(land.served):
        known, unknown = float(land.known_ha[k]), float(land.unknown_ha[k])
        if not land.bounded:
            unknown += known if served or share else 0.0
        elif known > 0 and (served or share):
            yield Contribution(
                FARMLAND, land.ids[k], known if served else 0.0, weight=known if share else None
            )
        if unknown > 0:
            yield Contribution(FARMLAND, land.ids[k], 0.0, unknown=True, weight=unknown)
    for k in land.lost:
        yield Contribution(FARMLAND, land.ids[k], 0.0, unknown=True)


def _informed(land: Farmland) -> bool:
    """Return whether anything is known of what is served."""
    return not land.served or (land.bounded and bool((land.known_ha > 0).any()))


def _more(land: Farmland) -> float | None:
    """Return the most that the unknown can add to what is served."""
    more = math.fsum(land.unknown_ha)
    if not land.bounded:
        served = np.array([state is True for state in land.served], dtype=bool)
        more += math.fsum(land.known_ha[served])
    if any(land.served[k] is not False for k in land.lost):
        return None if land.room_ha is None else more + land.room_ha
    return more


def _units(land: Farmland) -> Iterator[Unit]:
    for served, known, unknown in zip(
        land.served, land.known_ha.tolist(), land.unknown_ha.tolist(), strict=True
    ):
        if known > 0:
            there = (known if served else 0.0, known)
            yield Unit((there,) if land.bounded else (there, (0.0, 0.0)))
        if unknown > 0:
            nothing = () if land.bounded else ((0.0, 0.0),)
            yield Unit(((0.0, unknown), (unknown, unknown), *nothing))
    if land.lost:
        # Parcels not drawn may be any size, but not larger together than what is left.
        room = math.inf if land.room_ha is None else land.room_ha
        states = {land.served[k] for k in land.lost}
        ways = [(0.0, 0.0)]
        ways += [(room, room)] if states - {False} else []
        ways += [(0.0, room)] if states - {True} else []
        yield Unit(tuple(ways))


def _areas(layers: Layers, land: Farmland) -> Floats:
    area = hectares(land.within, layers.commune.commune.crs)
    area[land.lost] = np.nan
    return area


def _findings(layers: Layers, land: Farmland, entries: Entries) -> Iterator[Finding]:
    """Yield parcels that overlap or are perhaps served, and works whose length is not known."""
    layer = layers[FARMLAND]
    yield from _parcels_without_work(layer, land, entries)
    works = layers[WORKS]
    for k, (id_, km) in enumerate(zip(ids(works), _lengths_km(layers).tolist(), strict=True)):
        touched = entries.of(WORKS, id_)
        if math.isnan(km) and touched:
            yield at_row("WORK_LENGTH_UNKNOWN", works, k, field="declared_length_m").affecting(
                touched
            )
    for overlap in land.coverage.overlaps:
        if overlap.area_ha >= _OVERLAP_HA:
            yield at_row(
                "AREAS_OVERLAP", layer, overlap.second, place=overlap.ground,
                first=land.ids[overlap.first], area=overlap.area_ha,
                layer_title=layer.schema.title.words,
            ).affecting(_shared_by(land, overlap))  # fmt: skip


def _shared_by(land: Farmland, overlap: Overlap) -> tuple[str, ...]:
    """Return what moves when two parcels are drawn apart: the whole, and perhaps the part."""
    neither = land.served[overlap.first] is False and land.served[overlap.second] is False
    share = ("irrigation.served_share",)
    return share if neither else ("irrigation.served_ha", *share)


def _parcels_without_work(layer: Layer, land: Farmland, entries: Entries) -> Iterator[Finding]:
    """Yield parcels of which the work is blank, all in one finding where none has any."""
    named_works = texts(layer.used, "irrigation_id")
    blank = [k for k, work in enumerate(named_works) if work is None]
    ground = np.nan_to_num(hectares(land.within, layer.used.crs.to_string()))
    if len(blank) == len(named_works) > 1:
        yield Finding.of(
            "PARCELS_SERVICE_UNKNOWN", file=layer.files[0] if layer.files else None,
            layer=FARMLAND, field="irrigation_id", n=len(blank), area=math.fsum(ground[blank]),
            title=layer.schema.field("irrigation_id").title.words,
        ).affecting(entries.of(FARMLAND, *(land.ids[k] for k in blank)))  # fmt: skip
        return
    for k in blank:
        touched = entries.of(FARMLAND, land.ids[k])
        if touched:
            yield at_row(
                "PARCEL_SERVICE_UNKNOWN", layer, k, field="irrigation_id", value="",
                area=float(ground[k]),
            ).affecting(touched)  # fmt: skip


# --- Lengths by condition ------------------------------------------------------------------------


def _lengths_km(layers: Layers) -> Floats:
    """Return the length of each work: of lines within the boundary, else as declared.

    Without a boundary of whole lines. NaN where a work has no length (a weir), or none is recorded.
    """
    frame = layers[WORKS].used
    whole = shapes(frame)
    is_line = np.array([shape is not None and shapely.length(shape) > 0 for shape in whole], bool)
    out = np.where([shape is None for shape in whole], amounts(frame, "declared_length_m"), np.nan)
    out[is_line] = shapely.length(inside(whole[is_line], layers.boundary, 1))
    return np.asarray(out / 1000.0, dtype=np.float64)


def _by_condition(layers: Layers) -> Iterator[Measure]:
    conditions = texts(layers[WORKS].used, "condition")
    for code in code_list("condition").codes:
        title = in_sentence(code.title.words)
        name = named("irrigation.length_km.CONDITION", CONDITION=code.code, condition=title)
        belongs = [None if c is None else c == code.code for c in conditions]
        yield _length(layers, name, belongs)
    yield _length(layers, named("irrigation.length_km.unknown"), [c is None for c in conditions])


def _length(layers: Layers, name: Named, belongs: Sequence[bool | None]) -> Measure:
    works = layers[WORKS]
    if figures.without_rows(layers, WORKS):
        return figures.not_given(name, layers, WORKS)
    kinds = texts(works.used, "kind")
    by_list = [shape is None for shape in shapes(works.used)]
    features, more, methods = [], [], set()
    for k, (key, km) in enumerate(zip(ids(works), _lengths_km(layers).tolist(), strict=True)):
        # A weir by list has no length; of a canal by list it may not be recorded.
        lengthless = math.isnan(km) and (not by_list[k] or kinds[k] not in {*LINES, None})
        if belongs[k] is False or lengthless:
            continue
        amount = None if math.isnan(km) else km
        methods.add(by_list[k])
        inside_known = by_list[k] or layers.boundary is not None
        if belongs[k] and amount is not None and inside_known:
            features.append(Contribution(WORKS, key, amount))
        else:
            features.append(Contribution(WORKS, key, 0.0, unknown=True, weight=amount))
            more.append(amount)
    return figures.summed(
        name,
        features,
        (works, layers["boundary"]),
        more=None if None in more else math.fsum(x for x in more if x is not None),
        known=_some_known(layers, belongs, features),
        method=figures.method_of(drawn=False in methods, listed=True in methods),
        notes=boundary_notes(layers),
    )


def _some_known(
    layers: Layers, belongs: Sequence[bool | None], features: Sequence[Contribution]
) -> bool:
    """Return whether anything is known of a length, if only that some work adds nothing."""
    if not features or not all(part.unknown for part in features):
        return True
    return layers.boundary is not None and any(b is not None for b in belongs)
