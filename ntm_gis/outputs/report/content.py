"""The sections and annexes of the report, each made of what is known under its head.

A head under which nothing is known says so, and which office answers for it; an annex that would
be empty is left out, and the section that leads to it says that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from ntm_gis.outputs.report import lists, tables, tasks
from ntm_gis.outputs.report.model import (
    ITEM,
    LEAD,
    OPENER,
    REMARK,
    Block,
    Grid,
    Para,
    Picture,
    Section,
    line,
)
from ntm_gis.outputs.report.outline import Annex, Chapter, Part
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.outputs.report.texts import Texts, paragraphs
from ntm_gis.results import Measure
from ntm_gis.rules.schema import code_list

Draw = Callable[[str], bytes | None]
"""Name of a map -> a picture of it as PNG, 160 × 113 mm; None where there is none."""

_TABLES: Mapping[str, Callable[[Teller], Iterator[Block]]] = {
    "targets": tables.targets, "roads": tables.roads, "road_works": tables.road_works,
    "funds": tables.funds, "funds_full": tables.funds_full, "works_money": tables.works_money,
    "villages": tables.villages, "scorecard": lists.scorecard, "tasks": tasks.tasks,
    "tasks_state": tasks.tasks_state, "late_tasks": tasks.late_tasks,
    "plan_counts": lists.plan_counts, "plan_decisions": lists.plan_decisions,
    "blocking": lists.blocking, "findings": lists.findings,
}  # fmt: skip
_ANNEXES_OF = {"II.11": ("01", "04"), "III": ("02", "03"), "V": ("05", "06")}
_SEVERAL = 3
_LETTERS = "abcdefghijklmn"


@dataclass(frozen=True)
class Content:
    """Makes the sections of one report.

    Parameters
    ----------
    teller : Teller
    texts : Texts
        Free texts of the office.
    draw : callable
        Draws a map for a page.
    corrections : tuple of (str, str)
        Sentences on figures of closed periods that read otherwise today, in both languages.
    known : tuple of str
        The criteria set in use and those it stands on.
    scored : mapping of str to (Measure, list of Measure)
        Criterion's code -> its measure and those of its indicators.
    """

    teller: Teller
    texts: Texts
    draw: Draw
    corrections: tuple[tuple[str, str], ...]
    known: tuple[str, ...]
    scored: Mapping[str, tuple[Measure, list[Measure]]]

    def sections(self, chapters: tuple[Chapter, ...], annexes: set[str]) -> Iterator[Section]:
        """Yield the sections in the plan's order; II itself is a head alone.

        Parameters
        ----------
        annexes : set of str
            Numbers of the annexes that are there.
        """
        titles = {
            c.code: c.title.words.of(self.teller.lang) for c in code_list("task_section").codes
        }
        for chapter in chapters:
            if chapter.key == "II.1":
                yield Section("II", titles["II"], 1)
            title = titles.get(chapter.key, f"{chapter.key}. {self.teller.say('aims')}")
            level = 2 if "." in chapter.key else 1
            shown = title.removeprefix("II.") if level == 2 else title
            blocks = (*self._blocks(chapter), *self._leads_to(chapter.key, annexes))
            yield Section(chapter.key, shown, level, blocks)

    def annexes(self, annexes: tuple[Annex, ...]) -> Iterator[Section]:
        """Yield the annexes that hold anything."""
        for annex in annexes:
            blocks = [b for name in annex.tables for b in _TABLES[name](self.teller)]
            if not blocks:
                continue
            # The title of the annex says what a lone table is.
            if isinstance(blocks[0], Grid) and len(blocks) < _SEVERAL:
                blocks[0] = replace(blocks[0], caption="")
            title = annex.title.words.of(self.teller.lang)
            told = self.teller.say("annex", n=annex.key, title=title)
            yield Section(annex.key, told, 1, tuple(blocks))

    def _blocks(self, chapter: Chapter) -> Iterator[Block]:
        teller, said = self.teller, self.texts.of(chapter.key)
        yield from (teller.text(one) for one in paragraphs(said.text))
        parts, given = self._parts(chapter)
        yield from parts
        rest = [
            *tasks.of_section(teller, chapter.key),
            *self._difficulties(said.difficulties, said.proposals),
        ]
        if chapter.key == "V":
            rest += [teller.text(vi if teller.lang == "vi" else en, ITEM)
                     for vi, en in self.corrections]  # fmt: skip
        if not (given or rest or said.text.strip()):
            offices = [said.lead] if said.lead else tasks.leading(teller, chapter.key)
            named = ", ".join(offices) or teller.say("no_lead")
            rest.append(teller.text(teller.say("nothing_lead", offices=named)))
        yield from rest

    def _parts(self, chapter: Chapter) -> tuple[list[Block], bool]:
        """Return what is known by parts, and whether anything is.

        Small heads stand where at least one of them has something below it.
        """
        found = [list(self._part(part)) for part in chapter.parts]
        given = any(self._knows(part) for part in chapter.parts) or any(
            not isinstance(block, Para) for blocks in found for block in blocks
        )
        out: list[Block] = []
        for letter, part, blocks in zip(_LETTERS, chapter.parts, found, strict=False):
            if part.head is not None and given:
                head = f"{letter}) {part.head.of(self.teller.lang)}"
                nothing = self.teller.text(self.teller.say("nothing"))
                out += [Para(line(head), LEAD), *(blocks or [nothing])]
            else:
                out += blocks
        return out, given

    def _knows(self, part: Part) -> bool:
        """Whether a part has more to say than what criteria it would be judged by."""
        of = [self.scored[code] for code in part.codes(self.known) if code in self.scored]
        return (
            any(self.teller.is_judged(measure, lines) for measure, lines in of)
            or bool(self.teller.listed(part.measures))
            or any(next(_TABLES[name](self.teller), None) for name in part.tables)
        )

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
            png = self.draw(name)
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
                yield Para(line(self.teller.say(key), italic=True), OPENER)
                yield from (self.teller.text(one, ITEM) for one in found)

    def _leads_to(self, key: str, there: set[str]) -> Iterator[Para]:
        """Yield the line that leads to the annexes of a section."""
        wanted = _ANNEXES_OF.get(key, ())
        for term, named in (
            ("see_annexes", [one for one in wanted if one in there]),
            ("see_no_annexes", [one for one in wanted if one not in there]),
        ):
            if named:
                told = self.teller.say(term, numbers="; ".join(named))
                yield self.teller.text(told, REMARK, italic=True)
