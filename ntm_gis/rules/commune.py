"""commune.toml: who the commune is, which file is which layer, which criteria set."""

from __future__ import annotations

import datetime as dt
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from pydantic import Field as Key
from pydantic import field_validator, model_validator

from ntm_gis import text
from ntm_gis.errors import ConfigError, NtmGisError
from ntm_gis.rules.schema import code_list, layer_names
from ntm_gis.rules.toml import Strict, parse, validate

FILE_NAME = "commune.toml"


class Predecessor(Strict):
    """A former commune that went into this one."""

    id: str
    code: str
    name: str
    valid_to: dt.date | None = None


class SourceEntry(Strict):
    """One `[[source]]`: a file (or files) and how to read it as a layer.

    `fields` maps names of the layer's fields to columns of the file, `values` gives constants,
    `where` keeps rows by the value of a column, `codes` translates values of a field. The
    pseudo-fields `north`, `east`, `lon` and `lat` name columns that hold coordinates.
    """

    layer: str
    file: str | None = None
    files: str | None = None
    table: str | None = None
    crs: str | None = None
    encoding: str | None = None
    former_commune: str | None = None
    fields: dict[str, str] = Key(default_factory=dict)
    values: dict[str, str | float | int | bool | dt.date] = Key(default_factory=dict)
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
            msg = "a file, a folder, or a pattern with * in one folder"
            raise ValueError(msg)
        if posix.is_absolute() or PureWindowsPath(value).drive or ".." in posix.parts:
            msg = "a file lies in the folder of the commune"
            raise ValueError(msg)
        return str(posix)

    @model_validator(mode="after")
    def _one(self) -> SourceEntry:
        if (self.file is None) == (self.files is None):
            msg = "one of `file` and `files`"
            raise ValueError(msg)
        return self


class Identity(Strict):
    """The table `[commune]`."""

    code: str
    name: str
    province: str
    crs: str
    as_of: dt.date
    valid_from: dt.date | None = None
    criteria_set: str | None = None
    compare_sets: tuple[str, ...] = ()
    region: str | None = None
    commune_group: int | None = None
    special_difficulty: bool = False
    sample: bool = False


class Commune(Strict):
    """The whole of commune.toml."""

    commune: Identity
    predecessors: tuple[Predecessor, ...] = Key(default=(), alias="predecessor")
    sources: tuple[SourceEntry, ...] = Key(default=(), alias="source")
    faults: tuple[Any, ...] = Key(default=(), exclude=True)
    """Errors in single `[[source]]` tables: those are not read, the others are."""

    def of_layer(self, layer: str) -> tuple[tuple[int, SourceEntry], ...]:
        """Return the sources of a layer with their numbers, from 0."""
        return tuple((i, s) for i, s in enumerate(self.sources) if s.layer == layer)

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
    if not folder.is_dir():
        raise ConfigError("FOLDER_MISSING", folder=str(folder))
    path = folder / FILE_NAME
    if not path.is_file():
        raise ConfigError("FOLDER_WITHOUT_COMMUNE", folder=folder.name)
    table, content = parse(path)
    entries = table.pop("source", [])
    if not isinstance(entries, list):
        entries = [entries]
    found = validate(table, Commune, FILE_NAME, content)
    _require_region(found.commune.region)
    sources, faults = [], []
    for number, entry in enumerate(entries):
        try:
            sources.append(_entry(entry, number, content, found))
        except NtmGisError as fault:
            faults.append(fault)
    return found.model_copy(update={"sources": tuple(sources), "faults": tuple(faults)})


def _require_region(region: str | None) -> None:
    """Refuse a region that there is none of: thresholds hang on it, and would be others'."""
    known = code_list("region").keys
    if region is None or region in known:
        return
    close = text.suggestions(region, known, 1)
    raise ConfigError(
        "REGION_UNKNOWN", file=FILE_NAME, value=region,
        meant=close[0] if close else ", ".join(known),
    )  # fmt: skip


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
    return found
