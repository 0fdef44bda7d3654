"""Rows of contributions: what each gives, in units that add up, and what is wrong with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Finding

LAYER = "contributions"

QUANTITIES = ("land_m2", "labour_days", "cash_million", "in_kind_million", "value_million")

ROUNDING = 0.0005
"""Million đồng, half a thousand đồng: sums nearer than this agree."""

_MILLION = 1_000_000
# What is counted in which base of the list of units.
_BASES = {"land": "m2", "labour": "workdays", "cash": "đồng"}
_LABOUR_WORDS = frozenset({"ngay"})
"""Spellings that mean a day's work where labour is given, and nothing elsewhere."""


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


def gifts(layers: Layers) -> tuple[list[Gift], list[Finding]]:
    """Return the used rows of the layer, and what is wrong with them."""
    found: list[Finding] = []
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
    return out, found


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
