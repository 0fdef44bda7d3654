"""What is left to do: surveys that decide, sources that contradict each other, plan targets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ntm_gis.layers.values import Answer
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.scorecard.evidence import Evidence
from ntm_gis.outputs.scorecard.model import Cell, Conflict, Criterion, Row, Table, Todo
from ntm_gis.outputs.scorecard.said import DASH, day, number, plain, words
from ntm_gis.outputs.scorecard.tabled import records
from ntm_gis.results import Finding, shown

CONFLICTS = (
    "FIGURE_CONFLICT", "FIGURE_OTHER_SOURCE", "FIGURE_VALUE_DIFFERS", "FIGURE_AGAINST_MEASURE",
    "FIGURE_ASSESSED_OTHERWISE", "FIGURE_VILLAGES_SUM", "FIGURE_VILLAGE_DIFFERS",
)  # fmt: skip
_DECIDED = "FIGURE_OTHER_SOURCE"


def todos(answer: Answer, lang: str) -> tuple[Todo, ...]:
    """Return what would decide indicators that are undetermined, what to do first first."""
    found = sorted(records(answer, "survey_first"), key=lambda row: row["rank"])
    return tuple(
        Todo(row["id"], row["criterion"] or "", row[f"decides_{lang}"], row[f"do_{lang}"] or "")
        for row in found
    )


def law_todo(criteria: Sequence[Criterion], lang: str) -> tuple[str, ...]:
    """Say which indicators lack a threshold, and how many have one that nobody verified."""
    lines = [i for c in criteria for i in c.indicators if i.verdict.code != "not_applicable"]
    none = [i.code for i in lines if i.verdict.code == "no_threshold"]
    reference = sum(i.limit.given and not i.limit.official for i in lines)
    said = []
    if none:
        said.append(words("no_limit", lang, n=len(none), codes=", ".join(none)))
    if reference:
        said.append(words("only_reference", lang, n=reference))
    return (*said, words("enter_limits", lang)) if said else ()


def _natural(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", code))


def conflicts(
    findings: Sequence[Finding], criteria: Sequence[Criterion], evidence: Evidence, lang: str
) -> tuple[Conflict, ...]:
    """Return the figures of which sources differ, each with its rows and what was decided."""
    by_id = {i.code: i for c in criteria for i in c.indicators}
    told: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code not in CONFLICTS:
            continue
        for name in finding.affects:
            code = name.removeprefix("indicator.")
            if code in by_id and name.startswith("indicator."):
                told.setdefault(code, []).append(finding)
    out = []
    for code in sorted(told, key=_natural):
        said = list(dict.fromkeys(f.message.of(lang) for f in told[code]))
        settled = all(f.code == _DECIDED for f in told[code])
        rows = _rows(evidence, code, by_id[code].rows)
        out.append(Conflict(code, by_id[code].title, rows, " ".join(said), settled))
    return tuple(out)


def _rows(evidence: Evidence, code: str, counted: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows of the day that counts, those that entered first."""
    every = evidence.told(evidence.of_code(code))
    days = {row.day for row in counted}
    rest = tuple(row for row in every if row not in counted and row.day in days)
    return (*counted, *(_passed_over(row) for row in rest))


def _passed_over(row: Row) -> Row:
    return replace(row, counts=False)


_SIGNS = {"at_least": "≥", "at_most": "≤"}


def targets(answer: Answer, lang: str) -> Table | None:
    """Return the plan's targets with what is achieved; they are no thresholds."""
    found = records(answer, "target_progress")
    if not found:
        return None
    keys = ("target", "target_value", "value_now", "baseline", "achieved", "due", "days_left",
            "target_state")  # fmt: skip
    rows = []
    for row in found:
        unit = shown.unit_name(row["unit"] or "", lang)
        sign = _SIGNS.get(row["direction"] or "") or words("way_unknown", lang)
        value = plain(row["value"], lang) if row["value"] is None else _short(row["value"], lang)
        share = DASH if row["share"] is None else f"{number(row['share'], 0, lang)}\u00a0%"
        cells = (
            text_for_html(row["name"] or row["id"]),
            f"{sign}\u00a0{plain(row['target'], lang)}\u00a0{unit}".rstrip("\u00a0"),
            value, plain(row["baseline"], lang), share, day(row["due_on"]),
            _days(row["days_left"], lang), words(f"target_{row['state']}", lang),
        )  # fmt: skip
        rows.append(tuple(Cell(text) for text in cells))
    return Table(tuple(words(k, lang) for k in keys), tuple(rows), frozenset({1, 2, 3, 4, 6}))


def _days(left: float | None, lang: str) -> str:
    if left is None or left >= 0:
        return number(left, 0, lang)
    return words("days_past", lang, n=number(-left, 0, lang))


def _short(value: float, lang: str) -> str:
    """Return a value with at most two digits after the comma."""
    return plain(round(value, 2), lang)
