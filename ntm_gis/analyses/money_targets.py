"""Targets with the share achieved and the time left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.places import at_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Finding, Measure

LAYER = "targets"

KINDS: dict[str, type] = {
    "id": str, "name": str, "measure": str, "unit": str, "direction": str, "value": float,
    "target": float, "baseline": float, "share": float, "share_low": float, "share_high": float,
    "due_on": dt.date, "days_left": float, "state": str,
}  # fmt: skip

WHOLE = 100.0
_SLACK = 1e-9


def progress(layers: Layers, measures: Sequence[Measure]) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the targets as a frame, and findings about those whose day has passed.

    Returns
    -------
    GeoDataFrame
        A row a target: `value` of its measure, `share` achieved with its bounds, `days_left`
        from the day of the figures (below nothing: the day has passed), and `state`: reached,
        missed (surely, and the day has passed), late_unknown, due (today), under_way, unknown.
    """
    layer = layers[LAYER]
    used, as_of = layer.used, layers.commune.commune.as_of
    by_id = {measure.id: measure for measure in measures}
    columns = zip(
        ids(layer), texts(used, "name"), texts(used, "measure"), texts(used, "unit"),
        texts(used, "direction"), amounts(used, "value").tolist(),
        amounts(used, "baseline").tolist(), days(used, "due_on"), strict=True,
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    findings: list[Finding] = []
    for row, (key, name, of, unit, way, wanted, base, due) in enumerate(columns):
        share = by_id.get(f"target.{text.segment(key)}.achieved_share")
        measured = by_id.get(of or "")
        left = None if due is None else (due - as_of).days
        state = _state(share, left)
        rows.append((
            key, name or key, of, unit, way, None if measured is None else measured.value,
            wanted, base, *((None,) * 3 if share is None else (share.value, share.low, share.high)),
            due, left, state,
        ))  # fmt: skip
        findings += _findings(layers, row, name or key, due, share, state)
    return listing(KINDS, rows, layers.commune.commune.crs), findings


def _state(share: Measure | None, left: int | None) -> str:
    late = left is not None and left < 0
    if share is not None and share.low is not None and share.low >= WHOLE * (1 - _SLACK):
        return "reached"
    if share is None or share.value is None:
        return "late_unknown" if late else "unknown"
    if not late:
        return "due" if left == 0 else "under_way"
    surely = share.high is not None and share.high < WHOLE * (1 - _SLACK)
    return "missed" if surely else "late_unknown"


def _findings(
    layers: Layers, row: int, name: str, due: dt.date | None, share: Measure | None, state: str
) -> Iterator[Finding]:
    codes = {"missed": "TARGET_MISSED", "late_unknown": "TARGET_LATE_UNKNOWN"}
    # Of a target of which nothing was worked out another finding says why.
    if state in codes and share is not None and share.value is not None:
        yield at_row(
            codes[state], layers[LAYER], row, field="due_on", name=name, due=due, share=share.high
        ).affecting((share.id,))
