"""commune.toml: who the commune is, which file is which layer, which criteria set."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints, field_validator, model_validator

from ntm_gis import crs as systems
from ntm_gis import text
from ntm_gis.errors import ConfigError, CrsError, NtmGisError
from ntm_gis.results import LANGUAGES, Words, village_word
from ntm_gis.rules.consultants import Consultant
from ntm_gis.rules.schema import code_list, layer_names
from ntm_gis.rules.toml import Strict, line_of, parse, validate
from ntm_gis.rules.toml_words import refused

FILE_NAME = "commune.toml"

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
UNITS = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "km": 1000.0}
"""Metres in each unit that a drawing may be in."""

Metres = Annotated[float, Key(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Key(allow_inf_nan=False)]


class Predecessor(Strict):
    """A former commune that went into this one."""

    id: Filled
    code: Filled
    name: Filled
    valid_to: dt.date | None = None


Constant = str | float | int | bool | dt.date
"""A value that holds for all rows of a source."""


class SourceEntry(Strict):
    """One `[[source]]`: a file (or files) and how to read it as a layer.

    `fields` maps names of the layer's fields to columns of the file, `values` gives constants,
    `where` keeps rows by the value of a column, `codes` translates values of a field. The
    pseudo-fields `north`, `east`, `lon` and `lat` name columns that hold coordinates.
    `consultant` names who drew a drawing, and with them what its CAD layers and colours mean;
    `unit` is that of its coordinates, `origin` the east and north of its own (0, 0).
    """

    layer: str
    file: str | None = None
    files: str | None = None
    table: str | None = None
    crs: str | None = None
    encoding: str | None = None
    former_commune: str | None = None
    consultant: str | None = None
    unit: Literal["mm", "cm", "dm", "m", "km"] | None = None
    origin: tuple[Finite, Finite] | None = None
    fields: dict[str, str] = Key(default_factory=dict)
    values: dict[str, Constant] = Key(default_factory=dict)
    where: dict[str, str | tuple[str, ...]] = Key(default_factory=dict)
    codes: dict[str, dict[str, str]] = Key(default_factory=dict)

    @field_validator("file", "files")
    @classmethod
    def _inside(cls, value: str | None) -> str | None:
        # A commune folder is handed around: what it names lies in it, and nowhere else.
        if value is None:
            return None
        posix = PurePosixPath(value.replace("\\", "/"))
        if not value.strip() or "**" in value:
            raise refused("PATTERN")
        if posix.is_absolute() or PureWindowsPath(value).drive or ".." in posix.parts:
            raise refused("OUTSIDE")
        return str(posix)

    @model_validator(mode="after")
    def _one(self) -> SourceEntry:
        if (self.file is None) == (self.files is None):
            raise refused("FILE_OR_FILES")
        return self


class Identity(Strict):
    """The table `[commune]`."""

    code: Filled
    name: Filled
    province: Filled
    crs: str
    as_of: dt.date
    valid_from: dt.date | None = None
    criteria_set: str | None = None
    compare_sets: tuple[str, ...] = ()
    region: str | None = None
    commune_group: Annotated[int, Key(ge=1, le=3)] | None = None
    special_difficulty: bool | None = None
    village_word: str | None = None
    sample: bool = False

    @field_validator("crs")
    @classmethod
    def _zone(cls, value: str) -> str:
        # Everything is worked out in this zone: it is said as a person may, and kept as a code.
        return systems.zone(systems.parse_crs(value)).code

    @field_validator("village_word")
    @classmethod
    def _word(cls, value: str | None) -> str | None:
        if value is not None and value.strip().casefold() not in village_word.KNOWN:
            raise refused("CHOICE", known=", ".join(village_word.KNOWN))
        return value if value is None else value.strip().casefold()

    @field_validator("region")
    @classmethod
    def _region(cls, value: str | None) -> str | None:
        return value and (code_list("region").find(value) or value)  # none is refused later


class Progress(Strict):
    """The table `[progress]`: how much of a road a recorded track is good for.

    Parameters
    ----------
    largest_gap_m : float
        Along the road, between two points that follow each other; no credit beyond.
    track_distance_m : float
        Pieces of a track farther off the road than this get no credit.
    """

    largest_gap_m: Metres = 100.0
    track_distance_m: Metres = 30.0


class Commune(Strict):
    """The whole of commune.toml."""

    commune: Identity
    predecessors: tuple[Predecessor, ...] = Key(default=(), alias="predecessor")
    sources: tuple[SourceEntry, ...] = Key(default=(), alias="source")
    consultants: tuple[Consultant, ...] = Key(default=(), alias="consultant")
    progress: Progress = Progress()
    # Not a field: nobody can write it into commune.toml.
    _faults: tuple[NtmGisError, ...] = PrivateAttr(default=())

    @property
    def faults(self) -> tuple[NtmGisError, ...]:
        """Errors in single `[[source]]` tables: those are not read, the others are."""
        return self._faults

    def holding(
        self, sources: tuple[SourceEntry, ...], faults: tuple[NtmGisError, ...] = ()
    ) -> Commune:
        """Return the same commune with sources, and the errors in those that are not read."""
        out = self.model_copy(update={"sources": sources})
        out._faults = faults  # noqa: SLF001 - of the same class
        return out

    def of_layer(self, layer: str) -> tuple[tuple[int, SourceEntry], ...]:
        """Return the sources of a layer with their numbers, from 0."""
        return tuple((i, s) for i, s in enumerate(self.sources) if s.layer == layer)

    def consultant(self, id_: str | None) -> Consultant | None:
        """Return who drew a drawing; None where nobody was named."""
        return next((one for one in self.consultants if one.id == id_), None)

    def at(self, as_of: dt.date | None) -> Commune:
        """Return the same commune with figures as of another day."""
        if as_of is None:
            return self
        return self.model_copy(update={"commune": self.commune.model_copy(update={"as_of": as_of})})


def read(folder: Path) -> Commune:
    """Read the commune.toml of a folder.

    Raises
    ------
    ConfigError
        There is no such folder or file, or the file says something that cannot be followed.
        A fault in one `[[source]]` is kept in `faults` instead: the others can still be read.
    """
    table, content = parse(_file_of(folder))
    entries = table.pop("source", [])
    if not isinstance(entries, list):
        entries = [entries]
    found = validate(table, Commune, FILE_NAME, content)
    _require_known(found, content)
    sources: list[SourceEntry] = []
    faults: list[NtmGisError] = []
    for number, entry in enumerate(entries):
        try:
            sources.append(_entry(entry, number, content, found))
        except NtmGisError as fault:
            faults.append(fault)
    return found.holding(tuple(sources), tuple(faults))


def _file_of(folder: Path) -> Path:
    """Return the commune.toml of a folder."""
    path = folder / FILE_NAME
    try:
        if not folder.is_dir():
            raise ConfigError("FOLDER_MISSING", folder=str(folder))
        if not path.is_file():
            raise ConfigError("FOLDER_WITHOUT_COMMUNE", folder=folder.resolve().name)
    # No right to look into it, or a name longer than the disk takes.
    except OSError as cause:
        raise ConfigError("FOLDER_CLOSED", folder=_short(folder)) from cause
    return path


def _short(folder: Path, most: int = 80) -> str:
    """Return a path as a sentence can bear it."""
    said = str(folder)
    return said if len(said) <= most else f"{said[:most]}…"


def _require_known(commune: Commune, content: str) -> None:
    """Refuse a region or criteria set that there is none of, and ids that stand twice.

    Thresholds hang on region and set, and would be others'.
    """
    for key, value in _named(commune.commune):
        known = code_list("region" if key == "region" else "criteria_set").keys
        if value not in known:
            code = "REGION_UNKNOWN" if key == "region" else "CRITERIA_SET_UNKNOWN"
            close = text.suggestions(value, known, 1)
            meant = close[0] if close else _shown(key, known)
            line = line_of(content, ("commune", key)) or 1
            raise ConfigError(code, file=FILE_NAME, key=key, line=line, value=value, meant=meant)
    number = Counter(former.id for former in commune.predecessors)
    for name, count in number.items():
        if count > 1:
            raise ConfigError("PREDECESSOR_TWICE", file=FILE_NAME, id=name)
    for name, count in Counter(one.id for one in commune.consultants).items():
        if count > 1:
            raise ConfigError("CONSULTANT_TWICE", file=FILE_NAME, id=name)


def _shown(key: str, known: Sequence[str]) -> str:
    """Name what there is: regions as officials call them, sets by their code."""
    titles = (f'"{code.title.vi}"' for code in code_list("region").codes)
    return ", ".join(titles if key == "region" else known)


def _named(identity: Identity) -> Iterator[tuple[str, str]]:
    """Return what names an entry of a list of ours, with its key."""
    if identity.region is not None:
        yield "region", identity.region
    if identity.criteria_set is not None:
        yield "criteria_set", identity.criteria_set
    for name in identity.compare_sets:
        yield "compare_sets", name


def _entry(entry: Any, number: int, content: str, commune: Commune) -> SourceEntry:
    """Read one `[[source]]`; refuse a layer or former commune that there is none of."""
    inside = ("source", number)
    found = validate(entry, SourceEntry, FILE_NAME, content, inside=inside)
    if found.layer not in layer_names():
        close = text.suggestions(found.layer, layer_names(), 1)
        where = {"file": FILE_NAME, "number": number + 1, "layer": found.layer}
        if close:
            raise ConfigError("SOURCE_LAYER_MEANT", meant=close[0], **where)
        raise ConfigError("SOURCE_LAYER_UNKNOWN", known=", ".join(layer_names()), **where)
    known = [former.id for former in commune.predecessors]
    if found.former_commune is not None and found.former_commune not in known:
        raise ConfigError(
            "SOURCE_FORMER_UNKNOWN", file=FILE_NAME, number=number + 1,
            value=found.former_commune, known=", ".join(known),
        )  # fmt: skip
    who = [one.id for one in commune.consultants]
    if found.consultant is not None and found.consultant not in who:
        raise ConfigError(
            "SOURCE_CONSULTANT_UNKNOWN", file=FILE_NAME, number=number + 1,
            value=found.consultant, known=", ".join(who) or "–",
        )  # fmt: skip
    _require_system(found.crs, number, content)
    return found


def _require_system(said: str | None, number: int, content: str) -> None:
    """Refuse the name of a reference system that there is none of."""
    try:
        if said is not None:
            systems.parse_crs(said)
    except CrsError as cause:
        why = Words(*(cause.say(lang) for lang in LANGUAGES))
        line = line_of(content, ("source", number, "crs")) or 1
        raise ConfigError(
            "SOURCE_CRS_UNKNOWN", file=FILE_NAME, line=line, number=number + 1, why=why
        ) from cause
