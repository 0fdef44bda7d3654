"""Vietnamese text: letter codes against other implementations, names, order, ids, file names."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import text
from ntm_gis.errors import SourceError, UsageError

VILLAGES = (
    """
Bản Hô Tra|Bản Hô Ta|Nậm Cung|Nậm Cúng|Nà Phát|Phiêng Hào|Nậm Bon|Mường Khoa|Phúc Khoa|Nà An
Bản Ngọc Chiến|Mít Nọi|Nậm Mở|Hô Be|Nà Lại|Tát Xôm|Phiêng Phát|Ngọc Lại|Sân Bay|Hồ Thầu
Đồng Pao|Thẳm Phé|Hô Bon|Nà Pè|Hua Cần
""".strip()
    .replace("\n", "|")
    .split("|")
)
ROADS = (
    """
Đường Nà Cóc - Hô Tra|Đường trục xã|Đường nội đồng Nà Phát|Quốc lộ 32|Đường vào trường tiểu học
Ngõ xóm số 3|Đường liên bản Nậm Cung|Đường bê tông Phiêng Hào|Đường tỉnh 133|Tuyến Hô Be - Thẳm Phé
Đường ra khu sản xuất|Cầu treo Nậm Mở
""".strip()
    .replace("\n", "|")
    .split("|")
)
SCHOOLS = (
    """
Trường Mầm non Mường Khoa|Trường Tiểu học số 1|Trường PTDTBT THCS Phúc Khoa|Điểm trường Hô Tra
Điểm trường Nậm Bon|Trường Trung học cơ sở|Lớp mẫu giáo bản Nà Pè|Điểm trường Phiêng Phát cũ
Trường Tiểu học và Trung học cơ sở|Nhà văn hóa bản Hô Ta|Trạm Y tế xã|Điểm trường Tát Xôm
""".strip()
    .replace("\n", "|")
    .split("|")
)
COLUMNS = {"villages": VILLAGES, "roads": ROADS, "schools": SCHOOLS}
OLD_CODES = ("tcvn3", "vni", "windows-1258")

# Syllables of names, to build texts that TCVN3 can hold (no toned capitals).
SYLLABLES = sorted({word for name in VILLAGES + ROADS + SCHOOLS for word in name.split()})
texts = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6).map(" ".join)


def test_enough_names() -> None:
    assert len({*VILLAGES, *ROADS, *SCHOOLS}) >= 40


# --- Letter codes ---------------------------------------------------------------------------------


def test_windows_1258_reads_as_python_does() -> None:
    for byte in range(256):
        raw = bytes([byte])
        try:
            expected = raw.decode("cp1258")
        except UnicodeDecodeError:
            continue
        assert text.decode(raw, "windows-1258") == unicodedata.normalize("NFC", expected)


@given(texts)
def test_windows_1258_writes_what_python_reads(name: str) -> None:
    raw = text.encode(name, "windows-1258")
    assert unicodedata.normalize("NFC", raw.decode("cp1258")) == name


def test_tcvn3_reads_as_iconv_does() -> None:
    iconv = shutil.which("iconv")
    names = subprocess.run([iconv, "-l"], capture_output=True, check=True) if iconv else None
    if names is None or b"TCVN5712-1" not in names.stdout:
        pytest.skip("this system has no iconv with TCVN5712-1")
    assert iconv
    for byte in range(0xA0, 0x100):
        raw = bytes([byte])
        done = subprocess.run(
            [iconv, "-f", "TCVN5712-1", "-t", "UTF-8"], input=raw, capture_output=True, check=True
        )
        expected = unicodedata.normalize("NFC", done.stdout.decode("utf-8"))
        assert text.decode(raw, "tcvn3") == expected, hex(byte)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # Lines that stand at the head of every official letter, as VNI fonts store them.
        ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
        ("UÛy ban nhaân daân xaõ", "Ủy ban nhân dân xã"),
        ("saün coù, Ñaø Naüng", "sẵn có, Đà Nẵng"),
        ("cheát vì, Chi phí, tæ leä, nghæ", "chết vì, Chi phí, tỉ lệ, nghỉ"),
        ("thaúng, thaéng, thaèng, thaëng, taêng", "thẳng, thắng, thằng, thặng, tăng"),
        ("ñöôøng, ñöôïc, nöôùc, cöûa, giöõ", "đường, được, nước, cửa, giữ"),
        ("Myõ Lyù, kyø, kyû, kî", "Mỹ Lý, kỳ, kỷ, kỵ"),
    ],
)
def test_vni_phrases(written: str, meant: str) -> None:
    assert text.convert(written, "vni") == meant
    assert text.encode(meant, "vni").decode("cp1252") == written


def test_vni_spellings_that_are_read_but_not_written() -> None:
    # The small mark after a capital, and i and y with marks of their own.
    assert text.convert("Uûy ban, Ñieän Bieân, xaõ YÙ Yeân", "vni") == "Ủy ban, Điện Biên, xã Ý Yên"
    assert text.convert("biïn, lyù, kyï", "vni") == "bịn, lý, kỵ"


def test_tcvn3_measured_surface() -> None:
    # As GDAL hands it over; after the capital Đ and inside "Đường" stands a soft hyphen.
    assert text.convert("B¶n H« Tra - §\u00ad\u00eang", "tcvn3") == "Bản Hô Tra - Đường"
    assert text.convert("§inh V¨n A", "tcvn3") == "Đinh Văn A"


@pytest.mark.parametrize("code", OLD_CODES)
def test_all_vietnamese_letters_there_and_back(code: str) -> None:
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    small = [text.nfc(v + t) for v in "aăâeêioôơuưy" for t in tones] + ["đ"]
    capitals = (
        ["Ă", "Â", "Ê", "Ô", "Ơ", "Ư", "Đ"] if code == "tcvn3" else [c.upper() for c in small]
    )
    for letter in small + capitals:
        assert text.decode(text.encode(letter, code), code) == letter


@pytest.mark.parametrize("code", [*OLD_CODES, "utf-8"])
@given(name=texts)
def test_there_and_back(code: str, name: str) -> None:
    raw = text.encode(name, code)
    assert text.decode(raw, code) == name
    assert text.convert(text.surface(raw), code) == name
    assert text.convert(raw.decode("latin-1"), code) == name


@given(st.text(max_size=40), st.sampled_from(text.CODES))
def test_converting_anything_fails_only_in_one_way(value: str, code: str) -> None:
    try:
        out = text.convert(value, code)
    except SourceError:
        assert code == "utf-8"
    else:
        assert unicodedata.is_normalized("NFC", out)


@given(st.binary(max_size=40), st.sampled_from(text.CODES))
def test_decoding_anything_fails_only_in_one_way(raw: bytes, code: str) -> None:
    try:
        text.decode(raw, code)
    except SourceError:
        assert code in ("utf-8", "ascii")


def test_tcvn3_capitals() -> None:
    with pytest.raises(UsageError, match="Ủ"):
        text.encode("Ủy ban", "tcvn3")
    with pytest.raises(UsageError):
        text.encode("façade", "tcvn3")  # the byte of ç is ỗ
    assert text.convert("B¶N H¤ TRA", "tcvn3") == "BẢN HÔ TRA"
    assert text.convert("Tµ Mí", "tcvn3") == "Tà Mớ"


def test_unknown_code() -> None:
    with pytest.raises(UsageError):
        text.decode(b"", "koi8-r")


# --- Detection ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*OLD_CODES, "utf-8"])
@pytest.mark.parametrize("column", COLUMNS)
def test_whole_columns_are_recognised(column: str, code: str) -> None:
    raw = [text.encode(name, code) for name in COLUMNS[column]]
    surfaces = [text.surface(value) for value in raw]
    latin = [value.decode("latin-1") for value in raw]
    for values in (raw, surfaces, latin):
        found = text.detect(values)
        assert (found.code, found.certain) == (code, True)
        assert [text.convert(value, code) for value in surfaces] == COLUMNS[column]
        assert 1 <= len(found.samples) <= 5
        assert all(sample.after in COLUMNS[column] for sample in found.samples)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_clean_unicode_is_left_alone(column: str, form: str) -> None:
    found = text.detect([_in_form(name, form) for name in COLUMNS[column]])
    assert (found.code, found.certain, found.converts) == ("unicode", True, False)


@pytest.mark.parametrize(
    "values",
    [
        ["École primaire", "Hôtel de ville", "Rivière noire", "forêt protégée", "déchets", "très"],
        ["café", "naïve", "façade", "Zürich", "Málaga"],
        ["São João", "Coração", "Ação", "Praça"],
    ],
)
def test_western_text_is_left_alone(values: list[str]) -> None:
    found = text.detect(values)
    assert (found.code, found.converts) == ("unicode", False)
    assert text.detect([value.encode("cp1252") for value in values]).code == "latin-1"


@pytest.mark.parametrize("values", [["KM1", "BTXM"], [], [None], ["", None, "3"], [b"QL32"]])
def test_ascii(values: list[str | bytes | None]) -> None:
    found = text.detect(values)
    assert (found.code, found.certain, found.converts) == ("ascii", True, False)


@pytest.mark.parametrize(
    ("words", "legal"),
    [
        ("Nghềnh ghế kiến Quới quyển giếng gìn gì khuya xoong thuở yếm ÍCH tất mạch Hoà Hòa", True),
        ("ngềnh gế quưa tât tảt mãch cafộ bẢn Ðường Krông zô êḿ̀ ", False),
    ],
)
def test_syllables(words: str, legal: bool) -> None:
    wrong = [word for word in words.split() if text.is_syllable(word) != legal]
    assert wrong == []


def test_signs_are_no_letters() -> None:
    assert text.detect(["12 m²", "30 m²", "22°13′"]).code == "unicode"


@pytest.mark.parametrize("code", OLD_CODES)
def test_few_values_are_not_certain(code: str) -> None:
    found = text.detect([text.encode(name, code) for name in ("Bản Hô Tra", "Nậm Cung", "Nà An")])
    assert found.code == code
    assert not found.certain
    assert found.score < 0.72


def test_two_codes_in_one_column_are_not_certain() -> None:
    half = [text.surface(text.encode(name, "tcvn3")) for name in VILLAGES]
    assert not text.detect(half + SCHOOLS).certain
    # One value typed later in Unicode is enough to ask.
    assert text.detect(half).certain
    assert not text.detect([*half, "Bản Mới"]).certain


def test_repeating_a_word_adds_no_evidence() -> None:
    assert text.detect(["B¶n"] * 1000).score == text.detect(["B¶n"]).score


def test_utf8_cut_inside_a_character() -> None:
    cut = "Đường Hô Tra - Nà Cóc đoạn qua bản Phiêng Hào".encode()[:-4] + b"\xe1\xba"
    assert text.detect(["Bản Hô Tra".encode(), cut]).code == "utf-8"


@pytest.mark.real
def test_syllables_and_detection_on_the_names_of_the_country() -> None:
    folder = os.environ.get("NTM_GIS_TEST_DATA")
    if not folder:
        pytest.skip("NTM_GIS_TEST_DATA is not set")
    path = Path(folder) / "vietnam" / "old_to_new_communes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({text.clean(row["old_name"]) for row in rows})
    words = [w for name in names for w in name.split() if w.isalpha() and not w.isascii()]
    legal = sum(text.is_syllable(word) for word in words) / len(words)
    assert legal > 0.985
    wrong = dict.fromkeys(OLD_CODES, 0)
    for start in range(0, 2000, 10):
        column = names[start : start + 10]
        for code in OLD_CODES:
            raw = [
                text.encode(n.title() if n.isupper() else n, code) for n in column if _fits(n, code)
            ]
            found = text.detect(raw)
            assert found.code in (code, "ascii") or not found.certain, (column, found)
            wrong[code] += found.code != code
    assert max(wrong.values()) <= 4, wrong


def _in_form(name: str, form: str) -> str:
    return unicodedata.normalize("NFD" if form == "NFD" else "NFC", name)


def _fits(name: str, code: str) -> bool:
    try:
        text.encode(name, code)
    except UsageError:
        return False
    return True


# --- Names ----------------------------------------------------------------------------------------


def test_clean() -> None:
    assert text.clean(" Ðường\u00a0\u200bHô\u0300  Tra\n") == "Đường Hồ Tra"
    assert text.clean("M\u00ad") == "M\u00ad"  # may be the ư of TCVN3
    assert text.clean(unicodedata.normalize("NFD", "Đường Hô Tra")) == "Đường Hô Tra"


@given(st.text(max_size=60))
def test_clean_twice_is_clean_once(value: str) -> None:
    assert text.clean(text.clean(value)) == text.clean(value)


@pytest.mark.parametrize(
    ("a", "b", "sense"),
    [
        ("Hô Tra", "Hô Tra", "exact"),
        ("bản hô tra", "BẢN HÔ TRA", "exact"),
        ("Hoà Bình", "Hòa Bình", "tone"),
        ("Thuỷ Lợi", "Thủy Lợi", "tone"),
        ("Hô Tra", "Hồ Tra", "key"),
        ("bản Hô Tra", "Ho Tra", "key"),
        ("Thôn Nậm Cung", "Bản Nậm Cúng", "key"),
        ("Hô Tra", "Hô Ta", None),
        ("Khu 3", "Khu 13", None),
        ("Bản 1", "Bản 2", None),
        ("Tổ 3", "Bản 3", None),
        ("Lạng Sơn", "Sơn", None),
        ("", "Bản", None),
    ],
)
def test_same_name(a: str, b: str, sense: str | None) -> None:
    assert text.same_name(a, b) == sense
    assert text.same_name(b, a) == sense


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Tổ dân phố Hô Tra", "ho tra"),
        ("TỔ DÂN PHỐ 5", "to dan pho 5"),
        ("Khu phố Chợ", "cho"),
        ("khu Chợ", "cho"),
        ("Làng Mới", "moi"),
        ("Lạng Sơn", "lang son"),
        ("Tô Hiệu", "to hieu"),
        ("Bản", "ban"),
        ("ban Ho Tra", "ho tra"),
    ],
)
def test_village_key(name: str, key: str) -> None:
    assert text.village_key(name) == key


@given(texts, st.sampled_from(["NFC", "NFD"]))
def test_keys_see_no_form(name: str, form: str) -> None:
    other = _in_form(name, form)
    for key in (text.fold, text.village_key, text.tone_key, text.clean, text.sort_key, text.slug):
        assert key(other) == key(name)
    assert text.segment(other) == text.segment(name)


def test_order() -> None:
    # The alphabet, then the six tones in the order of Vietnamese dictionaries.
    letters = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(sorted(letters, reverse=True), key=text.sort_key) == letters
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(sorted(tones), key=text.sort_key) == tones
    names = ["Khu 2", "Khu 10", "Khu 010", "Nà An", "Nà Ẳn", "Nàm", "Đá", "Đả", "Dứa", "Ấp"]
    assert sorted(names, key=text.sort_key) == [
        "Ấp", "Dứa", "Đả", "Đá", "Khu 2", "Khu 010", "Khu 10", "Nà An", "Nà Ẳn", "Nàm"
    ]  # fmt: skip


@given(st.text(max_size=30), st.text(max_size=30))
def test_order_compares_anything(a: str, b: str) -> None:
    assert (text.sort_key(a) < text.sort_key(b)) + (text.sort_key(b) < text.sort_key(a)) <= 1


def test_suggestions() -> None:
    known = ["Đường giao thông", "Trường học", "Chè", "Thủy lợi"]
    assert text.suggestions("duong giao thong", known) == ["Đường giao thông"]
    assert text.suggestions("thuỷ lợ", known, 1) == ["Thủy lợi"]
    assert text.suggestions("zzz", known) == []


# --- Ids, file names, oddities --------------------------------------------------------------------


@given(st.text(max_size=60))
def test_segment(value: str) -> None:
    from urllib.parse import quote, unquote

    made = text.segment(value)
    assert all(c.isascii() and (c.isalnum() or c in "_-%") for c in made)
    composed = unicodedata.normalize("NFC", value)
    if not any(unicodedata.category(c) == "Cs" for c in composed):
        # urllib keeps "." and "~" too; the rest is the same rule.
        assert made == quote(composed, safe="").replace(".", "%2E").replace("~", "%7E")
        assert unquote(made) == composed


@given(st.text(max_size=90))
def test_slug_is_a_file_name_everywhere(value: str) -> None:
    made = text.slug(value)
    assert 1 <= len(made) <= 60
    assert made.isascii()
    assert all(c.isalnum() or c in "-_" for c in made)
    assert made == made.lower()
    devices = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(10)}
    assert made not in devices


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("Đường Hô Tra", "duong-ho-tra"),
        ("COM1", "ten-com1"),
        ("../../evil", "evil"),
        ("é" * 90, "e" * 60),
    ],
)
def test_slug(value: str, made: str) -> None:
    assert text.slug(value) == made


@pytest.mark.parametrize(
    ("char", "kind", "instead"),
    [
        ("\u0397", "lookalike", "H"),
        ("\u0430", "lookalike", "a"),
        ("\u00d0", "lookalike", "Đ"),
        ("\x00", "control", None),
        ("\x85", "control", None),
        ("\u200b", "zero_width", None),
        ("\u202e", "bidi", None),
        ("\u00ad", "soft_hyphen", None),
        ("\ufffd", "replacement", None),
    ],
)
def test_oddities(char: str, kind: str, instead: str | None) -> None:
    (odd,) = text.oddities(f"Bản {char}ô")
    assert (odd.kind, odd.char, odd.at, odd.instead) == (kind, char, 4, instead)


def test_lookalikes_look_alike() -> None:
    from ntm_gis.text.safety import _LOOKALIKES

    for odd, meant in _LOOKALIKES.items():
        assert not any(word in unicodedata.name(meant) for word in ("GREEK", "CYRILLIC"))
        assert unicodedata.category(odd) == unicodedata.category(meant), (odd, meant)


@given(texts)
def test_vietnamese_text_has_no_oddities(name: str) -> None:
    assert text.oddities(name) == ()
