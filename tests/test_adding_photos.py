"""A folder of photos taken in: copied once, told, read as the layer of photos."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ntm_gis import adding, pipeline
from ntm_gis.outputs.terminal import no_answer


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    folder = tmp_path / "xã"
    (folder / "sources").mkdir(parents=True)
    (folder / "commune.toml").write_text(
        '[commune]\ncode = "03601"\nname = "Thử"\nprovince = "Lai Châu"\ncrs = "EPSG:9205"\n'
        "as_of = 2025-12-31\n",
        encoding="utf-8",
    )
    return folder


def picture(path: Path, colour: str) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (32, 24), colour).save(path)


def test_pictures_are_copied_once_and_read(commune: Path, tmp_path: Path) -> None:
    photos = tmp_path / "Ảnh tháng 11"
    picture(photos / "a.jpg", "red")
    picture(photos / "b.JPG", "green")
    (photos / "ghi chú.txt").write_text("x", encoding="utf-8")
    added = adding.add(commune, [photos], ask=no_answer)
    assert [e.layer for e in added.entries] == ["photos"]
    assert added.status == 0
    assert "2 ảnh" in added.lines[0].vi
    again = adding.add(commune, [photos], ask=no_answer)
    assert again.entries == []
    assert "chép thêm 0 ảnh" in again.lines[0].vi
    layers = pipeline.check(commune)[1]
    assert len(layers["photos"].frame) == 2


def test_another_picture_of_the_same_name_is_kept_beside(commune: Path, tmp_path: Path) -> None:
    photos = tmp_path / "Ảnh"
    picture(photos / "a.jpg", "red")
    adding.add(commune, [photos], ask=no_answer)
    picture(photos / "a.jpg", "blue")
    adding.add(commune, [photos], ask=no_answer)
    names = sorted(path.name for path in (commune / "sources" / "Ảnh").iterdir())
    assert names == ["a.jpg", "a_2.jpg"]


def test_a_folder_without_pictures_is_said(commune: Path, tmp_path: Path) -> None:
    empty = tmp_path / "trống"
    empty.mkdir()
    added = adding.add(commune, [empty], ask=no_answer)
    assert added.status == 1
    assert "không có ảnh" in added.lines[0].vi


def test_folders_below_are_sources_of_their_own(commune: Path, tmp_path: Path) -> None:
    photos = tmp_path / "Ảnh chụp"
    picture(photos / "a.jpg", "red")
    picture(photos / "2025" / "b.jpg", "green")
    picture(photos / "2025" / "c.jpg", "blue")
    added = adding.add(commune, [photos], ask=no_answer)
    assert [e.file for e in added.entries] == ["sources/Ảnh chụp", "sources/Ảnh chụp - 2025"]
    assert adding.add(commune, [photos], ask=no_answer).entries == []
    assert len(pipeline.check(commune)[1]["photos"].frame) == 3


def test_a_damaged_picture_is_named_and_not_copied(commune: Path, tmp_path: Path) -> None:
    photos = tmp_path / "Ảnh chụp"
    picture(photos / "a.jpg", "red")
    (photos / "hong.jpg").write_bytes(b"\xff\xd8\xff")
    added = adding.add(commune, [photos], ask=no_answer)
    assert added.status == 1
    assert "hong.jpg" in added.lines[0].vi
    assert [p.name for p in (commune / "sources" / "Ảnh chụp").iterdir()] == ["a.jpg"]


def test_a_folder_of_damaged_pictures_alone_names_each(commune: Path) -> None:
    place = commune / "sources" / "Ảnh"
    place.mkdir()
    (place / "hong.jpg").write_bytes(b"\xff\xd8\xff")
    with (commune / "commune.toml").open("a", encoding="utf-8") as toml:
        toml.write('[[source]]\nlayer = "photos"\nfile = "sources/Ảnh"\n')
    found = pipeline.check(commune)[1].findings
    assert [f.file for f in found if f.code == "PHOTO_UNREADABLE"] == ["sources/Ảnh/hong.jpg"]
