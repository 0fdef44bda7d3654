"""Rows that stand twice: the same row again, a list beside a drawing, two things of one key."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis import text
from ntm_gis.layers.cells import hint, plain
from ntm_gis.layers.content import Content, contents, said_columns, said_fields
from ntm_gis.layers.remarks import shown
from ntm_gis.layers.values import FILE, ROW, SET_ASIDE, STATE, TABLE
from ntm_gis.results import Words
from ntm_gis.results.words import written
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import geopandas as gpd

    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.rules.schema import LayerSchema


@dataclass
class _Found:
    """Row -> the row it repeats; row -> the drawn row it goes into; rows that contradict."""

    same: dict[int, int] = field(default_factory=dict)
    joined: dict[int, int] = field(default_factory=dict)
    clash: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Said:
    """What rows say, and where they stand; made once for all groups."""

    schema: LayerSchema
    fields: list[str]
    rows: Mapping[int, Content]
    places: Mapping[int, tuple[str, int]]

    def named(self, rows: Sequence[int]) -> str:
        """Write where rows stand: "sources/a.xlsx · Đường: 5, 9; sources/b.shp: 3"."""
        by_table: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            table, number = self.places[row]
            by_table[table].append(number)
        parts = []
        for table, numbers in sorted(by_table.items()):
            first = ", ".join(map(str, sorted(numbers)[:8]))
            parts.append(f"{table}: {first}{', …' if len(numbers) > 8 else ''}")
        return "; ".join(parts)

    def is_words(self, name: str) -> bool:
        """Whether a field is free words: two spellings of a name don't contradict, widths do."""
        return name in self.schema.names and self.schema.field(name).type in ("text", "place")

    def contradicts(self, row: int, drawn: int) -> list[tuple[str, Hashable, Hashable]]:
        """Return the fields of which a list says another thing than the drawing, with both."""
        pairs = zip(self.fields, self.rows[row], self.rows[drawn], strict=False)
        return [
            (name, said, there)
            for name, said, there in pairs
            if None not in (said, there) and _spelt(said) != _spelt(there)
        ]

    def differ(self, rows: Sequence[int]) -> tuple[Words, ...]:
        """Name the fields in which rows differ."""
        out = [
            self.schema.field(name).title.words if name in self.schema.names else Words(name, name)
            for i, name in enumerate(self.fields)
            if len({self.rows[row][i] for row in rows}) > 1
        ]
        if len({self.rows[row][-1] for row in rows}) > 1:
            out.append(hint("HINT_SHAPE"))
        return tuple(out) or (hint("HINT_WHOLE_ROW"),)


def set_aside_doubles(frame: gpd.GeoDataFrame, schema: LayerSchema, remarks: Remarks) -> None:
    """Set aside rows that stand twice, with a remark each; `frame` is changed in place.

    Parameters
    ----------
    frame : GeoDataFrame
        A whole layer, index from 0; rows of a layer with a key all have one.

    Notes
    -----
    Rows of one key that say the same in the layer's fields, and are drawn alike: the first is
    used. In a layer without keys only rows that are the same in every column are one. Rows
    without geometry, of other tables, go into the one drawn row of their key: a list completes
    a drawing, the drawing wins where both say something, and what differs is remarked on. Any
    other rows of one key are all set aside; so are lists that contradict each other where the
    drawing says nothing. But for which of identical rows is called the first, nothing depends
    on their order.
    """
    groups: dict[object, list[int]] = defaultdict(list)
    if schema.key is None:
        if not any(column.required for column in schema.fields):
            return  # photos: two without a word on them are two photos
        for row, what in enumerate(contents(frame, said_columns(frame, schema), remarks.cells)):
            groups[what].append(row)
    else:
        for row, key in enumerate(plain(frame[schema.key])):
            groups[key].append(row)
    several = [rows for rows in groups.values() if len(rows) > 1]
    if not several:
        return
    said = _said(frame, schema, sorted(row for rows in several for row in rows), remarks)
    found = _Found()
    for rows in several:
        _judge(rows, said, found)
    _carry_over(frame, said.fields, found.joined)
    _set_aside(frame, schema, said, found, remarks)


def _said(frame: gpd.GeoDataFrame, schema: LayerSchema, rows: list[int], remarks: Remarks) -> _Said:
    part = frame.loc[rows]
    fields = said_fields(part, schema)
    content = contents(part, fields, remarks.cells)
    places = []
    for file, table, number in zip(part[FILE], part[TABLE], part[ROW], strict=True):
        name = f"{file} · {table}" if isinstance(table, str) else str(file)
        places.append((name, int(number)))
    return _Said(
        schema,
        fields,
        dict(zip(rows, content, strict=True)),
        dict(zip(rows, places, strict=True)),
    )


def _spelt(value: Hashable) -> Hashable:
    """Return a value as it is compared: words without accents, capitals and doubled spaces."""
    return text.fold(value) if isinstance(value, str) else value


def _in_words(schema: LayerSchema, name: str, value: Hashable) -> object:
    """Return a value as a sentence takes it: a code by its title, a number as such."""
    column = schema.field(name) if name in schema.names else None
    if column is not None and column.type == "choice" and not column.many:
        codes = code_list(str(column.codes))
        if value in codes.keys:
            return codes[str(value)].title.words
    return value if isinstance(value, int | float) else shown(value)


def _judge(rows: list[int], said: _Said, found: _Found) -> None:
    kept: dict[Content, int] = {}
    for row in rows:
        first = kept.setdefault(said.rows[row], row)
        if first != row:
            found.same[row] = first
    if len(kept) < 2:
        return
    different = list(kept.values())
    drawn = _drawn_row(different, said)
    if drawn is None:
        found.clash.append(different)
    else:
        found.joined.update({row: drawn for row in different if row != drawn})


def _drawn_row(rows: list[int], said: _Said) -> int | None:
    """Return the one drawn row that lists of the same key complete, if it is clear with what."""
    drawn = [row for row in rows if said.rows[row][-1] is not None]
    tables = {said.places[row][0] for row in rows}
    if len(drawn) != 1 or len(tables) != len(rows):  # two rows of one table are two statements
        return None
    for i, name in enumerate(said.fields):
        known = {said.rows[row][i] for row in rows} - {None}
        if said.rows[drawn[0]][i] is None and len(known) > 1 and not said.is_words(name):
            return None
    return drawn[0]


def _carry_over(frame: gpd.GeoDataFrame, fields: list[str], joined: Mapping[int, int]) -> None:
    """Fill what the drawn rows leave blank from the lists that go into them."""
    for turn in _turns(sorted(joined.items())):
        lists, drawn = (np.array(side) for side in zip(*turn, strict=True))
        for name in fields:
            values = frame[name].loc[lists]
            use = frame[name].loc[drawn].isna().to_numpy() & values.notna().to_numpy()
            if use.any():
                frame.loc[drawn[use], name] = values.array[use]


def _turns(pairs: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Deal out pairs so that no drawn row stands twice in one turn."""
    turns: list[list[tuple[int, int]]] = []
    seen: dict[int, int] = defaultdict(int)
    for pair in pairs:
        turn = seen[pair[1]]
        seen[pair[1]] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(pair)
    return turns


def _set_aside(
    frame: gpd.GeoDataFrame, schema: LayerSchema, said: _Said, found: _Found, remarks: Remarks
) -> None:
    keys = plain(frame[schema.key]) if schema.key else [None] * len(frame)
    remarks.forget(found.same.keys())
    for code, pairs in (("DUPLICATE_ROW", found.same), ("ROW_JOINED", found.joined)):
        for row, other in sorted(pairs.items()):
            places = said.named([other])
            remarks.row(code, row, field=schema.key, value=keys[row], places=places)
    for row, drawn in sorted(found.joined.items()):
        for name, *values in said.contradicts(row, drawn):
            words = [_in_words(schema, name, value) for value in values]
            remarks.row(
                "ROW_JOINED_DIFFERS", row, field=name, value=written(words[0], "vi"),
                places=said.named([drawn]), listed=words[0], drawn=words[1],
            )  # fmt: skip
    for rows in found.clash:
        places, differ = said.named(rows), said.differ(rows)
        for row in rows:
            remarks.row(
                "DUPLICATE_KEY", row, field=schema.key, value=keys[row],
                n=len(rows), places=places, differ=differ,
            )  # fmt: skip
    aside = [*found.same, *found.joined, *(row for rows in found.clash for row in rows)]
    frame.loc[aside, STATE] = SET_ASIDE
