"""Vietnamese text in TCVN3, as old shapefiles, drawings and MapInfo tables hold it.

The table is the script's own, so that the sample doesn't rest on the code it tests. TCVN3 has
no capital letters with tone marks: such text can't be written.
"""

from __future__ import annotations

import unicodedata

_LOWER = (
    "ă â ê ô ơ ư đ à ả ã á ạ ằ ẳ ẵ ắ ặ ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ ề ể ễ ế ệ ì ỉ ĩ í ị"
    " ò ỏ õ ó ọ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ù ủ ũ ú ụ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ"
)
_BYTES = (
    "A8 A9 AA AB AC AD AE B5 B6 B7 B8 B9 BB BC BD BE C6 C7 C8 C9 CA CB CC CE CF D0 D1 D2 D3 D4"
    "D5 D6 D7 D8 DC DD DE DF E1 E2 E3 E4 E5 E6 E7 E8 E9 EA EB EC ED EE EF F1 F2 F3 F4 F5 F6 F7"
    "F8 F9 FA FB FC FD FE"
)
_UPPER = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7}
_TABLE = dict(zip(_LOWER.split(), bytes.fromhex(_BYTES), strict=True)) | _UPPER


def tcvn3(text: str) -> bytes:
    """Return the bytes of a text in TCVN3.

    Raises
    ------
    ValueError
        The text holds a letter that TCVN3 has not.

    Examples
    --------
    >>> tcvn3("Hô Tra").hex(" ")
    '48 ab 20 54 72 61'
    """
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        code = _TABLE.get(letter, ord(letter) if letter.isascii() else None)
        if code is None:
            message = f"TCVN3 has no letter for {letter!r} in {text!r}"
            raise ValueError(message)
        out.append(code)
    return bytes(out)


def surface(text: str) -> str:
    """Return what a program sees that takes TCVN3 bytes for Latin letters."""
    return tcvn3(text).decode("latin-1")


def cp1258(text: str) -> bytes:
    """Windows-1258: the base letter composed, the tone mark a letter of its own."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            letter.encode("cp1258")
            out.append(letter)
            continue
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
        tones = [c for c in apart if c in "\u0300\u0301\u0303\u0309\u0323"]
        rest = unicodedata.normalize("NFC", "".join(c for c in apart if c not in tones))
        out.append(rest + "".join(tones))
    return "".join(out).encode("cp1258")
