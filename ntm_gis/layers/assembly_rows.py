"""Rows of zones out of a CAD drawing: which areas become rows, and what is told of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ntm_gis import crs
from ntm_gis.layers import assembly, assembly_styles
from ntm_gis.layers.assembly import Faces
from ntm_gis.layers.assembly import Geometries as Objects
from ntm_gis.layers.assembly_styles import Styles
from ntm_gis.layers.values import ROW, Raw
from ntm_gis.results import Finding
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.consultants import Consultant
from ntm_gis.rules.schema import schema

GAP_M = 0.05
"""Ends that stop short by up to five centimetres are joined, each join told."""

TOLD_M = 0.01
"""Gaps under a centimetre are rounding in the file: counted, not listed one by one."""

REACH = 1.5
"""A drawing's objects lie within so many half-diagonals of the commune's middle."""

UNSAID = "DRAWING_STYLES_UNSAID"
"""The finding that names layers and colours of which nobody said what they mean."""

CAD_LAYER, COLOR, TEXT, PAPER = "Layer", "Color", "Text", "PaperSpace"

_FORMAT = re.compile(r"\\[AaCcFfHhQqTtWw][^;\\]*;|\\[LlOoKk~]|%%[uoUO]|[{}]")
_CODE = re.compile(r"[A-ZĐ]{2,4}(?![A-Za-zÀ-ỹ])")


@dataclass(frozen=True)
class Assembled:
    """A drawing read as zones.

    Parameters
    ----------
    raw : Raw or None
        One row an area that says what it is, under the row of its text; None where no area
        does: then the drawing is kept as lines and texts.
    findings : tuple of Finding
        Joined gaps, areas without a text or with several, what was left aside.
    """

    raw: Raw | None
    findings: tuple[Finding, ...] = ()


def assemble(
    raw: Raw,
    commune: shapely.Geometry | None,
    consultant: Consultant | None = None,
    gap_m: float = GAP_M,
) -> Assembled:
    """Assemble the zones of a drawing.

    Parameters
    ----------
    raw : Raw
        Lines, points with a column `Text`, and fills (hatches), in the commune's zone.
    commune : polygon, optional
        What lies far from it is left aside: title blocks, keys, stray objects.
    consultant : Consultant, optional
        Who drew it, with what their layers and colours mean.
    gap_m : float
        Ends that stop short of another line by no more are joined.

    Notes
    -----
    An area whose texts all say one land use is a zone. One without a text takes the land use
    that CAD layer and colour mean, of the fills in it, else of its outline where all of it means
    one: by the source's `codes`, else by the consultant's table. Others stay out, with their
    place and hectares: nobody said what they are. Fills bound areas only where no line does.
    """
    drawing = _Drawing(raw, commune, consultant)
    if not len(drawing.lines):
        return Assembled(None)
    found = assembly.faces(drawing.lines, gap_m)
    zones, silent, several = drawing.read(found)
    if not zones:
        return Assembled(None, (*drawing.about_styles(zones, silent), *drawing.aside()))
    told = [
        drawing.tell(
            "DRAWING_ASSEMBLED", zones=len(zones), lines=len(drawing.lines),
            texts=len(drawing.texts), gaps=len(found.gaps), gap_cm=gap_m * 100,
            fine=sum(gap.width_m < TOLD_M for gap in found.gaps), loose=len(found.loose),
        ),
        *drawing.about_styles(zones, silent),
        *drawing.about_gaps(found),
        *drawing.about_areas("DRAWING_AREA_SILENT", found, dict.fromkeys(silent, ())),
        *drawing.about_areas("DRAWING_AREA_SEVERAL", found, several),
        *drawing.aside(),
    ]  # fmt: skip
    rows = len(raw.frame)
    frame = drawing.frame(found, zones)
    return Assembled(replace(raw, frame=frame, set_aside=rows - len(zones)), tuple(told))


@dataclass(frozen=True)
class _Zone:
    area: int
    land_use: str
    row: int
    place: tuple[float, float]
    by_style: bool = False


class _Drawing:
    """Lines, fills and texts of one drawing, without what lies on paper or far off."""

    def __init__(
        self, raw: Raw, commune: shapely.Geometry | None, consultant: Consultant | None
    ) -> None:
        self.raw = raw
        frame = raw.frame
        shapes = frame.geometry.to_numpy()
        there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        self.paper = there & _truthy(frame, PAPER)
        self.far = np.zeros(len(frame), dtype=bool)
        if commune is not None:
            west, south, east, north = commune.bounds
            reach = REACH * np.hypot(east - west, north - south) / 2
            middle = ((west + east) / 2, (south + north) / 2)
            self.far[there] = assembly.far(shapes[there], middle, float(reach))
            self.far &= ~self.paper
        kept = there & ~self.paper & ~self.far
        dimension = shapely.get_dimensions(shapes)
        self.line_at = np.flatnonzero(kept & (dimension == 1))
        self.text_at = np.flatnonzero(kept & (dimension == 0))
        fill_at = np.flatnonzero(kept & (dimension == 2))
        self.lines: Objects = shapes[self.line_at]
        if not len(self.lines):
            self.line_at, self.lines = fill_at, shapely.boundary(shapes[fill_at])
        self.fills: tuple[Objects, assembly.Ints] = (shapes[fill_at], fill_at)
        self.styles = Styles(
            _column(frame, CAD_LAYER), _column(frame, COLOR),
            raw.origin.entry.codes.get("land_use", {}), consultant,
        )  # fmt: skip
        self.silent: list[list[int]] = []
        self.texts = [_clean(value) for value in _column(frame, TEXT)[self.text_at]]
        self.points: Objects = shapes[self.text_at]
        self.rows = frame[ROW].to_numpy()
        self.codes = code_list("land_use")

    def read(self, found: Faces) -> tuple[list[_Zone], list[int], dict[int, tuple[str, ...]]]:
        """Return zones, numbers of areas that nothing names, and those that two texts name."""
        inside = assembly.placed(self.points, found.areas).within(len(found.areas))
        said = [[(t, use) for t in texts if (use := self._use(self.texts[t]))] for texts in inside]
        filled = assembly_styles.fills_of(found.areas, *self.fills)
        lined = assembly_styles.outlines_of(found.areas, self.lines, self.line_at)
        zones, silent, several = [], [], {}
        for area, uses in enumerate(said):
            names = tuple(dict.fromkeys(use for _, use in uses))
            if len(names) > 1:
                several[area] = names
            elif uses:
                text = uses[0][0]
                zones.append(self._zone(area, names[0], self.text_at[text], self.points[text]))
            else:
                drawn = filled.get(area) or lined.get(area, [])
                use, position = assembly_styles.said_by(self.styles, drawn)
                if use is None or position is None:
                    silent.append(area)
                    self.silent.append(drawn)
                else:
                    point = shapely.point_on_surface(found.areas[area])
                    zones.append(replace(self._zone(area, use, position, point), by_style=True))
        return zones, silent, several

    def _zone(self, area: int, use: str, position: int, point: shapely.Point) -> _Zone:
        return _Zone(area, use, int(self.rows[position]), (point.x, point.y))

    def _use(self, text: str) -> str | None:
        """Return what a text says as a land use, as it is written; None where it says none."""
        for token in text.split():
            code = _CODE.match(token)
            if code is not None:
                return code[0]
        return text if self.codes.find(text) is not None else None

    def frame(self, found: Faces, zones: Sequence[_Zone]) -> gpd.GeoDataFrame:
        """Return the rows: an id by place, which a drawing delivered again keeps."""
        data: dict[str, list[Any]] = {
            "zone_id": [f"{z.place[0]:.0f}-{z.place[1]:.0f}" for z in zones],
            "land_use": [z.land_use for z in zones],
        }
        frame = gpd.GeoDataFrame(
            {name: pd.Series(values, dtype=object) for name, values in data.items()},
            geometry=found.areas[[z.area for z in zones]], crs=self.raw.frame.crs,
        )  # fmt: skip
        frame[ROW] = [z.row for z in zones]
        return frame

    def about_styles(self, zones: Sequence[_Zone], silent: Sequence[int]) -> Iterator[Finding]:
        """Yield how many areas layers and colours named, and which of them mean nothing yet."""
        named = sum(zone.by_style for zone in zones)
        if named:
            who = self.styles.consultant
            yield self.tell("DRAWING_BY_STYLE", zones=named, who=who.name if who else None)
        unsaid = assembly_styles.unsaid(self.styles, self.silent)
        if unsaid:
            yield self.tell(UNSAID, areas=len(silent), styles=unsaid)

    def about_gaps(self, found: Faces) -> Iterator[Finding]:
        """Yield each gap that was joined, with its centimetres and place."""
        for gap in found.gaps:
            if gap.width_m >= TOLD_M:
                row = int(self.rows[self.line_at[gap.line]])
                yield self.tell(
                    "DRAWING_GAP_CLOSED", shapely.Point(gap.at), row=row, cm=gap.width_m * 100
                )

    def about_areas(
        self, code: str, found: Faces, areas: Mapping[int, tuple[str, ...]]
    ) -> Iterator[Finding]:
        """Yield areas that stay out, with hectares and place."""
        for area, names in areas.items():
            shape = found.areas[area]
            more = {"names": names} if names else {}
            yield self.tell(code, shapely.point_on_surface(shape), ha=shape.area / 1e4, **more)

    def aside(self) -> Iterator[Finding]:
        """Yield once each what was left aside: objects on paper, and objects far off."""
        names = _column(self.raw.frame, CAD_LAYER)
        for code, which in (("DRAWING_PAPER", self.paper), ("DRAWING_FAR", self.far)):
            if which.any():
                layers = tuple(sorted({str(n) for n in names[which] if n is not None}))[:8]
                yield self.tell(code, count=int(which.sum()), layers=layers)

    def tell(self, code: str, at: shapely.Point | None = None, **params: Any) -> Finding:
        """Return a finding about the drawing."""
        origin = self.raw.origin
        place = None
        if at is not None:
            place = crs.lonlat(at.x, at.y, self.raw.frame.crs)
            params |= {"east": at.x, "north": at.y}
        return Finding.of(
            code, file=origin.file, table=origin.table, layer=origin.layer, at=place,
            title=schema(origin.layer).title.words, **params,
        )  # fmt: skip


def _column(frame: gpd.GeoDataFrame, name: str) -> Objects:
    if name not in frame:
        return np.full(len(frame), None, dtype=object)
    column = frame[name].astype(object)
    values: Objects = column.where(column.notna(), None).to_numpy()
    return values


def _truthy(frame: gpd.GeoDataFrame, name: str) -> Any:
    values = _column(frame, name)
    return np.array([value not in (None, 0, "0", False, "") for value in values], dtype=bool)


def _clean(value: object) -> str:
    r"""Return what a text says without the signs of its layout.

    Examples
    --------
    >>> _clean(r"{\fArial|b0;ONT}\P0,35 ha")
    'ONT 0,35 ha'
    """
    text = str(value or "").replace("\\P", " ").replace("\n", " ")
    return " ".join(_FORMAT.sub("", text).split())
