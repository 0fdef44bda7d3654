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
from ntm_gis.layers.values import STATE, USED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.layers.rows import Rows
    from ntm_gis.results import Words
    from ntm_gis.rules.schema import Field, LayerSchema

_DIGITS = frozenset("0123456789")

Flags = npt.NDArray[np.bool_]


def inspect_rows(
    frame: gpd.GeoDataFrame, schema: LayerSchema, tables: Sequence[Rows], remarks: Remarks
) -> None:
    """Remark on blanks of starred and decisive fields, on notable codes, on names alike.

    Parameters
    ----------
    tables : sequence of Rows
        The tables of the layer: a starred column that a table lacks was said once already.
    """
    said = remarks.cells
    used = (frame[STATE] == USED).to_numpy()
    for field in schema.fields:
        if field.name == schema.key:
            continue
        blank = frame[field.name].isna().to_numpy() & used
        if field.decisive is not None:
            _decisive(frame, field, blank, said, remarks)
        elif field.required:
            for table in tables:
                if field.name in table.given:
                    _missing(field, table.frame.index, blank, said, remarks)
        for code, note in field.notable.items():
            for row in np.flatnonzero((frame[field.name] == code).to_numpy() & used).tolist():
                remarks.row(note, row, field=field.name, value=_named(frame, row))
        if field.alike is not None and schema.key is not None:
            _alike(frame, schema, field, used, remarks)


def _missing(
    field: Field,
    rows: Iterable[int],
    blank: Flags,
    said: set[tuple[int, str]],
    remarks: Remarks,
) -> None:
    for row in rows:
        if blank[row] and (row, field.name) not in said:
            remarks.row("VALUE_MISSING", row, field=field.name, value="")


def _decisive(
    frame: gpd.GeoDataFrame,
    field: Field,
    blank: Flags,
    said: set[tuple[int, str]],
    remarks: Remarks,
) -> None:
    matters = blank.copy()
    for name, codes in field.decisive_when.items():
        column = frame[name]
        matters &= (column.isna() | column.isin(codes)).to_numpy()
    geometry = frame.geometry.to_numpy()
    for row in np.flatnonzero(matters).tolist():
        if (row, field.name) in said:
            continue
        length = float(shapely.length(geometry[row])) if geometry[row] is not None else 0.0
        size = hint("SIZE_KM", length_km=length / 1000) if length > 0 else hint("SIZE_NOT_DRAWN")
        remarks.row(
            str(field.decisive), row, field=field.name, value="", name=_named(frame, row), size=size
        )


def _named(frame: gpd.GeoDataFrame, row: int) -> str | Words:
    """Return the name of a row, for a sentence."""
    if "name" in frame.columns and isinstance(frame.at[row, "name"], str):
        return str(frame.at[row, "name"])
    return hint("WITHOUT_NAME")


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
