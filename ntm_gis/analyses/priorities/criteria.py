"""Goals of the scorecard: what the criteria engine knows, as priorities ask it (`goals`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ntm_gis.analyses.criteria.analysis import where_of
from ntm_gis.analyses.criteria.law import confirmed
from ntm_gis.analyses.criteria.rows import sorted_rows
from ntm_gis.analyses.criteria.sources import known_of
from ntm_gis.analyses.goals import MORE_UNKNOWN, Aim, Goal, Goals
from ntm_gis.results import Unit, Verdict, share
from ntm_gis.rules.carrying import figures
from ntm_gis.rules.criteria import criteria_set
from ntm_gis.rules.criteria_verdicts import score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.analyses.criteria.sources import Known
    from ntm_gis.analyses.question import Question
    from ntm_gis.rules.criteria import CriteriaSet
    from ntm_gis.rules.criteria_model import Indicator
    from ntm_gis.rules.criteria_verdicts import Outcome, Score

_AGREE = 1e-6
"""Percentage points within which pieces make up the bounds of their share."""


def goals_of(question: Question) -> Goals:
    """Return goals and criteria of the commune's set on the day of the figures.

    Indicators that a work cannot move (assessed, of each sex) count as they stand now; of those
    made of parts the parts met are counted. Without a set there are no goals.
    """
    commune = question.layers.commune
    name = commune.commune.criteria_set
    if name is None:
        return Goals()
    found, where, day = criteria_set(name), where_of(commune), commune.commune.as_of
    law, _ = confirmed(found, question.decisions.decided, where, day)
    units = {code: figure.unit for code, figure in figures(found.id).items()}
    units |= {code: line.unit for code, line in found.indicators.items()}
    known, conditions, _ = known_of(question, found, sorted_rows(question.layers, units, found.id))
    values = {code: one.amount for code, one in known.items()} | conditions
    return of_score(found, score(found, where, day, values, law), known)


def of_score(found: CriteriaSet, judged: Score, known: Mapping[str, Known]) -> Goals:
    """Return the goals of a scorecard."""
    goals: dict[str, Goal] = {}
    aims = []
    for criterion in found.head.criteria:
        codes, met = list[str](), set[str]()
        for code in judged.of_criterion.get(criterion.code, ()):
            line, outcome = found.indicators[code], judged.indicators[code]
            left_out = line.applies is None or line.applies.otherwise == "left_out"
            if outcome.verdict == Verdict.NOT_APPLICABLE:
                if not left_out:
                    codes.append(code)
                    met.add(code)
                continue
            codes.append(code)
            if outcome.verdict == Verdict.MET:
                met.add(code)
            goal = _goal(line, outcome, known[code]) if code in known else None
            if outcome.why == "parts":
                goal = _of_parts(line, judged)
            if goal is not None:
                goals[code] = goal
        if not criterion.complete or not codes:
            codes.append(MORE_UNKNOWN)
        stands = [judged.indicators[code] for code in sorted(met) if code not in goals]
        official = all(o.official for o in stands if o.verdict == Verdict.MET)
        named = (criterion.code, criterion.title.words, tuple(codes))
        aims.append(Aim(*named, met=frozenset(met), official=official))
    return Goals(tuple(goals.values()), tuple(aims))


def _goal(line: Indicator, outcome: Outcome, known: Known) -> Goal | None:
    limit = outcome.threshold
    if limit is None or line.per_sex or outcome.why:
        return None
    least, most = limit.at_least, limit.at_most
    if least is None and most is None:
        # "No makeshift house": met at the number itself, and what is better than it is no less so.
        equal = outcome.row.limit if outcome.row is not None else None
        least, most = (None, equal) if line.better == "less" else (equal, None)
    if (least is None) == (most is None):
        return None
    units = _units(known) if line.unit == "%" else _counts(known)
    if units is None:
        return None
    return Goal(
        line.code, line.title.words, units, least, most, 100.0 if line.unit == "%" else None,
        line.unit, outcome.official,
    )  # fmt: skip


def _of_parts(line: Indicator, judged: Score) -> Goal:
    """Return the goal of a line that its parts decide: so many of them have to be met.

    A work for the line brings one part more ("a market or a place of exchange").
    """
    parts = [judged.indicators[code] for code in line.parts]
    needed = {"all": len(parts), "any": 1, "at_least": line.count or 0}[line.rule or "all"]
    met = sum(part.verdict == Verdict.MET for part in parts)
    unknown = sum(part.verdict not in (Verdict.MET, Verdict.NOT_MET) for part in parts)
    units = (Unit(((float(met), 0.0),)), *[Unit(((0.0, 0.0), (1.0, 0.0)))] * unknown)
    official = all(part.official for part in parts)
    return Goal(line.code, line.title.words, units, needed, None, None, line.unit, official)


def _units(known: Known) -> tuple[Unit, ...] | None:
    """Return what makes up a share: known and unknown pieces where they are told apart.

    None where nothing says of how much it is a share: a work's kilometres cannot be added then.
    """
    whole, low, high = known.denominator, known.amount.low, known.amount.high
    if whole is None or known.numerator is None or low is None or high is None:
        return None
    pieces = (
        Unit(((known.numerator, whole),)),
        *(Unit(one.ways) for one in known.open if one.ways),
    )
    if all(0 <= n <= d * (1 + _AGREE) for n, d in pieces[0].ways):
        found = share(pieces)
        if abs(found.low - low) <= _AGREE and abs(found.high - high) <= _AGREE:
            return pieces
    if math.isclose(low, high):
        return pieces[:1]
    return (Unit(((low * whole / 100, whole), (high * whole / 100, whole))),)


def _counts(known: Known) -> tuple[Unit, ...] | None:
    low, high = known.amount.low, known.amount.high
    if low is None and high is None:
        return None
    ends = (0.0 if low is None else low, math.inf if high is None else high)
    return (Unit(tuple((end, 0.0) for end in dict.fromkeys(ends))),)
