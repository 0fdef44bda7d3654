"""What `add` tells a person, and whom it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ntm_gis.results import Words, sentence
from ntm_gis.sources import Table

Ask = Callable[[Words, Sequence[tuple[str, str]], str | None], str | None]


@dataclass
class Said:
    """Lines for a person, how many things they leave open, how many files cannot be taken in."""

    lines: list[Words] = field(default_factory=list)
    open: int = 0
    unreadable: int = 0
    codes: set[str] = field(default_factory=set)
    """Codes of the lines told so far."""

    def tell(self, code: str, **params: object) -> None:
        """Add a line in the words of `data/messages.toml`."""
        self.codes.add(code)
        self.lines.append(sentence(code, params))

    def leave(self, code: str, **params: object) -> None:
        """Add a line about something left open."""
        self.open += 1
        self.tell(code, **params)

    def refuse(self, code: str, **params: object) -> None:
        """Add a line about a file that cannot be taken in."""
        self.unreadable += 1
        self.tell(code, **params)

    def leave_words(self, *words: Words | None) -> None:
        """Add sentences that are made already about something left open."""
        self.open += 1
        self.lines += [line for line in words if line is not None]


@dataclass(frozen=True)
class Wish:
    """What the caller of `add` said beforehand, and whom to ask about the rest.

    `layer`, `crs`, `table` (a sheet, a layer of a file) and `values` (of fields that hold for
    all rows) are meant for every file given; where `accept`, the best guess is taken wherever a
    person would be asked.
    """

    layer: str | None
    crs: str | None
    accept: bool
    ask: Ask
    table: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def decide(
        self, question: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        """Take the proposal where everything is accepted, else ask; to skip is the default."""
        if self.accept:
            return proposal
        return self.ask(question, answers, None)


def named(table: Table) -> str:
    """Name a table as a person finds it: the file, and the sheet or layer where there is one."""
    return f"{table.file} · {table.table}" if table.table else table.file
