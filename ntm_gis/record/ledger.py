"""Writing: entries go to the end of the record, all of an append or none.

An append is acknowledged when it returns; from then on its entries survive a killed process and
a power cut. What is in the record already is not written twice, and what was withdrawn does not
come back because its file is read again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ntm_gis import text
from ntm_gis.errors import RecordError
from ntm_gis.record import (
    canonical,
    chain,
    database,
    disk,
    locality,
    lock,
    sound,
    store,
    undoing,
    upgrade,
)
from ntm_gis.record.bodies import Settlement, Undo, value_of
from ntm_gis.record.entries import (
    ACCEPTANCE,
    CENTRELINE,
    DEVICE,
    DISPUTE,
    KIND,
    REPORT,
    SURVEY,
    UNDO,
    Draft,
    Entry,
    find,
)
from ntm_gis.record.known import Said
from ntm_gis.record.machine import device as this_machine

FILE_NAME = "record.sqlite"

State = Literal["new", "known", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft.

    Parameters
    ----------
    draft : Draft
    entry : Entry
        The entry that says it: the new one, or the one that was there.
    state : {"new", "known", "withdrawn"}
        Written now; in the record already; in the record, and undone there.
    undone_by : tuple of Entry
        The undos in force against it; undo these to bring it back.
    """

    draft: Draft
    entry: Entry
    state: State
    undone_by: tuple[Entry, ...] = ()


class Ledger:
    """The record of one commune, open for writing; made by `writing`."""

    def __init__(self, path: Path, commune: str, device: str, db: sqlite3.Connection) -> None:
        self.path = path
        self.commune = commune
        self.device = device
        self._db = db
        self._entries: tuple[Entry, ...] | None = None
        self._version = -1

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order that is the same on every machine."""
        with disk.telling(self.path):
            version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        if self._entries is None or version != self._version:
            found = database.book(self._db, self.path)
            self._entries = tuple(sorted(found.entries, key=lambda entry: entry.order))
            self._version = version
        return self._entries

    def find(self, reference: str) -> Entry:
        """Return the entry that a person means by its number or the start of its digest.

        Raises
        ------
        RecordError
            There is none, or there are several.
        """
        return find(self.entries, reference, folder=text.typed(self.path.parent))

    def keep(self, file: Path, sha256: str | None = None) -> str:
        """Copy a file into the store; return its name there, for the `files` of an entry.

        Raises
        ------
        RecordError
            It cannot be copied, or its bytes are not those of the digest given.
        """
        return store.keep(store.store_of(self.path), file, sha256)

    def append(
        self, drafts: Iterable[Draft], *, by: str | None = None, at: dt.datetime | None = None
    ) -> tuple[Outcome, ...]:
        """Add entries in one transaction; when this returns they are on the disk.

        Parameters
        ----------
        drafts : iterable of Draft
            As the builders of `bodies` make them.
        by : str, optional
            Who enters them.
        at : datetime, optional
            When, with its time zone; now where left out.

        Returns
        -------
        tuple of Outcome
            One for each draft, in their order.

        Raises
        ------
        RecordError
            Nothing was written: the disk is full, the record is damaged, an undo or settlement
            has no target, or a file is not in the store.
        """
        drafts = tuple(drafts)
        at = at or dt.datetime.now(dt.UTC)
        # Outcomes are worked out inside: nobody can write between looking and writing.
        with self._writing():
            outcomes = self._outcomes(drafts, by, at)
            fresh = tuple(dict.fromkeys(o.entry for o in outcomes if o.state == "new"))
            database.insert(self._db, fresh)
        if fresh:
            self._entries = tuple(sorted((*self.entries, *fresh), key=lambda entry: entry.order))
        return outcomes

    def join(self, others: Iterable[Entry]) -> tuple[Entry, ...]:
        """Take in entries of another record whose chain was proved; return the new ones."""
        with self._writing():
            known = {entry.hash for entry in self.entries}
            fresh = sorted((e for e in others if e.hash not in known), key=lambda e: e.order)
            database.insert(self._db, fresh)
        self._entries = None
        return tuple(fresh)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with database.transaction(self._db, self.path):
                yield
        except BaseException:
            self._entries = None
            raise

    def _outcomes(
        self, drafts: Sequence[Draft], by: str | None, at: dt.datetime
    ) -> tuple[Outcome, ...]:
        entries = self.entries
        undone = dict(undoing.undone(entries))
        said = Said(entries)
        n = entries[-1].n if entries else 0
        prev = self._tip()
        out = []
        for draft in drafts:
            before = said.before(draft)
            if before is not None:
                against = undone.get(before.hash, ())
                state: State = "withdrawn" if against else "known"
                out.append(Outcome(draft, before, state, against))
                continue
            self._require_fit(draft, undone)
            n += 1
            text = draft.body(at, by)
            digest = canonical.digest(self.device, n, draft.kind, text, prev)
            entry = Entry(self.device, n, draft.kind, text, prev, digest)
            prev = digest
            said.add(entry)
            if entry.kind == UNDO:
                undone[entry.content["target"]] = (entry,)
            out.append(Outcome(draft, entry, "new"))
        return tuple(out)

    def _tip(self) -> str:
        """Return the digest of this machine's newest entry, which new ones go on from.

        Raises
        ------
        RecordError
            It does not bear the digest of what it says: nothing may be built on it.
        """
        own = [entry for entry in self.entries if entry.device == self.device]
        if not own:
            return canonical.genesis(self.commune)
        tip = own[-1]
        sound.require_whole(chain.breaks((tip,), self.commune), self.path, alone=True)
        return tip.hash

    def _require_fit(self, draft: Draft, undone: undoing.Against) -> None:
        """Refuse a draft that points at what is not there."""
        if not KIND.fullmatch(draft.kind):
            raise RecordError("RECORD_VALUE_UNFIT", field="kind", value=draft.kind[:60])
        value = value_of(draft)
        by_hash = {entry.hash: entry for entry in self.entries}
        if isinstance(value, Undo):
            self._require_target(by_hash.get(value.target), undone)
        if isinstance(value, Settlement):
            disputed = by_hash.get(value.dispute)
            if disputed is None or disputed.kind != DISPUTE:
                raise self._none(value.dispute[:8])
        for name in draft.files:
            if not (store.store_of(self.path) / name).is_file():
                raise RecordError("RECORD_FILE_NOT_KEPT", file=name)

    def _none(self, reference: str) -> RecordError:
        folder = text.typed(self.path.parent)
        return RecordError("RECORD_ENTRY_NONE", value=reference, folder=folder)

    def _require_target(self, target: Entry | None, undone: undoing.Against) -> None:
        if target is None:
            raise self._none("–")
        if target.hash in undone:
            by = tuple(str(entry.n) for entry in undone[target.hash])
            raise RecordError(
                "RECORD_UNDONE_ALREADY", n=str(target.n), by=by, folder=text.typed(self.path.parent)
            )
        if target.kind == CENTRELINE:
            line = target.content.get("digest")
            rest = [
                str(entry.n)
                for entry in self.entries
                if entry.kind in (REPORT, ACCEPTANCE, SURVEY)
                and entry.basis.get("centreline") == line
                and entry.hash not in undone
            ]
            if rest:
                raise RecordError("RECORD_LINE_IN_USE", n=str(target.n), by=tuple(rest[:10]))


@contextlib.contextmanager
def writing(
    path: Path, commune: str, *, device: str | None = None, patience_s: float = lock.PATIENCE_S
) -> Iterator[Ledger]:
    """Open the record of a commune for writing; make it where there is none.

    Parameters
    ----------
    path : Path
        `record.sqlite` in the commune's folder.
    commune : str
        Code of the commune.
    device : str, optional
        Name of this machine's chain; this machine's own where left out.
    patience_s : float
        How long to wait for another writer to end.

    Raises
    ------
    RecordError
        Another process is writing; the folder is on a network disk or copied to the cloud, or
        may not be written; the file is no record, is damaged, of a newer version, or of another
        commune; an entry of it does not prove, or its guards are gone: nothing may be built on
        it.
    """
    device = device or this_machine()
    if not DEVICE.fullmatch(device):
        raise RecordError("RECORD_VALUE_UNFIT", field="device", value=device[:60])
    locality.require_local(path.parent)
    with lock.held(path, patience_s):
        disk.sweep(path.parent)
        if not path.exists():
            if sound.is_gone(path):
                raise RecordError("RECORD_GONE", **disk.named(path))
            database.create(path, commune)
        elif database.is_older(path):
            upgrade.upgrade(path)
        with database.appending(path) as db:
            found = database.book(db, path)
            database.require_commune(found, commune, path)
            sound.require_sound(found, path)
            yield Ledger(path, commune, device, db)
