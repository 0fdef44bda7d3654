"""How much page 1 of the sheet of a stretch holds: lists first, the strip in what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_PAGE_MM, _FIXED_MM = 271.0, 50.0
"""Height of the page between its margins; of it head, stretch and ends."""

_TEXT_MM, _SMALL_MM, _ROW_MM, _ROW_EDGE_MM = 4.4, 3.85, 3.6, 1.6
_HEAD_MM, _TABLE_HEAD_MM, _PLAN_MM = 6.5, 8.0, 54.0
_TEXT_LETTERS, _SMALL_LETTERS = 100, 50
_PX_PER_MM = 96 / 25.4
_MOST_STRIP_PX = 420

_LEAST_STRIP_PX = 120
_COLUMNS = (8, 10, 23, 10, 5, 5, 13, 13, 14)
"""How many letters a line of each column of reports holds."""


def _lines(text: str, letters: int) -> int:
    return max(1, -(-len(text) // letters))


def _height(row: Sequence[str]) -> int:
    return max(_lines(cell, room) for cell, room in zip(row, _COLUMNS, strict=True))


def fitting(
    reports: Sequence[Sequence[str]], lists: Mapping[str, Sequence[str]], more: Mapping[str, int]
) -> int:
    """Return how many reports the page holds beside the other lists and the least of a strip.

    Examples
    --------
    >>> none = {"disputes": (), "tracks": (), "photos": (), "payments": ()}
    >>> fitting([("B1",) + ("",) * 8] * 4, none, {}), fitting([("B1",) + ("",) * 8] * 40, none, {})
    (4, 20)
    """
    left = _PAGE_MM - _FIXED_MM - _others(lists, more) - _LEAST_STRIP_PX / _PX_PER_MM
    left -= _HEAD_MM + _TABLE_HEAD_MM
    heights = [_ROW_MM * _height(row) + _ROW_EDGE_MM for row in reports]
    if sum(heights) <= left:
        return len(reports)
    used = _TEXT_MM  # the line that says how many are left off
    for told, height in enumerate(heights):
        used += height
        if used > left:
            return told
    return len(reports)


def strip_px(
    reports: Sequence[Sequence[str]], lists: Mapping[str, Sequence[str]], more: Mapping[str, int]
) -> int:
    """Return the pixels that are left for the strip.

    Parameters
    ----------
    reports : sequence of rows
        As they are listed.
    lists : mapping of str to sequence of str
        `disputes` over the whole width; `tracks`, `photos`, `payments` beside the plan.
    more : mapping of str to int
        Lists that are cut: each has a line more.
    """
    table = _HEAD_MM + _TABLE_HEAD_MM + sum(_ROW_MM * _height(r) + _ROW_EDGE_MM for r in reports)
    table += _TEXT_MM if "reports" in more else 0.0
    left = _PAGE_MM - _FIXED_MM - table - _others(lists, more)
    return int(min(max(left, 0.0) * _PX_PER_MM, _MOST_STRIP_PX))


def _others(lists: Mapping[str, Sequence[str]], more: Mapping[str, int]) -> float:
    """Return the height of what is neither a report nor the strip, in millimetres."""
    disputes = _HEAD_MM + _TEXT_MM * _of(lists["disputes"], _TEXT_LETTERS, "disputes" in more)
    beside = sum(
        _HEAD_MM + _SMALL_MM * _of(rows, _SMALL_LETTERS, name in more)
        for name, rows in lists.items()
        if name != "disputes"
    )
    return disputes + max(beside, _PLAN_MM)


def _of(rows: Sequence[str], letters: int, cut: bool) -> int:
    return max(1, sum(_lines(row, letters) for row in rows) + cut)
