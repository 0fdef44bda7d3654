"""Figures of former communes: of each, added up, or as one ratio; and how villages changed.

A figure is carried the way `data/units/figures.csv` says: it adds up, it is the sum of the
numerators over the sum of the denominators, or it cannot be carried and a finding says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures as building
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.merger import findings as merger_findings
from ntm_gis.analyses.merger import villages as merger_villages
from ntm_gis.analyses.merger.formers import formers_of
from ntm_gis.analyses.merger.measures import Merged
from ntm_gis.analyses.merger.pieces import all_pieces
from ntm_gis.analyses.merger.rows import LAYER, declared
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Contribution, Measure, Note, Words
from ntm_gis.rules.carrying import figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.merger.formers import Former
    from ntm_gis.analyses.merger.rows import Declared
    from ntm_gis.analyses.question import Question
    from ntm_gis.results import Finding

_DECLARED = (
    "indicator", "unit_code", "sex", "value", "numerator", "denominator", "as_of", "assessed_by",
)  # fmt: skip


def _reads(*columns: str) -> Mapping[str, tuple[str, ...]]:
    return {"figures": _DECLARED, "villages": ("former_commune", *columns)}


READS: Reads = {
    "merger.": {"figures": _DECLARED},
    "merger.villages.": _reads(),
    "merger.population.": _reads("population"),
    "merger.households.": _reads("households"),
    "merger.poor_households.": _reads("poor_households"),
    "merger.near_poor_households.": _reads("near_poor_households"),
    "merger.cultural_families.": _reads("cultural_families"),
    "merger.cultural_villages.": _reads("cultural_standard"),
    "merger.poor_share.": _reads("poor_households", "households"),
    "merger.near_poor_share.": _reads("near_poor_households", "households"),
    "merger.cultural_families_share.": _reads("cultural_families", "households"),
    "merger.cultural_villages_share.": _reads("cultural_standard"),
}


def answer(question: Question) -> Answer:
    """Return the measures `merger.*`, their findings, and the frame of changed villages."""
    layers = question.layers
    commune = layers.commune
    formers = formers_of(commune)
    measures: list[Measure] = []
    findings: list[Finding] = [*merger_findings.of_predecessors(commune)]
    if formers:
        carried, found = _figures(layers, formers)
        measures += carried
        findings += found
    villages = merger_villages.history(layers)
    return Answer(tuple(measures), (*findings, *villages.findings), villages.frames)


def _figures(layers: Layers, formers: Sequence[Former]) -> tuple[list[Measure], Iterable[Finding]]:
    known = figures(layers.commune.commune.criteria_set)
    given, findings = declared(layers, formers, known)
    measures: list[Measure] = []
    for code, figure in known.items():
        rows = given.pop(code, {})
        pieces = all_pieces(layers, figure, formers, rows)
        if pieces.by_former:
            measures += Merged(layers, tuple(formers), figure, rows, pieces).measures()
        if rows:
            findings += merger_findings.of_figure(layers, figure, formers, rows)
    for code, rows in given.items():
        measures += [_not_listed(layers, code, row) for row in rows.values()]
        findings.append(merger_findings.not_listed(layers, code, rows))
    return measures, findings


def _not_listed(layers: Layers, code: str, row: Declared) -> Measure:
    """Return a figure of a former commune of which nothing says how it is carried."""
    title = Words(code, code)
    name = named(
        "merger.FIGURE.FORMER", row.former.id, FIGURE=code, FORMER=row.former.segment,
        figure=title, small=title, former=row.former.name,
    )  # fmt: skip
    known = row.value is not None
    feature = Contribution(LAYER, row.ids[0], row.value or 0.0, not known)
    found = building.summed(
        name, (feature,), (layers[LAYER],), more=None, low=row.value, high=row.value,
        known=known, method=building.LIST, notes=(Note.of("MERGER_FIGURE_UNLISTED_NOTE"),),
    )  # fmt: skip
    # What it is counted in is not known either.
    return replace(found, numerator=None, unit="")
