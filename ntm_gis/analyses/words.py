"""Small changes to words that titles and sentences of measures need."""

from __future__ import annotations

from ntm_gis import text
from ntm_gis.results import Words

_VILLAGE_WORDS = {"ban", "thon", "xom", "ap", "buon", "to", "khu", "khom", "lang"}


def in_sentence(title: Words) -> Words:
    """Return a title as it stands within a sentence: its first letter small.

    Examples
    --------
    >>> in_sentence(Words("Đường thôn, bản", "Village road")).vi
    'đường thôn, bản'
    """
    return Words(_small(title.vi), _small(title.en))


def _small(text: str) -> str:
    # "QL", "UBND" and the like stay as they are.
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def village(name: str) -> Words:
    """Return a village's name within a sentence, with the word for a village before it.

    Examples
    --------
    >>> village("Hô Tra").vi, village("Bản Hô Tra").vi
    ('bản Hô Tra', 'Bản Hô Tra')
    """
    known = text.fold(name).split(" ")[0] in _VILLAGE_WORDS and " " in name.strip()
    return Words(name if known else f"bản {name}", f"the village {name}")
