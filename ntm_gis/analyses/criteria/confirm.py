"""Confirming a threshold: what an office writes of it, checked, as a decision of its record."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.criteria.law import (
    COMPARATOR,
    CONFIRM,
    DOCUMENT,
    GROUP,
    PAGE,
    REGION,
    SHORTEST,
    SINCE,
    SUBJECT,
    VALUE,
    confirmed,
    usual,
)
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision
from ntm_gis.numbers import parse_bool, parse_number
from ntm_gis.results import shown
from ntm_gis.rules.criteria import CriteriaSet, Where
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ntm_gis.rules.criteria_model import Comparator, Indicator, Row

SIGNS: dict[str, Comparator] = {
    "≥": "at_least", ">=": "at_least", "≤": "at_most", "<=": "at_most", "=": "equals",
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?P<sign>≥|≤|>=|<=|=|>|<)?\s*(?P<number>[-+]?\d[\d.,\u00a0]*)\s*(?P<unit>[^\d\s].*)?"
)
_LONGEST = 80
_SAID = {"at_least": "≥", "at_most": "≤", "equals": "=", "level": "≥"}
_MOST_KNOWN = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """Who read a threshold, in which document, on which page ("12", "Phụ lục I, trang 4")."""

    document: str
    page: str
    by: str
    on: dt.date
    why: str = ""


def confirmation(
    found: CriteriaSet,
    code: str,
    value: str,
    proof: Proof,
    *,
    where: Where | None = None,
    day: dt.date | None = None,
) -> Decision:
    """Return the decision that confirms a threshold, to be entered in the record.

    Parameters
    ----------
    value : str
        As an office writes it ("82,5", "≥ 65 %", "đạt").
    where : Where, optional
        Whose limits the commune takes: the confirmation holds for these alone.
    day : date, optional
        A day of the period whose threshold is meant, where a text sets one for each year; left
        out: the day it was confirmed.

    Raises
    ------
    UsageError
        The set has no such line; document or page is missing; the value is no number, beyond 0
        to 100 %, in another unit, compared the other way round; a verified text says otherwise.

    Examples
    --------
    >>> from ntm_gis.rules.criteria import criteria_set
    >>> proof = Proof("1487/QĐ-UBND", "12", "Lò Văn A", dt.date(2025, 12, 1))
    >>> made = confirmation(criteria_set("vn-2021-2025"), "2.2", "≥ 65 %", proof)
    >>> made.subject, dict(made.details)["value"], dict(made.details)["comparator"]
    ('threshold:vn-2021-2025:2.2', '65', 'at_least')
    """
    line = require_line(found, code)
    place = Where() if where is None else where
    document, page, on = proof.document.strip(), proof.page.strip(), proof.on
    meant = max(day or on, found.head.effective_from)
    shipped = found.resolved(line.code, place, meant)
    if len(document) < SHORTEST:
        raise UsageError("LAW_DOCUMENT_MISSING", indicator=line.code)
    if not re.search(r"[1-9]", page) or page.startswith("-"):
        raise UsageError("LAW_PAGE_MISSING", indicator=line.code, document=document)
    way, number = read_limit(line, shipped, value)
    here = found.place(place)
    details = {
        DOCUMENT: document, PAGE: page, VALUE: number, COMPARATOR: way,
        SINCE: (found.head.effective_from if shipped is None else shipped.since).isoformat(),
        REGION: here.region or "" if found.head.keyed_by == "region" else "",
        GROUP: str(here.group or "") if found.head.keyed_by == "group" else "",
    }  # fmt: skip
    decision = Decision(
        "", f"{SUBJECT}:{found.id}:{line.code}", CONFIRM, on, proof.by,
        proof.why.strip() or document, document, tuple((k, v) for k, v in details.items() if v),
    )  # fmt: skip
    rows, findings = confirmed(found, (decision,), place, meant)
    if line.code not in rows:
        why_not = findings[0].message if findings else None
        raise UsageError("LAW_NOT_ENOUGH", indicator=line.code, why=why_not)
    return decision


def require_line(found: CriteriaSet, code: str) -> Indicator:
    """Return a line of a set by its code.

    Raises
    ------
    UsageError
        There is none: lines of the same criterion are named.
    """
    wanted = code.strip().lower()
    if wanted in found.indicators:
        return found.indicators[wanted]
    beginning = re.split(r"[.-]", wanted)[0]
    near = [c for c, line in found.indicators.items() if line.criterion == beginning]
    known = near or list(found.indicators)
    shown_ones = tuple(known[:_MOST_KNOWN]) + (("…",) if len(known) > _MOST_KNOWN else ())
    raise UsageError("LAW_CODE_UNKNOWN", indicator=code, set=found.title, known=shown_ones)


def read_limit(line: Indicator, shipped: Row | None, written: str) -> tuple[Comparator, str]:
    """Return how a limit compares and its number, as an office wrote it.

    Raises
    ------
    UsageError
        It is no limit of this line.

    Examples
    --------
    >>> from ntm_gis.rules.criteria import criteria_set
    >>> read_limit(criteria_set("vn-2021-2025").indicators["11"], None, "13 %")
    ('at_most', '13')
    """
    own = shipped.comparator if shipped is not None else None
    if own == "passed" or (own is None and line.unit == "verdict"):
        if not parse_bool(written).value:
            raise UsageError("LAW_ONLY_PASSED", indicator=line.code, value=written)
        return "passed", written.strip()
    unit = _unit_said(line)
    parts = _WRITTEN.fullmatch(written.strip()[:_LONGEST])
    found = None if parts is None else parse_number(parts["number"], "vi").value
    if parts is None or found is None or not math.isfinite(found):
        raise UsageError("LAW_NO_NUMBER", indicator=line.code, unit=unit, value=written)
    if not _same_unit(line, (parts["unit"] or "")):
        raise UsageError(
            "LAW_WRONG_UNIT", indicator=line.code, unit=unit, given=parts["unit"], value=written
        )
    way = _way(line, own, parts["sign"])
    if line.unit == "%" and not 0 <= found <= 100:
        raise UsageError("LAW_SHARE_BEYOND", indicator=line.code, value=written)
    # Excel hands on 65 % as 0.65.
    if line.unit == "%" and 0 < found < 1 and way == "at_least":
        raise UsageError("LAW_FRACTION", indicator=line.code, value=written)
    if found < 0:
        raise UsageError("LAW_NEGATIVE", indicator=line.code, value=written)
    return way, parts["number"].strip()


def _way(line: Indicator, own: Comparator | None, sign: str | None) -> Comparator:
    """Return how a limit compares: as the sign says, which may not turn it round."""
    expected = own or usual(line)
    if sign is None:
        return expected
    said = SIGNS.get(sign)
    if said is None:
        raise UsageError("LAW_SIGN", indicator=line.code, value=sign)
    if said == "at_least" and expected == "level":
        return expected
    turned = {"at_least", "at_most"} == {said, expected}
    if turned or (expected == "equals" and said != expected):
        raise UsageError("LAW_WRONG_WAY", indicator=line.code, value=sign, expected=_SAID[expected])
    return said


def _unit_said(line: Indicator) -> str:
    return shown.unit_name(line.unit, "vi") or line.unit


def _same_unit(line: Indicator, given: str) -> bool:
    """Whether a unit as written is that of a line; "triệu" is enough for a sum a person."""
    if not given.strip():
        return True
    said = text.fold(given.strip())
    names = {line.unit, *(shown.unit_name(line.unit, lang) for lang in ("vi", "en"))}
    names |= {name.partition("/")[0] for name in names if "/" in name and name[:1] != "m"}
    units = code_list("unit")
    known = units.find(given.strip())
    return said in {text.fold(name) for name in names} or (
        known is not None and known in {line.unit, line.unit.partition("/")[0]}
    )


def unpacked(
    found: CriteriaSet,
    rows: Iterable[Mapping[str, str]],
    *,
    by: str,
    on: dt.date,
    where: Where | None = None,
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
            found, row["indicator"], f"{_sign(row)}{row[VALUE]}",
            Proof(row[DOCUMENT], row[PAGE], by, on, f"{row[DOCUMENT]} ({row['by']}, {row['on']})"),
            where=where, day=dt.date.fromisoformat(row[SINCE]) if row.get(SINCE) else None,
        )
        for row in rows
        if row["set"] == found.id
    )  # fmt: skip


def _sign(row: Mapping[str, str]) -> str:
    return {"at_least": "≥ ", "at_most": "≤ ", "equals": "= "}.get(row.get(COMPARATOR, ""), "")


def packed(decided: Iterable[Decision]) -> tuple[Mapping[str, str], ...]:
    """Return the confirmations of a record as plain rows, the last of each line and period.

    Another commune reads the text itself before it enters them: they bear document and page.
    """
    last: dict[tuple[str, str], Decision] = {}
    for decision in decided:
        if decision.subject.startswith(f"{SUBJECT}:") and decision.choice == CONFIRM:
            last[decision.subject, dict(decision.details).get(SINCE, "")] = decision
    return tuple(
        {
            "set": subject.split(":")[1], "indicator": subject.split(":")[-1],
            **dict(decision.details), "by": decision.decided_by,
            "on": decision.decided_on.isoformat(),
        }
        for (subject, _), decision in sorted(last.items())
    )  # fmt: skip
