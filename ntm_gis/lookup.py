"""`find`: communes and villages by a name or code, old or new, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ntm_gis import pipeline, text
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.merger import villages as merger_villages
from ntm_gis.errors import UsageError
from ntm_gis.results import Words
from ntm_gis.rules.unit_search import SURE
from ntm_gis.rules.units import units

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layers
    from ntm_gis.pipeline import Progress
    from ntm_gis.rules.changes import Part, Unit
    from ntm_gis.rules.commune import Commune
    from ntm_gis.rules.lineage import Lineage
    from ntm_gis.rules.unit_search import Found

Level = Literal["commune", "village"]

MOST, ALIKE = 8, 2
"""So many of each level are offered, and so many of like name beside one that surely is meant."""


@dataclass(frozen=True)
class Hit:
    """A unit that words may stand for.

    Parameters
    ----------
    how : str
        In what sense: see `unit_search.HOW`.
    since, until : date or None
        The first and the last day on which it is called so.
    made_of, became : tuple of str
        "Hoang Thèn (03580)", with the share where only a part came ("?": not known): what it was
        before the change that made it, and what it has become by the day of the figures; empty
        where nothing changed.
    acts : tuple of Words
        The legal acts of these changes, or the documents that the table of villages names.
    """

    level: Level
    code: str
    name: str
    kind: str
    how: str
    since: dt.date | None
    until: dt.date | None
    made_of: tuple[str, ...]
    became: tuple[str, ...]
    acts: tuple[Words, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "level": self.level, "code": self.code, "name": self.name, "kind": self.kind or None,
            "how": self.how, "since": _iso(self.since), "until": _iso(self.until),
            "made_of": list(self.made_of), "became": list(self.became),
            "acts": [act.as_json() for act in self.acts],
        }  # fmt: skip


def find(
    folder: Path, words: str, *, on: dt.date | None = None, progress: Progress = lambda _: None
) -> tuple[Hit, ...]:
    """Return the communes of the shipped tables and the villages of a folder that words may mean.

    Parameters
    ----------
    words : str
        A code, or a name with or without diacritics, "xã" or "bản".
    on : date, optional
        Only what is called so on this day; what became of it is told up to the day of the figures.

    Raises
    ------
    UsageError
        Nothing was asked for.
    ConfigError
        The folder is no commune's.
    """
    if not text.clean(words):
        raise UsageError("NAME_EMPTY")
    commune, layers = pipeline.check(folder, progress=progress)
    as_of = max(commune.commune.as_of, commune.commune.valid_from or commune.commune.as_of)
    table, villages = units(), merger_villages.history(layers)
    communes = table.find(words, on=on, most=MOST)
    there = villages.find(words, on=on, most=MOST)
    if not covers(commune) or any(hit.how in SURE for hit in there):
        # A name that is only like it, of another province or beside the village that was meant.
        communes = tuple(hit for hit in communes if hit.how in SURE)
    acts = {(row.old_code, row.new_code, row.valid_from): row.act for row in table.rows}
    return (
        *_hits("commune", communes, table.lineage, as_of, acts),
        *_hits("village", there, villages.lineage, as_of, _documents(layers)),
    )


def covers(commune: Commune) -> bool:
    """Return whether the shipped tables of communes hold this one: they may lack its province."""
    return any(row.new_code == commune.commune.code for row in units().rows)


_Acts = dict[tuple[str, str, dt.date], Words]


def _documents(layers: Layers) -> _Acts:
    """Return the documents that the table of villages names, by change."""
    used = layers[merger_villages.LAYER].used
    documents = texts(used, "document")
    out: _Acts = {}
    for step in merger_villages.steps(layers):
        document = documents[step.at]
        if document is not None:
            out[step.change.old.code, step.change.new.code, step.change.on] = Words(
                document, document
            )
    return out


def _hits(
    level: Level, found: tuple[Found, ...], lineage: Lineage, as_of: dt.date, acts: _Acts
) -> Iterator[Hit]:
    sure = any(hit.how in SURE for hit in found)
    alike = [hit for hit in found if hit.how == "close"][: ALIKE if sure else None]
    for hit in found:
        if hit.how == "close" and hit not in alike:
            continue
        unit, label = hit.unit, hit.label
        day = label.until or label.since
        became = lineage.became(unit.code, as_of, since=day) if day is not None else ()
        made = lineage.made_of(unit.code, label.since) if label.since is not None else ()
        named = {
            act: None
            for (old, new, on), act in sorted(acts.items(), key=lambda item: item[0][::-1])
            if (new == unit.code and on == label.since)
            or (old == unit.code and label.until is not None
                and on == label.until + dt.timedelta(days=1))
        }  # fmt: skip
        yield Hit(
            level, unit.code, unit.name, unit.kind, hit.how, label.since, label.until,
            _named(made, unit), _named(became, None if label.until else unit), tuple(named),
        )  # fmt: skip


def _named(parts: tuple[Part, ...], same: Unit | None) -> tuple[str, ...]:
    """Return units with their share; nothing where it is the unit itself all along."""
    if [part.unit for part in parts] == [same]:
        return ()
    return tuple(f"{part.unit.name} ({part.unit.code}{_share(part)})" for part in parts)


def _share(part: Part) -> str:
    if part.whole:
        return ""
    return ", ?" if part.share is None else f", {round(100 * part.share)}%"


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
