"""The word by which a commune calls its villages: bản, thôn, ấp, buôn …, in our sentences.

What ships says "bản". A commune whose own list says "Thôn Nà Khâu" reads "thôn" on its pages,
sheets and reports; what people wrote is never touched, and "thôn, bản", the word of the law,
stays. The word is one of this process: whoever takes the sources of a commune in sets it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

SHIPPED = "bản"

KNOWN = (
    SHIPPED, "thôn", "ấp", "buôn", "bon", "làng", "xóm", "khóm", "plei", "phum", "sóc",
    "tổ dân phố", "khu phố", "khu",
)  # fmt: skip
"""Words for the units of people below a commune, the longer of two before the shorter."""

_OTHER_BEFORE = ("văn", "biên", "cơ", "phiên", "căn", "nguyên", "kịch", "thôn", "thôn,")
_OTHER_AFTER = (
    "đồ|vẽ|sao|quét|tóm|gốc|in|kê|đen|cuối|thảo|đã ký|đã sửa|tin|dự|lưu|màu|riêng|chụp|ghi|đăng"
    "|cài|sửa|thân|khôi|chép|tim|giấy|A4|A3|PDF|Word|Excel|có thể trình|cũ hơn"
)
_VILLAGE = re.compile(
    "".join(rf"(?<!{before} )(?<!{before.capitalize()} )" for before in _OTHER_BEFORE)
    + rf"(?<!\w)([Bb])ản(?!\w)(?! (?:{_OTHER_AFTER})\b)"
)
_KEPT = re.compile(
    r"tính trong bản này|Firefox bản mới|thành …… bản|giữ một bản|bằng bản cũ|theo bản cũ\."
)
"""Phrases in which the word means a copy or a version, beside those told by a neighbour."""

_current = SHIPPED


def current() -> str:
    """Return the word in use."""
    return _current


def use(word: str | None) -> None:
    """Use a word from now on; None is what ships."""
    global _current  # noqa: PLW0603 - one commune is worked on at a time in a process
    _current = word or SHIPPED


def of(names: Iterable[str]) -> str | None:
    """Return the word with which at least half of the names of villages begin, if any does.

    Examples
    --------
    >>> of(["Thôn Nà Khâu", "Thôn Khuổi Phủng", "Nà Lại"])
    'thôn'
    >>> of(["Nà Nghè", "Hô Tra"]) is None
    True
    """
    called = [name.strip().casefold() for name in names]
    begin = [next((w for w in KNOWN if name.startswith(f"{w} ")), None) for name in called]
    count = Counter(word for word in begin if word)
    if not count:
        return None
    word, times = count.most_common(1)[0]
    return word if 2 * times >= len(called) else None


def said(text: str) -> str:
    """Return a shipped Vietnamese text in the words of the commune.

    Examples
    --------
    >>> use("thôn")
    >>> said("Tỷ lệ bản có nhà văn hóa, theo văn bản và bản đồ của thôn, bản. Bản chưa gửi")
    'Tỷ lệ thôn có nhà văn hóa, theo văn bản và bản đồ của thôn, bản. Thôn chưa gửi'
    >>> use(None)
    >>> said("Số bản")
    'Số bản'
    """
    return text if _current == SHIPPED or "ản" not in text else _said(text, _current)


@lru_cache(maxsize=4096)
def _said(text: str, word: str) -> str:
    kept = [found.span() for found in _KEPT.finditer(text)]

    def put(found: re.Match[str]) -> str:
        if any(start <= found.start() < end for start, end in kept):
            return found[0]
        return word[0].upper() + word[1:] if found[1] == "B" else word

    return _VILLAGE.sub(put, text)
