"""Every threshold that applies to a commune, period by period, and who confirmed it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.criteria.law import (
    COMPARATOR,
    DOCUMENT,
    PAGE,
    SINCE,
    VALUE,
    code_of,
    confirmed,
)
from ntm_gis.analyses.listing import listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import geopandas as gpd

    from ntm_gis.layers.decisions import Decision
    from ntm_gis.rules.criteria import CriteriaSet, Where
    from ntm_gis.rules.criteria_model import Indicator, Row

THRESHOLDS: dict[str, type] = {
    "id": str, "criteria_set": str, "criterion": str, "code": str, "title_vi": str,
    "title_en": str, "unit_of": str, "since_on": dt.date, "comparator": str, "limit_value": float,
    "citation": str, "law_status": str, "confirmed_value": str, "document": str, "page": str,
    "confirmed_by": str, "confirmed_on": dt.date, "state": str,
}  # fmt: skip
NO_LIMIT = "none"


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold of a line from a day on.

    Parameters
    ----------
    shipped : Row or None
        What the set says; None: nothing.
    used : Row or None
        What verdicts are made by: the office's own, else that of the set.
    decision : Decision or None
        The confirmation that `used` rests on.
    """

    set: str
    line: Indicator
    since: dt.date
    shipped: Row | None
    used: Row | None
    decision: Decision | None

    @property
    def key(self) -> str:
        """What names it in a sheet: set, code and first day."""
        return f"{self.set}:{self.line.code}:{self.since.isoformat()}"

    def said(self, name: str) -> str | None:
        """Return a detail of the confirmation."""
        return None if self.decision is None else dict(self.decision.details).get(name)


def limits(
    found: CriteriaSet, decided: Sequence[Decision], where: Where
) -> tuple[Limit, ...]:  # fmt: skip
    """Return the thresholds of a set for a commune, line by line, the earlier period first.

    A line without any threshold has one entry, from the first day of the set. A line made of
    parts is judged by them and has one only where the set gives it its own.
    """
    out: list[Limit] = []
    for line in found.indicators.values():
        days = sorted(set(_days(found, line.code, where)))
        if not days and line.parts:
            continue
        for since in days or [found.head.effective_from]:
            shipped = found.resolved(line.code, where, since)
            own = confirmed(found, decided, where, since)[0].get(line.code)
            decision = None if own is None else _decision(found, decided, line.code, since)
            out.append(Limit(found.id, line, since, shipped, own or shipped, decision))
    return tuple(out)


def _days(found: CriteriaSet, code: str, where: Where) -> Iterator[dt.date]:
    """Yield the first days of the thresholds that are ever in force for the commune."""
    rows = list(found.rows.get(code, ()))
    if found.parent is not None and found.head.carries:
        rows += found.parent.rows.get(code, ())
    for row in rows:
        in_force = found.row(code, where, row.since)
        if in_force is not None and in_force.since == row.since:
            yield row.since


def _decision(
    found: CriteriaSet, decided: Sequence[Decision], code: str, since: dt.date
) -> Decision | None:
    mine = [d for d in decided if code_of(d, found.id) == code]
    of_period = [d for d in mine if dict(d.details).get(SINCE) in (None, since.isoformat())]
    return of_period[-1] if of_period else None


def frame(every: Iterable[Limit], zone: str) -> gpd.GeoDataFrame:
    """Return the frame `thresholds`: a row a threshold; `state` is the status of its text."""
    return listing(THRESHOLDS, [_row(one) for one in every], zone)


def _row(one: Limit) -> tuple[Any, ...]:
    line, used, decision = one.line, one.used, one.decision
    has = used is not None and used.limit is not None
    status = used.status if used is not None else NO_LIMIT
    return (
        one.key, one.set, line.criterion, line.code, line.title.vi, line.title.en, line.unit,
        one.since, used.way if used is not None else None,
        used.limit if used is not None and has else None,
        used.citation.text if used is not None else None, status,
        one.said(VALUE), one.said(DOCUMENT), one.said(PAGE),
        decision and decision.decided_by, decision and decision.decided_on, status,
    )  # fmt: skip


def same(one: Decision, other: Decision) -> bool:
    """Whether two confirmations say the same: limit, document, page and period."""
    mine, theirs = dict(one.details), dict(other.details)
    names = (VALUE, COMPARATOR, DOCUMENT, PAGE, SINCE)
    return [mine.get(n) for n in names] == [theirs.get(n) for n in names]
