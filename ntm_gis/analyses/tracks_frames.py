"""The frame `tracks`: what tracks credit of road works, and what they do not, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.analyses.chainage import CM, stretch
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.matching_credit import BESIDE, GAP, OFF
from ntm_gis.analyses.matching_steps import Steps
from ntm_gis.analyses.progress_frames import frame
from ntm_gis.analyses.tracks_matched import CREDITED, LAYER, SETTINGS, Found, Part, Tracked
from ntm_gis.layers.values import FILE, ROW, TABLE
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from ntm_gis.analyses.tracks_matched import Track
    from ntm_gis.layers.values import Layers

COLUMNS = (
    "id", "track_id", "work_id", "road_id", "recorded_on", "made_by", "from_m", "to_m",
    "length_m", "state", "why", "why_en", FILE, TABLE, ROW,
)  # fmt: skip

_SLACK_CM = 100


def road_name(layers: Layers, row: int) -> str:
    """Return what a road is called: its name, else its id."""
    used = layers["roads"].used.iloc[[row]]
    return texts(used, "name")[0] or texts(used, "road_id")[0] or "–"


def tracks_frame(layers: Layers, tracked: Tracked) -> gpd.GeoDataFrame:
    """Return a row for every stretch that a track credits or comes near, and why.

    Returns
    -------
    GeoDataFrame
        `state`: credited, gap, off, beside. Credited stretches and gaps lie on the road, the
        others where the track went. A track of no work is one row, off. `why` and `why_en` say
        it in words.
    """
    rows: list[tuple[Any, ...]] = []
    lines: list[shapely.Geometry | None] = []
    for found in tracked.found:
        seen = Seen(layers, tracked, found)
        for part in found.parts:
            why, line = seen.why(part), seen.line(part)
            rows.append(_row(layers, found.track, found, part, why))
            lines.append(line)
    known = {found.track.row for found in tracked.found if found.parts}
    for track in tracked.tracks:
        if track.row not in known:
            rows.append(_row(layers, track, None, None, sentence("TRACK_WHY_NO_WORK", {})))
            lines.append(layers[LAYER].places.shapes[track.row])
    columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    return frame(columns, lines, layers.commune.commune.crs)


def _row(
    layers: Layers, track: Track, found: Found | None, part: Part | None, why: Words
) -> tuple[Any, ...]:
    places = layers[LAYER].places
    where = (places.files[track.row], places.tables[track.row], places.rows[track.row])
    who = (track.recorded_on, track.made_by)
    if found is None or part is None:
        nowhere = (track.work_id, None, *who, None, None, None)
        return (track.id, track.id, *nowhere, OFF, why.vi, why.en, *where)
    ends = (part.from_cm / CM, part.to_cm / CM, (part.to_cm - part.from_cm) / CM)
    key = f"{track.id} {stretch(part.from_cm, part.to_cm)}"
    work = (found.work.id, found.road.road_id)
    return (key, track.id, *work, *who, *ends, part.state, why.vi, why.en, *where)


class Seen:
    """The points of a track as seen from the road of a work."""

    def __init__(self, layers: Layers, tracked: Tracked, found: Found) -> None:
        self.layers, self.found = layers, found
        steps = Steps(tracked.network, found.road_row, found.matched, SETTINGS)
        chain, distance = steps.line.locate(found.matched.xy)
        self.chain_cm, self.distance = chain * CM, distance
        self.here = ~np.isnan(steps.chainage)

    def points(self, part: Part) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """Yield the runs of points along a stretch that is not credited to them."""
        low, high = part.line_from_cm - _SLACK_CM, part.line_to_cm + _SLACK_CM
        near = (self.chain_cm >= low) & (self.chain_cm <= high) & ~self.found.matched.outlier
        near &= self.distance <= SETTINGS.reach_m
        near &= ~self.here if part.state == BESIDE else self.distance > SETTINGS.distance_m
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
            return sentence("TRACK_WHY_CREDITED", {"day": self.found.track.recorded_on})
        if part.state == GAP:
            most = SETTINGS.largest_gap_m
            return sentence("TRACK_WHY_GAP", {"metres": metres, "gap": most})
        points = np.concatenate(list(self.points(part)))
        if part.state == BESIDE:
            return sentence("TRACK_WHY_BESIDE", {"road": self.road(points)})
        away = float(np.median(self.distance[points])) if len(points) else None
        if away is None:
            return sentence("TRACK_WHY_LEFT", {"metres": metres})
        return sentence("TRACK_WHY_OFF", {"away": away, "distance": SETTINGS.distance_m})

    def road(self, points: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
        """Return the name of the road that most of some points are on."""
        on = self.found.matched.road[points]
        on = on[on >= 0]
        if not len(on):
            return "–"
        return road_name(self.layers, int(np.bincount(on).argmax()))
