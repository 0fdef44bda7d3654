"""From what is known of indicators to verdicts on indicators and criteria; nothing else.

Pure: amounts with bounds go in, whatever they were measured from. Unknown is never met.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ntm_gis.results import Judged, Threshold, Verdict, numbers_judged
from ntm_gis.rules.criteria_cases import Assessed, Between, BySex
from ntm_gis.rules.criteria_ends import EITHER, Ends, ends_of
from ntm_gis.rules.criteria_model import Indicator, Row

if TYPE_CHECKING:
    from ntm_gis.rules.criteria import CriteriaSet, Where

Why = Literal["", "none", "delegated", "unknown", "assessed", "parts", "condition"]
"""Why there is no threshold; or on what else a verdict stands."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What is known of an indicator: its least and greatest (None: no end), what was assessed.

    Of what is met or not, 1 and 0.
    """

    low: float | None = None
    high: float | None = None
    assessed: bool | None = None


NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one indicator.

    Parameters
    ----------
    may_not_apply : bool
        Nobody knows whether it applies.
    """

    code: str
    verdict: Verdict
    threshold: Threshold | None = None
    why: Why = ""
    official: bool = False
    row: Row | None = None
    may_not_apply: bool = False
    own: Verdict | None = None

    @property
    def ends(self) -> Ends:
        """What it can turn out to be once data, limits and conditions are known.

        Examples
        --------
        >>> sorted(end.value for end in Outcome("2.4", Verdict.UNDETERMINED).ends)
        ['met', 'not_met']
        """
        if self.verdict == Verdict.NOT_APPLICABLE:
            return frozenset((Verdict.NOT_APPLICABLE,))
        said = self.own or self.verdict
        ends = frozenset((said,)) if said in EITHER else EITHER
        return ends | {Verdict.NOT_APPLICABLE} if self.may_not_apply else ends

    @property
    def judged(self) -> Judged:
        """As measures carry it."""
        return Judged(self.verdict, self.threshold, self.official)


@dataclass(frozen=True)
class Score:
    """Verdicts of a set on a day. `indicators` holds parts too.

    Parameters
    ----------
    ends : mapping of str to frozenset of Verdict
        What each criterion can turn out to be once all is known. Exact where the indicators of
        a criterion rest on different things; where two share an unknown thing the set may hold
        a verdict that they cannot reach together.
    """

    indicators: Mapping[str, Outcome]
    criteria: Mapping[str, Judged]
    of_criterion: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ends: Mapping[str, Ends] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        """Return how many criteria have a verdict."""
        return Counter(j.verdict for j in self.criteria.values())[verdict]


def amount_of(
    given: bool | float | Between | BySex | Assessed | None, *, less_is_better: bool = False
) -> Amount:
    """Return the amount that a case or a figure gives.

    Examples
    --------
    >>> amount_of(True), amount_of(BySex(male=70.0, female=69.0)).high
    (Amount(low=1.0, high=1.0, assessed=True), 69.0)
    """
    if isinstance(given, bool):
        return Amount(float(given), float(given), given)
    if isinstance(given, int | float):
        return Amount(float(given), float(given))
    if isinstance(given, Between):
        return Amount(given.low, given.high)
    if isinstance(given, BySex):
        sexes = [amount_of(given.male), amount_of(given.female)]
        return of_both(sexes, less_is_better=less_is_better)
    return NOTHING if given is None else Amount(assessed=given.assessed)


def of_both(amounts: Sequence[Amount], *, less_is_better: bool) -> Amount:
    """Return the amount of the worse of several: each must meet the limit.

    Examples
    --------
    >>> of_both([Amount(70.0, 70.0), Amount(60.0, None)], less_is_better=False)
    Amount(low=60.0, high=70.0, assessed=None)
    """
    lows, highs = [a.low for a in amounts], [a.high for a in amounts]
    if less_is_better:
        low = max((x for x in lows if x is not None), default=None)
        high = None if None in highs else max(x for x in highs if x is not None)
    else:
        low = None if None in lows else min(x for x in lows if x is not None)
        high = min((x for x in highs if x is not None), default=None)
    said = {a.assessed for a in amounts}
    assessed = False if False in said else None if None in said else True
    return Amount(low, high, assessed)


def score(
    found: CriteriaSet,
    where: Where,
    on: dt.date,
    values: Mapping[str, Amount],
    confirmed: Mapping[str, Row] | None = None,
) -> Score:
    """Return the verdicts of a set.

    Parameters
    ----------
    values : mapping of str to Amount
        By indicator, and by measure where a condition asks for one; left out: not known.
    confirmed : mapping of str to Row, optional
        Thresholds that the office confirmed against its own copy: they take the place of rows.
    """
    outcomes: dict[str, Outcome] = {}
    lines = found.lines(on)
    for line in lines:
        for code in line.parts:
            part = found.indicators[code]
            outcomes[code] = _judged(found, part, where, on, values, confirmed or {})
        outcomes[line.code] = _whole(found, line, where, on, values, confirmed or {}, outcomes)
    groups = {
        criterion.code: tuple(line.code for line in lines if line.criterion == criterion.code)
        for criterion in found.head.criteria
    }
    criteria: dict[str, Judged] = {}
    ends: dict[str, Ends] = {}
    for criterion in found.head.criteria:
        judged = [(found.indicators[c], outcomes[c]) for c in groups[criterion.code]]
        criteria[criterion.code] = _rolled_up(judged, complete=criterion.complete)
        ends[criterion.code] = ends_of(
            [(line, outcome.ends) for line, outcome in judged], complete=criterion.complete
        )
    return Score(outcomes, criteria, groups, ends)


def _whole(
    found: CriteriaSet,
    line: Indicator,
    where: Where,
    on: dt.date,
    values: Mapping[str, Amount],
    confirmed: Mapping[str, Row],
    parts: Mapping[str, Outcome],
) -> Outcome:
    """Judge a line: by itself, else by its parts; and whether it applies at all."""
    own = _judged(found, line, where, on, values, confirmed)
    if line.parts and not _says(values.get(line.code, NOTHING)):
        own = _of_parts(line, [parts[code] for code in line.parts])
    if line.applies is None:
        return own
    asked = values.get(line.applies.of, NOTHING)
    if asked.low is not None and asked.low > line.applies.above:
        return own
    if asked.high is not None and asked.high <= line.applies.above:
        return Outcome(line.code, Verdict.NOT_APPLICABLE, own.threshold, "condition", own.official)
    # Met if it applies: then it is no hindrance either way.
    if own.verdict in (Verdict.MET, Verdict.NO_THRESHOLD):
        return replace(own, may_not_apply=True)
    return Outcome(line.code, Verdict.UNDETERMINED, own.threshold, "condition", row=own.row,
                   may_not_apply=True, own=own.verdict)  # fmt: skip


def _says(amount: Amount) -> bool:
    return (amount.low, amount.high, amount.assessed) != (None, None, None)


def _judged(
    found: CriteriaSet,
    line: Indicator,
    where: Where,
    on: dt.date,
    values: Mapping[str, Amount],
    confirmed: Mapping[str, Row],
) -> Outcome:
    row = confirmed.get(line.code) or found.resolved(line.code, where, on)
    amount = values.get(line.code, NOTHING)
    if row is None:
        return Outcome(line.code, Verdict.NO_THRESHOLD, why="none")
    threshold = row.threshold()
    if threshold is None:
        return _without_limit(line, row, amount)
    verdict = numbers_judged(amount.low, amount.high, threshold)
    return Outcome(line.code, verdict, threshold, "", threshold.official, row)


def _without_limit(line: Indicator, row: Row, amount: Amount) -> Outcome:
    """Judge where the text names no limit here.

    What is left to the province was assessed by somebody who had its text: their word stands,
    and is never official. Where nobody here knows the limit there is nothing to say.
    """
    if row.delegated is None or amount.assessed is None:
        why: Why = "unknown" if row.delegated is None else "delegated"
        return Outcome(line.code, Verdict.NO_THRESHOLD, None, why, row=row)
    verdict = Verdict.MET if amount.assessed else Verdict.NOT_MET
    return Outcome(line.code, verdict, None, "assessed", row=row)


def _of_parts(line: Indicator, parts: Sequence[Outcome]) -> Outcome:
    """Judge a line by its parts: all of them, any, at least so many."""
    needed = {"all": len(parts), "any": 1, "at_least": line.count or 0}[line.rule or "all"]
    met = sum(p.verdict == Verdict.MET for p in parts)
    open_ones = [p for p in parts if p.verdict in (Verdict.UNDETERMINED, Verdict.NO_THRESHOLD)]
    without = [p for p in open_ones if p.verdict == Verdict.NO_THRESHOLD]
    if met >= needed:
        used = [p for p in parts if p.verdict == Verdict.MET]
        verdict = Verdict.MET
    elif met + len(open_ones) < needed:
        used = [p for p in parts if p.verdict == Verdict.NOT_MET]
        verdict = Verdict.NOT_MET
    elif met + len(open_ones) - len(without) >= needed or not without:
        used, verdict = open_ones, Verdict.UNDETERMINED
    else:
        used, verdict = open_ones, Verdict.NO_THRESHOLD
    official = verdict in (Verdict.MET, Verdict.NOT_MET) and all(p.official for p in used)
    return Outcome(line.code, verdict, None, "parts", official)


def _rolled_up(lines: Sequence[tuple[Indicator, Outcome]], *, complete: bool) -> Judged:
    """Judge a criterion: met when all of its indicators that apply are met.

    A criterion of which not every indicator is known here is never met.
    """
    counted = [
        o for i, o in lines
        if o.verdict != Verdict.NOT_APPLICABLE or (i.applies and i.applies.otherwise == "met")
    ]  # fmt: skip
    verdicts = {o.verdict for o in counted}
    good = {Verdict.MET, Verdict.NOT_APPLICABLE}
    if Verdict.NOT_MET in verdicts:
        bad = [o for o in counted if o.verdict == Verdict.NOT_MET]
        return Judged(Verdict.NOT_MET, None, any(o.official for o in bad))
    if not complete or Verdict.NO_THRESHOLD in verdicts:
        return Judged(Verdict.NO_THRESHOLD)
    if Verdict.UNDETERMINED in verdicts:
        return Judged(Verdict.UNDETERMINED)
    if verdicts and verdicts <= good:
        return Judged(Verdict.MET, None, all(o.official for o in counted))
    return Judged(Verdict.NOT_APPLICABLE)
