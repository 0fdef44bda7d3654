"""Whether a file that comes again is the old one, a corrected one, or another of the same name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from ntm_gis import sources
from ntm_gis.asking import Wish
from ntm_gis.numbers import is_blank
from ntm_gis.outputs import received
from ntm_gis.results import sentence
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.sources import Held, Table

_REPLACE, _BOTH = "replace", "both"
_ALIKE, _SURELY_ALIKE = 0.5, 0.8


@dataclass(frozen=True)
class Place:
    """Where a file goes.

    Parameters
    ----------
    name : str
        As commune.toml names it.
    there : bool
        These very bytes lie there already.
    renamed : bool
        Another file has its own name.
    old : tuple of str
        Names of files in `sources/` that it replaces.
    instead : SourceEntry or None
        The source of another name whose place it takes.
    """

    name: str
    there: bool = False
    renamed: bool = False
    old: tuple[str, ...] = ()
    instead: SourceEntry | None = None


def placed(
    folder: Path, file: Path, held: Held, tables: Sequence[Table], commune: Commune, wish: Wish
) -> Place:
    """Say where a file goes, and ask where it may be a corrected one or another.

    Parameters
    ----------
    tables : sequence of Table
        Its tables, as they were looked at.
    """
    home = received.home(folder, file, held.copies)
    if home.state in ("inside", "same"):
        return Place(home.name, there=True)
    if home.state == "free":
        return Place(home.name)
    used = any(entry.file == home.name for entry in commune.sources)
    if used:
        with sources.held(folder / home.name, zone=commune.commune.crs) as before:
            # Former communes hand in lists of one form and one name: there it must be surer.
            alike = _ALIKE if len(commune.predecessors) < 2 else _SURELY_ALIKE
            right = is_correction(before.tables, tables, alike)
            names = tuple(copy.name for copy in before.copies) or (Path(home.name).name,)
        if right or _asked(file, wish):
            return Place(home.name, old=names)
    return Place(home.free, renamed=True)


def _asked(file: Path, wish: Wish) -> bool:
    """Ask whether a file replaces the one of its name; nobody's answer is no."""
    answers = []
    for key, code in ((_REPLACE, "ANSWER_REPLACE"), (_BOTH, "ANSWER_BOTH")):
        words = sentence(code, {})
        answers.append((key, f"{words.vi} / {words.en}"))
    return wish.decide(sentence("ASK_REPLACE", {"file": file.name}), answers, None) == _REPLACE


def is_correction(before: Sequence[Table], after: Sequence[Table], alike: float = _ALIKE) -> bool:
    """Whether tables are those of before, corrected: the same columns, of the same things.

    Rows are held against each other by a column of names or ids that half of them share; a list
    of another commune has the columns, and says other things in them, or lies elsewhere.

    Parameters
    ----------
    alike : float
        The share of cells that must say the same in rows of one name, 0 to 1.
    """
    return any(_is_same_list(old, new, alike) for old in before for new in after)


def _is_same_list(old: Table, new: Table, alike: float) -> bool:
    shared = [name for name in new.columns if name in old.columns]
    columns = max(len(old.columns), len(new.columns))
    if 2 * len(shared) < columns or old.geometry != new.geometry or not _is_same_ground(old, new):
        return False
    for name in shared:
        rows, other = _named(old, name), _named(new, name)
        common = sorted(rows.keys() & other.keys())
        if not common or 2 * len(common) < min(len(rows), len(other)):
            continue
        rest = [column for column in shared if column != name]
        same = [
            _said(old, column, rows[key]) == _said(new, column, other[key])
            for column in rest
            for key in common
        ]
        if not same or sum(same) >= alike * len(same):
            return True
    return False


def _named(table: Table, column: str) -> dict[str, int]:
    """Return the rows of a table by a column of names or ids; empty where it is none.

    Numbers alone say nothing: every list begins with 1.
    """
    values = [str(v).strip() if not is_blank(v) else "" for v in table.values[column]]
    filled = [v for v in values if v]
    found = {v: i for i, v in enumerate(values) if v and not v.replace(".", "").isdigit()}
    return found if filled and len(found) >= 0.9 * len(filled) else {}


def _said(table: Table, column: str, row: int) -> str:
    value = table.values[column][row]
    return "" if is_blank(value) else str(value).strip()


def _is_same_ground(old: Table, new: Table) -> bool:
    """Whether what is drawn covers the same ground, for a third at least."""
    if old.extent is None or new.extent is None:
        return True
    one, other = shapely.box(*old.extent), shapely.box(*new.extent)
    reach = 1e-3 * max(one.length, other.length)
    one, other = one.buffer(reach), other.buffer(reach)
    return bool(one.intersection(other).area >= min(one.area, other.area) / 3)
