"""The letter codes Vietnamese offices wrote in before Unicode: TCVN3 (ABC), VNI, windows-1258.

A text in such a code reaches us in one of two shapes: as bytes, or as *surface text*, the same
bytes that a reader took for windows-1252 ("B¶n H« Tra - §­êng"). `decode` takes the first,
`convert` the second. Convert before any cleaning: the soft hyphen U+00AD is ``ư`` in TCVN3.
"""

from __future__ import annotations

import unicodedata

from ntm_gis.errors import SourceError, UsageError
from ntm_gis.text.codetables import (
    CODES,
    TONES,
    cp1252_high,
    cp1252_low,
    taken,
    tcvn3_read,
    vni_pairs,
    w1258_read,
    writers,
)
from ntm_gis.text.names import nfc


def decode(raw: bytes, code: str) -> str:
    r"""Return the text that bytes in a letter code stand for, in NFC.

    Parameters
    ----------
    raw : bytes
        One value of a column whose code is known.
    code : str
        One of `CODES`.

    Raises
    ------
    UsageError
        `code` is not one of `CODES`.
    SourceError
        The bytes are not valid in that code.

    Notes
    -----
    TCVN3 has no toned capitals: offices type them in a font of capitals, so the case is lost.
    It is put back where the letters around it leave no doubt ("B¶N H¤ TRA" is "BẢN HÔ TRA"),
    and nowhere else.

    Examples
    --------
    >>> decode(b"B\xb6n H\xab Tra", "tcvn3")
    'Bản Hô Tra'
    >>> decode("Baûn Hoâ Tra".encode("cp1252"), "vni")
    'Bản Hô Tra'
    """
    _require_code(code)
    if code in ("utf-8", "ascii"):
        try:
            return nfc(raw.decode(code))
        except UnicodeDecodeError as cause:
            place = f"0x{raw[cause.start]:02X}"
            raise SourceError("TEXT_NOT_IN_CODE", letter_code=code, value=place) from cause
    return convert(surface(raw), code)


def convert(text: str, code: str) -> str:
    """Return what surface text, read as windows-1252 by mistake, stands for in `code`.

    Characters that no byte of the code can have made stay as they are.

    Parameters
    ----------
    text : str
        One value as a reader handed it over.
    code : str
        One of `CODES`; "utf-8" is for UTF-8 that was read as windows-1252 ("Báº£n").

    Raises
    ------
    UsageError
        `code` is not one of `CODES`.
    SourceError
        The text cannot have been UTF-8.

    Examples
    --------
    >>> convert("B¶n H« Tra - §­êng", "tcvn3")
    'Bản Hô Tra - Đường'
    >>> convert("Baûn Hoà Thaàu", "vni")
    'Bản Hồ Thầu'
    """
    _require_code(code)
    if code == "utf-8":
        try:
            return nfc(to_bytes(text).decode("utf-8"))
        except (UnicodeDecodeError, UnicodeEncodeError) as cause:
            raise SourceError("TEXT_NOT_IN_CODE", letter_code=code, value=text) from cause
    if code == "tcvn3":
        return restore_capitals(nfc(_latin(text).translate(tcvn3_read())))
    if code == "windows-1258":
        return nfc(_latin(text).translate(w1258_read()))
    if code == "vni":
        return nfc(_vni_read(_latin(text)))
    return nfc(text)


def encode(text: str, code: str) -> bytes:
    """Return text as bytes of a letter code; the sample files of old offices are made with it.

    Raises
    ------
    UsageError
        The code is unknown, or lacks a letter of the text. TCVN3 lacks toned capitals; a
        small letter is never put in their place.

    Examples
    --------
    >>> encode("Đường", "tcvn3").hex(" ")
    'a7 ad ea 6e 67'
    >>> encode("Đường", "vni").decode("cp1252")
    'Ñöôøng'
    """
    _require_code(code)
    composed = nfc(text)
    if code in ("utf-8", "ascii", "latin-1"):
        table: dict[str, bytes] = {}
        codec = "cp1252" if code == "latin-1" else code
    else:
        table, codec = writers()[code], "cp1252"
    parts = []
    for letter in composed:
        part = table.get(letter)
        if part is None:
            part = _plain(letter, codec)
            if part is None or letter in taken(code):
                raise UsageError("LETTER_NOT_IN_CODE", letter=letter, letter_code=code, value=text)
        parts.append(part)
    return b"".join(parts)


def restore_capitals(text: str) -> str:
    """Raise toned letters that a code without toned capitals left small among capitals.

    Only where no doubt is left: no letter of the text is surely small, and some word has two
    that are surely capital.

    Examples
    --------
    >>> restore_capitals("BảN Hồ TRA"), restore_capitals("Tà Mớ")
    ('BẢN HỒ TRA', 'Tà Mớ')
    """
    sure = [c for c in text if c.isalpha() and not _toned(c)]
    if not sure or any(c.islower() for c in sure):
        return text
    if any(sum(c.isalpha() and not _toned(c) for c in word) >= 2 for word in text.split()):
        return text.upper()
    return text


def surface(raw: bytes) -> str:
    """Return bytes as the windows-1252 text a reader would show, keeping every byte."""
    return raw.decode("latin-1").translate(cp1252_high())


def to_bytes(text: str) -> bytes:
    """Return the bytes that surface text was made from.

    Raises
    ------
    UnicodeEncodeError
        A character of the text stands for no byte: it is no surface text.
    """
    return _latin(text).encode("latin-1")


def _require_code(code: str) -> None:
    if code not in CODES:
        raise UsageError("LETTER_CODE_UNKNOWN", letter_code=code, known=", ".join(CODES))


def _plain(letter: str, codec: str) -> bytes | None:
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        return None


def _toned(letter: str) -> bool:
    return any(mark in TONES[1:] for mark in unicodedata.normalize("NFD", letter))


def _latin(text: str) -> str:
    """Bring the punctuation of windows-1252 back to the code points of its bytes."""
    return text.translate(cp1252_low())


def _vni_read(text: str) -> str:
    pairs, high, out, at = vni_pairs(), cp1252_high(), [], 0
    while at < len(text):
        step = 2 if text[at : at + 2] in pairs and at + 1 < len(text) else 1
        piece = text[at : at + step]
        out.append(pairs.get(piece) or high.get(ord(piece[0]), piece))
        at += step
    return "".join(out)
