"""Code lists: whole, without doubt, and known as offices write them."""

from __future__ import annotations

import re
import unicodedata

import pytest

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules import codes as rules
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.schema import layer_names, schema

LAYERS = layer_names()
LISTS = sorted(path.stem for path in shipped.path("layers", "codes").glob("*.csv"))


def folded(written: str) -> str:
    """Fold a spelling by other means than the package: no marks, no case, no signs."""
    marked = unicodedata.normalize("NFKD", written).casefold().replace("đ", "d")
    return "".join(c for c in marked if c.isalnum())


@pytest.mark.parametrize("name", LISTS)
def test_a_spelling_belongs_to_one_code(name):
    owner: dict[str, str] = {}
    for code in code_list(name).codes:
        for spelling in (code.code, code.title.vi, code.title.en, *code.aliases):
            key = folded(spelling) or spelling
            assert owner.setdefault(key, code.code) == code.code, spelling
            assert code_list(name).find(spelling) == code.code
    assert len(code_list(name).spellings) >= len(code_list(name).codes)


@pytest.mark.parametrize("name", LISTS)
def test_codes_have_titles_in_both_languages(name):
    for code in code_list(name).codes:
        assert code.code
        assert code.title.vi
        assert code.title.en
        for written in (code.title.vi, *code.aliases):
            assert unicodedata.is_normalized("NFC", written)


def test_surfaces_are_paved_and_hardened_as_the_contract_says():
    surface = code_list("surface")
    assert surface.flagged("paved") == {"concrete", "asphalt", "bitumen"}
    assert surface.flagged("hardened") == surface.flagged("paved") | {"gravel", "macadam", "block"}


def test_school_levels_have_a_letter():
    assert [code.flags["letter"] for code in code_list("school_level").codes] == ["M", "T", "C"]


def test_layers_that_works_may_point_to_are_those_with_features():
    apart = {"elevation", "outlines"}
    features = [n for n in LAYERS if schema(n).geometry and n not in apart]
    assert sorted(code_list("layer").keys) == features
    for name in features:
        assert code_list("layer")[name].title == schema(name).title


def test_land_use_codes_are_dated():
    land_use = code_list("land_use")
    lists = {name: land_use.flagged(name) for name in code_list("code_list").keys}
    assert lists["tt27-2018"] - lists["tt08-2024"] >= {"BHK", "NHK", "DDT", "DDL", "DSH", "SKX"}
    assert lists["tt08-2024"] - lists["tt27-2018"] >= {
        "CNT",
        "DMT",
        "DKT",
        "DCT",
        "DPC",
        "MCS",
        "CGT",
    }
    for code in land_use.codes:
        assert code.flags["group"] in {"NNP", "PNN", "CSD"}
        assert code.flags["status"] == "cited"
        assert re.fullmatch(r"(\d{1,3} \d{1,3} \d{1,3})?", code.flags["rgb"])
        successor = code.flags["successor"]
        assert not successor or land_use[successor].flag("tt08-2024")
        assert not (successor and code.flag("tt08-2024"))
    assert land_use.flagged("settlement") == {"OTC", "ONT", "ODT", "DNT"}
    assert {"LUC", "LUK", "HNK", "CLN"} <= land_use.flagged("agriculture")
    assert not land_use.flagged("public_works") & {"DGT", "DTL", "ONT", "CQP"}


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("surface", "BTXM", "concrete"),
        ("surface", "bê tông xi măng", "concrete"),
        ("surface", "BT", "concrete"),
        ("surface", "nhựa", "asphalt"),
        ("surface", "láng nhựa", "bitumen"),
        ("surface", "thấm nhập nhựa", "bitumen"),
        ("surface", "cấp phối", "gravel"),
        ("surface", "CẤP PHỐI", "gravel"),
        ("surface", "đá dăm", "macadam"),
        ("surface", "Gạch block", "block"),
        ("surface", "đất", "earth"),
        ("surface", "đường mòn", "earth"),
        ("surface", "VL2", None),
        ("road_class", "QL", "national"),
        ("road_class", "ĐX", "commune"),
        ("road_class", "ĐB", "village"),
        ("road_class", "NX", "lane"),
        ("road_class", "NĐ", "field"),
        ("road_class", "ĐH", None),
        ("school_status", "đang sử dụng", "in_use"),
        ("school_status", "không còn sử dụng", "disused"),
        ("school_status", "bỏ hoang", "disused"),
        ("loudspeaker_status", "hỏng", "broken"),
        ("building_state", "xuống cấp", "bad"),
        ("school_level", "MN", "kindergarten"),
        ("school_level", "TH", "primary"),
        ("school_level", "THCS", "lower_secondary"),
        ("tea_stage", "kinh doanh", "harvest"),
        ("tea_stage", "kiến thiết cơ bản", "establishment"),
        ("facility_level", "Mức độ 1", "1"),
        ("facility_level", "0", "0"),
        ("stage", "Nền, móng", "base"),
        ("stage", "Đổ bê tông", "poured"),
        ("fund_source", "NSTW", "central"),
        ("direction", "≥", "at_least"),
        ("unit", "%", "%"),
        ("unit", "m²", "m2"),
        ("unit", "tr. đồng", "million đồng"),
        ("no_work", "Không", "none"),
        ("land_use", "đất ở nông thôn", "ONT"),
        ("code_list", "27/2018/TT-BTNMT", "tt27-2018"),
        ("task_section", "ii.2", "II.2"),
    ],
)
def test_codes_are_known_as_offices_write_them(name, written, code):
    assert code_list(name).find(written) == code


CODES_OF_SAMPLE = {
    "roads.road_class": {"QL": "national", "ĐX": "commune", "ĐB": "village", "NX": "lane",
                         "NĐ": "field"},
    "roads.surface": {"BTXM": "concrete", "Nhựa": "asphalt", "Láng nhựa": "bitumen",
                      "Cấp phối": "gravel", "Đá dăm": "macadam", "Gạch block": "block",
                      "Đất": "earth", "VL2": None},
    "irrigation.kind": {"Kênh": "canal", "Đập": "weir", "Trạm bơm": "pump", "Hồ": "reservoir",
                        "Ống": "pipe"},
    "irrigation.condition": {"Tốt": "good", "Cần sửa": "repair", "Hỏng": "broken"},
    "farmland.land_use": {"LUC": "LUC", "LUK": "LUK", "HNK": "HNK"},
    "farmland.irrigation_id": {"Không": "none"},
    "tea_areas.stage": {"Kinh doanh": "harvest", "Kiến thiết cơ bản": "establishment",
                        "Bỏ hoang": "neglected"},
    "crop_areas.crop": {"Mắc ca": "macadamia", "Sâm Lai Châu": "ginseng", "Cây ăn quả": "fruit",
                        "Lúa": "rice", "Khác": "other"},
    "water.kind": {"Sông": "river", "Suối": "stream", "Hồ": "lake"},
    "crossings.kind": {"Cầu": "bridge", "Ngầm": "ford", "Cống": "culvert"},
    "hazards.kind": {"Sạt lở": "landslide", "Lũ quét": "flash_flood", "Ngập lụt": "flood"},
    "environment.kind": {"Bãi rác": "waste_site", "Điểm tập kết rác": "waste_point",
                         "Bể thu gom vỏ thuốc": "pesticide_bin", "Nghĩa trang": "cemetery",
                         "Trang trại": "livestock_farm", "Nguồn nước": "water_source"},
    "environment.size": {"Nhỏ": "small", "Vừa": "medium", "Lớn": "large"},
    "plans.kind": {"SDĐ": "land_use", "QHC": "general", "TTX": "detailed_centre",
                   "DCNT": "detailed_residential"},
    "plans.code_list": {"tt27-2018": "tt27-2018"},
    "plan_zones.period": {"Hiện trạng": "existing", "Quy hoạch": "planned"},
    "plan_items.built": {"Đã xây": "yes", "Chưa xây": "no", "Một phần": "part"},
    "schools.level": {"MN": "kindergarten", "TH": "primary", "THCS": "lower_secondary"},
    "schools.campus": {"Điểm chính": "main", "Điểm lẻ": "satellite"},
    "schools.status": {"Đang sử dụng": "in_use", "Không sử dụng": "disused"},
    "schools.facility_level": {"Chưa đạt": "0", "Mức độ 1": "1", "Mức độ 2": "2"},
    "schools.land_paper": {"Có": "yes", "Chưa có": "no", "Tranh chấp": "disputed"},
    "schools.building_state": {"Tốt": "good", "Cần sửa": "repair", "Xuống cấp": "bad"},
    "cultural_houses.status": {"Đang sử dụng": "in_use", "Đang sửa chữa": "repair",
                               "Không sử dụng": "disused"},
    "loudspeakers.status": {"Hoạt động": "working", "Hỏng": "broken"},
    "facilities.kind": {"Trụ sở UBND": "commune_office", "Hội trường xã": "commune_hall",
                        "Trạm y tế": "health_station", "Chợ": "market", "Bưu điện": "post",
                        "Công an": "police", "Sân thể thao": "sports_ground",
                        "Khu vui chơi": "play_area", "Nơi tránh trú": "shelter",
                        "Kho": "storehouse"},
    "facilities.status": {"Đang sử dụng": "in_use", "Dôi dư": "surplus",
                          "Không sử dụng": "disused"},
    "road_reports.stage": {"Giải phóng mặt bằng": "cleared", "Nền, móng": "base",
                           "Đổ bê tông": "poured", "Nghiệm thu": "accepted"},
    "contributions.kind": {"Hiến đất": "land", "Ngày công": "labour", "Tiền mặt": "cash",
                           "Hiện vật": "in_kind"},
    "funds.source": {"Trung ương": "central", "Tỉnh": "province", "Xã": "commune",
                     "Lồng ghép": "integrated", "Tín dụng": "credit", "Doanh nghiệp": "business",
                     "Nhân dân": "people"},
    "funds.capital": {"Đầu tư": "investment", "Sự nghiệp": "recurrent"},
    "targets.direction": {"Ít nhất": "at_least", "Nhiều nhất": "at_most"},
    "tasks.status": {"Chưa làm": "not_started", "Đang làm": "doing", "Đã xong": "done"},
    "figures.sex": {"Chung": "all", "Nam": "male", "Nữ": "female"},
    "figures.assessed_by": {"Xã tự đánh giá": "self", "Đoàn thẩm tra": "appraised"},
    "village_changes.kind": {"Đổi tên": "rename", "Sáp nhập": "merge", "Chia tách": "split",
                             "Chuyển xã": "transfer"},
}  # fmt: skip


@pytest.mark.parametrize("place", CODES_OF_SAMPLE)
def test_values_of_the_sample_are_known(place):
    layer, name = place.split(".")
    codes = code_list(str(schema(layer).field(name).codes))
    assert {w: codes.find(w) for w in CODES_OF_SAMPLE[place]} == CODES_OF_SAMPLE[place]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["code,vi,en,aliases", "a,Một,One,x", "b,Hai,Two,X"], "SPELLING_TWICE"),
        (["code,vi,en,aliases", "a,Một,One,", "a,Một,One,"], "SPELLING_TWICE"),
        (["code,vi,aliases", "a,Một,x"], "KEY_MISSING"),
    ],
)
def test_a_faulty_code_list_is_refused(tmp_path, monkeypatch, lines, code):
    (tmp_path / "faulty.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(rules.shipped, "path", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(RuleError) as caught:
        code_list("faulty")
    assert caught.value.code == code
