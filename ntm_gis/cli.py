"""The command line: `ntm-gis COMMAND FOLDER`.

Commands are a few lines each over `ntm_gis.pipeline`; heavy libraries are imported inside them,
so that `--help` answers at once. The exit status is the answer: 0 all well, 1 findings block an
official figure, 2 wrong use, 3 an input could not be taken in.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ntm_gis import (
    __version__,
    cli_add,
    cli_atlas,
    cli_export,
    cli_law,
    cli_priorities,
    cli_progress,
    cli_record,
    cli_report,
    cli_review,
    cli_score,
)
from ntm_gis.cli_streams import FULL, complain, keep_failures, keep_fault, stream_fault, utf8, write
from ntm_gis.cli_talk import (
    AsOf,
    Folder,
    Json,
    Lang,
    State,
    day,
    map_named,
    printing,
    progress,
    show,
    speak,
)
from ntm_gis.cli_words import Group, UsageError, about, about_group, wrong_use
from ntm_gis.errors import NotComputable, NtmGisError, OutputError
from ntm_gis.results import words

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.how import How

app = typer.Typer(
    name="ntm-gis",
    cls=Group,
    help="Kiểm tra, đo tính, lập bản đồ nông thôn mới cấp xã / checks, figures, maps of a commune.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

CRASH = 70
STOPPED = 130


app.command(**about("sample"))(cli_add.sample)
app.command(**about("new"))(cli_add.new)
app.command(**about("add"))(cli_add.add)


@app.command(**about("check"))
def check(folder: Folder, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Show every finding; nothing is written."""
    from ntm_gis import pipeline
    from ntm_gis.outputs import results_json, terminal

    speak(lang)
    with progress(json) as step:
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
    # The same findings, numbers and exit status as `run`: those of the analyses are among them.
    layers = replace(found.layers, findings=found.findings)
    document = results_json.checked(layers, found.commune) if json else None
    show(terminal.checked(layers, found.commune, lang), document)
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


@app.command(**about("run"))
def run(folder: Folder, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Compute everything and write `out/`."""
    _run(folder, None, json, lang, as_of)


@app.command(**about("map"))
def maps(  # noqa: PLR0917 - the options of a command
    folder: Folder,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="BẢN_ĐỒ", help="Tên bản đồ, ví dụ roads hoặc trường học / maps"),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", help="Khổ giấy A4 … A0, không ghi là A3 / paper, A3 if left out"),
    ] = None,
    kinds: Annotated[
        str, typer.Option("--format", help="Tệp in / files to print: pdf,png,svg")
    ] = "pdf,png",
    bw: Annotated[bool, typer.Option("--bw", help="Đen trắng, để photo / black and white")] = False,
    scale: Annotated[
        str | None, typer.Option("--scale", help="Tỷ lệ, ví dụ 1:25.000 / a scale to keep")
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Write maps alone: pages for the screen, sheets of paper."""
    from ntm_gis.rules import maps as definitions

    speak(lang)
    how = printing(sheet, kinds, bw=bw, scale=scale)
    # A name that is none is wrong use, before any work.
    wanted = [map_named(name) for name in names or definitions.names()]
    files = {f"maps/{name}" for name in wanted}
    files |= {f"maps/{name}.{kind}" for name in wanted for kind in how.kinds}
    _run(folder, frozenset(files), json, lang, as_of, how)


@app.command(**about("explain"))
def explain(
    folder: Folder,
    measure: Annotated[
        str, typer.Argument(metavar="CHỈ_SỐ", help="Vài chữ của tên, hoặc mã / its title or id")
    ],
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Show a measure down to its rows and files."""
    from ntm_gis import pipeline
    from ntm_gis.outputs import explain as explaining

    speak(lang)
    with progress(json) as step:
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
    told = explaining.explain(found.answer, found.layers, measure)
    show(explaining.text(told, lang), explaining.as_json(told) if json else None)
    keep_failures(found.answer.failures, lang)


app.command(**about("atlas"))(cli_atlas.atlas)
app.command(**about("export"))(cli_export.export)
app.command(**about("report"))(cli_report.report)
app.command(**about("fill"))(cli_report.fill)
app.command(**about("close"))(cli_report.close)
app.command(**about("review"))(cli_review.review)
app.command(**about("decide"))(cli_review.decide)
app.command(**about("find"))(cli_review.find)
app.command(**about("score"))(cli_score.score)
app.command(**about("priorities"))(cli_priorities.priorities)
app.add_typer(cli_progress.app, **about_group("progress"))
app.add_typer(cli_law.app, **about_group("law"))
app.add_typer(cli_record.app, **about_group("record"))


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Phiên bản / version")] = False,
) -> None:
    if version:
        write(f"ntm_gis {__version__}")
        raise typer.Exit


def _run(
    folder: Path,
    only: frozenset[str] | None,
    json: bool,
    lang: str,
    as_of: str | None,
    how: How | None = None,
) -> None:
    from ntm_gis import pipeline
    from ntm_gis.outputs import results_json, terminal

    speak(lang)
    with progress(json) as step:
        found, written = pipeline.run(
            folder, as_of=day(as_of), lang=lang, only=only, progress=step, printing=how
        )
    head = found.decisions.check_code
    parts = (found.answer, found.layers, found.commune, head, found.previous)
    document = results_json.document(*parts) if json else None
    show(terminal.summary(found.answer, found.layers, found.commune, written, lang), document)
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit status. Nobody ever sees a traceback."""
    utf8()
    State.lang = "vi"
    try:
        return _answered(argv)
    except NtmGisError as broken:  # the installation: not even the words are there
        complain(broken.say(State.lang))
        return CRASH


def _answered(argv: list[str] | None) -> int:
    """Run one command; put into words whatever comes of it."""
    try:
        status = app(args=argv, prog_name="ntm-gis", standalone_mode=False)
    except UsageError as wrong:
        complain(wrong_use(wrong, State.lang))
        return 2
    except NotComputable as fault:
        return _crashed(fault)
    except NtmGisError as wrong:
        complain(wrong.say(State.lang))
        # Outputs that failed for a reason of their own: tracebacks help whoever mends them.
        cause = wrong.__cause__
        if isinstance(wrong, OutputError) and isinstance(cause, ExceptionGroup):
            return _crashed(cause)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except Exception as fault:  # noqa: BLE001 - the last door: said in words, kept in a file
        # Help pages are printed by the library, which lets a full disk through as it is.
        if isinstance(fault, OSError) and fault.errno in FULL:
            complain(stream_fault(fault).say(State.lang))
            return 2
        return _crashed(fault)
    # The library turns Ctrl-C into a status of its own and says nothing.
    return _stopped() if status == STOPPED else status if isinstance(status, int) else 0


def _stopped() -> int:
    complain(words.sentence("STOPPED_BY_USER", {}).of(State.lang))
    return STOPPED


def _crashed(fault: Exception) -> int:
    keep_fault(fault, State.lang)
    return CRASH


if __name__ == "__main__":
    sys.exit(main())
