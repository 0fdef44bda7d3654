"""Maps of one answer on paper: what they share is made once, each sheet is then drawn."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ntm_gis.layers.outlines import LAYER as OUTLINES
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.printmap import edges, fitting, location, sheet, sheet_set, sources, standard
from ntm_gis.outputs.printmap.content import Content, Library, definition_of
from ntm_gis.outputs.printmap.ground import Ground
from ntm_gis.outputs.printmap.how import How, file_name
from ntm_gis.outputs.printmap.page import Page, settings
from ntm_gis.outputs.printmap.type import for_copies
from ntm_gis.outputs.printmap.units import units
from ntm_gis.outputs.speech import Speech
from ntm_gis.outputs.webmap.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt
    import shapely

    from ntm_gis.layers.values import Answer, Grid, Layers
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.rules.commune import Commune
    from ntm_gis.rules.maps import MapDefinition

A3 = How()
_MOST_CELLS = 1_500_000
_COMPRESSED = 4


class Printer:
    """All printed sheets of an answer in one language.

    Parameters
    ----------
    answer : Answer
        Frames in the commune's zone.
    layers : Layers or None
        Where the rows came from, and the elevation.
    commune : Commune
    lang : str
        "vi" or "en".
    record_head : str, optional
        Check code of the record, in the footer.
    marks : mapping of str to str, optional
        Map -> its number among sheets that belong together, "5/62"; "1/1" where left out.
    """

    def __init__(
        self,
        answer: Answer,
        layers: Layers | None,
        commune: Commune,
        lang: str = "vi",
        record_head: str | None = None,
        marks: Mapping[str, str] | None = None,
    ) -> None:
        self.answer, self.layers, self.lang = answer, layers, lang
        self.library = Library(Context(answer, commune, lang), Speech(answer, lang, layers))
        self.record_head = record_head
        self.marks: dict[str, str] = {} if marks is None else dict(marks)

    @property
    def given(self) -> tuple[Any, ...]:
        """What another one is made from that draws the same."""
        commune = self.library.context.commune
        return (
            self.answer, self.layers, commune, self.lang, self.record_head, dict(self.marks)
        )  # fmt: skip

    def write(self, name: MapDefinition | str, out: Path, how: How = A3) -> tuple[Path, ...]:
        """Draw a map and write `out/NAME.pdf`, `.png`, `.svg`; return the files.

        Raises
        ------
        RuleError
            There is no such map.
        OutputError
            A file cannot be written.
        """
        definition = definition_of(name)
        return tuple(
            atomic_write(out / file_name(definition.name, key), content)
            for key, content in self.made(definition, how).items()
        )

    def made(self, name: MapDefinition | str, how: How = A3) -> dict[str, bytes]:
        """Draw a map; return its files by kind.

        Of a set of sheets the PDF has them as its pages; other kinds have a file of each, by
        number and kind: "1.png", "2.png".

        Raises
        ------
        RuleError
            There is no such map.
        OutputError
            At the scale it would take more sheets than anybody joins.
        """
        given, fits = self._paper(how)
        given = standard.black_and_white(given) if how.bw else given
        content = Content(definition_of(name), self.library)
        with settings(), for_copies(how.bw):
            if how.scale is None or (fits and sheet.holds(content, given, self.setting, how.scale)):
                drawn = sheet.draw(content, given, self.setting, how.scale)
                made = {kind: encoded(drawn, kind) for kind in how.kinds}
                drawn.page.close()
                return made
            n, sheets = sheet_set.draw(content, given, self.setting, how.scale)
            return encoded_set(n, sheets, how.kinds)

    def _paper(self, how: How) -> tuple[Format, bool]:
        """Return the sheet to take, the one named or the next that fits, and whether it does."""
        names = list(standard.FORMATS)
        larger = [standard.FORMATS[name] for name in names[names.index(how.sheet) :]]
        if how.scale is None:
            return larger[0], True
        larger = larger[:1] if how.parts else larger
        west, south, east, north = self.library.context.extent
        need = ((east - west) * 1000 / how.scale, (north - south) * 1000 / how.scale)
        for given in larger:
            for form in (given, given.upright):
                left, bottom, right, top = fitting.frame_of(form).bounds
                room = (right - left - 2 * form.pad, top - bottom - 2 * form.pad)
                if need[0] <= room[0] and need[1] <= room[1]:
                    return given, True
        return larger[-1], False

    def figure(self, name: MapDefinition | str, kind: str = "png") -> bytes:
        """Return a map as a figure of 160 × 113 mm for a report, in a format."""
        with settings():
            drawn = self.draw(definition_of(name), standard.FIGURE)
            made = encoded(drawn, kind)
            drawn.page.close()
        return made

    def draw(
        self, name: MapDefinition | str, given: Format, scale: int | None = None
    ) -> sheet.Sheet:
        """Draw a map on a format. To be called within `settings`."""
        content = Content(definition_of(name), self.library)
        with for_copies(given.bw):
            return sheet.draw(content, given, self.setting, scale)

    @cached_property
    def setting(self) -> sheet.Setting:
        """What all sheets share: heights, neighbours, sources."""
        grid = self._grid
        return sheet.Setting(
            ground=None if grid is None else Ground(grid),
            place=self._place,
            province_edge=self._province_edge,
            record=self.record_head,
            origins=sources.of_layers(self.layers),
            marks=self.marks,
        )

    @property
    def _grid(self) -> Grid | None:
        """The heights: as received, as they reach furthest, unless they are very many."""
        own = self.answer.grids.get("heights")
        full = None if self.layers is None else self.layers.elevation
        found = full if full is not None and full.heights.size <= _MOST_CELLS else own
        if found is None or min(found.heights.shape) < 4:
            return None
        return found if _finite(found.heights) else None

    @property
    def _place(self) -> location.Place | None:
        context = self.library.context
        if context.ground is None:
            return None
        who = context.commune.commune
        return location.place(context.ground, who.province, *self._around, who.crs)

    @property
    def _province_edge(self) -> shapely.Geometry | None:
        ground = self.library.context.ground
        if ground is None:
            return None
        found = [one for frame in self._around for one in units(frame)]
        return edges.provincial(ground, self.library.context.commune.commune.province, found)

    @property
    def _around(self) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None]:
        """The communes around and the outlines that the office gave."""
        given = None if self.layers is None else self.layers[OUTLINES].used
        return self.answer.frames.get("neighbours"), given


def _finite(heights: npt.NDArray[np.float32]) -> bool:
    return bool(np.isfinite(heights).mean() > 0.02)


def encoded(drawn: sheet.Sheet, kind: str) -> bytes:
    """Return a sheet as a file of a format; the same sheet gives the same bytes."""
    out = io.BytesIO()
    given = drawn.view.format
    title = _title(drawn)
    if kind == "pdf":
        drawn.page.figure.savefig(out, format="pdf", metadata=_about(drawn))
    elif kind == "svg":
        drawn.page.figure.savefig(out, format="svg", metadata={"Title": title, "Date": None})
    else:
        return picture(drawn.page, given.dpi, title)
    return out.getvalue()


def encoded_set(n: int, sheets: Iterable[sheet.Sheet], kinds: Sequence[str]) -> dict[str, bytes]:
    """Return sheets as files: the PDF with all as its pages, of other kinds a file of each.

    `n` is how many there are. A single one has the names of a sheet by itself.
    """
    # Loaded here alone: a figure needs none of it.
    from matplotlib.backends.backend_pdf import PdfPages

    out: dict[str, bytes] = {}
    paged = io.BytesIO()
    pages: PdfPages | None = None
    for i, drawn in enumerate(sheets, 1):
        for kind in kinds:
            if n == 1 or kind != "pdf":
                out[kind if n == 1 else f"{i}.{kind}"] = encoded(drawn, kind)
            else:
                pages = pages or PdfPages(paged, metadata=_about(drawn))
                pages.savefig(drawn.page.figure)  # type: ignore[no-untyped-call]  # the library's own
        drawn.page.close()
    if pages is not None:
        pages.close()  # type: ignore[no-untyped-call]  # as above
        out["pdf"] = paged.getvalue()
    return out


def _about(drawn: sheet.Sheet) -> dict[str, Any]:
    """Return what a PDF says of itself: no day, or the same sheet would differ."""
    return {"Title": _title(drawn), "Creator": "ntm_gis", "Producer": "ntm_gis",
            "CreationDate": None}  # fmt: skip


def _title(drawn: sheet.Sheet) -> str:
    title = drawn.content.definition.title.words.of(drawn.content.lang)
    return f"{title} – {drawn.content.context.commune.commune.name}"


def picture(page: Page, dpi: int, title: str) -> bytes:
    """Return a page as PNG; not through the library, which goes over the picture twice more."""
    out = io.BytesIO()
    about = PngInfo()
    about.add_itxt("Title", title)
    Image.fromarray(pixels(page, dpi)).save(
        out, "PNG", dpi=(dpi, dpi), compress_level=_COMPRESSED, pnginfo=about
    )
    return out.getvalue()


def pixels(page: Page, dpi: int) -> npt.NDArray[np.uint8]:
    """Return a page as rows of red, green, blue, the first at the top."""
    page.figure.set_dpi(dpi)
    page.canvas.draw()  # type: ignore[no-untyped-call]  # the library's own
    rgba = np.asarray(page.canvas.buffer_rgba())  # type: ignore[no-untyped-call]  # as above
    return rgba[..., :3]


def figure(
    answer: Answer,
    layers: Layers | None,
    commune: Commune,
    name: str,
    lang: str = "vi",
    kind: str = "png",
) -> bytes:
    """Return one map as a figure for a report.

    Those who need several make one `Printer` and ask it: relief is then made once.
    """
    return Printer(answer, layers, commune, lang).figure(name, kind)
