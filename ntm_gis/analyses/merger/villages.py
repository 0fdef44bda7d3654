"""Villages merged, renamed and split: their lineage, and what is wrong in the table of it."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.places import at_row, drawn
from ntm_gis.layers.values import Layer, Layers
from ntm_gis.rules import unit_search
from ntm_gis.rules.changes import Change, Label, Unit
from ntm_gis.rules.lineage import Lineage
from ntm_gis.rules.lineage_faults import Fault, faults

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.results import Finding

LAYER, VILLAGES = "village_changes", "villages"

_LEFT_OUT = frozenset(("twice", "share", "over", "round"))
"""Faults of which the rows cannot be followed."""

_OFFERED, _HELPED = 3, 20
"""How many names are offered for one, and for how many."""


@dataclass(frozen=True)
class Step:
    """A used row of the table that says what became what, and when."""

    at: int
    kind: str | None
    change: Change


@dataclass(frozen=True)
class History:
    """How the villages of a commune came about.

    Parameters
    ----------
    lineage : Lineage
        Without the rows that contradict each other.
    villages : tuple of Entry
        Every village, former ones among them, to be searched.
    """

    lineage: Lineage
    villages: tuple[unit_search.Entry, ...]
    findings: tuple[Finding, ...]
    frames: Mapping[str, gpd.GeoDataFrame]

    def find(
        self, words: str, *, on: dt.date | None = None, most: int = 10
    ) -> tuple[unit_search.Found, ...]:
        """Return the villages that an id or name, old or new, may stand for."""
        return unit_search.search(self.villages, words, on=on, most=most)


def history(layers: Layers) -> History:
    """Return the lineage of the villages, with the findings about its rows.

    Rows without an id or a day cannot be placed; the checks of the layer name them.
    """
    layer = layers[LAYER]
    told = steps(layers)
    idle = _idle(told)
    resting = {step.at for step in idle}
    live = [step for step in told if step.at not in resting]
    found = faults([step.change for step in live])
    left_out = {live[row].at for fault in found if fault.kind in _LEFT_OUT for row in fault.rows}
    sound = [step for step in live if step.at not in left_out]
    lineage = Lineage(step.change for step in sound)
    villages = _villages(layers, lineage)
    findings = [
        *(_at(layer, step, "VILLAGE_CHANGE_NOTHING", field="new_id") for step in idle),
        *(_of_fault(layer, live, fault) for fault in found),
        *_alone(layer, sound),
        *_against_list(layers, sound, villages, _in_part(live, found)),
    ]
    frames = {}
    if len(layer.used):
        frames[LAYER] = drawn(layer, state=_states(layers, left_out | resting))
    return History(lineage, villages, tuple(findings), MappingProxyType(frames))


def steps(layers: Layers) -> list[Step]:
    """Return the used rows of the table of changes that have both ids and a day."""
    frame = layers[LAYER].used
    columns = (
        texts(frame, "old_id"), texts(frame, "old_name"), texts(frame, "new_id"),
        texts(frame, "new_name"), texts(frame, "kind"), amounts(frame, "share").tolist(),
        days(frame, "valid_from"),
    )  # fmt: skip
    rows = list(zip(*columns, strict=True))
    called: dict[tuple[str, str], str] = {}
    several: dict[tuple[str, dt.date], int] = defaultdict(int)
    for old, _, new, _, _, _, day in rows:
        if old is not None and new is not None and day is not None:
            several[old, day] += 1
    out = []
    for at, (old, old_name, new, new_name, kind, share, day) in enumerate(rows):
        if old is None or new is None or day is None:
            continue
        blank = None if several[old, day] > 1 else 1.0
        part = blank if math.isnan(share) else share
        before, after = _unit(old, old_name, called), _unit(new, new_name, called)
        out.append(Step(at, kind, Change(before, after, day, part)))
    return out


def _unit(key: str, name: str | None, called: dict[tuple[str, str], str]) -> Unit:
    """Return a village; names of one that differ by where the tone stands are one name."""
    said = text.clean(name or key)
    return Unit(key, called.setdefault((key, text.tone_key(said)), said))


def _idle(steps: Sequence[Step]) -> list[Step]:
    """Return rows that say that a village became itself, where no other row gives them a sense."""
    named: Counter[tuple[dt.date, str]] = Counter()
    for step in steps:
        change = step.change
        named.update((change.on, code) for code in {change.old.code, change.new.code})
    return [
        step
        for step in steps
        if step.change.old == step.change.new and named[step.change.on, step.change.old.code] == 1
    ]


def _villages(layers: Layers, lineage: Lineage) -> tuple[unit_search.Entry, ...]:
    """Return all villages: those listed as they are called now, and the former ones."""
    layer = layers[VILLAGES]
    names = texts(layer.used, "name")
    listed = {key: name or key for key, name in zip(ids(layer), names, strict=True)}
    since = {label.unit.code: label.since for label in lineage.labels() if label.until is None}
    out = [
        unit_search.Entry(Label(Unit(key, name), since.get(key))) for key, name in listed.items()
    ]
    out += [
        unit_search.Entry(label)
        for label in lineage.labels()
        if label.until is not None or label.unit.code not in listed
    ]
    return tuple(out)


# --- Findings ------------------------------------------------------------------------------------


def _of_fault(layer: Layer, steps: Sequence[Step], fault: Fault) -> Finding:
    """Return the finding of rows that contradict each other, at the first of them."""
    rows = tuple(layer.places.rows[steps[row].at] for row in fault.rows)
    step = steps[fault.rows[0]]
    chain = tuple(steps[row].change.old.name for row in fault.rows)
    field = {"named": "new_name", "gone": "old_id", "round": "new_id", "twice": "new_id"}
    return _at(
        layer, step, f"VILLAGE_CHANGE_{fault.kind.upper()}", field=field.get(fault.kind, "share"),
        rows=rows, chain=chain, total=fault.total,
    )  # fmt: skip


def _in_part(steps: Sequence[Step], found: Sequence[Fault]) -> frozenset[str]:
    """Return the villages of which it is not said where all of them went."""
    rows = (row for fault in found if fault.kind == "open" for row in fault.rows)
    return frozenset(steps[row].change.old.code for row in rows)


def _alone(layer: Layer, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield mergers of one village alone: the one that it went into has no row of its own."""
    into: dict[tuple[str, dt.date], list[Step]] = defaultdict(list)
    for step in steps:
        into[step.change.new.code, step.change.on].append(step)
    for alone in into.values():
        change = alone[0].change
        if len(alone) == 1 and alone[0].kind == "merge" and change.old.code != change.new.code:
            yield _at(layer, alone[0], "VILLAGE_MERGE_ALONE", field="new_id")


def _against_list(
    layers: Layers,
    steps: Sequence[Step],
    villages: Sequence[unit_search.Entry],
    in_part: frozenset[str],
) -> Iterator[Finding]:
    """Yield where the table and the list of villages don't go together."""
    layer, as_of = layers[LAYER], layers.commune.commune.as_of
    names = dict(zip(ids(layers[VILLAGES]), texts(layers[VILLAGES].used, "name"), strict=True))
    if not names:
        return
    # Keys that two former communes share bear the former commune before them.
    listed = {key.rpartition("/")[2] for key in names} | set(names)
    past = [step for step in steps if step.change.on <= as_of]
    made = {step.change.new.code for step in past}
    onward = {step.change.old.code for step in past}
    ever = {step.change.new.code for step in steps}
    last = {step.change.new.code: step for step in sorted(past, key=lambda s: s.change.on)}
    told: set[str] = set()
    # Only a village of the list can be the one that was meant.
    known = [entry for entry in villages if entry.label.unit.code in listed]
    for step in steps:
        old, new = step.change.old, step.change.new
        if step.change.on > as_of:
            if old.code not in listed and old.code not in ever:
                yield _unknown(layer, step, old, known, "old_id", as_of, told)
        elif new.code not in listed:
            if new.code not in onward | told and step.kind != "transfer":
                yield _unknown(layer, step, new, known, "new_id", as_of, told)
        elif last[new.code] is step and _other_name(new.name, names.get(new.code)):
            yield _at(layer, step, "VILLAGE_CHANGE_NAME", field="new_name", listed=names[new.code])
    for step in past:
        code = step.change.old.code
        if code in listed and code not in made | in_part | told:
            told.add(code)
            yield _at(layer, step, "VILLAGE_CHANGE_STILL_LISTED", field="old_id")


def _other_name(name: str, listed: str | None) -> bool:
    return listed is not None and text.same_name(name, listed) not in ("exact", "tone")


def _unknown(
    layer: Layer,
    step: Step,
    unit: Unit,
    villages: Sequence[unit_search.Entry],
    field: str,
    as_of: dt.date,
    told: set[str],
) -> Finding:
    """Return that an id is nobody's, with the villages of like names: offered, not taken.

    Where many are nobody's, the list of villages is another one, and names help no more.
    """
    told.add(unit.code)
    asked = villages if len(told) <= _HELPED else ()
    others = [entry for entry in asked if entry.label.unit.code != unit.code]
    hits = unit_search.search(others, unit.name, on=as_of, most=_OFFERED)
    offered = tuple(f"{hit.unit.name} ({hit.unit.code})" for hit in hits)
    code = "VILLAGE_CHANGE_OFFERED" if offered else "VILLAGE_CHANGE_UNKNOWN"
    return _at(layer, step, code, field=field, id=unit.code, name=unit.name, offered=offered)


def _at(layer: Layer, step: Step, code: str, *, field: str, **params: object) -> Finding:
    change = step.change
    said = {
        "old_id": change.old.code, "old_name": change.old.name, "new_id": change.new.code,
        "new_name": change.new.name, "share": change.share,
    }  # fmt: skip
    return at_row(
        code, layer, step.at, field=field, value=said[field],
        **{**said, "on": change.on, "kind": step.kind, **params},
    )  # fmt: skip


def _states(layers: Layers, faulty: set[int]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    as_of = layers.commune.commune.as_of
    return np.array(
        [
            "faulty" if at in faulty else "later" if day is not None and day > as_of else "done"
            for at, day in enumerate(days(layers[LAYER].used, "valid_from"))
        ],
        dtype=object,
    )
