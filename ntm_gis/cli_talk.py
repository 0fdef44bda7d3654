"""What every command shares: its arguments, its language, progress, and what it prints."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntm_gis.cli_streams import draw, write, write_json
from ntm_gis.errors import UsageError
from ntm_gis.results import words

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.how import How
    from ntm_gis.pipeline import Progress

# Whether it can be read is said by whoever reads it, in words.
Folder = Annotated[
    Path,
    typer.Argument(metavar="THƯ_MỤC", help="Thư mục của xã / the commune's folder", readable=False),
]
Json = Annotated[bool, typer.Option("--json", help="Kết quả cho phần mềm khác / JSON")]
Lang = Annotated[str, typer.Option("--lang", help="Ngôn ngữ / language: vi, en")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Số liệu đến ngày / figures as of (31/12/2025)")
]


class State:
    """The language of this call, for sentences that come before or after a command."""

    lang = "vi"


def speak(lang: str) -> None:
    """Set the language of this call, before anything else can go wrong."""
    if lang not in words.LANGUAGES:
        raise UsageError("LANG_UNKNOWN", value=lang)
    State.lang = lang


def day(value: str | None) -> dt.date | None:
    """Read a day as it is typed after an option."""
    from ntm_gis import numbers

    if value is None:
        return None
    found = numbers.parse_date(value).value
    if found is None:
        raise UsageError("DAY_UNREADABLE", value=value)
    return found


def printing(sheet: str, kinds: str, *, bw: bool, scale: int | None) -> How:
    """Read how maps are to be printed, as it is typed after options."""
    from ntm_gis.outputs.printmap.how import KINDS, SHEETS, How

    paper = sheet.strip().upper()
    if paper not in SHEETS:
        raise UsageError("USAGE_VALUE", name="--sheet", why=", ".join(SHEETS))
    asked = tuple(dict.fromkeys(k.strip().lower() for k in kinds.split(",") if k.strip()))
    if not asked or set(asked) - set(KINDS):
        raise UsageError("USAGE_VALUE", name="--format", why=", ".join(KINDS))
    if scale is not None and not 500 <= scale <= 2_000_000:
        raise UsageError("USAGE_VALUE", name="--scale", why="500 … 2000000")
    return How(paper, asked, bw, scale)


@contextlib.contextmanager
def progress(json: bool) -> Iterator[Progress]:
    """Show the step at work on the terminal; nothing where output goes elsewhere."""
    if json or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(words.step(step, State.lang))


def tell(code: str, json: bool, /, **params: object) -> None:
    """Print one sentence of `data/messages.toml`."""
    sentence = words.sentence(code, params)
    if json:
        write_json({"code": code, "message": sentence.as_json()})
    else:
        write(sentence.of(State.lang))


def show(shown: Any, document: object) -> None:
    """Print what a person reads, or the JSON document where there is one."""
    if document is not None:
        write_json(document)
    else:
        draw(shown)
