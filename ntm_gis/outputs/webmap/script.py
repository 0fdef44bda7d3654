"""The page's script and style: Leaflet without its addresses, then our files in order."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).resolve().parent

_LICENCE = "leaflet-licence.txt"

# A page that asks nothing of the outside names nothing outside, not even in what never runs: the
# first comment, the link of the attribution, the name of the SVG space.
_OPENING = "/* @preserve"
_SVG_SPACE = '"http://www.w3.org/2000/svg"'
_SVG_SPACE_IN_PARTS = '("ht"+"tp://www.w3.org/2000/svg")'
_ATTRIBUTION = "prefix:'<a href="


_TIMED = "80-time"
"""Our files, by their beginning, that only pages which show days need."""


@lru_cache(maxsize=2)
def scripts(*, timed: bool = False) -> tuple[str, ...]:
    """Return the scripts of the map page, in the order in which they run.

    Parameters
    ----------
    timed : bool
        The page shows one day at a time.

    Examples
    --------
    >>> any("http:" in s or "https:" in s for s in scripts())
    False
    """
    return _leaflet(), _own(timed=timed)


@lru_cache(maxsize=2)
def styles(*, timed: bool = False) -> tuple[str, ...]:
    """Return the style sheets of the map page."""
    own = [_text(path) for path in _files("css", timed=timed)]
    return _without_comments(_packaged("leaflet.css")).replace("url(images/", "url(data:,"), *own


def source(name: str) -> str:
    """Return one of our script files, for tests of what it computes."""
    return _text(HERE / "js" / name)


def _files(kind: str, *, timed: bool) -> list[Path]:
    found = sorted((HERE / kind).glob(f"*.{kind}"))
    return [path for path in found if timed or not path.name.startswith(_TIMED)]


def _own(*, timed: bool) -> str:
    """Return our files as one script with a scope of its own."""
    parts = [_text(path) for path in _files("js", timed=timed)]
    return '"use strict";\n(async () => {\n' + "\n".join(parts) + "\n})();\n"


def _leaflet() -> str:
    text = _packaged("leaflet.js")
    start = text.index("*/", text.index(_OPENING)) + 2
    text = text[start:].replace("//# sourceMappingURL=leaflet.js.map", "")
    text = text.replace(_SVG_SPACE, _SVG_SPACE_IN_PARTS)
    return f"/* {_text(HERE / _LICENCE)} */\n" + _without_attribution(text).strip() + "\n"


def _without_attribution(text: str) -> str:
    """Take the linked prefix of the attribution out: a string with a nested choice in it."""
    start = text.index(_ATTRIBUTION)
    end = text.index('Leaflet</a>"', start) + len('Leaflet</a>"')
    return text[:start] + "prefix:!1" + text[end:]


def _without_comments(css: str) -> str:
    parts = css.split("/*")
    return parts[0] + "".join(part.split("*/", 1)[1] for part in parts[1:])


def _packaged(name: str) -> str:
    folder = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    return (folder / name).read_text(encoding="utf-8")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
