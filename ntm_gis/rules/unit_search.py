"""Searching units by code or name, old or new, with or without diacritics.

A search offers, it does not decide: Hô Tra and Hô Ta are two villages, one letter apart. `one`
gives a unit only where it is named by its code or exactly by its name, and no other is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ntm_gis import text
from ntm_gis.rules.changes import Label, Unit

How = Literal["code", "exact", "also", "tone", "key", "begins", "close"]

HOW: tuple[How, ...] = ("code", "exact", "also", "tone", "key", "begins", "close")
"""In what sense a unit is the one that was asked for, the surest first: by its code; by its
name; by another spelling that is on record; but for the place of the tone; without diacritics;
by the beginning of its name; by a name that is like it."""

SURE = frozenset(("code", "exact", "also", "tone"))
"""The senses in which a single unit is the one that was meant."""

_PREFIXES = {
    ("dac", "khu"): "special_zone", ("thi", "tran"): "township", ("tt",): "township",
    ("tt.",): "township", ("phuong",): "ward", ("p.",): "ward", ("xa",): "commune",
    ("x.",): "commune",
}  # fmt: skip
"""Words before a commune's own name, without diacritics, and the kind of unit they name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit to be found: what it is called and when, and other spellings of its name."""

    label: Label
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that a search offers, with the sense in which it is the one."""

    label: Label
    how: How

    @property
    def unit(self) -> Unit:
        """The unit."""
        return self.label.unit


def own_name(name: str) -> str:
    """Return a name without the word for the kind of unit before it.

    Examples
    --------
    >>> own_name("Xã Mường Khoa"), own_name("thi tran Than Uyen"), own_name("Xã")
    ('Mường Khoa', 'Than Uyen', 'Xã')
    """
    return _split(name)[1]


def _split(name: str) -> tuple[str, str]:
    """Return the kind of unit that a name says and the name alone; "" where it says none."""
    words = text.clean(name).split(" ")
    folded = tuple(text.fold(word) for word in words)
    for prefix, kind in _PREFIXES.items():
        if len(words) > len(prefix) and folded[: len(prefix)] == prefix:
            return kind, " ".join(words[len(prefix) :])
    return "", " ".join(words)


def search(
    entries: Iterable[Entry], words: str, *, on: dt.date | None = None, most: int = 10
) -> tuple[Found, ...]:
    """Return the units that words may stand for, the likeliest first.

    Parameters
    ----------
    words : str
        A code, or a name with or without diacritics, "xã", "phường" or "bản".
    on : date, optional
        Only units that are called so on this day.
    most : int
        How many to offer; units that fit in a sure sense are all given.

    Examples
    --------
    >>> villages = [Entry(Label(Unit("MK04", "Hô Tra"))), Entry(Label(Unit("PK04", "Hô Ta")))]
    >>> [(found.unit.code, found.how) for found in search(villages, "Hô Tra")]
    [('MK04', 'exact'), ('PK04', 'close')]
    >>> [(found.unit.code, found.how) for found in search(villages, "ho tra")]
    [('MK04', 'key'), ('PK04', 'close')]
    """
    there = [entry for entry in entries if on is None or entry.label.on(on)]
    kind, asked = _split(words)
    keys = [_key(entry.label.unit.name) for entry in there]
    near = {key: n for n, key in enumerate(text.suggestions(_key(asked), keys, most))}
    found: list[tuple[tuple[object, ...], Found]] = []
    for entry, key in zip(there, keys, strict=True):
        how = _how(entry, key, words, asked)
        if how in SURE and how != "code" and kind and entry.label.unit.kind not in ("", kind):
            how = "key"  # "xã Than Uyên" is not the township of that name
        if how is None and key in near:
            how = "close"
        if how is not None:
            hit = Found(entry.label, how)
            found.append((_order(hit, near.get(key, 0) if how == "close" else 0), hit))
    found.sort(key=lambda ranked: ranked[0])
    sure = sum(hit.how in SURE for _, hit in found)
    return tuple(hit for _, hit in found[: max(sure, most)])


def one(entries: Iterable[Entry], words: str, *, on: dt.date | None = None) -> Unit | None:
    """Return the one unit that words surely stand for; None where they may mean none or several.

    Examples
    --------
    >>> villages = [Entry(Label(Unit("MK04", "Hô Tra"))), Entry(Label(Unit("PK04", "Hô Ta")))]
    >>> one(villages, "Hô Tra").code, one(villages, "Ho Tra"), one(villages, "Hồ Tra")
    ('MK04', None, None)
    """
    labels = {hit.label for hit in search(entries, words, on=on) if hit.how in SURE}
    return labels.pop().unit if len(labels) == 1 else None


def _how(entry: Entry, key: str, words: str, asked: str) -> How | None:
    unit = entry.label.unit
    if text.clean(words).casefold() == unit.code.casefold():
        return "code"
    begin = _key(asked)
    # Names that are the same in any sense have the same key: most need no closer look.
    if begin in (key, *map(_key, entry.also)):
        senses = [text.same_name(asked, own_name(name)) for name in (unit.name, *entry.also)]
        if "exact" in senses:
            return "exact" if senses[0] == "exact" else "also"
        return "tone" if "tone" in senses else "key"
    return "begins" if len(begin) > 1 and key.startswith(begin) else None


@lru_cache(maxsize=1 << 16)
def _key(name: str) -> str:
    return text.village_key(own_name(name))


def _order(hit: Found, distance: int) -> tuple[object, ...]:
    since = hit.label.since or dt.date.min
    return (HOW.index(hit.how), distance, text.sort_key(hit.unit.name), hit.unit.code, since)
