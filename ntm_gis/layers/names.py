"""Looking things up by the names people use: never by a score, and only where one alone fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from ntm_gis import text
from ntm_gis.layers.cells import plain

if TYPE_CHECKING:
    import pandas as pd

Key = Callable[[str], str]
_CLOSE = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that a text fits at the strictest step where any does."""

    rows: tuple[int, ...] = ()
    by_id: bool = False

    @property
    def row(self) -> int | None:
        """The row, where one alone fits."""
        return self.rows[0] if len(self.rows) == 1 else None

    @property
    def several(self) -> bool:
        """Several rows fit, and a person has to say which is meant."""
        return len(self.rows) > 1


@dataclass(frozen=True)
class Names:
    """Ids and names of a layer's rows, looked up in steps, the strictest first.

    The id, then the name as written, then wherever its tone mark stands, then without
    diacritics and prefix. "Hô Ta" never finds "Hô Tra".
    """

    steps: tuple[tuple[Key, Mapping[str, tuple[int, ...]]], ...] = ()
    spellings: tuple[str, ...] = ()

    @classmethod
    def of(cls, frame: pd.DataFrame | None, id_column: str, loose: Key) -> Names:
        """Gather the ids and names of a layer's rows.

        Parameters
        ----------
        frame : DataFrame or None
            With `id_column` and, where the layer has names, `name`.
        loose : function
            The key of the last step.
        """
        if frame is None or frame.empty:
            return cls()
        ids = list(zip(frame.index, plain(frame[id_column]), strict=True))
        column = plain(frame["name"]) if "name" in frame.columns else [None] * len(frame)
        names = list(zip(frame.index, column, strict=True))
        steps = (
            (_exact, _grouped(ids, _exact)),
            (_exact, _grouped(names, _exact)),
            (text.tone_key, _grouped(names, text.tone_key)),
            (loose, _grouped(names, loose)),
        )
        spellings = dict.fromkeys(str(name) for _, name in (*ids, *names) if name is not None)
        return cls(steps, tuple(spellings))

    def find(self, written: str) -> Found:
        """Return the rows that a text names.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"id": ["V1", "V2"], "name": ["Hô Tra", "Hô Ta"]})
        >>> names = Names.of(frame, "id", text.village_key)
        >>> names.find("bản Ho Tra").row, names.find("v2").row, names.find("Hô").row
        (0, 1, None)
        """
        for i, (key, rows) in enumerate(self.steps):
            there = rows.get(key(written), ())
            if there:
                return Found(there, by_id=i == 0)
        return Found()


def close(wanted: str, known: tuple[str, ...], n: int = 2) -> list[str]:
    """Return up to `n` known spellings like the one wanted, best first, to be shown to a person.

    As `text.suggestions`, for many words at once.

    Examples
    --------
    >>> close("duong giao thon", ("Đường giao thông", "Trường học"))
    ['Đường giao thông']
    """
    found = process.extract(
        text.fold(wanted), _folded(known), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=n
    )
    return [known[place] for _, _, place in found]


@lru_cache(maxsize=256)
def _folded(known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.fold(word) for word in known)


def _exact(written: str) -> str:
    return text.clean(written).casefold()


def _grouped(pairs: Iterable[tuple[int, object]], key: Key) -> dict[str, tuple[int, ...]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in pairs:
        if isinstance(name, str) and key(name):
            rows[key(name)].append(row)
    return {name: tuple(there) for name, there in rows.items()}
