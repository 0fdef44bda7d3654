"""The proof of a whole record: its file, its chain, the files it rests on, a printed code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import canonical, chain, database, disk, sound, store
from ntm_gis.record.entries import Entry
from ntm_gis.record.folding import fold
from ntm_gis.record.head import head
from ntm_gis.results import Finding


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved of a record, and what was found wrong with it.

    Parameters
    ----------
    count : int
        Entries that could be read.
    devices : tuple of str
        The machines that made them.
    head, check_code : str or None
        None where nothing was entered yet.
    breaks : tuple of Break
        Where the chain does not hold, first place first.
    files : StoreState
        The files that entries rest on.
    printed_after : Entry or None
        Where a printed code was asked about and belongs to this record: the newest entry that
        the record held when it was printed.
    findings : tuple of Finding
        All of it in words.
    whole : bool
        The record was proved: its file, chain, guards and files, and it lacks nothing that its own
        backups hold. A printed code that is not its own takes nothing from that.
    backups : int
        Backups that it was compared with. With none, nothing but a printed code can tell that the
        newest entries were cut off.
    code_fits : bool or None
        Whether the printed code asked about is of this record; None where none was.
    """

    path: Path
    commune: str
    count: int
    devices: tuple[str, ...]
    head: str | None
    check_code: str | None
    breaks: tuple[chain.Break, ...]
    files: store.StoreState
    printed_after: Entry | None
    findings: tuple[Finding, ...]
    whole: bool
    backups: int = 0
    code_fits: bool | None = None


def verify(
    path: Path,
    *,
    code: str | None = None,
    commune: str | None = None,
    files_in: Path | None = None,
    copy_of: Path | None = None,
) -> Verified:
    """Prove a record; whatever is wrong with it is found and named.

    Parameters
    ----------
    code : str, optional
        A check code printed on a report: did this record bear it, and up to which entry?
    commune : str, optional
        Code of the commune that it must be the record of.
    files_in : Path, optional
        Where the files lie that entries rest on; `store/` beside the record where left out.
    copy_of : Path, optional
        The record that this one was copied from, whose backups it is compared with.

    Raises
    ------
    RecordError
        There is no file, it is no record, of a newer version or of another commune; or `code`
        is no check code.
    """
    try:
        book = database.load(path, commune, rescue=True)
    except RecordError as fault:
        if fault.code != "RECORD_DAMAGED":
            raise
        return _nothing_read(path, commune)
    breaks = chain.breaks(book.entries, book.commune)
    files = store.check(files_in or store.store_of(path), book.entries)
    compared = sound.compare(book, copy_of or path)
    printed = None if code is None else printed_after(book.entries, book.commune, code)
    findings = [
        *(() if not book.torn else (_damaged(path),)),
        *sound.of_chain(breaks, copy_of or path),
        *sound.of_guards(book, copy_of or path),
        *compared.findings,
        *sound.of_files(files, book.entries),
        *fold(book.entries, without={b.entry.hash for b in breaks if b.entry}).findings,
        *(
            Finding.of("RECORD_FORKED", n=str(entry.n), device=entry.device)
            for entry in chain.forks(book.entries)
        ),
    ]
    if code is not None and printed is None:
        findings.append(Finding.of("RECORD_CODE_NOT_OURS", file=path.name, value=code.strip()))
    here = head(book.entries, book.commune)
    broken = book.torn or breaks or book.unguarded or compared.lost
    whole = not (broken or files.missing or files.changed)
    return Verified(
        path=path,
        commune=book.commune,
        count=len(book.entries),
        devices=tuple(sorted({entry.device for entry in book.entries})),
        head=here.digest,
        check_code=here.code,
        breaks=breaks,
        files=files,
        printed_after=printed,
        findings=tuple(findings),
        whole=whole,
        backups=compared.count,
        code_fits=None if code is None else printed is not None,
    )


def printed_after(entries: tuple[Entry, ...], commune: str, code: str) -> Entry | None:
    """Return the newest entry that a record held when a check code was printed.

    Parameters
    ----------
    entries : tuple of Entry
        In the order in which this file got them.
    code : str
        As printed, however it was typed.

    Returns
    -------
    Entry or None
        None where this record never bore that code: entries that it held then are gone or
        changed, or the report was printed from another machine's record.

    Raises
    ------
    RecordError
        It is no check code.
    """
    wanted = canonical.read_code(code)
    if wanted is None:
        raise RecordError("RECORD_CODE_UNREADABLE", value=code)
    found = None
    for entry, borne in zip(entries, sound.codes(entries, commune), strict=True):
        if borne == wanted:
            found = entry
    return found


def _damaged(path: Path) -> Finding:
    return Finding.of("RECORD_DAMAGED", **disk.named(path))


def _nothing_read(path: Path, commune: str | None) -> Verified:
    return Verified(
        path=path,
        commune=commune or "",
        count=0,
        devices=(),
        head=None,
        check_code=None,
        breaks=(),
        files=store.StoreState(),
        printed_after=None,
        findings=(_damaged(path),),
        whole=False,
    )
