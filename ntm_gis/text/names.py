"""Vietnamese names: one spelling to keep, keys to compare by, and order in a list."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

_TONE_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TONE_ORDER = ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

# Zero-width characters carry nothing in Vietnamese; U+00D0 is the Icelandic look-alike of Đ.
# U+00AD is left alone: it is the letter ư in a text still in TCVN3.
_CLEAN = {0x00D0: "Đ", **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), "")}

# Words before a village's own name, longest first, with and without their marks.
_PREFIXES = (
    ("tổ", "dân", "phố"), ("khu", "dân", "cư"), ("tiểu", "khu"), ("khu", "phố"),
    ("bản",), ("thôn",), ("tổ",), ("khu",), ("ấp",), ("buôn",), ("xóm",), ("làng",),
)  # fmt: skip


def nfc(s: str) -> str:
    r"""Return text in the composed form (NFC), in which equal letters are equal strings.

    Examples
    --------
    >>> len("Hô\u0300"), len(nfc("Hô\u0300"))
    (3, 2)
    """
    return unicodedata.normalize("NFC", s)


def clean(s: str) -> str:
    r"""Return a name as it is kept: NFC, a true Đ, no zero-width characters, single spaces.

    For text already in Unicode; text in an old letter code is converted first. The soft
    hyphen stays, because it may be a letter; `oddities` names it.

    Examples
    --------
    >>> clean("  Bản\u00a0 Hô\u200b Tra ")
    'Bản Hô Tra'
    """
    return " ".join(nfc(s).translate(_CLEAN).split())


@lru_cache(maxsize=16_384)  # headings, codes and names come again and again
def fold(s: str) -> str:
    """Return a key without diacritics and case: what search and "did you mean" compare.

    Examples
    --------
    >>> fold("Đường Hô  Tra")
    'duong ho tra'
    """
    marked = unicodedata.normalize("NFD", clean(s).casefold())
    return "".join(c for c in marked if not unicodedata.combining(c)).replace("đ", "d")


def village_key(s: str) -> str:
    """Return a village's name as a key: no diacritics, no "bản", "thôn", "tổ dân phố" before it.

    The word stays where only a number follows: "Tổ 3" and "Bản 3" are two places. Equal keys
    make two names candidates, never one village: Nậm Cung and Nậm Cúng share theirs.

    Examples
    --------
    >>> village_key("bản Hô Tra"), village_key("Ho Tra"), village_key("Tổ 3")
    ('ho tra', 'ho tra', 'to 3')
    """
    words = clean(s).casefold().split(" ")
    for prefix in _prefixes():
        rest = words[len(prefix) :]
        if tuple(words[: len(prefix)]) == prefix and rest:
            return fold(s if _is_number(rest) else " ".join(rest))
    return fold(s)


def tone_key(s: str) -> str:
    """Return a key that does not see where in a syllable the tone is written, nor case.

    Examples
    --------
    >>> tone_key("Hoà Thuỷ") == tone_key("Hòa Thủy"), tone_key("Hô") == tone_key("Hồ")
    (True, False)
    """
    return " ".join(_tone_last(word) for word in clean(s).casefold().split(" "))


def same_name(a: str, b: str) -> Literal["exact", "tone", "key"] | None:
    """Say in what sense two names are the same, or None.

    Returns
    -------
    "exact"
        Equal after cleaning, but for case.
    "tone"
        Equal but for the place of the tone ("Hoà", "Hòa"): the same name.
    "key"
        Equal without diacritics and prefix: a candidate, to be shown to a person unless it is
        the only one in the commune.

    Examples
    --------
    >>> same_name("Hoà Bình", "Hòa Bình"), same_name("Hồ Tra", "bản Hô Tra")
    ('tone', 'key')
    >>> same_name("Hô Tra", "Hô Ta") is None
    True
    """
    if clean(a).casefold() == clean(b).casefold():
        return "exact"
    if tone_key(a) == tone_key(b):
        return "tone"
    if village_key(a) and village_key(a) == village_key(b):
        return "key"
    return None


def suggestions(wanted: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return up to `n` known words like the one that was wanted, best first.

    Examples
    --------
    >>> suggestions("duong giao thon", ["Đường giao thông", "Trường học", "Chè"])
    ['Đường giao thông']
    """
    import difflib  # costs more to import than the rest of this module

    by_key: dict[str, list[str]] = {}
    for word in known:
        by_key.setdefault(fold(word), []).append(word)
    keys = difflib.get_close_matches(fold(wanted), by_key, n=n)
    return [word for key in keys for word in by_key[key]][:n]


def sort_key(s: str) -> tuple[tuple[tuple[int, int, str], ...], tuple[int, ...], str]:
    """Return the key of Vietnamese order: letters (a ă â b … d đ …), then tones, then case.

    Tones go level, huyền, hỏi, ngã, sắc, nặng; numbers inside a name go by value.

    Examples
    --------
    >>> sorted(["Đông", "Bản 10", "Dũng", "Bản 9", "Ấp", "An"], key=sort_key)
    ['An', 'Ấp', 'Bản 9', 'Bản 10', 'Dũng', 'Đông']
    """
    name = clean(s)
    letters: list[tuple[int, int, str]] = []
    tones: list[int] = []
    for piece in re.findall(r"[0-9]+|[^0-9]", name.casefold()):
        if piece.isdecimal() and piece.isascii():
            digits = piece.lstrip("0")
            letters.append((1, len(digits), digits))
            continue
        marks = unicodedata.normalize("NFD", piece)
        tone = next((_TONE_ORDER.index(m) + 1 for m in marks if m in _TONE_MARKS), 0)
        letter = nfc("".join(m for m in marks if m not in _TONE_MARKS))
        if not letter:  # a tone mark that stands on nothing
            continue
        tones.append(tone)
        if letter.isspace():
            letters.append((0, 0, ""))
        elif letter in _ALPHABET:
            letters.append((2, _ALPHABET.index(letter), ""))
        else:
            letters.append((3, 0, letter))
    return tuple(letters), tuple(tones), name


@lru_cache(maxsize=1)
def _prefixes() -> tuple[tuple[str, ...], ...]:
    spelled = [(words, tuple(fold(word) for word in words)) for words in _PREFIXES]
    return tuple(dict.fromkeys(words for both in spelled for words in both))


def _is_number(words: list[str]) -> bool:
    return any(c.isdecimal() for c in words[0])


def _tone_last(word: str) -> str:
    marks = unicodedata.normalize("NFD", word)
    tones = "".join(m for m in marks if m in _TONE_MARKS)
    return nfc("".join(m for m in marks if m not in _TONE_MARKS)) + tones
