"""Where the names of neighbours and former communes stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.printmap.units import Unit, is_itself
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.outputs.webmap.sheets import Sheet

# Width over height of the map on a desktop, and the part of it that holds the middle of names.
_SCREEN = 1.48
_ACROSS, _UP = 0.45, 0.47
_CLEAR_M = 300
_TOLERANCE_M = 100
_FORMER = re.compile(r"\bcũ\b|\bformer\b", re.IGNORECASE)


def labels(found: Sheet, context: Context) -> list[dict[str, Any]]:
    """Return names of units with the place of their middle and the legend row that shows them."""
    asked = found.style.labels
    if asked is None or asked.kind not in ("neighbour", "former"):
        return []
    row = f"{found.name}/{found.style.cases[0].code}"
    out = []
    for geometry, name in zip(found.table.geometry, found.table[asked.column], strict=True):
        at = _anchor(geometry, asked.kind, context)
        if at is not None and isinstance(name, str):
            text = text_for_html(name)
            if asked.kind == "former":
                text = _former(text, context.lang)
            out.append({"text": text, "kind": asked.kind, "at": at, "row": row})
    return out


def _former(name: str, lang: str) -> str:
    """Return a former commune's name such that nobody takes it for a village of that name."""
    return name if _FORMER.search(name) else say("former_unit", lang, name=name)


def _anchor(geometry: shapely.Geometry | None, kind: str, context: Context) -> list[int] | None:
    """Return the middle of the widest ground of a unit, for neighbours of what a screen shows."""
    if geometry is None or geometry.is_empty or not np.isfinite(geometry.bounds).all():
        return None
    place = shapely.make_valid(geometry)
    if kind == "neighbour":
        # Lists of a whole province name the commune itself as well.
        if context.ground is not None and is_itself(Unit(place, "", ""), context.ground):
            return None
        place = shapely.intersection(place, _view(context))
        if context.ground is not None:
            place = shapely.difference(place, shapely.buffer(context.ground, _CLEAR_M))
    areas = [part for part in shapely.get_parts(place) if part.area > 0]
    if not areas:
        return None
    widest = max(areas, key=shapely.area)
    x, y = shapely.maximum_inscribed_circle(widest, tolerance=_TOLERANCE_M).coords[0]
    west, south = context.origin
    return [round(x - west), round(y - south)]


def _view(context: Context) -> shapely.Polygon:
    """Return the ground that a screen shows at first, less the room that half a name takes."""
    west, south, east, north = context.extent
    width = max(east - west, (north - south) * _SCREEN)
    x, y = (west + east) / 2, (south + north) / 2
    across, up = width * _ACROSS, width / _SCREEN * _UP
    return shapely.box(x - across, y - up, x + across, y + up)
