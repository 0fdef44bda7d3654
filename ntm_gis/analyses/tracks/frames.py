"""The frame `tracks`: what tracks credit of road works, and what they do not, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage.axis import CM, stretch
from ntm_gis.analyses.matching.credit import OFF
from ntm_gis.analyses.progress.frames import frame
from ntm_gis.analyses.tracks.matched import CREDITED, LAYER, Tracked, survey
from ntm_gis.analyses.tracks.seen import Seen, why_credited
from ntm_gis.layers.decisions import Place
from ntm_gis.layers.values import FILE, ROW, TABLE
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import geopandas as gpd
    import shapely

    from ntm_gis.analyses.tracks.matched import Track
    from ntm_gis.layers.decisions import Decisions, Survey
    from ntm_gis.layers.values import Layers
    from ntm_gis.results.spans import Span

COLUMNS = (
    "id", "track_id", "work_id", "road_id", "recorded_on", "made_by", "from_m", "to_m",
    "length_m", "state", "why", "why_en", "entry", FILE, TABLE, ROW,
)  # fmt: skip

LATER = "later"
"""State of a stretch that would be credited, had it been walked by the day of the figures."""

_RECORD = Place("record.sqlite")


@dataclass(frozen=True)
class _Part:
    """A row of the frame: a stretch of a work, or a track that has none (`span` None)."""

    track_id: str
    work_id: str | None
    road_id: str | None
    day: dt.date | None
    made_by: str | None
    span: Span | None
    state: str
    why: Words
    entry: str
    place: Place
    line: shapely.Geometry | None

    @property
    def key(self) -> str:
        """Track and stretch."""
        return self.track_id if self.span is None else f"{self.track_id} {stretch(*self.span)}"

    def cells(self, key: str) -> tuple[object, ...]:
        """Return the cells of the row."""
        ends: tuple[float | None, ...] = (None, None, None)
        if self.span is not None:
            a, b = self.span
            ends = (a / CM, b / CM, (b - a) / CM)
        return (
            key, self.track_id, self.work_id, self.road_id, self.day, self.made_by, *ends,
            self.state, self.why.vi, self.why.en, self.entry or None,
            self.place.file, self.place.table, self.place.row,
        )  # fmt: skip


def tracks_frame(layers: Layers, tracked: Tracked, decisions: Decisions) -> gpd.GeoDataFrame:
    """Return a row for every stretch that a track credits or comes near, and why.

    Returns
    -------
    GeoDataFrame
        `state`: credited, later (as credited, but walked after the day of the figures), gap,
        off, beside. Credited stretches and gaps lie on the road, the others where the track
        went; those of the record, whose points are not kept, all lie on the road. A track of no
        work is one row, off, without from and to. `why` and `why_en` say it in words; `entry` is
        that of the record, None for tracks of sources.
    """
    parts = [*_walked(layers, tracked), *_nowhere(layers, tracked)]
    parts += _entered(layers, tracked, decisions)
    seen: Counter[str] = Counter()
    rows = []
    for part in parts:
        seen[part.key] += 1
        n = seen[part.key]
        rows.append(part.cells(part.key if n == 1 else f"{part.key} ({n})"))
    columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    return frame(columns, [part.line for part in parts], layers.commune.commune.crs)


def _walked(layers: Layers, tracked: Tracked) -> Iterator[_Part]:
    """Yield the stretches of the tracks of sources."""
    for found in tracked.found:
        seen, track = Seen(layers, tracked, found), found.track
        for part in found.parts:
            yield _Part(
                track.id, found.work.id, found.road.road_id, track.recorded_on, track.made_by,
                (part.from_cm, part.to_cm), _state(layers, part.state, track.recorded_on),
                seen.why(part), "", _place(layers, track), seen.line(part),
            )  # fmt: skip


def _nowhere(layers: Layers, tracked: Tracked) -> Iterator[_Part]:
    """Yield the tracks of sources that have no stretch on the road of a work."""
    known = {found.track.row for found in tracked.found if found.parts}
    for track in tracked.tracks:
        if track.row not in known:
            yield _Part(
                track.id, track.work_id, None, track.recorded_on, track.made_by, None, OFF,
                _why_nowhere(tracked, track), "", _place(layers, track),
                layers[LAYER].places.shapes[track.row],
            )  # fmt: skip


def _entered(layers: Layers, tracked: Tracked, decisions: Decisions) -> Iterator[_Part]:
    """Yield the stretches of the tracks of the record, but for those that sources hold as well."""
    zone = layers.commune.commune.crs
    known = {_same(survey(found, layers[LAYER], zone)) for found in tracked.found}
    works = {work.id: work for work in tracked.works}
    for one in decisions.surveys:
        work = works.get(one.work_id)
        if work is None or _same(one) in known:
            continue
        road = tracked.roads.get(work.road_id or "")
        every = [(*span, CREDITED) for span in one.credited]
        for start, end, state in sorted([*every, *one.not_credited]):
            span = work.clipped((start, end))
            if span[0] < span[1]:
                yield _Part(
                    one.track_id, work.id, work.road_id, one.recorded_on, one.made_by, span,
                    _state(layers, state, one.recorded_on), _why_entered(layers, one, state),
                    one.entry, one.place or _RECORD, None if road is None else road.cut(*span),
                )  # fmt: skip


def _same(one: Survey) -> tuple[str | None, str, str]:
    """Return what tells that a track of the record and one of the sources are one."""
    return None if one.place is None else one.place.sha256, one.track_id, one.work_id


def _state(layers: Layers, state: str, day: dt.date | None) -> str:
    late = state == CREDITED and day is not None and day > layers.commune.commune.as_of
    return LATER if late else state


def _place(layers: Layers, track: Track) -> Place:
    places, row = layers[LAYER].places, track.row
    return Place(places.files[row], None, places.tables[row], places.rows[row])


def _why_entered(layers: Layers, one: Survey, state: str) -> Words:
    """Say why a stretch of a track of the record is credited, or is not."""
    if state == CREDITED:
        return why_credited(one.recorded_on, layers.commune.commune.as_of)
    return sentence(f"TRACK_ENTERED_{state.upper()}", {})


def _why_nowhere(tracked: Tracked, track: Track) -> Words:
    """Say why a track has no stretch on the road of a work."""
    if track.work_id is None:
        return sentence("TRACK_WHY_NO_WORK", {})
    named = next((work for work in tracked.works if work.id == track.work_id), None)
    if named is None:
        return sentence("TRACK_WHY_WORK_UNKNOWN", {"work": track.work_id})
    undrawn = (named.road_id or "") not in tracked.roads
    code = "TRACK_WHY_UNDRAWN" if undrawn else "TRACK_WHY_OTHER_ROAD"
    return sentence(code, {"work": named.name})
