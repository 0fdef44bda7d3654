"""Sheets of tables.xlsx on road works: lengths, stretches, reports, overlaps, plan and fact, gifts.

Numbers stand as numbers; nothing here names a household.
"""

from __future__ import annotations

from collections.abc import Sequence

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.progress.columns import (
    chainage,
    number_of,
    pairs_of,
    sheet_of,
    text_of,
    unit_of,
    who_of,
)
from ntm_gis.outputs.progress.gift_sheets import gift_sheets
from ntm_gis.outputs.progress.length_sheets import history, lengths
from ntm_gis.outputs.progress.lists import in_order
from ntm_gis.outputs.progress.model import Report, Work
from ntm_gis.outputs.progress.pictures import named_words, seen_words
from ntm_gis.outputs.progress.reading import strays, works
from ntm_gis.outputs.progress.said import report_state, stage_words, state_words
from ntm_gis.outputs.sheets import Cell, Column, Sheet
from ntm_gis.outputs.speech import Speech
from ntm_gis.rules.terms import term

_WIDE = 46
_CENTS = 2


def progress_sheets(answer: Answer, layers: Layers, lang: str) -> list[Sheet]:
    """Return the sheets on road works that have rows, in order.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    lang : str
        "vi" or "en".
    """
    found = works(answer, layers, lang)
    speech = Speech(answer, lang, layers)
    made = [
        lengths(found, speech), _stretches(found, lang),
        _reports(found, strays(answer, found, lang), lang),
        _overlaps(found, lang), history(found, lang), _tracks(found, lang),
        _photos(found, lang), _carried(answer, lang), *gift_sheets(answer, found, speech),
    ]  # fmt: skip
    return [sheet for sheet in made if sheet.rows]


def _stretches(found: Sequence[Work], lang: str) -> Sheet:
    of = list(pairs_of(found, lambda w: w.now))
    parts = [part for work in found for part in work.now]
    columns = [
        *who_of(of, lang),
        text_of("from_of", [chainage(p.from_m) for p in parts], lang),
        text_of("to_of", [chainage(p.to_m) for p in parts], lang),
        number_of(unit_of("length_of", "m", lang), [p.length_m for p in parts], _CENTS),
        text_of("state_is", [state_words(p.state, lang) for p in parts], lang),
        text_of("reports_of", [", ".join(r.id for r in p.reports) or None for p in parts], lang),
        text_of("by_of", [p.by for p in parts], lang),
        text_of("checked_of", [p.verified_by for p in parts], lang),
        text_of("photo_seen_of", [
            seen_words(w, p.from_m, p.to_m) or None for w, p in zip(of, parts, strict=True)
        ], lang, _WIDE),
        text_of("photo_named_of", [
            named_words(w, p.photo, p.from_m, p.to_m, lang) or None
            for w, p in zip(of, parts, strict=True)
        ], lang, _WIDE),
        text_of("aside_of", [
            "; ".join(f"{r.id}: {report_state(r, lang)}" for r in p.aside) or None for p in parts
        ], lang, _WIDE),
    ]  # fmt: skip
    return sheet_of("stretches", columns, lang, frozen=2)


# --- reports --------------------------------------------------------------------------------------


def _reports(found: Sequence[Work], stray: Sequence[tuple[str, Report]], lang: str) -> Sheet:
    of = [*pairs_of(found, lambda w: w.reports), *(Work(key, "") for key, _ in stray)]
    parts: list[Report] = [r for work in found for r in in_order(work.reports)]
    parts += [report for _, report in stray]
    columns = [
        *who_of(of, lang),
        text_of("report_of", [r.id for r in parts], lang),
        text_of("day_of", [r.on for r in parts], lang),
        text_of("from_of", [chainage(r.from_m) for r in parts], lang),
        text_of("to_of", [chainage(r.to_m) for r in parts], lang),
        text_of("stage_of", [stage_words(r.stage, lang) if r.stage else None for r in parts], lang),
        number_of(term("width_of").of(lang), [r.width_m for r in parts], _CENTS),
        number_of(term("thickness_of").of(lang), [r.thickness_cm for r in parts], 1),
        text_of("by_of", [r.by for r in parts], lang),
        text_of("checked_of", [r.verified_by for r in parts], lang),
        text_of("minute_of", [r.minute_no for r in parts], lang),
        text_of("photo_named_of", [r.photo for r in parts], lang),
        text_of("became_of", [report_state(r, lang) for r in parts], lang, _WIDE),
        number_of(term("credited_of").of(lang), [r.credited_m for r in parts], _CENTS),
        text_of("file", [
            wording.short_file(r.file) if r.file
            else (term("in_record").of(lang) if r.recorded else None) for r in parts
        ], lang),
        text_of("table", [
            r.table if wording.shows_table(r.file, r.table) else None for r in parts
        ], lang),
        Column(term("row").of(lang), [r.row for r in parts], "year"),
    ]  # fmt: skip
    pale = frozenset(i for i, r in enumerate(parts) if r.state != "counted")
    return sheet_of("reports", columns, lang, frozen=3, pale=pale, printed=14)


def _overlaps(found: Sequence[Work], lang: str) -> Sheet:
    of = list(pairs_of(found, lambda w: w.overlaps))
    parts = [o for work in found for o in work.overlaps]

    def stage(code: str | None) -> str | None:
        return stage_words(code, lang) if code else None

    def side(key: str, what: str) -> str:
        return f"{term(key).of(lang)}: {term(what).of(lang).lower()}"

    columns = [
        *who_of(of, lang),
        text_of("from_of", [chainage(o.from_m) for o in parts], lang),
        text_of("to_of", [chainage(o.to_m) for o in parts], lang),
        number_of(unit_of("length_of", "m", lang),
                [round(o.to_m - o.from_m, _CENTS) for o in parts], _CENTS),
        text_of("first_of", [o.first for o in parts], lang),
        Column(side("first_of", "day_of"), [o.first_on for o in parts]),
        Column(side("first_of", "by_of"), [o.first_by for o in parts]),
        Column(side("first_of", "stage_of"), [stage(o.first_stage) for o in parts]),
        text_of("second_of", [o.second for o in parts], lang),
        Column(side("second_of", "day_of"), [o.second_on for o in parts]),
        Column(side("second_of", "by_of"), [o.second_by for o in parts]),
        Column(side("second_of", "stage_of"), [stage(o.second_stage) for o in parts]),
    ]  # fmt: skip
    return sheet_of("overlaps", columns, lang, frozen=2)


def _tracks(found: Sequence[Work], lang: str) -> Sheet:
    of = list(pairs_of(found, lambda w: w.tracks))
    parts = [t for work in found for t in work.tracks]
    long: list[Cell] = [
        None if t.from_m is None or t.to_m is None else round(t.to_m - t.from_m, _CENTS)
        for t in parts
    ]
    columns = [
        *who_of(of, lang),
        text_of("track_of", [t.track for t in parts], lang),
        text_of("day_of", [t.on for t in parts], lang),
        text_of("from_of", [chainage(t.from_m) for t in parts], lang),
        text_of("to_of", [chainage(t.to_m) for t in parts], lang),
        number_of(unit_of("length_of", "m", lang), long, _CENTS),
        text_of("why_of", [t.why or None for t in parts], lang, _WIDE),
    ]
    pale = frozenset(i for i, t in enumerate(parts) if t.state != "credited")
    return sheet_of("tracks", columns, lang, frozen=2, pale=pale)


def _photos(found: Sequence[Work], lang: str) -> Sheet:
    of = list(pairs_of(found, lambda w: w.photos))
    parts = [p for work in found for p in work.photos]
    columns = [
        *who_of(of, lang),
        text_of("photo_of", [p.name for p in parts], lang),
        text_of("placed_of", [p.chainage for p in parts], lang),
        number_of(unit_of("off_axis_of", "m", lang), [p.offset_m for p in parts], 1),
        text_of("day_of", [p.on for p in parts], lang),
        text_of("stage_of", [stage_words(p.stage, lang) if p.stage else None for p in parts], lang),
        text_of("taken_by_of", [p.by for p in parts], lang),
        text_of("how_placed", [p.how or None for p in parts], lang, _WIDE),
    ]
    pale = frozenset(i for i, p in enumerate(parts) if p.state != "gps")
    return sheet_of("photos", columns, lang, frozen=2, pale=pale)


# --- chainages carried over to a road drawn anew --------------------------------------------------


def _carried(answer: Answer, lang: str) -> Sheet:
    frame = answer.frames.get("road_carry_over")
    size = 0 if frame is None else len(frame)

    def cells(name: str) -> list[Cell]:
        return rows.plain(frame[name]) if frame is not None and name in frame else [None] * size

    def placed(name: str) -> list[Cell]:
        return [chainage(float(v)) if isinstance(v, int | float) else None for v in cells(name)]

    columns = [
        text_of("work_id_of", cells("work_id"), lang),
        text_of("report_of", cells("report_id"), lang),
        text_of("road_of", cells("road_id"), lang),
        Column(term("version_of").of(lang), cells("version"), "year"),
        text_of("old_from_of", placed("old_from_m"), lang),
        text_of("old_to_of", placed("old_to_m"), lang),
        text_of("new_from_of", placed("new_from_m"), lang),
        text_of("new_to_of", placed("new_to_m"), lang),
        number_of(unit_of("difference_of", "m", lang), cells("difference_m"), _CENTS),
    ]
    return sheet_of("carried", columns, lang)
