"""All layers of a commune: every table checked, then what they say together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import shapely

from ntm_gis.layers.assembly_rows import UNSAID, assemble
from ntm_gis.layers.check import Draft, drafted
from ntm_gis.layers.drawings import areas, noted, outline, parted
from ntm_gis.layers.geometry import inspect_twice
from ntm_gis.layers.inside import boundary_missing, inspect_boundary
from ntm_gis.layers.inspection import inspect_rows
from ntm_gis.layers.places import Ground, locate
from ntm_gis.layers.references import (
    Target,
    moved_villages,
    settle_former_communes,
    settle_references,
)
from ntm_gis.layers.values import Account, Grid, Layers, Raw
from ntm_gis.layers.whose import settle_boundary
from ntm_gis.results import Finding, Words
from ntm_gis.rules.schema import PREDECESSOR, LayerSchema, schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from ntm_gis.rules.commune import Commune


def gather(
    raws: Sequence[Raw],
    grids: Sequence[Grid],
    commune: Commune,
    findings: Sequence[Finding] = (),
) -> Layers:
    """Check every table and join the tables of each layer.

    Parameters
    ----------
    raws : sequence of Raw
        In the commune's zone; several of one layer are put one below the other.
    grids : sequence of Grid
        Heights; the first is used.
    commune : Commune
    findings : sequence of Finding
        What was found before; they go with those of the layers.

    Returns
    -------
    Layers
        Every row of every table, typed, with id, place and state; every finding, gravest
        first; one account a table, of which rows in = used + set aside + refused.

    Raises
    ------
    CrsError
        A table with geometry is not in the commune's zone.

    Notes
    -----
    In this order: names and types, former communes, keys and rows that stand twice, geometry by
    itself, whose boundary it is, places written as text, geometry against the boundary,
    references, blanks. The order of rows and of sources changes neither keys nor values.
    """
    tables, given = parted(raws)
    zoned = [
        assemble(raw, outline(tables), commune.consultant(raw.origin.entry.consultant))
        for raw in given
    ]
    pairs = list(zip(given, zoned, strict=True))
    # Areas that nothing names are zones without a land use, as in any file.
    tables += [raw for raw, read in pairs if read.raw is None and areas(raw)]
    read_as = [pair for pair in pairs if pair[1].raw is not None or not areas(pair[0])]
    tables += [read.raw for _, read in read_as if read.raw is not None]
    drafts = _drafts(tables, commune)
    formers = frozenset(former.id for former in commune.predecessors)
    for draft in drafts.values():
        settle_former_communes(draft.frame, draft.schema, commune.predecessors, draft.remarks)
        draft.key_rows(formers)
    if "boundary" in drafts:
        outlines = drafts["boundary"]
        settle_boundary(outlines.frame, outlines.tables, commune.commune, outlines.remarks)
    _place(drafts, commune)
    _refer(drafts)
    for draft in drafts.values():
        inspect_rows(draft.frame, draft.schema, draft.tables, draft.remarks)
    layers = {name: draft.layer() for name, draft in drafts.items()}
    found = [*findings, *(f for layer in layers.values() for f in layer.findings)]
    found += _about_boundary(drafts)
    elevation, grid_accounts, about_grids = _elevation(grids)
    accounts = [a for layer in layers.values() for a in layer.accounts]
    fallen = [read for raw, read in pairs if read.raw is None and areas(raw)]
    found += [f for read in fallen for f in read.findings if f.code == UNSAID]
    for raw, read in read_as:
        found += read.findings
        if read.raw is None:
            account, note = noted(raw)
            accounts.append(account)
            found += [*raw.findings, note]
    return Layers(
        commune,
        MappingProxyType(layers),
        elevation,
        tuple(sorted([*found, *about_grids], key=lambda finding: finding.order)),
        tuple(sorted([*accounts, *grid_accounts], key=lambda a: (a.file, a.table or "", a.layer))),
        tuple(raw for raw, _ in read_as),
    )


def _drafts(raws: Sequence[Raw], commune: Commune) -> dict[str, Draft]:
    by_layer: dict[str, list[Raw]] = {}
    for raw in raws:
        by_layer.setdefault(raw.origin.layer, []).append(raw)
    return {
        name: drafted(by_layer[name], schema(name), commune.commune.crs)
        for name in sorted(by_layer)
    }


def _place(drafts: dict[str, Draft], commune: Commune) -> None:
    """Find the places that rows name, and hold all geometry against the boundary."""
    boundary = _boundary(drafts.get("boundary"))
    zone = commune.commune.crs
    ground = Ground(zone, boundary, _drawn(drafts.get("roads")))
    if "villages" in drafts:
        villages = drafts["villages"]
        locate(villages.frame, villages.schema, ground, villages.remarks)
        ground = Ground(zone, boundary, ground.roads, _drawn(villages))
    for name, draft in drafts.items():
        if name != "villages":
            locate(draft.frame, draft.schema, ground, draft.remarks)
        if name != "boundary":
            inspect_boundary(draft.frame, draft.schema, boundary, draft.remarks)
        inspect_twice(draft.frame, draft.schema, draft.remarks)


def _boundary(draft: Draft | None) -> shapely.Geometry | None:
    ground = _drawn(draft)
    if ground is None:
        return None
    whole = shapely.union_all(ground.geometry.to_numpy())
    shapely.prepare(whole)
    return whole


def _about_boundary(drafts: dict[str, Draft]) -> tuple[Finding, ...]:
    """Say once that the boundary is missing, or that none of what is given can be used."""
    draft = drafts.get("boundary")
    if _drawn(draft) is not None:
        return ()
    file = draft.tables[0].raw.origin.file if draft is not None else None
    return boundary_missing(((d.schema, d.frame) for d in drafts.values()), file)


def _drawn(draft: Draft | None) -> gpd.GeoDataFrame | None:
    """Return the used rows of a layer that have a geometry, None where there are none."""
    if draft is None:
        return None
    out = draft.used[draft.used.geometry.notna()]
    return None if out.empty else out


def _refer(drafts: dict[str, Draft]) -> None:
    changes = drafts.get("village_changes")
    moved = moved_villages(changes.used) if changes is not None else {}
    targets = {
        name: Target(draft.schema, draft.frame, draft.renamed, moved if name == "villages" else {})
        for name, draft in drafts.items()
        if draft.given and draft.schema.key is not None
    }
    for draft in drafts.values():
        settle_references(draft, targets, _titles(draft.schema))


def _titles(layer: LayerSchema) -> dict[str, Words]:
    names = {name for field in layer.fields for name in field.targets} - {PREDECESSOR}
    return {name: schema(name).title.words for name in sorted(names)}


def _elevation(grids: Sequence[Grid]) -> tuple[Grid | None, list[Account], list[Finding]]:
    """Take the first grid; the others are set aside with a finding."""
    accounts, found = [], []
    for i, grid in enumerate(grids):
        origin = grid.origin
        accounts.append(
            Account(
                origin.file,
                origin.table,
                origin.sha256,
                origin.layer,
                rows_in=1,
                used=int(i == 0),
                set_aside=int(i > 0),
                refused=0,
                members=origin.members,
            )
        )
        if i > 0:
            first = grids[0].origin.file
            found.append(
                Finding.of("GRID_TWICE", file=origin.file, layer=origin.layer, first=first)
            )
    return (grids[0] if grids else None), accounts, found
