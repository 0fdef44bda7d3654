"""Photos as proof: what a report names, kept apart from what is seen by a photo's own position."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ntm_gis import numbers, text
from ntm_gis.outputs.progress.model import GPS, TOLD, Photo, Report, Work
from ntm_gis.outputs.progress.said import metres
from ntm_gis.rules.terms import say, term

NEAR_M = 50.0
"""A photo shows a place if its own position lies this close to it."""

MOST_M = 200.0
"""Beyond this a photo is not offered as the nearest."""

_ENDING = re.compile(r"\.jpe?g$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;\n]\s*")
_WORDS = {"repeat": "photo_repeat", "later": "photo_later", "unplaced": "photo_no_place"}
_BEST = (GPS, TOLD, "unplaced", "repeat", "later")


def key(name: str) -> str:
    """Return the name of a photo as it is compared: without folder, ending and case.

    Examples
    --------
    >>> key("anh/IMG_2001.JPG"), key("img_2001")
    ('img_2001', 'img_2001')
    """
    return text.nfc(_ENDING.sub("", PurePosixPath(name.replace("\\", "/")).name)).casefold()


def album(photos: Iterable[Photo]) -> dict[str, tuple[Photo, ...]]:
    """Return photos by their name as it is compared."""
    out: dict[str, tuple[Photo, ...]] = {}
    for photo in photos:
        name = key(photo.name)
        out[name] = (*out.get(name, ()), photo)
    return out


def names(work: Work, joined: str | None) -> tuple[str, ...]:
    """Return the photos that a cell names; a name may hold what stands between two."""
    if not joined:
        return ()
    if key(joined) in work.album:
        return (joined,)
    return tuple(dict.fromkeys(name for name in _BETWEEN.split(joined) if name))


def away_m(photo: Photo, from_m: float, to_m: float) -> float:
    """Return how far the position of a photo lies from a stretch of its road; inf: unknown.

    Examples
    --------
    >>> photo = Photo("A1", 450.0, "Km0+450", None, None, None, "gps", "", 30.0)
    >>> away_m(photo, 400, 500), away_m(photo, 490, 500)
    (30.0, 50.0)
    """
    if photo.at_m is None:
        return math.inf
    along = max(from_m - photo.at_m, photo.at_m - to_m, 0.0)
    return math.hypot(along, photo.offset_m or 0.0)


def seen(work: Work, from_m: float, to_m: float) -> Iterator[Photo]:
    """Yield the photos whose own position lies on a stretch, in order along the road."""
    there = (p for p in work.photos if p.state == GPS and away_m(p, from_m, to_m) <= NEAR_M)
    yield from sorted(there, key=lambda p: (p.at_m or 0.0, p.name))


def seen_words(work: Work, from_m: float, to_m: float) -> str:
    """Return the photos that show a stretch, each with its chainage."""
    return ", ".join(f"{p.name} ({p.chainage})" for p in seen(work, from_m, to_m))


def named_words(work: Work, joined: str | None, from_m: float, to_m: float, lang: str) -> str:
    """Return the photos that reports name for a stretch, each with where it was really taken."""
    found = (_named(work, name, from_m, to_m, lang) for name in names(work, joined))
    return ", ".join(found)


def _named(work: Work, name: str, from_m: float, to_m: float, lang: str) -> str:
    known = sorted(
        (photo for photo in work.album.get(key(name), ()) if photo.state in _BEST),
        key=lambda p: (_BEST.index(p.state), p.work_id != work.id, away_m(p, from_m, to_m)),
    )
    if not known:
        return f"{name} ({term('photo_none').of(lang)})"
    best = known[0]
    if best.state in _WORDS:
        return f"{name} ({term(_WORDS[best.state]).of(lang)})"
    where = best.chainage or "–"
    if best.state == TOLD:
        return f"{name} ({say('photo_told_at', lang, where=where)})"
    if best.work_id != work.id or best.at_m is None:
        return f"{name} ({term('photo_elsewhere').of(lang)})"
    away = away_m(best, from_m, to_m)
    if away <= NEAR_M:
        return f"{name} ({say('photo_taken_at', lang, where=where)})"
    return f"{name} ({say('photo_taken_off', lang, where=where, away=metres(round(away), lang))})"


def both(work: Work, joined: str | None, from_m: float, to_m: float, lang: str) -> str:
    """Return what is seen on photos of a stretch and what reports name, apart from each other."""
    parts = (
        ("photo_seen_of", seen_words(work, from_m, to_m)),
        ("photo_named_of", named_words(work, joined, from_m, to_m, lang)),
    )
    return "; ".join(f"{term(name).of(lang)}: {words}" for name, words in parts if words)


def photo_line(work: Work, report: Report, lang: str) -> str:
    """Return the line that tells which photos a report names; nothing where it names none."""
    from_m = report.from_m or 0.0
    ends = (from_m, from_m if report.to_m is None else report.to_m)
    words = named_words(work, report.photo, min(ends), max(ends), lang)
    return f"{term('photo_named_of').of(lang)}: {words}" if words else ""


def at(metres_at: float | None) -> str:
    """Return a chainage; nothing where there is none."""
    return "" if metres_at is None else numbers.format_chainage(metres_at)
