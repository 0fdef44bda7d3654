"""What a criteria set must hold to: no line twice, no two thresholds at once, none looser."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING

from ntm_gis.errors import RuleError
from ntm_gis.rules.criteria_model import Citation, Indicator, Row, weakest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.rules.criteria import CriteriaSet

_DAY = dt.timedelta(days=1)


def only_once(name: str, lines: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Return lines, of which none may stand twice."""
    seen: set[str] = set()
    for line in lines:
        if line.code in seen:
            raise RuleError("CRITERIA_LINE_TWICE", set=name, indicator=line.code)
        seen.add(line.code)
    return tuple(lines)


def check(found: CriteriaSet) -> None:
    """Refuse a set that contradicts itself.

    Raises
    ------
    RuleError
        A line of a criterion that is not there, parts that are not there or have parts or
        conditions of their own, a threshold, a patch or a worked case of a line that is not
        there, a condition on nothing, two thresholds for one day and commune, a share beyond 0
        to 100, one looser than the parent's.
    """
    _lines(found)
    _named(found)
    for code, rows in found.rows.items():
        if code not in found.indicators:
            raise RuleError("CRITERIA_LINE_UNKNOWN", set=found.id, indicator=code)
        for one, other in itertools.combinations(rows, 2):
            if one.since == other.since and one.meets(other):
                raise RuleError(
                    "CRITERIA_ROW_TWICE", set=found.id, indicator=code, on=one.since,
                    region=one.region or other.region or "–",
                )  # fmt: skip
        for row in rows:
            limit = row.limit
            if found.indicators[code].unit == "%" and limit is not None and not 0 <= limit <= 100:
                raise RuleError("CRITERIA_SHARE", set=found.id, indicator=code, limit=limit)
            _require_as_strict(found, row)


def _lines(found: CriteriaSet) -> None:
    criteria = [criterion.code for criterion in found.head.criteria]
    if len(set(criteria)) != len(criteria):
        raise RuleError("CRITERIA_LINE_TWICE", set=found.id, indicator=criteria[-1])
    for line in found.indicators.values():
        needed = [line.part_of, *line.parts]
        gone = [code for code in needed if code is not None and code not in found.indicators]
        if line.criterion not in criteria:
            gone.append(line.criterion)
        parts = (found.indicators.get(code) for code in line.parts)
        gone.extend(part.code for part in parts if part and part.part_of != line.code)
        if gone:
            raise RuleError("CRITERIA_LINE_UNKNOWN", set=found.id, indicator=gone[0])
        if line.splits is not None and (
            found.parent is None or line.splits not in found.parent.indicators
        ):
            raise RuleError("CRITERIA_LINE_UNKNOWN", set=found.id, indicator=line.splits)
    if len(criteria) > found.head.counts.criteria:
        raise RuleError("CRITERIA_COUNT", set=found.id, n=len(criteria))
    if len(found.lines(found.head.effective_from)) > found.head.counts.indicators:
        n = len(found.lines(found.head.effective_from))
        raise RuleError("CRITERIA_COUNT", set=found.id, n=n)


_OF = re.compile(r"(figure|roads|irrigation|schools|villages|tea|crops|plan|funds)\.[\w.-]+")
"""What a condition may ask for, besides a line of the set: measures, and figures outside it."""


def _named(found: CriteriaSet) -> None:
    """Refuse what names a line that is not there, and parts that are more than plain."""
    every = set(found.indicators)
    for line in found.indicators.values():
        if line.part_of is not None and (line.parts or line.applies is not None):
            raise RuleError("CRITERIA_PART_PLAIN", set=found.id, indicator=line.code)
        of = None if line.applies is None else line.applies.of
        if of is not None and of not in every and not _OF.fullmatch(of):
            raise RuleError("CRITERIA_CONDITION_OF", set=found.id, indicator=line.code, of=of)
    above = set() if found.parent is None else set(found.parent.indicators)
    retired = [gone.indicator for patch in found.patches for gone in patch.retired]
    criteria = {criterion.code for criterion in found.head.criteria}
    asked = {
        *retired,
        *(code for case in found.cases for code in (*case.expect, *case.why)),
    }
    for code in sorted(asked - every - above):
        raise RuleError("CRITERIA_LINE_UNKNOWN", set=found.id, indicator=code)
    for code in sorted({c for case in found.cases for c in case.criteria} - criteria):
        raise RuleError("CRITERIA_LINE_UNKNOWN", set=found.id, indicator=code)


def _require_as_strict(found: CriteriaSet, row: Row) -> None:
    """Refuse a limit that lets through what the parent's does not: a set below may only tighten.

    A limit for all communes is held against the parent's of every region and group.
    """
    if found.parent is None or not found.head.carries or row.comparator is None:
        return
    above = found.parent.rows.get(row.indicator, ())
    regions = {row.region} | ({r.region for r in above} if row.region is None else set())
    groups = {row.group} | ({r.group for r in above} if row.group is None else set())
    for region, group in itertools.product(regions, groups):
        _require_not_looser(found, found.parent, row, region, group)


def _require_not_looser(
    found: CriteriaSet, parent: CriteriaSet, row: Row, region: str | None, group: int | None
) -> None:
    from ntm_gis.rules.criteria import Where

    where = Where(region, group, row.special_difficulty)
    above = parent.resolved(row.indicator, where, row.since)
    way = row.comparator
    if way is None or above is None or above.comparator is None:
        return
    same_way = above.comparator == way
    mine, theirs = row.limit or 0.0, above.limit or 0.0
    looser = {
        "at_least": mine < theirs, "level": mine < theirs, "at_most": mine > theirs,
        "equals": mine != theirs, "passed": False,
    }[way]  # fmt: skip
    if not same_way or looser:
        raise RuleError(
            "CRITERIA_LOOSER", set=found.id, indicator=row.indicator, parent=parent.id,
            limit=mine, above=theirs,
        )  # fmt: skip


def followed(row: Row, base: Row | None) -> Row:
    """Return a relative row with its limit, from the row that it follows; unknown without one."""
    relative = row.relative
    way = None if base is None else base.comparator
    if relative is None:
        return row
    raw = row.model_dump(by_alias=True) | {"relative": None}
    if base is None or way is None or base.limit is None:
        return Row.model_validate(raw | {"unknown": True})
    place = f"{row.citation.place} ({relative.times:g} × {base.citation.text})"
    return Row.model_validate(
        raw
        | {
            # 1.1 × 44 is 48.4, whatever the last bits of the product say.
            way: round(relative.times * base.limit, 9),
            "status": weakest((row.status, base.status)),
            "citation": Citation(document=row.citation.document, place=place).model_dump(),
        }
    )
