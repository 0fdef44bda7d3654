"""Results put into words, the same for pages, sheets and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ntm_gis import numbers
from ntm_gis.results import Finding, Measure, Words, shown
from ntm_gis.rules.schema import Field, code_list, layer_names, schema
from ntm_gis.rules.terms import say, sections, term

# Units written as a sign in every language.
_SIGNS = {
    **{sign: sign for sign in ("m", "km", "cm", "mm", "ha", "kg", "%")},
    "m2": "m²", "m3": "m³", "km2": "km²", "year": "",
}  # fmt: skip

# Groups shown with another.
_TOGETHER = {"fund": "funds"}

GROUPS = tuple(sections()["group"])
"""Groups of measures in the order in which they are shown."""


def group_of(measure: Measure) -> str:
    """Return the group a measure is shown in, by the first part of its id.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Words
    >>> nothing = Evidence(Words("", ""))
    >>> group_of(Measure("tea.area_ha", Words("", ""), "ha", 1.0, 1.0, 1.0, nothing))
    'tea'
    """
    first = measure.id.split(".", 1)[0]
    first = _TOGETHER.get(first, first)
    return first if first in GROUPS else "other"


def grouped(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    """Return measures by group, groups in their order, measures as they come."""
    out: dict[str, list[Measure]] = {name: [] for name in GROUPS}
    for measure in measures:
        out[group_of(measure)].append(measure)
    return {name: members for name, members in out.items() if members}


def layer_title(name: str, lang: str) -> str:
    """Return the title of a layer; a name that is no layer's stays as it is.

    Examples
    --------
    >>> layer_title("no_such_layer", "vi")
    'no_such_layer'
    """
    if name in sections()["not_a_layer"]:
        return sections()["not_a_layer"][name].of(lang)
    return schema(name).title.words.of(lang) if name in layer_names() else name


def field_title(layer: str | None, name: str, lang: str) -> str:
    """Return the title of a field; a column of the office's own keeps its heading."""
    if layer is None or layer not in layer_names():
        return name
    found = schema(layer)
    return found.field(name).title.words.of(lang) if name in found.names else name


def heading(field: Field, lang: str) -> str:
    """Return the heading of a field: its title and unit.

    Examples
    --------
    >>> heading(schema("roads").field("width_m"), "vi")
    'Bề rộng mặt đường (m)'
    >>> heading(schema("funds").field("year"), "vi")
    'Năm'
    >>> heading(schema("villages").field("households"), "vi")
    'Số hộ'
    """
    title = field.title.words.of(lang)
    sign = unit_sign(field.unit, lang) if field.unit else ""
    if not sign or any(says_unit(title, word) for word in (sign, *_other_words(field.unit))):
        return title
    return f"{title} ({sign})"


def _other_words(unit: str | None) -> tuple[str, ...]:
    """Return other words for a unit that has no sign: people are "nhân khẩu" too."""
    return () if unit is None or unit in _SIGNS else code_list("unit")[unit].aliases


def says_unit(title: str, unit: str) -> bool:
    """Whether a title names its unit already, as a word of its own.

    Examples
    --------
    >>> says_unit("Số chỗ ngồi", "chỗ ngồi"), says_unit("Số hộ", "hộ"), says_unit("Dài", "m")
    (True, True, False)
    """
    return f" {unit.casefold()} " in f" {title.casefold()} "


def unit_sign(unit: str, lang: str) -> str:
    """Return a unit as it stands after a number or in a heading; a year has none.

    Examples
    --------
    >>> unit_sign("m2", "vi"), unit_sign("seats", "vi"), unit_sign("ha", "en")
    ('m²', 'chỗ ngồi', 'ha')
    """
    if unit in _SIGNS:
        return _SIGNS[unit]
    known = {code.code: code.title.words.of(lang) for code in code_list("unit").codes}
    return known.get(unit, unit)


def nothing_known(measure: Measure) -> bool:
    """Whether a measure says nothing at all: no value, and bounds that hold for any.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Words
    >>> nothing = Evidence(Words("", ""))
    >>> nothing_known(Measure("x", Words("", ""), "%", None, 0.0, 100.0, nothing))
    True
    """
    if measure.value is not None:
        return False
    if measure.unit == "%" and measure.low == 0 and measure.high == 100:
        return True
    # "At least nothing" holds for every area, length and sum of money.
    return measure.high is None and (measure.low is None or measure.low == 0)


def value_words(measure: Measure, lang: str) -> str:
    """Return a measure's value without its unit; the range where only that is known."""
    if measure.value is not None:
        return shown.of(measure, lang)
    if nothing_known(measure):
        return term("nothing_known").of(lang)
    return shown.bounds(measure, lang)


def bounds_words(measure: Measure, lang: str, why: str = "") -> str:
    """Say what is certain of a measure and why not more; empty where everything is.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Words
    >>> m = Measure("x", Words("", ""), "%", 27.8, 23.84, 38.02, Evidence(Words("", "")))
    >>> bounds_words(m, "vi", "1 đoạn đường chưa rõ mặt đường").replace("\u00a0", " ")
    'chắc chắn từ 23,8 đến 38,1 %, vì 1 đoạn đường chưa rõ mặt đường'
    """
    if nothing_known(measure) or not shown.bounds(measure, lang):
        return ""
    low, _ = shown.edge_words(measure, lang)
    low_unit, high = shown.edge_words(measure, lang, with_unit=True)
    if measure.low is not None and measure.high is not None:
        text = say("surely_between", lang, low=low, high=high)
    elif measure.low is not None:
        text = say("surely_at_least", lang, low=low_unit)
    else:
        text = say("surely_at_most", lang, high=high)
    return f"{text}, {say('because', lang, why=why)}" if why else text


def by_beginning(section: str, name: str) -> Words | None:
    """Return the words of a section whose key is the longest beginning of a name.

    Examples
    --------
    >>> by_beginning("fraction_unit", "villages.poor_share").vi
    'hộ'
    """
    found = sections()[section]
    best = max((key for key in found if name.startswith(key)), key=len, default=None)
    return None if best is None else found[best]


def is_counted(measure: Measure) -> bool:
    """Whether a measure counts whole things: villages, schools, households."""
    unit = by_beginning("fraction_unit", measure.id) if measure.unit == "%" else None
    return unit is not None and unit.vi not in _SIGNS


def amount_words(measure: Measure, amount: float, lang: str) -> str:
    """Return what one feature puts into a measure, with digits that show small ones."""
    show = numbers.format_en if lang == "en" else numbers.format_vi
    whole = is_counted(measure) and float(amount).is_integer()
    return show(amount, "", 0 if whole else amount_digits(measure))


def amount_digits(measure: Measure) -> int:
    """Return the decimals that what features put in is shown with: none for counts, else two."""
    parts = [measure.numerator, measure.denominator]
    parts += [part.amount for part in measure.evidence.features]
    return 0 if all(x is None or float(x).is_integer() for x in parts) else 2


def fraction_digits(measure: Measure) -> int:
    """Return the decimals of numerator and denominator: none for what is counted, else two."""
    parts = (measure.numerator, measure.denominator)
    return 0 if all(x is None or float(x).is_integer() for x in parts) else 2


def where(finding: Finding, lang: str) -> str:
    """Return file, table and row of a finding, as the office wrote them.

    Examples
    --------
    >>> from ntm_gis.results import Severity, Words
    >>> f = Finding("X", Severity.NOTE, Words("", ""), file="sources/ban.gpkg", table="ban", row=4)
    >>> where(f, "vi")
    'ban.gpkg · dòng 4'
    """
    return place_words(finding.file, finding.table, finding.row, lang)


def place_words(file: str | None, table: str | None, row: int | str | None, lang: str) -> str:
    """Return a place in a file; a table named as its file is left out, and that of a GPX file."""
    parts = [short_file(file)] if file else []
    if table and shows_table(file, table):
        parts.append(table)
    if row is not None:
        # As the office sees it on the screen: no grouping of thousands.
        parts.append(say("file_row", lang, row=str(row)))
    return " · ".join(parts)


def shows_table(file: str | None, table: str | None) -> bool:
    """Whether a table tells anybody something: one named as its file does not.

    What GPX files hold is named by the format, in English, and there is one of it.

    Examples
    --------
    >>> shows_table("ban.gpkg", "ban"), shows_table("a.gpx", "tracks"), shows_table("b.xlsx", "A")
    (False, False, True)
    """
    if not table or (file or "").casefold().endswith(".gpx"):
        return False
    return table not in (file or "")


def after_colon(title: str) -> str:
    """Return what a title names behind its kind.

    Examples
    --------
    >>> after_colon("Mức đạt mục tiêu: Số tiêu chí đạt")
    'Số tiêu chí đạt'
    """
    return title.partition(": ")[2] or title


def short_file(name: str) -> str:
    """Return a file without the folder all sources lie in."""
    return name.removeprefix("sources/")


def digest(sha256: str | None) -> str:
    """Return the beginning of a file's digest, as people compare it.

    Examples
    --------
    >>> digest("9f3c71ae04d2b41d"), digest(None)
    ('9f3c 71ae 04d2', '')
    """
    start = (sha256 or "")[:12]
    return " ".join(start[i : i + 4] for i in range(0, len(start), 4))


def titles_of(ids: Sequence[str], by_id: Mapping[str, Measure], lang: str) -> list[str]:
    """Return the titles of measures by id, each once, in order; unknown ids are left out."""
    found = (by_id[name].title.of(lang) for name in ids if name in by_id)
    return list(dict.fromkeys(found))
