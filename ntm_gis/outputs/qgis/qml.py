"""Styles of QGIS (QML) for the tables of the GeoPackage, from `maps/styles.toml`.

Rules stand for the cases that occur, so that legends are short. Rows that do not count have a
rule of their own, switched off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.printmap import standard
from ntm_gis.outputs.qgis import fields, labels, markup, symbols
from ntm_gis.outputs.qgis.expressions import COUNTS, literal, one_of
from ntm_gis.outputs.qgis.naming import LAND_USE, MARKS, rule_key, shortened
from ntm_gis.results import Severity
from ntm_gis.rules import maps
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.maps import Case, Class, Stroke, Style
from ntm_gis.rules.terms import term

Kind = Literal["point", "line", "polygon"]

VERSION = "3.22.0"
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

# What has no style of its own: thin, grey, hollow.
_PLAIN = (Stroke(colour="#5a6672", mm=0.25),)
_PLAIN_SYMBOL = "culvert"

_ASIDE = "{aside}"
_SCALES = tuple(round(step * 1000) for step in standard.LADDER)


@dataclass(frozen=True)
class Table:
    """What a style needs to know of a table.

    Parameters
    ----------
    frame : str
        Its name in answers and styles.
    kind : {"point", "line", "polygon"}
    values : mapping of str to sequence of str or None
        Column -> its values in the rows that count, columns of equal length; truth values are
        "True" and "False".
    aliases : mapping of str to str
        Column -> its title.
    """

    frame: str
    kind: Kind
    values: Mapping[str, Sequence[str | None]]
    aliases: Mapping[str, str]


def style(table: Table, lang: str) -> Element:
    """Return the style of a table of a layer."""
    found = {
        name: one
        for name, one in maps.styles().styles.items()
        if one.frame == table.frame and _drawn(one, table.kind)
    }
    root = _root()
    root.append(_renderer(_rules(found, table, lang), levels=table.kind != "point"))
    written = _labels(found.values(), table, lang)
    if written is not None:
        root.append(written)
    root.extend(fields.parts(table.frame, table.aliases, lang))
    return root


def form(frame: str, aliases: Mapping[str, str], lang: str) -> Element:
    """Return the style of a table without geometry: how its fields are shown."""
    root = Element("qgis", version=VERSION, styleCategories="Fields|Forms")
    root.extend(fields.parts(frame, aliases, lang))
    return root


def findings(aliases: Mapping[str, str], lang: str) -> Element:
    """Return the style of the table of findings: drops with their numbers, by severity."""
    pins = maps.styles().pins
    rules = [
        _Rule(
            rule_key("findings", str(severity)),
            f"\"severity\" = '{severity}'",
            term(str(severity)).of(lang),
            symbols.marker(pins[str(severity)], maps.styles(), 'to_string("number")'),
        )
        for severity in Severity
        if str(severity) in pins
    ]
    root = _root()
    root.append(_renderer(rules))
    root.extend(fields.parts("findings", aliases, lang))
    return root


def written(style: Element) -> str:
    """Return a style as the text of a QML file."""
    return _HEAD + markup.written(style) + "\n"


@dataclass(frozen=True)
class _Rule:
    key: str
    filter: str
    label: str
    symbol: Element
    on: bool = True
    up_to: int = 0
    """The smallest scale at which it is drawn; 0 for any."""


def _drawn(found: Style, kind: Kind) -> bool:
    """Whether a style has a look for a kind of geometry."""
    return any(_look(case, kind) for case in found.cases)


def _look(case: Case, kind: Kind) -> bool:
    if kind == "point":
        return case.symbol is not None
    if kind == "line":
        return bool(case.strokes)
    return bool(case.edge or case.fill or case.pattern) or not (case.strokes or case.symbol)


def _labels(found: Iterable[Style], table: Table, lang: str) -> Element | None:
    asked = next((style.labels for style in found if style.labels is not None), None)
    if asked is not None:
        return labels.of_style(asked, lang)
    if table.frame == "roads" and table.kind == "line":
        return labels.of_roads()
    if table.frame == "contours":
        return labels.of_contours()
    if table.frame == "water" and table.kind == "line":
        return labels.of_water(table.aliases)
    return None


def _rules(found: Mapping[str, Style], table: Table, lang: str) -> list[_Rule]:
    rules = [rule for name, one in found.items() for rule in _rules_of(name, one, table, lang)]
    if not found:
        rules = [_Rule("{plain}", COUNTS, "", _plain(table.kind))]
    aside = term("row_state.set_aside").of(lang)
    rules.append(_Rule(_ASIDE, "\"row_state\" <> 'used'", aside, _plain(table.kind), on=False))
    return rules


def _rules_of(name: str, style: Style, table: Table, lang: str) -> list[_Rule]:
    """Return the rules of a style: its cases, each by class where it has classes."""
    where = [one_of(column, values) for column, values in style.where.items()]
    cases = [style.case(code or "").code for code in _column(table, style.case_by)]
    out = _grounds(name, table, where, lang) if style.colours == "land_use" else []
    for case in style.cases:
        if case.code not in cases or not _look(case, table.kind):
            continue
        title = case.title.words.of(lang) if case.title else style.title.words.of(lang)
        test = _is_case(style, case.code, table)
        for wide in _classes(style, table, [code == case.code for code in cases]):
            tests = [COUNTS, *where, *test]
            label, code = title, ""
            if wide is not None:
                code = wide.code
                tests.append(f'"{style.class_by}" = {literal(code)}')
                label = f"{wide.title.words.of(lang) if wide.title else code} – {title}"
            symbol = _symbol(style, case, table.kind, wide)
            key, far = rule_key(name, case.code, code), _up_to(name, code)
            out.append(_Rule(key, " AND ".join(tests), label, symbol, up_to=far))
    return [*out, *_marks(name, style, table, lang)]


def _marks(name: str, style: Style, table: Table, lang: str) -> list[_Rule]:
    """Return the rule that sets symbols along lines, where a line asks for them."""
    marks = style.marks
    if marks is None or str(marks.equals) not in _column(table, marks.column):
        return []
    tests = [COUNTS, f'"{marks.column}" = {str(marks.equals).lower()}']
    if style.class_by is not None:
        tests.append(f"NOT {one_of(style.class_by, standard.LANES)}")
    found = maps.styles()
    symbol = symbols.along(found.symbols[marks.symbol], found, marks.every_m)
    label = marks.title.words.of(lang)
    return [_Rule(rule_key(name, MARKS), " AND ".join(tests), label, symbol)]


def _up_to(name: str, wide: str) -> int:
    """Return the smallest scale at which a rule is drawn, as on paper; 0 for any."""
    if wide in standard.LANES:
        return max(scale for scale in _SCALES if standard.rules(scale).lanes)
    if name == "buildings":
        return max(scale for scale in _SCALES if standard.rules(scale).houses)
    return 0


def _grounds(name: str, table: Table, where: Sequence[str], lang: str) -> list[_Rule]:
    """Return a rule for the colour of each land use that occurs; edges have rules of their own."""
    palette, titles = maps.styles().land_use, code_list("land_use").codes
    present = set(table.values.get("land_use", ()))
    opacity = maps.styles().styles[name].cases[0].opacity
    out = []
    for code in (code for code in palette if code in present):
        said = next((c.title.words.of(lang) for c in titles if c.code == code), "")
        test = " AND ".join([COUNTS, *where, f'"land_use" = {literal(code)}'])
        ground = symbols.area(Case(code=code, fill=palette[code], opacity=opacity), maps.styles())
        label = f"{code} – {shortened(said)}" if said else code
        out.append(_Rule(rule_key(name, LAND_USE, code), test, label, ground))
    return out


def _classes(style: Style, table: Table, chosen: Sequence[bool]) -> Sequence[Class | None]:
    """Return the classes that occur among the chosen rows; one None for styles without."""
    if style.class_by is None:
        return (None,)
    column = _column(table, style.class_by)
    present = {code for code, here in zip(column, chosen, strict=False) if here}
    return tuple(wide for wide in style.classes if wide.code in present)


def _column(table: Table, name: str) -> Sequence[str | None]:
    """Return the values of a column; as many blanks where the table does not have it."""
    rows = max((len(column) for column in table.values.values()), default=0)
    return table.values.get(name, (None,) * rows)


def _is_case(style: Style, code: str, table: Table) -> list[str]:
    """Return the test for a case; what no case names is drawn as `Style.case` says."""
    column = style.case_by
    if column not in table.values:
        return []
    if code != style.case("").code:
        return [f'"{column}" = {literal(code)}']
    others = sorted({case.code for case in style.cases} - {code})
    return [f'("{column}" IS NULL OR NOT {one_of(column, others)})'] if others else []


def _symbol(style: Style, case: Case, kind: Kind, wide: Class | None) -> Element:
    found = maps.styles()
    if kind == "point":
        return symbols.marker(found.symbols[str(case.symbol)], found, _letter(style))
    if kind == "line":
        without_casing = wide is not None and wide.px[0] == wide.px[1]
        return symbols.line(case.thin if case.thin and without_casing else case.strokes, wide)
    return symbols.area(case, found, level=int(style.colours == "land_use"))


def _letter(style: Style) -> str | None:
    if style.letter_by is None:
        return None
    if not style.letters:
        return f"coalesce(\"{style.letter_by}\", '')"
    cases = " ".join(
        f'WHEN "{style.letter_by}" = {literal(code)} THEN {literal(letter)}'
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
        "qgis",
        version=VERSION,
        styleCategories="Symbology|Labeling|Fields|Forms",
        labelsEnabled="1",
    )


def _renderer(rules: Sequence[_Rule], *, levels: bool = False) -> Element:
    out = Element(
        "renderer-v2", type="RuleRenderer", symbollevels=str(int(levels)), enableorderby="0",
        forceraster="0",
    )  # fmt: skip
    top = SubElement(out, "rules", key="{rules}")
    held = SubElement(out, "symbols")
    for number, rule in enumerate(rules):
        attributes = {"key": rule.key, "filter": rule.filter, "symbol": str(number)}
        if rule.label:
            attributes["label"] = rule.label
        if rule.up_to:
            attributes |= {"scalemindenom": "1", "scalemaxdenom": str(rule.up_to)}
        if not rule.on:
            attributes["checkstate"] = "0"
        SubElement(top, "rule", attributes)
        rule.symbol.set("name", str(number))
        for place, part in enumerate(rule.symbol):
            for within in part.iterfind("symbol"):
                within.set("name", f"@{number}@{place}")
        held.append(rule.symbol)
    return out
