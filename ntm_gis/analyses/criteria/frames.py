"""The scorecard as a table, and an old and a new set side by side in the year of transition."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.criteria.measures import WHY
from ntm_gis.analyses.listing import listing
from ntm_gis.results import sentence
from ntm_gis.rules.criteria_model import weakest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from ntm_gis.analyses.criteria.measures import Card
    from ntm_gis.results import Finding, Measure
    from ntm_gis.rules.criteria_files import Criterion
    from ntm_gis.rules.criteria_model import Indicator

CRITERION, INDICATOR, PART = "criterion", "indicator", "part"
COMPARED, NOT_COMPARABLE = "compared", "not_comparable"

SCORECARD: dict[str, type] = {
    "id": str, "criteria_set": str, "kind": str, "criterion": str, "code": str,
    "title_vi": str, "title_en": str, "verdict": str, "value": float, "low": float,
    "high": float, "unit_of": str, "comparator": str, "limit_value": float, "citation": str,
    "law_status": str, "official": str, "why_vi": str, "why_en": str, "decides_vi": str,
    "decides_en": str, "state": str,
}  # fmt: skip

COMPARE_SETS: dict[str, type] = {
    "id": str, "kind": str, "old_set": str, "old_code": str, "old_title_vi": str,
    "old_title_en": str, "old_verdict": str, "old_value": float, "old_limit": float,
    "new_set": str, "new_code": str, "new_title_vi": str, "new_title_en": str,
    "new_verdict": str, "new_value": float, "new_limit": float, "new_from_on": dt.date,
    "says_vi": str, "says_en": str, "state": str,
}  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """A set with its verdicts, measures and what would decide what is open.

    Parameters
    ----------
    decides : mapping of str to Finding
        By code of an undetermined indicator.
    """

    card: Card
    measures: Mapping[str, Measure]
    decides: Mapping[str, Finding] = field(default_factory=dict)


def frames(scored: Sequence[Scored], zone: str) -> dict[str, gpd.GeoDataFrame]:
    """Return `scorecard` and `compare_sets`.

    Parameters
    ----------
    scored : sequence of Scored
        The commune's set first, then those to compare with; empty where no set is named.

    Notes
    -----
    `scorecard` has a row a criterion, followed by its indicators and their parts, set after set;
    `state` is the verdict. `compare_sets` has a row for each line of the new set with the line of
    the old one that it answers; where no mapping is confirmed the other side is blank and
    `state` is `not_comparable`.
    """
    rows = [row for one in scored for row in _rows(one)]
    pairs = [row for other in scored[1:] for row in _pairs(scored[0], other)]
    return {
        "scorecard": listing(SCORECARD, rows, zone),
        "compare_sets": listing(COMPARE_SETS, pairs, zone),
    }


def _rows(scored: Scored) -> Iterator[tuple[Any, ...]]:
    card = scored.card
    for entry in card.found.head.criteria:
        codes = card.score.of_criterion[entry.code]
        yield _of_criterion(scored, entry, codes)
        for code in codes:
            line = card.found.indicators[code]
            yield _of_line(scored, line, INDICATOR)
            # Of a line that was assessed as a whole its parts say nothing.
            by_parts = card.score.indicators[code].why == "parts"
            for part in line.parts if by_parts else ():
                yield _of_line(scored, card.found.indicators[part], PART)


def _of_criterion(scored: Scored, entry: Criterion, codes: Sequence[str]) -> tuple[Any, ...]:
    card = scored.card
    measure = scored.measures[card.id_of(CRITERION, entry.code)]
    judged = card.score.criteria[entry.code]
    used = [card.score.indicators[code].threshold for code in codes]
    statuses = tuple(threshold.status for threshold in used if threshold is not None)
    why = next((note.text for note in measure.notes), None)
    title = entry.title.words
    return (
        measure.id, card.found.id, CRITERION, entry.code, entry.code, title.vi, title.en,
        judged.verdict.value, measure.value, measure.low, measure.high, measure.unit, None, None,
        None, weakest(statuses) if statuses else None, _yes(official=judged.official),
        why and why.vi, why and why.en, None, None, judged.verdict.value,
    )  # fmt: skip


def _of_line(scored: Scored, line: Indicator, kind: str) -> tuple[Any, ...]:
    card = scored.card
    name = card.id_of(kind, line.code)
    measure = scored.measures.get(name)
    outcome = card.score.indicators[line.code]
    amount = card.known[line.code].amount
    low, high = (amount.low, amount.high) if measure is None else (measure.low, measure.high)
    row, limit = outcome.row, outcome.threshold
    way = None if row is None else row.way
    why = _why(card, outcome.why)
    decides = scored.decides.get(line.code)
    return (
        name, card.found.id, kind, line.criterion, line.code, line.title.vi, line.title.en,
        outcome.verdict.value, card.known[line.code].value, low, high, line.unit,
        way, None if row is None or limit is None else row.limit,
        None if row is None else row.citation.text,
        None if row is None else row.status, _yes(official=outcome.official),
        why and why.vi, why and why.en,
        decides and decides.message.vi, decides and decides.message.en, outcome.verdict.value,
    )  # fmt: skip


def _why(card: Card, why: str) -> Any:
    code = WHY.get(why)
    return None if code is None else sentence(code, {"set": card.found.title})


def _yes(*, official: bool) -> str:
    return "yes" if official else "no"


def _pairs(old: Scored, new: Scored) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of the new set beside those they answer, then what is left of the old."""
    answered: set[str] = set()
    for entry in new.card.found.head.criteria:
        yield _pair(None, _Side.criterion(new, entry), new)
        for code in new.card.score.of_criterion[entry.code]:
            line = new.card.found.indicators[code]
            mapped = [c for c in _answers(new, line, old) if c in old.card.score.indicators]
            answered.update(mapped)
            sides = [_Side.line(old, old.card.found.indicators[one]) for one in mapped]
            for side in sides or (None,):
                yield _pair(side, _Side.line(new, line), new)
    for entry in old.card.found.head.criteria:
        yield _pair(_Side.criterion(old, entry), None, new)
        for code in old.card.score.of_criterion[entry.code]:
            if code not in answered:
                yield _pair(_Side.line(old, old.card.found.indicators[code]), None, new)


def _answers(new: Scored, line: Indicator, old: Scored) -> Iterator[str]:
    """Yield the codes of the old set that a line of the new one surely answers."""
    head = new.card.found.head
    for said in line.maps_to:
        named, _, code = said.rpartition(":")
        if (named or head.parent or head.supersedes) == old.card.found.id:
            yield code


@dataclass(frozen=True)
class _Side:
    kind: str
    values: tuple[Any, ...]
    set: str
    code: str

    @classmethod
    def criterion(cls, of: Scored, entry: Criterion) -> _Side:
        judged = of.card.score.criteria[entry.code]
        measure = of.measures[of.card.id_of(CRITERION, entry.code)]
        title = entry.title.words
        values = (of.card.found.id, entry.code, title.vi, title.en, judged.verdict.value,
                  measure.value, None)  # fmt: skip
        return cls(CRITERION, values, of.card.found.id, entry.code)

    @classmethod
    def line(cls, of: Scored, line: Indicator) -> _Side:
        outcome = of.card.score.indicators[line.code]
        limit = None if outcome.row is None or outcome.threshold is None else outcome.row.limit
        values = (of.card.found.id, line.code, line.title.vi, line.title.en,
                  outcome.verdict.value, of.card.known[line.code].value, limit)  # fmt: skip
        return cls(INDICATOR, values, of.card.found.id, line.code)


def _pair(old: _Side | None, new: _Side | None, of: Scored) -> tuple[Any, ...]:
    both = old is not None and new is not None
    one = old or new
    assert one is not None  # noqa: S101 - a row is of one side at least
    names = [f"{side.set}.{side.code}" for side in (old, new) if side is not None]
    since = of.card.found.head.effective_from
    says = sentence("CRITERIA_NOT_COMPARABLE", {})
    return (
        f"{one.kind}.{'~'.join(names)}", one.kind,
        *((None,) * 7 if old is None else old.values),
        *((None,) * 7 if new is None else new.values), since,
        None if both else says.vi, None if both else says.en,
        COMPARED if both else NOT_COMPARABLE,
    )  # fmt: skip
