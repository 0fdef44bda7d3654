"""CAD drawings as they are read: colours, other units than metres, origins of their own."""

from __future__ import annotations

import commune_kit as kit
import drawings_kit as draw
import pytest
import shapely

from ntm_gis.results import Severity
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.consultants import color_of
from ntm_gis.sources.readers import vector

X, Y = 571_000.0, 2_455_000.0


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def colors(folder, objects, layers):
    path = draw.write(folder / "sources/qh.dxf", objects, layers)
    (table,) = vector.read(path, {"kind": "dxf"})
    (column,) = [column for column in table.columns if column.name == vector.COLOR]
    return column.cells


def test_colours_are_of_the_object_else_of_its_layer(folder):
    layers = {"A": (1, None), "B": (3, 0xFFFC82)}
    line = {"kind": "line", "xy": draw.square(X, Y)}
    objects = [
        {**line, "layer": "A"}, {**line, "layer": "A", "color": 30},
        {**line, "layer": "A", "color": 30, "true": 0x123456}, {**line, "layer": "B"},
        {**line, "layer": "B", "kind": "fill", "color": 5},
        {"kind": "text", "layer": "A", "xy": [(X, Y)], "text": 'x",c:#abcdef,"'},
    ]  # fmt: skip
    wanted = ["#ff0000", "#ff7f00", "#123456", "#fffc82", "#0000ff", "#ff0000"]
    assert colors(folder, objects, layers) == wanted


def test_the_palette_is_gdal_s(folder):
    line = {"kind": "line", "layer": "A", "xy": draw.square(X, Y)}
    objects = [{**line, "color": index} for index in range(1, 256)]
    assert colors(folder, objects, {"A": (1, None)}) == [color_of(k) for k in range(1, 256)]


def drawing(folder, scale=1.0, east=0.0, north=0.0):
    """Squares all over the commune, in some unit and from some origin."""
    objects = [
        {"kind": "line", "layer": "A",
         "xy": [((x + east) * scale, (y + north) * scale) for x, y in draw.square(*place, 50.0)]}
        for place in kit.INSIDE
    ]  # fmt: skip
    draw.write(folder / "sources/qh.dxf", objects, {"A": (7, None)})
    return SourceEntry(layer="plan_zones", file="sources/qh.dxf")


def one(raw):
    assert raw.frame.geometry.isna().all()
    (finding,) = raw.findings
    assert finding.severity is Severity.BLOCK
    return finding


@pytest.mark.parametrize("crs", [None, kit.ZONE])
@pytest.mark.parametrize(("unit", "scale"), [("mm", 1000.0), ("cm", 100.0), ("km", 0.001)])
def test_another_unit_is_asked_about_and_taken_when_said(folder, crs, unit, scale):
    entry = drawing(folder, scale).model_copy(update={"crs": crs})
    finding = one(kit.read_one(folder, entry))
    assert finding.code == "DRAWING_UNITS"
    assert f"theo {unit} " in finding.message.vi
    assert "103°00'" in finding.message.vi
    assert f'unit = "{unit}"' in finding.repair.vi
    said = kit.read_one(folder, entry.model_copy(update={"unit": unit, "crs": kit.ZONE}))
    assert not said.findings
    wanted = shapely.linestrings([[*draw.square(*p, 50.0), p] for p in kit.INSIDE])
    assert shapely.equals_exact(said.frame.geometry.to_numpy(), wanted, 1e-3).all()


@pytest.mark.parametrize("crs", [None, kit.ZONE])
def test_an_origin_of_its_own_is_asked_about_and_taken_when_said(folder, crs):
    entry = drawing(folder, 1.0, -kit.INSIDE[0][0], -kit.INSIDE[0][1])
    entry = entry.model_copy(update={"crs": crs})
    finding = one(kit.read_one(folder, entry))
    assert finding.code == "DRAWING_LOCAL"
    assert "origin = [" in finding.repair.vi
    told = {"origin": kit.INSIDE[0], "crs": kit.ZONE}
    said = kit.read_one(folder, entry.model_copy(update=told))
    assert not said.findings
    assert said.frame.geometry.iloc[-1].coords[0] == pytest.approx(kit.INSIDE[-1])


def test_metres_of_a_system_are_asked_about_as_ever(folder):
    assert one(kit.read_one(folder, drawing(folder))).code == "CRS_NOT_SAID"
