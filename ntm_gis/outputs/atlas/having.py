"""Which villages lack what: cultural house, school, loudspeaker, a road with a hard surface.

Nothing is decided here: what frames say of each village is put beside its name. Schools and roads
belong to a village by their places, as the symbols behind its name on the maps do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.atlas.facts import Row, rows
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from ntm_gis.outputs.webmap.context import Context

KINDS = ("house", "school", "speaker", "road")
YES, NO, UNKNOWN = "yes", "no", "unknown"
_REACH_M = 60.0
"""A road that comes so near to the place of a village leads into it."""

_MAIN = ("national", "provincial", "commune", "village")


@dataclass(frozen=True, slots=True)
class Having:
    """A village and the state of each of `KINDS`: "yes", "no" or "unknown"."""

    id: str
    name: str
    states: tuple[str, ...]

    @property
    def lacks(self) -> int:
        """How much it lacks."""
        return self.states.count(NO)


def villages(context: Context) -> list[Having]:
    """Return every village with what it has, in the order of their list."""
    frame = context.villages
    if frame is None:
        return []
    keys = [str(key) for key in frame["id"]]
    names = [name if isinstance(name, str) and name else key
             for name, key in zip(frame["name"], keys, strict=True)]  # fmt: skip
    by_kind = (
        _houses(context, keys), _schools(context, keys), _speakers(context, keys),
        _roads(context, keys),
    )  # fmt: skip
    return [
        Having(key, name, tuple(states[key] for states in by_kind))
        for key, name in zip(keys, names, strict=True)
    ]


def lacking(found: list[Having]) -> list[Having]:
    """Return those that lack something, most first; then in the order of their list."""
    return sorted((one for one in found if one.lacks), key=lambda one: -one.lacks)


def _blank(context: Context, keys: list[str], layer: str) -> dict[str, str]:
    """Return what holds where nothing is found: lacking; not known where no list was given."""
    given = context.answer.frames.get(layer)
    return dict.fromkeys(keys, UNKNOWN if given is None or not len(given) else NO)


def _best(out: dict[str, str], found: list[tuple[str, str]]) -> dict[str, str]:
    """Put states of single things together: there beats not known, not known beats lacking."""
    for key, state in found:
        if key in out and (state == YES or (state == UNKNOWN and out[key] == NO)):
            out[key] = state
    return out


def _houses(context: Context, keys: list[str]) -> dict[str, str]:
    out = _blank(context, keys, "cultural_houses")
    states = {"ok": YES, "unknown": UNKNOWN}
    found = rows(context, "cultural_houses", ("village_id", "state"))
    return _best(out, [(str(r["village_id"]), states.get(str(r["state"]), NO)) for r in found])


def _speakers(context: Context, keys: list[str]) -> dict[str, str]:
    out = _blank(context, keys, "loudspeakers")
    states = {"ok": YES, "unknown": UNKNOWN}
    found = rows(context, "loudspeakers", ("village_id", "state"))
    return _best(out, [(str(r["village_id"]), states.get(str(r["state"]), NO)) for r in found])


def _schools(context: Context, keys: list[str]) -> dict[str, str]:
    out = _blank(context, keys, "schools")
    frame = context.answer.frames.get("schools")
    if frame is None or not len(frame):
        return out
    seats = context.village_of(frame)
    found: list[Row] = rows(context, "schools", ("status",))
    states = {"in_use": YES, "None": UNKNOWN}
    return _best(out, [
        (keys[seat], states.get(str(row["status"]), NO))
        for seat, row in zip(seats, found, strict=True) if seat >= 0
    ])  # fmt: skip


def _roads(context: Context, keys: list[str]) -> dict[str, str]:
    """Return whether a hardened road leads into each village; unknown where none is drawn."""
    out = dict.fromkeys(keys, UNKNOWN)
    frame, places = context.answer.frames.get("roads"), context.villages
    if frame is None or places is None or not len(frame):
        return out
    there = frame[frame["road_class"].isin(_MAIN) & frame.geometry.notna()]
    points = shapely.point_on_surface(places.geometry.to_numpy())
    placed = np.flatnonzero(np.isfinite(shapely.bounds(points)).all(axis=1))
    if not len(there) or not len(placed):
        return out
    tree = shapely.STRtree(there.geometry.to_numpy())
    village, road = tree.query(points[placed], "dwithin", _REACH_M)
    hard = code_list("surface").flagged("hardened")
    surfaces = there["surface"].to_list()
    reached: dict[str, list[str]] = {}
    for v, r in zip(village, road, strict=True):
        surface = surfaces[r]
        known = isinstance(surface, str) and surface != "unknown"
        state = UNKNOWN if not known else YES if surface in hard else NO
        reached.setdefault(keys[placed[v]], []).append(state)
    for key, states in reached.items():
        out[key] = next(s for s in (YES, UNKNOWN, NO) if s in states)
    return out
