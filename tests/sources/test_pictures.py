"""A folder of photos: pictures in order, everything else named."""

from __future__ import annotations

import pytest

from ntm_gis.sources import pictures, telling
from ntm_gis.sources.readers.parsed import Refusal, Told


def test_pictures_come_in_the_order_of_their_names_and_others_are_named(tmp_path):
    names = ("IMG_10.JPG", "IMG_2.jpg", "a.jpeg", "b.HEIC", "Thumbs.db", ".hidden", "~$x.docx")
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "thang 11").mkdir()
    (tmp_path / ".cache").mkdir()
    found, told = pictures.pictures(tmp_path)
    assert [path.name for path in found] == ["a.jpeg", "IMG_2.jpg", "IMG_10.JPG"]
    assert [(t.code, t.params) for t in told] == [
        ("PHOTOS_OTHER_FILES", {"count": 2, "names": ("b.HEIC", "thang 11/")})
    ]


def test_very_many_other_files_are_counted(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    for k in range(9):
        (tmp_path / f"{k}.heic").write_bytes(b"x")
    _, (told,) = pictures.pictures(tmp_path)
    assert told.params["count"] == 9
    assert told.params["names"][-1] == "…"
    assert len(told.params["names"]) == 7


@pytest.mark.parametrize(
    ("names", "code"),
    [((), "SOURCE_PATTERN_EMPTY"), (("Thumbs.db",), "SOURCE_PATTERN_EMPTY"),
     (("a.heic",), "PHOTOS_NONE")],
)  # fmt: skip
def test_a_folder_without_photos_is_refused(tmp_path, names, code):
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(Refusal) as refused:
        pictures.pictures(tmp_path)
    assert refused.value.code == code


def test_what_is_no_photo_inside_is_told_as_such():
    assert pictures.refused(Refusal("FORMAT_IMAGE"), 3) == Told("PHOTO_NOT_JPEG", row=3)
    assert pictures.refused(Refusal("FORMAT_EMPTY"), 4) == Told("FORMAT_EMPTY", row=4)
    assert pictures.refused(Refusal("PHOTO_UNREADABLE"), 5).code == "PHOTO_UNREADABLE"


def test_each_bad_file_is_named_until_there_are_very_many():
    told = {f"anh/{k}.jpg": Told("PHOTO_UNREADABLE", row=k) for k in range(telling.MOST + 5)}
    found = list(pictures.unread(told))
    assert [f.file for f in found[:3]] == ["anh/0.jpg", "anh/1.jpg", "anh/2.jpg"]
    assert "anh/7.jpg" in found[7].message.vi
    assert (found[-1].code, len(found)) == ("AND_MORE", telling.MOST + 1)
    assert "5" in found[-1].message.vi
