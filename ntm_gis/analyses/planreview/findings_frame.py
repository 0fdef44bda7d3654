"""The frame of pins: what the review found, where, under which rule, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from ntm_gis.analyses.planreview.decided import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.analyses.planreview.outcomes import Pinned

M2_PER_HA = 10_000.0

RULES = "rules"
"""Attribute of the frame: name, version and digest of the rules that were applied."""


def plan_findings(found: Sequence[Pinned], case: Case) -> gpd.GeoDataFrame:
    """Return one row an outcome.

    Returns
    -------
    GeoDataFrame
        `id` (the pin), `rule`, `subject` (what a decision points at), `plans`, `layer`,
        `feature`, `severity`, `verdict`, `grid_ha`, `ground_ha` (on the ellipsoid), `measured`,
        `required`, `unit`, `decision`, `decided_by`, `decided_on`, `why`, `document`, `state`
        (fail, warn, no_data, advisory, waived); `use`, `other_use` (land uses that contradict
        each other: their ground by pair is the matrix of contradictions), `waived_until`;
        geometry where it is on the ground, in the zone. `attrs["rules"]` says by which rules,
        where there was a plan to review.
    """
    rows = [_row(one, case) for one in found]
    columns = {name: [row[k] for row in rows] for k, name in enumerate(COLUMNS)}
    data = {
        name: pd.Series(values, dtype="float64" if name in _NUMBERS else object)
        for name, values in columns.items()
    }
    shapes = gpd.GeoSeries([one.outcome.geometry for one in found], crs=case.zone)
    frame = gpd.GeoDataFrame(data, geometry=shapes, crs=case.zone)
    if case.has_plans:
        frame.attrs[RULES] = case.rules.label
    return frame


COLUMNS = (
    "id", "rule", "subject", "plans", "layer", "feature", "severity", "verdict", "grid_ha",
    "ground_ha", "measured", "required", "unit", "decision", "decided_by", "decided_on", "why",
    "document", "state", "use", "other_use", "waived_until",
)  # fmt: skip
_NUMBERS = frozenset({"grid_ha", "ground_ha", "measured", "required"})


def _row(one: Pinned, case: Case) -> tuple[object, ...]:
    outcome = one.outcome
    feature = None
    if outcome.layer is not None and outcome.row is not None:
        feature = case.layers[outcome.layer].places.ids[outcome.row]
    choice = one.decided or one.waived
    told = (
        (choice.choice, choice.decided_by, choice.decided_on, choice.why, choice.document)
        if choice is not None
        else (None,) * 5
    )
    return (
        one.pin, outcome.rule.id, f"{outcome.rule.id}:{outcome.subject}",
        ", ".join(outcome.plans), outcome.layer, feature, str(one.severity), outcome.verdict,
        _ha(outcome.grid_m2), _ha(outcome.ground_m2), outcome.measured, outcome.required,
        outcome.unit, *told, one.status, *outcome.uses,
        None if one.waived is None else until(one.waived),
    )  # fmt: skip


def _ha(m2: float | None) -> float | None:
    return None if m2 is None else m2 / M2_PER_HA
