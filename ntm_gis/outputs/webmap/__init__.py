"""Interactive maps: one HTML file a map, whole in itself, that opens without a network."""

from __future__ import annotations

from ntm_gis.outputs.webmap.atlas import Atlas, available, render, write

__all__ = ["Atlas", "available", "render", "write"]
