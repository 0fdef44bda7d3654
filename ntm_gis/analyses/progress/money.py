"""What was paid for a work, and for each kilometre poured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.chainage.axis import CM_PER_KM
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.progress.works import LAYER as ROAD_WORKS
from ntm_gis.results import Contribution, Evidence, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.progress.tally import Tally
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.values import Layers

LAYER, WORKS = "payments", "works"


@dataclass(frozen=True, slots=True)
class Paid:
    """A used row of `payments` that names a work; `by_now`: up to the day of the figures."""

    id: str
    work: str
    million: float | None
    by_now: bool | None


def of_works(
    layers: Layers,
    works: Sequence[Work],
    tallies: Mapping[str, Mapping[str, Tally]] | None,
) -> Iterator[Measure]:
    """Yield what was paid for each road work up to the day of the figures, and per km poured.

    Parameters
    ----------
    tallies : mapping or None
        By work and kind of length; None: nothing is reported, so there is no km to divide by.

    Notes
    -----
    A payment that names no work is for none of them; one that names a work of neither list may
    be for any.
    """
    paid = _payments(layers)
    known = {work.id for work in works} | set(ids(layers[WORKS]))
    for work in works:
        names = [
            named(f"progress.WORK.{what}", subject=work.id, WORK=work.id, name=work.name,
                  as_of=layers.commune.commune.as_of)
            for what in ("paid_million", "paid_million_per_km")
        ]  # fmt: skip
        if figures.missing(layers, LAYER):
            yield from (
                figures.not_given(name, layers, LAYER, inputs=(ROAD_WORKS,)) for name in names
            )
            continue
        total = _paid(layers, names[0], work, paid, known)
        yield total
        yield _per_km(
            layers, names[1], total, None if tallies is None else tallies[work.id]["poured"]
        )


def _payments(layers: Layers) -> list[Paid]:
    layer = layers[LAYER]
    used = layer.used
    as_of = layers.commune.commune.as_of
    columns = zip(
        ids(layer), texts(used, "work_id"), amounts(used, "million_vnd").tolist(),
        days(used, "paid_on"), strict=True,
    )  # fmt: skip
    return [
        Paid(
            key, work, None if math.isnan(million) else million, None if on is None else on <= as_of
        )
        for key, work, million, on in columns
        if work is not None
    ]


def _paid(
    layers: Layers, name: Named, work: Work, paid: Sequence[Paid], known: set[str]
) -> Measure:
    features, more = [], list[float | None]()
    for payment in paid:
        if payment.by_now is False or (payment.work in known and payment.work != work.id):
            continue
        if payment.work == work.id and payment.by_now and payment.million is not None:
            features.append(Contribution(LAYER, payment.id, payment.million))
        else:
            features.append(
                Contribution(LAYER, payment.id, 0.0, unknown=True, weight=payment.million)
            )
            more.append(payment.million)
    most = None if None in more else math.fsum(x for x in more if x is not None)
    return figures.summed(
        name, features, (layers[LAYER], layers[ROAD_WORKS]), more=most, method=figures.LIST
    )


def _per_km(layers: Layers, name: Named, total: Measure, poured: Tally | None) -> Measure:
    """Return million đồng a kilometre poured: least over the most that may be, and the reverse."""
    low_km = 0.0 if poured is None else poured.low_cm / CM_PER_KM
    high_cm = None if poured is None else poured.high_cm
    known = low_km > 0 and total.value is not None
    low = total.low * CM_PER_KM / high_cm if total.low is not None and high_cm else 0.0
    high = total.high / low_km if total.high is not None and low_km > 0 else None
    files = figures.files((layers[LAYER], layers["road_reports"], layers[ROAD_WORKS]))
    return Measure(
        name.id, name.title, name.unit,
        total.value / low_km if known and total.value is not None else None, low, high,
        Evidence(name.method, total.evidence.features, files),
        subject=name.subject, numerator=total.value if known else None,
        denominator=low_km if known else None, method=figures.LIST,
        more_is_better=name.more_is_better,
    )  # fmt: skip
