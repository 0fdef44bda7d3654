"""What people gave: sums by work and village, units, and no names of households anywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses.contributions import analysis as contributions
from ntm_gis.analyses.contributions.gifts import QUANTITIES, Said
from ntm_gis.analyses.contributions.gifts import given as given_by
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import Answer

WORK = {"work_id": "CT01", "road_id": "D05", "planned_length_m": 2000.0, "name": "Đường Hô Tra"}
HOUSE = {"work_id": "CT03", "name": "Nhà văn hóa"}
VILLAGES = [{"village_id": "A", "name": "Hô Tra"}, {"village_id": "B", "name": "Bản Nà An"}]


def gift(
    key: str,
    kind: str | None,
    quantity: float | None,
    unit: str | None = None,
    value: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    row = {"contribution_id": key, "work_id": "CT01", "village_id": "A", "kind": kind,
           "quantity": quantity, "unit": unit, "value_million_vnd": value,
           "given_on": "2025-06-01"}  # fmt: skip
    return {**row, **more}


def answered(*rows: dict[str, Any], **more: Any) -> Answer:
    given = {"contributions": list(rows), "road_works": [WORK], "works": [HOUSE],
             "villages": VILLAGES, **more}  # fmt: skip
    found = contributions.answer(Question(b.layers(**given)))
    b.check_evidence(found)
    return found


def bounds(found: Answer, what: str) -> tuple[float | None, ...]:
    measure = b.by_id(found)[f"contributions.{what}"]
    return measure.value, measure.low, measure.high


def sure(x: float) -> tuple[float, ...]:
    return (x, x, x)


def test_sums_by_work_village_and_kilometre() -> None:
    found = answered(
        gift("1", "land", 4200, "m²", 42), gift("2", "land", 0.61, "ha", 61, village_id="B"),
        gift("3", "labour", 310, "công", 62), gift("4", "cash", None, None, 25),
        gift("5", "in_kind", 18, "m³ gỗ", 36, work_id="CT03"),
    )  # fmt: skip
    assert bounds(found, "land_m2") == bounds(found, "work.CT01.land_m2") == sure(10_300)
    assert bounds(found, "work.CT01.land_m2_per_km") == sure(5150)
    assert bounds(found, "work.CT01.labour_days_per_km") == sure(155)
    assert bounds(found, "work.CT01.value_million") == sure(190)
    assert bounds(found, "work.CT03.in_kind_million") == sure(36)
    assert bounds(found, "value_million") == sure(226)
    assert bounds(found, "village.A.land_m2") == sure(4200)
    assert bounds(found, "village.B.land_m2") == sure(6100)
    # Only road works are so many to a kilometre.
    assert not any("CT03" in m.id and m.id.endswith("_per_km") for m in found.measures)
    titles = {m.id: m.title.vi for m in found.measures}
    assert titles["contributions.village.A.land_m2"] == "Đất hiến: bản Hô Tra"
    assert titles["contributions.village.B.land_m2"] == "Đất hiến: Bản Nà An"


@pytest.mark.parametrize(
    ("said", "quantity", "expected"),
    [
        (Said("land", 2.0, "ha", None), "land_m2", 20_000.0),
        (Said("land", 2.0, "mét vuông", None), "land_m2", 2.0),
        (Said("land", 2.0, "sào", None), "land_m2", None),
        (Said("land", 2.0, None, None), "land_m2", None),
        (Said("land", 2.0, "công", None), "land_m2", None),
        (Said("land", None, "m2", None), "land_m2", None),
        (Said("labour", 9.0, None, None), "labour_days", 9.0),
        (Said("labour", 9.0, "ngày công", None), "labour_days", 9.0),
        (Said("labour", 9.0, "Ngày", None), "labour_days", 9.0),
        (Said("labour", 9.0, "người", None), "labour_days", None),
        (Said("cash", 5_000_000.0, "đồng", None), "cash_million", 5.0),
        (Said("cash", 5.0, "triệu đồng", None), "cash_million", 5.0),
        (Said("cash", 500.0, "nghìn đồng", None), "cash_million", 0.5),
        (Said("cash", 5.0, None, None), "cash_million", None),
        (Said("cash", 9.0, "bao", 4.0), "cash_million", 4.0),
        (Said("in_kind", 18.0, "m³", 36.0), "in_kind_million", 36.0),
        (Said("in_kind", 18.0, "m³", None), "in_kind_million", None),
        (Said(None, 18.0, "m²", 3.0), "land_m2", None),
        (Said(None, 18.0, "m²", 3.0), "value_million", 3.0),
    ],
)
def test_amounts(said: Said, quantity: str, expected: float | None) -> None:
    found = given_by(said)
    assert quantity in found
    assert found[quantity] == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("row", "codes", "words"),
    [
        (gift("1", "land", 3, "sào"), ["CONTRIBUTION_UNIT"], "'sào'"),
        (gift("1", "land", 3), ["CONTRIBUTION_UNIT_MISSING"], "đơn vị"),
        (gift("1", "land", 3, "ha"), ["CONTRIBUTION_CONVERTED"], "30.000 m²"),
        (gift("1", "cash", 3, "triệu đồng", 4), ["CONTRIBUTION_CASH_DIFFERS"], "3 triệu"),
        (gift("1", "cash", 3, "triệu đồng", 3), [], ""),
        (gift("1", "cash", 3, "bao", 3), [], ""),
        (gift("1", "in_kind", 3, "bao", 3), [], ""),
        (gift("1", "labour", 3, "công", given_on="2026-01-01"), ["CONTRIBUTION_LATER"], "01/01/2026"),
    ],
    ids=["a unit that differs by region", "no unit", "hectares", "two amounts of cash",
         "one amount twice", "cash by its value", "goods have any unit", "later"],
)  # fmt: skip
def test_units_are_turned_and_told(row: dict[str, Any], codes: list[str], words: str) -> None:
    found = answered(row)
    assert b.codes(found) == codes
    for finding in found.findings:
        assert (finding.row, finding.layer) == (1, "contributions")
        assert words in finding.message.vi
        assert "contributions.value_million" in finding.affects


@pytest.mark.parametrize(
    ("row", "of_work", "of_village"),
    [
        (gift("1", "labour", 9, given_on=None), (None, 0.0, 9.0), (None, 0.0, 9.0)),
        (gift("1", "labour", None), (None, 0.0, None), (None, 0.0, None)),
        (gift("1", "labour", 9, given_on="2026-01-01"), sure(0), sure(0)),
    ],
    ids=["no day", "no amount", "later"],
)
def test_what_is_blank_widens_the_bounds(
    row: dict[str, Any], of_work: tuple[float, ...], of_village: tuple[float, ...]
) -> None:
    found = answered(row)
    assert bounds(found, "work.CT01.labour_days") == of_work
    assert bounds(found, "village.A.labour_days") == of_village


def test_a_row_of_no_known_work_may_be_of_any_and_a_blank_village_is_none() -> None:
    found = answered(
        gift("1", "labour", 10), gift("2", "labour", 5, work_id=None, village_id=None),
        gift("3", "labour", 7, work_id="CT99", village_id="Z"),
    )  # fmt: skip
    assert bounds(found, "labour_days") == sure(22)
    assert bounds(found, "work.CT01.labour_days") == (10, 10, 22)
    assert bounds(found, "work.CT01.labour_days_per_km") == (5, 5, 11)
    assert bounds(found, "village.A.labour_days") == (10, 10, 17)


def test_without_the_layer_the_sums_are_there_and_not_known() -> None:
    found = contributions.answer(Question(b.layers()))
    assert {m.id for m in found.measures} == {f"contributions.{q}" for q in QUANTITIES}
    assert all(m.value is None for m in found.measures)


def test_households_and_parcels_are_nowhere() -> None:
    row = gift("DG03", "land", 3, "sào", household="Giàng A Mẫu", parcel="Thửa 12 tờ 45")
    found = answered(row)
    said = repr(found)
    assert "Giàng" not in said
    assert "Thửa" not in said
    assert not found.frames


def test_the_day_of_the_figures_decides() -> None:
    early = b.commune(as_of=dt.date(2025, 5, 31))
    layers = b.layers(early, contributions=[gift("1", "labour", 9)], road_works=[WORK])
    found = contributions.answer(Question(layers))
    assert bounds(found, "labour_days") == sure(0)


rows = st.lists(
    st.tuples(st.sampled_from(["land", "labour"]), st.integers(0, 9999),
              st.sampled_from(["CT01", "CT03"]), st.sampled_from(["A", "B"])),
    min_size=1, max_size=12,
)  # fmt: skip


@given(rows)
def test_works_and_villages_each_add_up_to_the_whole(
    given: list[tuple[str, int, str, str]],
) -> None:
    units = {"land": "m²", "labour": "công"}
    found = answered(*(
        gift(f"{k}", kind, n, units[kind], 1, work_id=work, village_id=village)
        for k, (kind, n, work, village) in enumerate(given)
    ))  # fmt: skip
    for quantity in ("land_m2", "labour_days", "value_million"):
        whole = bounds(found, quantity)[0]
        for scope in ("work", "village"):
            parts = [m.value or 0 for m in found.measures
                     if m.id.startswith(f"contributions.{scope}.") and m.id.endswith(f".{quantity}")]  # fmt: skip
            assert sum(parts) == pytest.approx(whole)
