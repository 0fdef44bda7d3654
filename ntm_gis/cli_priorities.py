"""The command `priorities FOLDER --budget MILLION`: what to do next with so much money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ntm_gis.cli_streams import keep_failures
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, show, speak

if TYPE_CHECKING:
    from ntm_gis.analyses import Question
    from ntm_gis.outputs.priorities_status import Asked

Budget = Annotated[
    str | None,
    typer.Option(
        "--budget", metavar="TRIỆU_ĐỒNG", help="Kinh phí, bỏ trống: vốn còn lại / million đồng"
    ),
]
WhyNot = Annotated[
    str | None,
    typer.Option("--why-not", metavar="MÃ", help="Vì sao không làm công trình này / why not it"),
]


def priorities(
    folder: Folder,
    budget: Budget = None,
    why_not: WhyNot = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Choose among the proposed works; nothing is written."""
    from dataclasses import replace

    from ntm_gis import pipeline
    from ntm_gis.analyses import Question
    from ntm_gis.analyses.funds.analysis import tree_of
    from ntm_gis.analyses.money.left import money_left
    from ntm_gis.analyses.priorities.analysis import propose
    from ntm_gis.errors import UsageError
    from ntm_gis.outputs import priorities_status

    speak(lang)
    million = None if budget is None else amount(budget)
    with progress(json) as step:
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
        question = Question(found.layers, found.decisions, measures=found.answer.measures)
        if million is None:
            million = money_left(tree_of(found.layers), found.answer.measures)
        if million is None:
            raise UsageError("BUDGET_NOT_KNOWN")
        made = propose(question, million)
        asked = None if why_not is None else _asked(question, million, why_not)
    # What was said of the choice for the run's own budget is not said of this one.
    others = tuple(one for one in found.findings if one.code != "PRIORITIES_NOT_PROVEN")
    answer = replace(found.answer, frames=made.frames, findings=(*made.findings, *others))
    document = None
    if json:
        document = priorities_status.as_json(answer, found.commune.commune.as_of, asked)
    show(priorities_status.status(answer, found.layers, lang, asked), document)
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


def amount(written: str) -> float:
    """Return an amount of money as it is typed after an option, in million đồng.

    Raises
    ------
    UsageError
        It is no number, or less than nothing.

    Examples
    --------
    >>> amount("3900"), amount("1.500,5"), amount("3.900"), amount("500 triệu đồng")
    (3900.0, 1500.5, 3900.0, 500.0)
    """
    from ntm_gis import numbers
    from ntm_gis.errors import UsageError

    read = numbers.parse_number(written, "vi")
    per = {None: 1.0, "triệu đồng": 1.0, "tỷ đồng": 1000.0, "đồng": 1e-6, "nghìn đồng": 1e-3}
    if read.value is None or not read.value >= 0 or read.unit not in per:
        raise UsageError("BUDGET_UNREADABLE", value=written)
    return read.value * per[read.unit]


def _asked(question: Question, million: float, id_: str) -> Asked:
    """Return why a work is proposed or not under a budget."""
    from ntm_gis.analyses.priorities import criteria as priorities_criteria
    from ntm_gis.analyses.priorities import ranking as priorities_ranking
    from ntm_gis.analyses.priorities import reading as priorities_reading
    from ntm_gis.errors import UsageError
    from ntm_gis.outputs.priorities_status import Asked

    goals = priorities_criteria.goals_of(question)
    problem = priorities_reading.read(
        question.layers, goals, question.measures, budget=million
    ).problem
    named = {work.id.casefold(): work for work in problem.works}
    work = named.get(id_.strip().casefold())
    if work is None:
        known = tuple(problem.by_id) or ("–",)
        raise UsageError("CANDIDATE_NOT_LISTED", value=id_, known=known)
    reasons, chosen = priorities_ranking.why(problem, work.id)
    return Asked(work.id, work.name, chosen, reasons)
