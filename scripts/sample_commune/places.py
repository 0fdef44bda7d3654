"""Villages on benches of the invented slopes, the two former communes, the neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from scipy.ndimage import gaussian_filter
from shapely.geometry import LineString, Point, Polygon

from . import frame, tables, terrain

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
        """Where the village lies."""
        return Point(self.x, self.y)


def sites() -> dict[str, tuple[float, float, int | None]]:
    """Say where each village shall lie, and how high, before the ground is fitted to it.

    The list counts cells of 30 m from the grid's north-west corner.
    """
    return {
        row["id"]: (*at_cell(row["column"], row["row"]), row["height"])
        for row in tables.read("villages")
    }


def at_cell(column: float, row: float) -> tuple[float, float]:
    """Return the middle of a cell counted from the north-west corner."""
    return (
        frame.GRID_X0 + (column + 0.5) * frame.CELL_M,
        frame.GRID_Y0 + (frame.GRID_ROWS - row - 0.5) * frame.CELL_M,
    )


def benches(ground: terrain.Terrain) -> terrain.Terrain:
    """Give the ground gentle benches where people settled; leave the slopes beyond as they are."""
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
    """Return the twenty villages, their figures adding up to the published ones."""
    found, out = sites(), []
    for row in tables.read("villages"):
        x, y, _ = found[row["id"]]
        shift = rng.uniform(-9, 9, 2)
        cultural, homes = row["cultural"] == "yes", row["households"]
        out.append(
            Village(
                id=row["id"],
                name=row["name"],
                former="F1" if row["id"].startswith("MK") else "F2",
                households=homes,
                people=row["people"],
                poor=row["poor"],
                near_poor=row["near_poor"],
                cultural=cultural,
                cultural_families=round(homes * (0.891 if cultural else 0.79) + rng.uniform(-1, 1)),
                ethnic=row["ethnic"],
                x=round(x + shift[0], 2),
                y=round(y + shift[1], 2),
            )
        )
    require(sum(v.people for v in out) == frame.PEOPLE, "the published number of people")
    require(sum(v.households for v in out) == frame.HOUSEHOLDS, "the number of households")
    return out


def require(holds: bool, what: str) -> None:
    """Stop the maintainer's script where the sample would lose one of its known truths."""
    if not holds:
        message = f"The sample no longer holds: {what}"
        raise AssertionError(message)


# The seam between the former communes, north to south, in cells of 30 m as above.
_SEAM = [
    (502, 262), (499, 300), (494, 320), (503, 336), (512, 350), (508, 372),
    (516, 392), (507, 414), (513, 436), (506, 455), (511, 478), (514, 500),
]  # fmt: skip


def seam(commune: Polygon) -> LineString:
    """Draw the old border between the two former communes, from boundary to boundary."""
    points = np.array([at_cell(column - 0.5, row - 0.5) for column, row in _SEAM])
    across = frame.smooth(points, 3, 3.0).intersection(commune)
    return frame.rounded(max(shapely.get_parts(across), key=lambda g: g.length))


def with_seam_ends(commune: Polygon, border: LineString) -> Polygon:
    """Give the commune the seam's two ends as vertices, so that old and new outlines agree."""
    ring = LineString(commune.exterior)
    points = shapely.get_coordinates(ring)[:-1]
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    for end in sorted((border.coords[0], border.coords[-1]), key=lambda c: -ring.project(Point(c))):
        place = int(np.searchsorted(along, ring.project(Point(end))))
        points = np.insert(points, place, end, axis=0)
    return Polygon(points)


def former_communes(commune: Polygon, border: LineString) -> dict[str, Polygon]:
    """Cut the commune into F1 in the west and F2 in the east, without gap or overlap."""
    ring = [tuple(c) for c in commune.exterior.coords[:-1]]
    north, south = ring.index(tuple(border.coords[0])), ring.index(tuple(border.coords[-1]))
    seam_points = [tuple(c) for c in border.coords]
    # The ring runs counter-clockwise, round the west from the seam's northern end to its southern.
    west = _between(ring, north, south) + seam_points[::-1][1:-1]
    east = _between(ring, south, north) + seam_points[1:-1]
    out = {"F1": Polygon(west), "F2": Polygon(east)}
    require(all(p.is_valid for p in out.values()), "the former communes are valid")
    return {k: shapely.geometry.polygon.orient(p) for k, p in out.items()}


def _between(ring: list[tuple[float, ...]], start: int, end: int) -> list[tuple[float, ...]]:
    return ring[start : end + 1] if start < end else ring[start:] + ring[: end + 1]


def neighbours(commune: Polygon) -> list[tuple[str, str, str, Polygon]]:
    """Lay out the communes around, as far as 5 km: code, name, province, polygon.

    Each has the ground nearest to its stretch of the boundary, whose vertices it shares; the list
    says where each stretch begins, clockwise.
    """
    ring = shapely.get_coordinates(commune.exterior)[:-1][::-1]  # clockwise
    listed = tables.read("neighbours")
    corners = [at_cell(row["column"] - 0.5, row["row"] - 0.5) for row in listed]
    cuts = [int(np.argmin(np.hypot(*(ring - at).T))) for at in corners]
    stretches = []
    for start, end in zip(cuts, [*cuts[1:], cuts[0]], strict=True):
        part = ring[start : end + 1] if start < end else np.vstack([ring[start:], ring[: end + 1]])
        fine = shapely.segmentize(LineString(part), 150.0)
        stretches.append(shapely.get_coordinates(fine)[1:-1])
    around = frame.largest(commune.convex_hull.buffer(5_000.0))
    owner = np.repeat(np.arange(len(stretches)), [len(part) for part in stretches])
    cells = shapely.voronoi_polygons(
        shapely.multipoints(np.vstack(stretches)), extend_to=around, ordered=True
    )
    parts = np.array(shapely.get_parts(cells))
    out = []
    for k, row in enumerate(listed):
        ground = shapely.unary_union(parts[owner == k]).intersection(around).difference(commune)
        shape = frame.rounded(frame.largest(ground).simplify(0.0))
        turned = shapely.geometry.polygon.orient(shape)
        out.append((row["code"], row["name"], row["province"], turned))
    return out
