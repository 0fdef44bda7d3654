"""Findings of the plan review as entries for other programs, and what changed between two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.layers.values import Answer
from ntm_gis.outputs.gates import text_for_json
from ntm_gis.outputs.results_json import rounded
from ntm_gis.results import Words
from ntm_gis.results.shown import unit_name
from ntm_gis.rules.planning import planning_rules, sets
from ntm_gis.rules.terms import say, term

FRAME = "plan_findings"
_TEXTS = ("rule", "subject", "plans", "severity", "verdict", "state", "use", "other_use", "unit")
_NUMBERS = ("grid_ha", "ground_ha", "measured", "required")
_PLACE = re.compile(r"(-?\d+),(-?\d+)")
_OWN = re.compile(r"/[a-z_]+$")
"""What the program itself puts behind an id to tell findings apart."""
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
            Text(_about(entry, one.subject, lang)), Text(_said(one.before, lang)),
            Text(_said(one.after, lang)),
        )  # fmt: skip
    return Group(Text(say("review_changes", lang), style="bold"), Text(head), table)


def _about(entry: Mapping[str, Any], subject: str, lang: str) -> str:
    """Return what a finding is about: its rule, and plans, zones or place that tell it apart."""
    rule, _, rest = subject.partition(":")
    name, _, place = rest.partition("@")
    parts = [titles()[rule].of(lang) if rule in titles() else rule]
    plans, name = entry.get("plans"), _OWN.sub("", name)
    if re.search(r"[^a-z_]", name):
        parts.append(name)
    elif plans:
        parts.append(say("review_plans", lang, plans=plans))
    at = _PLACE.fullmatch(place)
    if at is not None:
        show = numbers.format_en if lang == "en" else numbers.format_vi
        east, north = (show(float(n), "", 0) for n in at.groups())
        parts.append(say("review_at", lang, north=north, east=east))
    return ": ".join((parts[0], ", ".join(parts[1:]))) if parts[1:] else parts[0]


@lru_cache(maxsize=1)
def titles() -> Mapping[str, Words]:
    """Return what rules of all sets are called, by their numbers."""
    return MappingProxyType(
        {rule.id: rule.title.words for name in sets() for rule in planning_rules(name).rules}
    )


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
