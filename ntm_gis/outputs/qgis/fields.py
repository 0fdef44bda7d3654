"""How QGIS shows the fields of a table: Vietnamese headings, titles for codes, a name for a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.rules.codes import CodeList, code_list
from ntm_gis.rules.schema import layer_names, schema
from ntm_gis.rules.terms import term

# What a row is called by, the first that a table has.
_NAMES = ("name", "title", "title_vi", "message", "says", "text", "indicator", "id")
_STATES = ("used", "set_aside", "refused")


def value_lists(frame: str, columns: Iterable[str]) -> dict[str, CodeList]:
    """Return the code lists of the fields of a layer that hold one code each, by column."""
    if frame not in layer_names():
        return {}
    present = set(columns)
    # A field of several codes at once keeps them as they are written.
    return {
        field.name: code_list(field.codes)
        for field in schema(frame).fields
        if field.codes is not None and not field.many and field.name in present
    }


def parts(frame: str, aliases: Mapping[str, str], lang: str) -> list[Element]:
    """Return the elements of a style that concern fields.

    Parameters
    ----------
    frame : str
        The layer or frame of the table.
    aliases : mapping of str to str
        Column -> its heading.
    lang : str
    """
    out = [_widgets(frame, aliases, lang), _aliases(aliases)]
    name = display_field(frame, aliases)
    if name is not None:
        shown = Element("previewExpression")
        shown.text = f'"{name}"'
        out.append(shown)
    return out


def display_field(frame: str, columns: Iterable[str]) -> str | None:
    """Return the column by which a row is called: its name, else its key.

    Examples
    --------
    >>> display_field("roads", ["road_id", "name"]), display_field("figures", ["indicator"])
    ('name', 'indicator')
    """
    present = list(columns)
    key = schema(frame).key if frame in layer_names() else None
    return next((c for c in (*_NAMES[:6], key, *_NAMES[6:]) if c in present), None)


def _widgets(frame: str, aliases: Mapping[str, str], lang: str) -> Element:
    """Return the value lists: QGIS shows "Bê tông", the file keeps `concrete`."""
    held = Element("fieldConfiguration")
    for column, codes in value_lists(frame, aliases).items():
        _value_map(held, column, [(c.title.words.of(lang), c.code) for c in codes.codes])
    if "row_state" in aliases:
        states = [(term(f"row_state.{state}").of(lang), state) for state in _STATES]
        _value_map(held, "row_state", states)
    return held


def _value_map(held: Element, column: str, titles: Iterable[tuple[str, str]]) -> None:
    of_field = SubElement(held, "field", name=column, configurationFlags="None")
    widget = SubElement(of_field, "editWidget", type="ValueMap")
    options = SubElement(SubElement(widget, "config"), "Option", type="Map")
    listed = SubElement(options, "Option", type="List", name="map")
    for title, code in titles:
        one = SubElement(listed, "Option", type="Map")
        SubElement(one, "Option", type="QString", name=title, value=code)


def _aliases(aliases: Mapping[str, str]) -> Element:
    held = Element("aliases")
    for number, (column, title) in enumerate(aliases.items()):
        SubElement(held, "alias", field=column, index=str(number), name=title)
    return held
