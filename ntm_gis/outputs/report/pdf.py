"""report.pdf: the same content as report.docx, set by typst.

The page is a file of ours; texts go to it as data, never as markup. The face is the one that
comes with typst: Times New Roman may not be handed on. The Word document names it.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from ntm_gis.outputs import typesetting
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.report.model import SHORT, Block, Grid, Line, Para, Picture, Report, Section
from ntm_gis.rules.terms import say, sections

FILE_NAME = "report.pdf"
_PAGE = Path(__file__).resolve().parent / "templates" / "report.typ"


def document(report: Report) -> bytes:
    """Return the report as a PDF with its fonts in it."""
    setting = _Setting()
    data = {
        "lang": report.lang,
        "short": SHORT,
        "words": {name: plain(text) for name, text in report.words},
        "fixed": _fixed(report),
        "recipients": [plain(line) for line in report.word("noi_nhan").splitlines()],
        "sections": [setting.section(section) for section in report.sections],
        "annexes": [setting.section(annex) for annex in report.annexes],
    }
    return typesetting.pdf(_PAGE, data)


def _fixed(report: Report) -> dict[str, str]:
    """Return the words that every report has, which in Word are typed in the template."""
    name, whole = report.word("ten_xa"), report.word("TEN_XA")
    shown = {"fixed_commune": whole, "fixed_of": name}
    return {
        key.removeprefix("fixed_"): plain(
            say(f"report_doc.{key}", report.lang, name=shown.get(key))
        )
        for key in sections()["report_doc"]
        if key.startswith("fixed_")
    }


def as_text(picture: Picture) -> str:
    """Return a picture within an SVG: all that is handed to typst is one text."""
    held = base64.b64encode(picture.png).decode("ascii")
    size = f'width="{picture.width_mm}mm" height="{picture.height_mm}mm"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} '
        f'preserveAspectRatio="none" href="data:image/png;base64,{held}"/></svg>'
    )


class _Setting:
    """Turns blocks into plain values, numbering footnotes as the Word document does."""

    def __init__(self) -> None:
        self._notes = 0
        self._known: dict[str, int] = {}

    def section(self, section: Section) -> dict[str, Any]:
        """Return a section; within it the same words have one footnote."""
        self._known = {}
        return {
            "title": plain(section.title),
            "level": section.level,
            "blocks": [self._block(block) for block in section.blocks],
        }

    def _block(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Para):
            return {"kind": block.kind, "spans": self._line(block.spans)}
        if isinstance(block, Grid):
            return {
                "kind": "grid", "caption": plain(block.caption), "unit": plain(block.unit),
                "heads": [plain(head) for head in block.heads],
                "rows": [[self._line(cell) for cell in row] for row in block.rows],
                "widths": list(block.widths), "right": sorted(block.right),
                "middle": sorted(block.middle), "bold": sorted(block.bold),
            }  # fmt: skip
        return {
            "kind": "picture", "svg": as_text(block), "caption": plain(block.caption),
            "width": block.width_mm, "height": block.height_mm,
        }  # fmt: skip

    def _line(self, line: Line) -> list[dict[str, Any]]:
        return [
            {
                "text": plain(span.text), "bold": span.bold, "italic": span.italic,
                **self._note(plain(span.note)),
            }
            for span in line
        ]  # fmt: skip

    def _note(self, note: str) -> dict[str, Any]:
        if not note:
            return {"note": None}
        first = note not in self._known
        if first:
            self._notes += 1
            self._known[note] = self._notes
        return {"note": note, "first": first, "number": self._known[note]}
