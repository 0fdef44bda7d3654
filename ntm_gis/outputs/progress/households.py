"""Contributions household by household: a workbook of its own that stays in the office.

Names of households and numbers of parcels stand in `out/internal/` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ntm_gis import numbers
from ntm_gis.layers.values import FILE, ROW, Layer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.sheets import Cell, Column, Sheet, workbook
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say, term

FILE_NAME = "internal/dong-gop-ho-dan.xlsx"
LAYER = "contributions"

_PERSONAL = ("household", "parcel")
_WIDE = {"household": 26, "document": 30}


def available(layers: Layers) -> bool:
    """Whether any contribution names a household or a parcel."""
    layer = layers.by_name.get(LAYER)
    if layer is None:
        return False
    used = layer.used
    return any(name in used and bool(used[name].notna().any()) for name in _PERSONAL)


def write(layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write the workbook under `out/internal/`.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    return atomic_write(out / FILE_NAME, content(layers, lang))


def content(layers: Layers, lang: str = "vi") -> bytes:
    """Return the workbook: a row for each used contribution, with household and parcel."""
    who, layer = layers.commune.commune, layers[LAYER]
    title = term("households_sheet").of(lang)
    remark = (
        f"{term('as_of').of(lang)} {numbers.format_date_vi(who.as_of)}"
        f" · {term('internal_only').of(lang)}"
    )
    sheet = Sheet(title, title, remark, _columns(layer, lang), frozen=1)
    return workbook([sheet], who.as_of, say("commune_of", lang, name=who.name), lang)


def _columns(layer: Layer, lang: str) -> list[Column]:
    used, out = layer.used, []
    kinds = {c.code: c.title.words.of(lang) for c in code_list("contribution_kind").codes}
    for field in layer.schema.fields:
        if field.name not in used:
            continue
        cells: list[Cell] = list(rows.plain(used[field.name]))
        if field.name == "kind":
            cells = _worded(cells, kinds)
        heading = wording.heading(field, lang)
        number = field.type in ("number", "integer")
        out.append(
            Column(heading, cells, "number", _digits(cells))
            if number
            else Column(heading, cells, wide=_WIDE.get(field.name, 0))
        )
    files: list[Cell] = [wording.short_file(str(name)) for name in used[FILE]]
    out.append(Column(term("file").of(lang), files))
    out.append(Column(term("row").of(lang), [int(n) for n in used[ROW]], "year"))
    return out


def _worded(cells: list[Cell], words: Mapping[str, str]) -> list[Cell]:
    return [words.get(cell, cell) if isinstance(cell, str) else cell for cell in cells]


def _digits(cells: list[Cell]) -> list[int]:
    """Return as many decimals as each amount was given with, four at most."""
    return [
        next((n for n in range(4) if round(cell, n) == cell), 4)
        if isinstance(cell, int | float)
        else 0
        for cell in cells
    ]
