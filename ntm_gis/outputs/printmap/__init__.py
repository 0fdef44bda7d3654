"""Printed sheets, A4 to A0, and figures for reports, from the same definitions as the screen.

Drawing libraries are loaded when a sheet is asked for: few commands draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.outputs.printmap.how import How

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.press import Press
    from ntm_gis.outputs.printmap.printer import Printer, figure

__all__ = ["How", "Press", "Printer", "figure"]

_LATE = {"Press": "press", "Printer": "printer", "figure": "printer"}


def __getattr__(name: str) -> object:
    """Return what draws; loaded on demand."""
    if name not in _LATE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(f"ntm_gis.outputs.printmap.{_LATE[name]}"), name)
