"""Findings are numbered once; list, pins, Excel and GeoPackage show the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ntm_gis.results import Finding

FOLD_FROM = 4


def numbered(findings: Iterable[Finding]) -> list[tuple[int, Finding]]:
    """Return the findings with their numbers, from 1: stop, block, warning, note.

    Within a severity those of one code follow one another, in the order of the sources: the same
    findings have the same numbers whichever analysis spoke first. A finding given twice has one
    number.

    Examples
    --------
    >>> from ntm_gis.results import Severity, Words
    >>> note = Finding("A", Severity.NOTE, Words("để biết", "to know"))
    >>> stop = Finding("B", Severity.STOP, Words("không đọc được", "cannot be read"))
    >>> [(n, f.code) for n, f in numbered([note, stop, note])]
    [(1, 'B'), (2, 'A')]
    """
    once = sorted(dict.fromkeys(findings), key=lambda f: (f.severity.rank, f.code, f.order))
    return list(enumerate(once, 1))


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one code, in the order of their numbers; `folded` where they are many."""

    code: str
    items: tuple[tuple[int, Finding], ...]

    @property
    def folded(self) -> bool:
        """There are so many alike that a list shows a head and opens on demand."""
        return len(self.items) >= FOLD_FROM


def grouped(items: Sequence[tuple[int, Finding]]) -> list[Group]:
    """Return numbered findings grouped by code; groups stand where their first number does."""
    by_code: dict[str, list[tuple[int, Finding]]] = {}
    for number, finding in items:
        by_code.setdefault(finding.code, []).append((number, finding))
    return [Group(code, tuple(members)) for code, members in by_code.items()]
