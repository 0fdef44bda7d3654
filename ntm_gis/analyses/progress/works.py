"""Road works: which stretch of which road each spans, and how wide it has to be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage.axis import CM_PER_KM, centimetres
from ntm_gis.analyses.columns import amounts, days, ids, texts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from ntm_gis.layers.values import Layer, Layers
    from ntm_gis.results.spans import Span

LAYER = "road_works"

SLACK_CM = 1
"""A report may be beyond a work's span by so much: chainages are rounded (contract)."""


@dataclass(frozen=True, slots=True)
class Work:
    """A used row of `road_works`.

    Parameters
    ----------
    row : int
        Its position in the used rows.
    planned_cm : int or None
        Designed length.
    start_cm, end_cm : int or None
        Its span; None where a cell could not be read, or nothing says where it ends.
    min_width_cm : int or None
        None: none is asked for, unless `width_unread`.
    width_unread : bool
        A least width is written but could not be read.
    """

    row: int
    id: str
    name: str
    road_id: str | None
    planned_cm: int | None
    start_cm: int | None
    end_cm: int | None
    min_width_cm: int | None = None
    width_unread: bool = False
    start_on: dt.date | None = None
    due_on: dt.date | None = None
    budget_million: float | None = None

    @property
    def span(self) -> Span | None:
        """From and to in centimetres; None where an end is not known."""
        if self.start_cm is None or self.end_cm is None:
            return None
        return self.start_cm, self.end_cm

    @property
    def planned_km(self) -> float | None:
        """Designed length in kilometres."""
        return None if self.planned_cm is None else self.planned_cm / CM_PER_KM

    def is_beyond(self, span: tuple[int | None, int | None]) -> bool:
        """Say whether a stretch reaches beyond the work by more than the slack, as far as known."""
        since, until = span
        before = (x is not None and self.start_cm is not None and x < self.start_cm - SLACK_CM
                  for x in (since, until))  # fmt: skip
        after = (x is not None and self.end_cm is not None and x > self.end_cm + SLACK_CM
                 for x in (since, until))  # fmt: skip
        return any(before) or any(after)

    def clipped(self, span: Span) -> Span:
        """Return what of a stretch lies in the span; as it is where an end is not known."""
        start = span[0] if self.start_cm is None else max(span[0], self.start_cm)
        end = span[1] if self.end_cm is None else min(span[1], self.end_cm)
        return start, end


def works_of(layers: Layers) -> tuple[Work, ...]:
    """Return the road works of a commune, in the order of their rows.

    Notes
    -----
    A work spans `from_m`, else 0, to `to_m`, else `from_m` and the designed length (contract).
    A cell that could not be read is no blank: then that end is not known.
    """
    layer = layers[LAYER]
    used = layer.used
    columns = zip(
        ids(layer), texts(used, "name"), texts(used, "road_id"),
        amounts(used, "planned_length_m").tolist(), amounts(used, "from_m").tolist(),
        amounts(used, "to_m").tolist(), amounts(used, "min_width_m").tolist(),
        days(used, "start_on"), days(used, "due_on"),
        amounts(used, "budget_million_vnd").tolist(),
        strict=True,
    )  # fmt: skip
    unread = unread_cells(layer)
    out = []
    for row, (key, name, road, planned, since, until, width, start, due, budget) in enumerate(
        columns
    ):
        planned_cm, start_cm, end_cm = map(centimetres, (planned, since, until))
        if start_cm is None and (key, "from_m") not in unread:
            start_cm = 0
        if end_cm is None and (key, "to_m") not in unread and None not in (start_cm, planned_cm):
            end_cm = (start_cm or 0) + (planned_cm or 0)
        out.append(
            Work(
                row, key, name or key, road, planned_cm, start_cm, end_cm,
                centimetres(width), (key, "min_width_m") in unread, start, due,
                None if math.isnan(budget) else budget,
            )
        )  # fmt: skip
    return tuple(out)


def unread_cells(layer: Layer) -> Collection[tuple[str | None, str | None]]:
    """Return feature and field of the cells that say something which could not be read."""
    return {
        (finding.feature, finding.field)
        for finding in layer.findings
        if finding.value is not None and finding.code.startswith("VALUE_")
    }
