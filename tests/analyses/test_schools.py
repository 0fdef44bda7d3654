"""Schools of facility level 1: by hand and by enumeration of all that is unknown."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import build as b
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses import schools
from ntm_gis.analyses.schools import Campus, bounds
from ntm_gis.layers.values import SET_ASIDE, STATE, Answer

SHARE = "schools.facility_level_1_share"


def campus(id_: str, school: str | None, reached: str | None, **fields: Any) -> dict[str, Any]:
    return {
        "campus_id": id_, "school_id": school, "facility_level": reached, "status": "in_use",
        "level": "primary", "name": id_, **fields,
    }  # fmt: skip


def answered(*rows: dict[str, Any]) -> Answer:
    found = b.ask(schools, schools=rows)
    b.check_evidence(found)
    return found


def figures(*rows: dict[str, Any]) -> tuple[float | None, ...]:
    share = b.by_id(answered(*rows))[SHARE]
    return share.value, share.low, share.high


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("S", "1", "in_use")], (100, 100, 100)),
        ([("S", "2", "in_use"), ("S", "1", "in_use")], (100, 100, 100)),
        ([("S", "1", "in_use"), ("S", "0", "in_use")], (0, 0, 0)),
        ([("S", "1", "in_use"), ("S", "0", "disused")], (100, 100, 100)),
        ([("S", "1", "in_use"), ("S", None, "in_use")], (None, 0, 100)),
        ([("S", "0", "in_use"), ("S", None, "in_use")], (0, 0, 0)),
        ([("S", "1", "in_use"), ("S", "0", None)], (None, 0, 100)),
        ([("S", "1", "in_use"), ("S", "1", None)], (100, 100, 100)),
        ([("S", "1", "disused")], (None, 0, 100)),
        ([("S", "1", "in_use"), ("T", "0", None)], (100, 50, 100)),
        ([("S", "1", "in_use"), ("T", None, None)], (100, 50, 100)),
        ([("S", "1", "in_use"), (None, "0", "in_use")], (50, 0, 50)),
        ([("S", "1", "in_use"), (None, "1", "in_use")], (100, 100, 100)),
    ],
    ids=["level 1", "two campuses", "one below", "one below, disused", "one not recorded",
         "settled by the one below", "one below, perhaps disused", "perhaps disused, all the same",
         "no campus in use", "perhaps another school", "perhaps another, not recorded",
         "one below of no known school", "a good one of no known school"],
)  # fmt: skip
def test_by_hand(
    rows: list[tuple[str | None, str | None, str | None]], expected: tuple[float | None, ...]
) -> None:
    found = figures(*(campus(f"C{k}", s, v, status=u) for k, (s, v, u) in enumerate(rows)))
    assert found == pytest.approx(expected)


def test_schools_count_not_campuses() -> None:
    """Eight schools, four reached for certain, one not recorded: the sample's figures."""
    rows = [campus(f"C{k}{j}", f"S{k}", "1" if k < 4 else "0") for k in range(8) for j in range(3)]
    rows[-1]["facility_level"] = None
    rows[-2]["facility_level"] = rows[-3]["facility_level"] = "1"
    found = answered(*rows, {**campus("X", "S9", "1"), STATE: SET_ASIDE})
    share = b.by_id(found)[SHARE]
    assert (share.value, share.low, share.high) == pytest.approx((100 * 4 / 7, 50.0, 62.5))
    assert (share.numerator, share.denominator) == (4.0, 7.0)


def test_states_and_letters_to_draw() -> None:
    frame = answered(
        campus("A", "S", "1", level="kindergarten+primary"),
        campus("B", "S", "0", level="lower_secondary"),
        campus("C", "S", None),
        campus("D", "S", "1", status="disused"),
        campus("E", "S", "1", status=None, level=None),
    ).frames["schools"]
    assert frame["state"].tolist() == ["ok", "no", "unknown", "off", "unknown"]
    assert frame["letter"].tolist() == ["MT", "C", "T", "T", ""]


def test_without_schools_the_figure_is_there() -> None:
    (share,) = b.ask(schools).measures
    assert (share.value, share.low, share.high) == (None, 0.0, 100.0)
    assert "Trường" in share.notes[0].text.vi


KNOWN = st.sampled_from([True, False, None])


@settings(max_examples=settings.default.max_examples * 2)
@given(st.lists(st.tuples(st.sampled_from(["S", "T", None]), KNOWN, KNOWN), max_size=5))
def test_bounds_are_those_of_all_completions(
    rows: list[tuple[str | None, bool | None, bool | None]],
) -> None:
    """Three campuses at most without school; each may go to any school or one of its own."""
    free = sum(school is None for school, _, _ in rows)
    if free > 3:
        return
    schools_there = {s for s, _, _ in rows if s}
    own = [f"own{k}" for k in range(free)]
    both = [True, False]
    shares = []
    for way in itertools.product(
        *(
            itertools.product(
                [s] if s else [*schools_there, *own],
                both if u is None else [u],
                both if r is None else [r],
            )
            for s, u, r in rows
        )
    ):
        by_school = defaultdict(list)
        for school, in_use, reached in way:
            if in_use:
                by_school[school].append(reached)
        whole = len(by_school)
        shares += [100 * sum(map(all, by_school.values())) / whole] if whole else [0.0, 100.0]
    found = [Campus(f"C{k}", s, u, r) for k, (s, u, r) in enumerate(rows)]
    low, high, sharp = bounds(found)
    assert (low, high) == pytest.approx((min(shares), max(shares)))
    assert sharp


def test_many_campuses_without_school_are_bounded_quickly() -> None:
    found = [Campus(f"C{k}", f"S{k}", True, k % 3 > 0) for k in range(30)]
    found += [Campus(f"X{k}", None, True, [True, False, None][k % 3]) for k in range(9)]
    low, high, sharp = bounds(found)
    assert not sharp
    assert 0.0 <= low <= 100 * 20 / 30 <= high <= 100.0
    assert low == pytest.approx(100 * (20 - 6) / 30)
