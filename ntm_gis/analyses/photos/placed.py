"""Photos of road works on their roads: by their own position, or as a list says."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.chainage.axis import CM, centimetres
from ntm_gis.analyses.chainage.stakes import road_lines
from ntm_gis.analyses.columns import amounts, days, texts
from ntm_gis.analyses.progress.works import works_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import shapely

    from ntm_gis.analyses.chainage.axis import Located
    from ntm_gis.analyses.chainage.stakes import RoadLine
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.values import Layer, Layers

LAYER = "photos"
GPS, TOLD, UNPLACED, REPEAT, MISSING = "gps", "told", "unplaced", "repeat", "missing"
"""Placed by its own position; as a list says, which proves no position; not at all; the same
photo as another; listed, but not in the folder."""

NEAR_M = 50.0
"""A photo is of a road work if it was taken this close to its road."""

FAR_M = 200.0
"""A photo said to be of a work but taken farther away than this is not placed on its road."""

APART_CM = 10_000
"""Places more than 100 m apart along a road are two."""

_PICTURE = re.compile(r"\.(jpe?g)$", re.IGNORECASE)


@dataclass(frozen=True)
class Photo:
    """A used row of `photos`: a picture, or what a list says of one.

    Parameters
    ----------
    row : int
        Its position in the used rows.
    sha256 : str or None
        Digest of the picture; None for a row of a list.
    told_cm : int or None
        Chainage that a list gives.
    listed : tuple of int
        Rows of lists that name the picture.
    cm : int or None
        Official chainage on the road of the work.
    torn : bool
        Lists put it in two places: neither counts.
    """

    row: int
    name: str
    sha256: str | None
    point: shapely.Geometry | None
    work_id: str | None
    told_cm: int | None
    stage: str | None
    recorded_on: dt.date | None
    told_on: dt.date | None
    timed: bool
    made_by: str | None
    listed: tuple[int, ...] = ()
    state: str = UNPLACED
    work: Work | None = None
    cm: int | None = None
    located: Located | None = None
    first: int | None = None
    torn: bool = False

    @property
    def own(self) -> bool:
        """Whether this is a picture, not a row of a list."""
        return self.sha256 is not None

    def apart(self, other: Photo) -> bool:
        """Whether two are said, or found, to be of different works or places of a road."""
        works = {photo.work_id if photo.work is None else photo.work.id for photo in (self, other)}
        if len(works - {None}) > 1:
            return True
        here = self.told_cm if self.cm is None else self.cm
        there = other.told_cm if other.cm is None else other.cm
        return here is not None and there is not None and abs(here - there) > APART_CM


def name_key(name: str) -> str:
    """Return a name of a picture as it is compared: without folder, ending and case.

    Examples
    --------
    >>> name_key("anh/IMG_2001.JPG"), name_key("img_2001")
    ('img_2001', 'img_2001')
    """
    return text.nfc(_PICTURE.sub("", PurePosixPath(name.replace("\\", "/")).name)).casefold()


@dataclass(frozen=True)
class Placed:
    """All photos of a commune, and the names that stand for several pictures."""

    photos: tuple[Photo, ...]
    roads: Mapping[str, RoadLine]
    works: tuple[Work, ...]
    ambiguous: tuple[Photo, ...] = ()


def placed(layers: Layers) -> Placed:
    """Place the photos of a commune on the roads of its works.

    Notes
    -----
    A picture's own position counts; what a list says places it only where it has none. Of
    pictures that are the same byte for byte the first, by file and name, stands for all.
    """
    roads, _ = road_lines(layers["roads"], layers["stakes"])
    works = works_of(layers)
    rows = list(_rows(layers[LAYER]))
    pictures = [photo for photo in rows if photo.own]
    lists = [photo for photo in rows if not photo.own]
    by_name: dict[str, list[Photo]] = defaultdict(list)
    for photo in pictures:
        by_name[name_key(photo.name)].append(photo)
    said: dict[int, list[Photo]] = defaultdict(list)
    out: list[Photo] = []
    ambiguous: list[Photo] = []
    for entry in lists:
        same = by_name.get(name_key(entry.name), [])
        if len({photo.sha256 for photo in same}) > 1:
            ambiguous.append(entry)
        elif same:
            said[same[0].row].append(entry)
        if not same:
            out.append(replace(_told(entry, works), state=MISSING))
    firsts: dict[str, int] = {}
    for photo in sorted(pictures, key=lambda p: (name_key(p.name), p.row)):
        first = firsts.setdefault(str(photo.sha256), photo.row)
        full = _listed(photo, said[photo.row])
        if first != photo.row:
            out.append(replace(full, state=REPEAT, first=first))
        else:
            out.append(_placed(full, works, roads))
    photos = tuple(sorted(out, key=lambda p: p.row))
    return Placed(photos, roads, works, tuple(ambiguous))


def _rows(layer: Layer) -> Iterator[Photo]:
    used, places = layer.used, layer.places
    digests: dict[tuple[str, str], str] = {}
    for origin in layer.origins:
        members = dict(origin.members)
        if _PICTURE.search(origin.file) and origin.sha256:
            members[PurePosixPath(origin.file).name] = origin.sha256
        pictures = (name for name in members if _PICTURE.search(name))
        digests |= {(origin.file, name): members[name] for name in pictures}
    columns = zip(
        texts(used, "photo"), texts(used, "work_id"), amounts(used, "chainage_m").tolist(),
        texts(used, "stage"), days(used, "recorded_on"), texts(used, "taken_at"),
        texts(used, "made_by"), strict=True,
    )  # fmt: skip
    for row, (name, work, metres, stage, day, taken, by) in enumerate(columns):
        file = places.files[row]
        named = name or PurePosixPath(file).name
        sha256 = digests.get((file, named))
        own = sha256 is not None
        yield Photo(
            row, named, sha256, places.shapes[row], work, centimetres(metres), stage,
            day if own else None, None if own else day, taken is not None, by,
        )  # fmt: skip


def _listed(photo: Photo, said: Sequence[Photo]) -> Photo:
    """Fill what a picture does not say of itself from the lists that name it."""
    out = photo
    for entry in said:
        out = replace(
            out,
            torn=out.torn or any(entry.apart(other) for other in said),
            work_id=out.work_id or entry.work_id,
            told_cm=entry.told_cm if out.told_cm is None else out.told_cm,
            stage=out.stage or entry.stage,
            told_on=out.told_on or entry.told_on,
            made_by=out.made_by or entry.made_by,
            listed=(*out.listed, entry.row),
        )
    return out


def _told(photo: Photo, works: Sequence[Work]) -> Photo:
    work = next((w for w in works if w.id == photo.work_id), None)
    known = work is not None and not photo.torn
    return replace(photo, work=work, cm=photo.told_cm if known else None)


def _placed(photo: Photo, works: Sequence[Work], roads: Mapping[str, RoadLine]) -> Photo:
    if photo.point is None:
        out = _told(photo, works)
        return replace(out, state=TOLD) if out.cm is not None else out
    named = [work for work in works if work.id == photo.work_id]
    if photo.work_id is not None and not named:  # of a school beside the road, say
        return replace(photo, state=GPS)
    found = []
    for work in named or works:
        road = roads.get(work.road_id or "")
        if road is not None:
            at = road.locate(photo.point.x, photo.point.y)
            beyond = beyond_cm(work, at.cm)
            if named or beyond <= NEAR_M * CM:
                found.append((at.offset_m, beyond, work.row, work, at))
    best = min(found, key=lambda f: f[:3], default=None)
    if best is None or best[0] > (FAR_M if named else NEAR_M):
        if not named:
            return replace(photo, state=GPS)
        return replace(photo, state=GPS, work=named[0], located=best[4] if best else None)
    return replace(photo, state=GPS, work=best[3], cm=best[4].cm, located=best[4])


def beyond_cm(work: Work, cm: int) -> int:
    """Return how far a chainage is beyond the span of a work, as far as that is known."""
    before = 0 if work.start_cm is None else work.start_cm - cm
    after = 0 if work.end_cm is None else cm - work.end_cm
    return max(before, after, 0)
