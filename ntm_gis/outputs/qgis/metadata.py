"""What a layer says of itself in QGIS: what it is, as of when, from which files."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from ntm_gis import numbers
from ntm_gis.layers.values import Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.qgis.reference import system
from ntm_gis.rules.terms import say, term


def of_table(table: GpkgTable, layers: Layers, lang: str, tag: str = "qgis") -> Element:
    """Return the metadata of a table as an element of a name.

    Parameters
    ----------
    table : GpkgTable
    layers : Layers
        For the commune, its day and the files that were read.
    lang : str
    tag : str
        `qgis` within a GeoPackage, `resourceMetadata` within a project.
    """
    files = {a.file for a in layers.accounts if a.layer == table.frame}
    out = Element(tag)
    SubElement(out, "identifier").text = table.name
    SubElement(out, "parentidentifier")
    SubElement(out, "language").text = lang
    SubElement(out, "type").text = "dataset"
    SubElement(out, "title").text = table.title
    SubElement(out, "abstract").text = abstract(files, layers, lang)
    SubElement(out, "links")
    SubElement(out, "fees")
    SubElement(out, "encoding").text = "UTF-8"
    if table.geometry_type is not None:
        out.append(system("crs", layers.commune.commune.crs))
    SubElement(out, "extent")
    return out


def abstract(files: set[str], layers: Layers, lang: str) -> str:
    """Return what is said of data: whose, as of when, from which files, where to mend them."""
    who = layers.commune.commune
    said = [
        f"{say('commune_of', lang, name=who.name)}, {who.province}.",
        f"{term('as_of').of(lang)} {numbers.format_date_vi(who.as_of)}.",
    ]
    if who.sample:
        said.append(term("sample_long").of(lang))
    if files:
        listed = ", ".join(sorted(wording.short_file(name) for name in files))
        said.append(f"{term('sources').of(lang)}: {listed}.")
    said.append(term("qgis_mend_sources").of(lang))
    return " ".join(said)
