"""Binding: pages are planned first, so that contents know their numbers, then drawn in order."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.backends.backend_pdf import PdfPages
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link as PdfLink
from pypdf.generic import Fit

from ntm_gis.outputs import webmap
from ntm_gis.outputs.atlas import (
    board,
    card_form,
    card_map,
    chairman,
    chairman_maps,
    contents,
    works_sheet,
)
from ntm_gis.outputs.atlas.cards import Village, Villages
from ntm_gis.outputs.atlas.slim import slim
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.printmap import How, Press, Printer
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.outputs.printmap.standard import MM
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.layers.values import Answer, Layers
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.rules.commune import Commune

CHAIRMAN, WORKS, CONTENTS, BOARD, VILLAGES = "chairman", "works", "contents", "board", "forms"

_GROUPS = {"maps": "maps", BOARD: "villages", VILLAGES: "villages"}
"""Parts that stand under a heading, in the contents and among the bookmarks."""

Draw = Callable[[str], "Page"]


@dataclass(frozen=True)
class Leaf:
    """A page that is planned: its part, its line in the contents, its label, what draws it.

    `entry` is empty where the page follows another one of the same line; `draw` is None where
    the page is a map's.
    """

    part: str
    entry: str
    label: str
    draw: Draw | None = None
    map: str = ""


@dataclass
class Plan:
    """All pages of an atlas, in order."""

    leaves: list[Leaf] = field(default_factory=list)
    lang: str = "vi"

    @property
    def lines(self) -> list[contents.Entry]:
        """The lines of the contents, headings among them."""
        out: list[contents.Entry] = []
        last = ""
        for page, leaf in enumerate(self.leaves, 1):
            title = _GROUPS.get(leaf.part, "")
            if title not in ("", last):
                out.append(contents.Entry(say(f"atlas.{title}", self.lang)))
                last = title
            if leaf.entry:
                out.append(contents.Entry(leaf.entry, page))
        return out


class Book:
    """An atlas of one answer.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    commune : Commune
    lang : str
        "vi" or "en".
    record_head : str, optional
        Check code of the record.
    bw : bool
        A4 for a copier.
    sheets : frozenset of str, optional
        Parts and maps (`atlas.names()`) that are wanted; all where left out.
    """

    def __init__(
        self,
        answer: Answer,
        layers: Layers,
        commune: Commune,
        lang: str = "vi",
        record_head: str | None = None,
        *,
        bw: bool = False,
        sheets: frozenset[str] | None = None,
    ) -> None:
        self.lang, self.bw, self.sheets = lang, bw, sheets
        self.names = [n for n in _available(answer, sheets) if self._wanted(n)]
        self.printer = Printer(answer, layers, commune, lang, record_head)
        self.villages = Villages(self.printer)
        self._links: list[contents.Link] = []
        self.plan = self._planned()
        pages = len(self.plan.leaves)
        self.printer.marks.update(
            (leaf.map, f"{n}/{pages}") for n, leaf in enumerate(self.plan.leaves, 1) if leaf.map
        )

    def _wanted(self, name: str) -> bool:
        return self.sheets is None or name in self.sheets

    # --- planning ---------------------------------------------------------------------------------

    def _planned(self) -> Plan:
        first, last = list(self._before()), list(self._after())
        # Contents are as long as their lines: headings of maps and villages, and themselves.
        lines = sum(bool(leaf.entry) for leaf in (*first, *last)) + 3
        n = -(-lines // contents.PER_PAGE)
        own = [
            Leaf(CONTENTS, "" if k else say("atlas.contents", self.lang), self._label(CONTENTS, k),
                 self._contents(k))
            for k in range(n)
        ]  # fmt: skip
        return Plan([*first[:1], *own, *first[1:], *last], self.lang)

    def _label(self, part: str, k: int = 0) -> str:
        return f"{say(f'atlas.label_{part}', self.lang)}{k + 1 if k else ''}"

    def _before(self) -> Iterator[Leaf]:
        """Yield the chairman's sheet, and sheets of the works that it has no room for."""
        wanted = self._wanted
        if not (wanted(CHAIRMAN) or wanted(WORKS)):
            return
        told = chairman.told(self.printer)
        if wanted(CHAIRMAN):
            yield Leaf(
                CHAIRMAN, say("atlas.chairman_short", self.lang), self._label(CHAIRMAN),
                lambda page_of: chairman.draw(self.printer, told, bw=self.bw, page_of=page_of),
            )  # fmt: skip
        every = chairman_maps.placed(self.printer, told.works)
        if not wanted(WORKS) or len(every) <= chairman_maps.INSETS:
            return
        for k in range(works_sheet.pages(every)):
            yield Leaf(
                WORKS, "" if k else say("atlas.works_sheet", self.lang), self._label(WORKS, k),
                self._works(every, k),
            )  # fmt: skip

    def _after(self) -> Iterator[Leaf]:
        """Yield the maps, the board, and the pages of villages."""
        for n, name in enumerate(self.names, 1):
            title = maps.definition(name).title.words.of(self.lang)
            yield Leaf("maps", title, f"{self._label('maps')}{n}", None, name)
        every = self.villages.every
        if self._wanted(BOARD) and every:
            for k in range(board.pages(self.villages)):
                yield Leaf(
                    BOARD, "" if k else say("atlas.board", self.lang), self._label(BOARD, k),
                    self._board(k),
                )  # fmt: skip
        if self._wanted(VILLAGES) and every:
            yield from self._cards()

    def _cards(self) -> Iterator[Leaf]:
        found, lang = self.villages, self.lang
        shared = card_map.content(found)
        parts = card_form.parts(found.asked)
        sides = 1 + len(parts)
        for village in found.every:
            name = plain(village.called(lang))

            def front(page_of: str, village: Village = village) -> Page:
                side = say("atlas.card_sides", lang, side=1, sides=sides)
                return card_map.draw(found, shared, village, side, page_of)

            label = f"{self._label(VILLAGES)}{village.number:02}"
            yield Leaf(VILLAGES, f"{village.number:02} · {name}", f"{label}-1", front)
            for k, part in enumerate(parts, 2):

                def back(
                    page_of: str,
                    village: Village = village,
                    part: card_form.Part = part,
                    k: int = k,
                ) -> Page:
                    side = say("atlas.card_sides", lang, side=k, sides=sides)
                    return card_form.draw(found, village, part, side, page_of)

                yield Leaf(VILLAGES, "", f"{label}-{k}", back)

    def _contents(self, k: int) -> Draw:
        def draw(page_of: str) -> Page:
            page, links = contents.draw(self.printer, self.plan.lines, k, page_of, bw=self.bw)
            self._links += links
            return page

        return draw

    def _works(self, every: Sequence[works_sheet.Work], k: int) -> Draw:
        return lambda page_of: works_sheet.draw(self.printer, every, k, page_of, bw=self.bw)

    def _board(self, k: int) -> Draw:
        return lambda page_of: board.draw(self.villages, k, page_of)

    # --- binding ----------------------------------------------------------------------------------

    def render(self, progress: Callable[[str], None] = lambda _: None) -> bytes:
        """Return the atlas as a PDF; the same answer gives the same bytes."""
        how = How("A4" if self.bw else "A3", ("pdf",), bw=self.bw)
        with tempfile.TemporaryDirectory() as place:
            press = Press(self.printer, Path(place), self.names, how)
            press.start()
            try:
                own = self._own(progress)
                sheets = {
                    name: PdfReader(io.BytesIO(press.file(name, "pdf").read_bytes()))
                    for name in self.names
                }
            finally:
                press.close()
        return self._bound(own, sheets)

    def _own(self, progress: Callable[[str], None]) -> bytes:
        """Return the pages that are no maps, in order, as one file: its fonts are shared."""
        out = io.BytesIO()
        about = {"Creator": "ntm_gis", "Producer": "ntm_gis", "CreationDate": None}
        pages = len(self.plan.leaves)
        self._links = []
        with settings(), PdfPages(out, metadata=about) as pdf:
            for n, leaf in enumerate(self.plan.leaves, 1):
                if leaf.draw is not None:
                    if leaf.entry:
                        progress(leaf.part)
                    page = leaf.draw(say("atlas.page", self.lang, page=n, pages=pages))
                    pdf.savefig(page.figure)
        return out.getvalue()

    def _bound(self, own: bytes, sheets: dict[str, PdfReader]) -> bytes:
        writer = PdfWriter()
        drawn = iter(PdfReader(io.BytesIO(own)).pages if own else ())
        for leaf in self.plan.leaves:
            writer.add_page(sheets[leaf.map].pages[0] if leaf.map else next(drawn))
        self._outline(writer)
        for n, leaf in enumerate(self.plan.leaves):
            # A label of its own for each page: no style, the prefix is all.
            writer.set_page_label(n, n, prefix=leaf.label, style=None)
        self._link(writer)
        name = plain(self.printer.library.context.commune.commune.name)
        title = f"{say('atlas.title', self.lang)} – {name}"
        writer.add_metadata({"/Title": title, "/Creator": "ntm_gis", "/Producer": "ntm_gis"})
        writer.page_mode = "/UseOutlines"
        slim(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def _outline(self, writer: PdfWriter) -> None:
        parents = {}
        for n, leaf in enumerate(self.plan.leaves):
            group = _GROUPS.get(leaf.part)
            if group is not None and group not in parents and leaf.entry:
                title = say(f"atlas.{group}", self.lang)
                parents[group] = writer.add_outline_item(title=title, page_number=n)
            if leaf.entry:
                parent = None if group is None else parents[group]
                writer.add_outline_item(title=plain(leaf.entry), page_number=n, parent=parent)

    def _link(self, writer: PdfWriter) -> None:
        at = [n for n, leaf in enumerate(self.plan.leaves) if leaf.part == CONTENTS]
        for link in self._links:
            left, bottom, right, top = (round(v * MM, 2) for v in link.box)
            note = PdfLink(
                rect=(left, bottom, right, top), target_page_index=link.page - 1, fit=Fit.fit()
            )
            writer.add_annotation(at[link.part], note)


def _available(answer: Answer, sheets: frozenset[str] | None) -> Sequence[str]:
    """Return the maps of an atlas: those with something to draw; asked by name, any."""
    if sheets is None:
        return webmap.available(answer)
    return [name for name in maps.names() if name in sheets]
