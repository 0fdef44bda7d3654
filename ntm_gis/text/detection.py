"""Finding out, for a whole column, in which letter code its text was written."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ntm_gis.errors import SourceError
from ntm_gis.text.encodings import convert, surface, to_bytes
from ntm_gis.text.syllables import is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Words are cut at ASCII alone: any other character may be a letter of some code.
_WORDS = re.compile(r"[^\x00-@\[-`{-\x7f]+")
# Signs that speak for no code, alone or after a unit ("m²", "°", "–").
_NEUTRAL = re.compile(r"[A-Za-z]*[²³°]+|[²³°±×÷·\u00a0“”‘’–—…•′″₫€]+")
_PUNCTUATION = "“”‘’–—…•"
_MOST_WORDS = 2000
_SHRINK = 3.0
_SURE_SCORE = 0.72
_SURE_LEAD = 0.30
_AS_IT_IS = ("ascii", "unicode", "latin-1")
_OLD_CODES = ("tcvn3", "vni", "windows-1258")


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a column as it came and as it reads in the code found."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Detection:
    """The letter code of one column.

    `code` is "ascii", "unicode" (text already right), "utf-8", "tcvn3", "vni", "windows-1258" or
    "latin-1" (Western letters, or nothing that reads as Vietnamese). `score` runs from 0 to 1:
    the share of the distinct words with non-ASCII letters that read as Vietnamese syllables,
    lowered where words are few. Not `certain`: show the samples and ask.
    """

    code: str
    score: float
    runner_up: tuple[str, float] | None
    certain: bool
    words: int
    samples: tuple[Sample, ...]

    @property
    def converts(self) -> bool:
        """Whether text values have to go through `convert` with this code."""
        return self.code not in _AS_IT_IS


def detect(values: Sequence[bytes | str | None]) -> Detection:
    """Say in which letter code a column is written.

    Parameters
    ----------
    values : sequence of bytes, str or None
        All values of one column, as bytes or as the text a reader made of them. None is skipped.

    Notes
    -----
    Judge columns, never cells: one short value fits several codes. Valid UTF-8 decides by
    itself, because no word in the old codes is valid UTF-8 by accident. Otherwise each distinct
    word with a non-ASCII character is read in every code, and the code in which most of them
    are Vietnamese syllables wins; text that already reads well is left alone.

    Examples
    --------
    >>> detect(["B¶n H« Tra", "NËm Cung", "§­êng Nµ Cãc", "B¶n Ph×n Hå", "MÝt Nät"]).code
    'tcvn3'
    >>> detect(["KM1", "BTXM"]).code
    'ascii'
    >>> detect(["Bản Hô Tra", "Nậm Cung"]).converts
    False
    """
    present = [value for value in values if value is not None]
    texts = [surface(v) if isinstance(v, bytes) else v for v in present]
    words = list(islice(_distinct_words(texts), _MOST_WORDS))
    if all(text.isascii() for text in texts):
        return _settled("ascii", words, texts)
    if _utf8_share(texts) == 1.0:
        return _settled("utf-8", words, texts)
    kept = "latin-1" if any(isinstance(value, bytes) for value in present) else "unicode"
    if not words:
        return _settled(kept, words, texts)
    scores = {kept: _score(words, len(words)), "utf-8": _utf8_share(texts)}
    bytewise = [word for word in words if _one_byte(word)]
    for code in _OLD_CODES:
        read = [convert(word, code) for word in bytewise]
        if read != bytewise:  # else the code is no rival: the text reads the same
            scores[code] = _score(read, len(words))
    return _decide(scores, words, texts, kept=kept)


def _settled(code: str, words: list[str], texts: list[str]) -> Detection:
    return Detection(code, 1.0, None, certain=True, words=len(words), samples=_samples(texts, code))


def _decide(
    scores: dict[str, float], words: list[str], texts: list[str], *, kept: str
) -> Detection:
    # Ties go to the text as it is, then in the order of the codes.
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if ranked[0][1] < 0.5 * len(words) / (len(words) + _SHRINK):
        # Not even half of the words read as Vietnamese in any code: change nothing.
        ranked.sort(key=lambda item: item[0] != kept)
    (code, score), (second, next_score), *_ = ranked
    certain = score >= _SURE_SCORE and score - next_score >= _SURE_LEAD
    # Letters such as ạ stand in no old code's surface: the column is Unicode at least in part.
    beyond = sum(not _one_byte(word) for word in words)
    if code == kept:
        certain = certain or beyond >= max(1, len(words) / 2)
        certain = certain or score >= max(2 * next_score, 0.9 * len(words) / (len(words) + _SHRINK))
    elif beyond or code == "utf-8":
        certain = False
    return Detection(
        code=code,
        score=round(score, 3),
        runner_up=(second, round(next_score, 3)),
        certain=certain,
        words=len(words),
        samples=_samples(texts, code),
    )


def _distinct_words(texts: Sequence[str]) -> Iterator[str]:
    seen = set()
    for text in dict.fromkeys(texts):
        for word in _WORDS.findall(text):
            if not (word.isascii() or word in seen or _NEUTRAL.fullmatch(word)):
                seen.add(word)
                yield word


def _score(words: Sequence[str], out_of: int) -> float:
    """Return the share of words that read as Vietnamese, lowered where words are few."""
    return sum(_reads(word) for word in words) / (out_of + _SHRINK)


def _reads(word: str) -> bool:
    parts = [part for part in word.strip(_PUNCTUATION).split("\u00a0") if part]
    return bool(parts) and all(is_syllable(part) for part in parts)


def _utf8_share(texts: Sequence[str]) -> float:
    """Return the share of the non-ASCII texts that are valid UTF-8 read as windows-1252.

    A text cut inside a character at its end (a table's 254-byte limit) still counts.
    """
    odd = [text for text in dict.fromkeys(texts) if not text.isascii()]
    first = odd[:_MOST_WORDS]
    share = sum(map(_is_utf8, first)) / len(first)
    return 1.0 if share == 1.0 and all(map(_is_utf8, odd)) else min(share, 0.999)


def _is_utf8(text: str) -> bool:
    try:
        # An incremental decoder waits for the rest of a character instead of failing.
        return not codecs.getincrementaldecoder("utf-8")().decode(to_bytes(text)).isascii()
    except UnicodeError:
        return False


def _one_byte(word: str) -> bool:
    """Say whether a word can be the surface of bytes."""
    return all(ord(c) < 0x100 or c.encode("cp1252", errors="ignore") for c in word)


def _samples(texts: Sequence[str], code: str) -> tuple[Sample, ...]:
    """Return up to five distinct values, those that change first."""
    distinct = list(dict.fromkeys(texts))
    pairs = (Sample(text, _read_whole(text, code)) for text in distinct)
    changed = list(islice((pair for pair in pairs if pair.before != pair.after), 5))
    return tuple(changed) if changed else tuple(Sample(text, text) for text in distinct[:5])


def _read_whole(text: str, code: str) -> str:
    try:
        return text if code in _AS_IT_IS else convert(text, code)
    except SourceError:
        return text
