"""References from row to row."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def villages(raw):
    data = {"MA_BAN": ["MK04", "PK04", "MK10", "MK11", "MK01", "PK01"],
            "TEN_BAN": ["Hô Tra", "Hô Ta", "Nậm Cung", "Nậm Cúng", "Nà Hoà", "Nà Hoà"],
            "XA_CU": ["F1", "F2", "F1", "F1", "F1", "Phúc Khoa"]}  # fmt: skip
    return raw("villages", data)


@pytest.fixture(scope="module")
def refer(raw, gather, villages):
    def run(written, **options):
        houses = raw("buildings", {"Mã": ["N1"], "Bản": [written]}, **options)
        layer = gather(houses, villages)["buildings"]
        found = [f for f in layer.findings if f.field == "village_id"]
        return layer.frame["village_id"].iloc[0], found

    return run


@pytest.mark.parametrize(
    ("written", "id_", "code"),
    [
        ("MK04", "MK04", None),
        ("mk04", "MK04", "REFERENCE_BY_NAME"),
        ("Hô Tra", "MK04", "REFERENCE_BY_NAME"),
        ("bản Hồ Tra", "MK04", "REFERENCE_BY_NAME"),
        ("Ho Ta", "PK04", "REFERENCE_BY_NAME"),
        ("Nậm Cúng", "MK11", "REFERENCE_BY_NAME"),
        ("Nam Cung", "Nam Cung", "REFERENCE_UNKNOWN"),
        ("Nà Hòa", "Nà Hòa", "REFERENCE_UNKNOWN"),
        ("Hô Be", "Hô Be", "REFERENCE_UNKNOWN"),
        ("XK99", "XK99", "REFERENCE_UNKNOWN"),
        (None, None, None),
        ("-", None, None),
    ],
)
def test_villages_by_id_or_name(refer, written, id_, code):
    value, findings = refer(written)
    assert value == id_
    assert [f.code for f in findings] == ([code] if code else [])


def test_what_was_meant_is_proposed(refer):
    _, (finding,) = refer("Hô Trà B")
    assert "Hô Tra" in finding.repair.vi
    assert finding.severity == "warning"
    _, (several,) = refer("Nam Cung")
    assert "MK10 / MK11" in several.repair.vi


def test_one_name_in_two_former_communes_is_that_of_the_row(refer):
    assert refer("Nà Hòa", former_commune="F1")[0] == "MK01"
    assert refer("Nà Hòa", former_commune="F2")[0] == "PK01"


def test_an_id_shared_by_two_former_communes_is_that_of_the_row(raw, gather, one):
    roads = [
        raw("roads", {"MA": ["D1"], "CAP": ["ĐX"]}, former_commune=f, file=f"sources/{f}")
        for f in ("F1", "F2")
    ]
    crossings = [
        raw("crossings", {"Mã": [f"C{f}"], "Mã đường": ["D1"]}, file=f"sources/c{f}",
            former_commune=f)
        for f in ("F1", "F2", None)
    ]  # fmt: skip
    layer = gather(*roads, *crossings)["crossings"]
    assert layer.frame["road_id"].tolist() == ["F1/D1", "F2/D1", "D1"]
    finding = one(layer, "REFERENCE_UNKNOWN")
    assert finding.feature == "CNone"
    assert "F1/D1 / F2/D1" in finding.repair.vi


def test_served_by_nothing_is_an_answer(raw, gather, codes):
    works = raw("irrigation", {"Mã": ["K1"], "Loại": ["Kênh"], "Tình trạng": ["Tốt"]})
    data = {"Mã": ["T1", "T2", "T3"], "MA_CT": ["Không", "K1", "K2"], "LOAI_DAT": ["LUC"] * 3}
    layers = gather(works, raw("farmland", data))
    assert layers["farmland"].frame["irrigation_id"].tolist() == ["none", "K1", "K2"]
    assert [f.feature for f in codes(layers, "REFERENCE_UNKNOWN")] == ["T3"]


def test_a_layer_not_given_is_said_once(raw, gather, codes):
    layers = gather(raw("buildings", {"Mã": ["N1", "N2"], "Bản": ["x", "y"]}))
    (finding,) = codes(layers, "REFERENCE_UNCHECKED")
    assert (finding.layer, finding.field, finding.row) == ("buildings", "village_id", None)
    assert codes(layers, "REFERENCE_UNKNOWN") == []


def test_nothing_is_said_of_a_field_without_values(raw, gather, codes):
    layers = gather(raw("buildings", {"Mã": ["N1"]}))
    assert codes(layers, "REFERENCE_UNCHECKED") == []


def test_one_of_two_layers_will_do(raw, gather, codes):
    works = raw(
        "road_works", {"Mã công trình": ["CT01"], "Mã đường": ["D1"], "Chiều dài KH (m)": [9]}
    )
    data = {"Mã": ["G1", "G2"], "Mã công trình": ["CT01", "CT02"], "Loại": ["Hiến đất"] * 2}
    layers = gather(works, raw("contributions", data))
    about = [f.code for f in layers["contributions"].findings if f.field == "work_id"]
    # CT02 may stand in the list of works, which is not given.
    assert about == ["REFERENCE_UNCHECKED"]


def test_rows_of_one_layer_point_at_each_other(raw, gather, codes):
    data = {"Mã vốn": ["V1", "V2", "V3"], "Thuộc mã": [None, "V1", "V9"], "Số vốn": [3, 1, 2]}
    layers = gather(raw("funds", data))
    assert [f.feature for f in codes(layers, "REFERENCE_UNKNOWN")] == ["V3"]


def test_several_references_in_one_cell(raw, gather, codes):
    data = {"Mã": ["A", "B", "C"], "Tên": ["x", "y", "z"], "Loại trừ": ["B, C", "A; Q9", None]}
    layers = gather(raw("candidates", data))
    assert layers["candidates"].frame["excludes"].tolist() == ["B+C", "A+Q9", None]
    assert [f.feature for f in codes(layers, "REFERENCE_UNKNOWN")] == ["B"]


def test_old_ids_lead_to_the_list_of_changes(raw, gather, villages, one):
    changes = raw("village_changes", {"Mã cũ": ["X1"], "Tên cũ": ["Pá Kim"], "Mã mới": ["MK10"],
                                      "Tên mới": ["Nậm Cung"], "Loại": ["Sáp nhập"]})  # fmt: skip
    for written in ("X1", "bản Pá Kim"):
        layers = gather(villages, changes, raw("buildings", {"Mã": ["N1"], "Bản": [written]}))
        finding = one(layers, "REFERENCE_UNKNOWN")
        assert "'MK10'" in finding.repair.vi


def test_rows_set_aside_may_be_pointed_at(raw, gather, codes):
    villages = raw("villages", {"MA_BAN": ["A", "A"], "TEN_BAN": ["Hô Tra"] * 2, "SO_HO": [1, 2]})
    layers = gather(villages, raw("buildings", {"Mã": ["1", "2"], "Bản": ["A", "Hô Tra"]}))
    assert layers["buildings"].frame["village_id"].tolist() == ["A", "A"]
    assert codes(layers, "REFERENCE_UNKNOWN") == []


@pytest.mark.parametrize(
    ("written", "id_"),
    [("F1", "F1"), ("f2", "F2"), ("Mường Khoa", "F1"), ("xã Mường Khoa cũ", "F1"),
     ("Xã Phúc Khoa (cũ)", "F2"), ("03602", "F2"), ("Nậm Cần", "Nậm Cần")],
)  # fmt: skip
def test_former_communes_by_id_code_or_name(raw, gather, codes, written, id_):
    layers = gather(raw("villages", {"MA_BAN": ["A"], "TEN_BAN": ["x"], "XA_CU": [written]}))
    assert layers["villages"].frame["former_commune"].tolist() == [id_]
    unknown = codes(layers, "REFERENCE_UNKNOWN")
    assert len(unknown) == (id_ == "Nậm Cần")
    assert all("Phúc Khoa" in finding.repair.vi for finding in unknown)
