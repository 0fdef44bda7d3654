"""What changed since the last closed period: measures, findings, road works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from ntm_gis import numbers
from ntm_gis.outputs import wording
from ntm_gis.outputs.brief.model import Part
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.report.telling import DASH, Teller
from ntm_gis.results import Finding, Measure, Severity, shown
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    from ntm_gis.outputs.progress.model import Work
    from ntm_gis.outputs.report.build import Paper
    from ntm_gis.outputs.report.periods import Period, Told

_FIRST = (
    "score.", "roads.hardened_share.", "roads.paved_share.", "villages.", "schools.",
    "irrigation.", "loudspeakers.", "funds.", "money.", "commune.", "tea.", "crops.", "plan.",
    "roads.", "contributions.", "fund.", "target.", "criterion.", "indicator.", "figure.",
)  # fmt: skip
"""Families of measures, those that a meeting asks for first; others are left to the tables."""

_LENGTHS = ("planned_km", "poured_km", "accepted_km")
_GRAVE = (Severity.STOP, Severity.BLOCK, Severity.WARNING)
_CLOSE = 1e-9

_One = TypeVar("_One", "Finding", "Told")
_Other = TypeVar("_Other", "Finding", "Told")


def changes(teller: Teller, paper: Paper) -> Part:
    """Return the part on what changed; without a closed period it says that there is none."""
    lang = teller.lang
    title = say("brief.changes", lang)
    last = paper.last
    if last is None:
        return Part(title, (say("brief.no_period", lang),))
    rows = tuple(_moved(teller, last))
    heads = tuple(say(f"brief.{k}", lang) for k in ("head_figure", "head_before", "head_now",
                                                    "head_moved"))  # fmt: skip
    return Part(
        title, tuple(_findings(teller, last)), heads, rows, (88, 27, 30, 25),
        frozenset({1, 2, 3}), say("brief.nothing_moved", lang),
    )  # fmt: skip


def road_works(teller: Teller, paper: Paper) -> Part:
    """Return the part on road works: lengths now and at the last period, and the day due."""
    lang = teller.lang
    heads = ("head_work", "head_planned", "head_poured", "head_accepted", "head_last", "head_due")
    rows = tuple(
        _work(teller, work, paper.last) for work in works(teller.answer, teller.layers, lang)
    )
    return Part(
        say("brief.road_works", lang), (), tuple(say(f"brief.{k}", lang) for k in heads), rows,
        (62, 20, 24, 24, 22, 28), frozenset({1, 2, 3, 4}), say("brief.no_works", lang),
    )  # fmt: skip


def _moved(teller: Teller, last: Period) -> Iterator[tuple[str, ...]]:
    lang = teller.lang
    chosen = [m for m in teller.answer.measures if m.id in last.values and m.id.startswith(_FIRST)]
    for measure in sorted(chosen, key=_rank):
        before = last.values[measure.id]
        if _same(before, measure.value):
            continue
        # What rounds to the same is no change to anybody who reads it.
        if _written(before, measure, lang) == _written(measure.value, measure, lang):
            continue
        then, now = _written(before, measure, lang), teller.figure(measure)[0].text
        yield measure.title.of(lang), then, now, _difference(before, measure, lang)


def _written(value: float | None, measure: Measure, lang: str) -> str:
    """Return a value as figures are written: without a unit that the title says."""
    said = wording.says_unit(measure.title.of(lang), shown.unit_name(measure.unit, lang))
    return shown.value(value, measure.unit, lang, with_unit=not said)


def _rank(measure: Measure) -> tuple[int, str]:
    return next(k for k, name in enumerate(_FIRST) if measure.id.startswith(name)), measure.id


def _same(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is now
    return abs(before - now) <= _CLOSE * max(1.0, abs(before), abs(now))


def _difference(before: float | None, measure: Measure, lang: str) -> str:
    """Return the change with its sign; of verdicts, and of what was not known, there is none."""
    if before is None or measure.value is None or measure.unit == "verdict":
        return DASH
    moved = measure.value - before
    size = shown.value(abs(moved), measure.unit, lang)
    return f"{'+' if moved > 0 else '−'}{size}"


def _findings(teller: Teller, last: Period) -> Iterator[str]:
    """Yield how many findings are new and settled, and the gravest of each."""
    lang = teller.lang
    now = [finding for _, finding in teller.items if finding.severity in _GRAVE]
    grave = {str(severity) for severity in _GRAVE}
    then = [told for told in last.findings if told.severity in grave]
    new = _without(now, then)
    settled = _without(then, now)
    yield say("brief.findings_new", lang, n=len(new)) + _example(new, lang)
    yield say("brief.findings_settled", lang, n=len(settled)) + _example(settled, lang)


def _without(these: Sequence[_One], those: Sequence[_Other]) -> list[_One]:
    """Return what is in one list and not in the other, by key; alike ones are counted."""
    left = Counter(one.key for one in those)
    out: list[_One] = []
    for one in these:
        if left[one.key]:
            left[one.key] -= 1
        else:
            out.append(one)
    return out


def _example(found: Sequence[Finding] | Sequence[Told], lang: str) -> str:
    if not found:
        return "."
    return say("brief.among_them", lang, what=found[0].message.of(lang))


def _work(teller: Teller, work: Work, last: Period | None) -> tuple[str, ...]:
    lang = teller.lang
    lengths = [
        teller.figure(work.measures.get(name), unit=False)[0].text if name in work.measures
        else DASH
        for name in _LENGTHS
    ]  # fmt: skip
    measure = work.measures.get("accepted_km")
    before = None if last is None or measure is None else last.values.get(measure.id)
    then = DASH if measure is None else shown.value(before, measure.unit, lang)
    due = DASH if work.due_on is None else numbers.format_date_vi(work.due_on)
    if work.disputed_m:
        metres = (numbers.format_en if lang == "en" else numbers.format_vi)(work.disputed_m, "m", 0)
        due = f"{due}; {term('disputed_of').of(lang).lower()} {metres}"
    return (f"{work.id} · {work.name}", *lengths, then, due)
