"""One place for each name at least cost, none touching another: an exact integer programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ntm_gis.outputs.printmap import programme
from ntm_gis.outputs.printmap.candidates import Label

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.view import View

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Truths = npt.NDArray[np.bool_]

GAP_MM = 0.45
_LINE, _TOUCH = 0.55, 0.25
_RIM, _ABROAD, _RIVAL, _RIVAL_MM = 2.2, 3.0, 2.5, 1.2
_SYMBOL_MM = 0.2


@dataclass
class Pool:
    """All candidates of all labels, as columns."""

    labels: Sequence[Label]
    owner: Ints
    cost: Floats
    boxes: Shapes
    rot: Floats
    leader: Truths
    texts: Shapes
    """Boxes without the lines that lead to them."""
    lines: dict[int, shapely.LineString]


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of a label: the box of its text, degrees, and the line that leads to it."""

    box: shapely.Polygon
    taken: shapely.Geometry
    rot: float
    line: shapely.LineString | None


def solve(
    labels: Sequence[Label], view: View, villages: Mapping[int, shapely.Point]
) -> tuple[dict[int, Placed], int]:
    """Return the place of each label that stands, by its number, and how many were weighed.

    Parameters
    ----------
    labels : sequence of Label
    view : View
        Lines under a text cost by weight and length; symbols, panels and what lies outside the
        frame are forbidden ground.
    villages : mapping of int to Point
        Villages by owner, on paper: a name must not seem to belong to another one.
    """
    pool = _pool(labels)
    if not len(pool.owner):
        return {}, 0
    ok = _within(view.free, pool.boxes)
    _lines_under(pool, view, ok)
    _boundary(pool, view)
    ok &= _off_symbols(pool, view, ok)
    _rivals(pool, view, villages)
    _lead(pool, view, ok)
    keep = np.flatnonzero(ok)
    first, second = _conflicts(pool, keep)
    keep, first, second = _thinned(pool, keep, first, second)
    if not len(keep):
        return {}, 0
    chosen = _choose(pool, keep, first, second)
    return {
        int(pool.owner[i]): Placed(
            pool.texts[i], pool.boxes[i], float(pool.rot[i]), pool.lines.get(int(i))
        )
        for i in chosen
    }, len(keep)


def _pool(labels: Sequence[Label]) -> Pool:
    counts = [sum(len(part) for part in label.cost) for label in labels]
    flat = [label for label in labels if label.cost]

    def joined(name: str, kind: type) -> npt.NDArray[Any]:
        parts = [part for label in flat for part in getattr(label, name)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=kind)

    owner = np.repeat(np.arange(len(labels)), counts)
    boxes = joined("boxes", object)
    return Pool(
        labels, owner, joined("cost", float), boxes, joined("rot", float), joined("leader", bool),
        boxes.copy(), {},
    )  # fmt: skip


def _within(free: shapely.Geometry, boxes: Shapes) -> Truths:
    shapely.prepare(free)
    found: Truths = shapely.covers(free, boxes)
    return found


def _kinds(pool: Pool, kinds: tuple[str, ...]) -> Truths:
    of_kind = np.array([label.kind in kinds for label in pool.labels])
    found: Truths = of_kind[pool.owner]
    return found


def _lines_under(pool: Pool, view: View, ok: Truths) -> None:
    """Add what lines under a text cost; a number on its own road costs nothing there."""
    if not view.lines:
        return
    lines = np.array([line for line, _ in view.lines], dtype=object)
    weight = np.array([w for _, w in view.lines])
    rows = np.flatnonzero(ok & ~_kinds(pool, ("road", "ql")))
    q, r = shapely.STRtree(lines).query(pool.boxes[rows], predicate="intersects")
    long = shapely.length(shapely.intersection(pool.boxes[rows[q]], lines[r]))
    np.add.at(pool.cost, rows[q], long * weight[r] * _LINE + _TOUCH * weight[r])


def _boundary(pool: Pool, view: View) -> None:
    """Add what crossing the commune's edge costs; neighbours must not touch it."""
    if view.commune is None:
        return
    edge = shapely.boundary(view.commune)
    shapely.prepare(edge)
    pool.cost += shapely.intersects(edge, pool.boxes) * _RIM


def _off_symbols(pool: Pool, view: View, ok: Truths) -> Truths:
    """Return which candidates cover no symbol but their own, and that one hardly."""
    free = np.ones(len(pool.owner), dtype=bool)
    if not view.symbols:
        return free
    shapes = np.array([shape for shape, _ in view.symbols], dtype=object)
    of_symbol = np.array([owner for _, owner in view.symbols])
    of_label = np.array([label.owner for label in pool.labels])
    rows = np.flatnonzero(ok)
    grown = shapely.buffer(pool.boxes[rows], _SYMBOL_MM, join_style="mitre")
    q, r = shapely.STRtree(shapes).query(grown, predicate="intersects")
    own = (of_symbol[r] == of_label[pool.owner[rows[q]]]) & (of_symbol[r] >= 0)
    covered = shapely.area(shapely.intersection(pool.boxes[rows[q]], shapes[r]))
    free[rows[q[~own | (covered > 0.05)]]] = False
    return free


def _rivals(pool: Pool, view: View, villages: Mapping[int, shapely.Point]) -> None:
    """Add what a village's name costs that lies abroad, or nearer to another village."""
    rows = np.flatnonzero(_kinds(pool, ("village",)))
    if not len(rows) or not villages:
        return
    keys = np.array(list(villages))
    points = np.array(list(villages.values()), dtype=object)
    far = shapely.distance(pool.boxes[rows][:, None], points[None, :])
    owners = np.array([pool.labels[i].owner for i in pool.owner[rows]])
    mine = owners[:, None] == keys[None, :]
    own = np.where(mine, far, np.inf).min(axis=1)
    rival = np.where(mine, np.inf, far).min(axis=1)
    gap = np.maximum(own + _RIVAL_MM - rival, 0.0)
    pool.cost[rows] += _RIVAL * np.where(np.isfinite(gap), gap, 0.0)
    if view.commune is not None:
        inside = shapely.area(shapely.intersection(pool.boxes[rows], view.commune))
        share = inside / np.maximum(shapely.area(pool.boxes[rows]), 1e-9)
        pool.cost[rows] += _ABROAD * (1 - share)


def _lead(pool: Pool, view: View, ok: Truths) -> None:
    """Draw the lines to names that stand away; one that crosses another symbol is no line."""
    rows = np.flatnonzero(ok & pool.leader)
    if not len(rows):
        return
    anchors = np.array([pool.labels[i].anchor for i in pool.owner[rows]])
    low_x, low_y, high_x, high_y = shapely.bounds(pool.boxes[rows]).T
    end = np.column_stack(
        [np.clip(anchors[:, 0], low_x, high_x), np.clip(anchors[:, 1], low_y, high_y)]
    )
    toward = end - anchors[:, :2]
    unit = toward / np.maximum(np.hypot(*toward.T), 1e-9)[:, None]
    start = anchors[:, :2] + unit * anchors[:, 2:]
    lines = shapely.linestrings(np.stack([start, end - unit * 0.3], axis=1))
    pool.boxes[rows] = shapely.union(
        pool.boxes[rows], shapely.buffer(lines, 0.15, quad_segs=1, cap_style="flat")
    )
    pool.lines.update(zip((int(i) for i in rows), lines, strict=True))
    if view.symbols:
        shapes = np.array([shape for shape, _ in view.symbols], dtype=object)
        of_symbol = np.array([owner for _, owner in view.symbols])
        owners = np.array([pool.labels[i].owner for i in pool.owner[rows]])
        q, r = shapely.STRtree(shapes).query(shapely.buffer(lines, 0.25), predicate="intersects")
        ok[rows[q[of_symbol[r] != owners[q]]]] = False


def _conflicts(pool: Pool, keep: Ints) -> tuple[Ints, Ints]:
    """Return pairs of kept candidates of different labels that are too near each other."""
    boxes = pool.boxes[keep]
    grown = shapely.buffer(boxes, GAP_MM, join_style="mitre", quad_segs=1)
    first, second = shapely.STRtree(boxes).query(grown, predicate="intersects")
    apart = pool.owner[keep[first]] != pool.owner[keep[second]]
    return first[apart], second[apart]


def _thinned(pool: Pool, keep: Ints, first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    """Drop candidates that no best solution needs.

    Where a label has one that disturbs nobody, none dearer than that is ever taken; what is
    dropped may free further ones.
    """
    alive = np.ones(len(keep), dtype=bool)
    owner, cost = pool.owner[keep], pool.cost[keep]
    worth = np.array([label.worth for label in pool.labels])
    alive &= cost < worth[owner]
    for _ in range(12):
        live = alive[first] & alive[second]
        first, second = first[live], second[live]
        disturbed = np.zeros(len(keep), dtype=bool)
        disturbed[first] = True
        calm = alive & ~disturbed
        best = np.full(len(pool.labels), np.inf)
        np.minimum.at(best, owner[calm], cost[calm])
        dear = alive & (cost > best[owner])
        # Of equals the calm one stays.
        dear |= alive & disturbed & (cost == best[owner])
        if not dear.any():
            break
        alive &= ~dear
    number = np.cumsum(alive) - 1
    live = alive[first] & alive[second]
    return keep[alive], number[first[live]], number[second[live]]


def _choose(pool: Pool, keep: Ints, first: Ints, second: Ints) -> list[int]:
    """Return one candidate or none for each label; groups of labels apart are solved apart."""
    owner = pool.owner[keep]
    m = len(pool.labels)
    links = csr_matrix((np.ones(len(first)), (owner[first], owner[second])), shape=(m, m))
    _, group = connected_components(links, directed=False)
    chosen: list[int] = []
    for one in np.unique(group[owner]):
        mine = np.flatnonzero(group[owner] == one)
        if not len(mine):
            continue
        number = np.full(len(keep), -1)
        number[mine] = np.arange(len(mine))
        own = (number[first] >= 0) & (number[second] >= 0)
        chosen += programme.best(pool, keep[mine], number[first[own]], number[second[own]])
    return sorted(chosen)
