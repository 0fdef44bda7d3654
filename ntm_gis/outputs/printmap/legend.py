"""The legend: a table of roads, then everything else with counts, km and hectares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.outputs.printmap.legend_items import (
    Item,
    fewest,
    is_subject,
    of_groups,
    of_relief,
    of_works,
    with_province,
)
from ntm_gis.outputs.printmap.legend_roads import surfaces, table_of_roads, wider
from ntm_gis.outputs.printmap.panel import GAP, LINE, PAD, SAMPLE, Panel
from ntm_gis.outputs.printmap.road_table import road_table
from ntm_gis.outputs.printmap.samples import own_sample, sample
from ntm_gis.outputs.printmap.type import width

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.standard import Format

__all__ = ["Item", "items_of", "legend", "line_of"]

_MOST_TEXT = 78.0
_TALL = 1.06


def legend(
    content: Content, given: Format, scale: int, *, heights: bool, provincial: bool = False
) -> Panel:
    """Return the legend of a map at a scale; only what is on the sheet stands in it.

    `provincial`: part of the commune's edge bears the sign of the province's.
    """
    panel = Panel("legend", "SE")
    panel.grow(0, 1.0)
    subject = is_subject(content)
    table = road_table(content) if given.figure or subject else None
    if table is not None and subject:
        if given.figure:
            surfaces(panel, content, table, given, scale)
        else:
            table_of_roads(panel, content, table, given, scale)
    items = [*of_works(content), *of_groups(content, scale, roads=table is None, brief=given.small)]
    if provincial:
        items = with_province(items, content)
    if given.figure:
        items = fewest(items, content)
    elif heights:
        items += of_relief(content, given, scale)
    _columns(panel, content, given, items)
    if table is not None and not subject:
        surfaces(panel, content, table, given, scale)
    panel.pad(wider(PAD, given), given.type["text"] * LINE * 0.55)
    return panel


def items_of(content: Content, scale: int) -> list[Item]:
    """Return the lines of a legend that a page lays out by itself, without a table of roads."""
    return [*of_works(content), *of_groups(content, scale, roads=True)]


def line_of(
    panel: Panel, content: Content, given: Format, item: Item, place: tuple[float, float],
    room: float,
) -> None:  # fmt: skip
    """Write a line of `items_of` with its sample at a place of a panel, cut to `room` mm."""
    lead = SAMPLE * given.kp + wider(GAP, given)
    _line(panel, content, given, (item, item.cut(given.type["text"], room - lead)), *place)


def _columns(panel: Panel, content: Content, given: Format, items: list[Item]) -> None:
    """Lay items out in as many columns as the table above is wide, one after the other."""
    if not items:
        return
    t, kp = given.type["text"], given.kp
    lh = t * LINE * _TALL
    lead = SAMPLE * kp + wider(GAP, given)
    said = [_fitted(item, t, given) for item in items]
    n = 1 if given.figure or len(items) < 7 else 2 if len(items) <= 32 else 3
    per = -(-len(items) // n)
    starts = _starts(items, per, n)
    x, top = wider(PAD, given), panel.h + (0.0 if given.figure else lh * 0.35)
    lowest = top
    for begin, end in zip(starts, [*starts[1:], len(items)], strict=True):
        wide = 0.0
        for i in range(begin, end):
            y = top + lh * (i - begin + 1)
            wide = max(wide, _line(panel, content, given, (items[i], said[i]), x, y))
            lowest = max(lowest, y)
        panel.grow(x + wide, lowest)
        x += wide + 4.0 * kp
    panel.grow(x - 4.0 * kp + lead * 0, lowest)


def _fitted(item: Item, pt: float, given: Format) -> str:
    return item.cut(pt, _MOST_TEXT * given.kp * (0.8 if given.figure else 1.0))


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
    lead = SAMPLE * kp + wider(GAP, given)
    panel.text(x + lead, y, text, t)
    return lead + width(text, t)
