"""From codes to findings: what readers told, with file, table and layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.results import Finding
from ntm_gis.rules.schema import is_personal, layer_names, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ntm_gis.sources.readers.parsed import Refusal, Told

MOST = 20
"""So many findings of one kind and column are told one by one; the rest in one sentence."""


def findings(
    told: Iterable[Told],
    *,
    file: str,
    table: str | None = None,
    layer: str | None = None,
    named: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return the findings for what was told; a long run of one kind ends with its count.

    Parameters
    ----------
    named : mapping of str to str, optional
        Field -> column, as commune.toml names them: what personal columns say is left out.
    """
    out: list[Finding] = []
    seen: dict[tuple[str, str | None], int] = {}
    for part in told:
        key = (part.code, part.field)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= MOST or part.row is None:
            out.append(finding(part, file=file, table=table, layer=layer, named=named))
    for (code, field), count in seen.items():
        if count > MOST:
            like = next(f for f in out if f.code == code and f.field == field)
            more = Finding.of("AND_MORE", file=file, table=table, layer=layer, field=field,
                              count=count - MOST, like=like.message)  # fmt: skip
            out.append(more)
    return tuple(out)


def finding(
    told: Told,
    *,
    file: str,
    table: str | None = None,
    layer: str | None = None,
    named: Mapping[str, str] | None = None,
) -> Finding:
    """Return one finding."""
    rules = schema(layer) if layer in layer_names() else None
    return Finding.of(
        told.code, file=file, table=table, layer=layer, row=told.row, field=told.field,
        value=told.value,
        personal=told.field is not None and is_personal(told.field, rules, named),
        **told.params,
    )  # fmt: skip


def refused(
    refusal: Refusal, *, file: str, table: str | None = None, layer: str | None = None
) -> Finding:
    """Return the finding for a file, or a table of it, that could not be taken in."""
    return Finding.of(refusal.code, file=file, table=table, layer=layer, **refusal.params)
