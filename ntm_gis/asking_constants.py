"""What holds for a whole file: said beforehand (`--value`), or asked where a column is missing.

A drawing has no column that says which plan it is; a list of one village has none for the village.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ntm_gis import sources, text
from ntm_gis.asking import Wish, named
from ntm_gis.errors import UsageError
from ntm_gis.layers.gather import gather
from ntm_gis.results import sentence
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.schema import Field, LayerSchema, layer_names, schema
from ntm_gis.sources import Table

Keys = Callable[[str], Sequence[tuple[str, str]]]
"""Rows of a layer that a field may lead to: key, and how a person knows it."""

_DRAWING = frozenset({"Layer", "EntityHandle"})
_OFFERED = 30


def said(values: Sequence[str]) -> dict[str, str]:
    """Return `FIELD=VALUE` as a mapping.

    Raises
    ------
    UsageError
        It is not written so, or no layer has such a field.

    Examples
    --------
    >>> said(["plan_id=P2"])
    {'plan_id': 'P2'}
    """
    known = {field.name for name in layer_names() for field in schema(name).fields}
    out: dict[str, str] = {}
    for written in values:
        name, equals, value = (part.strip() for part in written.partition("="))
        if not (name and equals and value):
            raise UsageError("VALUE_WRITTEN_SO", value=written)
        if name not in known:
            close = text.suggestions(name, sorted(known), 3)
            raise UsageError("VALUE_FIELD_UNKNOWN", name=name, known=", ".join(close) or "–")
        out[name] = value
    return out


def nothing(_: str) -> Sequence[tuple[str, str]]:
    """Offer no row."""
    return ()


def keys_of(folder: Path, commune: Commune) -> Keys:
    """Return what tells the rows of a layer that the folder has already."""

    def rows(layer: str) -> Sequence[tuple[str, str]]:
        if not commune.of_layer(layer):
            return ()
        inputs = sources.read(folder, commune, only=frozenset({layer}))
        found = gather(inputs.raws, inputs.grids, commune, inputs.findings).by_name.get(layer)
        if found is None or found.schema.key is None:
            return ()
        used = found.used
        titles = used["name"] if "name" in used else [None] * len(used)
        decisions = used["decision_no"] if "decision_no" in used else [None] * len(used)
        return tuple(
            (str(key), " – ".join(str(p) for p in (key, name, no) if isinstance(p, str)))
            for key, name, no in zip(used[found.schema.key], titles, decisions, strict=True)
        )[:_OFFERED]

    return rows


def is_drawing(table: Table) -> bool:
    """Whether a table is lines and texts of a drawing program."""
    return set(table.columns) >= _DRAWING


def asks_for(field: Field, rules: LayerSchema) -> bool:
    """Whether a field may hold for a whole file: it leads to a row of another layer."""
    return field.type == "reference" and field.to is not None and field.name != rules.key


def constant(table: Table, field: Field, wish: Wish, keys: Keys) -> str | None:
    """Ask which row of another layer a whole file belongs to; None where that stays open."""
    offered = keys(field.to or "")
    if not offered:
        return None
    title = schema(field.to or "").title.words
    question = sentence("ASK_WHOLE_FILE", {"source": named(table), "title": title})
    only = offered[0][0] if len(offered) == 1 else None
    return wish.decide(question, offered, only)
