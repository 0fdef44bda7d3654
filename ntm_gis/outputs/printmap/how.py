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
        larger one is taken, or several of the largest. The largest round scale that fits where
        left out.
    parts : bool
        As many of the sheet named are taken as hold the commune at the scale, and no larger one.
    """

    sheet: str = "A3"
    kinds: tuple[str, ...] = ("pdf", "png")
    bw: bool = False
    scale: int | None = None
    parts: bool = False


def file_name(name: str, key: str) -> str:
    """Return the name of a file of a map, by what `Printer.made` calls it.

    Examples
    --------
    >>> file_name("roads", "pdf"), file_name("roads", "2.png")
    ('roads.pdf', 'roads-2.png')
    """
    return f"{name}-{key}" if "." in key else f"{name}.{key}"
