"""Sheets of layers: what a map measured, and what a list declares."""

from __future__ import annotations

from ntm_gis.outputs.layer_sheets import known_names, layer_sheet


def test_a_declared_length_never_stands_as_measured_on_the_map(layers):
    roads = layers["roads"]
    drawn = roads.frame.assign(length_km=1.25)
    sheet = layer_sheet(roads, drawn, known_names(layers), "vi")
    (cells,) = (c.cells for c in sheet.columns if "đo trên bản đồ" in c.title)
    on_map = (~roads.frame.geometry.isna()).tolist()
    assert not all(on_map)
    assert cells == [1.25 if there else None for there in on_map]
