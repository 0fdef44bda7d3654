"""Coordinates into the commune's zone: by what is said of them, checked by where they fall.

What commune.toml says goes first, then what the file says; a system that nobody names is asked
about with the proposal that fits best, and rows stay without a place until it is answered. A
system that puts a layer elsewhere than the commune, where another puts it right, is asked about
too: nothing is moved in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis import crs
from ntm_gis.errors import CrsError
from ntm_gis.results import Words
from ntm_gis.sources import drawn, nowhere
from ntm_gis.sources.placing_words import advice, contradiction, guess, label, score
from ntm_gis.sources.readers.parsed import Parsed, Told

if TYPE_CHECKING:
    from pyproj import CRS

    from ntm_gis.crs import Hypothesis
    from ntm_gis.sources.pairs import Positions

_NEAR_M = 3_000.0
_WIDE_M = 25_000.0
_FITS = 0.8
_ELSEWHERE = 0.5
_WGS84_KINDS = frozenset({"gpx", "kml", "kmz", "jpg"})
_PHONE = frozenset({"gpx", "jpg"})
_MAPINFO = frozenset({"tab", "mif"})

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Ground:
    """The commune's zone and, where it is known, its ground.

    `near` is the ground with a margin, `wide` with the land of its neighbours.
    """

    zone: str
    polygon: shapely.Geometry | None = None
    near: shapely.Geometry | None = None
    wide: shapely.Geometry | None = None

    @classmethod
    def of(cls, zone: str, polygons: Shapes | None = None) -> Ground:
        """Return the ground of polygons in the zone; made valid for tests alone."""
        there = [] if polygons is None else [p for p in polygons if p is not None]
        if not there:
            return cls(zone)
        whole = shapely.union_all(shapely.make_valid(np.array(there, dtype=object)))
        if whole.is_empty or whole.area == 0:
            return cls(zone)
        near, wide = (shapely.buffer(whole.convex_hull, m) for m in (_NEAR_M, _WIDE_M))
        for area in (whole, near, wide):
            shapely.prepare(area)
        return cls(zone, whole, near, wide)


@dataclass(frozen=True)
class Placed:
    """Geometry of rows in the commune's zone, or nothing with a reason told.

    `crs` is the system the coordinates were in, `candidates` what they may be in where nobody
    said.
    """

    shapes: Shapes
    crs: str | None = None
    told: list[Told] = field(default_factory=list)
    candidates: tuple[Hypothesis, ...] = ()


def place(
    table: Parsed,
    kind: str,
    positions: Positions | None,
    ground: Ground,
    *,
    said: str | None = None,
    wide: bool = False,
    unit: str | None = None,
    origin: tuple[float, float] | None = None,
) -> Placed:
    """Place the rows of a table.

    Parameters
    ----------
    table : Parsed
        Its geometry, if it has one.
    kind : str
        What kind of file it came from.
    positions : Positions or None
        Positions in columns, where the table has no geometry.
    ground : Ground
    said : str, optional
        The system that commune.toml names.
    wide : bool
        Features beyond the commune are expected.
    unit, origin
        What commune.toml says of a drawing (`drawn.in_metres`).
    """
    shapes = written(table, positions)
    if shapes is None or all(s is None for s in shapes):
        return Placed(np.full(len(table.numbers), None, dtype=object))
    shapes = drawn.in_metres(shapes, unit, origin)
    told: list[Told] = []
    system = _system(table, kind, positions, said, told)
    found = _settled(shapes, table.numbers, kind, system, ground, told, wide=wide)
    if kind in drawn.KINDS and found.crs is None and unit is None and origin is None:
        return _asked(found, shapes, ground, wide=wide)
    return found


def _asked(found: Placed, shapes: Shapes, ground: Ground, *, wide: bool) -> Placed:
    """Ask about the unit and origin of a drawing that no system puts into the commune."""
    best = found.candidates[0] if found.candidates else None
    if ground.polygon is None or (best is not None and score(best, wide=wide) >= _ELSEWHERE):
        return found
    own = drawn.asked(
        shapes, partial(_ranked, ground=ground, wide=wide), partial(score, wide=wide), label
    )
    return found if own is None else Placed(found.shapes, None, [own], found.candidates)


def _settled(
    shapes: Shapes, rows: list[int], kind: str, system: CRS | None, ground: Ground,
    told: list[Told], *, wide: bool,
) -> Placed:  # fmt: skip
    """Place rows by a system, where one is known and puts them near the commune."""
    if system is None:
        return _unsaid(shapes, ground, told, wide=wide)
    placed = _placed(shapes, rows, system, ground, told, wide=wide)
    # Where a phone was is told by the phone: a track elsewhere is a track all the same.
    away = None if kind in _PHONE or placed.crs is None else nowhere.told(
        placed.shapes, system, ground, wide=wide
    )  # fmt: skip
    if away is None:
        return placed
    return Placed(np.full(len(shapes), None, dtype=object), None, [*told, away])


def written(table: Parsed, positions: Positions | None) -> Shapes | None:
    """Return the geometry of rows in the coordinates of the file."""
    if table.wkb is not None:
        shapes: Shapes = shapely.from_wkb(np.array(table.wkb, dtype=object))
        return shapes
    if positions is None:
        return None
    there = np.isfinite(positions.east) & np.isfinite(positions.north)
    out: Shapes = np.full(len(table.numbers), None, dtype=object)
    out[there] = shapely.points(positions.east[there], positions.north[there])
    return out


def _system(
    table: Parsed, kind: str, positions: Positions | None, said: str | None, told: list[Told]
) -> CRS | None:
    """Return the system that is said, by commune.toml first; tell what is doubtful about it."""
    if said is not None:
        try:
            chosen = crs.parse_crs(said)
        except CrsError as refused:
            told.append(_refused("CRS_ENTRY_REFUSED", refused))
            return None
        known = _identified(table.crs, []) if table.crs else None
        if known is not None and known.to_epsg() != chosen.to_epsg():
            told.append(Told("CRS_ENTRY_OTHER", params={
                "said": label(chosen), "found": label(known)}))  # fmt: skip
        return chosen
    if kind in _WGS84_KINDS or (positions is not None and positions.pair.kind == "degrees"):
        return crs.to_crs("EPSG:4326")
    if positions is not None:
        return _from_heading(positions.pair.heading)
    if table.crs is None:
        return None
    return _identified(table.crs, told, mapinfo=kind in _MAPINFO)


def _identified(definition: str, told: list[Told], *, mapinfo: bool = False) -> CRS | None:
    """Return the system that a definition means; tell where it may mean another datum."""
    try:
        doubtful = crs.doubtful_datum(definition, mapinfo=mapinfo)
        if doubtful is None:
            return crs.identify(definition)
    except CrsError as refused:
        told.append(_refused("CRS_REFUSED", refused))
        return None
    told.append(Told("CRS_DATUM_DOUBTFUL", params={
        "system": label(doubtful.crs), "epsg": doubtful.code}))  # fmt: skip
    return None


def _refused(code: str, refused: CrsError) -> Told:
    return Told(code, params={"why": Words(refused.say("vi"), refused.say("en"))})


def _from_heading(heading: str) -> CRS | None:
    """Return the system that a heading names ("Tọa độ VN-2000, KTT 103°00′"), None if none."""
    try:
        return crs.parse_crs(heading)
    except CrsError:
        return None  # most headings name none; then it is asked about


def _unsaid(shapes: Shapes, ground: Ground, told: list[Told], *, wide: bool) -> Placed:
    """Leave rows without a place, and propose the system that fits best."""
    empty: Shapes = np.full(len(shapes), None, dtype=object)
    ranked = _ranked(shapes, ground, wide=wide)
    best = ranked[0] if ranked and score(ranked[0], wide=wide) >= _ELSEWHERE else None
    if not told:
        count = int(sum(s is not None for s in shapes))
        fits = guess(best, ranked, wide=wide, ground=ground.polygon is not None)
        said = {"count": count, "guess": fits, "advice": advice(best)}
        told.append(Told("CRS_NOT_SAID", params=said))
    return Placed(empty, None, told, tuple(ranked[:5]))


def _placed(
    shapes: Shapes, rows: list[int], system: CRS, ground: Ground, told: list[Told], *, wide: bool
) -> Placed:
    code = f"EPSG:{system.to_epsg()}"
    empty: Shapes = np.full(len(shapes), None, dtype=object)
    try:
        moved, wrong = _moved(shapes, code, ground.zone)
    except CrsError as refused:
        told.append(_refused("CRS_REFUSED", refused))
        return Placed(empty, None, told)
    there = np.array([s is not None for s in shapes])
    lost = len(wrong) >= _ELSEWHERE * there.sum()
    other = _better(shapes, moved, system, ground, wide=wide)
    if other is not None or lost:
        points = shapely.get_coordinates(shapes)
        told.append(contradiction(points, code, other, ground.zone))
        ranked = () if other is None else (other,)
        return Placed(empty, None, told, ranked)
    told += [Told("COORDINATE_IMPOSSIBLE", row=rows[i]) for i in wrong]
    return Placed(moved, code, told)


def _moved(shapes: Shapes, source: str, zone: str) -> tuple[Shapes, list[int]]:
    """Return geometry in the zone, and the positions of what has no place there."""
    points, of = shapely.get_coordinates(shapes, return_index=True)
    if source == zone:
        return shapes.copy(), []
    east, north = crs.transformer(source, zone).transform(points[:, 0], points[:, 1])
    new = np.column_stack([east, north])
    bad = ~np.isfinite(new).all(axis=1)
    wrong = sorted(set(of[bad].tolist()))
    new[bad] = 0.0
    out: Shapes = shapely.set_coordinates(shapes.copy(), new)
    out[wrong] = None
    return out, wrong


def _better(
    shapes: Shapes, moved: Shapes, system: CRS, ground: Ground, *, wide: bool
) -> Hypothesis | None:
    """Return the system that puts a layer into the commune where the one said does not."""
    area = ground.wide if wide else ground.near
    if area is None:
        return None
    points = shapely.get_coordinates(moved[[m is not None for m in moved]])
    if len(points) and float(np.mean(shapely.contains_xy(area, points))) >= _ELSEWHERE:
        return None
    for best in _ranked(shapes, ground, wide=wide):
        plain = not (best.swapped or best.prefix or best.odd_scale)
        if plain and best.source == f"EPSG:{system.to_epsg()}":
            continue
        return best if score(best, wide=wide) >= _FITS else None
    return None


def _ranked(shapes: Shapes, ground: Ground, *, wide: bool) -> list[Hypothesis]:
    if ground.polygon is None:
        return []
    points = shapely.get_coordinates(shapes)
    near = ground.wide if wide else ground.near
    ranked = crs.hypotheses(points[:, 0], points[:, 1], ground.polygon, near, zone=ground.zone)
    return sorted(ranked, key=lambda h: -score(h, wide=wide))
