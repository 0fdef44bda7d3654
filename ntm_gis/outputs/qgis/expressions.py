"""Pieces of QGIS's expressions."""

from __future__ import annotations

from collections.abc import Iterable

COUNTS = "\"row_state\" = 'used'"
"""The row counts."""


def literal(value: str) -> str:
    """Return a text as a literal.

    Examples
    --------
    >>> literal("o'clock")
    "'o''clock'"
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the test whether a column holds one of some values.

    Examples
    --------
    >>> print(one_of("kind", ["a", "b"]))
    "kind" IN ('a', 'b')
    """
    return f'"{column}" IN ({", ".join(literal(value) for value in values)})'
