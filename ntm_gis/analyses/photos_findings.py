"""What an official should know of photos: why a position is lost, what stands twice or apart."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage import CM, written
from ntm_gis.analyses.photos_placed import (
    GPS,
    LAYER,
    MISSING,
    REPEAT,
    TOLD,
    UNPLACED,
    Photo,
    Placed,
)
from ntm_gis.analyses.places import at_row
from ntm_gis.results import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Finding

# How chat applications name the pictures they hand on; all of them strip the position.
_APPS = (
    ("PHOTO_LOST_ZALO", re.compile(r"z\d{8,}(_|$)|zalo", re.IGNORECASE)),
    ("PHOTO_LOST_MESSENGER", re.compile(r"received_\d+|messenger", re.IGNORECASE)),
    ("PHOTO_LOST_FACEBOOK", re.compile(r"fb_img_|facebook|\d{6,}_\d{6,}_\d{6,}_n", re.IGNORECASE)),
    ("PHOTO_LOST_WHATSAPP", re.compile(r"img-\d{8}-wa\d+|whatsapp", re.IGNORECASE)),
    ("PHOTO_LOST_TELEGRAM", re.compile(r"photo_\d{4}-\d\d-\d\d|telegram", re.IGNORECASE)),
    ("PHOTO_LOST_VIBER", re.compile(r"viber", re.IGNORECASE)),
    ("PHOTO_LOST_SCREEN", re.compile(r"screenshot|screen_?cap|man.?hinh", re.IGNORECASE)),
)  # fmt: skip

_SHOWN = 6
_APART_CM = 10_000
"""A list and a picture that differ by more than 100 m along the road are said to."""


def lost_by(name: str, *, timed: bool) -> str:
    """Return the code of the words that say what took the position from a picture.

    Parameters
    ----------
    name : str
        Of the file.
    timed : bool
        It still has its time: then no chat stripped it, the camera wrote no position.

    Examples
    --------
    >>> lost_by("z5012345678901_ab12.jpg", timed=False), lost_by("IMG_2001.jpg", timed=True)
    ('PHOTO_LOST_ZALO', 'PHOTO_LOST_SETTING')
    """
    for code, pattern in _APPS:
        if pattern.search(name):
            return code
    return "PHOTO_LOST_SETTING" if timed else "PHOTO_LOST_CHAT"


def findings(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield what is to be checked about photos."""
    yield from _without_position(layers, found)
    by_row = {photo.row: photo for photo in found.photos}
    for photo in found.photos:
        if photo.state == REPEAT:
            yield _repeated(layers, photo, by_row[photo.first or 0])
        elif photo.state == GPS:
            yield from _of_position(layers, photo)
        elif photo.state == TOLD:
            yield from _as_told(layers, found, photo)
        if photo.recorded_on and photo.told_on and photo.recorded_on != photo.told_on:
            yield at_row(
                "PHOTO_DAY_DIFFERS", layers[LAYER], photo.row, photo=photo.name,
                taken=photo.recorded_on, told=photo.told_on,
            ).affecting(())  # fmt: skip
    yield from _missing(layers, found)
    for entry in found.ambiguous:
        yield at_row("PHOTO_NAME_SEVERAL", layers[LAYER], entry.row, photo=entry.name)


def _named(photos: list[Photo]) -> tuple[str, ...]:
    more = ("…",) if len(photos) > _SHOWN else ()
    return (*(photo.name for photo in photos[:_SHOWN]), *more)


def _without_position(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield pictures without a position, by folder and by what took it away."""
    groups: dict[tuple[str, str], list[Photo]] = defaultdict(list)
    for photo in found.photos:
        if photo.sha256 is not None and photo.point is None and photo.state != REPEAT:
            why = lost_by(photo.name, timed=photo.timed)
            groups[layers[LAYER].places.files[photo.row], why].append(photo)
    for (_, why), photos in sorted(groups.items()):
        open_ = sum(photo.state == UNPLACED for photo in photos)
        yield at_row(
            "PHOTO_POSITION_LOST", layers[LAYER], photos[0].row, count=len(photos),
            photos=_named(photos), why=sentence(why, {}), advice=sentence(f"{why}_DO", {}),
            open=open_,
        ).affecting(())  # fmt: skip


def _repeated(layers: Layers, photo: Photo, first: Photo) -> Finding:
    """Say that a picture is the same as another, above all where they are given for two places."""
    apart = photo.told_cm is not None and first.cm is not None and (
        abs(photo.told_cm - first.cm) > _APART_CM
    )  # fmt: skip
    other = photo.work_id is not None and first.work_id is not None
    two = apart or (other and photo.work_id != first.work_id)
    code = "PHOTO_TWO_PLACES" if two else "PHOTO_REPEATED"
    told = at_row(code, layers[LAYER], photo.row, photo=photo.name, first=first.name)
    return told.affecting(())


def _of_position(layers: Layers, photo: Photo) -> Iterator[Finding]:
    """Yield pictures whose position is not where they are said to be."""
    if photo.work is not None and photo.cm is None:
        metres = None if photo.located is None else photo.located.offset_m
        yield at_row(
            "PHOTO_OFF_ROAD", layers[LAYER], photo.row, photo=photo.name, work=photo.work.name,
            metres=metres,
        ).affecting(())  # fmt: skip
        return
    if photo.cm is None or photo.told_cm is None or abs(photo.cm - photo.told_cm) <= _APART_CM:
        return
    yield at_row(
        "PHOTO_TOLD_DIFFERS", layers[LAYER], photo.row, photo=photo.name,
        told=written(photo.told_cm), here=written(photo.cm),
        metres=abs(photo.cm - photo.told_cm) / CM,
    ).affecting(())  # fmt: skip


def _as_told(layers: Layers, found: Placed, photo: Photo) -> Iterator[Finding]:
    """Yield pictures that a list puts beyond their road."""
    road = None if photo.work is None else found.roads.get(photo.work.road_id or "")
    if road is None or photo.cm is None or photo.work is None:
        return
    if not road.span[0] <= photo.cm <= road.span[1]:
        yield at_row(
            "PHOTO_BEYOND_ROAD", layers[LAYER], photo.row, photo=photo.name,
            told=written(photo.cm), work=photo.work.name, end=written(road.span[1]),
        ).affecting(())  # fmt: skip


def _missing(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield, by list, the pictures that it names and nobody handed in."""
    groups: dict[tuple[str, str | None], list[Photo]] = defaultdict(list)
    places = layers[LAYER].places
    for photo in found.photos:
        if photo.state == MISSING:
            groups[places.files[photo.row], places.tables[photo.row]].append(photo)
    for photos in groups.values():
        yield at_row(
            "PHOTO_NOT_HANDED_IN", layers[LAYER], photos[0].row, count=len(photos),
            photos=_named(photos),
        ).affecting(())  # fmt: skip
