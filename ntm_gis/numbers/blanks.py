"""Cells that say nothing: the one place that knows what an empty cell looks like."""

from __future__ import annotations

import numbers
from decimal import Decimal

_MARKS = frozenset("-\u2010\u2011\u2013\u2014\u2212\ufe63\uff0d./\u2026")
_WITHOUT_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


def is_blank(value: object) -> bool:
    """Say whether a cell says nothing: empty, NaN, or only spaces, dashes, dots and strokes.

    Words that say that nobody knows ("chưa rõ", "n/a") are answers, and not blanks.

    Examples
    --------
    >>> is_blank(None), is_blank(" – "), is_blank("..."), is_blank(float("nan"))
    (True, True, True, True)
    >>> is_blank("0"), is_blank(0), is_blank("none"), is_blank("-5")
    (False, False, False, False)
    """
    if isinstance(value, str):
        return all(c in _MARKS or c.isspace() or c in _WITHOUT_WIDTH for c in value)
    if isinstance(value, (numbers.Real, Decimal)):
        return bool(value != value)  # noqa: PLR0124 - NaN, of whatever library
    # pandas' own markers are told by name: this module knows no pandas.
    return value is None or type(value).__name__ in ("NAType", "NaTType")
