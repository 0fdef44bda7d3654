"""Ground of plans: what none covers, what lies outside, what several cover, and who disagrees."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.columns import shapes, texts
from ntm_gis.analyses.coverage import faults as coverage_faults
from ntm_gis.analyses.coverage.covered import covered, hectares, margins
from ntm_gis.analyses.coverage.places import TOLERANCE_M, is_wide
from ntm_gis.analyses.coverage.slivers import thinner
from ntm_gis.analyses.overlay.pieces import areal
from ntm_gis.analyses.overlay.threads import threaded
from ntm_gis.analyses.planreview.contested import pairs_of_zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.columns import Floats, Ints, Shapes
    from ntm_gis.analyses.coverage.covered import Margins
    from ntm_gis.analyses.coverage.places import Bools
    from ntm_gis.analyses.planreview.case import Case, Plan

LEAST_M = TOLERANCE_M
"""Ground nowhere a centimetre wide is how the same line was drawn twice."""

M2_PER_HA = 10_000.0


@dataclass(frozen=True)
class Spots:
    """Pieces of ground, each of one part.

    Parameters
    ----------
    geometry : object array, (n,)
    grid_m2, ground_m2 : float array, (n,)
        On the plane of the zone, and on the ellipsoid.
    """

    geometry: Shapes
    grid_m2: Floats
    ground_m2: Floats

    def __len__(self) -> int:
        return len(self.geometry)

    def wide(self, width_m: float, area_m2: float = 0.0) -> Ints:
        """Return those that somewhere are so wide and that are larger than so much."""
        return np.flatnonzero(~thinner(self.geometry, width_m) & (self.grid_m2 > area_m2))

    def thin(self, width_m: float) -> Ints:
        """Return those that nowhere are so wide."""
        return np.flatnonzero(thinner(self.geometry, width_m))


@dataclass(frozen=True)
class Shared(Spots):
    """Ground that two plans, or two zones of different plans, both have.

    Parameters
    ----------
    first, second : int array, (n,)
        Positions in what was compared.
    sure : bool array, (n,)
        False where it depends on what is not known.
    """

    first: Ints
    second: Ints
    sure: Bools


@dataclass(frozen=True)
class Ground:
    """The ground of the plans in force, looked at once for all rules."""

    case: Case

    def of_kind(self, kind: str) -> tuple[list[Plan], Shapes]:
        """Return the plans of a kind in force that have an extent, and their extents."""
        found = [(plan, self.case.extent(plan)) for plan in self.case.in_force(kind)]
        there = [(plan, extent) for plan, extent in found if extent is not None]
        return [plan for plan, _ in there], array([extent for _, extent in there])

    def gaps(self, kind: str) -> Spots | None:
        """Return what plans of a kind leave of the commune; None where either is not known."""
        if kind not in self._gaps:
            found = self._margins(self.of_kind(kind)[1], self.sliver_m)
            self._gaps[kind] = None
            if found is not None:
                bare = found.bare
                self._gaps[kind] = Spots(bare.geometry, bare.grid_m2, bare.ellipsoid_m2)
        return self._gaps[kind]

    def outside(self, plan: Plan, width_m: float) -> tuple[dict[str | None, Shapes], Shapes]:
        """Return what of a plan lies beyond the commune, by the commune that it lies in now.

        Returns
        -------
        dict, object array
            Pieces of ground somewhere so wide, by the name of the neighbour (None: in none that
            is known); and ground that nowhere is so wide.

        Notes
        -----
        A rest that is only how a boundary was drawn, in no neighbour that is known or across the
        line of the next one, goes with the neighbour that most of the ground lies in.
        """
        extent = self.case.extent(plan)
        found = None if extent is None else self._margins(array([extent]), width_m)
        if found is None:
            return {}, array([])
        out, (names, _) = found.outside, self._neighbours
        units = [None if n < 0 else names[n] for n in out.neighbour]
        largest: dict[str | None, float] = defaultdict(float)
        for k in np.flatnonzero(~out.is_sliver):
            largest[units[k]] += float(out.grid_m2[k])
        known = max((u for u in largest if u is not None), key=lambda u: largest[u], default=None)
        seam = thinner(out.geometry, self.sliver_m)
        wide: dict[str | None, list[shapely.Geometry]] = defaultdict(list)
        for k in np.flatnonzero(~out.is_sliver):
            wide[known if seam[k] else units[k]].append(out.geometry[k])
        return {unit: array(pieces) for unit, pieces in wide.items()}, out.geometry[out.is_sliver]

    @cached_property
    def _neighbours(self) -> tuple[list[str | None], Shapes]:
        """Names and ground of the communes around; ground that two have is the first one's.

        A file of a whole province or country is cut to those that plans may reach.
        """
        layers = self.case.layers
        used = layers["neighbours"].used
        ground = [np.array([layers.boundary], dtype=object)]
        ground += [shapes(layers[name].used) for name in ("plans", "plan_zones")]
        reach = shapely.box(*shapely.total_bounds(np.concatenate(ground)))
        near = shapely.intersects(shapely.envelope(shapes(used)), reach)
        used = used[near]
        names = texts(used, "name")
        own = covered(shapes(used), [name or "" for name in names], self.case.zone).own
        return names, areal(own)

    def _margins(self, extents: Shapes, sliver_m: float) -> Margins | None:
        """Return how extents fit the boundary; None where either is not known."""
        boundary = self.case.layers.boundary
        if boundary is None or not len(extents):
            return None
        return margins(extents, boundary, self._neighbours[1], self.case.zone, sliver_m=sliver_m)

    @property
    def sliver_m(self) -> float:
        """Width under which ground is a sliver, as the rules in force say."""
        rule = self.case.rule_of("sliver")
        return LEAST_M if rule is None else rule.tolerance.get("width_m", LEAST_M)

    def within(self, plan: Plan, period: str) -> tuple[list[int], coverage_faults.Faults]:
        """Return the zones of a plan of one period, and their faults."""
        key = (plan.id, period)
        if key not in self._within:
            zones = self.case.zones.where(plan=plan.id, period=period)
            # What an outline that is not valid covers cannot be told: no gap beside it is judged.
            unsound = self.case.unsound.get((plan.id, period), [])
            found = coverage_faults.faults(
                np.concatenate([self.case.zones.shapes[zones], array(unsound)]), self.case.zone,
                sliver_m=LEAST_M, tolerance_m=LEAST_M,
            )  # fmt: skip
            self._within[key] = zones, found
        return self._within[key]

    def between(self, kind: str) -> tuple[list[Plan], Shared]:
        """Return plans of a kind and the ground that two of them both cover."""
        if kind not in self._between:
            plans, extents = self.of_kind(kind)
            i, j = _pairs(extents)
            sure = np.ones(len(i), dtype=bool)
            self._between[kind] = plans, self._shared(extents, i, j, sure)
        return self._between[kind]

    @cached_property
    def contested(self) -> Shared:
        """Ground in zones of two plans of one period whose land uses may not stand together.

        `first` and `second` are positions in `case.zones`. Not `sure`: a land use is not
        recorded, or the plan of a zone is not known.
        """
        i, j, sure = pairs_of_zones(self.case)
        return self._shared(self.case.zones.shapes, i, j, sure)

    def spots(self, pieces: Shapes) -> Spots:
        """Return pieces of ground with their sizes, without what is how a line was drawn."""
        kept = pieces[is_wide(pieces) & ~thinner(pieces, LEAST_M)]
        return Spots(kept, shapely.area(kept), hectares(kept, self.case.zone) * M2_PER_HA)

    def _shared(self, ground: Shapes, i: Ints, j: Ints, sure: Bools) -> Shared:
        common = areal(threaded(shapely.intersection, ground[i], ground[j]))
        parts, pair = shapely.get_parts(common, return_index=True)
        kept = is_wide(parts) & ~thinner(parts, LEAST_M)
        parts, pair = parts[kept], pair[kept]
        return Shared(
            parts, shapely.area(parts), hectares(parts, self.case.zone) * M2_PER_HA,
            i[pair], j[pair], sure[pair],
        )  # fmt: skip

    @cached_property
    def _gaps(self) -> dict[str, Spots | None]:
        return {}

    @cached_property
    def _within(self) -> dict[tuple[str, str], tuple[list[int], coverage_faults.Faults]]:
        return {}

    @cached_property
    def _between(self) -> dict[str, tuple[list[Plan], Shared]]:
        return {}


def wide_ha(places: Shapes, width_m: float, zone: str) -> float:
    """Return the hectares of places together, each piece of ground once, without slivers."""
    if not len(places):
        return 0.0
    parts = shapely.get_parts(areal(array([shapely.union_all(places)])))
    parts = parts[is_wide(parts)]
    return float(hectares(parts[~thinner(parts, width_m)], zone).sum())


def array(geometries: Sequence[shapely.Geometry]) -> Shapes:
    """Return geometries as an array of objects."""
    out = np.empty(len(geometries), dtype=object)
    out[:] = list(geometries)
    return out


def _pairs(ground: Shapes) -> tuple[Ints, Ints]:
    """Return pairs of polygons that share more than an edge, first < second, in order."""
    if not len(ground):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    i, j = shapely.STRtree(ground).query(ground)
    kept = i < j
    order = np.lexsort((j[kept], i[kept]))
    return i[kept][order], j[kept][order]
