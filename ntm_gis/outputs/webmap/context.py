"""What every layer of a page needs to know: language, ground, names, villages, heights."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.rows import plain
from ntm_gis.outputs.webmap.texts import Names
from ntm_gis.rules import maps
from ntm_gis.rules.schema import PREDECESSOR

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.layers.values import Answer, Grid
    from ntm_gis.rules.commune import Commune

VILLAGES = "villages"
_STEP_M = 1000
_SEEN = ("villages", "roads", "schools", "irrigation", "tea_areas", "farmland", "facilities")


@dataclass(frozen=True)
class Context:
    """An answer, its commune and a language, with what follows from them."""

    answer: Answer
    commune: Commune
    lang: str

    @cached_property
    def ground(self) -> shapely.Geometry | None:
        """The commune's ground; None where its boundary is not known."""
        frame = self.answer.frames.get("boundary")
        if frame is None or not frame.geometry.notna().any():
            return None
        found = shapely.union_all(shapely.make_valid(frame.geometry.dropna().to_numpy()))
        return found if np.isfinite(found.bounds).all() else None

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what the page shows at first, metres."""
        if self.ground is not None:
            west, south, east, north = self.ground.bounds
            return float(west), float(south), float(east), float(north)
        boxes = [
            frame.geometry.bounds.to_numpy(dtype=float)
            for name in _SEEN
            if (frame := self.answer.frames.get(name)) is not None and len(frame)
        ]
        corners = np.concatenate(boxes) if boxes else np.empty((0, 4))
        corners = corners[np.isfinite(corners).all(axis=1)]
        if not len(corners):
            return 0.0, 0.0, 10_000.0, 10_000.0
        # One feature far off must not shrink the rest to a dot.
        west, south = np.percentile(corners[:, :2], 1, axis=0)
        east, north = np.percentile(corners[:, 2:], 99, axis=0)
        return float(west), float(south), float(east) + 1.0, float(north) + 1.0

    @cached_property
    def origin(self) -> tuple[float, float]:
        """The corner that the page counts metres from: whole kilometres, south-west of all."""
        west, south, _, _ = self.extent
        return float(west // _STEP_M * _STEP_M), float(south // _STEP_M * _STEP_M)

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        """The days that a page can show, one at a time, in order; none where nothing has any."""
        found: set[dt.date] = set()
        for style in maps.styles().styles.values():
            frame = self.answer.frames.get(style.frame)
            if style.day_by is not None and frame is not None and style.day_by in frame:
                days = plain(frame[style.day_by].unique())
                found |= {day for day in days if isinstance(day, dt.date)}
        return tuple(sorted(found))

    @property
    def heights(self) -> Grid | None:
        """Heights above the sea."""
        return self.answer.grids.get("heights")

    @cached_property
    def names(self) -> Names:
        """Names of what rows refer to."""
        by_layer = {
            name: {
                str(key): text_for_html(str(title))
                for key, title in zip(frame["id"], frame["name"], strict=True)
                if isinstance(title, str)
            }
            for name, frame in self.answer.frames.items()
            if "name" in frame and "id" in frame
        }
        by_layer[PREDECESSOR] = {p.id: text_for_html(p.name) for p in self.commune.predecessors}
        return Names(self.lang, by_layer)

    @cached_property
    def villages(self) -> gpd.GeoDataFrame | None:
        """The villages, or None."""
        frame = self.answer.frames.get(VILLAGES)
        return frame if frame is not None and len(frame) else None

    @cached_property
    def _village_tree(self) -> tuple[shapely.STRtree, npt.NDArray[np.intp]] | None:
        if self.villages is None:
            return None
        points = shapely.point_on_surface(self.villages.geometry.to_numpy())
        placed = np.flatnonzero(np.isfinite(shapely.bounds(points)).all(axis=1))
        return (shapely.STRtree(points[placed]), placed) if len(placed) else None

    def village_of(self, frame: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
        """Return the number of the village that each feature belongs to, −1 where none.

        By `village_id` (a village's own row by its id), else the nearest: only for seating
        symbols beside a name.
        """
        out = np.full(len(frame), -1, dtype=np.int64)
        if self._village_tree is None or self.villages is None:
            return out
        tree, placed = self._village_tree
        points = frame.geometry.to_numpy()
        near = np.flatnonzero(np.isfinite(shapely.bounds(points)).all(axis=1))
        if len(near):
            (rows, found), _ = tree.query_nearest(
                points[near], all_matches=False, return_distance=True
            )
            out[near[rows]] = placed[found]
        number = {str(key): i for i, key in enumerate(self.villages["id"]) if i in set(placed)}
        column = "village_id" if "village_id" in frame else "id"
        for i, key in enumerate(frame[column]):
            if isinstance(key, str) and key in number:
                out[i] = number[key]
        return out
