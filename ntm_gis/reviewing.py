"""What changed between two plan reviews: new, gone, changed, the same, by what each is about."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ntm_gis.errors import UsageError

State = Literal["new", "changed", "gone", "same"]
Entry = Mapping[str, Any]

STATES: tuple[State, ...] = ("new", "changed", "gone", "same")
KEY = "plan_review"
"""Where results.json, and what `review --json` prints, keep findings of the plan review."""

MOVED_M = 200.0
"""A place whose corner moved no farther is the same place, drawn otherwise."""

COMPARED = ("verdict", "ground_ha", "measured", "required", "decision")
_CLOSE = {"ground_ha": 1e-6, "measured": 1e-6, "required": 1e-9}
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Change:
    """One finding in two reviews.

    Parameters
    ----------
    before, after : mapping or None
        Its entry in each; None where it is not there.
    fields : tuple of str
        What differs, where both have it; "place" where its ground was drawn otherwise.
    """

    state: State
    subject: str
    before: Entry | None
    after: Entry | None
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "state": self.state, "subject": self.subject, "fields": list(self.fields),
            "before": None if self.before is None else dict(self.before),
            "after": None if self.after is None else dict(self.after),
        }  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """A review kept in a file: its day, its rules, its findings."""

    as_of: str | None
    rules: str | None
    entries: tuple[Entry, ...]


def saved(path: Path) -> Saved:
    """Return an earlier review: `results.json`, or what `review --json` printed.

    Raises
    ------
    UsageError
        The file cannot be read, or is no such review.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError("REVIEW_UNREADABLE", file=path.name)
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as cause:
        raise UsageError("REVIEW_UNREADABLE", file=path.name) from cause
    entries = document.get(KEY) if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get("subject"), str) for entry in entries
    ):
        raise UsageError("REVIEW_UNREADABLE", file=path.name)
    made = document.get("made_with")
    rules = made.get("plan_rules") if isinstance(made, dict) else None
    day = document.get("as_of")
    return Saved(
        day if isinstance(day, str) else None, rules if isinstance(rules, str) else None,
        tuple(entries),
    )  # fmt: skip


def compare(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[Change, ...]:
    """Return every finding of two reviews, once: new, changed, gone, then the same.

    Parameters
    ----------
    before, after : sequence of mapping
        Entries as results.json has them under `plan_review`.

    Examples
    --------
    >>> old = [{"subject": "QH35:P2", "verdict": "fail"}, {"subject": "QH36:P5"}]
    >>> new = [{"subject": "QH35:P2", "verdict": "warn"}, {"subject": "QH01:a@1,2"}]
    >>> [(c.state, c.subject, c.fields) for c in compare(old, new)]
    [('new', 'QH01:a@1,2', ()), ('changed', 'QH35:P2', ('verdict',)), ('gone', 'QH36:P5', ())]
    """
    older, newer = _by_subject(before), _by_subject(after)
    pairs = {name: name for name in newer if name in older}
    pairs |= _moved(
        [name for name in older if name not in newer], [n for n in newer if n not in older]
    )
    out = []
    for name, entry in newer.items():
        earlier = pairs.get(name)
        if earlier is None:
            out.append(Change("new", name, None, entry))
            continue
        fields = _differing(older[earlier], entry)
        if earlier != name:
            fields = ("place", *fields)
        out.append(Change("changed" if fields else "same", name, older[earlier], entry, fields))
    met = set(pairs.values())
    out += [Change("gone", name, entry, None) for name, entry in older.items() if name not in met]
    return tuple(sorted(out, key=lambda one: (STATES.index(one.state), one.subject)))


def _by_subject(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return entries by subject; of several about one thing each has its number in order."""
    out: dict[str, Entry] = {}
    for entry in entries:
        name, n = str(entry["subject"]), 2
        while name in out:
            name, n = f"{entry['subject']} ({n})", n + 1
        out[name] = entry
    return out


def _moved(older: Sequence[str], newer: Sequence[str]) -> dict[str, str]:
    """Return which places of the later review are places of the earlier, nearest first."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for name in older:
        by_name[name.partition("@")[0]].append(name)
    near = []
    for after in newer:
        for before in by_name[after.partition("@")[0]]:
            metres = _apart(before, after)
            if metres <= MOVED_M:
                near.append((metres, before, after))
    out: dict[str, str] = {}
    for _, before, after in sorted(near):
        if after not in out and before not in out.values():
            out[after] = before
    return out


def _apart(first: str, second: str) -> float:
    try:
        a, b = ([float(n) for n in name.partition("@")[2].split(",")] for name in (first, second))
        return math.dist(a, b)
    except ValueError:
        return math.inf


def _differing(before: Entry, after: Entry) -> tuple[str, ...]:
    return tuple(name for name in COMPARED if not _same(name, before.get(name), after.get(name)))


def _same(name: str, before: object, after: object) -> bool:
    if isinstance(before, int | float) and isinstance(after, int | float):
        return math.isclose(before, after, rel_tol=1e-8, abs_tol=_CLOSE.get(name, 0.0))
    return before == after
