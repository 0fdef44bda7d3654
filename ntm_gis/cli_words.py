"""What the command-line library says by itself, in Vietnamese: help pages and wrong use."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ntm_gis.results import words

_HELP = {
    "Usage:": "Cách dùng:",
    "Options:": "Tùy chọn:",
    "Arguments:": "Tham số:",
    "Commands:": "Lệnh:",
    "[OPTIONS]": "[TÙY CHỌN]",
    "COMMAND [ARGS]...": "LỆNH [THAM SỐ]...",
    "Show this message and exit.": "Hiện hướng dẫn này / show this help.",
    "[required]": "[bắt buộc]",
    "[default:": "[mặc định:",
}

COMMANDS = {
    "sample": ("Ghi xã mẫu, dữ liệu minh họa", "write the sample commune"),
    "new": ("Lập thư mục cho một xã, kèm biểu mẫu Excel", "make a folder with Excel templates"),
    "add": ("Đưa tệp vào, chỉ hỏi điều chưa rõ", "take files in, ask only what is unclear"),
    "check": ("Nêu điểm cần kiểm tra ở từng dòng", "say what is wrong with which row"),
    "run": ("Làm tất cả: kiểm tra, tính, vẽ, lập bảng", "the whole review"),
    "map": ("Vẽ bản đồ: tất cả hoặc vài tờ", "draw maps, all or some"),
    "explain": ("Một số liệu từ đâu ra, đến từng dòng", "where a figure comes from"),
}
"""Command -> what it does, in Vietnamese and English."""


def _translated(text: str) -> str:
    for english, vietnamese in _HELP.items():
        text = text.replace(english, vietnamese)
    return text


class Command(TyperCommand):
    """A command whose help speaks Vietnamese first."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _translated(super().get_help(ctx))


class Group(TyperGroup):
    """The list of commands, in Vietnamese first."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _translated(super().get_help(ctx))


def about(name: str) -> dict[str, Any]:
    """Return what `app.command` takes for a command: its class and its help.

    Examples
    --------
    >>> about("run")["short_help"]
    'Làm tất cả: kiểm tra, tính, vẽ, lập bảng'
    """
    vi, en = COMMANDS[name]
    return {"name": name, "cls": Command, "help": f"{vi} / {en}.", "short_help": vi}


# Wrong use as the command-line library says it. The library carries its own copy of the classes
# under a private name; their common ancestor is reached from the one that it publishes.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def wrong_use(fault: Exception, lang: str) -> str:
    """Put a wrong use into words, with what was probably meant.

    Parameters
    ----------
    fault : UsageError
        As the library raised it.
    """
    name = getattr(fault, "option_name", None) or getattr(fault, "param_hint", None)
    parameter = getattr(fault, "param", None)
    if name is None and parameter is not None:
        name = parameter.metavar or (parameter.opts or [parameter.name])[-1]
    kind = type(fault).__name__
    if kind == "NoSuchOption":
        close = ", ".join(getattr(fault, "possibilities", None) or ())
        return words.sentence("USAGE_OPTION", {"name": name, "close": close or None}).of(lang)
    if kind == "MissingParameter":
        return words.sentence("USAGE_MISSING", {"name": name}).of(lang)
    told = getattr(fault, "format_message", fault.__str__)()
    if told.startswith("No such command"):
        asked = told.split("'")[1] if "'" in told else told
        meant = told.split("'")[3] if told.count("'") >= 4 else None
        return words.sentence("USAGE_COMMAND", {"name": asked, "close": meant}).of(lang)
    if kind == "BadParameter":
        return words.sentence("USAGE_VALUE", {"name": name, "why": told}).of(lang)
    return words.sentence("USAGE", {"why": told}).of(lang)
