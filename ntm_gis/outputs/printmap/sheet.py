"""One sheet: scale and panels chosen, ground, lines, symbols, names, frame and panels drawn."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.outputs.printmap import (
    edges,
    fitting,
    footer,
    frame,
    joins,
    layers,
    legend,
    panels,
    points,
    sources,
    standard,
)
from ntm_gis.outputs.printmap.content import BOUNDARY, Content
from ntm_gis.outputs.printmap.inset import inset
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.view import View
from ntm_gis.outputs.printmap.writing import Names
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.joins import Part
    from ntm_gis.outputs.printmap.location import Place
    from ntm_gis.outputs.printmap.panel import Panel
    from ntm_gis.outputs.printmap.standard import Format


@dataclass(frozen=True)
class Setting:
    """What all sheets of an answer share."""

    ground: Ground | None
    place: Place | None
    record: str | None
    origins: Mapping[str, Sequence[sources.Source]]
    province_edge: shapely.Geometry | None = None
    """Where the commune's edge is the province's, on the ground."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Map -> its number among sheets that belong together."""

    @property
    def has_province_edge(self) -> bool:
        """Part of the commune's edge is known to be the province's."""
        return self.province_edge is not None and not self.province_edge.is_empty


@dataclass
class Sheet:
    """A drawn sheet and what is known of it."""

    page: Page
    view: View
    content: Content
    names: Names
    digest: str
    seconds: Mapping[str, float] = field(default_factory=dict)


def draw(content: Content, given: Format, setting: Setting, scale: int | None = None) -> Sheet:
    """Draw one sheet.

    Parameters
    ----------
    content : Content
    given : Format
        Across; it is turned where that allows a larger scale.
    setting : Setting
    scale : int, optional
        The scale asked for; the largest of the ladder that fits where left out.
    """
    begun = time.perf_counter()
    views: list[View] = []
    fitted = _fitted(content, given, setting, scale, views)
    return compose(content, fitted, setting, pinned(content, given), views=views, begun=begun)


def holds(content: Content, given: Format, setting: Setting, scale: int) -> bool:
    """Whether a sheet holds the commune at a scale, with its panels beside it."""
    return not _fitted(content, given, setting, scale, []).forced


def _fitted(
    content: Content, given: Format, setting: Setting, scale: int | None, views: list[View]
) -> fitting.Fit:
    return fitting.fit(
        [given] if given.figure else [given, given.upright],
        content.context.extent,
        (content.context.ground, content.main_roads()),
        _Panels(content, setting, views).at,
        None if scale is None else [scale],
    )


def compose(
    content: Content,
    fitted: fitting.Fit,
    setting: Setting,
    listed: Sequence[dict[str, Any]],
    *,
    part: Part | None = None,
    views: list[View] | None = None,
    begun: float | None = None,
) -> Sheet:
    """Draw a sheet whose place, scale and panels are settled.

    Parameters
    ----------
    content : Content
    fitted : Fit
    setting : Setting
    listed : sequence of dict
        The findings in its panel of findings.
    part : Part, optional
        Which sheet of a set it is.
    views : list of View, optional
        Where panels look for the view; it is put there.
    begun : float, optional
        When the sheet was begun, of the clock of performance.
    """
    now = time.perf_counter()
    clock = [now if begun is None else begun, now]
    form = fitted.format
    page = Page(*form.size, bw=form.bw)
    view = View(
        form, fitted.frame, fitted.scale, fitted.east, fitted.north, content.zone,
        content.context.ground, content.context.origin,
    )  # fmt: skip
    if views is not None:
        views.append(view)
    boxes = shapely.union_all(shapely.buffer(fitted.boxes, 1.2, join_style="mitre"))
    view.free = shapely.difference(shapely.buffer(view.frame, -1), boxes)
    page.axes.set_autoscale_on(False)
    index_lines = layers.lay_ground(page, view, setting.ground)
    layers.draw(page, content, view)
    if setting.has_province_edge and BOUNDARY in content.layers:
        edges.draw(page, view, setting.province_edge)
    clock.append(time.perf_counter())
    shown = next((panel.pins for panel in fitted.panels if panel.name == "findings"), 0)
    drawn = _placed(listed[:shown], view)
    villages, flags = points.draw(page, content, view, drawn)
    frame.draw(page, view)
    for panel in fitted.panels:
        x, y = fitted.at[panel.name]
        panel.draw(page, x, y + panel.h)
    names = Names(page, content, view, setting.ground)
    names.write(villages, flags, [] if part is None else list(joins.leads(content, view, part)))
    names.codes()
    names.contour_figures(index_lines)
    clock.append(time.perf_counter())
    digest = _digest(content, view)
    if not form.figure:
        footer.draw(page, view, _words(content, setting, digest, names, part))
    steps = dict(zip(("fit", "ground", "names"), np.diff(clock).round(2), strict=True))
    return Sheet(page, view, content, names, digest, steps)


class _Panels:
    """The panels of a sheet, each laid out once for a format and what a scale shows."""

    def __init__(self, content: Content, setting: Setting, views: list[View]) -> None:
        self.content, self.setting, self.views = content, setting, views
        self._keys: dict[object, Panel] = {}
        self._others: dict[str, list[Panel]] = {}

    def at(self, form: Format, scale: int) -> list[Panel]:
        """Return the panels in the order in which they find room."""
        key = (form.name, standard.rules(scale))
        if key not in self._keys:
            self._keys[key] = key_of(self.content, form, scale, self.setting)
        if form.name not in self._others:
            self._others[form.name] = self._other(form)
        others = self._others[form.name]
        # The title first: it stands in its corner whatever else there is.
        return [*others[:1], self._keys[key], *others[1:]]

    def _other(self, form: Format) -> list[Panel]:
        content = self.content
        if form.figure:
            return [footer.bar_panel(self.views, form.kp, content.lang)]
        listed = pinned(content, form)
        found = [
            panels.title(content, form),
            inset(content, form, self.setting.place),
            panels.findings_of_any(content, form, listed),
            panels.stamp(content, form, sources.reasons(content, self.setting.origins)),
            panels.empty_note(content, form) if content.empty else None,
        ]
        return [panel for panel in found if panel is not None]


def key_of(content: Content, form: Format, scale: int, setting: Setting) -> Panel:
    """Return the legend of a sheet."""
    return legend.legend(
        content, form, scale, heights=setting.ground is not None,
        provincial=setting.has_province_edge,
    )  # fmt: skip


def pinned(content: Content, given: Format) -> list[dict[str, Any]]:
    """Return the findings with a place, weightiest first; none on a figure."""
    if given.figure:
        return []
    return [f for f in content.findings if f["at"] is not None]


def _placed(listed: Sequence[dict[str, Any]], view: View) -> list[dict[str, Any]]:
    """Return findings with their places on paper."""
    out = []
    for finding in listed[: standard.MOST_PINS]:
        west, south = view.corner
        x, y = view.points([(west + finding["at"][0], south + finding["at"][1])])[0]
        out.append({**finding, "paper": (float(x), float(y))})
    return out


def _words(
    content: Content, setting: Setting, digest: str, names: Names, part: Part | None
) -> footer.Words:
    lang = content.lang
    who = content.context.commune.commune
    notes = [say("print_map.sample_note", lang)] if who.sample else []
    if names.listed:
        what = "; ".join(f"({i}) {text}" for i, (_, text) in enumerate(names.listed, 1))
        notes.append(say("print_map.unplaced_name", lang, what=what[:400]))
    also = () if setting.place is None else setting.place.layers
    return footer.Words(
        lang=lang,
        commune=who.name,
        sources=sources.lines(content, setting.origins, also),
        titles=sources.titles(content, setting.origins, also),
        notes=notes,
        code=f"{digest[:4]}-{digest[4:8]}".upper(),
        record=setting.record,
        heights=setting.ground is not None,
        sheet=setting.marks.get(content.definition.name, "1/1") if part is None else part.mark,
        of_set=part is not None,
    )


def _digest(content: Content, view: View) -> str:
    """Return a digest of what the sheet shows: map, scale, place, figures, shapes."""
    found = hashlib.sha256()
    speech = content.library.speech
    who = content.context.commune.commune
    found.update(repr((content.definition.name, view.format.name, view.format.bw, view.scale,
                       view.east, view.north, who.code, str(who.as_of))).encode())  # fmt: skip
    for key, measure in sorted(speech.by_id.items()):
        found.update(f"{key}={measure.value!r}{measure.low!r}{measure.high!r}".encode())
    for name, layer in content.layers.items():
        found.update(name.encode())
        there = layer.shapes[np.isfinite(shapely.bounds(layer.shapes)).all(axis=1)]
        for wkb in shapely.to_wkb(there):
            found.update(wkb)
    return found.hexdigest()
