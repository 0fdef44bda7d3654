"""Outlines of the country: drawn only where Hoàng Sa and Trường Sa are there, by place and name."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ntm_gis.layers import outlines
from ntm_gis.layers.check import check
from ntm_gis.layers.values import Origin, Raw
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.schema import schema

ZONE = "EPSG:9205"
REAL = os.environ.get("NTM_GIS_TEST_DATA")
needs_data = pytest.mark.skipif(not REAL, reason="NTM_GIS_TEST_DATA is not set")

HOANG_SA = shapely.box(111.5, 16.4, 111.7, 16.6)
TRUONG_SA = shapely.box(114.2, 10.3, 114.4, 10.5)


def mainland(south=8.5, north=23.4, step=0.5):
    """Provinces as strips from south to north."""
    return [
        (f"Tỉnh {i}", shapely.box(104.5, low, 106, low + step + 0.01))
        for i, low in enumerate(np.arange(south, north, step))
    ]


def frame(rows, crs=ZONE):
    names, shapes = zip(*rows, strict=True)
    found = gpd.GeoDataFrame({"name": list(names)}, geometry=list(shapes), crs="EPSG:4756")
    return found.to_crs(crs)


def reach(rows, provinces=None):
    found = frame(rows)
    shapes = found.geometry.to_numpy()
    return outlines.reach(shapes, list(found["name"]), provinces or [""] * len(found), ZONE)


WHOLE = [*mainland(), ("Hoàng Sa", HOANG_SA), ("Đặc khu Trường Sa", TRUONG_SA)]


def test_the_whole_country_may_be_drawn():
    found = reach(WHOLE)
    assert found.over_country
    assert found.whole
    assert found.national
    assert {k: len(v) for k, v in found.parts.items()} == {"hoang_sa": 1, "truong_sa": 1}


@pytest.mark.parametrize("key", ["hoang_sa", "truong_sa"])
def test_without_an_archipelago_it_may_not(key):
    left_out = {"hoang_sa": HOANG_SA, "truong_sa": TRUONG_SA}[key]
    found = reach([row for row in WHOLE if row[1] is not left_out])
    assert found.over_country
    assert found.whole
    assert found.lacking == (key,)
    assert not found.national


def test_a_name_alone_is_no_archipelago():
    """What bears the name but lies on the mainland, or off another coast, does not count."""
    elsewhere = [("Hoàng Sa", shapely.box(108.0, 16.0, 108.2, 16.2)),
                 ("Trường Sa", shapely.box(109.0, 12.2, 109.2, 12.4))]  # fmt: skip
    assert reach([*mainland(), *elsewhere]).lacking == ("hoang_sa", "truong_sa")


@pytest.mark.parametrize("other", ["Xisha", "Sansha", "Hải Nam"])
def test_islands_under_another_name_are_refused(other):
    found = reach([*mainland(), (other, HOANG_SA), ("Trường Sa", TRUONG_SA)])
    assert dict(found.misnamed) == {"hoang_sa": other}
    assert not found.national


@pytest.mark.parametrize("said", ["TP. Đà Nẵng", "Đà nẵng", "da nang", ""])
def test_islands_may_be_of_their_province_or_without_a_name(said):
    assert reach([*mainland(), (said, HOANG_SA), ("tỉnh Khánh Hoà", TRUONG_SA)]).national


def test_islands_of_a_province_in_many_parts_are_found():
    """Provinces as they are given: one row, the mainland and its islands."""
    da_nang = shapely.MultiPolygon([shapely.box(107.5, 15.5, 108.3, 16.2), HOANG_SA])
    khanh_hoa = shapely.MultiPolygon([shapely.box(108.8, 11.5, 109.3, 12.8), TRUONG_SA])
    found = reach([*mainland(), ("Đà Nẵng", da_nang), ("Khánh Hòa", khanh_hoa)])
    assert found.national


def test_half_a_country_is_not_the_country():
    assert not reach([*mainland(14.0), *WHOLE[-2:]]).whole
    gap = [row for row in WHOLE if row[0] not in ("Tỉnh 12", "Tỉnh 13")]
    found = reach(gap)
    assert found.over_country
    assert not found.whole


def test_a_province_alone_is_not_meant_for_the_country():
    found = reach(mainland(21.5, 23.0))
    assert not found.over_country
    assert found.lacking == ("hoang_sa", "truong_sa")
    assert found.bears("Lai Châu")
    assert not found.bears("Thành phố Đà Nẵng")


def checked(rows):
    entry = SourceEntry(layer="outlines", file="sources/ca_nuoc.gpkg")
    raw = Raw(frame(rows), Origin("sources/ca_nuoc.gpkg", "outlines", entry))
    return check(raw, schema("outlines"))


def told(rows):
    return [(f.code, f.severity.value) for f in checked(rows).findings]


def test_what_is_missing_is_told_with_the_next_step():
    assert told(WHOLE) == []
    assert told(mainland(21.5, 23.0)) == []
    found = [f for f in checked(WHOLE[:-1]).findings if f.code.startswith("OUTLINES_")]
    assert [f.code for f in found] == ["OUTLINES_LACK_ISLANDS"]
    assert found[0].file == "sources/ca_nuoc.gpkg"
    assert "Trường Sa" in found[0].message.vi
    assert "Hoàng Sa" not in found[0].message.vi
    assert "quần đảo Hoàng Sa và quần đảo Trường Sa" in found[0].repair.vi
    assert told([*mainland(), ("Xisha", HOANG_SA), WHOLE[-1]]) == [("OUTLINES_MISNAMED", "warning")]
    assert told([*mainland(12.0), *WHOLE[-2:]]) == [("OUTLINES_NOT_WHOLE", "note")]


def test_islands_far_out_are_no_faults_of_drawing():
    """Neither their distance nor long straight sides: no row of outlines is the commune's."""
    layer = checked(WHOLE)
    assert len(layer.used) == len(WHOLE)
    assert layer.used.geometry.notna().all()


@needs_data
def test_real_outlines_of_the_country():
    found = gpd.read_file(
        Path(REAL) / "vietnam" / "national_3321_communes_2025_simplified60m.fgb"
    ).to_crs(ZONE)
    provinces = found["province"].fillna("").astype(str)

    def of(rows):
        part = found[rows]
        return outlines.reach(
            part.geometry.to_numpy(), list(part["name"]), list(provinces[rows]), ZONE
        )

    islands = found["name"].isin(["Hoàng Sa", "Trường Sa"])
    assert islands.sum() == 2
    whole = of(found["name"].notna())
    assert whole.national
    assert [found["name"].iloc[i] for rows in whole.parts.values() for i in rows] == [
        "Hoàng Sa", "Trường Sa"
    ]  # fmt: skip
    assert of(~islands).lacking == ("hoang_sa", "truong_sa")
    assert not of(~islands).national
    assert of(found["name"] != "Hoàng Sa").lacking == ("hoang_sa",)
    assert not of(found["province"] != "Tỉnh Nghệ An").whole


@needs_data
def test_the_real_province_is_no_country():
    found = gpd.read_file(Path(REAL) / "vietnam" / "lai_chau_38_communes_2025.gpkg").to_crs(ZONE)
    assert not outlines.reach(
        found.geometry.to_numpy(), list(found["name"]), list(found["province"]), ZONE
    ).over_country
