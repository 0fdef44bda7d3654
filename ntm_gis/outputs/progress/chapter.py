"""The chapter of a report on road works: sentences and tables, ready to be placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.progress.model import COUNTS, DISPUTED, LENGTHS, Work
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.progress.said import between, metres, million, report_state
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Measure
from ntm_gis.rules.terms import say, term

_BY_CLASS = "progress.by_class."
_GIFTS = (
    ("land_m2", "land_of"), ("labour_days", "labour_of"), ("cash_million", "cash_of"),
    ("in_kind_million", "in_kind_of"), ("value_million", "worth_of"),
)  # fmt: skip
_DASH = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts: heads and rows of equal length; `numbers` are columns set to the right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: a title, paragraphs, then tables. Plain text throughout."""

    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]


def chapter(
    answer: Answer, layers: Layers, lang: str = "vi", *, record_head: str | None = None
) -> Chapter:
    """Return the chapter on road works of an answer.

    Parameters
    ----------
    answer : Answer
        Measures `progress.*` and `contributions.*`, frames of road works.
    layers : Layers
    lang : str
        "vi" or "en".
    record_head : str, optional
        Check code of the record; None where there is no record.

    Returns
    -------
    Chapter
        Figures that are not for official use yet are marked "(tạm tính)".
    """
    found = works(answer, layers, lang)
    speech = Speech(answer, lang, layers)
    who = layers.commune.commune
    told = [
        say("chapter_opening" if found else "chapter_none", lang, on=who.as_of,
            name=text_for_html(who.name), **({"n": len(found)} if found else {})),
        *(" ".join(about(work, speech)) for work in found),
    ]  # fmt: skip
    if record_head:
        told.append(say("chapter_check", lang, code=record_head))
    tables = (_lengths(found, speech), _money(found, speech), _classes(speech))
    return Chapter(
        term("chapter_title").of(lang),
        tuple(told),
        tuple(table for table in tables if table.rows),
    )


def figure(measure: Measure | None, speech: Speech) -> str:
    """Return a figure with unit, range and the mark of a provisional one; a dash for none."""
    if measure is None:
        return _DASH
    text = speech.with_unit(measure)
    known = speech.range(measure)
    if known:
        text = f"{text} ({known})"
    return f"{text} {speech.mark}" if measure.id in speech.provisional else text


def about(work: Work, speech: Speech) -> Iterator[str]:
    """Yield the sentences on one work."""
    lang, of = speech.lang, work.measures
    lengths = {name.removesuffix("_km"): figure(of.get(name), speech) for name in LENGTHS}
    yield say("chapter_lengths", lang, name=work.name, id=work.id, **lengths)
    share = of.get("accepted_share")
    if share is not None and share.value is not None:
        yield say("chapter_share", lang, share=figure(share, speech))
    added, counted = of.get("reported_added_km"), of.get("reported_km")
    if added is not None and counted is not None and (added.value or 0) > (counted.low or 0):
        yield say("chapter_added", lang, added=speech.with_unit(added))
    contested = [s for s in work.now if s.state == DISPUTED]
    if contested:
        where = ", ".join(between(s.from_m, s.to_m) for s in contested)
        yield say("chapter_disputed", lang, metres=metres(work.disputed_m, lang), where=where)
    aside = [r for r in work.reports if r.state not in COUNTS and r.state != DISPUTED]
    if aside:
        listed = "; ".join(f"{r.id} ({_small(report_state(r, lang))})" for r in aside)
        yield say("chapter_aside", lang, reports=listed)
    yield from _about_money(work, speech)
    left = of.get("days_left")
    if left is not None:
        yield from speech.notes(left)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _about_money(work: Work, speech: Speech) -> Iterator[str]:
    lang = speech.lang
    paid, per_km = work.measures.get("paid_million"), work.measures.get("paid_million_per_km")
    if paid is not None and not speech.absent(paid):
        values = {"paid": figure(paid, speech), "per_km": figure(per_km, speech)}
        if work.budget is None:
            yield say("chapter_money", lang, **values)
        else:
            yield say("chapter_money_of", lang, budget=million(work.budget, lang), **values)
    parts = [
        say("chapter_gift", lang, what=_small(term(key).of(lang)), amount=figure(gift, speech))
        for name, key in _GIFTS
        if (gift := work.gifts.get(name)) is not None and (gift.value or gift.high is None)
    ]
    if parts:
        yield say("chapter_gifts", lang, parts=", ".join(parts))


# --- tables ---------------------------------------------------------------------------------------


def _lengths(found: Sequence[Work], speech: Speech) -> Table:
    lang = speech.lang
    heads = (
        term("work_id_of").of(lang), term("work_of").of(lang),
        *(term(f"work_length.{name}").of(lang) for name in LENGTHS),
        term("share_of").of(lang), term("disputed_of").of(lang),
    )  # fmt: skip
    rows = tuple(
        (
            work.id, work.name,
            *(figure(work.measures.get(name), speech) for name in LENGTHS),
            figure(work.measures.get("accepted_share"), speech),
            metres(work.disputed_m, lang) if work.disputed_m else _DASH,
        )
        for work in found
    )  # fmt: skip
    return Table(term("table_lengths").of(lang), heads, rows, frozenset(range(2, len(heads))))


def _money(found: Sequence[Work], speech: Speech) -> Table:
    lang = speech.lang
    heads = (
        "work_id_of", "work_of", "budget_of", "paid_of", "per_km_of",
        *(key for _, key in _GIFTS),
    )  # fmt: skip
    rows = tuple(
        (
            work.id, work.name, million(work.budget, lang),
            figure(work.measures.get("paid_million"), speech),
            figure(work.measures.get("paid_million_per_km"), speech),
            *(figure(work.gifts.get(name), speech) for name, _ in _GIFTS),
        )
        for work in found
    )  # fmt: skip
    titles = tuple(term(key).of(lang) for key in heads)
    return Table(term("table_money").of(lang), titles, rows, frozenset(range(2, len(heads))))


def _classes(speech: Speech) -> Table:
    """Return the lengths and shares by class of road, and of the whole commune."""
    lang = speech.lang
    kinds = ("planned_km", "poured_km", "poured_share", "accepted_km", "accepted_share")
    heads = (
        "class_of", "planned_of", "poured_of", "poured_share_of", "accepted_of",
        "accepted_share_of",
    )  # fmt: skip
    by_class: dict[str, dict[str, Measure]] = {}
    for name, measure in speech.by_id.items():
        if name.startswith(_BY_CLASS):
            code, _, kind = name.removeprefix(_BY_CLASS).partition(".")
            by_class.setdefault(code, {})[kind] = measure
    rows = tuple(
        (
            _upper(wording.after_colon(next(iter(of.values())).title.of(lang))),
            *(figure(of.get(kind), speech) for kind in kinds),
        )
        for of in by_class.values()
    )
    titles = tuple(term(key).of(lang) for key in heads)
    return Table(term("table_classes").of(lang), titles, rows, frozenset(range(1, len(heads))))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
