"""The legend, which is the tree of layers: groups, rows, amounts from the very measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis.outputs.webmap import letters, texts
from ntm_gis.results import Measure, Severity, shown
from ntm_gis.rules.maps import Case, Class, Group, MapDefinition, MapLayer
from ntm_gis.rules.terms import say, sections

if TYPE_CHECKING:
    from ntm_gis.outputs.speech import Speech
    from ntm_gis.outputs.webmap.sheets import Sheet

Row = dict[str, Any]

_KM = 1000.0
# Rows of the background that are on at first: notes would hide the ground under their pins.
_PINS_ON = frozenset({Severity.STOP, Severity.BLOCK, Severity.WARNING})


def legend(
    definition: MapDefinition,
    sheets: Sequence[Sheet],
    speech: Speech,
    pins: Mapping[Severity, int],
    zone: str,
) -> list[dict[str, Any]]:
    """Return the groups of a map's legend; groups and rows without a feature are left out.

    Parameters
    ----------
    definition : MapDefinition
    sheets : sequence of Sheet
        The layers of the page, in its order.
    speech : Speech
    pins : mapping of Severity to int
        How many findings of a severity have a place.
    zone : str
        Reference system of the sheets' geometry.
    """
    lang = speech.lang
    place = {sheet.name: (i, sheet) for i, sheet in enumerate(sheets)}
    out = []
    for group in definition.groups:
        rows = [
            row
            for layer in group.layers
            if layer.style in place
            for row in _Rows(*place[layer.style], speech, zone).of(layer)
        ]
        rows += [_figure(m, speech) for m in _figures(group, speech)]
        if rows:
            out.append({"title": group.title.words.of(lang), "open": group.open, "rows": rows})
    out.append(_ground(place, pins, lang))
    return out


def swipe(
    definition: MapDefinition, groups: Sequence[dict[str, Any]], lang: str
) -> dict[str, Any] | None:
    """Return what is compared by dragging a line: titles of both sides, the side of legend rows.

    None where the map compares nothing, or one side has nothing to show.
    """
    if definition.swipe is None:
        return None
    keys = [row["key"] for group in groups for row in group["rows"]]
    sides = {"before": definition.swipe.before, "after": definition.swipe.after}
    own = {
        name: [k for k in keys if any(k == row or k.startswith(f"{row}/") for row in side.rows)]
        for name, side in sides.items()
    }
    if not all(own.values()):
        return None
    side_of = {key: name for name, found in own.items() for key in found}
    return {name: side.title.words.of(lang) for name, side in sides.items()} | {"side": side_of}


def used_measures(groups: Sequence[dict[str, Any]]) -> list[str]:
    """Return the ids of the measures that a legend shows, each once."""
    found = [row["measure"] for group in groups for row in group["rows"] if row.get("measure")]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one layer, the `index`-th of the page."""

    index: int
    sheet: Sheet
    speech: Speech
    zone: str

    @property
    def lang(self) -> str:
        """The language of the page."""
        return self.speech.lang

    def of(self, layer: MapLayer) -> Iterator[Row]:
        """Yield a row that switches for each class, else case; under classes the cases as key."""
        style = self.sheet.style
        looks: Sequence[Case | Class] = style.classes or style.cases
        for number, look in enumerate(looks):
            row = self._row(look, number)
            if row is not None:
                on = layer.show if isinstance(layer.show, bool) else look.code in layer.show
                yield row | {"switch": True, "on": on}
        if style.classes:
            yield from self._key()
        yield from letters.rows(self.index, self.sheet, self.zone, self.lang)

    def _key(self) -> Iterator[Row]:
        style = self.sheet.style
        heading: str | None = say("width_is_class", self.lang)
        for number, case in enumerate(style.cases):
            row = self._row(case, number)
            if row is not None:
                yield row | {"switch": False, "heading": heading}
                heading = None
        if style.marks is not None and self.sheet.given.get("marked"):
            yield {
                "key": f"{self.sheet.name}/marks", "layer": None, "symbol": style.marks.symbol,
                "title": style.marks.title.words.of(self.lang), "switch": False, "amount": "",
                "measure": None,
            }  # fmt: skip

    def _row(self, look: Case | Class, number: int) -> Row | None:
        """Return the row of a case or class, or None where no feature has it."""
        by = "case" if isinstance(look, Case) else "class"
        members = np.flatnonzero(np.asarray(self.sheet.given[by]) == number)
        measure = self.speech.by_id.get(look.measure) if look.measure else None
        if not len(members) and not (measure is not None and measure.value):
            return None
        if measure is not None and measure.value == 0 and len(members):
            measure = None  # works that are points have no length, and are counted
        amount, certain = self._amount(members, measure)
        return {
            "key": f"{self.sheet.name}/{look.code}",
            "layer": self.index,
            "by": by,
            "code": look.code,
            "title": look.title.words.of(self.lang) if look.title else look.code,
            "amount": amount,
            "certain": certain,
            "measure": measure.id if measure is not None else None,
            **_sample_of(self.sheet, members),
        }

    def _amount(self, members: Any, measure: Measure | None) -> tuple[str, bool]:
        """Return the amount of a row and whether it is certain."""
        if measure is None:
            return _plain_amount(self.sheet, members, self.lang), True
        return measure_text(measure, self.speech), measure.certain


def _plain_amount(sheet: Sheet, members: Any, lang: str) -> str:
    """Return the count of some features, or the sum of what was measured on them."""
    style = sheet.style
    if not style.listed or not style.interactive:
        return ""
    if "day" in sheet.given:
        return _of_last_day(sheet, members, lang)
    if style.amount == "sum" and style.unit and style.sum_of and style.sum_of in sheet.table:
        values = np.array(sheet.table[style.sum_of], dtype=float)[members]
        # A plot nobody measured must not make the sum of the others look whole.
        if np.isfinite(values).all():
            digits = shown.digits(style.unit)
            return texts.amount(float(values.sum()), style.unit, lang, digits)
    return counted(len(members), sheet.name, lang)


def _of_last_day(sheet: Sheet, members: Any, lang: str) -> str:
    """Return the kilometres of some stretches as they stand on the last day."""
    until, metres = sheet.given["until"], sheet.given["metres"]
    last = max(until, default=0)
    total = sum(metres[i] for i in members.tolist() if until[i] == last)
    return texts.amount(total / _KM, "km", lang, 2)


def counted(n: int, what: str, lang: str) -> str:
    """Write a count with the word for what is counted, where there is one.

    Examples
    --------
    >>> counted(1, "offices", "vi").replace("\u00a0", " ")
    '1 trụ sở'
    """
    words = sections()["count_unit"].get(what)
    return texts.amount(n, words.of(lang) if words else "", lang, 0)


def _sample_of(sheet: Sheet, members: Any) -> Row:
    """Return the letter or colour that the sample of a row borrows from its first feature."""
    out: Row = {}
    if len(members) and "letter" in sheet.given and sheet.style.labels is None:
        out["letter"] = sheet.given["letter"][members[0]]
    if len(members) and "colour" in sheet.given:
        out["colour"] = sheet.given["colour"][members[0]]
    return out


def measure_text(measure: Measure, speech: Speech) -> str:
    """Write a measure as the legend shows it: its value, or its range where it is not certain.

    A provisional one says so.
    """
    text = speech.value(measure)
    if not speech.absent(measure):
        text = shown.bounds(measure, speech.lang) or text
    unit = speech.unit(measure)
    text = f"{text}\u00a0{unit}" if unit and text != "–" else text
    return f"{text} {speech.mark}" if measure.id in speech.provisional else text


def _figures(group: Group, speech: Speech) -> Iterator[Measure]:
    measures = speech.by_id
    for name in group.figures:
        if "*" in name:
            one = re.compile(re.escape(name).replace(r"\*", "[^.]+") + "$")
            found = [m for key, m in measures.items() if one.match(key)]
        else:
            found = [measures[name]] if name in measures else []
        # A share of nothing (provincial roads where there are none) tells nobody anything.
        yield from (m for m in found if m.value is not None or m.evidence.features)


def _figure(measure: Measure, speech: Speech) -> Row:
    return {
        "key": measure.id, "layer": None, "switch": False, "title": measure.title.of(speech.lang),
        "amount": measure_text(measure, speech), "certain": measure.certain, "measure": measure.id,
    }  # fmt: skip


def _ground(
    place: Mapping[str, tuple[int, Sheet]], pins: Mapping[Severity, int], lang: str
) -> dict[str, Any]:
    """Return the last group: pins, contours, kilometre grid."""
    rows: list[Row] = [
        {
            "key": f"pins-{severity.value}", "layer": None, "pin": severity.value, "switch": True,
            "on": severity in _PINS_ON, "measure": None,
            "title": say("pins_of", lang, severity=say(f"severity.{severity.value}", lang)),
            "amount": counted(count, "pins", lang),
        }
        for severity, count in pins.items()
        if count
    ]  # fmt: skip
    if "contours" in place:
        rows += _contour_rows(*place["contours"], lang)
    rows.append({
        "key": "grid", "layer": None, "switch": True, "on": False, "measure": None, "amount": "",
        "title": say("kilometre_grid", lang),
    })  # fmt: skip
    return {"title": say("pins_and_ground", lang), "open": False, "rows": rows}


def _contour_rows(index: int, sheet: Sheet, lang: str) -> Iterator[Row]:
    known = "height" in sheet.table
    heights = np.array(sheet.table["height"], dtype=float) if known else None
    for number, case in enumerate(sheet.style.cases):
        members = np.asarray(sheet.given["case"]) == number
        if not members.any():
            continue
        title = case.title.words.of(lang) if case.title else case.code
        steps = np.diff(np.unique(heights[members])) if heights is not None else np.zeros(0)
        yield {
            "key": f"contours/{case.code}", "layer": index, "by": "case", "code": case.code,
            "switch": True, "on": True, "measure": None, "title": title,
            "amount": texts.amount(float(steps.min()), "m", lang, 0) if len(steps) else "",
        }  # fmt: skip
