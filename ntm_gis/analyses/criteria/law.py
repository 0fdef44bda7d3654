"""Thresholds that the office confirmed against its own copy of the text, as the record has them.

A decision whose subject is "threshold:SET:CODE" with document, page and value in its details is
enough for the office's self-assessment. It holds for the region or group it was confirmed for,
and for the period of the threshold whose place it takes.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ntm_gis.numbers import format_date_vi, parse_bool, parse_number
from ntm_gis.results import Finding
from ntm_gis.rules.criteria import CriteriaSet, Where
from ntm_gis.rules.criteria_model import COMPARATORS, Citation, Comparator, Indicator, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.layers.decisions import Decision

CONFIRM = "confirm"
SUBJECT = "threshold"

DOCUMENT, PAGE, VALUE, COMPARATOR = "document", "page", "value", "comparator"
SINCE, REGION, GROUP = "since", "region", "group"
"""Details of a confirmation. `since`: first day of the threshold that it confirms."""

SHORTEST = 3
"""Letters that the number of a document has at least."""


def confirmed(
    found: CriteriaSet, decided: Sequence[Decision], where: Where, on: dt.date
) -> tuple[dict[str, Row], list[Finding]]:
    """Return the thresholds confirmed, by line, and what is wrong with a confirmation.

    A later decision takes the place of an earlier one. One without document, page or a value
    that can be compared is not enough; one that contradicts a verified text is not taken; one of
    another period, region or group says nothing here.
    """
    rows: dict[str, Row] = {}
    said: dict[str, list[Finding]] = {}
    for decision in decided:
        code = code_of(decision, found.id)
        if code is None:
            continue
        line = found.indicators.get(code)
        shipped = None if line is None else found.resolved(code, where, on)
        details = dict(decision.details)
        if not _is_of_period(details, shipped, on):
            if line is not None and details.get(SINCE) not in _periods(found, code):
                gone = _finding("LAW_PERIOD_GONE", code, found).affecting(_affects(found, code))
                said.setdefault(code, [gone])
            continue
        if not _is_of_place(details, found.place(where)):
            said[code] = [_finding("LAW_ELSEWHERE", code, found).affecting(_affects(found, code))]
            continue
        row, findings = _row(found, decision, code, line, shipped)
        said[code] = findings
        rows.pop(code, None)
        if row is not None:
            rows[code] = row
    return rows, [finding for findings in said.values() for finding in findings]


def _is_of_period(details: Mapping[str, str], shipped: Row | None, on: dt.date) -> bool:
    since = details.get(SINCE)
    if since is None or shipped is None:
        return since is None or since <= on.isoformat()
    return since == shipped.since.isoformat()


def _periods(found: CriteriaSet, code: str) -> set[str]:
    """Return the first days of the thresholds that a set or its parent has of a line."""
    rows = [*found.rows.get(code, ()), *(found.parent.rows.get(code, ()) if found.parent else ())]
    return {row.since.isoformat() for row in rows} | {found.head.effective_from.isoformat()}


def _is_of_place(details: Mapping[str, str], here: Where) -> bool:
    """Whether a confirmation is for the region or group whose limits the commune takes."""
    region, group = details.get(REGION), details.get(GROUP)
    return (region is None or region == here.region) and (
        group is None or group == str(here.group or "")
    )


def code_of(decision: Decision, set_id: str) -> str | None:
    """Return the line whose threshold a decision confirms; None: it is about something else."""
    parts = decision.subject.split(":")
    right = len(parts) == 3 and parts[0] == SUBJECT and parts[1] == set_id
    return parts[2] if right and decision.choice == CONFIRM else None


def _affects(found: CriteriaSet, code: str) -> tuple[str, str]:
    return f"indicator.{code}", f"indicator.{found.id}.{code}"


def _row(
    found: CriteriaSet, decision: Decision, code: str, line: Indicator | None, shipped: Row | None
) -> tuple[Row | None, list[Finding]]:
    details = dict(decision.details)
    document = (details.get(DOCUMENT) or decision.document or "").strip()
    affects = _affects(found, code)
    if line is None:
        return None, [_finding("LAW_LINE_UNKNOWN", code, found).affecting(affects)]
    value = details.get(VALUE)
    limit = _limit(line, shipped, value, details.get(COMPARATOR))
    missing = [
        name for name, given in
        ((DOCUMENT, len(document) >= SHORTEST), (PAGE, details.get(PAGE)), (VALUE, limit))
        if not given
    ]  # fmt: skip
    if missing or limit is None:
        finding = _finding("LAW_INCOMPLETE", code, found, missing=tuple(missing), value=value)
        return None, [finding.affecting(affects)]
    way, number = limit
    place = _page(details[PAGE])
    by = f"{decision.decided_by}, {format_date_vi(decision.decided_on)}"
    row = Row.model_validate({
        "indicator": code, "from": found.head.effective_from if shipped is None else shipped.since,
        way: True if way == "passed" else number,
        "citation": Citation(document=document, place=f"{place} (xã xác nhận: {by})"),
        "status": "confirmed",
    })  # fmt: skip
    differs = shipped is not None and shipped.comparator is not None and (
        (shipped.comparator, shipped.limit) != (way, row.limit)
    )  # fmt: skip
    if not differs or shipped is None:
        return row, []
    if shipped.status == "verified":
        finding = _finding("LAW_AGAINST_VERIFIED", code, found, value=value, shipped=shipped.limit)
        return None, [finding.affecting(affects)]
    finding = _finding("LAW_DIFFERS", code, found, value=value, shipped=shipped.limit)
    return row, [finding.affecting(affects)]


def _page(page: str) -> str:
    """Return a page as it is cited.

    Examples
    --------
    >>> _page("12"), _page("trang 12-13"), _page("Phụ lục I, trang 4")
    ('tr. 12', 'tr. 12-13', 'Phụ lục I, trang 4')
    """
    said = page.strip()
    bare = re.sub(r"^(trang|tr)[\s.:]*", "", said, flags=re.IGNORECASE)
    return f"tr. {bare}" if bare[:1].isdigit() else said


def _finding(code: str, indicator: str, found: CriteriaSet, **params: Any) -> Finding:
    return Finding.of(code, feature=indicator, indicator=indicator, set=found.title, **params)


def _limit(
    line: Indicator, shipped: Row | None, value: str | None, comparator: str | None
) -> tuple[Comparator, float] | None:
    """Return the comparator and the number of a confirmation; None where they make no limit."""
    way = comparator or (shipped.comparator if shipped is not None else None) or usual(line)
    if way not in COMPARATORS:
        return None
    if value is None:
        same = shipped is not None and shipped.comparator == way and shipped.limit is not None
        return (way, shipped.limit) if same and shipped and shipped.limit is not None else None
    if way == "passed":
        return (way, 1.0) if parse_bool(value).value else None
    number = parse_number(value, "vi").value
    if number is None or not math.isfinite(number):
        return None
    return None if line.unit == "%" and not 0 <= number <= 100 else (way, number)


def usual(line: Indicator) -> Comparator:
    """Return how a limit of a line compares where nothing says it."""
    if line.unit == "verdict":
        return "passed"
    return "at_most" if line.better == "less" else "at_least"
