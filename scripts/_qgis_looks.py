"""What `look_qgis.py` asks of QGIS; run by QGIS's own Python, which may be as old as 3.9."""

from __future__ import annotations

import contextlib
import math
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _vn2000 import vn2000_to_wgs84
from qgis import core
from qgis.PyQt.QtCore import QSize

MOVED_TO = "Thư mục mới – Mường Khoa (bản sao)"
LEAST_INK = 0.004
"""The part of a drawn theme that is not white, at least."""
A_MILLIMETRE = 0.001

Faults = list[str]


class Log:
    """What QGIS says that is no mere information."""

    def __init__(self) -> None:
        self.said: list[str] = []
        core.QgsApplication.messageLog().messageReceived.connect(self._take)

    def _take(self, text: str, tag: str = "", level: int = 1) -> None:
        if level in (1, 2):
            self.said.append(f"QGIS says ({tag}): {text}")


def opened(path: Path) -> tuple[core.QgsProject, Faults]:
    """Read a project; return it and what does not load."""
    project = core.QgsProject.instance()
    project.clear()
    faults = [] if project.read(str(path)) else [f"the project is not read: {project.error()}"]
    for layer in project.mapLayers().values():
        if not layer.isValid():
            faults.append(f"layer {layer.name()}: not valid, {layer.source()}")
        elif Path(layer.source().split("|")[0]).resolve().parent != path.resolve().parent:
            faults.append(f"layer {layer.name()}: not beside the project, {layer.source()}")
    return project, faults


def reference(project: core.QgsProject) -> Iterator[str]:
    """Yield where QGIS and a calculation of our own disagree about WGS 84."""
    system = project.crs()
    if not system.isValid() or not system.authid().startswith("EPSG:"):
        yield f"the project's reference system: {system.authid() or 'none'}"
        return
    boundary = project.mapLayer("commune_gpkg_boundary")
    if boundary is None:
        return
    middle = boundary.extent().center()
    target = core.QgsCoordinateReferenceSystem("EPSG:4326")
    found = core.QgsCoordinateTransform(system, target, project).transform(middle)
    words = dict(w.split("=", 1) for w in system.toProj().split() if "=" in w)
    meridian, scale = float(words["+lon_0"]), float(words.get("+k") or words["+k_0"])
    lon, lat = vn2000_to_wgs84(middle.x(), middle.y(), meridian, scale)
    off = math.hypot((found.x() - lon) * 111_320 * math.cos(math.radians(lat)),
                     (found.y() - lat) * 110_574)  # fmt: skip
    print(f"reference system {system.authid()}: {off * 1000:.3f} mm from our own calculation")
    if off > A_MILLIMETRE:
        yield f"QGIS puts {middle.toString(2)} {off:.3f} m from where we do"
    for layer in project.mapLayers().values():
        if layer.isSpatial() and layer.crs().authid() != system.authid():
            yield f"layer {layer.name()}: in {layer.crs().authid()}"


def styles(project: core.QgsProject) -> Iterator[str]:
    """Yield layers without rules, rules without a symbol, labels without a text."""
    for layer in project.mapLayers().values():
        if not layer.isSpatial() or isinstance(layer, core.QgsRasterLayer):
            continue
        drawn = layer.renderer()
        if drawn is None or drawn.type() != "RuleRenderer":
            yield f"layer {layer.name()}: drawn as {drawn and drawn.type()}"
            continue
        for rule in drawn.rootRule().children():
            if rule.symbol() is None or not rule.symbol().symbolLayerCount():
                yield f"layer {layer.name()}: rule {rule.label()} has no symbol"
            if rule.filter() is not None and rule.filter().hasParserError():
                yield f"layer {layer.name()}: {rule.filter().parserErrorString()}"
        # A style of the GeoPackage alone is what someone without the project sees.
        alone = core.QgsVectorLayer(layer.source().split("|subset")[0], "alone", "ogr")
        if alone.renderer() is None or alone.renderer().type() != "RuleRenderer":
            yield f"layer {layer.name()}: the GeoPackage alone has no style for it"
        if not alone.metadata().abstract():
            yield f"layer {layer.name()}: the GeoPackage alone says nothing of it"


def fields(project: core.QgsProject) -> Iterator[str]:
    """Yield columns without a heading, and codes that a form would show bare."""
    listed = 0
    for layer in project.mapLayers().values():
        if isinstance(layer, core.QgsRasterLayer):
            continue
        for number, field in enumerate(layer.fields()):
            if field.name() == "fid":
                continue
            if not layer.attributeAlias(number):
                yield f"layer {layer.name()}: {field.name()} has no heading"
            widget = layer.editorWidgetSetup(number)
            if widget.type() != "ValueMap":
                continue
            listed += 1
            said = {v: k for one in widget.config()["map"] for k, v in one.items()}
            formatter = core.QgsApplication.fieldFormatterRegistry().fieldFormatter("ValueMap")
            for value in list(layer.uniqueValues(number))[:50]:
                if value not in said:
                    continue
                shown = formatter.representValue(layer, number, widget.config(), None, value)
                if shown != said[value]:
                    yield f"layer {layer.name()}: {field.name()} shows {shown} for {value}"
    print(f"{listed} columns with a value list")


def pictures(project: core.QgsProject, folder: Path | None) -> Iterator[str]:
    """Draw every theme and sheet; yield what cannot be drawn or is empty."""
    themes = project.mapThemeCollection()
    for name in themes.mapThemes():
        image, errors = drawn_theme(project, name)
        yield from (f"theme {name}: {error}" for error in errors)
        if inked(image) < LEAST_INK:
            yield f"theme {name}: nothing is drawn"
        if folder is not None:
            image.save(str(folder / f"{bare(name)}.png"))
    for sheet in project.layoutManager().printLayouts():
        yield from _sheet(sheet, folder)


def drawn_theme(project: core.QgsProject, name: str) -> tuple[Any, list[str]]:
    """Return a theme as a picture, and what went wrong."""
    themes = project.mapThemeCollection()
    settings = core.QgsMapSettings()
    settings.setLayers(themes.mapThemeVisibleLayers(name))
    settings.setLayerStyleOverrides(themes.mapThemeStyleOverrides(name))
    settings.setDestinationCrs(project.crs())
    settings.setTransformContext(project.transformContext())
    settings.setOutputSize(QSize(1200, 850))
    extent = project.viewSettings().defaultViewExtent()
    extent.scale(1.05)
    settings.setExtent(extent)
    job = core.QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage(), [f"{e.layerID}: {e.message}" for e in job.errors()]


def inked(image: Any) -> float:
    """Return the part of a picture that is not white, by every fourth pixel both ways."""
    places = [(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)]
    dark = sum((image.pixel(x, y) & 0xFFFFFF) != 0xFFFFFF for x, y in places)
    return float(dark / len(places))


def _sheet(sheet: core.QgsPrintLayout, folder: Path | None) -> Iterator[str]:
    page = sheet.pageCollection().page(0).rect()
    for item in sheet.items():
        if isinstance(item, core.QgsLayoutItemPage) or not isinstance(item, core.QgsLayoutItem):
            continue
        box = item.mapRectToScene(item.rect())
        if not page.adjusted(-0.5, -0.5, 0.5, 0.5).contains(box):
            yield f"sheet {sheet.name()}: {item.id()} goes over the edge of the page"
        if isinstance(item, core.QgsLayoutItemMap) and round(item.scale()) % 500:
            yield f"sheet {sheet.name()}: the scale is 1:{item.scale():.1f}"
    with tempfile.TemporaryDirectory() as scratch:
        target = (folder or Path(scratch)) / f"{bare(sheet.name())}.pdf"
        done = core.QgsLayoutExporter(sheet).exportToPdf(
            str(target), core.QgsLayoutExporter.PdfExportSettings()
        )
        if done != core.QgsLayoutExporter.Success or target.stat().st_size < 10_000:
            yield f"sheet {sheet.name()}: not printed ({done})"


def editing(package: Path) -> Iterator[str]:
    """Change a value in a copy of the GeoPackage; yield what does not last."""
    layer = core.QgsVectorLayer(f"{package}|layername=villages", "villages", "ogr")
    if not layer.isValid() or not layer.featureCount():
        return
    at, first = layer.fields().indexOf("name"), next(layer.getFeatures())
    layer.startEditing()
    layer.changeAttributeValue(first.id(), at, "Bản Đổi Tên")
    if not layer.commitChanges():
        yield f"a change is not kept: {layer.commitErrors()}"
        return
    again = core.QgsVectorLayer(f"{package}|layername=villages", "villages", "ogr")
    if again.getFeature(first.id())["name"] != "Bản Đổi Tên":
        yield "a change is lost"


def bare(name: str) -> str:
    """Return a name fit for a file."""
    return "".join(c if c.isalnum() else "-" for c in name)


def main(project_file: Path, folder: Path | None) -> int:
    """Look at a project; print what was seen; return 1 if anything is wrong."""
    application = core.QgsApplication([], GUIenabled=False)
    application.initQgis()
    log = Log()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    print(f"QGIS {core.Qgis.QGIS_VERSION}, {project_file}")
    project, faults = opened(project_file)
    print(f"{len(project.mapLayers())} layers, {len(project.mapThemeCollection().mapThemes())} "
          f"themes, {len(project.layoutManager().printLayouts())} sheets, "
          f"{len(project.bookmarkManager().bookmarks())} bookmarks")  # fmt: skip
    for ask in (reference, styles, fields):
        faults += ask(project)
    faults += pictures(project, folder)
    with tempfile.TemporaryDirectory() as scratch:
        moved = Path(scratch) / MOVED_TO
        moved.mkdir()
        for file in (project_file, project_file.with_name("commune.gpkg")):
            shutil.copyfile(file, moved / file.name)
        faults += [f"moved: {fault}" for fault in opened(moved / project_file.name)[1]]
        faults += editing(moved / "commune.gpkg")
        project.clear()
    faults += log.said
    for fault in faults:
        print("!", fault)
    print("Nothing wrong." if not faults else f"{len(faults)} things are wrong.")
    with contextlib.suppress(RuntimeError):
        application.exitQgis()
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
