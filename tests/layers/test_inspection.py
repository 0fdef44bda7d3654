"""Blanks that matter, and rows worth a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from shapely import LineString

from ntm_gis import analyses
from ntm_gis.layers.check import check
from ntm_gis.layers.inspection import letter_apart


def test_a_starred_blank_is_unknown_and_the_row_stays(raw, make_schema, codes):
    layer = make_schema(
        {"name": "id", "type": "code"}, {"name": "kind", "required": True}, key="id"
    )
    checked = check(raw("x", {"id": ["A", "B", "C"], "kind": ["x", "", None]}), layer)
    assert [(f.row, f.value, f.severity) for f in codes(checked, "VALUE_MISSING")] == [
        (2, "", "warning"), (3, "", "warning"),
    ]  # fmt: skip
    assert checked.frame["@state"].tolist() == ["used"] * 3
    assert checked.frame["kind"].tolist() == ["x", None, None]


def test_what_could_not_be_read_is_said_once(raw, make_schema, codes):
    layer = make_schema({"name": "n", "type": "number", "required": True})
    checked = check(raw("x", {"n": ["nhiều", None]}), layer)
    assert codes(checked) == ["VALUE_MISSING", "VALUE_NOT_NUMBER"]
    assert [f.row for f in codes(checked, "VALUE_MISSING")] == [2]


VILLAGES = {
    "Mã bản": ["A", "B", "C", "D"], "Tên bản": ["Hô Tra", "Nậm Cung", "Phiêng Hào", "Hua Cần"],
    "Số hộ": [50, 60, None, 40],
}  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Số hộ nghèo", "poor_households"),
        ("Số hộ cận nghèo", "near_poor_households"),
        ("Số gia đình văn hóa", "cultural_families"),
    ],
)
def test_a_part_larger_than_its_whole_is_not_believed(raw, gather, one, heading, field):
    layers = gather(raw("villages", {**VILLAGES, heading: [70, 60, 9, None]}))
    found = one(layers, "PART_OVER_WHOLE")
    assert (found.severity, found.row, found.feature) == ("warning", 1, "A")
    assert (found.field, found.value) == (field, "70")
    for part in ("Dòng 1", heading, "70", "Số hộ", "50"):
        assert part in found.message.vi
    parts = layers["villages"].used[field]
    assert parts.isna().tolist() == [True, False, False, True]
    assert parts.dropna().tolist() == [60, 9]
    assert layers["villages"].used["households"].dropna().tolist() == [50, 60, 40]


def test_more_poor_households_than_households_leave_the_share_within_its_bounds(raw, gather):
    """Seventy of fifty, none of a hundred and fifty: between 0 and 25 %, not 35 %."""
    data = {"Mã bản": ["A", "B"], "Tên bản": ["x", "y"], "Số hộ": [50, 150], "Số hộ nghèo": [70, 0]}
    answer = analyses.answer(gather(raw("villages", data)))
    (share,) = [m for m in answer.measures if m.id == "villages.poor_share"]
    assert (share.value, share.low, share.high) == (0.0, 0.0, 25.0)
    (found,) = [f for f in answer.findings if f.code == "PART_OVER_WHOLE"]
    assert found.affects == ("villages.poor_share",)


def test_rows_set_aside_are_not_asked_for_more(raw, make_schema, codes):
    layer = make_schema(
        {"name": "id", "type": "code"}, {"name": "kind", "required": True}, key="id"
    )
    checked = check(raw("x", {"id": ["A", "A"], "kind": [None, None]}), layer)
    assert [f.row for f in codes(checked, "VALUE_MISSING")] == [1]


@pytest.mark.parametrize(
    ("layer", "data", "code", "row"),
    [
        ("irrigation", {"Mã": ["K1", "K2"], "Loại": ["Kênh"] * 2, "Tình trạng": ["Tốt", ""]},
         "CONDITION_UNKNOWN", 2),
        ("loudspeakers", {"Mã": ["L1", "L2", "L3"], "Mã bản": ["A"] * 3,
                          "Tình trạng": ["Hỏng", "Hoạt động", "Hoạt động"],
                          "Bán kính (m)": ["", "", "500"]}, "RADIUS_UNKNOWN", 2),
        ("schools", {"Mã điểm": ["S1", "S2", "S3"], "Mã trường": ["T"] * 3, "Tên": ["x"] * 3,
                     "Cấp học": ["TH"] * 3, "Tình trạng": ["Đang sử dụng"] * 2 + ["Không sử dụng"],
                     "Mức độ CSVC": ["Mức độ 1", None, None]}, "FACILITY_LEVEL_UNKNOWN", 2),
        ("cultural_houses", {"Mã NVH": ["N1", "N2", "N3"], "Mã bản": ["A"] * 3, "Tên": ["x"] * 3,
                             "Tình trạng": ["Đang sửa chữa", "Đang sử dụng", "Đang sử dụng"],
                             "Diện tích sàn (m²)": ["", "120", "150"],
                             "Số chỗ ngồi": ["", "", "80"]}, "HOUSE_SIZE_UNKNOWN", 2),
        ("tea_areas", {"Mã lô": ["L1", "L2"], "Giai đoạn": ["Kinh doanh", "?"]},
         "STAGE_UNKNOWN", 2),
        ("schools", {"Mã điểm": ["S1", "S2"], "Mã trường": ["T"] * 2, "Tên": ["x", "Điểm Hua Cần"],
                     "Cấp học": ["TH"] * 2, "Tình trạng": ["Đang sử dụng", "Không sử dụng"],
                     "Mức độ CSVC": [1, 1]}, "SCHOOL_DISUSED", 2),
    ],
    ids=["condition", "radius", "facility level", "size of a house", "stage", "disused"],
)  # fmt: skip
def test_findings_of_their_own(raw, gather, one, layer, data, code, row):
    layers = gather(raw(layer, data))
    finding = one(layers, code)
    assert finding.row == row
    assert finding.severity == ("note" if code == "SCHOOL_DISUSED" else "warning")
    blank = [f for f in layers.findings if f.code == "VALUE_MISSING" and f.field == finding.field]
    assert blank == []


def test_a_house_of_unknown_status_is_asked_for_its_size_too(raw, gather, codes):
    data = {"Mã NVH": ["N1"], "Mã bản": ["A"], "Tình trạng": [""], "Số chỗ ngồi": [80]}
    assert [f.field for f in codes(gather(raw("cultural_houses", data)), "HOUSE_SIZE_UNKNOWN")] == [
        "floor_m2"
    ]


def test_a_road_without_surface_names_its_length(raw, gather, codes):
    data = {"MA": ["D1", "D2"], "TEN": ["Nà An", ""], "CAP": ["ĐB"] * 2, "KET_CAU": ["", None]}
    line = LineString([(571_000, 2_455_000), (572_500, 2_455_000)])
    first, second = codes(gather(raw("roads", data, [line, None])), "ROAD_SURFACE_UNKNOWN")
    assert "Nà An (1,50 km trên bản đồ)" in first.message.vi
    assert "D2, chưa có tên (chưa vẽ trên bản đồ)" in second.message.vi
    assert (first.field, first.value, first.feature) == ("surface", "", "D1")
    assert first.at == pytest.approx((103.698, 22.1912), abs=0.001)


def test_names_a_letter_apart_are_both_kept_with_a_note(raw, gather, codes):
    names = ["Hô Tra", "Hô Ta", "Nậm Cung", "bản Nậm Cúng", "Bản 1", "Bản 2", "Nà An"]
    data = {"MA_BAN": [f"V{i}" for i in range(7)], "TEN_BAN": names}
    layers = gather(raw("villages", data))
    notes = codes(layers, "SIMILAR_NAMES")
    assert [(f.feature, f.value) for f in notes] == [("V0", "Hô Tra"), ("V2", "Nậm Cung")]
    assert "'Hô Ta' (V1)" in notes[0].message.vi
    assert layers["villages"].frame["@state"].tolist() == ["used"] * 7


WORDS = st.lists(st.text(alphabet="hota r1", max_size=6), max_size=8, unique=True)


@given(WORDS)
def test_a_letter_apart_is_an_edit_distance_of_one(words):
    """Against rapidfuzz's distance of each pair."""

    def digits(word):
        return [c for c in word if c.isdigit()]

    expected = {
        (a, b)
        for a in words
        for b in words
        if a < b and Levenshtein.distance(a, b) == 1 and digits(a) == digits(b)
    }
    assert letter_apart(words) == expected


@pytest.mark.parametrize("said", ["Xuống cấp", "Cần sửa", "Cần sửa chữa", "Hư hỏng", "Hỏng"])
def test_how_a_house_looks_does_not_say_whether_it_is_used(raw, gather, one, said):
    """A house run down may be in use or not: unknown, and asked for."""
    data = {"Mã NVH": ["N1"], "Mã bản": ["A"], "Tình trạng": [said], "Diện tích": [120],
            "Số chỗ ngồi": [80]}  # fmt: skip
    villages = raw("villages", {"MA_BAN": ["A"], "TEN_BAN": ["Nà A"]})
    layers = gather(villages, raw("cultural_houses", data))
    assert one(layers, "CODE_UNKNOWN").value == said
    answer = analyses.answer(layers)
    share = next(m for m in answer.measures if m.id == "villages.with_cultural_house_share")
    assert (share.value, share.low, share.high) == (None, 0.0, 100.0)
    assert any(share.id in f.affects for f in answer.findings if f.code == "CODE_UNKNOWN")


def test_blanks_of_villages_that_figures_hang_on_are_told(raw, gather, codes):
    data = {"MA_BAN": ["A", "B"], "TEN_BAN": ["Nà A", "Nậm B"], "SO_HO": [50, None],
            "DAN_SO": [None, 200], "HO_NGHEO": ["", 3], "BAN_VH": ["Đạt", "-"]}  # fmt: skip
    layers = gather(raw("villages", data))
    assert sorted((f.feature, f.field) for f in codes(layers, "VALUE_MISSING")) == [
        ("A", "poor_households"), ("A", "population"), ("B", "cultural_standard"),
        ("B", "households"),
    ]  # fmt: skip
    assert codes(layers, "COLUMN_ABSENT") == []
    wide = {"commune.households", "commune.population", "villages.poor_share",
            "villages.cultural_standard_share"}  # fmt: skip
    assert wide <= {m for f in analyses.answer(layers).findings for m in f.affects}


def test_a_column_that_a_table_lacks_is_told_once(raw, gather, codes):
    whole = {"MA_BAN": ["A", "B"], "TEN_BAN": ["Nà A", "Nậm B"], "SO_HO": [50, 60]}
    layers = gather(raw("villages", whole))
    found = {f.field: f for f in codes(layers, "COLUMN_ABSENT")}
    assert sorted(found) == ["cultural_standard", "poor_households", "population"]
    assert found["population"].row is None
    assert "2 dòng" in found["population"].message.vi
    assert codes(layers, "VALUE_MISSING") == []
    told = {f.field: f.affects for f in analyses.answer(layers).findings}
    assert told["population"] == ("commune.population",)
