"""Making a bound PDF small: what pages draw alike is kept once, places to a hundredth of a point.

Sheets of one commune draw the same contours, streams and boundary; each was made by itself, so
that relief, fonts and lines lie in the file as often as there are sheets.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject, PdfWriter
    from pypdf.generic import IndirectObject

_DRAWN = re.compile(rb"(?<=\n)(?=Q q )")
"""Between two of these a page draws one thing: what was set for it before is undone."""

_LONG = re.compile(rb"\.\d{3,}|\((?:[^\\()]|\\.)*\)", re.DOTALL)
"""The decimals of a number; and texts, which hold numbers too, but are left as they are."""

_OF_PLACES = 6
"""Decimals of places; colours and turns have up to ten."""

_LEAST = 1000
"""Bytes; what is shorter costs more as a piece of its own than it saves."""


def slim(writer: PdfWriter) -> None:
    """Keep once what several pages have, and compress; what is seen stays the same."""
    pages = [_DRAWN.split(shortened(_content(page))) for page in writer.pages]
    found = Counter(piece for page in pages for piece in set(page) if len(piece) >= _LEAST)
    shared = {piece for piece, n in found.items() if n > 1}
    made: dict[bytes, IndirectObject | None] = {}
    for page, pieces in zip(writer.pages, pages, strict=True):
        streams = ArrayObject()
        for run in joined(pieces, shared):
            if run not in made:
                made[run] = _stream(writer, run)
            streams.append(made[run])
        page[NameObject("/Contents")] = streams
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)


def shortened(content: bytes) -> bytes:
    """Return what draws a page with places to 0.01 pt, 3.5 µm; texts are left alone.

    Examples
    --------
    >>> shortened(b"0.7058823529 0.2 0 rg 117.939601 169.287809 m (No. 12.345678) Tj")
    b'0.7058 0.2 0 rg 117.93 169.28 m (No. 12.345678) Tj'
    """
    return _LONG.sub(_short, content)


def _short(found: re.Match[bytes]) -> bytes:
    said = found[0]
    if said[:1] == b"(":
        return said
    return said[:5] if len(said) > _OF_PLACES + 1 else said[:3]


def joined(pieces: Sequence[bytes], shared: set[bytes]) -> list[bytes]:
    """Return the pieces of a page in order, those next to each other that no page shares as one.

    Examples
    --------
    >>> joined([b"a", b"b", b"X", b"c"], {b"X"})
    [b'ab', b'X', b'c']
    """
    out: list[bytes] = []
    own = b""
    for piece in pieces:
        if piece in shared:
            out += [own, piece] if own else [piece]
            own = b""
        else:
            own += piece
    return [*out, own] if own else out


def _content(page: PageObject) -> bytes:
    found = page.get_contents()
    return b"" if found is None else found.get_data()


def _stream(writer: PdfWriter, data: bytes) -> IndirectObject | None:
    plain = DecodedStreamObject()
    plain.set_data(data)
    made = plain.flate_encode()
    made.indirect_reference = None  # an object of its own: those of streams have to be
    return made.clone(writer).indirect_reference
