"""Coordinates as slips of the hand leave them: nothing fails, nothing warns, places are places."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import shapely

from ntm_gis import analyses

X, Y = 571_000.0, 2_455_000.0
NEAR = (0.0, 0.001, 30.0, 1000.0, 4000.0)
WILD = (math.nan, math.inf, -math.inf, 1e300, -1.7e308, 5e-324, 1e9, 18e6, -X, 60_000.0)


@pytest.mark.parametrize("seed", range(16))
def test_whatever_is_drawn_the_answer_holds(raw, gather, seed):
    chance = np.random.default_rng(seed)

    def points() -> list[tuple[float, float]]:
        def number() -> float:
            return float(chance.choice(WILD if chance.random() < 0.2 else NEAR))

        every = [(0.0, 0.0), *((number(), number()) for _ in range(chance.integers(2, 6)))]
        return [(X + x, Y + y) for x, y in every]

    def line() -> shapely.Geometry:
        return shapely.linestrings(points())

    def area() -> shapely.Geometry:
        ring = points()
        return shapely.polygons([*ring, ring[0]])

    with np.errstate(all="ignore"):
        raws = [
            raw("roads", {"MA": ["D1", "D2", "D3"], "CAP": ["ĐX", "ĐB", ""],
                          "KET_CAU": ["BTXM", "", "Đất"]}, [line(), line(), line()]),
            raw("tea_areas", {"Mã lô": ["T1"], "Giai đoạn": ["Kinh doanh"]}, [area()]),
            raw("farmland", {"MA_THUA": ["A", "B"], "LOAI_DAT": ["LUC"] * 2,
                             "MA_CT": ["Không", ""]}, [area(), area()]),
            raw("irrigation", {"MA_CT": ["K"], "LOAI": ["Kênh"], "TINH_TRANG": ["Tốt"]}, [line()]),
            raw("villages", {"MA_BAN": ["V"], "TEN_BAN": ["Nà An"], "SO_HO": [50]},
                [shapely.points(points()[1])]),
            raw("loudspeakers", {"Mã cụm": ["L"], "Bản": ["V"], "Tình trạng": ["Hoạt động"],
                                 "Bán kính": [400]}, [shapely.points(points()[1])]),
        ]  # fmt: skip
        if seed % 2:
            raws.append(raw("boundary", {"unit_code": ["03601"], "name": ["X"]}, [area()]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = analyses.answer(gather(*raws))
    assert not answer.failures
    for finding in answer.findings:
        if finding.at is not None:
            lon, lat = finding.at
            assert 90 < lon < 120
            assert 0 < lat < 35
