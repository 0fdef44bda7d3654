"""The fonts of pages: Be Vietnam Pro from its package, cut to what Vietnamese pages need.

Cutting takes more time than making a page, so the result is kept in the user's cache folder
under a name that changes with the font and with this module. It is the same bytes either way.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import platformdirs

from ntm_gis.errors import OutputError
from ntm_gis.outputs.files import atomic_write

PACKAGE = "fontpkg-be-vietnam-pro"

# Latin with the letters of Vietnamese, combining marks for names that came decomposed, and the
# signs that our sentences use. The font has no arrows, primes or check marks: those are drawn.
LETTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x300, 0x30A),
    0x323, *range(0x1EA0, 0x1EFA), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026,
    0x20AB, 0x2212, 0x2248, 0x2264, 0x2265,
)  # fmt: skip
FIGURES = tuple(range(ord("0"), ord("9") + 1))
WEIGHTS = {"Regular": 400, "SemiBold": 600}

# The font's own figures have no common width (its 1 is 385 units, its 0 is 676).
FIGURE_WIDTH = 640

NOTICE = (
    "/* Be Vietnam Pro, cut. Copyright 2021 The Be Vietnam Pro Project Authors. This Font Software"
    " is licensed under the SIL Open Font License, Version 1.1. */"
)


@lru_cache(maxsize=1)
def css() -> str:
    """Return the `@font-face` rules of the two families, cut and embedded as WOFF2.

    `NTM Sans` holds letters and figures of Be Vietnam Pro, `NTM So` its ten figures, all of one
    width, so that numbers in columns stand under one another: the font itself lacks those.
    """
    kept = _kept()
    try:
        found = _whole(kept.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    if found is not None:
        return found
    sheet = cut()
    try:
        atomic_write(kept, f"{_digest(sheet)}\n{sheet}".encode())
    except OutputError:
        # A home that cannot be written to costs half a second a run, nothing else.
        return sheet
    return sheet


def _whole(text: str) -> str | None:
    """Return a kept style sheet, or None where it is not what was written: cut short, or other.

    What stands in it goes into every page, so its name alone is not trusted.
    """
    line, _, sheet = text.partition("\n")
    return sheet if line == _digest(sheet) else None


def _digest(sheet: str) -> str:
    return f"/* sha256 {hashlib.sha256(sheet.encode()).hexdigest()} */"


def _kept() -> Path:
    """Return where the cut fonts are kept; another name for another font or another cut."""
    of = tuple(importlib.metadata.version(p) for p in (PACKAGE, "fonttools", "brotli"))
    source = Path(__file__).read_bytes()
    name = hashlib.sha256(source + "\0".join(of).encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("ntm_gis", appauthor=False) / f"fonts-{name}.css"


def cut() -> str:
    """Cut the fonts anew; about half a second."""
    faces = [
        face(weight, family, letters)
        for weight in WEIGHTS
        for family, letters in (("NTM Sans", LETTERS), ("NTM So", FIGURES))
    ]
    return "\n".join((NOTICE, *faces, ""))


def face(weight: str, family: str, letters: Iterable[int]) -> str:
    """Return one rule with the cut font as WOFF2 in it."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font_file = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf"
    font = TTFont(io.BytesIO(font_file.read_bytes()), recalcTimestamp=False)
    tabular = tuple(letters) == FIGURES
    if tabular:
        same_width(font)
    features = [] if tabular else ["ccmp", "locl", "mark", "mkmk"]
    options = subset.Options(
        flavor="woff2", layout_features=features, name_IDs=[0, 1, 2, 13], hinting=False
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return (
        f'@font-face{{font-family:"{family}";font-weight:{WEIGHTS[weight]};'
        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )


def same_width(font: Any) -> None:
    """Give all figures one advance, each in the middle of it."""
    names = font.getBestCmap()
    for code in FIGURES:
        name = names[code]
        advance, bearing = font["hmtx"][name]
        shift = (FIGURE_WIDTH - advance) // 2
        glyph = font["glyf"][name]
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (FIGURE_WIDTH, bearing + shift)
