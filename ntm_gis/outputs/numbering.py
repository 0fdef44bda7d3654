"""Findings are numbered once; list, pins, Excel and GeoPackage show the same numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ntm_gis.outputs import wording
from ntm_gis.results import Finding, words
from ntm_gis.rules.terms import sections

FOLD_FROM = 4
MOST_ROWS = 20


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


def head(group: Group, lang: str) -> str:
    """Return what the findings of a group say together; "…" stands where they differ.

    Examples
    --------
    >>> from ntm_gis.results import Severity, sentence
    >>> made = [sentence("MEASURE_UNKNOWN", {"measure": name}) for name in ("x", "y")]
    >>> found = [Finding("MEASURE_UNKNOWN", Severity.NOTE, told) for told in made]
    >>> head(Group("MEASURE_UNKNOWN", tuple(enumerate(found, 1))), "en")[:25]
    "There is no measure '…'. "
    """
    kinds = sections()["finding_kind"]
    if group.code in kinds:
        return kinds[group.code].of(lang)
    told = group.items[0][1].message.of(lang)
    if len({finding.message for _, finding in group.items}) == 1:
        return told
    # What the first one says of its own row is not what all of them say.
    known = words.messages().get(group.code)
    return told if known is None else words.fill(known.text.of(lang), lang, _ANYTHING)


_ANYTHING: defaultdict[str, str] = defaultdict(lambda: "…")


def rows_of(group: Group, lang: str) -> list[str]:
    """Return where the findings of a group are: a line for each file and sheet, with its rows.

    Examples
    --------
    >>> from ntm_gis.results import Severity, Words
    >>> found = [Finding("A", Severity.NOTE, Words("", ""), file="a.csv", row=n) for n in (16, 17)]
    >>> rows_of(Group("A", tuple(enumerate(found, 1))), "vi")
    ['a.csv · dòng 16, 17']
    """
    places: dict[tuple[str | None, str | None], list[int]] = {}
    for _, finding in group.items:
        found = places.setdefault((finding.file, finding.table), [])
        if finding.row is not None and finding.row not in found:
            found.append(finding.row)
    out = []
    for (file, table), rows in places.items():
        listed = ", ".join(str(row) for row in rows[:MOST_ROWS])
        more = f" … (+{len(rows) - MOST_ROWS})" if len(rows) > MOST_ROWS else ""
        where = wording.place_words(file, table, f"{listed}{more}" if rows else None, lang)
        if where:
            out.append(where)
    return out
