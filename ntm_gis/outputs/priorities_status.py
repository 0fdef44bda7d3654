"""What the terminal shows of priorities: the choice, the ranking, the frontier, what is lacking.

The same is said for other programs by `as_json`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.priorities import model
from ntm_gis.outputs.priorities.model import Priorities
from ntm_gis.outputs.priorities.said import DASH, kinds, million, number, proof, words
from ntm_gis.outputs.priorities.view import more, verdict
from ntm_gis.outputs.results_json import finding_entry
from ntm_gis.outputs.terminal import finding_text
from ntm_gis.results import Finding, Words

ABOUT = ("PRIORITIES_", "CANDIDATE_", "FUNDS_SUM", "FUNDS_ONE_DIGIT", "FUNDS_CYCLE", "FUNDS_SELF")
"""Beginnings of the codes of findings that bear on a choice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why one work is proposed or not, as it was asked: `--why-not`."""

    id: str
    name: str
    chosen: bool
    reasons: tuple[Words, ...]


def status(answer: Answer, layers: Layers, lang: str, asked: Asked | None = None) -> Group:
    """Return what `priorities` shows.

    Parameters
    ----------
    answer : Answer
        Frames of `priorities` for the budget asked about, and the findings of the run.
    layers : Layers
        For what proposed works stand on.
    lang : str
    asked : Asked, optional
        A work that was asked about.
    """
    found = model.read(answer, lang)
    chosen = found.choices.get("chosen")
    parts: list[RenderableType] = [Text(plain(verdict(found, lang)), style="bold")]
    told = kinds(found.chosen, model.places(layers), lang)
    if told:
        parts.append(Text(words("of_kinds", lang, kinds=told)))
    if chosen is not None:
        parts.append(Text(proof(proven=chosen.proven, lang=lang)))
        if not chosen.official:
            parts.append(Text(words("reference", lang), style="dim"))
    if asked is not None:
        key = "asked_chosen" if asked.chosen else "asked"
        parts += [Text(), Text(plain(words(key, lang, id=asked.id, name=asked.name)), style="bold")]
        parts += [Text(f"  - {plain(line.of(lang))}") for line in asked.reasons]
    if found.ranked:
        parts += [Text(), *_listed(found, lang)]
    if found.frontier:
        parts += [Text(), *_frontier(found, lang)]
    if found.bounds:
        parts += [Text(), Text(words("fund_rules", lang), style="bold"), _bounds(found, lang)]
    if found.lacking:
        parts += [Text(), *_lacking(found, lang)]
    bearing = findings(answer)
    if bearing:
        parts += [Text(), Text(words("notes", lang), style="bold")]
        parts += [finding_text(n, one, lang) for n, one in enumerate(bearing, 1)]
    return Group(*parts)


def findings(answer: Answer) -> tuple[Finding, ...]:
    """Return the findings that bear on a choice, in the order of the run."""
    return tuple(dict.fromkeys(f for f in answer.findings if f.code.startswith(ABOUT)))


def _table(*heads: tuple[str, bool]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head, right in heads:
        table.add_column(head, justify="right" if right else "left", overflow="fold")
    return table


def _listed(found: Priorities, lang: str) -> list[RenderableType]:
    """Return the chosen works with their reasons, then the others."""
    out: list[RenderableType] = []
    for key, works in (("chosen", found.chosen), ("left_out", found.left_out)):
        if not works:
            continue
        out.append(Text(words(key, lang), style="bold"))
        for one in works:
            served = (
                words("unknown_households", lang)
                if one.households is None
                else words("households", lang, n=one.households)
            )
            head = Text(f"{one.rank:>3}. {plain(one.name)}", style="bold")
            code = f" ({one.code})" if one.code else ""
            about = (code, million(one.million, lang), served, one.fund or "")
            head.append(" · ".join(about).removesuffix(" · "), style="not bold")
            out.append(head)
            out += [Text(f"     - {plain(line)}") for line in one.reasons]
        out.append(Text())
    return out[:-1]


def _frontier(found: Priorities, lang: str) -> list[RenderableType]:
    table = _table(
        (words("met", lang), True), (words("least_budget", lang), True),
        (words("rule", lang), False), (words("with_works", lang), False),
    )  # fmt: skip
    same = {(one.criteria, one.million) for one in found.frontier}
    free = [one for one in found.free if (one.criteria, one.million) not in same]
    for rule, steps in (("with_funds", found.frontier), ("without_funds", free)):
        for one in steps:
            table.add_row(
                str(one.criteria), number(one.million, lang, 3), words(rule, lang),
                found.called(one.works) or words("no_work", lang),
            )  # fmt: skip
    out: list[RenderableType] = [Text(words("frontier", lang), style="bold"), table]
    lines = more(found, lang)
    if lines:
        out += [Text(), Text(words("more_head", lang), style="bold"), *map(Text, lines)]
    return out


def _bounds(found: Priorities, lang: str) -> Table:
    table = _table(
        (words("fund", lang), False), (words("left", lang), True), (words("taken", lang), True),
        (words("rest", lang), True),
    )  # fmt: skip
    for one in found.bounds:
        name = words("budget_row", lang) if one.kind == "budget" else f"{one.code} · {one.name}"
        amounts = (one.left, one.spent, one.left - one.spent)
        table.add_row(plain(name), *(number(x, lang, 3) for x in amounts))
    return table


def _lacking(found: Priorities, lang: str) -> list[RenderableType]:
    out: list[RenderableType] = [Text(words("lacking", lang), style="bold")]
    for one in found.lacking_together:
        least = (
            words("no_works_do", lang)
            if one.least is None
            else words("least", lang, million=million(one.least, lang))
        )
        named = f". {one.title}" if one.title else ""
        title = f"{words('criterion', lang, code=one.criterion)}{named} {DASH} {least}"
        out += [Text(plain(title)), *(Text(f"     - {plain(line)}") for line in one.reasons)]
    return out


def as_json(answer: Answer, as_of: dt.date, asked: Asked | None = None) -> dict[str, Any]:
    """Return the same for `--json`."""
    found, english = model.read(answer, "vi"), model.read(answer, "en")
    chosen = found.choices.get("chosen")
    return {
        "as_of": as_of.isoformat(),
        "budget_million": None if chosen is None else chosen.budget,
        "proven": None if chosen is None else chosen.proven,
        "official": None if chosen is None else chosen.official,
        "chosen": [one.id for one in found.chosen],
        "ranked": _both(found.ranked, english.ranked, "reasons"),
        "choices": [asdict(one) for one in found.choices.values()],
        "frontier": [asdict(one) for one in found.frontier],
        "frontier_free": [asdict(one) for one in found.free],
        "limits": _both(found.bounds, english.bounds, "name"),
        "missing": _both(found.lacking, english.lacking, "reasons", "title"),
        "why_not": None if asked is None else {
            "id": asked.id, "chosen": asked.chosen,
            "reasons": [line.as_json() for line in asked.reasons],
        },
        "findings": [finding_entry(one) for one in findings(answer)],
    }  # fmt: skip


def _both(vi: Sequence[Any], en: Sequence[Any], *keys: str) -> list[dict[str, Any]]:
    """Return rows whose words stand in both languages."""
    return [
        {**asdict(a), **{key: {"vi": getattr(a, key), "en": getattr(b, key)} for key in keys}}
        for a, b in zip(vi, en, strict=True)
    ]
