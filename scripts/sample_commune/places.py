"""Villages on benches of the invented slopes, the two former communes, the neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from scipy.ndimage import gaussian_filter
from shapely.geometry import LineString, Point, Polygon

from . import frame, terrain

FORMER = {"F1": "Mường Khoa", "F2": "Phúc Khoa"}


@dataclass(frozen=True)
class Village:
    """A village as the commune's list has it; `x`, `y` in the working zone."""

    id: str
    name: str
    former: str
    households: int
    people: int
    poor: int
    near_poor: int
    cultural: bool
    cultural_families: int
    ethnic: str
    x: float
    y: float

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)


# id, name, households, people, poor, near-poor, cultural, people's name, column and row from the
# grid's north-west corner in cells of 30 m, height wanted (None: as it lies)
_VILLAGES: list[tuple[str, str, int, int, int, int, bool, str, int, int, int | None]] = [
    ("MK01", "Phiêng Tâm", 176, 902, 7, 5, True, "Thái", 322, 398, None),
    ("MK02", "Nà Nghè", 118, 611, 6, 4, True, "Thái", 236, 484, None),
    ("MK03", "Phiêng Hào", 97, 508, 8, 6, True, "Khơ Mú", 404, 345, None),
    ("MK04", "Hô Tra", 71, 402, 15, 9, False, "Mông", 183, 352, 1500),
    ("MK05", "Nà An", 132, 688, 6, 5, True, "Thái", 222, 419, None),
    ("MK06", "Nà Cóoc", 92, 487, 8, 5, True, "Thái", 121, 588, None),
    ("MK07", "Hô Be", 74, 418, 14, 8, False, "Mông", 240, 325, None),
    ("MK08", "Phiêng Cúm", 88, 462, 8, 5, True, "Thái", 317, 504, None),
    ("MK09", "Mường Khoa", 169, 861, 6, 4, True, "Thái", 369, 362, None),
    ("MK10", "Nậm Cung", 68, 366, 10, 6, False, "Khơ Mú", 455, 441, None),
    ("MK11", "Pá Kim", 63, 344, 9, 5, True, "Khơ Mú", 107, 553, None),
    ("MK12", "Hua Cần", 58, 329, 13, 7, False, "Mông", 340, 304, None),
    ("MK13", "Nậm Be", 79, 417, 8, 5, True, "Thái", 208, 560, None),
    ("MK14", "Phai Cát", 81, 428, 6, 4, True, "Thái", 421, 393, None),
    ("PK01", "Phúc Khoa", 243, 1152, 5, 4, True, "Kinh, Thái", 594, 296, None),
    ("PK02", "Ngọc Lại", 217, 1048, 5, 4, True, "Thái", 679, 243, None),
    ("PK03", "Nậm Bon", 184, 902, 6, 4, True, "Thái, Khơ Mú", 759, 210, None),
    ("PK04", "Hô Ta", 141, 718, 8, 6, True, "Mông", 586, 233, None),
    ("PK05", "Nà Khoang", 177, 871, 6, 4, True, "Thái", 546, 388, None),
    ("PK06", "Hô Bon", 156, 615, 9, 5, True, "Mông", 792, 128, None),
]


def sites() -> dict[str, tuple[float, float, int | None]]:
    """Where each village shall lie, before the ground is fitted to it."""
    return {
        row[0]: (
            frame.GRID_X0 + (row[8] + 0.5) * frame.CELL_M,
            frame.GRID_Y0 + (frame.GRID_ROWS - row[9] - 0.5) * frame.CELL_M,
            row[10],
        )
        for row in _VILLAGES
    }


def benches(ground: terrain.Terrain) -> terrain.Terrain:
    """The ground with gentle benches where people settled, the slope beyond left as it is."""
    z = ground.z.copy()
    rows, columns = np.indices(z.shape)
    x = frame.GRID_X0 + (columns + 0.5) * frame.CELL_M
    y = frame.GRID_Y0 + (rows + 0.5) * frame.CELL_M
    calm = gaussian_filter(ground.z, 3.0)
    for px, py, wanted in sites().values():
        away = np.hypot((x - px), (y - py))
        here = float(calm[np.unravel_index(np.argmin(away), z.shape)])
        if wanted is not None:
            z = z + (wanted - here) * np.exp(-((away / 700.0) ** 2))
            here = float(wanted)
        share = np.clip((away - 130.0) / 300.0, 0.0, 1.0)
        share = share * share * (3.0 - 2.0 * share)
        z = np.where(share < 1.0, (here + 0.42 * (z - here)) * (1.0 - share) + z * share, z)
    return terrain.Terrain(terrain.filled(z))


def villages(rng: np.random.Generator) -> list[Village]:
    """The twenty villages, their figures adding up to the published ones."""
    found, out = sites(), []
    for code, name, homes, people, poor, near, cultural, ethnic, *_ in _VILLAGES:
        x, y, _height = found[code]
        shift = rng.uniform(-9, 9, 2)
        families = round(homes * (0.891 if cultural else 0.79) + rng.uniform(-1, 1))
        former = "F1" if code.startswith("MK") else "F2"
        out.append(
            Village(code, name, former, homes, people, poor, near, cultural, families, ethnic,
                    round(x + shift[0], 2), round(y + shift[1], 2))
        )  # fmt: skip
    require(sum(v.people for v in out) == frame.PEOPLE, f"people {sum(v.people for v in out)}")
    require(sum(v.households for v in out) == frame.HOUSEHOLDS, f"households {sum(v.households for v in out)}")
    return out


def require(holds: bool, what: str) -> None:
    """Stop the maintainer's script where the sample would lose one of its known truths."""
    if not holds:
        message = f"The sample no longer holds: {what}"
        raise AssertionError(message)


# The seam between the former communes, north to south, in cells of 30 m as above.
_SEAM = [
    (502, 262), (499, 300), (494, 320), (503, 336), (512, 350), (508, 372), (516, 392), (507, 414), (513, 436),
    (506, 455), (511, 478), (514, 500),
]  # fmt: skip


def seam(commune: Polygon) -> LineString:
    """The old border between the two former communes, from boundary to boundary."""
    points = np.array(
        [(frame.GRID_X0 + c * frame.CELL_M, frame.GRID_Y0 + (frame.GRID_ROWS - r) * frame.CELL_M) for c, r in _SEAM]
    )
    across = frame.smooth(points, 3, 3.0).intersection(commune)
    return frame.rounded(max(shapely.get_parts(across), key=lambda g: g.length))


def with_seam_ends(commune: Polygon, border: LineString) -> Polygon:
    """The commune with the seam's two ends among its vertices, so that old and new outlines agree."""
    ring = LineString(commune.exterior)
    points = shapely.get_coordinates(ring)[:-1]
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    for end in sorted((border.coords[0], border.coords[-1]), key=lambda c: -ring.project(Point(c))):
        place = int(np.searchsorted(along, ring.project(Point(end))))
        points = np.insert(points, place, end, axis=0)
    return Polygon(points)


def former_communes(commune: Polygon, border: LineString) -> dict[str, Polygon]:
    """F1 in the west, F2 in the east: together the commune, without gap or overlap, vertex by vertex."""
    ring = [tuple(c) for c in commune.exterior.coords[:-1]]
    north, south = ring.index(tuple(border.coords[0])), ring.index(tuple(border.coords[-1]))
    seam_points = [tuple(c) for c in border.coords]
    # The ring runs counter-clockwise: from the seam's northern end round the west to its southern end.
    west = _between(ring, north, south) + seam_points[::-1][1:-1]
    east = _between(ring, south, north) + seam_points[1:-1]
    out = {"F1": Polygon(west), "F2": Polygon(east)}
    require(all(p.is_valid for p in out.values()), "the former communes are valid")
    return {k: shapely.geometry.polygon.orient(p) for k, p in out.items()}


def _between(
    ring: list[tuple[float, ...]], start: int, end: int
) -> list[tuple[float, ...]]:
    return ring[start : end + 1] if start < end else ring[start:] + ring[: end + 1]


# Neighbour, code, province; the corner of the boundary, in cells as above, where its stretch begins,
# clockwise.
_NEIGHBOURS = [
    ("Khun Há", "03430", "Lai Châu", (68, 560)),
    ("Bản Bo", "03424", "Lai Châu", (110, 350)),
    ("Tả Van", "03037", "Lào Cai", (560, 205)),
    ("Tân Uyên", "03598", "Lai Châu", (915, 75)),
    ("Nậm Sỏ", "03613", "Lai Châu", (230, 590)),
    ("Nậm Cuổi", "03544", "Lai Châu", (62, 605)),
]


def neighbours(commune: Polygon) -> list[tuple[str, str, str, Polygon]]:
    """Code, name, province, polygon of the communes around, as far as 7 km from the boundary.

    Each has the ground nearest to its stretch of the boundary, whose vertices it shares.
    """
    ring = shapely.get_coordinates(commune.exterior)[:-1][::-1]  # clockwise
    cuts = []
    for *_, (column, row) in _NEIGHBOURS:
        at = (frame.GRID_X0 + column * frame.CELL_M, frame.GRID_Y0 + (frame.GRID_ROWS - row) * frame.CELL_M)
        cuts.append(int(np.argmin(np.hypot(*(ring - at).T))))
    stretches = []
    for start, end in zip(cuts, [*cuts[1:], cuts[0]], strict=True):
        part = ring[start : end + 1] if start < end else np.vstack([ring[start:], ring[: end + 1]])
        fine = shapely.segmentize(LineString(part), 150.0)
        stretches.append(shapely.get_coordinates(fine)[1:-1])
    around = frame.largest(commune.convex_hull.buffer(5_000.0))
    owner = np.repeat(np.arange(len(stretches)), [len(part) for part in stretches])
    cells = shapely.voronoi_polygons(shapely.multipoints(np.vstack(stretches)), extend_to=around, ordered=True)
    parts = np.array(shapely.get_parts(cells))
    out = []
    for k, (name, code, province, _) in enumerate(_NEIGHBOURS):
        ground = shapely.unary_union(parts[owner == k]).intersection(around).difference(commune)
        shape = frame.largest(ground).simplify(0.0)
        out.append((code, name, province, shapely.geometry.polygon.orient(frame.rounded(shape))))
    return out
