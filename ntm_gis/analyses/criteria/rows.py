"""Rows of `figures` for the scorecard: sorted by whose they are, what cannot be set aside."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import amounts, days, ids, texts, truths
from ntm_gis.analyses.merger.formers import formers_of, whose
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Finding

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layer, Layers

LAYER = "figures"
SCALED = {"%": 100.0}
"""What numerator over denominator is multiplied by, by unit; 1 for others."""

_SHOWN_ROWS = 8


@dataclass(frozen=True, slots=True)
class Given:
    """One used row of `figures`; None: not recorded."""

    at: int
    id: str
    code: str
    sex: str | None
    village: str | None
    value: float | None
    numerator: float | None
    denominator: float | None
    passed: bool | None
    as_of: dt.date | None
    document: str | None
    by: str | None

    @property
    def says(self) -> tuple[object, ...]:
        """What rows of one figure must agree in."""
        return self.value, self.numerator, self.denominator, self.passed

    @property
    def rank(self) -> tuple[dt.date, int]:
        """The later counts, and of one day what was appraised before what the commune says."""
        weight = {"appraised": 2, "self": 1}.get(self.by or "", 0)
        return self.as_of or dt.date.min, weight


@dataclass
class Sorted:
    """The rows that may count, and what is wrong with the others.

    Parameters
    ----------
    own : mapping of (code, sex) to rows
        Of the commune as a whole.
    villages : mapping of code to rows
    """

    own: dict[tuple[str, str | None], list[Given]] = field(default_factory=dict)
    villages: dict[str, list[Given]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def sorted_rows(
    layers: Layers, units: Mapping[str, str], prefix: str, *, named_only: bool = False
) -> Sorted:
    """Return the rows of the year of the figures up to their day.

    Parameters
    ----------
    units : mapping of str to str
        Units of the figures known, by code.
    prefix : str
        Set before a code ("vn-2026-2030:4-a"): another way to write it.
    named_only : bool
        Only rows with the prefix.

    Notes
    -----
    Set aside and named: rows of another year or of later days (by file), more than
    100 % or less than nothing, a part that is more than its whole, a whole of nothing.
    """
    layer = layers[LAYER]
    day = layers.commune.commune.as_of
    out, other, later = Sorted(), list[Given](), list[Given]()
    own, villages = defaultdict(list), defaultdict(list)
    formers = formers_of(layers.commune)
    written = texts(layer.used, "unit_code")
    for row in rows_of(layer, prefix, named_only=named_only):
        unit = whose(written[row.at], row.as_of, layers.commune, formers)
        if row.village is None and unit != "own":
            continue
        if row.as_of is not None and row.as_of > day:
            later.append(row)
        elif row.as_of is None or row.as_of.year != day.year:
            other.append(row)
        elif (why := impossible(row, units.get(row.code, ""))) is not None:
            out.findings.append(_aside(layer, row, why))
        elif row.village is None:
            own[row.code, None if row.sex == "all" else row.sex].append(row)
        else:
            villages[row.code].append(row)
    out.own, out.villages = dict(own), dict(villages)
    out.findings += [*_of_days(layer, "FIGURE_OTHER_YEAR", other, day.year),
                     *_of_days(layer, "FIGURE_LATER", later, day.year)]  # fmt: skip
    return out


def rows_of(layer: Layer, prefix: str = "", *, named_only: bool = False) -> Iterator[Given]:
    """Yield the used rows that name a figure of a set (`prefix`) or one without a set."""
    frame = layer.used
    columns = (
        ids(layer), texts(frame, "indicator"), texts(frame, "sex"), texts(frame, "village_id"),
        amounts(frame, "value").tolist(), amounts(frame, "numerator").tolist(),
        amounts(frame, "denominator").tolist(), truths(frame, "passed"), days(frame, "as_of"),
        texts(frame, "document"), texts(frame, "assessed_by"),
    )  # fmt: skip
    for at, (key, code, sex, village, value, part, whole, passed, day, document, by) in enumerate(
        zip(*columns, strict=True)
    ):
        named, _, plain = (code or "").rpartition(":")
        if plain and (named == prefix if named or named_only else True):
            numbers = (_number(value), _number(part), _number(whole))
            yield Given(at, key, plain, sex, village, *numbers, passed, day, document, by)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def impossible(row: Given, unit: str) -> str | None:
    """Return why a row cannot be right: the end of a code of `data/messages.toml`.

    Examples
    --------
    >>> row = Given(0, "", "4.2", None, None, 120.0, None, None, None, None, None, None)
    >>> impossible(row, "%"), impossible(row, "million đồng/person")
    ('SHARE', None)
    """
    value, part, whole = row.value, row.numerator, row.denominator
    if any(x is not None and x < 0 for x in (value, part, whole)):
        return "NEGATIVE"
    if unit == "%" and value is not None and value > 100:
        return "SHARE"
    if whole is not None and whole == 0:
        return "WHOLE"
    if unit == "%" and part is not None and whole is not None and part > whole:
        return "PART"
    return None


def _aside(layer: Layer, row: Given, why: str) -> Finding:
    name = "numerator" if why == "PART" else "denominator" if why == "WHOLE" else "value"
    value = {"numerator": row.numerator, "denominator": row.denominator}.get(name, row.value)
    return at_row(
        f"FIGURE_{why}", layer, row.at, field=name, value=value, indicator=row.code,
        number=value, numerator=row.numerator, denominator=row.denominator,
    ).affecting(touched(row.code))  # fmt: skip


def _of_days(layer: Layer, code: str, rows: list[Given], year: int) -> Iterator[Finding]:
    """Yield one finding for all rows of other days of one file, with the first of them."""
    of_file: dict[str, list[Given]] = defaultdict(list)
    for row in rows:
        of_file[layer.places.files[row.at]].append(row)
    for own in of_file.values():
        numbers = tuple(str(layer.places.rows[row.at]) for row in own[:_SHOWN_ROWS])
        more = ("…",) if len(own) > _SHOWN_ROWS else ()
        affected = dict.fromkeys(name for row in own for name in touched(row.code))
        yield at_row(
            code, layer, own[0].at, field="as_of", value=own[0].as_of, count=len(own),
            rows=(*numbers, *more), year=str(year),
        ).affecting(tuple(affected))  # fmt: skip


def files_of(layer: Layer, rows: Iterable[Given]) -> tuple[str, ...]:
    """Return the files that rows stand in, each once."""
    return tuple(dict.fromkeys(layer.places.files[row.at] for row in rows))


def touched(code: str) -> tuple[str, ...]:
    """Return the measures that a figure may enter; those that are not there touch nothing."""
    return (f"indicator.{code}*", f"figure.{code}*")
