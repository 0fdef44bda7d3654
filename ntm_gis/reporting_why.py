"""Why a figure of a closed period reads otherwise today: entries of the record, files of data.

Both are read from what the closing kept: its own entry in the record, and the digests of files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import Claim, Decision
from ntm_gis.outputs import wording
from ntm_gis.outputs.report.telling import words

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layers
    from ntm_gis.outputs.report.periods import Period
    from ntm_gis.results import Measure

_MOST = 5
_CLOSED = "period:"


@dataclass(frozen=True)
class Since:
    """What changed after a period was closed.

    Parameters
    ----------
    entries : tuple of (int, str or None, str)
        Number of each entry made since, the work it is about, and why where it takes one back.
    files : tuple of str
        Files of data whose bytes are others, or that came since.
    """

    entries: tuple[tuple[int, str | None, str], ...] = ()
    files: tuple[str, ...] = ()

    def said(self, measure: Measure, lang: str) -> str:
        """Return why a measure changed, as far as these say; empty where they do not."""
        mine = [e for e in self.entries if e[1] is None or _about(measure, e[1])]
        added = [str(n) for n, _, why in mine if not why][:_MOST]
        parts = [words("why_added", lang, numbers=", ".join(added))] if added else []
        parts += [words("why_undone", lang, n=n, why=why) for n, _, why in mine if why][:_MOST]
        inputs = set(measure.evidence.inputs)
        files = [wording.short_file(name) for name in self.files if name in inputs][:_MOST]
        if files:
            parts.append(words("why_file", lang, files=", ".join(files)))
        return "; ".join(parts)


def since(folder: Path, layers: Layers, period: Period) -> Since:
    """Return what changed in a commune's folder after a period was closed.

    Parameters
    ----------
    folder : Path
        The folder with commune.toml and the record.
    layers : Layers
        Today's.
    """
    held = period.inputs
    files = {
        account.file: account.sha256
        for account in layers.accounts
        if account.sha256 is not None and account.layer != "photos"
    }
    changed = tuple(name for name, digest in sorted(files.items()) if held.get(name) != digest)
    try:
        return Since(tuple(_entries(folder, period.name)), changed)
    except RecordError:
        # The run itself says that the record cannot be read.
        return Since((), changed)


def _entries(folder: Path, period: str) -> Iterator[tuple[int, str | None, str]]:
    lines = record.history(folder / record.FILE_NAME)
    works = {line.entry.hash: line.value.work_id for line in lines if isinstance(line.value, Claim)}
    closed = [
        place
        for place, line in enumerate(lines)
        if isinstance(line.value, Decision) and line.value.subject == f"{_CLOSED}{period}"
    ]
    # A period that the record does not know of was closed before anything that it holds.
    for line in lines[closed[0] + 1 :] if closed else ():
        value = line.value
        if isinstance(value, record.Undo):
            yield line.entry.n, works.get(value.target), value.why
        elif value is not None and not isinstance(value, Decision) and not line.undone_by:
            yield line.entry.n, works.get(line.entry.hash), ""


def _about(measure: Measure, work: str) -> bool:
    """Whether a measure is of a work, or of all works together."""
    own = measure.subject
    return own is None or own == work or f".{work}." in f".{measure.id}."
