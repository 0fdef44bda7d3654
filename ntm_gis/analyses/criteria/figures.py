"""Figures of the commune: of several sources one amount, contradictions kept as a range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.criteria.rows import LAYER, SCALED, Given, Sorted, touched
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Contribution, Finding
from ntm_gis.rules.criteria_verdicts import NOTHING, Amount, of_both

if TYPE_CHECKING:
    import datetime as dt

    from ntm_gis.layers.decisions import Decision
    from ntm_gis.layers.values import Layer

BOTH = ("male", "female")
_NOTHING = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Figure:
    """What the rows of `figures` say of one indicator.

    Parameters
    ----------
    amount : Amount
        Least and greatest over what the sources say.
    value : float or None
        The one number, where the sources agree.
    rows : tuple of Given
        What it stands on.
    conflict : bool
        Sources contradict each other, and nothing decides which is right.
    open : tuple of str
        Sexes of which nothing is known.
    """

    amount: Amount = NOTHING
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    rows: tuple[Given, ...] = ()
    conflict: bool = False
    open: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Something is known of it."""
        return self.amount != NOTHING

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents it comes from."""
        return tuple(dict.fromkeys(row.document for row in self.rows if row.document))

    @property
    def day(self) -> dt.date | None:
        """The day it is of."""
        return max((row.as_of for row in self.rows if row.as_of is not None), default=None)

    @property
    def features(self) -> tuple[Contribution, ...]:
        """The rows as evidence."""
        known = self.numerator is not None
        amount = self.numerator if known else self.value
        single = len(self.rows) == 1 and amount is not None
        return tuple(
            Contribution(LAYER, row.id, amount or 0.0, weight=self.denominator)
            if single
            else Contribution(LAYER, row.id, 0.0, unknown=True)
            for row in self.rows
        )


def figure_of(
    code: str,
    unit: str,
    given: Sorted,
    layer: Layer,
    *,
    digits: int | None = None,
    per_sex: bool = False,
    less_is_better: bool = False,
    decided: Mapping[str, Decision] | None = None,
) -> tuple[Figure, list[Finding]]:
    """Return the figure of one indicator, and what is to be said about its sources.

    Parameters
    ----------
    digits : int, optional
        Digits that the value is written with.
    per_sex : bool
        The worse of both sexes; where they are not given the figure of all bounds it.
    decided : mapping, optional
        Decisions of the office on contradicting sources, by "figure:CODE": the document that
        counts.
    """
    decision = (decided or {}).get(f"figure:{code}")
    findings: list[Finding] = []

    def of(sex: str | None) -> Figure:
        found, said = _of_rows(given.own.get((code, sex), ()), unit, layer, digits, decision)
        findings.extend(said)
        return found

    every = of(None)
    if not per_sex:
        return every, findings
    sexes = [of(sex) for sex in BOTH]
    if not any(s.known for s in sexes):
        return _only_all(every, less_is_better=less_is_better), findings
    amount = of_both([s.amount for s in sexes], less_is_better=less_is_better)
    numbers = [s.value for s in sexes if s.value is not None]
    value = (max if less_is_better else min)(numbers) if len(numbers) == len(BOTH) else None
    rows = tuple(row for s in sexes for row in s.rows)
    open_ones = tuple(sex for sex, s in zip(BOTH, sexes, strict=True) if not s.known)
    conflict = any(s.conflict for s in sexes)
    return Figure(amount, value, rows=rows, conflict=conflict, open=open_ones), findings


def _only_all(every: Figure, *, less_is_better: bool) -> Figure:
    """Return what the figure of all says of the worse sex: it is no better than all together."""
    low, high = every.amount.low, every.amount.high
    amount = Amount(low, None) if less_is_better else Amount(None, high)
    if not every.known:
        amount = NOTHING
    return Figure(amount, rows=every.rows, conflict=every.conflict, open=BOTH)


def _of_rows(
    rows: Sequence[Given], unit: str, layer: Layer, digits: int | None, decision: Decision | None
) -> tuple[Figure, list[Finding]]:
    if not rows:
        return Figure(), []
    # A line of a table that is left blank says nothing against one that is filled in.
    rows = [row for row in rows if row.says != _NOTHING] or rows
    wanted = None if decision is None else dict(decision.details).get("document")
    chosen = [row for row in rows if wanted is not None and row.document == wanted]
    best_rank = max(row.rank for row in rows)
    best = chosen or [row for row in rows if row.rank == best_rank]
    findings = _other_sources(layer, rows, best)
    each = [_one(row, unit, digits) for row in best]
    findings += [
        _value_differs(layer, row) for row, f in zip(best, each, strict=True) if f.conflict
    ]
    agreed = {row.says for row in best}
    if len(agreed) == 1:
        return replace(each[0], rows=(best[0],)), findings
    findings.append(_conflict(layer, best))
    return _range(each, tuple(best)), findings


def _range(each: Sequence[Figure], rows: tuple[Given, ...]) -> Figure:
    """Return the range of what several sources say."""
    lows, highs = [f.amount.low for f in each], [f.amount.high for f in each]
    low = None if None in lows else min(x for x in lows if x is not None)
    high = None if None in highs else max(x for x in highs if x is not None)
    said = {f.amount.assessed for f in each}
    assessed = said.pop() if len(said) == 1 else None
    same = low is not None and low == high
    return Figure(Amount(low, high, assessed), low if same else None, rows=rows, conflict=True)


def _one(row: Given, unit: str, digits: int | None) -> Figure:
    """Return what one row says; of a value that is not its parts' ratio the range of both."""
    if unit == "verdict":
        if row.passed is None:
            return Figure(rows=(row,))
        met = float(row.passed)
        return Figure(Amount(met, met, row.passed), met, rows=(row,))
    ratio = None
    if row.numerator is not None and row.denominator:
        ratio = SCALED.get(unit, 1.0) * row.numerator / row.denominator
    value = row.value if ratio is None else ratio
    amount = Amount(value, value, row.passed)
    if ratio is None:
        return Figure(amount, value, rows=(row,))
    if not unit and row.value is not None:  # nobody knows what the ratio would be in
        return Figure(amount=Amount(row.value, row.value, row.passed), value=row.value, rows=(row,))
    if row.value is not None and not _agrees(row.value, ratio, digits):
        low, high = sorted((row.value, ratio))
        return Figure(Amount(low, high, row.passed), rows=(row,), conflict=True)
    return Figure(amount, ratio, row.numerator, row.denominator, (row,))


def _agrees(value: float, ratio: float, digits: int | None) -> bool:
    """Whether a value written with some digits may be a ratio.

    Examples
    --------
    >>> _agrees(96.7, 100 * 2402 / 2484, 1), _agrees(97.6, 100 * 2402 / 2484, 1)
    (True, False)
    """
    places = 1 if digits is None else digits
    return math.isclose(value, ratio, rel_tol=1e-9, abs_tol=1.01 * 10.0**-places)


def _other_sources(layer: Layer, rows: Sequence[Given], best: Sequence[Given]) -> list[Finding]:
    """Say which source of the same day is not taken, and why."""
    day = best[0].as_of
    passed_over = [
        row for row in rows
        if row not in best and row.as_of == day and row.says not in {b.says for b in best}
    ]  # fmt: skip
    return [
        at_row(
            "FIGURE_OTHER_SOURCE", layer, row.at, field="value", value=in_words(row),
            indicator=row.code, document=row.document, taken=best[0].document,
            number=in_words(best[0]),
        ).affecting(touched(row.code))
        for row in passed_over
    ]  # fmt: skip


def _conflict(layer: Layer, rows: Sequence[Given]) -> Finding:
    sources = tuple(f"{row.document or '–'}: {in_words(row)}" for row in rows)
    return at_row(
        "FIGURE_CONFLICT", layer, rows[0].at, field="value", value=in_words(rows[0]),
        indicator=rows[0].code, sources="; ".join(sources),
    ).affecting(touched(rows[0].code))  # fmt: skip


def _value_differs(layer: Layer, row: Given) -> Finding:
    return at_row(
        "FIGURE_VALUE_DIFFERS", layer, row.at, field="value", value=row.value,
        indicator=row.code, number=row.value, numerator=row.numerator, denominator=row.denominator,
    ).affecting(touched(row.code))  # fmt: skip


def in_words(row: Given) -> str:
    """Write what a row says, as an office does."""
    from ntm_gis.numbers import format_vi

    if row.value is not None:
        return format_vi(row.value)
    if row.numerator is not None and row.denominator is not None:
        return f"{format_vi(row.numerator)}/{format_vi(row.denominator)}"
    return {True: "đạt", False: "chưa đạt", None: "–"}[row.passed]
