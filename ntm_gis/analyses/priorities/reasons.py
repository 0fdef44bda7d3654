"""Why a work is proposed or not, and what a criterion that is out of reach lacks, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.goals import MORE_UNKNOWN
from ntm_gis.analyses.priorities.search import cheapest, most_of_goal
from ntm_gis.analyses.priorities.values import THOUSAND, Gain, Limit, Problem, Work
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.goals import Aim


@dataclass(frozen=True, slots=True)
class Forced:
    """The best choice with a work in it, beside the best without that wish.

    `gain` is None where no choice with the work keeps the rules.
    """

    id: str
    gain: Gain | None
    now: Gain
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A criterion that the choice does not meet, and what it lacks.

    Parameters
    ----------
    least_million : float or None
        The least cost of the works that meet it under the fund rules; None: no works do.
    reasons : tuple of Words
    """

    criterion: str
    title: Words
    least_million: float | None
    reasons: tuple[Words, ...]


def taken_in(
    problem: Problem, id_: str, chosen: frozenset[str], criteria: tuple[str, ...]
) -> tuple[Words, ...]:
    """Return why a work is among the chosen."""
    work = problem.by_id[id_]
    out = []
    if criteria:
        out.append(sentence("PRIORITY_NEEDED", {"criteria": criteria}))
    out += _effects(problem, work)
    then = tuple(sorted(i for i in chosen - {id_} if id_ in problem.by_id[i].requires))
    if then:
        out.append(sentence("PRIORITY_FIRST", {"works": problem.called(then)}))
    out.append(_households(work))
    return tuple(out)


def left_out(
    problem: Problem, id_: str, chosen: frozenset[str], forced: Forced | None
) -> tuple[Words, ...]:
    """Return why a work is not among the chosen."""
    work = problem.by_id[id_]
    out = [*_rules(problem, work, chosen)]
    if forced is not None:
        out.append(_of_forced(problem, forced))
    out += _effects(problem, work)
    out.append(_households(work))
    return tuple(out)


def _rules(problem: Problem, work: Work, chosen: frozenset[str]) -> Iterator[Words]:
    with_it = problem.with_required(work.id)
    unknown = tuple(sorted(i for i in with_it if i not in problem.by_id))
    if unknown:
        yield sentence("PRIORITY_LACKS", {"works": problem.called(unknown)})
        return
    apart = {b if a in with_it else a for a, b in problem.exclusions
             if (a in with_it) != (b in with_it) and ({a, b} & chosen)}  # fmt: skip
    if any(with_it.issuperset(pair) for pair in problem.exclusions):
        yield sentence("PRIORITY_IMPOSSIBLE", {})
    elif apart & chosen:
        yield sentence("PRIORITY_APART", {"works": problem.called(sorted(apart & chosen))})
    first = tuple(sorted(with_it - chosen - {work.id}))
    if first:
        yield sentence("PRIORITY_AFTER", {"works": problem.called(first)})
    for limit in problem.limits:
        lack = problem.spent(limit, chosen | with_it) - limit.thousand
        if lack > 0:
            left = limit.thousand - problem.spent(limit, chosen)
            code = f"PRIORITY_OVER_{limit.kind.upper()}"
            known = {"fund": limit.code, "name": limit.name}
            amounts = {"left": left / THOUSAND, "lack": lack / THOUSAND}
            yield sentence(code, {**known, **amounts})


def _of_forced(problem: Problem, forced: Forced) -> Words:
    if forced.gain is None:
        return sentence("PRIORITY_FORCED_NEVER", {})
    code = "PRIORITY_FORCED"
    if forced.gain.worth == forced.now.worth:
        code = "PRIORITY_FORCED_EQUAL"
    others = tuple(i for i in forced.added if i != forced.id)
    return sentence(code, {
        "criteria": len(forced.gain.criteria), "households": forced.gain.households,
        "now_criteria": len(forced.now.criteria), "now_households": forced.now.households,
        "million": forced.gain.million, "now_million": forced.now.million,
        "dropped": _list(problem.called(forced.dropped)),
        "added": _list(problem.called(others)),
    })  # fmt: skip


def _list(ids: tuple[str, ...]) -> tuple[str, ...] | Words:
    return ids or sentence("PRIORITY_NOTHING", {})


def _effects(problem: Problem, work: Work) -> Iterator[Words]:
    if work.indicator is not None and not work.effects:
        yield sentence("PRIORITY_NO_GOAL", {"indicator": work.indicator})
    for number, amount in work.effects:
        goal, lacking = problem.goals.goals[number], -problem.starts[number]
        if goal.reached(-lacking):
            yield sentence("PRIORITY_HELD", {"indicator": goal.indicator})
        elif amount <= 0:
            yield sentence("PRIORITY_ADDS_NOTHING", {"indicator": goal.indicator})
        elif math.isinf(lacking):
            yield sentence("PRIORITY_SURVEY", {"indicator": goal.indicator})
        else:
            share = 100 * min(1.0, amount / lacking)
            yield sentence("PRIORITY_HELPS", {"indicator": goal.indicator, "share": share})


def _households(work: Work) -> Words:
    if work.households is None:
        return sentence("PRIORITY_HOUSEHOLDS_UNKNOWN", {})
    if work.thousand <= 0:
        return sentence("PRIORITY_HOUSEHOLDS_FREE", {"households": work.households})
    per = 100 * work.households / work.million
    return sentence("PRIORITY_HOUSEHOLDS", {"households": work.households, "per": per})


def missing(problem: Problem, chosen: frozenset[str]) -> tuple[Missing, ...]:
    """Return the criteria that a choice does not meet, each with what it lacks."""
    met = set(problem.gain(chosen).criteria)
    return tuple(_missing(problem, a, chosen) for a in problem.goals.aims if a.criterion not in met)


def _missing(problem: Problem, aim: Aim, chosen: frozenset[str]) -> Missing:
    reasons = [*_indicators(problem, aim)]
    free = problem.with_budget(None)
    found = cheapest(free, criterion=aim.criterion)
    million = None if found is None else free.gain(found.chosen).million
    budget = problem.budget
    if million is None:
        bare = Problem(problem.works, (), problem.goals)
        freed = cheapest(bare, criterion=aim.criterion)
        if freed is not None:
            cost = bare.gain(freed.chosen).million
            over = [rule for rule in problem.broken(freed.chosen) if isinstance(rule, Limit)]
            funds = tuple(limit.code for limit in over if limit.kind != "budget")
            reasons.append(sentence("MISSING_FUNDS", {"million": cost, "funds": funds}))
    elif budget is not None and million * THOUSAND > budget.thousand:
        lack = million - budget.thousand / THOUSAND
        reasons.append(sentence("MISSING_MONEY", {"million": million, "lack": lack}))
    elif not (found is not None and found.chosen <= chosen):
        reasons.append(sentence("MISSING_CHOSEN_OTHERS", {"million": million}))
    return Missing(aim.criterion, aim.title, million, tuple(reasons))


def _indicators(problem: Problem, aim: Aim) -> Iterator[Words]:
    """Say of each indicator that is not held what it lacks, and what the works add at most."""
    moved = {number for work in problem.works for number, _ in work.effects}
    unmoved = []
    for code in aim.indicators:
        own = problem.goals.of_indicator(code)
        held = all(problem.goals.goals[k].reached(problem.starts[k]) for k in own)
        if (not own and code not in aim.met) or (own and not held and not moved & {*own}):
            unmoved.append(code)
    # Works that are meant for an indicator, though nothing can be worked out of them.
    meant = {
        code: problem.called(work.id for work in problem.works if work.indicator == code)
        for code in unmoved
    }
    codes = tuple(code for code, works in meant.items() if not works and code != MORE_UNKNOWN)
    if codes:
        yield sentence("MISSING_UNKNOWN", {"indicators": codes})
    if MORE_UNKNOWN in aim.indicators:
        yield sentence("MISSING_CONTENT", {})
    for code, works in meant.items():
        if works:
            yield sentence("MISSING_NOT_COUNTED", {"indicator": code, "works": works})
    for code in aim.indicators:
        for number in problem.goals.of_indicator(code) if code not in unmoved else ():
            if not problem.goals.goals[number].reached(problem.starts[number]):
                yield from _of_goal(problem, number)


def _of_goal(problem: Problem, number: int) -> Iterator[Words]:
    goal, start = problem.goals.goals[number], problem.starts[number]
    if math.isinf(start):
        yield sentence("MISSING_SURVEY", {"indicator": goal.indicator})
        return
    most = most_of_goal(problem, number)
    step = abs(goal.step)
    how = sentence("LESS" if goal.step < 0 else "MORE", {})
    amounts = {"lack": -start / step, "most": most / step, "how": how}
    code = "MISSING_WORKS" if goal.reached(start + most) else "MISSING_TOO_LITTLE"
    yield sentence(code, {"indicator": goal.indicator, **amounts})
    if goal.best > start:
        least = max(0.0, -goal.best) / step
        yield sentence("MISSING_UNSURE", {"indicator": goal.indicator, "least": least, "how": how})
