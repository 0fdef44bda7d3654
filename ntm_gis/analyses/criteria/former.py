"""Before and after the merger: each former commune, their plain sum, the true re-assessment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.criteria.measures import Card
from ntm_gis.analyses.merger.formers import Former, formers_of
from ntm_gis.analyses.merger.rows import declared
from ntm_gis.results import Evidence, Judged, Measure, Note
from ntm_gis.rules.carrying import figures
from ntm_gis.rules.criteria_verdicts import Amount, score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.analyses.question import Question
    from ntm_gis.rules.criteria import Where
    from ntm_gis.rules.criteria_model import Indicator, Row

CARRIED_AS = {
    "villages.cultural_standard_share": "cultural_villages_share",
    "villages.poor_share": "poor_share",
}
"""Measures of the commune and the figure of `merger.*` that says the same of a former one."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One column beside the true assessment."""

    id: str
    name: str
    amount: Amount
    value: float | None
    inputs: tuple[str, ...]


def before(
    question: Question, card: Card, where: Where, confirmed: Mapping[str, Row]
) -> tuple[list[Measure], dict[str, Note]]:
    """Return what former communes and their plain sum would have got, by the same thresholds.

    Returns
    -------
    list of Measure
        `indicator.former.FORMER.CODE` and `indicator.plain_sum.CODE`.
    dict of str to Note
        For each indicator the line that sets them side by side.
    """
    formers = formers_of(question.layers.commune)
    measures: list[Measure] = []
    notes: dict[str, Note] = {}
    if not formers:
        return measures, notes
    rows, _ = declared(question.layers, formers, figures(card.found.id))
    by_id = {measure.id: measure for measure in question.measures}
    for line in card.found.lines(card.on):
        sides = [side for former in formers
                 if (side := _of_former(line, former, rows, by_id)) is not None]  # fmt: skip
        together = _plain_sum(line, by_id)
        every = sides if together is None else [*sides, together]
        if not sides:
            continue
        judged = [_judged(card, line, side, where, confirmed) for side in every]
        measures += [_measure(line, side, j) for side, j in zip(every, judged, strict=True)]
        told = "; ".join(_told(side, j) for side, j in zip(every, judged, strict=True))
        now = card.score.indicators[line.code].verdict.value
        notes[line.code] = Note.of("CRITERIA_BEFORE", sides=told, now=_VERDICT[now])
    return measures, notes


_VERDICT = {
    "met": "đạt", "not_met": "chưa đạt", "undetermined": "chưa xác định",
    "not_applicable": "không áp dụng", "no_threshold": "chưa có ngưỡng",
}  # fmt: skip


def _of_former(
    line: Indicator,
    former: Former,
    rows: Mapping[str, Mapping[str, object]],
    by_id: Mapping[str, Measure],
) -> _Side | None:
    code = CARRIED_AS.get(line.measure or "", line.code)
    measure = by_id.get(f"merger.{text.segment(code)}.{former.segment}")
    if measure is not None:
        return _side(former.segment, former.name, measure)
    row = rows.get(line.code, {}).get(former.id)
    passed = next((r.passed for r in getattr(row, "rows", ()) if r.passed is not None), None)
    if passed is None:
        return None
    met = float(passed)
    amount = Amount(met, met, passed) if line.unit == "verdict" else Amount(assessed=passed)
    value = met if line.unit == "verdict" else None
    return _Side(former.segment, former.name, amount, value, ())


def _plain_sum(line: Indicator, by_id: Mapping[str, Measure]) -> _Side | None:
    code = text.segment(CARRIED_AS.get(line.measure or "", line.code))
    measure = by_id.get(f"merger.{code}.ratio") or by_id.get(f"merger.{code}.sum")
    return None if measure is None else _side("", "cộng các xã cũ", measure)


def _side(id_: str, name: str, measure: Measure) -> _Side:
    amount = Amount(measure.low, measure.high)
    return _Side(id_, name, amount, measure.value, measure.evidence.inputs)


def _judged(
    card: Card, line: Indicator, side: _Side, where: Where, confirmed: Mapping[str, Row]
) -> Judged:
    found = score(card.found, where, card.on, {line.code: side.amount}, confirmed)
    return found.indicators[line.code].judged


def _measure(line: Indicator, side: _Side, judged: Judged) -> Measure:
    name = named("indicator.former.FORMER.CODE", FORMER=side.id or "x", CODE=line.code,
                 code=line.code, name=line.title.words, former=side.name)  # fmt: skip
    id_ = f"indicator.former.{text.segment(side.id)}.{line.code}"
    if not side.id:
        id_ = f"indicator.plain_sum.{line.code}"
    low, high = side.amount.low, side.amount.high
    out = Measure(
        id_, name.title, line.unit, side.value, low, high,
        Evidence(name.method, (), side.inputs), subject=side.id or None, method="list",
        more_is_better=line.better == "more",
    )  # fmt: skip
    # What a former commune was is no official verdict on the commune there is.
    return replace(out, judged=replace(judged, official=False))


def _told(side: _Side, judged: Judged) -> str:
    from ntm_gis.numbers import format_vi

    value = "" if side.value is None else f" {format_vi(side.value, '', 1)}"
    return f"{side.name}:{value} ({_VERDICT[judged.verdict.value]})"
