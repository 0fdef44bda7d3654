"""Values of map files, from arrays to plain ones."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ntm_gis.sources.readers.parsed import Cell, Column


def from_gdal(name: str, values: npt.NDArray[Any], kind: str) -> Column:
    """Return a column that GDAL read as bytes-for-characters, in plain values.

    Whole numbers with gaps come as floats; they are whole numbers again here, NaN is nothing.
    Name and texts become text where all of it is UTF-8, and stay bytes for later where not.
    """
    if kind in ("OFTDate", "OFTDateTime", "OFTTime"):
        return Column(name_of(name), [_moment(value) for value in values])
    if values.dtype.kind in "iub":
        return Column(name_of(name), values.tolist())
    if values.dtype.kind == "f":
        whole = kind.startswith("OFTInteger")
        return Column(name_of(name), [_number(float(v), whole=whole) for v in values])
    return texts(name, [_plain(value) for value in values])


def texts(name: str, values: list[Cell]) -> Column:
    """Return a column of bytes-for-characters as text where all of it is UTF-8."""
    try:
        out = [_utf8(value) if isinstance(value, str) else value for value in values]
    except UnicodeError:
        return Column(name_of(name), values, raw=True)
    return Column(name_of(name), out)


def name_of(name: str) -> str:
    """Return a name in UTF-8 if it is that; otherwise as it is, one character for each byte."""
    try:
        return _utf8(name)
    except UnicodeError:
        return name


def _utf8(text: str) -> str:
    return text if text.isascii() else text.encode("latin-1").decode("utf-8")


def _number(value: float, *, whole: bool) -> Cell:
    if not math.isfinite(value):
        return None
    return int(value) if whole else value


def _plain(value: Any) -> Cell:
    """Return lists and bytes, which no layer of ours has, as text that can be looked at."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bytes | memoryview):
        return bytes(value)[:64].hex(" ")
    if isinstance(value, np.ndarray | list | tuple):
        return ", ".join(str(part) for part in value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _moment(value: Any) -> Cell:
    """Read a date or time as GDAL writes it; what it is not stays text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = str(value).strip()
    if not text or text == "NaT":
        return None
    for read in (dt.date.fromisoformat, dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            return read(text.replace("/", "-"))
        except ValueError:
            continue
    return text
