"""The legend: a table of roads, then everything else with counts, km and hectares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis.outputs.printmap.content import ROADS, WORKS
from ntm_gis.outputs.printmap.legend_roads import joined, surfaces, table_of_roads
from ntm_gis.outputs.printmap.panel import GAP, LINE, PAD, SAMPLE, Panel
from ntm_gis.outputs.printmap.road_table import road_table
from ntm_gis.outputs.printmap.samples import own_sample, sample
from ntm_gis.outputs.printmap.standard import rules
from ntm_gis.outputs.printmap.type import clipped, width
from ntm_gis.outputs.webmap.legend import measure_text
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.rules.maps import Case

_MOST_TEXT = 78.0
_TALL = 1.06


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the legend: what it says, and what is drawn before it; a heading has no row."""

    text: str
    row: dict[str, Any] | None = None
    own: str = ""


def legend(content: Content, given: Format, scale: int, *, heights: bool) -> Panel:
    """Return the legend of a map at a scale; only what is on the sheet stands in it."""
    panel = Panel("legend", "SE")
    panel.grow(0, 1.0)
    table = road_table(content) if given.figure or _is_subject(content) else None
    if table is not None and ROADS in content.layers:
        if given.figure:
            surfaces(panel, content, table, given, scale)
        else:
            table_of_roads(panel, content, table, given, scale)
    items = [*_works(content), *_items(content, scale, roads=table is None)]
    if given.figure:
        items = _fewest(items, content)
    elif heights and not given.bw:
        step = rules(scale)
        items.append(Item(say("print_map.ground", content.lang)))
        items.append(
            Item(
                say("print_map.contours", content.lang, step=f"{step.contour:g}",
                    index=f"{step.index:g}"),
                own="contours",
            )
        )  # fmt: skip
        items.append(Item(say("print_map.spot_height", content.lang), own="spot"))
    elif heights:
        items.append(Item(say("print_map.spot_height", content.lang), own="spot"))
    _columns(panel, content, given, items)
    panel.pad(PAD, given.type["text"] * LINE * 0.55)
    return panel


def items_of(content: Content, scale: int) -> list[Item]:
    """Return the lines of a legend that a page lays out by itself, without a table of roads."""
    return [*_works(content), *_items(content, scale, roads=True)]


def line_of(
    panel: Panel, content: Content, given: Format, item: Item, place: tuple[float, float],
    room: float,
) -> None:  # fmt: skip
    """Write a line of `items_of` with its sample at a place of a panel, cut to `room` mm."""
    lead = SAMPLE * given.kp + GAP
    text = clipped(item.text, given.type["text"], room - lead)
    _line(panel, content, given, (item, text), *place)


def _works(content: Content) -> Iterator[Item]:
    """Yield the road works that are underlaid, with km accepted of those planned."""
    if WORKS in content.layers or ROADS not in content.layers or not len(content.works):
        return
    speech, lang = content.library.speech, content.lang
    yield Item(say("print_map.works", lang))
    for key, name in content.work_names.items():
        planned = speech.by_id.get(f"progress.{key}.planned_km")
        accepted = speech.by_id.get(f"progress.{key}.accepted_km")
        if planned is None or accepted is None:
            yield Item(name, own="work")
            continue
        done = speech.value(accepted)
        said = say(
            "print_map.work", lang, name=name, done=done, planned=measure_text(planned, speech)
        )
        yield Item(said, own="work")


# --- everything else ------------------------------------------------------------------------------


def _is_subject(content: Content) -> bool:
    """Whether roads stand in an open group of the definition: then they have a table."""
    return any(
        layer.style == ROADS
        for group in content.definition.groups
        if group.open
        for layer in group.layers
    )


def _items(content: Content, scale: int, *, roads: bool) -> Iterator[Item]:
    """Yield headings and lines of what is drawn, in the order of the definition.

    `roads` asks for classes and surfaces of roads among them: they have no table then.
    """
    for group in content.groups:
        rows = [row for row in group["rows"] if _stands(content, row, scale, roads=roads)]
        if rows:
            yield Item(group["title"])
        for row in rows:
            text = row["title"]
            amount = row["amount"]
            if row["key"].startswith(f"{ROADS}/") and row.get("by") == "case":
                # Surfaces drawn alike stand together; their km are those of classes not drawn, too.
                alike = _alike(content, row, rows)
                if alike[0] is not row:
                    continue
                text, amount = joined([one["title"] for one in alike]), ""
            yield Item(f"{text} – {amount}" if amount else text, row)


def _alike(
    content: Content, row: dict[str, Any], rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows of surfaces that are drawn as this one is."""
    style = content.layers[ROADS].style
    look = style.case(row["code"]).strokes
    surfaces = [one for one in rows if one.get("by") == "case"]
    return [one for one in surfaces if style.case(one["code"]).strokes == look]


def _stands(content: Content, row: dict[str, Any], scale: int, *, roads: bool) -> bool:
    """Whether a row of the definition's legend has a place in that of a sheet."""
    name, slash, code = row["key"].partition("/")
    if not slash or name not in content.layers:
        return False
    style = content.layers[name].style
    if code == "marks":
        marked = content.layers[name].sheet.given.get("marked", ())
        return bool(np.isin(content.layers[name].rows, marked).any())
    if name == ROADS:
        return roads and content.switched(row["key"], scale, row.get("by"))
    if row.get("by") == "letter":
        zones = style.labels is not None and style.labels.kind == "area"
        return zones or not style.beside_village or rules(scale).in_place
    return _has_look(style.case(code)) and content.switched(row["key"], scale, row.get("by"))


def _has_look(case: Case) -> bool:
    return bool(case.strokes or case.edge or case.fill or case.pattern or case.symbol)


def _fewest(items: list[Item], content: Content) -> list[Item]:
    """Return what a small figure needs to be understood: its own group, and villages."""
    own = {layer.style for layer in content.definition.groups[0].layers} | {"villages"}
    found = [
        item for item in items if item.row is not None and item.row["key"].partition("/")[0] in own
    ]
    return found[:9]


def _columns(panel: Panel, content: Content, given: Format, items: list[Item]) -> None:
    """Lay items out in as many columns as the table above is wide, one after the other."""
    if not items:
        return
    t, kp = given.type["text"], given.kp
    lh = t * LINE * _TALL
    lead = SAMPLE * kp + GAP
    texts = [_fitted(item, t, given) for item in items]
    n = 1 if given.figure or len(items) < 7 else 2 if len(items) <= 32 else 3
    per = -(-len(items) // n)
    starts = _starts(items, per, n)
    x, top = PAD, panel.h + (0.0 if given.figure else lh * 0.35)
    lowest = top
    for begin, end in zip(starts, [*starts[1:], len(items)], strict=True):
        wide = 0.0
        for i in range(begin, end):
            y = top + lh * (i - begin + 1)
            wide = max(wide, _line(panel, content, given, (items[i], texts[i]), x, y))
            lowest = max(lowest, y)
        panel.grow(x + wide, lowest)
        x += wide + 4.0 * kp
    panel.grow(x - 4.0 * kp + lead * 0, lowest)


def _fitted(item: Item, pt: float, given: Format) -> str:
    room = _MOST_TEXT * given.kp * (0.8 if given.figure else 1.0)
    return clipped(item.text, pt, room, "SemiBold" if item.row is None else "Regular")


def _starts(items: list[Item], per: int, n: int) -> list[int]:
    """Return where columns begin; a heading is not left alone at the foot of one."""
    starts = [0]
    for _ in range(1, n):
        at = starts[-1] + per
        while 0 < at < len(items) and items[at - 1].row is None and not items[at - 1].own:
            at -= 1
        if starts[-1] < at < len(items):
            starts.append(at)
    return starts


def _line(
    panel: Panel, content: Content, given: Format, item: tuple[Item, str], x: float, y: float
) -> float:
    """Write a line with its sample; return how wide it is."""
    entry, text = item
    t, kp = given.type["text"], given.kp
    if entry.row is None and not entry.own:
        panel.text(x, y, text, t, "SemiBold", "#3a3a36")
        return width(text, t, "SemiBold")
    box = (x, y - t * LINE * 0.62, SAMPLE * kp, t * LINE * 0.72)
    if entry.row is not None:
        sample(panel, content, given, entry.row, box)
    else:
        own_sample(panel, given, entry.own, box)
    panel.text(x + SAMPLE * kp + GAP, y, text, t)
    return SAMPLE * kp + GAP + width(text, t)
