"""Tea and other crops: ground measured, ground in harvest, areas as declared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses import figures
from ntm_gis.analyses.affects import Entries
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import Floats, Shapes, amounts, ids, shapes, texts
from ntm_gis.analyses.coverage.covered import Coverage, covered, hectares
from ntm_gis.analyses.places import at_row, boundary_notes, drawn, inside
from ntm_gis.analyses.words import in_sentence
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import Contribution, Finding, Measure
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "tea.area_ha": {"tea_areas": ("declared_ha", "geometry"), "boundary": ("geometry",)},
    "tea.harvest_ha": {
        "tea_areas": ("stage", "declared_ha", "geometry"),
        "boundary": ("geometry",),
    },
    "tea.declared_ha": {"tea_areas": ("declared_ha",)},
    "crops.": {"crop_areas": ("crop", "declared_ha", "geometry"), "boundary": ("geometry",)},
    "crops.*.declared_ha": {"crop_areas": ("crop", "declared_ha")},
}

TEA, CROPS = "tea_areas", "crop_areas"

_OVERLAP_HA = 0.01
"""Shared ground worth a finding; less is how edges were drawn."""

_DIFFERS = 0.05


@dataclass(frozen=True)
class Plots:
    """The used rows of a layer of plots.

    Parameters
    ----------
    within : object array
        What of each plot lies within the boundary, or may where there is none; None where it is
        not drawn.
    whole_ha, within_ha, declared_ha : float arrays
        Hectares; NaN where not drawn or not declared.
    commune_ha : float or None
        The most that plots can cover together; None where the boundary is not known.
    """

    layer: Layer
    ids: list[str]
    within: Shapes
    whole_ha: Floats
    within_ha: Floats
    declared_ha: Floats
    commune_ha: float | None
    zone: str

    def coverage(self, which: Sequence[bool]) -> Coverage:
        """Return the ground of some plots, each piece once."""
        chosen = self.within.copy()
        chosen[~np.array(which, dtype=bool)] = None
        return covered(chosen, self.ids, self.zone)


def answer(question: Question) -> Answer:
    """Return the measures `tea.*` and `crops.*`, their findings and frames."""
    layers = question.layers
    tea, crops = plots(layers, TEA), plots(layers, CROPS)
    stages = texts(tea.layer.used, "stage")
    kinds = texts(crops.layer.used, "crop")
    measures = [*_tea(layers, tea, stages), *_crops(layers, crops, kinds)]
    entries = Entries(measures)
    findings = [
        *_findings(tea, [None] * len(stages), entries),
        *_findings(crops, kinds, entries),
    ]
    frames = {
        TEA: drawn(
            tea.layer, state=_or_unknown(stages), area_ha=tea.within_ha, declared_ha=tea.declared_ha
        ),
        CROPS: drawn(crops.layer, state=_or_unknown(kinds), area_ha=crops.within_ha),
    }
    return Answer(tuple(measures), tuple(findings), frames)


def plots(layers: Layers, name: str) -> Plots:
    """Return the plots of a layer, cut at the boundary."""
    layer = layers[name]
    zone = layers.commune.commune.crs
    whole = shapes(layer.used)
    within = inside(whole, layers.boundary, 2)
    missing = np.array([shape is None for shape in whole], dtype=bool)
    ground = layers.boundary
    commune = None if ground is None else float(hectares(np.array([ground]), zone)[0])
    return Plots(
        layer,
        ids(layer),
        within,
        np.where(missing, np.nan, hectares(whole, zone)),
        np.where(missing, np.nan, hectares(within, zone)),
        amounts(layer.used, "declared_ha"),
        commune,
        zone,
    )


def _tea(layers: Layers, tea: Plots, stages: Sequence[str | None]) -> Iterator[Measure]:
    every: list[bool | None] = [True] * len(stages)
    harvest = [None if stage is None else stage == "harvest" for stage in stages]
    yield _measured(layers, tea, named("tea.area_ha"), every)
    yield _measured(layers, tea, named("tea.harvest_ha"), harvest)
    yield _declared(layers, tea, named("tea.declared_ha"), every)


def _crops(layers: Layers, crops: Plots, kinds: Sequence[str | None]) -> Iterator[Measure]:
    for code in code_list("crop").codes:
        crop = in_sentence(code.title.words)
        of_it = [None if kind is None else kind == code.code for kind in kinds]
        area = named("crops.CROP.area_ha", CROP=code.code, crop=crop)
        declared = named("crops.CROP.declared_ha", CROP=code.code, crop=crop)
        yield _measured(layers, crops, area, of_it)
        yield _declared(layers, crops, declared, of_it)


def _measured(layers: Layers, plots: Plots, name: Named, belongs: Sequence[bool | None]) -> Measure:
    """Return the ground of the plots that belong; those perhaps belonging widen the bounds.

    Without a boundary any part of a plot drawn may lie in the commune, or none.
    """
    bounded = plots.commune_ha is not None
    if figures.without_rows(layers, plots.layer.name):
        return figures.not_given(name, layers, plots.layer.name)
    sure = plots.coverage([bounded and b is True for b in belongs])
    possible = plots.coverage([b is not False for b in belongs])
    more = math.fsum(possible.own_ha) - math.fsum(sure.own_ha)
    features: list[Contribution] = []
    endless = False
    for k, belonging in enumerate(belongs):
        if belonging is False:
            continue
        area, listed = _area(plots, sure, k)
        if belonging and area is not None and (bounded or listed):
            features.append(Contribution(plots.layer.name, plots.ids[k], area))
            continue
        weight = plots.within_ha[k] if not listed else area
        features.append(
            Contribution(plots.layer.name, plots.ids[k], 0.0, unknown=True, weight=_finite(weight))
        )
        if listed:
            more += area or 0.0
            endless |= area is None
    high: float | None = math.fsum(p.amount for p in features) + max(0.0, more)
    if endless:
        high = None if plots.commune_ha is None else max(high or 0.0, plots.commune_ha)
    return figures.summed(
        name,
        features,
        (plots.layer, layers["boundary"]),
        more=None,
        high=high,
        known=_informed(belongs, features) if bounded else None,
        method=_method(plots, features),
        notes=boundary_notes(layers),
    )


def _informed(belongs: Sequence[bool | None], features: Sequence[Contribution]) -> bool:
    """Return whether anything is known of a sum, if only that some plot does not belong."""
    return not belongs or False in belongs or not all(part.unknown for part in features)


def _area(plots: Plots, sure: Coverage, k: int) -> tuple[float | None, bool]:
    """Return what a plot adds, None where nobody recorded it, and whether it is by list."""
    if plots.within[k] is not None:
        return float(sure.own_ha[k]), False
    declared = float(plots.declared_ha[k])
    return (None if math.isnan(declared) else declared), True


def _declared(layers: Layers, plots: Plots, name: Named, belongs: Sequence[bool | None]) -> Measure:
    if figures.without_rows(layers, plots.layer.name):
        return figures.not_given(name, layers, plots.layer.name)
    features = []
    more: list[float | None] = []
    for key, belonging, ha in zip(plots.ids, belongs, plots.declared_ha.tolist(), strict=True):
        if belonging is False:
            continue
        amount = None if math.isnan(ha) else ha
        if belonging and amount is not None:
            features.append(Contribution(plots.layer.name, key, amount))
        else:
            features.append(Contribution(plots.layer.name, key, 0.0, unknown=True, weight=amount))
            more.append(amount)
    return figures.summed(
        name,
        features,
        (plots.layer,),
        more=None if None in more else math.fsum(x for x in more if x is not None),
        known=_informed(belongs, features),
        method=figures.LIST,
    )


def _method(plots: Plots, features: Sequence[Contribution]) -> str:
    by_list = {key for key, shape in zip(plots.ids, plots.within, strict=True) if shape is None}
    found = {part.id in by_list for part in features}
    return figures.method_of(drawn=False in found, listed=True in found)


def _findings(plots: Plots, kinds: Sequence[str | None], entries: Entries) -> Iterator[Finding]:
    """Yield overlaps of plots of one kind, areas far from the declared ones, and unknown ones."""
    name, keys = plots.layer.name, plots.ids
    for overlap in plots.coverage([True] * len(plots.ids)).overlaps:
        if overlap.area_ha >= _OVERLAP_HA and kinds[overlap.first] == kinds[overlap.second]:
            yield at_row(
                "AREAS_OVERLAP", plots.layer, overlap.second, place=overlap.ground,
                first=keys[overlap.first], area=overlap.area_ha,
                layer_title=plots.layer.schema.title.words,
            ).affecting(
                entries.of(name, keys[overlap.first], keys[overlap.second], but="*.declared_ha")
            )  # fmt: skip
    yield from _not_declared(plots, entries)
    for k, shape in enumerate(plots.within):
        declared = float(plots.declared_ha[k])
        if shape is None or math.isnan(declared):
            continue
        drawn_ha = min(plots.whole_ha[k], plots.within_ha[k], key=_distance_to(declared))
        if abs(drawn_ha - declared) > _DIFFERS * max(drawn_ha, declared):
            yield at_row(
                "AREA_DIFFERS", plots.layer, k, field="declared_ha",
                value=np.format_float_positional(declared, trim="-"),
                drawn=float(drawn_ha), declared=declared,
            ).affecting(entries.of(name, keys[k]))  # fmt: skip


def _not_declared(plots: Plots, entries: Entries) -> Iterator[Finding]:
    """Yield plots without a declared area: drawn ones in one finding where none has any."""
    layer, field = plots.layer, "declared_ha"
    blank = np.flatnonzero(np.isnan(plots.declared_ha)).tolist()
    drawn_ones = [k for k in blank if plots.within[k] is not None]
    for k in sorted(set(blank) - set(drawn_ones)):
        yield at_row("AREA_UNKNOWN", layer, k, field=field).affecting(
            entries.of(layer.name, plots.ids[k])
        )
    if len(drawn_ones) == len(plots.ids) > 1:
        yield Finding.of(
            "AREAS_NOT_DECLARED", file=layer.files[0] if layer.files else None, layer=layer.name,
            field=field, n=len(drawn_ones), layer_title=layer.schema.title.words,
            title=layer.schema.field(field).title.words,
        ).affecting(_declared_ones(entries.of(layer.name, *plots.ids)))  # fmt: skip
        return
    for k in drawn_ones:
        yield at_row("AREA_NOT_DECLARED", layer, k, field=field, value="").affecting(
            _declared_ones(entries.of(layer.name, plots.ids[k]))
        )


def _declared_ones(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.endswith(".declared_ha"))


def _distance_to(declared: float) -> Callable[[float], float]:
    return lambda ha: abs(float(ha) - declared)


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _or_unknown(codes: Sequence[str | None]) -> list[str]:
    return [code or "unknown" for code in codes]
