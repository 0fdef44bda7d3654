"""Checking rows: named, typed, each kept, each with its id, each fault said.

`check` does what one table can be asked by itself; `ntm_gis.layers.gather` goes through the
same steps for all tables of a commune, and asks what they say together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ntm_gis.errors import NotComputable
from ntm_gis.layers import outlines
from ntm_gis.layers.geometry import inspect_geometry, inspect_twice
from ntm_gis.layers.inspection import inspect_rows
from ntm_gis.layers.keys import Renamed, settle_keys
from ntm_gis.layers.remarks import Remarks
from ntm_gis.layers.rows import FORMER_COMMUNE, Rows, prepare
from ntm_gis.layers.values import LOCATED_BY, OWN, SET_ASIDE, STATE, USED, Account, Layer, Raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from ntm_gis.rules.schema import LayerSchema


@dataclass
class Draft:
    """A layer while it is being checked: its rows of all tables, and what was remarked."""

    schema: LayerSchema
    tables: tuple[Rows, ...]
    frame: gpd.GeoDataFrame
    remarks: Remarks
    renamed: Renamed = field(default_factory=dict)

    @property
    def given(self) -> bool:
        """There is a table of the layer that could be read."""
        return len(self.frame) > 0 or any(t.raw.origin.sha256 is not None for t in self.tables)

    @property
    def used(self) -> gpd.GeoDataFrame:
        """Rows that count."""
        return self.frame[self.frame[STATE] == USED]

    def key_rows(self, formers: frozenset[str] = frozenset()) -> None:
        """Give rows their ids, set aside what stands twice, look at the geometry."""
        self.renamed = settle_keys(self.frame, self.schema, self.tables, formers, self.remarks)
        inspect_geometry(self.frame, self.schema, self.remarks)
        if self.schema.name == outlines.LAYER and self.tables:
            outlines.inspect(self.used, self.tables[0].raw.origin, self.remarks)

    def layer(self) -> Layer:
        """Put the remarks into words and count the rows."""
        found = [finding for table in self.tables for finding in table.raw.findings]
        found += self.remarks.findings(self.frame, self.schema)
        return Layer(
            self.schema,
            self.frame,
            tuple(table.raw.origin for table in self.tables),
            tuple(account(table, self.frame) for table in self.tables),
            tuple(sorted(found, key=lambda finding: finding.order)),
        )


def check(raw: Raw, schema: LayerSchema) -> Layer:
    """Rename, type and inspect `raw`; keep every row and say what is wrong.

    The input is not changed. Rows are never dropped or moved in silence: what cannot be used
    is set aside with a finding that names it.

    Parameters
    ----------
    raw : Raw
        Its frame in a projected system, if it has geometry.
    schema : LayerSchema
        The layer that the rows belong to.

    Returns
    -------
    Layer
        As many rows as `raw.frame`. Places written as text, references and the boundary are
        not looked at: they need the other layers (`gather`).

    Examples
    --------
    >>> import geopandas as gpd
    >>> from ntm_gis.layers.values import Origin
    >>> from ntm_gis.rules.commune import SourceEntry
    >>> from ntm_gis.rules.schema import schema
    >>> entry = SourceEntry(layer="funds", file="sources/von.xlsx")
    >>> frame = gpd.GeoDataFrame({"Mã vốn": [1.0], "Nội dung": ["x"], "Số vốn": ["1.304,5"]})
    >>> layer = check(Raw(frame, Origin("sources/von.xlsx", "funds", entry)), schema("funds"))
    >>> layer.frame[["fund_id", "million_vnd"]].values.tolist()
    [['1', 1304.5]]
    """
    draft = drafted([raw], schema, raw.frame.crs if _has_geometry(raw) else None)
    draft.key_rows()
    inspect_twice(draft.frame, schema, draft.remarks)
    inspect_rows(draft.frame, schema, draft.tables, draft.remarks)
    return draft.layer()


def _has_geometry(raw: Raw) -> bool:
    return raw.frame.active_geometry_name is not None


def drafted(raws: Sequence[Raw], schema: LayerSchema, zone: object) -> Draft:
    """Name and type the rows of all tables of a layer, one below the other.

    Parameters
    ----------
    zone : CRS, code or None
        The system of the layer.
    """
    remarks = Remarks()
    tables: list[Rows] = []
    start = 0
    for raw in raws:
        tables.append(prepare(raw, schema, start, zone, remarks))
        start += len(raw.frame)
    return Draft(schema, tuple(tables), _joined([table.frame for table in tables]), remarks)


def _joined(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put tables one below the other; columns that one of them lacks are blank in it."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    if len(filled) == 1:
        return filled[0]
    out = pd.concat(filled)
    for name in out.columns:
        if out[name].dtype == object:
            out[name] = out[name].where(out[name].notna(), None)
    last = [LOCATED_BY, *OWN, "geometry"]
    return out[[name for name in out.columns if name not in last] + last]


def account(table: Rows, frame: gpd.GeoDataFrame) -> Account:
    """Count how the rows of one table were used.

    Raises
    ------
    NotComputable
        A row is neither used nor set aside nor refused, or there are more than were read.
    """
    raw, origin = table.raw, table.raw.origin
    states = frame[STATE].loc[table.frame.index]
    out = Account(
        origin.file, origin.table, origin.sha256, origin.layer,
        rows_in=len(raw.frame) + raw.refused + raw.set_aside,
        used=int((states == USED).sum()),
        set_aside=int((states == SET_ASIDE).sum()) + raw.set_aside,
        refused=raw.refused,
        members=origin.members,
    )  # fmt: skip
    if out.rows_in != out.used + out.set_aside + out.refused:
        raise NotComputable("ROWS_LOST", file=origin.file, rows_in=out.rows_in)
    return out


__all__ = ["FORMER_COMMUNE", "Draft", "account", "check", "drafted"]
