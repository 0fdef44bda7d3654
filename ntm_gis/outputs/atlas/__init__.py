"""Atlas: the chairman's sheet, all printed maps, a form for each village, bound in one PDF.

Drawing libraries are loaded when something is drawn: few commands draw.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.errors import UsageError
from ntm_gis.outputs.files import atomic_write
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.layers.values import Answer, Layers
    from ntm_gis.outputs.printmap import Printer
    from ntm_gis.rules.commune import Commune

FILE_NAME, FILE_NAME_BW = "atlas.pdf", "atlas_bw.pdf"
CHAIRMAN = "maps/chairman"
KINDS = ("pdf", "png")
PARTS = ("chairman", "works", "board", "forms")
"""What an atlas has besides the maps of `maps/`."""

_DPI = 150

Job = tuple[str, Callable[[], Path]]


def names() -> tuple[str, ...]:
    """Return what an atlas may be asked for: its own parts and every map.

    Examples
    --------
    >>> names()[:2], "roads" in names()
    (('chairman', 'works'), True)
    """
    return (*PARTS, *maps.names())


def write(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    out: Path,
    lang: str = "vi",
    *,
    record_head: str | None = None,
    bw: bool = False,
    sheets: frozenset[str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write `atlas.pdf`, or `atlas_bw.pdf`, into the folder `out`.

    Parameters
    ----------
    answer : Answer
        Frames in the commune's zone.
    layers : Layers
    commune : Commune
    out : Path
        Made where it is missing.
    lang : str
        "vi" or "en".
    record_head : str, optional
        Check code of the record, printed on the sheets.
    bw : bool
        A4 in black and white, to be copied; A3 and colours where left out.
    sheets : frozenset of str, optional
        Some of `names()`; all that have something to show where left out.
    progress : callable
        Told the name of each part as its making begins.

    Raises
    ------
    OutputError
        It cannot be written.
    UsageError
        Nothing that was asked for has anything to show.
    """
    from ntm_gis.outputs.atlas.book import CONTENTS, Book
    from ntm_gis.outputs.files import require_folder
    from ntm_gis.outputs.planreview.worded import worded

    require_folder(out)
    answer = worded(answer, layers, lang)
    book = Book(answer, layers, commune, lang, record_head, bw=bw, sheets=sheets)
    if all(leaf.part == CONTENTS for leaf in book.plan.leaves):
        raise UsageError("ATLAS_NOTHING", sheets=", ".join(sorted(sheets or names())))
    return atomic_write(out / (FILE_NAME_BW if bw else FILE_NAME), book.render(progress))


def chairman_jobs(printer: Callable[[], Printer], out: Path) -> Iterator[Job]:
    """Yield the chairman's sheet as PDF and PNG, for a run; it is drawn once.

    Parameters
    ----------
    printer : callable
        Makes what draws, where it is asked for.
    """

    @cache
    def made() -> dict[str, bytes]:
        from ntm_gis.outputs.atlas import chairman
        from ntm_gis.outputs.printmap.page import settings
        from ntm_gis.outputs.printmap.printer import picture
        from ntm_gis.rules.terms import say

        found = printer()
        title = say("atlas.chairman", found.lang, name=found.library.context.commune.commune.name)
        about = {"Title": title, "Creator": "ntm_gis", "Producer": "ntm_gis", "CreationDate": None}
        with settings():
            page = chairman.draw(found, chairman.told(found))
            pdf = io.BytesIO()
            page.figure.savefig(pdf, format="pdf", metadata=about)
            return {"pdf": pdf.getvalue(), "png": picture(page, _DPI, title)}

    for kind in KINDS:
        target = out / f"{CHAIRMAN}.{kind}"

        def write_one(kind: str = kind, target: Path = target) -> Path:
            return atomic_write(target, made()[kind])

        yield f"{CHAIRMAN}.{kind}", write_one
