"""Measures, their evidence and findings as tables of the GeoPackage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.feature_tables import GpkgTable, TableColumn, column_of
from ntm_gis.outputs.features import Features
from ntm_gis.outputs.gates import id_for_json
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.qgis import qml
from ntm_gis.outputs.rows import Value
from ntm_gis.results import Finding
from ntm_gis.rules.terms import term

WGS84 = "EPSG:4326"

_NUMBERS = frozenset(
    ["value", "low", "high", "report_value", "numerator", "denominator", "amount", "weight"]
)
_WHOLE = frozenset(["number", "source_row"])

# Column -> term of its heading, as the sheets of tables.xlsx have them.
_MEASURE_TITLES = {
    "id": "id_of", "title": "measure", "value": "value", "low": "low", "high": "high",
    "report_value": "report_value", "unit": "unit", "numerator": "numerator",
    "denominator": "denominator", "method": "how", "notes": "notes_of", "files": "documents",
}  # fmt: skip
_EVIDENCE_TITLES = {
    "measure": "measure", "layer": "layer", "feature": "feature", "amount": "amount",
    "unknown": "unknown_ones", "source_file": "file", "source_table": "table", "source_row": "row",
}  # fmt: skip


def result_tables(answer: Answer, layers: Layers, lang: str) -> list[GpkgTable]:
    """Return the tables `measures`, `evidence` and `findings`."""
    return [
        _measures(answer, lang),
        _evidence(answer, layers, lang),
        _findings(answer, layers.commune.commune.crs, lang),
    ]


def _measures(answer: Answer, lang: str) -> GpkgTable:
    found = sorted(answer.measures, key=lambda measure: measure.id)
    columns: dict[str, Sequence[Value]] = {
        "id": [id_for_json(m.id) for m in found],
        "title": [m.title.of(lang) for m in found],
        "value": [m.value for m in found],
        "low": [m.low for m in found],
        "high": [m.high for m in found],
        "report_value": [m.report_value for m in found],
        "unit": [m.unit for m in found],
        "numerator": [m.numerator for m in found],
        "denominator": [m.denominator for m in found],
        "method": [m.evidence.method.of(lang) for m in found],
        "notes": ["\n".join(n.text.of(lang) for n in m.notes) or None for m in found],
        "files": ["\n".join(m.evidence.inputs) or None for m in found],
    }
    title = term("sheet_measures").of(lang)
    return _listed("measures", title, _columns(columns, _MEASURE_TITLES, lang), lang)


def _evidence(answer: Answer, layers: Layers, lang: str) -> GpkgTable:
    """Return every contribution of every measure, with the row it comes from."""
    features = Features(layers)
    found = [
        (id_for_json(m.id), part, features.find(part.layer, part.id))
        for m in sorted(answer.measures, key=lambda measure: measure.id)
        for part in sorted(m.evidence.features, key=lambda c: (c.layer, c.id))
    ]
    columns: dict[str, Sequence[Value]] = {
        "measure": [name for name, _, _ in found],
        "layer": [part.layer for _, part, _ in found],
        "feature": [part.id for _, part, _ in found],
        "amount": [part.amount for _, part, _ in found],
        "weight": [part.weight for _, part, _ in found],
        "unknown": [part.unknown for _, part, _ in found],
        "source_file": [feature.file for _, _, feature in found],
        "source_table": [feature.table for _, _, feature in found],
        "source_row": [feature.row for _, _, feature in found],
    }
    title = term("evidence").of(lang)
    return _listed("evidence", title, _columns(columns, _EVIDENCE_TITLES, lang), lang)


def _findings(answer: Answer, zone: str, lang: str) -> GpkgTable:
    items = numbered(answer.findings)
    found = [finding for _, finding in items]
    by_id = {measure.id: measure for measure in answer.measures}
    columns: dict[str, Sequence[Value]] = {
        "number": [n for n, _ in items],
        "severity": [str(f.severity) for f in found],
        "severity_title": [term(str(f.severity)).of(lang) for f in found],
        "code": [f.code for f in found],
        "message": [f.message.of(lang) for f in found],
        "repair": [f.repair.of(lang) if f.repair else None for f in found],
        "source_file": [f.file for f in found],
        "source_table": [f.table for f in found],
        "source_row": [f.row for f in found],
        "layer": [f.layer for f in found],
        "feature": [f.feature for f in found],
        "field": [f.field for f in found],
        "value": [f.value for f in found],
        "affects": [", ".join(wording.titles_of(f.affects, by_id, lang)) or None for f in found],
    }
    titles = {
        "number": "number", "severity_title": "severity_of", "message": "message",
        "repair": "proposal", "source_file": "file", "source_table": "table",
        "source_row": "row", "layer": "layer", "feature": "feature", "field": "field",
        "value": "written_value", "affects": "affects",
    }  # fmt: skip
    made = _columns(columns, titles, lang)
    shapes = np.array(_places(found, zone), dtype=object)
    title = term("findings").of(lang)
    style = qml.findings({column.name: column.title for column in made}, lang)
    return GpkgTable("findings", "findings", title, made, shapes, "Point", style)


def _listed(name: str, title: str, columns: tuple[TableColumn, ...], lang: str) -> GpkgTable:
    """Return a table without geometry, with the headings of its columns."""
    form = qml.form("", {column.name: column.title for column in columns}, lang)
    return GpkgTable(name, name, title, columns, style=form)


def _places(found: Sequence[Finding], zone: str) -> list[shapely.Point | None]:
    """Return the points of findings in the commune's zone; None where one has no place."""
    to_zone = crs.transformer(WGS84, zone)
    out: list[shapely.Point | None] = []
    for finding in found:
        if finding.at is None:
            out.append(None)
            continue
        east, north = to_zone.transform(*finding.at)
        out.append(shapely.Point(round(east, 2), round(north, 2)))
    return out


def _columns(
    columns: dict[str, Sequence[Value]], titles: dict[str, str], lang: str
) -> tuple[TableColumn, ...]:
    """Return columns; numbers are numbers even where nothing stands in them."""
    kinds = dict.fromkeys(_NUMBERS, "number") | dict.fromkeys(_WHOLE, "integer")
    if "severity" in columns:
        kinds["value"] = "text"  # of a finding: as the office wrote it
    return tuple(
        column_of(n, values, term(titles[n]).of(lang) if n in titles else n, kinds.get(n, ""))
        for n, values in columns.items()
    )
