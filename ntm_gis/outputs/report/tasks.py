"""Tasks of the plan: how they stand under each head, those that are late, the list of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ntm_gis.outputs.report.model import BODY, ITEM, OPENER, Block, Line, Para, line
from ntm_gis.outputs.report.tables import Row, cell, count_column, grid, records
from ntm_gis.outputs.report.telling import DASH, Teller
from ntm_gis.rules.schema import code_list

_TASK = (
    "id", "section", "section_title", "task", "lead_office", "with_offices", "village",
    "indicator", "due_on", "days_left", "status", "state", "result",
)  # fmt: skip
_LATE = ("late", "late_unknown")


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
    if states["done"] == len(found):
        term_ = "tasks_counts_done"
    else:
        term_ = "tasks_counts" if late else "tasks_counts_none_late"
    opening = teller.say(term_, n=len(found), done=states["done"], late=late)
    out = []
    for task in found:
        if task["state"] == "done" and not task["result"]:
            continue
        # The table above has those of the whole plan.
        if key == "V" and task["state"] in _LATE:
            continue
        out.append(teller.text(_said(teller, task), ITEM))
    return [teller.text(opening, OPENER if out else BODY), *out]


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


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
