"""`add`: one word about the system of a file, and no two that contradict each other."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import adding, founding

OWN = shapely.box(570_000, 2_450_000, 580_000, 2_460_000)


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    outline = tmp_path / "ranh.geojson"
    data = {"Mã xã": ["03616"], "Tên xã": ["Pắc Ta"]}
    gpd.GeoDataFrame(data, geometry=[OWN], crs=9205).to_crs(4326).to_file(outline)
    folder = tmp_path / "xã"
    founding.new(folder, "03616", "Pắc Ta", "Lai Châu", boundary=outline)
    return folder


def tea(path: Path, east: float) -> Path:
    plots = [shapely.box(east + 100 * i, 2_452_000, east + 90 + 100 * i, 2_452_090)
             for i in range(20)]  # fmt: skip
    data = {"MA_LO": [f"C{i}" for i in range(20)], "DT_HA": [0.81] * 20}
    gpd.GeoDataFrame(data, geometry=plots, crs=9205).to_file(path, driver="MapInfo File")
    return path


def test_a_mapinfo_file_that_fits_is_placed_and_nothing_else_is_said(
    commune: Path, tmp_path: Path
) -> None:
    added = adding.add(commune, [tea(tmp_path / "che.tab", 571_000)], ask=founding.nobody)
    said = " ".join(line.vi for line in added.lines)
    assert "100 % số điểm nằm trong xã" in said
    assert "chưa đặt lên bản đồ" not in said
    assert added.entries[0].crs == "EPSG:9205"


def test_what_fits_nowhere_is_mended_by_a_command(commune: Path, tmp_path: Path) -> None:
    added = adding.add(commune, [tea(tmp_path / "che.tab", 700_000)], ask=founding.nobody)
    assert added.status == 1
    said = " ".join(line.vi for line in added.lines)
    assert "--crs" in said
    assert "commune.toml" not in said.partition("Đã ghi")[0]
