"""reminders.html: a page an office and a village, its tasks with the late ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.forms import page
from ntm_gis.outputs.forms.reading import Reading, Row, day_of, text_of
from ntm_gis.outputs.forms.tasks import state_words
from ntm_gis.outputs.forms.worksheets import addressed
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.rules.terms import say

FILE_NAME = "reminders.html"
FRAME = "task_reminders"
_LATE = ("late", "late_unknown")


@dataclass(frozen=True, slots=True)
class Item:
    """One task of a recipient."""

    task: str
    section: str
    role: str
    due: str
    state: str
    late: bool
    status: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient is reminded of: what is open, late ones first, and what is done."""

    key: str
    kind: str
    to: str
    open: tuple[Item, ...]
    done: tuple[Item, ...]

    @property
    def late(self) -> int:
        """Number of tasks that are late."""
        return sum(item.late for item in self.open)


def available(answer: Answer) -> bool:
    """Whether anybody is to be reminded of anything."""
    found = answer.frames.get(FRAME)
    return found is not None and len(found) > 0


def write(answer: Answer, layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `reminders.html` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    return atomic_write(out / FILE_NAME, render(answer, layers, lang).encode("utf-8"))


def render(answer: Answer, layers: Layers, lang: str = "vi") -> str:
    """Return all reminders as one page, each on a sheet of A4 of its own.

    Parameters
    ----------
    answer : Answer
        Frames `task_reminders` and `task_list`.
    layers : Layers
    lang : str
        "vi" or "en".
    """
    read = Reading(answer, layers, lang)
    name = text_for_html(read.who.name)
    return page.whole(
        say("reminder.page_title", lang, name=name), "reminders", "reminder", lang,
        letters=letters(read), name=name, on=read.day(read.as_of), sample=read.who.sample,
        year=str(read.as_of.year),
    )  # fmt: skip


def letters(read: Reading) -> tuple[Letter, ...]:
    """Return the reminders: offices first, then villages, in the order of the frame."""
    pages: dict[tuple[str | None, ...], list[Row]] = {}
    for row in read.rows(FRAME):
        who = (text_of(row, "for"), text_of(row, "recipient"), text_of(row, "recipient_id"))
        pages.setdefault(who, []).append(row)
    statuses = {str(row["id"]): text_of(row, "status") for row in read.rows("task_list")}
    return tuple(_letter(read, n, rows, statuses) for n, rows in enumerate(pages.values(), 1))


def _letter(
    read: Reading, number: int, rows: Sequence[Row], statuses: Mapping[str, str | None]
) -> Letter:
    done = [row for row in rows if text_of(row, "state") == "done"]
    left = [row for row in rows if text_of(row, "state") != "done"]
    return Letter(
        f"n{number}", text_of(rows[0], "for") or "office", addressed(read, rows[0]),
        tuple(_items(read, left, statuses)), tuple(_items(read, done, statuses)),
    )  # fmt: skip


def _items(
    read: Reading, rows: Sequence[Row], statuses: Mapping[str, str | None]
) -> Iterator[Item]:
    for row in rows:
        status = statuses.get(text_of(row, "task_id") or "")
        yield Item(
            text_of(row, "task") or read.word("not_written"),
            text_of(row, "section") or "",
            read.word(f"role_{text_of(row, 'role') or 'with'}"),
            read.day(day_of(row, "due_on")) or read.word("not_dated"),
            state_words(read, row),
            text_of(row, "state") in _LATE,
            read.title("task_status", status) or read.word("state_unknown"),
        )
