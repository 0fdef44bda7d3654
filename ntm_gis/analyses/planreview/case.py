"""What the rules of the plan review look at: plans, their zones, the commune, its former seam."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.columns import Shapes, amounts, days, ids, shapes, texts
from ntm_gis.layers.values import STATE, USED
from ntm_gis.results import Words
from ntm_gis.rules.codes import code_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ntm_gis.analyses.planreview.ground import Ground
    from ntm_gis.layers.values import Layers
    from ntm_gis.rules.planning import RuleSet
    from ntm_gis.rules.planning_cards import Rule

PLANS, ZONES, ITEMS, FORMERS = "plans", "plan_zones", "plan_items", "former_communes"
PLANNED = "planned"

SEAM_M = 10.0
"""Outlines of two former communes that run within so many metres of each other are their seam."""


@dataclass(frozen=True)
class Plan:
    """A used row of `plans`.

    Parameters
    ----------
    row : int
        Position in the used rows.
    extent : polygon or None
        What it covers, in the commune's zone.
    """

    row: int
    id: str
    kind: str | None
    former: str | None
    decision_no: str | None
    approved_on: dt.date | None
    valid_to: dt.date | None
    code_list: str | None
    area_ha: float | None
    population: float | None
    parent: str | None
    extent: shapely.Geometry | None

    def in_force(self, day: dt.date) -> bool:
        """Whether it holds on a day; a blank term has no end (contract)."""
        begun = self.approved_on is None or self.approved_on <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Zones:
    """Used rows of `plan_zones`, as columns: n of each.

    `period` is "existing" or "planned" (blank: planned, contract); `shapes` are None where a
    row has no geometry.
    """

    ids: tuple[str, ...]
    plan: tuple[str | None, ...]
    land_use: tuple[str | None, ...]
    period: tuple[str, ...]
    name: tuple[str | None, ...]
    shapes: Shapes

    @cached_property
    def _placed(self) -> Mapping[tuple[str | None, str], list[int]]:
        """Zones that have a place, by plan and period."""
        found: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        rows = zip(self.plan, self.period, self.shapes, strict=True)
        for k, (plan, period, shape) in enumerate(rows):
            if shape is not None:
                found[plan, period].append(k)
        return found

    def where(self, *, plan: str | None = None, period: str | None = None) -> list[int]:
        """Return positions of zones that have a place, of a plan, of a period."""
        return sorted(
            k
            for (of, at), zones in self._placed.items()
            if plan in (None, of) and period in (None, at)
            for k in zones
        )


@dataclass(frozen=True)
class Case:
    """One review: the layers, and the rules in force on the day."""

    layers: Layers
    rules: RuleSet

    @property
    def as_of(self) -> dt.date:
        """The day of the figures."""
        return self.layers.commune.commune.as_of

    @property
    def zone(self) -> str:
        """The commune's reference system."""
        return self.layers.commune.commune.crs

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """Plans by id, in the order of their rows."""
        layer = self.layers[PLANS]
        used = layer.used
        rows = zip(
            ids(layer), texts(used, "kind"), texts(used, "former_commune"),
            texts(used, "decision_no"), days(used, "approved_on"), days(used, "valid_to"),
            texts(used, "code_list"), _known(amounts(used, "area_ha")),
            _known(amounts(used, "population")), texts(used, "parent_plan_id"), shapes(used),
            strict=True,
        )  # fmt: skip
        return {row[0]: Plan(k, *row) for k, row in enumerate(rows)}

    @cached_property
    def zones(self) -> Zones:
        """All zones."""
        layer = self.layers[ZONES]
        used = layer.used
        period = tuple(value or PLANNED for value in texts(used, "period"))
        return Zones(
            tuple(ids(layer)), tuple(texts(used, "plan_id")), tuple(texts(used, "land_use")),
            period, tuple(texts(used, "name")), shapes(used),
        )  # fmt: skip

    @cached_property
    def unsound(self) -> Mapping[tuple[str | None, str], list[shapely.Geometry]]:
        """Outlines of zones set aside because they are not valid, by plan and period."""
        frame = self.layers[ZONES].frame
        aside = frame[frame[STATE] != USED] if STATE in frame else frame.iloc[:0]
        found: dict[tuple[str | None, str], list[shapely.Geometry]] = defaultdict(list)
        rows = zip(texts(aside, "plan_id"), texts(aside, "period"), shapes(aside), strict=True)
        for plan, period, shape in rows:
            if shape is not None and not shapely.is_valid(shape):
                found[plan, period or PLANNED].append(shape)
        return found

    @cached_property
    def ground(self) -> Ground:
        """The ground of the plans, looked at once for all rules."""
        from ntm_gis.analyses.planreview.ground import Ground

        return Ground(self)

    def kind(self, code: str) -> Words:
        """Return what a kind of plan is called, within a sentence."""
        title = code_list("plan_kind")[code].title
        return Words(*(said[:1].lower() + said[1:] for said in (title.vi, title.en)))

    def in_force(self, kind: str | None = None) -> list[Plan]:
        """Return the plans in force, of a kind."""
        return [
            plan for plan in self.plans.values()
            if plan.in_force(self.as_of) and (kind is None or plan.kind == kind)
        ]  # fmt: skip

    def extent(self, plan: Plan) -> shapely.Geometry | None:
        """Return what a plan covers: as drawn, else its zones together; None where neither is."""
        if plan.id not in self._extents:
            found = plan.extent
            of = self.zones.where(plan=plan.id) if found is None else []
            self._extents[plan.id] = shapely.union_all(self.zones.shapes[of]) if of else found
        return self._extents[plan.id]

    @cached_property
    def _extents(self) -> dict[str, shapely.Geometry | None]:
        """What plans cover, as it was first asked for."""
        return {}

    @property
    def has_plans(self) -> bool:
        """There is a plan, a zone or a planned item to review."""
        return any(len(self.layers[name].used) for name in (PLANS, ZONES, ITEMS))

    @property
    def is_merged(self) -> bool:
        """The commune was made of several."""
        return max(len(self.layers.commune.predecessors), len(self.former)) > 1

    def rule_of(self, test: str) -> Rule | None:
        """Return the first rule in force that a test belongs to."""
        return next((rule for rule in self.rules.rules if rule.test == test), None)

    def may_hold(self, plan_id: str | None) -> bool:
        """Whether zones of a plan count: it is in force, or nobody knows which plan it is."""
        plan = self.plans.get(plan_id or "")
        return plan is None or plan.in_force(self.as_of)

    @cached_property
    def seam(self) -> shapely.Geometry | None:
        """Return the lines along which former communes met; None where they are not known."""
        return shapely.union_all([*self._seams.values()]) if self._seams else None

    def seam_of(self, first: Plan, second: Plan) -> shapely.Geometry | None:
        """Return the line along which the former communes of two plans met.

        Returns
        -------
        geometry or None
            The whole seam where it is not known which communes they are; None where they did not
            touch.
        """
        codes = frozenset(map(self._code_of, (first, second)))
        return self.seam if None in codes else self._seams.get(codes)

    @cached_property
    def _seams(self) -> dict[frozenset[str | None], shapely.Geometry]:
        """Lines along which two former communes met, by their codes."""
        outlines = {code: shapely.boundary(shape) for code, shape in self.former.items()}
        near = {c: shapely.buffer(o, SEAM_M, quad_segs=2) for c, o in outlines.items()}
        pairs = {
            frozenset((a, b)): shapely.intersection(outlines[a], near[b])
            for a, b in itertools.combinations(outlines, 2)
        }
        return {codes: line for codes, line in pairs.items() if not line.is_empty}

    def _code_of(self, plan: Plan) -> str | None:
        """Return the code of a plan's former commune; None where its ground is not known."""
        named = {p.id: p.code for p in self.layers.commune.predecessors}
        used = self.layers[FORMERS].used
        by_name = dict(zip(texts(used, "name"), texts(used, "unit_code"), strict=True))
        written = plan.former or ""
        code = named.get(written) or by_name.get(written, written)
        return code if code in self.former else None

    @cached_property
    def former(self) -> Mapping[str, shapely.Geometry]:
        """Return the ground of each former commune by its code."""
        used = self.layers[FORMERS].used
        rows = zip(texts(used, "unit_code"), shapes(used), strict=True)
        return {code: shape for code, shape in rows if code is not None and shape is not None}

    def flagged(self, flags: tuple[str, ...]) -> frozenset[str]:
        """Return the land-use codes that bear one of some flags ("settlement", "public_works")."""
        return frozenset().union(*(code_list("land_use").flagged(flag) for flag in flags))

    def planned(self, flags: tuple[str, ...]) -> list[int]:
        """Return the planned zones of such land use, of plans in force."""
        codes = self.flagged(flags)
        force = {plan.id for plan in self.in_force()}
        return [
            k for k in self.zones.where(period=PLANNED)
            if self.zones.land_use[k] in codes and self.zones.plan[k] in force
        ]  # fmt: skip

    def perhaps_planned(self, flags: tuple[str, ...], *, placed: bool = True) -> list[int]:
        """Return further zones that may be of such use: use or plan is not known.

        Parameters
        ----------
        placed : bool
            False: those that may be, or are, and have no place.
        """
        codes, zones = self.flagged(flags), self.zones
        return [
            k for k in range(len(zones.ids))
            if zones.period[k] == PLANNED and (zones.shapes[k] is not None) == placed
            and (zones.land_use[k] is None or zones.land_use[k] in codes)
            and self.may_hold(zones.plan[k])
            and not (placed and zones.land_use[k] is not None and zones.plan[k] in self.plans)
        ]  # fmt: skip


def _known(values: np.ndarray) -> list[float | None]:
    return [None if math.isnan(value) else float(value) for value in values]
