"""CAD drawings that no zone can be assembled from: kept as one source, with one note."""

from __future__ import annotations

import pytest
import shapely

LINE = shapely.LineString([(571_000, 2_455_000), (571_900, 2_455_000)])
TEXT = shapely.Point(571_100, 2_455_100)
AREA = shapely.box(571_000, 2_455_000, 571_100, 2_455_100)


def drawing(raw, *shapes, layer="plan_zones", file="sources/qh.dxf", **options):
    return raw(layer, {"Layer": ["0"] * len(shapes)}, shapes, file=file, **options)


def test_lines_and_texts_are_set_aside_with_one_note(raw, gather, one, codes):
    layers = gather(drawing(raw, LINE, LINE, TEXT, refused=2))
    note = one(layers, "DRAWING_NOT_ASSEMBLED")
    assert codes(layers) == ["DRAWING_NOT_ASSEMBLED"]
    assert (note.severity, note.file, note.layer) == ("note", "sources/qh.dxf", "plan_zones")
    assert "2 nét" in note.message.vi
    assert "1 chữ" in note.message.vi
    (account,) = layers.accounts
    assert (account.rows_in, account.used, account.set_aside, account.refused) == (5, 0, 3, 2)
    assert account.sha256 is not None
    (kept,) = layers.drawings
    assert len(kept.frame) == 3
    assert not layers["plan_zones"].given


def test_what_reading_found_is_told_all_the_same(raw, gather, codes):
    given = drawing(raw, LINE)
    told = gather(raw("hazards", {"kind": ["x"]})).findings[:1]
    layers = gather(type(given)(given.frame, given.origin, told))
    assert {told[0].code, "DRAWING_NOT_ASSEMBLED"} == set(codes(layers))


@pytest.mark.parametrize(
    ("shapes", "layer", "file"),
    [
        ([LINE, AREA], "plan_zones", "sources/qh.dxf"),
        ([LINE], "roads", "sources/duong.dxf"),
        ([LINE], "plan_zones", "sources/qh.shp"),
    ],
    ids=["an area among them", "a layer of lines", "no drawing"],
)
def test_other_files_are_checked_row_by_row(raw, gather, shapes, layer, file):
    layers = gather(drawing(raw, *shapes, layer=layer, file=file))
    assert layers.drawings == ()
    assert len(layers[layer].frame) == len(shapes)


def test_a_drawing_and_its_areas_stand_beside_each_other(raw, gather):
    zones = raw("plan_zones", {"Mã": ["Z1"]}, [AREA], file="sources/vung.gpkg")
    layers = gather(drawing(raw, LINE, file="sources/qh.DGN"), zones)
    assert len(layers.drawings) == 1
    assert [account.file for account in layers.accounts] == ["sources/qh.DGN", "sources/vung.gpkg"]
    assert len(layers["plan_zones"].frame) == 1
