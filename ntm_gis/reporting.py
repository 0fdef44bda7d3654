"""What a commune's folder gives for its report: texts, template, and the periods before.

Figures of a closed period that rest on dated rows (reports of road works, payments, gifts) are
worked out again as of its day: what reads otherwise now is a correction of that period. Layers
without dates say how things are, not how they were; what changes in them is news, no correction.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import analyses, closing_check, record
from ntm_gis.errors import RecordError
from ntm_gis.outputs import report
from ntm_gis.outputs.report import periods
from ntm_gis.outputs.report.telling import words
from ntm_gis.reporting_why import Since, since
from ntm_gis.results import LANGUAGES, Finding, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.layers.values import Answer, Layers
    from ntm_gis.outputs.report import Paper
    from ntm_gis.outputs.report.periods import Period
    from ntm_gis.results import Measure

DATED = frozenset({"progress", "contributions", "funds", "money"})
"""Analyses of rows that bear their day."""

_BEGINNINGS = ("progress.", "contributions.")
_ENDINGS = (".paid", ".paid_million")
_CLOSE = 1e-8
_MOST = 20
"""Corrections that a report lists; all are in the next closed period."""


def paper(
    folder: Path, answer: Answer, layers: Layers, lang: str
) -> tuple[Paper, tuple[Finding, ...]]:
    """Return what a folder gives for its report, and what is wrong with it."""
    given, findings = report.folder(folder)
    given, more = report.prepared(given, answer, layers, lang)
    closed, unread = periods.read(folder)
    findings = (*findings, *more, *unread, *closing_check.check(folder))
    given = replace(given, closed=closed)
    last = periods.before(closed, layers.commune.commune.as_of)
    if last is None:
        return given, findings
    corrected = tuple(corrections(folder, layers, last))
    told = _told(last, corrected, since(folder, layers, last)) if corrected else ()
    given = replace(given, previous=last.previous, corrections=told, last=last)
    return given, findings


def corrections(
    folder: Path, layers: Layers, period: Period
) -> Iterator[tuple[Measure, float | None]]:
    """Yield the measures of a closed period that read otherwise today, with what they read then.

    Parameters
    ----------
    layers : Layers
        Today's; rows after the period's day are left out by the analyses themselves.
    """
    who = layers.commune.commune
    then = replace(layers, commune=layers.commune.at(period.as_of))
    try:
        said = record.state(folder / record.FILE_NAME, period.as_of, commune=who.code)
    except RecordError:
        # The run itself says that the record cannot be read; nothing can be compared then.
        return
    for measure in analyses.answer(then, said, only=DATED).measures:
        dated = measure.id.startswith(_BEGINNINGS) or measure.id.endswith(_ENDINGS)
        # Days left are counted from the day of the figures; they were no statement about work.
        if not dated or measure.id not in period.values or measure.id.endswith(".days_left"):
            continue
        before = period.values[measure.id]
        # A share of layers that bear no days is not worked out again: that is no correction.
        if measure.value is None and measure.unit == "%":
            continue
        if not _same(before, measure.value):
            yield measure, before


def _same(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is now
    return abs(before - now) <= _CLOSE * max(1.0, abs(before), abs(now))


def _told(
    period: Period, found: tuple[tuple[Measure, float | None], ...], changed: Since
) -> tuple[tuple[str, str], ...]:
    out = [
        tuple(_sentence(period, measure, before, changed, lang) for lang in LANGUAGES)
        for measure, before in found[:_MOST]
    ]
    if len(found) > _MOST:
        left = len(found) - _MOST
        out.append(
            tuple(words("corrected_more", lang, period=period.name, n=left) for lang in LANGUAGES)
        )
    return tuple((vi, en) for vi, en in out)


def _sentence(
    period: Period, measure: Measure, before: float | None, changed: Since, lang: str
) -> str:
    then, now = (
        shown.value(number, measure.unit, lang, with_unit=True)
        for number in (before, measure.value)
    )
    told = words(
        "corrected", lang, period=period.name, title=measure.title.of(lang), before=then, after=now
    )
    why = changed.said(measure, lang)
    return f"{told} ({why})" if why else told
