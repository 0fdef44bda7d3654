"""What the terminal shows of the plan review: areas, findings with their pins, decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import plan_changes
from ntm_gis.outputs.planreview.annexes import UNASKED
from ntm_gis.outputs.results_json import finding_entry, measure_entry
from ntm_gis.outputs.speech import Speech
from ntm_gis.outputs.terminal import finding_text
from ntm_gis.results import Finding, Words
from ntm_gis.rules.terms import say, term

PREFIX = "PLAN_"


class Item(Protocol):
    """One thing to decide, as a person reads it."""

    @property
    def pin(self) -> str:
        """Its number."""

    @property
    def said(self) -> str | None:
        """What was decided."""

    @property
    def by(self) -> str | None:
        """By whom."""

    @property
    def on(self) -> dt.date | None:
        """When."""

    @property
    def why(self) -> str | None:
        """Why."""

    @property
    def document(self) -> str | None:
        """By which document."""


def findings(answer: Answer) -> tuple[Finding, ...]:
    """Return the findings of the plan review, in the order of the whole run."""
    return tuple(found for found in answer.findings if found.code.startswith(PREFIX))


def review(answer: Answer, layers: Layers, lang: str) -> Group:
    """Return the figures of the plans and what the rules found."""
    if not len(layers["plans"].used) and not len(layers["plan_zones"].used):
        head = Text(say("planreview.no_plans", lang), style="bold")
        return Group(head, Text(say("planreview.no_plans_next", lang)))
    speech = Speech(answer, lang, layers)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("measure", "value", "range", "unit"):
        table.add_column(
            term(name).of(lang), justify="left" if name in ("measure", "unit") else "right"
        )
    for measure in answer.measures:
        if measure.id.startswith("plan.") and not measure.id.startswith(UNASKED):
            table.add_row(
                speech.marked(measure), speech.value(measure), speech.range(measure),
                speech.unit(measure),
            )  # fmt: skip
    found = findings(answer)
    said = _decided(answer, lang)
    lines = []
    for number, one in enumerate(found, 1):
        line = finding_text(number, one, lang)
        told = said.get(one.message.vi.partition(": ")[0])
        lines.append(line if told is None else line.append(f"\n      ✓ {told}"))
    return Group(table, Text(say("findings_count", lang, n=len(found)), style="bold"), *lines)


def _decided(answer: Answer, lang: str) -> dict[str, str]:
    """Return what was decided of findings, by pin: waivers stand in the sentence itself."""
    frame = answer.frames.get(plan_changes.FRAME)
    if frame is None:
        return {}
    columns = (frame[name] for name in ("id", "decision", "decided_by", "decided_on", "why"))
    return {
        pin: say("review_decided", lang, choice=choice(said).of(lang), by=by, on=on, why=why)
        for pin, said, by, on, why in zip(*columns, strict=True)
        if isinstance(said, str) and said != "waive"
    }


def as_json(answer: Answer, as_of: dt.date) -> dict[str, Any]:
    """Return the same for `--json`; kept in a file, a later review is held against it."""
    return {
        "as_of": as_of.isoformat(),
        "made_with": {"plan_rules": plan_changes.rules(answer)},
        "measures": [measure_entry(m) for m in answer.measures if m.id.startswith("plan.")],
        "findings": [finding_entry(one) for one in findings(answer)],
        "plan_review": plan_changes.entries(answer),
    }


def decisions(listed: Iterable[Item], lang: str) -> Table:
    """Return what was decided and what is open, one below the other."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("item", "choice", "decided_on", "decided_by", "why", "document"):
        table.add_column(term(f"decision_{name}").of(lang), overflow="fold")
    for one in listed:
        day = "" if one.on is None else numbers.format_date_vi(one.on)
        cells: Sequence[str] = (
            one.pin, choice(one.said).of(lang), day, one.by or "", one.why or "",
            one.document or "",
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    return table


def choice(said: str | None) -> Words:
    """Return what a choice is called; "to decide" where none was made."""
    return term(f"decision_{said or 'open'}")
