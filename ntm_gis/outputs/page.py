"""The frame that every HTML page shares: fonts, colours, marks, content policy, data.

A page is one file that asks nothing of the outside: fonts are cut and stand in the style sheet,
marks in one hidden SVG, data in a JSON block that no browser runs. The content policy allows
exactly the script and the style that the page was made with, by their SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from fontTools import subset
from fontTools.ttLib import TTFont
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ASSETS = Path(__file__).resolve().parent / "assets"

# Latin with the letters of Vietnamese, combining marks for names that came decomposed, and the
# signs that our sentences use. The font has no arrows, primes or check marks: those are drawn.
LETTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x300, 0x30A),
    0x323, *range(0x1EA0, 0x1EFA), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026,
    0x20AB, 0x2212, 0x2248, 0x2264, 0x2265,
)  # fmt: skip
FIGURES = tuple(range(ord("0"), ord("9") + 1))
WEIGHTS = {"Regular": 400, "SemiBold": 600}
FIGURE_WIDTH = 640


def asset(name: str) -> str:
    """Return a shared text file of the pages (`tokens.css`, `marks.svg`).

    Examples
    --------
    >>> "--brand" in asset("tokens.css")
    True
    """
    return (ASSETS / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def fonts_css() -> str:
    """Return the `@font-face` rules of the two families, cut and embedded as WOFF2.

    `NTM Sans` holds letters and figures of Be Vietnam Pro, `NTM So` its ten figures, all of one
    width, so that numbers in columns stand under one another: the font itself lacks those.
    Made once a process.
    """
    return "\n".join(
        _face(weight, family, letters)
        for weight in WEIGHTS
        for family, letters in (("NTM Sans", LETTERS), ("NTM So", FIGURES))
    )


def _face(weight: str, family: str, letters: Iterable[int]) -> str:
    font_file = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf"
    font = TTFont(io.BytesIO(font_file.read_bytes()), recalcTimestamp=False)
    tabular = tuple(letters) == FIGURES
    if tabular:
        _same_width(font)
    features = [] if tabular else ["ccmp", "locl", "mark", "mkmk"]
    options = subset.Options(
        flavor="woff2", layout_features=features, name_IDs=[1, 2], hinting=False
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return (
        f'@font-face{{font-family:"{family}";font-weight:{WEIGHTS[weight]};'
        f"src:url(data:font/woff2;base64,{_base64(out.getvalue())})"
        ' format("woff2")}'
    )


def _same_width(font: TTFont) -> None:
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


def environment(folder: Path) -> jinja2.Environment:
    """Return the template engine for a folder: escapes everything, refuses unknown names."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def data_block(data: object) -> Markup:
    r"""Return data as a JSON block that is never markup and never runs.

    Examples
    --------
    >>> str(data_block({"name": "</script>"}))
    '<script type="application/json" id="data">{"name":"\\u003c/script>"}</script>'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Inside a JSON text "<" only stands in strings, where its escape means the same.
    text = text.replace("<", "\\u003c")
    block = f'<script type="application/json" id="data">{text}</script>'
    return Markup(block)  # noqa: S704 - no "<" of the data is left in it


def render(  # noqa: PLR0913, PLR0917 - what a page is made of, in the order of the page
    title: str,
    body_html: Markup,
    css: Sequence[str],
    scripts: Sequence[str],
    data: object | None = None,
    lang: str = "vi",
) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : str
        Plain text.
    body_html : Markup
        What stands in the body, from a template that escapes.
    css, scripts : sequence of str
        Style sheets and scripts of the page, in order; fonts and shared colours come before.
    data : object or None
        What the script reads from the block `data`: anything JSON holds, no NaN.
    lang : str
        "vi" or "en".

    Examples
    --------
    >>> page = render("Xã <A>", Markup("<p>x</p>"), [], [])
    >>> "<title>Xã &lt;A&gt;</title>" in page, "script-src 'none'" in page
    (True, True)
    """
    style = "\n".join((fonts_css(), asset("tokens.css"), *css))
    return _frame().render(
        lang=lang,
        title=title,
        policy=policy(style, scripts),
        style=_own("style", style),
        marks=_own("body", asset("marks.svg")),
        body=body_html,
        data="" if data is None else data_block(data),
        scripts=[_own("script", script) for script in scripts],
    )


def policy(style: str, scripts: Sequence[str]) -> str:
    """Return the content policy that allows this style and these scripts and nothing else."""
    allowed = " ".join(_digest(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _frame() -> jinja2.Template:
    return environment(ASSETS).get_template("page.html")


def _own(tag: str, text: str) -> Markup:
    """Return a style, script or drawing of ours as it is, sure that it does not end early."""
    if f"</{tag}" in text.lower():
        msg = f"a {tag} that holds its own end tag"
        raise ValueError(msg)
    return Markup(text)  # noqa: S704 - a file of the package, no text of data


@lru_cache(maxsize=64)
def _digest(text: str) -> str:
    return f"'sha256-{_base64(hashlib.sha256(text.encode('utf-8')).digest())}'"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
