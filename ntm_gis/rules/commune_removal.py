"""commune.toml without one of its `[[source]]` tables; not one further byte changes."""

from __future__ import annotations

import re
import tomllib

from ntm_gis.rules.commune import SourceEntry

_HEAD = re.compile(r"\s*\[")
_SOURCE = re.compile(r"\s*\[\[\s*source\s*\]\]")


def removed(text: str, entry: SourceEntry) -> str | None:
    r"""Return commune.toml without a source; None where that cannot be done by lines.

    Examples
    --------
    >>> entry = SourceEntry(layer="roads", file="sources/a.shp")
    >>> removed('# x\n[[source]]\nlayer = "roads"\nfile = "sources/a.shp"\n', entry)
    '# x\n'
    """
    tables = tomllib.loads(text).get("source", [])
    number = next((i for i, table in enumerate(tables) if _is(table, entry)), None)
    lines = text.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if _SOURCE.match(line)]
    if number is None or len(starts) != len(tables):
        return None
    start = starts[number]
    end = next((i for i in range(start + 1, len(lines)) if _HEAD.match(lines[i])), len(lines))
    # A person's remark right above the next table belongs to that one.
    while end > start + 1 and lines[end - 1].lstrip().startswith("#") and end < len(lines):
        end -= 1
    out = "".join([*lines[:start], *lines[end:]])
    try:
        found = tomllib.loads(out).get("source", [])
    except tomllib.TOMLDecodeError:
        return None  # a value over several lines: a person's hand is better
    return out if found == tables[:number] + tables[number + 1 :] else None


def _is(table: object, entry: SourceEntry) -> bool:
    """Whether a table of the file says what an entry says."""
    try:
        return SourceEntry.model_validate(table) == entry
    except ValueError:
        return False
