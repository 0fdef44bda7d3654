"""What is about persons stays in the office, wherever a check comes upon it."""

from __future__ import annotations

import unicodedata

import pytest

from ntm_gis import analyses
from ntm_gis.layers.values import PERSONAL
from ntm_gis.rules.schema import public_fields, schema

NAME = "Lò Văn Hoàn"
APART = unicodedata.normalize("NFD", NAME)
ODD = NAME.replace("o", "о")  # a Cyrillic letter


def everything(layers) -> str:
    """All that findings say."""
    return "\n".join(
        str(part)
        for f in layers.findings
        for part in (f.value, f.message.vi, f.message.en, f.repair, f.feature)
    )


@pytest.mark.parametrize("written", [APART, ODD], ids=["decomposed", "with an odd letter"])
def test_a_finding_on_a_personal_cell_does_not_say_what_it_says(raw, gather, one, written):
    data = {"Mã": ["G1"], "Công trình": ["CT1"], "Loại": ["Tiền"], "Chủ hộ": [written]}
    layers = gather(raw("contributions", data))
    code = "NAME_NOT_NFC" if written == APART else "TEXT_ODD"
    found = one(layers, code)
    assert (found.field, found.feature, found.value) == ("household", "G1", "")
    assert "(dữ liệu cá nhân)" in found.message.vi
    assert "(personal data)" in found.message.en
    assert "Văn" not in unicodedata.normalize("NFC", everything(layers))
    # It is kept for the office itself.
    assert layers["contributions"].frame["household"].tolist() == [
        written if written == ODD else NAME
    ]


def test_what_is_not_personal_is_said_as_before(raw, gather, one):
    layers = gather(raw("villages", {"Mã bản": ["A"], "Tên bản": [APART]}))
    assert one(layers, "NAME_NOT_NFC").value == APART


@pytest.mark.parametrize(
    "heading", ["Số CCCD", "CMND", "Số điện thoại", "Chủ hộ", "HO_TEN", "Ngày sinh", "SDT"]
)
def test_a_column_about_persons_is_kept_under_a_name_that_no_output_shows(
    raw, gather, one, heading
):
    data = {"Mã đường": ["D1", "D2"], "Cấp đường": ["ĐX"] * 2, heading: [NAME, "0912 345 678"]}
    layers = gather(raw("roads", data))
    found = one(layers, "COLUMN_MAYBE_PERSONAL")
    assert (found.severity, found.field) == ("warning", heading)
    assert heading in found.message.vi
    (told,) = [f for f in analyses.answer(layers).findings if f.code == found.code]
    assert told.affects == ()
    assert heading not in layers["roads"].frame
    assert layers["roads"].frame[PERSONAL + heading].tolist() == [NAME, "0912 345 678"]
    assert "Hoàn" not in everything(layers)
    assert "0912" not in everything(layers)


@pytest.mark.parametrize("heading", ["Số hộ", "Chủ đầu tư", "Ghi chú", "Tên hồ", "Người báo cáo"])
def test_other_columns_are_kept_and_shown(raw, gather, codes, heading):
    layers = gather(raw("hazards", {"Mã": ["D1"], heading: ["x"]}))
    assert heading in layers["hazards"].frame
    assert not codes(layers, "COLUMN_MAYBE_PERSONAL")


def test_the_second_of_two_personal_columns_is_personal_too(raw, gather, one):
    """The first is the field; the other must not go out as a column nobody knows."""
    data = {"Mã": ["G1"], "Công trình": ["CT1"], "Loại": ["Tiền"], "Hộ": [NAME],
            "Người hiến đất": [NAME]}  # fmt: skip
    layers = gather(raw("contributions", data))
    assert "Người hiến đất" in one(layers, "COLUMN_MAYBE_PERSONAL").message.vi
    assert "Người hiến đất" in one(layers, "COLUMN_TWICE").message.vi  # a heading is no secret
    public = {field.name for field in public_fields(schema("contributions"))}
    frame = layers["contributions"].frame
    shown = [
        name
        for name in frame.columns
        if name in public or name not in schema("contributions").names
    ]
    open_ones = frame[[name for name in shown if not name.startswith("@")]]
    assert NAME not in open_ones.to_csv()


def test_rows_that_differ_in_the_person_alone_are_two(raw, gather):
    data = {"Tên đường": ["Đường nội bản"] * 2, "Cấp đường": ["ĐB"] * 2, "Chủ hộ": ["A", "B"]}
    layer = gather(raw("roads", data))["roads"]
    assert layer.frame["@state"].tolist() == ["used"] * 2
