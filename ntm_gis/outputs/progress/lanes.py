"""The lanes under a strip chart: reports by stage, those that do not count, tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis.outputs.progress.model import (
    COUNTS,
    CREDITED,
    DISPUTED,
    STAGES,
    Report,
    TrackPart,
    Work,
)
from ntm_gis.outputs.progress.said import between, day, report_state
from ntm_gis.rules.terms import say, term

MARGIN, WIDTH = 1.5, 97.0
"""Where the road begins and how long it is, in per cent of the chart."""

LANE_H = 20
_HEAD_H = 19

# Widths in pixels that texts are fitted into: the chart on a phone, on upright paper, on a desk.
PHONE_PX, PAPER_PX, DESK_PX, LETTER_PX = 330.0, 680.0, 860.0, 6.6
_BESIDE_PX = 5.0
_WITH_REASON = ("aside", "gap")
MOST_ROWS = 8
"""Rows of bars in a lane; reports beyond stand in the table alone."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Chainage to per cent of the width."""

    from_m: float
    to_m: float

    def _share(self, metres: float) -> float:
        return metres / (self.to_m - self.from_m)

    def x(self, at_m: float) -> float:
        """Return where a chainage stands; what lies outside stands at the end."""
        inside = min(max(at_m, self.from_m), self.to_m)
        return round(MARGIN + WIDTH * self._share(inside - self.from_m), 3)

    def width(self, from_m: float, to_m: float) -> float:
        """Return how wide a stretch is, what lies outside left off."""
        return round(max(self.x(to_m) - self.x(from_m), 0.05), 3)

    def meets(self, from_m: float | None, to_m: float | None) -> bool:
        """Whether some of a stretch is on the chart."""
        if from_m is None or to_m is None:
            return False
        return from_m < self.to_m and to_m > self.from_m


@dataclass(frozen=True, slots=True)
class Tag:
    """The label of a bar, in it or beside it."""

    text: str
    x: float
    anchor: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A report or a part of a track in a lane, with its labels on a desk and on a phone."""

    x: float
    width: float
    y: int
    look: str
    desk: Tag | None
    phone: Tag | None
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Bars of one kind under their name."""

    title: str
    y: int
    bars: tuple[Bar, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a bar is made of."""

    from_m: float | None
    to_m: float | None
    look: str
    labels: tuple[str, ...]
    """From the longest to the shortest."""
    title: str


def kinds(work: Work, lang: str) -> Iterator[tuple[str, list[Part]]]:
    """Yield the lanes: reports by stage, those that do not count, tracks."""
    for stage in STAGES:
        of = [r for r in work.reports if r.stage == stage and _shown(r)]
        yield term(f"lane.{stage}").of(lang), [_report(r, stage, lang) for r in of]
    aside = [r for r in work.reports if not _shown(r)]
    yield term("lane.aside").of(lang), [_report(r, "aside", lang) for r in aside]
    for state, key in ((True, "lane.surveyed"), (False, "lane.not_surveyed")):
        parts = [p for p in work.tracks if (p.state == CREDITED) is state]
        yield term(key).of(lang), [_track(p, lang) for p in parts]


def _shown(report: Report) -> bool:
    return report.state in COUNTS or report.state == DISPUTED


def _report(report: Report, look: str, lang: str) -> Part:
    on = day(report.on, lang)
    where = (
        between(report.from_m, report.to_m)
        if report.from_m is not None and report.to_m is not None
        else ""
    )
    why = "" if report.state == "counted" else report_state(report, lang)
    who = say("reported_by_of", lang, who=report.by or term("nobody_named").of(lang))
    checked = (
        say("verified_by_of", lang, who=report.verified_by)
        if report.verified_by
        else term("nobody_verified").of(lang)
    )
    title = ": ".join((report.id, ", ".join(p for p in (where, on, who, checked, why) if p)))
    labels: tuple[str, ...] = (f"{report.id} · {on}", report.id)
    if look == "aside" and why:
        labels = (f"{report.id}: {why[:1].lower()}{why[1:]}", *labels)
    elif report.minute_no:
        labels = (f"{report.id} · {on} · {report.minute_no}", *labels)
    look = look if look == "aside" or report.state != DISPUTED else "contested"
    # One that runs backwards is shown where it was meant.
    low, high = report.from_m, report.to_m
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Part(low, high, look, labels, title)


def _track(part: TrackPart, lang: str) -> Part:
    on = day(part.on, lang)
    if part.state == CREDITED:
        labels: tuple[str, ...] = (f"{part.track} · {on}", part.track)
        return Part(part.from_m, part.to_m, "track", labels, f"{part.track}: {part.why}")
    why = term(f"track_state.{part.state}").of(lang)
    labels = (f"{part.track}: {why[:1].lower()}{why[1:]}", part.track)
    return Part(part.from_m, part.to_m, "gap", labels, f"{part.track}: {part.why}")


def lane(title: str, parts: Sequence[Part], scale: Scale, y: int, how: tuple[int, str]) -> Lane:
    """Return bars in as few rows as they need: those that overlap stand below one another.

    Parameters
    ----------
    y : int
        Where the lane begins.
    how : (int, str)
        The most rows it may have, and the language.
    """
    most_rows, lang = how
    rows: list[list[Part]] = []
    left = 0
    for part in sorted(parts, key=lambda p: (p.from_m or 0.0, p.to_m or 0.0, p.title)):
        row = next((r for r in rows if (r[-1].to_m or 0.0) <= (part.from_m or 0.0)), None)
        if row is not None:
            row.append(part)
        elif len(rows) < most_rows:
            rows.append([part])
        else:
            left += 1
    bars = [
        bar for k, row in enumerate(rows) for bar in _bars(row, scale, y + _HEAD_H + k * LANE_H)
    ]
    more = say("lane_more", lang, n=left) if left else ""
    return Lane(title, y + _HEAD_H - 5, tuple(bars), more)


def _bars(row: Sequence[Part], scale: Scale, y: int) -> Iterator[Bar]:
    places = [(scale.x(p.from_m or 0.0), scale.width(p.from_m or 0.0, p.to_m or 0.0)) for p in row]
    before = {PHONE_PX: MARGIN, DESK_PX: MARGIN}
    for k, (part, (x, width)) in enumerate(zip(row, places, strict=True)):
        after = places[k + 1][0] if k + 1 < len(places) else MARGIN + WIDTH
        tags = {}
        for px, start in before.items():
            tags[px] = tag = _tag(part, (start, x, x + width, after), px)
            end = x + width
            if tag is not None and tag.anchor == "start":
                end = tag.x + _need(tag.text, px)
            before[px] = end
        yield Bar(x, width, y, part.look, tags[DESK_PX], tags[PHONE_PX], part.title)


def _tag(part: Part, ends: tuple[float, float, float, float], px: float) -> Tag | None:
    """Return the label of a bar: in it, behind it or before it, wherever there is room.

    What does not count is told with its reason, beside the bar if need be; of the others the
    label that stands in the bar is best, however short.
    """
    start, x, end, after = ends
    beside = 100 * _BESIDE_PX / px
    inside = [label for label in part.labels if _need(label, px) <= end - x]
    outside = [
        (label, anchor)
        for label in part.labels
        for anchor, room in (("start", after - end), ("end", x - start))
        if _need(label, px) <= room
    ]
    if part.look in _WITH_REASON and outside and inside[:1] != [part.labels[0]]:
        inside = []
    if inside:
        return Tag(inside[0], round((x + end) / 2, 3), "middle", inside=True)
    if not outside:
        return None
    label, anchor = outside[0]
    at = end + beside if anchor == "start" else x - beside
    return Tag(label, round(at, 3), anchor, inside=False)


def _need(label: str, px: float) -> float:
    """Return the width of a label with the room about it, in per cent."""
    return 100 * (len(label) * LETTER_PX + 2 * _BESIDE_PX) / px
