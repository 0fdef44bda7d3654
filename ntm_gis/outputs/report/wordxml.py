"""Blocks of the report as WordprocessingML, by the styles of the template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.report.model import (
    ITEM,
    LEAD,
    OPENER,
    REMARK,
    SHORT,
    Block,
    Grid,
    Line,
    Para,
    Picture,
    Span,
)

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_STYLES = {ITEM: "NtmItem", LEAD: "NtmLead", REMARK: "NtmRemark"}
_TWIPS_PER_MM = 1440 / 25.4
_EMU_PER_MM = 36_000
# Numbers of notes stand in brackets, as in consolidated legal texts: "13" with a bare "1" raised
# behind it reads as 131.
_RAISED = (
    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/><w:vertAlign w:val="superscript"/></w:rPr>'
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def text_of(text: str) -> str:
    r"""Return a text as the content of a run: what XML cannot hold is gone, line breaks stand.

    Examples
    --------
    >>> text_of("a < b\x00")
    '<w:t xml:space="preserve">a &lt; b</w:t>'
    """
    parts = [
        f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in plain(text).replace("\t", " ").split("\n")
    ]
    return "<w:br/>".join(parts)


@dataclass
class Writer:
    """Writes blocks, and collects the footnotes and pictures that hang on them.

    Parameters
    ----------
    first_note : int
        Id of the first footnote: those of the template come before.
    """

    first_note: int = 1
    notes: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def blocks(self, blocks: Iterable[Block], width_mm: float) -> str:
        """Return blocks one below the other; tables take the whole width."""
        self._known = {}
        return "".join(self._block(block, width_mm) for block in blocks)

    def footnotes(self) -> str:
        """Return the footnotes for `footnotes.xml`."""
        return "".join(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            f"{_RAISED}<w:t>[</w:t></w:r>{_RAISED}<w:footnoteRef/></w:r>{_RAISED}<w:t>]</w:t></w:r>"
            f"<w:r>{text_of(' ' + note)}</w:r></w:p></w:footnote>"
            for number, note in enumerate(self.notes, self.first_note)
        )

    def _block(self, block: Block, width_mm: float) -> str:
        if isinstance(block, Para):
            style = _STYLES.get(block.kind, "NtmBody")
            spans = (Span("- "), *block.spans) if block.kind == ITEM else block.spans
            return self._para(spans, style, "<w:keepNext/>" if block.kind == OPENER else "")
        if isinstance(block, Grid):
            return self._grid(block, width_mm)
        return self._picture(block, width_mm)

    def _para(self, spans: Line, style: str, more: str = "", *, bold: bool = False) -> str:
        runs = "".join(self._run(span, bold=bold) for span in spans)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'

    def _run(self, span: Span, *, bold: bool) -> str:
        marks = ("<w:b/><w:bCs/>" if span.bold or bold else "") + (
            "<w:i/><w:iCs/>" if span.italic else ""
        )
        rest = f"<w:rPr>{marks}</w:rPr>" if marks else ""
        out = f"<w:r>{rest}{text_of(span.text)}</w:r>" if span.text else ""
        return out + (self._note(span.note) if span.note else "")

    def _note(self, note: str) -> str:
        """Return the reference to a footnote; within one section the same words have one."""
        known = self._known.get(note)
        if known is not None:
            # A cross-reference that Word renumbers when notes are added before it.
            return (
                f'{_RAISED}<w:t>[</w:t></w:r>{_RAISED}<w:fldChar w:fldCharType="begin"/></w:r>'
                f'{_RAISED}<w:instrText xml:space="preserve"> NOTEREF _ntm{known} \\h '
                f'</w:instrText></w:r>{_RAISED}<w:fldChar w:fldCharType="separate"/></w:r>'
                f'{_RAISED}<w:t>{known}</w:t></w:r>{_RAISED}<w:fldChar w:fldCharType="end"/></w:r>'
                f"{_RAISED}<w:t>]</w:t></w:r>"
            )
        number = self.first_note + len(self.notes)
        self.notes.append(note)
        self._known[note] = number
        return (
            f'{_RAISED}<w:t>[</w:t></w:r><w:bookmarkStart w:id="{9000 + number}" '
            f'w:name="_ntm{number}"/>{_RAISED}<w:footnoteReference w:id="{number}"/></w:r>'
            f'<w:bookmarkEnd w:id="{9000 + number}"/>{_RAISED}<w:t>]</w:t></w:r>'
        )

    # --- tables -----------------------------------------------------------------------------------

    def _grid(self, grid: Grid, width_mm: float) -> str:
        widths = columns(grid.widths, width_mm)
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        columns_xml = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        last = len(grid.rows) - 1
        head = self._row([(Span(head),) for head in grid.heads], widths, grid, head=True)
        rows = "".join(
            self._row(row, widths, grid, bold=number in grid.bold, last=number == last)
            for number, row in enumerate(grid.rows)
        )
        caption = self._para((Span(grid.caption),), "NtmCaption") if grid.caption else ""
        if grid.unit:
            right = '<w:keepNext/><w:jc w:val="right"/>'
            caption += self._para((Span(grid.unit, italic=True),), "NtmCell", right)
        return (
            f'{caption}<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="28" w:type="dxa"/>'
            '<w:left w:w="60" w:type="dxa"/><w:bottom w:w="28" w:type="dxa"/>'
            '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{columns_xml}</w:tblGrid>{head}{rows}</w:tbl>"
            '<w:p><w:pPr><w:pStyle w:val="NtmAfter"/></w:pPr></w:p>'
        )

    def _row(
        self, cells: Sequence[Line], widths: Sequence[int], grid: Grid, *, head: bool = False,
        bold: bool = False, last: bool = False,
    ) -> str:  # fmt: skip
        # The head of a group goes with its first row, a short table stays on one page.
        held = bold or head or len(grid.rows) <= SHORT
        keep = "<w:keepNext/>" if held and not last else ""
        out = []
        for k, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            side = "" if head else _side(grid, k)
            middle = '<w:vAlign w:val="center"/>' if head else ""
            style = "NtmHead" if head else "NtmCell"
            out.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{middle}</w:tcPr>'
                f"{self._para(cell, style, keep + side, bold=bold)}</w:tc>"
            )
        repeated = "<w:tblHeader/>" if head else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(out)}</w:tr>"

    # --- pictures ---------------------------------------------------------------------------------

    def _picture(self, picture: Picture, width_mm: float) -> str:
        self.pictures.append(picture.png)
        number = len(self.pictures)
        scale = min(1.0, width_mm / picture.width_mm)
        wide = round(picture.width_mm * scale * _EMU_PER_MM)
        high = round(picture.height_mm * scale * _EMU_PER_MM)
        told = quoteattr(plain(picture.caption))
        inside = (
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" '
            f'cy="{high}"/><wp:docPr id="{8000 + number}" name="NTM {number}" descr={told}/>'
            f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic><pic:nvPicPr><pic:cNvPr '
            f'id="{number}" name="ntm{number}.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:embed="rIdNtm{number}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/>'
            '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline>"
        )
        shown = (
            '<w:p><w:pPr><w:pStyle w:val="NtmCaption"/><w:keepNext/></w:pPr>'
            f"<w:r><w:drawing>{inside}</w:drawing></w:r></w:p>"
        )
        return shown + self._para((Span(picture.caption),), "NtmCaption")


def _side(grid: Grid, column: int) -> str:
    if column in grid.right:
        return '<w:jc w:val="right"/>'
    return '<w:jc w:val="center"/>' if column in grid.middle else ""


def columns(shares: Sequence[float], width_mm: float) -> list[int]:
    """Return widths of columns in twentieths of a point that fill a width exactly.

    Examples
    --------
    >>> columns((1, 2), 30), sum(columns((1, 1, 1), 160))
    ([567, 1134], 9071)
    """
    whole = round(width_mm * _TWIPS_PER_MM)
    edges, total, out = 0, sum(shares), []
    done = 0.0
    for share in shares:
        done += share
        edge = round(whole * done / total)
        out.append(edge - edges)
        edges = edge
    return out
