"""The scorecard on paper: Biểu 10 of 2026-2030, and the dossier's table of the set in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ntm_gis.outputs.forms.model import Cell, Form, Head, Line
from ntm_gis.outputs.forms.reading import Reading, day_of, number_of, text_of
from ntm_gis.outputs.report.periods import Period as Closed
from ntm_gis.results import Measure, Threshold, shown
from ntm_gis.rules.criteria import CriteriaSet, criteria_set
from ntm_gis.rules.criteria_model import Indicator
from ntm_gis.rules.terms import term

PERIODIC_SET = "vn-2026-2030"
"""The set whose scorecard is Biểu 10."""

_SINGLE = ("verdict",)
_CONFLICT = "CRITERIA_CONFLICT"


@dataclass(frozen=True, slots=True)
class Period:
    """The year of a report, and which of its three pairs of columns today's figures are for."""

    year: int
    now: int


def period_of(day: dt.date) -> Period:
    """Return the report that figures of a day go into.

    Those of a year's end are "31/12 of the year before" of the next report.

    Examples
    --------
    >>> period_of(dt.date(2025, 12, 31)), period_of(dt.date(2026, 6, 30))
    (Period(year=2026, now=0), Period(year=2026, now=1))
    """
    return Period(day.year + 1, 0) if (day.month, day.day) == (12, 31) else Period(day.year, 1)


def periods(read: Reading) -> Form:
    """Return Biểu 10: results and verdicts of three periods."""
    word, at = read.word, period_of(read.as_of)
    found = criteria_set(PERIODIC_SET)
    late = at.now == 1 and read.as_of > dt.date(at.year, 6, 30)
    titles = (
        word("until_before", year=str(at.year - 1)),
        word("until_day", on=read.as_of) if late else word("first_half", year=str(at.year)),
        word("second_half", year=str(at.year)),
    )  # fmt: skip
    pair = (Head(word("result_of"), 15), Head(word("verdict_of"), 18))
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("content"), 50),
        Head(word("unit_of"), 10, "centre"),
        *(Head(title, parts=pair) for title in titles),
        Head(word("remark"), 32),
    )
    known, every = found.known(max(read.as_of, found.head.effective_from))
    before = _before(read, at)
    notes = [
        word("note_10_known", n=every, known=known),
        word("note_10_closed", period=before.name) if before is not None else "",
        word("note_10_periods"), word("note_blank"), word("note_reference"),
    ]  # fmt: skip
    notes = [note for note in notes if note]
    return Form(
        word("f10_sheet"), word("number_04", n="10"), word("f10_title", year=str(at.year)),
        word("reported", name=read.who.name, on=read.as_of), heads,
        list(_period_lines(read, found, at)), mark=word("mark_periodic"), notes=notes, signed=True,
        about=word("f10_about"),
    )  # fmt: skip


def _period_lines(read: Reading, found: CriteriaSet, at: Period) -> Iterator[Line]:
    prefix = "" if read.who.criteria_set == found.id else f"{found.id}."
    before = _before(read, at)
    on = max(read.as_of, found.head.effective_from)
    wanted = frozenset(range(3, 9))
    for entry in found.head.criteria:
        measure = read.measure(f"criterion.{prefix}{entry.code}")
        title = entry.title.words.of(read.lang)
        cells: list[Cell] = [entry.code, title, None, *[None] * 6, None]
        if measure is not None:
            cells[3 + 2 * at.now : 5 + 2 * at.now] = [
                _counted(read, measure),
                read.verdict(measure),
            ]
        if before is not None:
            cells[4] = _verdict_then(read, before, f"criterion.{{}}{entry.code}")
        if not entry.complete:
            cells[9] = read.word("lines_unknown")
        yield Line(tuple(cells), "section", wanted)
        for line in found.of_criterion(entry.code, on):
            yield _periodic(read, line, prefix, at, before)


def _before(read: Reading, at: Period) -> Closed | None:
    """Return the period that was closed for the end of the year before; None: none was.

    Today's figures stand in that column themselves where they are of that day.
    """
    day = dt.date(at.year - 1, 12, 31)
    if at.now == 0:
        return None
    return next((period for period in reversed(read.closed) if period.as_of == day), None)


def _id_then(before: Closed, pattern: str) -> str:
    """Return the id that a line of the set had in a closed period, its own set or beside it."""
    return pattern.format("" if before.criteria_set == PERIODIC_SET else f"{PERIODIC_SET}.")


def _verdict_then(read: Reading, before: Closed, pattern: str) -> str | None:
    found = before.verdicts.get(_id_then(before, pattern))
    return None if found is None else read.judged(*found)


def _result_then(read: Reading, before: Closed, pattern: str, unit: str) -> str | None:
    value = before.values.get(_id_then(before, pattern))
    if value is None:
        return None
    said = shown.value(value, unit, read.lang, with_unit=unit not in _SINGLE)
    return said[:1].upper() + said[1:]


def _counted(read: Reading, measure: Measure, every: int | None = None) -> str | None:
    """Return how many indicators of a criterion are met, as far as that is sure."""
    low, high = measure.low or 0.0, measure.high
    of_all = "" if every is None else f"/{every}"
    if high is not None and low == high:
        return read.word("lines_met", n=f"{int(low)}{of_all}")
    if high is not None and every is not None:
        return read.word("lines_met", n=f"{int(low)}–{int(high)}{of_all}")
    return read.word("lines_met_least", n=int(low)) if low else None


def _periodic(
    read: Reading, line: Indicator, prefix: str, at: Period, before: Closed | None
) -> Line:
    id_ = f"indicator.{prefix}{line.code}"
    measure = read.measure(id_)
    cells: list[Cell] = [
        "", line.title.words.of(read.lang), _unit(read, line.unit), *[None] * 6, None
    ]  # fmt: skip
    if measure is not None:
        cells[3 + 2 * at.now : 5 + 2 * at.now] = [read.result(measure), read.verdict(measure)]
    if before is not None:
        pattern = f"indicator.{{}}{line.code}"
        cells[3] = _result_then(read, before, pattern, line.unit)
        cells[4] = _verdict_then(read, before, pattern)
    if measure is None or read.result(measure) is None:
        cells[9] = read.word("no_data")
    for row in read.rows("target_progress"):
        due, value = day_of(row, "due_on"), number_of(row, "target")
        if text_of(row, "measure") != id_ or due is None or value is None:
            continue
        if dt.date(at.year, 7, 1) <= due <= dt.date(at.year, 12, 31):
            cells[7] = read.amount(value, text_of(row, "unit") or "")
    return Line(tuple(cells), wanted=frozenset(range(3, 9)), depth=1)


def own_set(read: Reading) -> Form | None:
    """Return the dossier's table of the commune's set; None where none is named."""
    if read.who.criteria_set is None:
        return None
    word, found = read.word, criteria_set(read.who.criteria_set)
    heads = (
        Head(word("tt"), 8, "centre"),
        Head(word("criterion_name"), 20),
        Head(word("criterion_content"), 46),
        Head(word("limit"), 22),
        Head(word("result_done"), 22),
        Head(word("own_verdict"), 20),
        Head(word("remark"), 42),
    )
    notes = [word("note_self"), word("note_limits"), word("note_blank")]
    return Form(
        word("self_sheet"), "", word("self_title"),
        word("self_of", name=read.who.name, set=found.title, on=read.as_of), heads,
        list(_own(read, found)), mark=word("mark_self"), notes=notes, signed=True,
        about=word("self_about"), frozen=3,
    )  # fmt: skip


def _own(read: Reading, found: CriteriaSet) -> Iterator[Line]:
    for entry in found.head.criteria:
        lines = found.of_criterion(entry.code, read.as_of)
        measure = read.measure(f"criterion.{entry.code}")
        verdict = None if measure is None else read.verdict(measure)
        result = None if measure is None else _counted(read, measure, len(lines))
        title = entry.title.words.of(read.lang)
        yield Line((entry.code, title, None, None, result, verdict, None), "section",
                   frozenset({4, 5}))  # fmt: skip
        for line in lines:
            yield _own_line(read, line)


def _own_line(read: Reading, line: Indicator) -> Line:
    word, measure = read.word, read.measure(f"indicator.{line.code}")
    name = line.title.words.of(read.lang)
    if measure is None:
        blank = (line.code, None, name, None, None, None, word("no_data"))
        return Line(blank, wanted=frozenset({3, 4, 5}))
    limit = None if measure.judged is None else measure.judged.threshold
    result = read.result(measure)
    conflict = next((n.text.of(read.lang) for n in measure.notes if n.code == _CONFLICT), None)
    conflict = conflict and conflict.rstrip(".")
    told = [
        word("no_figure") if result is None and conflict is None else None,
        conflict or (None if line.unit in _SINGLE else read.speech.certainty(measure) or None),
        ", ".join(documents(read, line.code)) or None,
    ]
    said = (
        limit_words(read, limit, line.unit) if limit is not None
        else term("verdict.no_threshold").of(read.lang)
    )  # fmt: skip
    cells = (
        line.code, None, name, said, result, read.verdict(measure),
        "; ".join(part for part in told if part) or None,
    )  # fmt: skip
    return Line(cells, wanted=frozenset({4, 5}))


def documents(read: Reading, code: str) -> list[str]:
    """Return the documents of the latest figures of an indicator, each once."""
    names = ("indicator", "document", "village_id", "as_of")
    rows = [
        row
        for row in read.used("figures", *names)
        if text_of(row, "indicator") == code and text_of(row, "village_id") is None
    ]
    days = [day for row in rows if (day := day_of(row, "as_of")) is not None and day <= read.as_of]
    latest = max(days, default=None)
    found = [text_of(row, "document") for row in rows if day_of(row, "as_of") == latest]
    return list(dict.fromkeys(name for name in found if name))


def limit_words(read: Reading, limit: Threshold, unit: str) -> str:
    """Return a threshold as people write it, "tham khảo" where nobody read it in the law."""
    if unit in _SINGLE:
        said = term("verdict.met").of(read.lang)
    else:
        pairs = (("≥ ", limit.at_least), ("≤ ", limit.at_most), ("= ", limit.equals))
        said = next(f"{sign}{read.amount(x, unit)}" for sign, x in pairs if x is not None)
    return said if limit.official else read.word("for_reference", verdict=said)


def _unit(read: Reading, unit: str) -> str | None:
    return None if unit in _SINGLE else shown.unit_name(unit, read.lang)
