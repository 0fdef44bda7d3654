"""What the command-line library says by itself, in Vietnamese: help pages and wrong use."""

from __future__ import annotations

import re
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
    "atlas": ("Đóng tập bản đồ, phiếu bản thành một PDF", "bind maps and village forms in one PDF"),
    "explain": ("Một số liệu từ đâu ra, đến từng dòng", "where a figure comes from"),
    "progress": ("Sổ theo dõi tiến độ làm đường", "the record of road works"),
    "progress status": ("Từng công trình đã làm đến đâu", "how far each work is"),
    "progress add": ("Ghi báo cáo, vết đo GPS vào sổ", "take reports and tracks in"),
    "progress list": ("Xem mọi mục trong sổ", "every entry of the record"),
    "progress undo": ("Rút lại một mục, không xóa gì", "undo an entry; nothing is erased"),
    "progress dispute": ("Ghi ý kiến về một đoạn đường", "contest a stretch"),
    "progress settle": ("Ghi kết luận về đoạn có ý kiến", "settle a dispute"),
    "progress sheet": ("Lập phiếu kiểm tra hiện trường, 2 trang A4", "sheet for an inspection"),
    "export": ("Xuất lớp ra GeoJSON, KML, GeoParquet", "layers for other programs"),
    "report": ("Lập báo cáo Word và PDF", "write the report as Word and PDF"),
    "fill": ("Điền số liệu vào biểu Excel nhận được", "fill in a workbook received"),
    "close": ("Chốt số liệu của một kỳ báo cáo", "freeze a period of reporting"),
    "review": ("Rà soát quy hoạch của xã cũ", "review the inherited plans"),
    "decide": ("Ghi quyết định: giữ, điều chỉnh, bỏ, cho miễn", "decide: keep, amend, drop, waive"),
    "score": ("Bảng chấm tiêu chí, ngưỡng, việc cần làm", "the scorecard: verdicts, thresholds"),
    "law": ("Xác nhận ngưỡng theo văn bản đơn vị có", "confirm thresholds by your own copy"),
    "law list": ("Các ngưỡng và tình trạng của từng ngưỡng", "thresholds and their status"),
    "law confirm": ("Xác nhận một ngưỡng, kèm văn bản và trang", "confirm one, with its page"),
    "law add": ("Nhận lại bảng Nhập ngưỡng hoặc gói ngưỡng", "take back a sheet or a pack"),
    "law pack": ("Lập gói ngưỡng đã xác nhận cho xã khác", "pack them for another commune"),
    "find": ("Tìm xã, bản theo tên hoặc mã, cũ hay mới", "find a commune or village, old or new"),
    "priorities": ("Nên làm công trình nào trước, với kinh phí nào", "which works to do next"),
    "record": ("Giữ gìn sổ theo dõi: kiểm tra, sao lưu, gộp", "look after the record"),
    "record verify": ("Kiểm tra sổ còn nguyên vẹn không", "prove the record"),
    "record backup": ("Lập bản sao và kiểm tra ngay", "copy it, prove the copy"),
    "record restore": ("Khôi phục từ bản sao", "bring a backup back"),
    "record merge": ("Gộp sổ của máy khác", "merge another machine's record"),
}
"""Command -> what it does, in Vietnamese and English."""

EXAMPLES = {
    "new": 'new muong-khoa --code 03601 --name "Mường Khoa" --province "Lai Châu"',
    "add": "add muong-khoa duong.shp truong_hoc.xlsx",
    "check": "check muong-khoa",
    "run": "run muong-khoa",
    "map": "map muong-khoa roads --sheet A1",
    "atlas": "atlas muong-khoa --bw",
    "explain": 'explain muong-khoa "cứng hóa đường thôn"',
    "export": "export muong-khoa roads villages --to kml",
    "report": "report muong-khoa",
    "fill": "fill muong-khoa bieu-cua-tinh.xlsx",
    "close": 'close muong-khoa 2025-Q4 --by "Lò Văn A"',
    "review": "review muong-khoa",
    "decide": 'decide muong-khoa QH07-1 amend --why "theo hiện trạng" --by "Tổ rà soát"',
    "find": 'find muong-khoa "Phúc Khoa"',
    "score": "score muong-khoa --set vn-2026-2030",
    "priorities": "priorities muong-khoa --budget 3900",
    "progress add": 'progress muong-khoa add bao-cao.xlsx --by "Lò Văn A"',
    "progress undo": 'progress muong-khoa undo 12 --why "nhập nhầm"',
    "progress dispute": 'progress muong-khoa dispute CT01 Km1+100 Km1+400 --why "mặt đường hẹp"',
    "law confirm": 'law muong-khoa confirm 2.2 --value "65 %" --document 1487/QĐ-UBND --page 12',
    "record backup": "record muong-khoa backup --to E:\\",
    "record verify": "record muong-khoa verify",
}
"""Command -> a call of it, at the foot of its help page."""


_PLACES = {
    "as_of": "NGÀY", "until": "NGÀY", "on": "NGÀY", "since": "TỆP", "rules_as_of": "NGÀY",
    "code": "MÃ", "name": "TÊN", "province": "TỈNH", "region": "VÙNG", "layer": "LỚP",
    "table": "TRANG", "crs": "HỆ", "values": "CỘT=GIÁ_TRỊ", "by": "TÊN", "sheet": "KHỔ",
    "scale": "TỶ_LỆ", "document": "SỐ_VĂN_BẢN", "number": "SỐ_VĂN_BẢN", "tie": "Ô=MÃ",
    "lang": "vi|en",
}  # fmt: skip
"""Option -> what stands behind it on a help page; the library would say `<str>`."""


def _placed(command: Any) -> None:
    """Let a help page name values in Vietnamese instead of by types of Python."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            shown = ""
        elif parameter.metavar is not None:
            continue
        else:
            kind = parameter.type_descriptor
            shown = _PLACES.get(parameter.name) or ("TỆP" if kind.is_path else "CHỮ")
        parameter.display_type = lambda ctx, shown=shown: shown  # noqa: ARG005 - the library's call


def _translated(text: str) -> str:
    for english, vietnamese in _HELP.items():
        text = text.replace(english, vietnamese)
    return text


class Command(TyperCommand):
    """A command whose help speaks Vietnamese first."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        _placed(self)
        return _translated(super().get_help(ctx))


class Group(TyperGroup):
    """The list of commands, in Vietnamese first."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        _placed(self)
        return _translated(super().get_help(ctx))


def about(name: str) -> dict[str, Any]:
    """Return what `app.command` takes for a command: its class and its help.

    Examples
    --------
    >>> about("run")["short_help"]
    'Làm tất cả: kiểm tra, tính, vẽ, lập bảng'
    """
    vi, en = COMMANDS[name]
    last = name.rpartition(" ")[2]
    told = {"name": last, "cls": Command, "help": f"{vi} / {en}.", "short_help": vi}
    example = EXAMPLES.get(name)
    return told | ({"epilog": f"Ví dụ / example: ntm-gis {example}"} if example else {})


def about_group(name: str) -> dict[str, Any]:
    """Return what `app.add_typer` takes for a group of commands."""
    return {**about(name), "cls": Group}


# Wrong use as the command-line library says it. The library carries its own copy of the classes
# under a private name; their common ancestor is reached from the one that it publishes.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


_FORMS = tuple(
    (re.compile(form), code)
    for form, code in (
        (r"No such command '(?P<name>[^']*)'(?:.*?'(?P<close>[^']*)')?", "USAGE_COMMAND"),
        (r"Got unexpected extra arguments?(?:\(s\))? ?\((?P<extra>.*)\)", "USAGE_EXTRA"),
        (r"Option '(?P<name>[^']*)' requires", "USAGE_NEEDS_VALUE"),
        (r"Option '(?P<name>[^']*)' does not take", "USAGE_TAKES_NONE"),
        (r"Missing command", "USAGE_NO_COMMAND"),
    )
)
"""Sentences of the library, and the entry that says the same."""


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
    where = command_line(fault)
    if kind == "NoSuchOption":
        close = _close(", ".join(getattr(fault, "possibilities", None) or ()))
        return _say("USAGE_OPTION", lang, name=name, hint=close, command=where)
    if kind == "MissingParameter":
        return _say("USAGE_MISSING", lang, name=_asked(name, parameter), command=where)
    told = getattr(fault, "format_message", fault.__str__)()
    if kind == "NoArgsIsHelpError":
        return str(told)  # the help page: nothing was done wrongly
    if kind == "BadParameter":
        why = _why(parameter, told)
        return _say("USAGE_VALUE", lang, name=name, why=why, command=where)
    for form, code in _FORMS:
        found = form.match(told)
        if found is not None:
            params: dict[str, object] = dict(found.groupdict())
            params["hint"] = _close(found.groupdict().get("close") or "")
            return _say(code, lang, **params, command=where)
    return _say("USAGE", lang, why=told)


def command_line(fault: Exception | None) -> str:
    """Return the command that was used wrongly, as it is typed before `--help`."""
    ctx = getattr(fault, "ctx", None)
    names = [] if ctx is None else ctx.command_path.split()
    # Where a group of commands stands, the library puts the folder into the path.
    return " ".join(name.strip("{}[]") for name in names) or "ntm-gis"


def _asked(name: object, parameter: Any) -> str:
    """Return a name with what it is, from the help page: "--code (Mã xã)"."""
    about = (getattr(parameter, "help", None) or "").partition(" / ")[0]
    return f"{name} ({about})" if about else str(name)


def _say(code: str, lang: str, **params: object) -> str:
    return words.sentence(code, params).of(lang)


def _why(parameter: Any, told: str) -> words.Words | str:
    """Say why a value cannot be used, by the kind of values that the parameter takes."""
    kind = getattr(getattr(parameter, "type", None), "name", "")
    code = {"integer": "WHOLE", "float": "NUMBER"}.get(kind)
    if code is not None:
        return words.sentence(f"VALUE_WHY_{code}", {})
    choices = getattr(getattr(parameter, "type", None), "choices", None)
    if choices:
        return words.sentence("VALUE_WHY_CHOICE", {"known": ", ".join(map(str, choices))})
    return told


def _close(meant: str) -> words.Words:
    """Return the hint at what was probably meant; nothing where nothing comes close."""
    return words.sentence("HINT_CLOSE", {"close": meant}) if meant else words.Words("", "")
