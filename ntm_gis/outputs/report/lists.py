"""Tables of criteria, tasks, decisions on plans and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ntm_gis.outputs import wording
from ntm_gis.outputs.numbering import Group, grouped, head, rows_of
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import choice
from ntm_gis.outputs.report.model import ITEM, Block, Line, Para, line
from ntm_gis.outputs.report.tables import Row, cell, count_column, grid, records, unit_of
from ntm_gis.outputs.report.telling import DASH, Teller
from ntm_gis.results import Measure, Severity
from ntm_gis.rules.criteria import criteria_set, sets
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import term

_TASK = (
    "id", "section", "section_title", "task", "lead_office", "with_offices", "village",
    "indicator", "due_on", "days_left", "status", "state", "result",
)  # fmt: skip
_LATE = ("late", "late_unknown")
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
                line(teller.verdict(one)), line(leads.get(own, "")),
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


# --- tasks ----------------------------------------------------------------------------------------


def tasks_of(teller: Teller) -> list[Row]:
    """Return the tasks, in the order of the plan."""
    return records(teller.answer.frames.get("task_list"), _TASK)


def leading(teller: Teller, key: str) -> list[str]:
    """Return the offices that lead tasks under a head, each once."""
    found = (str(t["lead_office"]) for t in tasks_of(teller) if under(t, key) and t["lead_office"])
    return list(dict.fromkeys(found))


def under(task: Row, key: str) -> bool:
    """Whether a task stands under a head: II.2 under II.2 alone, V.3 under V."""
    section = str(task["section"] or "")
    return section == key or ("." not in key and key != "II" and section.startswith(f"{key}."))


def of_section(teller: Teller, key: str) -> list[Para]:
    """Return what there is to say of the tasks under a head."""
    found = [task for task in tasks_of(teller) if under(task, key)]
    if not found:
        return []
    states = Counter(str(task["state"]) for task in found)
    late = sum(states[state] for state in _LATE)
    opening = teller.say(
        "tasks_counts" if late else "tasks_counts_none_late",
        n=len(found), done=states["done"], late=late,
    )  # fmt: skip
    out = [teller.text(opening)]
    for task in found:
        if task["state"] == "done" and not task["result"]:
            continue
        out.append(teller.text(_said(teller, task), ITEM))
    return out


def _said(teller: Teller, task: Row) -> str:
    parts = [_state(teller, task)]
    if task["due_on"] is not None and task["state"] != "done":
        due = cell(task["due_on"], teller.lang)[0].text
        parts.append(teller.say("due", on=due))
    if task["lead_office"]:
        parts.append(teller.say("led_by", office=task["lead_office"]))
    told = f"{task['task'] or task['id']}: {'; '.join(parts)}."
    return f"{told} {task['result']}." if task["result"] else told


def _state(teller: Teller, task: Row) -> str:
    state = str(task["state"])
    if state in _LATE:
        left = task["days_left"]
        n = 0 if left is None else -int(float(str(left)))
        return teller.say("late_by", n=n)
    titles = {c.code: c.title.words.of(teller.lang) for c in code_list("task_status").codes}
    status = task["status"]
    return _small(titles.get(str(status), teller.say("state_unknown")))


def tasks(teller: Teller) -> Iterator[Block]:
    """Yield all tasks by section."""
    rows: list[tuple[Line, ...]] = []
    bold: set[int] = set()
    last = None
    for n, task in enumerate(tasks_of(teller), 1):
        if task["section"] != last:
            last = task["section"]
            bold.add(len(rows))
            head_ = line(str(task["section_title"] or DASH))
            rows.append((line(""), head_, *(line("") for _ in range(5))))
        rows.append((count_column(n), *_task_cells(teller, task)))
    heads = ("order", "task", "lead", "with", "due", "state", "result")
    if rows:
        yield grid(
            teller, "tasks", heads, rows, (10, 78, 36, 38, 24, 26, 44), middle={0, 4}, bold=bold
        )


def _task_cells(teller: Teller, task: Row) -> tuple[Line, ...]:
    due = cell(task["due_on"], teller.lang)
    names = ("task", "lead_office", "with_offices")
    said = (cell(task[name], teller.lang) for name in names)
    return (*said, due, line(_upper(_state(teller, task))), cell(task["result"], teller.lang))


def tasks_state(teller: Teller) -> Iterator[Block]:
    """Yield how the tasks of the whole plan stand."""
    found = tasks_of(teller)
    if found:
        states = Counter(str(task["state"]) for task in found)
        late = sum(states[state] for state in _LATE)
        yield teller.text(
            teller.say("tasks_whole", n=len(found), done=states["done"], late=late,
                       due=states["due"], later=states["later"] + states["undated"])
        )  # fmt: skip


def late_tasks(teller: Teller) -> Iterator[Block]:
    """Yield the tasks that are late, with who leads them."""
    found = [task for task in tasks_of(teller) if task["state"] in _LATE]
    rows = [
        (
            count_column(n), cell(task["task"], teller.lang),
            cell(task["lead_office"], teller.lang), cell(task["due_on"], teller.lang),
            line(_upper(_state(teller, task))),
        )
        for n, task in enumerate(found, 1)
    ]  # fmt: skip
    heads = ("order", "task", "lead", "due", "state")
    if rows:
        yield grid(teller, "late_tasks", heads, rows, (9, 62, 34, 24, 31), middle={0, 3})


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
    yield teller.text(teller.say("blocking", n=len(items)))
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
    said = head(group, teller.lang)
    more = teller.say("and_alike", n=len(group.items) - 1)
    return f"{said} {more}" if said == first else said


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
