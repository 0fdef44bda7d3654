"""Kilometres of roads by class and surface, from what each road puts into the measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.outputs.printmap.content import ROADS
from ntm_gis.outputs.webmap.legend import measure_text

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.rules.maps import Case, Class

LEAST_KM = 0.005
"""Less is shown as nothing."""


@dataclass(frozen=True)
class RoadTable:
    """Rows are classes, columns looks of surfaces (those drawn alike together).

    `cells` holds km by class and surface: what the roads of a class put into the measure of a
    surface.
    """

    classes: tuple[Class, ...]
    columns: tuple[tuple[Case, ...], ...]
    cells: Mapping[tuple[str, str], float]
    sums: Mapping[str, float]
    """Km of each class: its measure."""
    uncertain: tuple[str, ...]

    def cell(self, wide: Class | None, column: tuple[Case, ...] | None) -> float:
        """Return km of a class (None: all) on the surfaces of a column (None: all)."""
        codes = None if column is None else {case.code for case in column}
        return sum(
            km
            for (road_class, surface), km in self.cells.items()
            if (wide is None or road_class == wide.code) and (codes is None or surface in codes)
        )


def road_table(content: Content) -> RoadTable | None:
    """Return the table of a map that draws roads; None where there is nothing to sum."""
    layer = content.layers.get(ROADS)
    sheet = content.library.sheet(ROADS)
    if layer is None or sheet is None:
        return None
    style, speech = layer.style, content.library.speech
    known = {one.code for one in style.classes}
    of_road = {
        key: code if code in known else "unknown"
        for key, code in zip(
            sheet.table.texts("id"), sheet.table.texts(str(style.class_by)), strict=True
        )
    }
    cells: dict[tuple[str, str], float] = {}
    for case in style.cases:
        measure = speech.by_id.get(case.measure or "")
        for part in measure.evidence.features if measure is not None else ():
            if part.id in of_road and not part.unknown:
                key = (of_road[part.id], case.code)
                cells[key] = cells.get(key, 0.0) + part.amount
    there = {key: km for key, km in cells.items() if km >= LEAST_KM}
    if not there:
        return None
    surfaces = {surface for _, surface in there}
    alike: dict[object, list[Case]] = {}
    for case in style.cases:
        if case.code in surfaces:
            alike.setdefault(case.strokes, []).append(case)
    classes = tuple(one for one in style.classes if any(c == one.code for c, _ in there))
    of_class = {one.code: speech.by_id.get(one.measure or "") for one in classes}
    return RoadTable(
        classes,
        tuple(tuple(found) for found in alike.values()),
        cells,
        {
            code: measure.value
            if measure is not None and measure.value is not None
            else sum(km for (c, _), km in cells.items() if c == code)
            for code, measure in of_class.items()
        },
        tuple(
            f"{one.title.words.of(content.lang)} {measure_text(measure, speech)}"
            for one in classes
            if one.title is not None
            and (measure := of_class[one.code]) is not None
            and not measure.certain
        ),
    )
