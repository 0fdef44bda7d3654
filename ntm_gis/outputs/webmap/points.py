"""Findings as the page shows them: number, pin, place in the files, proposal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis import crs, numbers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.wording import short_file, shows_table
from ntm_gis.results import Finding, Measure, Severity
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.outputs.webmap.sheets import Sheet
    from ntm_gis.rules.maps import MapDefinition


class Places:
    """Where on a page the feature of a layer and an id is.

    Parameters
    ----------
    sheets : sequence of Sheet
        The layers of the page, in its order.
    """

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        # A layer's own frame comes before those that analyses made of some of its rows.
        order = sorted(enumerate(sheets), key=lambda pair: not pair[1].style.primary)
        self._by_schema: dict[str, list[tuple[int, Mapping[str, int]]]] = {}
        for index, sheet in order:
            self._by_schema.setdefault(sheet.style.schema_name, []).append((index, sheet.number))

    def get(self, layer: str, key: str) -> tuple[int, int] | None:
        """Return layer and number, or None where the page has no such feature."""
        for index, number in self._by_schema.get(layer, ()):
            if key in number:
                return index, number[key]
        return None


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with its number, and what every page says of it."""

    finding: Finding
    words: dict[str, Any]


def told(context: Context, measures: Mapping[str, Measure]) -> list[Told]:
    """Return the findings of the commune in the order of their numbers."""
    lang = context.lang
    return [
        Told(
            finding,
            {
                "number": number,
                "severity": finding.severity.value,
                "text": text_for_html(finding.message.of(lang)),
                "repair": text_for_html(finding.repair.of(lang)) if finding.repair else "",
                "where": _where(finding, lang),
                "at": _on_ground(finding.at, context),
                "affects": [
                    text_for_html(measures[key].title.of(lang))
                    for key in finding.affects
                    if key in measures
                ],
            },
        )
        for number, finding in numbered(context.answer.findings)
    ]


def points(
    definition: MapDefinition, every: Sequence[Told], sheets: Sequence[Sheet]
) -> tuple[list[dict[str, Any]], int]:
    """Return the findings that a page knows, and how many of the commune's it does not list.

    A map that does not tell of everything lists findings about its own layers; what could not
    be read at all stands on each. Findings about what lies in its background are there for
    links that lead to them (`aside`), neither listed nor pinned.
    """
    own = {sheet.style.schema_name for sheet in sheets}
    at = Places(sheets)
    out, listed = [], 0
    for one in every:
        finding = one.finding
        tells = (
            definition.findings == "all"
            or finding.layer in definition.findings
            or finding.severity is Severity.STOP
        )
        if tells or finding.layer in own:
            feature = at.get(finding.layer or "", finding.feature or "")
            out.append({**one.words, "feature": feature, "aside": not tells})
            listed += tells
    return out, len(every) - listed


def _where(finding: Finding, lang: str) -> str:
    """Write file, sheet and row as the files have them."""
    row = say("file_row", lang, row=str(finding.row)) if finding.row is not None else None
    file = short_file(finding.file) if finding.file else None
    table = finding.table if shows_table(finding.file, finding.table) else None
    return text_for_html(", ".join(part for part in (file, table, row) if part))


def _on_ground(at: tuple[float, float] | None, context: Context) -> list[int] | None:
    """Return a place in whole metres from the page's corner."""
    if at is None:
        return None
    x, y = crs.transformer("EPSG:4326", context.commune.commune.crs).transform(*at)
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    west, south = context.origin
    return [round(numbers.round_half_up(x - west)), round(numbers.round_half_up(y - south))]
