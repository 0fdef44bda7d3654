"""Land use of areas in a drawing by how they are drawn: CAD layer and colour of fill and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely

from ntm_gis.layers import assembly
from ntm_gis.layers.assembly import Geometries as Objects
from ntm_gis.layers.assembly import Ints
from ntm_gis.rules.consultants import Consultant

Style = tuple[str | None, str | None]
"""CAD layer and colour."""


@dataclass(frozen=True)
class Styles:
    """How objects of a drawing are drawn, and what that means.

    Parameters
    ----------
    layers, colors : object array, (n,)
        Of every object; None where the file names none.
    codes : mapping
        Land uses by CAD layer, as the source says them.
    consultant : Consultant, optional
        Who drew it, with a table of layers and colours.
    """

    layers: Objects
    colors: Objects
    codes: Mapping[str, str]
    consultant: Consultant | None

    def __bool__(self) -> bool:
        return bool(self.codes) or (self.consultant is not None and bool(self.consultant.cad))

    def style(self, position: int) -> Style:
        """Return the layer and colour of an object."""
        layer, color = self.layers[position], self.colors[position]
        return (None if layer is None else str(layer)), (None if color is None else str(color))

    def land_use(self, position: int) -> str | None:
        """Return what an object means: by the source's codes, else by the consultant's table."""
        layer, color = self.style(position)
        if layer is not None and layer in self.codes:
            return self.codes[layer]
        return None if self.consultant is None else self.consultant.land_use(layer, color)


def fills_of(areas: Objects, fills: Objects, at: Ints) -> dict[int, list[int]]:
    """Return for each area the fills that lie in it, by their positions in the drawing.

    A fill over several areas says nothing of any of them alone, and counts for each.
    """
    out: dict[int, list[int]] = {}
    if len(areas) and len(fills):
        inner = shapely.point_on_surface(areas)
        area, fill = shapely.STRtree(fills).query(inner, predicate="intersects")
        for a, f in zip(area.tolist(), fill.tolist(), strict=True):
            out.setdefault(a, []).append(int(at[f]))
    return {a: sorted(found) for a, found in out.items()}


def outlines_of(areas: Objects, lines: Objects, at: Ints) -> dict[int, list[int]]:
    """Return for each area the lines along its outline, by their positions in the drawing."""
    out: dict[int, list[int]] = {}
    if len(areas) and len(lines):
        tree = shapely.STRtree(shapely.boundary(areas))
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        line, area = tree.query(middle, predicate="dwithin", distance=assembly.GRID_M * 10)
        for k, a in zip(line.tolist(), area.tolist(), strict=True):
            out.setdefault(a, []).append(int(at[k]))
    return {a: sorted(found) for a, found in out.items()}


def said_by(styles: Styles, positions: Iterable[int]) -> tuple[str | None, int | None]:
    """Return the one land use that objects mean, and the first that means it.

    None where one of them means nothing, or two differ.
    """
    found = list(positions)
    uses = {styles.land_use(position) for position in found}
    if len(uses) != 1:
        return None, None
    (use,) = uses
    return use, None if use is None else found[0]


def unsaid(styles: Styles, objects: Iterable[Iterable[int]], most: int = 8) -> tuple[str, ...]:
    """Return layers and colours that mean nothing yet, those of most areas first.

    Parameters
    ----------
    objects : iterable of iterable of int
        For each area the objects by which it is drawn.
    """
    count: Counter[Style] = Counter()
    for drawn in objects:
        count.update({styles.style(p) for p in drawn if styles.land_use(p) is None})
    ranked = sorted(count.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(f"{layer or '–'} {color or ''}".strip() for (layer, color), _ in ranked[:most])
