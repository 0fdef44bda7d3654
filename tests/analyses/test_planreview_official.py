"""Published totals against outlines and villages: told where they differ, in numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import mergers as m
import pytest
import reviews as r

HA = 200.0
"""Two squares of a kilometre, in the grid; on the ellipsoid within two parts in ten thousand."""


def total(figure: str, value: float, unit: str | None = None, **fields: Any) -> dict[str, Any]:
    return m.figure(figure, unit, value=value) | {"document": "12/BC-UBND"} | fields


def villages(*people: float | None) -> list[dict[str, Any]]:
    return [
        {"village_id": f"B{n}", "name": f"Bản {n}", "former_commune": "F1", "population": p}
        for n, p in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (HA, []),
        (HA * 1.004, []),
        (HA * 1.006, ["commune/official"]),
        (HA / 2, ["commune/official"]),
    ],
)
def test_the_published_area_is_held_against_the_boundary(stated: float, found: list[str]) -> None:
    answer = r.asked(figures=[total("area_ha", stated)])
    assert [s for s in r.subjects(answer, "QH30") if "official" in s] == found


def test_the_published_area_of_a_former_commune_is_held_against_its_outline() -> None:
    answer = r.asked(figures=[total("area_ha", 90.0, "F1"), total("area_ha", 100.0, "F2")])
    assert [s for s in r.subjects(answer, "QH30") if "official" in s] == ["03601/official"]
    (row,) = [w for w in r.words(answer, "QH30") if "số công bố" in w]
    assert "12/BC-UBND" in row
    assert "90,00 ha" in row
    assert "lệch 11," in row


def test_the_latest_total_counts_and_two_that_differ_are_none() -> None:
    old = total("area_ha", 50.0, as_of=dt.date(2020, 1, 1))
    assert not [
        s for s in r.subjects(r.asked(figures=[old, total("area_ha", HA)]), "QH30") if "/o" in s
    ]
    both = r.asked(figures=[total("area_ha", HA), total("area_ha", 50.0)])
    assert not [s for s in r.subjects(both, "QH30") if "official" in s]
    later = total("area_ha", 50.0, as_of=dt.date(2030, 1, 1))
    assert not [s for s in r.subjects(r.asked(figures=[later]), "QH30") if "official" in s]


@pytest.mark.parametrize(
    ("people", "found"),
    [((500.0, 500.0), []), ((500.0, 505.0), []), ((500.0, 515.0), ["commune/official"]),
     ((500.0, None), [])],
    ids=["the same", "within a per cent", "too many", "not known"],
)  # fmt: skip
def test_the_published_population_is_held_against_the_villages(
    people: tuple[float | None, ...], found: list[str]
) -> None:
    answer = r.asked(figures=[total("population", 1000.0)], villages=villages(*people))
    assert [s for s in r.subjects(answer, "QH31") if "official" in s] == found
    if found:
        assert any("1.015 người" in w and "1.000 người" in w for w in r.words(answer, "QH31"))


def test_a_plan_in_force_that_nobody_drew_is_told() -> None:
    plans = [r.plan("P1"), r.plan("P2", "F2"), r.plan("P3", None, kind="general", geometry=None)]
    answer = r.asked(plans=plans)
    assert "undrawn" in r.subjects(answer, "QH30")
    (said,) = [w for w in r.words(answer, "QH30") if "chưa có bản vẽ" in w]
    assert said.rstrip(".").endswith("P3")
    assert "undrawn" not in r.subjects(r.asked(), "QH30")
    ended = [*plans[:2], plans[2] | {"valid_to": dt.date(2020, 1, 1)}]
    assert "undrawn" not in r.subjects(r.asked(plans=ended), "QH30")
