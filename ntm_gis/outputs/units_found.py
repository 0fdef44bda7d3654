"""What the terminal shows of units that were looked for: what they were, what they are now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.results import Words
from ntm_gis.rules.terms import say, term

_LEVELS = ("commune", "village")


class Hit(Protocol):
    """A unit that was found."""

    @property
    def level(self) -> str:
        """Commune or village."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """commune, ward, township; "" where that is not said."""

    @property
    def how(self) -> str:
        """In what sense it was found."""

    @property
    def since(self) -> dt.date | None:
        """First day of the name."""

    @property
    def until(self) -> dt.date | None:
        """Last day of the name."""

    @property
    def made_of(self) -> tuple[str, ...]:
        """What it was made of."""

    @property
    def became(self) -> tuple[str, ...]:
        """What it is now."""

    @property
    def acts(self) -> tuple[Words, ...]:
        """The acts of the changes."""


def shown(found: Iterable[Hit], asked: str, lang: str) -> Group:
    """Return the units found, communes first; a sentence where there is none."""
    listed = list(found)
    parts: list[Text | Table] = []
    for level in _LEVELS:
        hits = [hit for hit in listed if hit.level == level]
        if hits:
            parts += [Text(term(f"unit_found.{level}").of(lang), style="bold"), _table(hits, lang)]
    if not parts:
        parts.append(Text(say("unit_found.none", lang, asked=asked)))
    return Group(*parts)


def _table(hits: Sequence[Hit], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("code", "name", "days", "how", "what"):
        table.add_column(term(f"unit_found.{name}").of(lang), overflow="fold")
    for hit in hits:
        kind = f"{term(f'unit_found.kind_{hit.kind}').of(lang)} " if hit.kind else ""
        cells = (
            hit.code, f"{kind}{hit.name}", _days(hit, lang),
            term(f"unit_found.how_{hit.how}").of(lang), "; ".join(_what(hit, lang)),
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _days(hit: Hit, lang: str) -> str:
    parts = []
    if hit.since is not None:
        parts.append(say("unit_found.since", lang, day=numbers.format_date_vi(hit.since)))
    if hit.until is not None:
        parts.append(say("unit_found.until", lang, day=numbers.format_date_vi(hit.until)))
    return " ".join(parts)


def _what(hit: Hit, lang: str) -> list[str]:
    out = []
    if hit.made_of:
        out.append(say("unit_found.made_of", lang, units=", ".join(hit.made_of)))
    if hit.became:
        out.append(say("unit_found.became", lang, units=", ".join(hit.became)))
    out += [act.of(lang) for act in hit.acts]
    return out
