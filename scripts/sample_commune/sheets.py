"""What stands on the sheets of the summary workbook: the plan's funds and targets, invented reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

Sheet = tuple[str, str, list[str], list[list[Any]]]
Row = list[Any]


def day(text: str) -> dt.date:
    """A date from year-month-day."""
    return dt.date.fromisoformat(text)


def sheets(ho_tra: str) -> list[Sheet]:
    """All sheets; `ho_tra` is the id of the road to Hô Tra."""
    return [
        _works(ho_tra), _road_works(ho_tra), _road_reports(), _contributions(), _funds(), _payments(), _targets(), _tasks(),
        _figures(), _plan_documents(), _village_changes(), _candidates(ho_tra),
    ]  # fmt: skip


def _works(ho_tra: str) -> Sheet:
    rows: list[Row] = [
        ["CT01", "Bê tông đường lên bản Hô Tra", "Giao thông", "Đường", ho_tra, "MK04", "UBND xã", "188/QĐ-UBND", day("2025-03-10"), day("2026-06-30"), 3060, 37, "Đang thi công"],
        ["CT02", "Sửa kênh Hô Bon", "Thủy lợi", "Thủy lợi", "TL01", "PK06", "UBND xã", "201/QĐ-UBND", day("2025-08-01"), day("2026-03-31"), 185, 10, "Chuẩn bị"],
        ["CT03", "Xây nhà văn hóa bản Hô Tra", "Văn hóa", "", "", "MK04", "UBND xã", "205/QĐ-UBND", day("2025-09-05"), day("2026-05-31"), 420, 25, "Đang thi công"],
        ["CT04", "Bổ sung phòng học trường Hô Tra", "Trường học", "Trường học", "DT18", "MK04", "Phòng Văn hóa - Xã hội", "", None, day("2026-08-31"), 960, 0, "Chuẩn bị"],
        ["CT05", "Sửa loa truyền thanh bản", "Truyền thanh", "Loa", "L05", "MK06", "UBND xã", "210/QĐ-UBND", day("2025-10-01"), day("2025-12-31"), 65, 100, "Hoàn thành"],
        ["CT06", "Điểm chợ tạm Phiêng Tâm", "Thương mại", "", "", "MK01", "UBND xã", "", None, day("2026-12-31"), 350, 0, "Chuẩn bị"],
        ["CT07", "Khu vui chơi trẻ em và người cao tuổi", "Văn hóa", "Cơ sở công cộng", "CS14", "MK01", "UBND xã", "212/QĐ-UBND", day("2025-07-15"), day("2025-11-30"), 120, 100, "Hoàn thành"],
    ]  # fmt: skip
    heads = ["Mã công trình", "Tên công trình", "Loại", "Lớp", "Mã đối tượng", "Mã bản", "Chủ đầu tư", "Số quyết định", "Khởi công",
             "Hoàn thành", "Tổng mức (triệu đồng)", "Khối lượng (%)", "Giai đoạn"]  # fmt: skip
    return "Công trình", "DANH MỤC CÔNG TRÌNH", heads, rows


def _road_works(ho_tra: str) -> Sheet:
    heads = ["Mã công trình", "Mã đường", "Chiều dài KH (m)", "Từ (m)", "Đến (m)", "Bề rộng tối thiểu (m)", "Tên", "Khởi công", "Hoàn thành",
             "Tổng mức (triệu đồng)"]  # fmt: skip
    rows: list[Row] = [["CT01", ho_tra, 7000, 0, 7000, 3.0, "Bê tông đường lên bản Hô Tra", day("2025-03-10"), day("2026-06-30"), 3060]]
    return "Công trình đường", "CÔNG TRÌNH ĐƯỜNG", heads, rows


def _road_reports() -> Sheet:
    heads = ["Mã báo cáo", "Mã công trình", "Từ (m)", "Đến (m)", "Giai đoạn", "Ngày báo cáo", "Người báo", "Người xác nhận", "Số biên bản",
             "Bề rộng (m)", "Chiều dày (cm)", "Ảnh"]  # fmt: skip
    rows: list[Row] = [
        ["BC01", "CT01", 0, 1800, "Nền, móng", "20/04/2025", "Đơn vị thi công", "Phòng Kinh tế", "", 3.5, None, ""],
        ["BC02", "CT01", 0, 1250, "Nghiệm thu", "30/06/2025", "UBND xã", "Phòng Kinh tế", "12/BB-NT", 3.5, 16, ""],
        ["BC03", "CT01", 1100, 2750, "Đổ bê tông", day("2025-08-15"), "Đơn vị thi công", "Tổ giám sát bản", "", 3.4, 16, ""],
        ["BC04", "CT01", 1250, 2600, "Nghiệm thu", day("2025-09-30"), "UBND xã", "Phòng Kinh tế", "19/BB-NT", 3.4, 16, ""],
        ["BC05", "CT01", 2600, 3900, "Đổ bê tông", day("2025-10-31"), "Bản Hô Tra", "Tổ giám sát bản", "", 3.3, 15, ""],
        ["BC06", "CT01", 3900, 4100, "Đổ bê tông", day("2025-12-20"), "Đơn vị thi công", "", "", 2.8, 15, ""],
        ["BC07", "CT01", 6800, 7200, "Giải phóng mặt bằng", day("2025-12-22"), "Bản Hô Tra", "", "", None, None, ""],
    ]  # fmt: skip
    return "Báo cáo đường", "BÁO CÁO TIẾN ĐỘ ĐƯỜNG", heads, rows


def _contributions() -> Sheet:
    heads = ["Mã", "Mã công trình", "Mã bản", "Loại", "Số lượng", "Đơn vị", "Quy đổi (triệu đồng)", "Ngày", "Văn bản", "Hộ", "Thửa đất"]
    rows: list[Row] = [
        ["DG01", "CT01", "MK05", "Hiến đất", 4200, "m²", 42, day("2025-03-15"), "BB 03/BB-HĐ", "", ""],
        ["DG02", "CT01", "MK04", "Hiến đất", 6100, "m²", 61, day("2025-08-15"), "BB 07/BB-HĐ", "", ""],
        ["DG03", "CT01", "MK04", "Hiến đất", 320, "m²", 3.2, day("2025-08-20"), "BB 08/BB-HĐ", "Giàng A Mẫu", "Thửa 12 tờ 45"],
        ["DG04", "CT01", "MK05", "Ngày công", 310, "công", 62, day("2025-04-20"), "", "", ""],
        ["DG05", "CT01", "MK04", "Ngày công", 740, "công", 148, day("2025-10-31"), "", "", ""],
        ["DG06", "CT01", "PK01", "Tiền mặt", None, "", 25, day("2025-11-10"), "PT 44", "", ""],
        ["DG07", "CT03", "MK04", "Ngày công", 120, "công", 24, day("2025-11-30"), "", "Sùng Thị Mẫu", ""],
        ["DG08", "CT03", "MK04", "Hiện vật", 18, "m³ gỗ", 36, day("2025-10-05"), "", "", ""],
    ]  # fmt: skip
    return "Đóng góp", "NHÂN DÂN ĐÓNG GÓP", heads, rows


def _funds() -> Sheet:
    heads = ["Mã vốn", "Nội dung", "Thuộc mã", "Số vốn (triệu đồng)", "Chương trình", "Nguồn", "Loại vốn", "Năm", "Văn bản"]
    plan = "614/KH-UBND"
    rows: list[Row] = [
        ["NV01", "Tổng nguồn vốn thực hiện", "", 3900, "", "", "", 2025, plan],
        ["NV02", "Ngân sách trung ương", "NV01", 1304, "MTQG nông thôn mới", "Trung ương", "", 2025, plan],
        ["NV03", "Vốn đầu tư phát triển", "NV02", 504, "MTQG nông thôn mới", "Trung ương", "Đầu tư", 2025, plan],
        ["NV04", "Vốn sự nghiệp", "NV02", 800, "MTQG nông thôn mới", "Trung ương", "Sự nghiệp", 2025, plan],
        ["NV05", "Ngân sách xã", "NV01", 40, "", "Xã", "Sự nghiệp", 2025, plan],
        ["NV06", "Vốn lồng ghép các chương trình", "NV01", 2256, "", "Lồng ghép", "", 2025, plan],
        ["NV07", "Chương trình giảm nghèo bền vững", "NV06", 602, "MTQG giảm nghèo", "Lồng ghép", "", 2025, plan],
        ["NV08", "Chương trình vùng dân tộc thiểu số và miền núi", "NV06", 1954, "MTQG DTTS&MN", "Lồng ghép", "", 2025, plan],
    ]  # fmt: skip
    return "Nguồn vốn", "TỔNG HỢP NGUỒN VỐN", heads, rows


def _payments() -> Sheet:
    heads = ["Mã", "Mã vốn", "Mã công trình", "Số tiền (triệu đồng)", "Ngày", "Văn bản"]
    rows: list[Row] = [
        ["GN01", "NV03", "CT01", 210, day("2025-05-10"), "UNC 021"], ["GN02", "NV03", "CT01", 180, day("2025-09-25"), "UNC 048"],
        ["GN03", "NV04", "CT05", 65, day("2025-10-20"), "UNC 055"], ["GN04", "NV08", "CT01", 540, day("2025-11-12"), "UNC 061"],
        ["GN05", "NV05", "CT03", 40, day("2025-12-05"), "UNC 070"], ["GN06", "NV07", "CT03", 120, day("2025-12-18"), "UNC 074"],
        ["GN07", "NV03", "CT01", 60, day("2026-01-15"), "UNC 003"],
    ]  # fmt: skip
    return "Giải ngân", "GIẢI NGÂN", heads, rows


def _targets() -> Sheet:
    heads = ["Mã", "Mục tiêu", "Thước đo", "Chiều", "Giá trị", "Đơn vị", "Hiện trạng đầu kỳ", "Hạn", "Văn bản"]
    data: list[tuple[str, str, str, Any, str, float | None]] = [
        ("Số tiêu chí đạt", "score.met", "Ít nhất", 13, "tiêu chí", 12), ("Thu nhập bình quân đầu người", "indicator.10", "Ít nhất", 54, "triệu đồng", 50.2),
        ("Tỷ lệ nghèo đa chiều", "indicator.11", "Nhiều nhất", 11, "%", 11.4), ("Người dân có bảo hiểm y tế", "indicator.15.1", "Ít nhất", 60, "%", 57.8),
        ("Thu gom bao gói thuốc BVTV, chất thải y tế", "indicator.17.7", "Ít nhất", 100, "%", 70), ("Bê tông đường lên bản Hô Tra", "progress.CT01.accepted_km", "Ít nhất", 7, "km", 0),
        ("Diện tích chè", "tea.area_ha", "Ít nhất", "1.282,2", "ha", None), ("Diện tích chè kinh doanh", "tea.harvest_ha", "Ít nhất", "1.249", "ha", None),
        ("Sản lượng chè búp tươi", "figure.tea_buds_t", "Ít nhất", 11000, "tấn", None), ("Sâm Lai Châu tại bản Hô Tra", "crops.ginseng.area_ha", "Ít nhất", 1.89, "ha", None),
        ("Giải quyết việc làm", "figure.jobs", "Ít nhất", 349, "người", None), ("Lao động qua đào tạo", "indicator.12.1", "Ít nhất", 64.3, "%", 62.9),
        ("Giảm tỷ lệ hộ nghèo", "figure.poverty_down_points", "Ít nhất", 0.6, "điểm %", None), ("Hộ nghèo, cận nghèo có bảo hiểm y tế", "figure.poor_insured_share", "Ít nhất", 100, "%", None),
        ("Hộ nghèo, cận nghèo có nước sạch", "figure.poor_clean_water_share", "Ít nhất", 100, "%", None), ("Trẻ em hộ nghèo đi học", "figure.poor_children_at_school_share", "Ít nhất", 90, "%", None),
        ("Hộ nghèo có nhà tiêu hợp vệ sinh", "figure.poor_latrine_share", "Ít nhất", 50, "%", None), ("Hộ nghèo dùng dịch vụ viễn thông", "figure.poor_telecom_share", "Ít nhất", 90, "%", None),
        ("Trẻ dưới 5 tuổi thấp còi", "indicator.15.3", "Nhiều nhất", 18.92, "%", 19.6), ("Gia đình văn hóa", "figure.cultural_families_share", "Ít nhất", 88, "%", None),
        ("Bản văn hóa", "villages.cultural_standard_share", "Ít nhất", 80, "%", None), ("Huy động nguồn vốn", "funds.total", "Ít nhất", 3900, "triệu đồng", None),
    ]  # fmt: skip
    rows: list[Row] = [
        [f"MT{k:02d}", name, measure, way, value, unit, base, day("2025-12-31"), "614/KH-UBND"]
        for k, (name, measure, way, value, unit, base) in enumerate(data, start=1)
    ]
    return "Mục tiêu", "MỤC TIÊU NĂM 2025", heads, rows


def _tasks() -> Sheet:
    heads = ["Mã", "Mục", "Nội dung", "Chủ trì", "Phối hợp", "Mã bản", "Mã chỉ tiêu", "Mã công trình", "Hạn", "Tình trạng", "Kết quả"]
    economy, culture, office = "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND"
    data: list[tuple[str, str, str, str, str, str, str, str, str, str]] = [
        ("II.1", "Rà soát, cập nhật quy hoạch phù hợp địa giới sau sáp nhập", economy, office, "", "1.1", "", "2025-12-31", "Đang làm", ""),
        ("II.1", "Lập quy hoạch chi tiết trung tâm xã, điểm dân cư nông thôn", economy, "", "", "1.1", "", "2026-06-30", "Chưa làm", ""),
        ("II.2", "Khảo sát hiện trạng đường giao thông nông thôn", economy, "Các bản", "", "2.2", "", "2025-10-31", "Đang làm", "Còn 3 tuyến chưa ghi mặt đường"),
        ("II.2", "Bê tông 7 km đường lên bản Hô Tra", economy, "Bản Nà An, bản Hô Tra", "MK04", "2.2", "CT01", "2026-06-30", "Đang làm", ""),
        ("II.2", "Sửa chữa công trình thủy lợi, củng cố tổ thủy nông", economy, "", "", "3.1", "CT02", "2025-12-31", "Đang làm", ""),
        ("II.2", "Rà soát phương án phòng chống thiên tai bốn tại chỗ", office, "Các bản", "", "3.2", "", "2025-09-30", "Đã xong", "Đã ban hành phương án"),
        ("II.2", "Khảo sát cơ sở vật chất từng điểm trường", culture, "Các trường", "", "5", "CT04", "2025-11-30", "Đang làm", ""),
        ("II.2", "Xây, sửa nhà văn hóa bản; chuyển đổi điểm trường không sử dụng", culture, "", "", "6.3", "CT03", "2026-05-31", "Đang làm", ""),
        ("II.2", "Lập phương án điểm chợ tạm", economy, "", "MK01", "7", "CT06", "2025-12-31", "Chưa làm", ""),
        ("II.2", "Sửa chữa loa truyền thanh bản", culture, "", "", "8.3", "CT05", "2025-12-31", "Đang làm", "Bản Nà Cóoc còn hỏng"),
        ("II.3", "Quản lý vùng chè 1.282,2 ha", economy, "Các hợp tác xã", "", "13.2", "", "2025-12-31", "Đã xong", ""),
        ("II.3", "Trồng 1,89 ha sâm Lai Châu tại bản Hô Tra", economy, "", "MK04", "", "", "2025-11-30", "Đã xong", ""),
        ("II.4", "Đào tạo nghề, giải quyết việc làm cho 349 người", culture, "", "", "12.1", "", "2025-12-31", "Đã xong", "356 người"),
        ("II.4", "Giảm tỷ lệ hộ nghèo 0,6 điểm %", culture, "", "", "11", "", "2025-12-31", "Đã xong", ""),
        ("II.5", "Duy trì phổ cập giáo dục", culture, "Các trường", "", "14.1", "", "2025-12-31", "Đã xong", ""),
        ("II.5", "Vận động người dân tham gia bảo hiểm y tế", culture, "Trạm y tế", "", "15.1", "", "2025-12-31", "Đang làm", ""),
        ("II.6", "Bình xét gia đình văn hóa, bản văn hóa", culture, "Các bản", "", "16", "", "2025-11-30", "Đã xong", ""),
        ("II.7", "Thu gom 100 % bao gói thuốc BVTV và chất thải y tế", economy, "Trạm y tế", "", "17.7", "", "2025-12-31", "Đã xong", ""),
        ("II.7", "Hoàn thành tiêu chí 17", economy, "", "", "17.7", "", "2025-12-31", "Đang làm", ""),
        ("II.8", "Chuẩn hóa cán bộ, tiếp cận pháp luật", office, "", "", "18.1", "", "2025-12-31", "Đã xong", ""),
        ("III", "Phân bổ và giải ngân 3.900 triệu đồng", economy, "", "", "", "", "2025-12-31", "Đang làm", ""),
        ("IV", "Tuyên truyền, vận động hiến đất, góp công", "", "Ủy ban Mặt trận Tổ quốc", "", "", "", "2025-12-31", "Đang làm", ""),
        ("V.1", "Báo cáo tiến độ hằng tháng", economy, "", "", "", "", "2025-12-25", "Đang làm", ""),
        ("V.2", "Tổng hợp nhu cầu của các trường", culture, "", "", "5", "", "2025-10-15", "Đã xong", ""),
        ("V.3", "Công khai kế hoạch vốn", office, "", "", "", "", "2025-10-01", "Đã xong", ""),
        ("V.4", "Giám sát cộng đồng công trình CT01", "Ủy ban Mặt trận Tổ quốc", "Bản Hô Tra", "MK04", "", "CT01", "2026-06-30", "Đang làm", ""),
        ("V.5", "Tham gia hướng dẫn kỹ thuật chè", "Hội Nông dân", "", "", "", "", "2025-12-31", "Đã xong", ""),
        ("V.6", "Trưởng bản lập phiếu bản", "Các bản", "", "", "", "", "2025-12-15", "Đang làm", "Đã nhận 3 phiếu"),
    ]  # fmt: skip
    rows: list[Row] = [[f"NVU{k:02d}", *row[:7], day(row[7]), *row[8:]] for k, row in enumerate(data, start=1)]
    return "Nhiệm vụ", "NHIỆM VỤ THEO KẾ HOẠCH 614/KH-UBND", heads, rows


CULTURAL_FAMILIES = 2190  # the sum over the villages

# indicator, sex, value, numerator, denominator, passed: at 30/09/2025, then at 31/12/2025 ("": unchanged)
_Figure = tuple[Any, Any, Any, str]
_SEPTEMBER: dict[tuple[str, str], _Figure] = {
    ("4.2", ""): (96.7, 2402, 2484, "Đạt"), ("9.1", ""): (0, None, None, "Đạt"), ("9.2", ""): (81.3, 2019, 2484, "Đạt"), ("10", ""): (52.1, None, None, "Đạt"),
    ("11", ""): (11.1, 276, 2484, "Đạt"), ("12.1", "Chung"): (63.3, 4350, 6871, "Chưa đạt"), ("12.1", "Nam"): (66.5, 2340, 3518, "Chưa đạt"),
    ("12.1", "Nữ"): (59.9, 2010, 3353, "Chưa đạt"), ("12.2", "Chung"): (23.4, 1608, 6871, "Đạt"), ("12.2", "Nam"): (25.0, 880, 3518, "Đạt"),
    ("12.2", "Nữ"): (21.7, 728, 3353, "Đạt"), ("14.2", ""): (78.5, 135, 172, "Đạt"), ("15.1", "Chung"): (60.7, 7605, 12529, "Chưa đạt"),
    ("15.1", "Nam"): (60.5, 3812, 6301, "Chưa đạt"), ("15.1", "Nữ"): (60.9, 3793, 6228, "Chưa đạt"), ("15.3", ""): (19.1, None, None, ""),
    ("15.4", ""): (52.9, 6628, 12529, "Đạt"), ("17.1", ""): (86.8, 2156, 2484, "Đạt"), ("17.2", ""): (100, 18, 18, "Đạt"), ("17.4", ""): (2.31, 28900, 12529, "Đạt"),
    ("17.6", ""): (68.0, 1689, 2484, "Chưa đạt"), ("17.7", ""): (82, None, None, "Chưa đạt"), ("17.8", ""): (70.2, 1744, 2484, "Đạt"),
    ("17.9", ""): (59.1, 13, 22, "Chưa đạt"), ("17.10", ""): (96.4, 54, 56, "Chưa đạt"), ("17.11", ""): (30.4, 755, 2484, "Đạt"), ("17.12", ""): (50.5, None, None, "Đạt"),
    ("jobs", ""): (262, None, None, ""), ("tea_buds_t", ""): (8150, None, None, ""),
}  # fmt: skip
_DECEMBER: dict[tuple[str, str], _Figure] = {
    ("4.2", ""): (97.2, 2414, 2484, "Đạt"), ("9.1", ""): (0, None, None, "Đạt"), ("9.2", ""): (81.9, 2034, 2484, "Đạt"), ("10", ""): (54.3, None, None, "Đạt"),
    ("11", ""): (10.8, 268, 2484, "Đạt"), ("12.1", "Chung"): (64.3, 4418, 6871, "Chưa đạt"), ("12.1", "Nam"): (67.4, 2371, 3518, "Chưa đạt"),
    ("12.1", "Nữ"): (61.0, 2047, 3353, "Chưa đạt"), ("12.2", "Chung"): (24.1, 1656, 6871, "Đạt"), ("12.2", "Nam"): (25.7, 905, 3518, "Đạt"),
    ("12.2", "Nữ"): (22.4, 751, 3353, "Đạt"), ("14.2", ""): (78.5, 135, 172, "Đạt"), ("15.1", "Chung"): (62.7, 7856, 12529, "Chưa đạt"),
    ("15.1", "Nam"): (62.5, 3940, 6301, "Chưa đạt"), ("15.1", "Nữ"): (62.9, 3916, 6228, "Chưa đạt"), ("15.3", ""): (18.7, None, None, ""),
    ("15.4", ""): (55.0, 6890, 12529, "Đạt"), ("17.1", ""): (89.0, 2211, 2484, "Đạt"), ("17.2", ""): (100, 18, 18, "Đạt"), ("17.4", ""): (2.31, 28900, 12529, "Đạt"),
    ("17.6", ""): (72.4, 1798, 2484, "Đạt"), ("17.7", ""): (100, None, None, "Đạt"), ("17.8", ""): (71.5, 1776, 2484, "Đạt"),
    ("17.9", ""): (63.6, 14, 22, "Đạt"), ("17.10", ""): (100, 56, 56, "Đạt"), ("17.11", ""): (31.2, 775, 2484, "Đạt"), ("17.12", ""): (52.3, None, None, "Đạt"),
    ("jobs", ""): (356, None, None, ""), ("tea_buds_t", ""): (10870, None, None, ""), ("poverty_down_points", ""): (0.62, None, None, ""),
    ("poor_insured_share", ""): (100, 268, 268, ""), ("poor_clean_water_share", ""): (100, 268, 268, ""), ("poor_children_at_school_share", ""): (92.4, 327, 354, ""),
    ("poor_latrine_share", ""): (54.1, 145, 268, ""), ("poor_telecom_share", ""): (91.4, 245, 268, ""),
    ("cultural_families_share", ""): (88.2, CULTURAL_FAMILIES, 2484, ""),
}  # fmt: skip
_PASSED = ["1.1", "1.2", "3.2", "4.1", "6.1", "6.2", "7", "8.1", "8.2", "8.4", "13.1", "13.2", "13.3", "13.4", "13.5", "14.1", "15.2", "17.3", "17.5",
           "18.1", "18.2", "18.3", "18.4", "18.5", "18.6", "19.1", "19.2"]  # fmt: skip


def _figures() -> Sheet:
    heads = ["Mã chỉ tiêu", "Mã đơn vị", "Mã bản", "Giới", "Giá trị", "Tử số", "Mẫu số", "Đạt", "Đến ngày", "Văn bản", "Người đánh giá"]
    rows: list[Row] = []
    for when, figures, document in (("2025-09-30", _SEPTEMBER, "64/BC-UBND (số liệu minh họa)"), ("2025-12-31", _DECEMBER, "88/BC-UBND (số liệu minh họa)")):
        known: dict[tuple[str, str], _Figure] = figures | {(code, ""): (None, None, None, "Đạt") for code in _PASSED}
        for (code, sex), (value, over, under, passed) in sorted(known.items(), key=lambda item: _order(item[0])):
            rows.append([code, "03601", "", sex, value, over, under, passed, day(when), document, "Xã tự đánh giá"])
    return "Số liệu chỉ tiêu", "SỐ LIỆU CHỈ TIÊU KHÔNG ĐO TRÊN BẢN ĐỒ", heads, rows


def _order(key: tuple[str, str]) -> tuple[int, int, str, str]:
    first, _, second = key[0].partition(".")
    return (int(first), int(second or 0), "", key[1]) if first.isdigit() else (99, 0, key[0], key[1])


def _plan_documents() -> Sheet:
    heads = ["Mã quy hoạch", "Loại hồ sơ", "Có", "Văn bản"]
    rows: list[Row] = [
        ["P1", "Quyết định phê duyệt", "Có", "1482/QĐ-UBND"], ["P1", "Thuyết minh", "Có", ""], ["P1", "Bản đồ số", "Có", ""],
        ["P2", "Quyết định phê duyệt", "Không", ""], ["P2", "Thuyết minh", "Có", ""], ["P2", "Bản đồ số", "Có", "DXF"],
        ["P3", "Quyết định phê duyệt", "Có", "905/QĐ-UBND"], ["P3", "Quy định quản lý", "Có", ""],
        ["P4", "Quyết định phê duyệt", "Có", "911/QĐ-UBND"], ["P4", "Quy định quản lý", "Không", ""],
        ["P5", "Quyết định phê duyệt", "Có", "377/QĐ-UBND"], ["P6", "Quyết định phê duyệt", "Có", "402/QĐ-UBND"],
    ]  # fmt: skip
    return "Hồ sơ quy hoạch", "HỒ SƠ QUY HOẠCH", heads, rows


def _village_changes() -> Sheet:
    heads = ["Mã cũ", "Tên cũ", "Mã mới", "Tên mới", "Loại", "Tỷ lệ", "Từ ngày", "Văn bản"]
    rows: list[Row] = [
        ["MK01A", "Phiêng Tâm 1", "MK01", "Phiêng Tâm", "Sáp nhập", 1, day("2020-01-01"), "NQ 21/NQ-HĐND"],
        ["MK01B", "Phiêng Tâm 2", "MK01", "Phiêng Tâm", "Sáp nhập", 1, day("2020-01-01"), "NQ 21/NQ-HĐND"],
        ["PK01A", "Phúc Khoa 1", "PK01", "Phúc Khoa", "Sáp nhập", 1, day("2020-01-01"), "NQ 22/NQ-HĐND"],
        ["PK01B", "Phúc Khoa 2", "PK01", "Phúc Khoa", "Sáp nhập", 1, day("2020-01-01"), "NQ 22/NQ-HĐND"],
        ["MK08", "Phiêng Cứm", "MK08", "Phiêng Cúm", "Đổi tên", 1, day("2021-06-01"), "QĐ 640/QĐ-UBND"],
    ]  # fmt: skip
    return "Biến động bản", "BIẾN ĐỘNG BẢN", heads, rows


def _candidates(ho_tra: str) -> Sheet:
    heads = ["Mã", "Tên", "Lớp", "Mã đối tượng", "Từ (m)", "Đến (m)", "Chi phí (triệu đồng)", "Mã vốn", "Mã chỉ tiêu", "Tăng tử số", "Tăng mẫu số",
             "Số hộ", "Loại trừ", "Cần có trước"]  # fmt: skip
    rows: list[Row] = [
        ["DX01", "Đổ bê tông Km2+600 - Km3+900 đường Hô Tra", "Đường", ho_tra, 2600, 3900, 620, "NV08", "2.2", 1.3, 0, 145, "", ""],
        ["DX02", "Đổ bê tông Km3+900 - Km7+000 đường Hô Tra", "Đường", ho_tra, 3900, 7000, 1480, "NV08", "2.2", 3.1, 0, 145, "", "DX01"],
        ["DX03", "Xây nhà văn hóa bản Hô Tra", "", "", None, None, 420, "NV07", "6.3", 1, 0, 71, "DX04", ""],
        ["DX04", "Sửa điểm trường Hô Be thành nhà sinh hoạt chung", "Trường học", "DT19", None, None, 110, "NV07", "6.3", 1, 0, 145, "DX03", ""],
        ["DX05", "Sửa điểm trường Hua Cần thành nhà văn hóa", "Trường học", "DT09", None, None, 95, "NV07", "6.3", 1, 0, 58, "", ""],
        ["DX06", "Mở rộng nhà văn hóa bản Pá Kim", "Nhà văn hóa", "NVH10", None, None, 160, "NV07", "6.3", 1, 0, 63, "", ""],
        ["DX07", "Sửa kênh Hô Bon", "Thủy lợi", "TL01", None, None, 185, "NV08", "3.1", 10.7, 0, 120, "", ""],
        ["DX08", "Sửa trạm bơm Pá Kim", "Thủy lợi", "TL18", None, None, 70, "NV08", "3.1", 4.9, 0, 40, "", ""],
        ["DX09", "Phòng học, nhà vệ sinh trường Hô Tra", "Trường học", "DT18", None, None, 960, "NV08", "5", 1, 0, 145, "", ""],
        ["DX10", "Sửa loa bản Nà Cóoc", "Loa", "L05", None, None, 18, "NV04", "8.3", 1, 0, 92, "", ""],
        ["DX11", "Lắp loa bản Hô Tra, Hua Cần, Hô Be", "", "", None, None, 75, "NV04", "8.3", 3, 0, 203, "", ""],
        ["DX12", "Đường bản Nậm Cung: cứng hóa", "Đường", "D18", None, None, 540, "NV08", "2.2", 2.0, 0, 68, "", ""],
    ]  # fmt: skip
    return "Danh mục đề xuất", "DANH MỤC ĐỀ XUẤT", heads, rows
