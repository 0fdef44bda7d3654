"""The one door in: files of a commune become rows with origin, digest and findings.

Nothing else of the package opens an input. `read` takes everything that commune.toml names;
`look` shows what one file holds, before any entry names it; `held` keeps the bytes it showed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntm_gis.sources.intake import Copy, main_of
    from ntm_gis.sources.looking import Held, Table, held, look
    from ntm_gis.sources.nowhere import misplaced
    from ntm_gis.sources.pairs import Pair
    from ntm_gis.sources.reading import Inputs, read, reread
    from ntm_gis.sources.received import Contents, contents

__all__ = ["Contents", "Copy", "Held", "Inputs", "Pair", "Table", "contents", "held", "look",
           "main_of", "misplaced", "read", "reread"]  # fmt: skip

_HOMES = {"Inputs": "reading", "read": "reading", "reread": "reading", "Table": "looking",
          "Pair": "pairs",
          "look": "looking", "Held": "looking", "held": "looking", "Copy": "intake",
          "main_of": "intake", "misplaced": "nowhere", "Contents": "received",
          "contents": "received"}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load what is asked for; the reading process, a module of this package, needs none of it."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
