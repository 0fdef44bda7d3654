"""Commands of the plan review: `review FOLDER` and `decide FOLDER …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ntm_gis import numbers
from ntm_gis.cli_streams import keep_failures
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, show, speak, tell
from ntm_gis.text import typed

What = Annotated[
    str, typer.Argument(metavar="VIỆC", help="list, add, QH07-3, HM01, QH07 / what to decide")
]
Choice = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUYẾT_ĐỊNH]", help="keep giữ, amend điều chỉnh, drop bỏ, waive cho miễn; TỆP.xlsx"
    ),
]


Since = Annotated[
    str | None,
    typer.Option("--since", help="So với lần rà soát trước (results.json) / an earlier review"),
]
RulesAsOf = Annotated[
    str | None,
    typer.Option("--rules-as-of", help="Theo bộ quy tắc của ngày / by the rules of a day"),
]


Package = Annotated[
    str | None,
    typer.Option("--package", help="Kiểm tra một gói CSDL quy hoạch nhận được / a package"),
]


def review(
    folder: Folder,
    since: Since = None,
    rules_as_of: RulesAsOf = None,
    package: Package = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Review the inherited plans; nothing is written."""
    from ntm_gis import pipeline, reviewing
    from ntm_gis.outputs import plan_changes, plan_status

    speak(lang)
    if package is not None:
        _package(folder, Path(package), json=json, lang=lang)
    earlier = None if since is None else reviewing.saved(Path(since))
    with progress(json) as step:
        found = pipeline.review(
            folder,
            as_of=day(as_of),
            rules_as_of=day(rules_as_of),
            only=pipeline.PLANS,
            layers=pipeline.PLAN_LAYERS,
            progress=step,
        )
    document = plan_status.as_json(found.answer, found.commune.commune.as_of) if json else None
    shown = plan_status.review(found.answer, found.layers, lang)
    if earlier is not None:
        changed = reviewing.compare(earlier.entries, plan_changes.entries(found.answer))
        shown = plan_changes.changes(changed, lang)
        if document is not None:
            document["changes"] = [one.as_json() for one in changed]
    show(shown, document)
    if earlier is not None and earlier.rules != plan_changes.rules(found.answer) and not json:
        tell("REVIEW_OTHER_RULES", json)
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
    """Enter decisions about plans and figures, or list what is open."""
    from ntm_gis import deciding, pipeline, settling
    from ntm_gis.analyses.planreview.decided import WAIVE
    from ntm_gis.errors import UsageError
    from ntm_gis.outputs import plan_status
    from ntm_gis.rules import commune as communes

    speak(lang)
    if what == "list":
        with progress(json) as step:
            found = pipeline.review(folder, as_of=day(as_of), only=pipeline.PLANS, progress=step)
        listed = deciding.listed(found)
        rows = {"decisions": [one.as_json() for one in listed]} if json else None
        show(plan_status.decisions(listed, lang), rows)
        return
    if what == "add" and choice is not None:
        _taken_back(folder, Path(choice), by, json=json, lang=lang, as_of=as_of)
    if choice is None:
        raise UsageError(
            "USAGE_MISSING", command="ntm-gis decide", name="keep | amend | drop | waive"
        )
    if why is None:
        raise UsageError("USAGE_MISSING", command="ntm-gis decide", name="--why")
    on = day(as_of) or min(numbers.today(), communes.read(folder).commune.as_of)
    if what.startswith(settling.SUBJECT):
        one = settling.settle(folder, what, document=document, why=why, by=by, day=on)
        tell("FIGURE_SETTLED", json, what=what.removeprefix(settling.SUBJECT),
             document=one.document, by=one.decided_by, on=one.decided_on)  # fmt: skip
        return
    choice = _meant(choice)
    if choice == WAIVE:
        made = deciding.waive(
            folder, what, item=item, until=day(until), why=why, by=by, document=document, day=on
        )
    else:
        made = deciding.decide(folder, what, choice, why=why, by=by, document=document, day=on)
    tell("DECIDED", json, what=what, choice=plan_status.choice(made.choice), by=made.decided_by,
         on=made.decided_on, folder=typed(folder))  # fmt: skip


def _meant(choice: str) -> str:
    """Return the code of a choice as a person writes it: "điều chỉnh" is amend."""
    from ntm_gis.analyses.planreview.decided import WAIVE
    from ntm_gis.deciding_excel import choices
    from ntm_gis.text import fold

    waived = dict.fromkeys(("cho mien", "mien"), WAIVE)
    return (choices() | waived).get(fold(choice), choice)


def find(
    folder: Folder,
    words: Annotated[
        str, typer.Argument(metavar="TÊN_HOẶC_MÃ", help="Tên hoặc mã xã, bản / a name or code")
    ],
    on: Annotated[
        str | None, typer.Option("--on", help="Tên gọi của ngày / as called on a day")
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Find a commune or village by a name or code, old or new."""
    from ntm_gis import lookup
    from ntm_gis.outputs import units_found
    from ntm_gis.rules import commune as communes

    speak(lang)
    with progress(json) as step:
        found = lookup.find(folder, words, on=day(on), progress=step)
    document = {"found": [one.as_json() for one in found]} if json else None
    show(units_found.shown(found, words, lang), document)
    who = communes.read(folder)
    if not json and not lookup.covers(who):
        tell("UNITS_LACK_PROVINCE", json, province=who.commune.province)


def _taken_back(
    folder: Path, file: Path, by: str | None, *, json: bool, lang: str, as_of: str | None
) -> NoReturn:
    """Take the decisions of a filled-in sheet into the record."""
    from ntm_gis import deciding_excel
    from ntm_gis.outputs import register

    with progress(json) as step:
        done = deciding_excel.add(
            folder, file, today=numbers.today(), by=by, day=day(as_of), progress=step
        )
    show(register.told(done.findings, done.lines, lang), done.as_json() if json else None)
    raise typer.Exit(done.status)


def _package(folder: Path, package: Path, *, json: bool, lang: str) -> NoReturn:
    """Check a package of the planning database; nothing is taken over."""
    from ntm_gis import pipeline, receiving
    from ntm_gis.outputs import register
    from ntm_gis.outputs.results_json import finding_entry
    from ntm_gis.results.words import sentence

    with progress(json) as step:
        found = receiving.check(folder, package, progress=step)
    document = {"findings": [finding_entry(one) for one in found]} if json else None
    told = (sentence("PACKAGE_CHECKED", {"file": package.name, "count": len(found)}),)
    show(register.told(found, told, lang), document)
    raise typer.Exit(pipeline.exit_status(found))
