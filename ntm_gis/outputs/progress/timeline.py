"""Plan against fact over time: lengths as stepped lines, money paid on its days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis import numbers
from ntm_gis.outputs.progress.model import Day, Payment, Work
from ntm_gis.outputs.progress.said import km
from ntm_gis.results import shown
from ntm_gis.rules.terms import say, term

HEIGHT, TOP, FOOT = 150, 14, 118
"""Of the chart, of its highest value and of its axis, in pixels."""

_LEFT, _WIDTH = 5.0, 92.0
_KINDS = ("reported", "poured", "accepted")
_DATE_ROOM, _MONEY_ROOM = 11.0, 7.0
_STEPS_KM = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One length over time: `points` in a box of 1,000 by 1,000, y downwards."""

    kind: str
    title: str
    points: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text at a place, in per cent and pixels."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chart: lines, words of both axes, payments with their sums."""

    lines: tuple[Line, ...]
    days: tuple[Word, ...]
    heights: tuple[Word, ...]
    payments: tuple[Word, ...]
    label: str


def timeline(work: Work, as_of: dt.date, lang: str) -> Timeline | None:
    """Return the chart of a work; None where fewer than two days are known."""
    days = [day for day in work.history if day.on <= as_of]
    paid = [p for p in work.payments if p.on is not None and p.on <= as_of and p.million]
    edges = [day.on for day in days] + [p.on for p in paid if p.on is not None]
    edges += [on for on in (work.start_on, work.due_on) if on is not None]
    if len(days) < 2 or len(set(edges)) < 2:
        return None
    planned = work.measures["planned_km"].value
    most = max([planned or 0.0, *(day.reported_km or 0.0 for day in days)]) or 1.0
    box = _Box(min(edges), max(edges), most)
    lines = [_stepped(kind, days, box, lang) for kind in _KINDS]
    if work.start_on and work.due_on and planned and work.start_on < work.due_on:
        due = f"{box.of(work.start_on, 0.0)} {box.of(work.due_on, planned)}"
        lines.insert(0, Line("due", term("timeline.due").of(lang), due))
    last = days[-1]
    label = say(
        "timeline_label", lang, name=work.name, on=last.on,
        poured=km(last.poured_km, lang), accepted=km(last.accepted_km, lang),
    )  # fmt: skip
    return Timeline(
        tuple(lines), tuple(_dates(box, [day.on for day in days])),
        tuple(_heights(box, lang)), tuple(_money(box, paid, lang)), label,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Box:
    """Days and kilometres to the box of the lines, and to per cent and pixels of the chart."""

    first: dt.date
    last: dt.date
    most_km: float

    def share(self, on: dt.date) -> float:
        return (on - self.first).days / (self.last - self.first).days

    def x(self, on: dt.date) -> float:
        return round(_LEFT + _WIDTH * self.share(on), 2)

    def y(self, km: float) -> float:
        return round(FOOT - (FOOT - TOP) * km / self.most_km, 1)

    def of(self, on: dt.date, km: float) -> str:
        return f"{1000 * self.share(on):.1f},{1000 * (1 - km / self.most_km):.1f}"


def _stepped(kind: str, days: Sequence[Day], box: _Box, lang: str) -> Line:
    """Return a line that stays until the day on which something is added."""
    points: list[str] = []
    before = 0.0
    for day in days:
        km = {
            "reported": day.reported_km, "poured": day.poured_km, "accepted": day.accepted_km,
        }[kind]  # fmt: skip
        if km is not None:
            points += [box.of(day.on, before), box.of(day.on, km)]
            before = km
    return Line(kind, term(f"timeline.{kind}").of(lang), " ".join(dict.fromkeys(points)))


def _dates(box: _Box, days: Sequence[dt.date]) -> Iterator[Word]:
    """Yield the ends and those days between that have room."""
    taken = [box.x(box.first), box.x(box.last)]
    yield Word(taken[0], FOOT + 14, numbers.format_date_vi(box.first), "start")
    yield Word(taken[1], FOOT + 14, numbers.format_date_vi(box.last), "end")
    for on in reversed(days):
        x = box.x(on)
        ends = min(x - taken[0], taken[1] - x) >= 1.6 * _DATE_ROOM
        if ends and all(abs(x - other) >= _DATE_ROOM for other in taken[2:]):
            taken.append(x)
            yield Word(x, FOOT + 14, numbers.format_date_vi(on), thin=True)


def _heights(box: _Box, lang: str) -> Iterator[Word]:
    step = next((s for s in _STEPS_KM if box.most_km / s <= 4), _STEPS_KM[-1])
    show = numbers.format_en if lang == "en" else numbers.format_vi
    k = 0
    while k * step <= box.most_km * 1.0001:
        digits = 0 if step >= 1 else 1
        yield Word(_LEFT - 0.8, box.y(k * step), show(k * step, "", digits), "end")
        k += 1


def _money(box: _Box, paid: Sequence[Payment], lang: str) -> Iterator[Word]:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    end = -1.0
    for payment in paid:
        if payment.on is None or payment.million is None:
            continue
        x = box.x(payment.on)
        crowded = x < end + _MONEY_ROOM
        end = end if crowded else x
        yield Word(
            x,
            FOOT + 28,
            "" if crowded else show(payment.million, "", shown.needed([payment.million], 0, 3)),
        )
