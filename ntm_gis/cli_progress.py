"""Commands about road works: `progress FOLDER status`, `add`, `list`, `undo` and more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntm_gis import numbers
from ntm_gis.cli_streams import keep_failures
from ntm_gis.cli_talk import (
    AsOf,
    Folder,
    Json,
    Lang,
    day,
    progress,
    show,
    speak,
    tell,
)
from ntm_gis.cli_words import Group, about
from ntm_gis.text import typed

if TYPE_CHECKING:
    import datetime as dt

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

By = Annotated[str | None, typer.Option("--by", help="Người thực hiện / who does it")]
Why = Annotated[str, typer.Option("--why", help="Lý do / the reason")]
On = Annotated[str | None, typer.Option("--on", help="Ngày có hiệu lực / from which day")]
Number = Annotated[str, typer.Argument(metavar="SỐ_MỤC", help="Số mục trong sổ / entry")]
Work = Annotated[str, typer.Argument(metavar="CÔNG_TRÌNH", help="Mã hoặc tên / id or name")]
Stretch = Annotated[
    tuple[str, str],
    typer.Argument(metavar="TỪ ĐẾN", help="Hai lý trình, ví dụ Km1+100 Km1+400 / from, to"),
]


@app.callback()
def _folder(ctx: typer.Context, folder: Folder) -> None:
    ctx.obj = folder


@app.command(**about("progress status"))
def status(ctx: typer.Context, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Show how far each road work is."""
    from ntm_gis import outputs, pipeline
    from ntm_gis.outputs import register
    from ntm_gis.outputs.results_json import finding_entry

    speak(lang)
    with progress(json) as step:
        found = pipeline.review(ctx.obj, as_of=day(as_of), progress=step)
    code = found.decisions.check_code
    shown = outputs.progress_status(found.answer, found.layers, lang, record_head=code)
    rows = outputs.progress_rows(found.answer, found.layers) if json else None
    # Why every figure is provisional, where it is the record itself that cannot be relied upon.
    faults = found.decisions.findings
    document = {
        "record_head": code, "works": rows,
        "findings": [finding_entry(f) for f in faults],
    }  # fmt: skip
    show(shown, document if json else None)
    if faults and not json:
        show(register.told(faults, (), lang), None)
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


@app.command(**about("progress add"))
def add(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="TỆP", help="Báo cáo, vết đo / files")],
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi / ask nothing")] = False,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Take reports and tracks into the record."""
    import sys

    from ntm_gis import entering
    from ntm_gis.outputs import register, terminal

    speak(lang)
    silent = json or yes or not sys.stdin.isatty()
    ask = terminal.no_answer if silent else terminal.ask(lang)
    with progress(json or not silent) as step:
        done = [
            entering.add(ctx.obj, file, by=by, day=day(as_of), accept=yes, ask=ask, progress=step)
            for file in files
        ]
    for found in done:
        if not json:
            show(register.told(found.findings, found.lines, lang), None)
    if json:
        show(None, {"files": [found.as_json() for found in done]})
    else:
        tell("PROGRESS_NEXT", json, folder=typed(ctx.obj))
    raise typer.Exit(max((found.status for found in done), default=0))


@app.command(**about("progress list"))
def listing(ctx: typer.Context, json: Json = False, lang: Lang = "vi") -> None:
    """Show every entry of the record."""
    from ntm_gis import booking
    from ntm_gis.outputs import register

    speak(lang)
    found = booking.listed(ctx.obj)
    if not found and not json:
        tell("RECORD_EMPTY", json, folder=typed(ctx.obj))
        return
    document = {"entries": [line.as_json() for line in found]} if json else None
    show(register.entries(found, lang), document)


@app.command(**about("progress undo"))
def undo(
    ctx: typer.Context, number: Number, why: Why, by: By = None, on: On = None,
    json: Json = False, lang: Lang = "vi",
) -> None:  # fmt: skip
    """Enter that an entry no longer counts; nothing is erased."""
    from ntm_gis import booking

    speak(lang)
    from_day = _in_force(ctx, on)
    meant, made = booking.undo(ctx.obj, number, why=why, by=by, day=from_day)
    code = "PROGRESS_RESTORED" if meant.is_undo else "PROGRESS_UNDONE"
    when = booking.in_force(ctx.obj, meant, from_day)
    tell(code, json, n=meant.name, said=meant.said, by=made.name, when=when)


# A chainage before the start is said to be none; it is no option of the command.
@app.command(**about("progress dispute"), context_settings={"ignore_unknown_options": True})
def dispute(
    ctx: typer.Context, work: Work, stretch: Stretch, why: Why, by: By = None,
    on: On = None, json: Json = False, lang: Lang = "vi",
) -> None:  # fmt: skip
    """Enter that somebody contests a stretch."""
    from ntm_gis import booking

    speak(lang)
    layers = _layers(ctx, json)
    made = booking.dispute(ctx.obj, layers, work, *stretch, why=why, by=by, day=_in_force(ctx, on))
    tell("DISPUTE_ENTERED", json, n=str(made.n), said=made.said, folder=typed(ctx.obj))


@app.command(**about("progress settle"))
def settle(
    ctx: typer.Context,
    number: Number,
    outcome: Annotated[
        list[str],
        typer.Argument(
            metavar="KẾT_LUẬN", help="được tính | không được tính / counts | does-not-count"
        ),
    ],
    by: By = None,
    document: Annotated[
        str | None, typer.Option("--document", help="Văn bản kết luận / document")
    ] = None,
    on: On = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Enter how a dispute ended."""
    from ntm_gis import booking

    speak(lang)
    made = booking.settle(
        ctx.obj, number, " ".join(outcome), by=by, document=document, day=_in_force(ctx, on)
    )
    tell("DISPUTE_SETTLED", json, n=str(made.n), said=made.said)


@app.command(**about("progress sheet"), context_settings={"ignore_unknown_options": True})
def sheet(
    ctx: typer.Context, work: Work, stretch: Stretch,
    json: Json = False, lang: Lang = "vi", as_of: AsOf = None,
) -> None:  # fmt: skip
    """Write the two-page sheet for the inspection of a stretch."""
    from ntm_gis import booking, outputs, pipeline

    speak(lang)
    with progress(json) as step:
        found = pipeline.review(ctx.obj, as_of=day(as_of), progress=step)
    work_id, (start, end) = booking.stretch_of(found.layers, work, *stretch)
    written = outputs.disputed_sheet(
        found.answer, found.layers, found.commune, work_id, start, end,
        ctx.obj / pipeline.OUT, lang, decisions=found.decisions,
    )  # fmt: skip
    for path in written:
        tell("DISPUTE_SHEET", json, path=str(path))


def _layers(ctx: typer.Context, json: bool) -> Any:
    from ntm_gis import pipeline

    with progress(json) as step:
        return pipeline.check(ctx.obj, progress=step)[1]


def _in_force(ctx: typer.Context, on: str | None) -> dt.date:
    """Return the day that an entry takes effect: the one given, else the day of the figures.

    Without a day of its own, an undo made today has to be seen in the figures of the period that
    is being worked on.
    """
    from ntm_gis.rules import commune

    given = day(on)
    return given or min(numbers.today(), commune.read(ctx.obj).commune.as_of)
