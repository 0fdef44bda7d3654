"""Sheets of the lengths of road works: on the day of the figures, and over time."""

from __future__ import annotations

from collections.abc import Sequence

from ntm_gis.outputs.progress.columns import (
    chainage,
    number_of,
    pairs_of,
    sheet_of,
    text_of,
    unit_of,
    who_of,
)
from ntm_gis.outputs.progress.model import LENGTHS, Work
from ntm_gis.outputs.sheets import Column, Sheet
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import shown
from ntm_gis.rules.terms import say, term

_CENTS = 2
_EDGES = ("low", "high")


def lengths(found: Sequence[Work], speech: Speech) -> Sheet:
    """Return a row a work: its lengths with their bounds, its money, its newest report."""
    lang = speech.lang

    def measured(name: str, title: str) -> Column:
        of = [w.measures.get(name) for w in found]
        digits = [_CENTS if m is None else shown.places(m) for m in of]
        return Column(
            title, [None if m is None else m.value for m in of], "number", digits, required=True
        )

    def edge(name: str, key: str) -> Column:
        of = [w.measures.get(name) for w in found]
        cells = [None if m is None else shown.edges(m)[_EDGES.index(key)] for m in of]
        title = f"{term(f'work_length.{name}').of(lang)}: {term(key).of(lang)}"
        return number_of(title, cells, [_km_digits(cell) for cell in cells])

    last = [work.last_report for work in found]
    columns = [
        *who_of(found, lang),
        text_of("road_of", [w.road or w.road_id for w in found], lang),
        text_of("from_of", [chainage(w.span[0]) if w.span else None for w in found], lang),
        text_of("to_of", [chainage(w.span[1]) if w.span else None for w in found], lang),
        *(
            measured(name, f"{term(f'work_length.{name}').of(lang)} (km)")
            for name in LENGTHS
        ),
        measured("accepted_share", unit_of("share_of", "%", lang)),
        edge("reported_km", "low"), edge("reported_km", "high"),
        edge("poured_km", "low"), edge("poured_km", "high"),
        edge("accepted_km", "low"), edge("accepted_km", "high"),
        number_of(unit_of("disputed_of", "m", lang), [w.disputed_m for w in found], _CENTS),
        measured("reported_added_km", unit_of("added_of", "km", lang)),
        text_of("last_report_of", [r.id if r else None for r in last], lang),
        text_of("day_of", [r.on if r else None for r in last], lang),
        number_of(unit_of("budget_of", term("million_dong").of(lang), lang),
                [w.budget for w in found], 3 if any((w.budget or 0) % 1 for w in found) else 0),
        measured("paid_million", unit_of("paid_of", term("million_dong").of(lang), lang)),
        measured("paid_million_per_km", unit_of("per_km_of", term("million_dong").of(lang), lang)),
        text_of("provisional_of", [_provisional(w, speech) for w in found], lang),
    ]  # fmt: skip
    return sheet_of("lengths", columns, lang, frozen=2, printed=12)


def _km_digits(cell: float | None) -> int:
    return _CENTS if cell is None else shown.needed([cell], _CENTS, 5)


def _km(title: str, cells: Sequence[float | None]) -> Column:
    return number_of(title, cells, [_km_digits(cell) for cell in cells])


def _provisional(work: Work, speech: Speech) -> str | None:
    mine = {m.id for m in work.measures.values()}
    return term("provisional").of(speech.lang) if mine & speech.provisional else None


def history(found: Sequence[Work], lang: str) -> Sheet:
    """Return plan against fact, a row a work and day."""
    of = list(pairs_of(found, lambda w: w.history))
    parts = [d for work in found for d in work.history]
    planned = [w.measures["planned_km"].value for w in of]
    columns = [
        *who_of(of, lang),
        text_of("day_of", [d.on for d in parts], lang),
        _km(unit_of("planned_of", "km", lang), planned),
        number_of(f"{term('timeline.due').of(lang)} (km)", [d.due_km for d in parts], _CENTS),
        *(
            _km(f"{term(f'timeline.{kind}').of(lang)} (km)", cells)
            for kind, cells in (
                ("reported", [d.reported_km for d in parts]),
                ("poured", [d.poured_km for d in parts]),
                ("accepted", [d.accepted_km for d in parts]),
            )
        ),
        _km(say("at_most_km", lang, what=term("timeline.poured").of(lang)),
            [d.poured_high_km for d in parts]),
        _km(say("at_most_km", lang, what=term("timeline.accepted").of(lang)),
            [d.accepted_high_km for d in parts]),
        text_of("pace_of", [term(f"pace.{d.state}").of(lang) for d in parts], lang),
    ]  # fmt: skip
    return sheet_of("history", columns, lang, frozen=3)
