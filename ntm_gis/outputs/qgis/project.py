"""commune.qgz: a project of QGIS over commune.gpkg, grouped and styled as our maps are.

It leads to the GeoPackage beside it by a relative path and holds no macro and no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import shapely

from ntm_gis.layers.values import Layers
from ntm_gis.outputs import geopackage
from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.features import OVERVIEW, map_of
from ntm_gis.outputs.files import atomic_write, zipped
from ntm_gis.outputs.printmap.standard import LADDER
from ntm_gis.outputs.qgis import markup, metadata, raster, sheets, themes
from ntm_gis.outputs.qgis.qml import VERSION
from ntm_gis.outputs.qgis.reference import ELLIPSOID, system
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say, term

FILE_NAME = "commune.qgz"
INSIDE = "commune.qgs"

# From the top of the drawing to its ground.
LEVELS = ("points", "boundaries", "roads", "water", "hazards", "areas", "zones", "ground")
_ALWAYS = ("findings",)
_GEOMETRIES = {
    "Point": "Point", "MultiPoint": "Point", "MultiLineString": "Line", "MultiPolygon": "Polygon",
}  # fmt: skip
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def write(tables: Sequence[GpkgTable], layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `commune.qgz` into the folder `out`, to be opened beside `commune.gpkg`.

    Parameters
    ----------
    tables : sequence of GpkgTable
        As they stand in the GeoPackage.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    text = project(tables, layers, lang)
    return atomic_write(out / FILE_NAME, zipped({INSIDE: text.encode("utf-8")}))


def project(tables: Sequence[GpkgTable], layers: Layers, lang: str) -> str:
    """Return the project file as text.

    Parameters
    ----------
    tables : sequence of GpkgTable
        As they stand in the GeoPackage.
    layers : Layers
        For the commune and its boundary.
    lang : str
        The language of titles.
    """
    identity = layers.commune.commune
    title = say("commune_of", lang, name=identity.name)
    root = Element("qgis", projectname=title, version=VERSION)
    SubElement(root, "homePath", path="")
    SubElement(root, "title").text = title
    root.append(system("projectCrs", identity.crs))
    root.append(_tree(tables, lang))
    root.append(_canvas(layers))
    held = SubElement(root, "projectlayers")
    for table in tables:
        held.append(_layer(table, layers, lang))
    order = SubElement(root, "layerorder")
    for table in _from_top(tables):
        SubElement(order, "layer", id=_id(table))
    root.append(_properties())
    found = themes.themes(_from_top(tables))
    root.append(themes.elements(found, lang, _id))
    if layers.boundary is not None:
        root.append(sheets.layouts(found, layers, lang, _id))
        root.append(sheets.bookmarks(layers, lang))
        root.append(_view(layers))
    root.append(_about(layers, title, lang))
    return _DOCTYPE + markup.written(root) + "\n"


def _properties() -> Element:
    """Return the settings: relative paths, lengths and areas on the ellipsoid in m and ha."""
    settings = {
        ("Paths", "Absolute"): ("bool", "false"),
        ("SpatialRefSys", "ProjectionsEnabled"): ("int", "1"),
        ("Measure", "Ellipsoid"): ("QString", ELLIPSOID),
        ("Measurement", "DistanceUnits"): ("QString", "meters"),
        ("Measurement", "AreaUnits"): ("QString", "ha"),
        ("PositionPrecision", "Automatic"): ("bool", "false"),
        ("PositionPrecision", "DecimalPlaces"): ("int", "1"),
    }
    out = Element("properties")
    for (scope, key), (kind, value) in settings.items():
        held = out.find(scope)
        if held is None:
            held = SubElement(out, scope)
        SubElement(held, key, type=kind).text = value
    return out


def _view(layers: Layers) -> Element:
    """Return what QGIS offers to look at: round scales, the whole commune."""
    out = Element("ProjectViewSettings", rotation="0", UseProjectScales="1")
    scales = SubElement(out, "Scales")
    for step in LADDER:
        SubElement(scales, "Scale", Value=f"{step * 1000:g}")
    sides = ("xmin", "ymin", "xmax", "ymax")
    bounds = shapely.bounds(layers.boundary)
    extent = SubElement(
        out, "DefaultViewExtent", {n: f"{v:.3f}" for n, v in zip(sides, bounds, strict=True)}
    )
    extent.append(system("held", layers.commune.commune.crs)[0])
    return out


def _about(layers: Layers, title: str, lang: str) -> Element:
    """Return what the project says of itself: of whom, as of when, of which files."""
    identity = layers.commune.commune
    out = Element("projectMetadata")
    SubElement(out, "title").text = title
    files = {account.file for account in layers.accounts}
    SubElement(out, "abstract").text = metadata.abstract(files, layers, lang)
    SubElement(out, "language").text = lang
    SubElement(out, "type").text = "dataset"
    out.append(system("crs", identity.crs))
    return out


def _tree(tables: Sequence[GpkgTable], lang: str) -> Element:
    """Return the tree of layers: the groups of the overview map, then those of other maps."""
    groups: dict[str, list[GpkgTable]] = {}
    for title in (term("findings").of(lang), *_overview_titles(lang)):
        groups[title] = []
    for table in tables:
        groups.setdefault(_group(table, lang), []).append(table)
    for key in ("group.other_data", "figures"):
        last = term(key).of(lang)
        groups[last] = groups.pop(last, [])
    tree = Element("layer-tree-group")
    for title, members in groups.items():
        if not members:
            continue
        on = any(_shown(table) for table in members)
        group = SubElement(
            tree, "layer-tree-group", name=title, expanded="0", checked=_checked(on=on)
        )
        for table in _from_top(members):
            SubElement(
                group, "layer-tree-layer",
                {
                    "id": _id(table), "name": table.title, "source": _source(table),
                    "providerKey": _provider(table), "expanded": "0",
                    "checked": _checked(on=_shown(table)),
                },
            )  # fmt: skip
    order = SubElement(tree, "custom-order", enabled="1")
    for table in _from_top(tables):
        if table.drawn:
            SubElement(order, "item").text = _id(table)
    return tree


def _overview_titles(lang: str) -> list[str]:
    return [group.title.words.of(lang) for group in maps.definition(OVERVIEW).groups]


def _group(table: GpkgTable, lang: str) -> str:
    """Return the title of the group a table stands in."""
    if table.frame == "findings":
        return term("findings").of(lang)
    styles = maps.styles().styles
    for group in maps.definition(OVERVIEW).groups:
        if table.frame in {styles[layer.style].frame for layer in group.layers}:
            return group.title.words.of(lang)
    name = map_of(table.frame)
    if name is not None and name != OVERVIEW:
        return maps.definition(name).title.words.of(lang)
    if table.frame == themes.GROUND or table.picture is not None:
        return say("print_map.ground", lang)
    if not table.drawn:
        return term("figures").of(lang)
    return term("group.other_data").of(lang)


def _shown(table: GpkgTable) -> bool:
    """Whether a table is on at first: as the overview map has it."""
    return table.frame in _ALWAYS or themes.shown_at_first(table)


def _from_top(tables: Sequence[GpkgTable]) -> list[GpkgTable]:
    """Return tables as they are drawn, the topmost first."""

    def depth(table: GpkgTable) -> tuple[int, int, str]:
        if table.frame == "findings":
            return -1, 0, table.name
        if table.picture is not None:
            return len(LEVELS) + 1, 0, table.name
        found = maps.styles().of_frame(table.frame)
        level = LEVELS.index(found[0].level) if found else len(LEVELS)
        kind = ["Point", "MultiPoint", "MultiLineString", "MultiPolygon", None]
        return level, kind.index(table.geometry_type), table.name

    return sorted(tables, key=depth)


def _checked(*, on: bool) -> str:
    return "Qt::Checked" if on else "Qt::Unchecked"


def _id(table: GpkgTable) -> str:
    """Return the id of a layer: QGIS replaces those of ten letters or fewer."""
    return f"commune_gpkg_{table.name}"


def _provider(table: GpkgTable) -> str:
    return "ogr" if table.picture is None else "gdal"


def _source(table: GpkgTable) -> str:
    if table.picture is not None:
        return raster.SOURCE
    return f"./{geopackage.FILE_NAME}|layername={table.name}{_last_day(table)}"


def _last_day(table: GpkgTable) -> str:
    """Return the filter of a table that holds a row for each day: it is shown as of the last."""
    by = next((s.day_by for s in maps.styles().of_frame(table.frame) if s.day_by), None)
    column = next((c for c in table.columns if c.name == by), None)
    if column is None or column.missing.all():
        return ""
    last = max(column.values[~column.missing])
    return f"|subset=\"{column.name}\" = '{last}'"


def _layer(table: GpkgTable, layers: Layers, lang: str) -> Element:
    if table.picture is not None:
        return raster.layer(table, _id(table), layers, lang)
    kind = _GEOMETRIES.get(table.geometry_type or "", "No geometry")
    out = Element(
        "maplayer", type="vector", geometry=kind, hasScaleBasedVisibilityFlag="0",
        autoRefreshEnabled="0", readOnly="1", labelsEnabled="1",
    )  # fmt: skip
    SubElement(out, "id").text = _id(table)
    SubElement(out, "datasource").text = _source(table)
    SubElement(out, "layername").text = table.title
    if table.geometry_type is not None:
        out.append(system("srs", layers.commune.commune.crs))
    out.append(metadata.of_table(table, layers, lang, "resourceMetadata"))
    SubElement(out, "provider", encoding="UTF-8").text = "ogr"
    if table.style is not None:
        style = deepcopy(table.style)
        themes.switch(style)
        out.extend(style)
    return out


def _canvas(layers: Layers) -> Element:
    """Return the view at opening: the commune with a margin of a twentieth."""
    out = Element("mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(out, "units").text = "meters"
    ground = layers.boundary
    if ground is not None:
        west, south, east, north = shapely.bounds(ground)
        margin = 0.05 * max(east - west, north - south)
        extent = SubElement(out, "extent")
        for name, value in (
            ("xmin", west - margin), ("ymin", south - margin),
            ("xmax", east + margin), ("ymax", north + margin),
        ):  # fmt: skip
            SubElement(extent, name).text = f"{value:.2f}"
    out.append(system("destinationsrs", layers.commune.commune.crs))
    return out
