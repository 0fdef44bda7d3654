"""An entry as it stands in the record, and one about to be written."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ntm_gis.errors import RecordError
from ntm_gis.record.canonical import canonical, dumps, parse
from ntm_gis.results import Words, sentence, words

CENTRELINE, REPORT, SURVEY, ACCEPTANCE = "centreline", "report", "survey", "acceptance"
UNDO, DISPUTE, SETTLEMENT, DECISION = "undo", "dispute", "settlement", "decision"
KINDS = (CENTRELINE, REPORT, SURVEY, ACCEPTANCE, UNDO, DISPUTE, SETTLEMENT, DECISION)

FOLDER = "THƯ_MỤC"
"""Stands for the commune's folder in a command, where it is not known."""
SHORT = 8
_LEAST_SHORT = 6
_DIGITS = re.compile(r"[0-9]+")
_HEX = re.compile(rf"[0-9a-f]{{{_LEAST_SHORT},64}}")
STORED = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
"""Name of a file in the store."""
DEVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
"""Name of a machine."""
KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""A kind, also of later versions."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry about to be written.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    content : mapping
        What it says: two entries of one kind and content say the same.
    basis : mapping
        What it was read from: file, sheet, row, centreline. Not part of what it says.
    files : tuple of str
        Names in the store of the files that it rests on.
    """

    kind: str
    content: Mapping[str, Any]
    basis: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Digest of kind and content."""
        return _key(self.kind, canonical(self.content))

    def body(self, at: dt.datetime, by: str | None) -> str:
        """Return the text that goes into the record, with who entered it and when."""
        entered = {"at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if by:
            entered["by"] = by
        parts: dict[str, object] = {"content": self.content, "entered": entered}
        if self.basis:
            parts["basis"] = self.basis
        if self.files:
            parts["files"] = sorted(set(self.files))
        return canonical(parts)


@dataclass(frozen=True)
class Entry:
    """One entry as it stands in the record.

    Parameters
    ----------
    device : str
        The machine that made it.
    n : int
        One more than the greatest number its record held then; on two machines that did not
        know of each other, two entries may bear one number.
    text : str
        The body as written.
    prev, hash : str
        Digest of the device's entry before it, and its own.
    """

    device: str
    n: int
    kind: str
    text: str
    prev: str
    hash: str

    @property
    def order(self) -> tuple[int, str, str]:
        """Sort key: the same on every machine, and later for what was made knowing of others."""
        return self.n, self.device, self.hash

    @property
    def short(self) -> str:
        """The first digits of its digest, by which it can be named."""
        return self.hash[:SHORT]

    @cached_property
    def body(self) -> Mapping[str, Any] | None:
        """What was written; None where it cannot be read."""
        try:
            return parse(self.text)
        except ValueError:
            return None

    @property
    def content(self) -> Mapping[str, Any]:
        """What it says; empty where it cannot be read."""
        return self._part("content")

    @property
    def basis(self) -> Mapping[str, Any]:
        """What it was read from."""
        return self._part("basis")

    @property
    def files(self) -> tuple[str, ...]:
        """Names in the store of the files that it rests on."""
        found = (self.body or {}).get("files", [])
        names = found if isinstance(found, list) else []
        return tuple(n for n in names if isinstance(n, str) and STORED.fullmatch(n))

    @property
    def entered_at(self) -> dt.datetime | None:
        """When it was entered, by the clock of the machine."""
        try:
            return dt.datetime.fromisoformat(str(self._part("entered").get("at")))
        except ValueError:
            return None

    @property
    def entered_by(self) -> str | None:
        """Who entered it, where that was said."""
        by = self._part("entered").get("by")
        return by if isinstance(by, str) else None

    @cached_property
    def key(self) -> str | None:
        """Digest of kind and content; None where the body cannot be read."""
        return None if self.body is None else _key(self.kind, dumps(self.content))

    def _part(self, name: str) -> Mapping[str, Any]:
        part = (self.body or {}).get(name)
        return part if isinstance(part, dict) else {}


def kind_title(kind: str) -> Words:
    """Return a kind of entry as officials see it; an unknown one as "other".

    Examples
    --------
    >>> kind_title("report").vi, kind_title("of a later version").en
    ('báo cáo', 'other')
    """
    code = f"RECORD_KIND_{kind.upper()}"
    return sentence(code if code in words.messages() else "RECORD_KIND_OTHER", {})


def find(entries: Iterable[Entry], reference: str, *, folder: str = FOLDER) -> Entry:
    """Return the entry that a person means by its number or the first digits of its digest.

    Parameters
    ----------
    reference : str
        "12", or at least six digits of a digest: "3fa9c1".
    folder : str
        The commune's folder as it is typed, for the next step that is named.

    Raises
    ------
    RecordError
        There is no such entry, or several: two machines may have used one number.
    """
    wanted = reference.strip().lstrip("#").casefold()
    entries = tuple(entries)
    number = int(wanted) if _DIGITS.fullmatch(wanted) and len(wanted) < 16 else None
    fit = [entry for entry in entries if entry.n == number]
    if not fit and _HEX.fullmatch(wanted):
        fit = [entry for entry in entries if entry.hash.startswith(wanted)]
    if not fit:
        raise RecordError("RECORD_ENTRY_NONE", value=reference, folder=folder)
    if len(fit) > 1:
        choices = tuple(f"{e.short} ({e.device})" for e in sorted(fit, key=lambda e: e.order))
        raise RecordError("RECORD_ENTRY_SEVERAL", value=reference, choices=choices)
    return fit[0]


def _key(kind: str, content: str) -> str:
    return hashlib.sha256(f"{kind}\n{content}".encode()).hexdigest()
