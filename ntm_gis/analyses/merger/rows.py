"""Figures of former communes as the layer `figures` declares them: one row for each, chosen."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, days, ids, texts, truths
from ntm_gis.analyses.merger.formers import Former, whose
from ntm_gis.analyses.places import at_row
from ntm_gis.layers.values import Layer, Layers
from ntm_gis.results import Finding
from ntm_gis.rules.units import units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.rules.carrying import Figure

LAYER = "figures"

_ALL = (None, "all")
_BY_SEX = frozenset(("male", "female"))
_OFFERED, _HELPED = 3, 20
"""How many units are offered for a name, and for how many names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One used row of `figures`; None: not recorded."""

    at: int
    id: str
    figure: str
    sex: str | None
    value: float | None
    numerator: float | None
    denominator: float | None
    passed: bool | None
    as_of: dt.date | None
    assessed_by: str | None

    @property
    def says(self) -> tuple[object, ...]:
        """What two rows of one figure must agree in."""
        return self.value, self.numerator, self.denominator, self.passed

    @property
    def rank(self) -> tuple[dt.date, int]:
        """The later counts, and of one day what was appraised before what the commune says."""
        weight = {"appraised": 2, "self": 1}.get(self.assessed_by or "", 0)
        return self.as_of or dt.date.min, weight


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of one figure of one former commune.

    `rows` are the rows that it stands on: one, or those of both sexes added up.
    """

    former: Former
    figure: str
    rows: tuple[Row, ...]
    value: float | None
    numerator: float | None
    denominator: float | None
    as_of: dt.date | None

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the rows."""
        return tuple(row.id for row in self.rows)


def declared(
    layers: Layers, formers: Sequence[Former], known: Mapping[str, Figure]
) -> tuple[dict[str, dict[str, Declared]], list[Finding]]:
    """Return the figures of former communes, and the findings about the rows.

    Parameters
    ----------
    known : mapping of str to Figure
        How figures are carried: counts given by sex alone are added up, shares are not.

    Returns
    -------
    dict of str to dict of str to Declared
        Code of the figure -> id of the former commune -> what is declared. Of several rows the
        latest up to the day of the figures counts, of one day what was appraised; rows that
        contradict each other are none of them used.
    list of Finding
    """
    layer = layers[LAYER]
    as_of = layers.commune.commune.as_of
    findings: list[Finding] = []
    by_figure: dict[tuple[str, str], list[Row]] = defaultdict(list)
    offered: dict[str, tuple[str, ...]] = {}
    of_id = {former.id: former for former in formers}
    written = texts(layer.used, "unit_code")
    villages = texts(layer.used, "village_id")
    for row in _rows(layer):
        if villages[row.at] is not None or (row.as_of is not None and row.as_of > as_of):
            continue
        unit = whose(written[row.at], row.as_of, layers.commune, formers)
        if isinstance(unit, Former):
            by_figure[row.figure, unit.id].append(row)
        elif unit != "own":
            said = written[row.at] or ""
            if said not in offered:
                offered[said] = _offer(said) if len(offered) < _HELPED else ()
            findings.append(_not_settled(layers, row, said, unit, offered[said]))
    out: dict[str, dict[str, Declared]] = defaultdict(dict)
    for (figure, key), rows in by_figure.items():
        counted = figure in known and known[figure].carry == "add"
        chosen = _chosen(layer, of_id[key], figure, rows, counted=counted)
        if isinstance(chosen, Finding):
            findings.append(chosen)
        elif chosen is not None:
            out[figure][key] = chosen
    return dict(out), findings


def published(layers: Layers, formers: Sequence[Former], figure: str) -> Row | None:
    """Return what is declared of a figure of the commune itself; None where nothing is.

    Notes
    -----
    The latest row up to the day of the figures, of one day what was appraised; None also where
    such rows contradict each other.
    """
    layer = layers[LAYER]
    written, villages = (texts(layer.used, name) for name in ("unit_code", "village_id"))
    as_of = layers.commune.commune.as_of
    best = _latest([
        row for row in _rows(layer)
        if row.figure == figure and row.value is not None and row.sex in _ALL
        and villages[row.at] is None and (row.as_of is None or row.as_of <= as_of)
        and whose(written[row.at], row.as_of, layers.commune, formers) == "own"
    ])  # fmt: skip
    return best[0] if len({row.says for row in best}) == 1 else None


def _rows(layer: Layer) -> Iterator[Row]:
    frame = layer.used
    columns = (
        ids(layer), texts(frame, "indicator"), texts(frame, "sex"),
        amounts(frame, "value").tolist(), amounts(frame, "numerator").tolist(),
        amounts(frame, "denominator").tolist(), truths(frame, "passed"), days(frame, "as_of"),
        texts(frame, "assessed_by"),
    )  # fmt: skip
    for at, (key, figure, sex, value, part, whole, passed, day, by) in enumerate(
        zip(*columns, strict=True)
    ):
        if figure is not None:
            numbers = (_number(value), _number(part), _number(whole))
            yield Row(at, key, figure, sex, *numbers, passed, day, by)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _chosen(
    layer: Layer, former: Former, figure: str, rows: Sequence[Row], *, counted: bool
) -> Declared | Finding | None:
    """Return what counts of the rows of one figure; a finding where they contradict each other."""
    both = [row for row in rows if row.sex in _ALL]
    if both:
        best = _latest(both)
        if len({row.says for row in best}) > 1:
            return _contradicting(layer, former, figure, best)
        row = best[0]
        return Declared(
            former, figure, (row,), row.value, row.numerator, row.denominator, row.as_of
        )
    of_sex: Mapping[str, list[Row]] = {
        sex: _latest([row for row in rows if row.sex == sex]) for sex in sorted(_BY_SEX)
    }
    if not all(of_sex.values()):
        return None
    for best in of_sex.values():
        if len({row.says for row in best}) > 1:
            return _contradicting(layer, former, figure, best)
    pair = tuple(best[0] for best in of_sex.values())
    if len({row.as_of for row in pair}) > 1:
        return None
    parts, wholes = [row.numerator for row in pair], [row.denominator for row in pair]
    value = _added([row.value for row in pair]) if counted else None
    return Declared(former, figure, pair, value, _added(parts), _added(wholes), pair[0].as_of)


def _latest(rows: Sequence[Row]) -> list[Row]:
    best = max((row.rank for row in rows), default=None)
    return [row for row in rows if row.rank == best]


def _added(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return math.fsum(known) if len(known) == len(numbers) else None


def _contradicting(layer: Layer, former: Former, figure: str, rows: Sequence[Row]) -> Finding:
    where = tuple(layer.places.rows[row.at] for row in rows)
    return at_row(
        "MERGER_ROWS_DIFFER", layer, rows[0].at, field="value", figure=figure,
        former=former.name, rows=where,
    ).affecting((f"merger.{text.segment(figure)}.*",))  # fmt: skip


def _not_settled(
    layers: Layers, row: Row, value: str, why: str, offered: tuple[str, ...]
) -> Finding:
    """Return that a row is about no former commune for certain; units of like names are offered."""
    formers = tuple(f"{f.name} ({f.code})" for f in layers.commune.predecessors) or None
    code = "MERGER_UNIT_OFFERED" if offered else "MERGER_UNIT_UNKNOWN"
    return at_row(
        "MERGER_UNIT_EITHER" if why == "either" else code, layers[LAYER], row.at,
        field="unit_code", value=value, formers=formers, offered=offered,
    ).affecting((f"merger.{text.segment(row.figure)}.*",))  # fmt: skip


def _offer(value: str) -> tuple[str, ...]:
    hits = units().find(value, most=_OFFERED)
    return tuple(f"{hit.unit.name} ({hit.unit.code})" for hit in hits)
