"""commune.toml as text: what `new` and `add` write, so that officials need not.

The text that is there is never rewritten: a new `[[source]]` is put at the end, in one that is
changed only the lines of the values that change, and comments and order of a person stay.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from typing import Any

from ntm_gis.rules.commune import Identity, Predecessor, SourceEntry

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = re.compile(r"\s*\[")
_SOURCE = re.compile(r"\s*\[\[\s*source\s*\]\]")

_UNSAID = {
    "region": '# region = "Trung du và miền núi phía Bắc"  # vùng của xã (chưa ghi)',
    "special_difficulty": "# special_difficulty = true  # xã đặc biệt khó khăn (chưa ghi)",
    "commune_group": "# commune_group = 3  # nhóm xã: 1, 2 hoặc 3 (chưa ghi)",
}
"""What is not known stands there as a note that a person can fill in."""


def value(thing: object) -> str:
    """Write one TOML value.

    Examples
    --------
    >>> value("bê tông"), value(dt.date(2025, 7, 1)), value(True), value(("a", "b"))
    ('"bê tông"', '2025-07-01', 'true', '["a", "b"]')
    >>> value({"surface": {"BTXM": "concrete"}})
    '{ surface = { BTXM = "concrete" } }'
    """
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, dt.date | int | float):
        return str(thing)
    if isinstance(thing, dict):
        inner = ", ".join(f"{key(k)} = {value(v)}" for k, v in thing.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(thing, list | tuple):
        return f"[{', '.join(value(item) for item in thing)}]"
    # A TOML basic string takes JSON's escapes; DEL is the one character JSON leaves bare.
    return json.dumps(str(thing), ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """Write one TOML key, quoted where it has to be.

    Examples
    --------
    >>> key("surface"), key("Kết cấu")
    ('surface', '"Kết cấu"')
    """
    return name if _BARE.fullmatch(name) else value(name)


def source(entry: SourceEntry) -> str:
    """Return the `[[source]]` table of an entry; what is not set is left out.

    Examples
    --------
    >>> print(source(SourceEntry(layer="roads", file="sources/duong.shp", crs="EPSG:9205")))
    [[source]]
    layer = "roads"
    file = "sources/duong.shp"
    crs = "EPSG:9205"
    <BLANKLINE>
    """
    lines = ["[[source]]"]
    for name, thing in entry.model_dump(exclude_defaults=True).items():
        lines.append(f"{name} = {value(thing)}")
    return "\n".join(lines) + "\n"


def changed(text: str, old: SourceEntry, new: SourceEntry) -> str | None:
    r"""Return commune.toml with one `[[source]]` changed; None where that cannot be done by lines.

    Examples
    --------
    >>> old = SourceEntry(layer="roads", file="sources/a.shp")
    >>> new = old.model_copy(update={"crs": "EPSG:9205"})
    >>> print(changed("# ghi chú\n" + source(old), old, new))
    # ghi chú
    [[source]]
    layer = "roads"
    file = "sources/a.shp"
    crs = "EPSG:9205"
    <BLANKLINE>
    """
    tables = tomllib.loads(text).get("source", [])
    number = next((i for i, table in enumerate(tables) if _is(table, old)), None)
    lines = text.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if _SOURCE.match(line)]
    if number is None or len(starts) != len(tables):
        return None
    start = starts[number] + 1
    rest = range(start, len(lines))
    end = next((i for i in rest if _HEAD.match(lines[i])), len(lines))
    wanted = new.model_dump(exclude_defaults=True)
    block = _with(lines[start:end], tables[number], wanted)
    out = "".join([*lines[:start], *block, *lines[end:]])
    try:
        found = tomllib.loads(out)["source"]
    except tomllib.TOMLDecodeError:
        return None  # a value over several lines: a person's hand is better
    right = _is(found[number], new) and found[:number] == tables[:number]
    return out if right and found[number + 1 :] == tables[number + 1 :] else None


def _is(table: dict[str, Any], entry: SourceEntry) -> bool:
    """Whether a table of the file says what an entry says."""
    try:
        return SourceEntry.model_validate(table) == entry
    except ValueError:
        return False


def _with(lines: list[str], there: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Return the lines of a table with the values that are wanted instead of those there."""
    end = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    out = []
    for line in lines:
        name = line.partition("=")[0].strip().strip("\"'")
        if "=" not in line or name not in there or there[name] == wanted.get(name):
            out.append(line)
        elif name in wanted:
            out.append(f"{name} = {value(wanted[name])}{end}")
    last = max((i for i, line in enumerate(out) if line.strip()), default=-1) + 1
    if last and not out[last - 1].endswith("\n"):
        out[last - 1] += end
    new = [f"{name} = {value(thing)}{end}" for name, thing in wanted.items() if name not in there]
    return out[:last] + new + out[last:]


def commune(identity: Identity, predecessors: tuple[Predecessor, ...] = ()) -> str:
    """Return the text of a new commune.toml, without sources."""
    lines = [
        "# Hồ sơ của xã. Các mục [[source]] do lệnh `ntm-gis add` ghi.",
        "# Có thể sửa tệp này bằng Notepad, lưu ở mã hóa UTF-8.",
        "# as_of: số liệu tính đến ngày nào, viết năm-tháng-ngày; sửa ở mỗi kỳ.",
        "[commune]",
        *(
            f"{name} = {value(thing)}"
            for name, thing in identity.model_dump(exclude_none=True).items()
            if thing not in ((), {}) and not (name == "sample" and thing is False)
        ),
        *(line for name, line in _UNSAID.items() if getattr(identity, name) is None),
        "",
    ]
    for former in predecessors:
        lines += ["[[predecessor]]"]
        lines += [f"{k} = {value(v)}" for k, v in former.model_dump(exclude_none=True).items()]
        lines += [""]
    return "\n".join(lines)
