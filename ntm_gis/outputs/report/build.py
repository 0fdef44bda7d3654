"""The content of the report, from measures, rows and the office's own texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.report import lists
from ntm_gis.outputs.report.content import Content, Draw
from ntm_gis.outputs.report.model import Report
from ntm_gis.outputs.report.outline import families, outline
from ntm_gis.outputs.report.telling import Previous, Teller
from ntm_gis.outputs.report.texts import NONE, Texts
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    from ntm_gis.outputs.report.periods import Period

_RECIPIENTS = 6


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
    content = Content(teller, paper.texts, paper.draw, paper.corrections, known, scored)
    found = outline()
    annexes = tuple(content.annexes(found.annexes))
    sections = content.sections(found.sections, {annex.key for annex in annexes})
    words = _words(teller, paper, record_head)
    return Report(lang, tuple(words.items()), tuple(sections), annexes)


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
