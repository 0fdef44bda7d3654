"""plan_letters.html: drafts of letters for what is missing: dossiers, drawings to export again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_gis import crs
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.planreview import page
from ntm_gis.outputs.planreview.model import Dossier, Plan
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import code_title, day
from ntm_gis.outputs.wording import short_file
from ntm_gis.rules.terms import say

FILE_NAME = "plan_letters.html"
DRAWINGS = ("FORMAT_DWG", "FORMAT_DGN8")
"""Findings of drawings that cannot be read as they are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a letter, and what stands below it."""

    text: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: to whom, about what, its paragraphs round a list."""

    key: str
    to: str
    subject: str
    before: tuple[str, ...]
    entries: tuple[Entry, ...]
    after: tuple[str, ...]
    sent: tuple[str, ...]


def letters(answer: Answer, layers: Layers, lang: str = "vi") -> tuple[Letter, ...]:
    """Return the letters there is a reason for: dossiers first, then drawings.

    Parameters
    ----------
    answer : Answer
        Frame `plan_dossier`, findings of files.
    layers : Layers
    lang : str
        "vi" or "en".
    """
    read = Reading(answer, layers, lang)
    made = (_dossiers(read), _drawings(read))
    return tuple(letter for letter in made if letter is not None)


def available(answer: Answer, layers: Layers) -> bool:
    """Whether there is a letter to write."""
    return bool(letters(answer, layers))


def write(answer: Answer, layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `plan_letters.html` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    return atomic_write(out / FILE_NAME, render(answer, layers, lang).encode("utf-8"))


def render(answer: Answer, layers: Layers, lang: str = "vi") -> str:
    """Return all letters as one page, each on a sheet of its own."""
    who = layers.commune.commune
    return page.whole(
        text_for_html(_say("page_title", lang, name=who.name)), "letters.html", lang,
        letters=letters(answer, layers, lang), name=text_for_html(who.name), sample=who.sample,
        word=lambda key, /, **params: _say(key, lang, **params),
    )  # fmt: skip


def _say(key: str, lang: str, /, **params: object) -> str:
    return say(f"plan_letter.{key}", lang, **params)


def _dossiers(read: Reading) -> Letter | None:
    lang, who = read.lang, read.layers.commune.commune
    plans = {plan.id: plan for plan in read.plans}
    entries = tuple(
        Entry(_lacking(_called(plans.get(of.plan), of.plan, lang), of, lang), of.missing)
        for of in read.dossiers
        if of.missing
    )
    if not entries:
        return None
    return Letter(
        "dossier", _say("dossier_to", lang), _say("dossier_subject", lang, name=who.name),
        (_say("dossier_why", lang, name=who.name, on=who.as_of), _say("dossier_ask", lang)),
        entries,
        (_say("dossier_form", lang), _say("dossier_none", lang), _say("dossier_law", lang),
         _say("thanks", lang)),
        (_say("sent_to", lang), _say("sent_keep", lang)),
    )  # fmt: skip


def _lacking(called: str, of: Dossier, lang: str) -> str:
    """Return how an entry begins: what was never listed is asked for, not said to be missing."""
    listed = any(document.state != "unlisted" for document in of.documents)
    return _say("plan_lacks" if listed else "plan_unlisted", lang, called=called)


def _called(plan: Plan | None, id_: str, lang: str) -> str:
    """Return a plan as a letter names it: kind, id, decision and day."""
    if plan is None:
        return id_
    kind = code_title("plan_kind", plan.kind, lang)
    if plan.decision_no is None:
        return _say("plan_without", lang, kind=kind, plan=id_)
    return _say("plan_with", lang, kind=kind, plan=id_, decision=plan.decision_no,
                on=day(plan.approved_on))  # fmt: skip


def _drawings(read: Reading) -> Letter | None:
    lang, who = read.lang, read.layers.commune.commune
    entries = tuple(_unread(read))
    if not entries:
        return None
    zone = crs.meridian_label(who.crs, lang)
    return Letter(
        "drawings", _say("drawing_to", lang), _say("drawing_subject", lang, name=who.name),
        (_say("drawing_why", lang, name=who.name), _say("drawing_ask", lang)),
        entries,
        (_say("drawing_crs", lang, zone=zone), _say("drawing_how", lang), _say("thanks", lang)),
        (_say("sent_to", lang), _say("sent_keep", lang)),
    )  # fmt: skip


def _unread(read: Reading) -> Iterator[Entry]:
    """Yield each drawing once, with the export that is wanted, in the words of its finding."""
    seen = set()
    for finding in read.answer.findings:
        if finding.code in DRAWINGS and finding.file not in seen:
            seen.add(finding.file)
            wanted = finding.repair.of(read.lang) if finding.repair is not None else ""
            yield Entry(
                text_for_html(short_file(finding.file or "–")),
                (text_for_html(wanted),) if wanted else (),
            )
