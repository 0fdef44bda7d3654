"""Sheets of communes that are hard to draw: nothing over another, figures those of the ground."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
import shapely
from pyproj import Geod, Transformer

from ntm_gis import pipeline
from ntm_gis.outputs import printmap
from ntm_gis.outputs.printmap import standard
from ntm_gis.outputs.printmap.page import settings
from ntm_gis.outputs.printmap.type import shown

GRS = Geod(ellps="WGS84")


def _stress():
    found = importlib.util.spec_from_file_location("stress", Path(__file__).with_name("stress.py"))
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def communes(tmp_path_factory):
    """A delta commune with two tight clusters of hamlets, and sixty villages in the mountains."""
    made, stress = {}, _stress()
    for name in ("delta", "mountain"):
        folder = getattr(stress, name)(tmp_path_factory.mktemp("stress") / name)
        review = pipeline.review(folder)
        printer = printmap.Printer(review.answer, review.layers, review.commune, "vi")
        made[name] = (folder, review, printer)
    return made


def drawn(printer, of, given):
    with settings():
        return printer.draw(of, given)


def paper(name):
    size, _, copied = name.partition(":")
    given = standard.FORMATS[size]
    return standard.black_and_white(given) if copied else given


SHEETS = [
    ("delta", "overview", "A4:bw"), ("delta", "villages", "A0"),
    ("mountain", "overview", "A4"), ("mountain", "culture", "A3:bw"),
    ("mountain", "villages", "A1"),
]  # fmt: skip


@pytest.mark.parametrize(("commune", "of", "name"), SHEETS)
def test_every_village_is_named_and_nothing_lies_over_another(communes, commune, of, name):
    _, review, printer = communes[commune]
    sheet = drawn(printer, of, paper(name))
    assert sheet.page.overlaps() == []
    assert sheet.names.listed == []
    on_map = " ".join(text for kind, text, _ in sheet.page.texts if kind == "village")
    for village in review.layers["villages"].used["name"]:
        assert shown(village).split()[-1] in on_map
    face = sheet.view.frame
    assert all(face.contains(box) for kind, _, box in sheet.page.texts if kind == "village")
    # What stands on the ground keeps off the panels, and leaders off each other.
    assert all(
        sheet.view.free.buffer(0.1).contains(box)
        for kind, _, box in sheet.page.texts
        if kind in ("village", "road", "ql", "former")
    )
    least = 6.0 if sheet.page.bw else 4.8
    texts = [t for t in sheet.page.axes.texts if not re.fullmatch(r"\d+", t.get_text())]
    assert min(t.get_fontsize() for t in texts) >= least - 1e-6


def test_a_name_without_room_stands_in_a_list_with_its_number(communes):
    _, review, printer = communes["delta"]
    sheet = drawn(printer, "villages", paper("A4:bw"))
    assert sheet.page.overlaps() == []
    on_map = [text for kind, text, _ in sheet.page.texts if kind == "village"]
    listed = {text: i for i, (_, text) in enumerate(sheet.names.listed, 1)}
    for village in review.layers["villages"].used["name"]:
        name = shown(" ".join(village.split()[-2:]))
        assert any(text.endswith(name) for text in on_map) or any(
            text.endswith(name) and f"({i})" in on_map for text, i in listed.items()
        )
    footer = " ".join(t.get_text() for t in sheet.page.axes.texts)
    assert all(f"({i}) {text}" in footer for text, i in listed.items())


# --- figures --------------------------------------------------------------------------------------


def geographic(folder, layer, zone):
    """The features of a source on the ellipsoid, cut to the commune."""
    to = Transformer.from_crs(f"EPSG:{zone}", "EPSG:4756", always_xy=True)

    def read(name):
        text = (folder / "sources" / f"{name}.geojson").read_text(encoding="utf-8")
        return [
            (shapely.from_geojson(json.dumps(f["geometry"])), f["properties"])
            for f in json.loads(text)["features"]
        ]

    (ground, _), *_ = read("boundary")
    return [
        (shapely.transform(shapely.intersection(shape, ground), to.transform, interleaved=False), p)
        for shape, p in read(layer)
    ]


def km(features, **wanted):
    return sum(
        GRS.geometry_length(shape) / 1000
        for shape, row in features
        if all(row[key] == value for key, value in wanted.items())
    )


def ha(features, **wanted):
    return sum(
        abs(GRS.geometry_area_perimeter(shape)[0]) / 10_000
        for shape, row in features
        if all(row[key] == value for key, value in wanted.items())
    )


def amount(sheet, title):
    """The number of a line of the legend; both ends where it is a range."""
    texts = [t.get_text().replace("\u00a0", " ") for t in sheet.page.axes.texts]
    (line,) = {t for t in texts if t.startswith(f"{title} – ")}
    found = re.findall(r"\d[\d.]*(?:,\d+)?", line.removeprefix(title))
    return [float(one.replace(".", "").replace(",", ".")) for one in found]


def row_of(sheet, first, n):
    """The last `n` numbers of the row of the table of roads that a text begins."""
    texts = sheet.page.axes.texts
    (at,) = [t.get_position()[1] for t in texts if t.get_text() == first]
    row = [t for t in texts if abs(t.get_position()[1] - at) < 0.05 and t.get_text() != first]
    row.sort(key=lambda t: t.get_position()[0])
    return [0.0 if t.get_text() == "–" else float(t.get_text().replace(",", ".")) for t in row][-n:]


def test_km_of_the_table_are_those_of_the_ground(communes):
    folder, _, printer = communes["delta"]
    sheet = drawn(printer, "roads", paper("A3"))
    roads = geographic(folder, "roads", 9209)
    of_class = {"road_class": "commune"}
    expected = [
        km(roads, surface="concrete", **of_class), km(roads, surface="asphalt", **of_class),
        km(roads, surface="gravel", **of_class), km(roads, surface="earth", **of_class),
        km(roads, surface=None, **of_class), km(roads, **of_class),
    ]  # fmt: skip
    assert row_of(sheet, "Đường xã", 6) == pytest.approx(expected, abs=0.0051)
    assert row_of(sheet, "Đường tỉnh", 1) == pytest.approx(
        [km(roads, road_class="provincial")], abs=0.0051
    )
    said = " ".join(t.get_text() for t in sheet.page.axes.texts).replace("\u00a0", " ")
    (lanes,) = re.findall(r"đường ngõ (\d+,\d+) km", said)
    assert float(lanes.replace(",", ".")) == pytest.approx(km(roads, road_class="lane"), abs=0.0051)


def test_hectares_and_km_of_the_legend_are_those_of_the_ground(communes):
    folder, _, printer = communes["delta"]
    sheet = drawn(printer, "irrigation", paper("A3"))
    canals = geographic(folder, "irrigation", 9209)
    plots = geographic(folder, "farmland", 9209)
    assert amount(sheet, "Kênh, công trình tốt")[0] == pytest.approx(
        km(canals, condition="good", kind="canal"), abs=0.0051
    )
    # Served at least, not served, not known: each plot once.
    parts = [amount(sheet, f"Đất {one}")[0] for one in ("được tưới", "chưa được tưới", "chưa rõ")]
    assert sum(parts) == pytest.approx(ha(plots), rel=1e-3)
    assert parts[1] > ha(plots, irrigation_id="none")
    (area,) = amount(sheet, "Ranh giới xã")
    assert area == pytest.approx(ha(geographic(folder, "boundary", 9209)), rel=1e-5)
    mountain, _, printer = communes["mountain"]
    tea = geographic(mountain, "tea_areas", 9205)
    (young,) = amount(drawn(printer, "tea", paper("A3")), "Chè kiến thiết cơ bản")
    assert young == pytest.approx(ha(tea, stage="establishment"), rel=1e-3)


def test_the_legend_says_nothing_of_the_relief_of_level_land(communes):
    level = drawn(communes["delta"][2], "overview", paper("A3"))
    hills = drawn(communes["mountain"][2], "overview", paper("A3"))
    of_relief = ("Đường bình độ", "Điểm độ cao", "Địa hình")
    written = [[t.get_text() for t in one.page.axes.texts] for one in (level, hills)]
    assert not any(t.startswith(of_relief) for t in written[0])
    assert sum(t.startswith(of_relief) for t in written[1]) == 3


def test_letters_in_symbols_can_be_read_where_the_legend_explains_them(communes):
    sheet = drawn(communes["delta"][2], "irrigation", paper("A3"))
    written = [t.get_text() for t in sheet.page.axes.texts]
    assert "B: Trạm bơm" in written
    assert "B" in written
    # Canals are lines, and bear no letter.
    assert not any(t.startswith("K: ") for t in written)
