"""Seeded parcels as a cadastre has them, for `map_pages.py`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.layers.values import FILE, ROW, STATE, TABLE


def parcels(n: int, seed: int = 3601) -> gpd.GeoDataFrame:
    """Return n parcels of 0.05 to 0.5 ha beside one another, as a cadastre has them.

    Cells of scattered places, their sides cut every 25 m and bent by one field of waves, so that
    neighbours still share them; corners to the millimetre.
    """
    rng = np.random.default_rng(seed)
    side = round(np.sqrt(n) * 45.0)
    places = rng.uniform(0, side, (n, 2))
    ground = shapely.box(0, 0, side, side)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(places), extend_to=ground)
    )
    cut = shapely.segmentize(shapely.intersection(cells, ground), 25.0)

    def bent(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = xy.T
        waves = np.c_[np.sin(y / 31.0) + np.sin(x / 17.0), np.cos(x / 37.0) + np.sin(y / 13.0)]
        out: npt.NDArray[np.float64] = np.round(xy + 3.0 * waves + (566_000.0, 2_452_000.0), 3)
        return out

    shapes = shapely.transform(cut, bent)
    ids = [f"T{i:05d}" for i in range(n)]
    uses = rng.choice(["LUC", "LUK", "HNK", "CLN", "NHK", "RSX"], n)
    data = {
        "id": ids, "parcel_id": ids, "land_use": uses,
        "state": rng.choice(["served", "not_served", "unknown"], n, p=[0.7, 0.2, 0.1]),
        "village_id": [f"MK{k:02d}" for k in rng.integers(1, 21, n)],
        "drained": rng.choice([True, False], n), "area_ha": shapely.area(shapes) / 1e4,
        "SO_TO": rng.integers(1, 90, n), "SO_THUA": rng.integers(1, 900, n),
        "DT_PHAP_LY": np.round(shapely.area(shapes) * rng.normal(1, 0.02, n), 1),
        "XU_DONG": rng.choice(["Nà Lính", "Nà Ngỏ", "Pá Khoang", "Huổi Cầy"], n),
        ROW: range(2, n + 2), FILE: "sources/dat_nong_nghiep.gpkg", TABLE: "dat_nn", STATE: "used",
    }  # fmt: skip
    return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:9205")
