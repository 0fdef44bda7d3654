"""A form filled in before and then worked on by hand: nothing of that is written over in silence.

What stands in `out/filled/` is ours to make anew, but people open it and go on by hand. The text
beside each form bears a code of the bytes that were written; a form that no longer fits its code
is kept aside under another name, and what differs is said.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from ntm_gis.errors import UsageError
from ntm_gis.filling_cells import Where, quiet
from ntm_gis.filling_sums import Told
from ntm_gis.outputs.files import atomic_write, explained
from ntm_gis.outputs.report import forms
from ntm_gis.results import sentence

_ASIDE = "sua-tay"
_SAID = 10
_MOST_ROWS, _MOST_COLUMNS = 3_000, 120


def code(content: bytes) -> str:
    """Return the code by which a filled form is known again.

    Examples
    --------
    >>> code(b"")
    'E3B0-C442-98FC-1C14'
    """
    said = hashlib.sha256(content).hexdigest()[:16].upper()
    return "-".join(said[k : k + 4] for k in range(0, 16, 4))


def set_aside(path: Path, notes: Path, content: bytes) -> Iterator[Told]:
    """Keep a filled form that was changed by hand under another name, and say what differs.

    Parameters
    ----------
    path, notes : Path
        Where the form and its text go.
    content : bytes
        What is about to be written there.

    Raises
    ------
    OutputError
        It cannot be kept; then what stands there stays.
    """
    if not path.is_file():
        return
    try:
        there = path.read_bytes()
        said = notes.read_text(encoding="utf-8-sig", errors="replace") if notes.is_file() else ""
    except OSError as cause:
        # On Windows a form that is open in Excel may not even be read.
        raise explained(cause, path) from cause
    if there == content or code(there) in said:
        return
    kept = _free(path, there)
    atomic_write(kept, there)
    params = {"kept": kept.name, "cells": tuple(_different(there, content)) or ("–",)}
    yield Told("FILL_BY_HAND", sentence("FILL_BY_HAND", params))


def _free(path: Path, content: bytes) -> Path:
    """Return a name that is free, or that holds the very same form."""
    number = 1
    while True:
        end = f"-{number}" if number > 1 else ""
        kept = path.with_name(f"{path.stem}-{_ASIDE}{end}{path.suffix}")
        if not kept.exists() or kept.read_bytes() == content:
            return kept
        number += 1


def _different(there: bytes, content: bytes) -> Iterator[str]:
    """Yield the cells that read otherwise in the two, as "D8 (Biểu 11)"; not all of many."""
    try:
        with quiet():
            forms.read("", there)
    except UsageError:
        # Whatever somebody made of it: it is kept as it is.
        return
    old, new = _values(there), _values(content)
    names = [where for where in sorted({*old, *new}) if old.get(where) != new.get(where)]
    yield from (f"{at} ({sheet})" for sheet, at in names[:_SAID])
    if len(names) > _SAID:
        yield "…"


def _values(content: bytes) -> dict[Where, object]:
    import openpyxl

    with quiet():
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for line in sheet.iter_rows(
            max_row=min(sheet.max_row or 0, _MOST_ROWS),
            max_col=min(sheet.max_column or 0, _MOST_COLUMNS),
        )
        for cell in line
        if isinstance(cell.value, str | int | float) and cell.data_type != "f"
    }
