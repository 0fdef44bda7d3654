"""`fill`: figures come in the unit of the form, and only where they measure what it asks."""

from __future__ import annotations

import pytest

from ntm_gis import filling
from ntm_gis.filling_units import fit
from ntm_gis.outputs.report import mapping
from tests.filling_kit import (
    ROADS,
    SHEET,
    codes,
    commune,
    form,
    loaded,
    more,
    put,
)

__all__ = ["commune", "more"]


# --- units ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heads", "tie", "wanted"),
    [
        ({"C3": "Kế hoạch năm (nghìn đồng)"}, "C7=fund.A", 1304 * 1000),
        ({"C3": "Kế hoạch năm (tỷ đồng)"}, "C7=fund.A", 1304 / 1000),
        ({"C3": "Kế hoạch năm (Tr.đ)"}, "C7=fund.A", 1304),
        ({"C3": "Kế hoạch năm (đồng)"}, "C7=fund.A", 1304 * 10**6),
        ({"A2": "Đơn vị tính: nghìn đồng"}, "C7=fund.A", 1304 * 1000),
        ({"D4": "Chiều dài (m)"}, f"D7={ROADS}", 40.29 * 1000),
        ({"D4": "Chiều dài (km)"}, f"D7={ROADS}", 40.29),
        # What the sheet says once binds only what it can measure.
        ({"A2": "ĐVT: Triệu đồng"}, f"D7={ROADS}", 40.29),
        # The row's own column of units.
        ({"C3": "ĐVT", "C7": "m"}, f"D7={ROADS}", 40.29 * 1000),
        ({"C3": "Kế hoạch (năm)"}, "C7=fund.A", 1304),
    ],
)
def test_figures_come_in_the_unit_of_the_form(more, heads, tie, wanted):
    folder, path = more
    put(path, **heads)
    done = filling.fill(folder, path, ties=[tie])
    at = tie.partition("=")[0]
    assert loaded(done.path)[at].value == pytest.approx(wanted, rel=1e-12)
    changed = wanted not in (1304, 40.29)
    assert ("FILL_UNIT_CHANGED" in codes(done)) is changed


@pytest.mark.parametrize(
    ("heads", "tie"),
    [
        ({"C3": "Diện tích (ha)"}, "C7=fund.A"),
        ({"C3": "ĐVT", "C7": "hộ"}, "D7=villages.poor_share"),
        # Two units of money that contradict each other.
        ({"B7": "Ngân sách trung ương (triệu đồng)", "D4": "Vốn (nghìn đồng)"}, "D7=fund.A"),
    ],
)
def test_a_figure_of_another_kind_is_never_filled_in(more, heads, tie):
    folder, path = more
    put(path, **heads)
    done = filling.fill(folder, path, ties=[tie])
    assert done.filled == 0
    assert "FILL_UNIT_OTHER" in codes(done)


def test_a_factor_that_a_person_wrote_is_followed(more):
    folder, path = more
    put(path, C3="Kế hoạch năm (nghìn đồng)")
    done = filling.fill(folder, path, ties=["C7=fund.A"])
    made = mapping.read(done.ties)
    (tie,) = made.cells
    changed = made.model_copy(update={"cells": (tie.model_copy(update={"factor": 2.0}),)})
    done.ties.write_bytes(mapping.written(changed))
    assert loaded(filling.fill(folder, path).path)["C7"].value == 2608.0


def test_a_cell_in_per_cent_takes_a_fraction_wherever_it_stands(more):
    folder, path = more

    def change(book):
        for at in ("D9", "H30"):
            book[SHEET][at].number_format = "0.0%"

    path.write_bytes(form(change))
    ties = [f"{at}=villages.poor_share" for at in ("D9", "H30", "C9")]
    sheet = loaded(filling.fill(folder, path, ties=ties).path)
    assert [sheet[at].value for at in ("D9", "H30", "C9")] == [0.575, 0.575, 57.5]


def test_nothing_is_proposed_under_a_head_of_another_unit(more):
    folder, path = more
    put(path, B9="Chiều dài đường thôn, bản", C3="ĐVT", D4="Kinh phí (triệu đồng)", C9="km",
        E4="Kết quả")  # fmt: skip
    made = mapping.read(filling.fill(folder, path).ties)
    assert [(p.at, p.measure) for p in made.proposals if p.measure == ROADS] == [("E9", ROADS)]


def test_units_are_those_of_the_list_alone():
    assert fit("villages", ["ha"]).factor == 1.0
    assert fit("labour days", ["workdays"]).factor == 1.0
    assert fit("m²", ["ha"]).factor == pytest.approx(1e-4)
