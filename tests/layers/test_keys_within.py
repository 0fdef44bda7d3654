"""Zones that each plan numbers from 1: told apart by their plan, none set aside."""

from __future__ import annotations

import shapely


def zone(k):
    return shapely.box(571_000 + 100 * k, 2_455_000, 571_100 + 100 * k, 2_455_100)


def zones(raw, plan, numbers, first, file):
    shapes = [zone(first + k) for k in range(len(numbers))]
    return raw(
        "plan_zones", {"zone_id": numbers, "land_use": ["ONT"] * len(numbers)}, shapes,
        file=file, values={"plan_id": plan},
    )  # fmt: skip


def test_numbers_of_two_plans_are_told_apart(raw, gather, one):
    layers = gather(
        zones(raw, "P1", ["1", "2", "9"], 0, "sources/a.gpkg"),
        zones(raw, "P2", ["1", "2", "3"], 10, "sources/b.gpkg"),
    )
    used = layers["plan_zones"].used
    assert sorted(used["zone_id"]) == ["3", "9", "P1/1", "P1/2", "P2/1", "P2/2"]
    notes = [f for f in layers.findings if f.code == "KEYS_WITHIN"]
    assert [(f.file, f.severity) for f in notes] == [
        ("sources/a.gpkg", "note"), ("sources/b.gpkg", "note"),
    ]  # fmt: skip
    assert "2 dòng" in notes[0].message.vi


def test_a_number_twice_in_one_plan_is_still_a_double(raw, gather, codes):
    layers = gather(zones(raw, "P1", ["1", "1"], 0, "sources/a.gpkg"))
    assert "DUPLICATE_KEY" in codes(layers)
    assert layers["plan_zones"].used.empty
