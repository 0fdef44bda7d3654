"""Which column of a file is which field: by commune.toml, by names and aliases of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.layers.cells import hint, meant
from ntm_gis.layers.values import OWN, Origin
from ntm_gis.rules.schema import Field, LayerSchema, code_list, heading_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.layers.remarks import Remarks

FORMER_COMMUNE = "former_commune"
COORDINATES = ("north", "east", "lon", "lat")
"""Names that commune.toml gives to columns of coordinates; reading them is done before."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Field -> number of its column; and what values under a heading are multiplied by.

    A factor of None: the heading bears a unit that does not measure what the field is.
    """

    columns: Mapping[str, int]
    factors: Mapping[str, float | None]


def name_columns(
    headings: Sequence[str], schema: LayerSchema, origin: Origin, remarks: Remarks
) -> Naming:
    """Say which column is which field, with remarks on what is missing, unknown or double.

    Parameters
    ----------
    headings : sequence of str
        Columns as the file names them.

    Notes
    -----
    Columns that commune.toml names go first. Then a heading is known by its key: diacritics,
    case, spaces, signs and a unit in brackets don't count; names that a shapefile cut to ten
    letters are known by what is left. Where two columns may be one field, the one whose
    spelling stands first with the field has it, or else the first.
    """
    _require_fields(schema, origin, remarks)
    found, lost = _by_entry(headings, schema, origin, remarks)
    constants = set(origin.entry.values) | set(found) | lost
    claimed = set(found.values())
    for field, candidates in schema.known.candidates(headings).items():
        free = [i for i in candidates if i not in claimed]
        if field in constants or not free:
            continue
        found[field] = free[0]
        for other in free[1:]:
            names = {"used": headings[free[0]], "other": headings[other]}
            remarks.table("COLUMN_TWICE", origin, field=field, **names)
    factors = {name: _factor(schema, name, headings[i]) for name, i in found.items()}
    for name, factor in factors.items():
        _remark_unit(schema.field(name), factor, headings[found[name]], origin, remarks)
    _require_columns(schema, origin, found, lost, remarks)
    return Naming(found, factors)


def _factor(schema: LayerSchema, name: str, heading: str) -> float | None:
    field = schema.field(name)
    # A boolean under "(m)" is no length: only what is measured has a unit.
    return field.factor(heading) if field.type in ("number", "integer", "chainage") else 1.0


def _by_entry(
    headings: Sequence[str], schema: LayerSchema, origin: Origin, remarks: Remarks
) -> tuple[dict[str, int], set[str]]:
    """Return the columns that commune.toml names, and the fields whose column is not there."""
    found: dict[str, int] = {}
    lost: set[str] = set()
    for field, column in origin.entry.fields.items():
        if field not in schema.names:
            continue
        place = _place_of(column, headings)
        if place is not None:
            found[field] = place
            continue
        lost.add(field)
        close = text.suggestions(column, headings, 2)
        remarks.table(
            "COLUMN_UNKNOWN", origin, field=field, value=column,
            hint=meant(close, tuple(headings)),
        )  # fmt: skip
    return found, lost


def _place_of(column: str, headings: Sequence[str]) -> int | None:
    """Find a column by its exact name, else by its key where only one has it."""
    for same in (lambda h: h == column, lambda h: text.clean(h) == text.clean(column)):
        places = [i for i, heading in enumerate(headings) if same(heading)]
        if places:
            return places[0]
    places = [i for i, h in enumerate(headings) if heading_key(h) == heading_key(column)]
    return places[0] if len(places) == 1 else None


def _require_fields(schema: LayerSchema, origin: Origin, remarks: Remarks) -> None:
    """Remark on names in commune.toml that are no fields of the layer."""
    known = (*schema.names, *COORDINATES)
    for part in ("fields", "values", "codes"):
        for name in getattr(origin.entry, part):
            if name not in known:
                close = text.suggestions(name, known, 1)
                remarks.table(
                    "ENTRY_FIELD_UNKNOWN", origin, value=name, part=part,
                    hint=meant(close, schema.names),
                )  # fmt: skip


def require_codes(
    field: Field, written: Sequence[object], origin: Origin, remarks: Remarks
) -> None:
    """Remark on what rows say that commune.toml translates into a code that there is none of."""
    codes = origin.entry.codes.get(field.name)
    if not codes or field.codes is None:
        return
    known = code_list(field.codes)
    wrong = {w: c for w, c in codes.items() if known.find(c) is None and c not in field.also}
    there = {text.fold(str(value)) for value in written} if wrong else set()
    for word, code in wrong.items():
        if text.fold(word) in there:
            remarks.table(
                "ENTRY_CODE_UNKNOWN", origin, field=field.name, value=code, written=word,
                hint=meant(text.suggestions(code, known.keys, 1), known.keys),
            )  # fmt: skip


def _require_columns(
    schema: LayerSchema,
    origin: Origin,
    found: Mapping[str, int],
    lost: set[str],
    remarks: Remarks,
) -> None:
    """Remark on starred fields without a column; a key may be made of what is there."""
    there = set(found) | set(origin.entry.values)
    if origin.entry.former_commune is not None:
        there.add(FORMER_COMMUNE)
    for field in schema.fields:
        if not field.required or field.name in there or field.name in lost:
            continue
        if field.name == schema.key and any(name in there for name in schema.key_from):
            continue
        headings = dict.fromkeys((field.title.vi, *field.aliases[:6], field.name))
        remarks.table("COLUMN_MISSING", origin, field=field.name, accepted="; ".join(headings))


def _remark_unit(
    field: Field, factor: float | None, heading: str, origin: Origin, remarks: Remarks
) -> None:
    if factor is None:
        remarks.table("COLUMN_UNIT", origin, field=field.name, heading=heading)
    elif factor != 1.0:
        remarks.table(
            "COLUMN_CONVERTED", origin, field=field.name, heading=heading,
            example=hint("HINT_TIMES", factor=factor),
        )  # fmt: skip


def free_name(name: str, taken: set[str]) -> str:
    """Return a name for a further column that no field and no own column has.

    Examples
    --------
    >>> free_name("surface", {"surface"})
    'surface (2)'
    """
    out, n = name, 2
    while out in taken or out in OWN:
        out, n = f"{name} ({n})", n + 1
    return out
