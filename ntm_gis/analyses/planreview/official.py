"""Official totals of the commune and its former communes against what is drawn and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.merger.formers import formers_of
from ntm_gis.analyses.merger.rows import LAYER, declared, published
from ntm_gis.analyses.planreview.ground import array
from ntm_gis.analyses.planreview.outcomes import Outcome
from ntm_gis.rules.carrying import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    import shapely

    from ntm_gis.analyses.merger.rows import Row
    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.planning_cards import Rule

AREA, PEOPLE = "area_ha", "population"
"""Codes of the totals in the layer `figures` (data/units/figures.csv)."""

OWN = "commune"


def official_areas(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield the commune and former communes whose published area is not that of their outline."""
    who = case.layers.commune.commune
    formers = formers_of(case.layers.commune)
    drawn: list[tuple[str, str, shapely.Geometry | None, Row | None]] = [
        (OWN, who.name, case.layers.boundary, published(case.layers, formers, AREA)),
    ]
    given, _ = declared(case.layers, formers, figures(who.criteria_set))
    for former in formers:
        row = given.get(AREA, {}).get(former.id)
        outline = case.former.get(former.code) if former.whole else None
        drawn.append((former.code, former.name, outline, row.rows[0] if row else None))
    for key, name, outline, total in drawn:
        if outline is None or total is None or total.value is None or total.value <= 0:
            continue
        ha = float(hectares(array([outline]), case.zone)[0])
        difference = 100 * (ha - total.value) / total.value
        if abs(difference) > rule.tolerance.get("percent", 0.0):
            yield Outcome(
                rule, rule.breach, f"{key}/official", (), LAYER, total.at, outline,
                measured=ha, required=total.value, unit="ha", code="area_official",
                params={"name": name, "ha": ha, "stated": total.value, "difference": difference,
                        "by": _document(case, total)},
            )  # fmt: skip


def official_people(case: Case, rule: Rule, today: float | None) -> Iterator[Outcome]:
    """Yield the published population where the villages do not add up to it.

    Parameters
    ----------
    today : float or None
        The people of the villages; None where that of one is not known.

    Notes
    -----
    Both are counts: parameter `official_percent` allows for two days of counting, no more.
    """
    total = published(case.layers, formers_of(case.layers.commune), PEOPLE)
    if total is None or total.value is None or total.value <= 0 or today is None:
        return
    difference = 100 * (today - total.value) / total.value
    if abs(difference) > float(str(rule.parameters.get("official_percent", 0.0))):
        yield Outcome(
            rule, rule.breach, f"{OWN}/official", (), LAYER, total.at, case.layers.boundary,
            measured=today, required=total.value, unit="people", code="population_official",
            params={"today": today, "stated": total.value, "difference": difference,
                    "by": _document(case, total)},
        )  # fmt: skip


def _document(case: Case, total: Row) -> str:
    return texts(case.layers[LAYER].used, "document")[total.at] or "–"
