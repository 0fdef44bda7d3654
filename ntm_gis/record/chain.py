"""The proof: every entry bears the digest of what it says and names the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ntm_gis.record import canonical
from ntm_gis.record.entries import DEVICE, KIND, Entry
from ntm_gis.results import Words, sentence

What = Literal["content", "missing", "order", "form"]


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold.

    Parameters
    ----------
    n : int
        Number of the entry.
    device : str or None
        The machine that made it; None for an entry that is gone.
    what : {"content", "missing", "order", "form"}
        It does not say what was entered; the entry before it, or one of this number, is gone;
        it stands out of order; it is not written as entries are.
    entry : Entry or None
        The entry as it stands; None where it is gone.
    """

    n: int
    device: str | None
    what: What
    entry: Entry | None = None

    @property
    def unproved(self) -> bool:
        """Whether the entry itself proves nothing, so that it never counts."""
        return self.what in ("content", "form")

    @property
    def words(self) -> Words:
        """What differs, as a part of a sentence."""
        return sentence(f"RECORD_BREAK_{self.what.upper()}", {})


def breaks(entries: Iterable[Entry], commune: str) -> tuple[Break, ...]:
    """Return every place where the chain does not hold, in the order of the entries.

    Parameters
    ----------
    entries : iterable of Entry
        All entries of a record, in any order.
    commune : str
        Code of the commune that it must be the record of.

    Notes
    -----
    A chain proves what stands before its newest entry. That the newest itself has been cut off
    shows against a check code printed earlier, or where a later entry of any machine knew of it:
    numbers go up by one, so a number without an entry is an entry that is gone.
    """
    ordered = sorted(entries, key=lambda entry: entry.order)
    first = canonical.genesis(commune)
    by_hash = {entry.hash: entry for entry in ordered}
    out = []
    number = 0
    for entry in ordered:
        out += [Break(gone, None, "missing") for gone in _between(number, entry.n)]
        number = max(number, entry.n)
        what = _fault(entry, by_hash.get(entry.prev), first)
        if what is not None:
            out.append(Break(entry.n, entry.device, what, entry))
    return tuple(out)


def tips(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the digests that no other entry names as the one before it, sorted."""
    entries = tuple(entries)
    named = {entry.prev for entry in entries}
    return tuple(sorted(entry.hash for entry in entries if entry.hash not in named))


def forks(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries that name the same one before them as an older entry does.

    So it is where a folder was copied and both copies were written in, or where a backup was
    brought back. Nothing is wrong with them.
    """
    seen: set[tuple[str, str]] = set()
    out = []
    for entry in sorted(entries, key=lambda entry: entry.order):
        if (entry.device, entry.prev) in seen:
            out.append(entry)
        seen.add((entry.device, entry.prev))
    return tuple(out)


def _between(last: int, n: int) -> range:
    # A number changed to something enormous is told as one entry gone, not as a billion.
    return range(last + 1, min(n, last + 2))


def _fault(entry: Entry, before: Entry | None, first: str) -> What | None:
    if canonical.digest(entry.device, entry.n, entry.kind, entry.text, entry.prev) != entry.hash:
        return "content"
    named = DEVICE.fullmatch(entry.device) and KIND.fullmatch(entry.kind)
    if entry.body is None or not named:
        return "form"
    if entry.prev == first:
        return None
    if before is None:
        return "missing"
    if before.device != entry.device or before.n >= entry.n:
        return "order"
    return None
