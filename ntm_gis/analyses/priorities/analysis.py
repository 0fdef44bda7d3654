"""What to do next: which of the proposed works, for which money, to which end.

The works of `candidates` that meet the most criteria, then serve the most households, within the
budget and by the rules of the funds: proven the best, with the reasons of each, the budget that
each further criterion takes, and what more money would buy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.funds.analysis import tree_of
from ntm_gis.analyses.goals import Goals
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.money import findings as money_findings
from ntm_gis.analyses.money.left import money_left
from ntm_gis.analyses.money.works import works_of
from ntm_gis.analyses.priorities.criteria import goals_of
from ntm_gis.analyses.priorities.ranking import Proposal, frontier, proposal
from ntm_gis.analyses.priorities.reading import LAYER, read
from ntm_gis.analyses.priorities.reasons import missing
from ntm_gis.analyses.priorities.values import THOUSAND
from ntm_gis.layers.values import Answer
from ntm_gis.results import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.priorities.ranking import Step
    from ntm_gis.analyses.question import Question
    from ntm_gis.results import Words

READS: Reads = {}

RANKED: dict[str, type] = {
    "id": str, "rank": float, "state": str, "name": str, "cost_million": float, "fund_id": str,
    "indicator": str, "households": float, "criteria": str, "reasons_vi": str, "reasons_en": str,
}  # fmt: skip

STEPS: dict[str, type] = {
    "id": str, "criteria": float, "budget_million": float, "works": str, "proven": str,
    "official": str,
}  # fmt: skip

LACKING: dict[str, type] = {
    "id": str, "criterion": str, "title_vi": str, "title_en": str, "least_million": float,
    "reasons_vi": str, "reasons_en": str,
}  # fmt: skip

BOUNDS: dict[str, type] = {
    "id": str, "kind": str, "code": str, "name_vi": str, "name_en": str, "left_million": float,
    "spent_million": float, "works": str,
}  # fmt: skip

OVERALL: dict[str, type] = {
    "id": str, "budget_million": float, "cost_million": float, "criteria": float,
    "households": float, "works": str, "added": str, "dropped": str, "proven": str,
    "official": str,
}  # fmt: skip


def answer(question: Question) -> Answer:
    """Return what is proposed with the money that is left of all funds.

    Frames: `priorities` (a row a work, by rank, `chosen` or `left_out`, with reasons),
    `priority_choices` (without any work, with the budget, with 500 million more),
    `priority_frontier` (the least budget for each number of criteria), `priority_frontier_free`
    (the same, were no money tied to a fund), `priority_limits` (what is left of the budget and of
    each fund that works are paid from, and what the choice takes of it), `priority_missing`
    (criteria out of reach, and what they lack). They are empty where no work is proposed, or
    where nothing says what money there is.
    """
    budget = money_left(tree_of(question.layers), question.measures)
    return propose(question, budget)


def propose(
    question: Question,
    budget: float | None,
    *,
    goals: Goals | None = None,
    capital: Mapping[str, float] | None = None,
) -> Answer:
    """Return what is proposed under a budget, as frames and findings.

    Parameters
    ----------
    question : Question
        With the measures of funds.
    budget : float or None
        Million đồng for all works together; None: no choice is made.
    goals : Goals, optional
        Left out: those of the commune's criteria set.
    capital : mapping, optional
        Million đồng by kind of capital.
    """
    zone = question.layers.commune.commune.crs
    found = read(
        question.layers, goals_of(question) if goals is None else goals, question.measures,
        budget=budget, capital=capital,
    )  # fmt: skip
    if budget is None or not found.problem.works:
        return Answer(findings=found.findings, frames=_frames(None, zone, {}))
    made = proposal(found.problem)
    findings = list(found.findings)
    if not made.proven:
        title = question.layers[LAYER].schema.name
        findings.append(Finding.of("PRIORITIES_NOT_PROVEN", layer=title))
    works = works_of(question.layers, question.measures)
    # The list of works may have it already: that is told beside the reasons.
    planned = {
        one.feature: one.message for one in money_findings.of_candidates(question.layers, works)
    }
    return Answer(findings=tuple(findings), frames=_frames(made, zone, planned))


def _frames(
    made: Proposal | None, zone: str, planned: Mapping[str | None, Words]
) -> dict[str, gpd.GeoDataFrame]:
    kinds = {
        "priorities": RANKED, "priority_choices": OVERALL, "priority_frontier": STEPS,
        "priority_frontier_free": STEPS, "priority_limits": BOUNDS, "priority_missing": LACKING,
    }  # fmt: skip
    rows: dict[str, Iterator[tuple[Any, ...]]] = {}
    if made is not None:
        untied = frontier(replace(made.problem, limits=()))
        rows = {
            "priorities": _ranked(made, planned), "priority_choices": _choices(made),
            "priority_frontier": _steps(made, made.frontier),
            "priority_frontier_free": _steps(made, untied),
            "priority_limits": _limits(made), "priority_missing": _missing(made),
        }  # fmt: skip
    return {name: listing(kind, rows.get(name, ()), zone) for name, kind in kinds.items()}


def _ranked(made: Proposal, planned: Mapping[str | None, Words]) -> Iterator[tuple[Any, ...]]:
    for one in made.ranked:
        work = one.work
        also = (planned[work.id],) if work.id in planned else ()
        yield (
            work.id, one.rank, "chosen" if one.chosen else "left_out", work.name, work.million,
            work.fund, work.indicator, work.households, ", ".join(one.criteria) or None,
            *_both((*one.reasons, *also)),
        )  # fmt: skip


def _choices(made: Proposal) -> Iterator[tuple[Any, ...]]:
    limit, official = made.problem.budget, _official(made)
    budget = None if limit is None else limit.thousand / THOUSAND
    yield (
        "now", 0.0, 0.0, len(made.before.criteria), made.before.households, None, None, None,
        _said(holds=True), official,
    )  # fmt: skip
    yield (
        "chosen", budget, made.gain.million, len(made.gain.criteria), made.gain.households,
        ", ".join(made.chosen), ", ".join(made.chosen), None, _said(made.proven), official,
    )  # fmt: skip
    more = made.more
    if more is not None and budget is not None:
        works = (set(made.chosen) - set(more.dropped)) | set(more.added)
        yield (
            "more", budget + more.million, more.gain.million, len(more.gain.criteria),
            more.gain.households, ", ".join(sorted(works)), ", ".join(more.added),
            ", ".join(more.dropped), _said(more.proven), official,
        )  # fmt: skip


def _steps(made: Proposal, steps: tuple[Step, ...]) -> Iterator[tuple[Any, ...]]:
    for step in steps:
        yield (
            str(step.criteria), step.criteria, step.million, ", ".join(step.chosen),
            _said(step.proven), _official(made),
        )  # fmt: skip


def _limits(made: Proposal) -> Iterator[tuple[Any, ...]]:
    """Yield the budget, then the funds and kinds of capital that bind the works."""
    chosen, first = made.chosen, {"budget": 0, "capital": 1, "fund": 2}
    for limit in sorted(made.problem.limits, key=lambda one: first[one.kind]):
        name = limit.name
        own = sorted(limit.works & {*chosen})
        yield (
            f"{limit.kind} {limit.code}".strip(), limit.kind, limit.code or None,
            *((name, name) if isinstance(name, str) else (name.vi, name.en)),
            limit.thousand / THOUSAND, made.problem.spent(limit, chosen) / THOUSAND,
            ", ".join(own) or None,
        )  # fmt: skip


def _missing(made: Proposal) -> Iterator[tuple[Any, ...]]:
    for one in missing(made.problem, frozenset(made.chosen)):
        yield (
            one.criterion, one.criterion, one.title.vi, one.title.en, one.least_million,
            *_both(one.reasons),
        )  # fmt: skip


def _official(made: Proposal) -> str:
    """Say whether every threshold that counts was read in the law or confirmed by the office."""
    asked = made.problem.goals
    of_works = bool(asked.goals) and all(goal.official for goal in asked.goals)
    return _said(holds=of_works and all(aim.official for aim in asked.aims))


def _both(reasons: tuple[Words, ...]) -> tuple[str, str]:
    """Return sentences in both languages, a line each."""
    return "\n".join(r.vi for r in reasons), "\n".join(r.en for r in reasons)


def _said(holds: bool) -> str:
    return "yes" if holds else "no"
