"""What a finding is said to touch, against mending the row and looking what moved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import build as b
import pytest

from ntm_gis import analyses
from ntm_gis.analyses.affects import filled
from ntm_gis.layers.values import Layers
from ntm_gis.results import Finding, Measure, Severity, Words

Rows = dict[str, list[dict[str, Any]]]


def commune() -> Rows:
    """A commune in which something is blank in every layer, and something is not."""
    return {
        "villages": [
            {"village_id": "A", "name": "Nà A", "households": 60, "population": 300,
             "poor_households": 6, "cultural_standard": True, "geometry": b.at(0, 0)},
            {"village_id": "B", "name": "Nậm B", "geometry": b.at(6000, 0)},
            {"village_id": "C", "name": "Hua C", "households": 40, "population": 160,
             "poor_households": 3, "cultural_standard": False, "geometry": b.at(12_000, 0)},
        ],
        "roads": [
            {"road_id": "D1", "road_class": "commune", "surface": "earth",
             "geometry": b.line((0, 0), (900, 0))},
            {"road_id": "D2", "road_class": "village", "geometry": b.line((500, 0), (1500, 0))},
            {"road_id": "D3", "surface": "gravel", "geometry": b.line((0, 500), (700, 500))},
            {"road_id": "D4", "road_class": "lane", "surface": "concrete"},
            {"road_id": "D5", "road_class": "field", "surface": "concrete",
             "geometry": b.line((0, 900), (700, 900)), "declared_length_m": 700.0},
            {"road_id": "D6", "road_class": "field", "surface": "earth",
             "geometry": b.line((0, 1900), (700, 1900))},
        ],
        "irrigation": [
            {"irrigation_id": "K1", "kind": "canal", "geometry": b.line((0, 90), (900, 90))},
            {"irrigation_id": "K2", "kind": "weir"},
            {"irrigation_id": "K3", "kind": "canal", "condition": "good"},
        ],
        "farmland": [
            {"parcel_id": "P1", "irrigation_id": "K1", "geometry": b.box(0, 0, 100, 100)},
            {"parcel_id": "P2", "geometry": b.box(200, 0, 300, 100)},
            {"parcel_id": "P3", "irrigation_id": "none", "geometry": b.box(400, 0, 900, 100)},
        ],
        "schools": [
            {"campus_id": "C1", "school_id": "S1", "status": "in_use", "facility_level": "1"},
            {"campus_id": "C2", "school_id": "S2", "status": "in_use"},
            {"campus_id": "C3", "school_id": "S3", "status": "disused"},
        ],
        "cultural_houses": [
            {"house_id": "H1", "village_id": "A", "status": "in_use", "floor_m2": 150.0},
        ],
        "loudspeakers": [
            {"cluster_id": "L1", "village_id": "A", "status": "working", "geometry": b.at(0, 0)},
            {"cluster_id": "L2", "village_id": "B", "radius_m": 300.0, "geometry": b.at(6000, 0)},
        ],
        "tea_areas": [
            {"plot_id": "T1", "declared_ha": 1.0, "geometry": b.box(0, 0, 100, 100)},
            {"plot_id": "T2", "stage": "harvest", "geometry": b.box(300, 0, 400, 100)},
        ],
        "crop_areas": [{"plot_id": "N1", "geometry": b.box(0, 0, 100, 100), "declared_ha": 1.0}],
        "funds": [
            {"fund_id": "V1", "name": "V1", "million_vnd": 5.0},
            {"fund_id": "V2", "name": "V2", "parent_id": "V1"},
        ],
        "payments": [
            {"payment_id": "G1", "fund_id": "V2", "million_vnd": 1.0},
            {"payment_id": "G2", "fund_id": "V1", "paid_on": "2026-05-05"},
        ],
    }  # fmt: skip


MENDED: Sequence[tuple[str, str, str, Sequence[Any]]] = (
    ("villages", "B", "households", (5, 500)),
    ("villages", "B", "population", (5, 500)),
    ("villages", "B", "poor_households", (0, 3)),
    ("villages", "B", "cultural_standard", (True, False)),
    (
        "roads",
        "D2",
        "surface",
        ("concrete", "gravel", "earth", "asphalt", "bitumen", "macadam", "block"),
    ),
    (
        "roads",
        "D3",
        "road_class",
        ("national", "provincial", "commune", "village", "lane", "field"),
    ),
    ("roads", "D4", "declared_length_m", (10.0, 5000.0)),
    ("roads", "D5", "declared_length_m", (10.0, 5000.0)),
    ("roads", "D1", "width_m", (3.0, 4.0)),
    ("irrigation", "K1", "condition", ("good", "repair", "broken")),
    ("irrigation", "K2", "condition", ("good", "repair", "broken")),
    ("irrigation", "K3", "declared_length_m", (10.0, 500.0)),
    ("farmland", "P2", "irrigation_id", ("K1", "K3", "none")),
    ("schools", "C2", "facility_level", ("0", "1")),
    ("schools", "C3", "facility_level", ("0", "1")),
    ("cultural_houses", "H1", "seats", (10, 90)),
    ("loudspeakers", "L1", "radius_m", (20.0, 5000.0)),
    ("loudspeakers", "L2", "status", ("working", "broken")),
    ("tea_areas", "T1", "stage", ("harvest", "neglected")),
    ("tea_areas", "T2", "declared_ha", (1.0, 7.0)),
    ("crop_areas", "N1", "crop", ("rice", "fruit", "other", "ginseng", "macadamia")),
    ("funds", "V2", "million_vnd", (1.0, 9.0)),
    ("payments", "G1", "paid_on", ("2025-01-01", "2026-01-01")),
    ("payments", "G2", "million_vnd", (1.0, 9.0)),
)


def made(rows: Mapping[str, Any]) -> Layers:
    return b.layers(**rows)


def moved(before: Measure, after: Measure) -> bool:
    """Whether a figure or one of its ends is another."""
    pairs = ((before.value, after.value), (before.low, after.low), (before.high, after.high))
    return any(
        (one is None) != (other is None)
        or (one is not None and other is not None and not math.isclose(one, other, abs_tol=1e-9))
        for one, other in pairs
    )


@pytest.mark.parametrize(
    ("layer", "feature", "field", "values"), MENDED, ids=[".".join(m[:3]) for m in MENDED]
)
def test_a_finding_touches_what_moves_when_the_row_is_mended(
    layer: str, feature: str, field: str, values: Sequence[Any]
) -> None:
    key = {"villages": "village_id"}.get(layer) or next(iter(commune()[layer][0]))
    layers = made(commune())
    before = analyses.answer(layers)
    figures = b.by_id(before)
    expected = set()
    for value in values:
        rows = commune()
        next(row for row in rows[layer] if row[key] == feature)[field] = value
        after = b.by_id(analyses.answer(made(rows)))
        expected |= {name for name in figures if moved(figures[name], after[name])}
    probe = Finding("X", Severity.WARNING, Words("", ""), layer=layer, feature=feature, field=field)
    (told,) = filled([probe], before.measures, analyses.reads(), layers, before.together)
    assert set(told.affects) == expected
    for found in before.findings:
        if (found.layer, found.feature, found.field) == (layer, feature, field):
            assert set(found.affects) == expected, found.code
