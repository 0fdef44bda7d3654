"""Styles of QGIS (QML) for the tables of the GeoPackage, from `maps/styles.toml`.

Rules stand for the cases that occur, so that legends are short. Rows that do not count have a
rule of their own, switched off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.qgis import markup, symbols
from ntm_gis.results import Severity
from ntm_gis.rules import maps
from ntm_gis.rules.maps import Case, Class, Stroke, Style
from ntm_gis.rules.schema import code_list, layer_names, schema
from ntm_gis.rules.terms import term

Kind = Literal["point", "line", "polygon"]

VERSION = "3.22.0"
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

# What has no style of its own: thin, grey, hollow.
_PLAIN = (Stroke(colour="#5a6672", mm=0.25),)
_PLAIN_SYMBOL = "culvert"

_LABELS = {
    "place": ("#1d1d1b", 8.0, 75),
    "area": ("#3f4b57", 7.0, 50),
    "neighbour": ("#55554f", 9.0, 50),
    "former": ("#7a2a78", 8.0, 50),
}


@dataclass(frozen=True)
class Table:
    """What a style needs to know of a table.

    Parameters
    ----------
    frame : str
        Its name in answers and styles.
    kind : {"point", "line", "polygon"}
    values : mapping of str to sequence of str or None
        Column -> its values in the rows that count, columns of equal length.
    aliases : mapping of str to str
        Column -> its title.
    """

    frame: str
    kind: Kind
    values: Mapping[str, Sequence[str | None]]
    aliases: Mapping[str, str]


def style(table: Table, lang: str) -> Element:
    """Return the style of a table of a layer."""
    found = [s for s in maps.styles().of_frame(table.frame) if _drawn(s, table.kind)]
    root = _root()
    root.append(_renderer(_rules(found, table, lang), levels=table.kind == "line"))
    labels = next((s.labels for s in found if s.labels is not None), None)
    if labels is not None:
        root.append(_labelling(labels.column, labels.kind))
    _append_aliases(root, table.aliases)
    _append_value_lists(root, table, lang)
    return root


def findings(aliases: Mapping[str, str], lang: str) -> Element:
    """Return the style of the table of findings: drops with their numbers, by severity."""
    pins = maps.styles().pins
    rules = [
        _Rule(
            f"\"severity\" = '{severity}'",
            term(str(severity)).of(lang),
            symbols.marker(pins[str(severity)], maps.styles(), 'to_string("number")'),
        )
        for severity in Severity
        if str(severity) in pins
    ]
    root = _root()
    root.append(_renderer(rules))
    _append_aliases(root, aliases)
    return root


def written(style: Element) -> str:
    """Return a style as the text of a QML file."""
    return _HEAD + markup.written(style) + "\n"


def expression_text(value: str) -> str:
    """Return a text as a literal of QGIS's expressions.

    Examples
    --------
    >>> expression_text("o'clock")
    "'o''clock'"
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


@dataclass(frozen=True)
class _Rule:
    filter: str
    label: str
    symbol: Element
    on: bool = True


def _drawn(found: Style, kind: Kind) -> bool:
    """Whether a style has a look for a kind of geometry."""
    return any(_look(case, kind) for case in found.cases)


def _look(case: Case, kind: Kind) -> bool:
    if kind == "point":
        return case.symbol is not None
    if kind == "line":
        return bool(case.strokes)
    return bool(case.edge or case.fill or case.pattern) or not (case.strokes or case.symbol)


def _rules(found: Sequence[Style], table: Table, lang: str) -> list[_Rule]:
    rules = [rule for style in found for rule in _rules_of(style, table, lang)]
    if not found:
        rules = [_Rule("\"row_state\" = 'used'", "", _plain(table.kind))]
    aside = term("row_state.set_aside").of(lang)
    rules.append(_Rule("\"row_state\" <> 'used'", aside, _plain(table.kind), on=False))
    return rules


def _rules_of(style: Style, table: Table, lang: str) -> list[_Rule]:
    """Return the rules of a style: its cases, each by class where it has classes."""
    where = [_one_of(column, values) for column, values in style.where.items()]
    known = {case.code for case in style.cases}
    cases = [
        code if code in known else maps.UNKNOWN for code in table.values.get(style.case_by, ())
    ]
    out = []
    for case in style.cases:
        if case.code not in cases or not _look(case, table.kind):
            continue
        title = case.title.words.of(lang) if case.title else style.title.words.of(lang)
        test = _is_case(style.case_by, case.code, known)
        for wide in _classes(style, table, [code == case.code for code in cases]):
            tests = ["\"row_state\" = 'used'", *where, test]
            label = title
            if wide is not None:
                tests.append(f'"{style.class_by}" = {expression_text(wide.code)}')
                label = f"{wide.title.words.of(lang) if wide.title else wide.code} – {title}"
            symbol = _symbol(style, case, table.kind, wide)
            out.append(_Rule(" AND ".join(tests), label, symbol))
    return out


def _classes(style: Style, table: Table, chosen: Sequence[bool]) -> Sequence[Class | None]:
    """Return the classes that occur among the chosen rows; one None for styles without."""
    if style.class_by is None:
        return (None,)
    column = table.values.get(style.class_by, ())
    present = {code for code, here in zip(column, chosen, strict=False) if here}
    return tuple(wide for wide in style.classes if wide.code in present)


def _is_case(column: str, code: str, known: set[str]) -> str:
    if code != maps.UNKNOWN:
        return f'"{column}" = {expression_text(code)}'
    rest = _one_of(column, sorted(known - {maps.UNKNOWN}))
    return f'("{column}" IS NULL OR NOT {rest})'


def _one_of(column: str, values: Sequence[str]) -> str:
    return f'"{column}" IN ({", ".join(expression_text(value) for value in values)})'


def _symbol(style: Style, case: Case, kind: Kind, wide: Class | None) -> Element:
    found = maps.styles()
    if kind == "point":
        return symbols.marker(found.symbols[str(case.symbol)], found, _letter(style))
    if kind == "line":
        without_casing = wide is not None and wide.px[0] == wide.px[1]
        return symbols.line(case.thin if case.thin and without_casing else case.strokes, wide)
    palette = None
    if style.colours == "land_use" and not case.pattern:
        pairs = (
            f"{expression_text(code)}, {expression_text(value)}"
            for code, value in sorted(found.land_use.items())
        )
        palette = f"coalesce(map_get(map({', '.join(pairs)}), \"land_use\"), '#ffffff')"
    return symbols.area(case, found, palette)


def _letter(style: Style) -> str | None:
    if style.letter_by is None:
        return None
    if not style.letters:
        return f"coalesce(\"{style.letter_by}\", '')"
    cases = " ".join(
        f'WHEN "{style.letter_by}" = {expression_text(code)} THEN {expression_text(letter)}'
        for code, letter in style.letters.items()
    )
    return f"CASE {cases} ELSE '' END"


def _plain(kind: Kind) -> Element:
    found = maps.styles()
    if kind == "point":
        return symbols.marker(found.symbols[_PLAIN_SYMBOL], found)
    if kind == "line":
        return symbols.line(_PLAIN)
    return symbols.area(Case(code="plain", edge=_PLAIN), found)


def _root() -> Element:
    return Element(
        "qgis", version=VERSION, styleCategories="Symbology|Labeling|Fields", labelsEnabled="1"
    )


def _renderer(rules: Sequence[_Rule], *, levels: bool = False) -> Element:
    out = Element(
        "renderer-v2", type="RuleRenderer", symbollevels=str(int(levels)), enableorderby="0",
        forceraster="0",
    )  # fmt: skip
    top = SubElement(out, "rules", key="{rules}")
    held = SubElement(out, "symbols")
    for number, rule in enumerate(rules):
        attributes = {"key": f"{{rule-{number}}}", "filter": rule.filter, "symbol": str(number)}
        if rule.label:
            attributes["label"] = rule.label
        if not rule.on:
            attributes["checkstate"] = "0"
        SubElement(top, "rule", attributes)
        rule.symbol.set("name", str(number))
        held.append(rule.symbol)
    return out


def _labelling(column: str, kind: str) -> Element:
    """Return labels in the middle of areas or beside points, with a white edge."""
    code, size, weight = _LABELS[kind]
    out = Element("labeling", type="simple")
    settings = SubElement(out, "settings", calloutType="simple")
    text = SubElement(
        settings, "text-style",
        {
            "fieldName": f"CASE WHEN \"row_state\" = 'used' THEN \"{column}\" END",
            "isExpression": "1", "fontFamily": "Arial", "fontSize": f"{size:g}",
            "fontSizeUnit": "Point", "fontWeight": str(weight), "textColor": symbols.colour(code),
        },
    )  # fmt: skip
    SubElement(
        text, "text-buffer",
        {
            "bufferDraw": "1", "bufferSize": "0.6", "bufferSizeUnits": "MM",
            "bufferColor": symbols.colour("#ffffff"), "bufferOpacity": "0.9",
        },
    )  # fmt: skip
    placement = {"place": "6", "area": "1", "neighbour": "1", "former": "1"}[kind]
    SubElement(settings, "placement", placement=placement, dist="1", distUnits="MM")
    # An area with a name keeps no other name out of it.
    obstacle = "1" if kind == "place" else "0"
    SubElement(settings, "rendering", obstacle=obstacle, drawLabels="1")
    return out


def _append_value_lists(root: Element, table: Table, lang: str) -> None:
    """Write the titles of codes: QGIS shows "Bê tông", the file keeps `concrete`."""
    if table.frame not in layer_names():
        return
    held = Element("fieldConfiguration")
    for field in schema(table.frame).fields:
        # A field of several codes at once keeps them as they are written.
        if field.codes is None or field.many or field.name not in table.aliases:
            continue
        of_field = SubElement(held, "field", name=field.name)
        widget = SubElement(of_field, "editWidget", type="ValueMap")
        options = SubElement(SubElement(widget, "config"), "Option", type="Map")
        listed = SubElement(options, "Option", type="List", name="map")
        for code in code_list(field.codes).codes:
            one = SubElement(listed, "Option", type="Map")
            title = code.title.words.of(lang)
            SubElement(one, "Option", type="QString", name=title, value=code.code)
    if len(held):
        root.append(held)


def _append_aliases(root: Element, aliases: Mapping[str, str]) -> None:
    held = SubElement(root, "aliases")
    for number, (column, title) in enumerate(aliases.items()):
        SubElement(held, "alias", field=column, index=str(number), name=title)
