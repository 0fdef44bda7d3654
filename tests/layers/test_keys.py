"""Ids of rows, and rows that stand twice."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis import analyses
from ntm_gis.layers.check import check
from ntm_gis.layers.content import digest


def line(x: float, length: float = 1000.0) -> shapely.LineString:
    return shapely.LineString([(571_000 + x, 2_455_000), (571_000 + x + length, 2_455_000)])


def states(layer) -> list[str]:
    return layer.frame["@state"].tolist()


def keys(layer) -> list[str]:
    return layer.frame[layer.schema.key].tolist()


@pytest.fixture(scope="module")
def houses(make_schema):
    return make_schema(
        {"name": "house_id", "type": "code", "required": True},
        {"name": "village_id", "type": "code"},
        {"name": "name"},
        {"name": "seats", "type": "integer"},
        key="house_id",
        key_from=["village_id", "name"],
        geometry=["point"],
    )


def test_a_missing_key_is_made_of_village_and_name(raw, houses, one):
    data = {"house_id": ["N1", None, " "], "village_id": ["A", "MK04", "MK05"],
            "name": ["x", "Nhà Hô Tra", "Nhà Hô Ta"]}  # fmt: skip
    layer = check(raw("houses", data), houses)
    assert keys(layer) == ["N1", "MK04 · Nhà Hô Tra", "MK05 · Nhà Hô Ta"]
    finding = one(layer, "KEY_MADE")
    assert finding.message.vi.startswith("2 dòng")
    assert "Cột village_id, Cột name" in finding.message.vi


def test_names_that_look_alike_get_keys_of_their_own(raw, houses):
    data = {"village_id": ["A"] * 3, "name": ["Nậm Cung", "Nậm Cúng", "Nam Cung"]}
    assert len(set(keys(check(raw("houses", data), houses)))) == 3


def test_without_a_name_the_rest_of_the_row_tells_rows_apart(raw, houses, codes):
    data = {"village_id": ["A", "A", "B"], "seats": [50, 60, 50]}
    layer = check(raw("houses", data), houses)
    assert states(layer) == ["used"] * 3
    assert keys(layer) == ["A", "A (2)", "B"]
    assert codes(layer) == ["KEY_MADE"]


@pytest.mark.parametrize(
    "data",
    [
        {"village_id": ["A", "B"], "name": ["Nhà", "Nhà"], "seats": [50, 60]},
        {"village_id": ["A", "B"], "name": ["", ""], "seats": [50, 60]},
        {"village_id": ["", ""], "name": ["Nhà A", "Nhà B"], "seats": [50, 60]},
    ],
    ids=["village and name", "village alone", "name alone"],
)
def test_a_cell_put_right_changes_no_key(raw, houses, data):
    before = keys(check(raw("houses", data), houses))
    mended = {**data, "seats": [500, 60], "Ghi chú": ["đo lại", ""]}
    assert keys(check(raw("houses", mended), houses)) == before


def test_rows_that_have_all_names_in_common_are_numbered_by_their_places(raw, houses):
    """Then by what they say; so that a cell put right changes no number of what is drawn."""
    data = {"village_id": ["A"] * 3, "seats": [70, 60, 50]}
    there = [shapely.Point(571_000 + 10 * k, 2_455_000) for k in range(3)]
    before = keys(check(raw("houses", data, there), houses))
    assert sorted(before) == ["A", "A (2)", "A (3)"]
    mended = {"village_id": ["A"] * 3, "seats": [10, 60, 99]}
    assert keys(check(raw("houses", mended, there), houses)) == before
    turned = {"village_id": ["A"] * 3, "seats": [50, 60, 70]}
    assert keys(check(raw("houses", turned, there[::-1]), houses)) == before[::-1]


def test_a_key_is_not_made_of_what_is_personal(raw, gather):
    """Two gifts that differ in the giver alone are two, and their ids don't tell who gave."""
    data = {"Công trình": ["CT1"] * 2, "Loại": ["Tiền"] * 2, "Chủ hộ": ["Lò Văn A", "Lò Thị B"]}
    layer = gather(raw("contributions", data))["contributions"]
    assert states(layer) == ["used"] * 2
    first, second = sorted(keys(layer), key=len)
    assert second == f"{first} (2)"
    other = gather(raw("contributions", {**data, "Chủ hộ": ["Vàng A", "Vàng B"]}))
    assert sorted(keys(other["contributions"]), key=len) == [first, second]


def test_remarks_tell_rows_without_keys_apart_but_numbers_of_rows_do_not(raw, houses):
    data = {"village_id": ["A"] * 3, "Ghi chú": ["đầu bản", "cuối bản", "cuối bản"],
            "STT": [1, 2, 3]}  # fmt: skip
    assert states(check(raw("houses", data), houses)) == ["used", "used", "set_aside"]


def test_identical_rows_count_once(raw, houses, one, codes):
    data = {"house_id": ["N1", "N2", "N1"], "name": ["a", "b", "a"], "Ghi chú": ["", "", "x"],
            "seats": ["nhiều", 50, "nhiều"]}  # fmt: skip
    layer = check(raw("houses", data, first=8), houses)
    # What the repeated row says was said with the first.
    assert [finding.row for finding in codes(layer, "VALUE_NOT_NUMBER")] == [8]
    assert states(layer) == ["used", "used", "set_aside"]
    finding = one(layer, "DUPLICATE_ROW")
    assert (finding.row, finding.feature, finding.severity) == (10, "N1", "note")
    assert "sources/houses.gpkg: 8" in finding.message.vi


def test_one_key_of_two_things_sets_both_aside(raw, houses, codes):
    data = {"house_id": ["N1", "N2", "N1", "N1"], "seats": [50, 60, 70, 50]}
    layer = check(raw("houses", data), houses)
    assert states(layer) == ["set_aside", "used", "set_aside", "set_aside"]
    clash = codes(layer, "DUPLICATE_KEY")
    assert [finding.row for finding in clash] == [1, 3]
    assert {finding.severity for finding in clash} == {"block"}
    assert "Cột seats" in clash[0].message.vi
    assert [finding.row for finding in codes(layer, "DUPLICATE_ROW")] == [4]


def test_remarks_make_no_second_thing_of_a_named_one(raw, houses):
    data = {"village_id": ["A", "A"], "name": ["Nhà", "Nhà"], "Ghi chú": ["x", ""]}
    assert states(check(raw("houses", data), houses)) == ["used", "set_aside"]


def test_made_keys_of_one_name_in_one_village_clash(raw, houses, codes):
    data = {"village_id": ["A", "A"], "name": ["Nhà", "Nhà"], "seats": [50, 60]}
    layer = check(raw("houses", data), houses)
    assert states(layer) == ["set_aside"] * 2
    assert "DUPLICATE_KEY" in codes(layer)


def test_rows_drawn_elsewhere_are_other_rows(raw, houses):
    data = {"house_id": ["N1", "N1"]}
    there = [shapely.Point(571_000, 2_455_000), shapely.Point(571_000.02, 2_455_000)]
    assert states(check(raw("houses", data, there), houses)) == ["set_aside"] * 2
    near = [shapely.Point(571_000, 2_455_000), shapely.Point(571_000.002, 2_455_000)]
    assert states(check(raw("houses", data, near), houses)) == ["used", "set_aside"]


def test_a_list_completes_a_drawing(raw, gather, one, codes):
    drawn = raw("roads", {"MA": ["D1", "D2"], "CAP": ["ĐX", "ĐB"]}, [line(0), line(2000)])
    data = {"Mã đường": ["D1", "D3"], "Cấp đường": ["ĐX", "NX"], "Kết cấu": ["BTXM", "Đất"],
            "Tên đường": ["Hô Tra", "x"], "Chiều dài kê khai": [1010, 300]}  # fmt: skip
    listed = raw("roads", data, file="sources/ds.xlsx", table="Đường")
    layer = gather(drawn, listed)["roads"]
    assert states(layer) == ["used", "used", "set_aside", "used"]
    first = layer.frame.iloc[0]
    assert (first["surface"], first["name"]) == ("concrete", "Hô Tra")
    assert first["declared_length_m"] == 1010.0
    assert first.geometry.length == 1000.0
    assert "sources/roads.gpkg: 1" in one(layer, "ROW_JOINED").message.vi
    assert [f.feature for f in codes(layer, "ROAD_SURFACE_UNKNOWN")] == ["D2"]
    assert [a.set_aside for a in layer.accounts] == [0, 1]


def test_where_a_list_and_a_drawing_differ_the_drawing_wins_and_both_are_named(raw, gather, codes):
    drawn = raw("roads", {"MA": ["D1"], "CAP": ["ĐX"], "KET_CAU": ["Đất"], "SACH": ["Có"],
                          "BE_RONG": [3.5], "TEN": ["Hô Tra"]}, [line(0)])  # fmt: skip
    listed = raw("roads", {"MA": ["D1"], "CAP": ["ĐX"], "KET_CAU": ["BTXM"], "SACH": ["Không"],
                           "BE_RONG": [3], "TEN": ["HO TRA"]}, file="sources/a.xlsx")  # fmt: skip
    for raws in ((drawn, listed), (listed, drawn)):
        layer = gather(*raws)["roads"]
        assert layer.used[["surface", "width_m"]].to_numpy().tolist() == [["earth", 3.5]]
        found = {f.field: f for f in codes(layer, "ROW_JOINED_DIFFERS")}
        assert sorted(found) == ["clean", "surface", "width_m"]
        assert {f.file for f in found.values()} == {"sources/a.xlsx"}
        said = found["surface"].message.vi
        assert "Bê tông" in said
        assert "Đường đất" in said or "Đất" in said
        assert "sources/roads.gpkg: 1" in said
        assert "'3'" in found["width_m"].message.vi
        assert "'3,5'" in found["width_m"].message.vi
        assert "'không'" in found["clean"].message.vi


def test_lists_that_contradict_each_other_complete_no_drawing(raw, gather):
    drawn = raw("roads", {"MA": ["D1"], "CAP": ["ĐX"]}, [line(0)])
    lists = [
        raw("roads", {"MA": ["D1"], "CAP": ["ĐX"], "KET_CAU": [said]}, file=f"sources/{said}.xlsx")
        for said in ("Đất", "BTXM")
    ]
    assert states(gather(drawn, *lists)["roads"]) == ["set_aside"] * 3


def test_two_rows_of_one_table_are_two_statements(raw, gather):
    both = raw("roads", {"MA": ["D1", "D1"], "CAP": ["ĐX", "ĐX"]}, [line(0), None])
    assert states(gather(both)["roads"]) == ["set_aside"] * 2


def test_three_lists_complete_one_drawing(raw, gather):
    drawn = raw("roads", {"MA": ["D1"], "CAP": ["ĐX"]}, [line(0)])
    lists = [
        raw("roads", {"MA": ["D1"], "CAP": ["ĐX"], **more}, file=f"sources/{i}.xlsx")
        for i, more in enumerate([{"KET_CAU": ["BTXM"]}, {"BE_RONG": [3.5]}, {"NAM": [2020]}])
    ]
    layer = gather(*lists, drawn)["roads"]
    assert states(layer) == ["set_aside"] * 3 + ["used"]
    assert layer.used[["surface", "width_m", "built_year"]].iloc[0].tolist() == [
        "concrete", 3.5, 2020,
    ]  # fmt: skip


def test_a_key_in_two_former_communes(raw, gather, codes):
    one_ = raw(
        "roads", {"MA": ["D1", "D2"], "CAP": ["ĐX"] * 2}, former_commune="F1", file="sources/a"
    )
    two = raw(
        "roads", {"MA": ["D1", "D3"], "CAP": ["ĐX"] * 2}, former_commune="F2", file="sources/b"
    )
    layer = gather(one_, two)["roads"]
    assert keys(layer) == ["F1/D1", "D2", "F2/D1", "D3"]
    assert states(layer) == ["used"] * 4
    notes = codes(layer, "KEY_PREFIXED")
    assert [(f.feature, f.value, f.severity) for f in notes] == [
        ("F1/D1", "D1", "note"), ("F2/D1", "D1", "note"),
    ]  # fmt: skip


def test_rows_that_know_no_former_commune_keep_their_key(raw, gather):
    data = {"MA": ["D1", "D1", "D1"], "CAP": ["ĐX"] * 3}
    tables = [
        raw("roads", {k: v[:1] for k, v in data.items()}, file=f"sources/{i}", former_commune=f)
        for i, f in enumerate(["F1", "F2", None])
    ]
    assert keys(gather(*tables)["roads"]) == ["F1/D1", "F2/D1", "D1"]


def test_tables_without_a_key_know_identical_rows_alone(raw, make_schema, codes):
    layer = make_schema(
        {"name": "indicator", "required": True}, {"name": "value", "type": "number"}
    )
    data = {"STT": [1, 2, 3], "indicator": ["a", "a", "a"], "value": [1, 1.0, 2]}
    checked = check(raw("figures", data), layer)
    assert states(checked) == ["used", "set_aside", "used"]
    assert codes(checked) == ["DUPLICATE_ROW"]


def test_two_photos_without_a_word_are_two(raw, gather):
    assert states(gather(raw("photos", {"made_by": [None, None]}))["photos"]) == ["used"] * 2


def test_a_digest_depends_on_what_is_said_alone():
    # Written down once: ids of rows without keys must not change from version to version.
    assert digest(("Hô Tra", None, 2.0, pd.Timestamp(2025, 3, 5))) == "_4sipemyidi"
    assert digest(("a", "bc")) != digest(("ab", "c"))
    assert digest(("a", None)) == digest(("a", ""))


CELLS = st.sampled_from(["D1", "D2", "D3", "", None])
ROWS = st.lists(
    st.tuples(
        CELLS,
        st.sampled_from(["Hô Tra", "Hô Ta", ""]),
        st.sampled_from(["ĐX", "NX", "?", None, "xx"]),
        st.sampled_from(["3,5", "1.282", "m", None, 350]),
        st.sampled_from([None, 0, 1, 2]),
    ),
    max_size=8,
)
NAMES = ("MA", "TEN", "CAP", "BE_RONG")
SHAPES = [line(0), line(2000), shapely.LineString([(571_000, 2_456_000)] * 2)]


def _table(raw, rows, file="sources/a.shp"):
    data = {name: [row[i] for row in rows] for i, name in enumerate(NAMES)}
    drawn = [None if row[4] is None else SHAPES[row[4]] for row in rows]
    return raw("roads", data, drawn, file=file)


def _said(layer) -> Counter:
    """Return what a layer says, but for the order and numbers of its rows."""
    names = ["road_id", "name", "road_class", "width_m", "@state", "located_by"]
    rows = layer.frame[names].astype(object).where(layer.frame[names].notna(), None)
    wkt = layer.frame.geometry.to_wkt()
    return Counter(zip(*(rows[name] for name in names), wkt, strict=True))


@settings(max_examples=settings.default.max_examples // 3)
@given(rows=ROWS, refused=st.integers(0, 3))
def test_every_row_is_accounted_for(raw, gather, rows, refused):
    data = {name: [row[i] for row in rows] for i, name in enumerate(NAMES)}
    drawn = [None if row[4] is None else SHAPES[row[4]] for row in rows]
    (account,) = gather(raw("roads", data, drawn, refused=refused)).accounts
    assert account.rows_in == len(rows) + refused
    assert account.rows_in == account.used + account.set_aside + account.refused


@settings(max_examples=settings.default.max_examples // 3)
@given(rows=ROWS, data=st.data())
def test_order_of_rows_changes_nothing(raw, gather, rows, data):
    shuffled = data.draw(st.permutations(rows))
    one_, other = (gather(_table(raw, order))["roads"] for order in (rows, shuffled))
    assert _said(one_) == _said(other)
    assert Counter(f.code for f in one_.findings) == Counter(f.code for f in other.findings)


@settings(max_examples=settings.default.max_examples // 3)
@given(rows=ROWS)
def test_a_list_sent_again_adds_nothing(raw, gather, rows):
    once = gather(_table(raw, rows))["roads"]
    twice = gather(_table(raw, rows), _table(raw, rows, file="sources/again.shp"))["roads"]
    ids = once.used["road_id"].tolist()
    assert sorted(twice.used["road_id"]) == sorted(ids)
    assert twice.accounts[1].used == 0


@settings(max_examples=settings.default.max_examples // 3)
@given(rows=ROWS, cut=st.integers(0, 8))
def test_cutting_a_list_in_two_files_changes_no_key(raw, gather, rows, cut):
    whole = gather(_table(raw, rows))["roads"]
    parts = gather(_table(raw, rows[:cut]), _table(raw, rows[cut:], file="sources/b.shp"))["roads"]
    assert sorted(keys(whole)) == sorted(keys(parts))


def test_no_sentence_shows_a_key_that_says_nothing(raw, gather):
    """Roads of a drawing with class and surface alone: rows are named by their numbers."""
    far = shapely.affinity.translate(line(0, 800.0), 0, 900)
    roads = raw("roads", {"CAP": ["ĐX", "ĐX", "NX"], "KET_CAU": ["", "BTXM", "Đất"],
                          "Chiều dài kê khai": [5000, None, 9000]},
                [line(0), line(0), far])  # fmt: skip
    answer = analyses.answer(gather(roads))
    codes = {f.code for f in answer.findings}
    assert {"ROAD_LENGTH_DIFFERS", "GEOMETRY_TWICE", "ROAD_SURFACE_UNKNOWN"} <= codes
    for finding in answer.findings:
        said = f"{finding.message.vi} {finding.message.en} {finding.value or ''}"
        assert not re.search(r"_[a-z2-7]{10}", said), said
    (told,) = [f for f in answer.findings if f.code == "ROAD_LENGTH_DIFFERS" and f.row == 3]
    assert "Đường chưa có mã (dòng 3): đo trên bản đồ 800 m" in told.message.vi


def test_a_value_that_a_list_has_otherwise_touches_the_figures_of_both(raw, gather):
    drawn = raw("roads", {"MA": ["D1"], "CAP": ["ĐX"], "KET_CAU": ["Đất"]}, [line(0)])
    listed = raw("roads", {"MA": ["D1"], "CAP": ["ĐX"], "KET_CAU": ["BTXM"]}, file="sources/a.xlsx")
    answer = analyses.answer(gather(drawn, listed))
    (told,) = [f for f in answer.findings if f.code == "ROW_JOINED_DIFFERS"]
    assert told.value == "Bê tông xi măng"
    assert set(told.affects) == {
        "roads.paved_share.commune", "roads.hardened_share.commune",
        "roads.surface_km.concrete", "roads.surface_km.earth",
    }  # fmt: skip
