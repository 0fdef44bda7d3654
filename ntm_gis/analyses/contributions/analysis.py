"""What people gave: land, labour, cash and goods, by work, by village, and by kilometre of road.

Who gave stands in the rows alone: neither measures nor frames name a household or a parcel.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import ids, texts
from ntm_gis.analyses.contributions.gifts import LAYER, QUANTITIES, gifts
from ntm_gis.analyses.progress.works import LAYER as ROAD_WORKS
from ntm_gis.analyses.progress.works import Work, works_of
from ntm_gis.analyses.words import village
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Contribution, Evidence, Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.contributions.gifts import Gift
    from ntm_gis.analyses.question import Question

WORKS, VILLAGES = "works", "villages"

_FIELDS = ("kind", "quantity", "unit", "value_million_vnd", "given_on")

READS: Reads = {
    "contributions.": {LAYER: _FIELDS},
    "contributions.work.*": {
        LAYER: ("work_id", *_FIELDS),
        ROAD_WORKS: ("planned_length_m",),
    },
    "contributions.village.*": {LAYER: ("village_id", *_FIELDS)},
}

PER_KM = ("land_m2", "labour_days", "cash_million", "value_million")

Sure = Literal["no", "perhaps", "yes"]


def answer(question: Question) -> Answer:
    """Return the measures `contributions.*` and the findings about amounts and units."""
    layers = question.layers
    if figures.missing(layers, LAYER):
        names = (named(f"contributions.{quantity}") for quantity in QUANTITIES)
        return Answer(tuple(figures.not_given(name, layers, LAYER) for name in names))
    given, found = gifts(layers)
    return Answer(
        (
            *_all(layers, given),
            *_by_work(layers, given),
            *_by_village(layers, given),
        ),
        tuple(found),
    )


def _all(layers: Layers, gifts: Sequence[Gift]) -> Iterator[Measure]:
    for quantity in QUANTITIES:
        yield _sum(layers, named(f"contributions.{quantity}"), gifts, quantity, lambda _: "yes")


def _sum(
    layers: Layers,
    name: Named,
    gifts: Sequence[Gift],
    quantity: str,
    belongs: Callable[[Gift], Sure],
) -> Measure:
    """Return a sum over the rows that belong.

    Rows that may belong, may be of a later day, or give an amount not known widen the bounds.
    """
    features, more = [], list[float | None]()
    for gift in gifts:
        sure = belongs(gift)
        if sure == "no" or gift.by_now is False or quantity not in gift.amounts:
            continue
        amount = gift.amounts[quantity]
        if sure == "yes" and gift.by_now and amount is not None:
            features.append(Contribution(LAYER, gift.id, amount))
        else:
            features.append(Contribution(LAYER, gift.id, 0.0, unknown=True, weight=amount))
            more.append(amount)
    most = None if None in more else math.fsum(x for x in more if x is not None)
    return figures.summed(name, features, (layers[LAYER],), more=most, method=figures.LIST)


def _by_work(layers: Layers, gifts: Sequence[Gift]) -> Iterator[Measure]:
    titles = _titles(layers, gifts)
    named_by = {gift.work for gift in gifts}
    roads = {work.id: work for work in works_of(layers)}
    for key, title in titles.items():
        if key not in named_by:
            continue

        def belongs(gift: Gift, key: str = key) -> Sure:
            if gift.work in titles:
                return "yes" if gift.work == key else "no"
            return "perhaps"  # of no work, or of one that nobody knows

        for quantity in QUANTITIES:
            pattern = f"contributions.work.WORK.{quantity}"
            name = named(pattern, subject=key, WORK=key, name=title)
            total = _sum(layers, name, gifts, quantity, belongs)
            yield total
            if key in roads and quantity in PER_KM:
                per_km = named(f"{pattern}_per_km", subject=key, WORK=key, name=title)
                yield _per_km(layers, per_km, total, roads[key])


def _titles(layers: Layers, gifts: Sequence[Gift]) -> dict[str, str]:
    """Return the works of both lists with their names; without lists those that rows name."""
    out: dict[str, str] = {}
    for name in (ROAD_WORKS, WORKS):
        layer = layers[name]
        for key, title in zip(ids(layer), texts(layer.used, "name"), strict=True):
            out[key] = title or out.get(key) or key
    if figures.missing(layers, ROAD_WORKS) and figures.missing(layers, WORKS):
        out |= {gift.work: gift.work for gift in gifts if gift.work is not None}
    return out


def _per_km(layers: Layers, name: Named, total: Measure, work: Work) -> Measure:
    km = work.planned_km
    files = figures.files((layers[LAYER], layers[ROAD_WORKS]))
    if not km:
        return Measure(
            name.id, name.title, name.unit, None, 0.0, None,
            Evidence(name.method, total.evidence.features, files),
            subject=name.subject, method=figures.LIST,
        )  # fmt: skip
    value, low, high = (None if x is None else x / km for x in (total.value, total.low, total.high))
    return Measure(
        name.id, name.title, name.unit, value, low, high,
        Evidence(name.method, total.evidence.features, files),
        subject=name.subject, numerator=total.numerator,
        denominator=None if total.numerator is None else km, method=figures.LIST,
    )  # fmt: skip


def _by_village(layers: Layers, gifts: Sequence[Gift]) -> Iterator[Measure]:
    villages = layers[VILLAGES]
    titles = dict(zip(ids(villages), texts(villages.used, "name"), strict=True))
    named_by: dict[str, list[Gift]] = defaultdict(list)
    for gift in gifts:
        if gift.village is not None:
            named_by[gift.village].append(gift)
    if figures.missing(layers, VILLAGES):
        titles = dict.fromkeys(sorted(named_by))
    for key, title in titles.items():
        if key not in named_by:
            continue

        def belongs(gift: Gift, key: str = key) -> Sure:
            if gift.village is None:
                return "no"  # a blank is no village: not every giver is of one
            if gift.village in titles:
                return "yes" if gift.village == key else "no"
            return "perhaps"

        for quantity in QUANTITIES:
            pattern = f"contributions.village.VILLAGE.{quantity}"
            name = named(pattern, subject=key, VILLAGE=key, name=village(title or key))
            yield _sum(layers, name, gifts, quantity, belongs)
