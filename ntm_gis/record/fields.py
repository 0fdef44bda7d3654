"""Parts of a body: how each type of value is written, and read back strictly."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, SupportsIndex

from ntm_gis import text
from ntm_gis.errors import RecordError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Reader = Callable[[object], Any]


class Unfit(ValueError):  # noqa: N818 - said of the value: it does not fit
    """A part of a body is not what its kind has there: its name, and what stands there."""


def written(value: object, names: Iterable[str]) -> dict[str, Any]:
    """Return the named attributes of a value as parts of a body.

    What is not known is left out: None, and text without a letter in it.

    Raises
    ------
    RecordError
        An attribute is of a type that has no place in the record.
    """
    pairs = ((name, getattr(value, name)) for name in names)
    return {name: _part(name, part) for name, part in pairs if not _blank(part)}


def read(
    parts: Mapping[str, Any], readers: Mapping[str, Reader], needed: Iterable[str]
) -> dict[str, Any]:
    """Read the parts that are known; further ones, of a later version, are let be.

    Raises
    ------
    Unfit
        A needed part is missing, or one is of another type.
    """
    for name in needed:
        if name not in parts:
            raise Unfit(name, "–")
    out = {}
    for name, reader in readers.items():
        if name in parts:
            try:
                out[name] = reader(parts[name])
            except (TypeError, ValueError) as cause:
                raise Unfit(name, str(parts[name])[:60]) from cause
    return out


def words(value: object) -> str:
    """Take text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def whole(value: object) -> int:
    """Take a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def day(value: object) -> dt.date:
    """Take a date as "2025-12-31", and in no other way of writing it."""
    if not _DAY.fullmatch(words(value)):
        raise ValueError
    return dt.date.fromisoformat(words(value))


def sha256(value: object) -> str:
    """Take a digest, whole."""
    if not _SHA256.fullmatch(words(value)):
        raise ValueError
    return words(value)


def spans(value: object) -> tuple[tuple[int, int], ...]:
    """Take stretches, each from less than to."""
    found = tuple((whole(a), whole(b)) for a, b in _rows(value))
    if any(a >= b for a, b in found):
        raise ValueError
    return found


def parts(value: object) -> tuple[tuple[int, int, str], ...]:
    """Take stretches with a reason."""
    found = tuple((whole(a), whole(b), words(c)) for a, b, c in _rows(value))
    if any(a > b for a, b, _ in found):
        raise ValueError
    return found


def line(value: object) -> tuple[tuple[int, int], ...]:
    """Take vertices, two at least."""
    found = tuple((whole(a), whole(b)) for a, b in _rows(value))
    if len(found) < 2:
        raise ValueError
    return found


def pairs(value: object) -> tuple[tuple[str, str], ...]:
    """Take names and texts."""
    return tuple((words(a), str(words(b))) for a, b in _rows(value))


def _rows(value: object) -> Iterable[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return value


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _part(name: str, value: object) -> Any:
    if isinstance(value, str):
        return text.nfc(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_part(name, item) for item in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, SupportsIndex):  # also the whole numbers of numpy
        return operator.index(value)
    raise RecordError("RECORD_VALUE_UNFIT", field=name, value=repr(value)[:60])
