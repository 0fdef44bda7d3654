"""`new`: what is not told is not asserted, and what is told wrongly is answered."""

from __future__ import annotations

import datetime as dt
import errno
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from ntm_gis import adding, founding, pipeline
from ntm_gis.analyses.sizes import sizes_for
from ntm_gis.errors import OutputError, SourceError, UsageError
from ntm_gis.results import Words
from ntm_gis.rules import commune as communes

DAY = dt.date(2025, 12, 31)


def made(folder: Path, **more: Any) -> dict[str, Any]:
    given = {"code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "as_of": DAY, **more}
    founding.new(folder, **given)
    return tomllib.loads((folder / "commune.toml").read_text(encoding="utf-8"))["commune"]


def test_what_nobody_told_is_unknown(tmp_path: Path) -> None:
    found = made(tmp_path / "xa")
    assert "special_difficulty" not in found
    assert "region" not in found
    identity = communes.read(tmp_path / "xa").commune
    assert identity.special_difficulty is None
    # Each size that may be asked of a cultural house is thought of, not one taken for granted.
    assert {size.floor_m2 for size in sizes_for(identity)} == {100, 200, 300}
    text = (tmp_path / "xa" / "commune.toml").read_text(encoding="utf-8")
    assert "# special_difficulty = true" in text
    assert "# region = " in text
    assert pipeline.review(tmp_path / "xa").answer.measures


def formers(folder: Path) -> list[tuple[str, str, str]]:
    known = communes.read(folder).predecessors
    return [(former.id, former.code, former.name) for former in known]


def test_former_communes_come_from_the_act(tmp_path: Path) -> None:
    told = founding.new(tmp_path / "xa", "03583", "Xã Khổng Lào", "Lai Châu", as_of=DAY).formers
    assert formers(tmp_path / "xa") == [
        ("F1", "03577", "Bản Lang"), ("F2", "03580", "Hoang Thèn"), ("F3", "03583", "Khổng Lào (cũ)"),
    ]  # fmt: skip
    found = communes.read(tmp_path / "xa")
    assert found.commune.valid_from == dt.date(2025, 7, 1)
    assert {former.valid_to for former in found.predecessors} == {dt.date(2025, 6, 30)}
    assert told is not None
    assert "1670/NQ-UBTVQH15" in told.vi


@pytest.mark.parametrize(
    ("code", "name", "as_of"),
    [
        ("03583", "Mường Khoa", DAY), ("99999", "Khổng Lào", DAY),
        ("03583", "Khổng Lào", dt.date(2025, 6, 30)), ("03439", "Thu Lũm", dt.date(2020, 1, 1)),
    ],
    ids=["the name of another", "no such code", "before the merger", "long before"],
)  # fmt: skip
def test_former_communes_are_not_guessed(
    tmp_path: Path, code: str, name: str, as_of: dt.date
) -> None:
    assert founding.new(tmp_path / "xa", code, name, "Lai Châu", as_of=as_of).formers is None
    assert not formers(tmp_path / "xa")


@pytest.mark.parametrize(
    ("as_of", "more", "open_ones"),
    [
        (DAY, {}, ["--region", "--special-difficulty"]),
        (dt.date(2026, 6, 30), {}, ["--region", "--special-difficulty", "commune_group"]),
        (DAY, {"region": "Tây Nguyên", "special_difficulty": False}, []),
    ],
)
def test_what_is_left_open_is_told_with_the_way_to_say_it(
    tmp_path: Path, as_of: dt.date, more: dict[str, Any], open_ones: list[str]
) -> None:
    told = founding.new(tmp_path / "xa", "03601", "Mường Khoa", "Lai Châu", as_of=as_of, **more)
    assert len(told.unsaid) == len(open_ones)
    for words, way in zip(told.unsaid, open_ones, strict=True):
        assert way in words.vi
    assert told.on == as_of
    written = (tmp_path / "xa" / "commune.toml").read_text(encoding="utf-8")
    # Lines that are notes take effect as they stand once the sign before them is gone.
    (tmp_path / "xa" / "commune.toml").write_text(
        written.replace("# region", "region").replace("# special", "special")
        .replace("# commune_group", "commune_group"), encoding="utf-8",
    )  # fmt: skip
    assert communes.read(tmp_path / "xa").commune.commune_group == 3


@pytest.mark.parametrize("difficult", [True, False])
def test_what_is_told_is_written(tmp_path: Path, difficult: bool) -> None:
    found = made(
        tmp_path / "xa", special_difficulty=difficult, region="northern-midlands-mountains"
    )
    assert found["special_difficulty"] is difficult
    assert found["region"] == "northern-midlands-mountains"
    floor = {size.floor_m2 for size in sizes_for(communes.read(tmp_path / "xa").commune)}
    assert floor == ({100} if difficult else {200})


def test_a_person_is_asked(tmp_path: Path) -> None:
    asked = []

    def ask(words: Words, answers: Sequence[tuple[str, str]], proposal: str | None) -> str | None:
        asked.append((words.vi, proposal))
        return answers[0][0]

    found = made(tmp_path / "xa", ask=ask)
    assert found["special_difficulty"] is True
    assert "region" in found
    assert len(asked) == 2
    assert all(proposal is None for _, proposal in asked)


@pytest.mark.parametrize("code", ["3601", "036011", "0360a", "", "٠٣٦٠١"])
def test_a_code_has_five_digits(tmp_path: Path, code: str) -> None:
    with pytest.raises(UsageError, match="5"):
        made(tmp_path / "xa", code=code)
    assert not (tmp_path / "xa").exists()


def test_zeros_in_front_stay(tmp_path: Path) -> None:
    assert made(tmp_path / "xa", code="00103")["code"] == "00103"


@pytest.mark.parametrize("name", ["Lai Châu", "lai chau", "Tỉnh Lai Châu", "LAI CHÂU"])
def test_a_province_is_written_as_it_is_spelled(tmp_path: Path, name: str) -> None:
    assert made(tmp_path / "xa", province=name)["province"] == "Lai Châu"


def test_a_province_spelled_wrong_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Lai Châu"):
        made(tmp_path / "xa", province="Lai Chây")
    with pytest.raises(UsageError):
        made(tmp_path / "xa", province="Zzz")


def test_a_boundary_that_is_none_makes_no_folder(tmp_path: Path) -> None:
    outline = tmp_path / "ranh.geojson"
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.box(2, 48, 2.1, 48.1)], crs=4326)
    frame.to_file(outline)
    with pytest.raises(SourceError, match=r"ranh\.geojson"):
        made(tmp_path / "xa", boundary=outline)
    assert not (tmp_path / "xa").exists()


def test_a_place_where_nothing_may_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(OutputError, match="Không được phép ghi vào thư mục xa"):
        made(tmp_path / "xa")


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "xa").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="xa"):
        made(tmp_path / "xa")


def test_heights_are_recognised_without_asking(tmp_path: Path) -> None:
    made(tmp_path / "xa")
    place = rasterio.Affine(170, 0, 570_000, 0, -170, 2_460_000)
    options = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:9205"}
    with rasterio.open(
        tmp_path / "anh_1.tif", "w", width=60, height=60, transform=place, **options
    ) as out:
        out.write(np.linspace(500, 1500, 3600).reshape(60, 60).astype("float32"), 1)
    added = adding.add(tmp_path / "xa", [tmp_path / "anh_1.tif"], ask=founding.nobody)
    assert [entry.layer for entry in added.entries] == ["elevation"]
    assert added.status == 0
