"""commune.toml as text: what `new` and `add` write, so that officials need not.

The text that is there is never rewritten: a new `[[source]]` is put at the end, and comments
and order of a person stay.
"""

from __future__ import annotations

import datetime as dt
import json
import re

from ntm_gis.rules.commune import Identity, Predecessor, SourceEntry

_BARE = re.compile(r"[A-Za-z0-9_-]+")


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


def commune(identity: Identity, predecessors: tuple[Predecessor, ...] = ()) -> str:
    """Return the text of a new commune.toml, without sources."""
    lines = [
        "# Hồ sơ của xã. Các mục [[source]] do lệnh `ntm-gis add` ghi.",
        "# Có thể sửa tệp này bằng Notepad, lưu ở mã hóa UTF-8.",
        "[commune]",
        *(
            f"{name} = {value(thing)}"
            for name, thing in identity.model_dump(exclude_none=True).items()
            if thing != () and not (name == "sample" and thing is False)
        ),
        "",
    ]
    for former in predecessors:
        lines += ["[[predecessor]]"]
        lines += [f"{k} = {value(v)}" for k, v in former.model_dump(exclude_none=True).items()]
        lines += [""]
    return "\n".join(lines)
