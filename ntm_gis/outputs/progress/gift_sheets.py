"""Sheets of contributions: by work, and by village. Households stand in none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ntm_gis.layers.values import Answer
from ntm_gis.outputs import wording
from ntm_gis.outputs.progress.model import Work
from ntm_gis.outputs.sheets import Column, Sheet
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Measure, shown
from ntm_gis.rules.terms import term

_GIFTS = (
    ("land_m2", "land_of"), ("land_m2_per_km", "land_of"), ("labour_days", "labour_of"),
    ("labour_days_per_km", "labour_of"), ("cash_million", "cash_of"),
    ("cash_million_per_km", "cash_of"), ("in_kind_million", "in_kind_of"),
    ("value_million", "worth_of"), ("value_million_per_km", "worth_of"),
)  # fmt: skip
_SCOPES = {"work": "contributions.work.", "village": "contributions.village."}


def gift_sheets(answer: Answer, found: Sequence[Work], speech: Speech) -> list[Sheet]:
    """Return what was given by work and by village."""
    names = {work.id: work.name for work in found}
    return [_sheet(scope, answer, names, speech) for scope in _SCOPES]


def _sheet(scope: str, answer: Answer, names: Mapping[str, str], speech: Speech) -> Sheet:
    lang, start = speech.lang, _SCOPES[scope]
    by_subject: dict[str, dict[str, Measure]] = {}
    for measure in answer.measures:
        if measure.id.startswith(start) and measure.subject is not None:
            kind = measure.id.rpartition(".")[2]
            by_subject.setdefault(measure.subject, {})[kind] = measure
    keys = list(by_subject)
    titles = [
        names.get(key) or wording.after_colon(next(iter(of.values())).title.of(lang))
        for key, of in by_subject.items()
    ]
    columns = [
        Column(term("work_id_of").of(lang), keys),
        Column(term("work_of" if scope == "work" else "village_of").of(lang), titles, wide=30),
    ]
    for kind, key in _GIFTS:
        of = [by_subject[subject].get(kind) for subject in keys]
        if not any(of):
            continue
        units = [shown.unit_name(m.unit, lang) for m in of if m is not None]
        columns.append(
            Column(
                f"{term(key).of(lang)} ({units[0]})",
                [None if m is None else m.value for m in of],
                "number",
                [0 if m is None else shown.places(m) for m in of],
                required=not kind.endswith("_per_km"),
            )
        )
    title = term(f"gifts_{scope}_sheet").of(lang)
    return Sheet(title, title, "", columns, frozen=2, about=term("gifts_about").of(lang))
