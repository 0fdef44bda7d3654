"""Frames of road works: the state of each stretch on each day, reports, overlaps, history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ntm_gis.analyses.chainage.axis import CM, stretch
from ntm_gis.analyses.progress.stretches import DISPUTED, histories
from ntm_gis.layers.values import FILE, ROW, TABLE
from ntm_gis.results import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import shapely

    from ntm_gis.analyses.progress.judged import Judged
    from ntm_gis.analyses.progress.lines import Lines
    from ntm_gis.analyses.progress.overlaps import Overlap
    from ntm_gis.analyses.progress.tally import Reports, Tally
    from ntm_gis.results.spans import Span

Column = list[Any]

_MM_PER_CM = 10


def frame(
    columns: Mapping[str, Sequence[Any]], geometry: Sequence[shapely.Geometry | None], zone: str
) -> gpd.GeoDataFrame:
    """Return columns and shapes as a frame to draw: texts as objects, days and numbers typed."""
    data = {name: _typed(name, values) for name, values in columns.items()}
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(list(geometry), crs=zone), crs=zone)


def _typed(name: str, values: Sequence[Any]) -> Any:
    if name == ROW:
        return pd.array(values, dtype="Int64")
    if name == "on" or name.endswith("_on"):
        return pd.Series(pd.to_datetime(list(values)), dtype="datetime64[us]")
    if name.endswith(("_m", "_cm", "_km")):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    return pd.Series(list(values), dtype=object)


PROGRESS_COLUMNS = (
    "id", "work_id", "name", "road_id", "on", "from_m", "to_m", "state", "reports", "reported_by",
    "verified_by", "photo", "not_counted",
)  # fmt: skip


def road_progress(found: Reports, lines: Lines, as_of: dt.date, zone: str) -> gpd.GeoDataFrame:
    """Return the state of every stretch of every work on every day that anything changed.

    Returns
    -------
    GeoDataFrame
        A row a stretch and day (`on`): the stretches of a work fill its span on each of the days.
        Of very many days the last of each month is kept (`shown_days`). `reports`, `reported_by`,
        `verified_by`, `photo` and `not_counted` hold several values joined by
        ", ". Geometry is the stretch on today's axis, None where it is not drawn.
    """
    rows: list[tuple[Any, ...]] = []
    shapes: list[shapely.Geometry | None] = []
    cut: dict[tuple[str, Span], shapely.Geometry | None] = {}
    for work, day, parts in histories(found, as_of):
        for part in parts:
            key = (work.id, part.span)
            if key not in cut:
                cut[key] = lines.cut(work.road_id, part.span)
            shapes.append(cut[key])
            rows.append((
                f"{work.id} {stretch(*part.span)}", work.id, work.name, work.road_id, day,
                part.span[0] / CM, part.span[1] / CM, part.state,
                *(_joined(of) for of in (part.reports, part.reported_by, part.verified_by,
                                         part.photos, part.not_counted)),
            ))  # fmt: skip
    return frame(_columns(PROGRESS_COLUMNS, rows), shapes, zone)


REPORT_COLUMNS = (
    "id", "report_id", "work_id", "road_id", "from_m", "to_m", "stage", "reported_on",
    "reported_by", "verified_by", "minute_no", "width_m", "thickness_cm", "photo", "state",
    "credited_m", "entry", FILE, TABLE, ROW,
)  # fmt: skip


def road_reports(
    found: Reports,
    tallies: Mapping[str, Mapping[str, Tally]],
    lines: Lines,
    as_of: dt.date,
    zone: str,
) -> gpd.GeoDataFrame:
    """Return every claim, once, with what became of it.

    Returns
    -------
    GeoDataFrame
        `state` says why a claim does not count, or "counted"; `credited_m` are the metres of
        the reported length that stand with it. Geometry lies on the centreline that the claim
        was made on.
    """
    credit = {
        (work, key): cm
        for work, by_kind in tallies.items()
        for key, cm in by_kind["reported"].credit
    }
    rows, shapes = [], []
    for j in found.judged:
        c, place = j.claim, j.claim.place
        road = None if j.work is None else j.work.road_id
        cm = None if j.work is None or not j.first else credit.get((j.work.id, c.report_id))
        rows.append((
            c.report_id, c.report_id, c.work_id, road, _metres(c.from_cm), _metres(c.to_cm),
            c.stage, c.reported_on, c.reported_by, c.verified_by, c.minute_no,
            _metres(c.width_cm), None if c.thickness_mm is None else c.thickness_mm / _MM_PER_CM,
            c.photo, state_on(found, j, as_of), _metres(cm), c.entry or None,
            None if place is None else place.file, None if place is None else place.table,
            None if place is None else place.row,
        ))  # fmt: skip
        shapes.append(lines.of_claim(j))
    return frame(_columns(REPORT_COLUMNS, rows), shapes, zone)


CONTRADICTED = "contradicted"
"""State of a report whose id has several contents."""


def state_on(found: Reports, j: Judged, day: dt.date) -> str:
    """Return the state of a claim on a day: "future" and "disputed" hang on it."""
    on = j.claim.reported_on
    if j.work is None or j.set_aside:
        return j.state
    if on is not None and on > day:
        return "future"
    if j.rivals:
        return CONTRADICTED
    if j.state in ("counted", "unverified") and j.span is not None:
        of = found.contested(j.work, day)
        if spans.intersection([j.span], of.open):
            return DISPUTED
        if of.refused and not spans.difference([j.span], of.refused):
            return "refused"
    return j.state


OVERLAP_COLUMNS = (
    "id", "work_id", "road_id", "from_m", "to_m", "first", "second", "first_on", "second_on",
    "first_by", "second_by", "first_stage", "second_stage", "state",
)  # fmt: skip


def road_overlaps(found: Iterable[Overlap], lines: Lines, zone: str) -> gpd.GeoDataFrame:
    """Return ground claimed again, a row for each two reports: by whom, when, how far."""
    rows, shapes = [], []
    for over in found:
        one, other = over.first.claim, over.second.claim
        rows.append((
            f"{one.report_id} {other.report_id}", over.work.id, over.work.road_id,
            over.span[0] / CM, over.span[1] / CM, one.report_id, other.report_id,
            one.reported_on, other.reported_on, one.reported_by, other.reported_by,
            one.stage, other.stage, "overlap",
        ))  # fmt: skip
        shapes.append(lines.cut(over.work.road_id, over.span))
    return frame(_columns(OVERLAP_COLUMNS, rows), shapes, zone)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Column]:
    if not rows:
        return {name: [] for name in names}
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _joined(values: Sequence[str]) -> str | None:
    return ", ".join(values) or None


def _metres(cm: int | None) -> float | None:
    return None if cm is None else cm / CM
