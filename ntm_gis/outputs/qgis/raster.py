"""The relief as a layer of the QGIS project: the one picture in the GeoPackage."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from ntm_gis.layers.values import Layers
from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.qgis import metadata
from ntm_gis.outputs.qgis.reference import system

SOURCE = "./commune.gpkg"
"""GDAL takes the file itself for its only layer of pictures."""

_OPACITY = "0.6"
"""A printer makes tones darker than a screen does."""


def layer(table: GpkgTable, name: str, layers: Layers, lang: str) -> Element:
    """Return a picture as a layer, without a place in the legend."""
    out = Element(
        "maplayer", type="raster", hasScaleBasedVisibilityFlag="0", autoRefreshEnabled="0",
    )  # fmt: skip
    SubElement(out, "id").text = name
    SubElement(out, "datasource").text = SOURCE
    SubElement(out, "layername").text = table.title
    out.append(system("srs", layers.commune.commune.crs))
    out.append(metadata.of_table(table, layers, lang, "resourceMetadata"))
    SubElement(out, "provider").text = "gdal"
    pipe = SubElement(out, "pipe")
    how = SubElement(pipe, "provider")
    SubElement(
        how, "resampling", enabled="true", zoomedInResamplingMethod="cubic",
        zoomedOutResamplingMethod="bilinear", maxOversampling="2",
    )  # fmt: skip
    SubElement(
        pipe, "rasterrenderer", type="multibandcolor", redBand="1", greenBand="2", blueBand="3",
        alphaBand="4", opacity=_OPACITY, nodataColor="",
    )  # fmt: skip
    SubElement(pipe, "rasterresampler", maxOversampling="2")
    SubElement(pipe, "resamplingStage").text = "provider"
    SubElement(out, "blendMode").text = "0"
    return out
