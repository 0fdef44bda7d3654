"""The frame that every HTML page shares: fonts, colours, marks, content policy, data.

A page is one file that asks nothing of the outside: fonts are cut and stand in the style sheet,
marks in one hidden SVG, data in a JSON block that no browser runs. The content policy allows
exactly the script and the style that the page was made with, by their SHA-256.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from ntm_gis.outputs import fonts, gates

if TYPE_CHECKING:
    from collections.abc import Sequence

ASSETS = Path(__file__).resolve().parent / "assets"

PACKED_FROM = 600_000
"""Characters of data from which a page holds them compressed: older browsers open the others."""

_EFFORT = 2
"""Of gzip: 6 takes three times as long for a fourteenth of the size, 9 twelve times."""


def asset(name: str) -> str:
    """Return a shared text file of the pages (`tokens.css`, `marks.svg`).

    Examples
    --------
    >>> "--brand" in asset("tokens.css")
    True
    """
    return (ASSETS / name).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def environment(folder: Path) -> jinja2.Environment:
    """Return the template engine for a folder: escapes everything, refuses unknown names.

    Every text passes the gate of HTML on its way into a template.

    One engine a folder, so that each template is compiled once.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_gate,
    )


def _gate(value: object) -> object:
    """Return a text without the control characters and signs of direction that escaping leaves."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return gates.text_for_html(value)
    return value


@dataclass(frozen=True, slots=True)
class Written:
    """Data written as JSON before, for what many pages share; made by `written`."""

    text: str


def written(data: object) -> Written:
    r"""Return data as JSON without "<".

    A mapping may hold values that are written already, a list may hold them.

    Examples
    --------
    >>> written({"a": written("<"), "b": [written(1), written(2)]}).text
    '{"a":"\\u003c","b":[1,2]}'
    """
    if isinstance(data, Written):
        return data
    if isinstance(data, dict) and any(_holds_written(v) for v in data.values()):
        pairs = (f"{json.dumps(str(key))}:{written(value).text}" for key, value in data.items())
        return Written("{" + ",".join(pairs) + "}")
    if isinstance(data, list) and data and isinstance(data[0], Written):
        return Written("[" + ",".join(written(item).text for item in data) + "]")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Inside a JSON text "<" only stands in strings, where its escape means the same.
    return Written(text.replace("<", "\\u003c"))


def _holds_written(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, Written)


def data_block(data: object) -> Markup:
    r"""Return data as a JSON block that is never markup and never runs.

    From `PACKED_FROM` characters on the block is compressed: base64 of gzip, which browsers of
    2023 and later unpack by themselves. The pages of a commune stay below it.

    Examples
    --------
    >>> str(data_block({"name": "</script>"}))
    '<script type="application/json" id="data">{"name":"\\u003c/script>"}</script>'
    """
    text = written(data).text
    kind = "application/json"
    if len(text) > PACKED_FROM:
        packed = gzip.compress(text.encode("utf-8"), _EFFORT, mtime=0)
        kind, text = "application/gzip", _base64(packed)
    block = f'<script type="{kind}" id="data">{text}</script>'
    return Markup(block)  # noqa: S704 - no "<" of the data is left in it


def render(
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
    style = "\n".join((fonts.css(), asset("tokens.css"), *css))
    return (
        environment(ASSETS)
        .get_template("page.html")
        .render(
            lang=lang,
            title=title,
            policy=policy(style, scripts),
            style=_own("style", style),
            marks=_own("body", asset("marks.svg")),
            body=body_html,
            data="" if data is None else data_block(data),
            scripts=[_own("script", script) for script in scripts],
        )
    )


def policy(style: str, scripts: Sequence[str]) -> str:
    """Return the content policy that allows this style and these scripts and nothing else."""
    allowed = " ".join(_digest(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=64)
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
