"""The location panel shows what the office gave: neighbours, the province, the whole country."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ntm_gis import pipeline
from ntm_gis.layers.check import check
from ntm_gis.layers.values import Origin, Raw
from ntm_gis.outputs import feature_tables, printmap, tables
from ntm_gis.outputs.printmap import location, standard
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.schema import schema

ZONE = "EPSG:9205"
FILE = "sources/ca_nuoc.gpkg"
REAL = os.environ.get("NTM_GIS_TEST_DATA")
needs_data = pytest.mark.skipif(not REAL, reason="NTM_GIS_TEST_DATA is not set")
ISLANDS = {"Hoàng Sa": (111.6, 16.5), "Trường Sa": (114.3, 10.4)}
PROVINCE, COUNTRY = "Vị trí xã trong tỉnh Lai Châu", "Vị trí tỉnh trong cả nước"


@pytest.fixture(scope="module")
def ground(sample_review):
    return sample_review.layers.boundary


def country(*, lacking=()):
    """Strips for provinces, one of them Lai Châu, and islands at sea: name, province, shape."""
    rows = [
        (f"Tỉnh {i}", "", shapely.box(103.5, low, 105.5, low + 0.51))
        for i, low in enumerate(np.arange(8.4, 23.4, 0.5))
    ]
    rows = [row for row in rows if not row[2].intersects(shapely.Point(103.7, 22.22))]
    rows.append(("Lai Châu", "", shapely.box(102.3, 21.7, 104.1, 22.8)))
    rows += [(f"Đảo {i}", name, shapely.Point(x + 0.2 * i, y + 0.1 * i).buffer(0.01))
             for name, (x, y) in ISLANDS.items() if name not in lacking for i in range(6)]  # fmt: skip
    names, provinces, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"name": names, "province": provinces}, geometry=list(shapes), crs="EPSG:4756"
    ).to_crs(ZONE)


def with_outlines(sample_review, frame):
    entry = SourceEntry(layer="outlines", file=FILE)
    layer = check(Raw(frame, Origin(FILE, "outlines", entry, sha256="0" * 64)), schema("outlines"))
    return replace(
        sample_review.layers, by_name={**sample_review.layers.by_name, "outlines": layer}
    )


def printed(sample_review, layers, name="roads", given=standard.FORMATS["A3"], frames=None):
    answer = (
        sample_review.answer if frames is None else replace(sample_review.answer, frames=frames)
    )
    printer = printmap.Printer(answer, layers, sample_review.commune)
    with settings():
        sheet = printer.draw(name, given)
    return sheet, [text.get_text() for text in sheet.page.axes.texts]


def inset_texts(sheet):
    return [text for kind, text, _ in sheet.page.texts if kind == "inset"]


# --- what is drawn --------------------------------------------------------------------------------


def test_neighbours_alone_are_said_to_be_that(sample_review):
    sheet, said = printed(sample_review, sample_review.layers)
    assert "Vị trí xã giữa các xã lân cận" in said
    assert not any(text.startswith(("Vị trí xã trong", "Vị trí tỉnh")) for text in said)
    assert {"Tả Van", "Tân Uyên", "Nậm Sỏ"} <= set(inset_texts(sheet))


FORMS = [
    *standard.FORMATS.values(), standard.black_and_white(standard.FORMATS["A3"]),
    standard.black_and_white(standard.FORMATS["A1"]),
]  # fmt: skip


@pytest.mark.parametrize("given", FORMS, ids=lambda one: f"{one.name}{'-bw' * one.bw}")
def test_the_country_bears_its_archipelagos_by_name_and_place(sample_review, given):
    form = replace(given, optional=())
    sheet, said = printed(sample_review, with_outlines(sample_review, country()), given=form)
    assert PROVINCE in said
    assert COUNTRY in said
    texts = inset_texts(sheet)
    assert {"Quần đảo", "Hoàng Sa", "Trường Sa"} <= set(texts)
    assert texts.count("Quần đảo") == 2
    assert sheet.page.overlaps() == []
    # Each name is nearer to its own islands than to the others', north and south as they are.
    at = {text: box.centroid for kind, text, box in sheet.page.texts if kind == "inset"}
    assert at["Hoàng Sa"].y > at["Trường Sa"].y
    if given.bw:
        small = [t.get_fontsize() for t in sheet.page.axes.texts if t.get_text() in ISLANDS]
        assert min(small) >= 6


@pytest.mark.parametrize("lacking", [("Hoàng Sa",), ("Trường Sa",), tuple(ISLANDS)])
def test_without_an_archipelago_the_province_alone_is_drawn(sample_review, lacking):
    layers = with_outlines(sample_review, country(lacking=lacking))
    sheet, said = printed(sample_review, layers)
    assert PROVINCE in said
    assert COUNTRY not in said
    assert not set(ISLANDS) & set(inset_texts(sheet))
    told = [f for f in layers["outlines"].findings if f.code == "OUTLINES_LACK_ISLANDS"]
    assert len(told) == 1
    assert all(name in told[0].message.vi for name in lacking)


def test_islands_of_other_names_are_not_drawn(sample_review):
    frame = country()
    frame.loc[frame["province"] == "Hoàng Sa", ["name", "province"]] = ["Xisha", "Hải Nam"]
    layers = with_outlines(sample_review, frame)
    assert COUNTRY not in printed(sample_review, layers)[1]
    assert [f.code for f in layers["outlines"].findings] == ["OUTLINES_MISNAMED"]


def test_a_province_of_islands_is_not_drawn_without_them(sample_review, ground):
    """Where the commune is of Khánh Hòa, its province is no province without Trường Sa."""
    frame = country()
    frame.loc[frame["name"] == "Lai Châu", "name"] = "Khánh Hòa"
    for islands in (True, False):
        rows = frame if islands else frame[frame["province"] != "Trường Sa"]
        rows = rows.assign(province=rows["province"].replace("Trường Sa", "Khánh Hòa"))
        found = location.place(ground, "Khánh Hòa", None, rows, ZONE)
        assert (found.province is not None) is islands


def test_the_sources_name_the_outlines_where_they_are_drawn(sample_review):
    layers = with_outlines(sample_review, country())
    said = " ".join(printed(sample_review, layers, given=standard.FORMATS["A0"])[1])
    assert "ca_nuoc.gpkg" in said
    assert "ca_nuoc" not in " ".join(printed(sample_review, sample_review.layers)[1])


# --- neighbours of the whole province -------------------------------------------------------------


def grid(ground, own, n=5):
    """Communes of a province in squares around the commune, itself among them."""
    x, y = ground.centroid.x, ground.centroid.y
    rows = []
    for i in range(-n, n + 1):
        for j in range(-n, n + 1):
            box = shapely.box(x + 2e4 * (i - 0.5), y + 2e4 * (j - 0.5),
                              x + 2e4 * (i + 0.5), y + 2e4 * (j + 0.5))  # fmt: skip
            shape = box.difference(ground)
            rows.append((f"Xã {i} {j}", own if i < 3 else "Lào Cai", shape))
    rows.append(("Mường Khoa", own, ground))
    names, provinces, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"name": names, "tinh": provinces}, geometry=list(shapes), crs=ZONE)


def test_neighbours_given_for_the_whole_province_show_it(sample_review, ground):
    frame = grid(ground, "Tỉnh Lai Châu")
    frames = {**sample_review.answer.frames, "neighbours": frame}
    found = location.place(ground, "Lai Châu", frame, None, ZONE)
    mine = frame[frame["tinh"] == "Tỉnh Lai Châu"]
    union = shapely.union_all(mine.geometry.to_numpy())
    assert found.province.shape.symmetric_difference(union).area < 0.01 * union.area
    assert len(found.province.communes) == len(mine)
    assert found.country is None
    # Only those beside the commune are neighbours, and the commune is not its own.
    assert "Mường Khoa" not in found.names
    assert 3 <= len(found.names) < 12
    sheet, said = printed(sample_review, sample_review.layers, frames=frames)
    assert any(text.startswith(f"{PROVINCE} ({len(mine)} xã") for text in said)
    assert "LÀO CAI" in inset_texts(sheet)
    # On the map, too: the commune is no neighbour of itself, nor is its own province told.
    named = [text for kind, text, _ in sheet.page.texts if kind in ("neighbour", "note", "exit")]
    assert "XÃ MƯỜNG KHOA" not in named
    assert not any("Lai Châu" in text or "Mường Khoa" in text for text in named)


def test_hostile_names_of_units_are_written_as_they_are_or_left_out(sample_review, ground):
    frame = grid(ground, "Lai Châu")
    frame.loc[frame["tinh"] == "Lào Cai", "tinh"] = "<script>{{x}}</script> $x^2$ " + "dài " * 60
    frame["name"] = "=1+1 \u202e" + frame["name"]
    frames = {**sample_review.answer.frames, "neighbours": frame}
    sheet, said = printed(sample_review, sample_review.layers, frames=frames)
    assert sheet.page.overlaps() == []
    assert any(text.startswith(PROVINCE) for text in said)
    room = sheet.view.frame
    assert all(room.contains(box) for kind, _, box in sheet.page.texts if kind == "inset")


def test_only_neighbours_of_the_province_are_no_province(ground):
    frame = grid(ground, "Lai Châu")
    beside = frame[frame.distance(ground) < 100]
    assert location.place(ground, "Lai Châu", beside, None, ZONE).province is None
    assert (
        location.place(ground, "Lai Châu", frame.drop(columns="tinh"), None, ZONE).province is None
    )


def test_sketches_are_simple(ground):
    """Once for paper: thousands of corners become what an eye sees."""
    frame = grid(ground, "Lai Châu")
    fine = frame.assign(geometry=frame.geometry.segmentize(20))
    found = location.place(ground, "Lai Châu", fine, country(), ZONE)
    assert shapely.get_num_coordinates(fine.geometry.to_numpy()).sum() > 100_000
    shapes = [found.province.shape, *found.province.communes, found.country.shape]
    assert sum(shapely.get_num_coordinates(shape) for shape in shapes) < 4_000


# --- figures and files ----------------------------------------------------------------------------


def test_outlines_are_in_no_table_of_the_commune(sample_review):
    layers = with_outlines(sample_review, country())
    names = {t.name for t in feature_tables.feature_tables(sample_review.answer, layers, "vi")}
    assert not any(name.startswith("outlines") for name in names)
    title = schema("outlines").title.vi
    assert title not in {layer.schema.title.vi for layer in tables._given(layers)}


def test_figures_and_findings_stay_as_they_are(sample_review, tmp_path):
    from ntm_gis.outputs import folders

    folders.write_sample(tmp_path / "xa")
    folder = tmp_path / "xa"
    country().to_crs(4326).to_file(folder / "sources" / "ca_nuoc.gpkg")
    toml = folder / "commune.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + f'\n[[source]]\nlayer = "outlines"\nfile = "{FILE}"\n',
        encoding="utf-8",
    )
    found = pipeline.review(folder)
    assert len(found.layers["outlines"].used) == len(country())
    for name in ("measures", "findings"):
        before, after = (
            [(one.id if name == "measures" else one.code, getattr(one, "value", None))
             for one in getattr(answer, name)]
            for answer in (sample_review.answer, found.answer)
        )  # fmt: skip
        assert before == after


# --- real outlines --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    folder = Path(REAL) / "vietnam"
    found = gpd.read_file(folder / "national_3321_communes_2025_simplified60m.fgb").to_crs(ZONE)
    return found[["name", "province", "geometry"]]


@needs_data
def test_the_real_province(sample_review):
    found = gpd.read_file(Path(REAL) / "vietnam" / "lai_chau_38_communes_2025.gpkg").to_crs(ZONE)
    ground = found[found["name"] == "Mường Khoa"].union_all()
    place = location.place(ground, "Lai Châu", found[["name", "province", "geometry"]], None, ZONE)
    whole = found.union_all()
    assert len(place.province.communes) == 38
    assert place.province.shape.symmetric_difference(whole).area < 0.01 * whole.area
    assert {"Bản Bo", "Khun Há", "Tân Uyên", "Nậm Sỏ"} <= set(place.names)
    assert place.country is None


@needs_data
def test_the_real_country_with_and_without_its_archipelagos(sample_review, real):
    layers = with_outlines(sample_review, real)
    sheet, said = printed(sample_review, layers)
    assert COUNTRY in said
    assert any(text.startswith(PROVINCE) for text in said)
    assert set(ISLANDS) <= set(inset_texts(sheet))
    assert sheet.page.overlaps() == []
    layers = with_outlines(sample_review, real[~real["name"].isin(ISLANDS)])
    sheet, said = printed(sample_review, layers)
    assert COUNTRY not in said
    assert any(text.startswith(PROVINCE) for text in said)
    assert not set(ISLANDS) & set(inset_texts(sheet))
    assert [f.code for f in layers["outlines"].findings] == ["OUTLINES_LACK_ISLANDS"]


@needs_data
def test_every_real_commune_of_the_province_finds_its_place(real):
    mine = real[real["province"] == "Tỉnh Lai Châu"]
    near = real.cx[190_000:800_000, 2_350_000:2_600_000]
    for name in ("Mù Cả", "Than Uyên", "Đoàn Kết"):
        ground = mine[mine["name"] == name].union_all()
        place = location.place(ground, "Lai Châu", near, None, ZONE)
        assert place.province is not None
        assert name not in place.names
        assert {"Tỉnh Điện Biên", "Tỉnh Lào Cai"} <= set(place.province.others)
