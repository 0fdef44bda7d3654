"""Type in QGIS: of a font that offices have.

Newer QGIS fetches free fonts it misses from the network: a project names the one of Windows.
Where that is missing a font with all Vietnamese letters stands in. Arial is not asked for first:
on Linux it means one that lacks them, and texts would be set in two fonts.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.qgis.symbols import FAMILY, colour

STAND_INS = ("Noto Sans", "DejaVu Sans", "Helvetica", "Arial")

_NORMAL, _BOLD = 50, 75


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is written: points, colour as `#rrggbb`, weight, slope."""

    points: float
    colour: str = "#1d1d1b"
    bold: bool = False
    italic: bool = False

    @property
    def named(self) -> str:
        """The name of the face, as fonts have it."""
        faces = {(0, 0): "Regular", (1, 0): "Bold", (0, 1): "Italic", (1, 1): "Bold Italic"}
        return faces[int(self.bold), int(self.italic)]


def text_style(kind: Type) -> Element:
    """Return a text format as styles and, since 3.24, labels of sheets have it."""
    out = Element(
        "text-style",
        {
            "fontFamily": FAMILY, "fontSize": f"{kind.points:g}", "fontSizeUnit": "Point",
            "fontWeight": str(_BOLD if kind.bold else _NORMAL),
            "fontItalic": str(int(kind.italic)), "namedStyle": kind.named,
            "textColor": colour(kind.colour), "textOpacity": "1", "multilineHeight": "1",
            "textOrientation": "horizontal",
        },
    )  # fmt: skip
    families = SubElement(out, "families")
    for name in STAND_INS:
        SubElement(families, "family", name=name)
    return out


def halo(style: Element, mm: float, code: str = "#ffffff") -> Element:
    """Give a text format an edge that keeps it legible over lines; return it."""
    SubElement(
        style, "text-buffer",
        {
            "bufferDraw": "1", "bufferSize": f"{mm:g}", "bufferSizeUnits": "MM",
            "bufferColor": colour(code), "bufferOpacity": "0.9", "bufferNoFill": "0",
            "bufferJoinStyle": "128",
        },
    )  # fmt: skip
    return style


def font(tag: str, kind: Type) -> Element:
    """Return a font as sheets of QGIS 3.22 have it."""
    weight, slope = (_BOLD if kind.bold else _NORMAL), int(kind.italic)
    said = f"{FAMILY},{kind.points:g},-1,5,{weight},{slope},0,0,0,0"
    return Element(tag, description=said, style=kind.named)
