"""Where forms of villages differ: among themselves, from the commune's figure, from the list."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import amounts, ids, texts
from ntm_gis.analyses.criteria.figures import in_words
from ntm_gis.analyses.criteria.rows import LAYER, Given, Sorted, touched
from ntm_gis.analyses.criteria.villages import Villages, by_village
from ntm_gis.analyses.places import at_row
from ntm_gis.rules.carrying import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.layers.values import Layer, Layers
    from ntm_gis.results import Finding
    from ntm_gis.rules.carrying import Figure as Carried

_SLACK = 1e-6
_ROUNDED = 0.1
"""By how much a share that is stated may differ from what it is made of."""


def findings(layers: Layers, given: Sorted, of_codes: Mapping[str, Carried]) -> Iterator[Finding]:
    """Yield where villages and commune, or villages and the list of villages, differ."""
    layer = layers[LAYER]
    every = list(by_village(layers, given))
    yield from _strange(layers, every)
    for found in every:
        yield from (
            _two_forms(layers, found, rows) for v, rows in found.doubt.items()
            if v not in {row.village for row in found.strange}
        )  # fmt: skip
        own = next(iter(given.own.get((found.code, None), ())), None)
        carried = of_codes.get(found.code)
        if own is not None and carried is not None and carried.carry == "ratio":
            yield from _against_ratio(layer, found, own, carried)
        elif own is not None:
            stated = own.numerator if own.value is None else own.value
            yield from _against_sum(layer, found, own, stated, found.amounts)
        yield from _against_list(layers, found, carried)


def _against_sum(
    layer: Layer,
    found: Villages,
    own: Given,
    stated: float | None,
    amounts_: Sequence[float | None],
) -> Iterator[Finding]:
    """Yield where the commune states less than some villages have, or all have less."""
    if stated is None:
        return
    total = math.fsum(x for x in amounts_ if x is not None)
    whole = not found.missing and None not in amounts_
    if total > stated + _SLACK or (whole and total < stated - _SLACK):
        yield at_row(
            "FIGURE_VILLAGES_SUM", layer, own.at, field="value", value=stated,
            indicator=found.code, total=total, stated=stated, difference=total - stated,
            n=len(found.rows), all=len(found.rows) + len(found.missing),
        ).affecting(touched(found.code))  # fmt: skip


def _against_ratio(
    layer: Layer, found: Villages, own: Given, carried: Carried
) -> Iterator[Finding]:
    """Yield where a ratio of the commune is not that of its villages together.

    Numerators are added up; where the commune states the share alone it is put against theirs.
    """
    if own.numerator is not None:
        yield from _against_sum(layer, found, own, own.numerator, [r.numerator for r in found.rows])
        return
    parts = [(row.numerator, row.denominator) for row in found.rows]
    known = [(n, d) for n, d in parts if n is not None and d]
    if own.value is None or not known or found.missing or len(known) < len(parts):
        return
    part, whole = (math.fsum(column) for column in zip(*known, strict=True))
    share = carried.scale * part / whole
    if carried.unit == "%" and abs(share - own.value) > _ROUNDED:
        yield at_row(
            "FIGURE_VILLAGES_SHARE", layer, own.at, field="value", value=own.value,
            indicator=found.code, n=len(parts), share=share, part=part, whole=whole,
            stated=own.value,
        ).affecting(touched(found.code))  # fmt: skip


def _strange(layers: Layers, every: Sequence[Villages]) -> Iterator[Finding]:
    """Yield forms of villages that are not in the list of villages, each once."""
    forms: dict[tuple[str, str], list[Given]] = defaultdict(list)
    layer = layers[LAYER]
    for found in every:
        for row in found.strange:
            forms[row.village or "", layer.places.files[row.at]].append(row)
    for (village, _), rows in forms.items():
        affected = dict.fromkeys(name for row in rows for name in touched(row.code))
        yield at_row(
            "FIGURE_VILLAGE_UNKNOWN", layer, rows[0].at, field="village_id", value=village,
            village=village, count=len(rows),
        ).affecting(tuple(affected))  # fmt: skip


def _two_forms(layers: Layers, found: Villages, rows: Sequence[Given]) -> Finding:
    layer = layers[LAYER]
    names = dict(zip(ids(layers["villages"]), texts(layers["villages"].used, "name"), strict=True))
    village = rows[0].village or ""
    sources = tuple(
        f"{layer.places.files[row.at].rpartition('/')[2]}: {in_words(row)}" for row in rows
    )
    return at_row(
        "FIGURE_VILLAGE_TWICE", layer, rows[-1].at, field="value", value=in_words(rows[-1]),
        indicator=found.code, village=names.get(village) or village, sources="; ".join(sources),
    ).affecting(touched(found.code))  # fmt: skip


def _against_list(layers: Layers, found: Villages, carried: Carried | None) -> Iterator[Finding]:
    if carried is None or carried.carry != "add" or carried.field in (None, ROWS):
        return
    villages = layers["villages"]
    listed = dict(
        zip(ids(villages), amounts(villages.used, carried.field or "").tolist(), strict=True)
    )
    for row, amount in zip(found.rows, found.amounts, strict=True):
        other = listed.get(row.village or "", math.nan)
        if amount is not None and not math.isnan(other) and abs(other - amount) > _SLACK:
            yield at_row(
                "FIGURE_VILLAGE_DIFFERS", layers[LAYER], row.at, field="value", value=amount,
                indicator=carried.title, village=row.village, number=amount, listed=other,
            ).affecting(touched(found.code))  # fmt: skip
