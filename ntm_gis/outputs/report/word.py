"""report.docx: the content put into a Word template.

The template language fills in names and titles; where it asks for a section, a mark is left,
and the section's paragraphs, tables, footnotes and pictures are put there afterwards. Nothing of
the data is ever read as a template, nor as markup.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from ntm_gis.errors import NtmGisError, OutputError
from ntm_gis.outputs.files import zipped
from ntm_gis.outputs.report import tags, template
from ntm_gis.outputs.report.model import Block, Report, Section
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.outputs.report.wordxml import NAMESPACES, Writer

FILE_NAME = "report.docx"
_DOCUMENT, _NOTES = "word/document.xml", "word/footnotes.xml"
_RELATIONS, _TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MM_PER_TWIP = 25.4 / 1440
_A4_TEXT_MM = 160.0
_PROPERTY = 120
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document(report: Report, figures: Mapping[str, str], content: bytes | None = None) -> bytes:
    """Return the report as a Word document.

    Parameters
    ----------
    report : Report
    figures : mapping of str to str
        Figures that a template may ask for by id.
    content : bytes, optional
        A template of the office's own; the program's where left out.

    Raises
    ------
    OutputError
        The template cannot be used; the sentence says why.
    """
    used = template.default(report.lang) if content is None else content
    marks = Marks(_secret(report))
    context = _context(report, figures, marks)
    if content is not None:
        template.require_safe(content)
        tags.require_sound(content, context)
    try:
        made = _rendered(used, context)
        return _assembled(made, marks)
    except NtmGisError:
        raise
    except jinja2.UndefinedError as cause:
        raise OutputError("TEMPLATE_NAME", what=str(cause)) from cause
    except SecurityError as cause:
        raise OutputError("TEMPLATE_COMMAND", what=str(cause)) from cause
    except jinja2.TemplateError as cause:
        raise OutputError("TEMPLATE_TAG", what=str(cause)) from cause
    # The libraries meet a damaged part with whatever breaks first in them.
    except Exception as cause:
        if content is None:
            raise
        raise OutputError("TEMPLATE_NOT_DOCX") from cause


class Figures(Mapping[str, str]):
    """Figures by id, written when a template asks for them."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def __getitem__(self, name: str) -> str:
        return "".join(span.text for span in self._teller.figure(self._teller.by_id[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._teller.by_id)

    def __len__(self) -> int:
        return len(self._teller.by_id)


@dataclass
class Marks:
    """Marks that stand for blocks until they are put in; no text of data can hold one."""

    secret: str

    def __post_init__(self) -> None:
        self.kept: list[tuple[Block, ...]] = []

    def of(self, blocks: tuple[Block, ...]) -> Markup:
        """Return the paragraph that stands for blocks."""
        self.kept.append(blocks)
        name = f"{self.secret}-{len(self.kept) - 1}."
        return Markup(f"<w:p><w:r><w:t>{name}</w:t></w:r></w:p>")  # noqa: S704 - all ours

    def found(self, text: str | None) -> tuple[Block, ...] | None:
        """Return the blocks that a text stands for; None where it is no mark."""
        match = re.fullmatch(rf"\s*{self.secret}-(\d+)\.\s*", text or "")
        return None if match is None else self.kept[int(match[1])]


def _secret(report: Report) -> str:
    """Return a word that depends on every text of the report, so that none can hold it."""
    digest = hashlib.sha256(repr((report.words, report.sections, report.annexes)).encode())
    return f"ntm{digest.hexdigest()[:32]}"


def _context(report: Report, figures: Mapping[str, str], marks: Marks) -> dict[str, Any]:
    def shown(section: Section) -> dict[str, Any]:
        return {"ten": section.title, "noi_dung": marks.of(section.blocks)}

    single = dict(report.words)
    return {
        **single,
        "noi_nhan": single["noi_nhan"].splitlines(),
        "muc": {section.key.replace(".", "_"): shown(section) for section in report.sections},
        "cac_muc": [shown(section) for section in report.sections],
        "phu_luc": [shown(annex) for annex in report.annexes],
        "so_lieu": figures,
    }


def _rendered(content: bytes, context: dict[str, Any]) -> dict[str, bytes]:
    """Return the parts of the filled-in template."""
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]  # the library has no types
        """Fills in the document's properties, of which none may be longer than 255 letters."""

        def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
            cut = {k: v[:_PROPERTY] if isinstance(v, str) else v for k, v in context.items()}
            super().render_properties(cut, jinja_env)

    made = Template(io.BytesIO(content))
    made.render(context, template.Environment(), autoescape=True)
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _assembled(parts: dict[str, bytes], marks: Marks) -> bytes:
    """Put the blocks in the place of their marks; return the whole file."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    root = parse_xml(parts[_DOCUMENT])
    notes = parse_xml(parts[_NOTES]) if _NOTES in parts else None
    ids = [] if notes is None else [int(n.get(f"{_W}id")) for n in notes]
    writer = Writer(first_note=max([0, *ids]) + 1)
    for text in list(root.iter(f"{_W}t")):
        blocks = marks.found(text.text)
        if blocks is not None:
            _put(text, writer, blocks)
        elif marks.secret in (text.text or ""):
            raise OutputError("TEMPLATE_BLOCK", tag="{{p muc.II_1.noi_dung }}")
    parts[_DOCUMENT] = serialize_part_xml(root)
    _add_notes(parts, writer, notes)
    _add_pictures(parts, writer)
    return zipped(parts, first=_TYPES)


def _put(text: Any, writer: Writer, blocks: tuple[Block, ...]) -> None:
    """Replace the paragraph of a mark by its blocks."""
    from docx.oxml import parse_xml

    paragraph = next((e for e in text.iterancestors() if e.tag == f"{_W}p"), None)
    home = None if paragraph is None else paragraph.getparent()
    # Tags without their "p" leave the paragraph inside another.
    if home is None or home.tag not in (f"{_W}body", f"{_W}tc", f"{_W}sdtContent"):
        raise OutputError("TEMPLATE_BLOCK", tag="{{p muc.II_1.noi_dung }}")
    made = writer.blocks(blocks, _width_mm(paragraph))
    wrapped = parse_xml(f"<w:body {NAMESPACES}>{made}</w:body>")
    at = home.index(paragraph)
    children = list(wrapped)
    home.remove(paragraph)
    for k, child in enumerate(children):
        home.insert(at + k, child)
    if home.tag == f"{_W}tc" and (not len(home) or home[-1].tag != f"{_W}p"):
        home.append(parse_xml(f"<w:p {NAMESPACES}/>"))


def _width_mm(paragraph: Any) -> float:
    """Return the width of the text on the page that a paragraph stands on."""
    page = next(paragraph.iter(f"{_W}sectPr"), None)
    if page is None:
        page = next((e for p in paragraph.itersiblings() for e in p.iter(f"{_W}sectPr")), None)
    size = None if page is None else page.find(f"{_W}pgSz")
    margins = None if page is None else page.find(f"{_W}pgMar")
    if size is None or margins is None:
        return _A4_TEXT_MM
    left, right = (int(margins.get(f"{_W}{side}", "0")) for side in ("left", "right"))
    wide = (int(size.get(f"{_W}w", "0")) - left - right) * _MM_PER_TWIP
    return wide if wide > 0 else _A4_TEXT_MM


def _add_notes(parts: dict[str, bytes], writer: Writer, notes: Any) -> None:
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    if not writer.notes:
        return
    if notes is None:
        notes = parse_xml(
            f'<w:footnotes {NAMESPACES}><w:footnote w:type="separator" w:id="-1"><w:p><w:r>'
            '<w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" '
            'w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>'
        )
        _relate(parts, "rIdNtmNotes", "footnotes", "footnotes.xml")
        name = f"/{_NOTES}".encode()
        override = b'<Override PartName="' + name + b'" ContentType="' + _NOTES_TYPE.encode()
        parts[_TYPES] = parts[_TYPES].replace(b"</Types>", override + b'"/></Types>')
    made = parse_xml(f"<w:footnotes {NAMESPACES}>{writer.footnotes()}</w:footnotes>")
    for note in list(made):
        notes.append(note)
    parts[_NOTES] = serialize_part_xml(notes)


def _add_pictures(parts: dict[str, bytes], writer: Writer) -> None:
    for number, png in enumerate(writer.pictures, 1):
        parts[f"word/media/ntm{number}.png"] = png
        _relate(parts, f"rIdNtm{number}", "image", f"media/ntm{number}.png")
    if writer.pictures and b'Extension="png"' not in parts[_TYPES]:
        png_type = b'<Default Extension="png" ContentType="image/png"/></Types>'
        parts[_TYPES] = parts[_TYPES].replace(b"</Types>", png_type)


def _relate(parts: dict[str, bytes], name: str, kind: str, target: str) -> None:
    made = f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'.encode()
    end = b"</Relationships>"
    parts[_RELATIONS] = parts[_RELATIONS].replace(end, made + end)
