"""`new` and `add`: a boundary of another commune, and one of many communes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import adding, founding, pipeline
from ntm_gis.errors import SourceError

OWN = shapely.box(570_000, 2_450_000, 580_000, 2_460_000)
OTHER = shapely.box(580_000, 2_450_000, 590_000, 2_460_000)


def outline(path: Path, *rows: tuple[str, str, shapely.Geometry]) -> Path:
    codes, names, shapes = zip(*rows, strict=True)
    data = {"Mã xã": codes, "Tên xã": names}
    frame = gpd.GeoDataFrame(data, geometry=list(shapes), crs=9205).to_crs(4326)
    frame.to_file(path, driver="GeoJSON")
    return path


def new(folder: Path, boundary: Path, ask: adding.Ask = founding.nobody) -> None:
    founding.new(folder, "03616", "Pắc Ta", "Lai Châu", boundary=boundary, ask=ask)


def sources(folder: Path) -> list[dict[str, object]]:
    return tomllib.loads((folder / "commune.toml").read_text(encoding="utf-8")).get("source", [])


def yes(_: object, answers: list[tuple[str, str]], __: object) -> str | None:
    return "yes" if "yes" in dict(answers) else None


def test_another_commune_s_outline_makes_no_folder(tmp_path: Path) -> None:
    file = outline(tmp_path / "khac.geojson", ("03451", "Mù Cả", OTHER))
    folder = tmp_path / "xã"
    with pytest.raises(SourceError, match="Mù Cả"):
        new(folder, file)
    assert not (folder / "commune.toml").exists()
    new(folder, file, ask=yes)  # type: ignore[arg-type] # answers as a list
    assert len(sources(folder)) == 1
    found = {f.code for f in pipeline.check(folder)[1].findings}
    assert "BOUNDARY_OTHER_COMMUNE" in found


def test_another_commune_s_outline_is_not_added(tmp_path: Path) -> None:
    folder = tmp_path / "xã"
    new(folder, outline(tmp_path / "ranh.geojson", ("03616", "Pắc Ta", OWN)))
    file = outline(tmp_path / "khac.geojson", ("03451", "Mù Cả", OTHER))
    for accept in (False, True):
        added = adding.add(folder, [file], layer="boundary", accept=accept, ask=founding.nobody)
        assert added.status == 1
        assert any("không phải xã Pắc Ta (03616)" in line.vi for line in added.lines)
        assert len(sources(folder)) == 1
        assert not (folder / "sources" / "khac.geojson").exists()


def test_of_many_communes_the_own_row_is_taken(tmp_path: Path) -> None:
    rows = [("03616", "Pắc Ta", OWN)]
    rows += [(f"034{i:02d}", f"Xã {'ABCDEF'[i]}", OTHER) for i in range(6)]
    folder = tmp_path / "xã"
    new(folder, outline(tmp_path / "tỉnh.geojson", *rows))
    assert sources(folder)[0]["where"] == {"Mã xã": "03616"}
    layers = pipeline.check(folder)[1]
    assert layers["boundary"].frame["unit_code"].tolist() == ["03616"]


def test_the_zone_is_that_of_the_own_row(tmp_path: Path) -> None:
    far = shapely.box(750_000, 2_450_000, 760_000, 2_460_000)  # farther east by 180 km
    rows = [("03616", "Pắc Ta", OWN), ("03401", "Mường Xa", far)]
    alone, among = tmp_path / "một", tmp_path / "nhiều"
    new(alone, outline(tmp_path / "a.geojson", rows[0]))
    new(among, outline(tmp_path / "b.geojson", *rows))
    zones = [tomllib.loads((f / "commune.toml").read_text(encoding="utf-8"))["commune"]["crs"]
             for f in (alone, among)]  # fmt: skip
    assert zones == ["EPSG:9205", "EPSG:9205"]
