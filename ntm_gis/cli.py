"""The command line: `ntm-gis COMMAND FOLDER`.

Commands are a few lines each over `ntm_gis.pipeline`; heavy libraries are imported inside them,
so that `--help` answers at once. The exit status is the answer: 0 all well, 1 findings block an
official figure, 2 wrong use, 3 an input could not be taken in.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json as jsons
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntm_gis import __version__
from ntm_gis.cli_words import Group, UsageError, about, wrong_use
from ntm_gis.errors import NotComputable, NtmGisError, OutputError
from ntm_gis.errors import UsageError as WrongUse
from ntm_gis.results import words

if TYPE_CHECKING:
    from ntm_gis.pipeline import Progress

app = typer.Typer(
    name="ntm-gis",
    cls=Group,
    help="Kiểm tra, đo tính, lập bản đồ nông thôn mới cấp xã / checks, figures, maps of a commune.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục của xã / the commune's folder")
]
Json = Annotated[bool, typer.Option("--json", help="Kết quả cho phần mềm khác / JSON")]
Lang = Annotated[str, typer.Option("--lang", help="Ngôn ngữ / language: vi, en")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Số liệu đến ngày / figures as of (31/12/2025)")
]

CRASH = 70


class _State:
    """The language of this call, for sentences that come before or after a command."""

    lang = "vi"


@app.command(**about("sample"))
def sample(
    folder: Folder,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ghi đè / replace files")] = False,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Write the sample commune into a folder."""
    from ntm_gis.outputs import folders

    _speak(lang)
    written = folders.write_sample(folder, overwrite=overwrite)
    _tell("SAMPLE_WRITTEN", json, folder=folder.name, count=len(written))


@app.command(**about("new"))
def new(
    folder: Folder,
    code: Annotated[str, typer.Option("--code", help="Mã xã / commune code")],
    name: Annotated[str, typer.Option("--name", help="Tên xã / its name")],
    province: Annotated[str, typer.Option("--province", help="Tỉnh / province")],
    boundary: Annotated[
        Path | None, typer.Option("--boundary", help="Tệp ranh giới xã / file of the boundary")
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Make the folder of a commune, with templates."""
    from ntm_gis import adding

    _speak(lang)
    made = adding.new(folder, code, name, province, as_of=_day(as_of), boundary=boundary)
    _tell("FOLDER_MADE", json, folder=folder.name, meridian=made.meridian, count=made.templates)


@app.command(**about("add"))
def add(
    folder: Folder,
    files: Annotated[
        list[Path], typer.Argument(metavar="TỆP", help="Tệp cần đưa vào / files to take in")
    ],
    layer: Annotated[str | None, typer.Option("--layer", help="Lớp / layer")] = None,
    crs: Annotated[str | None, typer.Option("--crs", help='Hệ tọa độ, ví dụ "VN-2000 103"')] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Nhận mọi đề xuất / take every proposal")
    ] = False,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Take files in and recognise them."""
    from ntm_gis import adding
    from ntm_gis.outputs import terminal

    _speak(lang)
    silent = json or yes or not sys.stdin.isatty()
    ask = terminal.no_answer if silent else terminal.ask(lang)
    # A line that moves would wipe out the question and what is typed.
    with _progress(json or not silent) as progress:
        added = adding.add(
            folder, files, layer=layer, crs=crs, accept=yes, ask=ask, progress=progress
        )
    _print(terminal.lines(added.lines, lang), added.as_json() if json else None)
    raise typer.Exit(added.status)


@app.command(**about("check"))
def check(folder: Folder, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Show every finding; nothing is written."""
    from ntm_gis import pipeline
    from ntm_gis.outputs import results_json, terminal

    _speak(lang)
    with _progress(json) as progress:
        found = pipeline.review(folder, as_of=_day(as_of), progress=progress)
    # The same findings, numbers and exit status as `run`: those of the analyses are among them.
    layers = replace(found.layers, findings=found.findings)
    document = results_json.checked(layers, found.commune) if json else None
    _print(terminal.checked(layers, found.commune, lang), document)
    raise typer.Exit(pipeline.exit_status(found.findings))


@app.command(**about("run"))
def run(folder: Folder, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Compute everything and write `out/`."""
    _run(folder, None, json, lang, as_of)


@app.command(**about("map"))
def maps(
    folder: Folder,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="BẢN_ĐỒ", help="Tên bản đồ / names of maps")
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Write maps alone."""
    from ntm_gis.rules import maps as definitions

    _speak(lang)
    wanted = names or list(definitions.names())
    for name in wanted:
        definitions.definition(name)  # a name that is none is wrong use, before any work
    _run(folder, frozenset(f"maps/{name}" for name in wanted), json, lang, as_of)


@app.command(**about("explain"))
def explain(
    folder: Folder,
    measure: Annotated[str, typer.Argument(metavar="CHỈ_SỐ", help="Mã chỉ số / id of the measure")],
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Show a measure down to its rows and files."""
    from ntm_gis import pipeline
    from ntm_gis.outputs import explain as explaining

    _speak(lang)
    with _progress(json) as progress:
        found = pipeline.review(folder, as_of=_day(as_of), progress=progress)
    told = explaining.explain(found.answer, found.layers, measure)
    _print(explaining.text(told, lang), explaining.as_json(told) if json else None)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Phiên bản / version")] = False,
) -> None:
    if version:
        _write(f"ntm_gis {__version__}")
        raise typer.Exit


def _run(
    folder: Path, only: frozenset[str] | None, json: bool, lang: str, as_of: str | None
) -> None:
    from ntm_gis import pipeline
    from ntm_gis.outputs import results_json, terminal

    _speak(lang)
    with _progress(json) as progress:
        found, written = pipeline.run(
            folder, as_of=_day(as_of), lang=lang, only=only, progress=progress
        )
    document = results_json.document(found.answer, found.layers, found.commune) if json else None
    _print(terminal.summary(found.answer, found.layers, found.commune, written, lang), document)
    raise typer.Exit(pipeline.exit_status(found.findings))


def _speak(lang: str) -> None:
    """Set the language of this call, before anything else can go wrong."""
    if lang not in words.LANGUAGES:
        raise WrongUse("LANG_UNKNOWN", value=lang)
    _State.lang = lang


def _day(value: str | None) -> dt.date | None:
    """Read the day of `--as-of`."""
    from ntm_gis import numbers

    if value is None:
        return None
    day = numbers.parse_date(value).value
    if day is None:
        raise WrongUse("DAY_UNREADABLE", value=value)
    return day


@contextlib.contextmanager
def _progress(json: bool) -> Iterator[Progress]:
    """Show the step at work on the terminal; nothing where output goes elsewhere."""
    if json or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(words.step(step, _State.lang))


def _tell(code: str, json: bool, **params: object) -> None:
    """Print one sentence of `data/messages.toml`."""
    sentence = words.sentence(code, params)
    if json:
        _write(jsons.dumps({"code": code, "message": sentence.as_json()}, ensure_ascii=False))
    else:
        _write(sentence.of(_State.lang))


def _print(shown: Any, document: object) -> None:
    """Print what a person reads, or the JSON document where there is one."""
    if document is not None:
        _write(jsons.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
        return
    from rich.console import Console

    width = None if sys.stdout.isatty() else 110
    Console(width=width, highlight=False, markup=False, emoji=False).print(shown)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def _utf8() -> None:
    """Let a Windows console take Vietnamese."""
    for stream in (sys.stdout, sys.stderr):
        if (getattr(stream, "encoding", "") or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit status. Nobody ever sees a traceback."""
    _utf8()
    _State.lang = "vi"
    try:
        status = app(args=argv, prog_name="ntm-gis", standalone_mode=False)
    except UsageError as wrong:
        sys.stderr.write(wrong_use(wrong, _State.lang) + "\n")
        return 2
    except NotComputable as fault:
        return _crashed(fault)
    except NtmGisError as wrong:
        # An output that failed for a reason of its own: its traceback helps whoever mends it.
        cause = wrong.__cause__
        sys.stderr.write(wrong.say(_State.lang) + "\n")
        if isinstance(wrong, OutputError) and cause is not None and cause.__cause__ is not None:
            return _crashed(cause.__cause__)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write(words.sentence("STOPPED_BY_USER", {}).of(_State.lang) + "\n")
        return 130
    except Exception as fault:  # noqa: BLE001 - the last door: said in words, kept in a file
        return _crashed(fault)
    return status if isinstance(status, int) else 0


def _crashed(fault: BaseException) -> int:
    """Keep the traceback in a file for those who mend the program, and say so."""
    report: str | None = None
    # A full disk must not turn a sentence into a traceback; the sentence then names no file.
    with contextlib.suppress(OSError):
        handle, report = tempfile.mkstemp(prefix="ntm-gis-su-co-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(fault)))
    told = words.sentence("CRASHED", {"what": type(fault).__name__, "report": report})
    sys.stderr.write(told.of(_State.lang) + "\n")
    return CRASH


if __name__ == "__main__":
    sys.exit(main())
