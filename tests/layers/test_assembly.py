"""Zones out of lines and texts: each area once, every joined gap told, nothing made up."""

from __future__ import annotations

import random

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis import shipped, sources
from ntm_gis.layers import assembly
from ntm_gis.layers.gather import gather as gather_all
from ntm_gis.rules import commune as communes

X, Y = 571_000.0, 2_455_000.0


def lines(*pieces):
    return [shapely.LineString([(X + x, Y + y) for x, y in piece]) for piece in pieces]


def point(x, y):
    return shapely.Point(X + x, Y + y)


SQUARES = lines(
    [(0, 0), (200, 0), (200, 100), (0, 100), (0, 0)],
    [(100, 0), (100, 100)],
)


def drawing(raw, shapes, texts, cad=None, **options):
    """A drawing: lines, then texts with their places."""
    geometry = [*shapes, *(place for _, place in texts)]
    columns = {
        "Layer": cad or ["NET"] * len(geometry),
        "Text": [None] * len(shapes) + [said for said, _ in texts],
        "PaperSpace": options.pop("paper", [None] * len(geometry)),
    }
    return raw("plan_zones", columns, geometry, file="sources/qh.dxf", **options)


def test_two_areas_with_a_text_each(raw, gather, one):
    layers = gather(drawing(raw, SQUARES, [("ONT", point(50, 50)), ("LUC", point(150, 50))]))
    zones = layers["plan_zones"].used
    assert dict(zip(zones["land_use"], zones.geometry.area, strict=True)) == {
        "ONT": 10_000.0, "LUC": 10_000.0,
    }  # fmt: skip
    (account,) = [a for a in layers.accounts if a.file == "sources/qh.dxf"]
    assert (account.rows_in, account.used, account.set_aside) == (4, 2, 2)
    assert "2 khu" in one(layers, "DRAWING_ASSEMBLED").message.vi
    # A text's row leads back to the drawing.
    assert sorted(zones["@row"]) == [3, 4]


@pytest.mark.parametrize(
    ("gap_m", "joined", "told"), [(0.004, True, 0), (0.03, True, 1), (0.07, False, 0)]
)
def test_a_gap_is_joined_within_the_tolerance_and_told(raw, gather, codes, gap_m, joined, told):
    broken = lines([(0, 0), (200, 0), (200, 100), (0, 100), (0, 0)], [(100, 0), (100, 100 - gap_m)])
    layers = gather(drawing(raw, broken, [("ONT", point(50, 50)), ("LUC", point(150, 50))]))
    assert len(codes(layers, "DRAWING_GAP_CLOSED")) == told
    if joined:
        assert len(layers["plan_zones"].used) == 2
    else:
        assert "DRAWING_NOT_ASSEMBLED" in codes(layers)


def test_the_gap_says_its_centimetres_and_place(raw, gather, one):
    broken = lines([(0, 0.03), (0, 100), (200, 100), (200, 0), (0, 0)])
    gap = one(gather(drawing(raw, broken, [("ONT", point(50, 50))])), "DRAWING_GAP_CLOSED")
    assert "3,0 cm" in gap.message.vi
    assert gap.at is not None


def test_areas_that_nothing_or_two_things_name_stay_out(raw, gather, one):
    three = [*SQUARES, *lines([(200, 0), (300, 0), (300, 100), (200, 100)])]
    texts = [("ONT", point(50, 50)), ("LUC", point(150, 50)), ("CLN", point(160, 60))]
    layers = gather(drawing(raw, three, texts))
    assert layers["plan_zones"].used["land_use"].tolist() == ["ONT"]
    several = one(layers, "DRAWING_AREA_SEVERAL")
    assert "LUC, CLN" in several.message.vi
    assert "1,00 ha" in several.message.vi
    assert "1,00 ha" in one(layers, "DRAWING_AREA_SILENT").message.vi


@pytest.mark.parametrize(
    "said", ["ONT", "{\\fArial|b0;ONT}\\P0,35 ha", "ONT-01", "ONT 12", "Đất ở nông thôn"]
)
def test_a_land_use_is_read_out_of_what_draughtsmen_write(raw, gather, said):
    texts = [(said, point(50, 50)), ("Bản Nà Khoang", point(60, 60)), ("0,35", point(70, 70))]
    zones = gather(drawing(raw, SQUARES[:1], texts))["plan_zones"].used
    assert zones["land_use"].tolist() == ["ONT"]


def test_an_unknown_code_is_a_finding_like_in_any_file(raw, gather, codes):
    layers = gather(drawing(raw, SQUARES[:1], [("XYZ", point(50, 50))]))
    assert "CODE_UNKNOWN" in codes(layers)
    assert len(layers["plan_zones"].used) == 1


def test_a_table_of_cad_layers_names_areas_without_a_text(raw, gather):
    ring = lines([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    table = {"land_use": {"DAT_O_Langxom": "ONT"}}
    layers = gather(drawing(raw, ring, [], cad=["DAT_O_Langxom"], codes=table))
    assert layers["plan_zones"].used["land_use"].tolist() == ["ONT"]


def test_paper_and_far_objects_are_set_aside_and_named(raw, gather, one):
    far = lines([(900_000, 0), (900_100, 0), (900_100, 100), (900_000, 100), (900_000, 0)])
    shapes = [*SQUARES, *far, *lines([(0, 0), (50, 50)])]
    texts = [("ONT", point(50, 50)), ("LUC", point(150, 50))]
    paper = [None] * 3 + [1, None, None]
    cad = ["NET", "NET", "GHI-CHU", "KHUNG-TEN", "CHU", "CHU"]
    edge = raw("boundary", {"unit_code": ["1"], "name": ["x"]},
               [shapely.box(X - 5_000, Y - 5_000, X + 5_000, Y + 5_000)])  # fmt: skip
    layers = gather(drawing(raw, shapes, texts, cad=cad, paper=paper), edge)
    assert "KHUNG-TEN" in one(layers, "DRAWING_PAPER").message.vi
    assert "GHI-CHU" in one(layers, "DRAWING_FAR").message.vi
    assert len(layers["plan_zones"].used) == 2


def test_a_drawing_that_could_not_be_read_costs_the_others_nothing(raw, gather, codes):
    edge = raw("boundary", {"unit_code": ["1"], "name": ["x"]},
               [shapely.box(X - 5_000, Y - 5_000, X + 5_000, Y + 5_000)])  # fmt: skip
    layers = gather(raw("plan_zones", {}, [], file="sources/qh.dxf", refused=3), edge)
    assert len(layers["boundary"].used) == 1
    assert "DRAWING_ASSEMBLED" not in codes(layers)


def test_a_hole_is_its_own_area(raw, gather):
    inner = lines([(20, 20), (40, 20), (40, 40), (20, 40), (20, 20)])
    layers = gather(
        drawing(raw, [SQUARES[0], *inner], [("ONT", point(90, 90)), ("TSC", point(30, 30))])
    )
    zones = layers["plan_zones"].used
    areas = dict(zip(zones["land_use"], zones.geometry.area, strict=True))
    assert areas == {"ONT": 20_000.0 - 400.0, "TSC": 400.0}


@settings(max_examples=40, deadline=None)
@given(
    columns=st.integers(1, 6), rows=st.integers(1, 6), seed=st.integers(0, 10_000),
    cut=st.floats(0.0, 0.04),
)  # fmt: skip
def test_a_grid_in_broken_shuffled_pieces_comes_back(columns, rows, seed, cut):
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    pieces = [
        [(i * 50, j * 50 + cut), (i * 50, j * 50 + 50)]
        for i in range(columns + 1)
        for j in range(rows)
    ]
    pieces += [
        [(i * 50, j * 50), (i * 50 + 50, j * 50)] for j in range(rows + 1) for i in range(columns)
    ]
    pieces = [piece[:: rng.choice((1, -1))] for piece in pieces]
    rng.shuffle(pieces)
    found = assembly.faces(np.array(lines(*pieces), dtype=object), 0.05)
    assert len(found.areas) == columns * rows
    assert np.allclose(shapely.area(found.areas), 2500.0, atol=5.0)
    total = shapely.area(shapely.union_all(found.areas))
    assert total == pytest.approx(2500.0 * columns * rows, rel=1e-6)
    again = assembly.faces(np.array(lines(*pieces[::-1]), dtype=object), 0.05)
    assert shapely.equals_exact(
        shapely.normalize(found.areas), shapely.normalize(again.areas), 1e-3
    ).all()


def test_the_sample_drawing_gives_its_106_zones():
    folder = shipped.path("data", "sample")
    commune = communes.read(folder)
    wanted = frozenset({"boundary", "plans", "plan_zones"})
    inputs = sources.read(folder, commune, only=wanted)
    layers = gather_all(inputs.raws, inputs.grids, commune, inputs.findings)
    zones = layers["plan_zones"].used
    drawn = zones[zones["plan_id"] == "P2"]
    assert len(drawn) == 106
    plans = layers["plans"].used
    (extent,) = plans.geometry[plans["plan_id"] == "P2"]
    assert drawn.geometry.area.sum() == pytest.approx(extent.area, abs=5.0)
    overlay = gpd.overlay(
        drawn[["zone_id", "geometry"]], drawn[["zone_id", "geometry"]], keep_geom_type=True
    )
    twice = overlay[overlay["zone_id_1"] < overlay["zone_id_2"]]
    assert twice.geometry.area.sum() < 1.0
