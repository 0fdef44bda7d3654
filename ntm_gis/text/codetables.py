"""The tables of the old letter codes: how each reads, and how letters are written."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from ntm_gis.text.names import nfc

CODES = ("utf-8", "tcvn3", "vni", "windows-1258", "latin-1", "ascii")

# Tones in the order of the codes below: none, huyền, hỏi, ngã, sắc, nặng.
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")

# TCVN3: one byte a letter. For each vowel the five toned bytes in the order of TONES[1:].
_TCVN3_PLAIN = {
    **dict(zip("ĂÂÊÔƠƯĐ", range(0xA1, 0xA8), strict=True)),
    **dict(zip("ăâêôơưđ", range(0xA8, 0xAF), strict=True)),
}
_TCVN3_TONED = {
    "a": "B5 B6 B7 B8 B9",
    "ă": "BB BC BD BE C6",
    "â": "C7 C8 C9 CA CB",
    "e": "CC CE CF D0 D1",
    "ê": "D2 D3 D4 D5 D6",
    "i": "D7 D8 DC DD DE",
    "o": "DF E1 E2 E3 E4",
    "ô": "E5 E6 E7 E8 E9",
    "ơ": "EA EB EC ED EE",
    "u": "EF F1 F2 F3 F4",
    "ư": "F5 F6 F7 F8 F9",
    "y": "FA FB FC FD FE",
}
# Capitals and combining tones that TCVN 5712 has at bytes where the ABC fonts show nothing of
# use. They are read, because they can mean nothing else, and never written.
_TCVN3_READ_ONLY = {
    0xAF: "Ằ", 0xBA: "Ẳ", 0xBF: "Ẵ", 0xC0: "Ắ", 0xC1: "Ầ", 0xC2: "Ẩ", 0xC3: "Ẫ", 0xC4: "Ấ",
    0xC5: "Ề", 0xCD: "Ể", 0xD9: "Ễ", 0xDA: "Ế", 0xDB: "Ồ", 0xE0: "Ổ", 0xF0: "Ỗ", 0xFF: "Ố",
    **{0xB0 + n: tone for n, tone in enumerate(TONES[1:])},
    0xA0: "\u00a0",
}  # fmt: skip

# VNI: a base letter, then one letter that stands for its marks; a few letters stand alone.
_VNI_ALONE = dict(zip("ơưđíìỉĩịỵ", "ôöñíìæóòî", strict=True))
_VNI_TONES = ("", "ø", "û", "õ", "ù", "ï")
_VNI_SHAPED = {
    ("a", "ă"): ("ê", "è", "ú", "ü", "é", "ë"),
    ("a", "â"): ("â", "à", "å", "ã", "á", "ä"),
    ("e", "ê"): ("â", "à", "å", "ã", "á", "ä"),
    ("o", "ô"): ("â", "à", "å", "ã", "á", "ä"),
}

# windows-1258: windows-1252 but for these; the tones are combining characters.
_W1258 = {
    0xC3: "Ă", 0xCC: "\u0300", 0xD0: "Đ", 0xD2: "\u0309", 0xD5: "Ơ", 0xDD: "Ư", 0xDE: "\u0303",
    0xE3: "ă", 0xEC: "\u0301", 0xF0: "đ", 0xF2: "\u0323", 0xF5: "ơ", 0xFD: "ư", 0xFE: "₫",
}  # fmt: skip


@lru_cache(maxsize=1)
def cp1252_high() -> dict[int, str]:
    """Return the punctuation that windows-1252 has where latin-1 has control characters."""
    pairs = ((byte, bytes([byte]).decode("cp1252", errors="ignore")) for byte in range(0x80, 0xA0))
    return {byte: letter for byte, letter in pairs if letter}


@lru_cache(maxsize=1)
def cp1252_low() -> dict[int, int]:
    """Return the byte of each sign of `cp1252_high`."""
    return {ord(letter): byte for byte, letter in cp1252_high().items()}


@lru_cache(maxsize=1)
def _tcvn3_letters() -> dict[str, int]:
    letters = dict(_TCVN3_PLAIN)
    for vowel, places in _TCVN3_TONED.items():
        for tone, place in zip(TONES[1:], places.split(), strict=True):
            letters[_compose(vowel, tone)] = int(place, 16)
    return letters


@lru_cache(maxsize=1)
def tcvn3_read() -> dict[int, str]:
    """Return what each byte of TCVN3 reads as."""
    letters = {byte: letter for letter, byte in _tcvn3_letters().items()}
    return cp1252_high() | _TCVN3_READ_ONLY | letters


@lru_cache(maxsize=1)
def w1258_read() -> dict[int, str]:
    """Return what each high byte of windows-1258 reads as, where latin-1 differs."""
    return cp1252_high() | _W1258


@lru_cache(maxsize=1)
def _vni_letters() -> dict[str, str]:
    """Return each Vietnamese letter with the one or two letters VNI writes for it."""
    letters = dict(_VNI_ALONE)
    for vowel in "aeouyơư":
        start = _VNI_ALONE.get(vowel, vowel)
        for tone, mark in zip(TONES[1:], _VNI_TONES[1:], strict=True):
            letters.setdefault(_compose(vowel, tone), start + mark)
    for (base, vowel), marks in _VNI_SHAPED.items():
        for tone, mark in zip(TONES, marks, strict=True):
            letters[_compose(vowel, tone)] = base + mark
    return letters | {letter.upper(): written.upper() for letter, written in letters.items()}


@lru_cache(maxsize=1)
def vni_pairs() -> dict[str, str]:
    """Return what each one or two letters of VNI read as."""
    pairs = {written: letter for letter, written in _vni_letters().items()}
    for vowel in "iy":  # seen in files, though VNI has letters of its own for these
        for tone, mark in zip(TONES[1:], _VNI_TONES[1:], strict=True):
            letter = _compose(vowel, tone)
            pairs.setdefault(vowel + mark, letter)
            pairs.setdefault((vowel + mark).upper(), letter.upper())
    for written, letter in tuple(pairs.items()):
        # A capital followed by the small form of its mark is met as often as the full capital.
        pairs.setdefault(written[0] + written[1:].lower(), letter)
    return pairs


@lru_cache(maxsize=1)
def writers() -> dict[str, dict[str, bytes]]:
    """Return, for each code, the bytes of every Vietnamese letter that it has."""
    tcvn3 = {letter: bytes([byte]) for letter, byte in _tcvn3_letters().items()}
    vni = {letter: written.encode("cp1252") for letter, written in _vni_letters().items()}
    w1258 = {letter: bytes([byte]) for byte, letter in _W1258.items()}
    for letter in _vni_letters():
        base, tone = _apart(letter)
        if tone:
            start = w1258.get(base) or base.encode("cp1252")
            w1258[letter] = start + w1258[tone]
    return {"tcvn3": tcvn3, "vni": vni, "windows-1258": w1258}


def _apart(letter: str) -> tuple[str, str]:
    """Split a letter into its vowel with its shape, and its tone ("" if none)."""
    marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in TONES[1:]), "")
    return nfc(marks.replace(tone, "")) if tone else letter, tone


@lru_cache(maxsize=len(CODES))
def taken(code: str) -> frozenset[str]:
    """Return the Western letters whose bytes mean something else in a code."""
    if code == "vni":
        used = "".join(_vni_letters().values())
        return frozenset(c for c in used if not c.isascii())
    tables = {"tcvn3": tcvn3_read, "windows-1258": w1258_read}
    return frozenset(chr(b) for b in tables[code]() if b >= 0xA0) if code in tables else frozenset()


def _compose(vowel: str, tone: str) -> str:
    return nfc(vowel + tone)
