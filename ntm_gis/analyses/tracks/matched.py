"""The tracks of a commune on its roads, and what each credits of which road work."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.chainage.centrelines import digest, vertices_cm
from ntm_gis.analyses.chainage.stakes import RoadLine, road_lines
from ntm_gis.analyses.columns import Floats, days, shapes, texts
from ntm_gis.analyses.matching.credit import Credit, covered, credit
from ntm_gis.analyses.matching.model import Matched, Settings, match
from ntm_gis.analyses.matching.network import Network, network
from ntm_gis.analyses.progress.works import Work, works_of
from ntm_gis.layers.decisions import Place, Survey
from ntm_gis.results import spans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.matching.points import Flags
    from ntm_gis.layers.values import Layer, Layers
    from ntm_gis.results.spans import Span, Spans

LAYER = "tracks"
TIMES = "@times"
CREDITED = "credited"

LEAST_M = 100.0
"""A track that names no work is one of every work of which it covers this much."""


@dataclass(frozen=True)
class Track:
    """A used row of `tracks` that is a line.

    Parameters
    ----------
    row : int
        Its position in the used rows.
    xy : float array, (n, 2)
        Points in the order of recording.
    start : bool array, (n,)
        Where a line of it begins.
    times : float array, (n,) or None
        Seconds since 1970, NaN where not recorded.
    """

    row: int
    id: str
    work_id: str | None
    recorded_on: dt.date | None
    made_by: str | None
    xy: Floats
    start: Flags
    times: Floats | None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a work's road: official chainage, that along the line, `credited` or why not."""

    from_cm: int
    to_cm: int
    line_from_cm: int
    line_to_cm: int
    state: str


@dataclass(frozen=True)
class Found:
    """What a track says of one work."""

    track: Track
    work: Work
    road: RoadLine
    road_row: int
    matched: Matched
    credit: Credit
    parts: tuple[Part, ...]

    def spans(self, state: str) -> Spans:
        """Return the stretches of a state, official chainage in centimetres."""
        return spans.union((p.from_cm, p.to_cm) for p in self.parts if p.state == state)


@dataclass(frozen=True)
class Tracked:
    """All tracks of a commune on its roads.

    Parameters
    ----------
    settings : Settings
        The largest gap and the stated distance that are credited.
    network : Network
        Of the used rows of `roads`, in their order.
    roads : mapping
        Road id -> its axis and stakes.
    matched : mapping
        Row of a track -> the track on the network.
    ground : mapping
        Row of a track -> row of a road -> stretches covered, centimetres along the line.
    found : tuple of Found
        One for each track and work that belong together.
    """

    settings: Settings
    network: Network
    roads: Mapping[str, RoadLine]
    road_rows: Mapping[str, int]
    works: tuple[Work, ...]
    tracks: tuple[Track, ...]
    matched: Mapping[int, Matched]
    ground: Mapping[int, Mapping[int, Spans]]
    found: tuple[Found, ...]


_kept: dict[str, tuple[weakref.ref[Layers], Tracked]] = {}
"""The last layers and their tracks: several analyses ask for the same."""


def tracked(layers: Layers) -> Tracked:
    """Match all tracks of a commune; of the layers asked for last the answer is kept."""
    last = _kept.get(LAYER)
    if last is None or last[0]() is not layers:
        last = _kept[LAYER] = (weakref.ref(layers), _tracked(layers))
    return last[1]


def settings_of(layers: Layers) -> Settings:
    """Return the largest gap and the stated distance as commune.toml has them."""
    said = layers.commune.progress
    return Settings(largest_gap_m=said.largest_gap_m, distance_m=said.track_distance_m)


def _tracked(layers: Layers) -> Tracked:
    settings = settings_of(layers)
    roads, _ = road_lines(layers["roads"], layers["stakes"])
    rows: dict[str, int] = {}
    for row, road_id in enumerate(texts(layers["roads"].used, "road_id")):
        if road_id is not None:
            rows.setdefault(road_id, row)
    lines = shapes(layers["roads"].used)
    tracks = tuple(tracks_of(layers[LAYER]))
    works = works_of(layers)
    if not tracks:
        return Tracked(settings, network([]), roads, rows, works, (), {}, {}, ())
    net = network(lines)
    matched = {t.row: match(net, t.xy, t.times, t.start, settings) for t in tracks}
    ground = {row: covered(net, m, settings) for row, m in matched.items()}
    found = []
    for track in tracks:
        named = [work for work in works if work.id == track.work_id]
        if track.work_id is None:
            named = list(walked(works, roads, rows, ground[track.row]))
        for work in named:
            road = roads.get(work.road_id or "")
            if road is not None:
                given = credit(net, rows[road.road_id], matched[track.row], settings)
                parts = tuple(_parts(work, road, given))
                here = (track, work, road, rows[road.road_id], matched[track.row], given, parts)
                found.append(Found(*here))
    return Tracked(settings, net, roads, rows, works, tracks, matched, ground, tuple(found))


def tracks_of(layer: Layer) -> Iterator[Track]:
    """Yield the used rows that are lines, each point with its time."""
    used = layer.used
    rows = zip(
        layer.places.ids, texts(used, "work_id"), days(used, "recorded_on"),
        texts(used, "made_by"), layer.places.shapes,
        used[TIMES].tolist() if TIMES in used else [None] * len(used),
        strict=True,
    )  # fmt: skip
    for row, (key, work, day, by, shape, times) in enumerate(rows):
        if shape is None or shapely.get_dimensions(shape) != 1:
            continue
        xy, part = shapely.get_coordinates(shapely.get_parts(shape), return_index=True)
        start = np.r_[True, part[1:] != part[:-1]]
        yield Track(row, key, work, day, by, xy, start, _seconds(times, len(xy)))


def _seconds(times: Sequence[float | None] | None, n: int) -> Floats | None:
    if not isinstance(times, list | tuple) or len(times) != n:
        return None
    found = np.array([np.nan if t is None else t for t in times], dtype=np.float64)
    return found if np.isfinite(found).any() else None


def walked(
    works: Sequence[Work],
    roads: Mapping[str, RoadLine],
    rows: Mapping[str, int],
    ground: Mapping[int, Spans],
) -> Iterator[Work]:
    """Yield the works of whose span a track covers enough, whatever work it names."""
    for work in works:
        road = roads.get(work.road_id or "")
        if road is not None:
            there = (official(road, span) for span in ground.get(rows[road.road_id], ()))
            inside = [span for span in map(work.clipped, there) if span[0] < span[1]]
            if spans.length(inside) >= LEAST_M * 100:
                yield work


def official(road: RoadLine, span: Span) -> Span:
    """Return a stretch along the line as official chainage, the lesser end first."""
    ends = sorted(road.calibration.official_of(min(x, road.axis.length_cm)) for x in span)
    return ends[0], ends[1]


def _parts(work: Work, road: RoadLine, given: Credit) -> Iterator[Part]:
    """Turn stretches along the line into official ones inside the work's span."""
    every = [(a, b, CREDITED) for a, b in given.credited]
    for a, b, state in sorted([*every, *given.not_credited]):
        start, end = work.clipped(official(road, (a, b)))
        if start < end:
            yield Part(start, end, a, b, state)


def survey(found: Found, layer: Layer, zone: str) -> Survey:
    """Return what a track credits as a survey, as the record keeps it."""
    places, row = layer.places, found.track.row
    digests = {origin.file: origin.sha256 for origin in layer.origins}
    where = places.files[row]
    return Survey(
        "",
        found.track.id,
        found.work.id,
        found.track.recorded_on,
        found.track.made_by,
        found.spans(CREDITED),
        tuple((p.from_cm, p.to_cm, p.state) for p in found.parts if p.state != CREDITED),
        digest(zone, vertices_cm(found.road.axis)),
        Place(where, digests.get(where), places.tables[row], places.rows[row]),
    )
