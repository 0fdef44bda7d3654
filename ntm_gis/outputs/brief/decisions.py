"""Decisions to take, with office and day, and late tasks by office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis import numbers
from ntm_gis.outputs import score_status, threshold_sheets
from ntm_gis.outputs.brief.model import Part
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.report.tables import Row, records
from ntm_gis.outputs.report.telling import DASH, Teller
from ntm_gis.rules.terms import say

_DIFFER = ("FIGURE_CONFLICT", "FUNDS_SUM")
"""Findings that sources say different things."""

_TASK = ("task", "section", "indicator", "work_id", "lead_office", "due_on", "days_left", "state")
_LATE = ("late", "late_unknown")
_DECIDABLE = ("fail", "warn", "no_data")
_PLANS, _MONEY = "II.1", "III"
_WEIGHT = {"stop": 0, "block": 1, "warning": 2, "note": 3}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for something, and by when."""

    office: str | None
    due: dt.date | None


class Tasks:
    """The tasks of the plan, asked who answers for what."""

    def __init__(self, teller: Teller) -> None:
        self.lang = teller.lang
        self.rows = records(teller.answer.frames.get("task_list"), _TASK)

    def owner(self, *, indicator: str = "", work: str = "", section: str = "") -> Owner:
        """Return the office of the first open task on an indicator, a work or under a head."""
        wanted = (("indicator", indicator), ("indicator", indicator.partition(".")[0]),
                  ("work_id", work), ("section", section))  # fmt: skip
        for name, value in wanted:
            found = [t for t in self.rows if value and t[name] == value and t["lead_office"]]
            # One that is still to be done says until when.
            found.sort(key=lambda task: task["state"] == "done")
            if found:
                due = found[0]["due_on"]
                open_ = found[0]["state"] != "done"
                day = due if isinstance(due, dt.date) and open_ else None
                return Owner(str(found[0]["lead_office"]), day)
        return Owner(None, None)

    def late(self) -> dict[str, list[Row]]:
        """Return the late tasks by office, offices with most of them first."""
        out: dict[str, list[Row]] = {}
        for task in self.rows:
            if task["state"] in _LATE:
                office = str(task["lead_office"] or say("brief.no_office", self.lang))
                out.setdefault(office, []).append(task)
        return dict(sorted(out.items(), key=lambda item: (-len(item[1]), item[0])))


def decisions(teller: Teller) -> Part:
    """Return what is to be decided: disputes, sources that differ, plans, thresholds."""
    lang, tasks = teller.lang, Tasks(teller)
    rows = (
        *_disputes(teller, tasks), *_differing(teller, tasks), *_plans(teller, tasks),
        *_thresholds(teller),
    )  # fmt: skip
    numbered = tuple((str(n), *row) for n, row in enumerate(rows, 1))
    heads = tuple(say(f"brief.{k}", lang) for k in ("head_order", "head_decision", "head_office",
                                                    "head_until"))  # fmt: skip
    return Part(
        say("brief.decisions", lang), (), heads, numbered, (9, 103, 38, 24), frozenset(),
        say("brief.nothing_to_decide", lang),
    )  # fmt: skip


def late_tasks(teller: Teller) -> Part:
    """Return the late tasks, a row an office."""
    lang = teller.lang
    rows = tuple(
        (office, str(len(found)), "; ".join(_late(task, lang) for task in found))
        for office, found in Tasks(teller).late().items()
    )
    heads = tuple(say(f"brief.{k}", lang) for k in ("head_office", "head_count", "head_task"))
    return Part(
        say("brief.late", lang), (), heads, rows, (38, 16, 120), frozenset({1}),
        say("brief.nothing_late", lang),
    )  # fmt: skip


def _late(task: Row, lang: str) -> str:
    left = task["days_left"]
    days = 0 if left is None else -int(float(str(left)))
    name = str(task["task"] or DASH)
    return say("brief.late_task", lang, task=name, n=days)


def _row(teller: Teller, what: str, owner: Owner) -> tuple[str, ...]:
    due = DASH if owner.due is None else numbers.format_date_vi(owner.due)
    return what, owner.office or say("brief.no_office", teller.lang), due


def _disputes(teller: Teller, tasks: Tasks) -> Iterator[tuple[str, ...]]:
    lang = teller.lang
    for work in works(teller.answer, teller.layers, lang):
        if work.disputed_m:
            show = numbers.format_en if lang == "en" else numbers.format_vi
            length = show(work.disputed_m, "m", 0)
            what = say("brief.dispute", lang, length=length, work=work.name)
            owner = tasks.owner(work=work.id)
            yield _row(teller, what, Owner(owner.office, owner.due or work.due_on))


def _differing(teller: Teller, tasks: Tasks) -> Iterator[tuple[str, ...]]:
    for _, finding in teller.items:
        if finding.code not in _DIFFER:
            continue
        of = next((m for m in finding.affects if m.startswith("indicator.")), "")
        section = _MONEY if finding.layer == "funds" else ""
        owner = tasks.owner(indicator=of.removeprefix("indicator."), section=section)
        what = say("brief.differ", teller.lang, what=finding.message.of(teller.lang))
        yield _row(teller, what, owner)


def _plans(teller: Teller, tasks: Tasks) -> Iterator[tuple[str, ...]]:
    """Yield the rules whose findings on inherited plans nobody decided about, gravest first."""
    read = Reading(teller.answer, teller.layers, teller.lang)
    owner = tasks.owner(section=_PLANS)
    found: list[tuple[int, str]] = []
    for of in read.by_rule:
        pins = [pin for pin in of.pins if pin.is_open and pin.state in _DECIDABLE]
        if not pins:
            continue
        ids = _ids([pin.id for pin in pins])
        title = of.rule.title.words.of(teller.lang)
        what = say("brief.plan", teller.lang, title=title, n=len(pins), ids=ids)
        found.append((min(_WEIGHT.get(pin.severity, 3) for pin in pins), what))
    # In the order of the rules where they weigh alike.
    for _, what in sorted(found, key=lambda one: one[0]):
        yield _row(teller, what, owner)


def _ids(pins: Sequence[str]) -> str:
    return pins[0] if len(pins) == 1 else f"{pins[0]} … {pins[-1]}"


def _thresholds(teller: Teller) -> Iterator[tuple[str, ...]]:
    if not threshold_sheets.available(teller.answer):
        return
    waiting = [
        row for row in score_status.rows(teller.answer, threshold_sheets.FRAME)
        if row["law_status"] not in score_status.OFFICIAL
    ]  # fmt: skip
    if waiting:
        n = len(waiting)
        yield _row(teller, say("brief.thresholds", teller.lang, n=n), Owner(None, None))
