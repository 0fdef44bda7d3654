"""What stands for a colour where a sheet is copied: marks of land use, works, plates.

A zone keeps its code in words; the mark tells the group from a distance, and still does after the
sheet was copied twice. Lines and hatches are for small and narrow zones, loose marks for wide ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ntm_gis.outputs.printmap.standard import BLACK, LEAST_BW_MM, PAPER
from ntm_gis.rules.map_styles import Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.page import Page, Points

_GROUPS = {
    "rice": ("LUA", "LUC", "LUK", "LUN"),
    "annual": ("HNK", "BHK", "NHK"),
    "perennial": ("CLN", "NKH", "NNP"),
    "forest": ("RSX",),
    "protected": ("RPH", "RDD"),
    "water": ("NTS", "SON", "MNC", "DTL"),
    "homes": ("ONT", "ODT"),
    "graves": ("NTD",),
    "unused": ("CSD", "BCS", "DCS", "NCS"),
}
_BUILT = "built"
DARK = "dark"
"""The group whose marks stand for any other dark fill: slanted the way nothing else is."""

_MARKS = {
    "rice": ((20, 4), 0, ("M0 2h20",)),
    "annual": ((4.6, 20), 0, ("M2 0v20",)),
    "perennial": ((14, 12), 0, (
        "M2 3a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0",
        "M9 9a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0",
    )),
    "forest": ((18, 16), 0, ("M2 5.4L4 2L6 5.4", "M11 13.4L13 10L15 13.4")),
    "protected": ((14, 12), 0, ("M1.6 5L4 1L6.4 5z", "M8.6 11L11 7L13.4 11z")),
    "water": ((10, 6), 0, ("M0 3q2.5 -3 5 0t5 0",)),
    "homes": ((4.2, 4.2), 45, ("M1 0V4.2",)),
    "graves": ((7, 7), 0, ("M3.5 1v5M1 3.5h5",)),
    _BUILT: ((4.2, 4.2), 45, ("M1 0V4.2", "M0 1H4.2")),
    DARK: ((3.6, 3.6), 135, ("M1 0V3.6",)),
}  # fmt: skip
# Of green, orange and yellow the colour-blind see one; of pale blue and pink as well.
_IN_COLOUR = ("forest", "protected", "perennial", "homes")
_DARKER = 0.52

# A work under way lies in a sleeve of this width, A3 mm; its stage is the core.
_SLEEVE_MM, _CORE_MM = 2.1, 0.95
_CORES: dict[str, tuple[float, tuple[float, ...]] | None] = {
    "accepted": (1.0, ()),
    "poured": (1.0, (1.9, 0.8)),
    "base": (1.0, (0.45, 1.1)),
    "cleared": (0.5, (0.01, 3.2)),
    "none": None,
    "disputed": (0.7, (0.3, 0.5)),
}


def group_of(code: str) -> str:
    """Return the group of land use whose mark a code bears; "unused" bears none.

    Examples
    --------
    >>> group_of("LUC"), group_of("DGD"), group_of("CSD")
    ('rice', 'built', 'unused')
    """
    if code == DARK:
        return DARK
    return next((group for group, codes in _GROUPS.items() if code in codes), _BUILT)


@lru_cache(maxsize=128)
def pattern_of(code: str, colour: str | None = None) -> Pattern | None:
    """Return the marks of a use of land; None where there are none.

    Parameters
    ----------
    colour : str, optional
        That of the zone on a sheet in colour: marks of a darker tone stand on the uses whose
        colours some readers cannot tell apart.

    Examples
    --------
    >>> pattern_of("ONT").turn, pattern_of("CSD"), pattern_of("LUC", "#fffc8c")
    (45.0, None, None)
    """
    group = group_of(code)
    if group not in _MARKS or (colour is not None and group not in _IN_COLOUR):
        return None
    tile, turn, paths = _MARKS[group]
    stroke, wide = (BLACK, 1.0) if colour is None else (_darker(colour), 0.9)
    parts = [{"path": path, "stroke": stroke, "width": wide} for path in paths]
    return Pattern.model_validate({"tile": tile, "turn": turn, "part": parts})


def _darker(colour: str) -> str:
    tones = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(tone * _DARKER):02x}" for tone in tones)


def sleeve(
    page: Page, lines: Sequence[Points], stage: str, k: float, z: float, late: float = 0.5
) -> None:
    """Draw a work in black and white: between two lines, filled as far as it has come.

    A road beside it is narrower, so that nobody takes an accepted work for a road of concrete, or
    one not begun for a road of gravel. `late` is by how much the inside lies above the outside:
    where sleeves meet they run together.
    """
    wide = _SLEEVE_MM * k**0.7
    page.line(lines, wide, BLACK, z=z)
    page.line(lines, wide - 2 * LEAST_BW_MM, PAPER, z=z + late)
    core = _CORES.get(stage)
    if core is not None:
        times, dash = core
        page.line(
            lines, _CORE_MM * k**0.7 * times, BLACK, dash, z=z + late + 0.01,
            cap="round" if stage == "cleared" else "butt",
        )  # fmt: skip


def plate_edge(code: str) -> tuple[float, tuple[float, ...]]:
    """Return how heavy the edge of a pale plate is, against the usual one, and its dashes.

    Examples
    --------
    >>> plate_edge("review-warn"), plate_edge("review-note")
    ((2.0, ()), (1.0, ()))
    """
    return {
        "review-warn": (2.0, ()),
        "review-no-data": (2.0, (1.4, 1.0)),
        "review-waived": (1.0, (2.4, 1.6)),
    }.get(code, (1.0, ()))
