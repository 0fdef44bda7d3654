"""Commands about the record itself: `record FOLDER verify`, `backup`, `restore`, `merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ntm_gis import numbers
from ntm_gis.cli_talk import Folder, Json, Lang, show, speak, tell
from ntm_gis.cli_words import Group, about
from ntm_gis.text import typed

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _folder(ctx: typer.Context, folder: Folder) -> None:
    ctx.obj = folder


@app.command(**about("record verify"))
def verify(
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Option("--code", help="Mã in ở chân báo cáo / code on a report")
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Prove the record, and a code printed on a report."""
    from ntm_gis import record
    from ntm_gis.outputs import register
    from ntm_gis.outputs.results_json import finding_entry
    from ntm_gis.results import sentence

    speak(lang)
    path, commune = _record(ctx)
    if not path.exists():
        tell("RECORD_EMPTY", json, folder=typed(ctx.obj))
        return
    found = record.verify(path, code=code, commune=commune)
    said = {
        "file": path.name, "count": found.count, "files": len(found.files.whole),
        "code": found.check_code,
    }  # fmt: skip
    lines = [sentence("RECORD_WHOLE" if found.whole else "RECORD_NOT_WHOLE", said)]
    if found.code_fits is False and found.whole:
        lines.append(sentence("RECORD_CODE_FITS_NOT", {"code": code}))
    if found.whole and found.count and not found.backups:
        lines.append(sentence("RECORD_TAIL_UNKNOWN", {"folder": typed(ctx.obj)}))
    at = found.printed_after
    if at is not None:
        on = None if at.entered_at is None else at.entered_at.date()
        since = found.count - at.n
        lines.append(
            sentence("RECORD_CODE_FITS", {"code": code, "n": str(at.n), "on": on, "since": since})
        )
    document = {
        "whole": found.whole, "code_fits": found.code_fits, "count": found.count,
        "check_code": found.check_code,
        "head": found.head, "devices": list(found.devices),
        "lines": [line.as_json() for line in lines],
        "findings": [finding_entry(f) for f in found.findings],
    }  # fmt: skip
    show(register.told(found.findings, lines, lang), document if json else None)
    raise typer.Exit(0 if found.whole and found.code_fits is not False else 1)


@app.command(**about("record backup"))
def backup(
    ctx: typer.Context,
    to: Annotated[
        Path | None, typer.Option("--to", help="Thư mục khác, ví dụ USB / another folder")
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Copy the record, and prove the copy."""
    from ntm_gis import record

    speak(lang)
    path, _ = _record(ctx)
    made = record.backup(path, numbers.today(), to, with_store=True)
    proved = made.verified
    said = {"path": str(made.path), "count": proved.count, "code": proved.check_code}
    if proved.whole:
        tell("RECORD_BACKED_UP", json, **said)
    elif proved.breaks:
        tell("RECORD_BACKED_UP_BROKEN", json, **said, n=str(proved.breaks[0].n))
    else:
        tell("RECORD_BACKED_UP_UNSOUND", json, **said, what=proved.findings[0].message)
    raise typer.Exit(0 if made.verified.whole else 1)


@app.command(**about("record restore"))
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="BẢN_SAO", help="Tệp bản sao / the backup")],
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Bring a backup back; the record before is kept."""
    from ntm_gis import record

    speak(lang)
    path, commune = _record(ctx)
    made = record.restore(path, file, commune)
    tell("RECORD_RESTORED", json, file=file.name, count=made.entries, code=made.check_code)
    if made.kept is not None and not json:
        tell("RECORD_KEPT_BESIDE", json, path=typed(made.kept), count=len(made.beside),
             folder=typed(ctx.obj))  # fmt: skip


@app.command(**about("record merge"))
def merge(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="SỔ", help="Sổ của máy khác / other record")],
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Take in the entries of another machine's record."""
    from ntm_gis import record

    speak(lang)
    path, commune = _record(ctx)
    made = record.merge(path, file, commune)
    tell("RECORD_MERGED", json, file=file.name, new=len(made.new), known=made.known,
         code=made.check_code)  # fmt: skip
    if made.files_missing and not json:
        tell("RECORD_FILES_MISSING", json, count=len(made.files_missing))


def _record(ctx: typer.Context) -> tuple[Path, str]:
    """Return the path of the record and the code of its commune."""
    from ntm_gis import record
    from ntm_gis.rules import commune

    return ctx.obj / record.FILE_NAME, commune.read(ctx.obj).commune.code
