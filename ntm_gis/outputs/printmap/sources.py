"""Where a sheet comes from: files of the drawn layers with their days, and why it is a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.outputs import wording
from ntm_gis.outputs.rows import plain
from ntm_gis.results import Severity
from ntm_gis.rules.schema import layer_names
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layers
    from ntm_gis.outputs.printmap.content import Content

ELEVATION = "elevation"
_DAYS = ("valid_from", "approved_on", "recorded_on", "as_of")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a layer was read from; `dated` is None where its layer has no day to give."""

    file: str
    day: dt.date | None
    dated: bool | None


def of_layers(layers: Layers | None) -> dict[str, list[Source]]:
    """Return the files behind each layer, with the day that its rows give."""
    out: dict[str, list[Source]] = {}
    if layers is None:
        return out
    for name in layers.by_name:
        found = layers[name]
        if not found.given or name not in layer_names():
            continue
        column = next((c for c in _DAYS if c in found.schema.names), None)
        for file in found.files:
            day: dt.date | None = None
            dated: bool | None = None
            if column is not None:
                rows = found.used[found.used["@file"] == file]
                days = [one for one in plain(rows[column]) if isinstance(one, dt.date)]
                dated = bool(days) and len(days) == len(rows)
                day = max(days, default=None)
            out.setdefault(name, []).append(Source(wording.short_file(file), day, dated))
    if layers.elevation is not None:
        origin = layers.elevation.origin
        out[ELEVATION] = [Source(wording.short_file(origin.file), None, None)]
    return out


def _drawn(
    content: Content, origins: Mapping[str, Sequence[Source]], also: Sequence[str] = ()
) -> dict[str, list[Source]]:
    names = [layer.style.schema_name for layer in content.layers.values()]
    drawn = dict.fromkeys([*names, ELEVATION, *also])
    return {name: list(origins[name]) for name in drawn if name in origins}


def lines(
    content: Content, origins: Mapping[str, Sequence[Source]], also: Sequence[str] = ()
) -> list[str]:
    """Return the sources of a map: layer, file, day; `also` are layers that panels draw."""
    out = []
    lang = content.lang
    for name, found in _drawn(content, origins, also).items():
        files = []
        for one in found:
            told = one.file
            if one.day is not None:
                day = numbers.format_date_vi(one.day)
                told = f"{told}, {say('print_map.valid_from', lang, day=day)}"
            files.append(told)
        shown = files if len(files) < 4 else [*files[:3], "…"]
        title = wording.layer_title(name, lang)
        out.append(f"{title[:1].lower()}{title[1:]} ({'; '.join(shown)})")
    return out


def titles(
    content: Content, origins: Mapping[str, Sequence[Source]], also: Sequence[str] = ()
) -> list[str]:
    """Return the sources of a map by layer and day alone."""
    out = []
    for name, found in _drawn(content, origins, also).items():
        title = wording.layer_title(name, content.lang)
        days = [one.day for one in found if one.day is not None]
        day = f" {numbers.format_date_vi(max(days))}" if days else ""
        out.append(f"{title[:1].lower()}{title[1:]}{day}")
    return out


def reasons(content: Content, origins: Mapping[str, Sequence[Source]]) -> list[str]:
    """Return why a sheet is a draft: sources without a day, findings that hold figures back."""
    lang = content.lang
    undated = sum(
        one.dated is False for found in _drawn(content, origins).values() for one in found
    )
    held = sum(
        f["severity"] in (Severity.STOP.value, Severity.BLOCK.value) for f in content.findings
    )
    out = []
    if undated:
        out.append(say("print_map.undated", lang, n=undated))
    if held:
        out.append(say("print_map.provisional", lang, n=held))
    return out
