"""Tables beside the plan review: land use before and after, between two plans, the dossiers.

They find no fault: they are the annexes that a review record is read with.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ntm_gis import text
from ntm_gis.analyses.columns import texts, truths
from ntm_gis.analyses.coverage import faults as coverage_faults
from ntm_gis.analyses.planreview.analysis import rules_of
from ntm_gis.analyses.planreview.case import PLANNED, Case
from ntm_gis.analyses.planreview.decided import decided, until
from ntm_gis.errors import NotComputable, UsageError
from ntm_gis.layers.values import Answer
from ntm_gis.rules.planning_codes import are_compatible, today
from ntm_gis.rules.planning_dossiers import needed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.columns import Shapes
    from ntm_gis.analyses.question import Question

READS: Reads = {}

SLIVER_M = 0.01

EXISTING = "existing"
DOCUMENTS = "plan_documents"

AREA = ("plan", "old_code", "new_code", "grid_m2", "ground_m2", "state")
CONFLICT = ("first", "second", "first_code", "second_code", "grid_m2", "ground_m2", "state")
DOSSIER = ("plan", "document", "document_en", "state")
DECISIONS = ("subject", "choice", "decided_by", "decided_on", "why", "document", "until")


def answer(question: Question) -> Answer:
    """Return the frames of the annexes; none where there are no plans.

    Returns
    -------
    Answer
        `plan_area_matrix`: a row a plan, land use existing (`old_code`) and planned
        (`new_code`), with m² in the grid and on the ellipsoid; None where the plan does not say.
        `plan_conflict_matrix`: a row two plans and the codes they give the ground they share.
        `plan_dossier`: a row a plan and document, `state` present, missing or unlisted. A pair
        whose zones overlap one another, or are not valid, has one row of state "not_computable".
        `plan_decisions`: the newest decision about each finding, item and rule (`subject`), with
        the last day of a waiver.
    """
    case = Case(question.layers, rules_of(question.layers))
    if not case.plans and not case.zones.ids:
        return Answer()
    zone = case.zone
    return Answer(
        frames={
            "plan_area_matrix": _frame(AREA, list(_areas(case)), zone),
            "plan_conflict_matrix": _frame(CONFLICT, list(_conflicts(case)), zone),
            "plan_dossier": _frame(DOSSIER, list(_dossiers(case)), zone),
            "plan_decisions": _frame(DECISIONS, list(_decided(question, case)), zone),
        }
    )


def _areas(case: Case) -> Iterator[tuple[object, ...]]:
    for plan in dict.fromkeys(p for p in case.zones.plan if p is not None):
        before, after = (_ground(case, plan, period) for period in (EXISTING, PLANNED))
        if len(before[0]) or len(after[0]):
            for row in _matrix(before, after, case.zone):
                yield plan, *row


def _conflicts(case: Case) -> Iterator[tuple[object, ...]]:
    grounds = {
        plan.id: _ground(case, plan.id, PLANNED) for plan in case.in_force()
    }  # fmt: skip
    plans = [plan for plan, (shapes, _) in grounds.items() if len(shapes)]
    for i, first in enumerate(plans):
        for second in plans[i + 1 :]:
            a, b = _near(grounds[first], grounds[second]), _near(grounds[second], grounds[first])
            if not len(a[0]) or not len(b[0]):
                continue
            for left, right, grid, ground, state in _matrix(a, b, case.zone, alone=False):
                same = left is not None and right is not None and are_compatible(left, right)
                yield first, second, left, right, grid, ground, "same" if same else state


def _ground(case: Case, plan: str, period: str) -> tuple[Shapes, list[str | None]]:
    """Return the polygons of a plan's zones of a period, and their land use in codes of today."""
    zones = case.zones
    found = [
        k for k in zones.where(plan=plan, period=period)
        if shapely.get_dimensions(zones.shapes[k]) == 2
    ]  # fmt: skip
    codes = [None if (use := zones.land_use[k]) is None else today(use) for k in found]
    return zones.shapes[found], codes


def _near(
    of: tuple[Shapes, list[str | None]], other: tuple[Shapes, list[str | None]]
) -> tuple[Shapes, list[str | None]]:
    """Return the zones of a plan that meet one of another: the rest shares no ground with it."""
    shapes, codes = of
    hit = np.unique(shapely.STRtree(other[0]).query(shapes, predicate="intersects")[0])
    return shapes[hit], [codes[k] for k in hit]


def _matrix(
    a: tuple[Shapes, list[str | None]],
    b: tuple[Shapes, list[str | None]],
    zone: str,
    *,
    alone: bool = True,
) -> Iterator[tuple[str | None, str | None, float | None, float | None, str]]:
    if not len(a[0]) and not len(b[0]):
        return
    # Its compiled loops are waited for by communes with plans alone.
    from ntm_gis.analyses.overlay import pairs as overlay

    if any(_is_double(shapes, zone) for shapes, _ in (a, b)):
        yield None, None, None, None, "not_computable"
        return
    try:
        found = overlay.matrix(a[0], b[0], a[1], b[1], zone)
    except (NotComputable, UsageError):
        yield None, None, None, None, "not_computable"
        return
    rows, columns = len(found.left), len(found.right)
    for i, j in np.argwhere(found.grid_m2 > overlay.NO_GROUND_M2):
        if not alone and (i == rows or j == columns):
            continue
        yield (
            found.left[i] if i < rows else None, found.right[j] if j < columns else None,
            float(found.grid_m2[i, j]), float(found.ellipsoid_m2[i, j]),
            "both" if i < rows and j < columns else "old_only" if i < rows else "new_only",
        )  # fmt: skip


def _is_double(shapes: Shapes, zone: str) -> bool:
    """Whether zones of one set cover some ground twice: its areas would not add up."""
    found = coverage_faults.faults(shapes, zone, sliver_m=SLIVER_M)
    return len(found.overlaps.geometry) > 0


def _dossiers(case: Case) -> Iterator[tuple[object, ...]]:
    layer = case.layers[DOCUMENTS].used
    there: dict[str, dict[str, bool | None]] = defaultdict(dict)
    rows = zip(texts(layer, "plan_id"), texts(layer, "kind"), truths(layer, "present"), strict=True)
    for of_plan, kind, present in rows:
        if of_plan is not None and kind is not None:
            there[of_plan][text.fold(kind)] = present
    for plan_id, plan in case.plans.items():
        have = there.get(plan_id)
        for document in needed(plan.kind):
            state = "unlisted"
            if have is not None:
                is_there = any(have.get(name) for name in document.spellings)
                state = "present" if is_there else "missing"
            yield plan_id, document.title.vi, document.title.en, state


def _decided(question: Question, case: Case) -> Iterator[tuple[object, ...]]:
    said = decided(question.decisions.decided, case.as_of)
    for subject, one in sorted({**said.by_subject, **said.waived}.items()):
        yield (
            subject, one.choice, one.decided_by, one.decided_on, one.why, one.document, until(one),
        )  # fmt: skip


def _frame(
    columns: Sequence[str], rows: Sequence[tuple[object, ...]], zone: str
) -> gpd.GeoDataFrame:
    data = {
        name: pd.Series([row[k] for row in rows], dtype="float64" if name in _NUMBERS else object)
        for k, name in enumerate(columns)
    }
    empty = gpd.GeoSeries([None] * len(rows), crs=zone)
    return gpd.GeoDataFrame(data, geometry=empty, crs=zone)


_NUMBERS = frozenset({"grid_m2", "ground_m2"})
