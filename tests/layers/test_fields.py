"""Which column is which field."""

from __future__ import annotations

import numpy as np
import pytest

from ntm_gis.layers.check import check


@pytest.fixture(scope="module")
def roads(make_schema):
    return make_schema(
        {"name": "road_id", "type": "code", "required": True, "aliases": ["MA_DUONG", "Mã"]},
        {"name": "surface", "type": "choice", "codes": "surface", "aliases": ["KET_CAU"]},
        {"name": "declared_length_m", "type": "number", "unit": "m", "aliases": ["Chiều dài"]},
        {"name": "road_class", "required": True, "aliases": ["CAP"]},
        key="road_id",
        geometry=["line"],
    )


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("road_id", "road_id"),
        ("  Mã ", "road_id"),
        ("ma duong", "road_id"),
        ("MA-DUONG", "road_id"),
        ("Kết cấu", "surface"),
        ("CHIỀU DÀI (m)", "declared_length_m"),
        ("declared_l", "declared_length_m"),
        ("Column surface", "surface"),
    ],
    ids=[
        "name", "spaces", "alias folded", "signs", "alias with diacritics", "unit in brackets",
        "cut by a shapefile", "title",
    ],
)  # fmt: skip
def test_headings_are_known(raw, roads, codes, heading, field):
    written = "BTXM" if field == "surface" else "1"
    data = {"CAP": ["x"], heading: [written]}
    layer = check(raw("roads", data), roads)
    assert layer.frame[field].notna().all()
    assert "COLUMN_TWICE" not in codes(layer)


def test_ten_letters_that_may_be_two_fields_are_neither(raw, make_schema):
    layer = make_schema({"name": "be_tong_2025"}, {"name": "be_tong_2026"})
    checked = check(raw("roads", {"be_tong_20": ["7"]}), layer)
    assert checked.frame[["be_tong_2025", "be_tong_2026"]].isna().all(axis=None)
    assert checked.frame["be_tong_20"].tolist() == ["7"]


def test_commune_toml_goes_before_aliases(raw, roads, codes):
    data = {"MA_DUONG": ["D1"], "CAP": ["x"], "KET_CAU": ["Đất"], "Vật liệu": ["BTXM"]}
    table = raw("roads", data, fields={"surface": "Vật liệu"})
    layer = check(table, roads)
    assert layer.frame["surface"].tolist() == ["concrete"]
    assert layer.frame["KET_CAU"].tolist() == ["Đất"]
    assert codes(layer) == []


def test_one_column_may_be_two_fields(raw, make_schema):
    layer = make_schema({"name": "a"}, {"name": "b"})
    checked = check(raw("roads", {"X": ["1"]}, fields={"a": "X", "b": "X"}), layer)
    assert checked.frame[["a", "b"]].iloc[0].tolist() == ["1", "1"]


def test_a_column_not_there_is_named_with_the_one_meant(raw, roads, one, codes):
    data = {"MA_DUONG": ["D1"], "CAP": ["x"], "KET_CAU_MAT": ["BTXM"]}
    layer = check(raw("roads", data, fields={"surface": "KET_CAO_MAT"}), roads)
    finding = one(layer, "COLUMN_UNKNOWN")
    assert finding.value == "KET_CAO_MAT"
    assert "KET_CAU_MAT" in finding.repair.vi
    assert layer.frame["surface"].isna().all()
    assert codes(layer) == ["COLUMN_UNKNOWN"]


def test_a_required_column_named_wrongly_is_said_once(raw, roads, codes):
    layer = check(raw("roads", {"MA_DUONG": ["D1"]}, fields={"road_class": "CP"}), roads)
    assert codes(layer) == ["COLUMN_UNKNOWN"]


def test_two_columns_of_one_field(raw, roads, one):
    data = {"Mã": ["x1"], "MA_DUONG": ["D1"], "CAP": ["x"]}
    layer = check(raw("roads", data), roads)
    assert layer.frame["road_id"].tolist() == ["D1"]
    assert layer.frame["Mã"].tolist() == ["x1"]
    finding = one(layer, "COLUMN_TWICE")
    assert "'MA_DUONG'" in finding.message.vi
    assert "'Mã'" in finding.message.vi


def test_missing_column_names_the_headings_taken(raw, roads, one, codes):
    layer = check(raw("roads", {"MA_DUONG": ["D1", "D2"]}), roads)
    finding = one(layer, "COLUMN_MISSING")
    assert finding.severity == "block"
    assert "CAP" in finding.repair.vi
    assert finding.field == "road_class"
    assert codes(layer) == ["COLUMN_MISSING"]  # and no VALUE_MISSING for each row


def test_key_that_can_be_made_needs_no_column(raw, make_schema, codes):
    fields = [{"name": "id", "type": "code", "required": True}, {"name": "name"}]
    data = {"name": ["Hô Tra"]}
    made = make_schema(*fields, key="id", key_from=["name"])
    assert codes(check(raw("roads", data), made)) == ["KEY_MADE"]
    bare = make_schema(*fields, key="id")
    assert "COLUMN_MISSING" in codes(check(raw("roads", data), bare))


def test_nothing_is_missing_in_a_file_that_could_not_be_read(raw, roads, codes):
    layer = check(raw("roads", {}, [], refused=3), roads)
    assert codes(layer) == []
    assert layer.accounts[0].rows_in == layer.accounts[0].refused == 3


def test_an_empty_table_still_needs_its_columns(raw, roads, codes):
    assert "COLUMN_MISSING" in codes(check(raw("roads", {"MA_DUONG": []}), roads))


def test_constants_go_before_columns(raw, roads):
    data = {"MA_DUONG": ["D1"], "CAP": ["QL"], "KET_CAU": ["Đất"]}
    layer = check(raw("roads", data, values={"surface": "BTXM", "declared_length_m": 12}), roads)
    assert layer.frame["surface"].tolist() == ["concrete"]
    assert layer.frame["declared_length_m"].tolist() == [12.0]
    assert layer.frame["KET_CAU"].tolist() == ["Đất"]


def test_a_name_that_is_no_field_is_said(raw, roads, one):
    data = {"MA_DUONG": ["D1"], "CAP": ["QL"]}
    layer = check(raw("roads", data, values={"surfase": "BTXM"}), roads)
    assert "surface" in one(layer, "ENTRY_FIELD_UNKNOWN").repair.vi


def test_columns_of_coordinates_are_no_fields(raw, roads, codes):
    data = {"MA_DUONG": ["D1"], "CAP": ["QL"], "X": [1.0]}
    assert codes(check(raw("roads", data, fields={"north": "X"}), roads)) == []


def test_former_commune_fills_blanks_alone(raw, make_schema):
    layer = make_schema({"name": "former_commune"})
    table = raw("roads", {"former_commune": ["F2", None]}, former_commune="F1")
    assert check(table, layer).frame["former_commune"].tolist() == ["F2", "F1"]


def test_former_commune_is_kept_by_layers_without_the_field(raw, roads):
    table = raw("roads", {"MA_DUONG": ["D1"], "CAP": ["QL"]}, former_commune="F1")
    assert check(table, roads).frame["former_commune"].tolist() == ["F1"]


def test_further_columns_stay_as_read(raw, roads):
    times = np.array([1.0, 2.0])
    data = {"MA_DUONG": ["D1"], "CAP": ["x"], "Ghi chú": [" a  b "], "@times": [times]}
    frame = check(raw("roads", data), roads).frame
    assert frame["Ghi chú"].tolist() == [" a  b "]
    assert frame["@times"].iloc[0] is times


def test_a_further_column_never_takes_the_place_of_a_field(raw, roads):
    data = {"MA_DUONG": ["D1"], "CAP": ["x"], "surface": ["cũ"], "KC": ["BTXM"]}
    frame = check(raw("roads", data, fields={"surface": "KC"}), roads).frame
    assert frame["surface"].tolist() == ["concrete"]
    assert frame["surface (2)"].tolist() == ["cũ"]


@pytest.mark.parametrize(
    ("heading", "written", "metres"),
    [
        ("Chiều dài (km)", "1,5", 1500.0),
        ("Chiều dài (m)", "1,5", 1.5),
        ("Chiều dài (km)", "800 m", 800.0),
        ("Chiều dài, cm", "250", 2.5),
    ],
    ids=["km", "m", "the cell's unit goes before", "after a comma"],
)
def test_unit_in_the_heading(raw, roads, codes, heading, written, metres):
    data = {"MA_DUONG": ["D1"], "CAP": ["x"], heading: [written]}
    layer = check(raw("roads", data), roads)
    assert layer.frame["declared_length_m"].tolist() == [metres]
    assert ("COLUMN_CONVERTED" in codes(layer)) == ("(m)" not in heading)


def test_heading_with_a_unit_of_something_else(raw, roads, one):
    data = {"MA_DUONG": ["D1", "D2"], "CAP": ["x", "x"], "Chiều dài (ha)": ["1", "2"]}
    layer = check(raw("roads", data), roads)
    assert layer.frame["declared_length_m"].isna().all()
    assert one(layer, "COLUMN_UNIT").field == "declared_length_m"


def test_the_input_is_not_changed(raw, roads):
    table = raw("roads", {"MA_DUONG": [" D1 "], "CAP": ["x"], "KET_CAU": ["BTXM"]})
    before = table.frame.copy(deep=True)
    check(table, roads)
    assert table.frame.equals(before)
    assert list(table.frame.columns) == list(before.columns)


def test_a_code_of_commune_toml_that_there_is_none_of_is_said(raw, roads, one, codes):
    data = {"MA_DUONG": ["D1"], "CAP": ["QL"], "KET_CAU": ["VL2"]}
    layer = check(raw("roads", data, codes={"surface": {"VL2": "concret"}}), roads)
    told = one(layer, "ENTRY_CODE_UNKNOWN")
    assert (told.field, told.value) == ("surface", "concret")
    assert "concrete" in told.repair.vi
    right = check(raw("roads", data, codes={"surface": {"VL2": "concrete"}}), roads)
    assert "ENTRY_CODE_UNKNOWN" not in codes(right)
