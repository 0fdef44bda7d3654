"""A received package of the planning database: names, geometry, systems, fields, topology.

What offices send back packages for is looked at first: another meridian, WGS 84, a drawing
without a system, overlaps and gaps, roads without nodes, missing fields, free names of classes.
The rules are those of `data/plan_database.toml`; they were never held against the legal text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis import crs, text
from ntm_gis.analyses.coverage import faults as coverage_faults
from ntm_gis.analyses.coverage.rings import bad_rings
from ntm_gis.analyses.package import roads as package_roads
from ntm_gis.analyses.places import lonlat
from ntm_gis.results import Finding
from ntm_gis.rules.planning_database import (
    GEOMETRY,
    SETS,
    Database,
    PlanClass,
    database,
    follows_rule,
    plain_name,
)
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Shapes
    from ntm_gis.layers.received import Received

CAD = frozenset({"dxf", "dgn"})
WGS84 = frozenset({"EPSG:4326", "EPSG:4979"})
SLIVER_M = 0.5
_OF_CRS = frozenset({"CRS_NOT_SAID"})
"""Findings of sources that are told here in the words of packages."""

_ENDINGS = {"polygon": "A", "line": "L", "point": "P"}


def check(tables: Sequence[Received], zone: str, name: str) -> tuple[Finding, ...]:
    """Return what is wrong with a package, gravest first.

    Parameters
    ----------
    tables : sequence of Received
        Every table of every file; geometry in `zone`.
    zone : str
        Reference system of the commune, in metres.
    name : str
        Name of the package.
    """
    rules = database()
    out = [Finding.of("PACKAGE_UNVERIFIED", file=name, source=rules.source)]
    classes = [t for t in tables if t.drawn or t.columns]
    if not any(t.drawn for t in tables):
        out.append(Finding.of("PACKAGE_EMPTY", file=name))
    out += _files(tables, name)
    for table in classes:
        out += _Class(table, zone, rules).findings()
    told = [f for t in tables for f in t.findings if f.code not in _OF_CRS]
    return tuple(sorted([*told, *out], key=lambda finding: finding.order))


def _files(tables: Sequence[Received], name: str) -> Iterator[Finding]:
    """Yield files that bear no set's name, and sets that no file bears."""
    stems: dict[str, str] = {}
    for table in tables:
        if table.kind:
            stems.setdefault(PurePosixPath(table.file).stem, table.file)
    for stem, file in stems.items():
        if stem not in SETS:
            yield Finding.of("PACKAGE_FILE_NAME", file=file, known=SETS)
    missing = tuple(s for s in SETS if s not in stems)
    if stems and missing:
        yield Finding.of("PACKAGE_SETS_MISSING", file=name, missing=missing)


@dataclass(frozen=True)
class _Class:
    """One table of a package, as a class."""

    table: Received
    zone: str
    rules: Database

    @property
    def name(self) -> str:
        """Its name; that of the file where a format has one table alone."""
        return self.table.table or PurePosixPath(self.table.file).stem

    @property
    def shapes(self) -> Shapes:
        """Geometry of the rows, in the zone."""
        found: Shapes = self.table.frame.geometry.to_numpy().astype(object)
        return found

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with it."""
        if self.table.kind in CAD:
            yield self.told("PACKAGE_CAD", count=self.table.drawn)
            return
        yield from self.names()
        yield from self.systems()
        yield from self.fields()
        if self.table.drawn:
            yield from self.kinds()
            yield from self.topology()

    def told(self, code: str, /, at: shapely.Geometry | None = None, **params: Any) -> Finding:
        """Return a finding about it, with a place."""
        place = at
        if place is None:
            place = next((s for s in self.shapes if s is not None and not s.is_empty), None)
        return Finding.of(
            code, file=self.table.file, table=self.table.table,
            at=lonlat(place, self.table.frame.crs), name=self.name, **params,
        )  # fmt: skip

    @property
    def classes(self) -> tuple[PlanClass, ...]:
        """Classes of the list that bear its name."""
        return self.rules.named(self.name)

    def names(self) -> Iterator[Finding]:
        """Yield a name against the rule, or one that the list does not have."""
        count = len(self.table.frame)
        if not follows_rule(self.name):
            kinds = self.table.geometry
            ending = _ENDINGS[next(iter(kinds))] if len(kinds) == 1 else "A"
            wanted = f"{plain_name(self.name) or 'Lop'}_{ending}"
            yield self.told("PACKAGE_CLASS_NAME", wanted=wanted, count=count)
        elif not self.classes:
            yield self.told("PACKAGE_CLASS_NEW", count=count)

    def kinds(self) -> Iterator[Finding]:
        """Yield features of another geometry than the name says, and rows without any."""
        blank = len(self.table.frame) - self.table.drawn
        if blank:
            yield self.told("PACKAGE_NO_GEOMETRY", count=blank)
        if not follows_rule(self.name):
            return
        said = GEOMETRY[self.name[-1]]
        sizes = {"point": 0, "line": 1, "polygon": 2}
        dimensions = np.array([-1 if s is None else shapely.get_dimensions(s) for s in self.shapes])
        other = np.flatnonzero((dimensions >= 0) & (dimensions != sizes[said]))
        if len(other):
            yield self.told("PACKAGE_GEOMETRY", self.shapes[other[0]], count=len(other),
                            kind=term(f"kind.{said}"))  # fmt: skip

    def systems(self) -> Iterator[Finding]:
        """Yield a system that is not the commune's: none, WGS 84, another meridian."""
        found, count = self.table.crs, self.table.drawn
        if not count:
            return
        wanted = crs.meridian_label(self.zone)
        if found is None:
            if not any(f.code.startswith(("CRS_", "DRAWING_")) and f.code not in _OF_CRS
                       for f in self.table.findings):  # fmt: skip
                yield self.told("PACKAGE_CRS_NONE", count=count, wanted=wanted)
        elif found in WGS84:
            yield self.told("PACKAGE_WGS84", count=count, wanted=wanted)
        elif found != self.zone:
            yield self.told("PACKAGE_MERIDIAN", count=count, wanted=wanted,
                            said=crs.meridian_label(found))  # fmt: skip

    def fields(self) -> Iterator[Finding]:
        """Yield minimum fields that are missing or spelt otherwise, and faulty values."""
        columns = self.table.columns
        folded = {text.fold(column).replace("_", "").replace(" ", ""): column for column in columns}
        missing = []
        for field in self.rules.fields:
            if field.name in columns:
                yield from self._values(field.name, field.length)
            elif field.name.casefold() in folded:
                yield self.told("PACKAGE_FIELD_SPELT", wanted=field.name,
                                field=folded[field.name.casefold()])  # fmt: skip
            else:
                missing.append(field.name)
        if missing:
            yield self.told("PACKAGE_FIELDS_MISSING", missing=tuple(missing), count=len(missing))

    def _values(self, field: str, length: int) -> Iterator[Finding]:
        values = [
            "" if v is None or v != v else str(v).strip()  # noqa: PLR0124 - NaN
            for v in self.table.frame[field].tolist()
        ]
        long = [k for k, value in enumerate(values) if len(value) > length]
        if long:
            yield self.told("PACKAGE_FIELD_LONG", self.shapes[long[0]], field=field,
                            length=length, count=len(long))  # fmt: skip
        if field != "maDoiTuong":
            return
        blank = [k for k, value in enumerate(values) if not value]
        if blank:
            yield self.told("PACKAGE_ID_BLANK", self.shapes[blank[0]], count=len(blank))
        twice = {v for v, n in Counter(values).items() if v and n > 1}
        if twice:
            first = next(k for k, value in enumerate(values) if value in twice)
            yield self.told("PACKAGE_ID_TWICE", self.shapes[first], count=len(twice),
                            value=values[first])  # fmt: skip

    def topology(self) -> Iterator[Finding]:
        """Yield rings that are none, overlaps and gaps of a coverage, lines without nodes."""
        shapes = self.shapes
        areas = np.array([
            s if s is not None and shapely.get_dimensions(s) == 2 else None
            for s in shapes
        ], dtype=object)  # fmt: skip
        bad = bad_rings(areas)
        if bad:
            yield self.told("PACKAGE_INVALID", shapes[bad[0].number], count=len(bad))
        is_cover = any(one.coverage for one in self.classes)
        if is_cover or "sudungdat" in self.name.casefold():
            yield from self._coverage(areas)
        is_road = any(one.noded for one in self.classes) or "giaothong" in self.name.casefold()
        lines = [s for s in shapes if s is not None and shapely.get_dimensions(s) == 1]
        if is_road and lines:
            yield from self._nodes(lines)

    def _coverage(self, areas: Shapes) -> Iterator[Finding]:
        found = coverage_faults.faults(areas, self.zone, sliver_m=SLIVER_M)
        for code, places in (("PACKAGE_OVERLAPS", found.overlaps), ("PACKAGE_GAPS", found.gaps)):
            if len(places.geometry):
                largest = int(np.argmax(places.grid_m2))
                yield self.told(
                    code, places.geometry[largest], count=len(places.geometry),
                    m2=float(places.ellipsoid_m2.sum()), largest=float(
                        places.ellipsoid_m2[largest]),
                )  # fmt: skip

    def _nodes(self, lines: Sequence[shapely.Geometry]) -> Iterator[Finding]:
        found = package_roads.faults(lines)
        if found.crossings:
            yield self.told("PACKAGE_NOT_NODED", found.crossings[0], count=len(found.crossings))
        if found.gaps:
            yield self.told("PACKAGE_ROAD_GAPS", found.gaps[0], count=len(found.gaps),
                            metres=package_roads.NEAR_M)  # fmt: skip
