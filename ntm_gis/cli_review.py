"""Commands of the plan review: `review FOLDER` and `decide FOLDER …`."""

from __future__ import annotations

from typing import Annotated

import typer

from ntm_gis.cli_streams import keep_failures
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, quoted, show, speak, tell

What = Annotated[
    str, typer.Argument(metavar="VIỆC", help="list, QH07-3, HM01, QH07 / what to decide")
]
Choice = Annotated[
    str | None, typer.Argument(metavar="[QUYẾT_ĐỊNH]", help="keep | amend | drop | waive")
]


def review(folder: Folder, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Review the inherited plans; nothing is written."""
    from ntm_gis import pipeline
    from ntm_gis.outputs import plan_status

    speak(lang)
    with progress(json) as step:
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
    document = plan_status.as_json(found.answer) if json else None
    show(plan_status.review(found.answer, found.layers, lang), document)
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


def decide(  # noqa: PLR0913, PLR0917 - the options of a command
    folder: Folder,
    what: What,
    choice: Choice = None,
    why: Annotated[str | None, typer.Option("--why", help="Lý do / the reason")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Người quyết định / who")] = None,
    document: Annotated[str | None, typer.Option("--document", help="Văn bản / document")] = None,
    item: Annotated[str | None, typer.Option("--item", help="Một điểm, ví dụ QH07-3")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Miễn đến ngày / until")] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Enter decisions about plans, or list what is open."""
    from ntm_gis import deciding, entering, pipeline
    from ntm_gis.analyses.planreview.decided import WAIVE
    from ntm_gis.errors import UsageError
    from ntm_gis.outputs import plan_status
    from ntm_gis.rules import commune as communes

    speak(lang)
    if what == "list":
        with progress(json) as step:
            found = pipeline.review(folder, as_of=day(as_of), progress=step)
        listed = deciding.listed(found)
        rows = {"decisions": [one.as_json() for one in listed]} if json else None
        show(plan_status.decisions(listed, lang), rows)
        return
    if choice is None:
        raise UsageError("USAGE_MISSING", name="keep | amend | drop | waive")
    if why is None:
        raise UsageError("USAGE_MISSING", name="--why")
    on = day(as_of) or min(entering.today(), communes.read(folder).commune.as_of)
    if choice == WAIVE:
        made = deciding.waive(
            folder, what, item=item, until=day(until), why=why, by=by, document=document, day=on
        )
    else:
        made = deciding.decide(folder, what, choice, why=why, by=by, document=document, day=on)
    tell("DECIDED", json, what=what, choice=plan_status.choice(made.choice), by=made.decided_by,
         on=made.decided_on, folder=quoted(folder))  # fmt: skip
