"""The strip chart of a work: chainage against stage, laid out in per cent of its width.

Positions are per cent, heights pixels: the same drawing is whole on a desk, a phone and paper.
From top to bottom: scale, band of states, photos, and a lane for each kind of report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis import numbers
from ntm_gis.outputs.progress.lanes import (
    LANE_H,
    LETTER_PX,
    MARGIN,
    MOST_ROWS,
    PAPER_PX,
    PHONE_PX,
    WIDTH,
    Lane,
    Scale,
    kinds,
    lane,
)
from ntm_gis.outputs.progress.model import GPS, TOLD, Stretch, Work
from ntm_gis.outputs.progress.said import between, day, short, state_words
from ntm_gis.rules.terms import say

BAND_Y, BAND_H = 24, 24
_PHOTO_H, _GAP = 20, 4
_STEPS_M = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the scale; `label` is empty for the small ones."""

    x: float
    label: str
    anchor: str
    thin: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of the band."""

    x: float
    width: float
    state: str
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A photo; `told` where only a list says that it was taken there."""

    x: float
    told: bool
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole chart; `height` in pixels."""

    height: int
    ticks: tuple[Tick, ...]
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    marks_y: int
    lanes: tuple[Lane, ...]
    label: str


def strip(
    work: Work,
    lang: str,
    window: tuple[float, float] | None = None,
    most_px: int | None = None,
) -> Strip | None:
    """Return the chart of a work, or of a part of it; None where its span is not known.

    Parameters
    ----------
    work : Work
    lang : str
    window : (float, float), optional
        From and to in metres: only what lies there, over the whole width.
    most_px : int, optional
        The height there is: lanes get fewer rows then, and the last ones are left off.
    """
    span = window or work.span
    if span is None or span[1] <= span[0]:
        return None
    scale = Scale(*span)
    cells = tuple(_cells(work.now, scale, lang))
    marks = tuple(_marks(work, scale, lang))
    top = BAND_Y + BAND_H + _GAP
    marks_y = top
    top += _PHOTO_H if marks else 0
    for most_rows in (MOST_ROWS, 3, 2, 1):
        lanes, height = _lanes(work, scale, top, most_rows, lang)
        if most_px is None or height <= most_px:
            break
    while most_px is not None and height > most_px and lanes:
        lanes.pop()
        height = _foot(lanes, top)
    ticks = tuple(_ticks(scale))
    return Strip(height, ticks, cells, marks, marks_y, tuple(lanes), _label(work, cells, lang))


def _lanes(work: Work, scale: Scale, top: int, most_rows: int, lang: str) -> tuple[list[Lane], int]:
    """Return the lanes below the band that have bars, and where they end."""
    out: list[Lane] = []
    for title, parts in kinds(work, lang):
        there = [p for p in parts if scale.meets(p.from_m, p.to_m)]
        if there:
            out.append(lane(title, there, scale, _foot(out, top) - 2, (most_rows, lang)))
    return out, _foot(out, top)


def _foot(lanes: Sequence[Lane], top: int) -> int:
    return (max(bar.y for bar in lanes[-1].bars) + LANE_H if lanes else top) + 2


# --- scale ----------------------------------------------------------------------------------------


def _ticks(scale: Scale) -> Iterator[Tick]:
    """Yield the ends, then round chainages between them; labels never meet."""
    length = scale.to_m - scale.from_m
    step = next((s for s in _STEPS_M if length / s <= _MOST_TICKS), _STEPS_M[-1])
    yield Tick(scale.x(scale.from_m), short(scale.from_m), "start", thin=False)
    yield Tick(scale.x(scale.to_m), short(scale.to_m), "end", thin=False)
    first = int(scale.from_m // step) + 1
    last = int(-(-scale.to_m // step))
    for k in range(first, last):
        at, x = float(k * step), scale.x(k * step)
        label = short(at)
        thin = k % 2 == 1 or step % 1000 != 0
        px = PAPER_PX if thin else PHONE_PX  # thin ones are not on a phone
        ends = ((x - MARGIN, scale.from_m), (MARGIN + WIDTH - x, scale.to_m))
        near = any(
            room < 100 * (len(short(end)) + len(label) / 2 + 1) * LETTER_PX / px
            for room, end in ends
        )
        yield Tick(x, "" if near else label, "middle", thin=thin)
        if k + 1 < last or scale.to_m - at > step / 2:
            half = at + step / 2
            if half < scale.to_m:
                yield Tick(scale.x(half), "", "middle", thin=False)
    if first < last:
        yield Tick(scale.x(max((first - 0.5) * step, scale.from_m)), "", "middle", thin=False)


# --- band and photos ------------------------------------------------------------------------------


def _cells(stretches: Sequence[Stretch], scale: Scale, lang: str) -> Iterator[Cell]:
    for number, part in enumerate(stretches, 1):
        if scale.meets(part.from_m, part.to_m):
            yield Cell(
                scale.x(part.from_m),
                scale.width(max(part.from_m, scale.from_m), min(part.to_m, scale.to_m)),
                part.state,
                f"{between(part.from_m, part.to_m)}: {state_words(part.state, lang)}",
                number,
            )


def _marks(work: Work, scale: Scale, lang: str) -> Iterator[Mark]:
    for photo in work.photos:
        at = photo.at_m
        if at is None or photo.state not in (GPS, TOLD) or not scale.from_m <= at <= scale.to_m:
            continue
        told = photo.state == TOLD
        words = (photo.name, numbers.format_chainage(at), day(photo.on, lang), photo.how)
        yield Mark(scale.x(at), told, " · ".join(part for part in words if part))


def _label(work: Work, cells: Sequence[Cell], lang: str) -> str:
    """Return the chart as a sentence, for those who hear the page."""
    parts = "; ".join(cell.title for cell in cells)
    return say("strip_label", lang, name=work.name, parts=parts)
