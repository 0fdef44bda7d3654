"""What to do next: which of the proposed works, for which money, to which end.

The works of `candidates` that meet the most criteria, then serve the most households, within the
budget and by the rules of the funds: proven the best, with the reasons of each, the budget that
each further criterion takes, and what more money would buy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntm_gis.analyses import money_findings
from ntm_gis.analyses.funds import tree_of
from ntm_gis.analyses.goals import Goals
from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.money_left import money_left
from ntm_gis.analyses.money_works import works_of
from ntm_gis.analyses.priorities_criteria import goals_of
from ntm_gis.analyses.priorities_ranking import Proposal, proposal
from ntm_gis.analyses.priorities_reading import LAYER, read
from ntm_gis.analyses.priorities_reasons import missing
from ntm_gis.layers.values import Answer
from ntm_gis.results import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from ntm_gis.analyses.affects import Reads
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

OVERALL: dict[str, type] = {
    "id": str, "budget_million": float, "cost_million": float, "criteria": float,
    "households": float, "works": str, "added": str, "dropped": str, "proven": str,
    "official": str,
}  # fmt: skip


def answer(question: Question) -> Answer:
    """Return what is proposed with the money that is left of all funds.

    Frames: `priorities` (a row a work, by rank, `chosen` or `left_out`, with reasons),
    `priority_choices` (without any work, with the budget, with 500 million more),
    `priority_frontier` (the least budget for each number of criteria), `priority_missing`
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
    rows: dict[str, Iterator[tuple[Any, ...]] | tuple[()]] = {
        "priorities": (), "priority_choices": (), "priority_frontier": (), "priority_missing": (),
    }  # fmt: skip
    if made is not None:
        rows = {
            "priorities": _ranked(made, planned), "priority_choices": _choices(made),
            "priority_frontier": _steps(made), "priority_missing": _missing(made),
        }  # fmt: skip
    kinds = (RANKED, OVERALL, STEPS, LACKING)
    return {
        name: listing(kind, found, zone)
        for (name, found), kind in zip(rows.items(), kinds, strict=True)
    }


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
    budget = None if limit is None else limit.thousand / 1000
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


def _steps(made: Proposal) -> Iterator[tuple[Any, ...]]:
    for step in made.frontier:
        yield (
            str(step.criteria), step.criteria, step.million, ", ".join(step.chosen),
            _said(step.proven), _official(made),
        )  # fmt: skip


def _missing(made: Proposal) -> Iterator[tuple[Any, ...]]:
    for one in missing(made.problem, frozenset(made.chosen)):
        yield (
            one.criterion, one.criterion, one.title.vi, one.title.en, one.least_million,
            *_both(one.reasons),
        )  # fmt: skip


def _official(made: Proposal) -> str:
    """Say whether every threshold that counts was read in the law or confirmed by the office."""
    goals = made.problem.goals.goals
    return _said(holds=bool(goals) and all(goal.official for goal in goals))


def _both(reasons: tuple[Words, ...]) -> tuple[str, str]:
    return " ".join(r.vi for r in reasons), " ".join(r.en for r in reasons)


def _said(holds: bool) -> str:
    return "yes" if holds else "no"
