"""The location panel: the commune among its neighbours, in its province, in the country; figures.

The program bears no boundaries of provinces or of the country. What the office gave is drawn, and
the caption says what that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.outputs.printmap import sketches
from ntm_gis.outputs.printmap.panel import LINE, Panel
from ntm_gis.outputs.printmap.standard import GREY
from ntm_gis.outputs.printmap.type import clipped, width, wrapped
from ntm_gis.outputs.printmap.units import province_words
from ntm_gis.outputs.webmap.legend import measure_text
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.location import Place
    from ntm_gis.outputs.printmap.standard import Format

_PAD = 2.5
_HIGH, _WIDE, _WIDE_OF_TWO, _COUNTRY = 39.0, 56.0, 45.0, 37.0
"""Height of the sketches; width of one alone, of the first of two, of the country, mm on A3."""
_CAPTION_LINES = 2
_FACTS = ("commune.area_ha", "commune.population", "commune.households", "villages.count")
_MOST_FACTS = 9


def inset(content: Content, given: Format, place: Place | None) -> Panel | None:
    """Return where the commune lies, as far as that was given, and its card of figures."""
    facts = [] if given.small else _facts(content)
    if place is None and not facts:
        return None
    panel = Panel("inset", "NW")
    t, kp = given.type["text"], given.kp
    wide, high = 0.0, 0.0
    if place is not None:
        wide, high = _sketches(panel, content, given, place)
    else:
        wide = _WIDE * kp
    for label, value in facts:
        wide = max(wide, width(label, t) + width(value, t, "SemiBold") + 3 * _PAD)
    y = high
    for label, value in facts:
        y += t * LINE * 0.98
        panel.text(_PAD, y, label, t, colour="#444444")
        panel.text(wide - _PAD, y, value, t, "SemiBold", ha="right")
    panel.w = wide
    panel.h = y + (t * LINE * 0.55 if facts else 0.3)
    return panel


def _sketches(panel: Panel, content: Content, given: Format, place: Place) -> tuple[float, float]:
    """Lay out the sketches beside each other; return how wide and high they are together."""
    kp, lang = given.kp, content.lang
    pt = max(given.type["text"] * 0.78, 6.0 if given.bw else 4.8)
    high = _HIGH * kp
    first = (_WIDE if place.country is None else _WIDE_OF_TWO) * kp
    captions = [(0.0, first, caption(place, content.context.commune.commune.province, lang))]
    if place.country is not None:
        captions.append((first, _COUNTRY * kp, say("print_map.inset_country", lang)))
    floor = high - _captioned(panel, captions, high, pt)
    if place.province is None:
        panel.add(sketches.around(place, (0.0, first, floor), pt))
    else:
        panel.add(sketches.province(place, (0.0, first, floor), pt))
    if place.country is not None:
        panel.add(sketches.country(given, place, (first, _COUNTRY * kp, floor), pt, lang))
    return sum(wide for _, wide, _ in captions), high


def caption(place: Place, province: str, lang: str) -> str:
    """Return what the first sketch shows, and from what it was drawn."""
    if place.province is None:
        return say("print_map.inset" if len(place.neighbours) else "print_map.inset_alone", lang)
    name = province_words(province, lang)
    n = len(place.province.communes)
    if n:
        return say("print_map.inset_communes", lang, name=name, n=n)
    return say("print_map.inset_province", lang, name=name)


def _captioned(
    panel: Panel, captions: Sequence[tuple[float, float, str]], high: float, pt: float
) -> float:
    """Write captions (left edge, width, text) under the sketches; return the room they take."""
    lead = pt * LINE * 0.8
    found = [
        (x, wrapped(clipped(said, pt, _CAPTION_LINES * (wide - 4)), pt, wide - 2.4, "Italic"))
        for x, wide, said in captions
    ]
    most = max(len(lines) for _, lines in found)
    for x, lines in found:
        for i, line in enumerate(lines):
            y = high - 1.0 - (most - 1 - i) * lead
            panel.text(x + 1.2, y, line, pt, "Italic", GREY)
    return most * lead + 1.2


def _facts(content: Content) -> list[tuple[str, str]]:
    """Return the commune's figures and those of the map, with their titles, at most so many."""
    speech, lang = content.library.speech, content.lang
    facts = []
    for key in _FACTS:
        measure = speech.by_id.get(key)
        if measure is not None and measure.value is not None:
            facts.append((measure.title.of(lang), measure_text(measure, speech)))
    former = [one.name for one in content.context.commune.predecessors]
    if former:
        label = say("print_map.merged_from", lang)
        facts.append((label, ", ".join(name.removesuffix("(cũ)").strip() for name in former)))
    said = {key for key, _ in facts}
    for group in content.groups:
        for row in group["rows"]:
            own = not row.get("switch") and row.get("measure") and "/" not in row["key"]
            if own and row["title"] not in said and len(facts) < _MOST_FACTS:
                facts.append((row["title"], row["amount"]))
    return [(clipped(label, 10, 92), value) for label, value in facts]
