"""The tables under a strip chart: reports, overlaps, tracks, photos, money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ntm_gis import numbers
from ntm_gis.outputs.progress.chapter import figure
from ntm_gis.outputs.progress.model import Report, Work
from ntm_gis.outputs.progress.said import between, day, metres, million, report_state, stage_words
from ntm_gis.outputs.speech import Speech
from ntm_gis.rules.terms import say, term

_MONEY = (
    ("measures", "paid_million", "paid_of"), ("measures", "paid_million_per_km", "per_km_of"),
    ("gifts", "land_m2", "land_of"), ("gifts", "land_m2_per_km", "land_of"),
    ("gifts", "labour_days", "labour_of"), ("gifts", "labour_days_per_km", "labour_of"),
    ("gifts", "cash_million", "cash_of"), ("gifts", "in_kind_million", "in_kind_of"),
    ("gifts", "value_million", "worth_of"), ("gifts", "value_million_per_km", "worth_of"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """A table under a heading; cells are texts, `numbers` the columns set to the right."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    pale: frozenset[int] = frozenset()
    """Rows that do not count."""


def listings(work: Work, speech: Speech) -> Iterator[Listing]:
    """Yield the tables of a work that have rows."""
    for listing in (
        reports_of(work.reports, speech.lang),
        _overlaps(work, speech.lang),
        _tracks(work, speech.lang),
        _photos(work, speech.lang),
        _money(work, speech),
    ):
        if listing.rows:
            yield listing


def _heads(lang: str, *keys: str) -> tuple[str, ...]:
    return tuple(term(key).of(lang) for key in keys)


def span_of(from_m: float | None, to_m: float | None) -> str:
    """Return a stretch; what is not known of it is a dash.

    Examples
    --------
    >>> span_of(0.0, None)
    'Km0+000 – ?'
    """
    if from_m is None and to_m is None:
        return "–"
    if from_m is not None and to_m is not None:
        return between(from_m, to_m)
    ends = ("?" if end is None else numbers.format_chainage(end) for end in (from_m, to_m))
    return " – ".join(ends)


def _apart(from_m: float | None, to_m: float | None, lang: str) -> str:
    if from_m is None or to_m is None:
        return "–"
    return metres(round(to_m - from_m, 2), lang)


def _number(value: float | None, digits: int, lang: str) -> str:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return "–" if value is None else show(value, "", digits)


def in_order(reports: tuple[Report, ...]) -> list[Report]:
    """Return reports by day, those without one last."""
    return sorted(reports, key=lambda r: (r.on is None, str(r.on), r.id))


def stray_reports(found: Sequence[tuple[str, Report]], lang: str) -> Listing:
    """Return the table of reports that name no work of the list."""
    listing = reports_of(tuple(report for _, report in found), lang)
    return replace(listing, key="strays", title=term("strays_head").of(lang))


def reports_of(reports: tuple[Report, ...], lang: str) -> Listing:
    """Return the table of some reports, those that do not count pale."""
    ordered = in_order(reports)
    rows = tuple(
        (
            r.id, day(r.on, lang), span_of(r.from_m, r.to_m),
            stage_words(r.stage, lang), _number(r.width_m, 1, lang),
            r.by or term("nobody_named").of(lang),
            r.verified_by or term("nobody_verified").of(lang),
            r.minute_no or "–", r.photo or "–", report_state(r, lang),
            r.where(lang) or (term("in_record").of(lang) if r.recorded else "–"),
        )
        for r in ordered
    )  # fmt: skip
    heads = _heads(
        lang, "work_id_of", "day_of", "stretch_of", "stage_of", "width_of", "by_of", "checked_of",
        "minute_of", "photo_named_of", "became_of", "source_of",
    )  # fmt: skip
    pale = frozenset(i for i, r in enumerate(ordered) if r.state != "counted")
    return Listing("reports", term("reports_head").of(lang), heads, rows, frozenset({4}), pale)


def _overlaps(work: Work, lang: str) -> Listing:
    rows = tuple(
        (
            span_of(o.from_m, o.to_m), metres(round(o.to_m - o.from_m, 2), lang),
            _who(o.first, o.first_by, lang), day(o.first_on, lang),
            _who(o.second, o.second_by, lang), day(o.second_on, lang),
        )
        for o in work.overlaps
    )  # fmt: skip
    heads = _heads(lang, "stretch_of", "length_of", "first_of", "day_of", "second_of", "day_of")
    return Listing("overlaps", term("overlaps_head").of(lang), heads, rows, frozenset({1}))


def _who(report: str, by: str | None, lang: str) -> str:
    return f"{report}, {by or term('nobody_named').of(lang)}"


def _tracks(work: Work, lang: str) -> Listing:
    rows = tuple(
        (
            t.track, day(t.on, lang), span_of(t.from_m, t.to_m),
            _apart(t.from_m, t.to_m, lang),
            t.why or (term(f"track_state.{t.state}").of(lang) if t.state else "–"),
        )
        for t in work.tracks
    )  # fmt: skip
    heads = _heads(lang, "track_of", "day_of", "stretch_of", "length_of", "why_of")
    pale = frozenset(i for i, t in enumerate(work.tracks) if t.state != "credited")
    return Listing("tracks", term("tracks_head").of(lang), heads, rows, frozenset({3}), pale)


def _photos(work: Work, lang: str) -> Listing:
    ordered = sorted(work.photos, key=lambda p: (p.at_m is None, p.at_m or 0.0, p.name))
    rows = tuple(
        (
            p.name, p.chainage or "–", day(p.on, lang),
            stage_words(p.stage, lang), p.how or "–", p.by or "–",
        )
        for p in ordered
    )  # fmt: skip
    heads = _heads(lang, "photo_of", "placed_of", "day_of", "stage_of", "how_placed", "taken_by_of")
    pale = frozenset(i for i, p in enumerate(ordered) if p.state != "gps")
    return Listing("photos", term("photos_head").of(lang), heads, rows, frozenset(), pale)


def _money(work: Work, speech: Speech) -> Listing:
    lang = speech.lang
    found: list[tuple[str, str]] = []
    if work.budget is not None:
        found.append((term("budget_of").of(lang), million(work.budget, lang)))
    for kind, name, key in _MONEY:
        measure = (work.measures if kind == "measures" else work.gifts).get(name)
        if measure is not None and not speech.absent(measure):
            title = term(key).of(lang)
            if name.endswith("_per_km") and kind == "gifts":
                title = say("per_planned_km", lang, what=title)
            found.append((title, figure(measure, speech)))
    heads = _heads(lang, "measure", "value")
    return Listing("money", term("money_head").of(lang), heads, tuple(found), frozenset({1}))
