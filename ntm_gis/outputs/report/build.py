"""The content of the report, from measures, rows and the office's own texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.report import lists, tables
from ntm_gis.outputs.report.model import (
    ITEM,
    LEAD,
    REMARK,
    Block,
    Grid,
    Para,
    Picture,
    Report,
    Section,
    line,
)
from ntm_gis.outputs.report.outline import Annex, Chapter, Part, families, outline
from ntm_gis.outputs.report.telling import Previous, Teller
from ntm_gis.outputs.report.texts import NONE, Texts, paragraphs
from ntm_gis.results import Measure
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from ntm_gis.outputs.report.periods import Period

Draw = Callable[[str], bytes | None]
"""Name of a map -> a picture of it as PNG, 160 × 113 mm; None where there is none."""

_TABLES: Mapping[str, Callable[[Teller], Iterator[Block]]] = {
    "targets": tables.targets, "roads": tables.roads, "road_works": tables.road_works,
    "funds": tables.funds, "funds_full": tables.funds_full, "works_money": tables.works_money,
    "villages": tables.villages, "scorecard": lists.scorecard, "tasks": lists.tasks,
    "tasks_state": lists.tasks_state, "late_tasks": lists.late_tasks,
    "plan_counts": lists.plan_counts, "plan_decisions": lists.plan_decisions,
    "blocking": lists.blocking, "findings": lists.findings,
}  # fmt: skip
_ANNEX_OF = {"II.11": "see_01", "III": "see_02"}
_RECIPIENTS = 6
_SEVERAL = 3


def _no_picture(_: str) -> bytes | None:
    """Draw nothing."""
    return None


@dataclass(frozen=True)
class Paper:
    """What the commune folder itself gives for the report.

    Parameters
    ----------
    texts : Texts
        Free texts, kept from period to period.
    template : bytes or None
        The office's own Word template; None: the program's.
    previous : mapping of str to Previous
        Values of the last closed period by id of measure.
    corrections : tuple of str
        Sentences on figures of closed periods that read otherwise today.
    draw : callable
        Draws a map for a page.
    last : Period, optional
        The last closed period; None where none is closed before the day of the figures.
    closed : tuple of Period
        Every closed period that could be read, the earliest first.
    """

    texts: Texts = NONE
    template: bytes | None = None
    previous: Mapping[str, Previous] = field(default_factory=dict)
    corrections: tuple[tuple[str, str], ...] = ()
    draw: Draw = _no_picture
    last: Period | None = None
    closed: tuple[Period, ...] = ()


BLANK = Paper()
"""A folder that gives nothing."""


def build(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    paper: Paper = BLANK,
    *,
    record_head: str | None = None,
) -> Report:
    """Return the report of an answer.

    Parameters
    ----------
    answer : Answer
        Measures, findings, frames.
    layers : Layers
    lang : str
        "vi" or "en".
    paper : Paper
        What the commune's folder gives.
    record_head : str, optional
        Check code of the record; None where there is no record.

    Returns
    -------
    Report
        Every head of the plan is there, also where nothing was given.
    """
    teller = Teller(answer, layers, lang, paper.previous)
    known = families(layers.commune.commune.criteria_set)
    scored = {m.id.removeprefix("criterion."): (m, rest) for m, rest in lists.criteria(teller)}
    content = Content(teller, paper, known, scored)
    found = outline()
    return Report(
        lang,
        tuple(_words(teller, paper, record_head).items()),
        tuple(content.sections(found.sections)),
        tuple(content.annexes(found.annexes)),
    )


@dataclass(frozen=True)
class Content:
    """Makes sections of what is known."""

    teller: Teller
    paper: Paper
    known: tuple[str, ...]
    scored: Mapping[str, tuple[Measure, list[Measure]]]

    def sections(self, chapters: tuple[Chapter, ...]) -> Iterator[Section]:
        """Yield the sections in the plan's order; II itself is a head alone."""
        titles = {
            c.code: c.title.words.of(self.teller.lang) for c in code_list("task_section").codes
        }
        for chapter in chapters:
            if chapter.key == "II.1":
                yield Section("II", titles["II"], 1)
            title = titles.get(chapter.key, f"{chapter.key}. {self.teller.say('aims')}")
            level = 2 if "." in chapter.key else 1
            shown = title.removeprefix("II.") if level == 2 else title
            yield Section(chapter.key, shown, level, tuple(self._blocks(chapter)))

    def annexes(self, annexes: tuple[Annex, ...]) -> Iterator[Section]:
        """Yield the annexes that hold anything."""
        for annex in annexes:
            blocks = [b for name in annex.tables for b in _TABLES[name](self.teller)]
            # The title of the annex says what a lone table is.
            if blocks and isinstance(blocks[0], Grid) and len(blocks) < _SEVERAL:
                blocks[0] = replace(blocks[0], caption="")
            title = annex.title.words.of(self.teller.lang)
            told = self.teller.say("annex", n=annex.key, title=title)
            yield Section(
                annex.key, told, 1,
                tuple(blocks) or (self.teller.text(self.teller.say("nothing")),),
            )  # fmt: skip

    def _blocks(self, chapter: Chapter) -> Iterator[Block]:
        teller, said = self.teller, self.paper.texts.of(chapter.key)
        blocks: list[Block] = [teller.text(one) for one in paragraphs(said.text)]
        for number, part in enumerate(chapter.parts):
            found = list(self._part(part))
            if part.head is not None:
                letter = "abcdefghijklmn"[number]
                head = f"{letter}) {part.head.of(teller.lang)}"
                blocks.append(Para(line(head), LEAD))
                found = found or [teller.text(teller.say("nothing"))]
            blocks += found
        blocks += lists.of_section(teller, chapter.key)
        blocks += self._difficulties(said.difficulties, said.proposals)
        if chapter.key == "V":
            blocks += [teller.text(vi if teller.lang == "vi" else en, ITEM)
                       for vi, en in self.paper.corrections]  # fmt: skip
        if not blocks:
            offices = ", ".join(lists.leading(teller, chapter.key)) or "……"
            blocks.append(teller.text(teller.say("nothing_lead", offices=offices)))
        yield from blocks
        if chapter.key in _ANNEX_OF:
            yield teller.text(teller.say(_ANNEX_OF[chapter.key]), REMARK, italic=True)

    def _part(self, part: Part) -> Iterator[Block]:
        teller = self.teller
        for code in part.codes(self.known):
            if code in self.scored:
                measure, lines = self.scored[code]
                yield from teller.criterion(measure, lines)
        yield from teller.listed(part.measures)
        for name in part.tables:
            yield from _TABLES[name](teller)
        if part.picture is not None:
            yield from self._picture(part.picture)

    def _picture(self, name: str) -> Iterator[Block]:
        try:
            png = self.paper.draw(name)
        # The report stands without it; the printed map of the name tells of the fault.
        except Exception:  # noqa: BLE001 - whatever broke, said in the picture's place
            yield self.teller.text(self.teller.say("picture_missing"), REMARK, italic=True)
            return
        if png is not None:
            yield Picture(png, self.teller.say(f"picture_{name}"))

    def _difficulties(self, difficulties: str, proposals: str) -> Iterator[Para]:
        for key, said in (("difficulties", difficulties), ("proposals", proposals)):
            found = paragraphs(said)
            if found:
                yield Para(line(self.teller.say(key), italic=True))
                yield from (self.teller.text(one, ITEM) for one in found)


def _words(teller: Teller, paper: Paper, record_head: str | None) -> dict[str, str]:
    """Return the single texts that stand around the sections, by the names of templates."""
    who, lang, document = teller.layers.commune.commune, teller.lang, paper.texts.document
    on = numbers.format_date_vi(who.as_of)
    opening = document.opening or teller.say("opening", name=who.name, on=who.as_of)
    recipients = document.recipients or tuple(
        teller.say(f"recipient_{n}") for n in range(1, _RECIPIENTS + 1)
    )
    return {
        "ten_xa": who.name, "TEN_XA": who.name.upper(), "ten_tinh": who.province,
        "ma_xa": who.code, "ngay_so_lieu": on,
        "trich_yeu": document.subject or teller.say("subject", on=who.as_of),
        "mo_dau": opening,
        "ghi_chu": teller.say("about_marks"),
        "minh_hoa": term("sample_long").of(lang) if who.sample else "",
        "ma_kiem_tra": teller.say("check_code", code=record_head) if record_head else "",
        "nguoi_ky": document.signer,
        "noi_nhan": "\n".join(recipients),
    }  # fmt: skip
