"""Samples of the legend: what is drawn before each of its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from ntm_gis.outputs.printmap import areas, edges, plates, points, strokes, symbols
from ntm_gis.outputs.printmap.content import ROADS, WATER
from ntm_gis.outputs.printmap.panel import Panel
from ntm_gis.outputs.printmap.standard import INK, PAPER, SYMBOL_MM
from ntm_gis.rules import maps
from ntm_gis.rules.map_styles import Stroke

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content, Layer
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.rules.maps import Case, Class, Style

Box = tuple[float, float, float, float]

_OPEN: tuple[tuple[str, Literal["fill", "total"]], ...] = (
    ("#c9c9c2", "fill"), ("#3a3a36", "total"),
)  # fmt: skip


def road_sample(
    panel: Panel,
    case: Case,
    wide: Class | None,
    given: Format,
    ends: tuple[float, float],
    y: float,
) -> None:
    """Draw a road of a class and surface between two places of a panel."""
    style = maps.styles().styles[ROADS]

    def op(page: Page, left: float, top: float) -> None:
        line = shapely.LineString([(left + ends[0], top - y), (left + ends[1], top - y)])
        run = strokes.Run(np.array([line], dtype=object), case, wide)
        strokes.draw(page, style, [run], given.k * 0.95, Panel.Z + 0.2)

    panel.add(op)


def own_sample(panel: Panel, given: Format, kind: str, box: Box) -> None:
    """Draw what no style draws: contours, a work under way, a spot height."""
    x, y, w, h = box

    def op(page: Page, left: float, top: float) -> None:
        middle = top - y - h / 2
        if kind == "contours":
            for lift, mm, colour in ((0.5, 0.1, "#b48a5e"), (-0.5, 0.18, "#a5784a")):
                line = np.array([[left + x, middle + lift], [left + x + w, middle + lift]])
                page.line([line], mm * given.kp**0.5, colour, z=Panel.Z + 1)
        elif kind == "province":
            edges.sample(page, (left + x, left + x + w), middle, given.k**0.4, Panel.Z + 0.6)
        elif kind == "work":
            line = np.array([[left + x, middle], [left + x + w, middle]])
            strokes.under_works(page, [line], given.k * 0.8, Panel.Z + 0.5)
            page.line([line], 0.5 * given.k, "#6b4218", (2.6, 1.5), z=Panel.Z + 1)
        else:
            peak(page, left + x + w / 2, middle, 0.8 * given.kp, Panel.Z + 1)

    panel.add(op)


def peak(page: Page, x: float, y: float, r: float, z: float) -> None:
    """Draw the triangle of a spot height."""
    points = np.array([(-0.9, -0.6), (0.9, -0.6), (0, 0.95)]) * r * 0.8 + (x, y)
    page.area(shapely.Polygon(points), "#6e4a22", z=z)


def sample(panel: Panel, content: Content, given: Format, row: dict[str, Any], box: Box) -> None:
    """Draw what a row of the legend stands for."""
    layer = content.layers[row["key"].partition("/")[0]]
    if layer.name == ROADS and row.get("by") in ("class", "case"):
        x, y, w, h = box
        case, wide = _road_look(layer, row, bw=given.bw)
        road_sample(panel, case, wide, given, (x, x + w), y + h / 2)
        return
    code = str(row.get("code", "")) if row.get("by") != "letter" else ""
    case = layer.style.case(code) if code else layer.style.cases[0]
    x, y, w, h = box
    symbol = row.get("symbol") or (case.symbol if code and _is_point(layer, case) else None)

    def op(page: Page, left: float, top: float) -> None:
        middle = top - y - h / 2
        if row.get("colour"):
            # A code is shown by its colour, a state by the edge of its zones.
            zone = (left + x, middle - h / 2, w, h)
            edge = case.edge if code else layer.style.cases[0].edge[:1]
            shade = case.model_copy(update={"edge": edge, "opacity": 1.0 if code else case.opacity})
            colour = "#ffffff" if code else row["colour"]
            use = "" if code else str(row.get("code", ""))
            areas.sample(page, shade, zone, given.k, Panel.Z + 1, colour, use)
        elif symbol is not None and points.is_flag(layer, row.get("letter", "")):
            pt = max(given.type["road"], 4.8)
            middle_of = (left + x + w / 2, middle)
            said = str(row["letter"]).partition("-")[0][:2]
            plates.draw(page, said, pt, middle_of, symbol, kp=given.kp, z=Panel.Z + 1)
        elif symbol is not None:
            found = maps.styles().symbols[symbol]
            mm = min(SYMBOL_MM * given.kp, h * 1.25 / 20) / max(found.size, 1.0)
            symbols.draw(page, found, left + x + w / 2, middle, mm, z=Panel.Z + 1)
        elif page.bw and layer.name == WATER and len(case.strokes) > 1:
            ends = np.array([[left + x, middle], [left + x + w, middle]])
            page.line([strokes.waves(ends)], 0.2, z=Panel.Z + 1)
        elif case.strokes:
            line = shapely.LineString([(left + x, middle), (left + x + w, middle)])
            run = strokes.Run(np.array([line], dtype=object), case)
            strokes.draw(page, layer.style, [run], given.k * 0.9, Panel.Z + 1)
        elif case.fill or case.pattern:
            areas.sample(page, case, (left + x, middle - h / 2, w, h), given.k, Panel.Z + 1)
        else:
            _edge_sample(page, case, (left + x, middle, w), given)

    panel.add(op)


def _road_look(layer: Layer, row: dict[str, Any], *, bw: bool) -> tuple[Case, Class]:
    """Return how a row of roads is shown: a class by its width alone, a surface at one width."""
    style = layer.style
    by_code = {one.code: one for one in style.classes}
    if row["by"] == "class":
        return of_class(style, bw=bw), by_code[row["code"]]
    return style.case(row["code"]), by_code.get("commune", style.classes[0])


def of_class(style: Style, *, bw: bool) -> Case:
    """Return the look of a road whose surface is left open: no surface has this colour."""
    if bw:
        return style.case("concrete")
    fill, total = (Stroke(colour=colour, of=of) for colour, of in _OPEN)
    middle = Stroke(colour=PAPER, mm=0.14, only=("national",))
    return style.cases[0].model_copy(
        update={"code": "class", "strokes": (total, fill, middle), "thin": (total, fill)}
    )


def _edge_sample(page: Page, case: Case, at: tuple[float, float, float], given: Format) -> None:
    x, middle, w = at
    line = [np.array([[x, middle], [x + w, middle]])]
    for i, stroke in enumerate(case.edge):
        mm = strokes.width_mm(stroke, None, given.k**0.7)
        z = Panel.Z + 1 + 0.01 * i
        if stroke.inside:
            if not page.bw:
                page.path_rect((x, middle - mm, w, mm), stroke.colour, stroke.opacity, z)
        elif stroke.colour != PAPER:
            page.line(line, mm, stroke.colour or INK, stroke.dash, z=z, cap=stroke.cap)


def _is_point(layer: Layer, case: Case) -> bool:
    """Whether the features of a case are points, rather than lines or areas."""
    if not (case.strokes or case.fill or case.pattern):
        return True
    number = layer.style.cases.index(case)
    kinds = shapely.get_type_id(layer.shapes[layer.case == number])
    return bool(len(kinds)) and bool(np.isin(kinds, (0, 4)).all())
