"""Two records into one: the union of their entries, whichever way round and however often."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntm_gis.record import chain, database, lock, store
from ntm_gis.record.entries import Entry
from ntm_gis.record.head import head
from ntm_gis.record.ledger import writing
from ntm_gis.record.sound import require_whole


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought.

    Parameters
    ----------
    new : tuple of Entry
        Entries that were not here before, in order.
    known : int
        Entries of the other record that were here already.
    check_code : str or None
        Of this record now.
    files : tuple of str
        Files of the store that came with them.
    files_missing : tuple of str
        Files that entries rest on and neither store has.
    """

    new: tuple[Entry, ...]
    known: int
    check_code: str | None
    files: tuple[str, ...] = ()
    files_missing: tuple[str, ...] = ()


def merge(
    path: Path, other: Path, commune: str, *, device: str | None = None,
    patience_s: float = lock.PATIENCE_S,
) -> Merged:  # fmt: skip
    """Take the entries of another record in.

    What is here stays, what is the same is not written twice, and the order of merging makes no
    difference. Claims that overlap are let stand side by side: that is for people to settle.

    Parameters
    ----------
    path : Path
        `record.sqlite` of the commune; made where there is none.
    other : Path
        The other machine's record or a backup of it, with its `store/` beside it if at hand.

    Raises
    ------
    RecordError
        The other record is missing, damaged, broken, of a newer version or another commune;
        or this one cannot be written. Nothing was written then.
    """
    coming = database.load(other, commune)
    require_whole(chain.breaks(coming.entries, coming.commune), other, home=path.parent)
    with writing(path, commune, device=device, patience_s=patience_s) as ledger:
        # Files first: an entry never stands in the record before what it rests on.
        there = store.store_of(other)
        files = store.fetch(store.store_of(path), there, coming.entries)
        new = ledger.join(coming.entries)
        entries = ledger.entries
        left = store.check(store.store_of(path), coming.entries)
    code = head(entries, commune).code
    return Merged(new, len(coming.entries) - len(new), code, files, left.missing)
