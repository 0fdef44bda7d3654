"""Land use of areas by CAD layer and colour: a consultant's table, said once."""

from __future__ import annotations

import pytest
import shapely
from pydantic import ValidationError

from ntm_gis.layers.gather import gather
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.consultants import Consultant

X, Y = 571_000.0, 2_455_000.0
RED, ORANGE, GREEN = "#ff0000", "#ff7f00", "#00ff00"
TABLE = [
    {"color": 30, "land_use": "CLN"},
    {"layer": "NEN", "color": RED, "land_use": "LUC"},
    {"layer": "DAT_O*", "land_use": "ONT"},
]
IDENTITY = {"code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "crs": "EPSG:9205",
            "as_of": "2025-12-31"}  # fmt: skip


def commune(rows=TABLE):
    who = {"id": "TV1", "name": "Công ty tư vấn 1", "cad": rows}
    return Commune.model_validate({"commune": IDENTITY, "consultant": [who]})


def cell(k, side=100.0):
    return shapely.box(X + 100 * k, Y, X + 100 * k + side, Y + side)


def drawn(raw, objects, who="TV1", **options):
    """Objects as (geometry, CAD layer, colour, text)."""
    shapes, layers, colors, texts = zip(*objects, strict=True)
    columns = {"Layer": layers, "Color": colors, "Text": texts}
    made = raw("plan_zones", columns, shapes, file="sources/qh.dxf", consultant=who, **options)
    return gather([made], (), commune())


def outline(k, layer="RANH", color="#000000"):
    return (cell(k).exterior, layer, color, None)


def fill(k, layer, color, side=100.0):
    return (cell(k, side), layer, color, "SOLID")


def uses(layers):
    zones = layers["plan_zones"].used
    order = zones.geometry.centroid.x.argsort()
    return zones["land_use"].iloc[order].tolist()


def test_fills_say_what_areas_are_and_texts_go_first(raw, codes, one):
    layers = drawn(raw, [
        *(outline(k) for k in range(4)),
        fill(0, "NEN", ORANGE), fill(1, "nen", RED), fill(2, "DAT_O_LANGXOM", None),
        fill(3, "NEN", RED), (shapely.Point(X + 350, Y + 50), "CHU", GREEN, "RSX"),
    ])  # fmt: skip
    assert uses(layers) == ["CLN", "LUC", "ONT", "RSX"]
    assert layers["plan_zones"].used.geometry.area.tolist() == pytest.approx([10_000.0] * 4)
    told = one(layers, "DRAWING_BY_STYLE")
    assert "3 khu" in told.message.vi
    assert "Công ty tư vấn 1" in told.message.vi
    assert "DRAWING_STYLES_UNSAID" not in codes(layers)
    (account,) = layers.accounts
    assert (account.rows_in, account.used, account.set_aside) == (9, 4, 5)


def test_layers_and_colours_that_mean_nothing_are_named(raw, one):
    layers = drawn(raw, [outline(0), outline(1), outline(2), fill(0, "NEN", ORANGE),
                         fill(1, "NEN", GREEN), fill(2, "NEN", GREEN)])  # fmt: skip
    assert uses(layers) == ["CLN"]
    told = one(layers, "DRAWING_STYLES_UNSAID")
    assert "2 vùng" in told.message.vi
    assert f"NEN {GREEN}" in told.message.vi
    assert "[[consultant]]" in told.repair.vi


def test_two_fills_of_different_uses_leave_an_area_out(raw, codes):
    layers = drawn(raw, [outline(0), outline(1), fill(0, "NEN", RED), fill(0, "NEN", ORANGE),
                         fill(1, "NEN", RED)])  # fmt: skip
    assert uses(layers) == ["LUC"]
    assert "DRAWING_AREA_SILENT" in codes(layers)


def test_outlines_say_it_where_nothing_fills(raw):
    layers = drawn(raw, [outline(0, "DAT_O_1"), outline(2, "RANH", ORANGE), outline(4)])
    assert uses(layers) == ["ONT", "CLN"]


def test_fills_alone_are_areas_themselves(raw):
    layers = drawn(raw, [fill(0, "NEN", ORANGE), fill(2, "DAT_O", RED)])
    assert uses(layers) == ["CLN", "ONT"]


def test_areas_that_nothing_names_are_zones_without_a_use(raw, codes):
    layers = drawn(raw, [fill(0, "NEN", GREEN), fill(2, "NEN", GREEN)], who=None)
    assert layers.drawings == ()
    assert len(layers["plan_zones"].frame) == 2
    assert "DRAWING_STYLES_UNSAID" in codes(layers)


def test_codes_of_the_source_go_before_the_table(raw):
    told = {"land_use": {"DAT_O": "TSC"}}
    assert uses(drawn(raw, [outline(0, "DAT_O"), outline(2, "DAT_O_2")], codes=told)) == [
        "TSC", "ONT",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"land_use": "ONT"}, "VALUE_WHY_LAYER_OR_COLOR"),
        ({"color": 256, "land_use": "ONT"}, "VALUE_WHY_COLOR"),
        ({"color": "đỏ", "land_use": "ONT"}, "VALUE_WHY_COLOR"),
        ({"color": True, "land_use": "ONT"}, "VALUE_WHY_COLOR"),
        ({"layer": "A", "land_use": "???"}, "VALUE_WHY_LAND_USE"),
    ],
)
def test_rows_that_cannot_be_followed_are_refused(row, why):
    with pytest.raises(ValidationError) as refused:
        Consultant(id="TV1", name="x", cad=[row])
    assert [fault["type"] for fault in refused.value.errors()] == [why]


def test_one_layer_and_colour_twice_is_refused():
    rows = [{"layer": "a", "color": 1, "land_use": "ONT"},
            {"layer": "A", "color": RED, "land_use": "LUC"}]  # fmt: skip
    with pytest.raises(ValidationError, match="refused"):
        Consultant(id="TV1", name="x", cad=rows)


def test_equally_close_rows_that_differ_say_nothing():
    rows = [{"layer": "DAT*", "land_use": "ONT"}, {"layer": "*O", "land_use": "LUC"}]
    who = Consultant(id="TV1", name="x", cad=rows)
    assert who.land_use("DAT_O", None) is None
    assert who.land_use("DAT_X", None) == "ONT"


def test_commune_toml_names_consultants_and_refuses_unknown_ones(tmp_path):
    head = (
        '[commune]\ncode = "03601"\nname = "Mường Khoa"\nprovince = "Lai Châu"\n'
        'crs = "EPSG:9205"\nas_of = 2025-12-31\n\n[[consultant]]\nid = "TV1"\nname = "Tư vấn 1"\n'
        'cad = [{ color = 30, land_use = "CLN" }]\n'
    )
    source = '\n[[source]]\nlayer = "plan_zones"\nfile = "sources/{}.dxf"\nconsultant = "{}"\n'
    (tmp_path / "commune.toml").write_text(
        head + source.format("a", "TV1") + source.format("b", "TV2"), encoding="utf-8"
    )
    found = communes.read(tmp_path)
    assert [entry.file for entry in found.sources] == ["sources/a.dxf"]
    assert found.consultant("TV1").land_use("X", ORANGE) == "CLN"
    (fault,) = found.faults
    assert fault.code == "SOURCE_CONSULTANT_UNKNOWN"
    assert "TV2" in fault.say("vi")
