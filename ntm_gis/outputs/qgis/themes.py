"""Themes of the QGIS project: each map of `maps/*.toml`, with the rows that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.features import OVERVIEW
from ntm_gis.outputs.qgis.naming import MARKS, parsed_key
from ntm_gis.rules import maps

GROUND = "contours"
"""The frame that lies under every map."""

Id = Callable[[GpkgTable], str]


@dataclass(frozen=True)
class Theme:
    """A map as QGIS shows it: its tables from the top, and the rules of each that are on."""

    name: str
    tables: tuple[GpkgTable, ...]

    @property
    def definition(self) -> maps.MapDefinition:
        """The map as its file has it."""
        return maps.definition(self.name)

    def title(self, lang: str) -> str:
        """Return what the map is called."""
        return self.definition.title.words.of(lang)

    def rules(self, table: GpkgTable) -> list[Element]:
        """Return the rules of a table that are on."""
        return [rule for rule in rules(table) if shows(self.definition, rule.get("key", ""))]


def themes(tables: Sequence[GpkgTable]) -> list[Theme]:
    """Return the maps whose first group has a table with geometry.

    Parameters
    ----------
    tables : sequence of GpkgTable
        The topmost first.
    """
    styles = maps.styles().styles
    placed = [table for table in tables if table.drawn]
    present = {table.frame for table in placed}
    out = []
    for name in maps.names():
        definition = maps.definition(name)
        if not present & {styles[layer.style].frame for layer in definition.groups[0].layers}:
            continue
        theme = Theme(name, tuple(placed))
        kept = tuple(table for table in placed if table.picture is not None or theme.rules(table))
        out.append(Theme(name, kept))
    return out


def elements(found: Sequence[Theme], lang: str, id_of: Id) -> Element:
    """Return themes as the project has them."""
    out = Element("visibility-presets")
    for theme in found:
        preset = SubElement(
            out, "visibility-preset", {"name": theme.title(lang), "has-expanded-info": "1"}
        )
        for table in theme.tables:
            name = id_of(table)
            SubElement(preset, "layer", id=name, visible="1", style="default", expanded="0")
            if table.picture is not None:
                continue
            nodes = SubElement(preset, "checked-legend-nodes", id=name)
            for rule in theme.rules(table):
                SubElement(nodes, "checked-legend-node", id=rule.get("key", ""))
    return out


def rules(table: GpkgTable) -> Iterator[Element]:
    """Yield the rules of a table's style."""
    if table.style is not None:
        yield from table.style.iterfind("renderer-v2/rules/rule")


def shows(definition: maps.MapDefinition, key: str) -> bool:
    """Whether a map shows the rule of a key.

    Examples
    --------
    >>> overview = maps.definition("overview")
    >>> shows(overview, "{roads/earth/village}"), shows(overview, "{roads/earth/lane}")
    (True, False)
    """
    style, *codes = parsed_key(key)
    if style == GROUND:
        return True
    for group in definition.groups:
        for layer in group.layers:
            if layer.style != style:
                continue
            if isinstance(layer.show, bool):
                return layer.show
            return MARKS in codes or bool(set(layer.show) & set(codes))
    return False


def shown_at_first(table: GpkgTable) -> bool:
    """Whether the overview, which is what opens, has the table on."""
    if table.picture is not None:
        return True
    overview = maps.definition(OVERVIEW)
    return any(shows(overview, rule.get("key", "")) for rule in rules(table))


def switch(style: Element) -> None:
    """Switch the rules of a style as the overview has them, where it has the table at all."""
    overview = maps.definition(OVERVIEW)
    found = list(style.iterfind("renderer-v2/rules/rule"))
    if not any(shows(overview, rule.get("key", "")) for rule in found):
        return
    for rule in found:
        if not shows(overview, rule.get("key", "")):
            rule.set("checkstate", "0")
