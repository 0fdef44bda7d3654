"""How maps are printed: paper, formats, colours. Loads nothing that draws."""

from __future__ import annotations

from dataclasses import dataclass

SHEETS = ("A4", "A3", "A2", "A1", "A0")
KINDS = ("pdf", "png", "svg")


@dataclass(frozen=True, slots=True)
class How:
    """The paper of printed maps.

    Parameters
    ----------
    sheet : str
        One of `SHEETS`.
    kinds : tuple of str
        Files to write, of `KINDS`.
    bw : bool
        Black and white, for a copier.
    scale : int or None
        The denominator asked for: where the sheet does not hold the commune at it, the next
        larger sheet is taken. The largest round scale that fits where left out, or where not
        even A0 holds the commune.
    """

    sheet: str = "A3"
    kinds: tuple[str, ...] = ("pdf", "png")
    bw: bool = False
    scale: int | None = None
