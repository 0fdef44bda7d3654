"""Text as part of something else: ids, file names; and letters that are not what they seem."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from ntm_gis.text.names import fold, nfc

OddityKind = Literal["control", "zero_width", "bidi", "soft_hyphen", "replacement", "lookalike"]

_SEGMENT = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_SLUG_LENGTH = 60
_PLAIN_PATH = re.compile(r"[\w./:\\~-]+")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "clock", "conin", "conout"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)

_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u180e")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Letters of other alphabets that look like a Vietnamese one, with the one that was meant.
_LOOKALIKES = {
    **dict(zip("ΑΒΕΗΙΚΜΝΟΡΤΥΧοικνρυ", "ABEHIKMNOPTYXoiknpu", strict=True)),
    **dict(zip("АВЕЅІЈКМНОРСТУХаеорсухіѕјһ", "ABESIJKMHOPCTYXaeopcyxisjh", strict=True)),
    "\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Oddity:
    """A character that a reader does not see or takes for another.

    `at` counts characters from 0; `instead` is the letter that was probably meant, if any.
    """

    kind: OddityKind
    char: str
    at: int
    instead: str | None = None

    @property
    def code_point(self) -> str:
        """The character as it is named in a report, e.g. "U+0397"."""
        return f"U+{ord(self.char):04X}"


def visible(s: str) -> str:
    r"""Return a text as it is seen: on one line, without control and invisible characters.

    Examples
    --------
    >>> visible("Hộ\u200b nghèo\x07"), visible("Tên\tbản\n(cũ)")
    ('Hộ nghèo', 'Tên bản (cũ)')
    """
    spaced = "".join(" " if c in "\t\n\r\v\f\x85" else c for c in s)
    kept = (
        c
        for c in spaced
        if c not in _ZERO_WIDTH | _BIDI and c != "\u00ad" and unicodedata.category(c) != "Cc"
    )
    return re.sub(" {2,}", " ", "".join(kept)) if spaced != s else "".join(kept)


def oddities(s: str) -> tuple[Oddity, ...]:
    r"""List the characters of a text that mislead: look-alikes, control and invisible characters.

    For text already in Unicode. Line ends and tabs are ordinary.

    Examples
    --------
    >>> [(odd.kind, odd.code_point, odd.instead) for odd in oddities("Bản \u0397ô Tra\u200b")]
    [('lookalike', 'U+0397', 'H'), ('zero_width', 'U+200B', None)]
    >>> oddities("Bản Hô Tra")
    ()
    """
    if s.isascii() and s.isprintable():
        return ()
    found = ((_oddity(char), char, at) for at, char in enumerate(s))
    return tuple(Oddity(kind, c, at, _LOOKALIKES.get(c)) for kind, c, at in found if kind)


def typed(path: object) -> str:
    """Return a path as it is typed in a command: in quotes where it has to be.

    Examples
    --------
    >>> typed("muong-khoa"), typed("Xã Mường Khoa")
    ('muong-khoa', '"Xã Mường Khoa"')
    """
    written = str(path)
    return written if _PLAIN_PATH.fullmatch(written) else f'"{written}"'


def segment(s: str) -> str:
    """Return text of a user as one segment of an id.

    `[A-Za-z0-9_-]` stay; every other byte of the NFC UTF-8 becomes `%XX`, so different texts
    give different segments.

    Examples
    --------
    >>> segment("D1-a"), segment("Đ 1")
    ('D1-a', '%C4%90%201')
    """
    return "".join(chr(b) if b in _SEGMENT else f"%{b:02X}" for b in _utf8(nfc(s)))


def slug(s: str) -> str:
    """Return text as a part of a file name that every system takes.

    Small ASCII letters, digits, `-` and `_`; at most 60 characters; never a device name of
    Windows, never empty. Different texts may give the same slug.

    Examples
    --------
    >>> slug("Đường Hô Tra (đoạn 1)"), slug("CON"), slug("***")
    ('duong-ho-tra-doan-1', 'ten-con', 'khong-ten')
    """
    kept = (c if c.isascii() and (c.isalnum() or c == "_") else "-" for c in fold(s))
    parts = [part for part in "".join(kept).split("-") if part]
    name = "-".join(parts)[:_SLUG_LENGTH].rstrip("-")
    if not name:
        return "khong-ten"
    return f"ten-{name}" if name in _DEVICES else name


def _oddity(char: str) -> OddityKind | None:
    strange = unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn")
    kinds: tuple[tuple[OddityKind, bool], ...] = (
        ("zero_width", char in _ZERO_WIDTH),
        ("bidi", char in _BIDI),
        ("soft_hyphen", char == "\u00ad"),
        ("replacement", char == "\ufffd"),
        ("lookalike", char in _LOOKALIKES),
        ("control", strange and char not in "\t\n\r"),
    )
    return next((kind for kind, here in kinds if here), None)


def _utf8(s: str) -> bytes:
    # A lone surrogate has no UTF-8; it is kept apart instead of failing on one name.
    return s.encode("utf-8", errors="surrogatepass")
