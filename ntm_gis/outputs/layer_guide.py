"""cau-truc-lop-ban-do.html: what those who draw the map layers put into their tables.

Layers of lines and areas come as maps, never as lists; each has a table of its columns, what
they mean and what they take. A page, not a sheet: it must not be taken for data.
"""

from __future__ import annotations

from dataclasses import dataclass

from ntm_gis.outputs import wording
from ntm_gis.outputs.forms import page
from ntm_gis.outputs.templates import FILLED_BY_HAND
from ntm_gis.rules.schema import Field, code_list, layer_names, schema
from ntm_gis.rules.terms import say

FILE_NAME = "cau-truc-lop-ban-do.html"
_OWN_FILES = ("tracks", "photos", "elevation")
_CODES, _SPELLINGS = 40, 8


@dataclass(frozen=True, slots=True)
class Row:
    """One column of a layer: how it may be headed, what it means and takes."""

    name: str
    title: str
    required: bool
    kind: str
    takes: str
    spelt: str


@dataclass(frozen=True, slots=True)
class Guided:
    """One layer: what it is called, its shapes, the files it comes in, its columns."""

    id: str
    title: str
    shapes: str
    files: str
    rows: tuple[Row, ...]


def layers() -> tuple[str, ...]:
    """Return the layers that come as maps, files of a device or pictures, not as lists.

    Examples
    --------
    >>> "boundary" in layers(), "villages" in layers()
    (True, False)
    """
    return tuple(name for name in layer_names() if name not in FILLED_BY_HAND)


def guide(lang: str = "vi") -> str:
    """Return the guide as a page."""
    found = tuple(_layer(name, lang) for name in layers())
    return page.whole(
        say("layer_guide.title", lang), "layer_guide", "layer_guide", lang, layers=found
    )


def _layer(name: str, lang: str) -> Guided:
    found = schema(name)
    shapes = ", ".join(say(f"layer_guide.{kind}", lang) for kind in found.geometry)
    files = say(f"layer_guide.{name if name in _OWN_FILES else 'vector'}", lang)
    rows = tuple(_row(field, lang) for field in found.fields)
    return Guided(name, found.title.words.of(lang), shapes, files, rows)


def _row(field: Field, lang: str) -> Row:
    codes = code_list(field.codes).codes[:_CODES] if field.codes else ()
    return Row(
        field.aliases[0] if field.aliases else field.name,
        wording.heading(field, lang),
        field.required,
        say(f"layer_guide.kind_{field.type}", lang),
        "; ".join(_code(code.code, code.title.words.of(lang)) for code in codes),
        ", ".join(field.aliases[1:_SPELLINGS]),
    )


def _code(code: str, title: str) -> str:
    """Return a code as offices write it: signs like LUC with their title, others by it alone."""
    return f"{code} ({title})" if code.isupper() else title
