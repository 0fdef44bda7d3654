"""All sources of a commune: what commune.toml names, through the one door, in its zone."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis import crs
from ntm_gis.layers.values import Grid, Origin, Raw
from ntm_gis.rules.schema import schema
from ntm_gis.sources import (
    datums,
    elevation,
    frames,
    intake,
    letters,
    nowhere,
    pairs,
    paths,
    pictures,
    telling,
    trackpoints,
)
from ntm_gis.sources.choosing import choose, merged
from ntm_gis.sources.opening import RASTERS, Opened, Opener, opening
from ntm_gis.sources.placing import Ground, place
from ntm_gis.sources.readers.parsed import Cell, Parsed, Refusal, Told
from ntm_gis.sources.sweeping import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ntm_gis.results import Finding
    from ntm_gis.rules.commune import Commune, SourceEntry
    from ntm_gis.sources.intake import Copy

_DATED = frozenset({"tracks", "photos"})
_BOUNDARY, _TRACKS, _PHOTOS, _ELEVATION = "boundary", "tracks", "photos", "elevation"
# What says nothing where there are no rows at all.
_OF_ROWS = frozenset({"HEADER_MISSING", "HEADER_NUMBERED"})
_WIDE = frozenset({"boundary", "neighbours", "former_communes", "tracks", "photos"})


@dataclass(frozen=True)
class Inputs:
    """Everything that came in.

    Parameters
    ----------
    raws : tuple of Raw
        At least one for each `[[source]]`, in its order; a file that could not be read has no
        rows, no digest, and a finding `stop`. What was found in a file stands with its rows.
    grids : tuple of Grid
        Heights. A grid is its own row: it has no `Raw` beside it.
    findings : tuple of Finding
        What was found that belongs to no rows: about grids.
    """

    raws: tuple[Raw, ...] = ()
    grids: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(
    folder: Path,
    commune: Commune,
    *,
    only: frozenset[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Inputs:
    """Take in the sources of a commune.

    Parameters
    ----------
    folder : Path
        The commune's folder.
    commune : Commune
        Its commune.toml.
    only : frozenset of str, optional
        Layers to read; all where left out. The boundary is read in any case, because where it
        lies tells whether the others lie right.
    progress : callable, optional
        Called with the name of each file before it is read.

    Returns
    -------
    Inputs
        Frames in the commune's zone: columns as the files name them, values as read, `@row`,
        geometry (None where a row has none).

    Raises
    ------
    CrsError
        The commune's own zone is none. Whatever is wrong with a file is a finding.
    """
    zone = crs.require_metric(crs.parse_crs(commune.commune.crs), _BOUNDARY)
    ground = Ground(f"EPSG:{zone.to_epsg()}")
    with opening(folder) as opener:
        return _Session(folder, commune, opener, ground, progress or _silent).all(only)


def reread(copies: Sequence[Copy], commune: Commune) -> Inputs:
    """Take in a file that was held (`held`), as the entries of a commune say, nothing beside it.

    Parameters
    ----------
    copies : sequence of Copy
        The bytes that were looked at.
    commune : Commune
        Its sources are the tables of that file, and no others.
    """
    with private_folder() as private:
        # Under the names that people know: findings and entries name the file by it.
        for copy in copies:
            shutil.copyfile(copy.path, private / copy.name)
        return read(private, commune)


def _silent(_: str) -> None:
    """Show no progress."""


@dataclass
class _Session:
    folder: Path
    commune: Commune
    opener: Opener
    ground: Ground
    progress: Callable[[str], None]
    grids: list[Grid] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def all(self, only: frozenset[str] | None) -> Inputs:
        """Read the boundary, then the rest against it; hand over in the order of commune.toml."""
        entries = list(enumerate(self.commune.sources))
        first = [(i, e) for i, e in entries if e.layer == _BOUNDARY]
        found: dict[int, list[Raw]] = {i: self.entry(e) for i, e in first}
        drawn = [raw.frame.geometry.to_numpy() for raws in found.values() for raw in raws]
        self.ground = Ground.of(self.ground.zone, np.concatenate(drawn) if drawn else None)
        for i, entry in entries:
            if i not in found and (only is None or entry.layer in only):
                found[i] = self.entry(entry)
        wanted = [i for i, e in entries if i in found and (only is None or e.layer in only)]
        raws = tuple(raw for i in wanted for raw in found[i])
        return Inputs(raws, tuple(self.grids), tuple(self.findings))

    def entry(self, entry: SourceEntry) -> list[Raw]:
        """Read one `[[source]]`: a file, the files of a pattern, or a folder of photos."""
        name = entry.file or entry.files or ""
        try:
            if entry.files is not None:
                found = paths.listed(self.folder, entry.files)
                named = [(path, path.relative_to(self.folder).as_posix()) for path in found]
                return [raw for path, name in named for raw in self.file(path, name, entry)]
            path = paths.find(self.folder, name)
            if path.is_dir() and entry.layer == _PHOTOS:
                return [self.photos(path, name, entry)]
        except Refusal as refusal:
            return [self.unread(name, entry, refusal)]
        return self.file(path, name, entry)

    def file(self, path: Path, name: str, entry: SourceEntry) -> list[Raw]:
        """Read one file as rows of a layer; heights become a grid and no rows."""
        self.progress(name)
        try:
            opened = self.opener.open(path, name)
            if opened.taken.kind in RASTERS or entry.layer == _ELEVATION:
                self.raster(opened, entry)
                return []
            return [self.table(opened, entry)]
        except Refusal as refusal:
            return [self.unread(name, entry, refusal)]

    def table(self, opened: Opened, entry: SourceEntry) -> Raw:
        """Read the table of a file that an entry means."""
        taken = opened.taken
        told: list[Told] = []
        encoding = _encoding(entry, told)
        table = choose(opened, entry, encoding)
        if table.refused and not table.columns and not table.numbers:
            return self._nothing(table, taken, entry)
        table.told = told + table.told
        if not table.numbers and not table.refused:
            table.told = [t for t in table.told if t.code not in _OF_ROWS]
            table.told.append(Told("SOURCE_EMPTY"))
        frames.keep(table, entry.where)
        positions = pairs.positions(table, entry.fields) if table.wkb is None else None
        wide = schema(entry.layer).beyond_boundary or entry.layer in _WIDE
        placed = place(
            table, taken.kind, positions, self.ground, said=entry.crs, wide=wide,
            unit=entry.unit, origin=entry.origin,
        )  # fmt: skip
        shapes, days = placed.shapes, _days(table)
        misplaced = (
            nowhere.misplaced(shapes, self.ground.zone) if entry.layer == _BOUNDARY else None
        )
        if misplaced is not None:
            table.told.append(misplaced)
            shapes = np.full(len(shapes), None, dtype=object)
        if entry.layer == _TRACKS and "times" not in table.hints:
            lines = trackpoints.joined(table, shapes, positions, entry, taken.stem)
            if lines is not None:
                table, shapes, days = lines.table, lines.shapes, lines.days
        if positions is not None:
            table.told += positions.told
        table.told += placed.told
        if entry.layer in datums.OUTLINES:
            table.told += datums.told(shapes, placed.crs, self.ground)
        if entry.layer in _DATED:
            table.told += _later(table.numbers, days, self.commune.commune.as_of)
        how = frames.how_located(taken.kind, positions)
        frame = frames.frame(table, shapes, self.ground.zone, located_by=how)
        source = frames.origin(taken, entry, table.name, placed.crs)
        found = telling.findings(
            table.told, file=taken.name, table=table.name, layer=entry.layer, named=entry.fields
        )
        return Raw(frame, source, found, table.refused)

    def _nothing(self, table: Parsed, taken: intake.Taken, entry: SourceEntry) -> Raw:
        """Count the rows of a table that cannot be taken as it is, and refuse them."""
        source = frames.origin(taken, entry, table.name, None)
        found = telling.findings(
            table.told, file=taken.name, table=table.name, layer=entry.layer, named=entry.fields
        )
        return Raw(frames.empty(self.ground.zone), source, found, table.refused)

    def raster(self, opened: Opened, entry: SourceEntry) -> None:
        """Read heights onto a grid in the zone."""
        taken = opened.taken
        if taken.kind not in RASTERS:
            raise Refusal("RASTER_EXPECTED")
        if entry.layer != _ELEVATION:
            raise Refusal("RASTER_NOT_EXPECTED")
        grid, told = elevation.grid(opened, entry, self.ground, self.opener.child)
        self.grids.append(grid)
        self.findings += telling.findings(told, file=taken.name, layer=entry.layer)

    def photos(self, path: Path, name: str, entry: SourceEntry) -> Raw:
        """Read a folder of photos: one row a photo, in order of their names."""
        self.progress(name)
        files, others = pictures.pictures(path)
        tables: list[Parsed] = []
        members: list[tuple[str, str]] = []
        unread: dict[str, Told] = {}
        for number, file in enumerate(files, 1):
            try:
                opened = self.opener.open(file, f"{name}/{file.name}")
            except Refusal as refusal:
                unread[f"{name}/{file.name}"] = pictures.refused(refusal, number)
                continue
            members.append((file.name, opened.taken.sha256))
            photo = opened.tables[0]
            photo.numbers = [number]
            for part in photo.told:
                part.row = number
            tables.append(photo)
        if not tables:
            nothing = frames.empty(self.ground.zone)
            told_of = tuple(pictures.unread(unread))
            return Raw(nothing, Origin(name, entry.layer, entry), told_of, len(files))
        table = merged(tables)
        table.refused = len(files) - len(tables)
        table.told += others
        placed = place(table, "jpg", None, self.ground, wide=True)
        frame = frames.frame(table, placed.shapes, self.ground.zone, located_by="phone")
        digest = hashlib.sha256("".join(f"{n}\0{d}\n" for n, d in members).encode()).hexdigest()
        source = Origin(name, entry.layer, entry, None, digest, placed.crs, tuple(members))
        found = telling.findings(table.told + placed.told, file=name, layer=entry.layer)
        return Raw(frame, source, (*found, *pictures.unread(unread)), table.refused)

    def unread(self, name: str, entry: SourceEntry, refusal: Refusal) -> Raw:
        """Return no rows, with the finding that says why."""
        finding = telling.refused(refusal, file=name, table=entry.table, layer=entry.layer)
        source = Origin(name, entry.layer, entry, entry.table)
        return Raw(frames.empty(self.ground.zone), source, (finding,))


def _days(table: Parsed) -> Sequence[Cell]:
    """Return the days that a reader gave tracks and photos; none where it gave none."""
    return next((c.cells for c in table.columns if c.name == "recorded_on"), ())


def _later(rows: Sequence[int], days: Sequence[Cell], as_of: dt.date) -> list[Told]:
    """Tell of tracks and photos dated after the day of the figures: a clock that is wrong."""
    return [
        Told("TRACK_TIME_LATER", row=number, params={"day": day, "as_of": as_of})
        for number, day in zip(rows, days, strict=False)
        if isinstance(day, dt.date) and not isinstance(day, dt.datetime) and day > as_of
    ]


def _encoding(entry: SourceEntry, told: list[Told]) -> str | None:
    """Return the letter code that an entry names; an unknown one is told, and not followed."""
    if entry.encoding is None:
        return None
    code = letters.code_of(entry.encoding)
    if code is None:
        told.append(Told("ENCODING_UNKNOWN", value=entry.encoding,
                         params={"known": letters.KNOWN}))  # fmt: skip
    return code
