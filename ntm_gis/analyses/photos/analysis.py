"""Photos of road works: where on the road each was taken, and which prove nothing of it.

A photo with the position its phone wrote is evidence of the place. One that lost it in a chat is
placed as a list says, marked so, and is never evidence of the place.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import shapely

from ntm_gis.analyses.chainage.axis import CM, written
from ntm_gis.analyses.photos import named as photos_named
from ntm_gis.analyses.photos.findings import findings
from ntm_gis.analyses.photos.placed import GPS, LAYER, MISSING, TOLD, Photo, Placed, placed
from ntm_gis.analyses.progress.frames import frame
from ntm_gis.layers.values import FILE, ROW, TABLE, Answer
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.values import Layers

READS: Reads = {}

SHA256 = "@sha256"
"""Digest of the picture: for programs, never shown."""

COLUMNS = (
    "id", "photo", "work_id", "road_id", "at_m", "chainage", "offset_m", "side", "stage",
    "recorded_on", "made_by", "state", "how", "how_en", SHA256, FILE, TABLE, ROW,
)  # fmt: skip


def answer(question: Question) -> Answer:
    """Return the frame `photos` and what is to be checked about photos."""
    layers = question.layers
    found = placed(layers)
    frames = {LAYER: photos_frame(layers, found)}
    about = (*findings(layers, found), *photos_named.findings(layers, question.decisions, found))
    return Answer(findings=about, frames=frames)


LATER = "later"
"""State of a photo that would be placed, had it been taken by the day of the figures."""


def photos_frame(layers: Layers, found: Placed) -> gpd.GeoDataFrame:
    """Return a row for every picture, and for every one that a list names but nobody handed in.

    Returns
    -------
    GeoDataFrame
        `state`: gps (by its own position), told (as a list says: no evidence of the place),
        later (taken after the day of the figures), unplaced, repeat, missing; `how` and `how_en`
        say it in words. `at_m` is the official chainage on the work's road, `offset_m` the
        distance from it. Geometry is where the picture was taken, or for `told` the place on the
        road; the others have none.
    """
    rows: list[tuple[Any, ...]] = []
    points: list[shapely.Geometry | None] = []
    places = layers[LAYER].places
    names = Counter(photo.name for photo in found.photos)
    as_of = layers.commune.commune.as_of
    for photo in found.photos:
        day = photo.recorded_on or photo.told_on
        late = day is not None and day > as_of and photo.state in (GPS, TOLD)
        state = LATER if late else photo.state
        work_id, road_id = photo.work_id, None
        if photo.work is not None:
            work_id, road_id = photo.work.id, photo.work.road_id
        how = _how(photo, state)
        at, on = photo.cm, photo.located
        file = places.files[photo.row]
        more = "" if names[photo.name] == 1 else f" ({file}, {places.rows[photo.row]})"
        rows.append((
            photo.name + more, photo.name, work_id, road_id,
            None if at is None else at / CM, None if at is None else written(at),
            None if on is None else round(on.offset_m, 2), None if on is None else on.side,
            photo.stage, day, photo.made_by, state, how.vi, how.en, photo.sha256,
            file, places.tables[photo.row], places.rows[photo.row],
        ))  # fmt: skip
        points.append(None if late else _point(photo, found))
    columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    return frame(columns, points, layers.commune.commune.crs)


def _how(photo: Photo, state: str) -> Words:
    """Say how a photo came to its place, and to its day."""
    told = photo.recorded_on is None and photo.told_on is not None
    code = "PHOTO_IS_GPS_DAY_TOLD" if state == GPS and told else f"PHOTO_IS_{state}"
    return sentence(code.upper(), {})


def _point(photo: Photo, found: Placed) -> shapely.Geometry | None:
    if photo.state == GPS:
        return photo.point
    if photo.state not in (TOLD, MISSING) or photo.cm is None or photo.work is None:
        return None
    road = found.roads.get(photo.work.road_id or "")
    if photo.state == MISSING or road is None or not road.span[0] <= photo.cm <= road.span[1]:
        return None
    return shapely.Point(road.point(photo.cm))
