"""The optimiser against every choice there is, counted out."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ntm_gis.analyses.goals import Aim, Goal, Goals
from ntm_gis.analyses.priorities.search import best, cheapest
from ntm_gis.analyses.priorities.values import Limit, Problem, Work, thousands
from ntm_gis.results import Unit, Words, share

W = Words("x", "x")


def every_choice(problem: Problem) -> list[frozenset[str]]:
    """All choices that keep the rules, the rules written out anew."""
    ids = [work.id for work in problem.works]
    out = []
    for n in range(len(ids) + 1):
        for chosen in map(frozenset, itertools.combinations(ids, n)):
            works = [w for w in problem.works if w.id in chosen]
            within = all(
                sum(w.thousand for w in works if w.id in limit.works) <= limit.thousand
                for limit in problem.limits
            )
            apart = all(not (w.excludes & chosen - {w.id}) for w in works)
            if within and apart and all(w.requires <= chosen for w in works):
                out.append(chosen)
    return out


def worth(problem: Problem, chosen: frozenset[str]) -> tuple[int, int]:
    """Criteria and households in exact fractions, without a line of the package's own sums."""
    works = [w for w in problem.works if w.id in chosen]
    held = []
    for k, goal in enumerate(problem.goals.goals):
        added = sum((Fraction(x) for w in works for at, x in w.effects if at == k), Fraction(0))
        held.append(
            goal.margin + float(added) >= -1e-6 if math.isfinite(goal.margin) else goal.margin > 0
        )
    met = 0
    for aim in problem.goals.aims:
        passed = 0
        for code in aim.indicators:
            own = [h for g, h in zip(problem.goals.goals, held, strict=True)
                   if code in (g.indicator, g.indicator.split("/")[0])]  # fmt: skip
            passed += all(own) if own else code in aim.met
        met += passed >= (len(aim.indicators) if aim.least is None else aim.least)
    by_place: dict[object, int] = {}
    for w in works:
        key = w.place or w.id
        by_place[key] = max(by_place.get(key, 0), w.households or 0)
    return met, sum(by_place.values())


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    ids = [f"W{k}" for k in range(draw(st.integers(0, 7)))]
    few = st.frozensets(st.sampled_from(ids), max_size=2) if ids else st.just(frozenset())
    goals = tuple(
        Goal(
            code, W,
            (Unit(((draw(st.integers(0, 6)), 10.0),)),
             *(Unit(((0.0, 1.0), (1.0, 1.0))) for _ in range(draw(st.integers(0, 2))))),
            **draw(st.sampled_from([{"at_least": 60.0}, {"at_least": 100.0}, {"at_most": 40.0},
                                    {"at_least": 5.0, "scale": None}])),
        )
        for code in draw(st.sampled_from([(), ("1",), ("1", "2.1"), ("1", "2.1/a", "2.1/b", "3")]))
    )  # fmt: skip
    works = tuple(
        Work(
            id_, id_, draw(st.integers(0, 60)),
            effects=tuple(
                (draw(st.integers(0, len(goals) - 1)), goals[0].worth(1.0, 0.0) * draw(st.integers(-1, 5)))
                for _ in range(draw(st.integers(0, 2)))
            ) if goals else (),
            households=draw(st.one_of(st.none(), st.integers(0, 40))),
            place=draw(st.sampled_from([None, None, ("roads", "D1")])),
            excludes=draw(few) if draw(st.booleans()) else frozenset(),
            requires=(draw(few) - {id_}) if draw(st.booleans()) else frozenset(),
        )
        for id_ in ids
    )  # fmt: skip
    limits = (Limit("budget", "", "", frozenset(ids), draw(st.integers(0, 200))),)
    if ids and draw(st.booleans()):
        limits += (
            Limit(
                "fund",
                "NV",
                "NV",
                draw(st.frozensets(st.sampled_from(ids))),
                draw(st.integers(0, 90)),
            ),
        )
    aims = (
        Aim("1", W, ("1",)), Aim("2", W, ("2.1", "2.2"), met=frozenset({"2.2"})),
        Aim("3", W, ("3", "1", "9"), least=draw(st.integers(1, 3)), met=draw(st.sampled_from([frozenset(), frozenset({"9"})]))),
    )  # fmt: skip
    return Problem(works, limits, Goals(goals, aims))


@settings(max_examples=settings.default.max_examples * 2)
@given(problems())
def test_nothing_is_better_than_what_is_found(problem: Problem) -> None:
    choices = every_choice(problem)
    found = best(problem)
    assert found is not None
    assert found.proven
    assert found.chosen in choices
    assert worth(problem, found.chosen) == max(worth(problem, c) for c in choices)
    assert problem.gain(found.chosen).worth == worth(problem, found.chosen)
    # Nothing idle is in it.
    for id_ in found.chosen:
        left = found.chosen - problem.with_dependent(id_, found.chosen)
        assert worth(problem, left) < worth(problem, found.chosen)


@given(problems(), st.integers(0, 3))
def test_the_cheapest_way_to_so_many_criteria(problem: Problem, criteria: int) -> None:
    enough = [c for c in every_choice(problem) if worth(problem, c)[0] >= criteria]
    found = cheapest(problem, criteria)
    if not enough:
        assert found is None
        return
    assert found is not None
    assert found.proven
    assert found.chosen in enough
    assert problem.gain(found.chosen).thousand == min(problem.gain(c).thousand for c in enough)


@given(problems(), st.data())
def test_a_work_forced_in_is_in(problem: Problem, data: st.DataObject) -> None:
    if not problem.works:
        return
    id_ = data.draw(st.sampled_from([work.id for work in problem.works]))
    with_it = [c for c in every_choice(problem) if id_ in c]
    found = best(problem, forced=(id_,))
    assert (found is None) == (not with_it)
    if found is not None:
        assert id_ in found.chosen
        assert worth(problem, found.chosen) == max(worth(problem, c) for c in with_it)


@given(problems(), st.randoms(use_true_random=False), st.integers(1, 100))
def test_neither_order_nor_more_money_makes_it_worse(problem: Problem, chance, more: int) -> None:
    shuffled = Problem(
        tuple(chance.sample(problem.works, len(problem.works))), problem.limits, problem.goals
    )
    found, again = best(problem), best(shuffled)
    assert found == again
    budget = problem.budget
    assert budget is not None
    richer = best(problem.with_budget((budget.thousand + more) / 1000))
    assert found is not None
    assert richer is not None
    assert problem.gain(richer.chosen).worth >= problem.gain(found.chosen).worth


@st.composite
def funded(draw: st.DrawFn) -> Problem:
    """Works of three funds, two of which are parts of a fourth, and money tied to none."""
    works = tuple(
        Work(f"W{k}", "x", draw(st.integers(0, 60)), fund=draw(st.sampled_from(["A", "B", "C"])),
             households=draw(st.integers(0, 40)))
        for k in range(draw(st.integers(1, 6)))
    )  # fmt: skip
    limits = tuple(
        Limit(
            "fund",
            code,
            code,
            frozenset(w.id for w in works if w.fund in funds),
            draw(st.integers(0, 80)),
        )
        for code, funds in (("A", "A"), ("B", "B"), ("AB", "AB"), ("C", "C"))
    )
    return (
        Problem(works, limits)
        .with_budget(draw(st.integers(0, 150)) / 1000)
        .with_extra(draw(st.integers(0, 60)) / 1000)
    )


def can_be_paid(problem: Problem, chosen: frozenset[str]) -> bool:
    """Whether money on top can be dealt out so that no fund pays more than it has: a programme."""
    works = [w for w in problem.works if w.id in chosen]
    cost = np.array([float(w.thousand) for w in works])
    if not works:
        return True
    if cost.sum() > problem.limits[0].thousand + problem.extra:
        return False
    rows, most = [np.ones(len(works))], [float(problem.extra)]
    for limit in problem.limits[1:]:
        own = np.array([float(w.id in limit.works) for w in works])
        rows.append(-own)
        most.append(limit.thousand - float(cost @ own))
    found = linprog(
        np.zeros(len(works)), A_ub=np.array(rows), b_ub=most, bounds=[(0, c) for c in cost]
    )
    return found.status == 0


@given(funded())
def test_money_tied_to_no_fund_pays_what_funds_lack(problem: Problem) -> None:
    ids = [w.id for w in problem.works]
    every = [frozenset(c) for n in range(len(ids) + 1) for c in itertools.combinations(ids, n)]
    payable = [c for c in every if can_be_paid(problem, c)]
    assert {c for c in every if not problem.broken(c)} == set(payable)
    found = best(problem)
    assert found is not None
    assert found.proven
    assert problem.gain(found.chosen).households == max(problem.gain(c).households for c in payable)


def test_a_budget_is_kept_to_the_thousand() -> None:
    """What a solver's tolerance of a millionth lets through is cut off."""
    works = (Work("A", "A", 500_000_000, households=9), Work("B", "B", 500_000_001, households=9),
             Work("C", "C", 1, households=1))  # fmt: skip
    found = best(Problem(works).with_budget(1_000_000.0))
    assert found is not None
    assert found.chosen == {"A", "C"}
    assert found.proven


@pytest.mark.parametrize(
    ("goal", "margin", "best_margin"),
    [
        (Goal("a", W, (Unit(((7.0, 10.0),)),), at_least=70.0), 0.0, 0.0),
        (Goal("a", W, (Unit(((7.0, 10.0),)), Unit(((0, math.inf), (math.inf, math.inf)))), at_least=70.0), -math.inf, math.inf),
        (Goal("a", W, (Unit(((7.0, 10.0),)), Unit(((math.inf, math.inf),))), at_least=70.0), 0.0, math.inf),
        (Goal("a", W, (Unit(((0.0, 0.0),)),), at_most=0.0, scale=None), 0.0, 0.0),
        (Goal("a", W, (Unit(((3, 10), (3, 20), (4, 10), (4, 20))),), at_most=30.0), -100.0, 300.0),
        (Goal("a", W, (Unit(((3, 0), (math.inf, 0))),), at_least=4, scale=None), -1.0, math.inf),
    ],
    ids=["known", "a size without end", "for any size", "none at all", "a box", "counts"],
)  # fmt: skip
def test_margins(goal: Goal, margin: float, best_margin: float) -> None:
    assert (goal.margin, goal.best) == (margin, best_margin)


units = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9)), min_size=1, max_size=3).map(
        lambda ways: Unit(tuple((float(n), float(d)) for n, d in ways))
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(units, st.sampled_from([30.0, 50.0, 60.0, 70.0]), st.booleans())
def test_margins_agree_with_the_bounds_of_shares(
    found: list[Unit], asked: float, least: bool
) -> None:
    """The margin is not negative exactly where every completion meets the threshold."""
    bounds = share(found)
    goal = Goal("x", W, tuple(found), **{"at_least" if least else "at_most": asked})
    sure = bounds.low >= asked - 1e-9 if least else bounds.high <= asked + 1e-9
    hope = bounds.high >= asked - 1e-9 if least else bounds.low <= asked + 1e-9
    assert goal.reached(goal.margin) == sure
    assert goal.reached(goal.best) == hope


def test_amounts_are_whole_thousands() -> None:
    assert [thousands(x) for x in (0.1, 0.0005, 1304.4999, 504)] == [100, 1, 1_304_500, 504_000]
