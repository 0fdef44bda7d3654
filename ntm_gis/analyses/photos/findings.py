"""What an official should know of photos: why a position is lost, what stands twice or apart."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ntm_gis.analyses.chainage.axis import CM, stretch, written
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.elsewhere import FAR_M, away_m
from ntm_gis.analyses.photos.placed import (
    APART_CM,
    GPS,
    LAYER,
    MISSING,
    REPEAT,
    TOLD,
    UNPLACED,
    Photo,
    Placed,
    beyond_cm,
)
from ntm_gis.analyses.places import at_row
from ntm_gis.results import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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

Key = TypeVar("Key", bound=tuple[str, ...])


def lost_by(name: str, *, timed: bool, zero: bool = False) -> str:
    """Return the code of the words that say what took the position from a picture.

    Parameters
    ----------
    name : str
        Of the file.
    timed : bool
        It still has its time: then no chat stripped it, the camera wrote no position.
    zero : bool
        Its position is 0°, 0°: the phone had no satellites.

    Examples
    --------
    >>> lost_by("z5012345678901_ab12.jpg", timed=False), lost_by("IMG_2001.jpg", timed=True)
    ('PHOTO_LOST_ZALO', 'PHOTO_LOST_SETTING')
    """
    if zero:
        return "PHOTO_LOST_NO_FIX"
    for code, pattern in _APPS:
        if pattern.search(name):
            return code
    return "PHOTO_LOST_SETTING" if timed else "PHOTO_LOST_CHAT"


def findings(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield what is to be checked about photos; none of it touches a figure."""
    every = (
        _without_position(layers, found), _elsewhere(layers, found), _days(layers, found),
        _unknown_works(layers, found), _single(layers, found), _missing(layers, found),
    )  # fmt: skip
    for some in every:
        for one in some:
            yield one.affecting(())


def _at(code: str, layers: Layers, about: Photo, **params: Any) -> Finding:
    """Return a finding about a photo, by its name: rows change as photos are added."""
    return replace(at_row(code, layers[LAYER], about.row, **params), feature=about.name)


def _named(photos: list[Photo]) -> tuple[str, ...]:
    more = ("…",) if len(photos) > _SHOWN else ()
    return (*(photo.name for photo in photos[:_SHOWN]), *more)


def _grouped(
    layers: Layers, photos: Iterable[Photo], of: Callable[[Photo], Key]
) -> Iterator[tuple[Key, list[Photo]]]:
    """Yield photos by their file or folder and by something else of them, in order."""
    groups: dict[tuple[str, Key], list[Photo]] = defaultdict(list)
    for photo in photos:
        groups[layers[LAYER].places.files[photo.row], of(photo)].append(photo)
    for (_, key), some in sorted(groups.items()):
        yield key, some


def _without_position(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield pictures without a position, by folder and by what took it away."""
    layer, places = layers[LAYER], layers[LAYER].places
    zeros = {(f.file, f.row) for f in layer.findings if f.code == "POINT_AT_ZERO"}

    def why(photo: Photo) -> tuple[str]:
        zero = (places.files[photo.row], places.rows[photo.row]) in zeros
        return (lost_by(photo.name, timed=photo.timed, zero=zero),)

    lost = (p for p in found.photos if p.own and p.point is None and p.state != REPEAT)
    for (code,), photos in _grouped(layers, lost, why):
        open_ = sum(photo.state == UNPLACED for photo in photos)
        yield _at(
            "PHOTO_POSITION_LOST", layers, photos[0], count=len(photos),
            photos=_named(photos), why=sentence(code, {}), advice=sentence(f"{code}_DO", {}),
            open=open_,
        )  # fmt: skip


def _far(layers: Layers, found: Placed) -> dict[int, float]:
    """Return by row the metres to the commune of pictures that are of somewhere else."""
    placed = [(p.row, p.point) for p in found.photos if p.own and p.point is not None]
    away = away_m(layers, [point for _, point in placed])
    return {row: far for (row, _), far in zip(placed, away.tolist(), strict=True) if far >= FAR_M}


def _elsewhere(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield, by folder, the pictures that were taken in another place altogether."""
    far = _far(layers, found)
    there = (photo for photo in found.photos if photo.row in far)
    for _, photos in _grouped(layers, there, lambda _: ()):
        yield _at(
            "PHOTO_ELSEWHERE", layers, photos[0], count=len(photos),
            photos=_named(photos), km=max(far[photo.row] for photo in photos) / 1000,
        )  # fmt: skip


def _days(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield pictures of a day that is not known, or is still to come."""
    as_of = layers.commune.commune.as_of
    late = (p for p in found.photos if (p.recorded_on or p.told_on or as_of) > as_of)
    for _, photos in _grouped(layers, late, lambda _: ()):
        last = max(p.recorded_on or p.told_on or as_of for p in photos)
        yield _at(
            "PHOTO_DAY_LATER", layers, photos[0], count=len(photos),
            photos=_named(photos), day=last, as_of=as_of,
        )  # fmt: skip
    undated = (p for p in found.photos if p.state == GPS and not (p.recorded_on or p.told_on))
    for _, photos in _grouped(layers, undated, lambda _: ()):
        yield _at(
            "PHOTO_DAY_OPEN", layers, photos[0], count=len(photos),
            photos=_named(photos),
        )  # fmt: skip


def _unknown_works(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield, by work, what is given for a work that no list has."""
    known = {work.id for work in found.works} | set(texts(layers["works"].used, "work_id"))
    lost = (p for p in found.photos if known and p.work_id is not None and p.work_id not in known)
    for (work,), photos in _grouped(layers, lost, lambda photo: (photo.work_id or "",)):
        yield _at(
            "PHOTO_WORK_UNKNOWN", layers, photos[0], count=len(photos),
            photos=_named(photos), work=work,
        )  # fmt: skip


def _single(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield what is to be checked about one picture by itself."""
    by_row = {photo.row: photo for photo in found.photos}
    far = _far(layers, found)
    for photo in found.photos:
        if photo.state == REPEAT:
            yield _repeated(layers, photo, by_row[photo.first or 0])
        elif photo.state == GPS and photo.row not in far:
            yield from _of_position(layers, photo)
        elif photo.state == TOLD:
            yield from _as_told(layers, found, photo)
        if photo.state in (GPS, TOLD):
            yield from _of_span(layers, found, photo)
        if photo.torn and photo.state != REPEAT:
            yield _at("PHOTO_LISTED_TWICE", layers, photo, photo=photo.name)
        if photo.recorded_on and photo.told_on and photo.recorded_on != photo.told_on:
            yield _at(
                "PHOTO_DAY_DIFFERS", layers, photo, photo=photo.name,
                taken=photo.recorded_on, told=photo.told_on,
            )  # fmt: skip
    for entry in found.ambiguous:
        yield _at("PHOTO_NAME_SEVERAL", layers, entry, photo=entry.name)


def _repeated(layers: Layers, photo: Photo, first: Photo) -> Finding:
    """Say that a picture is the same as another, above all where they are given for two places."""
    code = "PHOTO_TWO_PLACES" if photo.apart(first) else "PHOTO_REPEATED"
    return _at(code, layers, photo, photo=photo.name, first=first.name)


def _of_position(layers: Layers, photo: Photo) -> Iterator[Finding]:
    """Yield pictures whose position is not where they are said to be."""
    if photo.work is not None and photo.cm is None:
        metres = None if photo.located is None else photo.located.offset_m
        yield _at(
            "PHOTO_OFF_ROAD", layers, photo, photo=photo.name, work=photo.work.name,
            metres=metres,
        )  # fmt: skip
    elif photo.cm is not None and photo.told_cm is not None:
        apart = abs(photo.cm - photo.told_cm)
        if apart > APART_CM and not photo.torn:
            yield _at(
                "PHOTO_TOLD_DIFFERS", layers, photo, photo=photo.name,
                told=written(photo.told_cm), here=written(photo.cm), metres=apart / CM,
            )  # fmt: skip


def _as_told(layers: Layers, found: Placed, photo: Photo) -> Iterator[Finding]:
    """Yield pictures that a list puts beyond their road."""
    road = None if photo.work is None else found.roads.get(photo.work.road_id or "")
    if road is None or photo.cm is None or photo.work is None:
        return
    if not _within(road.span, photo.cm):
        yield _at(
            "PHOTO_BEYOND_ROAD", layers, photo, photo=photo.name,
            told=written(photo.cm), work=photo.work.name, end=written(road.span[1]),
        )  # fmt: skip


def _of_span(layers: Layers, found: Placed, photo: Photo) -> Iterator[Finding]:
    """Yield pictures of a work that lie on its road, but beyond its stretch."""
    work = photo.work
    if work is None or work.span is None or photo.cm is None:
        return
    road = found.roads.get(work.road_id or "")
    off = photo.state == TOLD and road is not None and not _within(road.span, photo.cm)
    if not off and beyond_cm(work, photo.cm) > APART_CM:
        yield _at(
            "PHOTO_BEYOND_WORK", layers, photo, photo=photo.name, work=work.name,
            here=written(photo.cm), span=stretch(*work.span),
        )  # fmt: skip


def _within(span: tuple[int, int], cm: int) -> bool:
    return span[0] <= cm <= span[1]


def _missing(layers: Layers, found: Placed) -> Iterator[Finding]:
    """Yield, by list, the pictures that it names and nobody handed in."""
    places = layers[LAYER].places
    gone = (photo for photo in found.photos if photo.state == MISSING)
    for _, photos in _grouped(layers, gone, lambda photo: (places.tables[photo.row] or "",)):
        yield _at(
            "PHOTO_NOT_HANDED_IN", layers, photos[0], count=len(photos),
            photos=_named(photos),
        )  # fmt: skip
