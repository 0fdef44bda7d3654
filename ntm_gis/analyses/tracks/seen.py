"""Tracks seen from the road of a work: where a stretch is drawn, and why it is not credited."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.chainage.axis import CM
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.matching.credit import BESIDE, GAP, OFF
from ntm_gis.analyses.matching.steps import Steps
from ntm_gis.analyses.tracks.matched import CREDITED, Found, Part, Tracked
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.layers.values import Layers

_SLACK_CM = 100


def road_name(layers: Layers, row: int) -> str:
    """Return what a road is called: its name, else its id."""
    used = layers["roads"].used.iloc[[row]]
    return texts(used, "name")[0] or texts(used, "road_id")[0] or "–"


def why_credited(day: dt.date | None, as_of: dt.date) -> Words:
    """Say that a stretch is credited to a day, as far as the day lets it be."""
    if day is None:
        return sentence("TRACK_WHY_UNDATED", {})
    if day > as_of:
        return sentence("TRACK_WHY_LATER", {"day": day, "as_of": as_of})
    return sentence("TRACK_WHY_CREDITED", {"day": day})


class Seen:
    """The points of a track as seen from the road of a work."""

    def __init__(self, layers: Layers, tracked: Tracked, found: Found) -> None:
        self.layers, self.found, self.settings = layers, found, tracked.settings
        steps = Steps(tracked.network, found.road_row, found.matched, tracked.settings)
        chain, distance = steps.line.locate(found.matched.xy)
        self.chain_cm, self.distance = chain * CM, distance
        self.here = ~np.isnan(steps.chainage)

    def points(self, part: Part) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """Yield the runs of points along a stretch that is not credited to them."""
        low, high = part.line_from_cm - _SLACK_CM, part.line_to_cm + _SLACK_CM
        near = (self.chain_cm >= low) & (self.chain_cm <= high) & ~self.found.matched.outlier
        near &= self.distance <= self.settings.reach_m
        near &= ~self.here if part.state == BESIDE else self.distance > self.settings.distance_m
        index = np.flatnonzero(near)
        yield from (run for run in np.split(index, np.flatnonzero(np.diff(index) > 1) + 1))

    def line(self, part: Part) -> shapely.Geometry | None:
        """Return where a stretch is drawn."""
        if part.state in (OFF, BESIDE):
            runs = [run for run in self.points(part) if len(run) > 1]
            if runs:
                parts = [shapely.LineString(self.found.matched.xy[run]) for run in runs]
                return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)
        return self.found.road.cut(part.from_cm, part.to_cm)

    def why(self, part: Part) -> Words:
        """Say why a stretch is credited, or is not."""
        metres = (part.to_cm - part.from_cm) / CM
        if part.state == CREDITED:
            return why_credited(self.found.track.recorded_on, self.layers.commune.commune.as_of)
        if part.state == GAP:
            most = self.settings.largest_gap_m
            return sentence("TRACK_WHY_GAP", {"metres": metres, "gap": most})
        points = np.concatenate(list(self.points(part)))
        if part.state == BESIDE:
            return sentence("TRACK_WHY_BESIDE", {"road": self.road(points)})
        away = float(np.median(self.distance[points])) if len(points) else None
        if away is None:
            return sentence("TRACK_WHY_LEFT", {"metres": metres})
        return sentence("TRACK_WHY_OFF", {"away": away, "distance": self.settings.distance_m})

    def road(self, points: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
        """Return the name of the road that most of some points are on."""
        on = self.found.matched.road[points]
        on = on[on >= 0]
        if not len(on):
            return "–"
        return road_name(self.layers, int(np.bincount(on).argmax()))
