"""The legend of a print layout: the rules that its map shows at its scale, by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.qgis import fonts, items, symbols
from ntm_gis.outputs.qgis.naming import parsed_key
from ntm_gis.outputs.qgis.placing import Placed
from ntm_gis.outputs.qgis.themes import GROUND, Id, Theme, rules
from ntm_gis.rules.terms import say, term

_TITLE, _HEAD, _TEXT = fonts.Type(10, bold=True), fonts.Type(8, bold=True), fonts.Type(7.5)
_SAMPLE_MM, _TEXT_GAP_MM, _LINE_GAP_MM, _HEAD_GAP_MM, _TITLE_GAP_MM = 8.0, 2.0, 1.0, 2.2, 1.0
_COLUMN_GAP_MM, _PAD_MM, _LINE_MM = 4.0, 2.0, 3.4
_MM_OF_POINT = 25.4 / 72
_LETTER = 0.6
"""Width of a letter, in parts of its size: generous, for the fonts that stand in."""
_TALLEST_MM = 120.0
_NAMELESS = ("neighbours",)
"""Styles that draw names alone."""


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    height: float


@dataclass(frozen=True, slots=True)
class _Part:
    """Rules of one table under a heading; `order` counts among all rules of the table."""

    table: GpkgTable
    order: tuple[int, ...]
    lines: tuple[_Line, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """What a legend says, before it has a place."""

    groups: tuple[tuple[str, tuple[_Part, ...]], ...]
    columns: int
    size: tuple[float, float]
    """Estimated width and height, millimetres."""


def legend(theme: Theme, scale: int, lang: str) -> Legend:
    """Return the legend of a map at a scale: what is too small to be drawn is left out."""
    groups = []
    for group in theme.definition.groups:
        names = [layer.style for layer in group.layers]
        parts = tuple(_parts(theme, names, scale))
        if parts:
            groups.append((group.title.words.of(lang), parts))
    relief = tuple(_parts(theme, [GROUND], scale))
    if relief:
        groups.append((say("print_map.ground", lang), relief))
    return _measured(tuple(groups))


def element(sheet: str, given: Legend, place: Placed, lang: str, id_of: Id) -> Element:
    """Return a legend as an item of a sheet."""
    out = items.legend(sheet, place.corner, place.legend_at, given.size, given.columns)
    out.set("title", term("legend").of(lang))
    out.append(_styles())
    tree = SubElement(out, "layer-tree-group")
    for title, parts in given.groups:
        group = SubElement(
            tree, "layer-tree-group", name=title, checked="Qt::Checked", expanded="1"
        )
        for part in parts:
            layer = SubElement(
                group, "layer-tree-layer", id=id_of(part.table), name=part.table.title,
                checked="Qt::Checked", expanded="1", providerKey="ogr", legend_split_behavior="1",
            )  # fmt: skip
            held = SubElement(layer, "customproperties")
            how = {"legend/node-order": ",".join(map(str, part.order))}
            held.append(symbols.options(how | {"legend/title-style": "hidden"}))
    return out


def _parts(theme: Theme, names: Sequence[str], scale: int) -> Iterator[_Part]:
    for name in names:
        if name in _NAMELESS:
            continue
        for table in theme.tables:
            on = {rule.get("key") for rule in theme.rules(table)}
            chosen = [
                (number, rule)
                for number, rule in enumerate(rules(table))
                if rule.get("key") in on
                and parsed_key(rule.get("key", ""))[0] == name
                and scale <= int(rule.get("scalemaxdenom", scale))
            ]
            if chosen:
                lines = tuple(_Line(r.get("label", ""), _height(table, r)) for _, r in chosen)
                yield _Part(table, tuple(number for number, _ in chosen), lines)


def _height(table: GpkgTable, rule: Element) -> float:
    """Return the height of a line: of its symbol, where that is taller than the text."""
    path = f"renderer-v2/symbols/symbol[@name='{rule.get('symbol')}']/layer/Option/Option"
    found = table.style.iterfind(path) if table.style is not None else ()
    sizes = [float(o.get("value", 0)) for o in found if o.get("name") == "size"]
    return max([_LINE_MM, *sizes]) + _LINE_GAP_MM


def _measured(groups: tuple[tuple[str, tuple[_Part, ...]], ...]) -> Legend:
    lines = [line for _, parts in groups for part in parts for line in part.lines]
    heads = [title for title, _ in groups]
    head = _HEAD.points * _MM_OF_POINT + _HEAD_GAP_MM
    total = sum(line.height for line in lines) + len(heads) * head
    columns = max(1, min(3, -int(-total // _TALLEST_MM)))
    longest = max((len(line.label) for line in lines), default=10)
    letter = _TEXT.points * _MM_OF_POINT * _LETTER
    wide = _SAMPLE_MM + _TEXT_GAP_MM + longest * letter
    width = columns * wide + (columns - 1) * _COLUMN_GAP_MM + 2 * _PAD_MM
    # Groups keep together where they can: columns are never quite even.
    tall = total / columns + (head * 2 if columns > 1 else 0)
    height = tall + _TITLE.points * _MM_OF_POINT + _TITLE_GAP_MM + 2 * _PAD_MM
    return Legend(groups, columns, (width, height))


def _styles() -> Element:
    out = Element("styles")
    spaces = {
        "title": (_TITLE, {"marginBottom": f"{_TITLE_GAP_MM:g}"}),
        "group": (_HEAD, {"marginTop": f"{_HEAD_GAP_MM:g}"}),
        "subgroup": (_TEXT, {"marginTop": f"{_LINE_GAP_MM:g}"}),
        "symbol": (_TEXT, {"marginTop": f"{_LINE_GAP_MM:g}"}),
        "symbolLabel": (_TEXT, {"marginTop": "0.6", "marginLeft": f"{_TEXT_GAP_MM:g}"}),
    }
    for name, (kind, margins) in spaces.items():
        style = SubElement(out, "style", {"name": name, "alignment": "1", "indent": "0", **margins})
        # The first until 3.28, the second since 3.30.
        style.append(fonts.font("styleFont", kind))
        style.append(fonts.text_style(kind))
    return out
