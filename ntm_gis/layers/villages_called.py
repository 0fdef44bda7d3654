"""How a commune calls its villages, by its own list of them: "Thôn Nà Khâu", "Tên ấp"."""

from __future__ import annotations

from collections.abc import Iterable

from ntm_gis.layers.values import Raw
from ntm_gis.results import village_word
from ntm_gis.text import fold

_WORDS = {fold(word): word for word in village_word.KNOWN}
_NAMES = frozenset(name for word in _WORDS for name in (word, f"ten {word}"))


def word_of(raws: Iterable[Raw]) -> str | None:
    """Return the word of a list of villages; None where the list does not say.

    Parameters
    ----------
    raws : iterable of Raw
        All rows taken in; those of the layer `villages` are looked at.
    """
    for raw in raws:
        if raw.origin.layer != "villages":
            continue
        meant = raw.origin.entry.fields.get("name")
        folded = {str(name): fold(str(name).replace("_", " ")) for name in raw.frame.columns}
        columns = [name for name, key in folded.items() if name == meant or key in _NAMES]
        for name in columns:
            names = [str(value) for value in raw.frame[name] if isinstance(value, str)]
            heading = _WORDS.get(folded[name].removeprefix("ten "))
            found = village_word.of(names) or heading
            if found is not None:
                return found
    return None
