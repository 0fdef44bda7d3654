"""Tags of the office's Word template read before it is used: what is wrong, where, what to write.

The template language stops at the first fault and names it in its own English; an official needs
the paragraph, the words as typed, and what stands there in a template that works.
"""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from ntm_gis import text
from ntm_gis.errors import NtmGisError, OutputError
from ntm_gis.outputs.report.template import Environment
from ntm_gis.results import LANGUAGES, Words, sentence

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENS = {end: mark for mark, end in _CLOSES.items()}
_KIND = re.compile(r"^[-+]?(?:(tr|tc|p|r)\s)?")
_STATEMENT = re.compile(r"^(\w+)\b")
_ENDS = {"endfor": "for", "endif": "if"}
_BETWEEN = {"else", "elif"}
_BLOCK = re.compile(r"(?:muc\s*\.\s*\w+|\w+)\s*\.\s*noi_dung")
_BLOCK_TYPED = re.compile(r"^p?\s*(?:muc[.\w]*|\w+)\.noi_dung\s*$")
_SECTION = re.compile(r"muc\.([ivx]+(?:[._]\d+)?)\b")
_LOOPS = {"noi": "{%p for noi in noi_nhan %}", "bieu": "{%p for bieu in phu_luc %}"}
_LONGEST_SAID, _MOST_NAMES = 60, 20


@dataclass(frozen=True)
class Tag:
    """One tag as typed: where it stands, what kind it is, what is within it."""

    where: Words
    typed: str
    opening: str
    kind: str
    inside: str
    alone: bool


@dataclass
class Reading:
    """Reads the tags of one part in order.

    Parameters
    ----------
    context : mapping of str to object
        What the program offers to templates, by name.
    """

    context: Mapping[str, Any]
    open: list[Tag] = field(default_factory=list)
    loops: set[str] = field(default_factory=set)

    def read(self, tag: Tag) -> None:
        """Look at one tag.

        Raises
        ------
        OutputError
            The tag cannot be used.
        """
        if tag.opening == "{#":
            return
        if tag.opening == "{%":
            self._statement(tag)
            return
        block = _BLOCK_TYPED.match(tag.inside) or _BLOCK.fullmatch(tag.inside)
        if block and (tag.kind != "p" or not tag.alone):
            raise _fault("TEMPLATE_BLOCK_AT", tag, form=_with_p(tag.inside))
        self._names(tag, "{{ " + tag.inside + " }}")

    def finish(self) -> None:
        """Refuse what was opened and is not closed."""
        if self.open:
            tag = self.open[-1]
            word = tag.inside.split()[0]
            raise _fault("TEMPLATE_NO_END", tag, end=f"{{%p end{word} %}}")

    def _statement(self, tag: Tag) -> None:
        found = _STATEMENT.match(tag.inside)
        word = found[1] if found else ""
        if word in ("for", "if"):
            self.open.append(tag)
            if word == "for":
                self.loops |= set(re.findall(r"\w+", tag.inside[3:].partition(" in ")[0]))
            self._names(tag, f"{{% {tag.inside} %}}{{% end{word} %}}")
        elif word in _ENDS:
            if not self.open or not self.open[-1].inside.startswith(_ENDS[word]):
                raise _fault("TEMPLATE_NO_BEGINNING", tag, beginning=f"{{%p {_ENDS[word]} … %}}")
            self.open.pop()
        elif word not in _BETWEEN:
            raise _fault("TEMPLATE_COMMAND_AT", tag)

    def _parsed(self, tag: Tag, source: str) -> nodes.Template:
        try:
            return Environment().parse(source)
        except NtmGisError as fault:
            raise _fault("TEMPLATE_COMMAND_AT", tag) from fault
        except TemplateSyntaxError as cause:
            raise _fault("TEMPLATE_UNREADABLE", tag) from cause

    def _names(self, tag: Tag, source: str) -> None:
        """Refuse names that the program does not have; propose the nearest."""
        for path in _paths(self._parsed(tag, source)):
            root, rest = path[0], path[1:]
            if root in self.loops or root == "loop":
                continue
            known: Any = self.context
            for n, step in enumerate((root, *rest)):
                if not isinstance(known, Mapping):
                    raise _fault("TEMPLATE_COMMAND_AT", tag)
                if step not in known:
                    raise self._unknown(tag, ".".join((root, *rest)), step, n, known)
                known = known[step]

    def _unknown(
        self, tag: Tag, whole: str, step: str, depth: int, known: Mapping[str, Any]
    ) -> OutputError:
        """Return the error of a name that is not there."""
        if whole in _LOOPS:
            return _fault("TEMPLATE_NO_BEGINNING", tag, beginning=_LOOPS[whole])
        section = _SECTION.match(text.fold(whole)) if depth else None
        if section is not None:
            # "muc.II.1" is how a person would write "muc.II_1".
            step, known = section[1].replace(".", "_"), self.context["muc"]
        # Of two names alike but for their case the small one is the usual.
        names = {text.fold(one): one for one in sorted(known)}
        close = difflib.get_close_matches(text.fold(step), list(names), 1, 0.6)
        if close:
            near = f"muc.{names[close[0]]}" if section else names[close[0]]
            hint = sentence("TEMPLATE_NEAR", {"near": near})
        else:
            hint = sentence("TEMPLATE_NAMES", {"names": ", ".join(sorted(known)[:_MOST_NAMES])})
        return _fault("TEMPLATE_NAME_AT", tag, what=whole, hint=hint)


def require_sound(content: bytes, context: Mapping[str, Any]) -> None:
    """Refuse a template with a tag that cannot be used; say where it stands and what is wrong.

    Parameters
    ----------
    content : bytes
        A Word document that `template.require_safe` let pass.
    context : mapping of str to object
        What the program offers to templates, by name.

    Raises
    ------
    OutputError
        The first fault, with the paragraph it stands in and the next step.
    """
    for part, paragraphs in _read(content):
        reading = Reading(context)
        for said in paragraphs:
            for tag in tags(said, part):
                reading.read(tag)
        reading.finish()


def lacking(content: bytes, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sections whose content a template has no place for."""
    said = "\n".join(said for _, paragraphs in _read(content) for said in paragraphs)
    if "cac_muc" in said:
        return ()
    held = {
        key.replace(" ", "")
        for key in re.findall(r"\{\{p\s+muc\s*\.\s*(\w+)\s*\.\s*noi_dung", said)
    }
    return tuple(key for key in keys if key.replace(".", "_") not in held)


def tags(said: str, part: str) -> Iterator[Tag]:
    """Yield the tags of a paragraph in order.

    Raises
    ------
    OutputError
        A tag is opened and not closed, or closed and not opened.

    Examples
    --------
    >>> [tag.inside for tag in tags("Xã {{ ten_xa }}", "document")]
    ['ten_xa']
    """
    where = _where(said, part)
    begun: re.Match[str] | None = None
    for found in _MARK.finditer(said):
        mark = found[0]
        if begun is None and mark in _CLOSES:
            begun = found
        elif begun is not None and mark == _CLOSES[begun[0]]:
            typed = said[begun.start() : found.end()]
            yield _tag(where, typed, alone=typed == said.strip())
            begun = None
        elif mark in _CLOSES.values() and begun is None:
            near = said[max(0, found.start() - 20) : found.end()]
            raise OutputError(
                "TEMPLATE_NOT_OPENED", where=where, typed=near.strip(), mark=_OPENS[mark]
            )
        else:
            break
    if begun is not None:
        typed = said[begun.start() : begun.start() + _LONGEST_SAID]
        end = _CLOSES[begun[0]]
        raise OutputError("TEMPLATE_NOT_CLOSED", where=where, typed=typed.strip(), mark=end)


def _tag(where: Words, typed: str, *, alone: bool) -> Tag:
    inside = typed[2:-2]
    kind = _KIND.match(inside)
    rest = inside[kind.end() :] if kind else inside
    for curly, straight in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("\u00a0", " ")):
        rest = rest.replace(curly, straight)
    return Tag(where, typed, typed[:2], (kind and kind[1]) or "", rest.strip("-+ \t"), alone)


def _fault(code: str, tag: Tag, **params: object) -> OutputError:
    return OutputError(code, where=tag.where, typed=tag.typed, **params)


def _with_p(inside: str) -> str:
    name = re.sub(r"^p\s*(?=muc|\w+\.noi_dung)", "", inside.strip())
    return f"{{{{p {name} }}}}"


def _where(said: str, part: str) -> Words:
    name = re.sub(r"\d+$", "", part)
    short = said.strip()[:_LONGEST_SAID]
    told = sentence(f"TEMPLATE_IN_{name.upper()}", {"text": short})
    return Words(*(told.of(lang) for lang in LANGUAGES))


def _paths(tree: nodes.Template) -> Iterator[tuple[str, ...]]:
    """Yield what an expression asks for: each name with the steps behind it."""
    inner: set[int] = set()
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name)):
        if id(node) in inner or (isinstance(node, nodes.Name) and node.ctx != "load"):
            continue
        steps: list[str] = []
        at: nodes.Node = node
        while isinstance(at, nodes.Getattr | nodes.Getitem):
            inner.add(id(at.node))
            if isinstance(at, nodes.Getattr):
                steps.append(at.attr)
            elif isinstance(at.arg, nodes.Const):
                steps.append(str(at.arg.value))
            at = at.node
        if isinstance(at, nodes.Name):
            yield (at.name, *reversed(steps))


def _read(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts that hold text, each with its paragraphs as typed."""
    from docx.oxml import parse_xml

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            found = _PARTS.fullmatch(name)
            if found:
                yield found[1], _paragraphs(parse_xml(archive.read(name)))


def _paragraphs(root: Any) -> list[str]:
    """Return the paragraphs of a part; those of a text box stand beside the one that holds it."""
    out: dict[Any, list[str]] = {}
    for element in root.iter(f"{_W}p", f"{_W}t"):
        if element.tag == f"{_W}p":
            out[element] = []
        else:
            home = next((e for e in element.iterancestors() if e.tag == f"{_W}p"), None)
            if home in out:
                out[home].append(element.text or "")
    return ["".join(parts) for parts in out.values()]
