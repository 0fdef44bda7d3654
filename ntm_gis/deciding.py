"""Decisions of the plan review, entered into the record: keep, amend, drop, waive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_gis import pipeline, record, text
from ntm_gis.analyses.columns import ids, texts
from ntm_gis.analyses.planreview import analysis as planreview
from ntm_gis.analyses.planreview.decided import UNTIL, WAIVE, decided
from ntm_gis.booking import login
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import CHOICES, FINDING, ITEM, RULE, Decision

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layers
    from ntm_gis.pipeline import Review


FRAME = "plan_findings"


@dataclass(frozen=True)
class Open:
    """One thing to decide, or decided.

    Parameters
    ----------
    pin : str
        "QH07-3", or the id of a planned item.
    subject : str
        What the decision points at in the record.
    said : str or None
        keep, amend, drop, waive; None while it is open.
    """

    pin: str
    subject: str
    said: str | None
    by: str | None
    on: dt.date | None
    why: str | None
    document: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "item": self.pin, "subject": self.subject, "choice": self.said, "by": self.by,
            "on": None if self.on is None else self.on.isoformat(), "why": self.why,
            "document": self.document,
        }  # fmt: skip


def listed(found: Review) -> tuple[Open, ...]:
    """Return what there is to decide: findings of the review, then planned items.

    Parameters
    ----------
    found : Review
        As `pipeline.review` gives it.
    """
    said = decided(found.decisions.decided, found.commune.commune.as_of)
    out = []
    frame = found.answer.frames[FRAME]
    columns = (frame[name] for name in ("id", "subject", "rule", "layer"))
    for pin, subject, rule, layer in zip(*columns, strict=True):
        # A waiver whose time is over leaves the thing open.
        waiver = said.waived.get(f"{RULE}{subject}") or said.waived.get(f"{RULE}{rule}")
        made = said.of_finding(subject, layer) or waiver
        out.append(_open(pin, f"{FINDING}{subject}", made))
    for item, subject in _items(found.layers).items():
        out.append(_open(item, subject, said.by_subject.get(subject)))
    return tuple(out)


def decide(
    folder: Path, what: str, choice: str, *, why: str, by: str | None, document: str | None,
    day: dt.date,
) -> Decision:  # fmt: skip
    """Enter what was decided about a finding or a planned item.

    Parameters
    ----------
    what : str
        "QH07-3", or the id of a planned item ("HM01", "P1/HM01").
    choice : {"keep", "amend", "drop"}

    Raises
    ------
    UsageError
        There is nothing of that name to decide, the choice is another, or no reason is given.
    """
    if choice not in CHOICES:
        raise UsageError("CHOICE_UNKNOWN", value=choice, known=CHOICES)
    found = pipeline.review(folder, only=pipeline.PLANS)
    subject = _subject(found, what)
    return _enter(
        folder, found, Decision("", subject, choice, day, by or login(), _reason(why), document), by
    )


def waive(
    folder: Path, rule: str, *, item: str | None, until: dt.date | None, why: str,
    by: str | None, document: str | None, day: dt.date,
) -> Decision:  # fmt: skip
    """Enter that a rule, or one finding of it, is waived until a day.

    Parameters
    ----------
    rule : str
        "QH07".
    item : str, optional
        One finding of it, "QH07-3"; the whole rule where left out.

    Raises
    ------
    UsageError
        There is no such rule or finding, nobody may waive the rule, the waiver would be over
        before it is given, or no reason is given.
    """
    if until is not None and until < day:
        raise UsageError("WAIVER_OVER", until=until, day=day)
    found = pipeline.review(folder, only=pipeline.PLANS)
    rules = planreview.rules_of(found.layers)
    known = {one.id: one for one in rules.rules}
    name = rule.strip().upper()
    if name not in known:
        raise UsageError("PLAN_RULE_UNKNOWN", rule=rule, known=tuple(known))
    if known[name].waived_by is None:
        raise UsageError("RULE_NOT_WAIVABLE", rule=name, title=known[name].title.words)
    subject = f"{RULE}{name}"
    if item is not None:
        of = _subject(found, item).removeprefix(FINDING)
        if not of.startswith(f"{name}:"):
            raise UsageError("ITEM_OF_OTHER_RULE", item=item, rule=name)
        subject = f"{RULE}{of}"
    details = () if until is None else ((UNTIL, until.isoformat()),)
    made = Decision("", subject, WAIVE, day, by or login(), _reason(why), document, details)
    return _enter(folder, found, made, by)


def _enter(folder: Path, found: Review, made: Decision, by: str | None) -> Decision:
    path = folder / record.FILE_NAME
    with record.writing(path, found.commune.commune.code) as ledger:
        ledger.append([record.decision(made)], by=by)
    return made


def _subject(found: Review, what: str) -> str:
    """Return what a person means by a pin or the id of a planned item."""
    wanted = text.fold(what.strip())
    frame = found.answer.frames[FRAME]
    for pin, subject in zip(frame["id"], frame["subject"], strict=True):
        if text.fold(pin) == wanted:
            return f"{FINDING}{subject}"
    items = _items(found.layers)
    fits = [
        subject
        for item, subject in items.items()
        if wanted in (text.fold(item), text.fold(item.rpartition("/")[2]))
    ]
    if len(fits) == 1:
        return fits[0]
    known: Sequence[str] = (*frame["id"][:8], *list(items)[:8])
    if not known:
        raise UsageError("ITEM_NONE", value=what)
    raise UsageError("ITEM_UNKNOWN", value=what, known=tuple(known))


def _items(layers: Layers) -> dict[str, str]:
    """Return planned items, "P1/HM01", with what a decision about each points at."""
    layer = layers["plan_items"]
    rows = zip(texts(layer.used, "plan_id"), ids(layer), strict=True)
    names = [f"{plan or '–'}/{item}" for plan, item in rows]
    return {name: f"{ITEM}{name}" for name in names}


def _open(pin: str, subject: str, made: Decision | None) -> Open:
    if made is None:
        return Open(pin, subject, None, None, None, None, None)
    return Open(
        pin, subject, made.choice, made.decided_by, made.decided_on, made.why, made.document
    )


def _reason(why: str) -> str:
    if not why.strip():
        raise UsageError("REASON_MISSING")
    return why.strip()
