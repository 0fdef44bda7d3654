"""`close`: a period frozen whole, and the signed number and scan filed.

Inputs go into the store under their digests, results and outputs into `periods/PERIOD/`, and
the record says that it was done. A closed period is never written to again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_gis import pipeline, record
from ntm_gis.booking import login
from ntm_gis.closing_check import (
    CLOSE,
    SIGN,
    SUBJECT,
    changed,
    closings,
    fits,
    head_of,
    meant,
    named_alike,
    span,
)
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision
from ntm_gis.outputs.files import atomic_write, explained, require_folder
from ntm_gis.outputs.folders import REPORT, TEMPLATES, TEXTS
from ntm_gis.outputs.report import periods
from ntm_gis.results import Severity
from ntm_gis.rules import commune as communes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ntm_gis.layers.values import Account
    from ntm_gis.pipeline import Progress, Review

_SAID = 5
_KEEPS_BACK = (Severity.STOP, Severity.BLOCK)


@dataclass(frozen=True)
class Closed:
    """A period that was closed, or whose signed copy was filed.

    Parameters
    ----------
    place : Path
    files : int
        Files frozen in it; 0 where only a signed copy was filed.
    provisional : int
        Findings that keep figures of it from being official.
    """

    period: str
    place: Path
    files: int
    provisional: int


def close(
    folder: Path,
    period: str,
    *,
    number: str | None = None,
    signed: Path | None = None,
    by: str | None = None,
    today: dt.date,
    as_of: dt.date | None = None,
    lang: str = "vi",
    progress: Progress = pipeline._silent,  # noqa: SLF001 - the pipeline's own silence
) -> Closed:
    """Freeze a period, or file the number and scan of one that is closed.

    Parameters
    ----------
    period : str
        "2025-Q3": a year, then what part of it.
    number : str, optional
        Number of the document that was signed.
    signed : Path, optional
        A scan of it; its bytes go into the store.
    today : date
        The day that the record bears.

    Raises
    ------
    UsageError
        The name is no period's, the figures are of another day than the period's, or it is
        closed and there is nothing to file or its files were changed since.
    OutputError, RecordError
        It cannot be written; then nothing of the period is there.

    Notes
    -----
    A closing that was cut off after the record had taken it is brought to its end by the next
    one: the files lie ready beside the periods and only want their name.
    """
    if not periods.NAME.fullmatch(period):
        named = meant(period)
        code = "PERIOD_NAME" if named is None else "PERIOD_NAME_MEANT"
        raise UsageError(code, value=period, meant=named)
    if signed is not None and not signed.is_file():
        raise UsageError("PERIOD_SCAN_MISSING", file=signed.name)
    who = communes.read(folder).commune
    _finish(folder, who.code, period)
    period = named_alike(folder, period) or period
    place = folder / periods.FOLDER / period
    if place.exists():
        _file(folder, who.code, period, number, signed, by, today)
        return Closed(period, place, 0, 0)
    if as_of is None and not fits(period, who.as_of):
        first, last = span(period) or (who.as_of, who.as_of)
        raise UsageError(
            "PERIOD_OTHER_DAY", period=period, day=who.as_of, first=first, last=last,
            typed=last.isoformat(),
        )  # fmt: skip
    found, _ = pipeline.run(folder, as_of=as_of, lang=lang, progress=progress)
    with record.writing(folder / record.FILE_NAME, who.code) as ledger:
        if place.exists():
            # Somebody else closed it while this run was made.
            raise UsageError("PERIOD_CLOSED", period=period)
        inputs, kept = _inputs(ledger, folder, found.layers.accounts)
        head = {
            "period": period, "as_of": found.commune.commune.as_of.isoformat(), "number": number,
            "record_head": found.decisions.head, "inputs": inputs,
        }  # fmt: skip
        half = _half(place)
        digest = _freeze(folder, half, head)
        whole = _sha256((half / periods.HEAD).read_bytes())
        details = [("as_of", str(head["as_of"])), ("results", digest), ("head", whole)]
        scans = [] if signed is None else [ledger.keep(signed)]
        if number is not None:
            details.append(("number", number))
        made = _decision(period, CLOSE, by, today, details)
        ledger.append([record.decision(made, (*kept, *scans))], by=by)
        # Last: where the record could not be written, nothing of the period is there.
        _appear(half, place)
    return Closed(period, place, _files(place), _provisional(found))


def _half(place: Path) -> Path:
    return place.with_name(f".{place.name}.half")


def _finish(folder: Path, code: str, period: str) -> None:
    """Bring a closing to its end that was cut off between the record and the folder's name."""
    place = folder / periods.FOLDER / period
    half = _half(place)
    if place.exists() or head_of(half) is None:
        return
    with record.writing(folder / record.FILE_NAME, code):
        said = closings(folder).get(period)
        if said is not None and not tuple(changed(half, said)):
            _appear(half, place)


def _provisional(found: Review) -> int:
    return sum(one.severity in _KEEPS_BACK for one in found.findings)


def _file(
    folder: Path, code: str, period: str, number: str | None, signed: Path | None,
    by: str | None, today: dt.date,
) -> None:  # fmt: skip
    """Enter the number and scan of a period that is closed; the period itself stays."""
    if number is None and signed is None:
        raise UsageError("PERIOD_CLOSED", period=period)
    said = closings(folder).get(period)
    place = folder / periods.FOLDER / period
    files = () if said is None else tuple(changed(place, said))
    if files:
        # A signature belongs to what was closed, not to what became of it.
        raise UsageError("PERIOD_CHANGED_SIGN", period=period, files=files[:_SAID])
    with record.writing(folder / record.FILE_NAME, code) as ledger:
        scans = [] if signed is None else [ledger.keep(signed)]
        details = [] if number is None else [("number", number)]
        details += [("scan", name) for name in scans]
        made = _decision(period, SIGN, by, today, details)
        ledger.append([record.decision(made, scans)], by=by)


def _decision(
    period: str, choice: str, by: str | None, today: dt.date, details: Sequence[tuple[str, Any]]
) -> Decision:
    return Decision(
        "", f"{SUBJECT}{period}", choice, today, by or login(), period, None,
        tuple((name, str(value)) for name, value in details),
    )  # fmt: skip


def _inputs(
    ledger: record.Ledger, folder: Path, accounts: Iterable[Account]
) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """Copy every input into the store; return file and digest of each, and the names there."""
    wanted: dict[str, str | None] = {}
    for account in accounts:
        if account.sha256 is not None:
            # Of a photo only the head was read.
            wanted[account.file] = None if account.layer == "photos" else account.sha256
            home = account.file.rpartition("/")[0]
            wanted |= {f"{home}/{name}".lstrip("/"): sha for name, sha in account.members}
    own = (communes.FILE_NAME, TEXTS, f"{TEMPLATES}/{REPORT}")
    wanted |= {name: None for name in own if (folder / name).is_file()}
    out = [(name, ledger.keep(folder / name, wanted[name])) for name in sorted(wanted)]
    entries = [{"file": name, "sha256": kept.partition(".")[0]} for name, kept in out]
    return entries, tuple(dict.fromkeys(kept for _, kept in out))


def _freeze(folder: Path, half: Path, head: dict[str, Any]) -> str:
    """Copy the outputs beside the head of the period, not yet under its name.

    Returns
    -------
    str
        Digest of results.json.
    """
    require_folder(half.parent)
    shutil.rmtree(half, onerror=_writable)
    files = []
    out = folder / pipeline.OUT
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        name = path.relative_to(out)
        content = path.read_bytes()
        _read_only(atomic_write(half / name, content))
        files.append({"file": name.as_posix(), "sha256": _sha256(content)})
    digest = next(one["sha256"] for one in files if one["file"] == periods.RESULTS)
    whole = {**head, "results_sha256": digest, "outputs": files}
    text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    _read_only(atomic_write(half / periods.HEAD, text.encode("utf-8")))
    return digest


def _files(place: Path) -> int:
    return sum(path.is_file() for path in place.rglob("*"))


def _appear(half: Path, place: Path) -> None:
    try:
        half.rename(place)
    except OSError as cause:
        raise explained(cause, place) from cause


def _read_only(path: Path) -> None:
    path.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)


def _writable(remove: Any, path: str, _: Any) -> None:
    """Take away what an interrupted closing left, which is read-only already."""
    if Path(path).exists():
        Path(path).chmod(stat.S_IREAD | stat.S_IWRITE)
        remove(path)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
