"""What people gave: land, labour, cash and goods, by work, by village, and by kilometre of road.

Who gave stands in the rows alone: neither measures nor frames name a household or a parcel.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ntm_gis import text
from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.progress_works import LAYER as ROAD_WORKS
from ntm_gis.analyses.progress_works import Work, works_of
from ntm_gis.analyses.words import village
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Contribution, Evidence, Finding, Measure
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

LAYER, WORKS, VILLAGES = "contributions", "works", "villages"

_FIELDS = ("kind", "quantity", "unit", "value_million_vnd", "given_on")

READS: Reads = {
    "contributions.": {LAYER: _FIELDS},
    "contributions.work.*": {
        LAYER: ("work_id", *_FIELDS),
        ROAD_WORKS: ("planned_length_m",),
    },
    "contributions.village.*": {LAYER: ("village_id", *_FIELDS)},
}

QUANTITIES = ("land_m2", "labour_days", "cash_million", "in_kind_million", "value_million")
PER_KM = ("land_m2", "labour_days", "cash_million", "value_million")

ROUNDING = 0.0005
"""Million đồng, half a thousand đồng: sums nearer than this agree."""

_MILLION = 1_000_000
# What is counted in which base of the list of units.
_BASES = {"land": "m2", "labour": "workdays", "cash": "đồng"}
_LABOUR_WORDS = frozenset({"ngay"})
"""Spellings that mean a day's work where labour is given, and nothing elsewhere."""

Sure = Literal["no", "perhaps", "yes"]


@dataclass(frozen=True, slots=True)
class Gift:
    """A used row of the layer.

    Parameters
    ----------
    row : int
        Its position in the used rows.
    amounts : dict
        By quantity: what it gives, None where that is not known; a quantity that it does not
        give at all is not in it.
    by_now : bool or None
        Given up to the day of the figures.
    """

    row: int
    id: str
    work: str | None
    village: str | None
    amounts: Mapping[str, float | None]
    by_now: bool | None


def answer(question: Question) -> Answer:
    """Return the measures `contributions.*` and the findings about amounts and units."""
    layers = question.layers
    if figures.missing(layers, LAYER):
        names = (named(f"contributions.{quantity}") for quantity in QUANTITIES)
        return Answer(tuple(figures.not_given(name, layers, LAYER) for name in names))
    found: list[Finding] = []
    gifts = _gifts(layers, found)
    return Answer(
        (
            *_all(layers, gifts),
            *_by_work(layers, gifts),
            *_by_village(layers, gifts),
        ),
        tuple(found),
    )


# --- Rows ----------------------------------------------------------------------------------------


def _gifts(layers: Layers, found: list[Finding]) -> list[Gift]:
    layer = layers[LAYER]
    used = layer.used
    as_of = layers.commune.commune.as_of
    columns = zip(
        ids(layer), texts(used, "work_id"), texts(used, "village_id"), texts(used, "kind"),
        amounts(used, "quantity").tolist(), texts(used, "unit"),
        amounts(used, "value_million_vnd").tolist(), days(used, "given_on"),
        strict=True,
    )  # fmt: skip
    out = []
    for row, (key, work, place, kind, quantity, unit, value, on) in enumerate(columns):
        said = Said(kind, _known(quantity), unit, _known(value))
        by_now = None if on is None else on <= as_of
        gift = Gift(row, key, work, place, given(said), by_now)
        out.append(gift)
        about = (*_wrong(layers, row, said), *_later(layers, row, on))
        found += [finding.affecting(_touched(gift)) for finding in about]
    return out


def _touched(gift: Gift) -> tuple[str, ...]:
    parts = [f"contributions.{quantity}" for quantity in gift.amounts]
    for scope, key in (("work", gift.work), ("village", gift.village)):
        if key is not None:
            parts += [f"contributions.{scope}.{text.segment(key)}.{q}*" for q in gift.amounts]
    return tuple(parts)


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of an amount: kind, number, its unit as written, value in million đồng."""

    kind: str | None
    quantity: float | None
    unit: str | None
    value: float | None

    @property
    def factor(self) -> float | None:
        """What the number is multiplied by for m², days' work or đồng; None: cannot be told.

        Labour is counted in days' work unless something else is said.

        Examples
        --------
        >>> Said("land", 2.0, "ha", None).factor, Said("land", 2.0, "sào", None).factor
        (10000.0, None)
        """
        base = _BASES.get(self.kind or "")
        if base is None:
            return None
        if self.unit is None:
            return 1.0 if base == "workdays" else None
        if base == "workdays" and text.fold(self.unit) in _LABOUR_WORDS:
            return 1.0
        units = code_list("unit")
        code = units.find(self.unit)
        if code is None or units[code].flags.get("base") != base:
            return None
        return float(units[code].flags["factor"])

    @property
    def amount(self) -> float | None:
        """The number in m², days' work or đồng."""
        if self.quantity is None or self.factor is None:
            return None
        return self.quantity * self.factor


def given(said: Said) -> dict[str, float | None]:
    """Return what a row gives by quantity.

    The value counts for every kind; cash without a value is worth its number of đồng. A row of
    unknown kind may be of any.

    Examples
    --------
    >>> given(Said("land", 4200.0, "m²", 42.0))
    {'land_m2': 4200.0, 'value_million': 42.0}
    >>> given(Said("cash", 25.0, "triệu đồng", None))
    {'cash_million': 25.0, 'value_million': 25.0}
    """
    value = said.value
    if said.kind == "cash":
        if value is None and said.amount is not None:
            value = said.amount / _MILLION
        return {"cash_million": value, "value_million": value}
    if said.kind == "land":
        return {"land_m2": said.amount, "value_million": value}
    if said.kind == "labour":
        return {"labour_days": said.amount, "value_million": value}
    if said.kind == "in_kind":
        return {"in_kind_million": value, "value_million": value}
    return {**dict.fromkeys(QUANTITIES), "value_million": value}


def _wrong(layers: Layers, row: int, said: Said) -> Iterator[Finding]:
    layer = layers[LAYER]
    counted = said.kind in ("land", "labour") or (said.kind == "cash" and said.value is None)
    if counted and said.quantity is not None and said.factor is None:
        code = "CONTRIBUTION_UNIT" if said.unit is not None else "CONTRIBUTION_UNIT_MISSING"
        yield at_row(
            code, layer, row, field="unit", value=said.unit, quantity=said.quantity,
            expected=_expected(said.kind),
        )  # fmt: skip
    if said.kind in ("land", "labour") and said.amount is not None and said.factor != 1.0:
        yield at_row(
            "CONTRIBUTION_CONVERTED", layer, row, field="unit", value=said.unit,
            quantity=said.quantity, amount=said.amount, expected=_expected(said.kind),
        )  # fmt: skip
    if said.kind == "cash" and said.value is not None and said.amount is not None:
        written = said.amount / _MILLION
        if abs(written - said.value) > ROUNDING:
            yield at_row(
                "CONTRIBUTION_CASH_DIFFERS", layer, row, field="value_million_vnd",
                value=f"{said.value:.15g}", written=written, worth=said.value,
            )  # fmt: skip


def _expected(kind: str | None) -> str:
    return {"land": "m²", "labour": "công"}.get(kind or "", "đồng")


def _later(layers: Layers, row: int, on: dt.date | None) -> Iterator[Finding]:
    as_of = layers.commune.commune.as_of
    if on is not None and on > as_of:
        yield at_row("CONTRIBUTION_LATER", layers[LAYER], row, field="given_on", on=on, as_of=as_of)


# --- Measures ------------------------------------------------------------------------------------


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
