"""Where stretches of works are drawn: on today's axes, or on the version a claim was made on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import shapely

    from ntm_gis.analyses.chainage.stakes import RoadLine
    from ntm_gis.analyses.progress.judged import Judged
    from ntm_gis.results.spans import Span


@dataclass(frozen=True)
class Lines:
    """The roads of today by id, and earlier versions of their centrelines by digest."""

    roads: Mapping[str, RoadLine]
    versions: Mapping[str, RoadLine] = field(default_factory=dict)

    def cut(self, road_id: str | None, span: Span) -> shapely.LineString | None:
        """Return a stretch on today's axis; None where the road or the stretch is not drawn."""
        line = self.roads.get(road_id or "")
        return None if line is None else line.cut(*span)

    def of_claim(self, j: Judged) -> shapely.LineString | None:
        """Return what a claim says it covers, as far as it is drawn.

        A claim set aside is drawn too, so that one sees what it says.
        """
        since, until = j.claim.from_cm, j.claim.to_cm
        if j.work is None or since is None or until is None or since == until:
            return None
        line = self.versions.get(j.claim.centreline or "") or self.roads.get(j.work.road_id or "")
        span = j.span or (min(since, until), max(since, until))
        return None if line is None or span[0] >= span[1] else line.cut(*span)
