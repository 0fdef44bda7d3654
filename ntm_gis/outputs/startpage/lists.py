"""Findings by severity; many of one kind are folded under one head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ntm_gis.outputs import wording
from ntm_gis.outputs.features import OVERVIEW, map_of
from ntm_gis.outputs.numbering import Group, grouped, head
from ntm_gis.results import Finding, Measure, Severity
from ntm_gis.rules.terms import term

GRAVE = (Severity.STOP, Severity.BLOCK)

MOST_ALIKE = 100
"""Findings of one kind that a page lists; all are in the Excel file."""


@dataclass(frozen=True, slots=True)
class Item:
    """One finding of the list."""

    number: int
    message: str
    where: str
    proposal: str
    affects: tuple[str, ...]
    href: str | None
    placed: bool


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Findings of one kind; with a head where they are folded, `more` of them not listed."""

    head: str
    range: str
    folded: bool
    count: int
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SeverityList:
    """All findings of one severity."""

    severity: str
    title: str
    meaning: str
    count: int
    groups: tuple[ItemGroup, ...]
    grave: bool
    """It stands open; what is only to be looked at is opened on demand."""


def severities(
    items: Sequence[tuple[int, Finding]],
    measures: Iterable[Measure],
    maps_made: frozenset[str],
    lang: str,
) -> tuple[SeverityList, ...]:
    """Return findings as the page lists them.

    Parameters
    ----------
    items : sequence of (int, Finding)
        Numbered findings.
    measures : iterable of Measure
        Name what a finding touches.
    maps_made : set of str
        Maps that links may lead to.
    lang : str
    """
    by_id = {measure.id: measure for measure in measures}
    out = []
    for severity in Severity:
        members = [(n, f) for n, f in items if f.severity is severity]
        groups = tuple(_group(group, by_id, maps_made, lang) for group in grouped(members))
        out.append(
            SeverityList(
                str(severity),
                term(f"severity.{severity}").of(lang),
                term(f"severity_meaning.{severity}").of(lang),
                len(members),
                groups,
                severity in GRAVE,
            )
        )
    return tuple(out)


def _group(
    group: Group, by_id: dict[str, Measure], maps_made: frozenset[str], lang: str
) -> ItemGroup:
    first, last = group.items[0][0], group.items[-1][0]
    return ItemGroup(
        head=head(group, lang),
        range=f"{first}–{last}" if last > first else str(first),
        folded=group.folded,
        count=len(group.items),
        items=tuple(
            _item(n, finding, by_id, maps_made, lang) for n, finding in group.items[:MOST_ALIKE]
        ),
        more=max(len(group.items) - MOST_ALIKE, 0),
    )


def _item(
    number: int, finding: Finding, by_id: dict[str, Measure], maps_made: frozenset[str], lang: str
) -> Item:
    names = (map_of(finding.layer), OVERVIEW)
    name = next((n for n in names if n in maps_made), None) if finding.at else None
    return Item(
        number=number,
        message=finding.message.of(lang),
        where=wording.where(finding, lang),
        proposal=finding.repair.of(lang) if finding.repair else "",
        affects=tuple(wording.titles_of(finding.affects, by_id, lang)),
        href=f"maps/{name}.html#finding={number}" if name else None,
        placed=finding.at is not None,
    )
