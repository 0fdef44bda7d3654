"""Where the commune lies, as far as the office gave outlines: neighbours, province, country.

Made once for all sheets, no finer than the smallest sketch shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.layers import outlines
from ntm_gis.layers.outlines import province_key
from ntm_gis.outputs.printmap.units import Unit, is_itself, is_near, units

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Shapes

_STEPS, _STEPS_COUNTRY = 1600, 900
"""Steps in the longer side of a sketch: nobody sees finer."""


@dataclass(frozen=True)
class Province:
    """The commune's province, and what lies around it."""

    shape: shapely.Geometry
    communes: Shapes
    """Its communes; none where the province was given as one."""
    others: Mapping[str, shapely.Geometry]
    """Provinces around it by name, as far as they were given."""
    drawn: bool
    """Those were given as outlines, not as single communes."""


@dataclass(frozen=True)
class Country:
    """The provinces of the country, and the islands of its archipelagos."""

    shape: shapely.Geometry
    own: shapely.Geometry | None
    edges: Shapes
    islands: Mapping[str, npt.NDArray[np.float64]]
    """Key of the archipelago -> places of its islands, metres."""


@dataclass(frozen=True)
class Place:
    """Where the commune lies.

    Parameters
    ----------
    commune : geometry
    neighbours, names
        The communes around it.
    province : Province or None
        None where the communes around are all that was given.
    country : Country or None
        None where no outlines of the whole country were given, or they may not be drawn.
    layers : tuple of str
        Layers that these were drawn from.
    """

    commune: shapely.Geometry
    neighbours: Shapes
    names: tuple[str, ...]
    province: Province | None = None
    country: Country | None = None
    layers: tuple[str, ...] = ()


def place(
    ground: shapely.Geometry,
    own: str,
    neighbours: gpd.GeoDataFrame | None,
    given: gpd.GeoDataFrame | None,
    zone: str,
) -> Place:
    """Return where a commune lies.

    Parameters
    ----------
    ground : geometry
        The commune in its zone, metres.
    own : str
        Its province.
    neighbours : GeoDataFrame or None
        The communes around; those of the whole province where the office gave them.
    given : GeoDataFrame or None
        The rows of the layer `outlines`.
    zone : str
    """
    near = units(neighbours)
    far = units(given)
    shapely.prepare(ground)
    communes = near or [one for one in far if not one.whole]
    around = [one for one in communes if is_near(one, ground) and not is_itself(one, ground)]
    return _Making(ground, own, near, far, zone).made(around)


class _Making:
    """The sketches of one commune in the making."""

    def __init__(
        self, ground: shapely.Geometry, own: str, near: list[Unit], far: list[Unit], zone: str
    ) -> None:
        self.ground, self.own, self.near, self.far, self.zone = ground, own, near, far, zone
        self.key = province_key(own)

    @cached_property
    def reach(self) -> outlines.Reach:
        shapes = np.array([one.shape for one in self.far], dtype=object)
        return outlines.reach(
            shapes, [one.name for one in self.far], [one.province for one in self.far], self.zone
        )

    def made(self, around: list[Unit]) -> Place:
        province = self.province()
        country = self.country()
        used = self.far if province is not None and self._of_outlines else []
        return Place(
            shapely.simplify(self.ground, 30),
            _array([shapely.simplify(one.shape, 60) for one in around]),
            tuple(one.name for one in around),
            province,
            country,
            (outlines.LAYER,) if used or country is not None else (),
        )

    # --- the province -----------------------------------------------------------------------------

    @cached_property
    def _of_outlines(self) -> bool:
        """Whether the province stands in the outlines, not among the neighbours alone."""
        return any(self._is_own(one) for one in self.far)

    def _is_own(self, unit: Unit) -> bool:
        return bool(self.key) and province_key(unit.province) == self.key

    def province(self) -> Province | None:
        """Return the province; None where what was given is no more than the neighbours."""
        pool = self.far if self._of_outlines else self.near
        mine = [one for one in pool if self._is_own(one)]
        itself = [one for one in mine if one.whole and _contains(one.shape, self.ground)]
        communes = [one for one in mine if one not in itself]
        beyond = any(not is_near(one, self.ground) for one in communes)
        if not itself and not beyond:
            return None
        if not self._bears_islands(mine):
            return None
        shapes = [one.shape for one in itself or communes]
        fine = _fineness([*shapes, self.ground], _STEPS)
        whole = joined([*shapes, self.ground], fine)
        others: dict[str, list[shapely.Geometry]] = {}
        for one in pool:
            if one.province and not self._is_own(one):
                others.setdefault(one.province, []).append(one.shape)
        return Province(
            whole,
            _array([] if itself else [shapely.simplify(one.shape, fine) for one in communes]),
            MappingProxyType(self._around(others, whole, fine)),
            self._of_outlines,
        )

    def _bears_islands(self, mine: Sequence[Unit]) -> bool:
        """Whether a province of islands far out at sea is there with them."""
        shapes = np.array([one.shape for one in mine], dtype=object)
        found = outlines.reach(
            shapes, [one.name for one in mine], [one.province for one in mine], self.zone
        )
        return found.bears(self.own)

    @staticmethod
    def _around(
        others: Mapping[str, list[shapely.Geometry]], whole: shapely.Geometry, fine: float
    ) -> dict[str, shapely.Geometry]:
        """Return the provinces that a sketch of this one reaches."""
        west, south, east, north = whole.bounds
        reach = max(east - west, north - south) * 0.25
        window = shapely.box(west - reach, south - reach, east + reach, north + reach)
        shapely.prepare(window)
        return {
            name: joined(shapes, fine)
            for name, shapes in others.items()
            if shapely.intersects(window, shapes).any()
        }

    # --- the country ------------------------------------------------------------------------------

    def country(self) -> Country | None:
        """Return the country; None where the outlines are not of all of it."""
        if not self.far or not self.reach.national:
            return None
        at_sea = {i for rows in self.reach.parts.values() for i in rows}
        fine = _fineness([one.shape for one in self.far], _STEPS_COUNTRY)
        by_name: dict[str, list[shapely.Geometry]] = {}
        for i, one in enumerate(self.far):
            # Islands of a province at sea are drawn as places: too small for any outline.
            shape = self._ashore(one.shape) if i in at_sea else one.shape
            if shape is not None:
                by_name.setdefault(province_key(one.province) or str(i), []).append(shape)
        shapes = {key: joined(found, fine) for key, found in by_name.items()}
        land = _large(joined([*shapes.values()], fine), fine)
        mine = shapes.get(self.key) if self.key else None
        return Country(
            land,
            mine,
            _array([shapely.boundary(_large(one, fine)) for one in shapes.values()]),
            MappingProxyType({key: self._islands(key) for key in outlines.ARCHIPELAGOS}),
        )

    def _ashore(self, shape: shapely.Geometry) -> shapely.Geometry | None:
        parts = shapely.get_parts(shape)
        seas = np.zeros(len(parts), dtype=bool)
        for key in outlines.ARCHIPELAGOS:
            seas |= outlines.at_sea(parts, key, self.zone)
        kept = parts[~seas]
        return shapely.union_all(kept) if len(kept) else None

    def _islands(self, key: str) -> npt.NDArray[np.float64]:
        rows = self.reach.parts.get(key, ())
        parts = shapely.get_parts(np.array([self.far[i].shape for i in rows], dtype=object))
        parts = parts[outlines.at_sea(parts, key, self.zone)]
        found: npt.NDArray[np.float64] = shapely.get_coordinates(shapely.centroid(parts))
        return found


def _contains(shape: shapely.Geometry, ground: shapely.Geometry) -> bool:
    return bool(shapely.make_valid(shape).intersects(shapely.point_on_surface(ground)))


def _fineness(shapes: Sequence[shapely.Geometry], steps: int) -> float:
    west, south, east, north = shapely.total_bounds(_array(shapes))
    return float(max(east - west, north - south, 1.0)) / steps


def joined(shapes: Sequence[shapely.Geometry], fine: float) -> shapely.Geometry:
    """Return shapes as one, no finer than `fine` metres: seams between them are closed."""
    # Each by itself, and without a look at its topology: that takes twenty times as long.
    simple = shapely.simplify(_array(shapes), fine, preserve_topology=False)
    whole = shapely.union_all(shapely.make_valid(simple[~shapely.is_empty(simple)]))
    closed = shapely.buffer(whole, 2 * fine, quad_segs=1)
    return shapely.simplify(shapely.buffer(closed, -2 * fine, quad_segs=1), fine / 2)


def _large(shape: shapely.Geometry, fine: float) -> shapely.Geometry:
    """Return the parts of a shape that are seen at all."""
    parts = shapely.get_parts(shape)
    kept = parts[shapely.area(parts) > (3 * fine) ** 2]
    return shapely.union_all(kept) if len(kept) else shape


def _array(shapes: Sequence[shapely.Geometry]) -> Shapes:
    out: Shapes = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out
