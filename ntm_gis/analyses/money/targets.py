"""Targets with the share achieved and the time left."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.targets import other_unit

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

_SLACK = 1e-9


def progress(layers: Layers, measures: Sequence[Measure]) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the targets as a frame, and findings about those whose day has passed.

    Returns
    -------
    GeoDataFrame
        A row a target: `value` of its measure (blank where that is surely in another unit),
        `share` achieved with its bounds, `days_left` from the day of the figures (below nothing:
        the day has passed), and `state`: reached, missed (surely, and the day has passed),
        late_unknown, due (today), under_way, unknown. The state is the value's against the
        target: it needs no baseline.
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
        if measured is not None and other_unit(unit, measured.unit):
            measured = None
        left = None if due is None else (due - as_of).days
        state = _state(_of_share(share) or _ends(measured, way, wanted), left)
        rows.append((
            key, name or key, of, unit, way, None if measured is None else measured.value,
            wanted, base, *((None,) * 3 if share is None else (share.value, share.low, share.high)),
            due, left, state,
        ))  # fmt: skip
        findings += _findings(layers, row, name or key, due, share, state)
    return listing(KINDS, rows, layers.commune.commune.crs), findings


def _of_share(share: Measure | None) -> set[bool]:
    """Return whether a target is met at both ends of its share; nothing where there is none."""
    if share is None or share.value is None:
        return set()
    whole = 100 * (1 - _SLACK)
    return {end is not None and end >= whole for end in (share.low, share.high)}


def _ends(measured: Measure | None, way: str | None, wanted: float) -> set[bool]:
    """Return whether a target of which there is no share is met at both ends of its measure.

    Nothing where that cannot be asked: no value, no direction, no target.
    """
    if measured is None or measured.value is None or way is None or math.isnan(wanted):
        return set()
    slack = _SLACK * max(1.0, abs(wanted))
    if way == "at_least":
        return {end is not None and end >= wanted - slack for end in (measured.low, measured.high)}
    return {end is not None and end <= wanted + slack for end in (measured.low, measured.high)}


def _state(ends: set[bool], left: int | None) -> str:
    late = left is not None and left < 0
    if ends == {True}:
        return "reached"
    if not ends:
        return "late_unknown" if late else "unknown"
    if not late:
        return "due" if left == 0 else "under_way"
    return "missed" if ends == {False} else "late_unknown"


def _findings(
    layers: Layers, row: int, name: str, due: dt.date | None, share: Measure | None, state: str
) -> Iterator[Finding]:
    codes = {"missed": "TARGET_MISSED", "late_unknown": "TARGET_LATE_UNKNOWN"}
    # Of a target of which nothing was worked out another finding says why.
    if state in codes and share is not None and share.value is not None:
        yield at_row(
            codes[state], layers[LAYER], row, field="due_on", name=name, due=due, share=share.high
        ).affecting((share.id,))
