"""dossier/: what the dossier for recognition holds, in its order, and what is missing from whom.

Documents are drafts of ours or come from offices: a draft is never called the document itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.features import map_of
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.forms import page
from ntm_gis.outputs.forms.grid import book
from ntm_gis.outputs.forms.model import Form, Head, Line
from ntm_gis.outputs.forms.reading import Reading, text_of
from ntm_gis.outputs.forms.scorecard import documents
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.results import Measure
from ntm_gis.rules.criteria import criteria_set
from ntm_gis.rules.maps import names as map_names
from ntm_gis.rules.recognition import Document, Dossier, dossier_of
from ntm_gis.rules.terms import say, term

Job = tuple[str, Callable[[], Path]]

FOLDER = "dossier"
INDEX, SHEET = "muc_luc.html", "muc_luc.xlsx"
FILE_NAME = f"{FOLDER}/{INDEX}"

State = Literal["draft", "partly", "missing"]
_CONFLICT = "CRITERIA_CONFLICT"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the dossier: its drafts that lie under `out/`, and who supplies it."""

    number: int
    title: str
    state: State
    links: tuple[str, ...]
    remark: str
    supplier: str
    criteria: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one indicator: documents and maps, or who must supply it."""

    code: str
    title: str
    result: str
    verdict: str
    papers: tuple[str, ...]
    maps: tuple[str, ...]
    lacks: str
    supplier: str


@dataclass(frozen=True, slots=True)
class Group:
    """The proofs of one criterion."""

    code: str
    title: str
    verdict: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole dossier as it stands."""

    title: str
    law: str
    entries: tuple[Entry, ...]
    groups: tuple[Group, ...]

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """Every indicator's proof."""
        return tuple(proof for group in self.groups for proof in group.proofs)


def available(layers: Layers) -> bool:
    """Whether a dossier is known for the commune's criteria set."""
    return dossier_of(layers.commune.commune.criteria_set) is not None


def files(out: Path) -> tuple[Path, Path]:
    """Return the files of the folder."""
    return out / FOLDER / INDEX, out / FOLDER / SHEET


def jobs(
    answer: Answer, layers: Layers, out: Path, lang: str, stays: Callable[[str], bool]
) -> Iterator[Job]:
    """Yield the two files of `dossier/`, after all they lead to.

    Parameters
    ----------
    stays : callable
        Whether a file under `out/` that is there belongs to this run; one of an earlier run that
        goes away at its end is nothing to lead to.
    """
    read = Reading(answer, layers, lang)

    @cache
    def found() -> Contents:
        return contents(read, lambda name: (out / name).is_file() and stays(name))

    index, sheet = files(out)
    yield f"{FOLDER}/{SHEET}", lambda: atomic_write(sheet, workbook(read, found()))
    yield FILE_NAME, lambda: atomic_write(index, render(read, found()).encode("utf-8"))


def contents(read: Reading, there: Callable[[str], bool]) -> Contents:
    """Return what the dossier holds, and what it lacks.

    Parameters
    ----------
    there : callable
        Whether a file under `out/`, named from there, is to be led to.

    Raises
    ------
    RuleError
        No dossier is known for the set: ask `available` before.
    """
    dossier = _dossier(read)
    drawn = {name for name in map_names() if there(f"maps/{name}.html")}
    groups = tuple(_groups(read, drawn))
    entries = tuple(
        _entry(read, n, document, there, groups) for n, document in enumerate(dossier.document, 1)
    )
    law = say("dossier.law", read.lang, document=dossier.law.document,
              status=term(f"law_status.{dossier.law.status}").of(read.lang))  # fmt: skip
    return Contents(dossier.title.words.of(read.lang), law, entries, groups)


def _dossier(read: Reading) -> Dossier:
    found = dossier_of(read.who.criteria_set)
    if found is None:
        msg = f"no dossier for {read.who.criteria_set}"
        raise LookupError(msg)
    return found


def _entry(
    read: Reading,
    number: int,
    document: Document,
    there: Callable[[str], bool],
    groups: Sequence[Group],
) -> Entry:
    links = tuple(name for name in document.drafts if there(name))
    partly = document.partly is not None
    state: State = "missing" if not links else "partly" if partly else "draft"
    remark = document.partly.words.of(read.lang) if document.partly and links else ""
    if document.criteria:
        proofs = [proof for group in groups for proof in group.proofs]
        whole = sum(not proof.lacks for proof in proofs)
        state = "missing" if not whole else "partly"
        remark = say("dossier.proofs", read.lang, n=whole, all=len(proofs))
    return Entry(
        number, document.title.words.of(read.lang), state, links, remark,
        document.supplier.words.of(read.lang), document.criteria,
    )  # fmt: skip


def _groups(read: Reading, maps: set[str]) -> Iterator[Group]:
    found = criteria_set(read.who.criteria_set or "")
    for entry in found.head.criteria:
        measure = read.measure(f"criterion.{entry.code}")
        yield Group(
            entry.code, entry.title.words.of(read.lang), _verdict(read, measure),
            tuple(
                _proof(read, line.code, line.title.words.of(read.lang), maps)
                for line in found.of_criterion(entry.code, read.as_of)
            ),
        )  # fmt: skip


def _verdict(read: Reading, measure: Measure | None) -> str:
    return ("" if measure is None else read.verdict(measure)) or ""


def _proof(read: Reading, code: str, title: str, maps: set[str]) -> Proof:
    measure = read.measure(f"indicator.{code}")
    papers = tuple(documents(read, code))
    shown: tuple[str, ...] = ()
    result = None
    if measure is not None:
        layers = dict.fromkeys(part.layer for part in measure.evidence.features)
        named = (map_of(layer) for layer in layers)
        shown = tuple(dict.fromkeys(f"maps/{m}.html" for m in named if m in maps))
        result = read.result(measure)
    return Proof(
        code, title, result or "", _verdict(read, measure), papers, shown,
        _lacks(read, measure, result, papers, shown), _supplier(read, code),
    )  # fmt: skip


def _lacks(
    read: Reading, measure: Measure | None, result: str | None, papers: Sequence[str],
    shown: Sequence[str],
) -> str:  # fmt: skip
    """Return what an indicator's proof lacks; nothing where it is whole."""
    if measure is not None and any(note.code == _CONFLICT for note in measure.notes):
        key = "conflict"
    elif measure is None or result is None:
        key = "no_figure"
    elif not papers and not shown:
        key = "no_paper"
    elif not papers and not measure.certain:
        key = "open_figure"
    else:
        return ""
    return say(f"dossier.{key}", read.lang)


def _supplier(read: Reading, code: str) -> str:
    """Return the office that the tasks make answer for an indicator."""
    for row in read.rows("task_list"):
        office = text_of(row, "lead_office")
        if text_of(row, "indicator") == code and office is not None:
            return office
    return read.word("not_named")


def render(read: Reading, found: Contents) -> str:
    """Return the contents as a page."""
    name = text_for_html(read.who.name)
    return page.whole(
        say("dossier.page_title", read.lang, name=name), "dossier", "dossier", read.lang,
        found=found, name=name, on=read.day(read.as_of), sample=read.who.sample,
        proofs=len(found.proofs), lacking=[proof for proof in found.proofs if proof.lacks],
    )  # fmt: skip


def workbook(read: Reading, found: Contents) -> bytes:
    """Return the contents as the bytes of an XLSX file."""

    def word(key: str, /, **params: object) -> str:
        return say(f"dossier.{key}", read.lang, **params)

    heads = (
        Head(word("number"), 8, "centre"), Head(word("document"), 62), Head(word("state"), 24),
        Head(word("files"), 36), Head(word("supplier"), 34), Head(word("remark"), 44),
    )  # fmt: skip
    lines: list[Line] = []
    for entry in found.entries:
        told = (
            str(entry.number), entry.title, word(f"state_{entry.state}"),
            ", ".join(entry.links) or None, entry.supplier, entry.remark or None,
        )  # fmt: skip
        lines.append(Line(told, "section"))
        for group in found.groups if entry.criteria else ():
            head = f"{entry.number}.{group.code}"
            lines.append(Line((head, group.title, group.verdict or None, *[None] * 3), "part"))
            lines += [_proof_line(proof, word("state_whole")) for proof in group.proofs]
    form = Form(
        read.word("contents_sheet"), "", found.title, read.word(
            "reported", name=read.who.name, on=read.as_of),
        heads, lines, mark=term("sample").of(read.lang) if read.who.sample else "",
        notes=(found.law, word("note_draft")),
    )  # fmt: skip
    office = read.word("office", name=read.who.name.upper())
    who = say("commune_of", read.lang, name=read.who.name)
    return book([form], office, read.as_of, who, read.lang)


def _proof_line(proof: Proof, whole: str) -> Line:
    where = ", ".join((*proof.papers, *proof.maps)) or None
    state = whole if not proof.lacks else None
    return Line(
        (proof.code, proof.title, state, where, proof.supplier, proof.lacks or None), depth=1,
        wanted=frozenset({2}),
    )  # fmt: skip
