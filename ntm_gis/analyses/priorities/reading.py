"""Proposed works and fund rules, as the layers have them, made into a problem to solve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import amounts, several, texts
from ntm_gis.analyses.funds.analysis import tree_of
from ntm_gis.analyses.funds.check import sums
from ntm_gis.analyses.money.left import left_of_funds
from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.priorities.values import Limit, Problem, Work, thousands
from ntm_gis.results import Finding, Words, sentence
from ntm_gis.results.words import is_made_key
from ntm_gis.rules.criteria import criteria_set
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.funds.analysis import Tree
    from ntm_gis.analyses.goals import Goals
    from ntm_gis.layers.values import Layer, Layers
    from ntm_gis.results import Measure

LAYER = "candidates"


@dataclass(frozen=True, slots=True)
class Read:
    """A problem and what was found wrong in reading it; `aside` are ids of works set aside."""

    problem: Problem
    findings: tuple[Finding, ...]
    aside: tuple[str, ...]


def read(
    layers: Layers,
    goals: Goals,
    measures: Sequence[Measure],
    *,
    budget: float | None = None,
    capital: Mapping[str, float] | None = None,
) -> Read:
    """Return the works of `candidates` with the limits that bind them.

    Parameters
    ----------
    goals : Goals
    measures : sequence of Measure
        Those of `funds`: what was paid of each fund is not there any more.
    budget : float, optional
        Million đồng for all works together; None: the funds alone limit them.
    capital : mapping, optional
        Million đồng by kind of capital (`investment`, `recurrent`), for works whose fund is of
        that kind.

    Notes
    -----
    A fund limits all works that are paid from it or from funds beneath it, to what is declared
    less the most that may have been paid.
    """
    layer = layers[LAYER]
    works, findings, aside = _works(layer, goals)
    tree = tree_of(layers)
    limits = [*_capital(works, tree, capital or {}), *_funds(works, tree, measures, budget)]
    problem = Problem(tuple(works), tuple(limits), goals).with_budget(budget)
    named = {work.fund for work in works}
    findings += _of_nothing(layers, works, tree)
    findings += [
        at_row("CANDIDATE_FUND_UNKNOWN", tree.layer, k, name=tree.names[k])
        for k, key in enumerate(tree.ids)
        if key in named and tree.million[k] is None
    ]
    return Read(problem, tuple(findings), tuple(aside))


def _works(layer: Layer, goals: Goals) -> tuple[list[Work], list[Finding], list[str]]:
    frame = layer.used
    columns = zip(
        layer.places.ids, texts(frame, "name"), texts(frame, "fund_id"), texts(frame, "layer"),
        texts(frame, "feature_id"), texts(frame, "indicator"),
        amounts(frame, "cost_million_vnd").tolist(), amounts(frame, "households").tolist(),
        several(frame, "excludes"), several(frame, "requires"), strict=True,
    )  # fmt: skip
    added = zip(
        amounts(frame, "adds_numerator").tolist(),
        amounts(frame, "adds_denominator").tolist(),
        strict=True,
    )
    works, findings, aside = [], list[Finding](), []
    for row, ((id_, name, fund, of, feature, code, cost, served, apart, first), adds) in enumerate(
        zip(columns, added, strict=True)
    ):
        said: str | Words = name or id_
        if name is None and is_made_key(id_):
            said = sentence("PROPOSAL_OF_ROW", {"row": layer.places.rows[row]})
        if not cost >= 0:
            findings.append(
                at_row("CANDIDATE_COST_UNKNOWN", layer, row, field="cost_million_vnd", name=said)
            )
            aside.append(id_)
            continue
        findings += _selves(layer, row, said, {"excludes": apart, "requires": first})
        effects = _effects(goals, code, *adds)
        if code and goals.of_indicator(code) and math.isnan(adds[0]):
            findings.append(
                at_row(
                    "CANDIDATE_EFFECT_UNKNOWN", layer, row, field="adds_numerator", name=said,
                    indicator=code,
                )
            )  # fmt: skip
        works.append(
            Work(
                id_, said if isinstance(said, str) else said.vi, thousands(cost), fund, effects,
                int(served) if served >= 0 else None,
                (of, feature) if of and feature else None,
                frozenset(apart) - {id_}, frozenset(first) - {id_}, code,
            )
        )  # fmt: skip
    return works, findings, aside


def _of_nothing(layers: Layers, works: Sequence[Work], tree: Tree) -> Iterator[Finding]:
    """Yield works of an indicator that the set does not have, or of a fund that no list has."""
    layer = layers[LAYER]
    lines = _lines(layers)
    rows = {id_: row for row, id_ in enumerate(layer.places.ids)}
    for work in works:
        row = rows[work.id]
        if lines is not None and work.indicator is not None and work.indicator not in lines:
            yield at_row(
                "CANDIDATE_LINE_UNKNOWN", layer, row, field="indicator", value=work.indicator,
                name=work.name, indicator=work.indicator,
            )  # fmt: skip
        if tree.ids and work.fund is not None and work.fund not in tree.position:
            yield at_row(
                "CANDIDATE_WITHOUT_FUND", layer, row, field="fund_id", value=work.fund,
                name=work.name, fund=work.fund,
            )  # fmt: skip


def _lines(layers: Layers) -> frozenset[str] | None:
    """Return the codes of the commune's set; None where not all of them are known."""
    who = layers.commune.commune
    if who.criteria_set is None:
        return None
    found = criteria_set(who.criteria_set)
    known, every = found.known(who.as_of)
    return frozenset(found.indicators) if known >= every else None


def _selves(
    layer: Layer, row: int, name: str | Words, named: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    for field, ids in named.items():
        if layer.places.ids[row] in ids:
            yield at_row("CANDIDATE_SELF", layer, row, field=field, name=name)


def _effects(
    goals: Goals, code: str | None, numerator: float, denominator: float
) -> tuple[tuple[int, float], ...]:
    """Return what a work adds to its goals' margins.

    Of an indicator that each sex has to reach nothing says how much is for whom: nothing is
    counted. A blank denominator adds nothing to it.
    """
    own = goals.of_indicator(code) if code else ()
    if len(own) != 1 or math.isnan(numerator):
        return ()
    whole = 0.0 if math.isnan(denominator) else denominator
    return ((own[0], goals.goals[own[0]].worth(numerator, whole)),)


def _funds(
    works: Sequence[Work], tree: Tree, measures: Sequence[Measure], budget: float | None
) -> Iterator[Limit]:
    left = left_of_funds(tree, measures)
    open_sums = {found.parent for found in sums(tree) if not found.closes}
    for number, key in enumerate(tree.ids):
        beneath = {tree.ids[k] for k in tree.beneath(number)}
        own = frozenset(work.id for work in works if work.fund in beneath)
        rest = left[number]
        # A fund of all works that has more than the budget says nothing beside it.
        idle = budget is not None and len(own) == len(works) and (rest or 0.0) >= budget
        if own and rest is not None and not idle:
            name: str | Words = tree.names[number]
            if number in open_sums:
                name = sentence("PRIORITY_FUND_OPEN", {"name": name})
            yield Limit("fund", key, name, own, thousands(rest))


def _capital(works: Sequence[Work], tree: Tree, capital: Mapping[str, float]) -> Iterator[Limit]:
    kinds = dict(zip(tree.ids, texts(tree.layer.used, "capital"), strict=True))
    titles = code_list("capital")
    for kind, million in sorted(capital.items()):
        own = frozenset(work.id for work in works if work.fund and kinds.get(work.fund) == kind)
        yield Limit("capital", kind, titles[kind].title.words, own, thousands(million))
