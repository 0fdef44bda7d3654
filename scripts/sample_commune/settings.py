"""The sample's commune.toml: what an official has settled when every file was added."""

from __future__ import annotations

from typing import Any

_HEAD = """\
# Xã mẫu: dữ liệu minh họa trên địa hình tưởng tượng. / Sample commune: invented ground and figures.
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
valid_from = 2025-07-01
crs = "EPSG:9205"
criteria_set = "vn-2021-2025"
compare_sets = ["vn-2026-2030"]
region = "northern-midlands-mountains"
commune_group = 3
special_difficulty = true
as_of = 2025-12-31
sample = true

[[predecessor]]
id = "F1"
code = "03601"
name = "Mường Khoa (cũ)"
valid_to = 2025-06-30

[[predecessor]]
id = "F2"
code = "03602"
name = "Phúc Khoa"
valid_to = 2025-06-30
"""

SUMMARY = "sources/Biểu tổng hợp 2025.xlsx"
PLAN_F1 = "sources/qh_su_dung_dat_muong_khoa_cu.gpkg"
_YES_NO = {"Có": "yes", "Không": "no"}
_IN_USE = {"Đang sử dụng": "in_use", "Đang sửa chữa": "repair", "Không sử dụng": "disused"}
_FORMER = {"Mường Khoa": "F1", "Phúc Khoa": "F2"}
_LAYERS = {
    "Đường": "roads", "Thủy lợi": "irrigation", "Trường học": "schools", "Loa": "loudspeakers",
    "Cơ sở công cộng": "facilities", "Nhà văn hóa": "cultural_houses",
}  # fmt: skip
_PLAN_FIELDS = {
    "plan_id": "MA_QH", "kind": "LOAI", "former_commune": "XA_CU", "decision_no": "SO_QD", "approved_on": "NGAY_PD", "valid_to": "HET_HAN",
    "scale": "TY_LE", "code_list": "BO_MA", "area_ha": "DT_HA", "population": "DAN_SO", "parent_plan_id": "QH_CHA",
}  # fmt: skip
_PLAN_CODES = {
    "kind": {"SDĐ": "land_use", "QHC": "general", "TTX": "detailed_centre", "DCNT": "detailed_residential"},
    "former_commune": _FORMER, "code_list": {"TT27-2018": "tt27-2018"},
}  # fmt: skip
_PLOT = {"plot_id": "MA_LO", "village_id": "MA_BAN", "declared_ha": "DT_KK", "planted_year": "NAM_TRONG"}

SOURCES: list[dict[str, Any]] = [
    {"layer": "boundary", "file": "sources/ranh_gioi_xa.geojson",
     "fields": {"unit_code": "ma_xa", "name": "ten_xa", "valid_from": "tu_ngay"}},
    {"layer": "neighbours", "file": "sources/xa_lan_can.geojson", "fields": {"unit_code": "ma_xa", "name": "ten_xa"}},
    {"layer": "former_communes", "file": "sources/xa_cu.geojson",
     "fields": {"unit_code": "ma_xa", "name": "ten_xa", "successor_code": "ma_xa_moi", "valid_to": "den_ngay"}},
    {"layer": "elevation", "file": "sources/do_cao_30m.tif"},
    {"layer": "villages", "file": "sources/ban.gpkg", "table": "ban",
     "fields": {"village_id": "MA_BAN", "name": "TEN_BAN", "former_commune": "XA_CU", "households": "SO_HO", "population": "DAN_SO",
                "poor_households": "HO_NGHEO", "near_poor_households": "HO_CNGHEO", "cultural_standard": "BAN_VH", "cultural_families": "HO_VH"},
     "codes": {"former_commune": _FORMER, "cultural_standard": {"Đạt": "yes", "Chưa đạt": "no"}}},
    {"layer": "roads", "file": "sources/duong_giao_thong.shp", "crs": "EPSG:9205", "encoding": "tcvn3",
     "fields": {"road_id": "MA_DUONG", "name": "TEN", "road_class": "CAP", "surface": "KET_CAU", "width_m": "BE_RONG", "passable_all_year": "MUA_LU",
                "clean": "SACH", "built_year": "NAM", "start_name": "DIEM_DAU", "end_name": "DIEM_CUOI", "declared_length_m": "DAI_KK"},
     "codes": {"road_class": {"QL": "national", "ĐX": "commune", "ĐB": "village", "NX": "lane", "NĐ": "field"},
               "surface": {"BTXM": "concrete", "Nhựa": "asphalt", "Láng nhựa": "bitumen", "Cấp phối": "gravel", "Đá dăm": "macadam",
                           "Gạch": "block", "Đất": "earth"},
               "passable_all_year": _YES_NO, "clean": _YES_NO}},
    {"layer": "stakes", "file": "sources/coc_km.csv", "crs": "EPSG:9205", "fields": {"road_id": "Mã đường", "chainage_m": "Lý trình (m)"}},
    *({"layer": "irrigation", "file": "sources/cong_trinh_thuy_loi.kml", "table": table,
       "fields": {"irrigation_id": "ma_ct", "name": "Name", "kind": "loai", "condition": "tinh_trang", "lined": "kien_co", "declared_length_m": "dai_kk"},
       "codes": {"kind": {"Kênh": "canal", "Đập": "weir", "Hồ": "reservoir", "Trạm bơm": "pump", "Ống": "pipe"},
                 "condition": {"Tốt": "good", "Cần sửa": "repair", "Hỏng": "broken"}, "lined": _YES_NO}}
      for table in ("Kênh mương", "Công trình đầu mối")),
    {"layer": "farmland", "file": "sources/dat_nong_nghiep.gpkg", "table": "dat_nn",
     "fields": {"parcel_id": "MA_THUA", "land_use": "LOAI_DAT", "irrigation_id": "MA_CT", "drained": "TIEU_NUOC"},
     "codes": {"irrigation_id": {"Không": "none"}, "drained": _YES_NO}},
    {"layer": "schools", "file": "sources/truong_hoc.xlsx", "table": "Trường học", "crs": "EPSG:9205",
     "fields": {"campus_id": "Mã điểm", "school_id": "Mã trường", "name": "Tên trường, điểm trường", "level": "Cấp học", "campus": "Loại điểm",
                "status": "Tình trạng", "facility_level": "Mức độ CSVC", "pupils": "Số học sinh", "classrooms": "Phòng học hiện có",
                "classrooms_needed": "Phòng học còn thiếu", "toilets_needed": "Nhà vệ sinh còn thiếu", "yard_m2": "Sân chơi (m²)", "land_m2": "Đất (m²)",
                "floor_m2": "Sàn (m²)", "owner": "Đơn vị quản lý", "land_paper": "Giấy tờ đất", "building_state": "Tình trạng nhà"},
     "codes": {"level": {"MN": "kindergarten", "TH": "primary", "THCS": "lower_secondary"}, "campus": {"Điểm chính": "main", "Điểm lẻ": "satellite"},
               "status": _IN_USE, "facility_level": {"Chưa đạt": "0", "Mức độ 1": "1", "Mức độ 2": "2"},
               "land_paper": {"Có": "yes", "Chưa có": "no", "Tranh chấp": "disputed"},
               "building_state": {"Tốt": "good", "Cần sửa": "repair", "Xuống cấp": "bad"}}},
    {"layer": "cultural_houses", "file": "sources/nha_van_hoa.xlsx", "table": "Nhà văn hóa", "crs": "EPSG:9205",
     "fields": {"house_id": "Mã NVH", "village_id": "Mã bản", "name": "Tên nhà văn hóa", "status": "Tình trạng", "floor_m2": "Diện tích sàn (m²)",
                "seats": "Số chỗ ngồi", "land_m2": "Diện tích đất (m²)", "built_year": "Năm xây dựng"},
     "codes": {"status": _IN_USE}},
    {"layer": "tea_areas", "file": "sources/che_2025.tab", "crs": "EPSG:9205", "encoding": "tcvn3", "fields": {**_PLOT, "stage": "GIAI_DOAN"},
     "codes": {"stage": {"Kinh doanh": "harvest", "Kiến thiết cơ bản": "establishment", "Bỏ hoang": "neglected"}}},
    {"layer": "crop_areas", "file": "sources/cay_trong.tab", "crs": "EPSG:9205", "encoding": "tcvn3", "fields": {**_PLOT, "crop": "CAY"},
     "codes": {"crop": {"Mắc ca": "macadamia", "Sâm Lai Châu": "ginseng", "Cây ăn quả": "fruit", "Lúa": "rice", "Khác": "other"}}},
    {"layer": "facilities", "file": "sources/co_so_cong_cong.csv", "crs": "EPSG:9205", "encoding": "windows-1258",
     "fields": {"facility_id": "Mã", "kind": "Loại", "name": "Tên", "status": "Tình trạng", "former_commune": "Xã cũ", "land_m2": "Diện tích đất (m2)",
                "floor_m2": "Diện tích sàn (m2)", "place": "Vị trí"},
     "codes": {"kind": {"Trụ sở UBND": "commune_office", "Hội trường xã": "commune_hall", "Trạm y tế": "health_station", "Chợ": "market",
                        "Bưu điện": "post", "Công an": "police", "Sân thể thao": "sports_ground", "Khu vui chơi": "play_area",
                        "Nơi tránh trú": "shelter", "Kho": "storehouse"},
               "status": {"Đang sử dụng": "in_use", "Dôi dư": "surplus", "Không sử dụng": "disused"}, "former_commune": _FORMER}},
    {"layer": "loudspeakers", "file": "sources/loa_truyen_thanh.csv", "crs": "EPSG:9205",
     "fields": {"cluster_id": "Mã cụm", "village_id": "Mã bản", "status": "Tình trạng", "radius_m": "Bán kính (m)", "place": "Vị trí"},
     "codes": {"status": {"Hoạt động": "working", "Hỏng": "broken"}}},
    {"layer": "water", "file": "sources/nen_dia_ly.gpkg", "table": "song_suoi", "fields": {"water_id": "MA", "kind": "LOAI"},
     "codes": {"kind": {"Sông": "river", "Suối": "stream", "Hồ": "lake"}}},
    {"layer": "crossings", "file": "sources/nen_dia_ly.gpkg", "table": "cau_ngam",
     "fields": {"crossing_id": "MA", "kind": "LOAI", "road_id": "MA_DUONG", "passable_wet": "MUA_LU"},
     "codes": {"kind": {"Cầu": "bridge", "Ngầm": "ford", "Cống": "culvert"}, "passable_wet": _YES_NO}},
    {"layer": "hazards", "file": "sources/nen_dia_ly.gpkg", "table": "khu_nguy_co", "fields": {"hazard_id": "MA", "kind": "LOAI", "level": "CAP_DO"},
     "codes": {"kind": {"Sạt lở": "landslide", "Lũ quét": "flash_flood", "Ngập lụt": "flood"}}},
    {"layer": "environment", "file": "sources/nen_dia_ly.gpkg", "table": "diem_moi_truong",
     "fields": {"site_id": "MA", "kind": "LOAI", "size": "QUY_MO", "village_id": "MA_BAN"},
     "codes": {"kind": {"Bãi rác": "waste_site", "Điểm tập kết rác": "waste_point", "Bể thu gom vỏ thuốc": "pesticide_bin", "Nghĩa trang": "cemetery",
                        "Trang trại": "livestock_farm", "Nguồn nước": "water_source"},
               "size": {"Nhỏ": "small", "Vừa": "medium", "Lớn": "large"}}},
    {"layer": "buildings", "file": "sources/nha_o.gpkg", "table": "nha_o", "fields": {"building_id": "MA_NHA", "village_id": "MA_BAN", "households": "SO_HO"}},
    {"layer": "plans", "file": PLAN_F1, "table": "pham_vi", "fields": _PLAN_FIELDS, "codes": _PLAN_CODES},
    {"layer": "plans", "file": "sources/dang_ky_quy_hoach.gpkg", "table": "quy_hoach", "fields": _PLAN_FIELDS, "codes": _PLAN_CODES},
    {"layer": "plan_zones", "file": PLAN_F1, "table": "khu_chuc_nang",
     "fields": {"zone_id": "MA_KHU", "plan_id": "MA_QH", "land_use": "MA_LOAI", "period": "THOI_KY", "name": "TEN"},
     "codes": {"period": {"Hiện trạng": "existing", "Quy hoạch": "planned"}}},
    {"layer": "plan_zones", "file": "sources/qh_su_dung_dat_phuc_khoa.dxf", "crs": "EPSG:9205", "encoding": "tcvn3", "values": {"plan_id": "P2"},
     "where": {"Layer": ["QH-SDD-RANH", "QH-SDD-KYHIEU"]}},
    {"layer": "plan_items", "file": PLAN_F1, "table": "cong_trinh_qh",
     "fields": {"item_id": "MA_CT", "plan_id": "MA_QH", "kind": "LOAI", "name": "TEN", "planned_year": "NAM_QH", "built": "DA_XD"},
     "codes": {"built": {"Đã xây": "yes", "Chưa xây": "no", "Một phần": "part"}}},
    *({"layer": "tracks", "file": f"sources/gpx/duong_ho_tra_{k}.gpx", "values": {"track_id": f"GPX{k}", "work_id": "CT01"}} for k in (1, 2, 3)),
    {"layer": "works", "file": SUMMARY, "table": "Công trình",
     "fields": {"work_id": "Mã công trình", "name": "Tên công trình", "category": "Loại", "layer": "Lớp", "feature_id": "Mã đối tượng", "village_id": "Mã bản",
                "investor": "Chủ đầu tư", "decision_no": "Số quyết định", "start_on": "Khởi công", "due_on": "Hoàn thành",
                "budget_million_vnd": "Tổng mức (triệu đồng)", "physical_percent": "Khối lượng (%)", "stage": "Giai đoạn"},
     "codes": {"layer": _LAYERS}},
    {"layer": "road_works", "file": SUMMARY, "table": "Công trình đường",
     "fields": {"work_id": "Mã công trình", "road_id": "Mã đường", "planned_length_m": "Chiều dài KH (m)", "from_m": "Từ (m)", "to_m": "Đến (m)",
                "min_width_m": "Bề rộng tối thiểu (m)", "name": "Tên", "start_on": "Khởi công", "due_on": "Hoàn thành",
                "budget_million_vnd": "Tổng mức (triệu đồng)"}},
    {"layer": "road_reports", "file": SUMMARY, "table": "Báo cáo đường",
     "fields": {"report_id": "Mã báo cáo", "work_id": "Mã công trình", "from_m": "Từ (m)", "to_m": "Đến (m)", "stage": "Giai đoạn",
                "reported_on": "Ngày báo cáo", "reported_by": "Người báo", "verified_by": "Người xác nhận", "minute_no": "Số biên bản",
                "width_m": "Bề rộng (m)", "thickness_cm": "Chiều dày (cm)", "photo": "Ảnh"},
     "codes": {"stage": {"Giải phóng mặt bằng": "cleared", "Nền, móng": "base", "Đổ bê tông": "poured", "Nghiệm thu": "accepted"}}},
    {"layer": "contributions", "file": SUMMARY, "table": "Đóng góp",
     "fields": {"contribution_id": "Mã", "work_id": "Mã công trình", "village_id": "Mã bản", "kind": "Loại", "quantity": "Số lượng", "unit": "Đơn vị",
                "value_million_vnd": "Quy đổi (triệu đồng)", "given_on": "Ngày", "document": "Văn bản", "household": "Hộ", "parcel": "Thửa đất"},
     "codes": {"kind": {"Hiến đất": "land", "Ngày công": "labour", "Tiền mặt": "cash", "Hiện vật": "in_kind"}}},
    {"layer": "funds", "file": SUMMARY, "table": "Nguồn vốn",
     "fields": {"fund_id": "Mã vốn", "name": "Nội dung", "parent_id": "Thuộc mã", "million_vnd": "Số vốn (triệu đồng)", "programme": "Chương trình",
                "source": "Nguồn", "capital": "Loại vốn", "year": "Năm", "document": "Văn bản"},
     "codes": {"source": {"Trung ương": "central", "Tỉnh": "province", "Xã": "commune", "Lồng ghép": "integrated", "Tín dụng": "credit",
                          "Doanh nghiệp": "business", "Nhân dân": "people"},
               "capital": {"Đầu tư": "investment", "Sự nghiệp": "recurrent"}}},
    {"layer": "payments", "file": SUMMARY, "table": "Giải ngân",
     "fields": {"payment_id": "Mã", "fund_id": "Mã vốn", "work_id": "Mã công trình", "million_vnd": "Số tiền (triệu đồng)", "paid_on": "Ngày",
                "document": "Văn bản"}},
    {"layer": "targets", "file": SUMMARY, "table": "Mục tiêu",
     "fields": {"target_id": "Mã", "name": "Mục tiêu", "measure": "Thước đo", "direction": "Chiều", "value": "Giá trị", "unit": "Đơn vị",
                "baseline": "Hiện trạng đầu kỳ", "due_on": "Hạn", "document": "Văn bản"},
     "codes": {"direction": {"Ít nhất": "at_least", "Nhiều nhất": "at_most"}}},
    {"layer": "tasks", "file": SUMMARY, "table": "Nhiệm vụ",
     "fields": {"task_id": "Mã", "section": "Mục", "text": "Nội dung", "lead_office": "Chủ trì", "with_offices": "Phối hợp", "village_id": "Mã bản",
                "indicator": "Mã chỉ tiêu", "work_id": "Mã công trình", "due_on": "Hạn", "status": "Tình trạng", "result": "Kết quả"},
     "codes": {"status": {"Chưa làm": "not_started", "Đang làm": "doing", "Đã xong": "done"}}},
    {"layer": "figures", "file": SUMMARY, "table": "Số liệu chỉ tiêu",
     "fields": {"indicator": "Mã chỉ tiêu", "unit_code": "Mã đơn vị", "village_id": "Mã bản", "sex": "Giới", "value": "Giá trị", "numerator": "Tử số",
                "denominator": "Mẫu số", "passed": "Đạt", "as_of": "Đến ngày", "document": "Văn bản", "assessed_by": "Người đánh giá"},
     "codes": {"sex": {"Chung": "all", "Nam": "male", "Nữ": "female"}, "passed": {"Đạt": "yes", "Chưa đạt": "no"},
               "assessed_by": {"Xã tự đánh giá": "self", "Đoàn thẩm tra": "appraised"}}},
    {"layer": "figures", "files": "sources/phieu_ban/*.xlsx", "table": "Phiếu bản",
     "fields": {"indicator": "Mã chỉ tiêu", "village_id": "Mã bản", "value": "Số lượng", "as_of": "Đến ngày"},
     "values": {"document": "Phiếu bản", "assessed_by": "self"}},
    {"layer": "plan_documents", "file": SUMMARY, "table": "Hồ sơ quy hoạch",
     "fields": {"plan_id": "Mã quy hoạch", "kind": "Loại hồ sơ", "present": "Có", "document": "Văn bản"}, "codes": {"present": _YES_NO}},
    {"layer": "village_changes", "file": SUMMARY, "table": "Biến động bản",
     "fields": {"old_id": "Mã cũ", "old_name": "Tên cũ", "new_id": "Mã mới", "new_name": "Tên mới", "kind": "Loại", "share": "Tỷ lệ",
                "valid_from": "Từ ngày", "document": "Văn bản"},
     "codes": {"kind": {"Đổi tên": "rename", "Sáp nhập": "merge", "Chia tách": "split", "Chuyển xã": "transfer"}}},
    {"layer": "candidates", "file": SUMMARY, "table": "Danh mục đề xuất",
     "fields": {"candidate_id": "Mã", "name": "Tên", "layer": "Lớp", "feature_id": "Mã đối tượng", "from_m": "Từ (m)", "to_m": "Đến (m)",
                "cost_million_vnd": "Chi phí (triệu đồng)", "fund_id": "Mã vốn", "indicator": "Mã chỉ tiêu", "adds_numerator": "Tăng tử số",
                "adds_denominator": "Tăng mẫu số", "households": "Số hộ", "excludes": "Loại trừ", "requires": "Cần có trước"},
     "codes": {"layer": _LAYERS}},
]  # fmt: skip


def commune_toml() -> str:
    """The whole file."""
    return _HEAD + "".join("\n[[source]]\n" + "".join(_lines(source)) for source in SOURCES)


def _lines(source: dict[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}\n" for key, value in source.items()]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return str(value)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _value(key)
