"""A map of `maps/*.toml` as a folium map, for notebooks: every text gated, nothing fetched.

folium brings its scripts from the network; this map carries Leaflet within itself, so that it
opens, and can be saved and sent on, without one. What folium cannot draw (casings, patterns,
pins, evidence) stands on the page that `run` writes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.outputs import gates
from ntm_gis.outputs.qgis.pictures import picture
from ntm_gis.outputs.webmap import encode, script
from ntm_gis.outputs.webmap.context import Context
from ntm_gis.outputs.webmap.sheets import Sheet, seat, sheet
from ntm_gis.rules import maps
from ntm_gis.rules.maps import Case, Class

if TYPE_CHECKING:
    from ntm_gis.layers.values import Answer
    from ntm_gis.rules.commune import Commune
    from ntm_gis.rules.maps import Group

WGS84 = "EPSG:4326"
DEGREES = 6
"""Digits of a degree: a decimetre. A map is looked at; nothing is computed from it."""
_FIELDS = 8
_NAME_CSS = (
    "white-space:nowrap;font:600 12px sans-serif;color:#17212b;text-shadow:"
    "-1px -1px 1px #fff,1px -1px 1px #fff,-1px 1px 1px #fff,1px 1px 1px #fff"
)
_SYMBOL_PX = 18
_FLAG = 2.0
_LONGEST = 60
"""Letters of a name on the map: all of them stand under the pointer."""
_MANY = 8
"""Layers from which on their list is folded: it would hide the map."""
# Paper instead of grey; nobody here measures in miles; the sign of folded layers is no picture.
_PAGE_CSS = (
    "<style>.leaflet-container{background:#f3f5f4!important}"
    ".leaflet-control-scale-line:nth-child(2){display:none}"
    ".leaflet-control-layers-toggle::after{content:'\\2261';display:block;text-align:center;"
    "font:28px/40px sans-serif;color:#17212b}</style>"
)
_TOLD = "told"

GeoJson = dict[str, Any]


class OfflineMap(folium.Map):
    """A folium map whose Leaflet stands in the page: no other library, no tiles, no network."""

    def __init__(self, **options: Any) -> None:
        super().__init__(tiles=options.pop("tiles", None), **options)
        # What folium brings of its own leads to the network; things added later bring theirs.
        leaflet, style = _leaflet()
        self.default_js = [("leaflet", leaflet)]
        self.default_css = [("leaflet_css", style)]


@cache
def _leaflet() -> tuple[str, str]:
    """Return Leaflet and its style as addresses that hold them."""
    code = base64.b64encode(script.scripts()[0].encode("utf-8")).decode("ascii")
    style = base64.b64encode(script.styles()[0].encode("utf-8")).decode("ascii")
    return f"data:text/javascript;base64,{code}", f"data:text/css;base64,{style}"


def to_folium(
    answer: Answer,
    commune: Commune,
    name: str = "overview",
    lang: str = "vi",
    *,
    tiles: str | folium.TileLayer | None = None,
) -> OfflineMap:
    """Return one of the maps as a folium map.

    Parameters
    ----------
    answer : Answer
        Frames in the commune's zone.
    commune : Commune
    name : str
        A map of `maps/*.toml`.
    lang : str
        "vi" or "en".
    tiles : str or TileLayer, optional
        A background that folium knows; it needs a network. None where left out.

    Returns
    -------
    OfflineMap
        WGS 84, a layer control, what each feature is under the pointer. `save(path)` writes a
        page that opens without a network.

    Raises
    ------
    RuleError
        There is no such map.
    """
    definition = maps.definition(name)
    context = Context(answer, commune, lang)
    drawn = OfflineMap(tiles=tiles, control_scale=True, zoom_control=True, prefer_canvas=True)
    added = 0
    for group in reversed(definition.groups):
        for style in _shown(group):
            found = sheet(style.style, context)
            if found is not None:
                _add(drawn, found, context, show=style.show is not False)
                added += 1
    if added:
        folium.LayerControl(collapsed=added > _MANY).add_to(drawn)
    root = drawn.get_root()
    if isinstance(root, folium.Figure):
        root.header.add_child(folium.Element(_PAGE_CSS), name="ground")
    drawn.fit_bounds(_bounds(context))
    return drawn


def _shown(group: Group) -> Iterator[maps.MapLayer]:
    """Yield the layers of a group from below: what stands first in a legend lies on top."""
    yield from reversed(group.layers)


def _bounds(context: Context) -> list[tuple[float, float]]:
    west, south, east, north = context.extent
    corners = np.array([(west, south), (west, north), (east, south), (east, north)])
    x, y = crs.transformer(context.commune.commune.crs, WGS84).transform(*corners.T)
    return [(float(y.min()), float(x.min())), (float(y.max()), float(x.max()))]


@dataclass(frozen=True, slots=True)
class _Look:
    """Features of a sheet that look the same."""

    case: Case
    wide: Class | None
    colour: str | None
    kind: int
    rows: tuple[int, ...]


def _add(drawn: OfflineMap, found: Sheet, context: Context, *, show: bool) -> None:
    """Add a style as one layer that can be switched."""
    lang = context.lang
    title = gates.text_for_folium(found.style.title.words.of(lang))
    layer = folium.FeatureGroup(name=title, show=show)
    geometry = crs.reproject(
        seat(found.table, found.style).to_numpy(), context.commune.commune.crs, WGS84
    )
    placed = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    shapes = shapely.to_geojson(shapely.set_precision(geometry, 10.0**-DEGREES, mode="pointwise"))
    told = _told(found)
    for look in _looks(found, placed):
        pairs = [(str(shapes[i]), told[i]) for i in look.rows]
        _features(pairs, found, look).add_to(layer)
    if found.style.labels is not None and found.style.labels.kind == "place":
        for i in np.flatnonzero(placed).tolist():
            _name(geometry[i], found.given["name"][i]).add_to(layer)
    layer.add_to(drawn)


def _name(place: shapely.Geometry, name: str) -> folium.Marker:
    """Return a name beside its place."""
    at = shapely.point_on_surface(place)
    short = name if len(name) <= _LONGEST else name[:_LONGEST].rstrip() + "…"
    html = f'<div style="{_NAME_CSS}">{gates.text_for_folium(short)}</div>'
    icon = folium.DivIcon(html=html, icon_size=(0, 0), icon_anchor=(-9, 9))
    return folium.Marker((at.y, at.x), icon=icon, interactive=False)


def _looks(found: Sheet, placed: np.ndarray[Any, Any]) -> Iterator[_Look]:
    """Yield the looks of a sheet with the rows that have a place, the last drawn first."""
    given, style = found.given, found.style
    classes = given.get("class", [None] * len(given["case"]))
    colours = given.get("colour", [None] * len(given["case"]))
    kinds = given["kind"]
    rows: dict[tuple[int, int, Any, Any], list[int]] = {}
    for i in np.flatnonzero(placed).tolist():
        rows.setdefault((kinds[i], given["case"][i], classes[i], colours[i]), []).append(i)
    for key in sorted(rows, key=lambda k: (-k[0], -k[1], -(k[2] or 0), k[3] or "")):
        kind, case, wide, colour = key
        found_class = None if wide is None else style.classes[wide]
        yield _Look(style.cases[case], found_class, colour, kind, tuple(rows[key]))


def _features(pairs: Sequence[tuple[str, str]], found: Sheet, look: _Look) -> folium.GeoJson:
    """Return features of one look, their texts under the pointer."""
    data = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(i),
                "geometry": json.loads(shape),
                "properties": {_TOLD: t},
            }
            for i, (shape, t) in enumerate(pairs)
        ],
    }
    style = _css(look)
    tooltip = (
        folium.GeoJsonTooltip([_TOLD], aliases=[""], labels=False, sticky=True)
        if found.style.interactive
        else None
    )
    return folium.GeoJson(
        data,
        style_function=lambda _: style,
        marker=_marker(look),
        tooltip=tooltip,
        embed=True,
    )


def _css(look: _Look) -> Mapping[str, Any]:
    """Return a look as Leaflet draws it: the uppermost stroke, the fill, no casing."""
    strokes = look.case.strokes or look.case.edge
    out: dict[str, Any] = {"stroke": bool(strokes), "fill": False}
    if strokes:
        top = next((s for s in reversed(strokes) if s.colour.lower() != "#ffffff"), strokes[-1])
        wide = look.wide.px[0] if look.wide and top.of else 0.0
        width = max(wide * top.times + top.plus, top.least) if wide else top.screen_px()
        out |= {"color": top.colour, "weight": round(max(width, 0.6), 2), "opacity": top.opacity}
        if top.dash:
            out["dashArray"] = " ".join(f"{d * width:g}" for d in top.dash)
    fill = look.case.fill or look.colour or _ground(look.case)
    if fill and look.kind == encode.AREA:
        out |= {"fill": True, "fillColor": fill, "fillOpacity": look.case.opacity}
    return out


def _ground(case: Case) -> str | None:
    pattern = maps.styles().patterns.get(case.pattern or "")
    return pattern.ground if pattern else None


def _marker(look: _Look) -> folium.Marker | folium.CircleMarker:
    """Return the symbol of a look as a picture in the page."""
    symbols = maps.styles().symbols
    if look.case.symbol not in symbols:
        return folium.CircleMarker(radius=4)
    symbol = symbols[look.case.symbol]
    # A flag bears no number here: it is as small as the other symbols.
    side = _SYMBOL_PX * (symbol.size / _FLAG if symbol.size >= _FLAG else symbol.size)
    svg = picture(symbol.parts, maps.styles().patterns)
    svg = svg.replace('width="20" height="20"', f'width="{side:g}" height="{side:g}"')
    x, y = (round(v / 20 * side) for v in symbol.seat)
    icon = folium.DivIcon(html=svg, icon_size=(round(side), round(side)), icon_anchor=(x, y))
    return folium.Marker(icon=icon)


def _told(found: Sheet) -> list[str]:
    """Return what is told of each feature: name, id, its first fields, all gated."""
    given = found.given
    columns = [c for c in given["columns"] if not c.get("quiet")][:_FIELDS]
    out = []
    for i, name in enumerate(given["name"]):
        pairs = ((c["title"], _text(c, i)) for c in columns)
        lines = [f"{title}: {text}" for title, text in pairs if text]
        head = name if not given["id"][i] else f"{name} ({given['id'][i]})"
        shown = [f"<b>{gates.text_for_folium(head)}</b>"]
        out.append("<br>".join(shown + [gates.text_for_folium(line) for line in lines]))
    return out


def _text(column: Mapping[str, Any], i: int) -> str:
    """Return a field of a feature as text."""
    return str(column["values"][column["index"][i]] if "values" in column else column["texts"][i])
