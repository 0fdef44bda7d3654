"""The last lines of a page: what made it, its reference system, what kind of data it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis import __version__, crs
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    from ntm_gis.rules.commune import Commune


def foot(commune: Commune, lang: str, record_head: str | None) -> tuple[str, ...]:
    """Return the lines at the foot of a page.

    Parameters
    ----------
    commune : Commune
    lang : str
        "vi" or "en".
    record_head : str or None
        Check code of the record; None where there is no record.
    """
    who = commune.commune
    made = say("made_with", lang, version=__version__)
    out = [f"{made} · {crs.meridian_label(who.crs, lang)}", term("offline").of(lang)]
    if who.sample:
        out.append(term("sample_long").of(lang))
    if record_head:
        out.append(say("record_head", lang, code=record_head))
    return tuple(out)
