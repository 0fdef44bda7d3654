"""Tables of criteria, decisions on plans and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ntm_gis.outputs import wording
from ntm_gis.outputs.numbering import Group, grouped, head, rows_of
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import choice
from ntm_gis.outputs.report.model import ITEM, OPENER, Block, Line, line
from ntm_gis.outputs.report.tables import cell, grid, unit_of
from ntm_gis.outputs.report.tasks import tasks_of
from ntm_gis.outputs.report.telling import DASH, Teller
from ntm_gis.results import Measure, Severity
from ntm_gis.rules.criteria import criteria_set, sets
from ntm_gis.rules.terms import sections, term

_GRAVE = (Severity.STOP, Severity.BLOCK, Severity.WARNING)


# --- criteria -------------------------------------------------------------------------------------


def criteria(teller: Teller) -> Iterator[tuple[Measure, list[Measure]]]:
    """Yield each criterion of the set in use with its indicators, in the order of the set."""
    name = teller.layers.commune.commune.criteria_set
    if name is None or name not in sets():
        return
    found = criteria_set(name)
    lines = found.lines(teller.layers.commune.commune.as_of)
    for entry in found.head.criteria:
        of = teller.by_id.get(f"criterion.{entry.code}")
        if of is not None:
            yield (
                of,
                [
                    measure
                    for one in lines
                    if one.criterion == entry.code
                    and (measure := teller.by_id.get(f"indicator.{one.code}")) is not None
                ],
            )


def scorecard(teller: Teller) -> Iterator[Block]:
    """Yield every criterion and indicator: limit, result, verdict, who leads."""
    leads = leads_of(teller)
    rows: list[tuple[Line, ...]] = []
    bold: set[int] = set()
    for criterion, lines in criteria(teller):
        bold.add(len(rows))
        code = criterion.id.removeprefix("criterion.")
        title = wording.after_colon(criterion.title.of(teller.lang))
        rows.append((
            line(code), line(title), line(""), line(""), line(""),
            line(teller.verdict(criterion)), line(leads.get(code, "")),
        ))  # fmt: skip
        for one in lines:
            own = one.id.removeprefix("indicator.")
            value = teller.figure(one, unit=False)
            rows.append((
                line(own), line(wording.after_colon(one.title.of(teller.lang))),
                line(unit_of(one.unit, teller.lang)), line(teller.limit(one)), value,
                line(teller.verdict(one)), line(leads.get(own, DASH)),
            ))  # fmt: skip
    heads = ("order", "criterion", "unit", "limit", "result", "verdict", "lead")
    if rows:
        yield grid(
            teller, "scorecard", heads, rows, (13, 82, 22, 28, 30, 40, 42),
            right={3, 4}, middle={0, 2}, bold=bold,
        )  # fmt: skip


def leads_of(teller: Teller) -> dict[str, str]:
    """Return the offices that tasks make answer for a criterion or indicator."""
    out: dict[str, list[str]] = {}
    for task in tasks_of(teller):
        office = str(task["lead_office"] or "")
        if task["indicator"] and office:
            out.setdefault(str(task["indicator"]), []).append(office)
    return {code: "; ".join(dict.fromkeys(offices)) for code, offices in out.items()}


# --- plans ----------------------------------------------------------------------------------------


def plan_counts(teller: Teller) -> Iterator[Block]:
    """Yield what the review of inherited plans found, by weight, and what is still open."""
    pins = Reading(teller.answer, teller.layers, teller.lang).pins
    if pins:
        weight = Counter(pin.severity for pin in pins)
        yield teller.text(
            teller.say("plan_counts", n=len(pins), block=weight["block"] + weight["stop"],
                       warning=weight["warning"], open=sum(pin.is_open for pin in pins))
        )  # fmt: skip


def plan_decisions(teller: Teller) -> Iterator[Block]:
    """Yield the decisions that were taken about plans."""
    read = Reading(teller.answer, teller.layers, teller.lang)
    made = [
        (pin.id, pin.says, pin.choice, pin.by, pin.on, pin.document) for pin in read.pins
        if pin.choice
    ] + [
        (item.id, item.name or item.id, item.choice, item.by, item.on, item.document)
        for item in read.items if item.choice
    ]  # fmt: skip
    rows = [
        (
            line(pin), line(says), line(choice(said, teller.lang)), cell(by, teller.lang),
            cell(on, teller.lang), cell(document, teller.lang),
        )
        for pin, says, said, by, on, document in made
    ]  # fmt: skip
    heads = ("pin", "subject", "decision", "by", "on", "document")
    if rows:
        yield grid(teller, "plan_decisions", heads, rows, (17, 54, 22, 22, 22, 23), middle={0, 4})


# --- findings -------------------------------------------------------------------------------------


def blocking(teller: Teller) -> Iterator[Block]:
    """Yield what must be mended before figures are official."""
    items = [(n, f) for n, f in teller.items if f.severity in (Severity.STOP, Severity.BLOCK)]
    if not items:
        return
    yield teller.text(teller.say("blocking", n=len(items)), OPENER)
    for group in grouped(items):
        first, last = group.items[0][0], group.items[-1][0]
        numbers_ = f"{first}–{last}" if last > first else str(first)
        what = _what(teller, group)
        said = teller.say("finding_said", numbers=numbers_, what=what.rstrip("."))
        yield teller.text(said, ITEM)


def findings(teller: Teller) -> Iterator[Block]:
    """Yield the findings about data, those of one kind together; notes are counted alone."""
    items = [(n, f) for n, f in teller.items if f.severity in _GRAVE]
    rows: list[tuple[Line, ...]] = []
    for group in grouped(items):
        first, last = group.items[0][0], group.items[-1][0]
        one = group.items[0][1]
        many = len(group.items) > 1
        where = rows_of(group, teller.lang) if many else [wording.where(one, teller.lang)]
        repair = "" if one.repair is None or many else one.repair.of(teller.lang)
        rows.append((
            line(f"{first}–{last}" if many else str(first)),
            line(term(str(one.severity)).of(teller.lang)),
            line(_what(teller, group)),
            line("\n".join(part for part in where if part) or DASH), line(repair or DASH),
        ))  # fmt: skip
    heads = ("number", "severity", "message", "where", "proposal")
    if not teller.items:
        yield teller.text(teller.say("no_findings"))
    if rows:
        yield grid(
            teller, "findings", heads, rows, (17, 28, 90, 52, 70), middle={0}
        )  # fmt: skip
    notes = len(teller.items) - len(items)
    if notes:
        yield teller.text(teller.say("findings_notes", n=notes))


def _what(teller: Teller, group: Group) -> str:
    """Return what the findings of a group say; of many without a head the first stands."""
    first = group.items[0][1].message.of(teller.lang)
    if len(group.items) == 1:
        return first
    # The name of their kind stands for all; a sentence with its values left out says too little.
    named = group.code in sections()["finding_kind"]
    said = head(group, teller.lang) if named else first
    more = teller.say("and_alike", n=len(group.items) - 1)
    return f"{said} {more}" if said == first else said
