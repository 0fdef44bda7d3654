"""What the terminal shows of the record: its entries, and what became of a file taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.outputs.terminal import finding_text
from ntm_gis.results import Finding, Words
from ntm_gis.rules.terms import term


class Entry(Protocol):
    """One entry of the record as a person reads it."""

    @property
    def name(self) -> str:
        """Its number, with its sign where two machines used one number."""

    @property
    def kind(self) -> Words:
        """What it is."""

    @property
    def said(self) -> Words:
        """What it says."""

    @property
    def entered_on(self) -> dt.date | None:
        """When it was written."""

    @property
    def entered_by(self) -> str | None:
        """By whom."""

    @property
    def stands(self) -> Words:
        """Whether it counts."""


def entries(listed: Iterable[Entry], lang: str) -> Table:
    """Return the entries of a record as a table, in their order."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(term("entry_number").of(lang), justify="right")
    for name in ("kind", "content", "entered", "stands"):
        table.add_column(term(f"entry_{name}").of(lang), overflow="fold")
    for entry in listed:
        day = "–" if entry.entered_on is None else numbers.format_date_vi(entry.entered_on)
        entered = f"{day} {entry.entered_by}" if entry.entered_by else day
        table.add_row(
            entry.name, entry.kind.of(lang), Text(entry.said.of(lang)), Text(entered),
            entry.stands.of(lang),
        )  # fmt: skip
    return table


def told(findings: Sequence[Finding], sentences: Iterable[Words], lang: str) -> Group:
    """Return what is to be checked, gravest first, then sentences one below the other."""
    numbered = (finding_text(number, found, lang) for number, found in enumerate(findings, 1))
    return Group(*numbered, *(Text(sentence.of(lang)) for sentence in sentences))
