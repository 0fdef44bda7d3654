"""Whether a record may be relied upon: its chain, its guards, its files, its own backups.

A chain cannot know that its newest entries were cut off. What was copied before can: every entry
of a backup beside the record has to be in the record still.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis import text
from ntm_gis.errors import RecordError
from ntm_gis.record import canonical, chain, database, disk, store
from ntm_gis.record.entries import Entry
from ntm_gis.results import Finding, Words

BACKUPS = "backups"
"""Where backups lie, beside the record, unless they were wanted elsewhere."""

_NAME = re.compile(r"-[0-9]{4}-[0-9]{2}-[0-9]{2}-([0-9A-Z]+)\.sqlite")


@dataclass(frozen=True, slots=True)
class Compared:
    """A record beside its own backups.

    Parameters
    ----------
    count : int
        Backups that were looked at.
    findings : tuple of Finding
        Backups that hold what the record lacks, and such as cannot be read.
    lost : int
        Entries of a backup that the record lacks, of the backup with most of them.
    """

    count: int = 0
    findings: tuple[Finding, ...] = ()
    lost: int = 0


def require_whole(
    found: Sequence[chain.Break], path: Path, *, alone: bool = False, home: Path | None = None
) -> None:
    """Refuse to go on from a chain that does not hold; the sentence names its first break.

    Parameters
    ----------
    alone : bool
        One entry was looked at without those before it: only what it says is judged.
    home : Path, optional
        The commune's folder, where the file is not in it: a backup, another machine's record.
    """
    first = next((b for b in found if not alone or b.unproved), None)
    if first is not None:
        raise RecordError("RECORD_BROKEN", **_broken(first, path, home))


def require_sound(book: database.Book, path: Path) -> None:
    """Refuse to build on a record of which an entry does not prove, or whose guards are gone.

    Raises
    ------
    RecordError
        The sentence names the first broken entry, and how a backup is brought back.
    """
    require_whole(chain.breaks(book.entries, book.commune), path)
    if book.unguarded:
        raise RecordError("RECORD_GUARD_GONE", **disk.named(path))


def of_chain(found: Sequence[chain.Break], path: Path) -> tuple[Finding, ...]:
    """Return the finding that names the first break of a chain, if there is one."""
    return tuple(Finding.of("RECORD_BROKEN", **_broken(b, path)) for b in found[:1])


def of_guards(book: database.Book, path: Path) -> tuple[Finding, ...]:
    """Return the finding that guards against change are gone, if they are."""
    return tuple(Finding.of("RECORD_GUARD_GONE", **disk.named(path)) for _ in book.unguarded[:1])


def of_files(files: store.StoreState, entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Return a finding for each file of the store that is missing or was changed."""
    codes = {"RECORD_STORE_MISSING": files.missing, "RECORD_STORE_CHANGED": files.changed}
    return tuple(
        Finding.of(code, file=f"{store.FOLDER}/{name}", n=_resting_on(name, entries))
        for code, names in codes.items()
        for name in names
    )


def compare(book: database.Book, path: Path) -> Compared:
    """Compare a record with its own backups.

    Parameters
    ----------
    path : Path
        The record, with `backups/` beside it; the book may be of a copy of it.

    Notes
    -----
    A backup bears in its name the check code that the record had. Where the record did bear that
    code, all that the backup held is in it, and the backup is not opened.
    """
    named = backups(path.parent / BACKUPS, path)
    if not named:
        return Compared()
    borne = {code.replace("-", "") for code in codes(book.entries, book.commune)}
    here = {entry.hash for entry in book.entries}
    findings, lost = [], 0
    for file, code in named:
        if code in borne:
            continue
        try:
            held = database.load(file, book.commune).entries
        except RecordError as fault:
            # A backup that is no use when it is needed has to be known before.
            findings.append(_unread(file, fault))
            continue
        gone = [e for e in held if e.hash not in here and _proves(e)]
        if gone:
            lost = max(lost, len(gone))
            findings.append(_behind(file, path, gone))
    return Compared(len(named), tuple(findings), lost)


def backups(folder: Path, path: Path) -> list[tuple[Path, str]]:
    """Return the backups of a record in a folder, each with the code in its name."""
    with disk.telling(folder):
        files = sorted(folder.glob(f"{path.stem}-*.sqlite")) if folder.is_dir() else []
    return [(file, found[1]) for file in files if (found := _NAME.search(file.name))]


def is_gone(path: Path) -> bool:
    """Say whether a record that is not there was there: files or backups of it lie beside."""
    return store.has_any(store.store_of(path)) or bool(backups(path.parent / BACKUPS, path))


def codes(entries: Sequence[Entry], commune: str) -> Iterator[str]:
    """Yield the check code that a record bore after each of its entries.

    Parameters
    ----------
    entries : sequence of Entry
        In the order in which the file got them.
    """
    tips: set[str] = set()
    named: set[str] = set()
    for entry in entries:
        named.add(entry.prev)
        tips.discard(entry.prev)
        if entry.hash not in named:
            tips.add(entry.hash)
        yield canonical.check_code(canonical.head(commune, tips))


def _broken(first: chain.Break, path: Path, home: Path | None = None) -> dict[str, Any]:
    return {
        "file": path.name, "n": str(first.n), "device": first.device, "what": first.words,
        "typed": text.typed(home or path.parent),
    }  # fmt: skip


def _behind(file: Path, path: Path, gone: Sequence[Entry]) -> Finding:
    return Finding.of(
        "RECORD_BEHIND_BACKUP", file=path.name, backup=file.name, count=len(gone),
        n=str(min(e.n for e in gone)), typed=text.typed(path.parent), other=text.typed(file),
    )  # fmt: skip


def _unread(file: Path, fault: RecordError) -> Finding:
    what = Words(fault.say("vi"), fault.say("en"))
    return Finding.of("RECORD_BACKUP_UNREAD", file=f"{file.parent.name}/{file.name}", what=what)


def _proves(entry: Entry) -> bool:
    return entry.hash == canonical.digest(entry.device, entry.n, entry.kind, entry.text, entry.prev)


def _resting_on(name: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(str(entry.n) for entry in entries if name in entry.files)[:10]
