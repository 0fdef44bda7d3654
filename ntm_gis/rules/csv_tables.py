"""Shipped tables as CSV: every row typed, columns and values that are not known refused."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ntm_gis import text
from ntm_gis.errors import NtmGisError, RuleError
from ntm_gis.results import Words
from ntm_gis.rules.toml import Strict, read_text
from ntm_gis.rules.toml_words import why_wrong

Model = TypeVar("Model", bound=Strict)

_COLUMN = Words("cột", "column")


def rows(
    path: Path, model: type[Model], error: type[NtmGisError] = RuleError
) -> list[tuple[int, Model]]:
    """Read a CSV table into models, each with the line it stands on.

    Parameters
    ----------
    path : Path
        UTF-8, commas, a heading in the first line; the columns are the fields of the model. A
        column whose field has a default may be missing, and a blank cell is that default.
    model : type of Strict

    Raises
    ------
    error
        The file is missing or not UTF-8, a column is not known, missing or stands twice, or a
        value is of the wrong kind; the sentence names file, line and column.
    """
    reader = csv.reader(io.StringIO(read_text(path, error)), strict=True)
    try:
        heading = next(reader, [])
        _require_columns(path.name, heading, model, error)
        out = []
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                raise error("TABLE_CELLS", file=path.name, line=line, n=len(cells), of=len(heading))
            filled = {k: v.strip() for k, v in zip(heading, cells, strict=True) if v.strip()}
            out.append((line, _row(path.name, line, filled, model, error)))
    except csv.Error as cause:
        raise error("TABLE_QUOTES", file=path.name, line=reader.line_num) from cause
    return out


def _require_columns(
    file: str, heading: list[str], model: type[Strict], error: type[NtmGisError]
) -> None:
    known = list(model.model_fields)
    for name, count in Counter(heading).items():
        where = {"file": file, "line": 1, "key": name, "place": _COLUMN}
        if name not in known:
            close = text.suggestions(name, known, 1)
            if close:
                raise error("KEY_UNKNOWN_MEANT", meant=close[0], **where)
            raise error("KEY_UNKNOWN", known=", ".join(known), **where)
        if count > 1:
            raise error("TABLE_COLUMN_TWICE", file=file, key=name)
    for name, field in model.model_fields.items():
        if field.is_required() and name not in heading:
            raise error("KEY_MISSING", file=file, line=1, key=name, place=_COLUMN)


def _row(
    file: str, line: int, filled: dict[str, str], model: type[Model], error: type[NtmGisError]
) -> Model:
    try:
        return model.model_validate(filled)
    except ValidationError as cause:
        fault = cause.errors(include_url=False)[0]
        # A fault between columns names them itself.
        several = (fault.get("ctx") or {}).get("columns")
        key = str(fault["loc"][0]) if fault["loc"] else str(several)
        if fault["type"] == "missing":
            raise error("KEY_MISSING", file=file, line=line, key=key, place=_COLUMN) from cause
        value = ", ".join(filled.get(name, "–") for name in key.split(", "))
        raise error(
            "VALUE_WRONG", file=file, line=line, key=key, value=value[:80], why=why_wrong(fault)
        ) from cause
