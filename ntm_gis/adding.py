"""`new` and `add`: a folder for a commune, and files taken into it.

Officials don't edit TOML: what a file is, is recognised or asked about (`ntm_gis.questions`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntm_gis import crs as systems
from ntm_gis import numbers, sources
from ntm_gis.errors import SourceError, UsageError
from ntm_gis.outputs import folders, templates
from ntm_gis.questions import Ask, Said, Wish, settle
from ntm_gis.results import Words, sentence
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune, Identity, SourceEntry
from ntm_gis.rules.schema import schema
from ntm_gis.sources import Table

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A new folder: its working system in words and how many templates it holds."""

    meridian: str
    templates: int


@dataclass
class Added(Said):
    """What `add` did: entries written, lines for a person, and what is left open."""

    entries: list[SourceEntry] = field(default_factory=list)
    unreadable: int = 0

    @property
    def status(self) -> int:
        """Return the exit status: 3 a file could not be taken in, 1 something is open, 0."""
        return 3 if self.unreadable else 1 if self.open else 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "sources": [e.model_dump(mode="json", exclude_defaults=True) for e in self.entries],
            "lines": [line.as_json() for line in self.lines],
            "open": self.open,
            "unreadable": self.unreadable,
        }


def new(
    folder: Path,
    code: str,
    name: str,
    province: str,
    *,
    as_of: dt.date | None = None,
    boundary: Path | None = None,
) -> Made:
    """Make the folder of a commune: commune.toml, `sources/` and Excel templates.

    Parameters
    ----------
    as_of : date, optional
        Day of the figures; today where left out.
    boundary : Path, optional
        The commune's outline: it decides the zone of least distortion, and is taken in.

    Raises
    ------
    OutputError
        The folder holds a commune already.
    SourceError
        The boundary cannot be read.
    """
    lon, lat = _middle(boundary) if boundary else _of_province(province)
    zone = systems.advised_zone(province, lon, lat)
    # The one place where the clock counts: a default that is written down and can be changed.
    day = as_of or dt.datetime.now(tz=numbers.VIET_NAM_TIME).date()
    identity = Identity(code=code, name=name, province=province, crs=zone.code, as_of=day)
    folders.write_new(folder, identity)
    for layer in templates.FILLED_BY_HAND:
        folders.write_template(folder, templates.file_name(layer), templates.template(layer))
    if boundary:
        add(folder, [boundary], layer="boundary", accept=True, ask=_nobody)
    return Made(systems.meridian_label(zone.code), len(templates.FILLED_BY_HAND))


def _middle(boundary: Path) -> tuple[float, float]:
    """Return the middle of an outline in degrees.

    Raises
    ------
    SourceError
        It cannot be read, or its system is not known.
    """
    table = sources.look(boundary)[0]
    if table.sample.geometry.isna().all():
        why = table.findings[0].message if table.findings else sentence("NO_GEOMETRY", {})
        raise SourceError("BOUNDARY_UNREADABLE", file=boundary.name, why=why)
    west, south, east, north = table.sample.total_bounds
    return (west + east) / 2, (south + north) / 2


def _of_province(province: str) -> tuple[float, float]:
    """Return a place that lets the province's own meridian win, the older where it has two.

    Raises
    ------
    UsageError
        There is no such province.
    """
    rows = systems.meridians(province)
    if not rows:
        raise UsageError("PROVINCE_UNKNOWN", province=province)
    return rows[0].longitude, 16.0


def add(
    folder: Path,
    files: Sequence[Path],
    *,
    layer: str | None = None,
    crs: str | None = None,
    accept: bool = False,
    ask: Ask,
    progress: Progress = lambda _: None,
) -> Added:
    """Take files in: copy them into `sources/`, recognise them, write commune.toml.

    Parameters
    ----------
    layer, crs : str, optional
        What every file given is, where the caller knows.
    accept : bool
        Take the best guess wherever a person would be asked.
    ask : callable
        Asked with a question, answers (key, label) and the proposal; answers a key or None.

    Raises
    ------
    ConfigError, RuleError
        The folder is no commune's, or `layer` is no layer.
    """
    commune = communes.read(folder)
    if layer is not None:
        schema(layer)
    out = Added()
    ground = _ground(folder, commune)
    for file in files:
        progress(file.name)
        _add_file(folder, file, commune, ground, Wish(layer, crs, accept, ask), out)
    if out.entries:
        folders.append_sources(folder, tuple(out.entries))
        out.tell("ADD_DONE", count=len(out.entries), folder=folder.name)
    return out


def _nobody(_: Words, __: Sequence[tuple[str, str]], ___: str | None) -> str | None:
    return None


def _ground(folder: Path, commune: Commune) -> Any:
    """Return the boundary in the commune's zone where the folder has one."""
    if not commune.of_layer("boundary"):
        return None
    found = sources.read(folder, commune, only=frozenset({"boundary"}))
    shapes = [g for raw in found.raws for g in raw.frame.geometry if g is not None]
    return shapes[0] if shapes else None


def _add_file(
    folder: Path, file: Path, commune: Commune, ground: Any, wish: Wish, out: Added
) -> None:
    """Look at a file, settle its tables, and take in the very bytes that were looked at."""
    with sources.held(file, zone=commune.commune.crs, boundary=ground) as held:
        if not held.copies:
            out.unreadable += 1
            out.lines += [f.message for f in held.tables[0].findings]
            out.lines += [f.repair for f in held.tables[0].findings if f.repair is not None]
            return
        entries = _entries(held.tables, commune, wish, out)
        if not entries:
            out.leave("ADD_NOTHING", file=file.name)
            return
        named = folders.take_in(folder, file, held.copies)
    for entry in entries:
        settled = entry.model_copy(update={"file": named})
        there = {(e.file, e.table, e.layer) for e in (*commune.sources, *out.entries)}
        if (settled.file, settled.table, settled.layer) in there:
            out.tell("ADD_ALREADY", file=file.name, title=schema(entry.layer).title.words)
        else:
            out.entries.append(settled)


def _entries(
    tables: Sequence[Table], commune: Commune, wish: Wish, out: Added
) -> list[SourceEntry]:
    """Settle every table of a file that holds rows and is shown."""
    filled = [table for table in tables if table.rows]
    found = (
        settle(table, commune, wish, out, several=len(filled) > 1)
        for table in filled
        if not table.hidden
    )
    return [entry for entry in found if entry is not None]
