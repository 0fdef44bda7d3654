"""Which layer a table is: by its names, its columns, its geometry and the codes in it.

What comes out is a guess with its score and the next best; whoever asks decides what is certain
enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.rules.schema import Field, LayerSchema, code_list, layer_names, schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WEIGHTS = {"name": 0.35, "columns": 0.45, "codes": 0.20}
_ANY_GEOMETRY = "any"


@dataclass(frozen=True)
class Guess:
    """One layer that a table may be.

    Parameters
    ----------
    fields : mapping of str to str
        Field -> column, as recognised.
    missing : tuple of str
        Starred fields that no column stands for (a key that can be made is not missing).
    unknown : tuple of str
        Columns that stand for no field.
    codes : mapping of str to (mapping of str to str or None)
        For each field with a code list: value as written -> code, None where it is unknown.
    named : bool
        A name of the table is exactly one that the layer is known by.
    """

    layer: str
    score: float
    fields: Mapping[str, str]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    named: bool = False


def guesses(
    names: Sequence[str],
    columns: Mapping[str, Sequence[object]],
    geometry: str | None,
    *,
    places: bool = False,
) -> tuple[Guess, ...]:
    """Return the layers that a table may be, best first.

    Parameters
    ----------
    names : sequence of str
        File name without ending, sheet or layer name, title lines.
    columns : mapping of str to sequence
        Columns with some of their values.
    geometry : {"point", "line", "polygon", "raster", None}
        What the features are; None: a table.
    places : bool
        The table has columns that hold positions.

    Examples
    --------
    >>> best = guesses(["duong_giao_thong"], {"MA_DUONG": ["D1"], "KET_CAU": ["BTXM"]}, "line")[0]
    >>> best.layer, dict(best.codes["surface"])
    ('roads', {'BTXM': 'concrete'})
    """
    found = [_guess(schema(name), names, columns, geometry, places) for name in layer_names()]
    return tuple(sorted((g for g in found if g.score > 0), key=lambda g: (-g.score, g.layer)))


def _guess(
    layer: LayerSchema,
    names: Sequence[str],
    columns: Mapping[str, Sequence[object]],
    geometry: str | None,
    places: bool,
) -> Guess:
    fields = layer.recognise(columns)
    taken = set(fields.values())
    codes = {
        one: _codes(layer.field(one), columns[column])
        for one, column in fields.items()
        if layer.field(one).type == "choice"
    }
    missing = tuple(
        f.name
        for f in layer.fields
        if f.required and f.name not in fields and not _can_be_made(layer, f, fields)
    )
    name = _by_name(layer, names)
    score = _fit(layer, geometry, places) * (
        _WEIGHTS["name"] * name
        + _WEIGHTS["columns"] * _by_columns(layer, fields, columns)
        + _WEIGHTS["codes"] * _by_codes(codes)
    )
    unknown = tuple(column for column in columns if column not in taken)
    return Guess(layer.name, round(score, 4), fields, missing, unknown, codes, name == 1.0)


def _fit(layer: LayerSchema, geometry: str | None, places: bool) -> float:
    """Return how well the geometry suits: a list of a layer with a place is a layer too."""
    if geometry is None:
        if layer.is_table:
            return 0.9 if places else 1.0
        if "raster" in layer.geometry:
            return 0.0
        # Roads, irrigation, tea and crops are also reported as lists.
        return 1.0 if places and "point" in layer.geometry else 0.8
    if geometry in layer.geometry or _ANY_GEOMETRY in layer.geometry:
        return 1.0
    return 0.0


def _by_name(layer: LayerSchema, names: Sequence[str]) -> float:
    """Return 1 for a name the layer is known by, less where it only holds such a name."""
    known = [_words(n) for n in (layer.name, layer.title.vi, *layer.aliases)]
    best = 0.0
    for name in names:
        written = _words(name)
        for alias in known:
            if not alias:
                continue
            if written == alias:
                return 1.0
            if f" {alias} " in f" {written} ":
                best = max(best, 0.55 + 0.4 * len(alias) / len(written))
    return best


def _words(name: str) -> str:
    """Fold a name to words without digits: "Đường_2025" and "duong" are one."""
    folded = "".join(c if c.isalpha() else " " for c in text.fold(name))
    return " ".join(folded.split())


def _by_columns(
    layer: LayerSchema, fields: Mapping[str, str], columns: Mapping[str, Sequence[object]]
) -> float:
    """Return how much of the table the layer explains, and of its stars the table bears."""
    stars = [f for f in layer.fields if f.required]
    borne = sum(1 for f in stars if f.name in fields or _can_be_made(layer, f, fields))
    share = borne / len(stars) if stars else 0.5
    explained = len(fields) / max(1, len(columns))
    # A layer of two fields must not win over one of ten that explains the table as well.
    depth = min(1.0, len(fields) / 5)
    return 0.4 * share + 0.4 * explained + 0.2 * depth


def _by_codes(codes: Mapping[str, Mapping[str, str | None]]) -> float:
    values = [code for found in codes.values() for code in found.values()]
    return sum(code is not None for code in values) / len(values) if values else 0.0


def _can_be_made(layer: LayerSchema, wanted: Field, fields: Mapping[str, str]) -> bool:
    return wanted.name == layer.key and any(name in fields for name in layer.key_from)


def _codes(wanted: Field, values: Sequence[object]) -> dict[str, str | None]:
    """Translate the different values of a column; several in one cell are looked up singly."""
    known = code_list(wanted.codes or "")
    out: dict[str, str | None] = {}
    for value in values:
        written = text.clean(str(value)) if value is not None else ""
        if not written or written in out:
            continue
        found = known.find(written)
        if found is None and wanted.many:
            parts = [known.find(part) for part in _parts(written)]
            found = "+".join(p for p in parts if p) if parts and all(parts) else None
        out[written] = found
    return out


def _parts(written: str) -> list[str]:
    for sign in ",;/+&":
        written = written.replace(sign, "|")
    return [part.strip() for part in written.split("|") if part.strip()]
