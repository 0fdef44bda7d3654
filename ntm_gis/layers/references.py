"""References from row to row: to the key, or the name, of something in another layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from ntm_gis import text
from ntm_gis.layers.cells import NO_HINT, hint, meant, plain
from ntm_gis.layers.fields import FORMER_COMMUNE
from ntm_gis.layers.names import Found, Names, close
from ntm_gis.layers.values import STATE, USED
from ntm_gis.rules.schema import PREDECESSOR, Field, LayerSchema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from ntm_gis.layers.check import Draft
    from ntm_gis.layers.keys import Renamed
    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.results import Words
    from ntm_gis.rules.commune import Predecessor

_JOINED = "+"


@dataclass(frozen=True)
class Target:
    """A layer that references lead to.

    `frame` has all its rows: one that is set aside may still be pointed at, its own finding
    says what is wrong with it.
    `moved` are old ids and names with what they became (changes of villages).
    """

    schema: LayerSchema
    frame: gpd.GeoDataFrame
    renamed: Renamed
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key's field; a layer without one is not pointed at."""
        return str(self.schema.key)

    @cached_property
    def ids(self) -> frozenset[object]:
        """Ids of all rows."""
        return frozenset(plain(self.frame[self.key]))

    @cached_property
    def names(self) -> Names:
        """Ids and names of all rows."""
        loose = text.village_key if self.schema.name == "villages" else text.fold
        return Names.of(self.frame, self.key, loose)

    def id_of(self, row: int) -> str:
        """Return the id of a row."""
        return str(self.frame[self.key].loc[row])

    def in_former(self, found: Found, former: object) -> Found:
        """Of several rows that a name fits, return those of one former commune."""
        if not found.several or FORMER_COMMUNE not in self.frame.columns:
            return found
        there = self.frame[FORMER_COMMUNE]
        own = tuple(row for row in found.rows if there.loc[row] == former)
        return Found(own, found.by_id) if own else found

    def named(self, value: str, former: object) -> list[str]:
        """Return the ids that a name stands for, at most one if it can be told."""
        found = self.in_former(self.names.find(value), former)
        return sorted({self.id_of(row) for row in found.rows})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a reference leads to; not `known`: to nothing."""

    value: str | None
    by_name: bool = False
    known: bool = True
    hint: Words = NO_HINT


def settle_references(
    draft: Draft, targets: Mapping[str, Target], titles: Mapping[str, Words]
) -> None:
    """Lead each reference of a layer to an id; its frame is changed in place.

    Parameters
    ----------
    targets : mapping of str to Target
        The layers that are given, by name.
    titles : mapping of str to Words
        Titles of all layers that references lead to.

    Notes
    -----
    An id that two former communes share is that of the row's own former commune. A name leads
    to the row that alone bears it. What leads nowhere stays as written, with a remark.
    """
    frame = draft.frame
    formers: list[object] = [None] * len(frame)
    if FORMER_COMMUNE in frame.columns:
        formers = plain(frame[FORMER_COMMUNE])
    for column in draft.schema.fields:
        if column.type != "reference" or PREDECESSOR in column.targets:
            continue
        written = plain(frame[column.name])
        if all(value is None for value in written):
            continue
        there = [targets[name] for name in column.targets if name in targets]
        lacking = tuple(titles[name] for name in column.targets if name not in targets)
        if lacking:
            origin = draft.tables[0].raw.origin
            draft.remarks.table("REFERENCE_UNCHECKED", origin, field=column.name, target=lacking)
        memory = {
            pair: _answer(*pair, column, there)
            for pair in dict.fromkeys(zip(written, formers, strict=True))
        }
        answers = [memory[pair] for pair in zip(written, formers, strict=True)]
        frame[column.name] = pd.Series([a.value for a in answers], frame.index, dtype=object)
        target = None if lacking else tuple(titles[name] for name in column.targets)
        _remark(draft, column, written, answers, target)


def _remark(
    draft: Draft,
    column: Field,
    written: Sequence[object],
    answers: Sequence[_Answer],
    target: tuple[Words, ...] | None,
) -> None:
    used = (draft.frame[STATE] == USED).tolist()
    for row, (value, answer) in enumerate(zip(written, answers, strict=True)):
        if not used[row]:
            continue
        if not answer.known and target is not None:
            draft.remarks.row(
                "REFERENCE_UNKNOWN", row, field=column.name, value=value,
                target=target, hint=answer.hint,
            )  # fmt: skip
        elif answer.by_name:
            draft.remarks.row(
                "REFERENCE_BY_NAME", row, field=column.name, value=value, id=answer.value
            )


def _answer(value: object, former: object, column: Field, there: Sequence[Target]) -> _Answer:
    if value is None:
        return _Answer(None)
    parts = str(value).split(_JOINED) if column.many else [str(value)]
    answers = [_one(part, former, column, there) for part in parts]
    unknown = [answer for answer in answers if not answer.known]
    return _Answer(
        _JOINED.join(str(answer.value) for answer in answers),
        by_name=any(answer.by_name for answer in answers),
        known=not unknown,
        hint=unknown[0].hint if unknown else NO_HINT,
    )


def _one(value: str, former: object, column: Field, there: Sequence[Target]) -> _Answer:
    if value in column.also:
        return _Answer(value)
    several: list[str] = []
    for target in there:
        renamed = target.renamed.get(value, {})
        if isinstance(former, str) and former in renamed:
            return _Answer(renamed[former])
        if value in target.ids:
            return _Answer(value)
        several += renamed.values()
        ids = target.named(value, former)
        if len(ids) == 1:
            return _Answer(ids[0], by_name=True)
        several += ids
    if several:
        return _Answer(value, known=False, hint=hint("HINT_SEVERAL", several=" / ".join(several)))
    return _Answer(value, known=False, hint=_hint(value, there))


def _hint(value: str, there: Sequence[Target]) -> Words:
    for target in there:
        new = target.moved.get(value) or target.moved.get(text.village_key(value))
        if new is not None:
            return hint("HINT_MOVED", old=value, new=new)
    for target in there:
        near = close(value, target.names.spellings)
        if near:
            return meant(near, ())
    return NO_HINT


def moved_villages(changes: gpd.GeoDataFrame) -> dict[str, str]:
    """Return old ids and names (as keys) of villages that went whole into one other.

    Parameters
    ----------
    changes : GeoDataFrame
        Used rows of the layer `village_changes`.
    """
    became: dict[str, set[str]] = {}
    names = ("old_id", "old_name", "new_id")
    for old_id, old_name, new_id in zip(*(plain(changes[name]) for name in names), strict=True):
        if isinstance(new_id, str):
            for old in (old_id, text.village_key(str(old_name)) if old_name else None):
                if isinstance(old, str) and old != new_id:
                    became.setdefault(old, set()).add(new_id)
    return {old: new.pop() for old, new in became.items() if len(new) == 1}


def settle_former_communes(
    frame: gpd.GeoDataFrame,
    schema: LayerSchema,
    predecessors: Sequence[Predecessor],
    remarks: Remarks,
) -> None:
    """Lead former communes, written by id, code or name, to their ids; `frame` is changed.

    Notes
    -----
    Without `[[predecessor]]` in commune.toml they stay as written.
    """
    if FORMER_COMMUNE not in frame.columns or not predecessors:
        return
    known: dict[str, set[str]] = {}
    for former in predecessors:
        for name in (former.id, former.code, former.name):
            known.setdefault(_former_key(name), set()).add(former.id)
    shown = tuple(former.name for former in predecessors)
    own = FORMER_COMMUNE in schema.names
    new: list[object] = []
    for row, value in zip(frame.index, plain(frame[FORMER_COMMUNE]), strict=True):
        ids = known.get(_former_key(str(value)), set()) if value is not None else set()
        new.append(next(iter(ids)) if len(ids) == 1 else value)
        if value is not None and len(ids) != 1 and own:
            remarks.row(
                "REFERENCE_UNKNOWN", row, field=FORMER_COMMUNE, value=value,
                target=schema.field(FORMER_COMMUNE).title.words, hint=meant([], shown),
            )  # fmt: skip
    frame[FORMER_COMMUNE] = pd.Series(new, frame.index, dtype=object)


def _former_key(name: str) -> str:
    """Return the name of a former commune without "xã" and "(cũ)"."""
    key = " ".join(text.fold(name).replace("(cu)", " ").split())
    return key.removeprefix("xa ").removesuffix(" cu")
