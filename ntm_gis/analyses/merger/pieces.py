"""What each former commune puts into a figure: of declared rows, or of its villages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses import figures
from ntm_gis.analyses.columns import amounts, ids, texts, truths
from ntm_gis.analyses.merger.rows import LAYER
from ntm_gis.layers.values import Layer, Layers
from ntm_gis.results import Contribution, Unit
from ntm_gis.rules.carrying import ROWS, Figure

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats
    from ntm_gis.analyses.merger.formers import Former
    from ntm_gis.analyses.merger.rows import Declared

VILLAGES = "villages"

NOTHING_KNOWN = Unit(((0.0, 0.0), (0.0, math.inf), (math.inf, math.inf)))


@dataclass(frozen=True)
class Piece:
    """What some rows put into a figure.

    Parameters
    ----------
    features : tuple of Contribution
    units : tuple of Unit
        The ways each can turn out, numerator and denominator; for a figure that adds up the
        numerator alone counts.
    source : str
        The layer that it comes from; "" where there is nothing.
    """

    features: tuple[Contribution, ...] = ()
    units: tuple[Unit, ...] = ()
    source: str = ""

    @property
    def low(self) -> float:
        """The least that it adds."""
        return math.fsum(min(n for n, _ in unit.ways) for unit in self.units)

    @property
    def high(self) -> float | None:
        """The most that it adds; None: no end."""
        most = math.fsum(max(n for n, _ in unit.ways) for unit in self.units)
        return None if math.isinf(most) else most

    def perhaps(self) -> Piece:
        """Return the same where it is not known whether it belongs at all."""
        features = tuple(
            Contribution(part.layer, part.id, 0.0, unknown=True, weight=part.weight)
            for part in self.features
        )
        units = tuple(Unit(((0.0, 0.0), *unit.ways)) for unit in self.units)
        return Piece(features, units, self.source)

    def __add__(self, other: Piece) -> Piece:
        """Join two pieces."""
        return Piece(
            self.features + other.features, self.units + other.units, self.source or other.source
        )


NOTHING = Piece()


@dataclass(frozen=True)
class Pieces:
    """What is known of one figure.

    Parameters
    ----------
    by_former : dict of str to Piece
        Id of the former commune -> its figure; who is not there is not known.
    here : dict of str to Piece
        The same with, of a former commune that came in part, the villages that came.
    homeless : Piece
        Villages of which nobody recorded to which former commune they belonged.
    """

    figure: Figure
    by_former: dict[str, Piece] = field(default_factory=dict)
    here: dict[str, Piece] = field(default_factory=dict)
    homeless: Piece = NOTHING


def of_row(figure: Figure, row: Declared) -> Piece:
    """Return what a declared figure puts in.

    Of a share its parts count; where they are not both given, or can't be right (a part larger
    than the whole), what is missing is unknown, whatever share is written.
    """
    if figure.carry != "ratio":
        value = row.value
        known = value is not None and value >= 0
        unit = Unit(((value or 0.0, 0.0),)) if known else NOTHING_KNOWN
        return Piece(_parts(row, known, [(one.value, None) for one in row.rows]), (unit,), LAYER)
    part, whole = row.numerator, row.denominator
    unit = share_unit(part, whole) if figure.unit == "%" else rate_unit(part, whole)
    amounts_ = [(one.numerator, one.denominator) for one in row.rows]
    return Piece(_parts(row, unit.known, amounts_), (unit,), LAYER)


def _parts(
    row: Declared, known: bool, amounts_: Sequence[tuple[float | None, float | None]]
) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(LAYER, key, (amount or 0.0) if known else 0.0, not known, weight)
        for key, (amount, weight) in zip(row.ids, amounts_, strict=True)
    )


def share_unit(part: float | None, whole: float | None) -> Unit:
    """Return the ways a part and its whole can be.

    Examples
    --------
    >>> share_unit(3.0, 60.0).ways, share_unit(None, 60.0).ways, share_unit(3.0, None).ways
    (((3.0, 60.0),), ((0.0, 60.0), (60.0, 60.0)), ((3.0, 3.0), (3.0, inf)))
    >>> share_unit(70.0, 50.0).ways
    ((0.0, 50.0), (50.0, 50.0))
    """
    if whole is not None and whole < 0:
        whole = None
    if part is not None and (part < 0 or (whole is not None and part > whole)):
        part = None
    if whole is None:
        return NOTHING_KNOWN if part is None else Unit(((part, part), (part, math.inf)))
    return Unit(((0.0, whole), (whole, whole))) if part is None else Unit(((part, whole),))


def rate_unit(part: float | None, whole: float | None) -> Unit:
    """Return the ways that an amount and what it is shared among can be (income, people).

    Examples
    --------
    >>> rate_unit(540.0, 10.0).ways, rate_unit(None, 10.0).ways
    (((540.0, 10.0),), ((0.0, 10.0), (inf, 10.0)))
    """
    parts = (part,) if part is not None and part >= 0 else (0.0, math.inf)
    wholes = (whole,) if whole is not None and whole > 0 else (0.0, math.inf)
    return Unit(tuple(itertools.product(parts, wholes)))


def of_villages(layers: Layers, figure: Figure) -> dict[str | None, Piece]:
    """Return what villages put in, by the former commune they belonged to (None: not recorded).

    Empty where the figure is not counted from villages, or there are none.
    """
    layer = layers[VILLAGES]
    if figure.field is None or figures.without_rows(layers, VILLAGES):
        return {}
    formers = texts(layer.used, "former_commune")
    parts = _column(layer, figure.field)
    wholes = parts if figure.whole is None else _column(layer, figure.whole)
    most = _most(layer, figure.field)
    out: dict[str | None, Piece] = {}
    for key, former, part, whole, top in zip(
        ids(layer), formers, parts.tolist(), wholes.tolist(), most.tolist(), strict=True
    ):
        number = None if math.isnan(part) else part
        if figure.whole is None:
            unit = _count_unit(number, top)
            weight = number if number is not None else _finite(top)
        else:
            weight = _finite(whole)
            unit = share_unit(number, weight)
        amount = number if unit.known else None
        feature = Contribution(VILLAGES, key, amount or 0.0, amount is None, weight)
        piece = Piece((feature,), (unit,), VILLAGES)
        out[former] = out.get(former, NOTHING) + piece
    return out


def _count_unit(number: float | None, top: float) -> Unit:
    """Return the ways a village's number can be: as recorded, else up to what it is a part of."""
    if number is None or number < 0:
        return Unit(((0.0, 0.0), (math.inf if math.isnan(top) else top, 0.0)))
    return Unit(((number, 0.0),))


def _finite(number: float) -> float | None:
    return None if math.isnan(number) else number


def _column(layer: Layer, name: str) -> Floats:
    """Return a column of the villages as numbers: 1 for each village, or for yes."""
    if name == ROWS:
        return np.ones(len(layer.used))
    if layer.schema.field(name).type == "boolean":
        said = truths(layer.used, name)
        return np.array([np.nan if x is None else float(x) for x in said], dtype=np.float64)
    return amounts(layer.used, name)


def _most(layer: Layer, name: str) -> Floats:
    """Return the most that a village's number can be; NaN: no end."""
    if name == ROWS or layer.schema.field(name).type == "boolean":
        return np.ones(len(layer.used))
    within = layer.schema.field(name).within
    return np.full(len(layer.used), np.nan) if within is None else amounts(layer.used, within)


def all_pieces(
    layers: Layers, figure: Figure, formers: Sequence[Former], rows: dict[str, Declared]
) -> Pieces:
    """Return what is known of one figure: what is declared, else what the villages give.

    Parameters
    ----------
    rows : dict of str to Declared
        What is declared, by id of the former commune.
    """
    villages = of_villages(layers, figure)
    by_former = {key: of_row(figure, row) for key, row in rows.items()}
    for former in formers:
        if former.id not in by_former and former.id in villages:
            by_former[former.id] = villages[former.id]
    in_part = {f.id: villages[f.id] for f in formers if not f.whole and f.id in villages}
    here = by_former | in_part
    from_villages = any(piece.source == VILLAGES for piece in here.values())
    ids_ = {former.id for former in formers}
    stray = [piece for key, piece in villages.items() if key not in ids_]
    homeless = sum(stray, NOTHING) if from_villages else NOTHING
    return Pieces(figure, by_former, here, homeless)
