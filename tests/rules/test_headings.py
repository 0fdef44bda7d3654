"""Headings of columns: compared as people type them, and recognised in the sample's files."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.rules.codes import code_list
from ntm_gis.rules.headings import heading_key, heading_unit
from ntm_gis.rules.schema import layer_names, schema

LAYERS = layer_names()


@pytest.mark.parametrize(
    ("heading", "key", "unit"),
    [
        ("Bề rộng (m)", "berong", "m"),
        ("BE_RONG", "berong", None),
        ("Chiều dài\n(km)", "chieudai", "km"),
        ("Diện tích [m²]", "dientich", "m2"),
        ("Diện tích, ha", "dientich", "ha"),
        ("Tổng mức (triệu đồng)", "tongmuc", "million đồng"),
        ("Kinh phí (ĐVT: triệu đồng)", "kinhphi", "million đồng"),
        ("Thôn, bản (hộ)", "thonban", "households"),
        ("Khối lượng (%)", "khoiluong", "%"),
        ("Diện tích (sàn)", "dientichsan", None),
        ("Nền, móng", "nenmong", None),
        ("Số hộ, khẩu", "sohokhau", None),
        ("Chiều dài (cống)", "chieudaicong", None),
        ("KINH_PHI (trieu dong)", "kinhphi", "million đồng"),
        ("(1)", "1", None),
        ("", "", None),
    ],
)
def test_headings_are_compared_without_unit(heading, key, unit):
    assert heading_key(heading) == key
    assert heading_unit(heading) == unit


@given(
    st.sampled_from([f.title.vi for n in LAYERS for f in schema(n).fields]),
    st.sampled_from(["m", "m²", "ha", "km", "%", "triệu đồng", "hộ"]),
    st.sampled_from(["upper", "lower", "nfd", "underscores", "same"]),
)
def test_how_a_heading_is_typed_changes_nothing(title, unit, way):
    typed = {
        "upper": title.upper(),
        "lower": title.lower(),
        "nfd": unicodedata.normalize("NFD", title),
        "underscores": title.replace(" ", "_"),
        "same": f"  {title}  ",
    }[way]
    assert heading_key(f"{typed} ({unit})") == heading_key(title)
    assert heading_unit(f"{typed} ({unit})") == code_list("unit").find(unit)


def test_units_of_headings_become_factors():
    length = schema("roads").field("declared_length_m")
    assert length.factor("Chiều dài (km)") == 1000.0
    assert length.factor("Chiều dài (m)") == length.factor("Chiều dài") == 1.0
    assert length.factor("Chiều dài (ha)") is None
    money = schema("works").field("budget_million_vnd")
    assert money.factor("Tổng mức (tỷ đồng)") == 1000.0
    assert money.factor("Tổng mức (đồng)") == 1e-6
    area = schema("tea_areas").field("declared_ha")
    assert area.factor("Diện tích (m2)") == 1e-4


def test_the_surer_column_has_the_field():
    found = schema("schools").recognise(["Tên trường", "Điểm trường", "Tên điểm trường"])
    assert found == {"name": "Tên điểm trường"}
    found = schema("works").recognise(["Thôn, bản", "Mã bản"])
    assert found["village_id"] == "Mã bản"


# Columns of the sample commune, as its files write them.
SAMPLE = {
    "boundary": ["ma_xa", "ten_xa", "tu_ngay"],
    "neighbours": ["ma_xa", "ten_xa", "tinh"],
    "former_communes": ["ma_xa", "ten_xa", "ma_xa_moi", "den_ngay"],
    "villages": ["MA_BAN", "TEN_BAN", "XA_CU", "SO_HO", "DAN_SO", "HO_NGHEO", "HO_CNGHEO",
                 "BAN_VH", "HO_VH", "DAN_TOC", "GHI_CHU"],
    "roads": ["MA_DUONG", "TEN", "CAP", "KET_CAU", "BE_RONG", "MUA_LU", "SACH", "NAM", "DIEM_DAU",
              "DIEM_CUOI", "DAI_KK", "GHI_CHU"],
    "irrigation": ["Name", "ma_ct", "loai", "tinh_trang", "kien_co", "dt_tk", "dai_kk"],
    "farmland": ["MA_THUA", "LOAI_DAT", "MA_CT", "TIEU_NUOC", "DT_HA", "GHI_CHU"],
    "tea_areas": ["MA_LO", "MA_BAN", "GIAI_DOAN", "DT_KK", "NAM_TRONG", "GHI_CHU"],
    "crop_areas": ["MA_LO", "MA_BAN", "CAY", "DT_KK", "NAM_TRONG"],
    "water": ["MA", "LOAI", "TEN"],
    "crossings": ["MA", "LOAI", "MA_DUONG", "MUA_LU", "TEN"],
    "hazards": ["MA", "LOAI", "CAP_DO", "GHI_CHU"],
    "environment": ["MA", "LOAI", "QUY_MO", "MA_BAN", "TEN"],
    "buildings": ["MA_NHA", "MA_BAN", "SO_HO"],
    "plans": ["MA_QH", "LOAI", "XA_CU", "SO_QD", "NGAY_PD", "HET_HAN", "TY_LE", "BO_MA", "DT_HA",
              "DAN_SO", "QH_CHA"],
    "plan_zones": ["MA_KHU", "MA_QH", "MA_LOAI", "THOI_KY", "TEN"],
    "plan_items": ["MA_CT", "MA_QH", "LOAI", "TEN", "NAM_QH", "DA_XD"],
    "schools": ["STT", "Mã điểm", "Mã trường", "Tên trường, điểm trường", "Cấp học", "Loại điểm",
                "Tình trạng", "Mức độ CSVC", "Số học sinh", "Phòng học hiện có",
                "Phòng học còn thiếu", "Nhà vệ sinh còn thiếu", "Sân chơi (m²)", "Đất (m²)",
                "Sàn (m²)", "Đơn vị quản lý", "Giấy tờ đất", "Tình trạng nhà", "X (m)", "Y (m)",
                "Ghi chú"],
    "cultural_houses": ["STT", "Mã NVH", "Mã bản", "Tên nhà văn hóa", "Tình trạng",
                        "Diện tích sàn (m²)", "Số chỗ ngồi", "Diện tích đất (m²)", "Năm xây dựng",
                        "X (m)", "Y (m)", "Ghi chú"],
    "loudspeakers": ["STT", "Mã cụm", "Mã bản", "Tình trạng", "Bán kính (m)", "Vị trí", "Ghi chú"],
    "facilities": ["Mã", "Loại", "Tên", "Tình trạng", "Xã cũ", "Diện tích đất (m2)",
                   "Diện tích sàn (m2)", "Vị trí"],
    "stakes": ["Mã đường", "Lý trình (m)", "X (m)", "Y (m)"],
    "works": ["Mã công trình", "Tên công trình", "Loại", "Lớp", "Mã đối tượng", "Mã bản",
              "Chủ đầu tư", "Số quyết định", "Khởi công", "Hoàn thành", "Tổng mức (triệu đồng)",
              "Khối lượng (%)", "Giai đoạn"],
    "road_works": ["Mã công trình", "Mã đường", "Chiều dài KH (m)", "Từ (m)", "Đến (m)",
                   "Bề rộng tối thiểu (m)", "Tên", "Khởi công", "Hoàn thành",
                   "Tổng mức (triệu đồng)"],
    "road_reports": ["Mã báo cáo", "Mã công trình", "Từ (m)", "Đến (m)", "Giai đoạn",
                     "Ngày báo cáo", "Người báo", "Người xác nhận", "Số biên bản", "Bề rộng (m)",
                     "Chiều dày (cm)", "Ảnh"],
    "contributions": ["Mã", "Mã công trình", "Mã bản", "Loại", "Số lượng", "Đơn vị",
                      "Quy đổi (triệu đồng)", "Ngày", "Văn bản", "Hộ", "Thửa đất"],
    "funds": ["Mã vốn", "Nội dung", "Thuộc mã", "Số vốn (triệu đồng)", "Chương trình", "Nguồn",
              "Loại vốn", "Năm", "Văn bản"],
    "payments": ["Mã", "Mã vốn", "Mã công trình", "Số tiền (triệu đồng)", "Ngày", "Văn bản"],
    "targets": ["Mã", "Mục tiêu", "Thước đo", "Chiều", "Giá trị", "Đơn vị", "Hiện trạng đầu kỳ",
                "Hạn", "Văn bản"],
    "tasks": ["Mã", "Mục", "Nội dung", "Chủ trì", "Phối hợp", "Mã bản", "Mã chỉ tiêu",
              "Mã công trình", "Hạn", "Tình trạng", "Kết quả"],
    "figures": ["Mã chỉ tiêu", "Mã đơn vị", "Mã bản", "Giới", "Giá trị", "Tử số", "Mẫu số", "Đạt",
                "Đến ngày", "Văn bản", "Người đánh giá"],
    "plan_documents": ["Mã quy hoạch", "Loại hồ sơ", "Có", "Văn bản"],
    "village_changes": ["Mã cũ", "Tên cũ", "Mã mới", "Tên mới", "Loại", "Tỷ lệ", "Từ ngày",
                        "Văn bản"],
    "candidates": ["Mã", "Tên", "Lớp", "Mã đối tượng", "Từ (m)", "Đến (m)",
                   "Chi phí (triệu đồng)", "Mã vốn", "Mã chỉ tiêu", "Tăng tử số", "Tăng mẫu số",
                   "Số hộ", "Loại trừ", "Cần có trước"],
}  # fmt: skip
# Columns that are no field of the layer and stay beside it.
FURTHER = {"tinh", "DAN_TOC", "GHI_CHU", "Ghi chú", "STT", "X (m)", "Y (m)"}
FURTHER_IN = {
    "farmland": {"DT_HA"},
    **{layer: {"TEN"} for layer in ("water", "crossings", "environment")},
}
IN_ANOTHER_ORDER = {"irrigation", "crop_areas"}
# Fields that the sample's files have no column for.
WITHOUT = {
    "boundary": {"valid_to"},
    "neighbours": {"valid_from", "valid_to"},
    "roads": {"measured_length_m"},
    "crop_areas": {"stage"},
    "funds": {"work_id"},
}


@pytest.mark.parametrize("layer", SAMPLE)
def test_columns_of_the_sample_are_recognised(layer):
    found = schema(layer).recognise(SAMPLE[layer])
    further = FURTHER | FURTHER_IN.get(layer, set())
    assert set(found.values()) == set(SAMPLE[layer]) - further
    wanted = set(schema(layer).names) - WITHOUT.get(layer, set()) - {"place", "located_by"}
    assert set(found) - {"place", "located_by"} == wanted
    if layer not in IN_ANOTHER_ORDER:
        # The columns stand in the order of the fields: each must be its own field's.
        assert list(found.values()) == [c for c in SAMPLE[layer] if c not in further]


def test_forms_of_villages_are_figures():
    columns = ["STT", "Mã bản", "Mã chỉ tiêu", "Nội dung", "ĐVT", "Số lượng", "Đến ngày", "Ghi chú"]
    assert schema("figures").recognise(columns) == {
        "indicator": "Mã chỉ tiêu",
        "village_id": "Mã bản",
        "value": "Số lượng",
        "as_of": "Đến ngày",
    }
