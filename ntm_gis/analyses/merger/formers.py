"""The former communes of a commune: who they are, and which of them a row of figures is about."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ntm_gis import text
from ntm_gis.rules.changes import Change, Unit
from ntm_gis.rules.lineage import Lineage
from ntm_gis.rules.unit_search import own_name
from ntm_gis.rules.units import Units, units

if TYPE_CHECKING:
    from ntm_gis.rules.commune import Commune

_OLD = re.compile(r"\s+\(?cũ\)?$", re.IGNORECASE)

ELSEWHERE = "@elsewhere"
"""Where the rest of a former commune went of which a part alone came here."""

Whose = Literal["own", "either", "unknown"]
"""A row of figures is the new commune's own; its former namesake's or its own; nobody's here."""


@dataclass(frozen=True, slots=True)
class Former:
    """A former commune.

    Parameters
    ----------
    id : str
        As commune.toml and the columns `former_commune` name it ("F1").
    last : date or None
        The last day on which it existed.
    low, high : float
        The share of its people that belongs to the commune now; 1 where nothing says otherwise.
    """

    id: str
    code: str
    name: str
    last: dt.date | None
    low: float = 1.0
    high: float = 1.0

    @property
    def whole(self) -> bool:
        """All of it belongs to the commune now."""
        return self.low == 1.0

    @property
    def segment(self) -> str:
        """What names it in the id of a measure: its id, unless that has another meaning there."""
        return self.code if self.id in ("sum", "ratio") else self.id


def day_of(commune: Commune) -> dt.date:
    """Return a day on which the new commune exists: that of the figures, or its first."""
    here = commune.commune
    return here.as_of if here.valid_from is None else max(here.as_of, here.valid_from)


def formers_of(commune: Commune, table: Units | None = None) -> tuple[Former, ...]:
    """Return the former communes that commune.toml names, in its order.

    Parameters
    ----------
    table : Units, optional
        Where it is looked up whether all of a former commune came here; left out: the shipped
        tables. Former communes that it does not know are taken whole.
    """
    known = units() if table is None else table
    identity = commune.commune
    made_of = {part.unit.code: part for part in known.made_of(identity.code, day_of(commune))}
    out = []
    for former in commune.predecessors:
        part = made_of.get(former.code)
        last = former.valid_to
        if last is None and identity.valid_from is not None:
            last = identity.valid_from - dt.timedelta(days=1)
        low, high = (part.low, part.high) if part is not None else (1.0, 1.0)
        out.append(Former(former.id, former.code, former.name, last, low, high))
    return tuple(out)


def whose(
    written: str | None, as_of: dt.date | None, commune: Commune, formers: Sequence[Former]
) -> Former | Whose:
    """Say which former commune a row of figures is about.

    Parameters
    ----------
    written : str or None
        The unit as the row writes it: id, code or name; None: the commune itself.
    as_of : date or None
        The day of the figure. A former commune may bear the code and name of the new one: a
        figure up to its last day is its own, a later one the new commune's.

    Returns
    -------
    Former or {"own", "either", "unknown"}
    """
    if written is None:
        return "own"
    new = commune.commune
    fitting = [
        f for f in formers
        if _is(_plain(written), f.code, _plain(f.name)) or f.id == written.strip()
    ]  # fmt: skip
    is_new = _is(written, new.code, new.name) and not any(f.id == written for f in formers)
    if not fitting:
        return "own" if is_new else "unknown"
    if len(fitting) > 1:
        return "either"
    former = fitting[0]
    if not is_new:
        return former
    if as_of is None or former.last is None:
        return "either"
    return former if as_of <= former.last else "own"


def _is(written: str, code: str, name: str) -> bool:
    """Whether what a row writes is a code or, but for the kind before it, exactly a name."""
    said = text.clean(written)
    if said.casefold() == code.casefold():
        return True
    return text.same_name(own_name(said), own_name(name)) in ("exact", "tone")


def _plain(name: str) -> str:
    """Return a name without "(cũ)" behind it, by which only a former commune is called.

    Examples
    --------
    >>> _plain("Khổng Lào (cũ)"), _plain("Khổng Lào cũ"), _plain("Bản Lang")
    ('Khổng Lào', 'Khổng Lào', 'Bản Lang')
    """
    return _OLD.sub("", text.clean(name))


def carriage(commune: Commune, formers: Sequence[Former], *, by_people: bool) -> Lineage:
    """Return the former communes' way into the commune, by which their figures are carried.

    Parameters
    ----------
    by_people : bool
        The figure is the number of people, which known shares divide; of any other figure of a
        former commune that came in part nothing is known but that it lies between 0 and all.
    """
    here = commune.commune
    day = here.valid_from or here.as_of
    new = Unit(here.code, here.name)
    away = Unit(ELSEWHERE, ELSEWHERE)
    changes = []
    for former in formers:
        old = Unit(former.id, former.name)
        if former.whole:
            changes.append(Change(old, new, day))
            continue
        known = by_people and former.low == former.high
        changes.append(Change(old, new, day, former.low if known else None))
        changes.append(Change(old, away, day, None))
    return Lineage(changes)


def carried(
    lineage: Lineage, amounts: Mapping[str, tuple[float, float | None]], commune: Commune
) -> tuple[float, float | None]:
    """Return the bounds of what amounts of former communes make in the commune.

    Parameters
    ----------
    amounts : mapping of str to (low, high)
        Id of the former commune -> its amount; None: no end.
    """
    bounds = {
        key: (low, math.inf if high is None else high) for key, (low, high) in amounts.items()
    }
    day = max(lineage.days, default=commune.commune.as_of)
    low, high = lineage.carried(bounds, day).get(commune.commune.code, (0.0, 0.0))
    return low, None if math.isinf(high) else high
