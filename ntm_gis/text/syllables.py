"""Which letter sequences can be Vietnamese syllables: the yardstick of letter-code detection.

A syllable is an initial, a rhyme and a tone. The tables are the spelling rules of the language;
a rhyme that ends in a stop bears only the tones sắc and nặng. Names of Mông, Thái, Dao or Ê Đê
places are mostly spelt by the same rules; those that are not ("Krông") count as not Vietnamese,
which is why detection asks for a share of the words, never all of them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_TONE_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED_TONES = frozenset(("\u0301", "\u0323"))

# Longest first, so that "ngh" is tried before "n".
_INITIALS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip

# Rhymes without tone, by their vowels.
_RHYME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay
    ăc ăm ăn ăng ăp ăt
    âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et
    ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot
    ô ôc ôi ôm ôn ông ôp ôt
    ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc ue uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôp uôt up ut
    uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yên yêng yêt yêu yêm ynh yt
"""
# After "qu" the u has been read; after "gi" the i may belong to both.
_AFTER_QU_LIST = """
    a ac ach ai an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eo et
    ê êch ên ênh êt êu i ich iêt in inh it o ôc ơ ơi ơn y yên yêt ynh yt
"""
_RHYMES = frozenset(_RHYME_LIST.split())
_AFTER_QU = frozenset(_AFTER_QU_LIST.split())
_FRONT = frozenset("eêiy")


def is_syllable(word: str) -> bool:
    """Say whether a word is spelt as a Vietnamese syllable.

    Case must be even: all small, all capital, or a capital first.

    Examples
    --------
    >>> [is_syllable(w) for w in ("Mường", "TRƯỜNG", "Hoà", "hòa", "ghế", "Tra")]
    [True, True, True, True, True, True]
    >>> [is_syllable(w) for w in ("Mưêng", "cafộ", "tất", "tảt", "bẢn", "Krông")]
    [False, False, True, False, False, False]
    """
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    return _legal(word.casefold())


@lru_cache(maxsize=65536)
def _legal(word: str) -> bool:
    letters, tone = [], ""
    for letter in unicodedata.normalize("NFC", word):
        marks = unicodedata.normalize("NFD", letter)
        here = [m for m in marks if m in _TONE_MARKS]
        if here and (tone or len(here) > 1):
            return False
        tone = here[0] if here else tone
        shaped = "".join(m for m in marks if m not in _TONE_MARKS)
        letters.append(unicodedata.normalize("NFC", shaped))
    return _spelt("".join(letters), tone)


def _spelt(word: str, tone: str) -> bool:
    for initial in _INITIALS:
        if not word.startswith(initial):
            continue
        rhyme = word[len(initial) :]
        # "gì", "gìn", "giếng": the i is written once for initial and rhyme.
        if initial == "gi" and (not rhyme or rhyme[0] not in "iy") and _is_rhyme("i" + rhyme, tone):
            return True
        if _fits(initial, rhyme) and _is_rhyme(rhyme, tone):
            return True
    return False


def _fits(initial: str, rhyme: str) -> bool:
    if not rhyme:
        return False
    if initial == "qu":
        return rhyme in _AFTER_QU
    if initial in ("ngh", "gh", "k"):
        # "k" before other vowels is usual in the names of minority peoples: Kan Hồ, Ka Lăng.
        return initial == "k" or rhyme[0] in _FRONT
    if initial in ("ng", "g", "c"):
        return rhyme[0] not in _FRONT
    return not (initial == "gi" and rhyme[0] in "iy")


def _is_rhyme(rhyme: str, tone: str) -> bool:
    if rhyme not in _RHYMES:
        return False
    stopped = rhyme[-1] in "cpt" or rhyme.endswith("ch")
    return tone in _STOPPED_TONES if stopped else True
