"""Biểu 01: every task by section of the plan, those sections too that nobody gave a task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis.outputs.forms.model import Cell, Form, Head, Line
from ntm_gis.outputs.forms.reading import Reading, Row, day_of, number_of, text_of
from ntm_gis.rules.schema import code_list

_UNNAMED = re.compile(r".+, mục \d+")
"""Sections that the code list only counts ("III.2. Nguồn lực, mục 2")."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the plan: its code, its title without it, and whether it has one of its own."""

    code: str
    title: str
    named: bool

    @property
    def parent(self) -> str | None:
        """The section it is part of."""
        head, dot, _ = self.code.partition(".")
        return head if dot else None


def sections(lang: str) -> list[Section]:
    """Return the sections of the plan in their order.

    Examples
    --------
    >>> [s.code for s in sections("vi")][:3], len(sections("vi"))
    (['II', 'II.1', 'II.2'], 37)
    """
    out = []
    for code in code_list("task_section").codes:
        title = code.title.words.of(lang).removeprefix(f"{code.code}.").strip()
        out.append(Section(code.code, title, not _UNNAMED.fullmatch(code.title.vi)))
    return out


def form(read: Reading) -> Form:
    """Return biểu 01."""
    word = read.word
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("task"), 38),
        Head(word("task_state_of"), 22),
        Head(word("aim"), 16),
        Head(word("work"), 18),
        Head(word("lead"), 17),
        Head(word("with"), 17),
        Head(word("due"), 12, "centre"),
        Head(word("state"), 16),
        Head(word("result"), 20),
    )
    lines = list(_lines(read))
    return Form(
        word("f01_sheet"), word("number", n="01"), word("f01_title", year=str(read.as_of.year)),
        word("annexed", name=read.who.name, year=str(read.as_of.year), on=read.as_of), heads, lines,
        mark=word("mark_annex"), notes=(word("note_blank"), word("note_reference")),
        about=word("f01_about"),
    )  # fmt: skip


def state_words(read: Reading, row: Row) -> str:
    """Return how a task stands on the day of the figures.

    Examples: "Quá hạn 61 ngày", "Còn 12 ngày", "Đã xong".
    """
    left = number_of(row, "days_left")
    state = text_of(row, "state") or "undated"
    if left is None or state in ("done", "undated"):
        return read.word(f"task_{state}")
    if state in ("late", "late_unknown"):
        return read.word(f"task_{state}", n=int(-left))
    return read.word("task_today" if left == 0 else "task_left", n=int(left))


def _lines(read: Reading) -> Iterator[Line]:
    by_section: dict[str | None, list[Row]] = {}
    for row in read.rows("task_list"):
        by_section.setdefault(text_of(row, "section"), []).append(row)
    every = sections(read.lang)
    known = {section.code for section in every}
    write = _Writer(read)
    waiting: list[Section] = []
    for section in every:
        own = by_section.get(section.code, [])
        if not own and not section.named:
            if waiting and waiting[0].parent != section.parent:
                yield from _empty_range(read, waiting)
                waiting = []
            waiting.append(section)
            continue
        yield from _empty_range(read, waiting)
        waiting = []
        yield _heading(section)
        yield from write.tasks(own)
        children = [s for s in every if s.parent == section.code]
        if not own and not children:
            yield _nothing(read, "")
    yield from _empty_range(read, waiting)
    rest = [row for code, rows in by_section.items() if code not in known for row in rows]
    if rest:
        yield Line(("", read.word("no_section"), *[None] * 8), "section", across=True)
        yield from write.tasks(rest)


def _heading(section: Section) -> Line:
    return Line((section.code, section.title, *[None] * 8), "section", across=True)


def _nothing(read: Reading, which: str) -> Line:
    return Line((which, read.word("no_tasks"), *[None] * 8), "part", across=True)


def _empty_range(read: Reading, waiting: Sequence[Section]) -> Iterator[Line]:
    """Yield one line for sections in a row that have neither a name of their own nor a task."""
    if not waiting:
        return
    first, last = waiting[0].code, waiting[-1].code
    which = first if first == last else f"{first}–{last.rpartition('.')[2]}"
    yield _nothing(read, which)


class _Writer:
    """Writes tasks as lines."""

    def __init__(self, read: Reading) -> None:
        self.read = read
        self.works = {str(row["id"]): text_of(row, "name") for row in read.rows("money_works")}
        self.targets = [row for row in read.rows("target_progress") if text_of(row, "measure")]

    def tasks(self, rows: Sequence[Row]) -> Iterator[Line]:
        for n, row in enumerate(rows, 1):
            wanted = {k for k, name in ((5, "lead_office"), (7, "due_on")) if row[name] is None}
            yield Line(self._cells(n, row), wanted=frozenset(wanted))

    def _cells(self, n: int, row: Row) -> tuple[Cell, ...]:
        read, work = self.read, text_of(row, "work_id")
        place = text_of(row, "village")
        named = None if work is None else self.works.get(work) or work
        task = text_of(row, "task") or read.word("not_written")
        status = read.title("task_status", text_of(row, "status"))
        state = state_words(read, row)
        if status is not None and text_of(row, "state") != "done":
            state = f"{state}; {status[:1].lower()}{status[1:]}"
        return (
            str(n),
            f"{task} ({read.word('village_called', name=place)})" if place else task,
            self._indicator(text_of(row, "indicator")),
            self._aim(text_of(row, "indicator"), work),
            None if named is None else f"{named} ({work})",
            text_of(row, "lead_office") or read.word("not_named"),
            text_of(row, "with_offices"),
            day_of(row, "due_on") or read.word("not_dated"),
            state,
            text_of(row, "result"),
        )

    def _indicator(self, code: str | None) -> str | None:
        measure = None if code is None else self.read.measure(f"indicator.{code}")
        if code is None or measure is None:
            return code
        value = self.read.result(measure) or self.read.word("no_figure")
        verdict = self.read.verdict(measure)
        same = verdict is not None and measure.unit == "verdict"
        return f"{code}: {verdict if same else '; '.join(x for x in (value, verdict) if x)}"

    def _aim(self, code: str | None, work: str | None) -> str | None:
        """Return the plan's targets on the indicator or the work of a task; never its limits."""
        read, out = self.read, []
        for row in self.targets:
            measure, value = str(row["measure"]), number_of(row, "target")
            on_work = work is not None and measure.startswith(f"progress.{work}.")
            if value is not None and (measure == f"indicator.{code}" or on_work):
                way = read.title("direction", text_of(row, "direction")) or ""
                unit = text_of(row, "unit") or ""
                out.append(f"{way} {read.amount(value, unit)}".strip())
        return "; ".join(dict.fromkeys(out)) or None
