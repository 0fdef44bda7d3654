"""What each village has and lacks: cultural house, school, loudspeaker, a hard road to it.

Houses and loudspeakers belong to villages by their lists. Schools and roads have no such column:
a school belongs to the village nearest to it, one without a place to the village that its name
names, and a main road that passes the place of a village leads into it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses import figures
from ntm_gis.analyses.columns import ids, shapes, texts
from ntm_gis.analyses.having import Thing, things
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.loudspeakers import LAYER as SPEAKERS
from ntm_gis.analyses.loudspeakers import which_work
from ntm_gis.analyses.schools import LAYER as SCHOOLS
from ntm_gis.analyses.schools import campuses
from ntm_gis.analyses.villages import HOUSES, VILLAGES, large_and_used
from ntm_gis.layers.values import Answer
from ntm_gis.rules.schema import code_list
from ntm_gis.text import clean, tone_key, village_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.values import Layer, Layers

READS: Reads = {}

FRAME, ROADS = "village_needs", "roads"
KINDS = ("house", "school", "speaker", "road")
YES, NO, UNKNOWN = "yes", "no", "unknown"
LACKING, OPEN, WHOLE = "lacking", "open", "whole"

COLUMNS: dict[str, type] = {
    "id": str, "name": str,
    **{name: str for kind in KINDS for name in (kind, f"{kind}_by")},
    "lacks": float, "unknowns": float, "state": str,
}  # fmt: skip

REACH_M = 60.0
"""A road that comes so near to the place of a village leads into it."""
MAIN = ("national", "provincial", "commune", "village")

_GOOD = {True: YES, False: NO, None: UNKNOWN}


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a village has something, and the ids of the objects that say so."""

    state: str
    by: tuple[str, ...] = ()


def answer(question: Question) -> Answer:
    """Return the frame `village_needs`: a row a village, in the order of their list.

    Notes
    -----
    `house`, `school`, `speaker` and `road` are yes, no or unknown, and `…_by` lists the ids that
    say so: for yes what is there, for no what is there but does not count, for unknown what would
    have to be looked at. Nothing is lacking where its list was not handed in, or where a row of
    that list may be of any village. `lacks` and `unknowns` count the answers; `state`: lacking,
    open (nothing is known to be lacking, but not all is known) or whole.
    """
    layers = question.layers
    every = ids(layers[VILLAGES])
    by_kind = (houses(layers), schools(layers), speakers(layers), roads(layers))
    names = texts(layers[VILLAGES].used, "name")
    rows = [
        _row(key, name or key, [said[key] for said in by_kind])
        for key, name in zip(every, names, strict=True)
    ]
    return Answer(frames={FRAME: listing(COLUMNS, rows, layers.commune.commune.crs)})


def _row(key: str, name: str, said: Sequence[Said]) -> tuple[object, ...]:
    states = [one.state for one in said]
    lacks, unknowns = states.count(NO), states.count(UNKNOWN)
    state = LACKING if lacks else OPEN if unknowns else WHOLE
    cells = [cell for one in said for cell in (one.state, ", ".join(one.by) or None)]
    return (key, name, *cells, lacks, unknowns, state)


def told(every: Sequence[str], found: Iterable[Thing], lost: Iterable[str] = ()) -> dict[str, Said]:
    """Return what things say of each village.

    Parameters
    ----------
    every : sequence of str
        Ids of the used villages.
    found : iterable of Thing
        Those of nobody knows which village may be of any.
    lost : iterable of str
        Villages to which every thing may belong, though it is given to another one.

    Examples
    --------
    >>> said = told(["A", "B"], [Thing("1", "A", True), Thing("2", "A", None)])
    >>> said["A"], said["B"]
    (Said(state='yes', by=('1',)), Said(state='no', by=()))
    """
    found = list(found)
    of = defaultdict[str, list[Thing]](list)
    alone = every[0] if len(every) == 1 else None
    for thing in found:
        # Of one village alone is whatever surely is somewhere.
        home = thing.village or (alone if thing.surely_here else None)
        if home is not None:
            of[home].append(thing)
    owned = {thing.id for own in of.values() for thing in own}
    free = tuple(t.id for t in found if t.id not in owned and t.good is not False)
    out = {key: _said(of[key], free) for key in every}
    if any(t.good is not False for t in found):
        out |= {key: Said(UNKNOWN, free) for key in lost if out[key].state == NO}
    return out


def _said(own: Sequence[Thing], free: tuple[str, ...] = ()) -> Said:
    """Return what the things of a village say; `free`: others that may be its own too."""
    by = {state: tuple(t.id for t in own if _GOOD[t.good] == state) for state in _GOOD.values()}
    if by[YES]:
        return Said(YES, by[YES])
    if by[UNKNOWN] or free:
        return Said(UNKNOWN, (*by[UNKNOWN], *free))
    return Said(NO, by[NO])


def _not_given(layers: Layers, name: str) -> dict[str, Said] | None:
    """Return that nothing is known where the list of something has no row."""
    if not figures.without_rows(layers, name):
        return None
    return dict.fromkeys(ids(layers[VILLAGES]), Said(UNKNOWN))


# --- by their lists -------------------------------------------------------------------------------


def houses(layers: Layers) -> dict[str, Said]:
    """Return of each village whether it has a cultural house in use that is large enough."""
    found = things(layers[HOUSES], layers[VILLAGES], large_and_used(layers))
    return _not_given(layers, HOUSES) or told(ids(layers[VILLAGES]), found)


def speakers(layers: Layers) -> dict[str, Said]:
    """Return of each village whether a loudspeaker works in it."""
    found = things(layers[SPEAKERS], layers[VILLAGES], which_work(layers[SPEAKERS]))
    return _not_given(layers, SPEAKERS) or told(ids(layers[VILLAGES]), found)


# --- by their places ------------------------------------------------------------------------------


def schools(layers: Layers) -> dict[str, Said]:
    """Return of each village whether a campus is in use in it.

    A campus is of the village nearest to it. To a village without a place any of them may belong.
    """
    every, places = ids(layers[VILLAGES]), shapes(layers[VILLAGES].used)
    found = campuses(layers[SCHOOLS])
    homes = _homes(layers)
    seen = [Thing(c.id, home, c.in_use) for c, home in zip(found, homes, strict=True)]
    lost = [key for key, place in zip(every, places, strict=True) if place is None]
    return _not_given(layers, SCHOOLS) or told(every, seen, lost)


def _homes(layers: Layers) -> list[str | None]:
    """Return the village of each campus: the nearest, else the one that its name names."""
    villages, campus = layers[VILLAGES], layers[SCHOOLS].used
    every, places, points = ids(villages), shapes(villages.used), shapes(campus)
    placed, there = (np.flatnonzero(~shapely.is_missing(s)) for s in (places, points))
    names = _names(layers)
    homes = [_named(name, names) for name in texts(campus, "name")]
    if len(placed) and len(there):
        tree = shapely.STRtree(places[placed])
        pairs = tree.query_nearest(points[there])
        # Of villages equally near the first of their list, whatever the tree finds first.
        for k, home in sorted(zip(*pairs.tolist(), strict=True), reverse=True):
            homes[there[k]] = every[placed[home]]
    return homes


def _names(layers: Layers) -> Mapping[str, str | None]:
    """Return villages by their names as a school says them; None where several bear one.

    A name that is the commune's, or was that of a former one, names no village: a school called
    by it may stand anywhere.
    """
    who = layers.commune
    units = (who.commune.name, *(p.name for p in who.predecessors))
    whole = [f" {tone_key(unit)} " for unit in units]
    found: dict[str, str | None] = {}
    villages = layers[VILLAGES]
    for key, name in zip(ids(villages), texts(villages.used, "name"), strict=True):
        if name is None:
            continue
        own = len(village_key(name).split())
        said = " ".join(tone_key(clean(name)).split()[-own:])
        if not any(f" {said} " in one for one in whole):
            found[said] = key if said not in found else None
    return found


def _named(name: str | None, names: Mapping[str, str | None]) -> str | None:
    """Return the village whose name stands in a school's, the longest if several do."""
    said = f" {tone_key(name or '')} "
    inside = sorted((one for one in names if f" {one} " in said), key=len)
    longest = [one for one in inside if len(one) == len(inside[-1])]
    return names[longest[0]] if len(longest) == 1 else None


def roads(layers: Layers) -> dict[str, Said]:
    """Return of each village whether a hard road leads into it.

    Not known where no main road comes near: one may be missing on the map.
    """
    villages, frame = layers[VILLAGES], layers[ROADS].used
    every = ids(villages)
    out = dict.fromkeys(every, Said(UNKNOWN))
    lines = shapes(frame)
    main = np.isin(np.array(texts(frame, "road_class"), dtype=object), MAIN)
    usable = np.flatnonzero(main & ~shapely.is_missing(lines))
    points = shapely.point_on_surface(shapes(villages.used))
    placed = np.flatnonzero(~shapely.is_missing(points))
    if not len(usable) or not len(placed):
        return out
    pairs = shapely.STRtree(lines[usable]).query(points[placed], "dwithin", REACH_M)
    near = defaultdict[str, list[Thing]](list)
    keys, good = ids(layers[ROADS]), _hard(layers[ROADS])
    for v, r in sorted(zip(*pairs.tolist(), strict=True)):
        road, key = usable[r], every[placed[v]]
        near[key].append(Thing(keys[road], key, good[road]))
    return out | {key: _said(own) for key, own in near.items()}


def _hard(layer: Layer) -> list[bool | None]:
    hardened = code_list("surface").flagged("hardened")
    return [None if s is None else s in hardened for s in texts(layer.used, "surface")]
