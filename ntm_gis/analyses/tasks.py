"""Who does what: tasks by section of the plan, with a reminder for each office and village.

Late is against the day of the figures. A task whose state nobody recorded is not taken for done.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis import text
from ntm_gis.analyses.columns import days, ids, texts
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.places import at_row
from ntm_gis.layers.values import Answer
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Finding

READS: Reads = {}

LAYER, VILLAGES = "tasks", "villages"

STATES = ("late", "late_unknown", "due", "later", "undated", "done")
"""In the order of reminders: what is late first, what is done last."""

SOON_DAYS = 30
"""What falls due within so many days is due; the rest is later."""

LIST: dict[str, type] = {
    "id": str, "section": str, "section_title": str, "order": float, "task": str,
    "lead_office": str, "with_offices": str, "village_id": str, "village": str, "indicator": str,
    "work_id": str, "due_on": dt.date, "days_left": float, "status": str, "state": str,
    "result": str,
}  # fmt: skip

SECTIONS: dict[str, type] = {
    "id": str, "title": str, "order": float, "tasks": float, "done": float, "late": float,
}  # fmt: skip

REMINDERS: dict[str, type] = {
    "id": str, "for": str, "recipient": str, "recipient_id": str, "role": str, "task_id": str,
    "section": str, "task": str, "due_on": dt.date, "days_left": float, "state": str,
    "order": float,
}  # fmt: skip

OFFICE, VILLAGE = "office", "village"
LEAD, WITH, PLACE = "lead", "with", "place"

_EVERY_VILLAGE = frozenset(
    {"cac ban", "cac thon", "cac xom", "cac thon ban", "cac truong ban", "cac truong thon",
     "truong cac ban", "truong cac thon", "truong cac xom", "truong ban", "truong thon"}
)  # fmt: skip
_MARKS = re.compile(r"[^0-9a-z]+")
_BETWEEN = re.compile(r"\s*[,;\n]\s*")


@dataclass(frozen=True, slots=True)
class Task:
    """A used row of `tasks`. `left`: days from the day of the figures to its own."""

    row: int
    id: str
    section: str | None
    text: str | None
    lead: str | None
    others: str | None
    village: str | None
    indicator: str | None
    work: str | None
    due: dt.date | None
    left: int | None
    status: str | None
    result: str | None

    @property
    def state(self) -> str:
        """One of `STATES`."""
        if self.status == "done":
            return "done"
        if self.left is None:
            return "undated"
        if self.left < 0:
            return "late_unknown" if self.status is None else "late"
        return "due" if self.left <= SOON_DAYS else "later"

    @property
    def order(self) -> tuple[int, int, str]:
        """Late ones first, the longest late before the others; what is done last."""
        left = 0 if self.left is None else self.left
        return STATES.index(self.state), left, self.id


def answer(question: Question) -> Answer:
    """Return the frames of tasks and the findings about those that are late.

    Frames: `task_list` (biểu 01: a row a task, by section, whatever its state), `task_sections`
    (every section of the plan, also those without a task), `task_reminders` (a row a task and
    recipient: each office by itself, each village, late ones first).
    """
    layers, zone = question.layers, question.layers.commune.commune.crs
    tasks = tasks_of(layers)
    return Answer(
        findings=tuple(_findings(layers, tasks)),
        frames={
            "task_list": listing(LIST, _list(layers, tasks), zone),
            "task_sections": listing(SECTIONS, _sections(tasks) if tasks else (), zone),
            "task_reminders": listing(REMINDERS, _reminders(layers, tasks), zone),
        },
    )


def tasks_of(layers: Layers) -> list[Task]:
    """Return the tasks, in the order of their list."""
    layer = layers[LAYER]
    used, as_of = layer.used, layers.commune.commune.as_of
    columns = {
        name: texts(used, name)
        for name in ("section", "text", "lead_office", "with_offices", "village_id", "indicator",
                     "work_id", "status", "result")
    }  # fmt: skip
    out = []
    for row, (key, due) in enumerate(zip(ids(layer), days(used, "due_on"), strict=True)):
        said = {name: column[row] for name, column in columns.items()}
        out.append(
            Task(
                row, key, said["section"], said["text"], said["lead_office"],
                said["with_offices"], said["village_id"], said["indicator"], said["work_id"], due,
                None if due is None else (due - as_of).days, said["status"], said["result"],
            )
        )  # fmt: skip
    return out


def _list(layers: Layers, tasks: Sequence[Task]) -> Iterator[tuple[Any, ...]]:
    sections = code_list("task_section")
    places = {key: number for number, key in enumerate(sections.keys)}
    names = _villages(layers)
    # A task without a section stands at the end, not outside of the list.
    for task in sorted(tasks, key=lambda t: (places.get(t.section or "", len(places)), t.row)):
        known = task.section in places
        title = sections[task.section].title.vi if task.section is not None and known else None
        order = places.get(task.section or "", len(places))
        yield (
            task.id, task.section, title, order, task.text, task.lead, task.others, task.village,
            names.get(task.village or ""), task.indicator, task.work, task.due, task.left,
            task.status, task.state, task.result,
        )  # fmt: skip


def _sections(tasks: Sequence[Task]) -> Iterator[tuple[Any, ...]]:
    for order, code in enumerate(code_list("task_section").codes):
        own = [task for task in tasks if task.section == code.code]
        late = sum(task.state in ("late", "late_unknown") for task in own)
        done = sum(task.state == "done" for task in own)
        yield code.code, code.title.vi, order, len(own), done, late


def _reminders(layers: Layers, tasks: Sequence[Task]) -> Iterator[tuple[Any, ...]]:
    """Yield each task for each of its recipients once, in the order of offices, then villages."""
    names = _villages(layers)
    pages: dict[tuple[str, str, str | None], dict[str, tuple[Task, str]]] = {}
    offices: dict[str, str] = {}
    for task in tasks:
        for kind, name, id_, role in _recipients(task, names):
            shown = offices.setdefault(office_key(name), name) if kind == OFFICE else name
            pages.setdefault((kind, shown, id_), {}).setdefault(task.id, (task, role))
    for (kind, name, id_), own in sorted(pages.items(), key=lambda page: _page_order(page[0])):
        for order, (task, role) in enumerate(sorted(own.values(), key=lambda one: one[0].order)):
            yield (
                f"{id_ or name} {task.id}", kind, name, id_, role, task.id, task.section,
                task.text, task.due, task.left, task.state, order,
            )  # fmt: skip


def _page_order(page: tuple[str, str, str | None]) -> tuple[object, ...]:
    """Return the place of a page: offices, then villages, each in Vietnamese order of names."""
    kind, name, id_ = page
    return int(kind == VILLAGE), text.sort_key(name), id_ or ""


def office_key(name: str) -> str:
    """Return what the ways to write an office have in common.

    Examples
    --------
    >>> {office_key(n) for n in ("Phòng Kinh tế", "P. Kinh tế", "phòng kinh tế xã")}
    {'phong kinh te'}
    >>> office_key("Văn phòng HĐND&UBND") == office_key("Văn phòng HĐND và UBND xã")
    True
    """
    words = _MARKS.sub(" ", text.fold(name).replace("&", " va ")).split()
    if words[:1] == ["p"]:
        words[0] = "phong"
    if len(words) > 1 and words[-1] == "xa":
        words.pop()
    return " ".join(words)


def _short_for(name: str, other: str) -> bool:
    """Whether an office may be another's initials: "phòng KT" of "Phòng Kinh tế"."""
    short, long = office_key(name).split(), office_key(other).split()
    return (
        1 < len(short) < len(long)
        and short[:-1] == long[: len(short) - 1]
        and short[-1] == "".join(word[0] for word in long[len(short) - 1 :])
    )


def _recipients(task: Task, names: Mapping[str, str]) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield kind, name, id and role of all whom a task is for, those who lead it first."""
    for said, role in ((task.lead, LEAD), (task.others, WITH)):
        for part in _BETWEEN.split(said or ""):
            if not part:
                continue
            village = _village_named(part, names)
            if text.fold(part) in _EVERY_VILLAGE and names:
                yield from ((VILLAGE, name, key, role) for key, name in names.items())
            elif village is not None:
                yield VILLAGE, names[village], village, role
            else:
                yield OFFICE, part, None, role
    if task.village is not None:
        yield VILLAGE, names.get(task.village, task.village), task.village, PLACE


def _village_named(said: str, names: Mapping[str, str]) -> str | None:
    """Return the village that a name is; None where it is none, or may be one of several."""
    wanted = text.village_key(said)
    found = [key for key, name in names.items() if text.village_key(name) == wanted]
    if len(found) > 1:
        # Nậm Cung and Nậm Cúng are told apart by their marks alone.
        found = [k for k in found if text.clean(said).casefold().endswith(_bare(names[k]))]
    return found[0] if len(found) == 1 else None


def _bare(name: str) -> str:
    words = text.clean(name).casefold().split(" ")
    return " ".join(words[-len(text.village_key(name).split(" ")) :])


def _villages(layers: Layers) -> dict[str, str]:
    layer = layers[VILLAGES]
    return {
        key: name or key for key, name in zip(ids(layer), texts(layer.used, "name"), strict=True)
    }


def _findings(layers: Layers, tasks: Sequence[Task]) -> Iterator[Finding]:
    yield from _alike(layers, tasks)
    codes = {"late": "TASK_LATE", "late_unknown": "TASK_LATE_UNKNOWN"}
    for task in sorted(tasks, key=lambda t: t.order):
        if task.state in codes and task.left is not None:
            yield at_row(
                codes[task.state], layers[LAYER], task.row, field="due_on", task=task.text,
                office=task.lead, due=task.due, late=-task.left,
            )  # fmt: skip


def _alike(layers: Layers, tasks: Sequence[Task]) -> Iterator[Finding]:
    """Yield offices that may be one under its name and its initials; each has a page of its own."""
    names = _villages(layers)
    first: dict[str, tuple[str, Task]] = {}
    for task in tasks:
        for kind, name, _, _ in _recipients(task, names):
            if kind == OFFICE:
                first.setdefault(office_key(name), (name, task))
    for name, task in first.values():
        for other, _ in first.values():
            if _short_for(name, other):
                yield at_row(
                    "TASK_OFFICE_ALIKE", layers[LAYER], task.row, field="lead_office", value=name,
                    office=name, other=other,
                )  # fmt: skip
