"""What every command shares: its arguments, its language, progress, and what it prints."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
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


def map_named(name: str) -> str:
    """Return the map that a person means: by its name, its title or a part of the title.

    Raises
    ------
    UsageError
        There is none, or several; with all there are.

    Examples
    --------
    >>> map_named("roads"), map_named("truong hoc"), map_named("Đường theo cấp")
    ('roads', 'schools', 'roads')
    """
    from ntm_gis.rules import maps
    from ntm_gis.text import fold

    known = maps.names()
    if name in known:
        return name
    titles = {one: maps.definition(one).title for one in known}
    asked = fold(name)
    found = [one for one, title in titles.items() if asked in (fold(title.vi), fold(title.en))]
    found = found or [one for one, title in titles.items() if asked and asked in fold(title.vi)]
    if len(found) == 1:
        return found[0]
    shown = [f"{title.words.of(State.lang)} ({one})" for one, title in titles.items()]
    raise UsageError("MAP_NOT_NAMED", name=name, known="; ".join(shown))


def _denominator(scale: str) -> int:
    """Read a scale as people write it: 25000, 25.000, 1:25.000, 1/25000.

    Raises
    ------
    UsageError
        It is none, or no sheet could be drawn at it.

    Examples
    --------
    >>> _denominator("1:25.000"), _denominator("25000")
    (25000, 25000)
    """
    found = _SCALE.fullmatch(scale.strip())
    number = int(re.sub(r"[^0-9]", "", found[1])) if found else 0
    if not 500 <= number <= 2_000_000:
        why = "1:500 … 1:2.000.000"
        raise UsageError("USAGE_VALUE", command="ntm-gis map", name="--scale", why=why)
    return number


_SCALE = re.compile(r"(?:1\s*[:/]\s*)?([0-9]{3,7}|[0-9]{1,3}(?:[., ][0-9]{3}){1,2})")


def printing(sheet: str | None, kinds: str, *, bw: bool, scale: str | None) -> How:
    """Read how maps are to be printed, as it is typed after options.

    Where paper and scale are both named, both are kept: a commune that is larger takes several
    sheets.
    """
    from ntm_gis.outputs.printmap.how import KINDS, SHEETS, How

    paper = "A3" if sheet is None else sheet.strip().upper()
    if paper not in SHEETS:
        raise UsageError(
            "USAGE_VALUE", command="ntm-gis map", name="--sheet", why=", ".join(SHEETS)
        )
    asked = tuple(dict.fromkeys(k.strip().lower() for k in kinds.split(",") if k.strip()))
    if not asked or set(asked) - set(KINDS):
        raise UsageError(
            "USAGE_VALUE", command="ntm-gis map", name="--format", why=", ".join(KINDS)
        )
    kept = None if scale is None else _denominator(scale)
    return How(paper, asked, bw, kept, parts=kept is not None and sheet is not None)


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
