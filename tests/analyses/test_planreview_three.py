"""Three former communes in a row: the seam of a pair is theirs alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import mergers as m
import pytest
import reviews as r

from ntm_gis.rules.commune import Predecessor

GROUND = b.box(0, 0, 3000, 1000)
PARTS = {code: b.box(k * 1000, 0, (k + 1) * 1000, 1000)
         for k, code in enumerate(("03601", "03602", "03603"))}  # fmt: skip
COMMUNE = m.commune(*(
    Predecessor(id=f"F{n}", code=code, name=f"Xã {n}", valid_to=dt.date(2025, 6, 30))
    for n, code in enumerate(PARTS, 1)
))  # fmt: skip


def asked(*plans: dict[str, Any], **more: Any) -> Any:
    formers = [{"unit_code": c, "name": f"Tên {c}", "geometry": g} for c, g in PARTS.items()]
    return r.asked(
        commune=COMMUNE, boundary=b.ground(GROUND), former_communes=formers, plans=list(plans),
        **more,
    )  # fmt: skip


def plan(key: str, former: str, *box: float) -> dict[str, Any]:
    return r.plan(key, former, geometry=b.box(*box))


@pytest.mark.parametrize(
    ("west", "east", "rule"),
    [
        ((0, 0, 1010, 1000), ("F2", 1000, 0, 2000, 1000), "QH04"),
        # At the seam of the second and the third, a kilometre from their own.
        ((1950, 0, 2010, 1000), ("F2", 1000, 0, 2000, 1000), "QH05"),
        # The first and the third never touched.
        ((1990, 0, 2010, 1000), ("F3", 2000, 0, 3000, 1000), "QH05"),
    ],
    ids=["at their seam", "at the seam of others", "not neighbours"],
)
def test_an_overlap_is_at_the_seam_of_its_own_communes(
    west: tuple[float, ...], east: tuple[Any, ...], rule: str
) -> None:
    found = asked(plan("P1", "F1", *west), plan("P2", east[0], *east[1:]))
    other = {"QH04": "QH05", "QH05": "QH04"}[rule]
    assert len(r.rows(found, rule)) == 1
    assert not len(r.rows(found, other))


@pytest.mark.parametrize("former", ["03601", "Tên 03601", "Xã không rõ"])
def test_a_former_commune_is_known_by_code_or_name_and_else_every_seam_counts(former: str) -> None:
    found = asked(plan("P1", former, 1950, 0, 2010, 1000), plan("P2", "F2", 1000, 0, 2000, 1000))
    assert len(r.rows(found, "QH04")) == (1 if former == "Xã không rõ" else 0)
    assert len(r.rows(found, "QH05")) == (0 if former == "Xã không rõ" else 1)


def test_a_strip_past_a_corner_of_two_neighbours_is_told_once() -> None:
    # 40 m beyond the west edge, and a centimetre of the same piece beyond the north.
    wide = b.box(-40, 0, 1000, 1000).union(b.box(-40, 1000, 1000, 1000.01))
    neighbours = [
        {"unit_code": "1", "name": "Tây", "geometry": b.box(-500, -500, 0, 1000)},
        {"unit_code": "2", "name": "Bắc", "geometry": b.box(-500, 1000, 3000, 1500)},
    ]
    found = asked(r.plan("P1", "F1", geometry=wide), neighbours=neighbours)
    assert r.subjects(found, "QH02") == ["P1>Tây"]
    assert r.m2(found, "QH02") == pytest.approx([40_000 + 10.4], abs=0.01)


def test_a_road_gap_names_both_roads() -> None:
    roads = [
        {"road_id": "D1", "road_class": "commune", "geometry": b.line((0, 500), (990, 500))},
        {"road_id": "D2", "road_class": "commune", "geometry": b.line((1015, 500), (1900, 500))},
    ]
    (said,) = r.words(asked(plan("P1", "F1", 0, 0, 1000, 1000), roads=roads), "QH14")
    assert "D1" in said
    assert "D2" in said
    assert "25 m" in said


def test_a_parent_plan_that_the_register_lacks_is_told() -> None:
    plans = [plan("P1", "F1", 0, 0, 1000, 1000) | {"parent_plan_id": "P9"},
             plan("P2", "F2", 1000, 0, 2000, 1000) | {"parent_plan_id": "P1"}]  # fmt: skip
    found = asked(*plans)
    assert r.subjects(found, "QH39") == ["P1>P9"]
    assert "'P9'" in r.words(found, "QH39")[0]
