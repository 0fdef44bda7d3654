"""Findings as the page shows them: number, pin, place in the files, proposal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ntm_gis import crs, numbers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.numbering import numbered
from ntm_gis.results import Finding, Measure, Severity
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.outputs.webmap.sheets import Sheet
    from ntm_gis.rules.maps import MapDefinition

Places = Mapping[tuple[str, str], tuple[int, int]]


def places(sheets: Sequence[Sheet]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return where on the page the feature of a layer and an id is: layer, number."""
    out: dict[tuple[str, str], tuple[int, int]] = {}
    for index, sheet in enumerate(sheets):
        for key, number in sheet.number.items():
            out.setdefault((sheet.style.schema_name, key), (index, number))
    return out


def points(
    definition: MapDefinition,
    context: Context,
    measures: Mapping[str, Measure],
    sheets: Sequence[Sheet],
) -> tuple[list[dict[str, Any]], int]:
    """Return the findings that a map shows, and how many more there are.

    A map that does not tell of everything leaves out findings about layers it has not; what
    could not be read at all stands on each.
    """
    at = places(sheets)
    out, more = [], 0
    for number, finding in numbered(context.answer.findings):
        if (
            definition.findings == "all"
            or finding.layer in definition.findings
            or finding.severity is Severity.STOP
        ):
            out.append(_given(number, finding, context, at, measures))
        else:
            more += 1
    return out, more


def _given(
    number: int,
    finding: Finding,
    context: Context,
    at: Places,
    measures: Mapping[str, Measure],
) -> dict[str, Any]:
    lang = context.lang
    feature = at.get((finding.layer or "", finding.feature or ""))
    return {
        "number": number,
        "severity": finding.severity.value,
        "text": text_for_html(finding.message.of(lang)),
        "repair": text_for_html(finding.repair.of(lang)) if finding.repair else "",
        "where": _where(finding, lang),
        "feature": list(feature) if feature is not None else None,
        "at": _on_ground(finding.at, context),
        "affects": [
            text_for_html(measures[key].title.of(lang))
            for key in finding.affects
            if key in measures
        ],
    }


def _where(finding: Finding, lang: str) -> str:
    """Write file, sheet and row as the files have them."""
    row = say("file_row", lang, row=finding.row) if finding.row is not None else None
    file = finding.file.removeprefix("sources/") if finding.file else None
    return text_for_html(", ".join(part for part in (file, finding.table, row) if part))


def _on_ground(at: tuple[float, float] | None, context: Context) -> list[int] | None:
    """Return a place in whole metres from the page's corner."""
    if at is None:
        return None
    x, y = crs.transformer("EPSG:4326", context.commune.commune.crs).transform(*at)
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    west, south = context.origin
    return [round(numbers.round_half_up(x - west)), round(numbers.round_half_up(y - south))]
