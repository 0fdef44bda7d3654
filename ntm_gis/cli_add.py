"""The commands that make and fill the folder of a commune: `sample`, `new`, `add`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ntm_gis import text
from ntm_gis.cli_streams import write
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, show, speak, tell


def sample(
    folder: Folder,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ghi đè / replace files")] = False,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Write the sample commune into a folder."""
    from ntm_gis.outputs import folders

    speak(lang)
    written = folders.write_sample(folder, overwrite=overwrite)
    shown = {"folder": folder.resolve().name, "typed": text.typed(folder)}
    tell("SAMPLE_WRITTEN", json, count=len(written), **shown)


def new(  # noqa: PLR0913, PLR0917 - a parameter for each option
    folder: Folder,
    code: Annotated[str, typer.Option("--code", help="Mã xã / commune code")],
    name: Annotated[str, typer.Option("--name", help="Tên xã / its name")],
    province: Annotated[str, typer.Option("--province", help="Tỉnh / province")],
    boundary: Annotated[
        Path | None,
        typer.Option("--boundary", help="Tệp ranh giới xã / the boundary's file", readable=False),
    ] = None,
    region: Annotated[str | None, typer.Option("--region", help="Vùng / region")] = None,
    special_difficulty: Annotated[
        bool | None,
        typer.Option(
            "--special-difficulty/--no-special-difficulty",
            help="Xã đặc biệt khó khăn / commune in special difficulty",
        ),
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Make the folder of a commune, with templates."""
    from ntm_gis import founding
    from ntm_gis.outputs import terminal

    speak(lang)
    silent = json or sys.stdin is None or not sys.stdin.isatty()
    made = founding.new(
        folder, code, name, province, as_of=day(as_of), boundary=boundary, region=region,
        special_difficulty=special_difficulty,
        ask=founding.nobody if silent else terminal.ask(lang),
    )  # fmt: skip
    tell(
        "FOLDER_MADE", json, folder=folder.resolve().name, typed=text.typed(folder),
        meridian=made.meridian, count=made.templates, on=made.on,
    )  # fmt: skip
    if made.unsaid and not json:
        tell("FOLDER_UNSAID", json, what=made.unsaid)
    if made.formers is not None and not json:
        write(made.formers.of(lang))


def add(  # noqa: PLR0913, PLR0917 - a parameter for each option
    folder: Folder,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="TỆP", help="Tệp cần đưa vào / files to take in", readable=False),
    ],
    layer: Annotated[
        str | None, typer.Option("--layer", help='Lớp, ví dụ "Đường giao thông" / layer')
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="Bảng, trang tính trong tệp / sheet or table")
    ] = None,
    crs: Annotated[str | None, typer.Option("--crs", help='Hệ tọa độ, ví dụ "VN-2000 103"')] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--value", help="Giá trị chung cho cả tệp, ví dụ plan_id=P2 / for all rows"),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Nhận mọi đề xuất / take every proposal")
    ] = False,
    remove: Annotated[
        bool,
        typer.Option("--remove", help="Bỏ tệp khỏi hồ sơ xã, tệp vẫn được giữ / drop them"),
    ] = False,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Take files in and recognise them."""
    from ntm_gis import adding
    from ntm_gis.outputs import terminal

    speak(lang)
    silent = json or yes or not sys.stdin.isatty()
    ask = terminal.no_answer if silent else terminal.ask(lang)
    # A line that moves would wipe out the question and what is typed.
    with progress(json or not silent) as step:
        added = adding.add(
            folder, files, layer=layer, table=table, crs=crs, accept=yes, remove=remove,
            values=values or (), ask=ask, progress=step,
        )  # fmt: skip
    show(terminal.lines(added.lines, lang), added.as_json() if json else None)
    raise typer.Exit(added.status)
