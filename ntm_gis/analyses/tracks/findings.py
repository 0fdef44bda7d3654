"""What an official should know of tracks: where they are, what is wrong, what is not credited."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.chainage.axis import CM, stretch
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.elsewhere import FAR_M, away_m
from ntm_gis.analyses.matching.credit import BESIDE, GAP, OFF
from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.progress.measures import measure_id
from ntm_gis.analyses.tracks.matched import CREDITED, LAYER, official, walked
from ntm_gis.analyses.tracks.seen import Seen, road_name
from ntm_gis.results import Finding, Words, sentence, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.analyses.tracks.matched import Found, Track, Tracked
    from ntm_gis.layers.values import Layers

_UNSURE = 0.03
"""A length that may be off by more than this share is said to be so."""

_LEAST_M = 1.0
_SHOWN = 6


def findings(layers: Layers, tracked: Tracked) -> Iterator[Finding]:
    """Yield what is to be checked about tracks."""
    yield from _loose_points(layers, tracked.works)
    of: dict[int, list[Found]] = defaultdict(list)
    for found in tracked.found:
        of[found.track.row].append(found)
    for track in tracked.tracks:
        told = _elsewhere(layers, track)
        if told is not None:
            yield told
            continue
        yield from _recorded(layers, tracked, track)
        yield from _no_work(layers, tracked, track, of[track.row])
        for found in of[track.row]:
            yield from _credited(layers, tracked, found)


def _touched(track: Track) -> tuple[str, ...]:
    return _lengths([track.work_id] if track.work_id is not None else [])


def _lengths(works: Iterable[str]) -> tuple[str, ...]:
    return tuple(measure_id(work, "surveyed_km") for work in works)


def _loose_points(layers: Layers, works: Sequence[Work]) -> Iterator[Finding]:
    """Yield tables whose points make no track: one alone, or several without times.

    They touch the works that they name; where one names none, every work.
    """
    places = layers[LAYER].places
    said = texts(layers[LAYER].used, "work_id")
    by_table: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for row, shape in enumerate(places.shapes):
        if shape is not None and shapely.get_dimensions(shape) == 0:
            by_table[places.files[row], places.tables[row]].append(row)
    for rows in by_table.values():
        code = "TRACK_ONE_POINT" if len(rows) == 1 else "TRACK_LOOSE_POINTS"
        named = {said[row] for row in rows}
        about = [work.id for work in works if work.id in named or None in named]
        yield at_row(code, layers[LAYER], rows[0], count=len(rows)).affecting(_lengths(about))


def _elsewhere(layers: Layers, track: Track) -> Finding | None:
    """Say that a track lies in another place altogether."""
    shape = layers[LAYER].places.shapes[track.row]
    away = float(away_m(layers, [shape])[0]) if shape is not None else 0.0
    if not away >= FAR_M:
        return None
    told = at_row("TRACK_ELSEWHERE", layers[LAYER], track.row, km=away / 1000)
    return told.affecting(_touched(track))


def _recorded(layers: Layers, tracked: Tracked, track: Track) -> Iterator[Finding]:
    """Yield what is wrong with a recording: no times, points that leap."""
    layer = layers[LAYER]
    if track.times is None:
        day = sentence("TRACK_DAY_OPEN" if track.recorded_on is None else "TRACK_DAY_SAID",
                       {"day": track.recorded_on})  # fmt: skip
        told = at_row("TRACK_NO_TIMES", layer, track.row, day=day)
        yield told.affecting(_touched(track))
    outliers = np.flatnonzero(tracked.matched[track.row].outlier) + 1
    places = layer.places
    known = any(
        f.code == "TRACK_JUMP" and f.row == places.rows[track.row]
        and f.file == places.files[track.row]
        for f in layer.findings
    )  # fmt: skip
    if len(outliers) and not known:
        listed = tuple(outliers[:_SHOWN].tolist())
        told = at_row("TRACK_OUTLIERS", layer, track.row, count=len(outliers), points=listed)
        yield told.affecting(_touched(track))


def _no_work(
    layers: Layers, tracked: Tracked, track: Track, found: list[Found]
) -> Iterator[Finding]:
    """Yield tracks that belong to no road work, or to one that they don't go along."""
    layer = layers[LAYER]
    named = [work for work in tracked.works if work.id == track.work_id]
    if found and track.work_id is None:
        works = tuple(f.work.name for f in found)
        told = at_row("TRACK_WORK_BY_PLACE", layer, track.row, works=works)
        yield told.affecting(_lengths(f.work.id for f in found))
    elif not found and named:
        road = named[0].road_id or "–"
        told = at_row("TRACK_ROAD_UNDRAWN", layer, track.row, work=named[0].name, road=road)
        yield told.affecting(_touched(track))
    elif not found and track.work_id is None:
        yield at_row("TRACK_NO_WORK", layer, track.row)
    elif not found:
        yield _unknown_work(layers, tracked, track)
    for one in found:
        if not one.spans(CREDITED):
            yield _other_road(layers, tracked, track, one)


def _unknown_work(layers: Layers, tracked: Tracked, track: Track) -> Finding:
    """Say that a track names what is no road work, and on the road of which one it is."""
    ground = tracked.ground[track.row]
    works = list(walked(tracked.works, tracked.roads, tracked.road_rows, ground))
    where: Words = sentence("TRACK_ON_NO_WORK", {})
    if works:
        where = sentence("TRACK_ON_WORKS", {"works": tuple(f"{w.name} ({w.id})" for w in works)})
    told = at_row(
        "TRACK_WORK_UNKNOWN", layers[LAYER], track.row, work=track.work_id, where=where
    )  # fmt: skip
    return told.affecting(_lengths(work.id for work in works))


def _other_road(layers: Layers, tracked: Tracked, track: Track, found: Found) -> Finding:
    """Say that nothing of a work is credited, and on which road the track is instead."""
    ground = tracked.ground[track.row]
    longest = max(ground, key=lambda row: (spans.length(ground[row]), -row), default=None)
    where: Words
    if found.road_row in ground:
        there = (official(found.road, span) for span in ground[found.road_row])
        stretches = tuple(stretch(a, b) for a, b in sorted(there))
        where = sentence("TRACK_BEYOND_WORK", {"stretches": stretches})
    elif longest is None:
        where = sentence("TRACK_ON_NO_ROAD", {})
    else:
        km = spans.length(ground[longest]) / CM / 1000
        where = sentence("TRACK_ON_ROAD", {"road": road_name(layers, longest), "km": km})
    told = at_row(
        "TRACK_OTHER_ROAD", layers[LAYER], track.row, work=found.work.name,
        road=road_name(layers, found.road_row), where=where,
    )  # fmt: skip
    return told.affecting(_lengths([found.work.id]))


def _credited(layers: Layers, tracked: Tracked, found: Found) -> Iterator[Finding]:
    """Yield what a track does not credit of its work, and a length that is not sure."""
    about = _lengths([found.work.id])
    layer, row = layers[LAYER], found.track.row
    for reason, code in ((GAP, "TRACK_GAP"), (OFF, "TRACK_OFF"), (BESIDE, "TRACK_BESIDE")):
        parts = [p for p in found.parts if p.state == reason]
        if not parts or not found.spans(CREDITED):
            continue
        listed = [stretch(p.from_cm, p.to_cm) for p in parts]
        seen = Seen(layers, tracked, found)
        yield at_row(
            code, layer, row,
            place=seen.line(parts[0]),
            work=found.work.name,
            metres=spans.length(found.spans(reason)) / CM,
            stretches=tuple(listed[:_SHOWN] + (["…"] if len(listed) > _SHOWN else [])),
            gap=tracked.settings.largest_gap_m,
            distance=tracked.settings.distance_m,
            road=seen.road(np.concatenate(list(seen.points(parts[0])))) if reason == BESIDE else "",
        ).affecting(about)  # fmt: skip
    metres = spans.length(found.spans(CREDITED)) / CM
    if metres >= _LEAST_M and found.credit.unsure_m > _UNSURE * metres:
        yield at_row(
            "TRACK_LENGTH_UNSURE", layer, row, work=found.work.name, metres=metres,
            unsure=min(found.credit.unsure_m, metres), sigma=found.matched.sigma_m,
            share=100 * min(1.0, found.credit.unsure_m / metres),
        ).affecting(about)  # fmt: skip
