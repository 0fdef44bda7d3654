"""The frontier as a step chart: budget to the right, criteria upwards, in units of an SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ntm_gis.outputs.priorities.model import Priorities, Step
from ntm_gis.outputs.priorities.said import million, number, words

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 24, 34, 48
_MOST_ROWS, _MOST_TICKS = 12, 6
_ROOM = 150
"""Units that the words at a step need to the right of it."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From amounts to units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where an amount lies."""
        per = (self.end - self.start) / (self.high - self.low)
        return round(self.start + (value - self.low) * per, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line or place on an axis with its words."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a step begins, what is said there, and on which side.

    `free`: only were money tied to no fund.
    """

    x: float
    y: float
    text: str
    anchor: str
    free: bool
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths of both frontiers, the steps, the axes, and the budget."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    kept: str
    free: str
    dots: tuple[Dot, ...]
    across: tuple[Mark, ...]
    upwards: tuple[Mark, ...]
    budget: Mark | None
    anchor: str
    says: str


def chart(found: Priorities, lang: str) -> Chart | None:
    """Return the chart of a frontier; None where there is none."""
    if not found.frontier:
        return None
    chosen = found.choices.get("chosen")
    steps = (*found.frontier, *found.free)
    amounts = [step.million for step in steps]
    amounts += [] if chosen is None else [chosen.budget]
    most = max(1.04 * max(amounts), 1.0)
    tick = round_step(most)
    low, high = min(s.criteria for s in steps), max(s.criteria for s in steps) + 1
    x = Axis(0.0, most, _LEFT, WIDTH - _RIGHT)
    y = Axis(low - 0.4, high - 0.3, HEIGHT - _BOTTOM, _TOP)
    same = {(step.criteria, step.million) for step in found.frontier}
    free = [step for step in found.free if (step.criteria, step.million) not in same]
    every = max(1, math.ceil((high - low) / _MOST_ROWS))
    at = None if chosen is None else x.at(chosen.budget)
    return Chart(
        width=WIDTH, height=HEIGHT, left=_LEFT, right=WIDTH - _RIGHT, top=_TOP,
        bottom=HEIGHT - _BOTTOM, kept=_path(found.frontier, x, y),
        free=_path(found.free, x, y) if free else "",
        dots=(
            *(_dot(step, x, y, lang, free=False) for step in found.frontier),
            *(_dot(step, x, y, lang, free=True) for step in free),
        ),
        across=tuple(
            Mark(x.at(k * tick), number(k * tick, lang, 3)) for k in range(int(most / tick) + 1)
        ),
        upwards=tuple(Mark(y.at(n), str(n)) for n in range(low, high, every)),
        budget=None if at is None or chosen is None else Mark(
            at, words("chart_budget", lang, million=number(chosen.budget, lang, 3))
        ),
        anchor="end" if at is not None and at > WIDTH / 2 else "start",
        says=says(found, lang),
    )  # fmt: skip


def round_step(most: float) -> float:
    """Return the distance of ticks: 1, 2 or 5 of a power of ten, some six of them.

    Examples
    --------
    >>> round_step(3245.0), round_step(95.0), round_step(1.0)
    (1000.0, 20.0, 0.2)
    """
    least = most / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= least * (1 - 1e-9))


def _path(steps: Sequence[Step], x: Axis, y: Axis) -> str:
    parts = [f"M{x.at(steps[0].million)} {y.at(steps[0].criteria)}"]
    parts += [f"H{x.at(step.million)}V{y.at(step.criteria)}" for step in steps[1:]]
    return f"{''.join(parts)}H{x.end}"


def _dot(step: Step, x: Axis, y: Axis, lang: str, *, free: bool) -> Dot:
    at = x.at(step.million)
    right = at > WIDTH - _RIGHT - _ROOM
    key = "step_free" if free else "step_kept"
    return Dot(
        at, y.at(step.criteria), number(step.million, lang, 3), "end" if right else "start", free,
        words(key, lang, criteria=step.criteria, million=million(step.million, lang)),
    )  # fmt: skip


def says(found: Priorities, lang: str) -> str:
    """Return the frontier in one sentence, for who cannot see the chart."""
    parts = [
        words("step_kept", lang, criteria=one.criteria, million=million(one.million, lang))
        for one in found.frontier
    ]
    return " ".join(parts)
