"""Reading TOML that a person wrote: every fault named with file, line and a suggestion."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ntm_gis import text
from ntm_gis.errors import ConfigError, NtmGisError
from ntm_gis.rules.toml_words import why_broken, why_wrong


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Strict)


def load(path: Path, model: type[Model], error: type[NtmGisError] = ConfigError) -> Model:
    """Read a TOML file into a model.

    Raises
    ------
    error
        The file is missing, is no TOML, is not UTF-8, or holds an unknown key or a value of
        the wrong kind; the sentence names file, line, key and, where there is one, the key
        that was probably meant.
    """
    table, content = parse(path, error)
    return validate(table, model, path.name, content, error)


def parse(path: Path, error: type[NtmGisError] = ConfigError) -> tuple[dict[str, Any], str]:
    """Read a TOML file; return its tables and its text.

    Raises
    ------
    error
        The file is missing, may not be read, is no TOML or is not UTF-8.
    """
    content = read_text(path, error)
    try:
        return tomllib.loads(content), content
    # Lists within lists without end, and numbers of thousands of digits, are no TOML errors.
    except (ValueError, RecursionError) as cause:
        found = re.search(r"line (\d+)", str(cause))
        at_end = "end of document" in str(cause)
        line = int(found[1]) if found else len(content.splitlines()) if at_end else None
        why = why_broken(cause)
        if line is None:
            raise error("TOML_BROKEN_SOMEWHERE", file=path.name, why=why) from cause
        raise error("TOML_BROKEN", file=path.name, line=line, why=why) from cause


def validate(
    table: dict[str, Any],
    model: type[Model],
    file: str,
    content: str,
    error: type[NtmGisError] = ConfigError,
    inside: tuple[int | str, ...] = (),
) -> Model:
    """Put a table into a model; `inside` says where in the file it stands.

    Raises
    ------
    error
        An unknown or missing key, or a value of the wrong kind.
    """
    try:
        return model.model_validate(table)
    except ValidationError as cause:
        raise _explained(cause, file, content, model, error, inside) from cause


def read_text(path: Path, error: type[NtmGisError] = ConfigError) -> str:
    """Read a UTF-8 text file, with or without a byte-order mark.

    Raises
    ------
    error
        The file is missing, may not be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as cause:
        raise error("FILE_MISSING", file=path.name, folder=path.parent.name) from cause
    except UnicodeDecodeError as cause:
        raise error("TOML_NOT_UTF8", file=path.name) from cause
    except OSError as cause:
        raise error("FILE_CLOSED", file=path.name, folder=path.parent.name) from cause


def _explained(
    cause: ValidationError,
    file: str,
    content: str,
    model: type[BaseModel],
    error: type[NtmGisError],
    inside: tuple[int | str, ...],
) -> NtmGisError:
    """Turn the first fault that pydantic found into one of our sentences."""
    faults = cause.errors(include_url=False)
    # A misspelt key is also a missing one: name the misspelling.
    fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    here = fault["loc"]
    where = (*inside, *here)
    key = str(next((part for part in reversed(where) if isinstance(part, str)), ""))
    params: dict[str, Any] = {
        "file": file,
        "key": key,
        "place": _place(where),
        "line": line_of(content, where) or 1,
    }
    if fault["type"] == "extra_forbidden":
        known = _keys_at(model, here[:-1])
        close = text.suggestions(key, known, 1)
        if close:
            return error("KEY_UNKNOWN_MEANT", meant=close[0], **params)
        return error("KEY_UNKNOWN", known=", ".join(known), **params)
    if fault["type"] == "missing":
        return error("KEY_MISSING", **params)
    return error("VALUE_WRONG", value=str(fault.get("input"))[:80], why=why_wrong(fault), **params)


def _place(where: tuple[int | str, ...]) -> str:
    """Write a place in the file.

    Examples
    --------
    >>> _place(("source", 2, "layer"))
    'source 3, layer'
    """
    out = ""
    for part in where:
        out += f" {part + 1}" if isinstance(part, int) else f"{', ' if out else ''}{part}"
    return out


def _keys_at(model: type[BaseModel], where: tuple[int | str, ...]) -> list[str]:
    """Return the keys that a table at a place of the file may have."""
    current: Any = model
    for part in where:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) or next(
            (f for f in current.model_fields.values() if f.alias == part), None
        )
        if field is None:
            return []
        current = _model_in(field.annotation)
        if current is None:
            return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None


def line_of(content: str, where: tuple[int | str, ...]) -> int | None:
    """Return the line of a key: the n-th table of its name, then the key in it."""
    lines = content.splitlines()
    start = 0
    names = [part for part in where if isinstance(part, str)]
    if len(names) > 1 or (where and isinstance(where[-1], int)):
        count = next((part for part in where if isinstance(part, int)), 0)
        head = re.compile(rf"^\s*\[\[?\s*{re.escape(names[0])}\s*\]\]?")
        heads = [i for i, line in enumerate(lines) if head.match(line)]
        if count < len(heads):
            start = heads[count]
    if not names:
        return None
    key = re.compile(rf"""(^|[\s{{,])["']?{re.escape(names[-1])}["']?\s*=""")
    for i, line in enumerate(lines[start:], start + 1):
        if key.search(line):
            return i
    return start + 1 if start else None
