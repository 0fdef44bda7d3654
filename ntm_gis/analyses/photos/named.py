"""Photos that reports name: those nobody handed in, and those that were taken somewhere else."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage.axis import CM, stretch, written
from ntm_gis.analyses.photos.placed import GPS, MISSING, NEAR_M, Photo, Placed, name_key
from ntm_gis.analyses.progress.claims import LAYER as REPORTS
from ntm_gis.analyses.progress.claims import claims_of, once
from ntm_gis.results import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.layers.decisions import Claim, Decisions
    from ntm_gis.layers.values import Layers

_BETWEEN = re.compile(r"\s*[,;\n]\s*")
_SHOWN = 6


def findings(layers: Layers, decisions: Decisions, found: Placed) -> Iterator[Finding]:
    """Yield what is to be checked about photos that reports name; it touches no figure."""
    album: dict[str, list[Photo]] = defaultdict(list)
    for photo in found.photos:
        if photo.state != MISSING:
            album[name_key(photo.name)].append(photo)
    gone: dict[str, list[tuple[Claim, str]]] = defaultdict(list)
    for claim in once(decisions.claims, claims_of(layers[REPORTS])):
        for name in _names(claim.photo, album):
            known = album.get(name_key(name))
            if known is None:
                gone[claim.work_id or ""].append((claim, name))
            else:
                yield from _elsewhere(claim, name, known)
    for missing in gone.values():
        yield _missing(missing)


def _names(joined: str | None, album: dict[str, list[Photo]]) -> tuple[str, ...]:
    if not joined:
        return ()
    if name_key(joined) in album:
        return (joined,)
    return tuple(dict.fromkeys(name for name in _BETWEEN.split(joined) if name))


def _missing(missing: Sequence[tuple[Claim, str]]) -> Finding:
    names = tuple(dict.fromkeys(name for _, name in missing))
    reports = tuple(dict.fromkeys(claim.report_id for claim, _ in missing))
    return _of(
        "REPORT_PHOTO_NONE", missing[0][0], n=len(names), photos=_few(names), reports=_few(reports)
    )


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names[:_SHOWN], "…") if len(names) > _SHOWN else names


def _elsewhere(claim: Claim, name: str, known: Sequence[Photo]) -> Iterator[Finding]:
    """Yield that a photo was taken off the stretch that names it, where its position says so."""
    since, until = claim.from_cm, claim.to_cm
    own = [photo for photo in known if photo.state == GPS]
    if since is None or until is None or since >= until or not own:
        return
    apart = [(_away_m(photo, claim, since, until), photo) for photo in own]
    away, photo = min(apart, key=lambda one: (one[0], one[1].row))
    if away <= NEAR_M:
        return
    there = photo.work is not None and photo.work.id == claim.work_id and photo.cm is not None
    here = written(photo.cm) if there and photo.cm is not None else None
    yield _of(
        "REPORT_PHOTO_OFF" if here else "REPORT_PHOTO_ELSEWHERE", claim, photo=name,
        span=stretch(since, until), here=here, metres=round(away) if here else None,
    )  # fmt: skip


def _away_m(photo: Photo, claim: Claim, since: int, until: int) -> float:
    if photo.cm is None or photo.work is None or photo.work.id != claim.work_id:
        return math.inf
    along = max(since - photo.cm, photo.cm - until, 0) / CM
    return math.hypot(along, 0.0 if photo.located is None else photo.located.offset_m)


def _of(code: str, claim: Claim, **params: object) -> Finding:
    place = claim.place
    return Finding.of(
        code, file=None if place is None else place.file,
        table=None if place is None else place.table, layer=REPORTS, feature=claim.report_id,
        row=None if place is None else place.row, field="photo", value=claim.photo,
        at=None, personal=False, **params,
    ).affecting(())  # fmt: skip
