"""The proof of a whole record: its file, its chain, the files it rests on, a printed code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import canonical, chain, database, store
from ntm_gis.record.entries import Entry
from ntm_gis.record.folding import broken_findings, fold
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
        Everything asked about was proved.
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


def verify(
    path: Path,
    *,
    code: str | None = None,
    commune: str | None = None,
    files_in: Path | None = None,
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
    printed = None if code is None else printed_after(book.entries, book.commune, code)
    findings = [
        *(() if not book.torn else (_damaged(path),)),
        *broken_findings(breaks, path),
        *(Finding.of("RECORD_GUARD_GONE", file=path.name) for _ in book.unguarded[:1]),
        *_of_files(files, book.entries),
        *fold(book.entries, without={b.entry.hash for b in breaks if b.entry}).findings,
        *(
            Finding.of("RECORD_FORKED", n=str(entry.n), device=entry.device)
            for entry in chain.forks(book.entries)
        ),
    ]
    if code is not None and printed is None:
        findings.append(Finding.of("RECORD_CODE_NOT_OURS", file=path.name, value=code.strip()))
    here = head(book.entries, book.commune)
    whole = not (book.torn or breaks or book.unguarded or files.missing or files.changed) and (
        code is None or printed is not None
    )
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
    tips: set[str] = set()
    named: set[str] = set()
    found = None
    for entry in entries:
        named.add(entry.prev)
        tips.discard(entry.prev)
        if entry.hash not in named:
            tips.add(entry.hash)
        if canonical.check_code(canonical.head(commune, tips)) == wanted:
            found = entry
    return found


def _of_files(files: store.StoreState, entries: tuple[Entry, ...]) -> list[Finding]:
    codes = {"RECORD_STORE_MISSING": files.missing, "RECORD_STORE_CHANGED": files.changed}
    return [
        Finding.of(code, file=f"{store.FOLDER}/{name}", n=_resting_on(name, entries))
        for code, names in codes.items()
        for name in names
    ]


def _resting_on(name: str, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(str(entry.n) for entry in entries if name in entry.files)[:10]


def _damaged(path: Path) -> Finding:
    return Finding.of("RECORD_DAMAGED", file=path.name, folder=path.parent.name)


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
