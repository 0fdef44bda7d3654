"""Findings of the plan review as entries for other programs, and what changed between two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.layers.values import Answer
from ntm_gis.outputs.gates import text_for_json
from ntm_gis.outputs.results_json import rounded
from ntm_gis.results.shown import unit_name
from ntm_gis.rules.terms import say, term

FRAME = "plan_findings"
_TEXTS = ("rule", "subject", "plans", "severity", "verdict", "state", "use", "other_use", "unit")
_NUMBERS = ("grid_ha", "ground_ha", "measured", "required")
_STATES = ("new", "changed", "gone", "same")


class Changed(Protocol):
    """One finding in two reviews."""

    @property
    def state(self) -> str:
        """new, changed, gone or same."""

    @property
    def subject(self) -> str:
        """What it is about."""

    @property
    def before(self) -> Mapping[str, Any] | None:
        """Its entry in the earlier review."""

    @property
    def after(self) -> Mapping[str, Any] | None:
        """Its entry in the later review."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What differs."""


def entries(answer: Answer) -> list[dict[str, Any]]:
    """Return findings of the plan review as plain values, in the order of their numbers."""
    frame = answer.frames.get(FRAME)
    if frame is None or rules(answer) is None:
        return []
    out = []
    for row in frame.drop(columns="geometry").to_dict("records"):
        entry: dict[str, Any] = {"pin": row["id"]}
        entry |= {name: _text(row[name]) for name in _TEXTS}
        entry |= {name: None if pd.isna(row[name]) else rounded(row[name]) for name in _NUMBERS}
        entry["decision"] = _text(row["decision"])
        out.append(entry)
    return out


def rules(answer: Answer) -> str | None:
    """Return by which rules plans were reviewed; None where they were not."""
    frame = answer.frames.get(FRAME)
    found = None if frame is None else frame.attrs.get("rules")
    return found if isinstance(found, str) else None


def changes(found: Iterable[Changed], lang: str) -> Group:
    """Return how many are new, changed, gone and the same, and each but the same."""
    listed = list(found)
    count = Counter(one.state for one in listed)
    head = " · ".join(f"{term(f'review_{s}').of(lang)}: {count[s]}" for s in _STATES)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("state", "item", "subject", "before", "after"):
        table.add_column(term(f"review_{name}").of(lang), overflow="fold")
    for one in listed:
        if one.state == "same":
            continue
        entry = one.after or one.before or {}
        table.add_row(
            term(f"review_{one.state}").of(lang), str(entry.get("pin", "")),
            Text(one.subject.partition(":")[2]), Text(_said(one.before, lang)),
            Text(_said(one.after, lang)),
        )  # fmt: skip
    return Group(Text(say("review_changes", lang), style="bold"), Text(head), table)


def _said(entry: Mapping[str, Any] | None, lang: str) -> str:
    """Return what a review says of something: hectares or a value, and what was decided."""
    if entry is None:
        return "–"
    show = numbers.format_en if lang == "en" else numbers.format_vi
    parts = []
    if isinstance(entry.get("ground_ha"), int | float):
        parts.append(show(entry["ground_ha"], "ha", 4))
    elif isinstance(entry.get("measured"), int | float):
        parts.append(show(entry["measured"], unit_name(str(entry.get("unit") or ""), lang), 2))
    verdict = entry.get("verdict")
    if verdict in ("fail", "warn", "no_data"):
        parts.append(term(f"review_{verdict}").of(lang))
    if isinstance(entry.get("decision"), str):
        parts.append(term(f"decision_{entry['decision']}").of(lang))
    return ", ".join(parts)


def _text(value: object) -> str | None:
    return text_for_json(value) if isinstance(value, str) else None
