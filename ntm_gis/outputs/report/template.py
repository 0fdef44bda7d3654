"""The Word template: what it may hold, and what it may ask of the program.

A template comes in a folder that is handed around, so it is trusted no more than data: no macros,
nothing that is fetched on opening, and of the template language names, conditions and loops
alone, in a sandbox.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from ntm_gis import shipped
from ntm_gis.errors import OutputError
from ntm_gis.outputs.gates import plain
from ntm_gis.results import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME = "report.docx"
LARGEST = 5_000_000
"""Bytes of a template; one with the office's emblem in it is a few hundred thousand."""

_LARGEST_PART, _LARGEST_XML, _LARGEST_ALL, _MOST_PARTS = 4_000_000, 2_000_000, 30_000_000, 500
_DEEPEST = 2
_MAIN = b"wordprocessingml.document.main+xml"
_ACTIVE = re.compile(r"vbaproject|vbadata|activex|/embeddings/|oleobject|/afchunk", re.IGNORECASE)
_FIELDS = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|DATABASE|AUTOTEXT|MACROBUTTON"
    r"|RD)\b",
    re.IGNORECASE,
)

_MARKUP = re.compile(r"<[^>]*>")
_OPENING, _CLOSING = re.compile(r"\{[{%#]"), re.compile(r"[}%#]\}")
_LONGEST_TAG, _MOST_TAGS = 400, 2_000

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.NSRef, nodes.Getattr,
    nodes.Getitem, nodes.Const, nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test,
)  # fmt: skip
_FILTERS = frozenset({"upper", "lower", "trim", "default"})
_TESTS = frozenset({"defined"})


@lru_cache
def default(lang: str = "vi") -> bytes:
    """Return the program's own template, its fixed words in a language."""
    name = FILE_NAME if lang == "vi" else f"report_{lang}.docx"
    return (shipped.path("data", "report") / name).read_bytes()


_EARLIER = frozenset({"bea879214ac703e6a2768ab0137ba292b454b7baef5e89a23139a6d15d5e8c24"})
"""Digests of the templates of earlier versions: folders hold copies that nobody edited."""


def is_ours(content: bytes) -> bool:
    """Whether a template is the program's own, of this version or an earlier one.

    Examples
    --------
    >>> is_ours(default("en")), is_ours(b"PK")
    (True, False)
    """
    if any(content == default(lang) for lang in LANGUAGES):
        return True
    return hashlib.sha256(content).hexdigest() in _EARLIER


class Environment(SandboxedEnvironment):
    """Renders templates: names, conditions and loops; every text passes its gate."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_gate)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _require_plain(tree, 0)
        return tree


def _gate(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        # The library takes "{_{" for an escaped brace; written so, it stays as typed.
        return Markup(str(escape(plain(value))).replace("_", "&#95;"))  # noqa: S704 - escaped
    return value


def _require_plain(node: nodes.Node, depth: int) -> None:
    """Refuse whatever calculates, calls or defines, and loops within loops within loops."""
    depth += isinstance(node, nodes.For)
    if not isinstance(node, _ALLOWED) or depth > _DEEPEST:
        raise OutputError("TEMPLATE_COMMAND", what=type(node).__name__)
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        raise OutputError("TEMPLATE_COMMAND", what=node.name)
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        raise OutputError("TEMPLATE_COMMAND", what=node.name)
    if isinstance(node, nodes.For) and not isinstance(node.iter, nodes.Name | nodes.Getattr):
        raise OutputError("TEMPLATE_COMMAND", what="for")
    for child in node.iter_child_nodes():
        _require_plain(child, depth)


def require_safe(content: bytes) -> None:
    """Refuse what is no Word document, is too big, runs something or fetches something.

    Raises
    ------
    OutputError
        The sentence says what it is.

    Examples
    --------
    >>> require_safe(default())
    >>> require_safe(b"PK")
    Traceback (most recent call last):
    ntm_gis.errors.OutputError: ...
    """
    if len(content) > LARGEST:
        raise OutputError("TEMPLATE_TOO_BIG", largest_mb=LARGEST / 1e6)
    types = b""
    for name, part in _parts(content):
        if name == "[Content_Types].xml":
            types = part
        if _ACTIVE.search(f"/{name}") or b"macroEnabled" in part[:20_000]:
            raise OutputError("TEMPLATE_MACRO", part=name)
        if name.endswith((".xml", ".rels")):
            _require_still(name, part)
            _require_closed(part)
    if _MAIN not in types:
        raise OutputError("TEMPLATE_NOT_DOCX")


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
            whole = sum(info.file_size for info in found)
            largest = max((info.file_size for info in found), default=0)
            if len(found) > _MOST_PARTS or whole > _LARGEST_ALL or largest > _LARGEST_PART:
                raise OutputError("TEMPLATE_TOO_BIG", largest_mb=_LARGEST_ALL / 1e6)
            for info in found:
                yield info.filename, archive.read(info)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as cause:
        raise OutputError("TEMPLATE_NOT_DOCX") from cause


def _require_closed(part: bytes) -> None:
    """Refuse tags without an end: the library searches each to the end of the document."""
    if len(part) > _LARGEST_XML:
        raise OutputError("TEMPLATE_TOO_BIG", largest_mb=_LARGEST_XML / 1e6)
    said = _MARKUP.sub("", part.decode("utf-8", "replace"))
    openings = list(_OPENING.finditer(said))
    for found in openings:
        near = said[found.end() : found.end() + _LONGEST_TAG]
        if not _CLOSING.search(near) or len(openings) > _MOST_TAGS:
            raise OutputError("TEMPLATE_TAG", what=said[found.start() : found.start() + 40])


def _require_still(name: str, part: bytes) -> None:
    """Refuse a part that defines entities, or leads to something outside but by a plain link."""
    try:
        root = fromstring(part, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as cause:
        raise OutputError("TEMPLATE_NOT_DOCX") from cause
    said = []
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        outside = element.get("TargetMode", "").casefold() == "external"
        link = element.get("Type", "").endswith("/hyperlink")
        if tag == "altChunk" or (tag == "Relationship" and outside and not link):
            raise OutputError("TEMPLATE_FETCHES", part=name)
        if tag == "instrText":
            said.append(element.text or "")
        said += [f" {value} " for key, value in element.attrib.items() if key.endswith("}instr")]
    if _FIELDS.search("".join(said)):
        raise OutputError("TEMPLATE_FETCHES", part=name)
