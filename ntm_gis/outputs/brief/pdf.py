"""brief.pdf: two pages A4, set by typst as the report; what has no room is counted.

Rows and sentences are cut step by step until the pages are two at most: the same content is cut
at the same place everywhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import typesetting
from ntm_gis.outputs.brief.build import build
from ntm_gis.outputs.brief.model import Brief, Part
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.report.build import BLANK, Paper
from ntm_gis.outputs.report.model import Picture
from ntm_gis.outputs.report.pdf import as_text
from ntm_gis.rules.terms import say

FILE_NAME = "brief.pdf"
PAGES = 2
_PAGE = Path(__file__).resolve().parent / "templates" / "brief.typ"
_HIGH = 113 / 160
_LONG_WORD = re.compile(r"\S{25,}")
_PIECE = 12
_ZERO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True)
class Room:
    """How much is shown: rows of a table, letters of a cell, width of the picture in mm."""

    rows: int
    letters: int
    picture_mm: float


ROOMS = (
    Room(24, 300, 150), Room(16, 260, 150), Room(12, 240, 150), Room(10, 200, 135),
    Room(8, 170, 125), Room(7, 150, 115), Room(6, 130, 105), Room(5, 110, 95), Room(4, 90, 85),
    Room(3, 70, 75), Room(2, 50, 65), Room(1, 40, 55),
)  # fmt: skip
"""From much to little; the last one fits whatever is in it."""


def write(
    answer: Answer,
    layers: Layers,
    out: Path,
    lang: str = "vi",
    paper: Paper = BLANK,
    *,
    record_head: str | None = None,
) -> Path:
    """Write `brief.pdf` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made = build(answer, layers, lang, paper, record_head=record_head)
    return atomic_write(out / FILE_NAME, document(made))


def document(brief: Brief) -> bytes:
    """Return the brief as a PDF of at most two pages with its fonts in it."""
    import typst

    source = _PAGE.read_bytes()
    shown: dict[str, Any] = {}
    for room in ROOMS:
        shown = data(brief, room)
        pages = typst.query(
            source, "<pages>", field="value", one=True, ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(shown, ensure_ascii=False)},
        )  # fmt: skip
        if int(pages) <= PAGES:
            break
    return typesetting.pdf(_PAGE, shown)


def data(brief: Brief, room: Room) -> dict[str, Any]:
    """Return the brief as plain values, cut to a room."""
    picture = None
    if brief.picture is not None:
        wide, high = room.picture_mm, round(room.picture_mm * _HIGH, 2)
        held = Picture(brief.picture, brief.caption, wide, high)
        picture = {"svg": as_text(held), "width": wide, "height": high}
    return {
        "lang": brief.lang,
        "words": {n: cut(text, _FOOT if n == "foot" else _WORDS) for n, text in brief.words},
        "figures": [
            {"title": cut(f.title, _TITLE), "value": cut(f.value, _VALUE), "unit": f.unit,
             "below": cut(f.below, _TITLE)}
            for f in brief.figures
        ],
        "parts": [_part(part, room, brief.lang) for part in brief.parts],
        "picture": picture,
        "caption": cut(brief.caption, _WORDS),
    }  # fmt: skip


_WORDS, _FOOT, _TITLE, _VALUE = 90, 260, 60, 14


def _part(part: Part, room: Room, lang: str) -> dict[str, Any]:
    rows = part.rows[: room.rows]
    left = len(part.rows) - len(rows)
    wide = sum(part.widths) or 1.0
    # A narrow column holds fewer letters on as many lines.
    most = [max(int(room.letters * 2 * share / wide), 12) for share in part.widths]
    return {
        "title": cut(part.title, _WORDS),
        "notes": [cut(note, 2 * room.letters) for note in part.notes],
        "heads": list(part.heads) if rows else [],
        "rows": [[cut(cell, most[k]) for k, cell in enumerate(row)] for row in rows],
        "widths": list(part.widths), "right": sorted(part.right),
        "empty": cut(part.empty, _WORDS) if part.heads and not part.rows else "",
        "more": say("brief.and_more", lang, n=left) if left else "",
    }  # fmt: skip


def cut(text: str, most: int) -> str:
    r"""Return a text in one line of at most so many letters, its long words made to break.

    Examples
    --------
    >>> cut("Bản\nHô Tra", 40), cut("Đường lên bản Hô Tra", 10)
    ('Bản Hô Tra', 'Đường lên…')
    """
    line = " ".join(plain(text).split(" ")).replace("\n", " ").replace("\t", " ").strip()
    if len(line) > most:
        line = f"{line[: most - 1].rstrip()}…"
    return _LONG_WORD.sub(_broken, line)


def _broken(found: re.Match[str]) -> str:
    word = found[0]
    return _ZERO_WIDTH.join(word[k : k + _PIECE] for k in range(0, len(word), _PIECE))
