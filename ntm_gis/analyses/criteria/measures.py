"""Building the measures `indicator.*`, `criterion.*` and `score.*` with verdicts and notes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.criteria.survey import Plan, holds, smallest
from ntm_gis.numbers import round_half_up
from ntm_gis.results import (
    Contribution,
    Evidence,
    Measure,
    Note,
    Verdict,
    Words,
    numbers_judged,
    sentence,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ntm_gis.analyses.criteria.sources import Known
    from ntm_gis.rules.criteria import CriteriaSet
    from ntm_gis.rules.criteria_files import Criterion
    from ntm_gis.rules.criteria_model import Indicator
    from ntm_gis.rules.criteria_verdicts import Outcome, Score

WHY = {
    "none": "CRITERIA_NO_ROW", "delegated": "CRITERIA_DELEGATED",
    "unknown": "CRITERIA_LIMIT_UNKNOWN", "assessed": "CRITERIA_ASSESSED",
    "parts": "CRITERIA_BY_PARTS", "condition": "CRITERIA_CONDITION",
}  # fmt: skip
"""Why a verdict is not one of a number and a limit: codes of `data/messages.toml`."""

COUNTED = (
    Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE,
    Verdict.NO_THRESHOLD,
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """The scorecard of one set on a day, with what it stands on.

    Parameters
    ----------
    main : bool
        The commune's set: ids are "indicator.CODE"; of another they name the set.
    names : mapping of (layer, id) to str
        What people call a feature, where that is not its id.
    """

    found: CriteriaSet
    on: dt.date
    score: Score
    known: Mapping[str, Known]
    main: bool = True
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def id_of(self, family: str, code: str) -> str:
        """Return the id of a measure."""
        return f"{family}.{code}" if self.main else f"{family}.{self.found.id}.{code}"

    def affected(self, code: str) -> tuple[str, ...]:
        """Return the measures that a line of the set enters."""
        criterion = self.found.indicators[code].criterion
        return self.id_of("indicator", code), self.id_of("criterion", criterion)


def indicator(card: Card, line: Indicator, plans: Sequence[Plan]) -> Measure:
    """Return the measure of an indicator with its verdict."""
    known, outcome = card.known[line.code], card.score.indicators[line.code]
    name = named("indicator.CODE", CODE=line.code, code=line.code, name=line.title.words,
                 how=_how(known))  # fmt: skip
    low, high = known.amount.low, known.amount.high
    if line.unit == "%" and low is None and high is None:
        low, high = 0.0, 100.0
    return Measure(
        card.id_of("indicator", line.code),
        name.title,
        line.unit,
        known.value,
        low,
        high,
        Evidence(name.method, known.features, known.inputs),
        subject=line.code,
        numerator=known.numerator,
        denominator=known.denominator,
        method=known.method,
        more_is_better=line.better == "more",
        notes=(*_notes(card, line, known, outcome), *_plan_notes(card, plans)),
        judged=outcome.judged,
    )


def _how(known: Known) -> Words:
    """Say what an indicator was taken from."""
    if known.measure is not None:
        return known.measure.evidence.method
    if known.figure is None:
        return sentence("CRITERIA_FROM_ROADS", {})
    documents, day = known.figure.documents, known.figure.day
    if not known.figure.rows:
        return sentence("CRITERIA_FROM_NOTHING", {})
    return sentence("CRITERIA_FROM_FIGURES", {"documents": documents or None, "on": day})


def _notes(card: Card, line: Indicator, known: Known, outcome: Outcome) -> list[Note]:
    out = list(known.measure.notes) if known.measure is not None else []
    why = WHY.get(outcome.why)
    if why is not None:
        out.append(Note.of(why, set=card.found.title))
    threshold = outcome.threshold
    if threshold is not None and not threshold.official:
        out.append(Note.of("CRITERIA_REFERENCE_ONLY", citation=threshold.citation))
    if outcome.row is not None and outcome.row.remark is not None:
        out.append(Note("CRITERIA_REMARK", outcome.row.remark.words))
    if known.figure is not None and known.figure.conflict:
        out.append(Note.of("CRITERIA_CONFLICT"))
    if line.measure == "irrigation.served_share" and known.measure is not None:
        out.append(Note.of("CRITERIA_WITHOUT_DRAINAGE"))
    if _turned(line, known, outcome):
        out.append(Note.of("CRITERIA_ROUNDING", digits=line.rounding))
    return out


def _turned(line: Indicator, known: Known, outcome: Outcome) -> bool:
    """Whether the figure as printed would get another verdict than the figure itself."""
    if known.value is None or line.rounding is None or outcome.threshold is None:
        return False
    printed = round_half_up(known.value, line.rounding)
    exact = numbers_judged(known.value, known.value, outcome.threshold)
    return numbers_judged(printed, printed, outcome.threshold) != exact


def _plan_notes(card: Card, plans: Sequence[Plan]) -> list[Note]:
    return [Note.of("CRITERIA_SURVEY_NOTE", what=plan_words(card, plan)) for plan in plans[:1]]


def plans_of(card: Card, line: Indicator) -> tuple[Plan, ...]:
    """Return the smallest sets to survey for an indicator that is undetermined."""
    known, outcome = card.known[line.code], card.score.indicators[line.code]
    if outcome.verdict != Verdict.UNDETERMINED or outcome.threshold is None or not known.open:
        return ()
    low, high = known.amount.low, known.amount.high
    pair = (known.numerator or 0.0, known.denominator or 0.0)
    if low is None or high is None or not holds(pair, known.open, low, high):
        return (Plan(known.open, sure=False),)
    return smallest(pair, known.open, outcome.threshold)


def plan_words(card: Card, plan: Plan) -> Words:
    """Write what to survey: "đường D16, D21: 4,4 km"."""
    by_layer: dict[str, list[str]] = {}
    for layer, feature in plan.features:
        name = card.names.get((layer, feature))
        said = feature if name is None or name == feature else f"{feature} ({name})"
        by_layer.setdefault(layer, []).append(said)
    units = {one.unit for one in plan.open}
    things = [
        sentence(f"CRITERIA_THINGS_{layer.upper()}", {"things": tuple(features)})
        for layer, features in by_layer.items()
    ]
    joined = Words(*("; ".join(t.of(lang) for t in things) for lang in ("vi", "en")))
    if units <= {"km", "ha"} and len(units) == 1:
        return sentence(
            "CRITERIA_PLAN_AMOUNT", {"what": joined, "amount": plan.amount, "unit": units.pop()}
        )
    return joined


def criterion(card: Card, entry: Criterion) -> Measure:
    """Return the measure of a criterion: how many of its indicators that apply are met."""
    codes = card.score.of_criterion[entry.code]
    outcomes = [card.score.indicators[code] for code in codes]
    counted = [o for o in outcomes if o.verdict != Verdict.NOT_APPLICABLE]
    met = sum(o.verdict == Verdict.MET for o in counted)
    sure = sum(o.ends == {Verdict.MET} for o in counted)
    most = sum(Verdict.MET in o.ends for o in counted)
    name = named("criterion.CODE", CODE=entry.code, code=entry.code, name=entry.title.words)
    features = tuple(
        Contribution("indicator", o.code, float(o.verdict == Verdict.MET),
                     unknown=o.verdict in (Verdict.UNDETERMINED, Verdict.NO_THRESHOLD), weight=1.0)
        for o in counted
    )  # fmt: skip
    inputs = dict.fromkeys(f for code in codes for f in card.known[code].inputs)
    whole = entry.complete
    return Measure(
        card.id_of("criterion", entry.code),
        name.title,
        name.unit,
        float(met),
        float(sure),
        float(most) if whole else None,
        Evidence(name.method, features, tuple(inputs)),
        subject=entry.code,
        numerator=float(met),
        denominator=float(len(counted)) if whole else None,
        method="list",
        notes=() if whole else (Note.of("CRITERIA_INCOMPLETE"),),
        judged=card.score.criteria[entry.code],
    )


def counts(card: Card) -> list[Measure]:
    """Return the measures `score.*`.

    What counts as met, not met or not applicable is bounded by what each criterion can turn out
    to be; what is undetermined or without threshold is so now, and certain.
    """
    every = list(card.score.criteria.items())
    ends = card.score.ends
    out = []
    for verdict in COUNTED:
        name = named(f"score.{verdict.value}")
        mine = [c for c, j in every if j.verdict == verdict]
        perhaps = [c for c, _ in every if verdict in ends[c] and c not in mine]
        features = tuple(
            Contribution("criterion", code, float(code in mine), code in perhaps)
            for code in (*mine, *perhaps)
        )
        ending = verdict not in (Verdict.UNDETERMINED, Verdict.NO_THRESHOLD)
        least = sum(ends[c] == {verdict} for c in mine) if ending else len(mine)
        measure = _count(name, features, float(len(mine)), (least, len(mine) + len(perhaps)))
        notes = (_set_note(card),) if verdict == Verdict.MET else ()
        out.append(replace(measure, notes=notes))
    return out


def _count(
    name: Named, features: tuple[Contribution, ...], number: float, ends: tuple[int, int]
) -> Measure:
    return Measure(
        name.id, name.title, name.unit, number, float(ends[0]), float(ends[1]),
        Evidence(name.method, features, ()), numerator=number, method="list",
        more_is_better=name.more_is_better,
    )  # fmt: skip


def _set_note(card: Card) -> Note:
    known, every = card.found.known(card.on)
    code = "CRITERIA_SET_WHOLE" if known == every else "CRITERIA_SET_PART"
    return Note.of(code, set=card.found.title, known=known, all=every)
