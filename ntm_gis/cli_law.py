"""Commands about thresholds: `law FOLDER list`, `confirm`, `add`, `pack`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ntm_gis import numbers
from ntm_gis.cli_streams import write, write_json
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, State, day, progress, show, speak, tell
from ntm_gis.cli_words import Group, about
from ntm_gis.text import typed

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)

Set = Annotated[str | None, typer.Option("--set", help="Bộ tiêu chí khác của xã / another set")]
By = Annotated[str | None, typer.Option("--by", help="Người đọc văn bản / who read it")]


@app.callback()
def _folder(ctx: typer.Context, folder: Folder) -> None:
    ctx.obj = folder


@app.command(**about("law list"))
def listing(ctx: typer.Context, set_: Set = None, json: Json = False, lang: Lang = "vi") -> None:
    """Show every threshold and its status."""
    from ntm_gis import confirming
    from ntm_gis.outputs import law_status

    speak(lang)
    book = confirming.open_book(ctx.obj, latest=numbers.today())
    found = book.set(set_)
    limits = book.limits(found)
    document = None
    if json:
        document = {
            "criteria_set": found.label, "record_head": book.check_code,
            "thresholds": [confirming.as_json(one) for one in limits],
        }  # fmt: skip
    show(law_status.thresholds(limits, found.title, lang), document)


@app.command(**about("law confirm"))
def confirm(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CHỈ_TIÊU", help="Mã, ví dụ 2.2 / its code")],
    value: Annotated[str, typer.Option("--value", help='Ngưỡng: 65, "≥ 65 %", đạt / threshold')],
    document: Annotated[str, typer.Option("--document", help="Số văn bản / document")],
    page: Annotated[str, typer.Option("--page", help="Trang / page")],
    by: By = None,
    set_: Set = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Enter a threshold read in the office's own copy."""
    from ntm_gis import confirming

    speak(lang)
    today = numbers.today()
    on = day(as_of) or today
    proof = confirming.Proof(document, page, confirming.person(by), on)
    done = confirming.confirm(ctx.obj, code, value, proof, today=today, name=set_, by=by)
    told = {"new": "LAW_CONFIRMED", "known": "LAW_KNOWN"}.get(done.state, "LAW_WITHDRAWN")
    tell(told, json, folder=typed(ctx.obj), **done.said)
    if not json:
        for finding in confirming.differs(confirming.open_book(ctx.obj, latest=today), done):
            write(finding.message.of(State.lang))


@app.command(**about("law add"))
def add(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="thresholds.xlsx, gói .toml")],
    by: By = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Nhận gói của phiên bản khác / of another version")
    ] = False,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Take back a filled-in sheet, or a pack of another commune."""
    from ntm_gis import confirming_excel, confirming_packs
    from ntm_gis.outputs import register

    speak(lang)
    today, on = numbers.today(), day(as_of)
    with progress(json):
        if file.suffix.lower() == confirming_packs.SUFFIX:
            done = confirming_packs.add(ctx.obj, file, today=today, day=on, by=by, accept=yes)
        else:
            done = confirming_excel.add(ctx.obj, file, today=today, day=on, by=by)
    show(register.told(done.findings, done.lines, lang), done.as_json() if json else None)
    raise typer.Exit(done.status)


@app.command(**about("law pack"))
def pack(
    ctx: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .toml hoặc thư mục / file")],
    set_: Set = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Write the confirmed thresholds for another commune."""
    from ntm_gis import confirming, confirming_packs

    speak(lang)
    today = numbers.today()
    written, count = confirming_packs.pack(ctx.obj, out, today=today, name=set_)
    found = confirming.open_book(ctx.obj, latest=today).set(set_)
    if json:
        write_json({"file": str(written), "count": count, "criteria_set": found.label})
        return
    tell("LAW_PACKED", json, file=typed(written), n=count, set=found.title)
