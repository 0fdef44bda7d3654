"""What is blank that matters, and what is worth a word in a row that is in order."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis import text
from ntm_gis.layers.cells import hint, plain
from ntm_gis.layers.values import ROW, STATE, USED
from ntm_gis.results.words import is_made_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.layers.rows import Rows
    from ntm_gis.results import Words
    from ntm_gis.rules.schema import Field, LayerSchema

_DIGITS = frozenset("0123456789")
_BLANK = "VALUE_MISSING"

Flags = npt.NDArray[np.bool_]


def inspect_rows(
    frame: gpd.GeoDataFrame, schema: LayerSchema, tables: Sequence[Rows], remarks: Remarks
) -> None:
    """Remark on blanks of starred and decisive fields, on notable codes, on names alike.

    A part that is larger than its whole is not believed: it becomes unknown in `frame`.

    Parameters
    ----------
    tables : sequence of Rows
        The tables of the layer: a starred column that a table lacks was said once already.
    """
    used = (frame[STATE] == USED).to_numpy()
    _doubt_parts(frame, schema, used, remarks)
    said = set(remarks.cells)
    for field in schema.fields:
        if field.name == schema.key:
            continue
        blank = frame[field.name].isna().to_numpy() & used
        if field.decisive is not None:
            matters = blank & _matters(frame, field)
            rows = [r for r in np.flatnonzero(matters).tolist() if (r, field.name) not in said]
            if field.decisive == _BLANK:
                rows = _column_absent(field, tables, rows, remarks)
            _remark_decisive(frame, schema, field, rows, remarks)
        elif field.required:
            for table in tables:
                if field.name in table.given:
                    _missing(field, table.frame.index, blank, said, remarks)
        for code, note in field.notable.items():
            rows = np.flatnonzero((frame[field.name] == code).to_numpy() & used).tolist()
            for row, name in zip(rows, _named(frame, schema, rows), strict=True):
                remarks.row(note, row, field=field.name, name=name)
        if field.alike is not None and schema.key is not None:
            _alike(frame, schema, field, used, remarks)


def _doubt_parts(
    frame: gpd.GeoDataFrame, schema: LayerSchema, used: Flags, remarks: Remarks
) -> None:
    """Take parts larger than their whole for unknown, with both numbers in the remark."""
    for field in schema.fields:
        if field.within is None:
            continue
        whole = schema.field(field.within)
        numbers = frame[[field.name, whole.name]].astype("Float64")
        over = (numbers[field.name] > numbers[whole.name]).fillna(value=False).to_numpy(dtype=bool)
        for row in np.flatnonzero(over & used).tolist():
            part, all_of_it = numbers.iloc[row].tolist()
            remarks.row(
                "PART_OVER_WHOLE", row, field=field.name, value=part,
                part=part, whole=all_of_it, whole_title=whole.title.words,
            )  # fmt: skip
        if over.any():
            frame.loc[over, field.name] = None


def _missing(
    field: Field,
    rows: Iterable[int],
    blank: Flags,
    said: set[tuple[int, str]],
    remarks: Remarks,
) -> None:
    for row in rows:
        if blank[row] and (row, field.name) not in said:
            remarks.row(_BLANK, row, field=field.name, value="")


def _column_absent(
    field: Field, tables: Sequence[Rows], rows: list[int], remarks: Remarks
) -> list[int]:
    """Say once of each table that lacks a column what all its rows lack; return the other rows."""
    left = set(rows)
    for table in tables:
        theirs = left.intersection(table.frame.index.tolist())
        if theirs and field.name not in table.given:
            remarks.table("COLUMN_ABSENT", table.raw.origin, field=field.name, n=len(theirs))
            left -= theirs
    return sorted(left)


def _matters(frame: gpd.GeoDataFrame, field: Field) -> Flags:
    """Return the rows in which a blank of a decisive field makes a difference."""
    out = np.ones(len(frame), dtype=bool)
    for name, codes in field.decisive_when.items():
        out &= (frame[name].isna() | frame[name].isin(codes)).to_numpy()
    return out


def _remark_decisive(
    frame: gpd.GeoDataFrame,
    schema: LayerSchema,
    field: Field,
    rows: list[int],
    remarks: Remarks,
) -> None:
    lengths = np.nan_to_num(shapely.length(frame.geometry.to_numpy()[rows])).tolist()
    for row, name, length in zip(rows, _named(frame, schema, rows), lengths, strict=True):
        size = hint("SIZE_KM", length_km=length / 1000) if length > 0 else hint("SIZE_NOT_DRAWN")
        remarks.row(str(field.decisive), row, field=field.name, value="", name=name, size=size)


def _named(frame: gpd.GeoDataFrame, schema: LayerSchema, rows: list[int]) -> list[str | Words]:
    """Return the names of rows, for sentences; the id where a row has none."""
    part = frame.loc[rows]
    names = plain(part["name"]) if "name" in frame.columns else [None] * len(rows)
    ids = plain(part[schema.key]) if schema.key else plain(part[ROW])
    return [
        name if isinstance(name, str) else hint("WITHOUT_NAME", id=_shown_id(id_, row))
        for name, id_, row in zip(names, ids, part[ROW], strict=True)
    ]


def _shown_id(id_: object, row: int) -> object:
    """Return the id of a row for a sentence; the number of the row for one that was made."""
    return hint("WITHOUT_ID", row=row) if isinstance(id_, str) and is_made_key(id_) else id_


def _alike(
    frame: gpd.GeoDataFrame,
    schema: LayerSchema,
    field: Field,
    used: Flags,
    remarks: Remarks,
) -> None:
    """Remark on names that are one letter apart: perhaps one thing, perhaps two."""
    ids, names = plain(frame[str(schema.key)]), plain(frame[field.name])
    rows = [row for row in np.flatnonzero(used).tolist() if isinstance(names[row], str)]
    by_key: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (str(ids[row]), row)):
        by_key[text.village_key(str(names[row]))].append(row)
    pairs = [pair for there in by_key.values() for pair in pairwise(there)]
    pairs += [(by_key[one][0], by_key[other][0]) for one, other in letter_apart(by_key)]
    ordered = [sorted(pair, key=lambda row: str(ids[row])) for pair in pairs]
    for a, b in sorted(ordered, key=lambda pair: [str(ids[row]) for row in pair]):
        remarks.row(
            str(field.alike), a, field=field.name, value=names[a], other=names[b], other_id=ids[b]
        )


def letter_apart(words: Iterable[str]) -> set[tuple[str, str]]:
    """Return the pairs of words that one letter put in, left out or changed makes equal.

    Words that differ in a digit are not alike: "Bản 1" and "Bản 2" are two.

    Examples
    --------
    >>> sorted(letter_apart(["ho tra", "ho ta", "ho be", "to 1", "to 2"]))
    [('ho ta', 'ho tra')]
    """
    # Two words within one change of each other share a form with one letter left out.
    shorter: dict[str, set[str]] = defaultdict(set)
    for word in set(words):
        shorter[word].add(word)
        for i in range(len(word)):
            shorter[word[:i] + word[i + 1 :]].add(word)
    return {
        (a, b)
        for there in shorter.values()
        if len(there) > 1
        for a in there
        for b in there
        if a < b and _one_apart(a, b)
    }


def _one_apart(a: str, b: str) -> bool:
    if [c for c in a if c in _DIGITS] != [c for c in b if c in _DIGITS]:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )
