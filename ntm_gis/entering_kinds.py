"""What a file seems to be that is neither reports of road works nor tracks."""

from __future__ import annotations

from collections.abc import Sequence

from ntm_gis.layers.recognise import Guess, guesses
from ntm_gis.questions import CLEAR, SURE
from ntm_gis.results import Words
from ntm_gis.rules.schema import schema
from ntm_gis.sources import Table

MEANT = ("road_reports", "tracks")


def unlike(tables: Sequence[Table]) -> Words | None:
    """Return the title of what a file seems to be; None where it may be reports or tracks.

    Parameters
    ----------
    tables : sequence of Table
        All tables of one file.

    Notes
    -----
    A file counts as something else only where that fits clearly better: an odd sheet of reports
    is asked about, not refused. Polygons are never a track.
    """
    shown = [table for table in tables if table.rows and not table.hidden]
    found = [best for table in shown if (best := _unlike(table, len(shown) > 1)) is not None]
    if not shown or len(found) < len(shown):
        return None
    best = max(found, key=lambda guess: guess.score)
    return schema(best.layer).title.words


def _unlike(table: Table, several: bool) -> Guess | None:
    stem = table.file.rsplit(".", 1)[0]
    names = [n for n in ((table.table,) if several else (table.table, stem)) if n]
    found = guesses(names or [stem], table.values, table.geometry, places=bool(table.pairs))
    others = [guess for guess in found if guess.layer not in MEANT]
    fit = max((guess.score for guess in found if guess.layer in MEANT), default=0.0)
    best = others[0] if others else None
    if best is None or table.geometry == "polygon":
        return best
    return best if fit < SURE and best.score >= fit + CLEAR else None
