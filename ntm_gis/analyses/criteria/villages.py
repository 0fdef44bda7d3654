"""Figures village by village, as their forms give them, and figures outside the sets."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import ids, texts
from ntm_gis.analyses.criteria.figures import Figure, figure_of
from ntm_gis.analyses.criteria.rows import LAYER, Given, Sorted, files_of
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Contribution, Evidence, Finding, Measure, Note, Unit, Words
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layers
    from ntm_gis.rules.carrying import Figure as Carried

_NOTHING = (None, None, None, None)
_ANYTHING = ((0.0, 0.0), (0.0, math.inf), (math.inf, math.inf))


@dataclass(frozen=True)
class Villages:
    """The latest row of each village of one figure, and the villages without one.

    Parameters
    ----------
    missing : tuple of str
        Villages that sent nothing, or a form without this figure.
    doubt : mapping of str to tuple of Given
        Villages with two forms of one day that differ; their row here says nothing.
    strange : tuple of Given
        Rows of villages that are not in the list of villages: they enter no sum.
    """

    code: str
    rows: tuple[Given, ...]
    missing: tuple[str, ...]
    doubt: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)
    strange: tuple[Given, ...] = ()

    @property
    def amounts(self) -> tuple[float | None, ...]:
        """What each row adds: its value, else its numerator."""
        return tuple(r.numerator if r.value is None else r.value for r in self.rows)

    @property
    def total(self) -> float:
        """The sum of what is known."""
        return math.fsum(x for x in self.amounts if x is not None)

    @property
    def whole(self) -> bool:
        """Every village has a figure."""
        return not self.missing and None not in self.amounts


def by_village(layers: Layers, given: Sorted) -> Iterator[Villages]:
    """Yield the figures that villages gave, by code."""
    every = ids(layers["villages"])
    listed = set(every)
    for code, rows in given.villages.items():
        latest: dict[str, list[Given]] = defaultdict(list)
        for row in sorted(rows, key=lambda r: (r.rank, r.at)):
            own = latest[row.village or ""]
            # A form handed in blank says nothing, and takes nothing back.
            if row.says == _NOTHING:
                continue
            if own and own[0].rank < row.rank:
                own.clear()
            if all(row.says != other.says for other in own):
                own.append(row)
        told = {village: found for village, found in latest.items() if found}
        doubt = {v: tuple(found) for v, found in told.items() if len(found) > 1}
        one = {v: _blank(found[0]) if v in doubt else found[0] for v, found in told.items()}
        strange = tuple(row for v, row in one.items() if v not in listed)
        known = tuple(one[v] for v in every if v in one)
        missing = tuple(v for v in every if v not in one)
        # Without a list of villages nothing says who belongs to the commune.
        rows_all, left = (known, strange) if every else (strange, ())
        yield Villages(code, rows_all, missing, doubt, left)


def _blank(row: Given) -> Given:
    return replace(row, value=None, numerator=None, denominator=None, passed=None)


def outside(
    layers: Layers,
    given: Sorted,
    of_codes: Mapping[str, Carried],
    lines: Sequence[str],
    *,
    complete: bool = True,
) -> tuple[list[Measure], list[Finding]]:
    """Return the measures `figure.CODE`: figures that are no indicator of the set.

    Parameters
    ----------
    lines : sequence of str
        Codes of the set's indicators.
    complete : bool
        The set's indicators are all known: another code that looks like one is a mistake.
    """
    layer = layers[LAYER]
    measures: list[Measure] = []
    found: list[Finding] = []
    from_villages = {v.code: v for v in by_village(layers, given)}
    targets = _targets(layers)
    waiting: list[Given] = []
    codes = sorted(({code for code, _ in given.own} | set(from_villages)) - set(lines))
    for code in codes:
        carried = of_codes.get(code)
        title, unit = targets.get(code, (Words(code, code), ""))
        if carried is not None:
            title, unit = carried.title, carried.unit
        figure, said = figure_of(code, unit, given, layer)
        found += said
        if carried is None and code[:1].isdigit():
            at = next(iter(given.own.get((code, None), ())), None)
            if at is not None and not complete:
                waiting.append(at)
            elif at is not None:
                found.append(at_row("FIGURE_LINE_UNKNOWN", layer, at.at, field="indicator",
                                    value=code))  # fmt: skip
            continue
        name = named("figure.CODE", CODE=code, name=title, documents=figure.documents or None)
        more = carried is None or carried.more_is_better
        name = replace(name, unit=unit, more_is_better=more)
        measures.append(_outside(layers, code, name, figure, from_villages.get(code)))
    if waiting:
        codes_said = tuple(dict.fromkeys(row.code for row in waiting))
        found.append(
            at_row("FIGURES_WAITING", layer, waiting[0].at, field="indicator",
                   value=waiting[0].code, count=len(waiting), codes=codes_said[:8])
        )  # fmt: skip
    return measures, found


def _targets(layers: Layers) -> dict[str, tuple[Words, str]]:
    """Return what the plan's targets call the figures they name, and their units."""
    frame = layers["targets"].used
    units = code_list("unit")
    out: dict[str, tuple[Words, str]] = {}
    columns = (texts(frame, name) for name in ("measure", "name", "unit"))
    for measure, name, written in zip(*columns, strict=True):
        family, _, code = (measure or "").partition(".")
        if family == "figure" and name is not None:
            out.setdefault(code, (Words(name, name), units.find(written or "") or ""))
    return out


def _outside(
    layers: Layers, code: str, name: Named, figure: Figure, villages: Villages | None
) -> Measure:
    unit, rows = name.unit, figure.rows if villages is None else (*figure.rows, *villages.rows)
    inputs = files_of(layers[LAYER], rows)
    if not figure.known and villages is not None and villages.rows:
        return _summed(name.id, name.title, unit, name.method, villages, inputs)
    return Measure(
        name.id, name.title, unit, figure.value, figure.amount.low, figure.amount.high,
        Evidence(name.method, figure.features, inputs), subject=code, method="list",
        numerator=figure.numerator, denominator=figure.denominator,
        more_is_better=name.more_is_better,
        notes=(Note.of("CRITERIA_CONFLICT"),) if figure.conflict else (),
    )  # fmt: skip


def units_of(found: Villages) -> list[Unit]:
    """Return what each village puts into a share; of one that sent nothing anything may be."""
    known = [
        Unit(tuple(dict.fromkeys(w for one in found.doubt.get(row.village or "", (row,))
                                 for w in _ways(one))))
        for row in found.rows
    ]  # fmt: skip
    return [*known, *(Unit(_ANYTHING) for _ in found.missing)]


def _ways(row: Given) -> tuple[tuple[float, float], ...]:
    if row.numerator is None or not row.denominator:
        return _ANYTHING
    return ((row.numerator, row.denominator),)


def features_of(found: Villages, *, part: bool) -> tuple[Contribution, ...]:
    """Return the villages' rows as evidence: of a share, or of a sum."""
    out = []
    for row, amount in zip(found.rows, found.amounts, strict=True):
        number = row.numerator if part else amount
        weight = row.denominator if part else None
        unknown = number is None or (part and not weight)
        out.append(Contribution(LAYER, row.id, 0.0 if unknown else number or 0.0, unknown, weight))
    return (*out, *(Contribution("villages", v, 0.0, unknown=True) for v in found.missing))


def _summed(
    id_: str, title: Words, unit: str, method: Words, villages: Villages, inputs: tuple[str, ...]
) -> Measure:
    """Return a figure that villages alone gave: at least what is known of them."""
    features = features_of(villages, part=False)
    total = villages.total
    n, every = len(villages.rows), len(villages.rows) + len(villages.missing)
    note = Note.of("FIGURE_FROM_VILLAGES", n=n, all=every)
    # A share adds up to nothing.
    additive = unit not in ("%", "verdict", "level")
    return Measure(
        id_, title, unit, total if additive else None, total if additive else None,
        total if additive and villages.whole else None,
        Evidence(method, features if additive else (), inputs),
        subject=villages.code, numerator=total if additive else None, method="list",
        notes=(note,),
    )  # fmt: skip
