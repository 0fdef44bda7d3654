"""Thresholds that the office confirmed against its own copy of the text, as the record has them.

A decision whose subject is "threshold:SET:CODE" with document, page and value in its details is
enough for the office's self-assessment. It can be handed on: `packed` gives what another commune
enters in its own record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision
from ntm_gis.numbers import format_date_vi, parse_bool, parse_number
from ntm_gis.results import Finding
from ntm_gis.rules.criteria import CriteriaSet, Where
from ntm_gis.rules.criteria_model import COMPARATORS, Citation, Comparator, Indicator, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIRM = "confirm"
SUBJECT = "threshold"


def confirmed(
    found: CriteriaSet, decided: Sequence[Decision], where: Where, on: dt.date
) -> tuple[dict[str, Row], list[Finding]]:
    """Return the thresholds confirmed, by line, and what is wrong with a confirmation.

    A later decision takes the place of an earlier one. One without document, page or a value
    that can be compared is not enough; one that contradicts a verified text is not taken.
    """
    rows: dict[str, Row] = {}
    said: dict[str, list[Finding]] = {}
    for decision in decided:
        code = _code_of(decision, found.id)
        if code is None:
            continue
        line = found.indicators.get(code)
        shipped = None if line is None else found.resolved(code, where, on)
        row, findings = _row(found, decision, code, line, shipped)
        said[code] = findings
        rows.pop(code, None)
        if row is not None:
            rows[code] = row
    return rows, [finding for findings in said.values() for finding in findings]


def _code_of(decision: Decision, set_id: str) -> str | None:
    parts = decision.subject.split(":")
    right = len(parts) == 3 and parts[0] == SUBJECT and parts[1] == set_id
    return parts[2] if right and decision.choice == CONFIRM else None


def _row(
    found: CriteriaSet, decision: Decision, code: str, line: Indicator | None, shipped: Row | None
) -> tuple[Row | None, list[Finding]]:
    details = dict(decision.details)
    document = details.get("document") or decision.document
    affects = (f"indicator.{code}", f"indicator.{found.id}.{code}")
    if line is None:
        return None, [_finding("LAW_LINE_UNKNOWN", code, found).affecting(affects)]
    value = details.get("value")
    limit = _limit(line, shipped, value, details.get("comparator"))
    missing = [
        name for name, given in
        (("document", document), ("page", details.get("page")), ("value", limit))
        if not given
    ]  # fmt: skip
    if missing or limit is None:
        finding = _finding("LAW_INCOMPLETE", code, found, missing=tuple(missing), value=value)
        return None, [finding.affecting(affects)]
    way, number = limit
    place = f"tr. {details['page']}"
    by = f"{decision.decided_by}, {format_date_vi(decision.decided_on)}"
    row = Row.model_validate({
        "indicator": code, "from": found.head.effective_from,
        way: True if way == "passed" else number,
        "citation": Citation(document=f"{document}", place=f"{place} (xã xác nhận: {by})"),
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


def _finding(code: str, indicator: str, found: CriteriaSet, **params: Any) -> Finding:
    return Finding.of(code, feature=indicator, indicator=indicator, set=found.title, **params)


def _limit(
    line: Indicator, shipped: Row | None, value: str | None, comparator: str | None
) -> tuple[Comparator, float] | None:
    """Return the comparator and the number of a confirmation; None where they make no limit."""
    way = comparator or (shipped.comparator if shipped is not None else None)
    if way is None:
        way = "passed" if line.unit == "verdict" else _usual(line)
    if way not in COMPARATORS:
        return None
    if value is None:
        same = shipped is not None and shipped.comparator == way and shipped.limit is not None
        return (way, shipped.limit) if same and shipped and shipped.limit is not None else None
    if way == "passed":
        return (way, 1.0) if parse_bool(value).value else None
    number = parse_number(value).value
    return (
        None if number is None or (line.unit == "%" and not 0 <= number <= 100) else (way, number)
    )


def _usual(line: Indicator) -> Comparator:
    return "at_most" if line.better == "less" else "at_least"


def confirmation(
    found: CriteriaSet,
    code: str,
    *,
    value: str,
    document: str,
    page: str,
    by: str,
    on: dt.date,
    why: str = "",
    comparator: str | None = None,
) -> Decision:
    """Return the decision that confirms a threshold, to be entered in the record.

    Parameters
    ----------
    value : str
        As an office writes it ("82,5", "đạt").
    comparator : {"at_least", "at_most", "equals", "level", "passed"}, optional
        Left out: that of the row shipped, else by what is better.

    Raises
    ------
    UsageError
        The set has no such line, or document, page or value is missing or no limit.

    Examples
    --------
    >>> from ntm_gis.rules.criteria import criteria_set
    >>> confirmation(criteria_set("vn-2021-2025"), "2.2", value="65", document="1487/QĐ-UBND",
    ...              page="12", by="Lò Văn A", on=dt.date(2025, 12, 1)).subject
    'threshold:vn-2021-2025:2.2'
    """
    if code not in found.indicators:
        known = tuple(found.indicators)
        raise UsageError("LAW_CODE_UNKNOWN", indicator=code, set=found.title, known=known)
    details = {"document": document, "page": page, "value": value, "comparator": comparator or ""}
    decision = Decision(
        "", f"{SUBJECT}:{found.id}:{code}", CONFIRM, on, by, why or document, document,
        tuple((k, v) for k, v in details.items() if v.strip()),
    )  # fmt: skip
    rows, findings = confirmed(found, (decision,), Where(), on)
    if code not in rows:
        why_not = findings[0].message if findings else None
        raise UsageError("LAW_NOT_ENOUGH", indicator=code, why=why_not)
    return decision


def unpacked(
    found: CriteriaSet, rows: Iterable[Mapping[str, str]], *, by: str, on: dt.date
) -> tuple[Decision, ...]:
    """Return the decisions of another commune's pack for a set, as this office's own.

    Parameters
    ----------
    by, on
        Who read the documents here, and when: the office answers for what it enters.

    Raises
    ------
    UsageError
        A row is of no line of the set, or not enough.
    """
    return tuple(
        confirmation(
            found, row["indicator"], value=row["value"], document=row["document"],
            page=row["page"], by=by, on=on, comparator=row.get("comparator"),
            why=f"{row['document']} ({row['by']}, {row['on']})",
        )
        for row in rows
        if row["set"] == found.id
    )  # fmt: skip


def packed(decided: Iterable[Decision]) -> tuple[Mapping[str, str], ...]:
    """Return the confirmations of a record as plain rows, the last of each line.

    Another commune reads the text itself before it enters them: they bear document and page.
    """
    last: dict[str, Decision] = {}
    for decision in decided:
        if decision.subject.startswith(f"{SUBJECT}:") and decision.choice == CONFIRM:
            last[decision.subject] = decision
    return tuple(
        {
            "set": subject.split(":")[1], "indicator": subject.split(":")[-1],
            **dict(decision.details), "by": decision.decided_by,
            "on": decision.decided_on.isoformat(),
        }
        for subject, decision in sorted(last.items())
    )  # fmt: skip
